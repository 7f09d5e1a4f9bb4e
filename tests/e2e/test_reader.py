# SPDX-License-Identifier: MIT
"""Which system calls the two processes make: docs/SECURITY.md has why each. One more is a failure."""
import io
import re
import tarfile
import unittest

import event_log
import harness
import hive
import sipolicy
from driver_files import driver
from harness import PROGRAM, Case, need, need_tool, run

# A name for each group, as in the document. Architectures and C libraries have several for one.
START = """access arch_prctl brk execve exit_group faccessat faccessat2 fcntl fcntl64 futex
    getrandom mmap mmap2 mprotect munmap mremap prlimit64 rseq rt_sigaction set_robust_list
    set_thread_area set_tid_address sysinfo ugetrlimit geteuid geteuid32 getpid uname prctl seccomp
    clock_gettime clock_gettime64 rt_sigprocmask madvise"""
READ = """open openat openat2 read pread64 readlink readlinkat getdents64 close fstat fstat64
    newfstatat fstatat64 statx fstatfs fstatfs64 lseek _llseek setitimer"""
CHILD = """memfd_create socketpair pipe2 clone clone3 fork poll ppoll ppoll_time64 sendto send write
    kill wait4 waitpid waitid"""
OUTPUT = """ioctl getcwd linkat lstat lstat64 stat stat64 mkdir mkdirat fsync rename renameat renameat2
    unlink unlinkat rmdir umask flock"""
DOCTOR = {"capget", "landlock_create_ruleset"}
READER = set(" ".join((START, READ, CHILD, OUTPUT)).split())
CONFINED = set("""read write exit_group brk munmap mremap mmap mmap2 futex futex_time64 sysinfo
    sched_getaffinity sched_setaffinity""".split())
# Tried by libraries, and refused: the filter's own proof, and glibc that counts CPUs.
REFUSED = {"getppid", "openat", "open", "openat2", "sched_getaffinity", "madvise"}

# What the reader may open below its root, as src/reader/access.c has it.
BELOW = re.compile(r"""(\.|sys|proc|run|dmesg|boot/config-[^/]+|lib/modules/[^/]+/.*
    |sys/(firmware|module|class|bus|block|kernel|hypervisor)(/[^"]*)?|var/log/dmesg
    |proc/xen(/capabilities)?
    |proc/(cmdline|cpuinfo|meminfo|kallsyms|kcore|iomem|sys/kernel/(osrelease|random/boot_id))
    |run/vbscheck/mor-test\.json|dev/(kmsg|mem|tpmrm0|cpu|cpu/\d+/msr)
    |class|vendor|device|max_link_speed|removable|type|phys_addr|virt_addr|num_pages|attribute
    |tpm_version_major)""", re.X)


def joined(lines):
    """
    strace's lines; a call that another process's cuts in two becomes one, where it ended. Of one that
    is killed strace may show the killer's call as its own: that one is left out.
    """
    begun = {}
    for line in lines:
        pid = line.split(" ", 1)[0]
        rest = re.match(r"\d+ +<\.\.\. \w+ resumed>(.*)", line)
        if line.endswith("<unfinished ...>"):
            begun[pid] = line.removesuffix("<unfinished ...>")
        elif rest and pid in begun:
            yield begun.pop(pid) + rest[1]
        else:
            yield line
    yield from (call for pid, call in begun.items()
                if not re.match(rf"{pid} +kill\({pid}, SIGKILL", call))


