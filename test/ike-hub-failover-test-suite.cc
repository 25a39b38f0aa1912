/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/test.h"

#include <string>
#include <tuple>
#include <utility>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The story hub-failover, its cells that matter; and clients that have pairs at two hubs.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// A cell of the story.
struct Cell
{
    const char* via;      ///< parameter
    const char* failure;  ///< parameter
    const char* hub;      ///< parameter
    const char* dpd;      ///< parameter
    const char* recovery; ///< parameter "invalid_spi_recovery"
    double there;         ///< outage from S1 to the site, in packets of one second
    double back;          ///< outage from the site to S1
    bool hasDuplicates;   ///< are there duplicates of pairs?
};

/// Who notices, and who may begin.
class FailoverTestCase : public TestCase
{
  public:
    FailoverTestCase()
        : TestCase("hub-failover: how long flows are out, by cell")
    {
    }

  private:
    void Check(const Cell& cell)
    {
        const std::string what = std::string(cell.via) + ", " + cell.failure + ", " + cell.hub +
                                 ", " + cell.dpd + ", " + cell.recovery;
        const Scenario scenario = ScenarioFile::Load(PathOfShipped("hub-failover"))
                                      .Expand({{"via", cell.via},
                                               {"failure", cell.failure},
                                               {"hub", cell.hub},
                                               {"dpd", cell.dpd},
                                               {"invalid_spi_recovery", cell.recovery}});
        const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
        const std::string json = WriteResultsJson(results);
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, what << ": the books balance");
        for (const auto& failure : CheckExpectations(scenario.expect, json))
        {
            NS_TEST_EXPECT_MSG_EQ(failure, "", what);
        }
        const auto outage = [&json](const std::string& flow) {
            return FindQuantity(json, "flows." + flow + ".outage_seconds");
        };
        NS_TEST_EXPECT_MSG_EQ_TOL(outage("S1-C"), cell.there, 2, what << ": to the site");
        NS_TEST_EXPECT_MSG_EQ_TOL(outage("C-S1"), cell.back, 2, what << ": from the site");
        NS_TEST_EXPECT_MSG_EQ(outage("S2-C"), 0, what << ": a spoke of the other hub");
        NS_TEST_EXPECT_MSG_EQ((results.totals.ipsecDuplicates > 0),
                              cell.hasDuplicates,
                              what << ": duplicates");
    }

    void DoRun() override
    {
        const Cell cells[] = {
            {"balancer", "power", "open", "off", "false", 31, 31, true},
            {"balancer", "power", "responder-only", "off", "false", 1241, 1241, false},
            {"balancer", "power", "responder-only", "periodic", "false", 52, 52, false},
            {"balancer", "power", "phase-1", "off", "true", 42, 42, false},
            {"dual-homed", "power", "responder-only", "on-demand", "false", 42, 0, false},
            {"dual-homed", "reboot", "open", "off", "false", 21, 0, true},
            {"dual-homed", "reboot", "responder-only", "off", "true", 1201, 0, false},
            {"dual-homed", "reboot", "phase-1", "off", "true", 22, 0, false},
            {"dual-homed", "link", "responder-only", "off", "false", 600, 600, false},
        };
        for (const Cell& cell : cells)
        {
            Check(cell);
        }
    }
};

/// Who asks whether the other end lives, by what is sent.
class IdleEndsTestCase : public TestCase
{
  public:
    IdleEndsTestCase()
        : TestCase("hub-failover: dead peer detection of ends that have nothing to send")
    {
    }

