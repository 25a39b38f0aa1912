/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-ios-policy-resolve.h"
#include "ns3/test.h"

#include <algorithm>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// The two configuration examples of the seed (IPSec Passive Mode), letter by letter: the second
/// one has the line with `retry` beside it.
const char* const EXAMPLE_BEGIN = "crypto map xauthmap 10 ipsec-isakmp\n"
                                  "  set peer 209.165.202.145\n"
                                  "  set transform-set xauthtransform\n"
                                  "  match address 192\n"
                                  "!\n"
                                  "crypto ipsec optional\n";
const char* const EXAMPLE_RETRY = "crypto ipsec optional retry 60\n";
const char* const EXAMPLE_END =
    "!\n"
    "interface Ethernet1/0\n"
    "  ip address 209.165.202.147 255.255.255.224\n"
    "  crypto map xauthmap\n"
    "!\n"
    "access-list 192 permit ip host 209.165.202.147 host 209.165.202.145\n";

/// What completes them.
const char* const COMPANION = "crypto isakmp policy 10\n authentication pre-share\n"
                              "crypto isakmp key k address 209.165.202.145\n"
                              "crypto ipsec transform-set xauthtransform esp-3des esp-sha-hmac\n";

/// More than one of everything.
const char* const HUB = "crypto isakmp policy 10\n authentication pre-share\n"
                        "crypto isakmp key k address 0.0.0.0 0.0.0.0\n"
                        "crypto ipsec transform-set t esp-aes 256 esp-sha-hmac\n mode transport\n"
                        "crypto ipsec transform-set u esp-des esp-md5-hmac\n"
                        "crypto isakmp profile p\n match identity address 10.0.0.0 255.0.0.0\n"
                        "crypto dynamic-map d 10\n set transform-set u\n match address any\n"
                        "crypto dynamic-map d 20\n set transform-set t\n"
                        "crypto map m 10 ipsec-isakmp\n description two peers\n set peer 10.0.0.1\n"
                        " set peer 10.0.0.2\n set transform-set t u\n match address flows\n"
                        " set pfs group5\n set security-association lifetime seconds 600\n"
                        " set security-association lifetime kilobytes 5000\n"
                        " set security-association replay window-size 128\n"
                        " set isakmp-profile p\n"
                        "crypto map m 20 ipsec-manual\n set peer 10.0.0.3\n set transform-set u\n"
                        " match address 150\n"
                        " set session-key inbound esp 300 cipher 0123456789abcdef authenticator "
                        "00112233445566778899aabbccddeeff\n"
                        " set session-key outbound esp 301 cipher fedcba9876543210 authenticator "
                        "ffeeddccbbaa99887766554433221100\n"
                        "crypto map m 65000 ipsec-isakmp dynamic d\n"
                        "ip access-list extended flows\n"
                        " remark in order\n"
                        " deny icmp any any\n"
                        " permit ip 192.168.1.0 0.0.0.255 192.168.2.0 0.0.0.255\n"
                        " permit tcp host 10.9.9.9 eq telnet any log\n"
                        "ip access-list extended any\n permit ip any 10.77.0.0 0.0.255.255\n"
                        "access-list 150 permit gre any host 10.0.0.3\n"
                        "interface Ethernet0/0\n ip address 10.0.0.9 255.255.255.0\n"
                        " crypto map m\n";

/// Beside the others, so that a text that is whole stays whole.
std::string
WithExample(const std::string& retry)
{
    return std::string(COMPANION) + EXAMPLE_BEGIN + retry + EXAMPLE_END;
}

