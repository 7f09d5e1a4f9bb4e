# SPDX-License-Identifier: MIT
"""What is left when the program is killed in the middle of a save.

Under a final name there is nothing, or what was there before, or all of the new; beside it at most
FILE.partial-PID of the process that was killed. KILLS=1000 is the long form of the random kills.
"""
import os
import random
import re
import shutil
import signal
import subprocess
import tarfile
import tempfile
import time
import unittest
from pathlib import Path

import harness
from harness import PROGRAM, PROJECT, run

MACHINE = PROJECT / "fixtures/machines/amd-desktop"
KILLS = int(os.environ.get("KILLS") or 40)
# The calls that make, fill, flush, name and remove what is saved.
SAVING = ("openat", "mkdir", "mkdirat", "write", "fsync", "linkat", "rename", "renameat2", "unlink",
          "close")
# Name of what is written, what was there before, arguments.
SAVES = {
    "report": ("out.json", None, ("--format", "json", "--from", MACHINE, "--output")),
    "report over another": ("out.json", b"old\n", ("--format", "json", "--from", MACHINE,
                                                   "--output")),
    "capture": ("out", None, ("capture", "--from", MACHINE, "--output")),
    "archive": ("out.tar.gz", None, ("capture", "--from", MACHINE, "--output")),
}


def content(path):
    """All of a file, a folder or an archive; None where there is nothing."""
    if path.is_dir():
        return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    if path.exists() and path.name.endswith(".tar.gz"):
        with tarfile.open(path) as archive:
            return {m.name: archive.extractfile(m).read() for m in archive if m.isfile()}
    return path.read_bytes() if path.exists() else None


class Kills(unittest.TestCase):
    def setUp(self):
        self.dir = Path(tempfile.mkdtemp(prefix="vbscheck-kills-"))
        self.addCleanup(shutil.rmtree, self.dir)
        self.whole = {}
        for kind, (name, _, args) in SAVES.items():
            place = self.dir / "whole" / kind
            place.mkdir(parents=True)
            r = run(*args, place / name)
            self.whole[kind] = content(place / name), r.wall
            self.assertTrue(self.whole[kind][0])

    def start(self, kind, tool=()):
        """Begins a save in a folder of its own; returns the process and the folder."""
        name, before, args = SAVES[kind]
        place = Path(tempfile.mkdtemp(dir=self.dir))
        if before is not None:
            (place / name).write_bytes(before)
        child = subprocess.Popen([*tool, PROGRAM, *args, place / name],
                                 stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return child, place

    def look(self, kind, place, may_leave):
        """Fails where something is half-written, or left behind; returns what there is."""
        name, before, args = SAVES[kind]
        now = content(place / name)
        self.assertIn(now, (before, self.whole[kind][0]), f"{kind}: half-written")
        left = [n for n in os.listdir(place) if n != name]
        self.assertLessEqual(len(left), may_leave, f"{kind}: {left}")
        for other in left:
            self.assertTrue(re.fullmatch(re.escape(name) + r"\.partial-\d+", other), other)
        if now == before:
            # What a kill left is in nobody's way.
            run(*args, place / name, ok=(0, 1, 2, 3))
            self.assertEqual(self.whole[kind][0], content(place / name))
        shutil.rmtree(place)
        return "whole" if now != before else "partial" if left else "nothing"

    def test_random_kills(self):
        chance = random.Random(28)
        seen = {}
        for i in range(KILLS):
            kind = list(SAVES)[i % len(SAVES)]
            number = signal.SIGKILL if i % 5 else chance.choice(
                (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
            child, place = self.start(kind)
            time.sleep(chance.uniform(0, 1.2 * self.whole[kind][1]))
            child.send_signal(number)
            child.wait(harness.TIMEOUT)
            found = self.look(kind, place, number == signal.SIGKILL)
            seen[found] = seen.get(found, 0) + 1
        print(f"{KILLS} random kills: {seen}", flush=True)

    def test_a_kill_at_each_call_of_a_save(self):
        """A save takes few of the calls of a run: random kills seldom hit it."""
        strace = harness.need_tool("strace")
        for number, may_leave in (("SIGKILL", 1), ("SIGTERM", 0)):
            seen = {}
            for kind in SAVES:
                for call in SAVING:
                    for found in self.each(strace, kind, call, number, may_leave):
                        seen[found] = seen.get(found, 0) + 1
            print(f"{number} at each call: {seen}", flush=True)
            self.assertGreater(seen.get("nothing", 0), 0)
            if may_leave:
                self.assertGreater(seen.get("partial", 0), 0)

    def each(self, strace, kind, call, number, may_leave):
        """Ends the program at its first, second, ... such call, until it has no more of them."""
        for when in range(1, 200):
            child, place = self.start(kind, (strace, "-qqq", "-o", "/dev/null", "-e",
                                             f"inject={call}:signal={number}:when={when}"))
            status = child.wait(harness.TIMEOUT)
            yield self.look(kind, place, may_leave)
            if status >= 0:
                return
        self.fail(f"{kind}: over 200 calls of {call}")


if __name__ == "__main__":
    harness.main()
