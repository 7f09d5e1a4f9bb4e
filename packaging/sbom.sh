#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# sbom.sh FOLDER: writes vbscheck-VERSION.spdx.json for the program vbscheck-VERSION-ARCHITECTURE in FOLDER,
# and for a self-contained one vbscheck-VERSION.licences.txt, which names what is linked into it.
# What is linked in comes from the linker's map that is left beside the build.
set -euo pipefail
out=$(realpath "${1:?usage: sbom.sh FOLDER}")
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
# shellcheck source=packaging/common.sh
. packaging/common.sh

name=$out/vbscheck-$(version_of .)
program=$(find "$out" -maxdepth 1 -type f -name "$(basename "$name")-*" ! -name '*.rpm' | sed -n 1p)
[ -n "$program" ] || {
    say "there is no program in $out: packaging/binary.sh makes it"
    exit 1
}
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || time_of .)}
export SOURCE_DATE_EPOCH
map=()
if ! objdump -p "$program" | grep -q NEEDED; then
    map=(--map "$(realpath -m "$builds")/self-contained/vbscheck.map" --notice "$name.licences.txt")
fi
/usr/bin/python3 -B packaging/sbom.py "$program" --output "$name.spdx.json" "${map[@]}"
echo "$name.spdx.json"
