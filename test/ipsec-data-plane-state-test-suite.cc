/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ipsec-plane-fixture.h"

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

/// Installing, selecting and removing: what a plane has at each moment.
class DataPlaneSaTestCase : public TestCase
{
  public:
    DataPlaneSaTestCase()
        : TestCase("life of SAs")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        IpsecSa next = peers.sa;
        next.spi = 0x2002;
        next.pair = 2;
        peers.left.InstallOutbound(next);
        peers.right.InstallInbound(next);
        NS_TEST_EXPECT_MSG_EQ(peers.Send(MakeInner(40)).pair, 1, "installed is not selected");
        peers.left.SelectOutbound(TUNNEL, 2);
        const auto sent = peers.Send(MakeInner(40));
        NS_TEST_EXPECT_MSG_EQ(sent.pair, 2, "selected");
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent.esp), 1, "each SA counts for itself");
        NS_TEST_EXPECT_MSG_EQ(peers.Receive(sent.esp).pair, 2, "make before break");
        Refuse(peers);
        Remove(peers);
    }

    /// What a plane holds is never replaced behind the engine's back.
    void Refuse(PlanePeers& peers)
    {
        IpsecSa sameSpi = peers.sa;
        sameSpi.pair = 3;
        IpsecSa samePair = peers.sa;
        samePair.spi = 0x3003;
        unsigned refused = 0;
        const auto attempt = [&refused](auto&& install) {
            try
            {
                install();
            }
            catch (const std::invalid_argument&)
            {
                refused++;
            }
        };
        attempt([&] { peers.right.InstallInbound(sameSpi); });
        attempt([&] { peers.right.InstallInbound(samePair); });
        attempt([&] { peers.left.InstallOutbound(samePair); });
        NS_TEST_EXPECT_MSG_EQ(refused, 3, "twice the same");
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetInboundCount(), 2, "nothing was added");
    }

    void Remove(PlanePeers& peers)
    {
        peers.right.RemoveInbound(1);
        peers.right.RemoveInbound(17);
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetInboundCount(), 1, "one of two");
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetInboundSaCounters(1).has_value(), false, "gone");
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetInboundSaCounters(2)->packets, 1, "stays");
        peers.left.RemoveOutbound(2);
        NS_TEST_EXPECT_MSG_EQ(peers.left.HasOutbound(TUNNEL), false, "selected, but removed");
        peers.left.SelectOutbound(TUNNEL, 1);
        NS_TEST_EXPECT_MSG_EQ(peers.left.HasOutbound(TUNNEL), true, "the other one");
        peers.left.SelectOutbound(TUNNEL, 0);
        NS_TEST_EXPECT_MSG_EQ(peers.left.HasOutbound(TUNNEL), false, "none selected");
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetOutboundCount(), 1, "still installed");
        peers.left.CountOutbound({VerdictAction::Protect, DropReason::None});
        peers.left.Clear();
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetOutboundCount(), 0, "reboot");
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetOutboundSaCounters(1).has_value(), false, "gone");
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetOutboundCounters().in, 1, "the plane's counters stay");
        peers.right.Clear();
        IpsecSa again = peers.sa;
        again.pair = 2;
        peers.right.InstallInbound(again);
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetInboundCount(), 1, "as if it were new");
    }
};

/// RFC 4303 3.3.3: the last number is sent, and then no more.
class DataPlaneSequenceTestCase : public TestCase
{
  public:
    DataPlaneSequenceTestCase()
        : TestCase("end of the sequence numbers")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        peers.left.SkipSequence(PAIR, 0xfffffffd);
        peers.left.SkipSequence(PAIR, 5);
        for (uint32_t expected : {0xfffffffeU, 0xffffffffU})
        {
            const auto sent = peers.Send(MakeInner(40));
            NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent.esp), expected, "never back");
            NS_TEST_EXPECT_MSG_EQ(ToString(peers.Receive(sent.esp).verdict.action),
                                  "accept",
                                  "a good packet");
        }
        for (unsigned i = 0; i < 3; i++)
        {
            const auto sent = peers.Send(MakeInner(40));
            NS_TEST_EXPECT_MSG_EQ(ToString(sent.verdict.reason), "sequence-exhausted", i);
            NS_TEST_EXPECT_MSG_EQ(sent.esp.empty(), true, "nothing leaves");
        }
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetOutboundSaCounters(PAIR)->packets, 2, "not counted");
    }
};

