# SPDX-License-Identifier: MIT
"""The rules about the IOMMU on a machine whose firmware leaves a bus out of VT-d's table.

The kernel's use of the unit is not what is judged: with intel_iommu=off it is the same machine.
"""
from lab import EveryMachine, LabCase, main

ROOT = {"iommu.present": "pass", "iommu.translation": "pass", "iommu.coverage": "fail",
        "iommu.dma-opt-in": "fail"}
FACTS = {"iommu.units": 1, "iommu.functions": 4, "iommu.functions-uncovered": 1,
         "dmar.include-all": 0}

# Scenario: what an ordinary user gets, who sees the kernel's groups but no table.
USER = {
    "vtd-bypass": {
        "iommu.present": "pass", "iommu.translation": "pass",
        "iommu.coverage": "unknown no-permission", "iommu.dma-opt-in": "unknown no-permission"},
    "vtd-bypass-off": dict.fromkeys(ROOT, "unknown no-permission"),
}


class Bypass(EveryMachine, LabCase):
    names = tuple(USER)

    def test_what_root_gets(self):
        self.each(lambda made: self.expect_all(made, "live", {**ROOT, **FACTS}))

    def test_exactly_the_function_behind_no_unit_is_found(self):
        self.each(self.check_finding)

    def check_finding(self, made):
        found = [(f["rule"], f["subject"]) for f in self.report(made, "live")["findings"]]
        self.assertEqual([("iommu.coverage", "0000:41:00.0")], found, made)

    def test_an_ordinary_user_lacks_permission(self):
        self.each(lambda made: self.expect_all(made, "user", USER[made.name]))


if __name__ == "__main__":
    main()
