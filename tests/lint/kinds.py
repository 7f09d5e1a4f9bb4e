# SPDX-License-Identifier: MIT
"""docs/kinds.md has every rule below every kind, and docs/kinds*.md name only tests that exist."""
import fnmatch
import pathlib
import re
import subprocess
import sys

FUNCTION = re.compile(r"^(?:static void|    def) (\w+)\(", re.M)
ROW = re.compile(r"^\| (?!rules |kind |-)(.+) \|$", re.M)
NAME = re.compile(r"`([^`]+)`")


def tests_of(root):
    """Functions of unit tests and methods of Python's."""
    return {name for pattern in ("unit/*.c", "e2e/*.py", "lab/*.py")
            for path in (root / "tests").glob(pattern) for name in FUNCTION.findall(path.read_text())}


def cases_of(root):
    """Rows of the cases, or None where they are not at hand."""
    listed = root.parent / "shared/cases/CHECK.tsv"
    if not listed.is_file():
        return None
    return {line.split("\t")[0] for line in listed.read_text().splitlines()}


def sections(text):
    parts = re.split(r"^## (.+)$", text, flags=re.M)
    return dict(zip(parts[1::2], parts[2::2]))


def check_cell(where, cell, tests, cases):
    names = NAME.findall(cell)
    if not names:
        yield f"{where}: no test is named"
    for name in names:
        known = cases is None or name in cases if "/" in name else name in tests
        if not known:
            yield f"{where}: there is no test {name}"


def check_kinds(text, rules, tests, cases):
    for kind, body in sections(text).items():
        left = set(rules)
        for row in ROW.findall(body):
            ids, what, named = row.split(" | ")
            where = f"docs/kinds.md: {kind}: {what}"
            for pattern in NAME.findall(ids):
                matched = set(fnmatch.filter(rules, pattern))
                left -= matched
                if not matched:
                    yield f"{where}: there is no rule {pattern}"
            yield from check_cell(where, named, tests, cases)
        for rule in sorted(left):
            yield f"docs/kinds.md: {kind}: {rule} is missing"


def main(root, program):
    listed = subprocess.run([program, "list", "rules"], check=True, capture_output=True, text=True)
    rules = [line.split()[0] for line in listed.stdout.splitlines()]
    tests, cases = tests_of(root), cases_of(root)
    problems = list(check_kinds((root / "docs/kinds.md").read_text(), rules, tests, cases))
    for row in ROW.findall((root / "docs/kinds-evidence.md").read_text()):
        *_, what, _, named = row.split(" | ")
        problems += check_cell(f"docs/kinds-evidence.md: {what}", named, tests, cases)
    print("\n".join(problems), file=sys.stderr)
    return bool(problems)


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), sys.argv[2]))
