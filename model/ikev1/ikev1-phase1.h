/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_PHASE1_H
#define IKEV1_PHASE1_H

#include "ikev1-transport.h"

#include <vector>

namespace ns3
{
namespace ike
{

// --- Doors of phase 1 ----------------------------------------------------------------------------

/**
 * Begin a phase 1 on behalf of a tunnel whose profile allows it, in main mode or in aggressive mode
 * as the tunnel is configured.
 * @param connection the tunnel
 * @param begin why
 * @param succeeds the ISAKMP SA to be replaced, when that is why
 * @return the new ISAKMP SA; null when there is no policy or no key
 */
IsakmpSa* BeginPhase1(Ikev1Context& ctx,
                      const ConnectionConfig& connection,
                      BeginReason begin,
                      const IsakmpIdentity& succeeds);
/// A message of main mode or aggressive mode arrived.
void HandlePhase1(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header);
/// A Diffie-Hellman operation of a phase 1 is done.
void HandlePhase1Computed(Ikev1Context& ctx, IsakmpSa& sa, const DhResult& result);
/// An ISAKMP SA is over: nothing of its keys stays in memory.
void WipeSecrets(IsakmpSa& sa);

// --- What main mode and aggressive mode do alike -------------------------------------------------

/// Public value and nonce of this end, and of the other one.
Octets& OwnPublic(IsakmpSa& sa);
Octets& PeerPublic(IsakmpSa& sa);
Octets& OwnNonce(IsakmpSa& sa);
Octets& PeerNonce(IsakmpSa& sa);

/// Nonce and private value of this end; the public value is computed elsewhere.
void DrawSecrets(Ikev1Context& ctx, IsakmpSa& sa);
/// Ask the host for what it takes: the own public value, or g^xy, or both.
void ComputeKe(Ikev1Context& ctx, const IsakmpSa& sa, bool keygen, bool derive);
/// SKEYID and its children, Ka and the first IV, out of g^xy (RFC 2409 5 and Appendix B).
void DeriveKeys(Ikev1Context& ctx, IsakmpSa& sa, const Octets& shared);
/// The public value of the peer is none.
void RefuseKe(Ikev1Context& ctx, IsakmpSa& sa);
/// An encrypted or final message whose proof holds is taken.
void AcceptProof(Ikev1Context& ctx,
                 IsakmpSa& sa,
                 const DatagramInput& datagram,
                 const Header& header,
                 const Opened& opened,
                 const PeerProof& proof);
/// Put the payloads of one list behind those of another.
void AppendPayloads(std::vector<Payload>& to, std::vector<Payload> more);
/// Phase 1 is over: what only its messages needed is wiped and its memory given back. What a late
/// duplicate is known by, and answered with, stays.
void ReleasePhase1(IsakmpSa& sa);

} // namespace ike
} // namespace ns3

#endif // IKEV1_PHASE1_H
