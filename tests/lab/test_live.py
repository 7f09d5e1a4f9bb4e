# SPDX-License-Identifier: MIT
"""The live stick as users have it: made by scripts/live-image, started by shim and GRUB with Secure
Boot enforced, handled by its menu."""
import functools
import json
import lzma
import os
import re
import shutil
import subprocess
from pathlib import Path

import boot  # first: it knows where the harness is
import qr
import event_log
import power_cut
import windows_disk
import x86
from driver_files import RWX, driver
from harness import (CORPUS, PROGRAM, PROJECT, RULES, Case, check_text, main, need, need_corpus,
                     need_tool, parse, rule, run)
from lab import shown, sourceless
from live_fleet import on_stick, partitions
from live_stick import MENU, NEW, SAVED, Board, Machine, logged, named, reports, switch_off, usb
from media import meet_troubles, save_on_each
from qemu import UNHURRIED

TOP = boot.ARTEFACTS / "live"


LOG = "Windows/System32/winevt/Logs/Microsoft-Windows-CodeIntegrity%4Operational.evtx"
DEVICE = "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\"


def hive():
    need_corpus("windows", "hive")
    return lzma.decompress((CORPUS / "windows/hive/SYSTEM.xz").read_bytes())


def make(image, *more):
    # The time of the newest commit may change meanwhile.
    env = {**os.environ, "SOURCE_DATE_EPOCH": "1000000000"}
    return subprocess.run([PROJECT / "scripts/live-image", "-o", image, *more], env=env).returncode


@functools.cache
def images():
    """The stick and the disc, as users get them but for a word that only emulated machines need:
    without the check a machine whose timer is wired in an odd way would not boot."""
    boot.need_lab("qemu-system-x86_64", "sfdisk", "mcopy", "xorriso", "zstd", "zbarimg")
    TOP.mkdir(parents=True, exist_ok=True)
    stick = TOP / "stick.img"
    need(make(stick, "--iso", "--size", "0", "--append", UNHURRIED) == 0,
         "live-image failed; it says above why")
    return stick, stick.with_suffix(".iso")


@functools.cache
def images_for_users():
    """As anybody gets them without options, but compressed fast, which is the same in less time."""
    images()
    stick = TOP / "users.img"
    need(make(stick, "--program", PROGRAM, "--iso", "--fast") == 0, "live-image failed")
    return stick, stick.with_suffix(".iso")


# What is done at each machine. Returns what a test needs to see afterwards.

def handle(stick, _):
    image = Path(shutil.copy(stick, TOP / "used.img"))
    with Machine(TOP / "secure-boot", *usb(image), *named(TOP / "hostile")) as m:
        first = m.wait_for(SAVED)[1]
        m.wait_for(MENU)
        m.press(b"\r")
        m.wait_for(rb"REPORT.TXT, page 1 of")
        m.press(b"q")
        m.wait_for(MENU)
        m.press(b"x")
        m.wait_for(rb"Type exit to come back")
        m.press(b"cat /sys/kernel/security/lockdown; grep -c vfat /proc/mounts; exit\r")
        m.wait_for(rb"\nnone \[integrity\] confidentiality\r\n0\r\n")
        m.wait_for(MENU)
        m.press(b"s")
        second = m.wait_for(SAVED)[1]
        m.wait_for(MENU)
        m.screenshot(TOP / "screen.png")
        switch_off(m)
        said = m.said
    return said, {folder: reports(image, 1 << 20, folder)
                  for folder in (first.decode(), second.decode())}


def type_on_keyboard(stick, _):
    image = Path(shutil.copy(stick, TOP / "keyboard.img"))
    # No less memory does: GRUB then waits for ever. New machines know no certificate of Microsoft's but
    # those of 2023.
    small = ("-device", "usb-kbd", "-m", "384", *named(TOP / "hostile"))
    with Machine(TOP / "keyboard", *usb(image), *small, board=Board(trusted=NEW)) as m:
        folder = m.wait_for(SAVED)[1].decode()
        m.wait_for(MENU)
        # The screen's menu is another process: keys wait in its terminal until it reads them.
        m.type_on_keyboard("c")
        code = m.wait_for_code(TOP / "code.png")
        m.type_on_keyboard("ret", "8")
        m.wait_until_off()
    return code, reports(image, 1 << 20, folder)


def boot_protected_of_two(stick, _):
    """Without a screen: a serial line is all."""
    first, second = (Path(shutil.copy(stick, TOP / f"protected{i}.img")) for i in (1, 2))
    with Machine(TOP / "protected", *usb(first, "readonly=on"), "-drive",
                 f"if=none,id=second,format=raw,file={second}",
                 "-device", "usb-storage,drive=second", board=Board(screen=())) as m:
        m.wait_for(rb"READY")
        m.wait_for_words(rb"started from: the stick [a-z0-9]+ is write-protected\.")
        folder = m.wait_for(SAVED)[1].decode()
        m.wait_for(MENU)
        switch_off(m)
    return reports(second, 1 << 20, folder), first.read_bytes()


