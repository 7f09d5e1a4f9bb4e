# SPDX-License-Identifier: MIT
"""The Memory Attributes Table: kernel logs of real machines, bytes of real guests.

What is expected is read off the same files here, by other means: regular expressions and struct.
"""
import csv
import re
import struct

import harness
from harness import Case, capture_files, judge, judge_many, need_corpus, need_guests, rule, run

FOUR = ("uefi.mat", "uefi.mat-coverage", "uefi.mat-layout", "uefi.page-protection")
CODE, DATA, XP, RO, RUNTIME = 5, 6, 0x4000, 0x20000, 1 << 63
LISTED = re.compile(r"efi: memattr: (!?) *0x([0-9a-f]+)-0x([0-9a-f]+) \[Runtime (Code|Data) *"
                    r"\|([^]]*)\]")
# Behind it the log goes on, so that its line of tables is seen to be whole.
TABLES = b"Linux version 6.12.0 (x) #1\nefi: ACPI=0x1000 SMBIOS=0x2000 MEMATTR=0x3000 \n"
GOES_ON = b"secureboot: Secure boot disabled\n"
# A mail about Secure Boot that quotes the logs of a laptop and of a virtual machine.
OF_TWO_MACHINES = ("efi/dmesg/qemu-standard-pc-q35-ich9-2009-bios-0.0.0-02-06-2015.txt",)


def status(report, name):
    r = rule(report, name)
    return r["status"] + (f" {r['reason']}" if r["reason"] else "")


def four(report):
    return tuple(status(report, name) for name in FOUR)


def listed(text):
    """Entries of a listing: refused, first and last byte, type, attributes that protect."""
    for m in LISTED.finditer(text):
        words = m[5].split("|")
        yield bool(m[1]), int(m[2], 16), int(m[3], 16), m[4], {"RO", "XP"} & set(words)


def table(data):
    """Version and entries (type, start, bytes, attributes) of a table."""
    version, n, stride, _ = struct.unpack_from("<4I", data)
    rows = [struct.unpack_from("<IIQQQQ", data, 16 + i * stride) for i in range(n)]
    return version, [(r[0], r[2], r[4] << 12, r[5]) for r in rows]


def runtime_map(guest):
    """The blob of a guest's runtime-map, as vbscheck-snapshot(5) has it; None on arm64."""
    folder = guest / "sys/firmware/efi/runtime-map"
    if not folder.is_dir():
        return None
    names = ("type", "phys_addr", "virt_addr", "num_pages", "attribute")
    return b"".join(" ".join((d / n).read_text().strip() for n in names).encode() + b"\n"
                    for d in sorted(folder.iterdir()))


# Its firmware publishes MEMATTR=0xffffffffffffffff, where nothing is.
NOWHERE = "efi/dmesg/smbios-3.8-present..txt"


