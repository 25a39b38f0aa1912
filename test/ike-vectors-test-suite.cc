/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-vectors.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/test.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using nlohmann::json;

/// Our name of a hash function as the files write it; nothing for one that the module lacks.
std::optional<HashAlgorithm>
HashNamed(const std::string& name)
{
    static const std::map<std::string, HashAlgorithm> names = {
        {"SHA-1", HashAlgorithm::Sha1},
        {"SHA-256", HashAlgorithm::Sha256},
        {"SHA-384", HashAlgorithm::Sha384},
        {"SHA-512", HashAlgorithm::Sha512},
        {"HMAC-SHA1", HashAlgorithm::Sha1},
        {"HMAC-SHA2-256", HashAlgorithm::Sha256},
        {"HMAC-SHA2-384", HashAlgorithm::Sha384},
        {"HMAC-SHA2-512", HashAlgorithm::Sha512},
        {"sha1", HashAlgorithm::Sha1},
    };
    const auto found = names.find(name);
    return found == names.end() ? std::nullopt : std::make_optional(found->second);
}

/// Our group of an IANA number; None for one that the module lacks.
DhGroup
GroupNumbered(const json& object)
{
    const auto group = static_cast<DhGroup>(object.at("ike_group").get<unsigned>());
    return IsSupported(group) ? group : DhGroup::None;
}

Octets
Slice(const Octets& octets, size_t from, size_t to)
{
    return Octets(octets.begin() + from, octets.begin() + to);
}

/// A file of vectors, run to its end and counted.
class VectorsTestCase : public TestCase
{
  public:
    /**
     * @param file below the folder of the vectors
     * @param expected how many of its vectors are for us
     */
    VectorsTestCase(const std::string& file, unsigned expected)
        : TestCase(NameOf(file)),
          m_file(file),
          m_expected(expected)
    {
    }

  protected:
    /// Run all vectors of the file, with Count() for each.
    virtual void RunFile(const json& file) = 0;

    void Count()
    {
        m_ran++;
    }

    /// Run a check of (DhGroup, vector) for each vector whose group the module has.
    template <typename CHECK>
    void ForEachGroup(const json& vectors, CHECK check)
    {
        for (const json& v : vectors)
        {
            const DhGroup group = GroupNumbered(v);
            if (group != DhGroup::None)
            {
                check(group, v);
                Count();
            }
        }
    }

    void Expect(const Octets& got, const Octets& expected, const std::string& what)
    {
        NS_TEST_EXPECT_MSG_EQ(expected.empty(), false, what << ": the file has no answer");
        NS_TEST_EXPECT_MSG_EQ(ToHex(got), ToHex(expected), what);
    }

    /// SKEYID and what follows from it, compared with a vector.
    SkeyidFamily CheckSkeyids(HashAlgorithm hash, const Octets& psk, const json& v)
    {
        const SkeyidFamily keys = DeriveSkeyidPsk(*m_provider,
                                                  hash,
                                                  psk,
                                                  HexOf(v, "ni"),
                                                  HexOf(v, "nr"),
                                                  HexOf(v, "g_xy"),
                                                  HexOf(v, "cky_i"),
                                                  HexOf(v, "cky_r"));
        Expect(keys.skeyid, HexOf(v, "skeyid"), "SKEYID");
        Expect(keys.d, HexOf(v, "skeyid_d"), "SKEYID_d");
        Expect(keys.a, HexOf(v, "skeyid_a"), "SKEYID_a");
        Expect(keys.e, HexOf(v, "skeyid_e"), "SKEYID_e");
        return keys;
    }

    std::unique_ptr<CryptoProvider> m_provider = MakeOpensslProvider(); ///< under test

  private:
    /// ns-3 lets no slash into the name of a test.
    static std::string NameOf(std::string file)
    {
        std::replace(file.begin(), file.end(), '/', ' ');
        return file;
    }

    void DoRun() override
    {
        const auto file = LoadVectors(m_file);
        if (file)
        {
            RunFile(*file);
            NS_TEST_EXPECT_MSG_EQ(m_ran, m_expected, "vectors that ran");
        }
    }

    std::string m_file;  ///< below the folder
    unsigned m_expected; ///< vectors for us
    unsigned m_ran{0};   ///< vectors so far
};

