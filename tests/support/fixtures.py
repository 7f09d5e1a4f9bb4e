# SPDX-License-Identifier: MIT
"""Compiles the tables of fixtures/tables with iasl, whichever release it is."""
import signal
import subprocess
import tempfile

SECONDS = 30
# iasl can run forever, or fill the disk, on tables that its release does not expect.
LIMITS = ["prlimit", "--cpu=10:11", f"--fsize={1 << 20}"]


class NotCompiled(Exception):
    """iasl failed; the first line reports how."""


def compile_table(source, target):
    """Writes the table that `source` describes to `target`, a path that ends in .aml.

    -G compiles UINT8, Buffer and so on in the order of the file. Without it each release insists
    on its own list of fields: what 20200925 disassembles of a DMAR, an IVRS or an SMMUv3 is
    rejected by 20250404, or keeps it busy forever.
    """
    argv = [*LIMITS, "iasl", "-G", "-p", str(target.with_suffix("")), str(source)]
    with tempfile.TemporaryFile("w+") as said:
        try:
            status = subprocess.run(argv, timeout=SECONDS, stdin=subprocess.DEVNULL, stdout=said,
                                    stderr=subprocess.STDOUT).returncode
        except FileNotFoundError:
            raise NotCompiled("prlimit (util-linux) is not installed") from None
        except subprocess.TimeoutExpired:
            raise NotCompiled(f"iasl did not end within {SECONDS} s on {source}") from None
        if status == 0 and target.exists():
            return
        said.seek(0)
        how = f"exited with {status}"
        if status < 0:
            how = f"was ended by {signal.Signals(-status).name}"
        raise NotCompiled(f"iasl {how} on {source}:\n{said.read(2000)}")
