/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-dead-peer.h"

#include "ikev1-nat-traversal.h"
#include "ikev1-transport.h"
#include "ikev1-upkeep.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Nothing is asked more often, whatever the configuration says.
constexpr Duration SHORTEST_PAUSE = Duration::Milliseconds(1);

/// How the peer is watched; null: not at all.
const DpdConfig*
KeepaliveOf(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    return sa.deadPeerDetection
               ? FindKeepalive(ctx.config, *ctx.index, {sa.local.address, sa.Peer()})
               : nullptr;
}

Octets
CookiesOf(const IsakmpSa& sa)
{
    return Concat({sa.initiatorCookie, sa.responderCookie});
}

/// RFC 3706 5.4: the first number is a chance value whose highest bit is zero; here not 0, which
/// stands for none.
uint32_t
DrawFirstNumber(Ikev1Context& ctx, const IsakmpSa& sa)
{
    const Octets o = ctx.Random(RandomPurpose::LivenessNumber, sa.Peer(), CookiesOf(sa), 0, 4);
    return std::max(IpAddress::FromOctets(o).ToV4() & 0x7fffffff, 1U);
}

/// RFC 3706 5.3: the SPI is both cookies, the data the number.
void
Send(Ikev1Context& ctx, const IsakmpSa& sa, NotifyType type, uint32_t number)
{
    NotifyPayload notify;
    notify.type = type;
    notify.spi = CookiesOf(sa);
    AppendNumber(notify.data, number, 4);
    if (ctx.isHeard)
    {
        Event e = ctx.MakeEvent(EventKind::NotifySent, sa);
        e.exchange = ExchangeKind::Informational;
        e.text = ToString(type);
        ctx.Report(std::move(e));
    }
    const uint32_t messageId = DrawMessageIdOf(ctx, sa, type, number);
    SendInformationalAs(ctx, sa, messageId, MakePayloads(std::move(notify)));
}

/// What was heard and sent is known: ask the peer, wait, or give it up.
void
Decide(Ikev1Context& ctx, IsakmpSa& sa, const DpdConfig& dpd)
{
    Liveness& live = sa.liveness;
    const Duration interval = std::max(dpd.interval, SHORTEST_PAUSE);
    if (live.unanswered == 0)
    {
        const bool wantsToSend = live.lastOutbound && *live.lastOutbound > live.heardAt;
        const Instant due = live.heardAt + interval;
        if (ctx.now < due || !(dpd.periodic || wantsToSend))
        {
            sa.timers.Set(IsakmpTimer::Liveness, ctx.now < due ? due : ctx.now + interval);
            return;
        }
    }
    else if (live.unanswered > ctx.Knobs().dpdRetries)
    {
        EndAllWith(ctx, sa.local.address, IpAddress(sa.Peer()), nullptr, EndReason::PeerDead);
        return;
    }
    live.unanswered++;
    live.sent++;
    sa.timers.Set(IsakmpTimer::Liveness, ctx.now + std::max(dpd.retry, SHORTEST_PAUSE));
    Send(ctx, sa, NotifyType::RUThere, live.sent);
}

/// Why a question or an answer counts for nothing; empty when it counts.
std::string
CheckNumber(Ikev1Context& ctx, const IsakmpSa& sa, const Header& header, const NotifyPayload& n)
{
    if (n.spi != CookiesOf(sa) || n.data.size() != 4)
    {
        return ToString(n.type) + " without the cookies or without a number";
    }
    const uint32_t number = IpAddress::FromOctets(n.data).ToV4();
    if (IsOwnMessageIdOf(ctx, sa, n.type, number, header.messageId))
    {
        return "this end's own " + ToString(n.type) + " came back";
    }
    const Liveness& live = sa.liveness;
    // numbers go round after 2^32: newer is what is less than half of the way ahead
    const bool isNew = n.type == NotifyType::RUThere
                           ? !live.received || number - *live.received < 0x80000000U
                           : number != live.acknowledged &&
                                 number - live.acknowledged <= live.sent - live.acknowledged;
    return isNew ? "" : ToString(n.type) + " with a number that is not due";
}

} // namespace

void
HearFrom(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram)
{
    FollowPeer(ctx, sa, datagram);
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::ends, {sa.Peer(), sa.local.address}))
    {
        IsakmpSa& other = ctx.state.isakmpSas.at(number);
        if (!other.IsEstablished())
        {
            continue;
        }
        other.liveness.heardAt = ctx.now;
        other.liveness.unanswered = 0;
        const DpdConfig* dpd = KeepaliveOf(ctx, other);
        if (dpd && other.timers.IsSet(IsakmpTimer::Liveness))
        {
            other.timers.Set(IsakmpTimer::Liveness,
                             ctx.now + std::max(dpd->interval, SHORTEST_PAUSE));
        }
    }
}

