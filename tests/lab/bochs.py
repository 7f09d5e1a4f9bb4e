# SPDX-License-Identifier: MIT
"""Boots processors under Bochs, which unlike QEMU emulates Intel's virtualization as well.

It has neither UEFI nor a TPM nor an IOMMU, and CPUID says nothing of a hypervisor: to programs it
is an old machine of metal. The live system comes from a CD, since BIOS has to load it.

By hand: bochs.py NAME... prints the reports that root gets, bochs.py alone the names.
"""
import shutil
import subprocess
import time
from dataclasses import dataclass
from pathlib import Path

import boot  # first: it knows where the harness is
from harness import PROJECT, need, need_tool
from qemu import TIMEOUT

# Where there is VMX, the BIOS switches it on and locks that:
#     jz behind; mov ecx, 3Ah; rdmsr; or eax, 5; wrmsr
SETS = "740c b93a000000 0f32 83c805 0f30"


@dataclass(frozen=True)
class Machine:
    model: str  # Bochs's name of the processor
    sets: str = SETS  # what the BIOS does instead


MACHINES = {
    "bochs-skylake-x": Machine("corei7_skylake_x"),
    "bochs-lynnfield": Machine("corei5_lynnfield_750"),
    "bochs-penryn": Machine("core2_penryn_t9600"),
    "bochs-trinity": Machine("trinity_apu"),
    "bochs-vmx-off": Machine("corei7_skylake_x", SETS.replace("c805", "c801")),
    "bochs-vmx-open": Machine("corei7_skylake_x", SETS.replace("c805", "c800")),
    # Always: mov ecx, C0010114h; rdmsr; or eax, 18h; wrmsr, which is SVMDIS and its lock.
    "bochs-svm-off": Machine("trinity_apu", "9090 b9140101c0 0f32 83c818 0f30"),
}
STEPS = ("registers", "live", "replay", "user")
# Debian 13's Bochs is the first with mode-based execute control.
PACKAGES = ("-s", "trixie", "-t", "bochs", "bochs", "bochs-term", "bochsbios", "vgabios",
            "isolinux", "syslinux-common")
LIBRARIES = "lib/x86_64-linux-gnu"

# A serial line is as slow here as its rate says.
ISOLINUX = f"""\
DEFAULT linux
LABEL linux
KERNEL /linux
APPEND initrd=/initrd console=ttyS0,115200 panic=-1 quiet lab={','.join(STEPS)}
"""

# Linux reads registers that Bochs does not know, which would end it. Of sound cards there may be
# none, of terminals there has to be one, for Debian builds no display that needs none.
BOCHSRC = """\
cpu: model={model}, count=1, ips=200000000, reset_on_triple_fault=0, ignore_bad_msrs=1
clock: sync=none
megs: 512
romimage: file=bios, options=fastboot
vgaromimage: file={bochs}/usr/share/bochs/VGABIOS-lgpl-latest
ata0: enabled=1, ioaddr1=0x1f0, ioaddr2=0x3f0, irq=14
ata0-master: type=cdrom, path="{iso}", status=inserted
boot: cdrom
com1: enabled=1, mode=file, dev=console.log
display_library: term
sound: waveoutdrv=dummy, waveindrv=dummy, midioutdrv=dummy
log: bochs.log
panic: action=report
error: action=report
info: action=ignore
debug: action=ignore
"""
# Debian builds it with a debugger, which waits to be told.
DEBUGGER = "c\nq\n"
SWITCHED_OFF = b"ACPI control: soft power off"


def fetch(*arguments):
    """The folder of unpacked packages."""
    r = subprocess.run([PROJECT / "live/packages.sh", *arguments],
                       stdout=subprocess.PIPE, text=True)
    need(r.returncode == 0, "nothing to boot; packages.sh says above why")
    return Path(r.stdout.strip())


