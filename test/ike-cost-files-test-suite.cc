/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-cost-files.h"
#include "ns3/ike-crypto-meter.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <memory>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Profiles of costs: files, what is wrong with them, and what a meter makes of them.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// A small profile.
const std::string SMALL = R"(name: small
message_ns: 1000
hmac:
  sha1: {call_ns: 200, octet_ns: 1.5}
cipher:
  aes-gcm-16: {octet_ns: 0.001}
dh:
  modp2048: {keygen_ns: 7, derive_ns: 30}
rsa: {sign_ns: 800, verify_ns: 400}
)";

/// What is read is what is written.
class ReadingTestCase : public TestCase
{
  public:
    ReadingTestCase()
        : TestCase("a profile is read, written, and read again")
    {
    }

  private:
    void DoRun() override
    {
        const CryptoCosts costs = ParseCosts(SMALL, "small.yaml");
        NS_TEST_EXPECT_MSG_EQ(costs.name, "small", "name");
        NS_TEST_EXPECT_MSG_EQ(costs.message, 1000, "message");
        NS_TEST_EXPECT_MSG_EQ(costs.packet, 0, "what is not said is free");
        NS_TEST_EXPECT_MSG_EQ(costs.OfHmac(HashAlgorithm::Sha1, 101), 200 + 152, "rounded");
        NS_TEST_EXPECT_MSG_EQ(costs.OfMac(IntegrityAlgorithm::HmacSha1_96, 0), 200, "a MAC");
        NS_TEST_EXPECT_MSG_EQ(costs.OfMac(IntegrityAlgorithm::None, 100), 0, "none");
        NS_TEST_EXPECT_MSG_EQ(costs.OfCipher(CipherAlgorithm::AesGcm16, 2000), 2, "a cipher");
        NS_TEST_EXPECT_MSG_EQ(costs.OfDh(DhGroup::Modp2048, true, true), 37, "both");
        NS_TEST_EXPECT_MSG_EQ(costs.OfDh(DhGroup::Modp1024, true, true), 0, "another group");
        NS_TEST_EXPECT_MSG_EQ(costs.OfSignature(128), 100, "half as long: an eighth");
        NS_TEST_EXPECT_MSG_EQ(costs.OfVerification(512), 1600, "twice as long: four times");
        NS_TEST_EXPECT_MSG_EQ(costs.OfSignature(1 << 30), 800 * 512, "what nobody has");
        const std::string written = WriteCosts(costs, "a comment\nof two lines");
        NS_TEST_EXPECT_MSG_EQ(written.find("# a comment\n# of two lines\nname: small\n"),
                              0,
                              written);
        NS_TEST_EXPECT_MSG_EQ(WriteCosts(ParseCosts(written, "again")),
                              WriteCosts(costs),
                              "the same");
        NS_TEST_EXPECT_MSG_EQ(CryptoCosts().IsIdeal(), true, "as it is made");
        NS_TEST_EXPECT_MSG_EQ(costs.IsIdeal(), false, "something costs");
        NS_TEST_EXPECT_MSG_EQ(ParseCosts("name: x\ndh: {modp768: {}}\n", "x").IsIdeal(),
                              true,
                              "nothing does");
    }
};

/// Every error says where, what and what instead.
class ErrorsTestCase : public TestCase
{
  public:
    ErrorsTestCase()
        : TestCase("what is wrong with a profile")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::pair<std::string, std::string>> cases{
            {"mesage_ns: 1\nname: x\n",
             "c.yaml:1:1: unknown key 'mesage_ns'; expected name, description, message_ns, "
             "packet_ns, hash, hmac, cipher, dh, rsa or chain_ns (did you mean 'message_ns'?)"},
            {"message_ns: 1\n",
             "c.yaml:1:1: profile of costs: key 'name' is missing; expected 'name:'"},
            {"name: x\npacket_ns: -1\n",
             "c.yaml:2:12: packet_ns: '-1' is no cost; expected nanoseconds, from 0 to "
             "60000000000"},
            {"name: x\npacket_ns: 1e99\n", "c.yaml:2:12:"},
            {"name: x\npacket_ns: 60000000001\n",
             "c.yaml:2:12: packet_ns: '60000000001' is no cost"},
            {"name: x\ndh:\n  modp1025: {keygen_ns: 1}\n", "c.yaml:3:3: unknown key 'modp1025'"},
            {"name: x\ndh:\n  modp1024: {sign_ns: 1}\n", "c.yaml:3:14: unknown key 'sign_ns'"},
            {"name: x\nhash:\n  aes-xcbc: {}\n", "c.yaml:3:3: unknown key 'aes-xcbc'"},
            {"name: x\nhash: [1]\n", "c.yaml:2:7:"},
            {"name: x\nname: y\n", "c.yaml:2:1:"},
            {"name: {", "c.yaml:"},
            {"", "c.yaml:"},
        };
        for (const auto& [text, expected] : cases)
        {
            std::string message = "no error";
            try
            {
                ParseCosts(text, "c.yaml");
            }
            catch (const ScenarioError& e)
            {
                message = e.what();
            }
            NS_TEST_EXPECT_MSG_EQ(message.substr(0, expected.size()), expected, message);
        }
    }
};

/// The smallest scenario with a router. @param more of it @return it
std::string
Tiny(const std::string& more)
{
    return "version: 1\nname: tiny\ntitle: Tiny\nduration: 1 s\n" + more;
}

/// Names in scenarios.
class ScenarioTestCase : public TestCase
{
  public:
    ScenarioTestCase()
        : TestCase("costs, cores and crypto in a scenario")
    {
    }

