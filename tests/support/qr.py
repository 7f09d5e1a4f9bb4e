# SPDX-License-Identifier: MIT
"""QR codes: what the stick's is expected to hold, and what a reader of them finds in it."""
import re
import shutil
import subprocess

MOST = 130  # bytes
WORDS = {"ready": "READY", "not-ready": "NOT READY", "undetermined": "UNDETERMINED"}
SGR = re.compile(r"\x1b\[[0-9;]*m")
HALVES = {" ": (0, 0), "\u2580": (1, 0), "\u2584": (0, 1), "\u2588": (1, 1)}


def plain(text):
    """In printable ASCII."""
    return re.sub("  +", " ", re.sub(r"[^ -~]", "?", text or ""))


def expected(report):
    """The text of a report's code, made from its JSON."""
    rows = {status: " ".join(r["id"] for r in report["rows"]
                             if (r["status"], r["level"]) == (status, "required"))
            for status in ("fail", "unknown")}
    text = f"VBS: {WORDS[report['verdict']]}"
    if rows["fail"]:
        text += f"\nfail: {rows['fail']}"
    if rows["unknown"] and report["verdict"] != "ready":
        if len(text) + len(f"\nunknown: {rows['unknown']}") <= MOST - 24:
            text += f"\nunknown: {rows['unknown']}"
    host = report["host"]
    vendor, model = plain(host["vendor"]), plain(host["product"]) or plain(host["board"])
    if not f"{model} ".lower().startswith(f"{vendor} ".lower()):
        model = " ".join(filter(None, (vendor, model)))
    firmware = plain(host["firmware_version"])
    if firmware:
        firmware = f"\nfirmware {firmware}"[:min(33, (MOST - len(text)) // 2)]
    if model:
        text += f"\n{model}"[:MOST - len(text) - len(firmware)]
    return text + firmware


def matrix(drawn):
    """The modules, true where they are light, of a code that is drawn with half blocks."""
    rows = []
    for line in SGR.sub("", drawn).splitlines():
        halves = [HALVES[c] for c in line.rstrip("\r")]
        rows += [[h[0] for h in halves], [h[1] for h in halves]]
    return rows


def decode(modules, folder):
    """What zbarimg reads in them."""
    image = folder / "code.pgm"
    size, scale = (len(modules[0]), len(modules)), 4
    lines = [bytes(255 * m for m in row for _ in range(scale)) * scale for row in modules]
    image.write_bytes(b"P5 %d %d 255\n" % (size[0] * scale, size[1] * scale) + b"".join(lines))
    return read(image)


def read(image):
    """The text of the one code that is in a picture, or None."""
    r = subprocess.run([shutil.which("zbarimg") or "zbarimg", "-q", "--raw", "-Sdisable",
                        "-Sqrcode.enable", "-Sqrcode.binary", image],
                       stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    return r.stdout.decode().removesuffix("\n") if r.returncode == 0 else None
