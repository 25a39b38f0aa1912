/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-gate-fixture.h"

#include "ike-test-octets.h"

#include <map>
#include <sstream>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

uint8_t
ProtocolOf(const std::string& name)
{
    static const std::map<std::string, uint8_t> numbers{{"ip", 0},
                                                        {"icmp", 1},
                                                        {"tcp", 6},
                                                        {"udp", 17},
                                                        {"gre", 47},
                                                        {"esp", 50}};
    return numbers.at(name);
}

WildcardAddress
WildcardOf(const std::string& text)
{
    if (text == "any")
    {
        return WildcardAddress();
    }
    const size_t slash = text.find('/');
    const unsigned length = slash == std::string::npos ? 32 : std::stoul(text.substr(slash + 1));
    return WildcardAddress{IpAddress::Parse(text.substr(0, slash)).value().ToV4(),
                           ~MaskOfPrefixLength(length)};
}

} // namespace

AccessLine
MakeAccessLine(const std::string& text)
{
    std::istringstream words(text);
    std::string action;
    std::string protocol;
    std::string source;
    std::string destination;
    words >> action >> protocol >> source >> destination;
    AccessLine line;
    line.permit = action == "permit";
    line.protocol = ProtocolOf(protocol);
    line.source = WildcardOf(source);
    line.destination = WildcardOf(destination);
    uint16_t port = 0;
    while (words >> action >> port)
    {
        PortCondition& side = action == "from" ? line.sourcePort : line.destinationPort;
        side = PortCondition{PortCondition::Operator::Equal, port, 0};
    }
    return line;
}

PolicyLine
MakeLine(const std::string& text, const std::vector<ConnectionId>& connections)
{
    return PolicyLine{MakeAccessLine(text), connections};
}

IpPacketView
MakeView(const std::string& text)
{
    std::istringstream words(text);
    std::string source;
    std::string destination;
    std::string protocol;
    std::string more;
    words >> source >> destination >> protocol;
    IpPacketView view;
    view.header.source = IpAddress::Parse(source).value();
    view.header.destination = IpAddress::Parse(destination).value();
    view.protocol = ProtocolOf(protocol);
    view.payloadProtocol = view.protocol;
    while (words >> more)
    {
        view.isFragment = more == "piece";
        if (!view.isFragment)
        {
            (view.sourcePort ? view.destinationPort : view.sourcePort) =
                static_cast<uint16_t>(std::stoul(more));
        }
    }
    return view;
}

PassiveModeRules
Passive()
{
    PassiveModeRules rules;
    rules.enabled = true;
    return rules;
}

PassiveModeRules
Strict()
{
    return PassiveModeRules();
}

GateNode::GateNode(const std::vector<PolicyEntry>& e, const PassiveModeRules& rules, Instant now)
{
    Configure(e, rules, now);
}

size_t
GateNode::Configure(const std::vector<PolicyEntry>& e, const PassiveModeRules& rules, Instant now)
{
    entries = e;
    return gate.Configure({InterfacePolicy{"Ethernet1/0", entries}}, rules, now);
}

std::string
GateNode::Out(Instant now, const std::string& packet)
{
    const GateOutbound got = gate.Outbound(now, 0, MakeView(packet), plane);
    Note(got.message);
    std::string text = got.passive ? "clear" : ToString(got.verdict.action);
    if (got.verdict.action == VerdictAction::Discard)
    {
        text = "drop " + ToString(got.verdict.reason);
    }
    text += got.connection != 0 ? " " + std::to_string(got.connection) : "";
    return text + (got.acquire ? " try " + std::to_string(*got.acquire) : "");
}

std::string
GateNode::In(Instant now, const std::string& packet)
{
    const GateInbound got = gate.Inbound(now, 0, MakeView(packet));
    Note(got.message);
    if (got.verdict.action == VerdictAction::Discard)
    {
        return "drop " + ToString(got.verdict.reason);
    }
    return got.passive ? "clear" : ToString(got.verdict.action);
}

void
GateNode::Up(ConnectionId connection, const ManualSaParameters& parameters)
{
    const ManualSaPair pair = MakeManualSaPair(parameters);
    plane.InstallInbound(pair.inbound);
    plane.InstallOutbound(pair.outbound);
    plane.SelectOutbound(connection, pair.outbound.pair);
    gate.NoteSelected(connection, true);
}

void
GateNode::Up(ConnectionId connection)
{
    ManualSaParameters p;
    p.connection = connection;
    p.localTraffic = IpPrefix::AnyV4();
    p.remoteTraffic = IpPrefix::AnyV4();
    p.integrity = IntegrityAlgorithm::HmacSha1_96;
    p.inbound = ManualKeys{1000 + connection, {}, Counting(20, 1)};
    p.outbound = ManualKeys{2000 + connection, {}, Counting(20, 2)};
    Up(connection, p);
}

void
GateNode::Down(ConnectionId connection)
{
    plane.SelectOutbound(connection, 0);
    plane.RemoveOutbound(MANUAL_PAIR_BIT | connection);
    plane.RemoveInbound(MANUAL_PAIR_BIT | connection);
    gate.NoteSelected(connection, false);
}

void
GateNode::Note(const std::optional<GateMessage>& message)
{
    if (message)
    {
        log.push_back(message->ToString());
    }
}

} // namespace tests
} // namespace ike
} // namespace ns3
