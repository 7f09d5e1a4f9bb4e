# SPDX-License-Identifier: MIT
"""The doctor: what the program can and cannot see here, and which rules that costs."""
import json
import os
import re
import shutil
import subprocess
import unittest

import harness
from harness import (Case, NOBODY, PROGRAM, PROJECT, check_text, check_trouble, judge, need,
                     need_tool, rules_listed, run)

SCHEMA = PROJECT / "docs/schema/doctor-1.json"


def examined(*args, **more):
    """The doctor's JSON, checked against its schema."""
    import jsonschema
    r = run("doctor", "--format", "json", *args, ok=(0,), **more)
    assert r.err == b"", r
    return checked(r.out)


def checked(text):
    import jsonschema
    d = json.loads(text)
    jsonschema.Draft202012Validator(json.loads(SCHEMA.read_text())).validate(d)
    undecided = {u["id"]: u for u in d["undecided"]}
    assert d["decided"] + len(undecided) == d["rules"] == len(rules_listed()), d
    ids = [c["id"] for c in d["checks"]]
    assert len(ids) == len(set(ids)), ids
    named = set()
    for c in d["checks"]:
        assert (c["reason"] is not None) == (c["status"] == "lacking"), c
        assert c["status"] != "ok" or not c["rules"], c
        assert set(c["rules"]) <= set(undecided), c
        named |= set(c["rules"])
        if c["group"] == "privileges" or c["id"] == "kcore":
            assert {undecided[i]["reason"] for i in c["rules"]} <= {c["reason"]}, c
    for u in undecided.values():
        assert u["explained"] == (u["id"] in named), u
    return d


def check_of(d, name):
    return next(c for c in d["checks"] if c["id"] == name)


class Here(Case):
    def test_it_says_what_a_scan_says(self):
        """Attributed to a lack or not, an undecided rule is undecided."""
        d, report = examined(), judge()
        self.assertEqual({(r["id"], r["reason"]) for r in report["rules"]
                          if r["status"] == "unknown"},
                         {(u["id"], u["reason"]) for u in d["undecided"]})

    def test_text(self):
        text = check_text(run("doctor", ok=(0,)).out)
        d = examined()
        for title in ("Privileges", "What the kernel shows", "Libraries",
                      "Walls around the process that judges"):
            self.assertRegex(text, rf"(?m)^{title}$")
        self.assertIn(f"{d['decided']} of {d['rules']} rules are decided", text)
        flat = " ".join(text.split())
        for c in d["checks"]:
            self.assertIn(f"{c['status']} {c['title']}", flat)
            if c["rules"]:
                self.assertIn("costs " + ", ".join(c["rules"]), flat)
                self.assertIn("do " + (c["command"] or c["remediation"]), flat)
        for u in d["undecided"]:
            self.assertEqual(not u["explained"], f"- {u['id']} ({u['reason']}):" in flat)

    def test_libraries_are_those_of_version(self):
        version = run("--version").out.decode()
        found = {c["detail"] for c in examined()["checks"]
                 if (c["group"], c["status"]) == ("libraries", "ok")}
        listed = re.search(r"^found: (.*)$", version, re.M)
        self.assertEqual(set(listed.group(1).split(", ")) if listed else set(), found)

    def test_walls(self):
        d = examined()
        self.assertEqual("lacking" if harness.SANITIZED else "ok", check_of(d, "seccomp")["status"])
        landlock = check_of(d, "landlock")
        if landlock["status"] == "ok":
            self.assertRegex(landlock["detail"], r"^version [1-9]")

    def test_wrong_usage(self):
        for args, told in ((("--format", "ndjson"), "text or json"), (("x",), "accept 'x'"),
                           (("--from", "x"), "not an option of 'doctor'"),
                           (("--output", "x"), "not an option of 'doctor'")):
            check_trouble(run("doctor", *args), told)

    def test_nobody_reads_on(self):
        for form in ("text", "json"):
            read, write = os.pipe()
            os.close(read)
            with os.fdopen(write, "wb") as pipe:
                r = run("doctor", "--format", form, stdout=pipe)
            self.assertEqual((0, b""), (r.status, r.err), r)
        with open("/dev/full", "wb") as full:
            check_trouble(run("doctor", stdout=full))

    @unittest.skipIf(harness.SANITIZED, "the sanitizers make calls of their own")
    def test_it_writes_nothing(self):
        strace = need_tool("strace")
        log = self.dir / "log"
        r = run("-f", "-o", log, "-e", "trace=openat,openat2,open,creat,mkdir,mkdirat,unlink,unlinkat,"
                "rename,renameat2,mount,init_module,finit_module,ioctl", PROGRAM, "doctor",
                program=[strace])
        need(b"ptrace" not in r.err, "strace may not trace here")
        calls = "\n".join(harness.without_counting(log.read_text().splitlines()))
        self.assertIn("openat", calls)
        for call in re.findall(r"\bopen(?:at2?)?\(.*", calls):
            self.assertNotRegex(call, r"O_WRONLY|O_RDWR(?!.*tpm)|O_CREAT|O_TRUNC", call)
        self.assertNotRegex(calls, r"\b(creat|mkdir\w*|unlink\w*|rename\w*|mount|f?init_module)\(")


