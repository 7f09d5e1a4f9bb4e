# SPDX-License-Identifier: MIT
"""QEMU's command line for a scenario, and what has to be there before it starts."""
import shutil
import struct
import subprocess
import sys
import uuid
from dataclasses import dataclass

import variables
from harness import PROJECT, need_tool
sys.path.insert(0, str(PROJECT / "tests/support"))
from fixtures import compile_table  # noqa: E402

# Seconds that a machine may take: ten times what the slowest needs on processors it has to share.
TIMEOUT = 600

# KVM is never used: where it is only half there, firmware dies of it. A second processor would
# cost the other machine its own.
BASE = ("-accel", "tcg,thread=multi", "-smp", "1", "-m", "512", "-nodefaults", "-display", "none",
        "-monitor", "none", "-no-reboot")
APPEND = "panic=-1 quiet"
# Linux on x86 counts the timer's interrupts against the processor's clock before it trusts them, and
# panics when too few arrive: on a busy host an emulated timer is late.
UNHURRIED = "no_timer_check"


@dataclass(frozen=True)
class Arch:
    """What differs between architectures. A scenario may say more of the machine."""

    qemu: tuple
    package: str  # of the firmware
    console: str
    modules: tuple  # instead of the live system's, which cost emulated time
    append: tuple = ()  # words for the kernel's command line


ARCHES = {
    "amd64": Arch(("qemu-system-x86_64", "-M", "q35", "-cpu", "EPYC"), "ovmf", "ttyS0",
                  ("msr", "efivarfs"), (UNHURRIED,)),
    "arm64": Arch(("qemu-system-aarch64", "-M", "virt,gic-version=3", "-cpu", "cortex-a72"),
                  "qemu-efi-aarch64", "ttyAMA0", ("efivarfs",)),
}

SMM = ("-M", "q35,smm=on", "-global", "driver=cfi.pflash01,property=secure,value=on")


@dataclass(frozen=True)
class Firmware:
    """Code and variables below usr/share of its package; without code it is QEMU's own BIOS."""

    code: str = ""
    variables: str = ""
    qemu: tuple = ()
    seeded: bool = False  # with MOR, which the firmware then keeps


FIRMWARE = {
    "amd64": {
        "bios": Firmware(),
        "plain": Firmware("OVMF/OVMF_CODE_4M.fd", "OVMF/OVMF_VARS_4M.fd"),
        "smm": Firmware("OVMF/OVMF_CODE_4M.secboot.fd", "OVMF/OVMF_VARS_4M.fd", SMM),
        # As Debian 12 builds it, it has MOR and a lock of revision 2 where there is a TPM and MOR
        # is in the store already.
        "mor": Firmware("OVMF/OVMF_CODE_4M.secboot.fd", "OVMF/OVMF_VARS_4M.fd", SMM, seeded=True),
        "secure-boot": Firmware("OVMF/OVMF_CODE_4M.secboot.fd", "OVMF/OVMF_VARS_4M.ms.fd", SMM),
        # Of Debian 13: what a program writes it may not run, and the other way round.
        "strict-nx": Firmware("OVMF/OVMF_CODE_4M.secboot.strictnx.fd", "OVMF/OVMF_VARS_4M.ms.fd",
                              SMM),
    },
    "arm64": {
        "plain": Firmware("AAVMF/AAVMF_CODE.fd", "AAVMF/AAVMF_VARS.fd"),
        "secure-boot": Firmware("AAVMF/AAVMF_CODE.ms.fd", "AAVMF/AAVMF_VARS.ms.fd"),
    },
}
MOR_GUID = uuid.UUID("e20939be-32d4-41be-a150-897f85d49829")


def seed_mor(path):
    """Puts MOR into a store that is empty."""
    store = bytearray(path.read_bytes())
    variables.append(store, "MemoryOverwriteRequestControl", MOR_GUID, 7, b"\0")
    path.write_bytes(store)


def flash(scenario, share, folder):
    """Firmware and its variables, which are the machine's own."""
    f = FIRMWARE[scenario.arch][scenario.firmware]
    if not f.code:
        return ()
    store = folder / "vars.fd"
    if scenario.variables_of:
        shutil.copyfile(folder.parent / scenario.variables_of / "vars.fd", store)
    else:
        # Of the 64 MiB on Arm nearly all is zeros.
        subprocess.run(["cp", "--sparse=always", share / f.variables, store], check=True)
        if f.seeded:
            seed_mor(store)
    return (*f.qemu,
            "-drive", f"if=pflash,format=raw,unit=0,readonly=on,file={share / f.code}",
            "-drive", f"if=pflash,format=raw,unit=1,file={store}")


