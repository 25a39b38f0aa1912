/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-upkeep.h"

#include "ikev1-dead-peer.h"
#include "ikev1-duplicates.h"
#include "ikev1-exchanges.h"
#include "ikev1-informational.h"
#include "ikev1-nat-traversal.h"
#include "ikev1-phase1.h"
#include "ikev1-quick-identities.h"
#include "ikev1-quick-mode.h"
#include "ikev1-transport.h"

#include "ns3/ike-key-schedule.h"
#include "ns3/ike-negotiate.h"
#include "ns3/ike-sa-policy.h"
#include "ns3/ike-timing.h"

#include <algorithm>
#include <optional>

namespace ns3
{
namespace ike
{

namespace
{

// --- Installing ----------------------------------------------------------------------------------

/// One direction of a pair: its keys are cut out of KEYMAT, cipher first (RFC 2409 5.5).
IpsecSa
MakeIpsecSa(Ikev1Context& ctx,
            const IsakmpSa& isakmp,
            const QuickMode& quick,
            const PairState& pair,
            bool inbound)
{
    IpsecSa sa;
    sa.spi = inbound ? pair.InboundSpi() : pair.OutboundSpi();
    sa.pair = pair.id;
    sa.connection = pair.connection;
    sa.source = inbound ? pair.remote.address : pair.local;
    sa.destination = inbound ? pair.local : pair.remote.address;
    sa.cipher = pair.transform.cipher;
    sa.integrity = pair.transform.integrity;
    const unsigned cipherLength =
        KeyLengthOf(sa.cipher, pair.transform.keyBits) + SaltLengthOf(sa.cipher);
    const unsigned integrityLength = KeyLengthOf(sa.integrity);
    Octets keymat = DeriveKeymat(ctx.crypto,
                                 isakmp.policy.hash,
                                 isakmp.keys.d,
                                 quick.shared,
                                 static_cast<uint8_t>(ProtocolId::Esp),
                                 sa.spi,
                                 quick.nonceInitiator,
                                 quick.nonceResponder,
                                 cipherLength + integrityLength);
    sa.cipherKey.assign(keymat.begin(), keymat.begin() + cipherLength);
    sa.integrityKey.assign(keymat.begin() + cipherLength, keymat.end());
    Wipe(keymat);
    const PairSelectors selectors = SelectorsOf(quick, pair);
    const bool fromInitiator = inbound == (pair.role == Role::Responder);
    sa.innerSource = fromInitiator ? selectors.initiators : selectors.responders;
    sa.innerDestination = fromInitiator ? selectors.responders : selectors.initiators;
    const ConnectionConfig* tunnel = ctx.FindConnection(pair.connection);
    sa.replayWindow =
        tunnel ? tunnel->replayWindow.value_or(ctx.Knobs().replayWindow) : ctx.Knobs().replayWindow;
    sa.transport = pair.transform.transport;
    if (pair.udp)
    {
        sa.udp = inbound ? UdpEncapsulation{pair.remote.port, pair.localPort}
                         : UdpEncapsulation{pair.localPort, pair.remote.port};
    }
    sa.extendedSequence = pair.transform.extendedSequence;
    sa.hardBytes = pair.hardBytes;
    sa.softBytes = SoftBytes(ctx.Knobs(), pair.hardBytes);
    return sa;
}

EspKeys
KeysOf(const IpsecSa& sa)
{
    return EspKeys{sa.spi,
                   sa.source,
                   sa.destination,
                   ToString(sa.cipher),
                   ToString(sa.integrity),
                   sa.cipherKey,
                   sa.integrityKey};
}

PairState
MakePair(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick)
{
    PairState pair;
    pair.id = ctx.state.nextPair++;
    pair.identity = PairIdentity{quick.initiatorSpi, quick.responderSpi};
    pair.connection = quick.connection;
    pair.isakmp = sa.number;
    pair.negotiatedUnder = sa.number;
    pair.peerIdentity = sa.peerIdentity;
    pair.udp = quick.udp;
    pair.natLocal = sa.natLocal;
    pair.local = sa.local.address;
    pair.localPort = sa.local.port;
    pair.remote = sa.remote;
    pair.peer = sa.Peer();
    pair.role = quick.role;
    pair.transform = quick.transform;
    pair.pfs = quick.pfs;
    pair.hardBytes = quick.lifetimeKilobytes * 1024;
    pair.connectedAwaited = quick.connectedAwaited;
    if (pair.connectedAwaited)
    {
        // CONNECTED may get lost, and the bit that asks for it is not protected: the wait ends with
        // the first packet of the pair, too, and at the latest when a lost message 3 would have
        // been asked for again
        pair.timers.Set(PairTimer::Connected, ctx.now + ctx.Knobs().retransmitInterval);
    }
    pair.hardAt = ctx.now + quick.lifetime;
    pair.timers.Set(PairTimer::Hard, pair.hardAt);
    const uint64_t jitter =
        ctx.RandomJitter(pair.peer, Concat({ToOctets("pair"), NumberContext(quick.initiatorSpi)}));
    pair.timers.Set(PairTimer::Soft,
                    SoftAt(ctx.Knobs(),
                           ctx.now,
                           quick.lifetime,
                           SoftMarginOf(ctx.Knobs().phase2SoftMargin,
                                        ctx.Knobs().phase2SoftPercent,
                                        quick.lifetime),
                           jitter));
    return pair;
}

Event
MakeKeysEvent(const Ikev1Context& ctx, const PairState& pair, const InstallSaAction& install)
{
    Event keys = ctx.MakeEvent(EventKind::PairKeys, pair);
    keys.inboundKeys = KeysOf(*install.inbound);
    keys.outboundKeys = KeysOf(*install.outbound);
    return keys;
}

void
ReportUp(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick)
{
    Event up = ctx.MakeEvent(EventKind::PairUp, sa, quick);
    if (const ConnectionConfig* c = ctx.FindConnection(quick.connection))
    {
        up.localSelector = c->localSelector.ToString();
        up.remoteSelector = c->remoteSelector.ToString();
    }
    ctx.Report(std::move(up));
}

// --- Ending --------------------------------------------------------------------------------------

/// Other pairs of the same tunnel end at once, and the peer is told.
void
EndOlderPairs(Ikev1Context& ctx, const PairState& newest)
{
    const PairId stays = newest.id;
    const ConnectionId connection = newest.connection;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::connection, connection))
    {
        if (id != stays)
        {
            RemovePair(ctx, id, EndReason::Replaced);
        }
    }
}

void
EndQuickModesOf(Ikev1Context& ctx, IsakmpNumber isakmp, EndReason reason)
{
    QuickModeStore& all = ctx.state.quickModes;
    // one that fails may make another one begin: it ends, too
    for (uint32_t number = all.NextBy(&QuickModeIndex::isakmp, isakmp, 0); number != 0;
         number = all.NextBy(&QuickModeIndex::isakmp, isakmp, number))
    {
        QuickMode& quick = all.at(number);
        if (quick.state != QuickState::Finished)
        {
            FailQuickMode(ctx, quick, reason);
        }
    }
    for (uint32_t number : all.FindBy(&QuickModeIndex::isakmp, isakmp))
    {
        all.erase(number);
    }
}

/// Phase 2s that waited for a phase 1 that failed try again later.
void
RestartPending(Ikev1Context& ctx, const IsakmpSa& sa)
{
    for (const PendingPhase2& p : sa.pending)
    {
        ctx.Touch(p.connection);
        ScheduleRestart(ctx, p.connection, BeginReason::RetryAfterFailure);
        RetryPairSuccessor(ctx, p.succeeds);
    }
    if (!sa.IsEstablished())
    {
        RetryIsakmpSuccessor(ctx, sa.succeeds);
    }
    TunnelState* behalf = sa.IsEstablished() ? nullptr : ctx.state.tunnels.Find(sa.behalf);
    if (behalf)
    {
        behalf->quietUntil = RestartAt(ctx.Knobs(), ctx.now);
    }
}

/// Why a tunnel begins again after its last pair ended like this.
BeginReason
RestartReasonOf(EndReason reason)
{
    switch (reason)
    {
    case EndReason::HardLifetime:
    case EndReason::HardVolume:
        return BeginReason::HardLifetime;
    case EndReason::Cleared:
    case EndReason::Reconfigured:
        return BeginReason::Cleared;
    default:
        return BeginReason::LostSa;
    }
}

/// Should the peer be told? Not when it said so itself, or cannot know the SA.
bool
IsTold(EndReason reason)
{
    return reason == EndReason::Replaced || reason == EndReason::HardLifetime ||
           reason == EndReason::HardVolume || reason == EndReason::Cleared ||
           reason == EndReason::Reconfigured;
}

/// May the pairs of an ISAKMP SA that ends go over to another one? To its own successor always.
/// With AdoptOnReauthentication, all others took theirs when they came up; without, the first who
/// can does: as one end sees the other one go, so do both.
bool
IsHeir(const Ikev1Context& ctx, const IsakmpSa& sa, const IsakmpSa& other)
{
    const bool succeeds = other.role == Role::Initiator && other.succeeds == sa.Identity();
    return other.number != sa.number && other.IsEstablished() &&
           IsSameIdentity(other.peerIdentity, sa.peerIdentity) &&
           (succeeds || !ctx.Knobs().adoptOnReauthentication);
}

/// The pairs of an ISAKMP SA that ends: another one takes them over, or they end with it.
void
EndPairsOf(Ikev1Context& ctx, const IsakmpSa& sa, EndReason reason)
{
    const IsakmpSa* heir = nullptr;
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::ends, {sa.Peer(), sa.local.address}))
    {
        const IsakmpSa& other = ctx.state.isakmpSas.Get(number);
        if (IsHeir(ctx, sa, other) && (!heir || heir->upOrder < other.upOrder))
        {
            heir = &other;
        }
    }
    std::vector<PairId> ended;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::isakmp, sa.number))
    {
        PairState& pair = ctx.state.pairs.at(id);
        if (heir)
        {
            pair.isakmp = heir->number;
        }
        else if (pair.live)
        {
            pair.successorAsked = true; // none of them is to be renewed under what ends
            ended.push_back(id);
        }
    }
    for (PairId id : ended)
    {
        RemovePair(ctx, id, reason);
    }
}

