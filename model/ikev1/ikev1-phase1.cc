/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-phase1.h"

#include "ikev1-aggressive-mode.h"
#include "ikev1-authenticate.h"
#include "ikev1-exchanges.h"
#include "ikev1-main-mode.h"
#include "ikev1-nat-traversal.h"
#include "ikev1-style.h"
#include "ikev1-transport.h"
#include "ikev1-upkeep.h"

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

/// The address of this phase 1's random values: its initiator's cookie is its name.
Octets
ContextOf(const IsakmpSa& sa)
{
    return CookieOctets(sa.initiatorCookie);
}

void
ReportDh(Ikev1Context& ctx, const IsakmpSa& sa, const char* what)
{
    Event e = ctx.MakeEvent(EventKind::DhOperation, sa);
    e.value = static_cast<uint64_t>(sa.policy.group);
    e.text = what;
    ctx.Report(e);
}

IsakmpSa
MakeSa(Ikev1Context& ctx, Role role, const Endpoint& local, const Endpoint& remote, bool aggressive)
{
    IsakmpSa sa;
    sa.number = ctx.state.nextIsakmp++;
    sa.beginOrder = ctx.state.nextUpOrder;
    sa.role = role;
    sa.local = local;
    sa.remote = remote;
    sa.aggressive = aggressive;
    return sa;
}

Cookie
DrawCookie(Ikev1Context& ctx, const IpAddress& peer, const Octets& context)
{
    const Octets o = ctx.Random(RandomPurpose::Cookie, peer, context, 0, 8);
    Cookie cookie{};
    std::copy(o.begin(), o.end(), cookie.begin());
    return cookie;
}

ExchangeType
ExchangeOf(bool aggressive)
{
    return aggressive ? ExchangeType::Aggressive : ExchangeType::IdentityProtection;
}

// --- Message 1 at the responder ------------------------------------------------------------------

/// A refusal of message 1: no state is kept for it.
void
RefuseFirst(Ikev1Context& ctx,
            const IsakmpSa& sa,
            const DatagramInput& datagram,
            const Header& header,
            const Refusal& refusal)
{
    ctx.ReportDropped(datagram, &header, refusal.text);
    Event e = ctx.MakeEvent(EventKind::Phase1Failed, sa);
    e.end = refusal.reason;
    ctx.Report(e);
    SendClearNotify(ctx, sa, NotifyType::NoProposalChosen);
}

/// Policies whose group has public values as long as the one that aggressive mode brings along: it
/// has no other message to agree on a group (RFC 2409 5.4).
void
KeepFitting(std::vector<IsakmpPolicy>& policies, const KePayload* ke)
{
    if (ke)
    {
        const auto isOther = [ke](const IsakmpPolicy& p) {
            return PublicLengthOf(p.group) != ke->data.size();
        };
        policies.erase(std::remove_if(policies.begin(), policies.end(), isOther), policies.end());
    }
}

