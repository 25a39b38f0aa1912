/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ipsec-plane-fixture.h"

#include "ns3/ike-keyed-random.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// "soft hard", in the order of the marks.
std::string
Marks(const std::vector<UsageReport>& usage)
{
    static const char* const names[] = {"first", "soft", "hard"};
    std::string text;
    for (const UsageReport& report : usage)
    {
        text += (text.empty() ? "" : " ") + std::string(names[static_cast<size_t>(report.mark)]);
    }
    return text;
}

/// What one plane protects, the other opens: every algorithm, every padding, both IP versions.
class DataPlaneRoundTripTestCase : public TestCase
{
  public:
    explicit DataPlaneRoundTripTestCase(const EspAlgorithms& a)
        : TestCase("round trip " + NameOf(a)),
          m_algorithms(a)
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers v4(MakeSa(m_algorithms));
        IpsecSa sa6 = MakeSa(m_algorithms);
        sa6.innerSource = ANY_V6;
        sa6.innerDestination = ANY_V6;
        PlanePeers v6(sa6);
        for (size_t length = 40; length <= 73; length++)
        {
            Pass(v4, MakeInner(length));
            Pass(v6, MakeInner6(length));
        }
        Pass(v4, MakeInner(20));
        Pass(v4, MakeInner(1500));
        const auto counters = v4.right.GetInboundSaCounters(PAIR);
        NS_TEST_EXPECT_MSG_EQ(counters->packets, 36, "34 lengths and two");
        NS_TEST_EXPECT_MSG_EQ(counters->bytes,
                              v4.left.GetOutboundSaCounters(PAIR)->bytes,
                              "both ends count alike");
    }

    void Pass(PlanePeers& peers, const Octets& inner)
    {
        const uint64_t before = peers.left.GetOutboundSaCounters(PAIR)->packets;
        const auto sent = peers.Send(inner);
        NS_TEST_ASSERT_MSG_EQ(ToString(sent.verdict.action), "protect", "must go out");
        NS_TEST_EXPECT_MSG_EQ((sent.outer.source == LEFT && sent.outer.destination == RIGHT),
                              true,
                              "outer");
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent.esp), before + 1, "numbers count from 1");
        const size_t overhead = 8 + IvLengthOf(m_algorithms.cipher) +
                                IcvLengthOf(m_algorithms.cipher) +
                                IcvLengthOf(m_algorithms.integrity);
        const size_t text = sent.esp.size() - overhead;
        const size_t unit = std::max(4U, BlockLengthOf(m_algorithms.cipher));
        NS_TEST_EXPECT_MSG_EQ(text % unit, 0, "RFC 4303 2.4: a multiple of block and four");
        NS_TEST_EXPECT_MSG_LT(text, inner.size() + 2 + unit, "no needless padding");
        const auto got = peers.Receive(sent.esp);
        NS_TEST_ASSERT_MSG_EQ(ToString(got.verdict.action), "accept", "must come in");
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(inner), "the same packet");
        NS_TEST_EXPECT_MSG_EQ(got.connection, TUNNEL, "its tunnel");
        NS_TEST_EXPECT_MSG_EQ(got.pair, PAIR, "its pair");
        NS_TEST_EXPECT_MSG_EQ(got.spi, SPI, "its SPI");
    }

    EspAlgorithms m_algorithms; ///< what is tried
};

