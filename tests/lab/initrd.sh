#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# initrd.sh PROGRAM KERNEL OUT: packs an initramfs around a program, for the unpacked kernel package
# in the folder KERNEL. All steps are in it; the kernel's command line says which are run.
set -euo pipefail
program=$(realpath "$1")
kernel=$(realpath "$2")
out=$(realpath "$3")
here=$(dirname "$(realpath "$0")")

busybox=/bin/busybox
modules=(msr efivarfs)
pci_ids=(/usr/share/misc/pci.ids /usr/share/misc/pci.ids.gz)

top=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$top"' EXIT
# The guest's root folder, which its ordinary user has to get into.
chmod 755 "$top"
mkdir -p "$top"/{bin,dev,etc,lib/modules,proc,run,steps,sys,tmp,usr/share/misc}
chmod 1777 "$top/tmp"

cp "$busybox" "$top/bin/busybox"
cp "$program" "$top/bin/vbscheck"
cp "$here/init.sh" "$top/init"
cp "$here"/steps/* "$top/steps/"
chmod 755 "$top/init"
printf '%s\n' 'root:x:0:0::/:/bin/sh' 'lab:x:1000:1000::/tmp:/bin/sh' >"$top/etc/passwd"
printf '%s\n' 'root:x:0:' 'lab:x:1000:' >"$top/etc/group"

# The libraries that the program links, those that it loads by name, and what these link.
loaded=()
while read -r name; do
    path=$(/sbin/ldconfig -p | sed -n "s|.*[[:space:]]$name (.*x86-64.*) => ||p" | head -n 1)
    [ -n "$path" ] || {
        echo "initrd.sh: $name is not installed" >&2
        exit 1
    }
    loaded+=("$path")
done < <(grep -aoE 'lib(archive|crypto|efivar|pci)\.so\.[0-9]+' "$program" | sort -u)
libraries=("${loaded[@]}")
while read -r path; do
    libraries+=("$path")
done < <(ldd "$program" "${loaded[@]}" | grep -oE '/[^ )]*\.so[^ ):]*' | sort -u)
for path in "${libraries[@]}"; do
    mkdir -p "$top$(dirname "$path")"
    cp -L "$path" "$top$path"
done

for path in "${pci_ids[@]}"; do
    [ ! -e "$path" ] || cp -L "$path" "$top$path"
done
for name in "${modules[@]}"; do
    find "$kernel/lib/modules" -name "$name.ko" -exec cp -t "$top/lib/modules" {} +
    [ -e "$top/lib/modules/$name.ko" ] || {
        echo "initrd.sh: $kernel has no module $name" >&2
        exit 1
    }
done

(cd "$top" && find . -mindepth 1 -printf '%P\0' | LC_ALL=C sort -z |
    { printf '.\0'; cat; } | cpio --quiet -0 -o -H newc -R 0:0) >"$top.cpio"
mv "$top.cpio" "$out"