  private:
    void DoRun() override
    {
        const std::string routers = "routers:\n  A: {config: hostname A}\n"
                                    "  B: {config: hostname B, costs: accelerator, cores: 4}\n"
                                    "  C: {config: hostname C, costs: none}\n";
        const Scenario plain = Expand(Tiny(routers));
        NS_TEST_EXPECT_MSG_EQ(plain.routers[0].costs, nullptr, "ideal");
        NS_TEST_EXPECT_MSG_EQ(plain.routers[1].costs->name, "accelerator", "its own");
        NS_TEST_EXPECT_MSG_EQ((plain.crypto == ProviderKind::Openssl), true, "real");
        const Scenario all =
            Expand(Tiny(routers + "costs: software-2005\ncores: 2\ncrypto: model\n"));
        NS_TEST_EXPECT_MSG_EQ(all.routers[0].costs->name, "software-2005", "that of all");
        NS_TEST_EXPECT_MSG_EQ(all.routers[0].cores, 2, "those of all");
        NS_TEST_EXPECT_MSG_EQ(all.routers[1].costs->name, "accelerator", "its own");
        NS_TEST_EXPECT_MSG_EQ(all.routers[1].cores, 4, "its own");
        NS_TEST_EXPECT_MSG_EQ(all.routers[2].costs, nullptr, "its own, none");
        NS_TEST_EXPECT_MSG_EQ((all.crypto == ProviderKind::Model), true, "a model");
        NS_TEST_EXPECT_MSG_NE(all.GetHash(), plain.GetHash(), "another scenario");
        CheckError("costs: hardware\n",
                   "t.yaml:5:8: there is no profile of costs 'hardware'; expected a file, or "
                   "ideal, accelerator or software-2005");
        CheckError("cores: 0\n", "t.yaml:5:8: cores: '0' cores; expected 1 to 1024");
        CheckError("crypto: modell\n", "t.yaml:5:9:");
        CheckError("routers:\n  A: {config: hostname A, cost: ideal}\n",
                   "t.yaml:6:27: unknown key 'cost'");
    }

    static Scenario Expand(const std::string& text)
    {
        return ScenarioFile::Parse(text, "t.yaml").Expand();
    }

    void CheckError(const std::string& more, const std::string& expected)
    {
        std::string message = "no error";
        try
        {
            Expand(Tiny(more));
        }
        catch (const ScenarioError& e)
        {
            message = e.what();
        }
        NS_TEST_EXPECT_MSG_EQ(message.substr(0, expected.size()), expected, message);
    }
};

/// The meter reckons by the costs.
class SpendingTestCase : public TestCase
{
  public:
    SpendingTestCase()
        : TestCase("a meter says what was spent, and on what")
    {
    }

  private:
    void DoRun() override
    {
        CryptoMeter meter(MakeOpensslProvider());
        meter.Hmac(HashAlgorithm::Sha1, Octets(20), Octets(100));
        NS_TEST_EXPECT_MSG_EQ(meter.GetSpent().Total(), 0, "without costs");
        CryptoCosts costs = ParseCosts(SMALL, "small");
        costs.hashes[static_cast<size_t>(HashAlgorithm::Md5)] = {5, 0};
        costs.xcbc = {6, 0};
        meter.SetCosts(std::make_shared<const CryptoCosts>(costs));
        meter.Hmac(HashAlgorithm::Sha1, Octets(20), Octets(100));
        meter.Hash(HashAlgorithm::Md5, Octets(100));
        meter.Mac(IntegrityAlgorithm::AesXcbc96, Octets(16), Octets(100));
        meter.Mac(IntegrityAlgorithm::None, {}, Octets(100));
        NS_TEST_EXPECT_MSG_EQ(meter.GetSpent()[CpuWork::Prf], 350 + 5 + 6, "prf");
        meter.Draw(Octets(32), Octets(10));
        meter.DrawBlock({}, {});
        NS_TEST_EXPECT_MSG_EQ(meter.GetSpent().Total(), 361, "randomness is free");
        const auto gcm = CipherAlgorithm::AesGcm16;
        const Octets sealed = meter.Seal(gcm, Octets(20), Octets(8), {}, Octets(3000));
        meter.Open(gcm, Octets(20), Octets(8), {}, sealed);
        NS_TEST_EXPECT_MSG_EQ(meter.GetSpent()[CpuWork::Cipher], 6, "both ways");
        meter.Run({DhGroup::Modp2048, Octets(32, 5), {}});
        NS_TEST_EXPECT_MSG_EQ(meter.GetSpent()[CpuWork::Dh], 7, "a public value");
        meter.Note({DhGroup::Modp2048, Octets(32, 5), Octets(256, 3)}, {});
        NS_TEST_EXPECT_MSG_EQ(meter.GetSpent()[CpuWork::Dh], 44, "what another one did");
        NS_TEST_EXPECT_MSG_EQ(meter.Get().dh.at(DhGroup::Modp2048).derives, 1, "is counted");
    }
};

/// Profiles of costs.
class IkeCostFilesTestSuite : public TestSuite
{
  public:
    IkeCostFilesTestSuite()
        : TestSuite("ike-cost-files", Type::UNIT)
    {
        AddTestCase(new ReadingTestCase, TestDuration::QUICK);
        AddTestCase(new ErrorsTestCase, TestDuration::QUICK);
        AddTestCase(new ScenarioTestCase, TestDuration::QUICK);
        AddTestCase(new SpendingTestCase, TestDuration::QUICK);
    }
};

IkeCostFilesTestSuite g_ikeCostFilesTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
