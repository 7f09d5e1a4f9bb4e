# shellcheck shell=bash disable=SC2034
# SPDX-License-Identifier: MIT
# Sourced by the other scripts: finds out which Debian packages are missing and installs just
# those, and builds.

# "a|b" is one package under its newer and its older name; "a?" is one that can be done without.
# What building needs; what is loaded at run time, and what each is for, is in docs/building.md.
packages_build=(
    gcc libc6-dev cmake ninja-build "pkgconf|pkg-config" libjansson-dev libseccomp-dev
    libarchive-dev? libefivar-dev? libpci-dev? libssl-dev? libxml2-dev? libhivex-dev? libevtx-dev? libbfio-dev?
    ntfs-3g-dev?
)
# Of tpm2-tss the headers are enough to build (tss2_headers), tests link it.
packages_test=(
    acpica-tools "chromium?" clang-format e2fsprogs "gcc-mingw-w64-x86-64-win32?" libarchive-tools
    libcap2-bin libcmocka-dev "libwim15?" "ntfs-3g?" libtss2-dev llvm
    "libtss2-tcti-swtpm0t64|libtss2-tcti-swtpm0" mandoc openssl osslsigncode "poppler-utils?" python3
    "prometheus?" "prometheus-node-exporter?" python3-jsonschema "python3-junitparser?"
    shellcheck "sqlite3?" strace
    swtpm swtpm-tools time "wimtools?" tpm2-tools util-linux zstd
    # The screens of the live stick, and their codes.
    "busybox-static|busybox" "qrencode?" "zbar-tools?"
    # contrib/ in the programs that fleets run.
    "ansible-core?" "git?" "iproute2?" "monitoring-plugins-basic?" "openssh-client?" "openssh-server?" "python3-yaml?"
    "rsync?" "systemd?" "yamllint?"
)
# What scripts/fuzz needs beyond these.
packages_fuzz=(clang "libclang-rt-dev?" "afl++?")
# What scripts/lint --deep needs beyond these.
packages_deep=(clang-tidy cppcheck valgrind)
# What scripts/coverage needs beyond these.
packages_coverage=(clang "libclang-rt-dev?" llvm)
# What builds for arm64, beside the libraries.
packages_cross=(cmake gcc-aarch64-linux-gnu ninja-build "pkgconf|pkg-config")
# What links libarchive, and the self-contained program, from archives, beyond the first.
packages_static=(binutils libbz2-dev liblzma-dev libzstd-dev nettle-dev zlib1g-dev)
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
        "${packages_cross[@]}" "${packages_live[@]}" dosfstools ovmf qemu-system-arm qemu-system-x86
    )
    ;;
esac

# What is fetched or made once for all checkouts: packages, chroots.
cache=${VBSCHECK_CACHE:-${XDG_CACHE_HOME:-${HOME:-$PWD/build}/.cache}/vbscheck}

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
    local folder=${TMPDIR:-/tmp}
    [ -w "$folder" ] || folder=/tmp
    apt_log=${apt_log:-$(mktemp "$folder/vbscheck-apt.XXXXXX")}
    if as_root env DEBIAN_FRONTEND=noninteractive apt-get -q -y "$@" >"$apt_log" 2>&1; then
        rm -f "$apt_log"
        return 0
    fi
    apt_problem="$(sed -n '/^[EW]: /{p;q}' "$apt_log") (all it said is in $apt_log)"
    return 1
}

# install_missing PACKAGE...: asks apt for exactly those that are not installed. Neither root nor
# network is needed where none is missing but such as can be done without.
install_missing() {
    local needed=() optional=() names=() package name
    if ! command -v apt-get >/dev/null; then
        say "no apt here: docs/building.md names the packages for other distributions"
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
    can_be_root || { apt_problem="root is needed, and there is no sudo" && return 1; }
    count=$(apt-get -s --no-install-recommends install "$@" 2>/dev/null | grep -c '^Inst') || true
    say "installing $* ($count in all, with what they need)"
    run_apt --no-install-recommends install "$@" && return 0
    # Lists that are old name packages that are gone; without a network newer ones do not come.
    ! grep -qE 'resolving|onnect' "$apt_log" &&
        run_apt update && run_apt --no-install-recommends install "$@"
}

