/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-router.h"

#include "ns3/abort.h"
#include "ns3/boolean.h"
#include "ns3/ike-console.h"
#include "ns3/ike-ios-parser.h"
#include "ns3/log.h"
#include "ns3/node.h"
#include "ns3/simulator.h"
#include "ns3/string.h"
#include "ns3/uinteger.h"

#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeRouter");
NS_OBJECT_ENSURE_REGISTERED(IkeRouter);

namespace
{

/// What of a configuration an engine can notice, to see whether that changed.
std::string
EngineTextOf(RouterConfig config)
{
    config.staticRoutes.Clear();
    config.ripEnabled = false;
    config.ripNetworks.clear();
    return WriteIos(config);
}

} // namespace

TypeId
IkeRouter::GetTypeId()
{
    static TypeId tid =
        TypeId("ns3::ike::IkeRouter")
            .SetParent<Object>()
            .SetGroupName("Ike")
            .AddConstructor<IkeRouter>()
            .AddAttribute("CarryTags",
                          "Carry packet tags and byte tags of inner packets across tunnels, a "
                          "truth value. Costs some 0.5 microseconds a packet.",
                          BooleanValue(true),
                          MakeBooleanAccessor(&IkeRouter::SetCarryTags, &IkeRouter::GetCarryTags),
                          MakeBooleanChecker())
            .AddAttribute("RoutePoll",
                          "How often to look for paths of tunnels while routes can age unseen "
                          "(RIP, or a routing protocol that is not the router's), a time; 0: "
                          "never. Most changes are seen at once without it; this is for routes "
                          "that time out.",
                          TimeValue(MilliSeconds(100)),
                          MakeTimeAccessor(&IkeRouter::SetRoutePoll, &IkeRouter::GetRoutePoll),
                          MakeTimeChecker(NanoSeconds(0)))
            .AddAttribute(
                "CryptoCores",
                "Cores of the CPU on which cryptography takes time, a number.",
                UintegerValue(1),
                MakeUintegerAccessor(&IkeRouter::SetCryptoCores, &IkeRouter::GetCryptoCores),
                MakeUintegerChecker<uint32_t>(1))
            .AddAttribute(
                "TunnelDevices",
                "Whether each VTI has a device of its own (own), or all share one "
                "(shared), for hubs with hundreds of them. To be set before "
                "Configure().",
                StringValue("own"),
                MakeStringAccessor(&IkeRouter::SetTunnelDevices, &IkeRouter::GetTunnelDevices),
                MakeStringChecker())
            .AddAttribute("CryptoQueueLimit",
                          "Most jobs that wait for the CPU at a time, a number. An ESP packet "
                          "beyond it is dropped (crypto-queue-full).",
                          UintegerValue(1000),
                          MakeUintegerAccessor(&IkeRouter::SetCryptoQueueLimit,
                                               &IkeRouter::GetCryptoQueueLimit),
                          MakeUintegerChecker<uint32_t>(1))
            .AddTraceSource("Event",
                            "Something worth reporting happened: IKE, SAs, lines, paths, console.",
                            MakeTraceSourceAccessor(&IkeRouter::m_eventTrace),
                            "ns3::ike::IkeRouter::EventTracedCallback")
            .AddTraceSource("Drop",
                            "A packet was dropped by the data plane, by a tunnel, or for want of "
                            "a path, with the reason.",
                            MakeTraceSourceAccessor(&IkeRouter::m_dropTrace),
                            "ns3::ike::IkeRouter::DropTracedCallback");
    return tid;
}

IkeRouter::IkeRouter()
    : m_routes(m_interfaces),
      m_hub(*this, m_interfaces, m_routes),
      m_watch(*this, m_interfaces, m_routes, m_hub),
      m_traffic(*this, m_routes, m_watch, m_queue),
      m_guard(*this, m_interfaces, m_routes, m_traffic),
      m_engineConfig(std::make_shared<EngineConfig>()),
      m_random(CreateObject<UniformRandomVariable>())
{
    NS_LOG_FUNCTION(this);
}

IkeRouter::~IkeRouter()
{
    NS_LOG_FUNCTION(this);
}

void
IkeRouter::NotifyNewAggregate()
{
    NS_LOG_FUNCTION(this);
    if (!m_node)
    {
        m_node = GetObject<Node>();
    }
    Object::NotifyNewAggregate();
}

