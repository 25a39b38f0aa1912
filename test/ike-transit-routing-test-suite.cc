/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-transit-routing.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/simple-net-device.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <algorithm>
#include <iterator>
#include <random>
#include <sstream>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * What a router decides about packets: whatever changes, it is what ns-3 would decide.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// A route as text. @param route or null @return all of it
std::string
Describe(Ptr<Ipv4Route> route)
{
    std::ostringstream text;
    if (route)
    {
        text << route->GetDestination() << " by " << route->GetGateway() << " from "
             << route->GetSource() << " on " << route->GetOutputDevice()->GetIfIndex();
    }
    return text.str();
}

/// What a routing protocol did with a packet.
class Recorder
{
  public:
    /// Ask. @param routing whom @param destination of the packet @param device where it came in
    /// @return what became of it
    std::string Ask(Ipv4RoutingProtocol& routing, Ipv4Address destination, Ptr<NetDevice> device)
    {
        m_text.clear();
        Ipv4Header header;
        header.SetSource("192.0.2.99");
        header.SetDestination(destination);
        header.SetTtl(9);
        const bool taken = routing.RouteInput(Create<Packet>(10),
                                              header,
                                              device,
                                              MakeCallback(&Recorder::Forward, this),
                                              MakeCallback(&Recorder::ForwardToGroup, this),
                                              MakeCallback(&Recorder::Deliver, this),
                                              MakeCallback(&Recorder::Fail, this));
        return m_text + (taken ? "taken" : "left");
    }

  private:
    void Forward(Ptr<Ipv4Route> route, Ptr<const Packet> /*packet*/, const Ipv4Header& /*header*/)
    {
        m_text += "forward " + Describe(route) + ", ";
    }

    void ForwardToGroup(Ptr<Ipv4MulticastRoute> /*route*/,
                        Ptr<const Packet> /*packet*/,
                        const Ipv4Header& /*header*/)
    {
        m_text += "forward to a group, ";
    }

    void Deliver(Ptr<const Packet> /*packet*/, const Ipv4Header& /*header*/, uint32_t interface)
    {
        m_text += "deliver on " + std::to_string(interface) + ", ";
    }

    void Fail(Ptr<const Packet> /*packet*/,
              const Ipv4Header& /*header*/,
              Socket::SocketErrno /*error*/)
    {
        m_text += "fail, ";
    }

    std::string m_text; ///< what was called
};

/// A node with three interfaces, two tables of static routes, and the routing in question.
class TransitWorld
{
  public:
    TransitWorld()
    {
        InternetStackHelper internet;
        internet.SetIpv6StackInstall(false);
        internet.Install(node);
        ipv4 = node->GetObject<Ipv4>();
        for (uint32_t i = 0; i < 3; ++i)
        {
            Ptr<SimpleNetDevice> device = CreateObject<SimpleNetDevice>();
            device->SetAddress(Mac48Address::Allocate());
            node->AddDevice(device);
            const uint32_t index = ipv4->AddInterface(device);
            ipv4->AddAddress(index, AddressOf(i, 1));
            ipv4->SetUp(index);
        }
        first = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        last = CreateObject<Ipv4StaticRouting>();
        DynamicCast<Ipv4ListRouting>(ipv4->GetRoutingProtocol())->AddRoutingProtocol(last, -20);
        routing = CreateObject<IkeTransitRouting>();
        routing->Enclose(ipv4);
    }

    ~TransitWorld()
    {
        Simulator::Destroy();
    }

    /// An address of a network of ours. @param i which @param host of it @return with its mask
    static Ipv4InterfaceAddress AddressOf(uint32_t i, uint32_t host)
    {
        return Ipv4InterfaceAddress(Ipv4Address(0x0a000000 + i * 256 + host), "255.255.255.0");
    }

