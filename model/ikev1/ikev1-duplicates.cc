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

/// The other established ISAKMP SAs with the same peer, who is the same one by name, too.
std::vector<IsakmpNumber>
FindDuplicates(const Ikev1State& state, const IsakmpSa& of)
{
    std::vector<IsakmpNumber> found;
    for (IsakmpNumber number :
         state.isakmpSas.FindBy(&IsakmpIndex::ends, {of.Peer(), of.local.address}))
    {
        const IsakmpSa& sa = state.isakmpSas.Get(number);
        if (number != of.number && sa.IsEstablished() &&
            IsSameIdentity(sa.peerIdentity, of.peerIdentity))
        {
            found.push_back(number);
        }
    }
    return found;
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
    const auto any = [](const IsakmpSa&) { return true; };
    return state.isakmpSas.AnyBy(&IsakmpIndex::begun, sa.Identity(), any);
}

/// The pairs of one go over to another; how many?
size_t
AdoptPairs(Ikev1Context& ctx, const IsakmpSa& from, const IsakmpSa& to)
{
    size_t count = 0;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::isakmp, from.number))
    {
        PairState& pair = ctx.state.pairs.at(id);
        pair.isakmp = to.number;
        count += pair.live ? 1 : 0;
    }
    return count;
}

/// The quick modes that this end runs under an SA are over; what did they want?
std::vector<PendingPhase2>
AbandonQuickModes(Ikev1Context& ctx, const IsakmpSa& sa)
{
    std::vector<PendingPhase2> wanted;
    QuickModeStore& all = ctx.state.quickModes;
    for (uint32_t number = all.NextBy(&QuickModeIndex::isakmp, sa.number, 0); number != 0;
         number = all.NextBy(&QuickModeIndex::isakmp, sa.number, number))
    {
        QuickMode& quick = all.at(number);
        if (quick.role == Role::Initiator && quick.state != QuickState::Finished)
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
    for (IsakmpNumber number : FindDuplicates(state, fresh))
    {
        IsakmpSa& sa = state.isakmpSas.at(number);
        // several peers behind one NAT have ports of their own
        if (sa.remote == fresh.remote && !IsRenewedHere(state, sa))
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
    for (IsakmpNumber number : FindDuplicates(ctx.state, newest))
    {
        IsakmpSa& sa = ctx.state.isakmpSas.at(number);
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
    for (IsakmpNumber number : FindDuplicates(state, fresh))
    {
        const IsakmpSa& sa = state.isakmpSas.Get(number);
        // whoever begins again with what it has begun itself renews it: its lifetime may be a
        // shorter one than ours
        const bool isRenewal = fresh.role == Role::Responder && sa.role == Role::Responder;
        if (!isRenewal && !sa.softPassed && !(sa.Identity() == fresh.succeeds))
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
