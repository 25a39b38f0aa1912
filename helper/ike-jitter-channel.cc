/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-jitter-channel.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeJitterChannel");
NS_OBJECT_ENSURE_REGISTERED(IkeJitterChannel);

TypeId
IkeJitterChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeJitterChannel")
                            .SetParent<PointToPointChannel>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeJitterChannel>()
                            .AddAttribute("Jitter",
                                          "The most that a packet takes longer than the delay.",
                                          TimeValue(Seconds(0)),
                                          MakeTimeAccessor(&IkeJitterChannel::m_jitter),
                                          MakeTimeChecker(Seconds(0)));
    return tid;
}

IkeJitterChannel::IkeJitterChannel()
    : m_random(CreateObject<UniformRandomVariable>())
{
    NS_LOG_FUNCTION(this);
}

IkeJitterChannel::~IkeJitterChannel()
{
    NS_LOG_FUNCTION(this);
}

int64_t
IkeJitterChannel::AssignStreams(int64_t stream)
{
    m_random->SetStream(stream);
    return 1;
}

bool
IkeJitterChannel::TransmitStart(Ptr<const Packet> packet,
                                Ptr<PointToPointNetDevice> source,
                                Time transmissionTime)
{
    NS_LOG_FUNCTION(this << packet << source << transmissionTime);
    const size_t other = GetPointToPointDevice(0) == source ? 1 : 0;
    Ptr<PointToPointNetDevice> destination = GetPointToPointDevice(other);
    const auto extra =
        static_cast<int64_t>(m_random->GetValue(0, static_cast<double>(m_jitter.GetNanoSeconds())));
    Simulator::ScheduleWithContext(destination->GetNode()->GetId(),
                                   transmissionTime + GetDelay() + NanoSeconds(extra),
                                   &PointToPointNetDevice::Receive,
                                   destination,
                                   packet->Copy());
    return true;
}

} // namespace ike
} // namespace ns3
