/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-tunnel-watch.h"

#include "ns3/abort.h"
#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeTunnelWatch");

namespace
{

/// For so many tunnels a poll asks the routing.
constexpr unsigned POLLED_TUNNELS = 64;
/// What NodeRoutes says of a path through a tunnel.
constexpr char RECURSIVE[] = "recursive-routing";

} // namespace

TunnelWatch::TunnelWatch(RouterDesk& desk,
                         NodeInterfaces& interfaces,
                         const NodeRoutes& routes,
                         HubTunnels& hub)
    : m_desk(desk),
      m_interfaces(interfaces),
      m_routes(routes),
      m_hub(hub)
{
}

void
TunnelWatch::SetRoutePoll(Time interval)
{
    m_routePoll = interval;
}

Time
TunnelWatch::GetRoutePoll() const
{
    return m_routePoll;
}

void
TunnelWatch::SetLastResortCounts(bool counts)
{
    m_lastResortCounts = counts;
}

void
TunnelWatch::Apply(const RouterConfig& config, const EngineConfig& tunnels)
{
    for (auto& [id, tunnel] : m_tunnels)
    {
        const InterfaceText* text = config.FindInterface(tunnel.name);
        tunnel.configured =
            tunnel.opened; // so is one that is shut down: the engine does not know it
        tunnel.shutdown = text && text->shutdown;
    }
    for (const ConnectionConfig& connection : tunnels.connections)
    {
        if (connection.dynamic)
        {
            continue; // a template: who comes by it gets a connection of its own
        }
        Tunnel& tunnel = m_tunnels[connection.id];
        tunnel.name = connection.name;
        tunnel.local = connection.local;
        tunnel.peer = connection.peer;
        tunnel.configured = true;
        const InterfaceText* text = config.FindInterface(connection.name);
        if (!text)
        {
            continue; // of a crypto map: it has a path, and no line
        }
        ChooseDevice(connection.id, tunnel, *text);
    }
}

void
TunnelWatch::ChooseDevice(ConnectionId id, Tunnel& tunnel, const InterfaceText& text)
{
    const bool shared = m_hub.IsShared(text);
    if (tunnel.device && shared != tunnel.shared)
    {
        // Another `tunnel mode`: what it was ends with the line.
        tunnel.configured = false;
        UpdateLine(id, tunnel);
        tunnel.configured = true;
    }
    if (!shared)
    {
        m_interfaces.ObtainDevice(text);
    }
    tunnel.mode = text.tunnelMode;
    tunnel.shared = shared;
    tunnel.device = shared ? m_hub.ObtainDevice() : m_interfaces.GetOwnDevice(tunnel.name);
    NS_ABORT_MSG_UNLESS(tunnel.device, tunnel.name << " is given to another device");
}

void
TunnelWatch::Open(const ConnectionConfig& connection)
{
    Tunnel& tunnel = m_tunnels[connection.id];
    tunnel.name = connection.name;
    tunnel.local = connection.local;
    tunnel.peer = connection.peer;
    tunnel.configured = true;
    tunnel.pathUp = true; // the peer's messages came along one
    tunnel.opened = true;
    if (!connection.virtualTemplate.empty())
    {
        tunnel.mode = TunnelMode::IpsecIpv4;
        tunnel.shared = true;
        tunnel.device = m_hub.ObtainDevice();
    }
}

void
TunnelWatch::Close(ConnectionId connection)
{
    const auto found = m_tunnels.find(connection);
    if (found != m_tunnels.end())
    {
        found->second.configured = false;
        UpdateLine(connection, found->second);
        m_tunnels.erase(found);
    }
}

void
TunnelWatch::Reset(const std::string& why)
{
    for (auto& [id, tunnel] : m_tunnels)
    {
        const bool hadPath = tunnel.pathUp;
        tunnel.selected = false;
        tunnel.pathUp = false;
        tunnel.recursive = false;
        UpdateLine(id, tunnel);
        if (hadPath)
        {
            Report(EventKind::RouteDown, id, tunnel, why);
        }
    }
    for (auto it = m_tunnels.begin(); it != m_tunnels.end();)
    {
        if (it->second.opened)
        {
            m_hub.Close(it->first); // nobody knows them any more
        }
        it = it->second.opened ? m_tunnels.erase(it) : std::next(it);
    }
}

void
TunnelWatch::Dispose()
{
    m_checkEvent.Cancel();
    m_pollEvent.Cancel();
    m_tunnels.clear();
}

// --- Paths ----------------------------------------------------------------------------------

void
TunnelWatch::ScheduleCheck()
{
    if (m_desk.IsAwake() && !m_tunnels.empty() && m_checkEvent.IsExpired())
    {
        m_checkEvent = Simulator::ScheduleNow(&TunnelWatch::Check, this);
    }
}

void
TunnelWatch::SchedulePoll()
{
    const bool any = std::any_of(m_tunnels.begin(), m_tunnels.end(), [](const auto& entry) {
        return entry.second.configured;
    });
    if (any && !m_routePoll.IsZero() && m_pollEvent.IsExpired() && m_routes.CanAge())
    {
        m_pollEvent = Simulator::Schedule(m_routePoll, &TunnelWatch::HandlePoll, this);
    }
}

void
TunnelWatch::HandlePoll()
{
    if (m_desk.IsAwake() && IsAnyPolledChanged())
    {
        Check();
    }
    SchedulePoll();
}

