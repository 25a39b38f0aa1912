/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-fixture.h"

#include <thread>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

const std::vector<DhGroup> ALL_GROUPS = {DhGroup::Modp768,
                                         DhGroup::Modp1024,
                                         DhGroup::Modp1536,
                                         DhGroup::Modp2048,
                                         DhGroup::Modp3072,
                                         DhGroup::Modp4096,
                                         DhGroup::Ecp256,
                                         DhGroup::Ecp384,
                                         DhGroup::Ecp521};

bool
IsEcp(DhGroup group)
{
    return group >= DhGroup::Ecp256;
}

/// A private value below the order of the group.
Octets
PrivateValue(DhGroup group, unsigned first)
{
    Octets out = Counting(PrivateLengthOf(group), first);
    if (group == DhGroup::Ecp521)
    {
        out[0] = 0; // 66 octets are more than 521 bits
    }
    return out;
}

/// What two ends agree on, as SHA-256 over both public values and the shared secret.
struct GroupAnswer
{
    DhGroup group;      ///< the group
    const char* digest; ///< hexadecimal
};

/// Computed in Python: MODP with its integers, ECP with another library's ECDH.
const GroupAnswer GROUP_ANSWERS[] = {
    {DhGroup::Modp768, "2fe54f40f78108f7527d97927739b06c861ab76774d3f5b143bb67b93750e94d"},
    {DhGroup::Modp1024, "a35bca1b07f536b8529784a3ab3f0b78c6cfdc4f7dbf87c80c624f9c30d58e2e"},
    {DhGroup::Modp1536, "98c9874f45bce9860f63ee7674d3d381bb0ff4220571b042c34a972a0150be81"},
    {DhGroup::Modp2048, "597c82cd94f2d801d3a4ac6f6d2b7ebef0c1b15d86e58949c569a0a604197f26"},
    {DhGroup::Modp3072, "3dafc7819e298329fc519721d7cb9ad83e7153cdb22276e99dca3dd680ee7550"},
    {DhGroup::Modp4096, "0e73b72fd85c06e33a7f6928b3f0ccd2206e2e28109edc30c54f4e1bd0f217c0"},
    {DhGroup::Ecp256, "84a5c4e28cc933398cefd287d81de035afbbb72ab4acbe676c207ffad464b16d"},
    {DhGroup::Ecp384, "7cc1aba4309832e6fa74df4152449cb81026fe31e522566be3bffd955fd95b42"},
    {DhGroup::Ecp521, "40b57e2d113f3a86379b261d7417bc738aab0c97ff8a8ffc1157c58c6aac1d49"},
};

/// Two ends with fixed private values, in every group.
class DhAgreement : public CryptoTestCase
{
  public:
    DhAgreement()
        : CryptoTestCase("both ends of every group agree on the known secret")
    {
    }

  private:
    void DoRun() override
    {
        unsigned ran = 0;
        for (const GroupAnswer& answer : GROUP_ANSWERS)
        {
            Check(answer);
            ran++;
        }
        NS_TEST_EXPECT_MSG_EQ(ran, ALL_GROUPS.size(), "a group is missing");
    }

    void Check(const GroupAnswer& answer)
    {
        const std::string name = ToString(answer.group);
        DhJob a{answer.group, PrivateValue(answer.group, 1), {}};
        DhJob b{answer.group, PrivateValue(answer.group, 101), {}};
        const DhResult publicA = m_provider->Run(a);
        const DhResult publicB = m_provider->Run(b);
        NS_TEST_ASSERT_MSG_EQ((publicA.ok && publicB.ok), true, name << " does not begin");
        NS_TEST_EXPECT_MSG_EQ(publicA.shared.empty(), true, name << " shares with nobody");
        a.peer = publicB.publicValue;
        b.peer = publicA.publicValue;
        const DhResult endA = m_provider->Run(a);
        const DhResult endB = m_provider->Run(b);
        NS_TEST_ASSERT_MSG_EQ((endA.ok && endB.ok), true, name << " does not end");
        NS_TEST_EXPECT_MSG_EQ(ToHex(endA.shared), ToHex(endB.shared), name << " disagrees");
        NS_TEST_EXPECT_MSG_EQ((endA.publicValue == publicA.publicValue), true, name);
        NS_TEST_EXPECT_MSG_EQ(endA.publicValue.size(), PublicLengthOf(answer.group), name);
        NS_TEST_EXPECT_MSG_EQ(
            ToHex(m_provider->Hash(HashAlgorithm::Sha256,
                                   Concat({endA.publicValue, endB.publicValue, endA.shared}))),
            answer.digest,
            name << " differs from another implementation");
    }
};

