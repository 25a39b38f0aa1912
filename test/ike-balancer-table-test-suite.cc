/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/ike-load-balancer-table.h"
#include "ns3/test.h"

#include <map>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * The table of a load balancer: who serves whom, and for how long.
 */

namespace ns3
{
namespace ike
{
namespace
{

const BalancerPort IKE{17, 500};    ///< UDP 500
const BalancerPort NAT_T{17, 4500}; ///< UDP 4500
const BalancerPort ESP{50, 0};      ///< ESP
const BalancerPort PING{1, 0};      ///< echoes

Instant
At(int64_t seconds)
{
    return Instant{seconds * 1000000000};
}

IpAddress
Client(uint32_t number)
{
    return IpAddress::V4(0xcb007100 + number); // 203.0.113.0
}

/// A table with hubs H1, H2, ... and a record of what it said.
struct Farm
{
    /// @param rules to go by @param weights of the hubs
    explicit Farm(const BalancerRules& rules, const std::vector<uint32_t>& weights = {1, 1})
    {
        table.SetRules(rules);
        for (const uint32_t weight : weights)
        {
            const auto number = static_cast<uint32_t>(table.GetHubCount() + 1);
            table.AddHub(BalancerHub{"H" + std::to_string(number),
                                     IpAddress::V4(0x0a000001 + 256 * number),
                                     weight});
        }
        table.SetListener(
            [this](const BalancerNotice& notice) { told.push_back(table.Describe(notice)); });
    }

    /// @return "1" for H1, "-" for none. @param at when, in seconds @param client number
    /// @param port service
    std::string Take(int64_t at, uint32_t client, const BalancerPort& port = IKE)
    {
        const auto hub = table.Choose(At(at), BalancerPacket{Client(client), port});
        return hub ? std::to_string(*hub + 1) : "-";
    }

    /// @return hubs of clients, one after the other. @param at when @param from first client
    /// @param to last client
    std::string TakeAll(int64_t at, uint32_t from, uint32_t to)
    {
        std::string hubs;
        for (uint32_t client = from; client <= to; ++client)
        {
            hubs += Take(at, client);
        }
        return hubs;
    }

    BalancerTable table;           ///< under test
    std::vector<std::string> told; ///< by it
};

BalancerRules
With(BalancerPredictor predictor)
{
    BalancerRules rules;
    rules.predictor = predictor;
    return rules;
}

/// The choice of a hub.
class PredictorTestCase : public TestCase
{
  public:
    PredictorTestCase()
        : TestCase("predictors: turns, weights, loads, and a hash that moves nobody in vain")
    {
    }

  private:
    /// A row of the table of turns.
    struct Row
    {
        BalancerPredictor predictor;   ///< which
        std::vector<uint32_t> weights; ///< of the hubs
        const char* hubs;              ///< of eight clients, one after the other
    };

    void CheckTurns()
    {
        using P = BalancerPredictor;
        const Row rows[] = {
            {P::RoundRobin, {1, 1, 1}, "12312312"},
            {P::RoundRobin, {5, 1}, "12121212"},
            {P::Weighted, {3, 1, 2}, "11123311"},
            {P::Weighted, {1}, "11111111"},
            {P::LeastConnections, {1, 1, 1}, "12312312"},
            {P::LeastConnections, {2, 1}, "12112112"},
        };
        for (const Row& row : rows)
        {
            Farm farm(With(row.predictor), row.weights);
            NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(0, 1, 8), row.hubs, "in this order");
        }
    }

    void CheckLoad()
    {
        BalancerRules rules = With(BalancerPredictor::LeastConnections);
        rules.idle = ns3::ike::Duration::Seconds(100);
        Farm farm(rules);
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(0, 1, 4), "1212", "two for each");
        farm.Take(60, 1);
        farm.Take(60, 3);
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(120, 5, 6), "22", "those of H2 expired");
    }

    void CheckHash()
    {
        Farm farm(With(BalancerPredictor::Hash), {1, 1, 1, 1});
        std::map<char, int> counts;
        const std::string before = farm.TakeAll(0, 1, 200);
        for (const char hub : before)
        {
            ++counts[hub];
        }
        for (const char hub : {'1', '2', '3', '4'})
        {
            NS_TEST_EXPECT_MSG_GT(counts[hub], 25, "H" << hub << " has a share");
        }
        farm.table.SetService(2, HubService::Out);
        const std::string after = farm.TakeAll(1, 1, 200);
        for (size_t i = 0; i < before.size(); ++i)
        {
            const bool mayMove = before[i] == '3';
            NS_TEST_EXPECT_MSG_EQ((before[i] != after[i]), mayMove, "only those of H3 move");
        }
        Farm again(With(BalancerPredictor::Hash), {1, 1, 1, 1});
        NS_TEST_EXPECT_MSG_EQ(again.TakeAll(9, 1, 200), before, "the address alone decides");
    }

