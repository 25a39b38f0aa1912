/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-udp-door.h"

#include "ns3/icmpv4.h"
#include "ns3/ipv4-header.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-interface.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/udp-header.h"

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeUdpDoor");
NS_OBJECT_ENSURE_REGISTERED(IkeUdpDoor);

namespace
{

/// Octets of a UDP header (RFC 768).
constexpr uint32_t UDP_HEADER = 8;

/// Has a datagram no checksum?
bool
IsWithoutChecksum(Ptr<const Packet> datagram)
{
    uint8_t octets[UDP_HEADER];
    return datagram->GetSize() >= UDP_HEADER &&
           datagram->CopyData(octets, UDP_HEADER) == UDP_HEADER && octets[6] == 0 && octets[7] == 0;
}

/// Compute the checksum of a datagram that has none.
void
FillChecksum(Ptr<Packet> datagram, const Ipv4Header& header)
{
    UdpHeader old;
    datagram->RemoveHeader(old);
    // Not the old one again: a header that was read writes another length.
    UdpHeader udp;
    udp.SetSourcePort(old.GetSourcePort());
    udp.SetDestinationPort(old.GetDestinationPort());
    udp.EnableChecksums();
    udp.InitializeChecksum(header.GetSource(), header.GetDestination(), IkeUdpDoor::PROT_NUMBER);
    datagram->AddHeader(udp);
}

} // namespace

TypeId
IkeUdpDoor::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeUdpDoor")
                            .SetParent<IpL4Protocol>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeUdpDoor>();
    return tid;
}

IkeUdpDoor::IkeUdpDoor()
{
    NS_LOG_FUNCTION(this);
}

IkeUdpDoor::~IkeUdpDoor()
{
    NS_LOG_FUNCTION(this);
}

void
IkeUdpDoor::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_udp = nullptr;
    m_tooBig = TooBigCallback();
    m_drop = DropCallback();
    IpL4Protocol::DoDispose();
}

void
IkeUdpDoor::Attach(Ptr<Ipv4> ipv4)
{
    NS_LOG_FUNCTION(this << ipv4);
    m_udp = ipv4->GetProtocol(PROT_NUMBER);
    if (m_udp)
    {
        ipv4->Insert(this);
    }
}

void
IkeUdpDoor::AddHeader(Ptr<Packet> packet, uint16_t sourcePort, uint16_t destinationPort)
{
    UdpHeader udp;
    udp.SetSourcePort(sourcePort);
    udp.SetDestinationPort(destinationPort);
    packet->AddHeader(udp);
}

void
IkeUdpDoor::SetTooBigCallback(TooBigCallback callback)
{
    m_tooBig = callback;
}

void
IkeUdpDoor::SetDropCallback(DropCallback callback)
{
    m_drop = callback;
}

void
IkeUdpDoor::Drop(Ptr<const Packet> packet, const std::string& reason)
{
    NS_LOG_LOGIC("drop: " << reason);
    if (!m_drop.IsNull())
    {
        m_drop(packet, reason);
    }
}

int
IkeUdpDoor::GetProtocolNumber() const
{
    return PROT_NUMBER;
}

IpL4Protocol::RxStatus
IkeUdpDoor::Receive(Ptr<Packet> p, const Ipv4Header& header, Ptr<Ipv4Interface> incomingInterface)
{
    if (!m_udp)
    {
        return IpL4Protocol::RX_ENDPOINT_UNREACH;
    }
    if (p->GetSize() < UDP_HEADER)
    {
        Drop(p, "udp-too-short");
        return IpL4Protocol::RX_OK; // RFC 1122 3.2.2.1: nobody is told
    }
    if (Node::ChecksumEnabled() && IsWithoutChecksum(p))
    {
        FillChecksum(p, header);
    }
    return m_udp->Receive(p, header, incomingInterface);
}

IpL4Protocol::RxStatus
IkeUdpDoor::Receive(Ptr<Packet> p, const Ipv6Header& header, Ptr<Ipv6Interface> incomingInterface)
{
    return m_udp ? m_udp->Receive(p, header, incomingInterface) : IpL4Protocol::RX_ENDPOINT_UNREACH;
}

void
IkeUdpDoor::ReceiveIcmp(Ipv4Address icmpSource,
                        uint8_t icmpTtl,
                        uint8_t icmpType,
                        uint8_t icmpCode,
                        uint32_t icmpInfo,
                        Ipv4Address payloadSource,
                        Ipv4Address payloadDestination,
                        const uint8_t payload[8])
{
    if (icmpType == Icmpv4Header::ICMPV4_DEST_UNREACH &&
        icmpCode == Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED && !m_tooBig.IsNull())
    {
        m_tooBig(payloadDestination,
                 static_cast<uint16_t>(payload[0] << 8 | payload[1]),
                 static_cast<uint16_t>(payload[2] << 8 | payload[3]),
                 icmpInfo);
    }
    if (m_udp)
    {
        m_udp->ReceiveIcmp(icmpSource,
                           icmpTtl,
                           icmpType,
                           icmpCode,
                           icmpInfo,
                           payloadSource,
                           payloadDestination,
                           payload);
    }
}

void
IkeUdpDoor::SetDownTarget(IpL4Protocol::DownTargetCallback cb)
{
    m_udp->SetDownTarget(cb);
}

void
IkeUdpDoor::SetDownTarget6(IpL4Protocol::DownTargetCallback6 cb)
{
    m_udp->SetDownTarget6(cb);
}

IpL4Protocol::DownTargetCallback
IkeUdpDoor::GetDownTarget() const
{
    return m_udp->GetDownTarget();
}

IpL4Protocol::DownTargetCallback6
IkeUdpDoor::GetDownTarget6() const
{
    return m_udp->GetDownTarget6();
}

} // namespace ike
} // namespace ns3
