#!/bin/busybox sh
# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The guest's only process: runs the steps that lab=STEP,STEP on the kernel's command line names,
# prints the files that each leaves behind, and powers off. tests/lab/boot.py reads that.
/bin/busybox --install -s /bin
export PATH=/bin
# The kernel's messages would end up within what is printed, the terminal's newlines as well.
dmesg -n 1
stty raw

mount -t proc proc /proc
mount -t sysfs sys /sys
mount -t devtmpfs dev /dev
mount -t securityfs security /sys/kernel/security
mount -t debugfs debug /sys/kernel/debug
for module in /lib/modules/*.ko; do
    insmod "$module"
done
mount -t efivarfs efivars /sys/firmware/efi/efivars

# With its digest, since the console might lose something.
show() {
    echo "LAB-BEGIN $1"
    case $1 in
    *.gz) base64 <"$1" ;;
    *) cat "$1" ;;
    esac
    # The marker stands alone even where a file's last line has no end.
    echo
    echo "LAB-END $1 $(sha256sum <"$1" | cut -d' ' -f1)"
}

# Firmware leaves its own last line open.
echo
# The kernel makes variables of the words it does not know.
# shellcheck disable=SC2154
for step in $(echo "$lab" | tr , ' '); do
    mkdir -p "/tmp/lab/$step"
    cd "/tmp/lab/$step" || break
    sh "/steps/$step.sh" >log 2>&1
    cd /tmp/lab || break
    for file in "$step"/*; do
        show "$file"
    done
done
echo LAB-DONE
poweroff -f
