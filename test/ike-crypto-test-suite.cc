/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-fixture.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-keyed-random.h"

#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Digests of "abc": RFC 1321 A.5, FIPS 180-4 examples.
class HashKnownAnswers : public CryptoTestCase
{
  public:
    HashKnownAnswers()
        : CryptoTestCase("hashes give published answers")
    {
    }

  private:
    void DoRun() override
    {
        Check(HashAlgorithm::Md5, "900150983cd24fb0d6963f7d28e17f72");
        Check(HashAlgorithm::Sha1, "a9993e364706816aba3e25717850c26c9cd0d89d");
        Check(HashAlgorithm::Sha256,
              "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
        Check(HashAlgorithm::Sha384,
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358ba"
              "eca134c825a7");
        Check(HashAlgorithm::Sha512,
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba"
              "3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
    }

    void Check(HashAlgorithm algorithm, const std::string& expected)
    {
        for (int turn = 0; turn < 2; turn++) // the second one uses the context again
        {
            NS_TEST_EXPECT_MSG_EQ(ToHex(m_provider->Hash(algorithm, ToOctets("abc"))),
                                  expected,
                                  ToString(algorithm));
        }
    }
};

/// RFC 2202 and RFC 4231, test cases 1 and 2.
class HmacKnownAnswers : public CryptoTestCase
{
  public:
    HmacKnownAnswers()
        : CryptoTestCase("HMACs give published answers, whatever key came before")
    {
    }

  private:
    void DoRun() override
    {
        Check(HashAlgorithm::Md5,
              16,
              "9294727a3638bb1c13f48ef8158bfc9d",
              "750c783e6ab0b503eaa86e310a5db738");
        Check(HashAlgorithm::Sha1,
              20,
              "b617318655057264e28bc0b6fb378c8ef146be00",
              "effcdf6ae5eb2fa2d27416d5f184df9c259a7c79");
        Check(HashAlgorithm::Sha256,
              20,
              "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7",
              "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
        Check(HashAlgorithm::Sha384,
              20,
              "afd03944d84895626b0825f4ab46907f15f9dadbe4101ec682aa034c7cebc59cfaea9ea9076ede7f4af1"
              "52e8b2fa9cb6",
              "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47e42ec3736322445e8e2240ca5e69e2c78b32"
              "39ecfab21649");
        Check(HashAlgorithm::Sha512,
              20,
              "87aa7cdea5ef619d4ff0b4241a1d6cb02379f4e2ce4ec2787ad0b30545e17cdedaa833b7d6b8a702038b"
              "274eaea3f4e4be9d914eeb61f1702e696c203a126854",
              "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea2505549758bf75c05a994a6d03"
              "4f65f8f0e6fdcaeab1a34d4a6b4b636e070a38bce737");
        CheckEmptyKey();
    }

    void Check(HashAlgorithm algorithm,
               unsigned keyLength,
               const std::string& first,
               const std::string& second)
    {
        const Octets longKey(keyLength, 0x0b);
        const Octets jefe = ToOctets("Jefe");
        const Octets question = ToOctets("what do ya want for nothing?");
        for (int turn = 0; turn < 2; turn++)
        {
            Expect(algorithm, longKey, ToOctets("Hi There"), first);
            Expect(algorithm, jefe, question, second);
            Expect(algorithm, jefe, question, second); // the same key again
        }
    }

    void Expect(HashAlgorithm algorithm,
                const Octets& key,
                const Octets& data,
                const std::string& expected)
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(m_provider->Hmac(algorithm, key, data)),
                              expected,
                              ToString(algorithm));
    }

    /// An empty key is a key of its own, and not the last one again.
    void CheckEmptyKey()
    {
        m_provider->Hmac(HashAlgorithm::Sha1, ToOctets("some key"), {});
        Expect(HashAlgorithm::Sha1, {}, {}, "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
        // Zeros at the end of a key change nothing (RFC 2104 2); a context begins with this one.
        m_provider->Hmac(HashAlgorithm::Sha1, ToOctets("some key"), {});
        Expect(HashAlgorithm::Sha1, {0}, {}, "fbdb1d1b18aa6c08324b7d64b71fb76370690e1d");
        // The beginning of the last key is another key.
        m_provider->Hmac(HashAlgorithm::Md5, ToOctets("Jefe"), {});
        Expect(HashAlgorithm::Md5, ToOctets("J"), {}, "57953cf169c4b09a523097ab814041ea");
    }
};

/// One published text under a cipher.
struct CipherVector
{
    const char* name;          ///< where it is published
    CipherAlgorithm algorithm; ///< the cipher
    const char* key;           ///< hexadecimal
    const char* iv;            ///< hexadecimal
    const char* plain;         ///< hexadecimal
    const char* cipher;        ///< hexadecimal
};

const CipherVector CIPHER_VECTORS[] = {
    {"FIPS 81, table C1",
     CipherAlgorithm::DesCbc,
     "0123456789abcdef",
     "1234567890abcdef",
     "4e6f77206973207468652074696d6520666f7220616c6c20",
     "e5c7cdde872bf27c43e934008c389c0f683788499a7c05f6"},
    {"OpenSSL's evpciph_des3_common.txt",
     CipherAlgorithm::TripleDesCbc,
     "0123456789abcdeff1e0d3c2b5a49786fedcba9876543210",
     "fedcba9876543210",
     "37363534333231204e6f77206973207468652074696d6520666f722000000000",
     "3fe301c962ac01d02213763c1cbd4cdc799657c064ecf5d41c673812cfde9675"},
    {"RFC 3602 4, case 2",
     CipherAlgorithm::AesCbc,
     "c286696d887c9aa0611bbb3e2025a45a",
     "562e17996d093d28ddb3ba695a2e6f58",
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f",
     "d296cd94c2cccf8a3a863028b5e1dc0a7586602d253cfff91b8266bea6d61ab1"},
    {"SP 800-38A F.2.3",
     CipherAlgorithm::AesCbc,
     "8e73b0f7da0e6452c810f32b809079e562f8ead2522c6b7b",
     "000102030405060708090a0b0c0d0e0f",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "4f021db243bc633d7178183a9fa071e8b4d9ada9ad7dedf4e5e738763f69145a"},
    {"SP 800-38A F.2.5",
     CipherAlgorithm::AesCbc,
     "603deb1015ca71be2b73aef0857d77811f352c073b6108d72d9810a30914dff4",
     "000102030405060708090a0b0c0d0e0f",
     "6bc1bee22e409f96e93d7e117393172aae2d8a571e03ac9c9eb76fac45af8e51",
     "f58c4c04d6e5f1ba779eabfb5f7bfbd69cfc4e967edb808d679f777bc6702c7d"},
    {"RFC 3686 6, test vector 1",
     CipherAlgorithm::AesCtr,
     "ae6852f8121067cc4bf7a5765577f39e00000030",
     "0000000000000000",
     "53696e676c6520626c6f636b206d7367",
     "e4095d4fb7a7b3792d6175a3261311b8"},
    {"RFC 3686 6, test vector 3",
     CipherAlgorithm::AesCtr,
     "7691be035e5020a8ac6e618529f9a0dc00e0017b",
     "27777f3f4a1786f0",
     "000102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20212223",
     "c1cf48a89f2ffdd9cf4652e9efdb72d74540a42bde6d7836d59a5ceaaef3105325b2072f"},
};

/// A known answer of a combined cipher.
struct CombinedVector
{
    const char* name;          ///< of its source
    CipherAlgorithm algorithm; ///< which
    const char* key;           ///< with salt
    const char* iv;            ///< IV
    const char* associated;    ///< authenticated alone
    const char* plain;         ///< text
    const char* sealed;        ///< text and ICV
};

const CombinedVector COMBINED_VECTORS[] = {
    {"GCM specification, test case 4",
     CipherAlgorithm::AesGcm16,
     "feffe9928665731c6d6a8f9467308308cafebabe",
     "facedbaddecaf888",
     "feedfacedeadbeeffeedfacedeadbeefabaddad2",
     "d9313225f88406e5a55909c5aff5269a86a7a9531534f7da2e4c303d8a318a72"
     "1c3c0c95956809532fcf0e2449a6b525b16aedf5aa0de657ba637b39",
     "42831ec2217774244b7221b784d0d49ce3aa212f2c02a4e035c17e2329aca12e"
     "21d514b25466931c7d8f6a5aac84aa051ba30b396a0aac973d58e091"
     "5bc94fbc3221a5db94fae95ae7121a47"},
    {"GCM specification, test case 1: nothing but the ICV",
     CipherAlgorithm::AesGmac,
     "0000000000000000000000000000000000000000",
     "0000000000000000",
     "",
     "",
     "58e2fccefa7e3061367f1d57a4e7455a"},
    {"RFC 8439 2.8.2",
     CipherAlgorithm::ChaCha20Poly1305,
     "808182838485868788898a8b8c8d8e8f909192939495969798999a9b9c9d9e9f07000000",
     "4041424344454647",
     "50515253c0c1c2c3c4c5c6c7",
     "4c616469657320616e642047656e746c656d656e206f662074686520636c6173"
     "73206f66202739393a204966204920636f756c64206f6666657220796f75206f"
     "6e6c79206f6e652074697020666f7220746865206675747572652c2073756e73"
     "637265656e20776f756c642062652069742e",
     "d31a8d34648e60db7b86afbc53ef7ec2a4aded51296e08fea9e2b5a736ee62d6"
     "3dbea45e8ca9671282fafb69da92728b1a71de0a9e060b2905d6a5b67ecd3b36"
     "92ddbd7f2d778b8c9803aee328091b58fab324e4fad675945585808b4831d7bc"
     "3ff4def08e4b7a9de576d26586cec64b61161ae10b594f09e26a7e902ecbd0600691"},
};

/// Combined ciphers both ways, and what they refuse.
class CombinedKnownAnswers : public CryptoTestCase
{
  public:
    CombinedKnownAnswers()
        : CryptoTestCase("combined ciphers give published answers, and take nothing else back")
    {
    }

  private:
    void DoRun() override
    {
        for (int turn = 0; turn < 2; turn++)
        {
            for (const CombinedVector& v : COMBINED_VECTORS)
            {
                Check(v);
            }
        }
        const CombinedVector& gcm = COMBINED_VECTORS[0];
        const Octets key = Hex(gcm.key);
        const Octets iv = Hex(gcm.iv);
        const Octets text = Hex(gcm.plain);
        const auto gmac = CipherAlgorithm::AesGmac;
        const Octets sealed = m_provider->Seal(gmac, key, iv, {}, text);
        NS_TEST_EXPECT_MSG_EQ(ToHex(Octets(sealed.begin(), sealed.end() - 16)),
                              gcm.plain,
                              "GMAC leaves the text as it is");
        NS_TEST_EXPECT_MSG_EQ(m_provider->Open(gmac, key, iv, {}, Octets(15)).has_value(),
                              false,
                              "shorter than an ICV");
        for (auto algorithm : {gmac, CipherAlgorithm::AesGcm16, CipherAlgorithm::ChaCha20Poly1305})
        {
            const bool isChaCha = algorithm == CipherAlgorithm::ChaCha20Poly1305;
            const Octets right(isChaCha ? 36 : 20);
            const auto seal = [&](const Octets& k, const Octets& v) {
                return Refuses([&] { m_provider->Seal(algorithm, k, v, {}, text); });
            };
            NS_TEST_EXPECT_MSG_EQ(seal(right, Octets(8)), false, ToString(algorithm));
            NS_TEST_EXPECT_MSG_EQ(seal(right, Octets(12)), true, "IV " << ToString(algorithm));
            NS_TEST_EXPECT_MSG_EQ(seal(Octets(16), Octets(8)), true, "key " << ToString(algorithm));
        }
        NS_TEST_EXPECT_MSG_EQ(
            Refuses([&] { m_provider->Seal(CipherAlgorithm::AesCbc, key, iv, {}, text); }),
            true,
            "CBC is not combined");
        NS_TEST_EXPECT_MSG_EQ(
            Refuses([&] { m_provider->Encrypt(CipherAlgorithm::AesGcm16, key, iv, text); }),
            true,
            "GCM without its ICV");
    }

    void Check(const CombinedVector& v)
    {
        const Octets key = Hex(v.key);
        const Octets iv = Hex(v.iv);
        const Octets associated = Hex(v.associated);
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(m_provider->Seal(v.algorithm, key, iv, associated, Hex(v.plain))),
            v.sealed,
            v.name);
        const auto open = [&](const Octets& a, const Octets& sealed) {
            const auto text = m_provider->Open(v.algorithm, key, iv, a, sealed);
            return text ? ToHex(*text) : "refused";
        };
        NS_TEST_EXPECT_MSG_EQ(open(associated, Hex(v.sealed)), v.plain, v.name);
        Octets other = Hex(v.sealed);
        other.front() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(open(associated, other), "refused", v.name << ": text");
        other = Hex(v.sealed);
        other.back() ^= 1;
        NS_TEST_EXPECT_MSG_EQ(open(associated, other), "refused", v.name << ": ICV");
        NS_TEST_EXPECT_MSG_EQ(open(Concat({associated, {0}}), Hex(v.sealed)),
                              "refused",
                              v.name << ": associated octets");
    }
};

/// The ICVs of ESP.
class MacKnownAnswers : public CryptoTestCase
{
  public:
    MacKnownAnswers()
        : CryptoTestCase("integrity algorithms give published answers")
    {
    }

