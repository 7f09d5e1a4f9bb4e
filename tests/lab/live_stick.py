# SPDX-License-Identifier: MIT
"""Boots an image of the live stick, with Secure Boot enforced where nothing else is said, and sits
at its serial console."""
import json
import os
import re
import select
import shutil
import socket
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

from boot import fetch  # first: it knows where the rest is
import qr
from harness import need_tool
from qemu import ARCHES, TIMEOUT, flash, start_tpm
from scenarios import Scenario
from variables import certificate, trust_only

BASE = ("-accel", "tcg,thread=multi", "-smp", "1", "-m", "1024", "-nodefaults", "-display", "none",
        "-serial", "stdio", "-device", "qemu-xhci")
NEW = "Microsoft UEFI CA 2023"  # which signed shim, beside the one of 2011
SCREEN = {"amd64": ("-device", "VGA"), "arm64": ("-device", "virtio-gpu-pci")}
SAVED = rb"Saved on the stick [a-z0-9]+ in\s+(reports/[A-Za-z0-9-]+)\r"
MENU = rb"power off > "
# Makers may call their machines anything: paths, what a shell or a terminal would do, 8-bit bytes,
# and more than fits anywhere.
HOSTILE = (b'../../x: "Book*?<>|$(reboot)`\\\x1b[2J\x1b[31m\x9b5A\x07\r\nREADY\t\xff\xe4'
           + b"long" * 60)


def named(folder):
    """QEMU's arguments for a machine of such a name: a structure of SMBIOS, type 1."""
    folder.mkdir(parents=True, exist_ok=True)
    head = bytes((1, 27, 0, 1, 1, 2, 3, 0)) + bytes(16) + bytes((6, 0, 0))
    (folder / "smbios").write_bytes(head + b"Maker\x1b[5m\0" + HOSTILE + b"\0" + b"1\0\0")
    return ("-smbios", f"file={folder / 'smbios'}")


def written(image, to):
    """A stick of 1 GB on which an image was written."""
    shutil.copy(image, to)
    os.truncate(to, 10 ** 9)
    return to


def usb(image, *more, device="usb-storage"):
    """QEMU's arguments for a stick, or for another device with its image."""
    return ("-drive", ",".join((f"if=none,id=stick,format=raw,file={image}", *more)),
            "-device", f"{device},drive=stick,bootindex=0")


def logged(image, log, name="stick"):
    """QEMU's arguments for a drive of that name whose writes are logged (power_cut.py)."""
    log.write_bytes(b"")
    return ("-blockdev", f"driver=blklogwrites,node-name={name},log-sector-size=512,"
                         f"file.driver=file,file.filename={image},"
                         f"log.driver=file,log.filename={log}")


def fill(image):
    """Leaves no room on a stick."""
    offset = f"{image}@@{1 << 20}"
    for size in (1 << 20, 64 << 10, 512):
        for i in range(99):
            r = subprocess.run(["mcopy", "-i", offset, "-", f"::/fill{size}.{i}"],
                               input=bytes(size), stderr=subprocess.DEVNULL)
            if r.returncode:
                break


def reports(image, offset, folder):
    """What is in a folder of the stick's, by name."""
    need_tool("mcopy")
    to = Path(str(image) + ".reports")
    shutil.rmtree(to, ignore_errors=True)
    to.mkdir()
    subprocess.run(["mcopy", "-i", f"{image}@@{offset}", f"::/{folder}/*", to], check=True)
    return {p.name: p.read_bytes() for p in to.iterdir()}


def switch_off(machine):
    machine.press(b"p")
    machine.wait_until_off()


def disc(image):
    """QEMU's arguments for a drive with a disc."""
    return ("-drive", f"if=none,id=disc,media=cdrom,readonly=on,format=raw,file={image}",
            "-device", "ide-cd,drive=disc,bootindex=0")


@dataclass(frozen=True)
class Board(Scenario):
    """A scenario's machine, firmware and TPM."""

    firmware: str = "secure-boot"
    screen: tuple = None  # instead of the usual one
    trusted: str = ""  # Microsoft's only certificate in db, which Debian's sid has

    def command(self, folder):
        share = fetch(ARCHES[self.arch].package, self.suite) / "usr/share"
        arguments = (*flash(self, share, folder), *start_tpm(self, folder))
        if self.trusted:
            known = fetch("ovmf", "sid") / "usr/share/OVMF/OVMF_VARS_4M.ms.fd"
            trust_only(folder / "vars.fd", certificate(known, self.trusted))
        screen = SCREEN[self.arch] if self.screen is None else self.screen
        return (*ARCHES[self.arch].qemu, *BASE, *screen, *arguments, *self.qemu)