void
IkeRouter::DoInitialize()
{
    NS_LOG_FUNCTION(this);
    m_started = true;
    if (m_console)
    {
        // RIP becomes part of the node now, and so the node initializes it next.
        ApplyRunning();
    }
    Object::DoInitialize();
}

void
IkeRouter::DoDispose()
{
    NS_LOG_FUNCTION(this);
    m_rebootEvent.Cancel();
    m_queue.Clear();
    m_guard.Dispose();
    m_traffic.Dispose();
    m_watch.Dispose();
    m_hub.Dispose();
    m_routes.Dispose();
    m_interfaces.Dispose();
    m_application = nullptr;
    m_node = nullptr;
    m_random = nullptr;
    Object::DoDispose();
}

// --- Set-up ---------------------------------------------------------------------------------

void
IkeRouter::SetDevice(const std::string& name, Ptr<NetDevice> device)
{
    NS_LOG_FUNCTION(this << name << device);
    m_interfaces.SetDevice(name, device);
}

void
IkeRouter::SetKnobs(const IkeKnobs& knobs)
{
    m_knobs = knobs;
    m_watch.SetLastResortCounts(knobs.lastResortCounts);
}

void
IkeRouter::SetTunnelAttribute(const std::string& name, const AttributeValue& value)
{
    m_interfaces.SetTunnelAttribute(name, value);
}

void
IkeRouter::SetRipAttribute(const std::string& name, const AttributeValue& value)
{
    m_routes.SetRipAttribute(name, value);
}

void
IkeRouter::SetApplication(Ptr<IkeApplication> application)
{
    m_application = application;
    m_application->SetRouter(this);
}

void
IkeRouter::SetKeys(const std::function<RandomKey()>& keys)
{
    NS_LOG_FUNCTION(this);
    m_keys = keys;
}

int64_t
IkeRouter::AssignStreams(int64_t stream)
{
    NS_LOG_FUNCTION(this << stream);
    m_random->SetStream(stream);
    m_routes.AssignStream(stream + 1);
    return 2;
}

void
IkeRouter::Configure(const RouterConfig& config)
{
    NS_LOG_FUNCTION(this);
    NS_ABORT_MSG_IF(m_console, "router " << m_name << " is configured already");
    m_name = config.hostname;
    m_console = std::make_unique<RouterConsole>(config);
    Attach();
    ApplyConfig();
}

void
IkeRouter::Attach()
{
    NS_ABORT_MSG_UNLESS(m_node, "aggregate the IkeRouter to a node first");
    Ptr<Ipv4> ipv4 = m_node->GetObject<Ipv4>();
    NS_ABORT_MSG_UNLESS(ipv4, "router " << m_name << ": its node has no IPv4");
    m_interfaces.Attach(m_node, MakeCallback(&IkeRouter::Drop, this));
    m_routes.Attach(m_name,
                    ipv4,
                    MakeCallback(&IkeRouter::NotifyInterfaces, this),
                    MakeCallback(&TunnelWatch::ScheduleCheck, &m_watch));
    m_hub.Attach(ipv4, MakeCallback(&TunnelTraffic::Send, &m_traffic));
    m_traffic.Attach(ipv4);
    m_guard.Attach(ipv4);
}

void
IkeRouter::SetTunnelDevices(std::string devices)
{
    NS_ABORT_MSG_UNLESS(devices == "own" || devices == "shared",
                        "TunnelDevices is own or shared, not '" << devices << "'");
    NS_ABORT_MSG_IF(m_console, "router " << m_name << ": set TunnelDevices before Configure()");
    m_hub.SetShared(devices == "shared");
}

std::string
IkeRouter::GetTunnelDevices() const
{
    return m_hub.GetShared() ? "shared" : "own";
}

void
IkeRouter::SetCryptoCosts(std::shared_ptr<const CryptoCosts> costs)
{
    m_traffic.GetCrypto().SetCosts(costs);
    m_queue.SetCosts(std::move(costs));
}

void
IkeRouter::SetCryptoProvider(ProviderKind kind)
{
    NS_ABORT_MSG_IF(PeekEngine(), "router " << m_name << ": its provider is in use");
    m_traffic.SetProvider(kind);
    m_traffic.GetCrypto().SetCosts(m_queue.IsIdeal() ? nullptr : m_queue.ShareCosts());
}

