# SPDX-License-Identifier: MIT
"""Small registry hives, as Windows lays them out (libyal's "Windows NT Registry File format")."""
import struct

DWORD, BINARY, TEXT = 4, 3, 2
NONE = 0xffffffff


class _Cells:
    def __init__(self):
        self.data = bytearray(32)  # of the bin's header

    def add(self, body):
        at = len(self.data)
        size = (len(body) + 4 + 7) // 8 * 8
        self.data += struct.pack("<i", -size) + body.ljust(size - 4, b"\0")
        return at

    def value(self, name, value):
        kind, data = (DWORD, struct.pack("<I", value)) if isinstance(value, int) else \
            (BINARY, value) if isinstance(value, bytes) else \
            (TEXT, value.encode("utf-16-le") + b"\0\0")
        size, at = len(data), None
        if size <= 4:
            size, at = size | 0x80000000, int.from_bytes(data.ljust(4, b"\0"), "little")
        else:
            at = self.add(data)
        return self.add(struct.pack("<2sHIIIHH", b"vk", len(name), size, at, kind, 1, 0) +
                        name.encode("latin-1"))

    def list(self, offsets):
        return self.add(struct.pack(f"<{len(offsets)}I", *offsets)) if offsets else NONE

    def key(self, name, tree, root=False):
        """`tree`: {name: dict for a key, number or text for a value}."""
        keys = [(n, self.key(n, t)) for n, t in sorted(tree.items(), key=lambda i: i[0].upper())
                if isinstance(t, dict)]
        values = [self.value(n, v) for n, v in tree.items() if not isinstance(v, dict)]
        subkeys = NONE
        if keys:
            subkeys = self.add(struct.pack("<2sH", b"lf", len(keys)) + b"".join(
                struct.pack("<I4s", at, n[:4].encode("latin-1")) for n, at in keys))
        return self.add(struct.pack("<2sHQIIIIIIIIIIIIIIIHH", b"nk", 0x2c if root else 0x20, 0, 0,
                                    0, len(keys), 0, subkeys, NONE, len(values), self.list(values),
                                    NONE, NONE, 0, 0, 0, 0, 0, len(name), 0) +
                        name.encode("latin-1"))


def hive(tree, dirty=False):
    cells = _Cells()
    root = cells.key("ROOT", tree, root=True)
    room = -len(cells.data) % 4096
    if room:
        cells.data += struct.pack("<i", room).ljust(room, b"\0")
    cells.data[:32] = struct.pack("<4sIIQQI", b"hbin", 0, len(cells.data), 0, 0, 0)
    head = bytearray(struct.pack("<4sIIQIIIIIII", b"regf", 7, 6 if dirty else 7, 0, 1, 5, 0, 1, root,
                                 len(cells.data), 1).ljust(4096, b"\0"))
    total = 0
    for word in struct.unpack("<127I", head[:508]):
        total ^= word
    struct.pack_into("<I", head, 508, total)
    return bytes(head + cells.data)


def system(services=None, control=None, current=1, dirty=False, **more):
    """A hive SYSTEM: services are {name: (start, ImagePath or None, override or None)}."""
    keys = {}
    for name, (start, path, override) in (services or {"ACPI": (0, None, None)}).items():
        keys[name] = {"Type": 1, "Start": start}
        if path is not None:
            keys[name]["ImagePath"] = path
        if override is not None:
            keys[name]["StartOverride"] = {"0": override}
    return hive({"Select": {"Current": current, "Default": 1},
                 f"ControlSet{current:03}": {"Services": {**keys, **more},
                                             "Control": control or {}}}, dirty)
