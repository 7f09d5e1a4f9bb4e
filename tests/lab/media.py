# SPDX-License-Identifier: MIT
"""What the live stick saves on, and what may go wrong there.

By hand: media.py [MEDIUM...] starts a machine of 512 MiB and one processor from each medium, and
prints a table: seconds from power to the verdict and until it is off, whether that is whole, and
how many of the states that a power cut may leave are wrong. media.py
resume plugs in some of those states instead, and saves again. They need what test_live.py left.
"""
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import boot  # first: it knows where the harness is
import power_cut
from harness import PROGRAM, parse
from live_stick import MENU, SAVED, Machine, disc, fill, logged, reports, switch_off

TOP = boot.ARTEFACTS / "live"


def drive(name, image, *more):
    return ("-drive", ",".join((f"if=none,id={name},format=raw,file={image}", *more)))


# QEMU's arguments for a medium of that name; the machine has xHCI and AHCI. What it starts from gets
# bootindex=0 behind the last.
MEDIA = {
    "usb3": ("-device", "usb-storage,bus=usb-bus.0,drive=usb3"),
    "usb2": ("-device", "usb-ehci,id=ehci", "-device", "usb-storage,bus=ehci.0,drive=usb2"),
    "sata": ("-device", "ide-hd,drive=sata"),
    "nvme": ("-device", "nvme,serial=1,drive=nvme"),
}


# What goes wrong with one stick after another, at one machine.

def failing(kind, **where):
    """A layer that fails requests."""
    return ("blkdebug", {"inject-error": [{"event": "none", "iotype": kind, "errno": 5,
                                           "once": False, **where}]})


