#!/bin/sh
# SPDX-License-Identifier: MIT
# ntfs_image.sh IMAGE MAKE_NTFS: makes the image that fuzz_volume changes.
set -e
PATH=$PATH:/sbin:/usr/sbin
tree=$(mktemp -d)
trap 'rm -rf "$tree"' EXIT
system=$tree/Windows/System32
mkdir -p "$system/config" "$system/drivers/a/b" "$system/DriverStore/FileRepository"
seq 40000 >"$system/config/SYSTEM"
seq 3000 >"$system/drivers/big.sys"
echo >"$tree/hiberfil.sys"
for i in $(seq 60); do
    echo "$i" >"$system/drivers/a/b/driver-with-a-long-name-$i.sys"
done
rm -f "$1"
truncate -s 4M "$1"
mkntfs -F -Q -q "$1" >/dev/null 2>&1
"$2" "$1" tree "$tree" wof Windows/System32/drivers/big.sys
