/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_UDP_DOOR_H
#define IKE_UDP_DOOR_H

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4-route.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Stands before a node's UDP, for datagrams whose checksum is zero.
 *
 * RFC 3948 2.1 wants the checksum of ESP in UDP to be transmitted as zero, and RFC 768 has that
 * mean "none". The UDP of ns-3 fills in all checksums or none, and up to some release after 3.37 it
 * takes a zero for a wrong one while the global value ChecksumEnabled is set. So the door sends
 * such datagrams itself, and gives those that arrive their checksum before UDP sees them. All else
 * passes as it is.
 */
class IkeUdpDoor : public IpL4Protocol
{
  public:
    /// IANA's number of UDP.
    static constexpr uint8_t PROT_NUMBER = 17;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeUdpDoor();
    ~IkeUdpDoor() override;

    /**
     * @brief Stand before the UDP of a node.
     * @param ipv4 of the node
     */
    void Attach(Ptr<Ipv4> ipv4);
    /**
     * @brief Send a datagram whose checksum is zero.
     * @param packet what is behind the UDP header
     * @param source address
     * @param sourcePort UDP port
     * @param destination address
     * @param destinationPort UDP port
     * @param route where to; never through a tunnel of this node
     */
    void Send(Ptr<Packet> packet,
              Ipv4Address source,
              uint16_t sourcePort,
              Ipv4Address destination,
              uint16_t destinationPort,
              Ptr<Ipv4Route> route);

    // from IpL4Protocol
    int GetProtocolNumber() const override;
    IpL4Protocol::RxStatus Receive(Ptr<Packet> p,
                                   const Ipv4Header& header,
                                   Ptr<Ipv4Interface> incomingInterface) override;
    IpL4Protocol::RxStatus Receive(Ptr<Packet> p,
                                   const Ipv6Header& header,
                                   Ptr<Ipv6Interface> incomingInterface) override;
    void ReceiveIcmp(Ipv4Address icmpSource,
                     uint8_t icmpTtl,
                     uint8_t icmpType,
                     uint8_t icmpCode,
                     uint32_t icmpInfo,
                     Ipv4Address payloadSource,
                     Ipv4Address payloadDestination,
                     const uint8_t payload[8]) override;
    void SetDownTarget(IpL4Protocol::DownTargetCallback cb) override;
    void SetDownTarget6(IpL4Protocol::DownTargetCallback6 cb) override;
    IpL4Protocol::DownTargetCallback GetDownTarget() const override;
    IpL4Protocol::DownTargetCallback6 GetDownTarget6() const override;

  protected:
    void DoDispose() override;

  private:
    Ptr<Ipv4> m_ipv4;        ///< of the node
    Ptr<IpL4Protocol> m_udp; ///< behind the door
};

} // namespace ike
} // namespace ns3

#endif // IKE_UDP_DOOR_H
