# SPDX-License-Identifier: MIT
"""Profiles as people use them: names, files, waivers, and what profiles other than the default ask for."""
import json
import os
import subprocess

import harness
from harness import PROGRAM, PROJECT, acpidump, apic, check_text, check_trouble, facp, run, wsmt

NAMES = ["vbs", "vbs-2017", "vbs-current", "readiness-tool", "memory-integrity-default",
         "credential-guard", "kernel-dma-protection", "secured-core-pc", "strict"]
BASE = {"schema_version": 1, "name": "acme", "base": "vbs"}
WAIVER = {"rule": "smm.wsmt", "reason": "vendor promised 1.2", "until": "2999-12-31",
          "owner": "j.doe"}
LSBLK = """NAME        TYPE ROTA RM   SIZE TRAN   SERIAL
sda         disk    1  0 931.5G sata   S4711
├─sda1      part    1  0   100M
sdb         disk    0  1  28.7G usb    S4712
nvme0n1     disk    0  0 476.9G nvme   S4713
"""
MEMINFO = "MemTotal:       15926016 kB\nMemFree:          123456 kB\n"
DMIDECODE = """# dmidecode 3.4
Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: LENOVO
\tProduct Name: 20NX
\tSerial Number: PF4711

Handle 0x0010, DMI type 16, 23 bytes
Physical Memory Array
\tUse: System Memory
\tNumber Of Devices: 1

Handle 0x0011, DMI type 17, 40 bytes
Memory Device
\tSize: 4 GB
\tSerial Number: 4711
"""


