# SPDX-License-Identifier: MIT
"""The live stick's screens and keys without a machine: live/screen and live/keys run in busybox's
shell on a terminal, with reports of many machines. tests/lab/test_live.py boots the real stick."""
import fcntl
import json
import os
import pty
import re
import select
import shutil
import struct
import subprocess
import sys
import termios
import unicodedata

import harness
from harness import CORPUS, PROGRAM, PROJECT, SHARED, Case, check_text, main, need, need_tool, run
from harness import wsmt

sys.path.insert(0, str(PROJECT / "tests/support"))
from qr import decode, expected, matrix  # noqa: E402

SIZES = ((24, 80), (25, 80), (30, 100), (48, 128), (67, 240))
SERIAL = (24, 80)
WORDS = {"ready": "READY", "not-ready": "NOT READY", "undetermined": "UNDETERMINED"}
SGR = r"\x1b\[[0-9;]*m"
SAVED = "Saved on the stick sda1 in reports/Standard-PC-Q35-ICH9-2009-20261130-084223\n"
# What cannot be had here: the size of each terminal, a scan, the kernel's table of keys.
STUBS = """
measure() { rows=$ROWS columns=$COLUMNS; }
scan() { echo "scan $*" >>$work/done; }
leave() { echo "leave $1" >>$work/done; }
load_keymap() { echo "keymap $1" >>$work/done; }
"""
HOSTILE = "x\u202e\x1b[31m\x1b[2J\x9b5A\u6f22\t\"\\" + "y" * 300


class Stick(Case):
    def setUp(self):
        super().setUp()
        bin, self.work = self.dir / "bin", self.dir / "work"
        bin.mkdir()
        busybox = need_tool("busybox")
        for name in subprocess.run([busybox, "--list"], stdout=subprocess.PIPE, text=True,
                                   check=True).stdout.split():
            (bin / name).symlink_to(busybox)
        (bin / "vbscheck").symlink_to(PROGRAM)
        (bin / "qrencode").symlink_to(need_tool("qrencode"))
        self.path, self.share = str(bin), PROJECT / "live/share"
        (self.work / "latest/results").mkdir(parents=True)

    def report(self, *args):
        """Has the machine's report as the last one; returns its JSON."""
        results = self.work / "latest/results"
        (results / "REPORT.TXT").write_bytes(check_text_of(run(*args)))
        (results / "REPORT.JSON").write_bytes(run(*args, "--format", "json").out)
        self.tell(SAVED)
        return json.loads((results / "REPORT.JSON").read_bytes())

    def tell(self, saved, windows=""):
        (self.work / "latest/saved").write_text(saved)
        (self.work / "latest/windows").write_text(windows)

    def script(self, what, console, size):
        """The shell's arguments and its environment."""
        top = PROJECT / "live"
        code = (f"share={self.share} work={self.work} console={console} "
                f"mine={self.work}/{console}\n. {top}/screen\n. {top}/keys\n{STUBS}{what}\n")
        env = {"PATH": self.path, "ROWS": str(size[0]), "COLUMNS": str(size[1]), "TERM": "linux"}
        return [str(self.dir / "bin/sh"), "-c", code], env

    def shown(self, what, console="tty1", size=SERIAL):
        argv, env = self.script(what, console, size)
        r = subprocess.run(argv, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, timeout=harness.TIMEOUT)
        return r.stdout.decode()

    def first(self, size, console="tty1"):
        """The lines of the first screen, which must fit and have nothing that moves the cursor but
        what puts the code beside it."""
        text = self.shown("menu", console, size)
        if console == "tty1":
            self.assertTrue(text.startswith("\x1b[0m\x1b[H\x1b[J"), text[:40])
            text = text[len("\x1b[0m\x1b[H\x1b[J"):]
        lines = re.sub(SGR, "", text).split("\n")
        self.assertLessEqual(len(lines), size[0], "\n".join(lines))
        left = [line.split("\x1b[84G")[0] for line in lines]
        for line in left:
            self.assertLessEqual(width(line), size[1], line)
        check_text("\n".join(left).encode() + b"\n")
        self.assertRegex(left[-1], r"^Enter report .* p power off > $")
        return left, "\x1b[84G" in text

    def check_first(self, report, size):
        left, has_code = self.first(size)
        text = "\n".join(left)
        self.assertEqual(size == (67, 240), has_code)
        verdict = [line for line in left if line.startswith(WORDS[report["verdict"]])]
        self.assertEqual(1, len(verdict), text)
        for row in report["rows"]:
            if row["status"] == "fail" and row["level"] == "required":
                self.assertIn(f"  fail    {row['title']}", text)
        if "Not required, but worth doing" in left:  # the table comes first
            for row in report["rows"]:
                if row["status"] == "pass":
                    self.assertIn(f"  pass    {row['title'][:23]}", text)
        if report["fixes"] and "What to do, in order" in left:
            self.assertRegex(text, r"\n  1  \S")
            self.assertIn(report["fixes"][0]["text"][:30], text)
        self.assertIn("Saved on the stick sda1", text)
        # Nothing of it is empty where there is something to show.
        if size[0] > 40:
            self.assertGreater(sum(bool(line.strip()) for line in left), 20, text)