  private:
    /// AES-XCBC over 0, 1, 2, ...
    struct Row
    {
        size_t length;        ///< of the message
        const char* expected; ///< ICV
    };

    void DoRun() override
    {
        // RFC 3566 4.1, test cases 1 to 6.
        const Row rows[] = {{0, "75f0251d528ac01c4573dfd5"},
                            {3, "5b376580ae2f19afe7219cee"},
                            {16, "d2a246fa349b68a79998a439"},
                            {20, "47f51b4564966215b8985c63"},
                            {32, "f54f0ec8d2b9f3d36807734b"},
                            {34, "becbb3bccdb518a30677d548"}};
        const Octets key = Counting(16, 0, 1);
        for (const Row& row : rows)
        {
            const Octets data = Counting(row.length, 0, 1);
            NS_TEST_EXPECT_MSG_EQ(ToHex(m_provider->Mac(IntegrityAlgorithm::AesXcbc96, key, data)),
                                  row.expected,
                                  row.length << " octets");
        }
        NS_TEST_EXPECT_MSG_EQ(
            Refuses([&] { m_provider->Mac(IntegrityAlgorithm::AesXcbc96, Octets(20), {}); }),
            true,
            "a key of another length");
        // RFC 4868 2.7.2.2 and 2.7.2.3, test case 2 of PRF-HMAC (RFC 4231 4.3), cut in the middle.
        const Octets jefe = ToOctets("Jefe");
        const Octets question = ToOctets("what do ya want for nothing?");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(m_provider->Mac(IntegrityAlgorithm::HmacSha384_192, jefe, question)),
            "af45d2e376484031617f78d2b58a6b1b9c7ef464f5a01b47",
            "SHA-384");
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(m_provider->Mac(IntegrityAlgorithm::HmacSha512_256, jefe, question)),
            "164b7a7bfcf819e2e395fbe73b56e0a387bd64222e831fd610270cd7ea250554",
            "SHA-512");
        NS_TEST_EXPECT_MSG_EQ(m_provider->Mac(IntegrityAlgorithm::None, {}, question).size(),
                              0,
                              "none");
    }
};