/// Texts that are right, alone or in parts, and come back equal.
const char* const GOOD_TEXTS[] = {
    "access-list 100 permit ip any any\n",
    "access-list 100 remark a list\naccess-list 100 permit ip any any log\n",
    "access-list 2000 deny ip any any\naccess-list 2699 permit ip any any\n",
    "ip access-list extended list\n",
    "ip access-list extended 100\n 5 permit ip any any\n 7 remark between\n 20 deny ip any any\n",
    "ip access-list extended a\n 2147483647 permit ip any any\n",
    "ip access-list extended a\n permit ip any any\n no 10\n deny ip any any\n",
    "crypto map m 1 ipsec-isakmp\n",
    "crypto map m 1 ipsec-manual\ncrypto map m 1\n description d\n",
    "interface Loopback0\ncrypto map m local-address Loopback0\n",
    "crypto dynamic-map d 1\n set peer 1.1.1.1\n set pfs\n",
    "crypto map m 1 ipsec-manual\n set session-key inbound esp 256 authenticator 00ff\n",
    "crypto map m 1 ipsec-manual\n set session-key outbound esp 4294967295 cipher 00fF\n",
    "crypto map m 1 ipsec-isakmp\ninterface Loopback0\n crypto map m\n",
    "crypto ipsec optional\n",
    "crypto ipsec optional\ncrypto ipsec optional retry 1\n",
    "crypto map m 1 ipsec-isakmp\n set security-association replay disable\n",
};

/// What a text says is what its writing says.
class CryptoMapTextTest : public TestCase
{
  public:
    CryptoMapTextTest()
        : TestCase("texts are read, written and read again")
    {
    }

  private:
    void DoRun() override
    {
        for (const char* const text : GOOD_TEXTS)
        {
            Check(text);
        }
        for (const std::string& text : {WithExample(""), WithExample(EXAMPLE_RETRY), {HUB}})
        {
            NS_TEST_EXPECT_MSG_EQ(FirstError(text), "", "whole");
            Check(text);
        }
    }

    void Check(const std::string& text)
    {
        const ConfigReading first = ReadConfig(text);
        NS_TEST_EXPECT_MSG_EQ(ToText(first.error), "", text);
        const std::string written = WriteIos(first.config);
        const ConfigReading second = ReadConfig(written);
        NS_TEST_EXPECT_MSG_EQ(ToText(second.error), "", written);
        const bool isSame = IsSameConfiguration(first.config, second.config);
        NS_TEST_EXPECT_MSG_EQ(isSame, true, written);
        NS_TEST_EXPECT_MSG_EQ(WriteIos(second.config), written, text);
    }
};

/// A text, and what undoes or changes it.
struct UndoRow
{
    const char* text; ///< to be read
    const char* undo; ///< behind it
    const char* same; ///< says the same as both
};

