# SPDX-License-Identifier: MIT
"""run.py ENGINE BUILD TARGET SECONDS: runs fuzz targets and prints a table of what each did.

A target keeps what it found worth keeping in BUILD/corpus/TARGET, and findings in
BUILD/findings/TARGET. Exit status 1: there is a finding.
"""
import concurrent.futures
import glob
import os
import re
import shutil
import subprocess
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import seeds  # pylint: disable=wrong-import-position

HERE = os.path.dirname(os.path.abspath(__file__))
# A single input may take so long, and all inputs together so much memory.
SLOWEST_S, MEMORY_MIB = 10, 2048
# libntfs-3g and libevtx leak on damaged input: each judge ends soon, and has a limit of memory. A
# confined process that gets no answer ends without freeing anything (confined.c).
LEAKS = {"volume", "parse_evtx", "labels", "outer", "resume"}
# What they ask for is refused, as the judge's limit does, and is no finding.
REFUSED = "detect_leaks=0:allocator_may_return_null=1:max_allocation_size_mb=1024"
COLUMNS = ("target", "seeds", "executions", "a second", "kept", "slowest s", "peak MiB", "findings")


def dictionary(target):
    """The file of words for a target, or None."""
    name = seeds.TARGETS.get(target, seeds.PLAIN).words
    return os.path.join(HERE, "dict", name + ".dict") if name else None


def environment(build, target):
    env = dict(os.environ, TSS2_LOG="all+none")
    if target in LEAKS:
        env["ASAN_OPTIONS"] = REFUSED
    image = os.path.join(build, "tests/fuzz/ntfs.img")
    if os.path.exists(image):
        env["VBSCHECK_NTFS_IMAGE"] = image
    return env


def make_image(build):
    """The file system that fuzz_volume.c changes, made as the test of its seeds makes it."""
    make, image = (os.path.join(build, "tests", name) for name in ("make_ntfs", "fuzz/ntfs.img"))
    if os.path.exists(make):
        subprocess.run(["sh", os.path.join(HERE, "ntfs_image.sh"), image, make], check=True,
                       stdout=subprocess.DEVNULL)


def findings_of(folder):
    return sorted(f for f in glob.glob(os.path.join(folder, "*"))
                  if not os.path.basename(f).startswith(("slow-unit-", "README")))


def libfuzzer(build, target, seconds, given):
    kept, found = (os.path.join(build, part, target) for part in ("corpus", "findings"))
    for folder in (kept, found):
        os.makedirs(folder, exist_ok=True)
    words = dictionary(target)
    argv = [os.path.join(build, "tests/fuzz", "fuzz_" + target), kept, given,
            f"-max_total_time={seconds}", f"-timeout={SLOWEST_S}", f"-rss_limit_mb={MEMORY_MIB}",
            f"-malloc_limit_mb={0 if target in LEAKS else MEMORY_MIB}", "-print_final_stats=1", "-report_slow_units=5",
            f"-max_len={seeds.TARGETS.get(target, seeds.PLAIN).longest}",
            f"-artifact_prefix={found}/", f"-detect_leaks={int(target not in LEAKS)}"]
    if words:
        argv.append(f"-dict={words}")
    before = set(findings_of(found))
    with open(os.path.join(found + ".log"), "wb") as log:
        status = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                                env=environment(build, target), check=False).returncode
    with open(log.name, encoding="utf-8", errors="replace") as said:
        text = said.read()
    stats = dict(re.findall(r"^stat::(\w+):\s+(\d+)", text, re.M))
    slowest = re.findall(r"^slowest input: (\d+) us", text, re.M)
    new = [f for f in findings_of(found) if f not in before]
    if status != 0 and not new:
        new = [log.name]  # it ended without an input to blame, such as a seed that cannot be read
    executions = int(stats.get("number_of_executed_units", 0))
    return {"executions": executions, "a second": executions // max(1, seconds),
            "kept": len(os.listdir(kept)), "slowest s": f"{int(slowest[-1]) / 1e6:.4f}" if slowest else
            stats.get("slowest_unit_time_sec", "?"),
            "peak MiB": stats.get("peak_rss_mb", "?"), "findings": new}