/// CBC and counter mode both ways.
class CipherKnownAnswers : public CryptoTestCase
{
  public:
    CipherKnownAnswers()
        : CryptoTestCase("ciphers give published answers, and take them back")
    {
    }

  private:
    void DoRun() override
    {
        for (int turn = 0; turn < 2; turn++)
        {
            for (const CipherVector& v : CIPHER_VECTORS)
            {
                Check(v);
            }
        }
        const Octets text = ToOctets("as it is");
        NS_TEST_EXPECT_MSG_EQ((m_provider->Encrypt(CipherAlgorithm::Null, {}, {}, text) == text),
                              true,
                              "Null changes nothing");
    }

    void Check(const CipherVector& v)
    {
        const Octets key = Hex(v.key);
        const Octets iv = Hex(v.iv);
        NS_TEST_EXPECT_MSG_EQ(ToHex(m_provider->Encrypt(v.algorithm, key, iv, Hex(v.plain))),
                              v.cipher,
                              v.name);
        NS_TEST_EXPECT_MSG_EQ(ToHex(m_provider->Decrypt(v.algorithm, key, iv, Hex(v.cipher))),
                              v.plain,
                              v.name);
    }
};

/// Keys, IVs, texts and jobs that do not fit.
class BadLengths : public CryptoTestCase
{
  public:
    BadLengths()
        : CryptoTestCase("lengths that do not fit throw")
    {
    }

