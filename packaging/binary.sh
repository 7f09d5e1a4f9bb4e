#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# binary.sh FOLDER: builds the self-contained program, strips it, and writes it into FOLDER as
# vbscheck-VERSION-ARCHITECTURE; prints its name. The same sources and packages make the same bytes,
# wherever they lie. Without tss2-mu, which a download gives, the program judges no answers of a TPM:
# its --version says so.
set -euo pipefail
out=$(realpath -m "${1:?usage: binary.sh FOLDER}")
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

install_missing "${packages_build[@]}" "${packages_static[@]}"
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null ||
    stat -c %Y CMakeLists.txt)}
export SOURCE_DATE_EPOCH TZ=UTC LC_ALL=C
unset CCACHE_BASEDIR # ccache would give the compiler other names of the files, which assertions print

arguments=()
if mu=$(timeout 120 packaging/tss2-mu.sh); then
    { read -r archive && read -r headers; } <<<"$mu"
    arguments+=("-DVBSCHECK_TSS2_MU_ARCHIVE=$archive" "-DVBSCHECK_TSS2_HEADERS=$headers")
else
    say "the source of tpm2-tss could not be had: the program will not judge the answers of a TPM"
    headers=$(tss2_headers)
    arguments+=(-DVBSCHECK_TSS2_MU_ARCHIVE= ${headers:+"$headers"})
fi
folder=$(realpath -m "$builds")/self-contained
build self-contained "$folder" "${arguments[@]}"
version=$("$folder/vbscheck" --version | sed -n 's/^vbscheck //p')
mkdir -p "$out"
name=$out/vbscheck-$version-$(dpkg --print-architecture 2>/dev/null || uname -m)
strip -o "$name" "$folder/vbscheck"
echo "$name"
