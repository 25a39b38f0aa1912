/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-access-words.h"
#include "ike-ios-parser.h"
#include "ike-ios-words.h"

#include <algorithm>
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

/// "address 10.0.0.0 255.0.0.0", "hostname r1.example.org": whose key it is.
std::string
WritePeersOf(const PreSharedKey& key)
{
    return key.identity ? "hostname " + key.identity->text
                        : "address " + WithMaskOfNetwork(key.peers);
}

/// "fqdn r1.example.org", "user-fqdn u@example.org"
std::string
WriteIdentity(const IkeIdentity& identity, const std::string& address)
{
    const std::string text = identity.text.empty() ? "" : " " + identity.text;
    return (identity.kind == IdentityKind::Address    ? address
            : identity.kind == IdentityKind::UserFqdn ? "user-fqdn"
                                                      : "fqdn") +
           text;
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
        os << "  pre-shared-key " << WritePeersOf(key) << " key " << WriteKey(key.key) << "\n";
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
        os << "crypto isakmp key " << WriteKey(key.key) << " " << WritePeersOf(key) << "\n";
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
    for (const IkeIdentity& identity : profile.identities)
    {
        const bool isUser = identity.kind == IdentityKind::UserFqdn;
        os << "   match identity " << (isUser ? "user " : "host ") << identity.text << "\n";
    }
    if (profile.trustpoint)
    {
        os << "   ca trust-point " << profile.trustpoint->name << "\n";
    }
    if (profile.selfIdentity)
    {
        os << "   self-identity " << WriteIdentity(*profile.selfIdentity, "address") << "\n";
    }
    if (profile.keepalive)
    {
        os << "   keepalive " << ToWholeSeconds(profile.keepalive->interval) << " retry "
           << ToWholeSeconds(profile.keepalive->retry) << "\n";
    }
    os << (profile.aggressive ? "   initiate mode aggressive\n" : "");
    if (profile.virtualTemplate)
    {
        os << "   virtual-template "
           << profile.virtualTemplate->name.substr(std::string("Virtual-Template").size()) << "\n";
    }
    os << "!\n";
}

void
WritePeer(std::ostream& os, const IsakmpPeerText& peer)
{
    os << "crypto isakmp peer address " << peer.address.ToString() << "\n";
    if (!peer.description.empty())
    {
        os << " description " << peer.description << "\n";
    }
    if (peer.password)
    {
        os << " set aggressive-mode password "
           << std::string(peer.password->begin(), peer.password->end()) << "\n";
    }
    if (peer.clientEndpoint)
    {
        os << " set aggressive-mode client-endpoint "
           << WriteIdentity(*peer.clientEndpoint, "ipv4-address") << "\n";
    }
    os << "!\n";
}

/// A line with a file, if there is one.
void
WriteFile(std::ostream& os, const char* command, const std::optional<NameReference>& file)
{
    if (file)
    {
        os << " " << command << " file://" << file->name << "\n";
    }
}

void
WriteTrustpoint(std::ostream& os, const TrustpointText& trustpoint)
{
    os << "crypto pki trustpoint " << trustpoint.name << "\n"
       << (trustpoint.terminal ? " enrollment terminal\n" : "");
    WriteFile(os, "enrollment url", trustpoint.anchorFile);
    WriteFile(os, "certificate", trustpoint.chainFile);
    WriteFile(os, "private-key", trustpoint.keyFile);
    if (!trustpoint.subjectName.empty())
    {
        os << " subject-name " << trustpoint.subjectName << "\n";
    }
    os << (trustpoint.revocationUnchecked ? " revocation-check none\n" : "");
    if (!trustpoint.keyPair.empty())
    {
        os << " rsakeypair " << trustpoint.keyPair << "\n";
    }
    os << "!\n";
}

