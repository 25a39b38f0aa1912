/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-openssl.h"

#include <algorithm>
#include <map>
#include <openssl/core_names.h>
#include <openssl/err.h>
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
    /// Octets in, as many octets out; both may be the same.
    void Run(bool encrypt,
             const Octets& key,
             const Octets& iv,
             const uint8_t* in,
             size_t length,
             uint8_t* out);

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
    Run(encrypt, key, iv, text.data(), text.size(), out.data());
    return out;
}

void
CipherScratch::Run(bool encrypt,
                   const Octets& key,
                   const Octets& iv,
                   const uint8_t* in,
                   size_t length,
                   uint8_t* out)
{
    int written = 0;
    RequireOpenssl(
        EVP_CipherInit_ex2(m_context.get(),
                           nullptr,
                           key.data(),
                           iv.data(),
                           encrypt ? 1 : 0,
                           nullptr) &&
            EVP_CipherUpdate(m_context.get(), out, &written, in, static_cast<int>(length)) &&
            static_cast<size_t>(written) == length,
        "cipher");
}

/// The scratch context of single blocks of AES-128.
class BlockScratch
{
  public:
    explicit BlockScratch(OSSL_LIB_CTX* library);
    AesBlock Run(const AesBlock& key, const AesBlock& block);

  private:
    CipherPtr m_cipher;
    CipherContextPtr m_context;
    WipedOctets m_key{Octets{}}; ///< the key that the context holds; none at first
};

BlockScratch::BlockScratch(OSSL_LIB_CTX* library)
    : m_cipher(Own<CipherPtr>(EVP_CIPHER_fetch(library, "AES-128-ECB", nullptr), "AES-128-ECB")),
      m_context(Own<CipherContextPtr>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"))
{
    RequireOpenssl(
        EVP_CipherInit_ex2(m_context.get(), m_cipher.get(), nullptr, nullptr, 1, nullptr),
        "EVP_CipherInit_ex2");
    RequireOpenssl(EVP_CIPHER_CTX_set_padding(m_context.get(), 0), "EVP_CIPHER_CTX_set_padding");
}

AesBlock
BlockScratch::Run(const AesBlock& key, const AesBlock& block)
{
    // Whole blocks leave nothing behind in the context, so a key that it holds need not be set.
    if (!std::equal(m_key.octets.begin(), m_key.octets.end(), key.begin(), key.end()))
    {
        RequireOpenssl(
            EVP_CipherInit_ex2(m_context.get(), nullptr, key.data(), nullptr, 1, nullptr),
            "key of AES");
        m_key.octets.assign(key.begin(), key.end());
    }
    AesBlock out{};
    int written = 0;
    RequireOpenssl(EVP_CipherUpdate(m_context.get(),
                                    out.data(),
                                    &written,
                                    block.data(),
                                    static_cast<int>(block.size())) &&
                       static_cast<size_t>(written) == out.size(),
                   "block of AES");
    return out;
}

/// The scratch context of one combined cipher.
class AeadScratch
{
  public:
    AeadScratch(OSSL_LIB_CTX* library, const char* name);
    /// Begin with key and nonce, and take what is authenticated alone.
    void Begin(bool encrypt, const Octets& key, const Octets& nonce, const Octets& associated);
    /// Octets in, octets out; nullptr for what is authenticated alone.
    void Update(uint8_t* out, const uint8_t* in, size_t length);
    /// Text in, text and ICV out.
    Octets Seal(const Octets& text, bool encrypted);
    /// The reverse; nothing when the ICV is wrong.
    std::optional<Octets> Open(const Octets& sealed, bool encrypted);

  private:
    CipherPtr m_cipher;
    CipherContextPtr m_context;
};

/// Octets of an ICV (RFC 4106 6, RFC 4543 3.5, RFC 7634 2).
constexpr size_t TAG_LENGTH = 16;

AeadScratch::AeadScratch(OSSL_LIB_CTX* library, const char* name)
    : m_cipher(Own<CipherPtr>(EVP_CIPHER_fetch(library, name, nullptr), name)),
      m_context(Own<CipherContextPtr>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"))
{
    // All of them take nonces of 12 octets unless they are told otherwise.
    RequireOpenssl(
        EVP_CipherInit_ex2(m_context.get(), m_cipher.get(), nullptr, nullptr, 1, nullptr),
        "EVP_CipherInit_ex2");
}

void
AeadScratch::Begin(bool encrypt, const Octets& key, const Octets& nonce, const Octets& associated)
{
    RequireOpenssl(EVP_CipherInit_ex2(m_context.get(),
                                      nullptr,
                                      key.data(),
                                      nonce.data(),
                                      encrypt ? 1 : 0,
                                      nullptr),
                   "combined cipher");
    Update(nullptr, associated.data(), associated.size());
}

void
AeadScratch::Update(uint8_t* out, const uint8_t* in, size_t length)
{
    int written = 0;
    RequireOpenssl(
        length == 0 ||
            EVP_CipherUpdate(m_context.get(), out, &written, in, static_cast<int>(length)),
        "combined cipher");
}

Octets
AeadScratch::Seal(const Octets& text, bool encrypted)
{
    Octets out(text);
    out.resize(text.size() + TAG_LENGTH);
    Update(encrypted ? out.data() : nullptr, text.data(), text.size());
    uint8_t* tag = out.data() + text.size();
    OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag, TAG_LENGTH),
        OSSL_PARAM_construct_end()};
    int written = 0;
    RequireOpenssl(EVP_CipherFinal_ex(m_context.get(), tag, &written) && written == 0 &&
                       EVP_CIPHER_CTX_get_params(m_context.get(), params),
                   "seal");
    return out;
}

