/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-state-hash.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

/// The place of a number in a table; UINT64_MAX when it is not there, or none.
template <typename Table, typename Id>
uint64_t
PlaceOf(const Table& table, Id id)
{
    const auto it = table.find(id);
    return it == table.end() ? UINT64_MAX : static_cast<uint64_t>(std::distance(table.begin(), it));
}

template <typename E>
void
AddTimers(StateHash& h, const Deadlines<E>& timers, Instant now)
{
    for (size_t i = 0; i < static_cast<size_t>(E::Count); i++)
    {
        h.Add(timers.Get(static_cast<E>(i)), now);
    }
}

void
AddCookie(StateHash& h, const Cookie& cookie)
{
    uint64_t number = 0;
    for (uint8_t o : cookie)
    {
        number = number << 8 | o;
    }
    h.Add(number);
}

void
AddIdentity(StateHash& h, const IsakmpIdentity& id)
{
    AddCookie(h, id.initiatorCookie);
    AddCookie(h, id.responderCookie);
}

void
AddIdentity(StateHash& h, const PairIdentity& id)
{
    h.Number(id.initiatorSpi).Number(id.responderSpi);
}

void
AddIdentity(StateHash& h, const IkeIdentity& id)
{
    h.Number(id.kind).Add(std::string_view(id.text));
}

void
AddId(StateHash& h, const IdPayload& id)
{
    h.Number(id.type).Number(id.protocol).Number(id.port).Add(id.data);
}

void
AddEnd(StateHash& h, const Endpoint& end)
{
    h.Add(end.address).Number(end.port);
}

void
AddSaPayload(StateHash& h, const SaPayload& sa)
{
    h.Number(sa.proposals.size());
    for (const Proposal& p : sa.proposals)
    {
        h.Number(p.number).Number(p.protocol).Add(p.spi).Number(p.transforms.size());
        for (const Transform& t : p.transforms)
        {
            h.Number(t.number).Number(t.id).Number(t.attributes.size());
            for (const Attribute& a : t.attributes)
            {
                h.Number(a.type).Number(a.basic).Add(a.value.View());
            }
        }
    }
}

void
AddTransform(StateHash& h, const EspTransformSet& set, DhGroup pfs)
{
    h.Number(set.cipher).Number(set.keyBits).Number(set.integrity).Number(set.transport);
    h.Number(set.extendedSequence).Number(pfs);
}

void
AddLast(StateHash& h, const LastMessage& last)
{
    h.Add(last.received).Add(last.sent).Number(last.sendings);
}

