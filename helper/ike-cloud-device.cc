/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-cloud-device.h"

#include "ns3/ipv4-l3-protocol.h"
#include "ns3/log.h"
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
            .SetParent<IkeIpDevice>()
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
            .AddTraceSource("PhyTxDrop",
                            "A packet that is not IPv4, or came to a device without a cloud.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_phyTxDropTrace),
                            "ns3::Packet::TracedCallback")
            .AddTraceSource("PhyRxDrop",
                            "A packet for this device got lost in the cloud.",
                            MakeTraceSourceAccessor(&IkeCloudDevice::m_phyRxDropTrace),
                            "ns3::Packet::TracedCallback");
    return tid;
}

IkeCloudDevice::IkeCloudDevice()
    : IkeIpDevice(Mac48Address("02:01:00:00:00:00"))
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
    m_channel = nullptr;
    IkeIpDevice::DoDispose();
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
    if (IsSniffed())
    {
        Simulator::Schedule(start - now, &IkeCloudDevice::Sniff, this, packet->Copy());
    }
    m_channel->Transmit(packet->Copy(), m_door, m_free - now);
    return true;
}

void
IkeCloudDevice::Receive(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    if (!GetNode())
    {
        return; // the simulation is being taken down
    }
    PassUp(packet);
}

void
IkeCloudDevice::Lose(Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << packet);
    m_phyRxDropTrace(packet);
}

Ptr<Channel>
IkeCloudDevice::GetChannel() const
{
    return m_channel;
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

bool
IkeCloudDevice::IsBroadcast() const
{
    return false;
}

bool
IkeCloudDevice::IsMulticast() const
{
    return false;
}

bool
IkeCloudDevice::SupportsSendFrom() const
{
    return false;
}

} // namespace ike
} // namespace ns3
