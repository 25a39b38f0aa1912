/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FUZZ_PEER_H
#define IKE_FUZZ_PEER_H

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-engine.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-message.h"
#include "ns3/ike-world.h"

#include <algorithm>
#include <map>
#include <memory>
#include <optional>
#include <set>

namespace ns3
{
namespace ike
{

/// What a peer with the keys needs for a message under an ISAKMP SA.
struct PeerKeys
{
    SkeyidFamily keys; ///< of the ISAKMP SA
    Octets lastBlock;  ///< of the last message of phase 1
};

/**
 * A provider that remembers what a peer with the pre-shared key could compute itself, so that a
 * fuzzer can send authentic messages. It also remembers Diffie-Hellman results and signatures,
 * which are pure functions: a fuzzer asks for the same ones again and again.
 */
class SpyCrypto : public CryptoMeter
{
  public:
    /// @param preSharedKey of all SAs
    explicit SpyCrypto(const Octets& preSharedKey)
        : CryptoMeter(MakeOpensslProvider()),
          m_preSharedKey(preSharedKey)
    {
    }

    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        const Octets result = CryptoMeter::Hmac(algorithm, key, data);
        if (key == m_preSharedKey && m_families.size() < MOST)
        {
            m_families[result];
        }
        // RFC 2409 5.1: with signatures, SKEYID is made of g^xy
        if (m_shared.count(data) > 0 && m_families.size() < MOST)
        {
            m_families[result];
        }
        const auto family = m_families.find(key);
        // RFC 2409 5: ... | CKY-I | CKY-R | 0, 1 or 2
        if (family != m_families.end() && data.size() > 17 && data.back() <= 2)
        {
            const Octets cookies(data.end() - 17, data.end() - 1);
            SkeyidFamily& keys = m_keys[cookies];
            keys.skeyid = key;
            (data.back() == 0 ? keys.d : data.back() == 1 ? keys.a : keys.e) = result;
        }
        return result;
    }

    DhResult Run(const DhJob& job) override
    {
        Octets name{static_cast<uint8_t>(job.group), job.keygen ? uint8_t{1} : uint8_t{0}};
        Append(name, job.privateValue);
        Append(name, job.peer.value_or(Octets()));
        const auto known = m_results.find(name);
        if (known != m_results.end())
        {
            return known->second;
        }
        const DhResult result = CryptoMeter::Run(job);
        if (m_results.size() < MOST)
        {
            m_results[name] = result;
            m_shared.insert(result.shared);
        }
        return result;
    }

    Octets SignRsa(const Octets& privateKey, const Octets& hash) override
    {
        Octets name = privateKey;
        Append(name, hash);
        const auto known = m_signatures.find(name);
        if (known != m_signatures.end())
        {
            return known->second;
        }
        const Octets result = CryptoMeter::SignRsa(privateKey, hash);
        if (m_signatures.size() < MOST)
        {
            m_signatures[name] = result;
        }
        return result;
    }

    /// The keys of an ISAKMP SA; nothing when they were never derived.
    std::optional<SkeyidFamily> Find(const IsakmpIdentity& sa) const
    {
        Octets cookies(sa.initiatorCookie.begin(), sa.initiatorCookie.end());
        cookies.insert(cookies.end(), sa.responderCookie.begin(), sa.responderCookie.end());
        const auto it = m_keys.find(cookies);
        return it == m_keys.end() ? std::nullopt : std::optional<SkeyidFamily>(it->second);
    }

  private:
    static constexpr size_t MOST = 20000; ///< entries of a table

    Octets m_preSharedKey;                 ///< of all SAs
    std::map<Octets, int> m_families;      ///< every SKEYID
    std::map<Octets, SkeyidFamily> m_keys; ///< by both cookies
    std::map<Octets, DhResult> m_results;  ///< by group and values
    std::set<Octets> m_shared;             ///< every g^xy
    std::map<Octets, Octets> m_signatures; ///< by key and hash
};

/// The last cipher block of phase 1, out of what was sent: of message 6 of main mode, or 3 of
/// aggressive mode; nothing when that was not sent. `node` is the one whose view the SA is.
inline std::optional<Octets>
FindLastBlock(const std::vector<Flight>& tape, uint32_t node, const IsakmpSaView& sa)
{
    const unsigned block = BlockLengthOf(sa.policy.cipher);
    const uint32_t responder = sa.role == Role::Responder ? node : 1 - node;
    std::optional<Octets> found;
    for (const Flight& f : tape)
    {
        const Parsed<Header> header = ReadHeader(f.octets);
        const bool isLast =
            header &&
            (f.from == responder ? header.value->exchange == ExchangeType::IdentityProtection
                                 : header.value->exchange == ExchangeType::Aggressive);
        if (!f.isEsp && isLast && header.value->IsEncrypted() &&
            header.value->initiatorCookie == sa.identity.initiatorCookie &&
            header.value->responderCookie == sa.identity.responderCookie &&
            f.octets.size() >= HEADER_LENGTH + block)
        {
            found = Octets(f.octets.end() - block, f.octets.end());
        }
    }
    return found;
}

/// HDR*, HASH(1), rest: a message under an ISAKMP SA as its peer would write it. `next` is the type
/// of the first payload of the rest.
inline Octets
SealAuthentic(CryptoProvider& crypto,
              const IsakmpSaView& sa,
              const PeerKeys& peer,
              ExchangeType exchange,
              uint32_t messageId,
              uint8_t next,
              const Octets& rest)
{
    const unsigned block = BlockLengthOf(sa.policy.cipher);
    const Octets hash = ComputeHash1(crypto, sa.policy.hash, peer.keys.a, messageId, rest);
    Octets text{next, 0, 0, static_cast<uint8_t>(4 + hash.size())};
    Append(text, hash);
    Append(text, rest);
    text.resize((text.size() + block - 1) / block * block, 0);
    const Octets key = DeriveEncryptionKey(crypto,
                                           sa.policy.hash,
                                           peer.keys.e,
                                           KeyLengthOf(sa.policy.cipher, sa.policy.keyBits));
    const Octets iv = DerivePhase2Iv(crypto, sa.policy.hash, peer.lastBlock, messageId, block);
    Header header;
    header.initiatorCookie = sa.identity.initiatorCookie;
    header.responderCookie = sa.identity.responderCookie;
    header.exchange = exchange;
    header.flags = FLAG_ENCRYPTION;
    header.messageId = messageId;
    header.nextPayload = static_cast<uint8_t>(PayloadType::Hash);
    return WriteHeaderAndBody(header, crypto.Encrypt(sa.policy.cipher, key, iv, text));
}

} // namespace ike
} // namespace ns3

#endif // IKE_FUZZ_PEER_H