  private:
    void DoRun() override
    {
        for (auto algorithm :
             {CipherAlgorithm::DesCbc, CipherAlgorithm::TripleDesCbc, CipherAlgorithm::AesCbc})
        {
            const unsigned key = KeyLengthOf(algorithm, 0);
            const unsigned block = BlockLengthOf(algorithm);
            ExpectThrows(algorithm, key + 1, block, block, true);
            ExpectThrows(algorithm, 0, block, block, true);
            ExpectThrows(algorithm, key, block - 1, block, true);
            ExpectThrows(algorithm, key, 0, block, true);
            ExpectThrows(algorithm, key, block, block + 1, true);
            ExpectThrows(algorithm, key, block, block, false);
            ExpectThrows(algorithm, key, block, 0, false);
        }
        ExpectThrows(CipherAlgorithm::AesCtr, 20, 8, 17, false);
        ExpectThrows(CipherAlgorithm::AesCtr, 16, 8, 17, true);
        ExpectThrows(CipherAlgorithm::AesCtr, 20, 16, 17, true);
        const DhJob noPrivate{DhGroup::Modp768, {}, {}};
        const DhJob noGroup{DhGroup::None, {1}, {}};
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] { m_provider->Run(noPrivate); }), true, "no private");
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] { m_provider->Run(noGroup); }), true, "no group");
    }

    void ExpectThrows(CipherAlgorithm a, unsigned key, unsigned iv, unsigned text, bool throws)
    {
        const Octets k(key);
        const Octets v(iv);
        const Octets t(text);
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] { m_provider->Encrypt(a, k, v, t); }),
                              throws,
                              ToString(a) << " encrypts " << key << " " << iv << " " << text);
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] { m_provider->Decrypt(a, k, v, t); }),
                              throws,
                              ToString(a) << " decrypts " << key << " " << iv << " " << text);
    }
};

