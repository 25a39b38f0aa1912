/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-hub-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-application.h"
#include "ns3/ike-hub-table.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/ipv4.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Hubs: tunnels that share a device, virtual templates, reverse route injection.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

HubRoute
RouteTo(const std::string& address, unsigned length, unsigned distance)
{
    return HubRoute{IpPrefix{*IpAddress::Parse(address), length}, distance};
}

/// Which tunnel leads where, as routes come and go.
class TableTestCase : public TestCase
{
  public:
    TableTestCase()
        : TestCase("The longest network, the lowest distance, the newest; and back again")
    {
    }

  private:
    /// Add or remove a route, then ask for an address.
    struct Step
    {
        bool add;            ///< or remove
        ConnectionId tunnel; ///< whose
        const char* network; ///< of the route
        unsigned length;     ///< of its prefix
        unsigned distance;   ///< of the route
        ConnectionId toHost; ///< expected for 10.1.2.3
        size_t size;         ///< networks expected
    };

    void DoRun() override
    {
        const Step steps[] = {
            {true, 1, "10.0.0.0", 8, 1, 1, 1},
            {true, 2, "10.1.2.0", 24, 1, 2, 2},
            {true, 3, "10.1.2.0", 24, 1, 3, 2},  // the newest
            {true, 4, "10.1.2.0", 24, 5, 3, 2},  // not for its distance
            {true, 2, "10.1.2.0", 24, 1, 2, 2},  // comes anew
            {false, 2, "10.1.2.0", 24, 1, 3, 2}, // the one before it
            {false, 2, "10.1.2.0", 24, 1, 3, 2}, // is gone already
            {false, 3, "10.1.2.0", 24, 1, 4, 2}, // floats
            {false, 4, "10.1.2.0", 24, 5, 1, 1},
            {true, 5, "10.1.2.3", 32, 200, 5, 2}, // length goes before distance
            {false, 1, "10.0.0.0", 8, 1, 5, 1},
            {false, 5, "10.1.2.3", 32, 200, 0, 0},
        };
        HubTable table;
        size_t number = 0;
        for (const Step& step : steps)
        {
            const HubRoute route = RouteTo(step.network, step.length, step.distance);
            if (step.add)
            {
                table.Add(step.tunnel, route);
            }
            else
            {
                table.Remove(step.tunnel, route);
            }
            NS_TEST_EXPECT_MSG_EQ(table.Find(0x0a010203), step.toHost, "step " << number);
            NS_TEST_EXPECT_MSG_EQ(table.GetSize(), step.size, "step " << number);
            ++number;
        }
        NS_TEST_EXPECT_MSG_EQ(table.GetAll().size(), 0, "nothing is left");
    }
};

/// A hub whose static VTIs are entries of a table.
class SharedDeviceTestCase : public TestCase
{
  public:
    SharedDeviceTestCase()
        : TestCase("Twenty VTIs on one device: packets both ways, spoke to spoke, one shut down")
    {
    }

  private:
    static constexpr uint32_t SPOKES = 20;

