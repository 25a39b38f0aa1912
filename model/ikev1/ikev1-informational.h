/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_INFORMATIONAL_H
#define IKEV1_INFORMATIONAL_H

#include "ikev1-context.h"

namespace ns3
{
namespace ike
{

/// An informational exchange arrived under an established ISAKMP SA (RFC 2409 5.7).
void HandleInformational(Ikev1Context& ctx,
                         IsakmpSa& sa,
                         const DatagramInput& datagram,
                         const Header& header);
/// A notify without protection: worth reporting, never worth acting upon.
void HandleClearInformational(Ikev1Context& ctx,
                              const DatagramInput& datagram,
                              const Header& header);
/// Tell the peer that a pair has ended (RFC 2408 3.15), if an ISAKMP SA stands to say it under.
void SendPairDelete(Ikev1Context& ctx, const PairState& pair);
/// Tell the peer that an ISAKMP SA ends; it is sent under that SA itself.
void SendIsakmpDelete(Ikev1Context& ctx, IsakmpSa& sa);
/// ESP arrived with an SPI that this end does not have: the peer is told, at most once a second
/// under one ISAKMP SA, whatever the SPIs; each time it can forget one. Nothing without an ISAKMP
/// SA.
void SayInvalidSpi(Ikev1Context& ctx, const IpAddress& local, const IpAddress& peer, uint32_t spi);
/// RFC 2408 3.1: a responder that has set the commit bit says that its SAs are installed.
void SendConnected(Ikev1Context& ctx, const IsakmpSa& sa, const QuickMode& quick);
/// An error of a quick mode, said under the ISAKMP SA: the peer's SPI shows which one is meant.
void SendPhase2Error(Ikev1Context& ctx, IsakmpSa& sa, NotifyType type, uint32_t spi);

} // namespace ike
} // namespace ns3

#endif // IKEV1_INFORMATIONAL_H