/// What is said once about all ISAKMP SAs.
void
WriteIsakmpGlobals(std::ostream& os, const RouterConfig& config)
{
    if (config.identity != IdentityKind::Address)
    {
        const bool isHost = config.identity == IdentityKind::Fqdn;
        os << "crypto isakmp identity " << (isHost ? "hostname" : "dn") << "\n";
    }
    if (config.keepalive)
    {
        const DpdConfig& dpd = *config.keepalive;
        os << "crypto isakmp keepalive " << ToWholeSeconds(dpd.interval);
        os << (dpd.retry == DpdConfig{}.retry ? ""
                                              : " " + std::to_string(ToWholeSeconds(dpd.retry)));
        os << (dpd.periodic ? " periodic\n" : "\n");
    }
    if (config.natKeepalive)
    {
        os << "crypto isakmp nat keepalive " << ToWholeSeconds(*config.natKeepalive) << "\n";
    }
    os << (config.invalidSpiRecovery ? "crypto isakmp invalid-spi-recovery\n" : "")
       << (config.aggressiveDisabled ? "crypto isakmp aggressive-mode disable\n" : "");
}

/// "replay window-size 128", "replay disable", "dummy seconds 10", behind a command.
void
WriteReplayAndDummies(std::ostream& os,
                      const std::string& command,
                      const std::optional<uint32_t>& window,
                      const std::optional<Duration>& interval)
{
    if (window)
    {
        os << command << " replay "
           << (*window == 0 ? std::string("disable") : "window-size " + std::to_string(*window))
           << "\n";
    }
    if (interval)
    {
        const bool isWhole = interval->ns % Duration::Seconds(1).ns == 0;
        os << command << " dummy "
           << (isWhole ? "seconds " + std::to_string(ToWholeSeconds(*interval))
                       : "pps " + std::to_string(Duration::Seconds(1).ns / interval->ns))
           << "\n";
    }
}

/// What is said once about all IPsec SAs.
void
WriteIpsecGlobals(std::ostream& os, const RouterConfig& config)
{
    WriteReplayAndDummies(os,
                          "crypto ipsec security-association",
                          config.replayWindow,
                          config.dummyInterval);
    if (config.dfBit != DfBit::Copy)
    {
        os << "crypto ipsec df-bit " << WriteIosDfBit(config.dfBit) << "\n";
    }
    if (config.fragmentation != FragmentationOrder::BeforeEncryption)
    {
        os << "crypto ipsec fragmentation " << WriteIosFragmentation(config.fragmentation) << "\n";
    }
    os << (config.natTransparency ? "" : "no crypto ipsec nat-transparency udp-encapsulation\n")
       << (config.passive ? "crypto ipsec optional\n" : "");
    if (config.passiveRetry)
    {
        os << "crypto ipsec optional retry " << ToWholeSeconds(*config.passiveRetry) << "\n";
    }
}

