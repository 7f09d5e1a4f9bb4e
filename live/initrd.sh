#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# initrd.sh [-a ARCHITECTURE] [-r SYSROOT] [-s SUITE] PROGRAM OUT: packs an initramfs around a
# program: busybox, the program's libraries (of this machine, or of the folder SYSROOT), the modules
# of SUITE's kernel (of Debian, bookworm by default) for what the live system drives, and live/init.
# The live stick boots it, and the lab with a part of its own behind it. Not compressed, the modules
# neither: emulated processors unpack slowly, and busybox knows only some of the ways.
set -euo pipefail
here=$(dirname "$(realpath "$0")")

arch=$(dpkg --print-architecture)
root=
suite=bookworm
while getopts a:r:s: option; do
    case $option in
    a) arch=$OPTARG ;;
    r) root=$(realpath "$OPTARG") ;;
    s) suite=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))
program=$(realpath "$1")
out=$(realpath "$2")

# Those that the kernel has; the first line's it must have.
modules=(
    efivarfs usb-storage sd_mod vfat nls_cp437 nls_ascii
    msr uas xhci-pci ehci-pci ohci-pci uhci-hcd usbhid hid-generic atkbd
    nvme vmd ahci ata_piix sdhci-pci mmc_block virtio_pci virtio_blk
    isofs sr_mod tpm_tis_spi tpm_tis_i2c_cr50 ntfs3 nls_utf8 nls_iso8859-1 thunderbolt
    xhci-plat-hcd dwc3 phy-generic
)
must=6
# Loaded by name; what opens the TPM is loaded by one of them.
by_name='lib(archive|bfio|cpuid|crypto|efivar|evtx|hivex|ntfs-3g|pci|tss2-tctildr|tss2-mu)\.so\.[0-9]+'
tcti=libtss2-tcti-device.so.0

die() {
    echo "initrd.sh: $*" >&2
    exit 1
}

