/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-race-transcript.h"

#include "ns3/ike-ladder.h"
#include "ns3/ike-schedule.h"
#include "ns3/ike-transcript.h"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// How strictly timers are taken at their time.
enum class Clock : uint8_t
{
    Exact, ///< as in a simulation
    Loose, ///< as the schedule says: for diagrams
};

/// A world on a clock that goes on with each move.
class Conductor
{
  public:
    Conductor(const World& cold, Duration step, Clock clock)
        : m_world(cold),
          m_step(step),
          m_clock(clock)
    {
        m_world.ForgetHistory();
    }

    void Make(const Move& move)
    {
        switch (move.kind)
        {
        case MoveKind::Run:
            return Run();
        case MoveKind::Timer:
            return FireTimer(move);
        case MoveKind::Wait:
            return Wait(move.duration);
        default:
            PassStep();
            MakeNow(move);
        }
    }

    TimedRun Finish(Duration tail)
    {
        m_run.end = m_world.Now();
        const Instant until = m_run.end + tail;
        while (m_world.Now() < until &&
               (!m_world.GetFlights().empty() || m_world.NextDeadline() <= until))
        {
            StepOfTail(until);
        }
        m_world.AdvanceTo(until);
        m_run.until = until;
        m_run.log = m_world.GetLog();
        m_run.last = std::make_shared<const World>(m_world);
        return std::move(m_run);
    }

  private:
    /// Datagrams of which the schedule says nothing begin their way when it is over.
    void StepOfTail(Instant until)
    {
        Instant next = Instant::Never();
        uint32_t flight = 0;
        for (const Flight& f : m_world.GetFlights())
        {
            const uint32_t number = m_run.datagrams.at(m_of.at(f.id)).number;
            const Instant due = std::max(f.sentAt, m_run.end) + TailDelay(m_step, number);
            if (due < next)
            {
                next = due;
                flight = f.id;
            }
        }
        const Instant deadline = m_world.NextDeadline();
        if (until < std::min(next, deadline))
        {
            m_world.AdvanceTo(until);
        }
        else if (next <= deadline)
        {
            m_world.AdvanceTo(next);
            m_run.datagrams.at(m_of.at(flight)).arrivals.push_back(next);
            Follow([this, flight] { m_world.Deliver(flight); });
        }
        else
        {
            Follow([this] { m_world.FireNextTimer(); });
        }
    }

    void PassStep()
    {
        Duration step = m_step;
        if (m_clock == Clock::Exact)
        {
            TakeWhatIsDue();
            // A timer that the schedule takes behind this move is behind it here, too.
            constexpr int64_t SHARE = 16;
            const Duration left = m_world.NextDeadline() - m_world.Now();
            step = step < left ? step : Duration{std::max<int64_t>(1, left.ns / SHARE)};
            if (left <= step)
            {
                throw std::invalid_argument("a timer is due at " +
                                            std::to_string(m_world.NextDeadline().ToSeconds()) +
                                            " s, and no time is left for this move before it");
            }
        }
        m_world.AdvanceTo(m_world.Now() + step);
    }

    /// A timer that was set for this very moment: a schedule may leave it, a clock takes it.
    void TakeWhatIsDue()
    {
        while (m_world.NextDeadline() <= m_world.Now())
        {
            Follow([this] { m_world.FireNextTimer(); });
            m_taken = true;
        }
    }

    void Run()
    {
        constexpr unsigned LONGEST = 10000;
        for (unsigned i = 0; i < LONGEST; ++i)
        {
            const auto& flights = m_world.GetFlights();
            const auto next = std::find_if(flights.begin(), flights.end(), [this](const Flight& f) {
                return m_world.IsFree(f);
            });
            if (next == flights.end())
            {
                return;
            }
            const uint32_t id = next->id;
            PassStep();
            Arrive(id);
        }
        throw std::invalid_argument(std::to_string(LONGEST) + " datagrams and no end");
    }

    void FireTimer(const Move& move)
    {
        const Instant due = m_world.NextDeadline();
        if (m_taken)
        {
            throw std::invalid_argument("a timer was due at once, and a clock has taken it before "
                                        "this word does");
        }
        if (m_clock == Clock::Exact && !move.node.empty())
        {
            World trial = m_world;
            trial.FireTimerOf(trial.FindNode(move.node));
            if (due < trial.Now())
            {
                throw std::invalid_argument("another router's timer is due before, and is taken at "
                                            "its time");
            }
        }
        // A delay that ends first is what `timer` means, too.
        Follow([this, &move] { MakeMove(m_world, move); });
    }

    void Wait(Duration duration)
    {
        const Instant end = m_world.Now() + duration;
        m_taken = false; // it is taken here in any case
        while (m_world.NextDeadline() <= end)
        {
            Follow([this] { m_world.FireNextTimer(); });
        }
        m_world.AdvanceTo(end);
    }

    void Arrive(uint32_t id)
    {
        TimedDatagram& datagram = m_run.datagrams.at(m_of.at(id));
        datagram.arrivals.push_back(m_world.Now());
        Follow([this, id] { m_world.Deliver(id); });
    }

    /// What becomes of a datagram is written down.
    void MakeNow(const Move& move)
    {
        const std::vector<Flight> before = m_world.GetFlights();
        const Instant now = m_world.Now();
        if (move.kind == MoveKind::Late)
        {
            MakeMove(m_world, move); // it gets another id
            m_of[m_world.GetFlights().back().id] = m_of.at(FindGone(before));
            return;
        }
        Follow([this, &move] { MakeMove(m_world, move); });
        if (move.kind == MoveKind::Deliver || move.kind == MoveKind::Drop)
        {
            const size_t datagram = m_of.at(FindGone(before));
            if (move.kind == MoveKind::Deliver)
            {
                m_run.datagrams.at(datagram).arrivals.push_back(now);
            }
        }
        else if (move.kind != MoveKind::Duplicate && move.kind != MoveKind::Delay)
        {
            m_run.moves.push_back(TimedMove{move, now});
        }
    }

