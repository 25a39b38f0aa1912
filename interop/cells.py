# SPDX-License-Identifier: GPL-2.0-only
"""The matrix: what is tried with which peer, and what each end has to do."""
import itertools
import threading
import time

from certificates import Certificates
from libreswan import Libreswan
from router import DEFAULT_SUITE, SUITES
from sandbox import rest, wait_for

NS3, PEER = "ns3-begins", "peer-begins"
PRODUCT = ["3des-sha1-modp1024", "aes128-sha1-modp2048", "aes256-sha256-modp2048",
           "aes128-sha256-ecp256"]
MODES, METHODS, ROLES = ["main", "aggressive"], ["psk", "rsa"], [NS3, PEER]
SHORT, USUAL, LONG = 0, 1, 2  # the least form that a cell is part of

# Attempts end soon, so that cells about failures do.
HASTY = ["RetransmitInterval=1", "RetransmitCount=2"]


class Cell:
    """A name, the form from which on it runs, and what it does with a bench."""

    def __init__(self, name, form, function, **options):
        self.name, self.form, self.function, self.options = name, form, function, options

    def run(self, bench):
        self.function(bench, **self.options)


def role_of(begins):
    return "initiator" if begins == NS3 else "responder"


def begin(bench, begins, aggressive=False, auth="psk", suite=DEFAULT_SUITE, pfs=False, peer=None,
          **options):
    """Start both ends, and let one of them begin."""
    certificates = bench.tools.certificates() if auth == "rsa" else None
    named = {"remote_id": certificates.own_name} if auth == "rsa" else {}
    bench.start_peer(**{"aggressive": aggressive, "auth": auth, "ike": suite.ike,
                        "esp": suite.esp + ("-" + suite.dh if pfs else ""),
                        "certificates": certificates, **named, **(peer or {})})
    bench.start_live(aggressive=aggressive and begins == NS3, auth=auth, suite=suite, pfs=pfs,
                     certificates=certificates,
                     **{"responder_only": begins == PEER, **options})
    if begins == PEER:
        bench.peer.initiate()


def up(bench, begins=NS3, **options):
    """The same, and wait until SAs stand."""
    begin(bench, begins, **options)
    bench.wait_up(role_of(begins))


# ---------------------------------------------------------------------------------- handshakes
def handshake(bench, mode, auth, suite, pfs, begins):
    """Both phases, and traffic both ways."""
    up(bench, begins, aggressive=mode == "aggressive", auth=auth, suite=suite, pfs=pfs)
    bench.check_exchange(mode == "aggressive")
    bench.check(bench.ns3_counts() == (1, 1), "ns-3 has %s SAs" % (bench.ns3_counts(),))
    bench.check(bench.peer.usable() == (1, 1), "the peer has %s SAs" % (bench.peer.usable(),))
    agreed = bench.peer.agreed()
    bench.check(agreed == (suite.ike, suite.esp + ("-" + suite.dh if pfs else "")),
                "the peer says that this was agreed: %s" % (agreed,))
    bench.check_ping()
    bench.check_wire(10)


def choice(bench, begins):
    """Several proposals on either side, of which the last of one is the first of the other."""
    begin(bench, begins, suites=[SUITES["3des-sha1-modp1536"], SUITES["aes128-sha256-ecp256"],
                                 DEFAULT_SUITE],
          peer={"ike": DEFAULT_SUITE.ike + ",aes256-sha256-modp4096",
                "esp": DEFAULT_SUITE.esp + ",aes256-sha256"})
    bench.wait_up(role_of(begins))
    agreed = bench.peer.agreed()
    bench.check(agreed == (DEFAULT_SUITE.ike, DEFAULT_SUITE.esp), "agreed: %s" % (agreed,))
    bench.check_ping()


def name_as_text(bench):
    """The peer is told its name as text, and writes other string types than its certificate has."""
    up(bench, PEER, auth="rsa", peer={"local_id": Certificates.peer_name})
    bench.check_ping()