def start_tpm(scenario, folder):
    """An emulated TPM, which ends with QEMU."""
    if not scenario.tpm:
        return ()
    top = folder / "tpm"
    top.mkdir()
    two = [w for w in scenario.tpm_setup if w == "--tpm2"]
    for tool in ("swtpm", "swtpm_setup"):
        need_tool(tool)
    if two:
        subprocess.run(["swtpm_setup", "--tpmstate", top, "--overwrite", "--logfile",
                        folder / "swtpm_setup.log", *scenario.tpm_setup], check=True)
    subprocess.run(["swtpm", "socket", *two, "--tpmstate", f"dir={top}", "--ctrl",
                    f"type=unixio,path={top}/sock", "--flags", "startup-clear", "--daemon"],
                   check=True, stdout=subprocess.DEVNULL)
    return ("-chardev", f"socket,id=tpm,path={top}/sock", "-tpmdev",
            "emulator,id=tpm0,chardev=tpm", "-device", f"{scenario.tpm},tpmdev=tpm0")


def tables(scenario, folder):
    """ACPI tables: NAME of fixtures/tables, or SIGNATURE:BYTES, to which QEMU makes the header."""
    for i, table in enumerate(scenario.tables):
        path = folder / f"table{i}"
        signature, colon, body = table.partition(":")
        if colon:
            path.write_bytes(bytes.fromhex(body))
            yield from ("-acpitable", f"sig={signature},rev=1,oem_id=VBSCHK,oem_table_id=VBSTEST,"
                                      f"data={path}")
        else:
            need_tool("iasl")
            aml = path.with_suffix(".aml")
            compile_table(PROJECT / f"fixtures/tables/{table}.asl", aml)
            yield from ("-acpitable", f"file={aml}")


def poking(scenario, folder):
    """The second serial line, on which bytes to change are asked for, and QEMU's own debugger."""
    if not scenario.poked:
        return ()
    return ("-chardev", f"socket,id=poke,path={folder}/poke.sock", "-serial", "chardev:poke",
            "-chardev", f"socket,id=gdb,path={folder}/gdb.sock,server=on,wait=off", "-gdb",
            "chardev:gdb")


def write_bios(path):
    """SMBIOS's structure of the firmware, without what QEMU's and OVMF's own say: that this is a
    virtual machine."""
    uefi = 1 << 3
    head = struct.pack("<BBHBBHBBQBBBBBB", 0, 24, 0, 1, 2, 0, 3, 0, 1 << 3, 0, uefi, 1, 0, 255, 255)
    path.write_bytes(head + b"VBSCHK\0" b"1\0" b"01/01/2024\0" b"\0")


# Its console is the second serial line, so that the first is dom0's. It idles by MWAIT with
# interrupts off, where dom0 tells it of C-states, and QEMU without KVM faults at that.
XEN = """[global]
default=dom0
[dom0]
options=console=com2 com2=115200 noreboot cpuidle=0 dom0_mem=512M
kernel=vmlinuz {append}
ramdisk=initrd
"""


def booting_xen(parts, image, append, folder):
    """A disk whose Xen the firmware starts, and the file that tells Xen what to start."""
    top = folder / "disk/EFI/BOOT"
    top.mkdir(parents=True)
    xen, = parts.xen.glob("boot/xen-*.efi")
    for name, path in (("BOOTX64.EFI", xen), ("vmlinuz", image), ("initrd", parts.initrd)):
        (top / name).symlink_to(path)
    (top / "BOOTX64.cfg").write_text(XEN.format(append=append))
    write_bios(folder / "bios")
    return ("-serial", f"file:{folder}/xen.log", "-smbios", f"file={folder}/bios",
            "-drive", f"if=virtio,format=raw,readonly=on,file=fat:{folder}/disk")


def booting(scenario, parts, append, folder):
    image, = parts.kernel.glob("boot/vmlinuz-*")
    if scenario.xen:
        return booting_xen(parts, image, append, folder)
    return ("-kernel", str(image), "-initrd", str(parts.initrd), "-append", append)


def command(scenario, parts, folder):
    arch = ARCHES[scenario.arch]
    append = " ".join((f"console={arch.console}", APPEND, *arch.append,
                       f"lab={','.join(scenario.steps)}", scenario.append))
    # A QEMU that nobody waits for any more ends all the same.
    return ["timeout", "--kill-after=5", str(TIMEOUT), *arch.qemu, *BASE,
            *flash(scenario, parts.firmware, folder), *start_tpm(scenario, folder),
            *tables(scenario, folder), *scenario.qemu,
            "-serial", f"file:{folder}/console.log", *poking(scenario, folder),
            *booting(scenario, parts, append.rstrip(), folder)]
