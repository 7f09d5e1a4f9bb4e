# SPDX-License-Identifier: MIT
"""Wrong command lines and what each is told; streams that are terminals, and pipes that are closed."""
import os
import pty
import re
import subprocess
import threading

import harness
from harness import (Case, PROGRAM, RULES, check_text, check_trouble, judge, metal, run, tar, wsmt)

# A line as it is typed, and all that the program says to it behind its name. Each is status 2.
WRONG = (
    ("scann", "'scann' is neither a verb nor a file here; did you mean 'scan'?"),
    ("explian smm.wsmt", "'explian' is neither a verb nor a file here; did you mean 'explain'?"),
    ("captrue --output x", "'captrue' is neither a verb nor a file here; did you mean 'capture'?"),
    ("lst", "'lst' is neither a verb nor a file here; did you mean 'list'?"),
    ("SCAN", "'SCAN' is neither a verb nor a file here; did you mean 'scan'?"),
    ("mortest", "'mortest' is neither a verb nor a file here; did you mean 'mor-test'?"),
    ("rules", "'rules' is neither a verb nor a file here; did you mean 'list rules'?"),
    ("check", "'check' is neither a verb nor a file here; did you mean 'scan'?"),
    ("smm.wsmt", "'smm.wsmt' is neither a verb nor a file here; did you mean 'explain smm.wsmt'?"),
    ("summary a.ndjson", "a.ndjson: No such file or directory"),
    ("doctor --from x", "--from is not an option of 'doctor', but of 'scan', 'capture'"),
    ("doctor --format csv", "doctor prints text or json, not csv"),
    ("diff a.json", "diff compares two: name a capture, an input or a JSON report for each"),
    ("summary", "summary needs a file of reports, one a line: the output of 'vbscheck --format ndjson', "
                "or - for standard input"),
    ("summary --format csv -", "summary prints text, markdown, html or json, not csv"),
    ("diff a.json b.json --format sarif", "diff prints text, markdown or json, not sarif"),
    ("--format prometheus good good",
     "--format prometheus prints only one input, but there are 2: write one file per host"),
    ("--format html good good",
     "--format html prints only one input, but there are 2: use vbscheck summary"),
    ("--baseline", "--baseline needs a value"),
    ("status", "'status' is neither a verb nor a file here; did you mean 'doctor'?"),
    ("doctr", "'doctr' is neither a verb nor a file here; did you mean 'doctor'?"),
    ("nothere", "'nothere' is neither a verb nor a file here; see 'vbscheck help'"),
    ("./nothere", "./nothere is not there"),
    ("scan nothere", "nothere is not there"),
    ("—format json", "'—format' begins with a long dash, as word processors write it: type --format"),
    ("help captur", "'captur' is not a verb; did you mean 'capture'?"),
    ("help capture list", "help accepts one verb, but 'list' is a second one"),
    ("--formt json", "--formt is not an option of 'scan'; did you mean '--format'?"),
    ("--form json", "--form: an option cannot be shortened: write --format"),
    ("--frm x", "--frm is not an option of 'scan'; did you mean '--from'?"),
    ("-format json", "-format has one dash and needs two: --format"),
    ("-form x", "-form is not an option of 'scan'; did you mean '--from'?"),
    ("--verb", "--verb: an option cannot be shortened: write --verbose"),
    ("--json", "--json is not an option of 'scan'; did you mean '--format json'?"),
    ("--outptu=x", "--outptu=x is not an option of 'scan'; did you mean '--output'?"),
    ("--quiet=yes", "--quiet takes no value"),
    ("-x", "-x is not an option of 'scan'; see 'vbscheck scan --help'"),
    ("-qx", "-x is not an option of 'scan'; see 'vbscheck scan --help'"),
    ("doctor --jobs 2", "--jobs is not an option of 'doctor', but of 'scan', 'drivers'"),
    ("--yes", "--yes is not an option of 'scan', but of 'mor-test'"),
    ("--from", "--from needs a value"),
    ("--from=", "--from '': a path is needed: a file, a folder, or '-' for standard input"),
    ("--format jsn", "--format 'jsn': there is no such format; did you mean 'json'?"),
    ("--format xml", "--format 'xml': there is no such format; see 'vbscheck list formats'"),
    ("--profile vsb", "--profile 'vsb': there is no such profile; did you mean 'vbs'?"),
    ("--only cpus", "--only 'cpus': 'cpus' is neither a rule nor a domain; did you mean 'cpu'?"),
    ("--only smm.wmst",
     "--only 'smm.wmst': 'smm.wmst' is neither a rule nor a domain; did you mean 'smm.wsmt'?"),
    ("--only ,",
     "--only ',': '' is neither a rule nor a domain; domains are cpu, iommu, tpm, smm, uefi, "
     "mor, drivers, vm and boot (other profiles have more); 'vbscheck list rules' names the rules"),
    ("--only=", "--only '': a domain or a rule is needed, such as 'cpu' or 'smm.wsmt'"),
    ("--fail-on requird", "--fail-on 'requird': there is no such level; did you mean 'required'?"),
    ("--fail-on warn",
     "--fail-on 'warn': there is no such level; levels are required, recommended and info"),
    ("--color allways", "--color 'allways': there is no such choice; did you mean 'always'?"),
    ("--tcti nonsense",
     "--tcti 'nonsense': tpm2-tss has no such transport; use one such as 'device:/dev/tpmrm0'"),
    ("--tcti devce:/dev/x",
     "--tcti 'devce:/dev/x': tpm2-tss has no such transport; did you mean 'device'?"),
    ("--tcti=", "--tcti '': tpm2-tss has no such transport; use one such as 'device:/dev/tpmrm0'"),
    ("--output=", "--output '': a file name is needed"),
    ("--root=", "--root '': a folder is needed: a mounted or copied system"),
    ("--root good", "good: cannot be read: it is not a folder"),
    ("--no-color good",
     "--no-color is not an option of 'scan'; did you mean '--color never'?"),
    ("--arch x86", "--arch 'x86': there is no such architecture; use amd64, arm64, i386, armnt or ia64"),
    ("good --root /", "--from judges given evidence and --root reads a system: use only one of them"),
    ("-q -v", "-q and -v contradict each other"),
    ("--from /",
     "/ is this machine: run vbscheck without a path to scan it; --root reads the tree of another system"),
    ("--from /proc", "/proc belongs to this machine: run vbscheck without a path to scan it"),
    ("--label host", "--label 'host': write KEY=VALUE, such as 'site=Berlin'"),
    ("--label a_b", "--label 'a_b': write KEY=VALUE, such as 'site=Berlin'"),
    ("--label -k=v",
     "--label '-k=v': a key may contain only letters, digits, '.', '_' and '-', and must begin with a letter "
     "or a digit"),
    ("explain", "explain needs the name of one rule; see 'vbscheck list'"),
    ("explain smm", "'smm' is not a rule; did you mean smm.wsmt?"),
    ("explain wsmt", "'wsmt' is not a rule; did you mean smm.wsmt?"),
    ("explain smm.wmst", "'smm.wmst' is not a rule; did you mean 'smm.wsmt'?"),
    ("explain SMM.WSMT", "'SMM.WSMT' is not a rule; did you mean 'smm.wsmt'?"),
    ("explain a b", "explain needs the name of one rule; see 'vbscheck list'"),
    ("list rulez", "'rulez' is not a list; did you mean 'rules'?"),
    ("list rules facts", "list accepts one word"),
    ("list --format ndjson", "list prints text or json, not ndjson"),
    ("list -q", "--quiet is not an option of 'list', but of 'scan', 'drivers'"),
    ("capture", "capture needs --output PATH"),
    ("capture --output -",
     "a capture has many files: name a folder or an archive, such as --output host.tar.gz"),
    ("capture --output x y", "'capture' does not accept 'y'"),
    ("capture --from good", "capture needs --output PATH"),
    ("capture --output x --label host=", "--label 'host=': the value after '=' is missing"),
    ("drivers", "which drivers? Name files, folders or packs (.zip, .cab, .7z)"),
    ("drivers nothere", "nothere is not there"),
    ("mor-test now", "'mor-test' does not accept 'now'"),
    ("--format json good good", "--format json prints only one input, but there are 2: use ndjson"),
    ("empty", "empty: is empty"),
    ("folder",
     "folder: 20 inputs in it could not be used, such as folder/d00: each contains no evidence: give "
     "acpidump text, raw ACPI tables, a Memory Attributes Table, cpuid, cpuinfo, lspci, dmesg "
     "or dmidecode text, or a capture (all kinds: vbscheck list evidence)"),
)

