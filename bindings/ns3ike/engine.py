# SPDX-License-Identifier: GPL-2.0-only
"""Engines in memory: real IKE and ESP without a network, move by move.

A World has nodes, a bag of datagrams in flight and a clock. Nothing happens by itself: deliver(),
drop() or duplicate() a datagram, let a timer fire, or let time pass. copy() in the middle of a
negotiation gives two worlds that go on by themselves; equal fingerprints mean equal states.
"""
from typing import Tuple

from ._ns3ike import Event, Flight, IsakmpSa, Pair, World, ladder, list_knobs, transcript
from .texts import vti_router

__all__ = ["Event", "Flight", "IsakmpSa", "Pair", "World", "ladder", "list_knobs", "transcript",
           "two_routers"]


def two_routers(seed: int = 1, *, key: str = "a-key", responder_only: Tuple[str, ...] = (),
                **options: object) -> World:
    """A world of A (10.0.0.1) and B (10.0.0.2) with a tunnel between them, not started.

    responder_only  names of nodes that never begin
    options         of vti_router(): encryption, digest, group, pfs, ipsec_lifetime, ...
    """
    world = World(seed)
    for name, own, peer in (("A", "10.0.0.1", "10.0.0.2"), ("B", "10.0.0.2", "10.0.0.1")):
        world.add(name, vti_router(
            name, wan=own + "/24", peer=peer, key=key, responder_only=name in responder_only,
            tunnel="172.16.0.%s/30" % own[-1], **options))  # type: ignore[arg-type]
    return world