/// in = passed + bypassed + discarded, over a mixture; and what SAs count by themselves.
class DataPlaneIdentityTestCase : public TestCase
{
  public:
    DataPlaneIdentityTestCase()
        : TestCase("in = passed + bypassed + discarded")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        for (unsigned i = 0; i < 20; i++)
        {
            auto sent = peers.left.Outbound(peers.now,
                                            i % 3 == 0 ? 9 : TUNNEL,
                                            MakeInner(60),
                                            *peers.provider);
            peers.left.CountOutbound(sent.verdict);
            if (i % 4 == 0 && !sent.esp.empty())
            {
                sent.esp.back() ^= 1;
            }
            peers.right.CountInbound(peers.Receive(sent.esp).verdict);
        }
        peers.left.CountOutbound({VerdictAction::Bypass, DropReason::None});
        peers.right.CountInbound({VerdictAction::Bypass, DropReason::None});
        CheckCounters(peers.left.GetOutboundCounters(), 13, DropReason::NoSa, 7);
        CheckCounters(peers.right.GetInboundCounters(), 10, DropReason::Malformed, 7);
        const auto sa = peers.right.GetInboundSaCounters(PAIR);
        NS_TEST_EXPECT_MSG_EQ(sa->packets, 10, "accepted on the SA");
        NS_TEST_EXPECT_MSG_EQ(sa->bytes, 600, "octets of inner packets");
        NS_TEST_EXPECT_MSG_EQ(sa->errors, 3, "with its SPI, but wrong");
        PlaneCounters broken = peers.left.GetOutboundCounters();
        broken.in++;
        NS_TEST_EXPECT_MSG_EQ(broken.IsBalanced(), false, "the identity can fail");
    }

    void CheckCounters(const PlaneCounters& c, uint64_t passed, DropReason reason, uint64_t dropped)
    {
        NS_TEST_EXPECT_MSG_EQ(c.IsBalanced(), true, "balanced");
        NS_TEST_EXPECT_MSG_EQ(c.in, 21, "all");
        NS_TEST_EXPECT_MSG_EQ(c.passed, passed, "passed");
        NS_TEST_EXPECT_MSG_EQ(c.bypassed, 1, "bypassed");
        NS_TEST_EXPECT_MSG_EQ(c.discarded[static_cast<size_t>(reason)], dropped, "discarded");
    }
};

/// No changed, shortened or lengthened packet is accepted, and none disturbs the true one.
class DataPlaneCorruptionTestCase : public TestCase
{
  public:
    explicit DataPlaneCorruptionTestCase(const EspAlgorithms& a)
        : TestCase("corruption " + NameOf(a)),
          m_algorithms(a)
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers(MakeSa(m_algorithms));
        const Octets esp = peers.Send(MakeInner(61)).esp;
        for (size_t i = 0; i < esp.size(); i++)
        {
            for (unsigned bit = 0; bit < 8; bit++)
            {
                Octets changed = esp;
                changed[i] ^= static_cast<uint8_t>(1U << bit);
                const auto expected = i < 4 ? DropReason::UnknownSpi : DropReason::BadIcv;
                // A flipped number may also fall left of the window, which is seen before the ICV.
                Refuse(peers, changed, expected, SequenceOf(changed) == 0);
            }
            const Octets head(esp.begin(), esp.begin() + static_cast<std::ptrdiff_t>(i));
            Refuse(peers, head, DropReason::BadIcv, true);
            Octets longer = esp;
            longer.insert(longer.end(), i + 1, 0);
            Refuse(peers, longer, DropReason::BadIcv, false);
        }
        const auto got = peers.Receive(esp);
        NS_TEST_EXPECT_MSG_EQ(ToString(got.verdict.action), "accept", "the true one");
    }

    /// Without integrity anything may pass; then it is only the crash that is looked for.
    void Refuse(PlanePeers& peers, const Octets& esp, DropReason reason, bool anyReason)
    {
        const auto got = peers.Receive(esp);
        if (!IsAuthenticated(MakeSa(m_algorithms)))
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToString(got.verdict.action), "discard", ToHex(esp));
        NS_TEST_EXPECT_MSG_EQ((anyReason || got.verdict.reason == reason),
                              true,
                              ToString(got.verdict.reason) << " " << ToHex(esp));
        NS_TEST_EXPECT_MSG_EQ((got.inner.empty() && got.usage.empty()), true, "and nothing else");
    }

    EspAlgorithms m_algorithms; ///< what is tried
};