// --- Fresh ones ----------------------------------------------------------------------------------

/// Does the tunnel have a living pair that is before its soft lifetime?
bool
HasFreshPair(const Ikev1State& state, ConnectionId connection)
{
    return state.pairs.AnyBy(&PairIndex::connection, connection, [](const PairState& pair) {
        return pair.live && !pair.softPassed;
    });
}

/// Is there, with the same peer, an ISAKMP SA that is before its soft lifetime?
bool
HasFreshIsakmp(const Ikev1State& state, const IsakmpSa& like)
{
    const AddressPair ends{like.Peer(), like.local.address};
    return state.isakmpSas.AnyBy(&IsakmpIndex::ends, ends, [](const IsakmpSa& sa) {
        return sa.IsEstablished() && !sa.softPassed;
    });
}

// --- Timers --------------------------------------------------------------------------------------

void
OnIsakmpRetransmit(Ikev1Context& ctx, IsakmpSa& sa)
{
    if (!MayRetransmit(ctx.Knobs(), sa.last.sendings))
    {
        RemoveIsakmp(ctx,
                     sa.number,
                     sa.failure == EndReason::None ? EndReason::NoAnswer : sa.failure);
        return;
    }
    sa.last.sendings++;
    sa.timers.Set(IsakmpTimer::Retransmit, RetransmitAt(ctx.Knobs(), ctx.now, sa.last.sendings));
    Resend(ctx, sa, sa.last);
}

