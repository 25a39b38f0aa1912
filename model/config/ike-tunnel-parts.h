/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TUNNEL_PARTS_H
#define IKE_TUNNEL_PARTS_H

#include "ike-router-config.h"

#include <optional>
#include <utility>
#include <vector>

/**
 * @file
 * What tunnel interfaces and virtual templates have alike: source, protection, address; and what of
 * it is missing.
 */
namespace ns3
{
namespace ike
{

/// The address from which a tunnel sends; none when it has none (yet).
IpAddress FindTunnelSource(const RouterConfig& config, const InterfaceText& tunnel);
/// The profile that protects a tunnel; null when there is none.
const IpsecProfileText* FindTunnelProfile(const RouterConfig& config, const InterfaceText& tunnel);
/// What `tunnel protection ipsec policy ipv4 LIST` names: the proxy identities of this side and of
/// the peer's. Nothing when there is no list, or more in it than one line of IP.
std::optional<std::pair<Selector, Selector>> FindTunnelFlow(const RouterConfig& config,
                                                            const InterfaceText& tunnel);
/// Can a tunnel share a device of its node with others? All VTIs can.
bool CanShareDevice(const InterfaceText& tunnel);
/// The first tunnel with an address of its own among those that can share a device, which then none
/// may have; null when there is none.
const InterfaceText* FindNumberedTunnel(const RouterConfig& config);

/// The interface of `tunnel source` must have an address.
void CheckTunnelSource(const RouterConfig& config,
                       const InterfaceText& tunnel,
                       std::vector<ConfigError>& errors);
/// There must be a profile with a transform set.
void CheckTunnelProtection(const RouterConfig& config,
                           const InterfaceText& tunnel,
                           std::vector<ConfigError>& errors);
/// The interface of `ip unnumbered` must have an address to lend.
void CheckTunnelAddress(const RouterConfig& config,
                        const InterfaceText& tunnel,
                        std::vector<ConfigError>& errors);
/// The list of `tunnel protection ipsec policy` must be one line of IP.
void CheckTunnelPolicy(const RouterConfig& config,
                       const InterfaceText& tunnel,
                       std::vector<ConfigError>& errors);

} // namespace ike
} // namespace ns3

#endif // IKE_TUNNEL_PARTS_H
