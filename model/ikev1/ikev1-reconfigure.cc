/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-reconfigure.h"

#include "ikev1-dead-peer.h"
#include "ikev1-dynamic.h"
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
IsKept(const Ikev1Context& ctx, const EarlierConfig& before, ConnectionId id)
{
    const auto opened = ctx.state.opened.find(id);
    if (opened != ctx.state.opened.end())
    {
        return !opened->second.ended;
    }
    const ConnectionConfig* old = before.index.Find(before.config, id);
    const ConnectionConfig* now = ctx.FindConnection(id);
    return old && now && IsSameTunnel(*old, *now);
}

void
AbandonQuickModes(Ikev1Context& ctx, const EarlierConfig& before)
{
    QuickModeStore& all = ctx.state.quickModes;
    for (uint32_t number = all.NextAfter(0); number != 0; number = all.NextAfter(number))
    {
        QuickMode& quick = all.at(number);
        const bool mayGoOn =
            IsKept(ctx, before, quick.connection) &&
            (quick.role == Role::Responder ||
             IsStillAllowed(ctx, quick.connection, quick.begin, Phase2InitiationOf));
        if (quick.state != QuickState::Finished && !mayGoOn)
        {
            FailQuickMode(ctx, quick, EndReason::Reconfigured);
        }
        ctx.state.Close();
    }
}

void
AbandonPhase1(Ikev1Context& ctx, const EarlierConfig& before)
{
    std::vector<IsakmpNumber> abandoned;
    for (IsakmpNumber number : ctx.state.isakmpSas.Numbers())
    {
        IsakmpSa& sa = ctx.state.isakmpSas.at(number);
        if (sa.role != Role::Initiator || sa.IsEstablished())
        {
            continue;
        }
        auto& pending = sa.pending;
        for (const PendingPhase2& p : pending)
        {
            ctx.Touch(p.connection);
        }
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
        ctx.state.Close();
    }
}

void
RemovePairsOf(Ikev1Context& ctx, ConnectionId connection)
{
    std::vector<PairId> pairs;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::connection, connection))
    {
        if (ctx.state.pairs.Get(id).live)
        {
            pairs.push_back(id);
        }
    }
    for (PairId id : pairs)
    {
        RemovePair(ctx, id, EndReason::Reconfigured);
    }
    ctx.state.Close();
}

/// How a configuration wants the peer of an ISAKMP SA to be watched.
std::optional<DpdConfig>
WatchedAs(const EngineConfig& config, const ConnectionIndex& index, const IsakmpSa& sa)
{
    const DpdConfig* dpd = FindKeepalive(config, index, {sa.local.address, sa.Peer()});
    return dpd ? std::make_optional(*dpd) : std::nullopt;
}

/// What stayed silent at its soft lifetime, or was refused, may ask now.
void
AskAgain(Ikev1Context& ctx, const ConnectionConfig& connection)
{
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::connection, connection.id))
    {
        const PairState& pair = ctx.state.pairs.Get(id);
        if (pair.live && pair.softPassed)
        {
            RetryPairSuccessor(ctx, pair.identity);
        }
    }
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::ends, {connection.peer, connection.local}))
    {
        const IsakmpSa& sa = ctx.state.isakmpSas.Get(number);
        if (sa.softPassed)
        {
            RetryIsakmpSuccessor(ctx, sa.Identity());
        }
    }
}

} // namespace

