/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/icmpv4.h"
#include "ns3/ipsec-ip-packet.h"
#include "ns3/ipsec-tunnel-envelope.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-raw-socket-factory.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <functional>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The ns-3 side, sizes and headers: fragments, DF, path MTU, TOS, envelopes, dummy packets.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// A world in which hA hears what ICMP says.
class SizeWorld : public HostWorld
{
  public:
    /**
     * @brief Build it, with SAs by hand.
     * @param edit changes the configurations
     */
    explicit SizeWorld(const std::function<void(RouterConfig&)>& edit)
        : HostWorld(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false, edit)
    {
        InstallSas(1, true);
        hA->GetObject<Ipv4L3Protocol>()->TraceConnectWithoutContext(
            "Rx",
            MakeCallback(&SizeWorld::OnHost, this));
    }

    /**
     * @brief hA sends a packet of a protocol that nobody has, with DF.
     * @param octets of the whole packet
     */
    void SendWhole(uint32_t octets)
    {
        Ipv4Header header;
        header.SetSource("10.1.0.2");
        header.SetDestination("10.2.0.2");
        header.SetProtocol(253);
        header.SetTtl(9);
        header.SetDontFragment();
        header.SetPayloadSize(static_cast<uint16_t>(octets - header.GetSerializedSize()));
        Ptr<Ipv4> ipv4 = hA->GetObject<Ipv4>();
        Socket::SocketErrno error = Socket::ERROR_NOTERROR;
        Ptr<Ipv4Route> route =
            ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, error);
        ipv4->SendWithHeader(Create<Packet>(octets - header.GetSerializedSize()), header, route);
    }

    uint32_t refusals{0}; ///< "fragmentation needed" at hA
    uint16_t lastMtu{0};  ///< that the last one named

  private:
    /// hA received a packet. @param packet which
    void OnHost(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */)
    {
        Ptr<Packet> copy = packet->Copy();
        Ipv4Header header;
        copy->RemoveHeader(header);
        Icmpv4Header icmp;
        if (header.GetProtocol() != 1 || copy->RemoveHeader(icmp) == 0 ||
            icmp.GetType() != Icmpv4Header::ICMPV4_DEST_UNREACH)
        {
            return;
        }
        Icmpv4DestinationUnreachable unreachable;
        copy->RemoveHeader(unreachable);
        refusals += icmp.GetCode() == Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED ? 1 : 0;
        lastMtu = unreachable.GetNextHopMtu();
    }
};

/// Run until a time.
void
RunUntil(Time end)
{
    Simulator::Stop(end - Simulator::Now());
    Simulator::Run();
}

/// Packets that are made of octets.
class MakePacketTestCase : public TestCase
{
  public:
    MakePacketTestCase()
        : TestCase("a packet has the octets that it was made of, zeros too")
    {
    }

  private:
    void DoRun() override
    {
        for (size_t front : {0, 1, 28, 700})
        {
            for (size_t zeros : {0, 1, 63, 511, 512, 577, 1400})
            {
                Octets octets(front, 0x5a);
                octets.resize(front + zeros);
                Ptr<Packet> packet = MakePacket(octets);
                Octets seen(packet->GetSize());
                packet->CopyData(seen.data(), packet->GetSize());
                NS_TEST_EXPECT_MSG_EQ((seen == octets), true, front << " and " << zeros);
            }
        }
    }
};

/// Before or after the encryption, on a link with a small MTU.
class FragmentationTestCase : public TestCase
{
  public:
    FragmentationTestCase()
        : TestCase("what is too large is cut before the encryption, or behind it")
    {
    }

  private:
    /// What of 1000 octets of payload crosses a link of 600. @param order when to cut
    /// @param df of the outer header @param packets of ESP @param fragments of them on the way
    void Check(FragmentationOrder order, DfBit df, uint64_t packets, uint32_t fragments)
    {
        SizeWorld w([order, df](RouterConfig& config) {
            config.fragmentation = order;
            config.dfBit = df;
        });
        w.n1->GetDevice(1)->SetMtu(600);
        HostWorld::At(Seconds(1), [&w] { w.Send(w.hA, "10.2.0.2", 1000, 1); });
        RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1}), true, "arrives");
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed, packets, "ESP packets");
        NS_TEST_EXPECT_MSG_EQ(w.r2->GetInboundCounters().passed, packets, "arrived");
        NS_TEST_EXPECT_MSG_EQ(w.coreFragments, fragments, "fragments of ESP");
        NS_TEST_EXPECT_MSG_EQ(w.lastAtCore.IsDontFragment(), (df == DfBit::Set), "DF");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
    }

    void DoRun() override
    {
        Check(FragmentationOrder::BeforeEncryption, DfBit::Copy, 2, 0);
        Check(FragmentationOrder::AfterEncryption, DfBit::Copy, 1, 2);
        Check(FragmentationOrder::AfterEncryption, DfBit::Clear, 1, 2);
        // What may not be cut on its way must be cut before.
        Check(FragmentationOrder::AfterEncryption, DfBit::Set, 2, 0);
    }
};

