/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-transport.h"

#include "ikev1-exchanges.h"
#include "ikev1-nat-traversal.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-keyed-random.h"
#include "ns3/ike-timing.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

Header
MakeHeader(const IsakmpSa& sa, ExchangeType exchange, uint32_t messageId)
{
    Header h;
    h.initiatorCookie = sa.initiatorCookie;
    h.responderCookie = sa.responderCookie;
    h.exchange = exchange;
    h.messageId = messageId;
    return h;
}

/// Zero padding to a whole block (RFC 2409 Appendix B).
Octets
Padded(Octets octets, unsigned blockLength, bool always)
{
    const size_t atLeast = octets.size() + (always ? 1 : 0);
    octets.resize((atLeast + blockLength - 1) / blockLength * blockLength, 0);
    return octets;
}

Octets
LastBlock(const Octets& octets, unsigned blockLength)
{
    return Octets(octets.end() - blockLength, octets.end());
}

/// The octets of an encrypted message; `iv` becomes that of the next one.
Octets
Seal(Ikev1Context& ctx,
     const IsakmpSa& sa,
     Header header,
     const std::vector<Payload>& payloads,
     Octets& iv)
{
    const unsigned block = BlockLengthOf(sa.policy.cipher);
    const Octets text = Padded(WritePayloads(payloads), block, ctx.config.style.alwaysPads);
    const Octets sealed = ctx.crypto.Encrypt(sa.policy.cipher, sa.encryptionKey, iv, text);
    iv = LastBlock(sealed, block);
    header.flags |= FLAG_ENCRYPTION;
    header.nextPayload = TypeOf(payloads.front());
    return WriteHeaderAndBody(header, sealed);
}

/// The octets of a message that is not encrypted.
Octets
WriteClear(Header header, const std::vector<Payload>& payloads)
{
    header.nextPayload = TypeOf(payloads.front());
    return WriteHeaderAndBody(header, WritePayloads(payloads));
}

/// Say that a datagram goes out.
void
ReportSent(Ikev1Context& ctx, Event event, const Octets& octets, bool again)
{
    if (!ctx.isHeard)
    {
        return;
    }
    event.kind = EventKind::MessageSent;
    event.value = octets.size();
    event.retransmission = again;
    ctx.Report(std::move(event));
}

/// Put a datagram out and say so.
void
Emit(Ikev1Context& ctx, const IsakmpSa& sa, Event event, Octets octets, bool again)
{
    ReportSent(ctx, std::move(event), octets, again);
    ctx.actions.emplace_back(SendAction{sa.local, sa.remote, std::move(octets)});
}

/// A new message of an exchange: it is kept for the case that it gets lost.
void
EmitNew(Ikev1Context& ctx,
        const IsakmpSa& sa,
        Event event,
        LastMessage& last,
        Octets octets,
        std::string names)
{
    last.sent = octets;
    last.names = std::move(names);
    last.sendings = 1;
    event.text = ctx.isHeard ? last.names : std::string();
    Emit(ctx, sa, std::move(event), std::move(octets), false);
}

Header
EncryptedHeader(const IsakmpSa& sa, ExchangeType exchange, uint32_t messageId)
{
    Header h = MakeHeader(sa, exchange, messageId);
    h.flags = FLAG_ENCRYPTION;
    return h;
}

/// The address of the message ID under which this end says that.
RandomLabel
LabelOf(const IsakmpSa& sa, NotifyType type, uint32_t number)
{
    return RandomLabel{RandomPurpose::MessageId,
                       sa.Peer(),
                       Concat({ToOctets(ToString(type)), sa.initiatorCookie, sa.responderCookie}),
                       number};
}

/// A message ID out of a random value; not zero (RFC 2408 3.1).
uint32_t
MessageIdIn(const Octets& random)
{
    return std::max(IpAddress::FromOctets(random).ToV4(), 1U);
}

} // namespace

