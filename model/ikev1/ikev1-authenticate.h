/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_AUTHENTICATE_H
#define IKEV1_AUTHENTICATE_H

#include "ikev1-context.h"

#include <optional>
#include <string>
#include <vector>

/**
 * @file
 * How the two ends of phase 1 prove who they are: what main mode and aggressive mode share.
 *
 * An end names itself (ID) and proves it, by a hash under a key that both know (RFC 2409 5.4) or
 * by a signature over that hash (5.1). Whether the name may be believed is a question of its own:
 * the configuration answers it, and with signatures the certificate.
 */

namespace ns3
{
namespace ike
{

// --- Credentials ---------------------------------------------------------------------------------

/// The tunnel that a phase 1 serves: of an initiator the one that wanted it, else the first one
/// between the two addresses, else a template at this end; null when there is none.
const ConnectionConfig* TunnelOf(const Ikev1Context& ctx, const IsakmpSa& sa);
/// Has the peer proved by what a connection asks for (its keyring or trustpoint, the identities of
/// its profile) who it is? It may have come by another one.
bool IsProvedFor(const Ikev1Context& ctx, const IsakmpSa& sa, const ConnectionConfig& connection);

/// A pre-shared key, and how it was found.
struct PeerKey
{
    std::optional<Octets> key; ///< nothing: there is none, which is not the same as an empty one
    bool named{false}; ///< by the peer's identity, or it is the tunnel's own: not by an address
};

/**
 * The key for the peer: out of the keyring of the tunnel's ISAKMP profile first, then the global
 * ones, as IOS does. In main mode by its address alone, since the key encrypts the identity
 * (RFC 2409 5.4); in aggressive mode by its identity first.
 */
PeerKey FindPeerKey(Ikev1Context& ctx, const IsakmpSa& sa, const IdPayload* identity);

/// The own policies by which a phase 1 can be done.
struct UsablePolicies
{
    std::vector<IsakmpPolicy> policies; ///< by priority
    EndReason lacking{EndReason::None}; ///< what the other ones lack
    std::string text;                   ///< the same for people
};

/**
 * Leaves out policies for whose method this end lacks a key or a certificate.
 * @param identity how the peer names itself, if that is known
 */
UsablePolicies FindUsablePolicies(Ikev1Context& ctx, const IsakmpSa& sa, const IdPayload* identity);

// --- What is sent --------------------------------------------------------------------------------

/// How this end names itself; nothing when it should by a certificate that it does not have.
std::optional<IdPayload> BuildOwnIdentity(Ikev1Context& ctx, const IsakmpSa& sa);
/// HASH_I or HASH_R, or own certificates with SIG_I or SIG_R, over IsakmpSa::ownId.
std::vector<Payload> BuildProof(Ikev1Context& ctx, const IsakmpSa& sa);
/// A CERTREQ for each authority that this end trusts (RFC 2408 3.10).
std::vector<Payload> BuildCertificateRequests(Ikev1Context& ctx, const IsakmpSa& sa);
/// INITIAL-CONTACT (RFC 2407 4.6.3.3) when it is due, and its report.
std::vector<Payload> BuildInitialContact(Ikev1Context& ctx, const IsakmpSa& sa);

// --- What arrives --------------------------------------------------------------------------------

/// Why a proof is refused.
struct Refusal
{
    EndReason reason{EndReason::None}; ///< None: it holds
    std::string text;                  ///< for people
};

/// Notes which authorities the peer asks for.
void ReadCertificateRequests(IsakmpSa& sa, const Message& message);
/// ID, HASH or SIG, and CERT of a message; what it does not have stays as it was.
void ReadProof(PeerProof& proof, const Message& message);
/// Does the peer hold the key that it says to hold? With a certificate: is that one to be trusted?
Refusal CheckProof(Ikev1Context& ctx, const IsakmpSa& sa, const PeerProof& proof);
/// May the name be believed of whoever gave this proof? Not when it is another one than that of an
/// ISAKMP SA that stands with the address, unless the tunnel's profile knows both.
Refusal CheckIdentity(Ikev1Context& ctx, const IsakmpSa& sa, const PeerProof& proof);
/// A proof holds, and so does its name: the SA is with this peer.
void BelieveProof(Ikev1Context& ctx, IsakmpSa& sa, const PeerProof& proof);
/// So many different proofs that do not hold end the attempt. One or two may be somebody else's,
/// and the right one may still come; but each costs work, and tells whether a guessed key is right.
constexpr uint32_t MAX_REFUSED_PROOFS = 5;
/// So many certificates of a proof are read; what is behind them counts for nothing. strongSwan
/// follows no longer path than 7 (MAX_TRUST_PATH_LEN).
constexpr size_t MAX_CERTIFICATES = 8;

/// The proof of a message does not hold: say so, and to the peer once. Nothing ends by it, for
/// anybody may have sent this, unless it is one too many. Returns false when the SA is gone.
bool RefuseProof(Ikev1Context& ctx,
                 IsakmpSa& sa,
                 const DatagramInput& datagram,
                 const Header& header,
                 const Refusal& refusal);
/// The notifies beside a proof that holds.
void HandlePhase1Notifies(Ikev1Context& ctx, const IsakmpSa& sa, const Message& message);

} // namespace ike
} // namespace ns3

#endif // IKEV1_AUTHENTICATE_H
