# SPDX-License-Identifier: GPL-2.0-only
"""The peer: strongSwan's charon in a sandbox, with ESP in user space (kernel-libipsec)."""
import os
import re

from sandbox import Failure, wait_for

CHARON = "/usr/lib/ipsec/charon"

STRONGSWAN_CONF = """\
charon {
    load = random nonce aes sha1 sha2 hmac kdf pem pkcs1 pkcs8 x509 pubkey revocation \
constraints openssl gmp vici %(libipsec)skernel-netlink socket-default updown
    # Some threads wait for packets for good: with 8 none is left for swanctl.
    threads = 16
    # A peer that does not answer is given up in seconds, not minutes.
    retransmit_timeout = %(retransmit_timeout)s
    retransmit_base = 1.5
    retransmit_tries = 3
    half_open_timeout = 10
    # Of received quick mode messages (32), in ms.
    receive_delay = %(quick_delay)d
    receive_delay_type = 32
    i_dont_care_about_security_and_use_aggressive_mode_psk = yes
    filelog {
        log {
            path = %(folder)s/charon.log
            time_format = %%H:%%M:%%S
            time_add_ms = yes
            flush_line = yes
            default = 1
            ike = 2
            knl = 2
            cfg = 1
        }
    }
    plugins {
        # All of the Internet is behind the tunnel: what charon itself sends goes round it.
        kernel-libipsec {
            allow_peer_ts = yes
        }
        kernel-netlink {
            fwmark = !0x42
        }
        socket-default {
            fwmark = 0x42
        }
    }
}
"""

SWANCTL_CONF = """\
connections {
    ns3 {
        version = 1
        aggressive = %(aggressive)s
        local_addrs = %(local)s
        remote_addrs = %(remote)s
        proposals = %(ike)s
        unique = %(unique)s
        dpd_delay = %(dpd_delay)s
        dpd_timeout = %(dpd_timeout)s
        rekey_time = 4h
        local {
%(local_auth)s
        }
        remote {
%(remote_auth)s
        }
        children {
            net {
                mode = tunnel
                local_ts = 0.0.0.0/0
                remote_ts = 0.0.0.0/0
                esp_proposals = %(esp)s
                rekey_time = 1h
                dpd_action = clear
            }
        }
    }
}
secrets {
    ike-1 {
        secret = "%(secret)s"
    }
}
"""


