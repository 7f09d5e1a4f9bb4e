# SPDX-License-Identifier: MIT
# The beginning of REPORT.TXT in `room` lines: its first screen, and as much of the details as there
# is room for. `word` is the verdict, `colour` its colours, `windows` says that a Windows was found.
# Where the first screen is too long, it does without blank lines, optional steps, steps beyond the
# first `least`, rows that do not apply and rows that pass, in this order.
BEGIN {
    least = 3
    csi = "\033["
    plain = csi "0m"
    colours["fail"] = "1;31"
    colours["pass"] = "32"
    colours["unknown"] = colours["weak"] = "1;33"
    colours["n/a"] = "2"
    part = "top"
}

# The parts: the machine with its verdict, the table, steps, optional steps, details.
part == "table" && /^What to do/ { part = "steps" }
part == "steps" && /^Not required/ { part = "others" }
(part == "steps" || part == "others") && /^$/ { part = "details" }
part == "details" { details[++more] = $0; next }
/^$/ {
    if (part == "top")
        part = "table"
    next
}
{
    lines[++n] = $0
    parts[n] = part
    count[part]++
}

# True for the line of the verdict, which no name of the machine's can look like.
function is_verdict(i) {
    return parts[i] == "top" && index(lines[i], word) == 1
}

# Prints a line in its colours.
function show(line,    status) {
    status = substr(line, 3, 7)
    sub(/ +$/, "", status)
    if (index(line, "  ") == 1 && status in colours)
        line = "  " csi colours[status] "m" status plain substr(line, 3 + length(status))
    else if (line ~ /^[A-Z]/ && line !~ /^[A-Z][a-z]+: /)
        line = csi "1m" line plain
    sub(/: see below$/, ": press Enter", line)
    if (windows)
        sub(/Give the Windows driver files with --drivers/, "Judge Windows' drivers: press d", line)
    print line
}

function show_top(i) {
    for (i = 1; i <= n; i++) {
        if (is_verdict(i))
            print csi "1;" colour "m" word plain substr(lines[i], length(word) + 1)
        else if (parts[i] == "top")
            print lines[i]
    }
}

# Leaves out rows of a status until `excess` is 0.
function leave_out(status, i) {
    for (i = n; i > 0 && excess > 0; i--) {
        if (parts[i] == "table" && index(lines[i], "  " status " ") == 1) {
            parts[i] = "nowhere"
            excess--
        }
    }
}

# Shows a part, at most `most` lines.
function show_part(name, most, i) {
    for (i = 1; i <= n; i++) {
        if (parts[i] != name)
            continue
        if (most-- == 1 && name == "steps" && is_step_behind(i))
            print "     and more: press Enter"
        else if (most >= 0)
            show(lines[i])
    }
}

function is_step_behind(i) {
    return i < n && parts[i + 1] == "steps"
}

END {
    steps = count["steps"]
    others = count["others"]
    excess = count["top"] + count["table"] + 2 + steps + others - room
    behind_top = behind_table = "\n"
    if (excess > 0) {
        behind_table = ""
        excess--
    }
    if (excess > 0) {
        behind_top = ""
        excess--
    }
    if (excess > 0) {
        others = others - excess > 1 ? others - excess : 0
        excess -= count["others"] - others
    }
    # The title is one of the lines.
    while (excess > 0 && steps > least + 1) {
        steps--
        excess--
    }
    leave_out("n/a")
    leave_out("pass")
    while (excess > 0 && steps > 1) {
        steps--
        excess--
    }
    show_top()
    printf "%s", behind_top
    show_part("table", n)
    printf "%s", behind_table
    show_part("steps", steps)
    show_part("others", others)
    left = -excess
    if (left < 6 || more == 0)
        exit
    for (i = 1; i <= more && i <= left - (more > left); i++)
        show(details[i])
    if (more > left)
        print "  ... " (more - left + 1) " lines more: press Enter"
}
