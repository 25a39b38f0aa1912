/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-reconfigure.h"

#include "ikev1-dead-peer.h"
#include "ikev1-nat-traversal.h"
#include "ikev1-quick-mode.h"
#include "ikev1-upkeep.h"

#include "ns3/ike-initiation.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

const ConnectionConfig*
FindIn(const EngineConfig& config, ConnectionId id)
{
    const auto it = std::find_if(config.connections.begin(),
                                 config.connections.end(),
                                 [id](const ConnectionConfig& c) { return c.id == id; });
    return it == config.connections.end() ? nullptr : &*it;
}

/// Do the SAs of a tunnel still fit it?
bool
IsSameTunnel(const ConnectionConfig& a, const ConnectionConfig& b)
{
    return a.local == b.local && a.peer == b.peer && a.localSelector == b.localSelector &&
           a.remoteSelector == b.remoteSelector;
}

/// May an attempt go on that was begun for this reason?
bool
IsStillAllowed(const Ikev1Context& ctx,
               ConnectionId id,
               BeginReason begin,
               Initiation (*of)(BeginReason))
{
    const ConnectionConfig* c = ctx.FindConnection(id);
    return c && MayInitiate(*c, of(begin));
}

/// Is the tunnel of this id still there, with the same ends and selectors?
bool
IsKept(const Ikev1Context& ctx, const EngineConfig& before, ConnectionId id)
{
    const ConnectionConfig* old = FindIn(before, id);
    const ConnectionConfig* now = ctx.FindConnection(id);
    return old && now && IsSameTunnel(*old, *now);
}

void
AbandonQuickModes(Ikev1Context& ctx, const EngineConfig& before)
{
    for (auto& [number, quick] : ctx.state.quickModes)
    {
        const bool mayGoOn =
            IsKept(ctx, before, quick.connection) &&
            (quick.role == Role::Responder ||
             IsStillAllowed(ctx, quick.connection, quick.begin, Phase2InitiationOf));
        if (quick.state != QuickState::Finished && !mayGoOn)
        {
            FailQuickMode(ctx, quick, EndReason::Reconfigured);
        }
    }
}

void
AbandonPhase1(Ikev1Context& ctx, const EngineConfig& before)
{
    std::vector<IsakmpNumber> abandoned;
    for (auto& [number, sa] : ctx.state.isakmpSas)
    {
        if (sa.role != Role::Initiator || sa.IsEstablished())
        {
            continue;
        }
        auto& pending = sa.pending;
        pending.erase(std::remove_if(pending.begin(),
                                     pending.end(),
                                     [&](const PendingPhase2& p) {
                                         return !IsKept(ctx, before, p.connection) ||
                                                !IsStillAllowed(ctx,
                                                                p.connection,
                                                                p.begin,
                                                                Phase2InitiationOf);
                                     }),
                      pending.end());
        // it goes on for the sake of another tunnel that waits for it and may begin it
        const bool wanted = std::any_of(pending.begin(), pending.end(), [&](const auto& p) {
            return IsStillAllowed(ctx, p.connection, BeginReason::None, Phase1InitiationOf);
        });
        const bool mayGoOn = IsKept(ctx, before, sa.behalf) &&
                             IsStillAllowed(ctx, sa.behalf, sa.begin, Phase1InitiationOf);
        if (!wanted && !mayGoOn)
        {
            pending.clear();
            abandoned.push_back(number);
        }
    }
    for (IsakmpNumber number : abandoned)
    {
        RemoveIsakmp(ctx, number, EndReason::Reconfigured);
    }
}

void
RemovePairsOf(Ikev1Context& ctx, ConnectionId connection)
{
    std::vector<PairId> pairs;
    for (const auto& [id, pair] : ctx.state.pairs)
    {
        if (pair.connection == connection && pair.live)
        {
            pairs.push_back(id);
        }
    }
    for (PairId id : pairs)
    {
        RemovePair(ctx, id, EndReason::Reconfigured);
    }
}

/// How a configuration wants the peer of an ISAKMP SA to be watched.
std::optional<DpdConfig>
WatchedAs(const EngineConfig& config, const IsakmpSa& sa)
{
    for (const ConnectionConfig& c : config.connections)
    {
        if (c.keepalive && c.local == sa.local.address && c.peer == sa.Peer())
        {
            return c.keepalive;
        }
    }
    return std::nullopt;
}

/// What stayed silent at its soft lifetime, or was refused, may ask now.
void
AskAgain(Ikev1Context& ctx, const ConnectionConfig& connection)
{
    for (auto& [id, pair] : ctx.state.pairs)
    {
        if (pair.connection == connection.id && pair.live && pair.softPassed)
        {
            RetryPairSuccessor(ctx, pair.identity);
        }
    }
    for (auto& [number, sa] : ctx.state.isakmpSas)
    {
        if (sa.local.address == connection.local && sa.Peer() == connection.peer && sa.softPassed)
        {
            RetryIsakmpSuccessor(ctx, sa.Identity());
        }
    }
}

} // namespace

