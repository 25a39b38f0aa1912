/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-duplicates.h"

#include "ikev1-quick-mode.h"

#include "ns3/ike-negotiate.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Are these two established ISAKMP SAs with one peer, who is the same one by name?
bool
IsDuplicate(const IsakmpSa& sa, const IsakmpSa& other)
{
    return sa.number != other.number && sa.IsEstablished() && sa.Peer() == other.Peer() &&
           sa.local.address == other.local.address &&
           IsSameIdentity(sa.peerIdentity, other.peerIdentity);
}

/// Let it end after the pause, unless it was to end before.
void
EndAfterPause(Ikev1Context& ctx, IsakmpSa& sa)
{
    if (!sa.timers.IsSet(IsakmpTimer::Replaced))
    {
        sa.timers.Set(IsakmpTimer::Replaced, ctx.now + ctx.Knobs().duplicatePause);
    }
}

/// Has this end begun the successor of an SA?
bool
IsRenewedHere(const Ikev1State& state, const IsakmpSa& sa)
{
    return std::any_of(state.isakmpSas.begin(), state.isakmpSas.end(), [&](const auto& item) {
        return item.second.role == Role::Initiator && item.second.succeeds == sa.Identity();
    });
}

/// The pairs of one go over to another; how many?
size_t
AdoptPairs(Ikev1Context& ctx, const IsakmpSa& from, const IsakmpSa& to)
{
    size_t count = 0;
    for (auto& [id, pair] : ctx.state.pairs)
    {
        if (pair.isakmp == from.number)
        {
            pair.isakmp = to.number;
            count += pair.live ? 1 : 0;
        }
    }
    return count;
}

/// The quick modes that this end runs under an SA are over; what did they want?
std::vector<PendingPhase2>
AbandonQuickModes(Ikev1Context& ctx, const IsakmpSa& sa)
{
    std::vector<PendingPhase2> wanted;
    for (auto& [number, quick] : ctx.state.quickModes)
    {
        if (quick.isakmp == sa.number && quick.role == Role::Initiator &&
            quick.state != QuickState::Finished)
        {
            wanted.push_back(PendingPhase2{quick.connection, quick.begin, quick.succeeds});
            AbandonQuickMode(ctx, quick, EndReason::Replaced);
        }
    }
    return wanted;
}

/// All that hangs on an SA goes over to another, and the SA ends after the pause; how much was it?
size_t
TakeOver(Ikev1Context& ctx, IsakmpSa& from, IsakmpSa& to)
{
    const size_t pairs = AdoptPairs(ctx, from, to);
    const std::vector<PendingPhase2> wanted = AbandonQuickModes(ctx, from);
    EndAfterPause(ctx, from);
    for (const PendingPhase2& p : wanted)
    {
        BeginQuickMode(ctx, to, p);
    }
    return pairs + wanted.size();
}

/// The older ones that may have been renewed by the peer, in the order in which they came up.
std::vector<IsakmpSa*>
FindRenewed(Ikev1State& state, const IsakmpSa& fresh)
{
    std::vector<IsakmpSa*> older;
    for (auto& [number, sa] : state.isakmpSas)
    {
        // several peers behind one NAT have ports of their own
        if (IsDuplicate(sa, fresh) && sa.remote == fresh.remote && !IsRenewedHere(state, sa))
        {
            older.push_back(&sa);
        }
    }
    std::sort(older.begin(), older.end(), [](const IsakmpSa* a, const IsakmpSa* b) {
        return a->upOrder < b->upOrder;
    });
    return older;
}

} // namespace

void
ReplaceOlder(Ikev1Context& ctx, IsakmpSa& newest)
{
    for (auto& [number, sa] : ctx.state.isakmpSas)
    {
        if (!IsDuplicate(sa, newest))
        {
            continue;
        }
        // several peers behind one NAT have ports of their own: that is no renewal
        if (ctx.Knobs().adoptOnReauthentication && sa.remote == newest.remote)
        {
            TakeOver(ctx, sa, newest);
        }
        EndAfterPause(ctx, sa);
    }
}

const IsakmpSa*
FindStanding(const Ikev1State& state, const IsakmpSa& fresh)
{
    for (const auto& [number, sa] : state.isakmpSas)
    {
        // whoever begins again with what it has begun itself renews it: its lifetime may be a
        // shorter one than ours
        const bool isRenewal = fresh.role == Role::Responder && sa.role == Role::Responder;
        if (IsDuplicate(sa, fresh) && !isRenewal && !sa.softPassed &&
            !(sa.Identity() == fresh.succeeds))
        {
            return &sa;
        }
    }
    return nullptr;
}

void
AdoptFromOlder(Ikev1Context& ctx, IsakmpSa& fresh)
{
    for (IsakmpSa* old : FindRenewed(ctx.state, fresh))
    {
        if (TakeOver(ctx, *old, fresh) != 0)
        {
            return;
        }
    }
}

} // namespace ike
} // namespace ns3
