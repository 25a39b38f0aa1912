/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-application.h"

#include "ike-router.h"

#include "ns3/abort.h"
#include "ns3/inet-socket-address.h"
#include "ns3/ipv4-packet-info-tag.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/udp-l4-protocol.h"
#include "ns3/udp-socket-factory.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <type_traits>
#include <utility>
#include <variant>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeApplication");
NS_OBJECT_ENSURE_REGISTERED(IkeApplication);

namespace
{

/// More timeouts than this in a row at one time are an endless loop.
constexpr uint32_t MAX_IDLE_TIMEOUTS = 10000;
/// Octets of the non-ESP marker (RFC 3948 2.2): an SPI that no ESP packet has.
constexpr uint32_t MARKER = 4;
/// A NAT keepalive (RFC 3948 2.3).
constexpr uint8_t KEEPALIVE = 0xff;
/// Octets of the shortest thing that can be ESP: SPI and sequence number.
constexpr uint32_t SHORTEST_ESP = 8;

/// May this input be lost when too many wait? Peers and traffic cause such inputs.
bool
IsExpendable(const Input& input)
{
    return std::holds_alternative<DatagramInput>(input) ||
           std::holds_alternative<AcquireInput>(input) ||
           std::holds_alternative<UnknownSpiInput>(input);
}

} // namespace

TypeId
IkeApplication::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeApplication")
            .SetParent<Application>()
            .SetGroupName("Ike")
            .AddConstructor<IkeApplication>()
            .AddAttribute("DhCost",
                          "CPU time of one Diffie-Hellman operation, a time; zero: what the "
                          "profile of costs says.",
                          TimeValue(NanoSeconds(0)),
                          MakeTimeAccessor(&IkeApplication::m_dhCost),
                          MakeTimeChecker(NanoSeconds(0)))
            .AddAttribute("MaxInputs",
                          "Most inputs that wait for the engine, a number. Datagrams, acquires and "
                          "unknown SPIs beyond it are dropped and counted.",
                          UintegerValue(4096),
                          MakeUintegerAccessor(&IkeApplication::m_maxInputs),
                          MakeUintegerChecker<uint32_t>(1))
            .AddAttribute("IkeQueueLimit",
                          "Most IKE datagrams that wait for the CPU, a number. One beyond it is "
                          "dropped (ike-queue-full).",
                          UintegerValue(500),
                          MakeUintegerAccessor(&IkeApplication::m_maxDatagrams),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Tx",
                            "An IKE message is sent.",
                            MakeTraceSourceAccessor(&IkeApplication::m_txTrace),
                            "ns3::ike::IkeApplication::MessageTracedCallback")
            .AddTraceSource("Rx",
                            "An IKE message was received.",
                            MakeTraceSourceAccessor(&IkeApplication::m_rxTrace),
                            "ns3::ike::IkeApplication::MessageTracedCallback");
    return tid;
}

IkeApplication::IkeApplication()
{
    NS_LOG_FUNCTION(this);
}

IkeApplication::~IkeApplication()
{
    NS_LOG_FUNCTION(this);
}

void
IkeApplication::DoDispose()
{
    NS_LOG_FUNCTION(this);
    PowerOff();
    m_socket = nullptr;
    m_natSocket = nullptr;
    m_udp = nullptr;
    m_router = nullptr;
    Application::DoDispose();
}

void
IkeApplication::SetRouter(Ptr<IkeRouter> router)
{
    m_router = router;
}

const Engine*
IkeApplication::PeekEngine() const
{
    return m_engine.get();
}

bool
IkeApplication::IsStarted() const
{
    return m_socket != nullptr;
}

uint64_t
IkeApplication::GetDroppedInputs() const
{
    return m_droppedInputs;
}

const NatPortCounters&
IkeApplication::GetNatPortCounters() const
{
    return m_natPort;
}

