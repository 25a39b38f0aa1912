/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-load-balancer.h"

#include "ike-nat-rewrite.h"
#include "ike-packet-front.h"
#include "ike-router-desk.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/ike-octets.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <iterator>
#include <vector>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeLoadBalancer");
NS_OBJECT_ENSURE_REGISTERED(IkeLoadBalancer);

namespace
{

constexpr uint8_t ICMP = 1;
constexpr uint8_t TCP = 6;
constexpr uint8_t UDP = 17;

/// How long a first fragment's note is good: as long as ns-3 waits for the others.
constexpr Duration FRAGMENT_LIFETIME = Duration::Seconds(30);
/// Most packets in pieces at a time.
constexpr size_t MAX_FRAGMENTED = 4096;

IpAddress
FromNs3(Ipv4Address address)
{
    return IpAddress::V4(address.Get());
}

Ipv4Address
ToNs3(const IpAddress& address)
{
    return Ipv4Address(address.ToV4());
}

/// Does more than the header of IPv4 say what a packet is?
bool
HasFront(uint8_t protocol)
{
    return protocol == UDP || protocol == TCP || protocol == ICMP;
}

/// The port at the virtual address, of an entry: that of UDP and TCP.
BalancerPort
PortOf(uint8_t protocol, uint16_t port)
{
    return BalancerPort{protocol, protocol == UDP || protocol == TCP ? port : uint16_t{0}};
}

} // namespace

