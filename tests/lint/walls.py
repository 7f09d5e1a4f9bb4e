# SPDX-License-Identifier: MIT
"""Which layer knows which header, exactly; and nothing knows, over whatever way, itself."""
import pathlib
import re
import sys

import source

# Anybody may count and read digits.
ANYBODY = ("vbscheck/count.h", "vbscheck/hex.h")
BASE = "vbscheck/arena.h vbscheck/span.h"
# Of each layer the headers of others that it includes. One that is missing here is a wall that
# somebody went through; one that nobody includes any more is a door to be walled up.
LAYERS = {
    "main": "cli/cli.h cli/trouble.h judge.h",
    "cli": "ask/wire.h collect/collect.h compare/baseline.h compare/parcel.h compare/print.h confine/confine.h confine/prepared.h confine/printable.h confine/sandbox.h "
           "fleet/lines.h fleet/print.h fleet/reader.h "
           "io/confirm.h io/driver_beside.h io/driver_files.h io/hold.h io/input.h io/libs.h "
           "io/mor/morfiles.h io/mor/mortest.h io/net/tcp.h io/node.h io/ntfs_lib.h io/output.h io/pipe.h io/root.h "
           "io/store.h volume/volume.h volume/wim.h "
           "io/windows/source.h load/windows/windows_pack.h parse/windows/evtx.h "
           "parse/windows/hive.h parse/windows/image_path.h parse/windows/windows_list.h "
           "vbscheck/windows.h "
           "judge.h load/digest.h load/driver_pack.h load/kinds.h parse/azure/azure_size.h load/load.h load/raw.h load/redact.h "
           "parse/csv/csv.h parse/driver_list.h parse/sipolicy/sipolicy.h probe/probe.h reader/reader.h "
           "report/escape.h report/json_writer.h report/page.h report/report.h report/table.h rules/remedy.h "
           "vbscheck/arena.h vbscheck/libs.h vbscheck/limits.h vbscheck/out.h vbscheck/since.h vbscheck/snapshot.h "
           "vbscheck/span.h vbscheck/status.h vbscheck/suggest.h",
    # It is confined: not one header of io, which opens files.
    "collect": "ask/ask.h parse/hardware/memory.h parse/hardware/psp.h parse/hardware/storage.h "
               "parse/kernel_words.h parse/keyval.h parse/klog/klog.h parse/klog/klog_boots.h parse/memattr.h "
               "parse/msr.h parse/pci/pci_line.h parse/version.h probe/probe.h vbscheck/arena.h "
               "vbscheck/efi_memory.h vbscheck/out.h vbscheck/snapshot.h",
    # It has rights: nothing of parse, load or probe.
    "reader": "ask/ask.h ask/known.h confine/sandbox.h io/libs.h io/node.h io/pipe.h io/root.h "
              "io/syscalls.h " + BASE,
    "ask": "vbscheck/pci.h vbscheck/status.h vbscheck/arena.h vbscheck/span.h",
    # It is confined: of io the table of a library's functions, and what errno means.
    "volume": "io/ntfs_lib.h io/root.h io/wim_lib.h parse/disk/disk.h parse/disk/wim.h parse/pe/utf16.h "
              "vbscheck/out.h vbscheck/utf8.h vbscheck/arena.h",
    "confine": "io/pipe.h io/root.h io/syscalls.h vbscheck/limits.h " + BASE,
    "io": "load/beside_name.h load/raw.h mor/mor.h parse/keyval.h vbscheck/libs.h vbscheck/out.h vbscheck/snapshot.h "
          "vbscheck/status.h " + BASE,
    "load": "parse/acpi/acpi.h parse/acpi/madt.h parse/cpuid.h parse/cpuinfo.h parse/driver_list.h "
            "parse/hardware/memory.h parse/hardware/storage.h "
            "parse/efivar.h parse/msr.h parse/tpm_response.h probe/tpm/tpm_answers.h "
            "parse/kernel_words.h parse/keyval.h parse/klog/klog.h parse/klog/klog_boots.h "
            "parse/klog/klog_hosts.h parse/klog/klog_order.h parse/memattr.h parse/pci/pci.h parse/pci/pci_line.h "
            "parse/signature/catalog.h parse/smbios_names.h parse/windows/image_path.h "
            "parse/windows/windows.h parse/windows/windows_list.h probe/drivers/beside.h probe/drivers/digest.h "
            "probe/drivers/image.h probe/drivers/policy.h probe/probe.h "
            "vbscheck/libs.h vbscheck/limits.h vbscheck/out.h "
            "vbscheck/snapshot.h vbscheck/utf8.h " + BASE,
    "judge": "probe/alternatives.h report/report.h vbscheck/driver.h vbscheck/libs.h",
    "advice": "rules/remedy.h rules/rule.h vbscheck/driver.h vbscheck/out.h",
    "forecast": "advice/advice.h parse/windows/windows.h rules/rule.h vbscheck/out.h",
    "report": "advice/advice.h forecast/forecast.h parse/windows/windows.h profile/policy.h "
              "rules/rule.h vbscheck/driver.h vbscheck/efi_memory.h vbscheck/fact.h "
              "vbscheck/iommu_map.h vbscheck/out.h vbscheck/snapshot.h vbscheck/utf8.h",
    "probe": "parse/acpi/acpi.h parse/acpi/dmar.h parse/acpi/fadt.h parse/acpi/iort.h "
             "parse/acpi/ivrs.h parse/azure/azure_size.h parse/azure/imds.h parse/acpi/madt.h parse/acpi/mcfg.h parse/acpi/set16.h "
             "parse/acpi/tpm2.h parse/acpi/viot.h parse/acpi/wsmt.h parse/cpuid.h "
             "parse/cpuinfo.h parse/driver_list.h parse/efivar.h parse/hardware/memory.h "
             "parse/hardware/psp.h parse/hardware/storage.h parse/keyval.h parse/klog/efimap.h "
             "parse/klog/klog.h parse/klog/klog_groups.h parse/klog/klog_iommu.h parse/memattr.h "
             "parse/inf.h parse/memattr_steps.h "
             "parse/msr.h parse/pci/pci.h parse/pe/pe.h parse/signature/authenticode.h "
             "parse/signature/catalog.h parse/sipolicy/sipolicy.h parse/smbios_date.h parse/smbios_names.h parse/sysfs_iommu.h "
             "parse/sysfs_thunderbolt.h "
             "parse/sysfs_tpm.h parse/tpm_response.h parse/tpm_trouble.h parse/version.h "
             "parse/vtd.h parse/windows/windows.h parse/windows/windows_list.h vbscheck/arena.h vbscheck/driver.h vbscheck/efi_memory.h vbscheck/fact.h "
             "vbscheck/iommu_map.h vbscheck/libs.h vbscheck/machine.h vbscheck/out.h vbscheck/pci.h "
             "vbscheck/snapshot.h vbscheck/span.h",
    "compare": "parse/acpi/dmar.h parse/memattr.h report/escape.h report/json_writer.h report/page.h "
               "report/report.h rules/rule.h vbscheck/out.h vbscheck/snapshot.h " + BASE,
    "fleet": "compare/told.h report/escape.h report/html/html.h report/html/svg.h report/json_writer.h report/page.h report/report.h "
             "rules/rule.h vbscheck/arena.h vbscheck/span.h",
    "rules": "vbscheck/fact.h",
    "profile": "rules/rule.h vbscheck/suggest.h vbscheck/utf8.h",
    "parse": "vbscheck/windows.h vbscheck/driver.h vbscheck/efi_memory.h vbscheck/libs.h vbscheck/out.h vbscheck/pci.h "
             "vbscheck/status.h vbscheck/utf8.h " + BASE,
    "mor": "vbscheck/span.h",
    "base": "vbscheck/driver.h vbscheck/fact.h vbscheck/facts.def vbscheck/label.h vbscheck/out.h "
            "vbscheck/machine.h vbscheck/pci.h vbscheck/releases.def vbscheck/since.h vbscheck/snapshot.h "
            "vbscheck/status.h vbscheck/suggest.h vbscheck/utf8.h vbscheck/viewpoint.h " + BASE,
}
FILES = 20