void
IkeApplication::StartApplication()
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_UNLESS(m_router, "IkeApplication without an IkeRouter: use IkeRouterHelper");
    if (!m_socket)
    {
        m_udp = GetNode()->GetObject<UdpL4Protocol>();
        m_socket = Listen(PORT);
        m_natSocket = Listen(NAT_PORT);
    }
    m_router->Start();
}

void
IkeApplication::StopApplication()
{
    NS_LOG_FUNCTION(this);
    m_router->Stop("stopped");
    Close(m_socket);
    Close(m_natSocket);
}

Ptr<Socket>
IkeApplication::Listen(uint16_t port)
{
    Ptr<Socket> socket = Socket::CreateSocket(GetNode(), UdpSocketFactory::GetTypeId());
    const int failed = socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), port));
    NS_ABORT_MSG_IF(failed,
                    "UDP port " << port << " of node " << GetNode()->GetId() << " is taken");
    socket->SetRecvPktInfo(true);
    socket->SetIpRecvTos(true);
    socket->SetRecvCallback(MakeCallback(&IkeApplication::HandleRead, this));
    return socket;
}

void
IkeApplication::Close(Ptr<Socket>& socket)
{
    if (socket)
    {
        socket->SetRecvCallback(MakeNullCallback<void, Ptr<Socket>>());
        socket->Close();
        socket = nullptr;
    }
}

void
IkeApplication::PowerOn(std::shared_ptr<const EngineConfig> config, const RandomKey& key)
{
    NS_LOG_FUNCTION(this);
    PowerOff();
    m_engine = std::make_unique<Engine>(std::move(config), key);
    Reschedule();
}

void
IkeApplication::Settle(const std::string& why)
{
    // An input may take part of its reports, and not all: they are out of the way first.
    Actions pending = std::move(m_pending);
    m_pending.clear();
    for (Action& action : pending)
    {
        if (auto* report = std::get_if<ReportAction>(&action))
        {
            Event event = std::move(*report->event);
            if (event.kind == EventKind::MessageSent)
            {
                event.kind = EventKind::MessageDropped;
                event.text = "not sent: " + why;
            }
            m_router->Report(std::move(event));
        }
    }
}

void
IkeApplication::PowerOff()
{
    NS_LOG_FUNCTION(this);
    m_deadlineEvent.Cancel();
    m_inputs.clear();
    m_engine.reset();
    ++m_generation;
    m_idleTimeouts = 0;
    m_serving = false;
    m_pending.clear();
    m_timeoutWaits = false;
    m_waitingDatagrams = 0;
}

void
IkeApplication::Take(Input input)
{
    NS_LOG_FUNCTION(this << input.index());
    if (!m_engine)
    {
        return;
    }
    if (m_inputs.size() >= m_maxInputs && IsExpendable(input))
    {
        ++m_droppedInputs;
        return;
    }
    m_timeoutWaits = m_timeoutWaits || std::holds_alternative<TimeoutInput>(input);
    m_waitingDatagrams += std::holds_alternative<DatagramInput>(input) ? 1 : 0;
    m_inputs.push_back(std::move(input));
    if (m_draining || m_serving)
    {
        return;
    }
    if (m_router->GetCryptoQueue().IsIdeal())
    {
        Drain();
        return;
    }
    Serve();
}

void
IkeApplication::Drain()
{
    m_draining = true;
    while (m_engine && !m_inputs.empty())
    {
        const Input input = PopInput();
        m_engine->SetHeard(m_router->IsHeard());
        Apply(m_engine->Handle(SimulatedNow(), input, m_router->GetCrypto()));
    }
    m_draining = false;
    Reschedule();
}

Input
IkeApplication::PopInput()
{
    Input input = std::move(m_inputs.front());
    m_inputs.pop_front();
    m_timeoutWaits = m_timeoutWaits && !std::holds_alternative<TimeoutInput>(input);
    m_waitingDatagrams -= std::holds_alternative<DatagramInput>(input) ? 1 : 0;
    return input;
}

