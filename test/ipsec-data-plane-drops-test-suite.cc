/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ipsec-plane-fixture.h"

#include "ns3/test.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A way to have a packet dropped.
struct DropRow
{
    DropReason reason;                 ///< expected
    const char* how;                   ///< in a word
    Verdict (*provoke)(PlanePeers& p); ///< makes the packet, and tells what became of it
};

const DropRow OUTBOUND[] = {
    {DropReason::NoSa,
     "nothing selected",
     [](PlanePeers& p) {
         p.left.SelectOutbound(TUNNEL, 0);
         return p.Send(MakeInner(40)).verdict;
     }},
    {DropReason::NoSa,
     "another tunnel",
     [](PlanePeers& p) { return p.left.Outbound(p.now, 99, MakeInner(40), *p.provider).verdict; }},
    {DropReason::NoSa,
     "selected, not installed",
     [](PlanePeers& p) {
         p.left.RemoveOutbound(PAIR);
         return p.Send(MakeInner(40)).verdict;
     }},
    {DropReason::SequenceExhausted,
     "all numbers sent",
     [](PlanePeers& p) {
         p.left.SkipSequence(PAIR, 0xffffffff);
         return p.Send(MakeInner(40)).verdict;
     }},
    {DropReason::HardVolume,
     "limit reached",
     [](PlanePeers& p) {
         p.Send(MakeInner(1000));
         return p.Send(MakeInner(20)).verdict;
     }},
    {DropReason::Malformed,
     "no IP packet",
     [](PlanePeers& p) { return p.Send(Pattern(40, 0)).verdict; }},
    {DropReason::SelectorMismatch,
     "not of this SA",
     [](PlanePeers& p) { return p.Send(MakeInner(40, RIGHT_HOST, RIGHT_HOST)).verdict; }},
};

const DropRow INBOUND[] = {
    {DropReason::Malformed,
     "shorter than an SPI",
     [](PlanePeers& p) {
         return p.Receive(Octets{0, 0, 1}).verdict;
     }},
    {DropReason::Malformed,
     "shorter than IV and ICV",
     [](PlanePeers& p) {
         return p.Receive({0, 0, 0x10, 1, 0, 0, 0, 1, 9}).verdict;
     }},
    {DropReason::Malformed,
     "bad padding",
     [](PlanePeers& p) { return p.Receive(p.ForgeRaw(Octets(32, 0xee), 1)).verdict; }},
    {DropReason::Malformed,
     "no whole block",
     [](PlanePeers& p) {
         EspPacket packet{SPI, 1, Octets(16), Octets(17), {}, 0};
         const Octets covered = WriteEspWithoutIcv(packet);
         Octets icv = p.provider->Hmac(HashAlgorithm::Sha1, p.sa.integrityKey, covered);
         icv.resize(12);
         return p.Receive(Concat({covered, icv})).verdict;
     }},
    {DropReason::Malformed,
     "inner packet of no version",
     [](PlanePeers& p) { return p.Receive(p.Forge(Pattern(40, 0), 4, 1)).verdict; }},
    {DropReason::Malformed,
     "IPv4 header of 16 octets",
     [](PlanePeers& p) {
         Octets inner = MakeInner(40);
         inner[0] = 0x44;
         return p.Receive(p.Forge(inner, 4, 1)).verdict;
     }},
    {DropReason::Malformed,
     "IPv4 length below its header",
     [](PlanePeers& p) {
         Octets inner = MakeInner(40);
         inner[3] = 19;
         return p.Receive(p.Forge(inner, 4, 1)).verdict;
     }},
    {DropReason::UnknownSpi,
     "SA removed",
     [](PlanePeers& p) {
         p.right.RemoveInbound(PAIR);
         return p.Receive(p.Send(MakeInner(40)).esp).verdict;
     }},
    {DropReason::Replayed,
     "twice",
     [](PlanePeers& p) {
         const Octets esp = p.Send(MakeInner(40)).esp;
         p.Receive(esp);
         return p.Receive(esp).verdict;
     }},
    {DropReason::TooOld,
     "64 numbers late",
     [](PlanePeers& p) {
         p.Receive(p.Forge(MakeInner(40), 4, 65));
         return p.Receive(p.Send(MakeInner(40)).esp).verdict;
     }},
    {DropReason::BadIcv,
     "last octet",
     [](PlanePeers& p) {
         Octets esp = p.Send(MakeInner(40)).esp;
         esp.back() ^= 0x80;
         return p.Receive(esp).verdict;
     }},
    {DropReason::WrongOuter,
     "source",
     [](PlanePeers& p) {
         const Octets esp = p.Send(MakeInner(40)).esp;
         return p.right.Inbound(p.now, {LEFT_HOST, RIGHT}, esp, *p.provider).verdict;
     }},
    {DropReason::WrongOuter,
     "destination",
     [](PlanePeers& p) {
         const Octets esp = p.Send(MakeInner(40)).esp;
         return p.right.Inbound(p.now, {LEFT, RIGHT_HOST}, esp, *p.provider).verdict;
     }},
    {DropReason::SelectorMismatch,
     "inner source",
     [](PlanePeers& p) {
         return p.Receive(p.Forge(MakeInner(40, RIGHT_HOST, RIGHT_HOST), 4, 1)).verdict;
     }},
    {DropReason::SelectorMismatch,
     "inner destination",
     [](PlanePeers& p) {
         return p.Receive(p.Forge(MakeInner(40, LEFT_HOST, LEFT_HOST), 4, 1)).verdict;
     }},
    {DropReason::Dummy,
     "next header 59",
     [](PlanePeers& p) { return p.Receive(p.Forge(Pattern(40, 0), 59, 1)).verdict; }},
    {DropReason::HardVolume,
     "limit reached",
     [](PlanePeers& p) {
         p.Receive(p.Forge(MakeInner(1000), 4, 1));
         return p.Receive(p.Forge(MakeInner(20), 4, 2)).verdict;
     }},
};

