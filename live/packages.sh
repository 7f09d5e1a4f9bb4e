#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages.sh [-a ARCHITECTURE] [-s SUITE] [-t TREE | -S] PACKAGE...
# Unpacks Debian packages of any architecture and release into a cache, and installs nothing. Prints
# the folder of each package; with -t one folder, TREE, that holds them all and what they depend on.
# With -S it is source packages, as their makers released them, with their SHA-256 in the file sha256.
# What is in the cache already is only read: that needs neither network nor root. A package whose
# name differs a release is named by the one that depends on it: linux-image-amd64 stands for the
# kernel that it installs. The cache is ~/.cache/vbscheck/packages, or packages in VBSCHECK_CACHE, or
# build/packages if that cannot be written.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

arch=$(dpkg --print-architecture)
# shellcheck source=/dev/null
here_suite=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
suite=
tree=
source=no
while getopts Sa:s:t: option; do
    case $option in
    S) source=yes ;;
    a) arch=$OPTARG ;;
    s) suite=$OPTARG ;;
    t) tree=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

# The machine's addresses -------------------------------------------------------------------------

# apt of this machine with its sources and without its configuration, which may name other indexes.
apt_get_here() {
    local conf
    conf=$(mktemp)
    echo 'Dir::Etc::main "/dev/null"; Dir::Etc::parts "/dev/null";' >"$conf"
    APT_CONFIG=$conf apt-get "$@"
    rm -f "$conf"
}

# Prints URI, SUITE and SUFFIX of each Debian archive that this machine uses, in each form that its
# sources can have.
archives() {
    # shellcheck disable=SC2016
    apt_get_here indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' 'Created-By: Packages' |
        sort -u | while read -r uri release component; do
        local name=${release%-updates}
        name=${name%-security}
        case "$component $name" in
        # A suite has two names, and sid calls itself by the codename of the next release.
        "main $here_suite" | main\ *stable | main\ testing | main\ sid)
            echo "$uri $name ${release#"$name"}"
            ;;
        esac
    done
}

default_suite() {
    archives | awk -v here="$here_suite" '
        $2 == here || $2 ~ /^(stable|testing)$/ { codename = 1 }
        $2 ~ /^(sid|unstable)$/ { sid = 1 }
        END { print (sid && !codename) ? "sid" : here }'
}

# The same archives, with the wanted release's name.
list_sources() {
    local keys option=
    for keys in /usr/share/keyrings/debian-archive-keyring.{pgp,gpg}; do
        [ ! -e "$keys" ] || option=" signed-by=$keys"
    done
    archives | while read -r uri _ suffix; do
        case $suite$suffix in
        # Updates go straight into these.
        sid-* | unstable-* | experimental-*) ;;
        *)
            if [ $source = yes ]; then
                echo "deb-src${option:+ [${option# }]} $uri $suite$suffix main"
            else
                echo "deb [arch=$arch$option] $uri $suite$suffix main"
            fi
            ;;
        esac
    done | sort -u
}

# How this machine reaches its archives: proxies, certificates, and what it does not check.
list_reach() {
    apt-config dump 2>/dev/null |
        grep -E '^Acquire::(http|https|ftp|Check-|Max-|Min-|Retries|ForceIPv)' || :
}

# What is there -----------------------------------------------------------------------------------

[ -n "$suite" ] || suite=$(default_suite)
index=$arch
[ $source = no ] || index=source

# Other checkouts may want other packages in a tree of the same name.
tree_folder() {
    echo "$tree-$(echo "$*" | sha256sum | cut -c 1-12)"
}

# kept CACHE PACKAGE...: prints their folders; fails if one is missing.
kept() {
    local top=$1/packages/$suite-$index package folder
    shift
    if [ -n "$tree" ]; then
        folder=$top/$(tree_folder "$@")
        [ -d "$folder" ] && echo "$folder"
        return
    fi
    for package in "$@"; do
        folder=$top/$(cat "$top/have/$package" 2>/dev/null) || return 1
        [ -d "$folder" ] && echo "$folder" || return 1
    done
}