/// The first private value, counting from 1, whose result in one group begins with a zero octet.
class DhPadding : public CryptoTestCase
{
  public:
    DhPadding()
        : CryptoTestCase("public values and secrets keep their leading zeros")
    {
    }

  private:
    void DoRun() override
    {
        Check(DhGroup::Modp768);
        Check(DhGroup::Ecp256);
    }

    void Check(DhGroup group)
    {
        const Octets peer = m_provider->Run({group, Octets(31, 7), {}}).publicValue;
        bool sawPublic = false;
        bool sawShared = false;
        for (unsigned i = 1; i < 4000 && !(sawPublic && sawShared); i++)
        {
            Octets x(PrivateLengthOf(group), 0x55);
            x[30] = static_cast<uint8_t>(i >> 8);
            x[31] = static_cast<uint8_t>(i);
            const DhResult r = m_provider->Run({group, x, peer});
            const unsigned shared = PublicLengthOf(group) / (IsEcp(group) ? 2 : 1);
            NS_TEST_ASSERT_MSG_EQ(r.publicValue.size(), PublicLengthOf(group), "public");
            NS_TEST_ASSERT_MSG_EQ(r.shared.size(), shared, "shared");
            sawPublic = sawPublic || r.publicValue[0] == 0;
            sawShared = sawShared || r.shared[0] == 0;
        }
        NS_TEST_EXPECT_MSG_EQ((sawPublic && sawShared), true, "no result began with zero");
    }
};

/// Public values that no honest peer sends.
class DhBadPeers : public CryptoTestCase
{
  public:
    DhBadPeers()
        : CryptoTestCase(
              "public values out of range, off the curve or of a wrong length are refused")
    {
    }

  private:
    void DoRun() override
    {
        for (DhGroup group : ALL_GROUPS)
        {
            CheckLengths(group);
            if (IsEcp(group))
            {
                CheckCurve(group);
            }
            else
            {
                CheckRange(group);
            }
        }
    }

    DhResult RunWith(DhGroup group, const Octets& peer)
    {
        return m_provider->Run({group, PrivateValue(group, 1), peer});
    }

    void Expect(DhGroup group, const Octets& peer, bool ok, const std::string& what)
    {
        const DhResult r = RunWith(group, peer);
        NS_TEST_EXPECT_MSG_EQ(r.ok, ok, ToString(group) << ": " << what);
        NS_TEST_EXPECT_MSG_EQ(r.shared.empty(), !ok, ToString(group) << ": " << what);
    }

    void CheckLengths(DhGroup group)
    {
        const Octets good = m_provider->Run({group, PrivateValue(group, 3), {}}).publicValue;
        Octets shorter(good.begin(), good.end() - 1);
        Expect(group, good, true, "a good value");
        Expect(group, shorter, false, "an octet missing");
        Expect(group, Concat({good, {0}}), false, "an octet too many at the end");
        Expect(group, Concat({{0}, good}), false, "an octet too many before");
        Expect(group, Concat({{4}, good}), false, "with the prefix of an uncompressed point");
        Expect(group, {}, false, "empty");
        Expect(group, {0}, false, "a lone zero, which is infinity");
        Expect(group, Octets(good.size(), 0), false, "all zero");
        Expect(group, Octets(good.size(), 0xff), false, "all ones");
    }

    /// The prime of a group, from the octets that we find with p - 2: the last value accepted.
    void CheckRange(DhGroup group)
    {
        const Octets prime = PrimeOf(group);
        Octets number(prime.size(), 0);
        number.back() = 1;
        Expect(group, number, false, "1");
        number.back() = 2;
        Expect(group, number, true, "2");
        Expect(group, prime, false, "p");
        number = prime; // odd, so the last octet does not borrow
        number.back() -= 1;
        Expect(group, number, false, "p - 1");
        number.back() -= 1;
        Expect(group, number, true, "p - 2");
    }

