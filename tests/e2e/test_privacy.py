# SPDX-License-Identifier: MIT
"""Nothing in any output tells who owns a machine, or which of its twins it is (docs/privacy.md).

Serial numbers, MAC and IP addresses, UUIDs, names of users and hosts are planted wherever evidence
holds them, and then searched in each format of each verb, in captures, and in error messages.
"""
import json
import tarfile
import unittest

import harness
import test_capture_from as planted
from harness import Case, main, run, write_files

MSINFO32 = """System Information report written at: 11/29/26 10:00:00
System Name: BOBSLAPTOP
[System Summary]

Item\tValue
OS Name\tMicrosoft Windows 11 Pro
Version\t10.0.22631 Build 22631
System Name\tBOBSLAPTOP
System Manufacturer\tLENOVO
System Model\t20QVS00000
System SKU\tSN4711X
BIOS Mode\tUEFI
Secure Boot State\tOn
User Name\tBOBSLAPTOP\\alice
Virtualization-based security\tRunning
Virtualization-based security Services Running\tHypervisor enforced Code Integrity
"""
SYSTEMINFO = """
Host Name:                 BOBSLAPTOP
OS Name:                   Microsoft Windows 11 Pro
OS Version:                10.0.22631 N/A Build 22631
Registered Owner:          alice
Product ID:                SN4711X
System Manufacturer:       LENOVO
System Model:              20QVS00000
Logon Server:              \\\\BOBSLAPTOP
                                 [01]: 192.168.77.5
Virtualization-based security: Status: Running
"""
COMPUTER_INFO = """WindowsProductName      : Windows 10 Pro
WindowsRegisteredOwner  : alice
CsName                  : BOBSLAPTOP
CsUserName              : BOBSLAPTOP\\alice
OsSerialNumber          : SN4711X
BiosSeralNumber         : PF0ABCDE
CsManufacturer          : LENOVO
DeviceGuardSmartStatus  : Running
DeviceGuardRequiredSecurityProperties : {BaseVirtualizationSupport, SecureBoot}
DeviceGuardSecurityServicesRunning    : {HypervisorEnforcedCodeIntegrity}
"""
EFI = "8be4df61-93ca-11d2-aa0d-00e098032b8c"
GETCAP = """TPM2_PT_FAMILY_INDICATOR:
  raw: 0x322E3000
  value: "2.0"
TPM2_PT_MANUFACTURER:
  raw: 0x49465800
  value: "IFX"
# endorsement key of alice@bobslaptop, serial SN4711X, deadbeef-1234-5678-9abc-def012345678
"""
# What a machine's own evidence may hold; the names of files are neutral: those are tested below.
TEXTS = {
    "dmesg.txt": planted.log(planted.LOG_FORMS["short-stamped"]),
    "dmidecode.txt": planted.DMIDECODE,
    "lspci.txt": planted.LSPCI,
    "cpuinfo.txt": planted.CPUINFO,
    "cpuid.txt": planted.CPUID,
    "acpidump.txt": harness.acpidump(harness.wsmt(7), harness.facp(), planted.msdm(),
                                     planted.slic()),
    "tpm.txt": GETCAP.encode(),
    **{f"efivars/{name}": data for name, data in planted.VARIABLES.items()
       if "MachineId" not in name},
}
FORMATS = ("text", "json", "ndjson", "markdown", "html", "csv", "junit", "sarif", "prometheus")


