# SPDX-License-Identifier: MIT
"""The command line: exit statuses, streams, options, and text for people."""
import json
import os
import pty
import re
import resource
import signal
import subprocess
import threading

import harness
from harness import (Case, MOR, NOBODY, PROGRAM, RULES, acpidump, check_text,
                     check_trouble, judge, metal, need_corpus, parse, reports, rule, rules_listed, run,
                     tar, wsmt)

SGR = re.compile(rb"\x1b\[[0-9;]*m")
EVIL = ("\x1b[31mRED\x1b]0;title\x07\x9b31m \u202egnirts\u202c \u2066x\u2069 \u200f\x7f\r\b\x00"
        ).encode()


class Inputs(Case):
    """Inputs of every outcome."""

    def setUp(self):
        super().setUp()
        self.good = self.file("good", wsmt(7))
        self.bad = self.file("bad", wsmt(4))
        self.open = self.file("open", wsmt(7, checksum=1))

    def capture(self, name, **blobs):
        return self.file(name, tar(harness.capture_files(metal(**blobs))))


class ExitStatus(Inputs):
    def status(self, *args, **more):
        return run(*args, **more).status

    def test_verdicts(self):
        for path, status, verdict in ((self.good, 0, "ready"), (self.bad, 1, "not-ready"),
                                      (self.open, 3, "undetermined")):
            r = run("--only", "smm", "--from", path, "--format", "json")
            self.assertEqual((status, verdict), (r.status, parse(r.out)["verdict"]))
            self.assertEqual(status, self.status("scan", "--only", "smm", "--from", path))
            self.assertEqual(0, self.status("--only", "smm", "--from", path, "--exit-zero"))

    def test_exit_zero_keeps_trouble(self):
        self.assertEqual(2, self.status("--exit-zero", "--from", self.dir / "missing"))
        self.assertEqual(2, self.status("--exit-zero", "--only", "smm", "--from", self.good,
                                        "--from", self.dir / "missing"))

    def test_worst_of_several(self):
        """2, 1, 3, 0: in this order, whatever the order of the inputs."""
        missing = self.dir / "missing"
        for paths, status in (((self.good, self.open), 3), ((self.open, self.bad, self.good), 1),
                              ((self.good, self.good), 0), ((missing, self.bad, self.open), 2),
                              ((self.bad, missing), 2)):
            for order in (paths, paths[::-1]):
                args = [a for p in order for a in ("--from", p)]
                self.assertEqual(status, self.status("--only", "smm", *args))

    def test_fail_on(self):
        """Decision 24: the level counts for the exit status only."""
        off = self.capture("off.tar", **{"efivar/SecureBoot-" + harness.GLOBAL: b"\6\0\0\0\0"})
        args = ("--only", "smm,boot", "--from", off, "--format", "json")
        for more, status in (((), 0), (("--fail-on", "required"), 0),
                             (("--fail-on", "recommended"), 1), (("--fail-on", "info"), 1),
                             (("--fail-on", "recommended", "--exit-zero"), 0)):
            r = run(*args, *more)
            self.assertEqual((status, "ready"), (r.status, parse(r.out)["verdict"]), more)

    def test_fail_on_excuses(self):
        """unprovable and not-collected of recommended rules never count."""
        c = self.capture("c.tar")
        report = judge("--only", "mor", "--from", c)
        self.expect(report, {"mor.control": "pass", "mor.lock": "pass",
                             "mor.lock-v2": "unknown unprovable"})
        self.assertEqual(0, self.status("--only", "mor", "--from", c))
        self.assertEqual(0, self.status("--only", "mor", "--from", c, "--fail-on", "recommended"))
        self.assertEqual(0, self.status("--only", "mor,drivers", "--from", c,
                                        "--fail-on", "recommended"))
        # But another reason does: the bank cannot be known without the TPM's driver.
        report = judge("--only", "smm,tpm", "--from", self.capture("t.tar", **{
            "sys/tpm": "no-permission", "acpi/TPM2": "no-permission"}))
        self.assertEqual("unknown", rule(report, "tpm.version")["status"])
        self.assertEqual(3, self.status("--only", "smm,tpm", "--from", self.dir / "t.tar",
                                        "--fail-on", "recommended"))
        self.assertEqual(0, self.status("--only", "smm,tpm", "--from", self.dir / "t.tar"))

    def test_only_of_what_is_not_required(self):
        """If no selected rule is required, all selected count."""
        c = self.capture("c.tar", **{"efivar/SecureBoot-" + harness.GLOBAL: b"\6\0\0\0\0"})
        self.assertEqual("not-ready", judge("--only", "boot", "--from", c)["verdict"])
        on = self.capture("d.tar")
        self.assertEqual("ready", judge("--only", "boot", "--from", on)["verdict"])
        self.assertEqual("undetermined", judge("--only", "drivers", "--from", c)["verdict"])


