/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-test-octets.h"
#include "ipsec-gate-fixture.h"

#include "ns3/test.h"

#include <array>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr ConnectionId LINK = 7; ///< the connection, at either end

/// Two gateways with real data planes and a site behind each; what crosses is told as text.
class GatePair
{
  public:
    /// What an end is.
    enum class End
    {
        Strict,  ///< crypto map
        Passive, ///< crypto map and passive mode
        None,    ///< not upgraded
    };

    GatePair(End left, End right)
    {
        Make(0, left, Instant{0});
        Make(1, right, Instant{0});
    }

    /// Configure an end (again). Returns how many flows were cleared.
    size_t Make(unsigned end, End what, Instant now)
    {
        const std::array<std::string, 2> lines{"permit ip 10.0.0.0/16 10.1.0.0/16",
                                               "permit ip 10.1.0.0/16 10.0.0.0/16"};
        const std::vector<PolicyEntry> map{{"m 10", {MakeLine(lines.at(end), {LINK})}, false}};
        const bool isNone = what == End::None;
        return nodes[end].Configure(isNone ? std::vector<PolicyEntry>() : map,
                                    what == End::Passive ? Passive() : Strict(),
                                    now);
    }

    /// An SA of an end comes up; both ends must have one.
    void Up(unsigned end)
    {
        ManualSaParameters p;
        p.connection = LINK;
        p.local = GatewayOf(end);
        p.remote = GatewayOf(1 - end);
        p.localTraffic = SiteOf(end);
        p.remoteTraffic = SiteOf(1 - end);
        p.cipher = CipherAlgorithm::AesCbc;
        p.keyBits = 128;
        p.integrity = IntegrityAlgorithm::HmacSha1_96;
        p.inbound = KeysFrom(1 - end);
        p.outbound = KeysFrom(end);
        nodes[end].Up(LINK, p);
    }

    void UpBoth()
    {
        Up(0);
        Up(1);
    }

    /// A packet from the site of one end to the site of the other: "esp accept", "clear bypass",
    /// "drop no-sa", each with " try".
    std::string Send(Instant now, unsigned from)
    {
        GateNode& node = nodes[from];
        const Octets inner = MakePacket(from);
        const GateOutbound out = node.gate.Outbound(now, 0, *ReadIpPacket(inner), node.plane);
        node.Note(out.message);
        const std::string attempt = out.acquire ? " try" : "";
        OutboundResult sent;
        sent.verdict = out.verdict;
        if (out.verdict.action == VerdictAction::Protect)
        {
            sent = node.plane.Outbound(now, out.connection, inner, *provider);
        }
        node.plane.CountOutbound(sent.verdict);
        switch (sent.verdict.action)
        {
        case VerdictAction::Protect:
            return "esp " + ReceiveEsp(now, 1 - from, sent);
        case VerdictAction::Bypass:
            return "clear " + ReceiveClear(now, 1 - from, inner) + attempt;
        default:
            return "drop " + ToString(sent.verdict.reason) + attempt;
        }
    }

    /// Does the identity hold at both ends?
    bool IsBalanced() const
    {
        return nodes[0].plane.GetOutboundCounters().IsBalanced() &&
               nodes[0].plane.GetInboundCounters().IsBalanced() &&
               nodes[1].plane.GetOutboundCounters().IsBalanced() &&
               nodes[1].plane.GetInboundCounters().IsBalanced();
    }

    /// Packets of one end that went in the clear, and inbound packets that it dropped for it.
    uint64_t ClearSent(unsigned end) const
    {
        return nodes[end].plane.GetOutboundCounters().bypassed;
    }

    uint64_t ClearDropped(unsigned end) const
    {
        return nodes[end].plane.GetInboundCounters().discarded.at(
            static_cast<size_t>(DropReason::ClearReceived));
    }

    std::array<GateNode, 2> nodes;                                   ///< left, right
    std::unique_ptr<CryptoProvider> provider{MakeOpensslProvider()}; ///< real cryptography

  private:
    static IpAddress GatewayOf(unsigned end)
    {
        return IpAddress::V4(0xc0000201 + end);
    }

    static IpPrefix SiteOf(unsigned end)
    {
        return IpPrefix{IpAddress::V4(0x0a000000 + end * 0x10000), 16};
    }

    static ManualKeys KeysFrom(unsigned end)
    {
        return ManualKeys{1000 + end, Counting(16, end), Counting(20, 100 + end)};
    }

