/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-auth-octets.h"

namespace ns3
{
namespace ike
{

Octets
ComputePhase1Hash(CryptoProvider& provider,
                  HashAlgorithm hash,
                  const Octets& skeyid,
                  const Octets& ownPublic,
                  const Octets& otherPublic,
                  const Octets& ownCookie,
                  const Octets& otherCookie,
                  const Octets& saBody,
                  const Octets& ownIdBody)
{
    return provider.Hmac(
        hash,
        skeyid,
        Concat({ownPublic, otherPublic, ownCookie, otherCookie, saBody, ownIdBody}));
}

Octets
ComputeHash1(CryptoProvider& provider,
             HashAlgorithm hash,
             const Octets& skeyidA,
             uint32_t messageId,
             const Octets& rest)
{
    Octets input;
    input.reserve(4 + rest.size());
    AppendNumber(input, messageId, 4);
    Append(input, rest);
    return provider.Hmac(hash, skeyidA, input);
}

Octets
ComputeHash2(CryptoProvider& provider,
             HashAlgorithm hash,
             const Octets& skeyidA,
             uint32_t messageId,
             const Octets& nonceInitiator,
             const Octets& rest)
{
    // RFC 2409 5.5: the initiator's nonce proves that the responder is alive.
    return ComputeHash1(provider, hash, skeyidA, messageId, Concat({nonceInitiator, rest}));
}

Octets
ComputeHash3(CryptoProvider& provider,
             HashAlgorithm hash,
             const Octets& skeyidA,
             uint32_t messageId,
             const Octets& nonceInitiator,
             const Octets& nonceResponder)
{
    // RFC 2409 5.5: the leading 0 is a single octet.
    Octets input{0};
    AppendNumber(input, messageId, 4);
    Append(input, nonceInitiator);
    Append(input, nonceResponder);
    return provider.Hmac(hash, skeyidA, input);
}

} // namespace ike
} // namespace ns3
