/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-show-config.h"

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

} // namespace ike
} // namespace ns3