    uint32_t FindGone(const std::vector<Flight>& before) const
    {
        for (const Flight& f : before)
        {
            const auto& now = m_world.GetFlights();
            if (std::none_of(now.begin(), now.end(), [&f](const Flight& g) {
                    return g.id == f.id;
                }))
            {
                return f.id;
            }
        }
        throw std::logic_error("a datagram was moved, and all are still there");
    }

    /// Do something, and give numbers to what is sent by it.
    template <typename Action>
    void Follow(const Action& action)
    {
        action();
        for (const Flight& f : m_world.GetFlights())
        {
            if (m_of.count(f.id) != 0)
            {
                continue;
            }
            m_of[f.id] = f.isCopy ? OriginalOf(f) : Register(f);
        }
    }

    size_t OriginalOf(const Flight& copy) const
    {
        // the latest equal one: a copy is made of what is in flight
        const auto& now = m_world.GetFlights();
        for (auto f = now.rbegin(); f != now.rend(); ++f)
        {
            if (f->id != copy.id && m_of.count(f->id) != 0 && f->from == copy.from &&
                f->to == copy.to && f->octets == copy.octets && f->sentAt == copy.sentAt)
            {
                return m_of.at(f->id);
            }
        }
        throw std::logic_error("a copy of nothing");
    }

    size_t Register(const Flight& f)
    {
        TimedDatagram datagram;
        datagram.from = m_world.GetNode(f.from).name;
        datagram.to = m_world.GetNode(f.to).name;
        datagram.kind = f.isEsp     ? DatagramKind::Esp
                        : f.isClear ? DatagramKind::Clear
                                    : DatagramKind::Ike;
        datagram.number = ++m_sent[{f.from, datagram.kind}];
        datagram.label = f.label;
        datagram.sentAt = f.sentAt;
        m_run.datagrams.push_back(datagram);
        return m_run.datagrams.size() - 1;
    }

    World m_world;                   ///< now
    Duration m_step;                 ///< between two moves
    Clock m_clock;                   ///< how strict
    TimedRun m_run;                  ///< so far
    bool m_taken{false};             ///< was a timer taken that the schedule has left so far?
    std::map<uint32_t, size_t> m_of; ///< datagrams by the id of their flight
    std::map<std::pair<uint32_t, DatagramKind>, uint32_t> m_sent; ///< how many
};

TimedRun
Conduct(const World& cold, const Moves& moves, Duration step, Duration tail, Clock clock)
{
    Conductor conductor(cold, step, clock);
    for (size_t i = 0; i < moves.size(); ++i)
    {
        try
        {
            conductor.Make(moves[i]);
        }
        catch (const std::exception& e)
        {
            throw std::invalid_argument("word " + std::to_string(i + 1) + " '" +
                                        ToString(moves[i]) + "': " + e.what());
        }
    }
    return conductor.Finish(tail);
}

std::string
Indent(const std::string& text)
{
    std::string out;
    for (size_t at = 0; at < text.size();)
    {
        const size_t end = std::min(text.find('\n', at), text.size());
        out += "    " + text.substr(at, end - at) + "\n";
        at = end + 1;
    }
    return out;
}

Moves
Join(const Moves& first, const Moves& second)
{
    Moves all = first;
    all.insert(all.end(), second.begin(), second.end());
    return all;
}

} // namespace

Duration
TailDelay(Duration step, uint32_t number)
{
    constexpr int64_t PARTS = 1000;
    return step + Duration{std::max<int64_t>(1, step.ns / PARTS)} * number;
}

TimedRun
TimeSchedule(const World& cold, const Moves& moves, Duration step, Duration tail)
{
    return Conduct(cold, moves, step, tail, Clock::Exact);
}

std::string
WriteSteps(const ScenarioWorld& world, const Moves& schedule, const RestKnobs& rest)
{
    World now = world.cold;
    Transcript transcript;
    const auto take = [&now, &transcript] {
        for (const TimedEvent& event : now.GetLog())
        {
            transcript.Record(event);
        }
        now.ForgetHistory();
        return Indent(transcript.TakeText());
    };
    now.ForgetHistory();
    std::string text;
    for (const Move& move : Join(world.begin, schedule))
    {
        MakeMove(now, move);
        text += ToString(move) + "\n" + take();
    }
    Settle(now, rest);
    const std::string settled = take();
    return text + "(it comes to rest)\n" + settled;
}

std::pair<std::string, std::string>
WriteRaceLadder(const ScenarioWorld& world, const Moves& schedule, const std::string& title)
{
    if (world.cold.GetNodeCount() < 2)
    {
        return {};
    }
    const TimedRun run = Conduct(world.cold,
                                 Join(world.begin, schedule),
                                 Duration::Milliseconds(1),
                                 Duration{},
                                 Clock::Loose);
    Ladder ladder;
    for (const TimedEvent& event : run.log)
    {
        ladder.Record(event);
    }
    LadderWindow window;
    window.left = world.cold.GetNode(0).name;
    window.right = world.cold.GetNode(1).name;
    window.to = run.end;
    window.title = title;
    return {ladder.GetText(window), ladder.GetSvg(window)};
}

} // namespace ike
} // namespace ns3