class StrongSwan:
    """One charon."""

    name = "strongswan"
    esp = True  # sends and takes ESP

    def __init__(self, sandbox, folder, user_space=True, **options):
        self.sandbox, self.folder = sandbox, folder
        os.makedirs(folder, exist_ok=True)
        self.env = {"STRONGSWAN_CONF": os.path.join(folder, "strongswan.conf"),
                    "SWANCTL_DIR": os.path.join(folder, "swanctl")}
        self._write("strongswan.conf", STRONGSWAN_CONF % {
            "folder": folder, "libipsec": "kernel-libipsec " if user_space else "",
            "quick_delay": options.pop("quick_delay", 0),
            "retransmit_timeout": options.pop("retransmit_timeout", "1.0")})
        for name in ["x509", "x509ca", "x509ocsp", "x509aa", "x509ac", "x509crl", "pubkey",
                     "private", "rsa", "ecdsa", "bliss", "pkcs8", "pkcs12"]:
            os.makedirs(os.path.join(self.env["SWANCTL_DIR"], name), exist_ok=True)
        self._configure(**options)
        self.process = sandbox.start(CHARON, log=os.path.join(folder, "charon.out"), env=self.env)
        wait_for("charon's socket", 10, self._answers)
        said = self.swanctl("--load-all")
        if "failed" in said:
            raise Failure("swanctl --load-all: " + said)

    def _configure(self, aggressive=False, auth="psk", ike="aes128-sha1-modp2048",
                   esp="aes128-sha1", secret="interop", unique="no", dpd_delay="0s",
                   dpd_timeout="0s", certificates=None, local="198.51.100.1", remote="192.0.2.1",
                   local_id=None, remote_id=None):
        local_auth, remote_auth = ["auth = psk"], ["auth = psk"]
        if auth == "rsa":
            local_auth = ["auth = pubkey", "certs = peer.pem"]
            remote_auth = ["auth = pubkey", "cacerts = ca.pem"]
            certificates.install(self.env["SWANCTL_DIR"])
        local_auth += ['id = "%s"' % local_id] if local_id else []
        remote_auth += ['id = "%s"' % remote_id] if remote_id else []
        indent = " " * 12
        self._write("swanctl/swanctl.conf", SWANCTL_CONF % {
            "aggressive": "yes" if aggressive else "no", "local": local, "remote": remote,
            "ike": ike, "esp": esp, "unique": unique, "dpd_delay": dpd_delay,
            "dpd_timeout": dpd_timeout, "secret": secret,
            "local_auth": "\n".join(indent + line for line in local_auth),
            "remote_auth": "\n".join(indent + line for line in remote_auth)})

    def _write(self, name, text):
        with open(os.path.join(self.folder, name), "w", encoding="utf-8") as f:
            f.write(text)

    def _answers(self):
        if self.process.poll() is not None:
            raise Failure("charon ended; see " + os.path.join(self.folder, "charon.out"))
        # What swanctl prints when nobody answers has the product's name in it, too.
        return self.swanctl("--stats", check=False).startswith("uptime:")

    def swanctl(self, *args, check=True, timeout=20):
        return self.sandbox.run("swanctl", *args, check=check, timeout=timeout, env=self.env)

    def log(self):
        with open(os.path.join(self.folder, "charon.log"), encoding="utf-8") as f:
            return f.read()

    # ---------------------------------------------------------------- what an operator does
    def initiate(self, wait=True, seconds=15):
        """Begin; with wait=False without waiting for what becomes of it. What swanctl says."""
        timeout = ["--timeout", str(seconds)] if wait else ["--timeout", "-1"]
        return self.swanctl("--initiate", "--child", "net", *timeout, check=False,
                            timeout=seconds + 10)

    def rekey(self, what):
        self.swanctl("--rekey", *what)

    def terminate(self, what):
        self.swanctl("--terminate", *what, check=False)

    def freeze(self):
        self.sandbox.run("sh", "-c", "kill -STOP $(cat /run/charon.pid)")

    # ---------------------------------------------------------------------- what it has
    def ike_sas(self):
        """States of the ISAKMP SAs."""
        return re.findall(r"^ns3: #\d+, (\w+), IKEv1", self.swanctl("--list-sas"), re.M)

    def child_sas(self):
        """(number, state) of the IPsec SA pairs."""
        return re.findall(r"^  net: #(\d+), reqid \d+, (\w+),", self.swanctl("--list-sas"), re.M)

    def agreed(self):
        """What was negotiated for both phases, in the words of proposals."""
        text = self.swanctl("--list-sas")
        found = re.findall(r"^  (?:net: .*ESP:)?(\w+_CBC\S*)", text, re.M)
        return tuple("-".join(filter(None, map(self._word, re.split("/", line))))
                     for line in found)

    @staticmethod
    def _word(name):
        """"AES_CBC-128" is "aes128"; the pseudo-random function goes without saying."""
        words = {"3DES_CBC": "3des", "HMAC_SHA1_96": "sha1", "HMAC_SHA2_256_128": "sha256"}
        return "" if name.startswith("PRF_") else words.get(name) or \
            name.replace("AES_CBC-", "aes").replace("_", "").lower()

    def usable(self):
        """How many ISAKMP SAs and IPsec SA pairs can be used."""
        text = self.swanctl("--list-sas")
        return (len(re.findall(r"^ns3: #\d+, ESTABLISHED", text, re.M)),
                len(re.findall(r"^  net: #\d+, reqid \d+, INSTALLED", text, re.M)))

    def held(self):
        """The same with those that a newer one has replaced and that still receive."""
        text = self.swanctl("--list-sas")
        return (len(re.findall(r"^ns3: #\d+, (?:ESTABLISHED|REKEYING)", text, re.M)),
                len(re.findall(r"^  net: #\d+, reqid \d+, (?:INSTALLED|REKEYED|REKEYING)", text,
                               re.M)))
