/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-quick-mode.h"

#include "ikev1-dead-peer.h"
#include "ikev1-exchanges.h"
#include "ikev1-informational.h"
#include "ikev1-phase1.h"
#include "ikev1-quick-identities.h"
#include "ikev1-style.h"
#include "ikev1-transport.h"
#include "ikev1-upkeep.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-message-rules.h"
#include "ns3/ike-negotiate.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets of our nonces (RFC 2409 5: 8 to 256).
constexpr size_t NONCE_LENGTH = 20;

// --- Pieces --------------------------------------------------------------------------------------

/// The name of this quick mode for random values: its ISAKMP SA and message ID.
Octets
ContextOf(const IsakmpSa& sa, const QuickMode& quick)
{
    return Concat({sa.initiatorCookie, sa.responderCookie, NumberContext(quick.messageId)});
}

/// An SPI that no living or lingering pair and no running quick mode of this end uses.
uint32_t
DrawSpi(Ikev1Context& ctx, const IpAddress& peer, const Octets& context)
{
    const auto isTaken = [&ctx](uint32_t spi) {
        const auto any = [](const auto&) { return true; };
        return ctx.state.pairs.AnyBy(&PairIndex::inboundSpi, spi, any) ||
               ctx.state.quickModes.AnyBy(&QuickModeIndex::spi, spi, any);
    };
    for (uint64_t counter = 0;; counter++)
    {
        const Octets o = ctx.Random(RandomPurpose::Spi, peer, context, counter, 4);
        const uint32_t spi = IpAddress::FromOctets(o).ToV4();
        // RFC 4303 2.1: 0 to 255 are reserved
        if (spi > 255 && !isTaken(spi))
        {
            return spi;
        }
    }
}

/// A message ID that is not in use under this ISAKMP SA (RFC 2408 3.1: not zero).
uint32_t
DrawMessageId(Ikev1Context& ctx, const IsakmpSa& sa, uint64_t ordinal)
{
    for (uint64_t counter = 0;; counter++)
    {
        const Octets o = ctx.Random(
            RandomPurpose::MessageId,
            sa.Peer(),
            Concat({ToOctets("quick"), ContextOf(sa, QuickMode()), NumberContext(ordinal)}),
            counter,
            4);
        const uint32_t id = IpAddress::FromOctets(o).ToV4();
        if (id != 0 && !IsUsedMessageId(sa, id))
        {
            return id;
        }
    }
}

void
ReportDh(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick, const char* what)
{
    Event e = ctx.MakeEvent(EventKind::DhOperation, sa, quick);
    e.value = static_cast<uint64_t>(quick.pfs);
    e.text = what;
    ctx.Report(e);
}

/// Nonce and, with PFS, private value of this end.
void
DrawSecrets(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick)
{
    const IpAddress& peer = sa.Peer();
    const Octets context = ContextOf(sa, quick);
    (quick.role == Role::Initiator ? quick.nonceInitiator : quick.nonceResponder) =
        ctx.Random(RandomPurpose::Nonce, peer, context, 0, NONCE_LENGTH);
    if (quick.pfs != DhGroup::None)
    {
        quick.privateValue =
            ctx.Random(RandomPurpose::DhPrivate, peer, context, 0, PrivateLengthOf(quick.pfs));
    }
}

QuickMode&
MakeQuickMode(Ikev1Context& ctx, const IsakmpSa& sa, Role role, uint32_t messageId)
{
    QuickMode quick;
    quick.number = ctx.state.nextQuickMode++;
    quick.isakmp = sa.number;
    quick.role = role;
    quick.messageId = messageId;
    quick.iv = DerivePhase2Iv(ctx.crypto,
                              sa.policy.hash,
                              sa.iv,
                              messageId,
                              BlockLengthOf(sa.policy.cipher));
    return ctx.state.quickModes[quick.number] = std::move(quick);
}