const UndoRow UNDO_ROWS[] = {
    {"access-list 100 permit ip any any\n", "no access-list 100\n", ""},
    {"access-list 100 permit ip any any\n", "no access-list 100 permit tcp any any\n", ""},
    {"access-list 100 permit ip any any\n",
     "access-list 100 permit ip any any\n",
     "access-list 100 permit ip any any\n"},
    {"ip access-list extended a\n permit ip any any\n", "no ip access-list extended a\n", ""},
    {"ip access-list extended a\n permit ip any any\n deny tcp any any\n remark r\n",
     " no remark r\n no permit ip any any\n no 20\n",
     "ip access-list extended a\n"},
    {"ip access-list extended a\n permit ip any any\n",
     " 5 deny tcp any any\n",
     "ip access-list extended a\n 5 deny tcp any any\n 10 permit ip any any\n"},
    {"crypto map m 1 ipsec-isakmp\ncrypto map m 2 ipsec-isakmp\n", "no crypto map m\n", ""},
    {"crypto map m 1 ipsec-isakmp\ncrypto map m 2 ipsec-isakmp\n",
     "no crypto map m 2 ipsec-isakmp\n",
     "crypto map m 1 ipsec-isakmp\n"},
    {"crypto map m 1 ipsec-isakmp\n", "no crypto map m 1\n", ""},
    {"crypto dynamic-map d 1\ncrypto map m 1 ipsec-isakmp dynamic d\n",
     "no crypto map m 1 ipsec-isakmp dynamic d\n",
     "crypto dynamic-map d 1\n"},
    {"interface Loopback0\ncrypto map m local-address Loopback0\n",
     "no crypto map m local-address\n",
     "interface Loopback0\n"},
    {"crypto dynamic-map d 1\ncrypto dynamic-map d 2\n",
     "no crypto dynamic-map d 1\n",
     "crypto dynamic-map d 2\n"},
    {"crypto dynamic-map d 1\n", "no crypto dynamic-map d\n", ""},
    {"crypto map m 1 ipsec-isakmp\n set peer 1.1.1.1\n set peer 2.2.2.2\n set transform-set t\n"
     " set pfs group2\n set isakmp-profile p\n match address 100\n description d\n"
     " set security-association lifetime seconds 999\n"
     " set security-association lifetime kilobytes 9999\n"
     " set security-association replay disable\n",
     " no set peer 1.1.1.1\n no set transform-set\n no set pfs\n no set isakmp-profile\n"
     " no match address\n no description\n no set security-association lifetime seconds\n"
     " no set security-association lifetime kilobytes\n no set security-association replay\n",
     "crypto map m 1 ipsec-isakmp\n set peer 2.2.2.2\n"},
    {"crypto map m 1 ipsec-manual\n set session-key inbound esp 256 cipher 00\n"
     " set session-key outbound esp 257 cipher 00\n",
     " no set session-key inbound esp 256\n no set session-key outbound\n",
     "crypto map m 1 ipsec-manual\n"},
    {"crypto map m 1 ipsec-isakmp\ninterface Ethernet0/0\n crypto map m\n",
     " no crypto map\n",
     "crypto map m 1 ipsec-isakmp\ninterface Ethernet0/0\n"},
    {"crypto ipsec optional\ncrypto ipsec optional retry 9\n",
     "no crypto ipsec optional retry 9\n",
     "crypto ipsec optional\n"},
    {"crypto ipsec optional\ncrypto ipsec optional retry 9\n",
     "no crypto ipsec optional retry\n",
     "crypto ipsec optional\n"},
    {"crypto ipsec optional\ncrypto ipsec optional retry 9\n", "no crypto ipsec optional\n", ""},
    {"", "no crypto ipsec optional\n", ""},
};

/// Each `no` form takes back what it names, and nothing else.
class CryptoMapUndoTest : public TestCase
{
  public:
    CryptoMapUndoTest()
        : TestCase("the no forms")
    {
    }

  private:
    void DoRun() override
    {
        for (const UndoRow& row : UNDO_ROWS)
        {
            const ConfigReading both = ReadConfig(std::string(row.text) + row.undo);
            NS_TEST_EXPECT_MSG_EQ(ToText(both.error), "", row.undo);
            NS_TEST_EXPECT_MSG_EQ(WriteIos(both.config),
                                  WriteIos(ReadConfig(row.same).config),
                                  row.undo);
            const bool isSame =
                IsSameConfiguration(both.config, ReadConfig(std::string(row.same)).config);
            NS_TEST_EXPECT_MSG_EQ(isSame, true, row.undo);
        }
    }
};

/// "m 10 line 30 peer 10.0.0.1 on Ethernet0/0: 10.0.0.9 > 10.0.0.1"
std::string
Describe(const ConnectionConfig& c)
{
    return c.name + ": " + c.localSelector.ToString() + " > " + c.remoteSelector.ToString();
}

/// The connections that the engine gets.
class MapConnectionsTest : public TestCase
{
  public:
    MapConnectionsTest()
        : TestCase("connections of crypto maps")
    {
    }

