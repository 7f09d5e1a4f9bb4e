# SPDX-License-Identifier: MIT
"""No file of the program keeps writable data, but for the one that loads libraries once."""
import re
import subprocess
import sys

import source

EXCEPTED = ("libs.c.o",)
# Pointers in constant tables are written by the dynamic linker alone, before main().
SECTION = re.compile(r"^(\.(?:data|bss|tdata|tbss)\S*)\s+(\d+)\s", re.M)


def main(size, *files):
    listed = subprocess.run([size, "-A", *files], stdout=subprocess.PIPE, text=True, check=True)
    # "cli.c.o  (ex libvbs_io.a):" or "path/to/cli.c.o  :", then a line for each section.
    parts = re.split(r"^(\S+\.o)\s.*:$", listed.stdout, flags=re.M)
    problems = [] if len(parts) > 200 else [f"only {len(parts) // 2} files were looked at"]
    for name, sections in zip(parts[1::2], parts[2::2]):
        name = name.split("/")[-1]
        for section, length in SECTION.findall(sections):
            if int(length) > 0 and ".rel.ro" not in section and name not in EXCEPTED:
                problems.append(f"{name}: {length} bytes of writable data ({section})")
    source.finish(problems)


main(*sys.argv[1:])
