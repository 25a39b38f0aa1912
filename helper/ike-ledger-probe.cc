/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ledger-probe.h"

#include "ns3/ipsec-carrier-tag.h"
#include "ns3/simulator.h"
#include "ns3/udp-header.h"

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint8_t UDP_NUMBER = 17;
constexpr uint16_t RIP_PORT = 520;

/// Payload from which on a packet may travel in pieces: room for UDP, IPv4, ESP and a second IPv4
/// header below the 1400 bytes that tunnels take.
constexpr uint64_t FRAGMENTS_ABOVE = 1280;

/// The name of an application packet, also of one inside ESP; false for any other packet.
bool
FindName(Ptr<const Packet> packet, PacketName& name)
{
    IkeOfferTag tag;
    if (!IpsecCarrierTag::PeekInner(packet, tag))
    {
        return false;
    }
    name = PacketName{tag.GetFlow(), tag.GetSequence()};
    return true;
}

/// Why IPv4 dropped a packet, by name.
std::string
ReasonOf(Ipv4L3Protocol::DropReason reason)
{
    switch (reason)
    {
    case Ipv4L3Protocol::DROP_TTL_EXPIRED:
        return "ttl-expired";
    case Ipv4L3Protocol::DROP_NO_ROUTE:
        return "no-route";
    case Ipv4L3Protocol::DROP_BAD_CHECKSUM:
        return "bad-checksum";
    case Ipv4L3Protocol::DROP_INTERFACE_DOWN:
        return "interface-down";
    case Ipv4L3Protocol::DROP_ROUTE_ERROR:
        return "route-error";
    case Ipv4L3Protocol::DROP_FRAGMENT_TIMEOUT:
        return "fragment-timeout";
    default:
        return "ipv4";
    }
}

/// Is it ESP, or ESP in UDP? The latter only when its inner packet is inside a carrier: fragments
/// behind the first one have no ports to see.
bool
IsProtected(const Ipv4Header& header, Ptr<const Packet> packet)
{
    IpsecCarrierTag carrier;
    return header.GetProtocol() == EspL4Protocol::PROT_NUMBER ||
           (header.GetProtocol() == UDP_NUMBER && packet->PeekPacketTag(carrier));
}

/// Is it a RIP message, behind its IPv4 header?
bool
IsRip(const Ipv4Header& header, Ptr<const Packet> payload)
{
    UdpHeader udp;
    return header.GetProtocol() == UDP_NUMBER && header.GetFragmentOffset() == 0 &&
           payload->PeekHeader(udp) != 0 && udp.GetDestinationPort() == RIP_PORT;
}

} // namespace

class IkeLedgerProbe::NodeProbe
{
  public:
    NodeProbe(const std::string& name, PacketListener& ledger)
        : m_name(name),
          m_ledger(ledger)
    {
    }

    /// Connect to IPv4.
    void ConnectNode(Ptr<Node> node)
    {
        auto ipv4 = node->GetObject<Ipv4L3Protocol>();
        ipv4->TraceConnectWithoutContext("Drop", MakeCallback(&NodeProbe::HandleIpv4Drop, this));
    }

    /// Connect to the device of a link.
    void ConnectDevice(Ptr<NetDevice> device)
    {
        device->TraceConnectWithoutContext("MacTxDrop",
                                           MakeCallback(&NodeProbe::HandleQueueDrop, this));
        device->TraceConnectWithoutContext("PhyTxDrop", MakeCallback(&NodeProbe::HandleLoss, this));
        device->TraceConnectWithoutContext("PhyRxDrop", MakeCallback(&NodeProbe::HandleLoss, this));
    }

    /// Connect to what only routers under test have.
    void ConnectRouter(Ptr<IkeRouter> router, Ptr<Node> node)
    {
        router->TraceConnectWithoutContext("Drop", MakeCallback(&NodeProbe::HandleRefusal, this));
        auto ipv4 = node->GetObject<Ipv4L3Protocol>();
        ipv4->TraceConnectWithoutContext("Tx", MakeCallback(&NodeProbe::HandleTx, this));
        ipv4->TraceConnectWithoutContext("Rx", MakeCallback(&NodeProbe::HandleRx, this));
    }

    /// Connect to a NAT.
    void ConnectNat(Ptr<IkeNat> nat)
    {
        nat->TraceConnectWithoutContext("Drop", MakeCallback(&NodeProbe::Drop, this));
    }

