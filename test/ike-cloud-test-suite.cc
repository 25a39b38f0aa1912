/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-fixture.h"
#include "ike-test-compat.h"

#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/ike-cloud-channel.h"
#include "ns3/ike-cloud-device.h"
#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/ike-scenario.h"
#include "ns3/ipv4-header.h"
#include "ns3/node.h"
#include "ns3/packet.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-header.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <fstream>
#include <map>
#include <string>
#include <utility>
#include <vector>

using namespace ns3;
using namespace ns3::ike;

namespace
{

constexpr uint8_t UDP = 17;
constexpr uint8_t ESP = 50;
constexpr uint32_t HEADERS = 28; ///< IPv4 and UDP

/// Three doors at 192.0.2.1, .2 and .3, and a record of what happens.
class CloudBench
{
  public:
    CloudBench()
        : m_channel(CreateObject<IkeCloudChannel>())
    {
        m_channel->TraceConnectWithoutContext("Drop", MakeCallback(&CloudBench::HandleDrop, this));
        for (uint32_t i = 0; i < 3; ++i)
        {
            auto node = CreateObject<Node>();
            auto device = CreateObject<IkeCloudDevice>();
            device->SetAttribute("DataRate", DataRateValue(DataRate("8Mbps"))); // 1 us an octet
            device->Attach(m_channel);
            node->AddDevice(device);
            device->SetReceiveCallback(MakeCallback(&CloudBench::HandleReceive, this));
            device->TraceConnectWithoutContext("MacTxDrop",
                                               MakeCallback(&CloudBench::HandleFull, this));
            device->TraceConnectWithoutContext("PhyTxDrop",
                                               MakeCallback(&CloudBench::HandleStray, this));
            device->TraceConnectWithoutContext("PhyRxDrop",
                                               MakeCallback(&CloudBench::HandleLoss, this));
            m_channel->AddNetwork(Address(i), Ipv4Mask("/32"), device);
            m_devices.push_back(device);
        }
    }

    ~CloudBench()
    {
        Simulator::Destroy();
    }

    static Ipv4Address Address(uint32_t door)
    {
        return Ipv4Address(0xc0000201U + door);
    }

    /// Send a packet of so many octets, now.
    bool Send(uint32_t from,
              const Ipv4Address& to,
              uint32_t octets = 1000,
              uint8_t protocol = UDP,
              uint16_t port = 500,
              uint16_t fragmentOffset = 0)
    {
        Ptr<Packet> packet = Create<Packet>(octets - HEADERS);
        UdpHeader udp;
        udp.SetSourcePort(1024);
        udp.SetDestinationPort(port);
        packet->AddHeader(udp);
        Ipv4Header header;
        header.SetSource(Address(from));
        header.SetDestination(to);
        header.SetProtocol(protocol);
        header.SetFragmentOffset(fragmentOffset);
        header.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
        packet->AddHeader(header);
        return m_devices[from]->Send(packet, m_devices[from]->GetBroadcast(), 0x0800);
    }

    /// From the first door to the last one.
    void SendToLast()
    {
        Send(0, Address(2));
    }

    /// @return what happened so far, and forget it: "1000000 192.0.2.2 1000; ..." (ns, door,
    /// octets)
    std::string Run()
    {
        Simulator::Run();
        return std::exchange(m_log, "");
    }

    Ptr<IkeCloudChannel> m_channel;             ///< the cloud
    std::vector<Ptr<IkeCloudDevice>> m_devices; ///< its doors
    std::vector<int64_t> m_arrivals;            ///< times, in the order of arrival
    std::vector<uint32_t> m_sizes;              ///< octets, the same

  private:
    bool HandleReceive(Ptr<NetDevice> device,
                       Ptr<const Packet> packet,
                       uint16_t /* protocol */,
                       const ns3::Address& /* from */)
    {
        m_arrivals.push_back(Simulator::Now().GetNanoSeconds());
        m_sizes.push_back(packet->GetSize());
        m_log += std::to_string(m_arrivals.back()) + " to " +
                 std::to_string(DynamicCast<IkeCloudDevice>(device)->GetDoor()) + "; ";
        return true;
    }

