/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-explore.h"

#include "ike-scenario-keys.h"
#include "ike-scenario-units.h"

#include "ns3/ike-knobs.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// Set a value when its key is there.
template <typename T>
void
Set(T& to, const ScenarioReader& reader, const std::string& key, T (ScenarioReader::*read)() const)
{
    if (const auto value = reader.Find(key))
    {
        to = ((*value).*read)();
    }
}

/// The same for a number of 32 bits, from a least one on.
void
SetCount(uint32_t& to, const ScenarioReader& reader, const std::string& key, uint32_t least)
{
    if (const auto value = reader.Find(key))
    {
        const uint64_t number = value->AsCount();
        if (number < least || number > std::numeric_limits<uint32_t>::max())
        {
            value->Fail("'" + value->Text() + "' is not right",
                        "a number from " + std::to_string(least) + " on");
        }
        to = static_cast<uint32_t>(number);
    }
}

/// What a parser thinks of a text, as an error at its place.
template <typename T>
T
ParseAt(const ScenarioReader& reader, T (*parse)(const std::string&))
{
    const std::string text = reader.Text();
    try
    {
        return parse(text);
    }
    catch (const std::invalid_argument& e)
    {
        reader.Fail(e.what());
    }
}

/// A text of words, or a list of such texts.
Moves
ReadMoves(const ScenarioReader& reader)
{
    Moves all;
    for (const auto& item : reader.ItemsOrOne())
    {
        const Moves some = ParseAt(item, &ParseSchedule);
        all.insert(all.end(), some.begin(), some.end());
    }
    return all;
}

std::vector<std::string>
GetOracleNames()
{
    std::vector<std::string> names;
    for (const auto& oracle : GetOracles())
    {
        names.push_back(oracle.name);
    }
    return names;
}

bool
Contains(const std::vector<std::string>& names, const std::string& name)
{
    return std::find(names.begin(), names.end(), name) != names.end();
}

std::string
ReadOracle(const ScenarioReader& reader)
{
    const auto names = GetOracleNames();
    if (!Contains(names, reader.Text()))
    {
        reader.FailName("oracle", reader.Text(), names);
    }
    return reader.Text();
}

// --- Bounds, oracles, choosers -------------------------------------------------------------------

void
ReadBound(const ScenarioReader& name, const ScenarioReader& value, ExploreBounds& bounds)
{
    const auto& table = GetBoundTable();
    const bool isNumber = std::any_of(table.begin(), table.end(), [&](const BoundInfo& info) {
        return info.name == name.Text();
    });
    const std::string wrong = SetBoundText(bounds, name.Text(), value.Text());
    if (!wrong.empty())
    {
        throw ScenarioError((isNumber ? value : name).GetPosition(), wrong);
    }
}

void
ReadBounds(const ScenarioReader& reader, ExploreBounds& bounds)
{
    reader.CheckUnique();
    for (const auto& [name, value] : reader.Members())
    {
        if (name.Text() != "moves")
        {
            ReadBound(name, value, bounds);
            continue;
        }
        value.CheckUnique();
        for (const auto& [word, times] : value.Members())
        {
            OptionalMove optional;
            optional.move = ParseAt(word, &ParseMove);
            const uint64_t count = times.AsCount();
            if (count > std::numeric_limits<uint32_t>::max())
            {
                times.Fail("'" + times.Text() + "' is too much", "a number of times");
            }
            optional.times = static_cast<uint32_t>(count);
            const auto same = std::find_if(
                bounds.moves.begin(),
                bounds.moves.end(),
                [&](const OptionalMove& other) { return other.move == optional.move; });
            same == bounds.moves.end() ? bounds.moves.push_back(optional) : void(*same = optional);
        }
    }
}

void
SwitchOracles(const ScenarioReader& reader, bool on, std::vector<std::string>& oracles)
{
    for (const auto& item : reader.ItemsOrOne())
    {
        const std::string name = item.Text() == "all" ? "all" : ReadOracle(item);
        for (const auto& known : GetOracleNames())
        {
            if (name != known && name != "all")
            {
                continue;
            }
            oracles.erase(std::remove(oracles.begin(), oracles.end(), known), oracles.end());
            if (on)
            {
                oracles.push_back(known);
            }
        }
    }
}

