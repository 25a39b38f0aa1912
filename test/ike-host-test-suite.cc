/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/boolean.h"
#include "ns3/esp-l4-protocol.h"
#include "ns3/flow-monitor-helper.h"
#include "ns3/ipsec-carrier-tag.h"
#include "ns3/ipsec-tunnel-device.h"
#include "ns3/ipv4-flow-classifier.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <map>
#include <set>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The ns-3 side, packets: tunnel device, ESP, tags, line protocol, drops.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// Hand-installed SAs: datagrams both ways, ESP alone in the middle, tags, fragments, FlowMonitor.
class TunnelTestCase : public TestCase
{
  public:
    TunnelTestCase()
        : TestCase("UDP both ways over a VTI, tags survive, large packets are cut")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false);
        FlowMonitorHelper flows;
        Ptr<FlowMonitor> monitor = flows.InstallAll();
        w.InstallSas(1, true);
        HostWorld::At(Seconds(1), [&w] { w.Send(w.hA, "10.2.0.2", 100, 1); });
        HostWorld::At(Seconds(2), [&w] { w.Send(w.hB, "10.1.0.2", 100, 2); });
        HostWorld::At(Seconds(3), [&w] { w.Send(w.hA, "10.2.0.2", 3000, 3); });
        HostWorld::At(Seconds(4),
                      [&w] { w.Send(w.n1, "10.2.0.2", 100, 4); }); // from the router itself
        Simulator::Stop(Seconds(5));
        Simulator::Run();

        const std::multiset<uint32_t> all{1, 2, 3, 4};
        NS_TEST_EXPECT_MSG_EQ((w.received == all), true, "delivered with their packet tags");
        NS_TEST_EXPECT_MSG_EQ((w.receivedBytes == all), true, "and with their byte tags");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.size(), 1, "only one protocol in the middle");
        NS_TEST_EXPECT_MSG_EQ(w.coreByProtocol.count(EspL4Protocol::PROT_NUMBER), 1, "ESP");
        NS_TEST_EXPECT_MSG_EQ(w.coreFragments, 0, "cut before, not behind the encryption");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed,
                              w.r2->GetInboundCounters().passed,
                              "what left arrived");
        NS_TEST_EXPECT_MSG_EQ(w.r1->GetOutboundCounters().passed,
                              1 + 5 + 1,
                              "hA's fragments of 1500 were cut again");
        NS_TEST_EXPECT_MSG_EQ(w.drops1.size() + w.drops2.size(), 0, "no drops");

        uint32_t tx = 0;
        uint32_t rx = 0;
        Ptr<Ipv4FlowClassifier> classifier = DynamicCast<Ipv4FlowClassifier>(flows.GetClassifier());
        for (const auto& [id, stats] : monitor->GetFlowStats())
        {
            if (classifier->FindFlow(id).protocol == 17)
            {
                tx += stats.txPackets;
                rx += stats.rxPackets;
            }
        }
        NS_TEST_EXPECT_MSG_EQ(tx, 4, "FlowMonitor saw them leave");
        NS_TEST_EXPECT_MSG_EQ(rx, 4, "FlowMonitor saw them arrive");
    }
};

/// A tunnel with a large MTU: the outer packet is cut and put together again before ESP.
class OuterFragmentsTestCase : public TestCase
{
  public:
    OuterFragmentsTestCase()
        : TestCase("Fragments of the outer packet; tags off")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false, [](RouterConfig& config) {
            config.fragmentation = FragmentationOrder::AfterEncryption;
        });
        w.r1->GetTunnelDevice("Tunnel0")->SetInnerMtu(9000);
        w.InstallSas(1, true);
        HostWorld::At(Seconds(1), [&w] { w.Send(w.n1, "10.2.0.2", 3000, 1); });
        HostWorld::At(Seconds(2), [&w] {
            w.r1->SetAttribute("CarryTags", BooleanValue(false));
            w.Send(w.n1, "10.2.0.2", 100, 2);
        });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{0, 1}), true, "tags, or not");
        NS_TEST_EXPECT_MSG_EQ(w.coreFragments, 3, "ESP was cut");
        NS_TEST_EXPECT_MSG_EQ(w.r2->GetInboundCounters().passed, 2, "and put together");
    }
};