def collect(stick, _):
    """Two machines one after the other, with one stick; the first has an asset tag. What is written
    at the second is logged."""
    image = Path(shutil.copy(stick, TOP / "collect.img"))
    for i, tag in enumerate((b"4711", b"")):
        shutil.copy(image, TOP / "before.img")
        medium = ((*logged(image, TOP / "writes.log"), *usb(image)[2:]) if i else usb(image))
        with Machine(TOP / f"collect{i}", *medium, "-smbios", f"type=1,product=Book{i}") as m:
            _, folder, _ = m.collect(tag)
    return (reports(image, 1 << 20, folder), on_stick(image, "fleet.ndjson"),
            on_stick(image, "index.html"))


def boot_hybrid(_, iso):
    image = Path(shutil.copy(iso, TOP / "used.iso"))
    with Machine(TOP / "hybrid", *usb(image)) as m:
        folder = m.wait_for(SAVED)[1].decode()
        m.wait_for(MENU)
        switch_off(m)
    return reports(image, partitions(image)[1], folder)


def judge_windows(stick, _):
    """A machine whose disk has a Windows: found, named, judged when asked, and not written."""
    image = Path(shutil.copy(stick, TOP / "windows.img"))
    disk = windows_disk.gpt(TOP / "disk.img", bytes(1 << 20), windows_disk.volume(
        TOP / "volume.img", {
            "Windows/System32/config/SYSTEM": hive(),
            "Windows/System32/drivers/ACPI.sys": driver(section=2, flags=RWX),
            "Windows/System32/drivers/1394ohci.sys": driver(),
            LOG: event_log.log(event_log.refused(DEVICE + "acpi.sys"))}, label="Work"))
    before = disk.read_bytes()
    with Machine(TOP / "windows", *usb(image), "-drive",
                 f"if=none,id=win,format=raw,file={disk}", "-device", "ide-hd,drive=win") as m:
        m.wait_for(rb"Windows: /dev/sd[ab]#2 [0-9.]+ MiB Work")
        m.wait_for(MENU)
        m.press(b"d")
        m.wait_for(rb"/dev/sd[ab]#2 +[0-9.]+ MiB +Work\r")
        folder = m.wait_for(SAVED)[1].decode()
        m.wait_for(MENU)
        switch_off(m)
    return reports(image, 1 << 20, folder), before == disk.read_bytes()


@functools.cache
def machines():
    """{what was done: what it returned, or its exception}."""
    return boot.two_at_a_time((meet_troubles, handle, type_on_keyboard, boot_hybrid,
                               judge_windows, boot_protected_of_two, collect, save_on_each),
                              lambda done, _: done(*images()))


