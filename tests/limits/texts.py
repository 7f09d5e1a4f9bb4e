# SPDX-License-Identifier: MIT
"""Texts of tools, each recognised by its content."""
import gzip
import json

from harness import facp, tar, wsmt
from rows import Made, fitting, judged, lines, row

GLOBAL = b"8be4df61-93ca-11d2-aa0d-00e098032b8c"


def of(name, line, head=b"", tail=b"", drives=(), **more):
    @row(name, *drives, **more)
    def _(size):
        return lines(size, line, head, tail)


CPU = b"processor\t: %d\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 158\nmodel name\t: X%s\nstepping\t: 10\n" \
      b"flags\t\t: fpu vme de pse tsc lm vmx pni ept%s\n\n"
of("cpuinfo: processors", lambda i: CPU % (i, b"", b""),
   drives=("parse/cpuinfo", "parse/keyval", "load/sniff", "probe/cpu/cpu", "probe/cpu/cpu_evidence"))
of("cpuinfo: flags", b" flag", head=b"processor\t: 0\nvendor_id\t: GenuineIntel\nflags\t\t: fpu")
of("cpuinfo: cores of Arm", lambda i: b"processor\t: %d\nFeatures\t: fp asimd atomics\nCPU implementer\t: 0x41\n"
   b"CPU architecture: 8\nCPU part\t: 0x%03x\n\n" % (i, i & 0xfff), drives=("probe/cpu/cpu_arm", "probe/cpu/generation/arm"))
of("cpuid: processors", lambda i: b"Logical CPU #%d\nbasic_cpuid[0]=00000016 756e6547 6c65746e 49656e69\n"
   b"basic_cpuid[1]=000906ea 00100800 7ffafbbf bfebfbff\n" % i,
   head=b"basic_cpuid[0]=00000016 756e6547 6c65746e 49656e69\n", drives=("parse/cpuid", "parse/cpuid_text", "probe/cpu/cpu_intel"))
of("cpuid: leaves", lambda i: b"intel_fn4[%d]=1c004121 01c0003f 0000003f 00000000\n" % i,
   head=b"basic_cpuid[0]=00000016 756e6547 6c65746e 49656e69\n")
of("cpuid: AIDA's dump", lambda i: b"------[ CPUID Registers / Logical CPU #%d ]------\n"
   b"CPUID 00000000: 00000007-68747541-444D4163-69746E65 [AuthenticAMD]\n"
   b"MSR 0000003A: 0000-0000-0000-0005\n" % i, head=b"CPUID 00000000: 00000007-68747541-444D4163-69746E65\n",
   drives=("load/forms/msr_tools", "parse/msr"))
of("lspci -nn", lambda i: b"%04x:%02x:%02x.%x Ethernet controller [0200]: Intel <&> I350 [8086:1521] (rev 01)\n"
   % (i >> 16, i >> 8 & 255, i >> 3 & 31, i & 7),
   seen=("iommu.functions", 10000), drives=("load/lspci", "parse/pci/lspci", "parse/pci/lspci_header", "parse/pci/lspci_record"))
of("lspci -vvv", lambda i: b"%04x:%02x:%02x.%x PCI bridge [0604]: Intel Root [8086:a294] (rev f0)\n"
   b"\tBus: primary=00, secondary=01, subordinate=01, sec-latency=0\n\tIOMMU group: 3\n"
   b"\tCapabilities: [40] Express (v2) Root Port (Slot+), MSI 00\n\n" % (i >> 16, i >> 8 & 255, i >> 3 & 31, i & 7),
   drives=("parse/pci/lspci_decoded",))
of("lspci -xxx", lambda i: b"%02x:%02x.%x 0200: 8086:1521\n00: 86 80 21 15 07 00 10 00 01 00 00 02 00 00 80 00\n"
   b"30: 00 00 00 00 40 00 00 00 00 00 00 00 0b 01 00 00\n40: 10 40 02 00 00 00 00 00 00 00 00 00 00 00 00 00\n\n"
   % (i >> 8 & 255, i >> 3 & 31, i & 7), drives=("parse/pci/lspci_config",))
