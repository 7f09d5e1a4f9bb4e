# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# The active test of the MOR lock, and what is left of it. Steps after it scan with its result.
vbscheck mor-test --yes >refused.txt 2>&1
echo $? >refused
# A pipe that says yes is nobody who was asked. What would be done is told where output is kept, too.
echo yes | vbscheck mor-test --allow-vm 2>unconfirmed.txt >/dev/null
echo $? >unconfirmed
ls /run >untouched
vbscheck mor-test --yes --allow-vm >test.txt 2>&1
echo $? >status
ls /run/vbscheck >left
hexdump -C /sys/firmware/efi/efivars/MemoryOverwriteRequestControlLock-* >lock
# Nobody can write to a file that is immutable, not even root.
(: >>/sys/firmware/efi/efivars/MemoryOverwriteRequestControlLock-bb983ccf-151d-40e1-a07b-4a17be168292) 2>frozen
