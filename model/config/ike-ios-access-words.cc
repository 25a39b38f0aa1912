/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-access-words.h"

#include "ike-nearest-name.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t PROTOCOL_TCP = 6;
constexpr uint8_t PROTOCOL_UDP = 17;

/// A protocol of IP by its name in IOS.
struct ProtocolWord
{
    const char* word; ///< as IOS writes it
    uint8_t protocol; ///< its number (IANA); 0: any
};

const ProtocolWord PROTOCOL_WORDS[] = {
    {"ip", 0},
    {"icmp", 1},
    {"igmp", 2},
    {"ipinip", 4},
    {"tcp", PROTOCOL_TCP},
    {"udp", PROTOCOL_UDP},
    {"gre", 47},
    {"esp", 50},
    {"ahp", 51},
    {"eigrp", 88},
    {"ospf", 89},
    {"pim", 103},
    {"pcp", 108},
};

/// A port by its name in IOS.
struct PortWord
{
    const char* word; ///< as IOS writes it
    uint8_t protocol; ///< where it has this name
    uint16_t port;    ///< its number
};

const PortWord PORT_WORDS[] = {
    {"echo", PROTOCOL_TCP, 7},          {"discard", PROTOCOL_TCP, 9},
    {"daytime", PROTOCOL_TCP, 13},      {"chargen", PROTOCOL_TCP, 19},
    {"ftp-data", PROTOCOL_TCP, 20},     {"ftp", PROTOCOL_TCP, 21},
    {"telnet", PROTOCOL_TCP, 23},       {"smtp", PROTOCOL_TCP, 25},
    {"time", PROTOCOL_TCP, 37},         {"nicname", PROTOCOL_TCP, 43},
    {"whois", PROTOCOL_TCP, 43},        {"tacacs", PROTOCOL_TCP, 49},
    {"domain", PROTOCOL_TCP, 53},       {"gopher", PROTOCOL_TCP, 70},
    {"finger", PROTOCOL_TCP, 79},       {"www", PROTOCOL_TCP, 80},
    {"hostname", PROTOCOL_TCP, 101},    {"pop2", PROTOCOL_TCP, 109},
    {"pop3", PROTOCOL_TCP, 110},        {"sunrpc", PROTOCOL_TCP, 111},
    {"ident", PROTOCOL_TCP, 113},       {"nntp", PROTOCOL_TCP, 119},
    {"bgp", PROTOCOL_TCP, 179},         {"irc", PROTOCOL_TCP, 194},
    {"pim-auto-rp", PROTOCOL_TCP, 496}, {"exec", PROTOCOL_TCP, 512},
    {"login", PROTOCOL_TCP, 513},       {"cmd", PROTOCOL_TCP, 514},
    {"lpd", PROTOCOL_TCP, 515},         {"talk", PROTOCOL_TCP, 517},
    {"uucp", PROTOCOL_TCP, 540},        {"klogin", PROTOCOL_TCP, 543},
    {"kshell", PROTOCOL_TCP, 544},      {"echo", PROTOCOL_UDP, 7},
    {"discard", PROTOCOL_UDP, 9},       {"time", PROTOCOL_UDP, 37},
    {"nameserver", PROTOCOL_UDP, 42},   {"tacacs", PROTOCOL_UDP, 49},
    {"domain", PROTOCOL_UDP, 53},       {"bootps", PROTOCOL_UDP, 67},
    {"bootpc", PROTOCOL_UDP, 68},       {"tftp", PROTOCOL_UDP, 69},
    {"sunrpc", PROTOCOL_UDP, 111},      {"ntp", PROTOCOL_UDP, 123},
    {"netbios-ns", PROTOCOL_UDP, 137},  {"netbios-dgm", PROTOCOL_UDP, 138},
    {"netbios-ss", PROTOCOL_UDP, 139},  {"snmp", PROTOCOL_UDP, 161},
    {"snmptrap", PROTOCOL_UDP, 162},    {"xdmcp", PROTOCOL_UDP, 177},
    {"dnsix", PROTOCOL_UDP, 195},       {"mobile-ip", PROTOCOL_UDP, 434},
    {"pim-auto-rp", PROTOCOL_UDP, 496}, {"isakmp", PROTOCOL_UDP, 500},
    {"biff", PROTOCOL_UDP, 512},        {"who", PROTOCOL_UDP, 513},
    {"syslog", PROTOCOL_UDP, 514},      {"talk", PROTOCOL_UDP, 517},
    {"rip", PROTOCOL_UDP, 520},         {"non500-isakmp", PROTOCOL_UDP, 4500},
};

