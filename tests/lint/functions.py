# SPDX-License-Identifier: MIT
"""Size, parameters and nesting of functions (docs/style.md). Reads what clang-format laid out."""
import pathlib
import re
import sys

import source

LINES, PARAMETERS, LEVELS = 60, 6, 4
# A brace alone at the left begins a function, and nothing else does. Before it stands its head.
FUNCTION = re.compile(r"(?:^|(?<=[;}\n])\n)([^\n;{}#][^;{}#]*)\n{\n(.*?)^}$", re.M | re.S)
HEAD = re.compile(r"(\w+)\((.*)\)", re.S)
NESTS = re.compile(r"^( +)(?:} else|if|else|for|while|do|switch)\b", re.M)


def parameters(text):
    """How many are between the parentheses; those of a pointer to a function count as one."""
    depth, count = 0, 1
    for c in text:
        depth += (c == "(") - (c == ")")
        count += c == "," and depth == 0
    return 0 if text.strip() in ("", "void") else count


def functions(text):
    code = source.code(text)
    for m in FUNCTION.finditer(code):
        head = HEAD.search(m[1])
        line = code.count("\n", 0, m.start(1) + head.start()) + 1
        levels = max((len(i) // 4 for i in NESTS.findall(m[2])), default=0)
        yield line, head[1], m[2].count("\n") + 2, parameters(head[2]), levels


# What a library calls has the parameters that it says.
THEIRS = ("src/volume/walk.c",)


def check(name, text):
    for line, function, lines, wanted, levels in functions(text):
        where = f"{name}:{line}: {function}()"
        # Functions of tests are long by the tables of cases that they hold.
        if lines > LINES and not name.startswith("tests/"):
            yield f"{where} has {lines} lines, {LINES} are the limit"
        if wanted > PARAMETERS and name not in THEIRS:
            yield f"{where} takes {wanted} parameters, {PARAMETERS} are the limit"
        if levels > LEVELS:
            yield f"{where} nests {levels} levels deep, {LEVELS} are the limit"


def main(root):
    problems = []
    for path in source.files(root, ("src", "include", "tests", "bench"), (".c", ".h")):
        text = path.read_text()
        name = path.relative_to(root)
        if len(list(functions(text))) != len(re.findall(r"^{$", source.code(text), re.M)):
            problems.append(f"{name}: not all functions can be told")
        problems += check(str(name), text)
    source.finish(problems)


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
