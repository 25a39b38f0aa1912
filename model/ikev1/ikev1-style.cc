/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-style.h"

#include "ns3/ike-bytes.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The SA payload in a style; nothing when there is none, or when it is no SA payload.
std::optional<SaPayload>
ReadStyle(const std::optional<Octets>& body)
{
    if (!body)
    {
        return std::nullopt;
    }
    std::optional<WireError> failure;
    Reader reader(*body, failure);
    const Payload payload = ReadBody(static_cast<uint8_t>(PayloadType::Sa), reader);
    reader.ExpectEnd();
    const auto* sa = std::get_if<SaPayload>(&payload);
    return failure || !sa || sa->proposals.empty() ? std::nullopt : std::make_optional(*sa);
}

/// All proposals of one offer have the same SPI.
void
SetSpis(SaPayload& sa, uint32_t spi)
{
    for (Proposal& p : sa.proposals)
    {
        p.spi.clear();
        AppendNumber(p.spi, spi, 4);
    }
}

} // namespace

SaPayload
StyledPhase1Offer(const Ikev1Context& ctx, const std::vector<IsakmpPolicy>& policies)
{
    return ReadStyle(ctx.config.style.phase1Offer).value_or(BuildPhase1Offer(policies));
}

SaPayload
StyledPhase1Answer(const Ikev1Context& ctx, const Phase1Choice& choice)
{
    const std::optional<SaPayload> own = ReadStyle(ctx.config.style.phase1Answer);
    return own && CheckPhase1Answer(choice.answer, *own) ? *own : choice.answer;
}

SaPayload
StyledPhase2Offer(const Ikev1Context& ctx,
                  const ConnectionConfig& connection,
                  uint32_t spi,
                  bool udp)
{
    std::optional<SaPayload> own = ReadStyle(ctx.config.style.phase2Offer);
    if (!own)
    {
        return BuildPhase2Offer(connection, spi, udp);
    }
    SetSpis(*own, spi);
    return *own;
}

SaPayload
StyledPhase2Answer(const Ikev1Context& ctx, const SaPayload& answer, uint32_t spi)
{
    SaPayload plain = answer;
    SetSpis(plain, spi);
    std::optional<SaPayload> own = ReadStyle(ctx.config.style.phase2Answer);
    if (!own)
    {
        return plain;
    }
    SetSpis(*own, spi);
    return CheckPhase2Answer(plain, *own) ? *own : plain;
}

void
NarrowIdentities(const Ikev1Context& ctx, QuickMode& quick)
{
    const std::vector<Octets>& bodies = ctx.config.style.narrowedIdentities;
    if (bodies.size() != 2)
    {
        return;
    }
    IdPayload* const places[] = {&quick.idInitiator, &quick.idResponder};
    for (size_t i = 0; i < bodies.size(); ++i)
    {
        std::optional<WireError> failure;
        Reader reader(bodies[i], failure);
        const Payload id = ReadBody(static_cast<uint8_t>(PayloadType::Identification), reader);
        if (!failure && std::holds_alternative<IdPayload>(id))
        {
            *places[i] = std::get<IdPayload>(id);
        }
    }
}

IdPayload
StyledIdentity(const Ikev1Context& ctx, IdPayload id)
{
    if (ctx.config.style.plainIdentity)
    {
        id.protocol = 0;
        id.port = 0;
    }
    return id;
}

} // namespace ike
} // namespace ns3