VERBS = ("scan", "capture", "drivers", "list", "doctor", "mor-test", "explain")


class Wrong(Case):
    def setUp(self):
        super().setUp()
        self.file("good", wsmt(7))
        self.file("empty", b"")
        for i in range(20):
            self.file(f"folder/d{i:02}/notes.txt", b"hello\n")

    def test_wrong_command_lines(self):
        self.assertGreaterEqual(len(WRONG), 40)
        for line, told in WRONG:
            with self.subTest(line):
                text = check_trouble(run(*line.split(), cwd=self.dir, stdin=b""))
                self.assertEqual(f"vbscheck: {told}\n", text)
        self.assertEqual(["empty", "folder", "good"], sorted(os.listdir(self.dir)))

    def test_inputs_that_lack_the_same_share_a_line(self):
        """One line, not 21,890, for a folder of folders of other files."""
        self.file("folder/good.tar", tar(harness.capture_files(metal())))
        r = run("--only", "smm", "--format", "ndjson", self.dir / "folder", ok=(2,))
        self.assertEqual(1, r.out.count(b"\n"))
        self.assertEqual(2, len(r.lines), r)
        self.assertIn("20 inputs in it could not be used, such as", r.lines[0])
        self.assertIn("21 inputs: 1 ready", r.lines[1])
        # What somebody named is told each time.
        paths = [self.dir / "folder" / f"d{i:02}" for i in range(5)]
        self.assertEqual(6, len(run("--format", "ndjson", *paths, ok=(2,)).lines))

    def test_inputs_that_lack_different_things_have_a_line_each(self):
        damaged = harness.capture_files(metal())
        for i in range(3):
            self.file(f"fleet/cut{i}.tar", tar(damaged)[:700])
            self.file(f"fleet/text{i}/a.txt", b"hello\n")
        r = run("--format", "ndjson", self.dir / "fleet", ok=(2,))
        self.assertEqual(3, len(r.lines), r)
        for line in r.lines[:2]:
            self.assertIn("fleet: 3 inputs in it could not be used, such as", line)