def make_iso(bochs, folder):
    """A CD with the lab's live system and the kernel that unpacks the fastest."""
    folder.mkdir(parents=True, exist_ok=True)
    kernel = fetch("-s", "bookworm", "linux-image-cloud-amd64")
    image, = kernel.glob("boot/vmlinuz-*")
    initrd = boot.make_initrd(kernel, folder)
    # To read it takes longer than to unpack it.
    subprocess.run(["zstd", "-q", "-f", "-9", "-T2", initrd, "-o", folder / "initrd.zst"],
                   check=True)
    (folder / "isolinux.cfg").write_text(ISOLINUX)
    subprocess.run(
        ["xorriso", "-as", "mkisofs", "-quiet", "-o", folder / "boot.iso",
         "-b", "isolinux.bin", "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
         "-graft-points", f"linux={image}", f"initrd={folder}/initrd.zst",
         f"isolinux.cfg={folder}/isolinux.cfg",
         f"isolinux.bin={bochs}/usr/lib/ISOLINUX/isolinux.bin",
         f"ldlinux.c32={bochs}/usr/lib/syslinux/modules/bios/ldlinux.c32"],
        check=True)
    return folder / "boot.iso"


def make_bios(bochs, sets):
    """Bochs's BIOS, with other instructions in one place."""
    bios = (bochs / "usr/share/bochs/BIOS-bochs-latest").read_bytes()
    assert bios.count(bytes.fromhex(SETS)) == 1, "the BIOS is not the one that is known"
    return bios.replace(bytes.fromhex(SETS), bytes.fromhex(sets))


def command(bochs):
    """Bochs, with its own loader and libraries, in a terminal that has a size."""
    path = f"{bochs}/usr/{LIBRARIES}:{bochs}/{LIBRARIES}"
    run = (f"'{bochs}/lib64/ld-linux-x86-64.so.2' --library-path '{path}' "
           f"'{bochs}/usr/bin/bochs-bin' -q -rc debugger -f bochsrc")
    # A Bochs that nobody waits for any more ends with its terminal.
    return ["timeout", "--kill-after=5", str(TIMEOUT), "script", "-qefc",
            f"stty rows 30 cols 100; exec {run}", "screen"]


def boot_one(name, bochs, iso):
    """Boots a scenario. What it left in its folder stays there until its next boot."""
    folder = boot.ARTEFACTS / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    machine = MACHINES[name]
    (folder / "bios").write_bytes(make_bios(bochs, machine.sets))
    (folder / "bochsrc").write_text(BOCHSRC.format(model=machine.model, bochs=bochs, iso=iso))
    (folder / "debugger").write_text(DEBUGGER)
    (folder / "console.log").touch()
    env = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "BXSHARE": f"{bochs}/usr/share/bochs",
           "LTDL_LIBRARY_PATH": f"{bochs}/usr/{LIBRARIES}/bochs/plugins"}
    boot.record(name, 0, "did not boot")
    start = time.monotonic()
    r = subprocess.run(command(bochs), cwd=folder, env=env, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    wall = time.monotonic() - start
    log = folder / "bochs.log"
    # To be switched off is a panic to Bochs, so that its status tells nothing.
    assert log.exists() and SWITCHED_OFF in log.read_bytes(), (
        f"{name}: Bochs ended with {r.returncode} after {wall:.0f} s without being switched off, "
        f"124 is a timeout; see {folder}")
    return boot.told(boot.Boot(name, folder, wall))


def boot_all(names):
    """{name: a Boot, or the exception that stands for it}, two machines at a time."""
    boot.need_lab()
    for tool in ("script", "xorriso", "zstd"):
        need_tool(tool)
    bochs = fetch(*PACKAGES)
    iso = make_iso(bochs, boot.ARTEFACTS / "bochs")
    return boot.two_at_a_time(names, lambda name, _: boot_one(name, bochs, iso))


if __name__ == "__main__":
    boot.by_hand(MACHINES, boot_all)