    /// Connect to a load balancer.
    void ConnectBalancer(Ptr<IkeLoadBalancer> balancer)
    {
        balancer->TraceConnectWithoutContext("Drop", MakeCallback(&NodeProbe::Drop, this));
    }

    /// Connect to a cloud.
    void ConnectCloud(Ptr<IkeCloudChannel> cloud)
    {
        cloud->TraceConnectWithoutContext("Drop", MakeCallback(&NodeProbe::Drop, this));
    }

    /// What leaves through this interface is out of the house.
    void AddOutside(uint32_t interface, const std::string& name)
    {
        m_outside.insert(interface);
        m_outsideNames.insert(name);
    }

    const std::set<std::string>& GetOutside() const
    {
        return m_outsideNames;
    }

    const RoutingCounts& GetRouting() const
    {
        return m_routing;
    }

    /// What left in the clear.
    ClearResult GetClear(const std::vector<ScenarioFlow>& flows) const
    {
        ClearResult clear;
        clear.packets = m_clearPackets;
        clear.last = m_lastClear;
        for (const uint32_t flow : m_clearFlows)
        {
            clear.flows.push_back(flows.at(flow).name);
        }
        return clear;
    }

  private:
    void Drop(Ptr<const Packet> packet, const std::string& reason)
    {
        PacketName name;
        if (FindName(packet, name))
        {
            m_ledger.Drop(name, m_name, reason);
        }
    }

    /// What a router does not let go is no longer in the clear.
    void HandleRefusal(Ptr<const Packet> packet, const std::string& reason)
    {
        PacketName name;
        if (FindName(packet, name))
        {
            m_clearFlows.erase(name.flow);
            m_ledger.Drop(name, m_name, reason);
        }
    }

    void HandleIpv4Drop(const Ipv4Header& /* header */,
                        Ptr<const Packet> packet,
                        Ipv4L3Protocol::DropReason reason,
                        Ptr<Ipv4> /* ipv4 */,
                        uint32_t /* interface */)
    {
        Drop(packet, ReasonOf(reason));
    }

    void HandleQueueDrop(Ptr<const Packet> packet)
    {
        Drop(packet, "queue-full");
    }

    void HandleLoss(Ptr<const Packet> packet)
    {
        Drop(packet, "loss");
    }

    void HandleTx(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t interface)
    {
        Ptr<Packet> payload = packet->Copy();
        Ipv4Header header;
        payload->RemoveHeader(header);
        PacketName name;
        if (!FindName(packet, name))
        {
            m_routing.sent += IsRip(header, payload) ? 1 : 0;
        }
        else if (m_outside.count(interface) != 0)
        {
            IsProtected(header, packet) ? NoteProtected(name) : NoteClear(name);
        }
    }

    void NoteProtected(const PacketName& name)
    {
        m_ledger.MarkProtected(name);
        m_clearFlows.erase(name.flow);
    }

    void NoteClear(const PacketName& name)
    {
        m_ledger.MarkClear(name);
        m_clearFlows.insert(name.flow);
        ++m_clearPackets;
        m_lastClear = Instant{Simulator::Now().GetNanoSeconds()};
    }

    void HandleRx(Ptr<const Packet> packet, Ptr<Ipv4> /* ipv4 */, uint32_t /* interface */)
    {
        Ptr<Packet> payload = packet->Copy();
        Ipv4Header header;
        payload->RemoveHeader(header);
        m_routing.received += IsRip(header, payload) ? 1 : 0;
    }

    std::string m_name;                   ///< of the node
    PacketListener& m_ledger;             ///< written
    std::set<std::string> m_outsideNames; ///< of the same
    std::set<uint32_t> m_outside;         ///< interfaces that lead out of the house
    std::set<uint32_t> m_clearFlows;      ///< whose last packet left so, as it was
    uint64_t m_clearPackets{0};           ///< that left so, as they were
    std::optional<Instant> m_lastClear;   ///< when the last of them did
    RoutingCounts m_routing;              ///< RIP messages
};

IkeLedgerProbe::IkeLedgerProbe(const Scenario& scenario, PacketListener& ledger)
    : m_scenario(scenario),
      m_ledger(ledger)
{
}

IkeLedgerProbe::~IkeLedgerProbe() = default;

