# SPDX-License-Identifier: MIT
# What a telephone carries away, of REPORT.JSON: the verdict, the rows that decide it, model and
# firmware; at most 130 bytes of ASCII, which QR codes of 41 modules hold. The verdict and the rows
# are never cut.
BEGIN { most = 130 }

# The JSON is our own, one key a line, and nothing in its texts ends a line.
/^  "verdict": / { verdict = value() }
/^  "[a-z_]+": [{\[]/ { key = $1 }
key == "\"host\":" && /^    "(vendor|product|board|firmware_version)": "/ { host[name()] = value() }
key == "\"rows\":" && /^      "(id|level|status)": "/ { row[name()] = value() }
key == "\"rows\":" && /^      "status": / && row["level"] == "required" {
    rows[row["status"]] = rows[row["status"]] " " row["id"]
}

function name() {
    return substr($1, 2, length($1) - 3)
}

# The text as a line of ASCII; "?" stands for other characters.
function value(    s) {
    s = $0
    sub(/^ *"[a-z_]+": "/, "", s)
    sub(/",?$/, "", s)
    gsub(/\\u[0-9a-f][0-9a-f][0-9a-f][0-9a-f]/, "?", s)
    gsub(/\\[bfnrt]/, "?", s)
    s = unescaped(s)
    gsub(/[\300-\377][\200-\277]*/, "?", s)
    gsub(/[^ -~]/, "?", s)
    gsub(/  +/, " ", s)
    return s
}

# Without the backslash before \ and ".
function unescaped(s,    i, out) {
    for (i = 1; i <= length(s); i++) {
        if (substr(s, i, 1) == "\\")
            i++
        out = out substr(s, i, 1)
    }
    return out
}

END {
    words["ready"] = "READY"
    words["not-ready"] = "NOT READY"
    words["undetermined"] = "UNDETERMINED"
    text = "VBS: " (verdict in words ? words[verdict] : "NO VERDICT")
    if (rows["fail"] != "")
        text = text "\nfail:" rows["fail"]
    if (rows["unknown"] != "" && verdict != "ready" &&
        length(text) + length(rows["unknown"]) + 9 <= most - 24)
        text = text "\nunknown:" rows["unknown"]
    model = host["product"] != "" ? host["product"] : host["board"]
    if (host["vendor"] != "" && index(tolower(model) " ", tolower(host["vendor"]) " ") != 1)
        model = host["vendor"] (model != "" ? " " model : "")
    room = most - length(text)
    firmware = host["firmware_version"]
    if (firmware != "")
        firmware = substr("\nfirmware " firmware, 1, room / 2 > 33 ? 33 : room / 2)
    if (model != "")
        text = text substr("\n" model, 1, room - length(firmware))
    printf "%s", text firmware
}
