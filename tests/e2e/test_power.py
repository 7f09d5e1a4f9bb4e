# SPDX-License-Identifier: MIT
"""A loss of power in the middle of a save: what of it the disk is sure to have, after each call.

The calls of each kind of save are recorded, and a disk is followed that keeps only what it must: of
a file what was written before its fsync (under a name, if its folder is flushed after it: btrfs), of a
folder what was in it at its fsync, and of later changes any first part, in order. After no call a final name may belong to less than the whole; after
the last one it must belong to the whole.
POWER=1 is the long form: a real ext4 and btrfs are copied after each call as they then are on the
disk, and mounted.
"""
import os
import re
import shutil
import signal
import subprocess
import time

import harness
from harness import need, need_tool
from steps import begin, without_sanitizers
from test_kills import LONG, Saves, content

CALLS = ("open openat openat2 mkdir mkdirat write pwrite64 fsync fdatasync linkat link rename "
         "renameat renameat2 unlink unlinkat rmdir close").split()
SHORT = ("report", "report over another", "capture", "archive", "summary")


class File:
    def __init__(self):
        self.written, self.kept, self.logged = 0, 0, 0

    def flush(self, named):
        """btrfs has nothing of a file without a name in its log, which the flush of a folder writes."""
        self.kept = self.written
        if named:
            self.logged = self.written

    def whole(self):
        return self.written > 0 and self.kept == self.written


class Folder:
    def __init__(self):
        self.states = [{}]  # of its names: the last that the disk is sure to have, and later ones
        self.names = {}

    def change(self, **names):
        self.names = {n: x for n, x in {**self.names, **names}.items() if x is not None}
        self.states.append(self.names)

    def flush(self, named):
        self.states = [self.names]
        for it in self.names.values() if named else ():
            if isinstance(it, File):
                it.kept = it.logged

    def has(self, it):
        return any(x is it or isinstance(x, Folder) and x.has(it) for x in self.names.values())

    def whole(self):
        """True if a folder as the disk may have it is the whole folder: all names, all of each."""
        return all(state == self.names for state in self.states) and self.names and \
            all(x.whole() for x in self.names.values())


class Disk:
    """Follows the calls of one process in the folder `place`."""

    def __init__(self, place, save):
        self.place, self.root, self.open, self.before = str(place), Folder(), {}, None
        if save.before is not None:
            self.before = File()
            self.before.written = self.before.kept = self.before.logged = len(save.before)
            self.root.change(**{save.name: self.before})
            self.root.flush(True)

    def find(self, at, path):
        """The folder and the name in it, or None if it is elsewhere."""
        where = self.open.get(int(at)) if at.lstrip("-").isdigit() else None
        if where is None and not (path + "/").startswith(self.place + "/"):
            return None
        parts = (path if where else path[len(self.place):].strip("/")).split("/")
        where = where or self.root
        for part in parts[:-1]:
            where = where.names[part]
        return where, parts[-1]

    def opened(self, at, path, flags, fd):
        found = self.find(at, path)
        if found is None:
            self.open.pop(fd, None)
            return
        folder, name = found
        there = folder if name in ("", ".") else folder.names.get(name)
        if "O_TMPFILE" in flags or (there is None and "O_CREAT" in flags):
            there = File()
            if "O_TMPFILE" not in flags:
                folder.change(**{name: there})
        self.open[fd] = there

    def moved(self, found, target):
        folder, name = found
        it = folder.names[name]
        assert folder is target[0]
        folder.change(**{name: None, target[1]: it})

    def call(self, name, rest, result):
        """One line of strace."""
        texts = re.findall(r'"((?:[^"\\]|\\.)*)"', rest)
        first = re.match(r"[^,]*", rest)[0].rstrip(")")
        if name.startswith("open"):
            at, path = ("AT_FDCWD" if name == "open" else first), texts[0]
            self.opened(at, path, rest.split('"')[-1], result)
        elif name in ("mkdir", "mkdirat"):
            found = self.find("AT_FDCWD" if name == "mkdir" else first, texts[0])
            if found:
                found[0].change(**{found[1]: Folder()})
        elif name in ("write", "pwrite64") and self.open.get(int(first)):
            self.open[int(first)].written += result
        elif name in ("fsync", "fdatasync") and self.open.get(int(first)):
            it = self.open[int(first)]
            it.flush(it is self.root or self.root.has(it))
        elif name in ("linkat", "link"):
            fd = int(re.fullmatch(r"/proc/self/fd/(\d+)", texts[0])[1])
            folder, target = self.find("AT_FDCWD", texts[1])
            folder.change(**{target: self.open[fd]})
        elif name.startswith("rename"):
            self.moved(self.find("AT_FDCWD", texts[0]), self.find("AT_FDCWD", texts[1]))
        elif name in ("unlink", "unlinkat", "rmdir"):
            found = self.find(first if name == "unlinkat" else "AT_FDCWD", texts[0])
            if found:
                found[0].change(**{found[1]: None})
        elif name == "close":
            self.open.pop(int(first), None)

    def after_a_cut(self, name):
        """What `name` may be then: None, or what there is."""
        return [state.get(name) for state in self.root.states]