    void DoRun() override
    {
        HubWorld w;
        std::string text;
        for (uint32_t i = 2; i < 2 + SPOKES; ++i)
        {
            const std::string n = std::to_string(i);
            text += HubWorld::Tunnel("Tunnel" + n, i) + "ip route 10." + n +
                    ".0.0 255.255.255.0 Tunnel" + n + "\n";
        }
        w.Add(1, text, true);
        Ptr<Ipv4> ipv4 = w.routers[1]->GetObject<Ipv4>();
        NS_TEST_EXPECT_MSG_EQ(ipv4->GetNInterfaces(), 4, "loopback, LAN, WAN, all tunnels");
        for (uint32_t i = 2; i < 2 + SPOKES; ++i)
        {
            w.Add(i, HubWorld::Tunnel("Tunnel0", 1) + "ip route 10.0.0.0 255.0.0.0 Tunnel0\n");
        }
        HubWorld::At(Seconds(5), [&w] {
            for (uint32_t i = 2; i < 2 + SPOKES; ++i)
            {
                w.Send(1, "10." + std::to_string(i) + ".0.2");
                w.Send(i, "10.1.0.2");
            }
            w.Send(7, "10.8.0.2");
        });
        HubWorld::At(Seconds(6), [&w] {
            w.Type(1, {"enable", "configure terminal", "interface Tunnel9", "shutdown", "end"});
        });
        HubWorld::At(Seconds(7), [&w] {
            w.Send(1, "10.9.0.2");
            w.Send(1, "10.10.0.2");
        });
        Simulator::Stop(Seconds(8));
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::LineUp), SPOKES, "all lines");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::LineDown), 1, "one went down");
        NS_TEST_EXPECT_MSG_EQ(w.received[1], SPOKES, "from all spokes");
        for (uint32_t i = 2; i < 2 + SPOKES; ++i)
        {
            NS_TEST_EXPECT_MSG_EQ(w.received[i],
                                  (i == 8 || i == 10 ? 2 : 1),
                                  "to spoke " << i << ", 8 from 7, 9 not after the shutdown");
        }
        NS_TEST_EXPECT_MSG_EQ(w.drops.size(), 0, "no route is no drop of IPsec");
        NS_TEST_EXPECT_MSG_EQ(ipv4->GetNInterfaces(), 4, "still");
    }
};

/// Hubs that answer whoever comes.
class TemplateTestCase : public TestCase
{
  public:
    TemplateTestCase()
        : TestCase("Virtual-access interfaces: routes by what peers ask for, and their end")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Template());
        for (uint32_t i = 2; i < 7; ++i)
        {
            w.Add(i, HubWorld::Spoke(i, 1), i % 2 == 0);
        }
        HubWorld::At(Seconds(5), [&w] {
            for (uint32_t i = 2; i < 7; ++i)
            {
                w.Send(1, "10." + std::to_string(i) + ".0.2");
                w.Send(i, "10.1.0.2");
            }
            w.Send(3, "10.4.0.2");
        });
        std::string session;
        HubWorld::At(Seconds(6), [&] {
            session = w.Type(1, {"show crypto session"});
            w.Type(5, {"enable", "configure terminal", "interface Tunnel0", "shutdown", "end"});
        });
        HubWorld::At(Seconds(7), [&w] { w.Send(1, "10.5.0.2"); });
        Simulator::Stop(Seconds(120));
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(w.received[1], 5, "from all spokes");
        for (uint32_t i = 2; i < 7; ++i)
        {
            const std::string network = "10." + std::to_string(i) + ".0.0/24";
            NS_TEST_EXPECT_MSG_EQ(w.received[i], (i == 4 ? 2 : 1), "to spoke " << i);
            NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteUp, network), 1, network);
            NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteDown, network),
                                  (i == 5 ? 1 : 0),
                                  network << " is routed until its SA ends");
        }
        NS_TEST_EXPECT_MSG_EQ(w.routers[1]->GetObject<Ipv4>()->GetNInterfaces(), 4, "one device");
        for (const char* part : {"Interface: Virtual-Access1\n",
                                 "Interface: Virtual-Access5\n",
                                 "Session status: UP-ACTIVE",
                                 "permit ip 0.0.0.0/0.0.0.0 10.4.0.0/255.255.255.0"})
        {
            NS_TEST_EXPECT_MSG_NE(session.find(part), std::string::npos, part);
        }
        const Engine* engine = w.routers[1]->GetApplication()->PeekEngine();
        NS_TEST_EXPECT_MSG_EQ(engine->GetOpenedConnections().size(), 4, "the fifth is closed");
    }
};

