# SPDX-License-Identifier: MIT
"""What one input may cost: 64 MiB in each process, 20 s of CPU, 30 s to read it; and nothing else.

Each test is named after what broke one of these (issue 13, faults 2 to 5 and 8).
"""
import lzma
import math
import os
import resource
import signal
import struct
import subprocess
import time

import harness
from harness import (NOBODY, PROGRAM, SLOWNESS, capture_files, check_text, check_trouble, dmar, gz,
                     judge, manifest, metal, need_tool, parse, reports, run, run_bounded, table,
                     tar, wsmt, zst)
from test_bad_input import END, BadInput, header, padded

MIB = 1 << 20


def ivrs(efr):
    unit = struct.pack("<BBHHHQHHIQQ", 0x11, 0, 40, 2, 0x40, 0xfd000000, 0, 0, 0, efr, 0)
    return table(b"IVRS", struct.pack("<IQ", 0x00203040, 0) + unit, revision=2)


def pax_comment(size):
    """An extended header that holds nothing but a comment of this size."""
    text = b"%d comment=" % size
    text += b"a" * (size - len(text) - 1) + b"\n"
    return header(b"x", size, b"x") + padded(text)


def log_of(size):
    head = b"[    0.000000] Linux version 6.1.0\n[    0.000000] efi: EFI v2.7 by Maker\n"
    lines = b"".join(b"[    1.%06d] usb 1-1: new high-speed USB device number %d using xhci_hcd\n"
                     % (i % 1000000, i) for i in range(size // 60))
    return (head + lines)[:size]


class Time(BadInput):
    def capture(self, **blobs):
        return self.file("capture.tar.gz", gz(tar(capture_files(metal(**blobs)))))

    def test_each_note_was_compared_with_all_earlier_ones(self):
        """117 KB took 8 s, 248 KB the whole limit."""
        units = b"".join(b"unit i%d features %x:0\n" % (i, i + 1) for i in range(200000))
        report = self.judged(self.capture(**{
            "acpi/IVRS": ivrs(0xdead0000beef), "acpi/DMAR": "absent", "sys/iommu": units}))
        self.assertLess(len(report["notes"]), 50)

    def test_each_port_that_faces_outwards_is_a_note(self):
        ports = b"".join(
            b"%04x:%02x:00.0 class=060400 vendor=8086 device=1234 header=01 primary=%x "
            b"secondary=%x subordinate=%x express=1 external=0\n"
            b"%04x:%02x:00.0 class=020000 vendor=8086 device=1234 header=00 external=1\n"
            % (d, b, b, b + 1, b + 1, d, b + 1)
            for d in range(100) for b in range(0, 250, 2))
        report = self.judged(self.capture(pci=ports))
        said = [n for n in report["notes"] if "faces outwards" in n["message"]]
        self.assertEqual(16, len(said))
        self.assertTrue(any("more ports that face outwards" in n["message"]
                            for n in report["notes"]))

    def test_notes_of_loading_leave_room_for_those_of_probes(self):
        rows = {f"x{i}": b"x" for i in range(3000)}
        files = capture_files(metal(**{"acpi/WSMT": wsmt(0xff)}, **rows))
        report = self.judged(self.file("c.tar", tar(
            {k: v for k, v in files.items() if k not in rows})))
        self.assertTrue(any("too many notes" in n["message"] for n in report["notes"]))
        self.assertTrue(any("reserved bits" in n["message"] for n in report["notes"]))

    def test_bytes_of_pax_headers_count(self):
        """1 MB of .zst unpacked 7.2 GB."""
        one = pax_comment(900000) + header(b"d/", kind=b"5")
        for pack in (gz, zst, lambda data: lzma.compress(data, preset=0)):
            r = self.trouble(self.file("pax.tar", pack(one * 100 + END)), "unpacks to over")
            self.assertLess(r.usage.ru_utime, 0.5 * SLOWNESS)

    def test_a_filter_inside_a_filter_is_refused(self):
        """Between two of them no byte was counted: gigabytes of empty members, say."""
        self.trouble(self.file("empty.gz.zst", zst(gz(b"") * 1000000)))
        self.trouble(self.file("twice.tar.gz.zst", zst(gz(tar(capture_files(metal()))))),
                     "unpack it once")

    def test_a_window_over_the_cap_is_refused(self):
        data = subprocess.run(
            [need_tool("zstd"), "-q", "-c", "--ultra", "-22", "--long=27", "--no-content-size"],
            input=tar(capture_files(metal())), check=True, stdout=subprocess.PIPE).stdout
        self.trouble(self.file("window.tar.zst", data), "--long")
        for filters in ([], [{"id": lzma.FILTER_X86}]):
            for preset, said in ((6, None), (7, "xz -6"), (9, "xz -6")):
                data = lzma.compress(tar(capture_files(metal())), filters=[
                    *filters, {"id": lzma.FILTER_LZMA2, "preset": preset}])
                path = self.file("window.tar.xz", data)
                if said is None:
                    self.judged(path)
                else:
                    self.trouble(path, said)


class Memory(BadInput):
    def test_a_manifest_of_many_values(self):
        """2 KB cost 125 MiB, and the message was about no JSON object."""
        for made in (b"[" + b"{}," * 500000 + b"{}]", b'{"a":[' + b"[]," * 500000 + b"[]]}",
                     b'{"format":1,"blobs":[' + b"{}," * 500000 + b"{}]}",
                     b"{" + b",".join(b'"%d":0' % i for i in range(300000)) + b"}"):
            self.trouble(self.file("m.tar.gz", gz(tar({"manifest.json": made}))), "manifest.json")

    def test_a_stream_of_thirty_two_mebibytes(self):
        """It took 98 MiB: a buffer that grows was copied each time."""
        pipe = self.dir / "pipe"
        os.mkfifo(pipe)
        with subprocess.Popen(["dd", "if=/dev/zero", f"of={pipe}", "bs=64K", "count=512",
                               "status=none"]):
            r = run_bounded("--from", pipe, seconds=10)
        check_trouble(r, "not recognised")

    def test_an_honest_large_log(self):
        """It ended as "out of memory" before any cap could be reached.

        No clock decides: memory is counted, and the judge's own RLIMIT_CPU ends a slow one."""
        log = log_of(19 * MIB)
        for name, data in (("log.txt", log), ("log.tar.gz", gz(tar({"dmesg": log})))):
            with self.subTest(name):
                report = self.judged(self.file(name, data), seconds=math.inf)
                self.assertEqual("evidence", report["source"]["kind"])

    def test_the_cap_on_what_is_unpacked_is_named(self):
        for data in (tar({"dmesg": log_of(21 * MIB)}), tar({"dmesg": bytes(21 * MIB)}),
                     b"x" + bytes(30 * MIB)):  # zeros alone are a tar archive without files
            self.trouble(self.file("log.tar.gz", gz(data)), "over 20 MiB")

    def test_many_small_tables(self):
        """The text of 30 MB was judged, in 104 MiB."""
        one = b"DMAR @ 0x0000000000000000\n  0000: 44 4D 41 52 00\n\n"
        self.either(self.file("dump.txt", one * (30 * MIB // len(one))), seconds=5)

    def test_more_units_than_a_machine_has(self):
        units = b"".join(b"unit dmar%d cap 1\n" % i for i in range(600000))
        self.judged(self.file("units.tar.gz", gz(tar(capture_files(
            metal(**{"sys/iommu": units}))))))

    def test_a_tree_with_a_large_iomem(self):
        """119 MiB in the process that has rights."""
        lines = b"".join(b"%08x-%08x : System RAM\n" % (i << 12, i << 12 | 0xfff)
                         for i in range(28000))
        mem = self.dir / "root/dev/mem"
        root = harness.write_files(self.dir / "root", {
            "proc/iomem": lines, "dev/mem": b"", "sys/firmware/efi/config_table": b"0x1000\n",
            "sys/firmware/efi/fw_platform_size": b"64\n",
            "dmesg": b"[    0.000000] efi: MEMATTR=0x1000000\n"})
        os.truncate(mem, 1 << 26)
        with open(mem, "r+b") as f:
            f.seek(0x1000000)
            f.write(struct.pack("<IIII", 1, 80000, 48, 0))
        r = run_bounded("--root", root, "--format", "json", ok=(0, 1, 3))
        parse(r.out)


class Verdict(BadInput):
    FORGED = "READY: every required rule holds"

    def check(self, data):
        text = check_text(data)
        lines = text.split("\n")
        starts = [n for n, line in enumerate(lines)
                  if line.lstrip("=").startswith(("READY", "NOT READY", "UNDETERMINED"))]
        self.assertEqual(1, len(starts), text)
        self.assertTrue(lines[starts[0]].startswith("NOT READY"), text)
        for line in lines:  # a rule's line stands two blanks from the left
            self.assertFalse(line.startswith(("  pass      every", "  FAIL      every")), text)
        return text

    def test_a_vendor_string_was_the_verdict(self):
        forged = self.FORGED
        dmi = "".join(f"{key}: {forged}\n" for key in
                      ("vendor", "product", "firmware-version", "firmware-date"))
        blobs = metal(dmi=dmi.encode(), kernel=f"release: {forged}\nversion: {forged}\n".encode(),
                      **{"acpi/WSMT": wsmt(0)})
        text = self.check(run("--from", self.file("c.tar", tar(capture_files(blobs))),
                              ok=(1,)).out)
        self.assertTrue(text.startswith("Machine: READY"), text)

    def test_names_of_devices_and_files(self):
        forged = self.FORGED
        lspci = f"00:02.0 Network controller [0280]: {forged} [8086:2723] (rev 1a)\n\n"
        folder = harness.write_files(self.dir / "host", {
            "lspci": lspci.encode(), "dmar": dmar(5), "wsmt": wsmt(0),
            forged: b"nothing", f"x\n{forged}": b"nothing", "a " * 40 + forged: b"nothing"})
        for more in ((), ("-v",)):
            self.check(run("--from", folder, *more, ok=(1,)).out)

    def test_names_of_inputs(self):
        paths = [self.file(name, wsmt(0)) for name in
                 (self.FORGED, f"x\n{self.FORGED}", "\u202e" + self.FORGED)]
        for path in paths:
            self.check(run("--from", path, ok=(1,)).out)
        args = [a for p in paths + [self.dir / f"missing\n{self.FORGED}"] for a in ("--from", p)]
        r = run(*args, ok=(2,))
        for line in r.out.decode().split("\n") + r.lines:
            self.assertFalse(line.startswith("READY"), line)

    def test_names_of_blobs(self):
        blobs = metal(**{self.FORGED: "no-permission", "acpi/WSMT": wsmt(0),
                         "efivar/" + self.FORGED: "no-permission"})
        self.check(run("--from", self.file("c.tar", tar(capture_files(blobs))), ok=(1,)).out)


class Batch(BadInput):
    def test_a_file_that_grows_is_trouble_of_its_own(self):
        """/proc/self ended the whole run."""
        good = self.file("good", wsmt(7))
        r = run("--from", "/proc/self", "--from", good, "--format", "ndjson", ok=(2, 3, 1))
        self.assertIn(str(good), [m["source"]["path"] for m in reports(r)])

    def test_thousands_of_unusable_inputs(self):
        """Each line of trouble took 8 KiB of the run's 16 MiB."""
        good = self.file("good", wsmt(7))
        args = [a for i in range(3000) for a in ("--from", f"/nowhere/{i}")]
        r = run(*args, "--from", good, "--format", "ndjson", ok=(2,))
        self.assertEqual(1, len(reports(r)))
        self.assertEqual(3001, len(r.lines))

    def test_a_pipe_without_a_writer_ends(self):
        fifo = self.dir / "pipe"
        os.mkfifo(fifo)
        good = self.file("good", wsmt(7))
        r = run("--from", fifo, "--from", good, "--format", "ndjson", ok=(2,))
        self.assertEqual(1, len(reports(r)))
        self.assertIn(f"vbscheck: reading {fifo} takes more than 30 s", r.lines)


class Ends(BadInput):
    def test_nothing_stays_after_a_signal(self):
        """FILE.partial-PID did."""
        good = self.file("in/good", wsmt(7))
        fifo = self.dir / "pipe"
        os.mkfifo(fifo)
        out = self.dir / "out"
        out.mkdir()
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL):
            with self.subTest(number):
                child = subprocess.Popen([PROGRAM, "--format", "ndjson", "--from", good, "--from",
                                          fifo, "--output", out / "file"],
                                         stderr=subprocess.DEVNULL)
                # Once somebody writes to the pipe, it is being read.
                end = os.open(fifo, os.O_WRONLY)
                time.sleep(0.1)
                child.send_signal(number)
                child.wait(10)
                os.close(end)
                self.assertEqual(-number, child.returncode)
                self.assertEqual([], os.listdir(out))

    def test_a_limit_on_file_sizes_is_no_signal(self):
        """The program ended with status 153."""
        def limited():
            resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))

        good, target = self.file("good", wsmt(7)), self.dir / "out"
        check_trouble(run("--from", good, "--output", target, preexec_fn=limited))
        self.assertFalse(target.exists())

    def test_a_link_of_another_user_is_not_followed(self):
        harness.need(os.getuid() == 0, "root, who alone makes files of others")
        good, precious = self.file("good", wsmt(7)), self.file("precious", b"old")
        link = self.dir / "link"
        os.symlink("precious", link)
        os.chown(link, NOBODY, NOBODY, follow_symlinks=False)
        check_trouble(run("--from", good, "--output", link), str(link))
        self.assertEqual(b"old", precious.read_bytes())

    def test_closed_descriptors_stay_nobodys(self):
        good, target = self.file("good", wsmt(7)), self.dir / "out"
        for closed in ((0,), (1,), (2,), (0, 1), (1, 2), (0, 1, 2)):
            with self.subTest(closed):
                run("--from", good, "--only", "smm", "--from", self.dir / "missing", "--output",
                    target, ok=(2,), stdout=None, stderr=None,
                    preexec_fn=lambda c=closed: [os.close(n) for n in c])
                self.assertNotIn(b"vbscheck:", target.read_bytes())

    def test_hidden_characters_do_not_pass(self):
        hidden = "\u202e\u00ad\u200b\u2066\U000e0041\ufeff"
        blobs = metal(dmi=f"vendor: a{hidden}b\nproduct: x\n".encode())
        path = self.file("c.tar", tar(capture_files(blobs)))
        for out in (run("--from", path).out, run("--from", path, "--format", "json").out):
            self.assertFalse(set(hidden) & set(out.decode()))
        self.assertEqual(f"a{hidden}b", judge("--from", path)["host"]["vendor"])

    def test_texts_of_firmware_have_a_length(self):
        for size in (10000, 3 * MIB):
            blobs = metal(dmi=b"vendor: " + b"v" * size + b"\nproduct: x\n",
                          kernel=b"release: " + b"6" * size + b"\n")
            report = self.judged(self.file("c.tar", tar(capture_files(blobs))))
            for key in ("vendor", "kernel"):
                text = report["host"][key]
                self.assertTrue(text is None or (len(text.encode()) <= 500 and text[-1] == "…"))
            self.assertLess(len(run("--from", self.dir / "c.tar").out), 20000)


if __name__ == "__main__":
    harness.main()