# Not a thing that CI lacks: the release build, which CI tests too, is the one that this is about.
@unittest.skipIf(harness.SANITIZED, "the sanitizers make calls of their own")
class Calls(Case):
    def trace(self, *args, ok=(0, 1, 3)):
        """(pid, name, rest of the line) of every call."""
        log = self.dir / "strace.log"
        r = run("-f", "-qq", "-s", "4096", "-o", log, PROGRAM, *args,
                program=[need_tool("strace")], ok=ok)
        need(b"ptrace" not in r.err, "strace may not trace here")
        lines = harness.without_counting(log.read_text(errors="replace").splitlines())
        log.unlink()
        return [m.groups() for m in (re.match(r"(\d+) +(\w+)\((.*)", line)
                                     for line in joined(lines)) if m]

    def runs(self):
        guest = next((p for p in sorted((harness.LAB / "guests").iterdir())), None) \
            if (harness.LAB / "guests").is_dir() else None
        yield "live", ()
        yield "capture", ("capture", "--output", self.dir / "capture")
        yield "archive", ("capture", "--output", self.dir / "capture.tar.gz")
        yield "replay", ("--from", self.dir / "capture")
        yield "repacked", ("capture", "--from", self.dir / "capture", "--output",
                           self.dir / "repacked")
        yield "stream", ("--from", self.large())
        yield "large repacked", ("capture", "--from", self.large(), "--output",
                                 self.dir / "repacked.tar.gz")
        yield "doctor", ("doctor",)
        if guest is not None:
            yield "tree", ("--root", guest, "--output", self.dir / "report")

    def large(self):
        """A bundle that is too large for memory: profile `stream`."""
        path = self.dir / "large.tar"
        with tarfile.open(path, "w") as tar:
            for name, data in (("proc/cpuinfo", b"processor\t: 0\nvendor_id\t: GenuineIntel\n"),
                               ("sos_commands/kernel/dmesg", b"[    0.0] Linux version 6.1.0 (x)\n"),
                               ("var/log/noise", bytes(40 << 20))):
                member = tarfile.TarInfo(f"sosreport-h/{name}")
                member.size = len(data)
                tar.addfile(member, io.BytesIO(data))
        return path

    def check_nothing_is_written(self, what, calls):
        """A scan writes to its standard output alone; evidence and trees have no devices."""
        for _, name, rest in calls:
            if name not in ("open", "openat", "openat2"):
                continue
            self.assertNotRegex(rest, r"O_WRONLY|O_RDWR(?!.*tpm)|O_CREAT|O_TRUNC|O_TMPFILE", what)
            if what in ("replay", "stream"):  # libraries seed their hashes
                self.assertNotRegex(rest, r'"/?dev/(?!u?random)', what)

    def check_paths(self, calls):
        for _, name, rest in calls:
            m = re.match(r'\d+, "([^"]*)"', rest)
            if name == "openat2" and m:
                self.assertTrue(BELOW.fullmatch(m[1]), rest)

    def test_the_reader_calls_this_and_no_more(self):
        for what, args in self.runs():
            with self.subTest(what):
                calls = self.trace(*args)
                main = calls[0][0]
                own = [c for c in calls if c[0] == main]
                names = {name for _, name, _ in own}
                self.assertEqual(set(), names - READER - (DOCTOR if what == "doctor" else set()))
                self.assertEqual(1, sum(name == "execve" for _, name, _ in own))
                if what in ("live", "tree", "doctor"):
                    self.check_paths(own)
                if what in ("live", "replay", "stream", "doctor"):
                    self.check_nothing_is_written(what, calls)

    def windows(self):
        """A mounted Windows with everything that is wanted of one."""
        system32 = self.dir / "c/Windows/System32"
        image = "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\a.sys"
        for name, data in (
                ("config/SYSTEM", hive.system({"A": (0, None, None),
                                               "B": (3, "\\??\\C:\\x\\b.sys", None)})),
                ("config/SYSTEM.LOG1", b""), ("drivers/a.sys", driver()),
                ("CodeIntegrity/driversipolicy.p7b", sipolicy.binary([sipolicy.rule(hash="a" * 64)])),
                ("winevt/Logs/Microsoft-Windows-CodeIntegrity%4Operational.evtx",
                 event_log.log(event_log.refused(image)))):
            path = system32 / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        self.file("c/x/b.sys", driver())
        return self.dir / "c"

    def test_a_windows_is_read_and_nothing_else_is(self):
        """Files in memory are made for the hive's library; no judge opens what is on a disk."""
        root, capture = str(self.windows()), self.dir / "empty"
        capture.mkdir()
        calls = self.trace("--root", capture, "--windows", root, "--only", "drivers")
        main, confined, opened = calls[0][0], set(), set()
        self.check_nothing_is_written("windows", calls)
        for pid, name, rest in calls:
            if name == "seccomp" and "SET_MODE_FILTER" in rest and "= 0" in rest:
                confined.add(pid)
            if pid in confined and name.startswith("open") and "EPERM" not in rest:
                opened.add(re.search(r'"([^"]*)"', rest)[1])
            if pid in confined:
                self.assertIn("EPERM" if name in REFUSED - {"openat", "open"} else "", rest)
        self.assertEqual({"/proc/self/fd/1"}, opened)
        names = {name for pid, name, _ in calls if pid == main}
        self.assertEqual(set(), names - READER - {"memfd_create"} - DOCTOR)
        # By name from the folder that was given: one name at a time, no link followed.
        for pid, name, rest in calls:
            if pid == main and name == "openat2":
                self.assertRegex(rest, r"RESOLVE_IN_ROOT|RESOLVE_BENEATH")
        self.assertGreaterEqual(len(confined), 4)  # hive, log, drivers, policies, the report

    def test_a_device_that_is_named_is_not_opened(self):
        """Bug: it was opened, which can act, and then refused."""
        driver = self.file("a.sys", b"MZ")
        for args in (("--from", "/dev/full"), ("drivers", "/dev/full"),
                     ("capture", "--from", "/dev/full", "--output", self.dir / "c"),
                     ("drivers", "--blocklist", "/dev/full", driver)):
            with self.subTest(args):
                opened = [rest for _, name, rest in self.trace(*args, ok=(2,))
                          if name.startswith("open") and "/dev/full" in rest]
                self.assertEqual([], opened)

    def test_the_confined_process_calls_this_and_no_more(self):
        for what, args in self.runs():
            with self.subTest(what):
                confined, names, refused = set(), set(), set()
                for pid, name, rest in self.trace(*args):
                    if pid in confined:
                        (refused if "EPERM" in rest else names).add(name)
                    if name == "seccomp" and "SET_MODE_FILTER" in rest and "= 0" in rest:
                        confined.add(pid)
                self.assertEqual(1, len(confined))
                self.assertEqual(set(), names - CONFINED)
                self.assertEqual(set(), refused - REFUSED)


if __name__ == "__main__":
    harness.main()