class Usage(Inputs):
    def test_wrong_usage(self):
        g = self.good
        for args in (("--nonsense",), ("-z",), ("nonsense",), ("scan", "extra"), ("--from",),
                     ("--format", "xml", "--from", g), ("--format",), ("--profile", "nope"),
                     ("--only", "nope", "--from", g), ("--only", "", "--from", g),
                     ("--only", "cpu,nope", "--from", g), ("--fail-on", "nope", "--from", g),
                     ("--color", "nope", "--from", g), ("--from", g, "--root", "/"),
                     ("--from", g, "--tcti", "device"), ("-q", "-v", "--from", g),
                     ("--output", "", "--from", g), ("explain",), ("explain", "no.such"),
                     ("explain", "cpu.64bit", "cpu.slat"), ("list", "nope"),
                     ("list", "rules", "facts"), ("capture",), ("capture", "--from", g),
                     ("list", "--from", g), ("--from", ""), ("--root", ""), ("",),
                     ("\x1b[31mevil\n", ), ("--\x1b[31mevil\n", ), ("--format", "a\nb")):
            with self.subTest(args):
                check_trouble(run(*args))

    def test_an_empty_path_or_transport_is_wrong_usage(self):
        for args in (("--from", ""), ("",), ("--tcti", ""), ("--output", "")):
            with self.subTest(args):
                check_trouble(run(*args))

    def test_words_beside_the_options_are_paths(self):
        one = run("--format", "ndjson", "--from", self.good, "--from", self.bad).out
        for args in ((self.good, self.bad), ("--from", self.good, self.bad),
                     (self.good, "--from", self.bad), ("scan", self.good, "--", self.bad)):
            with self.subTest(args):
                self.assertEqual(one, run("--format", "ndjson", *args).out)

    def test_help_of_a_verb(self):
        for verb in ("scan", "capture", "list", "mor-test", "explain"):
            self.assertEqual(run(verb, "--help", ok=(0,)).out, run("help", verb, ok=(0,)).out)
        self.assertEqual(run("--help", ok=(0,)).out, run("help", ok=(0,)).out)

    def test_output_minus_is_standard_output(self):
        self.assertEqual(run("--from", self.good).out,
                         run("--from", self.good, "--output", "-").out)

    def test_only_takes_rules_and_adds_up(self):
        report = judge("--only", "smm", "--only", "cpu.64bit,cpu.slat", "--from", self.good)
        self.assertEqual(["cpu.64bit", "cpu.slat", "smm.wsmt"],
                         sorted(r["id"] for r in report["rules"]))
        self.assertEqual(["smm", "cpu.64bit", "cpu.slat"], report["only"])

    def test_lists_as_json(self):
        for which in ("rules", "facts", "sources", "formats", "options", "profiles"):
            rows = json.loads(run("list", which, "--format", "json", ok=(0,)).out)
            text = run("list", which, ok=(0,)).out.decode()
            self.assertEqual(len(text.splitlines()), len(rows))
            for line, row in zip(text.splitlines(), rows):
                since = row.pop("since", "0.1.0")
                self.assertTrue(all(value in line for value in row.values() if value), (line, row))
                self.assertEqual(since != "0.1.0", line.endswith(f" (since {since})"), line)

    def test_an_empty_list_is_json(self):
        """It was a bracket that nothing had opened."""
        rows = json.loads(run("list", "windows", "--format", "json", ok=(0,)).out)
        self.assertIsInstance(rows, list)

    def test_later_verbs_are_not_nonsense(self):
        for verb in ("drivers", "mor-test"):
            r = run(verb, ok=(0, 1, 2, 3), stdin=b"n\n")
            if r.status == 2:
                self.assertNotIn("no verb", check_trouble(r))

    def test_help_and_version(self):
        for verb in ((), ("scan",), ("capture",), ("list",), ("mor-test",), ("explain",)):
            r = run(*verb, "--help", ok=(0,))
            text = check_text(r.out)
            self.assertEqual(b"", r.err)
            if verb in ((), ("scan",)):
                for option in ("--from", "--root", "--format", "--output", "--only", "--fail-on",
                               "--exit-zero", "--color", "--profile"):
                    self.assertIn(option, text)
            r = run(*verb, "--version", ok=(0,))
            # The first line is for scripts; the others name the libraries, each once.
            self.assertRegex(r.out, rb"^vbscheck \d+\.\d+\.\d+\n")
            for library in (b"archive", b"crypto", b"tss2-mu", b"tss2-tctildr"):
                self.assertEqual(1, len(re.findall(rb"lib%s\b" % library, r.out)), r)
        self.assertIn("capture", run("--help").out.decode())

    def test_lists(self):
        text = check_text(run("list", ok=(0,)).out, width=100)
        self.assertEqual(text.encode(), run("list", "rules", ok=(0,)).out)
        text = run("list", "facts", ok=(0,)).out.decode()
        facts = [line.split()[:2] for line in text.splitlines()]
        report = judge("--from", self.good)
        self.assertEqual(list(report["facts"]), [f[0] for f in facts])
        kinds = {bool: "bool", int: "uint", str: "text"}
        for name, kind in facts:
            if name in harness.TYPE_OF_FACT:
                self.assertEqual(kinds[harness.TYPE_OF_FACT[name]], kind, name)
        formats = run("list", "formats", ok=(0,)).out.decode()
        for name in ("text", "json", "ndjson", "markdown", "html", "csv", "junit", "sarif",
                     "prometheus"):
            self.assertRegex(formats, rf"(?m)^{name}\b")
        self.assertRegex(run("list", "profiles", ok=(0,)).out, rb"(?m)^vbs\b")
        self.assertRegex(run("list", "sources", ok=(0,)).out, rb"(?m)^(acpi|cpuid|msr)\b")

    def test_rules_are_those_of_the_contract(self):
        listed = run("list", "rules", ok=(0,)).out.decode().splitlines()
        levels = {row[0]: row[1] for row in (line.split() for line in listed)}
        self.assertEqual([], [f"{name}: add its row and levels to RULES in tests/e2e/harness.py"
                              for name in levels if name not in RULES])
        self.assertEqual([], [f"{name}: in RULES of tests/e2e/harness.py, and no rule of the program"
                              for name in RULES if name not in levels])
        self.assertEqual({name: level for name, (_, level, _) in RULES.items()}, levels)
        self.assertEqual(list(RULES), list(levels), "the order of the reports")

    def test_explain(self):
        for name in rules_listed():
            r = run("explain", name, ok=(0,))
            self.assertIn(name, check_text(r.out))
            self.assertGreater(len(r.out.splitlines()), 3)
            self.assertEqual(b"", r.err)