/// Inner packets as long as IP allows: what stands around them must fit into 16 bits, too.
class LongestPacketTestCase : public TestCase
{
  public:
    LongestPacketTestCase()
        : TestCase("no packet is longer than its length can say")
    {
    }

  private:
    /// Links take whatever IP makes. @param node whose
    static void Widen(Ptr<Node> node)
    {
        for (uint32_t i = 0; i < node->GetNDevices(); ++i)
        {
            if (DynamicCast<PointToPointNetDevice>(node->GetDevice(i)))
            {
                node->GetDevice(i)->SetMtu(65535);
            }
        }
    }

    /// @param mode of the tunnel @param order when to cut @param length of an inner packet
    /// @param packets of ESP
    void Check(TunnelMode mode, FragmentationOrder order, uint32_t length, uint64_t packets)
    {
        SizeWorld w([=](RouterConfig& config) {
            config.interfaces.back().tunnelMode = mode;
            config.interfaces.back().ipMtu = 65535;
            config.fragmentation = order;
            config.dfBit = DfBit::Clear;
        });
        for (const Ptr<Node>& node : {w.hA, w.n1, w.core, w.n2, w.hB})
        {
            Widen(node);
        }
        HostWorld::At(Seconds(1), [&] { w.Send(w.hA, "10.2.0.2", length - 28, 1); });
        RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1}), true, length);
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed, packets, length);
        NS_TEST_EXPECT_MSG_EQ(w.r2->GetInboundCounters().passed, packets, length);
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size() + w.drops2.size(), 0, "no drops");
    }

    void DoRun() override
    {
        // AES and SHA-1: 20 + 8 + 16 before, 12 behind, and of 65479 that are left whole blocks of
        // 16 with 2 of the trailer in the last one.
        constexpr uint32_t LONGEST = 65470;
        for (FragmentationOrder order :
             {FragmentationOrder::BeforeEncryption, FragmentationOrder::AfterEncryption})
        {
            for (TunnelMode mode : {TunnelMode::IpsecIpv4, TunnelMode::GreIp, TunnelMode::IpIp})
            {
                const uint32_t fits = LONGEST - static_cast<uint32_t>(EnvelopeLength(mode));
                Check(mode, order, fits, 1);
                Check(mode, order, fits + 1, 2);
                Check(mode, order, 65535, 2);
            }
        }
    }
};

/// What is too short to be UDP.
class ShortDatagramTestCase : public TestCase
{
  public:
    ShortDatagramTestCase()
        : TestCase("datagrams shorter than a UDP header are dropped, and counted")
    {
    }

  private:
    void DoRun() override
    {
        SizeWorld w([](RouterConfig&) {});
        Ptr<Ipv4> ipv4 = w.core->GetObject<Ipv4>();
        HostWorld::At(Seconds(1), [&] {
            for (uint32_t length = 0; length <= 8; ++length)
            {
                Ipv4Header header;
                header.SetDestination("192.0.2.1");
                Socket::SocketErrno error = Socket::ERROR_NOTERROR;
                ipv4->Send(
                    Create<Packet>(length),
                    "192.0.2.2",
                    header.GetDestination(),
                    17,
                    ipv4->GetRoutingProtocol()->RouteOutput(nullptr, header, nullptr, error));
            }
        });
        RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(w.drops1["udp-too-short"], 8, "0 to 7 octets");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size(), 1, "the last one has a whole header");
    }
};

/// RFC 1191 at both sides of a tunnel.
class PathMtuTestCase : public TestCase
{
  public:
    PathMtuTestCase()
        : TestCase("DF of the inner packet: ICMP back to the sender; ICMP about ESP is believed")
    {
    }

