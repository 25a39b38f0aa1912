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

constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;

/// An SA in transport mode between the two ends.
IpsecSa
MakeTransportSa(uint8_t protocol = 0, uint16_t sourcePort = 0, uint16_t destinationPort = 0)
{
    IpsecSa sa = MakeSa();
    sa.transport = true;
    sa.innerSource = IpPrefix{LEFT, 32};
    sa.innerSource.protocol = protocol;
    sa.innerSource.port = sourcePort;
    sa.innerDestination = IpPrefix{RIGHT, 32};
    sa.innerDestination.protocol = protocol;
    sa.innerDestination.port = destinationPort;
    return sa;
}

/// A packet with every field of its header other than usual.
OuterHeader
MakeHeader()
{
    OuterHeader header{LEFT, RIGHT};
    header.tos = 0xb9;
    header.ttl = 17;
    header.dontFragment = true;
    header.identification = 0xbeef;
    header.options = {0x94, 4, 0, 0, 1, 1, 1, 0}; // router alert (RFC 2113), padding
    return header;
}

/// UDP or TCP from port 1701 to port 53, with a checksum that is right between these ends.
Octets
MakeSegment(uint8_t protocol, const OuterHeader& header)
{
    Octets segment = protocol == UDP ? Octets{6, 0xa5, 0, 53, 0, 29, 1, 1} : Octets(20);
    segment[0] = 6;
    segment[1] = 0xa5;
    segment[3] = 53;
    Append(segment, Pattern(21, 9));
    Octets packet = WriteIpPacket(header, protocol, segment);
    RepairTransportChecksum(packet);
    return packet;
}

/// The 16 bits sum of RFC 1071 over a segment with its pseudo header: 0xffff when it is right.
uint32_t
SumOf(const Octets& packet)
{
    const auto view = ReadIpPacket(packet).value();
    Octets all = Concat({view.header.source.ToOctets(), view.header.destination.ToOctets()});
    AppendNumber(all, view.protocol, 2);
    AppendNumber(all, view.length - view.headerLength, 2);
    all.insert(all.end(),
               packet.begin() + static_cast<std::ptrdiff_t>(view.headerLength),
               packet.end());
    all.resize((all.size() + 1) / 2 * 2);
    uint32_t sum = 0;
    for (size_t i = 0; i < all.size(); i += 2)
    {
        sum += all[i] * 256U + all[i + 1];
    }
    return (sum & 0xffff) + (sum >> 16);
}

/// Transport mode: the header stays outside, and the same packet comes out.
class TransportTestCase : public TestCase
{
  public:
    TransportTestCase()
        : TestCase("transport mode")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers(MakeTransportSa());
        const Octets packet = MakeSegment(UDP, MakeHeader());
        const auto sent = peers.Send(packet);
        NS_TEST_ASSERT_MSG_EQ(ToString(sent.verdict.action), "protect", "goes out");
        NS_TEST_EXPECT_MSG_EQ(sent.esp.size(), 8 + 16 + 32 + 12, "29 octets and a trailer");
        CheckOuter(sent.outer);
        const auto got = peers.right.Inbound(peers.now, sent.outer, sent.esp, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(packet), "the same packet");
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetInboundSaCounters(PAIR)->bytes, 29, "counted");
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetOutboundSaCounters(PAIR)->bytes, 29, "at both ends");
        OuterHeader later = sent.outer;
        later.ttl = 3;
        later.tos = 0xbb;
        const auto second =
            peers.right.Inbound(peers.now, later, peers.Send(packet).esp, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(+second.inner.at(8), 3, "routers have decremented it");
        NS_TEST_EXPECT_MSG_EQ(+second.inner.at(1), 0xbb, "a mark on the way is kept");
        CheckIpv6();
    }

    void CheckOuter(const OuterHeader& outer)
    {
        const OuterHeader header = MakeHeader();
        NS_TEST_EXPECT_MSG_EQ((outer.source == LEFT && outer.destination == RIGHT), true, "ends");
        NS_TEST_EXPECT_MSG_EQ(+outer.tos, +header.tos, "TOS");
        NS_TEST_EXPECT_MSG_EQ(+outer.ttl, +header.ttl, "TTL");
        NS_TEST_EXPECT_MSG_EQ(outer.dontFragment, true, "DF");
        NS_TEST_EXPECT_MSG_EQ(outer.identification.value(), 0xbeef, "identification");
        NS_TEST_EXPECT_MSG_EQ(ToHex(outer.options), ToHex(header.options), "options");
    }

    /// With a hop-by-hop header, which stays outside.
    void CheckIpv6()
    {
        IpsecSa sa = MakeTransportSa();
        sa.source = IpAddress::Parse("2001:db8::1").value();
        sa.destination = IpAddress::Parse("2001:db8::2").value();
        sa.innerSource = IpPrefix{sa.source, 128};
        sa.innerSource.protocol = UDP;
        sa.innerSource.port = 1701;
        sa.innerDestination = IpPrefix{sa.destination, 128};
        PlanePeers peers(sa);
        OuterHeader header{sa.source, sa.destination};
        header.flowLabel = 0x54321;
        header.tos = 0x5a;
        header.options = {0, 0, 5, 2, 0, 0, 1, 0};
        const Octets packet = MakeSegment(UDP, header);
        const auto sent = peers.Send(packet);
        const auto got = peers.right.Inbound(peers.now, sent.outer, sent.esp, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(packet), "IPv6");
    }
};

