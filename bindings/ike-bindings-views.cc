/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-views.h"

#include "ike-bindings-value.h"

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

constexpr auto LAST_CIPHER = CipherAlgorithm::ChaCha20Poly1305;
constexpr auto LAST_INTEGRITY = IntegrityAlgorithm::AesXcbc96;

void
BindIsakmpSa(py::module_& m)
{
    using View = IsakmpSaView;
    ValueClass<View>(m, "IsakmpSa", "An ISAKMP SA, or an attempt to make one, at one end.")
        .AddAt(
            "initiator_cookie",
            [](auto& v) -> auto& { return v.identity.initiatorCookie; },
            "CKY-I, 8 octets.")
        .AddAt(
            "responder_cookie",
            [](auto& v) -> auto& { return v.identity.responderCookie; },
            "CKY-R, 8 octets; zero until it is known.")
        .AddAddress(
            "local",
            [](auto& v) -> auto& { return v.local; },
            "This end.")
        .AddAddress(
            "peer",
            [](auto& v) -> auto& { return v.peer; },
            "The other end.")
        .AddName(
            "role",
            [](auto& v) -> auto& { return v.role; },
            Role::Responder,
            "Of this end: initiator or responder.")
        .Add("state", &View::state, "As IOS names it: QM_IDLE, MM_KEY_EXCH.")
        .Add("established", &View::established, "Is phase 1 over?")
        .AddMoment(
            "expires",
            [](auto& v) -> auto& { return v.expires; },
            "Hard lifetime: when, in s since the start; None: not yet known.")
        .Add("number", &View::number, "In the order of appearance.")
        .AddName(
            "cipher",
            [](auto& v) -> auto& { return v.policy.cipher; },
            LAST_CIPHER,
            "What was negotiated: 3des-cbc, aes-cbc.")
        .AddAt(
            "key_bits",
            [](auto& v) -> auto& { return v.policy.keyBits; },
            "Of AES, in bits; 0: the cipher's own.")
        .AddName(
            "hash",
            [](auto& v) -> auto& { return v.policy.hash; },
            HashAlgorithm::Sha512,
            "What was negotiated: sha1, sha256.")
        .AddName(
            "authentication",
            [](auto& v) -> auto& { return v.policy.authentication; },
            AuthMethod::RsaSignature,
            "pre-share or rsa-sig.")
        .AddAt(
            "group",
            [](auto& v) -> auto& { return v.policy.group; },
            "Of Diffie-Hellman, by its IANA number.")
        .AddBy(
            "lifetime",
            [](const View& v) { return py::float_(v.policy.lifetime.ToSeconds()); },
            [](View& v, const py::handle& given) {
                v.policy.lifetime = ReadDuration(given, "IsakmpSa.lifetime");
            },
            "In s.")
        .Add("local_port", &View::localPort, "UDP port at this end.")
        .Add("peer_port", &View::peerPort, "UDP port of the peer, as this end sees it.")
        .Add("nat_traversal", &View::natTraversal, "Can both ends traverse NATs?")
        .Done();
}

void
BindPair(py::module_& m)
{
    using Look = PairLook;
    ValueClass<Look>(m, "Pair", "An IPsec SA pair at one end.")
        .AddAt(
            "id",
            [](auto& l) -> auto& { return l.view.id; },
            "Number in the order of appearance.")
        .AddAt(
            "connection",
            [](auto& l) -> auto& { return l.view.connection; },
            "Which tunnel, by number.")
        .AddAddress(
            "local",
            [](auto& l) -> auto& { return l.view.local; },
            "This end.")
        .AddAddress(
            "peer",
            [](auto& l) -> auto& { return l.view.peer; },
            "The other end.")
        .AddName(
            "role",
            [](auto& l) -> auto& { return l.view.role; },
            Role::Responder,
            "Of this end in quick mode: initiator or responder.")
        .AddAt(
            "inbound_spi",
            [](auto& l) -> auto& { return l.view.inboundSpi; },
            "This end receives on it.")
        .AddAt(
            "outbound_spi",
            [](auto& l) -> auto& { return l.view.outboundSpi; },
            "This end sends on it.")
        .AddName(
            "cipher",
            [](auto& l) -> auto& { return l.view.transform.cipher; },
            LAST_CIPHER,
            "What was negotiated: 3des-cbc, aes-gcm-16.")
        .AddAt(
            "key_bits",
            [](auto& l) -> auto& { return l.view.transform.keyBits; },
            "Of AES, in bits; 0: the cipher's own.")
        .AddName(
            "integrity",
            [](auto& l) -> auto& { return l.view.transform.integrity; },
            LAST_INTEGRITY,
            "What was negotiated: hmac-sha1-96.")
        .AddAt(
            "transport",
            [](auto& l) -> auto& { return l.view.transform.transport; },
            "Transport mode?")
        .AddAt(
            "pfs",
            [](auto& l) -> auto& { return l.view.pfs; },
            "Group of PFS by its IANA number; 0: none.")
        .AddAt(
            "live",
            [](auto& l) -> auto& { return l.view.live; },
            "False: it only lingers inbound.")
        .AddAt(
            "selected",
            [](auto& l) -> auto& { return l.view.outboundSelected; },
            "Does it carry the outbound traffic?")
        .AddMoment(
            "expires",
            [](auto& l) -> auto& { return l.view.expires; },
            "Hard lifetime: when, in s since the start; None: never.")
        .AddAt(
            "hard_bytes",
            [](auto& l) -> auto& { return l.view.hardBytes; },
            "Hard volume in B; 0: no limit.")
        .AddAt(
            "udp",
            [](auto& l) -> auto& { return l.view.udp; },
            "Do its ESP packets go in UDP?")
        .AddAt(
            "packets_in",
            [](auto& l) -> auto& { return l.inbound.packets; },
            "Packets that arrived on it.")
        .AddAt(
            "bytes_in",
            [](auto& l) -> auto& { return l.inbound.bytes; },
            "Octets of these, in B.")
        .AddAt(
            "packets_out",
            [](auto& l) -> auto& { return l.outbound.packets; },
            "Packets that left on it.")
        .AddAt(
            "bytes_out",
            [](auto& l) -> auto& { return l.outbound.bytes; },
            "Octets of these, in B.")
        .Done();
}

} // namespace

std::vector<PairLook>
LookAtPairs(const Engine& engine, const IpsecDataPlane& plane)
{
    std::vector<PairLook> looks;
    for (const auto& view : engine.GetPairs())
    {
        PairLook look;
        look.view = view;
        look.inbound = plane.GetInboundSaCounters(view.id).value_or(IpsecSaCounters());
        look.outbound = plane.GetOutboundSaCounters(view.id).value_or(IpsecSaCounters());
        looks.push_back(look);
    }
    return looks;
}

py::dict
DescribeCounters(const PlaneCounters& counters)
{
    py::dict discarded;
    for (unsigned i = 0; i < DROP_REASON_COUNT; ++i)
    {
        if (counters.discarded[i] != 0)
        {
            discarded[py::str(ToString(static_cast<DropReason>(i)))] = counters.discarded[i];
        }
    }
    py::dict all;
    all["in"] = counters.in;
    all["passed"] = counters.passed;
    all["bypassed"] = counters.bypassed;
    all["discarded"] = discarded;
    return all;
}

void
BindViews(py::module_& m)
{
    BindIsakmpSa(m);
    BindPair(m);
}

} // namespace bindings
} // namespace ike
} // namespace ns3
