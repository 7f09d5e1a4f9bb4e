# SPDX-License-Identifier: MIT
"""Azure: the size of a VM as it is given, and the metadata service, which is a stand-in on the
loopback address: nothing here leaves the machine."""
import json
import os
import re
import socket
import subprocess
import threading
import time

import harness
from harness import Case, PROGRAM, check_trouble, judge, need_tool, rule, run

BODY = json.dumps({"location": "westeurope", "vmSize": "Standard_E8-4ds_v5", "zone": "",
                   "securityProfile": {"secureBootEnabled": "true"}}).encode()
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/json; charset=utf-8\r\n"
WITH_LENGTH = HEAD + b"Content-Length: %d\r\n" % len(BODY)
GIGABYTE = 1 << 30


class Service(threading.Thread):
    """Answers one question: with bytes, or as a function of the connection does."""

    def __init__(self, answer):
        super().__init__(daemon=True)
        self.answer, self.question, self.sent = answer, b"", 0
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.start()

    def run(self):
        connection, _ = self.listener.accept()
        with connection:
            while b"\r\n\r\n" not in self.question:
                more = connection.recv(4096)
                if not more:
                    return
                self.question += more
            try:
                if callable(self.answer):
                    self.answer(self, connection)
                else:
                    connection.sendall(self.answer)
            except OSError:
                pass  # who asked is gone
        self.listener.close()


def hang(service, connection):
    connection.recv(1)  # until the other end is gone


def stay(service, connection):
    """The whole answer, and then nothing: as a server that keeps connections does."""
    connection.sendall(WITH_LENGTH + b"\r\n" + BODY)
    connection.recv(1)


def drip(service, connection):
    for byte in WITH_LENGTH + b"\r\n" + BODY:
        connection.sendall(bytes([byte]))
        if connection.recv(1, socket.MSG_DONTWAIT | socket.MSG_PEEK) == b"":
            return
    connection.recv(1)


def dribble(service, connection):
    """A byte now and then: no pause is long, and the whole is endless."""
    connection.settimeout(0.2)
    connection.sendall(HEAD + b"\r\n")
    while True:
        connection.sendall(b" ")
        try:
            if connection.recv(1) == b"":
                return
        except socket.timeout:
            pass


def flood(service, connection):
    connection.sendall(HEAD + b"Content-Length: %d\r\n\r\n" % GIGABYTE)
    piece = b"A" * (1 << 20)
    while service.sent < GIGABYTE:
        connection.sendall(piece)
        service.sent += len(piece)


def flood_pieces(service, connection):
    connection.sendall(HEAD + b"Transfer-Encoding: chunked\r\n\r\n")
    while service.sent < GIGABYTE:
        connection.sendall(b"10000\r\n" + b"A" * 0x10000 + b"\r\n")
        service.sent += 0x10000


# What the service does, and what becomes of vm.series.
ANSWERS = {
    "good": (WITH_LENGTH + b"\r\n" + BODY, "pass"),
    "good, to the end": (HEAD + b"\r\n" + BODY, "pass"),
    "in pieces": (HEAD + b"Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n" %
                  (len(BODY), BODY), "pass"),
    "keeps the connection": (stay, "pass"),
    "hangs": (hang, "unknown io-error"),
    "endless": (dribble, "unknown malformed"),
    "a gigabyte": (flood, "unknown truncated"),
    "a gigabyte in pieces": (flood_pieces, "unknown truncated"),
    "closes at once": (b"", "unknown io-error"),
    "redirects": (b"HTTP/1.1 302 Found\r\nLocation: http://192.0.2.1/\r\n\r\n", "unknown io-error"),
    "too many requests": (b"HTTP/1.1 429 Too Many Requests\r\n\r\n" + BODY, "unknown io-error"),
    "HTML": (HEAD + b"\r\n<html>Please log in</html>", "unknown malformed"),
    "a number": (HEAD + b"\r\n" + b'{"vmSize": 4}', "unknown malformed"),
    "all numbers": (HEAD + b"\r\n" + b'[1, 2, 3]', "unknown malformed"),
    "control characters": (HEAD + b"\r\n" + b'{"vmSize": "\\u001b[31mStandard_D4s_v5"}',
                           "unknown malformed"),
    "deep": (HEAD + b"\r\n" + b"[" * 60000, "unknown malformed"),
    "zeros": (bytes(100000), "unknown malformed"),
    "another protocol": (b"SSH-2.0-OpenSSH_9.2\r\n", "unknown malformed"),
    "series B": (HEAD + b'\r\n{"vmSize":"Standard_B2ms"}', "unknown conflict"),
}


def verdict(report):
    r = rule(report, "vm.series")
    return r["status"] + (f" {r['reason']}" if r["reason"] else "")


