# SPDX-License-Identifier: MIT
"""Judges the fixture machines with the real program and compares what it reports of them.

golden.py PROGRAM FIXTURES [--update] [--no-codename]: --update writes the expected reports anew;
--no-codename is for a program without libcpuid, which names no processor.

Reports are kept by what they are about (parts.py), so that a new rule changes its own file and the
few whole texts, and a new fact the file of its group.
"""
import difflib
import json
import os
import pathlib
import re
import shutil
import struct
import subprocess
import sys
import tempfile

import parts

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "support"))
from fixtures import NotCompiled, compile_table  # noqa: E402

IOMMU = ["-v", "--only", "iommu.present,iommu.coverage"]
# Whole texts show the layout, the others what is drawn of one thing; one file each, of no more
# machines than it takes, since a new rule changes every whole text.
TEXTS = {
    "amd-alias": {"units.text": IOMMU},
    "amd-desktop": {"cpu.text": ["-v", "--only", "cpu.virtualization,cpu.slat"]},
    "arm-board": {"units.text": IOMMU},
    "arm-two-smmus": {"units.text": IOMMU},
    "intel-bypass": {"units.text": ["-v", "--only", "iommu.translation"]},
    "intel-laptop": {"report.text": [], "report.verbose.text": ["-v"]},
    "intel-two-hop": {"units.text": IOMMU},
    "uefi-broken": {"memory.text": ["-v", "--only", "uefi.mat-layout,uefi.page-protection"]},
    "wsmt-alone": {"report.text": []},
}
# Every other format once, of a machine that passes, fails, leaves open and lacks something; of
# named rules, so that a new one changes nothing.
FORMATS_OF = "uefi-broken"
# And every format of a machine whose strings are hostile, of one rule.
HOSTILE, HOSTILE_ONLY = "hostile", ["--only", "smm.wsmt"]
FORMATS_ONLY = ["--only", "tpm.version,smm.wsmt,uefi.boot,uefi.page-protection,mor.lock,vm.nested"]


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


class Program:
    def __init__(self, path, scratch):
        self.path, self.scratch = path, scratch
        self.version = self.run("--version").split()[1]

    def run(self, *args):
        return subprocess.run([self.path, *args], cwd=self.scratch, timeout=30,
                              stdout=subprocess.PIPE).stdout.decode()

    def names(self, table):
        return [line.split()[0] for line in self.run("list", table).splitlines()]

    def without_version(self, report):
        """A release changes no report, nor does a build or a place: words stand for those."""
        report = re.sub(r'("build": ?)("[^"]*"|null)', r'\1"BUILD"', report, count=1)
        report = re.sub(r'("(?:reference_url|helpUri)": ?)"[^"]*/([a-z]+\.[a-z0-9-]+)[^"]*"', r'\1"URL/\2"',
                        report)
        # A further blob that a probe wants changes every digest; e2e.provenance is about those.
        report = re.sub(r'("digest": ?)("[^"]*"|null)', r'\1"DIGEST"', report, count=1)
        # Of pages what is about the machine; e2e.html is about the style sheet.
        report = re.sub(r"<style>[^<]*</style>", "<style>STYLE</style>", report, count=1)
        report = re.sub(r"'sha256-[^']*'", "'sha256-STYLE'", report, count=1)
        report = re.sub(r"(<dt>Digest</dt><dd><bdi>)[^<]*", r"\1DIGEST", report, count=1)
        report = re.sub(r"(<p>Made by vbscheck ).*(\.</p></footer>)", r"\1VERSION\2", report)
        return re.sub(rf'("version": ?|\bversion=)"{re.escape(self.version)}"', r'\1"VERSION"',
                      report)

    def judge(self, machine, problems):
        """The JSON report; ndjson must be the same, and the layout that of every JSON printer."""
        text = self.run("--from", machine, "--format", "json")
        report = json.loads(text)
        line = self.run("--from", machine, "--format", "ndjson")
        if line.count("\n") != 1 or list_of(line) != list_of(text):
            problems.append(f"{machine}: ndjson is not the JSON report on one line")
        if text != json.dumps(report, indent=2, ensure_ascii=False) + "\n":
            problems.append(f"{machine}: JSON is not indented by 2 with one value a line")
        return json.loads(self.without_version(text))


