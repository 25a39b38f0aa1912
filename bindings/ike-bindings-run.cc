/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings-value.h"
#include "ike-bindings-views.h"

#include "ns3/ike-results.h"
#include "ns3/ike-runner.h"
#include "ns3/simulator.h"

#include <atomic>
#include <set>
#include <thread>

namespace ns3
{
namespace ike
{
namespace bindings
{

namespace
{

/// As on the command line.
constexpr uint64_t LARGEST_SEED = 999999999;

/// A run holds this: ns-3 has one simulation in a process, also when Python has threads.
class RunTurn
{
  public:
    RunTurn()
    {
        if (s_taken.exchange(true))
        {
            throw RunError("another run is under way: ns-3 has one simulation in a process "
                           "(finish or close the other one, or use isolate=True)");
        }
    }

    ~RunTurn()
    {
        s_taken = false;
    }

    RunTurn(const RunTurn&) = delete;
    RunTurn& operator=(const RunTurn&) = delete;

  private:
    static std::atomic<bool> s_taken; ///< somebody has it
};

std::atomic<bool> RunTurn::s_taken{false};

/// What a run tells Python.
struct Listeners
{
    py::object progress;       ///< called with a share from 0 to 1; or None
    py::object event;          ///< called with each event; or None
    std::set<EventKind> kinds; ///< of which events; none: of all
    bool keep{false};          ///< keep the events of these kinds
};

/**
 * A run that can be looked at while it goes on.
 *
 * Simulated time passes without the interpreter's lock. Who calls meanwhile from another thread is
 * refused; a callback may look, but not act. What a callback throws stops the simulation after the
 * event at hand, and comes out of the call that let time pass.
 */
class LiveRun
{
  public:
    LiveRun(const Scenario& scenario, uint64_t seed, const std::string& out, Listeners listeners)
        : m_listeners(std::move(listeners)),
          m_duration(scenario.duration)
    {
        RunOptions options;
        options.seed = seed;
        options.out = out;
        options.progress = [this](double share) { HandleProgress(share); };
        for (const auto& router : scenario.routers)
        {
            m_names.push_back(router.name);
        }
        m_scenario = std::make_unique<Scenario>(scenario);
        {
            const py::gil_scoped_release unlocked;
            m_run = std::make_unique<ScenarioRun>(scenario, options);
        }
        for (const auto& name : m_names)
        {
            m_run->GetNetwork().GetRouter(name)->TraceConnectWithoutContext(
                "Event",
                MakeCallback(&LiveRun::HandleEvent, this));
        }
        m_listens = true;
    }

    ~LiveRun()
    {
        m_listens = false;
    }

    LiveRun(const LiveRun&) = delete;
    LiveRun& operator=(const LiveRun&) = delete;

    void RunUntil(Duration until)
    {
        Guard();
        const Duration now = GetNow();
        if (until < now)
        {
            throw RunError("time does not go back: it is " + ToString(now) + " s, " +
                           ToString(until) + " s is over");
        }
        if (m_duration < until)
        {
            throw RunError("the run ends at " + ToString(m_duration) + " s, there is no " +
                           ToString(until) + " s");
        }
        Simulate([&] {
            m_run->RunUntil(until);
            m_now = GetNow();
        });
    }

    std::string Finish()
    {
        Guard();
        Simulate([&] { m_run->RunUntil(m_duration); });
        if (GetNow() < m_duration)
        {
            throw RunError("a callback stopped the run at " + ToString(GetNow()) +
                           " s, before its end");
        }
        m_listens = false;
        RunResults results;
        {
            const py::gil_scoped_release unlocked;
            results = m_run->Finish();
        }
        m_now = m_duration;
        Close();
        return WriteResultsJson(results);
    }

    void Close()
    {
        if (m_simulating)
        {
            throw RunError("simulated time passes at the moment: stop() it first");
        }
        m_listens = false;
        m_run.reset();
        m_turn.reset();
    }

    /// Time stops after the event at hand.
    void Stop()
    {
        GuardLook();
        Simulator::Stop();
    }

    std::string Type(const std::string& router, const std::string& line)
    {
        Guard();
        Find(router);
        if (line.find('\n') != std::string::npos)
        {
            throw py::value_error("more than one line: type them one after the other");
        }
        std::string output;
        Simulate([&] { output = m_run->Type(router, line); });
        return output;
    }

    void Inject(const std::string& text)
    {
        Guard();
        const auto events = ParseEvents(*m_scenario, text, "inject");
        for (const auto& event : events)
        {
            if (event.kind == ScenarioEvent::Kind::Type)
            {
                throw py::value_error("lines are typed with router(NAME).type(LINE)");
            }
        }
        Simulate([&] {
            for (const auto& event : events)
            {
                m_run->Inject(event);
            }
        });
    }

