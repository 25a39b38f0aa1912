/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ipsec-plane-fixture.h"

#include "ns3/ipsec-outer-header.h"
#include "ns3/test.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// TOS and DF at a tunnel's entry.
class OuterEntryTestCase : public TestCase
{
  public:
    OuterEntryTestCase()
        : TestCase("tunnel entry: DSCP, ECN, DF")
    {
    }

  private:
    void DoRun() override
    {
        /// One combination of policies.
        struct Row
        {
            bool copyDscp;         ///< policy
            bool ecn;              ///< policy
            unsigned dscpExpected; ///< of an inner 101110 (expedited forwarding)
            bool ecnExpected;      ///< does ECN go outside?
        };

        const Row rows[] = {{true, true, 0xb8, true},
                            {true, false, 0xb8, false},
                            {false, true, 0, true},
                            {false, false, 0, false}};
        for (const Row& row : rows)
        {
            OuterPolicy policy;
            policy.copyDscp = row.copyDscp;
            policy.ecn = row.ecn;
            for (unsigned ecn = 0; ecn < 4; ecn++)
            {
                const unsigned expected = row.dscpExpected + (row.ecnExpected ? ecn : 0);
                const auto inner = static_cast<uint8_t>(0xb8 + ecn);
                NS_TEST_EXPECT_MSG_EQ(+OuterTosFor(inner, policy), expected, "ECN " << ecn);
            }
        }
        CheckDontFragment(DontFragment::Clear, false, false);
        CheckDontFragment(DontFragment::Set, true, true);
        CheckDontFragment(DontFragment::Copy, false, true);
    }

    void CheckDontFragment(DontFragment mode, bool ofClear, bool ofSet)
    {
        OuterPolicy policy;
        policy.dontFragment = mode;
        NS_TEST_EXPECT_MSG_EQ(OuterDontFragmentFor(false, policy), ofClear, "clear inside");
        NS_TEST_EXPECT_MSG_EQ(OuterDontFragmentFor(true, policy), ofSet, "set inside");
    }
};

/// The figure of RFC 6040 4.2 in its own words, by itself and through a data plane.
class EcnExitTestCase : public TestCase
{
  public:
    EcnExitTestCase()
        : TestCase("tunnel exit: RFC 6040 figure 4")
    {
    }

  private:
    /// One cell; numbers of the ECN field: Not-ECT 0, ECT(1) 1, ECT(0) 2, CE 3.
    struct Cell
    {
        unsigned inner; ///< arriving inner header
        unsigned outer; ///< arriving outer header
        int expected;   ///< outgoing; -1: dropped
    };

    void DoRun() override
    {
        const Cell cells[] = {{0, 0, 0},
                              {0, 2, 0},
                              {0, 1, 0},
                              {0, 3, -1},
                              {2, 0, 2},
                              {2, 2, 2},
                              {2, 1, 1},
                              {2, 3, 3},
                              {1, 0, 1},
                              {1, 2, 1},
                              {1, 1, 1},
                              {1, 3, 3},
                              {3, 0, 3},
                              {3, 2, 3},
                              {3, 1, 3},
                              {3, 3, 3}};
        for (const Cell& cell : cells)
        {
            const auto got = InnerTosAfter(static_cast<uint8_t>(0x48 + cell.inner),
                                           static_cast<uint8_t>(0xb8 + cell.outer));
            const int tos = got ? *got : -1;
            NS_TEST_EXPECT_MSG_EQ(tos,
                                  (cell.expected < 0 ? -1 : 0x48 + cell.expected),
                                  "inner " << cell.inner << ", outer " << cell.outer);
            Pass(cell, MakeInner(60), IpPrefix::AnyV4());
            Pass(cell, MakeInner6(60), ANY_V6);
        }
    }

    void Pass(const Cell& cell, Octets inner, const IpPrefix& any)
    {
        SetTos(inner, static_cast<uint8_t>(0x48 + cell.inner));
        IpsecSa sa = MakeSa();
        sa.innerSource = any;
        sa.innerDestination = any;
        PlanePeers peers(sa);
        OuterHeader outer = OuterOf(sa);
        outer.tos = static_cast<uint8_t>(0xb8 + cell.outer);
        const auto sent = peers.Send(inner);
        NS_TEST_EXPECT_MSG_EQ(+sent.outer.tos, 0x48 + cell.inner, "copied at the entry");
        const auto got = peers.right.Inbound(peers.now, outer, sent.esp, *peers.provider);
        if (cell.expected < 0)
        {
            NS_TEST_EXPECT_MSG_EQ(ToString(got.verdict.reason), "ecn-mismatch", "dropped");
            return;
        }
        SetTos(inner, static_cast<uint8_t>(0x48 + cell.expected));
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(inner), "the mark goes on");
    }
};

