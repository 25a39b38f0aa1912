/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-meter.h"

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

CryptoMeter::CryptoMeter(std::unique_ptr<CryptoProvider> inner)
    : m_inner(std::move(inner))
{
    if (!m_inner)
    {
        throw std::invalid_argument("CryptoMeter: there is no provider to measure");
    }
}

void
CryptoMeter::SetCosts(std::shared_ptr<const CryptoCosts> costs)
{
    m_costs = costs && !costs->IsIdeal() ? std::move(costs) : nullptr;
}

Octets
CryptoMeter::Draw(const Octets& key, const Octets& label)
{
    return m_inner->Draw(key, label);
}

AesBlock
CryptoMeter::DrawBlock(const AesBlock& key, const AesBlock& block)
{
    return m_inner->DrawBlock(key, block);
}

std::string
CryptoMeter::GetName() const
{
    return m_inner->GetName();
}

Octets
CryptoMeter::Hash(HashAlgorithm algorithm, const Octets& data)
{
    Octets digest = m_inner->Hash(algorithm, data);
    m_counts.hashes++;
    m_counts.hashOctets += data.size();
    Spend(CpuWork::Prf, &CryptoCosts::OfHash, algorithm, data.size());
    return digest;
}

Octets
CryptoMeter::Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data)
{
    Octets tag = m_inner->Hmac(algorithm, key, data);
    m_counts.hmacs++;
    m_counts.hmacOctets += data.size();
    Spend(CpuWork::Prf, &CryptoCosts::OfHmac, algorithm, data.size());
    return tag;
}

Octets
CryptoMeter::Encrypt(CipherAlgorithm algorithm,
                     const Octets& key,
                     const Octets& iv,
                     const Octets& text)
{
    Octets out = m_inner->Encrypt(algorithm, key, iv, text);
    m_counts.encryptions++;
    m_counts.encryptedOctets += text.size();
    Spend(CpuWork::Cipher, &CryptoCosts::OfCipher, algorithm, text.size());
    return out;
}

Octets
CryptoMeter::Decrypt(CipherAlgorithm algorithm,
                     const Octets& key,
                     const Octets& iv,
                     const Octets& text)
{
    Octets out = m_inner->Decrypt(algorithm, key, iv, text);
    m_counts.decryptions++;
    m_counts.decryptedOctets += text.size();
    Spend(CpuWork::Cipher, &CryptoCosts::OfCipher, algorithm, text.size());
    return out;
}

void
CryptoMeter::CryptInPlace(bool encrypt,
                          CipherAlgorithm algorithm,
                          const Octets& key,
                          const Octets& iv,
                          Octets& text)
{
    m_inner->CryptInPlace(encrypt, algorithm, key, iv, text);
    (encrypt ? m_counts.encryptions : m_counts.decryptions)++;
    (encrypt ? m_counts.encryptedOctets : m_counts.decryptedOctets) += text.size();
    Spend(CpuWork::Cipher, &CryptoCosts::OfCipher, algorithm, text.size());
}

Octets
CryptoMeter::Seal(CipherAlgorithm algorithm,
                  const Octets& key,
                  const Octets& iv,
                  const Octets& associated,
                  const Octets& text)
{
    Octets out = m_inner->Seal(algorithm, key, iv, associated, text);
    m_counts.encryptions++;
    m_counts.encryptedOctets += text.size();
    Spend(CpuWork::Cipher, &CryptoCosts::OfCipher, algorithm, text.size());
    return out;
}

std::optional<Octets>
CryptoMeter::Open(CipherAlgorithm algorithm,
                  const Octets& key,
                  const Octets& iv,
                  const Octets& associated,
                  const Octets& sealed)
{
    std::optional<Octets> out = m_inner->Open(algorithm, key, iv, associated, sealed);
    m_counts.decryptions++;
    m_counts.decryptedOctets += sealed.size();
    const size_t icv = IcvLengthOf(algorithm);
    Spend(CpuWork::Cipher,
          &CryptoCosts::OfCipher,
          algorithm,
          sealed.size() - std::min(sealed.size(), icv));
    return out;
}

Octets
CryptoMeter::Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data)
{
    Octets tag = m_inner->Mac(algorithm, key, data);
    if (algorithm != IntegrityAlgorithm::None)
    {
        m_counts.hmacs++;
        m_counts.hmacOctets += data.size();
        Spend(CpuWork::Prf, &CryptoCosts::OfMac, algorithm, data.size());
    }
    return tag;
}

DhResult
CryptoMeter::Run(const DhJob& job)
{
    DhResult result = m_inner->Run(job);
    Note(job, result);
    return result;
}

void
CryptoMeter::Note(const DhJob& job, const DhResult& result)
{
    DhCounts& counts = m_counts.dh[job.group];
    counts.keygens += job.keygen ? 1 : 0;
    counts.derives += job.peer ? 1 : 0;
    counts.refused += result.ok ? 0 : 1;
    Spend(CpuWork::Dh, &CryptoCosts::OfDh, job.group, job.keygen, job.peer.has_value());
}

Octets
CryptoMeter::SignRsa(const Octets& privateKey, const Octets& hash)
{
    Octets signature = m_inner->SignRsa(privateKey, hash);
    m_counts.rsaSignatures++;
    Spend(CpuWork::Signature, &CryptoCosts::OfSignature, signature.size());
    return signature;
}

std::optional<Octets>
CryptoMeter::RecoverRsa(const Octets& certificate, const Octets& signature)
{
    m_counts.rsaRecoveries++;
    Spend(CpuWork::Signature, &CryptoCosts::OfVerification, signature.size());
    return m_inner->RecoverRsa(certificate, signature);
}

std::optional<CertificateFacts>
CryptoMeter::ReadCertificate(const Octets& certificate)
{
    return m_inner->ReadCertificate(certificate);
}

std::optional<std::string>
CryptoMeter::ReadName(const Octets& name)
{
    return m_inner->ReadName(name);
}

ChainFault
CryptoMeter::CheckChain(const std::vector<Octets>& chain,
                        const std::vector<Octets>& anchors,
                        int64_t second)
{
    m_counts.chains++;
    if (m_costs)
    {
        m_spent[CpuWork::Signature] += m_costs->chain;
    }
    return m_inner->CheckChain(chain, anchors, second);
}

} // namespace ike
} // namespace ns3
