/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_MAIN_MODE_H
#define IKEV1_MAIN_MODE_H

#include "ikev1-context.h"

namespace ns3
{
namespace ike
{

/**
 * Begin a main mode (RFC 2409 5.4) on behalf of a tunnel whose profile allows it.
 * @param connection the tunnel
 * @param begin why
 * @param succeeds the ISAKMP SA to be replaced, when that is why
 * @return the new ISAKMP SA; null when there is no policy or no key
 */
IsakmpSa* BeginMainMode(Ikev1Context& ctx,
                        const ConnectionConfig& connection,
                        BeginReason begin,
                        const IsakmpIdentity& succeeds);
/// A message of main mode arrived.
void HandleMainMode(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header);
/// A Diffie-Hellman operation of a main mode is done.
void HandleMainModeComputed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result);

} // namespace ike
} // namespace ns3

#endif // IKEV1_MAIN_MODE_H
