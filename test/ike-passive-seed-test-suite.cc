/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-policy-fixture.h"
#include "ike-test-compat.h"

#include "ns3/abort.h"
#include "ns3/simple-net-device-helper.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The two configuration examples of the seed (IPSec Passive Mode) in a running network: as they
 * stand there, with a text beside them that completes them, and a peer of the same kind.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// The example up to the line about `retry`.
const char* const EXAMPLE_BEGIN = "crypto map xauthmap 10 ipsec-isakmp\n"
                                  "  set peer 209.165.202.145\n"
                                  "  set transform-set xauthtransform\n"
                                  "  match address 192\n"
                                  "!\n"
                                  "crypto ipsec optional\n";
/// The line that the second example has beside it.
const char* const EXAMPLE_RETRY = "crypto ipsec optional retry 60\n";
/// The rest of both.
const char* const EXAMPLE_END =
    "!\n"
    "interface Ethernet1/0\n"
    "  ip address 209.165.202.147 255.255.255.224\n"
    "  crypto map xauthmap\n"
    "!\n"
    "access-list 192 permit ip host 209.165.202.147 host 209.165.202.145\n";

/// What completes them. @param name of the router @param peer whose key it is
/// @return what the examples refer to, and IKE's own part
std::string
Companion(const std::string& name, const std::string& peer)
{
    return "hostname " + name +
           "\ncrypto isakmp policy 10\n authentication pre-share\n group 2\n"
           "crypto isakmp key a-key-for-both address " +
           peer + "\ncrypto ipsec transform-set xauthtransform esp-3des esp-sha-hmac\n";
}

/// The mirror image of the example, for its peer. @param map `  crypto map xauthmap`, or nothing
/// @return a text
std::string
Mirror(const std::string& map)
{
    return "crypto map xauthmap 10 ipsec-isakmp\n set peer 209.165.202.147\n"
           " set transform-set xauthtransform\n match address 192\n"
           "crypto ipsec optional\n"
           "interface Ethernet1/0\n ip address 209.165.202.145 255.255.255.224\n" +
           map + "access-list 192 permit ip host 209.165.202.145 host 209.165.202.147\n";
}

/// Both gateways on one Ethernet (with ARP), and what they send to each other there.
class ExampleWorld
{
  public:
    ExampleWorld(const std::string& example, const std::string& mirror)
        : nodes(2),
          m_tap(CreateObject<Node>())
    {
        SimpleNetDeviceHelper ethernet;
        ethernet.SetDeviceAttribute("DataRate", StringValue("10Mbps"));
        ethernet.SetChannelAttribute("Delay", StringValue("1ms"));
        const NetDeviceContainer devices = ethernet.Install(NodeContainer(nodes, m_tap));
        devices.Get(2)->SetPromiscReceiveCallback(MakeCallback(&ExampleWorld::OnFrame, this));
        a = Install(0, Companion("A", "209.165.202.145"), example, devices.Get(0));
        b = Install(1, Companion("B", "209.165.202.147"), mirror, devices.Get(1));
        IkeRouterHelper::AssignStreams(NodeContainer::GetGlobal(), 100);
    }

    ~ExampleWorld()
    {
        Simulator::Destroy();
    }

    NodeContainer nodes;                    ///< both
    Ptr<IkeRouter> a;                       ///< the example's router, 209.165.202.147
    Ptr<IkeRouter> b;                       ///< its peer, 209.165.202.145
    EventLog events;                        ///< of both
    std::map<uint8_t, uint32_t> onEthernet; ///< IPv4 packets on the Ethernet, by protocol

  private:
    Ptr<IkeRouter> Install(uint32_t index,
                           const std::string& companion,
                           const std::string& example,
                           Ptr<NetDevice> device)
    {
        RouterConfig config;
        const std::vector<ConfigError> errors =
            IkeRouterHelper::Read({{"companion.ios", companion}, {"example.ios", example}}, config);
        NS_ABORT_MSG_UNLESS(errors.empty(), errors.front().ToString());
        Ptr<IkeRouter> router =
            m_helper.Install(nodes.Get(index), config, {{"Ethernet1/0", device}});
        router->TraceConnectWithoutContext("Event", MakeCallback(&ExampleWorld::OnEvent, this));
        return router;
    }

    void OnEvent(const TimedEvent& event)
    {
        events.push_back(event);
    }