  private:
    void DoRun() override
    {
        const RouterConfig config = ReadConfig(HUB).config;
        const auto all = ResolveEngineConfig(config, IkeKnobs{}).connections;
        const std::string expected[] = {
            "m 10 line 30 peer 10.0.0.1 on Ethernet0/0: 192.168.1.0/24 > 192.168.2.0/24",
            "m 10 line 30 peer 10.0.0.2 on Ethernet0/0: 192.168.1.0/24 > 192.168.2.0/24",
            "m 10 line 40 peer 10.0.0.1 on Ethernet0/0: 10.9.9.9/32[6/23] > 0.0.0.0/0[6]",
            "m 10 line 40 peer 10.0.0.2 on Ethernet0/0: 10.9.9.9/32[6/23] > 0.0.0.0/0[6]",
            "m 65000 d 10 on Ethernet0/0: 0.0.0.0/0 > 0.0.0.0/0",
            "m 65000 d 20 on Ethernet0/0: 0.0.0.0/0 > 0.0.0.0/0",
        };
        NS_TEST_ASSERT_MSG_EQ(all.size(), std::size(expected), "manual keys are not the engine's");
        for (size_t i = 0; i < all.size(); i++)
        {
            NS_TEST_EXPECT_MSG_EQ(Describe(all[i]), expected[i], "in order");
        }
        CheckStatic(all[0]);
        CheckDynamic(all[4], all[5]);
        CheckMode();
    }

    /// Transport mode is for what the two ends say to each other.
    void CheckMode()
    {
        const auto isTransport = [](const std::string& line) {
            const std::string text = std::string(HUB) +
                                     "no ip access-list extended flows\n"
                                     "ip access-list extended flows\n permit " +
                                     line + "\n";
            const RouterConfig config = ReadConfig(text).config;
            return ResolveEngineConfig(config, IkeKnobs{})
                .connections.at(0)
                .transformSets.at(0)
                .transport;
        };
        NS_TEST_EXPECT_MSG_EQ(isTransport("ip host 10.0.0.9 host 10.0.0.1"), true, "both ends");
        NS_TEST_EXPECT_MSG_EQ(isTransport("gre host 10.0.0.9 host 10.0.0.1"), true, "both ends");
        NS_TEST_EXPECT_MSG_EQ(isTransport("ip host 10.0.0.9 host 10.0.0.7"), false, "one");
        NS_TEST_EXPECT_MSG_EQ(isTransport("ip any host 10.0.0.1"), false, "one, and others");
    }

    void CheckStatic(const ConnectionConfig& c)
    {
        NS_TEST_EXPECT_MSG_EQ(c.local.ToString(), "10.0.0.9", "of the interface");
        NS_TEST_EXPECT_MSG_EQ(c.peer.ToString(), "10.0.0.1", "the first peer");
        NS_TEST_EXPECT_MSG_EQ(c.stayUp, false, "traffic begins");
        NS_TEST_EXPECT_MSG_EQ(c.dynamic, false, "a peer is known");
        NS_TEST_EXPECT_MSG_EQ(c.switches.beginPhase1, true, "may begin");
        NS_TEST_EXPECT_MSG_EQ(c.transformSets.size(), 2, "both");
        NS_TEST_EXPECT_MSG_EQ(c.transformSets.at(0).transport, false, "two networks");
        NS_TEST_EXPECT_MSG_EQ((c.pfs == DhGroup::Modp1536), true, "group5");
        NS_TEST_EXPECT_MSG_EQ((c.lifetime == ns3::ike::Duration::Seconds(600)), true, "its own");
        NS_TEST_EXPECT_MSG_EQ(c.lifetimeKilobytes, 5000, "its own");
        NS_TEST_EXPECT_MSG_EQ(c.replayWindow.value_or(0), 128, "its own");
        NS_TEST_EXPECT_MSG_EQ(c.isakmpProfile.has_value(), true, "set isakmp-profile");
        NS_TEST_EXPECT_MSG_EQ(c.policyInterface, "Ethernet0/0", "where its map is");
        NS_TEST_EXPECT_MSG_EQ(c.policyEntry, "m 10", "of which entry");
    }

