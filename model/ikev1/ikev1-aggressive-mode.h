/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_AGGRESSIVE_MODE_H
#define IKEV1_AGGRESSIVE_MODE_H

#include "ikev1-context.h"

#include <vector>

namespace ns3
{
namespace ike
{

// Aggressive mode (RFC 2409 5.4, with signatures 5.1) behind the doors of ikev1-phase1.h.

/// A new ISAKMP SA: message 1 follows once its public value is computed.
void StartAggressiveMode(Ikev1Context& ctx,
                         IsakmpSa& sa,
                         const std::vector<IsakmpPolicy>& policies);
/**
 * Message 1 at the responder, whose proposal was chosen from.
 * @param answer the SA payload that says so
 */
void HandleAggressiveOffer(Ikev1Context& ctx,
                           IsakmpSa& sa,
                           const Message& message,
                           const SaPayload& answer);
/// Message 2 or 3, which this SA awaits.
void HandleAggressiveMode(Ikev1Context& ctx,
                          IsakmpSa& sa,
                          const DatagramInput& datagram,
                          const Header& header,
                          unsigned number);
/// A Diffie-Hellman operation of an aggressive mode is done.
void HandleAggressiveModeComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result);

} // namespace ike
} // namespace ns3

#endif // IKEV1_AGGRESSIVE_MODE_H