void
ReadOracles(const ScenarioReader& reader, DriveOptions& drive)
{
    reader.CheckKeys(KeysOf("oracles"));
    if (const auto off = reader.Find("off"))
    {
        SwitchOracles(*off, false, drive.oracles);
    }
    if (const auto on = reader.Find("on"))
    {
        SwitchOracles(*on, true, drive.oracles);
    }
    auto& knobs = drive.oracleKnobs;
    SetCount(knobs.pairsPerSelector, reader, "pairsPerSelector", 1);
    SetCount(knobs.isakmpPerPeer, reader, "isakmpPerPeer", 1);
    SetCount(knobs.attemptsPerPeer, reader, "attemptsPerPeer", 1);
    SetCount(knobs.datagrams, reader, "datagrams", 1);
    Set(knobs.strict, reader, "strict", &ScenarioReader::AsBoolean);
}

void
ReadChooser(const ScenarioReader& reader, ExploreChooser& chooser)
{
    const std::vector<std::string> kinds{"exhaustive", "random", "pct"};
    if (!reader.IsMap())
    {
        chooser.kind = static_cast<ExploreChooser::Kind>(reader.AsChoice(kinds));
        return;
    }
    reader.CheckKeys({"kind", "runs", "depth", "length"});
    if (const auto kind = reader.Find("kind"))
    {
        chooser.kind = static_cast<ExploreChooser::Kind>(kind->AsChoice(kinds));
    }
    SetCount(chooser.depth, reader, "depth", 1);
    SetCount(chooser.length, reader, "length", 1);
    if (const auto runs = reader.Find("runs"))
    {
        chooser.runs = runs->AsCount();
        constexpr uint64_t MOST = 1000000000;
        if (chooser.runs == 0 || chooser.runs > MOST)
        {
            runs->Fail("'" + runs->Text() + "' is not right", "a number from 1 to 1000000000");
        }
    }
}

// --- Configurations and packets ------------------------------------------------------------------

void
ReadKnob(const ScenarioReader& name, const ScenarioReader& value, ExploreConfig& config)
{
    std::vector<std::string> names;
    for (const auto& knob : GetKnobTable())
    {
        names.push_back(knob.name);
        if (knob.name != name.Text())
        {
            continue;
        }
        const std::string text = knob.unit == "s" ? *DurationIn(value.AsSpan(), "s") : value.Text();
        IkeKnobs trial;
        const std::string error = SetKnob(trial, knob.name, text);
        if (!error.empty())
        {
            value.Fail(error);
        }
        config.knobs.emplace_back(knob.name, text);
        return;
    }
    name.FailName("knob", name.Text(), names);
}

void
ReadConfig(const ScenarioReader& reader, ExploreConfig& config)
{
    if (!reader.IsMap())
    {
        for (const auto& text : reader.ItemsOrOne())
        {
            config.texts.push_back(text.Block());
        }
        return;
    }
    reader.CheckKeys({"config", "knobs"});
    if (const auto texts = reader.Find("config"))
    {
        ReadConfig(*texts, config);
    }
    if (const auto knobs = reader.Find("knobs"))
    {
        for (const auto& [name, value] : knobs->Members())
        {
            ReadKnob(name, value, config);
        }
    }
}

void
ReadConfigs(const ScenarioReader& reader, std::vector<ExploreConfig>& configs)
{
    reader.CheckUnique();
    for (const auto& [router, named] : reader.Members())
    {
        named.CheckUnique();
        for (const auto& [name, value] : named.Members())
        {
            ExploreConfig config;
            config.router = router.Text();
            config.name = name.Text();
            config.position = name.GetPosition();
            ReadConfig(value, config);
            configs.erase(std::remove_if(configs.begin(),
                                         configs.end(),
                                         [&config](const ExploreConfig& other) {
                                             return other.router == config.router &&
                                                    other.name == config.name;
                                         }),
                          configs.end());
            configs.push_back(config);
        }
    }
}

IpAddress
ReadAddress(const ScenarioReader& reader)
{
    const auto address = IpAddress::Parse(reader.Text());
    if (!address || !address->IsV4())
    {
        reader.Fail("'" + reader.Text() + "' is no address", "an address, as '10.1.0.10'");
    }
    return *address;
}