/// Provokes one drop reason, and finds it in verdict, counters and the identity.
class DataPlaneDropTestCase : public TestCase
{
  public:
    DataPlaneDropTestCase(const DropRow& row, bool inbound)
        : TestCase((inbound ? "inbound " : "outbound ") + ToString(row.reason) + ": " + row.how),
          m_row(row),
          m_inbound(inbound)
    {
    }

  private:
    void DoRun() override
    {
        IpsecSa sa = MakeSa();
        sa.hardBytes = 1000;
        sa.innerSource = IpPrefix{IpAddress::V4(0x0a010000), 16};
        sa.innerDestination = IpPrefix{IpAddress::V4(0x0a020000), 16};
        PlanePeers peers(sa);
        const Verdict verdict = m_row.provoke(peers);
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.action), "discard", "dropped");
        NS_TEST_EXPECT_MSG_EQ(ToString(verdict.reason), ToString(m_row.reason), "why");
        IpsecDataPlane& plane = m_inbound ? peers.right : peers.left;
        m_inbound ? plane.CountInbound(verdict) : plane.CountOutbound(verdict);
        const PlaneCounters& c =
            m_inbound ? plane.GetInboundCounters() : plane.GetOutboundCounters();
        NS_TEST_EXPECT_MSG_EQ(c.discarded[static_cast<size_t>(m_row.reason)], 1, "counted");
        NS_TEST_EXPECT_MSG_EQ((c.in == 1 && c.IsBalanced()), true, "balanced");
    }

    DropRow m_row;  ///< what is dropped, and why
    bool m_inbound; ///< which direction
};

/// Every reason why the data plane drops a packet.
class IpsecDataPlaneDropsTestSuite : public TestSuite
{
  public:
    IpsecDataPlaneDropsTestSuite()
        : TestSuite("ipsec-data-plane-drops", Type::UNIT)
    {
        for (const DropRow& row : OUTBOUND)
        {
            AddTestCase(new DataPlaneDropTestCase(row, false), TestDuration::QUICK);
        }
        for (const DropRow& row : INBOUND)
        {
            AddTestCase(new DataPlaneDropTestCase(row, true), TestDuration::QUICK);
        }
    }
};

IpsecDataPlaneDropsTestSuite g_ipsecDataPlaneDropsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
