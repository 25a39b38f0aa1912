/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-network.h"

#include "ike-jitter-channel.h"
#include "ike-loss.h"
#include "ike-ranks.h"

#include "ns3/abort.h"
#include "ns3/data-rate.h"
#include "ns3/double.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-list-routing-helper.h"
#include "ns3/ipv4-list-routing.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/log.h"
#include "ns3/mac48-address.h"
#include "ns3/object-factory.h"
#include "ns3/pointer.h"
#include "ns3/queue-size.h"
#include "ns3/rip-helper.h"
#include "ns3/rip.h"
#include "ns3/string.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <set>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeNetwork");

namespace
{

Ipv4Address
ToNs3(const IpAddress& address)
{
    return Ipv4Address(address.ToV4());
}

/// Where an address and the length of its network say the same.
Ipv4InterfaceAddress
ToNs3(const IpAddress& address, unsigned length)
{
    return Ipv4InterfaceAddress(ToNs3(address), Ipv4Mask(MaskOfPrefixLength(length)));
}

Time
ToNs3(Duration d)
{
    return NanoSeconds(d.ns);
}

/// A device's interface of IPv4.
uint32_t
InterfaceOf(const NetworkPort& port)
{
    return port.device->GetNode()->GetObject<Ipv4>()->GetInterfaceForDevice(port.device);
}

/// Give the router what the scenario says of its tunnels.
void
SetTunnelDevices(IkeRouterHelper& helper, const ScenarioRouter& router)
{
    if (router.tunnels.empty())
    {
        return;
    }
    TypeId::AttributeInformation known;
    NS_ABORT_MSG_UNLESS(IkeRouter::GetTypeId().LookupAttributeByName("TunnelDevices", &known),
                        "router " << router.name << ": IkeRouter has no choice of tunnel devices");
    helper.SetRouterAttribute("TunnelDevices", StringValue(router.tunnels));
}

/// Random streams of a router under test, and of any other node, without RIP.
constexpr int64_t ROUTER_STREAMS = 3;
constexpr int64_t STACK_STREAMS = 1;

/// Nodes of other ranks take as many streams as if they were here: by number, so it must be right.
void
CheckStreams(const std::string& node, int64_t used, int64_t expected)
{
    NS_ABORT_MSG_UNLESS(used == expected,
                        node << " takes " << used << " streams of random numbers, not "
                             << expected);
}

/// The RIP of a node of the Internet.
Ptr<Rip>
RipOf(Ptr<Node> node)
{
    auto list = DynamicCast<Ipv4ListRouting>(node->GetObject<Ipv4>()->GetRoutingProtocol());
    for (uint32_t i = 0; list && i < list->GetNRoutingProtocols(); ++i)
    {
        int16_t priority = 0;
        if (auto rip = DynamicCast<Rip>(list->GetRoutingProtocol(i, priority)))
        {
            return rip;
        }
    }
    return nullptr;
}

} // namespace

IkeNetwork::IkeNetwork(const Scenario& scenario, std::optional<uint32_t> rank)
    : m_scenario(scenario),
      m_rank(rank)
{
}

bool
IkeNetwork::IsOwn(const std::string& node) const
{
    return !m_rank || m_scenario.ranks.Find(node) == *m_rank;
}

void
IkeNetwork::Build()
{
    BuildNodes();
    BuildLinks();
    BuildClouds();
    BuildStacks();
    BuildAddresses();
    BuildRouters();
    BuildDefaultRoutes();
    BuildNats();
    BuildBalancers();
    if (m_scenario.underlay.rip)
    {
        ExcludeCustomers();
    }
    else
    {
        BuildStaticRoutes();
    }
}

bool
IkeNetwork::IsInternet(const std::string& node) const
{
    const auto* found = m_scenario.FindNode(node);
    return found != nullptr && found->IsInternet();
}

Ptr<Node>
IkeNetwork::MakeNode(const std::string& name) const
{
    return CreateObject<Node>(m_rank ? m_scenario.ranks.Find(name) : 0);
}

void
IkeNetwork::BuildNodes()
{
    for (const auto& router : m_scenario.routers)
    {
        m_nodes[router.name] = MakeNode(router.name);
        m_texts[router.name] = &router;
    }
    for (const auto& node : m_scenario.nodes)
    {
        m_nodes[node.name] = MakeNode(node.name);
    }
}

