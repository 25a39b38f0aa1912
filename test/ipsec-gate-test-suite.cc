/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ipsec-gate-fixture.h"

#include "ns3/test.h"

#include <functional>
#include <set>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

const std::string HERE = "192.0.2.1";                    ///< this node
const std::string THERE = "192.0.2.2";                   ///< its peer
const std::string SPARE = "192.0.2.3";                   ///< a second one
const std::string WEB = "10.1.1.1 10.2.2.2 tcp 1024 80"; ///< of the sites

/// The flow of the seed's example: just the two gateways.
std::vector<PolicyEntry>
SeedMap()
{
    return {{"xauthmap 10", {MakeLine("permit ip " + HERE + " " + THERE, {7})}, false}};
}

/// Two sites behind two gateways.
std::vector<PolicyEntry>
SiteMap(const std::vector<ConnectionId>& peers = {7})
{
    return {{"m 10", {MakeLine("permit ip 10.1.0.0/16 10.2.0.0/16", peers)}, false}};
}

std::vector<IpAddress>
OwnAddresses()
{
    return {IpAddress::Parse("10.1.0.1").value(), IpAddress::Parse(HERE).value()};
}

/// Which line decides.
class GateLookupTestCase : public TestCase
{
  public:
    GateLookupTestCase()
        : TestCase("look-up of lines")
    {
    }

  private:
    /// A packet of three entries in strict mode, out as it is and in as its answer.
    struct Row
    {
        std::string packet;   ///< outbound
        std::string outbound; ///< what becomes of it
        std::string answer;   ///< inbound
        std::string inbound;  ///< what becomes of it
    };

    void DoRun() override
    {
        GateNode node({{"m 10",
                        {MakeLine("deny tcp 10.1.0.0/16 10.2.0.0/16 to 22"),
                         MakeLine("permit ip 10.1.0.0/16 10.2.0.0/16", {7}),
                         MakeLine("permit ip 10.1.0.0/16 10.3.0.0/16", {8})},
                        false},
                       {"m 20",
                        {MakeLine("permit tcp 10.1.0.0/16 10.2.2.2 to 22", {9}),
                         MakeLine("deny ip 10.1.9.0/24 any"),
                         MakeLine("permit udp any any from 53", {10})},
                        false},
                       {"m 30", {MakeLine("permit gre any any")}, false}});
        const std::string dropped = "drop clear-received";
        const std::vector<Row> rows{
            {WEB, "drop no-sa try 7", "10.2.2.2 10.1.1.1 tcp 80 1024", dropped},
            {"10.1.1.1 10.3.2.2 icmp", "drop no-sa try 8", "10.3.2.2 10.1.1.1 icmp", dropped},
            // A deny line ends its entry, and the next one is asked.
            {"10.1.1.1 10.2.2.2 tcp 9 22",
             "drop no-sa try 9",
             "10.2.2.2 10.1.1.1 tcp 22 9",
             dropped},
            {"10.1.1.1 10.2.2.3 tcp 9 22", "bypass", "10.2.2.3 10.1.1.1 tcp 22 9", "bypass"},
            // Behind a deny line nothing of its entry is asked.
            {"10.1.9.1 10.4.0.1 udp 53 9", "bypass", "10.4.0.1 10.1.9.1 udp 9 53", "bypass"},
            {"10.1.8.1 10.4.0.1 udp 53 9",
             "drop no-sa try 10",
             "10.4.0.1 10.1.8.1 udp 9 53",
             dropped},
            // Ports have sides, and so have addresses.
            {"10.1.8.1 10.4.0.1 udp 9 53", "bypass", "10.4.0.1 10.1.8.1 udp 53 9", "bypass"},
            {"10.2.2.2 10.1.1.1 tcp 80 1024", "bypass", WEB, "bypass"},
            // Nothing that IKE could negotiate: protected never, dropped always.
            {"10.5.0.1 10.6.0.1 gre", "drop no-sa", "10.6.0.1 10.5.0.1 gre", dropped},
            {"10.5.0.1 10.6.0.1 icmp", "bypass", "10.6.0.1 10.5.0.1 icmp", "bypass"},
            {"2001:db8::1 2001:db8::2 gre", "bypass", "2001:db8::2 2001:db8::1 gre", "bypass"},
        };
        for (const Row& row : rows)
        {
            NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), row.packet), row.outbound, row.packet);
            NS_TEST_EXPECT_MSG_EQ(node.In(At(1), row.answer), row.inbound, row.answer);
        }
        node.Up(7);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "protect 7", "an SA");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(2), rows[0].answer), dropped, "an SA changes nothing");
        CheckInterfaces();
    }

    /// Each interface has its own map.
    void CheckInterfaces()
    {
        IpsecGate gate;
        IpsecDataPlane plane{RandomKey{}};
        gate.Configure({{"a", SiteMap()}, {"b", {}}}, Strict(), At(0));
        NS_TEST_EXPECT_MSG_EQ(gate.FindInterface("c").has_value(), false, "no crypto map");
        const auto action = [&](const std::string& name) {
            const size_t index = gate.FindInterface(name).value();
            return ToString(gate.Outbound(At(1), index, MakeView(WEB), plane).verdict.action);
        };
        NS_TEST_EXPECT_MSG_EQ(action("a"), "discard", "its map");
        NS_TEST_EXPECT_MSG_EQ(action("b"), "bypass", "an empty one");
    }
};

