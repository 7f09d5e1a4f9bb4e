# SPDX-License-Identifier: MIT
"""Which unit each PCI function is behind: a second opinion for the tests, that shares nothing.

It is written from the specifications (VT-d 8.3, AMD 48882 5.2.2, Arm DEN 0049) and from the list of
classes in decision 21, for tables and lspci text of real machines: input that is sound.
"""
import re
import struct

OUT_OF_SCOPE = {0x0600, 0x0601, 0x0604, 0x0806, 0x0800, 0x0c05}
OUT_OF_SCOPE_BASES = {0x05, 0x11, 0x13}


class Function:
    def __init__(self, domain, bus, device, function, class_code):
        self.segment, self.bus = domain, bus
        self.rid = bus << 8 | device << 3 | function
        self.name = f"{domain:04x}:{bus:02x}:{device:02x}.{function}"
        self.class_code = class_code
        self.buses = None  # of a bridge: secondary, subordinate
        self.master = self.express = False
        self.group = None
        self.bridges = []  # above it, the nearest first

    @property
    def in_scope(self):
        if self.buses or self.class_code in OUT_OF_SCOPE:
            return False
        if self.class_code >> 8 in OUT_OF_SCOPE_BASES:
            return False
        return self.class_code != 0x0880 or self.master


def functions(text):
    """All functions of lspci -vvnn."""
    found = []
    for line in text.splitlines():
        head = re.match(r"(?:([0-9a-f]{4,}):)?([0-9a-f]{2}):([0-9a-f]{2})\.([0-7]) "
                        r".*?\[([0-9a-f]{4})\]: ", line)
        if head:
            place = [int(part or "0", 16) for part in head.groups()[:4]]
            found.append(Function(*place, int(head[5], 16)))
            continue
        bus = re.match(r"\tBus: primary=.., secondary=(..), subordinate=(..)", line)
        group = re.match(r"\tIOMMU group: (\d+)", line)
        if bus:
            found[-1].buses = int(bus[1], 16), int(bus[2], 16)
        elif group:
            found[-1].group = int(group[1])
        elif re.match(r"\tControl: .* BusMaster\+", line):
            found[-1].master = True
        elif re.match(r"\tCapabilities: \[[0-9a-f ]+\w*\] Express ", line):
            found[-1].express = True
    for f in found:
        above = [b for b in found if b.buses and b.segment == f.segment and b is not f and
                 b.bus < f.bus and b.buses[0] <= f.bus <= b.buses[1]]
        f.bridges = sorted(above, key=lambda b: -b.buses[0])
    return found


# VT-d --------------------------------------------------------------------------------------------

def _scopes(data, at, end):
    while at < end:
        kind, length, _, _, _, bus = struct.unpack_from("6B", data, at)
        yield kind, bus, [tuple(data[i:i + 2]) for i in range(at + 6, at + length, 2)]
        at += length


def _resolve(all_functions, segment, bus, path):
    for device, function in path[:-1]:
        rid = bus << 8 | device << 3 | function
        bridge = [f for f in all_functions if (f.segment, f.rid) == (segment, rid) and f.buses]
        if not bridge:
            return None
        bus = bridge[0].buses[0]
    rid = bus << 8 | path[-1][0] << 3 | path[-1][1]
    return next((f for f in all_functions if (f.segment, f.rid) == (segment, rid)), None)


def dmar(data, all_functions):
    """Names of units in the order of the table, and {function: unit} of those behind one."""
    units, listed, below, rest, at = [], {}, {}, {}, 48
    while at < len(data):
        kind, length = struct.unpack_from("<HH", data, at)
        if kind == 0:
            flags, _, segment, base = struct.unpack_from("<BBHQ", data, at + 4)
            name = f"DRHD {base:x}"
            units.append(name)
            if flags & 1:
                rest[segment] = name
            for scope, bus, path in _scopes(data, at + 16, at + length):
                target = _resolve(all_functions, segment, bus, path) if scope in (1, 2) else None
                if target:
                    listed.setdefault(target.name, name)
                if target and scope == 2:
                    below.setdefault(target.name, name)
        at += length
    behind = {}
    for f in all_functions:
        claims = [listed.get(f.name)] + [below.get(b.name) for b in f.bridges]
        unit = next((c for c in claims if c), rest.get(f.segment))
        if unit:
            behind[f.name] = unit
    return units, behind


# AMD-Vi ------------------------------------------------------------------------------------------