    static Octets MakePacket(unsigned from)
    {
        OuterHeader header;
        header.source = IpAddress::V4(0x0a000005 + from * 0x10000);
        header.destination = IpAddress::V4(0x0a010005 - from * 0x10000);
        return WriteIpPacket(header, 1, Counting(30, 0));
    }

    std::string ReceiveEsp(Instant now, unsigned at, const OutboundResult& sent)
    {
        GateNode& node = nodes[at];
        const InboundResult got = node.plane.Inbound(now, sent.outer, sent.esp, *provider);
        node.plane.CountInbound(got.verdict);
        return TextOf(got.verdict);
    }

    std::string ReceiveClear(Instant now, unsigned at, const Octets& packet)
    {
        GateNode& node = nodes[at];
        const GateInbound got = node.gate.Inbound(now, 0, *ReadIpPacket(packet));
        node.Note(got.message);
        node.plane.CountInbound(got.verdict);
        return TextOf(got.verdict);
    }

    static std::string TextOf(const Verdict& verdict)
    {
        return verdict.action == VerdictAction::Discard ? ToString(verdict.reason)
                                                        : ToString(verdict.action);
    }
};

/// Both ends strict: nothing leaves in the clear.
class StrictPairTestCase : public TestCase
{
  public:
    StrictPairTestCase()
        : TestCase("both ends strict")
    {
    }

  private:
    void DoRun() override
    {
        GatePair pair(GatePair::End::Strict, GatePair::End::Strict);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(0), 0), "drop no-sa try", "no SA");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(900), 1), "drop no-sa try", "whatever the time");
        pair.UpBoth();
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(901), 0), "esp accept", "there");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(901), 1), "esp accept", "and back");
        NS_TEST_EXPECT_MSG_EQ(pair.ClearSent(0) + pair.ClearSent(1), 0, "nothing in the clear");
        NS_TEST_EXPECT_MSG_EQ(pair.IsBalanced(), true, "identity");
    }
};

/// Who is upgraded first still reaches who is not.
class HalfUpgradedPairTestCase : public TestCase
{
  public:
    HalfUpgradedPairTestCase()
        : TestCase("a passive end and one without IPsec, and its upgrade")
    {
    }

  private:
    void DoRun() override
    {
        GatePair pair(GatePair::End::Passive, GatePair::End::None);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(0), 1), "clear bypass", "accepted at once");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(0), 0), "drop no-sa try", "the answer: IKE first");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(9), 0), "drop no-sa try", "under 10 s");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(10), 0), "clear bypass", "10 s");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(309), 0), "clear bypass try", "retry");
        NS_TEST_EXPECT_MSG_EQ(pair.nodes[0].log.size(), 3, "received, sent, sent");
        pair.Make(1, GatePair::End::Passive, At(400));
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(400), 1), "drop no-sa try", "its own 10 s");
        pair.UpBoth();
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(401), 0), "esp accept", "an SA");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(401), 1), "esp accept", "both ways");
        NS_TEST_EXPECT_MSG_EQ(pair.nodes[0].gate.GetClearDestinations(At(402)).size(), 0, "none");
        NS_TEST_EXPECT_MSG_EQ(pair.IsBalanced(), true, "identity");
    }
};

/// A redundant peer that is not upgraded yet sends the answers: its packets are clear although
/// there is an SA.
class AsymmetricPairTestCase : public TestCase
{
  public:
    AsymmetricPairTestCase()
        : TestCase("clear packets beside an SA, until passive mode ends")
    {
    }

  private:
    void DoRun() override
    {
        GatePair pair(GatePair::End::Passive, GatePair::End::Passive);
        GatePair late(GatePair::End::None, GatePair::End::None);
        pair.UpBoth();
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(1), 0), "esp accept", "by the new gateway");
        std::swap(pair.nodes[1], late.nodes[1]);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(1), 1), "clear bypass", "back by the old one");
        NS_TEST_EXPECT_MSG_EQ(pair.nodes[0].log.size(), 1, "with a message");
        NS_TEST_EXPECT_MSG_EQ(pair.Make(0, GatePair::End::Strict, At(2)),
                              0,
                              "it sent nothing clear");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(3), 1), "clear clear-received", "strict drops");
        NS_TEST_EXPECT_MSG_EQ(pair.ClearDropped(0), 1, "and counts");
        std::swap(pair.nodes[1], late.nodes[1]);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(4), 0), "esp accept", "the SA lives on");
    }
};

