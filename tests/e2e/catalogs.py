# SPDX-License-Identifier: MIT
"""Catalogs without a signer, for osslsigncode to sign, and cabinets: what no tool here makes."""
import struct
import zlib


def der(tag, *parts):
    body = b"".join(parts)
    n = len(body)
    if n < 0x80:
        return bytes([tag, n]) + body
    size = (n.bit_length() + 7) // 8
    return bytes([tag, 0x80 | size]) + n.to_bytes(size, "big") + body


def _oid(text):
    first, second, *rest = map(int, text.split("."))
    out = bytes([first * 40 + second])
    for value in rest:
        part = [value & 0x7f]
        while value := value >> 7:
            part.append(0x80 | value & 0x7f)
        out += bytes(reversed(part))
    return der(6, out)


ALGORITHM = {20: "1.3.14.3.2.26", 32: "2.16.840.1.101.3.4.2.1"}
NULL = der(5)


def member(digest, name=None):
    """A file of a catalog: its digest as an attribute, and its name, which is the digest, too."""
    image = der(0x30, _oid("1.3.6.1.4.1.311.2.1.15"),
                 der(0x30, der(3, b"\0"), der(0xa0, der(0xa2, der(0x80)))))
    info = der(0x30, der(0x30, _oid(ALGORITHM[len(digest)]), NULL), der(4, digest))
    attribute = der(0x30, _oid("1.3.6.1.4.1.311.2.1.4"), der(0x31, der(0x30, image, info)))
    return der(0x30, der(4, digest if name is None else name), der(0x31, attribute))


def catalog(*members):
    trust_list = der(0x30, der(0x30, _oid("1.3.6.1.4.1.311.12.1.1")), der(4, bytes(16)),
                      der(0x17, b"260101000000Z"),
                      der(0x30, _oid("1.3.6.1.4.1.311.12.1.2"), NULL), der(0x30, *members))
    return der(0x30, _oid("1.2.840.113549.1.7.2"), der(0xa0, der(
        0x30, der(2, b"\1"), der(0x31), der(0x30, _oid("1.3.6.1.4.1.311.10.1"),
                                              der(0xa0, trust_list)), der(0x31))))


def cabinet(files, packed=True):
    """A cabinet of one folder, stored or MSZIP ([MS-CAB])."""
    content = b"".join(files.values())
    blocks, before = b"", b""
    parts = [content[i:i + 32768] for i in range(0, len(content), 32768)]
    for part in parts:
        out = part
        if packed:
            z = zlib.compressobj(9, zlib.DEFLATED, -15, zdict=before) if before \
                else zlib.compressobj(9, zlib.DEFLATED, -15)
            out, before = b"CK" + z.compress(part) + z.flush(), part
        blocks += struct.pack("<IHH", 0, len(out), len(part)) + out
    entries, offset = b"", 0
    for name, data in files.items():
        entries += struct.pack("<IIHHHH", len(data), offset, 0, 0x5a21, 0, 0x20)
        entries += name.encode() + b"\0"
        offset += len(data)
    start = 36 + 8 + len(entries)
    head = struct.pack("<4sIIIIIBBHHHHH", b"MSCF", 0, start + len(blocks), 0, 36 + 8, 0, 3, 1, 1,
                       len(files), 0, 1, 0)
    return head + struct.pack("<IHH", start, len(parts), int(packed)) + entries + blocks
