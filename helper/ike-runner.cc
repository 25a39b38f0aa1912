/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-runner.h"

#include "ike-flow-pace.h"
#include "ike-ranks.h"
#include "ike-scenario-cut-text.h"
#include "ike-scenario-draws.h"
#include "ike-traffic.h"

#include "ns3/boolean.h"
#include "ns3/global-value.h"
#include "ns3/ike-application.h"
#include "ns3/inet-socket-address.h"
#include "ns3/log.h"
#include "ns3/node-list.h"
#include "ns3/rng-seed-manager.h"
#include "ns3/simulator.h"
#include "ns3/uinteger.h"

#include <algorithm>
#include <iterator>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeRunner");

namespace
{

/// UDP port of the traffic of routers, of all flows.
constexpr uint16_t SITE_PORT = 5000;
/// UDP port of the first flow's sink at a host; flow n has n more.
constexpr uint16_t FIRST_SINK_PORT = 5001;

std::vector<std::string>
FlowNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& flow : scenario.offer)
    {
        names.push_back(flow.name);
    }
    return names;
}

std::vector<uint64_t>
FlowSizes(const Scenario& scenario)
{
    std::vector<uint64_t> sizes;
    for (const auto& flow : scenario.offer)
    {
        sizes.push_back(flow.size);
    }
    return sizes;
}

std::vector<std::string>
NodeNames(const Scenario& scenario)
{
    std::vector<std::string> names;
    for (const auto& router : scenario.routers)
    {
        names.push_back(router.name);
    }
    for (const auto& node : scenario.nodes)
    {
        names.push_back(node.name);
    }
    return names;
}

/// What only files show is only kept when they are written.
RecorderOptions
MakeRecorderOptions(const Scenario& scenario, const RunFolder* folder, RunDiagram* diagram)
{
    RecorderOptions options;
    if (folder == nullptr)
    {
        return options;
    }
    options.transcript = [folder](const std::string& text) {
        folder->Append("transcript.txt", text);
    };
    options.keepsKeys = true;
    if (diagram != nullptr)
    {
        options.sas = [diagram](const SaAccount& sa) { diagram->RecordSa(sa); };
    }
    if (scenario.routers.size() >= 2)
    {
        options.ladder.left = scenario.routers[0].name;
        options.ladder.right = scenario.routers[1].name;
    }
    return options;
}

Time
ToNs3(Duration d)
{
    return NanoSeconds(d.ns);
}

/// Null at a constant rate.
std::unique_ptr<FlowPace>
MakePace(const ScenarioFlow& flow, Time start)
{
    return flow.pace ? std::make_unique<FlowPace>(flow.pace,
                                                  flow.every,
                                                  Duration{start.GetNanoSeconds()},
                                                  flow.name)
                     : nullptr;
}

Instant
Now()
{
    return Instant{Simulator::Now().GetNanoSeconds()};
}

/// "Ethernet0/0" cannot stand in the name of a file.
std::string
FileNameOf(std::string interface)
{
    std::replace(interface.begin(), interface.end(), '/', '-');
    return interface;
}

} // namespace

class ScenarioRun::Session
{
  public:
    Session(const Scenario& scenario, uint64_t seed)
        : m_seed(RngSeedManager::GetSeed()),
          m_run(RngSeedManager::GetRun())
    {
        if (scenario.explore && !scenario.HasNetwork())
        {
            throw RunError(scenario.name + " has no 'network:', it is a race of the laboratory: " +
                           "explore, replay or regress it");
        }
        if (NodeList::GetNNodes() != 0)
        {
            throw RunError("there is a simulation in this process already: one at a time");
        }
        BooleanValue checksums;
        GlobalValue::GetValueByName("ChecksumEnabled", checksums);
        m_checksums = checksums.Get();
        RngSeedManager::SetSeed(1);
        RngSeedManager::SetRun(seed);
        // The captures are to be read by others.
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(true));
    }

    ~Session()
    {
        Simulator::Destroy();
        GlobalValue::Bind("ChecksumEnabled", BooleanValue(m_checksums));
        RngSeedManager::SetSeed(m_seed);
        RngSeedManager::SetRun(m_run);
    }

    Session(const Session&) = delete;
    Session& operator=(const Session&) = delete;

  private:
    uint32_t m_seed;         ///< as it was
    uint64_t m_run;          ///< as it was
    bool m_checksums{false}; ///< as it was
};

