/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ipsec-plane-fixture.h"

#include "ns3/ipsec-manual-sa.h"
#include "ns3/test.h"

#include <functional>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// AES and SHA-1 between two sites.
ManualSaParameters
MakeParameters()
{
    ManualSaParameters p;
    p.connection = TUNNEL;
    p.local = LEFT;
    p.remote = RIGHT;
    p.localTraffic = IpPrefix{LEFT_HOST, 24};
    p.remoteTraffic = IpPrefix{RIGHT_HOST, 24};
    p.localTraffic.protocol = 17;
    p.cipher = CipherAlgorithm::AesCbc;
    p.keyBits = 256;
    p.integrity = IntegrityAlgorithm::HmacSha1_96;
    p.inbound = ManualKeys{256, Pattern(32, 1), Pattern(20, 2)};
    p.outbound = ManualKeys{0xffffffff, Pattern(40, 3), Pattern(64, 4)};
    return p;
}

/// What is made of configured values.
class ManualSaTestCase : public TestCase
{
  public:
    ManualSaTestCase()
        : TestCase("SAs out of configured values")
    {
    }

  private:
    void DoRun() override
    {
        const ManualSaParameters p = MakeParameters();
        const ManualSaPair pair = MakeManualSaPair(p);
        NS_TEST_EXPECT_MSG_EQ(pair.inbound.pair, 0x80000007, "above the engine's");
        NS_TEST_EXPECT_MSG_EQ(pair.outbound.pair, 0x80000007, "one pair");
        NS_TEST_EXPECT_MSG_EQ(pair.outbound.connection, TUNNEL, "whose");
        NS_TEST_EXPECT_MSG_EQ(pair.inbound.spi, 256, "the least");
        NS_TEST_EXPECT_MSG_EQ(pair.outbound.spi, 0xffffffff, "the largest");
        NS_TEST_EXPECT_MSG_EQ(pair.inbound.source.ToString(), RIGHT.ToString(), "from the peer");
        NS_TEST_EXPECT_MSG_EQ(pair.inbound.destination.ToString(), LEFT.ToString(), "to us");
        NS_TEST_EXPECT_MSG_EQ(pair.outbound.source.ToString(), LEFT.ToString(), "from us");
        NS_TEST_EXPECT_MSG_EQ(pair.outbound.destination.ToString(), RIGHT.ToString(), "to it");
        NS_TEST_EXPECT_MSG_EQ((pair.inbound.innerDestination == p.localTraffic), true, "ours");
        NS_TEST_EXPECT_MSG_EQ((pair.inbound.innerSource == p.remoteTraffic), true, "theirs");
        NS_TEST_EXPECT_MSG_EQ((pair.outbound.innerSource == p.localTraffic), true, "ours");
        NS_TEST_EXPECT_MSG_EQ((pair.outbound.innerDestination == p.remoteTraffic), true, "theirs");
        NS_TEST_EXPECT_MSG_EQ(ToHex(pair.outbound.cipherKey), ToHex(Pattern(32, 3)), "cut");
        NS_TEST_EXPECT_MSG_EQ(ToHex(pair.outbound.integrityKey), ToHex(Pattern(20, 4)), "cut");
        NS_TEST_EXPECT_MSG_EQ(pair.inbound.replayWindow, 0, "RFC 4303 3.4.3");
        NS_TEST_EXPECT_MSG_EQ(pair.outbound.hardBytes + pair.outbound.softBytes, 0, "no limit");
    }
};

/// One sentence for each mistake.
class ManualSaErrorsTestCase : public TestCase
{
  public:
    ManualSaErrorsTestCase()
        : TestCase("errors")
    {
    }

  private:
    using Mistake = std::function<void(ManualSaParameters&)>;