TypeId
IkeLoadBalancer::GetTypeId()
{
    using Rules = BalancerRules;
    using Self = IkeLoadBalancer;
    static TypeId tid =
        TypeId("ns3::ike::IkeLoadBalancer")
            .SetParent<IkeRoutingShell>()
            .SetGroupName("Ike")
            .AddConstructor<IkeLoadBalancer>()
            .AddAttribute("Name",
                          "The name in events.",
                          StringValue("balancer"),
                          MakeStringAccessor(&Self::m_name),
                          MakeStringChecker())
            .AddAttribute("Mode",
                          "How hubs get packets: dispatched or directed.",
                          StringValue("dispatched"),
                          MakeStringAccessor(&Self::SetWord<BalancerMode, &Rules::mode>,
                                             &Self::GetWord<BalancerMode, &Rules::mode>),
                          MakeStringChecker())
            .AddAttribute("Predictor",
                          "How a hub is chosen: hash, round-robin, weighted or "
                          "least-connections.",
                          StringValue("hash"),
                          MakeStringAccessor(&Self::SetWord<BalancerPredictor, &Rules::predictor>,
                                             &Self::GetWord<BalancerPredictor, &Rules::predictor>),
                          MakeStringChecker())
            .AddAttribute("Outbound",
                          "What becomes of packets of a hub that belong to no entry: pass, "
                          "translate or drop.",
                          StringValue("pass"),
                          MakeStringAccessor(&Self::SetWord<BalancerOutbound, &Rules::outbound>,
                                             &Self::GetWord<BalancerOutbound, &Rules::outbound>),
                          MakeStringChecker())
            .AddAttribute("Sticky",
                          "Do UDP 500, UDP 4500 and ESP of a client share one entry?",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Self::SetRule<bool, &Rules::sticky>,
                                              &Self::GetRule<bool, &Rules::sticky>),
                          MakeBooleanChecker())
            .AddAttribute("Purge",
                          "Does a hub that fails lose its entries?",
                          BooleanValue(true),
                          MakeBooleanAccessor(&Self::SetRule<bool, &Rules::purge>,
                                              &Self::GetRule<bool, &Rules::purge>),
                          MakeBooleanChecker())
            .AddAttribute(
                "Idle",
                "After this time without a packet an entry is over.",
                TimeValue(Seconds(3600)),
                MakeTimeAccessor(&Self::SetSpan<&Rules::idle>, &Self::GetSpan<&Rules::idle>),
                MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("MaxEntries",
                          "Most entries at a time, a number; the least recently used one goes.",
                          UintegerValue(65536),
                          MakeUintegerAccessor(&Self::SetRule<uint32_t, &Rules::maxEntries>,
                                               &Self::GetRule<uint32_t, &Rules::maxEntries>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("ProbeInterval",
                          "Time between two ICMP echoes to each hub; 0: none are sent.",
                          TimeValue(Seconds(0)),
                          MakeTimeAccessor(&Self::m_probeInterval),
                          MakeTimeChecker(Seconds(0)))
            .AddAttribute("ProbeFailures",
                          "So many echoes in a row without an answer: the hub has failed.",
                          UintegerValue(3),
                          MakeUintegerAccessor(&Self::SetRule<uint32_t, &Rules::failAfter>,
                                               &Self::GetRule<uint32_t, &Rules::failAfter>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "ProbeRetry",
                "A hub that has failed does not come back before this time.",
                TimeValue(Seconds(60)),
                MakeTimeAccessor(&Self::SetSpan<&Rules::retry>, &Self::GetSpan<&Rules::retry>),
                MakeTimeChecker(Seconds(0)))
            .AddTraceSource("Event",
                            "An entry or a hub changed.",
                            MakeTraceSourceAccessor(&Self::m_eventTrace),
                            "ns3::ike::IkeLoadBalancer::EventTracedCallback")
            .AddTraceSource("Drop",
                            "A packet was dropped, with the reason.",
                            MakeTraceSourceAccessor(&Self::m_dropTrace),
                            "ns3::ike::IkeLoadBalancer::DropTracedCallback");
    return tid;
}

IkeLoadBalancer::IkeLoadBalancer()
{
    NS_LOG_FUNCTION(this);
    m_table.SetListener([this](const BalancerNotice& notice) { HandleNotice(notice); });
}

IkeLoadBalancer::~IkeLoadBalancer()
{
    NS_LOG_FUNCTION(this);
}

void
IkeLoadBalancer::DoInitialize()
{
    NS_LOG_FUNCTION(this);
    IkeRoutingShell::DoInitialize();
    if (m_probeInterval.IsStrictlyPositive() && GetIpv4())
    {
        m_prober.Start(GetIpv4()->GetObject<Node>(),
                       m_probeInterval,
                       [this](size_t hub, bool answered) { HandleProbe(hub, answered); });
    }
}

void
IkeLoadBalancer::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_prober.Stop();
    m_expiryEvent.Cancel();
    m_table.SetListener({});
    m_fragments.clear();
    m_outside = nullptr;
    IkeRoutingShell::DoDispose();
}

// --- Set-up ---------------------------------------------------------------------------------

void
IkeLoadBalancer::Install(Ptr<Ipv4> ipv4, Ipv4Address virtualAddress, Ptr<NetDevice> outside)
{
    NS_LOG_FUNCTION(this << ipv4 << virtualAddress << outside);
    m_virtual = FromNs3(virtualAddress);
    m_outside = outside;
    Enclose(ipv4);
}

void
IkeLoadBalancer::SetRules(const BalancerRules& rules)
{
    m_table.SetRules(rules);
}

void
IkeLoadBalancer::AddHub(const std::string& name, Ipv4Address address, uint32_t weight)
{
    m_table.AddHub(BalancerHub{name, FromNs3(address), weight});
    m_prober.AddHub(address);
}

void
IkeLoadBalancer::SetService(const std::string& name, HubService service)
{
    const auto hub = m_table.FindHub(name);
    NS_ABORT_MSG_IF(!hub, "the balancer has no hub '" << name << "'");
    m_table.SetService(*hub, service);
}

const BalancerTable&
IkeLoadBalancer::GetTable() const
{
    return m_table;
}

Ipv4Address
IkeLoadBalancer::GetVirtualAddress() const
{
    return ToNs3(m_virtual);
}

template <typename T, T BalancerRules::*FIELD>
T
IkeLoadBalancer::GetRule() const
{
    return m_table.GetRules().*FIELD;
}

template <typename T, T BalancerRules::*FIELD>
void
IkeLoadBalancer::SetRule(T value)
{
    BalancerRules rules = m_table.GetRules();
    rules.*FIELD = value;
    m_table.SetRules(rules);
}

template <Duration BalancerRules::*FIELD>
Time
IkeLoadBalancer::GetSpan() const
{
    return NanoSeconds((m_table.GetRules().*FIELD).ns);
}

template <Duration BalancerRules::*FIELD>
void
IkeLoadBalancer::SetSpan(Time value)
{
    SetRule<Duration, FIELD>(Duration::Nanoseconds(value.GetNanoSeconds()));
}

template <typename T, T BalancerRules::*FIELD>
std::string
IkeLoadBalancer::GetWord() const
{
    return WordsOf(T())[static_cast<size_t>(m_table.GetRules().*FIELD)];
}

template <typename T, T BalancerRules::*FIELD>
void
IkeLoadBalancer::SetWord(std::string word)
{
    const std::vector<std::string>& words = WordsOf(T());
    const auto found = std::find(words.begin(), words.end(), word);
    NS_ABORT_MSG_IF(found == words.end(), "a load balancer has no '" << word << "'");
    SetRule<T, FIELD>(static_cast<T>(found - words.begin()));
}

// --- To the virtual address -----------------------------------------------------------------

bool
IkeLoadBalancer::RouteInput(Ptr<const Packet> p,
                            const Ipv4Header& header,
                            Ptr<const NetDevice> idev,
                            RouteInputArgs::Ucb ucb,
                            RouteInputArgs::Mcb mcb,
                            RouteInputArgs::Lcb lcb,
                            RouteInputArgs::Ecb ecb)
{
    if (FromNs3(header.GetDestination()) != m_virtual)
    {
        return RouteThrough(p, header, idev, ucb, mcb, lcb, ecb);
    }
    Parcel parcel{header, p->Copy()};
    const auto hub = FindHubFor(parcel);
    ScheduleExpiry();
    if (!hub)
    {
        return true;
    }
    // One whose time is up goes no further: its sender hears of it as it sent it.
    if (m_table.GetRules().mode == BalancerMode::Dispatched || header.GetTtl() <= 1)
    {
        Dispatch(*hub, p, header, ucb);
        return true;
    }
    ChangeAddress(parcel, false, m_table.GetHub(*hub).address);
    return RouteThrough(parcel.packet, parcel.header, idev, ucb, mcb, lcb, ecb);
}

std::optional<size_t>
IkeLoadBalancer::FindHubFor(Parcel& parcel)
{
    const uint8_t protocol = parcel.header.GetProtocol();
    const IpAddress client = FromNs3(parcel.header.GetSource());
    if (IsLaterFragment(parcel.header) && HasFront(protocol))
    {
        const auto note = FollowFirstFragment(parcel.header);
        const auto hub = note ? std::optional<size_t>(note->hub)
                              : m_table.FollowClient(SimulatedNow(), client, protocol);
        if (!hub)
        {
            Drop(parcel.packet, "balancer-fragment");
        }
        return hub;
    }
    const NatPacketView view =
        HasFront(protocol) ? ViewNatPacket(protocol, FrontOf(parcel.packet)) : NatPacketView{};
    if (view.kind == NatPacketView::Kind::Error)
    {
        return FindHubOfError(parcel);
    }
    const BalancerPort port = PortOf(protocol, view.destinationPort);
    const auto hub = m_table.Choose(SimulatedNow(), BalancerPacket{client, port});
    if (!hub)
    {
        Drop(parcel.packet, "balancer-no-hub");
        return std::nullopt;
    }
    NoteFragment(parcel.header, FragmentNote{*hub, true, {}});
    return hub;
}

std::optional<size_t>
IkeLoadBalancer::FindHubOfError(Parcel& parcel)
{
    const NatPacketView view = ViewNatPacket(ICMP, FrontOf(parcel.packet));
    const BalancerPacket about{view.destination, PortOf(view.protocol, view.sourcePort)};
    const auto hub = view.source == m_virtual ? m_table.Find(SimulatedNow(), about) : std::nullopt;
    if (!hub)
    {
        Drop(parcel.packet, "balancer-no-entry");
        return std::nullopt;
    }
    if (m_table.GetRules().mode == BalancerMode::Directed)
    {
        ChangeInner(parcel, true, m_table.GetHub(*hub).address);
    }
    return hub;
}

void
IkeLoadBalancer::Dispatch(size_t hub,
                          Ptr<const Packet> p,
                          const Ipv4Header& header,
                          const ForwardCallback& forward)
{
    Ipv4Header toHub = header;
    toHub.SetDestination(ToNs3(m_table.GetHub(hub).address));
    Socket::SocketErrno error = Socket::ERROR_NOTERROR;
    const Ptr<Ipv4Route> found = GetInner()->RouteOutput(nullptr, toHub, nullptr, error);
    // Without the hub's network it would go back to where it came from.
    if (!found || (m_outside && found->GetOutputDevice() == m_outside))
    {
        Drop(p, "balancer-unreachable");
        return;
    }
    const Ptr<Ipv4Route> route = Create<Ipv4Route>();
    route->SetSource(found->GetSource());
    route->SetDestination(header.GetDestination());
    route->SetOutputDevice(found->GetOutputDevice());
    const bool isNeighbour = found->GetGateway() == Ipv4Address::GetAny();
    route->SetGateway(isNeighbour ? toHub.GetDestination() : found->GetGateway());
    forward(route, p, header);
}

// --- From a hub -----------------------------------------------------------------------------

void
IkeLoadBalancer::HandleForward(Ptr<Ipv4Route> route,
                               Ptr<const Packet> packet,
                               const Ipv4Header& header,
                               const ForwardCallback& forward)
{
    const auto hub = m_table.FindHub(FromNs3(header.GetSource()));
    // Hubs speak with each other as they like.
    if (!hub || header.GetTtl() <= 1 || m_table.FindHub(FromNs3(header.GetDestination())))
    {
        forward(route, packet, header);
        return;
    }
    Parcel parcel{header, packet->Copy()};
    const bool goesOn = TakeOutbound(*hub, parcel);
    ScheduleExpiry();
    if (goesOn)
    {
        forward(route, parcel.packet, parcel.header);
    }
}

bool
IkeLoadBalancer::TakeOutbound(size_t hub, Parcel& parcel)
{
    if (m_table.GetRules().mode == BalancerMode::Directed && IsBound(hub, parcel))
    {
        ChangeAddress(parcel, true, m_virtual);
        return true;
    }
    m_table.NoteOwn(hub);
    if (m_table.GetRules().outbound == BalancerOutbound::Drop)
    {
        Drop(parcel.packet, "balancer-outbound");
        return false;
    }
    return true;
}

bool
IkeLoadBalancer::IsBound(size_t hub, Parcel& parcel)
{
    const uint8_t protocol = parcel.header.GetProtocol();
    const IpAddress client = FromNs3(parcel.header.GetDestination());
    if (IsLaterFragment(parcel.header) && HasFront(protocol))
    {
        const auto note = FollowFirstFragment(parcel.header);
        return note && note->isBound;
    }
    const NatPacketView view =
        HasFront(protocol) ? ViewNatPacket(protocol, FrontOf(parcel.packet)) : NatPacketView{};
    if (view.kind == NatPacketView::Kind::Error)
    {
        const BalancerPacket about{view.source, PortOf(view.protocol, view.destinationPort)};
        const bool isBound = view.destination == m_table.GetHub(hub).address &&
                             m_table.Find(SimulatedNow(), about) == hub;
        if (isBound)
        {
            ChangeInner(parcel, false, m_virtual);
        }
        return isBound;
    }
    const BalancerPacket answer{client, PortOf(protocol, view.sourcePort)};
    bool isBound = m_table.Return(SimulatedNow(), hub, answer);
    if (!isBound && m_table.GetRules().outbound == BalancerOutbound::Translate)
    {
        m_table.Bind(SimulatedNow(), hub, answer);
        isBound = true;
    }
    NoteFragment(parcel.header, FragmentNote{hub, isBound, {}});
    return isBound;
}

// --- Octets ---------------------------------------------------------------------------------

void
IkeLoadBalancer::ChangeAddress(Parcel& parcel, bool isSource, const IpAddress& address) const
{
    Ipv4Header& header = parcel.header;
    const uint8_t protocol = header.GetProtocol();
    if (!IsLaterFragment(header) && HasFront(protocol))
    {
        Octets front = FrontOf(parcel.packet);
        const NatPacketView view = ViewNatPacket(protocol, front);
        if (view.kind == NatPacketView::Kind::Ports)
        {
            const uint16_t port = isSource ? view.sourcePort : view.destinationPort;
            const IpAddress before =
                FromNs3(isSource ? header.GetSource() : header.GetDestination());
            const NatChangeOfEnd change{isSource, Endpoint{before, port}, Endpoint{address, port}};
            RewriteNatPacket(protocol, front, change, Node::ChecksumEnabled());
            ReplaceFront(parcel.packet, front);
        }
    }
    isSource ? header.SetSource(ToNs3(address)) : header.SetDestination(ToNs3(address));
}

void
IkeLoadBalancer::ChangeInner(Parcel& parcel, bool isSource, const IpAddress& address) const
{
    Octets all = AllOf(parcel.packet);
    const NatPacketView view = ViewNatPacket(ICMP, all);
    const uint16_t port = isSource ? view.sourcePort : view.destinationPort;
    const Endpoint before{isSource ? view.source : view.destination, port};
    RewriteNatError(all,
                    NatChangeOfEnd{isSource, before, Endpoint{address, port}},
                    Node::ChecksumEnabled());
    ReplaceFront(parcel.packet, all);
}

void
IkeLoadBalancer::NoteFragment(const Ipv4Header& header, const FragmentNote& note)
{
    if (header.IsLastFragment())
    {
        return; // whole
    }
    const Instant now = SimulatedNow();
    if (m_fragments.size() >= MAX_FRAGMENTED)
    {
        for (auto it = m_fragments.begin(); it != m_fragments.end();)
        {
            it = it->second.until <= now ? m_fragments.erase(it) : std::next(it);
        }
    }
    if (m_fragments.size() < MAX_FRAGMENTED)
    {
        const FragmentKey key{header.GetSource().Get(),
                              header.GetDestination().Get(),
                              header.GetIdentification(),
                              header.GetProtocol()};
        m_fragments[key] = FragmentNote{note.hub, note.isBound, now + FRAGMENT_LIFETIME};
    }
}

std::optional<IkeLoadBalancer::FragmentNote>
IkeLoadBalancer::FollowFirstFragment(const Ipv4Header& header)
{
    const auto found = m_fragments.find({header.GetSource().Get(),
                                         header.GetDestination().Get(),
                                         header.GetIdentification(),
                                         header.GetProtocol()});
    if (found == m_fragments.end() || found->second.until <= SimulatedNow())
    {
        return std::nullopt;
    }
    const FragmentNote note = found->second;
    if (header.IsLastFragment())
    {
        m_fragments.erase(found);
    }
    return note;
}

void
IkeLoadBalancer::Drop(Ptr<const Packet> packet, const std::string& reason)
{
    NS_LOG_LOGIC("drop: " << reason);
    m_dropTrace(packet, reason);
}

// --- Entries and hubs -----------------------------------------------------------------------

void
IkeLoadBalancer::HandleNotice(const BalancerNotice& notice)
{
    TimedEvent event;
    event.time = SimulatedNow();
    event.node = m_name;
    event.event.kind = EventKind::Balancer;
    event.event.local = m_virtual;
    event.event.peer = notice.client.value_or(IpAddress());
    event.event.text = m_table.Describe(notice);
    NS_LOG_LOGIC(event.event.text);
    m_eventTrace(event);
}

void
IkeLoadBalancer::HandleProbe(size_t hub, bool answered)
{
    m_table.NoteProbe(SimulatedNow(), hub, answered);
}

void
IkeLoadBalancer::ScheduleExpiry()
{
    const Instant next = m_table.GetNextExpiry();
    // A use makes an expiry later only, so one look that is awaited is enough.
    if (next != Instant::Never() && m_expiryEvent.IsExpired())
    {
        const Time wait = NanoSeconds(next.ns) - Simulator::Now();
        m_expiryEvent = Simulator::Schedule(wait, &IkeLoadBalancer::HandleExpiry, this);
    }
}

void
IkeLoadBalancer::HandleExpiry()
{
    m_table.Expire(SimulatedNow());
    ScheduleExpiry();
}

} // namespace ike
} // namespace ns3
