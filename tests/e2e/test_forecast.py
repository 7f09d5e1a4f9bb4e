# SPDX-License-Identifier: MIT
"""What Windows would do, held against what real Windows machines reported, and as evidence."""
import csv
import json
import os
import subprocess
import tempfile
from pathlib import Path

import harness
import windows_texts as texts
from harness import CORPUS, PROGRAM, Case, judge, need_corpus, run

# "vmx flags" of a kernel on such processors: the client cores to 2018 have no APIC virtualization.
OLD = "vnmi invvpid tsc_offset vtpr mtf vapic ept vpid unrestricted_guest"
KABY = OLD + " ept_mode_based_exec"
NEW = KABY + " vapic_reg vid shadow_vmcs"
# Of each row of windows-truth.tsv: the processor's brand, model, stepping and flags; None: the
# published text tells no processor (or one whose evidence Linux does not show: Arm, a guest).
PROCESSORS = {
    "Lenovo 83LU (Legion Pro 5 16IAX10H)": ("Intel(R) Core(TM) Ultra 9 275HX", 0xc6, 2, NEW),
    "Microsoft Surface Laptop 6 for Business": ("Intel(R) Core(TM) Ultra 7 165H", 0xaa, 4, NEW),
    "Lenovo ThinkPad 20LF (N25)": ("Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", 0x8e, 10, KABY),
    "ASUS ROG Maximus X Formula (Z370)": ("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", 0x9e, 10,
                                          KABY),
    # 2.60 GHz and 8 threads in 2017, and a board of 2016: Skylake, without MBEC.
    "Dell mobile workstation": ("Intel(R) Core(TM) i7-6700HQ CPU @ 2.60GHz", 0x5e, 3, OLD),
    "Dell 0H87XC": ("Intel(R) Core(TM) i7-6600U CPU @ 2.60GHz", 0x4e, 3, OLD),
    # The maker of these says Core Ultra, or of 2023 and later.
    "Dell Precision 5690": ("Intel(R) Core(TM) Ultra 7 165H", 0xaa, 4, NEW),
    "Acer TravelMate TMP215-75-G2": ("Intel(R) Core(TM) 7 150U", 0xba, 3, NEW),
    "PC with Intel I219-LM (17)": ("13th Gen Intel(R) Core(TM) i7-13700", 0xb7, 1, NEW),
}


def cpuinfo(brand, model, stepping, flags):
    return ("processor\t: 0\nvendor_id\t: GenuineIntel\ncpu family\t: 6\n"
            f"model\t\t: {model}\nmodel name\t: {brand}\nstepping\t: {stepping}\n"
            "flags\t\t: fpu vme nx rdtscp lm constant_tsc vmx smx ept vpid\n"
            f"vmx flags\t: {flags}\n\n")


def log(secure_boot):
    word = {"on": "enabled", "off": "disabled"}.get(secure_boot)
    return ("[    0.000000] Linux version 6.1.0 (gcc)\n"
            "[    0.000000] BIOS-e820: [mem 0x0000000000000000-0x000000000009ffff] usable\n"
            "[    0.000000] efi: EFI v2.70 by Maker\n" +
            (f"[    0.000000] secureboot: Secure boot {word}\n" if word else ""))


def numbers(text):
    return [int(n) for n in text.replace("...", "").split(",") if n.isdigit()]


class Folder:
    """Files of one machine."""

    def __init__(self, **files):
        self.dir = tempfile.TemporaryDirectory()
        for name, data in files.items():
            path = Path(self.dir.name) / name
            path.write_bytes(data if isinstance(data, bytes) else data.encode())

    def __enter__(self):
        return self.dir.name

    def __exit__(self, *args):
        self.dir.cleanup()


def rows():
    with open(need_corpus("windows") / "windows-truth.tsv", newline="") as f:
        yield from csv.DictReader(f, delimiter="\t", quoting=csv.QUOTE_NONE)


