/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-network.h"
#include "ns3/ike-rank-log.h"
#include "ns3/ike-rank-part.h"
#include "ns3/ike-ranks.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/ike-transcript.h"
#include "ns3/simulator.h"
#include "ns3/test.h"

#include <string>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

/// Two routers at a cloud, one behind a link, hosts; tests replace lines of it.
const char* const GOOD = R"(version: 1
name: places
title: Nodes and their ranks
duration: 10 s
network:
  cloud:
    core: {delay: 5 ms, attach: {R1: Ethernet0/0, R2: Ethernet0/0}}
  internet: [P1, P2]
  hosts: [A1, A2, A10]
  links:
    lan: {ends: {R1: Ethernet0/1, P1: 10.9.0.1/30}, delay: 1 ms}
    core12: {ends: {P1: 10.9.1.1/30, P2: 10.9.1.2/30}, delay: 4 ms}
    a1: {ends: {P1: 10.9.2.1/30, A1: 10.9.2.2/30}, delay: 1 ms}
    a2: {ends: {P2: 10.9.3.1/30, A2: 10.9.3.2/30}, delay: 1 ms}
    a10: {ends: {P2: 10.9.4.1/30, A10: 10.9.4.2/30}, delay: 0 ms}
ranks:
  0: [R1, R2, P1, A1]
  1: [P2, A2, A10]
routers:
  R1:
    config: |
      hostname R1
      interface Ethernet0/0
       ip address 192.0.2.1 255.255.255.0
      interface Ethernet0/1
       ip address 10.9.0.2 255.255.255.252
  R2:
    config: |
      hostname R2
      interface Ethernet0/0
       ip address 192.0.2.2 255.255.255.0
)";

const char* const RANKS = "  0: [R1, R2, P1, A1]\n  1: [P2, A2, A10]\n";

Scenario
Placed(const std::string& ranks)
{
    return ScenarioFile::Parse(Replaced(GOOD, RANKS, ranks), "p.yaml", ".").Expand();
}

/// "0 0 1": the ranks of R1, R2, P1, P2, A1, A2, A10.
std::string
RanksOf(const std::string& ranks)
{
    const Scenario scenario = Placed(ranks);
    std::string text;
    for (const char* name : {"R1", "R2", "P1", "P2", "A1", "A2", "A10"})
    {
        text += (text.empty() ? "" : " ") + std::to_string(scenario.ranks.Find(name));
    }
    return text;
}

/// Names, patterns, ranges, and the rest.
class RanksPlaceTestCase : public TestCase
{
  public:
    RanksPlaceTestCase()
        : TestCase("ranks: which node is where")
    {
    }

  private:
    void DoRun() override
    {
        const std::pair<const char*, const char*> rows[] = {
            {"  0: [R1, R2, P1, A1]\n  1: [P2, A2, A10]\n", "0 0 0 1 0 1 1"},
            {"  1: [P2, A2, A10]\n", "0 0 0 1 0 1 1"},
            {"  0: [R*, P1, A1]\n  rest: 1\n", "0 0 0 1 0 1 1"},
            {"  rest: 1\n  0: [P2, A2, A10]\n", "1 1 1 0 1 0 0"},
            {"  1: [R*, P*, A1, A2]\n  0: A10\n", ""}, // a10 has no delay
            {"  1: ['*2', A10]\n  0: [R1]\n", ""},     // R2 and R1 at one cloud
            {"  1: ['P*2', A2, '*10']\n", "0 0 0 1 0 1 1"},
            {"  1: ['*']\n  0: []\n", ""},
            {"  1: [P2..P2, A2, A10]\n  2: [A1..A1]\n", "0 0 0 1 2 1 1"},
            {"  2: [P2, A2, A10]\n  1: [P1]\n", "0 0 1 2 0 2 2"},
        };
        for (const auto& [ranks, wanted] : rows)
        {
            if (*wanted == '\0')
            {
                NS_TEST_EXPECT_MSG_NE(ErrorOf(Replaced(GOOD, RANKS, ranks)), "", ranks);
                continue;
            }
            NS_TEST_EXPECT_MSG_EQ(RanksOf(ranks), wanted, ranks);
        }
        NS_TEST_EXPECT_MSG_EQ(Placed("  1: [P2, A2, A10]\n").ranks.count, 2, "processes");
        const Scenario without =
            ScenarioFile::Parse(Replaced(GOOD, std::string("ranks:\n") + RANKS, ""), "p", ".")
                .Expand();
        NS_TEST_EXPECT_MSG_EQ(without.ranks.count, 1, "one process");
        NS_TEST_EXPECT_MSG_EQ(without.GetHash(),
                              Placed(RANKS).GetHash(),
                              "what a run does is the same");
    }
};

