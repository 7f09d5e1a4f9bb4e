#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""sbom.py PROGRAM [--map FILE] [--notice FILE] [--output FILE]: what a program is made of, as SPDX 2.3 JSON.

Libraries that PROGRAM links come from its dynamic section (DYNAMIC_LINK), those that it loads from the
names in it (OPTIONAL_DEPENDENCY_OF), those that are in it from the linker's map (-Wl,-Map=FILE;
STATIC_LINK). Versions are those of Debian's packages that hold the files, licences those of
packaging/libraries.tsv. --notice writes the list of what is linked in, with licences, as text.
The time in it is SOURCE_DATE_EPOCH, so the same program gives the same bytes.
"""
import argparse
import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SONAME = re.compile(rb"lib[a-z0-9_-]+\.so\.[0-9]+")
DEVELOPMENT = re.compile(r"^\s*(/\S+/(lib\w[\w.+-]*)\.a)\(", re.M)


def output(*args):
    return subprocess.run(args, check=True, capture_output=True, text=True).stdout


def stem(name):
    """libtss2-mu of libtss2-mu.so.0, libz of libz.a; 3.9.0 of libseccomp.so.2.5.4 too."""
    return re.sub(r"\.(so|a)\b.*$", "", name)


def licences():
    rows = {}
    for line in (HERE / "libraries.tsv").read_text().splitlines():
        if line and not line.startswith("#"):
            name, how, licence = line.split("\t")
            rows[name] = (how, licence)
    return rows


def sha256(path):
    return hashlib.sha256(pathlib.Path(path).read_bytes()).hexdigest()


def find(soname):
    for line in output("/sbin/ldconfig", "-p").splitlines():
        if line.split(" ")[0].strip() == soname:
            return line.split(" => ")[1]
    return None


def package(path):
    """(package, its version, its source) of Debian that holds a file; None if none does."""
    for name in (path, os.path.realpath(path), "/usr" + path, path.removeprefix("/usr")):
        found = subprocess.run(["dpkg", "-S", name], capture_output=True, text=True)
        if found.returncode == 0:
            holder = found.stdout.split(": ")[0].split(",")[0]
            told = output("dpkg-query", "-W", "-f", "${Package}\t${Version}\t${source:Package}", holder)
            return told.split("\t")
    return None


class Document:
    def __init__(self, program):
        self.rows = licences()
        self.packages, self.relationships, self.linked_in = [], [], []
        told = re.search(r"^vbscheck (\S+)$", output(program, "--version"), re.M)
        self.add("vbscheck", told[1], "MIT", program, None)
        self.digest = self.packages[0]["checksums"][0]["checksumValue"]

    def add(self, name, version, licence, path, holder):
        entry = {"SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", name), "name": name,
                 "versionInfo": version, "downloadLocation": "NOASSERTION", "filesAnalyzed": False,
                 "licenseConcluded": licence, "licenseDeclared": licence,
                 "copyrightText": "NOASSERTION"}
        if path:
            entry["packageFileName"] = os.path.basename(path)
            entry["checksums"] = [{"algorithm": "SHA256", "checksumValue": sha256(path)}]
        if holder:
            purl = f"pkg:deb/debian/{holder[0]}@{holder[1]}"
            entry["externalRefs"] = [{"referenceCategory": "PACKAGE-MANAGER",
                                      "referenceType": "purl", "referenceLocator": purl}]
            entry["sourceInfo"] = f"built from Debian's source package {holder[2]}"
        self.packages.append(entry)
        return entry["SPDXID"]

    def library(self, name, path, relation):
        if name not in self.rows:
            sys.exit(f"sbom.py: {name} is not in packaging/libraries.tsv: add a row with its licence")
        holder = package(path) if path else None
        ident = self.add(name, holder[1] if holder else "NOASSERTION", self.rows[name][1], path, holder)
        ends = ("SPDXRef-vbscheck", ident)
        if relation == "OPTIONAL_DEPENDENCY_OF":
            ends = (ends[1], ends[0])
        self.relationships.append({"spdxElementId": ends[0], "relationshipType": relation,
                                   "relatedSpdxElement": ends[1]})
        if relation == "STATIC_LINK":
            self.linked_in.append((name, self.rows[name][1], holder, path))

    def seen(self):
        return {p["name"] for p in self.packages}

    def json(self):
        when = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH") or 0),
                                               datetime.timezone.utc)
        document = {
            "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
            "name": f"vbscheck-{self.packages[0]['versionInfo']}",
            "documentNamespace": f"urn:sha256:{self.digest}",
            "creationInfo": {"created": when.strftime("%Y-%m-%dT%H:%M:%SZ"),
                             "creators": ["Tool: packaging/sbom.py"]},
            "packages": self.packages,
            "relationships": [{"spdxElementId": "SPDXRef-DOCUMENT", "relationshipType": "DESCRIBES",
                               "relatedSpdxElement": "SPDXRef-vbscheck"}] + self.relationships,
        }
        named = sorted({word for p in self.packages
                        for word in re.findall(r"LicenseRef-[\w.-]+", p["licenseDeclared"])})
        if named:
            document["hasExtractedLicensingInfos"] = [
                {"licenseId": word, "name": word.removeprefix("LicenseRef-"),
                 "extractedText": "The authors put it into the public domain."} for word in named]
        return json.dumps(document, indent=2) + "\n"

    def notice(self):
        lines = ["The program is under the MIT licence (LICENSE). These libraries are linked into it, in whole or in part:", ""]
        for name, licence, holder, path in self.linked_in:
            of = f"{holder[0]} {holder[1]} of Debian" if holder else os.path.basename(path)
            lines.append(f"  {name:<16} {licence:<40} {of}")
        lines += ["", "The licences' texts are in /usr/share/doc/PACKAGE/copyright and /usr/share/common-licenses of Debian.",
                  "For those under the LGPL: the sources of this program and scripts/release link it again with other",
                  "versions of them. Parts of libntfs-3g and libpci (GPL) are never linked into it.", ""]
        return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    parser.add_argument("program")
    parser.add_argument("--map")
    parser.add_argument("--notice")
    parser.add_argument("--output", default="-")
    args = parser.parse_args()
    document = Document(os.path.realpath(args.program))
    if args.map:
        text = pathlib.Path(args.map).read_text(errors="replace").split("\nMemory Configuration")[0]
        own = {"libvbs_core", "libvbs_io"}
        for path, name in sorted(set(DEVELOPMENT.findall(text)), key=lambda x: x[1]):
            if name not in own | document.seen():
                document.library(name, os.path.normpath(path), "STATIC_LINK")
    needed = re.findall(r"NEEDED\s+(\S+)", output("objdump", "-p", args.program))
    for soname in sorted(needed):
        if stem(soname) not in document.seen() and not soname.startswith("ld-linux"):
            document.library(stem(soname), find(soname), "DYNAMIC_LINK")
    names = {x.decode() for x in SONAME.findall(pathlib.Path(args.program).read_bytes())}
    for soname in sorted(names):
        how = document.rows.get(stem(soname), ("", ""))[0]
        if how in ("recommends", "suggests") and stem(soname) not in document.seen():
            document.library(stem(soname), find(soname), "OPTIONAL_DEPENDENCY_OF")
    if args.output == "-":
        sys.stdout.write(document.json())
    else:
        pathlib.Path(args.output).write_text(document.json())
    if args.notice:
        pathlib.Path(args.notice).write_text(document.notice())


main()
