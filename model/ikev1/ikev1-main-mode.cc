/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-main-mode.h"

#include "ikev1-exchanges.h"
#include "ikev1-nat-traversal.h"
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

/// The tunnel between two addresses, or null.
const ConnectionConfig*
FindConnectionBetween(const Ikev1Context& ctx, const IpAddress& local, const IpAddress& peer)
{
    const auto& all = ctx.config.connections;
    const auto it = std::find_if(all.begin(), all.end(), [&](const ConnectionConfig& c) {
        return c.local == local && c.peer == peer;
    });
    return it == all.end() ? nullptr : &*it;
}

/// The key for a peer: out of the keyring of the tunnel's ISAKMP profile first, then the global
/// ones, as IOS does.
std::optional<Octets>
FindKey(const Ikev1Context& ctx, const IpAddress& local, const IpAddress& peer)
{
    const ConnectionConfig* connection = FindConnectionBetween(ctx, local, peer);
    if (connection && connection->isakmpProfile && !connection->isakmpProfile->keyring.empty())
    {
        return FindPreSharedKey(ctx.config.keys, connection->isakmpProfile->keyring, peer);
    }
    return FindPreSharedKey(ctx.config.keys, "", peer);
}

/// `match identity address`: does the profile of the tunnel know this peer?
bool
IsIdentityWanted(const Ikev1Context& ctx, const IsakmpSa& sa, const IpAddress& identity)
{
    const ConnectionConfig* c = FindConnectionBetween(ctx, sa.local.address, sa.remote.address);
    if (!c || !c->isakmpProfile || c->isakmpProfile->identityAddresses.empty())
    {
        return identity == sa.remote.address;
    }
    const auto& wanted = c->isakmpProfile->identityAddresses;
    return std::any_of(wanted.begin(), wanted.end(), [&](const IpPrefix& p) {
        return p.Contains(identity);
    });
}

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

/// The address of this main mode's random values: its initiator's cookie is its name.
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

/// Nonce and private value of this end; the public value is computed elsewhere.
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

/// HASH_I or HASH_R over an identity (RFC 2409 5).
Octets
PhaseOneHash(Ikev1Context& ctx, IsakmpSa& sa, Role whose, const IdPayload& id)
{
    const bool ofInitiator = whose == Role::Initiator;
    return ComputePhase1Hash(ctx.crypto,
                             sa.policy.hash,
                             sa.keys.skeyid,
                             ofInitiator ? sa.publicInitiator : sa.publicResponder,
                             ofInitiator ? sa.publicResponder : sa.publicInitiator,
                             CookieOctets(ofInitiator ? sa.initiatorCookie : sa.responderCookie),
                             CookieOctets(ofInitiator ? sa.responderCookie : sa.initiatorCookie),
                             sa.saBody,
                             WriteBody(id));
}

/// SKEYID and its children, Ka and the first IV, out of g^xy (RFC 2409 5 and Appendix B).
void
DeriveKeys(Ikev1Context& ctx, IsakmpSa& sa, const Octets& shared)
{
    const HashAlgorithm hash = sa.policy.hash;
    sa.keys = DeriveSkeyidPsk(ctx.crypto,
                              hash,
                              sa.preSharedKey,
                              sa.nonceInitiator,
                              sa.nonceResponder,
                              shared,
                              CookieOctets(sa.initiatorCookie),
                              CookieOctets(sa.responderCookie));
    sa.encryptionKey = DeriveEncryptionKey(ctx.crypto,
                                           hash,
                                           sa.keys.e,
                                           KeyLengthOf(sa.policy.cipher, sa.policy.keyBits));
    sa.iv = DerivePhase1Iv(ctx.crypto,
                           hash,
                           sa.publicInitiator,
                           sa.publicResponder,
                           BlockLengthOf(sa.policy.cipher));
    std::fill(sa.privateValue.begin(), sa.privateValue.end(), 0);
    sa.privateValue.clear();
    Event e = ctx.MakeEvent(EventKind::PhaseOneKeys, sa);
    e.octets = sa.encryptionKey;
    e.text = ToString(sa.policy.cipher);
    ctx.Report(e);
}

