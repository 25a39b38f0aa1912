/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-explore-graph.h"

#include <algorithm>
#include <limits>

namespace ns3
{
namespace ike
{

KeyTable::KeyTable()
    : m_places(1024)
{
}

size_t
KeyTable::PlaceOf(const StateKey& key) const
{
    size_t place = key.low & (m_places.size() - 1);
    while (m_places[place].number != 0 && m_places[place].key != key)
    {
        place = (place + 1) & (m_places.size() - 1);
    }
    return place;
}

std::optional<uint32_t>
KeyTable::Find(const StateKey& key) const
{
    const Place& place = m_places[PlaceOf(key)];
    return place.number == 0 ? std::nullopt : std::make_optional(place.number - 1);
}

std::pair<uint32_t, bool>
KeyTable::Insert(const StateKey& key)
{
    Place& place = m_places[PlaceOf(key)];
    if (place.number != 0)
    {
        return {place.number - 1, false};
    }
    place.key = key;
    place.number = ++m_count;
    if (2 * static_cast<size_t>(m_count) > m_places.size())
    {
        Grow();
    }
    return {m_count - 1, true};
}

void
KeyTable::Grow()
{
    std::vector<Place> old(2 * m_places.size());
    old.swap(m_places);
    for (const Place& place : old)
    {
        if (place.number != 0)
        {
            m_places[PlaceOf(place.key)] = place;
        }
    }
}

size_t
KeyTable::GetCount() const
{
    return m_count;
}

ExploreGraph::ExploreGraph()
    : m_nodes(1)
{
}

uint32_t
ExploreGraph::AddState(uint32_t parent, const Move& move)
{
    const auto [it, isNew] =
        m_moveIndex.try_emplace(ToString(move), static_cast<uint32_t>(m_moves.size()));
    if (isNew)
    {
        m_moves.push_back(move);
    }
    m_nodes.push_back({parent, it->second, m_nodes[parent].depth + 1});
    return static_cast<uint32_t>(m_nodes.size() - 1);
}

void
ExploreGraph::AddEdge(uint32_t from, uint32_t to)
{
    m_edges.emplace_back(from, to);
}

Moves
ExploreGraph::PathTo(uint32_t state) const
{
    Moves moves;
    for (; state != 0; state = m_nodes[state].parent)
    {
        moves.push_back(m_moves[m_nodes[state].move]);
    }
    std::reverse(moves.begin(), moves.end());
    return moves;
}

uint32_t
ExploreGraph::GetDepth(uint32_t state) const
{
    return m_nodes[state].depth;
}

size_t
ExploreGraph::GetCount() const
{
    return m_nodes.size();
}

/// States in an order in which each comes behind all from which it is reached (Kahn, 1962).
std::vector<double>
ExploreGraph::CountPaths() const
{
    std::vector<uint32_t> into(m_nodes.size());
    std::vector<size_t> first(m_nodes.size() + 1);
    for (const auto& [from, to] : m_edges)
    {
        into[to]++;
        first[from + 1]++;
    }
    for (size_t i = 1; i < first.size(); i++)
    {
        first[i] += first[i - 1];
    }
    std::vector<double> paths(m_nodes.size());
    paths[0] = 1;
    std::vector<uint32_t> ready{0};
    size_t done = 0;
    for (; done < ready.size(); done++)
    {
        const uint32_t from = ready[done];
        for (size_t i = first[from]; i < first[from + 1]; i++)
        {
            const uint32_t to = m_edges[i].second;
            paths[to] += paths[from];
            if (--into[to] == 0)
            {
                ready.push_back(to);
            }
        }
    }
    if (done != m_nodes.size())
    {
        paths.assign(m_nodes.size(), std::numeric_limits<double>::infinity());
    }
    return paths;
}

} // namespace ike
} // namespace ns3
