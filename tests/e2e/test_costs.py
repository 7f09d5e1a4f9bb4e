# SPDX-License-Identifier: MIT
"""What an input may cost, in things that are counted and never timed: tests/limits drives every loop
that input can drive, and the judge runs under its own limits of memory, and of processor time that
the contract gives: a cost that is not linear ends it."""
import math
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import harness
from harness import SANITIZED, SLOWNESS, reports, run, run_bounded

sys.path.insert(0, str(harness.PROJECT / "tests/limits"))
import rows  # noqa: E402

COUNTS = os.environ.get("VBSCHECK_COUNTS", "")
# Parts of the contract's MiB, all of which scripts/bench --limits takes. Sanitizers switch the limits
# off and are slow: they see each loop, with less.
JUDGED = rows.MIB // (16 if SANITIZED else 4)  # under the limits
LARGE, SMALL = JUDGED // 2, JUDGED // 8  # counted
NOTES_MAX = 2002  # of loading and of the probes, and one each that says that there are more
FINDINGS_MAX = 1002  # of one rule; two lines say how many more there are, of two kinds
DOCUMENT_MAX, ARENA_MAX = 16 << 20, 40 << 20
ENDED = (b"the judge", b"out of memory", b"takes more than")


def processor_time():
    """Of each process, in whole seconds: the contract gives one for 1 MiB."""
    resource.setrlimit(resource.RLIMIT_CPU, (2 * SLOWNESS, 2 * SLOWNESS))


class Costs(unittest.TestCase):
    maxDiff = 4000

    @classmethod
    def setUpClass(cls):
        cls.dir = Path(tempfile.mkdtemp(prefix="vbscheck-costs-"))
        cls.addClassCleanup(shutil.rmtree, cls.dir)
        cls.rows, cls.args = [], {}
        for i, row in enumerate(rows.all_rows()):
            missing = row.tool() if row.tool else None
            if missing is not None and harness.IN_CI:
                raise AssertionError(f"{row.name}: {missing} is not there")
            if missing is not None:
                print(f"SKIPPED: {row.name}: no {missing}")
                continue
            cls.rows.append(row)
            for size in (JUDGED, LARGE, SMALL) if row.loads else (LARGE,):
                cls.args[row.name, size] = rows.write(row.make(size), cls.dir / f"{size}/{i}")

    def paths(self, size):
        return {self.args[r.name, size][1]: r for r in self.rows if r.loads}

    def test_every_kind_of_evidence(self):
        paths = self.paths(JUDGED)
        args = [a for path in paths for a in ("--from", path)]
        r = run_bounded("--format", "ndjson", *args, seconds=math.inf, preexec_fn=processor_time)
        told = {report["source"]["path"]: report for report in reports(r)}
        lines = [line for line in r.err.splitlines() if line]
        for path, row in paths.items():
            said = [line for line in lines if f": {path}:".encode() in line or
                    line.startswith(f"vbscheck: {path} ".encode())]
            with self.subTest(row.name):
                for line in said:
                    self.assertFalse(any(words in line for words in ENDED), line)
                self.assertTrue(path in told or said, "neither a report nor trouble")
                if row.seen and not SANITIZED:
                    self.assertGreaterEqual(told[path]["facts"][row.seen[0]] or 0, row.seen[1] * JUDGED // rows.MIB)

    def test_every_other_input_and_every_format(self):
        for row in self.rows:
            if not row.loads:
                with self.subTest(row.name):
                    r = run_bounded(*self.args[row.name, LARGE], seconds=math.inf,
                                    preexec_fn=processor_time)
                    self.assertFalse(any(words in r.err for words in ENDED), r.err[-300:])
                    self.assertLess(len(r.out), DOCUMENT_MAX)

    def counts(self, size):
        paths = self.paths(size)
        harness.need(os.path.exists(COUNTS), "counts (VBSCHECK_COUNTS)")
        said = subprocess.run([COUNTS, *paths], check=True, stdout=subprocess.PIPE,
                              stdin=subprocess.DEVNULL).stdout.decode()
        found = {}
        for line in said.splitlines():
            path, key, n = line.rsplit(" ", 2)
            found.setdefault(paths[path].name, {})[key] = int(n)
        return found

    def test_bytes_notes_and_findings(self):
        large, small = self.counts(LARGE), self.counts(SMALL)
        formats = ("text", "json", "ndjson", "markdown", "html", "csv", "junit", "sarif", "prometheus")
        for name, n in large.items():
            with self.subTest(name):
                self.assertLessEqual(n.get("notes", 0), NOTES_MAX)
                self.assertLessEqual(n.get("findings", 0), FINDINGS_MAX)
                for key in ("loaded", "judged", "writing"):
                    self.assertLessEqual(n.get(key, 0), ARENA_MAX, key)
                for key in formats:
                    self.assertLessEqual(n.get(key, 0), DOCUMENT_MAX, key)
                if n["refused"] or small[name]["refused"]:
                    continue
                for key in ("loaded", "judged", "writing", *formats, "steps"):
                    if key in n:  # four times the bytes; a list may just have grown to the next step
                        self.assertLessEqual(n[key], 5 * small[name][key] + (512 << 10), key)


if __name__ == "__main__":
    harness.main()