/// A comparison by its name in IOS.
struct OperatorWord
{
    const char* word;           ///< as IOS writes it
    PortCondition::Operator op; ///< what it means
};

const OperatorWord OPERATOR_WORDS[] = {
    {"eq", PortCondition::Operator::Equal},
    {"neq", PortCondition::Operator::NotEqual},
    {"lt", PortCondition::Operator::Less},
    {"gt", PortCondition::Operator::Greater},
    {"range", PortCondition::Operator::Range},
};

const char* const AN_ADDRESS = "an IPv4 address A.B.C.D";
const char* const A_WILDCARD = "a wildcard A.B.C.D";

/// Does a word, cut or not, stand for a keyword?
bool
StandsFor(const std::string& word, const std::string& keyword)
{
    return !word.empty() && keyword.compare(0, word.size(), ToLowerCase(word)) == 0;
}

/// The first words were right, and this is wrong with what follows, or it is not there.
AccessPhrase
MakeWrong(size_t right, const std::string& message, const std::vector<std::string>& next)
{
    AccessPhrase phrase;
    phrase.wordCount = right;
    phrase.message = message.empty() ? "the command is incomplete" : message;
    phrase.next = next;
    return phrase;
}

AccessPhrase
MakeRead(const std::string& value, size_t wordCount)
{
    AccessPhrase phrase;
    phrase.value = value;
    phrase.wordCount = wordCount;
    return phrase;
}

/// The two words of `A WILDCARD`.
AccessPhrase
ReadAddressAndWildcard(const std::vector<IosWord>& words, size_t first)
{
    const std::string bad = DescribeBadIosAddress(words[first].text);
    if (!bad.empty())
    {
        return MakeWrong(0, bad, {"any", "host", AN_ADDRESS});
    }
    if (first + 1 == words.size())
    {
        return MakeWrong(1, "", {A_WILDCARD});
    }
    if (!DescribeBadIosAddress(words[first + 1].text).empty())
    {
        const std::string host = "'host " + words[first].text + "' in place of the address alone";
        return MakeWrong(1, "is not a wildcard", {A_WILDCARD, host});
    }
    return MakeRead(words[first].text + " " + words[first + 1].text, 2);
}

/// A port by number or name; empty when it is neither.
std::string
ReadPort(const std::string& word, uint8_t protocol)
{
    if (word.find_first_not_of("0123456789") == std::string::npos)
    {
        const bool fits = word.size() <= 5 && std::stoul(word) <= 65535;
        return fits ? std::to_string(std::stoul(word)) : std::string{};
    }
    for (const PortWord& row : PORT_WORDS)
    {
        if (row.protocol == protocol && ToLowerCase(word) == row.word)
        {
            return std::to_string(row.port);
        }
    }
    return {};
}

/// What may be typed for a port.
std::vector<std::string>
DescribePorts(const std::string& word, uint8_t protocol)
{
    std::vector<std::string> names;
    for (const PortWord& row : PORT_WORDS)
    {
        if (row.protocol == protocol)
        {
            names.emplace_back(row.word);
        }
    }
    const std::string hint = MakeNearestHint(word, names);
    const std::string name = protocol == PROTOCOL_UDP ? "such as isakmp" : "such as telnet";
    return {"a port from 0 to 65535", "its name " + name + (hint.empty() ? "" : "; " + hint)};
}

std::string
WriteProtocol(uint8_t protocol)
{
    for (const ProtocolWord& row : PROTOCOL_WORDS)
    {
        if (row.protocol == protocol)
        {
            return row.word;
        }
    }
    return std::to_string(protocol);
}

/// A port by its name in IOS, if it has one.
std::string
WritePort(uint16_t port, uint8_t protocol)
{
    for (const PortWord& row : PORT_WORDS)
    {
        if (row.protocol == protocol && row.port == port)
        {
            return row.word;
        }
    }
    return std::to_string(port);
}

/// " eq isakmp", " range 1 9", with a blank before it.
std::string
WritePorts(const PortCondition& condition, uint8_t protocol)
{
    for (const OperatorWord& row : OPERATOR_WORDS)
    {
        if (row.op == condition.op)
        {
            const bool isRange = condition.op == PortCondition::Operator::Range;
            return std::string(" ") + row.word + " " + WritePort(condition.low, protocol) +
                   (isRange ? " " + WritePort(condition.high, protocol) : "");
        }
    }
    return {};
}

} // namespace

