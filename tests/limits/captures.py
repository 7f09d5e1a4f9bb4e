# SPDX-License-Identifier: MIT
"""Blobs of a capture, each as large as the capture may be."""
import json
import struct

from harness import MOR, capture_files, manifest, metal, tar
from rows import capture, fitting, lines, row

ARM = {"acpi/DMAR": "absent", "cpuid": "absent"}


def blob(name, line, head=b"", tail=b"", drives=(), seen=(), **more):
    @row(f"blob {name}", *drives, seen=seen)
    def _(size):
        return capture(size, **{name.split(":")[0]: lines(size, line, head, tail), **more})


blob("cpuid-hypervisor", lambda i: b"CPUID %08X: 40000001-4B4D564B-564B4D56-0000004D\n" % (0x40000000 + i),
     drives=("probe/viewpoint/hypervisor", "probe/viewpoint/viewpoint", "probe/vm"))
blob("cpuinfo", lambda i: b"processor\t: %d\nvendor_id\t: GenuineIntel\nflags\t\t: fpu vmx ept\nbugs\t\t: \n\n" % i)
blob("msr", lambda i: b"%d 0x3a 0x5\n" % i)
blob("msr: numbers", lambda i: b"0 0x%x 0x5\n" % i)
blob("kernel", lambda i: b"cmdline: intel_iommu=on iommu=pt x%d\n" % i, drives=("probe/host", "parse/kernel_words", "parse/version"))
blob("kernel: words", b"iommu=pt ", head=b"release: 6.1.0\ncmdline: ")
blob("windows", lambda i: b"event 3111 0x8 2026-11-02T00:00:00Z Windows/System32/drivers/a%d.sys\n" % i,
     head=b"path /mnt/c\nhive ok \nmemory-integrity on\n", drives=("parse/windows/windows_list", "probe/drivers/windows", "probe/windows"),
     drivers=b"driver Windows/System32/drivers/a1.sys\ngroup required\nresult clean\n")