    void DoRun() override
    {
        CheckTurns();
        CheckLoad();
        CheckHash();
    }
};

/// What belongs together, and for how long.
class StickyTestCase : public TestCase
{
  public:
    StickyTestCase()
        : TestCase("entries: stickiness, idle time, the least recently used one, the way back")
    {
    }

  private:
    void CheckTogether()
    {
        Farm farm(With(BalancerPredictor::RoundRobin));
        std::string hubs;
        for (const auto& port : {IKE, NAT_T, ESP, IKE, PING})
        {
            hubs += farm.Take(0, 1, port);
        }
        NS_TEST_EXPECT_MSG_EQ(hubs, "11112", "only the ping is another entry");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetCounters().brokenAffinity, 0, "nothing broken");
        BalancerRules rules = With(BalancerPredictor::RoundRobin);
        rules.together.push_back(PING);
        Farm all(rules);
        all.Take(0, 1, ESP);
        NS_TEST_EXPECT_MSG_EQ(all.Take(0, 1, PING), "1", "a list may have more");
    }

    void CheckBroken()
    {
        BalancerRules rules = With(BalancerPredictor::RoundRobin);
        rules.sticky = false;
        Farm farm(rules);
        std::string hubs;
        for (const auto& port : {IKE, ESP, NAT_T, ESP, IKE})
        {
            hubs += farm.Take(0, 1, port);
        }
        NS_TEST_EXPECT_MSG_EQ(hubs, "12121", "an entry for each service");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetCounters().brokenAffinity, 2, "ESP, twice");
        NS_TEST_EXPECT_MSG_EQ(farm.told.at(1), "203.0.113.1 esp -> H2 (round-robin)", "in words");
    }

    void CheckIdle()
    {
        Farm farm(With(BalancerPredictor::RoundRobin));
        farm.Take(0, 1);
        farm.Take(0, 2);
        farm.Take(3599, 1);
        NS_TEST_EXPECT_MSG_EQ((farm.table.GetNextExpiry() == At(3600)), true, "the second one's");
        const BalancerPacket first{Client(1), IKE};
        NS_TEST_EXPECT_MSG_EQ(farm.table.Return(At(7000), 0, first), true, "answers keep it");
        NS_TEST_EXPECT_MSG_EQ(farm.table.Return(At(7000), 1, first), false, "of its hub alone");
        NS_TEST_EXPECT_MSG_EQ(farm.table.Find(At(10599), first).has_value(), true, "still");
        NS_TEST_EXPECT_MSG_EQ(farm.table.Find(At(10600), first).has_value(), false, "no more");
        farm.Take(10600, 3);
        NS_TEST_EXPECT_MSG_EQ(farm.Take(10600, 1), "2", "chosen anew");
        const std::vector<std::string> told{"203.0.113.1 -> H1 (round-robin)",
                                            "203.0.113.2 -> H2 (round-robin)",
                                            "203.0.113.2 -> H2 expired",
                                            "203.0.113.1 -> H1 expired",
                                            "203.0.113.3 -> H1 (round-robin)",
                                            "203.0.113.1 -> H2 (round-robin, was H1)"};
        NS_TEST_EXPECT_MSG_EQ((farm.told == told), true, "in words");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetHubCounters(1).movedIn, 1, "counted");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetHubCounters(0).expired, 1, "counted");
    }

    void CheckBound()
    {
        BalancerRules rules = With(BalancerPredictor::RoundRobin);
        rules.maxEntries = 3;
        Farm farm(rules);
        farm.TakeAll(0, 1, 3);
        farm.Take(1, 1);
        NS_TEST_EXPECT_MSG_EQ(farm.Take(2, 4), "2", "there is room, the second one goes");
        NS_TEST_EXPECT_MSG_EQ(farm.told.at(3), "203.0.113.2 -> H2 evicted", "in words");
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(3, 5, 200).size(), 196, "all of them are served");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetEntryCount(), 3, "and three remain");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetCounters().peak, 3, "never more");
    }

    void CheckFragments()
    {
        Farm farm(With(BalancerPredictor::RoundRobin));
        const auto follow = [&farm](uint8_t protocol) {
            return farm.table.FollowClient(At(1), Client(1), protocol).has_value();
        };
        NS_TEST_EXPECT_MSG_EQ(follow(17), false, "nobody knows whose it is");
        farm.Take(0, 1, ESP);
        NS_TEST_EXPECT_MSG_EQ(follow(17), true, "by the client");
        NS_TEST_EXPECT_MSG_EQ(follow(6), false, "but TCP is never in that entry");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetCounters().withoutEntry, 2, "counted");
    }

    void CheckBind()
    {
        Farm farm(With(BalancerPredictor::RoundRobin));
        farm.table.Bind(At(0), 1, BalancerPacket{Client(1), IKE});
        NS_TEST_EXPECT_MSG_EQ(farm.Take(1, 1, ESP), "2", "the hub that spoke first");
        farm.table.Bind(At(2), 0, BalancerPacket{Client(1), IKE});
        NS_TEST_EXPECT_MSG_EQ(farm.Take(3, 1, ESP), "1", "or the one that spoke last");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetEntryCount(), 1, "one entry");
    }

    void DoRun() override
    {
        CheckTogether();
        CheckBroken();
        CheckIdle();
        CheckBound();
        CheckFragments();
        CheckBind();
    }
};

