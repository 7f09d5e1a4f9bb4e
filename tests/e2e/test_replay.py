# SPDX-License-Identifier: MIT
"""Captures and their replay, and what the processes open while they are at it."""
import hashlib
import json
import os
import re
import subprocess
import tarfile
from pathlib import Path

import harness
from harness import (Case, NOBODY, PROGRAM, check_trouble, judge, metal, need, need_guests,
                     need_tool, parse, run, tar, write_files)

FORMS = ("", ".tar", ".tar.gz", ".tar.zst")
SECRET = "SECRET0123"
UUID = "12345678-9abc-def0-1234-56789abcdef0"
MAC = "52:54:00:ab:cd:ef"


def without_source(text):
    """Indented JSON without its source object, as text."""
    cut, n = re.subn(r'\n  "source": \{\n(?:    .*\n)*?  \},', "", text.decode("utf-8"))
    assert n == 1, text[:400]
    return cut


def json_text(*args, **more):
    r = run("--format", "json", *args, ok=(0, 1, 3), **more)
    parse(r.out)
    return without_source(r.out)


class Replay(Case):
    def capture(self, form, *args, **more):
        path = self.dir / f"capture{form}"
        r = run("capture", "--output", path, *args, ok=(0,), **more)
        self.assertEqual(b"", r.out)
        # What was denied is named on stderr, in a line.
        self.assertLessEqual(len(r.lines), 1, r)
        self.assertEqual([path.name], [p.name for p in self.dir.iterdir()
                                       if p.name.startswith("capture" + form)][:1])
        return path

    def test_this_machine(self):
        for form in FORMS:
            with self.subTest(form or "folder"):
                # The kernel's log may grow between the two runs; not three times in a row.
                for _ in range(3):
                    live = json_text()
                    path = self.capture(form)
                    replayed = json_text("--from", path)
                    if live == replayed:
                        break
                    subprocess.run(["rm", "-rf", str(path)], check=True)
                self.assertEqual(live, replayed)
                self.assertEqual("capture", judge("--from", path)["source"]["kind"])

    def test_guests(self):
        for guest in sorted(need_guests().iterdir()):
            with self.subTest(guest.name):
                live = json_text("--root", guest)
                path = self.dir / (guest.name + ".tar.gz")
                run("capture", "--root", guest, "--output", path, ok=(0,))
                self.assertEqual(live, json_text("--from", path))
                # Neither do the other formats tell a capture from the machine.
                self.assertEqual(run("--root", guest, "-v").out, run("--from", path, "-v").out)

    def test_all_forms_hold_the_same(self):
        root = need_guests() / "smm-tpm-mor2"
        seen = []
        for form in FORMS:
            path = self.capture(form, "--root", root)
            if form == "":
                files = {str(p.relative_to(path)): p.read_bytes()
                         for p in path.rglob("*") if p.is_file()}
            else:
                data = path.read_bytes()
                if form == ".tar.zst":
                    data = subprocess.run([need_tool("zstd"), "-dqc"], input=data, check=True,
                                          stdout=subprocess.PIPE).stdout
                plain = self.file("plain.tar" if form != ".tar.gz" else "plain.tgz", data)
                with tarfile.open(plain) as t:
                    self.assertTrue(all(m.isreg() for m in t.getmembers()))
                    files = {m.name: t.extractfile(m).read() for m in t.getmembers()}
            made = json.loads(files.pop("manifest.json"))
            self.assertEqual(1, made["format"])
            self.assertEqual("vbscheck", made["tool"]["name"])
            rows = {b["name"]: b for b in made["blobs"]}
            self.assertEqual(set(files), {n for n, b in rows.items() if b["sha256"]})
            for name, data in files.items():
                self.assertEqual((len(data), hashlib.sha256(data).hexdigest()),
                                 (rows[name]["size"], rows[name]["sha256"]), name)
            seen.append(files)
        self.assertTrue(all(files == seen[0] for files in seen))

    def secretive_root(self):
        """A tree whose serial numbers, UUIDs and addresses would be noticed in a capture."""
        secrets = {f"sys/class/dmi/id/{n}": f"{SECRET}\n".encode() for n in (
            "product_serial", "board_serial", "chassis_serial", "board_asset_tag",
            "chassis_asset_tag", "product_sku", "modalias")}
        return write_files(self.dir / "root", {
            **secrets,
            "sys/class/dmi/id/product_uuid": UUID.encode(),
            "sys/class/dmi/id/sys_vendor": b"Maker\n",
            "sys/class/dmi/id/product_name": b"Thing\n",
            "sys/class/dmi/id/bios_version": b"1.2\n",
            "sys/firmware/acpi/tables/FACP": harness.facp(),
            "sys/firmware/acpi/tables/APIC": harness.apic(),
            "sys/firmware/acpi/tables/WSMT": harness.wsmt(7),
            "sys/firmware/acpi/tables/MSDM": harness.table(b"MSDM", SECRET.encode()),
            "sys/firmware/dmi/tables/DMI": SECRET.encode(),
            "sys/firmware/efi/fw_platform_size": b"64\n",
            "sys/firmware/efi/efivars/BootOrder-" + harness.GLOBAL: b"\7\0\0\0" + SECRET.encode(),
            "sys/firmware/efi/efivars/SecureBoot-" + harness.GLOBAL: b"\6\0\0\0\1",
            "sys/class/net/eth0/address": MAC.encode(),
            "proc/cmdline": f"root=UUID={UUID} intel_iommu=on ip={MAC} pw={SECRET}\n".encode(),
            "proc/cpuinfo": b"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
                            b"model\t\t: 158\nstepping\t: 10\nflags\t\t: lm\n",
            "proc/sys/kernel/osrelease": b"6.12.0\n",
            "dmesg": (f"[    0.000000] Linux version 6.12.0 (gcc) #1\n"
                      f"[    0.000000] Command line: root=UUID={UUID} pw={SECRET}\n"
                      f"[    0.000000] efi: EFI v2.70 by Maker\n"
                      f"[    1.000000] usb 1-1: SerialNumber: {SECRET}\n"
                      f"[    1.000000] e1000e eth0: (PCI) {MAC}\n").encode(),
        })

    def test_no_serial_numbers(self):
        root = self.secretive_root()
        path = self.capture("", "--root", root)
        for p in path.rglob("*"):
            self.assertNotRegex(str(p.relative_to(path)).lower(), "serial|uuid|asset")
            if p.is_file():
                data = p.read_text(errors="replace").lower()
                for secret in (SECRET.lower(), UUID, MAC):
                    self.assertNotIn(secret, data, p.name)
        self.expect(judge("--from", path), {"smm.wsmt": "pass", "uefi.boot": "pass"})

    def test_no_serial_numbers_of_this_machine(self):
        path = self.capture("")
        known = set()
        for p in Path("/sys/class/dmi/id").glob("*"):
            if re.search("serial|uuid|asset", p.name):
                try:
                    known.add(p.read_text().strip())
                except OSError:
                    pass
        known = {k for k in known if len(k) >= 8 and len(set(k)) > 2}
        known |= {p.read_text().strip() for p in Path("/sys/class/net").glob("*/address")}
        known = {k for k in known if k.strip("0:")}
        for p in path.rglob("*"):
            if p.is_file():
                data = p.read_text(errors="replace")
                for secret in known:
                    self.assertNotIn(secret, data, p.name)

    def test_ordinary_user(self):
        who = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
        self.dir.chmod(0o777)
        path = self.dir / "mine.tar"
        r = run("capture", "--output", path, ok=(0,), **who)
        self.assertEqual(b"", r.out)
        live = json_text(**who)
        # Anybody can judge it, and gets what that user got.
        self.assertEqual(live, json_text("--from", path))
        self.assertEqual(live, json_text("--from", path, **who))
        with tarfile.open(path) as t:
            blobs = json.load(t.extractfile("manifest.json"))["blobs"]
        denied = [b["name"] for b in blobs if b["status"] == "no-permission"]
        if denied:  # told at once, while something can still be done about it
            self.assertIn(b"no-permission", r.err)
            self.assertIn(denied[0].encode(), r.err)

    def test_refuses_what_is_there(self):
        full = self.dir / "full"
        write_files(full, {"precious": b"1"})
        check_trouble(run("capture", "--output", full), str(full))
        self.assertEqual(["precious"], os.listdir(full))
        for form in FORMS[1:]:
            path = self.file("old" + form, b"precious")
            check_trouble(run("capture", "--output", path), str(path))
            self.assertEqual(b"precious", path.read_bytes())
        self.assertEqual({"full", "old.tar", "old.tar.gz", "old.tar.zst"},
                         set(os.listdir(self.dir)))

    def test_no_place_to_write(self):
        check_trouble(run("capture", "--output", self.dir / "no/such/folder"))
        check_trouble(run("capture", "--output", self.dir / "no/such.tar"))
        self.assertEqual([], os.listdir(self.dir))
        check_trouble(run("capture", "--root", self.dir / "nowhere", "--output", self.dir / "x"))
        self.assertEqual([], os.listdir(self.dir))

    def test_readers_ignore_unknown_files(self):
        """Decision 26."""
        files = harness.capture_files(metal())
        files["from-the-future/thing"] = b"\0\1\2"
        report = judge("--from", self.file("c.tar", tar(files)))
        self.expect(report, {"smm.wsmt": "pass"})


