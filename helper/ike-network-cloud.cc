/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-network.h"

#include "ns3/abort.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/point-to-point-helper.h"
#include "ns3/trace-helper.h"
#include "ns3/uinteger.h"

#include <algorithm>

// The part of IkeNetwork that is about clouds.

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeNetworkCloud");

namespace
{

Ipv4Address
ToNs3(const IpAddress& address)
{
    return Ipv4Address(address.ToV4());
}

/// Is it this router, or one of its group ("S*")?
bool
IsMeant(const std::string& place, const ScenarioRouter& router)
{
    return place == router.name || (!router.group.empty() && place == router.group + "*");
}

/// Not Mac48Address::Allocate(): it counts on over the runs of a process.
Mac48Address
MacOf(uint32_t number)
{
    const uint8_t octets[6] =
        {2, 1, uint8_t(number >> 24), uint8_t(number >> 16), uint8_t(number >> 8), uint8_t(number)};
    Mac48Address mac;
    mac.CopyFrom(octets);
    return mac;
}

} // namespace

void
IkeNetwork::BuildClouds()
{
    for (const auto& cloud : m_scenario.clouds)
    {
        m_clouds.push_back(!IsOwn(cloud)    ? BuildAbsent(cloud)
                           : cloud.fan == 0 ? BuildCloud(cloud)
                                            : BuildTree(cloud));
    }
}

bool
IkeNetwork::IsOwn(const ScenarioCloud& cloud) const
{
    return cloud.doors.empty() || IsOwn(cloud.doors.front().router);
}

bool
IkeNetwork::IsOwnCloud(const std::string& cloud) const
{
    const auto& clouds = m_scenario.clouds;
    return std::any_of(clouds.begin(), clouds.end(), [&](const ScenarioCloud& text) {
        return text.name == cloud && IsOwn(text);
    });
}

NetworkCloud
IkeNetwork::BuildAbsent(const ScenarioCloud& cloud)
{
    NetworkCloud absent;
    absent.name = cloud.name;
    m_treeRouters += CountTreeRouters(cloud);
    return absent;
}

int64_t
IkeNetwork::AssignCloudStreams(int64_t stream) const
{
    int64_t next = stream;
    for (size_t i = 0; i < m_clouds.size(); ++i)
    {
        const auto& built = m_clouds[i];
        const auto& text = m_scenario.clouds[i];
        const auto doors = static_cast<int64_t>(text.doors.size());
        if (IsOwn(text))
        {
            next +=
                built.channel ? built.channel->AssignStreams(next) : AssignTreeStreams(built, next);
        }
        else if (text.fan == 0)
        {
            next += 2 * doors; // loss and jitter
        }
        else if (doors > 0)
        {
            // Of doors, of devices and channels of the tree, and of its routers: below each of them
            // but the top is a link, and one more for each door.
            const int64_t routers = CountTreeRouters(text);
            const int64_t channels = doors + routers - 1;
            next += doors + (channels + routers - 1) + channels + routers;
        }
    }
    return next - stream;
}

NetworkPort
IkeNetwork::PortOf(const ScenarioDoor& door) const
{
    NetworkPort port;
    port.node = door.router;
    port.interface = door.interface;
    const auto router = m_texts.find(door.router);
    if (router == m_texts.end())
    {
        port.address = Ipv4InterfaceAddress(ToNs3(door.address),
                                            Ipv4Mask(MaskOfPrefixLength(door.prefixLength)));
        return port;
    }
    const auto* interface = router->second->config.FindInterface(door.interface);
    port.address = Ipv4InterfaceAddress(ToNs3(*interface->address),
                                        Ipv4Mask(MaskOfPrefixLength(interface->prefixLength)));
    return port;
}