void
OnIsakmpTimer(Ikev1Context& ctx, IsakmpSa& sa, IsakmpTimer timer)
{
    sa.timers.Clear(timer);
    switch (timer)
    {
    case IsakmpTimer::Retransmit:
        OnIsakmpRetransmit(ctx, sa);
        return;
    case IsakmpTimer::HalfOpen:
        RemoveIsakmp(ctx,
                     sa.number,
                     sa.failure == EndReason::None ? EndReason::HalfOpenExpired : sa.failure);
        return;
    case IsakmpTimer::Soft:
        sa.softPassed = true;
        WantIsakmpSuccessor(ctx, sa);
        return;
    case IsakmpTimer::Hard:
        RemoveIsakmp(ctx, sa.number, EndReason::HardLifetime);
        return;
    case IsakmpTimer::Replaced:
        RemoveIsakmp(ctx, sa.number, EndReason::Replaced);
        return;
    case IsakmpTimer::Liveness:
        AskForUsage(ctx, sa);
        return;
    case IsakmpTimer::Count:
        return;
    }
}

/// A quick mode that nobody answers: its ISAKMP SA may be unknown at the peer (a reboot).
void
GiveUpQuickMode(Ikev1Context& ctx, QuickMode& quick)
{
    const IsakmpNumber isakmp = quick.isakmp;
    const bool drop = quick.role == Role::Initiator && ctx.Knobs().dropIsakmpWithoutAnswer;
    FailQuickMode(ctx, quick, EndReason::NoAnswer);
    if (drop)
    {
        RemoveIsakmp(ctx, isakmp, EndReason::NoAnswer);
    }
}

