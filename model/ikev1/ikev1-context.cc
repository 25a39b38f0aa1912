/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-context.h"

#include "ns3/ike-keyed-random.h"
#include "ns3/ike-timing.h"

namespace ns3
{
namespace ike
{

const ConnectionConfig*
Ikev1Context::FindConnection(ConnectionId id) const
{
    const auto it = state.opened.find(id);
    return it == state.opened.end() ? index->Find(config, id) : &it->second.config;
}

std::vector<const ConnectionConfig*>
Ikev1Context::FindBetween(const IpAddress& local, const IpAddress& peer) const
{
    const AddressPair ends{local, peer};
    std::vector<const ConnectionConfig*> found = index->FindBetween(config, ends);
    const auto it = state.openedBetween.find(ends);
    if (it != state.openedBetween.end())
    {
        for (ConnectionId id : it->second)
        {
            found.push_back(&state.opened.at(id).config);
        }
    }
    return found;
}

void
Ikev1Context::Touch(ConnectionId connection, bool attempt)
{
    bool& began = touched[connection];
    began = began || attempt;
}

IsakmpSa*
Ikev1Context::FindIsakmp(IsakmpNumber number)
{
    return state.isakmpSas.Find(number);
}

QuickMode*
Ikev1Context::FindQuickMode(uint32_t number)
{
    return state.quickModes.Find(number);
}

PairState*
Ikev1Context::FindPair(PairId id)
{
    return state.pairs.Find(id);
}

Octets
Ikev1Context::Random(RandomPurpose purpose,
                     const IpAddress& peer,
                     const Octets& context,
                     uint64_t counter,
                     size_t length)
{
    if (const std::optional<Octets> recorded = TakeRecorded(state.recorded, purpose))
    {
        return *recorded;
    }
    return KeyedRandom(crypto, state.key, RandomLabel{purpose, peer, context, counter}, length);
}

uint64_t
Ikev1Context::RandomJitter(const IpAddress& peer, const Octets& context)
{
    return KeyedRandomBelow(crypto,
                            state.key,
                            RandomLabel{RandomPurpose::Jitter, peer, context, 0},
                            JITTER_STEPS);
}

void
Ikev1Context::Compute(const JobOwner& owner, const DhJob& job)
{
    const JobId id = state.nextJob++;
    state.jobs[id] = owner;
    actions.emplace_back(ComputeAction{id, job});
}

void
Ikev1Context::Report(Event event)
{
    const bool isWarning =
        event.kind == EventKind::Warning || event.kind == EventKind::SecurityWarning;
    if (isHeard || isWarning)
    {
        actions.emplace_back(ReportAction{std::move(event)});
    }
}

Event
Ikev1Context::MakeEvent(EventKind kind, const IsakmpSa& sa)
{
    Event e;
    e.kind = kind;
    e.connection = sa.behalf;
    e.local = sa.local.address;
    e.peer = sa.Peer();
    e.role = sa.role;
    e.exchange = sa.aggressive ? ExchangeKind::AggressiveMode : ExchangeKind::MainMode;
    e.isakmp = sa.Identity();
    return e;
}

Event
Ikev1Context::MakeEvent(EventKind kind, const IsakmpSa& sa, const QuickMode& quick)
{
    Event e = MakeEvent(kind, sa);
    e.connection = quick.connection;
    e.role = quick.role;
    e.exchange = ExchangeKind::QuickMode;
    e.messageId = quick.messageId;
    e.pair = PairIdentity{quick.initiatorSpi, quick.responderSpi};
    return e;
}

Event
Ikev1Context::MakeEvent(EventKind kind, const PairState& pair)
{
    Event e;
    e.kind = kind;
    e.connection = pair.connection;
    e.local = pair.local;
    e.peer = pair.peer;
    e.role = pair.role;
    e.pair = pair.identity;
    return e;
}

Event
Ikev1Context::MakeEvent(EventKind kind, const ConnectionConfig& connection)
{
    Event e;
    e.kind = kind;
    e.connection = connection.id;
    e.local = connection.local;
    e.peer = connection.peer;
    return e;
}

void
Ikev1Context::ReportDropped(const DatagramInput& datagram,
                            const Header* header,
                            const std::string& why)
{
    if (!isHeard)
    {
        return;
    }
    Event e;
    e.kind = EventKind::MessageDropped;
    e.local = datagram.local.address;
    e.peer = datagram.remote.address;
    e.value = datagram.octets.size();
    e.text = why;
    if (header)
    {
        e.exchange = KindOf(header->exchange);
        e.isakmp = IsakmpIdentity{header->initiatorCookie, header->responderCookie};
        e.messageId = header->messageId;
    }
    Report(std::move(e));
}

Octets
NumberContext(uint64_t number)
{
    Octets o;
    AppendNumber(o, number, 8);
    return o;
}

Octets
CookieOctets(const Cookie& cookie)
{
    return Octets(cookie.begin(), cookie.end());
}

ExchangeKind
KindOf(ExchangeType type)
{
    switch (type)
    {
    case ExchangeType::IdentityProtection:
        return ExchangeKind::MainMode;
    case ExchangeType::Aggressive:
        return ExchangeKind::AggressiveMode;
    case ExchangeType::QuickMode:
        return ExchangeKind::QuickMode;
    case ExchangeType::Informational:
        return ExchangeKind::Informational;
    default:
        return ExchangeKind::Unknown;
    }
}

} // namespace ike
} // namespace ns3