/// NIST CAVS, pre-shared keys: 280 vectors, 60 of them with SHA-224, which IKEv1 does not have.
class NistSkeyid : public VectorsTestCase
{
  public:
    NistSkeyid()
        : VectorsTestCase("kdf/nist_cavs_ikev1_psk.json", 220)
    {
    }

  private:
    void RunFile(const json& file) override
    {
        unsigned other = 0;
        for (const json& group : file.at("groups"))
        {
            const auto hash = HashNamed(group.at("hash"));
            other += hash ? 0 : group.at("tests").size();
            for (const json& v : group.at("tests"))
            {
                if (hash)
                {
                    Check(*hash, v);
                }
            }
        }
        NS_TEST_EXPECT_MSG_EQ(other, 60, "vectors with other hashes");
    }

    void Check(HashAlgorithm hash, const json& v)
    {
        CheckSkeyids(hash, HexOf(v, "psk"), v);
        Count();
    }
};

/**
 * NSS: SKEYID, SKEYID_d to _e as single prf calls, and the expansion of Appendix B. Left out are
 * IKEv2's, AES-XCBC, and ikeV1AppBQuick, whose seed is too short to be that of a KEYMAT (the
 * recorded exchanges below have real ones).
 */
class NssKeys : public VectorsTestCase
{
  public:
    NssKeys()
        : VectorsTestCase("kdf/nss_ike_vectors.json", 4 * (1 + 2 + 3 + 3))
    {
    }

  private:
    void RunFile(const json& file) override
    {
        for (const json& v : file.at("tests"))
        {
            const auto hash = HashNamed(v.at("prf"));
            if (hash)
            {
                Check(*hash, v, v.at("type"));
            }
        }
    }

    void Check(HashAlgorithm hash, const json& v, const std::string& type)
    {
        const Octets key = HexOf(v, "ikm");
        const Octets ni = HexOf(v, "ni");
        const Octets nr = HexOf(v, "nr");
        if (type == "ikeV1Psk")
        {
            const auto keys = DeriveSkeyidPsk(*m_provider, hash, key, ni, nr, {}, {}, {});
            ExpectAnswer(keys.skeyid, v);
        }
        else if (type == "ikeGxy") // SKEYID of signatures, RFC 2409 5
        {
            ExpectAnswer(m_provider->Hmac(hash, Concat({ni, nr}), key), v);
        }
        else if (type == "ikeV1")
        {
            const Octets number = {v.at("key_number").get<uint8_t>()};
            const Octets before = Concat({HexOf(v, "prev_key"), HexOf(v, "g_xy")});
            ExpectAnswer(m_provider->Hmac(hash, key, Concat({before, ni, nr, number})), v);
        }
        else if (type == "ikeV1AppB")
        {
            ExpectAnswer(DeriveEncryptionKey(*m_provider, hash, key, v.at("size")), v);
        }
    }

    void ExpectAnswer(const Octets& got, const json& v)
    {
        Expect(got, HexOf(v, "okm"), v.at("type"));
        Count();
    }
};

/// Ruhr-Universitaet Bochum: SKEYID to HASH_R, IVs of both phases.
class RubSecrets : public VectorsTestCase
{
  public:
    RubSecrets()
        : VectorsTestCase("kdf/rub_session_secrets.json", 2)
    {
    }

  private:
    const HashAlgorithm m_hash = HashAlgorithm::Sha1; ///< of both

    void RunFile(const json& file) override
    {
        for (const json& v : file.at("tests"))
        {
            if (v.contains("skeyid"))
            {
                NS_TEST_EXPECT_MSG_EQ((HashNamed(v.at("hash")) == m_hash), true, "the hash");
                CheckKeys(v);
                CheckHash(v);
                CheckIvs(v);
                Count();
            }
        }
    }

    void CheckKeys(const json& v)
    {
        const Octets psk = ToOctets(v.at("psk_ascii").get<std::string>());
        const SkeyidFamily keys = CheckSkeyids(m_hash, psk, v);
        Expect(DeriveEncryptionKey(*m_provider, m_hash, keys.e, 16), HexOf(v, "enc_key"), "Ka");
    }

