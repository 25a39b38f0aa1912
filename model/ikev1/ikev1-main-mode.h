/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_MAIN_MODE_H
#define IKEV1_MAIN_MODE_H

#include "ikev1-context.h"

#include <vector>

namespace ns3
{
namespace ike
{

// Main mode (RFC 2409 5.4, with signatures 5.1) behind the doors of ikev1-phase1.h.

/// Message 1 of a new ISAKMP SA: the offer.
void StartMainMode(Ikev1Context& ctx, IsakmpSa& sa, const std::vector<IsakmpPolicy>& policies);
/// Message 1 or 2: an offer or a choice, and what this end can do.
void SendMainModeSa(Ikev1Context& ctx, IsakmpSa& sa, const SaPayload& payload);
/// Message 2 to 6, which this SA awaits.
void HandleMainMode(Ikev1Context& ctx,
                    IsakmpSa& sa,
                    const DatagramInput& datagram,
                    const Header& header,
                    unsigned number);
/// A Diffie-Hellman operation of a main mode is done.
void HandleMainModeComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result);

} // namespace ike
} // namespace ns3

#endif // IKEV1_MAIN_MODE_H