/// Message 1 at the responder: choose, and answer.
void
HandleFirst(Ikev1Context& ctx,
            const DatagramInput& datagram,
            const Header& header,
            const Message& message)
{
    // half-open attempts that this end answers: each costs memory for a stranger
    if (ctx.state.isakmpSas.By().halfOpen >= ctx.Knobs().halfOpenLimit)
    {
        ctx.ReportDropped(datagram, &header, "half-open limit reached");
        return;
    }
    const bool aggressive = header.exchange == ExchangeType::Aggressive;
    IsakmpSa sa = MakeSa(ctx, Role::Responder, datagram.local, datagram.remote, aggressive);
    const IpAddress& peer = sa.remote.address;
    sa.initiatorCookie = header.initiatorCookie;
    sa.responderCookie = DrawCookie(ctx, peer, Concat({ToOctets("responder"), ContextOf(sa)}));
    const SaPayload& offer = *message.Find<SaPayload>();
    sa.saBody = WriteBody(offer);
    ReportReceived(ctx, sa, nullptr, datagram, ctx.NamesFor(header, message), false);
    ctx.Report(ctx.MakeEvent(EventKind::Phase1Begin, sa));
    UsablePolicies usable = FindUsablePolicies(ctx, sa, message.Find<IdPayload>());
    KeepFitting(usable.policies, message.Find<KePayload>());
    const Phase1LifetimeMatch match = ctx.Knobs().phase1LifetimeMatch;
    const auto choice = PickPhase1(usable.policies, offer, match);
    if (!choice)
    {
        const bool lacks =
            usable.lacking != EndReason::None &&
            (usable.policies.empty() || PickPhase1(ctx.config.policies, offer, match).has_value());
        RefuseFirst(
            ctx,
            sa,
            datagram,
            header,
            lacks ? Refusal{usable.lacking, usable.text}
                  : Refusal{EndReason::NoProposalChosen, ToString(EndReason::NoProposalChosen)});
        return;
    }
    PeerKey key = FindPeerKey(ctx, sa, message.Find<IdPayload>());
    sa.preSharedKey = std::move(key.key);
    sa.keyNamed = key.named;
    sa.policy = choice->policy;
    ReadVendorIds(ctx, sa, message);
    sa.state =
        aggressive ? IsakmpState::AggressiveResponderMakingKeys : IsakmpState::ResponderSentSa;
    sa.firstReceived = datagram.octets;
    sa.last.received = datagram.octets;
    sa.timers.Set(IsakmpTimer::HalfOpen, ctx.now + ctx.Knobs().halfOpenLifetime);
    IsakmpSa& kept = ctx.state.isakmpSas[sa.number] = std::move(sa);
    if (aggressive)
    {
        HandleAggressiveOffer(ctx, kept, message, StyledPhase1Answer(ctx, *choice));
    }
    else
    {
        SendMainModeSa(ctx, kept, StyledPhase1Answer(ctx, *choice));
    }
}

void
HandleUnknown(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    if (header.responderCookie != Cookie{} || header.IsEncrypted())
    {
        ctx.ReportDropped(datagram, &header, "no ISAKMP SA with these cookies");
        return;
    }
    if (header.exchange == ExchangeType::Aggressive && !ctx.config.acceptAggressive)
    {
        ctx.ReportDropped(datagram, &header, "aggressive mode is not accepted");
        return;
    }
    const Parsed<Message> parsed = ReadMessage(datagram.octets);
    const std::optional<std::string> wrong = !parsed
                                                 ? std::optional<std::string>(parsed.error.text)
                                                 : CheckRules(*parsed.value, header.exchange, 1);
    if (wrong)
    {
        ctx.ReportDropped(datagram, &header, *wrong);
        return;
    }
    HandleFirst(ctx, datagram, header, *parsed.value);
}

// --- Demultiplexing ------------------------------------------------------------------------------

/// The SA that a message belongs to, or null.
IsakmpSa*
FindByCookies(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    const Cookie none{};
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::cookie, header.initiatorCookie))
    {
        const IsakmpSa& sa = ctx.state.isakmpSas.Get(number);
        const bool sameResponder =
            sa.responderCookie == header.responderCookie ||
            // message 1 once more, or message 2, of which this end learns the cookie
            (sa.role == Role::Responder ? header.responderCookie == none
                                        : sa.responderCookie == none);
        if (sameResponder && sa.remote.address == datagram.remote.address)
        {
            return ctx.FindIsakmp(number);
        }
    }
    return nullptr;
}

/// Is a repeated message to be answered with the reply to it once more? By a responder, and by an
/// initiator of aggressive mode, whose message 3 the peer may wait for.
bool
AnswersAgain(const IsakmpSa& sa)
{
    return sa.role == Role::Responder || (sa.aggressive && sa.IsEstablished());
}

/// A message that was seen before: the responder repeats its reply, the initiator has a timer.
void
HandleRepeated(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram)
{
    ReportReceived(ctx, sa, nullptr, datagram, "seen before", true);
    if (AnswersAgain(sa) && datagram.octets == sa.last.received && !sa.last.sent.empty())
    {
        AnswerAgain(ctx, sa, nullptr, sa.last, datagram);
    }
}

} // namespace

// --- What main mode and aggressive mode do alike -------------------------------------------------

Octets&
OwnPublic(IsakmpSa& sa)
{
    return sa.role == Role::Initiator ? sa.publicInitiator : sa.publicResponder;
}

Octets&
PeerPublic(IsakmpSa& sa)
{
    return sa.role == Role::Initiator ? sa.publicResponder : sa.publicInitiator;
}