/// What no line is asked about.
class GateExemptTestCase : public TestCase
{
  public:
    GateExemptTestCase()
        : TestCase("IKE and ESP are exempt")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<std::string> exempt{HERE + " " + THERE + " udp 500 500",
                                              HERE + " " + THERE + " udp 4500 4500",
                                              HERE + " " + THERE + " udp 4500 31000",
                                              HERE + " " + THERE + " esp",
                                              HERE + " " + THERE + " esp piece"};
        const std::vector<std::string> others{HERE + " " + THERE + " udp 501 500",
                                              HERE + " " + THERE + " udp 53 53",
                                              HERE + " " + THERE + " udp piece",
                                              HERE + " " + THERE + " tcp 500 500",
                                              "10.1.1.1 10.2.2.2 udp 500 500",
                                              "10.1.1.1 10.2.2.2 esp"};
        for (const PassiveModeRules& rules : {Strict(), Passive()})
        {
            GateNode node({{"m 10", {MakeLine("permit ip any any", {7})}, false}}, rules);
            NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), exempt[0]), "drop no-sa try 7", "not told yet");
            node.gate.SetOwnAddresses(OwnAddresses());
            for (const std::string& packet : exempt)
            {
                NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), packet), "bypass", packet);
            }
            for (const std::string& packet : others)
            {
                NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), packet), "drop no-sa try 7", packet);
            }
            CheckInbound(node, rules.enabled ? "clear" : "drop clear-received");
        }
    }

    void CheckInbound(GateNode& node, const std::string& otherwise)
    {
        const auto in = [&node](const std::string& rest) {
            return node.In(At(2), THERE + " " + rest);
        };
        NS_TEST_EXPECT_MSG_EQ(in(HERE + " udp 500 500"), "bypass", "IKE");
        NS_TEST_EXPECT_MSG_EQ(in(HERE + " udp 31000 4500"), "bypass", "behind a NAT");
        NS_TEST_EXPECT_MSG_EQ(in(HERE + " udp piece"), "bypass", "of a long message, it may be");
        NS_TEST_EXPECT_MSG_EQ(in(HERE + " tcp piece"), otherwise, "no IKE");
        NS_TEST_EXPECT_MSG_EQ(in("10.1.1.1 udp piece"), otherwise, "to somebody behind us");
        NS_TEST_EXPECT_MSG_EQ(in(HERE + " udp 500 31000"), otherwise, "not at our port");
        NS_TEST_EXPECT_MSG_EQ(in(HERE + " esp"), "bypass", "ESP");
        NS_TEST_EXPECT_MSG_EQ(in("10.1.1.1 esp"), otherwise, "ESP of others");
        NS_TEST_EXPECT_MSG_EQ(in("10.1.1.1 udp 500 500"), otherwise, "IKE of others");
    }
};

/// `set peer` several times.
class GatePeersTestCase : public TestCase
{
  public:
    GatePeersTestCase()
        : TestCase("peers in turn")
    {
    }