ScenarioRun::ScenarioRun(const Scenario& scenario, const RunOptions& options)
    : m_scenario(DrawValues(scenario, options.seed)),
      m_options(options),
      m_rank(FindRank(scenario)),
      m_folder(OpenFolder()),
      m_diagram(m_folder && !m_rank ? std::make_unique<RunDiagram>(m_scenario) : nullptr),
      m_recorder(scenario.account, MakeRecorderOptions(scenario, m_folder.get(), m_diagram.get())),
      m_ledger(FlowNames(scenario), FlowSizes(scenario)),
      m_log(m_rank ? std::make_unique<RankLog>(NodeNames(scenario), &Now) : nullptr),
      m_probe(std::make_unique<IkeLedgerProbe>(m_scenario,
                                               m_log ? static_cast<PacketListener&>(*m_log)
                                                     : m_ledger)),
      m_pool(options.threads > 1 ? std::make_unique<ComputePool>(options.threads, scenario.crypto)
                                 : nullptr),
      m_session(std::make_unique<Session>(scenario, options.seed)),
      m_network(std::make_unique<IkeNetwork>(m_scenario, m_rank)),
      m_learnt(scenario.learn.size(), false)
{
    ComputePool::Use(m_pool.get());
    m_network->Build();
    m_network->AssignStreams(0);
    m_behindNat = m_network->GetRouterBehindNat();
    BuildCpus();
    m_probe->Connect(*m_network);
    ConnectRecorder();
    BuildTraffic();
    ScheduleEvents();
    EnableCapture();
    // Here and not in RunUntil(): what else happens at that very moment does not depend on how many
    // stretches the run had.
    Simulator::Stop(ToNs3(m_scenario.duration));
}

ScenarioRun::~ScenarioRun()
{
    if (m_pool)
    {
        ComputePool::Use(nullptr); // jobs that wait hold tasks, and are never done
    }
}

void
ScenarioRun::ConnectRecorder()
{
    const auto listener = m_log ? MakeCallback(&RankLog::Record, m_log.get())
                                : MakeCallback(&RunRecorder::Record, &m_recorder);
    for (const auto& router : m_scenario.routers)
    {
        if (m_network->IsOwn(router.name))
        {
            const auto host = m_network->GetRouter(router.name);
            host->TraceConnectWithoutContext("Event", listener);
            if (m_diagram)
            {
                m_diagram->Connect(host, router.name);
            }
        }
    }
    for (const auto& node : m_scenario.nodes)
    {
        if (node.balancer && m_network->IsOwn(node.name))
        {
            m_network->GetBalancer(node.name)->TraceConnectWithoutContext("Event", listener);
        }
    }
}

void
ScenarioRun::BuildCpus()
{
    for (const auto& text : m_scenario.routers)
    {
        if (!m_network->IsOwn(text.name))
        {
            continue;
        }
        const auto router = m_network->GetRouter(text.name);
        router->SetAttribute("CryptoCores", UintegerValue(text.cores));
        if (text.costs)
        {
            router->SetCryptoCosts(text.costs);
        }
        if (m_scenario.crypto != ProviderKind::Openssl)
        {
            router->SetCryptoProvider(m_scenario.crypto);
        }
    }
}