    void HandleDrop(Ptr<const Packet> /* packet */, const std::string& reason)
    {
        m_log += reason + "; ";
    }

    void HandleFull(Ptr<const Packet> /* packet */)
    {
        m_log += "full; ";
    }

    void HandleStray(Ptr<const Packet> /* packet */)
    {
        m_log += "stray; ";
    }

    void HandleLoss(Ptr<const Packet> /* packet */)
    {
        m_log += std::to_string(Simulator::Now().GetNanoSeconds()) + " lost; ";
    }

    std::string m_log; ///< what happened
};

/// Who gets what, and when.
class DeliveryTestCase : public TestCase
{
  public:
    DeliveryTestCase()
        : TestCase("cloud: delivery by address, longest prefix, exact times")
    {
    }

  private:
    void DoRun() override
    {
        std::string log; // the macros look at their arguments twice
        CloudBench bench;
        bench.m_channel->SetAttribute("Delay", TimeValue(MilliSeconds(20)));
        const auto& doors = bench.m_devices;
        bench.m_channel->AddNetwork("10.0.0.0", Ipv4Mask("/8"), doors[1]);
        bench.m_channel->AddNetwork("10.7.0.0", Ipv4Mask("/16"), doors[2]);
        bench.m_channel->AddNetwork("10.7.7.0", Ipv4Mask("/24"), doors[0]);
        bench.Send(0, CloudBench::Address(1));
        log = bench.Run();
        NS_TEST_EXPECT_MSG_EQ(log, "21000000 to 1; ", "1 ms on the line, 20 ms beyond");
        const std::pair<const char*, uint32_t> table[] = {{"10.1.2.3", 1},
                                                          {"10.7.1.1", 2},
                                                          {"10.7.7.9", 0}};
        for (const auto& [address, door] : table)
        {
            NS_TEST_EXPECT_MSG_EQ((bench.m_channel->FindDoor(address) == doors[door]),
                                  true,
                                  address);
        }
        for (const char* address : {"11.0.0.1", "192.0.2.255", "255.255.255.255", "224.0.0.9"})
        {
            bench.Send(0, address);
            log = bench.Run();
            NS_TEST_EXPECT_MSG_EQ(log, "unknown-address; ", address);
        }
        bench.Send(0, CloudBench::Address(1), 1500);
        log = bench.Run();
        NS_TEST_EXPECT_MSG_NE(log.find(" to 1; "), std::string::npos, "as large as can be");
        const bool taken = bench.Send(0, CloudBench::Address(1), 1501);
        NS_TEST_EXPECT_MSG_EQ(taken, false, "larger");
        log = bench.Run();
        NS_TEST_EXPECT_MSG_EQ(log, "too-large; ", "larger");
        doors[0]->Send(Create<Packet>(100), doors[0]->GetBroadcast(), 0x0806);
        log = bench.Run();
        NS_TEST_EXPECT_MSG_EQ(log, "stray; ", "no IPv4");
        NS_TEST_EXPECT_MSG_EQ(doors[0]->IsPointToPoint(), false, "global routing");
        NS_TEST_EXPECT_MSG_EQ(doors[0]->NeedsArp(), false, "ARP");
        NS_TEST_EXPECT_MSG_EQ(bench.m_channel->GetNDevices(), 3, "doors");
        NS_TEST_EXPECT_MSG_EQ((bench.m_channel->GetDevice(2) == doors[2]), true, "door 2");
    }
};

/// One on the line, so many in the queue, no more.
class QueueTestCase : public TestCase
{
  public:
    QueueTestCase()
        : TestCase("cloud: the limit of the queue is exact")
    {
    }

