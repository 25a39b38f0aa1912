/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race-recorder.h"

#include "ike-run-files.h"
#include "ike-scenario-draws.h"

#include "ns3/ike-application.h"
#include "ns3/ike-schedule.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <deque>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

Instant
Now()
{
    return Instant{Simulator::Now().GetNanoSeconds()};
}

/// What the laboratory calls a connection of a router.
std::string
NameOf(const EngineConfig& config, ConnectionId connection)
{
    for (const auto& c : config.connections)
    {
        if (c.id == connection)
        {
            return c.name;
        }
    }
    return "";
}

} // namespace

// --- Hearing -------------------------------------------------------------------------------------

/// Hears one router.
class RaceRecorder::Ear
{
  public:
    Ear(const std::string& router, Ptr<IkeRouter> host, std::vector<Step>& steps)
        : m_router(router),
          m_host(host),
          m_steps(steps)
    {
        host->TraceConnectWithoutContext("Event", MakeCallback(&Ear::HearEvent, this));
        auto application = host->GetApplication();
        application->TraceConnectWithoutContext("Tx", MakeCallback(&Ear::HearSent, this));
        application->TraceConnectWithoutContext("Rx", MakeCallback(&Ear::HearReceived, this));
    }

    ~Ear()
    {
        m_host->TraceDisconnectWithoutContext("Event", MakeCallback(&Ear::HearEvent, this));
    }

    Ear(const Ear&) = delete;
    Ear& operator=(const Ear&) = delete;

  private:
    void HearSent(Ptr<const Packet> packet, const Endpoint&, const Endpoint&)
    {
        Add(Step::Kind::Sent, packet->GetUid());
    }

    void HearReceived(Ptr<const Packet> packet, const Endpoint&, const Endpoint&)
    {
        Add(Step::Kind::Received, packet->GetUid());
    }

    void HearEvent(const TimedEvent& timed)
    {
        const Event& event = timed.event;
        switch (event.kind)
        {
        case EventKind::RouteUp:
            return AddMove(MoveKind::Start, event.connection);
        case EventKind::RouteDown:
            return AddMove(MoveKind::Stop, event.connection);
        case EventKind::Phase1Begin:
        case EventKind::Phase2Begin:
            if (event.begin == BeginReason::Traffic)
            {
                AddMove(MoveKind::Offer, event.connection);
            }
            return;
        default:
            return;
        }
    }

    void AddMove(MoveKind kind, ConnectionId connection)
    {
        const Engine* engine = m_host->GetApplication()->PeekEngine();
        Step step;
        step.at = Now();
        step.router = m_router;
        step.move.kind = kind;
        step.move.node = m_router;
        step.move.text = engine == nullptr ? "" : NameOf(engine->GetConfig(), connection);
        m_steps.push_back(step);
    }

    void Add(Step::Kind kind, uint64_t packet)
    {
        Step step;
        step.kind = kind;
        step.at = Now();
        step.router = m_router;
        step.packet = packet;
        m_steps.push_back(step);
    }

    std::string m_router;       ///< as the scenario calls it
    Ptr<IkeRouter> m_host;      ///< the router
    std::vector<Step>& m_steps; ///< of all
};

RaceRecorder::RaceRecorder(const Scenario& scenario, const IkeNetwork& network, uint64_t seed)
    : m_scenario(DrawValues(scenario, seed)),
      m_seed(seed)
{
    for (const auto& router : scenario.routers)
    {
        if (router.costs)
        {
            throw RunError("router " + router.name +
                           " has costs of cryptography: a schedule does "
                           "not know how long something takes");
        }
        auto host = network.GetRouter(router.name);
        host->SetKeys([this, name = router.name, key = MakeRouterKey(seed, router.name)] {
            return AfterReboots(key, m_starts[name]++);
        });
        m_ears.push_back(std::make_unique<Ear>(router.name, host, m_steps));
    }
    for (const auto& event : m_scenario.events)
    {
        if (Duration{} < event.spread)
        {
            throw RunError(ToString(event.position) + ": an event with a spread: a schedule does "
                                                      "not know when it happens");
        }
        Step step;
        step.at = Instant{event.at.ns};
        step.router = event.where;
        step.move.node = event.where;
        if (event.kind == ScenarioEvent::Kind::Reboot)
        {
            step.move.kind = MoveKind::Reboot;
            m_steps.push_back(step);
        }
        for (const auto& line : event.lines)
        {
            step.move.kind = MoveKind::Type;
            step.move.text = line.text;
            m_steps.push_back(step);
        }
    }
}

RaceRecorder::~RaceRecorder() = default;

// --- Saying --------------------------------------------------------------------------------------

/// A world that does what was heard, and writes down how.
class RaceRecorder::Follower
{
  public:
    Follower(const World& cold, const std::vector<Step>& steps)
        : m_world(cold)
    {
        for (const Step& step : steps)
        {
            if (step.kind == Step::Kind::Sent)
            {
                m_sent[step.router].push_back(step.packet);
            }
            else if (step.kind == Step::Kind::Received)
            {
                m_received.insert(step.packet);
            }
        }
    }

