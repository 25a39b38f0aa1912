/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-nat.h"

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
#include <type_traits>
#include <vector>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeNat");
NS_OBJECT_ENSURE_REGISTERED(IkeNat);

namespace
{

constexpr uint8_t ICMP = 1;

/// How long a first fragment's note is good: as long as ns-3 waits for the others.
constexpr Duration FRAGMENT_LIFETIME = Duration::Seconds(30);
/// Most packets in pieces at a time.
constexpr size_t MAX_FRAGMENTED = 256;

IpAddress
FromNs3(Ipv4Address address)
{
    return IpAddress::V4(address.Get());
}

const char*
NameOf(NatTable::Change change)
{
    switch (change)
    {
    case NatTable::Change::Made:
        return "made";
    case NatTable::Change::Expired:
        return "expired";
    case NatTable::Change::Flushed:
        return "flushed";
    case NatTable::Change::Moved:
        break;
    }
    return "moved";
}

} // namespace

TypeId
IkeNat::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeNat")
            .SetParent<IkeRoutingShell>()
            .SetGroupName("Ike")
            .AddConstructor<IkeNat>()
            .AddAttribute(
                "UdpLifetime",
                "How long a UDP mapping lives unused, a time. 30 s is what Linux does for "
                "one that nobody answered, and many home routers for all; RFC 4787 REQ-5 "
                "wants 2 minutes at least.",
                TimeValue(Seconds(30)),
                MakeTimeAccessor(&IkeNat::SetSpan<&NatRules::udpLifetime>,
                                 &IkeNat::GetSpan<&NatRules::udpLifetime>),
                MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("TcpLifetime",
                          "The same for TCP, a time; RFC 5382 REQ-5.",
                          TimeValue(Seconds(7440)),
                          MakeTimeAccessor(&IkeNat::SetSpan<&NatRules::tcpLifetime>,
                                           &IkeNat::GetSpan<&NatRules::tcpLifetime>),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("IcmpLifetime",
                          "The same for ICMP echoes, a time; RFC 5508 REQ-2.",
                          TimeValue(Seconds(60)),
                          MakeTimeAccessor(&IkeNat::SetSpan<&NatRules::icmpLifetime>,
                                           &IkeNat::GetSpan<&NatRules::icmpLifetime>),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("EspLifetime",
                          "The same for ESP without UDP, a time.",
                          TimeValue(Seconds(120)),
                          MakeTimeAccessor(&IkeNat::SetSpan<&NatRules::espLifetime>,
                                           &IkeNat::GetSpan<&NatRules::espLifetime>),
                          MakeTimeChecker(NanoSeconds(1)))
            .AddAttribute("InboundRefresh",
                          "Does a packet from outside keep a mapping alive? RFC 4787 REQ-6: it "
                          "may. A truth value.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&IkeNat::SetRule<bool, &NatRules::inboundRefresh>,
                                              &IkeNat::GetRule<bool, &NatRules::inboundRefresh>),
                          MakeBooleanChecker())
            .AddAttribute("PreservePorts",
                          "Take the inside port outside, too, when it is free? A truth value.",
                          BooleanValue(false),
                          MakeBooleanAccessor(&IkeNat::SetRule<bool, &NatRules::preservePorts>,
                                              &IkeNat::GetRule<bool, &NatRules::preservePorts>),
                          MakeBooleanChecker())
            .AddAttribute("FirstPort",
                          "First of the ports that are given out one after the other, a number.",
                          UintegerValue(20000),
                          MakeUintegerAccessor(&IkeNat::SetRule<uint16_t, &NatRules::firstPort>,
                                               &IkeNat::GetRule<uint16_t, &NatRules::firstPort>),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("LastPort",
                          "Last of them, a number.",
                          UintegerValue(29999),
                          MakeUintegerAccessor(&IkeNat::SetRule<uint16_t, &NatRules::lastPort>,
                                               &IkeNat::GetRule<uint16_t, &NatRules::lastPort>),
                          MakeUintegerChecker<uint16_t>(1))
            .AddAttribute("MaxMappings",
                          "Most mappings at a time, a number; nothing new passes beyond it.",
                          UintegerValue(1024),
                          MakeUintegerAccessor(&IkeNat::SetRule<uint32_t, &NatRules::maxMappings>,
                                               &IkeNat::GetRule<uint32_t, &NatRules::maxMappings>),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("Mapping",
                          "What besides the inside endpoint decides on the outside port (RFC 4787 "
                          "4.1): endpoint-independent, address-dependent or "
                          "address-and-port-dependent.",
                          StringValue("endpoint-independent"),
                          MakeStringAccessor(&IkeNat::SetWord<NatBehaviour, &NatRules::mapping>,
                                             &IkeNat::GetWord<NatBehaviour, &NatRules::mapping>),
                          MakeStringChecker())
            .AddAttribute("Filtering",
                          "Who may answer through a mapping (RFC 4787 5): the same words.",
                          StringValue("address-and-port-dependent"),
                          MakeStringAccessor(&IkeNat::SetWord<NatBehaviour, &NatRules::filtering>,
                                             &IkeNat::GetWord<NatBehaviour, &NatRules::filtering>),
                          MakeStringChecker())
            .AddAttribute("Esp",
                          "What becomes of ESP that is not in UDP: one-host or drop.",
                          StringValue("one-host"),
                          MakeStringAccessor(&IkeNat::SetWord<NatEsp, &NatRules::esp>,
                                             &IkeNat::GetWord<NatEsp, &NatRules::esp>),
                          MakeStringChecker())
            .AddTraceSource("Mapping",
                            "A mapping was made, moved, or is gone.",
                            MakeTraceSourceAccessor(&IkeNat::m_mappingTrace),
                            "ns3::ike::IkeNat::MappingTracedCallback")
            .AddTraceSource("Drop",
                            "A packet was dropped, with the reason.",
                            MakeTraceSourceAccessor(&IkeNat::m_dropTrace),
                            "ns3::ike::IkeNat::DropTracedCallback");
    return tid;
}

IkeNat::IkeNat()
{
    NS_LOG_FUNCTION(this);
    m_table.SetListener([this](const NatMapping& mapping, NatTable::Change change) {
        HandleChange(mapping, change);
    });
}

IkeNat::~IkeNat()
{
    NS_LOG_FUNCTION(this);
}

void
IkeNat::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_expiryEvent.Cancel();
    m_table.SetListener({});
    m_fragments.clear();
    m_outside = nullptr;
    IkeRoutingShell::DoDispose();
}

// --- Set-up ---------------------------------------------------------------------------------

void
IkeNat::Install(Ptr<Ipv4> ipv4, Ptr<NetDevice> outside)
{
    NS_LOG_FUNCTION(this << ipv4 << outside);
    m_outside = outside;
    Enclose(ipv4);
}

void
IkeNat::AddForward(uint8_t protocol, uint16_t outsidePort, Ipv4Address inside, uint16_t insidePort)
{
    m_table.AddForward(protocol, outsidePort, Endpoint{FromNs3(inside), insidePort});
}

void
IkeNat::SetRules(const NatRules& rules)
{
    m_table.SetRules(rules);
}

void
IkeNat::Flush()
{
    NS_LOG_FUNCTION(this);
    m_table.Flush();
    m_fragments.clear();
}

const NatTable&
IkeNat::GetTable() const
{
    return m_table;
}

template <Duration NatRules::*FIELD>
Time
IkeNat::GetSpan() const
{
    return NanoSeconds((m_table.GetRules().*FIELD).ns);
}

template <Duration NatRules::*FIELD>
void
IkeNat::SetSpan(Time value)
{
    SetRule<Duration, FIELD>(Duration::Nanoseconds(value.GetNanoSeconds()));
}

template <typename T, T NatRules::*FIELD>
T
IkeNat::GetRule() const
{
    return m_table.GetRules().*FIELD;
}

template <typename T, T NatRules::*FIELD>
void
IkeNat::SetRule(T value)
{
    NatRules rules = m_table.GetRules();
    rules.*FIELD = value;
    m_table.SetRules(rules);
}

template <typename T, T NatRules::*FIELD>
std::string
IkeNat::GetWord() const
{
    return WordsOf(T())[static_cast<size_t>(m_table.GetRules().*FIELD)];
}

template <typename T, T NatRules::*FIELD>
void
IkeNat::SetWord(std::string word)
{
    const std::vector<std::string>& words = WordsOf(T());
    const auto found = std::find(words.begin(), words.end(), word);
    NS_ABORT_MSG_IF(found == words.end(), "a NAT has no '" << word << "'");
    SetRule<T, FIELD>(static_cast<T>(found - words.begin()));
}

// --- Packets --------------------------------------------------------------------------------

bool
IkeNat::RouteInput(Ptr<const Packet> p,
                   const Ipv4Header& header,
                   Ptr<const NetDevice> idev,
                   RouteInputArgs::Ucb ucb,
                   RouteInputArgs::Mcb mcb,
                   RouteInputArgs::Lcb lcb,
                   RouteInputArgs::Ecb ecb)
{
    if (!IsOutside(idev))
    {
        return RouteThrough(p, header, idev, ucb, mcb, lcb, ecb);
    }
    Parcel parcel{header, p->Copy()};
    if (FromNs3(header.GetDestination()) != GetOutsideAddress())
    {
        if (!IsForAll(header.GetDestination()))
        {
            // Who writes an inside address outside has no mapping, and shall not need none.
            Drop(parcel, "nat-no-mapping");
            return true;
        }
        return IkeRoutingShell::RouteInput(p, header, idev, ucb, mcb, lcb, ecb);
    }
    const Fate fate = TranslateIn(parcel);
    return fate == Fate::Dropped ||
           IkeRoutingShell::RouteInput(parcel.packet, parcel.header, idev, ucb, mcb, lcb, ecb);
}

void
IkeNat::HandleForward(Ptr<Ipv4Route> route,
                      Ptr<const Packet> packet,
                      const Ipv4Header& header,
                      const ForwardCallback& forward)
{
    // One whose time is up goes no further: its sender hears of it under its own address.
    if (!IsOutside(route->GetOutputDevice()) || header.GetTtl() <= 1)
    {
        forward(route, packet, header);
        return;
    }
    Parcel parcel{header, packet->Copy()};
    if (TranslateOut(parcel))
    {
        forward(route, parcel.packet, parcel.header);
    }
}

bool
IkeNat::TranslateOut(Parcel& parcel)
{
    const uint8_t protocol = parcel.header.GetProtocol();
    if (IsLaterFragment(parcel.header))
    {
        if (!FollowFirstFragment(parcel, true))
        {
            Drop(parcel, "nat-fragment");
            return false;
        }
        return true;
    }
    const NatPacketView view = ViewNatPacket(protocol, FrontOf(parcel.packet));
    if (view.kind == NatPacketView::Kind::Error)
    {
        return TranslateErrorOut(parcel, AllOf(parcel.packet));
    }
    std::string reason = "nat-protocol";
    std::optional<uint16_t> port;
    const Endpoint inside{FromNs3(parcel.header.GetSource()), view.sourcePort};
    const Endpoint remote{FromNs3(parcel.header.GetDestination()), view.destinationPort};
    if (view.kind != NatPacketView::Kind::Other)
    {
        port = m_table.Outbound(SimulatedNow(), protocol, inside, remote, reason);
    }
    if (!port)
    {
        Drop(parcel, reason);
        return false;
    }
    ScheduleExpiry();
    const Endpoint outside{GetOutsideAddress(), *port};
    Rewrite(parcel, FrontOf(parcel.packet), true, inside, outside);
    return true;
}

IkeNat::Fate
IkeNat::TranslateIn(Parcel& parcel)
{
    const uint8_t protocol = parcel.header.GetProtocol();
    if (IsLaterFragment(parcel.header))
    {
        // One without a note may be of a packet for the node itself.
        return FollowFirstFragment(parcel, false) ? Fate::Translated
               : protocol == ICMP                 ? Fate::Local
                                                  : (Drop(parcel, "nat-fragment"), Fate::Dropped);
    }
    const NatPacketView view = ViewNatPacket(protocol, FrontOf(parcel.packet));
    if (view.kind == NatPacketView::Kind::Error)
    {
        return TranslateErrorIn(parcel, AllOf(parcel.packet));
    }
    if (view.kind == NatPacketView::Kind::Other || view.isEchoRequest)
    {
        return Fate::Local;
    }
    std::string reason;
    const Endpoint outside{GetOutsideAddress(), view.destinationPort};
    const Endpoint remote{FromNs3(parcel.header.GetSource()), view.sourcePort};
    const auto inside =
        m_table.Inbound(SimulatedNow(), protocol, view.destinationPort, remote, reason);
    if (!inside)
    {
        if (protocol == ICMP)
        {
            return Fate::Local; // the answer to an echo of the node's own
        }
        Drop(parcel, reason);
        return Fate::Dropped;
    }
    Rewrite(parcel, FrontOf(parcel.packet), false, outside, *inside);
    return Fate::Translated;
}

IkeNat::Fate
IkeNat::TranslateErrorIn(Parcel& parcel, Octets payload)
{
    const NatPacketView view = ViewNatPacket(ICMP, payload);
    const auto inside = m_table.FindInside(SimulatedNow(), view.protocol, view.sourcePort);
    if (view.source != GetOutsideAddress() || !inside)
    {
        return Fate::Local;
    }
    const NatChangeOfEnd change{true, Endpoint{view.source, view.sourcePort}, *inside};
    RewriteNatError(payload, change, Node::ChecksumEnabled());
    ReplaceFront(parcel.packet, payload);
    ChangeAddress(parcel, false, inside->address);
    return Fate::Translated;
}

bool
IkeNat::TranslateErrorOut(Parcel& parcel, Octets payload)
{
    const NatPacketView view = ViewNatPacket(ICMP, payload);
    const Endpoint inside{view.destination, view.destinationPort};
    const Endpoint remote{view.source, view.sourcePort};
    const auto port = m_table.FindOutside(SimulatedNow(), view.protocol, inside, remote);
    if (!port)
    {
        Drop(parcel, "nat-no-mapping");
        return false;
    }
    const NatChangeOfEnd change{false, inside, Endpoint{GetOutsideAddress(), *port}};
    RewriteNatError(payload, change, Node::ChecksumEnabled());
    ReplaceFront(parcel.packet, payload);
    ChangeAddress(parcel, true, GetOutsideAddress());
    return true;
}

void
IkeNat::Rewrite(Parcel& parcel,
                Octets payload,
                bool isSource,
                const Endpoint& before,
                const Endpoint& after)
{
    const NatChangeOfEnd change{isSource, before, after};
    RewriteNatPacket(parcel.header.GetProtocol(), payload, change, Node::ChecksumEnabled());
    ReplaceFront(parcel.packet, payload);
    ChangeAddress(parcel, isSource, after.address);
}

void
IkeNat::ChangeAddress(Parcel& parcel, bool isSource, const IpAddress& address)
{
    Ipv4Header& header = parcel.header;
    if (!header.IsLastFragment() && !IsLaterFragment(header))
    {
        const Instant now = SimulatedNow();
        for (auto it = m_fragments.begin(); it != m_fragments.end();)
        {
            const bool goes = it->second.until <= now || m_fragments.size() >= MAX_FRAGMENTED;
            it = goes ? m_fragments.erase(it) : std::next(it);
        }
        m_fragments[{header.GetSource().Get(),
                     header.GetDestination().Get(),
                     header.GetIdentification(),
                     header.GetProtocol()}] = FragmentNote{address, now + FRAGMENT_LIFETIME};
    }
    if (isSource)
    {
        header.SetSource(Ipv4Address(address.ToV4()));
    }
    else
    {
        header.SetDestination(Ipv4Address(address.ToV4()));
    }
}

bool
IkeNat::FollowFirstFragment(Parcel& parcel, bool isSource)
{
    const Ipv4Header& header = parcel.header;
    const auto found = m_fragments.find({header.GetSource().Get(),
                                         header.GetDestination().Get(),
                                         header.GetIdentification(),
                                         header.GetProtocol()});
    if (found == m_fragments.end() || found->second.until <= SimulatedNow())
    {
        return false;
    }
    const FragmentNote note = found->second;
    ChangeAddress(parcel, isSource, note.address);
    return true;
}

void
IkeNat::Drop(const Parcel& parcel, const std::string& reason)
{
    NS_LOG_LOGIC("drop: " << reason);
    m_dropTrace(parcel.packet, reason);
}

IpAddress
IkeNat::GetOutsideAddress() const
{
    const int32_t index = GetIpv4()->GetInterfaceForDevice(m_outside);
    const bool has = index >= 0 && GetIpv4()->GetNAddresses(index) > 0;
    return has ? FromNs3(GetIpv4()->GetAddress(index, 0).GetLocal()) : IpAddress();
}

bool
IkeNat::IsForAll(Ipv4Address destination) const
{
    const int32_t index = GetIpv4()->GetInterfaceForDevice(m_outside);
    bool isFor = destination.IsMulticast() || destination.IsBroadcast();
    for (uint32_t i = 0; index >= 0 && i < GetIpv4()->GetNAddresses(index); ++i)
    {
        const Ipv4InterfaceAddress own = GetIpv4()->GetAddress(index, i);
        isFor = isFor || destination == own.GetBroadcast() || destination == own.GetLocal();
    }
    return isFor;
}

bool
IkeNat::IsOutside(Ptr<const NetDevice> device) const
{
    return device == m_outside;
}

// --- The end of mappings --------------------------------------------------------------------

void
IkeNat::HandleChange(const NatMapping& mapping, NatTable::Change change)
{
    NS_LOG_LOGIC(mapping.inside.ToString()
                 << " port " << mapping.outsidePort << " " << NameOf(change));
    m_mappingTrace(mapping, NameOf(change));
}

void
IkeNat::ScheduleExpiry()
{
    const Instant next = m_table.GetNextLook();
    const bool isAwaited = !m_expiryEvent.IsExpired();
    if (next == Instant::Never() || (isAwaited && m_nextLook <= next))
    {
        return; // it looks again from there
    }
    // A new mapping may have a shorter life than those before: one of UDP beside one of TCP.
    m_expiryEvent.Cancel();
    m_nextLook = next;
    const Time wait = NanoSeconds(next.ns) - Simulator::Now();
    m_expiryEvent = Simulator::Schedule(wait, &IkeNat::HandleExpiry, this);
}

void
IkeNat::HandleExpiry()
{
    m_table.Expire(SimulatedNow());
    ScheduleExpiry();
}

} // namespace ike
} // namespace ns3