void
OnQuickTimer(Ikev1Context& ctx, QuickMode& quick, QuickTimer timer)
{
    quick.timers.Clear(timer);
    if (timer == QuickTimer::Forget)
    {
        ctx.state.quickModes.erase(quick.number);
        return;
    }
    if (!MayRetransmit(ctx.Knobs(), quick.last.sendings))
    {
        GiveUpQuickMode(ctx, quick);
        return;
    }
    quick.last.sendings++;
    quick.timers.Set(QuickTimer::Retransmit,
                     RetransmitAt(ctx.Knobs(), ctx.now, quick.last.sendings));
    Resend(ctx, *ctx.FindIsakmp(quick.isakmp), quick, quick.last);
}

void
OnPairTimer(Ikev1Context& ctx, PairState& pair, PairTimer timer)
{
    pair.timers.Clear(timer);
    switch (timer)
    {
    case PairTimer::Soft:
        pair.softPassed = true;
        WantPairSuccessor(ctx, pair);
        return;
    case PairTimer::Hard:
        RemovePair(ctx, pair.id, EndReason::HardLifetime);
        return;
    case PairTimer::Linger:
        ctx.actions.push_back(RemoveSaAction{pair.id, true, false});
        ctx.Touch(pair.connection);
        ctx.state.pairs.erase(pair.id);
        return;
    case PairTimer::Connected:
        ReleasePair(ctx, pair);
        return;
    case PairTimer::Count:
        return;
    }
}

void
OnTunnelTimer(Ikev1Context& ctx, ConnectionId id, TunnelState& tunnel)
{
    tunnel.timers.ClearAll();
    if (const ConnectionConfig* connection = ctx.FindConnection(id))
    {
        WantPhase2(ctx, *connection, tunnel.restartReason, PairIdentity());
    }
}

/// The thing whose timer is due first; of equal moments the one that stands first here.
struct DueThing
{
    Instant at{Instant::Never()}; ///< its earliest timer
    unsigned kind{0};             ///< 1 ISAKMP SA, 2 quick mode, 3 pair, 4 tunnel, 5 NATs
    uint32_t number{0};           ///< which
};