  private:
    void CheckInner()
    {
        SizeWorld w([](RouterConfig& config) { config.interfaces.back().ipMtu = 1300; });
        HostWorld::At(Seconds(1), [&w] { w.SendWhole(1300); });
        HostWorld::At(Seconds(2), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.refusals, 0, "it fits");
            NS_TEST_EXPECT_MSG_EQ(w.lastAtCore.IsDontFragment(), true, "copied");
            w.SendWhole(1301);
        });
        RunUntil(Seconds(3));
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed, 1, "only the first one left");
        NS_TEST_EXPECT_MSG_EQ(w.drops1["too-large"], 1, "and the second did not");
        NS_TEST_EXPECT_MSG_EQ(w.refusals, 1, "hA is told");
        NS_TEST_EXPECT_MSG_EQ(w.lastMtu, 1300, "what would fit");
    }

    /// The core says that ESP of R1 does not fit. @param w the world @param spi of what
    static void Complain(SizeWorld& w, uint32_t spi)
    {
        Ipv4Header header;
        header.SetSource("192.0.2.1");
        header.SetDestination("198.51.100.1");
        header.SetProtocol(50);
        header.SetPayloadSize(1000);
        Octets esp;
        AppendNumber(esp, spi, 4);
        AppendNumber(esp, 1, 4);
        w.core->GetObject<Icmpv4L4Protocol>()->SendDestUnreachFragNeeded(
            header,
            Create<Packet>(esp.data(), static_cast<uint32_t>(esp.size())),
            600);
    }

    /// @param spi of the packet that does not fit
    void CheckOuter(uint32_t spi)
    {
        SizeWorld w([](RouterConfig&) {});
        w.InstallSas(2, false);
        HostWorld::At(Seconds(1), [&w] { Complain(w, 0x4711); });
        HostWorld::At(Seconds(2), [&w] { w.Send(w.hA, "10.2.0.2", 1000, 1); });
        HostWorld::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed, 1, "not of this router");
            Complain(w, spi);
        });
        HostWorld::At(Seconds(4), [&w] { w.Send(w.hA, "10.2.0.2", 1000, 2); });
        HostWorld::At(Seconds(700), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed, 3, "cut: two more");
            w.Send(w.hA, "10.2.0.2", 1000, 3);
        });
        RunUntil(Seconds(701));
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed, 4, "forgotten after 10 minutes");
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1, 2, 3}), true, "delivered");
    }

    void DoRun() override
    {
        CheckInner();
        CheckOuter(0x1001);
        CheckOuter(0x1002); // RFC 4301 8.2: also about an SA that does not send now
    }
};

/// TOS outside, and dummy packets.
class OuterTestCase : public TestCase
{
  public:
    OuterTestCase()
        : TestCase("TOS is copied to the outer header; dummy packets are sent and thrown away")
    {
    }

  private:
    /// The outer header of a packet with DSCP 46 and ECT(0). @param mode of the tunnel
    /// @param knobs what the routers are told @param tos what crosses the core
    void CheckTos(TunnelMode mode, const IkeKnobs& knobs, int tos)
    {
        SizeWorld w([mode](RouterConfig& config) { config.interfaces.back().tunnelMode = mode; });
        w.r1->SetKnobs(knobs);
        for (const char* line : {"enable", "configure terminal", "int tunnel0", "ip mtu 1400"})
        {
            w.r1->Type(line); // the configuration is applied again
        }
        HostWorld::At(Seconds(1), [&] {
            Ptr<Socket> socket = Socket::CreateSocket(w.hA, UdpSocketFactory::GetTypeId());
            socket->Connect(InetSocketAddress(Ipv4Address("10.2.0.2"), 9));
            socket->SetIpTos(0xba); // not before: some ns-3 take that of the address
            socket->Send(Create<Packet>(100));
        });
        RunUntil(Seconds(2));
        NS_TEST_EXPECT_MSG_EQ(+w.lastAtCore.GetTos(), tos, "DSCP and ECN outside");
    }