void
IkeApplication::Serve()
{
    if (m_serving || m_inputs.empty())
    {
        return;
    }
    m_serving = true;
    const uint64_t generation = m_generation;
    m_router->GetCryptoQueue().SubmitOpen(
        [this, generation]() { return generation == m_generation ? BeginInput() : CpuTime(); },
        [this, generation]() {
            if (generation == m_generation)
            {
                FinishInput();
            }
        });
}

CpuTime
IkeApplication::BeginInput()
{
    m_deadlineEvent.Cancel(); // FinishInput() looks for the next one
    const Input input = PopInput();
    CryptoMeter& crypto = m_router->GetCrypto();
    const CpuTime before = crypto.GetSpent();
    m_wasTimeout = std::holds_alternative<TimeoutInput>(input);
    m_handled = SimulatedNow();
    m_engine->SetHeard(m_router->IsHeard());
    m_pending = m_engine->Handle(m_handled, input, crypto);
    CpuTime spent = crypto.GetSpent();
    spent -= before;
    const bool sends = std::any_of(m_pending.begin(), m_pending.end(), [](const Action& action) {
        return std::holds_alternative<SendAction>(action);
    });
    if (sends || std::holds_alternative<DatagramInput>(input))
    {
        spent[CpuWork::Message] += m_router->GetCryptoQueue().GetCosts().message;
    }
    return spent;
}

void
IkeApplication::FinishInput()
{
    const uint64_t generation = m_generation;
    Actions actions = std::move(m_pending);
    m_pending.clear();
    Apply(std::move(actions));
    if (generation != m_generation)
    {
        return; // switched off, and perhaps on again
    }
    m_serving = false;
    if (m_wasTimeout)
    {
        CheckDeadline(m_handled);
    }
    Reschedule();
    Serve();
}

void
IkeApplication::Reschedule()
{
    const Instant next = m_engine ? m_engine->NextDeadline() : Instant::Never();
    if (next == Instant::Never() || m_timeoutWaits)
    {
        m_deadlineEvent.Cancel();
        return;
    }
    const Time deadline = std::max(NanoSeconds(next.ns), Simulator::Now());
    if (!m_deadlineEvent.IsExpired() && deadline == m_deadline)
    {
        return;
    }
    m_deadlineEvent.Cancel();
    m_deadline = deadline;
    m_deadlineEvent =
        Simulator::Schedule(deadline - Simulator::Now(), &IkeApplication::HandleDeadline, this);
}

void
IkeApplication::HandleDeadline()
{
    NS_LOG_FUNCTION(this);
    Take(TimeoutInput{});
    if (!m_serving)
    {
        CheckDeadline(SimulatedNow());
    }
}

void
IkeApplication::CheckDeadline(Instant handled)
{
    const bool again = m_engine && m_engine->NextDeadline() <= handled;
    m_idleTimeouts = again ? m_idleTimeouts + 1 : 0;
    NS_ABORT_MSG_IF(m_idleTimeouts > MAX_IDLE_TIMEOUTS,
                    "the engine of " << m_router->GetName() << " sets deadlines that are over");
}

void
IkeApplication::HandleRead(Ptr<Socket> socket)
{
    NS_LOG_FUNCTION(this << socket);
    const uint16_t port = socket == m_natSocket ? NAT_PORT : PORT;
    Address from;
    while (Ptr<Packet> packet = socket->RecvFrom(from))
    {
        if (!InetSocketAddress::IsMatchingType(from))
        {
            continue;
        }
        if (!m_engine)
        {
            m_router->Drop(packet, "reload");
            continue;
        }
        const InetSocketAddress sender = InetSocketAddress::ConvertFrom(from);
        Ipv4PacketInfoTag info;
        packet->RemovePacketTag(info);
        SocketIpTosTag tos;
        packet->RemovePacketTag(tos);
        const Endpoint local{IpAddress::V4(info.GetAddress().Get()), port};
        const Endpoint remote{IpAddress::V4(sender.GetIpv4().Get()), sender.GetPort()};
        if (port == NAT_PORT)
        {
            HandleNatPort(packet, local, remote, tos.GetTos());
        }
        else
        {
            HandleMessage(packet, local, remote);
        }
    }
}

