# SPDX-License-Identifier: MIT
"""--windows: what must not make a Windows look clean. Each test is named after what it found."""
import event_log
import harness
import hive as regf
import sipolicy
import windows_disk
from driver_files import RWX, driver
from harness import check_report, check_trouble, parse, rule, run
from windows_folder import LOG, SYSTEM32, WindowsCase

A, REAL = (f"{SYSTEM32}/drivers/{n}.sys" for n in ("a", "real"))
BAD = driver(section=2, flags=RWX)
STARTS = {"A": (0, None, None)}


class Folder(WindowsCase):
    def hvci(self, report):
        r = rule(report, "drivers.hvci")
        return r["status"], r.get("reason")

    def starts(self, path, files):
        return self.look({A: driver(), **files},
                         changed=regf.system({**STARTS, "Real": (2, path, None)}))

    # The hive

    def test_an_empty_hive_is_no_hive_without_drivers(self):
        report = self.look({A: BAD, f"{SYSTEM32}/config/SYSTEM": b""}, name=None)
        self.assertEqual(("unknown", "malformed"), self.hvci(report))
        self.assertIn("SYSTEM is empty", str(report["notes"]))

    def test_a_hive_without_select_names_no_set(self):
        for select in ({}, {"Select": {}}, {"Select": {"Current": 0}}, {"Select": {"Current": 2}},
                       {"Select": {"Current": "1"}}):
            tree = {**select, "ControlSet001": {"Services": {"A": {"Type": 1, "Start": 3}}}}
            report = self.look({A: BAD}, changed=regf.hive(tree))
            self.assertEqual(("unknown", "malformed"), self.hvci(report), select)
            self.assertIn("no control set that Select names", str(report["notes"]))

    def test_the_set_that_select_names_decides(self):
        sets = {f"ControlSet00{i}": {"Services": {"A": {"Type": 1, "Start": start}}}
                for i, start in ((1, 3), (2, 0), (3, 4))}
        for current, group in ((1, "present"), (2, "required"), (3, "staged")):
            select = {"Select": {"Current": current, "Default": 1, "LastKnownGood": 3}}
            report = self.look({A: BAD}, changed=regf.hive({**select, **sets}))
            self.assertEqual([group], list(self.groups(report).values()))

    def test_a_type_that_is_no_number_is_not_left_out(self):
        for service in ({"Type": "1", "Start": 0}, {"Type": b"\x01", "Start": 0},
                        {"Type": 3, "Start": 0}, {"Type": 0x11, "Start": 0},
                        {"Type": 0x10000001, "Start": 0}, {"Type": 1, "Start": "0"}, {"Type": 1},
                        {"Type": 2, "Start": 9}):
            report = self.look({A: BAD}, changed=regf.system({"B": (3, None, None)}, A=service))
            self.assertEqual(("unknown", "malformed"), self.hvci(report), service)

    def test_types_of_drivers(self):
        for kind, group in ((1, "required"), (2, "required"), (8, "required"), (0x10, "present"),
                            (0x20, "present"), (0xe0, "present"), (0x220, "present"),
                            (0x110, "present"), (4, "present")):
            report = self.look({A: driver()}, changed=regf.system(
                {"B": (3, None, None)}, A={"Type": kind, "Start": 1}))
            self.assertEqual([group], list(self.groups(report).values()), kind)

    def test_what_starts_for_a_processor_of_no_windows_is_undecided(self):
        for machine, status in ((0, "unknown"), (0x1234, "unknown"), (0x14c, "pass")):
            report = self.look({A: driver(BAD, machine=machine), REAL: driver()},
                               changed=regf.system({**STARTS, "Real": (0, None, None)}))
            self.assertEqual(status, self.hvci(report)[0], hex(machine))

    # Paths

    def test_a_path_that_cannot_be_followed_leaves_its_service_undecided(self):
        for path in (r"\SystemRoot\System32\x\..\drivers\real.sys", r"System32\\drivers\real.sys",
                     "\\??\\C:\\" + "x" * 1100 + "\\real.sys", 5, b"\x01\x02"):
            service = {"Type": 1, "Start": 1, "ImagePath": path}
            report = self.look({A: driver(), REAL: BAD},
                               changed=regf.system(STARTS, Real=service))
            self.assertEqual(("unknown", "unsupported"), self.hvci(report), path)
            found = {d["path"]: d for d in report["drivers"]}
            self.assertEqual("required", found["Real"]["group"])
            self.assertIn("ImagePath", found["Real"]["message"])

    def test_a_file_that_may_be_on_another_volume_is_undecided(self):
        for path in (r"\??\D:\x\real.sys", r"\??\C:\PROGRA~1\x\real.sys",
                     r"%ProgramFiles%\x\real.sys", r"\Device\HarddiskVolume7\x\real.sys",
                     r"\??\Volume{11111111-1111-1111-1111-111111111111}\x\real.sys",
                     r"\Device\Mup\server\real.sys", r"\??\UNC\server\real.sys"):
            report = self.starts(path, {})
            self.assertEqual(("unknown", "unsupported"), self.hvci(report), path)
            self.assertIn("is not on this volume under that name", str(report["findings"]))
        later = regf.system({**STARTS, "Real": (3, r"\??\D:\x\real.sys", None)})
        self.assertEqual("pass", self.hvci(self.look({A: driver()}, changed=later))[0])

    def test_a_file_that_is_nowhere_on_its_volume_is_named(self):
        for path in (r"\??\C:\x\real.sys", None, r"\SystemRoot\x\real.sys", r"system32\real.sys"):
            report = self.starts(path, {})
            self.assertEqual("pass", self.hvci(report)[0], path)
            self.assertIn("not on this disk and were not judged", str(report["notes"]))

    def test_more_names_of_the_same_place(self):
        for path in (r"%windir%\x\real.sys", r"\Device\BootDevice\Windows\x\real.sys",
                     r"\??\GLOBALROOT\Device\HarddiskVolume3\Windows\x\real.sys",
                     r"\??\GLOBALROOT\SystemRoot\x\real.sys", r"\\.\C:\Windows\x\real.sys",
                     r"%SystemDrive%\Windows\x\real.sys",
                     r"\??\Volume{11111111-1111-1111-1111-111111111111}\Windows\x\real.sys"):
            report = self.starts(path, {"Windows/x/real.sys": BAD})
            self.assertEqual("fail", self.hvci(report)[0], path)

    def test_letters_whose_case_only_windows_knows(self):
        report = self.starts("System32\\drivers\\\u00e4rger.sys",
                             {f"{SYSTEM32}/drivers/\u00c4rger.sys": BAD})
        self.assertEqual("unknown", self.hvci(report)[0])

    # The folder

    def test_a_link_in_the_place_of_a_folder_is_not_an_absent_folder(self):
        root = self.windows({A: driver(), "elsewhere/real.sys": BAD}, changed=regf.system(
            {**STARTS, "Real": (2, r"\??\C:\Maker\real.sys", None)}))
        (root / "Maker").symlink_to("elsewhere")
        report = parse(run("--from", self.metal(), "--windows", root, "--format", "json").out)
        self.assertEqual("unknown", self.hvci(report)[0])
        staged = f"{SYSTEM32}/DriverStore/FileRepository/x/y.sys"
        root = self.windows({A: driver(), staged: driver()}, changed=regf.system(STARTS))
        (root / SYSTEM32 / "drivers").rename(root / "moved")
        (root / SYSTEM32 / "drivers").symlink_to("/moved")
        report = parse(run("--from", self.metal(), "--windows", root, "--format", "json").out)
        self.assertNotEqual("pass", self.hvci(report)[0])
        self.assertIn("drivers in it were not looked at", str(report["notes"]))

    def test_a_windows_without_its_folder_of_drivers_is_not_clean(self):
        staged = f"{SYSTEM32}/DriverStore/FileRepository/x/y.sys"
        report = self.look({staged: driver()}, changed=regf.system(STARTS))
        self.assertEqual(("unknown", "truncated"), self.hvci(report))
        self.assertIn("drivers is not there: drivers in it were not looked at",
                      str(report["notes"]))

    def test_an_empty_folder_of_drivers_is_not_clean(self):
        staged = f"{SYSTEM32}/DriverStore/FileRepository/x/y.sys"
        report = self.look({staged: driver(), f"{SYSTEM32}/drivers/readme.txt": b""},
                           changed=regf.system(STARTS))
        self.assertEqual(("unknown", "truncated"), self.hvci(report))
        self.assertIn("this copy is incomplete", str(report["notes"]))

    def test_a_hibernation_file_that_cannot_be_read_leaves_nothing_clean(self):
        root = self.windows({A: driver()}, changed=regf.system(STARTS))
        (root / "hiberfil.sys").symlink_to("unsupported reparse tag 0x80000017")
        report = parse(run("--from", self.metal(), "--windows", root, "--format", "json").out)
        self.assertEqual(("unknown", "truncated"), self.hvci(report))
        self.assertIn("whether Windows sleeps", str(report["notes"]))

    def test_the_folder_windows_itself_is_told_from_another(self):
        root = self.windows({A: driver()}, changed=regf.system(STARTS))
        check_trouble(run("--from", self.metal(), "--windows", root / "Windows", ok=(2,)),
                      "is the folder Windows itself", "give the folder that contains it")
        check_trouble(run("--from", self.metal(), "--windows", root / SYSTEM32, ok=(2,)),
                      "does not contain a folder Windows")

    def test_folders_whose_names_are_one_for_windows_leave_nothing_clean(self):
        services = regf.system({**STARTS, "Real": (0, None, None)})
        for twin in ("windows", "Windows/SYSTEM32", f"{SYSTEM32}/Drivers", f"{SYSTEM32}/Config"):
            root = self.windows({A: driver()}, changed=services)
            windows_disk.write_tree(root, {f"{twin}/real.sys": BAD})
            report = parse(run("--from", self.metal(), "--windows", root, "--format", "json").out)
            self.assertEqual(("unknown", "truncated"), self.hvci(report), twin)
            self.assertIn("is there more than once", str(report["notes"]))
            text = run("--from", self.metal(), "--windows", root).out.decode()
            self.assertIn("Do what the notes on Windows say", text)

    # The log

    def test_a_refused_file_is_looked_for_where_the_log_says(self):
        place = "\\Device\\HarddiskVolume3\\ProgramData\\x\\real.sys"
        files = {A: driver(), LOG: event_log.log(event_log.refused(place, bits=8))}
        for more, status in (({}, "pass"), ({"ProgramData/x/real.sys": driver()}, "fail")):
            report = self.look({**files, **more}, changed=regf.system(STARTS))
            self.assertEqual(status, rule(report, "drivers.windows-log")["status"])
            self.assertEqual(status == "pass", "not on this disk now" in str(report["findings"]))
        user = "\\??\\C:\\Users\\bob\\real.sys"
        report = self.look({A: driver(), "Users/bob/real.sys": driver(),
                            LOG: event_log.log(event_log.refused(user, bits=8))},
                           changed=regf.system(STARTS))
        self.assertEqual("fail", rule(report, "drivers.windows-log")["status"])
        self.assertNotIn("bob", str(report))

    def test_an_empty_log_is_said(self):
        report = self.look({A: driver(), LOG: b""}, changed=regf.system(STARTS))
        self.assertEqual("malformed", rule(report, "drivers.windows-log")["reason"])
        self.assertIn("Operational.evtx is empty", str(report["notes"]))

    # Policies

    def test_an_owners_policy_that_only_audits_denies_nothing(self):
        digest = self.look({A: driver()})["drivers"][0]["authentihash_sha256"]
        block = sipolicy.binary([sipolicy.rule(hash="ab" * 32)])
        for audit, status in ((False, "fail"), (True, "pass")):
            owners = sipolicy.binary([sipolicy.rule(hash=digest)], audit=audit)
            report = self.look({A: driver(), f"{SYSTEM32}/CodeIntegrity/SiPolicy.p7b": owners,
                                f"{SYSTEM32}/CodeIntegrity/driversipolicy.p7b": block},
                               changed=regf.system(STARTS))
            self.assertEqual(status, rule(report, "drivers.blocklist")["status"])

    def test_an_empty_policy_is_said(self):
        report = self.look({A: driver(), f"{SYSTEM32}/CodeIntegrity/driversipolicy.p7b": b""},
                           changed=regf.system(STARTS))
        self.assertIn("driversipolicy.p7b is empty", str(report["notes"]))
        self.assertNotEqual("pass", rule(report, "drivers.blocklist")["status"])