for place in "$(realpath -m "$cache")" "$PWD/build"; do
    if folders=$(kept "$place" "$@"); then
        echo "$folders"
        exit 0
    fi
done

# Fetching ----------------------------------------------------------------------------------------

# Others may read what root fetched.
umask 022
place=$(writable_cache)
top=$place/packages/$suite-$index
mkdir -p "$top"/{lists/partial,archives/partial,etc,have} 2>/dev/null || {
    say "not everything is in the cache, and $top cannot be written"
    exit 1
}
exec 9>"$top/lock"
flock 9

# apt reads the file that APT_CONFIG names first, and then main and parts as that file has them: the
# machine's own would otherwise win. No dpkg status: nothing counts as installed.
: >"$top/status"
rm -f "$top/apt.conf"
(
    # Proxies may have passwords.
    umask 077
    cat >"$top/apt.conf" <<END
Dir::Etc::main "/dev/null";
Dir::Etc::parts "/dev/null";
Dir::Etc::preferences "/dev/null";
Dir::Etc::preferencesparts "/dev/null";
Dir::Etc::sourcelist "$top/etc/sources.list";
Dir::Etc::sourceparts "/dev/null";
Dir::State "$top";
Dir::State::status "$top/status";
Dir::Cache "$top";
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
$(list_reach)
END
)

apt() {
    APT_CONFIG=$top/apt.conf "$@"
}

update() {
    say "reading the lists of $suite for $arch"
    list_sources >"$top/etc/sources.list"
    [ -s "$top/etc/sources.list" ] || {
        say "apt of this machine has no archive of Debian among its sources"
        return 1
    }
    apt apt-get -qq update >>"$top/log" 2>&1
}

# depends_of PACKAGE PATTERN: those of its dependencies whose names match.
depends_of() {
    apt apt-cache depends --important "$1" 2>/dev/null | sed -n "s/^  Depends: \($2\)$/\1/p"
}

# The packages that PACKAGE stands for; the first names the folder.
resolve() {
    local package=$1
    case $1 in
    linux-image-*)
        package=$(depends_of "$1" 'linux-image-[0-9].*' | head -n 1)
        package=${package:-$1}
        echo "$package"
        # Since 2026 the image and the modules are packages of their own.
        depends_of "$package" 'linux-\(base\|binary\|modules\)-[0-9].*'
        ;;
    ovmf)
        # The same: firmware for other kinds of machines was split off.
        depends_of ovmf ovmf-generic | grep . || echo ovmf
        ;;
    *) echo "$1" ;;
    esac
}

version_of() {
    apt apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1 |
        grep .
}