Octets&
OwnNonce(IsakmpSa& sa)
{
    return sa.role == Role::Initiator ? sa.nonceInitiator : sa.nonceResponder;
}

Octets&
PeerNonce(IsakmpSa& sa)
{
    return sa.role == Role::Initiator ? sa.nonceResponder : sa.nonceInitiator;
}

void
DrawSecrets(Ikev1Context& ctx, IsakmpSa& sa)
{
    const IpAddress& peer = sa.remote.address;
    OwnNonce(sa) = ctx.Random(RandomPurpose::Nonce, peer, ContextOf(sa), 0, NONCE_LENGTH);
    sa.privateValue = ctx.Random(RandomPurpose::DhPrivate,
                                 peer,
                                 ContextOf(sa),
                                 0,
                                 PrivateLengthOf(sa.policy.group));
}

void
ComputeKe(Ikev1Context& ctx, const IsakmpSa& sa, bool keygen, bool derive)
{
    DhJob job{sa.policy.group, sa.privateValue, std::nullopt, keygen};
    if (keygen)
    {
        ReportDh(ctx, sa, "keygen");
    }
    if (derive)
    {
        ReportDh(ctx, sa, "derive");
        job.peer = sa.role == Role::Initiator ? sa.publicResponder : sa.publicInitiator;
    }
    ctx.Compute(JobOwner{sa.number, 0}, job);
}

void
DeriveKeys(Ikev1Context& ctx, IsakmpSa& sa, const Octets& shared)
{
    const HashAlgorithm hash = sa.policy.hash;
    const Octets cookieInitiator = CookieOctets(sa.initiatorCookie);
    const Octets cookieResponder = CookieOctets(sa.responderCookie);
    sa.keys = sa.policy.authentication == AuthMethod::PreSharedKey
                  ? DeriveSkeyidPsk(ctx.crypto,
                                    hash,
                                    sa.preSharedKey.value_or(Octets()),
                                    sa.nonceInitiator,
                                    sa.nonceResponder,
                                    shared,
                                    cookieInitiator,
                                    cookieResponder)
                  : DeriveSkeyidSignature(ctx.crypto,
                                          hash,
                                          sa.nonceInitiator,
                                          sa.nonceResponder,
                                          shared,
                                          cookieInitiator,
                                          cookieResponder);
    sa.encryptionKey = DeriveEncryptionKey(ctx.crypto,
                                           hash,
                                           sa.keys.e,
                                           KeyLengthOf(sa.policy.cipher, sa.policy.keyBits));
    sa.iv = DerivePhase1Iv(ctx.crypto,
                           hash,
                           sa.publicInitiator,
                           sa.publicResponder,
                           BlockLengthOf(sa.policy.cipher));
    Event e = ctx.MakeEvent(EventKind::PhaseOneKeys, sa);
    e.octets = sa.encryptionKey;
    e.text = ToString(sa.policy.cipher);
    ctx.Report(e);
}

void
RefuseKe(Ikev1Context& ctx, IsakmpSa& sa)
{
    SendClearNotify(ctx, sa, NotifyType::InvalidKeyInformation);
    RemoveIsakmp(ctx, sa.number, EndReason::InvalidKeyExchange);
}

void
AcceptProof(Ikev1Context& ctx,
            IsakmpSa& sa,
            const DatagramInput& datagram,
            const Header& header,
            const Opened& opened,
            const PeerProof& proof)
{
    BelieveProof(ctx, sa, proof);
    FollowPeer(ctx, sa, datagram);
    sa.iv = opened.nextIv;
    sa.last.received = datagram.octets;
    sa.last.sent.clear();
    const std::string names = ctx.NamesFor(header, *opened.message);
    ReportReceived(ctx, sa, nullptr, datagram, names, false);
}

void
AppendPayloads(std::vector<Payload>& to, std::vector<Payload> more)
{
    for (Payload& payload : more)
    {
        to.push_back(std::move(payload));
    }
}

void
WipeSecrets(IsakmpSa& sa)
{
    if (sa.preSharedKey)
    {
        Wipe(*sa.preSharedKey);
    }
    for (Octets* secret :
         {&sa.privateValue, &sa.keys.skeyid, &sa.keys.d, &sa.keys.a, &sa.keys.e, &sa.encryptionKey})
    {
        Wipe(*secret);
    }
}