void
IkeRouter::SetCryptoCores(uint32_t cores)
{
    m_queue.SetCores(cores);
}

uint32_t
IkeRouter::GetCryptoCores() const
{
    return m_queue.GetCores();
}

void
IkeRouter::SetCryptoQueueLimit(uint32_t limit)
{
    m_queue.SetLimit(limit);
}

uint32_t
IkeRouter::GetCryptoQueueLimit() const
{
    return m_queue.GetLimit();
}

void
IkeRouter::SetCarryTags(bool carry)
{
    m_traffic.SetCarryTags(carry);
}

bool
IkeRouter::GetCarryTags() const
{
    return m_traffic.GetCarryTags();
}

void
IkeRouter::SetRoutePoll(Time interval)
{
    m_watch.SetRoutePoll(interval);
}

Time
IkeRouter::GetRoutePoll() const
{
    return m_watch.GetRoutePoll();
}

// --- Configuration -> node ------------------------------------------------------------------

void
IkeRouter::ApplyConfig()
{
    NS_LOG_FUNCTION(this);
    m_engineConfig =
        std::make_shared<const EngineConfig>(ResolveEngineConfig(GetConfig(), m_knobs));
    m_applying = true;
    ApplyInterfaces();
    m_applying = false;
    m_routes.ApplyStatic(GetConfig());
    ApplyRunning();
}

void
IkeRouter::ApplyInterfaces()
{
    const std::string mistake = m_hub.FindMistake(GetConfig());
    if (!mistake.empty())
    {
        RefuseMistake(mistake);
    }
    m_hub.Apply(GetConfig());
    m_watch.Apply(GetConfig(), *m_engineConfig);
    m_traffic.Serve(GetConfig(), *m_engineConfig);
    for (const InterfaceText& text : GetConfig().interfaces)
    {
        if (text.IsVirtualTemplate() || m_hub.IsShared(text))
        {
            continue; // it has no interface of the node
        }
        const bool up = text.IsTunnel() ? IsLineUp(text.id) : !text.shutdown;
        if (!m_interfaces.Apply(GetConfig(), text, up))
        {
            RefuseInterface(text.name);
        }
    }
    m_interfaces.Retire(GetConfig());
    m_guard.Apply(GetConfig(), ResolvePolicyConfig(GetConfig(), m_knobs), m_knobs);
    m_watch.UpdateLines();
}

void
IkeRouter::RefuseInterface(const std::string& name)
{
    NS_ABORT_MSG_UNLESS(m_started, "router " << m_name << ": which device is " << name << "?");
    RefuseMistake(name + ": the router has no such interface");
}

void
IkeRouter::RefuseMistake(const std::string& mistake)
{
    NS_ABORT_MSG_UNLESS(m_started, "router " << m_name << ": " << mistake);
    Event event;
    event.kind = EventKind::Warning;
    event.text = mistake;
    Report(event);
}

void
IkeRouter::ApplyRunning()
{
    if (m_started)
    {
        m_routes.ApplyRip(GetConfig(), IsInitialized());
    }
    Reconfigure();
    if (m_started)
    {
        CheckPaths();
        m_watch.SchedulePoll();
    }
}

void
IkeRouter::Reconfigure()
{
    std::string text = EngineTextOf(GetConfig());
    if (text != m_engineText)
    {
        m_engineText = std::move(text);
        Take(ReconfigureInput{m_engineConfig});
    }
}

void
IkeRouter::NotifyInterfaces()
{
    if (m_applying || !m_console)
    {
        return; // ApplyConfig() does all of it when it is through
    }
    m_guard.UpdateAddresses();
    m_routes.FollowInterfaces(GetConfig());
    m_watch.ScheduleCheck();
}

// --- Paths, lines, packets ------------------------------------------------------------------

void
IkeRouter::CheckPaths()
{
    m_watch.Check();
}

Ptr<Ipv4Route>
IkeRouter::FindPath(Ipv4Address destination, std::string& reason) const
{
    return m_routes.FindPath(destination, reason);
}

