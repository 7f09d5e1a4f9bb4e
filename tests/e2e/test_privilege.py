# SPDX-License-Identifier: MIT
"""Less privilege never claims more: what is denied takes verdicts away, and gives none.

Every capture of the cases is judged whole, and again with each of its blobs denied, and with all
of them denied that only root reads: what the poorer report passes or fails, the whole one does too.
"""
import json
import shutil

import harness
from harness import Case, SHARED, judge_many, need

CASES = SHARED / "cases" / "domain"
# What an ordinary user of Debian cannot read.
ROOTS = ("acpi/", "msr", "efi/kernel-log", "efi/memattr", "efi/runtime-map", "mor-test", "tpm/")


def captures():
    return sorted(p.parent for p in CASES.glob("*/manifest.json")
                  if p.parent.name not in CONTRADICTIONS)


def deny(source, target, denied):
    """A copy of a capture without the blobs that `denied` picks; false if it picks none."""
    made = json.loads((source / "manifest.json").read_text())
    picked = [b for b in made["blobs"] if denied(b)]
    if not picked:
        return False
    shutil.copytree(source, target)
    for blob in picked:
        if blob["status"] in ("ok", "truncated"):
            (target / blob["name"]).unlink()
        blob.update(status="no-permission", size=0, sha256=None)
    (target / "manifest.json").write_text(json.dumps(made))
    return True


# The register says "off" and the kernel shows the flag: such a machine there is not.
CONTRADICTIONS = ("cpu-smx-only",)


class Privilege(Case):
    def compare(self, whole, poorer, what):
        full = harness.statuses(whole)
        for name, status in harness.statuses(poorer).items():
            if status in ("pass", "fail") and full[name] != status:
                self.fail(f"{what}: {name} is {status} without it and {full[name]} with it")

    def test_each_blob_denied(self):
        need(CASES.is_dir(), f"cases not found at {CASES}")
        folders = captures()
        self.assertGreater(len(folders), 20)
        for folder, whole in zip(folders, judge_many(folders)):
            blobs = json.loads((folder / "manifest.json").read_text())["blobs"]
            names = [b["name"] for b in blobs if b["status"] in ("ok", "truncated")]
            made = []
            for i, name in enumerate(names):
                target = self.dir / folder.name / str(i)
                deny(folder, target, lambda b, name=name: b["name"] == name)
                made.append(target)
            for name, report in zip(names, judge_many(made)):
                with self.subTest(f"{folder.name} without {name}"):
                    self.compare(whole, report, name)

    def test_all_that_is_roots_denied(self):
        need(CASES.is_dir(), f"cases not found at {CASES}")
        folders = captures()
        made = [self.dir / f.name for f in folders]
        for folder, target in zip(folders, made):
            deny(folder, target, lambda b: b["name"].startswith(ROOTS) and b["status"] != "absent")
        for folder, whole, report in zip(folders, judge_many(folders), judge_many(made)):
            with self.subTest(folder.name):
                self.compare(whole, report, "all that is root's")


if __name__ == "__main__":
    harness.main()
