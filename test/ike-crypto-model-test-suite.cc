/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-fixture.h"

#include "ns3/test.h"

#include <functional>
#include <memory>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The provider "model": lengths as of the real one, and what a model must still notice.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A test case with both providers.
class ModelTestCase : public CryptoTestCase
{
  public:
    using CryptoTestCase::CryptoTestCase;

  protected:
    std::unique_ptr<CryptoProvider> m_model = MakeModelProvider(); ///< under test
};

/// Calls and their errors, with either provider.
class Lengths : public ModelTestCase
{
  public:
    Lengths()
        : ModelTestCase("all octets have the lengths of the real ones, all errors are the same")
    {
    }

  private:
    /// A result, or nothing for an error.
    using Call = std::function<std::optional<Octets>(CryptoProvider&)>;

    void DoRun() override
    {
        NS_TEST_EXPECT_MSG_EQ(m_model->GetName(), "model", "name");
        const Octets data(37, 1);
        for (int i = 0; i <= static_cast<int>(HashAlgorithm::Sha512); ++i)
        {
            const auto hash = static_cast<HashAlgorithm>(i);
            Compare(ToString(hash), [=](CryptoProvider& p) { return p.Hash(hash, data); });
            Compare("HMAC", [=](CryptoProvider& p) { return p.Hmac(hash, data, data); });
        }
        for (int i = 0; i <= static_cast<int>(IntegrityAlgorithm::AesXcbc96); ++i)
        {
            const auto mac = static_cast<IntegrityAlgorithm>(i);
            for (size_t length : {16, 20})
            {
                Compare(ToString(mac),
                        [=](CryptoProvider& p) { return p.Mac(mac, Octets(length), data); });
            }
        }
        for (int i = 0; i <= static_cast<int>(CipherAlgorithm::ChaCha20Poly1305); ++i)
        {
            CompareCipher(static_cast<CipherAlgorithm>(i));
        }
    }

    void CompareCipher(CipherAlgorithm cipher)
    {
        for (size_t keyLength : {0, 4, 8, 16, 20, 24, 28, 32, 36})
        {
            for (size_t ivLength : {0, 8, 16})
            {
                for (size_t length : {0, 15, 16, 48})
                {
                    const Octets key(keyLength, 3);
                    const Octets iv(ivLength, 4);
                    const Octets text(length, 5);
                    const std::string what = ToString(cipher) + " " + std::to_string(keyLength) +
                                             " " + std::to_string(ivLength) + " " +
                                             std::to_string(length);
                    if (!IsCombined(cipher))
                    {
                        Compare(what, [=](CryptoProvider& p) {
                            return p.Encrypt(cipher, key, iv, text);
                        });
                        continue;
                    }
                    Compare(what, [=](CryptoProvider& p) {
                        return p.Seal(cipher, key, iv, Octets(8), text);
                    });
                    Compare(what, [=](CryptoProvider& p) {
                        return p.Open(cipher, key, iv, Octets(8), text).value_or(Octets());
                    });
                }
            }
        }
    }

    /// The same length, or the same error. @param what for the message @param call to both
    void Compare(const std::string& what, const Call& call)
    {
        NS_TEST_EXPECT_MSG_EQ(LengthOf(*m_model, call), LengthOf(*m_provider, call), what);
    }

    /// @param provider to be called @param call it @return octets, or -1 for an error
    static int LengthOf(CryptoProvider& provider, const Call& call)
    {
        try
        {
            return static_cast<int>(call(provider)->size());
        }
        catch (const std::invalid_argument&)
        {
            return -1;
        }
    }
};

/// Diffie-Hellman between two ends.
class Agreement : public ModelTestCase
{
  public:
    Agreement()
        : ModelTestCase("two ends agree, and not with a third or about a changed value")
    {
    }