/// A copy goes on as the original would, and neither notices the other.
class DataPlaneCopyTestCase : public TestCase
{
  public:
    DataPlaneCopyTestCase()
        : TestCase("copies")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        const Octets first = peers.Send(MakeInner(40)).esp;
        const Octets second = peers.Send(MakeInner(50)).esp;
        peers.Receive(first);
        const IpsecDataPlane leftBefore = peers.left;
        const IpsecDataPlane rightBefore = peers.right;
        const uint64_t print = rightBefore.GetFingerprint(peers.now);
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetFingerprint(peers.now), print, "equal");
        const Octets third = peers.Send(MakeInner(60)).esp;
        NS_TEST_EXPECT_MSG_EQ(Reasons(peers, {first, second, third}), "replayed none none ", "");
        NS_TEST_EXPECT_MSG_NE(peers.right.GetFingerprint(peers.now), print, "has moved on");
        NS_TEST_EXPECT_MSG_EQ(rightBefore.GetFingerprint(peers.now), print, "the copy has not");
        peers.left = leftBefore;
        peers.right = rightBefore;
        NS_TEST_EXPECT_MSG_EQ(ToHex(peers.Send(MakeInner(60)).esp), ToHex(third), "same octets");
        NS_TEST_EXPECT_MSG_EQ(Reasons(peers, {first, second, third}), "replayed none none ", "");
        peers.left.Clear();
        NS_TEST_EXPECT_MSG_EQ(leftBefore.HasOutbound(TUNNEL), true, "independent");
    }

    static std::string Reasons(PlanePeers& peers, const std::vector<Octets>& packets)
    {
        std::string text;
        for (const Octets& esp : packets)
        {
            text += ToString(peers.Receive(esp).verdict.reason) + " ";
        }
        return text;
    }
};

/// One number for equal histories, whatever chance gave them; another for any other history.
class DataPlaneFingerprintTestCase : public TestCase
{
  public:
    DataPlaneFingerprintTestCase()
        : TestCase("fingerprint")
    {
    }

  private:
    /// Something that can happen to two planes.
    using History = std::function<void(PlanePeers&)>;