    std::vector<IsakmpSaView> GetIsakmpSas(const std::string& name) const
    {
        const Engine* engine = Find(name)->GetApplication()->PeekEngine();
        return engine == nullptr ? std::vector<IsakmpSaView>() : engine->GetIsakmpSas();
    }

    std::vector<PairLook> GetPairs(const std::string& name) const
    {
        const auto router = Find(name);
        const Engine* engine = router->GetApplication()->PeekEngine();
        return engine == nullptr ? std::vector<PairLook>()
                                 : LookAtPairs(*engine, router->GetDataPlane());
    }

    /// Lines of the router's tunnels by the name of the interface.
    std::map<std::string, bool> GetLines(const std::string& name) const
    {
        const auto router = Find(name);
        std::map<std::string, bool> lines;
        for (const auto& interface : router->GetConfig().interfaces)
        {
            if (interface.IsTunnel() && !interface.IsVirtualTemplate())
            {
                lines[interface.name] = router->IsLineUp(interface.id);
            }
        }
        return lines;
    }

    py::dict GetCounters(const std::string& name) const
    {
        const auto router = Find(name);
        py::dict both;
        both["outbound"] = DescribeCounters(router->GetOutboundCounters());
        both["inbound"] = DescribeCounters(router->GetInboundCounters());
        return both;
    }

    bool IsReloading(const std::string& name) const
    {
        return Find(name)->IsReloading();
    }

    std::vector<TimedEvent> GetEvents(size_t since) const
    {
        GuardThread();
        if (!m_listeners.keep)
        {
            throw RunError("this run keeps no events: Run(..., keep_events=True)");
        }
        return {m_events.begin() + static_cast<ptrdiff_t>(std::min(since, m_events.size())),
                m_events.end()};
    }

    size_t CountEvents() const
    {
        return m_events.size();
    }

    void SetOnEvent(const py::object& callback)
    {
        Guard();
        m_listeners.event = callback;
    }

    double GetSeconds() const
    {
        return GetNow().ToSeconds();
    }

    double GetDurationSeconds() const
    {
        return m_duration.ToSeconds();
    }

    bool IsOver() const
    {
        return !m_run;
    }

    const std::vector<std::string>& GetNames() const
    {
        return m_names;
    }

  private:
    /// While it lives, events may come.
    template <typename F>
    void Simulate(F pass)
    {
        m_simulating = true;
        m_thread = std::this_thread::get_id();
        m_failure = nullptr;
        std::exception_ptr broken;
        {
            const py::gil_scoped_release unlocked;
            try
            {
                pass();
            }
            catch (...)
            {
                broken = std::current_exception();
            }
        }
        m_simulating = false;
        if (m_failure)
        {
            // Time stood still in the middle of things: this run has no results any more.
            const auto failure = std::exchange(m_failure, nullptr);
            Close();
            std::rethrow_exception(failure);
        }
        if (broken)
        {
            Close();
            std::rethrow_exception(broken);
        }
    }

    /// May somebody act on the run now?
    void Guard() const
    {
        GuardLook();
        if (m_simulating)
        {
            throw RunError("a callback may look at the run, but not act on it");
        }
    }

    /// May somebody look at the run now?
    void GuardLook() const
    {
        GuardThread();
        if (!m_run)
        {
            throw RunError("the run is over");
        }
    }

    void GuardThread() const
    {
        if (m_simulating && m_thread != std::this_thread::get_id())
        {
            throw RunError("simulated time passes at the moment, in another thread");
        }
    }

    Ptr<IkeRouter> Find(const std::string& name) const
    {
        GuardLook();
        if (std::find(m_names.begin(), m_names.end(), name) == m_names.end())
        {
            ThrowUnknown("router", name, m_names);
        }
        return m_run->GetNetwork().GetRouter(name);
    }

    Duration GetNow() const
    {
        return m_run ? Duration{Simulator::Now().GetNanoSeconds()} : m_now;
    }

    /// Do something of Python's from within the simulation; what it throws ends that.
    template <typename F>
    void CallPython(F call)
    {
        if (!m_listens || m_failure)
        {
            return;
        }
        const py::gil_scoped_acquire lock;
        try
        {
            call();
        }
        catch (...)
        {
            m_failure = std::current_exception();
            Simulator::Stop();
        }
    }

