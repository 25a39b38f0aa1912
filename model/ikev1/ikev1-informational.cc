/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-informational.h"

#include "ikev1-dead-peer.h"
#include "ikev1-quick-mode.h"
#include "ikev1-transport.h"
#include "ikev1-upkeep.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-message-rules.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Error notifies (RFC 2408 3.14.1): 1 to 16383. They end a quick mode.
bool
IsError(NotifyType type)
{
    return static_cast<uint16_t>(type) < 16384;
}

uint32_t
SpiOf(const Octets& octets)
{
    return octets.size() == 4 ? IpAddress::FromOctets(octets).ToV4() : 0;
}

void
HandlePairDelete(Ikev1Context& ctx, const IsakmpSa& sa, uint32_t spi)
{
    // the SPI on which the peer received: this end sent on it
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::outboundSpi, spi))
    {
        const PairState& pair = ctx.state.pairs.Get(id);
        if (pair.live && pair.peer == sa.Peer())
        {
            Event e = ctx.MakeEvent(EventKind::DeleteReceived, pair);
            e.isakmp = sa.Identity();
            ctx.Report(e);
            RemovePair(ctx, id, EndReason::DeletedByPeer);
            return;
        }
    }
}

/// Which ISAKMP SA a Delete names: it need not be the one that carries it.
void
HandleIsakmpDelete(Ikev1Context& ctx, const IsakmpSa& carrier, const Octets& cookies)
{
    if (cookies.size() < Cookie().size())
    {
        return;
    }
    Cookie initiatorCookie{};
    std::copy_n(cookies.begin(), initiatorCookie.size(), initiatorCookie.begin());
    for (IsakmpNumber number : ctx.state.isakmpSas.FindBy(&IsakmpIndex::cookie, initiatorCookie))
    {
        const IsakmpSa& sa = ctx.state.isakmpSas.Get(number);
        if (sa.IsEstablished() && sa.Peer() == carrier.Peer() &&
            cookies == Concat({sa.initiatorCookie, sa.responderCookie}))
        {
            Event e = ctx.MakeEvent(EventKind::DeleteReceived, carrier);
            e.succeedsIsakmp = sa.Identity();
            ctx.Report(e);
            RemoveIsakmp(ctx, number, EndReason::DeletedByPeer);
            return;
        }
    }
}

/// Returns false when the carrying ISAKMP SA is gone: nothing behind it counts.
bool
HandleDelete(Ikev1Context& ctx, IsakmpNumber carrier, const DeletePayload& payload)
{
    for (const Octets& spi : payload.spis)
    {
        const IsakmpSa* sa = ctx.FindIsakmp(carrier);
        if (!sa)
        {
            return false;
        }
        if (payload.protocol == ProtocolId::Esp)
        {
            HandlePairDelete(ctx, *sa, SpiOf(spi));
        }
        else if (payload.protocol == ProtocolId::Isakmp)
        {
            HandleIsakmpDelete(ctx, *sa, spi);
        }
    }
    return ctx.FindIsakmp(carrier) != nullptr;
}

/// Of which SPI a notify speaks.
uint32_t
SpiIn(const NotifyPayload& notify)
{
    return SpiOf(notify.data.empty() ? notify.spi : notify.data);
}

/// The peer does not have the SA on which this end sends. It says so under protection, so it is
/// true: nothing that is sent on it arrives.
void
HandleInvalidSpi(Ikev1Context& ctx, const IsakmpSa& sa, const NotifyPayload& notify)
{
    const uint32_t spi = SpiIn(notify);
    for (PairId id : ctx.state.pairs.FindBy(&PairIndex::outboundSpi, spi))
    {
        const PairState& pair = ctx.state.pairs.Get(id);
        if (pair.live && pair.local == sa.local.address && pair.peer == sa.Peer())
        {
            RemovePair(ctx, id, EndReason::DeletedByPeer);
            return;
        }
    }
}