/// Hubs come and go.
class HubServiceTestCase : public TestCase
{
  public:
    HubServiceTestCase()
        : TestCase("hubs: failure, return, drain, out of service")
    {
    }

  private:
    void CheckFailure(bool purge)
    {
        BalancerRules rules = With(BalancerPredictor::RoundRobin);
        rules.purge = purge;
        Farm farm(rules);
        farm.TakeAll(0, 1, 4);
        const auto probe = [&farm](int64_t at, bool answered) {
            farm.table.NoteProbe(At(at), 0, answered);
            return farm.table.HasFailed(0);
        };
        NS_TEST_EXPECT_MSG_EQ(probe(10, false) || probe(20, false), false, "two are not three");
        NS_TEST_EXPECT_MSG_EQ(probe(30, true) || probe(40, false), false, "not in a row");
        NS_TEST_EXPECT_MSG_EQ(probe(50, false), false, "not yet");
        NS_TEST_EXPECT_MSG_EQ(probe(60, false), true, "three in a row");
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(61, 1, 4), purge ? "2222" : "1212", "purge or keep");
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(61, 5, 6), "22", "nobody new");
        NS_TEST_EXPECT_MSG_EQ(probe(119, true), true, "not before the retry time");
        NS_TEST_EXPECT_MSG_EQ(probe(120, true), false, "back");
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(121, 7, 8), "12", "takes its turn");
        const auto& counters = farm.table.GetHubCounters(0);
        NS_TEST_EXPECT_MSG_EQ(counters.failures + counters.returns, 2, "counted");
        NS_TEST_EXPECT_MSG_EQ(counters.purged, (purge ? 2 : 0), "counted");
        NS_TEST_EXPECT_MSG_EQ(farm.told.at(4), "H1 failed", "in words");
    }

    void CheckMaintenance()
    {
        Farm farm(With(BalancerPredictor::RoundRobin));
        farm.TakeAll(0, 1, 2);
        farm.table.SetService(0, HubService::Drain);
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(1, 1, 4), "1222", "keeps what it has");
        farm.table.SetService(0, HubService::Out);
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(2, 1, 4), "2222", "has nothing any more");
        farm.table.SetService(1, HubService::Out);
        NS_TEST_EXPECT_MSG_EQ(farm.TakeAll(3, 1, 2), "--", "nobody is left");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetCounters().withoutHub, 2, "counted");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetEntryCount(), 0, "nothing stays");
        farm.table.SetService(0, HubService::In);
        NS_TEST_EXPECT_MSG_EQ(farm.Take(4, 1), "1", "again");
        NS_TEST_EXPECT_MSG_EQ(farm.told.at(2), "H1 drains", "in words");
        NS_TEST_EXPECT_MSG_EQ(farm.told.back(), "203.0.113.1 -> H1 (round-robin, was H2)", "same");
    }

    void CheckCopy()
    {
        Farm farm(With(BalancerPredictor::RoundRobin));
        farm.Take(0, 1);
        BalancerTable copy = farm.table;
        copy.SetListener({});
        const auto next = copy.Choose(At(1), BalancerPacket{Client(2), IKE});
        NS_TEST_EXPECT_MSG_EQ(next.value_or(9), 1, "goes on from there");
        NS_TEST_EXPECT_MSG_EQ(farm.table.GetEntryCount(), 1, "and leaves the other alone");
    }

    void DoRun() override
    {
        CheckFailure(true);
        CheckFailure(false);
        CheckMaintenance();
        CheckCopy();
    }
};

/// The suite.
class IkeBalancerTableTestSuite : public TestSuite
{
  public:
    IkeBalancerTableTestSuite()
        : TestSuite("ike-balancer-table", Type::UNIT)
    {
        AddTestCase(new PredictorTestCase, TestDuration::QUICK);
        AddTestCase(new StickyTestCase, TestDuration::QUICK);
        AddTestCase(new HubServiceTestCase, TestDuration::QUICK);
    }
};

IkeBalancerTableTestSuite g_ikeBalancerTableTestSuite; ///< the suite

} // namespace
} // namespace ike
} // namespace ns3
