# SPDX-License-Identifier: MIT
"""What the documents say is what the program's tables say, and the reverse."""
import json
import pathlib
import re
import shutil
import subprocess
import sys

import source
import tables

HEADINGS = ["What is checked", "Why it matters", "Facts it looks at", "If it fails",
            "If it is unknown", "References"]
TYPES = {"bool": "#/$defs/booleanOrNull", "uint": "#/$defs/countOrNull",
         "text": "#/$defs/textOrNull"}
REPORT_STATUSES = (0, 1, 3)
SINCE = re.compile(r" \(since [0-9.]+\)$")


class Checker:
    def __init__(self, root, program):
        self.root = root
        self.program = program
        self.problems = []

    def want(self, holds, problem):
        if not holds:
            self.problems.append(problem)

    def same(self, where, documented, real):
        """Two sets of names are equal."""
        for name in sorted(set(real) - set(documented)):
            self.problems.append(f"{where}: {name} is missing")
        for name in sorted(set(documented) - set(real)):
            self.problems.append(f"{where}: there is no {name}")

    def run(self, *args, statuses=(0,)):
        run = subprocess.run([self.program, *args], capture_output=True, text=True)
        self.want(run.returncode in statuses, f"{' '.join(args)}: exit status {run.returncode}")
        return run.stdout

    def rows(self, table):
        return [SINCE.sub("", line).split(None, 2)
                for line in self.run("list", table).splitlines()]

    # Rules -----------------------------------------------------------------------------------

    def rule(self, rule, title, facts):
        path = self.root / "docs/rules" / f"{rule}.md"
        text = path.read_text()
        name = path.relative_to(self.root)
        first = f"# {rule}: {title}\n"
        self.want(text.startswith(first), f"{name}: its first line is not the title")
        headings = re.findall(r"^## (.+)$", text, re.M)
        self.want(headings == HEADINGS, f"{name}: sections are {headings}")
        listed = re.search(r"^## Facts it looks at\n(.*?)^## ", text, re.M | re.S)
        documented = re.findall(r"^- `([^`]+)`", listed.group(1), re.M) if listed else []
        self.want(documented == facts, f"{name}: lists {documented}, the rule's row {facts}")
        # `explain` prints the page, and what decides from the same row as this list.
        explained = self.run("explain", rule)
        read = re.search(r"^How it is read\n(.*?)^  from\n  - ", explained, re.M | re.S)
        self.want(read is not None and documented == re.findall(
            r"^  ([a-z][^ ]*): ", read.group(1), re.M), f"{name}: explain lists other facts")
        printed = re.sub(r"\s+", " ", explained)
        for section in ("Why it matters", "If it fails"):
            text = re.search(rf"^## {section}\n(.*?)^## ", path.read_text(), re.M | re.S).group(1)
            for part in text.strip().split("\n\n"):
                words = re.sub(r"\s+", " ", part.replace("`", ""))
                self.want(words.startswith("|") or words in printed,
                          f"{name}: explain does not print {words[:60]!r}")

    def all_rules(self):
        """Of the default profile and of the others: id, level there, title."""
        found = {}
        for profile in self.rows("profiles"):
            for line in self.run("list", "rules", "--profile", profile[0]).splitlines():
                row = SINCE.sub("", line).split(None, 2)
                found.setdefault(row[0], row)
        return list(found.values())

    def rules(self):
        rows = self.all_rules()
        documents = [p.stem for p in (self.root / "docs/rules").glob("*.md")]
        used = tables.rule_facts(self.root)
        self.same("docs/rules", documents, [r[0] for r in rows])
        self.same("src/rules", list(used), [r[0] for r in rows])
        for rule, _, title in rows:
            if rule in documents and rule in used:
                self.rule(rule, title, used[rule])

    # Facts and the schema --------------------------------------------------------------------

    def facts(self):
        text = (self.root / "docs/facts.md").read_text()
        block = re.search(r"^```\n(.*?)^```$", text, re.M | re.S)
        self.want(block is not None and block.group(1) == self.run("list", "facts"),
                  "docs/facts.md is not what 'vbscheck list facts' prints")

    def schema(self):
        path = self.root / "docs/schema/report-1.json"
        schema = json.loads(path.read_text())
        documented = schema["$defs"]["facts"]["properties"]
        real = {name: kind for name, kind, _ in self.rows("facts")}
        self.same(path.name, list(documented), list(real))
        for name in documented.keys() & real.keys():
            self.want(documented[name] == {"$ref": TYPES[real[name]]},
                      f"{path.name}: {name} is of type {real[name]}")
        remote = [r for r in re.findall(r'"\$ref": "([^"]*)"', path.read_text()) if r[0] != "#"]
        self.want(not remote, f"{path.name}: refers to {remote}")
        self.want('"format"' not in path.read_text(), f"{path.name}: uses format")
        try:
            import jsonschema
        except ImportError:
            self.problems.append("python3-jsonschema is not installed")
            return
        jsonschema.Draft202012Validator.check_schema(schema)
        report = json.loads(self.run("--format", "json", statuses=REPORT_STATUSES))
        for error in jsonschema.Draft202012Validator(schema).iter_errors(report):
            self.problems.append(f"{path.name}: {list(error.absolute_path)}: {error.message[:200]}")

    def since(self):
        """The lists of the schema are those of include/vbscheck/releases.def."""
        lists = json.loads((self.root / "docs/schema/report-1.json").read_text())["x-since"]
        had = {}
        for version, kind, name, _ in tables.released(self.root):
            if kind != "OPTION":
                had.setdefault(version, {}).setdefault(kind.lower() + "s", []).append(name)
        for version, names in had.items():
            for kind, real in names.items():
                self.same(f"report-1.json, x-since of {version}, {kind}",
                          lists.get(version, {}).get(kind, ()), real)

    # Manual ----------------------------------------------------------------------------------

    def manual(self):
        text = (self.root / "docs/vbscheck.1").read_text()
        verbs = re.findall(r"^vbscheck ([\w-]+)", self.run("--help"), re.M)
        self.want(len(verbs) > 1, "--help lists no verbs")
        help_text = "".join(self.run(verb, "--help") for verb in verbs)
        real = re.findall(r"(?<![\w-])--([a-z][a-z-]*)", "\n".join(
            line for line in help_text.splitlines() if line.startswith("  ")))
        documented = re.findall(r"^\.It Fl (?:\w , )?-([a-z][a-z-]*)", text, re.M)
        self.same("vbscheck.1, OPTIONS", documented, real)
        mentioned = re.findall(r"\bFl (?:\w , )?-([a-z][a-z-]*)", text)
        self.same("vbscheck.1", mentioned, real)
        letters = re.findall(r"^  -(\w), --", help_text, re.M)
        self.same("vbscheck.1, short options", re.findall(r"^\.It Fl (\w) ,", text, re.M), letters)
        section = re.search(r"^\.Ss Verbs\n(.*?)^\.S[hs] ", text, re.M | re.S).group(1)
        self.same("vbscheck.1, verbs", re.findall(r"^\.It Cm ([\w-]+)", section, re.M), verbs)
        statuses = re.search(r"^\.Sh EXIT STATUS\n(.*?)^\.Sh ", text, re.M | re.S).group(1)
        self.same("vbscheck.1, exit status", re.findall(r"^\.It (\d)$", statuses, re.M), "0123")
        said = re.findall(r"\b\d\b", re.search(r"^Exit status:(.*)$", help_text, re.M).group(1))
        self.same("--help, exit status", said[:4], "0123")

    def names(self):
        """Formats and domains, and what README shows of the command line."""
        manual = (self.root / "docs/vbscheck.1").read_text()
        formats = [row[0] for row in self.rows("formats")]
        text = re.search(r"^\.It Fl -format .*?\n(.*?)^\.It ", manual, re.M | re.S).group(1)
        self.same("vbscheck.1, formats", re.findall(r"^\.Cm (\w+)$", text, re.M), formats)
        domains = {row[0].split(".")[0] for row in self.all_rules()}
        text = re.search(r"^\.It Fl -only .*?\n(.*?)^\.It ", manual, re.M | re.S).group(1)
        listed = re.search(r"^\.Cm (\w+(?: , \w+)+)", text, re.M).group(1)
        self.same("vbscheck.1, domains", listed.split(" , "), domains)
        readme = (self.root / "README.md").read_text()
        self.want(set(re.findall(r"--format (\w+)", readme)) <= set(formats),
                  "README.md: a format that there is not")
        every = "".join(self.run(verb, "--help") for verb in
                        re.findall(r"^vbscheck ([\w-]+)", self.run("--help"), re.M))
        for shown in re.findall(r"\bvbscheck ([^`\n]*)", readme):
            for option in re.findall(r"(?<![\w-])--[a-z][a-z-]*", shown.split(" | ")[0]):
                self.want(re.search(rf"{option}\b", every) is not None,
                          f"README.md: there is no {option}")

    def security(self):
        """Every call of a confined process, and every profile, has its reason."""
        text = (self.root / "docs/SECURITY.md").read_text()
        section = re.search(r"^## The judge\n(.*?)^## ", text, re.M | re.S).group(1)
        calls = set(re.findall(r"SCMP_SYS\((\w+)\)",
                               (self.root / "src/confine/filter.c").read_text()))
        self.want(len(calls) > 20, "src/confine/filter.c: no calls were found")
        for call in sorted(calls):
            self.want(f"`{call}`" in section, f"docs/SECURITY.md: lacks {call}")
        for name in re.findall(r'\.name = "(\w+)"',
                               (self.root / "src/confine/profile.c").read_text()):
            self.want(f"| `{name}` |" in section, f"docs/SECURITY.md: lacks the profile {name}")

    def tested(self):
        """Each test, script and file that docs/SECURITY.md names is there, and its numbers are the code's."""
        text = (self.root / "docs/SECURITY.md").read_text()
        kinds = {"unit": "tests/unit/test_{}.c", "e2e": "tests/e2e/test_{}.py",
                 "lint": "tests/lint/{}.py", "fuzz": "tests/fuzz/fuzz_{}.c"}
        for kind, name in re.findall(r"`(unit|e2e|lint|fuzz)\.(\w+)`", text):
            self.want((self.root / kinds[kind].format(name)).is_file(),
                      f"docs/SECURITY.md: there is no test {kind}.{name}")
        for path in re.findall(r"`((?:src|tests|scripts|docs)/[\w./-]+)", text):
            self.want((self.root / path).exists(), f"docs/SECURITY.md: there is no {path}")
        promises = re.findall(r"^\| (\d+) \| [^|]+ \| ([^|]+) \|$", text, re.M)
        self.want([int(n) for n, _ in promises] == list(range(1, len(promises) + 1)) and
                  len(promises) > 10, "docs/SECURITY.md: the promises are not numbered")
        limits = " ".join((self.root / path).read_text() for path in (
            "include/vbscheck/limits.h", "src/reader/reader.h", "src/ask/ask.h"))
        for name, shift, said in (("LIMIT_MEMORY", 20, "{} MiB of data"),
                                  ("DOCUMENT_MAX", 20, "at most {} MiB\ntogether"),
                                  ("READER_MEMORY_MAX", 20, "up to {} MiB of the kernel's memory"),
                                  ("READER_BYTES_MAX", 20, "{} MiB of answers"),
                                  ("ASK_PATH_MAX", 0, "of at most {} bytes"),
                                  ("LIMIT_CPU_SECONDS", 0, "{} s of CPU")):
            number = re.search(rf"\b{name} = (\d+)(?: << {shift})?,", limits)
            self.want(number is not None and said.format(number[1]) in text,
                      f"docs/SECURITY.md: {name} is another number")

    def mandoc(self):
        if shutil.which("mandoc") is None:
            self.problems.append("mandoc is not installed")
            return
        for page in ("vbscheck.1", "vbscheck-snapshot.5"):
            run = subprocess.run(["mandoc", "-Tlint", "-W", "warning", self.root / "docs" / page],
                                 capture_output=True, text=True)
            self.want(run.returncode == 0 and not run.stdout + run.stderr,
                      f"docs/{page}:\n{run.stdout}{run.stderr}")


def main(root, program):
    checker = Checker(pathlib.Path(root), program)
    for check in (checker.rules, checker.facts, checker.schema, checker.since, checker.manual, checker.names,
                  checker.security, checker.tested, checker.mandoc):
        check()
    source.finish(checker.problems)


main(*sys.argv[1:3])