  private:
    void DoRun() override
    {
        const char* asked = "ends.S2.counters.notifies_sent.R-U-THERE";
        const char* outage = "flows.S1-C.outage_seconds";
        const std::tuple<const char*, const char*, const char*, double, double> cells[] = {
            {"one-way", "on-demand", asked, 86, 1}, // of 44 min, every 30 s
            {"none", "on-demand", asked, 0, 0},
            {"none", "periodic", asked, 161, 1}, // two tunnels
            {"none", "periodic", "ends.S1.counters.removed.ipsec peer-dead", 1, 0},
            {"pauses", "off", outage, 901, 2},
            {"pauses", "on-demand", outage, 42, 2},
            {"pauses", "periodic", outage, 0, 0},
        };
        for (const auto& [traffic, dpd, quantity, value, tolerance] : cells)
        {
            const std::string what = std::string(traffic) + ", " + dpd + ", " + quantity;
            const Scenario scenario = ScenarioFile::Load(PathOfShipped("hub-failover"))
                                          .Expand({{"via", "dual-homed"},
                                                   {"hub", "responder-only"},
                                                   {"dpd", dpd},
                                                   {"traffic", traffic}});
            const std::string json =
                WriteResultsJson(RunScenario(scenario, RunOptions{1, "", nullptr}));
            for (const auto& failure : CheckExpectations(scenario.expect, json))
            {
                NS_TEST_EXPECT_MSG_EQ(failure, "", what);
            }
            NS_TEST_EXPECT_MSG_EQ_TOL(FindQuantity(json, quantity), value, tolerance, what);
        }
    }
};

/// Duplicates across hubs.
class TwoHubsTestCase : public TestCase
{
  public:
    TwoHubsTestCase()
        : TestCase("results: clients with pairs at more than one hub of a load balancer")
    {
    }

  private:
    using Curve = std::vector<std::pair<double, int64_t>>;

    /// A router's curves with peers, some of them of one name.
    static EndResult MakeEnd(const std::string& name,
                             const std::vector<std::pair<std::string, Curve>>& peers)
    {
        EndResult end;
        end.name = name;
        for (const auto& [peer, curve] : peers)
        {
            PeerResult result;
            result.name = peer;
            for (const auto& [seconds, value] : curve)
            {
                const auto time = Instant() + ns3::ike::Duration::Milliseconds(
                                                  static_cast<int64_t>(seconds * 1000));
                result.account.pairsAlive.push_back(CurvePoint{time, value});
            }
            end.peers.push_back(result);
        }
        return end;
    }

    void DoRun() override
    {
        RunResults results;
        BalancerResult balancer;
        balancer.hubs = {{"H1", "", false, {}}, {"H2", "", false, {}}};
        results.balancers = {balancer};
        results.ends = {
            MakeEnd("H1",
                    {{"S1", {{0, 0}, {1, 1}, {30, 2}, {40, 0}}}, // at both from 20 to 40
                     {"S2", {{0, 0}, {1, 1}, {5, 0}, {50, 1}}},  // at both from 50 on
                     {"S3", {{0, 0}, {1, 1}, {20, 0}}},          // moves at once
                     {"S4", {{0, 0}, {1, 1}, {10, 0}}},          // by two addresses,
                     {"S4", {{0, 0}, {9, 1}, {60, 0}}}}),        // at both from 30 to 60
            MakeEnd("H2",
                    {{"S1", {{0, 0}, {20, 1}, {80, 0}}},
                     {"S2", {{0, 0}, {5, 1}}},
                     {"S3", {{0, 0}, {20, 1}}},
                     {"S4", {{0, 0}, {30, 1}}}}),
            MakeEnd("H3", {{"S3", {{0, 0}, {1, 3}}}}), // no hub of this balancer
        };
        CountClientsAtTwoHubs(results, Instant() + ns3::ike::Duration::Seconds(100));
        NS_TEST_EXPECT_MSG_EQ(results.balancers[0].clientsAtTwoHubs, 3, "S1, S2, S4");
        NS_TEST_EXPECT_MSG_EQ(results.balancers[0].clientsAtTwoHubsSeconds,
                              20 + 50 + 30,
                              "of these");
    }
};

/// The suite.
class IkeHubFailoverTestSuite : public TestSuite
{
  public:
    IkeHubFailoverTestSuite()
        : TestSuite("ike-hub-failover", Type::SYSTEM)
    {
        AddTestCase(new FailoverTestCase, TestDuration::QUICK);
        AddTestCase(new IdleEndsTestCase, TestDuration::QUICK);
        AddTestCase(new TwoHubsTestCase, TestDuration::QUICK);
    }
};

IkeHubFailoverTestSuite g_ikeHubFailoverTestSuite; ///< the suite

} // namespace
} // namespace ike
} // namespace ns3
