/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ADDRESS_H
#define IKE_ADDRESS_H

#include "ike-octets.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace ns3
{
namespace ike
{

/// An IPv4 or IPv6 address, or none: one value for both families.
class IpAddress
{
  public:
    IpAddress() = default;

    /// From a number in host order, as 0x0a000001 for 10.0.0.1.
    static IpAddress V4(uint32_t number);
    /// From 4 or 16 octets; none for any other length.
    static IpAddress FromOctets(const Octets& octets);
    /// From text, "10.0.0.1" or "2001:db8::1"; nothing when it is not an address.
    static std::optional<IpAddress> Parse(std::string_view text);

    bool IsNone() const
    {
        return m_family == 0;
    }

    bool IsV4() const
    {
        return m_family == 4;
    }

    bool IsV6() const
    {
        return m_family == 6;
    }

    /// 0 for none, 32 or 128.
    unsigned BitLength() const;
    /// As a number in host order; only for IPv4.
    uint32_t ToV4() const;
    /// 4 or 16 octets, none for no address.
    Octets ToOctets() const;

    /// The same without a copy.
    OctetsView View() const
    {
        return OctetsView(m_octets.data(), m_family == 6 ? 16 : m_family);
    }

    /// As people write it, "none" for no address.
    std::string ToString() const;
    /// The first bits kept, the others zero.
    IpAddress Masked(unsigned bits) const;

    friend bool operator==(const IpAddress& a, const IpAddress& b)
    {
        return a.m_family == b.m_family && a.m_octets == b.m_octets;
    }

    friend bool operator!=(const IpAddress& a, const IpAddress& b)
    {
        return !(a == b);
    }

    friend bool operator<(const IpAddress& a, const IpAddress& b)
    {
        return a.m_family != b.m_family ? a.m_family < b.m_family : a.m_octets < b.m_octets;
    }

  private:
    uint8_t m_family{0};                ///< 0, 4 or 6
    std::array<uint8_t, 16> m_octets{}; ///< left aligned, unused ones zero
};

/// A network: 0.0.0.0/0 is any.
struct IpPrefix
{
    IpAddress address;  ///< masked to the length
    unsigned length{0}; ///< bits

    /// 0.0.0.0/0
    static IpPrefix AnyV4();
    bool Contains(const IpAddress& a) const;
    std::string ToString() const;

    friend bool operator==(const IpPrefix& a, const IpPrefix& b)
    {
        return a.length == b.length && a.address == b.address;
    }

    friend bool operator!=(const IpPrefix& a, const IpPrefix& b)
    {
        return !(a == b);
    }
};

/// Prefix length of an IPv4 network mask in host order; nothing when its ones are not contiguous.
std::optional<unsigned> PrefixLengthOfMask(uint32_t mask);
/// The mask of a prefix length, in host order.
uint32_t MaskOfPrefixLength(unsigned length);

/// An address and a UDP port.
struct Endpoint
{
    IpAddress address; ///< whose
    uint16_t port{0};  ///< UDP port

    std::string ToString() const;

    friend bool operator==(const Endpoint& a, const Endpoint& b)
    {
        return a.address == b.address && a.port == b.port;
    }

    friend bool operator<(const Endpoint& a, const Endpoint& b)
    {
        return a.address != b.address ? a.address < b.address : a.port < b.port;
    }
};

} // namespace ike
} // namespace ns3

#endif // IKE_ADDRESS_H
