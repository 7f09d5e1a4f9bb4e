# SPDX-License-Identifier: MIT
"""What a machine of the lab is: a row of x86.py or arm64.py."""
from dataclasses import dataclass


@dataclass(frozen=True)
class Scenario:
    append: str = ""  # words for the kernel's command line
    qemu: tuple = ()  # arguments for QEMU, after those of qemu.BASE
    arch: str = "amd64"  # of qemu.ARCHES
    suite: str = "bookworm"  # of Debian, whose firmware it is
    firmware: str = "plain"  # of qemu.FIRMWARE
    variables_of: str = ""  # the scenario whose variables it finds, which boots before it
    tpm: str = ""  # QEMU's device for a TPM
    tpm_setup: tuple = ("--tpm2",)  # arguments for swtpm_setup
    tables: tuple = ()  # ACPI tables that are added; see qemu.tables
    xen: bool = False  # Xen boots first, and Linux is its dom0
    poked: bool = False  # a step of it asks for bytes in its memory to be changed
    steps: tuple = ("live", "replay", "user")  # of tests/lab/steps, in that order