# strace ------------------------------------------------------------------------------------------

OPENS = re.compile(r"\b(open|openat|openat2|creat)\(")
CHANGES = re.compile(r"\b(rename|renameat|renameat2|unlink|unlinkat|mkdir|mkdirat|rmdir|link|linkat"
                     r"|symlink|symlinkat|truncate|ftruncate|chmod|fchmod|fchmodat|chown|mknod"
                     r"|mknodat|mount|setxattr|utimensat)\(")
TRACED = ("open,openat,openat2,creat,clone,clone3,fork,vfork,execve,rename,renameat,renameat2,"
          "unlink,unlinkat,mkdir,mkdirat,rmdir,link,linkat,symlink,symlinkat,truncate,ftruncate,"
          "chmod,fchmod,fchmodat,chown,mknod,mknodat,mount,setxattr,utimensat,socket,connect")


class Strace(Case):
    def trace(self, *args, **more):
        """(pid, call) of every system call that succeeded, in order."""
        strace = need_tool("strace")
        log = self.dir / "strace.log"
        r = run("-f", "-qq", "-s", "4096", "-e", "trace=" + TRACED, "-o", log, PROGRAM, *args,
                program=[strace], env={"ASAN_OPTIONS": "detect_leaks=0"}, **more)
        need(b"ptrace" not in r.err, "strace may not trace here")
        calls, pending = [], {}
        for line in harness.without_counting(log.read_text(errors="replace").splitlines()):
            pid, _, call = line.partition(" ")
            call = call.strip()
            if call.endswith("<unfinished ...>"):
                pending[pid] = call[:-len("<unfinished ...>")]
                continue
            m = re.match(r"<\.\.\. \w+ resumed>(.*)", call)
            if m:
                call = pending.pop(pid, "") + m[1]
            m = re.search(r"= (-?\d+)", call[call.rfind(")"):] if ")" in call else "")
            if m and int(m[1]) >= 0:
                calls.append((pid, call))
        log.unlink()
        return r, calls

    def check_judge(self, calls, may_name=False):
        """The process that judges opens nothing at all; the other only what it was told to. A live
        scan may have two more children: one looks up names of PCI functions with libpci, one talks to
        the TPM."""
        main = calls[0][0]
        forks = [c for p, c in calls if p == main and re.match(r"(clone|clone3|fork|vfork)\(", c)]
        self.assertTrue(forks)
        children = {re.search(r"= (\d+)$", c)[1] for c in forks}
        if may_name:
            for mark in ("/libpci.so", '"/dev/tpm'):
                others = {p for p, c in calls if p in children and mark in c}
                self.assertLessEqual(len(others), 1)
                children -= others
            self.assertTrue(children)
        for pid, call in calls:
            if pid in children:
                self.assertIsNone(OPENS.match(call), call)
                self.assertIsNone(CHANGES.match(call), call)
                self.assertIsNone(re.match(r"(execve|socket|connect)\(", call), call)
        return children

    def check_opens_nothing_for_writing(self, calls, below=None):
        for _, call in calls:
            if below is not None and str(below) in call:
                continue
            if OPENS.match(call):
                # A TPM answers only on a device that is open for reading and writing.
                if '"/dev/tpm' in call or '"/dev/null"' in call:
                    continue
                self.assertNotRegex(call, r"O_WRONLY|O_RDWR|O_CREAT|O_TRUNC|O_APPEND")
            self.assertNotRegex(call, "^" + CHANGES.pattern)

    def test_a_replay_opens_nothing_once_it_judges(self):
        files = harness.capture_files(metal())
        for name in ("c.tar", "c.tar.gz", "c.tar.zst", "folder"):
            data = tar(files)
            if name == "folder":
                path = write_files(self.dir / name, files)
            else:
                pack = {"c.tar": bytes, "c.tar.gz": harness.gz, "c.tar.zst": harness.zst}[name]
                path = self.file(name, pack(data))
            with self.subTest(name):
                r, calls = self.trace("--from", path, "--format", "json")
                parse(r.out)
                self.assertEqual(1, len(self.check_judge(calls)))
                self.check_opens_nothing_for_writing(calls)

    def test_loose_evidence(self):
        write_files(self.dir / "host", {"acpidump.txt": harness.acpidump(harness.wsmt(7)),
                                        "cpuid": harness.CPU_INTEL})
        r, calls = self.trace("--from", self.dir / "host", "--format", "ndjson")
        parse(r.out)
        self.check_judge(calls)
        self.check_opens_nothing_for_writing(calls)

    def test_a_scan_opens_nothing_for_writing(self):
        r, calls = self.trace("--format", "json")
        parse(r.out)
        self.check_judge(calls, may_name=True)
        self.check_opens_nothing_for_writing(calls)

    def test_of_the_tpm_it_is_told_to_ask_it_opens_the_device_alone_for_writing(self):
        device = self.file("tpm", b"")
        root = self.dir / "root"
        root.mkdir()
        r, calls = self.trace("--root", root, "--tcti", f"device:{device}", "--format", "json")
        parse(r.out)
        opened = [c for _, c in calls if OPENS.match(c) and f'"{device}"' in c]
        self.assertTrue(opened)
        for call in opened:
            self.assertIn("O_RDWR", call)
            self.assertNotRegex(call, r"O_CREAT|O_TRUNC|O_APPEND")
        self.check_opens_nothing_for_writing(calls, below=device)
        self.assertEqual(b"", device.read_bytes())  # being no device, it is not written to

    def test_a_capture_writes_only_its_output(self):
        for name in ("capture.tar", "capture"):
            _, calls = self.trace("capture", "--output", self.dir / name, ok=(0,))
            forks = [c for _, c in calls if c.startswith("execve(")]
            self.assertEqual(1, len(forks), "a helper program was started")
            inside = [c for _, c in calls if str(self.dir) in c]
            self.assertTrue(inside)
            if name == "capture":  # files of the folder are opened relative to it
                calls = [(p, c) for p, c in calls
                         if not re.match(r'(openat|mkdirat)\(\d+, "(?!/)', c)]
            self.check_opens_nothing_for_writing(calls, below=self.dir)


if __name__ == "__main__":
    harness.main()