def check_text_of(result):
    check_text(result.out)
    return result.out


def width(line):
    return sum(2 if unicodedata.east_asian_width(c) in "WF" else 1 for c in line)


def machines():
    """Evidence of many machines, one each."""
    yield from sorted((CORPUS / "hosts").iterdir())
    for kind in ("domain", "population"):
        yield from sorted((SHARED / "cases" / kind).iterdir())[::8]


class Screens(Stick):
    def test_the_first_screen_fits_whatever_the_machine(self):
        need((CORPUS / "hosts").is_dir(), "the corpus")
        checked = 0
        for path in machines():
            text = run("--from", path)
            if text.status == 2 or b"Row of Microsoft's table" in text.out:
                continue
            with self.subTest(path):
                report = self.report("--from", path)
                for size in SIZES[::1 if checked % 8 == 0 else 4]:
                    self.check_first(report, size)
                checked += 1
        self.assertGreater(checked, 15)

    def some_machine(self):
        return self.report("--from", self.file("wsmt", wsmt(4)))

    def test_a_serial_line_gets_no_addresses_and_no_code(self):
        self.some_machine()
        _, has_code = self.first(SERIAL, "ttyS0")
        self.assertFalse(has_code)
        self.assertNotIn("\x1b[H", self.shown("show_keys", "ttyS0"))

    def test_long_messages_and_a_windows_leave_room(self):
        report = self.some_machine()
        for windows in (f"/dev/nvme0n1#3  476.3 GiB  {'W' * 99}\n", "/dev/a#1 a\n/dev/b#2 b\n"):
            self.tell("Not saved where it was started from: the stick sda1 is broken: it does not "
                      "keep what is written. Use another one.\nSaved on the stick sdb1 in reports/"
                      + "x" * 60 + "\n", windows)
            for size in SIZES:
                left, _ = self.first(size)
                self.assertIn("  fail    SMM protections (WSMT)", "\n".join(left))
                self.assertIn("Windows: ", "\n".join(left))

    def test_rows_that_are_fine_go_before_those_that_are_not(self):
        self.some_machine()
        rows = [(status, f"row {i}") for i, status in enumerate(["pass", "n/a", "unknown"] * 4)]
        table = [f"  {status:7} {name}" for status, name in rows]
        (self.work / "latest/results/REPORT.TXT").write_text("\n".join(
            ["Machine: x", *["         x"] * 3, "NOT READY: y", "Windows: z", "", *table, "",
             "What to do, in order", *[f"  {i}  step" for i in range(1, 6)],
             "Not required, but worth doing", "  -  other", "", "Details", "  fail    d", ""]))
        for room, gone in ((31, ""), (25, "other"), (22, "step"), (21, "n/a"), (17, "pass")):
            text = re.sub(SGR, "", self.shown(f"overview {room}"))
            self.assertLessEqual(text.count("\n"), room, text)
            self.assertEqual(4, text.count("  unknown row"), text)
            if gone:
                most = {"other": 0, "step": 2, "n/a": 3, "pass": 3}[gone]
                self.assertLessEqual(len(re.findall(rf"  {re.escape(gone)}", text)), most, text)
            self.assertIn("  1  step", text)
        self.assertEqual(4, re.sub(SGR, "", self.shown("overview 22")).count("  pass"))
        self.assertEqual(4, re.sub(SGR, "", self.shown("overview 18")).count("  pass"))
        self.assertLessEqual(self.shown("overview 12").count("\n"), 12)

    def test_the_verdict_is_of_the_json(self):
        """No line of the text gives one."""
        self.some_machine()
        (self.work / "latest/results/REPORT.JSON").write_text('{\n  "verdict": "rea\n')
        (self.work / "log").write_text("READY \x1b[2J\n")
        left, _ = self.first(SERIAL)
        self.assertEqual("NO VERDICT", left[0])
        self.assertIn("READY [2J", left)

    def test_words_of_firmware_have_no_colour_of_a_verdict(self):
        """It showed a green READY of the firmware's, and dropped what failed."""
        self.some_machine()
        results = self.work / "latest/results"
        results.joinpath("REPORT.TXT").write_text(
            "Machine: READY\nNOT READY: smm.wsmt\n\n  fail    SMM protections  missing\n"
            "  pass    TPM 2.0  READY\n\nWhat to do, in order\n  1  A step (1 row)\n\nDetails\n"
            "  fail    x\n\nNotes\n  note    READY\nREADY: every required rule holds\nREADY\n")
        results.joinpath("REPORT.JSON").write_text('{\n  "verdict": "not-ready",\n}\n')
        for room in (14, 23, 60):
            text = self.shown(f"overview {room}")
            self.assertIn("\x1b[1;37;41mNOT READY\x1b[0m: smm.wsmt", text)
            self.assertNotIn("37;42m", text)
            self.assertIn("\x1b[1;31mfail\x1b[0m    SMM protections  missing", text)
            self.assertIn("\x1b[32mpass\x1b[0m    TPM 2.0  READY\n", text)
            self.assertIn("  1  A step (1 row)", text)

    def test_every_page_fits(self):
        self.some_machine()
        for what in ("show_keys", "show_code"):
            text = self.shown(what)
            lines = re.sub(SGR, "", text).split("\n")
            self.assertLessEqual(len(lines) - 1, 24, text)  # a line ends where input ends
            self.assertLessEqual(max(width(line.split("\x1b[48G")[0]) for line in lines), 80, text)


