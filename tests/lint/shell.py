# SPDX-License-Identifier: MIT
"""shellcheck has nothing to say about the shell scripts."""
import pathlib
import shutil
import subprocess
import sys

import source


def main(root):
    if shutil.which("shellcheck") is None:
        source.finish(["shellcheck is not installed"])
    found = [*root.glob("scripts/*"), *root.glob("live/*"), *root.glob("tests/**/*.sh"),
             root / ".ci/run", *root.glob("contrib/*.sh"), root / "contrib/github/gate",
             root / "contrib/nagios/check_vbscheck", root / "contrib/osquery/vbscheck-sqlite",
             *root.glob("packaging/*.sh"), *root.glob("packaging/debian/tests/[!c]*")]
    paths = sorted(p for p in found if p.is_file() and "python" not in p.open().readline())
    if not paths:
        source.finish(["there are no scripts"])
    sys.exit(subprocess.run(["shellcheck", "-x", *paths], cwd=root).returncode)


main(pathlib.Path(sys.argv[1]))
