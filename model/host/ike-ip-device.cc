/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ip-device.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeIpDevice");
NS_OBJECT_ENSURE_REGISTERED(IkeIpDevice);

TypeId
IkeIpDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeIpDevice")
            .SetParent<NetDevice>()
            .SetGroupName("Ike")
            .AddTraceSource("MacTx",
                            "A packet has arrived for transmission.",
                            MakeTraceSourceAccessor(&IkeIpDevice::m_macTxTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacTxDrop",
                            "A packet was dropped by the device before it left: for want of room, "
                            "or of a tunnel.",
                            MakeTraceSourceAccessor(&IkeIpDevice::m_macTxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacRx",
                            "A packet arrived and goes up.",
                            MakeTraceSourceAccessor(&IkeIpDevice::m_macRxTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("Sniffer",
                            "Packets both ways, without those that were dropped here.",
                            MakeTraceSourceAccessor(&IkeIpDevice::m_snifferTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PromiscSniffer",
                            "The same as Sniffer: nobody else is on the line.",
                            MakeTraceSourceAccessor(&IkeIpDevice::m_promiscSnifferTrace),
                            "ns3::Packet::TracedCallback");
    return tid;
}

IkeIpDevice::IkeIpDevice(Mac48Address address)
    : m_address(address)
{
}

void
IkeIpDevice::DoDispose()
{
    m_node = nullptr;
    m_rxCallback = NetDevice::ReceiveCallback();
    m_promiscRxCallback = NetDevice::PromiscReceiveCallback();
    NetDevice::DoDispose();
}

void
IkeIpDevice::Sniff(Ptr<const Packet> packet)
{
    if (IsSniffed())
    {
        m_snifferTrace(packet);
        m_promiscSnifferTrace(packet);
    }
}

bool
IkeIpDevice::IsSniffed() const
{
    return !m_snifferTrace.IsEmpty() || !m_promiscSnifferTrace.IsEmpty();
}

void
IkeIpDevice::PassUp(Ptr<Packet> packet)
{
    Sniff(packet);
    if (!m_promiscRxCallback.IsNull())
    {
        m_promiscRxCallback(this,
                            packet,
                            Ipv4L3Protocol::PROT_NUMBER,
                            m_address,
                            m_address,
                            NetDevice::PACKET_HOST);
    }
    if (!m_macRxTrace.IsEmpty())
    {
        m_macRxTrace(packet);
    }
    if (!m_rxCallback.IsNull())
    {
        m_rxCallback(this, packet, Ipv4L3Protocol::PROT_NUMBER, m_address);
    }
}

void
IkeIpDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
IkeIpDevice::GetIfIndex() const
{
    return m_ifIndex;
}

void
IkeIpDevice::SetAddress(Address address)
{
    m_address = address;
}

Address
IkeIpDevice::GetAddress() const
{
    return m_address;
}

void
IkeIpDevice::AddLinkChangeCallback(Callback<void> callback)
{
    m_linkChangeCallbacks.ConnectWithoutContext(callback);
}

Address
IkeIpDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast(); // what IPv4 sends to where there is no ARP
}

Address
IkeIpDevice::GetMulticast(Ipv4Address multicastGroup) const
{
    return Mac48Address::GetMulticast(multicastGroup);
}

Address
IkeIpDevice::GetMulticast(Ipv6Address addr) const
{
    return Mac48Address::GetMulticast(addr);
}

bool
IkeIpDevice::IsPointToPoint() const
{
    // Global routing would follow it along a channel: there is none, or one with many ends.
    return false;
}

bool
IkeIpDevice::IsBridge() const
{
    return false;
}

bool
IkeIpDevice::SendFrom(Ptr<Packet> packet,
                      const Address& /* source */,
                      const Address& dest,
                      uint16_t protocolNumber)
{
    return Send(packet, dest, protocolNumber);
}

Ptr<Node>
IkeIpDevice::GetNode() const
{
    return m_node;
}

void
IkeIpDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
IkeIpDevice::NeedsArp() const
{
    return false;
}

void
IkeIpDevice::SetReceiveCallback(NetDevice::ReceiveCallback cb)
{
    m_rxCallback = cb;
}

void
IkeIpDevice::SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb)
{
    m_promiscRxCallback = cb;
}

} // namespace ike
} // namespace ns3