class Code(Stick):
    def check_code(self, report):
        text = expected(report)
        self.assertLessEqual(len(text.encode("ascii")), 130)
        drawn = self.shown("code")
        self.assertLessEqual(drawn.count("\n"), 23)
        self.assertEqual(text, decode(matrix(drawn), self.dir))
        for word in (WORDS[report["verdict"]],
                     *(r["id"] for r in report["rows"]
                       if (r["status"], r["level"]) == ("fail", "required"))):
            self.assertIn(word, text)
        return text

    def test_the_code_has_what_the_json_has(self):
        need((CORPUS / "hosts").is_dir(), "the corpus")
        for path in sorted((CORPUS / "hosts").iterdir()):
            if run("--from", path).status != 2:
                with self.subTest(path):
                    self.check_code(self.report("--from", path))

    def test_names_of_machines_do_no_harm(self):
        """As names come from SMBIOS: control bytes, quotes, letters of two columns, length."""
        folder = self.dir / "host"
        harness.write_files(folder, {
            "dmidecode.txt": ("# dmidecode 3.3\nHandle 0x0001, DMI type 1, 27 bytes\n"
                              f"System Information\n\tManufacturer: {HOSTILE}\n"
                              f"\tProduct Name: {HOSTILE}\n").encode(),
            "wsmt": wsmt(0)})
        report = self.report("--from", folder)
        self.assertIn("x", report["host"]["product"])
        text = self.check_code(report)
        self.assertRegex(text, r"\A[ -~\n]*\Z")
        for size in SIZES:
            self.check_first(report, size)


