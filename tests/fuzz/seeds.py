# SPDX-License-Identifier: MIT
"""The seeds of a fuzz target: tests/fuzz/corpus, the fixtures, and the corpus of real machines."""
import bz2
import collections
import glob
import hashlib
import io
import json
import lzma
import os
import sys
import tarfile
import zipfile

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
CORPUS = os.environ.get("VBSCHECK_CORPUS", os.path.join(ROOT, "..", "shared", "corpus"))
LARGEST = 1 << 20  # of one seed


def files(*patterns):
    """Each file of the corpus, or of the project where the pattern starts with "./"."""
    def read():
        for pattern in patterns:
            base = ROOT if pattern.startswith("./") else CORPUS
            for path in sorted(glob.glob(os.path.join(base, pattern), recursive=True)):
                if os.path.isfile(path):
                    with open(path, "rb") as f:
                        yield unpacked(path, f.read())
    return read


def unpacked(path, data):
    if path.endswith(".xz"):
        return lzma.decompress(data)
    return bz2.decompress(data) if path.endswith(".bz2") else data


def machines():
    """The files of each machine: {name: bytes}."""
    folders = sorted(glob.glob(os.path.join(CORPUS, "hosts", "*")))
    for folder in folders + sorted(glob.glob(os.path.join(ROOT, "fixtures", "machines", "*"))):
        found = {}
        for path in sorted(glob.glob(os.path.join(folder, "*"))):
            if os.path.isfile(path):
                with open(path, "rb") as f:
                    found[os.path.basename(path)] = f.read()
        yield found


def in_parts(found):
    """Files as fuzz_folder.c and fuzz_capture.c read them."""
    return b"".join(b"%%" + name.encode() + b"\n" + data.rstrip(b"\n") + b"\n"
                    for name, data in found.items())


def folders_in_parts():
    for found in machines():
        yield in_parts(found)


def captures():
    """Captures of the cases beside the corpus, without their manifests (fuzz_capture.c)."""
    for folder in sorted(glob.glob(os.path.join(CORPUS, "..", "cases", "domain", "*"))):
        if not os.path.exists(os.path.join(folder, "manifest.json")):
            continue
        with open(os.path.join(folder, "manifest.json"), encoding="utf-8") as f:
            blobs = json.load(f)["blobs"]
        found = {}
        for blob in blobs:
            if blob["status"] != "ok":
                found[f"{blob['name']}={blob['status']}"] = b""
                continue
            with open(os.path.join(folder, blob["name"]), "rb") as f:
                found[blob["name"]] = f.read()
        yield in_parts(found)


def loose_texts():
    for found in machines():
        yield from found.values()


def archives():
    """The same machines in the archives that people send."""
    for found in machines():
        for mode in ("w", "w:gz", "w:xz"):
            to = io.BytesIO()
            with tarfile.open(fileobj=to, mode=mode) as tar:
                for name, data in found.items():
                    entry = tarfile.TarInfo("host/" + name)
                    entry.size = len(data)
                    tar.addfile(entry, io.BytesIO(data))
            yield to.getvalue()


def packs():
    """A driver pack each of the image seeds, and the catalogs and INF seeds beside them."""
    names = [p for kind, suffix in (("parse_pe", ".sys"), ("parse_catalog", ".cat"),
                                    ("parse_inf", ".inf"))
             for p in ((path, suffix) for path in seeds_of(kind))]
    for method in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        to = io.BytesIO()
        with zipfile.ZipFile(to, "w", method) as pack:
            for path, suffix in names:
                pack.write(path, os.path.basename(path) + suffix)
        yield to.getvalue()
    for path, _ in names:
        with open(path, "rb") as f:
            yield f.read()


Target = collections.namedtuple("Target", "given words longest", defaults=((), None, 65536))
PLAIN = Target()


def tables(*signatures):
    return files(*(f"acpi/{s}/*" for s in signatures))


TEXT = Target((loose_texts, files("efi/dmesg/*")), "kernel", 262144)
# What is given beside tests/fuzz/corpus/TARGET, the words, and the largest input.
TARGETS = {
    "archive": Target((archives,), "capture", 262144),
    "ask": Target(words="capture"),
    "capture": Target((captures,), "capture", 262144),
    "channel": Target(words="capture", longest=8192),
    "compare": Target(words="capture", longest=262144),
    "driver_pack": Target((packs,), "capture", 262144),
    "folder": Target((folders_in_parts,), "kernel", 262144),
    "labels": Target(words="report"),
    "load_forms": TEXT,
    "load_redact": TEXT,
    "load_text": TEXT,
    "outer": Target((archives,), "capture"),
    "parcel": Target(words="report"),
    "parse_acpi": Target((tables("*"),), "acpi"),
    "parse_cpuid": Target((files("cpuid/*/*"),)),
    "parse_cpuinfo": Target((files("hosts/*/cpuinfo.txt"),)),
    "parse_dmar": Target((tables("DMAR"),), "acpi"),
    "parse_fadt": Target((tables("FACP"),), "acpi"),
    "parse_hardware": Target((files("hosts/*/dmi.txt"),)),
    "parse_hive": Target((files("windows/hive/SYSTEM*.xz"),), longest=1 << 20),
    "parse_inf": Target(longest=262144),
    "parse_iort": Target((tables("IORT"),), "acpi"),
    "parse_ivrs": Target((tables("IVRS"),), "acpi"),
    "parse_klog": Target((files("efi/dmesg/*", "hosts/*/dmesg.txt"),), "kernel"),
    "parse_klog_boots": Target((files("efi/dmesg/*", "hosts/*/dmesg.txt"),), "kernel"),
    "parse_klog_groups": Target((files("hosts/*/dmesg.txt"),), "kernel"),
    "parse_lspci": Target((files("hosts/*/lspci.txt"),)),
    "parse_mcfg": Target((tables("MCFG"),), "acpi"),
    "parse_memattr_steps": Target((files("efi/mat-listing/*", "efi/dmesg/*"),), "kernel"),
    "parse_sipolicy": Target((files("windows/*.bin"),), longest=1 << 20),
    "parse_tpm2": Target((tables("TPM2"),), "acpi"),
    "parse_viot": Target((tables("VIOT"),), "acpi"),
    "parse_windows": Target((files("windows/*.xml"),), longest=262144),
    "parse_wsmt": Target((tables("WSMT"),), "acpi"),
    "pipeline": Target((loose_texts, tables("DMAR", "IVRS", "IORT"), files("efi/dmesg/*")),
                       "kernel", 262144),
    "resume": Target(words="report"),
}


def seeds_of(target):
    return sorted(glob.glob(os.path.join(ROOT, "tests/fuzz/corpus", target, "*")))


def keep(folder, data):
    """Under its digest, so that no two are alike."""
    if len(data) <= LARGEST:
        path = os.path.join(folder, hashlib.sha256(data).hexdigest()[:16])
        with open(path, "wb") as f:
            f.write(data)


def collect(target, folder):
    """Fills the folder; returns how many seeds there are."""
    os.makedirs(folder, exist_ok=True)
    if not os.path.isdir(CORPUS):
        print(f"fuzz: no corpus at {CORPUS}: seeds are those of the project only", file=sys.stderr)
        if os.environ.get("CI") == "true":
            return 0
    for path in seeds_of(target):
        with open(path, "rb") as f:
            keep(folder, f.read())
    for give in TARGETS.get(target, PLAIN).given:
        for data in give():
            keep(folder, data)
    return len(os.listdir(folder))
