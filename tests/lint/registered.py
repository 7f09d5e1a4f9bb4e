# SPDX-License-Identifier: MIT
"""Every test and fuzz target is built: a file that no CMakeLists.txt names would pass for ever."""
import pathlib
import re
import sys

import source


def unnamed(root, folder, prefix, call):
    listed = (root / folder / "CMakeLists.txt").read_text()
    named = set(re.findall(rf"^{call}\((\w+)", listed, re.M))
    for path in sorted((root / folder).glob(f"{prefix}*.c")):
        if path.stem.removeprefix(prefix) not in named:
            yield f"{folder}/{path.name}: add {call}({path.stem.removeprefix(prefix)}) to " \
                  f"{folder}/CMakeLists.txt"


def seedless(root):
    """A fuzz target starts from inputs that get inside."""
    for path in sorted((root / "tests/fuzz").glob("fuzz_parse_*.c")):
        seeds = root / "tests/fuzz/corpus" / path.stem.removeprefix("fuzz_")
        if not seeds.is_dir() or len(list(seeds.iterdir())) < 2:
            yield f"tests/fuzz/{path.name}: wants two seeds in {seeds.relative_to(root)}"


def untested(root):
    """A test of Python is run by CTest."""
    listed = (root / "tests/e2e/CMakeLists.txt").read_text()
    for path in sorted((root / "tests/e2e").glob("test_*.py")):
        if not re.search(rf"\b{path.stem.removeprefix('test_')}\b", listed):
            yield f"tests/e2e/{path.name}: is not in tests/e2e/CMakeLists.txt"


def main(root):
    source.finish([*unnamed(root, "tests/unit", "test_", "vbs_unit"),
                   *unnamed(root, "tests/fuzz", "fuzz_", "vbs_fuzz"), *seedless(root),
                   *untested(root)])


main(pathlib.Path(sys.argv[1]))