/// Peers that ask for the same network.
class SameNetworkTestCase : public TestCase
{
  public:
    SameNetworkTestCase()
        : TestCase("Of two spokes with the same network the newer has it, then the older again")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Template());
        w.Add(2, HubWorld::Spoke(2, 1));
        const std::string twin = "interface Tunnel0\n shutdown\n";
        w.Add(3, HubWorld::Spoke(2, 1) + twin); // LAN 10.3.0.0, but it asks for 10.2.0.0
        const auto shut = [&w](uint32_t number, const char* line) {
            w.Type(number, {"enable", "configure terminal", "interface Tunnel0", line, "end"});
        };
        const auto arrived = [&w](uint32_t number) {
            return w.routers[number]->GetInboundCounters().passed;
        };
        std::vector<uint64_t> counts;
        const auto ask = [&] { w.Send(1, "10.2.0.2"); };
        const auto look = [&] {
            counts.push_back(arrived(2));
            counts.push_back(arrived(3));
        };
        HubWorld::At(Seconds(5), ask);
        HubWorld::At(Seconds(6), look);
        HubWorld::At(Seconds(7), [&] { shut(3, "no shutdown"); });
        HubWorld::At(Seconds(12), ask);
        HubWorld::At(Seconds(13), look);
        HubWorld::At(Seconds(14), [&] { shut(3, "shutdown"); });
        HubWorld::At(Seconds(17), ask);
        HubWorld::At(Seconds(18), look);
        Simulator::Stop(Seconds(20));
        Simulator::Run();

        const std::vector<uint64_t> expected{1, 0, 1, 1, 2, 1};
        NS_TEST_EXPECT_MSG_EQ((counts == expected), true, "old, new, old");
    }
};

/// Who renews.
class RekeyTestCase : public TestCase
{
  public:
    /// @param responderOnly the hub's profile
    explicit RekeyTestCase(bool responderOnly)
        : TestCase(std::string("Virtual-access interfaces are ") +
                   (responderOnly ? "not renewed by a responder-only hub" : "renewed by the hub")),
          m_responderOnly(responderOnly)
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        const std::string lifetime = " set security-association lifetime seconds 120\n";
        w.Add(1, HubWorld::Template(lifetime + (m_responderOnly ? " responder-only\n" : "")));
        w.Add(2, HubWorld::Spoke(2, 1));
        Simulator::Stop(Seconds(300));
        Simulator::Run();

        size_t begun = 0;
        for (const TimedEvent& e : w.events)
        {
            const bool isHub = e.node == "R1" && e.event.role == Role::Initiator;
            begun += isHub && e.event.kind == EventKind::Phase2Begin ? 1 : 0;
        }
        NS_TEST_EXPECT_MSG_EQ((begun > 0), !m_responderOnly, "quick modes that the hub began");
        NS_TEST_EXPECT_MSG_EQ((w.Count(1, EventKind::PairUp) > 1), true, "somebody renewed");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteUp), 1, "the route stays");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteDown), 0, "all the time");
    }

    bool m_responderOnly; ///< the hub's profile
};

/// A spoke with two hubs.
class FloatingTestCase : public TestCase
{
  public:
    /// @param shared do the tunnels of the spoke share a device?
    explicit FloatingTestCase(bool shared)
        : TestCase(std::string("Floating routes of a dual-homed spoke, ") +
                   (shared ? "one device" : "a device for each tunnel")),
          m_shared(shared)
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Template());
        w.Add(2, HubWorld::Template());
        w.Add(3,
              HubWorld::Tunnel("Tunnel0", 1) + HubWorld::Tunnel("Tunnel1", 2) +
                  "ip route 10.0.0.0 255.0.0.0 Tunnel0\n"
                  "ip route 10.0.0.0 255.0.0.0 Tunnel1 10\n",
              m_shared);
        const auto ask = [&w] { w.Send(3, "10.77.0.2"); };
        std::vector<uint64_t> counts;
        const auto look = [&] {
            counts.push_back(w.routers[1]->GetInboundCounters().passed);
            counts.push_back(w.routers[2]->GetInboundCounters().passed);
        };
        const auto type = [&w](const char* line) {
            w.Type(3, {"enable", "configure terminal", "interface Tunnel0", line, "end"});
        };
        HubWorld::At(Seconds(5), ask);
        HubWorld::At(Seconds(6), look);
        HubWorld::At(Seconds(7), [&type] { type("shutdown"); });
        HubWorld::At(Seconds(8), ask);
        HubWorld::At(Seconds(9), look);
        HubWorld::At(Seconds(10), [&type] { type("no shutdown"); });
        HubWorld::At(Seconds(15), ask);
        HubWorld::At(Seconds(16), look);
        Simulator::Stop(Seconds(20));
        Simulator::Run();

        const std::vector<uint64_t> expected{1, 0, 1, 1, 2, 1};
        NS_TEST_EXPECT_MSG_EQ((counts == expected), true, "first hub, second hub, first hub");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteUp),
                              0,
                              "who asks for everything gets no route");
    }

    bool m_shared; ///< do the tunnels of the spoke share a device?
};

