# SPDX-License-Identifier: MIT
"""The Memory Attributes Table: logs and listings of real machines, tables of real guests, and
tables that firmware should not make. What is expected is read off the same bytes, by other code.
"""
import csv
import json
import re
import struct
import subprocess

import harness
from harness import (CORPUS, Case, check_text, judge, judge_many, manifest, metal, need_corpus,
                     need_guests, rule, run, write_files)

ENTRIES = ("uefi.mat-layout", "uefi.page-protection")
OTHERS = ("uefi.mat-coverage",) + ENTRIES
CODE, DATA = 5, 6
XP, RO, RUN = 0x4000, 0x20000, 1 << 63
CAP = 4 << 20

# The log of a boot around the message in question.
BEFORE = (b"[    0.000000] Linux version 6.1.0-28-amd64 (builder@example) #1 SMP\n"
          b"[    0.000000] efi: EFI v2.70 by Example Firmware\n")
TABLES = b"[    0.000000] efi: ACPI=0x8cffe000 SMBIOS=0x8bf25000 MEMATTR=0x87d5b018 \n"
AFTER = (b"[    0.000000] DMI: EXAMPLE Board/Board, BIOS 1.0 01/02/2026, of a name that makes a "
         b"line long enough to tell that those above it are whole\n")

# lab/README.md, "MAT" and section 5: version and entries.
GUESTS = {"arm-nosmmu": (1, 21), "arm-smmu-pxb": (1, 21), "trixie-smm-tpm-mor1": (2, 23)}
X86 = (1, 22)


# Reading, independently of the program --------------------------------------------------------

def read_rows(name):
    with open(need_corpus("efi") / name, newline="") as f:
        return list(csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE))


def decode(blob):
    """Version and entries (type, start, pages, attributes) of a table."""
    version, n, stride, _ = struct.unpack_from("<IIII", blob)
    return version, [(t, start, pages, attributes) for t, start, _, pages, attributes in
                     (struct.unpack_from("<I4xQQQQ", blob, 16 + i * stride) for i in range(n))]


def encode(entries, version=1, stride=48, n=None, flags=0):
    rows = (struct.pack("<I4xQQQQ", t, start, 0, pages, attributes).ljust(stride, b"\0")[:stride]
            for t, start, pages, attributes in entries)
    count = len(entries) if n is None else n
    return struct.pack("<IIII", version, count, stride, flags) + b"".join(rows)


def split(n, start=0x10000000):
    """A sound table: data, then code in read-only and no-execute parts."""
    return [(DATA, start, 1, RUN | XP)] + [
        (CODE, start + 0x1000 * i, 1, RUN | (RO if i % 2 else XP)) for i in range(1, n)]


def subject(entry):
    return "%012x-%012x" % (entry[1], entry[1] + (entry[2] << 12) - 1)


def listing(text):
    """Entries that lines of efi=debug tell: (subject, words in the brackets)."""
    return [("%012x-%012x" % (int(m[1], 16), int(m[2], 16)), [w.strip() for w in m[3].split("|")])
            for m in re.finditer(r"memattr: *!? *0x(\w+)-0x(\w+) \[(.*)\]", text)]


def drawn(text):
    """Lines of the map that -v draws: (subject, code or data, RO, XP, marked)."""
    return [(m[1], m[2], m[3] == "RO", m[4] == "XP", m[5] is not None) for m in re.finditer(
        r"^ +(?:map +)?(\w{12,16}-\w{12,16}) (code|data) .{6} page[s ] (?:RUN|   )"
        r" (RO|--) (XP|--)( !!)?$", text, re.M)]


def subjects(report, name):
    return [f["subject"] for f in report["findings"] if f["rule"] == name]


class MemattrCase(Case):
    def text(self, path):
        return check_text(run("--from", path, "-v", ok=(0, 1, 3)).out)

    def nothing_passes(self, report, but=()):
        for name in OTHERS:
            if name not in but:
                self.assertIn(rule(report, name)["status"], ("fail", "unknown"), name)