# finish FOLDER: what those who may only read the cache cannot do any more. Kernels have moved; here
# the modules are found at both places, and the image in boot.
finish() {
    local modules version
    chmod -R a+rX "$1"
    if [ -d "$1/usr/lib/modules" ] && [ ! -e "$1/lib" ]; then
        ln -s usr/lib "$1/lib"
    elif [ -d "$1/lib/modules" ] && [ ! -e "$1/usr/lib" ]; then
        mkdir -p "$1/usr"
        ln -s ../lib "$1/usr/lib"
    fi
    for modules in "$1"/lib/modules/*/kernel; do
        [ -d "$modules" ] || continue
        version=$(basename "$(dirname "$modules")")
        if [ -e "$1/lib/modules/$version/vmlinuz" ]; then
            mkdir -p "$1/boot"
            ln -s "../lib/modules/$version/vmlinuz" "$1/boot/vmlinuz-$version"
        fi
        /sbin/depmod -b "$1" "$version" || return 1
    done
}

# unpack FOLDER PACKAGE...
unpack() {
    local into=$1 package version deb
    shift
    for package in "$@"; do
        version=$(version_of "$package") || return 1
        say "downloading $package $version"
        (cd "$top/archives" && apt apt-get -qq download "$package=$version" >>"$top/log" 2>&1) || return 1
        for deb in "$top/archives/${package}_${version//:/%3a}"_*.deb; do
            dpkg -x "$deb" "$into" && rm -f "$deb" || return 1
        done
    done
}

# Downloads and unpacks one package; prints where.
fetch() {
    local packages version name
    mapfile -t packages < <(resolve "$1")
    version=$(version_of "${packages[0]}") || return 1
    name=${packages[0]}_${version//:/%3a}
    if [ ! -d "$top/$name" ]; then
        rm -rf "$top/$name.part"
        unpack "$top/$name.part" "${packages[@]}" && finish "$top/$name.part" || return 1
        mv "$top/$name.part" "$top/$name"
    fi
    echo "$name" >"$top/have/$1"
    echo "$top/$name"
}

# Links to absolute paths would lead out of the tree, to what this machine has there.
keep_links_inside() {
    local link
    find "$1" -type l -lname '/*' | while read -r link; do
        ln -sfnr "$1$(readlink "$link")" "$link"
    done
}

# make_merged FOLDER: makes the links from /lib to /usr/lib and so on, which no package holds and on
# which the packages of newer releases count.
make_merged() {
    local name
    for name in bin lib lib64 sbin; do
        mkdir -p "$1/usr/$name"
        ln -s "usr/$name" "$1/$name"
    done
}

# All of them, with what they depend on, over one another.
fetch_tree() {
    local folder deb
    folder=$top/$(tree_folder "$@")
    if [ ! -d "$folder" ]; then
        say "downloading $*, and what they depend on"
        rm -rf "$folder.part"
        apt apt-get -qq install -y --download-only "$@" >>"$top/log" 2>&1 || return 1
        make_merged "$folder.part"
        for deb in "$top"/archives/*.deb; do
            dpkg -x "$deb" "$folder.part" || return 1
        done
        rm -f "$top"/archives/*.deb
        keep_links_inside "$folder.part"
        chmod -R a+rX "$folder.part"
        mv "$folder.part" "$folder"
    fi
    echo "$folder"
}

# Downloads a source package and unpacks what its makers released, without Debian's changes.
fetch_source() {
    local file name
    name=$1-source
    if [ ! -d "$top/$name" ]; then
        say "downloading the source of $1"
        rm -rf "$top/$name.part" "$top/archives/$1"_*
        mkdir -p "$top/$name.part"
        (cd "$top/archives" && apt apt-get -qq source --download-only "$1" >>"$top/log" 2>&1) ||
            return 1
        for file in "$top/archives/$1"_*.orig.tar.*[!c]; do
            tar -xf "$file" -C "$top/$name.part" --strip-components=1 || return 1
            sha256sum "$file" | cut -d ' ' -f 1 >"$top/$name.part/sha256"
        done
        rm -f "$top/archives/$1"_*
        chmod -R a+rX "$top/$name.part"
        mv "$top/$name.part" "$top/$name"
    fi
    echo "$name" >"$top/have/$1"
    echo "$top/$name"
}

fetch_all() {
    local package
    if [ $source = yes ]; then
        for package in "$@"; do
            fetch_source "$package" || return 1
        done
        return
    fi
    if [ -n "$tree" ]; then
        fetch_tree "$@"
        return
    fi
    for package in "$@"; do
        fetch "$package" || return 1
    done
}

: >"$top/log" 2>/dev/null || true
if [ -s "$top/etc/sources.list" ] && folders=$(fetch_all "$@"); then
    echo "$folders"
    exit 0
fi
# No lists yet, or they are older than what the archive holds.
if update && folders=$(fetch_all "$@"); then
    echo "$folders"
    exit 0
fi
say "could not fetch $* of $suite for $arch: $(sed -n '/^[EW]: /{p;q}' "$top/log")" \
    "(all that apt said is in $top/log)"
exit 1
