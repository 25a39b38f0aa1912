/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CONNECTION_INDEX_H
#define IKE_CONNECTION_INDEX_H

#include "ns3/ike-engine-config.h"

#include <map>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// The two addresses between which ISAKMP SAs stand: this end, the other end.
using AddressPair = std::pair<IpAddress, IpAddress>;

/**
 * Where the connections of a configuration are in it: a hub has thousands, and each datagram asks.
 * Made once for a configuration, and of no use for another one.
 */
class ConnectionIndex
{
  public:
    explicit ConnectionIndex(const EngineConfig& config);

    /// The connection, or null.
    const ConnectionConfig* Find(const EngineConfig& config, ConnectionId id) const;
    /// All connections between two addresses, templates aside, in the order of the configuration.
    std::vector<const ConnectionConfig*> FindBetween(const EngineConfig& config,
                                                     const AddressPair& ends) const;
    /// All templates (ConnectionConfig::dynamic) at an address of this end, in order.
    std::vector<const ConnectionConfig*> FindTemplates(const EngineConfig& config,
                                                       const IpAddress& local) const;

  private:
    std::map<ConnectionId, size_t> m_byId;                ///< places
    std::map<AddressPair, std::vector<size_t>> m_between; ///< the same
    std::map<IpAddress, std::vector<size_t>> m_templates; ///< the same
};

/// How the peer at an address is watched (RFC 3706): as the first of its connections says that says
/// anything; who has none of his own, as the templates say. Null: not at all.
const DpdConfig* FindKeepalive(const EngineConfig& config,
                               const ConnectionIndex& index,
                               const AddressPair& ends);

} // namespace ike
} // namespace ns3

#endif // IKE_CONNECTION_INDEX_H
