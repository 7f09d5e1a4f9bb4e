# SPDX-License-Identifier: MIT
"""What packages are made of: the source archive, the SBOM, and the version in each of them."""
import json
import os
import re
import subprocess
import sys
import unittest

import harness
from harness import PROGRAM, PROJECT, Case, need_tool

PACKAGING = PROJECT / "packaging"
VERSION = re.search(r"project\(vbscheck VERSION ([0-9.]+)", (PROJECT / "CMakeLists.txt").read_text())[1]
# SPDX 2.3, clause 11.1: those that are used here.
RELATIONS = {"DESCRIBES", "DYNAMIC_LINK", "OPTIONAL_DEPENDENCY_OF", "STATIC_LINK"}


class Packaging(Case):
    def call(self, *args, **environment):
        return subprocess.run(args, capture_output=True, text=True, check=True, timeout=harness.TIMEOUT,
                              env={**os.environ, **environment}).stdout

    def test_the_version_is_one(self):
        spec = (PACKAGING / "vbscheck.spec").read_text()
        self.assertEqual(VERSION, re.search(r"^Version: +(\S+)$", spec, re.M)[1])
        self.assertIn(f" - {VERSION}-1\n", spec)

    def test_the_archive_is_the_same_without_git(self):
        need_tool("xz")
        harness.need((PROJECT / ".git").exists(), "this is not a checkout")
        first = self.call(PACKAGING / "source.sh", self.dir / "first").strip()
        subprocess.run(["tar", "-x", "-f", first, "-C", self.dir], check=True)
        again = self.dir / f"vbscheck-{VERSION}"
        second = self.call(again / "packaging/source.sh", self.dir / "second").strip()
        with open(first, "rb") as a, open(second, "rb") as b:
            self.assertEqual(a.read(), b.read())
        commit = (again / "packaging/commit.txt").read_text()
        self.assertRegex(commit, r"^commit [0-9a-f]{40}\ntime [0-9]+\n$")

    def test_the_sbom(self):
        for tool in ("objdump", "dpkg"):
            need_tool(tool)
        if harness.SANITIZED:
            self.skipTest("the sanitizers link libraries of their own")
        told = self.call(sys.executable, "-B", PACKAGING / "sbom.py", PROGRAM, SOURCE_DATE_EPOCH="86400")
        again = self.call(sys.executable, "-B", PACKAGING / "sbom.py", PROGRAM, SOURCE_DATE_EPOCH="86400")
        self.assertEqual(told, again)
        sbom = json.loads(told)
        self.assertEqual(("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT", "1970-01-02T00:00:00Z"),
                         (sbom["spdxVersion"], sbom["dataLicense"], sbom["SPDXID"],
                          sbom["creationInfo"]["created"]))
        ids = [p["SPDXID"] for p in sbom["packages"]]
        self.assertEqual(len(ids), len(set(ids)))
        for one in sbom["packages"]:
            self.assertRegex(one["SPDXID"], r"^SPDXRef-[a-zA-Z0-9.-]+$")
            for sum_ in one.get("checksums", ()):
                self.assertRegex(sum_["checksumValue"], r"^[0-9a-f]{64}$")
        related = {}
        for one in sbom["relationships"]:
            self.assertIn(one["relationshipType"], RELATIONS)
            ends = {one["spdxElementId"], one["relatedSpdxElement"]}
            self.assertLessEqual(ends, {*ids, "SPDXRef-DOCUMENT"})
            related[(ends - {"SPDXRef-vbscheck"}).pop()] = one["relationshipType"]
        self.assertEqual("DYNAMIC_LINK", related["SPDXRef-libjansson"])
        self.assertEqual({*ids} - {"SPDXRef-vbscheck"}, {*related} - {"SPDXRef-DOCUMENT"})
        # GPL: loaded, never linked.
        for one in sbom["packages"]:
            if one["licenseDeclared"].startswith("GPL-2"):
                self.assertEqual("OPTIONAL_DEPENDENCY_OF", related[one["SPDXID"]])

    def test_every_library_has_a_licence(self):
        rows = {line.split("\t")[0] for line in (PACKAGING / "libraries.tsv").read_text().splitlines()
                if not line.startswith("#")}
        cmake = (PROJECT / "cmake/VbsLibraries.cmake").read_text()
        named = {"lib" + m for m in re.findall(r"^vbs_optional_library\(\w+ \S+ (\S+)", cmake, re.M)}
        named |= set(re.findall(r'VBS_SONAME_\w+="(lib[\w-]+)\.so', cmake))
        self.assertEqual(set(), named - rows)


if __name__ == "__main__":
    unittest.main()