class Azure(Case):
    def ask(self, answer, **more):
        service = Service(answer)
        start = time.monotonic()
        report = judge("--azure-imds", "--azure-imds-port", str(service.port), **more)
        return service, report, time.monotonic() - start

    def test_whatever_the_service_answers(self):
        for what, (answer, expected) in ANSWERS.items():
            with self.subTest(what):
                service, report, seconds = self.ask(answer)
                self.assertEqual(expected, verdict(report), report["notes"])
                self.assertLess(seconds, harness.TIMEOUT)
                self.assertLess(service.sent, GIGABYTE // 16)
                self.assertNotIn("\x1b", json.dumps(report, ensure_ascii=False))
                if expected == "pass":
                    self.assertEqual("Edsv5", report["facts"]["vm.series-name"])
                    self.assertEqual("Standard_E8-4ds_v5", report["facts"]["vm.size"])
                    self.assertIs(True, report["facts"]["vm.azure"])

    def test_the_question(self):
        proxy = {"http_proxy": "http://127.0.0.1:1", "HTTP_PROXY": "http://127.0.0.1:1",
                 "all_proxy": "http://127.0.0.1:1"}
        service, report, _ = self.ask(WITH_LENGTH + b"\r\n" + BODY, env=proxy)
        self.assertEqual("pass", verdict(report))
        first, *headers = service.question.decode("ascii").rstrip("\r\n").split("\r\n")
        self.assertRegex(first, r"^GET /metadata/instance/compute\?api-version=[\d-]+.* HTTP/1\.1$")
        names = {line.partition(":")[0].lower(): line.partition(": ")[2] for line in headers}
        self.assertEqual("true", names["metadata"])
        self.assertEqual("close", names["connection"])
        self.assertNotIn("x-forwarded-for", names)

    def test_nobody_listens(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            report = judge("--azure-imds", "--azure-imds-port", str(free.getsockname()[1]))
        self.assertEqual("unknown io-error", verdict(report))
        self.assertTrue(any("did not answer" in n["message"] for n in report["notes"]))

    def test_the_size_that_is_given_wins(self):
        service = Service(WITH_LENGTH + b"\r\n" + BODY)
        report = judge("--azure-imds", "--azure-imds-port", str(service.port),
                       "--azure-size", "standard_b1MS")
        self.assertEqual("unknown conflict", verdict(report))
        self.assertTrue(any("reports another size: Standard_E8-4ds_v5" in n["message"]
                            for n in report["notes"]))

    def test_usage(self):
        for args, words in (
                (("--azure-imds", "--from", "/"), "about this machine"),
                (("--azure-imds", "--root", "/"), "about this machine"),
                (("--azure-size", ""), "is not a VM size"),
                (("--azure-size", "Standard_"), "is not a VM size"),
                (("--azure-size", "\x1b[31mStandard_D4s_v5"), "is not a VM size"),
                (("--azure-size", "D4s_v5;reboot"), "is not a VM size"),
                (("--azure-imds", "--azure-imds-port", "127.0.0.1:80"), "a port of the loopback"),
                (("--azure-imds", "--azure-imds-port", "65536"), "a port of the loopback")):
            with self.subTest(args):
                self.assertIn(words, check_trouble(run(*args, ok=(2,))))

    def test_a_size_of_evidence_of_another_machine(self):
        path = self.dir / "dmidecode.txt"
        path.write_text("# dmidecode 3.4\nHandle 0x0001, DMI type 1, 27 bytes\n"
                        "System Information\n\tManufacturer: Microsoft Corporation\n"
                        "\tProduct Name: Virtual Machine\n\n"
                        "Handle 0x0003, DMI type 3, 24 bytes\nChassis Information\n"
                        "\tManufacturer: Microsoft Corporation\n"
                        "\tAsset Tag: 7783-7084-3265-9085-8269-3286-77\n")
        report = judge("--from", path, "--azure-size", "Standard_D4s_v5")
        self.assertEqual("pass", verdict(report))
        self.assertEqual("Azure", report["facts"]["vm.platform"])
        self.assertEqual([], [n for n in report["notes"] if "nothing in the evidence" in
                              n["message"]])
        self.assertEqual("unknown not-collected", verdict(judge("--from", path)))

    @harness.unittest.skipIf(harness.SANITIZED, "a sanitizer makes calls of its own")
    def test_without_the_option_no_network_is_touched(self):
        need_tool("strace")
        trace = self.dir / "trace"
        inet = re.compile(r"AF_INET6?|connect\(|sendto\([^)]*sin_addr")

        def calls(*args):
            subprocess.run(["strace", "-f", "-o", trace, "-e", "trace=network", PROGRAM, *args],
                           stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=False,
                           timeout=harness.TIMEOUT)
            return [line for line in trace.read_text().splitlines() if inet.search(line)]

        self.assertEqual([], calls("--format", "json"))
        self.assertEqual([], calls("--azure-size", "Standard_D4s_v5"))
        self.assertEqual([], calls("capture", "--output", str(self.dir / "capture.tar")))
        service = Service(WITH_LENGTH + b"\r\n" + BODY)
        seen = calls("--azure-imds", "--azure-imds-port", str(service.port))
        self.assertEqual(2, len(seen), seen)  # socket, connect
        self.assertIn(f'sin_port=htons({service.port}), sin_addr=inet_addr("127.0.0.1")', seen[1])


if __name__ == "__main__":
    harness.unittest.main()