/// It is over: what is kept is for late duplicates alone.
void
Finish(Ikev1Context& ctx, QuickMode& quick)
{
    ctx.Touch(quick.connection);
    quick.timers.ClearAll();
    quick.timers.Set(QuickTimer::Forget, ctx.now + ctx.Knobs().exchangeMemory);
    for (Octets* octets : {&quick.privateValue,
                           &quick.shared,
                           &quick.nonceInitiator,
                           &quick.nonceResponder,
                           &quick.publicOwn,
                           &quick.publicPeer,
                           &quick.idInitiator.data,
                           &quick.idResponder.data})
    {
        Wipe(*octets);
        octets->shrink_to_fit();
    }
    quick.offered = SaPayload();
    quick.chosen = SaPayload();
    quick.last.received.shrink_to_fit(); // longer messages stood there before
    quick.last.sent.shrink_to_fit();
}

/// @param rest all payloads behind the HASH, written
Octets
HashOf(Ikev1Context& ctx,
       const IsakmpSa& sa,
       const QuickMode& quick,
       unsigned number,
       const Octets& rest)
{
    const HashAlgorithm hash = sa.policy.hash;
    switch (number)
    {
    case 1:
        return ComputeHash1(ctx.crypto, hash, sa.keys.a, quick.messageId, rest);
    case 2:
        return ComputeHash2(ctx.crypto,
                            hash,
                            sa.keys.a,
                            quick.messageId,
                            quick.nonceInitiator,
                            rest);
    default:
        return ComputeHash3(ctx.crypto,
                            hash,
                            sa.keys.a,
                            quick.messageId,
                            quick.nonceInitiator,
                            quick.nonceResponder);
    }
}

/// Does the message begin with its right hash? It may be wrong in other ways.
bool
IsHashRight(Ikev1Context& ctx,
            const IsakmpSa& sa,
            const QuickMode& quick,
            unsigned number,
            const Message& message)
{
    const auto* hash =
        message.payloads.empty() ? nullptr : std::get_if<HashPayload>(&message.payloads.front());
    return hash && hash->data == HashOf(ctx, sa, quick, number, WritePayloads(message.payloads, 1));
}

void
SendHashed(Ikev1Context& ctx,
           const IsakmpSa& sa,
           QuickMode& quick,
           unsigned number,
           std::vector<Payload> payloads)
{
    const Octets rest = WritePayloads(payloads);
    payloads.insert(payloads.begin(), HashPayload{HashOf(ctx, sa, quick, number, rest)});
    // RFC 2408 3.1: who sets the commit bit says CONNECTED when its SAs are installed
    const bool commits = number == 2 && ctx.Knobs().commitBit == CommitBit::Send;
    SendQuickMode(ctx, sa, quick, payloads, commits ? FLAG_COMMIT : 0);
}

/// SA, nonce [, KE] [, IDci, IDcr] [, NAT-OAi, NAT-OAr]: messages 1 and 2 behind their hash.
std::vector<Payload>
Describe(const IsakmpSa& sa, const QuickMode& quick, const SaPayload& payload, const Octets& nonce)
{
    std::vector<Payload> payloads = MakePayloads(payload, NoncePayload{nonce});
    if (quick.pfs != DhGroup::None)
    {
        payloads.push_back(KePayload{quick.publicOwn});
    }
    AppendPayloads(payloads, BuildIdentities(sa, quick));
    return payloads;
}

// --- Message 1 -----------------------------------------------------------------------------------

uint32_t
FirstSpiOf(const SaPayload& sa)
{
    if (sa.proposals.empty() || sa.proposals[0].spi.size() != 4)
    {
        return 0;
    }
    return IpAddress::FromOctets(sa.proposals[0].spi).ToV4();
}

/// HASH(1), SA, Ni [, KE], IDci, IDcr
void
SendOffer(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick)
{
    SendHashed(ctx, sa, quick, 1, Describe(sa, quick, quick.offered, quick.nonceInitiator));
}