NetworkCloud
IkeNetwork::BuildCloud(const ScenarioCloud& cloud)
{
    NetworkCloud built;
    built.name = cloud.name;
    built.channel = CreateObject<IkeCloudChannel>();
    built.channel->SetAttribute("Delay", TimeValue(NanoSeconds(cloud.delay.ns)));
    built.channel->SetAttribute("Jitter", TimeValue(NanoSeconds(cloud.jitter.ns)));
    built.channel->SetAttribute("Loss", DoubleValue(cloud.loss));
    built.channel->SetDraws(cloud.name, cloud.draws);
    for (const auto& door : cloud.doors)
    {
        auto device = CreateObject<IkeCloudDevice>();
        device->SetAddress(MacOf(static_cast<uint32_t>(built.ports.size() + 1)));
        device->SetAttribute("DataRate", DataRateValue(DataRate(cloud.bitsPerSecond)));
        device->SetAttribute("QueueLimit", UintegerValue(cloud.queuePackets));
        device->SetAttribute("Mtu", UintegerValue(cloud.mtu));
        device->Attach(built.channel);
        m_nodes.at(door.router)->AddDevice(device);
        NetworkPort port = PortOf(door);
        port.device = device;
        built.channel->AddNetwork(port.address.GetLocal(), Ipv4Mask(0xffffffffU), device);
        for (const auto& network : door.behind)
        {
            built.channel->AddNetwork(ToNs3(network.address),
                                      Ipv4Mask(MaskOfPrefixLength(network.length)),
                                      device);
        }
        built.doors[door.router] = built.ports.size();
        const auto* node = m_scenario.FindNode(door.router);
        if (node != nullptr && node->balancer->outside == cloud.name)
        {
            built.channel->AddNetwork(ToNs3(*node->balancer->address), Ipv4Mask::GetOnes(), device);
        }
        built.ports.push_back(port);
    }
    return built;
}

const std::vector<NetworkCloud>&
IkeNetwork::GetClouds() const
{
    return m_clouds;
}

const NetworkCloud&
IkeNetwork::GetCloud(const std::string& name) const
{
    const auto found =
        std::find_if(m_clouds.begin(), m_clouds.end(), [&name](const NetworkCloud& cloud) {
            return cloud.name == name;
        });
    NS_ABORT_MSG_IF(found == m_clouds.end(), "there is no cloud '" << name << "'");
    return *found;
}

void
IkeNetwork::SetDoorUp(const std::string& cloud, const std::string& router, bool up)
{
    NS_LOG_FUNCTION(this << cloud << router << up);
    const NetworkCloud& found = GetCloud(cloud);
    SetPortUp(found.ports[found.doors.at(router)], up);
}

void
IkeNetwork::SetFilter(const std::string& cloud, const ScenarioFilter& filter, bool drop)
{
    NS_LOG_FUNCTION(this << cloud << drop);
    const NetworkCloud& found = GetCloud(cloud);
    CloudFilter wanted{filter.protocol, filter.port, {}};
    for (const auto& place : filter.between)
    {
        wanted.between.emplace_back();
        for (const auto& port : found.ports)
        {
            if (IsMeant(place, *m_texts.at(port.node)))
            {
                wanted.between.back().push_back(
                    DynamicCast<IkeCloudDevice>(port.device)->GetDoor());
            }
        }
    }
    drop ? found.channel->AddFilter(wanted) : found.channel->RemoveFilters(wanted);
}

void
IkeNetwork::EnablePcap(const std::string& file, const NetworkPort& port)
{
    if (DynamicCast<PointToPointNetDevice>(port.device))
    {
        PointToPointHelper().EnablePcap(file, port.device, true, true);
        return;
    }
    PcapHelper pcap;
    Ptr<PcapFileWrapper> wrapper = pcap.CreateFile(file, std::ios::out, PcapHelper::DLT_RAW);
    pcap.HookDefaultSink<IkeCloudDevice>(DynamicCast<IkeCloudDevice>(port.device),
                                         "PromiscSniffer",
                                         wrapper);
}

} // namespace ike
} // namespace ns3