// --- Messages 5 and 6 ----------------------------------------------------------------------------

/// RFC 2407 4.6.3.3: only when this end has no other SA with the peer, else it would lose it.
bool
IsFirstContact(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    for (const auto& [number, other] : ctx.state.isakmpSas)
    {
        if (other.IsEstablished() && other.remote.address == sa.remote.address)
        {
            return false;
        }
    }
    return true;
}

void
SendAuth(Ikev1Context& ctx, IsakmpSa& sa)
{
    const IdPayload id = StyledIdentity(ctx, BuildAddressId(sa.local.address));
    std::vector<Payload> payloads{id, HashPayload{PhaseOneHash(ctx, sa, sa.role, id)}};
    if (sa.role == Role::Initiator && ctx.Knobs().sendInitialContact && IsFirstContact(ctx, sa))
    {
        NotifyPayload notify;
        notify.type = NotifyType::InitialContact;
        notify.spi = Concat({CookieOctets(sa.initiatorCookie), CookieOctets(sa.responderCookie)});
        payloads.push_back(notify);
        Event e = ctx.MakeEvent(EventKind::NotifySent, sa);
        e.text = ToString(notify.type);
        ctx.Report(e);
    }
    SendMainMode(ctx, sa, payloads, true);
}

/// Why the peer's proof does not hold, or None.
EndReason
CheckAuth(Ikev1Context& ctx, IsakmpSa& sa, const Message& message)
{
    const Role peerRole = sa.role == Role::Initiator ? Role::Responder : Role::Initiator;
    const auto& id = *message.Find<IdPayload>();
    if (message.Find<HashPayload>()->data != PhaseOneHash(ctx, sa, peerRole, id))
    {
        return EndReason::AuthenticationFailed;
    }
    return IsIdentityWanted(ctx, sa, ReadAddressId(id)) ? EndReason::None : EndReason::InvalidId;
}

void
HandleInitialContact(Ikev1Context& ctx, const IsakmpSa& sa, const Message& message)
{
    for (const NotifyPayload* n : message.FindAll<NotifyPayload>())
    {
        Event e = ctx.MakeEvent(EventKind::NotifyReceived, sa);
        e.text = ToString(n->type);
        ctx.Report(e);
        if (n->type == NotifyType::InitialContact)
        {
            PurgePeer(ctx, sa);
        }
    }
}

/// Message 5 at the responder, message 6 at the initiator: the proof of the other end.
void
HandleAuth(Ikev1Context& ctx,
           IsakmpSa& sa,
           const DatagramInput& datagram,
           const Header& header,
           unsigned number)
{
    if (!header.IsEncrypted())
    {
        // a late duplicate of message 1 or 2: it says nothing about keys
        ctx.ReportDropped(datagram, &header, "not encrypted");
        return;
    }
    Opened opened = OpenMessage(ctx, sa, header, datagram.octets, sa.iv);
    std::string wrong = opened.error;
    if (opened.message)
    {
        wrong = CheckRules(*opened.message, ExchangeType::IdentityProtection, number).value_or("");
    }
    // With unequal pre-shared keys the octets decrypt to nonsense; a later message may be right
    EndReason failure = EndReason::AuthenticationFailed;
    if (wrong.empty())
    {
        failure = CheckAuth(ctx, sa, *opened.message);
        wrong = failure == EndReason::None ? "" : ToString(failure);
    }
    if (!wrong.empty())
    {
        const bool firstTime = sa.failure == EndReason::None;
        sa.failure = failure;
        ctx.ReportDropped(datagram, &header, wrong);
        if (firstTime)
        {
            SendClearNotify(ctx,
                            sa,
                            failure == EndReason::InvalidId ? NotifyType::InvalidIdInformation
                                                            : NotifyType::AuthenticationFailed);
        }
        return;
    }
    sa.failure = EndReason::None;
    FollowPeer(ctx, sa, datagram);
    sa.iv = opened.nextIv;
    sa.last.received = datagram.octets;
    sa.last.sent.clear();
    ReportReceived(ctx,
                   sa,
                   nullptr,
                   datagram,
                   PrintPayloadNames(header, opened.message->payloads),
                   false);
    HandleInitialContact(ctx, sa, *opened.message);
    const IsakmpNumber self = sa.number;
    Become(sa, IsakmpState::Established);
    if (sa.role == Role::Responder)
    {
        SendAuth(ctx, sa);
    }
    EstablishIsakmp(ctx, *ctx.FindIsakmp(self));
}