void
IkeRouter::SelectOutbound(ConnectionId connection, PairId pair)
{
    NS_LOG_FUNCTION(this << connection << pair);
    m_traffic.GetPlane().SelectOutbound(connection, pair);
    m_watch.Select(connection, pair != 0);
    m_guard.NoteSelected(connection, pair != 0);
}

void
IkeRouter::NoteAttempt(ConnectionId connection, bool running)
{
    m_guard.NoteAttempt(connection, running);
}

void
IkeRouter::OpenConnection(const ConnectionConfig& connection)
{
    NS_LOG_FUNCTION(this << connection.id);
    if (connection.virtualTemplate.empty())
    {
        m_watch.Open(connection);
        m_guard.Open(connection);
        return;
    }
    m_hub.Open(connection, GetConfig());
    m_watch.Open(connection);
    const InterfaceText* interface = GetConfig().FindInterface(connection.virtualTemplate);
    m_traffic.Open(connection,
                   interface ? ResolveTunnelSettings(GetConfig(), *interface) : TunnelSettings(),
                   m_knobs);
}

void
IkeRouter::CloseConnection(ConnectionId connection)
{
    NS_LOG_FUNCTION(this << connection);
    m_guard.Close(connection);
    m_watch.Close(connection);
    m_hub.Close(connection);
    m_traffic.Close(connection);
}

void
IkeRouter::Drop(Ptr<const Packet> packet, const std::string& reason)
{
    NS_LOG_LOGIC(m_name << " drops a packet: " << reason);
    m_dropTrace(packet, reason);
}

void
IkeRouter::ReceiveEspInUdp(Ptr<const Packet> packet,
                           const Endpoint& local,
                           const Endpoint& remote,
                           uint8_t tos)
{
    m_traffic.ReceiveInUdp(packet, local, remote, tos);
}

void
IkeRouter::SendWithoutChecksum(Ptr<Packet> packet,
                               const Endpoint& local,
                               const Endpoint& remote,
                               Ptr<Ipv4Route> route)
{
    m_traffic.SendUdp(packet, local, remote, route);
}

// --- Engine, console, reload ----------------------------------------------------------------

void
IkeRouter::Take(const Input& input)
{
    if (m_application)
    {
        m_application->Take(input);
    }
}

const Engine*
IkeRouter::PeekEngine() const
{
    return m_application ? m_application->PeekEngine() : nullptr;
}

bool
IkeRouter::IsAwake() const
{
    return m_started && !m_reloading && (!m_application || PeekEngine());
}

void
IkeRouter::Report(Event event)
{
    if (event.kind == EventKind::PairRemoved && IsHeard())
    {
        event.value = CountPackets(event);
    }
    if (event.kind == EventKind::Warning || event.kind == EventKind::SecurityWarning)
    {
        m_log.push_back({SimulatedNow(), event.text});
        if (m_log.size() > MAX_LOG_LINES)
        {
            m_log.pop_front();
        }
    }
    if (IsHeard())
    {
        m_eventTrace(TimedEvent{SimulatedNow(), m_name, std::move(event)});
    }
}

bool
IkeRouter::IsHeard() const
{
    return !m_eventTrace.IsEmpty();
}

std::string
IkeRouter::Type(const std::string& line)
{
    NS_LOG_FUNCTION(this << HideSecrets(line));
    if (m_reloading)
    {
        return "% the router is reloading";
    }
    Event event;
    event.kind = EventKind::Console;
    event.text = HideSecrets(line);
    Report(event);
    const Engine* engine = PeekEngine();
    const Engine blank(m_engineConfig, RandomKey()); // show commands show an empty one
    const ConsoleView view{SimulatedNow(),
                           engine ? *engine : blank,
                           m_traffic.GetPlane(),
                           &m_guard.GetGate(),
                           &m_log};
    const ConsoleReply reply = m_console->Type(line, view);
    if (reply.configChanged)
    {
        ApplyConfig();
    }
    for (const Input& input : reply.inputs)
    {
        Take(input);
    }
    return reply.output;
}

void
IkeRouter::BeginSession()
{
    m_console->BeginSession();
}

void
IkeRouter::EndSession()
{
    m_console->EndSession();
}