/// The peer is seen at another address: its packets in transport mode have that one from then on.
class MovedTestCase : public TestCase
{
  public:
    MovedTestCase()
        : TestCase("an end that moves, in both modes")
    {
    }

  private:
    void DoRun() override
    {
        Check(MakeTransportSa(UDP, 1701, 53), {ELSEWHERE, RIGHT}, {LEFT, ELSEWHERE});
        Check(MakeSa(), {LEFT_HOST, RIGHT_HOST}, {LEFT_HOST, RIGHT_HOST});
    }

    /// @param sa from left to right
    /// @param fromMoved ends of inner packets after the left end has moved
    /// @param toMoved the same after the right end has
    void Check(const IpsecSa& sa, const OuterHeader& fromMoved, const OuterHeader& toMoved)
    {
        const Octets in = MakeSegment(UDP, fromMoved);
        PlanePeers left(sa);
        left.right.Move(PAIR, Endpoint{ELSEWHERE, 4500});
        IpsecSa moved = sa;
        moved.source = ELSEWHERE;
        moved.innerSource = sa.transport ? Selector(IpPrefix{ELSEWHERE, 32}) : sa.innerSource;
        PlanePeers sender(moved);
        const auto sent = sender.Send(in);
        const auto got = left.right.Inbound(left.now, sent.outer, sent.esp, *left.provider);
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(in), "inbound");
        PlanePeers right(sa);
        right.left.Move(PAIR, Endpoint{ELSEWHERE, 4500});
        const auto out = right.Send(MakeSegment(UDP, toMoved));
        NS_TEST_EXPECT_MSG_EQ(ToString(out.verdict.action), "protect", "outbound");
        NS_TEST_EXPECT_MSG_EQ((out.outer.destination == ELSEWHERE), true, "to the new address");
    }

    const IpAddress ELSEWHERE = IpAddress::V4(0xc0000209); ///< 192.0.2.9
};

/// Protocol and ports of selectors, in both modes and both directions.
class SelectorTestCase : public TestCase
{
  public:
    SelectorTestCase()
        : TestCase("selectors with protocol and ports")
    {
    }

  private:
    void DoRun() override
    {
        const OuterHeader header = MakeHeader();
        const Octets udp = MakeSegment(UDP, header);
        const Octets tcp = MakeSegment(TCP, header);
        const Octets icmp = WriteIpPacket(header, 1, Pattern(12, 8));
        Octets first = udp;
        first[6] = 0x20;
        Octets later = udp;
        later[7] = 0x02;
        const Octets cut = WriteIpPacket(header, UDP, Pattern(3, 6));
        for (bool transport : {false, true})
        {
            const std::string mode = transport ? "transport " : "tunnel ";
            Try(mode + "any", {0, 0, 0}, transport, icmp, true);
            Try(mode + "protocol", {UDP, 0, 0}, transport, udp, true);
            Try(mode + "other protocol", {UDP, 0, 0}, transport, tcp, false);
            Try(mode + "source port", {UDP, 1701, 0}, transport, udp, true);
            Try(mode + "other source port", {UDP, 1702, 0}, transport, udp, false);
            Try(mode + "destination port", {TCP, 0, 53}, transport, tcp, true);
            Try(mode + "ports the wrong way", {TCP, 53, 1701}, transport, tcp, false);
            Try(mode + "no ports", {1, 1, 0}, transport, icmp, false);
            Try(mode + "cut ports", {UDP, 1701, 0}, transport, cut, false);
            // RFC 4303 3.3.4: transport mode takes no fragments at all.
            Try(mode + "first fragment", {UDP, 1701, 0}, transport, first, !transport);
            Try(mode + "later fragment", {UDP, 1701, 0}, transport, later, false);
            Try(mode + "later fragment, any port", {UDP, 0, 0}, transport, later, !transport);
        }
    }