class Several(Inputs):
    def test_json_takes_one(self):
        check_trouble(run("--format", "json", "--from", self.good, "--from", self.bad),
                      "use ndjson")
        target = self.file("target", b"old")
        check_trouble(run("--format", "json", "--from", self.good, "--from", self.bad,
                          "--output", target), "use ndjson")
        self.assertEqual(b"old", target.read_bytes())

    def test_one_is_unreadable(self):
        missing, empty = self.dir / "missing", self.file("empty", b"")
        r = run("--format", "ndjson", "--from", self.bad, "--from", missing, "--from", self.good,
                "--from", empty, "--from", self.open, ok=(2,))
        self.assertEqual([str(p) for p in (self.bad, self.good, self.open)],
                         [m["source"]["path"] for m in reports(r)])
        self.assertEqual(3, len(r.lines), r)
        self.assertIn(str(missing), r.lines[0] + r.lines[1])
        self.assertIn(str(empty), r.lines[0] + r.lines[1])
        self.assertRegex(r.lines[2], r"5 inputs\b.*2")

    def test_order_is_kept(self):
        paths = [self.file(f"f{i:02}", wsmt(i % 8)) for i in (7, 3, 11, 0, 5)] * 2
        made = harness.judge_many(paths)
        self.assertEqual([7, 3, 3, 0, 5] * 2, [m["facts"]["wsmt.flags"] for m in made])

    def test_verbose_text_has_a_heading_per_input(self):
        r = run("-v", "--from", self.good, "--from", self.bad, ok=(1,))
        text = check_text(r.out)
        self.assertLess(text.index(str(self.good)), text.index(str(self.bad)))
        self.assertEqual(1, len(r.lines))  # the sum
        self.assertNotIn(str(self.good), run("--from", self.good).out.decode())

    def test_folder_of_machines(self):
        """Decision 23: sorted by name; the path of each is there."""
        for name in ("b", "a"):
            harness.write_files(self.dir / "fleet" / name, harness.capture_files(metal()))
        self.file("fleet/c.tar", tar(harness.capture_files(metal())))
        r = run("--format", "ndjson", "--from", self.dir / "fleet", ok=(0, 1, 3))
        self.assertEqual([str(self.dir / "fleet" / n) for n in ("a", "b", "c.tar")],
                         [m["source"]["path"] for m in reports(r)])
        check_trouble(run("--format", "json", "--from", self.dir / "fleet"), "use ndjson")

    def test_loose_files_beside_captures(self):
        """Evidence beside machines is of nobody knows which; other files are named and left out."""
        archive = self.file("fleet/a.tar", tar(harness.capture_files(metal())))
        readme = self.file("fleet/README", b"two machines, of which one is away\n")
        r = run("--format", "ndjson", "--from", self.dir / "fleet", ok=(0, 1, 3))
        self.assertEqual([7], [m["facts"]["wsmt.flags"] for m in reports(r)])
        self.assertEqual(1, len(r.lines), r)
        self.assertIn(str(readme), r.lines[0])
        loose = self.file("fleet/loose", wsmt(0))
        check_trouble(run("--from", self.dir / "fleet"), str(loose), str(archive))

    def test_folders_of_a_fleet(self):
        """A note beside them does not make one machine of all; parts of one machine are one."""
        for name, flags in (("a", 7), ("b", 0)):
            self.file(f"fleet/{name}/acpidump.txt", acpidump(wsmt(flags)))
        self.file("fleet/README", b"two machines\n")
        r = run("--format", "ndjson", "--from", self.dir / "fleet", ok=(0, 1, 3))
        self.assertEqual([7, 0], [m["facts"]["wsmt.flags"] for m in reports(r)])
        dmesg = self.file("fleet/dmesg", b"[    0.000000] Linux version 6.1.0 (x)\n")
        check_trouble(run("--from", self.dir / "fleet"), str(dmesg), str(self.dir / "fleet/a"))
        secure = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
        self.file("one/tables/WSMT", wsmt(7))
        self.file(f"one/efivars/{secure}", b"\6\0\0\0\1")
        report = judge("--from", self.dir / "one")
        self.assertEqual((7, True), (report["facts"]["wsmt.flags"],
                                     report["facts"]["secure-boot.enabled"]))

    def test_a_compressed_text_displaces_no_other(self):
        self.file("host/wsmt", acpidump(wsmt(7)))
        self.file("host/dmesg.gz", harness.gz(b"[    0.000000] efi: EFI v2.7 by X\n"))
        report = judge("--from", self.dir / "host")
        self.assertEqual((7, True), (report["facts"]["wsmt.flags"], report["facts"]["uefi.boot"]))

    def test_the_path_is_verbatim(self):
        """Decision 23."""
        harness.write_files(self.dir / "host", {"wsmt": wsmt(7)})
        for path in ("host", "host/", "./host", "host/../host", "host/wsmt", ".//host//wsmt"):
            report = judge("--from", path, cwd=self.dir)
            self.assertEqual((path, 7), (report["source"]["path"], report["facts"]["wsmt.flags"]))

    def test_kinds_are_told_by_content(self):
        """Never by name: every kind under every other's name."""
        kinds = {"acpidump.txt": acpidump(wsmt(7)), "WSMT.aml": wsmt(7),
                 "capture.tar.gz": tar(harness.capture_files(metal())),
                 "x.zst": harness.gz(tar(harness.capture_files(metal()))),
                 "dmesg": harness.zst(tar(harness.capture_files(metal())))}
        names = list(kinds)
        for i, data in enumerate(kinds.values()):
            for name in names[i:] + names[:i]:
                report = judge("--from", self.file(f"{i}/{name}", data))
                self.assertEqual(7, report["facts"]["wsmt.flags"])

    def test_two_machines_in_one_folder(self):
        for name, files in (
                ("dumps", {"a": acpidump(wsmt(7)), "b": acpidump(wsmt(4))}),
                ("cpus", {"a": harness.CPU_INTEL,
                          "b": harness.CPU_INTEL.replace(b"000906ea", b"000806ec")})):
            folder = harness.write_files(self.dir / name, files)
            check_trouble(run("--from", folder), "several machines")

    def test_stdin(self):
        for data, flags in ((wsmt(7), 7), (acpidump(wsmt(4)), 4),
                            (tar(harness.capture_files(metal())), 7),
                            (harness.gz(tar(harness.capture_files(metal()))), 7)):
            report = judge("--from", "-", stdin=data)
            self.assertEqual(("-", flags), (report["source"]["path"],
                                            report["facts"]["wsmt.flags"]))
        check_trouble(run("--from", "-", stdin=b""), "empty")

    def test_stdin_as_a_pipe(self):
        read, write = os.pipe()
        with os.fdopen(write, "wb") as f:
            f.write(wsmt(7))
        p = subprocess.run([PROGRAM, "--from", "-", "--only", "smm", "-q"], stdin=read,
                           stdout=subprocess.PIPE, timeout=harness.TIMEOUT)
        os.close(read)
        self.assertEqual(0, p.returncode)


