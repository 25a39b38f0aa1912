/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-key-schedule.h"

#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// The first octets of a hash: an IV.
Octets
FirstOctets(Octets octets, unsigned length)
{
    if (octets.size() < length)
    {
        throw std::invalid_argument("the hash is shorter than a block of the cipher");
    }
    octets.resize(length);
    return octets;
}

/// K1 = prf(key, first), K2 = prf(key, K1 | more), K3 = prf(key, K2 | more) ..., cut to a length.
Octets
Expand(CryptoProvider& provider,
       HashAlgorithm hash,
       const Octets& key,
       const Octets& first,
       const Octets& more,
       unsigned length)
{
    Octets block = provider.Hmac(hash, key, first);
    Octets out = block;
    while (out.size() < length)
    {
        block = provider.Hmac(hash, key, Concat({block, more}));
        Append(out, block);
    }
    out.resize(length);
    return out;
}

/// RFC 2409 5: each key is the prf of the one before it, g^xy, the cookies and its number.
SkeyidFamily
DeriveFamily(CryptoProvider& provider,
             HashAlgorithm hash,
             const Octets& skeyid,
             const Octets& shared,
             const Octets& cookies)
{
    SkeyidFamily keys;
    Octets common = Concat({shared, cookies});
    keys.skeyid = skeyid;
    keys.d = provider.Hmac(hash, skeyid, Concat({common, {0}}));
    keys.a = provider.Hmac(hash, skeyid, Concat({keys.d, common, {1}}));
    keys.e = provider.Hmac(hash, skeyid, Concat({keys.a, common, {2}}));
    Wipe(common);
    return keys;
}

} // namespace

SkeyidFamily
DeriveSkeyidPsk(CryptoProvider& provider,
                HashAlgorithm hash,
                const Octets& preSharedKey,
                const Octets& nonceInitiator,
                const Octets& nonceResponder,
                const Octets& shared,
                const Octets& cookieInitiator,
                const Octets& cookieResponder)
{
    return DeriveFamily(provider,
                        hash,
                        provider.Hmac(hash, preSharedKey, Concat({nonceInitiator, nonceResponder})),
                        shared,
                        Concat({cookieInitiator, cookieResponder}));
}

SkeyidFamily
DeriveSkeyidSignature(CryptoProvider& provider,
                      HashAlgorithm hash,
                      const Octets& nonceInitiator,
                      const Octets& nonceResponder,
                      const Octets& shared,
                      const Octets& cookieInitiator,
                      const Octets& cookieResponder)
{
    return DeriveFamily(provider,
                        hash,
                        provider.Hmac(hash, Concat({nonceInitiator, nonceResponder}), shared),
                        shared,
                        Concat({cookieInitiator, cookieResponder}));
}

Octets
DeriveEncryptionKey(CryptoProvider& provider,
                    HashAlgorithm hash,
                    const Octets& skeyidE,
                    unsigned length)
{
    // RFC 2409 Appendix B also asks for other octets when a DES key is weak. One key in 2^52 is,
    // and no product is known to look, so the first octets are taken as they are.
    if (length <= skeyidE.size())
    {
        return FirstOctets(skeyidE, length);
    }
    // RFC 2409 Appendix B: K1 = prf(SKEYID_e, 0), and that 0 is a single octet.
    return Expand(provider, hash, skeyidE, {0}, {}, length);
}

Octets
DerivePhase1Iv(CryptoProvider& provider,
               HashAlgorithm hash,
               const Octets& publicInitiator,
               const Octets& publicResponder,
               unsigned blockLength)
{
    const Octets digest = provider.Hash(hash, Concat({publicInitiator, publicResponder}));
    return FirstOctets(digest, blockLength);
}

Octets
DerivePhase2Iv(CryptoProvider& provider,
               HashAlgorithm hash,
               const Octets& lastPhase1Block,
               uint32_t messageId,
               unsigned blockLength)
{
    Octets input = lastPhase1Block;
    AppendNumber(input, messageId, 4);
    return FirstOctets(provider.Hash(hash, input), blockLength);
}

Octets
DeriveKeymat(CryptoProvider& provider,
             HashAlgorithm hash,
             const Octets& skeyidD,
             const Octets& shared,
             uint8_t protocol,
             uint32_t spi,
             const Octets& nonceInitiator,
             const Octets& nonceResponder,
             unsigned length)
{
    Octets seed = shared;
    AppendNumber(seed, protocol, 1);
    AppendNumber(seed, spi, 4);
    Append(seed, nonceInitiator);
    Append(seed, nonceResponder);
    return Expand(provider, hash, skeyidD, seed, seed, length);
}

} // namespace ike
} // namespace ns3