  private:
    void DoRun() override
    {
        GateNode node(SiteMap({7, 8, 9}));
        const auto fail = [&node](ConnectionId c) {
            node.gate.NoteAttempt(c, true, At(1));
            node.gate.NoteAttempt(c, false, At(2));
        };
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), WEB), "drop no-sa try 7", "the first");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), WEB), "drop no-sa try 7", "until it was tried");
        node.gate.NoteAttempt(7, true, At(1));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "drop no-sa", "it runs");
        node.gate.NoteAttempt(7, false, At(30));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(30), WEB), "drop no-sa try 8", "the next");
        fail(9);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(30), WEB), "drop no-sa try 8", "not its turn");
        fail(8);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(30), WEB), "drop no-sa try 9", "the last");
        fail(9);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(30), WEB), "drop no-sa try 7", "the first again");
        node.Up(8);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(31), WEB), "protect 8", "whosever turn it is");
        fail(8);
        node.Down(8);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(32), WEB), "drop no-sa try 8", "its SA came up last");
        node.Up(7);
        node.Up(9);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(33), WEB), "protect 9", "came up last");
        node.Down(9);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(33), WEB), "protect 7", "the one that is left");
        CheckClocks();
        CheckTwoLines();
    }

    /// The 10 s and `retry` go on while peers change.
    void CheckClocks()
    {
        GateNode node(SiteMap({7, 8}), Passive());
        node.Out(At(0), WEB);
        node.gate.NoteAttempt(7, true, At(0));
        node.gate.NoteAttempt(7, false, At(4));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(5), WEB), "drop no-sa try 8", "the other one");
        node.gate.NoteAttempt(8, true, At(5));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(10), WEB), "clear", "10 s of the flow");
        node.gate.NoteAttempt(8, false, At(20));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(304), WEB), "clear", "retry of the flow");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(305), WEB), "clear try 7", "the first again");
    }

    /// The turn is the entry's, and a late failure does not pass it twice.
    void CheckTwoLines()
    {
        GateNode node({{"m 10",
                        {MakeLine("permit tcp any any", {1, 2, 3}),
                         MakeLine("permit udp any any", {4, 5, 6})},
                        false}});
        const std::string udp = "10.1.1.1 10.2.2.2 udp 1 1";
        node.gate.NoteAttempt(1, true, At(0));
        node.gate.NoteAttempt(4, true, At(0));
        node.gate.NoteAttempt(1, false, At(9));
        node.gate.NoteAttempt(4, false, At(9));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(10), WEB), "drop no-sa try 2", "the second peer");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(10), udp), "drop no-sa try 5", "the second peer");
    }
};

/// The seed's two kinds of packets, and its words.
class GatePassiveTestCase : public TestCase
{
  public:
    GatePassiveTestCase()
        : TestCase("passive mode and its messages")
    {
    }