/// Random values by label.
class KeyedRandomness : public CryptoTestCase
{
  public:
    KeyedRandomness()
        : CryptoTestCase("a random value depends on its label, all of it, and on nothing else")
    {
    }

  private:
    void DoRun() override
    {
        CheckFrozen();
        CheckFields();
        CheckBounds();
    }

    /// Computed in Python: if this changes, all golden transcripts do.
    void CheckFrozen()
    {
        const RandomKey key = TestKey();
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(KeyedRandom(*m_provider, key, TestLabel(), 40)),
            "9b88de8de5e8637b6619535292249565431e8687c2fcde88e3eb66967c1a825aa409046677452728",
            "the frozen value");
        auto other = MakeOpensslProvider();
        KeyedRandom(*other, key, RandomLabel{}, 100); // draws do not count
        NS_TEST_EXPECT_MSG_EQ((KeyedRandom(*other, key, TestLabel(), 40) ==
                               KeyedRandom(*m_provider, key, TestLabel(), 40)),
                              true,
                              "two providers differ");
        NS_TEST_EXPECT_MSG_EQ(KeyedRandomBelow(*m_provider, key, TestLabel(), 1000),
                              587,
                              "the frozen number");
        CheckBlocks(key);
    }

    void CheckBlocks(const RandomKey& key)
    {
        // FIPS 197, appendix C.1
        AesBlock fips{};
        AesBlock text{};
        for (uint8_t i = 0; i < 16; i++)
        {
            fips[i] = i;
            text[i] = static_cast<uint8_t>(i * 0x11);
        }
        const AesBlock series = KeyedSeries(*m_provider, key, TestLabel());
        NS_TEST_EXPECT_MSG_EQ(ToHex(Octets(series.begin(), series.end())),
                              "9b88de8de5e8637b6619535292249565",
                              "the key of a series");
        std::set<AesBlock> seen;
        for (uint64_t number = 1; number <= 3; number++)
        {
            seen.insert(KeyedBlock(*m_provider, series, number));
            const AesBlock known =
                m_provider->DrawBlock(fips, text); // a key changes back and forth
            NS_TEST_EXPECT_MSG_EQ(ToHex(Octets(known.begin(), known.end())),
                                  "69c4e0d86a7b0430d8cdb78070b4c55a",
                                  "FIPS 197 C.1");
            seen.insert(KeyedBlock(*m_provider, series, number));
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), 3, "a block is its number's, always");
    }

    void CheckFields()
    {
        std::vector<RandomLabel> labels(7, TestLabel());
        labels[1].purpose = RandomPurpose::Nonce;
        labels[2].peer = IpAddress::V4(0x0a000002);
        labels[3].peer = IpAddress();
        labels[4].context = ToOctets("cty");
        labels[5].counter = 8;
        labels[6].counter = uint64_t{7} << 32;
        // Octets that move from one field to the next.
        RandomLabel moved = TestLabel();
        moved.context.push_back(0);
        labels.push_back(moved);
        std::set<Octets> values;
        for (const RandomLabel& label : labels)
        {
            values.insert(KeyedRandom(*m_provider, TestKey(), label, 32));
        }
        RandomKey otherKey = TestKey();
        otherKey.octets[31] ^= 1;
        values.insert(KeyedRandom(*m_provider, otherKey, TestLabel(), 32));
        NS_TEST_EXPECT_MSG_EQ(values.size(), labels.size() + 1, "two labels share a value");
    }

    void CheckBounds()
    {
        const RandomKey key = TestKey();
        RandomLabel label = TestLabel();
        std::set<uint64_t> seen;
        for (label.counter = 0; label.counter < 100; label.counter++)
        {
            seen.insert(KeyedRandomBelow(*m_provider, key, label, 5));
        }
        NS_TEST_EXPECT_MSG_EQ((seen == std::set<uint64_t>{0, 1, 2, 3, 4}), true, "not 0 to 4");
        NS_TEST_EXPECT_MSG_EQ(KeyedRandom(*m_provider, key, label, 0).size(), 0, "no octets");
        NS_TEST_EXPECT_MSG_EQ(KeyedRandom(*m_provider, key, label, 33).size(), 33, "33 octets");
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] { KeyedRandomBelow(*m_provider, key, label, 0); }),
                              true,
                              "bound 0");
    }

    static RandomKey TestKey()
    {
        RandomKey key;
        for (unsigned i = 0; i < key.octets.size(); i++)
        {
            key.octets[i] = static_cast<uint8_t>(i);
        }
        return key;
    }

    static RandomLabel TestLabel()
    {
        return {RandomPurpose::Cookie, IpAddress::V4(0x0a000001), ToOctets("ctx"), 7};
    }
};

