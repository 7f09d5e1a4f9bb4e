# SPDX-License-Identifier: MIT
"""Judges the fixture machines with the real program and compares whole reports.

golden.py PROGRAM FIXTURES [--update] [--no-codename]: --update writes the expected reports anew;
--no-codename is for a program without libcpuid, which names no processor.
"""
import difflib
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from fixtures import NotCompiled, compile_table  # noqa: E402

FORMATS = {"text": ["--format", "text"], "verbose.text": ["-v"], "json": ["--format", "json"],
           "ndjson": ["--format", "ndjson"]}
# As a fact and, with the reason, among what is unknown; neither is the last of its object.
CODENAME = re.compile(r'\s*"cpu\.codename": ?("[^"]*"|null),')


def xsdt(entries):
    """The table that names all others: with it raw tables are a whole list."""
    table = bytearray(struct.pack("<4sIBB6s8sI4sI", b"XSDT", 36 + 8 * entries, 1, 0, b"MADEUP",
                                  b"MADEUP  ", 1, b"TEST", 1))
    table += bytes(8 * entries)
    table[9] = -sum(table) & 0xff
    return table


def lay_out(machine, fixtures, folder):
    """The machine as a folder of loose evidence."""
    folder.mkdir()
    names = (machine / "tables").read_text().split()
    for name in names:
        compile_table(fixtures / "tables" / f"{name}.asl", folder / f"{name}.aml")
    if len(names) > 1:
        (folder / "xsdt.aml").write_bytes(xsdt(len(names)))
    for file in machine.iterdir():
        if file.is_file() and file.name != "tables":
            shutil.copy(file, folder / file.name)


def without_version(report, program):
    """A release changes no report, nor a build or where it is installed: words stand for those."""
    report = re.sub(r'("build": ?)("[^"]*"|null)', r'\1"BUILD"', report, count=1)
    report = re.sub(r'("reference_url": ?)"[^"]*/([a-z]+\.[a-z0-9-]+)[^"]*"', r'\1"URL/\2"', report)
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE,
                             text=True).stdout.split()[1]
    return re.sub(rf'("version": ?)"{re.escape(version)}"', r'\1"VERSION"', report, count=1)


def main():
    program, fixtures = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    update, no_codename = "--update" in sys.argv, "--no-codename" in sys.argv
    if update and no_codename:
        sys.exit("the expected reports hold code names: build with libcpuid to write them")
    wrong, compared = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for machine in sorted((fixtures / "machines").iterdir()):
            lay_out(machine, fixtures, pathlib.Path(scratch) / machine.name)
            for name, options in FORMATS.items():
                got = subprocess.run([program, "--from", machine.name, *options], cwd=scratch,
                                     timeout=30, stdout=subprocess.PIPE).stdout.decode()
                got = without_version(got, program)
                expect = machine / "expect" / f"report.{name}"
                if update:
                    expect.parent.mkdir(exist_ok=True)
                    expect.write_text(got)
                want = expect.read_text() if expect.exists() else ""
                if re.search(r'"digest": ?null', got):  # a build without libcrypto
                    want = re.sub(r'("digest": ?)"[^"]*"', r"\1null", want, count=1)
                if no_codename:
                    got, want = CODENAME.sub("", got), CODENAME.sub("", want)
                compared += 1
                if got != want:
                    wrong += 1
                    sys.stdout.writelines(difflib.unified_diff(
                        want.splitlines(True), got.splitlines(True), str(expect), "this program"))
    print(f"{compared - wrong} passed, {wrong} failed")
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotCompiled as e:
        sys.exit(str(e))
