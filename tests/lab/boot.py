# SPDX-License-Identifier: MIT
"""Boots scenarios under QEMU and brings back what their steps left behind.

By hand: boot.py NAME... prints the reports that root gets, boot.py alone the names.
"""
import base64
import concurrent.futures
import functools
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import threading
import time
from dataclasses import dataclass
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from harness import PROGRAM, PROJECT, need, need_tool  # noqa: E402
import arm64  # noqa: E402
import poke  # noqa: E402
import x86  # noqa: E402
from qemu import ARCHES, command  # noqa: E402

SCENARIOS = {**x86.SCENARIOS, **arm64.SCENARIOS}

ARTEFACTS = PROJECT / "build/lab"
AT_ONCE = 2

MARKED = re.compile(rb"^LAB-BEGIN (\S+)\n(.*?)\nLAB-END \1 ([0-9a-f]{64})$", re.M | re.S)


class Boot:
    """One boot that came to its end: what the steps left behind, as STEP/NAME."""

    def __init__(self, name, folder, wall):
        self.name, self.folder, self.wall = name, folder, wall
        self.files = {}
        console = (folder / "console.log").read_bytes()
        for name, data, digest in MARKED.findall(console):
            name = name.decode()
            data = base64.b64decode(data) if name.endswith(".gz") else data
            assert hashlib.sha256(data).hexdigest() == digest.decode(), f"{self}: {name} is broken"
            self.files[name] = data
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
        assert console.count(b"LAB-BEGIN ") == len(self.files), f"{self}: a file lacks its end"
        assert b"\nLAB-DONE\n" in console, f"{self}: did not come to its end"

    def __str__(self):
        return f"{self.name} (see {self.folder})"

    def __getitem__(self, name):
        assert name in self.files, f"{self}: there is no {name}"
        return self.files[name]


RECORDING = threading.Lock()


def record(name, wall, verdict):
    """A machine's row of results.tsv, in place of the one that it may have."""
    path = ARTEFACTS / "results.tsv"
    with RECORDING:
        lines = path.read_text().splitlines() if path.exists() else []
        rows = {line.split("\t")[0]: line for line in lines}
        rows[name] = f"{name}\t{wall:.2f}\t{verdict}"
        path.write_text("".join(f"{row}\n" for row in rows.values()))


def told(made):
    """Says of a boot how long it took and what came out, on the screen and in results.tsv."""
    verdict = json.loads(made["live/report.json"])["verdict"]
    print(f"{made.wall:6.2f} s {made.name:24} {verdict}", flush=True)
    record(made.name, made.wall, verdict)
    return made


def ask(*argv):
    """The lines that a script of live/ prints. It says itself why it fails."""
    r = subprocess.run([PROJECT / "live" / argv[0], *argv[1:]], stdout=subprocess.PIPE, text=True)
    need(r.returncode == 0, f"{' '.join(argv)} failed")
    return r.stdout.splitlines()


@functools.cache
def fetch(package, suite="bookworm", arch="amd64"):
    """The folder of the unpacked package."""
    folder, = ask("packages.sh", "-a", arch, "-s", suite, package)
    return Path(folder)


@dataclass(frozen=True)
class Parts:
    """What machines share."""

    kernel: Path
    initrd: Path
    firmware: Path
    xen: Path = None  # the folder of its package, where the machine boots it


def need_lab(*tools):
    """Skips aloud, or fails in CI, where something is missing that every boot needs."""
    need(os.uname().machine == "x86_64", "the lab runs on x86 machines only")
    for tool in ("cpio", "timeout", *tools):
        need_tool(tool)


def make_parts(scenario):
    need_lab(ARCHES[scenario.arch].qemu[0])
    # For all architectures, as Debian sees it: it runs on none of them.
    firmware = fetch(ARCHES[scenario.arch].package, scenario.suite) / "usr/share"
    xen = fetch("xen-hypervisor-4.17-amd64") if scenario.xen else None
    return Parts(*make_system(scenario.arch), firmware, xen)


