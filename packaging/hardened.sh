#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# hardened.sh PROGRAM [OBJECT...]: says what protects the program, by readelf, one line each, and fails
# where something is missing. OBJECTs are the files that it was linked from: CET (x86) and BTI (arm64)
# are looked for there, since a linker marks the whole program only if every library has it too.
set -euo pipefail
program=${1:?usage: hardened.sh PROGRAM [OBJECT...]}
shift
export LC_ALL=C
failed=0

# check NAME COMMAND...
check() {
    local name=$1
    shift
    if "$@"; then
        echo "yes  $name"
    else
        echo "NO   $name"
        failed=1
    fi
}

dynamic=$(readelf -dW "$program")
headers=$(readelf -lW "$program")
type=$(readelf -hW "$program" | sed -n 's/^ *Type: *\([A-Z]*\).*/\1/p')
# Programs that are stripped and static have no names left: the objects have.
names=$(for object in "$@"; do nm --undefined-only "$object" 2>/dev/null; done;
    nm -D --undefined-only "$program" 2>/dev/null || :)

# check() calls these by their names.
# shellcheck disable=SC2317
{
    no_executable_stack() { grep -q 'GNU_STACK.* RW ' <<<"$headers"; }
    no_writable_code() { ! grep -q 'LOAD.* RWE ' <<<"$headers"; }
    full_relro() { grep -q GNU_RELRO <<<"$headers" && grep -qE 'BIND_NOW|FLAGS.* NOW' <<<"$dynamic"; }
    no_text_relocations() { ! grep -q TEXTREL <<<"$dynamic"; }
    calls() { grep -qE "$1" <<<"$names"; }
}

check "position-independent (PIE)" test "$type" = DYN
check "full RELRO, bound at the start (BIND_NOW)" full_relro
check "no executable stack" no_executable_stack
check "no memory both writable and executable" no_writable_code
check "no relocations in the code" no_text_relocations
check "stack protector" calls __stack_chk_fail
check "FORTIFY" calls '__[a-z]+_chk$'

case $(readelf -hW "$program") in
*X86-64*) name="CET (IBT and SHSTK)" mark='IBT, SHSTK' ;;
*AArch64*) name="BTI and PAC" mark='BTI' ;;
*) name= ;;
esac
if [ -n "$name" ]; then
    without=0
    for object in "$@"; do
        readelf -nW "$object" 2>/dev/null | grep -q "$mark" || without=$((without + 1))
    done
    check "$name in each of the $# object files of the program" test $without = 0
    if readelf -nW "$program" | grep -q "$mark"; then
        echo "yes  $name in the whole program"
    else
        echo "     $name is not in the whole program: the distribution's archives are without it"
    fi
fi
exit $failed
