# SPDX-License-Identifier: MIT
"""screens.py IMAGE FOLDER [NAME...]: boots an image of the live stick on the machines of MACHINES,
takes a picture of each screen, FOLDER/MACHINE-SCREEN.png, for people to look at, and prints the
seconds from power to each. It also reads the codes. The image is made with
`scripts/live-image -o IMAGE --append no_timer_check`.
"""
import shutil
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path

import boot  # noqa: F401, first: it knows where the rest is
import qr
import windows_disk
from driver_files import RWX, driver
from live_stick import MENU, Board, Machine, named, usb
from test_live import hive


def display(width, height):
    """A screen of so many pixels. QEMU describes a large one only if it is slow."""
    return ("-device", f"VGA,xres={width},yres={height},vgamem_mb=64"
                       + (",refresh_rate=30000" if width > 2600 else ""))


def windows(folder):
    """QEMU's arguments for a disk with a Windows."""
    disk = windows_disk.gpt(folder / "disk.img", bytes(1 << 20), windows_disk.volume(
        folder / "volume.img", {
            "Windows/System32/config/SYSTEM": hive(),
            "Windows/System32/drivers/ACPI.sys": driver(section=2, flags=RWX),
            "Windows/System32/drivers/1394ohci.sys": driver()}, label="Work"))
    return ("-drive", f"if=none,id=win,format=raw,file={disk}", "-device", "ide-hd,drive=win")


@dataclass(frozen=True)
class Place:
    """A machine to look at: its screen, what it is given, and the keys that are pressed."""

    screen: tuple
    more: tuple = ()  # arguments for QEMU, or functions of the folder that make them
    stick: tuple = ()  # options of the stick's drive
    entry: int = 0  # of GRUB's menu
    before: tuple = (("looking", rb"looking at this machine"), ("verdict", rb"Saving the report"))
    keys: tuple = field(default=())  # (key of the keyboard, name of the screen that it brings)


SMALL, USUAL, FULL, HUGE = (640, 480), (1024, 768), (1920, 1080), (3840, 2160)
NOT_READY = ("-cpu", "EPYC,-svm")
MACHINES = {
    "windows": Place(display(*USUAL), (windows,), keys=(
        ("h", "keys"), ("esc", ""), ("k", "keyboards"), ("3", ""), ("c", "code"), ("ret", ""),
        ("ret", "report"), ("esc", ""), ("d", "drivers"), ("x", "shell"))),
    "small": Place(display(*SMALL), NOT_READY),
    "full": Place(display(*FULL), NOT_READY),
    "huge": Place(display(*HUGE), (named,), keys=(("c", "code"),)),
    "protected": Place(display(*USUAL), stick=("readonly=on",)),
    "none": Place((), NOT_READY),
    "collect": Place(display(*USUAL), entry=2, before=(
        ("asset", rb"type an asset tag"), ("looking", rb"looking at this machine"),
        ("saved", rb"Saved on the stick"))),
}


class Pictures:
    def __init__(self, name, machine, folder, with_screen):
        self.name, self.machine, self.folder, self.able = name, machine, folder, with_screen
        self.last = b""

    def take(self, name, still=True):
        """A picture once the screen has changed and stands still, or at once."""
        seconds = time.monotonic() - self.machine.start
        path = self.folder / f"{self.name}-{name}.png"
        if self.able:
            self.machine.screenshot(path)
            while still and not (self.is_still(path) and path.read_bytes() != self.last):
                pass
            self.last = path.read_bytes()
        code = qr.read(path) if self.able else None
        print(f"{seconds:6.1f} s  {self.name}-{name}" + (f"  {code!r}" if code else ""), flush=True)
        return path

    def is_still(self, path):
        before = path.read_bytes()
        time.sleep(2)
        self.machine.screenshot(path)
        return path.read_bytes() == before


def visit(name, image, folder):
    place, scratch = MACHINES[name], folder / name
    scratch.mkdir(parents=True, exist_ok=True)
    stick = shutil.copy(image, folder / f"{name}.img")
    more = [x for m in place.more for x in (m(folder) if callable(m) else (m,))]
    with Machine(scratch, *usb(stick, *place.stick), "-device", "usb-kbd", *more,
                 board=Board(screen=place.screen)) as m:
        pictures = Pictures(name, m, folder, bool(place.screen))
        if place.entry:
            m.choose_entry(place.entry)
        for screen, words in place.before:
            m.wait_for(words)
            pictures.take(screen, still=False)
        if place.entry:
            m.wait_until_off()
            return
        m.wait_for(MENU)
        pictures.take("first")
        for key, screen in place.keys:
            m.type_on_keyboard(key)
            pictures.take(screen or "first-again")


def main():
    image, folder = Path(sys.argv[1]).resolve(), Path(sys.argv[2]).resolve()
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[3:] or MACHINES:
        visit(name, image, folder)


if __name__ == "__main__":
    main()