/// The shorter of what was offered and what is configured counts; who is shorter says so.
void
SettleLifetimes(const Ikev1Context& ctx,
                const ConnectionConfig& connection,
                const Phase2Choice& choice,
                QuickMode& quick)
{
    quick.lifetime = std::min(choice.lifetime, connection.lifetime);
    quick.lifetimeKilobytes =
        choice.lifetimeKilobytes == 0
            ? connection.lifetimeKilobytes
            : std::min(choice.lifetimeKilobytes, connection.lifetimeKilobytes);
    quick.announceLifetime =
        ctx.Knobs().sendResponderLifetime &&
        (quick.lifetime < choice.lifetime ||
         (choice.lifetimeKilobytes != 0 && quick.lifetimeKilobytes < choice.lifetimeKilobytes));
}

/// HASH(2), SA, Nr [, KE], IDci, IDcr [, RESPONDER-LIFETIME]
void
SendChoice(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick)
{
    std::vector<Payload> payloads = Describe(sa, quick, quick.chosen, quick.nonceResponder);
    if (quick.announceLifetime)
    {
        NotifyPayload notify;
        notify.protocol = ProtocolId::Esp;
        notify.type = NotifyType::ResponderLifetime;
        AppendNumber(notify.spi, quick.responderSpi, 4);
        notify.data = BuildLifetimeAttributes(quick.lifetime, quick.lifetimeKilobytes);
        payloads.push_back(notify);
        Event e = ctx.MakeEvent(EventKind::NotifySent, sa, quick);
        e.text = ToString(notify.type);
        ctx.Report(e);
    }
    if (ctx.Knobs().responderInstalls == ResponderInstalls::Message2)
    {
        InstallPair(ctx, sa, quick);
    }
    SendHashed(ctx, sa, quick, 2, payloads);
}

/// Refuse message 1 under the ISAKMP SA; the quick mode is over before it began.
void
RefuseOffer(Ikev1Context& ctx, IsakmpSa& sa, QuickMode& quick, NotifyType type, EndReason reason)
{
    SendPhase2Error(ctx, sa, type, quick.initiatorSpi);
    FailQuickMode(ctx, quick, reason);
}

/// The responder's decision on an authentic message 1.
void
HandleOffer(Ikev1Context& ctx, IsakmpSa& sa, QuickMode& quick, const Message& message)
{
    const SaPayload& offer = *message.Find<SaPayload>();
    const ConnectionConfig* fit = FindConnectionFor(ctx, sa, message);
    const auto choice = fit ? PickPhase2(*fit, offer, sa.IsBehindNat()) : std::nullopt;
    const KePayload* ke = message.Find<KePayload>();
    // The KE payload stands exactly when a group was agreed upon
    const bool agreed = choice && (choice->pfs != DhGroup::None) == (ke != nullptr);
    // who came by a template gets a connection of his own
    const ConnectionConfig* connection =
        agreed && fit->dynamic ? OpenConnectionFor(ctx, sa, *fit, message, *choice) : fit;
    quick.initiatorSpi = FirstSpiOf(offer);
    quick.connection = connection && !connection->dynamic ? connection->id : 0;
    quick.nonceInitiator = message.Find<NoncePayload>()->data;
    ctx.Report(ctx.MakeEvent(EventKind::Phase2Begin, sa, quick));
    if (!fit)
    {
        RefuseOffer(ctx, sa, quick, NotifyType::InvalidIdInformation, EndReason::InvalidId);
        return;
    }
    if (!agreed || !connection)
    {
        RefuseOffer(ctx, sa, quick, NotifyType::NoProposalChosen, EndReason::NoProposalChosen);
        return;
    }
    quick.initiatorSpi = choice->spi;
    quick.responderSpi = DrawSpi(ctx, sa.Peer(), ContextOf(sa, quick));
    quick.transform = choice->transform;
    quick.udp = choice->udp;
    quick.pfs = choice->pfs;
    quick.chosen = StyledPhase2Answer(ctx, choice->answer, quick.responderSpi);
    TakeIdentities(sa, quick, message);
    NarrowIdentities(ctx, quick);
    SettleLifetimes(ctx, *connection, *choice, quick);
    DrawSecrets(ctx, sa, quick);
    if (!ke)
    {
        quick.state = QuickState::ResponderSentSa;
        SendChoice(ctx, sa, quick);
        return;
    }
    quick.publicPeer = ke->data;
    quick.state = QuickState::ResponderMakingKeys;
    ReportDh(ctx, sa, quick, "keygen");
    ReportDh(ctx, sa, quick, "derive");
    ctx.Compute(JobOwner{0, quick.number}, DhJob{quick.pfs, quick.privateValue, quick.publicPeer});
}

