/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-access-line.h"

namespace ns3
{
namespace ike
{

namespace
{

/// Does a port condition hold for a packet that may not show its ports?
bool
PortMatches(const PortCondition& condition, std::optional<uint16_t> port, bool permit)
{
    if (condition.op == PortCondition::Operator::Any)
    {
        return true;
    }
    return port ? condition.Matches(*port) : permit;
}

/// A side of a line as an identity of IKE.
std::optional<Selector>
SelectorOf(const WildcardAddress& address, uint8_t protocol, const PortCondition& port)
{
    const std::optional<IpPrefix> prefix = address.ToPrefix();
    const bool nameable =
        port.op == PortCondition::Operator::Any || port.op == PortCondition::Operator::Equal;
    if (!prefix || !nameable)
    {
        return std::nullopt;
    }
    Selector selector(*prefix);
    selector.protocol = protocol;
    selector.port = port.op == PortCondition::Operator::Equal ? port.low : 0;
    return selector;
}

/// The smallest network around a range.
WildcardAddress
Around(const Selector& selector)
{
    const uint32_t first = selector.first.ToV4();
    uint32_t wildcard = 0;
    while ((first | wildcard) < selector.last.ToV4())
    {
        wildcard = wildcard << 1 | 1;
    }
    return WildcardAddress{first & ~wildcard, wildcard};
}

/// One port, or any.
PortCondition
ConditionOf(const Selector& selector)
{
    PortCondition condition;
    condition.op =
        selector.port == 0 ? PortCondition::Operator::Any : PortCondition::Operator::Equal;
    condition.low = selector.port;
    return condition;
}

} // namespace

bool
WildcardAddress::Matches(const IpAddress& a) const
{
    return a.IsV4() && (a.ToV4() | wildcard) == (address | wildcard);
}

std::optional<IpPrefix>
WildcardAddress::ToPrefix() const
{
    const std::optional<unsigned> length = PrefixLengthOfMask(~wildcard);
    if (!length)
    {
        return std::nullopt;
    }
    return IpPrefix{IpAddress::V4(address & ~wildcard), *length};
}

bool
PortCondition::Matches(uint16_t port) const
{
    switch (op)
    {
    case Operator::Any:
        return true;
    case Operator::Equal:
        return port == low;
    case Operator::NotEqual:
        return port != low;
    case Operator::Less:
        return port < low;
    case Operator::Greater:
        return port > low;
    case Operator::Range:
        return low <= port && port <= high;
    }
    return false;
}

AccessSubject
AccessSubject::Mirrored() const
{
    return AccessSubject{destination, source, protocol, destinationPort, sourcePort};
}

bool
AccessLine::Matches(const AccessSubject& subject) const
{
    return (protocol == 0 || protocol == subject.protocol) && source.Matches(subject.source) &&
           destination.Matches(subject.destination) &&
           PortMatches(sourcePort, subject.sourcePort, permit) &&
           PortMatches(destinationPort, subject.destinationPort, permit);
}

std::optional<Selector>
AccessLine::SourceSelector() const
{
    return SelectorOf(source, protocol, sourcePort);
}

std::optional<Selector>
AccessLine::DestinationSelector() const
{
    return SelectorOf(destination, protocol, destinationPort);
}

AccessLine
MakeAccessLine(const Selector& source, const Selector& destination)
{
    AccessLine line;
    line.protocol = source.protocol;
    line.source = Around(source);
    line.destination = Around(destination);
    line.sourcePort = ConditionOf(source);
    line.destinationPort = ConditionOf(destination);
    return line;
}

} // namespace ike
} // namespace ns3