class Streams(Inputs):
    def test_stdout_is_the_document(self):
        for form in ("text", "json", "ndjson"):
            r = run("--format", form, "--from", self.bad, ok=(1,))
            self.assertEqual(b"", r.err)
            self.assertTrue(r.out.endswith(b"\n"))
        self.assertEqual(1, run("--format", "ndjson", "--from", self.bad).out.count(b"\n"))
        self.assertGreater(run("--format", "json", "--from", self.bad).out.count(b"\n"), 100)

    def test_full_device(self):
        commands = (("--from", self.good), ("--from", self.good, "--format", "json"),
                    ("--from", self.good, "--format", "ndjson", "-q"), ("list",), ("--help",),
                    ("--version",), ("explain", "smm.wsmt"), ("list", "facts"),
                    ("--from", self.good, "--exit-zero"))
        for args in commands:
            with self.subTest(args), open("/dev/full", "wb") as full:
                r = run(*args, stdout=full)
                check_trouble(r)

    def test_stdout_closed(self):
        for args in (("--from", self.good), ("list",), ("--help",), ("--version",),
                     ("explain", "smm.wsmt")):
            with self.subTest(args):
                r = run(*args, stdout=None, preexec_fn=lambda: os.close(1))
                check_trouble(r)

    def test_reader_gone(self):
        """"| head" has seen enough: that is neither trouble nor a signal."""
        for args, status in ((("list", "facts"), 0), (("explain", "smm.wsmt"), 0),
                             (("--from", self.good, "--format", "json"), 3),
                             (("--from", self.bad, "--format", "json"), 1)):
            read, write = os.pipe()
            os.close(read)
            with self.subTest(args), os.fdopen(write, "wb") as pipe:
                r = run(*args, stdout=pipe)
                self.assertEqual((status, b""), (r.status, r.err), r)

    def test_stderr_closed(self):
        r = run("--from", self.dir / "missing", stderr=None, preexec_fn=lambda: os.close(2))
        self.assertEqual((2, b""), (r.status, r.out))

    def test_all_closed(self):
        """Files that the program opens must not take the place of its streams."""
        target = self.dir / "out"
        run("--from", self.good, "--only", "smm", "--output", target, ok=(0,), stdout=None,
            stderr=None, preexec_fn=lambda: [os.close(n) for n in (0, 1, 2)])
        self.assertIn(b"READY", target.read_bytes())