def text_of(row):
    """The row as Windows printed it, with the machine's names."""
    available = numbers(row["available"])
    running = [n for n in numbers(row["running"]) if n]
    if row["form"] == "Win32_DeviceGuard":
        status = 2 if row["vbs"] == "running" else 0
        return texts.device_guard(available, row["available"].endswith("..."), running or [0], status)
    if row["form"] == "systeminfo":
        return texts.systeminfo(available, running=running)
    known = PROCESSORS.get(row["machine"])
    arm = "Snapdragon" in row["machine"]
    return texts.msinfo32(
        available if available else None, "Maker", "Model", "ARM64" if arm else "x64",
        known[0] if known else row["cpu"], {"on": "On", "off": "Off"}.get(row["secure_boot"], "x"),
        {"on": "On", "off": "Off"}.get(row["kernel_dma_protection"]),
        "Running" if row["vbs"] == "running" else "Not enabled", running)


class Truth(Case):
    def test_what_linux_shows_of_each_machine_fits_what_windows_reported(self):
        """The processor decides 1, 7 and 8, the log 2: none of them differs from Windows' list."""
        fits = 0
        for row in rows():
            if row["machine"] not in PROCESSORS:
                continue
            with self.subTest(row["machine"]):
                with Folder(cpuinfo=cpuinfo(*PROCESSORS[row["machine"]]),
                            log=log(row["secure_boot"])) as folder:
                    forecast = judge("--from", folder)["forecast"]
                said, cut = numbers(row["available"]), row["available"].endswith("...")
                decided = [n for n in "12345678" if forecast["properties"][n]["value"] is not None]
                self.assertTrue({"1", "7", "8"} <= set(decided), decided)
                for n in decided:
                    value = forecast["properties"][n]["value"]
                    if int(n) in said or not cut:
                        self.assertEqual(int(n) in said, value, f"property {n}")
                fits += 1
        self.assertEqual(9, fits)

    def test_windows_text_beside_that_evidence_agrees(self):
        for row in rows():
            known = PROCESSORS.get(row["machine"])
            with self.subTest(row["machine"]):
                files = {"windows.txt": texts.utf16(text_of(row))}
                if known and row["form"] == "msinfo32":
                    files.update(cpuinfo=cpuinfo(*known), log=log(row["secure_boot"]))
                with Folder(**files) as folder:
                    report = judge("--from", folder)
                windows = report["forecast"]["windows"]
                self.assertEqual(numbers(row["available"]), windows["available"])
                self.assertEqual([], windows["differences"])
                for n in windows["available"]:
                    self.assertTrue(report["forecast"]["properties"][str(n)]["value"], n)
                if row["available"] not in ("-",) and not row["available"].endswith("..."):
                    self.assertTrue(windows["complete"])
                    self.assertEqual(windows["available"], [
                        int(n) for n, p in report["forecast"]["properties"].items() if p["value"]])

    def test_vbs_ran_where_the_forecast_says_that_it_can(self):
        """Rows with Secure Boot off ran VBS without a policy: the policies stay a no."""
        for row in rows():
            if row["vbs"] != "running" or row["form"] != "msinfo32":
                continue
            with self.subTest(row["machine"]), Folder(w=texts.utf16(text_of(row))) as folder:
                forecast = judge("--from", folder)["forecast"]
                self.assertTrue(forecast["properties"]["1"]["value"])
                on = row["secure_boot"] == "on"
                self.assertEqual(on, forecast["vbs_policy_1"]["value"])
                if not on:
                    self.assertIn("without a policy", forecast["vbs_policy_1"]["because"])


