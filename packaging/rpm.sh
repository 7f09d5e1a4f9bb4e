#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# rpm.sh SOURCE.tar.xz FOLDER: builds the package of RPM from the archive of the sources, in FOLDER. It works
# on Debian too, where RPM knows of no installed packages: what the spec needs to build is not checked.
set -euo pipefail
# shellcheck source=packaging/common.sh
. "$(realpath "$(dirname "$0")")/common.sh"

[ $# = 2 ] || {
    say "usage: rpm.sh SOURCE.tar.xz FOLDER"
    exit 2
}
mkdir -p "$2"
out=$(realpath "$2")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$(unpack "$1" "$work")
SOURCE_DATE_EPOCH=$(time_of "$tree")
export SOURCE_DATE_EPOCH
# Names of packages differ between distributions, the names of files do not.
loaded() {
    awk -v how="$1" '$2 == how {print $1}' "$tree/packaging/libraries.tsv" | while read -r library; do
        ldconfig -p | grep -o "$library\.so\.[0-9]* " | sort -u | tail -n 1 | sed 's/ $/()(64bit)/'
    done | paste -sd ' '
}
mkdir -p "$work/SOURCES"
cp "$1" "$work/SOURCES"
log=$out/rpm.log
if ! rpmbuild -bb --nodeps --define "_topdir $work" --define "_buildhost localhost" \
    --define "use_source_date_epoch_as_buildtime 1" --define "clamp_mtime_to_source_date_epoch 1" \
    --define "source_date_epoch_from_changelog 0" --define "loaded_recommends $(loaded recommends)" \
    --define "loaded_suggests $(loaded suggests)" \
    --define "_build_id_links none" "$tree/packaging/vbscheck.spec" >"$log" 2>&1; then
    tail -n 20 "$log" >&2
    say "the package was not built; all that was printed is in $log"
    exit 1
fi
find "$work/RPMS" -name '*.rpm' -exec mv -t "$out" {} +
find "$out" -maxdepth 1 -name 'vbscheck-*.rpm'