class Output(Inputs):
    def listing(self):
        return sorted(os.listdir(self.dir))

    def test_whole(self):
        target = self.dir / "out.json"
        r = run("--from", self.bad, "--format", "json", "--output", target, ok=(1,))
        self.assertEqual((b"", b""), (r.out, r.err))
        self.assertEqual(run("--from", self.bad, "--format", "json").out, target.read_bytes())
        run("--from", self.bad, "--output", target, ok=(1,))  # replaced
        self.assertNotIn(b"{", target.read_bytes()[:1])
        self.assertEqual(["bad", "good", "open", "out.json"], self.listing())

    def test_untouched_on_failure(self):
        target = self.file("target", b"precious")
        before = self.listing()
        empty = self.file("empty", b"")
        before = self.listing()
        for args in (("--from", self.dir / "missing"), ("--from", empty), ("--nonsense",),
                     ("--format", "xml", "--from", self.good),
                     ("--root", self.dir / "nowhere")):
            with self.subTest(args):
                check_trouble(run(*args, "--output", target))
                self.assertEqual((b"precious", before), (target.read_bytes(), self.listing()))

    def test_nothing_appears_on_failure(self):
        before = self.listing()
        check_trouble(run("--from", self.dir / "missing", "--output", self.dir / "new"))
        self.assertEqual(before, self.listing())

    def test_no_place(self):
        before = self.listing()
        for target in (self.dir / "no/such/file", self.dir, "/dev/full"):
            with self.subTest(target):
                check_trouble(run("--from", self.good, "--output", target))
                self.assertEqual(before, self.listing())

    def test_no_permission(self):
        if os.getuid() != 0:
            self.skipTest("needs root, to become somebody else")
        self.dir.chmod(0o755)
        before = self.listing()
        check_trouble(run("--from", self.good, "--output", self.dir / "new", user=NOBODY,
                          group=NOBODY, extra_groups=[]))
        self.assertEqual(before, self.listing())

    def test_disk_full(self):
        """A limit on the size of files stands in for a full disk."""
        target = self.file("target", b"precious")
        # libarchive 3.7 does not free its own buffer after a write that failed.
        known = self.file("known", b"leak:libarchive.so\n")
        env = {"LSAN_OPTIONS": f"suppressions={known}:print_suppressions=0"}
        before = self.listing()

        def limited():
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))

        for args in (("--format", "json", "--from", self.good),):
            check_trouble(run(*args, "--output", target, preexec_fn=limited,
                              restore_signals=False))
            self.assertEqual((b"precious", before), (target.read_bytes(), self.listing()))
        for name in ("c.tar", "folder"):
            check_trouble(run("capture", "--output", self.dir / name, preexec_fn=limited,
                              restore_signals=False, env=env))
            self.assertEqual(before, self.listing())

    def test_devices(self):
        r = run("--from", self.good, "--only", "smm", "--output", "/dev/null", ok=(0,))
        self.assertEqual(b"", r.out)

    def test_some_unreadable_still_written(self):
        """Decision 23: the others go on."""
        target = self.dir / "out"
        run("--format", "ndjson", "--from", self.good, "--from", self.dir / "missing",
            "--output", target, ok=(2,))
        self.assertEqual(1, target.read_bytes().count(b"\n"))