of("lspci -vmm", lambda i: b"Slot:\t%02x:%02x.%x\nClass:\tEthernet controller [0200]\nVendor:\tIntel [8086]\nDevice:\tI350 [1521]\n\n"
   % (i >> 8 & 255, i >> 3 & 31, i & 7))
of("lspci: virtual functions", lambda i: b"\tCapabilities: [160 v1] Single Root I/O Virtualization (SR-IOV)\n"
   b"\t\tInitial VFs: 8, Total VFs: 65535, Number of VFs: 65535, Function Dependency Link: 00\n"
   b"\t\tVF offset: 1, stride: 1, Device ID: 1520\n", head=b"01:00.0 Ethernet controller [0200]: Intel [8086:1521]\n")

HEAD = b"[    0.000000] Linux version 6.1.0\n[    0.000000] efi: EFI v2.7 by Maker\n"
of("log: lines of no use", lambda i: b"[    1.%06d] usb 1-1: new device number %d\n" % (i % 1000000, i), head=HEAD,
   drives=("parse/klog/klog", "parse/klog/klog_line", "load/log", "load/text/clean", "load/text/split", "base/text"))
of("log: tables of ACPI", lambda i: b"[    0.000000] ACPI: SSDT 0x%016X 000070 (v01 INTEL  EDK2     %08d INTL 00000001)\n"
   % (i * 64, i), head=HEAD + b"[    0.000000] ACPI: XSDT 0x00000000BED9D4C8 00FFFF (v01 INTEL  EDK2     00000001 INTL 00000001)\n",
   drives=("parse/klog/klog_acpi", "parse/klog/klog_once", "load/machine", "parse/klog/klog_tables"))
of("log: boots", lambda i: b"[    0.000000] Linux version 6.1.%d\n[    0.000000] DMI: Maker Box, BIOS %d 01/02/2023\n" % (i, i),
   drives=("parse/klog/klog_boots", "parse/klog/klog_order", "parse/klog/klog_when"))
