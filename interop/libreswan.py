# SPDX-License-Identifier: GPL-2.0-only
"""The peer: libreswan's pluto in a sandbox. Its package conflicts with strongSwan's, so it is only
unpacked somewhere; what it looks for in fixed places is mounted there, in the sandbox alone."""
import os
import re
import shutil

import router
from sandbox import Failure, wait_for

LIBEXEC = "/usr/libexec/ipsec"

CONFIG = """\
config setup
    ikev1-policy=accept
    logfile=%(folder)s/pluto.log
    logappend=no
    uniqueids=no
    dumpdir=%(folder)s
    virtual-private=
conn ns3
    ikev2=never
    authby=secret
    left=%(local)s
    leftsubnet=0.0.0.0/0
    right=%(remote)s
    rightsubnet=0.0.0.0/0
    aggressive=%(aggressive)s
    ike=%(ike)s
    esp=%(esp)s
    pfs=no
    leftupdown=%%disabled
    auto=add
"""


class Libreswan:
    """One pluto."""

    name = "libreswan"
    esp = False  # it has no ESP of its own, and the kernel may have none either

    @staticmethod
    def obstacle(tools):
        """Why it cannot run, or an empty text."""
        if not tools.libreswan or not os.path.exists(tools.libreswan + LIBEXEC + "/pluto"):
            return "libreswan's package is not unpacked (./ns3-ike setup interop)"
        if shutil.which("certutil") is None:
            return "certutil (libnss3-tools) is missing"
        return ""

    def __init__(self, sandbox, folder, tools, suite, aggressive):
        self.sandbox, self.folder = sandbox, folder
        os.makedirs(folder, exist_ok=True)
        self.config = os.path.join(folder, "ipsec.conf")
        self.control = "/run/pluto"
        self._write("ipsec.conf", CONFIG % {
            "folder": folder, "local": router.PEER, "remote": router.OWN,
            "aggressive": "yes" if aggressive else "no", "ike": suite.openswan[0],
            "esp": suite.openswan[1]})
        self._write("ipsec.secrets", '%s %s : PSK "%s"\n'
                    % (router.PEER, router.OWN, router.SECRET))
        nss = os.path.join(folder, "nss")
        os.makedirs(nss, exist_ok=True)
        sandbox.run("certutil", "-N", "-d", "sql:" + nss, "--empty-password")
        # The mount point need not exist on this machine: an empty folder is mounted around it.
        sandbox.run("sh", "-c", "mkdir -p /run/pluto && mount -t tmpfs none /usr/libexec && "
                    "mkdir %s && mount --bind %s%s %s" % (LIBEXEC, tools.libreswan, LIBEXEC,
                                                          LIBEXEC))
        self.options = ["--config", self.config]
        self.process = sandbox.start(
            LIBEXEC + "/pluto", "--nofork", *self.options, "--secretsfile",
            os.path.join(folder, "ipsec.secrets"), "--nssdir", nss, "--rundir", self.control,
            log=os.path.join(folder, "pluto.out"))
        wait_for("pluto's socket", 10, self._answers)
        sandbox.run(LIBEXEC + "/addconn", *self.options, "--ctlsocket",
                    self.control + "/pluto.ctl", "ns3")

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(text)
        os.chmod(os.path.join(self.folder, name), 0o600)

    def _answers(self):
        if self.process.poll() is not None:
            raise Failure("pluto ended; see " + os.path.join(self.folder, "pluto.out"))
        return os.path.exists(os.path.join(self.sandbox.folder, "run", "pluto", "pluto.ctl"))

    def whack(self, *args, check=True, timeout=20):
        return self.sandbox.run(LIBEXEC + "/whack", "--ctlsocket", self.control + "/pluto.ctl",
                                *args, check=check, timeout=timeout)

    def attend(self):
        """Take notice of the address of the TAP, which comes with the ns-3 end."""
        self.whack("--listen")

    def initiate(self):
        return self.whack("--initiate", "--asynchronous", "--name", "ns3", check=False)

    def log(self):
        with open(os.path.join(self.folder, "pluto.log"), encoding="utf-8") as f:
            return f.read()

    def usable(self):
        """How many ISAKMP SAs and IPsec SA pairs can be used."""
        text = self.whack("--showstates", check=False)
        return (len(re.findall(r"STATE_(?:MAIN|AGGR)_\w+ \(.*(?:established|authenticated)", text)),
                len(re.findall(r"STATE_QUICK_\w+ \(IPsec SA established", text)))