/// Which connection a peer gets, and where.
class ChoiceTestCase : public TestCase
{
  public:
    ChoiceTestCase()
        : TestCase("A configured tunnel goes before a template; a template answers at a loopback")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1,
              "interface Loopback0\n ip address 203.0.113.201 255.255.255.255\n" +
                  HubWorld::Template("", "") + HubWorld::Tunnel("Tunnel2", 2) +
                  "ip route 10.2.0.0 255.255.255.0 Tunnel2\n");
        w.Add(2, HubWorld::Tunnel("Tunnel0", 1) + "ip route 10.0.0.0 255.0.0.0 Tunnel0\n");
        w.AddAddress(1, "203.0.113.201");
        w.Add(3, HubWorld::Spoke(3, 201) + "ip route 203.0.113.201 255.255.255.255 Ethernet0/1\n");
        HubWorld::At(Seconds(5), [&w] {
            w.Send(2, "10.1.0.2");
            w.Send(3, "10.1.0.2");
            w.Send(1, "10.2.0.2");
            w.Send(1, "10.3.0.2");
        });
        Simulator::Stop(Seconds(6));
        Simulator::Run();

        NS_TEST_EXPECT_MSG_EQ(w.received[1], 2, "from both");
        NS_TEST_EXPECT_MSG_EQ(w.received[2], 1, "by Tunnel2");
        NS_TEST_EXPECT_MSG_EQ(w.received[3], 1, "by a virtual-access interface");
        const Engine* engine = w.routers[1]->GetApplication()->PeekEngine();
        const auto opened = engine->GetOpenedConnections();
        NS_TEST_ASSERT_MSG_EQ(opened.size(), 1, "for R3 alone");
        NS_TEST_EXPECT_MSG_EQ(opened[0].local.ToString(), "203.0.113.201", "at the loopback");
        NS_TEST_EXPECT_MSG_EQ(opened[0].virtualTemplate, "Virtual-Template1", "by the template");
    }
};

/// RFC 4301: an SA carries what was agreed on.
class OutsideSelectorTestCase : public TestCase
{
  public:
    OutsideSelectorTestCase()
        : TestCase("Packets that the policy of a tunnel does not name are dropped")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Template());
        w.Add(2,
              HubWorld::Spoke(2, 1) + "ip access-list extended lan\n no 10\n"
                                      " permit ip 10.2.0.0 0.0.0.255 10.1.0.0 0.0.0.255\n");
        HubWorld::At(Seconds(5), [&w] {
            w.Send(2, "10.1.0.2");
            w.Send(2, "10.4.0.2");
        });
        Simulator::Stop(Seconds(6));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.received[1], 1, "what the list names");
        NS_TEST_EXPECT_MSG_EQ(w.drops["selector-mismatch"], 1, "what it does not");
    }
};