std::optional<Octets>
AeadScratch::Open(const Octets& sealed, bool encrypted)
{
    Octets tag(sealed.end() - TAG_LENGTH, sealed.end());
    Octets out(sealed.begin(), sealed.end() - TAG_LENGTH);
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_octet_string(OSSL_CIPHER_PARAM_AEAD_TAG, tag.data(), tag.size()),
        OSSL_PARAM_construct_end()};
    RequireOpenssl(EVP_CIPHER_CTX_set_params(m_context.get(), params), "tag");
    Update(encrypted ? out.data() : nullptr, sealed.data(), out.size());
    int written = 0;
    if (EVP_CipherFinal_ex(m_context.get(), tag.data(), &written) != 1)
    {
        // What was decrypted goes no further.
        Wipe(out);
        ERR_clear_error();
        return std::nullopt;
    }
    return out;
}

/// The combined cipher for a key of this length, salt included.
const char*
CombinedNameOf(CipherAlgorithm algorithm, size_t keyLength)
{
    const bool isAes =
        algorithm == CipherAlgorithm::AesGcm16 || algorithm == CipherAlgorithm::AesGmac;
    if (isAes && keyLength == 20)
    {
        return "AES-128-GCM";
    }
    if (isAes && keyLength == 28)
    {
        return "AES-192-GCM";
    }
    if (isAes && keyLength == 36)
    {
        return "AES-256-GCM";
    }
    if (algorithm == CipherAlgorithm::ChaCha20Poly1305 && keyLength == 36)
    {
        return "ChaCha20-Poly1305";
    }
    throw std::invalid_argument(ToString(algorithm) + ": no combined cipher has a key of " +
                                std::to_string(keyLength) + " octets, salt included");
}

/// The hash of an HMAC.
HashAlgorithm
HashOf(IntegrityAlgorithm algorithm)
{
    switch (algorithm)
    {
    case IntegrityAlgorithm::HmacMd5_96:
        return HashAlgorithm::Md5;
    case IntegrityAlgorithm::HmacSha1_96:
        return HashAlgorithm::Sha1;
    case IntegrityAlgorithm::HmacSha256_128:
        return HashAlgorithm::Sha256;
    case IntegrityAlgorithm::HmacSha384_192:
        return HashAlgorithm::Sha384;
    case IntegrityAlgorithm::HmacSha512_256:
        return HashAlgorithm::Sha512;
    case IntegrityAlgorithm::AesXcbc96:
    case IntegrityAlgorithm::None:
        break;
    }
    throw std::invalid_argument(ToString(algorithm) + " is no HMAC");
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
    if (algorithm == CipherAlgorithm::AesCtr && keyLength == 20)
    {
        return "AES-128-CTR";
    }
    if (algorithm == CipherAlgorithm::AesCtr && keyLength == 28)
    {
        return "AES-192-CTR";
    }
    if (algorithm == CipherAlgorithm::AesCtr && keyLength == 36)
    {
        return "AES-256-CTR";
    }
    if ((algorithm == CipherAlgorithm::DesCbc && keyLength == 8) ||
        (algorithm == CipherAlgorithm::TripleDesCbc && keyLength == 24))
    {
        return "DES-EDE3-CBC";
    }
    throw std::invalid_argument(ToString(algorithm) + ": no key has " + std::to_string(keyLength) +
                                " octets");
}

/// What KEYMAT has behind a key.
Octets
SaltOf(CipherAlgorithm algorithm, const Octets& key)
{
    return Octets(key.end() - static_cast<std::ptrdiff_t>(SaltLengthOf(algorithm)), key.end());
}

