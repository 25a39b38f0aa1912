/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

// Two routers begin to negotiate at nearly the same time: how many IPsec SA pairs stand afterwards?
//
//     10.1.0.0/24                                             10.2.0.0/24
//         R1 ---------- 192.0.2.0/30 ----- I ----- 198.51.100.0/30 ---------- R2
//          |                                                                  |
//          +============================ Tunnel0 =============================+
//                                      10.9.0.0/30
//
// A plain ns-3 program, as the Simulation Execution Manager (SEM) runs them: its parameters are
// those of CommandLine
// (--PrintHelp lists them with their defaults), its seed is --RngRun, and its result is in a file
// in the working folder, pairs.txt: "pairs N messages N".

#include "ns3/core-module.h"
#include "ns3/ike-module.h"
#include "ns3/internet-module.h"
#include "ns3/network-module.h"
#include "ns3/point-to-point-module.h"

#include <fstream>

using namespace ns3;
using namespace ns3::ike;

namespace
{

/// What both routers have in common.
const char* const COMMON = R"(
crypto isakmp policy 10
 encryption aes 128
 hash sha256
 authentication pre-share
 group 14
crypto isakmp key an-example address 0.0.0.0 0.0.0.0
crypto ipsec transform-set aessha esp-aes esp-sha256-hmac
crypto ipsec profile vti
 set transform-set aessha
)";

const char* const R1 = R"(
hostname R1
ip route 0.0.0.0 0.0.0.0 192.0.2.2 250
interface Ethernet0/0
 ip address 192.0.2.1 255.255.255.252
interface Tunnel0
 ip address 10.9.0.1 255.255.255.252
 tunnel source Ethernet0/0
 tunnel destination 198.51.100.1
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile vti
)";

const char* const R2 = R"(
hostname R2
ip route 0.0.0.0 0.0.0.0 198.51.100.2 250
interface Ethernet0/0
 ip address 198.51.100.1 255.255.255.252
interface Tunnel0
 ip address 10.9.0.2 255.255.255.252
 tunnel source Ethernet0/0
 tunnel destination 192.0.2.1
 tunnel mode ipsec ipv4
 tunnel protection ipsec profile vti
)";

/// What the result says.
struct Tally
{
    unsigned pairs{0};    ///< that came up at R1
    unsigned messages{0}; ///< that both have sent
};

void
CountFirst(Tally* tally, const TimedEvent& event)
{
    tally->pairs += event.event.kind == EventKind::PairUp ? 1 : 0;
    tally->messages += event.event.kind == EventKind::MessageSent ? 1 : 0;
}

void
CountSecond(Tally* tally, const TimedEvent& event)
{
    tally->messages += event.event.kind == EventKind::MessageSent ? 1 : 0;
}

void
TypeLines(Ptr<IkeRouter> router, const std::vector<std::string>& lines)
{
    for (const auto& line : lines)
    {
        router->Type(line);
    }
}

void
SetAddress(Ptr<NetDevice> device, const char* address)
{
    Ptr<Ipv4> ipv4 = device->GetNode()->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(address, "255.255.255.252"));
    ipv4->SetUp(interface);
}

} // namespace

int
main(int argc, char* argv[])
{
    bool responderOnly = false;
    Time offset = MilliSeconds(0);
    Time delay = MilliSeconds(20);
    Time duration = Seconds(30);
    CommandLine cmd(__FILE__);
    cmd.AddValue("responderOnly", "R2 never begins", responderOnly);
    cmd.AddValue("offset", "R2 gets its route so much later than R1, at most", offset);
    cmd.AddValue("delay", "one way between R1 and R2", delay);
    cmd.AddValue("duration", "length of the run", duration);
    cmd.Parse(argc, argv);

    NodeContainer nodes(3);
    PointToPointHelper link;
    link.SetChannelAttribute("Delay", TimeValue(delay / 2));
    const NetDeviceContainer west = link.Install(nodes.Get(0), nodes.Get(1));
    const NetDeviceContainer east = link.Install(nodes.Get(1), nodes.Get(2));
    InternetStackHelper internet;
    internet.SetIpv6StackInstall(false);
    internet.Install(nodes.Get(1));
    SetAddress(west.Get(1), "192.0.2.2");
    SetAddress(east.Get(0), "198.51.100.2");

    // A route of last resort carries answers, and does not make a tunnel begin.
    IkeKnobs knobs;
    knobs.lastResortCounts = false;
    IkeRouterHelper helper;
    helper.SetKnobs(knobs);
    const std::string profile = responderOnly ? "crypto ipsec profile vti\n responder-only\n" : "";
    const std::vector<IkeConfigText> first{{"common", COMMON}, {"R1", R1}};
    const std::vector<IkeConfigText> second{{"common", COMMON}, {"R2", R2}, {"profile", profile}};
    Ptr<IkeRouter> r1 = helper.Install(nodes.Get(0), first, {{"Ethernet0/0", west.Get(0)}});
    Ptr<IkeRouter> r2 = helper.Install(nodes.Get(2), second, {{"Ethernet0/0", east.Get(1)}});
    IkeRouterHelper::AssignStreams(nodes, 100);

    Tally tally;
    r1->TraceConnectWithoutContext("Event", MakeBoundCallback(&CountFirst, &tally));
    r2->TraceConnectWithoutContext("Event", MakeBoundCallback(&CountSecond, &tally));

    // The route to the other end is what makes a tunnel negotiate. Chance says how much later R2
    // gets its own.
    Ptr<UniformRandomVariable> chance = CreateObject<UniformRandomVariable>();
    chance->SetStream(1);
    const Time later =
        NanoSeconds(chance->GetInteger(0, 1000000) * (offset.GetNanoSeconds() / 1000000));
    const std::vector<std::string> begin{"enable", "configure terminal"};
    Simulator::Schedule(Seconds(1), &TypeLines, r1, begin);
    Simulator::Schedule(Seconds(1), &TypeLines, r2, begin);
    Simulator::Schedule(
        Seconds(2),
        &TypeLines,
        r1,
        std::vector<std::string>{"ip route 198.51.100.0 255.255.255.252 192.0.2.2"});
    Simulator::Schedule(
        Seconds(2) + later,
        &TypeLines,
        r2,
        std::vector<std::string>{"ip route 192.0.2.0 255.255.255.252 198.51.100.2"});
    Simulator::Stop(duration);
    Simulator::Run();
    Simulator::Destroy();

    std::ofstream("pairs.txt") << "pairs " << tally.pairs << " messages " << tally.messages << "\n";
    return 0;
}