class Help(Case):
    def test_marks_and_words_are_explained(self):
        """In --help, the manual and README, in the same words; marks where they can be shown."""
        words = {"\u2717": "fail", "?": "unknown", "!": "weak", "\u00b7": "info",
                 "\u2713": "pass", "\u2013": "n/a"}
        shown = run("--help", ok=(0,), env={"LC_ALL": "C.UTF-8"}).out.decode()
        plain = run("--help", ok=(0,), env={"LC_ALL": "C"}).out.decode()
        readme = (harness.PROJECT / "README.md").read_text()
        manual = (harness.PROJECT / "docs/vbscheck.1").read_text()
        for mark, word in words.items():
            meaning = re.search(rf"^    {word} +(.+)$", plain, re.M).group(1)
            self.assertIn(f"  {mark} {word}", shown)
            self.assertIn(f"| {mark} | {word} | {meaning} |", readme)
            entry = rf"(?m)^\.It Cm {word} No .*\n(it )?{re.escape(meaning)}[;.]$"
            self.assertIsNotNone(re.search(entry, manual), word)
        for status, verdict in enumerate(("ready", "not ready", "trouble", "undetermined")):
            self.assertIn(f"{status} {verdict}", plain)
            self.assertIn(f"\n| {status} |", readme)

    def test_each_verb_has_examples(self):
        for verb in VERBS:
            text = check_text(run("help", verb, ok=(0,)).out)
            self.assertEqual(text, run(verb, "--help", ok=(0,)).out.decode())
            examples = re.search(r"^Examples:\n((?:  .*\n)+)\nExit status: 0", text, re.M)
            self.assertIsNotNone(examples, verb)
            self.assertIn("vbscheck", examples.group(1))

    def test_options_of_examples_exist(self):
        for verb in VERBS:
            text = run("help", verb, ok=(0,)).out.decode()
            head, _, examples = text.partition("Examples:")
            for option in re.findall(r"--[a-z-]+", examples):
                self.assertIn(f"{option} ", head, verb)

    def test_nobody_reads_help(self):
        for args in (("--help",), ("--version",), ("help",), ("help", "list"), ("list", "-h")):
            read, write = os.pipe()
            os.close(read)
            with self.subTest(args), os.fdopen(write, "wb") as pipe:
                r = run(*args, stdout=pipe)
                self.assertEqual((0, b""), (r.status, r.err), r)

    def test_a_locale_changes_nothing(self):
        for args in (("help", "list"), ("explain", "smm.wsmt"), ("--nonsense",), ("--label", "a=\u00fc", "x")):
            plain = run(*args)
            for env in ({"LC_ALL": "C"}, {"LC_ALL": "de_DE.ISO-8859-1"}, {"TERM": "dumb"},
                        {"COLUMNS": "20"}):
                r = run(*args, env=env)
                self.assertEqual((plain.status, plain.out, plain.err), (r.status, r.out, r.err))
        for verb in VERBS:
            run("help", verb, env={"LC_ALL": "C"}).out.decode("ascii")


