#!/bin/sh
# SPDX-License-Identifier: MIT
# Collects what `vbscheck --from FOLDER` can judge, on a Linux machine that cannot run vbscheck.
#
#     sudo sh collect.sh [FOLDER]
#
# It needs a POSIX shell, od, awk, sed and grep, installs nothing, changes nothing, and loads no
# module. Without root it collects what may be read. Serial numbers, UUIDs, keys (tables MSDM and SLIC; IBFT and NBFT, which
# hold passwords and addresses of network boots; NFIT, serial numbers of memory) and network addresses are left out; `vbscheck capture --from FOLDER` makes it fit to be given away.
set -u
umask 077
LC_ALL=C
export LC_ALL
root=${VBSCHECK_ROOT:-} # of tests: a copied tree
out=${1:-vbscheck-evidence}

say() { printf '%s\n' "collect.sh: $*" >&2; }

for tool in od awk sed grep cat; do
    command -v "$tool" >/dev/null 2>&1 && continue
    say "this needs the program $tool, which is not installed"
    exit 2
done
if [ -e "$out" ]; then
    say "$out exists already: give the name of a new folder"
    exit 2
fi
mkdir -p "$out" || exit 2

# tables: the text that acpidump would print, of all tables but those with keys, addresses or serial numbers.
tables() {
    for file in "$root"/sys/firmware/acpi/tables/[A-Z]* "$root"/sys/firmware/acpi/tables/dynamic/[A-Z]*; do
        name=${file##*/}
        [ -f "$file" ] || continue
        [ -r "$file" ] || continue
        case $name in MSDM* | SLIC* | IBFT* | NBFT* | NFIT*) continue ;; esac
        printf '%.4s @ 0x0000000000000000\n' "$name"
        od -An -v -tx1 "$file" | awk '{ printf "    %04X:%s\n", (NR - 1) * 16, toupper($0) }'
        echo
    done
}

# functions: as `lspci -n -xxx` prints them. What follows 256 bytes holds serial numbers: those of network cards are
# their addresses (PCI Express Base Specification, 7.9.3).
functions() {
    for dev in "$root"/sys/bus/pci/devices/*; do
        [ -r "$dev/class" ] || continue
        class=$(cat "$dev/class") vendor=$(cat "$dev/vendor") device=$(cat "$dev/device")
        class=${class#0x}
        printf '%s %.4s: %s:%s (prog-if %s)\n' "${dev##*/}" "$class" "${vendor#0x}" "${device#0x}" \
            "${class#????}"
        group=$(readlink "$dev/iommu_group" 2>/dev/null) && printf '\tIOMMU group: %s\n' "${group##*/}"
        od -An -v -tx1 -N 256 "$dev/config" 2>/dev/null |
            awk '{ printf "%02x:%s\n", (NR - 1) * 16, tolower($0) }'
        echo
    done
}

# registers REGISTER...: where rdmsr is installed; no other tool reads just the bytes it is asked for.
registers() {
    command -v rdmsr >/dev/null || return
    for number in "$@"; do
        printf '# rdmsr -a %s\n' "$number"
        rdmsr -a "$number" 2>&1
    done
}

# variables: the EFI variables that are looked at, each below its name.
variables() {
    for file in "$root"/sys/firmware/efi/efivars/SecureBoot-* "$root"/sys/firmware/efi/efivars/SetupMode-* \
        "$root"/sys/firmware/efi/efivars/AuditMode-* "$root"/sys/firmware/efi/efivars/DeployedMode-* \
        "$root"/sys/firmware/efi/efivars/MemoryOverwriteRequestControl*; do
        [ -r "$file" ] || continue
        printf '# od -An -tx1 %s\n' "${file##*/}"
        od -An -v -tx1 "$file"
    done
}

# files: what needs no decoding, a line a file; nothing that tells one machine from its twin.
files() {
    for file in class/dmi/id/sys_vendor class/dmi/id/product_name class/dmi/id/product_version \
        class/dmi/id/board_vendor class/dmi/id/board_name class/dmi/id/bios_version \
        class/dmi/id/bios_date firmware/efi/fw_platform_size class/tpm/tpm0/tpm_version_major; do
        [ -r "$root/sys/$file" ] && printf '/sys/%s:%s\n' "$file" "$(cat "$root/sys/$file")"
    done
    for bank in "$root"/sys/class/tpm/tpm0/pcr-*; do
        [ -d "$bank" ] && printf '/sys/class/tpm/tpm0/%s\n' "${bank##*/}"
    done
}

# log: the kernel's, without addresses, serial numbers and what its command line says of hosts; the first line if it may
# not be read.
log() {
    { cat "$root/dmesg" 2>/dev/null || dmesg 2>/dev/null || cat /proc/version; } | awk '
        function hide(text, form,    n) {
            while (match(text, form)) {
                n = substr(text, RSTART, RLENGTH)
                gsub(/[0-9a-fA-F]/, "x", n)
                text = substr(text, 1, RSTART - 1) n substr(text, RSTART + RLENGTH)
            }
            return text
        }
        BEGIN {
            h = "[0-9a-fA-F]"
            b = h h "[:-]"
            mac = b b b b b h h
            q = h h h h
            uuid = q q "-" q "-" q "-" q "-" q q q
        }
        /[Ss]erial ?[Nn]umber|IP-Config|addr=/ { next }
        # Of the command line only words that decide rules (src/parse/kernel_words.c), and words without a value.
        /ommand line:/ {
            n = split($0, word, " ")
            for ($0 = word[i = 1]; i++ < n;) {
                if (word[i] !~ /=/ || word[i] ~ /^(iommu|intel_iommu|amd_iommu|efi|lockdown|kvm|mem_encrypt|pci=|mem=|memmap=|acpi=)/)
                    $0 = $0 " " word[i]
            }
        }
        /[Hh]ost ?name/ { next }
        { print hide(hide($0, uuid), mac) }'
}

tables >"$out/acpidump.txt"
functions >"$out/lspci.txt"
variables >"$out/variables.txt"
files >"$out/sysfs.txt"
if [ -z "$root" ] || [ -e "$root/dmesg" ]; then
    log >"$out/dmesg.txt"
fi
if [ -z "$root" ]; then
    registers 0x3a 0x482 0x48b 0x48c 0xc0010114 >"$out/msr.txt"
    sed '/^Serial/d' /proc/cpuinfo >"$out/cpuinfo.txt"
    command -v cpuid >/dev/null && cpuid -r >"$out/cpuid.txt" 2>/dev/null
    command -v tpm2_getcap >/dev/null && tpm2_getcap properties-fixed >"$out/tpm.txt" 2>/dev/null
    command -v tpm2_getcap >/dev/null && tpm2_getcap pcrs >"$out/pcrs.txt" 2>/dev/null
fi
# A full disk cuts files without a word of most tools.
if ! printf 'whole\n' 2>/dev/null >"$out/.whole"; then
    say "the disk is full, and files in $out are cut: delete it, and give a folder elsewhere"
    exit 2
fi
rm -f "$out/.whole"
# A file without content is not evidence.
for file in "$out"/*; do
    grep -q '[^[:space:]]' "$file" 2>/dev/null || rm -f "$file"
done
grep -q '^[0-9a-f]*$' "$out/msr.txt" 2>/dev/null || rm -f "$out/msr.txt"

[ -e "$out/acpidump.txt" ] || say "no ACPI tables could be read: run it as root"
[ -e "$out/variables.txt" ] || say "no EFI variables could be read: booted without UEFI, or efivarfs is not mounted"
say "$out is ready: vbscheck --from $out"
