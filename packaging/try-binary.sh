#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# try-binary.sh PROGRAM: tries a self-contained program that binary.sh just made of the last commit: is
# it hardened, the same when built in another folder, does it start in an empty root and in chroots of
# Debian 11, 12, 13 and sid, and does it judge as the shared build does. Needs root; chroots are kept in
# the cache.
set -euo pipefail
program=$(realpath "${1:?usage: try-binary.sh PROGRAM}")
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh
[ "$(id -u)" = 0 ] || { say "root is needed, for chroots" && exit 1; }
install_missing binutils debootstrap devscripts
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

echo "size: $(stat -c %s "$program") bytes"

echo "hardening, by readelf:"
mapfile -t objects < <(find "$builds/self-contained/src" -name '*.o')
packaging/hardened.sh "$program" "${objects[@]}"
# It takes a static program for a library, and finds no names of functions in it.
echo "hardening, by hardening-check:"
hardening-check --nofortify "$program" || :

echo "reproducible:"
git clone -q . "$work/a folder elsewhere"
again=$(cd "$work/a folder elsewhere" && env -u VBSCHECK_BUILD packaging/binary.sh "$work/dist")
sha256sum "$program" "$again" | cut -d ' ' -f 1 | uniq -c
cmp "$program" "$again"
if grep -aqF -e "$PWD" -e "$work" "$program"; then
    say "$program holds the path of the folder that it was built in"
    exit 1
fi

# try_in NAME ROOT
try_in() {
    local name=$1 root=$2 status=0
    cp "$program" "$root/vbscheck-tried"
    chroot "$root" /vbscheck-tried --version >/dev/null || status=$?
    chroot "$root" /vbscheck-tried -q >"$work/verdict" 2>&1 || true
    rm "$root/vbscheck-tried"
    echo "$name: status $status, says: $(head -n 1 "$work/verdict")"
    [ $status = 0 ]
}

echo "starts in:"
mkdir "$work/empty"
try_in "an empty root" "$work/empty"
# shellcheck disable=SC2016
mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Created-By: Packages' 'Component: main' |
    awk '/\/debian\/*$/ && !seen++')
for suite in bullseye bookworm trixie sid; do
    root=$(writable_cache)/chroots/$suite-minbase
    if [ ! -e "$root/bin/sh" ]; then
        script=
        [ -e /usr/share/debootstrap/scripts/$suite ] || script=/usr/share/debootstrap/scripts/sid
        rm -rf --one-file-system "$root"
        mkdir -p "$root"
        debootstrap --variant=minbase $suite "$root" "$mirror" $script >"$root.log" 2>&1 || {
            say "debootstrap could not make $suite; all it said is in $root.log"
            exit 1
        }
    fi
    try_in $suite "$root"
done

echo "verdicts:"
# shellcheck disable=SC2119
build_program
packaging/same-verdicts.py "$program" "$again"