/// The order of RFC 4303 3.4: what moves the window and what does not.
class DataPlaneOrderTestCase : public TestCase
{
  public:
    DataPlaneOrderTestCase()
        : TestCase("order of the inbound steps")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        Octets forged = peers.Forge(MakeInner(60), 4, 1000);
        forged.back() ^= 1;
        Expect(peers, forged, "bad-icv", "a forged number");
        Expect(peers, peers.Forge(MakeInner(60), 4, 1), "none", "has not moved the window");
        Expect(peers, peers.ForgeRaw(Octets(16, 0xff), 2), "malformed", "bad padding, authentic");
        Expect(peers, peers.Forge(MakeInner(60), 4, 2), "replayed", "has used its number");
        Expect(peers, peers.Forge(MakeInner(60), 59, 3), "dummy", "dummy");
        Expect(peers, peers.Forge(MakeInner(60), 59, 3), "replayed", "dummy again");
        Expect(peers, peers.Forge(Pattern(20, 0), 17, 4), "selector-mismatch", "transport mode");
        Expect(peers, peers.Forge(MakeInner6(60), 4, 5), "malformed", "IPv6 as IPv4");
        Expect(peers,
               peers.Forge(MakeInner6(60), 41, 6),
               "selector-mismatch",
               "IPv6 on an IPv4 SA");
        Octets longer = MakeInner(60);
        longer.resize(200);
        const auto got = peers.Receive(peers.Forge(longer, 4, 7));
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(MakeInner(60)), "RFC 4303 2.7: TFC padding");
        Octets shorter = MakeInner(60);
        shorter.pop_back();
        Expect(peers, peers.Forge(shorter, 4, 8), "malformed", "inner packet cut");
        const auto trimmed = peers.Send(longer);
        NS_TEST_EXPECT_MSG_EQ(trimmed.esp.size(), 8 + 16 + 64 + 12, "nothing behind the packet");
        const auto elsewhere =
            peers.right.Inbound(peers.now, {RIGHT, LEFT}, forged, *peers.provider).verdict.reason;
        NS_TEST_EXPECT_MSG_EQ(ToString(elsewhere), "wrong-outer-address", "before the ICV");
    }

    void Expect(PlanePeers& peers, const Octets& esp, const std::string& reason, const char* what)
    {
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Receive(esp).verdict.reason), reason, what);
    }
};

/// Soft, hard and first marks: when, in which order, and how often.
class DataPlaneVolumeTestCase : public TestCase
{
  public:
    DataPlaneVolumeTestCase()
        : TestCase("volume marks")
    {
    }

  private:
    void DoRun() override
    {
        Play("soft, then hard exactly",
             300,
             500,
             {100, 100, 100, 100, 100, 100, 100},
             {"first", "", "soft", "", "hard", "-", "-"});
        Play("hard without room",
             300,
             500,
             {200, 200, 200, 20, 20},
             {"first", "soft", "- hard", "-", "-"});
        Play("both at once", 100, 200, {90, 110, 20}, {"first", "soft hard", "-"});
        Play("all at once", 100, 100, {100, 100}, {"first soft hard", "-"});
        Play("soft beyond hard", 400, 100, {60, 60, 60}, {"first", "- hard", "-"});
        Play("too large from the start", 0, 50, {60, 20}, {"- hard", "-"});
        Play("neither reached", 300, 500, {200, 400, 20}, {"first", "- hard", "-"});
        Play("no limits", 0, 0, {1500, 1500, 1500}, {"first", "", ""});
    }

    /// Both directions see the same marks, but that only a receiver has a first packet.
    void Play(const std::string& name,
              uint64_t soft,
              uint64_t hard,
              const std::vector<size_t>& lengths,
              const std::vector<std::string>& expected)
    {
        PlanePeers source;
        IpsecSa sa = source.sa;
        sa.softBytes = soft;
        sa.hardBytes = hard;
        PlanePeers limited(sa);
        for (size_t i = 0; i < lengths.size(); i++)
        {
            const Octets inner = MakeInner(lengths[i]);
            const auto sent = limited.Send(inner);
            const auto got = limited.Receive(source.Send(inner).esp);
            const std::string at = name + ", packet " + std::to_string(i);
            NS_TEST_EXPECT_MSG_EQ(Outcome(got.verdict, got.usage), expected[i], at << ", inbound");
            NS_TEST_EXPECT_MSG_EQ(Outcome(sent.verdict, sent.usage),
                                  WithoutFirst(expected[i]),
                                  at << ", outbound");
        }
    }

    /// "-" for a packet that was discarded for its volume, then the marks.
    static std::string Outcome(const Verdict& verdict, const std::vector<UsageReport>& usage)
    {
        const std::string marks = Marks(usage);
        if (verdict.reason == DropReason::HardVolume)
        {
            return marks.empty() ? "-" : "- " + marks;
        }
        return marks;
    }

    static std::string WithoutFirst(const std::string& outcome)
    {
        const std::string first = "first";
        if (outcome.compare(0, first.size(), first) != 0)
        {
            return outcome;
        }
        return outcome.size() == first.size() ? "" : outcome.substr(first.size() + 1);
    }
};

