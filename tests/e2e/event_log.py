# SPDX-License-Identifier: MIT
"""Event logs (.evtx) of Windows' code integrity, byte by byte: no log of a real Windows is here.

The form is that of libyal's "Windows XML Event Log (EVTX) format"; the fields are those of ci.dll's
manifest (24H2)."""
import datetime
import struct
import zlib

CHUNK, HEADER = 65536, 512
TEXT, U8, U16, U64, HEX32, TIME = 0x01, 0x04, 0x06, 0x0a, 0x14, 0x11
PACK = {U8: "<B", U16: "<H", U64: "<Q", HEX32: "<I", TIME: "<Q"}
PROVIDER = "Microsoft-Windows-CodeIntegrity"


def _hash(name):
    value = 0
    for c in name:
        value = (value * 65599 + ord(c)) & 0xffffffff
    return value & 0xffff


def filetime(date):
    when = datetime.datetime.fromisoformat(date).replace(tzinfo=datetime.timezone.utc)
    start = datetime.datetime(1601, 1, 1, tzinfo=datetime.timezone.utc)
    return int((when - start).total_seconds()) * 10_000_000


class _Xml:
    """Binary XML of a template, at an offset of its chunk."""

    def __init__(self, at):
        self.at, self.data, self.values = at, bytearray(), []

    def put(self, form, *values):
        self.data += struct.pack("<" + form, *values)

    def name(self, text):
        here = self.at + len(self.data) + 4
        self.put("IIHH", here, 0, _hash(text), len(text))
        self.data += text.encode("utf-16-le") + b"\0\0"

    def value(self, kind, value):
        self.put("BHB", 0x0d, len(self.values), kind)
        self.values.append((kind, value))

    def attributes(self, pairs):
        size = len(self.data)
        self.put("I", 0)
        for i, (key, value) in enumerate(pairs):
            self.put("B", 0x46 if i + 1 < len(pairs) else 0x06)
            self.name(key)
            if isinstance(value, tuple):
                self.value(*value)
            else:
                self.put("BBH", 0x05, 0x01, len(value))
                self.data += value.encode("utf-16-le")
        struct.pack_into("<I", self.data, size, len(self.data) - size - 4)

    def element(self, name, attributes=(), content=None):
        self.put("BH", 0x41 if attributes else 0x01, 0xffff)
        size = len(self.data)
        self.put("I", 0)
        self.name(name)
        if attributes:
            self.attributes(list(attributes))
        if content is None:
            self.put("B", 0x03)
        else:
            self.put("B", 0x02)
            content()
            self.put("B", 0x04)
        struct.pack_into("<I", self.data, size, len(self.data) - size - 4)


def _event(x, number, version, date, fields, provider):
    def system():
        x.element("Provider", [("Name", provider),
                               ("Guid", "{4ee76bd8-3cf4-44a0-a0ac-3937643e37a3}")])
        x.element("EventID", content=lambda: x.value(U16, number))
        x.element("Version", content=lambda: x.value(U8, version))
        x.element("Level", content=lambda: x.value(U8, 3))
        x.element("TimeCreated", [("SystemTime", (TIME, filetime(date)))])
        x.element("Channel", content=lambda: x.value(TEXT, f"{PROVIDER}/Operational"))

    def data():
        for key, kind, value in fields:
            x.element("Data", [("Name", key)], lambda k=kind, v=value: x.value(k, v))

    def event():
        x.element("System", content=system)
        x.element("EventData", content=data)

    x.put("BBBB", 0x0f, 1, 1, 0)
    x.element("Event", [("xmlns", "http://schemas.microsoft.com/win/2004/08/events/event")], event)
    x.put("B", 0)


def _packed(kind, value):
    return value.encode("utf-16-le") + b"\0\0" if kind == TEXT else struct.pack(PACK[kind], value)


def _record(at, ident, event):
    """The bytes of a record that begins at `at` of its chunk."""
    head = 24 + 4 + 10  # of the record, of its fragment, of the template's instance
    x = _Xml(at + head + 24)
    _event(x, *event)
    body = bytes((0x0f, 1, 1, 0))
    body += struct.pack("<BBII", 0x0c, 1, ident, at + head)
    body += struct.pack("<I16sI", 0, ident.to_bytes(16, "little"), len(x.data)) + x.data
    values = [_packed(*v) for v in x.values]
    body += struct.pack("<I", len(values))
    body += b"".join(struct.pack("<HBB", len(v), kind, 0)
                     for v, (kind, _) in zip(values, x.values))
    body += b"".join(values) + b"\0"
    size = (24 + len(body) + 4 + 7) // 8 * 8
    body = body.ljust(size - 28, b"\0")
    return struct.pack("<4sIQQ", b"**\0\0", size, ident, filetime(event[2])) + body + \
        struct.pack("<I", size)


def _chunk(first, events):
    records, last = bytearray(), 0
    for i, event in enumerate(events):
        last = HEADER + len(records)
        records += _record(last, first + i, event)
    end = first + len(events) - 1 if events else 0xffffffffffffffff
    first = first if events else end
    head = bytearray(struct.pack("<8sQQQQIIII", b"ElfChnk\0", first, end, first, end, 128, last,
                                 HEADER + len(records), zlib.crc32(records)).ljust(HEADER, b"\0"))
    struct.pack_into("<I", head, 124, zlib.crc32(head[:120] + head[128:512]))
    return bytes(head + records).ljust(CHUNK, b"\0")


def log(*events, each=20):
    """A log of events as refused() and others make them, `each` a chunk."""
    chunks = [_chunk(i + 1, events[i:i + each]) for i in range(0, len(events), each)]
    chunks = chunks or [_chunk(1, [])]
    head = bytearray(struct.pack("<8sQQQIHHHH", b"ElfFile\0", 0, max(len(chunks) - 1, 0),
                                 len(events) + 1, 128, 1, 3, 4096, len(chunks)).ljust(4096, b"\0"))
    struct.pack_into("<I", head, 124, zlib.crc32(head[:120]))
    return bytes(head) + b"".join(chunks)


def refused(image, bits=0x8, number=3111, version=1, date="2026-11-02T10:11:12", process="System",
            provider=PROVIDER):
    """3087 (would be refused) and 3111 (was refused), with Windows' bits."""
    return (number, version, date, [
        ("FileNameLength", U16, len(image)), ("FileNameBuffer", TEXT, image),
        ("Status", HEX32, 0xc0000603), ("HVCI Audit Failures", HEX32, bits),
        ("ProcessNameLength", U16, len(process)), ("ProcessNameBuffer", TEXT, process)], provider)


def denied(image, number=3077, version=5, date="2026-11-03T00:00:00"):
    return (number, version, date, [
        ("FileNameLength", U16, len(image)), ("File Name", TEXT, image),
        ("Status", HEX32, 0xc0e90002)], PROVIDER)


def policy(edition, date="2026-11-01T00:00:00"):
    return (3099, 1, date, [
        ("PolicyNameBuffer", TEXT, "Microsoft Windows Driver Policy"),
        ("PolicyIdBuffer", TEXT, edition),
        ("PolicyGUID", TEXT, "{d2bda982-ccf6-4344-ac5b-0b44427b6816}")], PROVIDER)