/// What is wrong with them.
class RanksErrorTestCase : public ScenarioErrorTestCase
{
  public:
    RanksErrorTestCase()
        : ScenarioErrorTestCase("ranks: errors with their places", GOOD, "p.yaml")
    {
    }

  private:
    void ExpectRanks(const std::string& ranks, const std::string& error)
    {
        Expect(RANKS, ranks, "p.yaml:" + error);
    }

    void DoRun() override
    {
        ExpectRanks("  0: [R1, R2, P1, A1]\n  1: [P3, A2, A10]\n",
                    "18:7: unknown node 'P3'; expected R1, R2, A1, A2, A10, P1 or P2");
        ExpectRanks("  1: [A1..A3]\n", "17:7: unknown node 'A3'");
        ExpectRanks("  1: [A3..A1]\n", "17:7: 'A3..A1' is a range of nothing");
        ExpectRanks("  1: [A1..A9999999]\n", "17:7: unknown node 'A3'");
        ExpectRanks("  1: [B*]\n", "17:7: unknown node 'B*'");
        ExpectRanks("  0: [P2]\n  1: [P2, A2, A10]\n",
                    "18:7: node 'P2' is in rank 0 already; expected each node in one rank");
        ExpectRanks("  one: [P2]\n", "17:3: ranks: 'one' is no rank; expected 0, 1, and so on");
        ExpectRanks("  5000: [P2]\n", "17:3: ranks: '5000' is no rank");
        ExpectRanks("  rest: -1\n", "17:9: rest: '-1' is no rank");
        ExpectRanks("  2: [P2, A2, A10]\n", "17:3: rank 1 has no node");
        ExpectRanks("  1: [P2, A2, A10]\n  2: []\n", "17:3: rank 2 has no node");
        ExpectRanks("  1: [P2, A2]\n", "15:5: link 'a10' joins ranks 1 and 0 without delay");
        ExpectRanks("  1: [R2]\n", "7:5: 'core' has 'R1' of rank 0 and 'R2' of rank 1");
        Expect("delay: 4 ms}",
               "delay: 4 ms, jitter: 1 ms}",
               "p.yaml:12:5: link 'core12' joins ranks 0 and 1 with jitter; expected ranks meet");
    }
};

/// What a rank builds of the network.
class RanksNetworkTestCase : public TestCase
{
  public:
    RanksNetworkTestCase()
        : TestCase("ranks: each builds its own nodes, and the ends of links to others")
    {
    }

  private:
    void DoRun() override
    {
        const Scenario scenario = Placed(RANKS);
        for (uint32_t rank = 0; rank < 2; ++rank)
        {
            IkeNetwork network(scenario, rank);
            network.Build();
            network.AssignStreams(0);
            uint32_t id = 0;
            for (const char* name : {"R1", "R2", "A1", "A2", "A10", "P1", "P2"})
            {
                const auto node = network.GetNode(name);
                const bool own = scenario.ranks.Find(name) == rank;
                NS_TEST_EXPECT_MSG_EQ(node->GetId(), id++, "the same number everywhere");
                NS_TEST_EXPECT_MSG_EQ(node->GetSystemId(), scenario.ranks.Find(name), name);
                NS_TEST_EXPECT_MSG_EQ((node->GetObject<Ipv4>() != nullptr), own, name);
                NS_TEST_EXPECT_MSG_EQ(network.IsOwn(name), own, name);
            }
            // P2 has core12, a2 and a10; P1 has lan, core12 and a1: by index 0 and 1.
            const auto& core = network.GetLinks()[1];
            NS_TEST_EXPECT_MSG_EQ(core.ports[0].device->GetIfIndex(), 1, "at P1");
            NS_TEST_EXPECT_MSG_EQ(core.ports[1].device->GetIfIndex(), 0, "at P2");
            NS_TEST_EXPECT_MSG_EQ((network.GetLinks()[0].channel != nullptr), (rank == 0), "lan");
            NS_TEST_EXPECT_MSG_EQ((network.GetLinks()[3].channel != nullptr), (rank == 1), "a2");
            NS_TEST_EXPECT_MSG_EQ(network.GetClouds()[0].ports.size(),
                                  (rank == 0 ? 2U : 0U),
                                  "cloud");
            NS_TEST_EXPECT_MSG_EQ(network.GetTrafficAddress("A2").Get(),
                                  0x0a090302,
                                  "addresses of all hosts");
            Simulator::Destroy();
        }
    }
};

