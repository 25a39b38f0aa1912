/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-connection-index.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

template <typename Map>
std::vector<const ConnectionConfig*>
ListAt(const EngineConfig& config, const Map& map, const typename Map::key_type& key)
{
    std::vector<const ConnectionConfig*> found;
    const auto it = map.find(key);
    if (it != map.end())
    {
        for (size_t place : it->second)
        {
            found.push_back(&config.connections.at(place));
        }
    }
    return found;
}

} // namespace

ConnectionIndex::ConnectionIndex(const EngineConfig& config)
{
    for (size_t place = 0; place < config.connections.size(); place++)
    {
        const ConnectionConfig& c = config.connections[place];
        m_byId.emplace(c.id, place);
        if (c.dynamic)
        {
            m_templates[c.local].push_back(place);
        }
        else
        {
            m_between[AddressPair{c.local, c.peer}].push_back(place);
        }
    }
    for (size_t place = 0; place < config.keys.size(); place++)
    {
        const PreSharedKey& key = config.keys[place];
        if (!key.identity)
        {
            // Of two for the same peers the first one counts.
            m_keys[key.keyring][key.peers.length].emplace(key.peers.address, place);
        }
    }
}

const ConnectionConfig*
ConnectionIndex::Find(const EngineConfig& config, ConnectionId id) const
{
    const auto it = m_byId.find(id);
    return it == m_byId.end() ? nullptr : &config.connections.at(it->second);
}

std::vector<const ConnectionConfig*>
ConnectionIndex::FindBetween(const EngineConfig& config, const AddressPair& ends) const
{
    return ListAt(config, m_between, ends);
}

std::vector<const ConnectionConfig*>
ConnectionIndex::FindTemplates(const EngineConfig& config, const IpAddress& local) const
{
    return ListAt(config, m_templates, local);
}

std::optional<Octets>
ConnectionIndex::FindKey(const EngineConfig& config,
                         const std::string& keyring,
                         const IpAddress& peer) const
{
    const auto ring = m_keys.find(keyring);
    if (ring == m_keys.end())
    {
        return std::nullopt;
    }
    for (const auto& [length, keys] : ring->second)
    {
        const auto found = keys.find(peer.Masked(length));
        if (found != keys.end())
        {
            return config.keys.at(found->second).key;
        }
    }
    return std::nullopt;
}

const DpdConfig*
FindKeepalive(const EngineConfig& config, const ConnectionIndex& index, const AddressPair& ends)
{
    std::vector<const ConnectionConfig*> all = index.FindBetween(config, ends);
    if (all.empty())
    {
        all = index.FindTemplates(config, ends.first);
    }
    const auto it = std::find_if(all.begin(), all.end(), [](const ConnectionConfig* c) {
        return c->keepalive.has_value();
    });
    return it == all.end() ? nullptr : &*(*it)->keepalive;
}

} // namespace ike
} // namespace ns3