  private:
    void DoRun() override
    {
        GateNode node(SeedMap(), Passive());
        const std::string packet = HERE + " " + THERE + " icmp";
        const std::string answer = THERE + " " + HERE + " icmp";
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(0), packet), "drop no-sa try 7", "under 10 s");
        NS_TEST_EXPECT_MSG_EQ(node.log.size(), 0, "no message");
        node.gate.NoteAttempt(7, true, At(0));
        NS_TEST_EXPECT_MSG_EQ(node.Out(Instant{9999999999}, packet), "drop no-sa", "under 10 s");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(10), packet), "clear", "10 s");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(10), answer), "clear", "accepted");
        node.gate.NoteAttempt(7, false, At(75));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(300), packet), "clear try 7", "retry");
        node.Up(7);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(301), packet), "protect 7", "an SA");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(301), answer), "clear", "even while there is an SA");
        node.Down(7);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(400), packet), "drop no-sa try 7", "reset");
        CheckWords(node);
        CheckLimiters();
        CheckReminders();
    }

    void CheckWords(const GateNode& node)
    {
        const std::vector<std::string> words{
            "Unencrypted traffic is sent to 192.0.2.2 because crypto optional is configured",
            "Unencrypted traffic is received from 192.0.2.2 because crypto optional is configured"};
        NS_TEST_EXPECT_MSG_EQ(node.log.size(), 4, "two of each");
        for (size_t i = 0; i < 4; i++)
        {
            NS_TEST_EXPECT_MSG_EQ(node.log.at(i), words[i % 2], i);
        }
        NS_TEST_EXPECT_MSG_EQ(GateMessage().ToString(),
                              "Security warning: crypto ipsec optional is configured",
                              "the reminder");
    }

    /// Once a minute at most and direction, with the address of the first packet.
    void CheckLimiters()
    {
        GateNode node(SiteMap(), Passive());
        const std::string other = "10.1.1.1 10.2.2.9 icmp";
        node.Out(At(0), WEB);
        node.Out(At(10), WEB);
        node.Out(At(10), other);
        node.Out(Instant{69999999999}, other);
        NS_TEST_EXPECT_MSG_EQ(node.log.size(), 1, "one in a minute");
        node.Configure(SiteMap(), Strict(), At(30));
        node.Configure(SiteMap(), Passive(), At(30));
        node.In(At(30), "10.2.2.9 10.1.1.1 icmp");
        NS_TEST_EXPECT_MSG_EQ(node.log.size(), 2, "the other direction");
        node.Out(At(31), other);
        node.Out(At(41), other);
        NS_TEST_EXPECT_MSG_EQ(node.log.size(), 2, "off and on opens no limiter");
        node.Out(At(70), other);
        NS_TEST_EXPECT_MSG_EQ(node.log.back(),
                              "Unencrypted traffic is sent to 10.2.2.9 because crypto optional is "
                              "configured",
                              "a minute after the first");
        node.gate.Clear(At(71));
        node.In(At(71), "10.2.2.8 10.1.1.1 icmp");
        NS_TEST_EXPECT_MSG_EQ(node.log.size(), 4, "a reboot does");
    }

    /// Every 10 minutes since passive mode was switched on.
    void CheckReminders()
    {
        GateNode node(SiteMap());
        NS_TEST_EXPECT_MSG_EQ(node.gate.NextDeadline().ns, Instant::Never().ns, "strict");
        node.Configure(SiteMap(), Passive(), At(100));
        const auto next = [&node] { return node.gate.NextDeadline().ns / 1000000000; };
        NS_TEST_EXPECT_MSG_EQ(next(), 700, "10 minutes");
        NS_TEST_EXPECT_MSG_EQ(node.gate.HandleDeadline(At(699)).has_value(), false, "too early");
        NS_TEST_EXPECT_MSG_EQ(node.gate.HandleDeadline(At(700)).has_value(), true, "due");
        NS_TEST_EXPECT_MSG_EQ(next(), 1300, "and again");
        node.Configure(SiteMap({7, 8}), Passive(), At(800));
        NS_TEST_EXPECT_MSG_EQ(next(), 1300, "other changes are none");
        node.gate.HandleDeadline(At(2600));
        NS_TEST_EXPECT_MSG_EQ(next(), 3100, "late, but in phase");
        node.gate.Clear(At(3000));
        NS_TEST_EXPECT_MSG_EQ(next(), 3600, "a reboot");
        node.Configure(SiteMap(), Strict(), At(3001));
        NS_TEST_EXPECT_MSG_EQ(node.gate.NextDeadline().ns, Instant::Never().ns, "off");
        PassiveModeRules never = Passive();
        never.reminderEvery = ns3::ike::Duration::Seconds(0);
        node.Configure(SiteMap(), never, At(3001));
        NS_TEST_EXPECT_MSG_EQ(node.gate.NextDeadline().ns, Instant::Never().ns, "no interval");
    }
};

/// `show crypto optional`, and the end of passive mode.
class GateDestinationsTestCase : public TestCase
{
  public:
    GateDestinationsTestCase()
        : TestCase("destinations of clear packets")
    {
    }

  private:
    static std::string List(const GateNode& node, Instant now)
    {
        std::string text;
        for (const ClearDestination& d : node.gate.GetClearDestinations(now))
        {
            text += d.destination.ToString() + " " + d.entry + " " + std::to_string(d.packets) +
                    " " + std::to_string(d.since.ns / 1000000000) + ", ";
        }
        return text;
    }

    static std::vector<PolicyEntry> TwoLines()
    {
        return {{"m 10",
                 {MakeLine("permit tcp 10.1.0.0/16 any", {7}),
                  MakeLine("permit udp 10.1.0.0/16 any", {8})},
                 false}};
    }

