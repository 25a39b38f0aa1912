/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-ios-access-words.h"
#include "ns3/ipsec-access-line.h"
#include "ns3/test.h"

#include <optional>
#include <string>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// The only line of a list.
AccessLine
ReadAccessLine(const std::string& text)
{
    const RouterConfig config = ReadConfig("access-list 101 " + text + "\n").config;
    const auto list = config.accessLists.find("101");
    return list == config.accessLists.end() || list->second.lines.empty()
               ? AccessLine{}
               : list->second.lines.begin()->second.line;
}

/// A packet: an absent port is a later fragment, or a protocol without ports.
struct Packet
{
    const char* source;      ///< of the IP header
    const char* destination; ///< of the IP header
    int protocol;            ///< of the upper layer
    int sourcePort;          ///< below 0: not to be seen
    int destinationPort;     ///< the same
};

std::optional<uint16_t>
ToPort(int port)
{
    return port < 0 ? std::nullopt : std::optional<uint16_t>(static_cast<uint16_t>(port));
}

AccessSubject
ToSubject(const Packet& packet)
{
    return AccessSubject{IpAddress::Parse(packet.source).value(),
                         IpAddress::Parse(packet.destination).value(),
                         static_cast<uint8_t>(packet.protocol),
                         ToPort(packet.sourcePort),
                         ToPort(packet.destinationPort)};
}

/// A line, a packet, and whether they meet.
struct MatchRow
{
    const char* line; ///< behind `access-list 101`
    Packet packet;    ///< to be matched
    bool matches;     ///< expected
};

const MatchRow MATCH_ROWS[] = {
    {"permit ip any any", {"10.0.0.1", "10.0.0.2", 6, 1, 2}, true},
    {"permit ip host 10.0.0.1 any", {"10.0.0.1", "9.9.9.9", 1, -1, -1}, true},
    {"permit ip host 10.0.0.1 any", {"10.0.0.2", "9.9.9.9", 1, -1, -1}, false},
    {"permit ip any host 10.0.0.1", {"10.0.0.1", "9.9.9.9", 1, -1, -1}, false},
    {"permit ip 10.0.0.0 0.0.0.255 any", {"10.0.0.255", "9.9.9.9", 1, -1, -1}, true},
    {"permit ip 10.0.0.0 0.0.0.255 any", {"10.0.1.0", "9.9.9.9", 1, -1, -1}, false},
    {"permit ip 10.0.0.1 0.0.255.0 any", {"10.0.77.1", "9.9.9.9", 1, -1, -1}, true},
    {"permit ip 10.0.0.1 0.0.255.0 any", {"10.0.77.2", "9.9.9.9", 1, -1, -1}, false},
    {"permit ip any any", {"2001:db8::1", "2001:db8::2", 6, 1, 2}, false},
    {"permit icmp any any", {"10.0.0.1", "10.0.0.2", 1, -1, -1}, true},
    {"permit icmp any any", {"10.0.0.1", "10.0.0.2", 17, 1, 1}, false},
    {"permit 47 any any", {"10.0.0.1", "10.0.0.2", 47, -1, -1}, true},
    {"permit udp any any eq isakmp", {"10.0.0.1", "10.0.0.2", 17, 9, 500}, true},
    {"permit udp any any eq isakmp", {"10.0.0.1", "10.0.0.2", 17, 500, 9}, false},
    {"permit udp any eq 500 any", {"10.0.0.1", "10.0.0.2", 17, 500, 9}, true},
    {"permit tcp any any neq telnet", {"10.0.0.1", "10.0.0.2", 6, 1, 22}, true},
    {"permit tcp any any neq telnet", {"10.0.0.1", "10.0.0.2", 6, 1, 23}, false},
    {"permit tcp any any lt 10", {"10.0.0.1", "10.0.0.2", 6, 1, 9}, true},
    {"permit tcp any any lt 10", {"10.0.0.1", "10.0.0.2", 6, 1, 10}, false},
    {"permit tcp any any gt 10", {"10.0.0.1", "10.0.0.2", 6, 1, 11}, true},
    {"permit tcp any any gt 10", {"10.0.0.1", "10.0.0.2", 6, 1, 10}, false},
    {"permit tcp any any range 10 12", {"10.0.0.1", "10.0.0.2", 6, 1, 10}, true},
    {"permit tcp any any range 10 12", {"10.0.0.1", "10.0.0.2", 6, 1, 12}, true},
    {"permit tcp any any range 10 12", {"10.0.0.1", "10.0.0.2", 6, 1, 13}, false},
    // A later fragment: what is to be protected never leaves in the clear in pieces.
    {"permit udp any any eq 53", {"10.0.0.1", "10.0.0.2", 17, -1, -1}, true},
    {"deny udp any any eq 53", {"10.0.0.1", "10.0.0.2", 17, -1, -1}, false},
    {"deny udp any any", {"10.0.0.1", "10.0.0.2", 17, -1, -1}, true},
};

/// Lines meet the packets that they are about.
class AccessMatchTest : public TestCase
{
  public:
    AccessMatchTest()
        : TestCase("lines and packets")
    {
    }