// --- Messages 3 and 4 ----------------------------------------------------------------------------

void
SendKe(Ikev1Context& ctx, IsakmpSa& sa)
{
    std::vector<Payload> payloads{KePayload{OwnPublic(sa)}, NoncePayload{OwnNonce(sa)}};
    for (const Octets& id : ctx.config.style.vendorIdsWithKe)
    {
        payloads.push_back(VendorIdPayload{id});
    }
    const std::vector<Payload> discovery = BuildNatDiscovery(ctx, sa);
    payloads.insert(payloads.end(), discovery.begin(), discovery.end());
    SendMainMode(ctx, sa, payloads, false);
}

/// The public value and nonce of the other end.
void
HandleKe(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram, const Message& message)
{
    ReadNatDiscovery(ctx, sa, datagram, message);
    PeerPublic(sa) = message.Find<KePayload>()->data;
    PeerNonce(sa) = message.Find<NoncePayload>()->data;
    if (sa.role == Role::Responder)
    {
        DrawSecrets(ctx, sa);
        ReportDh(ctx, sa, "keygen");
    }
    ReportDh(ctx, sa, "derive");
    Become(sa,
           sa.role == Role::Initiator ? IsakmpState::InitiatorMakingKeys
                                      : IsakmpState::ResponderMakingKeys);
    ctx.Compute(
        JobOwner{sa.number, 0},
        DhJob{sa.policy.group, sa.privateValue, PeerPublic(sa), sa.role == Role::Responder});
}

// --- Messages 1 and 2 ----------------------------------------------------------------------------

/// An offer or a choice, and what this end can do.
void
SendSa(Ikev1Context& ctx, IsakmpSa& sa, const SaPayload& payload)
{
    std::vector<Payload> payloads = BuildVendorIds(ctx);
    payloads.insert(payloads.begin(), payload);
    SendMainMode(ctx, sa, payloads, false);
}

/// Message 2 at the initiator: which of the offered transforms was chosen.
std::optional<IsakmpPolicy>
ReadChoice(const IsakmpSa& sa, const Message& message)
{
    return CheckPhase1Answer(sa.offered, *message.Find<SaPayload>());
}

void
HandleChoice(Ikev1Context& ctx, IsakmpSa& sa, const IsakmpPolicy& chosen, const Header& header)
{
    sa.policy = chosen;
    sa.responderCookie = header.responderCookie;
    DrawSecrets(ctx, sa);
    ReportDh(ctx, sa, "keygen");
    Become(sa, IsakmpState::InitiatorMakingKe);
    ctx.Compute(JobOwner{sa.number, 0}, DhJob{sa.policy.group, sa.privateValue, std::nullopt});
}

/// Half-open attempts that this end answers: each costs memory for a stranger.
size_t
CountHalfOpen(const Ikev1State& state)
{
    return std::count_if(state.isakmpSas.begin(), state.isakmpSas.end(), [](const auto& item) {
        return item.second.role == Role::Responder && !item.second.IsEstablished();
    });
}

