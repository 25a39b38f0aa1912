/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_AUTH_OCTETS_H
#define IKE_AUTH_OCTETS_H

#include "ike-crypto.h"

namespace ns3
{
namespace ike
{

/**
 * RFC 2409 5: HASH_I = prf(SKEYID, g^xi | g^xr | CKY-I | CKY-R | SAi_b | IDii_b); for HASH_R call
 * with the responder's values first. `saBody` is always the initiator's SA payload body.
 */
Octets ComputePhase1Hash(CryptoProvider& provider,
                         HashAlgorithm hash,
                         const Octets& skeyid,
                         const Octets& ownPublic,
                         const Octets& otherPublic,
                         const Octets& ownCookie,
                         const Octets& otherCookie,
                         const Octets& saBody,
                         const Octets& ownIdBody);

/// RFC 2409 5.5: HASH(1) = prf(SKEYID_a, M-ID | rest); also of an informational exchange (5.7).
Octets ComputeHash1(CryptoProvider& provider,
                    HashAlgorithm hash,
                    const Octets& skeyidA,
                    uint32_t messageId,
                    const Octets& rest);

/// RFC 2409 5.5: HASH(2) = prf(SKEYID_a, M-ID | Ni_b | rest).
Octets ComputeHash2(CryptoProvider& provider,
                    HashAlgorithm hash,
                    const Octets& skeyidA,
                    uint32_t messageId,
                    const Octets& nonceInitiator,
                    const Octets& rest);

/// RFC 2409 5.5: HASH(3) = prf(SKEYID_a, 0 | M-ID | Ni_b | Nr_b).
Octets ComputeHash3(CryptoProvider& provider,
                    HashAlgorithm hash,
                    const Octets& skeyidA,
                    uint32_t messageId,
                    const Octets& nonceInitiator,
                    const Octets& nonceResponder);

} // namespace ike
} // namespace ns3

#endif // IKE_AUTH_OCTETS_H