    void DoRun() override
    {
        GateNode node(TwoLines(), Passive());
        const std::string tcp = "10.1.1.1 10.2.2.2 tcp 1 1";
        const std::string udp = "10.1.1.1 10.2.2.2 udp 1 1";
        node.Out(At(0), tcp);
        node.Out(At(0), udp);
        NS_TEST_EXPECT_MSG_EQ(List(node, At(1)), "", "nothing was sent");
        node.Out(At(10), tcp);
        node.Out(At(11), "10.1.1.1 10.2.2.1 tcp 1 1");
        node.Out(At(12), udp);
        node.Out(At(13), udp);
        NS_TEST_EXPECT_MSG_EQ(List(node, At(14)),
                              "10.2.2.1 m 10 1 11, 10.2.2.2 m 10 3 10, ",
                              "both lines send there");
        node.Up(7);
        NS_TEST_EXPECT_MSG_EQ(List(node, At(15)), "10.2.2.2 m 10 2 12, ", "an SA for one line");
        NS_TEST_EXPECT_MSG_EQ(List(node, Instant{3613000000000 - 1}), "10.2.2.2 m 10 2 12, ", "");
        NS_TEST_EXPECT_MSG_EQ(List(node, At(3613)), "", "silent for an hour");
        node.Out(At(4000), udp);
        node.Out(At(4010), udp);
        NS_TEST_EXPECT_MSG_EQ(List(node, At(4010)), "10.2.2.2 m 10 1 4010, ", "anew");
        CheckOff(node);
        CheckBound();
    }

    /// "All active connections that are sending unencrypted packets are cleared."
    void CheckOff(GateNode& node)
    {
        const std::string udp = "10.1.1.1 10.2.2.2 udp 1 1";
        node.Down(7);
        node.Out(At(4011), "10.1.1.1 10.2.2.2 tcp 1 1");
        GateNode later = node;
        NS_TEST_EXPECT_MSG_EQ(node.Configure(TwoLines(), Passive(), At(4012)), 0, "still on");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(4012), udp), "clear", "kept its clocks");
        NS_TEST_EXPECT_MSG_EQ(node.Configure(TwoLines(), Strict(), At(4013)), 1, "one was clear");
        NS_TEST_EXPECT_MSG_EQ(List(node, At(4013)), "", "none any more");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(4013), udp), "drop no-sa try 8", "strict");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(4013), "10.2.2.2 10.1.1.1 udp 1 1"),
                              "drop clear-received",
                              "strict");
        NS_TEST_EXPECT_MSG_EQ(node.Configure(TwoLines(), Passive(), At(4014)), 0, "on");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(4014), udp), "drop no-sa try 8", "the 10 s anew");
        NS_TEST_EXPECT_MSG_EQ(later.Configure(TwoLines(), Strict(), At(9000)), 0, "forgotten");
        NS_TEST_EXPECT_MSG_EQ(later.Configure(TwoLines(), Strict(), At(9000)), 0, "off already");
    }

    /// A scan through the node does not make it grow.
    void CheckBound()
    {
        GateNode node(TwoLines(), Passive());
        node.Out(At(0), WEB);
        node.Out(At(10), WEB);
        for (uint32_t i = 0; i < MAX_CLEAR_DESTINATIONS; i++)
        {
            node.Out(At(11 + i), "10.1.1.1 " + IpAddress::V4(0x0b000000 + i).ToString() + " icmp");
            node.Out(At(11 + i),
                     "10.1.1.1 " + IpAddress::V4(0x0b000000 + i).ToString() + " tcp 1 1");
        }
        const auto list = node.gate.GetClearDestinations(At(1100));
        NS_TEST_EXPECT_MSG_EQ(list.size(), MAX_CLEAR_DESTINATIONS, "no more");
        NS_TEST_EXPECT_MSG_EQ(list.front().destination.ToString(), "11.0.0.0", "the oldest went");
    }
};

/// Hubs.
class GateDynamicTestCase : public TestCase
{
  public:
    GateDynamicTestCase()
        : TestCase("dynamic entries")
    {
    }