  private:
    void DoRun() override
    {
        std::string log;
        CloudBench bench;
        bench.m_devices[0]->SetAttribute("QueueLimit", UintegerValue(2));
        for (unsigned i = 0; i < 4; ++i)
        {
            const bool taken = bench.Send(0, CloudBench::Address(1));
            NS_TEST_EXPECT_MSG_EQ(taken, (i < 3), i);
        }
        // At 1 ms, just before and at the end of the first packet.
        Simulator::Schedule(NanoSeconds(999999), &CloudBench::SendToLast, &bench);
        Simulator::Schedule(NanoSeconds(1000000), &CloudBench::SendToLast, &bench);
        Simulator::Schedule(NanoSeconds(1000000), &CloudBench::SendToLast, &bench);
        log = bench.Run();
        NS_TEST_EXPECT_MSG_EQ(log,
                              "full; full; 1000000 to 1; full; 2000000 to 1; 3000000 to 1; "
                              "4000000 to 2; ",
                              "two wait");
        bench.m_devices[0]->SetAttribute("QueueLimit", UintegerValue(0));
        const bool first = bench.Send(0, CloudBench::Address(1));
        const bool second = bench.Send(0, CloudBench::Address(1));
        NS_TEST_EXPECT_MSG_EQ((first && !second), true, "no queue at all: one packet on the line");
        // Another door has a line of its own.
        const bool other = bench.Send(1, CloudBench::Address(2));
        NS_TEST_EXPECT_MSG_EQ(other, true, "another door");
        bench.Run();
    }
};

/// Chance: loss at its ends, jitter in its range, both from streams.
class ChanceTestCase : public TestCase
{
  public:
    ChanceTestCase()
        : TestCase("cloud: loss, jitter, the same with the same streams")
    {
    }

  private:
    /// 200 packets of 28 to 227 octets, all at once.
    std::string Run(double loss, int64_t stream, std::vector<uint32_t>* sizes = nullptr)
    {
        CloudBench bench;
        bench.m_channel->SetAttribute("Loss", DoubleValue(loss));
        bench.m_channel->SetAttribute("Jitter", TimeValue(MilliSeconds(50)));
        bench.m_channel->AssignStreams(stream);
        bench.m_devices[0]->SetAttribute("QueueLimit", UintegerValue(1000));
        for (uint32_t i = 0; i < 200; ++i)
        {
            bench.Send(0, CloudBench::Address(1), HEADERS + i);
        }
        const std::string log = bench.Run();
        m_arrived = bench.m_arrivals.size();
        m_last = bench.m_arrivals.empty() ? 0 : bench.m_arrivals.back();
        if (sizes != nullptr)
        {
            *sizes = bench.m_sizes;
        }
        return log;
    }

    void DoRun() override
    {
        std::vector<uint32_t> sizes;
        const std::string plain = Run(0, 10, &sizes);
        NS_TEST_EXPECT_MSG_EQ(m_arrived, 200, "no loss");
        NS_TEST_EXPECT_MSG_EQ(std::is_sorted(sizes.begin(), sizes.end()), false, "overtaking");
        const int64_t line = 1000 * (200 * HEADERS + 200 * 199 / 2);
        NS_TEST_EXPECT_MSG_LT(m_last, line + 50000000, "no more than the jitter");
        const std::string again = Run(0, 10);
        NS_TEST_EXPECT_MSG_EQ(again, plain, "the same streams");
        const std::string other = Run(0, 12);
        NS_TEST_EXPECT_MSG_NE(other, plain, "other streams");
        Run(1, 10);
        NS_TEST_EXPECT_MSG_EQ(m_arrived, 0, "all get lost");
        const std::string half = Run(0.5, 10);
        NS_TEST_EXPECT_MSG_GT(m_arrived, 70, "half of them");
        NS_TEST_EXPECT_MSG_LT(m_arrived, 130, "half of them");
        const std::string halfAgain = Run(0.5, 10);
        NS_TEST_EXPECT_MSG_EQ(halfAgain, half, "the same streams");
    }

