/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_HUB_FIXTURE_H
#define IKE_HUB_FIXTURE_H

#include "ns3/ike-cloud-channel.h"
#include "ns3/ike-cloud-device.h"
#include "ns3/ike-router-helper.h"
#include "ns3/ike-router.h"
#include "ns3/ike-timed-event.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/socket.h"

#include <functional>
#include <map>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * Routers around a cloud, each with a LAN and a host behind it.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// Router N is at 203.0.113.N (Ethernet0/1), its LAN is 10.N.0.0/24 (Ethernet0/0), its host
/// 10.N.0.2.
class HubWorld
{
  public:
    HubWorld();
    ~HubWorld();

    /// Add a router. @param number its @param text more of its configuration @param shared do its
    /// VTIs share a device?
    void Add(uint32_t number, const std::string& text, bool shared = false);

    /// Let the cloud lead to another address of a router. @param number its @param address of it
    void AddAddress(uint32_t number, const std::string& address);

    /// What a tunnel to another router is. @param tunnel "Tunnel0" @param to the other router
    /// @return its configuration
    static std::string Tunnel(const std::string& tunnel, uint32_t to);
    /// A tunnel that asks for its own LAN alone. @param number of the router @param to the other
    /// one @return its configuration, with a route
    static std::string Spoke(uint32_t number, uint32_t to);
    /// A hub for whoever comes. @param more under `crypto ipsec profile` @param source of the
    /// template @return its configuration
    static std::string Template(const std::string& more = "",
                                const std::string& source = " tunnel source Ethernet0/1\n");

    /// Do something at a time. @param at when @param what to be done
    static void At(Time at, std::function<void()> what);
    /// Send a datagram. @param from number of a router, whose host sends @param to address
    void Send(uint32_t from, const std::string& to);
    /// Type lines at the console. @param number of the router @param lines to be typed @return what
    /// it says
    std::string Type(uint32_t number, const std::vector<std::string>& lines);
    /// Count events. @param number of the router @param kind which @param text of them, empty: any
    /// @return how many
    size_t Count(uint32_t number, EventKind kind, const std::string& text = "") const;

    std::map<uint32_t, Ptr<IkeRouter>> routers; ///< by number
    std::map<uint32_t, uint32_t> received;      ///< datagrams, by number of the host's router
    std::map<std::string, uint32_t> drops;      ///< of all routers, by reason
    EventLog events;                            ///< of all routers

  private:
    /// A datagram arrived. @param number of the host's router @param socket where
    void OnReceive(uint32_t number, Ptr<Socket> socket);
    /// Something was reported. @param event what
    void OnEvent(const TimedEvent& event);
    /// A packet was dropped. @param packet which @param reason why
    void OnDrop(Ptr<const Packet> packet, const std::string& reason);
    /// Do something. @param what to be done
    static void Do(std::function<void()> what);

    Ptr<IkeCloudChannel> m_cloud;                    ///< between the routers
    std::map<uint32_t, Ptr<IkeCloudDevice>> m_doors; ///< to it, by number of the router
    std::map<uint32_t, Ptr<Node>> m_hosts;           ///< by number of the router
    std::vector<Ptr<Socket>> m_sockets;              ///< that listen
};

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_HUB_FIXTURE_H
