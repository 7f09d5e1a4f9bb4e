# SPDX-License-Identifier: MIT
"""One machine's evidence in the forms that people have it in: facts equal to the plain form's.

And no form passes a rule that the plain form does not.
"""
import bz2
import gzip
import io
import json
import lzma
import random
import re
import textwrap
import zipfile

import harness
from harness import (Case, check_trouble, judge_many, need_corpus, run, run_bounded, tar,
                     write_files, wsmt)

HOST = "ecs-h310ch5-m2"
STAMP = re.compile(rb"^\[ *(\d+\.\d+)\] ", re.M)


def lines(text, form):
    """Each line through `form`, which gets stamp and message."""
    out = []
    for line in text.splitlines():
        m = STAMP.match(line)
        out.append(form(float(m[1]), line[m.end():]) if m else line)
    return b"\n".join(out) + b"\n"


LOGS = {
    "crlf": lambda t: t.replace(b"\n", b"\r\n"),
    "bom": lambda t: b"\xef\xbb\xbf" + t,
    "utf-16-le": lambda t: b"\xff\xfe" + t.decode().encode("utf-16-le"),
    "utf-16-be": lambda t: b"\xfe\xff" + t.decode().encode("utf-16-be"),
    "colour": lambda t: lines(t, lambda s, m: b"\x1b[32m[%12.6f] \x1b[0m\x1b[33m%s\x1b[0m" % (s, m)),
    "quoted": lambda t: b"".join(b"> " + line for line in t.splitlines(True)),
    "indented": lambda t: b"".join(b"    " + line for line in t.splitlines(True)),
    "web": lambda t: b"<pre>" + t.replace(b"&", b"&amp;").replace(b"<", b"&lt;") + b"</pre>\n",
    "fenced": lambda t: b"```\n$ sudo dmesg\n" + t + b"```\n",
    "late": lambda t: b"bla bla bla bla\n" * 8000 + t,
    "journal-short": lambda t: lines(t, lambda s, m: b"Nov 22 15:00:00 host kernel: " + m),
    "journal-german": lambda t: lines(t, lambda s, m: "Mär 22 15:00:00 host kernel: ".encode() + m),
    "journal-chinese": lambda t: lines(t, lambda s, m: "11月 22 15:00:00 host kernel: ".encode() + m),
    "monotonic": lambda t: lines(t, lambda s, m: b"[%12.6f] host kernel: %s" % (s, m)),
    "no-host": lambda t: lines(t, lambda s, m: b"[%12.6f] kernel: %s" % (s, m)),
    "unix": lambda t: lines(t, lambda s, m: b"1732287600.%06d host kernel: %s" % (s, m)),
    "full": lambda t: lines(t, lambda s, m: b"Fri 2024-11-22 15:00:00 UTC host kernel: " + m),
    "iso": lambda t: lines(t, lambda s, m: b"2024-11-22T15:00:00+0000 host kernel: " + m),
    "ctime-german": lambda t: lines(t, lambda s, m: b"[Fr Nov 22 15:00:00 2024] " + m),
    "sonic": lambda t: lines(t, lambda s, m: b"2024 Nov 22 15:00:00.1 h INFO kernel: [%12.6f] %s"
                             % (s, m)),
    "rfc5424": lambda t: lines(t, lambda s, m: b"<6>1 2024-11-22T15:00:00Z h kernel - - - " + m),
    "minicom": lambda t: lines(t, lambda s, m: b"[2024-11-22 15:00:00] [%12.6f] %s" % (s, m)),
    "dmesg-json": lambda t: json.dumps({"dmesg": [
        {"pri": 6, "time": 0.0, "msg": STAMP.sub(b"", line).decode()}
        for line in t.splitlines()]}, indent=3).encode(),
    "journal-json": lambda t: b"".join(json.dumps({
        "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel",
        "MESSAGE": STAMP.sub(b"", line).decode()}).encode() + b"\n" for line in t.splitlines()),
    "journal-seq": lambda t: LOGS["journal-json"](t).replace(b'{"_T', b'\x1e{"_T'),
    "journal-sse": lambda t: b"".join(b"data: %s\n\n" % line
                                      for line in LOGS["journal-json"](t).splitlines()),
    # dmesg -e in a language with a decimal comma
    "reltime-finnish": lambda t: b"[marras29 19:33] first\n" + lines(
        t, lambda s, m: (b"[  +0,000000] " if s % 1 else b"[marras29 19:33] ") + m),
    "export": lambda t: b"".join(b"__CURSOR=s\n_TRANSPORT=kernel\nMESSAGE=%s\n\n"
                                 % STAMP.sub(b"", line) for line in t.splitlines()),
    "gz": lambda t: gzip.compress(t, 1),
    "xz": lzma.compress,
    "bz2": bz2.compress,
}
DUMPS = {
    "crlf": LOGS["crlf"], "bom": LOGS["bom"], "utf-16-le": LOGS["utf-16-le"],
    "utf-16-be": LOGS["utf-16-be"], "quoted": LOGS["quoted"], "indented": LOGS["indented"],
    "prompt": lambda t: b"root@host:~# " + t,
    "trimmed": lambda t: b"\n".join(line.strip() for line in t.splitlines()) + b"\n",
    "blank-lines": lambda t: t.replace(b"\n\n", b"\n   \n"),
    "gz": LOGS["gz"], "xz": LOGS["xz"], "bz2": LOGS["bz2"], "fenced": LOGS["fenced"],
}