@unittest.skipUnless(os.getuid() == 0, "needs root")
class Elsewhere(Case):
    def unshared(self, script):
        """The doctor in a mount namespace of its own."""
        unshare = need_tool("unshare")
        p = subprocess.run([unshare, "-m", "sh", "-ec", script + '; exec "$0" doctor --format json',
                            PROGRAM], stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                           timeout=harness.TIMEOUT)
        need(p.returncode == 0, f"no mount namespace here: {p.stderr.decode()[:200]}")
        return checked(p.stdout)

    def test_an_ordinary_user(self):
        d = examined(user=NOBODY, group=NOBODY, extra_groups=[])
        root = check_of(d, "root")
        self.assertEqual((NOBODY, "lacking", "no-permission", "sudo vbscheck"),
                         (d["uid"], root["status"], root["reason"], root["command"]))
        self.assertEqual({u["id"] for u in d["undecided"] if u["reason"] == "no-permission"},
                         set(root["rules"]))
        self.assertFalse([c for c in d["checks"] if c["id"].startswith("cap-")])
        if os.path.exists("/sys/firmware/acpi/tables/FACP"):
            self.assertEqual("no-permission", check_of(d, "acpi-tables")["reason"])

    def test_root_without_capabilities(self):
        capsh = need_tool("capsh")
        r = run("--drop=cap_syslog,cap_sys_rawio", "--", "-c", f"exec {PROGRAM} doctor --format json",
                program=[capsh], ok=(0,))
        d = checked(r.out)
        for name, status in (("root", "ok"), ("cap-syslog", "lacking"), ("cap-sys-rawio", "lacking"),
                             ("cap-sys-admin", "ok"), ("cap-dac-read-search", "ok")):
            self.assertEqual(status, check_of(d, name)["status"], name)
        denied = {u["id"] for u in d["undecided"] if u["reason"] == "no-permission"}
        self.assertLessEqual(set(check_of(d, "cap-syslog")["rules"]), denied)
        self.assertNotIn("sudo", r.out.decode())

    def test_one_of_two_capabilities_reads_files(self):
        capsh = need_tool("capsh")
        for drop, status in (("cap_dac_read_search", "ok"), ("cap_dac_override", "ok"),
                             ("cap_dac_read_search,cap_dac_override", "lacking")):
            r = run(f"--drop={drop}", "--", "-c", f"exec {PROGRAM} doctor --format json",
                    program=[capsh], ok=(0,))
            self.assertEqual(status, check_of(checked(r.out), "cap-dac-read-search")["status"], drop)

    def test_a_user_namespace(self):
        unshare = need_tool("unshare")
        p = subprocess.run([unshare, "-Ur", PROGRAM, "doctor", "--format", "json"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=harness.TIMEOUT)
        need(p.returncode == 0, "no user namespaces here")
        d = checked(p.stdout)
        self.assertEqual(("ok", "lacking"), (check_of(d, "root")["status"],
                                             check_of(d, "user-namespace")["status"]))
        self.assertNotIn("user-namespace", [c["id"] for c in examined()["checks"]])

    def test_a_system_without_sys(self):
        d = self.unshared("mount -t tmpfs none /sys")
        for name in ("acpi-tables", "uefi", "efivarfs", "pci", "iommu-groups"):
            self.assertEqual("not-collected", check_of(d, name)["reason"], name)
        self.assertIn("smm.wsmt", check_of(d, "acpi-tables")["rules"])
        self.assertIn("mor.control", check_of(d, "efivarfs")["rules"])
        self.assertEqual(["uefi.boot"], check_of(d, "uefi")["rules"])

    def test_efivarfs_that_is_not_mounted(self):
        d = self.unshared("mount -t tmpfs none /sys; mkdir -p /sys/firmware/efi/efivars; "
                          "echo 64 > /sys/firmware/efi/fw_platform_size")
        c = check_of(d, "efivarfs")
        self.assertEqual(("no-driver", "mount -t efivarfs efivarfs /sys/firmware/efi/efivars"),
                         (c["reason"], c["command"]))
        self.assertIn("mor.lock", c["rules"])

    @unittest.skipIf(harness.SANITIZED, "the sanitizers need /proc")
    def test_a_root_without_libraries(self):
        """As in a container that has the program and little else."""
        ldd = need_tool("ldd")
        shutil.copy(PROGRAM, self.dir / "vbscheck")
        linked = subprocess.run([ldd, PROGRAM], stdout=subprocess.PIPE, text=True).stdout
        for library in re.findall(r"/\S+", linked):
            target = self.dir / library[1:]
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(library, target)
        for folder in ("proc", "sys", "dev"):
            (self.dir / folder).mkdir()
        p = subprocess.run(["chroot", self.dir, "/vbscheck", "doctor", "--format", "json"],
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=harness.TIMEOUT)
        self.assertEqual((0, b""), (p.returncode, p.stderr))
        d = checked(p.stdout)
        self.assertIn("lacking", [c["status"] for c in d["checks"] if c["group"] == "libraries"])
        self.assertEqual("not-collected", check_of(d, "kernel-log")["reason"])


if __name__ == "__main__":
    harness.main()
