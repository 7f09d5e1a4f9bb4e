#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""same-verdicts.py PROGRAM PROGRAM [FOLDER...]: two programs judge the same evidence alike.

Each machine of the corpus and each capture of the lab (VBSCHECK_CORPUS, VBSCHECK_LAB; FOLDERs are
more places to look in) is judged by both, and the reports in JSON are compared to the byte, but for
the object `tool`, which names the build.
"""
import os
import pathlib
import re
import subprocess
import sys

SHARED = pathlib.Path(__file__).resolve().parents[2] / "shared"
ARCHIVE = re.compile(r"\.(tar(\.\w+)?|tgz|zip)$")
TOOL = re.compile(rb'"tool": ?\{.*?\n  \}|"tool": ?\{[^{}]*\}', re.S)


def evidence(top):
    """Below a folder: archives, folders of captures and machines, trees of guests; with the option."""
    for folder, names, files in os.walk(top):
        names.sort()
        if {"proc", "sys"} <= set(names):
            yield "--root", folder
            names.clear()
        elif "manifest" in files or "acpidump.txt" in files:
            yield "--from", folder
            names.clear()
        else:
            found = sorted(name for name in files if ARCHIVE.search(name))
            yield from (("--from", os.path.join(folder, name)) for name in found)


def judge(program, option, path):
    run = subprocess.run([program, option, path, "--format", "json"], stdin=subprocess.DEVNULL,
                         stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=120)
    return run.returncode, TOOL.sub(b'"tool": {}', run.stdout)


def main(one, other, *folders):
    places = [os.environ.get("VBSCHECK_CORPUS", str(SHARED / "corpus")),
              os.environ.get("VBSCHECK_LAB", str(SHARED / "lab")), *folders]
    equal, differ = 0, []
    for place in places:
        for option, path in evidence(place):
            if judge(one, option, path) == judge(other, option, path):
                equal += 1
            else:
                differ.append(path)
    for path in differ:
        print(f"not the same: {path}")
    print(f"{equal} judged alike, {len(differ)} not")
    return 0 if equal > 0 and not differ else 1


sys.exit(main(*sys.argv[1:]))