void
ReadPackets(const ScenarioReader& reader, std::vector<ExplorePacket>& packets)
{
    reader.CheckUnique();
    for (const auto& [router, named] : reader.Members())
    {
        named.CheckUnique();
        for (const auto& [name, value] : named.Members())
        {
            value.CheckKeys({"from", "to", "size", "through"});
            ExplorePacket packet;
            packet.router = router.Text();
            packet.name = name.Text();
            packet.position = name.GetPosition();
            packet.from = ReadAddress(value.Get("from"));
            packet.to = ReadAddress(value.Get("to"));
            Set(packet.size, value, "size", &ScenarioReader::AsSize);
            Set(packet.interface, value, "through", &ScenarioReader::Text);
            constexpr uint64_t LARGEST = 9000;
            if (packet.size > LARGEST)
            {
                value.Get("size").Fail("this is too large", "up to 9000 B");
            }
            packets.push_back(packet);
        }
    }
}

void
ReadVary(const ScenarioReader& reader,
         const std::vector<ScenarioParameter>& declared,
         ScenarioExplore& explore)
{
    reader.CheckUnique();
    explore.vary.clear();
    for (const auto& [name, values] : reader.Members())
    {
        std::vector<std::string> names;
        for (const auto& parameter : declared)
        {
            names.push_back(parameter.name);
        }
        const auto at = std::find(names.begin(), names.end(), name.Text());
        if (at == names.end())
        {
            name.FailName("parameter", name.Text(), names);
        }
        const auto& parameter = declared[static_cast<size_t>(at - names.begin())];
        std::vector<std::string> texts;
        for (const auto& value : values.ItemsOrOne())
        {
            texts.push_back(parameter.Canonical(value.Text(), value.GetPosition()));
        }
        explore.vary.emplace_back(parameter.name, texts);
    }
}

// --- Expectations --------------------------------------------------------------------------------

std::vector<EndPattern>
ReadPatterns(const ScenarioReader& reader)
{
    std::vector<EndPattern> patterns;
    for (const auto& item : reader.ItemsOrOne())
    {
        patterns.push_back(ParseAt(item, &ParseEndPattern));
    }
    return patterns;
}

void
ReadEndStates(const ScenarioReader& reader, ExploreExpectation& expect)
{
    expect.allReached = true;
    if (!reader.IsMap())
    {
        expect.ends = ReadPatterns(reader);
        return;
    }
    reader.CheckKeys({"exactly", "at_most"});
    const auto atMost = reader.Find("at_most");
    if (atMost.has_value() == reader.Find("exactly").has_value())
    {
        reader.Fail("one of two kinds of lists is wanted", "'exactly:' or 'at_most:'");
    }
    expect.allReached = !atMost;
    expect.ends = ReadPatterns(atMost ? *atMost : reader.Get("exactly"));
}

/// Classes, oracles and patterns.
void
ReadNever(const ScenarioReader& reader, ExploreExpectation& expect)
{
    expect.never.clear();
    expect.neverOracles.clear();
    for (const auto& item : reader.ItemsOrOne())
    {
        const std::string text = item.Text();
        const bool isOracle = Contains(GetOracleNames(), text);
        if (isOracle)
        {
            expect.neverOracles.push_back(text);
        }
        // Some oracles are called as classes are: then neither may be seen.
        if (!isOracle || FindEndClass(text))
        {
            expect.never.push_back(ParseAt(item, &ParseEndPattern));
        }
    }
}

void
ReadShortest(const ScenarioReader& reader, ExploreExpectation& expect)
{
    expect.shortest.clear();
    for (const auto& [pattern, value] : reader.Members())
    {
        ShortestExpectation shortest;
        shortest.pattern = ParseAt(pattern, &ParseEndPattern);
        if (ParseInteger(value.Text()))
        {
            shortest.moves = value.AsCount();
        }
        else
        {
            shortest.schedule = ReadMoves(value);
        }
        expect.shortest.push_back(shortest);
    }
}

