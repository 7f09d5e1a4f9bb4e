# SPDX-License-Identifier: MIT
"""The table of what drives each loop to its cap: a row is a kind of evidence, or what a verb reads,
and a generator that makes so many bytes of it. docs/fuzzing.md says how to add one."""
import os
import sys
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests/e2e"))

MIB = 1 << 20
ROWS = {}


class Made(NamedTuple):
    """Files to write, and the program's arguments: "@name" is the path of a file."""
    files: dict
    args: tuple


class Row(NamedTuple):
    name: str
    drives: tuple   # files of src/ whose loops it drives
    make: object    # make(size) gives a Made
    loads: bool     # its input is one that --from takes
    seen: tuple     # a fact of its report, and the least that it says of 1 MiB: the loop was driven
    tool: object    # None, or what is missing here for it


def row(name, *drives, loads=True, tool=None, seen=()):
    """Registers a generator. What it returns may be bytes: one file that is judged."""
    def register(function):
        def make(size):
            made = function(size)
            return made if isinstance(made, Made) else judged(made)
        if name in ROWS:
            raise ValueError(f"two rows are called {name}")
        ROWS[name] = Row(name, tuple(f"src/{d}.c" for d in drives), make, loads, seen, tool)
        return function
    return register


def judged(data, *more):
    return Made({"input": data}, ("--from", "@input", *more))


def lines(size, line, head=b"", tail=b""):
    """Head, as many lines as fit into `size` bytes, tail. `line`: bytes, or a function of a number."""
    out, n, i = [head], len(head) + len(tail), 0
    while True:
        one = line(i) if callable(line) else line
        n += len(one)
        if n > size:
            return b"".join((*out, tail))
        out.append(one)
        i += 1


def fitting(size, one, most=1 << 30):
    """How many things of `one` bytes fit."""
    return max(1, min(size // one, most))


def capture(size, **more):
    """A capture of a sound machine with these blobs: its archive, not compressed."""
    from harness import capture_files, metal, tar
    del size
    return tar(capture_files(metal(**more)))


def write(made, folder):
    """Writes the files; returns the arguments with their paths."""
    for name, data in made.files.items():
        path = Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
    return [str(Path(folder) / a[1:]) if a.startswith("@") else a for a in made.args]


def all_rows():
    """Every row, in the order of the files that declare them."""
    import captures, fleets, outputs, packs, tables, texts  # noqa: F401, E401
    return list(ROWS.values())


sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
