/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_METER_H
#define IKE_CRYPTO_METER_H

#include "ike-crypto-costs.h"
#include "ike-crypto.h"

#include <cstdint>
#include <map>
#include <memory>
#include <string>

namespace ns3
{
namespace ike
{

/// What was asked of one Diffie-Hellman group.
struct DhCounts
{
    uint64_t keygens{0}; ///< jobs that ask for the public value, refused ones too
    uint64_t derives{0}; ///< jobs with a peer's value, refused ones too
    uint64_t refused{0}; ///< of the derives: those whose peer's value was not acceptable
};

/// Operations of a provider and the octets that went into them. Calls that threw do not count.
struct CryptoCounts
{
    uint64_t hashes{0};             ///< calls of Hash()
    uint64_t hashOctets{0};         ///< octets hashed
    uint64_t hmacs{0};              ///< calls of Hmac(), and of Mac() for an algorithm
    uint64_t hmacOctets{0};         ///< octets under one of them, without keys
    uint64_t encryptions{0};        ///< calls of Encrypt() and Seal()
    uint64_t encryptedOctets{0};    ///< octets of text, without associated ones
    uint64_t decryptions{0};        ///< calls of Decrypt() and Open()
    uint64_t decryptedOctets{0};    ///< octets of text, with the ICV of Open()
    uint64_t rsaSignatures{0};      ///< calls of SignRsa()
    uint64_t rsaRecoveries{0};      ///< calls of RecoverRsa()
    uint64_t chains{0};             ///< calls of CheckChain()
    std::map<DhGroup, DhCounts> dh; ///< by group; a group never used has no entry
};

/**
 * A provider around another one that counts what passes through: what duplicate SAs cost, and by a
 * profile of costs, what a node's CPU has to do.
 */
class CryptoMeter : public CryptoProvider
{
  public:
    /// Does its work with another provider, and owns it.
    explicit CryptoMeter(std::unique_ptr<CryptoProvider> inner);

    /// What was counted so far.
    const CryptoCounts& Get() const
    {
        return m_counts;
    }

    /// By which costs to reckon from now on. @param costs null: none
    void SetCosts(std::shared_ptr<const CryptoCosts> costs);

    /// The CPU time of all operations so far, by the costs that held when they were done. The
    /// Diffie-Hellman operations that somebody else did for this node (Note()) are part of it.
    const CpuTime& GetSpent() const
    {
        return m_spent;
    }

    /// Count a Diffie-Hellman operation that was done by another provider. @param job what
    /// @param result what came out
    void Note(const DhJob& job, const DhResult& result);

    std::string GetName() const override;
    Octets Draw(const Octets& key, const Octets& label) override;
    AesBlock DrawBlock(const AesBlock& key, const AesBlock& block) override;
    Octets Hash(HashAlgorithm algorithm, const Octets& data) override;
    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override;
    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override;
    Octets Decrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override;
    void CryptInPlace(bool encrypt,
                      CipherAlgorithm algorithm,
                      const Octets& key,
                      const Octets& iv,
                      Octets& text) override;
    Octets Seal(CipherAlgorithm algorithm,
                const Octets& key,
                const Octets& iv,
                const Octets& associated,
                const Octets& text) override;
    std::optional<Octets> Open(CipherAlgorithm algorithm,
                               const Octets& key,
                               const Octets& iv,
                               const Octets& associated,
                               const Octets& sealed) override;
    Octets Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data) override;
    DhResult Run(const DhJob& job) override;
    Octets SignRsa(const Octets& privateKey, const Octets& hash) override;
    std::optional<Octets> RecoverRsa(const Octets& certificate, const Octets& signature) override;
    std::optional<CertificateFacts> ReadCertificate(const Octets& certificate) override;
    std::optional<std::string> ReadName(const Octets& name) override;
    ChainFault CheckChain(const std::vector<Octets>& chain,
                          const std::vector<Octets>& anchors,
                          int64_t second) override;

  private:
    /// Reckon with the cost of an operation. @param work of which kind @param cost member
    /// @param arguments of the member
    template <typename Cost, typename... Arguments>
    void Spend(CpuWork work, Cost cost, Arguments... arguments)
    {
        if (m_costs)
        {
            m_spent[work] += ((*m_costs).*cost)(arguments...);
        }
    }

    std::unique_ptr<CryptoProvider> m_inner;    ///< does the work
    CryptoCounts m_counts;                      ///< so far
    std::shared_ptr<const CryptoCosts> m_costs; ///< null: there are none
    CpuTime m_spent;                            ///< so far
};

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_METER_H