void
IkeNetwork::BuildLinks()
{
    for (const auto& link : m_scenario.links)
    {
        BuildLink(link);
    }
}

void
IkeNetwork::BuildLink(const ScenarioLink& link)
{
    NetworkLink built;
    built.name = link.name;
    const bool isHere = IsOwn(link.ends[0].node) || IsOwn(link.ends[1].node);
    built.channel = isHere ? BuildChannel(link) : nullptr;
    for (unsigned end = 0; end < 2; ++end)
    {
        built.ports[end] = BuildPort(link, end);
        const uint32_t index = m_linkEnds[link.ends[end].node]++;
        if (!isHere)
        {
            continue;
        }
        auto device = BuildDevice(link, end);
        device->Attach(built.channel);
        if (!IsOwn(link.ends[0].node) || !IsOwn(link.ends[1].node))
        {
            // By its index the device is found in the rank that has the node, with all of its
            // links.
            device->SetIfIndex(index);
            IkeRanks::Listen(device);
        }
        built.ports[end].device = device;
    }
    m_links.push_back(built);
}

Ptr<PointToPointChannel>
IkeNetwork::BuildChannel(const ScenarioLink& link) const
{
    Ptr<PointToPointChannel> channel;
    if (!IsOwn(link.ends[0].node) || !IsOwn(link.ends[1].node))
    {
        channel = IkeRanks::MakeChannel();
    }
    else
    {
        channel = IkeJitterChannel::Make(link.jitter, link.draws.jitter);
    }
    channel->SetAttribute("Delay", TimeValue(ToNs3(link.delay)));
    return channel;
}

NetworkPort
IkeNetwork::BuildPort(const ScenarioLink& link, unsigned end)
{
    const ScenarioLinkEnd& text = link.ends[end];
    NetworkPort port;
    port.node = text.node;
    port.interface = text.interface.empty() ? link.name : text.interface;
    const auto router = m_texts.find(text.node);
    if (router != m_texts.end())
    {
        const auto* interface = router->second->config.FindInterface(text.interface);
        port.address = ToNs3(*interface->address, interface->prefixLength);
    }
    else
    {
        port.address = ToNs3(text.address, text.prefixLength);
    }
    return port;
}

Ptr<PointToPointNetDevice>
IkeNetwork::BuildDevice(const ScenarioLink& link, unsigned end)
{
    auto device = CreateObject<PointToPointNetDevice>();
    // Not Mac48Address::Allocate(): it counts on over the runs of a process.
    const auto number = static_cast<uint16_t>(2 * m_links.size() + end + 1);
    const uint8_t octets[6] = {2, 0, 0, 0, uint8_t(number >> 8), uint8_t(number & 0xff)};
    Mac48Address mac;
    mac.CopyFrom(octets);
    device->SetAddress(mac);
    device->SetDataRate(DataRate(link.bitsPerSecond));
    auto queue = CreateObject<DropTailQueue<Packet>>();
    queue->SetAttribute("MaxSize",
                        QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS,
                                                 static_cast<uint32_t>(link.queuePackets))));
    device->SetQueue(queue);
    if (auto errors = MakeLoss(link.loss, link.draws.burst))
    {
        device->SetReceiveErrorModel(errors);
    }
    m_nodes.at(link.ends[end].node)->AddDevice(device);
    return device;
}

void
IkeNetwork::BuildStacks()
{
    const auto& underlay = m_scenario.underlay;
    RipHelper rip;
    rip.Set("UnsolicitedRoutingUpdate", TimeValue(ToNs3(underlay.update)));
    rip.Set("TimeoutDelay", TimeValue(ToNs3(underlay.timeout)));
    rip.Set("GarbageCollectionDelay", TimeValue(ToNs3(underlay.garbage)));
    rip.Set("StartupDelay", TimeValue(ToNs3(underlay.startup)));
    Ipv4StaticRoutingHelper fixed;
    for (const auto& node : m_scenario.nodes)
    {
        if (!IsOwn(node.name))
        {
            continue;
        }
        Ipv4ListRoutingHelper list;
        list.Add(fixed, 0);
        if (node.IsInternet() && underlay.rip)
        {
            list.Add(rip, -10);
        }
        InternetStackHelper stack;
        stack.SetIpv6StackInstall(false);
        stack.SetRoutingHelper(list);
        stack.Install(m_nodes.at(node.name));
    }
}

