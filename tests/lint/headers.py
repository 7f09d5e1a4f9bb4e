# SPDX-License-Identifier: MIT
"""Licences in first lines; each header compiles on its own, and twice."""
import json
import pathlib
import shlex
import subprocess
import sys

import source

LICENCE = "SPDX-License-Identifier: MIT"
FOLDERS = ("src", "include", "tests", "bench", "cmake")


def licences(root):
    for path in source.files(root, FOLDERS, (".c", ".h")):
        if not path.read_text().startswith(f"/* {LICENCE} */\n"):
            yield f"{path.relative_to(root)}: no licence in the first line"
    scripts = source.files(root, FOLDERS, (".cmake", ".py", "CMakeLists.txt"))
    for path in scripts + [root / "CMakeLists.txt"]:
        if not path.read_text().startswith(f"# {LICENCE}\n"):
            yield f"{path.relative_to(root)}: no licence in the first line"


def flags_by_folder(build):
    """How the compiler is called for a file of each folder, and where."""
    flags = {}
    for entry in json.loads((build / "compile_commands.json").read_text()):
        words = shlex.split(entry["command"])
        words = words[:words.index("-o")]
        flags.setdefault(pathlib.Path(entry["file"]).parent, (words, entry["directory"]))
    return flags


def flags_for(folder, flags):
    """Those of the folder, or of one that is near it: headers stand in folders without sources."""
    for at in (folder, *folder.parents):
        near = sorted(f for f in flags if f == at or at in f.parents)
        if near:
            return flags[near[0]]
    return None


def alone(root, build):
    flags = flags_by_folder(build)
    for path in source.files(root, ("include", "src", "tests"), (".h",)):
        near = root / "src/base" if path.is_relative_to(root / "include") else path.parent
        command, directory = flags_for(near, flags)
        if path.is_relative_to(root / "tests"):
            command = command + ["-D_GNU_SOURCE"]  # which files of tests define themselves
        run = subprocess.run(
            command + ["-Werror", "-fsyntax-only", "-xc", "-"], cwd=directory,
            input=f'#include "{path}"\n' * 2 + "struct not_empty;\n", capture_output=True, text=True)
        if run.returncode != 0:
            yield f"{path.relative_to(root)} does not compile on its own:\n{run.stderr}"


def main(root, build):
    source.finish([*licences(root), *alone(root, build)])


main(*map(pathlib.Path, sys.argv[1:3]))
