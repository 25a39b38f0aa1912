/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-cloud-channel.h"

#include "ike-cloud-device.h"
#include "ike-loss.h"

#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <array>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeCloudChannel");
NS_OBJECT_ENSURE_REGISTERED(IkeCloudChannel);

namespace
{

constexpr uint32_t IPV4_HEADER = 20; ///< without options
constexpr uint32_t PORTS = 4;        ///< both, behind the header

/// What the cloud reads of a packet, without an object for each header.
struct Glance
{
    uint32_t destination{0}; ///< address
    uint8_t protocol{0};     ///< of IP
    bool hasPorts{false};    ///< UDP or TCP, and the first fragment
    uint16_t ports[2]{0, 0}; ///< source, destination
};

uint16_t
Read16(const uint8_t* octets)
{
    return static_cast<uint16_t>(octets[0] << 8 | octets[1]);
}

/// RFC 791 3.1. The packet must have an IPv4 header.
Glance
Look(Ptr<const Packet> packet)
{
    constexpr uint32_t LONGEST_HEADER = 60;
    constexpr uint8_t TCP = 6;
    constexpr uint8_t UDP = 17;
    std::array<uint8_t, LONGEST_HEADER + PORTS> octets{};
    const uint32_t size = packet->CopyData(octets.data(), octets.size());
    Glance glance;
    glance.destination = static_cast<uint32_t>(Read16(&octets[16])) << 16 | Read16(&octets[18]);
    glance.protocol = octets[9];
    const uint32_t header = 4 * (octets[0] & 0x0f);
    const bool isFirst = (Read16(&octets[6]) & 0x1fff) == 0;
    glance.hasPorts =
        (glance.protocol == TCP || glance.protocol == UDP) && isFirst && header + PORTS <= size;
    if (glance.hasPorts)
    {
        glance.ports[0] = Read16(&octets[header]);
        glance.ports[1] = Read16(&octets[header + 2]);
    }
    return glance;
}

/// Does a packet from this door to that one cross the place of a filter?
bool
IsBetween(const CloudFilter& f, uint32_t from, uint32_t to)
{
    if (f.between.empty())
    {
        return true;
    }
    return f.between.size() == 1 ? f.HasDoor(0, from) || f.HasDoor(0, to)
                                 : (f.HasDoor(0, from) && f.HasDoor(1, to)) ||
                                       (f.HasDoor(0, to) && f.HasDoor(1, from));
}

} // namespace

bool
CloudFilter::operator==(const CloudFilter& other) const
{
    return protocol == other.protocol && port == other.port &&
           between.size() == other.between.size() &&
           std::is_permutation(between.begin(), between.end(), other.between.begin());
}

bool
CloudFilter::HasDoor(size_t place, uint32_t door) const
{
    return std::binary_search(between[place].begin(), between[place].end(), door);
}

TypeId
IkeCloudChannel::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IkeCloudChannel")
                            .SetParent<Channel>()
                            .SetGroupName("Ike")
                            .AddConstructor<IkeCloudChannel>()
                            .AddAttribute("Delay",
                                          "The time that every packet takes through the cloud.",
                                          TimeValue(Seconds(0)),
                                          MakeTimeAccessor(&IkeCloudChannel::m_delay),
                                          MakeTimeChecker(Seconds(0)))
                            .AddAttribute("Jitter",
                                          "The most that a packet takes longer than the delay.",
                                          TimeValue(Seconds(0)),
                                          MakeTimeAccessor(&IkeCloudChannel::m_jitter),
                                          MakeTimeChecker(Seconds(0)))
                            .AddAttribute("Loss",
                                          "The share of packets that get lost, 0 to 1.",
                                          DoubleValue(0),
                                          MakeDoubleAccessor(&IkeCloudChannel::m_loss),
                                          MakeDoubleChecker<double>(0, 1))
                            .AddTraceSource("Drop",
                                            "A packet ended within the cloud, with the reason.",
                                            MakeTraceSourceAccessor(&IkeCloudChannel::m_dropTrace),
                                            "ns3::ike::IkeCloudChannel::DropTracedCallback");
    return tid;
}

IkeCloudChannel::IkeCloudChannel()
{
    NS_LOG_FUNCTION(this);
}

IkeCloudChannel::~IkeCloudChannel()
{
    NS_LOG_FUNCTION(this);
}

void
IkeCloudChannel::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_doors.clear();
    m_table.Clear();
    m_filters.clear();
    Channel::DoDispose();
}

void
IkeCloudChannel::SetDraws(const std::string& name, const ScenarioPathDraws& draws)
{
    NS_LOG_FUNCTION(this << name);
    m_name = name;
    m_jitterDraw = draws.jitter;
    m_burst = draws.burst;
}

uint32_t
IkeCloudChannel::Attach(Ptr<IkeCloudDevice> device)
{
    NS_LOG_FUNCTION(this << device);
    m_doors.push_back(Door{device,
                           CreateObject<UniformRandomVariable>(),
                           CreateObject<UniformRandomVariable>(),
                           m_burst ? DynamicCast<BurstErrorModel>(MakeLoss(0, m_burst)) : nullptr});
    return static_cast<uint32_t>(m_doors.size() - 1);
}

