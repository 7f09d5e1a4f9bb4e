# SPDX-License-Identifier: MIT
"""contrib/ansible: the real ansible-core, over localhost and over SSH to hosts behind a virtual cable."""
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

from harness import Case, PROGRAM, PROJECT, main, need_tool, parse, run, SANITIZED
from ssh_hosts import Hosts

ANSIBLE = PROJECT / "contrib/ansible"
RECAP = re.compile(r"^(\S+)\s+: ok=(\d+)\s+changed=(\d+)\s+unreachable=(\d+)\s+failed=(\d+)", re.M)


class Playbook(Case):
    def setUp(self):
        super().setUp()
        self.playbook = need_tool("ansible-playbook")
        self.path = os.environ["PATH"]
        (self.dir / "local.ini").write_text("one ansible_connection=local\ntwo ansible_connection=local\n")
        self.variables = {"vbscheck_binary": PROGRAM, "vbscheck_here": PROGRAM,
                          "vbscheck_captures": f"{self.dir}/captures",
                          "vbscheck_fleet": f"{self.dir}/fleet"}

    def env(self):
        return {**os.environ, "ANSIBLE_NOCOLOR": "1", "ANSIBLE_LOCALHOST_WARNING": "0", "ANSIBLE_TIMEOUT": "10",
                "ANSIBLE_BECOME_ALLOW_SAME_USER": "1",
                "ANSIBLE_HOME": f"{self.dir}/ansible", "ANSIBLE_LOCAL_TEMP": f"{self.dir}/ansible/tmp",
                "ANSIBLE_ROLES_PATH": str(ANSIBLE / "roles"), "LC_ALL": "C.UTF-8", "LANG": "C.UTF-8",
                "TMPDIR": str(self.dir), "PATH": self.path, "ASAN_OPTIONS": "detect_leaks=0"}

    def play(self, inventory, *args, playbook=ANSIBLE / "collect.yml", **variables):
        """The recap as {host: (changed, unreachable, failed)}, and all that was said."""
        made = subprocess.run(
            [self.playbook, "-i", inventory, playbook, "-e", json.dumps({**self.variables, **variables}), *args],
            env=self.env(), capture_output=True, text=True, timeout=300)
        recap = {host: tuple(map(int, numbers[1:])) for host, *numbers in RECAP.findall(made.stdout)}
        self.assertTrue(recap, made.stdout + made.stderr)
        return recap, made.stdout + made.stderr


class Local(Playbook):
    def play(self, *args, **variables):
        return super().play(self.dir / "local.ini", *args, vbscheck_become=False, **variables)

    def test_a_second_run_changes_nothing(self):
        recap, said = self.play()
        self.assertEqual({"one": (1, 0, 0), "two": (1, 0, 0), "localhost": (2, 0, 0)}, recap, said)
        first = (self.dir / "captures/one.tar.gz").read_bytes()
        report = parse(run("--format", "json", self.dir / "captures/one.tar.gz").out)
        self.assertEqual({"host": "one"}, report["host"]["labels"])
        page = (self.dir / "fleet/fleet.txt").read_text()
        self.assertTrue(page.startswith("2 machines: "), page)
        self.assertEqual({"one": (0, 0, 0), "two": (0, 0, 0), "localhost": (0, 0, 0)}, self.play()[0])
        self.assertEqual(first, (self.dir / "captures/one.tar.gz").read_bytes())
        self.assertEqual(1, self.play("--limit", "one", vbscheck_again=True)[0]["one"][0])
        self.assertEqual([], [p.name for p in self.dir.glob("vbscheck.*")], "left behind")

    def test_check_mode_writes_nothing(self):
        recap, said = self.play("--check")
        self.assertEqual((1, 0, 0), recap["one"], said)
        self.assertEqual({"local.ini"}, {p.name for p in self.dir.iterdir()} - {"ansible"})

    def test_labels_and_options_are_quoted(self):
        label = "a 'b' \"c\" $HOME; echo $(id) {x}"
        self.play(vbscheck_labels={"host": "pc 1", "note": label},
                  vbscheck_options=["--label", "place=Köln 'x'"])
        report = parse(run("--format", "json", self.dir / "captures/one.tar.gz").out)
        self.assertEqual({"host": "pc 1", "note": label, "place": "Köln 'x'"}, report["host"]["labels"])

    def test_an_architecture_that_leads_elsewhere(self):
        """A host's answer chose any file of the control machine, which was then sent to that host."""
        (self.dir / "vbscheck-0.2.0").mkdir()
        (self.dir / "secret").write_text("#!/bin/sh\necho stolen\n")
        uname = self.dir / "bin/uname"
        uname.parent.mkdir()
        uname.write_text("#!/bin/sh\necho 0.2.0/../secret\n")
        uname.chmod(0o755)
        self.path = f"{uname.parent}:{os.environ['PATH']}"
        recap, said = self.play(vbscheck_binary=f"{self.dir}/vbscheck-{{{{ vbscheck_architecture }}}}")
        self.assertEqual((0, 0, 1), recap["one"], said)
        self.assertIn('The answer to \\"uname -m\\" is not the name of an architecture', said)
        self.assertNotIn("stolen", said)

    def test_an_unknown_mode_is_refused(self):
        recap, said = self.play(vbscheck_mode="facts")
        self.assertEqual((0, 0, 1), recap["one"])
        self.assertIn("value of vbscheck_mode must be one of: capture, fact, absent", said)


