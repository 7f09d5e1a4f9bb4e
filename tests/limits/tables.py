# SPDX-License-Identifier: MIT
"""ACPI tables, alone and beside the functions and registers that they are compared with."""
import struct

from harness import CPU_INTEL, acpidump, apic, dmar, facp, table, wsmt
from rows import capture, fitting, lines, row

ARM = b"processor\t: 0\nFeatures\t: fp asimd atomics\nCPU implementer\t: 0x41\n" \
      b"CPU architecture: 8\nCPU part\t: 0xd40\n"


def drhd(i, flags=0, scopes=b"", segment=0):
    return struct.pack("<HHBBHQ", 0, 16 + len(scopes), flags, 0, segment, 0xfed00000 + i * 4096) + scopes


def scope(i, kind=1, path=b""):
    path = path or bytes((i >> 3 & 31, i & 7))
    return struct.pack("<BBHBB", kind, 6 + len(path), 0, 0, i >> 8 & 0xff) + path


def functions(size, vendor=b"8086"):
    return lines(size, lambda i: b"%04x:%02x:%02x.%x class=020000 vendor=%s device=1521\n" % (
        i >> 16, i >> 8 & 255, i >> 3 & 31, i & 7, vendor))


def dmar_of(size, structure):
    return table(b"DMAR", lines(size - 48, structure, head=struct.pack("<BB10x", 38, 5)))


@row("DMAR: units", "parse/acpi/dmar", "parse/acpi/acpi", "base/span", "probe/acpi", seen=("dmar.drhd", 60000))
def _(size):
    return dmar_of(size, drhd)


@row("DMAR: device scopes", seen=("dmar.device-scopes", 120000))
def _(size):
    many = b"".join(scope(i) for i in range(8000))
    return dmar_of(size, lambda i: drhd(i, scopes=many))


@row("DMAR: long paths of a scope", "probe/iommu/topology", seen=("dmar.device-scopes", 4000))
def _(size):
    many = b"".join(scope(i, path=bytes(range(0, 240))) for i in range(260))
    return dmar_of(size, lambda i: drhd(i, scopes=many))


@row("DMAR: reserved memory", "probe/iommu/cover/cover_dmar", seen=("dmar.rmrr", 25000))
def _(size):
    return dmar_of(size, lambda i: struct.pack("<HHHHQQ", 1, 32, 0, 0, i << 12, (i << 12) + 4095) + scope(i))


def both(size, made_table, pci, **more):
    return capture(size, **{"acpi/" + made_table[:4].decode(): made_table, "pci": pci, **more})


@row("DMAR and the functions that its units list", "probe/iommu/coverage", "probe/iommu/scope",
     "parse/pci/pci", "parse/pci/pci_build", "parse/pci/pci_line", "parse/pci/pci_class",
     "probe/iommu/pci_functions", "base/pci", "probe/iommu/iommu", "probe/iommu/iommu_kinds", seen=("iommu.functions", 5000))