class Logs(Case):
    def test_whether_the_firmware_publishes_a_table(self):
        """A table is proven by its address; of the other machines many logs are cut."""
        need_corpus("efi", "dmesg")
        with open(harness.CORPUS / "efi/EFI-LOGS.tsv", newline="") as f:
            rows = list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))
        self.assertGreater(len(rows), 100)
        reports = judge_many([harness.CORPUS / r["path"] for r in rows])
        seen = set()
        for row, report in zip(rows, reports):
            with self.subTest(row["path"]):
                if row["path"] in OF_TWO_MACHINES:
                    self.assertIsNone(report)
                    continue
                said = status(report, "uefi.mat")
                allowed = ("pass",) if row["memattr_in_config_table"] == "yes" else (
                    "fail", "unknown truncated")
                if row["path"] == NOWHERE:
                    allowed = ("unknown malformed",)
                self.assertIn(said, allowed)
                seen.add(said)
                for name in FOUR[1:]:
                    self.assertEqual(said == "fail",
                                     status(report, name) == "not-applicable", name)
        # These excerpts lack the kernel's version, and many lines of tables are cut.
        self.assertEqual({"pass", "unknown truncated", "unknown malformed"}, seen)

    def test_listings(self):
        """No listing has its map with it, so what is wrong is seen, and nothing else is."""
        folder = need_corpus("efi", "mat-listing")
        paths = sorted(folder.iterdir())
        self.assertEqual(4, len(paths))
        broken = []
        for path, report in zip(paths, judge_many(paths)):
            with self.subTest(path.name):
                entries = list(listed(path.read_text()))
                self.assertEqual(len(path.read_text().splitlines()) - 1, len(entries))
                bare = [e for e in entries if not e[4]]
                data = [e for e in entries if e[3] == "Data" and "XP" not in e[4]]
                starts = [e[1] for e in entries]
                self.assertEqual(starts, sorted(starts))
                protection = "fail" if bare or data else "unknown truncated"
                self.expect(report, {
                    "uefi.mat": "pass", "uefi.mat-coverage": "unknown truncated",
                    "uefi.mat-layout": "unknown truncated", "uefi.page-protection": protection,
                }, {"mat.read-from": "kernel-log", "mat.entries": None, "mat.version": None,
                    "mat.entries-unprotected": len(bare) or None})
                self.assertEqual([f"{e[1]:012x}-{e[2]:012x}" for e in bare],
                                 [f["subject"] for f in report["findings"]])
                refused = [n["message"] for n in report["notes"] if "refused" in n["message"]]
                self.assertEqual(sum(e[0] for e in entries), len(refused))
                broken += [path.name] if protection == "fail" else []
                self.check_picture(path, [(e[1], e[2], e[3].lower(), e[4]) for e in entries])
        # By hand: the one file whose kernel complained.
        self.assertEqual(["machine-not-named-9b0941ff.txt"], broken)

    def check_picture(self, path, entries):
        """-v draws each entry, in the order of the table."""
        text = harness.check_text(run("--from", path, "-v", ok=(0, 1, 3)).out)
        drawn = re.findall(r"^.{16}([0-9a-f]{12})-([0-9a-f]{12}) (code|data) +(\d+) pages? +RUN "
                           r"(RO|--) (XP|--)(  !!)?$", text, re.M)
        self.assertEqual([(f"{first:012x}", f"{last:012x}", kind, str((last + 1 - first) >> 12),
                           "RO" if "RO" in how else "--", "XP" if "XP" in how else "--",
                           "" if how else "  !!") for first, last, kind, how in entries], drawn)

    def test_messages(self):
        """Linux refuses headers; which of them are nonsense is decided anew."""
        need_corpus("efi")
        with open(harness.CORPUS / "efi/memattr-messages.tsv", newline="") as f:
            messages = [r["kernel message"] for r in
                        csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)]
        self.assertGreater(len(messages), 5)
        nonsense = 0
        for i, message in enumerate(messages):
            with self.subTest(message):
                path = self.file(f"log{i}", TABLES + message.encode() + b"\n" + GOES_ON)
                report = judge("--from", path)
                numbers = [int(n) for n in re.findall(r"(?:== |version )(-?\d+)", message)]
                insane = bool(numbers) and (not 0 < numbers[0] < 256 or (
                    len(numbers) == 3 and (numbers[1] != 48 or not 0 < numbers[2] < 10000)))
                nonsense += insane
                cut = not numbers and ": Unexpected" in message
                self.assertEqual(("unknown malformed",) * 4 if insane else
                                 ("unknown truncated",) * 4 if cut else
                                 ("pass",) + ("unknown not-collected",) * 3, four(report))
                self.assertIn(message.partition("memattr: ")[2],
                              " ".join(n["message"] for n in report["notes"]))
                harness.check_text(run("--from", path, "-v", ok=(0, 1, 3)).out)
        self.assertGreater(nonsense, 3)


