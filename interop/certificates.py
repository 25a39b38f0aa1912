# SPDX-License-Identifier: GPL-2.0-only
"""An authority of one run, and a certificate for each end."""
import os
import shutil
import subprocess


class Certificates:
    """Made with openssl, once for all cells."""

    own_name, peer_name = "CN=ns3, O=interop", "CN=peer, O=interop"

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self._openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30",
                      "-subj", "/CN=ca/O=interop", "-keyout", "ca.key", "-out", "ca.pem",
                      "-addext", "basicConstraints=critical,CA:TRUE",
                      "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        for number, name in [(2, "ns3"), (3, "peer")]:
            self._openssl("req", "-newkey", "rsa:2048", "-nodes", "-subj",
                          "/CN=%s/O=interop" % name, "-keyout", name + ".key",
                          "-out", name + ".csr")
            self._openssl("x509", "-req", "-days", "30", "-in", name + ".csr", "-CA", "ca.pem",
                          "-CAkey", "ca.key", "-set_serial", str(number), "-sha256",
                          "-out", name + ".pem")

    def _openssl(self, *args):
        subprocess.run(["openssl", *args], cwd=self.folder, check=True, stdin=subprocess.DEVNULL,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def path(self, name):
        return os.path.join(self.folder, name)

    def install(self, swanctl):
        """Where strongSwan looks for its own."""
        for name, to in [("ca.pem", "x509ca"), ("peer.pem", "x509"), ("peer.key", "private")]:
            shutil.copy(self.path(name), os.path.join(swanctl, to))

    def trustpoint(self):
        """How the ns-3 end is told of its own, in IOS text."""
        return ["crypto pki trustpoint interop",
                " enrollment url file://" + self.path("ca.pem"),
                " certificate file://" + self.path("ns3.pem"),
                " private-key file://" + self.path("ns3.key"), " revocation-check none"]