def each_line(form):
    return lambda text, width: "\n".join(form(line, width) for line in text.splitlines()) + "\n"


CUTS = {
    "terminal": each_line(lambda line, width: line.expandtabs()[:width]),
    "cut": each_line(lambda line, width: line[:width]),
    "mail": each_line(lambda line, width: "\n".join(textwrap.wrap(line, width))),
    "hard": each_line(lambda line, width: "\n".join(
        line[at:at + width] for at in range(0, max(1, len(line)), width))),
}
SUSE = b"#==[ Command ]======================================#\n# /usr/sbin/%s\n%s\n"
# How one text goes on with the output of the next command.
JOINS = {
    "bare": b"%.0s%s",
    "prompt": b"alice@host:~$ sudo %s\n%s",
    "root": b"[root@host ~]# %s\n%s",
    "supportconfig": SUSE,
    "markdown": b"### %s\n```\n%s```\n",
    "details": b"<details><summary>%s</summary>\n\n```\n%s```\n</details>\n",
    "bbcode": b"[b]%s[/b]\n[code]\n%s[/code]\n",
    "tail": b"==> %s <==\n%s\n",
    "inxi": b"System: Kernel: 6.1.0 x86_64 Console: tty 0\nMachine: Type: Desktop\n"
            b"CPU: quad core [MT MCP]\nDevice-1: Intel bus ID: 00:02.0\n%.0s\n%s",
    "crlf": b"$ %s\r\n%s",
}


