# SPDX-License-Identifier: MIT
"""Licences in first lines; each header of include/vbscheck compiles on its own, and twice."""
import pathlib
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


def alone(root, compiler):
    for path in source.files(root, ("include/vbscheck",), (".h",)):
        line = f'#include "vbscheck/{path.name}"\nstruct not_empty;\n'
        run = subprocess.run(
            compiler + ["-std=c17", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-fsyntax-only",
                        f"-I{root}/include", "-xc", "-"],
            input=line * 2, capture_output=True, text=True)
        if run.returncode != 0:
            yield f"{path.relative_to(root)} does not compile on its own:\n{run.stderr}"


def main(root, compiler):
    source.finish([*licences(root), *alone(root, compiler)])


main(pathlib.Path(sys.argv[1]), sys.argv[2:])
