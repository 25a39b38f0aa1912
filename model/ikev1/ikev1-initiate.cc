/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-dynamic.h"
#include "ikev1-phase1.h"
#include "ikev1-quick-mode.h"
#include "ikev1-upkeep.h"

#include "ns3/ike-initiation.h"
#include "ns3/ike-negotiate.h"
#include "ns3/ike-sa-policy.h"
#include "ns3/ike-timing.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Established ISAKMP SAs with a peer, oldest first.
std::vector<SaCandidate>
IsakmpCandidates(const Ikev1State& state, const IpAddress& local, const IpAddress& peer)
{
    std::vector<SaCandidate> candidates;
    for (IsakmpNumber number : state.isakmpSas.FindBy(&IsakmpIndex::ends, {peer, local}))
    {
        if (state.isakmpSas.Get(number).IsEstablished())
        {
            const Role role = state.isakmpSas.Get(number).role;
            candidates.push_back(SaCandidate{number, true, role == Role::Initiator});
        }
    }
    // by the time when they came up at this end, not when they were begun
    std::sort(candidates.begin(),
              candidates.end(),
              [&](const SaCandidate& a, const SaCandidate& b) {
                  const uint32_t x = state.isakmpSas.Get(a.id).upOrder;
                  const uint32_t y = state.isakmpSas.Get(b.id).upOrder;
                  return x < y;
              });
    return candidates;
}

/// The SA that new exchanges with a peer would use, 0 for none.
IsakmpNumber
PickIsakmpNumber(Ikev1Context& ctx, const std::vector<SaCandidate>& candidates)
{
    // a phase 1 is as good as proven at both ends: the choice "first inbound" means the newest
    return ctx.Knobs().outboundChoice == OutboundChoice::Oldest
               ? PickOutbound(OutboundChoice::Oldest, candidates, 0)
               : PickOutbound(OutboundChoice::Newest, candidates, 0);
}

bool
HasLivePair(const Ikev1State& state, ConnectionId connection)
{
    return state.pairs.AnyBy(&PairIndex::connection, connection, [](const PairState& pair) {
        return pair.live;
    });
}

/// A phase 1 that this end has begun with the tunnel's peer and that is not over, or null.
IsakmpSa*
FindOwnPhase1(Ikev1State& state, const ConnectionConfig& connection)
{
    for (IsakmpNumber number :
         state.isakmpSas.FindBy(&IsakmpIndex::ends, {connection.peer, connection.local}))
    {
        const IsakmpSa& sa = state.isakmpSas.Get(number);
        if (sa.role == Role::Initiator && !sa.IsEstablished())
        {
            return state.isakmpSas.Find(number);
        }
    }
    return nullptr;
}

/// Does this end answer a negotiation with the tunnel's peer at the moment?
bool
IsResponding(const Ikev1State& state, const ConnectionConfig& connection)
{
    const AddressPair ends{connection.peer, connection.local};
    const bool inPhase1 = state.isakmpSas.AnyBy(&IsakmpIndex::ends, ends, [](const IsakmpSa& sa) {
        return sa.role == Role::Responder && !sa.IsEstablished();
    });
    return inPhase1 || state.quickModes.AnyBy(&QuickModeIndex::connection,
                                              connection.id,
                                              [](const QuickMode& q) {
                                                  return q.role == Role::Responder &&
                                                         q.state != QuickState::Finished;
                                              });
}

/// Say once for each path and each life of a tunnel that it is closed.
void
ReportRefused(Ikev1Context& ctx,
              const ConnectionConfig& connection,
              BeginReason begin,
              unsigned phase)
{
    const uint32_t bit = 1U << (static_cast<unsigned>(begin) * 2 + phase - 1);
    uint32_t& reported = ctx.state.tunnels[connection.id].refusedReported;
    // rekeys come once per SA; the others could come with every packet
    if ((reported & bit) != 0 && begin != BeginReason::SoftLifetime)
    {
        return;
    }
    reported |= bit;
    Event e = ctx.MakeEvent(EventKind::InitiationRefused, connection);
    e.begin = begin;
    e.value = phase;
    ctx.Report(e);
}

/// Whoever came by a template is the one who begins; this end renews what stands, as long as the
/// template does.
bool
IsLeftToPeer(const Ikev1State& state, ConnectionId connection, BeginReason begin)
{
    const auto it = state.opened.find(connection);
    return it != state.opened.end() && (begin != BeginReason::SoftLifetime || it->second.ended);
}

/// Does a packet ask, as often as somebody sends one?
bool
IsByPacket(BeginReason begin)
{
    return begin == BeginReason::Traffic || begin == BeginReason::UnknownSpi;
}

/// Is there a transform set that IKEv1 has words for? Else it says so, once for each life of a
/// tunnel, and nothing is sent.
bool
CanOffer(Ikev1Context& ctx, const ConnectionConfig& connection)
{
    const auto& sets = connection.transformSets;
    if (std::any_of(sets.begin(), sets.end(), IsNegotiable) || ctx.config.style.phase2Offer)
    {
        return true;
    }
    constexpr uint32_t BIT = 1U << 31; // no BeginReason has it
    uint32_t& reported = ctx.state.tunnels[connection.id].refusedReported;
    if ((reported & BIT) == 0)
    {
        reported |= BIT;
        Event e = ctx.MakeEvent(EventKind::Warning, connection);
        e.text = "no transform set of " + connection.name + " can be negotiated by IKEv1";
        ctx.Report(e);
    }
    return false;
}

} // namespace

