#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# try.sh DIST CHROOTS PROGRAM: installs the .deb of the folder DIST in a copy of each chroot of the folder CHROOTS
# (made by debootstrap --variant=minbase) and the .rpm in an empty root; runs the program there, compares its
# verdicts with those of PROGRAM, removes it, and prints a row for each. The chroots themselves do not change. Needs root.
# Machines are those of fixtures/machines and, if VBSCHECK_CORPUS names a folder, its hosts.
set -euo pipefail
project=$(realpath "$(dirname "$0")/..")
# shellcheck source=packaging/common.sh
. "$project/packaging/common.sh"
[ $# = 3 ] || {
    say "usage: try.sh DIST CHROOTS PROGRAM"
    exit 2
}
dist=$(realpath "$1") chroots=$(realpath "$2") program=$(realpath "$3")
work=$(mktemp -d)
trap 'rm -rf --one-file-system "$work"' EXIT

mkdir "$work/machines"
cp -r "$project/fixtures/machines" "$work/machines/made"
[ ! -d "${VBSCHECK_CORPUS-}/hosts" ] || cp -rL "$VBSCHECK_CORPUS/hosts" "$work/machines/real"

# The verdicts and outcomes of all machines: what the libraries of a system do not change.
outcomes() {
    /usr/bin/python3 -B -c '
import json, sys
for line in sys.stdin:
    report = json.loads(line)
    rules = [(r["id"], r["status"], r.get("reason")) for r in report["rules"]]
    print(report["source"]["path"], json.dumps(report["verdict"]), rules)'
}

judge() { # ROOT: the program of the root
    local part
    for part in "$work"/machines/*/*; do
        [ -d "$part" ] || continue
        chroot "$1" /usr/bin/vbscheck --format ndjson --from "/machines/${part#"$work/machines/"}" \
            2>/dev/null || true
    done | outcomes
}

yes_no() {
    if "$@" >>"$work/log" 2>&1; then echo yes; else echo NO; fi
}

files() { # ROOT: what is there, folders aside, without what a package manager keeps for itself
    (cd "$1" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./machines -o -path ./var/lib/dpkg \
        -o -path ./var/lib/apt -o -path ./var/cache -o -path ./var/log -o -path ./var/lib/rpm \
        -o -path ./root/.rpmdb -o -path ./tmp -o -path ./etc/ld.so.cache -o -path ./var/lib/systemd/deb-systemd-helper-enabled \) \
        -prune -o ! -type d -print | sort)
}

same_verdicts() { # ROOT
    judge "$1" >"$work/there"
    [ -s "$work/there" ] && diff -q "$work/here" "$work/there"
}

try_deb() { # ROOT OPTION-OF-APT SYSTEM PACKAGE
    local root=$1 installs starts same removes
    cp "$dist"/vbscheck_*.deb "$root/tmp/vbscheck.deb"
    files "$root" >"$work/before"
    chroot "$root" apt-get -qq -o Acquire::Check-Valid-Until=false update >>"$work/log" 2>&1
    installs=$(yes_no chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -q install -y "$2" /tmp/vbscheck.deb)
    starts=$(yes_no chroot "$root" vbscheck --version)
    same=$(yes_no same_verdicts "$root")
    chroot "$root" deb-systemd-helper enable vbscheck-textfile.timer >>"$work/log" 2>&1 || true
    chroot "$root" env DEBIAN_FRONTEND=noninteractive apt-get -q purge -y --autoremove \
        -o APT::AutoRemove::RecommendsImportant=false -o APT::AutoRemove::SuggestsImportant=false \
        vbscheck >>"$work/log" 2>&1 || true
    files "$root" >"$work/after"
    # What recommended packages leave, such as /etc/machine-id of systemd, is theirs.
    [ "$2" = --no-install-recommends ] || sed -i '/vbscheck/!d' "$work/before" "$work/after"
    removes=$(yes_no diff "$work/before" "$work/after")
    row "$(basename "$3")" "$4" "$installs" "$starts" "$same" "$removes"
}

try_rpm() { # ROOT: empty but for the C library and the two that are linked
    local root=$1 installs starts same removes library
    mkdir -p "$root/proc" "$root/tmp"
    for library in $(ldd "$program" | grep -o '/[^ ]*'); do
        cp --parents -L "$library" "$root"
    done
    files "$root" >"$work/before"
    installs=$(yes_no rpm --root "$root" --nodeps -i "$dist"/vbscheck-*.rpm)
    starts=$(yes_no chroot "$root" /usr/bin/vbscheck --version)
    same=$(yes_no same_verdicts "$root")
    removes=$(yes_no rpm --root "$root" --nodeps -e vbscheck)
    files "$root" >"$work/after"
    [ "$removes" = NO ] || removes=$(yes_no diff "$work/before" "$work/after")
    row "empty root" rpm "$installs" "$starts" "$same" "$removes"
}

row() {
    printf '%-14s %-18s %-9s %-7s %-14s %s\n' "$@"
}

# The folder ROOT with /proc and the machines, in mounts that end with the shell that called.
furnish() {
    mkdir -p "$1/machines" "$1/proc"
    mount -t proc proc "$1/proc"
    mount --bind "$work/machines" "$1/machines"
}

export LC_ALL=C
if [ -z "${VBSCHECK_TRY-}" ]; then
    VBSCHECK_TRY=1 exec unshare --mount --propagation private "$0" "$@"
fi
for part in "$work"/machines/*/*; do
    [ -d "$part" ] || continue
    "$program" --format ndjson --from "$part" 2>/dev/null || true
done | outcomes | sed "s|^$work||" >"$work/here"
row system package installs starts "same verdicts" "removes cleanly"
for chroot in "$chroots"/*/; do
    for how in --no-install-recommends --install-recommends; do
        mkdir -p "$work/layer/up" "$work/layer/tmp" "$work/layer/root"
        mount -t overlay overlay -o "lowerdir=$chroot,upperdir=$work/layer/up,workdir=$work/layer/tmp" "$work/layer/root"
        furnish "$work/layer/root"
        name=deb
        [ $how = --no-install-recommends ] || name="deb, recommends"
        try_deb "$work/layer/root" $how "$chroot" "$name"
        umount -R "$work/layer/root"
        rm -rf --one-file-system "$work/layer"
    done
done
mkdir -p "$work/empty"
furnish "$work/empty"
try_rpm "$work/empty"
umount "$work/empty/machines" "$work/empty/proc"
cp "$work/log" "$dist/try.log"
say "$(wc -l <"$work/here") machines were judged; what the commands printed is in $dist/try.log"
