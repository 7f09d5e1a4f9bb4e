# SPDX-License-Identifier: MIT
"""captures.py PROGRAM BENCH_FLEET CAPTURE [BEFORE]: what a capture of a folder costs, beside a start
of /bin/true, a judge that does nothing, and unpacking alone; all by turns in one run.

CAPTURE is a .tar.gz or a folder of such. BEFORE is another build of the program, to compare with.
Processor time is that of all processes; a busy machine changes it less than the time on the wall.
"""
import os
import resource
import shutil
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

INPUTS, RUNS = 2000, 5


def used():
    u = resource.getrusage(resource.RUSAGE_CHILDREN)
    return u.ru_utime + u.ru_stime


def measured(work):
    begun, before = time.perf_counter(), used()
    work()
    return [1e6 * (time.perf_counter() - begun) / INPUTS, 1e6 * (used() - before) / INPUTS]


def start_nothing():
    for _ in range(INPUTS):
        os.waitpid(os.posix_spawn("/bin/true", ["true"], {}), 0)


def scan(argv):
    return lambda: subprocess.run(argv, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                  check=False)


def plant(folder, sources):
    for i in range(INPUTS):
        shutil.copyfile(sources[i % len(sources)], folder / f"c{i:05d}.tar.gz")
    return [str(folder / name) for name in sorted(os.listdir(folder))]


def main():
    program, bench, given = sys.argv[1], sys.argv[2], Path(sys.argv[3])
    sources = sorted(given.rglob("*.tar.gz")) if given.is_dir() else [given]
    with tempfile.TemporaryDirectory() as scratch:
        files = plant(Path(scratch), sources)
        size = sum(map(os.path.getsize, files)) / len(files)
        arguments = ["--format", "ndjson", scratch]
        works = {"/bin/true": start_nothing}
        if len(sys.argv) > 4:
            works["before"] = scan([sys.argv[4]] + arguments)
        works["--jobs 1"] = scan([program, "--jobs", "1"] + arguments)
        works["--jobs 2"] = scan([program, "--jobs", "2"] + arguments)
        figures = {}
        for _ in range(RUNS):
            for name, work in works.items():
                figures.setdefault(name, []).append(measured(work))
            out = subprocess.run([bench] + files, stdout=subprocess.PIPE, text=True, check=True)
            for name, line in zip(("an empty judge", "unpacking alone"), out.stdout.splitlines()):
                figures.setdefault(name, []).append([float(n) for n in line.split()])
    print(f"{INPUTS} captures of {size:.0f} bytes, {len(sources)} different; median of {RUNS}")
    true = [statistics.median(f[i] for f in figures["/bin/true"]) for i in (0, 1)]
    for name, rows in figures.items():
        wall, cpu = (statistics.median(r[i] for r in rows) for i in (0, 1))
        print(f"{name:16} {wall:7.0f} us wall ({wall / true[0]:.2f} of /bin/true) "
              f"{cpu:7.0f} us processor ({cpu / true[1]:.2f})")


if __name__ == "__main__":
    main()