    /// All of these primes begin and end with 64 ones; 2^(length * 8 - 1) doubled, by g * g^(n-1),
    /// wraps around to 2^n - p, so the prime is 2^n minus the value that 2^n has in the group.
    Octets PrimeOf(DhGroup group)
    {
        const unsigned length = PublicLengthOf(group);
        const unsigned bits = length * 8;
        const Octets x = {static_cast<uint8_t>(bits >> 8), static_cast<uint8_t>(bits)};
        Octets prime = m_provider->Run({group, x, {}}).publicValue; // 2^n mod p = 2^n - p
        unsigned carry = 1;
        for (unsigned i = length; i-- > 0;)
        {
            carry += static_cast<uint8_t>(~prime[i]);
            prime[i] = static_cast<uint8_t>(carry);
            carry >>= 8;
        }
        return prime;
    }

    void CheckCurve(DhGroup group)
    {
        const Octets good = m_provider->Run({group, PrivateValue(group, 5), {}}).publicValue;
        for (size_t where : {good.size() / 2 - 1, good.size() - 1})
        {
            Octets off = good;
            off[where] ^= 1;
            Expect(group, off, false, "a coordinate changed by one");
        }
        const size_t half = good.size() / 2;
        Octets swapped(good.begin() + half, good.end());
        Append(swapped, Octets(good.begin(), good.begin() + half));
        Expect(group, swapped, false, "coordinates swapped");
    }
};

/// What is computed in variable time is what takes constant time.
class DhTimings : public CryptoTestCase
{
  public:
    DhTimings()
        : CryptoTestCase("secrets do not depend on how long they take")
    {
    }

  private:
    void DoRun() override
    {
        const auto constant = MakeOpensslProvider(DhTiming::Constant);
        const auto variable = MakeOpensslProvider(DhTiming::Variable);
        for (DhGroup group : ALL_GROUPS)
        {
            const DhJob job{group,
                            PrivateValue(group, 4),
                            constant->Run({group, PrivateValue(group, 5), {}}).publicValue};
            const DhResult result = constant->Run(job);
            NS_TEST_EXPECT_MSG_EQ(result.ok, true, ToString(group));
            NS_TEST_EXPECT_MSG_EQ((result.shared == variable->Run(job).shared),
                                  true,
                                  ToString(group));
        }
    }
};

/// Private values that are no number of the group.
class DhPrivateRange : public CryptoTestCase
{
  public:
    DhPrivateRange()
        : CryptoTestCase("private values out of range give a key, always the same")
    {
    }

  private:
    void DoRun() override
    {
        for (DhGroup group : ALL_GROUPS)
        {
            for (uint8_t fill : {uint8_t{0}, uint8_t{0xff}})
            {
                Check({group, Octets(PrivateLengthOf(group), fill), {}});
            }
        }
        // n of P-256 (SP 800-186): n, n - 1 + 0 and n + 5 are brought into [1, n), n - 1 is not.
        const std::string n = "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc6325";
        CheckP256(n + "51", "02");
        CheckP256(n + "56", "07");
        CheckP256("00", "01");
        CheckDistinct(n + "50", "01"); // its x is that of 1, its y is not
    }

    void Check(const DhJob& job)
    {
        const DhResult first = m_provider->Run(job);
        const DhResult again = MakeOpensslProvider()->Run(job);
        NS_TEST_EXPECT_MSG_EQ(first.ok, true, ToString(job.group));
        NS_TEST_EXPECT_MSG_EQ(first.publicValue.size(), PublicLengthOf(job.group), "length");
        NS_TEST_EXPECT_MSG_EQ((first.publicValue == again.publicValue), true, "not the same");
        NS_TEST_EXPECT_MSG_EQ(m_provider->Run({job.group, {3}, first.publicValue}).ok,
                              true,
                              ToString(job.group) << ": a peer would refuse it");
    }

