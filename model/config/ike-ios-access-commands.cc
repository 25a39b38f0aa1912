/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-access-words.h"
#include "ike-ios-commands.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = IosMode::Kind;
using Result = std::optional<ConfigError>;

const Result DONE = std::nullopt; ///< the line was right

constexpr uint32_t SEQUENCE_STEP = 10;        ///< between lines that nobody numbered, as in IOS
constexpr uint32_t MAX_SEQUENCE = 2147483647; ///< IOS
const char* const EXTENDED = "expected a number from 100 to 199 or from 2000 to 2699";

/// Is this the number of an extended list of IP?
bool
IsExtendedNumber(uint64_t number)
{
    return (100 <= number && number <= 199) || (2000 <= number && number <= 2699);
}

bool
IsStandardNumber(uint64_t number)
{
    return (1 <= number && number <= 99) || (1300 <= number && number <= 1999);
}

/// What is wrong with a number that no extended list has.
Result
RefuseNumber(const IosContext& c, const char* argument)
{
    const uint64_t number = c.args.GetNumber(argument);
    if (IsExtendedNumber(number))
    {
        return DONE;
    }
    return c.Refuse(argument,
                    IsStandardNumber(number)
                        ? "is the number of a standard list, which names no destination: what "
                          "crypto maps match has both ends"
                        : "is not the number of an access list for IP",
                    EXTENDED);
}

Result
RefuseStandardList(IosContext& c)
{
    return RefuseNumber(c, "number");
}

/// A list by its name; it is made when it is not there yet.
AccessListText&
OpenList(IosContext& c, const std::string& name)
{
    AccessListText& list = c.config.accessLists[name];
    if (list.name.empty())
    {
        list.name = name;
        list.position = c.line;
    }
    return list;
}

/// The list of the line (`access-list NUMBER`) or of the open block.
AccessListText&
OpenListOfLine(IosContext& c)
{
    const bool isNumbered = c.args.Find("list");
    return OpenList(c, isNumbered ? c.args.GetValue("list") : c.mode.name);
}

PortCondition
ReadPorts(const IosContext& c, const char* argument)
{
    const bool isThere = c.args.Find(argument);
    return isThere ? ParseAccessPorts(c.args.GetValue(argument)) : PortCondition{};
}

/// What a line says, without its number.
AccessListLine
ReadLine(const IosContext& c)
{
    AccessListLine read;
    read.position = c.line;
    if (c.args.Find("remark"))
    {
        read.remark = c.args.GetValue("remark");
        return read;
    }
    read.line.permit = c.args.GetValue("action") == "permit";
    read.line.protocol = ReadAccessProtocol(c.args.GetValue("protocol"));
    read.line.source = ParseAccessEndpoint(c.args.GetValue("source"));
    read.line.destination = ParseAccessEndpoint(c.args.GetValue("destination"));
    read.line.sourcePort = ReadPorts(c, "source-ports");
    read.line.destinationPort = ReadPorts(c, "destination-ports");
    read.log = c.args.Find("log");
    return read;
}

/// Do both match the same packets, or remark the same?
bool
SaysTheSame(const AccessListLine& a, const AccessListLine& b)
{
    return a.line == b.line && a.remark == b.remark;
}

/// The lines of a list are few; what is at its end is added most often.
std::map<uint32_t, AccessListLine>::iterator
FindLine(AccessListText& list, const AccessListLine& line)
{
    const auto same = [&](const auto& other) { return SaysTheSame(other.second, line); };
    return std::find_if(list.lines.begin(), list.lines.end(), same);
}

/// A line that is there already stays where it is, as in IOS; remarks may be repeated.
Result
AddLine(IosContext& c)
{
    const bool isNumbered = c.args.Find("list");
    const Result wrong = isNumbered ? RefuseNumber(c, "list") : DONE;
    if (wrong)
    {
        return wrong;
    }
    const AccessListLine line = ReadLine(c);
    AccessListText& list = OpenListOfLine(c);
    const bool isThere = FindLine(list, line) != list.lines.end();
    if (isThere && !line.IsRemark() && !c.args.Find("sequence"))
    {
        return DONE;
    }
    const uint32_t last = list.lines.empty() ? 0 : list.lines.rbegin()->first;
    if (last > MAX_SEQUENCE - SEQUENCE_STEP)
    {
        return ConfigError{c.line,
                           list.name,
                           "the access list is full: its last line has the "
                           "highest number",
                           {}};
    }
    list.lines[last + SEQUENCE_STEP] = line;
    return DONE;
}

/// A number says where a line stands. It belongs to one line, and a line stands in one place.
Result
InsertLine(IosContext& c)
{
    const AccessListLine line = ReadLine(c);
    AccessListText& list = OpenListOfLine(c);
    const auto sequence = static_cast<uint32_t>(c.args.GetNumber("sequence"));
    const auto taken = list.lines.find(sequence);
    if (taken != list.lines.end() && !SaysTheSame(taken->second, line))
    {
        return c.Refuse("sequence",
                        "is the number of another line",
                        "type 'no " + std::to_string(sequence) + "' first");
    }
    const auto same = FindLine(list, line);
    if (same != list.lines.end() && same->first != sequence && !line.IsRemark())
    {
        return c.Refuse("sequence",
                        "the line is there already and has the number " +
                            std::to_string(same->first),
                        "type 'no " + std::to_string(same->first) + "' first");
    }
    list.lines[sequence] = line;
    return DONE;
}

