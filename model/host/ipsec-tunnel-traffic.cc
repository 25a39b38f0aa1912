/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-tunnel-traffic.h"

#include "ipsec-carrier-tag.h"

#include "ns3/log.h"

#include <algorithm>
#include <string>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IpsecTunnelTraffic");

namespace
{

/// Shortest IPv4 header.
constexpr size_t IPV4_HEADER = 20;

/// All octets of a packet.
Octets
OctetsOf(Ptr<const Packet> packet)
{
    Octets octets(packet->GetSize());
    packet->CopyData(octets.data(), packet->GetSize());
    return octets;
}

/// Write the sum of an IPv4 header into it: ns-3 leaves it out unless ChecksumEnabled is set.
void
FillHeaderChecksum(Octets& packet)
{
    if (packet.size() < IPV4_HEADER)
    {
        return;
    }
    const size_t length = std::min<size_t>(packet.size(), (packet[0] & 0x0f) * 4U);
    packet[10] = 0;
    packet[11] = 0;
    uint32_t sum = 0;
    for (size_t i = 0; i + 1 < length; i += 2)
    {
        sum += static_cast<uint32_t>(packet[i]) << 8 | packet[i + 1];
    }
    while (sum > 0xffff)
    {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    packet[10] = static_cast<uint8_t>(~sum >> 8);
    packet[11] = static_cast<uint8_t>(~sum);
}

/// The counters of two data planes together.
PlaneCounters
Sum(const PlaneCounters& a, const PlaneCounters& b)
{
    PlaneCounters sum = a;
    sum.in += b.in;
    sum.passed += b.passed;
    sum.bypassed += b.bypassed;
    for (unsigned i = 0; i < DROP_REASON_COUNT; ++i)
    {
        sum.discarded[i] += b.discarded[i];
    }
    return sum;
}

/// A mark of the data plane in the engine's words.
SaUsageInput::Mark
MarkOf(UsageMark mark)
{
    switch (mark)
    {
    case UsageMark::FirstInbound:
        return SaUsageInput::Mark::FirstInbound;
    case UsageMark::SoftVolume:
        return SaUsageInput::Mark::SoftVolume;
    case UsageMark::HardVolume:
        break;
    }
    return SaUsageInput::Mark::HardVolume;
}

} // namespace

TunnelTraffic::TunnelTraffic(RouterDesk& desk, const NodeRoutes& routes, TunnelWatch& watch)
    : m_desk(desk),
      m_routes(routes),
      m_watch(watch),
      m_crypto(std::make_unique<CryptoMeter>(MakeOpensslProvider())),
      m_plane(std::make_unique<IpsecDataPlane>(RandomKey()))
{
}

void
TunnelTraffic::SetCarryTags(bool carry)
{
    m_carryTags = carry;
}

bool
TunnelTraffic::GetCarryTags() const
{
    return m_carryTags;
}

void
TunnelTraffic::Attach(Ptr<Ipv4> ipv4)
{
    m_esp = CreateObject<EspL4Protocol>();
    m_esp->SetDownTarget(MakeCallback(&Ipv4::Send, ipv4));
    m_esp->SetEspCallback(MakeCallback(&TunnelTraffic::HandleInbound, this));
    ipv4->Insert(m_esp);
    m_udp = CreateObject<IkeUdpDoor>();
    m_udp->Attach(ipv4);
}

void
TunnelTraffic::Serve(const EngineConfig& config, const NodeInterfaces& interfaces)
{
    for (const ConnectionConfig& connection : config.connections)
    {
        Ptr<IpsecTunnelDevice> device = interfaces.GetOwnDevice(connection.name);
        if (device)
        {
            device->SetSendCallback(
                MakeCallback(&TunnelTraffic::HandleOutbound, this).Bind(connection.id));
        }
    }
}

void
TunnelTraffic::ReplacePlane(const RandomKey& key)
{
    m_pastOutbound = GetOutboundCounters();
    m_pastInbound = GetInboundCounters();
    m_plane = std::make_unique<IpsecDataPlane>(key);
}

void
TunnelTraffic::Dispose()
{
    if (m_esp)
    {
        m_esp->Dispose();
    }
    if (m_udp)
    {
        m_udp->Dispose();
    }
    m_esp = nullptr;
    m_udp = nullptr;
}

// --- Packets --------------------------------------------------------------------------------

bool
TunnelTraffic::HandleOutbound(ConnectionId connection, Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << connection << packet);
    Octets inner = OctetsOf(packet);
    FillHeaderChecksum(inner);
    const OutboundResult result = m_plane->Outbound(SimulatedNow(), connection, inner, *m_crypto);
    m_plane->CountOutbound(result.verdict);
    if (result.verdict.action == VerdictAction::Protect)
    {
        const bool sent = SendEsp(packet, result);
        ReportUsage(result.usage);
        return sent;
    }
    m_desk.Drop(packet, ToString(result.verdict.reason));
    ReportUsage(result.usage);
    if (result.verdict.reason == DropReason::NoSa)
    {
        m_desk.Take(AcquireInput{connection});
    }
    return false;
}

