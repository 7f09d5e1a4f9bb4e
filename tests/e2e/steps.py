# SPDX-License-Identifier: MIT
"""The program under interpose.c: what it saves, and what is left where it ends or fails in between."""
import ctypes
import os
import signal
import subprocess
import unittest
from pathlib import Path

import harness
from harness import PROGRAM, need

PR_SET_CHILD_SUBREAPER = 36
# The sanitizers want to be loaded first; every CI job tests a build without them, too.
without_sanitizers = unittest.skipIf(harness.SANITIZED, "nothing is preloaded beside the sanitizers")


def interpose():
    """The library, or a skip that CI does not allow."""
    path = os.environ.get("VBSCHECK_INTERPOSE") or Path(PROGRAM).parent / "tests/e2e/interpose.so"
    need(os.path.exists(path), f"interpose.so at {path}")
    return os.path.abspath(path)


def begin(args, at=0, number=0, error=0, log=None, firmware=None, empty=False,
          fat=False, **popen):
    """Starts the program; at its call `at` it gets the signal `number`, or the call fails.

    `fat`: there are neither files without names nor links. `empty`: each report of a judge is replaced by an empty result.
    """
    env = dict(os.environ, LD_PRELOAD=interpose(), STEPS_AT=str(at), STEPS_SIGNAL=str(int(number)),
               STEPS_ERRNO=str(error))
    if log is not None:
        Path(log).write_text("")
        env["STEPS_LOG"] = str(log)
    if fat:
        env["STEPS_FAT"] = "1"
    if empty:
        env["STEPS_EMPTY"] = "1"
    if firmware is not None:
        env["STEPS_FIRMWARE"] = str(firmware)
    popen = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE,
             **popen}
    return subprocess.Popen([PROGRAM, *map(os.fspath, args)], env=env, **popen)


def stepped(args, **more):
    """Runs it to its end: status, standard output, standard error."""
    child = begin(args, **more)
    out, err = child.communicate(timeout=harness.TIMEOUT)
    return child.returncode, (out or b"").decode(), (err or b"").decode()


def calls(log):
    """The names of the calls, by the number of the step before each."""
    return {int(n): name for n, name in (line.split() for line in Path(log).read_text().splitlines())}


def adopt_orphans():
    """From now on a process whose parent ended is this one's child."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def orphans_end():
    """Waits for all of them; true if each ended by itself. Call it when no other child is left."""
    def late(*_):
        raise TimeoutError("a judge lives on")

    before = signal.signal(signal.SIGALRM, late)
    signal.alarm(20 * harness.SLOWNESS)
    try:
        while True:
            os.waitpid(-1, 0)
    except ChildProcessError:
        return True
    except TimeoutError:
        return False
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
