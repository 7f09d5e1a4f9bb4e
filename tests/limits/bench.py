# SPDX-License-Identifier: MIT
"""bench.py PROGRAM [WORD]...: what 1 MiB of every kind of evidence, and every format, costs: seconds
and MiB beside the contract's limit, and how much more 1 MiB takes than 256 KiB, in seconds and in
steps (4 where the cost is linear). Ends with 1 if a row is over the limit. WORDs choose rows."""
import os
import resource
import subprocess
import sys
import tempfile

os.environ["VBSCHECK"] = sys.argv[1]
import rows  # noqa: E402
from rows import MIB  # noqa: E402

SECONDS, MOST = 1.0, 64.0
STEEP = 6.0  # a cost that is not linear; n log n is below 4.5
NOISE = 0.05  # seconds, and
FEW = 3e6  # steps, below which a ratio says nothing
COUNTS = os.path.abspath(os.environ.get("VBSCHECK_COUNTS", "counts"))
ENV = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8", "HOME": "/nonexistent"}


def processor_time():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class Cost:
    """Of one run: seconds of all its processes, MiB of the largest, its exit status, its words."""

    def __init__(self, program, args, folder):
        # A child's peak starts with its parent's, so a small parent is needed.
        command = ["/usr/bin/time", "-o", "cost", "-f", "%M %x", program, *args]
        before = processor_time()
        with open(f"{folder}/out", "wb") as out, open(f"{folder}/err", "wb") as err:
            subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=out, stderr=err,
                           env=ENV, check=False)
        self.seconds = processor_time() - before
        with open(f"{folder}/cost", encoding="utf-8") as f:
            kib, status = f.read().split("\n")[-2].split()
        with open(f"{folder}/err", encoding="utf-8", errors="replace") as f:
            self.said = f.readline().strip().replace(folder + "/", "")
        self.mib, self.status = int(kib) / 1024, int(status)
        self.printed = os.path.getsize(f"{folder}/out") / MIB
        self.steps = 0


def steps_of(path):
    if not os.path.exists(COUNTS):
        return 0
    said = subprocess.run([COUNTS, path], stdout=subprocess.PIPE, check=True,
                          stdin=subprocess.DEVNULL).stdout.decode()
    return max([int(line.rsplit(" ", 1)[1]) for line in said.splitlines() if " steps " in line] or [0])


def measure(program, row, size, runs=3):
    """The fastest of some runs, since others use the machine as well."""
    with tempfile.TemporaryDirectory() as folder:
        args = rows.write(row.make(size), folder)
        best = None
        for _ in range(runs):
            subprocess.run(["rm", "-rf", f"{folder}/kept"], check=True)
            cost = Cost(program, args, folder)
            if best is None or cost.seconds < best.seconds:
                best = cost
            if cost.seconds > 5:
                break
        if row.loads:
            best.steps = steps_of(args[1])
    return best


def ratio(large, small, least):
    return large / small if large > least and small > 0 else 0


def shown(number):
    return f"{number:6.1f}" if number else f"{'-':>6}"


def main():
    program = os.path.abspath(sys.argv[1])
    chosen = [r for r in rows.all_rows() if not sys.argv[2:] or any(w in r.name for w in sys.argv[2:])]
    if not chosen:
        print(f"bench: no row has '{' '.join(sys.argv[2:])}' in its name", file=sys.stderr)
        return 2
    size, over, left = int(float(os.environ.get("LIMITS_MIB", "1")) * MIB), 0, 0
    print(f"limit of 1 MiB: {SECONDS:.2f} s, {MOST:.1f} MiB; growth from a quarter of it, in time and in steps")
    print(f"{'what':<55}{'s':>6}{'MiB':>6}{'time':>6}{'steps':>6}  exit, printed MiB")
    for row in chosen:
        if row.tool and row.tool():
            print(f"{row.name:<55} not measured: needs {row.tool()}")
            left += 1
            continue
        small, large = measure(program, row, size // 4), measure(program, row, size)
        time, steps = ratio(large.seconds, small.seconds, 2 * NOISE), ratio(large.steps, small.steps, FEW)
        bad = large.seconds > SECONDS or large.mib > MOST or steps > STEEP or large.status > 3 or \
            (time > 2 * STEEP and not steps) or "the judge" in large.said
        over += bad
        print(f"{row.name[:54]:<55}{large.seconds:6.2f}{large.mib:6.1f}{shown(time)}{shown(steps)}  "
              f"{large.status} {large.printed:6.2f}{'  OVER' if bad else ''}"
              f"{'  ' + large.said[10:90] if large.status == 2 else ''}", flush=True)
    print(f"{len(chosen)} rows, {over} over the limit, {left} not measured")
    return 1 if over else 0


if __name__ == "__main__":
    sys.exit(main())
