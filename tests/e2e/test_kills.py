# SPDX-License-Identifier: MIT
"""What is left when the program is killed, or the disk fails, in the middle of a save.

Under a final name there is nothing, or what was there before, or all of the new. What a kill leaves
beside it is NAME.vbscheck-partial, which the next run of the same save removes.
KILLS=1000 is the long form: so many random kills, and every step of every kind of save.
"""
import errno
import fcntl
import json
import os
import random
import resource
import shutil
import signal
import subprocess
import tempfile
import time
from pathlib import Path

import harness
from driver_files import driver
from harness import NOBODY, PROGRAM, PROJECT, Case, check_trouble, need, need_tool, run, write_files, wsmt
from steps import adopt_orphans, begin, calls, orphans_end, stepped, without_sanitizers

MACHINE = PROJECT / "fixtures/machines/amd-desktop"
LONG = "KILLS" in os.environ
KILLS = int(os.environ.get("KILLS") or 40)
OLD = b"old\n"


def content(path):
    """All of a file, a folder or an archive; None where there is nothing."""
    if path.is_dir():
        return {str(p.relative_to(path)): p.read_bytes() for p in path.rglob("*") if p.is_file()}
    if path.exists() and ".tar" in path.name:
        listed = subprocess.run([need_tool("bsdtar"), "-xOf", path], stdout=subprocess.PIPE, check=True)
        return listed.stdout
    return path.read_bytes() if path.exists() else None


class Save:
    """One way to save: arguments before the name, the name, what is there before."""

    def __init__(self, name, *args, before=None):
        self.name, self.args, self.before = name, args, before
        self.whole, self.wall = None, 0

    def prepare(self, place):
        place.mkdir(parents=True)
        if self.before is not None:
            (place / self.name).write_bytes(self.before)
        return (*self.args, place / self.name)


class Saves(Case):
    @classmethod
    def setUpClass(cls):
        """What is saved, and what each save looks like when nothing disturbs it."""
        cls.base = Path(tempfile.mkdtemp(prefix="vbscheck-e2e-"))
        cls.base.chmod(0o755)
        cls.addClassCleanup(shutil.rmtree, cls.base)
        write_files(cls.base, {"in/WSMT": wsmt(7), "many/a": wsmt(7), "many/b": wsmt(1),
                               "a.sys": driver()})
        for name, args in (("fleet.ndjson", ("many", "--format", "ndjson")),
                           ("one.json", ("many/a", "--format", "json")),
                           ("other.json", ("many/b", "--format", "json"))):
            (cls.base / name).write_bytes(run(*args, cwd=cls.base).out)
        json_of = ("--format", "json", "--from", cls.base / "in/WSMT", "--output")
        many = ("--format", "ndjson", cls.base / "many", "--output")
        capture = ("capture", "--from", MACHINE, "--output")
        cls.saves = {
            "report": Save("out.json", *json_of),
            "report over another": Save("out.json", *json_of, before=OLD),
            "capture": Save("out", *capture),
            "archive": Save("out.tar.gz", *capture),
        }
        cls.short = tuple(cls.saves)
        cls.saves.update({
            "page": Save("out.html", "--format", "html", "--from", cls.base / "in/WSMT", "--output"),
            "many": Save("out.ndjson", *many),
            "many over another": Save("out.ndjson", *many, before=OLD),
            "drivers": Save("out.json", "drivers", "--format", "json", cls.base / "a.sys",
                            "--output"),
            "diff": Save("out.json", "diff", "--format", "json", cls.base / "one.json",
                         cls.base / "other.json", "--output"),
            "summary": Save("index.html", "summary", "--format", "html", cls.base / "fleet.ndjson",
                            "--output"),
            "tar": Save("out.tar", *capture),
            "zstd": Save("out.tar.zst", *capture),
        })
        for kind, save in cls.saves.items():
            r = run(*save.prepare(cls.base / "whole" / kind))
            save.whole, save.wall = content(cls.base / "whole" / kind / save.name), r.wall
            assert save.whole and save.whole != save.before, kind

    def setUp(self):
        super().setUp()
        self.count = 0

    def place(self):
        self.count += 1
        return self.dir / f"place-{self.count}"

    def look(self, kind, place, may_leave, what=""):
        """Fails where something is half-written, or left behind; returns what there is."""
        save, what = self.saves[kind], f"{kind}: {what}"
        now = content(place / save.name)
        self.assertIn(now, (save.before, save.whole), f"{what}: half-written")
        left = [n for n in os.listdir(place) if n != save.name]
        self.assertIn(left, ([], [save.name + ".vbscheck-partial"]) if may_leave else ([],), what)
        if now == save.before:
            # What a kill left is in nobody's way, and gone after the next run.
            run(*save.args, place / save.name)
            self.assertEqual(save.whole, content(place / save.name), what)
            self.assertEqual([save.name], os.listdir(place), what)
        shutil.rmtree(place)
        return "whole" if now != save.before else "partial" if left else "nothing"