def handshakes():
    """The whole product; what a shorter form takes of it covers each value in each role."""
    short = {("main", "psk", "aes128-sha1-modp2048", True, NS3),
             ("main", "psk", "3des-sha1-modp1024", False, PEER),
             ("aggressive", "psk", "aes256-sha256-modp2048", False, NS3),
             ("aggressive", "psk", "aes128-sha256-ecp256", True, PEER),
             ("main", "rsa", "aes128-sha256-ecp256", False, NS3),
             ("main", "rsa", "aes256-sha256-modp2048", True, PEER)}
    usual = {("aggressive", "rsa", "aes128-sha1-modp2048", True, NS3),
             ("aggressive", "rsa", "3des-sha1-modp1024", False, PEER),
             ("main", "psk", "3des-sha1-modp1024", True, NS3),
             ("main", "psk", "aes256-sha256-modp2048", True, NS3),
             ("main", "psk", "aes128-sha256-ecp256", True, NS3),
             ("main", "psk", "aes128-sha256-ecp256", False, PEER),
             ("main", "psk", "aes256-sha256-modp2048", False, PEER),
             ("main", "psk", "aes128-sha1-modp2048", True, PEER),
             ("aggressive", "psk", "3des-sha1-modp1024", False, NS3),
             ("aggressive", "psk", "aes128-sha1-modp2048", True, PEER)}
    for key in itertools.product(MODES, METHODS, PRODUCT, [False, True], ROLES):
        mode, auth, suite, pfs, begins = key
        form = SHORT if key in short else USUAL if key in usual else LONG
        name = "strongswan %s %s %s %s %s" % (mode, auth, suite, "pfs" if pfs else "no-pfs",
                                              begins)
        yield Cell(name, form, handshake, mode=mode, auth=auth, suite=SUITES[suite], pfs=pfs,
                   begins=begins)


# -------------------------------------------------------------------------------- rekey, delete
# IOS takes no shorter lifetimes than 120 s and 60 s, and the soft one is never before the half; but
# 2560 kilobytes, the least volume, are carried in a second or two.
SMALL_VOLUME = {"ipsec_kilobytes": 2560}
SMALL_MARGIN = ["Phase2SoftMarginKilobytes=1280"]


def rekey_ipsec_ns3(bench):
    """The pair reaches its soft volume, and traffic goes on over its successor."""
    up(bench, knobs=SMALL_MARGIN, **SMALL_VOLUME)
    bench.check_ping()
    bench.flood(1500)
    bench.live.wait(5, event="phase2-begin", begin="soft-lifetime")
    bench.live.wait(5, event="pair-up", count=2)
    wait_for("two pairs at the peer", 5, lambda: len(bench.peer.child_sas()) >= 2)
    bench.check_ping()


def rekey_ipsec_peer(bench):
    up(bench)
    bench.peer.rekey(["--child", "net"])
    bench.live.wait(10, event="pair-up", role="responder")
    bench.check_ping()


def rekey_isakmp_ns3(bench):
    """After half of its 60 s the ISAKMP SA reaches its soft lifetime."""
    up(bench, isakmp_lifetime=60, knobs=["Phase1SoftMargin=30"])
    bench.live.wait(40, event="phase1-begin", begin="soft-lifetime")
    bench.live.wait(5, event="phase1-up", count=2)
    wait_for("two ISAKMP SAs at the peer", 5, lambda: bench.peer.usable()[0] >= 2)
    bench.check_ping()


def rekey_isakmp_peer(bench):
    """A second main mode; strongSwan keeps the old ISAKMP SA beside it, as "rekeying"."""
    up(bench)
    bench.peer.rekey(["--ike", "ns3", "--reauth"])
    bench.live.wait(10, event="phase1-up", role="responder")
    wait_for("two ISAKMP SAs at the peer", 10,
             lambda: sorted(bench.peer.ike_sas()) == ["ESTABLISHED", "REKEYING"])
    bench.check_ping()
    bench.check(bench.ns3_counts()[0] == 2, "ns-3 has %s SAs" % (bench.ns3_counts(),))