void
IkeLedgerProbe::Connect(const IkeNetwork& network)
{
    for (const auto& router : m_scenario.routers)
    {
        if (!network.IsOwn(router.name))
        {
            continue;
        }
        auto probe = std::make_unique<NodeProbe>(router.name, m_ledger);
        probe->ConnectNode(network.GetNode(router.name));
        probe->ConnectRouter(network.GetRouter(router.name), network.GetNode(router.name));
        m_nodes[router.name] = std::move(probe);
    }
    for (const auto& node : m_scenario.nodes)
    {
        if (!network.IsOwn(node.name))
        {
            continue;
        }
        auto probe = std::make_unique<NodeProbe>(node.name, m_ledger);
        probe->ConnectNode(network.GetNode(node.name));
        if (node.nat)
        {
            probe->ConnectNat(network.GetNat(node.name));
        }
        if (node.balancer)
        {
            probe->ConnectBalancer(network.GetBalancer(node.name));
        }
        m_nodes[node.name] = std::move(probe);
    }
    for (const auto& link : network.GetLinks())
    {
        for (unsigned end = 0; end < 2; ++end)
        {
            const auto& port = link.ports[end];
            if (!network.IsOwn(port.node))
            {
                continue;
            }
            m_nodes.at(port.node)->ConnectDevice(port.device);
            if (network.LeadsOut(link, end))
            {
                auto ipv4 = network.GetNode(port.node)->GetObject<Ipv4>();
                m_nodes.at(port.node)->AddOutside(ipv4->GetInterfaceForDevice(port.device),
                                                  port.interface);
            }
        }
    }
    for (const auto& cloud : network.GetClouds())
    {
        for (const auto& port : cloud.ports)
        {
            auto ipv4 = network.GetNode(port.node)->GetObject<Ipv4>();
            m_nodes.at(port.node)->ConnectDevice(port.device);
            m_nodes.at(port.node)->AddOutside(ipv4->GetInterfaceForDevice(port.device),
                                              port.interface);
        }
        auto probe = std::make_unique<NodeProbe>(cloud.name, m_ledger);
        if (cloud.channel)
        {
            probe->ConnectCloud(cloud.channel);
        }
        for (const auto& router : cloud.routers)
        {
            probe->ConnectNode(router);
        }
        for (const auto& device : cloud.devices)
        {
            probe->ConnectDevice(device);
        }
        m_clouds.push_back(std::move(probe));
    }
}

void
IkeLedgerProbe::Connect(Ptr<IkeOfferApplication> offer)
{
    offer->TraceConnectWithoutContext("Offer", MakeCallback(&IkeLedgerProbe::HandleOffer, this));
    offer->TraceConnectWithoutContext("Refuse", MakeCallback(&IkeLedgerProbe::HandleRefuse, this));
}

void
IkeLedgerProbe::Connect(Ptr<IkeSinkApplication> sink)
{
    sink->TraceConnectWithoutContext("Deliver", MakeCallback(&IkeLedgerProbe::HandleDeliver, this));
}

void
IkeLedgerProbe::Connect(Ptr<IkeSiteApplication> site)
{
    site->TraceConnectWithoutContext("Offer", MakeCallback(&IkeLedgerProbe::HandleOffer, this));
    site->TraceConnectWithoutContext("Refuse", MakeCallback(&IkeLedgerProbe::HandleRefuse, this));
    site->TraceConnectWithoutContext("Deliver", MakeCallback(&IkeLedgerProbe::HandleDeliver, this));
}

RoutingCounts
IkeLedgerProbe::GetRouting(const std::string& router) const
{
    return m_nodes.at(router)->GetRouting();
}

ClearResult
IkeLedgerProbe::GetClear(const std::string& router) const
{
    return m_nodes.at(router)->GetClear(m_scenario.offer);
}

const std::set<std::string>&
IkeLedgerProbe::GetOutside(const std::string& router) const
{
    return m_nodes.at(router)->GetOutside();
}

void
IkeLedgerProbe::HandleOffer(const IkeOfferTag& tag)
{
    const bool mayFragment = m_scenario.offer.at(tag.GetFlow()).size > FRAGMENTS_ABOVE;
    m_ledger.Offer(PacketName{tag.GetFlow(), tag.GetSequence()},
                   Instant{tag.GetTime().GetNanoSeconds()},
                   mayFragment);
}

void
IkeLedgerProbe::HandleRefuse(const IkeOfferTag& tag)
{
    m_ledger.Drop(PacketName{tag.GetFlow(), tag.GetSequence()},
                  m_scenario.offer.at(tag.GetFlow()).from,
                  "no-route");
}

void
IkeLedgerProbe::HandleDeliver(const IkeOfferTag& tag)
{
    m_ledger.Deliver(PacketName{tag.GetFlow(), tag.GetSequence()});
}

} // namespace ike
} // namespace ns3
