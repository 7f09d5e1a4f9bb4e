# SPDX-License-Identifier: MIT
"""Breaks a copy of the program on purpose, one edit at a time; each edit must fail a test.

run.py [-j N] [--all] [NAME...]: the mutants of tests/mutants/*.mutants, or those whose names begin so.
--all runs every unit test, lint and golden where the named tests see nothing, to find what does.

A mutant is a paragraph: its name and what it breaks, the file and the tests that must see it, the
code as it is after '-', and as it is broken after '+'. Code is found by its words, whatever
stands between them and wherever it is, and must be there once. Exit status: 0 all seen, 1 if one
survives, no longer applies or does not build.
"""
import argparse
import os
import pathlib
import re
import shutil
import subprocess
import sys
import threading
import time

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
WIDE = "^(unit|golden|lint|e2e.(cli|guests|screen|usage))"


class Mutant:
    def __init__(self, where, paragraph):
        lines = paragraph.splitlines()
        self.name, _, self.why = lines[0].partition(": ")
        head = re.fullmatch(r"@ (\S+) \| (.+)", lines[1]) if len(lines) > 1 else None
        if not self.why or head is None:
            sys.exit(f"{where}: '{lines[0]}': the first line is 'name: what it breaks', the second "
                     "'@ file | tests'")
        self.file, self.tests = head.group(1), head.group(2).split()
        self.old = "\n".join(line[2:] for line in lines[2:] if line.startswith("- "))
        self.new = "\n".join(line[2:] for line in lines[2:] if line.startswith("+ "))
        self.result, self.good = "not run", False

    def broken(self, text):
        """The file's text with the edit; None if the code is not there exactly once."""
        words = [re.escape(word) for word in self.old.split()]
        found = list(re.finditer(r"\s+".join(words), text)) if words else []
        if len(found) != 1:
            return None
        at = found[0]
        return text[:at.start()] + self.new + text[at.end():]


def mutants(names):
    found = []
    for path in sorted(HERE.glob("*.mutants")):
        text = re.sub(r"(?m)^#.*\n", "", path.read_text())
        found += [Mutant(path.name, p) for p in re.split(r"\n\s*\n", text.strip()) if p]
    twice = {m.name for m in found if sum(m.name == n.name for n in found) > 1}
    if twice:
        sys.exit(f"two mutants of one name: {' '.join(sorted(twice))}")
    return [m for m in found if not names or any(m.name.startswith(n) for n in names)]


def targets_of(tests):
    """What must be built for these tests; the program is always."""
    built = {"unit": "test_", "fuzz": "fuzz_"}
    beside = ["interpose"] if any(t.startswith("e2e.") for t in tests) else []
    return ["vbscheck"] + beside + sorted({built[area] + name for area, name in
                                  (t.split(".", 1) for t in tests if "." in t) if area in built})


class Copy:
    """A copy of the tree, and its build. The copy lies beside nothing, so data is named to it."""

    def __init__(self, folder):
        self.tree, self.build = folder / "tree", folder / "build"
        self.env = os.environ | {"VBSCHECK_CORPUS": corpus()}

    def sync(self):
        listed = self.out("git", "-C", ROOT, "ls-files", "-co", "--exclude-standard", "-z")
        wanted = {name for name in listed.split("\0") if name and (ROOT / name).is_file()}
        for path in self.tree.rglob("*") if self.tree.exists() else ():
            if path.is_file() and str(path.relative_to(self.tree)) not in wanted:
                path.unlink()
        for name in wanted:
            to, source = self.tree / name, ROOT / name
            if not to.exists() or to.read_bytes() != source.read_bytes():
                to.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy(source, to)

    def prepare(self):
        self.sync()
        subprocess.run(["cmake", "-G", "Ninja", "-S", self.tree, "-B", self.build,
                        "-DCMAKE_BUILD_TYPE=Debug", "-DVBSCHECK_WERROR=OFF"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=self.env)
        return set(re.findall(r"Test +#\d+: (\S+)", self.out("ctest", "--test-dir", self.build,
                                                            "-N")))

    def out(self, *command):
        return subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True,
                              env=self.env).stdout

    def make(self, targets):
        return subprocess.run(["cmake", "--build", self.build, "--target", *targets],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                              env=self.env)

    def failing(self, pattern):
        run = subprocess.run(["ctest", "--test-dir", self.build, "-R", pattern, "-j2"],
                             stdout=subprocess.PIPE, text=True, env=self.env,
                             stderr=subprocess.DEVNULL)
        return re.findall(r"(?m)^\t *\d+ - (\S+) \(", run.stdout)

    def seen_by(self, mutant, wide):
        """Names of the tests that fail; None if it does not build."""
        if self.make(targets_of(mutant.tests)).returncode != 0:
            return None
        failing = self.failing("^(" + "|".join(map(re.escape, mutant.tests)) + ")$")
        if failing or not wide:
            return failing
        return self.failing(WIDE) if self.make(["all"]).returncode == 0 else None

    def attempt(self, mutant, known, wide):
        unknown = [t for t in mutant.tests if t not in known]
        path = self.tree / mutant.file
        text = path.read_text() if path.is_file() else None
        broken = mutant.broken(text) if text is not None else None
        if text is None or broken is None:
            mutant.result = "NO LONGER APPLIES: its code is not in the file, or not once"
            return
        if unknown:
            mutant.result = f"NAMES NO TEST: {' '.join(unknown)}"
            return
        path.write_text(broken)
        try:
            seen = self.seen_by(mutant, wide)
        finally:
            path.write_text(text)
        mutant.good = bool(seen)
        mutant.result = ("DOES NOT BUILD" if seen is None else
                         f"seen by {' '.join(seen)}" if seen else "SURVIVES")


def corpus():
    return os.environ.get("VBSCHECK_CORPUS") or str(ROOT.parent / "shared/corpus")


def work(copy, queue, lock, known, wide, total):
    while True:
        with lock:
            if not queue:
                return
            mutant = queue.pop(0)
        copy.attempt(mutant, known, wide)
        with lock:
            print(f"{total - len(queue):3}/{total} {mutant.name}: {mutant.result}", flush=True)


def sound(copy, chosen):
    """Builds what the mutants need; their tests must pass before anything is broken."""
    tests = sorted({t for m in chosen for t in m.tests})
    made = copy.make(targets_of(tests))
    if made.returncode != 0:
        sys.exit(f"the program does not build:\n{made.stdout[-3000:]}")
    return copy.failing("^(" + "|".join(map(re.escape, tests)) + ")$")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("-j", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--all", action="store_true")
    parser.add_argument("names", nargs="*")
    options = parser.parse_args()
    start = time.monotonic()
    chosen = mutants(options.names)
    copies = [Copy(ROOT / "build/mutants" / str(i)) for i in range(min(options.j, len(chosen)))]
    known = [copy.prepare() for copy in copies]
    failing = sound(copies[0], chosen) if chosen else ["nothing is chosen"]
    if failing:
        sys.exit(f"fails without a mutant: {' '.join(failing)}")
    queue, lock = list(chosen), threading.Lock()
    threads = [threading.Thread(target=work, args=(copy, queue, lock, known[0], options.all,
                                                   len(chosen))) for copy in copies]
    for t in threads:
        t.start()
    for t in threads:
        t.join()
    bad = [m for m in chosen if not m.good]
    print(f"{len(chosen) - len(bad)} of {len(chosen)} mutants seen in "
          f"{time.monotonic() - start:.0f} s")
    for m in bad:
        print(f"{m.name} ({m.why}): {m.result}")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
