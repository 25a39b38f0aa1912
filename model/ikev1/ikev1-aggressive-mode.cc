/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-aggressive-mode.h"

#include "ikev1-authenticate.h"
#include "ikev1-exchanges.h"
#include "ikev1-nat-traversal.h"
#include "ikev1-phase1.h"
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

// --- Message 1 -----------------------------------------------------------------------------------

/// RFC 2409 5.4: the group cannot be negotiated, as message 1 has the public value already. All
/// that is offered is of the group of the best policy.
std::vector<IsakmpPolicy>
OfOneGroup(std::vector<IsakmpPolicy> policies)
{
    const DhGroup group = policies.front().group;
    policies.erase(std::remove_if(policies.begin(),
                                  policies.end(),
                                  [group](const IsakmpPolicy& p) { return p.group != group; }),
                   policies.end());
    return policies;
}

/// Can what is offered, or what was chosen, end in signatures?
bool
MaySign(const SaPayload& sa)
{
    for (const Proposal& p : sa.proposals)
    {
        for (const Transform& t : p.transforms)
        {
            const auto policy = ReadPhase1Transform(t);
            if (policy && policy->authentication == AuthMethod::RsaSignature)
            {
                return true;
            }
        }
    }
    return false;
}

/// "SA, KE, Ni, IDii" or "SA, KE, Nr, IDir", with what may stand beside them.
std::vector<Payload>
BuildOpening(Ikev1Context& ctx, IsakmpSa& sa)
{
    std::vector<Payload> payloads{sa.offered,
                                  KePayload{OwnPublic(sa)},
                                  NoncePayload{OwnNonce(sa)},
                                  sa.ownId};
    if (MaySign(sa.offered))
    {
        AppendPayloads(payloads, BuildCertificateRequests(ctx, sa));
    }
    return payloads;
}

void
SendOffer(Ikev1Context& ctx, IsakmpSa& sa)
{
    std::vector<Payload> payloads = BuildOpening(ctx, sa);
    AppendPayloads(payloads, BuildVendorIds(ctx));
    SendPhase1(ctx, sa, payloads, false);
}

// --- Message 2 -----------------------------------------------------------------------------------

/// The answer to message 1, with the proof of the responder. RFC 3947 3.2 shows it last, and
/// strongSwan sends it so.
void
SendChoice(Ikev1Context& ctx, IsakmpSa& sa)
{
    std::vector<Payload> payloads = BuildOpening(ctx, sa);
    AppendPayloads(payloads, BuildVendorIds(ctx));
    AppendPayloads(payloads, BuildNatDiscovery(ctx, sa));
    AppendPayloads(payloads, BuildProof(ctx, sa));
    SendPhase1(ctx, sa, payloads, false);
}

/// Message 2 at the initiator. What it proves can be checked when g^xy is computed.
void
HandleChoice(Ikev1Context& ctx,
             IsakmpSa& sa,
             const DatagramInput& datagram,
             const Header& header,
             const Message& message)
{
    const auto chosen = CheckPhase1Answer(sa.offered, *message.Find<SaPayload>());
    if (!chosen)
    {
        ctx.ReportDropped(datagram, &header, "the answer is not one of the offered proposals");
        return;
    }
    if (chosen->group != sa.policy.group)
    {
        ctx.ReportDropped(datagram, &header, "the answer is not of the group of the public value");
        return;
    }
    ReportReceived(ctx, sa, nullptr, datagram, ctx.NamesFor(header, message), false);
    sa.policy = *chosen;
    sa.responderCookie = header.responderCookie;
    sa.publicResponder = message.Find<KePayload>()->data;
    sa.nonceResponder = message.Find<NoncePayload>()->data;
    sa.peerProof = PeerProof();
    ReadProof(sa.peerProof, message);
    ReadVendorIds(ctx, sa, message);
    ReadNatDiscovery(ctx, sa, datagram, message);
    sa.last.received = datagram.octets;
    // message 1 is kept: when the proof does not hold, it is repeated as if this had not come
    sa.repeatAt = sa.timers.Get(IsakmpTimer::Retransmit);
    sa.timers.Clear(IsakmpTimer::Retransmit);
    Become(sa, IsakmpState::AggressiveInitiatorMakingKeys);
    ComputeKe(ctx, sa, false, true);
}

