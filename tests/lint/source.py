# SPDX-License-Identifier: MIT
"""The project's files, and C without its comments and strings."""
import pathlib
import re
import sys

TOKEN = re.compile(r'/\*.*?\*/|//[^\n]*|"(?:\\.|[^"\\\n])*"|\'(?:\\.|[^\'\\\n])*\'', re.S)


def files(root, folders, suffixes):
    """Files below the folders, in git or not yet."""
    found = []
    for folder in folders:
        for path in sorted(pathlib.Path(root, folder).rglob("*")):
            if path.is_file() and (path.suffix in suffixes or path.name in suffixes):
                found.append(path)
    return found


def code(text):
    """`text` with comments and literals blanked, line for line."""
    return TOKEN.sub(lambda m: re.sub(r"[^\n]", " ", m.group()), text)


def finish(problems):
    """Prints what is wrong, one a line; the exit status tells whether anything was."""
    for problem in problems:
        print(problem)
    sys.exit(1 if problems else 0)
