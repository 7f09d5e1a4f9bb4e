#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# source.sh FOLDER: writes vbscheck-VERSION.tar.xz, the archive of the sources, into FOLDER and prints
# its name. In a checkout it holds the files of the last commit; in an unpacked archive, without git,
# it holds every file beside build/. Both ways write the same bytes.
set -euo pipefail
project=$(realpath "$(dirname "$0")/..")
# shellcheck source=packaging/common.sh
. "$project/packaging/common.sh"

out=$(realpath -m "${1:?usage: source.sh FOLDER}")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir -p "$out"
name=vbscheck-$(version_of "$project")
mkdir "$work/$name"
if [ -e "$project/.git" ]; then
    [ -z "$(git -C "$project" status --porcelain --untracked-files=no)" ] ||
        say "some files differ from the last commit: the archive holds the commit"
    git -C "$project" archive HEAD | tar -x -C "$work/$name"
    name=vbscheck-$(version_of "$work/$name")
    [ -d "$work/$name" ] || mv "$work"/vbscheck-* "$work/$name"
else
    tar -c -C "$project" --exclude=./build --exclude=./dist --exclude=./debian \
        --exclude=__pycache__ . | tar -x -C "$work/$name"
fi
# Neither the umask nor the owner of the checkout counts.
chmod -R u=rwX,go=rX "$work/$name"
tar -c -C "$work" --sort=name --format=ustar --owner=0 --group=0 --numeric-owner \
    --mtime="@$(time_of "$work/$name")" "$name" | xz -9e -T1 >"$work/$name.tar.xz"
mv "$work/$name.tar.xz" "$out"
echo "$out/$name.tar.xz"
