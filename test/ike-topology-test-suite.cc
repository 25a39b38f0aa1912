/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-router.h"
#include "ns3/ike-topology-helper.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

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
                           "crypto isakmp key of-all address 0.0.0.0 0.0.0.0\n"
                           "crypto ipsec transform-set aessha esp-aes esp-sha256-hmac\n"
                           "crypto ipsec profile vti\n"
                           " set transform-set aessha\n";

/// What the helper builds.
class TopologyTestCase : public TestCase
{
  public:
    TopologyTestCase()
        : TestCase("topology helper: hubs and spokes, a ring, a tree; all tunnels come up")
    {
    }

  private:
    void Count(const TimedEvent& event)
    {
        m_up += event.event.kind == EventKind::LineUp ? 1 : 0;
    }

    /// Let it run. @return how many ends came up
    int RunAll(IkeTopologyHelper& topology, const NodeContainer& nodes)
    {
        m_up = 0;
        topology.AssignStreams(0);
        for (auto node = nodes.Begin(); node != nodes.End(); ++node)
        {
            (*node)->GetObject<IkeRouter>()->TraceConnectWithoutContext(
                "Event",
                MakeCallback(&TopologyTestCase::Count, this));
        }
        Simulator::Stop(Seconds(10));
        Simulator::Run();
        Simulator::Destroy();
        return m_up;
    }

    void DoRun() override
    {
        const std::string vti = IkeTopologyHelper::GetVtiText("vti");
        for (const bool isTree : {false, true})
        {
            IkeTopologyHelper star;
            star.SetNetwork("delay", "10 ms");
            if (isTree)
            {
                star.SetTree(2);
            }
            star.SetHubs(2, std::string(CRYPTO) + " responder-only\n", vti);
            star.SetSpokes(3, 2, CRYPTO, vti);
            star.Install();
            NS_TEST_EXPECT_MSG_EQ(star.GetHubs().GetN(), 2, "hubs");
            NS_TEST_EXPECT_MSG_EQ(star.GetSpokes().GetN(), 3, "spokes");
            NS_TEST_EXPECT_MSG_EQ(star.GetMesh().GetN(), 0, "none");
            NS_TEST_EXPECT_MSG_EQ(star.GetAddress("S3"), Ipv4Address("10.0.3.1"), "address");
            NS_TEST_EXPECT_MSG_EQ(star.GetRouter("H2")->GetName(), "H2", "router");
            const int up = RunAll(star, NodeContainer(star.GetHubs(), star.GetSpokes()));
            NS_TEST_EXPECT_MSG_EQ(up, 12, "both ends of six tunnels");
        }
        IkeTopologyHelper ring;
        ring.SetMesh(4, "ring", CRYPTO, vti);
        ring.Install();
        NS_TEST_EXPECT_MSG_EQ(ring.GetMesh().GetN(), 4, "routers");
        const int up = RunAll(ring, ring.GetMesh());
        NS_TEST_EXPECT_MSG_EQ(up, 8, "both ends of four tunnels");

        IkeTopologyHelper wrong;
        wrong.SetMesh(3, "next door", CRYPTO, vti);
        std::string error;
        try
        {
            wrong.Install();
        }
        catch (const ScenarioError& e)
        {
            error = e.what();
        }
        NS_TEST_EXPECT_MSG_NE(error.find("'next door' is not right"), std::string::npos, error);
        Simulator::Destroy();
    }

    int m_up{0}; ///< ends that came up
};

/// All of them.
class TopologyTestSuite : public TestSuite
{
  public:
    TopologyTestSuite()
        : TestSuite("ike-topology", Type::UNIT)
    {
        AddTestCase(new TopologyTestCase, TestDuration::QUICK);
    }
};

TopologyTestSuite g_topologyTestSuite; ///< registers itself

} // namespace