Opened
OpenMessage(Ikev1Context& ctx,
            const IsakmpSa& sa,
            const Header& header,
            const Octets& octets,
            const Octets& iv)
{
    Opened opened;
    const unsigned block = BlockLengthOf(sa.policy.cipher);
    const Octets sealed(octets.begin() + HEADER_LENGTH, octets.end());
    if (!header.IsEncrypted() || sealed.empty() || sealed.size() % block != 0)
    {
        opened.error =
            header.IsEncrypted() ? "not a whole number of cipher blocks" : "not encrypted";
        return opened;
    }
    const Octets text = ctx.crypto.Decrypt(sa.policy.cipher, sa.encryptionKey, iv, sealed);
    Parsed<Message> parsed = ReadPayloads(header, text);
    opened.message = std::move(parsed.value);
    opened.error = opened.message ? "" : "decrypted to no message: " + parsed.error.text;
    opened.nextIv = LastBlock(sealed, block);
    return opened;
}

void
SendPhase1(Ikev1Context& ctx, IsakmpSa& sa, const std::vector<Payload>& payloads, bool encrypted)
{
    Header header =
        MakeHeader(sa,
                   sa.aggressive ? ExchangeType::Aggressive : ExchangeType::IdentityProtection,
                   0);
    Octets octets;
    if (encrypted)
    {
        octets = Seal(ctx, sa, header, payloads, sa.iv);
        header.flags = FLAG_ENCRYPTION;
    }
    else
    {
        octets = WriteClear(header, payloads);
    }
    EmitNew(ctx,
            sa,
            ctx.MakeEvent(EventKind::MessageSent, sa),
            sa.last,
            std::move(octets),
            PrintPayloadNames(header, payloads));
    sa.timers.Clear(IsakmpTimer::Retransmit);
    if (RowOf(sa.state).retransmits)
    {
        sa.timers.Set(IsakmpTimer::Retransmit,
                      RetransmitAt(ctx.Knobs(), ctx.now, sa.last.sendings));
    }
}

void
SendQuickMode(Ikev1Context& ctx,
              const IsakmpSa& sa,
              QuickMode& quick,
              const std::vector<Payload>& payloads,
              uint8_t flags)
{
    Header header = EncryptedHeader(sa, ExchangeType::QuickMode, quick.messageId);
    header.flags |= flags;
    Octets octets = Seal(ctx, sa, header, payloads, quick.iv);
    EmitNew(ctx,
            sa,
            ctx.MakeEvent(EventKind::MessageSent, sa, quick),
            quick.last,
            std::move(octets),
            PrintPayloadNames(header, payloads));
    quick.timers.Clear(QuickTimer::Retransmit);
    if (RowOf(quick.state).retransmits)
    {
        quick.timers.Set(QuickTimer::Retransmit,
                         RetransmitAt(ctx.Knobs(), ctx.now, quick.last.sendings));
    }
}

void
SendInformational(Ikev1Context& ctx, IsakmpSa& sa, const std::vector<Payload>& payloads)
{
    const uint64_t ordinal = ctx.state.ordinals[sa.Peer()].informational++;
    const Octets id = ctx.Random(RandomPurpose::MessageId,
                                 sa.Peer(),
                                 Concat({ToOctets("informational"), NumberContext(ordinal)}),
                                 0,
                                 4);
    const uint32_t messageId = MessageIdIn(id);
    RememberMessageId(sa, messageId);
    SendInformationalAs(ctx, sa, messageId, payloads);
}

void
SendInformationalAs(Ikev1Context& ctx,
                    const IsakmpSa& sa,
                    uint32_t messageId,
                    std::vector<Payload> payloads)
{
    const Header header = EncryptedHeader(sa, ExchangeType::Informational, messageId);
    const Octets rest = WritePayloads(payloads);
    payloads.insert(
        payloads.begin(),
        HashPayload{ComputeHash1(ctx.crypto, sa.policy.hash, sa.keys.a, messageId, rest)});
    Octets iv = DerivePhase2Iv(ctx.crypto,
                               sa.policy.hash,
                               sa.iv,
                               messageId,
                               BlockLengthOf(sa.policy.cipher));
    Octets octets = Seal(ctx, sa, header, payloads, iv);
    if (ctx.isHeard)
    {
        Event event = ctx.MakeEvent(EventKind::MessageSent, sa);
        event.exchange = ExchangeKind::Informational;
        event.messageId = messageId;
        event.text = PrintPayloadNames(header, payloads);
        ReportSent(ctx, std::move(event), octets, false);
    }
    ctx.actions.emplace_back(SendAction{sa.local, sa.remote, std::move(octets)});
}