    void DoRun() override
    {
        const std::vector<std::pair<Mistake, std::string>> rows{
            {[](ManualSaParameters&) {}, ""},
            {[](ManualSaParameters& p) { p.inbound.spi = 255; },
             "the SPI 255 is reserved, SPIs begin at 256"},
            {[](ManualSaParameters& p) { p.outbound.cipherKey.resize(31); },
             "the key of aes-cbc needs 32 octets, there are 31"},
            {[](ManualSaParameters& p) { p.inbound.integrityKey.clear(); },
             "the key of hmac-sha1-96 needs 20 octets, there are 0"},
            {[](ManualSaParameters& p) { p.cipher = CipherAlgorithm::AesGcm16; },
             "aes-gcm-16 must not be used with manual keys: its counter would repeat"},
            {[](ManualSaParameters& p) { p.cipher = CipherAlgorithm::Null; }, ""},
            {[](ManualSaParameters& p) { p.integrity = IntegrityAlgorithm::None; }, ""},
            {[](ManualSaParameters& p) {
                 p.cipher = CipherAlgorithm::Null;
                 p.integrity = IntegrityAlgorithm::None;
             },
             "ESP with manual keys needs a cipher or an integrity algorithm"},
            {[](ManualSaParameters& p) { p.connection = 0; },
             "a connection with manual keys has no number of its own"},
            {[](ManualSaParameters& p) { p.connection = MANUAL_PAIR_BIT; },
             "a connection with manual keys has no number of its own"}};
        for (const auto& [mistake, expected] : rows)
        {
            ManualSaParameters p = MakeParameters();
            mistake(p);
            NS_TEST_EXPECT_MSG_EQ(ErrorOf(p), expected, "one sentence");
        }
    }

    static std::string ErrorOf(const ManualSaParameters& p)
    {
        try
        {
            MakeManualSaPair(p);
        }
        catch (const std::invalid_argument& e)
        {
            return e.what();
        }
        return "";
    }
};

/// RFC 4303 3.3.3: with manual keys the counter rolls over, and no packet is lost for it.
class ManualSequenceTestCase : public TestCase
{
  public:
    ManualSequenceTestCase()
        : TestCase("sequence numbers cycle, and replays are not seen")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers(MakeManualSaPair(MakeParameters()).outbound);
        const Octets inner = MakeInner(60);
        const Octets first = peers.Send(inner).esp;
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(first), 1, "as any SA");
        peers.left.SkipSequence(peers.sa.pair, 0xfffffffe);
        std::set<std::string> seen{ToHex(first).substr(16)};
        for (uint32_t expected : {0xffffffffU, 0U, 1U, 2U})
        {
            const auto sent = peers.Send(inner);
            NS_TEST_EXPECT_MSG_EQ(ToString(sent.verdict.action), "protect", expected);
            NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent.esp), expected, "cycles");
            NS_TEST_EXPECT_MSG_EQ(ToString(peers.Receive(sent.esp).verdict.action), "accept", "");
            seen.insert(ToHex(sent.esp).substr(16));
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), 5, "no IV comes twice, though number 1 does");
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Receive(first).verdict.action), "accept", "a replay");
        CheckRest();
    }

    /// Any other SA ends; and the difference is part of the state.
    void CheckRest()
    {
        IpsecSa sa = MakeManualSaPair(MakeParameters()).outbound;
        PlanePeers cyclic(sa);
        sa.cyclicSequence = false;
        PlanePeers other(sa);
        NS_TEST_EXPECT_MSG_NE(cyclic.left.GetFingerprint(At()),
                              other.left.GetFingerprint(At()),
                              "");
        other.left.SkipSequence(sa.pair, 0xffffffff);
        NS_TEST_EXPECT_MSG_EQ(ToString(other.Send(MakeInner(60)).verdict.reason),
                              "sequence-exhausted",
                              "negotiated");
    }

    static Instant At()
    {
        return Instant{0};
    }
};

/// Manually keyed SAs.
class IpsecManualSaTestSuite : public TestSuite
{
  public:
    IpsecManualSaTestSuite()
        : TestSuite("ipsec-manual-sa", Type::UNIT)
    {
        AddTestCase(new ManualSaTestCase, TestDuration::QUICK);
        AddTestCase(new ManualSaErrorsTestCase, TestDuration::QUICK);
        AddTestCase(new ManualSequenceTestCase, TestDuration::QUICK);
    }
};

IpsecManualSaTestSuite g_ipsecManualSaTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