IsakmpSa
MakeSa(Ikev1Context& ctx, Role role, const Endpoint& local, const Endpoint& remote)
{
    IsakmpSa sa;
    sa.number = ctx.state.nextIsakmp++;
    sa.role = role;
    sa.local = local;
    sa.remote = remote;
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

/// A refusal of message 1: no state is kept for it.
void
RefuseFirst(Ikev1Context& ctx,
            const IsakmpSa& sa,
            const DatagramInput& datagram,
            const Header& header,
            EndReason reason)
{
    ctx.ReportDropped(datagram, &header, ToString(reason));
    Event e = ctx.MakeEvent(EventKind::Phase1Failed, sa);
    e.end = reason;
    ctx.Report(e);
    SendClearNotify(ctx, sa, NotifyType::NoProposalChosen);
}

/// Message 1 at the responder: choose, and answer.
void
HandleFirst(Ikev1Context& ctx,
            const DatagramInput& datagram,
            const Header& header,
            const Message& message)
{
    if (CountHalfOpen(ctx.state) >= ctx.Knobs().halfOpenLimit)
    {
        ctx.ReportDropped(datagram, &header, "half-open limit reached");
        return;
    }
    IsakmpSa sa = MakeSa(ctx, Role::Responder, datagram.local, datagram.remote);
    const IpAddress& peer = sa.remote.address;
    sa.initiatorCookie = header.initiatorCookie;
    sa.responderCookie = DrawCookie(ctx, peer, Concat({ToOctets("responder"), ContextOf(sa)}));
    sa.saBody = WriteBody(*message.Find<SaPayload>());
    ReportReceived(ctx, sa, nullptr, datagram, PrintPayloadNames(header, message.payloads), false);
    Event begin = ctx.MakeEvent(EventKind::Phase1Begin, sa);
    const std::optional<Octets> key = FindKey(ctx, sa.local.address, peer);
    const std::optional<Phase1Choice> choice = PickPhase1(ctx.config.policies,
                                                          *message.Find<SaPayload>(),
                                                          ctx.Knobs().phase1LifetimeMatch);
    ctx.Report(begin);
    if (!key || !choice)
    {
        RefuseFirst(ctx,
                    sa,
                    datagram,
                    header,
                    key ? EndReason::NoProposalChosen : EndReason::NoPreSharedKey);
        return;
    }
    sa.preSharedKey = *key;
    sa.policy = choice->policy;
    ReadVendorIds(ctx, sa, message);
    sa.state = IsakmpState::ResponderSentSa;
    sa.firstReceived = datagram.octets;
    sa.last.received = datagram.octets;
    sa.timers.Set(IsakmpTimer::HalfOpen, ctx.now + ctx.Knobs().halfOpenLifetime);
    IsakmpSa& kept = ctx.state.isakmpSas[sa.number] = sa;
    SendSa(ctx, kept, StyledPhase1Answer(ctx, *choice));
}

// --- Demultiplexing ------------------------------------------------------------------------------

/// The SA that a message belongs to, or null.
IsakmpSa*
FindByCookies(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    const Cookie none{};
    for (auto& [number, sa] : ctx.state.isakmpSas)
    {
        const bool sameResponder =
            sa.responderCookie == header.responderCookie ||
            // message 1 once more, or message 2, of which this end learns the cookie
            (sa.role == Role::Responder ? header.responderCookie == none
                                        : sa.responderCookie == none);
        if (sa.initiatorCookie == header.initiatorCookie && sameResponder &&
            sa.remote.address == datagram.remote.address)
        {
            return &sa;
        }
    }
    return nullptr;
}

/// A message that was seen before: the responder repeats its reply, the initiator has a timer.
void
HandleRepeated(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram)
{
    ReportReceived(ctx, sa, nullptr, datagram, "seen before", true);
    if (sa.role == Role::Responder && datagram.octets == sa.last.received && !sa.last.sent.empty())
    {
        Resend(ctx, sa, sa.last);
    }
}

/// Messages 2, 3 and 4, which are not encrypted.
void
HandleClear(Ikev1Context& ctx,
            IsakmpSa& sa,
            const DatagramInput& datagram,
            const Header& header,
            unsigned number)
{
    const Parsed<Message> parsed = ReadMessage(datagram.octets);
    const std::optional<std::string> wrong =
        !parsed ? std::optional<std::string>(parsed.error.text)
                : CheckRules(*parsed.value, ExchangeType::IdentityProtection, number);
    if (wrong)
    {
        ctx.ReportDropped(datagram, &header, *wrong);
        return;
    }
    const Message& message = *parsed.value;
    const std::optional<IsakmpPolicy> chosen = number == 2 ? ReadChoice(sa, message) : std::nullopt;
    if (number == 2 && !chosen)
    {
        ctx.ReportDropped(datagram, &header, "the answer is not one of the offered proposals");
        return;
    }
    ReportReceived(ctx, sa, nullptr, datagram, PrintPayloadNames(header, message.payloads), false);
    if (chosen)
    {
        ReadVendorIds(ctx, sa, message);
        HandleChoice(ctx, sa, *chosen, header);
    }
    else
    {
        HandleKe(ctx, sa, datagram, message);
    }
    sa.timers.Clear(IsakmpTimer::Retransmit);
    sa.last.received = datagram.octets;
    sa.last.sent.clear();
}

void
HandleUnknown(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    if (header.responderCookie != Cookie{} || header.IsEncrypted())
    {
        ctx.ReportDropped(datagram, &header, "no ISAKMP SA with these cookies");
        return;
    }
    const Parsed<Message> parsed = ReadMessage(datagram.octets);
    const std::optional<std::string> wrong =
        !parsed ? std::optional<std::string>(parsed.error.text)
                : CheckRules(*parsed.value, ExchangeType::IdentityProtection, 1);
    if (wrong)
    {
        ctx.ReportDropped(datagram, &header, *wrong);
        return;
    }
    HandleFirst(ctx, datagram, header, *parsed.value);
}

} // namespace