uint32_t
DrawMessageIdOf(Ikev1Context& ctx, const IsakmpSa& sa, NotifyType type, uint32_t number)
{
    const RandomLabel label = LabelOf(sa, type, number);
    return MessageIdIn(ctx.Random(label.purpose, label.peer, label.context, label.counter, 4));
}

bool
IsOwnMessageIdOf(Ikev1Context& ctx,
                 const IsakmpSa& sa,
                 NotifyType type,
                 uint32_t number,
                 uint32_t messageId)
{
    // computed anew, not drawn: no recorded value is used up for it
    const Octets own = KeyedRandom(ctx.crypto, ctx.state.key, LabelOf(sa, type, number), 4);
    return messageId == MessageIdIn(own);
}

void
SendClearNotify(Ikev1Context& ctx, const IsakmpSa& sa, NotifyType type)
{
    NotifyPayload notify;
    notify.type = type;
    notify.spi = Concat({sa.initiatorCookie, sa.responderCookie});
    const uint32_t messageId = ctx.config.style.clearNotifyId;
    const Header header = MakeHeader(sa, ExchangeType::Informational, messageId);
    const std::vector<Payload> payloads{notify};
    Event event = ctx.MakeEvent(EventKind::NotifySent, sa);
    event.exchange = ExchangeKind::Informational;
    event.text = ToString(type);
    ctx.Report(event);
    event.text = PrintPayloadNames(header, payloads);
    Emit(ctx, sa, event, WriteMessage(Message{header, payloads, {}}), false);
}

void
Resend(Ikev1Context& ctx, const IsakmpSa& sa, const LastMessage& last)
{
    Event event = ctx.MakeEvent(EventKind::MessageSent, sa);
    event.text = last.names;
    Emit(ctx, sa, event, last.sent, true);
}

void
Resend(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick, const LastMessage& last)
{
    Event event = ctx.MakeEvent(EventKind::MessageSent, sa, quick);
    event.text = last.names;
    Emit(ctx, sa, event, last.sent, true);
}

void
AnswerAgain(Ikev1Context& ctx,
            const IsakmpSa& sa,
            const QuickMode* quick,
            const LastMessage& last,
            const DatagramInput& repeated)
{
    Event event = quick ? ctx.MakeEvent(EventKind::MessageSent, sa, *quick)
                        : ctx.MakeEvent(EventKind::MessageSent, sa);
    event.text = last.names;
    ReportSent(ctx, event, last.sent, true);
    const bool isThere = MayBeAt(sa, repeated);
    ctx.actions.push_back(SendAction{isThere ? repeated.local : sa.local,
                                     isThere ? repeated.remote : sa.remote,
                                     last.sent});
}

void
ReportReceived(Ikev1Context& ctx,
               const IsakmpSa& sa,
               const QuickMode* quick,
               const DatagramInput& datagram,
               const std::string& names,
               bool repeated)
{
    if (!ctx.isHeard)
    {
        return;
    }
    Event event = quick ? ctx.MakeEvent(EventKind::MessageReceived, sa, *quick)
                        : ctx.MakeEvent(EventKind::MessageReceived, sa);
    event.value = datagram.octets.size();
    event.retransmission = repeated;
    event.text = names;
    ctx.Report(std::move(event));
}

void
RememberMessageId(IsakmpSa& sa, uint32_t messageId)
{
    if (sa.usedMessageIds.size() < MAX_USED_MESSAGE_IDS)
    {
        sa.usedMessageIds.insert(messageId);
    }
}

bool
IsUsedMessageId(const IsakmpSa& sa, uint32_t messageId)
{
    return sa.usedMessageIds.count(messageId) != 0;
}

} // namespace ike
} // namespace ns3