/// Line protocol follows SelectOutbound; connected and static routes come and go with it.
class LineTestCase : public TestCase
{
  public:
    LineTestCase()
        : TestCase("The line follows the SA, static routes come back")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2 + "ip route 10.3.0.0 255.255.0.0 10.9.0.2\n",
                    DEFAULT2 + LAN1,
                    false);
        Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
        Ptr<Ipv4StaticRouting> table = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        const uint32_t routes = table->GetNRoutes();
        HostWorld::At(Seconds(1), [&w] { w.InstallSas(1, true); });
        HostWorld::At(Seconds(2), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "connected and two static");
            w.InstallSas(2, true); // make before break: nothing changes
        });
        HostWorld::At(Seconds(3), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "as before");
            w.Select(0);
        });
        // By the default route, to where nobody knows it.
        HostWorld::At(MilliSeconds(3500), [&] { w.Send(w.hA, "10.2.0.2", 100, 1); });
        HostWorld::At(Seconds(4), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes, "gone");
            NS_TEST_EXPECT_MSG_EQ(w.r1->IsLineUp(1), false, "down");
            w.Select(2);
            w.Select(0);
            w.Select(2);
        });
        HostWorld::At(Seconds(5), [&] {
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "back, and once only");
            w.Send(w.hA, "10.2.0.2", 100, 2);
        });
        // An interface that anybody sets down takes its routes along, and gets them back.
        HostWorld::At(Seconds(6), [&] { ipv4->SetDown(2); });
        HostWorld::At(Seconds(7), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "the source is down");
            ipv4->SetUp(2);
        });
        HostWorld::At(Seconds(8), [&] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), true, "and the default route is back");
            NS_TEST_EXPECT_MSG_EQ(table->GetNRoutes(), routes + 3, "in its own table");
            w.Send(w.hA, "10.2.0.2", 100, 3);
        });
        Simulator::Stop(Seconds(9));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::LineUp), 3, "up three times");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::LineDown), 2, "down twice");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::RouteUp), 2, "path found twice");
        NS_TEST_EXPECT_MSG_EQ(w.Count("R1", EventKind::RouteDown), 1, "and lost once");
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{2, 3}), true, "delivered");
    }
};

