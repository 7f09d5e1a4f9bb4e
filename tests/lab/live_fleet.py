# SPDX-License-Identifier: MIT
"""Five different machines, one after the other, with one stick and its entry "collect".

By hand: live_fleet.py IMAGE boots them with a copy of the image, prints the seconds that each needed
until it judged and until it was off, and the fleet's page as text. About 3 minutes.
"""
import html
import json
import re
import subprocess
import sys

import boot  # first: it knows where the harness is
from harness import need_tool
from live_stick import NEW, Board, Machine, usb, written
from x86 import AMDVI, VTD

TOP = boot.ARTEFACTS / "live"
USB2 = ("-device", "usb-ehci,id=usb2")
USB2_STORAGE = "usb-storage,bus=usb2.0"


def named(product):
    return ("-smbios", f"type=1,manufacturer=Example,product={product}")


# Name: the machine, and what is typed for an asset tag.
MACHINES = {
    "Desk": (Board(tpm="tpm-crb", qemu=named("Desk")), b"4711"),
    "Old PC": (Board(firmware="plain", qemu=("-M", "pc", *named("Old PC"))), b""),
    "AMD Book": (Board(suite="trixie", qemu=(*AMDVI, *named("AMD Book"))), b""),
    "Intel Book": (Board(trusted=NEW, tpm="tpm-tis", qemu=(
        *VTD, "-cpu", "Skylake-Client-v3", *named("Intel Book"))), b""),
    "Small": (Board(qemu=("-m", "512", *USB2, *named("Small"))), b""),
}


def partitions(image):
    """Where they start."""
    r = subprocess.run(["sfdisk", "--json", image], stdout=subprocess.PIPE, check=True)
    return [p["start"] * 512 for p in json.loads(r.stdout)["partitiontable"]["partitions"]]


def on_stick(image, name, at=1 << 20):
    """A file of the stick's."""
    return subprocess.run(["mcopy", "-n", "-i", f"{image}@@{at}", f"::/{name}", "-"],
                          stdout=subprocess.PIPE, check=True).stdout


def text_of(page):
    """What a page says, a line a row."""
    page = re.sub(r"(?s)<(style|script)\b.*?</\1>", "", page)
    page = re.sub(r"\s+", " ", page)
    page = re.sub(r"</(tr|p|h\d|li|caption|div|summary|dt|dd)>", "\n", page)
    page = html.unescape(re.sub(r"<[^>]*>", " ", page))
    return "\n".join(filter(None, (" ".join(line.split()) for line in page.splitlines())))


def main(image):
    need_tool("mcopy")
    TOP.mkdir(parents=True, exist_ok=True)
    image = written(image, TOP / "fleet.img")
    print("| machine | judged after, s | off after, s | folder |\n|---|---|---|---|")
    for name, (board, tag) in MACHINES.items():
        medium = usb(image, device=USB2_STORAGE) if USB2[1] in board.qemu else usb(image)
        with Machine(TOP / "fleet" / name.replace(" ", "-"), *medium, board=board) as m:
            judged, folder, off = m.collect(tag)
        print(f"| {name} | {judged:.0f} | {off:.0f} | {folder} |", flush=True)
    lines = [json.loads(line) for line in on_stick(image, "fleet.ndjson").splitlines()]
    assert [line["host"]["product"] for line in lines] == list(MACHINES), "not these machines"
    assert [line["host"]["labels"].get("asset", "").encode() for line in lines] == [
        tag for _, tag in MACHINES.values()], "not these asset tags"
    print(text_of(on_stick(image, "index.html").decode()))


if __name__ == "__main__":
    main(sys.argv[1])
