# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# Fills the kernel's log until it has lost its beginning, as that of a machine that has run for
# long. Unasked, Linux lets a program write ten lines at once and no more.
echo on >/proc/sys/kernel/printk_devkmsg
last=$(dmesg | tail -n 1)
line=$(printf 'filled %0900d' 0)
i=0
while [ $i -lt 300 ]; do
    echo "$line" >/dev/kmsg
    i=$((i + 1))
done
# The oldest record that is left: "PRIORITY,SEQUENCE,...".
dd if=/dev/kmsg bs=8192 count=1 2>/dev/null | cut -c 1-40 >oldest
# What was there before is gone if its last line is; the kernel may say more meanwhile.
dmesg | grep -F "$last" >left