    /// All questions that there are. @return for each the answer of both, where they differ
    std::string FindDifferences()
    {
        std::string differences;
        for (const char* text : {"10.0.0.1",
                                 "10.0.1.1",
                                 "10.0.2.1",
                                 "10.0.2.77",
                                 "10.0.1.255",
                                 "127.0.0.1",
                                 "172.16.0.1",
                                 "172.16.1.1",
                                 "172.17.0.1",
                                 "255.255.255.255",
                                 "224.0.0.9"})
        {
            const Ipv4Address to(text);
            for (uint32_t i = 0; i < 4; ++i)
            {
                Ptr<NetDevice> device = ipv4->GetNetDevice(i);
                const std::string want = m_recorder.Ask(*routing->GetInner(), to, device);
                const std::string is = m_recorder.Ask(*routing, to, device);
                differences += want == is ? "" : std::string(text) + ": " + is + "; ";
            }
        }
        return differences;
    }

    Ptr<Node> node{CreateObject<Node>()}; ///< the node
    Ptr<Ipv4> ipv4;                       ///< of the node
    Ptr<Ipv4StaticRouting> first;         ///< asked first
    Ptr<Ipv4StaticRouting> last;          ///< asked last
    Ptr<IkeTransitRouting> routing;       ///< the one in question

  private:
    Recorder m_recorder; ///< asks
};

/// Random changes of all kinds; after each of them all questions.
class SameAnswersTestCase : public TestCase
{
  public:
    SameAnswersTestCase()
        : TestCase("after any change the answers are those of the routing inside")
    {
    }

  private:
    /// A number. @param bound above it @return at random
    uint32_t Draw(uint32_t bound)
    {
        return static_cast<uint32_t>(m_random() % bound);
    }

    /// Add a route to a table. @param table which
    void Add(Ptr<Ipv4StaticRouting> table)
    {
        const Ipv4Address network[] = {"172.16.0.0", "172.16.1.0", "172.17.0.0", "0.0.0.0"};
        const Ipv4Mask mask[] = {"255.255.0.0", "255.255.255.0", "255.255.0.0", "0.0.0.0"};
        const uint32_t which = Draw(4);
        const uint32_t interface = 1 + Draw(3);
        table->AddNetworkRouteTo(network[which],
                                 mask[which],
                                 TransitWorld::AddressOf(interface - 1, 2 + Draw(3)).GetLocal(),
                                 interface,
                                 Draw(2));
    }

    /// Take a route out of a table. @param table which
    void Remove(Ptr<Ipv4StaticRouting> table)
    {
        if (table->GetNRoutes() != 0)
        {
            table->RemoveRoute(Draw(table->GetNRoutes()));
        }
    }

    /// Change something. @param w where @return what it was
    std::string Change(TransitWorld& w)
    {
        Ptr<Ipv4StaticRouting> table = Draw(2) == 0 ? w.first : w.last;
        const uint32_t interface = 1 + Draw(3);
        switch (Draw(9))
        {
        case 0:
        case 1:
            Add(table);
            return "a route more";
        case 2:
            Remove(table);
            return "a route less";
        case 3:
            Remove(table);
            Add(table);
            return "another route, and as many as before";
        case 4:
            w.ipv4->SetDown(interface);
            return "an interface down";
        case 5:
            if (!w.ipv4->IsUp(interface))
            {
                w.ipv4->SetUp(interface);
            }
            return "an interface up";
        case 6:
            w.ipv4->AddAddress(interface, TransitWorld::AddressOf(Draw(3), 77));
            return "an address more";
        case 7:
            if (w.ipv4->GetNAddresses(interface) > 1)
            {
                w.ipv4->RemoveAddress(interface, Draw(w.ipv4->GetNAddresses(interface)));
            }
            return "an address less";
        default:
            w.ipv4->SetForwarding(interface, !w.ipv4->IsForwarding(interface));
            return "forwarding";
        }
    }

    void DoRun() override
    {
        for (uint32_t run = 0; run < 5; ++run)
        {
            TransitWorld w;
            for (uint32_t step = 0; step < 60; ++step)
            {
                const std::string what = Change(w);
                NS_TEST_EXPECT_MSG_EQ(w.FindDifferences(), "", "after " << what);
            }
        }
    }