void
WatchPeer(Ikev1Context& ctx, IsakmpSa& sa)
{
    const DpdConfig* dpd = KeepaliveOf(ctx, sa);
    if (!dpd || !sa.IsEstablished())
    {
        sa.timers.Clear(IsakmpTimer::Liveness);
        return;
    }
    sa.liveness.heardAt = ctx.now;
    sa.liveness.unanswered = 0;
    if (sa.liveness.sent == 0)
    {
        sa.liveness.sent = DrawFirstNumber(ctx, sa);
        sa.liveness.acknowledged = sa.liveness.sent;
    }
    sa.timers.Set(IsakmpTimer::Liveness, ctx.now + std::max(dpd->interval, SHORTEST_PAUSE));
}

void
AskForUsage(Ikev1Context& ctx, IsakmpSa& sa)
{
    const DpdConfig* dpd = KeepaliveOf(ctx, sa);
    if (!dpd)
    {
        return;
    }
    const IsakmpSa* used = PickIsakmp(ctx, sa.local.address, sa.Peer());
    if (!used || used->number != sa.number)
    {
        // another one asks; this one may have to when that is gone
        sa.liveness.unanswered = 0;
        sa.timers.Set(IsakmpTimer::Liveness, ctx.now + std::max(dpd->interval, SHORTEST_PAUSE));
        return;
    }
    sa.liveness.usageAwaited = 0;
    sa.liveness.lastOutbound.reset();
    // should an answer not come, it is asked again
    sa.timers.Set(IsakmpTimer::Liveness, ctx.now + std::max(dpd->interval, SHORTEST_PAUSE));
    for (const ConnectionConfig* c : ctx.FindBetween(sa.local.address, sa.Peer()))
    {
        sa.liveness.usageAwaited++;
        ctx.actions.push_back(AskUsageAction{c->id, sa.number});
    }
    if (sa.liveness.usageAwaited == 0)
    {
        Decide(ctx, sa, *dpd); // came by a template, and has no connection now: IKE alone was heard
    }
}

void
HandleUsage(Ikev1Context& ctx, const UsageInput& input)
{
    // the one that asked, also when another one is used meanwhile
    IsakmpSa* sa = ctx.FindIsakmp(input.isakmp);
    const DpdConfig* dpd = sa ? KeepaliveOf(ctx, *sa) : nullptr;
    if (!dpd || sa->liveness.usageAwaited == 0)
    {
        return; // nobody asked, or nobody cares any more
    }
    Liveness& live = sa->liveness;
    if (input.lastInbound && *input.lastInbound > live.heardAt)
    {
        live.heardAt = *input.lastInbound;
        live.unanswered = 0;
    }
    if (input.lastOutbound && (!live.lastOutbound || *live.lastOutbound < *input.lastOutbound))
    {
        live.lastOutbound = input.lastOutbound;
    }
    if (--live.usageAwaited == 0)
    {
        Decide(ctx, *sa, *dpd);
    }
}

bool
IsDeadPeerDetection(const Message& message)
{
    const std::vector<const NotifyPayload*> notifies = message.FindAll<NotifyPayload>();
    return notifies.size() == 1 && message.Find<DeletePayload>() == nullptr &&
           (notifies[0]->type == NotifyType::RUThere ||
            notifies[0]->type == NotifyType::RUThereAck);
}

void
HandleDeadPeerDetection(Ikev1Context& ctx,
                        IsakmpSa& sa,
                        const DatagramInput& datagram,
                        const Message& message)
{
    const NotifyPayload& notify = *message.Find<NotifyPayload>();
    const std::string wrong = CheckNumber(ctx, sa, message.header, notify);
    if (!wrong.empty())
    {
        ctx.ReportDropped(datagram, &message.header, wrong);
        return;
    }
    const uint32_t number = IpAddress::FromOctets(notify.data).ToV4();
    const bool isRepeated =
        notify.type == NotifyType::RUThere && sa.liveness.received == std::make_optional(number);
    if (!isRepeated)
    {
        HearFrom(ctx, sa, datagram);
    }
    if (ctx.isHeard)
    {
        Event e = ctx.MakeEvent(EventKind::NotifyReceived, sa);
        e.exchange = ExchangeKind::Informational;
        e.text = ToString(notify.type);
        ctx.Report(std::move(e));
    }
    if (notify.type == NotifyType::RUThereAck)
    {
        sa.liveness.acknowledged = number;
        return;
    }
    // The last question once more: peers ask again under the same number until they are answered.
    // It may be a replay, too, so it is answered (with the same datagram) and counts for nothing.
    sa.liveness.received = number;
    Send(ctx, sa, NotifyType::RUThereAck, number);
}

} // namespace ike
} // namespace ns3
