# SPDX-License-Identifier: GPL-2.0-only
"""Engines in memory, and the key schedule: what goes by is decrypted with what Python computes."""
import copy
import hashlib
import hmac

import pytest
from ns3ike_package import ns3ike

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

engine, keys, wire = ns3ike.engine, ns3ike.keys, ns3ike.wire
few = settings(max_examples=25, deadline=None, derandomize=True, database=None)


def up_world(**options):
    world = engine.two_routers(**options)
    world.start("A")
    world.until("1 s")
    world.start("B")
    return world


def standing(world):
    return [(len([s for s in world.sas(n) if s.established]), len(world.pairs(n)))
            for n in world.names]


# --- Worlds ---


def test_move_by_move():
    world = engine.two_routers()
    assert world.names == ["A", "B"] and world.flights == [] and world.next_deadline is None
    world.start("A")
    labels = []
    while world.flights:
        flight = world.flights[0]
        labels.append((flight.sender, flight.label))
        assert (flight.receiver, flight.is_esp, flight.sent_at) == (
            "B" if flight.sender == "A" else "A", False, 0)
        world.deliver(flight.id)
    assert labels == [("A", "main-mode"), ("B", "main-mode")] * 3 + [
        ("A", "quick-mode"), ("B", "quick-mode"), ("A", "quick-mode")]
    assert standing(world) == [(1, 1), (1, 1)]
    assert world.offer("A") == "protect" and world.flights[0].is_esp
    world.deliver(world.flights[0].id)
    assert len(world.delivered("B")) == 1 and world.delivered("B")[0][0] == 0x45
    assert world.pairs("B")[0].packets_in == world.pairs("A")[0].packets_out == 1


@pytest.mark.parametrize("offset, isakmp, pairs", [(0.1, 2, 2), (0.3, 1, 2), (0.4, 1, 1)])
def test_the_closed_form(offset, isakmp, pairs):
    """doc/closed-form.md: D = 40 ms, B begins later by the offset."""
    world = engine.two_routers()
    world.start("A")
    world.until(offset, 0.04)
    world.start("B")
    world.until(3, 0.04)
    assert standing(world) == [(isakmp, pairs)] * 2


def test_responder_only():
    world = engine.two_routers(responder_only=("A", "B"))
    world.start("A")
    world.start("B")
    world.until("60 s")
    assert standing(world) == [(0, 0)] * 2
    assert {e.kind for e in world.events()} == {"initiation-refused"}


def test_copies_go_on_by_themselves():
    world = engine.two_routers()
    world.start("A")
    world.deliver(world.flights[0].id)
    one, other, third = world.copy(), copy.copy(world), copy.deepcopy(world)
    before = world.fingerprint
    assert one.fingerprint == other.fingerprint == third.fingerprint == before
    one.drop(one.flights[0].id)
    other.until("1 s")
    assert one.fingerprint != before != other.fingerprint
    assert world.fingerprint == before and len(world.flights) == 1
    one.until("15 s")  # message 1 is sent again after 10 s
    assert standing(one) == standing(other) == [(1, 1), (1, 1)]


def test_losses_copies_and_timers():
    world = engine.two_routers()
    world.start("A")
    twin = world.duplicate(world.flights[0].id)
    world.deliver(world.flights[0].id)
    world.deliver(twin)
    world.run_schedule("drop:B")
    while world.flights:
        world.drop(world.flights[0].id)
    assert world.next_deadline == 10 and world.fire_timer() and world.now == 10
    assert any(e.retransmission for e in world.events() if e.kind == "message-sent")


def test_reboot_clear_and_events():
    world = up_world()
    seen = len(world.events())
    world.reboot("B")
    assert standing(world)[1] == (0, 0)
    assert {e.end for e in world.events(seen) if e.kind == "pair-removed"} == {"state-lost"}
    world.until("30 s")
    world.clear("A", isakmp=True)
    world.until("60 s")
    assert "SA" in engine.ladder(world.events(), "A", "B")