bool
TunnelTraffic::SendEsp(Ptr<Packet> inner, const OutboundResult& result)
{
    const Ipv4Address destination(result.outer.destination.ToV4());
    std::string reason;
    Ptr<Ipv4Route> route = m_routes.FindPath(destination, reason);
    if (!route)
    {
        m_desk.Drop(inner, reason);
        m_watch.ScheduleCheck();
        return false;
    }
    Ptr<Packet> outer = Create<Packet>(result.esp.data(), result.esp.size());
    if (m_carryTags)
    {
        IpsecCarrierTag::Carry(inner, outer);
    }
    if (result.outer.udp)
    {
        SendUdp(outer,
                Endpoint{result.outer.source, result.outer.udp->sourcePort},
                Endpoint{result.outer.destination, result.outer.udp->destinationPort},
                route);
        return true;
    }
    m_esp->Send(outer, Ipv4Address(result.outer.source.ToV4()), destination, route);
    return true;
}

void
TunnelTraffic::SendUdp(Ptr<Packet> packet,
                       const Endpoint& local,
                       const Endpoint& remote,
                       Ptr<Ipv4Route> route)
{
    m_udp->Send(packet,
                Ipv4Address(local.address.ToV4()),
                local.port,
                Ipv4Address(remote.address.ToV4()),
                remote.port,
                route);
}

void
TunnelTraffic::HandleInbound(Ptr<const Packet> packet, const Ipv4Header& header)
{
    NS_LOG_FUNCTION(this << packet);
    OuterHeader outer{IpAddress::V4(header.GetSource().Get()),
                      IpAddress::V4(header.GetDestination().Get())};
    outer.tos = header.GetTos();
    outer.ttl = header.GetTtl();
    outer.dontFragment = header.IsDontFragment();
    outer.identification = header.GetIdentification();
    Unprotect(packet, outer);
}

void
TunnelTraffic::ReceiveInUdp(Ptr<const Packet> packet, const Endpoint& local, const Endpoint& remote)
{
    NS_LOG_FUNCTION(this << packet);
    OuterHeader outer{remote.address, local.address};
    outer.udp = UdpEncapsulation{remote.port, local.port};
    Unprotect(packet, outer);
}

void
TunnelTraffic::Unprotect(Ptr<const Packet> packet, const OuterHeader& outer)
{
    if (m_desk.IsReloading())
    {
        m_desk.Drop(packet, "reload");
        return;
    }
    const InboundResult result =
        m_plane->Inbound(SimulatedNow(), outer, OctetsOf(packet), *m_crypto);
    m_plane->CountInbound(result.verdict);
    ReportUsage(result.usage);
    if (result.verdict.action == VerdictAction::Accept)
    {
        Deliver(result.connection, result.inner, packet);
        return;
    }
    m_desk.Drop(packet, ToString(result.verdict.reason));
    if (result.verdict.reason == DropReason::UnknownSpi)
    {
        m_desk.Take(UnknownSpiInput{outer.destination, outer.source, result.spi});
    }
}

void
TunnelTraffic::Deliver(ConnectionId connection, const Octets& inner, Ptr<const Packet> outer)
{
    Ptr<IpsecTunnelDevice> device = m_watch.GetOpenDevice(connection);
    if (!device)
    {
        m_desk.Drop(outer, "line-down");
        return;
    }
    Ptr<Packet> packet = Create<Packet>(inner.data(), inner.size());
    if (m_carryTags)
    {
        IpsecCarrierTag::Restore(outer, packet);
    }
    device->Receive(packet);
}

void
TunnelTraffic::ReportUsage(const std::vector<UsageReport>& usage)
{
    for (const UsageReport& report : usage)
    {
        SaUsageInput input;
        input.pair = report.pair;
        input.mark = MarkOf(report.mark);
        m_desk.Take(input);
    }
}

// --- To look at -----------------------------------------------------------------------------

IpsecDataPlane&
TunnelTraffic::GetPlane()
{
    return *m_plane;
}

CryptoMeter&
TunnelTraffic::GetCrypto()
{
    return *m_crypto;
}

uint64_t
TunnelTraffic::CountPackets(PairId pair) const
{
    const auto inbound = m_plane->GetInboundSaCounters(pair);
    const auto outbound = m_plane->GetOutboundSaCounters(pair);
    return (inbound ? inbound->packets : 0) + (outbound ? outbound->packets : 0);
}

PlaneCounters
TunnelTraffic::GetOutboundCounters() const
{
    return Sum(m_pastOutbound, m_plane->GetOutboundCounters());
}

PlaneCounters
TunnelTraffic::GetInboundCounters() const
{
    return Sum(m_pastInbound, m_plane->GetInboundCounters());
}

} // namespace ike
} // namespace ns3
