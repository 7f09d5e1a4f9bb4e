# SPDX-License-Identifier: MIT
"""Windows driver files made from a clean one, and `vbscheck drivers` over them."""
import struct
import tempfile
from pathlib import Path

from harness import PROJECT, Case, check_report, parse, run

CLEAN = PROJECT / "tests/fuzz/corpus/parse_pe/clean"
SECTIONS = 0x40 + 24 + 240
RWX = 0xe0000020


def driver(data=None, section=None, flags=None, machine=None, subsystem=None):
    """A clean driver, changed."""
    data = bytearray(data or CLEAN.read_bytes())
    if section is not None:
        struct.pack_into("<I", data, SECTIONS + section * 40 + 36, flags)
    if machine is not None:
        struct.pack_into("<H", data, 0x44, machine)
    if subsystem is not None:
        struct.pack_into("<H", data, 0x40 + 24 + 68, subsystem)
    return bytes(data)


def drivers(*args, status=0):
    r = run("drivers", "--format", "json", *args, ok=(status,))
    return check_report(parse(r.out))


class DriverCase(Case):
    def files(self, **contents):
        folder = Path(tempfile.mkdtemp(dir=self.dir))
        for name, data in contents.items():
            path = folder / name.replace("__", "/").replace("_", ".")
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        return folder
