/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto.h"

#include <algorithm>
#include <initializer_list>
#include <stdexcept>
#include <utility>

// The provider "model", for very large runs: all octets have the lengths that real cryptography
// would give, a wrong key or a changed octet is noticed, and nothing is secret.
//
// Certificates, RSA and keyed randomness stay real: the first two are few, and the values of the
// third must not depend on the provider, so that a run is the same but for the octets of keys.

namespace ns3
{
namespace ike
{

namespace
{

uint64_t
RotateLeft(uint64_t value, unsigned bits)
{
    return value << bits | value >> (64 - bits);
}

/// Mixes octets into 128 bits, and makes any number of octets out of these. Each input has its
/// length before it, so no two lists of inputs are the same.
class Mixer
{
  public:
    /// @param purpose keeps the functions apart @param detail of the purpose: an algorithm
    Mixer(uint64_t purpose, uint64_t detail)
    {
        Word(purpose);
        Word(detail);
    }

    Mixer& Add(const Octets& octets)
    {
        Word(octets.size());
        size_t i = 0;
        for (; i + 8 <= octets.size(); i += 8)
        {
            Word(Load(octets.data() + i, 8));
        }
        Word(Load(octets.data() + i, octets.size() - i));
        return *this;
    }

    Mixer& Word(uint64_t word)
    {
        m_a = RotateLeft(m_a ^ word * 0x9e3779b97f4a7c15U, 31) * 0xbf58476d1ce4e5b9U;
        m_b = (m_b ^ m_a ^ m_b >> 29) * 0x94d049bb133111ebU + 0x2545f4914f6cdd1dU;
        return *this;
    }

    /// 64 bits of the state. No more may be added.
    uint64_t Number() const
    {
        return Finish(m_a + RotateLeft(m_b, 17));
    }

    Octets Expand(size_t length) const
    {
        Octets out(length);
        AddTo(out);
        return out;
    }

    /// Add the stream to octets: twice is nothing.
    void AddTo(Octets& octets) const
    {
        const uint64_t seed = Number();
        uint64_t counter = m_b;
        for (size_t i = 0; i < octets.size(); i += 8)
        {
            counter += 0x9e3779b97f4a7c15U;
            uint64_t word = Finish(counter ^ seed);
            for (size_t j = i; j < std::min(i + 8, octets.size()); ++j, word >>= 8)
            {
                octets[j] ^= static_cast<uint8_t>(word);
            }
        }
    }

  private:
    static uint64_t Load(const uint8_t* octets, size_t count)
    {
        uint64_t word = 0;
        for (size_t i = 0; i < count; ++i)
        {
            word |= static_cast<uint64_t>(octets[i]) << (8 * i);
        }
        return word;
    }

    static uint64_t Finish(uint64_t x)
    {
        x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9U;
        x = (x ^ x >> 27) * 0x94d049bb133111ebU;
        return x ^ x >> 31;
    }

