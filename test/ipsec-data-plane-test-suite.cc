/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/esp-replay-window.h"
#include "ns3/esp-transform.h"
#include "ns3/ike-keyed-random.h"
#include "ns3/ipsec-data-plane.h"
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

constexpr ConnectionId TUNNEL = 7;
constexpr PairId PAIR = 1;
constexpr uint32_t SPI = 0x1001;
const IpAddress LEFT = IpAddress::V4(0xc0000201);       // 192.0.2.1
const IpAddress RIGHT = IpAddress::V4(0xc0000202);      // 192.0.2.2
const IpAddress LEFT_HOST = IpAddress::V4(0x0a010101);  // 10.1.1.1
const IpAddress RIGHT_HOST = IpAddress::V4(0x0a020202); // 10.2.2.2
const IpPrefix ANY_V6{IpAddress::FromOctets(Octets(16)), 0};

/// A combination of algorithms.
struct Algorithms
{
    CipherAlgorithm cipher;       ///< confidentiality
    unsigned keyBits;             ///< 0: its own length
    IntegrityAlgorithm integrity; ///< integrity
};

/// Every cipher with every integrity algorithm.
std::vector<Algorithms>
AllAlgorithms()
{
    const std::vector<std::pair<CipherAlgorithm, unsigned>> ciphers{
        {CipherAlgorithm::Null, 0},
        {CipherAlgorithm::DesCbc, 0},
        {CipherAlgorithm::TripleDesCbc, 0},
        {CipherAlgorithm::AesCbc, 128},
        {CipherAlgorithm::AesCbc, 192},
        {CipherAlgorithm::AesCbc, 256}};
    std::vector<Algorithms> all;
    for (const auto& [cipher, bits] : ciphers)
    {
        for (auto integrity : {IntegrityAlgorithm::None,
                               IntegrityAlgorithm::HmacMd5_96,
                               IntegrityAlgorithm::HmacSha1_96,
                               IntegrityAlgorithm::HmacSha256_128})
        {
            all.push_back({cipher, bits, integrity});
        }
    }
    return all;
}

std::string
NameOf(const Algorithms& a)
{
    return ToString(a.cipher) + " " + std::to_string(a.keyBits) + " " + ToString(a.integrity);
}

/// Octets that count up.
Octets
Pattern(size_t length, uint8_t first)
{
    Octets octets;
    for (size_t i = 0; i < length; i++)
    {
        octets.push_back(static_cast<uint8_t>(first + 3 * i));
    }
    return octets;
}

IpsecSa
MakeSa(const Algorithms& a = {CipherAlgorithm::AesCbc, 128, IntegrityAlgorithm::HmacSha1_96})
{
    IpsecSa sa;
    sa.spi = SPI;
    sa.pair = PAIR;
    sa.connection = TUNNEL;
    sa.source = LEFT;
    sa.destination = RIGHT;
    sa.cipher = a.cipher;
    sa.cipherKey = Pattern(KeyLengthOf(a.cipher, a.keyBits), 0x21);
    sa.integrity = a.integrity;
    sa.integrityKey = Pattern(KeyLengthOf(a.integrity), 0x81);
    sa.innerSource = IpPrefix::AnyV4();
    sa.innerDestination = IpPrefix::AnyV4();
    return sa;
}

/// An IPv4 packet of a length from 20 on.
Octets
MakeInner(size_t length, const IpAddress& from = LEFT_HOST, const IpAddress& to = RIGHT_HOST)
{
    Octets packet{0x45, 0};
    AppendNumber(packet, length, 2);
    Append(packet, Octets{0, 0, 0, 0, 64, 17, 0, 0});
    Append(packet, from.ToOctets());
    Append(packet, to.ToOctets());
    Append(packet, Pattern(length - packet.size(), 0));
    return packet;
}

/// An IPv6 packet of a length from 40 on.
Octets
MakeInner6(size_t length)
{
    Octets packet{0x60, 0, 0, 0};
    AppendNumber(packet, length - 40, 2);
    Append(packet, Octets{17, 64});
    Append(packet, Pattern(length - packet.size(), 0x20));
    return packet;
}

/// Two data planes and an SA from left to right.
struct Peers
{
    explicit Peers(const IpsecSa& s = MakeSa())
        : sa(s)
    {
        left.InstallOutbound(sa);
        left.SelectOutbound(sa.connection, sa.pair);
        right.InstallInbound(sa);
    }

