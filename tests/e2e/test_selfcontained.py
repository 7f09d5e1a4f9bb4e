# SPDX-License-Identifier: MIT
"""The self-contained program (packaging/binary.sh), and places that lack what programs count on.

It is built here, beside the program under test, whose verdicts it must share. Both are started with no
/proc, with a /tmp that starts nothing, on a root that cannot be written, and on a kernel that answers
as an old one does. Namespaces take the place of root where the system has them.
"""
import ctypes
import errno
import functools
import os
import re
import struct
import subprocess
import sys
import tarfile
import unittest
from pathlib import Path

from harness import (Case, PROGRAM, PROJECT, SANITIZED, main, need, need_corpus, need_tool, parse,
                     run, wsmt)
import harness

NAMESPACE = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]
# The same numbers on every processor: what came with Linux 5.3 and later (clone3, close_range,
# openat2, faccessat2 and, from 5.13, Landlock).
NEW_CALLS = (435, 436, 437, 439, 444, 445, 446)


@functools.cache
def self_contained():
    """The path of the program, built where the other one is."""
    if SANITIZED:
        raise unittest.SkipTest("the self-contained program has no sanitizers")
    missing = [name for name in ("archive", "nettle", "zstd", "lzma", "bz2", "z", "crypto")
               if not list(Path("/usr/lib").glob(f"*/lib{name}.a"))]
    need(not missing or os.path.exists("/usr/bin/apt-get"), f"no archive of {missing}")
    folder = Path(PROGRAM).resolve().parent
    built = subprocess.run([str(PROJECT / "packaging/binary.sh"), str(folder / "dist")],
                           env={**os.environ, "VBSCHECK_BUILD": str(folder)},
                           stdout=subprocess.PIPE, text=True)
    assert built.returncode == 0, "packaging/binary.sh failed; what it said is above"
    return built.stdout.strip()


class OldKernel(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_char_p)]


def as_old_kernel(answer):
    """In a process before it becomes the program: newer system calls are answered by this errno."""
    code = [(0x20, 0, 0, 0)]  # the number of the call
    for i, number in enumerate(NEW_CALLS):
        code.append((0x15, len(NEW_CALLS) - i, 0, number))
    code += [(0x06, 0, 0, 0x7FFF0000), (0x06, 0, 0, 0x00050000 | answer)]
    packed = b"".join(struct.pack("<HBBI", *each) for each in code)
    libc = ctypes.CDLL(None, use_errno=True)
    program = OldKernel(len(code), packed)
    if libc.prctl(38, 1, 0, 0, 0) != 0 or libc.prctl(22, 2, ctypes.byref(program), 0, 0) != 0:
        raise OSError(ctypes.get_errno(), "no seccomp here")


def old_kernel(answer=errno.ENOSYS):
    """Arguments that start what follows them on an old kernel, or in a container with a filter."""
    return [sys.executable, "-B", __file__, "--old-kernel", str(answer)]


def without_tool(text):
    """A report in JSON without what names the build."""
    report = parse(text)
    report.pop("tool")
    return report


