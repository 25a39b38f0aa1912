/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-node-memo.h"

namespace ns3
{
namespace ike
{

NodeMemo::NodeMemo(size_t limit)
    : m_places(2 * limit + 1),
      m_limit(limit)
{
}

std::optional<StateKey>
NodeMemo::KeyOf(uint32_t node, Instant now, const Stimulus& stimulus)
{
    StateHash hash;
    hash.Number(node).Number(now.ns).Number(stimulus.index());
    if (const auto* arrival = std::get_if<ArrivalStimulus>(&stimulus))
    {
        return hash.Add(arrival->flight.key).Get();
    }
    const auto* input = std::get_if<Input>(&stimulus);
    if (input && std::holds_alternative<TimeoutInput>(*input))
    {
        return hash.Get();
    }
    return std::nullopt;
}

size_t
NodeMemo::PlaceOf(const StateKey& key) const
{
    size_t place = key.low % m_places.size();
    while (m_places[place].entry.node && m_places[place].key != key)
    {
        place = (place + 1) % m_places.size();
    }
    return place;
}

const NodeMemo::Entry*
NodeMemo::Find(const StateKey& key) const
{
    const Entry& entry = m_places[PlaceOf(key)].entry;
    (entry.node ? m_hits : m_misses)++;
    return entry.node ? &entry : nullptr;
}

const NodeMemo::Entry&
NodeMemo::Add(const StateKey& key, Entry entry)
{
    if (m_count == m_limit)
    {
        m_places.assign(m_places.size(), Place());
        m_count = 0;
    }
    Place& place = m_places[PlaceOf(key)];
    place.key = key;
    place.entry = std::move(entry);
    m_count++;
    return place.entry;
}

uint64_t
NodeMemo::GetHits() const
{
    return m_hits;
}

uint64_t
NodeMemo::GetMisses() const
{
    return m_misses;
}

} // namespace ike
} // namespace ns3
