# SPDX-License-Identifier: MIT
"""Whose machine a report is about, and from what it was made: labels, digest, build, editions."""
import hashlib
import json
import re

import harness
from harness import Case, check_text, check_trouble, judge, metal, rules_listed, run, tar, wsmt


class Labels(Case):
    def setUp(self):
        super().setUp()
        self.good = self.file("good", wsmt(7))

    def labels(self, *args):
        return judge(*args)["host"]["labels"]

    def test_labels_are_in_the_report(self):
        self.assertEqual({}, self.labels("--from", self.good))
        self.assertEqual({"host": "pc-1", "site": "M\u00fcnchen = \"3\" <&> a"},
                         self.labels("--label", "site=M\u00fcnchen = \"3\" <&> a",
                                     "--label=host=pc-1", "--from", self.good))

    def test_labels_travel_in_captures_and_the_command_line_wins(self):
        for name in ("folder", "c.tar", "c.tar.gz"):
            with self.subTest(name):
                run("capture", "--output", self.dir / name, "--label", "host=a", "--label",
                    "rack=7", ok=(0,))
                self.assertEqual({"host": "a", "rack": "7"}, self.labels(self.dir / name))
                self.assertEqual({"host": "b", "rack": "7", "z": "1"},
                                 self.labels("--label", "z=1", "--label", "host=b",
                                             self.dir / name))
        self.assertEqual({"host": "a", "rack": "7"},
                         json.loads((self.dir / "folder/manifest.json").read_text())["labels"])

    def test_labels_change_no_digest(self):
        run("capture", "--output", self.dir / "a", ok=(0,))
        run("capture", "--output", self.dir / "a.tar", "--label", "x=y", ok=(0,))
        plain = judge(self.dir / "a")
        self.assertEqual(plain["source"]["digest"],
                         judge("--label", "x=z", self.dir / "a")["source"]["digest"])

    def test_labels_that_are_none(self):
        for label in ("", "=", "host", "=x", "host=", "a b=c", "k\u00fc=v", ".k=v", "k\n=v",
                      "k=a\nb", "k=\x1b[31m", "k=\u202eevil", "k=\x7f", "k" * 64 + "=v",
                      "k=" + "v" * 256, "k=" + "v" * 10240, b"k=\xff", b"k=\xc3", "k=\u200b"):
            with self.subTest(label):
                check_trouble(run("--label", label, self.good), "--label")
                check_trouble(run("capture", "--label", label, "--output", self.dir / "no"),
                              "--label")
        self.assertFalse((self.dir / "no").exists())
        check_trouble(run("--label", "a=1", "--label", "a=1", self.good), "already given")
        check_trouble(run("--label", self.good), "KEY=VALUE")

    def test_many_labels(self):
        def given(n):
            return [a for i in range(n) for a in ("--label", f"k{i:04}=" + "v" * 255)]
        self.assertEqual(32, len(self.labels(*given(32), self.good)))
        for n in (33, 1000):
            check_trouble(run(*given(n), self.good), "32 labels")

    def test_hostile_labels_of_a_capture(self):
        """Whoever wrote the manifest may not be this program."""
        def capture(labels):
            made = harness.manifest(metal(), labels=labels)
            return self.file("c.tar", tar(harness.capture_files(metal(), made)))
        evil = {"good": "yes", "bad key": "x", "esc": "\x1b[31m", "rtl": "\u202e", "empty": "",
                "long": "v" * 10240, "number": 7, "list": [], "": "x"}
        report = judge(capture(evil))
        self.assertEqual({"good": "yes"}, report["host"]["labels"])
        self.assertIn("a label was left out", json.dumps(report["notes"]))
        for form in ("text", "json", "ndjson"):
            check_text(run(capture(evil), "--format", form).out, width=10 ** 6)
        report = judge(capture({f"k{i:04}": "v" for i in range(1000)}))
        self.assertEqual(32, len(report["host"]["labels"]))
        for shape in ([], "x", 7, None, {"a": {"b": "c"}}):
            self.assertEqual({}, judge(capture(shape))["host"]["labels"])

    def test_a_label_too_many_of_the_command_line_is_named(self):
        full = harness.manifest(metal(), labels={f"k{i:02}": "v" for i in range(32)})
        path = self.file("c.tar", tar(harness.capture_files(metal(), full)))
        self.assertIn("the label z was left out",
                      json.dumps(judge("--label", "z=1", path)["notes"]))
        self.assertEqual("1", judge("--label", "k07=1", path)["host"]["labels"]["k07"])


class Provenance(Case):
    def digest_of(self, blobs):
        lines = "".join(
            f"ok {hashlib.sha256(d).hexdigest()} {n}\n" if isinstance(d, bytes) else f"{d} - {n}\n"
            for n, d in sorted(blobs.items()))
        return "sha256:" + hashlib.sha256(lines.encode()).hexdigest()

    def test_folder_and_archive_have_the_digest_that_the_manual_shows(self):
        files = harness.capture_files(metal())
        harness.write_files(self.dir / "host", files)
        want = self.digest_of(metal())
        for path in (self.dir / "host", self.file("h.tar", tar(files)),
                     self.file("h.tgz", harness.gz(tar(files)))):
            self.assertEqual(want, judge(path)["source"]["digest"])
        other = self.file("o.tar", tar(harness.capture_files(metal(**{"acpi/WSMT": wsmt(4)}))))
        self.assertNotEqual(want, judge(other)["source"]["digest"])

    def test_a_file_that_does_not_fit_its_manifest_changes_the_digest(self):
        files = harness.capture_files(metal())
        files["acpi/WSMT"] = wsmt(4)
        self.assertNotEqual(self.digest_of(metal()),
                            judge(self.file("h.tar", tar(files)))["source"]["digest"])

    def test_loose_evidence_and_this_machine_have_one(self):
        form = re.compile("sha256:[0-9a-f]{64}$")
        self.assertRegex(judge("--from", self.file("good", wsmt(7)))["source"]["digest"], form)
        self.assertRegex(judge()["source"]["digest"], form)
        self.assertEqual(self.digest_of({"acpi/WSMT": wsmt(7)}),
                         judge("--from", self.dir / "good")["source"]["digest"])

    def test_build_editions_and_links(self):
        report = judge("--from", self.file("good", wsmt(7)))
        version = run("--version", ok=(0,)).out.decode()
        build = re.search(r"^build: (.+)$", version, re.M)
        self.assertEqual(build.group(1) if build else None, report["tool"]["build"])
        self.assertIn("requirements", report["as_of"])
        self.assertEqual(set(rules_listed()), {r["id"] for r in report["rules"] if re.match(
            rf"[a-z]+://.*{re.escape(r['id'])}", r["reference_url"])})


if __name__ == "__main__":
    harness.main()
