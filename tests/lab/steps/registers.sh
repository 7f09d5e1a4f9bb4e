# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# What the processor's registers for virtualization hold, read without vbscheck.
for register in 3a 480 48b 48c c0010114; do
    echo "$register $(dd if=/dev/cpu/0/msr bs=8 count=1 iflag=skip_bytes skip=$((0x$register)) \
        2>/dev/null | od -A n -t x8)"
done >registers
grep -m 1 '^flags' /proc/cpuinfo >flags
grep -m 1 '^vmx flags' /proc/cpuinfo >>flags