class Keys(Stick):
    def press(self, *keys, console="tty1"):
        """Presses keys in the menu of a terminal, each once it asks for one; returns all that it
        showed, and what it had done. (KEY, None): the screen shows nothing new."""
        argv, env = self.script("read_by_key; menu; choose", console, SERIAL)
        main, side = pty.openpty()
        fcntl.ioctl(side, termios.TIOCSWINSZ, struct.pack("HHHH", *SERIAL, 0, 0))
        p = subprocess.Popen(argv, env=env, stdin=side, stdout=side, stderr=side)
        os.close(side)
        said = self.until_asked(main)
        for key in keys:
            silent = isinstance(key, tuple)
            os.write(main, key[0] if silent else key)
            said += b"" if silent else self.until_asked(main)
        p.kill()
        p.wait(harness.TIMEOUT)
        os.close(main)
        done = self.work / "done"
        lines = done.read_text().split("\n")[:-1] if done.exists() else []
        done.unlink(missing_ok=True)
        return said.decode(), lines

    def until_asked(self, terminal):
        said = b""
        while not said.endswith(b"> "):
            ready, _, _ = select.select([terminal], [], [], harness.TIMEOUT)
            self.assertTrue(ready, said.decode())
            said += os.read(terminal, 65536)
        return said

    def setUp(self):
        super().setUp()
        self.report("--from", self.file("wsmt", wsmt(4)))

    def test_keys_do_what_the_menu_says(self):
        said, done = self.press(b"s", b"S", b"3", b"d", b"\r", b"4", b"\r", b"c", b"\r", b"2", b"\r",
                                b"h", b"\x1b", b"9", b"\r", b"1", b"\x1b", b"p", b"8", b"r", b"7")
        self.assertEqual(["scan "] * 3 + ["leave poweroff"] * 2 + ["leave reboot"] * 2, done)
        for text in ("No Windows was found", "VBS: NOT READY", "chooses the keyboard's layout"):
            self.assertEqual(2, said.count(text), text)
        self.assertIn("REPORT.TXT, page 1 of", said)

    def test_keys_of_several_bytes_are_no_digits(self):
        """Delete sends ESC [ 3 ~, and 3 would scan."""
        self.assertEqual(["leave reboot"], self.press((b"\x1b[3~", None), b"7")[1])

    def test_the_report_has_pages(self):
        pages = len((self.work / "latest/results/REPORT.TXT").read_text().split("\n")) // 23 + 1
        said, _ = self.press(b"\r", b"\r", b"\x7f", b"\x1b[B", b"\x1b")
        self.assertEqual(["1", "2", "1", "2"], re.findall(rf"page (\d) of {pages} ", said))
        self.assertEqual(2, said.count("p\x1b[0m power off > "))

    def test_keyboards(self):
        self.share = self.dir / "share"
        shutil.copytree(PROJECT / "live/share", self.share)
        lines = [line.split(" ", 2) for line in (self.share / "keymaps").read_text().splitlines()]
        (self.share / "keymaps").unlink()
        (self.share / "keymaps").mkdir()
        (self.share / "keymaps/LIST").write_text("".join(f"{name} {title}\n"
                                                         for name, _, title in lines))
        said, done = self.press(b"k", b"5", b"5", b"\r")
        self.assertEqual(["keymap fr", "keymap us"], done)
        self.assertIn("  3  German", said)
        self.assertIn("the terminal at its other end", self.press(b"k", b"\r", console="ttyS0")[0])

    def test_a_windows_is_chosen_by_its_number(self):
        self.tell(SAVED, "/dev/sda#3  40 GiB  Work\n/dev/sdb#1  40 GiB  Play\n")
        self.assertEqual(["scan /dev/sdb#1"], self.press(b"d", b"2")[1])
        self.tell(SAVED, "/dev/sda#3  40 GiB  Work\n")
        self.assertEqual("scan /dev/sda#3", self.press(b"d")[1][-1])


if __name__ == "__main__":
    main()
