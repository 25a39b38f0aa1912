/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WORLD_NAT_H
#define IKE_WORLD_NAT_H

#include "ns3/ike-address.h"
#include "ns3/ike-fingerprint.h"

#include <map>
#include <optional>

namespace ns3
{
namespace ike
{

/**
 * A NAT before one host of the in-memory world (RFC 2663 4.1.2): a value.
 *
 * Each port of the host gets a port of the NAT when it is used first. Datagrams to a port that no
 * mapping has, and what has no ports (ESP), are lost. Mappings do not age by themselves: a test
 * makes the NAT forget them.
 */
class WorldNat
{
  public:
    /**
     * @param inside address of the host
     * @param outside address that everybody else sees
     * @param firstPort the first port that is given away; 0: ports stay as they are, and the host
     * can be reached without having sent anything (a static mapping)
     */
    WorldNat(const IpAddress& inside, const IpAddress& outside, uint16_t firstPort);

    /// Is this the source of something that leaves through the NAT?
    bool IsInside(const Endpoint& source) const;
    /// Is this the destination of something that comes in?
    bool IsOutside(const Endpoint& destination) const;
    /// The source as others see it; makes a mapping if there is none. Nothing without a port.
    std::optional<Endpoint> Leave(const Endpoint& source);
    /// The destination as the host sees it; nothing when no mapping has it.
    std::optional<Endpoint> Enter(const Endpoint& destination) const;
    /// All mappings are forgotten; the next ones have other ports, and perhaps another address.
    void Forget(const IpAddress& outside);
    void AddTo(Fingerprint& f) const;

  private:
    IpAddress m_inside;                     ///< of the host
    IpAddress m_outside;                    ///< of the NAT
    uint16_t m_nextPort{0};                 ///< next port to give away; 0: ports stay
    std::map<uint16_t, uint16_t> m_outward; ///< port of the host: port of the NAT
};

} // namespace ike
} // namespace ns3

#endif // IKE_WORLD_NAT_H