    /// Protocol, source port, destination port.
    struct Wanted
    {
        uint8_t protocol;         ///< of both sides
        uint16_t sourcePort;      ///< of the sender's side
        uint16_t destinationPort; ///< of the receiver's side
    };

    void Try(const std::string& name,
             const Wanted& wanted,
             bool transport,
             const Octets& packet,
             bool passes)
    {
        IpsecSa sa = MakeTransportSa(wanted.protocol, wanted.sourcePort, wanted.destinationPort);
        sa.transport = transport;
        PlanePeers peers(sa);
        const std::string expected = passes ? "none" : "selector-mismatch";
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Send(packet).verdict.reason), expected, name);
        const auto view = ReadIpPacket(packet).value();
        if (transport && view.isFragment)
        {
            return; // the outer header is never that of a fragment
        }
        const auto begin = packet.begin() + static_cast<std::ptrdiff_t>(view.headerLength);
        const Octets esp = transport ? peers.Forge(Octets(begin, packet.end()), packet[9], 1)
                                     : peers.Forge(packet, 4, 1);
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Receive(esp).verdict.reason),
                              expected,
                              name << ", inbound");
    }
};

/// RFC 3948: ports, a NAT that changes them, and the checksums behind it.
class UdpEncapsulationTestCase : public TestCase
{
  public:
    UdpEncapsulationTestCase()
        : TestCase("ESP in UDP")
    {
    }

  private:
    void DoRun() override
    {
        IpsecSa sa = MakeSa();
        sa.udp = UdpEncapsulation{1024, 4500};
        PlanePeers peers(sa);
        const auto sent = peers.Send(MakeInner(60));
        NS_TEST_ASSERT_MSG_EQ(sent.outer.udp.has_value(), true, "goes into UDP");
        NS_TEST_EXPECT_MSG_EQ(sent.outer.udp->sourcePort, 1024, "from");
        NS_TEST_EXPECT_MSG_EQ(sent.outer.udp->destinationPort, 4500, "to");
        NS_TEST_EXPECT_MSG_EQ(peers.Receive(sent.esp).movedTo.has_value(), false, "as it was");
        OuterHeader moved = OuterOf(sa);
        moved.udp->sourcePort = 2048;
        Octets forged = peers.Send(MakeInner(60)).esp;
        forged.back() ^= 1;
        const auto refused = peers.right.Inbound(peers.now, moved, forged, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(refused.movedTo.has_value(), false, "not on a forger's word");
        const Octets esp = peers.Send(MakeInner(60)).esp;
        const auto got = peers.right.Inbound(peers.now, moved, esp, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToString(got.verdict.action), "accept", "another port");
        NS_TEST_EXPECT_MSG_EQ((got.movedTo == std::make_optional(Endpoint{LEFT, 2048})),
                              true,
                              "is reported");
        moved.source = LEFT_HOST;
        const auto elsewhere =
            peers.right.Inbound(peers.now, moved, peers.Send(MakeInner(60)).esp, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToString(elsewhere.verdict.reason), "wrong-outer-address", "address");
        for (uint8_t protocol : {UDP, TCP})
        {
            CheckChecksum(protocol);
        }
        CheckNoChecksum();
    }

    /// The sender knows itself as 10.1.1.1, and a NAT makes it 192.0.2.1.
    void CheckChecksum(uint8_t protocol)
    {
        IpsecSa inside = MakeTransportSa();
        inside.udp = UdpEncapsulation();
        inside.source = LEFT_HOST;
        inside.innerSource = IpPrefix{LEFT_HOST, 32};
        OuterHeader header = MakeHeader();
        header.source = LEFT_HOST;
        const Octets packet = MakeSegment(protocol, header);
        NS_TEST_EXPECT_MSG_EQ(SumOf(packet), 0xffff, "right at the sender");
        auto sent = PlanePeers(inside).Send(packet);
        sent.outer.source = LEFT;
        for (bool inUdp : {true, false})
        {
            IpsecSa outside = MakeTransportSa();
            outside.udp = inUdp ? inside.udp : std::nullopt;
            PlanePeers receiver(outside);
            const auto got =
                receiver.right.Inbound(receiver.now, sent.outer, sent.esp, *receiver.provider);
            NS_TEST_ASSERT_MSG_EQ(ToString(got.verdict.action), "accept", "behind a NAT");
            NS_TEST_EXPECT_MSG_EQ((SumOf(got.inner) == 0xffff),
                                  inUdp,
                                  "protocol " << +protocol << ", repaired with a NAT alone");
        }
    }

    /// RFC 768: a datagram without a checksum gets none.
    void CheckNoChecksum()
    {
        IpsecSa sa = MakeTransportSa();
        sa.udp = UdpEncapsulation();
        PlanePeers peers(sa);
        Octets packet = MakeSegment(UDP, MakeHeader());
        const size_t place = ReadIpPacket(packet)->headerLength + 6;
        packet[place] = 0;
        packet[place + 1] = 0;
        const auto sent = peers.Send(packet);
        const auto got = peers.right.Inbound(peers.now, sent.outer, sent.esp, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToHex(got.inner), ToHex(packet), "as it was");
    }
};

/// Dummy packets, RFC 4303 2.6.
class DummyTestCase : public TestCase
{
  public:
    DummyTestCase()
        : TestCase("dummy packets")
    {
    }