    size_t m_arrived{0}; ///< packets of the last run
    int64_t m_last{0};   ///< arrival of the last one
};

/// Filters: which packets, where, and until when.
class FilterTestCase : public TestCase
{
  public:
    FilterTestCase()
        : TestCase("cloud: filters by protocol, port and place")
    {
    }

  private:
    /// A packet, and whether each of the filters of DoRun() drops it.
    struct Row
    {
        uint32_t from;     ///< door
        uint32_t to;       ///< door
        uint8_t protocol;  ///< of IP
        uint16_t port;     ///< of UDP
        uint16_t fragment; ///< offset
        const char* drops; ///< by filter: 'x' when it drops
    };

    void DoRun() override
    {
        CloudBench bench;
        const CloudFilter filters[] = {{0, 0, {}},
                                       {UDP, 500, {}},
                                       {UDP, 0, {{0}, {1}}},
                                       {ESP, 0, {{2}}}};
        const Row rows[] = {{0, 1, UDP, 500, 0, "xxx."},
                            {1, 0, UDP, 500, 0, "xxx."},
                            {0, 1, UDP, 501, 0, "x.x."},
                            {0, 2, UDP, 500, 0, "xx.."},
                            {0, 1, UDP, 500, 800, "x.x."}, // no port to see
                            {0, 2, ESP, 0, 0, "x..x"},
                            {2, 1, ESP, 0, 0, "x..x"},
                            {0, 1, ESP, 0, 0, "x..."}};
        for (size_t i = 0; i < 4; ++i)
        {
            bench.m_channel->AddFilter(filters[i]);
            bench.m_channel->AddFilter(filters[i]); // is one all the same
            for (const auto& row : rows)
            {
                bench.Send(row.from,
                           CloudBench::Address(row.to),
                           100,
                           row.protocol,
                           row.port,
                           row.fragment);
                const bool dropped = bench.Run() == "filtered; ";
                NS_TEST_EXPECT_MSG_EQ(dropped,
                                      (row.drops[i] == 'x'),
                                      "filter " << i << ", " << row.from << " to " << row.to
                                                << ", protocol " << row.protocol + 0U);
            }
            bench.m_channel->RemoveFilters(filters[i]);
        }
        const auto drops = [&bench](uint8_t protocol) {
            bench.Send(0, CloudBench::Address(1), 100, protocol);
            return bench.Run() == "filtered; ";
        };
        bool ok = false;
        bench.m_channel->AddFilter({UDP, 500, {{0}, {1}}});
        bench.m_channel->AddFilter({ESP, 0, {}});
        bench.m_channel->RemoveFilters({UDP, 4500, {}});
        ok = (drops(UDP) && drops(ESP));
        NS_TEST_EXPECT_MSG_EQ(ok, true, "none of these");
        bench.m_channel->RemoveFilters({0, 0, {{1}, {0}}});
        ok = (!drops(UDP) && drops(ESP));
        NS_TEST_EXPECT_MSG_EQ(ok, true, "those of this place");
        bench.m_channel->AddFilter({UDP, 500, {{0}}});
        bench.m_channel->RemoveFilters({UDP, 500, {}});
        ok = (!drops(UDP) && drops(ESP));
        NS_TEST_EXPECT_MSG_EQ(ok, true, "of this protocol, at any place");
        bench.m_channel->RemoveFilters({0, 0, {}});
        ok = (drops(UDP) || drops(ESP));
        NS_TEST_EXPECT_MSG_EQ(ok, false, "none is left");
    }
};

/// Two routers of different networks at a cloud, hosts behind them.
const char* const CLOUDED = R"(version: 1
name: clouded
title: Two routers at a cloud
duration: 50 s
routers:
  R1:
    config: |
      interface Ethernet0/0
       ip address 203.0.113.2 255.255.255.252
      interface Ethernet0/1
       ip address 10.1.0.1 255.255.255.0
      ip route 0.0.0.0 0.0.0.0 203.0.113.1
  R2:
    config: |
      interface Ethernet0/0
       ip address 198.51.100.2 255.255.255.252
      interface Ethernet0/1
       ip address 10.2.0.1 255.255.255.0
      ip route 0.0.0.0 0.0.0.0 Ethernet0/0
network:
  hosts: [H1, H2]
  links:
    lan1: {ends: {H1: 10.1.0.10/24, R1: Ethernet0/1}}
    lan2: {ends: {H2: 10.2.0.10/24, R2: Ethernet0/1}}
  cloud:
    core:
      attach: {R1: Ethernet0/0, R2: Ethernet0/0}
      behind: {R1: [10.1.0.0/24], R2: 10.2.0.0/24}
      delay: 20 ms
      rate: 10 Mbit/s
  capture: [R1 Ethernet0/0]
events:
  - {at: 9.5 s, cloud: core, drop: udp 5001, between: [R1, R2]}
  - {at: 14.5 s, cloud: core, pass: all}
  - {at: 19.5 s, cloud: core, door: R2, state: down}
  - {at: 26.5 s, cloud: core, door: R2, state: up}
offer:
  - {name: F, from: H1, to: H2, size: 200 B, every: 1 s}
  - {name: up, from: H1, to: R2, size: 200 B, every: 1 s, start: 40 s}
)";