    void HandleProgress(double share)
    {
        CallPython([&] {
            // Ctrl-C ends the run here, as it ends any loop of Python.
            if (PyErr_CheckSignals() != 0)
            {
                throw py::error_already_set();
            }
            if (!m_listeners.progress.is_none())
            {
                m_listeners.progress(share);
            }
        });
    }

    void HandleEvent(const TimedEvent& event)
    {
        const bool wanted =
            m_listeners.kinds.empty() || m_listeners.kinds.count(event.event.kind) != 0;
        if (!wanted || !m_listens)
        {
            return;
        }
        if (m_listeners.keep)
        {
            m_events.push_back(event);
        }
        if (!m_listeners.event.is_none())
        {
            CallPython([&] { m_listeners.event(event); });
        }
    }

    // In this order: the turn ends when the simulation is gone.
    Listeners m_listeners;                                        ///< of Python
    std::unique_ptr<RunTurn> m_turn{std::make_unique<RunTurn>()}; ///< null: over
    std::unique_ptr<Scenario> m_scenario;                         ///< what runs
    std::vector<TimedEvent> m_events;                             ///< kept so far
    std::unique_ptr<ScenarioRun> m_run;                           ///< null: over
    Duration m_duration;                                          ///< of the run
    Duration m_now;                                               ///< when it was over
    std::vector<std::string> m_names;                             ///< of routers
    bool m_listens{false};                                        ///< do events count?
    bool m_simulating{false};                                     ///< does time pass?
    std::thread::id m_thread;                                     ///< in which thread
    std::exception_ptr m_failure;                                 ///< of a callback
};

std::unique_ptr<LiveRun>
MakeRun(const Scenario& scenario,
        uint64_t seed,
        const std::string& out,
        const py::object& progress,
        const py::object& onEvent,
        const std::vector<std::string>& kinds,
        bool keepEvents)
{
    if (seed < 1 || seed > LARGEST_SEED)
    {
        throw py::value_error("seed: " + std::to_string(seed) + " is not from 1 to 999999999");
    }
    Listeners listeners{progress, onEvent, {}, keepEvents};
    for (const auto& kind : kinds)
    {
        listeners.kinds.insert(FindByName(kind, "kind of events", EventKind::Balancer));
    }
    return std::make_unique<LiveRun>(scenario, seed, out, std::move(listeners));
}

} // namespace

void
BindRun(py::module_& m)
{
    py::class_<LiveRun>(m, "LiveRun", "A run in this process; see ns3ike.Run.")
        .def(py::init(&MakeRun),
             py::arg("scenario"),
             py::arg("seed"),
             py::arg("out") = "",
             py::arg("progress") = py::none(),
             py::arg("on_event") = py::none(),
             py::arg("kinds") = std::vector<std::string>(),
             py::arg("keep_events") = false)
        .def(
            "until",
            [](LiveRun& run, const py::object& time) { run.RunUntil(ReadSpan(time, "time")); },
            py::arg("time"),
            "Let time pass until then (s since the start).")
        .def("finish", &LiveRun::Finish, "Let the rest pass; the results as JSON.")
        .def("close", &LiveRun::Close, "Take the simulation down, without results.")
        .def("stop", &LiveRun::Stop, "From a callback: time stops after the event at hand.")
        .def("type", &LiveRun::Type, py::arg("router"), py::arg("line"), "At a console, now.")
        .def("inject", &LiveRun::Inject, py::arg("text"), "Events as in a scenario file.")
        .def("sas", &LiveRun::GetIsakmpSas, py::arg("router"), "ISAKMP SAs and attempts.")
        .def("pairs", &LiveRun::GetPairs, py::arg("router"), "IPsec SA pairs.")
        .def("lines", &LiveRun::GetLines, py::arg("router"), "Are tunnels up? By name.")
        .def("counters", &LiveRun::GetCounters, py::arg("router"), "Packets of the data plane.")
        .def("is_reloading", &LiveRun::IsReloading, py::arg("router"), "Is it away?")
        .def("events", &LiveRun::GetEvents, py::arg("since") = 0, "Kept ones, from an index on.")
        .def("set_on_event", &LiveRun::SetOnEvent, py::arg("callback"), "Or None.")
        .def_property_readonly("event_count", &LiveRun::CountEvents, "Events kept so far.")
        .def_property_readonly("now", &LiveRun::GetSeconds, "In s since the start.")
        .def_property_readonly("duration", &LiveRun::GetDurationSeconds, "Of the run, in s.")
        .def_property_readonly("over", &LiveRun::IsOver, "Is the simulation gone?")
        .def_property_readonly("routers", &LiveRun::GetNames, "Routers under test, by name.");
}

} // namespace bindings
} // namespace ike
} // namespace ns3