/// "All active connections that are sending unencrypted packets are cleared."
class SwitchedOffPairTestCase : public TestCase
{
  public:
    SwitchedOffPairTestCase()
        : TestCase("passive mode is switched off")
    {
    }

  private:
    void DoRun() override
    {
        GatePair pair(GatePair::End::Passive, GatePair::End::None);
        pair.Send(At(0), 0);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(10), 0), "clear bypass", "in the clear");
        NS_TEST_EXPECT_MSG_EQ(pair.Make(0, GatePair::End::Strict, At(11)), 1, "one is cleared");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(12), 0), "drop no-sa try", "strict");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(900), 0), "drop no-sa try", "for good");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(900), 1), "clear clear-received", "neither way");
        NS_TEST_EXPECT_MSG_EQ(pair.ClearSent(0), 1, "no more than before");
    }
};

/// Rows of the catalogue of races, as far as policy and data plane show them.
class CataloguePairTestCase : public TestCase
{
  public:
    CataloguePairTestCase()
        : TestCase("PM-03, PM-06, PM-07")
    {
    }

  private:
    void DoRun() override
    {
        LateIke();
        NobodyBegins();
        LostDelete();
    }

    /// PM-03: the peer is strict and IKE needs 11 s: the clear packet in between is lost, too.
    void LateIke()
    {
        GatePair pair(GatePair::End::Passive, GatePair::End::Strict);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(0), 0), "drop no-sa try", "PM-03");
        pair.nodes[0].gate.NoteAttempt(LINK, true, At(0));
        NS_TEST_EXPECT_MSG_EQ(pair.Send(Instant{10500000000}, 0),
                              "clear clear-received",
                              "PM-03: leaks, and helps nobody");
        pair.UpBoth();
        pair.nodes[0].gate.NoteAttempt(LINK, false, At(11));
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(11), 0), "esp accept", "PM-03");
        NS_TEST_EXPECT_MSG_EQ(pair.ClearDropped(1), 1, "PM-03: counted");
    }

    /// PM-06: IKE of the passive end may not begin (responder-only), and only it has traffic.
    void NobodyBegins()
    {
        GatePair pair(GatePair::End::Passive, GatePair::End::Passive);
        unsigned clear = 0;
        unsigned attempts = 0;
        for (int64_t t = 0; t < 6000; t += 60)
        {
            const std::string got = pair.Send(At(t), 0);
            clear += got.substr(0, 5) == "clear" ? 1 : 0;
            attempts += got.find("try") != std::string::npos ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ(clear, 99, "PM-06: in the clear for ever");
        NS_TEST_EXPECT_MSG_EQ(attempts, 20, "PM-06: IKE is asked once each retry");
        pair.UpBoth();
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(6000), 0), "esp accept", "PM-06: until the peer begins");
    }

    /// PM-07: one end lost the SA, and its Delete was lost, too.
    void LostDelete()
    {
        GatePair pair(GatePair::End::Passive, GatePair::End::Passive);
        pair.UpBoth();
        pair.nodes[1].Down(LINK);
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(1), 0), "esp unknown-spi", "PM-07: dropped");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(1), 1), "drop no-sa try", "PM-07: under 10 s");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(11), 1), "clear bypass", "PM-07: and accepted");
        NS_TEST_EXPECT_MSG_EQ(pair.Send(At(12), 0), "esp unknown-spi", "PM-07: for ever");
        NS_TEST_EXPECT_MSG_EQ(pair.nodes[0].log.size(), 1, "PM-07: a message shows it");
        NS_TEST_EXPECT_MSG_EQ(pair.IsBalanced(), true, "PM-07");
    }
};

/// Gates and data planes of two nodes.
class IpsecGatePairsTestSuite : public TestSuite
{
  public:
    IpsecGatePairsTestSuite()
        : TestSuite("ipsec-gate-pairs", Type::UNIT)
    {
        AddTestCase(new StrictPairTestCase, TestDuration::QUICK);
        AddTestCase(new HalfUpgradedPairTestCase, TestDuration::QUICK);
        AddTestCase(new AsymmetricPairTestCase, TestDuration::QUICK);
        AddTestCase(new SwitchedOffPairTestCase, TestDuration::QUICK);
        AddTestCase(new CataloguePairTestCase, TestDuration::QUICK);
    }
};

IpsecGatePairsTestSuite g_ipsecGatePairsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
