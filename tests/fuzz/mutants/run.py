# SPDX-License-Identifier: MIT
"""run.py [--controls] COUNT PROGRAM...: mutated machines and tables, judged by every format.

Each program (tests/fuzz/mutants) judges the mutants 0 to COUNT - 1, COUNT a number for each program
in order, "1000000,20000"; the same mutants each time. Some of the mutated tables also go to
`iasl -d`. --controls: each promise is broken on purpose once, and must be missed. Exit status 1: a
mutant broke a promise, or no mutant missed one that was broken.
"""
import base64
import collections
import concurrent.futures
import glob
import io
import os
import re
import resource
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__)))))
CORPUS = os.environ.get("VBSCHECK_CORPUS", os.path.join(ROOT, "..", "shared", "corpus"))
CASES = os.path.join(CORPUS, "..", "cases", "domain")
GUESTS = os.path.join(CORPUS, "..", "lab", "examples")
# What each control breaks, and the promises that it then must be caught by.
CONTROLS = {"checksum": {"checksum"}, "escape": {"escape"}, "markup": {"form", "escape"},
            "formats": {"agree"}, "absence": {"positive"}}
# iasl can run forever, or fill the disk.
LIMITS = ["prlimit", "--cpu=2:3", f"--fsize={1 << 20}"]
SIGNATURES = {"APIC", "APMT", "DMAR", "DRTM", "DTPR", "FACP", "IORT", "IVRS", "MCFG", "MHSP", "SDEV",
              "TCPA", "TPM2", "VIOT", "WSMT"}
COMPLAINT = re.compile(rb"\*\*\*\*|Invalid|rror|Too [Ss]hort|truncat|beyond|exceeds", re.I)
CHECKSUM = re.compile(rb"[^\n]*hecksum[^\n]*")


def bases(scratch, few):
    """Folders of machines, and files of tables."""
    with open(os.path.join(ROOT, "fixtures/releases/0.1.0.tar.gz.base64"), "rb") as f:
        packed = io.BytesIO(base64.b64decode(f.read()))
    release = os.path.join(scratch, "release")
    with tarfile.open(fileobj=packed) as tar:
        tar.extractall(release)
    found = [release]
    if not os.path.isdir(CORPUS):
        print(f"mutants: no corpus at {CORPUS}: the only machine is that of fixtures/releases",
              file=sys.stderr)
        if os.environ.get("CI") == "true":
            sys.exit(1)
        return found
    found += sorted(glob.glob(os.path.join(CASES, "*/")))
    if few:
        return found[:12]
    for folder in (os.path.join(GUESTS, "*/"), os.path.join(CORPUS, "hosts/*/")):
        found += sorted(glob.glob(folder))
    return found + sorted(glob.glob(os.path.join(CORPUS, "acpi/*/*")))


