#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# deb.sh SOURCE.tar.xz FOLDER [OPTION]...: builds the package of Debian from the archive of the sources: .deb, .dsc and
# the files of both, in FOLDER. What it needs to build is in packaging/debian/control.
set -euo pipefail
# shellcheck source=packaging/common.sh
. "$(realpath "$(dirname "$0")")/common.sh"

[ $# -ge 2 ] || {
    say "usage: deb.sh SOURCE.tar.xz FOLDER [OPTION OF dpkg-buildpackage]..."
    exit 2
}
mkdir -p "$2"
out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$(unpack "$1" "$work")
version=$(version_of "$tree")
SOURCE_DATE_EPOCH=$(time_of "$tree")
export SOURCE_DATE_EPOCH
cp "$1" "$work/vbscheck_$version.orig.tar.xz"
cp -r "$tree/packaging/debian" "$tree/debian"
sed -i "s/@CONTACT@/$contact/" "$tree/debian/control"
# Sorts before a package of Debian's own.
cat >"$tree/debian/changelog" <<EOF
vbscheck ($version-0upstream1) unstable; urgency=medium

  * Built from vbscheck-$version.tar.xz, commit $(commit_of "$tree"); see CHANGELOG.md.

 -- $contact  $(LC_ALL=C date -u -R -d "@$SOURCE_DATE_EPOCH")
EOF
log=$out/deb.log
if ! (cd "$tree" && dpkg-buildpackage -us -uc "${@:3}") >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "the package was not built; all that was printed is in $log"
    exit 1
fi
find "$work" -maxdepth 1 -type f -exec mv -t "$out" {} +
find "$out" -maxdepth 1 -name 'vbscheck_*.deb'