    /// A frame passed by. @return always true
    bool OnFrame(Ptr<NetDevice> /* device */,
                 Ptr<const Packet> packet,
                 uint16_t protocol,
                 const Address& /* from */,
                 const Address& /* to */,
                 NetDevice::PacketType /* type */)
    {
        Ipv4Header header;
        if (protocol == 0x0800 && packet->PeekHeader(header) != 0)
        {
            ++onEthernet[header.GetProtocol()];
        }
        return true;
    }

    Ptr<Node> m_tap;          ///< a third station, which listens
    IkeRouterHelper m_helper; ///< made the routers
};

/// An example, with the peer that it is about.
class ExampleTestCase : public TestCase
{
  public:
    /**
     * @brief One of the two.
     * @param name of it
     * @param text the example, complete
     */
    ExampleTestCase(const std::string& name, const std::string& text)
        : TestCase(name + ": the SA comes up, and pings are ESP"),
          m_text(text)
    {
    }

  private:
    void DoRun() override
    {
        ExampleWorld w(m_text, Mirror(" crypto map xauthmap\n"));
        Pinger ping(w.nodes.Get(0));
        for (int i = 1; i <= 20; ++i)
        {
            HostWorld::At(Seconds(i), [&ping] { ping.Send("209.165.202.145", 56); });
        }
        Simulator::Stop(Seconds(30));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(ping.replies, 19, "all but the one that began IKE");
        NS_TEST_EXPECT_MSG_EQ(w.onEthernet[50], 38, "there and back as ESP");
        NS_TEST_EXPECT_MSG_EQ(w.onEthernet[17], 9, "main mode and quick mode, exempt");
        NS_TEST_EXPECT_MSG_EQ(w.onEthernet[1], 0, "nothing in the clear");
    }

    std::string m_text; ///< the example
};

/// An example whose peer has not been upgraded.
class NotUpgradedTestCase : public TestCase
{
  public:
    NotUpgradedTestCase()
        : TestCase("the second example and a peer without a crypto map, which gets one later")
    {
    }

  private:
    void DoRun() override
    {
        const std::string text = std::string(EXAMPLE_BEGIN) + EXAMPLE_RETRY + EXAMPLE_END;
        ExampleWorld w(text, Mirror(""));
        Pinger ping(w.nodes.Get(0));
        for (int i = 1; i <= 300; ++i)
        {
            HostWorld::At(Seconds(i), [&ping] { ping.Send("209.165.202.145", 56); });
        }
        uint32_t before = 0;
        std::string list;
        HostWorld::At(MilliSeconds(10900), [&] { before = ping.replies; });
        HostWorld::At(MilliSeconds(100500), [&] {
            list = PolicyWorld::TypeAll(w.a, {"enable", "show crypto optional"});
            PolicyWorld::TypeAll(
                w.b,
                {"enable", "configure terminal", "int e1/0", "crypto map xauthmap", "end"});
        });
        Simulator::Stop(Seconds(310));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(before, 0, "10 s of loss");
        NS_TEST_EXPECT_MSG_NE(list.find("209.165.202.145 "), std::string::npos, list);
        NS_TEST_EXPECT_MSG_EQ(ping.replies, 289, "one more when B begins");
        uint32_t up = 0;
        for (const TimedEvent& e : w.events)
        {
            if (e.node == "A" && e.event.kind == EventKind::PairUp)
            {
                ++up;
                NS_TEST_EXPECT_MSG_LT(e.time.ns, 240000000000, "at the retry, or by its peer");
            }
        }
        NS_TEST_EXPECT_MSG_GT(up, 0, "an SA");
        NS_TEST_EXPECT_MSG_GT(w.onEthernet[50], 100, "ESP from then on");
    }
};

/// The examples of the document, in a network.
class IkePassiveSeedTestSuite : public TestSuite
{
  public:
    IkePassiveSeedTestSuite()
        : TestSuite("ike-passive-seed", Type::SYSTEM)
    {
        AddTestCase(
            new ExampleTestCase("the first example", std::string(EXAMPLE_BEGIN) + EXAMPLE_END),
            TestDuration::QUICK);
        AddTestCase(new ExampleTestCase("the second example",
                                        std::string(EXAMPLE_BEGIN) + EXAMPLE_RETRY + EXAMPLE_END),
                    TestDuration::QUICK);
        AddTestCase(new NotUpgradedTestCase, TestDuration::QUICK);
    }
};

IkePassiveSeedTestSuite g_ikePassiveSeedTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