    void CheckDynamic(const ConnectionConfig& listed, const ConnectionConfig& open)
    {
        NS_TEST_EXPECT_MSG_EQ(listed.dynamic && open.dynamic, true, "templates");
        NS_TEST_EXPECT_MSG_EQ(open.peer.IsNone(), true, "any peer");
        NS_TEST_EXPECT_MSG_EQ(open.allowed.size(), 0, "any flow");
        NS_TEST_ASSERT_MSG_EQ(listed.allowed.size(), 1, "of its list");
        NS_TEST_EXPECT_MSG_EQ(listed.allowed[0].second.ToString(), "10.77.0.0/16", "the peer's");
        const bool mayAll = open.switches == InitiationSwitches();
        NS_TEST_EXPECT_MSG_EQ(mayAll, true, "whoever came by it may be rekeyed");
    }
};

/// What packets get.
class MapPolicyTest : public TestCase
{
  public:
    MapPolicyTest()
        : TestCase("policies of interfaces, manual keys, passive mode")
    {
    }

  private:
    void DoRun() override
    {
        const RouterConfig config = ReadConfig(HUB).config;
        const PolicyConfig policy = ResolvePolicyConfig(config, IkeKnobs{});
        NS_TEST_ASSERT_MSG_EQ(policy.interfaces.size(), 1, "one has a map");
        const InterfacePolicy& interface = policy.interfaces[0];
        NS_TEST_EXPECT_MSG_EQ(interface.interface, "Ethernet0/0", "which");
        NS_TEST_ASSERT_MSG_EQ(interface.entries.size(), 4, "two and two of the dynamic map");
        CheckLines(interface.entries[0], ResolveEngineConfig(config, IkeKnobs{}).connections);
        CheckManual(policy, interface.entries[1]);
        NS_TEST_EXPECT_MSG_EQ(interface.entries[2].name, "m 65000 d 10", "a dynamic entry");
        NS_TEST_EXPECT_MSG_EQ(interface.entries[2].dynamic, true, "a dynamic entry");
        NS_TEST_EXPECT_MSG_EQ(interface.entries[2].lines.size(), 1, "what must not come clear");
        NS_TEST_EXPECT_MSG_EQ(interface.entries[2].lines.at(0).connections.size(), 0, "nobody yet");
        NS_TEST_EXPECT_MSG_EQ(interface.entries[3].lines.size(), 0, "without a list");
        CheckPassive();
        CheckDisabled();
    }

    void CheckLines(const PolicyEntry& entry, const std::vector<ConnectionConfig>& connections)
    {
        NS_TEST_EXPECT_MSG_EQ(entry.name, "m 10", "the first one");
        NS_TEST_ASSERT_MSG_EQ(entry.lines.size(), 3, "without the remark");
        NS_TEST_EXPECT_MSG_EQ(entry.lines[0].line.permit, false, "deny");
        NS_TEST_EXPECT_MSG_EQ(entry.lines[0].connections.size(), 0, "deny has none");
        const std::vector<ConnectionId> ids = {connections.at(0).id, connections.at(1).id};
        NS_TEST_EXPECT_MSG_EQ((entry.lines[1].connections == ids), true, "one per peer, in order");
    }

    void CheckManual(const PolicyConfig& policy, const PolicyEntry& entry)
    {
        NS_TEST_ASSERT_MSG_EQ(policy.manual.size(), 1, "one entry");
        const ManualConnection& manual = policy.manual[0];
        NS_TEST_EXPECT_MSG_EQ(manual.connection, entry.lines.at(0).connections.at(0), "the line's");
        NS_TEST_EXPECT_MSG_EQ(manual.local.ToString(), "10.0.0.9", "of the interface");
        NS_TEST_EXPECT_MSG_EQ(manual.peer.ToString(), "10.0.0.3", "set peer");
        NS_TEST_EXPECT_MSG_EQ(manual.remoteSelector.ToString(), "10.0.0.3/32[47]", "its line");
        NS_TEST_EXPECT_MSG_EQ(manual.set.name, "u", "set transform-set");
        NS_TEST_EXPECT_MSG_EQ(manual.inbound.spi, 300, "inbound");
        NS_TEST_EXPECT_MSG_EQ(manual.outbound.spi, 301, "outbound");
        NS_TEST_EXPECT_MSG_EQ(ToHex(manual.inbound.cipherKey), "0123456789abcdef", "inbound");
        NS_TEST_EXPECT_MSG_EQ(ToHex(manual.outbound.authenticatorKey),
                              "ffeeddccbbaa99887766554433221100",
                              "outbound");
    }

