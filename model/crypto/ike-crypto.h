/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_H
#define IKE_CRYPTO_H

#include "ike-certificate.h"

#include "ns3/ike-algorithms.h"
#include "ns3/ike-octets.h"
#include "ns3/ike-random.h"

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * A Diffie-Hellman operation as a value: it may be done at once, later, or on another thread, and
 * always gives the same octets.
 */
struct DhJob
{
    DhGroup group{DhGroup::None}; ///< which group
    Octets privateValue;          ///< big endian; from keyed randomness, PrivateLengthOf() octets.
                                  ///< Any in [1, order) is used as it is (MODP: order p - 1),
                                  ///< others as x mod (order - 1) + 1
    std::optional<Octets> peer;   ///< the peer's public value as in its KE payload: derive as well
    bool keygen{true};            ///< also compute the public value; not when it is known already

    friend bool operator==(const DhJob& a, const DhJob& b)
    {
        return a.group == b.group && a.privateValue == b.privateValue && a.peer == b.peer &&
               a.keygen == b.keygen;
    }
};

/// What a DhJob gives.
struct DhResult
{
    bool ok{false};     ///< false: the peer's public value is out of range, off the curve, or has
                        ///< the wrong length
    Octets publicValue; ///< KE payload body, padded to the length of the group; empty without
                        ///< DhJob::keygen
    Octets shared;      ///< g^xy padded to the length of the group (ECP: x coordinate); empty
                        ///< without a peer's value
};

/// A block of AES, or a key of AES-128.
using AesBlock = std::array<uint8_t, 16>;

/**
 * Keys and octets: the one interface through which everything else reaches a crypto library.
 *
 * A provider holds scratch contexts only, no state that changes a result. It belongs to one thread.
 */
class CryptoProvider
{
  public:
    virtual ~CryptoProvider() = default;

