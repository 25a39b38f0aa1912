/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_STYLE_H
#define IKEV1_STYLE_H

#include "ikev1-context.h"

#include "ns3/ike-negotiate.h"

namespace ns3
{
namespace ike
{

/**
 * @file
 * What this end says in its own words: the module's, or those of WireStyle. Every function gives
 * what the module would say when there is no style for it, or when the style means something else.
 */

/// The SA payload of phase 1's first message.
SaPayload StyledPhase1Offer(const Ikev1Context& ctx, const std::vector<IsakmpPolicy>& policies);
/// The SA payload with which a responder of phase 1 answers.
SaPayload StyledPhase1Answer(const Ikev1Context& ctx, const Phase1Choice& choice);
/// The SA payload of quick mode message 1, with the own SPI.
SaPayload StyledPhase2Offer(const Ikev1Context& ctx,
                            const ConnectionConfig& connection,
                            uint32_t spi,
                            bool udp);
/// The SA payload of quick mode message 2, with the own SPI.
SaPayload StyledPhase2Answer(const Ikev1Context& ctx, const SaPayload& answer, uint32_t spi);
/// The identities of message 2 of quick mode, when they are not those of message 1.
void NarrowIdentities(const Ikev1Context& ctx, QuickMode& quick);
/// The identity of phase 1.
IdPayload StyledIdentity(const Ikev1Context& ctx, IdPayload id);

} // namespace ike
} // namespace ns3

#endif // IKEV1_STYLE_H