def list_of(text):
    """The report with the order of its members."""
    return json.loads(text, object_pairs_hook=list)


def summaries_of(program, machines):
    """The fleet that all machines are, the hostile one among them, in every format; by named rules."""
    fleet = program.scratch / "fleet.ndjson"
    fleet.write_text("".join(program.run("--from", m, "--format", "ndjson", *FORMATS_ONLY)
                             for m in machines))
    return {f"expect/summary/summary.{name}": program.without_version(
        program.run("summary", fleet.name, "--format", name))
        for name in ("text", "markdown", "html", "json")}


def reports_of(program, fixtures, problems):
    """Every expected file, by its path in the fixtures, as this program would write it."""
    made, parted = {}, parts.Parts(program.names("rules"), program.names("facts"), problems)
    for machine in sorted((fixtures / "machines").iterdir()):
        lay_out(machine, fixtures, program.scratch / machine.name)
        parted.add(machine.name, program.judge(machine.name, problems))
        for name, options in TEXTS.get(machine.name, {}).items():
            made[f"machines/{machine.name}/expect/{name}"] = program.without_version(
                program.run("--from", machine.name, *options))
    for name in program.names("formats"):
        if name not in ("text", "json", "ndjson"):
            made[f"expect/formats/report.{name}"] = program.without_version(
                program.run("--from", FORMATS_OF, "--format", name, *FORMATS_ONLY))
    lay_out(fixtures / HOSTILE, fixtures, program.scratch / HOSTILE)
    made |= summaries_of(program, sorted(p.name for p in program.scratch.iterdir()))
    for name in program.names("formats"):
        made[f"expect/hostile/report.{name}"] = program.without_version(
            program.run("--from", HOSTILE, "--format", name, *HOSTILE_ONLY))
    return made | parted.files()


def expected_of(fixtures):
    paths = [*fixtures.glob("machines/*/expect/*"), *fixtures.glob("expect/*/*")]
    return {str(p.relative_to(fixtures)): p.read_text() for p in paths}


def compare(want, got):
    """Differences, each file's whole; one line for a file that one of the two lacks."""
    for name in sorted(want.keys() | got.keys()):
        if name not in want:
            print(f"fixtures/{name} is missing: build the target golden, and read the file")
        elif name not in got:
            print(f"fixtures/{name} belongs to nothing: build the target golden to remove it")
        else:
            sys.stdout.writelines(difflib.unified_diff(
                want[name].splitlines(True), got[name].splitlines(True), f"fixtures/{name}",
                "this program"))
    return sum(want.get(name) != got.get(name) for name in want.keys() | got.keys())


def write(fixtures, want, got):
    for name in want.keys() - got.keys():
        (fixtures / name).unlink()
    for name, text in got.items():
        (fixtures / name).parent.mkdir(parents=True, exist_ok=True)
        (fixtures / name).write_text(text)


def main():
    path, fixtures = os.path.abspath(sys.argv[1]), pathlib.Path(sys.argv[2])
    update, no_codename = "--update" in sys.argv, "--no-codename" in sys.argv
    if update and no_codename:
        sys.exit("the expected reports hold code names: build with libcpuid to write them")
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        got = reports_of(Program(path, pathlib.Path(scratch)), fixtures, problems)
    want = expected_of(fixtures)
    if update:
        write(fixtures, want, got)
        want = got
    if no_codename:
        got, want = parts.without_codename(got), parts.without_codename(want)
    wrong = compare(want, got)
    for problem in problems:
        print(problem)
    print(f"{len(got)} files, {wrong} differ, {len(problems)} other problems")
    return 1 if wrong or problems or not got else 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except NotCompiled as e:
        sys.exit(str(e))