    /// "openssl-3": goes into our vendor ID, at most 16 characters.
    virtual std::string GetName() const = 0;
    virtual Octets Hash(HashAlgorithm algorithm, const Octets& data) = 0;
    /// HMAC (RFC 2104): the prf of IKEv1. Full length; Mac() truncates.
    virtual Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) = 0;
    /// HMAC-SHA-256 for keyed randomness (KeyedRandom()): the same octets with every provider, and
    /// no work that a node would have in life, so nobody counts it.
    virtual Octets Draw(const Octets& key, const Octets& label);
    /// AES-128 of one block, for keyed values of which a packet needs one (KeyedBlock()): like
    /// Draw() the same octets with every provider, and counted by nobody.
    virtual AesBlock DrawBlock(const AesBlock& key, const AesBlock& block) = 0;
    // Ciphers and integrity as ESP has them. A key is KEYMAT's: with salt or nonce behind it
    // (SaltLengthOf()); an IV is the packet's (IvLengthOf()).

    /**
     * CBC without padding, or counter mode (RFC 3686 4). Null returns the text, whatever key and
     * IV are.
     * @throws std::invalid_argument when key, IV or text have a length that does not fit
     */
    virtual Octets Encrypt(CipherAlgorithm algorithm,
                           const Octets& key,
                           const Octets& iv,
                           const Octets& text) = 0;
    /// The reverse of Encrypt(), with the same errors.
    virtual Octets Decrypt(CipherAlgorithm algorithm,
                           const Octets& key,
                           const Octets& iv,
                           const Octets& text) = 0;
    /// Encrypt() or Decrypt() in the place of the text: for packets, whose copies cost as much as
    /// the cipher.
    virtual void CryptInPlace(bool encrypt,
                              CipherAlgorithm algorithm,
                              const Octets& key,
                              const Octets& iv,
                              Octets& text);
    /**
     * Encrypt and authenticate with a combined cipher.
     * @param algorithm for AES-GMAC the text stays as it is, and is authenticated with the rest
     * @param key with its salt
     * @param iv never twice under a key
     * @param associated authenticated, but not part of the result
     * @param text of any length
     * @return text, then the ICV
     * @throws std::invalid_argument when the cipher is none of these, or a length does not fit
     */
    virtual Octets Seal(CipherAlgorithm algorithm,
                        const Octets& key,
                        const Octets& iv,
                        const Octets& associated,
                        const Octets& text) = 0;
    /// The reverse of Seal(), with the same errors; nothing when the ICV is wrong.
    virtual std::optional<Octets> Open(CipherAlgorithm algorithm,
                                       const Octets& key,
                                       const Octets& iv,
                                       const Octets& associated,
                                       const Octets& sealed) = 0;
    /// The ICV of an integrity algorithm, cut to its length; none for None.
    /// @throws std::invalid_argument when AES-XCBC has a key of another length than 16
    virtual Octets Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data) = 0;
    /**
     * Do a Diffie-Hellman operation. Never throws for what a peer sent: see DhResult::ok.
     * @throws std::invalid_argument when there is no such group, or no private value
     */
    virtual DhResult Run(const DhJob& job) = 0;
    /**
     * RFC 2409 5.1: an RSA signature over the bare hash, padded as PKCS #1 block type 1 without an
     * OID. The same octets each time.
     * @param privateKey PKCS #8, DER
     * @throws std::invalid_argument when that is no RSA key, or the hash is too long for it
     */
    virtual Octets SignRsa(const Octets& privateKey, const Octets& hash) = 0;
    /**
     * The reverse: what was signed, to be compared with the expected hash.
     * @param certificate of the signer, X.509 in DER
     * @return nothing when this key has not made the signature, or is no RSA key
     */
    virtual std::optional<Octets> RecoverRsa(const Octets& certificate,
                                             const Octets& signature) = 0;
    /// What a certificate says; nothing when the octets are no certificate.
    virtual std::optional<CertificateFacts> ReadCertificate(const Octets& certificate) = 0;
    /// A distinguished name in DER as text (RFC 2253), "CN=r1,O=Example"; nothing when it is none.
    virtual std::optional<std::string> ReadName(const Octets& name) = 0;
    /**
     * Does a chain lead from its first certificate to an anchor (RFC 5280 6)?
     * @param chain the certificate in question, then any others that may be of help
     * @param anchors the trusted ones
     * @param second of the validity, since 1970 in UTC
     */
    virtual ChainFault CheckChain(const std::vector<Octets>& chain,
                                  const std::vector<Octets>& anchors,
                                  int64_t second) = 0;
};

/// Length of a private value in octets: 32 up to group 14, 40 for group 15, 48 for group 16
/// (RFC 3526 8), the field length for ECP.
unsigned PrivateLengthOf(DhGroup group);
/// Length of a KE payload's body in octets.
unsigned PublicLengthOf(DhGroup group);

/// What the time of an exponentiation modulo a prime may tell; the octets are the same.
enum class DhTiming : uint8_t
{
    Variable, ///< of the private value: a tenth faster, and a simulation has nobody who could
              ///< measure
    Constant, ///< nothing, as OpenSSL's own key agreement: the bare operations of the benchmark
};

/**
 * The provider on OpenSSL 3, in a library context of its own.
 * @param timing of shared secrets; public values come out of a table either way
 */
std::unique_ptr<CryptoProvider> MakeOpensslProvider(DhTiming timing = DhTiming::Variable);
/// The provider "model": octets of the right lengths, and no cryptography (ike-crypto-model.cc).
std::unique_ptr<CryptoProvider> MakeModelProvider();
/// Which provider to make.
enum class ProviderKind : uint8_t
{
    Openssl,
    Model,
};
/// "openssl" and "model", by ProviderKind.
const std::vector<std::string>& GetProviderNames();
/// A provider of a kind.
std::unique_ptr<CryptoProvider> MakeProvider(ProviderKind kind);

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_H
