#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cross.sh [-s SUITE] [-c COMPILER]: builds the program for arm64 with the libraries of a release of
# Debian, bookworm by default, that are unpacked and not installed. COMPILER is a C compiler of this
# machine, Debian's cross compiler by default, or clang. Prints two lines: the program, and the
# folder of the libraries it needs, which initrd.sh takes after -r. The build folder is build/arm64,
# with -SUITE and -COMPILER if they are not the default ones. libarchive is linked from its archive,
# as on the stick of amd64: Debian's shared one would bring in libxml2 and ICU.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

suite=bookworm
compiler=aarch64-linux-gnu-gcc
folder=build/arm64
while getopts s:c: option; do
    case $option in
    s) suite=$OPTARG ;;
    c) compiler=$OPTARG ;;
    *) exit 2 ;;
    esac
done
[ "$suite" = bookworm ] || folder+=-$suite
[ "$compiler" = aarch64-linux-gnu-gcc ] || folder+=-$(basename "$compiler")

# libcpuid is not among them: it is for x86 processors only.
libraries=(libtss2-dev)
for package in "${packages_build[@]%\?}" "${packages_static[@]}"; do
    case $package in
    nettle-dev | zlib1g-dev) libraries+=("$package") ;;
    lib*-dev) [ "$package" = libcpuid-dev ] || libraries+=("$package") ;;
    esac
done

install_missing "${packages_cross[@]}"
sysroot=$(live/packages.sh -a arm64 -s "$suite" -t sysroot "${libraries[@]}")
build release "$folder" -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/arm64.cmake" \
    -DCMAKE_C_COMPILER="$compiler" -DCMAKE_SYSROOT="$sysroot" -DVBSCHECK_{TESTS,BENCH}=OFF \
    -DVBSCHECK_{WERROR,STATIC_ARCHIVE}=ON
echo "$PWD/$folder/vbscheck"
echo "$sysroot"