void
IkeApplication::HandleNatPort(Ptr<Packet> packet,
                              const Endpoint& local,
                              const Endpoint& remote,
                              uint8_t tos)
{
    uint8_t start[MARKER] = {};
    const uint32_t copied = packet->CopyData(start, MARKER);
    const bool isMarked = std::all_of(start, start + MARKER, [](uint8_t o) { return o == 0; });
    if (packet->GetSize() == 1 && start[0] == KEEPALIVE)
    {
        ++m_natPort.keepalivesReceived;
    }
    else if (copied == MARKER && isMarked)
    {
        packet->RemoveAtStart(MARKER);
        HandleMessage(packet, local, remote);
    }
    else if (packet->GetSize() >= SHORTEST_ESP)
    {
        m_router->ReceiveEspInUdp(packet, local, remote, tos);
    }
    else
    {
        ++m_natPort.malformed;
        m_router->Drop(packet, "malformed");
    }
}

void
IkeApplication::HandleMessage(Ptr<Packet> packet, const Endpoint& local, const Endpoint& remote)
{
    DatagramInput input;
    input.local = local;
    input.remote = remote;
    input.octets.resize(packet->GetSize());
    packet->CopyData(input.octets.data(), packet->GetSize());
    if (m_waitingDatagrams >= m_maxDatagrams)
    {
        m_router->GetCryptoQueue().CountDropped();
        m_router->Drop(packet, "ike-queue-full");
        return;
    }
    m_rxTrace(packet, local, remote);
    Take(std::move(input));
}

void
IkeApplication::Apply(Actions actions)
{
    const uint64_t generation = m_generation;
    for (Action& action : actions)
    {
        if (m_generation != generation)
        {
            return; // a listener switched the router off
        }
        std::visit(
            [this](auto& a) {
                using A = std::decay_t<decltype(a)>;
                if constexpr (std::is_same_v<A, SendAction>)
                {
                    ApplySend(a);
                }
                else if constexpr (std::is_same_v<A, InstallSaAction>)
                {
                    ApplyInstall(a);
                }
                else if constexpr (std::is_same_v<A, RemoveSaAction>)
                {
                    ApplyRemove(a);
                }
                else if constexpr (std::is_same_v<A, SelectOutboundAction>)
                {
                    m_router->SelectOutbound(a.connection, a.pair);
                }
                else if constexpr (std::is_same_v<A, MoveSaAction>)
                {
                    m_router->GetDataPlane().Move(a.pair, a.remote);
                }
                else if constexpr (std::is_same_v<A, AskUsageAction>)
                {
                    const TunnelUsage usage = m_router->GetDataPlane().GetUsage(a.connection);
                    Take(UsageInput{a.connection, usage.inbound, usage.outbound, a.isakmp});
                }
                else if constexpr (std::is_same_v<A, SendKeepaliveAction>)
                {
                    ApplyKeepalive(a);
                }
                else if constexpr (std::is_same_v<A, AttemptAction>)
                {
                    m_router->NoteAttempt(a.connection, a.running);
                }
                else if constexpr (std::is_same_v<A, OpenConnectionAction>)
                {
                    m_router->OpenConnection(*a.connection);
                }
                else if constexpr (std::is_same_v<A, CloseConnectionAction>)
                {
                    m_router->CloseConnection(a.connection);
                }
                else if constexpr (std::is_same_v<A, ReportAction>)
                {
                    ApplyReport(a);
                }
                else
                {
                    static_assert(std::is_same_v<A, ComputeAction>);
                    ApplyCompute(a);
                }
            },
            action);
    }
}