    void DoRun() override
    {
        CheckChance();
        const Octets inner = MakeInner(40);
        const std::vector<History> histories{
            [](PlanePeers&) {},
            [&](PlanePeers& p) { p.Send(inner); },
            [&](PlanePeers& p) { p.Receive(p.Send(inner).esp); },
            [&](PlanePeers& p) { p.Receive(p.Send(MakeInner(41)).esp); },
            [&](PlanePeers& p) { p.Receive(p.Forge(inner, 4, 2)); },
            [&](PlanePeers& p) { p.Receive(p.Forge(inner, 59, 2)); },
            [&](PlanePeers& p) {
                p.Receive(p.Forge(inner, 4, 2)), p.Receive(p.Forge(inner, 4, 1));
            },
            [&](PlanePeers& p) {
                p.Receive(p.Forge(inner, 4, 1)), p.Receive(p.Forge(inner, 4, 3));
            },
            [&](PlanePeers& p) {
                p.Receive(p.Forge(inner, 4, 2)), p.Receive(p.Forge(inner, 4, 3));
            },
            [&](PlanePeers& p) {
                p.Receive(Concat({p.Forge(inner, 4, 1), Octets(1)}));
            },
            [](PlanePeers& p) { p.right.RemoveInbound(PAIR); },
            [](PlanePeers& p) { p.left.RemoveOutbound(PAIR); },
            [](PlanePeers& p) { p.left.SelectOutbound(TUNNEL, 0); },
            [](PlanePeers& p) { p.left.SelectOutbound(TUNNEL, 2); },
            [](PlanePeers& p) { p.left.SelectOutbound(8, PAIR); },
            [](PlanePeers& p) { p.left.SkipSequence(PAIR, 9); },
            [](PlanePeers& p) {
                p.left.CountOutbound({VerdictAction::Bypass, DropReason::None});
            },
            [](PlanePeers& p) {
                p.left.CountInbound({VerdictAction::Bypass, DropReason::None});
            },
            [](PlanePeers& p) {
                p.left.CountOutbound({VerdictAction::Discard, DropReason::NoSa});
            }};
        std::set<uint64_t> seen;
        for (const History& history : histories)
        {
            seen.insert(After(history, MakeSa()));
            NS_TEST_EXPECT_MSG_EQ(After(history, MakeSa()), After(history, MakeSa()), "equal");
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), histories.size(), "all different");
        CheckParameters();
        CheckSpent();
    }

    /// SPIs, keys and the time are no part of it; SAs stand in the order of their pairs.
    void CheckChance()
    {
        PlanePeers low(Numbered(1, 100));
        PlanePeers high(Numbered(1, 900));
        low.right.InstallInbound(Numbered(2, 200));
        high.right.InstallInbound(Numbered(2, 50));
        for (PlanePeers* peers : {&low, &high})
        {
            peers->Receive(peers->Send(MakeInner(40)).esp);
        }
        const uint64_t print = low.right.GetFingerprint(Instant{1});
        NS_TEST_EXPECT_MSG_EQ(high.right.GetFingerprint(Instant{2}), print, "chance values");
        NS_TEST_EXPECT_MSG_EQ(high.left.GetFingerprint(Instant{3}),
                              low.left.GetFingerprint(Instant{4}),
                              "chance values");
    }

    /// Each parameter of an SA shows.
    void CheckParameters()
    {
        std::vector<IpsecSa> variants(8, MakeSa());
        variants[1].source = LEFT_HOST;
        variants[2] = MakeSa({CipherAlgorithm::AesCbc, 256, IntegrityAlgorithm::HmacSha1_96});
        variants[3] = MakeSa({CipherAlgorithm::AesCbc, 128, IntegrityAlgorithm::HmacMd5_96});
        variants[4].replayWindow = 1024;
        variants[5].softBytes = 1;
        variants[6].hardBytes = 1;
        variants[7].innerSource = IpPrefix{IpAddress::V4(0), 1};
        std::set<uint64_t> seen;
        for (const IpsecSa& sa : variants)
        {
            seen.insert(After([](PlanePeers&) {}, sa));
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), variants.size(), "all different");
    }

    /// An SA that found no room for a packet has counted nothing, but is at its end.
    void CheckSpent()
    {
        IpsecSa sa = MakeSa();
        sa.hardBytes = 50;
        const uint64_t fresh = After([](PlanePeers&) {}, sa);
        const uint64_t spent = After([](PlanePeers& p) { p.Send(MakeInner(60)); }, sa);
        NS_TEST_EXPECT_MSG_NE(spent, fresh, "at its end");
    }

    static IpsecSa Numbered(PairId pair, uint32_t spi)
    {
        IpsecSa sa = MakeSa();
        sa.pair = pair;
        sa.spi = spi;
        sa.cipherKey = Pattern(16, static_cast<uint8_t>(spi));
        return sa;
    }

    static uint64_t After(const History& history, const IpsecSa& sa)
    {
        PlanePeers peers(sa);
        history(peers);
        return Fingerprint()
            .Add(peers.left.GetFingerprint(peers.now))
            .Add(peers.right.GetFingerprint(peers.now))
            .Get();
    }
};

/// What a data plane holds: SAs, their numbers, copies of all of it.
class IpsecDataPlaneStateTestSuite : public TestSuite
{
  public:
    IpsecDataPlaneStateTestSuite()
        : TestSuite("ipsec-data-plane-state", Type::UNIT)
    {
        AddTestCase(new DataPlaneSaTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneSequenceTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneCopyTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneFingerprintTestCase, TestDuration::QUICK);
    }
};

IpsecDataPlaneStateTestSuite g_ipsecDataPlaneStateTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
