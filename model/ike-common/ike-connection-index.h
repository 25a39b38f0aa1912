/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CONNECTION_INDEX_H
#define IKE_CONNECTION_INDEX_H

#include "ns3/ike-engine-config.h"

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// The two addresses between which ISAKMP SAs stand: this end, the other end.
using AddressPair = std::pair<IpAddress, IpAddress>;

/**
 * Where connections and pre-shared keys of a configuration are in it: a hub has thousands of both,
 * each datagram asks for a connection, and each phase 1 for a key.
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
    /// The key of a keyring for a peer by its address, and of several the one for the smallest
    /// network; nothing when there is none.
    std::optional<Octets> FindKey(const EngineConfig& config,
                                  const std::string& keyring,
                                  const IpAddress& peer) const;

  private:
    /// Keys by network, the smallest networks first.
    using KeysOfLength = std::map<unsigned, std::map<IpAddress, size_t>, std::greater<>>;

    std::map<ConnectionId, size_t> m_byId;                ///< places
    std::map<AddressPair, std::vector<size_t>> m_between; ///< the same
    std::map<IpAddress, std::vector<size_t>> m_templates; ///< the same
    std::map<std::string, KeysOfLength> m_keys;           ///< the same, by keyring
};

/// How the peer at an address is watched (RFC 3706): as the first of its connections says that says
/// anything; who has none of his own, as the templates say. Null: not at all.
const DpdConfig* FindKeepalive(const EngineConfig& config,
                               const ConnectionIndex& index,
                               const AddressPair& ends);

} // namespace ike
} // namespace ns3

#endif // IKE_CONNECTION_INDEX_H