@functools.cache
def make_system(arch):
    """The folder of the kernel, and the initramfs."""
    kernel = fetch(f"linux-image-{arch}", arch=arch)
    folder = ARTEFACTS / f"initrd-{arch}"
    folder.mkdir(parents=True, exist_ok=True)
    return kernel, make_initrd(kernel, folder, arch)


def cross_build():
    """The program for arm64, and the folder of its libraries."""
    need_tool("aarch64-linux-gnu-gcc")  # which cross.sh would install
    return ask("cross.sh")


def add_modules(top, kernel, names):
    """This kernel's, which need not be the one of the live system."""
    (top / "etc").mkdir()
    paths = [next(kernel.glob(f"lib/modules/**/{name}.ko")) for name in names]
    (top / "etc/modules").write_text("".join(f"/{p.relative_to(kernel)}\n" for p in paths))
    for path in paths:
        (top / path.relative_to(kernel)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, top / path.relative_to(kernel))


def add_chattr(top):
    """This machine's, with its libraries: Debian's busybox has none."""
    r = subprocess.run(["ldd", "/usr/bin/chattr"], stdout=subprocess.PIPE, text=True, check=True)
    for path in ("/bin/chattr", *re.findall(r"=> (/\S+)", r.stdout)):
        (top / path[1:]).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, top / path[1:])


def make_initrd(kernel, folder, arch="amd64"):
    """The live system, and behind it what makes it run the lab's steps, with few modules."""
    live, top, out = folder / "live.cpio", folder / "overlay", folder / "initrd.cpio"
    program, root = cross_build() if arch == "arm64" else (PROGRAM, "/")
    subprocess.run([PROJECT / "live/initrd.sh", "-a", arch, "-r", root, program, live], check=True)
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(HERE / "steps", top / "steps")
    shutil.copy(PROJECT / "contrib/collect.sh", top / "steps/contrib-collect.sh")
    shutil.copy(HERE / "session.sh", top / "session")
    add_modules(top, kernel, ARCHES[arch].modules)
    if arch == "amd64":
        add_chattr(top)
    names = "".join(f"{p.relative_to(top)}\n" for p in sorted(top.rglob("*")))
    r = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], cwd=top,
                       input=names.encode(), stdout=subprocess.PIPE, check=True)
    out.write_bytes(live.read_bytes() + r.stdout)
    return out


def boot(name, parts):
    """Boots a scenario. What it left in its folder stays there until its next boot."""
    folder = ARTEFACTS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    scenario = SCENARIOS[name]
    argv = command(scenario, parts, folder)
    (folder / "command").write_text("\n".join(argv) + "\n")
    if scenario.poked:
        poke.start(folder)
    record(name, 0, "did not boot")
    start = time.monotonic()
    r = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
    wall = time.monotonic() - start
    (folder / "qemu.log").write_bytes(r.stdout)
    assert r.returncode == 0, (f"{name}: QEMU ended with {r.returncode} after {wall:.0f} s, "
                               f"124 is a timeout; see {folder}\n{r.stdout.decode()}")
    return told(Boot(name, folder, wall))


def two_at_a_time(names, start):
    """{name: what start(name, coming) returns, or the exception that stands for it}; `coming` has
    the futures of the names before it."""
    coming = {}
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        for name in names:
            coming[name] = pool.submit(start, name, coming)
    return {name: c.exception() or c.result() for name, c in coming.items()}


def boot_all(names):
    """{name: a Boot, or the exception that stands for it}, two machines at a time."""
    parts = {name: make_parts(SCENARIOS[name]) for name in names}

    def start(name, coming):
        before = coming.get(SCENARIOS[name].variables_of)
        if before:
            before.result()
        return boot(name, parts[name])

    return two_at_a_time(names, start)


def by_hand(known, boot_all):
    """What a kind of machines does as a program."""
    names = sys.argv[1:]
    if not names:
        print("\n".join(known))
    for made in boot_all(names).values() if names else ():
        if isinstance(made, Exception):
            raise made
        sys.stdout.buffer.write(made["live/report.txt"] + b"\n")


if __name__ == "__main__":
    by_hand(SCENARIOS, boot_all)