/// Moments that are written anew before anybody looks at them are no state (WatchPeer,
/// AskForUsage).
void
AddLiveness(StateHash& h, const IsakmpSa& sa, Instant now)
{
    const Liveness& live = sa.liveness;
    const bool isAwaited = live.usageAwaited != 0;
    const bool isWatched = sa.timers.IsSet(IsakmpTimer::Liveness) || isAwaited;
    h.Add(isWatched ? live.heardAt : Instant::Never(), now);
    h.Number(live.sent).Number(live.acknowledged).Number(live.unanswered);
    h.Number(live.received.has_value()).Number(live.received.value_or(0));
    h.Number(live.usageAwaited);
    h.Add(isAwaited ? live.lastOutbound.value_or(Instant::Never()) : Instant::Never(), now);
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

void
AddPhase1(StateHash& h, const IsakmpSa& sa, Instant now)
{
    const IsakmpPolicy& p = sa.policy;
    h.Number(p.priority).Number(p.cipher).Number(p.keyBits).Number(p.hash);
    h.Number(p.authentication).Number(p.group).Number(p.lifetime.ns);
    h.Number(sa.preSharedKey.has_value()).Add(sa.preSharedKey.value_or(Octets()));
    h.Number(sa.keyNamed);
    AddId(h, sa.ownId);
    AddId(h, sa.peerProof.id);
    h.Number(sa.peerProof.isSignature).Add(sa.peerProof.value);
    for (const auto* list : {&sa.peerProof.certificates, &sa.authorities})
    {
        h.Number(list->size());
        for (const Octets& octets : *list)
        {
            h.Add(octets);
        }
    }
    AddIdentity(h, sa.peerIdentity);
    h.Add(sa.saBody);
    AddSaPayload(h, sa.offered);
    h.Add(sa.nonceInitiator).Add(sa.nonceResponder).Add(sa.privateValue);
    h.Add(sa.publicInitiator).Add(sa.publicResponder);
    h.Add(sa.keys.skeyid).Add(sa.keys.d).Add(sa.keys.a).Add(sa.keys.e);
    h.Add(sa.encryptionKey).Add(sa.iv).Add(sa.firstReceived);
    h.AddUntil(sa.repeatAt, now).Number(sa.failure);
    h.Number(sa.refused.count).Add(sa.refused.message).AddUntil(sa.refused.again, now);
}

void
AddIsakmp(StateHash& h, const Ikev1State& state, const IsakmpSa& sa, Instant now)
{
    h.Number(sa.role).Number(sa.aggressive).Number(sa.state);
    AddEnd(h, sa.local);
    AddEnd(h, sa.remote);
    h.Add(sa.peer);
    AddCookie(h, sa.initiatorCookie);
    AddCookie(h, sa.responderCookie);
    h.Number(sa.behalf).Number(sa.begin);
    AddIdentity(h, sa.succeeds);
    h.Number(sa.pending.size());
    for (const PendingPhase2& p : sa.pending)
    {
        h.Number(p.connection).Number(p.begin);
        AddIdentity(h, p.succeeds);
    }
    AddPhase1(h, sa, now);
    AddLast(h, sa.last);
    AddTimers(h, sa.timers, now);
    h.Number(sa.softPassed).Number(sa.successorAsked).Add(sa.hardAt, now);
    h.Number(sa.upOrder == 0 ? UINT64_MAX : CountUpBefore(state, sa.upOrder));
    h.Number(sa.IsEstablished() ? 0 : CountUpBefore(state, sa.beginOrder));
    h.Number(sa.natTraversal).Number(sa.natLocal).Number(sa.natRemote);
    h.Number(sa.deadPeerDetection);
    AddLiveness(h, sa, now);
    h.AddUntil(sa.invalidSpiAt, now).Number(sa.usedMessageIds.size());
    for (uint32_t id : sa.usedMessageIds)
    {
        h.Number(id);
    }
}

void
AddQuickMode(StateHash& h, const Ikev1State& state, const QuickMode& quick, Instant now)
{
    h.Add(PlaceOf(state.isakmpSas, quick.isakmp)).Number(quick.role).Number(quick.state);
    h.Number(quick.messageId).Number(quick.connection).Number(quick.begin);
    AddIdentity(h, quick.succeeds);
    h.Number(quick.initiatorSpi).Number(quick.responderSpi);
    AddSaPayload(h, quick.offered);
    AddSaPayload(h, quick.chosen);
    AddTransform(h, quick.transform, quick.pfs);
    h.Number(quick.udp).Number(quick.withoutIds).Number(quick.connectedAwaited);
    h.Number(quick.lifetime.ns).Number(quick.lifetimeKilobytes).Number(quick.announceLifetime);
    h.Add(quick.nonceInitiator).Add(quick.nonceResponder).Add(quick.privateValue);
    h.Add(quick.publicOwn).Add(quick.publicPeer);
    AddId(h, quick.idInitiator);
    AddId(h, quick.idResponder);
    h.Add(quick.shared).Add(quick.iv);
    AddLast(h, quick.last);
    h.Add(PlaceOf(state.pairs, quick.pair));
    AddTimers(h, quick.timers, now);
}

void
AddPair(StateHash& h, const Ikev1State& state, const PairState& pair, Instant now)
{
    AddIdentity(h, pair.identity);
    h.Number(pair.connection);
    h.Add(PlaceOf(state.isakmpSas, pair.isakmp));
    h.Add(PlaceOf(state.isakmpSas, pair.negotiatedUnder));
    AddIdentity(h, pair.peerIdentity);
    h.Number(pair.udp).Number(pair.natLocal).Add(pair.local).Add(pair.peer);
    h.Number(pair.localPort);
    AddEnd(h, pair.remote);
    h.Number(pair.role);
    AddTransform(h, pair.transform, pair.pfs);
    h.Number(pair.hardBytes).Number(pair.live).Number(pair.usedInbound);
    h.Number(pair.softPassed).Number(pair.successorAsked).Number(pair.connectedAwaited);
    h.Add(pair.hardAt, now);
    AddTimers(h, pair.timers, now);
}

void
AddTunnel(StateHash& h, const Ikev1State& state, const TunnelState& tunnel, Instant now)
{
    h.Number(tunnel.reachable).Add(PlaceOf(state.pairs, tunnel.selected));
    h.Number(tunnel.restartReason).Number(tunnel.refusedReported);
    h.AddUntil(tunnel.quietUntil, now).Number(tunnel.attempting);
    AddTimers(h, tunnel.timers, now);
}

/// What peers have opened, with its ids: they stand in what is reported.
void
AddOpened(StateHash& h, const Ikev1State& state)
{
    h.Number(state.opened.size()).Number(state.nextOpened);
    for (const auto& [id, opened] : state.opened)
    {
        const ConnectionConfig& c = opened.config;
        h.Number(id).Number(opened.origin).Number(opened.ended).Add(c.local).Add(c.peer);
        h.Add(std::string_view(c.localSelector.ToString()));
        h.Add(std::string_view(c.remoteSelector.ToString()));
    }
}

/// From where the next random values come.
void
AddChance(StateHash& h, const Ikev1State& state)
{
    for (const auto& [purpose, values] : state.recorded.values)
    {
        h.Number(purpose).Number(values.size());
        for (const Octets& value : values)
        {
            h.Add(value);
        }
    }
    for (const auto& [peer, ordinals] : state.ordinals)
    {
        h.Add(peer).Number(ordinals.phase1).Number(ordinals.phase2);
        h.Number(ordinals.informational);
    }
}

} // namespace

void
AddState(StateHash& h, const Ikev1State& state, Instant now)
{
    h.Number(state.isakmpSas.size());
    for (const auto& [number, sa] : state.isakmpSas)
    {
        AddIsakmp(h, state, sa, now);
    }
    h.Number(state.quickModes.size());
    for (const auto& [number, quick] : state.quickModes)
    {
        AddQuickMode(h, state, quick, now);
    }
    h.Number(state.pairs.size());
    for (const auto& [id, pair] : state.pairs)
    {
        AddPair(h, state, pair, now);
    }
    h.Number(state.tunnels.size());
    for (const auto& [id, tunnel] : state.tunnels)
    {
        h.Number(id);
        AddTunnel(h, state, tunnel, now);
    }
    AddOpened(h, state);
    AddTimers(h, state.natTimers, now);
    h.Number(state.jobs.size());
    for (const auto& [id, owner] : state.jobs)
    {
        // the number is named in the result
        h.Number(id).Add(PlaceOf(state.isakmpSas, owner.isakmp));
        h.Add(PlaceOf(state.quickModes, owner.quickMode));
    }
    AddChance(h, state);
}

} // namespace ike
} // namespace ns3