class Logs(MemattrCase):
    def test_every_log_of_a_machine(self):
        """The address is in the line of tables, or the log cannot tell; it never passes then."""
        rows = read_rows("EFI-LOGS.tsv")
        self.assertGreater(len(rows), 100)
        paths = [CORPUS / row["path"] for row in rows]
        for row, report in zip(rows, judge_many(paths, "--only", "uefi")):
            with self.subTest(row["path"]):
                judged = rule(report, "uefi.mat")
                if row["memattr_in_config_table"] == "yes":
                    self.expect(report, {"uefi.mat": "pass"}, {"mat.published": True})
                else:
                    self.assertIn((judged["status"], judged["reason"]),
                                  (("fail", None), ("unknown", "truncated")))
                self.nothing_passes(report)

    def test_logs_of_a_kernel_that_would_name_it(self):
        """With a kernel and a long line around it, a whole line without MEMATTR is a failure."""
        rows = read_rows("EFI-LOGS.tsv")
        failed = 0
        for row in rows:
            data = (CORPUS / row["path"]).read_bytes()
            whole = BEFORE.split(b"\n")[0] + b"\n" + data + b"\n" + AFTER * 2
            report = judge("--only", "uefi", "--from", self.file("dmesg", whole))
            status = rule(report, "uefi.mat")["status"]
            with self.subTest(row["path"]):
                if row["memattr_in_config_table"] == "no":
                    self.assertNotEqual("pass", status)
                    failed += status == "fail"
                else:
                    self.assertNotEqual("fail", status)
        self.assertGreater(failed, 0)

    def test_listings(self):
        folder = need_corpus("efi", "mat-listing")
        paths = sorted(folder.iterdir())
        self.assertEqual(4, len(paths))
        broken = 0
        for path, report in zip(paths, judge_many(paths, "--only", "uefi")):
            with self.subTest(path.name):
                broken += self.check_listing(path, report)
        self.assertEqual(1, broken)

    def check_listing(self, path, report):
        told = listing(path.read_text())
        self.assertEqual(path.read_text().count("-0x"), len(told))
        bare = sorted(at for at, words in told if "RO" not in words and "XP" not in words)
        # No listing comes with a map to hold it against, so none proves that it is whole.
        self.expect(report, {
            "uefi.mat": "pass", "uefi.mat-coverage": "unknown truncated",
            "uefi.mat-layout": "unknown truncated",
            "uefi.page-protection": "fail" if bare else "unknown truncated",
        }, {"mat.entries": None, "mat.read-from": "kernel-log",
            "mat.entries-unprotected": len(bare) or None})
        self.assertEqual(bare, subjects(report, "uefi.page-protection"))
        want = [(at, "code" if words[0] == "Runtime Code" else "data", "RO" in words,
                 "XP" in words, at in bare) for at, words in told]
        self.assertEqual(want, drawn(self.text(path)))
        return len(bare)

    def messages(self):
        return [row["kernel message"] for row in read_rows("memattr-messages.tsv")]

    def is_insane(self, message):
        """What the message tells of the header is what no table has."""
        told = {name: int(value) for name, value in
                re.findall(r"(version|desc_size|num_entries) (?:== )?(-?\d+)", message)}
        stride, n = told.get("desc_size", 48), told.get("num_entries", 1)
        return not (0 < told.get("version", 1) < 256 and 40 <= stride <= 256 and stride % 8 == 0
                    and 0 < n and 16 + n * stride <= CAP)

    def test_messages(self):
        """A header that is none decides; that Linux refused a sane one does not."""
        insane = 0
        for message in self.messages():
            line = b"[    0.000000] " + message.encode() + b"\n"
            path = self.file("dmesg", BEFORE + TABLES + line + AFTER)
            report = judge("--only", "uefi", "--from", path)
            with self.subTest(message):
                bad = self.is_insane(message)
                insane += bad
                why = "malformed" if bad else "not-collected"
                self.expect(report, {"uefi.mat": "unknown malformed" if bad else "pass",
                                     **dict.fromkeys(OTHERS, f"unknown {why}")},
                            {"mat.published": None if bad else True})
                said = message.partition("memattr: ")[2]
                self.assertTrue(any(said in n["message"] for n in report["notes"]),
                                report["notes"])
                self.text(path)
        self.assertEqual(4, insane)  # version 0 twice, stride 2072184435, version -1347440721