  private:
    void DoRun() override
    {
        for (const MatchRow& row : MATCH_ROWS)
        {
            const AccessLine line = ReadAccessLine(row.line);
            const AccessSubject subject = ToSubject(row.packet);
            NS_TEST_EXPECT_MSG_EQ(WriteAccessLine(line).substr(0, 4),
                                  std::string(row.line).substr(0, 4),
                                  "the line is read");
            NS_TEST_EXPECT_MSG_EQ(line.Matches(subject), row.matches, row.line);
            const bool twice = line.Matches(subject.Mirrored().Mirrored());
            NS_TEST_EXPECT_MSG_EQ(twice, row.matches, "a mirror of a mirror: " << row.line);
        }
        const AccessLine line = ReadAccessLine("permit udp host 10.0.0.1 eq 7 host 10.0.0.2 eq 9");
        const AccessSubject subject = ToSubject({"10.0.0.2", "10.0.0.1", 17, 9, 7});
        NS_TEST_EXPECT_MSG_EQ(line.Matches(subject), false, "an answer");
        NS_TEST_EXPECT_MSG_EQ(line.Matches(subject.Mirrored()), true, "mirrored");
    }
};

/// A line and its proxy identities.
struct SelectorRow
{
    const char* line;   ///< behind `access-list 101`
    const char* local;  ///< empty: IKE has no words for it
    const char* remote; ///< the same
};

const SelectorRow SELECTOR_ROWS[] = {
    {"permit ip any any", "0.0.0.0/0", "0.0.0.0/0"},
    {"permit ip host 10.0.0.1 10.2.0.0 0.0.255.255", "10.0.0.1/32", "10.2.0.0/16"},
    {"permit gre host 10.0.0.1 any", "10.0.0.1/32[47]", "0.0.0.0/0[47]"},
    {"permit tcp host 10.0.0.1 eq telnet any", "10.0.0.1/32[6/23]", "0.0.0.0/0[6]"},
    {"permit tcp host 10.0.0.1 gt 1023 any eq www", "", "0.0.0.0/0[6/80]"},
    {"permit tcp any neq 5 any range 1 5", "", ""},
    {"permit tcp any lt 5 any", "", "0.0.0.0/0[6]"},
    {"permit ip 10.0.0.1 0.0.255.0 any", "", "0.0.0.0/0"},
    {"permit ip any 10.0.0.0 255.255.255.0", "0.0.0.0/0", ""},
};

/// What IKE calls the two sides of a line (RFC 2407 4.6.2).
class AccessSelectorTest : public TestCase
{
  public:
    AccessSelectorTest()
        : TestCase("proxy identities of lines")
    {
    }

  private:
    void DoRun() override
    {
        for (const SelectorRow& row : SELECTOR_ROWS)
        {
            const AccessLine line = ReadAccessLine(row.line);
            NS_TEST_EXPECT_MSG_EQ(ToText(line.SourceSelector()), row.local, row.line);
            NS_TEST_EXPECT_MSG_EQ(ToText(line.DestinationSelector()), row.remote, row.line);
        }
    }

    static std::string ToText(const std::optional<Selector>& selector)
    {
        return selector ? selector->ToString() : std::string{};
    }
};

/// A line as typed and as IOS shows it.
struct WordsRow
{
    const char* typed; ///< behind `access-list 101`
    const char* shown; ///< the same
};

const WordsRow WORDS_ROWS[] = {
    {"permit ip any any", "permit ip any any"},
    {"perm ip 10.1.2.3 0.0.255.255 a", "permit ip 10.1.0.0 0.0.255.255 any"},
    {"deny 0 h 1.2.3.4 1.2.3.4 0.0.0.0", "deny ip host 1.2.3.4 host 1.2.3.4"},
    {"permit 6 any any", "permit tcp any any"},
    {"permit 50 any 9.9.9.9 255.255.255.255", "permit esp any any"},
    {"permit 200 any any", "permit 200 any any"},
    {"permit ahp any any", "permit ahp any any"},
    {"permit ipinip any any", "permit ipinip any any"},
    {"permit igmp any any", "permit igmp any any"},
    {"permit udp any eq 500 any eq 4500", "permit udp any eq isakmp any eq non500-isakmp"},
    {"permit udp any range 53 bootpc any", "permit udp any range domain bootpc any"},
    {"permit tcp any any eq 80 log", "permit tcp any any eq www log"},
    {"permit tcp any any eq 500", "permit tcp any any eq 500"},
    {"permit tcp any l 7 any neq 65535", "permit tcp any lt echo any neq 65535"},
};

/// Lines are read in any of their forms and shown in one.
class AccessWordsTest : public TestCase
{
  public:
    AccessWordsTest()
        : TestCase("words of lines")
    {
    }

  private:
    void DoRun() override
    {
        for (const WordsRow& row : WORDS_ROWS)
        {
            const RouterConfig config =
                ReadConfig(std::string("access-list 101 ") + row.typed + "\n").config;
            const std::string shown = std::string("\naccess-list 101 ") + row.shown + "\n!\n";
            NS_TEST_EXPECT_MSG_NE(WriteIos(config).find(shown), std::string::npos, row.typed);
        }
    }
};

/// Lines of access lists, without any list.
class IpsecAccessLineTestSuite : public TestSuite
{
  public:
    IpsecAccessLineTestSuite()
        : TestSuite("ipsec-access-line", Type::UNIT)
    {
        AddTestCase(new AccessMatchTest, TestDuration::QUICK);
        AddTestCase(new AccessSelectorTest, TestDuration::QUICK);
        AddTestCase(new AccessWordsTest, TestDuration::QUICK);
    }
};

IpsecAccessLineTestSuite g_ipsecAccessLineTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