void
IkeNetwork::BuildAddresses()
{
    for (const auto& link : m_links)
    {
        std::for_each(std::begin(link.ports), std::end(link.ports), [this](const auto& port) {
            BuildAddress(port);
        });
    }
    for (const auto& cloud : m_clouds)
    {
        std::for_each(cloud.ports.begin(), cloud.ports.end(), [this](const auto& port) {
            BuildAddress(port);
        });
    }
}

void
IkeNetwork::BuildAddress(const NetworkPort& port)
{
    if (m_texts.count(port.node) != 0 || !IsOwn(port.node))
    {
        return; // its own helper does it, or its own rank
    }
    auto ipv4 = m_nodes.at(port.node)->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(port.device);
    ipv4->AddAddress(interface, port.address);
    ipv4->SetMetric(interface, 1);
    ipv4->SetUp(interface);
}

void
IkeNetwork::BuildRouters()
{
    // By node, then by interface.
    std::map<std::string, std::map<std::string, Ptr<NetDevice>>> devices;
    for (const auto& link : m_links)
    {
        for (const auto& port : link.ports)
        {
            devices[port.node][port.interface] = port.device;
        }
    }
    for (const auto& cloud : m_clouds)
    {
        for (const auto& port : cloud.ports)
        {
            devices[port.node][port.interface] = port.device;
        }
    }
    for (const auto& router : m_scenario.routers)
    {
        if (!IsOwn(router.name))
        {
            continue;
        }
        IkeRouterHelper helper;
        helper.SetKnobs(router.knobs);
        SetTunnelDevices(helper, router);
        m_routers[router.name] =
            helper.Install(m_nodes.at(router.name), router.config, devices[router.name]);
    }
}

void
IkeNetwork::BuildDefaultRoutes()
{
    Ipv4StaticRoutingHelper helper;
    for (const auto& link : m_links)
    {
        for (unsigned end = 0; end < 2; ++end)
        {
            const auto* node = m_scenario.FindNode(link.ports[end].node);
            const bool isOutside = node != nullptr && node->nat && node->nat->outside == link.name;
            if (node != nullptr && (node->isHost || isOutside) && IsOwn(node->name))
            {
                auto ipv4 = m_nodes.at(node->name)->GetObject<Ipv4>();
                helper.GetStaticRouting(ipv4)->SetDefaultRoute(
                    link.ports[1 - end].address.GetLocal(),
                    InterfaceOf(link.ports[end]));
            }
        }
    }
}

void
IkeNetwork::BuildNats()
{
    for (const auto& link : m_links)
    {
        for (const auto& port : link.ports)
        {
            const auto* node = m_scenario.FindNode(port.node);
            if (node == nullptr || !node->nat || node->nat->outside != link.name ||
                !IsOwn(node->name))
            {
                continue;
            }
            auto nat = IkeNatHelper().Install(m_nodes.at(node->name), port.device);
            nat->SetRules(node->nat->rules);
            for (const auto& forward : node->nat->forwards)
            {
                nat->AddForward(forward.protocol,
                                forward.port,
                                ToNs3(forward.inside),
                                forward.insidePort);
            }
            m_nats[node->name] = nat;
        }
    }
}

void
IkeNetwork::BuildStaticRoutes()
{
    Ipv4StaticRoutingHelper helper;
    for (const auto& target : m_links)
    {
        const auto& address = target.ports[0].address;
        const Ipv4Address network = address.GetLocal().CombineMask(address.GetMask());
        // Breadth first, from the network outwards: who is reached first has the shortest way.
        std::vector<std::string> reached;
        for (const auto& port : target.ports)
        {
            if (IsInternet(port.node))
            {
                reached.push_back(port.node);
            }
        }
        for (size_t i = 0; i < reached.size(); ++i)
        {
            for (const auto& link : m_links)
            {
                const unsigned near = link.ports[0].node == reached[i] ? 0 : 1;
                const NetworkPort& port = link.ports[1 - near];
                if (link.ports[near].node != reached[i] || !IsInternet(port.node) ||
                    std::find(reached.begin(), reached.end(), port.node) != reached.end())
                {
                    continue;
                }
                reached.push_back(port.node);
                if (!IsOwn(port.node))
                {
                    continue;
                }
                helper.GetStaticRouting(m_nodes.at(port.node)->GetObject<Ipv4>())
                    ->AddNetworkRouteTo(network,
                                        address.GetMask(),
                                        link.ports[near].address.GetLocal(),
                                        InterfaceOf(port));
            }
        }
    }
}