bool
IsBeginning(const Ikev1State& state, ConnectionId connection)
{
    const auto inPhase1 = [](const IsakmpSa&) { return true; };
    const auto inPhase2 = [](const QuickMode& q) {
        return q.role == Role::Initiator && q.state != QuickState::Finished;
    };
    return state.isakmpSas.AnyBy(&IsakmpIndex::waiting, connection, inPhase1) ||
           state.quickModes.AnyBy(&QuickModeIndex::connection, connection, inPhase2);
}

void
ReportAttempts(Ikev1Context& ctx)
{
    for (const auto& [id, began] : ctx.touched)
    {
        TunnelState* tunnel = ctx.state.tunnels.Find(id);
        if (!tunnel)
        {
            continue; // no connection: nothing begins for it
        }
        const bool was = tunnel->attempting;
        const bool is = IsBeginning(ctx.state, id);
        if (!was && (is || began))
        {
            ctx.actions.push_back(AttemptAction{id, true});
        }
        if (!is && (was || began))
        {
            ctx.actions.push_back(AttemptAction{id, false});
        }
        tunnel->attempting = is;
    }
}

IsakmpSa*
PickIsakmp(Ikev1Context& ctx, const IpAddress& local, const IpAddress& peer)
{
    return ctx.FindIsakmp(PickIsakmpNumber(ctx, IsakmpCandidates(ctx.state, local, peer)));
}

void
WantPhase2(Ikev1Context& ctx,
           const ConnectionConfig& connection,
           BeginReason begin,
           const PairIdentity& succeeds,
           bool insists)
{
    if (connection.dynamic || IsLeftToPeer(ctx.state, connection.id, begin))
    {
        return;
    }
    const TunnelState& tunnel = ctx.state.tunnels[connection.id];
    // A pair that asks for its successor has said so once; anything else wants one pair at all
    const bool isServed =
        begin != BeginReason::SoftLifetime &&
        (HasLivePair(ctx.state, connection.id) || IsBeginning(ctx.state, connection.id));
    const bool isQuiet = IsByPacket(begin) && !insists && ctx.now < tunnel.quietUntil;
    if (!tunnel.reachable || isServed || isQuiet)
    {
        return;
    }
    if (!MayInitiate(connection, Phase2InitiationOf(begin)))
    {
        ReportRefused(ctx, connection, begin, 2);
        return;
    }
    const bool waits = ctx.Knobs().suppressWhileResponding && IsResponding(ctx.state, connection);
    if (waits || !CanOffer(ctx, connection))
    {
        if (begin == BeginReason::SoftLifetime)
        {
            RetryPairSuccessor(ctx, succeeds);
        }
        else
        {
            ScheduleRestart(ctx, connection.id, begin);
        }
        return;
    }
    const PendingPhase2 wanted{connection.id, begin, succeeds};
    if (IsakmpSa* sa = PickIsakmp(ctx, connection.local, connection.peer))
    {
        BeginQuickMode(ctx, *sa, wanted);
        return;
    }
    if (IsakmpSa* own = FindOwnPhase1(ctx.state, connection))
    {
        own->pending.push_back(wanted);
        ctx.Touch(connection.id, true);
        return;
    }
    if (!MayInitiate(connection, Initiation::BeginPhase1))
    {
        ReportRefused(ctx, connection, begin, 1);
        return;
    }
    ctx.Touch(connection.id, true);
    IsakmpSa* sa = BeginPhase1(ctx, connection, BeginReason::PhaseTwoPending, IsakmpIdentity());
    if (!sa)
    {
        ScheduleRestart(ctx, connection.id, BeginReason::RetryAfterFailure);
        return;
    }
    sa->pending.push_back(wanted);
}

void
WantIsakmp(Ikev1Context& ctx, const ConnectionConfig& connection, BeginReason begin)
{
    if (connection.dynamic || IsOpened(ctx.state, connection.id) ||
        !ctx.state.tunnels[connection.id].reachable || FindOwnPhase1(ctx.state, connection) ||
        PickIsakmp(ctx, connection.local, connection.peer) ||
        (IsByPacket(begin) && ctx.now < ctx.state.tunnels[connection.id].quietUntil) ||
        (ctx.Knobs().suppressWhileResponding && IsResponding(ctx.state, connection)))
    {
        return;
    }
    if (!MayInitiate(connection, Phase1InitiationOf(begin)))
    {
        ReportRefused(ctx, connection, begin, 1);
        return;
    }
    if (!BeginPhase1(ctx, connection, begin, IsakmpIdentity()))
    {
        ctx.state.tunnels[connection.id].quietUntil = RestartAt(ctx.Knobs(), ctx.now);
    }
}

