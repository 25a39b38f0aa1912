/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-jitter-channel.h"
#include "ike-loss.h"
#include "ike-network.h"

#include "ns3/data-rate.h"
#include "ns3/drop-tail-queue.h"
#include "ns3/error-model.h"
#include "ns3/internet-stack-helper.h"
#include "ns3/ipv4-static-routing-helper.h"
#include "ns3/mac48-address.h"
#include "ns3/pointer.h"
#include "ns3/queue-size.h"

#include <algorithm>
#include <optional>

// The part of IkeNetwork that is about trees: a provider's network of real routers.

namespace ns3
{
namespace ike
{

namespace
{

constexpr size_t NOBODY = SIZE_MAX;
/// Shared address space (RFC 6598): the routers' own addresses, which nobody else has.
constexpr uint32_t OWN_ADDRESSES = 0x64400000U;

/// A way down from a router of the tree.
struct TreeChild
{
    IpPrefix prefix;       ///< the block of addresses below it
    size_t router{NOBODY}; ///< which router
    size_t door{NOBODY};   ///< or which door
};

/// A router of the tree.
struct TreeRouter
{
    size_t parent{NOBODY};           ///< the router above
    std::vector<TreeChild> children; ///< by address, at most as many as the fan
};

/// Addresses in order, each with the index of its door.
using TreeLeaves = std::vector<std::pair<uint32_t, size_t>>;

uint32_t
FirstOf(uint32_t address, unsigned length)
{
    return address & MaskOfPrefixLength(length);
}

/**
 * Lays out routers over blocks of addresses. A block has a power of two of equal parts; a router
 * stands for the smallest block around its addresses, so none has one way down alone but the top.
 */
class TreePlan
{
  public:
    TreePlan(TreeLeaves leaves, unsigned bits)
        : m_leaves(std::move(leaves)),
          m_bits(bits)
    {
        if (!m_leaves.empty())
        {
            AddRouter(NOBODY, 0, m_leaves.size());
        }
    }

    const std::vector<TreeRouter>& GetRouters() const
    {
        return m_routers;
    }

  private:
    /// @return its index. @param parent above it @param begin of its leaves @param end of these
    size_t AddRouter(size_t parent, size_t begin, size_t end)
    {
        const uint32_t low = m_leaves[begin].first;
        const uint32_t high = m_leaves[end - 1].first;
        unsigned part = 32; // length of the blocks of the ways down
        while (part > m_bits && FirstOf(low, part - m_bits) != FirstOf(high, part - m_bits))
        {
            part -= m_bits;
        }
        const size_t index = m_routers.size();
        m_routers.emplace_back();
        m_routers[index].parent = parent;
        for (size_t first = begin; first < end;)
        {
            size_t last = first;
            const uint32_t block = FirstOf(m_leaves[first].first, part);
            while (last < end && FirstOf(m_leaves[last].first, part) == block)
            {
                ++last;
            }
            TreeChild child;
            child.prefix = IpPrefix{IpAddress::V4(block), part};
            if (last - first == 1)
            {
                child.door = m_leaves[first].second;
            }
            else
            {
                child.router = AddRouter(index, first, last);
            }
            m_routers[index].children.push_back(child);
            first = last;
        }
        return index;
    }

