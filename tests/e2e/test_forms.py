# SPDX-License-Identifier: MIT
"""One machine's evidence in the forms that people have it in: facts equal to the plain form's.

And no form passes a rule that the plain form does not.
"""
import bz2
import gzip
import json
import lzma
import random
import re
import textwrap

import harness
from harness import Case, judge_many, need_corpus, tar, write_files

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
        self.assertIsNotNone(report)
        self.assertEqual({k: v for k, v in first["facts"].items() if v is not None},
                         {k: report["facts"][k] for k, v in first["facts"].items()
                          if v is not None})

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
        """Bytes lost, lines lost: in every form, by chance that is always the same."""
        chance = random.Random(1)
        plain = self.log + b"$ sudo acpidump\n" + self.dump
        forms = {name: LOGS[name] for name in ("bom", "utf-16-le", "quoted", "indented", "web",
                                               "colour")}
        damaged = []
        for name, form in forms.items():
            for i in range(12):
                text = bytearray(form(plain))
                for _ in range(chance.randrange(1, 6)):
                    at = chance.randrange(len(text))
                    del text[at:at + chance.choice((1, 2, 80, 4000))]
                damaged.append(self.file(f"{name}-{i}", bytes(text)))
        first, *others = judge_many([self.file("plain", plain), *damaged])
        passes = {r["id"] for r in first["rules"] if r["status"] == "pass"}
        fails = {r["id"] for r in first["rules"] if r["status"] == "fail"}
        for path, report in zip(damaged, others):
            if report is None:
                continue
            with self.subTest(path.name):
                now = {r["id"]: r["status"] for r in report["rules"]}
                self.assertLessEqual({k for k, v in now.items() if v == "pass"}, passes)
                self.assertLessEqual({k for k, v in now.items() if v == "fail"}, fails)


if __name__ == "__main__":
    harness.main()
