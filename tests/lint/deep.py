# SPDX-License-Identifier: MIT
"""What scripts/lint --deep runs: gcc's analyzer, clang-tidy, cppcheck and valgrind.

deep.py [TOOL...]: these tools, or all. Each finding must be gone, or be in deep_accepted.txt
with the reason. Exit status: 0 none is left, 1 otherwise, 2 a tool is missing.
"""
import collections
import concurrent.futures
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
BUILD = ROOT / "build"
JOBS = os.cpu_count() or 1
Finding = collections.namedtuple("Finding", "tool file what line text")
ACCEPTED = pathlib.Path(__file__).with_name("deep_accepted.txt")


def accepted():
    """Each row of the list as (tool, file, finding)."""
    rows = [line.split(" | ") for line in ACCEPTED.read_text().splitlines()
            if line and not line.startswith("#")]
    bad = [row for row in rows if len(row) != 4 or not row[3]]
    if bad:
        sys.exit(f"{ACCEPTED.name}: a row has a tool, a file, a finding and a reason: {bad[0]}")
    return {tuple(row[:3]) for row in rows}


def run(*command, **more):
    return subprocess.run([str(part) for part in command], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, errors="replace", check=False, **more)


def build(folder, *options):
    """Builds; returns all that the compiler said."""
    made = run("cmake", "--preset", "dev", "-B", BUILD / folder, "-DCMAKE_EXPORT_COMPILE_COMMANDS=ON",
               *options, cwd=ROOT)
    if made.returncode == 0:
        made = run("cmake", "--build", BUILD / folder, "-j", JOBS)
    if made.returncode != 0:
        sys.exit(f"the build in {folder} failed:\n{made.stdout[-4000:]}")
    return made.stdout


def sources():
    listed = json.loads((BUILD / "deep" / "compile_commands.json").read_text())
    return sorted({row["file"] for row in listed
                   if pathlib.Path(row["file"]).is_relative_to(ROOT / "src")})


def found(tool, text, pattern):
    """Findings in `text`; a header that many files include has each once."""
    rows = {}
    for line in text.splitlines():
        match = re.match(pattern, line)
        if match and (ROOT / match["file"]).is_relative_to(ROOT):
            name = str((ROOT / match["file"]).relative_to(ROOT))
            rows[name, match["line"], match["what"]] = Finding(tool, name, match["what"],
                                                               match["line"], match["text"])
    return list(rows.values())


def gcc():
    """-O0: with inlining, gcc 12 reports each of its findings in other places, too."""
    shutil.rmtree(BUILD / "analyzer", ignore_errors=True)
    text = build("analyzer", "-DCMAKE_C_COMPILER=gcc", "-DCMAKE_C_COMPILER_LAUNCHER=",
                 "-DCMAKE_C_FLAGS=-fanalyzer -O0", "-DVBSCHECK_WERROR=OFF", "-DVBSCHECK_TESTS=OFF")
    return len(sources()), found(
        "gcc", text, r"(?P<file>[^:]+):(?P<line>\d+):\d+: warning: (?P<text>.*) "
        r"(?:\[CWE-\d+\] )?\[(?P<what>-Wanalyzer[\w-]+)\]")


def clang_tidy():
    """One file at a time: the analyzer of clang 14 carries va_list states into the next."""
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        texts = pool.map(lambda f: run("clang-tidy", "-p", BUILD / "deep", "--quiet", f).stdout, sources())
        text = "\n".join(texts)
    return len(sources()), found(
        "clang-tidy", text, r"(?P<file>/[^:]+):(?P<line>\d+):\d+: (?:warning|error): (?P<text>.*) "
        r"\[(?P<what>[^\]]+)\]$")


def cppcheck():
    said = run("cppcheck", f"--project={BUILD / 'deep' / 'compile_commands.json'}", "--quiet",
               "--enable=warning,performance,portability", f"-j{JOBS}", f"--file-filter={ROOT}/src/*",
               "--template={file}:{line}: {id}: {message}")
    return len(sources()), found(
        "cppcheck", said.stdout, r"(?P<file>[^:]+):(?P<line>\d+): (?P<what>\w+): (?P<text>.*)")


def in_process():
    """Unit tests that stay in their process and replays of the fuzzing seeds: what valgrind can run.
    It knows none of the system calls with which the others confine a process or open files."""
    listed = run("ctest", "--test-dir", BUILD / "deep", "--show-only=json-v1", "-L", "^(unit|fuzz)$").stdout
    for test in json.loads(listed)["tests"]:
        asks = re.match(r"unit\.(ask|collect|confine|io|reader)", test["name"])
        if not asks and "command" in test:
            yield test["name"], test["command"]


def valgrind_one(test):
    name, command = test
    with tempfile.TemporaryDirectory() as folder:
        said = run("valgrind", "-q", "--error-exitcode=99", "--leak-check=full",
                   "--errors-for-leak-kinds=definite", "--trace-children=yes",
                   "--trace-children-skip=/bin/*,/usr/bin/*",
                   f"--log-file={folder}/%p", *command, cwd=folder,
                   env={**os.environ, "TSS2_LOG": "all+none"})
        logs = "\n".join(p.read_text(errors="replace") for p in sorted(pathlib.Path(folder).glob("[0-9]*")))
    # The first line of each report; its stack is indented. "--1--" begins what valgrind does not know.
    errors = re.findall(r"(?m)^==\d+== (\S.*)", logs)
    findings = [Finding("valgrind", name, re.sub(r"[\d,]+ ", "", text), "0", text) for text in errors]
    if said.returncode not in (0, 77) and not findings:
        findings.append(Finding("valgrind", name, f"exit status {said.returncode}", "0",
                                said.stdout[-2000:]))
    return findings


def valgrind():
    tests = list(in_process())
    with concurrent.futures.ThreadPoolExecutor(JOBS) as pool:
        findings = [f for found_ in pool.map(valgrind_one, tests) for f in found_]
    return len(tests), findings


TOOLS = {"gcc": (gcc, "files"), "clang-tidy": (clang_tidy, "files"), "cppcheck": (cppcheck, "files"),
         "valgrind": (valgrind, "programs")}


def report(tool, seen, unit, findings, known, seconds):
    left = [f for f in findings if (f.tool, f.file, f.what) not in known]
    for f in left:
        print(f"{f.file}:{f.line}: {f.tool}: {f.what}: {f.text}")
    stale = [row for row in sorted(known) if row[0] == tool and row not in {f[:3] for f in findings}]
    for row in stale:
        print(f"{ACCEPTED.name}: {' | '.join(row)}: this version does not report it")
    print(f"{tool}: {seen} {unit}, {len(left)} findings, {len(findings) - len(left)} accepted, "
          f"{seconds:.0f} s", flush=True)
    return left


def main():
    chosen = sys.argv[1:] or list(TOOLS)
    unknown = [name for name in chosen if name not in TOOLS]
    if unknown:
        sys.exit(f"{unknown[0]} is not one of {' '.join(TOOLS)}")
    missing = [name for name in chosen if shutil.which(name) is None]
    if missing:
        print(f"not installed: {' '.join(missing)}", file=sys.stderr)
        return 2
    known, left = accepted(), []
    build("deep", "-DVBSCHECK_BENCH=OFF", "-DVBSCHECK_TESTS=ON")
    for name in chosen:
        start = time.monotonic()
        seen, findings = TOOLS[name][0]()
        left += report(name, seen, TOOLS[name][1], findings, known, time.monotonic() - start)
    return 1 if left else 0


if __name__ == "__main__":
    sys.exit(main())