/// A hub that loses its state.
class HubRebootTestCase : public TestCase
{
  public:
    HubRebootTestCase()
        : TestCase("A hub that reboots forgets virtual-access interfaces and their routes")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Template());
        w.Add(2, HubWorld::Spoke(2, 1));
        HubWorld::At(Seconds(5), [&w] { w.routers[1]->Reboot(Seconds(5)); });
        HubWorld::At(Seconds(7), [&w] { w.Send(1, "10.2.0.2"); });
        HubWorld::At(Seconds(15), [&w] {
            w.Type(2, {"enable", "clear crypto sa", "clear crypto isakmp"});
        });
        HubWorld::At(Seconds(40), [&w] { w.Send(1, "10.2.0.2"); });
        Simulator::Stop(Seconds(41));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteUp), 2, "before and after");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteDown), 1, "with the state");
        NS_TEST_EXPECT_MSG_EQ(w.received[2], 1, "no route meanwhile");
    }
};

/// What a spoke may take away: nothing.
class GreedyTestCase : public TestCase
{
  public:
    GreedyTestCase()
        : TestCase("A spoke that asks for the networks of others cuts nobody off")
    {
    }

  private:
    /// A tunnel that asks for a network. @param permit the line @return its configuration
    static std::string Asking(const std::string& permit)
    {
        return HubWorld::Tunnel("Tunnel0", 1) +
               " tunnel protection ipsec policy ipv4 lan\nip access-list extended lan\n " + permit +
               "\nip route 10.0.0.0 255.0.0.0 Tunnel0\n";
    }

    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Template() + "ip route 0.0.0.0 0.0.0.0 Ethernet0/1\n");
        w.Add(2, Asking("permit ip 10.1.0.0 0.0.0.255 any"));        // the hub's own LAN
        w.Add(3, Asking("permit ip 128.0.0.0 127.255.255.255 any")); // where R4 is
        w.Add(4,
              HubWorld::Spoke(4, 1) + "interface Loopback0\n ip address 198.51.100.4 "
                                      "255.255.255.255\ninterface Tunnel0\n tunnel source "
                                      "Loopback0\n");
        w.AddAddress(4, "198.51.100.4");
        HubWorld::At(Seconds(30), [&w] {
            w.Send(4, "10.1.0.2");
            w.Send(1, "10.4.0.2");
        });
        Simulator::Stop(Seconds(31));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteUp, "10.1.0.0/24"), 1, "R2");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::ReverseRouteUp, "128.0.0.0/1"), 1, "R3");
        NS_TEST_EXPECT_MSG_EQ(w.received[1], 1, "the hub's LAN is where it was");
        NS_TEST_EXPECT_MSG_EQ(w.received[4], 1, "and ESP takes no tunnel");
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::RouteDown), 0, "nor does the path");
    }
};

/// Routes that go unseen.
class PollTestCase : public TestCase
{
  public:
    PollTestCase()
        : TestCase("Polls take turns among many tunnels, and see what a route of few was for")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        std::string text = "router rip\n network 10.0.0.0\n"
                           "ip route 198.18.0.0 255.255.0.0 Ethernet0/1\n"
                           "ip route 198.19.0.0 255.255.0.0 Ethernet0/1\n";
        for (uint32_t i = 1; i <= 150; ++i)
        {
            const std::string n = std::to_string(i);
            text += HubWorld::Tunnel("Tunnel" + n, 9) + " tunnel destination " +
                    (i == 149 ? "198.19.0." : "198.18.0.") + n + "\n";
        }
        w.Add(1, text, true);
        HubWorld::At(Seconds(2), [&w] {
            Ptr<Ipv4StaticRouting> routes =
                Ipv4StaticRoutingHelper().GetStaticRouting(w.routers[1]->GetObject<Ipv4>());
            for (uint32_t i = 0; i < routes->GetNRoutes(); ++i)
            {
                if (routes->GetRoute(i).GetDestNetwork() == Ipv4Address("198.19.0.0"))
                {
                    routes->RemoveRoute(i); // nobody is told
                    return;
                }
            }
        });
        Simulator::Stop(Seconds(3));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(w.Count(1, EventKind::RouteUp), 150, "all have a path");
        NS_TEST_ASSERT_MSG_EQ(w.Count(1, EventKind::RouteDown), 1, "one has none");
        for (const TimedEvent& e : w.events)
        {
            const bool isSeen = e.event.kind != EventKind::RouteDown || e.time.ns <= 2300000000;
            NS_TEST_EXPECT_MSG_EQ(isSeen, true, "within three polls");
        }
    }
};