void
IkeCloudChannel::AddNetwork(Ipv4Address network, Ipv4Mask mask, Ptr<IkeCloudDevice> device)
{
    NS_LOG_FUNCTION(this << network << mask << device);
    m_table.Obtain(network.Get(), mask.Get()) = device->GetDoor();
}

Ptr<IkeCloudDevice>
IkeCloudChannel::FindDoor(Ipv4Address address) const
{
    const uint32_t* door = m_table.Find(address.Get());
    return door ? m_doors[*door].device : nullptr;
}

void
IkeCloudChannel::AddFilter(const CloudFilter& filter)
{
    NS_LOG_FUNCTION(this);
    CloudFilter sorted = filter;
    for (auto& place : sorted.between)
    {
        std::sort(place.begin(), place.end());
    }
    if (std::find(m_filters.begin(), m_filters.end(), sorted) == m_filters.end())
    {
        m_filters.push_back(std::move(sorted));
    }
}

void
IkeCloudChannel::RemoveFilters(const CloudFilter& filter)
{
    NS_LOG_FUNCTION(this);
    const auto isMeant = [&filter](const CloudFilter& known) {
        CloudFilter wanted = filter;
        for (auto& place : wanted.between)
        {
            std::sort(place.begin(), place.end());
        }
        if (wanted.protocol == 0)
        {
            wanted.protocol = known.protocol;
            wanted.port = known.port;
        }
        if (wanted.between.empty())
        {
            wanted.between = known.between;
        }
        return wanted == known;
    };
    m_filters.erase(std::remove_if(m_filters.begin(), m_filters.end(), isMeant), m_filters.end());
}

bool
IkeCloudChannel::IsFiltered(Ptr<const Packet> packet,
                            const Ptr<IkeCloudDevice>& from,
                            const Ptr<IkeCloudDevice>& to) const
{
    const Glance glance = Look(packet);
    return std::any_of(m_filters.begin(), m_filters.end(), [&](const CloudFilter& f) {
        const bool isPlace = IsBetween(f, from->GetDoor(), to->GetDoor());
        const bool isPort =
            f.port == 0 ||
            (glance.hasPorts && (glance.ports[0] == f.port || glance.ports[1] == f.port));
        return isPlace && (f.protocol == 0 || (f.protocol == glance.protocol && isPort));
    });
}

void
IkeCloudChannel::Transmit(Ptr<Packet> packet, uint32_t door, Time departure)
{
    NS_LOG_FUNCTION(this << packet << door << departure);
    const Door& source = m_doors[door];
    const auto to = FindDoor(Ipv4Address(Look(packet).destination));
    if (!to)
    {
        Drop(packet, "unknown-address");
        return;
    }
    if (!m_filters.empty() && IsFiltered(packet, source.device, to))
    {
        Drop(packet, "filtered");
        return;
    }
    if (m_fate)
    {
        const uint32_t context = to->GetNode()->GetId();
        for (const Time& delay : m_fate(door, packet))
        {
            Ptr<Packet> copy = packet->Copy();
            Simulator::ScheduleWithContext(context, delay, &IkeCloudDevice::Receive, to, copy);
        }
        return;
    }
    Time arrival = departure + m_delay;
    if (m_jitterDraw)
    {
        arrival += NanoSeconds(m_jitterDraw->GetSpan(source.jitter->GetValue(0, 1)).ns);
    }
    else if (m_jitter.IsStrictlyPositive())
    {
        const auto most = static_cast<double>(m_jitter.GetNanoSeconds());
        arrival += NanoSeconds(static_cast<int64_t>(source.jitter->GetValue(0, most)));
    }
    const bool isLost = source.burst ? source.burst->IsCorrupt(packet)
                                     : m_loss > 0 && source.loss->GetValue(0, 1) < m_loss;
    Simulator::ScheduleWithContext(to->GetNode()->GetId(),
                                   arrival,
                                   isLost ? &IkeCloudDevice::Lose : &IkeCloudDevice::Receive,
                                   to,
                                   packet);
}

void
IkeCloudChannel::SetFate(const Fate& fate)
{
    NS_LOG_FUNCTION(this);
    m_fate = fate;
}

void
IkeCloudChannel::Drop(Ptr<const Packet> packet, const std::string& reason)
{
    NS_LOG_LOGIC("the cloud drops a packet: " << reason);
    m_dropTrace(packet, reason);
}

int64_t
IkeCloudChannel::AssignStreams(int64_t stream)
{
    NS_LOG_FUNCTION(this << stream);
    int64_t next = stream;
    for (const auto& door : m_doors)
    {
        door.loss->SetStream(next++);
        door.jitter->SetStream(next++);
        if (door.burst)
        {
            AssignBurstStreams(door.burst, m_name + " " + std::to_string(&door - m_doors.data()));
        }
    }
    return next - stream;
}

std::size_t
IkeCloudChannel::GetNDevices() const
{
    return m_doors.size();
}

Ptr<NetDevice>
IkeCloudChannel::GetDevice(std::size_t i) const
{
    return m_doors[i].device;
}

} // namespace ike
} // namespace ns3
