# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Sourced by the other scripts: finds out which Debian packages are missing and installs just
# those, and builds.

# "a|b" is one package under its newer and its older name; "a?" is one that can be done without.
# What building needs; what is loaded at run time, and what each is for, is in the README.
packages_build=(
    gcc libc6-dev cmake ninja-build "pkgconf|pkg-config" libjansson-dev libseccomp-dev
    libarchive-dev? libefivar-dev? libpci-dev? libssl-dev?
)
# Of tpm2-tss the headers are enough to build (tss2_headers), tests link it.
packages_test=(
    acpica-tools clang-format e2fsprogs libcmocka-dev libtss2-dev
    "libtss2-tcti-swtpm0t64|libtss2-tcti-swtpm0" mandoc python3 python3-jsonschema shellcheck strace
    swtpm swtpm-tools time tpm2-tools util-linux zstd
)
# What builds for arm64, beside the libraries.
packages_cross=(cmake gcc-aarch64-linux-gnu ninja-build "pkgconf|pkg-config")
# What scripts/live-image needs beyond the first.
packages_live=(binutils cpio fdisk kmod mtools xorriso zstd)
# libcpuid is for x86 processors only.
case $(uname -m) in
x86_64 | i?86) packages_build+=(libcpuid-dev?) ;;
esac
# The machines that the lab boots are of x86 and of arm64; it runs on x86 only.
packages_lab=()
case $(uname -m) in
x86_64)
    packages_lab=(
        "${packages_cross[@]}" "${packages_live[@]}" ovmf qemu-system-arm qemu-system-x86
    )
    ;;
esac

# What is fetched or made once for all checkouts: packages, chroots.
cache=${VBSCHECK_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/vbscheck}

say() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
}

can_be_root() {
    [ "$(id -u)" = 0 ] || command -v sudo >/dev/null
}

as_root() {
    if [ "$(id -u)" = 0 ]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "E: root is needed, and there is no sudo" >&2
        return 1
    fi
}

# Installing -------------------------------------------------------------------------------------

is_installed() {
    local name
    for name in ${1//|/ }; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" != installed ] || return 0
    done
    return 1
}

# The name under which apt has a package; nothing where it has none.
name_in_apt() {
    local name
    for name in ${1//|/ }; do
        if [[ $(apt-cache policy "$name" 2>/dev/null) == *"Candidate: "[!\(]* ]]; then
            echo "$name"
            return
        fi
    done
}

# run_apt ARGUMENT...: all that apt says goes to a file, of a failure `apt_problem` is the gist.
run_apt() {
    local log
    log=$(mktemp "${TMPDIR:-/tmp}/vbscheck-apt.XXXXXX")
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$log" 2>&1; then
        rm -f "$log"
        return 0
    fi
    apt_problem="$(sed -n '/^[EW]: /{p;q}' "$log") (all it said is in $log)"
    return 1
}

# install_missing PACKAGE...: asks apt for exactly those that are not installed. Neither root nor
# network is needed where none is missing but such as can be done without.
install_missing() {
    local needed=() optional=() names=() package name
    if ! command -v apt-get >/dev/null; then
        say "no apt here: the README names the packages for other distributions"
        return 0
    fi
    for package in "$@"; do
        if is_installed "${package%\?}"; then
            continue
        elif [ "$package" = "${package%\?}" ]; then
            needed+=("$package")
        else
            optional+=("${package%\?}")
        fi
    done
    [ ${#needed[@]} = 0 ] || [ -n "$(name_in_apt "${needed[0]}")" ] || run_apt update || true
    for package in "${needed[@]}"; do
        name=$(name_in_apt "$package")
        names+=("${name:-${package%%|*}}")
    done
    for package in "${optional[@]}"; do
        name=$(name_in_apt "$package")
        if [ -z "$name" ]; then
            say "apt has no $package: going on without"
        elif [ ${#needed[@]} = 0 ] && ! can_be_root; then
            say "$package is not installed: going on without, since only root can install it"
        else
            names+=("$name")
        fi
    done
    [ ${#names[@]} -gt 0 ] || return 0
    install_names "${names[@]}" && return 0
    say "apt could not install them: $apt_problem." \
        "To install them by hand: apt-get install ${names[*]}"
    return 1
}

install_names() {
    local count
    count=$(apt-get -s --no-install-recommends install "$@" 2>/dev/null | grep -c '^Inst') || true
    say "installing $*: $count packages with what they need"
    # Lists that are old name packages that are gone.
    run_apt --no-install-recommends install "$@" ||
        { run_apt update && run_apt --no-install-recommends install "$@"; }
}

# Prints the CMake argument that names the headers of tpm2-tss; nothing where they are installed.
# libtss2-dev would bring fifty packages that nothing here needs: it is unpacked and not installed, and
# of its libraries those are installed that are loaded where there is a TPM.
tss2_headers() {
    local folder loaded
    [ ! -e /usr/include/tss2/tss2_mu.h ] && command -v apt-get >/dev/null || return 0
    folder=$(live/packages.sh libtss2-dev) || return 1
    mapfile -t loaded < <(apt-cache depends libtss2-dev |
        sed -nE 's/^ *Depends: (libtss2-(mu|tctildr|tcti-device)[^ ]*)$/\1?/p')
    install_missing "${loaded[@]}" || return 1
    echo "-DVBSCHECK_TSS2_HEADERS=$folder/usr/include"
}

# Building ---------------------------------------------------------------------------------------

# Where builds go: beside the sources, unless VBSCHECK_BUILD names another folder.
builds=${VBSCHECK_BUILD:-build}

# build PRESET FOLDER [CMAKE ARGUMENT...]: configures, then builds what changed.
build() {
    local preset=$1 folder=$2
    shift 2
    if ! mkdir -p "$folder" 2>/dev/null || [ ! -w "$folder" ] || [ ! -w "${folder%/*}" ]; then
        say "$folder cannot be written (it belongs to" \
            "$(stat -c %U "$folder" 2>/dev/null || stat -c %U .)):" \
            "VBSCHECK_BUILD=FOLDER names another place for builds"
        return 1
    fi
    cmake --preset "$preset" -B "$folder" "$@" >"$folder.log" 2>&1 &&
        cmake --build "$folder" >>"$folder.log" 2>&1 && return 0
    cat "$folder.log" >&2
    say "the build failed; its output is above and in $folder.log"
    return 1
}

# Installs what is missing and builds the program as users run it, in $builds/scan; sets `program`.
# One that somebody else built there, who alone may write there, is used as it is.
build_program() {
    local folder headers
    install_missing "${packages_build[@]}" || return 1
    headers=$(tss2_headers) || return 1
    folder=$(realpath -m "$builds")/scan
    program=$folder/vbscheck
    if [ -x "$program" ] && [ ! -w "$folder" ]; then
        say "$folder belongs to $(stat -c %U "$folder"): using the program that is there"
    else
        [ -x "$program" ] || say "building vbscheck in $folder"
        build release "$folder" -DVBSCHECK_TESTS=OFF -DVBSCHECK_BENCH=OFF ${headers:+"$headers"} ||
            return 1
    fi
    "$program" --version >/dev/null 2>&1 && return 0
    say "$folder is on a file system that starts no programs (noexec):" \
        "VBSCHECK_BUILD=FOLDER names another place for builds"
    return 1
}

# Prints the folder for new downloads: the cache, or build/ if the cache cannot be written.
writable_cache() {
    if mkdir -p "$cache" 2>/dev/null && [ -w "$cache" ]; then
        realpath "$cache"
    else
        echo "$PWD/build"
    fi
}