/// An address that no shared tunnel can have.
class OwnAddressTestCase : public TestCase
{
  public:
    OwnAddressTestCase()
        : TestCase("The console warns of an address of a tunnel that shares its device")
    {
    }

  private:
    void DoRun() override
    {
        HubWorld w;
        w.Add(1, HubWorld::Tunnel("Tunnel2", 2), true);
        HubWorld::At(Seconds(1), [&w] {
            w.Type(1,
                   {"enable",
                    "configure terminal",
                    "interface Tunnel2",
                    "ip address 10.9.0.1 255.255.255.0",
                    "end"});
        });
        Simulator::Stop(Seconds(2));
        Simulator::Run();
        NS_TEST_EXPECT_MSG_EQ(
            w.Count(1,
                    EventKind::Warning,
                    "Tunnel2 has an address of its own, but the tunnels of this router share a "
                    "device (TunnelDevices is shared): type 'ip unnumbered INTERFACE' in place of "
                    "'ip address'"),
            1,
            "a warning");
    }
};

// --- Configuration --------------------------------------------------------------------------

const std::string BASE = "crypto isakmp policy 1\n authentication pre-share\n"
                         "crypto isakmp key k address 0.0.0.0 0.0.0.0\n"
                         "crypto ipsec transform-set t esp-aes esp-sha-hmac\n"
                         "crypto ipsec profile p\n set transform-set t\n"
                         "interface Ethernet0/0\n ip address 10.0.0.1 255.255.255.0\n";
const std::string PROFILE = "crypto isakmp profile x\n match identity address 0.0.0.0 0.0.0.0\n"
                            " virtual-template 1\n";
const std::string TEMPLATE = "interface Virtual-Template1 type tunnel\n"
                             " ip unnumbered Ethernet0/0\n tunnel mode ipsec ipv4\n"
                             " tunnel protection ipsec profile p\n";
const std::string TUNNEL = "interface Tunnel0\n tunnel source Ethernet0/0\n"
                           " tunnel destination 10.0.0.2\n tunnel mode ipsec ipv4\n"
                           " tunnel protection ipsec profile p\n";

/// What is wrong with a configuration.
struct BadRow
{
    std::string text;  ///< behind BASE
    const char* error; ///< a part of the first error
};