void
IkeApplication::ApplySend(const SendAction& action)
{
    Ptr<Packet> packet = Create<Packet>(action.octets.data(), action.octets.size());
    Ptr<Ipv4Route> route = FindWay(packet, action.remote);
    if (!route)
    {
        return;
    }
    m_txTrace(packet, action.local, action.remote);
    if (action.local.port == NAT_PORT)
    {
        Ptr<Packet> marked = Create<Packet>(Octets(MARKER, 0).data(), MARKER);
        marked->AddAtEnd(packet);
        packet = marked;
    }
    m_udp->Send(packet,
                Ipv4Address(action.local.address.ToV4()),
                Ipv4Address(action.remote.address.ToV4()),
                action.local.port,
                action.remote.port,
                route);
}

void
IkeApplication::ApplyKeepalive(const SendKeepaliveAction& action)
{
    Ptr<Packet> packet = Create<Packet>(&KEEPALIVE, 1);
    if (Ptr<Ipv4Route> route = FindWay(packet, action.remote))
    {
        ++m_natPort.keepalivesSent;
        m_router->SendWithoutChecksum(packet, action.local, action.remote, route);
    }
}

Ptr<Ipv4Route>
IkeApplication::FindWay(Ptr<const Packet> packet, const Endpoint& remote)
{
    std::string reason;
    Ptr<Ipv4Route> route = m_router->FindPath(Ipv4Address(remote.address.ToV4()), reason);
    if (!route)
    {
        m_router->Drop(packet, reason);
    }
    return route;
}

void
IkeApplication::ApplyInstall(const InstallSaAction& action)
{
    IpsecDataPlane& plane = m_router->GetDataPlane();
    if (action.inbound)
    {
        plane.InstallInbound(*action.inbound);
    }
    if (action.outbound)
    {
        plane.InstallOutbound(*action.outbound);
    }
}

void
IkeApplication::ApplyRemove(const RemoveSaAction& action)
{
    IpsecDataPlane& plane = m_router->GetDataPlane();
    if (action.inbound)
    {
        plane.RemoveInbound(action.pair);
    }
    if (action.outbound)
    {
        plane.RemoveOutbound(action.pair);
    }
}

void
IkeApplication::ApplyReport(ReportAction& action)
{
    // The engine says what it sends; whether a datagram leaves is up to the routes. One that does
    // not has cost nothing on the wire and must not be counted as sent.
    Event event = std::move(*action.event);
    std::string reason;
    if (event.kind == EventKind::MessageSent &&
        !m_router->FindPath(Ipv4Address(event.peer.ToV4()), reason))
    {
        event.kind = EventKind::MessageDropped;
        event.text = "not sent: " + reason;
    }
    m_router->Report(std::move(event));
}

void
IkeApplication::ApplyCompute(const ComputeAction& action)
{
    CryptoQueue& queue = m_router->GetCryptoQueue();
    CpuTime cost;
    cost[CpuWork::Dh] =
        m_dhCost.IsZero()
            ? queue.GetCosts().OfDh(action.dh.group, action.dh.keygen, action.dh.peer.has_value())
            : m_dhCost.GetNanoSeconds();
    ComputePool* const pool = ComputePool::Get();
    const auto task =
        pool && cost.Total() > 0 ? pool->Post(action.dh) : std::shared_ptr<ComputePool::Task>();
    queue.Submit(cost, [this, action, task, generation = m_generation]() {
        if (generation == m_generation)
        {
            Take(ComputedInput{action.job, Compute(action.dh, task)});
        }
    });
}

DhResult
IkeApplication::Compute(const DhJob& job, const std::shared_ptr<ComputePool::Task>& task)
{
    ComputePool* const pool = ComputePool::Get();
    CryptoMeter& crypto = m_router->GetCrypto();
    if (!pool || !task)
    {
        return crypto.Run(job);
    }
    DhResult result = pool->Collect(task);
    crypto.Note(job, result);
    return result;
}

} // namespace ike
} // namespace ns3
