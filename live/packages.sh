#!/usr/bin/env bash
# SPDX-License-Identifier: MIT
# packages.sh [-a ARCHITECTURE] [-s SUITE] [-t TREE] PACKAGE...
# Unpacks Debian packages below build/packages, of any architecture and release, and installs
# nothing: apt works on a state of its own, with the addresses that this machine's apt uses. Prints
# the folder of each package; with -t one folder, TREE, that holds them all and what they depend on.
# What was fetched before is kept. Packages whose names differ a release are named by the one that
# depends on them: linux-image-amd64 stands for the kernel that it installs.
set -euo pipefail
cd "$(dirname "$0")/.."
# shellcheck source=scripts/setup.sh
. scripts/setup.sh

arch=$(dpkg --print-architecture)
# shellcheck source=/dev/null
suite=$(. /etc/os-release && echo "${VERSION_CODENAME-}")
here_suite=$suite
tree=
while getopts a:s:t: option; do
    case $option in
    a) arch=$OPTARG ;;
    s) suite=$OPTARG ;;
    t) tree=$OPTARG ;;
    *) exit 2 ;;
    esac
done
shift $((OPTIND - 1))

top=$PWD/build/packages/$suite-$arch
mkdir -p "$top/lists/partial" "$top/archives/partial" "$top/etc/none"
exec 9>"$top/lock"
flock 9

# This machine's sources, whatever form they are written in, with the other release's name.
list_sources() {
    local keys=/usr/share/keyrings/debian-archive-keyring.gpg
    [ -e "$keys" ] || keys=
    # shellcheck disable=SC2016
    apt-get indextargets --format '$(REPO_URI) $(RELEASE) $(COMPONENT)' \
        'Created-By: Packages' | sort -u | while read -r uri release component; do
        case $release in
        "$here_suite" | "$here_suite-security" | "$here_suite-updates")
            echo "deb [arch=$arch${keys:+ signed-by=$keys}] $uri" \
                "${release/#"$here_suite"/"$suite"} $component"
            ;;
        esac
    done
}

# No dpkg status: nothing counts as installed.
: >"$top/status"
cat >"$top/apt.conf" <<END
APT::Architecture "$arch";
APT::Architectures { "$arch"; };
APT::Sandbox::User "root";
APT::Install-Recommends "false";
Acquire::Languages "none";
Dir::State "$top";
Dir::State::status "$top/status";
Dir::Cache "$top";
Dir::Etc::sourcelist "$top/etc/sources.list";
Dir::Etc::sourceparts "$top/etc/none";
Dir::Etc::preferencesparts "$top/etc/none";
END

apt() {
    APT_CONFIG=$top/apt.conf "$@"
}

update() {
    say "reading the lists of $suite for $arch"
    list_sources >"$top/etc/sources.list"
    apt apt-get -qq update >&2
}

# The package that PACKAGE stands for.
resolve() {
    case $1 in
    linux-image-*)
        apt apt-cache depends --important "$1" 2>/dev/null |
            sed -n 's/^  Depends: \(linux-image-[0-9].*\)/\1/p' | head -n 1 | grep . || echo "$1"
        ;;
    *) echo "$1" ;;
    esac
}

version_of() {
    apt apt-cache show --no-all-versions "$1" 2>/dev/null | sed -n 's/^Version: //p' | head -n 1 |
        grep .
}

# Downloads and unpacks one package; prints where.
fetch() {
    local package version folder
    package=$(resolve "$1")
    version=$(version_of "$package") || return 1
    folder=$top/${package}_${version//:/%3a}
    if [ ! -d "$folder" ]; then
        say "downloading $package $version"
        (cd "$top/archives" && apt apt-get -qq download "$package=$version" >&2) || return 1
        rm -rf "$folder.part"
        dpkg -x "$top/archives/${package}_${version//:/%3a}"_*.deb "$folder.part" || return 1
        mv "$folder.part" "$folder"
        rm -f "$top/archives/${package}_${version//:/%3a}"_*.deb
    fi
    echo "$folder"
}

# Links to absolute paths would lead out of the tree, to what this machine has there.
keep_links_inside() {
    local link
    find "$1" -type l -lname '/*' | while read -r link; do
        ln -sfnr "$1$(readlink "$link")" "$link"
    done
}

# All of them, with what they depend on, over one another.
fetch_tree() {
    local folder=$top/$tree deb
    if [ ! -d "$folder" ] || [ "$(cat "$folder.list" 2>/dev/null)" != "$*" ]; then
        say "downloading $*, and what they depend on"
        rm -rf "$folder" "$folder.part" "$folder.list"
        apt apt-get -qq install -y --download-only "$@" >&2 || return 1
        mkdir "$folder.part"
        for deb in "$top"/archives/*.deb; do
            dpkg -x "$deb" "$folder.part" || return 1
        done
        rm -f "$top"/archives/*.deb
        keep_links_inside "$folder.part"
        mv "$folder.part" "$folder"
        echo "$*" >"$folder.list"
    fi
    echo "$folder"
}

fetch_all() {
    local package
    if [ -n "$tree" ]; then
        fetch_tree "$@"
        return
    fi
    for package in "$@"; do
        fetch "$package" || return 1
    done
}

if [ -s "$top/etc/sources.list" ] && folders=$(fetch_all "$@"); then
    echo "$folders"
    exit 0
fi
# No lists yet, or they are older than what the archive holds.
if update && folders=$(fetch_all "$@"); then
    echo "$folders"
    exit 0
fi
say "could not fetch $* of $suite for $arch"
exit 1
