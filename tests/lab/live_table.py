# SPDX-License-Identifier: MIT
"""What boots the live stick: media, firmware and kernels, each that is named below, with the entry
"collect".

By hand: live_table.py [-w WORD] [-j NUMBER] IMAGE... boots each row of each image and prints the table.
Beside IMAGE.img the disc IMAGE.iso is tried if it is there. It fails if a row does not do what is
expected. A boot takes 20 seconds of a processor.
"""
import argparse
import json
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path

import boot  # first: it knows where the harness is
from harness import need_tool
from live_fleet import on_stick, partitions
from live_stick import NEW, Board, Machine, disc, usb, written

TOP = boot.ARTEFACTS / "live-table"
SAVES = "saves"
# What is seen on the console of what does anything else.
SEEN = {
    "shows": rb"Nothing was saved: no stick of vbscheck is plugged in\.",
    "is refused": rb"(Access Denied|Security Violation)",
    "says why not": rb"vbscheck needs UEFI",
    "dies": rb"Synchronous Exception",
}
OLD_GRUB = b"grub.debian12,"  # in its SBAT


@dataclass(frozen=True)
class Row:
    firmware: str
    board: Board
    medium: str = "USB 3"
    does: str = SAVES
    old_grub_does: str = ""  # if that is something else


def on(controller, device):
    """A medium that is not a USB 3 stick."""
    def arguments(image):
        return (*(("-device", controller) if controller else ()), *usb(image, device=device))
    return arguments


MEDIA = {
    "USB 3": usb,
    "USB 2": on("usb-ehci,id=old", "usb-storage,bus=old.0"),
    "USB 1": on("piix3-usb-uhci,id=old", "usb-storage,bus=old.0"),
    "USB 3 behind a hub": on("usb-hub,id=hub,port=2", "usb-storage,port=2.1"),
    "NVMe": on(None, "nvme,serial=1"),
    "SATA": on(None, "ide-hd"),
    "virtio": on(None, "virtio-blk-pci"),
    "disc": disc,
    "disc, written to a stick": usb,
}
WINDOWS = "Windows UEFI CA 2023"  # which signs no shim
X86 = (
    Row("Debian 12, Secure Boot", Board()),
    Row("Debian 13, Secure Boot", Board(suite="trixie")),
    Row("sid, Secure Boot, all certificates", Board(suite="sid")),
    Row(f"Debian 12, only {NEW}", Board(trusted=NEW)),
    Row(f"Debian 13, only {NEW}", Board(suite="trixie", trusted=NEW)),
    Row(f"sid, only {NEW}", Board(suite="sid", trusted=NEW)),
    Row(f"Debian 12, only {WINDOWS}", Board(trusted=WINDOWS), does="is refused"),
    Row("Debian 13, Secure Boot, strict NX", Board(suite="trixie", firmware="strict-nx")),
    Row("Debian 12, no Secure Boot", Board(firmware="plain")),
    Row("Debian 12, no Secure Boot, i440FX", Board(firmware="plain", qemu=("-M", "pc"))),
    Row("SeaBIOS", Board(firmware="bios", qemu=("-M", "q35,graphics=off")), does="says why not"),
    Row("384 MiB", Board(qemu=("-m", "384"))),
    *(Row("Debian 12, Secure Boot", Board(), medium, "shows" if medium == "disc" else SAVES)
      for medium in list(MEDIA)[1:]),
)
ARM = (
    Row("Debian 12, no Secure Boot", Board(arch="arm64", firmware="plain")),
    Row("Debian 13, Secure Boot", Board(arch="arm64", suite="trixie"), old_grub_does="dies"),
    Row(f"Debian 13, only {NEW}", Board(arch="arm64", suite="trixie", trusted=NEW),
        old_grub_does="dies"),
    Row(f"Debian 13, only {WINDOWS}", Board(arch="arm64", suite="trixie", trusted=WINDOWS),
        does="is refused"),
    Row("Debian 12, no Secure Boot", Board(arch="arm64", firmware="plain"), "NVMe"),
)


def rows_of(image):
    """Those that fit an image."""
    folder = subprocess.run(["mdir", "-b", "-i", f"{image}@@{1 << 20}", "::/EFI/BOOT"],
                            stdout=subprocess.PIPE, check=True).stdout
    arm = b"BOOTAA64" in folder
    grub = on_stick(image, "EFI/BOOT/grubaa64.efi" if arm else "EFI/BOOT/grubx64.efi")
    for row in ARM if arm else X86:
        if row.old_grub_does and OLD_GRUB in grub:
            row = replace(row, does=row.old_grub_does)
        if not row.medium.startswith("disc") or image.with_suffix(".iso").exists():
            yield row


def told_by(image, folder):
    """Of the report: its kernel, and its rule about Secure Boot."""
    report = json.loads(on_stick(image, f"{folder}/REPORT.JSON",
                                 partitions(image)[image.suffix == ".iso"]))
    judged, = (r for r in report["rules"] if r["id"] == "boot.secure-boot")
    return report["host"]["kernel"], judged["status"]


def try_row(number, image, row):
    """Returns what it did, and the rest of its line."""
    if row.medium.startswith("disc"):
        image = image.with_suffix(".iso")
    used = written(image, TOP / f"{image.stem}-{number}{image.suffix}")
    with Machine(TOP / used.stem, *MEDIA[row.medium](used), board=row.board) as m:
        if row.does in SEEN:
            if row.does in ("shows", "dies"):
                m.choose_entry(2)
            m.wait_for(SEEN[row.does])
            line = "", "", f"{m.age():.0f}"
        else:
            judged, folder, _ = m.collect()
            line = *told_by(used, folder), f"{judged:.0f}"
    used.unlink()
    return line


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("-w", default="", help="only rows that have the word")
    parser.add_argument("-j", type=int, default=boot.AT_ONCE, help="so many machines at a time")
    parser.add_argument("image", type=Path, nargs="+")
    wanted = parser.parse_args()
    need_tool("mdir")
    boot.AT_ONCE = wanted.j
    TOP.mkdir(parents=True, exist_ok=True)
    rows = [(i, image, row) for image in wanted.image for i, row in enumerate(rows_of(image))
            if wanted.w in f"{row.firmware}, {row.medium}"]
    print("| image | firmware | medium | kernel | Secure Boot | does | judged after, s |\n"
          "|---|---|---|---|---|---|---|", flush=True)

    def start(key, _):
        number, image, row = key
        try:
            kernel, state, seconds = try_row(number, image, row)
            does = row.does
        except Exception:
            kernel, state, seconds, does = "", "", "", f"**not: {row.does}**"
            raise
        finally:
            print(f"| {image.stem} | {row.firmware} | {row.medium} | {kernel} | {state} | {does} | "
                  f"{seconds} |", flush=True)

    done = boot.two_at_a_time(rows, start)
    failed = [f"{key[1].stem}, {key[2].firmware}, {key[2].medium}: {result}"
              for key, result in done.items() if isinstance(result, Exception)]
    print(f"{len(rows)} rows, {len(failed)} of them not as expected")
    sys.exit("\n".join(failed) if failed else 0)


if __name__ == "__main__":
    main()
