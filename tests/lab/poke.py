# SPDX-License-Identifier: MIT
"""Changes a machine's memory while it runs, where no program in it could.

It asks on its second serial line with "POKE ADDRESS BYTES", in hexadecimal, and is answered with a
line when that is done. QEMU's debugger writes to physical memory (GDB's remote protocol, with
QEMU's PhyMemMode).
"""
import re
import socket
import threading

PACKET = re.compile(rb"\$([^#]*)#..")
ASKED = re.compile(rb"POKE ([0-9a-f]+) ([0-9a-f]+)$")  # behind what firmware wrote there


def packets(gdb):
    """What the debugger says, but for its word that the machine stopped."""
    said = b""
    while more := gdb.recv(4096):
        said += more
        while found := PACKET.search(said):
            said = said[found.end():]
            gdb.sendall(b"+")
            if not found[1].startswith(b"T"):
                yield found[1]
    raise EOFError("QEMU's debugger hung up")


def write_memory(path, address, data):
    """The machine stands still as long as the debugger is there."""
    with socket.socket(socket.AF_UNIX) as gdb:
        gdb.connect(path)
        answers = packets(gdb)

        def ask(command):
            gdb.sendall(b"$%s#%02x" % (command, sum(command) & 0xff))
            return next(answers)

        place = b"%x,%x" % (address, len(data) // 2)
        assert ask(b"Qqemu.PhyMemMode:1") == b"OK", "no way to physical memory"
        assert ask(b"M%s:%s" % (place, data)) == b"OK", "the memory was not written"
        assert ask(b"m" + place) == data, "the memory does not keep it"
        ask(b"D")


def serve(server, gdb_path):
    with server:
        line, _ = server.accept()
    with line, line.makefile("rwb", buffering=0) as asked:
        while text := asked.readline():
            address, data = ASKED.search(text.strip()).groups()
            write_memory(gdb_path, int(address, 16), data)
            asked.write(b"done\n")


def start(folder):
    """Answers until the machine ends."""
    server = socket.socket(socket.AF_UNIX)
    server.bind(str(folder / "poke.sock"))
    server.listen(1)
    threading.Thread(target=serve, args=(server, str(folder / "gdb.sock")), daemon=True).start()