IsakmpSa*
BeginMainMode(Ikev1Context& ctx,
              const ConnectionConfig& connection,
              BeginReason begin,
              const IsakmpIdentity& succeeds)
{
    IsakmpSa sa = MakeSa(ctx,
                         Role::Initiator,
                         Endpoint{connection.local, IKE_PORT},
                         Endpoint{connection.peer, IKE_PORT});
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
    const std::optional<Octets> key = FindKey(ctx, connection.local, connection.peer);
    if (!key || ctx.config.policies.empty())
    {
        event.kind = EventKind::Phase1Failed;
        event.end = key ? EndReason::NoProposalChosen : EndReason::NoPreSharedKey;
        ctx.Report(event);
        return nullptr;
    }
    sa.preSharedKey = *key;
    sa.offered = StyledPhase1Offer(ctx);
    sa.saBody = WriteBody(sa.offered);
    sa.state = IsakmpState::InitiatorSentSa;
    IsakmpSa& kept = ctx.state.isakmpSas[sa.number] = sa;
    SendSa(ctx, kept, kept.offered);
    return &kept;
}

void
HandleMainMode(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
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
    const unsigned awaited = RowOf(sa->state).awaits;
    if (awaited == 0 || header.messageId != 0)
    {
        ctx.ReportDropped(datagram, &header, "no main mode message is awaited");
    }
    else if (awaited >= 5)
    {
        HandleAuth(ctx, *sa, datagram, header, awaited);
    }
    else
    {
        HandleClear(ctx, *sa, datagram, header, awaited);
    }
}

void
HandleMainModeComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result)
{
    if (!result.ok)
    {
        SendClearNotify(ctx, sa, NotifyType::InvalidKeyInformation);
        RemoveIsakmp(ctx, sa.number, EndReason::InvalidKeyExchange);
        return;
    }
    switch (sa.state)
    {
    case IsakmpState::InitiatorMakingKe:
        sa.publicInitiator = result.publicValue;
        Become(sa, IsakmpState::InitiatorSentKe);
        SendKe(ctx, sa);
        return;
    case IsakmpState::InitiatorMakingKeys:
        DeriveKeys(ctx, sa, result.shared);
        Become(sa, IsakmpState::InitiatorSentAuth);
        FloatPorts(sa);
        SendAuth(ctx, sa);
        return;
    case IsakmpState::ResponderMakingKeys:
        sa.publicResponder = result.publicValue;
        DeriveKeys(ctx, sa, result.shared);
        Become(sa, IsakmpState::ResponderSentKe);
        SendKe(ctx, sa);
        return;
    default:
        return;
    }
}

} // namespace ike
} // namespace ns3
