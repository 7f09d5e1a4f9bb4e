# SPDX-License-Identifier: MIT
"""bench.py PROGRAM [WORD]...: what 1 MiB of every kind of evidence, and every format, costs: seconds
and MiB beside the contract's limit, and how much more 1 MiB costs than 256 KiB (4 where the cost is
linear). Ends with 1 if a row is over the limit. WORDs choose rows."""
import os
import resource
import subprocess
import sys
import tempfile

os.environ["VBSCHECK"] = sys.argv[1]
import rows  # noqa: E402
from rows import MIB  # noqa: E402

SECONDS, MOST, STEEP = 1.0, 64.0, 8.0
NOISE = 0.05  # seconds below which a ratio says nothing
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


class Cost:
    """Of one run: seconds of all its processes, MiB of the largest, its exit status, its words."""

    def __init__(self, program, args, folder):
        command = ["/usr/bin/time", "-o", "cost", "-f", "%M %x", program, *args]
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(f"{folder}/out", "wb") as out, open(f"{folder}/err", "wb") as err:
            subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                           env=ENV, check=False)
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        with open(f"{folder}/cost", encoding="utf-8") as f:
            kib, status = f.read().split("\n")[-2].split()
        with open(f"{folder}/err", encoding="utf-8", errors="replace") as f:
            self.said = f.readline().strip()
        self.seconds = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
        self.mib, self.status = int(kib) / 1024, int(status)
        self.printed = os.path.getsize(f"{folder}/out") / MIB


def measure(program, row, size, runs=3):
    """The fastest of some runs, since others use the machine as well."""
    with tempfile.TemporaryDirectory(dir=os.environ.get("TMPDIR")) as folder:
        args = rows.write(row.make(size), folder)
        best = None
        for _ in range(runs):
            subprocess.run(["rm", "-rf", f"{folder}/kept"], check=True)
            cost = Cost(program, args, folder)
            if best is None or cost.seconds < best.seconds:
                best = cost
            if cost.seconds > 5:
                break
    return best


def main():
    program = os.path.abspath(sys.argv[1])
    chosen = [r for r in rows.all_rows() if not sys.argv[2:] or any(w in r.name for w in sys.argv[2:])]
    over, size = 0, int(float(os.environ.get("LIMITS_MIB", "1")) * MIB)
    print(f"limit of each row: {SECONDS:.2f} s, {MOST:.1f} MiB")
    print(f"{'1 MiB of':<52}{'s':>6}{'MiB':>7}{'ratio':>7}{'exit':>5}  {'printed MiB':>11}")
    for row in chosen:
        if row.tool and row.tool():
            print(f"{row.name:<52} not measured: needs {row.tool()}")
            continue
        small, large = measure(program, row, size // 4), measure(program, row, size)
        ratio = large.seconds / max(small.seconds, 0.003)
        steep = large.seconds > 2 * NOISE and ratio > STEEP
        bad = large.seconds > SECONDS or large.mib > MOST or steep or large.status > 3
        over += bad
        words = f"{ratio:7.1f}" if large.seconds > NOISE else f"{'-':>7}"
        print(f"{row.name:<52}{large.seconds:6.2f}{large.mib:7.1f}{words}{large.status:5}  {large.printed:11.2f}"
              f"{'  OVER' if bad else ''}{'  ' + large.said[:90] if large.status == 2 or bad else ''}", flush=True)
    print(f"{len(chosen)} rows, {over} over the limit")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
