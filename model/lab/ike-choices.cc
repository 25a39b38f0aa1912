/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bounds.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// The datagrams from one node to another that may arrive now, oldest first.
struct Channel
{
    uint32_t from{0};                   ///< index of the sender
    uint32_t to{0};                     ///< index of the receiver
    std::vector<const Flight*> flights; ///< in the order of sending
    std::vector<uint32_t> places;       ///< of each, among all that the sender has in flight
};

/// Lists what may come next.
class ChoiceFinder
{
  public:
    ChoiceFinder(const World& world, const Budget& budget, const ExploreBounds& bounds)
        : m_world(world),
          m_budget(budget),
          m_bounds(bounds)
    {
        FindChannels();
    }

    Choices Find(bool reduce);

  private:
    void FindChannels();
    void AddChannel(const Channel& channel);
    void AddArrivals(const Channel& channel);
    void AddFaults(const Channel& channel);
    void AddTimers();
    void AddTimersOf(Instant first);
    void AddOptional();
    void AddAnywhere(MoveKind kind, uint32_t Budget::*left);

    /// May this channel go first, with all else left for later? See doc/race-laboratory.md.
    bool IsPersistent(const Channel& channel) const;
    bool HasOptionalAt(uint32_t node) const;
    bool HasOtherPeer(uint32_t node, uint32_t peer) const;

    Move DatagramMove(MoveKind kind, const Channel& channel, size_t index) const;
    /// A choice that costs one of what is left; null: nothing.
    void Add(const Move& move, uint32_t Budget::*cost = nullptr);

    const World& m_world;            ///< where
    const Budget& m_budget;          ///< what is left
    const ExploreBounds& m_bounds;   ///< durations and moves
    std::vector<Channel> m_channels; ///< those with datagrams that may arrive
    Choices m_choices;               ///< so far
};

void
ChoiceFinder::FindChannels()
{
    const uint32_t nodes = m_world.GetNodeCount();
    for (uint32_t from = 0; from < nodes; from++)
    {
        for (uint32_t to = 0; to < nodes; to++)
        {
            Channel channel{from, to, {}, {}};
            uint32_t place = 0;
            for (const Flight& f : m_world.GetFlights())
            {
                const bool here = f.from == from && f.to == to && m_world.IsFree(f);
                place += here;
                if (here)
                {
                    channel.flights.push_back(&f);
                    channel.places.push_back(place);
                }
            }
            if (!channel.flights.empty())
            {
                m_channels.push_back(std::move(channel));
            }
        }
    }
}

void
ChoiceFinder::Add(const Move& move, uint32_t Budget::*cost)
{
    Choice choice{move, m_budget};
    if (cost)
    {
        choice.budget.*cost -= 1;
    }
    m_choices.all.push_back(std::move(choice));
}

/// With two nodes the sender says it all, and the words are as short as people write them.
Move
ChoiceFinder::DatagramMove(MoveKind kind, const Channel& channel, size_t index) const
{
    Move move;
    move.kind = kind;
    move.node = m_world.GetNode(channel.from).name;
    move.to = m_world.GetNodeCount() == 2 ? "" : m_world.GetNode(channel.to).name;
    move.place = channel.places[index];
    return move;
}

void
ChoiceFinder::AddArrivals(const Channel& channel)
{
    bool passes = false; // an original before it is still under way
    for (size_t i = 0; i < channel.flights.size(); i++)
    {
        const Flight& f = *channel.flights[i];
        // of a datagram and its copy, which are the same, the first one stands for both
        const bool known = std::any_of(channel.flights.begin(),
                                       channel.flights.begin() + static_cast<std::ptrdiff_t>(i),
                                       [&f](const Flight* g) { return g->key == f.key; });
        if (!known && (!passes || m_budget.reorderings != 0))
        {
            Add(DatagramMove(MoveKind::Deliver, channel, i),
                passes ? &Budget::reorderings : nullptr);
        }
        passes = passes || !f.isCopy;
    }
}

/// What can happen to a datagram can happen to it when it is the oldest.
void
ChoiceFinder::AddFaults(const Channel& channel)
{
    const auto it = std::find_if(channel.flights.begin(),
                                 channel.flights.end(),
                                 [](const Flight* f) { return !f->isCopy; });
    if (it == channel.flights.end())
    {
        return; // a copy that is lost is one that was not made
    }
    const auto index = static_cast<size_t>(it - channel.flights.begin());
    const bool copied =
        std::any_of(channel.flights.begin(), channel.flights.end(), [&](const Flight* f) {
            return f->isCopy && f->key == (*it)->key;
        });
    if (m_budget.losses != 0)
    {
        Add(DatagramMove(MoveKind::Drop, channel, index), &Budget::losses);
    }
    if (m_budget.duplicates != 0 && !copied)
    {
        Add(DatagramMove(MoveKind::Duplicate, channel, index), &Budget::duplicates);
    }
    if (m_budget.delays != 0)
    {
        Move move = DatagramMove(MoveKind::Delay, channel, index);
        move.duration = m_bounds.delayBy;
        Add(move, &Budget::delays);
    }
}

void
ChoiceFinder::AddChannel(const Channel& channel)
{
    AddArrivals(channel);
    AddFaults(channel);
}