    OutboundResult Send(const Octets& inner)
    {
        return left.Outbound(now, sa.connection, inner, *provider);
    }

    InboundResult Receive(const Octets& esp)
    {
        return right.Inbound(now, sa.source, sa.destination, esp, *provider);
    }

    /// A packet that no correct sender makes.
    Octets Forge(const Octets& payload, uint8_t nextHeader, uint32_t sequence)
    {
        const Octets iv = Pattern(IvLengthOf(sa.cipher), 0x55);
        return ProtectEsp(*provider, sa, EspPlaintext{payload, nextHeader}, sequence, iv);
    }

    /// An authentic packet around any plaintext, padding included.
    Octets ForgeRaw(const Octets& text, uint32_t sequence)
    {
        EspPacket packet{sa.spi, sequence, Octets(IvLengthOf(sa.cipher)), {}, {}};
        packet.ciphertext = provider->Encrypt(sa.cipher, sa.cipherKey, packet.iv, text);
        const Octets covered = WriteEspWithoutIcv(packet);
        Octets icv = provider->Hmac(HashAlgorithm::Sha1, sa.integrityKey, covered);
        icv.resize(IcvLengthOf(sa.integrity));
        return Concat({covered, icv});
    }

    Instant now{0};                                                  ///< does not matter
    std::unique_ptr<CryptoProvider> provider{MakeOpensslProvider()}; ///< real cryptography
    IpsecSa sa;                                                      ///< from left to right
    IpsecDataPlane left{RandomKey{}};                                ///< sends
    IpsecDataPlane right{RandomKey{}};                               ///< receives
};

uint32_t
SequenceOf(const Octets& esp)
{
    return static_cast<uint32_t>(esp[4]) << 24 | static_cast<uint32_t>(esp[5]) << 16 |
           static_cast<uint32_t>(esp[6]) << 8 | esp[7];
}

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

} // namespace

/// What one plane protects, the other opens: every algorithm, every padding, both IP versions.
class DataPlaneRoundTripTestCase : public TestCase
{
  public:
    explicit DataPlaneRoundTripTestCase(const Algorithms& a)
        : TestCase("round trip " + NameOf(a)),
          m_algorithms(a)
    {
    }

  private:
    void DoRun() override
    {
        Peers v4(MakeSa(m_algorithms));
        IpsecSa sa6 = MakeSa(m_algorithms);
        sa6.innerSource = ANY_V6;
        sa6.innerDestination = ANY_V6;
        Peers v6(sa6);
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

    void Pass(Peers& peers, const Octets& inner)
    {
        const uint64_t before = peers.left.GetOutboundSaCounters(PAIR)->packets;
        const auto sent = peers.Send(inner);
        NS_TEST_ASSERT_MSG_EQ(ToString(sent.verdict.action), "protect", "must go out");
        NS_TEST_EXPECT_MSG_EQ((sent.source == LEFT && sent.destination == RIGHT), true, "outer");
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent.esp), before + 1, "numbers count from 1");
        const size_t overhead =
            8 + IvLengthOf(m_algorithms.cipher) + IcvLengthOf(m_algorithms.integrity);
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

    Algorithms m_algorithms; ///< what is tried
};

/// Provokes one drop reason, and finds it in verdict, counters and the identity.
class DataPlaneDropTestCase : public TestCase
{
  public:
    /// Makes the packet that is dropped.
    using Provoke = std::function<Verdict(Peers&)>;

    DataPlaneDropTestCase(DropReason reason, bool inbound, const std::string& how, Provoke provoke)
        : TestCase((inbound ? "inbound " : "outbound ") + ToString(reason) + ": " + how),
          m_reason(reason),
          m_inbound(inbound),
          m_provoke(std::move(provoke))
    {
    }

  private:
    void DoRun() override
    {
        IpsecSa sa = MakeSa();
        sa.hardBytes = 1000;
        sa.innerSource = IpPrefix{IpAddress::V4(0x0a010000), 16};
        sa.innerDestination = IpPrefix{IpAddress::V4(0x0a020000), 16};
        Peers peers(sa);
        const Verdict verdict = m_provoke(peers);
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.action), "discard", "dropped");
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.reason), ToString(m_reason), "why");
        IpsecDataPlane& plane = m_inbound ? peers.right : peers.left;
        m_inbound ? plane.CountInbound(verdict) : plane.CountOutbound(verdict);
        const PlaneCounters& c =
            m_inbound ? plane.GetInboundCounters() : plane.GetOutboundCounters();
        NS_TEST_EXPECT_MSG_EQ(c.discarded[static_cast<size_t>(m_reason)], 1, "counted");
        NS_TEST_EXPECT_MSG_EQ((c.in == 1 && c.IsBalanced()), true, "balanced");
    }

    DropReason m_reason; ///< expected
    bool m_inbound;      ///< which direction
    Provoke m_provoke;   ///< how
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
        Peers peers;
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