def _ivhd_ids(data, at, end):
    """Ids that the device entries of a block select, aliases among them."""
    start, alias = None, None
    while at < end:
        kind, device = struct.unpack_from("<BH", data, at)
        if kind in (0x02, 0x42, 0x46):
            yield device
        if kind in (0x42, 0x43):
            alias = struct.unpack_from("<H", data, at + 5)[0]
            yield alias
        if kind == 0x01:
            yield from range(0x10000)
        if kind in (0x03, 0x43, 0x47):
            start = device
        if kind == 0x04:
            yield from range(start, device + 1)
        at += 22 + data[at + 21] if kind == 0xf0 else 4 << (kind >> 6)


def ivrs(data, all_functions):
    blocks, at = [], 48
    while at < len(data):
        kind, _, length = struct.unpack_from("<BBH", data, at)
        if kind in (0x10, 0x11, 0x40):
            blocks.append((kind, at, length))
        at += length
    used, units, selected = max(b[0] for b in blocks), [], {}
    for kind, at, length in blocks:
        if kind != used:
            continue
        own, _, _, segment = struct.unpack_from("<HHQH", data, at + 4)
        name = f"IVHD {segment:04x}:{own >> 8:02x}:{own >> 3 & 31:02x}.{own & 7}"
        units.append(name)
        for rid in _ivhd_ids(data, at + (24 if kind == 0x10 else 40), at + length):
            selected.setdefault((segment, rid), name)
    behind = {}
    for f in all_functions:
        # Requests of conventional devices carry the id of the bridge they go through.
        ids = [f.rid] + [b.rid for b in f.bridges if not b.express]
        ids += [b.buses[0] << 8 for b in f.bridges if b.express and not f.express]
        unit = next((selected[f.segment, i] for i in ids if (f.segment, i) in selected), None)
        if unit:
            behind[f.name] = unit
    return units, behind


# Arm ---------------------------------------------------------------------------------------------

def iort(data, all_functions):
    count, at = struct.unpack_from("<II", data, 36)
    nodes, units, maps = {}, [], []
    for _ in range(count):
        kind, length, _, _, n, offset = struct.unpack_from("<BHBIII", data, at)
        nodes[at] = kind
        if kind in (3, 4):
            base = struct.unpack_from("<Q", data, at + 16)[0]
            nodes[at] = f"{'SMMUv3' if kind == 4 else 'SMMU'} {base:x}"
            units.append(nodes[at])
        if kind == 2:
            segment = struct.unpack_from("<I", data, at + 28)[0]
            maps += [(segment, *struct.unpack_from("<IIIII", data, at + offset + 20 * i))
                     for i in range(n)]
        at += length
    behind = {}
    for f in all_functions:
        for segment, first, less_one, _, target, _ in maps:
            if segment == f.segment and first <= f.rid <= first + less_one and \
                    isinstance(nodes[target], str):
                behind[f.name] = nodes[target]
    return units, behind


# Translation -------------------------------------------------------------------------------------

def vtd_translates(log):
    """{unit: whether it offers a stage}, of those whose registers the kernel's log shows."""
    found = {}
    for base, cap, ecap in re.findall(r"DMAR: dmar\d+: reg_base_addr ([0-9a-f]+) ver \S+ "
                                      r"cap ([0-9a-f]+) ecap ([0-9a-f]+)", log):
        cap, ecap = int(cap, 16), int(ecap, 16)
        second = cap >> 8 & 0b1110
        scalable = ecap >> 43 & 1 and ecap >> 46 & 3
        found[f"DRHD {int(base, 16):x}"] = bool(second or scalable)
    return found


# The program's picture ---------------------------------------------------------------------------

def picture(text):
    """Units in order, {function: unit or None} and {function: group or None} of a text with -v."""
    units, behind, groups, unit = [], {}, {}, None
    for line in text.splitlines():
        head = re.match(r" {10}map   (DRHD [0-9a-f]+|IVHD \S+\.\d|SMMU(?:v3)? [0-9a-f]+):", line)
        if head:
            unit = head[1]
            units.append(unit)
        elif line.startswith("          map   "):
            unit = None
        drawn = re.match(r" {10}(?:!!|\? |\?\?|  ) +([0-9a-f]{4,}:[0-9a-f]{2}:[0-9a-f]{2}\.\d) ",
                         line)
        if drawn:
            group = re.search(r", group (\d+)\b", line)
            behind[drawn[1]] = unit
            groups[drawn[1]] = int(group[1]) if group else None
    return units, behind, groups