/// Message 2 was not from the peer, or the peer has another key: go on as if it had not come, but
/// for the reason that the attempt will end of.
void
ForgetChoice(Ikev1Context& ctx, IsakmpSa& sa, const Refusal& refusal)
{
    const DatagramInput datagram{sa.local, sa.remote, sa.last.received};
    if (!RefuseProof(ctx, sa, datagram, *ReadHeader(datagram.octets).value, refusal))
    {
        return;
    }
    Become(sa, IsakmpState::AggressiveInitiatorSentSa);
    sa.responderCookie = Cookie{};
    sa.natTraversal = false;
    sa.natLocal = false;
    sa.natRemote = false;
    sa.deadPeerDetection = false;
    sa.timers.Set(IsakmpTimer::Retransmit, std::max(ctx.now, sa.repeatAt));
}

// --- Message 3 -----------------------------------------------------------------------------------

/// Encrypted: strongSwan and libreswan expect no other.
void
SendProof(Ikev1Context& ctx, IsakmpSa& sa)
{
    std::vector<Payload> payloads = BuildProof(ctx, sa);
    AppendPayloads(payloads, BuildNatDiscovery(ctx, sa));
    AppendPayloads(payloads, BuildInitialContact(ctx, sa));
    SendPhase1(ctx, sa, payloads, !ctx.config.style.clearProof);
}

/// g^xy is known at the initiator: check message 2, and answer it.
void
HandleChoiceComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result)
{
    if (!result.ok)
    {
        ForgetChoice(ctx,
                     sa,
                     {EndReason::InvalidKeyExchange, ToString(EndReason::InvalidKeyExchange)});
        return;
    }
    if (sa.policy.authentication == AuthMethod::PreSharedKey)
    {
        PeerKey key = FindPeerKey(ctx, sa, &sa.peerProof.id);
        sa.preSharedKey = std::move(key.key);
        sa.keyNamed = key.named;
        if (!sa.preSharedKey)
        {
            // it names itself as nobody whose key is here
            ForgetChoice(ctx, sa, {EndReason::NoPreSharedKey, ToString(EndReason::NoPreSharedKey)});
            return;
        }
    }
    DeriveKeys(ctx, sa, result.shared);
    Refusal refusal = CheckProof(ctx, sa, sa.peerProof);
    if (refusal.text.empty())
    {
        refusal = CheckIdentity(ctx, sa, sa.peerProof);
    }
    if (!refusal.text.empty())
    {
        ForgetChoice(ctx, sa, refusal);
        return;
    }
    BelieveProof(ctx, sa, sa.peerProof);
    Wipe(sa.privateValue);
    Become(sa, IsakmpState::Established);
    FloatPorts(sa);
    SendProof(ctx, sa);
    EstablishIsakmp(ctx, sa);
}

/// Message 3, encrypted or not (RFC 2409 5.4), or why it is none.
Opened
OpenProof(Ikev1Context& ctx,
          const IsakmpSa& sa,
          const DatagramInput& datagram,
          const Header& header)
{
    if (header.IsEncrypted())
    {
        return OpenMessage(ctx, sa, header, datagram.octets, sa.iv);
    }
    const Parsed<Message> parsed = ReadMessage(datagram.octets);
    return {parsed.value, parsed ? "" : parsed.error.text, sa.iv};
}