class Privacy(Case):
    def check(self, *outputs):
        for data in outputs:
            lower = data.lower()
            for secret in planted.SECRETS:
                at = lower.find(secret.lower())
                self.assertLess(at, 0, f"{secret}: {data[max(0, at - 120):at + 80]!r}")
                self.assertNotIn(secret.lower().decode().encode("utf-16-le"), lower, secret)

    def scans(self, *args):
        """Every format of a scan, with all evidence shown."""
        for form in FORMATS:
            with self.subTest(form):
                r = run("scan", "--verbose", "--format", form, *args)
                self.check(r.out, r.err)

    def machine(self):
        return write_files(self.dir / "machine", TEXTS)

    def test_every_format(self):
        self.scans("--from", self.machine())

    def test_each_text_alone(self):
        for name, data in TEXTS.items():
            with self.subTest(name):
                path = write_files(self.dir / "alone", {name: data}) / name
                r = run("scan", "--verbose", "--format", "json", "--from", path)
                self.check(r.out, r.err)

    def test_a_sosreport_whose_folder_is_named_after_the_host(self):
        bundle = planted.Secrets.bundle(self)
        top = next(iter(bundle)).split("/")[0]
        bundle[f"{top}/sys/firmware/acpi/tables/DMAR"] = b"bad"
        bundle[f"{top}/sos_commands/processor/lscpu"] = b""
        whole = self.file("sos.tar.xz", planted.lzma.compress(planted.tar(bundle), preset=0))
        self.scans("--from", whole)
        named = self.file("support.tar", planted.tar({
            f"scc_bobslaptop_261129_1000/{k.split('/', 1)[1]}": v for k, v in bundle.items()}))
        self.scans("--from", named)
        notes = json.loads(run("scan", "--format", "json", "--from", whole).out)["notes"]
        self.assertIn("sys/firmware/acpi/tables/DMAR", [n["source"] for n in notes])

    def test_windows_texts(self):
        for name, text in (("msinfo32", MSINFO32), ("systeminfo", SYSTEMINFO),
                           ("computer-info", COMPUTER_INFO)):
            for code in ("utf-8", "utf-16"):
                with self.subTest(name, code=code):
                    path = self.file(f"{name}-{code}.txt", text.encode(code))
                    self.scans("--from", path)
                    made, out = planted.Secrets.captured(self, path)
                    self.check(made)

    def test_diff_summary_and_replay(self):
        machine, capture = self.machine(), self.dir / "capture.tar"
        self.check(run("capture", "--from", machine, "--output", capture, ok=(0,)).err)
        with tarfile.open(capture) as t:
            for member in t:
                self.check(member.name.encode(), t.extractfile(member).read(),
                           f"{member.uname} {member.gname}".encode())
                self.assertEqual((0, 0), (member.uid, member.gid), member.name)
        self.scans("--from", capture)
        other = write_files(self.dir / "other", {**TEXTS, "acpidump.txt": harness.acpidump(
            harness.wsmt(3), harness.facp())})
        for form in ("text", "markdown", "json"):
            r = run("diff", "--format", form, machine, other)
            self.check(r.out, r.err)
        fleet = self.file("fleet.ndjson", b"".join(
            run("scan", "--format", "ndjson", "--from", p).out for p in (machine, other)))
        for form in ("text", "markdown", "json"):
            r = run("summary", "--format", form, fleet)
            self.check(r.out, r.err)

    def test_doctor_of_a_copied_root(self):
        root = write_files(self.dir / "root", {
            "sys/class/dmi/id/product_serial": b"PF0ABCDE\n",
            "sys/class/dmi/id/product_uuid": planted.UUID,
            "sys/class/dmi/id/sys_vendor": b"LENOVO\n",
            "sys/firmware/dmi/tables/DMI": planted.smbios(),
            "sys/firmware/acpi/tables/WSMT": harness.wsmt(7),
            "sys/firmware/acpi/tables/MSDM": planted.msdm(),
            "sys/firmware/efi/fw_platform_size": b"64\n",
            **{f"sys/firmware/efi/efivars/{n}": d for n, d in planted.VARIABLES.items()},
            "sys/class/net/eth0/address": planted.MAC,
            "sys/bus/pci/devices/0000:00:1f.6/config": b"\x86\x80\xbd\x15" + bytes(252),
            "sys/bus/pci/devices/0000:00:1f.6/label": b"SN4711X",
            "proc/cmdline": planted.COMMAND_LINE,
            "proc/cpuinfo": planted.CPUINFO,
            "proc/sys/kernel/hostname": b"bobslaptop\n",
            "proc/sys/kernel/osrelease": b"6.12.0\n",
            "etc/hostname": b"bobslaptop\n",
            "etc/machine-id": b"c0ffee00c0ffee00c0ffee00c0ffee00\n",
            "dmesg": planted.log(planted.LOG_FORMS["dmesg"])})
        self.scans("--root", root)
        r = run("doctor", "--format", "json")
        self.check(r.out, r.err)

    def test_messages_about_bad_evidence(self):
        """A message names the file that was given, and never quotes what is in it."""
        for name, data in (("cut.json", b'{"alice":"bobslaptop'), ("words.txt", b"alice SN4711X\n"),
                           ("cut.tar", b"PF0ABCDE" * 64), ("bad.txt", b"DMI: alice\0bobslaptop")):
            with self.subTest(name):
                r = run("scan", "--from", self.file(name, data))
                self.check(r.out, r.err)

    def test_a_label_is_shown_since_it_was_given(self):
        r = run("scan", "--format", "json", "--label", "owner=alice", "--from", self.machine())
        self.assertEqual({"owner": "alice"}, json.loads(r.out)["host"]["labels"])
        self.assertEqual(1, r.out.count(b"alice"))

    def test_a_path_is_shown_as_given(self):
        """The key of an input is the path that was typed, and nothing more of it is looked up."""
        self.machine()
        r = run("scan", "--format", "json", "--from", "machine", cwd=self.dir)
        self.assertEqual("machine", json.loads(r.out)["source"]["path"])
        self.assertNotIn(str(self.dir).encode(), r.out)


if __name__ == "__main__":
    main()