/// A cloud in a scenario, with filters and a door.
class ScenarioTestCase : public TestCase
{
  public:
    ScenarioTestCase()
        : TestCase("cloud: in a scenario, with accounts, events and a capture")
    {
    }

  private:
    void DoRun() override
    {
        const auto scenario = ScenarioFile::Parse(CLOUDED, "c.yaml").Expand();
        const std::string folder = CreateTempDirFilename("cloud");
        const RunResults results = RunScenario(scenario, RunOptions{1, folder, nullptr});
        NS_TEST_EXPECT_MSG_EQ(results.violations.size(), 0, "identities");
        const std::string json = WriteResultsJson(results);
        const std::pair<const char*, double> expected[] = {
            {"flows.F.packets_offered", 50},
            {"flows.F.packets_dropped.filtered", 5},       // 10 s to 14 s
            {"flows.F.packets_dropped.interface-down", 7}, // 20 s to 26 s
            {"flows.F.packets_delivered", 38},
            {"flows.F.packets_clear", 50},
            {"totals.packets_protected", 0},
            {"flows.up.packets_delivered", 10}, // to the address of R2 towards H2
        };
        for (const auto& [quantity, value] : expected)
        {
            NS_TEST_EXPECT_MSG_EQ(FindQuantity(json, quantity), value, quantity);
        }
        NS_TEST_EXPECT_MSG_NE(json.find("\"node\": \"core\",\n          \"reason\": \"filtered\""),
                              std::string::npos,
                              "where they were dropped");
        std::ifstream capture(folder + "/R1-Ethernet0-0.pcap", std::ios::ate | std::ios::binary);
        // 24 octets, and 16 before each packet of 228: 60 that leave R1, none comes back.
        NS_TEST_EXPECT_MSG_EQ(static_cast<int64_t>(capture.tellg()), 24 + 60 * (16 + 228), "");
        const auto again = RunScenario(scenario, RunOptions{1, "", nullptr});
        NS_TEST_EXPECT_MSG_EQ(WriteResultsJson(again), json, "the same seed, the same octets");

        const auto lossy =
            ScenarioFile::Parse(Replaced(CLOUDED, "delay: 20 ms", "delay: 20 ms\n      loss: 30 %"),
                                "c.yaml")
                .Expand();
        const auto one = WriteResultsJson(RunScenario(lossy, RunOptions{1, "", nullptr}));
        const auto two = WriteResultsJson(RunScenario(lossy, RunOptions{2, "", nullptr}));
        NS_TEST_EXPECT_MSG_EQ(WriteResultsJson(RunScenario(lossy, RunOptions{1, "", nullptr})),
                              one,
                              "the same seed");
        NS_TEST_EXPECT_MSG_NE(FindQuantity(one, "totals.packets_dropped.loss"), 0, "loss");
        NS_TEST_EXPECT_MSG_NE(one, two, "another seed");
        NS_TEST_EXPECT_MSG_NE(lossy.GetHash(), scenario.GetHash(), "the hash knows the cloud");
    }
};

