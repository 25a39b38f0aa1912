/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-schedule.h"

#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// An endless conversation would be an error of the engine: better a failure than a hang.
constexpr unsigned LONGEST_RUN = 10000;

/// The datagram that a move means, which must exist.
uint32_t
FlightOf(World& world, const Move& move)
{
    const uint32_t from = world.FindNode(move.node);
    const std::optional<uint32_t> to =
        move.to.empty() ? std::nullopt : std::make_optional(world.FindNode(move.to));
    uint32_t place = move.place;
    for (const Flight& f : world.GetFlights())
    {
        if (f.from == from && (!to || f.to == *to) && world.IsFree(f) && --place == 0)
        {
            return f.id;
        }
    }
    const std::string which =
        move.place == 1 ? "nothing" : "no datagram " + std::to_string(move.place);
    throw std::invalid_argument(which + " of " + move.node +
                                (to ? " to " + move.to : std::string()) + " is in flight");
}

/// The connection of a node with a name. A copy: a move may change the node.
ConnectionConfig
ConnectionOf(const World& world, uint32_t node, const std::string& name)
{
    const std::vector<ConnectionConfig>& all = world.GetNode(node).engine.GetConfig().connections;
    for (const ConnectionConfig& c : all)
    {
        if (c.name == name)
        {
            return c;
        }
    }
    throw std::invalid_argument(world.GetNode(node).name + " has nothing that is called " + name);
}

void
SetReachable(World& world, const Move& move, bool up)
{
    const uint32_t node = world.FindNode(move.node);
    if (!move.text.empty())
    {
        world.SetReachable(node, ConnectionOf(world, node, move.text).id, up);
        return;
    }
    const std::vector<ConnectionConfig> all = world.GetNode(node).engine.GetConfig().connections;
    for (const ConnectionConfig& c : all)
    {
        world.SetReachable(node, c.id, up);
    }
}

/// Time passes, and the timers in it are taken; datagrams stay where they are.
void
Wait(World& world, Duration duration)
{
    const Instant end = world.Now() + duration;
    while (world.NextDeadline() <= end)
    {
        world.FireNextTimer();
    }
    world.AdvanceTo(end);
}

void
FireTimer(World& world, const std::string& node)
{
    if (node.empty() ? !world.FireNext() : !world.FireTimerOf(world.FindNode(node)))
    {
        throw std::invalid_argument("no timer is set");
    }
}

void
Run(World& world)
{
    for (unsigned i = 0; i < LONGEST_RUN; i++)
    {
        const std::vector<Flight>& flights = world.GetFlights();
        size_t next = 0;
        while (next < flights.size() && !world.IsFree(flights[next]))
        {
            next++;
        }
        if (next == flights.size())
        {
            return;
        }
        world.Deliver(flights[next].id);
    }
    throw std::invalid_argument(std::to_string(LONGEST_RUN) + " datagrams and no end");
}

/// An address inside of a selector, or the outer one where it says nothing.
IpAddress
InsideOf(const Selector& selector, const IpAddress& otherwise)
{
    return selector == Selector(IpPrefix::AnyV4()) ? otherwise : selector.first;
}

void
Offer(World& world, const Move& move)
{
    const uint32_t node = world.FindNode(move.node);
    if (const std::optional<WorldFlow> flow = world.FindFlow(node, move.text))
    {
        world.Offer(node, *flow);
        return;
    }
    const std::vector<ConnectionConfig>& all = world.GetNode(node).engine.GetConfig().connections;
    if (all.empty())
    {
        throw std::invalid_argument(move.node + " has no tunnel");
    }
    const ConnectionConfig c =
        move.text.empty() ? all.front() : ConnectionOf(world, node, move.text);
    world.Offer(node,
                c.id,
                MakeInnerPacket(InsideOf(c.localSelector, c.local),
                                InsideOf(c.remoteSelector, c.peer),
                                64));
}

void
Clear(World& world, const Move& move)
{
    ClearInput input;
    if (move.text == "isakmp" || move.text == "all")
    {
        input.isakmp = true;
        input.ipsec = move.text == "all";
    }
    else if (!move.text.empty())
    {
        throw std::invalid_argument("'" + move.text + "' cannot be cleared: isakmp, or all");
    }
    world.Give(world.FindNode(move.node), input);
}

} // namespace

void
MakeMove(World& world, const Move& move)
{
    switch (move.kind)
    {
    case MoveKind::Deliver:
        return world.Deliver(FlightOf(world, move));
    case MoveKind::Drop:
        return world.Drop(FlightOf(world, move));
    case MoveKind::Duplicate:
        world.Duplicate(FlightOf(world, move));
        return;
    case MoveKind::Late:
        return world.Postpone(FlightOf(world, move));
    case MoveKind::Delay:
        return world.Hold(FlightOf(world, move), world.Now() + move.duration);
    case MoveKind::Timer:
        return FireTimer(world, move.node);
    case MoveKind::Wait:
        return Wait(world, move.duration);
    case MoveKind::Run:
        return Run(world);
    case MoveKind::Start:
        return SetReachable(world, move, true);
    case MoveKind::Stop:
        return SetReachable(world, move, false);
    case MoveKind::Offer:
        return Offer(world, move);
    case MoveKind::Reboot:
        return world.Reboot(world.FindNode(move.node));
    case MoveKind::Clear:
        return Clear(world, move);
    case MoveKind::Configure:
        return world.Configure(world.FindNode(move.node), move.text);
    case MoveKind::Type:
        return world.Type(world.FindNode(move.node), move.text);
    }
}

void
RunMoves(World& world, const Moves& moves)
{
    for (size_t i = 0; i < moves.size(); i++)
    {
        try
        {
            MakeMove(world, moves[i]);
        }
        catch (const std::exception& e)
        {
            throw std::invalid_argument("word " + std::to_string(i + 1) + " '" +
                                        ToString(moves[i]) + "': " + e.what());
        }
    }
}

void
RunSchedule(World& world, const std::string& schedule)
{
    RunMoves(world, ParseSchedule(schedule));
}

Octets
MakeInnerPacket(const IpAddress& source, const IpAddress& destination, size_t payload)
{
    Octets p{0x45, 0};
    AppendNumber(p, 20 + payload, 2);
    AppendNumber(p, 0, 4);
    p.insert(p.end(), {64, 17});
    AppendNumber(p, 0, 2);
    Append(p, source.ToOctets());
    Append(p, destination.ToOctets());
    p.resize(20 + payload, 0);
    return p;
}

} // namespace ike
} // namespace ns3