void
ScenarioRun::BuildTraffic()
{
    NamedDraws draws(m_options.seed);
    std::map<std::string, Ptr<IkeSiteApplication>> sites; // of routers; null: no traffic yet
    for (const auto& router : m_scenario.routers)
    {
        sites[router.name] = nullptr;
    }
    for (uint32_t i = 0; i < m_scenario.offer.size(); ++i)
    {
        const auto& flow = m_scenario.offer[i];
        const Time start = ToNs3(flow.start + draws.DrawSpan("flow " + flow.name, flow.spread));
        for (const auto& end : {flow.from, flow.to})
        {
            const auto site = sites.find(end);
            if (site != sites.end() && !site->second && m_network->IsOwn(end))
            {
                site->second = BuildSite(end);
            }
        }
        const bool isSite = sites.count(flow.to) != 0;
        const auto port = isSite ? SITE_PORT : static_cast<uint16_t>(FIRST_SINK_PORT + i);
        const Ipv4Address remote = m_network->GetTrafficAddress(flow.to);
        if (!isSite && m_network->IsOwn(flow.to))
        {
            auto sink = CreateObject<IkeSinkApplication>();
            sink->SetAttribute("Port", UintegerValue(port));
            m_network->GetNode(flow.to)->AddApplication(sink);
            m_probe->Connect(sink);
        }
        if (!m_network->IsOwn(flow.from))
        {
            continue;
        }
        if (const auto site = sites.find(flow.from); site != sites.end())
        {
            SiteFlow own;
            own.flow = i;
            own.remote = remote;
            own.port = port;
            own.size = static_cast<uint32_t>(flow.size);
            own.interval = ToNs3(flow.every);
            own.next = start;
            own.stop = flow.stop ? ToNs3(*flow.stop) : Time::Max();
            site->second->AddFlow(own, MakePace(flow, start));
            continue;
        }
        auto offer = CreateObject<IkeOfferApplication>();
        offer->SetAttribute("Remote", AddressValue(InetSocketAddress(remote, port)));
        offer->SetAttribute("Flow", UintegerValue(i));
        offer->SetAttribute("PacketSize", UintegerValue(flow.size));
        offer->SetAttribute("Interval", TimeValue(ToNs3(flow.every)));
        offer->SetStartTime(start);
        offer->SetPace(MakePace(flow, start));
        if (flow.stop)
        {
            offer->SetStopTime(ToNs3(*flow.stop));
        }
        m_network->GetNode(flow.from)->AddApplication(offer);
        m_probe->Connect(offer);
    }
}

Ptr<IkeSiteApplication>
ScenarioRun::BuildSite(const std::string& router)
{
    auto site = CreateObject<IkeSiteApplication>();
    site->SetLocal(m_network->GetTrafficAddress(router), SITE_PORT);
    m_network->GetNode(router)->AddApplication(site);
    m_probe->Connect(site);
    return site;
}

void
ScenarioRun::ScheduleEvents()
{
    NamedDraws draws(m_options.seed);
    for (size_t i = 0; i < m_scenario.events.size(); ++i)
    {
        const auto& event = m_scenario.events[i];
        const Duration at = event.at + draws.DrawSpan(event.where + " " + event.door, event.spread);
        if (!IsOwn(event))
        {
            continue;
        }
        Simulator::Schedule(ToNs3(at), &ScenarioRun::HandleEvent, this, i);
    }
    for (size_t i = 0; i < m_scenario.learn.size(); ++i)
    {
        if (!m_network->IsOwn(m_scenario.learn[i].router))
        {
            continue;
        }
        Simulator::Schedule(ToNs3(m_scenario.learn[i].poll), &ScenarioRun::HandleLearn, this, i);
    }
    for (unsigned percent = 1; m_options.progress && percent <= 100; ++percent)
    {
        Simulator::Schedule(ToNs3(m_scenario.duration * percent / 100),
                            &ScenarioRun::HandleProgress,
                            this,
                            percent);
    }
}

bool
ScenarioRun::IsOwn(const ScenarioEvent& event) const
{
    switch (event.kind)
    {
    case ScenarioEvent::Kind::LinkDown:
    case ScenarioEvent::Kind::LinkUp:
        return true; // each rank has its own ends
    case ScenarioEvent::Kind::Drop:
    case ScenarioEvent::Kind::Pass:
    case ScenarioEvent::Kind::DoorDown:
    case ScenarioEvent::Kind::DoorUp:
    case ScenarioEvent::Kind::CloudDown:
        return m_network->IsOwnCloud(event.where);
    case ScenarioEvent::Kind::Type:
    case ScenarioEvent::Kind::Reboot:
    case ScenarioEvent::Kind::NatFlush:
    case ScenarioEvent::Kind::PowerOff:
    case ScenarioEvent::Kind::PowerOn:
    case ScenarioEvent::Kind::HubService:
        break;
    }
    return m_network->IsOwn(event.where);
}

void
ScenarioRun::HandleProgress(unsigned percent)
{
    m_options.progress(percent / 100.0);
}

void
ScenarioRun::Inject(const ScenarioEvent& event)
{
    const size_t index = m_scenario.events.size() + m_injected.size();
    m_injected.push_back(event);
    const Duration left = event.at - Duration{Now().ns};
    if (left <= Duration{})
    {
        HandleEvent(index);
        return;
    }
    Simulator::Schedule(ToNs3(left), &ScenarioRun::HandleEvent, this, index);
}

