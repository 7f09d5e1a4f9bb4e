# SPDX-License-Identifier: MIT
"""Windows drivers and what lies beside them, and a Windows on a disk."""
import io
import os
import shutil
import struct
import subprocess
import tempfile
import zipfile
import zlib
from pathlib import Path

import event_log
import hive as hives
import sipolicy
from catalogs import cabinet, catalog, der, member
from driver_files import CLEAN, SECTIONS
from harness import metal, capture_files
from rows import Made, fitting, lines, row


def driver(data=None, name="input.sys", **more):
    return Made({name: data, **more}, ("drivers", "@" + name))


def image(size, sections=(), dirs=(), body=b""):
    """A driver with these sections, all on its body: (address, size, offset in the file, flags)."""
    clean = bytearray(CLEAN.read_bytes())
    head = bytearray(clean[:SECTIONS])
    struct.pack_into("<H", head, 0x46, len(sections))
    for at, (rva, n) in dirs:
        struct.pack_into("<II", head, 0x40 + 24 + 112 + at * 8, rva, n)
    table = b"".join(struct.pack("<8sIIIIIIHHI", b".s%d" % i, s, a, s, o, 0, 0, 0, 0, f)
                     for i, (a, s, o, f) in enumerate(sections))
    headers = (len(head) + len(table) + 4095) // 4096 * 4096
    struct.pack_into("<I", head, 0x40 + 24 + 60, headers)
    return (bytes(head + table).ljust(headers, b"\0") + body)[:size].ljust(size, b"\0")


@row("PE: sections", "parse/pe/pe", "probe/drivers/image", "probe/drivers/image_checks", "cli/drivers", "io/driver_files",
     "io/driver_beside", loads=False)
def _(size):
    return driver(image(size, [(0x10000 + i * 0x1000, 0x1000, 0x2000, 0xe0000020) for i in range(96)]))


