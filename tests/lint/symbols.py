# SPDX-License-Identifier: MIT
"""No file calls another layer of which it includes nothing, by whatever declaration it got at it.

walls.py sees headers only; here the symbols that each object file needs are looked up in those that
define them. The project, nm and the object files are given.
"""
import pathlib
import re
import subprocess
import sys

import source
import walls


def file_of(path):
    """Of build/…/vbs_core.dir/./parse/acpi/dmar.c.o: "parse/acpi/dmar.c"; None of what is made."""
    name = re.search(r"\.dir/(?:\./)?(.+\.c)\.o$", path)
    return name.group(1) if name and walls.layer_of(name.group(1)) in walls.LAYERS else None


def symbols(nm, files, which):
    """(layer, file, symbol) for each symbol."""
    run = subprocess.run([nm, "-A", "--format=posix", which, *files], stdout=subprocess.PIPE,
                         stderr=subprocess.DEVNULL, text=True, check=True)
    for line in run.stdout.splitlines():
        path, _, rest = line.partition(": ")
        name, (symbol, kind) = file_of(path), rest.split()[:2]
        if name is not None and kind.isupper():  # small letters are a file's own
            yield walls.layer_of(name), name, symbol


def reach(found, name):
    """Layers of all headers that a file includes, over other headers too."""
    seen, todo = set(), [name]
    while todo:
        at = todo.pop()
        if at not in seen:
            seen.add(at)
            todo += found.get(at, ())
    return {walls.layer_of(header) for header in seen}


def main(root, nm, *files):
    found, problems = walls.includes(pathlib.Path(root)), []
    home = {symbol: layer for layer, _, symbol in symbols(nm, files, "--defined-only")}
    if len(home) < 500 or set(home.values()) != set(walls.LAYERS):
        problems.append(f"{len(home)} symbols were found, in {' '.join(sorted(set(home.values())))}")
    for layer, name, symbol in symbols(nm, files, "--undefined-only"):
        to = home.get(symbol, layer)
        if to != "base" and to not in reach(found, name):
            problems.append(f"src/{name}: needs {symbol}() of {to}, of which it includes nothing")
    source.finish(problems)


if __name__ == "__main__":
    main(*sys.argv[1:])