/// The quick mode whose responder has still to say CONNECTED, by its message ID, or null.
QuickMode*
FindUnconnected(Ikev1Context& ctx, const IsakmpSa& sa, uint32_t messageId)
{
    for (uint32_t number : ctx.state.quickModes.FindBy(&QuickModeIndex::isakmp, sa.number))
    {
        const QuickMode& quick = ctx.state.quickModes.Get(number);
        if (quick.messageId == messageId && quick.connectedAwaited &&
            quick.role == Role::Initiator && quick.state == QuickState::Finished)
        {
            return ctx.FindQuickMode(number);
        }
    }
    return nullptr;
}

/// RFC 2408 3.1: the responder of a quick mode has installed its SAs.
void
HandleConnected(Ikev1Context& ctx, QuickMode& quick)
{
    quick.connectedAwaited = false; // once: what comes behind it was used before
    PairState* pair = ctx.FindPair(quick.pair);
    if (pair && pair->connectedAwaited)
    {
        ReleasePair(ctx, *pair);
    }
}

/// An error notify names the quick mode that it ends by its initiator's SPI.
void
HandlePhase2Error(Ikev1Context& ctx, const IsakmpSa& sa, const NotifyPayload& notify)
{
    for (uint32_t number : ctx.state.quickModes.FindBy(&QuickModeIndex::isakmp, sa.number))
    {
        QuickMode& quick = ctx.state.quickModes.at(number);
        if (quick.state != QuickState::Finished && quick.initiatorSpi == SpiOf(notify.spi))
        {
            FailQuickMode(ctx, quick, EndReason::RefusedByPeer);
            return;
        }
    }
}

void
HandleNotify(Ikev1Context& ctx, const IsakmpSa& sa, const NotifyPayload& notify)
{
    Event e = ctx.MakeEvent(EventKind::NotifyReceived, sa);
    e.exchange = ExchangeKind::Informational;
    e.text = ToString(notify.type);
    ctx.Report(e);
    if (notify.type == NotifyType::InitialContact)
    {
        PurgePeer(ctx, sa);
    }
    else if (notify.type == NotifyType::InvalidSpi)
    {
        HandleInvalidSpi(ctx, sa, notify);
    }
    else if (IsError(notify.type) && notify.protocol == ProtocolId::Esp)
    {
        HandlePhase2Error(ctx, sa, notify);
    }
}

/// Why the exchange is not authentic; empty when it is.
std::string
CheckInformational(Ikev1Context& ctx,
                   const IsakmpSa& sa,
                   const Header& header,
                   const Opened& opened)
{
    if (!opened.message)
    {
        return opened.error;
    }
    const auto wrong = CheckRules(*opened.message, ExchangeType::Informational, 1);
    if (wrong)
    {
        return *wrong;
    }
    const Octets rest = WritePayloads(opened.message->payloads, 1);
    const Octets hash = ComputeHash1(ctx.crypto, sa.policy.hash, sa.keys.a, header.messageId, rest);
    return opened.message->Find<HashPayload>()->data == hash ? "" : "HASH(1) is wrong";
}

/// What it means when an informational exchange comes once more.
enum class Replays : uint8_t
{
    Matter,      ///< its message ID is remembered
    HaveNumbers, ///< it has a number of its own (RFC 3706)
    DoNoHarm,    ///< it says of an SPI, which is never used again, that it is unknown
};

/// An end may be made to say INVALID-SPI every second by whoever sends it ESP; so these exchanges
/// must not fill the memory of message IDs. As nothing shows that they are new, they are no sign of
/// life and tell nothing of where the peer is.
Replays
ReplaysOf(const Message& message)
{
    if (IsDeadPeerDetection(message))
    {
        return Replays::HaveNumbers;
    }
    const std::vector<const NotifyPayload*> notifies = message.FindAll<NotifyPayload>();
    const bool onlyInvalidSpis =
        message.Find<DeletePayload>() == nullptr &&
        std::all_of(notifies.begin(), notifies.end(), [](const NotifyPayload* n) {
            return n->type == NotifyType::InvalidSpi;
        });
    return onlyInvalidSpis ? Replays::DoNoHarm : Replays::Matter;
}

