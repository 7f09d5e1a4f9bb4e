# SPDX-License-Identifier: MIT
"""drivers.py PROGRAM [FOLDER]: driver files a second, beside sha256sum of the same tree.

The tree is 5,000 files, copies of those in FOLDER (the real drivers that the tests fetch) under
names of their own. Cold means that the kernel was asked to forget the files first (posix_fadvise).
"""
import os
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "tests/e2e"))
import real_drivers  # noqa: E402

FILES, RUNS = 5000, 5


def plant(root, sources):
    for i in range(FILES):
        folder = root / f"package{i // 10}"
        folder.mkdir(exist_ok=True)
        shutil.copyfile(sources[i % len(sources)], folder / f"driver{i}.sys")
    return sorted(root.rglob("*.sys"))


def forget(files):
    os.sync()
    for path in files:
        with open(path, "rb") as f:
            os.posix_fadvise(f.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)


def best(commands, before):
    """The least time of each command; by turns, since the machine may be busy for a while."""
    times = {name: [] for name, _ in commands}
    for _ in range(RUNS):
        for name, argv in commands:
            before()
            start = time.perf_counter()
            subprocess.run(argv, stdout=subprocess.DEVNULL, check=True)
            times[name].append(time.perf_counter() - start)
    return {name: min(took) for name, took in times.items()}


def main(program, folder=None):
    sources = sorted(Path(folder or real_drivers.fetch()).glob("*.sys"))
    with tempfile.TemporaryDirectory(dir="build") as place:
        files = plant(Path(place), sources)
        size = sum(f.stat().st_size for f in files)
        print(f"{len(files)} files, {size / 2**20:.0f} MiB")
        commands = (("drivers", [program, "drivers", "--format", "ndjson", place]),
                    ("drivers --digests", [program, "drivers", "--digests", "--format", "ndjson",
                                           place]),
                    ("sha256sum", ["sh", "-c", 'find "$0" -type f -print0 | xargs -0 sha256sum',
                                   place]))
        for state, before in (("warm", lambda: None), ("cold", lambda: forget(files))):
            times = best(commands, before)
            for name, took in times.items():
                print(f"{state}  {name:20} {took * 1e3:8.1f} ms  {FILES / took:9.0f} files/s"
                      f"  {times['sha256sum'] / took:5.1f} times sha256sum")
        peak = subprocess.run(["/usr/bin/time", "-f", "%M", *commands[0][1]],
                              stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
        print(f"peak {int(peak.stderr.split()[-1]) / 1024:.1f} MiB")


if __name__ == "__main__":
    main(*sys.argv[1:3])
