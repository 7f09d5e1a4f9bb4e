# SPDX-License-Identifier: MIT
"""Programs of npm that read what vbscheck writes.

They are fetched once, by tests/consumers/package-lock.json and without their install scripts, into
the project's cache. One that is missing is a failure in CI, and skipped aloud elsewhere.
"""
import fcntl
import functools
import hashlib
import platform
import shutil
import subprocess

import real_drivers
from harness import PROJECT, need, need_tool

CONSUMERS = PROJECT / "tests/consumers"


@functools.cache
def consumers():
    """The folder with node_modules, made once for a lock file."""
    need(platform.machine() == "x86_64", "the consumers from npm are programs for x86-64")
    need_tool("npm")
    lock = (CONSUMERS / "package-lock.json").read_bytes()
    folder = real_drivers.cache().parent / f"npm-{hashlib.sha256(lock).hexdigest()[:16]}"
    folder.mkdir(parents=True, exist_ok=True)
    with open(folder / "lock", "w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        if not (folder / "done").exists():
            for name in ("package.json", "package-lock.json"):
                shutil.copy(CONSUMERS / name, folder)
            made = subprocess.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"],
                                  cwd=folder, capture_output=True, text=True, timeout=600)
            need(made.returncode == 0, f"npm cannot fetch the consumers: {made.stderr.strip()[:200]}")
            (folder / "done").touch()
        for script in CONSUMERS.glob("*.mjs"):
            shutil.copy(script, folder)
    return folder