/// Drop reasons, the packet of a drop, the identities.
class DropTestCase : public TestCase
{
  public:
    DropTestCase()
        : TestCase("Drops have a reason and are found by their tag; recursive routing is stopped")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false);
        w.InstallSas(1, true);
        // R2 forgets what it receives with: unknown SPI.
        HostWorld::At(Seconds(1), [&w] {
            w.r2->GetDataPlane().RemoveInbound(1);
            w.Send(w.hA, "10.2.0.2", 100, 1);
        });
        // R1 forgets what it sends with, but the line is still up.
        HostWorld::At(Seconds(2), [&w] {
            w.r1->GetDataPlane().RemoveOutbound(1);
            w.Send(w.hA, "10.2.0.2", 100, 2);
        });
        HostWorld::At(Seconds(3), [&w] { w.InstallSas(2, true); });
        // R2's line is down while R1 still sends.
        HostWorld::At(Seconds(4), [&w] {
            w.r2->SelectOutbound(1, 0);
            w.Send(w.hA, "10.2.0.2", 100, 3);
        });
        // Someone routes R1's outer packets into the tunnel.
        HostWorld::At(Seconds(5), [&w] {
            Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
            Ptr<Ipv4StaticRouting> table = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
            table->AddHostRouteTo(Ipv4Address("198.51.100.1"),
                                  ipv4->GetInterfaceForAddress(Ipv4Address("10.9.0.1")));
            w.Send(w.hA, "10.2.0.2", 100, 4);
        });
        HostWorld::At(Seconds(6), [&w, this] {
            NS_TEST_EXPECT_MSG_EQ(w.r1->HasPath(1), false, "that is no path");
            Ptr<Packet> outer = Create<Packet>(20); // not even a packet
            w.r1->GetTunnelDevice("Tunnel0")->Send(outer, ns3::Address(), 0x86dd);
        });
        Simulator::Stop(Seconds(7));
        Simulator::Run();

        using Drops = std::map<std::string, uint32_t>;
        const Drops expected1{{"no-sa", 1}, {"not-ipv4", 1}, {"recursive-routing", 1}};
        const Drops expected2{{"line-down", 1}, {"unknown-spi", 1}};
        NS_TEST_EXPECT_MSG_EQ((w.drops1 == expected1), true, "at R1");
        NS_TEST_EXPECT_MSG_EQ((w.drops2 == expected2), true, "at R2");
        const std::vector<uint32_t> marks{1, 2, 3, 4};
        NS_TEST_EXPECT_MSG_EQ((w.lostMarks == marks), true, "each found by its tag, once");
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 0, "none delivered");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "identities");
        const PlaneCounters in = w.r2->GetInboundCounters();
        NS_TEST_EXPECT_MSG_EQ(in.discarded[static_cast<size_t>(DropReason::UnknownSpi)],
                              1,
                              "counted in the data plane");
        NS_TEST_EXPECT_MSG_EQ(in.in, 2, "two ESP packets came");
        bool recursive = false;
        for (const TimedEvent& e : w.events)
        {
            recursive |=
                e.event.kind == EventKind::RouteDown && e.event.text == "recursive-routing";
        }
        NS_TEST_EXPECT_MSG_EQ(recursive, true, "reported as a lost path");
    }
};

/// The guard of the device itself, and what it is without a tunnel.
class DeviceTestCase : public TestCase
{
  public:
    DeviceTestCase()
        : TestCase("The device stops a packet that comes back in the same call")
    {
    }

  private:
    /// The tunnel's other side sends into the tunnel again. @param packet the packet
    /// @return true
    bool Again(Ptr<Packet> packet)
    {
        ++m_calls;
        m_device->Send(packet, ns3::Address(), 0x0800);
        return true;
    }

    /// @param packet dropped @param reason why
    void OnDrop(Ptr<const Packet> /* packet */, const std::string& reason)
    {
        m_drops.push_back(reason);
    }

    /// The link changed.
    void OnLink()
    {
        ++m_changes;
    }

    void DoRun() override
    {
        m_device = CreateObject<IpsecTunnelDevice>();
        m_device->TraceConnectWithoutContext("Drop", MakeCallback(&DeviceTestCase::OnDrop, this));
        m_device->AddLinkChangeCallback(MakeCallback(&DeviceTestCase::OnLink, this));
        Ptr<Packet> packet = Create<Packet>(100);
        m_device->Send(packet, ns3::Address(), 0x0800);
        m_device->SetSendCallback(MakeCallback(&DeviceTestCase::Again, this));
        m_device->Send(packet, ns3::Address(), 0x0800);
        m_device->SetLinkUp(true);
        m_device->SetLinkUp(true);
        m_device->Send(packet, ns3::Address(), 0x0800);
        const std::vector<std::string> drops{"no-tunnel", "link-down", "recursive-routing"};
        NS_TEST_EXPECT_MSG_EQ((m_drops == drops), true, "in this order");
        NS_TEST_EXPECT_MSG_EQ(m_calls, 1, "the tunnel was entered once");
        NS_TEST_EXPECT_MSG_EQ(m_changes, 1, "the link changed once");
        NS_TEST_EXPECT_MSG_EQ(m_device->IsMulticast(), true, "for RIP");
        NS_TEST_EXPECT_MSG_EQ(m_device->IsPointToPoint(), false, "for global routing");
        NS_TEST_EXPECT_MSG_EQ(m_device->GetInnerMtu(), 1400, "default");
        m_device->Dispose();
        m_device = nullptr;
        Simulator::Destroy();
    }

