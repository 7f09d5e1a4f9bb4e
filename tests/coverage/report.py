# SPDX-License-Identifier: MIT
"""report.py [--listing] BUILD [FOLDER...]: which lines of src ran in the tests of a coverage build.

Prints the lines that never ran, by file and function, each function with the reason that
docs/coverage.md gives, and a table of folders with the share that each must reach. Exit status 1:
a folder is below it, a source file is in no program, or a function has no reason.
--listing prints the lines only, and judges nothing; FOLDER (of src) limits what is listed.
"""
import argparse
import bisect
import collections
import glob
import os
import re
import subprocess
import sys

PROJECT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
REASONS = os.path.join(PROJECT, "docs/coverage.md")
# Issue of trust: what every byte of strangers goes through, and what stands between it and the machine.
PROMISED = {"parse": 98, "load": 98, "probe": 98, "report": 98, "collect": 90, "confine": 90, "io": 90}
# Programs that tests run, beside the one that users run.
PROGRAMS = ("tests/unit/test_*", "tests/e2e/torture_drivers")


class Source:
    """A file of src: how often each line ran, and where its functions begin."""

    def __init__(self, name):
        self.name, self.runs, self.functions = name, {}, {}

    @property
    def folder(self):
        return self.name.split("/")[0]

    def missed(self):
        return sorted(line for line, runs in self.runs.items() if runs == 0)

    def function_of(self, line):
        starts = sorted(self.functions)
        at = bisect.bisect_right(starts, line)
        return self.functions[starts[at - 1]] if at else "-"

    def missed_by_function(self):
        found = collections.OrderedDict()
        for line in self.missed():
            found.setdefault(self.function_of(line), []).append(line)
        return found


def tool(build, name):
    """The program of LLVM that belongs to the compiler: formats differ from one release to the next."""
    with open(os.path.join(build, "CMakeCache.txt"), encoding="utf-8") as cache:
        compiler = re.search(r"^CMAKE_C_COMPILER:\w+=(.+)$", cache.read(), re.M).group(1)
    return subprocess.run([compiler, "-print-prog-name=" + name], check=True, text=True,
                          stdout=subprocess.PIPE).stdout.strip()


def export(build):
    """All counts of a build, as lcov writes them."""
    counts = glob.glob(os.path.join(build, "counts/*.profraw"))
    if not counts:
        sys.exit(f"report.py: no program of {build} has run yet")
    merged = os.path.join(build, "counts/all.profdata")
    subprocess.run([tool(build, "llvm-profdata"), "merge", "-sparse", "-o", merged, *counts], check=True)
    programs = [os.path.join(build, "vbscheck")]
    for pattern in PROGRAMS:
        programs += sorted(glob.glob(os.path.join(build, pattern)))
    argv = [tool(build, "llvm-cov"), "export", "-format=lcov", "-instr-profile", merged, programs[0]]
    for program in programs[1:]:
        argv += ["-object", program]
    return subprocess.run(argv, check=True, text=True, stdout=subprocess.PIPE).stdout


def read(text):
    """name -> Source, of the files below src."""
    sources, source = {}, None
    for line in text.splitlines():
        kind, _, value = line.partition(":")
        if kind == "SF":
            name = os.path.relpath(os.path.normpath(value), os.path.join(PROJECT, "src"))
            source = None if name.startswith("..") else sources.setdefault(name, Source(name))
        elif source and kind == "FN":
            start, name = value.split(",", 1)
            source.functions[int(start)] = name.split(":")[-1]
        elif source and kind == "DA":
            number, runs = map(int, value.split(",")[:2])
            source.runs[number] = max(runs, source.runs.get(number, 0))
    for name, source in sources.items():
        with open(os.path.join(PROJECT, "src", name), encoding="utf-8") as text:
            for number, line in enumerate(text, 1):
                if line.startswith("#define"):  # counted where it is used
                    source.runs.pop(number, None)
    return sources


def read_reasons():
    """(file, function) -> why, from the tables of the page."""
    rows = {}
    with open(REASONS, encoding="utf-8") as page:
        for cells in re.findall(r"^\| `([^`]+)` \| (.+?) \| (.+) \|$", page.read(), re.M):
            for function in re.findall(r"`([^`]+)`", cells[1]):
                rows[cells[0], function] = cells[2]
    return rows


def as_ranges(lines):
    """[1, 2, 3, 7] as "1-3 7"."""
    parts = []
    for line in lines:
        if parts and line == parts[-1][1] + 1:
            parts[-1][1] = line
        else:
            parts.append([line, line])
    return " ".join(str(a) if a == b else f"{a}-{b}" for a, b in parts)


def print_missed(sources, reasons):
    for source in sources:
        missed = source.missed_by_function()
        if missed:
            print(f"src/{source.name}")
        for function, lines in missed.items():
            why = reasons.get((source.name, function), "")
            print(f"  {function}: {as_ranges(lines)}" + (f"  ({why})" if why else ""))


def print_table(sources):
    """Prints the share of each folder; returns those that are below what is promised."""
    lines, missed = collections.Counter(), collections.Counter()
    for source in sources.values():
        folder = source.folder if "/" in source.name else "(src)"
        lines[folder] += len(source.runs)
        missed[folder] += len(source.missed())
    below = []
    print(f"\n{'folder':<10} {'lines':>7} {'missed':>7} {'run':>8}  promised")
    for folder in sorted(lines, key=lambda f: (f not in PROMISED, f)):
        share = 100 * (lines[folder] - missed[folder]) / lines[folder]
        promised = PROMISED.get(folder)
        if promised is not None and share <= promised:
            below.append(f"src/{folder}: {share:.2f} % of its lines run, promised is over {promised} %")
        print(f"{folder:<10} {lines[folder]:>7} {missed[folder]:>7} {share:>6.2f} %"
              + (f"  over {promised} %" if promised is not None else ""))
    return below


def unlinked(sources):
    """Files that are in no program: nobody would miss their lines."""
    for folder in PROMISED:
        for path in glob.glob(os.path.join(PROJECT, "src", folder, "**/*.c"), recursive=True):
            if os.path.relpath(path, os.path.join(PROJECT, "src")) not in sources:
                with open(path, encoding="utf-8") as text:
                    if re.search(r"^{", text.read(), re.M):  # tables have no lines that run
                        yield f"{os.path.relpath(path, PROJECT)}: no program has it"


def without_reason(sources, reasons):
    """Functions of promised folders that do not run whole, and no row says why."""
    for source in sources.values():
        for function in source.missed_by_function() if source.folder in PROMISED else ():
            if (source.name, function) not in reasons:
                yield f"src/{source.name}: {function} does not run whole, and docs/coverage.md does not say why"


def print_needless(sources, reasons):
    """Names rows of functions that run whole: here, since some depend on the machine."""
    for name, function in sorted(reasons):
        if name not in sources or function not in sources[name].missed_by_function():
            print(f"src/{name}: {function} runs whole here: is its row in docs/coverage.md needed?")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--listing", action="store_true")
    parser.add_argument("folders", nargs="*")
    options = parser.parse_args()
    sources, reasons = read(export(options.build)), read_reasons()
    wanted = tuple(f.removeprefix("src/").rstrip("/") + "/" for f in options.folders) or tuple(
        f + "/" for f in PROMISED)
    print_missed([s for _, s in sorted(sources.items()) if s.name.startswith(wanted)], reasons)
    below = print_table(sources)
    if options.listing:
        return 0
    print_needless(sources, reasons)
    problems = below + list(unlinked(sources)) + list(without_reason(sources, reasons))
    for problem in problems:
        print(f"coverage: {problem}", file=sys.stderr)
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
