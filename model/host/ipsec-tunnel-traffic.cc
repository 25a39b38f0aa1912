/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-tunnel-traffic.h"

#include "ipsec-carrier-tag.h"
#include "ipsec-tunnel-envelope.h"

#include "ns3/icmpv4-l4-protocol.h"
#include "ns3/log.h"
#include "ns3/simulator.h"
#include "ns3/socket.h"

#include <algorithm>
#include <iterator>
#include <memory>
#include <string>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IpsecTunnelTraffic");

namespace
{

/// Nothing smaller is ever believed or asked of a sender (RFC 791 3.2, RFC 1191 3).
constexpr size_t SMALLEST_MTU = 68;
/// Longest IPv4 packet.
constexpr size_t LARGEST_PACKET = 65535;
/// RFC 1191 6.3: after ten minutes a path may be tried with larger packets again.
constexpr ns3::ike::Duration PATH_MTU_LIFETIME = ns3::ike::Duration::Seconds(600);
/// Octets of the contents of a dummy packet: those of a short packet of speech.
constexpr uint16_t DUMMY_LENGTH = 200;

/// Octets that ESP may put around a packet: what room is left for.
constexpr size_t ESP_ROOM = 128;
/// Memory that is kept for the next packet: less comes quickly from the C library as well, and
/// more is not worth keeping in each of thousands of nodes.
constexpr size_t LEAST_SPARE = 1024;
constexpr size_t MOST_SPARE = 4096;

/// Does an IPv4 packet begin here?
bool
HasIpv4Header(const Octets& octets)
{
    return octets.size() >= SHORTEST_IPV4 && octets[0] >> 4 == 4 && (octets[0] & 0x0f) >= 5;
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

/// The settings of a tunnel in the words of the data plane.
OuterPolicy
PolicyOf(const TunnelSettings& settings, const IkeKnobs& knobs)
{
    OuterPolicy policy;
    policy.copyDscp = knobs.copyDscp;
    policy.ecn = knobs.ecn;
    switch (settings.dfBit)
    {
    case DfBit::Clear:
        policy.dontFragment = DontFragment::Clear;
        break;
    case DfBit::Set:
        policy.dontFragment = DontFragment::Set;
        break;
    case DfBit::Copy:
        policy.dontFragment = DontFragment::Copy;
        break;
    }
    return policy;
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

TunnelTraffic::TunnelTraffic(RouterDesk& desk,
                             const NodeRoutes& routes,
                             TunnelWatch& watch,
                             CryptoQueue& queue)
    : m_desk(desk),
      m_routes(routes),
      m_watch(watch),
      m_queue(queue),
      m_crypto(std::make_unique<CryptoMeter>(MakeOpensslProvider())),
      m_plane(std::make_unique<IpsecDataPlane>(RandomKey()))
{
}

void
TunnelTraffic::SetProvider(ProviderKind kind)
{
    m_crypto = std::make_unique<CryptoMeter>(MakeProvider(kind));
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
    m_ipv4 = ipv4;
    m_esp = CreateObject<EspL4Protocol>();
    m_esp->SetDownTarget(MakeCallback(&Ipv4::Send, ipv4));
    m_esp->SetEspCallback(MakeCallback(&TunnelTraffic::HandleInbound, this));
    ipv4->Insert(m_esp);
    m_udp = CreateObject<IkeUdpDoor>();
    m_esp->SetTooBigCallback(MakeCallback(&TunnelTraffic::HandleTooBig, this));
    m_udp->Attach(ipv4);
    m_udp->SetTooBigCallback(MakeCallback(&TunnelTraffic::HandleTooBigInUdp, this));
    m_udp->SetDropCallback(MakeCallback(&RouterDesk::Drop, &m_desk));
}

void
TunnelTraffic::Serve(const RouterConfig& text, const EngineConfig& config)
{
    for (const ConnectionConfig& connection : config.connections)
    {
        const InterfaceText* interface = text.FindInterface(connection.name);
        Ptr<IpsecTunnelDevice> device = m_watch.GetDevice(connection.id);
        if (!device || !interface)
        {
            continue;
        }
        ServeTunnel(connection, device, ResolveTunnelSettings(text, *interface), config.knobs);
        if (!m_watch.IsShared(connection.id))
        {
            device->SetSendCallback(MakeCallback(&TunnelTraffic::Send, this).Bind(connection.id));
        }
    }
}

TunnelTraffic::Tunnel&
TunnelTraffic::ServeTunnel(const ConnectionConfig& connection,
                           Ptr<IpsecTunnelDevice> device,
                           const TunnelSettings& settings,
                           const IkeKnobs& knobs)
{
    Tunnel& tunnel = m_tunnels[connection.id];
    const bool isNew =
        tunnel.device != device || tunnel.settings.dummyInterval != settings.dummyInterval;
    tunnel.device = device;
    tunnel.settings = settings;
    tunnel.local = connection.local;
    tunnel.peer = connection.peer;
    tunnel.policy = PolicyOf(settings, knobs);
    m_plane->SetOuterPolicy(connection.id, tunnel.policy);
    if (isNew)
    {
        ScheduleDummy(connection.id);
    }
    return tunnel;
}

void
TunnelTraffic::Open(const ConnectionConfig& connection,
                    const TunnelSettings& settings,
                    const IkeKnobs& knobs)
{
    ServeTunnel(connection, m_watch.GetDevice(connection.id), settings, knobs).opened = true;
}

void
TunnelTraffic::Close(ConnectionId connection)
{
    const auto found = m_tunnels.find(connection);
    if (found != m_tunnels.end())
    {
        found->second.dummyEvent.Cancel();
        m_tunnels.erase(found);
    }
    m_plane->ForgetConnection(connection); // its number never comes again
}

void
TunnelTraffic::CloseAll()
{
    for (auto it = m_tunnels.begin(); it != m_tunnels.end();)
    {
        const auto next = std::next(it);
        if (it->second.opened)
        {
            Close(it->first);
        }
        it = next;
    }
}

void
TunnelTraffic::ServePolicy(ConnectionId connection,
                           Ptr<IpsecTunnelDevice> divert,
                           const TunnelSettings& settings,
                           const IkeKnobs& knobs)
{
    Tunnel& tunnel = m_tunnels[connection];
    const bool isNew =
        tunnel.device != divert || tunnel.settings.dummyInterval != settings.dummyInterval;
    tunnel.device = divert;
    tunnel.settings = settings;
    tunnel.ofPolicy = true;
    tunnel.policy = PolicyOf(settings, knobs);
    m_plane->SetOuterPolicy(connection, tunnel.policy);
    if (isNew)
    {
        ScheduleDummy(connection);
    }
}

void
TunnelTraffic::DropPolicy(const std::set<ConnectionId>& kept)
{
    for (auto it = m_tunnels.begin(); it != m_tunnels.end();)
    {
        const bool goes = it->second.ofPolicy && kept.count(it->first) == 0;
        if (goes)
        {
            it->second.dummyEvent.Cancel();
        }
        it = goes ? m_tunnels.erase(it) : std::next(it);
    }
}

void
TunnelTraffic::ReplacePlane(const RandomKey& key)
{
    m_pastOutbound = GetOutboundCounters();
    m_pastInbound = GetInboundCounters();
    m_plane->Clear(); // wipes its keys
    m_plane = std::make_unique<IpsecDataPlane>(key);
    for (auto& [id, tunnel] : m_tunnels)
    {
        m_plane->SetOuterPolicy(id, tunnel.policy);
        tunnel.pathMtuUntil = Instant();
    }
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
    for (auto& [id, tunnel] : m_tunnels)
    {
        tunnel.dummyEvent.Cancel();
    }
    m_tunnels.clear();
    m_ipv4 = nullptr;
    m_esp = nullptr;
    m_udp = nullptr;
}

// --- Packets --------------------------------------------------------------------------------

Octets
TunnelTraffic::TakeOctets(Ptr<const Packet> packet)
{
    const uint32_t size = packet->GetSize();
    Octets octets;
    if (m_spare.capacity() >= size + ESP_ROOM)
    {
        octets = std::move(m_spare);
        m_spare = Octets();
    }
    octets.reserve(size + ESP_ROOM);
    octets.resize(size);
    packet->CopyData(octets.data(), size);
    return octets;
}

void
TunnelTraffic::GiveBack(Octets octets)
{
    if (octets.capacity() >= LEAST_SPARE && octets.capacity() <= MOST_SPARE)
    {
        m_spare = std::move(octets);
    }
}

bool
TunnelTraffic::Send(ConnectionId connection, Ptr<Packet> packet)
{
    NS_LOG_FUNCTION(this << connection << packet);
    Octets inner = TakeOctets(packet);
    if (!HasIpv4Header(inner))
    {
        m_desk.Drop(packet, ToString(DropReason::Malformed));
        return false;
    }
    const bool dontFragment = (inner[6] & 0x40) != 0;
    Ptr<Ipv4Route> route;
    const size_t limit = GetInnerLimit(connection, dontFragment, route);
    if (inner.size() <= limit)
    {
        return Protect(connection, packet, std::move(inner), route);
    }
    if (dontFragment)
    {
        RefuseSize(packet, limit);
        return false;
    }
    bool sent = true;
    for (Ptr<Packet> fragment : CutIntoFragments(packet, limit))
    {
        sent = Protect(connection, fragment, TakeOctets(fragment), route) && sent;
    }
    return sent;
}

size_t
TunnelTraffic::GetInnerLimit(ConnectionId connection,
                             bool dontFragment,
                             Ptr<Ipv4Route>& route) const
{
    const Tunnel& tunnel = m_tunnels.at(connection);
    const size_t limit = tunnel.settings.ipMtu.value_or(tunnel.device->GetInnerMtu());
    const IpsecSa* sa = m_plane->PeekSelected(connection);
    const DfBit df = tunnel.settings.dfBit;
    const bool staysWhole = df == DfBit::Set || (df == DfBit::Copy && dontFragment);
    if (!sa)
    {
        return limit; // nothing leaves anyway
    }
    // What IP may cut behind the encryption still must be one IP packet (RFC 791 3.1).
    // So does transport mode around the packets of a crypto map: it protects no pieces (RFC 4303
    // 3.3.4).
    const bool isCutLater =
        !staysWhole && (tunnel.settings.fragmentation == FragmentationOrder::AfterEncryption ||
                        (tunnel.ofPolicy && sa->transport));
    if (!isCutLater)
    {
        std::string reason;
        route = m_routes.FindPath(Ipv4Address(sa->destination.ToV4()), reason);
    }
    const size_t longest = isCutLater ? LARGEST_PACKET : GetPathMtu(tunnel, route);
    const size_t fits = LargestInnerFor(*sa, longest);
    const size_t envelope = EnvelopeLength(tunnel.settings.mode);
    return std::min(limit, std::max(fits, envelope + SMALLEST_MTU) - envelope);
}

size_t
TunnelTraffic::GetPathMtu(const Tunnel& tunnel, Ptr<Ipv4Route> route)
{
    const size_t first = route ? route->GetOutputDevice()->GetMtu() : LARGEST_PACKET;
    return SimulatedNow() < tunnel.pathMtuUntil ? std::min<size_t>(first, tunnel.pathMtu) : first;
}

void
TunnelTraffic::RefuseSize(Ptr<Packet> packet, size_t limit)
{
    m_desk.Drop(packet, "too-large");
    Ptr<Packet> payload = packet->Copy();
    Ipv4Header header;
    payload->RemoveHeader(header);
    Ptr<Icmpv4L4Protocol> icmp = m_ipv4->GetObject<Icmpv4L4Protocol>();
    // RFC 1122 3.2.2: never about a later fragment, nor to a group.
    if (icmp && header.GetFragmentOffset() == 0 && !header.GetDestination().IsMulticast() &&
        !header.GetDestination().IsBroadcast())
    {
        icmp->SendDestUnreachFragNeeded(header, payload, static_cast<uint16_t>(limit));
    }
}

bool
TunnelTraffic::Protect(ConnectionId connection,
                       Ptr<Packet> packet,
                       Octets inner,
                       Ptr<Ipv4Route> route)
{
    const Tunnel& tunnel = m_tunnels.at(connection);
    if (!m_queue.HasRoom())
    {
        m_queue.CountDropped();
        m_desk.Drop(packet, "crypto-queue-full");
        return false;
    }
    FillHeaderChecksum(inner);
    inner = PutIntoEnvelope(tunnel.settings.mode,
                            tunnel.local,
                            tunnel.peer,
                            std::move(inner),
                            tunnel.policy);
    const CpuTime before = m_crypto->GetSpent();
    OutboundResult result =
        m_plane->Outbound(SimulatedNow(), connection, std::move(inner), *m_crypto);
    m_plane->CountOutbound(result.verdict);
    if (result.verdict.action == VerdictAction::Protect)
    {
        const CpuTime cost = GetCostSince(before);
        const std::vector<UsageReport> usage = std::move(result.usage);
        bool sent = true; // or waits
        if (m_queue.IsDoneAtOnce(cost))
        {
            sent = SendEsp(packet, result, route);
        }
        else
        {
            // What is done later looks for a path of then.
            const auto job = std::make_shared<OutboundResult>(std::move(result));
            m_queue.Submit(cost, [this, packet, job]() { SendEsp(packet, *job, nullptr); });
        }
        ReportUsage(usage);
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
TunnelTraffic::SendEsp(Ptr<Packet> inner, OutboundResult& result, Ptr<Ipv4Route> route)
{
    std::string reason;
    if (!route)
    {
        route = m_routes.FindPath(Ipv4Address(result.outer.destination.ToV4()), reason);
    }
    if (!route)
    {
        m_desk.Drop(inner, reason);
        m_watch.ScheduleCheck();
        return false;
    }
    Ptr<Packet> outer = Create<Packet>(result.esp.data(), result.esp.size());
    GiveBack(std::move(result.esp));
    if (m_carryTags)
    {
        IpsecCarrierTag::Carry(inner, outer);
    }
    SendOuter(outer, result.outer, route);
    return true;
}

void
TunnelTraffic::SendOuter(Ptr<Packet> packet, const OuterHeader& outer, Ptr<Ipv4Route> route)
{
    const Ipv4Address source(outer.source.ToV4());
    const Ipv4Address destination(outer.destination.ToV4());
    if (outer.udp)
    {
        IkeUdpDoor::AddHeader(packet, outer.udp->sourcePort, outer.udp->destinationPort);
    }
    const uint8_t protocol = outer.udp ? IkeUdpDoor::PROT_NUMBER : EspL4Protocol::PROT_NUMBER;
    if (outer.dontFragment)
    {
        // The IPv4 of ns-3 sets DF in no other way. RFC 6864 4.1: such packets need no number.
        Ipv4Header header;
        header.SetSource(source);
        header.SetDestination(destination);
        header.SetProtocol(protocol);
        header.SetPayloadSize(static_cast<uint16_t>(packet->GetSize()));
        header.SetTtl(outer.ttl);
        header.SetTos(outer.tos);
        header.SetDontFragment();
        m_ipv4->SendWithHeader(packet, header, route);
        return;
    }
    if (outer.tos != 0)
    {
        SocketIpTosTag tag;
        tag.SetTos(outer.tos);
        packet->AddPacketTag(tag);
    }
    m_ipv4->Send(packet, source, destination, protocol, route);
}

void
TunnelTraffic::SendUdp(Ptr<Packet> packet,
                       const Endpoint& local,
                       const Endpoint& remote,
                       Ptr<Ipv4Route> route)
{
    OuterHeader outer;
    outer.source = local.address;
    outer.destination = remote.address;
    outer.udp = UdpEncapsulation{local.port, remote.port};
    SendOuter(packet, outer, route);
}

void
TunnelTraffic::HandleInbound(Ptr<const Packet> packet, const Ipv4Header& header)
{
    NS_LOG_FUNCTION(this << packet);
    OuterHeader outer;
    outer.source = IpAddress::V4(header.GetSource().Get());
    outer.destination = IpAddress::V4(header.GetDestination().Get());
    outer.tos = header.GetTos();
    outer.ttl = header.GetTtl();
    outer.dontFragment = header.IsDontFragment();
    outer.identification = header.GetIdentification();
    Unprotect(packet, outer);
}

void
TunnelTraffic::ReceiveInUdp(Ptr<const Packet> packet,
                            const Endpoint& local,
                            const Endpoint& remote,
                            uint8_t tos)
{
    NS_LOG_FUNCTION(this << packet);
    OuterHeader outer;
    outer.source = remote.address;
    outer.destination = local.address;
    outer.tos = tos;
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
    if (!m_queue.HasRoom())
    {
        m_queue.CountDropped();
        m_desk.Drop(packet, "crypto-queue-full");
        return;
    }
    const CpuTime before = m_crypto->GetSpent();
    InboundResult result = m_plane->Inbound(SimulatedNow(), outer, TakeOctets(packet), *m_crypto);
    m_plane->CountInbound(result.verdict);
    if (result.movedTo)
    {
        // RFC 3947 7: an authentic packet came from elsewhere, so that is where the peer is.
        m_plane->Move(result.pair, *result.movedTo);
    }
    ReportUsage(result.usage);
    if (result.verdict.action == VerdictAction::Accept)
    {
        const CpuTime cost = GetCostSince(before);
        if (m_queue.IsDoneAtOnce(cost))
        {
            Deliver(result.connection, std::move(result.inner), packet);
            return;
        }
        const auto job = std::make_shared<InboundResult>(std::move(result));
        m_queue.Submit(cost, [this, packet, job]() {
            Deliver(job->connection, std::move(job->inner), packet);
        });
        return;
    }
    // One that is not accepted took its time all the same: a flood is a load.
    if (const CpuTime cost = GetCostSince(before); cost.Total() > 0)
    {
        m_queue.Submit(cost, []() {});
    }
    m_desk.Drop(packet, ToString(result.verdict.reason));
    if (result.verdict.reason == DropReason::UnknownSpi)
    {
        m_desk.Take(UnknownSpiInput{outer.destination, outer.source, result.spi});
    }
}

CpuTime
TunnelTraffic::GetCostSince(const CpuTime& before) const
{
    CpuTime cost = m_crypto->GetSpent();
    cost -= before;
    cost[CpuWork::Packet] += m_queue.GetCosts().packet;
    return cost;
}

void
TunnelTraffic::Deliver(ConnectionId connection, Octets whole, Ptr<const Packet> outer)
{
    const auto found = m_tunnels.find(connection);
    Ptr<IpsecTunnelDevice> device = FindOpenDevice(connection);
    if (!device || found == m_tunnels.end())
    {
        m_desk.Drop(outer, "line-down");
        return;
    }
    std::string reason;
    auto inner = TakeFromEnvelope(found->second.settings.mode, std::move(whole), reason);
    if (!inner)
    {
        m_desk.Drop(outer, reason);
        return;
    }
    Ptr<Packet> packet = MakePacket(*inner);
    GiveBack(std::move(*inner));
    if (m_carryTags)
    {
        IpsecCarrierTag::Restore(outer, packet);
    }
    device->Receive(packet);
}

Ptr<IpsecTunnelDevice>
TunnelTraffic::FindOpenDevice(ConnectionId connection) const
{
    const auto found = m_tunnels.find(connection);
    const bool ofPolicy = found != m_tunnels.end() && found->second.ofPolicy;
    return ofPolicy ? found->second.device : m_watch.GetOpenDevice(connection);
}

// --- What the path says ---------------------------------------------------------------------

void
TunnelTraffic::HandleTooBig(Ipv4Address destination, uint32_t spi, uint32_t mtu)
{
    LearnPathMtu(destination, mtu, [spi](const IpsecSa& sa) { return !sa.udp && sa.spi == spi; });
}

void
TunnelTraffic::HandleTooBigInUdp(Ipv4Address destination,
                                 uint16_t sourcePort,
                                 uint16_t destinationPort,
                                 uint32_t mtu)
{
    LearnPathMtu(destination, mtu, [=](const IpsecSa& sa) {
        return sa.udp && sa.udp->sourcePort == sourcePort &&
               sa.udp->destinationPort == destinationPort;
    });
}

void
TunnelTraffic::LearnPathMtu(Ipv4Address destination,
                            uint32_t mtu,
                            const std::function<bool(const IpsecSa&)>& isMeant)
{
    // RFC 4301 8.2: the SA that the message names, which need not be the one that sends now.
    const auto isNamed = [&](const IpsecSa& sa) {
        return sa.destination.ToV4() == destination.Get() && isMeant(sa);
    };
    for (auto& [id, tunnel] : m_tunnels)
    {
        if (mtu >= SMALLEST_MTU && m_plane->HasOutboundSuchAs(id, isNamed))
        {
            NS_LOG_INFO("path MTU of connection " << id << " is " << mtu);
            const bool known = SimulatedNow() < tunnel.pathMtuUntil;
            tunnel.pathMtu = known ? std::min(tunnel.pathMtu, mtu) : mtu;
            tunnel.pathMtuUntil = SimulatedNow() + PATH_MTU_LIFETIME;
        }
    }
}

// --- Dummy packets --------------------------------------------------------------------------

void
TunnelTraffic::ScheduleDummy(ConnectionId connection)
{
    Tunnel& tunnel = m_tunnels.at(connection);
    tunnel.dummyEvent.Cancel();
    const ns3::ike::Duration interval = tunnel.settings.dummyInterval;
    if (interval > ns3::ike::Duration())
    {
        tunnel.dummyEvent = Simulator::Schedule(NanoSeconds(interval.ns),
                                                &TunnelTraffic::HandleDummy,
                                                this,
                                                connection);
    }
}

void
TunnelTraffic::HandleDummy(ConnectionId connection)
{
    ScheduleDummy(connection);
    if (m_desk.IsReloading() || !FindOpenDevice(connection) || !m_plane->PeekSelected(connection))
    {
        return;
    }
    OutboundResult result = m_plane->OutboundDummy(connection, DUMMY_LENGTH, *m_crypto);
    m_plane->CountOutbound(result.verdict);
    Ptr<Packet> nothing = Create<Packet>();
    if (result.verdict.action == VerdictAction::Protect)
    {
        SendEsp(nothing, result, nullptr);
    }
    else
    {
        m_desk.Drop(nothing, ToString(result.verdict.reason));
    }
    ReportUsage(result.usage);
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

const IpsecDataPlane&
TunnelTraffic::GetPlane() const
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
