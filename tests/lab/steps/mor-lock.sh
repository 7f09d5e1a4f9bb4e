# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# Locks the MOR lock with a key and leaves it so, as another operating system would.
lock=/sys/firmware/efi/efivars/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292
chattr -i "$lock"
printf '\7\0\0\0\1\2\3\4\5\6\7\10' >"$lock"
hexdump -C /sys/firmware/efi/efivars/MemoryOverwriteRequestControlLock-* >lock
vbscheck mor-test --yes --allow-vm >refused.txt 2>&1
echo $? >refused