Result
RemoveLine(IosContext& c)
{
    AccessListText& list = OpenListOfLine(c);
    const auto found = FindLine(list, ReadLine(c));
    if (found == list.lines.end())
    {
        return ConfigError{c.line, list.name, "the access list has no such line", {}};
    }
    list.lines.erase(found);
    return DONE;
}

Result
RemoveSequence(IosContext& c)
{
    AccessListText& list = OpenListOfLine(c);
    if (list.lines.erase(static_cast<uint32_t>(c.args.GetNumber("sequence"))) == 0)
    {
        return c.Refuse("sequence", "the access list has no line of this number");
    }
    return DONE;
}

Result
RefuseOption(IosContext& c)
{
    const std::string option = c.args.GetValue("option");
    return c.Refuse("option", "'" + option + "' in an access list is known but not supported yet");
}

/// `ip access-list extended NAME`, where the name may be a number, too.
Result
EnterList(IosContext& c)
{
    const std::string name = c.args.GetValue("name");
    const bool isNumber = name.find_first_not_of("0123456789") == std::string::npos;
    if (isNumber && (name.size() > 4 || !IsExtendedNumber(std::stoul(name)) || name[0] == '0'))
    {
        return c.Refuse("name", "is not the number of an extended access list", EXTENDED);
    }
    OpenList(c, name);
    c.mode = IosMode{Kind::AccessList, name};
    return DONE;
}

/// As in IOS, `no access-list NUMBER` removes the whole list, whatever follows.
Result
RemoveList(IosContext& c)
{
    if (c.config.accessLists.erase(c.args.GetValue("name")) == 0)
    {
        return c.Refuse("name", "there is no access list of this name");
    }
    return DONE;
}

// Parts of patterns that occur more than once; macros, since only literals can be put together.
#define NUMBER "access-list <list:number:100-2699> "
#define SEQUENCE "<sequence:number:1-2147483647>"
#define ACTION "<action:permit|deny> "
#define ANY_PORTS "<source:endpoint> <destination:endpoint>"
#define TCP_PORTS                                                                                  \
    "<source:endpoint> [ <source-ports:tcp-ports> ] "                                              \
    "<destination:endpoint> [ <destination-ports:tcp-ports> ]"
#define UDP_PORTS                                                                                  \
    "<source:endpoint> [ <source-ports:udp-ports> ] "                                              \
    "<destination:endpoint> [ <destination-ports:udp-ports> ]"
#define OPTION                                                                                     \
    " <option:established|fragments|log-input|precedence|tos|dscp|time-range|reflect|option|ttl|"  \
    "ack|fin|psh|rst|syn|urg|match-any|match-all|echo|echo-reply|unreachable|redirect|"            \
    "time-exceeded|ttl-exceeded|packet-too-big|host-unreachable|net-unreachable|port-unreachable|" \
    "administratively-prohibited|traceroute> [ <rest:line> ]"

/// What a line says, behind `permit` or `deny`.
const char* const BODIES[] = {
    "<protocol:ip|icmp|igmp|ipinip|gre|esp|ahp|eigrp|ospf|pim|pcp> " ANY_PORTS,
    "<protocol:number:0-255> " ANY_PORTS,
    "<protocol:tcp> " TCP_PORTS,
    "<protocol:udp> " UDP_PORTS,
};

} // namespace

std::vector<IosCommand>
MakeIosAccessCommands()
{
    std::vector<IosCommand> commands = {
        {Kind::Global,
         false,
         "access-list <number:number:1-99> [ <rest:line> ]",
         RefuseStandardList,
         true},
        {Kind::Global,
         false,
         "access-list <number:number:200-1999> [ <rest:line> ]",
         RefuseStandardList,
         true},
        {Kind::Global, false, NUMBER "remark <remark:line>", AddLine},
        {Kind::Global, true, "access-list <name:number:1-2699> [ <rest:line> ]", RemoveList},
        {Kind::Global, false, "ip access-list extended <name:word>", EnterList},
        {Kind::Global, true, "ip access-list extended <name:word>", RemoveList},
        {Kind::AccessList, false, "remark <remark:line>", AddLine},
        {Kind::AccessList, false, SEQUENCE " remark <remark:line>", InsertLine},
        {Kind::AccessList, true, "remark <remark:line>", RemoveLine},
        {Kind::AccessList, true, SEQUENCE, RemoveSequence},
    };
    for (const char* const text : BODIES)
    {
        const std::string body = text;
        const std::string logged = body + " [ <log:log> ]";
        const std::string optional = body + " [ <log:log> ]" OPTION;
        commands.push_back({Kind::Global, false, NUMBER ACTION + logged, AddLine});
        commands.push_back({Kind::Global, false, NUMBER ACTION + optional, RefuseOption, true});
        commands.push_back({Kind::AccessList, false, ACTION + logged, AddLine});
        commands.push_back({Kind::AccessList, false, SEQUENCE " " ACTION + logged, InsertLine});
        commands.push_back(
            {Kind::AccessList, false, "[ " SEQUENCE " ] " ACTION + optional, RefuseOption, true});
        commands.push_back({Kind::AccessList, true, ACTION + logged, RemoveLine});
    }
    return commands;
}

} // namespace ike
} // namespace ns3