void
WantIsakmpSuccessor(Ikev1Context& ctx, IsakmpSa& sa)
{
    const auto candidates = IsakmpCandidates(ctx.state, sa.local.address, sa.Peer());
    if (sa.successorAsked || !AsksForRekey(ctx.Knobs().rekeyPhase1,
                                           sa.number,
                                           candidates,
                                           PickIsakmpNumber(ctx, candidates)))
    {
        return;
    }
    const ConnectionConfig* refused = nullptr;
    for (const ConnectionConfig* found : ctx.FindBetween(sa.local.address, sa.Peer()))
    {
        const ConnectionConfig& c = *found;
        if ((!c.stayUp && !HasLivePair(ctx.state, c.id)) || !ctx.state.tunnels[c.id].reachable)
        {
            continue;
        }
        if (!MayInitiate(c, Initiation::RekeyPhase1))
        {
            refused = refused ? refused : &c;
            continue;
        }
        sa.successorAsked = true;
        const bool waits = ctx.Knobs().suppressWhileResponding && IsResponding(ctx.state, c);
        if (waits || !BeginPhase1(ctx, c, BeginReason::SoftLifetime, sa.Identity()))
        {
            RetryIsakmpSuccessor(ctx, sa.Identity());
        }
        return;
    }
    if (refused)
    {
        sa.successorAsked = true;
        ReportRefused(ctx, *refused, BeginReason::SoftLifetime, 1);
    }
}

void
WantPairSuccessor(Ikev1Context& ctx, PairState& pair)
{
    const ConnectionConfig* connection = ctx.FindConnection(pair.connection);
    // without a path it asks when there is one (WantSuccessorsOf)
    if (!connection || pair.successorAsked || !pair.live ||
        !ctx.state.tunnels[pair.connection].reachable)
    {
        return;
    }
    std::vector<SaCandidate> candidates;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::connection, pair.connection))
    {
        const PairState& other = ctx.state.pairs.Get(id);
        if (other.live)
        {
            candidates.push_back(
                SaCandidate{id, true, other.role == Role::Initiator, other.isakmp});
        }
    }
    const bool isVti = connection->stayUp || !connection->virtualTemplate.empty();
    const bool carried = pair.usedInbound || isVti || ctx.Knobs().idleRekey;
    if (!carried || !AsksForRekey(ctx.Knobs().rekeyPhase2,
                                  pair.id,
                                  candidates,
                                  ctx.state.tunnels[pair.connection].selected))
    {
        return;
    }
    pair.successorAsked = true;
    WantPhase2(ctx, *connection, BeginReason::SoftLifetime, pair.identity);
}

void
WantSuccessorsOf(Ikev1Context& ctx, const ConnectionConfig& connection)
{
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::connection, connection.id))
    {
        PairState& pair = ctx.state.pairs.at(id);
        if (pair.softPassed)
        {
            WantPairSuccessor(ctx, pair);
        }
    }
    std::vector<IsakmpNumber> passed;
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::ends, {connection.peer, connection.local}))
    {
        if (ctx.state.isakmpSas.Get(number).softPassed)
        {
            passed.push_back(number);
        }
    }
    for (IsakmpNumber number : passed)
    {
        WantIsakmpSuccessor(ctx, ctx.state.isakmpSas.at(number));
    }
}

void
RetryPairSuccessor(Ikev1Context& ctx, const PairIdentity& succeeds)
{
    // this end chose the SPI of one direction or of the other
    for (const auto way : {&PairIndex::inboundSpi, &PairIndex::outboundSpi})
    {
        for (PairId id : ctx.state.pairs.FindBy(way, succeeds.initiatorSpi))
        {
            PairState& pair = ctx.state.pairs.at(id);
            if (pair.live && pair.successorAsked && pair.identity == succeeds)
            {
                pair.successorAsked = false;
                pair.timers.Set(PairTimer::Soft, RestartAt(ctx.Knobs(), ctx.now));
            }
        }
    }
}

void
RetryIsakmpSuccessor(Ikev1Context& ctx, const IsakmpIdentity& succeeds)
{
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::cookie, succeeds.initiatorCookie))
    {
        IsakmpSa& sa = ctx.state.isakmpSas.at(number);
        if (sa.IsEstablished() && sa.successorAsked && sa.Identity() == succeeds)
        {
            sa.successorAsked = false;
            sa.timers.Set(IsakmpTimer::Soft, RestartAt(ctx.Knobs(), ctx.now));
        }
    }
}

void
ScheduleRestart(Ikev1Context& ctx, ConnectionId connection, BeginReason begin)
{
    const ConnectionConfig* config = ctx.FindConnection(connection);
    if (!config || config->dynamic)
    {
        return;
    }
    TunnelState& tunnel = ctx.state.tunnels[connection];
    if (begin == BeginReason::RetryAfterFailure)
    {
        tunnel.quietUntil = RestartAt(ctx.Knobs(), ctx.now);
    }
    if (!config->stayUp)
    {
        return;
    }
    tunnel.restartReason = begin;
    tunnel.timers.Set(TunnelTimer::Restart, RestartAt(ctx.Knobs(), ctx.now));
}

} // namespace ike
} // namespace ns3