class Words(Case):
    def forecast(self, **files):
        with Folder(**files) as folder:
            return judge("--from", folder)["forecast"]

    def test_differences_are_explained(self):
        """Secure Boot on under Windows, off in this boot; 7 seen, and not listed by Windows."""
        brand = "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz"
        f = self.forecast(w=texts.utf16(texts.msinfo32([1, 2, 3], "A", "B")),
                          cpuinfo=cpuinfo(brand, 0x9e, 10, KABY), log=log("off"))
        self.assertEqual("Windows reported 1,2,3; the evidence shows 1,7, and does not decide 3,4,5,6",
                         f["windows"]["message"])
        self.assertEqual(["property 2, Secure Boot", "property 7, Mode Based Execution Control"],
                         [d["what"] for d in f["windows"]["differences"]])
        self.assertIn("switch it on again", f["windows"]["differences"][0]["because"])
        self.assertIs(False, f["properties"]["2"]["value"])  # what was seen last

    def test_windows_says_4_seldom_is_no_difference(self):
        f = self.forecast(w=texts.msinfo32([1, 2, 3, 5, 6, 7]))
        self.assertIs(False, f["properties"]["4"]["value"])
        self.assertIn("nearly all machines", f["properties"]["4"]["because"])
        self.assertIn("can be enabled", f["readiness_tool"]["value"])

    def test_an_old_windows_does_not_deny_what_it_does_not_know(self):
        text = texts.msinfo32([1, 2, 3, 5, 6]).replace("26100", "16299")
        f = self.forecast(w=text)
        self.assertIsNone(f["properties"]["7"]["value"])
        self.assertIsNone(f["properties"]["8"]["value"])
        f = self.forecast(w=texts.msinfo32([1, 2, 3, 5, 6]))
        self.assertIs(False, f["properties"]["7"]["value"])
        self.assertIs(False, f["properties"]["8"]["value"])

    def test_british_windows_is_english(self):
        """The first row of windows-truth.tsv is one."""
        text = texts.msinfo32([1, 3, 5, 6, 7, 8], secure_boot="Off").replace("ization", "isation")
        f = self.forecast(w=texts.utf16(text))
        self.assertEqual([1, 3, 5, 6, 7, 8], f["windows"]["available"])

    def test_a_cut_list_denies_nothing(self):
        f = self.forecast(w=texts.device_guard([1, 2, 3, 4, 5], cut=True))
        self.assertEqual([1, 2, 3, 4], f["windows"]["available"])
        self.assertFalse(f["windows"]["complete"])
        self.assertIsNone(f["properties"]["5"]["value"])

    def test_vbs_that_is_off_is_no_fault_of_the_machine(self):
        brand = "Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz"
        f = self.forecast(w=texts.msinfo32(None, vbs="Not enabled"), log=log("on"),
                          cpuinfo=cpuinfo(brand, 0x9e, 10, KABY))
        self.assertEqual(["VBS"], [d["what"] for d in f["windows"]["differences"]])
        self.assertIn("VBS was not switched on", f["windows"]["differences"][0]["because"])

    def test_windows_alone_passes_what_its_hypervisor_proves_and_no_more(self):
        with Folder(w=texts.utf16(texts.msinfo32(list(range(1, 9))))) as folder:
            report = judge("--from", folder)
        passed = {r["id"] for r in report["rules"] if r["status"] == "pass"}
        self.assertEqual({"cpu.64bit", "cpu.virtualization", "cpu.slat", "uefi.boot",
                          "boot.secure-boot"}, passed)
        self.assertFalse([r["id"] for r in report["rules"] if r["status"] == "fail"])
        self.assertEqual("undetermined", report["verdict"])
        self.assertEqual(("LENOVO", "83LU"), (report["host"]["vendor"], report["host"]["product"]))

    def test_a_vm_s_text_proves_something_of_the_vm(self):
        for maker, model in (("Microsoft Corporation", "Virtual Machine"),
                             ("VMware, Inc.", "VMware20,1"), ("QEMU", "Standard PC (Q35)")):
            with self.subTest(model), Folder(w=texts.msinfo32([1, 2, 3], maker, model)) as folder:
                report = judge("--from", folder)
                self.assertEqual("guest", report["host"]["viewpoint"])
                status = {r["id"]: r["status"] for r in report["rules"]}
                self.assertEqual(("pass", "pass", "unknown"), (
                    status["vm.nested"], status["cpu.64bit"], status["cpu.virtualization"]))
                # Generations are Hyper-V's, and this one started through UEFI.
                self.assertTrue(report["forecast"]["credential_guard_default"]["value"])
                self.assertIs(False, report["forecast"]["kernel_dma_protection"]["value"])

    def test_other_languages_are_told_by_number_and_order(self):
        for language in texts.LOCALES:
            for available in ([1, 2, 3, 5, 6, 7, 8], [1, 3, 5, 6], [1, 3, 5, 7]):
                with self.subTest(f"{language} {available}"):
                    f = self.forecast(w=texts.utf16(texts.localised(language, available)))
                    self.assertEqual(available, f["windows"]["available"])
                    self.assertTrue(f["windows"]["complete"])

    def test_rows_of_another_number_are_unsupported(self):
        text = texts.localised("german", [1, 2, 3, 5]).splitlines(True)
        for left_out in (7, 8, 9):
            with self.subTest(left_out):
                with Folder(w="".join(text[:left_out] + text[left_out + 1:])) as folder:
                    report = judge("--from", folder)
                self.assertEqual("unsupported", report["unknown"]["windows.vbs"])
                self.assertIsNone(report["forecast"]["windows"])
                self.assertTrue(any("Win32_DeviceGuard" in n["message"] for n in report["notes"]))

    def test_systeminfo_in_another_language_is_unsupported(self):
        text = ("\nHostname:                                      SECRETHOST\n"
                "Betriebssystemname:                            Microsoft Windows 11 Pro\n"
                "Betriebssystemversion:                         10.0.26100 N/A Build 26100\n"
                "Virtualisierungsbasierte Sicherheit:           Status: Wird ausgeführt\n")
        with Folder(w=text) as folder:
            report = judge("--from", folder)
        self.assertEqual("unsupported", report["unknown"]["windows.vbs"])
        self.assertIsNone(report["forecast"]["windows"])

    def test_values_that_no_windows_prints_are_malformed(self):
        good = texts.device_guard([1, 2, 3, 5])
        for before, after in (("{1, 2, 3, 5}", "{1, 2, 3, 9}"), ("{1, 2, 3, 5}", "{1, 1}"),
                              ("{1, 2, 3, 5}", "{0, 1}"), ("{1, 2, 3, 5}", "{2, 3}"),
                              ("Status            : 2", "Status            : 7"),
                              ("Running                      : {2}",
                               "Running                      : {12}")):
            with self.subTest(after), Folder(w=good.replace(before, after)) as folder:
                report = judge("--from", folder)
                self.assertEqual("malformed", report["unknown"]["windows.available-properties"])
                self.assertIsNone(report["forecast"]["windows"])

    def test_another_machine_s_text_is_refused(self):
        other = "# dmidecode 3.4\nSMBIOS 3.0 present.\n\nHandle 0x0001, DMI type 1, 27 bytes\n" \
                "System Information\n\tManufacturer: Dell Inc.\n\tProduct Name: Latitude 7440\n\n"
        arm = "processor\t: 0\nCPU implementer\t: 0x51\nCPU architecture: 8\nCPU part\t: 0x001\n\n"
        for name, text in (("dmidecode", other), ("arm", arm), ("cpuinfo", cpuinfo(
                "Intel(R) Core(TM) i5-8350U CPU @ 1.70GHz", 0x8e, 10, KABY))):
            with self.subTest(name), Folder(w=texts.utf16(texts.msinfo32([1])), x=text) as folder:
                r = run("--from", folder, ok=(2,))
                self.assertIn(b"several machines", r.err)

    def test_the_same_machine_s_dmidecode_agrees(self):
        same = "# dmidecode 3.4\nSMBIOS 3.0 present.\n\nHandle 0x0001, DMI type 1, 27 bytes\n" \
               "System Information\n\tManufacturer: LENOVO\n\tProduct Name: 83LU\n" \
               "\tVersion: Legion Pro 5 16IAX10H\n\n"
        with Folder(w=texts.utf16(texts.msinfo32([1])), x=same) as folder:
            self.assertEqual("Legion Pro 5 16IAX10H", judge("--from", folder)["host"]["product"])

    def test_a_capture_keeps_no_name_of_host_or_user(self):
        for text in (texts.msinfo32([1, 2, 3]), texts.systeminfo([1, 2]),
                     texts.device_guard([1, 3]), texts.localised("german", [1, 3])):
            with Folder(w=texts.utf16(text)) as folder, tempfile.TemporaryDirectory() as out:
                run("capture", "--from", folder, "--output", f"{out}/c", ok=(0,))
                held = b"".join(p.read_bytes() for p in Path(out).rglob("*") if p.is_file())
                for secret in texts.SECRETS:
                    self.assertNotIn(secret.encode(), held)
                before, after = (judge("--from", p) for p in (folder, f"{out}/c"))
                self.assertEqual(before["forecast"], after["forecast"])
                self.assertEqual(before["rules"], after["rules"])