/// The window as a table of numbers and what they meet.
class ReplayWindowTableTestCase : public TestCase
{
  public:
    ReplayWindowTableTestCase()
        : TestCase("replay window: table")
    {
    }

  private:
    /// One number, and the answer to it.
    struct Step
    {
        uint32_t sequence;   ///< offered, and accepted when it is good
        DropReason expected; ///< what Check() says
    };

    void DoRun() override
    {
        const auto good = DropReason::None;
        const auto old = DropReason::TooOld;
        const auto again = DropReason::Replayed;
        Play("in order", 4, {{1, good}, {2, good}, {3, good}, {4, good}, {5, good}, {6, good}});
        Play("out of order", 4, {{4, good}, {2, good}, {3, good}, {1, good}, {2, again}});
        Play("zero", 4, {{0, old}, {1, good}, {0, old}});
        Play("edge", 4, {{10, good}, {7, good}, {6, old}, {7, again}, {11, good}, {7, old}});
        Play("replayed", 64, {{1, good}, {1, again}, {9, good}, {1, again}, {9, again}});
        Play("size 1", 1, {{1, good}, {1, again}, {3, good}, {2, old}, {3, again}, {4, good}});
        Play("size 0", 0, {{5, good}, {5, good}, {1, good}, {0, good}});
        Play("ring", 3, {{3, good}, {5, good}, {4, good}, {3, again}, {6, good}, {3, old}});
        Play("jump of the size", 4, {{1, good}, {2, good}, {6, good}, {5, good}, {3, good}});
        Play("long jump", 4, {{4, good}, {1004, good}, {1003, good}, {1001, good}, {1000, old}});
        Play("last numbers",
             64,
             {{0xfffffffe, good}, {0xffffffff, good}, {0xffffffff, again}, {1, old}});
        Play("whole range", 0x10000, {{1, good}, {0xffffffff, good}, {0xffff0000, good}});
    }

    void Play(const std::string& name, uint32_t size, const std::vector<Step>& steps)
    {
        EspReplayWindow window(size);
        uint32_t highest = 0;
        for (const Step& step : steps)
        {
            const DropReason got = window.Check(step.sequence);
            NS_TEST_EXPECT_MSG_EQ(ToString(got),
                                  ToString(step.expected),
                                  name << ", number " << step.sequence);
            if (got == DropReason::None)
            {
                window.Accept(step.sequence);
                highest = std::max(highest, step.sequence);
            }
            NS_TEST_EXPECT_MSG_EQ(window.GetHighest(), highest, name << ": right edge");
        }
    }
};

/// The ring against a plain set of numbers, over a long pseudo-random walk.
class ReplayWindowModelTestCase : public TestCase
{
  public:
    ReplayWindowModelTestCase()
        : TestCase("replay window: against a set")
    {
    }

  private:
    void DoRun() override
    {
        for (uint32_t size : {1U, 2U, 3U, 31U, 64U, 100U})
        {
            Walk(size);
        }
    }

    static DropReason Expected(const std::set<uint32_t>& seen, uint32_t size, uint32_t number)
    {
        const uint32_t highest = seen.empty() ? 0 : *seen.rbegin();
        if (number > highest)
        {
            return DropReason::None;
        }
        if (number == 0 || number + size <= highest)
        {
            return DropReason::TooOld;
        }
        return seen.count(number) ? DropReason::Replayed : DropReason::None;
    }

    void Walk(uint32_t size)
    {
        EspReplayWindow window(size);
        std::set<uint32_t> seen;
        uint32_t random = size;
        uint32_t mistakes = 0;
        for (uint32_t i = 0; i < 3000; i++)
        {
            random = random * 1664525 + 1013904223;
            // Around the right edge, and now and then far beyond it.
            const uint32_t reach = i % 50 == 0 ? 5 * size : 2 * size + 4;
            const uint32_t left = std::min(window.GetHighest(), size + 2);
            const uint32_t number = window.GetHighest() - left + (random >> 8) % reach;
            const DropReason expected = Expected(seen, size, number);
            mistakes += window.Check(number) == expected ? 0 : 1;
            if (expected == DropReason::None)
            {
                window.Accept(number);
                seen.insert(number);
            }
        }
        NS_TEST_EXPECT_MSG_EQ(mistakes, 0, "size " << size);
    }
};