class Profiles(harness.Case):
    def setUp(self):
        super().setUp()
        self.bad = self.file("bad.txt", acpidump(wsmt(4), facp(), apic()))

    def profile(self, content, name="acme.json"):
        data = content if isinstance(content, (bytes, str)) else json.dumps(content)
        return self.file(name, data if isinstance(data, bytes) else data.encode())

    def report(self, *args, ok=(0, 1, 3)):
        """Held against the schema; what parse() checks is of the default profile."""
        report = json.loads(run("--format", "json", *args, ok=ok).out)
        harness.validate(report)
        return report

    def test_the_list_names_page_and_date(self):
        text = run("list", "profiles", ok=(0,)).out.decode().splitlines()
        self.assertEqual(NAMES, [line.split()[0] for line in text])
        listed = json.loads(run("list", "profiles", "--format", "json", ok=(0,)).out)
        self.assertEqual(NAMES, [p["name"] for p in listed])
        for p in listed:
            self.assertTrue(p["summary"] and p["page"] and p["date"], p["name"])

    def test_the_default_named_is_the_default(self):
        for fmt in ("text", "json", "ndjson"):
            plain = run("--format", fmt, "--from", self.bad)
            named = run("--format", fmt, "--from", self.bad, "--profile", "vbs")
            self.assertEqual((plain.status, plain.out), (named.status, named.out))
            self.assertNotIn(b"Profile", plain.out)
            self.assertNotIn(b"waive", plain.out)

    def test_a_profile_shows_its_rules_and_no_other(self):
        for name in NAMES:
            listed = json.loads(run("list", "rules", "--profile", name, "--format", "json").out)
            report = self.report("--profile", name, "--from", self.bad)
            self.assertEqual(name, report["profile"])
            self.assertEqual([(r["id"], r["level"]) for r in listed],
                             [(r["id"], r["level"]) for r in report["rules"]])
            self.assertEqual(sum(report["counts"].values()), len(listed))
            text = run("--profile", name, "--from", self.bad).out
            check_text(text)
            self.assertEqual(name != "vbs", f"Profile: {name}".encode() in text)

    def test_what_is_waived_is_shown_and_does_not_count(self):
        args = ("--only", "smm,cpu", "--from", self.bad)
        self.assertEqual("not-ready", self.report(*args)["verdict"])
        report = self.report("--skip", "smm.wsmt=ticket 4711", *args)
        self.assertEqual("undetermined", report["verdict"])
        judged = harness.rule(report, "smm.wsmt")
        self.assertEqual(("fail", "ticket 4711"), (judged["status"], judged["waived"]))
        self.assertIn("smm.wsmt is waived (ticket 4711)", report["caveats"])
        self.assertEqual([{"rule": "smm.wsmt", "reason": "ticket 4711", "until": None,
                           "owner": None, "in_force": True}], report["waivers"])
        text = run("--skip", "smm.wsmt=ticket 4711", *args).out.decode()
        self.assertIn("Waived:  smm.wsmt: ticket 4711", text)
        self.assertIn("smm.wsmt (waived)", text)
        self.assertRegex(text, r"UNDETERMINED: [^\n]*; smm.wsmt is\n  waived")
        only = self.report("--only", "smm", "--skip", "smm.wsmt=x", "--from", self.bad)
        self.assertEqual("undetermined", only["verdict"])

    def test_a_waiver_of_what_holds_is_named_too(self):
        good = self.file("good.txt", acpidump(wsmt(7), facp(), apic()))
        text = run("--only", "smm", "--skip", "smm.wsmt=x", "--from", good).out.decode()
        self.assertIn("Waived:  smm.wsmt: x", text)

    def test_a_waiver_in_the_other_formats(self):
        args = ("--only", "smm", "--skip", "smm.wsmt=a \"b\"", "--from", self.bad)
        sarif = json.loads(run("--format", "sarif", *args).out)
        result, = sarif["runs"][0]["results"]
        self.assertEqual([{"kind": "external", "justification": 'a "b"'}], result["suppressions"])
        self.assertNotIn(b"<failure", run("--format", "junit", *args).out)
        path = self.profile({**BASE, "name": 'x",y="1'})
        self.assertIn(b'profile="x\\",y=\\"1"', run("--format", "prometheus", "--profile", path,
                                                    "--from", self.bad).out)
        self.assertIn(b"for the profile x", run("--format", "markdown", "--profile", path,
                                                "--from", self.bad).out)

    def test_what_is_required_counts(self):
        report = self.report("--require", "cpu.mbec", "--require", "memory.size", "--from",
                             self.bad)
        self.assertEqual("required", harness.rule(report, "cpu.mbec")["level"])
        self.assertEqual("required", harness.rule(report, "memory.size")["level"])
        self.assertEqual(["cpu.mbec", "memory.size"], report["profile_required"])

    def test_a_file_with_waivers(self):
        path = self.profile({**BASE, "page": "Acme 12", "waivers": [WAIVER]})
        report = self.report("--only", "smm,cpu", "--profile", path, "--from", self.bad)
        self.assertEqual(("acme", "undetermined", os.fspath(path), "Acme 12"),
                         (report["profile"], report["verdict"], report["profile_file"],
                          report["profile_page"]))
        self.assertIn("smm.wsmt is waived until 2999-12-31 by j.doe (vendor promised 1.2)",
                      report["caveats"])
        old = self.profile({**BASE, "waivers": [{**WAIVER, "until": "2001-01-01"}]}, "old.json")
        report = self.report("--only", "smm,cpu", "--profile", old, "--from", self.bad)
        self.assertEqual("not-ready", report["verdict"])
        self.assertIn("the waiver of smm.wsmt ended on 2001-01-01", report["caveats"])
        self.assertTrue(any("ask j.doe" in n["message"] for n in report["notes"]))
        self.assertFalse(report["waivers"][0]["in_force"])

    def test_a_file_is_told_from_a_name_by_its_slash(self):
        self.profile(BASE, "strict")
        r = run("--profile", "strict", "--from", self.bad, "--format", "json", cwd=self.dir)
        self.assertEqual("strict", json.loads(r.out)["profile"])
        r = run("--profile", "./strict", "--from", self.bad, "--format", "json", cwd=self.dir)
        self.assertEqual("acme", json.loads(r.out)["profile"])
        self.profile(BASE)
        check_trouble(run("--profile", "acme.json", "--from", self.bad, cwd=self.dir),
                      "write ./acme.json")
        with subprocess.Popen(["sh", "-c", f"cat acme.json | {PROGRAM} --profile /dev/stdin "
                               "--format json bad.txt"], cwd=self.dir,
                              stdout=subprocess.PIPE) as p:
            self.assertEqual("acme", json.loads(p.stdout.read())["profile"])

    def test_wrong_words_are_told_once(self):
        two = ("--from", self.bad, "--from", self.bad)
        for args, words in (
                (("--skip", "smm.wsmt"), "RULE=REASON"),
                (("--skip", "smm.wsmt="), "the reason is empty"),
                (("--skip", "smm.wsmt=a\x1b[2J"), "cannot be printed"),
                (("--skip", "smm.wsmt=" + 201 * "x"), "longer than 200"),
                (("--skip", "smm.wstm=x"), "did you mean 'smm.wsmt'?"),
                (("--skip", "smm.wsmt=a", "--skip", "smm.wsmt=b"), "waived twice"),
                (("--require", "smm.wstm"), "did you mean 'smm.wsmt'?"),
                (("--require", "smm.wsmt", "--skip", "smm.wsmt=x"), "both required and waived"),
                (("--profile", "strikt"), "did you mean 'strict'?"),
                (("--profile", "vbs", "--profile", "strict"), "one profile"),
                (("--profile", "./missing"), "is not there"),
                (("--profile", self.dir), "is a folder"),
                (("--profile", "/dev/zero"), "is a device")):
            check_trouble(run("--format", "ndjson", *args, *two), words)

    def test_hostile_files_are_refused_in_one_line(self):
        long = {**BASE, "levels": {f"a{i}.b": "required" for i in range(9000)}}
        for content, words in (
                (b"", "is empty"), (b"[" * 100000, "not JSON"), (b"\x80\xff", "not JSON"),
                (b" " * (256 * 1024 + 1), "over 256 KiB"), (b"\0" * 1000, "not JSON"),
                (b"x" * (70 << 20), "too large"), (long, "there is no rule"),
                ({**BASE, "schema_version": 2, "then": "else"}, "use a newer vbscheck"),
                ({**BASE, "name": "\x1b]0;x\x07"}, "cannot be printed"),
                ({**BASE, "levels": {"\u202e": "info"}}, "cannot be shown"),
                (b'{"schema_version": 1, "name": "a", "levels": {"smm.wsmt": "info", '
                 b'"smm.wsmt": "required"}}', "two levels"),
                ({**BASE, "waivers": [WAIVER] * 201}, "more than 200"),
                ({**BASE, "waivers": [WAIVER, WAIVER]}, "waived twice")):
            path = self.profile(content)
            check_trouble(run("--profile", path, "--from", self.bad), words)

    def test_files_that_the_schema_takes_the_program_takes(self):
        import jsonschema
        schema = json.loads((PROJECT / "docs/schema/profile-1.json").read_text())
        jsonschema.Draft202012Validator.check_schema(schema)
        valid = jsonschema.Draft202012Validator(schema).is_valid
        for content in (
                BASE, {**BASE, "waivers": [WAIVER]}, {**BASE, "levels": {"smm.wsmt": "none"}},
                {**BASE, "levels": {"smm.wsmt": {"level": "info", "guest": "required"}}},
                {"schema_version": 1, "name": "a", "levels": {"smm.wsmt": "info"}},
                {"schema_version": 1, "name": "a"}, {"schema_version": 2, "name": "a"},
                {**BASE, "levles": {}}, {**BASE, "waivers": [{**WAIVER, "by": "x"}]},
                {**BASE, "waivers": [{"rule": "smm.wsmt"}]}, {**BASE, "levels": {"smm.wsmt": 1}},
                {**BASE, "levels": {"smm.wsmt": "must"}}, {**BASE, "name": ""}):
            r = run("--profile", self.profile(content), "--from", self.bad)
            self.assertEqual(valid(content), r.status != 2, content)

    def test_memory_and_disks_of_loose_texts(self):
        self.file("host/lsblk.txt", LSBLK.encode())
        self.file("host/meminfo", MEMINFO.encode())
        args = ("--profile", "memory-integrity-default", "--from", self.dir / "host")
        report = self.report(*args)
        for name in ("memory.size", "storage.ssd", "storage.size"):
            self.assertEqual("pass", harness.rule(report, name)["status"], name)
        self.assertEqual(512, report["facts"]["storage.ssd-size"])
        self.assertEqual(2, report["facts"]["storage.disks"])
        self.assertNotIn("471", json.dumps(report))

    def test_memory_of_dmidecode(self):
        path = self.file("dmidecode.txt", DMIDECODE.encode())
        report = self.report("--profile", "memory-integrity-default", "--from", path)
        self.assertEqual("fail", harness.rule(report, "memory.size")["status"])
        self.assertEqual(4096, report["facts"]["memory.installed"])

    def test_a_capture_of_loose_texts_says_the_same_and_holds_no_serial(self):
        self.file("host/lsblk.txt", LSBLK.encode())
        self.file("host/meminfo", MEMINFO.encode())
        self.file("host/dmidecode.txt", DMIDECODE.encode())
        made = self.dir / "made"
        run("capture", "--from", self.dir / "host", "--output", made, ok=(0,))
        for path in made.rglob("*"):
            if path.is_file():
                self.assertNotIn(b"4711", path.read_bytes(), path)
        args = ("--profile", "memory-integrity-default", "--from")
        loose, replayed = self.report(*args, self.dir / "host"), self.report(*args, made)
        self.assertEqual(loose["facts"], replayed["facts"])
        self.assertEqual(loose["verdict"], replayed["verdict"])

    def test_a_tree_of_a_machine(self):
        """Links of /sys/block as the kernel makes them: the stick does not count."""
        for disk, path, files in (
                ("nvme0n1", "pci0000:00/0000:00:1d.0/0000:3d:00.0/nvme/nvme0/nvme0n1",
                 {"size": "1000215216", "removable": "0", "queue/rotational": "0"}),
                ("sda", "pci0000:00/0000:00:14.0/usb2/2-1/2-1:1.0/host4/block/sda",
                 {"size": "4000000000", "removable": "0", "queue/rotational": "0"}),
                ("loop0", "virtual/block/loop0", {"size": "8"})):
            for name, value in files.items():
                self.file(f"tree/sys/devices/{path}/{name}", value.encode() + b"\n")
            block = self.dir / "tree/sys/block"
            block.mkdir(parents=True, exist_ok=True)
            os.symlink(f"../devices/{path}", block / disk)
        self.file("tree/proc/meminfo", MEMINFO.encode())
        psp = "tree/sys/devices/pci0000:00/0000:00:08.1/0000:04:00.2"
        for name, value in (("fused_part", "1"), ("tsme_status", "0"), ("tee_version", "1.2")):
            self.file(f"{psp}/{name}", value.encode() + b"\n")
        for folder in ("bus/pci/devices", "bus/pci/drivers/ccp"):
            path = self.dir / "tree/sys" / folder
            path.mkdir(parents=True)
            os.symlink(os.path.relpath(self.dir / psp, path), path / "0000:04:00.2")
        made = self.dir / "made"
        run("capture", "--root", self.dir / "tree", "--output", made, ok=(0,))
        self.assertEqual("nvme0n1 bus nvme rotational 0 removable 0 sectors 1000215216\n"
                         "sda bus usb rotational 0 removable 0 sectors 4000000000\n",
                         (made / "storage").read_text())
        self.assertEqual("MemTotal:       15926016 kB\n", (made / "memory/kernel").read_text())
        self.assertEqual("0000:04:00.2\n0000:04:00.2 fused_part 1\n0000:04:00.2 tsme_status 0\n"
                         "0000:04:00.2 tee_version 1.2\n", (made / "sys/psp").read_text())
        facts = self.report("--from", made)["facts"]
        self.assertEqual((True, 512, 15552), (facts["storage.ssd"], facts["storage.ssd-size"],
                                              facts["memory.total"]))
        self.assertIs(facts["amd.psp.fused-part"], True)
        self.assertIs(facts["amd.psp.tsme-status"], False)


if __name__ == "__main__":
    harness.main()