const BadRow BAD_ROWS[] = {
    {"interface Virtual-Template1\n",
     "'Virtual-Template1': a virtual template of this type is not supported: type 'interface "
     "Virtual-Template1 type tunnel'"},
    {"interface Ethernet0/0 type tunnel\n", "'tunnel': only a Virtual-Template has a type"},
    {PROFILE, "'Virtual-Template1': there is no 'interface Virtual-Template1'"},
    {TEMPLATE, "no ISAKMP profile chooses the virtual template"},
    {PROFILE + TEMPLATE + " no tunnel mode\n", "carries IPv4 in ESP alone: type 'tunnel mode"},
    {PROFILE + TEMPLATE + " tunnel destination 10.0.0.2\n",
     "a virtual template has no destination"},
    {PROFILE + TEMPLATE + " ip address 10.9.0.1 255.255.255.0\n", "type 'ip unnumbered INTERFACE'"},
    {PROFILE + TEMPLATE + " no tunnel protection\n", "the tunnel lacks protection"},
    {PROFILE + TEMPLATE + " tunnel protection ipsec policy ipv4 a\n", "has no policy: the peer"},
    {PROFILE + TEMPLATE + " crypto map m\n", "a crypto map belongs to a physical interface"},
    {PROFILE + TEMPLATE +
         "crypto ipsec profile p\n set isakmp-profile y\ncrypto isakmp profile y\n",
     "the ISAKMP profile that chooses Virtual-Template1 is x: leave 'set isakmp-profile' out of p"},
    {PROFILE + TEMPLATE + "ip route 10.5.0.0 255.255.0.0 Virtual-Template1\n",
     "nothing is routed to a template"},
    {"interface Ethernet0/0\n ip unnumbered Loopback0\n", "is accepted only under a tunnel"},
    {TUNNEL + " ip unnumbered Tunnel0\n", "is this interface itself"},
    {TUNNEL + " ip unnumbered Loopback0\n", "there is no 'interface Loopback0'"},
    {TUNNEL + " ip unnumbered Loopback0\ninterface Loopback0\n",
     "has no address that it could lend"},
    {TUNNEL + " tunnel protection ipsec policy ipv4 a\n", "there is no 'access-list a'"},
    {TUNNEL + " tunnel protection ipsec policy ipv4 a\n no tunnel mode\n", "only ESP without an"},
    {TUNNEL + " tunnel protection ipsec policy ipv4 a\nip access-list extended a\n"
              " permit ip host 10.1.0.1 any\n permit ip host 10.1.0.2 any\n",
     "the policy of Tunnel0 has to be one line 'permit ip'"},
    {TUNNEL + " tunnel protection ipsec policy ipv4 a\nip access-list extended a\n"
              " permit tcp host 10.1.0.1 any\n",
     "the policy of Tunnel0 has to be one line 'permit ip'"},
    {TUNNEL + " tunnel protection ipsec policy ipv4 a\nip access-list extended a\n"
              " deny ip host 10.1.0.1 any\n",
     "the policy of Tunnel0 has to be one line 'permit ip'"},
    {"crypto ipsec profile p\n set reverse-route distance 256\n",
     "expected a number from 1 to 255"},
    {"crypto ipsec profile p\n set reverse-route tag 1\n", "is known but not supported yet"},
};

/// Texts with a mistake.
class HubErrorsTestCase : public TestCase
{
  public:
    HubErrorsTestCase()
        : TestCase("What is wrong with virtual templates, unnumbered tunnels and their policies")
    {
    }

  private:
    void DoRun() override
    {
        for (const BadRow& row : BAD_ROWS)
        {
            const std::string error = FirstError(BASE + row.text);
            NS_TEST_EXPECT_MSG_NE(error.find(row.error),
                                  std::string::npos,
                                  row.text << "\n-> " << error << "\nexpected " << row.error);
        }
    }
};

const GoodRow GOOD_ROWS[] = {
    {"virtual-template",
     "crypto isakmp profile x\n virtual-template 7\n",
     "crypto isakmp profile x\n   virtual-template 7\n"},
    {"a template",
     "int virtual-template 1 type tunnel\n ip unnumbered e0/0\nint e0/0\n",
     "interface Virtual-Template1 type tunnel\n ip unnumbered Ethernet0/0\n"},
    {"a template entered again",
     "int virtual-template 1 type tunnel\nint virtual-template 1\n tunnel mode ipsec ipv4\n",
     "interface Virtual-Template1 type tunnel\n no ip address\n tunnel mode ipsec ipv4\n"},
    {"the later address counts",
     "int tu0\n ip unnumbered e0/0\n ip address 10.0.0.1 255.0.0.0\n",
     "interface Tunnel0\n ip address 10.0.0.1 255.0.0.0\n"},
    {"also this one",
     "int tu0\n ip address 10.0.0.1 255.0.0.0\n ip unnumbered e0/0\n",
     "interface Tunnel0\n ip unnumbered Ethernet0/0\n"},
    {"a policy",
     "int tu0\n tunnel protection ipsec policy ipv4 110\n tunnel protection ipsec profile p\n",
     " tunnel protection ipsec policy ipv4 110\n tunnel protection ipsec profile p\n"},
    {"no policy",
     "int tu0\n tunnel protection ipsec policy ipv4 110\n no tunnel protection ipsec policy ipv4\n",
     "interface Tunnel0\n no ip address\n!\n"},
    {"reverse-route distance",
     "crypto ipsec profile p\n set reverse-route distance 20\n",
     "crypto ipsec profile p\n set reverse-route distance 20\n"},
};