    void CheckDummies()
    {
        SizeWorld w(
            [](RouterConfig& config) { config.dummyInterval = ns3::ike::Duration::Seconds(1); });
        RunUntil(Seconds(5) + MilliSeconds(500));
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol[50], 10, "five from each end");
        NS_TEST_EXPECT_MSG_EQ(w.drops2["dummy"], 5, "and none goes further");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
        w.Select(0);
        RunUntil(Seconds(10));
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol[50], 10, "not while the line is down");
    }

    void DoRun() override
    {
        IkeKnobs noDscp;
        noDscp.copyDscp = false;
        IkeKnobs noEcn;
        noEcn.ecn = false;
        for (TunnelMode mode : {TunnelMode::IpsecIpv4, TunnelMode::GreIp, TunnelMode::IpIp})
        {
            CheckTos(mode, IkeKnobs{}, 0xba);
            CheckTos(mode, noDscp, 0x02);
            CheckTos(mode, noEcn, 0xb8);
        }
        CheckDummies();
    }
};

/// GRE and IP in IP, as octets.
class EnvelopeTestCase : public TestCase
{
  public:
    EnvelopeTestCase()
        : TestCase("GRE and IP in IP around a packet, and what is refused")
    {
    }

  private:
    void DoRun() override
    {
        const IpAddress local = IpAddress::V4(0xc0000201);
        const IpAddress peer = IpAddress::V4(0xc6336401);
        OuterHeader header;
        header.source = IpAddress::V4(0x0a010002);
        header.destination = IpAddress::V4(0x0a020002);
        header.tos = 0xb9; // ECT(1)
        const Octets inner = WriteIpPacket(header, 17, Octets(20, 7));
        std::string reason;
        OuterPolicy fixed;
        fixed.dontFragment = DontFragment::Set;
        for (const auto& [mode, protocol] :
             {std::pair{TunnelMode::GreIp, 47}, std::pair{TunnelMode::IpIp, 4}})
        {
            Octets wrapped = PutIntoEnvelope(mode, local, peer, inner, fixed);
            NS_TEST_EXPECT_MSG_EQ(wrapped.size(), inner.size() + EnvelopeLength(mode), "length");
            NS_TEST_EXPECT_MSG_EQ(+wrapped[9], protocol, "protocol");
            NS_TEST_EXPECT_MSG_EQ(+wrapped[1], 0xb9, "TOS is copied");
            NS_TEST_EXPECT_MSG_EQ(+wrapped[6], 0x40, "DF");
            NS_TEST_EXPECT_MSG_EQ((TakeFromEnvelope(mode, wrapped, reason) == inner),
                                  true,
                                  "and back");
            SetTos(wrapped, 0xbb);
            const auto marked = TakeFromEnvelope(mode, wrapped, reason);
            NS_TEST_EXPECT_MSG_EQ(+marked.value_or(Octets(2))[1], 0xbb, "CE goes inside");
            for (size_t length = 0; length < wrapped.size(); ++length)
            {
                const Octets cut(wrapped.begin(),
                                 wrapped.begin() + static_cast<std::ptrdiff_t>(length));
                reason.clear();
                NS_TEST_EXPECT_MSG_EQ(TakeFromEnvelope(mode, cut, reason).has_value(),
                                      false,
                                      "cut short");
                NS_TEST_EXPECT_MSG_EQ(reason, "bad-envelope", "for that reason");
            }
            Octets deaf = inner;
            SetTos(deaf, 0xb8);
            wrapped = PutIntoEnvelope(mode, local, peer, deaf, fixed);
            SetTos(wrapped, 0xbb);
            NS_TEST_EXPECT_MSG_EQ(TakeFromEnvelope(mode, wrapped, reason).has_value(),
                                  false,
                                  "RFC 6040 4.2: CE outside, Not-ECT inside");
            NS_TEST_EXPECT_MSG_EQ(reason, "ecn-mismatch", "the envelope itself is good");
        }
        Octets keyed = PutIntoEnvelope(TunnelMode::GreIp, local, peer, inner, OuterPolicy());
        keyed[20] = 0x20;
        NS_TEST_EXPECT_MSG_EQ(TakeFromEnvelope(TunnelMode::GreIp, keyed, reason).has_value(),
                              false,
                              "RFC 2784 2.3: a bit that is not known");
        NS_TEST_EXPECT_MSG_EQ(
            (PutIntoEnvelope(TunnelMode::IpsecIpv4, local, peer, inner, OuterPolicy()) == inner),
            true,
            "a VTI has none");
    }
};

