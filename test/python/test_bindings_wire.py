# SPDX-License-Identifier: GPL-2.0-only
"""Messages as values and octets: what is written is read back, and nothing worse than an error."""
import copy
import pickle

import pytest
from ns3ike_package import ns3ike

hypothesis = pytest.importorskip("hypothesis")
from hypothesis import given, settings  # noqa: E402
from hypothesis import strategies as st  # noqa: E402

wire = ns3ike.wire
settings.register_profile("ns3ike", max_examples=60, deadline=None, derandomize=True,
                          database=None)
settings.load_profile("ns3ike")

byte = st.integers(0, 255)
word = st.integers(0, 65535)
octets = st.binary(max_size=40)
attributes = st.lists(st.one_of(
    st.builds(wire.Attribute, type=st.integers(0, 0x7fff), basic=st.just(True),
              value=st.binary(min_size=2, max_size=2)),
    st.builds(wire.Attribute, type=st.integers(0, 0x7fff), basic=st.just(False), value=octets)),
    max_size=4)
transforms = st.lists(st.builds(wire.Transform, number=byte, id=byte, reserved=word,
                                attributes=attributes), min_size=1, max_size=3)
proposals = st.lists(st.builds(wire.Proposal, number=byte, protocol=byte, spi=octets,
                               transforms=transforms), min_size=1, max_size=3)
# Types that have a class of their own are no opaque ones.
UNKNOWN = [t for t in range(14, 256)]
payloads = st.one_of(
    st.builds(wire.Sa, proposals=proposals),
    st.builds(wire.KeyExchange, octets),
    st.builds(wire.Identification, id_type=byte, data=octets, protocol=byte, port=word),
    st.builds(wire.Certificate, encoding=byte, data=octets),
    st.builds(wire.CertificateRequest, encoding=byte, authority=octets),
    st.builds(wire.Hash, octets),
    st.builds(wire.Signature, octets),
    st.builds(wire.Nonce, st.binary(min_size=8, max_size=256)),
    st.builds(wire.Notify, notify_type=word, protocol=byte, spi=octets, data=octets),
    st.builds(wire.Delete, protocol=byte, spi_size=st.just(4),
              spis=st.lists(st.binary(min_size=4, max_size=4), max_size=3)),
    st.builds(wire.VendorId, octets),
    st.builds(wire.Opaque, type=st.sampled_from(UNKNOWN), data=octets))
headers = st.builds(wire.Header, initiator_cookie=st.binary(min_size=8, max_size=8),
                    responder_cookie=st.binary(min_size=8, max_size=8), exchange=byte,
                    flags=st.sampled_from([0, 2, 4]), message_id=st.integers(0, 2 ** 32 - 1),
                    version=byte)
messages = st.builds(wire.Message, header=headers, payloads=st.lists(payloads, max_size=5))


@given(messages)
def test_what_is_written_is_read_back(message):
    written = message.encode()
    again = wire.decode(written)
    assert again.payloads == message.payloads
    assert again.header.length == len(written)
    assert again.header == message.header.replace(length=len(written),
                                                  next_payload=again.header.next_payload)
    assert again.encode() == written
    assert message.names.startswith("HDR") and message.names in str(message)


@given(messages, st.data())
def test_a_changed_octet_is_read_or_refused(message, data):
    changed = bytearray(message.encode())
    place = data.draw(st.integers(0, len(changed) - 1))
    changed[place] ^= data.draw(st.integers(1, 255))
    try:
        again = wire.decode(changed)
    except ns3ike.WireError as error:
        assert error.offset <= len(changed) and error.message in str(error)
    else:
        assert wire.decode(again.encode()) == again


@given(st.binary(max_size=200))
def test_any_octets_are_read_or_refused(noise):
    for read in (wire.decode, wire.decode_header):
        with pytest.raises(ns3ike.WireError):
            read(noise)
            raise ns3ike.WireError("they are a message")
    values = wire.decode_attributes(noise)
    assert values is None or wire.encode_attributes(values) == noise


@given(payloads)
def test_payloads_are_values(payload):
    assert pickle.loads(pickle.dumps(payload)) == payload == copy.copy(payload)
    assert hash(payload) == hash(payload.replace())
    assert payload != 3 and payload != wire.Header()
    fields = [getattr(payload, name) for name in payload.__match_args__]
    assert type(payload)(*fields) == payload
    # What repr() leaves out is as in a new value.
    assert eval(repr(payload), dict(vars(wire))) == payload
    assert str(payload) and isinstance(payload.encode_body(), bytes)
    with pytest.raises(AttributeError):
        payload.data = b""
    with pytest.raises(AttributeError):
        payload.nonsense = 1


