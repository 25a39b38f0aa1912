/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bounds.h"

#include "ns3/ike-nearest-name.h"

#include <algorithm>
#include <limits>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// A row of the table of bounds: the field is one of three kinds.
struct Row
{
    BoundInfo info;                             ///< for users
    uint32_t ExploreBounds::*number{nullptr};   ///< or null
    uint64_t ExploreBounds::*large{nullptr};    ///< or null
    Duration ExploreBounds::*duration{nullptr}; ///< or null
};

const std::vector<Row>&
GetRows()
{
    using B = ExploreBounds;
    static const std::vector<Row> rows{
        {{"losses", "datagrams", "datagrams that are lost"}, &B::losses},
        {{"duplicates", "datagrams", "datagrams that arrive twice"}, &B::duplicates},
        {{"reorderings", "datagrams", "datagrams that pass older ones of their channel"},
         &B::reorderings},
        {{"delays", "datagrams", "datagrams that are held back"}, &B::delays},
        {{"delayBy", "duration", "for how long"}, nullptr, nullptr, &B::delayBy},
        {{"timers", "deadlines", "deadlines taken"}, &B::timers},
        {{"earlyTimers", "deadlines", "of these: taken while datagrams could arrive"},
         &B::earlyTimers},
        {{"lateTimers", "deadlines", "of these: taken before an earlier one of another node"},
         &B::lateTimers},
        {{"offers", "packets", "data packets, each at any node"}, &B::offers},
        {{"reboots", "reboots", "each at any node"}, &B::reboots},
        {{"stops", "times", "all routes of a node go"}, &B::stops},
        {{"starts", "times", "all routes of a node appear"}, &B::starts},
        {{"clears", "times", "clear crypto sa at any node"}, &B::clears},
        {{"depth", "moves", "moves of one schedule"}, &B::depth},
        {{"states", "states", "different states, then the exploration ends"}, nullptr, &B::states},
        {{"horizon", "duration", "no deadline is taken that is further away"},
         nullptr,
         nullptr,
         &B::horizon},
        {{"settle", "duration", "then everything arrives, until the end state is judged"},
         nullptr,
         nullptr,
         &B::settle},
    };
    return rows;
}

const Row*
FindRow(const std::string& name)
{
    for (const Row& row : GetRows())
    {
        if (row.info.name == name)
        {
            return &row;
        }
    }
    return nullptr;
}

std::string
ValueOf(const ExploreBounds& bounds, const Row& row)
{
    return row.number  ? std::to_string(bounds.*row.number)
           : row.large ? std::to_string(bounds.*row.large)
                       : ToWord(bounds.*row.duration);
}

/// A number of up to 9 digits; nothing when it is none.
std::optional<uint32_t>
ParseNumber(const std::string& text)
{
    if (text.empty() || text.size() > 9 || text.find_first_not_of("0123456789") != text.npos)
    {
        return std::nullopt;
    }
    return static_cast<uint32_t>(std::stoul(text));
}

/// A word of a schedule as the name of a bound: how often it may be made.
std::string
SetMove(ExploreBounds& bounds, const std::string& word, uint32_t times)
{
    Move move;
    try
    {
        move = ParseMove(word);
    }
    catch (const std::invalid_argument& e)
    {
        return std::string("'") + word + "': " + e.what();
    }
    const auto it = std::find_if(bounds.moves.begin(), bounds.moves.end(), [&](const auto& m) {
        return m.move == move;
    });
    if (it != bounds.moves.end())
    {
        it->times = times;
    }
    else
    {
        bounds.moves.push_back({move, times});
    }
    return "";
}

} // namespace

const std::vector<BoundInfo>&
GetBoundTable()
{
    static const std::vector<BoundInfo> table = [] {
        std::vector<BoundInfo> infos;
        for (const Row& row : GetRows())
        {
            infos.push_back(row.info);
        }
        return infos;
    }();
    return table;
}

std::string
GetBound(const ExploreBounds& bounds, const std::string& name)
{
    const Row* row = FindRow(name);
    return row ? ValueOf(bounds, *row) : "";
}

std::string
SetBound(ExploreBounds& bounds, const std::string& name, const std::string& value)
{
    const Row* row = FindRow(name);
    if (row && row->duration)
    {
        try
        {
            bounds.*row->duration = ParseWordDuration(value);
            return "";
        }
        catch (const std::invalid_argument& e)
        {
            return name + ": " + e.what();
        }
    }
    const std::optional<uint32_t> number = ParseNumber(value);
    if (!row && name.find(':') == std::string::npos)
    {
        std::vector<std::string> names;
        for (const BoundInfo& info : GetBoundTable())
        {
            names.push_back(info.name);
        }
        const std::string hint = MakeNearestHint(name, names);
        return "no bound " + name + (hint.empty() ? "" : "; " + hint);
    }
    if (!number)
    {
        return name + ": '" + value + "' is not a number of up to 9 digits";
    }
    if (!row)
    {
        return SetMove(bounds, name, *number);
    }
    if (row->number)
    {
        bounds.*row->number = *number;
    }
    else
    {
        bounds.*row->large = *number;
    }
    return "";
}

std::string
ToString(const ExploreBounds& bounds)
{
    std::string text;
    for (const Row& row : GetRows())
    {
        const std::string value = ValueOf(bounds, row);
        if (value != "0")
        {
            text += (text.empty() ? "" : " ") + row.info.name + "=" + value;
        }
    }
    for (const OptionalMove& m : bounds.moves)
    {
        text += (text.empty() ? "" : " ") + ToString(m.move) + "=" + std::to_string(m.times);
    }
    return text;
}

// --- What is left --------------------------------------------------------------------------------

Budget
Budget::Of(const ExploreBounds& bounds, Instant begin)
{
    Budget b;
    b.losses = bounds.losses;
    b.duplicates = bounds.duplicates;
    b.reorderings = bounds.reorderings;
    b.delays = bounds.delays;
    b.timers = bounds.timers;
    b.earlyTimers = bounds.earlyTimers;
    b.lateTimers = bounds.lateTimers;
    b.offers = bounds.offers;
    b.reboots = bounds.reboots;
    b.stops = bounds.stops;
    b.starts = bounds.starts;
    b.clears = bounds.clears;
    for (const OptionalMove& m : bounds.moves)
    {
        b.moves.push_back(m.times);
    }
    b.end = begin + bounds.horizon;
    return b;
}

void
Budget::AddTo(StateHash& hash, Instant now) const
{
    for (uint32_t number : {losses,
                            duplicates,
                            reorderings,
                            delays,
                            timers,
                            earlyTimers,
                            lateTimers,
                            offers,
                            reboots,
                            stops,
                            starts,
                            clears})
    {
        hash.Number(number);
    }
    for (uint32_t number : moves)
    {
        hash.Number(number);
    }
    hash.Add(end, now);
}

} // namespace ike
} // namespace ns3
