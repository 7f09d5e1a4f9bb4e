# SPDX-License-Identifier: MIT
"""fleet.py PROGRAM SAMPLE.ndjson LINES...: what a summary of so many reports costs.

The lines of the sample are repeated, each time as another host and one of a thousand firmware
versions, and go to `summary -` through a pipe. For each number of lines prints the time, the
processor time and the most memory of a process of the program.
"""
import json
import os
import subprocess
import sys
import threading
import time

FIRMWARE, HOST = b"@@FIRMWARE@@", b"@@HOST@@"


def templates(path):
    """Each line of the sample, cut where the host's name and the firmware's version stand."""
    for line in open(path, "rb"):
        report = json.loads(line)
        report["host"]["firmware_version"] = FIRMWARE.decode()
        report["host"]["labels"] = {"host": HOST.decode()}
        yield json.dumps(report, separators=(",", ":")).encode() + b"\n"


def peak_kib(pid):
    """Of a process, or 0 where it is gone."""
    try:
        status = open(f"/proc/{pid}/status").read()
        return int(status.split("VmHWM:")[1].split()[0]) if "VmHWM:" in status else 0
    except OSError:
        return 0


def watch(process, peaks):
    while process.poll() is None:
        try:
            children = open(f"/proc/{process.pid}/task/{process.pid}/children").read().split()
        except OSError:
            children = []
        for role, pid in [("parent", process.pid)] + [("judge", c) for c in children]:
            peaks[role] = max(peaks.get(role, 0), peak_kib(pid))
        time.sleep(0.02)


def measure(program, parts, lines):
    start = time.monotonic()
    before = os.times()
    process = subprocess.Popen([program, "summary", "-"], stdin=subprocess.PIPE,
                               stdout=subprocess.DEVNULL)
    peaks, size = {}, 0
    watcher = threading.Thread(target=watch, args=(process, peaks))
    watcher.start()
    for i in range(lines):
        line = parts[i % len(parts)]
        line = line.replace(FIRMWARE, b"1.%d" % (i // len(parts) % 1000)).replace(HOST, b"pc%d" % i)
        process.stdin.write(line)
        size += len(line)
    process.stdin.close()
    status = process.wait()
    watcher.join()
    after = os.times()
    cpu = after.children_user + after.children_system - before.children_user - \
        before.children_system
    print(f"{lines} lines, {size / 2**20:.0f} MiB: {time.monotonic() - start:.1f} s, "
          f"{cpu:.1f} s of processor, peak " +
          ", ".join(f"{k} {v / 1024:.1f} MiB" for k, v in sorted(peaks.items())) +
          f", status {status}", flush=True)


def main():
    program, sample, *counts = sys.argv[1:]
    parts = list(templates(sample))
    for n in counts:
        measure(program, parts, int(n))


main()