    void Follow(const Step& step)
    {
        if (step.kind == Step::Kind::Sent)
        {
            return; // the world's own
        }
        WaitUntil(step.at);
        if (step.kind == Step::Kind::Move)
        {
            return Do(step);
        }
        for (const Flight& f : m_world.GetFlights())
        {
            const auto packet = m_packets.find(f.id);
            if (packet != m_packets.end() && packet->second == step.packet)
            {
                return Make(WordFor(MoveKind::Deliver, f));
            }
        }
        throw RunError("at " + ToString(step.at) + " s " + step.router +
                       " received a message that its peer has not sent in the laboratory: " +
                       "what a schedule does not say (ESP, NATs, the network) made the difference");
    }

    const Moves& GetMoves() const
    {
        return m_moves;
    }

  private:
    void Do(const Step& step)
    {
        // What a reload takes away is gone with it, and is there again when the router is.
        if (step.move.kind == MoveKind::Reboot)
        {
            Move stop = step.move;
            stop.kind = MoveKind::Stop;
            Make(stop);
        }
        Make(step.move);
    }

    void WaitUntil(Instant end)
    {
        Duration left = end - m_world.Now();
        const Duration rest{left.ns % Duration::Seconds(1).ns};
        for (const Duration part : {left - rest, rest})
        {
            if (Duration{} < part)
            {
                Move wait;
                wait.kind = MoveKind::Wait;
                wait.duration = part;
                Make(wait);
            }
        }
    }

    void Make(const Move& move)
    {
        MakeMove(m_world, move);
        m_moves.push_back(move);
        NameFlights();
    }

    /// What is sent now is what was sent next in the run; what never arrived is lost.
    void NameFlights()
    {
        std::vector<Flight> lost;
        for (const Flight& f : m_world.GetFlights())
        {
            if (f.isEsp || f.isClear || f.isKeepalive || m_packets.count(f.id) != 0)
            {
                continue;
            }
            const std::string& from = m_world.GetNode(f.from).name;
            size_t& next = m_next[from];
            const auto& sent = m_sent[from];
            m_packets[f.id] = next < sent.size() ? sent[next] : 0;
            ++next;
            if (m_received.count(m_packets[f.id]) == 0)
            {
                lost.push_back(f);
            }
        }
        for (const Flight& f : lost)
        {
            const Move drop = WordFor(MoveKind::Drop, f);
            MakeMove(m_world, drop);
            m_moves.push_back(drop);
        }
    }

    /// The word that means this datagram.
    Move WordFor(MoveKind kind, const Flight& flight) const
    {
        Move move;
        move.kind = kind;
        move.node = m_world.GetNode(flight.from).name;
        move.to = m_world.GetNodeCount() > 2 ? m_world.GetNode(flight.to).name : "";
        for (const Flight& f : m_world.GetFlights())
        {
            if (f.id == flight.id)
            {
                return move;
            }
            const bool counts = f.from == flight.from && (move.to.empty() || f.to == flight.to);
            move.place += counts ? 1 : 0;
        }
        throw std::logic_error("it is in flight");
    }

    World m_world;                                       ///< so far
    Moves m_moves;                                       ///< so far
    std::map<std::string, std::vector<uint64_t>> m_sent; ///< messages of the run, by router
    std::map<std::string, size_t> m_next;                ///< which of them comes next
    std::set<uint64_t> m_received;                       ///< messages that arrived
    std::map<uint32_t, uint64_t> m_packets;              ///< by flight
};

Moves
RaceRecorder::Write() const
{
    Scenario cold = m_scenario;
    ScenarioExplore explore = GetExplore(m_scenario);
    explore.begin.reset();
    explore.schedule = Moves(); // how it begins is said
    cold.explore = std::make_shared<const ScenarioExplore>(explore);
    auto steps = m_steps;
    // Steps of the scenario stand first, so they come first at their moment.
    std::stable_sort(steps.begin(), steps.end(), [](const Step& a, const Step& b) {
        return a.at < b.at;
    });
    Follower follower(BuildWorld(cold, m_seed).cold, steps);
    for (const Step& step : steps)
    {
        try
        {
            follower.Follow(step);
        }
        catch (const std::invalid_argument& e)
        {
            throw RunError("at " + ToString(step.at) + " s, " + ToString(step.move) + ": " +
                           e.what());
        }
    }
    return follower.GetMoves();
}

std::string
WriteSchedule(const Moves& moves)
{
    constexpr size_t WIDTH = 100;
    std::string text;
    size_t column = 0;
    for (const Move& move : moves)
    {
        const std::string word = ToString(move);
        const bool breaks = column != 0 && column + 1 + word.size() > WIDTH;
        text += breaks ? "\n" : column == 0 ? "" : " ";
        column = (breaks || column == 0 ? 0 : column + 1) + word.size();
        text += word;
    }
    return text + "\n";
}

} // namespace ike
} // namespace ns3
