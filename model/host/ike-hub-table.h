/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_HUB_TABLE_H
#define IKE_HUB_TABLE_H

#include "ns3/ike-address.h"
#include "ns3/ike-events.h"
#include "ns3/ipsec-prefix-table.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <tuple>

namespace ns3
{
namespace ike
{

/// A network behind a tunnel.
struct HubRoute
{
    IpPrefix prefix;      ///< where to
    unsigned distance{1}; ///< administrative distance: the lowest wins

    /**
     * @brief Is it the same route?
     * @param a a route
     * @param b another one
     * @return true when it is
     */
    friend bool operator==(const HubRoute& a, const HubRoute& b)
    {
        return a.prefix == b.prefix && a.distance == b.distance;
    }
};

/**
 * @ingroup ike
 * @brief Which tunnel leads to an address: a value, whose cost does not grow with the tunnels.
 *
 * Of several routes to a network the one of the lowest distance is in force, and of those with the
 * same distance the one that was added last; the others wait until it is removed. So a spoke that
 * comes back with another address is found where it is now, and where it was if that ends first.
 */
class HubTable
{
  public:
    /**
     * @brief Add a route.
     * @param connection the tunnel
     * @param route the tunnel must not have another one to the same network
     */
    void Add(ConnectionId connection, const HubRoute& route);
    /**
     * @brief Remove a route. Nothing happens when it is not there.
     * @param connection the tunnel
     * @param route as it was added
     */
    void Remove(ConnectionId connection, const HubRoute& route);
    /**
     * @brief Find the tunnel to an address.
     * @param address of a packet
     * @return the tunnel; 0: there is none
     */
    ConnectionId Find(uint32_t address) const;
    /// @brief Forget all.
    void Clear();
    /// @brief Count the networks that are in force. @return how many
    size_t GetSize() const;

    /// Who has a route to which network.
    using Key = std::tuple<uint32_t, uint32_t, ConnectionId>;

    /// A route among those to the same network.
    struct Candidate
    {
        unsigned distance;       ///< the lowest first
        uint64_t order;          ///< then the one that was added last
        ConnectionId connection; ///< the tunnel

        /**
         * @brief Does it go before another one?
         * @param other another one
         * @return true when it does
         */
        bool operator<(const Candidate& other) const
        {
            return distance != other.distance ? distance < other.distance : order > other.order;
        }
    };

    /**
     * @brief Get all routes, those that wait included.
     * @return by network, mask and tunnel
     */
    const std::map<Key, Candidate>& GetAll() const;

  private:
    PrefixTable<std::set<Candidate>> m_table; ///< by network; the first one is in force
    std::map<Key, Candidate> m_all;           ///< the same, to be removed
    uint64_t m_added{0};                      ///< routes so far
};

} // namespace ike
} // namespace ns3

#endif // IKE_HUB_TABLE_H
