# SPDX-License-Identifier: MIT
"""Firmware's variables as edk2 keeps them in flash: MdeModulePkg's VariableFormat.h."""
import struct
import uuid
from dataclasses import dataclass

STORE_AT = 0x48 + 0x1c  # behind the headers of the volume and of the store
HEAD = struct.Struct("<HBBIQ16sIII16s")  # AUTHENTICATED_VARIABLE_HEADER
START, VALID, DELETED = 0x55aa, 0x3f, 0xfd
# EFI_SIGNATURE_LIST (UEFI 2.10, 32.4.1): its type, and the sizes of all, of a header, of each.
LIST = struct.Struct("<16sIII")
X509 = uuid.UUID("a5c059a1-94e4-4aa7-87b5-ab155c2bf072")


@dataclass(frozen=True)
class Record:
    at: int
    state: int
    attributes: int
    stamp: bytes
    guid: uuid.UUID
    name: str
    data: bytes


def _aligned(at):
    return at + 3 & ~3


def records(store):
    """What stands in the store, with what is deleted; and then where the next one goes."""
    at = STORE_AT
    while int.from_bytes(store[at:at + 2], "little") == START:
        _, state, _, attributes, _, stamp, _, named, sized, guid = HEAD.unpack_from(store, at)
        name_at = at + HEAD.size
        data_at = name_at + named
        yield Record(at, state, attributes, stamp, uuid.UUID(bytes_le=guid),
                     store[name_at:data_at - 2].decode("utf-16-le"),
                     bytes(store[data_at:data_at + sized]))
        at = _aligned(data_at + sized)


def end_of(store):
    """Where the next variable goes."""
    at = STORE_AT
    for r in records(store):
        at = _aligned(r.at + HEAD.size + 2 * len(r.name) + 2 + len(r.data))
    return at


def append(store, name, guid, attributes, data, stamp=bytes(16)):
    """Puts a variable behind those of a store, a bytearray."""
    name = name.encode("utf-16-le") + b"\0\0"
    record = HEAD.pack(START, VALID, 0, attributes, 0, stamp, 0, len(name), len(data),
                       guid.bytes_le) + name + data
    at = end_of(store)
    place = slice(at, at + len(record))
    assert set(store[place]) == {0xff}, "there is no room in the variable store"
    store[place] = record


def find(store, name):
    found, = (r for r in records(store) if r.name == name and r.state == VALID)
    return found


def lists_of(database):
    """Its EFI_SIGNATURE_LISTs."""
    at = 0
    while at < len(database):
        size = LIST.unpack_from(database, at)[1]
        yield database[at:at + size]
        at += size


def certificate(path, subject):
    """The EFI_SIGNATURE_LIST of db that holds the certificate of that name, and no other."""
    found, = (entry for entry in lists_of(find(path.read_bytes(), "db").data)
              if entry[:16] == X509.bytes_le and subject.encode() in entry)
    return found


def trust_only(path, entry):
    """Makes db of one EFI_SIGNATURE_LIST."""
    store = bytearray(path.read_bytes())
    old = find(store, "db")
    store[old.at + 2] &= DELETED
    append(store, "db", old.guid, old.attributes, entry, old.stamp)
    path.write_bytes(store)
