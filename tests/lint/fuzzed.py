# SPDX-License-Identifier: MIT
"""Everything that reads bytes of strangers has a fuzz target (docs/fuzzing.md).

Each header of these folders is included by a target, or stands in REACHED with the target that
comes to it through others; the includes are followed to see that it does.
"""
import pathlib
import re
import sys

import source

FOLDERS = ["src/parse", "src/load", "src/cli/inputs", "src/ask", "src/volume"]
# Other files that read such bytes.
FILES = ["src/compare/parcel.h", "src/compare/compare.h", "src/confine/channel.h",
         "src/fleet/reader.h", "src/profile/profile.h", "src/reader/iomem.h"]
# What has no target of its own: helpers of parsers, and steps of a whole input.
REACHED = {
    "ask/ask.h": "ask", "ask/known.h": "ask",
    "cli/inputs/members.h": "outer",
    "load/beside_name.h": "driver_pack", "load/digest.h": "capture",
    "load/evidence/items.h": "pipeline", "load/forms/rows.h": "load_forms",
    "load/forms/tpm_blob.h": "load_forms", "load/hex/dump.h": "load_forms",
    "load/hex/table.h": "load_forms", "load/kinds.h": "pipeline", "load/leftover.h": "pipeline",
    "load/load.h": "pipeline", "load/log.h": "pipeline", "load/machine.h": "folder",
    "load/tables.h": "pipeline", "load/text/journal.h": "load_text", "load/window.h": "archive",
    "load/windows/windows_pack.h": "driver_pack", "load/windows/windows_text.h": "pipeline",
    "parse/acpi/set16.h": "parse_ivrs", "parse/disk/wim.h": "parse_wim",
    "parse/driver_list.h": "capture", "parse/kernel_words.h": "pipeline",
    "parse/klog/efi_print.h": "parse_efimap", "parse/klog/efimap_witness.h": "pipeline",
    "parse/klog/klog_acpi.h": "parse_klog", "parse/klog/klog_once.h": "parse_klog_boots",
    "parse/klog/klog_when.h": "parse_klog_boots", "parse/pci/lspci_block.h": "parse_lspci",
    "parse/pci/pci_build.h": "parse_lspci", "parse/pci/pci_class.h": "parse_lspci",
    "parse/pci/pci_line.h": "parse_pci", "parse/pe/utf16.h": "parse_pe",
    "parse/refuse.h": "parse_acpi", "parse/signature/der.h": "parse_authenticode",
    "parse/sipolicy/sipolicy_refs.h": "parse_sipolicy", "parse/smbios_date.h": "pipeline",
    "parse/smbios_names.h": "pipeline", "parse/vtd.h": "pipeline",
    "parse/windows/event_xml.h": "parse_evtx", "volume/wim.h": "parse_wim",
    "volume/wim_parts.h": "parse_wim", "profile/profile.h": "profile_file",
}
INCLUDE = re.compile(r'^#include "([^"]+)"', re.M)


def included(path):
    return set(INCLUDE.findall(path.read_text()))


class Includes:
    """Headers that a target comes to: those of its file, and those of the files behind each."""

    def __init__(self, root):
        self.root = root
        self.behind = {}
        for folder in ("src", "tests"):
            for path in sorted((root / folder).rglob("*.c")):
                base = root / folder
                for name in self.close(path):
                    # The code of a header: files of its folder, above or below, that include it.
                    here, there = path.relative_to(base), pathlib.Path(name)
                    if there.parent in here.parents or here.parent in there.parents:
                        self.behind.setdefault(name, set()).add(path)

    def close(self, path):
        """What it includes, and what headers beside it include."""
        names = included(path)
        beside = [path.parent / n.rsplit("/", 1)[-1] for n in names]
        return names.union(*(included(h) for h in beside if h.is_file()))

    def reached(self, start):
        seen, files = set(), [start]
        while files:
            for name in included(files.pop()) - seen:
                seen.add(name)
                files += self.behind.get(name, set())
                files += [p for p in (self.root / "src" / name, self.root / "include" / name,
                                      self.root / "tests" / name) if p.is_file()]
        return seen


def check(root):
    targets = {p.stem.removeprefix("fuzz_"): p for p in sorted((root / "tests/fuzz").glob("*.c"))
               if p.stem.startswith("fuzz_")}
    direct = set().union(*(included(p) for p in (root / "tests/fuzz").glob("*.[ch]")))
    headers = [p for folder in FOLDERS for p in sorted((root / folder).rglob("*.h"))]
    includes = Includes(root)
    for path in headers + [root / f for f in FILES]:
        name = str(path.relative_to(root / "src"))
        target = REACHED.get(name)
        if name in direct:
            continue
        if target is None:
            yield f"src/{name}: no tests/fuzz/fuzz_*.c includes it: write a target, or name in " \
                  "tests/lint/fuzzed.py the one that comes to it"
        elif target not in targets:
            yield f"tests/lint/fuzzed.py: {name}: there is no target {target}"
        elif name not in includes.reached(targets[target]):
            yield f"tests/lint/fuzzed.py: the target {target} does not come to {name}"
    for name in REACHED:
        if not (root / "src" / name).is_file():
            yield f"tests/lint/fuzzed.py: there is no src/{name}"


source.finish(list(check(pathlib.Path(sys.argv[1]))))