/// No changed, shortened or lengthened packet is accepted, and none disturbs the true one.
class DataPlaneCorruptionTestCase : public TestCase
{
  public:
    explicit DataPlaneCorruptionTestCase(const Algorithms& a)
        : TestCase("corruption " + NameOf(a)),
          m_algorithms(a)
    {
    }

  private:
    void DoRun() override
    {
        Peers peers(MakeSa(m_algorithms));
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
    void Refuse(Peers& peers, const Octets& esp, DropReason reason, bool anyReason)
    {
        const auto got = peers.Receive(esp);
        if (m_algorithms.integrity == IntegrityAlgorithm::None)
        {
            return;
        }
        NS_TEST_EXPECT_MSG_EQ(ToString(got.verdict.action), "discard", ToHex(esp));
        NS_TEST_EXPECT_MSG_EQ((anyReason || got.verdict.reason == reason),
                              true,
                              ToString(got.verdict.reason) << " " << ToHex(esp));
        NS_TEST_EXPECT_MSG_EQ((got.inner.empty() && got.usage.empty()), true, "and nothing else");
    }

    Algorithms m_algorithms; ///< what is tried
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
        Peers peers;
        Octets forged = peers.Forge(MakeInner(60), 4, 1000);
        forged.back() ^= 1;
        Expect(peers, forged, "bad-icv", "a forged number");
        Expect(peers, peers.Forge(MakeInner(60), 4, 1), "none", "has not moved the window");
        Expect(peers, peers.ForgeRaw(Octets(16, 0xff), 2), "malformed", "bad padding, authentic");
        Expect(peers, peers.Forge(MakeInner(60), 4, 2), "replayed", "has used its number");
        Expect(peers, peers.Forge(MakeInner(60), 59, 3), "selector-mismatch", "dummy");
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
            peers.right.Inbound(peers.now, RIGHT, LEFT, forged, *peers.provider).verdict.reason;
        NS_TEST_EXPECT_MSG_EQ(ToString(elsewhere), "wrong-outer-address", "before the ICV");
    }

    void Expect(Peers& peers, const Octets& esp, const std::string& reason, const char* what)
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
        Peers source;
        IpsecSa sa = source.sa;
        sa.softBytes = soft;
        sa.hardBytes = hard;
        Peers limited(sa);
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
        Peers peers;
        std::set<Octets> seen;
        for (uint64_t sequence = 1; sequence <= 50; sequence++)
        {
            const auto packet = CutEsp(peers.sa, peers.Send(MakeInner(40)).esp);
            RandomLabel label{RandomPurpose::EspIv, RIGHT, {}, sequence};
            AppendNumber(label.context, SPI, 4);
            const Octets iv = KeyedRandom(*peers.provider, RandomKey{}, label, 16);
            NS_TEST_EXPECT_MSG_EQ(ToHex(packet->iv), ToHex(iv), "number " << sequence);
            seen.insert(packet->iv);
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), 50, "all different");
    }
};

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
        Peers peers;
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
    void Refuse(Peers& peers)
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

    void Remove(Peers& peers)
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
        Peers peers;
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
        Peers peers;
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

    static std::string Reasons(Peers& peers, const std::vector<Octets>& packets)
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
    using History = std::function<void(Peers&)>;

    void DoRun() override
    {
        CheckChance();
        const Octets inner = MakeInner(40);
        const std::vector<History> histories{
            [](Peers&) {},
            [&](Peers& p) { p.Send(inner); },
            [&](Peers& p) { p.Receive(p.Send(inner).esp); },
            [&](Peers& p) { p.Receive(p.Send(MakeInner(41)).esp); },
            [&](Peers& p) { p.Receive(p.Forge(inner, 4, 2)); },
            [&](Peers& p) { p.Receive(p.Forge(inner, 59, 2)); },
            [&](Peers& p) { p.Receive(p.Forge(inner, 4, 2)), p.Receive(p.Forge(inner, 4, 1)); },
            [&](Peers& p) { p.Receive(p.Forge(inner, 4, 1)), p.Receive(p.Forge(inner, 4, 3)); },
            [&](Peers& p) { p.Receive(p.Forge(inner, 4, 2)), p.Receive(p.Forge(inner, 4, 3)); },
            [&](Peers& p) {
                p.Receive(Concat({p.Forge(inner, 4, 1), Octets(1)}));
            },
            [](Peers& p) { p.right.RemoveInbound(PAIR); },
            [](Peers& p) { p.left.RemoveOutbound(PAIR); },
            [](Peers& p) { p.left.SelectOutbound(TUNNEL, 0); },
            [](Peers& p) { p.left.SelectOutbound(TUNNEL, 2); },
            [](Peers& p) { p.left.SelectOutbound(8, PAIR); },
            [](Peers& p) { p.left.SkipSequence(PAIR, 9); },
            [](Peers& p) {
                p.left.CountOutbound({VerdictAction::Bypass, DropReason::None});
            },
            [](Peers& p) {
                p.left.CountInbound({VerdictAction::Bypass, DropReason::None});
            },
            [](Peers& p) {
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
        Peers low(Numbered(1, 100));
        Peers high(Numbered(1, 900));
        low.right.InstallInbound(Numbered(2, 200));
        high.right.InstallInbound(Numbered(2, 50));
        for (Peers* peers : {&low, &high})
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
            seen.insert(After([](Peers&) {}, sa));
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), variants.size(), "all different");
    }

    /// An SA that found no room for a packet has counted nothing, but is at its end.
    void CheckSpent()
    {
        IpsecSa sa = MakeSa();
        sa.hardBytes = 50;
        const uint64_t fresh = After([](Peers&) {}, sa);
        const uint64_t spent = After([](Peers& p) { p.Send(MakeInner(60)); }, sa);
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
        Peers peers(sa);
        history(peers);
        return Fingerprint()
            .Add(peers.left.GetFingerprint(peers.now))
            .Add(peers.right.GetFingerprint(peers.now))
            .Get();
    }
};