class SelfContained(Case):
    def programs(self):
        return PROGRAM, self_contained()

    def in_namespace(self, script, program, *args, **more):
        need_tool("unshare")
        need(subprocess.run([*NAMESPACE, "true"], stderr=subprocess.DEVNULL).returncode == 0,
             "mount namespaces are not allowed here")
        return run(*args, program=[*NAMESPACE, "sh", "-ec", script + '\nexec "$@"', "sh", program],
                   **more)

    def capture(self):
        path = self.dir / "machine.tar.gz"
        run("capture", "--output", path, ok=(0,))
        return path

    def test_it_is_one_static_program_that_names_what_it_lacks(self):
        program = self_contained()
        headers = subprocess.run(["readelf", "-lW", program], stdout=subprocess.PIPE, text=True)
        self.assertNotIn("INTERP", headers.stdout)
        said = run("--version", program=[program], ok=(0,)).out.decode()
        linked = re.search("^linked in: (.*)$", said, re.M)[1].split(", ")
        self.assertLessEqual({"libarchive", "libcrypto"}, set(linked))
        left = re.search("^not in this build: (.*)$", said, re.M)[1]
        for name in ("libefivar", "libpci", "libntfs-3g", "tss2-tctildr", "libwim"):
            self.assertRegex(left, rf"\b{name} \(\w[^()]*\)")
        self.assertNotIn("\nfound:", said)

    def test_doctor_names_what_it_lacks(self):
        said = run("doctor", program=[self_contained()]).out.decode()
        self.assertRegex(" ".join(said.split()),
                         "libpci.*this build leaves it out: PCI functions have no names")

    def test_it_is_hardened(self):
        need_tool("readelf")
        program = self_contained()
        objects = sorted(Path(PROGRAM).resolve().parent.glob("self-contained/src/**/*.o"))
        self.assertGreater(len(objects), 200)
        checked = subprocess.run([PROJECT / "packaging/hardened.sh", program, *objects],
                                 stdout=subprocess.PIPE, text=True)
        self.assertEqual(0, checked.returncode, checked.stdout)

    def test_it_holds_no_path_of_the_builder(self):
        data = Path(self_contained()).read_bytes()
        self.assertNotIn(str(PROJECT).encode(), data)
        self.assertNotIn(os.path.expanduser("~/.cache").encode(), data)

    def test_it_starts_and_judges_in_an_empty_root(self):
        root = self.dir / "root"
        root.mkdir()
        archive = self.capture()
        for source in (self_contained(), archive):
            (root / Path(source).name).write_bytes(Path(source).read_bytes())
        inside = "/" + Path(self_contained()).name
        (root / inside[1:]).chmod(0o755)
        need_tool("chroot")
        prefix = ["unshare", *([] if os.getuid() == 0 else ["--map-root-user"]), "--mount",
                  "chroot", root, inside]
        run("--version", program=prefix, ok=(0,))
        run(program=prefix, ok=(0, 1, 3))
        there = run("--from", "/" + archive.name, "--format", "json", program=prefix)
        here = run("--from", archive, "--format", "json")
        one, other = without_tool(there.out), without_tool(here.out)
        for report in (one, other):
            report["source"].pop("path")
        self.assertEqual(other, one)

    def test_it_judges_as_the_shared_program_does(self):
        host = need_corpus("hosts", "ecs-h310ch5-m2")
        for evidence in (host, self.capture()):
            reports = [without_tool(run("--from", evidence, "--format", "json",
                                        program=[program]).out) for program in self.programs()]
            self.assertEqual(*reports)

    def test_each_kind_of_archive_is_read(self):
        source = need_corpus("hosts", "ecs-h310ch5-m2")
        expected = run("-q", "--from", source, program=[self_contained()]).out
        for ending in ("gz", "bz2", "xz"):
            path = self.dir / f"host.tar.{ending}"
            with tarfile.open(path, f"w:{ending}") as archive:
                archive.add(source, "host")
            self.assertEqual(expected, run("-q", "--from", path, program=[self_contained()]).out,
                             ending)

    def test_tmp_that_starts_no_programs_changes_nothing(self):
        archive = Path(PROGRAM).resolve().parent / "noexec.tar.gz"
        self.addCleanup(archive.unlink)
        run("capture", "--output", archive, ok=(0,))
        for program in self.programs():
            r = self.in_namespace("mount -t tmpfs -o noexec none /tmp", program, "-q", "--from",
                                  archive)
            self.assertEqual(run("-q", "--from", archive).out, r.out)

    def test_without_proc_captures_are_judged_and_the_machine_is_looked_at(self):
        archive = self.capture()
        for program in self.programs():
            hide = "mount -t tmpfs none /proc"
            r = self.in_namespace(hide, program, "-q", "--from", archive)
            self.assertEqual(run("-q", "--from", archive).out, r.out)
            self.in_namespace(hide, program, "--format", "json", ok=(1, 3))

    def test_a_root_that_cannot_be_written_is_judged_and_named(self):
        for program in self.programs():
            lock = "mount --rbind / /mnt; mount -o remount,bind,ro /mnt; cd /mnt"
            self.in_namespace(lock, program, "-q", ok=(0, 1, 3))
            r = self.in_namespace(lock, program, "capture", "--output", "/mnt/capture.tar.gz",
                                  ok=(2,))
            self.assertIn(b"Read-only file system", r.err)

    def test_an_old_kernel_is_judged_and_what_it_misses_is_named(self):
        archive = self.capture()
        for program in self.programs():
            prefix = [*old_kernel(), program]
            self.assertEqual(run("-q", "--from", archive).out,
                             run("-q", "--from", archive, program=prefix).out)
            run(program=prefix, ok=(0, 1, 3))
            said = run("doctor", program=prefix).out.decode()
            self.assertRegex(said, "(?i)landlock")
            # Links could lead out of another root, which only openat2() prevents.
            r = run("--root", self.dir, program=prefix, ok=(1, 2, 3))
            self.assertIn(b"openat2", r.out + r.err)

    def test_a_container_that_forbids_openat2_is_no_denied_file(self):
        """As systemd-nspawn and older ones of Docker do: EPERM, and not ENOSYS."""
        expected = without_tool(run("--format", "json").out)["facts"]
        for program in self.programs():
            prefix = [*old_kernel(errno.EPERM), program]
            facts = without_tool(run("--format", "json", program=prefix).out)["facts"]
            self.assertEqual(expected["cpu.vendor"], facts["cpu.vendor"])
            self.assertEqual(expected.keys(), facts.keys())
            r = run("--root", self.dir, program=prefix, ok=(1, 2, 3))
            self.assertIn(b"openat2", r.out + r.err)

    def test_the_configuration_of_openssl_is_not_for_the_one_linked_in(self):
        """A module of the system's library would end a static program."""
        conf = self.file("openssl.cnf", b"openssl_conf = init\n[init]\nproviders = all\n[all]\n"
                         b"odd = odd\n[odd]\nmodule = /nowhere/odd.so\nactivate = 1\n")
        trace = self.dir / "trace"
        archive = self.capture()
        need_tool("strace")
        run("--from", archive, program=["strace", "-f", "-o", trace, self_contained()],
            env={"OPENSSL_CONF": str(conf)})
        self.assertNotIn(b"openssl.cnf", trace.read_bytes())


if __name__ == "__main__":
    if sys.argv[1:2] == ["--old-kernel"]:
        as_old_kernel(int(sys.argv[2]))
        os.execv(sys.argv[3], sys.argv[3:])
    main()