    void CheckHash(const json& v)
    {
        Expect(ComputePhase1Hash(*m_provider,
                                 m_hash,
                                 HexOf(v, "skeyid"),
                                 HexOf(v, "g_xr"),
                                 HexOf(v, "g_xi"),
                                 HexOf(v, "cky_r"),
                                 HexOf(v, "cky_i"),
                                 HexOf(v, "sai_b"),
                                 HexOf(v, "id_r_b")),
               HexOf(v, "hash_r"),
               "HASH_R");
    }

    void CheckIvs(const json& v)
    {
        const Octets iv =
            DerivePhase1Iv(*m_provider, m_hash, HexOf(v, "g_xi"), HexOf(v, "g_xr"), 16);
        Expect(iv, HexOf(v, "phase1_iv"), "IV of phase 1");
        if (!v.contains("phase2_iv"))
        {
            return;
        }
        const auto messageId = std::stoul(v.at("message_id").get<std::string>(), nullptr, 16);
        Expect(DerivePhase2Iv(*m_provider, m_hash, iv, static_cast<uint32_t>(messageId), 16),
               HexOf(v, "phase2_iv"),
               "IV of phase 2");
    }
};

/// Both ends of exchanges: dh/strongswan_ke.json and dh/rfc5903.json.
class TwoEnds : public VectorsTestCase
{
  public:
    TwoEnds(const std::string& file, unsigned expected)
        : VectorsTestCase(file, expected)
    {
    }

  private:
    void RunFile(const json& file) override
    {
        ForEachGroup(file.at("tests"), [this](DhGroup group, const json& v) {
            CheckEnd(group, v, "i", "r");
            CheckEnd(group, v, "r", "i");
        });
    }

    void CheckEnd(DhGroup group, const json& v, const std::string& own, const std::string& other)
    {
        const DhResult r =
            m_provider->Run({group, HexOf(v, "priv_" + own), HexOf(v, "pub_" + other)});
        NS_TEST_EXPECT_MSG_EQ(r.ok, true, ToString(group));
        Expect(r.publicValue, HexOf(v, "pub_" + own), ToString(group) + " public");
        Expect(r.shared, HexOf(v, "shared"), ToString(group) + " shared");
    }
};

/// NIST ECC CDH for P-256, P-384 and P-521: 25 each.
class NistCdh : public VectorsTestCase
{
  public:
    NistCdh()
        : VectorsTestCase("dh/nist_ecc_cdh.json", 75)
    {
    }

  private:
    void RunFile(const json& file) override
    {
        ForEachGroup(file.at("tests"), [this](DhGroup group, const json& v) { Check(group, v); });
    }

    void Check(DhGroup group, const json& v)
    {
        const unsigned length = PublicLengthOf(group) / 2;
        const Octets peer =
            Concat({Coordinate(v, "peer_x", length), Coordinate(v, "peer_y", length)});
        const Octets own = Concat({Coordinate(v, "pub_x", length), Coordinate(v, "pub_y", length)});
        const DhResult r = m_provider->Run({group, HexOf(v, "priv"), peer});
        NS_TEST_EXPECT_MSG_EQ(r.ok, true, ToString(group));
        Expect(r.publicValue, own, ToString(group) + " public");
        Expect(r.shared, HexOf(v, "shared"), ToString(group) + " shared");
    }

    /// The file pads the coordinates of P-521 to 68 octets.
    static Octets Coordinate(const json& v, const std::string& member, unsigned length)
    {
        const Octets octets = HexOf(v, member);
        return Slice(octets, octets.size() - length, octets.size());
    }
};

/// The primes: p - 2 is the last value that is accepted, and the public value of x = bits is
/// 2^bits - p.
class ModpPrimes : public VectorsTestCase
{
  public:
    ModpPrimes()
        : VectorsTestCase("dh/modp_groups.json", 6)
    {
    }

  private:
    void RunFile(const json& file) override
    {
        ForEachGroup(file.at("groups"), [this](DhGroup group, const json& v) {
            NS_TEST_EXPECT_MSG_EQ(v.at("generator").get<int>(), 2, ToString(group));
            CheckPrime(group, HexOf(v, "prime"), v.at("bits"));
            CheckRange(group, HexOf(v, "prime"));
        });
    }