/// The data plane: what it lets pass, what it drops, and what it tells about it.
class IpsecDataPlaneTestSuite : public TestSuite
{
  public:
    IpsecDataPlaneTestSuite()
        : TestSuite("ipsec-data-plane", Type::UNIT)
    {
        for (const Algorithms& a : AllAlgorithms())
        {
            AddTestCase(new DataPlaneRoundTripTestCase(a), TestDuration::QUICK);
            AddTestCase(new DataPlaneCorruptionTestCase(a), TestDuration::QUICK);
        }
        AddOutboundDrops();
        AddInboundDrops();
        AddTestCase(new DataPlaneIdentityTestCase, TestDuration::QUICK);
        AddTestCase(new ReplayWindowTableTestCase, TestDuration::QUICK);
        AddTestCase(new ReplayWindowModelTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneOrderTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneVolumeTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneIvTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneSaTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneSequenceTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneCopyTestCase, TestDuration::QUICK);
        AddTestCase(new DataPlaneFingerprintTestCase, TestDuration::QUICK);
    }

  private:
    void AddDrop(DropReason reason,
                 bool inbound,
                 const std::string& how,
                 DataPlaneDropTestCase::Provoke provoke)
    {
        AddTestCase(new DataPlaneDropTestCase(reason, inbound, how, std::move(provoke)),
                    TestDuration::QUICK);
    }

    void AddOutboundDrops()
    {
        AddDrop(DropReason::NoSa, false, "nothing selected", [](Peers& p) {
            p.left.SelectOutbound(TUNNEL, 0);
            return p.Send(MakeInner(40)).verdict;
        });
        AddDrop(DropReason::NoSa, false, "another tunnel", [](Peers& p) {
            return p.left.Outbound(p.now, 99, MakeInner(40), *p.provider).verdict;
        });
        AddDrop(DropReason::NoSa, false, "selected, not installed", [](Peers& p) {
            p.left.RemoveOutbound(PAIR);
            return p.Send(MakeInner(40)).verdict;
        });
        AddDrop(DropReason::SequenceExhausted, false, "all numbers sent", [](Peers& p) {
            p.left.SkipSequence(PAIR, 0xffffffff);
            return p.Send(MakeInner(40)).verdict;
        });
        AddDrop(DropReason::HardVolume, false, "limit reached", [](Peers& p) {
            p.Send(MakeInner(1000));
            return p.Send(MakeInner(20)).verdict;
        });
        AddDrop(DropReason::Malformed, false, "no IP packet", [](Peers& p) {
            return p.Send(Pattern(40, 0)).verdict;
        });
        AddDrop(DropReason::SelectorMismatch, false, "not of this SA", [](Peers& p) {
            return p.Send(MakeInner(40, RIGHT_HOST, RIGHT_HOST)).verdict;
        });
    }

