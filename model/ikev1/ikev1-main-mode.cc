/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-main-mode.h"

#include "ikev1-authenticate.h"
#include "ikev1-exchanges.h"
#include "ikev1-nat-traversal.h"
#include "ikev1-phase1.h"
#include "ikev1-style.h"
#include "ikev1-transport.h"
#include "ikev1-upkeep.h"

#include "ns3/ike-message-rules.h"
#include "ns3/ike-negotiate.h"

namespace ns3
{
namespace ike
{

namespace
{

// --- Messages 5 and 6 ----------------------------------------------------------------------------

void
SendAuth(Ikev1Context& ctx, IsakmpSa& sa)
{
    // a change of the configuration may have taken the certificate away that named this end
    sa.ownId = BuildOwnIdentity(ctx, sa).value_or(BuildAddressId(sa.local.address));
    std::vector<Payload> payloads = MakePayloads(sa.ownId);
    AppendPayloads(payloads, BuildProof(ctx, sa));
    AppendPayloads(payloads, BuildInitialContact(ctx, sa));
    SendPhase1(ctx, sa, payloads, true);
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
    // With unequal pre-shared keys the octets decrypt to nonsense; a later message may be right
    Refusal refusal{EndReason::AuthenticationFailed, opened.error};
    if (opened.message)
    {
        refusal.text =
            CheckRules(*opened.message, ExchangeType::IdentityProtection, number).value_or("");
    }
    PeerProof proof;
    if (refusal.text.empty())
    {
        ReadProof(proof, *opened.message);
        refusal = CheckProof(ctx, sa, proof);
    }
    if (refusal.text.empty())
    {
        refusal = CheckIdentity(ctx, sa, proof);
    }
    if (!refusal.text.empty())
    {
        RefuseProof(ctx, sa, datagram, header, refusal);
        return;
    }
    AcceptProof(ctx, sa, datagram, header, opened, proof);
    HandlePhase1Notifies(ctx, sa, *opened.message);
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
    std::vector<Payload> payloads =
        MakePayloads(KePayload{OwnPublic(sa)}, NoncePayload{OwnNonce(sa)});
    for (const Octets& id : ctx.config.style.vendorIdsWithKe)
    {
        payloads.push_back(VendorIdPayload{id});
    }
    if (sa.policy.authentication == AuthMethod::RsaSignature)
    {
        AppendPayloads(payloads, BuildCertificateRequests(ctx, sa));
    }
    AppendPayloads(payloads, BuildNatDiscovery(ctx, sa));
    SendPhase1(ctx, sa, payloads, false);
}

/// The public value and nonce of the other end.
void
HandleKe(Ikev1Context& ctx, IsakmpSa& sa, const DatagramInput& datagram, const Message& message)
{
    const bool isResponder = sa.role == Role::Responder;
    ReadNatDiscovery(ctx, sa, datagram, message);
    ReadCertificateRequests(sa, message);
    PeerPublic(sa) = message.Find<KePayload>()->data;
    PeerNonce(sa) = message.Find<NoncePayload>()->data;
    if (isResponder)
    {
        DrawSecrets(ctx, sa);
    }
    Become(sa, isResponder ? IsakmpState::ResponderMakingKeys : IsakmpState::InitiatorMakingKeys);
    ComputeKe(ctx, sa, isResponder, true);
}

// --- Message 2 -----------------------------------------------------------------------------------

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
    Become(sa, IsakmpState::InitiatorMakingKe);
    ComputeKe(ctx, sa, true, false);
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
    ReportReceived(ctx, sa, nullptr, datagram, ctx.NamesFor(header, message), false);
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

} // namespace

// --- Message 1, and what arrives -----------------------------------------------------------------

void
StartMainMode(Ikev1Context& ctx, IsakmpSa& sa, const std::vector<IsakmpPolicy>& policies)
{
    sa.offered = StyledPhase1Offer(ctx, policies);
    sa.saBody = WriteBody(sa.offered);
    sa.state = IsakmpState::InitiatorSentSa;
    SendMainModeSa(ctx, sa, sa.offered);
}

void
SendMainModeSa(Ikev1Context& ctx, IsakmpSa& sa, const SaPayload& payload)
{
    std::vector<Payload> payloads = MakePayloads(payload);
    AppendPayloads(payloads, BuildVendorIds(ctx));
    SendPhase1(ctx, sa, payloads, false);
}

void
HandleMainMode(Ikev1Context& ctx,
               IsakmpSa& sa,
               const DatagramInput& datagram,
               const Header& header,
               unsigned number)
{
    if (number >= 5)
    {
        HandleAuth(ctx, sa, datagram, header, number);
    }
    else
    {
        HandleClear(ctx, sa, datagram, header, number);
    }
}

void
HandleMainModeComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result)
{
    if (!result.ok)
    {
        RefuseKe(ctx, sa);
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
        Wipe(sa.privateValue);
        Become(sa, IsakmpState::InitiatorSentAuth);
        FloatPorts(sa);
        SendAuth(ctx, sa);
        return;
    case IsakmpState::ResponderMakingKeys:
        sa.publicResponder = result.publicValue;
        DeriveKeys(ctx, sa, result.shared);
        Wipe(sa.privateValue);
        Become(sa, IsakmpState::ResponderSentKe);
        SendKe(ctx, sa);
        return;
    default:
        return;
    }
}

} // namespace ike
} // namespace ns3