std::string
DescribeBadIosAddress(const std::string& text)
{
    const auto address = IpAddress::Parse(text);
    return !address           ? "is not an IPv4 address"
           : !address->IsV4() ? "is an IPv6 address: IPv6 is known but not supported yet"
                              : "";
}

AccessPhrase
ReadAccessEndpoint(const std::vector<IosWord>& words, size_t first)
{
    const std::string& word = words[first].text;
    if (StandsFor(word, "any"))
    {
        return MakeRead("0.0.0.0 255.255.255.255", 1);
    }
    if (!StandsFor(word, "host"))
    {
        return ReadAddressAndWildcard(words, first);
    }
    if (first + 1 == words.size())
    {
        return MakeWrong(1, "", {AN_ADDRESS});
    }
    const std::string bad = DescribeBadIosAddress(words[first + 1].text);
    return bad.empty() ? MakeRead(words[first + 1].text + " 0.0.0.0", 2)
                       : MakeWrong(1, bad, {AN_ADDRESS});
}

AccessPhrase
ReadAccessPorts(const std::vector<IosWord>& words, size_t first, uint8_t protocol)
{
    const auto row =
        std::find_if(std::begin(OPERATOR_WORDS),
                     std::end(OPERATOR_WORDS),
                     [&](const OperatorWord& op) { return StandsFor(words[first].text, op.word); });
    if (row == std::end(OPERATOR_WORDS))
    {
        AccessPhrase other;
        other.isOther = true;
        return other;
    }
    std::string value = row->word;
    const size_t count = row->op == PortCondition::Operator::Range ? 3 : 2;
    for (size_t i = 1; i < count; i++)
    {
        const bool isThere = first + i < words.size();
        const std::string word = isThere ? words[first + i].text : "";
        const std::string port = isThere ? ReadPort(word, protocol) : "";
        if (port.empty())
        {
            return MakeWrong(i, isThere ? "is not a port" : "", DescribePorts(word, protocol));
        }
        value += " " + port;
    }
    const PortCondition condition = ParseAccessPorts(value);
    if (condition.op == PortCondition::Operator::Range && condition.low > condition.high)
    {
        return MakeWrong(2, "is below the first port of the range", {"a port that is not"});
    }
    return MakeRead(value, count);
}

WildcardAddress
ParseAccessEndpoint(const std::string& value)
{
    const size_t blank = value.find(' ');
    const IpAddress none = IpAddress::V4(0);
    WildcardAddress endpoint;
    endpoint.wildcard = IpAddress::Parse(value.substr(blank + 1)).value_or(none).ToV4();
    endpoint.address =
        IpAddress::Parse(value.substr(0, blank)).value_or(none).ToV4() & ~endpoint.wildcard;
    return endpoint;
}

PortCondition
ParseAccessPorts(const std::string& value)
{
    const std::vector<IosWord> words = SplitIosWords(value);
    PortCondition condition;
    for (const OperatorWord& row : OPERATOR_WORDS)
    {
        if (!words.empty() && words.front().text == row.word)
        {
            condition.op = row.op;
            condition.low = static_cast<uint16_t>(std::stoul(words[1].text));
            condition.high =
                words.size() > 2 ? static_cast<uint16_t>(std::stoul(words[2].text)) : 0;
        }
    }
    return condition;
}

uint8_t
ReadAccessProtocol(const std::string& word)
{
    for (const ProtocolWord& row : PROTOCOL_WORDS)
    {
        if (word == row.word)
        {
            return row.protocol;
        }
    }
    return static_cast<uint8_t>(std::stoul(word));
}

std::string
WriteAccessEndpoint(const WildcardAddress& address)
{
    const std::string number = IpAddress::V4(address.address & ~address.wildcard).ToString();
    return address.wildcard == 0xffffffffU ? "any"
           : address.wildcard == 0         ? "host " + number
                                   : number + " " + IpAddress::V4(address.wildcard).ToString();
}

std::string
WriteAccessLine(const AccessLine& line)
{
    return std::string(line.permit ? "permit " : "deny ") + WriteProtocol(line.protocol) + " " +
           WriteAccessEndpoint(line.source) + WritePorts(line.sourcePort, line.protocol) + " " +
           WriteAccessEndpoint(line.destination) + WritePorts(line.destinationPort, line.protocol);
}

} // namespace ike
} // namespace ns3