    void AddInboundDrops()
    {
        AddDrop(DropReason::Malformed, true, "shorter than an SPI", [](Peers& p) {
            return p.Receive(Octets{0, 0, 1}).verdict;
        });
        AddDrop(DropReason::Malformed, true, "shorter than IV and ICV", [](Peers& p) {
            return p.Receive({0, 0, 0x10, 1, 0, 0, 0, 1, 9}).verdict;
        });
        AddDrop(DropReason::Malformed, true, "bad padding", [](Peers& p) {
            return p.Receive(p.ForgeRaw(Octets(32, 0xee), 1)).verdict;
        });
        AddDrop(DropReason::Malformed, true, "no whole block", [](Peers& p) {
            EspPacket packet{SPI, 1, Octets(16), Octets(17), {}};
            const Octets covered = WriteEspWithoutIcv(packet);
            Octets icv = p.provider->Hmac(HashAlgorithm::Sha1, p.sa.integrityKey, covered);
            icv.resize(12);
            return p.Receive(Concat({covered, icv})).verdict;
        });
        AddDrop(DropReason::Malformed, true, "inner packet of no version", [](Peers& p) {
            return p.Receive(p.Forge(Pattern(40, 0), 4, 1)).verdict;
        });
        AddDrop(DropReason::Malformed, true, "IPv4 header of 16 octets", [](Peers& p) {
            Octets inner = MakeInner(40);
            inner[0] = 0x44;
            return p.Receive(p.Forge(inner, 4, 1)).verdict;
        });
        AddDrop(DropReason::Malformed, true, "IPv4 length below its header", [](Peers& p) {
            Octets inner = MakeInner(40);
            inner[3] = 19;
            return p.Receive(p.Forge(inner, 4, 1)).verdict;
        });
        AddDrop(DropReason::UnknownSpi, true, "SA removed", [](Peers& p) {
            p.right.RemoveInbound(PAIR);
            return p.Receive(p.Send(MakeInner(40)).esp).verdict;
        });
        AddDrop(DropReason::Replayed, true, "twice", [](Peers& p) {
            const Octets esp = p.Send(MakeInner(40)).esp;
            p.Receive(esp);
            return p.Receive(esp).verdict;
        });
        AddDrop(DropReason::TooOld, true, "64 numbers late", [](Peers& p) {
            p.Receive(p.Forge(MakeInner(40), 4, 65));
            return p.Receive(p.Send(MakeInner(40)).esp).verdict;
        });
        AddDrop(DropReason::BadIcv, true, "last octet", [](Peers& p) {
            Octets esp = p.Send(MakeInner(40)).esp;
            esp.back() ^= 0x80;
            return p.Receive(esp).verdict;
        });
        AddDrop(DropReason::WrongOuter, true, "source", [](Peers& p) {
            const Octets esp = p.Send(MakeInner(40)).esp;
            return p.right.Inbound(p.now, LEFT_HOST, RIGHT, esp, *p.provider).verdict;
        });
        AddDrop(DropReason::WrongOuter, true, "destination", [](Peers& p) {
            const Octets esp = p.Send(MakeInner(40)).esp;
            return p.right.Inbound(p.now, LEFT, RIGHT_HOST, esp, *p.provider).verdict;
        });
        AddDrop(DropReason::SelectorMismatch, true, "inner source", [](Peers& p) {
            return p.Receive(p.Forge(MakeInner(40, RIGHT_HOST, RIGHT_HOST), 4, 1)).verdict;
        });
        AddDrop(DropReason::SelectorMismatch, true, "inner destination", [](Peers& p) {
            return p.Receive(p.Forge(MakeInner(40, LEFT_HOST, LEFT_HOST), 4, 1)).verdict;
        });
        AddDrop(DropReason::SelectorMismatch, true, "dummy packet", [](Peers& p) {
            return p.Receive(p.Forge(Pattern(40, 0), 59, 1)).verdict;
        });
        AddDrop(DropReason::HardVolume, true, "limit reached", [](Peers& p) {
            p.Receive(p.Forge(MakeInner(1000), 4, 1));
            return p.Receive(p.Forge(MakeInner(20), 4, 2)).verdict;
        });
    }
};

static IpsecDataPlaneTestSuite g_ipsecDataPlaneTestSuite; ///< registers itself

} // namespace tests
} // namespace ike
} // namespace ns3
