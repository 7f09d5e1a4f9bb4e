# SPDX-License-Identifier: MIT
"""The program starts where the libraries are missing that it loads when needed, and says so.

In a mount namespace an empty file lies over each library.
"""
import os
import re
import subprocess

from harness import Case, PROGRAM, main, need, need_corpus, need_tool, parse, run

HIDE = 'for file in $HIDDEN; do mount --bind /dev/null "$file"; done; exec "$@"'
# By an ordinary user only where the system lets one have a namespace.
NAMESPACE = ["unshare", "--mount", *([] if os.getuid() == 0 else ["--map-root-user"])]


def found():
    """The names of the libraries that the program finds here."""
    listed = re.search(rb"^found: (.*)$", run("--version", ok=(0,)).out, re.M)
    return listed[1].decode().split(", ")


def path_of(soname):
    cache = subprocess.run(["/sbin/ldconfig", "-p"], stdout=subprocess.PIPE, text=True).stdout
    paths = re.findall(rf"^\t{re.escape(soname)} \(.*\) => (.*)$", cache, re.M)
    assert paths, f"{soname} is not in the linker's cache"
    return paths


def run_without(sonames, *args, **more):
    hidden = " ".join(path for name in sonames for path in path_of(name))
    return run(*args, program=[*NAMESPACE, "sh", "-ec", HIDE, "sh", PROGRAM],
               env={"HIDDEN": hidden}, **more)


class Libraries(Case):
    def setUp(self):
        super().setUp()
        need_tool("unshare")
        need(subprocess.run([*NAMESPACE, "true"], stderr=subprocess.DEVNULL).returncode == 0,
             "mount namespaces are not allowed here")
        self.found = found()

    def one(self, word):
        """The name of one library; the test is skipped where it is not there anyhow."""
        names = [name for name in self.found if word in name]
        need(names, f"no library {word} here")
        return names

    def test_it_starts_without_any_and_names_them(self):
        r = run_without(self.found, "--version", ok=(0,))
        missed = re.search(rb"^not found: (.*)$", r.out, re.M)
        self.assertIsNotNone(missed, r)
        for name in self.found:
            self.assertRegex(missed[1].decode(), rf"\b{re.escape(name)} \(\w[^()]*\)")
        self.assertNotIn(b"\nfound: ", r.out)

    def test_verdicts_do_not_need_them(self):
        host = need_corpus("hosts", "ecs-h310ch5-m2")
        for args in (("-q",), ("-q", "--from", host)):
            self.assertEqual(run(*args).out, run_without(self.found, *args).out)
        without = parse(run_without(self.found, "--format", "json", "--from", host).out)
        report = parse(run("--format", "json", "--from", host).out)
        # Only the name of a processor and the digest come from a library.
        self.assertIsNone(without["source"]["digest"])
        for each in (report, without):
            each["source"].pop("digest")
            each["facts"].pop("cpu.codename")
            each["unknown"].pop("cpu.codename", None)
        self.assertEqual(report, without)

    def test_without_libarchive_archives_are_refused_in_a_line(self):
        archive = self.dir / "host.tar.gz"
        run("capture", "--output", archive, ok=(0,))
        hidden = self.one("archive")
        r = run_without(hidden, "--from", archive, ok=(2,))
        self.assertIn("libarchive", self.line(r))
        r = run_without(hidden, "capture", "--output", self.dir / "other.tar.gz", ok=(2,))
        self.assertIn("libarchive", self.line(r))
        self.assertFalse(os.path.exists(self.dir / "other.tar.gz"))
        run_without(hidden, "capture", "--output", self.dir / "folder", ok=(0,))

    def test_without_libcrypto_captures_are_refused_in_a_line(self):
        folder = self.dir / "host"
        run("capture", "--output", folder, ok=(0,))
        hidden = self.one("crypto")
        r = run_without(hidden, "capture", "--output", self.dir / "other", ok=(2,))
        self.assertIn("libcrypto", self.line(r))
        r = run_without(hidden, "--from", folder, ok=(2,))
        self.assertIn("libcrypto", self.line(r))

    def line(self, r):
        """All that is on standard error, but for what a capture lacks."""
        lines = [line for line in r.lines if "not in the capture" not in line]
        self.assertEqual(1, len(lines), r)
        return lines[0]


if __name__ == "__main__":
    main()