/// What the engine is told.
class HubResolveTestCase : public TestCase
{
  public:
    HubResolveTestCase()
        : TestCase("A template per profile and address, with ids that stay")
    {
    }

  private:
    void DoRun() override
    {
        const std::string more = "interface Loopback0\n ip address 10.7.0.1 255.255.255.255\n"
                                 "interface Tunnel9\n ip address 10.8.0.1 255.255.255.0\n";
        RouterConfig config = ReadConfig(BASE + PROFILE + TEMPLATE + more).config;
        std::vector<ConnectionConfig> all = ResolveEngineConfig(config, IkeKnobs()).connections;
        NS_TEST_ASSERT_MSG_EQ(all.size(), 2, "not at the address of a tunnel");
        NS_TEST_EXPECT_MSG_EQ(all[0].local.ToString(), "10.0.0.1", "interface");
        NS_TEST_EXPECT_MSG_EQ(all[1].local.ToString(), "10.7.0.1", "loopback");
        NS_TEST_EXPECT_MSG_EQ(all[0].isakmpProfile->name, "x", "the one that chose it");
        NS_TEST_EXPECT_MSG_EQ(all[0].dynamic, true, "a template");

        IosParser parser(config);
        for (const char* line : {"interface Loopback0",
                                 "no ip address",
                                 "interface Loopback1",
                                 "ip address 10.6.0.1 255.255.255.255"})
        {
            parser.ReadLine(line, {});
        }
        const auto then = ResolveEngineConfig(config, IkeKnobs()).connections;
        NS_TEST_ASSERT_MSG_EQ(then.size(), 2, "one address went, one came");
        NS_TEST_EXPECT_MSG_EQ(then[0].id, all[0].id, "the same");
        NS_TEST_EXPECT_MSG_EQ((then[1].id > all[1].id), true, "another one");
    }
};

/// The suite.
class HubTestSuite : public TestSuite
{
  public:
    HubTestSuite()
        : TestSuite("ike-hub", Type::UNIT)
    {
        AddTestCase(new TableTestCase, TestDuration::QUICK);
        AddTestCase(new HubErrorsTestCase, TestDuration::QUICK);
        for (const GoodRow& row : GOOD_ROWS)
        {
            AddTestCase(new GoodTextTest(row), TestDuration::QUICK);
        }
        AddTestCase(new HubResolveTestCase, TestDuration::QUICK);
        AddTestCase(new SharedDeviceTestCase, TestDuration::QUICK);
        AddTestCase(new TemplateTestCase, TestDuration::QUICK);
        AddTestCase(new SameNetworkTestCase, TestDuration::QUICK);
        AddTestCase(new RekeyTestCase(false), TestDuration::QUICK);
        AddTestCase(new RekeyTestCase(true), TestDuration::QUICK);
        AddTestCase(new FloatingTestCase(false), TestDuration::QUICK);
        AddTestCase(new FloatingTestCase(true), TestDuration::QUICK);
        AddTestCase(new ChoiceTestCase, TestDuration::QUICK);
        AddTestCase(new OutsideSelectorTestCase, TestDuration::QUICK);
        AddTestCase(new HubRebootTestCase, TestDuration::QUICK);
        AddTestCase(new GreedyTestCase, TestDuration::QUICK);
        AddTestCase(new PollTestCase, TestDuration::QUICK);
        AddTestCase(new OwnAddressTestCase, TestDuration::QUICK);
    }
} g_hubTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
