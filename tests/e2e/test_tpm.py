# SPDX-License-Identifier: MIT
"""TPMs that answer: swtpm in the states that real ones are in; and servers that do not."""
import concurrent.futures
import contextlib
import fcntl
import os
import re
import select
import signal
import socket
import subprocess
import termios
import threading

import harness
from harness import Case, check_trouble, judge, need, need_tool, rule, run

ENV = {"TSS2_LOG": "all+none"}


CTRL_GET_CAPABILITY = b"\0\0\0\1"  # of swtpm's control channel


def two_servers():
    """Servers on two neighbouring ports, for data and control."""
    while True:
        data = socket.create_server(("127.0.0.1", 0))
        try:
            return data, socket.create_server(("127.0.0.1", data.getsockname()[1] + 1))
        except OSError:
            data.close()


def free_ports():
    """The first of two neighbouring ports, which another program may take meanwhile."""
    servers = two_servers()
    port = servers[0].getsockname()[1]
    for s in servers:
        s.close()
    return port


class Impostor:
    """Listens where swtpm would: agrees to all on the control port, and lets answer(connection,
    command) answer what comes on the data port."""

    def __init__(self, answer):
        self.sockets = two_servers()
        self.conf = f"swtpm:host=127.0.0.1,port={self.sockets[0].getsockname()[1]}"
        for server, how in zip(self.sockets, (answer, lambda c, _: c.sendall(b"\0\0\0\0"))):
            threading.Thread(target=self.serve, args=(server, how), daemon=True).start()

    def serve(self, server, answer):
        while True:
            try:
                connection, _ = server.accept()
            except OSError:  # closed: the test is over
                return
            with connection, contextlib.suppress(OSError):
                command = connection.recv(4096)
                if command:
                    answer(connection, command)

    def close(self):
        for s in self.sockets:
            s.close()


class Tpm(Case):
    def setUp(self):
        super().setUp()
        self.root = self.dir / "root"
        self.root.mkdir()

    def start(self, *flags, banks="sha1,sha256", family="--tpm2", startup="startup-clear"):
        """A TPM made and started; returns the name of the transport to it."""
        need_tool("swtpm")
        need_tool("swtpm_setup")
        state = self.dir / "state"
        state.mkdir()
        env = dict(os.environ, XDG_CONFIG_HOME=str(self.dir))
        if family:
            made = subprocess.run(["swtpm_setup", family, "--tpmstate", state, "--pcr-banks", banks],
                                  env=env, capture_output=True)
            self.assertEqual(0, made.returncode, made.stdout + made.stderr)
        flag = "not-need-init" + ("," + startup if startup else "")
        for _ in range(5):
            port = free_ports()
            child = self.spawn(
                ["swtpm", "socket", *([family] if family else []), "--tpmstate", f"dir={state}",
                 "--server", f"type=tcp,port={port}", "--ctrl", f"type=tcp,port={port + 1}",
                 "--flags", flag])
            if child:
                break
        else:
            self.fail("swtpm does not listen")
        self.wait_until_made(port + 1)
        self.swtpm, self.port = child, port
        return f"swtpm:host=127.0.0.1,port={port}"

    def spawn(self, argv):
        """Starts swtpm and waits until it listens; None if it ended instead, as it does when
        another program has taken a port."""
        fifo = self.dir / "pid"
        fifo.unlink(missing_ok=True)
        os.mkfifo(fifo)
        # swtpm opens both ports before it writes its process id.
        written = os.open(fifo, os.O_RDONLY | os.O_NONBLOCK)
        self.addCleanup(os.close, written)
        child = subprocess.Popen([*argv, "--pid", f"file={fifo}"], stdout=subprocess.DEVNULL,
                                 stderr=subprocess.DEVNULL)
        self.addCleanup(child.wait)
        self.addCleanup(child.kill)
        ended = os.pidfd_open(child.pid)
        self.addCleanup(os.close, ended)
        ready = select.select([written, ended], [], [])[0]
        return None if ended in ready else child

    def wait_until_made(self, control):
        """A new TPM 1.2 makes an RSA key before it answers anything. That takes seconds where the
        processor is busy, and the program waits for five."""
        with socket.create_connection(("127.0.0.1", control)) as s:
            s.sendall(CTRL_GET_CAPABILITY)
            self.assertNotEqual(b"", s.recv(64), "swtpm hung up")

    def impostor(self, answer):
        server = Impostor(answer)
        self.addCleanup(server.close)
        return server.conf

    def tool(self, name, conf, *args):
        done = subprocess.run([need_tool(name), "-T", conf, *args], env=dict(os.environ, **ENV),
                              capture_output=True, text=True, timeout=30)
        self.assertEqual(0, done.returncode, done.stdout + done.stderr)
        return done.stdout

    def ask(self, conf):
        return judge("--root", self.root, "--only", "tpm", "--tcti", conf)

    def check(self, report, family_is, bank_is, **facts):
        self.assertEqual((family_is, bank_is), (rule(report, "tpm.version")["status"],
                                           rule(report, "tpm.sha256-bank")["status"]))
        for name, value in facts.items():
            name = "tpm." + name.replace("_", "-")
            self.assertEqual(value, report["facts"][name], name)

    def capture_and_replay(self, conf, **popen):
        capture = self.dir / "c.tar"
        run("capture", "--root", self.root, "--tcti", conf, "--output", capture, ok=(0,), **popen)
        return judge("--only", "tpm", "--from", capture)

    def check_same(self, live, again):
        for part in ("rules", "facts", "notes"):
            self.assertEqual(live[part], again[part])

    def notes(self, report):
        return " / ".join(n["message"] for n in report["notes"])


