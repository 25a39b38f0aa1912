/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-nat-traversal.h"

#include "ns3/ike-negotiate.h"

#include <algorithm>
#include <array>
#include <set>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets of our vendor ID, whatever it says: captures of different providers have equal sizes.
constexpr size_t VENDOR_ID_LENGTH = 32;

/// RFC 3947 3.1: MD5 of "RFC 3947".
const Octets NAT_TRAVERSAL{
    0x4a,
    0x13,
    0x1c,
    0x81,
    0x07,
    0x03,
    0x58,
    0x45,
    0x5c,
    0x57,
    0x28,
    0xf2,
    0x0e,
    0x95,
    0x45,
    0x2f,
};

/// RFC 3706 5.1, version 1.0.
const Octets DEAD_PEER_DETECTION{
    0xaf,
    0xca,
    0xd7,
    0x13,
    0x68,
    0xa1,
    0xf1,
    0xc9,
    0x6b,
    0x86,
    0x96,
    0xfc,
    0x77,
    0x57,
    0x01,
    0x00,
};

/// Names the crypto provider: a capture says by what its octets were computed.
Octets
MakeOwnVendorId(const CryptoProvider& crypto)
{
    Octets data = ToOctets("ns3-ike " + crypto.GetName());
    data.resize(VENDOR_ID_LENGTH, 0);
    return data;
}

/// RFC 3947 3.2: HASH = HASH(CKY-I | CKY-R | IP | Port), with the negotiated hash.
Octets
HashEndpoint(Ikev1Context& ctx, const IsakmpSa& sa, const Endpoint& endpoint)
{
    const std::array<uint8_t, 2> port{static_cast<uint8_t>(endpoint.port >> 8),
                                      static_cast<uint8_t>(endpoint.port)};
    return ctx.crypto.Hash(
        sa.policy.hash,
        Concat({sa.initiatorCookie, sa.responderCookie, endpoint.address.View(), port}));
}

/// From where to where NATs before this end have mappings that are in use.
std::set<std::pair<Endpoint, Endpoint>>
MappingsOf(const Ikev1State& state)
{
    std::set<std::pair<Endpoint, Endpoint>> mappings;
    for (IsakmpNumber number : state.isakmpSas.By().mappings)
    {
        const IsakmpSa& sa = state.isakmpSas.Get(number);
        mappings.emplace(sa.local, sa.remote);
    }
    for (PairId id : state.pairs.By().mappings)
    {
        const PairState& pair = state.pairs.Get(id);
        mappings.emplace(Endpoint{pair.local, pair.localPort}, pair.remote);
    }
    return mappings;
}

bool
HasMapping(const Ikev1State& state)
{
    return !state.isakmpSas.By().mappings.empty() || !state.pairs.By().mappings.empty();
}

OpaquePayload
MakeNatDiscovery(const Octets& hash)
{
    return OpaquePayload{static_cast<uint8_t>(PayloadType::NatDiscovery), hash};
}

} // namespace

std::vector<Payload>
BuildVendorIds(const Ikev1Context& ctx)
{
    std::vector<Payload> payloads;
    if (ctx.config.style.vendorIds)
    {
        for (const Octets& data : *ctx.config.style.vendorIds)
        {
            payloads.push_back(VendorIdPayload{data});
        }
        return payloads;
    }
    payloads.reserve(3);
    payloads.push_back(VendorIdPayload{MakeOwnVendorId(ctx.crypto)});
    if (ctx.config.natTraversal)
    {
        payloads.push_back(VendorIdPayload{NAT_TRAVERSAL});
    }
    payloads.push_back(VendorIdPayload{DEAD_PEER_DETECTION});
    return payloads;
}

void
ReadVendorIds(const Ikev1Context& ctx, IsakmpSa& sa, const Message& message)
{
    for (const VendorIdPayload* id : message.FindAll<VendorIdPayload>())
    {
        sa.natTraversal |= ctx.config.natTraversal && id->data == NAT_TRAVERSAL;
        sa.deadPeerDetection |= id->data == DEAD_PEER_DETECTION;
    }
}