of("log: boots with dates that run backwards", lambda i: b"20%02d-%02d-%02dT%02d:00:00+00:00 host kernel: Linux version 6.1.0\n"
   % (99 - i // 8064 % 90, 12 - i // 672 % 12, 28 - i // 24 % 28, 23 - i % 24))
of("log: boots that lost their beginning", lambda i: b"[    %d.000000] ACPI: DMAR 0x00000000%08X 000070 (v01 M%06d EDK2     00000001 INTL 00000001)\n"
   % (100000 - i if i < 99000 else 0, i * 64 & 0xffffffff, i))
of("log: the same line with other words", lambda i: b"[    0.%06d] DMI: Maker%d Box, BIOS 1 01/02/2023\n" % (i % 1000000, i), head=HEAD)
of("log: names of hosts", lambda i: b"Nov 22 15:00:00 host%d kernel: [    0.1] efi: EFI v2.7 by Maker\n" % i,
   drives=("parse/klog/klog_hosts",))
of("log: markers", lambda i: b"-- Boot %032x --\nNov 22 15:00:00 host kernel: efi: EFI v2.7 by Maker\n" % i)
of("log: regions of memory", lambda i: b"[    0.0] efi: mem%02d: [Runtime Code|RUN|  |  |  |  |  |  |  |   |WB|WT|WC|UC] "
   b"range=[0x%016x-0x%016x] (0MB)\n" % (i, i << 13, (i << 13) + 4095), head=HEAD,
   drives=("parse/klog/efimap", "parse/klog/efi_print", "parse/klog/efimap_witness"))
of("log: entries of the table of attributes", lambda i: b"[    0.1] efi: memattr:  0x%012x-0x%012x [Runtime Code|RUN|  |  |  |  |%s|  |  |  |   |  |  |  |  ]\n"
   % (i << 13, (i << 13) + 4095, b"XP" if i % 3 else b"  "),
   head=HEAD + b"[    0.000000] efi: ACPI 2.0=0x7dfe7000 MEMATTR=0x3cb86018 \n[    0.1] efi: memattr: Processing EFI Memory Attributes table:\n",
   drives=("parse/klog/memattr_log", "probe/memattr/memattr"))
of("log: groups", lambda i: b"[    0.2] pci %04x:%02x:%02x.%x: Adding to iommu group %d\n" % (i >> 16, i >> 8 & 255, i >> 3 & 31, i & 7, i),
   head=HEAD, drives=("parse/klog/klog_groups",))
of("log: the line of tables, wrapped", b" SMBIOS=0x2000 \n", head=HEAD + b"[    0.000000] efi: ACPI=0x1000 ACPI 2.0=0x1014\n")
of("log: lines of tables, each wrapped", b"[    0.000000] efi: ACPI=0x1000 ACPI 2.0=0x1014\n", head=HEAD)
of("log: one line of brackets", b"[", head=HEAD + b"Nov 22 15:00:00 host", tail=b"     kernel: efi: EFI v2.7 by Maker\n")
@row("log: brackets, then blanks")
def _(size):
    half = (size - 200) // 2
    return HEAD + b"[" * half + b" " * half + b" kernel: efi: EFI v2.7 by Maker\n"
of("log: one line of stamps", b"[    0.1] ", head=HEAD)
of("log: one line of words for the kernel", b" kernel: ", head=HEAD)
of("log: one line of angles", b"<6>", head=HEAD)
of("log: stamps that are nested", b"[[    0.1] kernel: efi: EFI v2.7\n", head=HEAD)
of("journal: records of JSON", lambda i: b'{"MESSAGE": "Linux version 6.8.%d", "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel", '
   b'"_BOOT_ID": "%032x", "__REALTIME_TIMESTAMP": "1700000000000000", "__MONOTONIC_TIMESTAMP": "0"}\n' % (i, i),
   drives=("load/text/journal", "load/text/journal_lines"))
of("journal: escapes", b"\\u0041", head=b'{"_TRANSPORT":"kernel","MESSAGE":"efi: ', tail=b'"}\n')
of("journal: members", lambda i: b'"k%d":"v",' % i, head=b'{"_TRANSPORT":"kernel",', tail=b'"MESSAGE":"efi: EFI v2.7"}\n')
of("journal: lists inside", b"[", head=b'{"_TRANSPORT":"kernel","MESSAGE":')
of("journal: bytes as numbers", b"65,", head=b'{"_TRANSPORT":"kernel","MESSAGE":[', tail=b'65]}\n')
of("journal: export", lambda i: b"__CURSOR=s%d\n_TRANSPORT=kernel\n_BOOT_ID=%032x\nMESSAGE\n\x12\0\0\0\0\0\0\0efi: EFI v2.7 by M\n\n\n" % (i, i))

of("dmidecode: structures", lambda i: b"Handle 0x%04X, DMI type 17, 40 bytes\nMemory Device\n\tSize: 8 GB\n\tLocator: D%d\n\n" % (i & 0xffff, i),
   head=b"# dmidecode 3.4\nGetting SMBIOS data from sysfs.\n\n",
   drives=("parse/hardware/memory", "probe/hardware/memory", "parse/smbios_names"))
of("dmidecode: runs", lambda i: b"# dmidecode 3.4\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: Maker\n\tProduct Name: P\n\n"
   b"Handle 0x0004, DMI type 4, 48 bytes\nProcessor Information\n\tSignature: Type 0, Family 6, Model 158, Stepping 10\n\n")
of("dmidecode: one name", b"Maker ", head=b"# dmidecode 3.4\nHandle 0x0001, DMI type 1, 27 bytes\nSystem Information\n\tManufacturer: ")
of("names of the machine that differ", lambda i: b"/sys/class/dmi/id/product_name:Thing %d\n" % i, drives=("load/forms/dmi_id",))
of("lsblk", lambda i: b"sd%d disk    0  0 465.8G sata\n" % i, head=b"NAME TYPE ROTA RM   SIZE TRAN\n",
   drives=("parse/hardware/storage", "probe/hardware/storage"))
of("meminfo", lambda i: b"HugePages_%d: 5 kB\n" % i, head=b"MemTotal: 8000000 kB\n")
of("lscpu", lambda i: b"Node%d:                   0\n" % i, head=b"Architecture:            x86_64\nFlags:                   fpu vme de pse tsc lm vmx\n",
   drives=("load/forms/lscpu",))
of("lscpu: one long line of flags", b" flag", head=b"Architecture:            x86_64\nFlags:                   fpu vme de pse tsc lm vmx")
of("lscpu: JSON", lambda i: b'{"field": "Flags:", "data": "fpu vme de pse lm %d"},\n' % i, head=b'{\n   "lscpu": [\n')
of("lscpu: JSON whose strings do not end", b'"field": "data": ', head=b'{\n   "lscpu": [\n')
of("lscpu: processors that it counts", b"CPU(s):                  4294967295\n", head=b"Architecture:            x86_64\nFlags:                   fpu vme de pse tsc lm vmx\n")
of("registers of an Arm processor", b"arm_midr=f1255ec0410fd083\narm_id_aa64isar0=0000000000200000\narm_id_aa64zfr0=0000000000000000\n",
   drives=("load/forms/arm_cpuid",))
of("rdmsr -a", lambda i: b"%x\n" % (i & 0xff), head=b"# rdmsr -a 0x3a\n")
of("rdmsr: one register of each processor", lambda i: b"# rdmsr -p %d 0x3a\n5\n" % i)
of("registers: their numbers", lambda i: b"MSR 0x%08x 0x00da0400 0x00000002\n" % i)
of("turbostat", lambda i: b"cpu%d: MSR_IA32_FEAT_CTL: 0x00000005 (Locked )\n" % i)
of("efivar: variables", lambda i: b'GUID: %s\nName: "SecureBoot"\nAttributes:\n\tBoot Service Access\nValue:\n00000000  %02x  |.|\n' % (GLOBAL, i & 1),
   drives=("load/forms/efivar_print", "load/forms/forms"))
of("efivar: a value", lambda i: b"%08x  01 02 03 04 05 06 07 08  09 0a 0b 0c 0d 0e 0f 10  |................|\n" % (i * 16),
   head=b'GUID: %s\nName: "SecureBoot"\nAttributes:\n\tBoot Service Access\nValue:\n' % GLOBAL, drives=("load/hex/dump",))
of("efivar -l", lambda i: b"%s-Name%d\n" % (GLOBAL, i), head=b"8be4df61-93ca-11d2-aa0d-00e098032b8c-SecureBoot\n")
of("variables in hexadecimal", lambda i: b"# xxd SecureBoot-%s\n00000000: 0600 0000 01\n" % GLOBAL, drives=("load/forms/variables",))
of("variables: names in one line", b"SecureBoot-8be4df61-", head=b"# xxd SecureBoot-%s\n00000000: 0600 0000 01\n" % GLOBAL)
of("tpm2_getcap", lambda i: b"TPM2_PT_REVISION:\n  raw: 0x322E3000\n  value: 1.38\n", head=b"TPM2_PT_FAMILY_INDICATOR:\n  raw: 0x322E3000\n",
   drives=("load/forms/tpm_tools",))
of("tpm2_getcap: registers of a bank", lambda i: b"%d, " % i, head=b"selected-pcrs:\n  - sha256: [ ", tail=b"0 ]\n")
of("mokutil and fwupd", b'{"AppstreamId" : "org.fwupd.hsi.Uefi.SecureBoot", "HsiResult" : "enabled"},\n', head=b'SecureBoot enabled\n{"SecurityAttributes":[\n',
   drives=("load/forms/secure_boot",))
of("fwupd: names without results", b'"AppstreamId" : "org.fwupd.hsi.Uefi.SecureBoot",', head=b'{\n"SecurityAttributes":[\n')
of("fwupd: strings that do not end", b'"AppstreamId" ', head=b'{\n"SecurityAttributes":[\n')
of("files of sysfs", lambda i: b"/sys/class/tpm/tpm%d/tpm_version_major:2\n" % i, head=b"/sys/class/tpm/tpm0/tpm_version_major:2\n",
   drives=("load/forms/sysfs_lines", "parse/sysfs_tpm"))
of("systeminfo", lambda i: b"                               [%02d]: Intel NIC\n" % i, head=b"\nHost Name:                     HOST\nOS Name:                       Microsoft Windows 11 Pro\nNetwork Card(s):               2 NIC(s) Installed.\n",
   drives=("parse/windows/windows", "parse/windows/opens", "parse/windows/row", "load/windows/windows_text"))
of("msinfo32: rows", lambda i: b"Item %d\tValue\t\r\n" % i, head=b"System Information report written at: 11/02/26 10:00:00\r\nSystem Name: HOST\r\n[System Summary]\r\n\r\nItem\tValue\t\r\nOS Name\tMicrosoft Windows 11 Pro\t\r\n")
of("msinfo32: properties", b"Base Virtualization Support, Secure Boot, DMA Protection, ", head=b"System Information report written at: 11/02/26 10:00:00\r\n[System Summary]\r\n\r\nItem\tValue\t\r\nOS Name\tMicrosoft Windows 11 Pro\t\r\nVirtualization-based security Available Security Properties\t",
   drives=("parse/windows/words", "parse/windows/localised", "parse/windows/blob"))
of("Win32_DeviceGuard", lambda i: b"%d, " % i, head=b"\n\nAvailableSecurityProperties                  : {", tail=b"7}\nVirtualizationBasedSecurityStatus            : 2\n")
@row("msinfo32 in UTF-16", "base/utf8")
def _(size):
    return b"\xff\xfe" + ROWS_MSINFO(size // 2).decode().encode("utf-16-le")
def ROWS_MSINFO(size):
    return lines(size, lambda i: b"Item %d\tValue\t\r\n" % i, b"System Information report written at: 11/02/26 10:00:00\r\n[System Summary]\r\n\r\nItem\tValue\t\r\nOS Name\tMicrosoft Windows 11 Pro\t\r\n")

BYTES = " ".join("%02x" % b for b in wsmt(7)[:16]).encode()
of("hexdump -C: tables", lambda i: b"00000000  57 53 4d 54 28 00 00 00  01 00 56 42 53 54 53 54  |WSMT(...|\n00000010  01\n", drives=("load/hex/hex",))
of("hexdump: one table", lambda i: b"%08x  57 53 4d 54 28 00 00 00  01 00 56 42 53 54 53 54  |WSMT(...|\n" % (i * 16))
of("hexdump: repeated lines", b"*\n", head=b"00000000  57 53 4d 54 28 00 00 00  01 00 56 42 53 54 53 54\n", tail=b"00f00000\n")
of("base64: tables", b"V1NNVCgAAAABAFZCU1RTVEUyRVRBQkxFAQAAAFRFU1QBAAAABwAAAA==\n", drives=("load/hex/base64",))
of("base64: one table", b"AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", head=b"V1NNVP//DwABAFZCU1RTVEUyRVRBQkxFAQAAAFRFU1QBAAAABwAA\n")
of("kinds that take turns", lambda i: b"DMAR @ 0x0000000000000000\n  0000: 44 4D 41 52 00\nprocessor\t: 0\nvendor_id\t: GenuineIntel\n[    0.000000] Linux version 6.1.0\n"
   b"00:02.0 VGA [0300]: Intel [8086:2723]\nHandle 0x0000, DMI type 0, 40 bytes\n")
of("quotes of a mail", b"> > > [    0.000000] efi: EFI v2.7 by Maker\n", head=b"> [    0.000000] Linux version 6.1.0\n")
of("quotes: one line", b"> ", head=b"> [    0.000000] Linux version 6.1.0\n")
of("tags of a web page", b"<font color=red>&lt;</font>", head=b"<pre>[    0.000000] Linux version 6.1.0\n")
of("tags that do not end", b"<font ", head=b"<pre>[    0.000000] Linux version 6.1.0\n")
of("entities", b"&amp;", head=b"<pre>[    0.000000] Linux version 6.1.0\n")
of("codes of a terminal", b"\x1b[31m\x1b]0;x\x07", head=b"[    0.000000] Linux version 6.1.0\n")
of("codes that do not end", b"\x1b[", head=b"[    0.000000] Linux version 6.1.0\n")
of("bytes of zero", b"\0", head=b"[    0.000000] Linux version 6.1.0\n")
of("empty lines", b"\n", head=b"[    0.000000] Linux version 6.1.0\n")
of("blanks", b" ", head=b"[    0.000000] Linux version 6.1.0\n")
of("nothing that is known", b"abc def\n")
of("one line that is not known", b"x")
of("at signs", b"@ 0x", head=b"DMAR @ 0x0000000000000000\n")


@row("a folder of many files")
def _(size):
    n = fitting(size, 270, 4000)
    return Made({f"d/{i:05}": b"Handle 0x0000, DMI type 0, 40 bytes\nSystem Information\n\tProduct Name: Thing\n# %d\n" % i
                 + b"x" * 150 for i in range(n)}, ("--from", "@d"))


@row("a folder of a variable's copies")
def _(size):
    n = 2000
    return Made({f"d/{i}/SecureBoot-{GLOBAL.decode()}": b"\6\0\0\0\1" + bytes(max(1, size // n - 5)) for i in range(n)},
                ("--from", "@d"))


@row("a folder of raw tables")
def _(size):
    from tables import table
    n = fitting(size, 300, 4000)
    return Made({f"d/SSDT{i}": table(b"SSDT", bytes(260) + b"%04d" % i) for i in range(n)} | {"d/FACP": facp()}, ("--from", "@d"))


@row("a folder of logs")
def _(size):
    n = fitting(size, 500, 4000)
    return Made({f"d/log{i}": b"[    0.000000] Linux version 6.1.%d\n[    0.000000] DMI: Maker Box, BIOS %d 01/02/2023\n" % (i, i)
                 + b"[    1.000000] usb 1-1: x\n" * 14 for i in range(n)}, ("--from", "@d"))


@row("an archive of many members", "load/archive", "load/bundle")
def _(size):
    return tar({f"host/sys/{i}": b"" for i in range(min(4000, fitting(size, 512)))} | {"host/dmesg": HEAD * fitting(size, len(HEAD))})


@row("a compressed text", "load/look", "load/window")
def _(size):
    """20 MiB come out of a small one."""
    return gzip.compress(lines(20 * size, lambda i: b"[    1.%06d] usb 1-1: new device number %d\n" % (i % 1000000, i), head=HEAD)[:20 * size - 1], 6)


@row("an archive in an archive")
def _(size):
    return tar({"host.tar.gz": gzip.compress(tar({"dmesg": HEAD * fitting(size, len(HEAD))}), 1)})


@row("JSON that is no journal")
def _(size):
    return json.dumps([{"a": i} for i in range(fitting(size, 16))]).encode()


del judged