void
IkeNetwork::ExcludeCustomers()
{
    for (const auto& node : m_scenario.nodes)
    {
        std::set<uint32_t> excluded;
        for (const auto& link : m_links)
        {
            for (unsigned end = 0; end < 2; ++end)
            {
                if (IsOwn(node.name) && link.ports[end].node == node.name &&
                    !IsInternet(link.ports[1 - end].node))
                {
                    excluded.insert(InterfaceOf(link.ports[end]));
                }
            }
        }
        if (node.IsInternet() && IsOwn(node.name))
        {
            RipOf(m_nodes.at(node.name))->SetInterfaceExclusions(excluded);
        }
    }
}

int64_t
IkeNetwork::AssignStreams(int64_t stream)
{
    // Each kind begins at a round number, so that one more of a kind leaves the others alone.
    constexpr int64_t KIND = 100000;
    AssignRouterStreams(stream);
    AssignNodeStreams(stream + KIND);
    AssignLinkStreams(stream + 2 * KIND);
    AssignCloudStreams(stream + 3 * KIND);
    return 4 * KIND;
}

int64_t
IkeNetwork::AssignRouterStreams(int64_t stream) const
{
    int64_t next = stream;
    for (const auto& router : m_scenario.routers)
    {
        const int64_t used =
            IsOwn(router.name)
                ? IkeRouterHelper::AssignStreams(NodeContainer(m_nodes.at(router.name)), next)
                : ROUTER_STREAMS;
        if (m_rank)
        {
            CheckStreams(router.name, used, ROUTER_STREAMS);
        }
        next += used;
    }
    return next - stream;
}

int64_t
IkeNetwork::AssignNodeStreams(int64_t stream) const
{
    int64_t next = stream;
    for (const auto& node : m_scenario.nodes)
    {
        const int64_t expected = STACK_STREAMS + (node.IsInternet() && m_scenario.underlay.rip);
        int64_t used = expected;
        if (IsOwn(node.name))
        {
            used = InternetStackHelper().AssignStreams(NodeContainer(m_nodes.at(node.name)), next);
            if (auto rip = RipOf(m_nodes.at(node.name)))
            {
                used += rip->AssignStreams(next + used);
            }
        }
        if (m_rank)
        {
            CheckStreams(node.name, used, expected);
        }
        next += used;
    }
    return next - stream;
}

int64_t
IkeNetwork::AssignLinkStreams(int64_t stream) const
{
    int64_t next = stream;
    for (const auto& link : m_links)
    {
        for (const auto& port : link.ports)
        {
            if (port.device)
            {
                AssignLossStreams(port.device, next, link.name + " " + port.node);
            }
            ++next;
        }
        if (auto channel = DynamicCast<IkeJitterChannel>(link.channel))
        {
            channel->AssignStreams(next);
        }
        ++next;
    }
    return next - stream;
}

Ptr<Node>
IkeNetwork::GetNode(const std::string& name) const
{
    return m_nodes.at(name);
}

Ptr<IkeRouter>
IkeNetwork::GetRouter(const std::string& name) const
{
    return m_routers.at(name);
}

Ptr<IkeNat>
IkeNetwork::GetNat(const std::string& name) const
{
    return m_nats.at(name);
}