bool
TunnelWatch::IsAnyPolledChanged()
{
    bool changed = false;
    auto it = m_tunnels.upper_bound(m_polled);
    for (size_t i = std::min<size_t>(POLLED_TUNNELS, m_tunnels.size()); i > 0; --i)
    {
        it = it == m_tunnels.end() ? m_tunnels.begin() : it;
        const std::string obstacle = FindObstacle(it->second);
        changed = changed || obstacle.empty() != it->second.pathUp ||
                  (obstacle == RECURSIVE) != it->second.recursive;
        m_polled = it->first;
        ++it;
    }
    return changed;
}

void
TunnelWatch::Check()
{
    if (!m_desk.IsAwake())
    {
        return;
    }
    // The engine's actions may change the tunnels: first look at all, then tell.
    std::vector<std::pair<ConnectionId, std::string>> changes;
    for (auto& [id, tunnel] : m_tunnels)
    {
        const std::string obstacle = FindObstacle(tunnel);
        tunnel.recursive = obstacle == RECURSIVE;
        if (obstacle.empty() != tunnel.pathUp)
        {
            tunnel.pathUp = obstacle.empty();
            changes.emplace_back(id, obstacle);
        }
    }
    for (const auto& [id, obstacle] : changes)
    {
        const auto found = m_tunnels.find(id);
        if (found == m_tunnels.end())
        {
            continue; // it was opened by a peer, and ended by what the engine did before
        }
        const Tunnel tunnel = found->second;
        Report(tunnel.pathUp ? EventKind::RouteUp : EventKind::RouteDown, id, tunnel, obstacle);
        m_desk.Take(LinkChangeInput{id, tunnel.pathUp});
    }
    UpdateLines();
}

std::string
TunnelWatch::FindObstacle(const Tunnel& tunnel) const
{
    if (!tunnel.configured)
    {
        return tunnel.shutdown ? "shutdown" : "not-configured";
    }
    if (!m_interfaces.IsAddressUp(Ipv4Address(tunnel.local.ToV4())))
    {
        return "source-down";
    }
    const Ipv4Address peer(tunnel.peer.ToV4());
    std::string reason;
    if (m_routes.FindPath(peer, reason) && !m_lastResortCounts && !m_routes.HasOrdinaryRoute(peer))
    {
        return "last-resort";
    }
    return reason;
}

bool
TunnelWatch::HasPath(ConnectionId connection) const
{
    const Tunnel* tunnel = Find(connection);
    return tunnel && tunnel->pathUp;
}

// --- Lines ----------------------------------------------------------------------------------

void
TunnelWatch::Select(ConnectionId connection, bool selected)
{
    const auto found = m_tunnels.find(connection);
    if (found != m_tunnels.end())
    {
        found->second.selected = selected;
        UpdateLine(connection, found->second);
    }
}

void
TunnelWatch::UpdateLines()
{
    for (auto& [id, tunnel] : m_tunnels)
    {
        UpdateLine(id, tunnel);
    }
}

bool
TunnelWatch::IsUsable(const Tunnel& tunnel)
{
    if (tunnel.mode == TunnelMode::IpsecIpv4)
    {
        return tunnel.selected;
    }
    // A line that went down because its own routes hide the path would give the path back, come up,
    // and so on without end.
    return tunnel.pathUp || (tunnel.lineUp && tunnel.recursive);
}

void
TunnelWatch::UpdateLine(ConnectionId id, Tunnel& tunnel)
{
    const bool up = tunnel.device && tunnel.configured && IsUsable(tunnel) && !m_desk.IsReloading();
    if (up == tunnel.lineUp)
    {
        return;
    }
    NS_LOG_LOGIC(tunnel.name << (up ? " comes up" : " goes down"));
    tunnel.lineUp = up;
    if (tunnel.shared)
    {
        Report(up ? EventKind::LineUp : EventKind::LineDown, id, tunnel, "");
        m_hub.SetLine(id, up);
        return;
    }
    tunnel.device->SetLinkUp(up);
    Report(up ? EventKind::LineUp : EventKind::LineDown, id, tunnel, "");
    m_interfaces.SetUp(tunnel.device, up);
}

bool
TunnelWatch::IsLineUp(ConnectionId connection) const
{
    const Tunnel* tunnel = Find(connection);
    return tunnel && tunnel->lineUp;
}

bool
TunnelWatch::IsShared(ConnectionId connection) const
{
    const Tunnel* tunnel = Find(connection);
    return tunnel && tunnel->shared;
}

Ptr<IpsecTunnelDevice>
TunnelWatch::GetDevice(ConnectionId connection) const
{
    const Tunnel* tunnel = Find(connection);
    return tunnel ? tunnel->device : nullptr;
}

Ptr<IpsecTunnelDevice>
TunnelWatch::GetOpenDevice(ConnectionId connection) const
{
    const Tunnel* tunnel = Find(connection);
    return tunnel && tunnel->lineUp ? tunnel->device : nullptr;
}

const TunnelWatch::Tunnel*
TunnelWatch::Find(ConnectionId connection) const
{
    const auto found = m_tunnels.find(connection);
    return found != m_tunnels.end() ? &found->second : nullptr;
}

void
TunnelWatch::Report(EventKind kind, ConnectionId id, const Tunnel& tunnel, const std::string& text)
{
    Event event;
    event.kind = kind;
    event.connection = id;
    event.local = tunnel.local;
    event.peer = tunnel.peer;
    event.text = text;
    m_desk.Report(event);
}

} // namespace ike
} // namespace ns3
