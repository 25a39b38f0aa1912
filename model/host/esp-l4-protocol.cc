/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-l4-protocol.h"

#include "ns3/icmpv4.h"
#include "ns3/ipv4-interface.h"
#include "ns3/ipv6-header.h"
#include "ns3/ipv6-interface.h"
#include "ns3/log.h"

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("EspL4Protocol");
NS_OBJECT_ENSURE_REGISTERED(EspL4Protocol);

TypeId
EspL4Protocol::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::EspL4Protocol")
            .SetParent<IpL4Protocol>()
            .SetGroupName("Ike")
            .AddConstructor<EspL4Protocol>()
            .AddTraceSource("Icmp",
                            "An ICMP message about an ESP packet of this node arrived. Only "
                            "\"fragmentation needed\" is acted upon.",
                            MakeTraceSourceAccessor(&EspL4Protocol::m_icmpTrace),
                            "ns3::ike::EspL4Protocol::IcmpTracedCallback");
    return tid;
}

EspL4Protocol::EspL4Protocol()
{
    NS_LOG_FUNCTION(this);
}

EspL4Protocol::~EspL4Protocol()
{
    NS_LOG_FUNCTION(this);
}

void
EspL4Protocol::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_espCallback = EspCallback();
    m_tooBig = TooBigCallback();
    m_downTarget = IpL4Protocol::DownTargetCallback();
    m_downTarget6 = IpL4Protocol::DownTargetCallback6();
    IpL4Protocol::DoDispose();
}

void
EspL4Protocol::SetEspCallback(EspCallback callback)
{
    m_espCallback = callback;
}

void
EspL4Protocol::SetTooBigCallback(TooBigCallback callback)
{
    m_tooBig = callback;
}

int
EspL4Protocol::GetProtocolNumber() const
{
    return PROT_NUMBER;
}

IpL4Protocol::RxStatus
EspL4Protocol::Receive(Ptr<Packet> p,
                       const Ipv4Header& header,
                       Ptr<Ipv4Interface> /* incomingInterface */)
{
    NS_LOG_FUNCTION(this << p << header);
    if (!m_espCallback.IsNull())
    {
        m_espCallback(p, header);
    }
    // Whatever is wrong with it: ESP never answers with ICMP.
    return IpL4Protocol::RX_OK;
}

IpL4Protocol::RxStatus
EspL4Protocol::Receive(Ptr<Packet> p,
                       const Ipv6Header& /* header */,
                       Ptr<Ipv6Interface> /* incomingInterface */)
{
    NS_LOG_FUNCTION(this << p);
    return IpL4Protocol::RX_ENDPOINT_UNREACH;
}

void
EspL4Protocol::ReceiveIcmp(Ipv4Address icmpSource,
                           uint8_t icmpTtl,
                           uint8_t icmpType,
                           uint8_t icmpCode,
                           uint32_t icmpInfo,
                           Ipv4Address payloadSource,
                           Ipv4Address payloadDestination,
                           const uint8_t payload[8])
{
    NS_LOG_FUNCTION(this << icmpSource << +icmpTtl << +icmpType << +icmpCode << icmpInfo
                         << payloadSource << payloadDestination);
    const uint32_t spi = static_cast<uint32_t>(payload[0]) << 24 |
                         static_cast<uint32_t>(payload[1]) << 16 |
                         static_cast<uint32_t>(payload[2]) << 8 | payload[3];
    NS_LOG_INFO("ICMP type " << +icmpType << " code " << +icmpCode << " from " << icmpSource
                             << " about ESP to " << payloadDestination << " SPI " << spi);
    if (icmpType == Icmpv4Header::ICMPV4_DEST_UNREACH &&
        icmpCode == Icmpv4DestinationUnreachable::ICMPV4_FRAG_NEEDED && !m_tooBig.IsNull())
    {
        m_tooBig(payloadDestination, spi, icmpInfo);
    }
    m_icmpTrace(icmpSource, icmpType, icmpCode, payloadDestination, spi);
}

void
EspL4Protocol::SetDownTarget(IpL4Protocol::DownTargetCallback cb)
{
    m_downTarget = cb;
}

void
EspL4Protocol::SetDownTarget6(IpL4Protocol::DownTargetCallback6 cb)
{
    m_downTarget6 = cb;
}

IpL4Protocol::DownTargetCallback
EspL4Protocol::GetDownTarget() const
{
    return m_downTarget;
}

IpL4Protocol::DownTargetCallback6
EspL4Protocol::GetDownTarget6() const
{
    return m_downTarget6;
}

} // namespace ike
} // namespace ns3