class Machine:
    """A machine that runs until it switches itself off, or until it needed too much time."""

    def __init__(self, folder, *medium, board=Board()):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder, self.said, self.seen = folder, b"", 0
        argv = ["timeout", "-k", "10", str(TIMEOUT), *board.command(folder),
                "-qmp", f"unix:{folder}/qmp,server=on,wait=off", *medium]
        (folder / "command").write_text("\n".join(argv) + "\n")
        self.start = time.monotonic()
        with open(folder / "qemu.log", "wb") as log:
            self.child = subprocess.Popen(argv, stdin=subprocess.PIPE, stdout=subprocess.PIPE,
                                          stderr=log)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        (self.folder / "console.log").write_bytes(self.said)
        # timeout passes it on to QEMU.
        self.child.terminate()
        self.child.wait()
        self.child.stdin.close()
        self.child.stdout.close()

    def age(self):
        """Seconds since it was switched on."""
        return time.monotonic() - self.start

    def _read(self):
        """What the console says next; nothing once the machine is off."""
        left = self.start + TIMEOUT - time.monotonic()
        ready = select.select([self.child.stdout], [], [], max(left, 0))[0]
        data = os.read(self.child.stdout.fileno(), 65536) if ready else b""
        self.said += data
        return data

    def wait_for(self, pattern):
        """Waits until the console says it, after what was waited for before; returns the match."""
        while not (found := re.compile(pattern, re.S).search(self.said, self.seen)):
            assert self._read(), (f"no {pattern!r} after {self.age():.0f} s; "
                                  f"see {self.folder}; last:\n{self.said[-2000:].decode()}")
        self.seen = found.end()
        return found

    def wait_for_words(self, pattern):
        """The same where lines may be broken between words."""
        return self.wait_for(pattern.replace(b" ", rb"\s+"))

    def press(self, keys):
        self.child.stdin.write(keys)
        self.child.stdin.flush()

    def choose_entry(self, number):
        """Chooses an entry of GRUB's menu, from 0."""
        self.wait_for(rb"executed automatically")
        self.press(b"\x1b[B" * number + b"\r")

    def collect(self, tag=b""):
        """Chooses the entry that needs no key, and types an asset tag; returns the seconds until it
        judged, the folder that it saved in, and the seconds until it was off."""
        self.choose_entry(2)
        self.wait_for(rb"type an asset tag")
        self.press(tag + b"\r")
        self.wait_for(rb"vbscheck: (?:NOT )?(?:READY|UNDETERMINED)")
        judged = self.age()
        folder = self.wait_for(SAVED)[1].decode()
        self.wait_until_off()
        return judged, folder, self.age()

    def wait_until_off(self):
        while self._read():
            pass
        assert self.child.wait(TIMEOUT) == 0, f"did not switch itself off; see {self.folder}"

    def ask(self, *requests):
        """Gives QEMU requests of (name, arguments), waits for each to be done, and returns what
        they returned."""
        answers = []
        with socket.socket(socket.AF_UNIX) as s:
            s.settimeout(TIMEOUT)
            s.connect(str(self.folder / "qmp"))
            with s.makefile("rw") as f:
                f.readline()
                for name, arguments in (("qmp_capabilities", {}), *requests):
                    f.write(json.dumps({"execute": name, "arguments": arguments}) + "\n")
                    f.flush()
                    while "return" not in (said := json.loads(f.readline())):
                        assert "error" not in said, said
                    answers.append(said["return"])
        return answers[1:]

    def type_on_keyboard(self, *keys):
        self.ask(*(("send-key", {"keys": [{"type": "qcode", "data": key}]}) for key in keys))

    def screenshot(self, path):
        self.ask(("screendump", {"filename": str(path), "format": "png"}))

    def shell(self, commands):
        """Does it in the menu's shell, and comes back to the menu."""
        self.press(b"x")
        self.wait_for(rb"Type exit to come back")
        self.press(commands.encode() + b"; exit\r")
        self.wait_for(MENU)

    def plug(self, image, *layers):
        """Plugs a stick in: an image, and layers of QEMU's above it, the last of which it is."""
        node = {"driver": "file", "filename": str(image)}
        for driver, options in (("raw", {}), *layers):
            child = "image" if driver == "blkdebug" else "file"
            node = {"driver": driver, child: node, **options}
        self.ask(("blockdev-add", {**node, "node-name": "plugged"}),
                 ("device_add", {"driver": "usb-storage", "id": "plugged", "drive": "plugged"}))
        self.shell("until ls /dev/sd?1 2>/dev/null; do usleep 100000; done")

    def pull(self):
        self.ask(("device_del", {"id": "plugged"}))
        until = time.monotonic() + TIMEOUT
        while time.monotonic() < until:
            try:
                self.ask(("blockdev-del", {"node-name": "plugged"}))
                return
            except AssertionError:  # requests are still on their way
                time.sleep(0.1)
        raise AssertionError(f"the stick is still in use; see {self.folder}")

    def written(self):
        """Bytes that the plugged stick was given."""
        devices, = self.ask(("query-blockstats", {}))
        return sum(d["stats"]["wr_bytes"] for d in devices if d.get("node-name") == "plugged")

    def wait_for_code(self, path):
        """Takes pictures of the screen until one shows a QR code; returns its text."""
        while time.monotonic() < self.start + TIMEOUT:
            self.screenshot(path)
            if (text := qr.read(path)) is not None:
                return text
        raise AssertionError(f"no code on the screen; see {path}")