    void CheckPrime(DhGroup group, const Octets& prime, unsigned bits)
    {
        const Octets x = {static_cast<uint8_t>(bits >> 8), static_cast<uint8_t>(bits)};
        Octets sum = m_provider->Run({group, x, {}}).publicValue;
        NS_TEST_ASSERT_MSG_EQ(sum.size(), prime.size(), ToString(group));
        unsigned carry = 0;
        for (size_t i = prime.size(); i-- > 0;)
        {
            carry += sum[i] + prime[i];
            sum[i] = static_cast<uint8_t>(carry);
            carry >>= 8;
        }
        NS_TEST_EXPECT_MSG_EQ((carry == 1 && sum == Octets(prime.size(), 0)),
                              true,
                              ToString(group) << " has another prime");
    }

    void CheckRange(DhGroup group, const Octets& prime)
    {
        for (uint8_t below : {0, 1, 2})
        {
            Octets peer = prime;
            peer.back() = static_cast<uint8_t>(peer.back() - below); // ends with ff
            NS_TEST_EXPECT_MSG_EQ(m_provider->Run({group, {5}, peer}).ok,
                                  (below == 2),
                                  ToString(group) << ": p - " << unsigned(below));
        }
    }
};

/// NIST ACVP for group 14: pairs of keys that belong together or do not.
class AcvpPairs : public VectorsTestCase
{
  public:
    AcvpPairs()
        : VectorsTestCase("dh/acvp_safeprimes_modp2048.json", 13)
    {
    }

  private:
    void RunFile(const json& file) override
    {
        for (const json& v : file.at("tests"))
        {
            const DhResult r = m_provider->Run({GroupNumbered(v), HexOf(v, "x"), {}});
            NS_TEST_EXPECT_MSG_EQ((r.publicValue == HexOf(v, "y")),
                                  v.at("valid").get<bool>(),
                                  "a pair of keys");
            Count();
        }
    }
};

/// A payload inside a message.
struct FoundPayload
{
    uint8_t type; ///< RFC 2408 3.1
    Octets body;  ///< without the generic header
    size_t end;   ///< offset behind it
};

/// The payloads of a chain; what is behind the last one is padding.
std::vector<FoundPayload>
PayloadsOf(const Octets& octets, uint8_t first)
{
    std::vector<FoundPayload> out;
    size_t at = 0;
    for (uint8_t type = first; type != 0;)
    {
        const size_t length = octets.at(at + 2) << 8 | octets.at(at + 3);
        out.push_back({type, Slice(octets, at + 4, at + length), at + length});
        type = octets.at(at);
        at += length;
    }
    return out;
}

/// The body of the first payload of a type.
Octets
BodyOf(const std::vector<FoundPayload>& payloads, uint8_t type)
{
    for (const FoundPayload& p : payloads)
    {
        if (p.type == type)
        {
            return p.body;
        }
    }
    throw std::runtime_error("a message lacks payload " + std::to_string(type));
}

/// A main mode and its quick modes between real products, with the keys that they logged.
class Recording : public VectorsTestCase
{
  public:
    /**
     * @param file the recording
     * @param cipher of IKE and ESP
     * @param messages how many encrypted messages it has
     */
    Recording(const std::string& file, CipherAlgorithm cipher, unsigned messages)
        : VectorsTestCase(file, messages),
          m_cipher(cipher)
    {
    }

  private:
    const HashAlgorithm m_hash = HashAlgorithm::Sha1;    ///< of all recordings
    const CipherAlgorithm m_cipher;                      ///< of IKE and ESP
    SkeyidFamily m_keys;                                 ///< derived
    Octets m_lastPhase1Block;                            ///< of ciphertext
    std::map<std::string, std::vector<Octets>> m_nonces; ///< of quick modes, by message ID

    static constexpr uint8_t SA = 1;
    static constexpr uint8_t ID = 5;
    static constexpr uint8_t HASH = 8;
    static constexpr uint8_t NONCE = 10;

    void RunFile(const json& file) override
    {
        NS_TEST_ASSERT_MSG_EQ(file.at("ike_sas").size(), 1, "ISAKMP SAs");
        const json& sa = file.at("ike_sas")[0];
        CheckPhase1Keys(sa);
        const json& messages = file.at("ike_messages");
        const Octets first = HexOf(messages.at(0), "isakmp_hex");
        const Octets saBody = BodyOf(PayloadsOf(Slice(first, 28, first.size()), first[16]), SA);
        for (const json& m : messages)
        {
            if (m.at("flags") == "0x01")
            {
                CheckMessage(sa, saBody, m);
                Count();
            }
        }
        NS_TEST_EXPECT_MSG_EQ(file.at("child_sas").size(), 2, "pairs");
        for (const json& child : file.at("child_sas"))
        {
            CheckChild(child);
        }
    }