/// Both ends say under the same keys what they do not have: what this end has said comes back when
/// somebody reflects it, and would speak of a pair of its own.
bool
IsOwnInvalidSpi(Ikev1Context& ctx, const IsakmpSa& sa, const Message& message)
{
    const std::vector<const NotifyPayload*> notifies = message.FindAll<NotifyPayload>();
    return std::any_of(notifies.begin(), notifies.end(), [&](const NotifyPayload* n) {
        return n->type == NotifyType::InvalidSpi &&
               IsOwnMessageIdOf(ctx, sa, n->type, SpiIn(*n), message.header.messageId);
    });
}

/// ESP on an SPI of the peer's cannot be the peer's: this end's own, reflected.
bool
IsOutbound(const Ikev1State& state, const IpAddress& local, const IpAddress& peer, uint32_t spi)
{
    return state.pairs.AnyBy(&PairIndex::outboundSpi, spi, [&](const PairState& pair) {
        return pair.local == local && pair.peer == peer;
    });
}

bool
IsConnected(const Message& message)
{
    const auto* notify = message.Find<NotifyPayload>();
    return notify && notify->type == NotifyType::Connected;
}

void
HandlePayloads(Ikev1Context& ctx, const IsakmpSa& sa, const Message& message)
{
    const IsakmpNumber carrier = sa.number;
    for (const NotifyPayload* n : message.FindAll<NotifyPayload>())
    {
        HandleNotify(ctx, sa, *n);
    }
    for (const DeletePayload* d : message.FindAll<DeletePayload>())
    {
        if (!HandleDelete(ctx, carrier, *d))
        {
            return; // V1-DEL-10: two Deletes of the carrying SA in one message
        }
    }
}

} // namespace

void
HandleInformational(Ikev1Context& ctx,
                    IsakmpSa& sa,
                    const DatagramInput& datagram,
                    const Header& header)
{
    QuickMode* unconnected = FindUnconnected(ctx, sa, header.messageId);
    if (header.messageId == 0 || (IsUsedMessageId(sa, header.messageId) && !unconnected))
    {
        ctx.ReportDropped(datagram, &header, "the message ID was used before");
        return;
    }
    const Octets iv = DerivePhase2Iv(ctx.crypto,
                                     sa.policy.hash,
                                     sa.iv,
                                     header.messageId,
                                     BlockLengthOf(sa.policy.cipher));
    const Opened opened = OpenMessage(ctx, sa, header, datagram.octets, iv);
    const std::string wrong = CheckInformational(ctx, sa, header, opened);
    if (!wrong.empty())
    {
        ctx.ReportDropped(datagram, &header, wrong);
        return;
    }
    const Message& message = *opened.message;
    const Replays replays = ReplaysOf(message);
    if (replays == Replays::Matter && sa.usedMessageIds.size() >= MAX_USED_MESSAGE_IDS)
    {
        ctx.ReportDropped(datagram, &header, "too many exchanges under one ISAKMP SA");
        return;
    }
    if (replays == Replays::DoNoHarm && IsOwnInvalidSpi(ctx, sa, message))
    {
        ctx.ReportDropped(datagram, &header, "this end's own INVALID-SPI came back");
        return;
    }
    if (ctx.isHeard)
    {
        Event e = ctx.MakeEvent(EventKind::MessageReceived, sa);
        e.exchange = ExchangeKind::Informational;
        e.messageId = header.messageId;
        e.value = datagram.octets.size();
        e.text = PrintPayloadNames(header, message.payloads);
        ctx.Report(std::move(e));
    }
    if (replays == Replays::HaveNumbers)
    {
        HandleDeadPeerDetection(ctx, sa, datagram, message);
        return;
    }
    if (replays == Replays::Matter)
    {
        RememberMessageId(sa, header.messageId);
        HearFrom(ctx, sa, datagram);
    }
    if (unconnected && IsConnected(message))
    {
        HandleConnected(ctx, *unconnected);
    }
    HandlePayloads(ctx, sa, message);
}

