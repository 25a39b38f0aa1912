# SPDX-License-Identifier: GPL-2.0-only
"""One cell's two ends, and what can be asked of them together."""
import os
import re

import router
from live import Live
from sandbox import Failure, Sandbox, wait_for
from strongswan import StrongSwan


# Real peers lose messages: charon's threads may take quick mode's first message before aggressive
# mode's third. So what is lost is sent again soon; a cell's own knobs win.
PATIENCE = ["RetransmitInterval=2"]


class Bench:
    """A sandbox with the peer in it, and the ns-3 end outside, tied by a TAP."""

    def __init__(self, tools, folder):
        self.tools, self.folder = tools, folder
        self.sandbox = self.peer = self.live = self.result = None
        os.makedirs(folder, exist_ok=True)

    def check(self, good, text):
        if not good:
            raise Failure(text)

    # ------------------------------------------------------------------------------ set-up
    def start_peer(self, kind=StrongSwan, **options):
        self.sandbox = Sandbox(os.path.join(self.folder, "sandbox"))
        self.sandbox.run("ip", "addr", "add", router.PEER_INNER + "/32", "dev", "lo")
        self.peer = kind(self.sandbox, os.path.join(self.folder, "peer"), **options)

    def start_live(self, delay=0.0, knobs=(), profile="ios", **options):
        self.live = Live(self.tools.ike_live, os.path.join(self.folder, "ns3"),
                         router.config(**options), self.sandbox.netns, "--delay", str(delay),
                         "--profile", profile, knobs=[*PATIENCE, *knobs])
        self.live.wait(10, ready=None)

    def close(self):
        """End both ends, in any state."""
        try:
            if self.live:
                self.result = self.live.close()
        finally:
            if self.sandbox:
                self.sandbox.close()

    # --------------------------------------------------------------------------- questions
    def wait_up(self, role, seconds=15):
        """Both ends have both SAs."""
        self.live.wait(seconds, event="phase1-up", role=role)
        self.live.wait(seconds, event="pair-up", role=role)
        wait_for("SAs at the peer, which has %s" % (self.peer.usable(),), 5,
                 lambda: min(self.peer.usable()) >= 1)

    def check_ping(self, count=5):
        """Echo requests both ways: answered at their sender, and seen where they were sent to."""
        before = self.live.show()["inner"]
        seen_before = self.peer_echoes()
        answered = self.live.ping(router.PEER_INNER, count)
        self.check(answered == count, "ping from ns-3: %d of %d answered" % (answered, count))
        self.check(self.peer_echoes() - seen_before == count,
                   "the peer's kernel saw %d echo requests, not %d"
                   % (self.peer_echoes() - seen_before, count))
        said = self.sandbox.run("ping", "-n", "-q", "-i", "0.1", "-W", "2", "-c", str(count), "-I",
                                router.PEER_INNER, router.OWN_INNER, check=False)
        self.check(" %d received" % count in said, "ping from the peer: " + said.strip())
        inner = self.live.show()["inner"]
        for kind in ["in echo-request", "out echo-reply", "out echo-request", "in echo-reply"]:
            seen = inner.get(kind, 0) - before.get(kind, 0)
            self.check(seen == count, "the tunnel of ns-3 carried %d times '%s', not %d"
                       % (seen, kind, count))

    def flood(self, packets):
        """Echo requests of 1200 octets from the peer, as fast as they are answered."""
        self.sandbox.run("ping", "-n", "-q", "-f", "-W", "2", "-s", "1200", "-c", str(packets),
                         "-I", router.PEER_INNER, router.OWN_INNER, timeout=30, check=False)

    def peer_echoes(self):
        """Echo requests that the peer's kernel has had."""
        heads, values = re.findall(r"^Icmp: (.*)$",
                                   self.sandbox.run("cat", "/proc/net/snmp"), re.M)
        return int(dict(zip(heads.split(), values.split()))["InEchos"])

    def check_wire(self, packets):
        """All ESP went in UDP, at least so many packets each way, and IKE moved to port 4500."""
        wire = self.live.show()["wire"]
        for direction in ["in", "out"]:
            self.check(wire.get(direction + " esp-in-udp", 0) >= packets,
                       "too little ESP in UDP: %s" % wire)
            self.check(wire.get(direction + " esp", 0) == 0, "ESP without UDP: %s" % wire)
            self.check(wire.get(direction + " ike-500", 0) > 0, "no IKE on port 500: %s" % wire)
            self.check(wire.get(direction + " ike-4500", 0) > 0, "no IKE on 4500: %s" % wire)

    def check_exchange(self, aggressive):
        """Phase 1 was done in the mode that was asked for."""
        modes = {line["exchange"] for line in self.live.find(event="message-sent")
                 if line.get("exchange", "").endswith("-mode")} - {"quick-mode"}
        want = {"aggressive-mode" if aggressive else "main-mode"}
        self.check(modes == want, "phase 1 in %s" % ", ".join(sorted(modes)))

    def ns3_counts(self):
        """ISAKMP SAs and pairs that can be used at the ns-3 end."""
        shown = self.live.show()
        return (sum(sa["established"] for sa in shown["isakmp_sas"]),
                sum(pair["live"] for pair in shown["pairs"]))

    def ns3_begun(self, since=0):
        """Negotiations that the ns-3 end began."""
        return [line for kind in ["phase1-begin", "phase2-begin"]
                for line in self.live.find(since, event=kind, role="initiator")]
