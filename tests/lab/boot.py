# SPDX-License-Identifier: MIT
"""Boots scenarios under QEMU and brings back what their steps left behind.

By hand: boot.py NAME... prints the reports that root gets, boot.py alone the names.
"""
import base64
import concurrent.futures
import functools
import hashlib
import os
import re
import shutil
import struct
import subprocess
import sys
import time
import uuid
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent / "e2e"))
from harness import PROGRAM, PROJECT, need, need_tool  # noqa: E402
from scenarios import SCENARIOS  # noqa: E402

ARTEFACTS = PROJECT / "build/lab"
FIRMWARE = Path("/usr/share/OVMF")
TIMEOUT = 240
AT_ONCE = 2

# KVM is never used: where it is only half there, firmware dies of it. A second processor would
# cost the other machine its own.
BASE = ("-M", "q35", "-accel", "tcg,thread=multi", "-cpu", "EPYC", "-smp", "1", "-m", "512",
        "-nodefaults", "-display", "none", "-monitor", "none", "-no-reboot")
APPEND = "console=ttyS0 panic=-1 quiet"
MODULES = ("msr", "efivarfs")  # instead of the live system's, which cost emulated time

# OVMF with SMM. As Debian 12 builds it, it has MOR and a lock of revision 2 where there is a TPM and
# MOR is in the store already.
SMM = ("-M", "q35,smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on")
MOR_GUID = uuid.UUID("e20939be-32d4-41be-a150-897f85d49829")
VARIABLES_AT = 0x48 + 0x1c  # behind the headers of the volume and of the variable store

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


def need_lab():
    """Skips aloud, or fails in CI, where something is missing that every boot needs."""
    need(os.uname().machine == "x86_64", "the lab boots x86 machines, with this machine's program")
    for tool in ("qemu-system-x86_64", "cpio", "timeout"):
        need_tool(tool)
    for name in ("OVMF_CODE_4M.fd", "OVMF_CODE_4M.secboot.fd", "OVMF_VARS_4M.fd"):
        need((FIRMWARE / name).exists(), f"{FIRMWARE / name} not found: package ovmf")


@functools.cache
def fetch_kernel():
    """The folder of the unpacked kernel, or None."""
    r = subprocess.run([PROJECT / "live/packages.sh", "-s", "bookworm", "linux-image-amd64"],
                       stdout=subprocess.PIPE, text=True)
    return Path(r.stdout.strip()) if r.returncode == 0 else None


def make_initrd(kernel, folder):
    """The live system, and behind it what makes it run the lab's steps, with few modules."""
    live, top, out = folder / "live.cpio", folder / "overlay", folder / "initrd.cpio"
    subprocess.run([PROJECT / "live/initrd.sh", PROGRAM, live], check=True)
    shutil.rmtree(top, ignore_errors=True)
    shutil.copytree(HERE / "steps", top / "steps")
    shutil.copy(HERE / "session.sh", top / "session")
    (top / "etc").mkdir()
    paths = [next(kernel.glob(f"lib/modules/**/{name}.ko")) for name in MODULES]
    (top / "etc/modules").write_text("".join(f"/{p.relative_to(kernel)}\n" for p in paths))
    for path in paths:  # this kernel's, which need not be the one of the live system
        (top / path.relative_to(kernel)).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(path, top / path.relative_to(kernel))
    names = "".join(f"{p.relative_to(top)}\n" for p in sorted(top.rglob("*")))
    r = subprocess.run(["cpio", "--quiet", "-o", "-H", "newc", "-R", "0:0"], cwd=top,
                       input=names.encode(), stdout=subprocess.PIPE, check=True)
    out.write_bytes(live.read_bytes() + r.stdout)
    return out


def seed_mor(path):
    """Puts MOR into a store that is empty: an AUTHENTICATED_VARIABLE_HEADER, name and data."""
    name = "MemoryOverwriteRequestControl".encode("utf-16-le") + b"\0\0"
    head = struct.pack("<HBBIQ16sIII", 0x55aa, 0x3f, 0, 7, 0, bytes(16), 0, len(name), 1)
    record = head + MOR_GUID.bytes_le + name + b"\0"
    store = bytearray(path.read_bytes())
    place = slice(VARIABLES_AT, VARIABLES_AT + len(record))
    assert set(store[place]) == {0xff}, f"{path}: the variable store is not empty"
    store[place] = record
    path.write_bytes(store)


def start_tpm(folder):
    """QEMU's arguments for an emulated TPM, which ends with QEMU."""
    need_tool("swtpm")
    (folder / "tpm").mkdir()
    subprocess.run(["swtpm", "socket", "--tpm2", "--tpmstate", f"dir={folder}/tpm", "--ctrl",
                    f"type=unixio,path={folder}/tpm/sock", "--flags", "startup-clear", "--daemon"],
                   check=True)
    return ("-chardev", f"socket,id=tpm,path={folder}/tpm/sock", "-tpmdev",
            "emulator,id=tpm0,chardev=tpm", "-device", "tpm-tis,tpmdev=tpm0")


def command(scenario, kernel, initrd, folder):
    code = "OVMF_CODE_4M.secboot.fd" if scenario.mor else "OVMF_CODE_4M.fd"
    more = (*SMM, *start_tpm(folder)) if scenario.mor else ()
    image, = kernel.glob("boot/vmlinuz-*")
    append = f"{APPEND} lab={','.join(scenario.steps)} {scenario.append}".rstrip()
    # A QEMU that nobody waits for any more ends all the same.
    return ["timeout", "--kill-after=5", str(TIMEOUT), "qemu-system-x86_64", *BASE,
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={FIRMWARE}/{code}",
            "-drive", f"if=pflash,format=raw,unit=1,file={folder}/vars.fd",
            *more, *scenario.qemu, "-serial", f"file:{folder}/console.log",
            "-kernel", str(image), "-initrd", str(initrd), "-append", append]


def boot(name, kernel, initrd):
    """Boots a scenario. What it left in its folder stays there until its next boot."""
    folder = ARTEFACTS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    shutil.copyfile(FIRMWARE / "OVMF_VARS_4M.fd", folder / "vars.fd")
    if SCENARIOS[name].mor:
        seed_mor(folder / "vars.fd")
    argv = command(SCENARIOS[name], kernel, initrd, folder)
    (folder / "command").write_text("\n".join(argv) + "\n")
    start = time.monotonic()
    r = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT)
    wall = time.monotonic() - start
    (folder / "qemu.log").write_bytes(r.stdout)
    print(f"{wall:6.2f} s {name}", flush=True)
    assert r.returncode == 0, (f"{name}: QEMU ended with {r.returncode} after {wall:.0f} s, "
                               f"124 is a timeout; see {folder}\n{r.stdout.decode()}")
    return Boot(name, folder, wall)


def boot_all(names):
    """{name: a Boot, or the exception that stands for it}, two machines at a time."""
    need_lab()
    ARTEFACTS.mkdir(parents=True, exist_ok=True)
    kernel = fetch_kernel()
    need(kernel is not None, "no kernel to boot; packages.sh says above why")
    initrd = make_initrd(kernel, ARTEFACTS)
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        coming = {name: pool.submit(boot, name, kernel, initrd) for name in names}
    return {name: c.exception() or c.result() for name, c in coming.items()}


def main(names):
    if not names:
        print("\n".join(SCENARIOS))
    for made in boot_all(names).values() if names else ():
        if isinstance(made, Exception):
            raise made
        sys.stdout.buffer.write(made["live/report.txt"] + b"\n")


if __name__ == "__main__":
    main(sys.argv[1:])