  private:
    void DoRun() override
    {
        IpsecSa sa = MakeSa();
        sa.hardBytes = 250;
        PlanePeers peers(sa);
        const auto sent = peers.left.OutboundDummy(TUNNEL, 100, *peers.provider);
        peers.left.CountOutbound(sent.verdict);
        NS_TEST_ASSERT_MSG_EQ(ToString(sent.verdict.action), "protect", "goes out");
        NS_TEST_EXPECT_MSG_EQ(sent.esp.size(), EspLengthOf(sa, 100), "as large as a packet");
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent.esp), 1, "takes a number");
        const auto got = peers.Receive(sent.esp);
        peers.right.CountInbound(got.verdict);
        NS_TEST_EXPECT_MSG_EQ(ToString(got.verdict.reason), "dummy", "and is dropped");
        NS_TEST_EXPECT_MSG_EQ((got.inner.empty() && got.usage.empty()), true, "in silence");
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Receive(sent.esp).verdict.reason), "replayed", "once");
        const auto in = peers.right.GetInboundSaCounters(PAIR).value();
        const auto out = peers.left.GetOutboundSaCounters(PAIR).value();
        NS_TEST_EXPECT_MSG_EQ((in.dummies == 1 && out.dummies == 1), true, "counted");
        NS_TEST_EXPECT_MSG_EQ((in.packets == 0 && out.packets == 0), true, "by themselves");
        NS_TEST_EXPECT_MSG_EQ((in.bytes == 100 && out.bytes == 100), true, "under the same key");
        NS_TEST_EXPECT_MSG_EQ(in.errors, 1, "the replayed one alone");
        NS_TEST_EXPECT_MSG_EQ((peers.left.GetOutboundCounters().IsBalanced() &&
                               peers.right.GetInboundCounters().IsBalanced()),
                              true,
                              "balanced");
        NS_TEST_EXPECT_MSG_EQ(peers.right.GetUsage(TUNNEL).inbound.has_value(), true, "alive");
        NS_TEST_EXPECT_MSG_EQ(peers.left.GetUsage(TUNNEL).outbound.has_value(), false, "no use");
        CheckContents(peers, sent.esp);
        const auto spent = peers.left.OutboundDummy(TUNNEL, 100, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToString(spent.verdict.reason), "hard-volume", "limits hold");
        const auto none = peers.left.OutboundDummy(99, 100, *peers.provider);
        NS_TEST_EXPECT_MSG_EQ(ToString(none.verdict.reason), "no-sa", "no tunnel");
    }

    /// Keyed random octets: others in each packet, the same in each run.
    void CheckContents(PlanePeers& peers, const Octets& first)
    {
        const auto payload = [&](const Octets& esp) {
            return OpenEsp(*peers.provider, peers.sa, *CutEsp(peers.sa, esp)).plain.payload;
        };
        const Octets second = peers.left.OutboundDummy(TUNNEL, 100, *peers.provider).esp;
        NS_TEST_EXPECT_MSG_EQ(payload(second).size(), 100, "length");
        NS_TEST_EXPECT_MSG_EQ((payload(second) == payload(first)), false, "another one");
        PlanePeers again(peers.sa);
        const Octets same = again.left.OutboundDummy(TUNNEL, 100, *again.provider).esp;
        NS_TEST_EXPECT_MSG_EQ((same == first), true, "another run");
    }
};