@row("a log of a disk, and its drivers")
def _(size):
    return capture(size, drivers=lines(size // 2, lambda i: b"driver W/%06d\n" % i),
                   windows=lines(size // 2, lambda i: b"event 3111 0x8 2026-11-02T00:00:00Z W/x%05d\n" % i, b"path /mnt/c\nhive ok \n"))


blob("windows: services", lambda i: b"service 0 Windows/System32/drivers/A%d.sys\n" % i, head=b"path /mnt/c\nhive ok \n")
blob("windows: numbers of a text", b"1,2,3,", head=b"source msinfo32\nstatus ok\navailable ")
blob("efi/kernel-log", lambda i: b"[    0.000000] efi: mem%d: type=5, attr=0x800000000000000f, range=[0x%x-0x%x) (0MB)\n" % (i, i << 13, (i << 13) + 4096))
blob("efi/runtime-map", lambda i: b"0x5 0x%x 0x0 0x1 0x800000000000000f\n" % (i << 13), drives=("parse/memattr", "probe/memattr/memattr_table", "probe/memattr/memattr_entries"),
     **{"efi/memattr": struct.pack("<IIII", 1, 1, 48, 0) + struct.pack("<IIQQQQ", 5, 0, 0x1000, 0, 1, 0x4000)[:40] + bytes(8)})
blob("efi/memattr-steps", b"address kallsyms 0x3cb86018\nbytes kcore ok 1072\n", drives=("parse/memattr_steps",))
blob("efi/db-names", b"Microsoft Windows Production PCA 2011\n", drives=("probe/efi",))
blob("memory/modules", b"slot: 8192 MiB\n")
blob("memory/kernel", b"MemTotal: 7926016 kB\n")
blob("storage", lambda i: b"nvme%dn1 bus nvme rotational 0 removable 0 sectors 1000215216\n" % i)
blob("sys/psp", lambda i: b"0000:%02x:00.2 fused_part 1\n" % (i & 255), drives=("parse/hardware/psp", "probe/hardware/psp"))
blob("dmi", lambda i: b"key%d: v\n" % i, head=b"vendor: Maker\nproduct: Thing\n", drives=("parse/smbios_date", "probe/viewpoint/makers", "probe/viewpoint/brands"))
blob("dmi: one value", b"<&\"'", head=b"product: Thing\nvendor: ")
blob("sys/tpm", lambda i: b"tpm%d version-major 2\nMSFT%04d:00 status 15\n" % (i, i), drives=("probe/tpm/tpm", "probe/tpm/tpm_state"))
blob("sys/tpm: banks", b" sha256", head=b"tpm0 version-major 2\ntpm0 banks sha1")
blob("sys/kvm", lambda i: b"kvm_intel p%d Y\n" % i, head=b"kvm\nkvm_intel\n")
blob("sys/xen", b"capabilities: xen-3.0-x86_64 hvm-3.0-x86_32\n", head=b"type: xen\n")
blob("sys/iommu", lambda i: b"unit dmar%d address 0x%x\nunit dmar%d cap d2008c40660462\n" % (i, i << 12, i), tail=b"groups 4\n")
blob("sys/iommu: types", lambda i: b"type T%d 1\n" % i, head=b"unit ivhd0 cap 1\ngroups 4\n")
blob("sys/thunderbolt", lambda i: b"domain%d iommu_dma_protection 1\ndomain%d controller 0000:00:0d.2\n" % (i, i), drives=("parse/sysfs_thunderbolt", "probe/iommu/opt_in"))
blob("sys/thunderbolt: with functions", lambda i: b"domain%d iommu_dma_protection 1\ndomain%d controller 0000:%02x:0d.2\n" % (i, i, i & 255),
     pci=b"".join(b"0000:%02x:0d.2 class=0c0340 vendor=8086 device=1\n" % i for i in range(256)))
blob("mor-test", b"locked: 1\n", head=b"result: proven\n")
blob("tpm/fixed", b"\0\0\1\0\x32\x2e\x30\0", head=b"\x80\1\0\0\0\x8b\0\0\0\0\1\0\0\0\6\0\0\xff\xff", drives=("parse/tpm_response", "probe/tpm/tpm_answers", "probe/tpm/tpm_facts"))
blob("tpm/trouble", b"tpm/fixed silent\n", drives=("parse/tpm_trouble",))
blob(MOR, b"\1", head=b"\7\0\0\0")

DRIVER = b"driver Windows/System32/drivers/d%d.sys\ngroup required\nresult %s\narch amd64\n"
blob("drivers", lambda i: DRIVER % (i, b"violation") + b"check 0x1 0x2001 0 violation .text\n", seen=("drivers.incompatible", 8000), drives=("parse/driver_list", "probe/drivers/drivers", "base/driver"))
blob("drivers: checks of one", lambda i: (DRIVER % (i // 1000, b"violation") if i % 1000 == 0 else b"") + b"check 0x%x 0x2001 %d violation .text%d\n" % (i + 1, i, i))
blob("drivers: more checks than a driver has", lambda i: b"check 0x%x 0x2001 %d violation .text\n" % (i, i), head=DRIVER % (0, b"violation"))
blob("drivers: checks alike", lambda i: (DRIVER % (i // 1000, b"violation") if i % 1000 == 0 else b"") + b"check 0x8 0x2001 0 violation .text%d\n" % i)
blob("drivers: chains of one", lambda i: (DRIVER % (i // 250, b"clean") if i % 250 == 0 else b"") + b"chain %064x\npublisher P%d\nprogram x\n" % (i, i))
blob("drivers: notices", lambda i: b"notice something %d\nskipped 1\n" % i)
blob("a blob of no rule", b"x\n")


@row("capture: blobs", "load/capture", "load/kinds", "base/snapshot", "probe/registry", "probe/alternatives", "load/digest", "base/label")
def _(size):
    blobs = {f"x/{i:07}": b"x" for i in range(fitting(size, 1200, 4000))}
    return tar(capture_files(metal(**blobs)))


@row("capture: blobs of one name with numbers")
def _(size):
    n = fitting(size, 1100, 2000)
    return tar(capture_files(metal(**{f"cpuinfo.{i}": b"processor\t: 0\nvendor_id\t: GenuineIntel\nmodel\t: %d\n" % i for i in range(n)})))


@row("capture: tables with numbers")
def _(size):
    from tables import dmar
    n = fitting(size, 1200, 2000)
    return tar(capture_files(metal(**{"acpi/DMAR": "absent"} | {f"acpi/DMAR{i + 1}": dmar(1, 1 + i % 3) for i in range(n)})))


@row("capture: rows of the manifest without files")
def _(size):
    return tar(capture_files({}, manifest({f"efivar/X{i}-8be4df61-93ca-11d2-aa0d-00e098032b8c": "no-permission" for i in range(fitting(size, 140, 4096))})))


@row("capture: rows that name one blob")
def _(size):
    rows = [{"name": "dmi", "status": "absent", "size": 0, "sha256": None, "from": None}] * fitting(size, 90, 4096)
    return tar({"manifest.json": json.dumps({"format": 1, "blobs": rows}).encode()})


@row("capture: values of the manifest")
def _(size):
    return tar({"manifest.json": lines(size, b"{},", head=b'{"format":1,"blobs":[', tail=b"{}]}")})


@row("capture: labels")
def _(size):
    m = manifest(metal(), labels={f"k{i}": "v" for i in range(fitting(size, 14, 30000))})
    return tar(capture_files(metal(), json.dumps(m).encode()))


@row("capture: a manifest of lists in lists")
def _(size):
    return tar({"manifest.json": b"[" * (size - 2000)})


@row("memory attributes: entries", seen=("mat.entries", 20000))
def _(size):
    n = fitting(size, 48)
    mat = struct.pack("<IIII", 1, n, 48, 0) + b"".join(
        struct.pack("<IIQQQQQ", 5 + (i & 1), 0, i << 13, 0, 1, 0x8000000000004000 if i % 3 else 0x8000000000000000, 0)[:48] for i in range(n))
    return capture(size, **{"efi/memattr": mat, "efi/runtime-map": b"0x5 0x0 0x0 0x%x 0x800000000000000f\n" % (2 * n)})


@row("memory attributes: entries that overlap, and regions", seen=("mat.entries", 10000))
def _(size):
    n = fitting(size // 2, 48)
    mat = struct.pack("<IIII", 1, n, 48, 0) + b"".join(
        struct.pack("<IIQQQQQ", 5, 0, (i & 7) << 12, 0, n, 0x8000000000000000, 0)[:48] for i in range(n))
    regions = lines(size // 2, lambda i: b"0x5 0x%x 0x0 0x%x 0x800000000000000f\n" % ((i & 15) << 12, i + 1))
    return capture(size, **{"efi/memattr": mat, "efi/runtime-map": regions})
