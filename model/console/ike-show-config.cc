/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-show-config.h"

#include "ns3/ike-ios-access-words.h"
#include "ns3/ike-trustpoints.h"

#include <iomanip>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

/// Whose key it is, as IOS writes it.
std::string
WritePeers(const PreSharedKey& key)
{
    if (key.identity)
    {
        return key.identity->text;
    }
    const bool isHost = key.peers.length == 32;
    const std::string mask = IpAddress::V4(MaskOfPrefixLength(key.peers.length)).ToString();
    return key.peers.address.ToString() + (isHost ? "" : "  [" + mask + "]");
}

/// "1 certificate", "2 certificates"
std::string
CountCertificates(size_t count)
{
    return std::to_string(count) + (count == 1 ? " certificate" : " certificates");
}

void
WriteCertificates(std::ostream& os,
                  const std::string& kind,
                  const std::vector<Octets>& certificates,
                  const std::string& trustpoint)
{
    for (const Octets& certificate : certificates)
    {
        os << kind << "\n"
           << "  Status: Available\n"
           << "  Length: " << certificate.size() << " bytes\n"
           << "  Associated Trustpoints: " << trustpoint << "\n\n";
    }
}

/// "a, b"
std::string
JoinNames(const std::vector<NameReference>& references)
{
    std::string text;
    for (const NameReference& reference : references)
    {
        text += (text.empty() ? "" : ", ") + reference.name;
    }
    return text;
}

/// The lines of an access list that an entry matches.
void
WriteListOf(std::ostream& os, const RouterConfig& config, const CryptoMapEntryText& entry)
{
    const auto list = entry.accessList ? config.accessLists.find(entry.accessList->name)
                                       : config.accessLists.end();
    if (list == config.accessLists.end())
    {
        os << "        No matching address list set.\n";
        return;
    }
    os << "        Extended IP access list " << list->first << "\n";
    for (const auto& [number, line] : list->second.lines)
    {
        if (!line.IsRemark())
        {
            os << "            access-list " << list->first << " " << WriteAccessLine(line.line)
               << "\n";
        }
    }
}

/// Without the keys of an `ipsec-manual` entry: `show running-config` alone shows those.
void
WriteSessionKeyOf(std::ostream& os,
                  const std::string& direction,
                  const std::optional<SessionKeyText>& key)
{
    if (key)
    {
        os << "        " << direction << " esp spi: " << key->spi << ", keys: (not shown)\n";
    }
}

/// What an entry of either kind of map says.
void
WriteEntry(std::ostream& os, const RouterConfig& config, const CryptoMapEntryText& entry)
{
    if (!entry.description.empty())
    {
        os << "        Description: " << entry.description << "\n";
    }
    for (const IpAddress& peer : entry.peers)
    {
        os << "        Peer = " << peer.ToString() << "\n";
    }
    WriteListOf(os, config, entry);
    WriteSessionKeyOf(os, "Inbound", entry.inboundKey);
    WriteSessionKeyOf(os, "Outbound", entry.outboundKey);
    const int64_t seconds =
        entry.lifetime.value_or(config.globalLifetime.value_or(Duration::Seconds(3600))).ns /
        Duration::Seconds(1).ns;
    const uint64_t kilobytes =
        entry.lifetimeKilobytes.value_or(config.globalLifetimeKilobytes.value_or(4608000));
    if (entry.kind != CryptoMapEntryText::Kind::Manual)
    {
        os << "        Security association lifetime: " << kilobytes << " kilobytes/" << seconds
           << " seconds\n        PFS (Y/N): " << (entry.pfs ? "Y" : "N") << "\n";
    }
    os << "        Transform sets={ " << JoinNames(entry.transformSets) << " }\n";
}

/// The interfaces that have a crypto map.
void
WriteUsers(std::ostream& os, const RouterConfig& config, const std::string& map)
{
    os << "        Interfaces using crypto map " << map << ":\n";
    for (const InterfaceText& interface : config.interfaces)
    {
        if (interface.cryptoMap && interface.cryptoMap->name == map)
        {
            os << "                " << interface.name << "\n";
        }
    }
}

} // namespace

std::string
ShowCryptoIsakmpKey(const RouterConfig& config)
{
    std::ostringstream os;
    os << "Keyring      Hostname/Address                            Preshared Key\n\n" << std::left;
    for (const auto& [name, keyring] : config.keyrings)
    {
        for (const PreSharedKey& key : keyring.keys)
        {
            os << std::setw(12) << (name.empty() ? "default" : name) << " " << std::setw(43)
               << WritePeers(key) << " (not shown)\n";
        }
    }
    return os.str();
}

std::string
ShowCryptoPkiTrustpoints(const RouterConfig& config)
{
    std::ostringstream os;
    for (const auto& [name, text] : config.trustpoints)
    {
        const Trustpoint t = ResolveTrustpoint(config, text);
        os << "Trustpoint " << name << ":\n"
           << "    Authorities: " << CountCertificates(t.anchors.size()) << "\n"
           << "    Own chain: " << CountCertificates(t.chain.size()) << "\n"
           << "    Private key: " << (t.privateKey.empty() ? "none" : "available") << "\n\n";
    }
    return os.str();
}

std::string
ShowCryptoPkiCertificates(const RouterConfig& config)
{
    std::ostringstream os;
    for (const auto& [name, text] : config.trustpoints)
    {
        const Trustpoint t = ResolveTrustpoint(config, text);
        WriteCertificates(os, "Certificate", t.chain, name);
        WriteCertificates(os, "CA Certificate", t.anchors, name);
    }
    return os.str();
}

std::string
ShowAccessLists(const RouterConfig& config)
{
    std::ostringstream os;
    for (const auto& [name, list] : config.accessLists)
    {
        os << "Extended IP access list " << name << "\n";
        for (const auto& [number, line] : list.lines)
        {
            if (!line.IsRemark())
            {
                os << "    " << number << " " << WriteAccessLine(line.line)
                   << (line.log ? " log" : "") << "\n";
            }
        }
    }
    return os.str();
}

std::string
ShowCryptoMap(const RouterConfig& config)
{
    std::ostringstream os;
    for (const auto& [name, map] : config.cryptoMaps)
    {
        if (map.localAddress)
        {
            os << "Crypto Map: \"" << name << "\" local address: " << map.localAddress->name
               << "\n";
        }
        for (const auto& [sequence, entry] : map.entries)
        {
            const bool isManual = entry.kind == CryptoMapEntryText::Kind::Manual;
            os << "Crypto Map \"" << name << "\" " << sequence
               << (isManual ? " ipsec-manual\n" : " ipsec-isakmp\n");
            if (entry.dynamicMap)
            {
                os << "        Dynamic map template tag: " << entry.dynamicMap->name << "\n";
                continue;
            }
            WriteEntry(os, config, entry);
        }
        WriteUsers(os, config, name);
    }
    return os.str().empty() ? "No crypto maps found.\n" : os.str();
}

std::string
ShowCryptoDynamicMap(const RouterConfig& config)
{
    std::ostringstream os;
    for (const auto& [name, map] : config.dynamicMaps)
    {
        for (const auto& [sequence, entry] : map.entries)
        {
            os << "Crypto Map Template \"" << name << "\" " << sequence << "\n";
            WriteEntry(os, config, entry);
        }
    }
    return os.str().empty() ? "No crypto dynamic maps found.\n" : os.str();
}

} // namespace ike
} // namespace ns3