class Remote(Playbook):
    @classmethod
    def setUpClass(cls):
        need_tool("ansible-playbook")
        cls.home = tempfile.TemporaryDirectory(prefix="vbscheck-e2e-")
        cls.addClassCleanup(cls.home.cleanup)
        cls.hosts = Hosts(Path(cls.home.name))
        cls.addClassCleanup(cls.hosts.stop)

    def setUp(self):
        super().setUp()
        self.variables["vbscheck_become"] = False

    def test_the_rest_goes_on(self):
        """Hosts that are down, full, of another architecture, or cut: Ansible's words, and the page counts."""
        arm = self.file("vbscheck-aarch64", b"\x7fELF\2\1\1" + bytes(9) + b"\2\0\xb7\0\1\0\0\0" + bytes(40))
        recap, said = self.play(
            self.hosts.inventory("whole", "bare", "full", "arm", "cut", "down"),
            vbscheck_binary=f"{{{{ '{arm}' if inventory_hostname == 'arm' else '{PROGRAM}' }}}}")
        # Ansible calls a host with a full disk unreachable if its pipe breaks before dd ends.
        self.assertIn(recap.pop("full"), ((0, 0, 1), (0, 1, 0)), said)
        self.assertEqual({"whole": (1, 0, 0), "bare": (1, 0, 0), "arm": (0, 0, 1),
                          "cut": (0, 0, 1), "down": (0, 1, 0), "localhost": (2, 0, 0)}, recap, said)
        for words in ("Connection refused", "the capture arrived cut", "Exec format error"):
            self.assertIn(words, said)
        self.assertEqual({"bare.tar.gz", "whole.tar.gz"}, {p.name for p in (self.dir / "captures").iterdir()})
        page = (self.dir / "fleet/fleet.txt").read_text()
        self.assertTrue(page.startswith("2 machines: "), page)
        self.assertIn("\n4 of 6 lines were skipped.\n", page)
        for name in ("bare", "cut", "arm"):
            self.assertEqual("", self.hosts.run(name, "echo /tmp/vbscheck.*[!*] /root/.ansible/tmp/*[!*] | "
                                                "while read -r x; do case $x in *'*'*) ;; *) echo $x ;; esac; done"
                                                ).stdout, f"left behind on {name}")

    def test_no_program_for_the_architecture(self):
        recap, said = self.play(self.hosts.inventory("arm", "bare"),
                                vbscheck_binary=f"{self.dir}/vbscheck-{{{{ vbscheck_architecture }}}}")
        self.assertEqual((0, 0, 1), recap["arm"], said)
        self.assertIn(f"There is no vbscheck for aarch64 at {self.dir}/vbscheck-aarch64: set vbscheck_binary", said)

    def test_no_sudo(self):
        recap, said = self.play(self.hosts.inventory("bare", "whole"), vbscheck_become=True,
                                ansible_become_method="sudo")
        self.assertEqual((0, 0, 1), recap["bare"], said)
        self.assertRegex(said, r"sudo: (command )?not found")

    def test_the_fact(self):
        """The verdict on ansible_local; a second run changes nothing; absent removes both files."""
        playbook = self.file("fact.yml", b"""
- hosts: all
  gather_facts: false
  roles: [vbscheck]
  post_tasks:
    - ansible.builtin.setup: {filter: ansible_local, gather_subset: "!all,!min,local"}
    - ansible.builtin.debug:
        msg: "verdict={{ ansible_local.vbscheck.verdict | default('none') }}
              {{ ansible_local.vbscheck.facts['cpu.64bit'] | default('none') }}"
""")
        inventory = self.hosts.inventory("whole")

        def play(mode, *args):
            return self.play(inventory, *args, playbook=playbook, vbscheck_mode=mode)

        self.assertEqual((3, 0, 0), play("fact", "--check")[0]["whole"])
        recap, said = play("fact")
        self.assertEqual((3, 0, 0), recap["whole"], said)
        self.assertRegex(said, "verdict=(ready|not-ready|undetermined) True")
        self.assertEqual((0, 0, 0), play("fact")[0]["whole"])
        recap, said = play("absent")
        self.assertEqual((1, 0, 0), recap["whole"], said)
        self.assertIn("verdict=none none", said)
        self.assertEqual((0, 0, 0), play("absent")[0]["whole"])

    def test_the_fact_needs_python(self):
        recap, said = self.play(self.hosts.inventory("bare"), vbscheck_mode="fact")
        self.assertEqual((0, 0, 1), recap["bare"], said)
        self.assertIn("There is no Python on this host", said)


if __name__ == "__main__":
    if SANITIZED:
        print("SKIPPED: Ansible runs the program as it is released")
        sys.exit(77)
    main()
