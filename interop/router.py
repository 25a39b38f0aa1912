# SPDX-License-Identifier: GPL-2.0-only
"""Configurations of the ns-3 router, and how the same things are called at the peers."""

OWN, PEER = "192.0.2.1", "198.51.100.1"
OWN_INNER, PEER_INNER = "10.1.0.1", "10.2.0.1"
SECRET = "interop"


class Suite:
    """One set of algorithms for both phases, in the words of each product."""

    def __init__(self, encryption, digest, group, transforms, ike, esp, dh, openswan=None):
        self.name = ike
        self.encryption, self.digest, self.group = encryption, digest, group  # IOS, phase 1
        self.transforms = transforms  # IOS, phase 2
        self.ike, self.esp, self.dh = ike, esp, dh  # strongSwan
        self.openswan = openswan  # libreswan: ike=, esp=; None: it has lost them


SUITES = {suite.name: suite for suite in [
    Suite("3des", "sha", 2, "esp-3des esp-sha-hmac", "3des-sha1-modp1024", "3des-sha1",
          "modp1024"),
    Suite("3des", "sha", 5, "esp-3des esp-sha-hmac", "3des-sha1-modp1536", "3des-sha1",
          "modp1536", ("3des-sha1;modp1536", "3des-sha1")),
    Suite("aes", "sha", 14, "esp-aes esp-sha-hmac", "aes128-sha1-modp2048", "aes128-sha1",
          "modp2048", ("aes128-sha1;modp2048", "aes128-sha1")),
    Suite("aes 256", "sha256", 14, "esp-aes 256 esp-sha256-hmac", "aes256-sha256-modp2048",
          "aes256-sha256", "modp2048", ("aes256-sha2_256;modp2048", "aes256-sha2_256")),
    Suite("aes", "sha256", 19, "esp-aes esp-sha256-hmac", "aes128-sha256-ecp256",
          "aes128-sha256", "ecp256", ("aes128-sha2_256;dh19", "aes128-sha2_256")),
]}
DEFAULT_SUITE = SUITES["aes128-sha1-modp2048"]

BODY = """\
{sets}
crypto ipsec profile vti
 set transform-set {names}
{profile}
interface Loopback0
 ip address 10.1.0.1 255.255.255.255
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.252
interface Tunnel0
 ip address 10.9.0.1 255.255.255.252
 tunnel source Ethernet0/0
 tunnel destination 198.51.100.1
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile vti
{shutdown}
ip route 0.0.0.0 0.0.0.0 192.0.2.2
ip route 10.2.0.0 255.255.255.0 Tunnel0
"""


def config(suite=DEFAULT_SUITE, suites=None, aggressive=False, auth="psk", pfs=False, responder_only=False,
           secret=SECRET, isakmp_lifetime=86400, ipsec_kilobytes=None, nat_traversal=True,
           keepalive=None, shutdown=False, certificates=None):
    """IOS text of the ns-3 end; suites, the best first, in place of one suite."""
    suites = suites or [suite]
    text = ["hostname ns3"]
    if not nat_traversal:
        text += ["no crypto ipsec nat-transparency udp-encapsulation"]
    if keepalive:
        text += ["crypto isakmp keepalive " + keepalive]
    if auth == "rsa":
        text += certificates.trustpoint()
    for number, one in enumerate(suites, 1):
        text += ["crypto isakmp policy %d" % (10 * number), " encryption " + one.encryption,
                 " hash " + one.digest,
                 " authentication " + ("rsa-sig" if auth == "rsa" else "pre-share"),
                 " group %d" % one.group, " lifetime %d" % isakmp_lifetime]
    profile = []
    if auth == "psk":
        text += ["crypto isakmp key %s address %s" % (secret, PEER)]
    if auth == "rsa":
        text += ["crypto isakmp identity dn"]
    if aggressive:
        text += ["crypto isakmp profile phase1", " initiate mode aggressive"]
        if auth == "psk":  # with a certificate the peer names itself otherwise
            text += [" match identity address %s" % PEER]
        profile += [" set isakmp-profile phase1"]
    if pfs:
        profile += [" set pfs group%d" % suite.group]
    if ipsec_kilobytes:
        profile += [" set security-association lifetime kilobytes %d" % ipsec_kilobytes]
    if responder_only:
        profile += [" responder-only"]
    body = BODY.format(sets="\n".join("crypto ipsec transform-set ts%d %s\n mode tunnel"
                                      % (number, one.transforms)
                                      for number, one in enumerate(suites)),
                       names=" ".join("ts%d" % number for number in range(len(suites))),
                       profile="\n".join(profile),
                       shutdown=" shutdown" if shutdown else "")
    return "\n".join(text + [line for line in body.split("\n") if line.strip()]) + "\n"