class Power(Saves):
    def record(self, save, place):
        """(call, arguments, result) of all that succeeded."""
        log = self.dir / "strace"
        subprocess.run([need_tool("strace"), "-qqq", "-o", log, "-s", "4096", "-e",
                        "trace=" + ",".join(CALLS), harness.PROGRAM, *save.prepare(place)],
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False)
        for line in log.read_text(errors="replace").splitlines():
            m = re.fullmatch(r"(\w+)\((.*)\) += (\d+)(?:<.*>)?", line)
            if m:
                yield m[1], m[2], int(m[3])

    def follow(self, kind, place, calls):
        """Fails where the disk may have half of it; returns how many of its states were looked at."""
        save, seen = self.saves[kind], 0
        disk = Disk(place, save)
        for name, rest, result in calls:
            disk.call(name, rest, result)
            for it in disk.after_a_cut(save.name):
                seen += 1
                self.assertTrue(it is disk.before or it is not None and it.whole(),
                                f"{kind}: half of it after {name}({rest})")
        for it in disk.after_a_cut(save.name):
            self.assertTrue(it is not disk.before and it.whole(),
                            f"{kind}: the disk may lose it after the end")
        return seen

    def test_after_each_call_there_is_nothing_or_the_old_or_all_of_the_new(self):
        for kind in self.saves if LONG else SHORT:
            place = self.place()
            calls = list(self.record(self.saves[kind], place))
            seen = self.follow(kind, place, calls)
            self.assertGreater(len(calls), 8)
            print(f"{kind}: {len(calls)} calls, {seen} states of the disk", flush=True)

    def test_this_test_sees_each_flush_that_is_missing(self):
        """Without one fsync, of a file or of a folder, the disk may have less."""
        for kind in SHORT:
            place = self.place()
            calls = list(self.record(self.saves[kind], place))
            flushes = [i for i, (name, _, _) in enumerate(calls) if name == "fsync"]
            self.assertGreater(len(flushes), 1, kind)
            for i in flushes:
                with self.assertRaises(AssertionError, msg=f"{kind}: {calls[i]}"):
                    self.follow(kind, place, calls[:i] + calls[i + 1:])


@without_sanitizers
class Disks(Saves):
    MADE = {"ext4": (8 << 20, ("mkfs.ext4", "-q")), "btrfs": (114 << 20, ("mkfs.btrfs", "-q"))}

    def mounted(self, image, do):
        where = self.dir / "mounted"
        where.mkdir(exist_ok=True)
        # btrfs takes no second disk of one number, and the last may still be on its way out.
        for tries in range(20, 0, -1):
            if subprocess.run(["mount", "-o", "loop", image, where], check=tries == 1).returncode == 0:
                break
            time.sleep(0.2)
        try:
            return do(where)
        finally:
            subprocess.run(["umount", where], check=True)

    def cut(self, kind, at):
        """Stops the program after a call, copies the disk, and looks at the copy."""
        save, image, copy = self.saves[kind], self.dir / "disk", self.dir / "copy"
        self.copy(self.dir / "empty", image)

        def until_it_stops(where):
            args = save.prepare(where / "place")
            subprocess.run(["sync", "-f", where], check=True)
            child = begin(args, at=at, number=signal.SIGSTOP, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL)
            _, how = os.waitpid(child.pid, os.WUNTRACED)
            self.copy(image, copy)
            child.returncode = 0
            if os.WIFSTOPPED(how):
                os.kill(child.pid, signal.SIGKILL)
                os.waitpid(child.pid, 0)
            return os.WIFSTOPPED(how)

        stopped = self.mounted(image, until_it_stops)
        found = self.mounted(copy, lambda where: content(where / "place" / save.name))
        self.assertIn(found, (save.before, save.whole), f"{kind}: step {at}")
        if not stopped:
            self.assertEqual(save.whole, found, f"{kind}: lost after the end")
        return stopped, found

    @staticmethod
    def copy(image, copy):
        subprocess.run(["cp", "--sparse=always", image, copy], check=True)

    def test_a_real_ext4_after_each_call(self):
        self.each_cut("ext4")

    def test_a_real_btrfs_after_each_call(self):
        self.each_cut("btrfs")

    def each_cut(self, system):
        size, make = self.MADE[system]
        if "POWER" not in os.environ:
            self.skipTest("the long form: POWER=1")
        need(os.getuid() == 0, "root, who alone mounts")
        need_tool(make[0])
        empty = self.dir / "empty"
        with open(empty, "wb") as file:
            file.truncate(size)
        subprocess.run([*make, empty], check=True)
        for kind in self.saves:
            at, seen = 0, {}
            while True:
                at += 1
                stopped, found = self.cut(kind, at)
                word = "whole" if found == self.saves[kind].whole else "before"
                seen[word] = seen.get(word, 0) + 1
                if not stopped:
                    break
            print(f"{system}, {kind}: {at} cuts, {seen}", flush=True)


if __name__ == "__main__":
    harness.main()