class Guests(MemattrCase):
    """The table as root's program read it in guests, beside what the guest's tree holds."""

    def tables(self):
        found = {p.parents[1].name: p for p in need_guests().glob("*/lab/mat.kcore.bin")}
        # One forbids it, one is no UEFI machine, and Bochs has none.
        self.assertGreater(len(found), 14)
        return found

    def test_alone(self):
        found = self.tables()
        for name, report in zip(found, judge_many(found.values(), "--only", "uefi")):
            with self.subTest(name):
                version, entries = decode(found[name].read_bytes())
                self.assertEqual(GUESTS.get(name, X86), (version, len(entries)))
                self.expect(report, {
                    "uefi.mat": "pass", "uefi.mat-layout": "pass", "uefi.page-protection": "pass",
                    "uefi.mat-coverage": "unknown not-collected",
                }, {"mat.version": version, "mat.entries": len(entries),
                    "mat.entries-unprotected": 0, "mat.entries-executable-data": 0,
                    "mat.read-from": "file"})
                self.assertEqual(
                    [(subject(e), "code" if e[0] == CODE else "data", bool(e[3] & RO),
                      bool(e[3] & XP), False) for e in entries],
                    drawn(self.text(found[name])))

    def with_table(self, name, blob):
        """A capture of the guest's tree to which the table is added, as a scan would have it."""
        path = self.dir / name
        subprocess.run(["rm", "-rf", str(path)], check=True)
        run("capture", "--root", need_guests() / name, "--output", path, ok=(0,))
        made = json.loads((path / "manifest.json").read_text())
        rows = [b for b in made["blobs"] if b["name"] != "efi/memattr"]
        made["blobs"] = rows + manifest({"efi/memattr": blob})["blobs"]
        write_files(path, {"efi/memattr": blob, "manifest.json": json.dumps(made).encode()})
        return path

    def test_with_the_map(self):
        for name, file in self.tables().items():
            with self.subTest(name):
                path = self.with_table(name, file.read_bytes())
                report = judge("--from", path)
                # arm64 shows no map (decision 22).
                has_map = (need_guests() / name / "sys/firmware/efi/runtime-map/0").is_dir()
                self.assertEqual(not name.startswith("arm-"), has_map)
                self.expect(report, {
                    "uefi.mat": "pass", "uefi.mat-layout": "pass", "uefi.page-protection": "pass",
                    "uefi.mat-coverage": "pass" if has_map else "unknown",
                }, {"mat.covers-runtime": True if has_map else None})
                self.text(path)

    def test_an_entry_left_out(self):
        """Each entry in turn: what it described is what no entry describes."""
        blob = (need_guests() / "amd-full/lab/mat.kcore.bin").read_bytes()
        version, entries = decode(blob)
        for i, gone in enumerate(entries):
            with self.subTest(i):
                rest = entries[:i] + entries[i + 1:]
                report = judge("--only", "uefi", "--from",
                               self.with_table("amd-full", encode(rest, version)))
                self.expect(report, {"uefi.mat-coverage": "fail", "uefi.mat-layout": "pass",
                                     "uefi.page-protection": "pass"})
                self.assertEqual([subject(gone)], subjects(report, "uefi.mat-coverage"))

    def test_an_entry_unprotected(self):
        """Each entry in turn, poked as the lab does: one finding, at its range and its bytes."""
        blob = (need_guests() / "smm-tpm-mor2/lab/mat.kcore.bin").read_bytes()
        _, entries = decode(blob)
        for i, entry in enumerate(entries):
            at = 16 + i * 48
            poked = bytearray(blob)
            struct.pack_into("<Q", poked, at + 32, entry[3] & ~(RO | XP))
            path = self.file("mat.bin", bytes(poked))
            report = judge("--only", "uefi", "--from", path)
            with self.subTest(i):
                self.expect(report, {"uefi.page-protection": "fail", "uefi.mat-layout": "pass"},
                            {"mat.entries-unprotected": 1,
                             "mat.entries-executable-data": int(entry[0] == DATA)})
                found = [f for f in report["findings"] if f["rule"] == "uefi.page-protection"]
                self.assertEqual([(subject(entry), at, 48)],
                                 [(f["subject"], f["offset"], f["length"]) for f in found])
                self.assertEqual([subject(entry)], [d[0] for d in drawn(self.text(path)) if d[4]])