    void CheckPhase1Keys(const json& sa)
    {
        const auto group = static_cast<DhGroup>(sa.at("dh_group").get<unsigned>());
        CheckDh(group, sa, "dh_");
        m_keys = DeriveSkeyidPsk(*m_provider,
                                 m_hash,
                                 HexOf(sa, "psk_hex"),
                                 HexOf(sa, "nonce_i"),
                                 HexOf(sa, "nonce_r"),
                                 HexOf(sa, "dh_shared"),
                                 HexOf(sa, "spi_i"),
                                 HexOf(sa, "spi_r"));
        Expect(m_keys.skeyid, HexOf(sa, "skeyid"), "SKEYID");
        Expect(m_keys.d, HexOf(sa, "skeyid_d"), "SKEYID_d");
        Expect(m_keys.a, HexOf(sa, "skeyid_a"), "SKEYID_a");
        Expect(m_keys.e, HexOf(sa, "skeyid_e"), "SKEYID_e");
        Expect(EncryptionKey(), HexOf(sa, "ka_encryption_key"), "Ka");
        Expect(DerivePhase1Iv(*m_provider,
                              m_hash,
                              HexOf(sa, "dh_public_i"),
                              HexOf(sa, "dh_public_r"),
                              BlockLengthOf(m_cipher)),
               HexOf(sa, "phase1_initial_iv"),
               "IV of phase 1");
    }

    void CheckDh(DhGroup group, const json& v, const std::string& prefix)
    {
        for (const bool initiator : {true, false})
        {
            const std::string own = initiator ? "i" : "r";
            const std::string other = initiator ? "r" : "i";
            const DhResult r = m_provider->Run(
                {group, HexOf(v, prefix + "private_" + own), HexOf(v, prefix + "public_" + other)});
            Expect(r.publicValue, HexOf(v, prefix + "public_" + own), "public value");
            Expect(r.shared, HexOf(v, prefix + "shared"), "g^xy");
        }
    }

    Octets EncryptionKey()
    {
        return DeriveEncryptionKey(*m_provider, m_hash, m_keys.e, KeyLengthOf(m_cipher, 0));
    }

    /// Decrypt, encrypt again, and check the hash inside.
    void CheckMessage(const json& sa, const Octets& saBody, const json& m)
    {
        const Octets message = HexOf(m, "isakmp_hex");
        const Octets text = Slice(message, 28, message.size());
        const Octets iv = HexOf(m, "iv_hex");
        const Octets plain = m_provider->Decrypt(m_cipher, EncryptionKey(), iv, text);
        Expect(plain, HexOf(m, "plaintext_hex"), "plaintext");
        Expect(m_provider->Encrypt(m_cipher, EncryptionKey(), iv, plain), text, "ciphertext");
        const auto payloads = PayloadsOf(plain, message[16]);
        if (m.at("message_id") == "0x00000000")
        {
            m_lastPhase1Block = Slice(text, text.size() - BlockLengthOf(m_cipher), text.size());
            CheckPhase1Hash(sa, saBody, payloads);
        }
        else
        {
            CheckPhase2Hash(m, plain, payloads);
        }
    }

    /// Message 5 carries HASH_I, message 6 HASH_R.
    void CheckPhase1Hash(const json& sa,
                         const Octets& saBody,
                         const std::vector<FoundPayload>& payloads)
    {
        const bool initiator = m_phase1Hashes++ == 0;
        const std::string own = initiator ? "i" : "r";
        const std::string other = initiator ? "r" : "i";
        Expect(ComputePhase1Hash(*m_provider,
                                 m_hash,
                                 m_keys.skeyid,
                                 HexOf(sa, "dh_public_" + own),
                                 HexOf(sa, "dh_public_" + other),
                                 HexOf(sa, "spi_" + own),
                                 HexOf(sa, "spi_" + other),
                                 saBody,
                                 BodyOf(payloads, ID)),
               BodyOf(payloads, HASH),
               "HASH_" + own);
    }