class Kills(Saves):
    def test_random_kills(self):
        """Of everything that saves; and no judge outlives the program."""
        adopt_orphans()
        chance, seen = random.Random(28), {}
        for i in range(KILLS):
            kind = list(self.saves)[i % len(self.saves)]
            number = signal.SIGKILL if i % 5 else chance.choice(
                (signal.SIGTERM, signal.SIGINT, signal.SIGHUP))
            place = self.place()
            child = subprocess.Popen([PROGRAM, *self.saves[kind].prepare(place)],
                                     stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            time.sleep(chance.uniform(0, 1.2 * self.saves[kind].wall))
            child.send_signal(number)
            child.wait(harness.TIMEOUT)
            self.assertTrue(orphans_end(), f"{kind}: a judge lives on")
            found = self.look(kind, place, number == signal.SIGKILL)
            seen[found] = seen.get(found, 0) + 1
        print(f"{KILLS} random kills of {len(self.saves)} kinds of saves: {seen}", flush=True)

    def test_kills_of_a_run_that_appends(self):
        """With '>> FILE' and --resume: a last line may be cut, and the next run makes it good."""
        for i in range(40):
            self.file(f"fleet/{i:02}", wsmt(i % 8))
        args = (self.dir / "fleet", "--format", "ndjson", "--resume")
        path, chance = self.dir / "all.ndjson", random.Random(28)
        with open(path, "wb") as out:
            wall = run(*args, path, stdout=out).wall
        whole = sorted(path.read_bytes().splitlines())
        for i in range(20 if LONG else 3):
            path.write_bytes(b"")
            for _ in range(2):
                with open(path, "ab") as out:
                    child = subprocess.Popen([PROGRAM, *args, path], stdout=out,
                                             stderr=subprocess.DEVNULL)
                    time.sleep(chance.uniform(0, wall))
                    child.kill()
                    child.wait(harness.TIMEOUT)
            with open(path, "ab") as out:
                run(*args, path, stdout=out)
            lines = set(path.read_bytes().splitlines())
            self.assertEqual([], [line for line in whole if line not in lines])
            for other in lines - set(whole):
                with self.assertRaises(json.JSONDecodeError, msg=other):
                    json.loads(other)

    @without_sanitizers
    def test_a_kill_at_each_step_of_a_save(self):
        """A save takes few of the calls of a run: random kills seldom hit it."""
        for number in (signal.SIGKILL, signal.SIGTERM):
            seen = {}
            for kind in self.saves if LONG else self.short:
                for at in range(1, 1000, 1 if LONG or number == signal.SIGKILL else 3):
                    place = self.place()
                    status, _, _ = stepped(self.saves[kind].prepare(place), at=at, number=number)
                    found = self.look(kind, place, number == signal.SIGKILL, f"step {at}")
                    seen[found] = seen.get(found, 0) + 1
                    if status >= 0:
                        break
                self.assertGreater(at, 8)
            print(f"{number.name} at each step: {seen}", flush=True)
            self.assertEqual(number == signal.SIGKILL, seen.get("partial", 0) > 0)

    @without_sanitizers
    def test_a_kill_at_each_step_on_fat(self):
        """There the bytes are copied to the short-lived name, which is then renamed."""
        seen = {}
        for kind in self.saves if LONG else ("report over another", "archive"):
            for at in range(1, 1000, 1 if LONG else 3):
                place = self.place()
                status, _, err = stepped(self.saves[kind].prepare(place), at=at, fat=True,
                                         number=signal.SIGKILL)
                found = self.look(kind, place, True, f"FAT, step {at}")
                seen[found] = seen.get(found, 0) + 1
                if status >= 0:
                    self.assertEqual("whole", found, err)
                    break
        print(f"SIGKILL at each step, on FAT: {seen}", flush=True)
        self.assertGreater(seen.get("partial", 0), 0)

    @without_sanitizers
    def test_an_error_at_each_step_of_a_save(self):
        """It is told in one line with status 2, or did no harm."""
        for kind in self.saves if LONG else self.short:
            place, log = self.place(), self.dir / "log"
            stepped(self.saves[kind].prepare(place), log=log)
            for at, call in calls(log).items():
                for error in self.errors(at):
                    self.fails(kind, at, call, error)

    def errors(self, at):
        every = (errno.ENOSPC, errno.EIO, errno.EROFS)
        return every if LONG else (every[at // 2 % 2],)

    def fails(self, kind, at, call, error):
        save, place = self.saves[kind], self.place()
        what = f"{kind}: {errno.errorcode[error]} of {call} at step {at}"
        status, out, err = stepped(save.prepare(place), at=at, error=error)
        if status == 2:
            self.assertRegex(err, r"\Avbscheck: [^\n]+\n\Z", what)
        else:
            self.assertEqual(save.whole, content(place / save.name), what)
        # What could not be removed stays until the next run.
        self.look(kind, place, call in ("unlink", "unlinkat", "rmdir"), what)


class Left(Saves):
    def test_what_another_process_is_writing_is_left_alone(self):
        place = self.dir / "place"
        for name, args in (("out", self.saves["capture"].args),):
            partial = self.file(f"place/{name}.vbscheck-partial/manifest.json", b"{").parent
            holder = os.open(partial, os.O_RDONLY)
            fcntl.flock(holder, fcntl.LOCK_EX)
            check_trouble(run(*args, place / name, ok=(2,)), "another process is writing it")
            self.assertEqual(["manifest.json"], os.listdir(partial))
            os.close(holder)
            run(*args, place / name, ok=(0,))
            self.assertEqual([name], os.listdir(place))

    @without_sanitizers
    def test_a_run_that_is_stopped_keeps_its_folder(self):
        place, save = self.place(), self.saves["capture"]
        child = begin(save.prepare(place), at=12, number=signal.SIGSTOP)
        self.assertTrue(os.WIFSTOPPED(os.waitpid(child.pid, os.WUNTRACED)[1]))
        check_trouble(run(*save.args, place / save.name, ok=(2,)), "another process is writing it")
        child.send_signal(signal.SIGCONT)
        child.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(save.whole, content(place / save.name))
        self.assertEqual([save.name], os.listdir(place))

    def test_a_report_waits_for_another_that_has_the_name(self):
        target = self.file("place/out.json", OLD)
        partial = self.file("place/out.json.vbscheck-partial", b"{")
        holder = os.open(partial, os.O_RDONLY)
        fcntl.flock(holder, fcntl.LOCK_EX)
        save = self.saves["report over another"]
        child = subprocess.Popen([PROGRAM, *save.args, target], stderr=subprocess.PIPE)
        self.assertRaises(subprocess.TimeoutExpired, child.wait, 0.2)
        os.rename(partial, target)
        os.close(holder)
        child.communicate(timeout=harness.TIMEOUT)
        self.assertEqual(save.whole, target.read_bytes())
        self.assertEqual(["out.json"], os.listdir(self.dir / "place"))

    def test_what_is_not_ours_is_not_removed(self):
        for kind in ("report over another", "capture"):
            place, save = self.place(), self.saves[kind]
            args = save.prepare(place)
            partial = place / (save.name + ".vbscheck-partial")
            partial.symlink_to(self.base / "in")
            check_trouble(run(*args, ok=(2,)), f"{partial} is in the way: delete it")
            self.assertTrue(partial.is_symlink() and (self.base / "in/WSMT").exists())
            self.assertEqual(save.before, content(place / save.name))

    def test_another_users_are_not_removed(self):
        need(os.getuid() == 0, "root, who alone makes files of others")
        for kind in ("report over another", "capture"):
            place, save = self.place(), self.saves[kind]
            args = save.prepare(place)
            partial = place / (save.name + ".vbscheck-partial")
            partial.write_bytes(b"theirs")
            os.chown(partial, NOBODY, NOBODY)
            check_trouble(run(*args, ok=(2,)), "is in the way: delete it")
            self.assertEqual(b"theirs", partial.read_bytes())

    def test_the_disk_is_full(self):
        """A limit on the size of files is the same to the program; judges need some of it, too."""
        most, seen = 8192, 0

        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (most, most))

        for kind, save in self.saves.items():
            if isinstance(save.whole, bytes) and len(save.whole) > most and ".tar" not in save.name:
                place, seen = self.place(), seen + 1
                check_trouble(run(*save.prepare(place), preexec_fn=limited, ok=(2,)),
                              "cannot write", "File too large")
                self.look(kind, place, False)
        self.assertGreater(seen, 3)

    def test_standard_output_that_takes_nothing(self):
        for kind in ("report", "many", "drivers", "diff", "summary"):
            with open("/dev/full", "wb") as full:
                r = run(*self.saves[kind].args[:-1], stdout=full, ok=(2,))
            self.assertIn(b"No space left on device", r.err, kind)
            # Who reads no more wants no more: that is no trouble.
            ends = os.pipe()
            os.close(ends[0])
            r = run(*self.saves[kind].args[:-1], stdout=ends[1], ok=(0, 1, 3))
            os.close(ends[1])
            self.assertNotIn(b"Broken pipe", r.err)

    def test_a_folder_that_only_takes_files(self):
        """It can be written and not read: nobody can write its names to the disk, and that is all."""
        for kind in ("report", "archive"):
            place, save = self.place(), self.saves[kind]
            args = save.prepare(place)
            who = {}
            if os.getuid() == 0:
                os.chown(place, NOBODY, NOBODY)
                self.dir.chmod(0o755)
                who = {"user": NOBODY}
            place.chmod(0o300)
            run(*args, ok=(0, 1, 3), **who)
            place.chmod(0o700)
            self.assertEqual(save.whole, content(place / save.name))

    def test_a_folder_that_may_not_be_written(self):
        place = self.place()
        place.mkdir(mode=0o555)
        self.dir.chmod(0o755)
        who = {"user": NOBODY} if os.getuid() == 0 else {}
        for save in self.saves.values():
            check_trouble(run(*save.args, place / save.name, ok=(2,), **who), "Permission denied")
        self.assertEqual([], os.listdir(place))


if __name__ == "__main__":
    harness.main()