/// The scratch contexts of all providers of a thread: a provider has no state of its own, and a
/// thousand routers with contexts of their own would cost the memory and the time to make them.
struct Scratch
{
    std::shared_ptr<OSSL_LIB_CTX> context{OpensslContext()}; ///< outlives all of the others
    std::map<HashAlgorithm, HashScratch> hashes;             ///< made when first used
    std::map<std::string_view, CipherScratch> ciphers;       ///< by name, made when first used
    std::map<std::string_view, AeadScratch> combined;        ///< by name, made when first used
    std::optional<BlockScratch> block;                       ///< made when first used
};

/// That of this thread: it goes, and the last keys with it, when the last provider does.
std::shared_ptr<Scratch>
ScratchOfThread()
{
    static thread_local std::weak_ptr<Scratch> kept;
    std::shared_ptr<Scratch> scratch = kept.lock();
    if (!scratch)
    {
        scratch = std::make_shared<Scratch>();
        kept = scratch;
    }
    return scratch;
}

/// Keys and octets by OpenSSL 3.
class OpensslProvider : public CryptoProvider
{
  public:
    explicit OpensslProvider(DhTiming timing)
        : m_timing(timing)
    {
    }

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

    AesBlock DrawBlock(const AesBlock& key, const AesBlock& block) override
    {
        Scratch& scratch = GetScratch();
        if (!scratch.block)
        {
            scratch.block.emplace(scratch.context.get());
        }
        return scratch.block->Run(key, block);
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

    void CryptInPlace(bool encrypt,
                      CipherAlgorithm algorithm,
                      const Octets& key,
                      const Octets& iv,
                      Octets& text) override
    {
        if (algorithm == CipherAlgorithm::AesCbc && !text.empty())
        {
            GetCipher(algorithm, key, iv, text)
                .Run(encrypt, key, iv, text.data(), text.size(), text.data());
            return;
        }
        text = RunCipher(encrypt, algorithm, key, iv, text);
    }

    Octets Seal(CipherAlgorithm algorithm,
                const Octets& key,
                const Octets& iv,
                const Octets& associated,
                const Octets& text) override
    {
        const bool encrypted = algorithm != CipherAlgorithm::AesGmac;
        return BeginCombined(true, algorithm, key, iv, associated).Seal(text, encrypted);
    }

    std::optional<Octets> Open(CipherAlgorithm algorithm,
                               const Octets& key,
                               const Octets& iv,
                               const Octets& associated,
                               const Octets& sealed) override
    {
        const bool encrypted = algorithm != CipherAlgorithm::AesGmac;
        AeadScratch& cipher = BeginCombined(false, algorithm, key, iv, associated);
        return sealed.size() < TAG_LENGTH ? std::nullopt : cipher.Open(sealed, encrypted);
    }

    Octets Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data) override;

    DhResult Run(const DhJob& job) override
    {
        return RunDh(*m_groups, job, m_timing);
    }

    Octets SignRsa(const Octets& privateKey, const Octets& hash) override
    {
        const Octets digest = GetHash(HashAlgorithm::Sha256).Hash(privateKey);
        return m_certificates.Sign(privateKey, digest, hash);
    }

    std::optional<Octets> RecoverRsa(const Octets& certificate, const Octets& signature) override
    {
        return m_certificates.Recover(certificate, signature);
    }

    std::optional<CertificateFacts> ReadCertificate(const Octets& certificate) override
    {
        return m_certificates.Read(certificate);
    }

    std::optional<std::string> ReadName(const Octets& name) override
    {
        return m_certificates.ReadName(name);
    }

    ChainFault CheckChain(const std::vector<Octets>& chain,
                          const std::vector<Octets>& anchors,
                          int64_t second) override
    {
        return m_certificates.CheckChain(chain, anchors, second);
    }

  private:
    HashScratch& GetHash(HashAlgorithm algorithm);
    Octets RunCipher(bool encrypt,
                     CipherAlgorithm algorithm,
                     const Octets& key,
                     const Octets& iv,
                     const Octets& text);
    /// The context for a cipher, once the lengths are checked.
    CipherScratch& GetCipher(CipherAlgorithm algorithm,
                             const Octets& key,
                             const Octets& iv,
                             const Octets& text);
    /// A combined cipher with key, nonce and associated octets in it.
    AeadScratch& BeginCombined(bool encrypt,
                               CipherAlgorithm algorithm,
                               const Octets& key,
                               const Octets& iv,
                               const Octets& associated);
    /// AES-XCBC-MAC, uncut.
    Octets Xcbc(const Octets& key, Octets data);

    /// Each provider belongs to one thread: to that which uses it first.
    Scratch& GetScratch()
    {
        if (!m_scratch)
        {
            m_scratch = ScratchOfThread();
        }
        return *m_scratch;
    }