    void CheckPhase2Hash(const json& m,
                         const Octets& plain,
                         const std::vector<FoundPayload>& payloads)
    {
        const std::string name = m.at("message_id");
        const auto messageId = static_cast<uint32_t>(std::stoul(name, nullptr, 16));
        const bool quickMode = m.at("exchange") == 32;
        std::vector<Octets>& nonces = m_nonces[name];
        const Octets rest = Slice(plain, payloads.front().end, payloads.back().end);
        Octets hash;
        if (nonces.empty())
        {
            CheckPhase2Iv(messageId, HexOf(m, "iv_hex"));
            hash = ComputeHash1(*m_provider, m_hash, m_keys.a, messageId, rest);
        }
        else if (nonces.size() == 1)
        {
            hash = ComputeHash2(*m_provider, m_hash, m_keys.a, messageId, nonces[0], rest);
        }
        else
        {
            hash = ComputeHash3(*m_provider, m_hash, m_keys.a, messageId, nonces[0], nonces[1]);
        }
        Expect(hash, BodyOf(payloads, HASH), "HASH in message " + name);
        if (quickMode && nonces.size() < 2)
        {
            nonces.push_back(BodyOf(payloads, NONCE));
        }
    }

    void CheckPhase2Iv(uint32_t messageId, const Octets& iv)
    {
        Expect(DerivePhase2Iv(*m_provider,
                              m_hash,
                              m_lastPhase1Block,
                              messageId,
                              BlockLengthOf(m_cipher)),
               iv,
               "IV of phase 2");
    }

    void CheckChild(const json& child)
    {
        if (child.contains("pfs_dh_shared"))
        {
            CheckDh(DhGroup::Modp2048, child, "pfs_dh_");
        }
        // An SA has the SPI of its receiver: the initiator's keys encrypt towards the responder.
        CheckKeymat(child, "esp_spi_r", "encr_i", "integ_i");
        CheckKeymat(child, "esp_spi_i", "encr_r", "integ_r");
    }

    void CheckKeymat(const json& child,
                     const std::string& spi,
                     const std::string& encryption,
                     const std::string& integrity)
    {
        const unsigned length = KeyLengthOf(m_cipher, 0) + 20;
        const auto number = std::stoul(child.at(spi).get<std::string>(), nullptr, 16);
        const Octets keymat = DeriveKeymat(*m_provider,
                                           m_hash,
                                           m_keys.d,
                                           HexOf(child, "pfs_dh_shared"),
                                           3, // ESP
                                           static_cast<uint32_t>(number),
                                           HexOf(child, "nonce_i"),
                                           HexOf(child, "nonce_r"),
                                           length);
        Expect(keymat, Concat({HexOf(child, encryption), HexOf(child, integrity)}), "KEYMAT");
    }

    unsigned m_phase1Hashes{0}; ///< seen so far
};

/// Answers that nobody of the project wrote.
class IkeVectorsTestSuite : public TestSuite
{
  public:
    IkeVectorsTestSuite()
        : TestSuite("ike-vectors", Type::UNIT)
    {
        const auto quick = TestDuration::QUICK;
        AddTestCase(new NistSkeyid, quick);
        AddTestCase(new NssKeys, quick);
        AddTestCase(new RubSecrets, quick);
        AddTestCase(new TwoEnds("dh/strongswan_ke.json", 9), quick);
        AddTestCase(new TwoEnds("dh/rfc5903.json", 2), quick);
        AddTestCase(new NistCdh, quick);
        AddTestCase(new ModpPrimes, quick);
        AddTestCase(new AcvpPairs, quick);
        const auto aes = CipherAlgorithm::AesCbc;
        const std::string main = "peers/ikev1-main-psk-";
        AddTestCase(
            new Recording(main + "3des-sha1-modp1024.json", CipherAlgorithm::TripleDesCbc, 11),
            quick);
        AddTestCase(new Recording(main + "aes128-sha1-modp2048.json", aes, 11), quick);
        AddTestCase(new Recording(main + "aes128-sha1-modp2048-natt.json", aes, 11), quick);
        AddTestCase(new Recording(main + "aes128-sha1-modp2048-pfs-dpd.json", aes, 15), quick);
    }
};

IkeVectorsTestSuite g_ikeVectorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
