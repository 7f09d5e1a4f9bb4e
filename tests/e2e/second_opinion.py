# SPDX-License-Identifier: MIT
"""What llvm-readobj and osslsigncode say of a driver file, to hold ours against."""
import re
import subprocess

WRITE, EXECUTE, SHARED, DISCARDABLE = 0x80000000, 0x20000000, 0x10000000, 0x02000000


def _number(text):
    return int(text, 0)


def headers(readobj, path):
    """Section alignment, IAT, and (name, address, size, flags) of each section."""
    text = subprocess.run([readobj, "--file-headers", "--sections", path], check=True,
                          capture_output=True, text=True, errors="replace").stdout
    def one(name):
        found = re.search(rf"^\s*{name}: (\S+)", text, re.M)
        return _number(found.group(1)) if found else 0
    sections = []
    for part in text.split("  Section {")[1:]:
        def field(name, part=part):
            return _number(re.search(rf"{name}: (\S+)", part).group(1))
        raw = re.search(r"Name: .*\(((?:[0-9A-F]{2} ?){8})\)", part).group(1)
        name = bytes.fromhex(raw.replace(" ", "")).rstrip(b"\0").decode("latin-1")
        flags = _number(re.search(r"Characteristics \[ \((0x[0-9A-F]+)\)", part).group(1))
        sections.append((name, field("VirtualAddress"),
                         max(field("VirtualSize"), field("RawDataSize")), flags))
    return dict(alignment=one("SectionAlignment"), iat=one("IATRVA"), sections=sections)


def violations(readobj, path):
    """Driver Verifier's codes as the column `expect` writes them, from llvm-readobj alone."""
    h = headers(readobj, path)
    found = set()
    if h["alignment"] % 0x1000 or any(s[1] % 0x1000 for s in h["sections"]):
        found.add("2004")
    for name, address, size, flags in h["sections"]:
        if flags & WRITE and flags & EXECUTE:
            soft = flags & DISCARDABLE and not flags & SHARED
            found.add(f"2003-init:{name}" if soft else f"2003:{name}")
        if h["iat"] and address <= h["iat"] < address + size and flags & EXECUTE:
            found.add(f"2005:{name}")
    return found


def code_of(check):
    """A check of ours, written the same."""
    if check["code"] == 0x2003:
        return ("2003-init:" if check["kind"] == "note" else "2003:") + check["section"]
    return {0x2004: "2004", 0x2005: f"2005:{check['section']}"}.get(check["code"], "undecided")


def signature(osslsigncode, path):
    """(signers' names, the digest that the file has is the one that is signed, the digest)."""
    text = subprocess.run([osslsigncode, "verify", "-in", path], capture_output=True, text=True,
                          errors="replace").stdout
    current = re.search(r"^(?:Current )?[Mm]essage digest\s*: (\S+)", text, re.M)
    computed = re.search(r"^Calculated message digest\s*: (\S+)", text, re.M)
    if not current or not computed:
        return None
    return text, current.group(1) == computed.group(1), computed.group(1).lower()