    Ptr<IpsecTunnelDevice> m_device;  ///< under test
    std::vector<std::string> m_drops; ///< reasons
    uint32_t m_calls{0};              ///< packets that entered the tunnel
    uint32_t m_changes{0};            ///< of the link
};

/// Tags on the carrier: order, byte ranges, nesting, the bound.
class CarrierTestCase : public TestCase
{
  public:
    CarrierTestCase()
        : TestCase("The carrier keeps byte ranges, nests, and is bounded")
    {
    }

  private:
    void DoRun() override
    {
        MarkTag tag;
        Ptr<Packet> inner = Create<Packet>(100);
        tag.m_mark = 7;
        inner->AddPacketTag(tag);
        tag.m_mark = 8;
        inner->AddByteTag(tag, 10, 20);
        Ptr<Packet> outer = Create<Packet>(200);
        IpsecCarrierTag::Carry(inner, outer);
        Ptr<Packet> outermost = Create<Packet>(300);
        IpsecCarrierTag::Carry(outer, outermost);
        MarkTag found;
        NS_TEST_EXPECT_MSG_EQ(outermost->PeekPacketTag(found), false, "not alive there");
        NS_TEST_EXPECT_MSG_EQ(IpsecCarrierTag::PeekInner(outermost, found), true, "but found");
        NS_TEST_EXPECT_MSG_EQ(found.m_mark, 7, "the packet tag first");
        Ptr<Packet> middle = Create<Packet>(200);
        IpsecCarrierTag::Restore(outermost, middle);
        Ptr<Packet> back = Create<Packet>(15); // shorter than it was
        IpsecCarrierTag::Restore(middle, back);
        NS_TEST_EXPECT_MSG_EQ(back->PeekPacketTag(found), true, "packet tag");
        ByteTagIterator i = back->GetByteTagIterator();
        NS_TEST_ASSERT_MSG_EQ(i.HasNext(), true, "byte tag");
        const ByteTagIterator::Item item = i.Next();
        NS_TEST_EXPECT_MSG_EQ(item.GetStart(), 10, "from");
        NS_TEST_EXPECT_MSG_EQ(item.GetEnd(), 15, "clamped");
        NS_TEST_EXPECT_MSG_EQ(i.HasNext(), false, "once");

        Ptr<Packet> many = Create<Packet>(2000);
        for (uint32_t n = 0; n < 2000; ++n)
        {
            many->AddByteTag(tag, n, n + 1);
        }
        Ptr<Packet> full = Create<Packet>(10);
        IpsecCarrierTag::Carry(many, full);
        IpsecCarrierTag carrier;
        NS_TEST_ASSERT_MSG_EQ(full->PeekPacketTag(carrier), true, "carried");
        NS_TEST_EXPECT_MSG_LT(carrier.GetSerializedSize(),
                              IpsecCarrierTag::MAX_OCTETS + 5,
                              "bounded");
        Ptr<Packet> none = Create<Packet>(10);
        IpsecCarrierTag::Carry(Create<Packet>(10), none);
        NS_TEST_EXPECT_MSG_EQ(none->PeekPacketTag(carrier), false, "nothing for nothing");
    }
};

/// Packets of the ns-3 side.
class IkeHostTestSuite : public TestSuite
{
  public:
    IkeHostTestSuite()
        : TestSuite("ike-host", Type::SYSTEM)
    {
        AddTestCase(new DeviceTestCase, TestDuration::QUICK);
        AddTestCase(new CarrierTestCase, TestDuration::QUICK);
        AddTestCase(new TunnelTestCase, TestDuration::QUICK);
        AddTestCase(new OuterFragmentsTestCase, TestDuration::QUICK);
        AddTestCase(new LineTestCase, TestDuration::QUICK);
        AddTestCase(new DropTestCase, TestDuration::QUICK);
    }
};

IkeHostTestSuite g_ikeHostTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