    uint64_t m_a{0x243f6a8885a308d3U}; ///< half of the state
    uint64_t m_b{0x13198a2e03707344U}; ///< the other half
};

/// What the functions are kept apart by.
enum Purpose : uint64_t
{
    HASHING = 1,
    HMAC,
    XCBC,
    STREAM,
    TAG,
    EXPONENT,
    PADDING,
    SHARED,
    FOREIGN,
};

// --- Diffie-Hellman, modulo a prime of 61 bits, with the lengths of the real groups
// ---------------

constexpr uint64_t PRIME = (uint64_t{1} << 61) - 1;
constexpr uint64_t GENERATOR = 37;
/// Octets that such a number takes at the end of a public value; those before it follow from it.
constexpr size_t NUMBER_OCTETS = 8;

/// a * b modulo 2^61 - 1, for both below it.
uint64_t
Multiply(uint64_t a, uint64_t b)
{
    const uint64_t half = 0xffffffffU;
    const uint64_t low = (a & half) * (b & half);
    const uint64_t middle1 = (a >> 32) * (b & half);
    const uint64_t middle2 = (a & half) * (b >> 32);
    const uint64_t carry = (low >> 32) + (middle1 & half) + (middle2 & half);
    const uint64_t high = (a >> 32) * (b >> 32) + (middle1 >> 32) + (middle2 >> 32) + (carry >> 32);
    const uint64_t bottom = (carry << 32) | (low & half);
    // 2^61 is 1: what stands above 61 bits is added to what stands below.
    uint64_t sum = (bottom & PRIME) + (high << 3 | bottom >> 61);
    sum = (sum & PRIME) + (sum >> 61);
    return sum >= PRIME ? sum - PRIME : sum;
}

uint64_t
Power(uint64_t base, uint64_t exponent)
{
    uint64_t result = 1;
    for (; exponent != 0; exponent >>= 1)
    {
        result = (exponent & 1) != 0 ? Multiply(result, base) : result;
        base = Multiply(base, base);
    }
    return result;
}

bool
IsEcp(DhGroup group)
{
    return group == DhGroup::Ecp256 || group == DhGroup::Ecp384 || group == DhGroup::Ecp521;
}

/// A number as the public value of a group.
Octets
PublicOf(DhGroup group, uint64_t number)
{
    Octets out = Mixer(PADDING, static_cast<uint64_t>(group))
                     .Word(number)
                     .Expand(PublicLengthOf(group) - NUMBER_OCTETS);
    AppendNumber(out, number, NUMBER_OCTETS);
    return out;
}

/// The number at the end of a public value.
uint64_t
NumberOf(const Octets& value)
{
    uint64_t number = 0;
    for (size_t i = value.size() - NUMBER_OCTETS; i < value.size(); ++i)
    {
        number = number << 8 | value[i];
    }
    return number;
}

/// What the real groups refuse too: 0, 1, and for sure more than the prime, which begins with 64
/// ones.
bool
IsOutOfRange(const Octets& value)
{
    const auto isZero = [](uint8_t octet) { return octet == 0; };
    const auto isFull = [](uint8_t octet) { return octet == 0xff; };
    return (std::all_of(value.begin(), value.end() - 1, isZero) && value.back() <= 1) ||
           std::all_of(value.begin(), value.begin() + NUMBER_OCTETS, isFull);
}

/// The shared secret; nothing when an honest peer does not send this.
std::optional<Octets>
SharedOf(DhGroup group, uint64_t exponent, const Octets& peer)
{
    if (peer.size() != PublicLengthOf(group))
    {
        return std::nullopt;
    }
    const uint64_t number = NumberOf(peer);
    const bool isOurs = number < PRIME && PublicOf(group, number) == peer;
    // Any number is an element of a MODP group; few pairs of coordinates are a point of a curve.
    if (!isOurs && (IsEcp(group) || IsOutOfRange(peer)))
    {
        return std::nullopt;
    }
    const size_t length = IsEcp(group) ? PublicLengthOf(group) / 2 : PublicLengthOf(group);
    const auto detail = static_cast<uint64_t>(group);
    if (!isOurs)
    {
        // It was changed on the way: the two ends get different secrets.
        return Mixer(FOREIGN, detail).Add(peer).Word(exponent).Expand(length);
    }
    return Mixer(SHARED, detail).Word(Power(number, exponent)).Expand(length);
}

// --- Ciphers ------------------------------------------------------------------------------------

/// Octets of an ICV of combined ciphers.
constexpr size_t TAG_LENGTH = 16;

/// @throws std::invalid_argument as the real ones do
void
CheckKey(CipherAlgorithm algorithm, const Octets& key)
{
    const auto isOneOf = [&](std::initializer_list<size_t> lengths) {
        const size_t length = key.size() - std::min<size_t>(key.size(), SaltLengthOf(algorithm));
        return std::find(lengths.begin(), lengths.end(), length) != lengths.end();
    };
    const bool fits = algorithm == CipherAlgorithm::DesCbc             ? isOneOf({8})
                      : algorithm == CipherAlgorithm::TripleDesCbc     ? isOneOf({24})
                      : algorithm == CipherAlgorithm::ChaCha20Poly1305 ? isOneOf({32})
                                                                       : isOneOf({16, 24, 32});
    if (!fits)
    {
        throw std::invalid_argument(ToString(algorithm) + ": no key has " +
                                    std::to_string(key.size()) + " octets");
    }
}

/// @throws std::invalid_argument as the real ones do
void
CheckIv(CipherAlgorithm algorithm, const Octets& iv)
{
    if (iv.size() != IvLengthOf(algorithm))
    {
        throw std::invalid_argument(ToString(algorithm) + ": IV of " + std::to_string(iv.size()) +
                                    " octets");
    }
}

/// The key stream of a cipher.
Mixer
StreamOf(CipherAlgorithm algorithm, const Octets& key, const Octets& iv)
{
    return Mixer(STREAM, static_cast<uint64_t>(algorithm)).Add(key).Add(iv);
}

/// Keys and octets by a fast mixing function.
class ModelProvider : public CryptoProvider
{
  public:
    std::string GetName() const override
    {
        return "model";
    }

    Octets Draw(const Octets& key, const Octets& label) override
    {
        return m_real->Draw(key, label);
    }

    AesBlock DrawBlock(const AesBlock& key, const AesBlock& block) override
    {
        return m_real->DrawBlock(key, block);
    }