@row("PE: imports, each of the same functions", "parse/pe/pe_imports", loads=False)
def _(size):
    at, n = 0x10000, (size - 0x4000) // 8
    dlls = min(1023, n // 16)
    names = dlls * 20 + 20
    body = b"".join(struct.pack("<IIIII", at + names, 0, 0, at + 4, at + names) for _ in range(dlls)) + bytes(20)
    body += struct.pack("<Q", at) * ((size - 0x3000 - len(body)) // 8)
    sections = [(0x8000000 + i * 0x1000, 0x10, 0, 0x40000040) for i in range(95)]
    return driver(image(size, sections + [(at, size - 0x2000, 0x2000, 0x40000040)], [(1, (at, names))], body))


@row("PE: relocations", loads=False)
def _(size):
    at = 0x10000
    body = struct.pack("<II", at, 8 + 2 * 4000) + struct.pack("<H", 0xa000) * 4000
    sections = [(0x8000000 + i * 0x1000, 0x10, 0, 0x40000040) for i in range(95)]
    body *= fitting(size - 0x2000, len(body))
    return driver(image(size, sections + [(at, size - 0x2000, 0x2000, 0x40000040)], [(5, (at, len(body)))], body))


@row("PE: versions that hold versions", "parse/pe/pe_version", "parse/pe/utf16", loads=False)
def _(size):
    at, room = 0x10000, min(size - 0x2000, 65000)
    text = struct.pack("<HHH", 30, 0, 1) + "CompanyName".encode("utf-16-le") + bytes(2)
    version = struct.pack("<HHH", room, 52, 0) + "VS_VERSION_INFO".encode("utf-16-le") + bytes(4) + bytes(52)
    version = (version + text * (room // len(text)))[:room]
    tree = b"".join(struct.pack("<IIHHHH", 0, 0, 0, 0, 0, 1) + struct.pack("<II", k, 0x80000000 | (24 * (i + 1)))
                    for i, k in enumerate((16, 1)))
    tree += struct.pack("<IIHHHH", 0, 0, 0, 0, 0, 1) + struct.pack("<II", 1033, 72) + struct.pack("<IIII", at + 88, room, 0, 0)
    return driver(image(size, [(at, size - 0x2000, 0x2000, 0x40000040)], [(2, (at, size - 0x2000))], tree + version))


@row("PE: certificates", "parse/pe/pe_certificates", "parse/signature/authenticode", "parse/signature/der",
     "probe/drivers/digest", loads=False)
def _(size):
    half = size // 2 // 8 * 8
    one = struct.pack("<IHH", 16, 0x200, 2) + bytes(8)
    data = bytearray(image(half, [(0x10000, half - 0x2000, 0x2000, 0x60000020)]))
    struct.pack_into("<II", data, 0x40 + 24 + 112 + 32, half, half)
    return driver(bytes(data) + one * (half // 16))


@row("PE: certificates inside one signature", loads=False)
def _(size):
    cert = der(0x30, der(0x30, der(2, b"\1"), der(0x30), der(0x30), der(0x30), der(0x30), der(0x30)), der(0x30), der(3, b"\0"))
    room = size // 2
    certs = cert * (room // len(cert))
    oid = bytes.fromhex("2a864886f70d010702")
    body = der(0x30, der(2, b"\1"), der(0x31), der(0x30, der(6, oid)), der(0xa0, certs),
               der(0x31, der(0x30, der(2, b"\1"), der(0x30, der(0x30), der(2, b"\1")), der(0x30), der(0x30), der(4, b""))))
    signed = der(0x30, der(6, oid), der(0xa0, body))
    entry = struct.pack("<IHH", 8 + len(signed), 0x200, 2) + signed
    entry += bytes(-len(entry) % 8)
    half = (size - len(entry)) // 8 * 8
    data = bytearray(image(half, [(0x10000, half - 0x2000, 0x2000, 0x60000020)]))
    struct.pack_into("<II", data, 0x40 + 24 + 112 + 32, half, len(entry))
    return driver(bytes(data) + entry)


def pack(members, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as z:
        for name, data in members.items():
            z.writestr(name, data)
    return out.getvalue()


@row("driver pack: small drivers", "load/driver_archive", "load/driver_pack", loads=False)
def _(size):
    clean = CLEAN.read_bytes()
    return driver(pack({f"d{i}.sys": clean for i in range(fitting(size, len(clean) + 110))}), "pack.zip")


@row("driver pack: empty members", loads=False)
def _(size):
    return driver(pack({f"{i}": b"" for i in range(fitting(size, 90, 60000))}), "pack.zip")


@row("driver pack: catalogs, and drivers that ask each", "parse/signature/catalog", "probe/drivers/beside", loads=False)
def _(size):
    clean = CLEAN.read_bytes()
    one = catalog(*(member(struct.pack(">8I", *range(i, i + 8))) for i in range(2)))
    n = fitting(size // 2, len(one) + 110, 4000)
    files = {f"c{i}.cat": one for i in range(n)}
    files.update({f"d{i}.sys": clean for i in range(fitting(size // 2, len(clean) + 110))})
    return driver(pack(files), "pack.zip")


@row("driver pack: a catalog of many members", loads=False)
def _(size):
    one = member(bytes(32))
    return driver(pack({"c.cat": catalog(*(member(struct.pack(">8I", i, *range(7))) for i in range(fitting(size, len(one))))),
                        "d.sys": CLEAN.read_bytes()}), "pack.zip")


INF = b"[Version]\r\nSignature=\"$WINDOWS NT$\"\r\n"


@row("driver pack: an INF file of devices", "parse/inf", loads=False)
def _(size):
    inf = lines(size, lambda i: b"%%T%d%% = I, PCI\\VEN_%07d\r\n" % (i, i),
                INF + b"[Manufacturer]\r\n%M%=X,NTamd64\r\n[SourceDisksFiles]\r\nd.sys=1\r\n[X.NTamd64]\r\n")
    return driver(pack({"a.inf": inf, "d.sys": CLEAN.read_bytes()}), "pack.zip")


@row("driver pack: an INF file of names", loads=False)
def _(size):
    names = lines(size // 2, lambda i: b"T%d=\"text\"\r\n" % i, INF + b"[Manufacturer]\r\n%M%=X,NTamd64\r\n[Strings]\r\n")
    return driver(pack({"a.inf": names + lines(size // 2, lambda i: b"%%U%d%% = I, %%V%d%%\r\n" % (i, i), b"[X.NTamd64]\r\n"),
                        "d.sys": CLEAN.read_bytes()}), "pack.zip")


@row("driver pack: an INF file of sections", loads=False)
def _(size):
    return driver(pack({"a.inf": lines(size, lambda i: b"[S%d]\r\nServiceBinary=%%12%%\\d%d.sys\r\n%%A%%=X%d,NTamd64,NTarm64\r\n" % (i, i, i),
                                       INF + b"[Manufacturer]\r\n" + lines(size // 4, lambda i: b"%%M%d%%=S%d,NTamd64\r\n" % (i, i))),
                        "d.sys": CLEAN.read_bytes()}), "pack.zip")


@row("driver pack: packs in packs", loads=False)
def _(size):
    inner = pack({f"{i}.sys": CLEAN.read_bytes() for i in range(8)}, zipfile.ZIP_DEFLATED)
    return driver(pack({f"{i}.zip": inner for i in range(fitting(size, len(inner) + 100))}), "pack.zip")


@row("driver pack: zeros that were packed", loads=False)
def _(size):
    return driver(pack({"big.sys": b"MZ" + bytes(size * 12)}, zipfile.ZIP_DEFLATED), "pack.zip")


@row("driver pack: a cabinet", loads=False)
def _(size):
    return driver(cabinet({f"{i}.sys": CLEAN.read_bytes() for i in range(fitting(size, 4000, 2000))}), "pack.cab")


@row("a folder of drivers", loads=False)
def _(size):
    clean = CLEAN.read_bytes()
    return Made({f"d/{i}.sys": clean for i in range(fitting(size, len(clean)))}, ("drivers", "@d", "--digests"))


def policy(name, data, drivers=64):
    return Made({f"d/{i}.sys": CLEAN.read_bytes() + bytes(8 * i) for i in range(drivers)} | {name: data},
                ("drivers", "@d", "--blocklist", "@" + name))


@row("block policy: digests, and drivers", "parse/sipolicy/sipolicy_binary", "probe/drivers/deny", "probe/drivers/policy", loads=False)
def _(size):
    return policy("p.bin", sipolicy.binary([sipolicy.rule(hash="%064x" % i) for i in range(fitting(size, 130))]))


@row("block policy: names", loads=False)
def _(size):
    return policy("p.bin", sipolicy.binary([sipolicy.rule(name=f"d{i}.sys") for i in range(fitting(size, 120))]))


@row("block policy: signers, their attributes and exceptions", loads=False)
def _(size):
    n = fitting(size // 4, 120)
    many = list(range(min(n, 400)))
    signers = [sipolicy.signer("%064x" % i, attributes=many, exceptions=()) for i in range(fitting(size // 2, 90 + 4 * len(many)))]
    return policy("p.bin", sipolicy.binary([sipolicy.rule("attrib", name=f"d{i}.sys") for i in range(n)], signers))


@row("block policy: XML", "parse/sipolicy/sipolicy_xml", "parse/sipolicy/sipolicy_refs", "parse/sipolicy/sipolicy", loads=False)
def _(size):
    return policy("p.xml", sipolicy.xml([sipolicy.rule(hash="%064x" % i) for i in range(fitting(size, 215))]))


@row("block policy: XML whose references nothing has", loads=False)
def _(size):
    text = sipolicy.xml([sipolicy.rule(hash="%064x" % i) for i in range(fitting(size // 2, 215))])
    refs = b"".join(b'<FileRuleRef RuleID="X%d"/>' % i for i in range(fitting(size // 2, 32)))
    return policy("p.xml", text.replace(b"</FileRulesRef>", refs + b"</FileRulesRef>"))


@row("block policy: XML, elements in elements", loads=False)
def _(size):
    return policy("p.xml", b"<SiPolicy>" + b"<a>" * (size // 7) + b"</a>" * (size // 7) + b"</SiPolicy>")


@row("block policy: XML, attributes", loads=False)
def _(size):
    return policy("p.xml", lines(size, lambda i: b' a%d=""' % i, b"<SiPolicy", b"/>"))


WINDOWS = "w/Windows/System32/"
LOG = WINDOWS + "winevt/Logs/Microsoft-Windows-CodeIntegrity%4Operational.evtx"


def windows(**more):
    files = {WINDOWS + "config/SYSTEM": hives.system(), WINDOWS + "drivers/ACPI.sys": CLEAN.read_bytes()}
    files.update({f"m/{n}": d for n, d in capture_files(metal()).items()})
    files.update(more)
    return Made(files, ("--from", "@m", "--windows", "@w"))


@row("Windows: services of a hive", "parse/windows/hive", "parse/windows/image_path", "cli/windows/looking",
     "cli/windows/windows_judges", "cli/windows/windows_look", "io/windows/folder", "io/windows/wishes", loads=False)
def _(size):
    services = {f"S{i}": (0, f"System32\\drivers\\d{i}.sys", None) for i in range(fitting(size, 330))}
    return windows(**{WINDOWS + "config/SYSTEM": hives.system(services)})


@row("Windows: events of a log", "parse/windows/evtx", "parse/windows/event_xml", loads=False)
def _(size):
    events = [event_log.refused(f"\\Device\\HarddiskVolume3\\Windows\\System32\\drivers\\d{i}.sys", number=3087 if i % 2 else 3111)
              for i in range(fitting(size, 65536 // 20))]
    return windows(**{LOG: event_log.log(*events)})


@row("Windows: drivers of a disk", loads=False)
def _(size):
    clean = CLEAN.read_bytes()
    return windows(**{WINDOWS + f"drivers/d{i}.sys": clean for i in range(fitting(size, len(clean), 4000))})


@row("Windows: catalogs of a disk", "load/windows/windows_catalogs", "load/windows/windows_images", loads=False)
def _(size):
    one = catalog(*(member(struct.pack(">8I", *range(i, i + 8))) for i in range(20)))
    return windows(**{WINDOWS + f"CatRoot/{{F750E6C3-38EE-11D1-85E5-00C04FC295EE}}/c{i}.cat": one
                      for i in range(fitting(size, len(one)))})


@row("Windows: its own block policy", "load/windows/windows_policies", loads=False)
def _(size):
    return windows(**{WINDOWS + "CodeIntegrity/driversipolicy.p7b":
                      sipolicy.binary([sipolicy.rule(hash="%064x" % i) for i in range(fitting(size, 130))])})


def on_disk(name, data):
    """A disk or an image, beside the capture of a machine."""
    return Made({f"m/{n}": d for n, d in capture_files(metal()).items()} | {name: data},
                ("--from", "@m", "--windows", "@" + name))


def services(n):
    return hives.system({f"S{i}": (0, f"System32\\drivers\\e{i}.sys", None) for i in range(n)})


@row("disk: partitions", "parse/disk/disk", "cli/volume/choose", "cli/volume/find", "cli/volume/look", "cli/volume/survey", loads=False)
def _(size):
    import windows_disk
    with tempfile.TemporaryDirectory() as folder:
        path = windows_disk.gpt(f"{folder}/d", *[bytes(512)] * 1)
        disk = bytearray(path.read_bytes()[:size])
    for i in range(128):
        struct.pack_into("<16s16sQQ", disk, 1024 + i * 128, b"\x11" * 16, b"\x22" * 16, 34 + i, 34 + i)
    struct.pack_into("<I", disk, 512 + 88, zlib.crc32(disk[1024:1024 + 128 * 128]))
    struct.pack_into("<I", disk, 512 + 16, 0)
    struct.pack_into("<I", disk, 512 + 16, zlib.crc32(disk[512:512 + 92]))
    return on_disk("disk.img", bytes(disk))


def ntfs_missing():
    import windows_disk
    os.environ["PATH"] += ":/sbin:/usr/sbin"
    return None if os.path.exists(windows_disk.MAKE_NTFS) and shutil.which("mkntfs") else "make_ntfs, of a build with tests"


@row("disk: names of a folder, and services that name others", "volume/walk", "volume/device", "cli/volume/producer",
     "cli/volume/read", loads=False, tool=ntfs_missing)
def _(size):
    import windows_disk
    files = {"Windows/System32/config/SYSTEM": services(fitting(size, 1000))}
    files.update({f"Windows/System32/drivers/d{i:05}.sys": b"" for i in range(fitting(size, 1100))})
    with tempfile.TemporaryDirectory() as folder:
        path = windows_disk.volume(f"{folder}/c.img", files, size=8 << 20)
        return on_disk("c.img", Path(path).read_bytes())


def wim_missing():
    return None if shutil.which("wimcapture") else "wimtools"


@row("WIM: names of a folder, and services that name others", "volume/wim_file", "volume/wim_walk", "volume/wim_folder", loads=False, tool=wim_missing)
def _(size):
    files = {"Windows/System32/config/SYSTEM": services(fitting(size, 700))}
    files.update({f"Windows/System32/drivers/d{i:05}.sys": b"" for i in range(fitting(size, 50, 20000))})
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            at = Path(folder, "t", name)
            at.parent.mkdir(parents=True, exist_ok=True)
            at.write_bytes(data)
        subprocess.run(["wimcapture", f"{folder}/t", f"{folder}/w", "x", "--compress=XPRESS"], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        return on_disk("install.wim", Path(folder, "w").read_bytes())