void
IkeRouter::Start()
{
    NS_LOG_FUNCTION(this);
    if (m_reloading || !m_application->IsStarted())
    {
        return; // the later one of the two comes here again
    }
    const RandomKey key = DrawKey();
    m_traffic.ReplacePlane(key);
    m_guard.InstallManual();
    m_application->PowerOn(m_engineConfig, key);
    CheckPaths();
}

void
IkeRouter::Stop(const std::string& why)
{
    NS_LOG_FUNCTION(this << why);
    if (m_application)
    {
        m_application->Settle(why);
    }
    ReportLostSas(why);
    if (m_application)
    {
        m_application->PowerOff();
    }
    m_log.clear();
    m_queue.Clear();
    m_traffic.GetPlane().Clear();
    m_guard.Clear();
    m_watch.Reset(why);
    m_traffic.CloseAll();
}

void
IkeRouter::Reboot(Time downFor)
{
    NS_LOG_FUNCTION(this << downFor);
    if (!m_reloading)
    {
        Stop("reload");
        m_reloading = true;
    }
    m_rebootEvent.Cancel();
    m_rebootEvent = Simulator::Schedule(downFor, &IkeRouter::FinishReboot, this);
}

void
IkeRouter::FinishReboot()
{
    NS_LOG_FUNCTION(this);
    m_reloading = false;
    if (m_application)
    {
        Start();
    }
    else
    {
        CheckPaths();
    }
}

void
IkeRouter::ReportLostSas(const std::string& why)
{
    const Engine* engine = PeekEngine();
    if (!engine)
    {
        return;
    }
    for (Event event : engine->GetLossEvents())
    {
        event.text = why;
        Report(event);
    }
}

uint64_t
IkeRouter::CountPackets(const Event& removed) const
{
    // The engine reports it before the SAs go, but only the data plane knows what they did.
    const auto pair = m_traffic.GetPlane().FindPair(removed.pair);
    return pair ? CountPackets(*pair) : 0;
}

uint64_t
IkeRouter::CountPackets(PairId pair) const
{
    return m_traffic.CountPackets(pair);
}

RandomKey
IkeRouter::DrawKey()
{
    if (m_keys)
    {
        return m_keys();
    }
    RandomKey key;
    for (size_t i = 0; i < key.octets.size(); i += 2)
    {
        const uint32_t value = m_random->GetInteger(0, 0xffff);
        key.octets[i] = static_cast<uint8_t>(value >> 8);
        key.octets[i + 1] = static_cast<uint8_t>(value);
    }
    return key;
}

// --- To look at -----------------------------------------------------------------------------

std::string
IkeRouter::GetName() const
{
    return m_name;
}

const RouterConfig&
IkeRouter::GetConfig() const
{
    return m_console->GetConfig();
}

bool
IkeRouter::IsConfigSaved() const
{
    return m_console->GetStartupConfig() == WriteIos(m_console->GetConfig());
}

IpsecDataPlane&
IkeRouter::GetDataPlane()
{
    return m_traffic.GetPlane();
}

CryptoMeter&
IkeRouter::GetCrypto()
{
    return m_traffic.GetCrypto();
}

CryptoQueue&
IkeRouter::GetCryptoQueue()
{
    return m_queue;
}

const PolicyGuard&
IkeRouter::GetGuard() const
{
    return m_guard;
}

Ptr<IkeApplication>
IkeRouter::GetApplication() const
{
    return m_application;
}

Ptr<IpsecTunnelDevice>
IkeRouter::GetTunnelDevice(const std::string& name) const
{
    return name == "Tunnels" ? m_hub.GetDevice() : m_interfaces.GetOwnDevice(name);
}

Ptr<Rip>
IkeRouter::GetRip() const
{
    return m_routes.GetRip();
}

bool
IkeRouter::IsLineUp(ConnectionId connection) const
{
    return m_watch.IsLineUp(connection);
}

bool
IkeRouter::HasPath(ConnectionId connection) const
{
    return m_watch.HasPath(connection);
}

bool
IkeRouter::IsReloading() const
{
    return m_reloading;
}

PlaneCounters
IkeRouter::GetOutboundCounters() const
{
    return m_traffic.GetOutboundCounters();
}

PlaneCounters
IkeRouter::GetInboundCounters() const
{
    return m_traffic.GetInboundCounters();
}

} // namespace ike
} // namespace ns3
