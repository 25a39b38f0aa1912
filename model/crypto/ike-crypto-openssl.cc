/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-openssl.h"

#include <map>
#include <openssl/core_names.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdexcept>
#include <string_view>

namespace ns3
{
namespace ike
{

namespace
{

using DigestPtr = std::unique_ptr<EVP_MD, FreeWith<EVP_MD_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using MacPtr = std::unique_ptr<EVP_MAC, FreeWith<EVP_MAC_free>>;
using MacContextPtr = std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>>;
using CipherPtr = std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;

const char*
OpensslNameOf(HashAlgorithm algorithm)
{
    switch (algorithm)
    {
    case HashAlgorithm::Md5:
        return "MD5";
    case HashAlgorithm::Sha1:
        return "SHA1";
    case HashAlgorithm::Sha256:
        return "SHA2-256";
    case HashAlgorithm::Sha384:
        return "SHA2-384";
    case HashAlgorithm::Sha512:
        return "SHA2-512";
    }
    throw std::invalid_argument("no such hash");
}

/// The scratch contexts of one hash function.
class HashScratch
{
  public:
    HashScratch(OSSL_LIB_CTX* library, HashAlgorithm algorithm);
    Octets Hash(const Octets& data);
    Octets Hmac(const Octets& key, const Octets& data);

  private:
    void SetKey(const Octets& key);

    size_t m_length; ///< octets of a result
    DigestPtr m_digest;
    DigestContextPtr m_digestContext;
    MacContextPtr m_macContext;
    WipedOctets m_key{
        Octets{0}}; ///< the key that the context holds: the same again costs half as much
};

HashScratch::HashScratch(OSSL_LIB_CTX* library, HashAlgorithm algorithm)
    : m_length(HashLengthOf(algorithm))
{
    const char* name = OpensslNameOf(algorithm);
    m_digest = Own<DigestPtr>(EVP_MD_fetch(library, name, nullptr), name);
    m_digestContext = Own<DigestContextPtr>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
    const auto mac = Own<MacPtr>(EVP_MAC_fetch(library, "HMAC", nullptr), "EVP_MAC_fetch");
    m_macContext = Own<MacContextPtr>(EVP_MAC_CTX_new(mac.get()), "EVP_MAC_CTX_new");
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", const_cast<char*>(name), 0),
        OSSL_PARAM_construct_end()};
    // From here on the context is only given new keys: naming the digest again is slow.
    RequireOpenssl(
        EVP_MAC_init(m_macContext.get(), m_key.octets.data(), m_key.octets.size(), params),
        "EVP_MAC_init");
}

Octets
HashScratch::Hash(const Octets& data)
{
    Octets out(m_length);
    RequireOpenssl(EVP_DigestInit_ex2(m_digestContext.get(), m_digest.get(), nullptr) &&
                       EVP_DigestUpdate(m_digestContext.get(), data.data(), data.size()) &&
                       EVP_DigestFinal_ex(m_digestContext.get(), out.data(), nullptr),
                   "digest");
    return out;
}

Octets
HashScratch::Hmac(const Octets& key, const Octets& data)
{
    Octets out(m_length);
    size_t written = 0;
    SetKey(key);
    RequireOpenssl(EVP_MAC_update(m_macContext.get(), data.data(), data.size()) &&
                       EVP_MAC_final(m_macContext.get(), out.data(), &written, out.size()) &&
                       written == m_length,
                   "HMAC");
    return out;
}

void
HashScratch::SetKey(const Octets& key)
{
    if (key == m_key.octets)
    {
        RequireOpenssl(EVP_MAC_init(m_macContext.get(), nullptr, 0, nullptr), "EVP_MAC_init");
        return;
    }
    // A null pointer would mean "the same key"; an empty key is a key.
    static const uint8_t nothing = 0;
    const uint8_t* octets = key.empty() ? &nothing : key.data();
    RequireOpenssl(EVP_MAC_init(m_macContext.get(), octets, key.size(), nullptr), "EVP_MAC_init");
    WipedOctets held(key);
    std::swap(held.octets, m_key.octets);
}

/// The scratch context of one cipher: it is given key and IV for each text.
class CipherScratch
{
  public:
    CipherScratch(OSSL_LIB_CTX* library, const char* name);
    Octets Run(bool encrypt, const Octets& key, const Octets& iv, const Octets& text);

