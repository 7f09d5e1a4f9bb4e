# SPDX-License-Identifier: MIT
"""Words that C files and messages must not hold, and sizes of files (docs/style.md)."""
import pathlib
import re
import sys

import source

EVERYWHERE = ("src", "include", "tests", "bench")
PROGRAM = ("src", "include")

# What, why, where, and the files that are excepted.
WORDS = (
    (r"\b_*packed_*\b", "structures are not laid over bytes: read values", EVERYWHERE, ()),
    (r"\b(strcpy|strcat|stpcpy)\b", "copies without a bound: arena_text()", EVERYWHERE, ()),
    (r"\bv?sprintf\b", "prints without a bound: arena_printf()", EVERYWHERE, ()),
    (r"\b(ato[fil]|atoll)\b", "cannot tell an error: span_number()", EVERYWHERE, ()),
    (r"\bstrto([dfl]|ld|ll|ul|ull|imax|umax)\b", "needs care: span_number()", EVERYWHERE, ()),
    (r"\b(system|popen)\s*\(", "no shell", EVERYWHERE, ()),
    (r"\bgoto\b", "resources close themselves", EVERYWHERE, ()),
    (r"\balloca\b", "the stack is not for data", EVERYWHERE, ()),
    # A type of functions may have a name.
    (r"\btypedef\s+(struct|union|enum)\b(?!\s+\w+\s+\*?\w+\s*\()",
     "structures keep their keyword", EVERYWHERE, ()),
    # NO_COLOR is the only variable that counts; main() clears the others.
    (r"\b(secure_)?getenv\b", "no orders from the environment", PROGRAM, ("src/cli/cli.c",)),
    # One arena a run. Collecting frees what libraries and realpath() hand out.
    (r"\b(malloc|calloc|realloc|reallocarray|free)\s*\(", "memory comes from the arena", PROGRAM,
     ("src/base/arena.c", "src/collect/", "src/confine/", "src/io/", "src/volume/")),
)

# Habits of language that a reader of messages trips over (docs/style.md), and texts that are
# excepted: headings, and what other programs print.
HABITS = (
    (r"^(What|Of|Those|Whoever|Whatever) ", "start with the thing: a sentence has a subject first"),
    (r"(?<!here )\b(is|are|was) no (?!longer\b)[a-z]", "write 'is not a ...'"),
    (r"\bbut for\b", "write 'except'"),
    (r"\bwhatever\b", "write 'any'"),
    (r"\bin vain\b", "write 'did not answer'"),
    (r"\b(is|was|are) of (use|the kind)\b", "write 'can be used'"),
    (r"\btells? of\b", "write 'reports'"),
    (r"\btakes over\b|\btook over\b", "write 'needs more than'"),
)
HEADINGS = ("What to do", "What is checked", "What Windows would do", "What the kernel shows")
STRING = re.compile(r'"((?:[^"\\\n]|\\.)*)"')

COLUMNS = 100
LINES = 400


def words(name, text):
    blanked = source.code(text)
    for pattern, why, folders, excepted in WORDS:
        if name.split("/")[0] not in folders or name.startswith(excepted or "\0"):
            continue
        for m in re.finditer(pattern, blanked):
            line = blanked.count("\n", 0, m.start()) + 1
            yield f"{name}:{line}: {m.group().strip()}: {why}"


def habits(name, text):
    """Messages of the program, joined over their lines."""
    if not name.startswith(PROGRAM):
        return
    plain = re.sub(r"/\*.*?\*/", lambda m: re.sub(r"[^\n]", " ", m.group()), text, flags=re.S)
    for m in re.finditer(rf"{STRING.pattern}(?:\s*{STRING.pattern})*", plain):
        message = "".join(STRING.findall(m.group()))
        if message.startswith(HEADINGS):
            continue
        for pattern, why in HABITS:
            found = re.search(pattern, message)
            if found is not None:
                line = plain.count("\n", 0, m.start()) + 1
                yield f"{name}:{line}: {found.group().strip()!r} in a message: {why}"


def lines(name, text):
    for number, line in enumerate(text.split("\n"), 1):
        if "\t" in line:
            yield f"{name}:{number}: a tab"
        if len(line) > COLUMNS:
            yield f"{name}:{number}: {len(line)} columns, {COLUMNS} are the limit"
        if line != line.rstrip():
            yield f"{name}:{number}: blanks at the end of the line"
    count = text.count("\n")
    if name.startswith("src/") and count > LINES:
        yield f"{name}: {count} lines, {LINES} are the limit"


def main(root):
    problems = []
    for path in source.files(root, EVERYWHERE, (".c", ".h", ".def")):
        name = str(path.relative_to(root))
        text = path.read_text()
        for check in (words, habits, lines):
            problems += check(name, text)
    source.finish(problems)


main(pathlib.Path(sys.argv[1]))
