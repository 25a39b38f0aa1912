/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TUNNEL_WATCH_H
#define IKE_TUNNEL_WATCH_H

#include "ike-hub-tunnels.h"
#include "ike-node-interfaces.h"
#include "ike-node-routes.h"
#include "ike-router-desk.h"
#include "ipsec-tunnel-device.h"

#include "ns3/event-id.h"
#include "ns3/ike-engine-config.h"
#include "ns3/ike-router-config.h"
#include "ns3/nstime.h"

#include <map>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Watches the paths of a router's tunnels, and keeps their lines.
 *
 * IkeRouter says what a path and a line are, and when the watch looks. Each change of a path goes
 * to the engine.
 *
 * A poll asks the routing for some tunnels only (POLLED_TUNNELS), taking turns, and for all of them
 * when a path changed: most share their routes, and a hub has thousands.
 */
class TunnelWatch
{
  public:
    /**
     * @brief Make a watch without tunnels.
     * @param desk of the router
     * @param interfaces of its node
     * @param routes of its node
     * @param hub tunnels that share a device
     */
    TunnelWatch(RouterDesk& desk,
                NodeInterfaces& interfaces,
                const NodeRoutes& routes,
                HubTunnels& hub);

    /**
     * @brief Set how often to look while routes can age unseen.
     * @param interval 0: never
     */
    void SetRoutePoll(Time interval);
    /**
     * @brief Get how often to look while routes can age unseen.
     * @return 0: never
     */
    Time GetRoutePoll() const;
    /**
     * @brief Say whether a route of last resort makes a path.
     * @param counts does it?
     */
    void SetLastResortCounts(bool counts);

    /**
     * @brief Bring the list of tunnels in line with the configuration, and make their devices.
     * @param config the configuration
     * @param tunnels what it means: tunnels that are complete and not shut down
     */
    void Apply(const RouterConfig& config, const EngineConfig& tunnels);
    /**
     * @brief A connection that a peer opened: it has a path, and a line if it is a virtual-access
     * interface.
     * @param connection new
     */
    void Open(const ConnectionConfig& connection);
    /**
     * @brief Such a connection is over.
     * @param connection which connection
     */
    void Close(ConnectionId connection);
    /// @brief Let all lines follow what they depend on.
    void UpdateLines();
    /**
     * @brief A pair carries a tunnel's outbound traffic from now on, or none does.
     * @param connection which tunnel
     * @param selected does one?
     */
    void Select(ConnectionId connection, bool selected);
    /**
     * @brief Take all lines down, and forget the paths.
     * @param why goes into the events
     */
    void Reset(const std::string& why);

    /// @brief Look for paths now, unless the router is away: it finds out when it comes back.
    void Check();
    /// @brief Look for paths after all that happens at this time.
    void ScheduleCheck();
    /// @brief Look again and again, as long as routes can age unseen and there is a tunnel.
    void SchedulePoll();
    /// @brief Forget all, and look no more.
    void Dispose();

    /**
     * @brief Is the line protocol of a tunnel up?
     * @param connection which tunnel
     * @return true when it is
     */
    bool IsLineUp(ConnectionId connection) const;
    /**
     * @brief Has a tunnel a path to its destination?
     * @param connection which tunnel
     * @return true when it has
     */
    bool HasPath(ConnectionId connection) const;
    /**
     * @brief Does a tunnel share its device with others?
     * @param connection which tunnel
     * @return true when it does
     */
    bool IsShared(ConnectionId connection) const;
    /**
     * @brief Get the device of a tunnel.
     * @param connection which tunnel
     * @return the device, or null
     */
    Ptr<IpsecTunnelDevice> GetDevice(ConnectionId connection) const;
    /**
     * @brief Get the device of a tunnel whose line is up.
     * @param connection which tunnel
     * @return the device, or null
     */
    Ptr<IpsecTunnelDevice> GetOpenDevice(ConnectionId connection) const;

  private:
    /// A tunnel that is complete in the configuration, or was.
    struct Tunnel
    {
        std::string name;              ///< "Tunnel0"
        IpAddress local;               ///< tunnel source
        IpAddress peer;                ///< tunnel destination
        TunnelMode mode{};             ///< a VTI, or an envelope that IPsec protects
        bool configured{false};        ///< complete in the configuration, and not shut down
        bool shutdown{false};          ///< `shutdown`
        bool opened{false};            ///< by a peer; not in the configuration
        bool selected{false};          ///< does a pair carry its outbound traffic?
        bool lineUp{false};            ///< line protocol
        bool pathUp{false};            ///< is there a path to the destination?
        bool recursive{false};         ///< does the tunnel itself stand in its way?
        bool shared{false};            ///< does it share its device with others?
        Ptr<IpsecTunnelDevice> device; ///< its interface
    };

    /// @brief The poll's interval is over.
    void HandlePoll();
    /// @brief Ask for the paths of the next tunnels in turn. @return is any no longer what it was?
    bool IsAnyPolledChanged();
    /**
     * @brief Choose the device of a configured tunnel.
     * @param id the tunnel's
     * @param tunnel the tunnel
     * @param text its interface
     */
    void ChooseDevice(ConnectionId id, Tunnel& tunnel, const InterfaceText& text);
    /**
     * @brief What keeps a tunnel from having a path?
     * @param tunnel which
     * @return empty: it has one
     */
    std::string FindObstacle(const Tunnel& tunnel) const;
    /**
     * @brief May routes lead through a tunnel? Through a VTI while an SA carries its traffic;
     * through GRE and IP in IP, as in IOS, while there is a path: without an SA packets end there,
     * instead of leaving in the clear by another route.
     * @param tunnel which
     * @return true when they may
     */
    static bool IsUsable(const Tunnel& tunnel);
    /**
     * @brief Let line protocol follow what it depends on.
     * @param id the tunnel's
     * @param tunnel the tunnel
     */
    void UpdateLine(ConnectionId id, Tunnel& tunnel);
    /**
     * @brief Report something about a tunnel.
     * @param kind what
     * @param id the tunnel's
     * @param tunnel the tunnel
     * @param text more about it
     */
    void Report(EventKind kind, ConnectionId id, const Tunnel& tunnel, const std::string& text);
    /**
     * @brief Find a tunnel.
     * @param connection which
     * @return the tunnel, or null
     */
    const Tunnel* Find(ConnectionId connection) const;

    RouterDesk& m_desk;                       ///< of the router
    NodeInterfaces& m_interfaces;             ///< of its node
    const NodeRoutes& m_routes;               ///< of its node
    HubTunnels& m_hub;                        ///< tunnels that share a device
    ConnectionId m_polled{0};                 ///< the last one that a poll asked for
    Time m_routePoll;                         ///< 0: never
    bool m_lastResortCounts{true};            ///< does a route of last resort make a path?
    std::map<ConnectionId, Tunnel> m_tunnels; ///< by id
    EventId m_checkEvent;                     ///< look for paths
    EventId m_pollEvent;                      ///< look again
};

} // namespace ike
} // namespace ns3

#endif // IKE_TUNNEL_WATCH_H
