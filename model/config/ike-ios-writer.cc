/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-parser.h"
#include "ike-ios-words.h"

#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

int64_t
ToWholeSeconds(Duration d)
{
    return d.ns / 1000000000;
}

std::string
MaskOf(unsigned length)
{
    return IpAddress::V4(MaskOfPrefixLength(length)).ToString();
}

/// "10.0.0.0 255.0.0.0"
std::string
WithMask(const IpPrefix& prefix)
{
    return prefix.address.ToString() + " " + MaskOf(prefix.length);
}

/// An address; the mask is left out for a single host.
std::string
WithMaskOfNetwork(const IpPrefix& prefix)
{
    return prefix.length == 32 ? prefix.address.ToString() : WithMask(prefix);
}

/// A key, with the type before it where it would be taken for a type itself.
std::string
WriteKey(const Octets& key)
{
    const std::string text(key.begin(), key.end());
    return text == "0" || text == "6" ? "0 " + text : text;
}

/// Like IOS, what has its default value is not shown.
void
WritePolicy(std::ostream& os, const IsakmpPolicy& policy)
{
    const IsakmpPolicy standard;
    os << "crypto isakmp policy " << policy.priority << "\n";
    if (policy.cipher != standard.cipher)
    {
        os << " encr " << WriteIosCipher(policy.cipher, policy.keyBits) << "\n";
    }
    if (policy.hash != standard.hash)
    {
        os << " hash " << WriteIosHash(policy.hash) << "\n";
    }
    if (policy.authentication != standard.authentication)
    {
        os << " authentication " << ToString(policy.authentication) << "\n";
    }
    if (policy.group != standard.group)
    {
        os << " group " << static_cast<unsigned>(policy.group) << "\n";
    }
    if (policy.lifetime != standard.lifetime)
    {
        os << " lifetime " << ToWholeSeconds(policy.lifetime) << "\n";
    }
    os << "!\n";
}

void
WriteKeyring(std::ostream& os, const KeyringConfig& keyring)
{
    if (keyring.name.empty())
    {
        return;
    }
    os << "crypto keyring " << keyring.name << "\n";
    for (const PreSharedKey& key : keyring.keys)
    {
        os << "  pre-shared-key address " << WithMaskOfNetwork(key.peers) << " key "
           << WriteKey(key.key) << "\n";
    }
    os << "!\n";
}

void
WriteGlobalKeys(std::ostream& os, const RouterConfig& config)
{
    const auto global = config.keyrings.find("");
    if (global == config.keyrings.end() || global->second.keys.empty())
    {
        return;
    }
    for (const PreSharedKey& key : global->second.keys)
    {
        os << "crypto isakmp key " << WriteKey(key.key) << " address "
           << WithMaskOfNetwork(key.peers) << "\n";
    }
    os << "!\n";
}

void
WriteIsakmpProfile(std::ostream& os, const IsakmpProfileText& profile)
{
    os << "crypto isakmp profile " << profile.name << "\n";
    if (profile.keyring)
    {
        os << "   keyring " << profile.keyring->name << "\n";
    }
    for (const IpPrefix& identity : profile.identityAddresses)
    {
        os << "   match identity address " << WithMask(identity) << "\n";
    }
    os << "!\n";
}

void
WriteLifetimes(std::ostream& os,
               const std::string& command,
               const std::optional<Duration>& time,
               const std::optional<uint64_t>& kilobytes)
{
    if (time)
    {
        os << command << " lifetime seconds " << ToWholeSeconds(*time) << "\n";
    }
    if (kilobytes)
    {
        os << command << " lifetime kilobytes " << *kilobytes << "\n";
    }
}