/// A tunnel with an envelope that has no SA yet.
class ClearTestCase : public TestCase
{
  public:
    ClearTestCase()
        : TestCase("GRE and IP in IP without an SA send nothing, neither in clear nor elsewhere")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* mode : {"gre ip", "ipip"})
        {
            const std::string text = std::string("interface Tunnel0\n tunnel mode ") + mode + "\n";
            HostWorld w(DEFAULT1 + LAN2 + text, DEFAULT2 + LAN1 + text, false);
            Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
            HostWorld::At(Seconds(1), [&w] { w.Send(w.hA, "10.2.0.2", 100, 1); });
            HostWorld::At(Seconds(2), [&] {
                NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "there is a path");
                NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 1, "and no SA");
                w.InstallSas(1, true);
                w.Send(w.hA, "10.2.0.2", 100, 2);
            });
            HostWorld::At(Seconds(3), [&w] { w.Select(0); });
            HostWorld::At(Seconds(4), [&] {
                NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "the end of an SA is not its own");
                w.Send(w.hA, "10.2.0.2", 100, 3);
            });
            HostWorld::At(Seconds(5), [&] {
                NS_TEST_EXPECT_MSG_EQ(w.drops1["no-sa"], 2, "as before");
                ipv4->SetDown(2);
            });
            HostWorld::At(Seconds(6), [&] {
                NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "the source is down");
                ipv4->SetUp(2);
            });
            // Its own route hides the path: the line must not flap without end.
            HostWorld::At(Seconds(7), [&] {
                for (const char* line : {"enable",
                                         "configure terminal",
                                         "ip route 198.51.100.1 255.255.255.255 Tunnel0"})
                {
                    w.r1->Type(line);
                }
            });
            RunUntil(Seconds(8));
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), true, "recursive routing");
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "no path");
            NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(17), 0, "nothing in the clear");
            NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol[50], 1, "one packet while there was an SA");
            NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{2}), true, "delivered");
        }
    }
};

/// `tunnel mode gre ip` and `tunnel mode ipip`, protected in transport mode, with IKE.
class TransportTestCase : public TestCase
{
  public:
    /**
     * @brief One way to do it.
     * @param mode words behind `tunnel mode`
     * @param transport in transport mode, or in tunnel mode
     */
    TransportTestCase(const std::string& mode, bool transport)
        : TestCase("UDP and fragments through " + mode +
                   (transport ? ", transport mode" : ", tunnel mode")),
          m_text("interface Tunnel0\n tunnel mode " + mode +
                 "\ncrypto ipsec transform-set 3dessha esp-3des esp-sha-hmac\n mode " +
                 (transport ? "transport\n" : "tunnel\n"))
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2 + m_text, DEFAULT2 + LAN1 + m_text, true);
        HostWorld::At(Seconds(5), [&w] { w.Send(w.hA, "10.2.0.2", 100, 1); });
        HostWorld::At(Seconds(6), [&w] { w.Send(w.hB, "10.1.0.2", 3000, 2); });
        HostWorld::At(Seconds(7), [&w] { w.Send(w.n1, "10.9.0.2", 100, 3); });
        RunUntil(Seconds(8));
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1, 2, 3}), true, "delivered");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(47) + w.coreByProtocol.count(4),
                              0,
                              "in clear");
        NS_TEST_EXPECT_MSG_EQ((w.coreByProtocol[50] >= 5), true, "ESP");
        NS_TEST_EXPECT_MSG_EQ(w.coreFragments, 0, "what does not fit is cut before");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size() + w.drops2.size(), 0, "no drops");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
    }

    std::string m_text; ///< more of both configurations
};

/// Sizes and headers.
class IkeHostSizeTestSuite : public TestSuite
{
  public:
    IkeHostSizeTestSuite()
        : TestSuite("ike-host-size", Type::SYSTEM)
    {
        AddTestCase(new MakePacketTestCase, TestDuration::QUICK);
        AddTestCase(new FragmentationTestCase, TestDuration::QUICK);
        AddTestCase(new LongestPacketTestCase, TestDuration::QUICK);
        AddTestCase(new ShortDatagramTestCase, TestDuration::QUICK);
        AddTestCase(new PathMtuTestCase, TestDuration::QUICK);
        AddTestCase(new OuterTestCase, TestDuration::QUICK);
        AddTestCase(new EnvelopeTestCase, TestDuration::QUICK);
        AddTestCase(new ClearTestCase, TestDuration::QUICK);
        for (const char* mode : {"gre ip", "ipip"})
        {
            AddTestCase(new TransportTestCase(mode, true), TestDuration::QUICK);
            AddTestCase(new TransportTestCase(mode, false), TestDuration::QUICK);
        }
    }
};

IkeHostSizeTestSuite g_ikeHostSizeTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