CountExpectation
ReadCount(const ScenarioReader& reader)
{
    reader.CheckKeys(KeysOf("race-count"));
    CountExpectation count;
    const ScenarioReader event = reader.Get("event");
    count.router = reader.Get("router").Text();
    count.event = event.Text();
    count.position = reader.GetPosition();
    const auto names = GetCountedEvents();
    if (!Contains(names, count.event))
    {
        event.FailName("event", count.event, names);
    }
    for (const char* key : {"equals", "at_least", "at_most"})
    {
        if (const auto value = reader.Find(key))
        {
            const uint64_t number = value->AsCount();
            const std::string name = key;
            count.least = name == "at_most" ? count.least : number;
            count.most = name == "at_least" ? count.most : number;
            ++count.comparisons;
        }
    }
    if (count.comparisons == 0)
    {
        reader.Fail("how often?", "'equals:', 'at_least:' or 'at_most:'");
    }
    return count;
}

void
ReadExpectation(const ScenarioReader& reader, ScenarioExplore& explore)
{
    reader.CheckKeys(KeysOf("race-expectation"));
    auto& expect = explore.expect;
    if (const auto end = reader.Find("end"))
    {
        expect.ends = {ParseAt(*end, &ParseEndPattern)};
        expect.allReached = true;
    }
    if (const auto ends = reader.Find("end_states"))
    {
        if (reader.Find("end"))
        {
            ends->Fail("'end:' stands here, too", "one of both");
        }
        ReadEndStates(*ends, expect);
    }
    if (const auto never = reader.Find("never"))
    {
        ReadNever(*never, expect);
    }
    if (const auto always = reader.Find("always"))
    {
        expect.always = ReadPatterns(*always);
    }
    if (const auto shortest = reader.Find("shortest"))
    {
        ReadShortest(*shortest, expect);
    }
    if (const auto violations = reader.Find("violations"))
    {
        expect.violations.emplace();
        for (const auto& item : violations->ItemsOrOne())
        {
            expect.violations->push_back(ReadOracle(item));
        }
    }
    if (const auto complete = reader.Find("complete"))
    {
        expect.complete = complete->AsBoolean();
    }
    if (const auto events = reader.Find("events"))
    {
        expect.counts.clear();
        for (const auto& item : events->Items())
        {
            expect.counts.push_back(ReadCount(item));
        }
    }
}

// --- Names ---------------------------------------------------------------------------------------

std::vector<std::string>
RouterNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& router : scenario.routers)
    {
        names.push_back(router.name);
    }
    return names;
}

[[noreturn]] void
FailName(const TextPosition& position,
         const std::string& kind,
         const std::string& word,
         const std::vector<std::string>& names)
{
    throw ScenarioError(position,
                        "unknown " + kind + " '" + word + "'",
                        names.empty() ? "none, nothing of the kind is declared"
                                      : DescribeChoice(word, names));
}

/// Where a key of the section stands, or the section.
TextPosition
PositionOf(const ScenarioExplore& explore, const std::string& key)
{
    const auto found = explore.positions.find(key);
    return found == explore.positions.end() ? explore.position : found->second;
}

void
CheckMove(const Scenario& scenario, const Move& move, const TextPosition& position)
{
    const auto routers = RouterNames(scenario);
    for (const auto& name : {move.node, move.to})
    {
        if (!name.empty() && !Contains(routers, name))
        {
            FailName(position, "router in '" + ToString(move) + "':", name, routers);
        }
    }
    std::vector<std::string> names;
    for (const auto& config : scenario.explore->configs)
    {
        if (config.router == move.node)
        {
            names.push_back(config.name);
        }
    }
    if (move.kind == MoveKind::Configure && !Contains(names, move.text))
    {
        FailName(position, "configuration of " + move.node, move.text, names);
    }
}

void
CheckMoves(const Scenario& scenario, const std::optional<Moves>& moves, const std::string& key)
{
    for (const auto& move : moves.value_or(Moves()))
    {
        CheckMove(scenario, move, PositionOf(*scenario.explore, key));
    }
}

void
CheckPattern(const Scenario& scenario, const EndPattern& pattern)
{
    const size_t count = pattern.CountNodes();
    if (count != 0 && count != scenario.routers.size())
    {
        throw ScenarioError(PositionOf(*scenario.explore, "expect"),
                            "'" + pattern.text + "' counts SAs of " + std::to_string(count) +
                                " routers, and there are " +
                                std::to_string(scenario.routers.size()),
                            "a number for each router, in their order");
    }
}

} // namespace