def test_octets_of_a_stranger_do_no_harm():
    world = up_world()
    before = standing(world)
    for noise in (b"", b"x", bytes(28), bytes(1000)):
        world.give("A", noise)
        world.give("A", noise, source="192.0.2.1")
    assert standing(world) == before
    assert [e.text for e in world.events() if e.kind == "message-dropped"]
    with pytest.raises(ValueError, match="no IP address"):
        world.give("A", b"", source="nowhere")


@few
@given(st.lists(st.sampled_from(["start:A", "start:B", "stop:A", "timer", "wait:40ms", "A", "B",
                                 "drop:A", "drop:B", "dup:A", "late:B", "offer:A", "clear:B",
                                 "reboot:A"]), max_size=25), st.integers(1, 5))
def test_any_moves_are_the_same_twice(words, seed):
    """Two worlds, and a copy on the way, come to the same end."""
    def play(world, moves):
        for word in moves:
            try:
                world.run_schedule(word)
            except ValueError:
                pass  # nothing of that node is in flight
        return world

    half = len(words) // 2
    one = play(engine.two_routers(seed), words)
    other = play(play(engine.two_routers(seed), words[:half]).copy(), words[half:])
    assert one.fingerprint == other.fingerprint
    assert one.events() == other.events()


@pytest.mark.parametrize("act, message", [
    (lambda w: w.start("C"), "unknown node 'C'"),
    (lambda w: w.deliver(99), "no datagram 99"),
    (lambda w: w.drop(99), "no datagram 99"),
    (lambda w: w.duplicate(99), "no datagram 99"),
    (lambda w: w.until(-1), "negative"),
    (lambda w: w.until(0.5), "does not go back"),
    (lambda w: w.until(9, -1), "negative"),
    (lambda w: w.until("soon"), "soon"),
    (lambda w: w.run_schedule("fly:A"), "word 1 'fly:A'"),
    (lambda w: w.run_schedule("wait:40"), "unit"),
    (lambda w: w.add("A", "hostname A"), "each name once"),
    (lambda w: w.add("a b", "hostname A"), "no name"),
    (lambda w: w.add("C", "hostname C"), "nothing to do"),
    (lambda w: w.add("C", "", {"RestartPaus": "1"}), "did you mean 'RestartPause'"),
    (lambda w: w.add("C", "", profile="iso"), "did you mean 'ios'"),
], ids=range(15))
def test_what_cannot_be_done_is_said(act, message):
    world = up_world()
    before = world.fingerprint
    with pytest.raises(ValueError, match=message):
        act(world)
    assert world.fingerprint == before


def test_errors_in_ios_text_have_their_place():
    world = engine.World()
    with pytest.raises(ns3ike.ConfigError, match="did you mean 'address'") as raised:
        world.add("C", "hostname C\ninterface Ethernet0/0\n ip adress 1.2.3.4\n")
    assert (raised.value.file, raised.value.line, raised.value.column) == ("C", 3, 5)
    with pytest.raises(ns3ike.ConfigError, match="profile") as raised:
        world.add("C", ns3ike.vti_router("C", wan="10.0.0.1/24", peer="10.0.0.2", key="k",
                                         tunnel="10.1.0.1/30").replace("profile vti\n ", "profile x\n "))
    assert raised.value.line > 1
    assert world.names == []


def test_knobs_and_profiles():
    knobs = {row["name"]: row for row in ns3ike.list_knobs()}
    assert knobs["RetransmitInterval"]["value"] == "10"
    text = ns3ike.vti_router("A", wan="10.0.0.1/24", peer="10.0.0.2", key="k",
                             tunnel="172.16.0.1/30")
    world = engine.World()
    world.add("A", text, {"RetransmitInterval": "3"})
    world.start("A")
    assert world.next_deadline == 3
    with pytest.raises(ValueError, match="nonsense"):
        ns3ike.list_knobs("nonsense")


