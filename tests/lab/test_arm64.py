# SPDX-License-Identifier: MIT
"""Every rule on arm64 machines. The kernel's IOMMU groups say nothing there: a function is in one
only once it has a driver."""
import boot  # noqa: F401 - first: it knows where the harness is
import arm64
from lab import LabCase, Matrix, main


class Arm64(Matrix, LabCase):
    names = tuple(arm64.SCENARIOS)
    table = arm64

    def test_one_machine_is_ready(self):
        self.each(lambda made: self.assertEqual(arm64.VERDICTS[made.name],
                                                self.report(made, "live")["verdict"]))

    def test_nobody_is_told_to_look_for_registers_of_x86(self):
        self.each(lambda made: self.assertNotIn(b"msr", made["replay/denied"]))


if __name__ == "__main__":
    main()
