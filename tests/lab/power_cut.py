# SPDX-License-Identifier: MIT
"""Power cuts at any moment of a save. QEMU logs each write to the stick (blklogwrites), and a prefix
of the log is what a cut leaves there: each is looked at by a small reader of FAT32, and by fsck.

By hand: power_cut.py BEFORE LOG prints what is wrong, and at which write.
"""
import array
import random
import re
import struct
import subprocess
import sys
from pathlib import Path

SECTOR = 512
PARTITION = 1 << 20
FLUSH, FUA, DISCARD = 1, 2, 4
END = 0x0ffffff8
TEMPORARY = re.compile(r"/[1-9]\.TMP$")
# Written in place, and replaced by a new one.
IN_PLACE = "EFI/debian/STARTED"
REPLACED = ("fleet.ndjson", "index.html")

# What fsck.vfat says of states that lose nothing: the mark of an open file system, which stands at
# 41h of the boot sector, counts and clusters that nobody uses, and the second table behind the first.
HARMLESS = re.compile(r"""
    fsck\.fat\ | (0x..:\ )?Dirty\ bit\ is\ set | \ Automatically\ removing\ dirty |
    There\ are\ differences\ between\ boot\ sector | This\ is\ mostly\ harmless | \ +\d+:\w\w/\w\w |
    \ *Not\ automatically\ fixing | Reclaimed\ \d+\ unused | Free\ cluster\ summary\ wrong |
    \ *Auto-correcting | FATs\ differ\ but\ appear\ to\ be\ intact | \ *Using\ first\ FAT |
    Leaving\ filesystem\ unchanged | \S+:\ \d+\ files, | $""", re.X)


def read_log(path):
    """[(offset, data, flags)]; offsets are those of the partition. See QEMU's blklogwrites.c."""
    with open(path, "rb") as f:
        magic, version, _, size = struct.unpack("<QQQI", f.read(28))
        assert (magic, version, size) == (0x6a736677736872, 1, SECTOR), path
        f.seek(SECTOR)
        writes = []
        while len(head := f.read(SECTOR)) == SECTOR:
            sector, count, flags, _ = struct.unpack("<QQQQ", head[:32])
            if not count and not flags:
                break
            assert not flags & DISCARD, "a discard"
            writes.append((sector * SECTOR - PARTITION, f.read(count * SECTOR), flags))
        return writes


def partition(path):
    return bytearray(Path(path).read_bytes()[PARTITION:])