/// Message 3 at the responder: the proof of the initiator.
void
HandleProof(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram, const Header& header)
{
    const Opened opened = OpenProof(ctx, sa, datagram, header);
    Refusal refusal{EndReason::AuthenticationFailed, opened.error};
    if (opened.message)
    {
        refusal.text = CheckRules(*opened.message, ExchangeType::Aggressive, 3).value_or("");
    }
    PeerProof proof = sa.peerProof;
    if (refusal.text.empty())
    {
        ReadProof(proof, *opened.message);
        refusal = CheckProof(ctx, sa, proof);
    }
    if (refusal.text.empty())
    {
        // before the identity: that of a peer behind a NAT may be a private address
        ReadNatDiscovery(ctx, sa, datagram, *opened.message);
        refusal = CheckIdentity(ctx, sa, proof);
    }
    if (!refusal.text.empty())
    {
        RefuseProof(ctx, sa, datagram, header, refusal);
        return;
    }
    AcceptProof(ctx, sa, datagram, header, opened, proof);
    if (header.IsEncrypted())
    {
        // HASH_I covers no notify: in the clear anybody could have put one in
        HandlePhase1Notifies(ctx, sa, *opened.message);
    }
    Become(sa, IsakmpState::Established);
    EstablishIsakmp(ctx, sa);
}

} // namespace

// --- Doors ---------------------------------------------------------------------------------------

void
StartAggressiveMode(Ikev1Context& ctx, IsakmpSa& sa, const std::vector<IsakmpPolicy>& policies)
{
    const std::vector<IsakmpPolicy> offered = OfOneGroup(policies);
    sa.offered = StyledPhase1Offer(ctx, offered);
    sa.saBody = WriteBody(sa.offered);
    sa.ownId = BuildOwnIdentity(ctx, sa).value_or(BuildAddressId(sa.local.address));
    sa.policy = offered.front();
    sa.state = IsakmpState::AggressiveInitiatorMakingKe;
    DrawSecrets(ctx, sa);
    ComputeKe(ctx, sa, true, false);
}

void
HandleAggressiveOffer(Ikev1Context& ctx,
                      IsakmpSa& sa,
                      const Message& message,
                      const SaPayload& answer)
{
    ReadCertificateRequests(sa, message);
    ReadProof(sa.peerProof, message);
    sa.offered = answer;
    sa.ownId = BuildOwnIdentity(ctx, sa).value_or(BuildAddressId(sa.local.address));
    sa.publicInitiator = message.Find<KePayload>()->data;
    sa.nonceInitiator = message.Find<NoncePayload>()->data;
    DrawSecrets(ctx, sa);
    ComputeKe(ctx, sa, true, true);
}

void
HandleAggressiveMode(Ikev1Context& ctx,
                     IsakmpSa& sa,
                     const DatagramInput& datagram,
                     const Header& header,
                     unsigned number)
{
    if (number == 3)
    {
        HandleProof(ctx, sa, datagram, header);
        return;
    }
    const Parsed<Message> parsed = ReadMessage(datagram.octets);
    const std::optional<std::string> wrong =
        !parsed ? std::optional<std::string>(parsed.error.text)
                : CheckRules(*parsed.value, ExchangeType::Aggressive, number);
    if (wrong)
    {
        ctx.ReportDropped(datagram, &header, *wrong);
        return;
    }
    HandleChoice(ctx, sa, datagram, header, *parsed.value);
}

void
HandleAggressiveModeComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result)
{
    switch (sa.state)
    {
    case IsakmpState::AggressiveInitiatorMakingKe:
        sa.publicInitiator = result.publicValue;
        Become(sa, IsakmpState::AggressiveInitiatorSentSa);
        SendOffer(ctx, sa);
        return;
    case IsakmpState::AggressiveInitiatorMakingKeys:
        HandleChoiceComputed(ctx, sa, result);
        return;
    case IsakmpState::AggressiveResponderMakingKeys:
        if (!result.ok)
        {
            RefuseKe(ctx, sa);
            return;
        }
        sa.publicResponder = result.publicValue;
        DeriveKeys(ctx, sa, result.shared);
        Wipe(sa.privateValue);
        Become(sa, IsakmpState::AggressiveResponderSentAuth);
        SendChoice(ctx, sa);
        return;
    default:
        return;
    }
}

} // namespace ike
} // namespace ns3