void
ReleasePhase1(IsakmpSa& sa)
{
    if (sa.preSharedKey)
    {
        Wipe(*sa.preSharedKey);
        sa.preSharedKey->shrink_to_fit(); // that there was one is still known
    }
    for (Octets* octets : {&sa.privateValue,
                           &sa.keys.skeyid,
                           &sa.keys.e,
                           &sa.saBody,
                           &sa.nonceInitiator,
                           &sa.nonceResponder,
                           &sa.publicInitiator,
                           &sa.publicResponder})
    {
        Wipe(*octets);
        octets->shrink_to_fit();
    }
    for (Octets* kept : {&sa.last.received, &sa.last.sent, &sa.firstReceived})
    {
        kept->shrink_to_fit(); // longer messages stood there before
    }
    sa.offered = SaPayload();
    sa.peerProof = PeerProof();
    sa.authorities = std::vector<Octets>();
}

// --- Doors ---------------------------------------------------------------------------------------

IsakmpSa*
BeginPhase1(Ikev1Context& ctx,
            const ConnectionConfig& connection,
            BeginReason begin,
            const IsakmpIdentity& succeeds)
{
    IsakmpSa sa = MakeSa(ctx,
                         Role::Initiator,
                         Endpoint{connection.local, IKE_PORT},
                         Endpoint{connection.peer, IKE_PORT},
                         connection.aggressive);
    const uint64_t ordinal = ctx.state.ordinals[connection.peer].phase1++;
    sa.initiatorCookie =
        DrawCookie(ctx, connection.peer, Concat({ToOctets("initiator"), NumberContext(ordinal)}));
    sa.behalf = connection.id;
    sa.begin = begin;
    sa.succeeds = succeeds;
    Event event = ctx.MakeEvent(EventKind::Phase1Begin, sa);
    event.begin = begin;
    event.succeedsIsakmp = succeeds;
    ctx.Report(event);
    const UsablePolicies usable = FindUsablePolicies(ctx, sa, nullptr);
    if (usable.policies.empty())
    {
        event.kind = EventKind::Phase1Failed;
        event.end =
            usable.lacking == EndReason::None ? EndReason::NoProposalChosen : usable.lacking;
        event.text = usable.lacking == EndReason::AuthenticationFailed ? usable.text : "";
        ctx.Report(event);
        return nullptr;
    }
    PeerKey key = FindPeerKey(ctx, sa, nullptr);
    sa.preSharedKey = std::move(key.key);
    sa.keyNamed = key.named;
    IsakmpSa& kept = ctx.state.isakmpSas[sa.number] = std::move(sa);
    if (connection.aggressive)
    {
        StartAggressiveMode(ctx, kept, usable.policies);
    }
    else
    {
        StartMainMode(ctx, kept, usable.policies);
    }
    return &kept;
}

void
HandlePhase1(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    IsakmpSa* sa = FindByCookies(ctx, datagram, header);
    if (!sa)
    {
        HandleUnknown(ctx, datagram, header);
        return;
    }
    if (datagram.octets == sa->last.received || datagram.octets == sa->firstReceived)
    {
        HandleRepeated(ctx, *sa, datagram);
        return;
    }
    if (datagram.octets == sa->refused.message && ctx.now < sa->refused.again)
    {
        // a certificate may become valid meanwhile, but a flood of copies costs nothing
        ctx.ReportDropped(datagram, &header, sa->refused.why);
        return;
    }
    const unsigned awaited = RowOf(sa->state).awaits;
    if (awaited == 0 || header.messageId != 0 || header.exchange != ExchangeOf(sa->aggressive))
    {
        ctx.ReportDropped(datagram,
                          &header,
                          "no " + ToString(KindOf(header.exchange)) + " message is awaited");
    }
    else if (sa->aggressive)
    {
        HandleAggressiveMode(ctx, *sa, datagram, header, awaited);
    }
    else
    {
        HandleMainMode(ctx, *sa, datagram, header, awaited);
    }
}

void
HandlePhase1Computed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result)
{
    if (sa.aggressive)
    {
        HandleAggressiveModeComputed(ctx, sa, result);
    }
    else
    {
        HandleMainModeComputed(ctx, sa, result);
    }
}

} // namespace ike
} // namespace ns3