void
Reconfigure(Ikev1Context& ctx, const EngineConfig& before)
{
    AbandonQuickModes(ctx, before);
    AbandonPhase1(ctx, before);
    for (const ConnectionConfig& old : before.connections)
    {
        const ConnectionConfig* now = ctx.FindConnection(old.id);
        if (!now || !IsSameTunnel(old, *now))
        {
            RemovePairsOf(ctx, old.id);
            ScheduleRestart(ctx, old.id, BeginReason::Cleared); // if it is still there
        }
        if (!now)
        {
            ctx.state.tunnels[old.id].timers.ClearAll();
            ctx.state.tunnels[old.id].reachable = false;
        }
    }
    for (auto& [number, sa] : ctx.state.isakmpSas)
    {
        if (sa.IsEstablished() && !(WatchedAs(before, sa) == WatchedAs(ctx.config, sa)))
        {
            WatchPeer(ctx, sa);
        }
    }
    KeepMappings(ctx);
    for (auto& [id, tunnel] : ctx.state.tunnels)
    {
        tunnel.quietUntil = Instant(); // what was hopeless need not be so now
    }
    for (const ConnectionConfig& now : ctx.config.connections)
    {
        const ConnectionConfig* old = FindIn(before, now.id);
        if (old && now.stayUp && !(old->switches == now.switches))
        {
            ctx.state.tunnels[now.id].refusedReported = 0;
            WantPhase2(ctx, now, BeginReason::TunnelStart, PairIdentity());
            AskAgain(ctx, now);
        }
    }
}

namespace
{

void
AddLiveness(Fingerprint& f, const IsakmpSa& sa, Instant now)
{
    const Liveness& live = sa.liveness;
    const bool isWatched = sa.timers.IsSet(IsakmpTimer::Liveness) || live.usageAwaited != 0;
    f.Add(isWatched ? live.heardAt : Instant::Never(), now)
        .Add(static_cast<uint64_t>(live.unanswered));
    f.Add(static_cast<uint64_t>(live.sent - live.acknowledged));
    f.Add(static_cast<uint64_t>(live.received.has_value()));
    f.Add(static_cast<uint64_t>(live.usageAwaited));
}

void
AddIsakmp(Fingerprint& f, const IsakmpSa& sa, Instant now)
{
    f.Add(static_cast<uint64_t>(sa.role)).Add(static_cast<uint64_t>(sa.state));
    f.Add(sa.local.address).Add(sa.Peer());
    f.Add(sa.remote.address).Add(static_cast<uint64_t>(sa.remote.port));
    f.Add(static_cast<uint64_t>(sa.local.port));
    f.Add(static_cast<uint64_t>(sa.natTraversal)).Add(static_cast<uint64_t>(sa.natLocal));
    f.Add(static_cast<uint64_t>(sa.natRemote)).Add(static_cast<uint64_t>(sa.deadPeerDetection));
    AddLiveness(f, sa, now);
    f.Add(std::max(sa.invalidSpiAt, now), now); // in the past it means nothing any more
    f.Add(static_cast<uint64_t>(sa.behalf)).Add(static_cast<uint64_t>(sa.begin));
    f.Add(static_cast<uint64_t>(sa.last.sendings)).Add(static_cast<uint64_t>(sa.last.sent.size()));
    f.Add(static_cast<uint64_t>(sa.failure)).Add(static_cast<uint64_t>(sa.softPassed));
    f.Add(static_cast<uint64_t>(sa.successorAsked)).Add(sa.hardAt, now);
    f.Add(static_cast<uint64_t>(sa.upOrder != 0)).Add(static_cast<uint64_t>(sa.policy.priority));
    f.Add(static_cast<uint64_t>(sa.usedMessageIds.size()));
    for (const PendingPhase2& p : sa.pending)
    {
        f.Add(static_cast<uint64_t>(p.connection)).Add(static_cast<uint64_t>(p.begin));
        f.Add(static_cast<uint64_t>(!p.succeeds.IsNone()));
    }
    sa.timers.AddTo(f, now);
}

void
AddQuickMode(Fingerprint& f, const QuickMode& quick, Instant now)
{
    f.Add(static_cast<uint64_t>(quick.role)).Add(static_cast<uint64_t>(quick.state));
    f.Add(static_cast<uint64_t>(quick.connection)).Add(static_cast<uint64_t>(quick.begin));
    f.Add(static_cast<uint64_t>(quick.last.sendings));
    f.Add(static_cast<uint64_t>(quick.last.sent.size()));
    f.Add(static_cast<uint64_t>(quick.pair != 0)).Add(static_cast<uint64_t>(quick.lifetime.ns));
    f.Add(static_cast<uint64_t>(quick.udp)).Add(static_cast<uint64_t>(quick.withoutIds));
    f.Add(static_cast<uint64_t>(quick.connectedAwaited));
    f.Add(quick.lifetimeKilobytes).Add(static_cast<uint64_t>(!quick.succeeds.IsNone()));
    quick.timers.AddTo(f, now);
}

void
AddPair(Fingerprint& f, const PairState& pair, Instant now)
{
    f.Add(static_cast<uint64_t>(pair.connection)).Add(static_cast<uint64_t>(pair.role));
    f.Add(static_cast<uint64_t>(pair.live));
    f.Add(static_cast<uint64_t>(pair.usedInbound)).Add(static_cast<uint64_t>(pair.softPassed));
    f.Add(static_cast<uint64_t>(pair.successorAsked)).Add(pair.hardAt, now).Add(pair.hardBytes);
    f.Add(static_cast<uint64_t>(pair.udp)).Add(static_cast<uint64_t>(pair.natLocal));
    f.Add(static_cast<uint64_t>(pair.localPort)).Add(pair.remote.address);
    f.Add(static_cast<uint64_t>(pair.remote.port));
    f.Add(static_cast<uint64_t>(pair.connectedAwaited));
    f.Add(static_cast<uint64_t>(pair.transform.transport));
    f.Add(static_cast<uint64_t>(pair.transform.extendedSequence));
    pair.timers.AddTo(f, now);
}

/// The place of a key in a map: the canonical name of an SA.
template <typename Map>
uint64_t
PlaceOf(const Map& map, typename Map::key_type key)
{
    const auto it = map.find(key);
    return it == map.end() ? UINT64_MAX : static_cast<uint64_t>(std::distance(map.begin(), it));
}

} // namespace