    TreeLeaves m_leaves;               ///< by address
    unsigned m_bits;                   ///< of the fan
    std::vector<TreeRouter> m_routers; ///< the top first
};

/// The bits of an address that a router with so many ways down decides.
unsigned
BitsOf(uint64_t fan)
{
    unsigned bits = 0;
    while ((uint64_t(1) << bits) < fan)
    {
        ++bits;
    }
    return bits;
}

/// What both ends of a link of the tree have.
struct TreeLink
{
    uint64_t bitsPerSecond{0}; ///< rate
    Duration delay;            ///< one way
    Duration jitter;           ///< a packet takes up to so much longer
    double loss{0};            ///< share of packets lost
    ScenarioPathDraws draws;   ///< what of it is drawn for each packet
    uint64_t queuePackets{0};  ///< room at each end
    uint64_t mtu{1500};        ///< octets
};

/// Not Mac48Address::Allocate(): it counts on over the runs of a process.
Mac48Address
MacOf(uint32_t number)
{
    const uint8_t octets[6] =
        {2, 2, uint8_t(number >> 24), uint8_t(number >> 16), uint8_t(number >> 8), uint8_t(number)};
    Mac48Address mac;
    mac.CopyFrom(octets);
    return mac;
}

Ptr<PointToPointChannel>
MakeChannel(const TreeLink& link)
{
    auto channel = IkeJitterChannel::Make(link.jitter, link.draws.jitter);
    channel->SetAttribute("Delay", TimeValue(NanoSeconds(link.delay.ns)));
    return channel;
}

Ptr<PointToPointNetDevice>
MakeDevice(const TreeLink& link, uint32_t number, Ptr<Node> node, Ptr<PointToPointChannel> channel)
{
    auto device = CreateObject<PointToPointNetDevice>();
    device->SetAddress(MacOf(number));
    device->SetDataRate(DataRate(link.bitsPerSecond));
    device->SetMtu(static_cast<uint16_t>(link.mtu));
    auto queue = CreateObject<DropTailQueue<Packet>>();
    queue->SetAttribute("MaxSize",
                        QueueSizeValue(QueueSize(QueueSizeUnit::PACKETS,
                                                 static_cast<uint32_t>(link.queuePackets))));
    device->SetQueue(queue);
    if (auto errors = MakeLoss(link.loss, link.draws.burst))
    {
        device->SetReceiveErrorModel(errors);
    }
    node->AddDevice(device);
    device->Attach(channel);
    return device;
}

/// The link to a door, of which delay and loss may be drawn.
TreeLink
LinkOf(const ScenarioDoor& door, TreeLink link)
{
    link.delay = door.delay.value_or(link.delay);
    link.loss = door.loss.value_or(link.loss);
    return link;
}

/// Make an interface of a router of the tree. @return its index
uint32_t
AddInterface(Ptr<Node> node, Ptr<NetDevice> device, Ipv4Address own)
{
    auto ipv4 = node->GetObject<Ipv4>();
    const uint32_t interface = ipv4->AddInterface(device);
    // Every interface has the router's one address: links in between need none of their own.
    ipv4->AddAddress(interface, Ipv4InterfaceAddress(own, Ipv4Mask(0xffffffffU)));
    ipv4->SetUp(interface);
    return interface;
}

void
AddRoute(Ptr<Node> node, const IpPrefix& prefix, uint32_t interface)
{
    Ipv4StaticRoutingHelper()
        .GetStaticRouting(node->GetObject<Ipv4>())
        ->AddNetworkRouteTo(Ipv4Address(prefix.address.ToV4()),
                            Ipv4Mask(MaskOfPrefixLength(prefix.length)),
                            interface);
}

/// A router as it is built.
struct BuiltRouter
{
    Ptr<Node> node;                ///< it
    Ipv4Address own;               ///< its address
    std::map<size_t, uint32_t> at; ///< interfaces by index of the way down
};

} // namespace

NetworkCloud
IkeNetwork::BuildTree(const ScenarioCloud& cloud)
{
    NetworkCloud built;
    built.name = cloud.name;
    TreeLeaves leaves;
    for (const auto& door : cloud.doors)
    {
        NetworkPort port = PortOf(door);
        leaves.emplace_back(port.address.GetLocal().Get(), built.ports.size());
        built.doors[door.router] = built.ports.size();
        built.ports.push_back(port);
    }
    std::sort(leaves.begin(), leaves.end());
    const TreePlan plan(std::move(leaves), BitsOf(cloud.fan));
    const auto& routers = plan.GetRouters();

    const TreeLink outer{cloud.bitsPerSecond,
                         cloud.delay,
                         cloud.jitter,
                         cloud.loss,
                         cloud.draws,
                         cloud.queuePackets,
                         cloud.mtu};
    const TreeLink inner{cloud.innerBitsPerSecond,
                         cloud.innerDelay,
                         Duration{},
                         0,
                         ScenarioPathDraws{},
                         cloud.queuePackets,
                         cloud.mtu};
    std::vector<BuiltRouter> nodes;
    std::vector<size_t> above(built.ports.size(), NOBODY); // the router of a door
    InternetStackHelper stack;
    stack.SetIpv6StackInstall(false);
    stack.SetRoutingHelper(Ipv4StaticRoutingHelper());
    for (size_t i = 0; i < routers.size(); ++i)
    {
        BuiltRouter router;
        router.node = CreateObject<Node>(m_rank.value_or(0));
        router.own = Ipv4Address(OWN_ADDRESSES + ++m_treeRouters);
        stack.Install(router.node);
        built.routers.push_back(router.node);
        nodes.push_back(router);
    }
    uint32_t number = m_treeRouters << 8;
    for (size_t i = 0; i < routers.size(); ++i)
    {
        for (size_t way = 0; way < routers[i].children.size(); ++way)
        {
            const TreeChild& child = routers[i].children[way];
            const bool isDoor = child.door != NOBODY;
            const TreeLink link = isDoor ? LinkOf(cloud.doors[child.door], outer) : inner;
            auto channel = MakeChannel(link);
            built.channels.push_back(channel);
            auto down = MakeDevice(link, ++number, nodes[i].node, channel);
            built.devices.push_back(down);
            nodes[i].at[way] = AddInterface(nodes[i].node, down, nodes[i].own);
            AddRoute(nodes[i].node, child.prefix, nodes[i].at[way]);
            const Ptr<Node> below =
                isDoor ? m_nodes.at(built.ports[child.door].node) : nodes[child.router].node;
            auto up = MakeDevice(link, ++number, below, channel);
            if (isDoor)
            {
                built.ports[child.door].device = up;
                above[child.door] = i;
                continue;
            }
            built.devices.push_back(up);
            const uint32_t interface = AddInterface(below, up, nodes[child.router].own);
            AddRoute(below, IpPrefix{IpAddress::V4(0), 0}, interface);
        }
    }
    for (size_t door = 0; door < cloud.doors.size(); ++door)
    {
        // A network behind a door is a route more in each router from there to the top.
        size_t below = NOBODY;
        for (size_t at = above[door]; at != NOBODY && !cloud.doors[door].behind.empty();
             below = at, at = routers[at].parent)
        {
            const auto& ways = routers[at].children;
            const auto way = std::find_if(ways.begin(), ways.end(), [&](const TreeChild& child) {
                return below == NOBODY ? child.door == door : child.router == below;
            });
            for (const auto& network : cloud.doors[door].behind)
            {
                AddRoute(nodes[at].node,
                         network,
                         nodes[at].at[static_cast<size_t>(way - ways.begin())]);
            }
        }
    }
    return built;
}

uint32_t
IkeNetwork::CountTreeRouters(const ScenarioCloud& tree) const
{
    if (tree.fan == 0)
    {
        return 0;
    }
    TreeLeaves leaves;
    for (const auto& door : tree.doors)
    {
        leaves.emplace_back(PortOf(door).address.GetLocal().Get(), leaves.size());
    }
    std::sort(leaves.begin(), leaves.end());
    return static_cast<uint32_t>(TreePlan(std::move(leaves), BitsOf(tree.fan)).GetRouters().size());
}

int64_t
IkeNetwork::AssignTreeStreams(const NetworkCloud& tree, int64_t stream)
{
    int64_t next = stream;
    const auto assign = [&next, &tree](Ptr<NetDevice> device) {
        AssignLossStreams(device, next, tree.name + " " + std::to_string(next));
        ++next;
    };
    for (const auto& port : tree.ports)
    {
        assign(port.device);
    }
    for (const auto& device : tree.devices)
    {
        assign(device);
    }
    for (const auto& channel : tree.channels)
    {
        if (auto jitter = DynamicCast<IkeJitterChannel>(channel))
        {
            jitter->AssignStreams(next);
        }
        ++next;
    }
    for (const auto& router : tree.routers)
    {
        next += InternetStackHelper().AssignStreams(NodeContainer(router), next);
    }
    return next - stream;
}

} // namespace ike
} // namespace ns3
