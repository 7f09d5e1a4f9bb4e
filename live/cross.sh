#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# cross.sh: builds the program for arm64 in build/arm64, with Debian's cross compiler and libraries
# of Debian 12 that are unpacked and not installed. Prints two lines: the program, and the folder
# that holds the libraries it needs, which initrd.sh takes after -r.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

# libcpuid is not among them: it is for x86 processors only.
libraries=()
for package in "${packages_build[@]}"; do
    case $package in
    lib*-dev) [ "$package" = libcpuid-dev ] || libraries+=("$package") ;;
    esac
done

install_missing "${packages_cross[@]}"
sysroot=$(live/packages.sh -a arm64 -s bookworm -t sysroot "${libraries[@]}")
build release build/arm64 -DCMAKE_TOOLCHAIN_FILE="$PWD/cmake/arm64.cmake" \
    -DCMAKE_SYSROOT="$sysroot" -DVBSCHECK_TESTS=OFF -DVBSCHECK_BENCH=OFF -DVBSCHECK_WERROR=ON
echo "$PWD/build/arm64/vbscheck"
echo "$sysroot"