class States(Tpm):
    def test_both_banks_and_a_second_opinion(self):
        conf = self.start()
        report = self.ask(conf)
        self.check(report, "pass", "pass", version="2.0", decided_by="tpm/fixed", kind="virtual",
                   state="ready", manufacturer="IBM", banks="sha1,sha256", ek_certificate=False)
        fixed = self.tool("tpm2_getcap", conf, "properties-fixed")
        raw = {m[1]: int(m[2], 16) for m in
               re.finditer(r"^TPM2_PT_(\w+):\n\s+raw: (0x[0-9A-Fa-f]+)", fixed, re.M)}
        first, second = raw["FIRMWARE_VERSION_1"], raw["FIRMWARE_VERSION_2"]
        self.check(report, "pass", "pass",
                   manufacturer=raw["MANUFACTURER"].to_bytes(4, "big").rstrip(b"\0").decode(),
                   vendor_string=b"".join(raw[f"VENDOR_STRING_{i}"].to_bytes(4, "big")
                                          for i in range(1, 5)).replace(b"\0", b"").decode(),
                   revision=f"{raw['REVISION'] // 100}.{raw['REVISION'] % 100:02}",
                   firmware=f"{first >> 16}.{first & 0xffff}.{second >> 16}.{second & 0xffff}")
        listed = re.findall(r"- (\w+): \[ \d", self.tool("tpm2_getcap", conf, "pcrs"))
        self.assertEqual(report["facts"]["tpm.banks"], ",".join(listed))
        hashes = re.findall(r"^(sha\w+|sm3_256):", self.tool("tpm2_getcap", conf, "algorithms"),
                            re.M)
        self.assertEqual(set(report["facts"]["tpm.hashes"].replace("sm3-", "sm3_").split(",")),
                         set(hashes))

    def test_sha256_off(self):
        report = self.ask(self.start(banks="sha1"))
        self.check(report, "pass", "fail", banks="sha1", sha256_active=False)

    def test_sha384_only(self):
        report = self.ask(self.start(banks="sha384"))
        self.check(report, "pass", "fail", banks="sha384", sha256_active=False)

    def test_lockout(self):
        conf = self.start()
        context = str(self.dir / "context")
        self.tool("tpm2_dictionarylockout", conf, "--setup-parameters", "--max-tries=1",
                  "--recovery-time=1000", "--lockout-recovery-time=1000")
        self.tool("tpm2_createprimary", conf, "-C", "o", "-p", "right", "-c", context, "-Q")
        wrong = subprocess.run(["tpm2_create", "-T", conf, "-C", context, "-P", "wrong", "-Q"],
                               env=dict(os.environ, **ENV), capture_output=True)
        self.assertNotEqual(0, wrong.returncode)
        report = self.ask(conf)
        self.check(report, "pass", "pass", state="locked-out")
        self.assertIn("in lockout", self.notes(report))

    def test_switched_off_by_firmware(self):
        conf = self.start()
        self.check(self.ask(conf), "pass", "pass", state="ready")
        self.tool("tpm2_hierarchycontrol", conf, "-C", "p", "shEnable", "clear")
        report = self.ask(conf)
        self.check(report, "pass", "pass", state="disabled")
        self.assertIn("switched off", self.notes(report))

    def test_not_started(self):
        report = self.ask(self.start(startup=None))
        self.check(report, "pass", "unknown", version="2.0", state="not-started", manufacturer=None)
        self.assertEqual("io-error", rule(report, "tpm.sha256-bank")["reason"])
        self.assertIn("was not started", self.notes(report))

    def test_tpm_1_2(self):
        report = self.ask(self.start(family=None))
        self.check(report, "fail", "not-applicable", version="1.2", decided_by="tpm/fixed",
                   manufacturer=None)

    def test_a_capture_replays(self):
        conf = self.start()
        again = self.capture_and_replay(conf)
        self.check_same(self.ask(conf), again)
        self.assertEqual("2.0", again["facts"]["tpm.version"])