class Hostile(MemattrCase):
    def judged(self, blob, more=None):
        """What a machine with these bytes of a table gets; as loose bytes they may be nothing."""
        blobs = metal(**{"efi/memattr": blob, "efi/runtime-map": b"", **(more or {})})
        folder = self.dir / "capture"
        subprocess.run(["rm", "-rf", str(folder)], check=True)
        report = judge("--from", write_files(folder, harness.capture_files(blobs)))
        self.text(folder)
        loose = run("--from", self.file("loose.bin", blob), "--format", "json")
        if loose.status != 2:
            self.assertNotEqual("ready", harness.parse(loose.out)["verdict"])
        return report

    def test_headers_that_are_none(self):
        """Nothing is judged, and whether firmware publishes a table is not known either."""
        sound = split(22)
        for what, blob in {
                "count overflow": encode(sound, n=0xffffffff),
                "count times stride is small": encode(sound, n=0x05555556),
                "count over the cap": encode(sound, n=CAP // 48 + 1),
                "no entries": encode([]),
                "stride 39": encode(sound, stride=39), "stride 0": encode(sound, stride=0),
                "stride 44": encode(sound, stride=44), "stride 264": encode(sound, stride=264),
                "version 0": encode(sound, version=0),
                "version -1": encode(sound, version=0xffffffff),
                "zeros": bytes(4096), "ones": b"\xff" * 1072, "header's zeros": bytes(16),
                "half a header": encode(sound)[:15]}.items():
            with self.subTest(what):
                self.expect(self.judged(blob), dict.fromkeys(("uefi.mat",) + OTHERS,
                                                             "unknown malformed"))

    def test_cut_short_at_every_byte(self):
        blob = encode(split(4))
        for size in range(len(blob)):
            report = self.judged(blob[:size])
            with self.subTest(size):
                self.nothing_passes(report)
                if size >= 16:
                    self.expect(report, {"uefi.mat": "pass",
                                         **dict.fromkeys(OTHERS, "unknown truncated")})
                else:
                    self.assertEqual("unknown", rule(report, "uefi.mat")["status"])

    def test_four_mebibytes_of_entries(self):
        """As many entries as are taken at all: sound, overlapping, and without protection."""
        most = (CAP - 16) // 40
        for what, entries, failing in (
                ("sound", split(most), ()),
                ("bare", [(CODE, 0x1000 * i, 1, RUN) for i in range(most)], ENTRIES[1:]),
                ("all the same", [(CODE, 0x1000, 1, RUN | XP)] * most, ENTRIES[:1]),
                ("backwards", split(most)[::-1], ENTRIES[:1]),
                ("nested", [(CODE, 0x1000 * i, 2 * most - i, RUN | XP) for i in range(most)],
                 ENTRIES[:1])):
            blob = encode(entries, stride=40)
            self.assertLessEqual(len(blob), CAP)
            path = self.file("mat.bin", blob)
            r = harness.run_bounded("--only", "uefi", "--format", "json", "--from", path,
                                    ok=(1, 3), seconds=3.0, mib=96)
            report = harness.parse(r.out)
            with self.subTest(what):
                self.expect(report, {"uefi.mat-coverage": "unknown", **{
                    n: "fail" if n in failing else "pass" for n in ENTRIES}},
                    {"mat.entries": most})
                for name in ENTRIES:
                    self.assertEqual(1001 if name in failing else 0, len(subjects(report, name)))

    def test_entries_at_the_end_are_drawn_as_findings_name_them(self):
        """No sum overflows: neither in what is found, nor in what is drawn, nor in its width."""
        top = (1 << 64) - 0x1000
        entries = [(CODE, 0x1000, 0, RUN | XP), (DATA, top, 1 << 63, XP), (CODE, 0, 0, RUN | XP),
                   (CODE, top - 0xf000, (1 << 64) - 1, RUN), (DATA, top, 1, RUN | XP),
                   (DATA, 0x2001, 3, RUN | RO)]
        for options in ({}, {"stride": 256}, {"version": 2, "flags": 0xffffffff}):
            report = self.judged(encode(entries, **options))
            self.nothing_passes(report)
            self.expect(report, {"uefi.mat-layout": "fail", "uefi.page-protection": "fail"})
            text = self.text(self.dir / "capture")
            names = {s for n in OTHERS for s in subjects(report, n)}
            self.assertEqual(len(entries), len(drawn(text)))
            self.assertEqual(names, {d[0] for d in drawn(text) if d[4]})

    def test_entries_of_other_types_alone(self):
        """A table that describes no runtime memory does not protect any."""
        blob = encode([(t, 0x1000 * t, 1, RUN | XP) for t in (3, 4, 7)])
        more = {"efi/runtime-map": b"0x5 0x10000000 0x0 0x1 0x800000000000000f\n"}
        self.expect(self.judged(blob, more), {"uefi.mat": "pass", "uefi.mat-coverage": "fail"})

    def test_hostile_logs(self):
        """Listings that prove nothing: words, numbers and orders that Linux does not print."""
        opening = b"[    0.4] efi: memattr: Processing EFI Memory Attributes table:\n"
        entry = b"[    0.4] efi: memattr:  0x%s-0x%s [Runtime Code|RUN|XP]\n"
        sound = entry % (b"000010000000", b"000010000fff")
        region = (b"[    0.0] efi: mem00: [Runtime Code|RUN|WB] "
                  b"range=[0x0000000010000000-0x0000000010000fff] (0MB)\n")
        whole = BEFORE + TABLES + region + opening + sound + AFTER
        report = judge("--only", "uefi", "--from", self.file("dmesg", whole))
        self.expect(report, dict.fromkeys(("uefi.mat",) + OTHERS, "pass"))
        for what, lines in {
                "no opening line": region + sound, "no map": opening + sound,
                "no entries": region + opening,
                "ends before it starts": region + opening +
                entry % (b"000010000fff", b"000010000000"),
                "past 64 bits": region + opening + sound +
                entry % (b"10000000000000000", b"10000000000000fff"),
                "cut inside the entry": region + opening + sound[:-8],
                "escapes": region + opening + sound.replace(b"RUN", b"\x1b[31mRUN"),
                "interrupted": region + opening + AFTER + sound,
                "of another boot": region + opening + BEFORE + sound}.items():
            path = self.file("dmesg", BEFORE + TABLES + lines + AFTER)
            report = judge("--only", "uefi", "--from", path)
            with self.subTest(what):
                self.nothing_passes(report)
                self.text(path)


if __name__ == "__main__":
    harness.main()