    std::mt19937 m_random{1}; ///< the same in every run
};

/// Protocols that are not ns-3's static routing.
class OtherProtocolsTestCase : public TestCase
{
  public:
    OtherProtocolsTestCase()
        : TestCase("protocols of all kinds are asked in their order")
    {
    }

  private:
    /// A protocol that has a route to everywhere, or not.
    class Whim : public Ipv4StaticRouting
    {
      public:
        static TypeId GetTypeId()
        {
            static TypeId tid =
                TypeId("ns3::ike::test::Whim").SetParent<Ipv4StaticRouting>().SetGroupName("Ike");
            return tid;
        }

        bool RouteInput(Ptr<const Packet> p,
                        const Ipv4Header& header,
                        Ptr<const NetDevice> /* idev */,
                        RouteInputArgs::Ucb ucb,
                        RouteInputArgs::Mcb /* mcb */,
                        RouteInputArgs::Lcb /* lcb */,
                        RouteInputArgs::Ecb /* ecb */) override
        {
            if (gateway == Ipv4Address::GetZero())
            {
                return false;
            }
            Ptr<Ipv4Route> route = Create<Ipv4Route>();
            route->SetDestination(header.GetDestination());
            route->SetGateway(gateway);
            route->SetOutputDevice(device);
            ucb(route, p, header);
            return true;
        }

        Ipv4Address gateway{Ipv4Address::GetZero()}; ///< zero: none
        Ptr<NetDevice> device;                       ///< where it leads
    };

    void DoRun() override
    {
        TransitWorld w;
        w.first->SetDefaultRoute("10.0.1.2", 2);
        NS_TEST_EXPECT_MSG_EQ(w.FindDifferences(), "", "static routes");
        Ptr<Whim> whim = CreateObject<Whim>();
        whim->device = w.ipv4->GetNetDevice(3);
        w.routing->AddRoutingProtocol(whim, 5);
        NS_TEST_EXPECT_MSG_EQ(w.FindDifferences(), "", "a protocol without routes");
        whim->gateway = "10.0.2.2";
        NS_TEST_EXPECT_MSG_EQ(w.FindDifferences(), "", "with one");
    }
};

/// A tunnel whose path changes between packets.
class ChangedPathTestCase : public TestCase
{
  public:
    ChangedPathTestCase()
        : TestCase("the next packet takes the path of its own time")
    {
    }

  private:
    void DoRun() override
    {
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, false);
        w.InstallSas(1, true);
        Ptr<Ipv4> ipv4 = w.n1->GetObject<Ipv4>();
        Ptr<Ipv4StaticRouting> table = Ipv4StaticRoutingHelper().GetStaticRouting(ipv4);
        for (uint32_t i = 1; i <= 3; ++i)
        {
            HostWorld::At(Seconds(i), [&w, i] { w.Send(w.hA, "10.2.0.2", 100, i); });
        }
        // 2: back to hA, and to and fro until its TTL ends; the host route is gone before 3.
        HostWorld::At(MilliSeconds(1500),
                      [&] { table->AddHostRouteTo("198.51.100.1", "10.1.0.2", 1); });
        HostWorld::At(MilliSeconds(2900), [&] { table->RemoveRoute(table->GetNRoutes() - 1); });
        Simulator::Stop(Seconds(4));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ((w.received == std::multiset<uint32_t>{1, 3}),
                              true,
                              "packets with a path");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, "in = passed + discarded");
    }
};

/// Routing of what passes.
class IkeTransitRoutingTestSuite : public TestSuite
{
  public:
    IkeTransitRoutingTestSuite()
        : TestSuite("ike-transit-routing", Type::UNIT)
    {
        AddTestCase(new SameAnswersTestCase, TestDuration::QUICK);
        AddTestCase(new OtherProtocolsTestCase, TestDuration::QUICK);
        AddTestCase(new ChangedPathTestCase, TestDuration::QUICK);
    }
};

IkeTransitRoutingTestSuite g_ikeTransitRoutingTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