def start(program, first, count, options, given):
    return subprocess.Popen([program, "--first", str(first), "--count", str(count), *options, *given],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def judge(program, count, given, options=(), first=0):
    """(figures, lines of findings) of all mutants, by as many processes as there are processors."""
    parts = min(os.cpu_count(), max(1, count // 500))
    each = -(-count // parts)
    running = [start(program, first + i * each, min(each, count - i * each), options, given)
               for i in range(parts)]
    total, lines = collections.Counter(), []
    for process in running:
        figures = {}
        for line in process.stdout:
            if line.startswith("figures "):
                figures = {k: int(v) for k, v in re.findall(r"(\w+)=(\d+)", line)}
            else:
                lines.append(line.rstrip())
        if process.wait() not in (0, 1) or not figures:
            lines.append(f"finding - alive: {program} ended with {process.returncode}")
        for key, value in figures.items():
            whole = key in ("longest_us", "peak_kib", "bases", "donors")
            total[key] = max(total[key], value) if whole else total[key] + value
    total["findings"] = max(total["findings"], len(lines))
    return total, lines


# iasl -------------------------------------------------------------------------------------------

def disassemble(path):
    """What iasl makes of a table: taken, complaint, refused, died, endless; and how long it took."""
    name, begun = os.path.basename(path), time.monotonic()
    folder = os.path.dirname(path)
    try:
        done = subprocess.run([*LIMITS, "iasl", "-d", name], cwd=folder, timeout=60, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
    except subprocess.TimeoutExpired:
        return "endless", time.monotonic() - begun
    took = time.monotonic() - begun
    listing = path[:-4] + ".dsl"
    said = b""
    if os.path.exists(listing):
        with open(listing, "rb") as f:
            said = f.read()
        os.unlink(listing)
    if done.returncode < 0:
        return ("endless" if -done.returncode in (9, 24, 25) else "died"), took
    if done.returncode != 0 or not said:
        return "refused", took
    complains = COMPLAINT.search(CHECKSUM.sub(b"", done.stdout + said))
    return ("complaint" if complains else "taken"), took


def compare(folder):
    """The rows of the table of both, by signature; and the longest time of iasl."""
    files = sorted(glob.glob(os.path.join(folder, "*.aml")))
    rows, longest = collections.defaultdict(collections.Counter), 0.0
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for path, (theirs, took) in zip(files, pool.map(disassemble, files)):
            _, sound, ours = os.path.basename(path)[:-4].split("-", 2)
            with open(path, "rb") as f:
                name = f.read(4).decode("ascii", "replace")
            row = rows[name if name in SIGNATURES else "others"]
            we = ours == "ok"
            row["tables"] += 1
            row["add up"] += sound == "sound"
            row["we take"] += we
            row["no parser"] += ours == "unsupported"
            row["iasl " + theirs] += 1
            row["only we"] += we and theirs != "taken"
            row["only iasl"] += not we and theirs == "taken" and ours != "unsupported"
            row["of these unsound"] += not we and theirs == "taken" and ours != "unsupported" \
                and sound != "sound"
            longest = max(longest, took)
    return rows, longest


def print_rows(heads, rows):
    cells = [heads, *rows]
    widths = [max(len(str(line[i])) for line in cells) for i in range(len(heads))]
    for line in cells:
        print(str(line[0]).ljust(widths[0]),
              *(str(c).rjust(w) for c, w in zip(line[1:], widths[1:])), sep="  ")


def print_iasl(rows, longest):
    heads = ("table", "tables", "add up", "we take", "iasl taken", "iasl complaint", "iasl refused",
             "iasl died", "iasl endless", "only we", "only iasl", "of these unsound", "no parser")
    total = sum(rows.values(), collections.Counter())
    print_rows(heads, [(name, *(row[h] for h in heads[1:]))
                       for name, row in [*sorted(rows.items()), ("all", total)]])
    print(f"iasl -d: {total['tables']} tables, longest {longest:.2f} s, "
          f"peak {resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10} MiB "
          "(of any process)")


# ------------------------------------------------------------------------------------------------

def run_controls(program, count, given):
    """Those that nothing saw. Each goes on until it is caught, for 20 times as many at most."""
    missed = []
    for name, promises in CONTROLS.items():
        caught, done = 0, 0
        while caught == 0 and done < 20 * count:
            _, lines = judge(program, count, given, ("--control", name), done)
            told = collections.Counter(line.split()[2].rstrip(":") for line in lines)
            caught = sum(told[p] for p in promises)
            done += count
        print(f"control {name}: broken on purpose, {caught} findings in {done} mutants")
        if caught == 0:
            missed.append(name)
    return missed


def run_one(program, count, given, scratch, with_iasl):
    tables = os.path.join(scratch, "tables")
    os.makedirs(tables)
    # So many tables that iasl takes no longer than the judge.
    every = max(1, count * 13 // 20 // max(60, count // 100))
    begun = time.monotonic()
    figures, lines = judge(program, count, given,
                           ("--tables", tables, str(every)) if with_iasl else ())
    for line in lines[:200]:
        print(line)
    print_rows(("mutants", "loose", "blobs", "tables", "judged", "ready", "anew", "to pass", "to fail",
                "to unknown", "unsound", "moved", "crashes", "findings", "longest s", "peak MiB", "s"),
               [(*(figures[k] for k in ("mutants", "loose", "blobs", "tables", "judged", "ready",
                                        "ready_anew", "to_pass", "to_fail", "less", "unsound", "moved", "crashes",
                                        "findings")),
                 f"{figures['longest_us'] / 1e6:.3f}", figures["peak_kib"] >> 10,
                 round(time.monotonic() - begun))])
    print(f"from {figures['bases']} machines and {figures['donors']} tables of others")
    if with_iasl and shutil.which("iasl") is None:
        print("mutants: iasl (acpica-tools) is not installed", file=sys.stderr)
        return 1
    if with_iasl:
        print_iasl(*compare(tables))
    shutil.rmtree(tables)
    return figures["findings"]


def main():
    arguments = sys.argv[1:]
    controls = arguments[:1] == ["--controls"]
    counts, *programs = arguments[controls:]
    with tempfile.TemporaryDirectory(prefix="vbscheck-mutants.") as scratch:
        if controls:
            missed = run_controls(programs[0], int(counts), bases(scratch, True))
            for name in missed:
                print(f"mutants: nothing saw the control {name}", file=sys.stderr)
            return int(bool(missed))
        given, bad = bases(scratch, False), 0
        for i, (program, count) in enumerate(zip(programs, counts.split(","))):
            bad += run_one(program, int(count), given, scratch, with_iasl=i == 0)
    return int(bad > 0)


if __name__ == "__main__":
    sys.exit(main())