  private:
    void DoRun() override
    {
        const std::vector<PolicyEntry> map{
            {"m 10", {MakeLine("permit ip 10.1.0.0/16 10.9.0.0/16", {3})}, false},
            {"m 65000", {MakeLine("permit ip 10.1.0.0/16 10.0.0.0/8")}, true},
            {"m 65001", {}, true}};
        GateNode node(map);
        const std::string back = "10.2.2.2 10.1.1.1 tcp 80 1024";
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), WEB), "drop no-sa", "IKE begins elsewhere");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(1), back), "drop clear-received", "its list says so");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), "172.16.0.1 172.16.9.9 icmp"), "bypass", "no list");
        CheckOpen(node);
        const PolicyLine wide = MakeLine("permit ip any 172.16.0.0/16", {21});
        NS_TEST_EXPECT_MSG_EQ(node.gate.Open("Ethernet1/0", "m 65001", wide), true, "no list");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(3), "172.16.9.9 172.16.0.1 icmp"),
                              "drop clear-received",
                              "the opened line is policy");
        node.Configure(map, Strict(), At(4));
        NS_TEST_EXPECT_MSG_EQ(node.In(At(4), "172.16.9.9 172.16.0.1 icmp"),
                              "drop clear-received",
                              "opened connections stay");
        node.Configure({map[0], map[1]}, Strict(), At(4));
        NS_TEST_EXPECT_MSG_EQ(node.In(At(4), "172.16.9.9 172.16.0.1 icmp"), "bypass", "no entry");
        CheckPassive(map);
        CheckRefusals(map);
    }

    void CheckOpen(GateNode& node)
    {
        const auto open = [&node](ConnectionId c) {
            node.gate.Open("Ethernet1/0",
                           "m 65000",
                           MakeLine("permit ip 10.1.0.0/16 10.2.0.0/16", {c}));
        };
        open(20);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "drop no-sa", "open, but no SA yet");
        node.Up(20);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "protect 20", "the peer's");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), "10.1.1.1 10.3.3.3 icmp"), "drop no-sa", "no peer");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), "10.1.1.1 10.9.3.3 icmp"),
                              "drop no-sa try 3",
                              "an earlier entry");
        open(21);
        node.Up(21);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "protect 21", "the last one first");
        node.gate.Close(21);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "protect 20", "the one that is left");
        node.Down(21);
        node.gate.Close(20);
        node.gate.Close(20);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "drop no-sa", "as before");
    }

    /// By the clock of the line, and never a start of IKE.
    void CheckPassive(const std::vector<PolicyEntry>& map)
    {
        GateNode node(map, Passive());
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(0), WEB), "drop no-sa", "under 10 s");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(10), WEB), "clear", "10 s");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(500), WEB), "clear", "retry");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(500), "10.2.2.2 10.1.1.1 icmp"), "clear", "accepted");
        std::vector<PolicyEntry> longer = map;
        longer.insert(longer.begin(), PolicyEntry{"m 5", {MakeLine("permit gre any any")}, false});
        node.Configure(longer, Passive(), At(501));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(502), WEB), "clear", "its clocks stay its own");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(502), "10.1.1.1 10.2.2.2 gre"),
                              "drop no-sa",
                              "a new one");
    }

    void CheckRefusals(const std::vector<PolicyEntry>& map)
    {
        GateNode node(map);
        const auto open = [&node](const std::string& interface,
                                  const std::string& entry,
                                  const std::string& line,
                                  const std::vector<ConnectionId>& connections) {
            return node.gate.Open(interface, entry, MakeLine(line, connections));
        };
        const uint64_t before = node.gate.GetFingerprint(At(0));
        const std::string any = "permit ip any any";
        NS_TEST_EXPECT_MSG_EQ(open("Ethernet9", "m 65000", any, {5}), false, "no interface");
        NS_TEST_EXPECT_MSG_EQ(open("Ethernet1/0", "m 9", any, {5}), false, "no entry");
        NS_TEST_EXPECT_MSG_EQ(open("Ethernet1/0", "m 10", any, {5}), false, "not dynamic");
        NS_TEST_EXPECT_MSG_EQ(open("Ethernet1/0", "m 65000", any, {}), false, "no connection");
        NS_TEST_EXPECT_MSG_EQ(open("Ethernet1/0", "m 65000", "deny ip any any", {5}),
                              false,
                              "deny");
        NS_TEST_EXPECT_MSG_EQ(node.gate.GetFingerprint(At(0)), before, "nothing was done");
    }
};

/// Later fragments have no ports.
class GateFragmentsTestCase : public TestCase
{
  public:
    GateFragmentsTestCase()
        : TestCase("fragments")
    {
    }

  private:
    void DoRun() override
    {
        GateNode node({{"m 10",
                        {MakeLine("deny udp any any to 53"),
                         MakeLine("permit udp 10.1.0.0/16 10.2.0.0/16 to 69", {7})},
                        false}});
        const std::string pair = "10.1.1.1 10.2.2.2 ";
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), pair + "udp 9 69"), "drop no-sa try 7", "first");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), pair + "udp piece"), "drop no-sa try 7", "later");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), pair + "udp 9 70"), "bypass", "another port");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), pair + "tcp piece"), "bypass", "another protocol");
        NS_TEST_EXPECT_MSG_EQ(node.In(At(1), "10.2.2.2 10.1.1.1 udp piece"),
                              "drop clear-received",
                              "inbound, too");
        node.Up(7);
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), pair + "udp piece"), "protect 7", "with an SA");
    }
};