# --- Keys ---


def negotiate():
    """A world whose pair stands, the octets that went by, and the key of phase 1."""
    world = engine.two_routers(encryption="aes 128", digest="sha256", group=14)
    world.start("A")
    seen = []
    while world.flights:
        seen.append(world.flights[0])
        world.deliver(world.flights[0].id)
    phase1 = next(e for e in world.events() if e.kind == "phase1-keys")
    return world, [flight.octets for flight in seen], phase1.octets


def test_reading_along():
    """IVs and keys of RFC 2409 Appendix B open messages 5 and 6 and all of quick mode."""
    world, octets, key = negotiate()
    clear = [wire.decode(o) for o in octets[:4]]
    gxi = next(p.data for p in clear[2].payloads if isinstance(p, wire.KeyExchange))
    gxr = next(p.data for p in clear[3].payloads if isinstance(p, wire.KeyExchange))
    assert len(gxi) == keys.public_length(14) == 256
    iv = keys.phase1_iv("sha256", gxi, gxr, 16)
    for encrypted in octets[4:6]:
        header = wire.decode_header(encrypted)
        body = keys.decrypt("aes-cbc", key, iv, encrypted[28:])
        message = wire.decode_payloads(header, body)
        assert message.names == "HDR*, ID, HASH"
        identity = message.payloads[0]
        assert identity.id_type == wire.IdType.ID_IPV4_ADDR
        assert keys.encrypt("aes-cbc", key, iv, body) == encrypted[28:]
        iv = encrypted[-16:]
    header = wire.decode_header(octets[6])
    iv = keys.phase2_iv("sha256", iv, header.message_id, 16)
    quick = wire.decode_payloads(header, keys.decrypt("aes-cbc", key, iv, octets[6][28:]))
    assert quick.names == "HDR*, HASH, SA, NONCE, ID, ID"
    spi = quick.payloads[1].proposals[0].spi
    assert int.from_bytes(spi, "big") == world.pairs("A")[0].inbound_spi


def test_an_exchange_by_hand():
    """Two ends that compute everything with ns3ike.keys agree, and with Python's own HMAC."""
    a, b = b"\x11" * 32, b"\x22" * 32
    gxi, _ = keys.dh(14, a)
    gxr, shared = keys.dh(14, b, gxi)
    assert keys.dh(14, a, gxr) == (gxi, shared)
    ni, nr, cky_i, cky_r = b"n" * 20, b"m" * 20, b"c" * 8, b"d" * 8
    family = keys.skeyid_psk("sha1", b"key", ni, nr, shared, cky_i, cky_r)

    def prf(key, data):
        return hmac.new(key, data, hashlib.sha1).digest()

    assert family.skeyid == prf(b"key", ni + nr) == keys.prf("sha1", b"key", ni + nr)
    assert family.d == prf(family.skeyid, shared + cky_i + cky_r + b"\0")
    assert family.a == prf(family.skeyid, family.d + shared + cky_i + cky_r + b"\1")
    assert family.e == prf(family.skeyid, family.a + shared + cky_i + cky_r + b"\2")
    signed = keys.skeyid_signature("sha1", ni, nr, shared, cky_i, cky_r)
    assert signed.skeyid == prf(ni + nr, shared)
    k1 = prf(family.e, b"\0")
    k2 = prf(family.e, k1)
    assert keys.encryption_key("sha1", family.e, 24) == (k1 + k2)[:24]
    assert keys.encryption_key("sha1", family.e, 16) == family.e[:16]
    seed = b"\3" + (7).to_bytes(4, "big") + ni + nr
    m1 = prf(family.d, seed)
    assert keys.keymat("sha1", family.d, 3, 7, ni, nr, 36) == (m1 + prf(family.d, m1 + seed))[:36]
    assert keys.keymat("sha1", family.d, 3, 7, ni, nr, 20, shared) == prf(family.d, shared + seed)
    assert keys.hash1("sha1", family.a, 5, b"rest") == prf(family.a, b"\0\0\0\5rest")
    assert keys.hash2("sha1", family.a, 5, ni, b"r") == prf(family.a, b"\0\0\0\5" + ni + b"r")
    assert keys.hash3("sha1", family.a, 5, ni, nr) == prf(family.a, b"\0\0\0\0\5" + ni + nr)
    assert keys.phase1_hash("sha1", family.skeyid, gxi, gxr, cky_i, cky_r, b"sa", b"id") == prf(
        family.skeyid, gxi + gxr + cky_i + cky_r + b"sa" + b"id")