class Volume(WindowsCase):
    def setUp(self):
        super().setUp()
        windows_disk.need_ntfs()

    def volume(self, files, *commands, services=None):
        files = {f"{SYSTEM32}/config/SYSTEM": regf.system(services or STARTS), **files}
        return windows_disk.volume(self.dir / "c.img", files, *commands)

    def report(self, path):
        r = run("--from", self.metal(), "--windows", path, "--format", "json")
        return check_report(parse(r.out))

    def test_a_folder_that_stands_for_another_is_not_an_empty_folder(self):
        store = f"{SYSTEM32}/DriverStore/FileRepository"
        (self.dir / "c.img.tree" / SYSTEM32 / "drivers").mkdir(parents=True)
        report = self.report(self.volume({f"{store}/x/y.sys": driver()}, "junction",
                                         f"{SYSTEM32}/drivers"))
        self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])
        self.assertIn("drivers in it were not looked at", str(report["notes"]))
        (self.dir / "c.img.tree/Maker").mkdir(parents=True)
        report = self.report(self.volume({A: driver()}, "junction", "Maker", services={
            **STARTS, "Real": (2, r"\??\C:\Maker\x\real.sys", None)}))
        self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])
        self.assertIn("could not be read", str(report["findings"]))

    def test_a_chkdsk_that_did_not_end_leaves_nothing_clean(self):
        report = self.report(self.volume({A: driver()}, "chkdsk"))
        self.assertEqual(("unknown", "truncated"),
                         tuple(rule(report, "drivers.hvci")[k] for k in ("status", "reason")))

    def test_a_path_that_is_too_long_ends_no_reading(self):
        long = r"\??\C:\x" + "\u3042" * 700 + r"\real.sys"
        place = "\\Device\\HarddiskVolume3\\" + "\u3042" * 700 + ".sys"
        report = self.report(self.volume(
            {A: driver(), LOG: event_log.log(event_log.refused(place))},
            services={**STARTS, "Real": (1, long, None)}))
        self.assertEqual("unknown", rule(report, "drivers.hvci")["status"])
        self.assertEqual(["clean", "undecided"], sorted(d["result"] for d in report["drivers"]))
        self.assertNotIn("the rest of the disk", str(report["notes"]))

    def test_a_name_that_no_file_can_have_is_damage(self):
        c = self.volume({A: driver(), REAL: BAD}, services={**STARTS, "Real": (1, None, None)})
        whole = c.read_bytes()
        name = "real.sys".encode("utf-16-le")
        self.assertGreater(whole.count(name), 1)
        c.write_bytes(whole.replace(name, "real\0@ys".encode("utf-16-le")))
        report = self.report(c)
        self.assertEqual(("unknown", "truncated"),
                         tuple(rule(report, "drivers.hvci")[k] for k in ("status", "reason")))
        self.assertIn("drivers in it were not looked at", str(report["notes"]))

    def test_letters_whose_case_the_volume_knows(self):
        report = self.report(self.volume(
            {A: driver(), f"{SYSTEM32}/drivers/\u00c4rger.sys": BAD},
            services={**STARTS, "Real": (2, "System32\\drivers\\\u00e4rger.sys", None)}))
        self.assertEqual("fail", rule(report, "drivers.hvci")["status"])


if __name__ == "__main__":
    harness.main()