/// Of equal moments, the index has the smallest number first.
template <typename Store>
void
FindEarliest(const Store& store, unsigned kind, DueThing& first)
{
    const auto& due = store.By().due.All();
    if (!due.empty() && due.begin()->first < first.at)
    {
        first = DueThing{due.begin()->first, kind, due.begin()->second};
    }
}

DueThing
FindFirstDue(const Ikev1State& state)
{
    DueThing first;
    FindEarliest(state.isakmpSas, 1, first);
    FindEarliest(state.quickModes, 2, first);
    FindEarliest(state.pairs, 3, first);
    FindEarliest(state.tunnels, 4, first);
    const Instant nat = state.natTimers.Next();
    return nat < first.at ? DueThing{nat, 5, 0} : first;
}

} // namespace

void
EstablishIsakmp(Ikev1Context& ctx, IsakmpSa& sa)
{
    sa.timers.ClearAll();
    ReleasePhase1(sa);
    sa.peer = sa.remote.address;
    sa.upOrder = ctx.state.nextUpOrder++;
    sa.hardAt = ctx.now + sa.policy.lifetime;
    sa.timers.Set(IsakmpTimer::Hard, sa.hardAt);
    const uint64_t jitter =
        ctx.RandomJitter(sa.Peer(), Concat({ToOctets("isakmp"), sa.initiatorCookie}));
    sa.timers.Set(IsakmpTimer::Soft,
                  SoftAt(ctx.Knobs(),
                         ctx.now,
                         sa.policy.lifetime,
                         SoftMarginOf(ctx.Knobs().phase1SoftMargin,
                                      ctx.Knobs().phase1SoftPercent,
                                      sa.policy.lifetime),
                         jitter));
    ctx.Report(ctx.MakeEvent(EventKind::Phase1Up, sa));
    WatchPeer(ctx, sa);
    KeepMappings(ctx);
    const IsakmpSa* standing = ctx.Knobs().duplicateIsakmp == DuplicateIsakmp::Refuse
                                   ? FindStanding(ctx.state, sa)
                                   : nullptr;
    if (ctx.Knobs().duplicateIsakmp == DuplicateIsakmp::Replace)
    {
        ReplaceOlder(ctx, sa);
    }
    // a phase 2 that began its own phase 1 runs on it, even when a pair has come up meanwhile
    const std::vector<PendingPhase2> pending = std::move(sa.pending);
    sa.pending.clear();
    const IsakmpNumber carrier = standing ? standing->number : sa.number;
    for (const PendingPhase2& p : pending)
    {
        ctx.Touch(p.connection);
        BeginQuickMode(ctx, *ctx.FindIsakmp(carrier), p);
    }
    if (standing)
    {
        RemoveIsakmp(ctx, sa.number, EndReason::Replaced);
    }
    else if (sa.role == Role::Responder && ctx.Knobs().adoptOnReauthentication)
    {
        AdoptFromOlder(ctx, sa);
    }
}

void
InstallPair(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick)
{
    PairState made = MakePair(ctx, sa, quick);
    PairState& pair = ctx.state.pairs[made.id];
    pair = std::move(made);
    quick.pair = pair.id;
    InstallSaAction install;
    install.inbound = MakeIpsecSa(ctx, sa, quick, pair, true);
    install.outbound = MakeIpsecSa(ctx, sa, quick, pair, false);
    std::optional<Event> keys;
    if (ctx.isHeard)
    {
        keys = MakeKeysEvent(ctx, pair, install);
    }
    ctx.actions.emplace_back(std::move(install));
    if (keys)
    {
        ctx.Report(std::move(*keys));
        ReportUp(ctx, sa, quick);
    }
    TunnelState& tunnel = ctx.state.tunnels[pair.connection];
    tunnel.timers.Clear(TunnelTimer::Restart);
    tunnel.refusedReported = 0;
    tunnel.quietUntil = Instant();
    if (ctx.Knobs().olderPairs == OlderPairs::Delete)
    {
        EndOlderPairs(ctx, pair);
    }
    UpdateOutbound(ctx, quick.connection);
}