    void CheckPassive()
    {
        IkeKnobs knobs;
        SetKnob(knobs, "PassiveClearAfter", "7");
        SetKnob(knobs, "PassiveIdle", "100");
        SetKnob(knobs, "PassiveReminder", "8");
        SetKnob(knobs, "PassiveWarning", "9");
        PassiveModeRules rules;
        NS_TEST_EXPECT_MSG_EQ((Rules("", IkeKnobs{}) == rules), true, "off; the seed's times");
        rules.enabled = true;
        NS_TEST_EXPECT_MSG_EQ((Rules("crypto ipsec optional\n", IkeKnobs{}) == rules), true, "on");
        rules.retry = ns3::ike::Duration::Seconds(60);
        rules.clearAfter = ns3::ike::Duration::Seconds(7);
        rules.idle = ns3::ike::Duration::Seconds(100);
        rules.reminderEvery = ns3::ike::Duration::Seconds(8);
        rules.warningEvery = ns3::ike::Duration::Seconds(9);
        const std::string text = std::string("crypto ipsec optional\n") + EXAMPLE_RETRY;
        NS_TEST_EXPECT_MSG_EQ((Rules(text, knobs) == rules), true, "retry, and the knobs");
    }

    static PassiveModeRules Rules(const std::string& text, const IkeKnobs& knobs)
    {
        return ResolvePolicyConfig(ReadConfig(text).config, knobs).passive;
    }

    /// What is missing makes an entry do nothing, or its lines find nobody.
    void CheckDisabled()
    {
        struct Row
        {
            const char* change; ///< behind the hub's text
            size_t interfaces;  ///< with a policy
            size_t entries;     ///< of the first one
            size_t connections; ///< of the engine
            size_t manual;      ///< entries with keys
        };

        const Row rows[] = {
            {"", 1, 4, 6, 1},
            {"interface Ethernet0/0\n shutdown\n", 0, 0, 0, 0},
            {"interface Ethernet0/0\n no ip address\n", 1, 4, 0, 0},
            {"interface Ethernet0/0\n no crypto map\n", 0, 0, 0, 0},
            {"no ip access-list extended flows\n", 1, 3, 2, 1},
            {"crypto map m 10\n no set peer\n", 1, 3, 2, 1},
            {"crypto map m 10\n no set transform-set\n", 1, 4, 2, 1},
            {"crypto map m 20\n no set session-key inbound\n", 1, 4, 6, 0},
            {"access-list 150 permit tcp any any\n", 1, 4, 6, 0},
            {"no crypto dynamic-map d\n", 1, 2, 4, 1},
            {"interface Ethernet0/1\n ip address 10.1.0.9 255.255.255.0\n crypto map m\n",
             2,
             4,
             12,
             2},
        };
        for (const Row& row : rows)
        {
            const RouterConfig config = ReadConfig(std::string(HUB) + row.change).config;
            const PolicyConfig policy = ResolvePolicyConfig(config, IkeKnobs{});
            const size_t entries =
                policy.interfaces.empty() ? 0 : policy.interfaces.front().entries.size();
            const size_t connections = ResolveEngineConfig(config, IkeKnobs{}).connections.size();
            NS_TEST_EXPECT_MSG_EQ(policy.interfaces.size(), row.interfaces, row.change);
            NS_TEST_EXPECT_MSG_EQ(entries, row.entries, row.change);
            NS_TEST_EXPECT_MSG_EQ(connections, row.connections, row.change);
            NS_TEST_EXPECT_MSG_EQ(policy.manual.size(), row.manual, row.change);
        }
    }
};

