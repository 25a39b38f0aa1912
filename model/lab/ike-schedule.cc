/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-schedule.h"

#include <functional>
#include <map>
#include <sstream>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// The oldest datagram of a node, which must exist.
Flight
OldestOf(World& world, const std::string& node)
{
    const std::optional<Flight> flight = world.OldestFrom(world.FindNode(node));
    if (!flight)
    {
        throw std::invalid_argument("nothing of " + node + " is in flight");
    }
    return *flight;
}

void
SetAllReachable(World& world, const std::string& node, bool up)
{
    const uint32_t index = world.FindNode(node);
    const std::vector<ConnectionConfig> connections =
        world.GetNode(index).engine.GetConfig().connections;
    for (const ConnectionConfig& c : connections)
    {
        world.SetReachable(index, c.id, up);
    }
}

Duration
ParseDuration(const std::string& text)
{
    const size_t digits = text.find_first_not_of("0123456789");
    if (digits == 0 || digits == std::string::npos || digits > 9)
    {
        throw std::invalid_argument("'" + text + "' is not a number (up to 9 digits) and a unit");
    }
    const int64_t number = std::stoll(text.substr(0, digits));
    const std::string unit = text.substr(digits);
    static const std::map<std::string, int64_t> units{{"ns", 1},
                                                      {"us", 1000},
                                                      {"ms", 1000000},
                                                      {"s", 1000000000}};
    const auto it = units.find(unit);
    if (it == units.end())
    {
        throw std::invalid_argument("unit '" + unit + "' is not ns, us, ms or s");
    }
    return Duration{number * it->second};
}

/// Time passes, and the timers in it are taken; datagrams stay where they are.
void
Wait(World& world, const std::string& text)
{
    const Instant end = world.Now() + ParseDuration(text);
    while (world.NextDeadline() <= end)
    {
        world.FireNextTimer();
    }
    world.AdvanceTo(end);
}

void
RefuseObject(const std::string& object)
{
    if (!object.empty())
    {
        throw std::invalid_argument("nothing may follow the verb, not '" + object + "'");
    }
}

void
FireTimer(World& world, const std::string& object)
{
    RefuseObject(object);
    if (!world.FireNextTimer())
    {
        throw std::invalid_argument("no timer is set");
    }
}

void
Run(World& world, const std::string& object)
{
    RefuseObject(object);
    // An endless conversation would be an error of the engine: better a failure than a hang
    for (unsigned i = 0; !world.GetFlights().empty(); i++)
    {
        if (i == 10000)
        {
            throw std::invalid_argument("10000 datagrams and no end");
        }
        world.Deliver(world.GetFlights().front().id);
    }
}

void
Offer(World& world, const std::string& node)
{
    const uint32_t index = world.FindNode(node);
    const ConnectionConfig c = world.GetNode(index).engine.GetConfig().connections.at(0);
    world.Offer(index, c.id, MakeInnerPacket(c.local, c.peer, 64));
}

/// A word with its part before and behind the colon.
void
Make(World& world, const std::string& verb, const std::string& object)
{
    using Move = std::function<void(World&, const std::string&)>;
    static const std::map<std::string, Move> moves{
        {"start", [](World& w, const std::string& n) { SetAllReachable(w, n, true); }},
        {"stop", [](World& w, const std::string& n) { SetAllReachable(w, n, false); }},
        {"drop", [](World& w, const std::string& n) { w.Drop(OldestOf(w, n).id); }},
        {"dup", [](World& w, const std::string& n) { w.Duplicate(OldestOf(w, n).id); }},
        {"late",
         [](World& w, const std::string& n) {
             const uint32_t id = OldestOf(w, n).id;
             w.Duplicate(id);
             w.Drop(id);
         }},
        {"timer", FireTimer},
        {"wait", Wait},
        {"run", Run},
        {"offer", Offer},
        {"reboot", [](World& w, const std::string& n) { w.Reboot(w.FindNode(n)); }},
        {"clear", [](World& w, const std::string& n) { w.Give(w.FindNode(n), ClearInput{}); }},
    };
    const auto it = moves.find(verb);
    if (it != moves.end())
    {
        it->second(world, object);
        return;
    }
    world.Deliver(OldestOf(world, verb).id);
}

} // namespace

void
RunSchedule(World& world, const std::string& schedule)
{
    std::istringstream words(schedule);
    std::string word;
    for (unsigned place = 1; words >> word; place++)
    {
        const size_t colon = word.find(':');
        try
        {
            Make(world,
                 word.substr(0, colon),
                 colon == std::string::npos ? "" : word.substr(colon + 1));
        }
        catch (const std::exception& e)
        {
            throw std::invalid_argument("word " + std::to_string(place) + " '" + word +
                                        "': " + e.what());
        }
    }
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
