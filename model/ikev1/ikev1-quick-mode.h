/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_QUICK_MODE_H
#define IKEV1_QUICK_MODE_H

#include "ikev1-context.h"

namespace ns3
{
namespace ike
{

/// Begin a quick mode (RFC 2409 5.5) for a tunnel under an established ISAKMP SA.
void BeginQuickMode(Ikev1Context& ctx, IsakmpSa& sa, const PendingPhase2& wanted);
/// A message of quick mode arrived under an established ISAKMP SA.
void HandleQuickMode(Ikev1Context& ctx,
                     IsakmpSa& sa,
                     const DatagramInput& datagram,
                     const Header& header);
/// A Diffie-Hellman operation of a quick mode is done.
void HandleQuickModeComputed(Ikev1Context& ctx, QuickMode& quick, const DhResult& result);
/// End a quick mode that has not made a pair, and say why. Nothing begins in its stead.
void AbandonQuickMode(Ikev1Context& ctx, QuickMode& quick, EndReason reason);
/// The same; what it was to bring is tried again after a pause.
void FailQuickMode(Ikev1Context& ctx, QuickMode& quick, EndReason reason);

} // namespace ike
} // namespace ns3

#endif // IKEV1_QUICK_MODE_H
