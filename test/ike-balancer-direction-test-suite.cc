/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-octets.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <array>
#include <set>
#include <string>

/**
 * @file
 * @ingroup ike-tests
 * The story lb-direction, cell by cell: under which address spokes hear of hubs, and the harm.
 */

namespace ns3
{
namespace ike
{
namespace
{

/// Collects sources of what arrives at spokes: V, the virtual address; O, a hub's own.
class SourceBook
{
  public:
    /// Kinds of arrivals.
    enum Kind : size_t
    {
        PHASE1,
        QUICK,
        ESP,
    };

    /// Something arrived. @param kind what @param source from where
    void Note(Kind kind, const IpAddress& source)
    {
        static const IpAddress VIRTUAL = IpAddress::V4(0xc633640a); // 198.51.100.10
        m_seen[kind].insert(source == VIRTUAL ? 'V' : 'O');
    }

    /// An event at a spoke. @param event any
    void HandleEvent(const TimedEvent& event)
    {
        const Event& e = event.event;
        const bool isMain = e.exchange == ExchangeKind::MainMode;
        if (e.kind == EventKind::MessageReceived &&
            (isMain || e.exchange == ExchangeKind::QuickMode))
        {
            Note(isMain ? PHASE1 : QUICK, e.peer);
        }
    }

    /// A packet for a spoke. @param header of IPv4 @param packet behind it @param interface where
    void HandleDeliver(const Ipv4Header& header, Ptr<const Packet> packet, uint32_t /* interface */)
    {
        constexpr uint8_t UDP_PROTOCOL = 17;
        constexpr uint8_t ESP_PROTOCOL = 50;
        std::array<uint8_t, 12> front{};
        const uint32_t size = packet->CopyData(front.data(), front.size());
        const bool isNatPort = front[0] * 256 + front[1] == 4500;
        const bool isMarked = front[8] + front[9] + front[10] + front[11] == 0;
        if (header.GetProtocol() == ESP_PROTOCOL ||
            (header.GetProtocol() == UDP_PROTOCOL && size == front.size() && isNatPort &&
             !isMarked))
        {
            Note(ESP, IpAddress::V4(header.GetSource().Get()));
        }
    }

    /// @return "V VO -": sources of phase 1, quick mode and ESP
    std::string GetText() const
    {
        std::string text;
        for (const auto& kind : m_seen)
        {
            text += (text.empty() ? "" : " ");
            text += kind.empty() ? "-" : std::string(kind.rbegin(), kind.rend());
        }
        return text;
    }

  private:
    std::array<std::set<char>, 3> m_seen; ///< by kind
};

/// A cell of the story.
struct Cell
{
    const char* mode;    ///< parameter
    const char* source;  ///< parameter
    const char* entry;   ///< parameter
    const char* hub;     ///< parameter
    const char* sources; ///< of phase 1, quick mode and ESP, as spokes hear them
    uint64_t rejected;   ///< phase 1 that spokes refused: no key for that address; at least
    uint64_t unanswered; ///< phase 1 of hubs whose answers went elsewhere; at least
    uint64_t surplus;    ///< duplicates of both kinds; at least
    bool works;          ///< does all traffic arrive?
    const char* back;    ///< parameter "return"
};

/// Which source address carries what, and which harm follows.
class DirectionTestCase : public TestCase
{
  public:
    DirectionTestCase()
        : TestCase("lb-direction: sources of phase 1, quick mode and ESP, and the harm, by cell")
    {
    }

  private:
    static uint64_t CountFailed(const RunResults& results, const std::string& why)
    {
        uint64_t sum = 0;
        for (const auto& end : results.ends)
        {
            const auto found = end.counters.failed.find(why);
            sum += found == end.counters.failed.end() ? 0 : found->second;
        }
        return sum;
    }

