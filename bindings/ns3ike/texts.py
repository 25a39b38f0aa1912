# SPDX-License-Identifier: GPL-2.0-only
"""IOS text for common routers, to begin with: add lines, or write your own."""
import ipaddress
from typing import Sequence

__all__ = ["vti_router"]


def _with_mask(text: str) -> str:
    """"10.0.0.1/30" as "10.0.0.1 255.255.255.252"."""
    interface = ipaddress.IPv4Interface(text)
    return "%s %s" % (interface.ip, interface.netmask)


def vti_router(name: str, *, wan: str, peer: str, tunnel: str, key: str, lan: str = "",
               routes: Sequence[str] = (), encryption: str = "aes 128", digest: str = "sha256",
               group: int = 14, transforms: str = "esp-aes esp-sha256-hmac",
               isakmp_lifetime: int = 86400, ipsec_lifetime: int = 3600, pfs: int = 0,
               responder_only: bool = False) -> str:
    """IOS text of a router with a static virtual tunnel interface.

    wan              address of Ethernet0/0 with its length: "203.0.113.1/24"
    peer             address of the other end
    tunnel           address of Tunnel0 with its length: "10.0.0.1/30"
    key              pre-shared key
    lan              address of Loopback0 with its length, where traffic begins and ends; "": none
    routes           networks behind the tunnel: ["10.2.0.0/24"]
    encryption, digest, group    the policy of phase 1
    transforms       of ESP
    isakmp_lifetime, ipsec_lifetime    in s
    pfs              group of perfect forward secrecy; 0: none
    responder_only   this end never begins
    """
    lines = [
        "hostname " + name,
        "crypto isakmp policy 10",
        " encryption " + encryption,
        " hash " + digest,
        " authentication pre-share",
        " group %d" % group,
        " lifetime %d" % isakmp_lifetime,
        "crypto isakmp key %s address %s" % (key, peer),
        "crypto ipsec transform-set set " + transforms,
        "crypto ipsec profile vti",
        " set transform-set set",
        " set security-association lifetime seconds %d" % ipsec_lifetime,
    ]
    if pfs:
        lines.append(" set pfs group%d" % pfs)
    if responder_only:
        lines.append(" responder-only")
    lines += ["interface Ethernet0/0", " ip address " + _with_mask(wan)]
    if lan:
        lines += ["interface Loopback0", " ip address " + _with_mask(lan)]
    lines += [
        "interface Tunnel0",
        " ip address " + _with_mask(tunnel),
        " tunnel source Ethernet0/0",
        " tunnel destination " + peer,
        " tunnel mode ipsec ipv4",
        " tunnel protection ipsec profile vti",
    ]
    for route in routes:
        network = ipaddress.IPv4Network(route)
        lines.append("ip route %s %s Tunnel0" % (network.network_address, network.netmask))
    return "\n".join(lines) + "\n"