class Live(Case):
    def setUp(self):
        super().setUp()
        self.stick, self.iso = images()

    def after(self, done):
        result = machines()[done]
        if isinstance(result, Exception):
            raise result
        return result

    def check_saved(self, saved):
        """The machine is one of the matrix; the report on the stick says of it what is expected."""
        self.assertEqual({"REPORT.TXT", "REPORT.JSON", "capture.tar.gz"}, set(saved))
        report = parse(saved["REPORT.JSON"])
        expected = x86.LIVE["secure-boot"]
        self.assertEqual({r: expected[r] for r in RULES}, {r: shown(report, r) for r in RULES})
        self.assertEqual("integrity", report["facts"]["host.lockdown"])
        self.assertIn("READY", check_text(saved["REPORT.TXT"]))
        path = self.file("capture.tar.gz", saved["capture.tar.gz"])
        there = run("--from", path, "--format", "json", ok=(0, 1, 3))
        self.assertEqual(sourceless(report), sourceless(parse(there.out)))

    def test_both_are_small(self):
        for image in (self.stick, self.iso):
            self.assertLess(image.stat().st_size, 64 << 20)

    def test_the_same_parts_make_the_same_image(self):
        again = TOP / "again.img"
        self.assertEqual(0, make(again, "--program", PROGRAM, "--iso", "--fast"))
        for one, other in zip(images_for_users(), (again, again.with_suffix(".iso"))):
            self.assertTrue(one.read_bytes() == other.read_bytes(), one)

    def test_a_stick_of_1_gb_has_room_for_reports(self):
        """The image is the beginning of its file system: what is written goes on behind it."""
        stick = Path(shutil.copy(images_for_users()[0], TOP / "room.img"))
        end, size = stick.stat().st_size, 48 << 20
        self.assertLess(end, 64 << 20)
        with open(stick, "ab") as f:
            f.write(os.urandom(size))
        os.truncate(stick, 10 ** 9)
        fat, data = f"{stick}@@{1 << 20}", os.urandom(size)
        subprocess.run(["mcopy", "-i", fat, "-", "::/room"], input=data, check=True)
        self.assertTrue(data == on_stick(stick, "room"), "it is not what was written")
        free = subprocess.run(["mdir", "-i", fat, "::"], stdout=subprocess.PIPE, check=True).stdout
        self.assertGreater(int(re.search(rb"([\d ]+) bytes free", free)[1].replace(b" ", b"")),
                           800 << 20)

    def test_a_stick_too_small_is_said(self):
        self.assertEqual(1, make(TOP / "small.img", "--program", PROGRAM, "--size", "30"))

    def test_a_stick_scans_saves_and_can_be_handled(self):
        said, saved = self.after(handle)
        self.assertEqual(2, len(saved))
        # Of what a maker calls its machine no path is left, and nothing for a terminal.
        self.assertRegex(min(saved), r"^reports/x-Book-reboot-[A-Za-z0-9-]{,26}-[0-9]{8}-[0-9]{6}$")
        for files in saved.values():
            self.check_saved(files)
        shown = said[said.index(b"looking at this machine"):]
        for bytes in (b"\x1b[5m", b"\x1b[31m", b"\x1b[2J", b"\x9b", b"\x07", b"\xff", b"\nREADY\t"):
            self.assertNotIn(bytes, shown)

    def test_the_keyboard_and_the_code_of_the_screen(self):
        code, saved = self.after(type_on_keyboard)
        self.check_saved(saved)
        self.assertEqual(qr.expected(parse(saved["REPORT.JSON"])), code)

    def test_384_mib_and_the_certificate_of_2023_are_enough(self):
        _, saved = self.after(type_on_keyboard)
        self.check_saved(saved)

    def test_the_next_stick_saves_if_the_first_is_protected(self):
        saved, first = self.after(boot_protected_of_two)
        self.check_saved(saved)
        self.assertTrue(first == self.stick.read_bytes(), "the protected stick was written")

    def test_a_disc_shows_everything_and_tells_of_each_trouble_of_a_stick(self):
        image, folder = self.after(meet_troubles)
        self.check_saved(reports(image, 1 << 20, folder))
        fat = power_cut.Fat(power_cut.partition(image))
        self.assertEqual([], fat.wrong)
        self.assertEqual({folder}, {p.rpartition("/")[0] for p in fat.files if "reports/" in p})

    def test_each_medium_saves_and_the_one_that_was_started_first(self):
        """Four labelled ones in a machine of 512 MiB and one processor."""
        for name, saved in self.after(save_on_each).items():
            with self.subTest(name):
                self.check_saved(saved)

    def test_a_power_cut_at_any_write_leaves_whole_files(self):
        self.after(collect)
        need_tool("fsck.vfat")
        wrong, looked = power_cut.judge(TOP / "before.img", TOP / "writes.log", TOP / "state.img")
        self.assertEqual([], wrong)
        self.assertGreater(looked, 200)

    def test_machines_are_collected_without_a_key(self):
        saved, fleet, page = self.after(collect)
        self.check_saved(saved)
        lines = [parse(line) for line in fleet.splitlines()]
        self.assertEqual(["Book0", "Book1"], [line["host"]["product"] for line in lines])
        self.assertEqual([{"asset": "4711"}, {}], [line["host"]["labels"] for line in lines])
        self.assertIn(b"</html>", page)

    def test_the_stick_has_no_icu(self):
        """Nothing uses it, and it is larger than all the rest."""
        initrd = TOP / "initrd.zst"
        subprocess.run(["mcopy", "-n", "-o", "-i", f"{self.stick}@@{1 << 20}",
                        "::/vbscheck/initrd.zst", initrd], check=True)
        packed = subprocess.run(["zstd", "-dcq", initrd], stdout=subprocess.PIPE, check=True).stdout
        for name in (b"libicu", b"libxml2.so", b"libwim.so"):
            self.assertNotIn(b"/" + name, packed)

    def test_a_windows_on_a_disk_is_judged_and_not_written(self):
        saved, same = self.after(judge_windows)
        self.assertTrue(same, "the disk was written")
        report = parse(saved["REPORT.JSON"])
        self.assertEqual({"ACPI.sys": ("required", "violation"), "1394ohci.sys": ("present", "clean")},
                         {d["path"].split("/")[-1]: (d["group"], d["result"])
                          for d in report["drivers"]})
        for name in ("drivers.hvci", "drivers.windows-log"):
            self.assertEqual("fail", rule(report, name)["status"], name)
        self.assertEqual("clean", report["facts"]["windows-disk.hive"])

    def test_a_disc_on_a_stick_saves(self):
        self.check_saved(self.after(boot_hybrid))


if __name__ == "__main__":
    main()
