# SPDX-License-Identifier: MIT
"""Disks with a Windows on them, made without mounting: NTFS by mkntfs and make_ntfs."""
import os
import shutil
import struct
import subprocess
import zlib
from pathlib import Path

from harness import need, need_tool

MAKE_NTFS = os.environ.get("VBSCHECK_MAKE_NTFS", "")
SYSTEM32 = "Windows/System32"
MIB = 1 << 20


def need_ntfs():
    need(os.path.exists(MAKE_NTFS), "libntfs-3g, or make_ntfs (VBSCHECK_MAKE_NTFS), is not there")
    os.environ["PATH"] += ":/sbin:/usr/sbin"
    need_tool("mkntfs")


def write_tree(folder, files):
    for name, data in files.items():
        path = Path(folder, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return folder


def volume(image, files, *commands, size=32 * MIB, label="Windows"):
    """An NTFS volume that holds {path: bytes}; then commands of make_ntfs."""
    need_ntfs()
    tree = write_tree(Path(f"{image}.tree"), files)
    with open(image, "wb") as f:
        f.truncate(size)
    subprocess.run(["mkntfs", "-F", "-Q", "-q", "-L", label, image], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    subprocess.run([MAKE_NTFS, image, "tree", tree, *commands], check=True)
    shutil.rmtree(tree)
    return Path(image)


def gpt(image, *parts, sector=512):
    """A disk with these partitions: paths of volumes, or bytes. The second copy is left out."""
    entries, data, at = bytearray(128 * 128), b"", MIB
    with open(image, "wb") as f:
        for i, part in enumerate(parts):
            data = part if isinstance(part, bytes) else Path(part).read_bytes()
            size = -(-len(data) // MIB) * MIB
            struct.pack_into("<16s16sQQ", entries, i * 128, b"\x11" * 16, b"\x22" * 16,
                             at // sector, (at + size) // sector - 1)
            f.seek(at)
            f.write(data)
            at += size
        f.truncate(at + MIB)
        mbr = bytearray(512)
        struct.pack_into("<BBBBBBBBII", mbr, 446, 0, 0, 2, 0, 0xee, 255, 255, 255, 1, 0xffffffff)
        mbr[510:] = b"\x55\xaa"
        header = bytearray(struct.pack("<8sIIIIQQQQ16sQIII", b"EFI PART", 0x10000, 92, 0, 0, 1, 0,
                                       34, at // sector, b"\x33" * 16, 2, 128, 128,
                                       zlib.crc32(entries)))
        struct.pack_into("<I", header, 16, zlib.crc32(header))
        for where, what in ((0, mbr), (sector, header), (2 * sector, entries)):
            f.seek(where)
            f.write(what)
    return Path(image)