/// What a new configuration leaves as it is.
class GateConfigureTestCase : public TestCase
{
  public:
    GateConfigureTestCase()
        : TestCase("a change of the configuration")
    {
    }

  private:
    void DoRun() override
    {
        GateNode node(SiteMap({7, 8}), Passive());
        node.Out(At(0), WEB);
        node.gate.NoteAttempt(7, true, At(0));
        node.gate.NoteAttempt(7, false, At(1));
        node.gate.NoteAttempt(8, true, At(2));
        node.Configure(SiteMap({7, 9, 8}), Passive(), At(3));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(5), WEB), "drop no-sa", "the attempt runs");
        node.gate.NoteAttempt(8, false, At(6));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(6), WEB),
                              "drop no-sa try 7",
                              "behind the last: the first");
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(10), WEB), "clear", "the 10 s go on");
        CheckChanges(node);
        CheckLostPeer();
        CheckSharedMap();
        CheckReboot();
    }

    void CheckChanges(const GateNode& node)
    {
        GateNode other = node;
        other.Configure({{"m 10", {MakeLine("permit ip 10.1.0.0/16 any", {7, 9, 8})}, false}},
                        Passive(),
                        At(11));
        NS_TEST_EXPECT_MSG_EQ(other.Out(At(11), WEB),
                              "drop no-sa try 7",
                              "another line, another flow");
        GateNode renamed = node;
        renamed.Configure({{"m 20", SiteMap({7, 9, 8})[0].lines, false}}, Passive(), At(11));
        NS_TEST_EXPECT_MSG_EQ(renamed.Out(At(11), WEB), "clear", "the connection is its name");
        const auto list = renamed.gate.GetClearDestinations(At(11));
        NS_TEST_EXPECT_MSG_EQ(list.size(), 1, "went with it");
        NS_TEST_EXPECT_MSG_EQ(list.front().entry, "m 20", "under the new name");
        NS_TEST_EXPECT_MSG_EQ(list.front().packets, 2, "since the start");
    }

    /// A peer is taken away while it is tried.
    void CheckLostPeer()
    {
        GateNode node(SiteMap({7, 8}), Strict());
        node.gate.NoteAttempt(8, true, At(0));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(1), WEB), "drop no-sa", "runs");
        node.Configure(SiteMap({7}), Strict(), At(2));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(2), WEB), "drop no-sa try 7", "none of this flow");
        node.gate.NoteAttempt(8, false, At(3));
        NS_TEST_EXPECT_MSG_EQ(node.Out(At(3), WEB), "drop no-sa try 7", "nobody's turn");
    }

    /// One crypto map on two interfaces: one flow.
    void CheckSharedMap()
    {
        IpsecGate gate;
        IpsecDataPlane plane{RandomKey{}};
        gate.Configure({{"a", SiteMap()}, {"b", SiteMap()}}, Passive(), At(0));
        gate.Outbound(At(0), 0, MakeView(WEB), plane);
        const auto got = gate.Outbound(At(10), 1, MakeView(WEB), plane);
        NS_TEST_EXPECT_MSG_EQ(got.passive, true, "10 s since the first packet");
        NS_TEST_EXPECT_MSG_EQ(gate.Configure({{"b", SiteMap()}}, Strict(), At(11)), 1, "one flow");
    }

    void CheckReboot()
    {
        GateNode node(SiteMap({7, 8}), Passive());
        const uint64_t fresh = node.gate.GetFingerprint(At(0));
        node.Out(At(0), WEB);
        node.Out(At(10), WEB);
        node.gate.NoteAttempt(7, true, At(10));
        node.gate.NoteAttempt(7, false, At(11));
        node.gate.NoteSelected(8, true);
        node.gate.NoteAttempt(8, true, At(12));
        node.gate.Clear(At(20));
        NS_TEST_EXPECT_MSG_EQ(node.gate.GetFingerprint(At(20)), fresh, "as after the start");
    }
};

/// One number for what can go on differently.
class GateFingerprintTestCase : public TestCase
{
  public:
    GateFingerprintTestCase()
        : TestCase("fingerprint")
    {
    }

  private:
    using History = std::function<void(GateNode&)>;