void
HandleClearInformational(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    const Parsed<Message> parsed = ReadMessage(datagram.octets);
    const NotifyPayload* notify = parsed ? parsed.value->Find<NotifyPayload>() : nullptr;
    if (!notify)
    {
        ctx.ReportDropped(datagram, &header, parsed ? "no notify in it" : parsed.error.text);
        return;
    }
    // Anybody can send this: an attempt goes on until its own timers end it
    Event e;
    e.kind = EventKind::NotifyReceived;
    e.local = datagram.local.address;
    e.peer = datagram.remote.address;
    e.exchange = ExchangeKind::Informational;
    e.isakmp = IsakmpIdentity{header.initiatorCookie, header.responderCookie};
    e.text = ToString(notify->type) + " (unprotected, ignored)";
    e.value = datagram.octets.size();
    ctx.Report(e);
}

void
SendPairDelete(Ikev1Context& ctx, const PairState& pair)
{
    IsakmpSa* sa = PickIsakmp(ctx, pair.local, pair.peer);
    if (!sa || !ctx.Knobs().sendDeletes)
    {
        return;
    }
    DeletePayload payload;
    payload.protocol = ProtocolId::Esp;
    payload.spiSize = 4;
    Octets spi;
    AppendNumber(spi, pair.InboundSpi(), 4);
    payload.spis.push_back(spi);
    Event e = ctx.MakeEvent(EventKind::DeleteSent, pair);
    e.isakmp = sa->Identity();
    ctx.Report(e);
    SendInformational(ctx, *sa, {payload});
}

void
SendIsakmpDelete(Ikev1Context& ctx, IsakmpSa& sa)
{
    if (!sa.IsEstablished() || !ctx.Knobs().sendDeletes)
    {
        return;
    }
    DeletePayload payload;
    payload.spis.push_back(Concat({sa.initiatorCookie, sa.responderCookie}));
    Event e = ctx.MakeEvent(EventKind::DeleteSent, sa);
    e.succeedsIsakmp = sa.Identity();
    ctx.Report(e);
    SendInformational(ctx, sa, {payload});
}

void
SayInvalidSpi(Ikev1Context& ctx, const IpAddress& local, const IpAddress& peer, uint32_t spi)
{
    IsakmpSa* sa = PickIsakmp(ctx, local, peer);
    // ESP can overtake message 3 of the quick mode that makes its SA
    const bool isComing =
        ctx.state.quickModes.AnyBy(&QuickModeIndex::spi, spi, [](const QuickMode& q) {
            return q.state != QuickState::Finished;
        });
    if (!sa || isComing || IsOutbound(ctx.state, local, peer, spi) || ctx.now < sa->invalidSpiAt)
    {
        return;
    }
    sa->invalidSpiAt = ctx.now + Duration::Seconds(1);
    NotifyPayload notify;
    notify.protocol = ProtocolId::Esp;
    notify.type = NotifyType::InvalidSpi;
    AppendNumber(notify.data, spi, 4);
    Event e = ctx.MakeEvent(EventKind::NotifySent, *sa);
    e.exchange = ExchangeKind::Informational;
    e.text = ToString(notify.type);
    ctx.Report(e);
    SendInformationalAs(ctx, *sa, DrawMessageIdOf(ctx, *sa, notify.type, spi), {notify});
}

void
SendConnected(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick)
{
    NotifyPayload notify;
    notify.protocol = ProtocolId::Esp;
    notify.type = NotifyType::Connected;
    AppendNumber(notify.spi, quick.responderSpi, 4);
    Event e = ctx.MakeEvent(EventKind::NotifySent, sa, quick);
    e.exchange = ExchangeKind::Informational;
    e.text = ToString(notify.type);
    ctx.Report(e);
    // RFC 2408 3.1: the message ID is that of the quick mode, which tells the initiator which one
    SendInformationalAs(ctx, sa, quick.messageId, {notify});
}

void
SendPhase2Error(Ikev1Context& ctx, IsakmpSa& sa, NotifyType type, uint32_t spi)
{
    NotifyPayload notify;
    notify.protocol = ProtocolId::Esp;
    notify.type = type;
    AppendNumber(notify.spi, spi, 4);
    Event e = ctx.MakeEvent(EventKind::NotifySent, sa);
    e.exchange = ExchangeKind::Informational;
    e.text = ToString(type);
    ctx.Report(e);
    SendInformational(ctx, sa, {notify});
}

} // namespace ike
} // namespace ns3