def delete_ipsec_peer(bench):
    up(bench, PEER)
    bench.peer.terminate(["--child", "net"])
    bench.live.wait(5, event="pair-removed", end="deleted-by-peer")
    bench.check(bench.ns3_counts() == (1, 0), "ns-3 has %s SAs" % (bench.ns3_counts(),))


def delete_isakmp_peer(bench):
    up(bench, PEER)
    bench.peer.terminate(["--ike", "ns3"])
    bench.live.wait(5, event="pair-removed", end="deleted-by-peer")
    bench.live.wait(5, event="isakmp-removed", end="deleted-by-peer")
    bench.check(bench.ns3_counts() == (0, 0), "ns-3 has %s SAs" % (bench.ns3_counts(),))


def delete_ipsec_ns3(bench):
    up(bench, PEER)
    bench.live.type("enable", "clear crypto sa")
    wait_for("no pair at the peer", 5, lambda: bench.peer.usable() == (1, 0))
    bench.check("received DELETE for ESP CHILD_SA" in bench.peer.log(), "no delete at the peer")
    bench.check(bench.ns3_counts()[1] == 0, "ns-3 has %s SAs" % (bench.ns3_counts(),))


def delete_isakmp_ns3(bench):
    up(bench, PEER)
    bench.live.type("enable", "clear crypto isakmp")
    wait_for("no ISAKMP SA at the peer", 5, lambda: bench.peer.usable()[0] == 0)
    bench.check("received DELETE for IKE_SA" in bench.peer.log(), "no delete at the peer")
    bench.check(bench.ns3_counts()[0] == 0, "ns-3 has %s SAs" % (bench.ns3_counts(),))


# ------------------------------------------------------------------------------------- silence
def dpd_ns3_notices(bench):
    """The peer's process stops dead; the ns-3 end asks, and gives up."""
    up(bench, keepalive="10 2 periodic", knobs=["DpdRetries=2", "RestartPause=100"])
    bench.check_ping()
    bench.peer.freeze()
    bench.live.wait(30, event="isakmp-removed", end="peer-dead")
    bench.live.wait(5, event="pair-removed", end="peer-dead")


def dpd_peer_notices(bench):
    """The path swallows everything; the peer asks, and gives up."""
    up(bench, PEER, peer={"dpd_delay": "2s", "dpd_timeout": "6s"})
    bench.check_ping()
    before = bench.live.mark()
    bench.live.wait(8, before, event="notify-received", text="R-U-THERE")
    bench.live.type("live silence")
    wait_for("no SA at the peer", 30, lambda: bench.peer.usable() == (0, 0), 0.5)


def dpd_alive(bench):
    """An idle peer is asked, and answers. (One that asks itself has shown that it lives.)"""
    up(bench, keepalive="10 2 periodic")
    bench.live.wait(20, event="notify-received", text="R-U-THERE-ACK")
    bench.check(bench.peer.usable() == (1, 1), "the peer has %s SAs" % (bench.peer.usable(),))


# ------------------------------------------------------------------------------------ failures
OTHER_SUITE = SUITES["aes256-sha256-modp2048"]


def no_proposal(bench, mode, begins):
    """No policy in common.

    ns-3 begins: the peer answers NO-PROPOSAL-CHOSEN without protection, which changes nothing here;
    the attempt ends by its retry limit. The peer begins: the same notify ends its attempt at once.
    """
    begin(bench, begins, aggressive=mode == "aggressive", suite=OTHER_SUITE, knobs=HASTY,
          peer={"ike": DEFAULT_SUITE.ike})
    if begins == NS3:
        bench.live.wait(10, event="notify-received", text="NO-PROPOSAL-CHOSEN")
        bench.live.wait(10, event="phase1-failed", end="no-answer")
        sent = [line.get("again", False) for line in bench.live.find(event="message-sent")]
        bench.check(sent[:3] == [False, True, True], "message 1 was sent so: %s" % sent)
    else:
        bench.live.wait(10, event="notify-sent", text="NO-PROPOSAL-CHOSEN")
        bench.check("received NO_PROPOSAL_CHOSEN error notify" in bench.peer.log(),
                    "the peer did not hear of it")
    nothing_stands(bench)


