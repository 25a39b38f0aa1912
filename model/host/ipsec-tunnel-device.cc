/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-tunnel-device.h"

#include "ns3/channel.h"
#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IpsecTunnelDevice");
NS_OBJECT_ENSURE_REGISTERED(IpsecTunnelDevice);

TypeId
IpsecTunnelDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IpsecTunnelDevice")
            .SetParent<IkeIpDevice>()
            .SetGroupName("Ike")
            .AddConstructor<IpsecTunnelDevice>()
            .AddAttribute(
                "Mtu",
                "Largest inner packet, in octets, without `ip mtu`; what is larger is cut "
                "before it is encrypted, or refused. The default leaves room for every ESP "
                "transform "
                "of the module (at most 20 outer header + 8 ESP header + 16 IV + 17 "
                "padding and trailer + 16 ICV = 77 octets) and for a NAT traversal or a "
                "PPPoE header in a path of 1500, so that the outer packet is never cut.",
                UintegerValue(1400),
                MakeUintegerAccessor(&IpsecTunnelDevice::SetInnerMtu,
                                     &IpsecTunnelDevice::GetInnerMtu),
                MakeUintegerChecker<uint16_t>(68))
            .AddAttribute(
                "Name",
                "The name of the interface in the configuration.",
                StringValue(""),
                MakeStringAccessor(&IpsecTunnelDevice::SetName, &IpsecTunnelDevice::GetName),
                MakeStringChecker())
            .AddTraceSource("Drop",
                            "An inner packet was dropped by the device, with the reason.",
                            MakeTraceSourceAccessor(&IpsecTunnelDevice::m_dropTrace),
                            "ns3::ike::IpsecTunnelDevice::DropTracedCallback");
    return tid;
}

IpsecTunnelDevice::IpsecTunnelDevice()
    : IkeIpDevice(Mac48Address("02:00:00:00:00:32"))
{
    NS_LOG_FUNCTION(this);
}

IpsecTunnelDevice::~IpsecTunnelDevice()
{
    NS_LOG_FUNCTION(this);
}

void
IpsecTunnelDevice::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_sendCallback = SendCallback();
    IkeIpDevice::DoDispose();
}

void
IpsecTunnelDevice::SetSendCallback(SendCallback callback)
{
    m_sendCallback = callback;
}

void
IpsecTunnelDevice::Receive(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    PassUp(packet);
}

void
IpsecTunnelDevice::SetLinkUp(bool up)
{
    NS_LOG_FUNCTION(this << up);
    if (up != m_linkUp)
    {
        m_linkUp = up;
        m_linkChangeCallbacks();
    }
}

void
IpsecTunnelDevice::SetNesting(unsigned packets)
{
    m_nesting = packets;
}

void
IpsecTunnelDevice::SetName(const std::string& name)
{
    m_name = name;
}

std::string
IpsecTunnelDevice::GetName() const
{
    return m_name;
}

Ptr<Channel>
IpsecTunnelDevice::GetChannel() const
{
    return nullptr;
}

bool
IpsecTunnelDevice::SetMtu(const uint16_t mtu)
{
    m_mtu = mtu;
    return true;
}

uint16_t
IpsecTunnelDevice::GetMtu() const
{
    return 65535;
}

void
IpsecTunnelDevice::SetInnerMtu(uint16_t mtu)
{
    m_mtu = mtu;
}

uint16_t
IpsecTunnelDevice::GetInnerMtu() const
{
    return m_mtu;
}

bool
IpsecTunnelDevice::IsLinkUp() const
{
    return m_linkUp;
}

bool
IpsecTunnelDevice::IsBroadcast() const
{
    return true;
}

bool
IpsecTunnelDevice::IsMulticast() const
{
    return true;
}

bool
IpsecTunnelDevice::Send(Ptr<Packet> packet, const Address& dest, uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << dest << protocolNumber);
    if (!m_macTxTrace.IsEmpty())
    {
        m_macTxTrace(packet);
    }
    if (protocolNumber != Ipv4L3Protocol::PROT_NUMBER)
    {
        return Drop(packet, "not-ipv4");
    }
    if (m_sendCallback.IsNull())
    {
        return Drop(packet, "no-tunnel");
    }
    if (!m_linkUp)
    {
        return Drop(packet, "link-down");
    }
    if (m_sending >= m_nesting)
    {
        // The outer packet was routed into its own tunnel, in the same call.
        return Drop(packet, "recursive-routing");
    }
    Sniff(packet);
    ++m_sending;
    const bool sent = m_sendCallback(packet);
    --m_sending;
    return sent;
}

bool
IpsecTunnelDevice::SupportsSendFrom() const
{
    return true;
}

bool
IpsecTunnelDevice::Drop(Ptr<const Packet> packet, const std::string& reason)
{
    NS_LOG_LOGIC("drop: " << reason);
    m_macTxDropTrace(packet);
    m_dropTrace(packet, reason);
    return false;
}

} // namespace ike
} // namespace ns3