void
ReadExplore(const ScenarioReader& reader,
            const std::vector<ScenarioParameter>& declared,
            ScenarioExplore& explore)
{
    reader.CheckKeys(KeysOf("explore"));
    explore.position = reader.GetPosition();
    for (const auto& [key, value] : reader.Members())
    {
        explore.positions[key.Text()] = value.GetPosition();
    }
    Set(explore.id, reader, "id", &ScenarioReader::Text);
    Set(explore.catalogue, reader, "catalogue", &ScenarioReader::Text);
    Set(explore.note, reader, "note", &ScenarioReader::Text);
    Set(explore.evidence, reader, "evidence", &ScenarioReader::Text);
    if (const auto begin = reader.Find("begin"))
    {
        explore.begin = ReadMoves(*begin);
    }
    if (const auto schedule = reader.Find("schedule"))
    {
        explore.schedule = ReadMoves(*schedule);
    }
    if (const auto bounds = reader.Find("bounds"))
    {
        ReadBounds(*bounds, explore.drive.bounds);
    }
    if (const auto oracles = reader.Find("oracles"))
    {
        ReadOracles(*oracles, explore.drive);
    }
    Set(explore.drive.bounds.settle, reader, "settle", &ScenarioReader::AsPositiveSpan);
    explore.drive.rest.settle = explore.drive.bounds.settle;
    SetCount(explore.drive.rest.flaps, reader, "flaps", 1);
    if (const auto chooser = reader.Find("chooser"))
    {
        ReadChooser(*chooser, explore.chooser);
    }
    if (const auto configs = reader.Find("configs"))
    {
        ReadConfigs(*configs, explore.configs);
    }
    if (const auto packets = reader.Find("packets"))
    {
        ReadPackets(*packets, explore.packets);
    }
    if (const auto vary = reader.Find("vary"))
    {
        ReadVary(*vary, declared, explore);
    }
    if (const auto expect = reader.Find("expect"))
    {
        ReadExpectation(*expect, explore);
    }
}

void
CheckExplore(const Scenario& scenario)
{
    const ScenarioExplore& explore = *scenario.explore;
    for (const auto& router : scenario.routers)
    {
        if (!IsNodeName(router.name))
        {
            throw ScenarioError(router.position,
                                "'" + router.name + "' cannot stand in a schedule",
                                "letters, digits, '_', '-' and '.', and no name of a move");
        }
    }
    for (const auto& packet : explore.packets)
    {
        if (scenario.FindRouter(packet.router) == nullptr)
        {
            FailName(packet.position, "router", packet.router, RouterNames(scenario));
        }
    }
    CheckMoves(scenario, explore.begin, "begin");
    CheckMoves(scenario, explore.schedule, "schedule");
    for (const auto& optional : explore.drive.bounds.moves)
    {
        CheckMove(scenario, optional.move, PositionOf(explore, "bounds"));
    }
    const auto& expect = explore.expect;
    for (const auto* list : {&expect.ends, &expect.never, &expect.always})
    {
        for (const auto& pattern : *list)
        {
            CheckPattern(scenario, pattern);
        }
    }
    for (const auto& shortest : expect.shortest)
    {
        CheckPattern(scenario, shortest.pattern);
    }
    for (const auto& count : expect.counts)
    {
        if (scenario.FindRouter(count.router) == nullptr)
        {
            FailName(count.position, "router", count.router, RouterNames(scenario));
        }
        if (!explore.schedule)
        {
            throw ScenarioError(count.position,
                                "events of an exploration are not counted",
                                "a kept 'schedule:'");
        }
    }
}

std::vector<std::string>
GetCountedEvents()
{
    std::vector<std::string> names{"clear-sent"};
    for (unsigned kind = 0; kind <= static_cast<unsigned>(EventKind::Balancer); ++kind)
    {
        names.push_back(ToString(static_cast<EventKind>(kind)));
    }
    return names;
}

std::string
SetBoundText(ExploreBounds& bounds, const std::string& name, const std::string& value)
{
    const auto duration = ParseInteger(value) ? std::nullopt : ParseDuration(value);
    return SetBound(bounds, name, duration && Duration{} <= *duration ? ToWord(*duration) : value);
}

} // namespace ike
} // namespace ns3