void
UpdateOutbound(Ikev1Context& ctx, ConnectionId connection)
{
    std::vector<SaCandidate> candidates;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::connection, connection))
    {
        const PairState& pair = ctx.state.pairs.Get(id);
        if (pair.live && !pair.connectedAwaited)
        {
            candidates.push_back(SaCandidate{id, pair.usedInbound || pair.role == Role::Initiator});
        }
    }
    TunnelState& tunnel = ctx.state.tunnels[connection];
    const PairId picked = PickOutbound(ctx.Knobs().outboundChoice, candidates, tunnel.selected);
    if (picked == tunnel.selected)
    {
        return;
    }
    tunnel.selected = picked;
    ctx.actions.push_back(SelectOutboundAction{connection, picked});
    PairState* pair = ctx.FindPair(picked);
    Event e;
    if (pair)
    {
        e = ctx.MakeEvent(EventKind::OutboundSelected, *pair);
    }
    else if (const ConnectionConfig* c = ctx.FindConnection(connection))
    {
        e = ctx.MakeEvent(EventKind::OutboundSelected, *c);
    }
    e.kind = EventKind::OutboundSelected;
    e.connection = connection;
    ctx.Report(e);
    // it kept silent at its soft lifetime, since another pair carried the traffic: now it is its
    // turn, unless a fresh pair is there to follow it (else each old duplicate would ask in turn)
    if (pair && pair->softPassed && !HasFreshPair(ctx.state, connection))
    {
        WantPairSuccessor(ctx, *pair);
    }
}

void
RemoveIsakmp(Ikev1Context& ctx, IsakmpNumber number, EndReason reason)
{
    IsakmpSa* sa = ctx.FindIsakmp(number);
    if (!sa)
    {
        return;
    }
    // the pairs first: one that ends may make another one ask for its successor, here
    if (sa->IsEstablished() && !ctx.Knobs().pairsOutliveIsakmp)
    {
        EndPairsOf(ctx, *sa, reason);
    }
    EndQuickModesOf(ctx, number, reason);
    if (IsTold(reason))
    {
        SendIsakmpDelete(ctx, *sa);
    }
    Event e =
        ctx.MakeEvent(sa->IsEstablished() ? EventKind::IsakmpRemoved : EventKind::Phase1Failed,
                      *sa);
    e.end = reason;
    ctx.Report(e);
    IsakmpSa gone = std::move(*sa);
    ctx.state.isakmpSas.erase(number);
    RestartPending(ctx, gone);
    WipeSecrets(gone);
    // the one that is used now may have kept silent at its soft lifetime
    IsakmpSa* next = PickIsakmp(ctx, gone.local.address, gone.Peer());
    if (next && next->softPassed && !HasFreshIsakmp(ctx.state, *next))
    {
        WantIsakmpSuccessor(ctx, *next);
    }
}

void
RemovePair(Ikev1Context& ctx, PairId id, EndReason reason)
{
    PairState* pair = ctx.FindPair(id);
    if (!pair || !pair->live)
    {
        return;
    }
    // a pair installed with message 2 whose message 3 never came may stand at the peer
    if (IsTold(reason) || reason == EndReason::NoAnswer)
    {
        SendPairDelete(ctx, *pair);
    }
    pair->live = false;
    pair->timers.ClearAll();
    pair->timers.Set(PairTimer::Linger, ctx.now + ctx.Knobs().inboundLinger);
    Event e = ctx.MakeEvent(EventKind::PairRemoved, *pair);
    e.end = reason;
    ctx.Report(e); // before the SA goes: the host adds what it carried
    ctx.actions.push_back(RemoveSaAction{id, false, true});
    const ConnectionId connection = pair->connection;
    UpdateOutbound(ctx, connection);
    if (ctx.state.tunnels[connection].selected == 0)
    {
        ScheduleRestart(ctx, connection, RestartReasonOf(reason));
    }
}