/// Extended sequence numbers through both planes.
class ExtendedSequenceTestCase : public TestCase
{
  public:
    explicit ExtendedSequenceTestCase(const EspAlgorithms& a)
        : TestCase("extended sequence numbers " + NameOf(a)),
          m_algorithms(a)
    {
    }

  private:
    void DoRun() override
    {
        IpsecSa sa = MakeSa(m_algorithms);
        sa.extendedSequence = true;
        PlanePeers peers(sa);
        peers.left.SkipSequence(PAIR, 0xfffffffd);
        std::vector<Octets> sent;
        for (unsigned i = 0; i < 6; i++)
        {
            sent.push_back(peers.Send(MakeInner(40)).esp);
        }
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent[1]), 0xffffffff, "the last of a subspace");
        NS_TEST_EXPECT_MSG_EQ(SequenceOf(sent[2]), 0, "and the first of the next");
        // Out of order over the border of two subspaces, and each once.
        for (size_t i : {0U, 3U, 1U, 2U, 5U})
        {
            NS_TEST_EXPECT_MSG_EQ(Receive(peers, sent[i]), "none", "packet " << i);
        }
        for (size_t i : {0U, 1U, 2U, 3U, 5U})
        {
            NS_TEST_EXPECT_MSG_EQ(Receive(peers, sent[i]), "replayed", "packet " << i);
        }
        // The same 32 bits of another subspace.
        NS_TEST_EXPECT_MSG_EQ(Receive(peers, peers.Forge(MakeInner(40), 4, 0x200000002)),
                              "bad-icv",
                              "the upper half is under the ICV");
        NS_TEST_EXPECT_MSG_EQ(Receive(peers, sent[4]), "none", "the true one");
        peers.left.SkipSequence(PAIR, 0x20000000a);
        NS_TEST_EXPECT_MSG_EQ(Receive(peers, peers.Send(MakeInner(40)).esp),
                              "bad-icv",
                              "a jump over a whole subspace cannot be seen");
        CheckEnd(sa, 0xfffffffffffffffe);
        sa.extendedSequence = false;
        CheckEnd(sa, 0xfffffffe);
    }

    static std::string Receive(PlanePeers& peers, const Octets& esp)
    {
        return ToString(peers.Receive(esp).verdict.reason);
    }

    /// One number is left.
    void CheckEnd(const IpsecSa& sa, uint64_t sent)
    {
        PlanePeers peers(sa);
        peers.left.SkipSequence(PAIR, sent);
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Send(MakeInner(40)).verdict.reason), "none", "last");
        NS_TEST_EXPECT_MSG_EQ(ToString(peers.Send(MakeInner(40)).verdict.reason),
                              "sequence-exhausted",
                              "no number twice");
    }

    EspAlgorithms m_algorithms; ///< what is tried
};

/// Packets with wrong octets, in both modes: what comes out is always a whole packet, or nothing.
class WrongPacketsTestCase : public TestCase
{
  public:
    WrongPacketsTestCase()
        : TestCase("wrong packets")
    {
    }

  private:
    void DoRun() override
    {
        OuterHeader v6{IpAddress::Parse("2001:db8::1").value(),
                       IpAddress::Parse("2001:db8::2").value()};
        v6.options = {0, 0, 5, 2, 0, 0, 1, 0};
        // Hop-by-hop, destination options, routing, fragment, UDP.
        const Octets chain = Concat({{43, 0, 1, 4, 0, 0, 0, 0},
                                     {44, 0, 0, 0, 0, 0, 0, 0},
                                     {17, 0, 0, 0, 0, 0, 0, 9},
                                     Pattern(20, 3)});
        for (const Octets& packet : {MakeSegment(UDP, MakeHeader()),
                                     MakeSegment(TCP, MakeHeader()),
                                     WriteIpPacket(v6, 60, chain)})
        {
            Mangle(packet);
        }
        NS_TEST_EXPECT_MSG_GT(m_accepted, 100, "some are good all the same");
        NS_TEST_EXPECT_MSG_GT(m_refused, 100, "some are not");
    }

