/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-quick-identities.h"

#include "ikev1-authenticate.h"
#include "ikev1-dynamic.h"

#include "ns3/ike-negotiate.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

Selector
HostSelector(const IpAddress& address)
{
    Selector selector;
    selector.first = address;
    selector.last = address;
    return selector;
}

bool
IsHost(const Selector& selector)
{
    return selector.first == selector.last;
}

bool
IsTransportOnly(const ConnectionConfig& c)
{
    return std::all_of(c.transformSets.begin(),
                       c.transformSets.end(),
                       [](const EspTransformSet& s) { return s.transport; });
}

/// In transport mode an end behind a NAT names itself by its private address, of which nobody else
/// knows (RFC 3947 5.2), and its peer names it by the public one: as long as one host, protocol
/// and port are meant, any address of that host will do. Which host it is follows from phase 1.
bool
IsSameHost(const Selector& configured, const Selector& offered, const IpAddress& end)
{
    return IsHost(configured) && configured.first == end && IsHost(offered) &&
           configured.protocol == offered.protocol && configured.port == offered.port;
}

bool
IsMeant(const IsakmpSa& sa,
        const ConnectionConfig& c,
        const OfferedSelectors& offered,
        bool behindNat)
{
    if (!behindNat)
    {
        return c.localSelector == offered.local && c.remoteSelector == offered.remote;
    }
    const bool isLocal = c.localSelector == offered.local ||
                         (sa.natLocal && IsSameHost(c.localSelector, offered.local, c.local));
    const bool isRemote = c.remoteSelector == offered.remote ||
                          (sa.natRemote && IsSameHost(c.remoteSelector, offered.remote, c.peer));
    return isLocal && isRemote && IsTransportOnly(c);
}

/// What message 1 asks for; nothing when it cannot be said.
std::optional<OfferedSelectors>
ReadOffered(const IsakmpSa& sa, const Message& message)
{
    const std::vector<const IdPayload*> ids = message.FindAll<IdPayload>();
    if (ids.size() != 2)
    {
        return OfferedSelectors{HostSelector(sa.local.address), HostSelector(sa.Peer())};
    }
    const std::optional<Selector> remote = ReadSelectorId(*ids[0]);
    const std::optional<Selector> local = ReadSelectorId(*ids[1]);
    return local && remote ? std::make_optional(OfferedSelectors{*local, *remote}) : std::nullopt;
}

/// Transport mode: a host that is behind a NAT has in packets the address by which it is known
/// here, whatever it calls itself.
OfferedSelectors
SeenFromHere(const IsakmpSa& sa, OfferedSelectors offered)
{
    if (sa.natLocal && IsHost(offered.local))
    {
        offered.local.first = offered.local.last = sa.local.address;
    }
    if (sa.natRemote && IsHost(offered.remote))
    {
        offered.remote.first = offered.remote.last = sa.Peer();
    }
    return offered;
}

/// RFC 3947 5.2: type, three octets of zero, and the address.
OpaquePayload
MakeOriginalAddress(const IpAddress& address)
{
    Octets data{static_cast<uint8_t>(address.IsV6() ? IdType::Ipv6Address : IdType::Ipv4Address),
                0,
                0,
                0};
    Append(data, address.ToOctets());
    return OpaquePayload{static_cast<uint8_t>(PayloadType::NatOriginalAddress), data};
}

/// In transport mode packets have the addresses of the ends as they are seen here, whatever an end
/// behind a NAT calls itself.
Selector
SelectorAt(const IdPayload& id, const PairState& pair, const IpAddress& end)
{
    Selector selector = ReadSelectorId(id).value_or(Selector());
    if (pair.transform.transport && pair.udp && IsHost(selector))
    {
        selector.first = end;
        selector.last = end;
    }
    return selector;
}

} // namespace

const ConnectionConfig*
FindConnectionFor(const Ikev1Context& ctx, const IsakmpSa& sa, const Message& message)
{
    const std::optional<OfferedSelectors> offered = ReadOffered(sa, message);
    if (!offered)
    {
        return nullptr;
    }
    const auto own = ctx.FindBetween(sa.local.address, sa.Peer());
    for (bool behindNat : {false, true})
    {
        const auto it = std::find_if(own.begin(), own.end(), [&](const ConnectionConfig* c) {
            return IsMeant(sa, *c, *offered, behindNat);
        });
        if (it != own.end())
        {
            return *it;
        }
    }
    const auto all = ctx.index->FindTemplates(ctx.config, sa.local.address);
    const auto it = std::find_if(all.begin(), all.end(), [&](const ConnectionConfig* c) {
        return IsProvedFor(ctx, sa, *c) &&
               (IsAllowed(*c, *offered) ||
                (IsTransportOnly(*c) && IsAllowed(*c, SeenFromHere(sa, *offered))));
    });
    return it == all.end() ? nullptr : *it;
}

const ConnectionConfig*
OpenConnectionFor(Ikev1Context& ctx,
                  const IsakmpSa& sa,
                  const ConnectionConfig& dynamic,
                  const Message& message,
                  const Phase2Choice& choice)
{
    const OfferedSelectors offered = ReadOffered(sa, message).value();
    const bool moved = choice.transform.transport && choice.udp;
    return OpenConnection(ctx, sa, dynamic, moved ? SeenFromHere(sa, offered) : offered);
}

void
TakeIdentities(const IsakmpSa& sa, QuickMode& quick, const Message& message)
{
    const std::vector<const IdPayload*> ids = message.FindAll<IdPayload>();
    quick.withoutIds = ids.empty();
    if (quick.withoutIds)
    {
        quick.idInitiator = BuildSelectorId(HostSelector(sa.Peer()));
        quick.idResponder = BuildSelectorId(HostSelector(sa.local.address));
        return;
    }
    quick.idInitiator = *ids.at(0);
    quick.idResponder = *ids.at(1);
}

bool
AreIdentitiesRepeated(const QuickMode& quick, const Message& message)
{
    const std::vector<const IdPayload*> ids = message.FindAll<IdPayload>();
    return ids.size() == 2 && WriteBody(*ids[0]) == WriteBody(quick.idInitiator) &&
           WriteBody(*ids[1]) == WriteBody(quick.idResponder);
}

std::vector<Payload>
BuildIdentities(const IsakmpSa& sa, const QuickMode& quick)
{
    std::vector<Payload> payloads;
    if (!quick.withoutIds)
    {
        payloads = {quick.idInitiator, quick.idResponder};
    }
    // the initiator has to say so if it offers transport mode, the responder if it chose it
    const SaPayload& said = quick.role == Role::Initiator ? quick.offered : quick.chosen;
    if (OffersUdpTransport(said))
    {
        const bool initiates = quick.role == Role::Initiator;
        payloads.push_back(MakeOriginalAddress(initiates ? sa.local.address : sa.remote.address));
        payloads.push_back(MakeOriginalAddress(initiates ? sa.remote.address : sa.local.address));
    }
    return payloads;
}

PairSelectors
SelectorsOf(const QuickMode& quick, const PairState& pair)
{
    const bool initiates = pair.role == Role::Initiator;
    const IpAddress& initiator = initiates ? pair.local : pair.remote.address;
    const IpAddress& responder = initiates ? pair.remote.address : pair.local;
    return PairSelectors{SelectorAt(quick.idInitiator, pair, initiator),
                         SelectorAt(quick.idResponder, pair, responder)};
}

} // namespace ike
} // namespace ns3
