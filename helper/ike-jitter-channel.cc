/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-jitter-channel.h"

#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/point-to-point-net-device.h"
#include "ns3/simulator.h"

#include <utility>

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

Ptr<PointToPointChannel>
IkeJitterChannel::Make(Duration jitter, std::shared_ptr<const Distribution> draw)
{
    if (jitter == Duration{} && !draw)
    {
        return CreateObject<PointToPointChannel>();
    }
    auto channel = CreateObject<IkeJitterChannel>();
    channel->SetAttribute("Jitter", TimeValue(NanoSeconds(jitter.ns)));
    channel->SetDraw(std::move(draw));
    return channel;
}

void
IkeJitterChannel::SetDraw(std::shared_ptr<const Distribution> draw)
{
    m_draw = std::move(draw);
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
    const auto most = static_cast<double>(m_jitter.GetNanoSeconds());
    const auto extra = m_draw ? m_draw->GetSpan(m_random->GetValue(0, 1)).ns
                              : static_cast<int64_t>(m_random->GetValue(0, most));
    Simulator::ScheduleWithContext(destination->GetNode()->GetId(),
                                   transmissionTime + GetDelay() + NanoSeconds(extra),
                                   &PointToPointNetDevice::Receive,
                                   destination,
                                   packet->Copy());
    return true;
}

} // namespace ike
} // namespace ns3