    void DoRun() override
    {
        const std::vector<History> histories{
            [](GateNode&) {},
            [](GateNode& n) {
                n.Configure(SiteMap({7, 8}), Strict(), At(1));
            },
            [](GateNode& n) {
                n.Configure(SiteMap({8, 7}), Passive(), At(1));
            },
            [](GateNode& n) { n.Configure(SeedMap(), Passive(), At(1)); },
            [](GateNode& n) { n.Configure({}, Passive(), At(1)); },
            [](GateNode& n) {
                PassiveModeRules rules = Passive();
                rules.retry = ns3::ike::Duration::Seconds(60);
                n.Configure(SiteMap({7, 8}), rules, At(1));
            },
            [](GateNode& n) {
                std::vector<PolicyEntry> map = SiteMap({7, 8});
                map[0].dynamic = true;
                n.Configure(map, Passive(), At(1));
            },
            [](GateNode& n) { n.gate.SetOwnAddresses(OwnAddresses()); },
            [](GateNode& n) { n.Out(At(5), WEB); },
            [](GateNode& n) { n.Out(At(6), WEB); },
            [](GateNode& n) { n.Out(At(5), WEB), n.Out(At(15), WEB); },
            [](GateNode& n) { n.Out(At(5), WEB), n.Out(At(15), "10.1.1.1 10.2.0.0 icmp"); },
            [](GateNode& n) { n.In(At(5), "10.2.2.2 10.1.1.1 icmp"); },
            [](GateNode& n) { n.gate.NoteAttempt(7, true, At(5)); },
            [](GateNode& n) { n.gate.NoteAttempt(8, true, At(5)); },
            [](GateNode& n) {
                n.gate.NoteAttempt(7, true, At(5)), n.gate.NoteAttempt(7, false, At(6));
            },
            [](GateNode& n) {
                n.gate.NoteAttempt(8, true, At(5)), n.gate.NoteAttempt(8, false, At(6));
            },
            [](GateNode& n) { n.gate.NoteSelected(7, true); },
            [](GateNode& n) { n.gate.NoteSelected(8, true); },
            [](GateNode& n) { n.gate.NoteSelected(8, true), n.gate.NoteSelected(8, false); },
            [](GateNode& n) { n.gate.HandleDeadline(At(600)); }};
        std::set<uint64_t> seen;
        for (const History& history : histories)
        {
            seen.insert(After(history));
            NS_TEST_EXPECT_MSG_EQ(After(history), After(history), "equal");
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), histories.size(), "all different");
        CheckShift();
    }

    static uint64_t After(const History& history)
    {
        GateNode node(SiteMap({7, 8}), Passive());
        history(node);
        return node.gate.GetFingerprint(At(20));
    }

    /// The same life, an hour later.
    void CheckShift()
    {
        std::set<uint64_t> seen;
        for (int64_t start : {0, 3600})
        {
            GateNode node(SiteMap({7, 8}), Passive(), At(start));
            node.Out(At(start + 1), WEB);
            node.gate.NoteAttempt(7, true, At(start + 2));
            node.Out(At(start + 11), WEB);
            node.In(At(start + 11), "10.2.2.2 10.1.1.1 icmp");
            seen.insert(node.gate.GetFingerprint(At(start + 20)));
        }
        NS_TEST_EXPECT_MSG_EQ(seen.size(), 1, "instants are relative");
    }
};

/// The policy of a node with crypto maps.
class IpsecGateTestSuite : public TestSuite
{
  public:
    IpsecGateTestSuite()
        : TestSuite("ipsec-gate", Type::UNIT)
    {
        AddTestCase(new GateLookupTestCase, TestDuration::QUICK);
        AddTestCase(new GateExemptTestCase, TestDuration::QUICK);
        AddTestCase(new GatePeersTestCase, TestDuration::QUICK);
        AddTestCase(new GatePassiveTestCase, TestDuration::QUICK);
        AddTestCase(new GateDestinationsTestCase, TestDuration::QUICK);
        AddTestCase(new GateDynamicTestCase, TestDuration::QUICK);
        AddTestCase(new GateFragmentsTestCase, TestDuration::QUICK);
        AddTestCase(new GateConfigureTestCase, TestDuration::QUICK);
        AddTestCase(new GateFingerprintTestCase, TestDuration::QUICK);
    }
};

IpsecGateTestSuite g_ipsecGateTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
