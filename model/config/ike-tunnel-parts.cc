/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-tunnel-parts.h"

#include "ike-ios-policy-check.h"
#include "ike-ios-policy-resolve.h"

namespace ns3
{
namespace ike
{

namespace
{

const AccessListText*
FindTunnelList(const RouterConfig& config, const InterfaceText& tunnel)
{
    const auto found = tunnel.protectionPolicy
                           ? config.accessLists.find(tunnel.protectionPolicy->name)
                           : config.accessLists.end();
    return found == config.accessLists.end() ? nullptr : &found->second;
}

/// The only line of a list, remarks aside; null when there is none, or another one.
const AccessLine*
FindOnlyLine(const AccessListText& list)
{
    const AccessLine* only = nullptr;
    for (const auto& [number, line] : list.lines)
    {
        if (!line.IsRemark() && only)
        {
            return nullptr;
        }
        only = line.IsRemark() ? only : &line.line;
    }
    return only;
}

} // namespace

IpAddress
FindTunnelSource(const RouterConfig& config, const InterfaceText& tunnel)
{
    if (!tunnel.tunnelSource)
    {
        return IpAddress{};
    }
    const auto address = IpAddress::Parse(tunnel.tunnelSource->name);
    const InterfaceText* source = config.FindInterface(tunnel.tunnelSource->name);
    const bool hasAddress = source && source->address;
    return address ? *address : hasAddress ? *source->address : IpAddress{};
}

bool
CanShareDevice(const InterfaceText& tunnel)
{
    return tunnel.IsTunnel() && tunnel.tunnelMode == TunnelMode::IpsecIpv4;
}

const InterfaceText*
FindNumberedTunnel(const RouterConfig& config)
{
    for (const InterfaceText& interface : config.interfaces)
    {
        if (CanShareDevice(interface) && interface.address)
        {
            return &interface;
        }
    }
    return nullptr;
}

const IpsecProfileText*
FindTunnelProfile(const RouterConfig& config, const InterfaceText& tunnel)
{
    if (!tunnel.protectionProfile)
    {
        return nullptr;
    }
    const auto found = config.ipsecProfiles.find(tunnel.protectionProfile->name);
    return found == config.ipsecProfiles.end() ? nullptr : &found->second;
}

std::optional<std::pair<Selector, Selector>>
FindTunnelFlow(const RouterConfig& config, const InterfaceText& tunnel)
{
    const AccessListText* list = FindTunnelList(config, tunnel);
    const AccessLine* line = list ? FindOnlyLine(*list) : nullptr;
    return line && line->permit && line->protocol == 0 ? NameFlow(*line) : std::nullopt;
}

void
CheckTunnelSource(const RouterConfig& config,
                  const InterfaceText& tunnel,
                  std::vector<ConfigError>& errors)
{
    if (tunnel.tunnelSource && config.FindInterface(tunnel.tunnelSource->name) &&
        FindTunnelSource(config, tunnel).IsNone())
    {
        errors.push_back({tunnel.tunnelSource->position,
                          tunnel.tunnelSource->name,
                          "the source of " + tunnel.name + " has no address",
                          "type 'ip address ...' under it"});
    }
}

void
CheckTunnelProtection(const RouterConfig& config,
                      const InterfaceText& tunnel,
                      std::vector<ConfigError>& errors)
{
    if (!tunnel.protectionProfile)
    {
        errors.push_back({tunnel.position,
                          tunnel.name,
                          "the tunnel lacks protection",
                          "type 'tunnel protection ipsec profile ...'"});
        return;
    }
    const IpsecProfileText* profile = FindTunnelProfile(config, tunnel);
    if (profile && profile->transformSets.empty())
    {
        errors.push_back({profile->position,
                          profile->name,
                          "the profile protects " + tunnel.name + " but has no transform set",
                          "type 'set transform-set ...'"});
    }
}

void
CheckTunnelAddress(const RouterConfig& config,
                   const InterfaceText& tunnel,
                   std::vector<ConfigError>& errors)
{
    if (tunnel.unnumbered && config.FindInterface(tunnel.unnumbered->name) &&
        !config.FindAddress(tunnel))
    {
        errors.push_back({tunnel.unnumbered->position,
                          tunnel.unnumbered->name,
                          "has no address that it could lend to " + tunnel.name,
                          "type 'ip address ...' under it"});
    }
}

void
CheckTunnelPolicy(const RouterConfig& config,
                  const InterfaceText& tunnel,
                  std::vector<ConfigError>& errors)
{
    if (!tunnel.protectionPolicy)
    {
        return;
    }
    const NameReference& list = *tunnel.protectionPolicy;
    if (tunnel.tunnelMode != TunnelMode::IpsecIpv4)
    {
        errors.push_back({list.position,
                          list.name,
                          "only ESP without an envelope has a policy, and " + tunnel.name +
                              " has one of GRE or IP",
                          "type 'tunnel mode ipsec ipv4'"});
        return;
    }
    CheckReference(errors, list, config.accessLists, "access-list");
    if (FindTunnelList(config, tunnel) && !FindTunnelFlow(config, tunnel))
    {
        errors.push_back({list.position,
                          list.name,
                          "the policy of " + tunnel.name +
                              " has to be one line 'permit ip' between two networks",
                          "a tunnel has one pair of proxy identities: write another tunnel for "
                          "another line"});
    }
}

} // namespace ike
} // namespace ns3
