/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SELECTOR_H
#define IKE_SELECTOR_H

#include "ike-address.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/// One side of the traffic that an SA may carry (RFC 4301 4.4.1.1, RFC 2407 4.6.2): a range of
/// addresses, a protocol and a port.
struct Selector
{
    IpAddress first;     ///< first address of the range
    IpAddress last;      ///< last one, of the same family
    uint8_t protocol{0}; ///< IP protocol; 0 any
    uint16_t port{0};    ///< port on this side; 0 any

    Selector() = default;
    /// All addresses of a network.
    Selector(const IpPrefix& prefix);

    /// The network that the range is, whatever the protocol; nothing when it is none.
    std::optional<IpPrefix> ToPrefix() const;
    /// May a packet with this address on this side pass? Without a port (a
    /// later fragment, a protocol without ports) only "any port" fits.
    bool Contains(const IpAddress& address,
                  uint8_t packetProtocol,
                  std::optional<uint16_t> packetPort) const;
    /// "10.0.0.0/8", "10.0.0.1-10.0.0.9", "10.0.0.1/32[17/1701]"
    std::string ToString() const;

    friend bool operator==(const Selector& a, const Selector& b)
    {
        return a.first == b.first && a.last == b.last && a.protocol == b.protocol &&
               a.port == b.port;
    }

    friend bool operator!=(const Selector& a, const Selector& b)
    {
        return !(a == b);
    }
};

} // namespace ike
} // namespace ns3

#endif // IKE_SELECTOR_H