# The folder of the headers of tpm2-tss. libtss2-dev would bring fifty packages that nothing here needs:
# it is unpacked and not installed.
tss2_folder() {
    local place
    for place in "$cache" "$PWD/build"; do
        if [ -e "$place/libtss2-dev/usr/include/tss2/tss2_mu.h" ]; then
            echo "$place/libtss2-dev/usr/include"
            return
        fi
    done
    place=$(writable_cache)/libtss2-dev
    mkdir -p "$place"
    if ! (cd "$place" && apt-get -q download libtss2-dev && dpkg -x libtss2-dev_*.deb . &&
        rm -f libtss2-dev_*.deb) >"$place/log" 2>&1; then
        say "apt could not download libtss2-dev: $(sed -n '/^[EW]: /{p;q}' "$place/log")"
        return 1
    fi
    echo "$place/usr/include"
}

# Prints the CMake argument that names the headers of tpm2-tss; nothing where they are installed.
tss2_headers() {
    local folder
    [ ! -e /usr/include/tss2/tss2_mu.h ] && command -v apt-get >/dev/null || return 0
    folder=$(tss2_folder) || return 1
    echo "-DVBSCHECK_TSS2_HEADERS=$folder"
}

# Of tpm2-tss those libraries that are loaded where there is a TPM.
install_for_tpm() {
    local loaded
    [ -e /dev/tpmrm0 ] && command -v apt-get >/dev/null || return 0
    mapfile -t loaded < <(apt-cache depends libtss2-dev 2>/dev/null |
        sed -nE 's/^ *Depends: (libtss2-(mu|tctildr|tcti-device)[^ ]*)$/\1?/p')
    install_missing "${loaded[@]}"
}

# Building ---------------------------------------------------------------------------------------

# Where builds go: beside the sources, unless VBSCHECK_BUILD names another folder.
builds=${VBSCHECK_BUILD:-build}

# A folder that can be written, made if need be.
make_folder() {
    local problem owner
    if ! problem=$(mkdir -p "$1" 2>&1); then
        say "$problem; VBSCHECK_BUILD=FOLDER names another place for builds"
        return 1
    fi
    [ -w "$1" ] && [ -w "$(dirname "$1")" ] && return 0
    owner=$(stat -c %U "$1")
    say "$1 cannot be written (it belongs to $owner): VBSCHECK_BUILD=FOLDER names another place" \
        "for builds"
    return 1
}

# build PRESET FOLDER [CMAKE ARGUMENT...]: configures, then builds what changed.
# build_only names the one target that is wanted.
build() {
    local preset=$1 folder=$2
    shift 2
    make_folder "$folder" || return 1
    # Of a checkout that was moved, or is seen under another path.
    if [ -e "$folder/CMakeCache.txt" ] &&
        ! grep -qxF "CMAKE_HOME_DIRECTORY:INTERNAL=$PWD" "$folder/CMakeCache.txt"; then
        rm -rf "$folder/CMakeCache.txt" "$folder/CMakeFiles"
    fi
    cmake --preset "$preset" -B "$folder" "$@" >"$folder.log" 2>&1 &&
        cmake --build "$folder" ${build_only:+--target "$build_only"} >>"$folder.log" 2>&1 &&
        return 0
    cat "$folder.log" >&2
    say "the build failed; its output is above and in $folder.log"
    return 1
}

# What somebody else built, who alone may write there, is used as it is, if it is not old.
use_theirs() {
    local newer
    newer=$(find CMakeLists.txt cmake include src -newer "$program" -type f | sed -n 1p)
    if [ -n "$newer" ]; then
        say "$program belongs to $(stat -c %U "$program") and is older than $newer:" \
            "VBSCHECK_BUILD=FOLDER builds another one"
        return 1
    fi
    say "$program belongs to $(stat -c %U "$program"): using it as it is"
}

# Installs what is missing and builds the program as users run it, in $builds/scan; sets `program`.
build_program() {
    local folder headers
    folder=$(realpath -m "$builds")/${1:-scan}
    program=$folder/vbscheck
    if [ -x "$program" ] && [ ! -w "$folder" ]; then
        use_theirs || return 1
    else
        install_missing "${packages_build[@]}" || return 1
        headers=$(tss2_headers) || return 1
        [ -x "$program" ] || say "building vbscheck in $folder"
        build release "$folder" -DVBSCHECK_TESTS=OFF "${@:2}" ${headers:+"$headers"} || return 1
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