/// RFC 2409 5, 5.5 and Appendix B, with answers computed in Python.
class KeyExpansion : public CryptoTestCase
{
  public:
    KeyExpansion()
        : CryptoTestCase("RFC 2409: SKEYID, long keys, KEYMAT, IVs and the hashes of messages")
    {
    }

  private:
    const HashAlgorithm m_sha1 = HashAlgorithm::Sha1; ///< the prf
    const Octets m_key = Counting(20, 0);             ///< some SKEYID_x
    const Octets m_ni = ToOctets("ni-nonce");         ///< Ni_b
    const Octets m_nr = ToOctets("nr-nonce");         ///< Nr_b

    void DoRun() override
    {
        CheckSkeyid();
        CheckEncryptionKey();
        CheckKeymat();
        CheckHashes();
        CheckIvs();
    }

    void CheckSkeyid()
    {
        const SkeyidFamily keys = DeriveSkeyidPsk(*m_provider,
                                                  m_sha1,
                                                  ToOctets("psk"),
                                                  m_ni,
                                                  m_nr,
                                                  ToOctets("shared"),
                                                  ToOctets("cookie-i"),
                                                  ToOctets("cookie-r"));
        Expect(keys.skeyid, "29ab9405a71e35bbb2d06980df631d53d4c0e1c4");
        Expect(keys.d, "16ffd7b2737e180d54d1d3abb3d4f62f63608e61");
        Expect(keys.a, "92a56a1b70702c40718cf9494e1b5c292bfcb319");
        Expect(keys.e, "2b17601814c700eff26e7b1700924a2b99911850");
    }

    void CheckEncryptionKey()
    {
        const std::string expanded = "1e5fd6a5cbc98bd4c1fe20d5e5fb2ed1df330c93a33c043ca850a65fd7aea"
                                     "e177920debbed728c58ac1a6796";
        Expect(DeriveEncryptionKey(*m_provider, m_sha1, m_key, 44), expanded);
        Expect(DeriveEncryptionKey(*m_provider, m_sha1, m_key, 24), expanded.substr(0, 48));
        // Long enough as it is: not expanded, only cut.
        Expect(DeriveEncryptionKey(*m_provider, m_sha1, m_key, 20), ToHex(m_key));
        Expect(DeriveEncryptionKey(*m_provider, m_sha1, m_key, 16), ToHex(Counting(16, 0)));
        Expect(DeriveEncryptionKey(*m_provider, HashAlgorithm::Md5, Counting(16, 0), 32),
               "5d76401b50b90caee409473960c04a9614b5f3b70b892097525b06f252c61fbe");
    }

