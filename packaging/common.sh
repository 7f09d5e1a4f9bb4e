# shellcheck shell=bash
# SPDX-License-Identifier: MIT
# Sourced by the scripts of this folder.

say() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
}

# version_of FOLDER: the version of the sources there.
version_of() {
    sed -n 's/^project(vbscheck VERSION \([0-9.]*\).*/\1/p' "$1/CMakeLists.txt"
}

# commit_of FOLDER: the commit of an unpacked archive, 12 digits, as --version prints it.
commit_of() {
    sed -n 's/^commit \([0-9a-f]\{12\}\)[0-9a-f]*$/\1/p' "$1/packaging/commit.txt"
}

# time_of FOLDER: SOURCE_DATE_EPOCH, else when the commit of an unpacked archive was made.
time_of() {
    echo "${SOURCE_DATE_EPOCH:-$(sed -n 's/^time \([0-9]\{1,\}\)$/\1/p' "$1/packaging/commit.txt")}"
}

# unpack ARCHIVE FOLDER: prints the folder of the sources.
unpack() {
    tar -x -f "$1" -C "$2"
    find "$2" -mindepth 1 -maxdepth 1 -type d -name 'vbscheck-*'
}

# Who made a package: VBSCHECK_CONTACT="Name <address>". The address below is a placeholder.
# shellcheck disable=SC2034
contact=${VBSCHECK_CONTACT:-The vbscheck authors <vbscheck@example.org>}
