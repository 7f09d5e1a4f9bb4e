# SPDX-License-Identifier: MIT
"""--windows with a disk, a partition or an image: read in a confined process, and never mounted.
Images are made (windows_disk.py), hives are real ones of the corpus, logs are made."""
import hashlib
import lzma
import os
import random
import re
import struct
import subprocess
import unittest

import event_log
import harness
import sipolicy
import windows_disk
from driver_files import RWX, driver
from harness import (CORPUS, PROGRAM, Case, check_report, check_text, check_trouble, need,
                     need_corpus, need_tool, parse, rule, run, run_bounded)
from windows_disk import MIB, SYSTEM32, gpt, volume

LOG = f"{SYSTEM32}/winevt/Logs/Microsoft-Windows-CodeIntegrity%4Operational.evtx"
LIST = f"{SYSTEM32}/CodeIntegrity/driversipolicy.p7b"
CATALOGS = f"{SYSTEM32}/CatRoot/{{F750E6C3-38EE-11D1-85E5-00C04FC295EE}}"
IMAGE = "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\"
ACPI = f"{SYSTEM32}/drivers/ACPI.sys"
ON_DEMAND = f"{SYSTEM32}/drivers/1394ohci.sys"
HIVE = f"{SYSTEM32}/config/SYSTEM"
BAD = driver(section=2, flags=RWX)


def hive(name="SYSTEM"):
    need_corpus("windows", "hive")
    return lzma.decompress((CORPUS / f"windows/hive/{name}.xz").read_bytes())


