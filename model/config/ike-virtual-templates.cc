/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-virtual-templates.h"

#include "ike-ipsec-terms.h"
#include "ike-tunnel-parts.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Where a template waits for peers.
struct TemplatePlace
{
    std::string key;                  ///< in RouterConfig::policyIds
    const InterfaceText& interface;   ///< the virtual template
    const IsakmpProfileText& profile; ///< that chose it
    IpAddress local;                  ///< of this end
};

/// The addresses at which a template answers: its source, or all that are the router's own.
std::vector<IpAddress>
ListTemplateAddresses(const RouterConfig& config, const InterfaceText& interface)
{
    std::vector<IpAddress> addresses;
    if (interface.tunnelSource)
    {
        const IpAddress source = FindTunnelSource(config, interface);
        if (!source.IsNone())
        {
            addresses.push_back(source);
        }
        return addresses;
    }
    for (const InterfaceText& own : config.interfaces)
    {
        if (own.address && !own.IsTunnel() && !own.shutdown)
        {
            addresses.push_back(*own.address);
        }
    }
    return addresses;
}

std::vector<TemplatePlace>
ListPlaces(const RouterConfig& config)
{
    std::vector<TemplatePlace> places;
    for (const auto& [name, profile] : config.isakmpProfiles)
    {
        const InterfaceText* interface =
            profile.virtualTemplate ? config.FindInterface(profile.virtualTemplate->name) : nullptr;
        if (!interface || interface->shutdown)
        {
            continue;
        }
        for (const IpAddress& local : ListTemplateAddresses(config, *interface))
        {
            places.push_back({interface->name + " profile " + name + " at " + local.ToString(),
                              *interface,
                              profile,
                              local});
        }
    }
    return places;
}

ConnectionConfig
ResolvePlace(const RouterConfig& config,
             const TemplatePlace& place,
             const IpsecProfileText& profile)
{
    IpsecTermsText terms = profile;
    terms.isakmpProfile = NameReference{place.profile.name, place.profile.position};
    ConnectionConfig connection;
    const auto id = config.policyIds.find(place.key);
    connection.id = id == config.policyIds.end() ? 0 : id->second;
    connection.name = place.interface.name;
    connection.virtualTemplate = place.interface.name;
    connection.local = place.local;
    connection.dynamic = true;
    connection.stayUp = false; // nobody is named with whom it could begin
    ResolveTerms(config, terms, connection);
    for (EspTransformSet& set : connection.transformSets)
    {
        set.transport = false; // as of any VTI
    }
    if (profile.responderOnly)
    {
        connection.switches = InitiationSwitches::ResponderOnly();
    }
    return connection;
}

/// The ISAKMP profiles that choose a template.
std::vector<const IsakmpProfileText*>
ListChoosers(const RouterConfig& config, const InterfaceText& interface)
{
    std::vector<const IsakmpProfileText*> choosers;
    for (const auto& [name, profile] : config.isakmpProfiles)
    {
        if (profile.virtualTemplate && profile.virtualTemplate->name == interface.name)
        {
            choosers.push_back(&profile);
        }
    }
    return choosers;
}

/// An IPsec profile that demands another ISAKMP profile than the one that chose the template would
/// never serve anybody.
void
CheckChoosers(const RouterConfig& config,
              const InterfaceText& interface,
              std::vector<ConfigError>& errors)
{
    const auto choosers = ListChoosers(config, interface);
    if (choosers.empty())
    {
        errors.push_back({interface.position,
                          interface.name,
                          "no ISAKMP profile chooses the virtual template",
                          "type 'virtual-template ...' under 'crypto isakmp profile'"});
    }
    const IpsecProfileText* profile = FindTunnelProfile(config, interface);
    for (const IsakmpProfileText* chooser : choosers)
    {
        if (profile && profile->isakmpProfile && profile->isakmpProfile->name != chooser->name)
        {
            errors.push_back(
                {profile->isakmpProfile->position,
                 profile->isakmpProfile->name,
                 "the ISAKMP profile that chooses " + interface.name + " is " + chooser->name,
                 "leave 'set isakmp-profile' out of " + profile->name});
        }
    }
}

void
CheckTemplate(const RouterConfig& config,
              const InterfaceText& interface,
              std::vector<ConfigError>& errors)
{
    if (interface.tunnelMode != TunnelMode::IpsecIpv4)
    {
        errors.push_back({interface.position,
                          interface.name,
                          "a virtual template carries IPv4 in ESP alone",
                          "type 'tunnel mode ipsec ipv4'"});
    }
    CheckTunnelSource(config, interface, errors);
    CheckTunnelProtection(config, interface, errors);
    CheckTunnelAddress(config, interface, errors);
    CheckChoosers(config, interface, errors);
}

} // namespace

std::vector<std::string>
ListTemplateKeys(const RouterConfig& config)
{
    std::vector<std::string> keys;
    for (const TemplatePlace& place : ListPlaces(config))
    {
        keys.push_back(place.key);
    }
    return keys;
}

std::vector<ConnectionConfig>
ResolveVirtualTemplates(const RouterConfig& config)
{
    std::vector<ConnectionConfig> connections;
    for (const TemplatePlace& place : ListPlaces(config))
    {
        const IpsecProfileText* profile = FindTunnelProfile(config, place.interface);
        if (!profile || place.interface.tunnelMode != TunnelMode::IpsecIpv4)
        {
            continue;
        }
        const ConnectionConfig connection = ResolvePlace(config, place, *profile);
        if (connection.id != 0 && !connection.transformSets.empty())
        {
            connections.push_back(connection);
        }
    }
    return connections;
}

void
CheckTemplateReferences(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    for (const auto& [name, profile] : config.isakmpProfiles)
    {
        if (profile.virtualTemplate && !config.FindInterface(profile.virtualTemplate->name))
        {
            errors.push_back({profile.virtualTemplate->position,
                              profile.virtualTemplate->name,
                              "there is no 'interface " + profile.virtualTemplate->name + "'",
                              {}});
        }
    }
}

void
CheckTemplateCompleteness(const RouterConfig& config, std::vector<ConfigError>& errors)
{
    for (const InterfaceText& interface : config.interfaces)
    {
        if (interface.IsVirtualTemplate() && !interface.shutdown)
        {
            CheckTemplate(config, interface, errors);
        }
    }
}

unsigned
FindReverseRouteDistance(const RouterConfig& config, const InterfaceText& virtualTemplate)
{
    const IpsecProfileText* profile = FindTunnelProfile(config, virtualTemplate);
    return profile ? profile->reverseRouteDistance.value_or(1) : 1;
}

} // namespace ike
} // namespace ns3