size_t
CountRunning(const Ikev1State& state, IsakmpNumber isakmp)
{
    const auto all = state.quickModes.FindBy(&QuickModeIndex::isakmp, isakmp);
    return std::count_if(all.begin(), all.end(), [&state](uint32_t number) {
        return state.quickModes.Get(number).state != QuickState::Finished;
    });
}

/// RFC 2408 5.3: a peer whose message is authentic and yet none learns of it. Nobody else does:
/// what strangers send must not make this end speak.
void
RefuseMalformed(Ikev1Context& ctx, IsakmpSa& sa, const Header& header, const Message& message)
{
    RememberMessageId(sa, header.messageId);
    const auto* offer = message.Find<SaPayload>();
    SendPhase2Error(ctx, sa, NotifyType::PayloadMalformed, offer ? FirstSpiOf(*offer) : 0);
}

/// Message 1 at the responder.
void
HandleFirst(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram, const Header& header)
{
    if (CountRunning(ctx.state, sa.number) >= ctx.Knobs().quickModeLimit)
    {
        ctx.ReportDropped(datagram, &header, "quick mode limit reached");
        return;
    }
    if (sa.usedMessageIds.size() >= MAX_USED_MESSAGE_IDS)
    {
        // to forget one would open the door to a replay of its exchange
        ctx.ReportDropped(datagram, &header, "too many exchanges under one ISAKMP SA");
        return;
    }
    const Octets iv = DerivePhase2Iv(ctx.crypto,
                                     sa.policy.hash,
                                     sa.iv,
                                     header.messageId,
                                     BlockLengthOf(sa.policy.cipher));
    const Opened opened = OpenMessage(ctx, sa, header, datagram.octets, iv);
    std::string wrong = opened.error;
    if (opened.message)
    {
        wrong = CheckRules(*opened.message, ExchangeType::QuickMode, 1).value_or("");
    }
    QuickMode draft;
    draft.messageId = header.messageId;
    const bool isAuthentic = opened.message && IsHashRight(ctx, sa, draft, 1, *opened.message);
    if (wrong.empty() && !isAuthentic)
    {
        wrong = "HASH(1) is wrong";
    }
    if (!wrong.empty())
    {
        ctx.ReportDropped(datagram, &header, wrong);
        // The exchange type is not protected: an informational exchange may come under this name,
        // each a message ID to be remembered. None of them has an SA payload.
        if (isAuthentic && opened.message->Find<SaPayload>())
        {
            RefuseMalformed(ctx, sa, header, *opened.message);
        }
        return;
    }
    HearFrom(ctx, sa, datagram);
    QuickMode& quick = MakeQuickMode(ctx, sa, Role::Responder, header.messageId);
    RememberMessageId(sa, header.messageId);
    quick.iv = opened.nextIv;
    quick.last.received = datagram.octets;
    ReportReceived(ctx, sa, &quick, datagram, ctx.NamesFor(header, *opened.message), false);
    HandleOffer(ctx, sa, quick, *opened.message);
}