std::vector<Event>
LossEventsOf(const Ikev1State& state)
{
    std::vector<Event> events;
    for (const auto& [number, quick] : state.quickModes)
    {
        const auto sa = state.isakmpSas.find(quick.isakmp);
        if (quick.state != QuickState::Finished && sa != state.isakmpSas.end())
        {
            events.push_back(Ikev1Context::MakeEvent(EventKind::Phase2Failed, sa->second, quick));
        }
    }
    for (const auto& [id, pair] : state.pairs)
    {
        if (pair.live)
        {
            events.push_back(Ikev1Context::MakeEvent(EventKind::PairRemoved, pair));
        }
    }
    for (const auto& [number, sa] : state.isakmpSas)
    {
        events.push_back(Ikev1Context::MakeEvent(sa.IsEstablished() ? EventKind::IsakmpRemoved
                                                                    : EventKind::Phase1Failed,
                                                 sa));
    }
    for (Event& e : events)
    {
        e.end = EndReason::StateLost;
    }
    return events;
}

uint64_t
FingerprintOf(const Ikev1State& state, Instant now)
{
    Fingerprint f;
    f.Add(static_cast<uint64_t>(state.isakmpSas.size()));
    for (const auto& [number, sa] : state.isakmpSas)
    {
        AddIsakmp(f, sa, now);
    }
    f.Add(static_cast<uint64_t>(state.quickModes.size()));
    for (const auto& [number, quick] : state.quickModes)
    {
        f.Add(PlaceOf(state.isakmpSas, quick.isakmp));
        AddQuickMode(f, quick, now);
    }
    f.Add(static_cast<uint64_t>(state.pairs.size()));
    for (const auto& [id, pair] : state.pairs)
    {
        f.Add(PlaceOf(state.isakmpSas, pair.isakmp));
        AddPair(f, pair, now);
    }
    for (const auto& [id, tunnel] : state.tunnels)
    {
        f.Add(static_cast<uint64_t>(id)).Add(static_cast<uint64_t>(tunnel.reachable));
        f.Add(PlaceOf(state.pairs, tunnel.selected));
        f.Add(static_cast<uint64_t>(tunnel.restartReason));
        tunnel.timers.AddTo(f, now);
    }
    state.natTimers.AddTo(f, now);
    f.Add(static_cast<uint64_t>(state.jobs.size()));
    return f.Get();
}

uint64_t
FingerprintOfDatagram(const Ikev1State& state, const Octets& octets, bool isEsp)
{
    Fingerprint f;
    const auto addPlaces = [&f](const auto& map, const auto& isMeant) {
        for (auto it = map.begin(); it != map.end(); ++it)
        {
            if (isMeant(it->second))
            {
                f.Add(static_cast<uint64_t>(std::distance(map.begin(), it)));
            }
        }
        f.Add(UINT64_MAX);
    };
    if (isEsp && octets.size() >= 8)
    {
        const auto numberAt = [&octets](std::ptrdiff_t at) {
            const auto begin = octets.begin() + at;
            return IpAddress::FromOctets(Octets(begin, begin + 4)).ToV4();
        };
        addPlaces(state.pairs, [&](const PairState& pair) {
            return pair.InboundSpi() == numberAt(0) || pair.OutboundSpi() == numberAt(0);
        });
        f.Add(static_cast<uint64_t>(numberAt(4))); // the sequence number is no chance value
    }
    else if (const Parsed<Header> header = isEsp ? Parsed<Header>() : ReadHeader(octets))
    {
        addPlaces(state.isakmpSas, [&](const IsakmpSa& sa) {
            return sa.initiatorCookie == header.value->initiatorCookie;
        });
        addPlaces(state.quickModes, [&](const QuickMode& quick) {
            return quick.messageId == header.value->messageId;
        });
    }
    return f.Get();
}

} // namespace ike
} // namespace ns3
