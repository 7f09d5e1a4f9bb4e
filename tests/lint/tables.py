# SPDX-License-Identifier: MIT
"""The program's own tables, read from its sources: facts.def and src/rules/*.c."""
import pathlib
import re

FACT = re.compile(r'^FACT\((\w+), (\w+), "([^"]+)"', re.M)
RULE = re.compile(r'\.id = "([^"]+)"')
USE = re.compile(r"(?:IS_TRUE|IS_FALSE|EQUALS|AT_LEAST|HAS_BITS|LACKS_BITS)\((\w+)|\bFACT_(\w+)")

RELEASED = re.compile(r'^RELEASED\("([^"]+)", (\w+), "([^"]+)", "([^"]*)"\)$', re.M)


def released(root):
    """(version, kind, name, type) of all that a release had."""
    return RELEASED.findall(pathlib.Path(root, "include/vbscheck/releases.def").read_text())


def facts(root):
    """Name of each fact by the identifier that stands for it in C."""
    text = pathlib.Path(root, "include/vbscheck/facts.def").read_text()
    return {ident: name for ident, _, name in FACT.findall(text)}


def rule_facts(root):
    """For each rule the facts that its row names, in the order when, need, shows, each once."""
    names = facts(root)
    rules = {}
    for path in sorted(pathlib.Path(root, "src/rules").glob("*.c")):
        parts = RULE.split(path.read_text())
        for rule, row in zip(parts[1::2], parts[2::2]):
            used = [a or b for a, b in USE.findall(row) if (a or b) in names]
            rules[rule] = list(dict.fromkeys(names[ident] for ident in used))
    return rules
