/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-hub-table.h"

namespace ns3
{
namespace ike
{

namespace
{

HubTable::Key
KeyOf(ConnectionId connection, const HubRoute& route)
{
    return {route.prefix.address.ToV4(), MaskOfPrefixLength(route.prefix.length), connection};
}

} // namespace

void
HubTable::Add(ConnectionId connection, const HubRoute& route)
{
    Remove(connection, route);
    const Key key = KeyOf(connection, route);
    const Candidate candidate{route.distance, ++m_added, connection};
    m_all.emplace(key, candidate);
    m_table.Obtain(std::get<0>(key), std::get<1>(key)).insert(candidate);
}

void
HubTable::Remove(ConnectionId connection, const HubRoute& route)
{
    const Key key = KeyOf(connection, route);
    const auto found = m_all.find(key);
    if (found == m_all.end())
    {
        return;
    }
    std::set<Candidate>* candidates = m_table.FindNetwork(std::get<0>(key), std::get<1>(key));
    candidates->erase(found->second);
    if (candidates->empty())
    {
        m_table.Erase(std::get<0>(key), std::get<1>(key));
    }
    m_all.erase(found);
}

ConnectionId
HubTable::Find(uint32_t address) const
{
    const std::set<Candidate>* candidates = m_table.Find(address);
    return candidates ? candidates->begin()->connection : 0;
}

void
HubTable::Clear()
{
    m_table.Clear();
    m_all.clear();
}

size_t
HubTable::GetSize() const
{
    return m_table.GetSize();
}

const std::map<HubTable::Key, HubTable::Candidate>&
HubTable::GetAll() const
{
    return m_all;
}

} // namespace ike
} // namespace ns3