def afl(build, target, seconds, given):
    out = os.path.join(build, "afl", target)
    shutil.rmtree(out, ignore_errors=True)
    os.makedirs(os.path.dirname(out), exist_ok=True)  # afl-fuzz makes the last folder only
    env = dict(environment(build, target), AFL_SKIP_CPUFREQ="1", AFL_NO_UI="1", AFL_NO_AFFINITY="1",
               AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES="1", AFL_IGNORE_PROBLEMS="1",
               ASAN_OPTIONS="abort_on_error=1:symbolize=0:detect_leaks=0")
    argv = ["afl-fuzz", "-V", str(seconds), "-i", given, "-o", out, "-m", "none", "-t",
            f"{SLOWEST_S * 1000}"]
    if dictionary(target):
        argv += ["-x", dictionary(target)]
    argv += ["--", os.path.join(build, "tests/fuzz", "fuzz_" + target)]
    with open(os.path.join(build, f"afl-{target}.log"), "wb") as log:
        status = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=log, stderr=log, env=env,
                                check=False).returncode
    stats = {}
    for path in glob.glob(os.path.join(out, "default/fuzzer_stats")):
        with open(path, encoding="utf-8") as said:
            stats = dict(re.split(r"\s*:\s*", line.strip(), maxsplit=1) for line in said)
    new = [f for kind in ("crashes", "hangs")
           for f in findings_of(os.path.join(out, "default", kind))]
    if status != 0 and not new:
        new = [log.name]
    return {"executions": int(stats.get("execs_done", 0)),
            "a second": int(float(stats.get("execs_per_sec", 0))),
            "kept": stats.get("corpus_count", "?"),
            "slowest s": measured(f"{int(stats.get('slowest_exec_ms', 0)) / 1000:.3f}"),
            "peak MiB": measured(stats.get("peak_rss_mb", "0")), "findings": new}


def measured(figure):
    """AFL++ writes 0 where it did not look."""
    return figure if float(figure) > 0 else "?"


def run(engine, build, target, seconds):
    given = os.path.join(build, "seeds", target)
    number = seeds.collect(target, given)
    if number == 0:
        return {"target": target, "seeds": 0, "executions": 0, "findings": ["there are no seeds"]}
    done = (libfuzzer if engine == "libfuzzer" else afl)(build, target, seconds, given)
    return {"target": target, "seeds": number, **done}


def print_table(rows):
    cells = [COLUMNS] + [tuple(str(len(row[c]) if c == "findings" else row.get(c, "-"))
                               for c in COLUMNS) for row in rows]
    widths = [max(len(line[i]) for line in cells) for i in range(len(COLUMNS))]
    for line in cells:
        print(line[0].ljust(widths[0]), *(c.rjust(w) for c, w in zip(line[1:], widths[1:])),
              sep="  ")
    print(f"{len(rows)} targets, {sum(row['executions'] for row in rows):,} executions, "
          f"{sum(len(row['findings']) for row in rows)} findings, "
          f"slowest {worst(rows, 'slowest s')} s, peak {worst(rows, 'peak MiB')} MiB")


def worst(rows, column):
    """The largest figure of all targets, and whose it is."""
    known = [row for row in rows if re.fullmatch(r"[0-9.]+", str(row.get(column, "")))]
    if not known:
        return "?"
    most = max(known, key=lambda row: float(row[column]))
    return f"{most[column]} ({most['target']})"


def main():
    engine, build, wanted, seconds = sys.argv[1], os.path.abspath(sys.argv[2]), sys.argv[3], \
        int(sys.argv[4])
    every = sorted(os.path.basename(f)[5:-2] for f in glob.glob(os.path.join(HERE, "fuzz_*.c")))
    if wanted == "list":
        print("\n".join(every))
        return 0
    if wanted not in ("all", *every):
        print(f"fuzz: {wanted} is not a target; scripts/fuzz list prints their names",
              file=sys.stderr)
        return 2
    missing = [t for t in (every if wanted == "all" else [wanted])
               if not os.path.exists(os.path.join(build, "tests/fuzz", "fuzz_" + t))]
    if missing:
        print(f"fuzz: {', '.join(missing)}: not built; CMakeLists.txt must name it",
              file=sys.stderr)
        return 1
    chosen = every if wanted == "all" else [wanted]
    if "volume" in chosen:
        make_image(build)
    rows = []
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count() if len(chosen) > 1 else 1) as pool:
        for row in pool.map(lambda t: run(engine, build, t, seconds), chosen):
            rows.append(row)
            for path in row["findings"]:
                print(f"fuzz: {row['target']}: finding: {os.path.relpath(path)}", file=sys.stderr)
    print_table(rows)
    return int(any(row["findings"] for row in rows))


if __name__ == "__main__":
    sys.exit(main())