// --- Message 2 -----------------------------------------------------------------------------------

/// RFC 2407 4.6.3.1: the responder lives by a shorter lifetime; so do we.
void
HonourLifetime(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick, const Message& message)
{
    for (const NotifyPayload* n : message.FindAll<NotifyPayload>())
    {
        Event e = ctx.MakeEvent(EventKind::NotifyReceived, sa, quick);
        e.text = ToString(n->type);
        ctx.Report(e);
        const auto announced = ReadLifetimeAttributes(n->data);
        if (n->type != NotifyType::ResponderLifetime || !announced ||
            !ctx.Knobs().honourResponderLifetime)
        {
            continue;
        }
        quick.lifetime = std::min(quick.lifetime, announced->lifetime.value_or(quick.lifetime));
        quick.lifetimeKilobytes = std::min(quick.lifetimeKilobytes,
                                           announced->kilobytes.value_or(quick.lifetimeKilobytes));
    }
}

/// The pair stands at the initiator: install it, then tell the responder (HASH(3)).
void
Complete(Ikev1Context& ctx, const IsakmpSa& sa, QuickMode& quick)
{
    Become(quick, QuickState::Finished);
    InstallPair(ctx, sa, quick);
    SendHashed(ctx, sa, quick, 3, {});
    Finish(ctx, quick);
}

/// The initiator's reading of an authentic message 2.
void
HandleChoice(Ikev1Context& ctx,
             IsakmpSa& sa,
             QuickMode& quick,
             const Message& message,
             const Phase2Choice& choice)
{
    quick.timers.Clear(QuickTimer::Retransmit);
    quick.responderSpi = choice.spi;
    quick.transform = choice.transform;
    quick.udp = choice.udp;
    quick.chosen = choice.answer;
    HonourLifetime(ctx, sa, quick, message);
    if (quick.pfs == DhGroup::None)
    {
        Complete(ctx, sa, quick);
        return;
    }
    quick.publicPeer = message.Find<KePayload>()->data;
    Become(quick, QuickState::InitiatorMakingKeys);
    ReportDh(ctx, sa, quick, "derive");
    ctx.Compute(JobOwner{0, quick.number},
                DhJob{quick.pfs, quick.privateValue, quick.publicPeer, false});
}

/// What is wrong with an authentic message 2, and how the peer is told.
struct WrongAnswer
{
    const char* text;  ///< for the report
    NotifyType notify; ///< for the peer
    EndReason end;     ///< of the quick mode
};

/// Nothing when the answer is right.
std::optional<WrongAnswer>
CheckAnswer(const QuickMode& quick,
            const Message& message,
            const std::optional<Phase2Choice>& choice)
{
    if (!choice || choice->pfs != quick.pfs)
    {
        return WrongAnswer{"the answer is not one of the offered proposals",
                           NotifyType::BadProposalSyntax,
                           EndReason::NoProposalChosen};
    }
    if ((quick.pfs != DhGroup::None) != (message.Find<KePayload>() != nullptr))
    {
        return WrongAnswer{"KE payload and group do not fit",
                           NotifyType::InvalidKeyInformation,
                           EndReason::InvalidKeyExchange};
    }
    if (!AreIdentitiesRepeated(quick, message))
    {
        return WrongAnswer{"the identities are not the offered ones",
                           NotifyType::InvalidIdInformation,
                           EndReason::InvalidId};
    }
    return std::nullopt;
}

// --- Messages 2 and 3 ----------------------------------------------------------------------------