void
PurgePeer(Ikev1Context& ctx, const IsakmpSa& keep)
{
    EndAllWith(ctx, keep.local.address, IpAddress(keep.Peer()), &keep, EndReason::InitialContact);
}

void
EndAllWith(Ikev1Context& ctx,
           const IpAddress& local,
           const IpAddress& peer,
           const IsakmpSa* keep,
           EndReason reason)
{
    // who is named by the address alone is whoever was there before
    const auto isMeant = [keep](const IkeIdentity& identity) {
        return !keep || !keep->IsNameProved() || IsSameIdentity(identity, keep->peerIdentity);
    };
    // What came up while the phase 1 of `keep` ran is no leftover of a peer that lost its state.
    // Two ends that begin at once, each with INITIAL-CONTACT, would else end each other's SA for
    // ever. Said later, in an exchange of its own, it is about all others.
    const bool isInPhase1 =
        keep && keep->upOrder == 0 && ctx.Knobs().initialContactEnds == InitialContactEnds::Older;
    const auto isOlder = [&ctx, keep, isInPhase1](IsakmpNumber number) {
        const auto it = ctx.state.isakmpSas.find(number); // of a pair: it may be gone
        return !isInPhase1 || it == ctx.state.isakmpSas.end() ||
               it->second.upOrder < keep->beginOrder;
    };
    std::vector<PairId> pairs;
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::ends, {peer, local}))
    {
        PairState& pair = ctx.state.pairs.at(id);
        if (pair.live && !(keep && pair.negotiatedUnder == keep->number) &&
            isMeant(pair.peerIdentity) && isOlder(pair.negotiatedUnder))
        {
            pair.successorAsked = true; // none of them is to be renewed under what ends
            pairs.push_back(id);
        }
    }
    std::vector<IsakmpNumber> numbers;
    for (IsakmpNumber number : ctx.state.isakmpSas.FindBy(&IsakmpIndex::ends, {peer, local}))
    {
        IsakmpSa& sa = ctx.state.isakmpSas.at(number);
        if (sa.IsEstablished() && !(keep && number == keep->number) && isMeant(sa.peerIdentity) &&
            isOlder(number))
        {
            sa.successorAsked = true;
            numbers.push_back(number);
        }
    }
    for (PairId id : pairs)
    {
        RemovePair(ctx, id, reason);
    }
    for (IsakmpNumber number : numbers)
    {
        RemoveIsakmp(ctx, number, reason);
    }
}

void
ReleasePair(Ikev1Context& ctx, PairState& pair)
{
    pair.timers.Clear(PairTimer::Connected);
    pair.connectedAwaited = false;
    if (pair.live)
    {
        UpdateOutbound(ctx, pair.connection);
    }
}

void
HandleDeadlines(Ikev1Context& ctx)
{
    for (DueThing due = FindFirstDue(ctx.state); due.at <= ctx.now; due = FindFirstDue(ctx.state))
    {
        switch (due.kind)
        {
        case 1: {
            IsakmpSa& sa = ctx.state.isakmpSas.at(due.number);
            OnIsakmpTimer(ctx, sa, sa.timers.FirstDue(due.at));
            break;
        }
        case 2: {
            QuickMode& quick = ctx.state.quickModes.at(due.number);
            OnQuickTimer(ctx, quick, quick.timers.FirstDue(due.at));
            break;
        }
        case 3: {
            PairState& pair = ctx.state.pairs.at(due.number);
            OnPairTimer(ctx, pair, pair.timers.FirstDue(due.at));
            break;
        }
        case 4:
            OnTunnelTimer(ctx, due.number, ctx.state.tunnels.at(due.number));
            break;
        default:
            OnKeepalive(ctx);
            break;
        }
        ctx.state.Close();
    }
}

Instant
NextDeadlineOf(const Ikev1State& state)
{
    return FindFirstDue(state).at;
}

} // namespace ike
} // namespace ns3
