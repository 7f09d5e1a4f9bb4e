#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# Unpacks Debian's newest 6.1 kernel below build/lab, installing nothing, and prints that folder.
# What was fetched before is kept; without apt's lists or a network the newest of those has to do.
set -euo pipefail
cd "$(dirname "$0")/../.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

cache=$PWD/build/lab/kernels
pattern='^linux-image-6\.1\.0-[0-9]+-amd64$'

newest() {
    apt-cache search --names-only "$pattern" 2>/dev/null | cut -d' ' -f1 | sort -V | tail -n 1
}

# Downloads and unpacks PACKAGE unless that was done; prints where.
fetch() {
    local package=$1 version folder deb
    version=$(apt-cache show --no-all-versions "$package" | sed -n 's/^Version: //p' | head -n 1)
    [ -n "$version" ] || return 1
    folder=$cache/${package}_$version
    if [ ! -d "$folder" ]; then
        deb=${package}_${version//:/%3a}_amd64.deb
        if [ ! -f "$cache/$deb" ]; then
            say "downloading $package $version"
            (cd "$cache" && apt-get -qq download "$package=$version" >&2) || return 1
        fi
        rm -rf "$folder.part"
        dpkg -x "$cache/$deb" "$folder.part" && mv "$folder.part" "$folder" || return 1
    fi
    echo "$folder"
}

fetched_before() {
    find "$cache" -mindepth 1 -maxdepth 1 -type d ! -name '*.part' | sort -V | tail -n 1 | grep .
}

mkdir -p "$cache"
exec 9>"$cache/lock"
flock 9

package=$(newest)
[ -n "$package" ] && fetch "$package" && exit 0
fetched_before && exit 0
# No lists, or they are older than what the archive holds.
if as_root apt-get -qq update >&2; then
    package=$(newest)
    [ -n "$package" ] && fetch "$package" && exit 0
fi
say "could not fetch a kernel: apt knows of none named $pattern, or has no network"
exit 1