    Octets Hash(HashAlgorithm algorithm, const Octets& data) override
    {
        return Mixer(HASHING, static_cast<uint64_t>(algorithm))
            .Add(data)
            .Expand(HashLengthOf(algorithm));
    }

    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        return Mixer(HMAC, static_cast<uint64_t>(algorithm))
            .Add(key)
            .Add(data)
            .Expand(HashLengthOf(algorithm));
    }

    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        if (algorithm == CipherAlgorithm::Null)
        {
            return text;
        }
        if (IsCombined(algorithm) || text.size() % BlockLengthOf(algorithm) != 0)
        {
            throw std::invalid_argument(ToString(algorithm) + ": text of " +
                                        std::to_string(text.size()) + " octets");
        }
        CheckKey(algorithm, key);
        CheckIv(algorithm, iv);
        Octets out = text;
        StreamOf(algorithm, key, iv).AddTo(out);
        return out;
    }

    Octets Decrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return Encrypt(algorithm, key, iv, text); // what is added twice is gone
    }

    Octets Seal(CipherAlgorithm algorithm,
                const Octets& key,
                const Octets& iv,
                const Octets& associated,
                const Octets& text) override
    {
        CheckCombined(algorithm, key, iv);
        Octets out = text;
        if (algorithm != CipherAlgorithm::AesGmac)
        {
            StreamOf(algorithm, key, iv).AddTo(out);
        }
        Append(out, TagOf(algorithm, key, iv, associated, text));
        return out;
    }

    std::optional<Octets> Open(CipherAlgorithm algorithm,
                               const Octets& key,
                               const Octets& iv,
                               const Octets& associated,
                               const Octets& sealed) override
    {
        CheckCombined(algorithm, key, iv);
        if (sealed.size() < TAG_LENGTH)
        {
            return std::nullopt;
        }
        const auto end = sealed.end() - static_cast<std::ptrdiff_t>(TAG_LENGTH);
        Octets text(sealed.begin(), end);
        if (algorithm != CipherAlgorithm::AesGmac)
        {
            StreamOf(algorithm, key, iv).AddTo(text);
        }
        if (TagOf(algorithm, key, iv, associated, text) != Octets(end, sealed.end()))
        {
            return std::nullopt;
        }
        return text;
    }

    Octets Mac(IntegrityAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        if (algorithm == IntegrityAlgorithm::AesXcbc96 && key.size() != 16)
        {
            throw std::invalid_argument("aes-xcbc-96: key of " + std::to_string(key.size()) +
                                        " octets");
        }
        return Mixer(XCBC, static_cast<uint64_t>(algorithm))
            .Add(key)
            .Add(data)
            .Expand(IcvLengthOf(algorithm));
    }

    DhResult Run(const DhJob& job) override
    {
        if (!IsSupported(job.group))
        {
            throw std::invalid_argument("no Diffie-Hellman group " + ToString(job.group));
        }
        if (job.privateValue.empty())
        {
            throw std::invalid_argument("a Diffie-Hellman job without a private value");
        }
        const uint64_t exponent =
            Mixer(EXPONENT, 0).Add(job.privateValue).Number() % (PRIME - 2) + 1;
        DhResult result;
        if (job.peer)
        {
            std::optional<Octets> shared = SharedOf(job.group, exponent, *job.peer);
            if (!shared)
            {
                return {};
            }
            result.shared = std::move(*shared);
        }
        if (job.keygen)
        {
            result.publicValue = PublicOf(job.group, Power(GENERATOR, exponent));
        }
        result.ok = true;
        return result;
    }

    Octets SignRsa(const Octets& privateKey, const Octets& hash) override
    {
        return m_real->SignRsa(privateKey, hash);
    }

    std::optional<Octets> RecoverRsa(const Octets& certificate, const Octets& signature) override
    {
        return m_real->RecoverRsa(certificate, signature);
    }

    std::optional<CertificateFacts> ReadCertificate(const Octets& certificate) override
    {
        return m_real->ReadCertificate(certificate);
    }

    std::optional<std::string> ReadName(const Octets& name) override
    {
        return m_real->ReadName(name);
    }

    ChainFault CheckChain(const std::vector<Octets>& chain,
                          const std::vector<Octets>& anchors,
                          int64_t second) override
    {
        return m_real->CheckChain(chain, anchors, second);
    }

  private:
    static void CheckCombined(CipherAlgorithm algorithm, const Octets& key, const Octets& iv)
    {
        if (!IsCombined(algorithm))
        {
            throw std::invalid_argument(ToString(algorithm) + ": no combined cipher");
        }
        CheckKey(algorithm, key);
        CheckIv(algorithm, iv);
    }

    static Octets TagOf(CipherAlgorithm algorithm,
                        const Octets& key,
                        const Octets& iv,
                        const Octets& associated,
                        const Octets& text)
    {
        return Mixer(TAG, static_cast<uint64_t>(algorithm))
            .Add(key)
            .Add(iv)
            .Add(associated)
            .Add(text)
            .Expand(TAG_LENGTH);
    }

    std::unique_ptr<CryptoProvider> m_real{MakeOpensslProvider()}; ///< what stays real
};

} // namespace

std::unique_ptr<CryptoProvider>
MakeModelProvider()
{
    return std::make_unique<ModelProvider>();
}

} // namespace ike
} // namespace ns3