  private:
    CipherPtr m_cipher;
    CipherContextPtr m_context;
};

CipherScratch::CipherScratch(OSSL_LIB_CTX* library, const char* name)
    : m_cipher(Own<CipherPtr>(EVP_CIPHER_fetch(library, name, nullptr), name)),
      m_context(Own<CipherContextPtr>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"))
{
    RequireOpenssl(
        EVP_CipherInit_ex2(m_context.get(), m_cipher.get(), nullptr, nullptr, 1, nullptr),
        "EVP_CipherInit_ex2");
    // IKE and ESP pad by themselves. The context keeps this as long as it keeps the cipher.
    RequireOpenssl(EVP_CIPHER_CTX_set_padding(m_context.get(), 0), "EVP_CIPHER_CTX_set_padding");
}

Octets
CipherScratch::Run(bool encrypt, const Octets& key, const Octets& iv, const Octets& text)
{
    Octets out(text.size());
    int written = 0;
    RequireOpenssl(EVP_CipherInit_ex2(m_context.get(),
                                      nullptr,
                                      key.data(),
                                      iv.data(),
                                      encrypt ? 1 : 0,
                                      nullptr) &&
                       EVP_CipherUpdate(m_context.get(),
                                        out.data(),
                                        &written,
                                        text.data(),
                                        static_cast<int>(text.size())) &&
                       static_cast<size_t>(written) == text.size(),
                   "cipher");
    return out;
}

/// The cipher for a key of this length; the default provider of OpenSSL has no single DES.
const char*
OpensslNameOf(CipherAlgorithm algorithm, size_t keyLength)
{
    if (algorithm == CipherAlgorithm::AesCbc && keyLength == 16)
    {
        return "AES-128-CBC";
    }
    if (algorithm == CipherAlgorithm::AesCbc && keyLength == 24)
    {
        return "AES-192-CBC";
    }
    if (algorithm == CipherAlgorithm::AesCbc && keyLength == 32)
    {
        return "AES-256-CBC";
    }
    if ((algorithm == CipherAlgorithm::DesCbc && keyLength == 8) ||
        (algorithm == CipherAlgorithm::TripleDesCbc && keyLength == 24))
    {
        return "DES-EDE3-CBC";
    }
    throw std::invalid_argument(ToString(algorithm) + ": no key has " + std::to_string(keyLength) +
                                " octets");
}

/// Keys and octets by OpenSSL 3.
class OpensslProvider : public CryptoProvider
{
  public:
    std::string GetName() const override
    {
        return "openssl-3";
    }

    Octets Hash(HashAlgorithm algorithm, const Octets& data) override
    {
        return GetHash(algorithm).Hash(data);
    }

    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        return GetHash(algorithm).Hmac(key, data);
    }

    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return RunCipher(true, algorithm, key, iv, text);
    }

    Octets Decrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return RunCipher(false, algorithm, key, iv, text);
    }

    DhResult Run(const DhJob& job) override
    {
        return RunDh(*m_groups, job);
    }

  private:
    HashScratch& GetHash(HashAlgorithm algorithm);
    Octets RunCipher(bool encrypt,
                     CipherAlgorithm algorithm,
                     const Octets& key,
                     const Octets& iv,
                     const Octets& text);

    // Each provider belongs to one thread, and has its scratch contexts for itself.
    std::shared_ptr<OSSL_LIB_CTX> m_context{OpensslContext()}; ///< outlives all of the others
    std::shared_ptr<OpensslGroups> m_groups{SharedOpensslGroups()};
    std::map<HashAlgorithm, HashScratch> m_hashes;       ///< made when first used
    std::map<std::string_view, CipherScratch> m_ciphers; ///< by name, made when first used
};

HashScratch&
OpensslProvider::GetHash(HashAlgorithm algorithm)
{
    return m_hashes.try_emplace(algorithm, m_context.get(), algorithm).first->second;
}

Octets
OpensslProvider::RunCipher(bool encrypt,
                           CipherAlgorithm algorithm,
                           const Octets& key,
                           const Octets& iv,
                           const Octets& text)
{
    if (algorithm == CipherAlgorithm::Null)
    {
        return text;
    }
    const char* name = OpensslNameOf(algorithm, key.size());
    const unsigned block = BlockLengthOf(algorithm);
    if (iv.size() != block || text.size() % block != 0)
    {
        throw std::invalid_argument(ToString(algorithm) + ": IV of " + std::to_string(iv.size()) +
                                    ", text of " + std::to_string(text.size()) + " octets");
    }
    if (text.empty())
    {
        return {};
    }
    CipherScratch& cipher = m_ciphers.try_emplace(name, m_context.get(), name).first->second;
    if (algorithm == CipherAlgorithm::DesCbc)
    {
        // The middle step of 3DES decrypts: with three equal keys, two of the steps cancel out.
        const WipedOctets tripled(Concat({key, key, key}));
        return cipher.Run(encrypt, tripled.octets, iv, text);
    }
    return cipher.Run(encrypt, key, iv, text);
}

} // namespace

std::unique_ptr<CryptoProvider>
MakeOpensslProvider()
{
    return std::make_unique<OpensslProvider>();
}

} // namespace ike
} // namespace ns3