def digest(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest() if hasattr(hashlib, "file_digest") \
            else hashlib.sha256(f.read()).hexdigest()


class Disk(Case):
    def setUp(self):
        super().setUp()
        windows_disk.need_ntfs()

    def metal(self):
        if not (self.dir / "metal").exists():
            harness.write_files(self.dir / "metal", harness.capture_files(harness.metal()))
        return self.dir / "metal"

    def volume(self, files=(), *commands, name="c.img", **more):
        return volume(self.dir / name, {HIVE: hive(), ACPI: driver(), **dict(files)}, *commands,
                      **more)

    def look(self, path, *args, status=(0, 1, 3)):
        """The report of a Windows; its image is the same before and after."""
        image = str(path).split("#")[0]
        before = digest(image)
        r = run("--from", self.metal(), "--windows", path, "--format", "json", *args, ok=status)
        self.assertEqual(before, digest(image))
        return check_report(parse(r.out))

    def refuse(self, path, *words):
        return check_trouble(run("--from", self.metal(), "--windows", path, ok=(2,)), *words)

    # What is there

    def test_the_whole_report_of_a_volume_and_of_a_disk(self):
        files = {
            ON_DEMAND: BAD,
            f"{SYSTEM32}/drivers/deep/er/other.sys": driver(),
            f"{SYSTEM32}/DriverStore/FileRepository/x.inf_amd64_1/staged.sys": BAD,
            f"{CATALOGS}/a.cat": b"text",
            LIST: sipolicy.binary([sipolicy.rule(hash="ab" * 32)]),
            LOG: event_log.log(event_log.policy("10.0.25090.0"),
                               event_log.refused(IMAGE + "1394ohci.sys", bits=8)),
        }
        c = self.volume(files)
        disk = gpt(self.dir / "disk.img", bytes(MIB), bytes(MIB), c)
        whole = self.look(c)
        for path in (disk, f"{disk}#3"):
            same = self.look(path)
            for key in ("drivers", "facts", "unknown", "findings", "rules", "caveats", "verdict"):
                self.assertEqual(whole[key], same[key], key)
        self.assertEqual("pass", rule(whole, "drivers.hvci")["status"])
        self.assertEqual("pass", rule(whole, "drivers.blocklist")["status"])
        self.assertEqual("fail", rule(whole, "drivers.windows-log")["status"])
        self.assertEqual("clean", whole["facts"]["windows-disk.hive"])
        self.assertEqual({"ACPI.sys": ("required", "clean"), "1394ohci.sys": ("present", "violation"),
                          "other.sys": ("present", "clean"), "staged.sys": ("staged", "violation")},
                         {d["path"].split("/")[-1]: (d["group"], d["result"])
                          for d in whole["drivers"]})
        self.assertIn("catalogs that are damaged and were not read: 1", str(whole["notes"]))
        check_text(run("--from", self.metal(), "--windows", disk).out)

    def test_the_same_as_of_a_mounted_folder(self):
        files = {HIVE: hive("SYSTEM_2"), ACPI: BAD, ON_DEMAND: driver(),
                 LOG: event_log.log(event_log.refused(IMAGE + "acpi.sys"))}
        folder = windows_disk.write_tree(self.dir / "folder", files)
        disk, plain = (self.look(volume(self.dir / "c.img", files)),
                       parse(run("--from", self.metal(), "--windows", folder, "--format",
                                 "json").out))
        for key in ("drivers", "facts", "findings", "rules", "verdict"):
            self.assertEqual(plain[key], disk[key], key)

    def test_a_capture_of_a_disk_is_judged_again(self):
        c = self.volume({ON_DEMAND: BAD})
        (self.dir / "root").mkdir()
        run("capture", "--root", self.dir / "root", "--windows", c, "--output", self.dir / "kept",
            ok=(0,))
        again = parse(run("--from", self.dir / "kept", "--format", "json").out)
        self.assertEqual(self.look(c)["drivers"], again["drivers"])

    # Which Windows

    def test_several_windows_are_named_and_one_is_chosen(self):
        one = self.volume(name="one.img", label="Work")
        two = self.volume({ACPI: BAD}, name="two.img", label="Play")
        data = volume(self.dir / "data.img", {"hello.txt": b"hi"}, label="Data")
        disk = gpt(self.dir / "disk.img", one, data, two)
        text = self.refuse(disk, "more than one Windows", '"Work"', '"Play"', f"{disk}#1")
        self.assertNotIn('"Data"', text)
        for part, status in ((1, "pass"), (3, "fail")):
            report = self.look(f"{disk}#{part}")
            self.assertEqual(status, rule(report, "drivers.hvci")["status"])
        self.refuse(f"{disk}#2", '"Data"', "does not contain Windows")
        self.refuse(f"{disk}#7", "has no partition or image 7")

    def test_partitions_of_an_old_disk(self):
        c = self.volume()
        disk = self.dir / "old.img"
        with open(disk, "wb") as f:
            mbr = bytearray(512)
            sectors = c.stat().st_size // 512
            struct.pack_into("<4xB3xII", mbr, 446, 0x07, 64, 64)
            struct.pack_into("<4xB3xII", mbr, 462, 0x0f, 2048, sectors + 64)
            mbr[510:] = b"\x55\xaa"
            logical = bytearray(512)
            struct.pack_into("<4xB3xII", logical, 446, 0x07, 64, sectors)
            logical[510:] = b"\x55\xaa"
            f.write(mbr)
            f.seek(2048 * 512)
            f.write(logical)
            f.seek((2048 + 64) * 512)
            f.write(c.read_bytes())
        self.assertEqual("pass", rule(self.look(disk), "drivers.hvci")["status"])
        self.assertEqual("pass", rule(self.look(f"{disk}#5"), "drivers.hvci")["status"])

    def test_sectors_of_4096_bytes(self):
        disk = gpt(self.dir / "disk.img", self.volume(), sector=4096)
        self.assertEqual("pass", rule(self.look(disk), "drivers.hvci")["status"])

    def test_a_file_whose_name_ends_like_a_choice(self):
        c = self.volume(name="c.img#3")
        self.assertEqual("pass", rule(self.look_at_named(c), "drivers.hvci")["status"])

    def look_at_named(self, path):
        r = run("--from", self.metal(), "--windows", path, "--format", "json")
        return check_report(parse(r.out))

    def test_what_is_no_windows_says_what_it_is(self):
        def image(name, data, size=MIB):
            return self.file(name, data + bytes(size - len(data)))
        self.refuse(image("bitlocker", b"\xeb\x58\x90-FVE-FS-"), "BitLocker", "manage-bde")
        self.refuse(image("refs", b"\0\0\0ReFS\0\0\0\0"), "ReFS")
        self.refuse(image("vhdx", b"vhdxfile"), "qemu-img convert")
        self.refuse(image("qcow2", b"QFI\xfb"), "qcow2", "qemu-img convert")
        self.refuse(image("wim", b"MSWIM\0\0\0"), "does not contain Windows")
        self.refuse(image("zeros", b""), "neither a disk")
        self.refuse(self.file("empty", b""), "neither a disk")
        self.refuse("/dev/null", "neither")
        locked = gpt(self.dir / "locked.img", bytes(MIB),
                     b"\xeb\x58\x90-FVE-FS-" + bytes(3 * MIB))
        self.refuse(locked, "partition 2", "BitLocker")
        only = gpt(self.dir / "linux.img", bytes(MIB))
        self.refuse(only, "does not contain Windows")

    # WIM images

    def wim(self, *images, packing="LZX"):
        """install.wim with an image for each {path: bytes}."""
        need_tool("wimcapture")
        path = self.dir / "install.wim"
        path.unlink(missing_ok=True)
        for i, files in enumerate(images):
            tree = windows_disk.write_tree(self.dir / f"tree{i}", files)
            subprocess.run(["wimcapture", tree, path, f"Windows {i + 1}", f"--compress={packing}"]
                           if i == 0 else ["wimappend", tree, path, f"Windows {i + 1}"], check=True,
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return path

    def test_a_windows_in_a_wim_image(self):
        large = driver() + random.Random(5).randbytes(300000) + bytes(300000)
        files = {HIVE: hive(), ACPI: driver(), ON_DEMAND: BAD, f"{SYSTEM32}/drivers/l.sys": large,
                 f"{SYSTEM32}/drivers/empty.sys": b"",
                 f"{SYSTEM32}/DriverStore/FileRepository/x.inf_1/staged.sys": driver(),
                 LOG: event_log.log(event_log.refused(IMAGE + "1394ohci.sys", bits=8))}
        plain = self.look(volume(self.dir / "c.img", files))
        for packing in ("LZX", "XPRESS", "none"):
            same = self.look(self.wim(files, packing=packing))
            for key in ("drivers", "facts", "findings", "rules", "verdict"):
                if key == "drivers":
                    plain[key].sort(key=lambda d: d["path"])
                    same[key].sort(key=lambda d: d["path"])
                self.assertEqual(plain[key], same[key], (packing, key))

    def test_the_image_of_a_wim_is_chosen(self):
        path = self.wim({HIVE: hive(), ACPI: driver()}, {"a.txt": b"a"},
                        {HIVE: hive(), ACPI: BAD})
        self.refuse(path, "more than one Windows", "image 1", '"Windows 3"', f"{path}#1")
        self.assertEqual("pass", rule(self.look(f"{path}#1"), "drivers.hvci")["status"])
        self.assertEqual("fail", rule(self.look(f"{path}#3"), "drivers.hvci")["status"])
        self.refuse(f"{path}#2", "does not contain Windows")
        self.refuse(f"{path}#4", "no partition or image 4")

    def test_wim_images_that_are_not_opened_say_what_to_do(self):
        path = self.wim({HIVE: hive(), ACPI: driver()})
        solid = self.dir / "install.esd"
        subprocess.run(["wimexport", path, "1", solid, "--solid"], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.refuse(solid, "wimexport", "LZX")

    def test_damaged_wim_images_end_no_run(self):
        path = self.wim({HIVE: hive("SYSTEM_2"), ACPI: driver(), ON_DEMAND: driver()})
        whole = path.read_bytes()
        for seed in range(40):
            r = random.Random(seed)
            data = bytearray(whole)
            for _ in range(r.choice((1, 3, 30))):
                # The header, and the folders and tables at the end, where most is decided.
                at = r.choice((r.randrange(208), r.randrange(len(data)),
                               len(data) - 1 - r.randrange(2500)))
                data[at] = r.choice((0, 1, 0x80, 0xff, r.randrange(256)))
            if seed % 4 == 0:
                data = data[:r.randrange(len(data))]
            path.write_bytes(data)
            said = run("--from", self.metal(), "--windows", path, "--format", "json")
            if said.status != 2:
                check_report(parse(said.out))

    # Volumes that are not what Windows has

    def check_doubted(self, report, *words):
        """Nothing is clean, and it is said what to do."""
        self.assertEqual(("unknown", "truncated"),
                         tuple(rule(report, "drivers.hvci")[k] for k in ("status", "reason")))
        self.assertNotIn("clean", [d["result"] for d in report["drivers"]])
        for word in words:
            self.assertIn(word, str(report["notes"]))

    def test_a_dirty_volume_leaves_nothing_clean(self):
        c = self.volume(LOG and {LOG: event_log.log(event_log.policy("10.0"))}, "dirty")
        report = self.look(c)
        self.check_doubted(report, "chkdsk", "shutdown /s /t 0")
        self.assertEqual("unknown", rule(report, "drivers.windows-log")["status"])

    def test_a_dirty_volume_does_not_excuse_a_violation(self):
        report = self.look(self.volume({ACPI: BAD}, "dirty"))
        self.assertEqual("fail", rule(report, "drivers.hvci")["status"])

    def test_a_windows_that_sleeps_leaves_nothing_clean(self):
        for head in (b"HIBR", b"hibr", b"RSTR"):
            c = self.volume({"hiberfil.sys": head + bytes(9000)})
            self.check_doubted(self.look(c), "fast startup", "shutdown /s /t 0")
        for head in (b"WAKE", b"wake", bytes(4)):
            c = self.volume({"hiberfil.sys": head + bytes(9000)})
            self.assertEqual("pass", rule(self.look(c), "drivers.hvci")["status"])

    def test_a_folder_of_a_windows_that_sleeps_is_told_too(self):
        folder = windows_disk.write_tree(self.dir / "folder", {
            HIVE: hive(), ACPI: driver(), "hiberfil.sys": b"HIBR" + bytes(9000)})
        r = run("--from", self.metal(), "--windows", folder, "--format", "json")
        self.check_doubted(check_report(parse(r.out)), "fast startup")

    def test_a_log_of_the_file_system_that_is_not_done(self):
        """$LogFile with an open client, as after a power cut (restart area, MS NTFS layout.h)."""
        c = self.volume()
        with open(c, "r+b") as f:
            at, size = log_file(f)
            f.seek(at)
            f.write(restart_page() * 2)
        self.check_doubted(self.look(c), "chkdsk")
        self.assertGreater(size, 8192)

    def test_files_compressed_by_windows_are_unknown(self):
        c = self.volume({ON_DEMAND: driver()}, "wof", ACPI)
        report = self.look(c)
        self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])
        found = {d["path"].split("/")[-1]: d for d in report["drivers"]}
        self.assertEqual("clean", found["1394ohci.sys"]["result"])
        self.assertEqual("undecided", found["ACPI.sys"]["result"])
        self.assertIn("compact /compactos:never", found["ACPI.sys"]["message"])
        c = self.volume({ON_DEMAND: driver()}, "wof", HIVE)
        report = self.look(c)
        self.assertIn("compressed by Windows", str(report["notes"]))

    # Bad input

    def test_an_image_that_is_cut(self):
        c = self.volume()
        whole = c.read_bytes()
        for part in (1, 2, 3, 4, 6, 8, 12, 15, 16):
            c.write_bytes(whole[:len(whole) * part // 16])
            r = run("--from", self.metal(), "--windows", c, "--format", "json", ok=(2, 3, 0))
            if r.status == 0:
                self.assertEqual("pass", rule(parse(r.out), "drivers.hvci")["status"])
                self.assertGreater(part, 8)

    def test_what_the_disk_does_not_return_is_unknown_and_the_rest_goes_on(self):
        """A disk that ends in the middle of a driver: reading there fails, as a bad sector does."""
        filler = {f"{SYSTEM32}/drivers/x{i}.sys": driver() + os.urandom(200000) for i in range(20)}
        c = self.volume(filler)
        data = c.read_bytes()
        last = max(data.find(d) for d in filler.values())
        c.write_bytes(data[:last + 4096])
        report = self.look(c)
        results = [d["result"] for d in report["drivers"]]
        self.assertIn("clean", results)
        self.assertIn("undecided", results)
        self.assertIn("could not be read from the disk", str(report["findings"]))

    def test_changed_images_end_no_run(self):
        c = self.volume({f"{SYSTEM32}/drivers/deep/d{i}.sys": driver() for i in range(40)},
                        size=4 * MIB + (MIB << 4))
        whole = c.read_bytes()
        used = [i for i in range(0, len(whole), 512) if any(whole[i:i + 512])]
        records = [i for i in used if whole[i:i + 4] in (b"FILE", b"INDX")]
        statuses = set()
        for seed in range(60):
            r = random.Random(seed)
            data = bytearray(whole)
            for _ in range(r.choice((1, 5, 40, 400))):
                at = r.choice(records if r.random() < 0.8 else used) + r.randrange(510)
                data[at] = r.choice((0, 1, 0x7f, 0x80, 0xff, r.randrange(256)))
            c.write_bytes(data)
            run_it = run("--from", self.metal(), "--windows", c, "--format", "json")
            statuses.add(run_it.status)
            if run_it.status != 2:
                check_report(parse(run_it.out))
        self.assertGreater(len(statuses), 1)

    def test_a_folder_that_is_in_itself_ends(self):
        """An entry of a folder that leads to the folder again."""
        c = self.volume({f"{SYSTEM32}/drivers/loop/x.sys": driver()})
        data = bytearray(c.read_bytes())
        for at in range(0, len(data), 1024):
            name = "loop".encode("utf-16-le")
            place = data.find(name, at, at + 1024)
            if data[at:at + 4] == b"FILE" and place > 0:
                number = struct.unpack_from("<I", data, at + 44)[0]
                sequence = struct.unpack_from("<H", data, at + 16)[0]
        # Its own index has x.sys; that entry now says: a folder, and this one.
        for at in re.finditer("x.sys".encode("utf-16-le"), bytes(data)):
            start = at.start() - 66 - 16
            if start > 0 and struct.unpack_from("<I", data, start)[0] > 40:
                struct.pack_into("<IHH", data, start, number, 0, sequence)
                flags = struct.unpack_from("<I", data, start + 16 + 56)[0]
                struct.pack_into("<I", data, start + 16 + 56, flags | 0x10000000)
        c.write_bytes(data)
        self.look(c)

    def test_a_large_volume_stays_within_its_memory(self):
        files = {f"{SYSTEM32}/drivers/d{i}.sys": driver() + bytes(3 * MIB) for i in range(24)}
        files[f"{SYSTEM32}/drivers/big.sys"] = driver() + bytes(90 * MIB)
        c = self.volume(files, size=256 * MIB)
        run_bounded("--from", self.metal(), "--windows", c, seconds=20, mib=64, ok=(0, 3))

    # Who does what

    @unittest.skipIf(harness.SANITIZED, "the sanitizers make calls of their own")
    def test_the_disk_is_opened_once_for_reading_and_only_its_judge_reads_it(self):
        c = gpt(self.dir / "disk.img", self.volume({ON_DEMAND: driver()}))
        log = self.dir / "strace.log"
        r = run("-f", "-qq", "-y", "-e", "trace=all", "-o", log, PROGRAM, "--from", self.metal(),
                "--windows", c, program=[need_tool("strace")], ok=(0, 3))
        need(b"ptrace" not in r.err, "strace may not trace here")
        lines = harness.without_counting(log.read_text(errors="replace").splitlines())
        main = lines[0].split(" ", 1)[0]
        opened = [x for x in lines if re.search(r"\bopen(at2?)?\(", x) and "disk.img" in x]
        # Once to look at what it is (O_PATH), once to read.
        self.assertTrue(opened)
        for line in lines:
            self.assertNotRegex(line, r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_TMPFILE", line)
            # Of its first 8 bytes the parent looks whether they are a WIM file's.
            if "disk.img>" in line and re.search(r"\b(p?read(64)?|mmap2?)\(", line) and \
                    not re.search(r", 8, 0\) = 8$", line):
                self.assertNotEqual(main, line.split(" ", 1)[0], line)
            self.assertNotRegex(line, r"\bp?write(64)?\(\d+<[^>]*disk\.img>")
        readers = {x.split(" ", 1)[0] for x in lines if re.search(r"pread64\(1<[^>]*disk", x)}
        self.assertEqual(2, len(readers))
        for pid in readers:
            calls = {m[1] for x in lines if (m := re.match(rf"{pid} +(\w+)\(", x))}
            filtered = [x for x in lines if x.startswith(pid)]
            at = next(i for i, x in enumerate(filtered) if "SECCOMP_SET_MODE_FILTER" in x
                      or "PR_SET_SECCOMP" in x)
            after = {m[1] for x in filtered[at + 1:] if (m := re.match(rf"{pid} +(\w+)\(", x))}
            self.assertLessEqual(after, {"pread64", "read", "write", "brk", "mmap", "munmap",
                                         "mremap", "futex", "exit_group", "getppid", "sysinfo"})
            self.assertTrue(calls)


def log_file(f):
    """Where $LogFile, record 2 of the MFT, has its bytes."""
    f.seek(0)
    boot = f.read(512)
    cluster = struct.unpack_from("<H", boot, 11)[0] * boot[13]
    f.seek(struct.unpack_from("<Q", boot, 48)[0] * cluster + 2 * 1024)
    record = f.read(1024)
    at = struct.unpack_from("<H", record, 20)[0]
    while struct.unpack_from("<I", record, at)[0] != 0x80:
        at += struct.unpack_from("<I", record, at + 4)[0]
    size = struct.unpack_from("<Q", record, at + 48)[0]
    run_at = at + struct.unpack_from("<H", record, at + 32)[0]
    lengths, offsets = record[run_at] & 15, record[run_at] >> 4
    start = int.from_bytes(record[run_at + 1 + lengths:run_at + 1 + lengths + offsets], "little")
    return start * cluster, size


def restart_page():
    """A restart page of a log with one client in use: the volume was not put away."""
    page = bytearray(4096)
    # RSTR, update sequence at 30 with 9 words; page sizes; restart area at 0x30; version 1.1
    struct.pack_into("<4sHHQIIHHH", page, 0, b"RSTR", 30, 9, 0, 4096, 4096, 0x30, 1, 1)
    # lsn, clients, free list, in-use list, flags, bits, area length, client array, file size, ...
    struct.pack_into("<QHHHHIHHQIHH", page, 0x30, 100, 1, 0xffff, 0, 0, 45, 0xd0, 0x30, 2 << 20,
                     0, 0x30, 0x40)
    struct.pack_into("<QQHHHxxxxxxI8s", page, 0x60, 0, 0, 0xffff, 0xffff, 1, 8,
                     "NTFS".encode("utf-16-le"))
    struct.pack_into("<H", page, 30, 1)
    for i in range(8):
        struct.pack_into("<H", page, i * 512 + 510, 1)
    return bytes(page)


if __name__ == "__main__":
    harness.main()