kernel=$("$here/packages.sh" -a "$arch" -s "$suite" linux-image-"$arch")
busybox=$("$here/packages.sh" -a "$arch" -s bookworm busybox-static)/bin/busybox
mapfile -t code < <("$here/packages.sh" -a "$arch" -s bookworm qrencode libqrencode4 libpng16-16)
[ ${#code[@]} -eq 3 ] || die "no qrencode"
pci_ids=$("$here/packages.sh" -s bookworm pci.ids)/usr/share/misc/pci.ids

top=$(mktemp -d "$out.XXXXXX")
trap 'rm -rf "$top" "$top.modules"' EXIT
# The system's root folder, which ordinary users have to get into.
chmod 755 "$top"
mkdir -p "$top"/{bin,dev,etc,mnt,proc,root,run,sys,tmp,usr/share/misc}
chmod 1777 "$top/tmp"

cp "$busybox" "$program" "$top/bin/"
cp "$here"/{init,session,stick,save,collect,screen,keys} "$top/"
mkdir -p "$top/share/keymaps"
cp "$here"/share/*.awk "$top/share/"
chmod 755 "$top/init" "$top/session"
printf '%s\n' 'root:x:0:0::/root:/bin/sh' 'user:x:1000:1000::/tmp:/bin/sh' >"$top/etc/passwd"
printf '%s\n' 'root:x:0:' 'user:x:1000:' >"$top/etc/group"
cp "$pci_ids" "$top/usr/share/misc/"

# Libraries -------------------------------------------------------------------------------------

case $arch in
amd64) triplet=x86_64-linux-gnu ;;
arm64) triplet=aarch64-linux-gnu ;;
*) die "no live system for $arch" ;;
esac

library() {
    local folder
    for folder in /lib/$triplet /usr/lib/$triplet; do
        [ -e "$root$folder/$1" ] && echo "$folder/$1" && return
    done
    die "$1 is not installed"
}

# Copies a library and all that it links.
add_library() {
    local path name
    path=$(library "$1")
    [ ! -e "$top$path" ] || return 0
    mkdir -p "$top${path%/*}"
    cp -L "$root$path" "$top$path"
    for name in $(needed "$root$path"); do
        add_library "$name"
    done
}

needed() {
    readelf -d "$1" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p'
}

interpreter=$(readelf -l "$program" | sed -n 's/.*interpreter: \(.*\)\]/\1/p')
mkdir -p "$top${interpreter%/*}"
cp -L "$root$interpreter" "$top$interpreter"
for name in $(needed "$program") $(grep -aoE "$by_name" "$program" | sort -u) "$tcti"; do
    add_library "$name"
done

# What draws the code for telephones, and its two libraries that nothing else needs.
cp "${code[0]}/usr/bin/qrencode" "$top/bin/"
mkdir -p "$top/usr/lib/$triplet"
cp -L "${code[1]}/usr/lib/$triplet/libqrencode.so.4" "${code[2]}/usr/lib/$triplet/libpng16.so.16" \
    "$top/usr/lib/$triplet/"
for name in libz.so.1 libm.so.6; do
    add_library "$name"
done

# libhivex has the C library convert its names.
conversions=$root$(library gconv)
mkdir -p "$top/usr/lib/$triplet/gconv" # where it looks
cp -L "$conversions"/{UTF-16,ISO8859-1}.so "$top/usr/lib/$triplet/gconv/"
cat >"$top/usr/lib/$triplet/gconv/gconv-modules" <<END
alias UTF16// UTF-16//
alias LATIN1// ISO-8859-1//
alias ISO8859-1// ISO-8859-1//
module UTF-16// INTERNAL UTF-16 1
module INTERNAL UTF-16// UTF-16 1
module UTF-16LE// INTERNAL UTF-16 1
module INTERNAL UTF-16LE// UTF-16 1
module ISO-8859-1// INTERNAL ISO8859-1 1
module INTERNAL ISO-8859-1// ISO8859-1 1
END

# Keymaps, in the form that busybox loads.
mapfile -t maps < <("$here/packages.sh" -s bookworm kbd console-data)
while read -r name path title; do
    "${maps[0]}/bin/loadkeys" -q -u -b "${maps[1]}/usr/share/keymaps/i386/$path.kmap.gz" \
        >"$top/share/keymaps/$name"
    echo "$name $title" >>"$top/share/keymaps/LIST"
done <"$here/share/keymaps"

# Modules ---------------------------------------------------------------------------------------

version=$(ls "$kernel/lib/modules")
for i in "${!modules[@]}"; do
    # "insmod PATH", in the order of loading; "builtin NAME"
    /sbin/modprobe -d "$kernel" -S "$version" --show-depends "${modules[i]}" 2>/dev/null ||
        [ "$i" -ge $must ] || die "$kernel has no module ${modules[i]}"
done | sed -n "s|^insmod .*/lib/modules/|/lib/modules/|p" | awk '!seen[$1]++ {print $1}' \
    >"$top.modules"

while read -r path; do
    plain=${path%.ko*}.ko
    mkdir -p "$top${plain%/*}"
    case $path in
    *.ko) cp "$kernel$path" "$top$plain" ;;
    *.xz) xz -dc "$kernel$path" >"$top$plain" ;;
    *.zst) zstd -qdc "$kernel$path" >"$top$plain" ;;
    *) die "no way to unpack $path" ;;
    esac
    echo "$plain" >>"$top/etc/modules"
done <"$top.modules"

# The same files make the same initramfs, to the byte.
find "$top" -exec touch -h -d "@${SOURCE_DATE_EPOCH:-0}" {} +
# What comes first is what the kernel needs to make the rest.
(cd "$top" && find . -mindepth 1 -printf '%P\0' | LC_ALL=C sort -z |
    { printf '.\0'; cat; } | cpio --quiet --reproducible -0 -o -H newc -R 0:0) >"$top.cpio"
mv "$top.cpio" "$out"