/// `crypto map NAME local-address`: which address connections use.
class LocalAddressTest : public TestCase
{
  public:
    LocalAddressTest()
        : TestCase("local-address")
    {
    }

  private:
    void DoRun() override
    {
        const RouterConfig config =
            ReadConfig(std::string(HUB) + "interface Loopback0\n"
                                          " ip address 10.5.5.5 255.255.255.255\n"
                                          "crypto map m local-address Loopback0\n")
                .config;
        for (const auto& c : ResolveEngineConfig(config, IkeKnobs{}).connections)
        {
            NS_TEST_EXPECT_MSG_EQ(c.local.ToString(), "10.5.5.5", c.name);
        }
        const PolicyConfig policy = ResolvePolicyConfig(config, IkeKnobs{});
        NS_TEST_EXPECT_MSG_EQ(policy.manual.at(0).local.ToString(), "10.5.5.5", "manual, too");
    }
};

/// A flow keeps its id for as long as it is there; none is given twice.
class PolicyIdTest : public TestCase
{
  public:
    PolicyIdTest()
        : TestCase("ids of flows")
    {
    }

  private:
    void DoRun() override
    {
        RouterConfig config;
        IosParser parser(config);
        parser.ReadText("interface Tunnel0\n" + WithExample(""), "t");
        const std::set<ConnectionId> before = IdsOf(config);
        NS_TEST_ASSERT_MSG_EQ(before.size(), 1, "one line, one peer");
        NS_TEST_EXPECT_MSG_EQ(*before.begin(), 2, "behind the tunnel's");
        Type(parser, {"access-list 192 permit tcp any any", "interface Tunnel1"});
        NS_TEST_EXPECT_MSG_EQ(IdsOf(config).size(), 2, "one more");
        NS_TEST_EXPECT_MSG_EQ(IdsOf(config).count(2), 1, "the first one stays");
        Type(parser, {"crypto map xauthmap 10", "set pfs", "set peer 1.1.1.1"});
        NS_TEST_EXPECT_MSG_EQ(IdsOf(config).size(), 4, "two lines, two peers");
        NS_TEST_EXPECT_MSG_EQ(IdsOf(config).count(2), 1, "the first one stays");
        Type(parser, {"no access-list 192"});
        NS_TEST_EXPECT_MSG_EQ(IdsOf(config).size(), 0, "all gone");
        Type(parser, {"access-list 192 permit ip host 209.165.202.147 host 209.165.202.145"});
        const std::set<ConnectionId> after = IdsOf(config);
        NS_TEST_EXPECT_MSG_EQ(after.size(), 2, "two peers");
        NS_TEST_EXPECT_MSG_GT(*after.begin(), 6, "others than before");
        const RouterConfig fresh = ReadConfig(WriteIos(config)).config;
        const bool isSame = IsSameConfiguration(fresh, config);
        NS_TEST_EXPECT_MSG_EQ(isSame, true, "ids do not count");
    }

    void Type(IosParser& parser, const std::vector<std::string>& lines)
    {
        for (const std::string& line : lines)
        {
            NS_TEST_EXPECT_MSG_EQ(ToText(parser.ReadLine(line, {"t", 1, 1})), "", line);
        }
    }

    static std::set<ConnectionId> IdsOf(const RouterConfig& config)
    {
        std::set<ConnectionId> ids;
        for (const auto& [key, id] : config.policyIds)
        {
            ids.insert(id);
        }
        return ids;
    }
};

/// What an experiment forbids a router is forbidden to all of its connections.
class ForbiddenBeginTest : public TestCase
{
  public:
    ForbiddenBeginTest()
        : TestCase("an end that is silent in part")
    {
    }