def layer_of(name):
    """Folder of src/, or the name of a file that stands in it alone."""
    return name.split("/")[0].split(".")[0]


def includes(root):
    """For each file, by the name under which it is included, what it includes."""
    found = {}
    for folder in ("src", "include"):
        for path in source.files(root, (folder,), (".c", ".h", ".def")):
            name = str(path.relative_to(root / folder))
            found[name] = re.findall(r'^\s*#\s*include "([^"]+)"', path.read_text(), re.M)
    return found


def walls(found):
    known = {layer: set() for layer in LAYERS}
    for name, wanted in found.items():
        layer = layer_of(name)
        if layer == "vbscheck":
            continue
        if layer not in LAYERS:
            yield f"src/{name}: {layer} is no layer of tests/lint/walls.py"
            continue
        for header in wanted:
            if layer_of(header) == layer or header in ANYBODY:
                continue
            known[layer].add(header)
            if header not in LAYERS[layer].split():
                yield f"src/{name}: includes {header}, of which {layer} knows nothing"
    for layer, headers in LAYERS.items():
        for header in sorted(set(headers.split()) - known[layer]):
            yield f"tests/lint/walls.py: {layer} no longer includes {header}"


def circles(edges, what):
    """One line for each set that reaches itself (Tarjan)."""
    index, low, stack, found = {}, {}, [], []

    def visit(at):
        index[at] = low[at] = len(index)
        stack.append(at)
        for to in sorted(edges.get(at, ())):
            if to not in index:
                visit(to)
            if to in stack:
                low[at] = min(low[at], low[to])
        if low[at] == index[at]:
            here = stack.index(at)
            if len(stack) - here > 1:
                found.append(f"a circle of {what}: {' '.join(sorted(stack[here:]))}")
            del stack[here:]

    for at in sorted(edges):
        if at not in index:
            visit(at)
    return found


def graph(found, name_of):
    edges = {}
    for name, wanted in found.items():
        edges.setdefault(name_of(name), set()).update(
            name_of(w) for w in wanted if name_of(w) != name_of(name))
    return edges


def crowds(root):
    for folder in sorted({path.parent for path in source.files(root, ("src",), (".c",))}):
        count = len(list(folder.glob("*.c")))
        if count > FILES:
            yield f"{folder.relative_to(root)}: {count} files, {FILES} are the limit"


def main(root):
    found = includes(root)
    source.finish([*walls(found), *circles(graph(found, lambda n: n.rsplit(".", 1)[0]), "files"),
                   *circles(graph(found, layer_of), "layers"), *crowds(root)])


if __name__ == "__main__":
    main(pathlib.Path(sys.argv[1]))