void
ScenarioRun::HandleEvent(size_t index)
{
    const size_t own = m_scenario.events.size();
    const auto& event = index < own ? m_scenario.events[index] : m_injected[index - own];
    switch (event.kind)
    {
    case ScenarioEvent::Kind::Type:
        TypeLines(event.where, event.lines);
        break;
    case ScenarioEvent::Kind::Reboot:
        m_network->GetRouter(event.where)->Reboot(ToNs3(event.down));
        break;
    case ScenarioEvent::Kind::LinkDown:
        m_network->SetLinkUp(event.where, false);
        break;
    case ScenarioEvent::Kind::LinkUp:
        m_network->SetLinkUp(event.where, true);
        break;
    case ScenarioEvent::Kind::NatFlush:
        m_network->GetNat(event.where)->Flush();
        break;
    case ScenarioEvent::Kind::HubService:
        m_network->GetBalancer(event.where)->SetService(event.door, event.service);
        break;
    case ScenarioEvent::Kind::Drop:
    case ScenarioEvent::Kind::Pass:
        m_network->SetFilter(event.where, event.filter, event.kind == ScenarioEvent::Kind::Drop);
        break;
    case ScenarioEvent::Kind::PowerOff:
    case ScenarioEvent::Kind::PowerOn:
        m_network->SetPower(event.where, event.kind == ScenarioEvent::Kind::PowerOn);
        break;
    case ScenarioEvent::Kind::CloudDown: // written out before
        break;
    case ScenarioEvent::Kind::DoorDown:
    case ScenarioEvent::Kind::DoorUp:
        m_network->SetDoorUp(event.where, event.door, event.kind == ScenarioEvent::Kind::DoorUp);
        break;
    }
}

void
ScenarioRun::HandleLearn(size_t index)
{
    const auto& learn = m_scenario.learn[index];
    const bool known = m_network->HasRoute(learn.from, learn.prefix);
    if (known != m_learnt[index] && !m_network->GetRouter(learn.router)->IsReloading())
    {
        m_learnt[index] = known;
        const std::string command = (known ? "ip route " : "no ip route ") + learn.route;
        std::vector<ScenarioText> lines;
        for (const auto& line : {std::string("enable"),
                                 std::string("configure terminal"),
                                 command,
                                 std::string("end")})
        {
            lines.push_back({line, learn.position});
        }
        // Wherever an operator's session stands: this one is another.
        m_network->GetRouter(learn.router)->BeginSession();
        TypeLines(learn.router, lines);
        m_network->GetRouter(learn.router)->EndSession();
    }
    Simulator::Schedule(ToNs3(learn.poll), &ScenarioRun::HandleLearn, this, index);
}

void
ScenarioRun::TypeLines(const std::string& router, const std::vector<ScenarioText>& lines)
{
    for (const auto& line : lines)
    {
        const std::string refusal = FindRefusal(Type(router, line.text));
        if (!refusal.empty())
        {
            // The scenario cannot go on as it was meant; nothing more is typed, and time stops.
            m_refusal = ToString(line.position) + ": router " + router + " refused '" + line.text +
                        "' at " + ToString(Now()) + " s: " + refusal +
                        " (the run ends here, without results)";
            Simulator::Stop();
            return;
        }
    }
}

std::string
ScenarioRun::Type(const std::string& router, const std::string& line)
{
    const std::string output = m_network->GetRouter(router)->Type(line);
    if (!m_options.out.empty())
    {
        const std::string text = ToString(Now()) + "  " + router + "  " + line + "\n" + output +
                                 (output.empty() || output.back() == '\n' ? "" : "\n");
        m_log ? m_log->RecordConsole(router, text) : void(m_console += text);
    }
    return output;
}

bool
ScenarioRun::IsCaptured(const std::string& node, const std::string& interface) const
{
    const auto& list = m_scenario.capture;
    return std::find(list.begin(), list.end(), node) != list.end() ||
           std::find(list.begin(), list.end(), node + " " + interface) != list.end();
}