void
WriteTransformSet(std::ostream& os, const EspTransformSet& set)
{
    os << "crypto ipsec transform-set " << set.name << " " << WriteIosTransforms(set) << "\n"
       << (set.transport ? " mode transport\n" : "") << (set.extendedSequence ? " esn\n" : "")
       << "!\n";
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

/// What the first lines of a block say: description, lifetimes, window.
void
WriteTermsAbove(std::ostream& os, const IpsecTermsText& terms)
{
    WriteLifetimes(os, " set security-association", terms.lifetime, terms.lifetimeKilobytes);
    WriteReplayAndDummies(os, " set security-association", terms.replayWindow, std::nullopt);
}

/// And the others: what is offered.
void
WriteTermsBelow(std::ostream& os, const IpsecTermsText& terms)
{
    if (!terms.transformSets.empty())
    {
        os << " set transform-set";
        for (const NameReference& set : terms.transformSets)
        {
            os << " " << set.name;
        }
        os << "\n";
    }
    if (terms.pfs)
    {
        os << " set pfs group" << static_cast<unsigned>(*terms.pfs) << "\n";
    }
    if (terms.isakmpProfile)
    {
        os << " set isakmp-profile " << terms.isakmpProfile->name << "\n";
    }
}

void
WriteDescription(std::ostream& os, const IpsecTermsText& terms)
{
    if (!terms.description.empty())
    {
        os << " description " << terms.description << "\n";
    }
}

void
WriteProfile(std::ostream& os, const IpsecProfileText& profile)
{
    os << "crypto ipsec profile " << profile.name << "\n";
    WriteDescription(os, profile);
    WriteTermsAbove(os, profile);
    WriteReplayAndDummies(os, " set security-association", std::nullopt, profile.dummyInterval);
    WriteTermsBelow(os, profile);
    if (profile.reverseRouteDistance)
    {
        os << " set reverse-route distance " << *profile.reverseRouteDistance << "\n";
    }
    os << (profile.responderOnly ? " responder-only\n" : "") << "!\n";
}

void
WriteSessionKey(std::ostream& os,
                const std::string& direction,
                const std::optional<SessionKeyText>& key)
{
    if (!key)
    {
        return;
    }
    os << " set session-key " << direction << " esp " << key->spi;
    os << (key->cipherKey.empty() ? "" : " cipher " + ToHex(key->cipherKey))
       << (key->authenticatorKey.empty() ? "" : " authenticator " + ToHex(key->authenticatorKey))
       << "\n";
}

/// What stands in the block of an entry, of a static or a dynamic map.
void
WriteMapEntry(std::ostream& os, const CryptoMapEntryText& entry)
{
    WriteDescription(os, entry);
    for (const IpAddress& peer : entry.peers)
    {
        os << " set peer " << peer.ToString() << "\n";
    }
    WriteTermsAbove(os, entry);
    WriteSessionKey(os, "inbound", entry.inboundKey);
    WriteSessionKey(os, "outbound", entry.outboundKey);
    WriteTermsBelow(os, entry);
    if (entry.accessList)
    {
        os << " match address " << entry.accessList->name << "\n";
    }
    os << "!\n";
}

void
WriteDynamicMap(std::ostream& os, const CryptoMapText& map)
{
    for (const auto& [sequence, entry] : map.entries)
    {
        os << "crypto dynamic-map " << map.name << " " << sequence << "\n";
        WriteMapEntry(os, entry);
    }
}

void
WriteCryptoMap(std::ostream& os, const CryptoMapText& map)
{
    if (map.localAddress)
    {
        os << "crypto map " << map.name << " local-address " << map.localAddress->name << "\n!\n";
    }
    for (const auto& [sequence, entry] : map.entries)
    {
        os << "crypto map " << map.name << " " << sequence;
        if (entry.dynamicMap)
        {
            os << " ipsec-isakmp dynamic " << entry.dynamicMap->name << "\n!\n";
            continue;
        }
        const bool isManual = entry.kind == CryptoMapEntryText::Kind::Manual;
        os << (isManual ? " ipsec-manual\n" : " ipsec-isakmp\n");
        WriteMapEntry(os, entry);
    }
}

/// "permit ip any any log", "remark TEXT"
std::string
WriteListLine(const AccessListLine& line)
{
    return line.IsRemark() ? "remark " + line.remark
                           : WriteAccessLine(line.line) + (line.log ? " log" : "");
}

/// Has each line the number that it gets when nobody gives it one?
bool
HasPlainNumbers(const AccessListText& list)
{
    uint32_t expected = 0;
    return std::all_of(list.lines.begin(), list.lines.end(), [&](const auto& line) {
        expected += 10;
        return line.first == expected;
    });
}

void
WriteAccessList(std::ostream& os, const AccessListText& list)
{
    const bool isPlain = HasPlainNumbers(list);
    const bool isNumbered = list.IsNumbered() && isPlain && !list.lines.empty();
    if (!isNumbered)
    {
        os << "ip access-list extended " << list.name << "\n";
    }
    for (const auto& [number, line] : list.lines)
    {
        os << (isNumbered ? "access-list " + list.name + " "
               : isPlain  ? " "
                          : " " + std::to_string(number) + " ")
           << WriteListLine(line) << "\n";
    }
    os << "!\n";
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
    if (tunnel.tunnelMode != TunnelMode::GreIp)
    {
        os << " tunnel mode " << WriteIosTunnelMode(tunnel.tunnelMode) << "\n";
    }
    if (tunnel.protectionPolicy)
    {
        os << " tunnel protection ipsec policy ipv4 " << tunnel.protectionPolicy->name << "\n";
    }
    if (tunnel.protectionProfile)
    {
        os << " tunnel protection ipsec profile " << tunnel.protectionProfile->name << "\n";
    }
    if (tunnel.dfBit)
    {
        os << " crypto ipsec df-bit " << WriteIosDfBit(*tunnel.dfBit) << "\n";
    }
    if (tunnel.fragmentation)
    {
        os << " crypto ipsec fragmentation " << WriteIosFragmentation(*tunnel.fragmentation)
           << "\n";
    }
}

void
WriteInterface(std::ostream& os, const InterfaceText& interface)
{
    os << "interface " << interface.name
       << (interface.IsVirtualTemplate() ? " type tunnel\n" : "\n");
    if (!interface.description.empty())
    {
        os << " description " << interface.description << "\n";
    }
    if (interface.address)
    {
        os << " ip address " << interface.address->ToString() << " "
           << MaskOf(interface.prefixLength) << "\n";
    }
    else if (interface.unnumbered)
    {
        os << " ip unnumbered " << interface.unnumbered->name << "\n";
    }
    else
    {
        os << " no ip address\n";
    }
    if (interface.ipMtu)
    {
        os << " ip mtu " << *interface.ipMtu << "\n";
    }
    os << (interface.shutdown ? " shutdown\n" : "");
    WriteTunnel(os, interface);
    if (interface.cryptoMap)
    {
        os << " crypto map " << interface.cryptoMap->name << "\n";
    }
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
    for (const auto& [name, trustpoint] : config.trustpoints)
    {
        WriteTrustpoint(os, trustpoint);
    }
    for (const auto& [name, keyring] : config.keyrings)
    {
        WriteKeyring(os, keyring);
    }
    for (const IsakmpPolicy& policy : config.policies)
    {
        WritePolicy(os, policy);
    }
    WriteGlobalKeys(os, config);
    WriteIsakmpGlobals(os, config);
    for (const auto& [address, peer] : config.peers)
    {
        WritePeer(os, peer);
    }
    for (const auto& [name, profile] : config.isakmpProfiles)
    {
        WriteIsakmpProfile(os, profile);
    }
    WriteLifetimes(os,
                   "crypto ipsec security-association",
                   config.globalLifetime,
                   config.globalLifetimeKilobytes);
    WriteIpsecGlobals(os, config);
    for (const auto& [name, text] : config.transformSets)
    {
        WriteTransformSet(os, text.set);
    }
    for (const auto& [name, profile] : config.ipsecProfiles)
    {
        WriteProfile(os, profile);
    }
    for (const auto& [name, map] : config.dynamicMaps)
    {
        WriteDynamicMap(os, map);
    }
    for (const auto& [name, map] : config.cryptoMaps)
    {
        WriteCryptoMap(os, map);
    }
}

} // namespace

std::string
WriteIos(const RouterConfig& config)
{
    std::ostringstream os;
    os << "!\nhostname " << config.hostname << "\n!\n";
    os << (config.domainName.empty() ? "" : "ip domain name " + config.domainName + "\n!\n");
    WriteCrypto(os, config);
    for (const InterfaceText& interface : config.interfaces)
    {
        WriteInterface(os, interface);
    }
    WriteRip(os, config);
    WriteRoutes(os, config);
    for (const auto& [name, list] : config.accessLists)
    {
        WriteAccessList(os, list);
    }
    os << "end\n";
    return os.str();
}

} // namespace ike
} // namespace ns3
