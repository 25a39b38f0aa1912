/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-cloud-device.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeCloudDevice");
NS_OBJECT_ENSURE_REGISTERED(IkeCloudDevice);

TypeId
IkeCloudDevice::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeCloudDevice")
            .SetParent<NetDevice>()
            .SetGroupName("Ike")
            .AddConstructor<IkeCloudDevice>()
            .AddAttribute("Mtu",
                          "The largest packet, in octets with the IPv4 header.",
                          UintegerValue(1500),
                          MakeUintegerAccessor(&IkeCloudDevice::SetMtu, &IkeCloudDevice::GetMtu),
                          MakeUintegerChecker<uint16_t>(68))
            .AddAttribute("DataRate",
                          "The rate at which packets leave for the cloud.",
                          DataRateValue(DataRate("100Mbps")),
                          MakeDataRateAccessor(&IkeCloudDevice::m_rate),
                          MakeDataRateChecker())
            .AddAttribute("QueueLimit",
                          "The number of packets that may wait until the line is free.",
                          UintegerValue(100),
                          MakeUintegerAccessor(&IkeCloudDevice::m_queueLimit),
                          MakeUintegerChecker<uint32_t>())
            .AddTraceSource("MacTx",
                            "A packet has arrived for transmission.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_macTxTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacTxDrop",
                            "A packet found the queue full.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_macTxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("MacRx",
                            "A packet came through the cloud and goes up.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_macRxTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyTxDrop",
                            "A packet that is not IPv4, or came to a device without a cloud.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_phyTxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyRxDrop",
                            "A packet for this device got lost in the cloud.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_phyRxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("Sniffer",
                            "Packets both ways, when their transmission begins or they arrive.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_snifferTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PromiscSniffer",
                            "The same as Sniffer: nobody else is on the line.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_promiscSnifferTrace),
                            "ns3::Packet::TracedCallback");
    return tid;
}

IkeCloudDevice::IkeCloudDevice()
    : m_address(Mac48Address("02:01:00:00:00:00"))
{
    NS_LOG_FUNCTION(this);
}

IkeCloudDevice::~IkeCloudDevice()
{
    NS_LOG_FUNCTION(this);
}

void
IkeCloudDevice::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_node = nullptr;
    m_channel = nullptr;
    m_rxCallback = NetDevice::ReceiveCallback();
    m_promiscRxCallback = NetDevice::PromiscReceiveCallback();
    NetDevice::DoDispose();
}

void
IkeCloudDevice::Attach(Ptr<IkeCloudChannel> channel)
{
    NS_LOG_FUNCTION(this << channel);
    m_channel = channel;
    m_door = channel->Attach(this);
}

uint32_t
IkeCloudDevice::GetDoor() const
{
    return m_door;
}

bool
IkeCloudDevice::Send(Ptr<Packet> packet, const Address& /* dest */, uint16_t protocolNumber)
{
    NS_LOG_FUNCTION(this << packet << protocolNumber);
    m_macTxTrace(packet);
    if (!m_channel || protocolNumber != Ipv4L3Protocol::PROT_NUMBER)
    {
        m_phyTxDropTrace(packet);
        return false;
    }
    if (packet->GetSize() > m_mtu)
    {
        m_channel->Drop(packet, "too-large");
        return false;
    }
    const Time now = Simulator::Now();
    while (!m_starts.empty() && m_starts.front() <= now)
    {
        m_starts.pop_front();
    }
    const Time start = std::max(now, m_free);
    if (start > now)
    {
        if (m_starts.size() >= m_queueLimit)
        {
            m_macTxDropTrace(packet);
            return false;
        }
        m_starts.push_back(start);
    }
    m_free = start + m_rate.CalculateBytesTxTime(packet->GetSize());
    if (!m_snifferTrace.IsEmpty() || !m_promiscSnifferTrace.IsEmpty())
    {
        Simulator::Schedule(start - now, &IkeCloudDevice::Sniff, this, packet->Copy());
    }
    m_channel->Transmit(packet->Copy(), m_door, m_free - now);
    return true;
}

void
IkeCloudDevice::Sniff(Ptr<const Packet> packet)
{
    m_snifferTrace(packet);
    m_promiscSnifferTrace(packet);
}

void
IkeCloudDevice::Receive(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    if (!m_node)
    {
        return; // the simulation is being taken down
    }
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
    m_macRxTrace(packet);
    if (!m_rxCallback.IsNull())
    {
        m_rxCallback(this, packet, Ipv4L3Protocol::PROT_NUMBER, m_address);
    }
}

void
IkeCloudDevice::Lose(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    m_phyRxDropTrace(packet);
}

void
IkeCloudDevice::SetIfIndex(const uint32_t index)
{
    m_ifIndex = index;
}

uint32_t
IkeCloudDevice::GetIfIndex() const
{
    return m_ifIndex;
}

Ptr<Channel>
IkeCloudDevice::GetChannel() const
{
    return m_channel;
}

void
IkeCloudDevice::SetAddress(Address address)
{
    m_address = address;
}

Address
IkeCloudDevice::GetAddress() const
{
    return m_address;
}

bool
IkeCloudDevice::SetMtu(const uint16_t mtu)
{
    m_mtu = mtu;
    return true;
}

uint16_t
IkeCloudDevice::GetMtu() const
{
    return m_mtu;
}

bool
IkeCloudDevice::IsLinkUp() const
{
    return static_cast<bool>(m_channel);
}

void
IkeCloudDevice::AddLinkChangeCallback(Callback<void> callback)
{
    m_linkChangeCallbacks.ConnectWithoutContext(callback);
}

bool
IkeCloudDevice::IsBroadcast() const
{
    return false;
}

Address
IkeCloudDevice::GetBroadcast() const
{
    return Mac48Address::GetBroadcast(); // what IPv4 sends to where there is no ARP
}

bool
IkeCloudDevice::IsMulticast() const
{
    return false;
}

Address
IkeCloudDevice::GetMulticast(Ipv4Address multicastGroup) const
{
    return Mac48Address::GetMulticast(multicastGroup);
}

Address
IkeCloudDevice::GetMulticast(Ipv6Address addr) const
{
    return Mac48Address::GetMulticast(addr);
}

bool
IkeCloudDevice::IsPointToPoint() const
{
    return false;
}

bool
IkeCloudDevice::IsBridge() const
{
    return false;
}

bool
IkeCloudDevice::SendFrom(Ptr<Packet> packet,
                         const Address& /* source */,
                         const Address& dest,
                         uint16_t protocolNumber)
{
    return Send(packet, dest, protocolNumber);
}

Ptr<Node>
IkeCloudDevice::GetNode() const
{
    return m_node;
}

void
IkeCloudDevice::SetNode(Ptr<Node> node)
{
    m_node = node;
}

bool
IkeCloudDevice::NeedsArp() const
{
    return false;
}

void
IkeCloudDevice::SetReceiveCallback(NetDevice::ReceiveCallback cb)
{
    m_rxCallback = cb;
}

void
IkeCloudDevice::SetPromiscReceiveCallback(NetDevice::PromiscReceiveCallback cb)
{
    m_promiscRxCallback = cb;
}

bool
IkeCloudDevice::SupportsSendFrom() const
{
    return false;
}

} // namespace ike
} // namespace ns3