/// The next message of a quick mode that runs.
void
HandleNext(Ikev1Context& ctx,
           IsakmpSa& sa,
           QuickMode& quick,
           const DatagramInput& datagram,
           const Header& header)
{
    const unsigned number = RowOf(quick.state).awaits;
    const Opened opened = OpenMessage(ctx, sa, header, datagram.octets, quick.iv);
    std::string wrong = number == 0 ? "no quick mode message is awaited" : opened.error;
    if (wrong.empty())
    {
        wrong = CheckRules(*opened.message, ExchangeType::QuickMode, number).value_or("");
    }
    if (wrong.empty() && !IsHashRight(ctx, sa, quick, number, *opened.message))
    {
        wrong = "HASH(" + std::to_string(number) + ") is wrong";
    }
    if (!wrong.empty())
    {
        ctx.ReportDropped(datagram, &header, wrong);
        return;
    }
    HearFrom(ctx, sa, datagram);
    std::optional<Phase2Choice> choice;
    if (number == 2)
    {
        NarrowIdentities(ctx, quick);
        choice = CheckPhase2Answer(quick.offered, *opened.message->Find<SaPayload>());
        if (const auto refusal = CheckAnswer(quick, *opened.message, choice))
        {
            ctx.ReportDropped(datagram, &header, refusal->text);
            SendPhase2Error(ctx, sa, refusal->notify, quick.initiatorSpi);
            FailQuickMode(ctx, quick, refusal->end);
            return;
        }
    }
    quick.iv = opened.nextIv;
    quick.last.received = datagram.octets;
    quick.last.sent.clear();
    ReportReceived(ctx, sa, &quick, datagram, ctx.NamesFor(header, *opened.message), false);
    if (number == 2)
    {
        quick.nonceResponder = opened.message->Find<NoncePayload>()->data;
        quick.connectedAwaited =
            ctx.Knobs().commitBit != CommitBit::Ignore && (header.flags & FLAG_COMMIT) != 0;
        HandleChoice(ctx, sa, quick, *opened.message, *choice);
        return;
    }
    Become(quick, QuickState::Finished);
    if (quick.pair == 0) // else it was installed with message 2
    {
        InstallPair(ctx, sa, quick);
    }
    Finish(ctx, quick);
    if (ctx.Knobs().commitBit == CommitBit::Send)
    {
        SendConnected(ctx, sa, quick);
    }
}

/// A message that was seen before: whoever answered it repeats the answer.
void
HandleRepeated(Ikev1Context& ctx,
               const IsakmpSa& sa,
               const QuickMode& quick,
               const DatagramInput& datagram)
{
    ReportReceived(ctx, sa, &quick, datagram, "seen before", true);
    if (!quick.last.sent.empty())
    {
        AnswerAgain(ctx, sa, &quick, quick.last, datagram);
    }
}

} // namespace

void
BeginQuickMode(Ikev1Context& ctx, IsakmpSa& sa, const PendingPhase2& wanted)
{
    const ConnectionConfig* connection = ctx.FindConnection(wanted.connection);
    if (!connection)
    {
        return;
    }
    ctx.Touch(connection->id, true);
    const uint64_t ordinal = ctx.state.ordinals[sa.Peer()].phase2++;
    QuickMode& quick = MakeQuickMode(ctx, sa, Role::Initiator, DrawMessageId(ctx, sa, ordinal));
    RememberMessageId(sa, quick.messageId);
    quick.connection = connection->id;
    quick.begin = wanted.begin;
    quick.succeeds = wanted.succeeds;
    quick.initiatorSpi =
        DrawSpi(ctx, sa.Peer(), Concat({ToOctets("initiator"), NumberContext(ordinal)}));
    quick.pfs = connection->pfs.value_or(DhGroup::None);
    quick.offered = StyledPhase2Offer(ctx, *connection, quick.initiatorSpi, sa.IsBehindNat());
    quick.idInitiator = BuildSelectorId(connection->localSelector);
    quick.idResponder = BuildSelectorId(connection->remoteSelector);
    quick.lifetime = connection->lifetime;
    quick.lifetimeKilobytes = connection->lifetimeKilobytes;
    DrawSecrets(ctx, sa, quick);
    Event event = ctx.MakeEvent(EventKind::Phase2Begin, sa, quick);
    event.begin = wanted.begin;
    event.succeedsPair = wanted.succeeds;
    ctx.Report(event);
    if (quick.offered.proposals.empty())
    {
        FailQuickMode(ctx, quick, EndReason::NoProposalChosen); // nothing that IKEv1 can say
        return;
    }
    if (quick.pfs == DhGroup::None)
    {
        quick.state = QuickState::InitiatorSentSa;
        SendOffer(ctx, sa, quick);
        return;
    }
    quick.state = QuickState::InitiatorMakingKe;
    ReportDh(ctx, sa, quick, "keygen");
    ctx.Compute(JobOwner{0, quick.number}, DhJob{quick.pfs, quick.privateValue, std::nullopt});
}