/// What is due already may be taken at any moment; the clock moves when nothing else can happen.
void
ChoiceFinder::AddTimers()
{
    const Instant deadline = m_world.NextDeadline();
    const Instant release = m_world.NextRelease();
    const Instant first = std::min(deadline, release);
    const bool quiet = m_channels.empty();
    m_choices.mayEnd = quiet && first > m_budget.end;
    if (first > m_budget.end)
    {
        return;
    }
    if (deadline <= release && m_budget.timers == 0)
    {
        m_choices.cut = true;
        m_choices.mayEnd = quiet && release > m_budget.end;
        return;
    }
    Move timer;
    timer.kind = MoveKind::Timer;
    if (release < deadline)
    {
        if (quiet)
        {
            Add(timer); // the end of a delay: no deadline is taken
        }
        return;
    }
    AddTimersOf(deadline);
}

void
ChoiceFinder::AddTimersOf(Instant first)
{
    const bool quiet = m_channels.empty();
    bool isFirst = true; // of those that are equally early, the one that `timer` takes
    for (uint32_t node = 0; node < m_world.GetNodeCount(); node++)
    {
        const Instant at = m_world.GetNode(node).engine.NextDeadline();
        const bool early = !quiet && at > m_world.Now();
        // a deadline that has passed is no later than another one that has
        const bool late = std::max(at, m_world.Now()) > std::max(first, m_world.Now());
        if (at > m_budget.end || (early && m_budget.earlyTimers == 0) ||
            (late && m_budget.lateTimers == 0))
        {
            continue;
        }
        Move move;
        move.kind = MoveKind::Timer;
        move.node = at == first && isFirst ? "" : m_world.GetNode(node).name;
        isFirst = isFirst && at != first;
        Add(move, &Budget::timers);
        m_choices.all.back().budget.earlyTimers -= early;
        m_choices.all.back().budget.lateTimers -= late;
    }
}

void
ChoiceFinder::AddAnywhere(MoveKind kind, uint32_t Budget::*left)
{
    for (uint32_t node = 0; m_budget.*left != 0 && node < m_world.GetNodeCount(); node++)
    {
        Move move;
        move.kind = kind;
        move.node = m_world.GetNode(node).name;
        Add(move, left);
    }
}

void
ChoiceFinder::AddOptional()
{
    AddAnywhere(MoveKind::Offer, &Budget::offers);
    AddAnywhere(MoveKind::Reboot, &Budget::reboots);
    AddAnywhere(MoveKind::Stop, &Budget::stops);
    AddAnywhere(MoveKind::Start, &Budget::starts);
    AddAnywhere(MoveKind::Clear, &Budget::clears);
    for (size_t i = 0; i < m_bounds.moves.size(); i++)
    {
        if (m_budget.moves[i] != 0)
        {
            Add(m_bounds.moves[i].move);
            m_choices.all.back().budget.moves[i] -= 1;
        }
    }
}

bool
ChoiceFinder::HasOptionalAt(uint32_t node) const
{
    if (m_budget.offers + m_budget.reboots + m_budget.stops + m_budget.starts + m_budget.clears !=
        0)
    {
        return true;
    }
    for (size_t i = 0; i < m_bounds.moves.size(); i++)
    {
        const Move& move = m_bounds.moves[i].move;
        const bool local = move.kind == MoveKind::Start || move.kind == MoveKind::Stop ||
                           move.kind == MoveKind::Offer || move.kind == MoveKind::Reboot ||
                           move.kind == MoveKind::Clear;
        if (m_budget.moves[i] != 0 && (!local || move.node == m_world.GetNode(node).name))
        {
            return true;
        }
    }
    return false;
}

bool
ChoiceFinder::HasOtherPeer(uint32_t node, uint32_t peer) const
{
    if (m_world.GetNodeCount() == 2)
    {
        return false;
    }
    const auto& all = m_world.GetNode(node).engine.GetConfig().connections;
    const auto& others = m_world.GetNode(peer).engine.GetConfig().connections;
    return std::any_of(all.begin(), all.end(), [&](const ConnectionConfig& c) {
        return std::none_of(others.begin(), others.end(), [&](const ConnectionConfig& other) {
            return other.local == c.peer;
        });
    });
}

bool
ChoiceFinder::IsPersistent(const Channel& channel) const
{
    const bool hasOriginal = std::any_of(channel.flights.begin(),
                                         channel.flights.end(),
                                         [](const Flight* f) { return !f->isCopy; });
    return hasOriginal && m_budget.reorderings == 0 && m_budget.earlyTimers == 0 &&
           !m_world.HasNats() &&
           m_world.GetNode(channel.to).engine.NextDeadline() > m_world.Now() &&
           !HasOptionalAt(channel.to) && !HasOtherPeer(channel.to, channel.from);
}

Choices
ChoiceFinder::Find(bool reduce)
{
    for (const Channel& channel : m_channels)
    {
        if (reduce && IsPersistent(channel))
        {
            AddChannel(channel);
            m_choices.reduced = m_channels.size() > 1;
            return std::move(m_choices);
        }
    }
    for (const Channel& channel : m_channels)
    {
        AddChannel(channel);
    }
    AddTimers();
    AddOptional();
    return std::move(m_choices);
}

} // namespace

Choices
FindChoices(const World& world, const Budget& budget, const ExploreBounds& bounds, bool reduce)
{
    return ChoiceFinder(world, budget, bounds).Find(reduce);
}

} // namespace ike
} // namespace ns3