  private:
    void DoRun() override
    {
        for (unsigned number = 1; number <= static_cast<unsigned>(DhGroup::Ecp521); ++number)
        {
            const auto group = static_cast<DhGroup>(number);
            if (IsSupported(group))
            {
                Agree(group);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] {
                                  m_model->Run({DhGroup::None, {5}, {}});
                              }),
                              true,
                              "no group");
        NS_TEST_EXPECT_MSG_EQ(Refuses([&] {
                                  m_model->Run({DhGroup::Ecp256, {}, {}});
                              }),
                              true,
                              "no private value");
    }

    void Agree(DhGroup group)
    {
        const std::string what = ToString(group);
        const Octets a(PrivateLengthOf(group), 0xa5);
        const Octets b(PrivateLengthOf(group), 0x5a);
        const Octets c(PrivateLengthOf(group), 0x5b);
        const Octets toB = m_model->Run({group, a, {}}).publicValue;
        const DhResult atB = m_model->Run({group, b, toB});
        const DhResult atA = m_model->Run({group, a, atB.publicValue, false});
        const DhResult real =
            m_provider->Run({group, b, m_provider->Run({group, a, {}}).publicValue});
        NS_TEST_EXPECT_MSG_EQ((atA.ok && atB.ok), true, what);
        NS_TEST_EXPECT_MSG_EQ((atA.shared == atB.shared), true, what << ": the same");
        NS_TEST_EXPECT_MSG_EQ(atA.publicValue.size(), 0, what << ": not asked for");
        NS_TEST_EXPECT_MSG_EQ(atB.publicValue.size(), real.publicValue.size(), what);
        NS_TEST_EXPECT_MSG_EQ(atB.shared.size(), real.shared.size(), what);
        NS_TEST_EXPECT_MSG_EQ((m_model->Run({group, c, toB}).shared != atB.shared), true, what);
        for (size_t place : {size_t{9}, toB.size() / 2, toB.size() - 1})
        {
            Octets changed = toB;
            changed[place] ^= 0x20;
            const DhResult result = m_model->Run({group, b, changed});
            NS_TEST_EXPECT_MSG_EQ((!result.ok || result.shared != atB.shared), true, what);
        }
        for (const Octets& bad : {Octets(),
                                  Octets(7, 1),
                                  Octets(toB.size() - 1, 7),
                                  Octets(toB.size()),
                                  Octets(toB.size(), 0xff)})
        {
            NS_TEST_EXPECT_MSG_EQ(m_model->Run({group, b, bad}).ok, false, what);
            NS_TEST_EXPECT_MSG_EQ(m_provider->Run({group, b, bad}).ok, false, what);
        }
    }
};

/// Any change of any input changes the result.
class Sensitivity : public ModelTestCase
{
  public:
    Sensitivity()
        : ModelTestCase("a wrong key and a changed octet are noticed; keyed randomness is the same")
    {
    }

  private:
    void DoRun() override
    {
        const auto gcm = CipherAlgorithm::AesGcm16;
        const Octets key(20, 1);
        const Octets iv(8, 2);
        const Octets associated(8, 3);
        const Octets text(40, 4);
        const Octets sealed = m_model->Seal(gcm, key, iv, associated, text);
        NS_TEST_EXPECT_MSG_EQ((m_model->Open(gcm, key, iv, associated, sealed) == text),
                              true,
                              "opened");
        for (size_t bit = 0; bit < sealed.size() * 8; ++bit)
        {
            Octets changed = sealed;
            changed[bit / 8] ^= static_cast<uint8_t>(1 << bit % 8);
            NS_TEST_EXPECT_MSG_EQ(m_model->Open(gcm, key, iv, associated, changed).has_value(),
                                  false,
                                  "bit " << bit);
        }
        NS_TEST_EXPECT_MSG_EQ(m_model->Open(gcm, Octets(20, 9), iv, associated, sealed).has_value(),
                              false,
                              "another key");
        const Octets block(16, 7);
        const auto cbc = CipherAlgorithm::AesCbc;
        const Octets secret = m_model->Encrypt(cbc, block, block, Octets(32, 4));
        NS_TEST_EXPECT_MSG_EQ((m_model->Decrypt(cbc, block, block, secret) == Octets(32, 4)),
                              true,
                              "there and back");
        NS_TEST_EXPECT_MSG_EQ(
            (m_model->Decrypt(cbc, Octets(16, 8), block, secret) == Octets(32, 4)),
            false,
            "another key");
        const auto sha1 = HashAlgorithm::Sha1;
        std::vector<Octets> all{m_model->Hmac(sha1, {}, {}),
                                m_model->Hmac(sha1, {0}, {}),
                                m_model->Hmac(sha1, {}, {0}),
                                m_model->Hmac(sha1, {0, 0}, {}),
                                m_model->Hmac(sha1, {1}, {2}),
                                m_model->Hmac(sha1, {2}, {1}),
                                m_model->Hash(sha1, {}),
                                m_model->Hash(sha1, {0}),
                                m_model->Hash(sha1, Octets(8)),
                                m_model->Hash(sha1, Octets(9))};
        for (size_t i = 0; i < all.size(); ++i)
        {
            for (size_t j = 0; j < i; ++j)
            {
                NS_TEST_EXPECT_MSG_EQ((all[i] == all[j]), false, i << " and " << j);
            }
        }
        NS_TEST_EXPECT_MSG_EQ((m_model->Draw(key, text) == m_provider->Draw(key, text)),
                              true,
                              "keyed randomness");
        const AesBlock zero{};
        NS_TEST_EXPECT_MSG_EQ((m_model->DrawBlock(zero, zero) == m_provider->DrawBlock(zero, zero)),
                              true,
                              "keyed blocks");
    }
};

/// The provider "model".
class IkeCryptoModelTestSuite : public TestSuite
{
  public:
    IkeCryptoModelTestSuite()
        : TestSuite("ike-crypto-model", Type::UNIT)
    {
        AddTestCase(new Lengths, TestDuration::QUICK);
        AddTestCase(new Agreement, TestDuration::QUICK);
        AddTestCase(new Sensitivity, TestDuration::QUICK);
    }
};

IkeCryptoModelTestSuite g_ikeCryptoModelTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