    std::shared_ptr<OSSL_LIB_CTX> m_context{OpensslContext()}; ///< outlives all of the others
    std::shared_ptr<OpensslGroups> m_groups{SharedOpensslGroups()};
    DhTiming m_timing; ///< of shared secrets
    OpensslCertificates m_certificates{m_context};
    std::shared_ptr<Scratch> m_scratch; ///< null until it is used
};

HashScratch&
OpensslProvider::GetHash(HashAlgorithm algorithm)
{
    Scratch& scratch = GetScratch();
    return scratch.hashes.try_emplace(algorithm, scratch.context.get(), algorithm).first->second;
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
    CipherScratch& cipher = GetCipher(algorithm, key, iv, text);
    if (text.empty())
    {
        return {};
    }
    if (algorithm == CipherAlgorithm::DesCbc)
    {
        // The middle step of 3DES decrypts: with three equal keys, two of the steps cancel out.
        const WipedOctets tripled(Concat({key, key, key}));
        return cipher.Run(encrypt, tripled.octets, iv, text);
    }
    if (algorithm == CipherAlgorithm::AesCtr)
    {
        // RFC 3686 4: nonce, IV, and a block counter that begins at 1. The key is read as far as
        // the cipher needs it, and the nonce behind it is left.
        const Octets counter = Concat({SaltOf(algorithm, key), iv, {0, 0, 0, 1}});
        return cipher.Run(encrypt, key, counter, text);
    }
    return cipher.Run(encrypt, key, iv, text);
}

CipherScratch&
OpensslProvider::GetCipher(CipherAlgorithm algorithm,
                           const Octets& key,
                           const Octets& iv,
                           const Octets& text)
{
    const char* name = OpensslNameOf(algorithm, key.size());
    const unsigned block = BlockLengthOf(algorithm);
    if (iv.size() != IvLengthOf(algorithm) || text.size() % block != 0)
    {
        throw std::invalid_argument(ToString(algorithm) + ": IV of " + std::to_string(iv.size()) +
                                    ", text of " + std::to_string(text.size()) + " octets");
    }
    Scratch& scratch = GetScratch();
    return scratch.ciphers.try_emplace(name, scratch.context.get(), name).first->second;
}

AeadScratch&
OpensslProvider::BeginCombined(bool encrypt,
                               CipherAlgorithm algorithm,
                               const Octets& key,
                               const Octets& iv,
                               const Octets& associated)
{
    const char* name = CombinedNameOf(algorithm, key.size());
    if (iv.size() != IvLengthOf(algorithm))
    {
        throw std::invalid_argument(ToString(algorithm) + ": IV of " + std::to_string(iv.size()) +
                                    " octets");
    }
    Scratch& scratch = GetScratch();
    AeadScratch& cipher =
        scratch.combined.try_emplace(name, scratch.context.get(), name).first->second;
    // RFC 4106 4, RFC 4543 3.2, RFC 7634 2: the nonce is salt and IV.
    cipher.Begin(encrypt, key, Concat({SaltOf(algorithm, key), iv}), associated);
    return cipher;
}

Octets
OpensslProvider::Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data)
{
    Octets mac;
    if (algorithm == IntegrityAlgorithm::AesXcbc96)
    {
        mac = Xcbc(key, data);
    }
    else if (algorithm != IntegrityAlgorithm::None)
    {
        mac = Hmac(HashOf(algorithm), key, data);
    }
    mac.resize(IcvLengthOf(algorithm));
    return mac;
}

Octets
OpensslProvider::Xcbc(const Octets& key, Octets data)
{
    constexpr size_t block = 16;
    if (key.size() != block)
    {
        throw std::invalid_argument("aes-xcbc-96: key of " + std::to_string(key.size()) +
                                    " octets");
    }
    // RFC 3566 4: the MAC is the last block of CBC under K1, with K2 or K3 added to the last block
    // of the text. Each of the three is a constant block, encrypted.
    const Octets zero(block);
    const bool isPadded = data.empty() || data.size() % block != 0;
    if (isPadded)
    {
        data.push_back(0x80);
        data.resize((data.size() + block - 1) / block * block);
    }
    const auto derive = [&](uint8_t constant) {
        return RunCipher(true, CipherAlgorithm::AesCbc, key, zero, Octets(block, constant));
    };
    const WipedOctets k1(derive(1));
    const WipedOctets last(derive(isPadded ? 3 : 2));
    for (size_t i = 0; i < block; i++)
    {
        data[data.size() - block + i] ^= last.octets[i];
    }
    const Octets chain = RunCipher(true, CipherAlgorithm::AesCbc, k1.octets, zero, data);
    return Octets(chain.end() - block, chain.end());
}

} // namespace

std::unique_ptr<CryptoProvider>
MakeOpensslProvider(DhTiming timing)
{
    return std::make_unique<OpensslProvider>(timing);
}

} // namespace ike
} // namespace ns3
