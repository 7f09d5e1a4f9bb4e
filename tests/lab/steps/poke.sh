# SPDX-License-Identifier: MIT
# shellcheck shell=dash
# Has bytes of this machine's memory changed from outside. The kernel's command line says where:
# poke=OFFSET:BYTES of what poked=TABLE names, a table of ACPI's, or "MEMATTR".
stty -F /dev/ttyS1 raw -echo
# shellcheck disable=SC2154
table=$(dmesg | sed -n "s/.*\(ACPI: $poked \|$poked=\)0x\([0-9A-Fa-f]*\).*/\2/p" | head -n 1)
# shellcheck disable=SC2154
address=$(printf %x $((0x$table + ${poke%:*})))
exec 3<>/dev/ttyS1
echo "POKE $address ${poke#*:}" >&3
read -r answer <&3
echo "$table $address ${poke#*:} $answer" >asked
[ "$answer" = "done" ] || echo "the memory was not changed"