void
ScenarioRun::EnableCapture()
{
    if (m_captures.empty())
    {
        return;
    }
    const auto capture = [this](const NetworkPort& port) {
        if (m_network->IsOwn(port.node) && IsCaptured(port.node, port.interface))
        {
            IkeNetwork::EnablePcap(m_captures + "/" + port.node + "-" + FileNameOf(port.interface) +
                                       ".pcap",
                                   port);
        }
    };
    for (const auto& link : m_network->GetLinks())
    {
        std::for_each(std::begin(link.ports), std::end(link.ports), capture);
    }
    for (const auto& cloud : m_network->GetClouds())
    {
        std::for_each(cloud.ports.begin(), cloud.ports.end(), capture);
    }
    for (const auto& router : m_scenario.routers)
    {
        const auto& interfaces = router.config.interfaces;
        const bool wanted =
            std::any_of(interfaces.begin(), interfaces.end(), [&](const InterfaceText& interface) {
                return interface.IsTunnel() && IsCaptured(router.name, interface.name);
            });
        if (wanted && m_network->IsOwn(router.name))
        {
            IkeRouterHelper::EnablePcap(m_captures + "/inner", m_network->GetRouter(router.name));
        }
    }
}

void
ScenarioRun::RunUntil(Duration until)
{
    CheckRefusal();
    const Duration left = Instant{std::min(until.ns, m_scenario.duration.ns)} - Now();
    if (left <= Duration{})
    {
        return;
    }
    // Not Stop(delay): when somebody stops earlier, it must not stop a later stretch.
    EventId pause;
    if (until < m_scenario.duration)
    {
        pause = Simulator::Schedule(ToNs3(left), static_cast<void (*)()>(&Simulator::Stop));
    }
    Simulator::Run();
    Simulator::Cancel(pause);
    CheckRefusal();
}

void
ScenarioRun::CheckRefusal() const
{
    // Of several ranks, the others do not know yet.
    if (!m_refusal.empty() && !m_rank)
    {
        throw RunError(m_refusal);
    }
}

RunResults
ScenarioRun::Finish()
{
    RunUntil(m_scenario.duration);
    ShareRefusal();
    const Instant end = Now();
    const RankPart own = CollectPart();
    // Captures are complete when their devices are gone.
    m_session.reset();
    m_network.reset();
    const std::vector<RankPart> parts = ShareParts(own);
    RunResults results;
    if (parts.empty())
    {
        return results;
    }
    results.scenario = m_scenario.name;
    results.title = m_scenario.title;
    results.hash = m_scenario.GetHash();
    results.parameters = m_scenario.parameters;
    results.seed = m_options.seed;
    results.duration = m_scenario.duration;
    results.listed = GroupEnds(m_scenario);
    UseParts(parts, results);
    m_recorder.Close(end, GetNodeOfAddress(parts), GetSharedAddresses(), results);
    CountClientsAtTwoHubs(results, end);
    CheckPlanes(results);
    CollectPackets(end, results);
    if (m_diagram)
    {
        m_folder->Write("diagram.json", m_diagram->ToJson(GetNodeOfAddress(parts)));
    }
    WriteFiles(results);
    return results;
}

void
ScenarioRun::WriteFiles(const RunResults& results)
{
    if (!m_folder)
    {
        return;
    }
    m_folder->Write("results.json", WriteResultsJson(results));
    m_recorder.FlushTranscript();
    m_folder->Write("console.txt", m_console);
    if (const std::string drawn = DescribeDraws(m_scenario); !drawn.empty())
    {
        m_folder->Write("draws.txt", drawn);
    }
    m_folder->Write("ikev1_decryption_table", m_recorder.GetKeys().GetIsakmpKeys());
    m_folder->Write("esp_sa", m_recorder.GetKeys().GetEspKeys());
    if (m_scenario.routers.size() >= 2)
    {
        const auto& ladder = m_recorder.GetLadder();
        auto window =
            ladder.FirstNegotiation(m_scenario.routers[0].name, m_scenario.routers[1].name);
        window.title = m_scenario.title;
        m_folder->Write("ladder.txt", ladder.GetText(window));
        m_folder->Write("ladder.svg", ladder.GetSvg(window));
    }
    m_folder->Commit();
}

const IkeNetwork&
ScenarioRun::GetNetwork() const
{
    return *m_network;
}

const RunRecorder&
ScenarioRun::GetRecorder() const
{
    return m_recorder;
}

RunResults
RunScenario(const Scenario& scenario, const RunOptions& options)
{
    ScenarioRun run(scenario, options);
    return run.Finish();
}

} // namespace ike
} // namespace ns3
