# SPDX-License-Identifier: MIT
"""Hosts to log in to, behind a virtual cable: one sshd in namespaces of its own.

Each port is a host. `whole` sees this system's files, with places of its own where something is installed. The
others have the few programs that each shell script may count on, and neither Python nor sudo.
"""
import os
import pwd
import shutil
import subprocess
import threading

from harness import need, need_tool

HOST = ("whole", "bare", "full", "arm", "cut")
FIRST_PORT = 2201
TOOLS = ("sh", "base64", "cat", "chmod", "cksum", "dd", "echo", "mkdir", "mktemp", "rm", "sleep", "uname")

SETUP = r"""
mount --make-rprivate /
mount -t tmpfs -o mode=755 none /mnt
mount -t tmpfs -o mode=755 none /run
for place in /etc/ansible /usr/local/bin /root; do
    mkdir -p $place
    mount -t tmpfs -o mode=755 none $place
done
mkdir -p /run/sshd /mnt/tools
cp "$@" /mnt/tools
for host in bare full arm cut; do
    root=/mnt/$host
    mkdir -p $root/usr/bin $root/usr/lib $root/usr/lib64 $root/tmp $root/root $root/dev $root/proc $root/sys
    ln -s usr/bin usr/lib usr/lib64 $root
    cp /mnt/tools/* $root/usr/bin
    mkdir $root/etc
    grep ^root: /etc/passwd >$root/etc/passwd
    for place in usr/lib usr/lib64 dev proc sys; do
        [ ! -d /$place ] || mount --rbind /$place $root/$place
    done
done
mount -t tmpfs -o mode=700,size=64k none /mnt/full/root
printf '#!/bin/sh\necho aarch64\n' >/mnt/arm/usr/bin/uname
printf '#!/bin/sh\necho QkFEIEVO\n' >/mnt/cut/usr/bin/base64
echo ready
read -r address
ip address add "$address/30" dev cable
ip link set cable up
exec "$SSHD" -D -e -f "$FOLDER/sshd_config"
"""

CONFIG = """
{ports}
ListenAddress {address}
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/key.pub
PidFile none
UsePAM no
StrictModes no
PermitRootLogin yes
LogLevel INFO
Subsystem sftp internal-sftp
"""


class Hosts:
    """Started at once; stop() ends the sshd, and with it goes all that it made."""

    def __init__(self, folder):
        need(os.getuid() == 0, "root, who may make network namespaces")
        tools = {name: need_tool(name) for name in ("ip", "ssh", "ssh-keygen", "sshd", "unshare")}
        self.folder = folder
        self.cable = f"vbs{os.getpid()}"
        base = os.getpid() * 4 & 0xfffc
        self.ours, self.address = (f"198.{18 + (base >> 15 & 1)}.{base >> 8 & 127}.{(base & 255) + n}"
                                   for n in (1, 2))
        self.port = {name: FIRST_PORT + n for n, name in enumerate(HOST)}
        for key in ("key", "host_key"):
            subprocess.run([tools["ssh-keygen"], "-q", "-t", "ed25519", "-N", "", "-f", folder / key], check=True)
        config = CONFIG.format(ports="\n".join(f"Port {p}" for p in self.port.values()),
                               address=self.address, folder=folder)
        for name in HOST[1:]:
            config += f"Match LocalPort {self.port[name]}\n    ChrootDirectory /mnt/{name}\n"
        (folder / "sshd_config").write_text(config)
        self.start(tools)

    def start(self, tools):
        programs = {shutil.which(name) for name in TOOLS} | {pwd.getpwuid(0).pw_shell}
        self.sshd = subprocess.Popen(
            [tools["unshare"], "-n", "-m", "-p", "--fork", "--kill-child", "--mount-proc", "sh", "-ec", SETUP, "sh", *programs],
            env={**os.environ, "SSHD": tools["sshd"], "FOLDER": str(self.folder)}, text=True,
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        if self.sshd.stdout.readline() != "ready\n":
            problem = self.sshd.communicate()[1].strip()
            need("ermission" not in problem and "not permitted" not in problem, f"namespaces: {problem}")
            raise AssertionError(problem)
        for command in (f"link add {self.cable} type veth peer name cable netns {self.sshd.pid}",
                        f"address add {self.ours}/30 dev {self.cable}", f"link set {self.cable} up"):
            subprocess.run([tools["ip"], *command.split()], check=True)
        self.sshd.stdin.write(self.address + "\n")
        self.sshd.stdin.flush()
        said = []
        for line in self.sshd.stderr:
            said.append(line)
            if sum("Server listening" in x for x in said) == len(self.port):
                self.drain = threading.Thread(target=self.sshd.stderr.read)
                self.drain.start()
                return
        raise AssertionError("".join(said))

    def inventory(self, *names):
        """The hosts in Ansible's words, and `down`, where nobody listens."""
        lines = []
        for name in names:
            port = self.port.get(name, FIRST_PORT - 1)
            lines.append(f"{name} ansible_host={self.address} ansible_port={port} ansible_user=root "
                         f"ansible_ssh_private_key_file={self.folder}/key ansible_ssh_common_args='"
                         f"-F none -o ControlMaster=no -o StrictHostKeyChecking=no "
                         f"-o UserKnownHostsFile={self.folder}/known'")
        path = self.folder / "inventory.ini"
        path.write_text("\n".join(lines) + "\n")
        return path

    def run(self, name, script):
        """Runs a shell script on a host."""
        return subprocess.run(
            ["ssh", "-F", "none", "-q", "-i", self.folder / "key", "-o", "StrictHostKeyChecking=no", "-o",
             f"UserKnownHostsFile={self.folder}/known", "-p", str(self.port[name]), f"root@{self.address}",
             script], capture_output=True, text=True, timeout=60, stdin=subprocess.DEVNULL)

    def stop(self):
        self.sshd.kill()
        self.sshd.wait()
        self.drain.join()
        for end in (self.sshd.stdin, self.sshd.stdout, self.sshd.stderr):
            end.close()