/// The checksum of a header follows its TOS.
class TosChecksumTestCase : public TestCase
{
  public:
    TosChecksumTestCase()
        : TestCase("TOS and checksum")
    {
    }

  private:
    void DoRun() override
    {
        OuterHeader header{LEFT, RIGHT};
        for (unsigned tos = 0; tos < 256; tos++)
        {
            header.tos = 0x5a;
            Octets packet = WriteIpPacket(header, 17, Pattern(8, 3));
            SetTos(packet, static_cast<uint8_t>(tos));
            header.tos = static_cast<uint8_t>(tos);
            NS_TEST_EXPECT_MSG_EQ(ToHex(packet),
                                  ToHex(WriteIpPacket(header, 17, Pattern(8, 3))),
                                  "TOS " << tos);
        }
        // The header of RFC 3602 4, case 5.
        OuterHeader ping{IpAddress::V4(0xc0a87b03), IpAddress::V4(0xc0a87b64)};
        ping.identification = 0x08f2;
        NS_TEST_EXPECT_MSG_EQ(ToHex(WriteIpPacket(ping, 1, Octets(64))).substr(0, 40),
                              "4500005408f200004001f9fec0a87b03c0a87b64",
                              "a published header");
    }
};

/// What ESP adds, against what it makes: every cipher, every length.
class OverheadTestCase : public TestCase
{
  public:
    explicit OverheadTestCase(const EspAlgorithms& a)
        : TestCase("overhead " + NameOf(a)),
          m_algorithms(a)
    {
    }

  private:
    void DoRun() override
    {
        for (bool transport : {false, true})
        {
            for (bool inUdp : {false, true})
            {
                IpsecSa sa = MakeSa(m_algorithms);
                sa.transport = transport;
                sa.udp = inUdp ? std::make_optional(UdpEncapsulation()) : std::nullopt;
                CheckOverhead(sa);
                CheckLargest(sa);
            }
        }
    }

    /// From the IP header on, as it goes out.
    size_t OuterLengthOf(const IpsecSa& sa, size_t payload)
    {
        const Octets iv(IvLengthOf(sa.cipher));
        const auto esp = ProtectEsp(*m_provider, sa, {Octets(payload), 4}, 1, iv);
        return 20 + (sa.udp ? 8 : 0) + esp.size();
    }

    void CheckOverhead(const IpsecSa& sa)
    {
        for (size_t length = 0; length <= 200; length++)
        {
            const size_t outer = OuterLengthOf(sa, length);
            const size_t before = length + (sa.transport ? 20 : 0);
            NS_TEST_ASSERT_MSG_EQ(OverheadOf(sa, length), outer - before, "length " << length);
        }
    }

    /// The largest packet fits, and one more octet does not.
    void CheckLargest(const IpsecSa& sa)
    {
        const size_t header = sa.transport ? 20 : 0;
        for (size_t mtu = 120; mtu <= 200; mtu++)
        {
            const size_t largest = LargestInnerFor(sa, mtu);
            NS_TEST_ASSERT_MSG_GT(largest, header, "something fits into " << mtu);
            const size_t payload = largest - header;
            NS_TEST_ASSERT_MSG_EQ((OuterLengthOf(sa, payload) <= mtu), true, "fits into " << mtu);
            NS_TEST_ASSERT_MSG_GT(OuterLengthOf(sa, payload + 1), mtu, "no more into " << mtu);
        }
        NS_TEST_EXPECT_MSG_EQ(LargestInnerFor(sa, OuterLengthOf(sa, 0) - 1), 0, "nothing fits");
        NS_TEST_EXPECT_MSG_EQ(LargestInnerFor(sa, 0), 0, "no room at all");
    }

    EspAlgorithms m_algorithms;                                        ///< what is tried
    std::unique_ptr<CryptoProvider> m_provider{MakeOpensslProvider()}; ///< real cryptography
};

/// Outer headers of tunnels, and what protection adds.
class IpsecOuterHeaderTestSuite : public TestSuite
{
  public:
    IpsecOuterHeaderTestSuite()
        : TestSuite("ipsec-outer-header", Type::UNIT)
    {
        AddTestCase(new OuterEntryTestCase, TestDuration::QUICK);
        AddTestCase(new EcnExitTestCase, TestDuration::QUICK);
        AddTestCase(new TosChecksumTestCase, TestDuration::QUICK);
        for (const EspAlgorithms& a : AllAlgorithms())
        {
            AddTestCase(new OverheadTestCase(a), TestDuration::QUICK);
        }
    }
};

IpsecOuterHeaderTestSuite g_ipsecOuterHeaderTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
