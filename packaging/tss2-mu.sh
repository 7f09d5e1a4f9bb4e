#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# tss2-mu.sh [-c COMPILER]: makes libtss2-mu.a, of which Debian has no archive, from the source
# package of tpm2-tss, and keeps it in the cache. Prints two lines: the archive, and the folder of the
# headers that go with it: structures differ between versions. The program calls two of its functions.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

# tpm2-tss 4.1.3; another one is refused.
suite=trixie
sha256=8a389bda64690910e7af7deaf64703a3faed416dc538c9c3e4f893f24893524d
compiler=gcc
while getopts c: option; do
    case $option in
    c) compiler=$OPTARG ;;
    *) exit 2 ;;
    esac
done

source=$(live/packages.sh -S -s $suite tpm2-tss)
if [ "$(cat "$source/sha256")" != $sha256 ]; then
    say "$source is not the release that is expected: its SHA-256 is $(cat "$source/sha256")"
    exit 1
fi
flags=(-O2 -fPIE -fstack-protector-strong -fstack-clash-protection -D_FORTIFY_SOURCE=2 -DMAXLOGLEVEL=0
    "-ffile-prefix-map=$source=tpm2-tss" -include stdint.h
    "-I$source/include/tss2" "-I$source/include" "-I$source/src" "-I$source/src/util")
case $("$compiler" -dumpmachine) in
x86_64-*) flags+=(-fcf-protection=full) ;;
aarch64-*) flags+=(-mbranch-protection=standard) ;;
esac
# What was made with other flags or another compiler does not count.
made=$(writable_cache)/tss2-mu/$({ "$compiler" --version && echo "$sha256 ${flags[*]}"; } | sha256sum |
    cut -c 1-16)
if [ ! -e "$made/libtss2-mu.a" ]; then
    say "building tss2-mu"
    rm -rf "$made.part"
    mkdir -p "$made.part"
    for file in "$source"/src/tss2-mu/*.c "$source/src/util/log.c"; do
        "$compiler" "${flags[@]}" -w -c "$file" -o "$made.part/$(basename "$file" .c).o"
    done
    ar rcsD "$made.part/libtss2-mu.a" "$made.part"/*.o
    rm -rf "$made"
    mv "$made.part" "$made"
fi
echo "$made/libtss2-mu.a"
echo "$source/include"