    std::string PublicP256(const std::string& x)
    {
        return ToHex(m_provider->Run({DhGroup::Ecp256, Hex(x), {}}).publicValue);
    }

    void CheckP256(const std::string& x, const std::string& sameAs)
    {
        NS_TEST_EXPECT_MSG_EQ(PublicP256(x), PublicP256(sameAs), x);
    }

    void CheckDistinct(const std::string& x, const std::string& other)
    {
        NS_TEST_EXPECT_MSG_EQ(PublicP256(x).substr(0, 64), PublicP256(other).substr(0, 64), x);
        NS_TEST_EXPECT_MSG_NE(PublicP256(x), PublicP256(other), x);
    }
};

/// The table of a group against plain exponentiation.
class DhTable : public CryptoTestCase
{
  public:
    DhTable()
        : CryptoTestCase("a long private value gives what the table gives")
    {
    }

  private:
    void DoRun() override
    {
        for (DhGroup group : {DhGroup::Modp768, DhGroup::Modp2048, DhGroup::Modp3072})
        {
            // y^x for y = 2 does not use the table: it has to be the public value.
            Octets two(PublicLengthOf(group), 0);
            two.back() = 2;
            for (unsigned first : {1U, 77U, 200U})
            {
                const DhResult r = m_provider->Run({group, PrivateValue(group, first), two});
                NS_TEST_EXPECT_MSG_EQ(ToHex(r.publicValue), ToHex(r.shared), ToString(group));
            }
            // Sparse ones: rows of zeros are left out.
            for (const char* x : {"01", "0100", "8000000000000000", "00ff00ff00"})
            {
                const DhResult r = m_provider->Run({group, Hex(x), two});
                NS_TEST_EXPECT_MSG_EQ(ToHex(r.publicValue), ToHex(r.shared), x);
            }
            // Longer than any row: not by table either.
            const Octets longer(PublicLengthOf(group) - 1, 0x5a);
            const DhResult r = m_provider->Run({group, longer, two});
            NS_TEST_EXPECT_MSG_EQ(ToHex(r.publicValue), ToHex(r.shared), "long");
        }
    }
};

/// Providers of two threads that build and use the same groups.
class DhThreads : public TestCase
{
  public:
    DhThreads()
        : TestCase("providers of several threads give equal octets")
    {
    }

  private:
    void DoRun() override
    {
        std::vector<Octets> results(4);
        std::vector<std::thread> threads;
        for (Octets& result : results)
        {
            threads.emplace_back([&result] { result = Everything(); });
        }
        for (std::thread& thread : threads)
        {
            thread.join();
        }
        for (const Octets& result : results)
        {
            NS_TEST_EXPECT_MSG_EQ((result == results[0]), true, "threads differ");
        }
        NS_TEST_EXPECT_MSG_EQ((Everything() == results[0]), true, "the main thread differs");
    }

    static Octets Everything()
    {
        auto provider = MakeOpensslProvider();
        Octets all;
        for (DhGroup group : ALL_GROUPS)
        {
            DhJob job{group, PrivateValue(group, 9), {}};
            job.peer = provider->Run(job).publicValue;
            Append(all, provider->Run(job).shared);
        }
        Append(all, provider->Hmac(HashAlgorithm::Sha256, {1}, all));
        return all;
    }
};

/// Diffie-Hellman in all groups, without any material from outside.
class IkeCryptoDhTestSuite : public TestSuite
{
  public:
    IkeCryptoDhTestSuite()
        : TestSuite("ike-crypto-dh", Type::UNIT)
    {
        AddTestCase(new DhThreads,
                    TestDuration::QUICK); // first: it wants groups that are not built
        AddTestCase(new DhAgreement, TestDuration::QUICK);
        AddTestCase(new DhPadding, TestDuration::QUICK);
        AddTestCase(new DhBadPeers, TestDuration::QUICK);
        AddTestCase(new DhPrivateRange, TestDuration::QUICK);
        AddTestCase(new DhTable, TestDuration::QUICK);
        AddTestCase(new DhTimings, TestDuration::QUICK);
    }
};

IkeCryptoDhTestSuite g_ikeCryptoDhTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
