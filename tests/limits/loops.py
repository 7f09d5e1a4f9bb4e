# SPDX-License-Identifier: MIT
"""loops.py: every file of src/ that has a loop is driven by a row of tests/limits, or stands below with
the reason why input cannot make it long. `loops.py list` prints the table."""
import fnmatch
import re
import sys

import rows

NO_CODE = re.compile(r'/\*.*?\*/|"(?:\\.|[^"\\\n])*"', re.S)
LOOP = re.compile(r"\b(?:for|while) \(|\bdo\b")

TABLE = "goes through a table of the program, or what the user typed"
MACHINE = "reads this machine's own files, each capped by the reader; its parsers are driven above"
CALL = "repeats a system call until it is done, with a deadline or a number of bytes"
LEFT = {
    "advice/detail": TABLE, "ask/known": TABLE, "base/since": TABLE, "base/status": TABLE, "base/suggest": TABLE,
    "cli/cli": TABLE, "cli/cli_options": TABLE, "cli/doctor/*": TABLE, "cli/evidence": TABLE, "cli/help": TABLE,
    "cli/mistakes": TABLE, "cli/pages": TABLE, "cli/profile/mistaken_rule": TABLE, "cli/refusals": TABLE,
    "cli/verb_explain": TABLE, "cli/verb_list": TABLE, "cli/verb_mor_test": TABLE, "cli/verb_scan": TABLE,
    "io/libs": TABLE, "main": TABLE, "probe/cpu/generation/*": TABLE, "profile/registry": TABLE, "report/registry": TABLE,
    "rules/registry": TABLE, "probe/viewpoint/platform": TABLE, "probe/cpu/cpu_amd": TABLE, "parse/acpi/fadt": TABLE,
    "probe/cpu/cpu_name": "a brand of 48 bytes",
    "base/arena": "frees what was allocated, and the judge's limit counts that",
    "base/out": "grows a buffer to twice its size; writes the digits of a number",
    "ask/ask": "questions of a judge, at most 400,000 (src/reader/access.c)",
    "confine/filter": TABLE, "confine/channel": CALL, "confine/prepared": CALL, "confine/sandbox": "closes descriptors",
    "cli/fleet/wire": CALL, "cli/scan/about": "labels of one input, at most 32",
    "cli/verb_capture": "files of a capture, at most 4,096: blobs are driven above",
    "cli/windows/windows_rejudge": "block policies of one disk, at most 32",
    "collect/*": MACHINE, "reader/*": MACHINE, "io/root": MACHINE, "io/mor/*": MACHINE, "mor/mor": MACHINE,
    "io/net/tcp": CALL, "io/pipe": CALL, "io/output": CALL, "io/windows/sleep": "waits, with a deadline",
    "io/expand": "files of a folder, in folders of at most 8 levels: rows of folders drive it",
    "io/input": "pieces of an input of at most 32 MiB: every row drives it",
    "io/save/*": "names of files of our own: tries a few, and goes through a folder that we made",
    "io/store*": "files of a capture, at most 4,096: the rows of capture --from drive it",
    "parse/azure/*": "an answer of at most 64 KiB, and a size of at most 64 letters",
    "probe/iommu/driven": "units of sys/iommu: its row drives it",
    "probe/viewpoint/wsl": "the release of the kernel, cut at 500 bytes",
}


def driven():
    by = {}
    for row in rows.all_rows():
        for path in row.drives:
            by.setdefault(path, []).append(row.name)
    return by


def files():
    for path in sorted((rows.ROOT / "src").rglob("*.c")):
        found = len(LOOP.findall(NO_CODE.sub("", path.read_text())))
        if found:
            yield str(path.relative_to(rows.ROOT)), found


def reason(path):
    name = path[len("src/"):-len(".c")]
    return next((why for pattern, why in LEFT.items() if fnmatch.fnmatch(name, pattern)), None)


def main():
    by, wrong, used = driven(), [], set()
    for path, loops in files():
        how = by.get(path)
        if sys.argv[1:] == ["list"]:
            print(f"{path} ({loops}): {'; '.join(how) if how else reason(path)}")
        if how is None and reason(path) is None:
            wrong.append(f"{path}: has a loop, and no row of tests/limits drives it: add one")
        used.add(path)
    wrong += [f"tests/limits: drives {path}, which is not there" for path in by
              if not (rows.ROOT / path).is_file()]
    for pattern in LEFT:
        if not any(fnmatch.fnmatch(p[4:-2], pattern) for p in used):
            wrong.append(f"tests/limits/loops.py: no file with a loop is called {pattern}")
    print("\n".join(wrong))
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
