#!/bin/sh
# SPDX-License-Identifier: MIT
# loaded.sh PROGRAM: prints the packages of Debian that have the libraries that PROGRAM loads at run time,
# as the substitution variables loaded:Recommends and loaded:Suggests. A library that links all of them
# is made, and dpkg-shlibdeps finds their packages.
set -eu
here=$(realpath "$(dirname "$0")")
program=$(realpath "$1")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/debian"
printf 'Source: x\n\nPackage: x\nArchitecture: any\n' >"$work/debian/control"
for how in recommends suggests; do
    set --
    for name in $(strings -a "$program" | grep -E '^lib[a-z0-9_-]+\.so\.[0-9]+$' | sort -u); do
        if awk -v n="${name%.so*}" -v h=$how '$1 == n && $2 == h {found = 1} END {exit !found}' \
            "$here/libraries.tsv"; then
            set -- "$@" "-l:$name"
        fi
    done
    echo 'int nothing;' | gcc -shared -nostdlib -x c - -o "$work/$how.so" -Wl,--no-as-needed "$@"
    (cd "$work" && dpkg-shlibdeps -O --warnings=0 "-e$how.so") |
        sed -n "s/^shlibs:Depends=/loaded:$how=/p" | sed 's/:recommends/:Recommends/; s/:suggests/:Suggests/'
done