    void CheckKeymat()
    {
        const std::string plain =
            "68cb5e23639fa143e09ae11430eb4a80e8d666354b2b67934ce2ee7880a271e40"
            "65ad5b1ea567801a2b0cab3";
        Expect(Keymat({}, 44), plain);
        Expect(Keymat({}, 16), plain.substr(0, 32));
        Expect(
            Keymat(ToOctets("shared"), 44),
            "d4f7090a0c019c596b3aed89f92d695fc4aa9ae90dec6e35ca0714b31c098f672bdef135bfcb24468f2b"
            "7117");
    }

    Octets Keymat(const Octets& shared, unsigned length)
    {
        return DeriveKeymat(*m_provider, m_sha1, m_key, shared, 3, 0x11223344, m_ni, m_nr, length);
    }

    void CheckHashes()
    {
        const Octets rest = ToOctets("rest");
        const uint32_t id = 0xa1b2c3d4;
        Expect(ComputePhase1Hash(*m_provider,
                                 m_sha1,
                                 m_key,
                                 ToOctets("own-public"),
                                 ToOctets("other-public"),
                                 ToOctets("cookie-o"),
                                 ToOctets("cookie-t"),
                                 ToOctets("sa-body"),
                                 ToOctets("id-body")),
               "44d998a4ce76dee67a8cf271031e4be82ed49dc9");
        Expect(ComputeHash1(*m_provider, m_sha1, m_key, id, rest),
               "c013211ba8395a0c593c6c30783e4c40db7ae3e0");
        Expect(ComputeHash2(*m_provider, m_sha1, m_key, id, m_ni, rest),
               "f4a9b2ca554355e3780146d7b7b783c60ea190ab");
        Expect(ComputeHash3(*m_provider, m_sha1, m_key, id, m_ni, m_nr),
               "1e846f7a931190b546be8660df84bdeda1b4b2b2");
    }

    /// The IVs are the beginning of hash("abc"), however the text is cut into two.
    void CheckIvs()
    {
        const std::string digest = "a9993e364706816aba3e25717850c26c9cd0d89d";
        Expect(DerivePhase1Iv(*m_provider, m_sha1, ToOctets("a"), ToOctets("bc"), 16),
               digest.substr(0, 32));
        Expect(DerivePhase1Iv(*m_provider, m_sha1, ToOctets("ab"), ToOctets("c"), 8),
               digest.substr(0, 16));
        const Octets sum = m_provider->Hash(m_sha1, ToOctets("blockMSID"));
        Expect(DerivePhase2Iv(*m_provider, m_sha1, ToOctets("block"), 0x4d534944, 8),
               ToHex(sum).substr(0, 16));
        NS_TEST_EXPECT_MSG_EQ(
            Refuses([&] { DerivePhase1Iv(*m_provider, m_sha1, m_key, m_key, 21); }),
            true,
            "a block longer than the hash");
    }

    void Expect(const Octets& got, const std::string& expected)
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(got), expected, "wrong octets");
    }
};

/// What the meter counts.
class MeterCounts : public TestCase
{
  public:
    MeterCounts()
        : TestCase("the meter counts operations and octets, and changes no result")
    {
    }

  private:
    void DoRun() override
    {
        CryptoMeter meter(MakeOpensslProvider());
        NS_TEST_EXPECT_MSG_EQ(meter.GetName(), "openssl-3", "name");
        NS_TEST_EXPECT_MSG_EQ(Refuses([] { CryptoMeter empty(nullptr); }),
                              true,
                              "nothing to measure");
        Use(meter);
        const CryptoCounts& c = meter.Get();
        NS_TEST_EXPECT_MSG_EQ(c.hashes, 1, "hashes");
        NS_TEST_EXPECT_MSG_EQ(c.hashOctets, 3, "hashed");
        NS_TEST_EXPECT_MSG_EQ(c.hmacs, 3, "HMACs");
        NS_TEST_EXPECT_MSG_EQ(c.hmacOctets, 15, "octets under HMACs");
        NS_TEST_EXPECT_MSG_EQ(c.encryptions, 2, "encryptions; one that throws does not count");
        NS_TEST_EXPECT_MSG_EQ(c.encryptedOctets, 37, "encrypted");
        NS_TEST_EXPECT_MSG_EQ(c.decryptions, 3, "decryptions");
        NS_TEST_EXPECT_MSG_EQ(c.decryptedOctets, 57, "decrypted");
        CheckGroups(c);
    }