class Explain(Case):
    """The page that people land on from a ticket."""

    SECTIONS = ["What is checked", "Why it matters", "How it is read", "Results", "If it fails",
                "What to do", "References"]

    def explain(self, name):
        return check_text(run("explain", name, ok=(0,)).out)

    def test_sections(self):
        for name, (_, metal_level, guest_level) in RULES.items():
            text = self.explain(name)
            self.assertEqual(self.SECTIONS, re.findall(r"^([A-Z][A-Za-z ]+)$", text, re.M), name)
            self.assertIn(f"Level:  {metal_level}", text)
            self.assertEqual(metal_level != guest_level, "(in a virtual machine:" in text)
            for result in ("fail", "pass", "unknown"):
                self.assertRegex(text, rf"(?m)^  {result}\n  \S")
            self.assertNotIn("\n\n\n", text)
            self.assertNotRegex(text, r"(?m)^[A-Z][A-Za-z ]+\n\n")
            self.assertNotIn("`", text)

    def test_numbered_items_start_lines(self):
        text = self.explain("tpm.version")
        for n in range(1, 5):
            self.assertRegex(text, rf"(?m)^  {n}\. \S")

    def test_the_link_is_that_of_reports(self):
        report = judge("--from", self.file("good", wsmt(7)))
        for r in report["rules"]:
            self.assertIn(f"Page:   {r['reference_url']}\n", self.explain(r["id"]))

    def test_remedies_by_machine(self):
        done = self.explain("cpu.virtualization").partition("What to do\n")[2]
        intel, amd = (re.search(rf"- {m}: (.*?)\n  - ", done, re.S).group(1)
                      for m in ("Intel", "AMD"))
        self.assertIn("VT-x", intel)
        self.assertNotIn("SVM", intel)
        self.assertIn("SVM", amd)
        self.assertNotIn("VT-x", amd)
        self.assertRegex(self.explain("smm.wsmt"), r"(?m)^  - virtual machine: ")
        # Machines that are told the same share a line, and clauses in a row their remedies.
        told = []
        for line in done.split("\n\n")[0].split("\n"):
            told = [] if re.match("  [A-Z]", line) else told
            machines = re.findall(r"^  - ([^:.]*): ", line)
            self.assertFalse(set(machines) & set(told), done)
            told += machines
        self.assertIn("  The processor has neither VT-x nor AMD-V\n"
                      "  The processor has cores older than Armv8.2\n  - No setting", done)

    def test_remedies_are_those_of_reports(self):
        for evidence in (wsmt(4), harness.CPU_INTEL.replace(b"7ffafbbf", b"7ffafb9f")):
            report = judge("--from", self.file("bad", evidence))
            failed = [r for r in report["rules"] if r["status"] == "fail"]
            self.assertTrue(failed)
            for r in failed:
                self.assertIn(" ".join(r["remediation"].split()),
                              " ".join(self.explain(r["id"]).split()))

    def test_tables_become_lists(self):
        text = " ".join(self.explain("smm.wsmt").split())
        self.assertIn("- bit 0; name: FIXED_COMM_BUFFERS; the firmware promises: buffers", text)
        self.assertIn("- Intel, Zhaoxin: IA32_VMX_PROCBASED_CTLS2",
                      " ".join(self.explain("cpu.slat").split()))