void
Reconfigure(Ikev1Context& ctx, const EarlierConfig& before)
{
    const std::vector<ConnectionId> ended = FollowTemplates(ctx);
    AbandonQuickModes(ctx, before);
    AbandonPhase1(ctx, before);
    for (ConnectionId id : ended)
    {
        RemovePairsOf(ctx, id);
    }
    for (const ConnectionConfig& old : before.config.connections)
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
    for (IsakmpNumber number : ctx.state.isakmpSas.Numbers())
    {
        IsakmpSa& sa = ctx.state.isakmpSas.at(number);
        if (sa.IsEstablished() &&
            !(WatchedAs(before.config, before.index, sa) == WatchedAs(ctx.config, *ctx.index, sa)))
        {
            WatchPeer(ctx, sa);
        }
    }
    KeepMappings(ctx);
    for (ConnectionId id : ctx.state.tunnels.Numbers())
    {
        ctx.state.tunnels.at(id).quietUntil = Instant(); // what was hopeless need not be so now
    }
    ctx.state.Close();
    for (const ConnectionConfig& now : ctx.config.connections)
    {
        const ConnectionConfig* old = before.index.Find(before.config, now.id);
        if (old && now.stayUp && !(old->switches == now.switches))
        {
            ctx.state.tunnels[now.id].refusedReported = 0;
            WantPhase2(ctx, now, BeginReason::TunnelStart, PairIdentity());
            AskAgain(ctx, now);
            ctx.state.Close();
        }
    }
}