def wrong_key_main(bench, begins):
    """Message 5 cannot be read: whoever gets it cannot answer under protection."""
    begin(bench, begins, knobs=HASTY, peer={"secret": "another"})
    if begins == NS3:
        bench.live.wait(10, event="phase1-failed", end="no-answer")
        sent = [line.get("again", False) for line in bench.live.find(event="message-sent")]
        bench.check(sent[:5] == [False, False, False, True, True],
                    "messages were sent so: %s" % sent)
    else:
        wait_for("the end of the peer's attempt", 20,
                 lambda: "giving up after" in bench.peer.log() or not bench.peer.ike_sas())
        bench.check(bench.live.find(event="message-dropped"), "ns-3 dropped nothing")
        said = [line["text"] for line in bench.live.find(event="notify-sent")]
        bench.check(said == ["AUTHENTICATION-FAILED"], "ns-3 said: %s" % said)
    nothing_stands(bench)


def wrong_key_aggressive(bench, begins):
    """The initiator sees at message 2 that the responder's hash is wrong."""
    begin(bench, begins, aggressive=True, knobs=HASTY, peer={"secret": "another"})
    if begins == NS3:
        bench.live.wait(10, event="phase1-failed", end="authentication-failed")
    else:
        wait_for("the peer's complaint", 10,
                 lambda: "calculated HASH does not match" in bench.peer.log())
    nothing_stands(bench)


def nothing_stands(bench):
    """Neither end thinks that it has an SA, and what was said of it was said without protection."""
    for line in bench.live.find(event="notify-received"):
        bench.check("unprotected" in line["text"], "a protected notify: %s" % line["text"])
    bench.check(not bench.live.find(event="phase1-up"), "phase 1 came up at ns-3")
    bench.check(not bench.live.find(event="pair-up"), "a pair came up at ns-3")
    bench.check(bench.peer.usable() == (0, 0), "the peer has %s SAs" % (bench.peer.usable(),))


# ------------------------------------------------------------------ responder-only, collisions
def responder_only(bench):
    """Soft lifetimes of both SAs, a rekey and a delete by the peer: ns-3 begins nothing."""
    up(bench, PEER, isakmp_lifetime=60,
       knobs=[*SMALL_MARGIN, "Phase1SoftMargin=30", "Phase1LifetimeMatch=any", "RestartPause=1"],
       **SMALL_VOLUME)
    bench.check_ping()
    bench.flood(1500)
    bench.live.wait(5, event="initiation-refused", begin="soft-lifetime", phase=2)
    bench.peer.rekey(["--child", "net"])
    bench.live.wait(10, event="pair-up", count=2)
    bench.check_ping()
    bench.live.wait(40, event="initiation-refused", begin="soft-lifetime", phase=1)
    bench.peer.terminate(["--ike", "ns3"])
    bench.live.wait(10, event="isakmp-removed", end="deleted-by-peer")
    rest(3)
    begun = bench.ns3_begun()
    bench.check(not begun, "ns-3 began: %s" % begun)
    bench.check(bench.ns3_counts() == (0, 0), "ns-3 has %s SAs" % (bench.ns3_counts(),))


# Of the path, one way, in collisions: long enough that programs which start count little.
DELAY = 0.3
# Whoever answers a main mode and takes it for a renewal sends quick mode's first message right
# behind the last one of main mode. charon's threads may take them in the other order; then they have
# no IV for it, remember a wrong one, and this quick mode can never be read. So charon gets these
# messages a little later (ms), and the order is the one in which they were sent.
QUICK_DELAY = 20


def begun(bench):
    """When ns-3 and the peer began their main modes, by the clock of ns-3; None: it did not."""
    found = {line["role"]: line["time"] for line in bench.live.find(event="phase1-begin")}
    arrived = found.get("responder")
    return found.get("initiator"), None if arrived is None else arrived - DELAY


