/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-crypto.h"

#include <map>
#include <tuple>

namespace ns3
{
namespace ike
{

namespace
{

/// More is not remembered: the values of an exploration are few, and a flood must not grow it.
constexpr size_t MOST_REMEMBERED = 100000;

/// See MakeRememberingProvider().
class RememberingProvider : public CryptoProvider
{
  public:
    explicit RememberingProvider(std::unique_ptr<CryptoProvider> inner)
        : m_inner(std::move(inner))
    {
    }

    std::string GetName() const override
    {
        return m_inner->GetName();
    }

    Octets Draw(const Octets& key, const Octets& label) override
    {
        return m_inner->Draw(key, label);
    }

    AesBlock DrawBlock(const AesBlock& key, const AesBlock& block) override
    {
        return m_inner->DrawBlock(key, block);
    }

    Octets Hash(HashAlgorithm algorithm, const Octets& data) override
    {
        return m_inner->Hash(algorithm, data);
    }

    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        return m_inner->Hmac(algorithm, key, data);
    }

    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return m_inner->Encrypt(algorithm, key, iv, text);
    }

    Octets Decrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return m_inner->Decrypt(algorithm, key, iv, text);
    }

    void CryptInPlace(bool encrypt,
                      CipherAlgorithm algorithm,
                      const Octets& key,
                      const Octets& iv,
                      Octets& text) override
    {
        m_inner->CryptInPlace(encrypt, algorithm, key, iv, text);
    }

    Octets Seal(CipherAlgorithm algorithm,
                const Octets& key,
                const Octets& iv,
                const Octets& associated,
                const Octets& text) override
    {
        return m_inner->Seal(algorithm, key, iv, associated, text);
    }

    std::optional<Octets> Open(CipherAlgorithm algorithm,
                               const Octets& key,
                               const Octets& iv,
                               const Octets& associated,
                               const Octets& sealed) override
    {
        return m_inner->Open(algorithm, key, iv, associated, sealed);
    }

    Octets Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        return m_inner->Mac(algorithm, key, data);
    }

    DhResult Run(const DhJob& job) override
    {
        const DhKey key{job.group, job.keygen, job.privateValue, job.peer};
        const auto it = m_dh.find(key);
        if (it != m_dh.end())
        {
            return it->second;
        }
        DhResult result = m_inner->Run(job);
        if (m_dh.size() < MOST_REMEMBERED)
        {
            m_dh.emplace(key, result);
        }
        return result;
    }

    Octets SignRsa(const Octets& privateKey, const Octets& hash) override
    {
        const auto [it, isNew] = m_signatures.try_emplace({privateKey, hash});
        if (isNew)
        {
            it->second = m_inner->SignRsa(privateKey, hash);
        }
        return it->second;
    }

    std::optional<Octets> RecoverRsa(const Octets& certificate, const Octets& signature) override
    {
        return m_inner->RecoverRsa(certificate, signature);
    }

    std::optional<CertificateFacts> ReadCertificate(const Octets& certificate) override
    {
        return m_inner->ReadCertificate(certificate);
    }

    std::optional<std::string> ReadName(const Octets& name) override
    {
        return m_inner->ReadName(name);
    }

    ChainFault CheckChain(const std::vector<Octets>& chain,
                          const std::vector<Octets>& anchors,
                          int64_t second) override
    {
        return m_inner->CheckChain(chain, anchors, second);
    }

  private:
    using DhKey = std::tuple<DhGroup, bool, Octets, std::optional<Octets>>;

    std::unique_ptr<CryptoProvider> m_inner;                  ///< does what is new
    std::map<DhKey, DhResult> m_dh;                           ///< done before
    std::map<std::pair<Octets, Octets>, Octets> m_signatures; ///< made before
};

} // namespace

std::unique_ptr<CryptoProvider>
MakeRememberingProvider(std::unique_ptr<CryptoProvider> inner)
{
    return std::make_unique<RememberingProvider>(std::move(inner));
}

CryptoFactory
GetUsualCryptoFactory()
{
    return [] { return MakeRememberingProvider(MakeOpensslProvider()); };
}

} // namespace ike
} // namespace ns3