def _(size):
    return both(size, dmar_of(size // 2, lambda i: drhd(i, scopes=scope(i))), functions(size // 2))


@row("DMAR without scopes: each function is a finding", "base/fact", "judge", seen=("iommu.functions", 10000))
def _(size):
    return both(size, dmar(1, 1), functions(size))


@row("functions below functions: chains of bridges", "probe/iommu/excerpt", "probe/iommu/segments")
def _(size):
    return both(size, dmar(5), lines(size, lambda i: (
        b"%04x:%02x:00.0 class=060400 vendor=8086 device=1 header=01 primary=%x secondary=%x "
        b"subordinate=ff express=0 external=1\n"
        % (i // 255, i % 255, i % 255, i % 255 + 1))))


@row("DMAR and the registers of as many units", "probe/iommu/translation", "parse/vtd",
     "parse/sysfs_iommu", "probe/iommu/dead_units", seen=("iommu.units", 30000))
def _(size):
    units = lines(size // 2, lambda i: b"unit dmar%d address %x cap d2008c40660462 ecap f050da\n" % (
        i, 0xfed00000 + i * 4096), tail=b"groups 4\n")
    return both(size, dmar_of(size // 2, lambda i: drhd(i, 1)), functions(2000), **{"sys/iommu": units})


@row("DMAR and a log that names as many units", "probe/iommu/logged", "probe/iommu/kernel_iommu",
     "parse/klog/klog_iommu", seen=("iommu.units", 30000))
def _(size):
    log = lines(size // 2, lambda i: (
        b"[    0.1] DMAR: dmar%d: reg_base_addr %x ver 1:0 cap d2008c40660462 ecap f050da\n"
        b"[    0.1] DMAR: DRHD base: 0x%x flags: 0x0\n"
        b"[    0.1] DMAR: [Firmware Bug]: Your BIOS is broken; DMAR reported at address %x returns all ones!\n"
        % (i, 0xfed00000 + i * 4096, 0xfed00000 + i * 4096, 0xfed00000 + i * 4096)),
                head=b"[    0.000000] Linux version 6.1.0\n")
    return both(size, dmar_of(size // 2, lambda i: drhd(i, 1)), functions(2000),
                **{"efi/kernel-log": log})


def ivrs_of(size, entries, kind=0x11):
    def unit(i):
        one = entries(i)
        return struct.pack("<BBHHHQHHIQQ", kind, 0, 40 + len(one), 2 + i & 0xffff, 0x40, 0xfd000000 + i * 4096,
                            i & 0xff, 0, 0, 0, 0) + one
    return table(b"IVRS", lines(size - 36, unit, struct.pack("<IQ", 0x00203040, 0)), revision=2)


AMD = {"cpuid": CPU_INTEL.replace(b"756e6547 6c65746e 49656e69", b"68747541 444d4163 69746e65"),
       "acpi/DMAR": "absent"}


@row("IVRS: units", "parse/acpi/ivrs", "probe/iommu/cover/cover_ivrs", "probe/iommu/ranges")
def _(size):
    return both(size, ivrs_of(size, lambda i: b"\2" + struct.pack("<HB", i & 0xffff, 0)),
                functions(2000, b"1022"), **AMD)


@row("IVRS: ranges of devices, and functions", "probe/iommu/whole")
def _(size):
    entry = b"".join(struct.pack("<BHBBHB", 0x43, i * 4, 0, 0, i & 0xffff, 0) +
                     struct.pack("<BHB", 4, i * 4 + 2, 0) for i in range(500))
    return both(size, ivrs_of(size // 2, lambda i: entry), functions(size // 2, b"1022"), **AMD)


@row("IVRS: devices with a name", seen=("ivrs.device-entries", 40000))
def _(size):
    one = struct.pack("<BHB8s8sBB", 0xf0, 0, 0, b"AMDI0020", b"", 0, 0)
    return both(size, ivrs_of(size, lambda i: one * 2900, 0x40), functions(2000, b"1022"), **AMD)


def iort_node(kind, body, mappings=b"", revision=0):
    n = len(mappings) // 20
    return struct.pack("<BHBIII", kind, 16 + len(body) + len(mappings), revision, 0, n,
                       16 + len(body) if n else 0) + body + mappings


def iort_of(nodes):
    return table(b"IORT", struct.pack("<III", len(nodes), 48, 0) + b"".join(nodes))


def mapping(first, count, out, target, flags=0):
    return struct.pack("<IIIII", first, count, out, target, flags)


SMMU = iort_node(4, struct.pack("<QIIQIIIIII", 0x10000000, 0, 0, 0, 0, 0, 0, 0, 0, 0))


@row("IORT: ID mappings", "parse/acpi/iort", "probe/iommu/cover/cover_iort", seen=("iort.mappings", 20000))
def _(size):
    many = b"".join(mapping(i * 3, 1, i * 3, 48) for i in range(3000))
    root = lambda i: iort_node(2, struct.pack("<QIII", 0, 0, i, 0)[:16] + bytes(4), many)
    nodes = [SMMU] + [root(i) for i in range(fitting(size // 2, len(root(0))))]
    return both(size, iort_of(nodes), functions(size // 2), cpuinfo=ARM, cpuid="absent",
                **{"acpi/DMAR": "absent"})


@row("IORT: nodes", "probe/iommu/components", seen=("iort.named-component", 15000))
def _(size):
    nodes = [SMMU]
    at, total = 48 + len(SMMU), len(SMMU)
    while total < size - 4096:
        node = iort_node(1, struct.pack("<IQBB", 0, 0, 0, 0)[:13] + b"\\_SB.N%06d\0" % len(nodes),
                         mapping(0, 0, 0, 48, 1))
        nodes.append(node)
        total += len(node)
    del at
    return both(size, iort_of(nodes), b"", cpuinfo=ARM, cpuid="absent", **{"acpi/DMAR": "absent"})


@row("IORT: SMMUs", seen=("iort.smmu-v3", 10000))
def _(size):
    return both(size, iort_of([SMMU] * fitting(size - 4096, len(SMMU))), functions(2000), cpuinfo=ARM,
                cpuid="absent", **{"acpi/DMAR": "absent"})


@row("VIOT: nodes", "parse/acpi/viot", seen=("viot.units", 10000))
def _(size):
    node = struct.pack("<BxHHxxQ", 3, 16, 0, 0)[:16]
    n = fitting(size, 40, 65000)
    parts = [struct.pack("<BBHHHQ", 4, 0, 16, 0, 0, 0x1000 + i) for i in range(n // 2)]
    parts += [struct.pack("<BBHIHHHHHHI", 1, 0, 24, i, 0, 0, i & 0xffff, i & 0xffff, 48, 0, 0)
              for i in range(n // 2)]
    del node
    return both(size, table(b"VIOT", struct.pack("<HH8x", len(parts) & 0xffff, 48) + b"".join(parts)),
                functions(2000))


@row("MCFG: segments", "parse/acpi/mcfg", seen=("mcfg.segments", 60000))
def _(size):
    body = bytes(8) + lines(size - 44, lambda i: struct.pack("<QHBBI", i << 20, i & 0xffff, 0, 255, 0))
    return both(size, table(b"MCFG", body), functions(2000))


@row("MADT: processors", "parse/acpi/madt")
def _(size):
    return both(size, table(b"APIC", struct.pack("<II", 0xfee00000, 1) +
                            bytes((0, 8, 0, 0, 1, 0, 0, 0)) * fitting(size - 44, 8)), b"")


@row("tables of one signature", "load/tables", "load/evidence/loaders", "load/evidence/evidence",
     "load/acpidump", "probe/wsmt", "load/load", "load/leftover", "load/machine_tables")
def _(size):
    one = acpidump(wsmt(1))
    return one * fitting(size, len(one))


@row("acpidump: heads without bytes")
def _(size):
    return lines(size, lambda i: b"DMAR @ 0x%016x\n" % (i + 1))


@row("acpidump: a root table that lists every other one")
def _(size):
    n = fitting(size, 200)
    xsdt = table(b"XSDT", b"".join(struct.pack("<Q", 4096 * (i + 1)) for i in range(n)))
    text = acpidump(xsdt, facp(), apic())
    return text + b"".join(b"SSDT @ 0x%016x\n  0000: 53 53 44 54\n\n" % (4096 * (i + 1)) for i in range(n))[:size]


@row("acpidump: one large table", "load/hex/table")
def _(size):
    return acpidump(facp(), apic(), dmar_of(size // 5, drhd))