std::map<IpAddress, std::string>
IkeNetwork::GetRouterBehindNat() const
{
    std::map<IpAddress, std::string> routers;
    for (const auto& node : m_scenario.nodes)
    {
        const std::string& name = node.name;
        if (!node.nat)
        {
            continue;
        }
        const std::string& outside = node.nat->outside;
        IpAddress address;
        std::set<std::string> behind;
        for (const auto& link : m_links)
        {
            for (unsigned end = 0; end < 2; ++end)
            {
                const auto& other = link.ports[1 - end].node;
                if (link.ports[end].node != name)
                {
                    continue;
                }
                if (link.name == outside)
                {
                    address = IpAddress::V4(link.ports[end].address.GetLocal().Get());
                }
                else if (m_scenario.FindRouter(other) != nullptr)
                {
                    behind.insert(other);
                }
            }
        }
        if (behind.size() == 1)
        {
            routers[address] = *behind.begin();
        }
    }
    return routers;
}

const std::vector<NetworkLink>&
IkeNetwork::GetLinks() const
{
    return m_links;
}

Ipv4Address
IkeNetwork::GetTrafficAddress(const std::string& node) const
{
    const auto router = m_texts.find(node);
    if (router != m_texts.end())
    {
        return ToNs3(m_scenario.FindTrafficAddress(*router->second).value_or(IpAddress::V4(0)));
    }
    for (const auto& link : m_links)
    {
        for (const auto& port : link.ports)
        {
            if (port.node == node)
            {
                return port.address.GetLocal();
            }
        }
    }
    return Ipv4Address::GetAny();
}

bool
IkeNetwork::LeadsOut(const NetworkLink& link, unsigned end) const
{
    const auto* other = m_scenario.FindNode(link.ports[1 - end].node);
    return other == nullptr || !other->isHost;
}

void
IkeNetwork::SetPortUp(const NetworkPort& port, bool up)
{
    if (up)
    {
        m_down.erase({port.node, port.interface});
    }
    else
    {
        m_down.insert({port.node, port.interface});
    }
    ApplyPort(port);
}

void
IkeNetwork::ApplyPort(const NetworkPort& port) const
{
    auto ipv4 = port.device->GetNode()->GetObject<Ipv4>();
    const uint32_t interface = InterfaceOf(port);
    const bool up = m_down.count({port.node, port.interface}) == 0 && m_dark.count(port.node) == 0;
    // Only on a change: RIP would learn a connected route twice.
    if (ipv4->IsUp(interface) != up)
    {
        up ? ipv4->SetUp(interface) : ipv4->SetDown(interface);
    }
}

void
IkeNetwork::SetLinkUp(const std::string& name, bool up)
{
    NS_LOG_FUNCTION(this << name << up);
    for (const auto& link : m_links)
    {
        for (const auto& port : link.ports)
        {
            if (link.name == name && IsOwn(port.node))
            {
                SetPortUp(port, up);
            }
        }
    }
}

void
IkeNetwork::SetPower(const std::string& router, bool on)
{
    NS_LOG_FUNCTION(this << router << on);
    const bool isDark = m_dark.count(router) != 0;
    if (on != isDark)
    {
        return;
    }
    // Off: until told otherwise. The state is lost first, so that nobody takes leave.
    constexpr int64_t FOR_GOOD = INT64_MAX / 4;
    if (!on)
    {
        GetRouter(router)->Reboot(NanoSeconds(FOR_GOOD));
        m_dark.insert(router);
    }
    else
    {
        m_dark.erase(router);
    }
    for (const auto& link : m_links)
    {
        for (const auto& port : link.ports)
        {
            if (port.node == router)
            {
                ApplyPort(port);
            }
        }
    }
    for (const auto& cloud : m_clouds)
    {
        const auto door = cloud.doors.find(router);
        if (door != cloud.doors.end())
        {
            ApplyPort(cloud.ports[door->second]);
        }
    }
    if (on)
    {
        GetRouter(router)->Reboot(Seconds(0));
    }
}

bool
IkeNetwork::HasRoute(const std::string& node, const IpPrefix& prefix) const
{
    if (Ipv4Address(prefix.address.ToV4()).IsMulticast())
    {
        return false; // routing is not asked for these: it would want an interface
    }
    Ipv4Header header;
    header.SetDestination(Ipv4Address(prefix.address.ToV4() + (prefix.length < 32 ? 1 : 0)));
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    auto routing = m_nodes.at(node)->GetObject<Ipv4>()->GetRoutingProtocol();
    return routing->RouteOutput(nullptr, header, nullptr, error) != nullptr;
}

} // namespace ike
} // namespace ns3