class Forms(Case):
    def setUp(self):
        super().setUp()
        host = need_corpus("hosts", HOST)
        self.log = (host / "dmesg.txt").read_bytes()
        self.dump = (host / "acpidump.txt").read_bytes()

    def judged_forms(self, plain, forms):
        paths = [self.file("plain", plain)]
        paths += [self.file(name, form(plain)) for name, form in forms.items()]
        first, *others = judge_many(paths)
        return first, dict(zip(forms, others))

    def check_forms(self, plain, forms):
        first, others = self.judged_forms(plain, forms)
        self.assertIsNotNone(first)
        for name, report in others.items():
            with self.subTest(name):
                self.assertIsNotNone(report)
                self.assertEqual({k: (v, report["facts"][k]) for k, v in first["facts"].items()
                                  if v != report["facts"][k]}, {})

    def test_logs(self):
        self.check_forms(self.log, LOGS)

    def test_dumps(self):
        self.check_forms(self.dump, DUMPS)

    def test_archives(self):
        files = {"logs/dmesg": self.log, "logs/acpidump": self.dump, "devices": b"x\n"}
        folder = write_files(self.dir / "hw.info", files)
        packed = [self.file("hw.info.tar", tar(files)),
                  self.file("hw.info.tar.gz", gzip.compress(tar(files), 1)),
                  self.file("hw.info.txz", lzma.compress(tar(files))),
                  self.file("hw.info.tar.bz2", bz2.compress(tar(files)))]
        first, *others = judge_many([folder, *packed])
        for path, report in zip(packed, others):
            with self.subTest(path.name):
                self.assertEqual(first["facts"], report["facts"])

    def test_what_hw_probe_leaves_beside_the_evidence_is_counted(self):
        """Each of its thirty logs had a note of its own."""
        files = {"hw.info/logs/dmesg": self.log, "hw.info/logs/acpidump": self.dump,
                 **{f"hw.info/logs/{name}": b"x\n" for name in ("lsusb", "debs", "df", "hwinfo")},
                 "hw.info/devices": b"x\n", "hw.info/host": b"x\n"}
        report, = judge_many([self.file("hw.info.txz", lzma.compress(tar(files)))])
        notes = [n["message"] for n in report["notes"] if "not recognised" in n["message"]
                 or "left out" in n["message"]]
        self.assertEqual(["files of the bundle that are not evidence by their paths, left out: 6"],
                         notes)

    def test_a_sosreport(self):
        """More members than any machine has evidence."""
        top = "sosreport-host-2026"
        files = {f"{top}/sos_commands/kernel/dmesg": self.log,
                 f"{top}/sos_commands/pci/lspci_-nnvv": b"00:00.0 Host bridge [0600]: X [8086:1]\n",
                 f"{top}/sos_commands/logs/journalctl": b"x" * (5 << 20),
                 **{f"{top}/a/b/c/d/e/f/g/h/i/{i}": b"x" for i in range(9000)}}
        plain = self.file("dmesg", self.log)
        first, report = judge_many([plain, self.file("sos.tar.xz", lzma.compress(tar(files),
                                                                                 preset=0))])
        self.check_facts(first, report)

    def check_facts(self, plain, report):
        self.assertIsNotNone(report)
        told = {k: v for k, v in plain["facts"].items() if v is not None}
        self.assertEqual(told, {k: report["facts"][k] for k in told})

    def bundle(self, top, size):
        return {f"{top}/var/log/messages": random.Random(1).randbytes(size),
                f"{top}/etc/hostname": b"host\n",
                f"{top}/sys/devices/a/b/c/d/e/f/g/h/i/j": b"x",
                f"{top}/sos_reports/manifest.json": b"{}",
                f"{top}/sos_commands/kernel/dmesg": self.log,
                f"{top}/sys/firmware/acpi/tables/WSMT": wsmt(7)}

    def test_a_dump_that_a_user_put_into_a_bundle(self):
        """It was left out as any other file, and refused beside the bundle: there was no place."""
        files = self.bundle("sosreport-host-2026", 100)
        del files["sosreport-host-2026/sys/firmware/acpi/tables/WSMT"]
        files["sosreport-host-2026/acpidump.txt"] = harness.acpidump(wsmt(7))
        folder = write_files(self.dir / "unpacked", {
            k.partition("/")[2]: v for k, v in files.items()})
        for report in judge_many([self.file("sos.tar", tar(files)), folder]):
            self.assertEqual(7, report["facts"]["wsmt.flags"])

    def test_a_bundle_larger_than_memory(self):
        """A sosreport of 300 MB was refused: all that came out of the archive was kept."""
        files = self.bundle("sosreport-host-2026", 40 << 20)
        data = tar(files)
        folder = write_files(self.dir / "unpacked", {
            k.partition("/")[2]: v for k, v in files.items()})
        paths = [self.file("plain", self.log), folder, self.file("sos.tar", data),
                 self.file("sos.tar.gz", gzip.compress(data, 1)),
                 self.file("renamed.tar.gz", gzip.compress(tar(self.bundle("x", 40 << 20)), 1))]
        plain, *others = judge_many(paths)
        for path, report in zip(paths[1:], others):
            with self.subTest(path.name):
                self.check_facts(plain, report)
                self.assertTrue(report["facts"]["wsmt.present"])
                self.assertTrue(any("left out" in n["message"] for n in report["notes"]))
        for path in paths[1:]:
            run_bounded("--from", path, seconds=4)
        run("capture", "--from", paths[3], "--output", self.dir / "c.tar", ok=(0,))
        self.check_facts(plain, judge_many([self.dir / "c.tar"])[0])

    def test_what_is_large_and_no_bundle_is_refused(self):
        noise = random.Random(2).randbytes(40 << 20)
        for name, data in (("a.tar.gz", gzip.compress(tar({"dmesg": noise}), 1)),
                           ("a.gz", gzip.compress(noise, 1)), ("a.tar", tar({"a": noise})),
                           ("cut.tar.gz", gzip.compress(tar(self.bundle("x", 40 << 20)), 1)[:-9999])):
            with self.subTest(name):
                check_trouble(run_bounded("--from", self.file(name, data), seconds=4), name)

    def test_several_commands_in_one_file(self):
        """In any order, whatever stands between them; each part is used, and a note names it."""
        host = need_corpus("hosts", HOST)
        files = {f.stem: f.read_bytes() for f in host.glob("*.txt") if f.stem != "inteltool"}
        cpuid = (b"CPU 0:\n   0x00000000 0x00: eax=0x00000016 ebx=0x756e6547 ecx=0x6c65746e "
                 b"edx=0x49656e69\n   0x00000001 0x00: eax=0x000906ea ebx=0x00100800 "
                 b"ecx=0x7ffafbbf edx=0xbfebfbff\n")
        files["cpuid -r"] = cpuid
        chance, paths = random.Random(3), [write_files(self.dir / "folder", files)]
        for name, join in JOINS.items():
            for i in range(5):
                order = list(files)
                chance.shuffle(order)
                text = b"".join(join % (k.encode(), files[k]) for k in order)
                if name == "crlf":
                    text = text.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n")
                paths.append(self.file(f"{name}-{i}", text))
        folder, *others = judge_many(paths)
        for path, report in zip(paths[1:], others):
            with self.subTest(path.name):
                self.assertIsNotNone(report)
                self.assertEqual(folder["facts"], report["facts"])
                self.assertTrue(any("several commands" in n["message"] for n in report["notes"]))

    def test_a_report_of_apport(self):
        """Its values stand behind a blank each, which hid every one of them."""
        host = need_corpus("hosts", HOST)
        files = {k: (host / f"{k}.txt").read_bytes() for k in ("dmesg", "lspci", "cpuinfo")}
        text = b"ProblemType: KernelOops\nArchitecture: amd64\n" + b"".join(
            b"%s.txt:\n%s" % (k.encode(), b"".join(b" " + line for line in v.splitlines(True)))
            for k, v in files.items()) + b"Uname: Linux 6.1\n"
        folder, report, packed = judge_many([
            write_files(self.dir / "folder", files), self.file("a.crash", text),
            self.file("a.crash.gz", gzip.compress(text))])
        self.assertEqual(folder["facts"], report["facts"])
        self.assertEqual(folder["facts"], packed["facts"])

    def test_a_folder_of_compressed_texts_is_one_machine(self):
        """Launchpad's attachments: each was a machine of its own, unless one was not packed."""
        host = need_corpus("hosts", HOST)
        files = {k: (host / f"{k}.txt").read_bytes() for k in ("dmesg", "lspci", "cpuinfo")}
        folder, packed = judge_many([
            write_files(self.dir / "folder", files),
            write_files(self.dir / "packed", {f"{k}.txt.gz": gzip.compress(v)
                                              for k, v in files.items()})])
        self.assertEqual(folder["facts"], packed["facts"])

    def test_a_supportconfig(self):
        host = need_corpus("hosts", HOST)
        top = "scc_host_260101_0000"
        files = {f"{top}/{k}": v for k, v in {
            "boot.txt": b"=" * 70 + b"\n" + SUSE % (b"efibootmgr -v", b"BootCurrent: 0000\n") +
                        SUSE % (b"dmesg", self.log),
            "hardware.txt": SUSE % (b"lscpu", b"Architecture: x86_64\n") +
                            SUSE % (b"lspci -vv", (host / "lspci.txt").read_bytes()),
            "messages.txt": b"Nov 29 host systemd[1]: x\n" * 9999,
        }.items()}
        unpacked = write_files(self.dir / "unpacked", {
            **{k.partition("/")[2]: v for k, v in files.items()}, "basic-environment.txt": b"x\n"})
        plain, *others = judge_many([
            write_files(self.dir / "plain", {"dmesg": self.log, "lspci": (
                host / "lspci.txt").read_bytes()}),
            self.file("scc.txz", lzma.compress(tar(files), preset=0)), unpacked])
        for report in others:
            self.assertIsNotNone(report)
            self.assertEqual(plain["facts"], report["facts"])

    def test_a_folder_of_very_many_stray_files(self):
        """Each cost a process: nothing limited how many."""
        files = {f"{i:05}.txt": b"hello\n" for i in range(1200)}
        folder = write_files(self.dir / "stray", {**files, "host/dmesg.txt": self.log})
        r = run("--from", folder)
        check_trouble(r, "stray", "over 1000 files and folders", "name each machine")
        for name in list(files)[800:]:
            (folder / name).unlink()
        out = run("--from", folder, "--format", "ndjson", ok=(3,))
        self.assertIn(b"stray/host", out.out)

    def test_a_zip(self):
        """Forums take no other archives."""
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("a/dmesg.txt", self.log)
            z.writestr("a/acpidump.txt", self.dump)
        one = io.BytesIO()
        with zipfile.ZipFile(one, "w", zipfile.ZIP_DEFLATED) as z:
            z.writestr("dmesg.txt", self.log)
        beside = write_files(self.dir / "beside", {"log.zip": one.getvalue(),
                                                   "acpidump.txt": self.dump})
        folder = write_files(self.dir / "folder", {"dmesg": self.log, "acpidump": self.dump})
        plain, *others = judge_many([folder, self.file("a.zip", out.getvalue()), beside,
                                     self.file("wrapped.tar.gz", gzip.compress(
                                         tar({"a.zip": out.getvalue()})))])
        for report in others:
            self.assertEqual(plain["facts"], report["facts"])
        check_trouble(run("--from", self.file("cut.zip", out.getvalue()[:-200])), "cut.zip")

    def damage(self, chance, text):
        """As mail, terminals, editors and disks do it."""
        at, kind = chance.randrange(len(text)), chance.randrange(7)
        end = text.find(b"\n", at)
        if kind == 0:
            del text[at:at + chance.choice((1, 2, 80, 4000))]
        elif kind == 1:
            text[at] = chance.randrange(256)
        elif kind == 2:
            text[at:at] = b"\n> "
        elif kind == 3:
            text[at:at] = bytes(chance.choice((1, 3)))
        elif kind == 4:
            del text[at:end if end > 0 else at + 1]
        elif kind == 5:
            text[at:at] = text[at:at + 200]
        elif at > len(text) // 2:
            del text[at:]

    def test_a_list_of_processors_cut_at_any_width_decides_nothing_more(self):
        """As terminals cut and wrap it: long lines lost "lm", and the processor had no 64 bits."""
        plain = (need_corpus("hosts", HOST) / "cpuinfo.txt").read_text()
        cut = [self.file(f"{width}-{name}", form(plain, width).encode())
               for name, form in CUTS.items() for width in (40, 72, 80, 100, 120, 132, 160, 200)]
        first, *others = judge_many([self.file("plain", plain.encode()), *cut])
        whole = {r["id"]: r["status"] for r in first["rules"]}
        for path, report in zip(cut, others):
            with self.subTest(path.name):
                self.assertEqual({}, {r["id"]: r["status"] for r in report["rules"] if r["status"]
                                      in ("pass", "fail") and whole[r["id"]] != r["status"]})

    def test_no_damage_passes_what_the_plain_form_does_not(self):
        """Nor fails: in every form, by chance that is always the same."""
        chance = random.Random(1)
        host = need_corpus("hosts", HOST)
        plain = (self.log + b"$ sudo acpidump\n" + self.dump + b"$ cat /proc/cpuinfo\n" +
                 (host / "cpuinfo.txt").read_bytes() + b"$ lspci\n" +
                 (host / "lspci.txt").read_bytes())
        forms = {name: LOGS[name] for name in ("bom", "crlf", "utf-16-le", "utf-16-be", "quoted",
                                               "indented", "web", "fenced", "colour")}
        damaged = []
        for name, form in forms.items():
            for i in range(16):
                text = bytearray(form(plain))
                for _ in range(chance.randrange(1, 8)):
                    self.damage(chance, text)
                damaged.append(self.file(f"{name}-{i}", bytes(text)))
        first, *others = judge_many([self.file("plain", plain), *damaged])
        passes = {r["id"] for r in first["rules"] if r["status"] == "pass"}
        fails = {r["id"] for r in first["rules"] if r["status"] == "fail"}
        self.assertLess(others.count(None), len(others) // 10)
        for path, report in zip(damaged, others):
            if report is None:
                continue
            with self.subTest(path.name):
                now = {r["id"]: r["status"] for r in report["rules"]}
                self.assertLessEqual({k for k, v in now.items() if v == "pass"}, passes)
                self.assertLessEqual({k for k, v in now.items() if v == "fail"}, fails)


if __name__ == "__main__":
    harness.main()