def collide(bench, unique, ns3_at, peer_at, pause):
    """Both begin, at times of their own, with DELAY one way between them.

    How many SAs each end then has, and after the pause, is what a simulation of two ends says. That
    begins when these began, which is a little later than they were told to.
    """
    duplicates = "replace" if unique == "replace" else "keep"
    begin(bench, NS3, delay=DELAY, shutdown=True,
          peer={"unique": unique, "quick_delay": QUICK_DELAY},
          profile="strongswan", knobs=["DuplicateIsakmp=" + duplicates, "RestartPause=100"])
    start = time.monotonic()
    switch = threading.Timer(ns3_at, bench.live.configure, ["interface Tunnel0", "no shutdown"])
    call = threading.Timer(peer_at, bench.peer.initiate, kwargs={"wait": False})
    for timer in [switch, call]:
        timer.start()
    for timer in [switch, call]:
        timer.join()
    for seconds in [5, 5 + pause]:
        rest(max(ns3_at, peer_at) + seconds - (time.monotonic() - start))
        own, other = begun(bench)
        if own is not None and other is not None:
            ns3_at, peer_at = own - min(own, other), other - min(own, other)
        predicted = bench.tools.predict(r1=1 + ns3_at, r2=1 + peer_at, duplicates=duplicates,
                                        delay=DELAY, duration=1 + max(ns3_at, peer_at) + seconds)
        counted = [bench.ns3_counts(), bench.peer.held()]
        bench.check(counted == predicted, "after %g s ns-3 has %s SAs, the peer %s; a simulation, "
                    "the peer %+.0f ms after ns-3, predicts %s and %s"
                    % (seconds, *counted, 1000 * (peer_at - ns3_at), *predicted))
    if (0, 0) not in predicted:
        bench.check_ping()


# ------------------------------------------------------------------------------- IKE alone
def ike_only(bench, mode, begins):
    """Without NAT traversal: IKE stays on port 500. The peer's kernel has no ESP."""
    begin(bench, begins, aggressive=mode == "aggressive", nat_traversal=False,
          peer={"user_space": False})
    bench.live.wait(15, event="phase1-up", role=role_of(begins))
    wait_for("an ISAKMP SA at the peer", 5, lambda: bench.peer.usable()[0] == 1)
    wire = bench.live.show()["wire"]
    bench.check(wire.get("in ike-4500", 0) + wire.get("out ike-4500", 0) == 0,
                "IKE on port 4500: %s" % wire)


def libreswan(bench, mode, suite, begins):
    """Phase 1, and quick mode as far as it goes without a kernel that does ESP."""
    suite = SUITES[suite]
    bench.start_peer(Libreswan, tools=bench.tools, aggressive=mode == "aggressive", suite=suite)
    bench.start_live(suite=suite, aggressive=mode == "aggressive" and begins == NS3,
                     responder_only=begins == PEER, shutdown=True)
    bench.peer.attend()
    bench.live.configure("interface Tunnel0", "no shutdown")
    if begins == PEER:
        bench.peer.initiate()
    bench.live.wait(20, event="phase1-up", role=role_of(begins))
    bench.check_exchange(mode == "aggressive")
    wait_for("an ISAKMP SA at the peer", 10, lambda: bench.peer.usable()[0] >= 1)
    # It has accepted hash, proposal and selectors when it asks its kernel for the SA.
    wait_for("a quick mode that comes as far as the peer's kernel", 10,
             lambda: "netlink response for Add SA esp." in bench.peer.log()
             or bench.peer.usable()[1] >= 1)


