# SPDX-License-Identifier: MIT
"""The first screen: 24 lines of 80 columns whatever the machine, and what terminals are shown."""
import fcntl
import json
import os
import pty
import re
import struct
import subprocess
import termios
import unicodedata

import harness
from harness import CORPUS, PROGRAM, PROJECT, SHARED, Case, check_text, judge, need, rule, run, wsmt

SGR = re.compile(r"\x1b\[[0-9;]*m")
LINES, DETAILS = 24, ("Details", "About this boot, not about the machine", "Notes")


def first_screen(text):
    """All that stands in front of the details."""
    lines = text.split("\n")
    ends = [lines.index(title) for title in DETAILS if title in lines]
    return lines[:min(ends, default=len(lines))]


def terminal(columns, *args, **env):
    """What the program writes to a terminal of so many columns."""
    main, side = pty.openpty()
    fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", 24, columns, 0, 0))
    p = subprocess.Popen([PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL, stdout=side,
                         stderr=side, env=env)
    os.close(side)
    data = b""
    try:
        while block := os.read(main, 65536):
            data += block
    except OSError:  # the other side is closed
        pass
    os.close(main)
    p.wait(harness.TIMEOUT)
    return data.decode().replace("\r\n", "\n")


class Screen(Case):
    def check(self, path):
        with self.subTest(path):
            r = run("--from", path)
            text = check_text(r.out)
            if r.status == 2 or "Row of Microsoft's table" in text:
                return 0  # several machines: a table
            screen = first_screen(text)
            self.assertLess(len(screen), LINES + 1, "\n".join(screen))
            verdicts = [n for n, l in enumerate(screen)
                        if l.startswith(("READY", "NOT READY", "UNDETERMINED"))]
            self.assertEqual(1, len(verdicts), text)
            self.assertLess(verdicts[0], 3)
            self.assertEqual(1, sum(l.startswith("What to do") for l in screen))
            return 1

    def test_every_case_fits(self):
        need((SHARED / "cases").is_dir(), "the cases")
        paths = [p for kind in ("domain", "field", "population", "lab")
                 for p in sorted((SHARED / "cases" / kind).iterdir()) if p.suffix != ".tsv"]
        self.assertGreater(sum(self.check(p) or 0 for p in paths), 40)

    def test_every_host_fits(self):
        need((CORPUS / "hosts").is_dir(), "the corpus")
        self.assertGreater(sum(self.check(p) or 0 for p in sorted((CORPUS / "hosts").iterdir())), 15)

    def fixes(self, case):
        need((SHARED / "cases").is_dir(), "the cases")
        report = judge("--from", SHARED / "cases" / case)  # which holds fixes against caveats
        return report, [f["action"] for f in report["fixes"]]

    def test_cannot_become_ready_needs_proof(self):
        """Ruling 56: of the PC, and not by what an old kernel shows of its processor."""
        self.assertEqual(["replace-hardware"], self.fixes("domain/arm-8.0-cortex-a72")[1])
        for case in ("domain/vm-vmx-off", "domain/uefi-32bit", "domain/cpu-locked-by-kernel"):
            self.assertNotIn("replace-hardware", self.fixes(case)[1], case)
        old = self.dir / "old"
        harness.write_files(old, {
            "cpuinfo": b"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 15\n"
                       b"model name\t: Intel(R) Core(TM)2 Duo CPU\n"
                       b"flags\t\t: fpu vme de pse tsc msr pae lm constant_tsc\n",
            "dmesg": b"[    0.000000] Linux version 4.9.0-1 (a@b) (gcc) #1 SMP\n"
                     b"[    0.000000] BIOS-e820: [mem 0x0-0x9fbff] usable\n"
                     b"[    0.000000] DMI: Dell Inc. OptiPlex 745/0RF703, BIOS 2.6.4 06/28/2010\n"
                     b"[    0.000000] Booting paravirtualized kernel on bare hardware\n"})
        report = judge("--from", old)
        failed = rule(report, "cpu.virtualization")
        self.assertEqual("fail", failed["status"], failed)
        self.assertNotIn("replace-hardware", [f["action"] for f in report["fixes"]])
        self.assertIn("cpuid -r", failed["remediation"])

    def test_a_guest_of_32_bits_is_its_hypervisors_doing(self):
        guest = self.file("cpuinfo", b"processor\t: 0\nvendor_id\t: GenuineIntel\n"
                          b"cpu family\t: 6\nmodel\t\t: 15\nmodel name\t: Virtual\n"
                          b"flags\t\t: fpu vme de pse tsc msr pae constant_tsc hypervisor\n")
        report = judge("--from", guest)
        self.assertEqual(("guest", "fail"),
                         (report["host"]["viewpoint"], rule(report, "cpu.64bit")["status"]))
        first = report["fixes"][0]
        self.assertEqual(("hypervisor", ["cpu.64bit"]), (first["action"], first["rules"]))
        self.assertNotIn("replace-hardware", [f["action"] for f in report["fixes"]])

    def test_advice_is_for_the_hypervisor_at_hand(self):
        report, actions = self.fixes("domain/vm-vmx-off")
        self.assertEqual("hypervisor", actions[0])
        text = rule(report, "vm.nested")["remediation"]
        self.assertIn("kvm_intel", text)
        self.assertNotIn("Set-VMProcessor", text)

    def test_a_failing_line_does_not_assert_the_title(self):
        titles = {row["id"]: row["title"] for row in
                  json.loads(run("list", "rules", "--format", "json", ok=(0,)).out)}
        for machine in sorted((PROJECT / "fixtures/machines").iterdir()):
            evidence = ["--from", self.file("fails", wsmt(4))]
            evidence += [a for kind in ("dmesg", "lspci", "cpuid") if (machine / kind).exists()
                        for a in ("--from", machine / kind)]
            for options in ((), ("-v",)):
                text = run(*evidence, *options).out.decode()
                for rule, title in titles.items():
                    self.assertNotRegex(text, rf"(fail|weak|info|unknown) +{re.escape(rule)}.*"
                                              rf"{re.escape(title)}")
                self.assertNotRegex(text, r"unknown .*Unknown:")
                self.assertNotIn("FAIL", text)

    def test_what_firmware_calls_itself_is_cut(self):
        long = "x\u202e\x1b[31m\u6f22" * 2000
        folder = self.dir / "host"
        harness.write_files(folder, {
            "dmidecode.txt": ("# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\n"
                              f"System Information\n\tManufacturer: {long}\n"
                              f"\tProduct Name: {long}\n\tVersion: {long}\n").encode(),
            "wsmt": wsmt(4)})
        text = check_text(run("--from", folder).out)
        self.assertLess(len(first_screen(text)), LINES + 1)
        shown = terminal(80, "--from", folder, LC_ALL="C.UTF-8", TERM="xterm")
        self.assertNotIn("\x1b[31m\u6f22", shown)
        self.assertNotIn("\u202e", shown)


    def test_readme_shows_what_is_printed(self):
        """Its first screen and its details are those of the program."""
        need((CORPUS / "hosts").is_dir(), "the corpus")
        blocks = re.findall(r"^```\n(.*?)^```", (PROJECT / "README.md").read_text(), re.M | re.S)
        text = run("--from", "gigabyte-h61m-ds2", cwd=CORPUS / "hosts", ok=(1,)).out.decode()
        self.assertEqual("$ vbscheck --from gigabyte-h61m-ds2\n" + text.split("\nDetails\n")[0],
                         blocks[0])
        self.assertTrue(blocks[1].startswith("Details\n") and blocks[1].endswith("\u2026\n"))
        self.assertIn(blocks[1][:-2], text)

    def test_labels_are_on_the_screen(self):
        """One line below the machine, made safe and cut; all of them with -v."""
        folder = self.file("good", wsmt(7))
        labels = [f"--label=k{i:02}={'v' * 40}" for i in range(20)]
        text = check_text(run("--label", "host=pc-17", "--from", folder, *labels).out)
        lines = text.split("\n")
        self.assertTrue(lines[1].startswith("Labels:  host=pc-17, k00=vvv"), lines[1])
        self.assertTrue(lines[1].endswith("\u2026") and len(lines[1]) <= 80)
        self.assertLess(len(first_screen(text)), LINES + 1)
        self.assertIn("k19=", check_text(run("-v", "--from", folder, *labels).out))
        self.assertNotIn("Labels", run("--from", folder).out.decode())
        self.assertNotIn("Labels", run("-q", "--from", folder, *labels).out.decode())

    def test_hosts_with_labels_fit(self):
        need((SHARED / "cases").is_dir(), "the cases")
        for path in sorted((SHARED / "cases/domain").iterdir()):
            if path.suffix == ".tsv":
                continue
            text = run("--label", "host=x", "--from", path).out.decode()
            self.assertLess(len(first_screen(text)), LINES + 1, text)

    def test_a_virtual_machine_without_a_name_is_one(self):
        """And does not run "on unknown"."""
        cpuinfo = self.file("cpuinfo", b"processor\t: 0\nvendor_id\t: AuthenticAMD\n"
                            b"cpu family\t: 25\nmodel\t\t: 1\nmodel name\t: AMD EPYC\n"
                            b"flags\t\t: fpu vme de pse tsc msr pae lm hypervisor\n")
        text = run("--from", cpuinfo).out.decode()
        self.assertEqual("Machine: a virtual machine", text.split("\n")[0])
        self.assertNotIn("on unknown", text)


class Terminal(Case):
    def setUp(self):
        super().setUp()
        self.bad = self.file("bad", wsmt(4))

    def show(self, columns=80, *args, **env):
        return terminal(columns, "--from", self.bad, *args, **{"LC_ALL": "C.UTF-8", "TERM": "xterm",
                                                               **env})

    def test_marks_and_colour(self):
        text = self.show()
        self.assertIn("\x1b[1;31m\u2717\x1b[0m \x1b[1;31mfail\x1b[0m", text)
        self.assertIn("\x1b[1;31mNOT READY\x1b[0m", text)

    def test_no_color_leaves_the_marks(self):
        text = self.show(NO_COLOR="1")
        self.assertIsNone(SGR.search(text))
        self.assertIn("\u2717 fail", text)
        self.assertIn("\x1b[", self.show(80, "--color", "always", NO_COLOR="1"))

    def test_dumb_terminals_and_files_have_words_alone(self):
        for env in ({"TERM": "dumb"}, {"TERM": ""}):
            self.assertEqual(run("--from", self.bad).out.decode(), self.show(**env))

    def test_a_locale_without_utf_8_is_shown_ascii(self):
        folder = self.dir / "host"
        harness.write_files(folder, {
            "dmidecode.txt": "# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\n"
                             "System Information\n\tManufacturer: Gr\u00fc\u00dfe\n"
                             "\tProduct Name: \u6f22\u5b57\n".encode(),
            "wsmt": wsmt(4)})
        text = terminal(60, "--from", folder, LC_ALL="C", TERM="xterm")
        self.assertTrue(text.isascii(), text)
        self.assertIn("Gr??e", text)
        self.assertIn("\u6f22\u5b57", run("--from", folder, env={"LC_ALL": "C"}).out.decode())

    def test_a_narrower_terminal_than_60_columns_wraps_by_itself(self):
        self.assertEqual(self.show(60), self.show(20))

    def test_wide_characters_take_two_columns(self):
        folder = self.dir / "host"
        harness.write_files(folder, {
            "dmidecode.txt": ("# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\n"
                              "System Information\n\tManufacturer: \u6f22\u5b57\n"
                              "\tProduct Name: " + "\u6f22" * 60 + "\n").encode(),
            "wsmt": wsmt(4)})
        for text in (run("--from", folder).out.decode(), run("--from", folder, env={"LC_ALL": "C"}).out.decode()):
            self.assertIn("\u6f22\u5b57", text)
            for line in text.split("\n"):
                columns = sum(1 + (unicodedata.east_asian_width(c) in "WF") for c in line)
                self.assertLessEqual(columns, 80, line)

    def test_the_width_of_the_terminal_is_used(self):
        for columns, width in ((20, 60), (60, 60), (100, 100), (300, 120), (0, 80)):
            with self.subTest(columns):
                lines = SGR.sub("", self.show(columns)).split("\n")
                longest = max(len(l) for l in lines)
                self.assertLessEqual(longest, width)
                self.assertGreater(longest, width - 25)


if __name__ == "__main__":
    harness.main()