/// An event with a value of its own in each field.
TimedEvent
FullEvent(int64_t time, const std::string& node)
{
    TimedEvent t;
    t.time = Instant{time};
    t.node = node;
    Event& e = t.event;
    e.kind = EventKind::PairUp;
    e.connection = 7;
    e.local = IpAddress::V4(0x0a000001);
    e.peer = *IpAddress::Parse("2001:db8::1");
    e.role = Role::Responder;
    e.begin = BeginReason::Traffic;
    e.end = EndReason::PeerDead;
    e.exchange = ExchangeKind::QuickMode;
    e.isakmp.initiatorCookie[0] = 1;
    e.isakmp.responderCookie[7] = 2;
    e.succeedsIsakmp.initiatorCookie[1] = 3;
    e.messageId = 0x12345678;
    e.pair = PairIdentity{4, 5};
    e.succeedsPair = PairIdentity{6, 7};
    e.localSelector = "10.0.0.0/8";
    e.remoteSelector = "0.0.0.0/0";
    e.retransmission = true;
    e.value = UINT64_MAX - 1;
    e.text = std::string("text\0with zero", 14);
    e.octets = {1, 2, 3};
    e.inboundKeys = EspKeys{8, e.local, e.peer, "aes", "sha", {9, 10}, {11}};
    e.outboundKeys.spi = 12;
    return t;
}

bool
IsSame(const EspKeys& a, const EspKeys& b)
{
    return a.spi == b.spi && a.source == b.source && a.destination == b.destination &&
           a.cipher == b.cipher && a.integrity == b.integrity && a.cipherKey == b.cipherKey &&
           a.integrityKey == b.integrityKey;
}

bool
IsSame(const TimedEvent& a, const TimedEvent& b)
{
    const Event& x = a.event;
    const Event& y = b.event;
    return a.time == b.time && a.node == b.node && x.kind == y.kind &&
           x.connection == y.connection && x.local == y.local && x.peer == y.peer &&
           x.role == y.role && x.begin == y.begin && x.end == y.end && x.exchange == y.exchange &&
           x.isakmp == y.isakmp && x.succeedsIsakmp == y.succeedsIsakmp &&
           x.messageId == y.messageId && x.pair == y.pair && x.succeedsPair == y.succeedsPair &&
           x.localSelector == y.localSelector && x.remoteSelector == y.remoteSelector &&
           x.retransmission == y.retransmission && x.value == y.value && x.text == y.text &&
           x.octets == y.octets && IsSame(x.inboundKeys, y.inboundKeys) &&
           IsSame(x.outboundKeys, y.outboundKeys);
}

/// Writes down what it hears of packets.
class PacketNotes : public PacketListener
{
  public:
    void Offer(const PacketName& packet, Instant time, bool mayFragment) override
    {
        Note("offer", packet, ns3::ike::ToString(time) + (mayFragment ? " large" : ""));
    }

    void Deliver(const PacketName& packet) override
    {
        Note("deliver", packet, "");
    }

    void Drop(const PacketName& packet, const std::string& node, const std::string& why) override
    {
        Note("drop", packet, node + " " + why);
    }

    void MarkProtected(const PacketName& packet) override
    {
        Note("protected", packet, "");
    }

    void MarkClear(const PacketName& packet) override
    {
        Note("clear", packet, "");
    }

    /// Put something between.
    void Note(const std::string& what)
    {
        notes += what + "; ";
    }

    std::string notes; ///< all so far

  private:
    void Note(const std::string& what, const PacketName& packet, const std::string& more)
    {
        Note(what + " " + std::to_string(packet.flow) + "." + std::to_string(packet.sequence) +
             (more.empty() ? "" : " " + more));
    }
};

/// Logs of ranks, and how they become one.
class RanksLogTestCase : public TestCase
{
  public:
    RanksLogTestCase()
        : TestCase("ranks: logs are played in order of time, nothing is lost")
    {
    }