class Progress(Case):
    """A terminal for standard error, and files or pipes or terminals for standard output."""

    def setUp(self):
        super().setUp()
        for i in range(30):
            self.file(f"fleet/{i:02}.tar", tar(harness.capture_files(metal())))

    def errors(self, *args, out=None, **env):
        main, side = pty.openpty()
        seen = []

        def drain():
            try:
                while data := os.read(main, 65536):
                    seen.append(data)
            except OSError:
                pass

        reader = threading.Thread(target=drain)
        reader.start()
        p = subprocess.run([PROGRAM, *map(str, args)], stdin=subprocess.DEVNULL,
                           stdout=side if out is None else out, stderr=side,
                           env={**os.environ, "TERM": "xterm", **env}, timeout=harness.TIMEOUT)
        os.close(side)
        reader.join()
        os.close(main)
        self.assertIn(p.returncode, (0, 1, 2, 3))
        return b"".join(seen).decode()

    def test_progress_goes_away_before_anything_else_is_said(self):
        self.file("fleet/99.tar", tar(harness.capture_files(metal()))[:700])
        for args, env in (((), {}), ((), {"TERM": "dumb"})):
            target = self.dir / "out"
            said = self.errors("--format", "ndjson", self.dir / "fleet", "--output", target,
                               *args, **env)
            self.assertIn("\r0 of 31", said)
            self.assertNotIn("\x1b", said)
            for line in said.replace("\r\n", "\n").split("\n"):
                last = line.rsplit("\r", 1)[-1]  # what stands there when the line ends
                self.assertNotRegex(last, r"\d of 31")
            for shown in re.findall(r"\d+ of 31[^\r]*", said)[1:]:
                self.assertRegex(shown, r"^\d+ of 31, (\d\.\d|\d\d+) a second, \d+ (s|min|h) left *$")
            # The line is blank before a message begins.
            self.assertRegex(said, r"\r +\rvbscheck: ")

    def test_no_progress_where_the_report_may_be_printed_too(self):
        plain = self.errors("--format", "text", "-q", self.dir / "fleet")
        self.assertNotIn(" of 30", plain)
        self.assertNotIn(" of 30", self.errors("-q", self.dir / "fleet", out=subprocess.PIPE))
        with open(self.dir / "kept", "wb") as kept:
            self.assertIn(" of 30", self.errors("-q", self.dir / "fleet", out=kept))
        with open("/dev/null", "wb") as null:
            self.assertIn(" of 30", self.errors("-q", self.dir / "fleet", out=null))

    def test_no_progress_where_nobody_looks(self):
        r = run("-q", self.dir / "fleet", "--output", self.dir / "out")
        self.assertEqual(1, len(r.lines), r)
        self.assertNotIn(b"\r", r.err)


if __name__ == "__main__":
    harness.main()