void
HandleQuickMode(Ikev1Context& ctx,
                IsakmpSa& sa,
                const DatagramInput& datagram,
                const Header& header)
{
    for (uint32_t number : ctx.state.quickModes.FindBy(&QuickModeIndex::isakmp, sa.number))
    {
        if (ctx.state.quickModes.Get(number).messageId != header.messageId)
        {
            continue;
        }
        QuickMode& quick = ctx.state.quickModes.at(number);
        if (datagram.octets == quick.last.received)
        {
            HandleRepeated(ctx, sa, quick, datagram);
        }
        else
        {
            HandleNext(ctx, sa, quick, datagram, header);
        }
        return;
    }
    if (header.messageId == 0 || IsUsedMessageId(sa, header.messageId))
    {
        ctx.ReportDropped(datagram, &header, "the message ID was used before");
        return;
    }
    HandleFirst(ctx, sa, datagram, header);
}

void
HandleQuickModeComputed(Ikev1Context& ctx, QuickMode& quick, const DhResult& result)
{
    IsakmpSa* sa = ctx.FindIsakmp(quick.isakmp);
    if (!sa || quick.state == QuickState::Finished)
    {
        return;
    }
    if (!result.ok)
    {
        SendPhase2Error(ctx, *sa, NotifyType::InvalidKeyInformation, quick.initiatorSpi);
        FailQuickMode(ctx, quick, EndReason::InvalidKeyExchange);
        return;
    }
    quick.shared = result.shared;
    switch (quick.state)
    {
    case QuickState::InitiatorMakingKe:
        quick.publicOwn = result.publicValue;
        Become(quick, QuickState::InitiatorSentSa);
        SendOffer(ctx, *sa, quick);
        return;
    case QuickState::InitiatorMakingKeys:
        Complete(ctx, *sa, quick);
        return;
    case QuickState::ResponderMakingKeys:
        quick.publicOwn = result.publicValue;
        Become(quick, QuickState::ResponderSentSa);
        SendChoice(ctx, *sa, quick);
        return;
    default:
        return;
    }
}

void
AbandonQuickMode(Ikev1Context& ctx, QuickMode& quick, EndReason reason)
{
    const IsakmpSa* sa = ctx.FindIsakmp(quick.isakmp);
    Event event = ctx.MakeEvent(EventKind::Phase2Failed, sa ? *sa : IsakmpSa(), quick);
    event.end = reason;
    ctx.Report(event);
    if (quick.pair != 0)
    {
        RemovePair(ctx, quick.pair, reason); // installed with message 2, and message 3 never came
    }
    quick.state = QuickState::Finished; // from anywhere: the table has the ways of a success
    Finish(ctx, quick);
}

void
FailQuickMode(Ikev1Context& ctx, QuickMode& quick, EndReason reason)
{
    AbandonQuickMode(ctx, quick, reason);
    if (quick.role == Role::Initiator && reason != EndReason::Reconfigured)
    {
        ScheduleRestart(ctx, quick.connection, BeginReason::RetryAfterFailure);
        RetryPairSuccessor(ctx, quick.succeeds);
    }
}

} // namespace ike
} // namespace ns3