/// What is wrong with a cloud, and where.
class CloudErrorTestCase : public ScenarioErrorTestCase
{
  public:
    CloudErrorTestCase()
        : ScenarioErrorTestCase("cloud: errors with their places", CLOUDED, "c.yaml")
    {
    }

  private:
    void DoRun() override
    {
        Expect("R2: Ethernet0/0}",
               "R3: Ethernet0/0}",
               "c.yaml:27:33: unknown router 'R3'; expected R1 or R2");
        Expect("R2: Ethernet0/0}",
               "R2: Ethernet0/2}",
               "c.yaml:27:37: unknown interface of R2 'Ethernet0/2'; expected Ethernet0/0 or");
        Expect("R2: Ethernet0/0}", "R2: Ethernet0/1}", "c.yaml:27:37: R2 is attached already");
        Expect(", R2: Ethernet0/0}", "}", "c.yaml:28:35: unknown router at the cloud 'R2'");
        Expect("R2: 10.2.0.0/24}",
               "R2: 10.1.0.0/24}",
               "c.yaml:27:37: 10.1.0.0/24 is at R1 and at R2; expected each network behind one");
        Expect("R2: 10.2.0.0/24}", "R2: 10.2.0.0}", "c.yaml:28:39: R2: '10.2.0.0' is not right");
        Expect("delay: 20 ms", "delya: 20 ms", "c.yaml:29:7: unknown key 'delya'");
        Expect("delay: 20 ms", "mtu: 67 B", "c.yaml:29:12: mtu: no IPv4 packets of that size");
        Expect("udp 5001", "udp 0", "c.yaml:33:36: drop: 'udp 0' is not right; expected all, esp");
        Expect("udp 5001", "esp 500", "c.yaml:33:36: drop: 'esp 500' is not right");
        Expect("[R1, R2]}\n", "[R1, R3]}\n", "c.yaml:33:5: unknown router at core 'R3'");
        Expect("[R1, R2]}\n", "[]}\n", "c.yaml:33:55: between: a place has one end or two");
        Expect("cloud: core, pass", "cloud: cor, pass", "c.yaml:34:5: unknown cloud 'cor'");
        Expect("door: R2, state: down", "door: R2", "c.yaml:35:5: events: key 'state' is missing");
        Expect("door: R2, state: down", "drop: all, state: down", "c.yaml:35:42: unknown key");
        Expect("from: H1, to: R2",
               "from: H1, to: R3",
               "c.yaml:39:5: unknown host or router 'R3'; expected H1, H2, R1 or R2");
        Expect("attach: {R1: Ethernet0/0, R2: Ethernet0/0}\n"
               "      behind: {R1: [10.1.0.0/24], R2: 10.2.0.0/24}",
               "attach: {}",
               "c.yaml:8:17: R1 Ethernet0/0 has no link; expected a link below 'network: links:' "
               "with this end, or a cloud");
    }
};

/// All of them.
class CloudTestSuite : public TestSuite
{
  public:
    CloudTestSuite()
        : TestSuite("ike-cloud", Type::UNIT)
    {
        AddTestCase(new DeliveryTestCase, TestDuration::QUICK);
        AddTestCase(new QueueTestCase, TestDuration::QUICK);
        AddTestCase(new ChanceTestCase, TestDuration::QUICK);
        AddTestCase(new FilterTestCase, TestDuration::QUICK);
        AddTestCase(new ScenarioTestCase, TestDuration::QUICK);
        AddTestCase(new CloudErrorTestCase, TestDuration::QUICK);
    }
};

CloudTestSuite g_cloudTestSuite; ///< registers itself

} // namespace
