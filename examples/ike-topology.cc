/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 *        S1   S2   S3   S4  ...
 *          \  |     |  /
 *           core (a cloud, or with --fan a tree of routers)
 *             /     \
 *            H1     H2 ...
 *
 * Hubs and spokes with static VTIs; each spoke has tunnels to its hub and, with --homes=2, to the
 * next one. The hubs are responder-only unless --begin=true. After ten seconds the program says
 * how many tunnels are up.
 *
 *   ike-topology --hubs=2 --spokes=6 --homes=2 --fan=4
 */
#include "ns3/command-line.h"
#include "ns3/ike-router.h"
#include "ns3/ike-scenario-error.h"
#include "ns3/ike-topology-helper.h"
#include "ns3/simulator.h"

#include <iostream>
#include <string>

using namespace ns3;
using namespace ns3::ike;

namespace
{

const char* const CRYPTO = "crypto isakmp policy 10\n"
                           " encryption aes 128\n"
                           " hash sha256\n"
                           " authentication pre-share\n"
                           " group 19\n"
                           "crypto isakmp key a-key-for-all address 0.0.0.0 0.0.0.0\n"
                           "crypto ipsec transform-set aessha esp-aes esp-sha256-hmac\n"
                           "crypto ipsec profile vti\n"
                           " set transform-set aessha\n";

/// Counts tunnels whose line is up, by the events of all routers.
class LineCounter
{
  public:
    void Record(const TimedEvent& event)
    {
        m_up += event.event.kind == EventKind::LineUp     ? 1
                : event.event.kind == EventKind::LineDown ? -1
                                                          : 0;
    }

    int Get() const
    {
        return m_up;
    }

  private:
    int m_up{0}; ///< now
};

} // namespace

int
main(int argc, char* argv[])
{
    uint32_t hubs = 2;
    uint32_t spokes = 6;
    uint32_t homes = 1;
    uint32_t fan = 0;
    bool begin = false;
    CommandLine cmd(__FILE__);
    cmd.AddValue("hubs", "Number of hubs", hubs);
    cmd.AddValue("spokes", "Number of spokes", spokes);
    cmd.AddValue("homes", "Hubs of each spoke", homes);
    cmd.AddValue("fan", "Most ways down of a router of the network; 0: a cloud", fan);
    cmd.AddValue("begin", "May the hubs begin, too?", begin);
    cmd.Parse(argc, argv);

    const std::string vti = IkeTopologyHelper::GetVtiText("vti");
    IkeTopologyHelper topology;
    topology.SetNetwork("delay", "10 ms");
    if (fan != 0)
    {
        topology.SetTree(fan);
    }
    topology.SetHubs(hubs, std::string(CRYPTO) + (begin ? "" : " responder-only\n"), vti);
    topology.SetSpokes(spokes, homes, CRYPTO, vti);
    try
    {
        topology.Install();
    }
    catch (const ScenarioError& e)
    {
        std::cerr << e.what() << "\n";
        return 1;
    }
    topology.AssignStreams(0);
    LineCounter lines;
    for (const auto& nodes : {topology.GetHubs(), topology.GetSpokes()})
    {
        for (auto node = nodes.Begin(); node != nodes.End(); ++node)
        {
            (*node)->GetObject<IkeRouter>()->TraceConnectWithoutContext(
                "Event",
                MakeCallback(&LineCounter::Record, &lines));
        }
    }
    Simulator::Stop(Seconds(10));
    Simulator::Run();
    std::cout << lines.Get() << " ends of " << 2 * spokes * homes << " are up\n";
    Simulator::Destroy();
    return 0;
}