@given(headers, st.lists(payloads, min_size=1, max_size=3), st.binary(max_size=16))
def test_encrypted_messages(header, chain, padding):
    """The header says that it is encrypted; the body is another's affair."""
    body = wire.encode_payloads(chain) + bytes(len(padding))
    first = header.replace(flags=wire.ENCRYPTED, next_payload=chain[0].type)
    whole = wire.encode_header_and_body(first, body)
    read = wire.decode_header(whole)
    assert read.encrypted and read.length == len(whole)
    with pytest.raises(ns3ike.WireError, match="encrypted"):
        wire.decode(whole)
    message = wire.decode_payloads(read, whole[wire.HEADER_LENGTH:])
    assert list(message.payloads) == chain and message.padding == bytes(len(padding))


def test_the_octets_of_a_header():
    """Written by hand after RFC 2408 3.1."""
    message = wire.Message(
        header=wire.Header(initiator_cookie=bytes(range(8)), exchange=wire.ExchangeType.MAIN_MODE),
        payloads=[wire.KeyExchange(b"\xaa\xbb"), wire.Nonce(bytes(8))])
    assert message.encode().hex() == ("0001020304050607" "0000000000000000" "04100200" "00000000"
                                      "0000002e" "0a000006aabb" "0000000c" + "00" * 8)


@pytest.mark.parametrize("enumeration, say", [
    (wire.NotifyType, lambda v: str(wire.Notify(notify_type=v))),
    (wire.IdType, lambda v: str(wire.Identification(id_type=v))),
    (wire.PayloadType, lambda v: wire.Message(payloads=[wire.Opaque(type=v)]).names),
    (wire.ExchangeType, lambda v: str(wire.Message(header=wire.Header(exchange=v)))),
    (wire.ProtocolId, lambda v: str(wire.Notify(protocol=v))),
], ids=lambda e: getattr(e, "__name__", ""))
def test_names_are_those_of_the_engine(enumeration, say):
    for value in enumeration:
        word = value.name.replace("_", "-")
        assert word.lower().replace("-", "") in say(value).lower().replace("-", "").replace(
            "_", ""), value


@pytest.mark.parametrize("make, error, message", [
    (lambda: wire.Nonce("text"), TypeError, "Nonce.data.*bytes"),
    (lambda: wire.Nonce([1, 2]), TypeError, "Nonce.data"),
    (lambda: wire.Nonce(3), TypeError, "Nonce.data"),
    (lambda: wire.Transform(number=256), ValueError, "Transform.number: 256 is not from 0 to 255"),
    (lambda: wire.Transform(number=-1), ValueError, "not from 0 to 255"),
    (lambda: wire.Transform(number=10 ** 30), ValueError, "not from 0 to 255"),
    (lambda: wire.Transform(number=True), TypeError, "whole number"),
    (lambda: wire.Transform(number="1"), TypeError, "whole number"),
    (lambda: wire.Transform(number=1.0), TypeError, "whole number"),
    (lambda: wire.Transform(nubmer=1), ValueError, "did you mean 'number'"),
    (lambda: wire.Transform(1, 2, 3, [], 5), TypeError, "4 fields"),
    (lambda: wire.Transform(attributes=b"ab"), TypeError, "a sequence"),
    (lambda: wire.Transform(attributes=[1]), TypeError, "Transform.attributes"),
    (lambda: wire.Attribute(basic=1), TypeError, "True or False"),
    (lambda: wire.Header(initiator_cookie=b"1234"), TypeError, "8 octets"),
    (lambda: wire.Message(payloads=[wire.Header()]), TypeError, "Message.payloads"),
    (lambda: wire.Message(payloads=[wire.KeyExchange(bytes(70000))]).encode(), ValueError, ""),
    (lambda: wire.Sa([wire.Proposal(spi=bytes(300))]).encode_body(), ValueError, ""),
    (lambda: wire.decode("text"), TypeError, ""),
    (lambda: wire.decode(None), TypeError, ""),
], ids=range(20))
def test_wrong_values_are_refused(make, error, message):
    with pytest.raises(error, match=message):
        make()


def test_buffers_of_any_kind():
    import array
    for buffer in (b"12345678", bytearray(b"12345678"), memoryview(b"12345678"),
                   array.array("B", b"12345678")):
        assert wire.Nonce(buffer).data == b"12345678"
    with pytest.raises(TypeError):
        wire.Nonce(memoryview(bytes(16))[::2])


def test_numbers_of_attributes():
    assert wire.Attribute.short(wire.Phase1Attribute.GROUP, 14).to_number() == 14
    life = wire.Attribute.number(wire.Phase1Attribute.LIFE_DURATION, 86400)
    assert life.value == b"\x00\x01\x51\x80" and not life.basic
    transform = wire.Transform(1, 1, attributes=[life])
    assert transform.find(wire.Phase1Attribute.LIFE_DURATION) == 86400
    assert transform.find(wire.Phase1Attribute.GROUP) is None