    void Use(CryptoMeter& meter)
    {
        const Octets key(16, 1);
        meter.Hash(HashAlgorithm::Md5, ToOctets("abc"));
        meter.Hmac(HashAlgorithm::Sha1, key, ToOctets("four"));
        meter.Hmac(HashAlgorithm::Sha256, key, ToOctets("fives"));
        meter.Encrypt(CipherAlgorithm::AesCbc, key, key, Octets(32));
        meter.Decrypt(CipherAlgorithm::AesCbc, key, key, Octets(16));
        const auto gcm = CipherAlgorithm::AesGcm16;
        const Octets sealed = meter.Seal(gcm, Octets(20), Octets(8), Octets(9), Octets(5));
        meter.Open(gcm, Octets(20), Octets(8), Octets(9), sealed);
        meter.Open(gcm, Octets(20), Octets(8), Octets(9), Octets(20));
        meter.Mac(IntegrityAlgorithm::AesXcbc96, key, Octets(6));
        meter.Mac(IntegrityAlgorithm::None, key, Octets(6));
        Refuses([&] { meter.Encrypt(CipherAlgorithm::AesCbc, key, key, Octets(31)); });
        const DhResult r = meter.Run({DhGroup::Ecp256, {5}, {}});
        meter.Run({DhGroup::Ecp256, {6}, r.publicValue});
        meter.Run({DhGroup::Ecp256, {6}, Octets(64)});
        const DhResult derived = meter.Run({DhGroup::Ecp256, {6}, r.publicValue, false});
        NS_TEST_EXPECT_MSG_EQ(derived.ok, true, "a derivation alone");
        NS_TEST_EXPECT_MSG_EQ(derived.publicValue.empty(), true, "without the public value");
        NS_TEST_EXPECT_MSG_EQ(derived.shared.size(), 32, "with the shared secret");
        meter.Run({DhGroup::Modp768, {5}, {}});
        NS_TEST_EXPECT_MSG_EQ(
            (r.publicValue == MakeOpensslProvider()->Run({DhGroup::Ecp256, {5}, {}}).publicValue),
            true,
            "the meter changes a result");
    }

    void CheckGroups(const CryptoCounts& c)
    {
        NS_TEST_ASSERT_MSG_EQ(c.dh.size(), 2, "groups");
        const DhCounts& ecp = c.dh.at(DhGroup::Ecp256);
        NS_TEST_EXPECT_MSG_EQ(ecp.keygens, 3, "keygens of ecp256");
        NS_TEST_EXPECT_MSG_EQ(ecp.derives, 3, "derives of ecp256");
        NS_TEST_EXPECT_MSG_EQ(ecp.refused, 1, "refused of ecp256");
        NS_TEST_EXPECT_MSG_EQ(c.dh.at(DhGroup::Modp768).keygens, 1, "keygens of modp768");
    }
};

/// Keys and octets, without any material from outside.
class IkeCryptoTestSuite : public TestSuite
{
  public:
    IkeCryptoTestSuite()
        : TestSuite("ike-crypto", Type::UNIT)
    {
        AddTestCase(new HashKnownAnswers, TestDuration::QUICK);
        AddTestCase(new HmacKnownAnswers, TestDuration::QUICK);
        AddTestCase(new CipherKnownAnswers, TestDuration::QUICK);
        AddTestCase(new CombinedKnownAnswers, TestDuration::QUICK);
        AddTestCase(new MacKnownAnswers, TestDuration::QUICK);
        AddTestCase(new BadLengths, TestDuration::QUICK);
        AddTestCase(new KeyedRandomness, TestDuration::QUICK);
        AddTestCase(new KeyExpansion, TestDuration::QUICK);
        AddTestCase(new MeterCounts, TestDuration::QUICK);
    }
};

IkeCryptoTestSuite g_ikeCryptoTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
