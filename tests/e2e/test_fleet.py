# SPDX-License-Identifier: MIT
"""Many inputs, several at once: in their order, and no one hurt by another."""
import json
import os
import resource
import signal
import subprocess
import time

import harness
from harness import (Case, PROGRAM, SANITIZED, capture_files, check_trouble, gz, metal, parse,
                     reports, run, run_bounded, tar, wsmt)

INPUTS = 300
BOMB = 137


def capture(flags=7, **more):
    return gz(tar(capture_files(metal(**{"acpi/WSMT": wsmt(flags)}, **more))))


def paths(r):
    return [os.path.basename(report["source"]["path"]) for report in reports(r)]


class Fleet(Case):
    def folder(self, n, name="fleet"):
        kinds = [capture(flags) for flags in range(8)]
        for i in range(n):
            self.file(f"{name}/c{i:05d}.tar.gz", kinds[i % len(kinds)])
        return self.dir / name

    def test_order_and_bytes_do_not_depend_on_jobs(self):
        folder = self.folder(40)
        self.file("fleet/c00011.tar.gz", capture(**{f"b{i}": os.urandom(20000)
                                                    for i in range(40)}))
        whole = run(folder, "--format", "ndjson", "--jobs", "1")
        self.assertEqual(sorted(os.listdir(folder)), paths(whole))
        for jobs in (2, 3, 64, 1024):
            r = run(folder, "--format", "ndjson", "--jobs", str(jobs))
            self.assertEqual(whole.out, r.out)
            self.assertEqual(whole.status, r.status)

    def test_each_line_is_that_of_the_input_alone(self):
        folder = self.folder(9)
        lines = run(folder, "--format", "ndjson").out.splitlines(True)
        for name, line in zip(sorted(os.listdir(folder)), lines):
            alone = run(folder / name, "--format", "ndjson").out
            self.assertEqual(json.loads(alone), json.loads(line))

    def test_a_bomb_among_300_costs_its_own_line(self):
        folder = self.folder(INPUTS)
        bad = f"c{BOMB:05d}.tar.gz"
        self.file(f"fleet/{bad}", gz(b"\0" * (64 << 20)))
        r = run(folder, "--format", "ndjson", "--jobs", "2", ok=(2,))
        self.assertEqual([n for n in sorted(os.listdir(folder)) if n != bad], paths(r))
        self.assertTrue(any(bad in line for line in r.lines), r)
        self.assertIn("1 unusable", r.lines[-1])

    def test_a_judge_that_is_killed_costs_its_own_line(self):
        """From outside, since no input is known that crashes a judge."""
        folder = self.folder(INPUTS)
        if SANITIZED:
            self.skipTest("a sanitizer takes the signal and prints")
        with open(self.dir / "out", "wb") as out, open(self.dir / "err", "wb") as err:
            child = subprocess.Popen([PROGRAM, folder, "--format", "ndjson", "--jobs", "2"],
                                     stdout=out, stderr=err)
            killed = False
            while not killed and child.poll() is None:
                for judge in grandchildren(child.pid):
                    try:
                        os.kill(judge, signal.SIGSEGV)
                        killed = True
                        break
                    except ProcessLookupError:
                        pass
            self.assertIn(child.wait(60), (0, 1, 2, 3))
        with open(self.dir / "out", encoding="utf-8") as out:
            got = [os.path.basename(json.loads(line)["source"]["path"]) for line in out]
        self.assertEqual(sorted(got), got)
        self.assertGreaterEqual(len(got), INPUTS - 1)
        if len(got) < INPUTS:
            self.assertIn(b"crashed (signal 11)", (self.dir / "err").read_bytes())

    def test_an_unreadable_one_is_named_in_its_turn(self):
        folder = self.folder(5)
        r = run(folder / "c00000.tar.gz", self.dir / "missing", folder / "c00001.tar.gz",
                "--format", "ndjson", ok=(2,))
        self.assertEqual(["c00000.tar.gz", "c00001.tar.gz"], paths(r))
        self.assertIn("missing", r.lines[0])

    def test_standard_input_may_be_one_of_several(self):
        folder = self.folder(3)
        r = run("--from", folder, "--from", "-", "--format", "ndjson", stdin=capture())
        self.assertEqual(4, len(reports(r)))

    def test_numbers_of_jobs(self):
        folder = self.folder(3)
        for jobs in ("0", "-1", "10000", "two", ""):
            with self.subTest(jobs):
                check_trouble(run(folder, "--jobs", jobs), "a number from 1 to 1024 is needed")

    def test_where_no_process_can_be_made_each_input_says_so(self):
        """A template needs one process more than a judge: without it judges are forked as ever."""
        if harness.SANITIZED:
            self.skipTest("the leak sanitizer makes a process of its own")
        folder = self.folder(4)
        self.dir.chmod(0o755)
        for most in (0, 1, 2, 3):
            def limited(most=most):
                resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
            r = run(folder, "--format", "ndjson", "--jobs", "2", preexec_fn=limited,
                    **harness_user())
            unusable = sum("no process could be started" in line for line in r.lines)
            self.assertTrue(len(reports(r)) == 4 or unusable > 0, r)

    def test_a_full_disk_is_said_once(self):
        folder = self.folder(30)
        with open("/dev/full", "wb") as full:
            r = run(folder, "--format", "ndjson", "--jobs", "2", stdout=full, ok=(2,))
        self.assertEqual(1, sum("No space left" in line for line in r.lines), r)

    def test_a_signal_leaves_whole_lines_and_no_process(self):
        folder = self.folder(INPUTS)
        for number in (signal.SIGINT, signal.SIGTERM):
            with self.subTest(number), open(self.dir / "out", "w+b") as out:
                child = subprocess.Popen([PROGRAM, folder, "--format", "ndjson", "--jobs", "2"],
                                         stdout=out, stderr=subprocess.PIPE, process_group=0)
                while os.fstat(out.fileno()).st_size == 0 and child.poll() is None:
                    time.sleep(0.001)
                left = children(child.pid)
                os.killpg(child.pid, number)
                err = child.communicate(timeout=60)[1]
                self.assertIn(child.returncode, (-number, 0, 1, 3))
                self.assertNotIn(b"crashed", err)
                out.seek(0)
                for line in out.read().splitlines(True):
                    self.assertTrue(line.endswith(b"\n"))
                    parse(line)
                self.assertTrue(all(is_gone(pid) for pid in left))

    def test_memory_does_not_grow_with_the_inputs(self):
        if SANITIZED:
            self.skipTest("memory of sanitizers")
        few = run_bounded(self.folder(20), "--format", "ndjson", seconds=30)
        many = run_bounded(self.folder(1000, "many"), "--format", "ndjson", seconds=30)
        self.assertLess(many.rss_mib, few.rss_mib + 2)


def harness_user():
    """A limit of processes holds for everyone but root."""
    if os.getuid() != 0:
        return {}
    return {"user": 61234, "group": 61234, "extra_groups": []}


def children(pid):
    try:
        with open(f"/proc/{pid}/task/{pid}/children", encoding="ascii") as f:
            return [int(n) for n in f.read().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []


def grandchildren(pid):
    return [judge for template in children(pid) for judge in children(template)]


def is_gone(pid):
    end = time.monotonic() + 10
    while time.monotonic() < end:
        try:
            with open(f"/proc/{pid}/stat", encoding="ascii") as f:
                if f.read().rpartition(")")[2].split()[0] in "ZX":
                    return True
        except (FileNotFoundError, ProcessLookupError):
            return True
        time.sleep(0.01)
    return False


if __name__ == "__main__":
    harness.main()