class Fat:
    """The names in a FAT32: {path: (size, clusters)}, and what is wrong with some of them."""

    def __init__(self, image):
        self.image, self.files, self.wrong, self.owner = image, {}, [], {}
        size, self.per_cluster, reserved, copies = struct.unpack_from("<HBHB", image, 11)
        length, = struct.unpack_from("<I", image, 36)
        root, = struct.unpack_from("<I", image, 44)
        assert size == SECTOR
        self.table = array.array("I", bytes(image[reserved * SECTOR:(reserved + length) * SECTOR]))
        self.data = (reserved + copies * length) * SECTOR
        self._folder("", root)

    def _offset(self, cluster):
        return self.data + (cluster - 2) * self.per_cluster * SECTOR

    def _chain(self, path, cluster):
        found = []
        while cluster < END:
            if not 2 <= cluster < len(self.table):
                self.wrong.append((path, f"goes on at cluster {cluster}"))
                break
            if cluster in self.owner:
                self.wrong.append((path, f"shares a cluster with {self.owner[cluster]}"))
                break
            self.owner[cluster] = path
            found.append(cluster)
            cluster = self.table[cluster] & 0x0fffffff
        return tuple(found)

    def bytes_of(self, clusters):
        size = self.per_cluster * SECTOR
        return b"".join(bytes(self.image[at:at + size]) for at in map(self._offset, clusters))

    def read(self, path):
        size, clusters = self.files[path]
        return self.bytes_of(clusters)[:size]

    def _entries(self, data):
        long = {}
        for at in range(0, len(data), 32):
            entry = data[at:at + 32]
            if entry[0] == 0:
                return
            if entry[0] == 0xe5:
                long = {}
            elif entry[11] == 0x0f:
                long[entry[0] & 0x3f] = entry[1:11] + entry[14:26] + entry[28:32]
            else:
                if not entry[11] & 8:
                    yield self._name(entry, long), entry
                long = {}

    @staticmethod
    def _name(entry, long):
        if long:
            name = b"".join(long[i] for i in sorted(long)).decode("utf-16-le", "replace")
            return name.split("\0")[0]
        stem, kind = (entry[a:b].decode("latin-1").rstrip() for a, b in ((0, 8), (8, 11)))
        stem = stem.lower() if entry[12] & 8 else stem
        kind = kind.lower() if entry[12] & 16 else kind
        return f"{stem}.{kind}" if kind else stem

    def _folder(self, path, first):
        data = self.bytes_of(self._chain(path + "/", first))
        if path and data[:11] != b".          ":
            self.wrong.append((path + "/", "is no folder"))
            return
        for name, entry in self._entries(data):
            if name in (".", ".."):
                continue
            full = f"{path}/{name}"
            first = struct.unpack_from("<H", entry, 20)[0] << 16 | struct.unpack_from(
                "<H", entry, 26)[0]
            if entry[11] & 16:
                self._folder(full, first)
                continue
            size, = struct.unpack_from("<I", entry, 28)
            clusters = self._chain(full, first) if first else ()
            if len(clusters) != -(-size // (self.per_cluster * SECTOR)):
                self.wrong.append((full, f"has {len(clusters)} clusters for {size} bytes"))
            self.files[full[1:]] = (size, clusters)


def fsck(path):
    """What fsck.vfat says that is not harmless. Of unfinished files anything may be wrong."""
    r = subprocess.run(["/sbin/fsck.vfat", "-n", path], stdout=subprocess.PIPE, text=True,
                       stderr=subprocess.STDOUT)
    said, unfinished = [], False
    for line in r.stdout.splitlines():
        if not line.startswith(" "):
            unfinished = bool(TEMPORARY.search(line))
        if not unfinished and not HARMLESS.match(line):
            said.append(line)
    return said


class Judge:
    """Looks at states between two: before, and after all writes."""

    def __init__(self, before, after):
        self.before, self.after = Fat(before), Fat(after)
        self.kept = self.kept_of(self.before)
        assert not self.before.wrong and not self.after.wrong, (self.before.wrong, self.after.wrong)

    @staticmethod
    def kept_of(fat):
        return {p: f for p, f in fat.files.items() if p not in (IN_PLACE, *REPLACED)}

    def overwritten(self, writes):
        """The files of before that a write hits."""
        owner = {self.before._offset(c): p for p, (_, clusters) in self.kept.items()
                 for c in clusters}
        return {owner[at] for offset, data, _ in writes
                for at in range(offset, offset + len(data), SECTOR) if at in owner}

    def look(self, image):
        fat = Fat(image)
        wrong = [f"{path} {what}" for path, what in fat.wrong
                 if not TEMPORARY.search(path) or "shares" in what]
        wrong += [f"{path} is not what it was" for path, was in self.kept.items()
                  if fat.files.get(path) != was]
        wrong += [f"{path} is neither old nor new" for path in REPLACED
                  if path in self.before.files and not self._is_old_or_new(fat, path)]
        wrong += [f"{path} is half-written" for path in fat.files
                  if path not in self.before.files and not TEMPORARY.search("/" + path)
                  and not self._is_new(fat, path)]
        return wrong

    def _is_new(self, fat, path):
        return path in self.after.files and fat.read(path) == self.after.read(path)

    def _is_old_or_new(self, fat, path):
        return path in fat.files and (fat.read(path) == self.before.read(path)
                                      or self._is_new(fat, path))


def apply(image, writes):
    for offset, data, _ in writes:
        if 0 <= offset < len(image):
            image[offset:offset + len(data)] = data


def all_states(before, writes):
    """Where everything is written in its order, sector by sector: (number of writes, image)."""
    image = bytearray(before)
    for i, (offset, data, flags) in enumerate(writes):
        for at in range(0, len(data), SECTOR):
            apply(image, [(offset + at, data[at:at + SECTOR], flags)])
            yield i + (at + SECTOR) / len(data), image


def reordered_states(before, writes, count, seed=27):
    """What a drive with a cache may keep: all up to a flush, and any of the writes after it:
    (number of the state, image)."""
    chance = random.Random(seed)
    for number in range(count):
        cut = chance.randrange(len(writes)) + 1
        flushed = max((i for i in range(cut) if writes[i][2] & FLUSH), default=0)
        image = bytearray(before)
        apply(image, writes[:flushed])
        apply(image, [w for w in writes[flushed:cut] if w[2] & FUA or chance.random() < 0.5])
        yield number, image


def judge(before, log, scratch, reordered=0):
    """[(number of writes, or of the state, what is wrong)], and how many states were looked at.
    fsck looks where a write ended."""
    before, writes = partition(before), read_log(log)
    after = bytearray(before)
    apply(after, writes)
    sober = Judge(before, after)
    wrong = [(0, f"{path} was overwritten") for path in sober.overwritten(writes)]
    states = (reordered_states(before, writes, reordered) if reordered
              else all_states(before, writes))
    looked = 0
    for number, image in states:
        looked += 1
        said = sober.look(image)
        if number == int(number):
            scratch.write_bytes(image)
            said += fsck(scratch)
        wrong += [(number, what) for what in said]
    return wrong, looked


if __name__ == "__main__":
    found, states = judge(sys.argv[1], Path(sys.argv[2]), Path(sys.argv[2] + ".state"),
                          int((sys.argv[3:] or ["0"])[0]))
    for where, what in found:
        print(f"write {where:.2f}: {what}")
    print(f"{states} states, {len({where for where, _ in found})} of them wrong")
