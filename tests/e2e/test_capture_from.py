# SPDX-License-Identifier: MIT
"""Loose evidence made into a capture that may be given away.

It is judged as the evidence is, and holds nothing that tells whose it is.
"""
import gzip
import io
import json
import lzma
import struct
import tarfile

import harness
from harness import Case, SHARED, judge_many, need, need_corpus, run, tar, write_files
from test_forms import DUMPS, HOST, LOGS, STAMP

# What must be the same; the source of evidence is not told any more, and notes are not kept.
SAME = ("verdict", "counts", "facts", "unknown", "host", "findings")


def core(report):
    rules = [{k: v for k, v in r.items() if k != "evidence"} for r in report["rules"]]
    return {**{k: report[k] for k in SAME}, "rules": rules}


class Replay(Case):
    def check_replays(self, paths):
        """Returns how many could be captured; others are refused, as they are by a scan."""
        made, refused = [], 0
        for i, path in enumerate(paths):
            capture = self.dir / f"capture{i}"
            r = run("capture", "--from", path, "--output", capture, ok=(0, 2))
            if r.status == 0:
                made.append((path, capture))
            else:
                refused += 1
                if b"machines: name one" not in r.err:
                    self.assertEqual([None], judge_many([path]))
        first = judge_many([p for p, _ in made])
        again = judge_many([c for _, c in made])
        for (path, _), one, other in zip(made, first, again):
            with self.subTest(path):
                self.assertIsNotNone(one)
                self.assertEqual(core(one), core(other))
        return len(made)

    def test_every_host_of_the_corpus(self):
        hosts = sorted(p for p in need_corpus("hosts").iterdir() if p.is_dir())
        self.assertEqual(len(hosts), self.check_replays(hosts))

    def test_every_case(self):
        need((SHARED / "cases").is_dir(), "cases not found")
        names = {line.split("\t")[0] for line in (SHARED / "cases/CHECK.tsv").read_text().splitlines()
                 if line and not line.startswith("#")}
        self.assertGreater(self.check_replays([SHARED / "cases" / n for n in sorted(names)]), 40)

    def test_every_form(self):
        host = need_corpus("hosts", HOST)
        paths = []
        for kind, forms in (("dmesg", LOGS), ("acpidump", DUMPS)):
            plain = (host / f"{kind}.txt").read_bytes()
            paths += [self.file(f"{kind}-{name}", form(plain)) for name, form in forms.items()]
        self.assertEqual(len(paths), self.check_replays(paths))

    def test_dumps_of_processors(self):
        dumps = sorted(p for p in need_corpus("cpuid").rglob("*") if p.is_file())
        self.check_replays(dumps[::max(1, len(dumps) // 60)])

    def test_an_excerpt_stays_one(self):
        """Ruling 34: a capture's list of PCI functions is whole by itself; one of lspci is not."""
        text = b"03:00.0 Ethernet controller [0200]: X [8086:1234]\n"
        self.check_replays([self.file("lspci", text)])

    def test_a_capture_is_captured_again(self):
        files = harness.capture_files(harness.metal())
        self.check_replays([self.file("c.tar", tar(files))])

    def test_several_machines_are_refused(self):
        files = harness.capture_files(harness.metal())
        for name in ("a", "b"):
            write_files(self.dir / "fleet" / name, files)
        r = run("capture", "--from", self.dir / "fleet", "--output", self.dir / "x", ok=(2,))
        self.assertIn(b"2 machines", r.err)
        r = run("capture", "--from", self.dir / "fleet/a", "--from", self.dir / "fleet/b",
                "--output", self.dir / "x", ok=(2,))
        self.assertIn(b"one capture for each machine", r.err)
        self.assertFalse((self.dir / "x").exists())

    def test_logs_that_contradict_each_other(self):
        """They are both in the capture, and what they differ in is not decided there either."""
        log = b"[    0.000000] Linux version 6.1.%d\n[    0.000000] secureboot: Secure boot %s\n"
        folder = write_files(self.dir / "two", {"a": log % (1, b"enabled"),
                                                "b": log % (2, b"disabled")})
        self.check_replays([folder])
        names = sorted(p.name for p in (self.dir / "capture0/efi").iterdir())
        self.assertEqual(["kernel-log.1", "kernel-log.2"], names)
        secure = harness.rule(judge_many([self.dir / "capture0"])[0], "boot.secure-boot")
        self.assertEqual("conflict", secure["reason"])

    def test_a_variable_that_is_there_twice(self):
        name = "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
        self.check_replays([write_files(self.dir / "two", {
            f"{d}/{name}": b"\x06\0\0\0\1" for d in "ab"})])


# Nothing of it may be in a capture, in whatever case.
SECRETS = [b"bobslaptop", b"bob-pc4711", b"alice", b"SN4711X", b"PF0ABCDE", b"00:1a:2b:3c:4d:5e",
           b"00-1a-2b-3c-4d-5e", b"deadbeef-1234-5678-9abc-def012345678", b"VK7JG-NPHTM",
           b"swordfish", b"ssh-ed25519", b"192.168.77.5", b"c0ffee00c0ffee00c0ffee00c0ffee00",
           b"1099511627", b"builder.example"]
HOSTS = (b"bobslaptop", b"bob-pc4711")

UUID = b"deadbeef-1234-5678-9abc-def012345678"
MAC = b"00:1a:2b:3c:4d:5e"
COMMAND_LINE = (b"BOOT_IMAGE=/vmlinuz root=UUID=%s ro rd.luks.uuid=luks-%s ip=192.168.77.5::"
                b"192.168.77.1:255.255.255.0:bobslaptop:eth0:none systemd.hostname=bobslaptop "
                b"password=swordfish intel_iommu=on" % (UUID, UUID))
LINES = [
    b"Linux version 6.1.0 (alice@builder.example) (gcc (Debian 12.2.0-14) 12.2.0) #1 SMP",
    b"Command line: " + COMMAND_LINE,
    b"Kernel command line: " + COMMAND_LINE,
    b"BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable",
    b"efi: EFI v2.70 by American Megatrends",
    b"efi: ACPI=0x7dfe7000 ACPI 2.0=0x7dfe7014 SMBIOS=0x7b140000 MEMATTR=0x77aa4018 ",
    b"secureboot: Secure boot disabled",
    b"DMI: LENOVO 20QVS00000/20QVS00000, BIOS N2HET42W (1.25 ) 11/26/2019",
    b"ACPI: MSDM 0x000000007DFD0000 000055 (v03 LENOVO TP-N2H)",
    b"e1000e 0000:00:1f.6 eth0: (PCI Express:2.5GT/s:Width x1) " + MAC,
    b"usb 1-4: SerialNumber: SN4711X",
    b"tpm_tis MSFT0101:00: 2.0 TPM (device-id 0x1B, rev-id 16) for " + UUID + b" at " + MAC,
    b"kvm [1]: vcpu0 of " + UUID,
    b"x86/cpu: node 00-1a-2b-3c-4d-5e",
    b"audit: type=1400 msg='ssh-ed25519 AAAA alice@bobslaptop'",
    b"systemd[1]: Set hostname to <bobslaptop>.",
]


def log(form):
    return b"".join(form(i, line) + b"\n" for i, line in enumerate(LINES))


LOG_FORMS = {
    "dmesg": lambda i, m: b"[%5d.%06d] %s" % (0, i, m),
    "short": lambda i, m: b"Nov 22 15:00:00 bobslaptop kernel: " + m,
    "short-stamped": lambda i, m: b"Nov 22 15:00:00 bobslaptop kernel: [%5d.%06d] %s" % (0, i, m),
    "german": lambda i, m: "Mär 22 15:00:00 bob-pc4711 kernel: ".encode() + m,
    "iso": lambda i, m: b"2024-11-22T15:00:00+0000 bob-pc4711 kernel: " + m,
    "iso-precise": lambda i, m: b"2024-11-22T15:00:00.123456+01:00 bobslaptop kernel: " + m,
    "monotonic": lambda i, m: b"[%5d.%06d] bob-pc4711 kernel: %s" % (0, i, m),
    "full": lambda i, m: b"Fri 2024-11-22 15:00:00 UTC bobslaptop kernel: " + m,
    "unix": lambda i, m: b"1732287600.%06d bobslaptop kernel: %s" % (i, m),
    "rfc5424": lambda i, m: b"<6>1 2024-11-22T15:00:00Z bob-pc4711 kernel - - - " + m,
    "sonic": lambda i, m: b"2024 Nov 22 15:00:00.1 bobslaptop INFO kernel: [%5d.%06d] %s"
                          % (0, i, m),
    "minicom": lambda i, m: b"[2024-11-22 15:00:00] [%5d.%06d] %s" % (0, i, m),
    "priority": lambda i, m: b"<6>[%5d.%06d] %s" % (0, i, m),
}


def journal(i, message):
    return json.dumps({
        "_TRANSPORT": "kernel", "SYSLOG_IDENTIFIER": "kernel", "MESSAGE": message.decode(),
        "_HOSTNAME": "bobslaptop", "_MACHINE_ID": "c0ffee00c0ffee00c0ffee00c0ffee00",
        "_BOOT_ID": "c0ffee00c0ffee00c0ffee00c0ffee00", "__CURSOR": "s=c0ffee00c0ffee00c0ffee00c0ffee00",
    }).encode()


def export(i, message):
    return (b"__CURSOR=s=c0ffee00c0ffee00c0ffee00c0ffee00\n_HOSTNAME=bobslaptop\n"
            b"_MACHINE_ID=c0ffee00c0ffee00c0ffee00c0ffee00\n_TRANSPORT=kernel\nMESSAGE=%s\n"
            % message)


DMIDECODE = b"""# dmidecode 3.4
Getting SMBIOS data from sysfs.
SMBIOS 3.1.1 present.

Handle 0x0000, DMI type 0, 24 bytes
BIOS Information
\tVendor: LENOVO
\tVersion: N2HET42W (1.25 )
\tRelease Date: 11/26/2019
\tCharacteristics:
\t\tUEFI is supported

Handle 0x0001, DMI type 1, 27 bytes
System Information
\tManufacturer: LENOVO
\tProduct Name: 20QVS00000
\tVersion: ThinkPad X1
\tSerial Number: PF0ABCDE
\tUUID: deadbeef-1234-5678-9abc-def012345678
\tWake-up Type: Power Switch
\tSKU Number: SN4711X

Handle 0x0002, DMI type 2, 15 bytes
Base Board Information
\tManufacturer: LENOVO
\tProduct Name: 20QVS00000
\tSerial Number: SN4711X
\tAsset Tag: alice
"""
LSPCI = (b"00:00.0 Host bridge [0600]: Intel [8086:3e34]\n\tSubsystem: SN4711X\n"
         b"00:1f.6 Ethernet controller [0200]: Intel [8086:15bd]\n"
         b"\tCapabilities: [140 v1] Device Serial Number 00-1a-2b-3c-4d-5e-ff-fe\n"
         b"\tKernel driver in use: e1000e\n# alice@bobslaptop\n")
CPUINFO = (b"processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\nmodel\t\t: 142\n"
           b"model name\t: Intel(R) Core(TM) i7\nstepping\t: 12\nflags\t\t: lm vmx ept\n"
           b"Serial\t\t: 00000000SN4711X\nnote: alice on bobslaptop\n\n")
CPUID = (b"alice@bobslaptop:~$ cpuid -r\nCPU 0:\n"
         b"   0x00000000 0x00: eax=0x00000016 ebx=0x756e6547 ecx=0x6c65746e edx=0x49656e69\n"
         b"   0x00000001 0x00: eax=0x000806ec ebx=0x00100800 ecx=0x7ffafbbf edx=0xbfebfbff SN4711X\n"
         b"serial PF0ABCDE\n")
AIDA = (b"CPUID Registers of bobslaptop\nCPUID 00000000: 00000016-756E6547-6C65746E-49656E69\n"
        b"CPUID 00000001: 000806EC-00100800-7FFAFBBF-BFEBFBFF [alice]\n"
        b"Motherboard serial PF0ABCDE\n")


def msdm():
    return harness.table(b"MSDM", struct.pack("<IIIII", 1, 0, 1, 0, 29) + b"VK7JG-NPHTM-AAAAA-BBBBB-CCCCC")


def slic():
    return harness.table(b"SLIC", b"SN4711X VK7JG-NPHTM")


def smbios():
    """A raw structure table, as /sys/firmware/dmi/tables/DMI has it."""
    return b"\x01\x1b\x01\x00\x01\x02\x03\x04" + bytes(19) + b"LENOVO\0X\0ThinkPad\0PF0ABCDE\0\0"


VARIABLES = {
    "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c": b"\x06\0\0\0\1",
    "MemoryOverwriteRequestControl-e20939be-32d4-41be-a150-897f85d49829": b"\7\0\0\0\0",
    "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f": b"\7\0\0\0alice bobslaptop",
    "Boot0000-8be4df61-93ca-11d2-aa0d-00e098032b8c": b"\7\0\0\0" + "swordfish".encode("utf-16-le"),
    "MachineId-deadbeef-1234-5678-9abc-def012345678": b"\7\0\0\0PF0ABCDE",
}


class Secrets(Case):
    def captured(self, path):
        """Every byte of the capture, names as well."""
        out = self.dir / f"{path.name}.capture.tar"
        r = run("capture", "--from", path, "--output", out, ok=(0,))
        self.assertEqual(0, r.status, r)
        made = bytearray()
        with tarfile.open(out) as t:
            for m in t:
                made += m.name.encode() + b"\n" + t.extractfile(m).read() + b"\n"
        return bytes(made), out

    def check(self, path, least=()):
        made, out = self.captured(path)
        lower = made.lower()
        for secret in SECRETS:
            self.assertNotIn(secret.lower(), lower)
            self.assertNotIn(secret.lower().decode().encode("utf-16-le"), lower)
        for name in least:
            self.assertIn(name.encode() + b"\n", made)
        one, other = judge_many([path, out])
        self.assertEqual(core(one), core(other))

    def test_kernel_logs(self):
        for name, form in LOG_FORMS.items():
            with self.subTest(name):
                self.check(self.file(name, log(form)), ["efi/kernel-log"])

    def test_records(self):
        for name, form in (("json", journal), ("export", export)):
            with self.subTest(name):
                self.check(self.file(name, log(form)), ["efi/kernel-log"])

    def test_texts(self):
        for name, text, blob in (("dmidecode", DMIDECODE, "dmi"), ("lspci", LSPCI, "pci"),
                                 ("cpuinfo", CPUINFO, "cpuinfo"), ("cpuid", CPUID, "cpuid"),
                                 ("aida", AIDA, "cpuid")):
            with self.subTest(name):
                self.check(self.file(name, text), [blob])

    def test_one_text_of_all(self):
        text = (b"alice@bobslaptop:~$ sudo dmesg\n" + log(LOG_FORMS["dmesg"]) +
                b"alice@bobslaptop:~$ sudo dmidecode\n" + DMIDECODE +
                b"alice@bobslaptop:~$ lspci -vvnn\n" + LSPCI + CPUINFO + CPUID)
        self.check(self.file("all", text), ["efi/kernel-log", "dmi", "pci", "cpuinfo", "cpuid"])

    def test_tables_and_variables(self):
        folder = write_files(self.dir / "bobslaptop", {
            "tables/WSMT": harness.wsmt(7), "tables/FACP": harness.facp(),
            "tables/APIC": harness.apic(), "tables/MSDM": msdm(), "tables/SLIC": slic(),
            "tables/dynamic/SSDT1": harness.table(b"SSDT", b"x" * 20), "dmi/DMI": smbios(),
            **{f"efivars/{k}": v for k, v in VARIABLES.items()}})
        self.check(folder, ["acpi/WSMT"])
        dump = harness.acpidump(harness.wsmt(7), harness.facp(), msdm(), slic())
        self.check(self.file("acpidump", dump), ["acpi/WSMT"])

    def bundle(self):
        top = "sosreport-bobslaptop-2026-11-29-abcdefg"
        return {f"{top}/{k}": v for k, v in {
            "sos_commands/kernel/dmesg": log(LOG_FORMS["dmesg"]),
            "sos_commands/hardware/dmidecode": DMIDECODE,
            "sos_commands/pci/lspci_-nnvv": LSPCI,
            "sos_commands/processor/cpuid_-r": CPUID,
            "proc/cpuinfo": CPUINFO,
            "proc/cmdline": COMMAND_LINE,
            "sys/firmware/acpi/tables/WSMT": harness.wsmt(7),
            "sys/firmware/acpi/tables/MSDM": msdm(),
            "etc/machine-id": b"c0ffee00c0ffee00c0ffee00c0ffee00\n",
            "etc/ssh/ssh_host_ed25519_key.pub": b"ssh-ed25519 AAAA\n",
            "sos_commands/networking/ip_addr": MAC,
            "hostname": b"bobslaptop\n",
        }.items()}

    def test_a_sosreport(self):
        path = self.file("sosreport-bobslaptop.tar.xz", lzma.compress(tar(self.bundle()), preset=0))
        self.check(path, ["efi/kernel-log", "dmi", "pci", "cpuinfo", "cpuid", "acpi/WSMT"])

    def test_hw_probe(self):
        files = {f"hw.info/{k}": v for k, v in {
            "logs/dmesg": log(LOG_FORMS["dmesg"]), "logs/dmesg.1": log(LOG_FORMS["monotonic"]),
            "logs/dmidecode": DMIDECODE, "logs/lspci_all": LSPCI, "logs/cpuid": CPUID,
            "logs/cpuinfo": CPUINFO, "logs/macs": MAC, "host": b"bobslaptop", "devices": b"x"}.items()}
        path = self.file("hw.info.txz", lzma.compress(tar(files), preset=0))
        self.check(path, ["efi/kernel-log.1", "efi/kernel-log.2", "dmi", "pci"])

    def test_a_capture_of_ours(self):
        """Whatever somebody put into it: blobs that no rule needs, names, lines."""
        blobs = harness.metal(**{
            "efi/kernel-log": log(LOG_FORMS["short"]), "notes": b"alice", "cpuinfo": CPUINFO,
            "sys/dmi": b"PF0ABCDE", "kernel": b"release: 6.1.0\ncmdline: " + COMMAND_LINE + b"\nnode: " + MAC + b"\n"})
        self.check(self.file("bobslaptop.tar.gz", gzip.compress(tar(harness.capture_files(blobs)))),
                   ["efi/kernel-log"])


if __name__ == "__main__":
    harness.main()
