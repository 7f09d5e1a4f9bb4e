# SPDX-License-Identifier: MIT
"""Boots an image of the live stick with Secure Boot enforced and sits at its serial console."""
import json
import os
import re
import select
import shutil
import socket
import subprocess
import time

from boot import fetch
from qemu import FIRMWARE, TIMEOUT

SECURE_BOOT = FIRMWARE["amd64"]["secure-boot"]

BASE = ("-accel", "tcg,thread=multi", "-cpu", "EPYC", "-smp", "1", "-m", "1024", "-nodefaults",
        "-display", "none", "-device", "VGA", "-serial", "stdio", "-device", "qemu-xhci")
# Makers may call their machines anything.
HOSTILE = '../../x: "Book*?<>|$(reboot)`'
NAMED = ("-smbios", "type=1,product=" + HOSTILE)


def usb(image, *more):
    """QEMU's arguments for a stick."""
    return ("-drive", ",".join((f"if=none,id=stick,format=raw,file={image}", *more)),
            "-device", "usb-storage,drive=stick,bootindex=0")


def fill(image):
    """Leaves no room on a stick."""
    offset = f"{image}@@{1 << 20}"
    for size in (1 << 20, 64 << 10, 512):
        for i in range(99):
            r = subprocess.run(["mcopy", "-i", offset, "-", f"::/fill{size}.{i}"],
                               input=bytes(size), stderr=subprocess.DEVNULL)
            if r.returncode:
                break


def disc(image):
    """QEMU's arguments for a drive with a disc."""
    return ("-drive", f"if=none,id=disc,media=cdrom,readonly=on,format=raw,file={image}",
            "-device", "ide-cd,drive=disc,bootindex=0")


class Machine:
    """A machine that runs until it switches itself off, or until it needed too much time."""

    def __init__(self, folder, *medium):
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        self.folder, self.said, self.seen = folder, b"", 0
        variables = folder / "vars.fd"
        share = fetch("ovmf") / "usr/share"
        shutil.copyfile(share / SECURE_BOOT.variables, variables)
        code = f"if=pflash,format=raw,unit=0,readonly=on,file={share / SECURE_BOOT.code}"
        argv = ["timeout", "-k", "10", str(TIMEOUT), "qemu-system-x86_64", *SECURE_BOOT.qemu,
                *BASE, "-drive", code, "-drive", f"if=pflash,format=raw,unit=1,file={variables}",
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
            assert self._read(), (f"no {pattern!r} after {time.monotonic() - self.start:.0f} s; "
                                  f"see {self.folder}; last:\n{self.said[-2000:].decode()}")
        self.seen = found.end()
        return found

    def press(self, keys):
        self.child.stdin.write(keys)
        self.child.stdin.flush()

    def choose_entry(self, number):
        """Chooses an entry of GRUB's menu, from 0."""
        self.wait_for(rb"executed automatically")
        self.press(b"\x1b[B" * number + b"\r")

    def wait_until_off(self):
        while self._read():
            pass
        assert self.child.wait(TIMEOUT) == 0, f"did not switch itself off; see {self.folder}"

    def ask(self, *requests):
        """Gives QEMU requests of (name, arguments), and waits for each to be done."""
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

    def type_on_keyboard(self, *keys):
        self.ask(*(("send-key", {"keys": [{"type": "qcode", "data": key}]}) for key in keys))

    def screenshot(self, path):
        self.ask(("screendump", {"filename": str(path), "format": "png"}))