    void Mangle(const Octets& packet)
    {
        for (size_t i = 0; i < packet.size(); i++)
        {
            for (uint8_t value : {0, 1, 17, 43, 44, 60, 255})
            {
                Octets changed = packet;
                changed[i] = value;
                Give(changed);
            }
            Give(Octets(packet.begin(), packet.begin() + static_cast<std::ptrdiff_t>(i)));
        }
    }

    void Give(const Octets& packet)
    {
        for (bool transport : {false, true})
        {
            IpsecSa sa = MakeSa({CipherAlgorithm::Null, 0, IntegrityAlgorithm::None});
            sa.transport = transport;
            sa.udp = UdpEncapsulation();
            const bool isV6 = !packet.empty() && packet[0] >> 4 == 6;
            sa.innerSource = isV6 ? ANY_V6 : IpPrefix::AnyV4();
            sa.innerDestination = sa.innerSource;
            PlanePeers peers(sa);
            Count(peers.Send(packet).verdict.action == VerdictAction::Protect);
            const uint8_t protocol = transport && packet.size() > 9 ? packet[9] : 4;
            const auto got = peers.Receive(peers.Forge(packet, protocol, 1));
            Count(got.verdict.action == VerdictAction::Accept);
            const auto view = ReadIpPacket(got.inner);
            NS_TEST_EXPECT_MSG_EQ((got.inner.empty() || view->length == got.inner.size()),
                                  true,
                                  ToHex(packet));
        }
    }

    void Count(bool passed)
    {
        (passed ? m_accepted : m_refused)++;
    }

    unsigned m_accepted{0}; ///< passed a data plane
    unsigned m_refused{0};  ///< did not
};

/// Policies of outer headers, by tunnel.
class PolicyTestCase : public TestCase
{
  public:
    PolicyTestCase()
        : TestCase("policy of outer headers")
    {
    }

  private:
    void DoRun() override
    {
        PlanePeers peers;
        Octets inner = MakeInner(60);
        inner[1] = 0xba;
        inner[6] = 0x40;
        const auto usual = peers.Send(inner).outer;
        NS_TEST_EXPECT_MSG_EQ(+usual.tos, 0xba, "all of it is copied");
        NS_TEST_EXPECT_MSG_EQ(usual.dontFragment, true, "DF, too");
        NS_TEST_EXPECT_MSG_EQ(+usual.ttl, +OUTER_TTL, "TTL is its own");
        NS_TEST_EXPECT_MSG_EQ(usual.identification.has_value(), false, "the host numbers it");
        peers.left.SetOuterPolicy(99, {false, false, DontFragment::Clear});
        NS_TEST_EXPECT_MSG_EQ(+peers.Send(inner).outer.tos, 0xba, "another tunnel");
        peers.left.SetOuterPolicy(TUNNEL, {false, false, DontFragment::Clear});
        const auto other = peers.Send(inner).outer;
        NS_TEST_EXPECT_MSG_EQ((other.tos == 0 && !other.dontFragment), true, "this tunnel");
        Octets secret = Pattern(9, 1);
        Wipe(secret);
        NS_TEST_EXPECT_MSG_EQ(secret.size(), 0, "wiped");
    }
};

/// What an SA may be beside AES-CBC in tunnel mode.
class IpsecModesTestSuite : public TestSuite
{
  public:
    IpsecModesTestSuite()
        : TestSuite("ipsec-modes", Type::UNIT)
    {
        AddTestCase(new TransportTestCase, TestDuration::QUICK);
        AddTestCase(new MovedTestCase, TestDuration::QUICK);
        AddTestCase(new SelectorTestCase, TestDuration::QUICK);
        AddTestCase(new UdpEncapsulationTestCase, TestDuration::QUICK);
        AddTestCase(new DummyTestCase, TestDuration::QUICK);
        AddTestCase(new WrongPacketsTestCase, TestDuration::QUICK);
        AddTestCase(new PolicyTestCase, TestDuration::QUICK);
        for (const EspAlgorithms& a : AllAlgorithms())
        {
            if (IsAuthenticated(MakeSa(a)))
            {
                AddTestCase(new ExtendedSequenceTestCase(a), TestDuration::QUICK);
            }
        }
    }
};

IpsecModesTestSuite g_ipsecModesTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