@pytest.mark.parametrize("name", ["md5", "sha1", "sha256", "sha384", "sha512"])
@few
@given(data=st.binary(max_size=300), key=st.binary(max_size=200))
def test_hashes_are_pythons(name, data, key):
    assert keys.hash(name, data) == hashlib.new(name, data).digest()
    assert keys.prf(name, key, data) == hmac.new(key, data, name).digest()


@few
@given(st.sampled_from([("3des-cbc", 24, 8), ("aes-cbc", 16, 16), ("aes-cbc", 32, 16)]),
       st.integers(0, 8), st.data())
def test_ciphers_there_and_back(cipher, blocks, data):
    name, length, block = cipher
    key = data.draw(st.binary(min_size=length, max_size=length))
    iv = data.draw(st.binary(min_size=block, max_size=block))
    text = data.draw(st.binary(min_size=blocks * block, max_size=blocks * block))
    assert keys.decrypt(name, key, iv, keys.encrypt(name, key, iv, text)) == text


@few
@given(st.sampled_from([1, 2, 19]), st.binary(min_size=1, max_size=64),
       st.binary(min_size=1, max_size=64))
def test_both_ends_of_diffie_hellman_agree(group, a, b):
    ours, none = keys.dh(group, a)
    theirs, shared = keys.dh(group, b, ours)
    assert none is None and len(ours) == keys.public_length(group)
    assert keys.dh(group, a, theirs) == (ours, shared)


@few
@given(st.sampled_from([0, 1, 2, 3, 14, 19, 24, 65536]), st.binary(max_size=70),
       st.none() | st.binary(max_size=140))
def test_wrong_values_of_diffie_hellman_are_value_errors(group, private, peer):
    try:
        public, _ = keys.dh(group, private, peer)
        assert len(public) == keys.public_length(group)
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize("make, message", [
    (lambda: keys.hash("sha0", b""), "did you mean 'sha1'"),
    (lambda: keys.encrypt("aes", b"", b"", b""), "unknown cipher"),
    (lambda: keys.encrypt("aes-cbc", b"k", bytes(16), bytes(16)), ""),
    (lambda: keys.encrypt("aes-cbc", bytes(16), bytes(3), bytes(16)), ""),
    (lambda: keys.encrypt("aes-cbc", bytes(16), bytes(16), bytes(3)), ""),
    (lambda: keys.decrypt("3des-cbc", bytes(24), bytes(8), bytes(7)), ""),
    (lambda: keys.keymat("sha1", b"", 3, 7, b"", b"", 10 ** 6), "4096"),
    (lambda: keys.encryption_key("sha1", b"", 5000), "4096"),
    (lambda: keys.phase1_iv("md5", b"", b"", 17), "not from 0 to 16"),
    (lambda: keys.dh(3, b"x"), "no Diffie-Hellman group 3"),
    (lambda: keys.dh(14, b""), ""),
    (lambda: keys.dh(14, bytes(5000)), "private"),
    (lambda: keys.dh(14, b"x", b"short"), "256 octets"),
    (lambda: keys.mac("aes-xcbc-96", b"short", b""), ""),
], ids=range(14))
def test_wrong_values_are_value_errors(make, message):
    with pytest.raises(ValueError, match=message):
        make()