void
WriteProfile(std::ostream& os, const IpsecProfileText& profile)
{
    os << "crypto ipsec profile " << profile.name << "\n";
    if (!profile.description.empty())
    {
        os << " description " << profile.description << "\n";
    }
    WriteLifetimes(os, " set security-association", profile.lifetime, profile.lifetimeKilobytes);
    if (!profile.transformSets.empty())
    {
        os << " set transform-set";
        for (const NameReference& set : profile.transformSets)
        {
            os << " " << set.name;
        }
        os << "\n";
    }
    if (profile.pfs)
    {
        os << " set pfs group" << static_cast<unsigned>(*profile.pfs) << "\n";
    }
    if (profile.isakmpProfile)
    {
        os << " set isakmp-profile " << profile.isakmpProfile->name << "\n";
    }
    os << (profile.responderOnly ? " responder-only\n" : "") << "!\n";
}

void
WriteTunnel(std::ostream& os, const InterfaceText& tunnel)
{
    if (tunnel.tunnelSource)
    {
        os << " tunnel source " << tunnel.tunnelSource->name << "\n";
    }
    if (tunnel.tunnelDestination)
    {
        os << " tunnel destination " << tunnel.tunnelDestination->ToString() << "\n";
    }
    if (tunnel.tunnelMode == TunnelMode::IpsecIpv4)
    {
        os << " tunnel mode ipsec ipv4\n";
    }
    if (tunnel.protectionProfile)
    {
        os << " tunnel protection ipsec profile " << tunnel.protectionProfile->name << "\n";
    }
}

void
WriteInterface(std::ostream& os, const InterfaceText& interface)
{
    os << "interface " << interface.name << "\n";
    if (!interface.description.empty())
    {
        os << " description " << interface.description << "\n";
    }
    if (interface.address)
    {
        os << " ip address " << interface.address->ToString() << " "
           << MaskOf(interface.prefixLength) << "\n";
    }
    else
    {
        os << " no ip address\n";
    }
    os << (interface.shutdown ? " shutdown\n" : "");
    WriteTunnel(os, interface);
    os << "!\n";
}

void
WriteRip(std::ostream& os, const RouterConfig& config)
{
    if (!config.ripEnabled)
    {
        return;
    }
    os << "router rip\n" << (config.ripVersion2 ? " version 2\n" : "");
    for (const IpPrefix& network : config.ripNetworks)
    {
        os << " network " << network.address.ToString() << "\n";
    }
    os << "!\n";
}

void
WriteRoutes(std::ostream& os, const RouterConfig& config)
{
    for (const StaticRouteText& route : config.staticRoutes)
    {
        os << "ip route " << WithMask(route.prefix) << " "
           << (route.nextHop ? route.nextHop->ToString() : route.interface->name);
        if (route.distance != 1)
        {
            os << " " << route.distance;
        }
        os << "\n";
    }
    os << (config.staticRoutes.empty() ? "" : "!\n");
}

/// What a reader refers to comes before what refers to it, as IOS writes it.
void
WriteCrypto(std::ostream& os, const RouterConfig& config)
{
    for (const auto& [name, keyring] : config.keyrings)
    {
        WriteKeyring(os, keyring);
    }
    for (const IsakmpPolicy& policy : config.policies)
    {
        WritePolicy(os, policy);
    }
    WriteGlobalKeys(os, config);
    for (const auto& [name, profile] : config.isakmpProfiles)
    {
        WriteIsakmpProfile(os, profile);
    }
    WriteLifetimes(os,
                   "crypto ipsec security-association",
                   config.globalLifetime,
                   config.globalLifetimeKilobytes);
    for (const auto& [name, text] : config.transformSets)
    {
        os << "crypto ipsec transform-set " << name << " " << WriteIosTransforms(text.set)
           << "\n!\n";
    }
    for (const auto& [name, profile] : config.ipsecProfiles)
    {
        WriteProfile(os, profile);
    }
}

} // namespace

std::string
WriteIos(const RouterConfig& config)
{
    std::ostringstream os;
    os << "!\nhostname " << config.hostname << "\n!\n";
    WriteCrypto(os, config);
    for (const InterfaceText& interface : config.interfaces)
    {
        WriteInterface(os, interface);
    }
    WriteRip(os, config);
    WriteRoutes(os, config);
    os << "end\n";
    return os.str();
}

} // namespace ike
} // namespace ns3