class Hosts(Case):
    def test_every_host_of_the_corpus_has_a_forecast(self):
        show = os.environ.get("VBSCHECK_SHOW")
        for host in sorted(need_corpus("hosts").iterdir()):
            with self.subTest(host.name):
                report = judge("--from", host)
                f, rule = report["forecast"], {r["id"]: r["status"] for r in report["rules"]}
                if rule["iommu.present"] == "fail":
                    self.assertIs(False, f["vbs_policy_3"]["value"])
                if "fail" in (rule["cpu.virtualization"], rule["cpu.slat"]):
                    self.assertIs(False, f["vbs_policy_1"]["value"])
                self.assertNotIn("Ready.", f["readiness_tool"]["value"] or "")
                self.assertIsNone(f["properties"]["4"]["value"])
                if show:
                    word = {True: "yes", False: "no", None: "?"}
                    lists = [",".join(n for n, p in f["properties"].items() if p["value"] is v) or "-"
                             for v in (True, None)]
                    print(host.name[:44], *(word[f[k]["value"]] for k in (
                        "vbs_policy_1", "vbs_policy_3", "memory_integrity_default",
                        "credential_guard_default", "kernel_dma_protection")), *lists, sep="\t")

    def test_a_vm_without_iommu_under_policy_3_is_told_so(self):
        vm = log("on") + "[    0.000000] Hypervisor detected: KVM\n"
        tables = Path(CORPUS) / "hosts" / "gigabyte-h61m-ds2"
        need_corpus("hosts")
        info = cpuinfo("Intel(R) Core(TM) i7-8700K CPU @ 3.70GHz", 0x9e, 10, KABY).replace(
            " lm ", " lm hypervisor ")
        with Folder(log=vm, cpuinfo=info, acpidump=(tables / "acpidump.txt").read_bytes()
                    if (tables / "acpidump.txt").exists() else b"") as folder:
            report = judge("--from", folder)
        self.assertEqual("guest", report["host"]["viewpoint"])
        item = report["forecast"]["vbs_policy_3"]
        if report["facts"]["iommu.units"] == 0:
            self.assertIs(False, item["value"])
            self.assertIn("this virtual machine has no IOMMU", item["because"])
            self.assertIn("set the policy to 1", item["because"])

    def test_the_first_screen_answers_in_one_line(self):
        need_corpus("hosts")
        out = run("--from", CORPUS / "hosts" / "gigabyte-h61m-ds2", ok=(1,)).out.decode()
        self.assertIn("\nWindows: does not start VBS under policy 3: no IOMMU\n", out)
        self.assertIn("What Windows would do\n", out)


if __name__ == "__main__":
    harness.main()
