# SPDX-License-Identifier: MIT
"""clang-format has nothing to change."""
import shutil
import subprocess
import sys

import source


def main(root):
    tool = shutil.which("clang-format-14") or shutil.which("clang-format")
    if tool is None:
        source.finish(["clang-format is not installed"])
    paths = source.files(root, ("src", "include", "tests", "bench"), (".c", ".h"))
    sys.exit(subprocess.run([tool, "--dry-run", "-Werror", *paths]).returncode)


main(sys.argv[1])
