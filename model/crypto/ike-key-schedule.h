/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_KEY_SCHEDULE_H
#define IKE_KEY_SCHEDULE_H

#include "ike-crypto.h"

namespace ns3
{
namespace ike
{

/// The four keys of an ISAKMP SA (RFC 2409 5).
struct SkeyidFamily
{
    Octets skeyid; ///< authentication of phase 1
    Octets d;      ///< SKEYID_d: key material of phase 2
    Octets a;      ///< SKEYID_a: integrity of phase 2
    Octets e;      ///< SKEYID_e: encryption
};

/// RFC 2409 5: SKEYID = prf(pre-shared-key, Ni_b | Nr_b), then SKEYID_d, _a and _e.
SkeyidFamily DeriveSkeyidPsk(CryptoProvider& provider,
                             HashAlgorithm hash,
                             const Octets& preSharedKey,
                             const Octets& nonceInitiator,
                             const Octets& nonceResponder,
                             const Octets& shared,
                             const Octets& cookieInitiator,
                             const Octets& cookieResponder);

/// RFC 2409 5.1: with signatures SKEYID = prf(Ni_b | Nr_b, g^xy), then SKEYID_d, _a and _e.
SkeyidFamily DeriveSkeyidSignature(CryptoProvider& provider,
                                   HashAlgorithm hash,
                                   const Octets& nonceInitiator,
                                   const Octets& nonceResponder,
                                   const Octets& shared,
                                   const Octets& cookieInitiator,
                                   const Octets& cookieResponder);

/// RFC 2409 Appendix B: the encryption key Ka out of SKEYID_e, expanded when it is too short.
Octets DeriveEncryptionKey(CryptoProvider& provider,
                           HashAlgorithm hash,
                           const Octets& skeyidE,
                           unsigned length);

/// RFC 2409 Appendix B: the first IV of phase 1, hash(g^xi | g^xr), cut to a block.
Octets DerivePhase1Iv(CryptoProvider& provider,
                      HashAlgorithm hash,
                      const Octets& publicInitiator,
                      const Octets& publicResponder,
                      unsigned blockLength);

/// RFC 2409 Appendix B: the first IV of a phase 2 exchange, hash(last CBC block of phase 1 | M-ID).
Octets DerivePhase2Iv(CryptoProvider& provider,
                      HashAlgorithm hash,
                      const Octets& lastPhase1Block,
                      uint32_t messageId,
                      unsigned blockLength);

/// RFC 2409 5.5: KEYMAT of one SA. `shared` is g(qm)^xy with PFS, empty without.
Octets DeriveKeymat(CryptoProvider& provider,
                    HashAlgorithm hash,
                    const Octets& skeyidD,
                    const Octets& shared,
                    uint8_t protocol,
                    uint32_t spi,
                    const Octets& nonceInitiator,
                    const Octets& nonceResponder,
                    unsigned length);

} // namespace ike
} // namespace ns3

#endif // IKE_KEY_SCHEDULE_H