class Guests(Case):
    def tables(self):
        found = sorted(p for p in need_guests().glob("*/lab/mat.kcore.bin"))
        self.assertGreater(len(found), 10)
        return found

    def test_the_bytes_alone(self):
        """Every entry is protected and in order (lab's README, MAT); no map is beside them."""
        paths = self.tables()
        for path, report in zip(paths, judge_many(paths)):
            name = path.parent.parent.name
            with self.subTest(name):
                version, entries = table(path.read_bytes())
                self.assertEqual({CODE, DATA}, {e[0] for e in entries})
                self.assertEqual(2 if name.startswith("trixie") else 1, version)
                self.assertEqual(23 if version == 2 else 21 if name.startswith("arm") else 22,
                                 len(entries))
                self.assertEqual(("pass", "unknown not-collected", "pass", "pass"), four(report))
                self.expect(report, facts={
                    "mat.version": version, "mat.entries": len(entries), "mat.read-from": "file",
                    "mat.entries-unprotected": sum(not e[3] & (RO | XP) for e in entries),
                    "mat.entries-executable-data": 0, "mat.layout-sound": True,
                    "mat.forward-control-flow": False if version == 2 else None})
                self.assertEqual([], report["findings"])
                harness.check_text(run("--from", path, "-v", ok=(0, 1, 3)).out)

    def capture(self, guest, data):
        blobs = {"efi/memattr": data, "efi/platform": b"64\n",
                 "kernel": b"release: 6.1.0\narch: x86_64\n",
                 "efi/memattr-steps": b"address kernel-log 0x3cb86018\nbytes kcore ok %d\n"
                                      % len(data)}
        blobs["efi/runtime-map"] = runtime_map(guest) or "no-driver"
        if name_is_arm(guest):
            blobs["kernel"] = b"release: 6.1.0\narch: aarch64\n"
        return harness.write_files(self.dir / f"{guest.name}-{len(list(self.dir.iterdir()))}",
                                   capture_files(blobs))

    def test_the_bytes_and_the_map(self):
        """On x86 the map holds the table's own memory too, of type 4, which does not count."""
        for path in self.tables():
            guest = path.parent.parent
            with self.subTest(guest.name):
                report = judge("--from", self.capture(guest, path.read_bytes()))
                coverage = "unknown no-driver" if name_is_arm(guest) else "pass"
                self.assertEqual(("pass", coverage, "pass", "pass"), four(report))
                self.assertEqual("kcore", report["facts"]["mat.read-from"])
                self.assertEqual([], [f for f in report["findings"] if f["rule"] in FOUR])

    def test_one_broken_entry(self):
        """The same tables with one thing wrong, which only the rule about it sees."""
        for path in self.tables():
            guest, good = path.parent.parent, path.read_bytes()
            if name_is_arm(guest):
                continue
            version, entries = table(good)
            at = 16 + 48 * (len(entries) - 1)
            kind, start, size, _ = entries[-1]
            subject = f"{start:012x}-{start + size - 1:012x}"
            for patch, offset, verdicts in ((struct.pack("<Q", RUNTIME), at + 32, "ppf"),
                                            (struct.pack("<Q", start + 0x800), at + 8, "ffp")):
                with self.subTest(f"{guest.name} {offset - at}"):
                    bad = good[:offset] + patch + good[offset + 8:]
                    report = judge("--from", self.capture(guest, bad))
                    self.assertEqual(verdicts, "".join(s[0] for s in four(report)[1:]))
                    found = [f for f in report["findings"] if f.get("offset") == at]
                    self.assertTrue(found)
                    self.assertEqual({48}, {f["length"] for f in found})
                    if offset == at + 32:
                        self.assertEqual([subject], [f["subject"] for f in found])

    def test_broken_ranges_are_drawn_as_findings_name_them(self):
        head = struct.pack("<4I", 1, 3, 48, 0)
        rows = ((0x10000, 1), (0x20000, 0), (0x30000, 1 << 63))
        path = self.file("mat.bin", head + b"".join(
            struct.pack("<IIQQQQQ", CODE, 0, start, 0, pages, RUNTIME | RO, 0)
            for start, pages in rows))
        subjects = [f["subject"] for f in judge("--from", path)["findings"]]
        self.assertEqual(["000000020000-000000020000", "000000030000-ffffffffffffffff"], subjects)
        text = harness.check_text(run("--from", path, "-v", ok=(0, 1, 3)).out)
        for subject in subjects:
            self.assertRegex(text, rf"(?m)^ +{subject}\s+code +\d+ pages +RUN RO --  !!$")


def name_is_arm(guest):
    return guest.name.startswith("arm-")


if __name__ == "__main__":
    harness.main()
