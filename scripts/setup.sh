# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Sourced by the other scripts: finds out which Debian packages are missing and installs just
# those.

# What building needs, and what tests need beyond it.
packages_build=(
    gcc libc6-dev cmake ninja-build pkg-config
    libarchive-dev libcap-ng-dev libefivar-dev libjansson-dev libpci-dev libseccomp-dev libssl-dev
    libtss2-dev
)
packages_test=(
    acpica-tools clang-format libcmocka-dev libtss2-tcti-swtpm0 mandoc python3 python3-jsonschema
    shellcheck strace swtpm swtpm-tools time tpm2-tools util-linux zstd
)
# What builds for arm64, beside the libraries.
packages_cross=(cmake gcc-aarch64-linux-gnu ninja-build pkg-config)
# What scripts/live-image needs beyond the first.
packages_live=(binutils cpio fdisk kmod mtools xorriso zstd)
# libcpuid is for x86 processors only.
case $(uname -m) in
x86_64 | i?86) packages_build+=(libcpuid-dev) ;;
esac
# The lab runs on x86 machines only; its own are of x86 and of arm64.
case $(uname -m) in
x86_64)
    packages_test+=(
        "${packages_cross[@]}" "${packages_live[@]}" ovmf qemu-system-arm qemu-system-x86
    )
    ;;
esac

say() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        say "root is needed to install packages, and there is no sudo"
        return 1
    fi
}

# install_missing PACKAGE...: asks apt for exactly those that are not installed.
install_missing() {
    local missing=() package
    if ! command -v apt-get >/dev/null; then
        say "no apt here: the README names the packages for other distributions"
        return 0
    fi
    for package in "$@"; do
        case $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) in
        installed) ;;
        *) missing+=("$package") ;;
        esac
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "installing ${missing[*]}"
    as_root apt-get -qq update >&2 &&
        as_root env DEBIAN_FRONTEND=noninteractive \
            apt-get -qq install -y --no-install-recommends "${missing[@]}" >&2 && return 0
    say "could not install them; as root run: apt-get install ${missing[*]}"
    return 1
}

# build PRESET FOLDER [CMAKE ARGUMENT...]: configures, then builds what changed.
build() {
    local preset=$1 folder=$2
    shift 2
    if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ] || [ ! -w build ]; then
        say "$folder belongs to $(stat -c %U "$folder" 2>/dev/null || stat -c %U .)" \
            "and cannot be written"
        return 1
    fi
    cmake --preset "$preset" -B "$folder" "$@" >"$folder.log" 2>&1 &&
        cmake --build "$folder" >>"$folder.log" 2>&1 && return 0
    cat "$folder.log" >&2
    say "the build failed; its output is above and in $folder.log"
    return 1
}

# What is fetched or made once for all checkouts: packages, chroots.
cache=${VBSCHECK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vbscheck}
