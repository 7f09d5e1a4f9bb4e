# SPDX-License-Identifier: MIT
"""Judges the fixture machines with the real program and compares whole reports.

golden.py PROGRAM FIXTURES [--update]: --update writes the expected reports anew.
"""
import difflib
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

FORMATS = {"text": ["--format", "text"], "verbose.text": ["-v"], "json": ["--format", "json"],
           "ndjson": ["--format", "ndjson"]}


def bounded():
    """The packaged iasl never ends, or fills the disk, on some malformed tables."""
    resource.setrlimit(resource.RLIMIT_CPU, (10, 10))
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, 1 << 20))


def compile_table(source, target):
    made = subprocess.run(["iasl", "-p", str(target.with_suffix("")), str(source)], timeout=30,
                          preexec_fn=bounded, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                          text=True)
    if made.returncode != 0:
        sys.exit(f"iasl does not compile {source}:\n{made.stdout}")


def lay_out(machine, fixtures, folder):
    """The machine as a folder of loose evidence."""
    folder.mkdir()
    for name in (machine / "tables").read_text().split():
        compile_table(fixtures / "tables" / f"{name}.asl", folder / f"{name}.aml")
    for file in machine.iterdir():
        if file.is_file() and file.name != "tables":
            shutil.copy(file, folder / file.name)


def without_version(report, program):
    """A release changes no report: VERSION stands for the program's own."""
    version = subprocess.run([program, "--version"], stdout=subprocess.PIPE,
                             text=True).stdout.split()[1]
    return re.sub(rf'("version": ?)"{re.escape(version)}"', r'\1"VERSION"', report, count=1)


def main():
    program, fixtures = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    update = "--update" in sys.argv
    wrong, compared = 0, 0
    with tempfile.TemporaryDirectory() as scratch:
        for machine in sorted((fixtures / "machines").iterdir()):
            lay_out(machine, fixtures, pathlib.Path(scratch) / machine.name)
            (machine / "expect").mkdir(exist_ok=True)
            for name, options in FORMATS.items():
                got = subprocess.run([program, "--from", machine.name, *options], cwd=scratch,
                                     timeout=30, stdout=subprocess.PIPE).stdout.decode()
                got = without_version(got, program)
                expect = machine / "expect" / f"report.{name}"
                if update:
                    expect.write_text(got)
                want = expect.read_text() if expect.exists() else ""
                compared += 1
                if got != want:
                    wrong += 1
                    sys.stdout.writelines(difflib.unified_diff(
                        want.splitlines(True), got.splitlines(True), str(expect), "this program"))
    print(f"{compared - wrong} passed, {wrong} failed")
    return 1 if wrong or not compared else 0


if __name__ == "__main__":
    sys.exit(main())