/// RFC 4303 3.3.3: the engine hears in time that the numbers of an SA come to their end.
class DataPlaneSequenceMarksTestCase : public TestCase
{
  public:
    DataPlaneSequenceMarksTestCase()
        : TestCase("marks at the end of the sequence numbers")
    {
    }

  private:
    /// Send packets behind a number. @param extended 64 bits @param skipped the last number before
    /// @param expected marks of each, "-" before them when it was discarded
    void Play(bool extended, uint64_t skipped, const std::vector<std::string>& expected)
    {
        IpsecSa sa = MakeSa();
        sa.extendedSequence = extended;
        for (const bool isDummy : {false, true})
        {
            PlanePeers peers(sa);
            peers.left.SkipSequence(PAIR, skipped);
            for (const std::string& marks : expected)
            {
                const auto sent = isDummy ? peers.left.OutboundDummy(TUNNEL, 40, *peers.provider)
                                          : peers.Send(MakeInner(40));
                const bool left = sent.verdict.action == VerdictAction::Protect;
                NS_TEST_EXPECT_MSG_EQ((left ? "" : "-") + Marks(sent.usage), marks, skipped);
            }
        }
    }

    void DoRun() override
    {
        constexpr uint64_t MARGIN = uint64_t{1} << 28;
        for (const bool extended : {false, true})
        {
            const uint64_t last = extended ? ~uint64_t{0} : 0xffffffff;
            Play(extended, 0, {"", ""});
            Play(extended, last - MARGIN - 2, {"", "soft", ""});
            Play(extended, last - 2, {"soft", "hard", "-", "-"});
            Play(extended, last - 1, {"soft hard", "-"});
            Play(extended, last, {"-soft hard", "-"});
        }
        Play(false, ~uint64_t{0}, {"-soft hard", "-"});
        Play(true, 0xffffffff, {"", ""});
    }
};

/// IVs come from keyed randomness at their documented address, so no two packets share one.
class DataPlaneIvTestCase : public TestCase
{
  public:
    DataPlaneIvTestCase()
        : TestCase("initialisation vectors")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        RandomLabel label{RandomPurpose::EspIv, RIGHT, {}, 0};
        AppendNumber(label.context, SPI, 4);
        const AesBlock series = KeyedSeries(*peers.provider, RandomKey{}, label);
        std::set<Octets> seen;
        for (uint64_t sequence = 1; sequence <= 50; sequence++)
        {
            const auto packet = CutEsp(peers.sa, peers.Send(MakeInner(40)).esp);
            const AesBlock block = KeyedBlock(*peers.provider, series, sequence);
            const Octets iv(block.begin(), block.end());
            NS_TEST_EXPECT_MSG_EQ(ToHex(packet->iv), ToHex(iv), "number " << sequence);
            seen.insert(packet->iv);
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), 50, "all different");
        for (auto cipher : {CipherAlgorithm::AesCtr,
                            CipherAlgorithm::AesGcm16,
                            CipherAlgorithm::AesGmac,
                            CipherAlgorithm::ChaCha20Poly1305})
        {
            PlanePeers counting(MakeSa({cipher, 128, IntegrityAlgorithm::None}));
            counting.left.SkipSequence(PAIR, 0x1233);
            const Octets esp = counting.Send(MakeInner(40)).esp;
            NS_TEST_EXPECT_MSG_EQ(ToHex(CutEsp(counting.sa, esp)->iv),
                                  "0000000000001234",
                                  ToString(cipher));
        }
    }
};

/// The data plane: what it lets pass, and what it tells about it.
class IpsecDataPlaneTestSuite : public TestSuite
{
  public:
    IpsecDataPlaneTestSuite()
        : TestSuite("ipsec-data-plane", Type::UNIT)
    {
        for (const EspAlgorithms& a : AllAlgorithms())
        {
            AddTestCase(new DataPlaneRoundTripTestCase(a), TestDuration::QUICK);
            AddTestCase(new DataPlaneCorruptionTestCase(a), TestDuration::QUICK);
        }
        AddTestCase(new DataPlaneIdentityTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneOrderTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneVolumeTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneSequenceMarksTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneIvTestCase, TestDuration::QUICK);
    }
};

IpsecDataPlaneTestSuite g_ipsecDataPlaneTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