class Options(Inputs):
    def test_only(self):
        report = judge("--only", "cpu,smm", "--from", self.good)
        self.assertEqual(["cpu", "smm"], sorted(report["only"]))
        self.assertEqual({"cpu", "smm"}, {r["id"].split(".")[0] for r in report["rules"]})
        self.assertNotIn("only", judge("--from", self.good))
        text = run("--only", "smm", "--from", self.good).out.decode()
        self.assertNotIn("cpu.", text)

    def test_quiet(self):
        for path, word in ((self.good, "READY"), (self.bad, "NOT READY"),
                           (self.open, "UNDETERMINED")):
            r = run("-q", "--only", "smm", "--from", path)
            self.assertRegex(r.out.decode(), rf"^{word}\b.*\n$")
            self.assertEqual(r.out, run("--quiet", "--only", "smm", "--from", path).out)
        # The verdict line names the failing required rules.
        self.assertIn(b"smm.wsmt", run("-q", "--from", self.bad).out)

    def test_verbose(self):
        plain = run("--only", "smm", "--from", self.good).out
        more = run("-v", "--only", "smm", "--from", self.good).out
        self.assertNotIn(b"wsmt.flags", plain)
        self.assertIn(b"wsmt.flags", more)
        self.assertEqual(more, run("--verbose", "--only", "smm", "--from", self.good).out)

    def test_json_is_the_same_for_all(self):
        plain = run("--format", "json", "--from", self.bad).out
        for option in (("-q",), ("-v",), ("--color", "always"), ("--exit-zero",),
                       ("--fail-on", "info")):
            self.assertEqual(plain, run("--format", "json", *option, "--from", self.bad).out)
        line = run("--format", "ndjson", "--from", self.bad).out
        self.assertEqual(json.loads(plain), json.loads(line))

    def test_deterministic(self):
        for form in ("text", "json"):
            args = ("-v", "--format", form, "--from", self.bad)
            self.assertEqual(run(*args).out, run(*args).out)

    def test_color(self):
        def colored(*args, **more):
            out = run("--from", self.bad, *args, **more).out
            check_text(SGR.sub(b"", out))
            return SGR.search(out) is not None

        self.assertFalse(colored())
        self.assertFalse(colored("--color", "auto"))
        self.assertFalse(colored("--color", "never"))
        self.assertTrue(colored("--color", "always"))
        self.assertTrue(colored("--color", "always", "-q"))
        always = run("--from", self.bad, "--color", "always").out
        self.assertEqual(run("--from", self.bad).out, SGR.sub(b"", always))

    def on_terminal(self, *args, **env):
        """What the program writes to a terminal."""
        main, side = pty.openpty()
        out = []

        def drain():
            while True:
                try:
                    data = os.read(main, 65536)
                except OSError:
                    return
                if not data:
                    return
                out.append(data)

        full = {k: v for k, v in os.environ.items() if k != "NO_COLOR"}
        reader = threading.Thread(target=drain)
        reader.start()
        subprocess.run([PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL, stdout=side,
                       stderr=side, env={**full, "TERM": "xterm", **env},
                       timeout=harness.TIMEOUT)
        os.close(side)
        reader.join()
        os.close(main)
        return b"".join(out)

    def test_terminal(self):
        self.assertRegex(self.on_terminal("--from", self.bad), SGR)
        for args, env in ((("--color", "never"), {}), ((), {"NO_COLOR": "1"}),
                          (("--format", "json"), {}),
                          (("--output", self.dir / "x"), {})):
            self.assertNotIn(b"\x1b", self.on_terminal("--from", self.bad, *args, **env))
        # An empty NO_COLOR is none (no-color.org); colour that is asked for is given.
        self.assertRegex(self.on_terminal("--from", self.bad, NO_COLOR=""), SGR)
        self.assertNotRegex((self.dir / "x").read_bytes(), SGR)

    def test_no_color_wins_over_auto_only(self):
        self.assertIn(b"\x1b", run("--from", self.bad, "--color", "always").out)
        self.assertNotIn(b"\x1b", run("--from", self.bad, env={"NO_COLOR": "1"}).out)
        # Contract, section 1: never with NO_COLOR, always by --color.
        self.assertIn(b"\x1b", run("--from", self.bad, "--color", "always",
                                   env={"NO_COLOR": "1"}).out)

    def test_environment_changes_nothing(self):
        """Decision 5."""
        plain = run("--from", self.bad, "--format", "json").out
        env = {"EFIVARFS_PATH": "/tmp", "LIBEFIVAR_OPS": "x", "TSS2_LOG": "all+trace",
               "LC_ALL": "tr_TR.UTF-8", "COLUMNS": "20", "POSIXLY_CORRECT": "1",
               "TZ": "Pacific/Apia"}
        self.assertEqual(plain, run("--from", self.bad, "--format", "json", env=env).out)

    def test_options_behind_the_verb(self):
        self.assertEqual(run("--only", "smm", "--from", self.bad).out,
                         run("scan", "--from", self.bad, "--only=smm").out)


class Text(Inputs):
    def test_hosts(self):
        for path in sorted(need_corpus("hosts").iterdir()):
            with self.subTest(path.name):
                for options in ((), ("-v",), ("-q",)):
                    r = run("--from", path, *options, ok=(0, 1, 3))
                    check_text(r.out)
                    self.assertEqual(b"", r.err)

    def test_this_machine(self):
        for options in ((), ("-v",), ("-q",)):
            r = run(*options, ok=(0, 1, 3))
            check_text(r.out)
            self.assertEqual(b"", r.err)
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        check_text(run(ok=(0, 1, 3), **who).out)

    def test_order(self):
        """Decision 27: fail, unknown, pass, not applicable; the verdict names what fails."""
        r = run("--from", self.capture("c.tar", **{"acpi/WSMT": wsmt(4),
                                                   MOR: b"\7\0\0\0"}), ok=(1,))
        text = check_text(r.out)
        verdict = [line for line in text.splitlines() if line.startswith("NOT READY")][0]
        for name in ("smm.wsmt", "mor.control"):
            self.assertIn(name, verdict)
        self.assertNotIn("boot.secure-boot", verdict)

    def test_single_table(self):
        """A table alone: no word on the rest but one line."""
        lines = check_text(run("--from", self.good).out).splitlines()
        naming = [line for line in lines if "mor.lock" in line and not
                  line.startswith(("UNDETERMINED", " "))]
        self.assertLessEqual(len(naming), 1)
        self.assertLess(len(lines), 25)

    def hostile(self):
        """The same hostile string by every way in."""
        line = EVIL.replace(b"\x00", b"").replace(b"\r", b"")
        line += b"\xff\xfe\xc0\x80\xed\xa0\x80\xf4\x90\x80\x80"
        dmidecode = (b"# dmidecode 3.3\nHandle 0x0000, DMI type 0, 26 bytes\nBIOS Information\n"
                     b"\tVendor: " + line + b"\n\tVersion: " + line + b"\n\tRelease Date: " + line +
                     b"\n\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n"
                     b"\tManufacturer: " + line + b"\n\tProduct Name: " + line + b"\n")
        log = (b"[    0.000000] Linux version 6.1.0" + line + b" (x)\n"
               b"[    0.000000] DMI: " + line + b"\n[    0.000000] efi: " + line +
               b"\n[    0.000000] Hypervisor detected: " + line + b"\n")
        cpuinfo = (b"processor\t: 0\nvendor_id\t: " + line + b"\ncpu family\t: 6\nmodel\t\t: 158\n"
                   b"model name\t: " + line + b"\nstepping\t: 10\nflags\t\t: lm vmx\n")
        words = [int.from_bytes(line[i:i + 4].ljust(4, b" "), "little") for i in range(0, 48, 4)]
        cpuid = harness.CPU_INTEL.replace(b"ext_cpuid[0]=80000008", b"ext_cpuid[0]=8000000a")
        for i in range(3):
            cpuid += b"ext_cpuid[%d]=%08x %08x %08x %08x\n" % (i + 2, *words[i * 4:i * 4 + 4])
        acpi = acpidump(harness.table(b"FACP", bytes(240), oem=b"\x1b[31m\xff", revision=6),
                        harness.apic(), wsmt(4, oem=b"\x1b]0;\x07\xff"))
        dmi = b"".join(k + b": " + line + b"\n" for k in
                       (b"vendor", b"product", b"firmware-version", b"firmware-date"))
        capture = tar(harness.capture_files(metal(**{
            "dmi": dmi, "cpuid": cpuid, "cpuinfo": cpuinfo, "efi/kernel-log": log,
            "kernel": b"release: " + line + b"\narch: x86_64\nlockdown: [" + line + b"]\n",
            "acpi/WSMT": wsmt(4, oem=b"\x1b[31m\xff")})))
        bad = harness.manifest(metal())
        text = EVIL.decode().replace("\x00", "")
        bad["blobs"][0].update(name="acpi/" + text, **{"from": text})
        bad["collected_at"] = text
        return {"dmi.txt": dmidecode, "log.txt": log, "cpuinfo": cpuinfo, "cpuid": cpuid,
                "acpi.txt": acpi, "capture.tar": capture,
                "names.tar": tar(harness.capture_files(metal(), bad)),
                "host/log": log, "host/acpi": acpi, "host/dmi": dmidecode,
                "names/" + "\x1b[31m\u202e": wsmt(7), "names/other\x1b[0m": b"nothing at all",
                "names/" + os.fsdecode(b"\xff\xfe"): b"nothing"}

    def test_hostile_strings(self):
        files = self.hostile()
        harness.write_files(self.dir, files)
        inputs = [n for n in files if "/" not in n] + ["host", "names"]
        for name in inputs:
            with self.subTest(name):
                for options in ((), ("-v",), ("-q",)):
                    r = run("--from", self.dir / name, *options, ok=(0, 1, 3))
                    check_text(r.out)
                    self.assertEqual(b"", r.err)
                r = run("--from", self.dir / name, "--format", "json", ok=(0, 1, 3))
                parse(r.out)
                self.assertNotRegex(r.out, rb"[\x00-\x09\x0b-\x1f\x7f]")

    def test_hostile_file_names(self):
        for raw in (b"\x1b[31mred\x1b[0m", b"new\nline", "\u202egnp.\u202c".encode(),
                    b"\xff\xfe\x80", b"tab\there", b"\x9b31m"):
            name = self.dir / os.fsdecode(raw)
            with self.subTest(raw):
                check_trouble(run("--from", name))  # it is not there
                check_trouble(run("--from", self.good, "--output", name / "x"))
                check_trouble(run("--root", name))
                name.write_bytes(wsmt(7))
                report = parse(run("--from", name, "--format", "json").out)
                if raw.isascii():
                    self.assertEqual(str(name), report["source"]["path"])
                r = run("--from", name, "--from", self.good)
                check_text(r.out)
                check_text(r.err, width=300)


if __name__ == "__main__":
    harness.main()