def all_cells():
    """Every cell, in the order in which they run."""
    cells = list(handshakes())
    cells += [Cell("strongswan " + name, form, function) for name, form, function in [
        ("rsa name-as-text peer-begins", USUAL, name_as_text),
        ("rekey ipsec ns3-begins", SHORT, rekey_ipsec_ns3),
        ("rekey ipsec peer-begins", SHORT, rekey_ipsec_peer),
        ("rekey isakmp ns3-begins", USUAL, rekey_isakmp_ns3),
        ("rekey isakmp peer-begins", USUAL, rekey_isakmp_peer),
        ("delete ipsec by-ns3", SHORT, delete_ipsec_ns3),
        ("delete ipsec by-peer", SHORT, delete_ipsec_peer),
        ("delete isakmp by-ns3", USUAL, delete_isakmp_ns3),
        ("delete isakmp by-peer", USUAL, delete_isakmp_peer),
        ("dpd peer-answers", USUAL, dpd_alive),
        ("dpd ns3-notices", USUAL, dpd_ns3_notices),
        ("dpd peer-notices", SHORT, dpd_peer_notices),
        ("responder-only", USUAL, responder_only),
    ]]
    for begins in ROLES:
        cells += [Cell("strongswan choice " + begins, USUAL, choice, begins=begins)]
        cells += [Cell("strongswan no-proposal %s %s" % (mode, begins), USUAL, no_proposal,
                       mode=mode, begins=begins) for mode in MODES]
        cells += [Cell("strongswan wrong-psk main " + begins, SHORT, wrong_key_main,
                       begins=begins),
                  Cell("strongswan wrong-psk aggressive " + begins, USUAL, wrong_key_aggressive,
                       begins=begins)]
        cells += [Cell("strongswan ike-only %s %s" % (mode, begins), USUAL, ike_only, mode=mode,
                       begins=begins) for mode in MODES]
        cells += [Cell("libreswan %s psk %s %s" % (mode, suite, begins),
                       SHORT if suite == DEFAULT_SUITE.name else LONG,
                       libreswan, mode=mode, suite=suite, begins=begins)
                  for mode in MODES for suite in SUITES if SUITES[suite].openswan]
    # Within DELAY: two main modes that do not know of each other. From one to five times DELAY the
    # earlier end takes the later one's ISAKMP SA for a renewal of its own, and ends the old one ten
    # seconds later; its pair goes over, up to three times DELAY as a quick mode that begins anew,
    # then at its own end alone. At seven times: the later end finds an ISAKMP SA, and a quick mode
    # under way. At the multiples themselves messages cross: who is first is chance.
    cells += [Cell("strongswan collision unique-%s %s" % (unique, name), form, collide,
                   unique=unique, ns3_at=ns3_at, peer_at=peer_at, pause=pause)
              for unique, name, form, ns3_at, peer_at, pause in [
                  ("no", "both-at-once", USUAL, 0, 0, 2),
                  ("no", "peer-150-ms-later", LONG, 0, 0.15, 2),
                  ("no", "ns3-150-ms-later", LONG, 0.15, 0, 2),
                  ("no", "peer-450-ms-later", LONG, 0, 0.45, 12),
                  ("no", "ns3-450-ms-later", LONG, 0.45, 0, 12),
                  ("no", "peer-750-ms-later", LONG, 0, 0.75, 12),
                  ("no", "ns3-750-ms-later", USUAL, 0.75, 0, 12),
                  ("no", "peer-1050-ms-later", USUAL, 0, 1.05, 12),
                  ("no", "ns3-1050-ms-later", LONG, 1.05, 0, 12),
                  ("no", "peer-1350-ms-later", LONG, 0, 1.35, 12),
                  ("no", "ns3-1350-ms-later", LONG, 1.35, 0, 12),
                  ("no", "peer-2100-ms-later", USUAL, 0, 2.1, 2),
                  ("no", "ns3-2100-ms-later", LONG, 2.1, 0, 2),
                  ("no", "long", LONG, 0, 0, 25),
                  ("replace", "both-at-once", USUAL, 0, 0, 12),
                  ("replace", "peer-750-ms-later", LONG, 0, 0.75, 12),
                  ("replace", "ns3-750-ms-later", LONG, 0.75, 0, 12),
                  ("replace", "peer-1050-ms-later", LONG, 0, 1.05, 12),
                  ("replace", "ns3-1050-ms-later", LONG, 1.05, 0, 12)]]
    return cells