namespace
{

// --- Names that say nothing of chance values -----------------------------------------------------

/// The place of a key in a map: the canonical name of an SA.
template <typename Map>
uint64_t
PlaceOf(const Map& map, typename Map::key_type key)
{
    const auto it = map.find(key);
    return it == map.end() ? UINT64_MAX : static_cast<uint64_t>(std::distance(map.begin(), it));
}

/// No SA is meant.
constexpr uint64_t NO_PLACE = UINT64_MAX - 1;

/// The place of the pair that is to be replaced; one that is gone has none.
uint64_t
PlaceOf(const Ikev1State& state, const PairIdentity& identity)
{
    const auto it = std::find_if(state.pairs.begin(), state.pairs.end(), [&](const auto& item) {
        return item.second.identity == identity;
    });
    return identity.IsNone() ? NO_PLACE
           : it == state.pairs.end()
               ? UINT64_MAX
               : static_cast<uint64_t>(std::distance(state.pairs.begin(), it));
}

/// The same of an ISAKMP SA.
uint64_t
PlaceOf(const Ikev1State& state, const IsakmpIdentity& identity)
{
    const auto& all = state.isakmpSas;
    const auto it = std::find_if(all.begin(), all.end(), [&](const auto& item) {
        return item.second.Identity() == identity;
    });
    return identity == IsakmpIdentity() ? NO_PLACE
           : it == all.end()            ? UINT64_MAX
                                        : static_cast<uint64_t>(std::distance(all.begin(), it));
}

/// A connection that a peer has opened has its id from how many there were before; one that is
/// closed has none that matters.
uint64_t
NameOf(const Ikev1State& state, ConnectionId connection)
{
    return connection < FIRST_OPENED
               ? connection
               : uint64_t{1} << 32 | (PlaceOf(state.opened, connection) & UINT32_MAX);
}

/// How many came up before this order.
uint64_t
CountUpBefore(const Ikev1State& state, uint32_t order)
{
    return static_cast<uint64_t>(
        std::count_if(state.isakmpSas.begin(), state.isakmpSas.end(), [order](const auto& item) {
            return item.second.upOrder != 0 && item.second.upOrder < order;
        }));
}

/// The order in which they came up decides which one is used.
uint64_t
RankOf(const Ikev1State& state, const IsakmpSa& sa)
{
    return sa.upOrder == 0 ? UINT64_MAX : CountUpBefore(state, sa.upOrder);
}

/// Anything that is a number, a switch or a name out of a list.
template <typename T>
void
AddNumber(Fingerprint& f, T value)
{
    f.Add(static_cast<uint64_t>(value));
}

// --- Parts of the state --------------------------------------------------------------------------

void
AddIdentity(Fingerprint& f, const IkeIdentity& identity)
{
    AddNumber(f, identity.kind);
    f.Add(std::string_view(identity.text));
}

void
AddTransform(Fingerprint& f, const EspTransformSet& set, DhGroup pfs)
{
    AddNumber(f, set.cipher);
    AddNumber(f, set.keyBits);
    AddNumber(f, set.integrity);
    AddNumber(f, set.transport);
    AddNumber(f, set.extendedSequence);
    AddNumber(f, pfs);
}

void
AddPolicy(Fingerprint& f, const IsakmpPolicy& policy)
{
    AddNumber(f, policy.priority);
    AddNumber(f, policy.cipher);
    AddNumber(f, policy.keyBits);
    AddNumber(f, policy.hash);
    AddNumber(f, policy.authentication);
    AddNumber(f, policy.group);
    AddNumber(f, policy.lifetime.ns);
}

void
AddLiveness(Fingerprint& f, const IsakmpSa& sa, Instant now)
{
    const Liveness& live = sa.liveness;
    const bool isWatched = sa.timers.IsSet(IsakmpTimer::Liveness) || live.usageAwaited != 0;
    f.Add(isWatched ? live.heardAt : Instant::Never(), now);
    AddNumber(f, live.unanswered);
    AddNumber(f, live.sent - live.acknowledged);
    AddNumber(f, live.received.has_value());
    AddNumber(f, live.usageAwaited);
    // it counts until the last answer is there; the next question begins without it
    f.Add(live.usageAwaited != 0 ? live.lastOutbound.value_or(Instant::Never()) : Instant::Never(),
          now);
}

/// What phase 1 has agreed on or is still to check. Keys and other chance values are not in it.
void
AddPhase1(Fingerprint& f, const IsakmpSa& sa, Instant now)
{
    AddNumber(f, sa.aggressive);
    AddPolicy(f, sa.policy);
    AddNumber(f, sa.preSharedKey.has_value());
    AddNumber(f, sa.keyNamed);
    AddNumber(f, sa.authorities.size());
    AddNumber(f, sa.last.sendings);
    AddNumber(f, sa.last.sent.size());
    AddNumber(f, sa.failure);
    AddNumber(f, sa.refused.count);
    f.Add(std::max(sa.refused.again, now), now);
    AddIdentity(f, sa.peerIdentity);
    const bool waits = sa.state == IsakmpState::AggressiveInitiatorMakingKeys;
    f.Add(waits ? std::max(sa.repeatAt, now) : Instant::Never(), now);
}

void
AddIsakmp(Fingerprint& f, const Ikev1State& state, const IsakmpSa& sa, Instant now)
{
    AddNumber(f, sa.role);
    AddNumber(f, sa.state);
    f.Add(sa.local.address).Add(sa.Peer()).Add(sa.remote.address);
    AddNumber(f, sa.remote.port);
    AddNumber(f, sa.local.port);
    AddNumber(f, sa.natTraversal);
    AddNumber(f, sa.natLocal);
    AddNumber(f, sa.natRemote);
    AddNumber(f, sa.deadPeerDetection);
    AddLiveness(f, sa, now);
    AddPhase1(f, sa, now);
    f.Add(std::max(sa.invalidSpiAt, now), now); // in the past it means nothing any more
    f.Add(NameOf(state, sa.behalf));
    AddNumber(f, sa.begin);
    f.Add(PlaceOf(state, sa.succeeds));
    AddNumber(f, sa.softPassed);
    AddNumber(f, sa.successorAsked);
    f.Add(sa.hardAt, now);
    f.Add(RankOf(state, sa));
    f.Add(sa.IsEstablished() ? 0 : CountUpBefore(state, sa.beginOrder)); // for INITIAL-CONTACT
    AddNumber(f, sa.usedMessageIds.size());
    AddNumber(f, sa.pending.size());
    for (const PendingPhase2& p : sa.pending)
    {
        f.Add(NameOf(state, p.connection));
        AddNumber(f, p.begin);
        f.Add(PlaceOf(state, p.succeeds));
    }
    sa.timers.AddTo(f, now);
}

void
AddQuickMode(Fingerprint& f, const Ikev1State& state, const QuickMode& quick, Instant now)
{
    f.Add(PlaceOf(state.isakmpSas, quick.isakmp));
    AddNumber(f, quick.role);
    AddNumber(f, quick.state);
    f.Add(NameOf(state, quick.connection));
    AddNumber(f, quick.begin);
    f.Add(PlaceOf(state, quick.succeeds));
    AddTransform(f, quick.transform, quick.pfs);
    AddNumber(f, quick.last.sendings);
    AddNumber(f, quick.last.sent.size());
    f.Add(quick.pair == 0 ? NO_PLACE : PlaceOf(state.pairs, quick.pair));
    AddNumber(f, quick.lifetime.ns);
    AddNumber(f, quick.lifetimeKilobytes);
    AddNumber(f, quick.announceLifetime);
    AddNumber(f, quick.udp);
    AddNumber(f, quick.withoutIds);
    AddNumber(f, quick.connectedAwaited);
    quick.timers.AddTo(f, now);
}

void
AddPair(Fingerprint& f, const Ikev1State& state, const PairState& pair, Instant now)
{
    f.Add(PlaceOf(state.isakmpSas, pair.isakmp));
    f.Add(PlaceOf(state.isakmpSas, pair.negotiatedUnder));
    AddIdentity(f, pair.peerIdentity);
    f.Add(NameOf(state, pair.connection));
    AddNumber(f, pair.role);
    AddNumber(f, pair.live);
    AddNumber(f, pair.usedInbound);
    AddNumber(f, pair.softPassed);
    AddNumber(f, pair.successorAsked);
    f.Add(pair.hardAt, now);
    AddNumber(f, pair.hardBytes);
    AddNumber(f, pair.udp);
    AddNumber(f, pair.natLocal);
    f.Add(pair.local).Add(pair.peer).Add(pair.remote.address);
    AddNumber(f, pair.localPort);
    AddNumber(f, pair.remote.port);
    AddNumber(f, pair.connectedAwaited);
    AddTransform(f, pair.transform, pair.pfs);
    pair.timers.AddTo(f, now);
}

void
AddTunnel(Fingerprint& f, const Ikev1State& state, const TunnelState& tunnel, Instant now)
{
    AddNumber(f, tunnel.reachable);
    f.Add(PlaceOf(state.pairs, tunnel.selected));
    AddNumber(f, tunnel.restartReason);
    AddNumber(f, tunnel.refusedReported);
    f.Add(std::max(tunnel.quietUntil, now), now); // in the past it means nothing any more
    AddNumber(f, tunnel.attempting);
    tunnel.timers.AddTo(f, now);
}

/// All else of it follows from the template.
void
AddOpened(Fingerprint& f, const OpenedConnection& opened)
{
    const ConnectionConfig& c = opened.config;
    AddNumber(f, opened.origin);
    AddNumber(f, opened.ended);
    f.Add(c.local).Add(c.peer);
    f.Add(std::string_view(c.localSelector.ToString()));
    f.Add(std::string_view(c.remoteSelector.ToString()));
}

/// Values that will be drawn instead of keyed ones: how many of each purpose, and which.
void
AddRecorded(Fingerprint& f, const RecordedRandom& recorded)
{
    for (const auto& [purpose, values] : recorded.values)
    {
        if (!values.empty())
        {
            AddNumber(f, purpose);
            AddNumber(f, values.size());
            for (const Octets& value : values)
            {
                f.Add(value);
            }
        }
    }
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
    AddNumber(f, state.isakmpSas.size());
    for (const auto& [number, sa] : state.isakmpSas)
    {
        AddIsakmp(f, state, sa, now);
    }
    AddNumber(f, state.quickModes.size());
    for (const auto& [number, quick] : state.quickModes)
    {
        AddQuickMode(f, state, quick, now);
    }
    AddNumber(f, state.pairs.size());
    for (const auto& [id, pair] : state.pairs)
    {
        AddPair(f, state, pair, now);
    }
    for (const auto& [id, tunnel] : state.tunnels)
    {
        f.Add(NameOf(state, id));
        AddTunnel(f, state, tunnel, now);
    }
    AddNumber(f, state.opened.size());
    for (const auto& [id, opened] : state.opened)
    {
        AddOpened(f, opened);
    }
    state.natTimers.AddTo(f, now);
    AddNumber(f, state.jobs.size());
    for (const auto& [id, owner] : state.jobs)
    {
        f.Add(PlaceOf(state.isakmpSas, owner.isakmp))
            .Add(PlaceOf(state.quickModes, owner.quickMode));
    }
    AddRecorded(f, state.recorded);
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