  private:
    void DoRun() override
    {
        const char* const names[] = {"MayBeginPhase1",
                                     "MayBeginPhase2",
                                     "MayRekeyPhase1",
                                     "MayRekeyPhase2"};
        const RouterConfig config = ReadConfig(WithExample("")).config;
        for (size_t off = 0; off < std::size(names); off++)
        {
            IkeKnobs knobs;
            NS_TEST_EXPECT_MSG_EQ(SetKnob(knobs, names[off], "false"), "", names[off]);
            const InitiationSwitches s =
                ResolveEngineConfig(config, knobs).connections.at(0).switches;
            const bool may[] = {s.beginPhase1, s.beginPhase2, s.rekeyPhase1, s.rekeyPhase2};
            for (size_t i = 0; i < std::size(may); i++)
            {
                const bool expected = i != off;
                NS_TEST_EXPECT_MSG_EQ(may[i], expected, names[off] << " and switch " << i);
            }
        }
    }
};

/// What `?` shows in the new commands.
class AccessHelpTest : public TestCase
{
  public:
    AccessHelpTest()
        : TestCase("help")
    {
    }

  private:
    void DoRun() override
    {
        struct Row
        {
            IosMode::Kind mode;            ///< where
            const char* line;              ///< typed so far
            std::vector<std::string> next; ///< what may follow
        };

        const std::string address = "an IPv4 address A.B.C.D";
        const std::vector<Row> rows = {
            {IosMode::Kind::Global, "access-list 100", {"remark", "permit", "deny"}},
            {IosMode::Kind::Global, "access-list 100 permit ip", {"any", "host", address}},
            {IosMode::Kind::Global, "access-list 100 permit ip host", {address}},
            {IosMode::Kind::Global, "access-list 100 permit ip host 1.1.1.1 any", {"log"}},
            {IosMode::Kind::Global,
             "access-list 100 permit udp any",
             {"eq", "neq", "lt", "gt", "range", "any", "host", address}},
            {IosMode::Kind::Global, "crypto ipsec optional", {"retry"}},
            {IosMode::Kind::CryptoMap, "match", {"address"}},
            {IosMode::Kind::DynamicMap, "match", {"address"}},
            {IosMode::Kind::CryptoMap, "set session-key", {"inbound", "outbound"}},
        };
        for (const Row& row : rows)
        {
            std::vector<std::string> next = GetNextIosWords(row.mode, row.line);
            std::vector<std::string> expected = row.next;
            std::sort(next.begin(), next.end());
            std::sort(expected.begin(), expected.end());
            NS_TEST_EXPECT_MSG_EQ(Join(next), Join(expected), row.line);
        }
    }

    static std::string Join(const std::vector<std::string>& words)
    {
        std::string text;
        for (const std::string& word : words)
        {
            text += word + "; ";
        }
        return text;
    }
};

/// Crypto maps, access lists, manual keys and passive mode in configuration texts.
class IkeConfigCryptoMapTestSuite : public TestSuite
{
  public:
    IkeConfigCryptoMapTestSuite()
        : TestSuite("ike-config-crypto-map", Type::UNIT)
    {
        AddTestCase(new CryptoMapTextTest, TestDuration::QUICK);
        AddTestCase(new CryptoMapUndoTest, TestDuration::QUICK);
        AddTestCase(new MapConnectionsTest, TestDuration::QUICK);
        AddTestCase(new MapPolicyTest, TestDuration::QUICK);
        AddTestCase(new LocalAddressTest, TestDuration::QUICK);
        AddTestCase(new PolicyIdTest, TestDuration::QUICK);
        AddTestCase(new ForbiddenBeginTest, TestDuration::QUICK);
        AddTestCase(new AccessHelpTest, TestDuration::QUICK);
    }
};

IkeConfigCryptoMapTestSuite g_ikeConfigCryptoMapTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
