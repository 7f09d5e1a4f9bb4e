# SPDX-License-Identifier: MIT
"""A mounted Windows as a folder, and what the program says of it."""
import lzma
import shutil

import harness
from harness import CORPUS, Case, check_report, need_corpus, parse, run

SYSTEM32 = "Windows/System32"
LOG = f"{SYSTEM32}/winevt/Logs/Microsoft-Windows-CodeIntegrity%4Operational.evtx"
IMAGE = "\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\"


def hive(name):
    need_corpus("windows", "hive")
    return lzma.decompress((CORPUS / f"windows/hive/{name}.xz").read_bytes())


class WindowsCase(Case):
    def windows(self, files=(), name="SYSTEM", changed=None):
        """A folder with a hive and more files; parts of names in one case only, as on NTFS."""
        root = self.dir / "c"
        shutil.rmtree(root, ignore_errors=True)
        known = {}
        files = dict(files)
        if name:
            files[f"{SYSTEM32}/config/SYSTEM"] = changed or hive(name)
        for path, data in files.items():
            at, parts = root, path.split("/")
            for i, part in enumerate(parts):
                key = "/".join(parts[:i + 1]).lower()
                at = known.setdefault(key, at / part)
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(data)
        return root

    def look(self, files=(), *args, name="SYSTEM", changed=None, status=(0, 1, 3)):
        root = self.windows(files, name, changed)
        r = run("scan", "--from", self.metal(), "--windows", root, "--format", "json", *args,
                ok=status)
        return check_report(parse(r.out))

    def metal(self):
        if not (self.dir / "metal").exists():
            harness.write_files(self.dir / "metal", harness.capture_files(harness.metal()))
        return self.dir / "metal"

    def groups(self, report):
        return {d["path"].lower(): d["group"] for d in report["drivers"]}