class Mute(Tpm):
    """Whatever hinders the exchange is io-error and said, by a replay in the same words."""

    def check_unknown(self, conf, reason, words):
        # Side by side, for a silent TPM costs each its five seconds.
        with concurrent.futures.ThreadPoolExecutor() as pool:
            again = pool.submit(self.capture_and_replay, conf)
            report = self.ask(conf)
        judged = rule(report, "tpm.version")
        self.assertEqual(("unknown", reason), (judged["status"], judged["reason"]))
        self.assertIn(words, self.notes(report))
        self.check_same(report, again.result())

    def setUp(self):
        super().setUp()
        need_tool("swtpm")  # beside which the transport is installed

    def stopped(self, then):
        """A real TPM behind a relay that stops it before it is given a command to answer."""
        self.start()

        def relay(connection, command):
            self.swtpm.send_signal(signal.SIGSTOP)
            with socket.create_connection(("127.0.0.1", self.port)) as tpm:
                tpm.sendall(command)
                then()
                connection.sendall(tpm.recv(4096))

        return self.impostor(relay)

    def check_silent(self, conf):
        # Servers here hold on for longer than anybody waits, and would then be said to hang up.
        self.check_unknown(conf, "io-error", "it needed too much time")

    def test_silence_is_ended(self):
        done = threading.Event()
        self.addCleanup(done.set)
        self.check_silent(self.impostor(lambda connection, _: done.wait(60)))

    def test_stopped_in_the_middle_of_a_command(self):
        self.check_silent(self.stopped(lambda: None))

    def test_killed_in_the_middle_of_a_command(self):
        self.check_unknown(self.stopped(lambda: self.swtpm.kill()), "io-error", "was no answer")

    def test_gone_in_the_middle(self):
        self.check_unknown(self.impostor(lambda connection, _: connection.sendall(b"\x80\x01\0\0")),
                           "io-error", "did not answer")

    def test_nobody_listens(self):
        self.check_unknown(f"swtpm:host=127.0.0.1,port={free_ports()}", "io-error", "did not answer")

    def test_held_by_another_process(self):
        """A terminal in exclusive use is a device that cannot be opened twice, but by root."""
        one, device = os.openpty()
        self.addCleanup(os.close, one)
        self.addCleanup(os.close, device)
        fcntl.ioctl(device, termios.TIOCEXCL)
        who = {}
        if os.getuid() == 0:
            os.fchown(device, harness.NOBODY, harness.NOBODY)
            who = {"user": harness.NOBODY, "group": harness.NOBODY, "extra_groups": []}
            os.chown(self.dir, harness.NOBODY, harness.NOBODY)
        conf = f"device:{os.ttyname(device)}"
        r = run("--root", self.root, "--only", "tpm", "--format", "json", "--tcti", conf, **who)
        report = harness.parse(r.out)
        self.assertEqual("io-error", rule(report, "tpm.version")["reason"])
        self.assertIn("another process has the device open", self.notes(report))
        self.check_same(report, self.capture_and_replay(conf, **who))

    def test_garbage(self):
        self.check_unknown(self.impostor(lambda connection, _: connection.sendall(
            b"\x80\x01\0\0\0\x14\0\0\0\0\7garbage..")), "malformed", "cannot be judged")

    def test_values_that_do_not_fit_are_told_by_the_report_alone(self):
        """tss2-mu would talk of them where standard error is open: with sanitizers."""
        conf = self.impostor(lambda connection, _: connection.sendall(
            b"\x80\x01\0\0\0\x13\0\0\0\0" b"\0" b"\0\0\0\6" b"\xff\xff\xff\xff"))
        r = run("--root", self.root, "--only", "tpm", "--format", "json", "--tcti", conf)
        self.assertEqual(b"", r.err)
        self.assertIn("do not match their own counts, at byte 11",
                      self.notes(harness.parse(r.out)))

    def test_devices_that_cannot_be_opened(self):
        report = self.ask(f"device:{self.dir / 'none'}")
        self.assertEqual("unknown", rule(report, "tpm.version")["status"])
        need(os.getuid() == 0, "root, to become somebody else")
        device = self.dir / "tpm"
        device.write_bytes(b"")
        device.chmod(0)
        self.dir.chmod(0o755)
        r = run("--root", self.root, "--only", "tpm", "--format", "json", "--tcti",
                f"device:{device}", user=harness.NOBODY, group=harness.NOBODY, extra_groups=[])
        self.assertEqual("no-permission", rule(harness.parse(r.out), "tpm.version")["reason"])


class Usage(Tpm):
    def test_evidence_has_no_tpm_to_ask(self):
        for args in (("--tcti", "x", "--from", self.dir), ("--tcti", ""), ("--tcti",),
                     ("list", "--tcti", "x")):
            with self.subTest(args):
                check_trouble(run(*args, ok=(2,)))

    def test_a_tree_is_not_asked(self):
        report = judge("--root", self.root, "--only", "tpm")
        self.assertEqual("not-collected", rule(report, "tpm.version")["reason"])


if __name__ == "__main__":
    harness.main()