  private:
    void DoRun() override
    {
        Instant now;
        const auto clock = [&now] { return now; };
        const std::vector<std::string> nodes{"A", "B", "C"};
        RankLog first(nodes, clock);
        RankLog second(nodes, clock);
        now = Instant{1};
        first.Record(FullEvent(1, "B"));
        second.Record(FullEvent(1, "C"));
        second.Record(FullEvent(1, "A")); // behind its own C
        first.Offer(PacketName{1, 2}, Instant{2}, true);
        now = Instant{5};
        first.Deliver(PacketName{3, 4});
        now = Instant{3};
        second.Drop(PacketName{1, 2}, "C", "loss");
        second.MarkProtected(PacketName{5, 6});
        second.MarkClear(PacketName{7, 8});
        second.RecordConsole("C", "typed\n");
        now = Instant{6};
        for (int i = 0; i < 5000; ++i) // more than a block
        {
            second.Record(FullEvent(6 + i, "C"));
        }
        PacketNotes notes;
        size_t wrong = 0;
        size_t events = 0;
        Instant last;
        RankAudience audience;
        audience.packets = &notes;
        audience.event = [&](const TimedEvent& event) {
            ++events;
            wrong += event.time < last || !IsSame(event, FullEvent(event.time.ns, event.node));
            last = event.time;
            if (events < 5)
            {
                notes.Note(event.node);
            }
        };
        audience.console = [&](const std::string& text) { notes.Note("console " + text); };
        ReplayLogs({[&] { return first.TakeBlock(); }, [&] { return second.TakeBlock(); }},
                   audience);
        NS_TEST_EXPECT_MSG_EQ(
            notes.notes,
            "B; C; A; offer 1.2 0.000000002 large; drop 1.2 C loss; protected 5.6; "
            "clear 7.8; console typed\n; deliver 3.4; C; ",
            "in order");
        NS_TEST_EXPECT_MSG_EQ(events, 5003, "all");
        NS_TEST_EXPECT_MSG_EQ(wrong, 0, "as they were, in order of time");
    }
};

/// What a rank says of its nodes at the end.
class RanksPartTestCase : public TestCase
{
  public:
    RanksPartTestCase()
        : TestCase("ranks: results of nodes go from rank to rank as they are")
    {
    }

  private:
    void Check(const std::string& shipped)
    {
        const Scenario scenario = ScenarioFile::Load(PathOfShipped(shipped)).Expand();
        const RunResults results = RunScenario(scenario, RunOptions{1, "", nullptr});
        RankPart part;
        part.crypto = results.crypto;
        part.ends = results.ends;
        part.balancers = results.balancers;
        part.usage.push_back(PairUsage{"R1", PairIdentity{1, 2}, 3});
        part.addresses[IpAddress::V4(1)] = "R1";
        const std::string octets = WriteRankPart(part);
        const RankPart read = ReadRankPart(octets);
        RunResults again = results;
        again.crypto = read.crypto;
        again.ends = read.ends;
        again.balancers = read.balancers;
        NS_TEST_ASSERT_MSG_EQ(again.ends.size(), results.ends.size(), "routers");
        for (size_t i = 0; i < again.ends.size(); ++i)
        {
            // Of these the events tell.
            again.ends[i].counters = results.ends[i].counters;
            again.ends[i].lineUpSeconds = results.ends[i].lineUpSeconds;
            again.ends[i].peers = results.ends[i].peers;
        }
        for (size_t i = 0; i < again.balancers.size(); ++i)
        {
            again.balancers[i].clientsAtTwoHubs = results.balancers[i].clientsAtTwoHubs;
            again.balancers[i].clientsAtTwoHubsSeconds =
                results.balancers[i].clientsAtTwoHubsSeconds;
        }
        NS_TEST_EXPECT_MSG_EQ(WriteResultsJson(again), WriteResultsJson(results), shipped);
        NS_TEST_ASSERT_MSG_EQ(read.usage.size(), 1, "usage");
        NS_TEST_EXPECT_MSG_EQ(read.usage[0].router, "R1", "usage");
        NS_TEST_EXPECT_MSG_EQ((read.usage[0].pair == PairIdentity{1, 2}), true, "usage");
        NS_TEST_EXPECT_MSG_EQ(read.usage[0].packets, 3, "usage");
        NS_TEST_EXPECT_MSG_EQ(read.addresses.at(IpAddress::V4(1)), "R1", "addresses");
        bool refused = false;
        try
        {
            ReadRankPart(octets.substr(0, octets.size() / 2));
        }
        catch (const RunError&)
        {
            refused = true;
        }
        NS_TEST_EXPECT_MSG_EQ(refused, true, "half of it");
    }

    void DoRun() override
    {
        Check("lb-direction");
        Check("passive-downgrade");
        NS_TEST_EXPECT_MSG_EQ(IkeRanks::GetPlace().count, 1, "nobody has joined");
        NS_TEST_EXPECT_MSG_EQ(IkeRanks::Exchange("me").size(), 1, "one");
    }
};

/// All of them.
class RanksTestSuite : public TestSuite
{
  public:
    RanksTestSuite()
        : TestSuite("ike-ranks", Type::UNIT)
    {
        AddTestCase(new RanksPlaceTestCase, TestDuration::QUICK);
        AddTestCase(new RanksErrorTestCase, TestDuration::QUICK);
        AddTestCase(new RanksNetworkTestCase, TestDuration::QUICK);
        AddTestCase(new RanksLogTestCase, TestDuration::QUICK);
        AddTestCase(new RanksPartTestCase, TestDuration::QUICK);
    }
};

RanksTestSuite g_ranksTestSuite; ///< registers itself

} // namespace