def first_table(image):
    """The first sector of the table of clusters, without which nothing can be read."""
    return (power_cut.PARTITION // 512 + int.from_bytes(power_cut.partition(image)[14:16], "little"))


def copy_to(stick, name):
    return Path(shutil.copy(stick, TOP / name))


def with_file(image):
    subprocess.run(["mcopy", "-i", f"{image}@@{power_cut.PARTITION}", "-", "::/reports"],
                        input=b"mine", check=True)
    return image


def filled(image):
    fill(image)
    return image


def pull_while_saving(m, image):
    """Slow enough to be in the middle."""
    m.ask(("object-add", {"qom-type": "throttle-group", "id": "slow",
                          "limits": {"bps-write": 20000}}))
    m.plug(image, ("throttle", {"throttle-group": "slow"}))
    m.press(b"s")
    while m.written() < 60000:
        time.sleep(0.1)
    m.pull()
    m.wait_for_words(rb"Nothing was saved: the stick sd[a-z]1 was pulled out\. Plug it in and press s\.")
    m.wait_for(MENU)


PULLED = "while ls /dev/sd?1 2>/dev/null; do usleep 100000; done"


def meet_troubles(stick, iso):
    """Started from a disc, with no stick; then one after another. Returns the last, which was pulled
    out while it was saved on, and saves at last, and where."""
    troubles = (
        (stick, ("raw", {"read-only": True}),
         rb"the stick sd[a-z]1 is write-protected\. Unlock it or use another one\."),
        (stick, failing("write"),
         rb"the stick sd[a-z]1 is broken: it does not keep what is written\. Use another one\."),
        (stick, failing("read", sector=first_table(stick)),
         rb"the stick sd[a-z]1 is broken: it cannot be read\. Use another one\."),
        (filled(copy_to(stick, "full.img")), ("raw", {}),
         rb"the stick sd[a-z]1 is full\. Delete old reports\."),
        (with_file(copy_to(stick, "file.img")), ("raw", {}),
         rb"'reports' on the stick sd[a-z]1 is a file\. Rename it\."),
    )
    was = stick.read_bytes()
    pulled = copy_to(stick, "pulled.img")
    with Machine(TOP / "troubles", *disc(iso)) as m:
        m.wait_for(rb"READY")
        m.wait_for(rb"Nothing was saved: no stick of vbscheck is plugged in\.")
        m.wait_for(MENU)
        for image, layer, said in troubles:
            m.plug(image, layer)
            m.press(b"s")
            m.wait_for_words(rb"Nothing was saved: " + said)
            m.wait_for(MENU)
            m.pull()
            m.shell(PULLED)
        pull_while_saving(m, pulled)
        m.plug(pulled)
        m.press(b"s")
        folder = m.wait_for(SAVED)[1].decode()
        m.wait_for(MENU)
        switch_off(m)
    assert was == stick.read_bytes(), "a stick that cannot be written was written"
    return pulled, folder


# What is saved on -------------------------------------------------------------------------------

TAKE_AWAY = ("cd /sys/block/{0}/device; if [ -e delete ]; then echo 1 >delete; "
             "else echo 1 >device/remove; fi")


def save_on_each(stick, _):
    """One labelled medium of each kind: the one that was started from saves; once it is taken away
    the next does. {name: files}."""
    images = {name: copy_to(stick, f"on-{name}.img") for name in MEDIA}
    arguments = [a for name, image in images.items() for a in (*drive(name, image), *MEDIA[name])]
    arguments[arguments.index("usb-storage,bus=usb-bus.0,drive=usb3")] += ",bootindex=0"
    folders = []
    with Machine(TOP / "each", "-m", "512", *arguments) as m:
        for _ in images:
            found = m.wait_for(rb"Saved on the stick ([a-z0-9]+?)p?1 in\s+(reports/[A-Za-z0-9-]+)\r")
            folders.append(found[2].decode())
            m.wait_for(MENU)
            if len(folders) < len(images):
                m.shell(TAKE_AWAY.format(found[1].decode()))
                m.press(b"s")
        switch_off(m)
    saved = {}
    for name, image in images.items():
        files = power_cut.Fat(power_cut.partition(image)).files
        folder, = {p.rpartition("/")[0] for p in files if p.startswith("reports/")}
        assert (folder == folders[0]) == (name == "usb3"), f"{name} has {folder} of {folders}"
        saved[name] = reports(image, power_cut.PARTITION, folder)
    return saved


# The long table --------------------------------------------------------------------------------

# These, too, where there is time. From UAS this firmware starts nothing.
MORE_MEDIA = {
    "sdcard": ("-device", "sdhci-pci", "-device", "sd-card,drive=sdcard"),
    "virtio": ("-device", "virtio-blk-pci,disable-legacy=on,drive=virtio"),
}
REORDERED = 200
# What fsck says below a path.
FOLLOWS = re.compile(r" ")
# So many of the states that a cut leaves are plugged in and saved on.
RESUMED = 6


def collect_on(image, name, log):
    """Boots from the medium and saves: seconds to the verdict, where, and seconds until it is off."""
    arguments = [*logged(image, log, name), *{**MEDIA, **MORE_MEDIA}[name]]
    arguments[-1] += "" if name == "sdcard" else ",bootindex=0"
    with Machine(TOP / f"table-{name}", "-m", "512", *arguments) as m:
        verdict, folder, off = m.collect()
    return verdict, folder, off


def judge_again(files):
    """Says what is wrong with what was saved: the capture has to give the same report."""
    archive = TOP / "again.tar.gz"
    archive.write_bytes(files["capture.tar.gz"])
    r = subprocess.run([PROGRAM, "--from", archive, "--format", "json"], stdout=subprocess.PIPE)
    was, now = parse(files["REPORT.JSON"]), parse(r.stdout)
    assert was["verdict"] == now["verdict"], (was["verdict"], now["verdict"])
    statuses = [[(rule["id"], rule["status"]) for rule in report["rules"]] for report in (was, now)]
    assert statuses[0] == statuses[1], statuses
    assert was["verdict"] in ("ready", "not ready", "undetermined"), was["verdict"]


def row(stick, name):
    image, log = copy_to(stick, f"table-{name}.img"), TOP / f"table-{name}.log"
    if name == "sdcard":  # which has a power of two
        os.truncate(image, 64 << 20)
    verdict, folder, off = collect_on(image, name, log)
    judge_again(reports(image, power_cut.PARTITION, folder))
    scratch = TOP / f"table-{name}.state"
    scratch.write_bytes(power_cut.partition(image))
    assert not power_cut.fsck(scratch), power_cut.fsck(scratch)
    wrong, looked = power_cut.judge(stick, log, scratch)
    cut = [f"{len({number for number, _ in wrong})} of {looked}"]
    wrong, looked = power_cut.judge(stick, log, scratch, REORDERED)
    new = {number for number, what in wrong if folder in what}
    old = {number for number, what in wrong if not FOLLOWS.match(what) and folder not in what}
    cut += [f"{len(old)}, {len(new)} of {looked}"]
    flushes = sum(flags & power_cut.FLUSH for _, _, flags in power_cut.read_log(log))
    for path in (image, scratch):
        path.unlink()
    return f"{name:8} {verdict:7.1f} {off:7.1f}  whole {flushes:7}  {cut[0]:>10}  {cut[1]:>14}"


def used_stick():
    """The stick after one machine was collected."""
    image = copy_to(TOP / "stick.img", "table.img")
    collect_on(image, "usb3", TOP / "table.log")
    return image


def resume():
    """Saves on sticks that a cut left: that works, and what was there before stays whole."""
    stick, log = TOP / "before.img", TOP / "writes.log"
    writes = power_cut.read_log(log)
    states = [(number, bytes(image)) for number, image in
              power_cut.all_states(power_cut.partition(stick), writes)]
    states = states[RESUMED // 2::len(states) // RESUMED]
    image = TOP / "resume.img"
    head = stick.read_bytes()[:power_cut.PARTITION]
    before = power_cut.Fat(power_cut.partition(stick))
    with Machine(TOP / "resume", *disc(TOP / "stick.iso")) as m:
        m.wait_for(MENU)
        for number, state in states:
            image.write_bytes(head + state)
            m.plug(image)
            m.press(b"s")
            folder = m.wait_for(SAVED)[1].decode()
            m.wait_for(MENU)
            m.pull()
            m.shell(PULLED)
            fat = power_cut.Fat(power_cut.partition(image))
            lost = [p for p in power_cut.Judge.kept_of(before) if fat.files[p] != before.files[p]]
            assert not fat.wrong and not lost, (number, fat.wrong, lost)
            judge_again(reports(image, power_cut.PARTITION, folder))
            print(f"after write {number:5.2f} of {len(writes)}: saved", flush=True)
        switch_off(m)


def main(names):
    if names == ["resume"]:
        return resume()
    stick = used_stick()
    print("                                        wrong after a cut where writes are kept\n"
          "medium   verdict     off  files flushes    in order  in any: old, new", flush=True)
    rows = boot.two_at_a_time(names or (*MEDIA, *MORE_MEDIA),
                              lambda name, _: print(row(stick, name), flush=True))
    for name, said in rows.items():
        if isinstance(said, Exception):
            print(f"{name:8} {said!r}")


if __name__ == "__main__":
    main(sys.argv[1:])
