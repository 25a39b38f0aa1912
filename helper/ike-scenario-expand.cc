/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"
#include "ike-scenario-keys.h"
#include "ike-scenario-units.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

// The part of ScenarioBuilder in which one line of a file stands for many things: groups of
// routers, and events.

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint64_t MOST_FLAPS = 10000;

/// Later by this, as far as times go.
Duration
Later(Duration at, Duration by)
{
    return Duration{by.ns > INT64_MAX - at.ns ? INT64_MAX : at.ns + by.ns};
}

/// Is it something that happens to routers?
bool
IsOfRouter(ScenarioEvent::Kind kind)
{
    using Kind = ScenarioEvent::Kind;
    return kind == Kind::Type || kind == Kind::Reboot || kind == Kind::PowerOff ||
           kind == Kind::PowerOn;
}

/// "S*" stands for all members of a group.
bool
IsPattern(const std::string& name)
{
    return !name.empty() && name.back() == '*';
}

} // namespace

void
ScenarioBuilder::ReadTraits(const ScenarioReader& reader, ScenarioRouter& router)
{
    if (const auto tunnels = reader.Find("tunnels"))
    {
        tunnels->AsChoice({"own", "shared"});
        router.tunnels = tunnels->Text();
    }
}

void
ScenarioBuilder::ReadGroups(const ScenarioReader& reader)
{
    for (const auto& [name, group] : reader.Members())
    {
        group.CheckKeys(KeysOf("group"));
        m_groups.Read(name, group, m_scenario);
        const std::string pattern = name.Text() + "*";
        const auto members = m_groups.FindMembers(pattern);
        for (size_t i = 0; i < members->second; ++i)
        {
            ReadTraits(group, m_scenario.routers[members->first + i]);
        }
        ReadCpu(pattern, group);
        if (const auto profile = group.Find("profile"))
        {
            ReadProfileOf(pattern, *profile);
        }
        if (const auto knobs = group.Find("knobs"))
        {
            for (const auto& [knob, value] : knobs->Members())
            {
                ReadRouterKnob(pattern, knob, value);
            }
        }
    }
}

void
ScenarioBuilder::ReadFlap(const ScenarioReader& reader, ScenarioEvent& event)
{
    reader.CheckKeys(KeysOf("flap"));
    event.down = reader.Get("down").AsPositiveSpan();
    event.every = reader.Get("every").AsPositiveSpan();
    event.times = reader.Get("times").AsCount();
    if (event.times < 1 || event.times > MOST_FLAPS)
    {
        reader.Get("times").Fail("'" + reader.Get("times").Text() + "' flaps",
                                 "1 to " + std::to_string(MOST_FLAPS));
    }
    if (event.every <= event.down)
    {
        reader.Get("every").Fail("it is not up between two flaps",
                                 "more than 'down:', " + FormatDuration(event.down));
    }
}

std::vector<std::string>
ScenarioBuilder::FindNamesOf(const ScenarioEvent& event, const std::string& name) const
{
    if (!IsPattern(name))
    {
        return {name};
    }
    const auto members = m_groups.FindMembers(name);
    if (!members)
    {
        const auto patterns = m_groups.GetPatterns();
        throw ScenarioError(event.position,
                            "unknown group '" + name + "'",
                            patterns.empty() ? "none, there is no group"
                                             : DescribeChoice(name, patterns));
    }
    std::vector<std::string> names;
    for (size_t i = 0; i < members->second; ++i)
    {
        names.push_back(m_scenario.routers[members->first + i].name);
    }
    return names;
}

void
ScenarioBuilder::ExpandGroups(const ScenarioEvent& event, std::vector<ScenarioEvent>& all) const
{
    ScenarioEvent one = event;
    const std::vector<std::string> places = IsOfRouter(event.kind)
                                                ? FindNamesOf(event, event.where)
                                                : std::vector<std::string>{event.where};
    for (const auto& where : places)
    {
        for (const auto& door : FindNamesOf(event, event.door))
        {
            one.where = where;
            one.door = door;
            all.push_back(one);
        }
    }
}

void
ScenarioBuilder::ExpandCloud(const ScenarioEvent& event, std::vector<ScenarioEvent>& all) const
{
    using Kind = ScenarioEvent::Kind;
    ScenarioEvent end = event;
    end.at = Later(event.at, event.down);
    end.down = Duration{};
    ScenarioEvent begin = end;
    begin.at = event.at;
    begin.spread = Duration{};
    begin.kind = event.filter.between.empty() ? Kind::DoorDown : Kind::Drop;
    end.kind = event.filter.between.empty() ? Kind::DoorUp : Kind::Pass;
    std::vector<std::string> doors;
    for (const auto& cloud : m_scenario.clouds)
    {
        for (const auto& door : cloud.doors)
        {
            if (cloud.name == event.where)
            {
                doors.push_back(door.router);
            }
        }
    }
    if (!event.filter.between.empty() || doors.empty())
    {
        doors = {""};
    }
    for (const auto* change : {&begin, &end})
    {
        ScenarioEvent one = *change;
        for (const auto& door : doors)
        {
            one.door = door;
            all.push_back(one);
        }
    }
}

void
ScenarioBuilder::ExpandEvents()
{
    using Kind = ScenarioEvent::Kind;
    std::vector<ScenarioEvent> single; // flaps written out
    size_t source = 0;
    for (const auto& event : m_scenario.events)
    {
        ScenarioEvent one = event;
        one.source = ++source;
        one.times = 0;
        one.every = Duration{};
        one.down = event.times == 0 ? event.down : Duration{};
        if (event.kind == Kind::PowerOff)
        {
            one.down = Duration{};
        }
        if (event.times == 0)
        {
            single.push_back(one);
        }
        if (event.kind == Kind::PowerOff && Duration{} < event.down)
        {
            one.kind = Kind::PowerOn;
            one.at = Later(event.at, event.down);
            single.push_back(one);
        }
        Duration at = event.at;
        for (uint64_t i = 0; i < event.times; ++i, at = Later(at, event.every))
        {
            one.kind = event.kind;
            one.at = at;
            single.push_back(one);
            one.kind = event.kind == Kind::LinkDown ? Kind::LinkUp : Kind::DoorUp;
            one.at = Later(at, event.down);
            single.push_back(one);
        }
    }
    std::vector<ScenarioEvent> all;
    for (const auto& event : single)
    {
        event.kind == Kind::CloudDown ? ExpandCloud(event, all) : ExpandGroups(event, all);
    }
    for (auto& event : all)
    {
        event.later = event.atDraw ? event.at - event.atDraw->GetSpan(0) : Duration{};
    }
    m_scenario.events = std::move(all);
}

} // namespace ike
} // namespace ns3
