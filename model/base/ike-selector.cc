/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-selector.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The last address of a network: all bits behind its length are ones.
IpAddress
LastOf(const IpPrefix& prefix)
{
    Octets octets = prefix.address.ToOctets();
    for (unsigned bit = prefix.length; bit < octets.size() * 8; bit++)
    {
        octets[bit / 8] |= static_cast<uint8_t>(0x80 >> bit % 8);
    }
    return IpAddress::FromOctets(octets);
}

} // namespace

Selector::Selector(const IpPrefix& prefix)
    : first(prefix.address),
      last(LastOf(prefix))
{
}

std::optional<IpPrefix>
Selector::ToPrefix() const
{
    for (unsigned length = 0; length <= first.BitLength(); length++)
    {
        const IpPrefix prefix{first.Masked(length), length};
        if (prefix.address == first && LastOf(prefix) == last)
        {
            return prefix;
        }
    }
    return std::nullopt;
}

bool
Selector::Contains(const IpAddress& address,
                   uint8_t packetProtocol,
                   std::optional<uint16_t> packetPort) const
{
    return address.BitLength() == first.BitLength() && !(address < first) && !(last < address) &&
           (protocol == 0 || protocol == packetProtocol) && (port == 0 || packetPort == port);
}

std::string
Selector::ToString() const
{
    const std::optional<IpPrefix> prefix = ToPrefix();
    std::string text = prefix ? prefix->ToString() : first.ToString() + "-" + last.ToString();
    if (protocol != 0 || port != 0)
    {
        text +=
            "[" + std::to_string(protocol) + (port == 0 ? "" : "/" + std::to_string(port)) + "]";
    }
    return text;
}

} // namespace ike
} // namespace ns3
