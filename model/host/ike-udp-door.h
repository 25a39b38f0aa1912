/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_UDP_DOOR_H
#define IKE_UDP_DOOR_H

#include "ns3/ip-l4-protocol.h"
#include "ns3/ipv4-address.h"
#include "ns3/ipv4.h"
#include "ns3/packet.h"

#include <string>

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

    /// Takes the destination, source port and destination port of a datagram, and the MTU.
    using TooBigCallback = Callback<void, Ipv4Address, uint16_t, uint16_t, uint32_t>;

    /// Takes a datagram that is dropped, and the reason.
    using DropCallback = Callback<void, Ptr<const Packet>, const std::string&>;

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
     * @brief Put a UDP header before a packet, with the checksum zero.
     * @param packet grows
     * @param sourcePort UDP port
     * @param destinationPort UDP port
     */
    static void AddHeader(Ptr<Packet> packet, uint16_t sourcePort, uint16_t destinationPort);
    /**
     * @brief Say who hears of routers that a datagram of this node did not fit (RFC 1191).
     * @param callback the one
     */
    void SetTooBigCallback(TooBigCallback callback);
    /**
     * @brief Say who hears of datagrams that are dropped here: "udp-too-short", without a whole
     * header, which UDP itself would read nevertheless.
     * @param callback the one
     */
    void SetDropCallback(DropCallback callback);

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
    /**
     * @brief A datagram is dropped.
     * @param packet the datagram
     * @param reason why
     */
    void Drop(Ptr<const Packet> packet, const std::string& reason);

    Ptr<IpL4Protocol> m_udp; ///< behind the door
    TooBigCallback m_tooBig; ///< hears of datagrams that did not fit
    DropCallback m_drop;     ///< hears of datagrams that are dropped
};

} // namespace ike
} // namespace ns3

#endif // IKE_UDP_DOOR_H