std::vector<Payload>
BuildNatDiscovery(Ikev1Context& ctx, const IsakmpSa& sa)
{
    if (!sa.natTraversal)
    {
        return {};
    }
    const Octets own = ctx.config.style.ownNatDiscovery.value_or(HashEndpoint(ctx, sa, sa.local));
    return MakePayloads(MakeNatDiscovery(HashEndpoint(ctx, sa, sa.remote)), MakeNatDiscovery(own));
}

void
ReadNatDiscovery(Ikev1Context& ctx,
                 IsakmpSa& sa,
                 const DatagramInput& datagram,
                 const Message& message)
{
    std::vector<Octets> hashes;
    for (const OpaquePayload* p : message.FindAll<OpaquePayload>())
    {
        if (p->type == static_cast<uint8_t>(PayloadType::NatDiscovery))
        {
            hashes.push_back(p->data);
        }
    }
    if (!sa.natTraversal || hashes.size() < 2)
    {
        sa.natTraversal = false;
        return;
    }
    // the first says where the peer saw this end; the others, where it has addresses itself
    const Octets own = HashEndpoint(ctx, sa, datagram.local);
    const Octets other = HashEndpoint(ctx, sa, datagram.remote);
    sa.natLocal = hashes.front() != own;
    sa.natRemote = std::find(hashes.begin() + 1, hashes.end(), other) == hashes.end();
    if (sa.natLocal || sa.natRemote)
    {
        Event e = ctx.MakeEvent(EventKind::NatDetected, sa);
        e.text = sa.natLocal && sa.natRemote ? "both" : sa.natLocal ? "local" : "remote";
        ctx.Report(e);
    }
}

void
FloatPorts(IsakmpSa& sa)
{
    if (sa.natLocal || sa.natRemote)
    {
        sa.local.port = NAT_TRAVERSAL_PORT;
        sa.remote.port = NAT_TRAVERSAL_PORT;
    }
}

bool
MayBeAt(const IsakmpSa& sa, const DatagramInput& datagram)
{
    return sa.natTraversal && (datagram.remote.address == sa.remote.address || sa.natRemote);
}

void
FollowPeer(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram)
{
    const bool hasMoved = !(datagram.remote == sa.remote) || datagram.local.port != sa.local.port;
    if (!hasMoved || !MayBeAt(sa, datagram))
    {
        return;
    }
    const Endpoint before = sa.remote;
    sa.local.port = datagram.local.port;
    sa.remote = datagram.remote;
    // whatever else stands with the peer at the same place has moved along; what stands with others
    // has not, for any peer can say that it is where another one is
    const AddressPair ends{sa.Peer(), sa.local.address};
    for (IsakmpNumber number : ctx.state.isakmpSas.FindBy(&IsakmpIndex::ends, ends))
    {
        IsakmpSa& other = ctx.state.isakmpSas.at(number);
        if (other.IsEstablished() && other.natTraversal && other.remote == before &&
            IsSameIdentity(other.peerIdentity, sa.peerIdentity))
        {
            other.local.port = sa.local.port;
            other.remote = sa.remote;
        }
    }
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::ends, ends))
    {
        PairState& pair = ctx.state.pairs.at(id);
        if (pair.udp && pair.remote == before && IsSameIdentity(pair.peerIdentity, sa.peerIdentity))
        {
            pair.localPort = sa.local.port;
            pair.remote = sa.remote;
            ctx.actions.push_back(MoveSaAction{id, sa.remote});
        }
    }
}

void
KeepMappings(Ikev1Context& ctx)
{
    const bool isOn = ctx.config.natKeepalive.ns > 0 && HasMapping(ctx.state);
    if (!isOn)
    {
        ctx.state.natTimers.ClearAll();
        return;
    }
    const Instant next = ctx.now + ctx.config.natKeepalive;
    if (next < ctx.state.natTimers.Get(NatTimer::Keepalive)) // not set, or shorter than so far
    {
        ctx.state.natTimers.Set(NatTimer::Keepalive, next);
    }
}

void
OnKeepalive(Ikev1Context& ctx)
{
    ctx.state.natTimers.ClearAll();
    for (const auto& [local, remote] : MappingsOf(ctx.state))
    {
        ctx.actions.push_back(SendKeepaliveAction{local, remote});
    }
    KeepMappings(ctx);
}

} // namespace ike
} // namespace ns3