    void Check(const Cell& cell)
    {
        const std::string what = std::string(cell.mode) + ", " + cell.source + ", " + cell.entry +
                                 ", " + cell.hub + ", " + cell.back;
        const Scenario scenario = ScenarioFile::Load(PathOfShipped("lb-direction"))
                                      .Expand({{"mode", cell.mode},
                                               {"source", cell.source},
                                               {"entry", cell.entry},
                                               {"hub", cell.hub},
                                               {"return", cell.back}});
        SourceBook book;
        ScenarioRun run(scenario, RunOptions());
        for (const char* spoke : {"S1", "S2", "S3"})
        {
            run.GetNetwork().GetRouter(spoke)->TraceConnectWithoutContext(
                "Event",
                MakeCallback(&SourceBook::HandleEvent, &book));
            run.GetNetwork()
                .GetNode(spoke)
                ->GetObject<Ipv4L3Protocol>()
                ->TraceConnectWithoutContext("LocalDeliver",
                                             MakeCallback(&SourceBook::HandleDeliver, &book));
        }
        const RunResults results = run.Finish();
        const uint64_t rejected = CountFailed(results, "phase-1 no-pre-shared-key");
        const uint64_t unanswered = CountFailed(results, "phase-1 no-answer");
        const uint64_t surplus = results.totals.isakmpDuplicates + results.totals.ipsecDuplicates;
        NS_TEST_EXPECT_MSG_EQ(book.GetText(), cell.sources, what << ": sources");
        NS_TEST_EXPECT_MSG_EQ((rejected >= cell.rejected), true, what << ": " << rejected);
        NS_TEST_EXPECT_MSG_EQ((rejected > 0), (cell.rejected > 0), what << ": rejected");
        NS_TEST_EXPECT_MSG_EQ((unanswered >= cell.unanswered), true, what << ": " << unanswered);
        NS_TEST_EXPECT_MSG_EQ((unanswered > 0), (cell.unanswered > 0), what << ": unanswered");
        NS_TEST_EXPECT_MSG_EQ((surplus >= cell.surplus), true, what << ": " << surplus);
        NS_TEST_EXPECT_MSG_EQ((surplus > 0), (cell.surplus > 0), what << ": duplicates");
        NS_TEST_EXPECT_MSG_EQ((results.packets.delivered == results.packets.offered),
                              cell.works,
                              what << ": traffic");
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, what << ": the books balance");
    }

    void DoRun() override
    {
        const Cell cells[] = {
            {"dispatched", "loopback", "alive", "open", "V V V", 0, 300, 5, true, "balancer"},
            {"dispatched", "loopback", "expired", "open", "V V V", 0, 300, 5, true, "balancer"},
            {"dispatched", "loopback", "alive", "rekeys-only", "V V V", 0, 0, 0, true, "balancer"},
            {"dispatched",
             "loopback",
             "expired",
             "rekeys-only",
             "V V V",
             0,
             3,
             0,
             true,
             "balancer"},
            {"dispatched",
             "loopback",
             "alive",
             "responder-only",
             "V V V",
             0,
             0,
             0,
             true,
             "balancer"},
            {"dispatched",
             "loopback",
             "expired",
             "responder-only",
             "V V V",
             0,
             0,
             0,
             true,
             "balancer"},
            {"directed", "own", "alive", "open", "VO V V", 1800, 300, 0, true, "balancer"},
            {"directed", "own", "expired", "open", "VO V V", 1700, 250, 0, true, "balancer"},
            {"directed", "own", "alive", "rekeys-only", "V V V", 0, 0, 0, true, "balancer"},
            {"directed", "own", "expired", "rekeys-only", "VO V V", 18, 3, 0, true, "balancer"},
            {"directed", "own", "alive", "responder-only", "V V V", 0, 0, 0, true, "balancer"},
            {"directed", "own", "expired", "responder-only", "V V V", 0, 0, 0, true, "balancer"},
            // Tunnels at an address where no packet of a spoke arrives: none comes up.
            {"dispatched", "own", "alive", "responder-only", "V - -", 0, 0, 0, false, "balancer"},
            {"directed", "loopback", "alive", "open", "V V V", 0, 300, 0, false, "balancer"},
            // Answers go around the balancer: only directed mode would have to see them.
            {"dispatched",
             "loopback",
             "expired",
             "responder-only",
             "V V V",
             0,
             0,
             0,
             true,
             "direct"},
            {"directed", "own", "expired", "responder-only", "- - -", 0, 300, 0, false, "direct"},
        };
        for (const Cell& cell : cells)
        {
            Check(cell);
        }
    }
};

/// The suite.
class IkeBalancerDirectionTestSuite : public TestSuite
{
  public:
    IkeBalancerDirectionTestSuite()
        : TestSuite("ike-balancer-direction", Type::SYSTEM)
    {
        AddTestCase(new DirectionTestCase, TestDuration::QUICK);
    }
};

IkeBalancerDirectionTestSuite g_ikeBalancerDirectionTestSuite; ///< the suite

} // namespace
} // namespace ike
} // namespace ns3
