/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-builder.h"
#include "ike-scenario-draws.h"

#include "ns3/ike-console.h"
#include "ns3/ike-engine.h"
#include "ns3/ipsec-data-plane.h"

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <map>
#include <memory>
#include <optional>

// The part of ScenarioBuilder that types at consoles: what a run will type is typed at copies of
// the routers' consoles first, in the same order.

namespace ns3
{
namespace ike
{

namespace
{

/// The console of a router that has no SAs.
class ConsoleCopy
{
  public:
    explicit ConsoleCopy(const ScenarioRouter& router)
        : m_console(router.config),
          m_engine(std::make_shared<const EngineConfig>(
                       ResolveEngineConfig(router.config, router.knobs)),
                   RandomKey()),
          m_plane(RandomKey())
    {
    }

    /// @return what it says when it refuses the line; empty when it does not
    std::string Type(const std::string& line)
    {
        return FindRefusal(m_console.Type(line, ConsoleView{Instant{}, m_engine, m_plane}).output);
    }

    /// @return the same for a route that is learnt
    std::string Learn(const ScenarioLearn& learn)
    {
        m_console.BeginSession();
        Type("enable");
        Type("configure terminal");
        const std::string refusal = Type("ip route " + learn.route);
        m_console.EndSession();
        return refusal;
    }

  private:
    RouterConsole m_console; ///< of its own
    Engine m_engine;         ///< without SAs
    IpsecDataPlane m_plane;  ///< without SAs
};

/// What happens at each router, in the order of time; at one time in that of the file.
std::map<std::string, std::vector<const ScenarioEvent*>>
EventsByRouter(const Scenario& scenario)
{
    std::map<std::string, std::vector<const ScenarioEvent*>> byRouter;
    for (const auto& event : scenario.events)
    {
        using Kind = ScenarioEvent::Kind;
        if (event.kind == Kind::Type || event.kind == Kind::Reboot ||
            event.kind == Kind::PowerOff || event.kind == Kind::PowerOn)
        {
            byRouter[event.where].push_back(&event);
        }
    }
    // Where nothing is typed there is nothing to check.
    for (auto at = byRouter.begin(); at != byRouter.end();)
    {
        const bool isTyped =
            std::any_of(at->second.begin(), at->second.end(), [](const ScenarioEvent* event) {
                return event->kind == ScenarioEvent::Kind::Type;
            });
        at = isTyped ? std::next(at) : byRouter.erase(at);
    }
    for (auto& [router, events] : byRouter)
    {
        std::stable_sort(
            events.begin(),
            events.end(),
            [](const ScenarioEvent* a, const ScenarioEvent* b) { return a->at < b->at; });
    }
    return byRouter;
}

[[noreturn]] void
FailLine(const std::string& router, const ScenarioText& line, const std::string& refusal)
{
    throw ScenarioError(line.position,
                        "router " + router + " refuses '" + line.text + "': " + refusal);
}

} // namespace

void
ScenarioBuilder::CheckConsoles() const
{
    auto events = EventsByRouter(m_scenario);
    for (const auto& learn : m_scenario.learn)
    {
        events[learn.router]; // with what is learnt there is something to type
    }
    for (const auto& router : m_scenario.routers)
    {
        const auto found = events.find(router.name);
        if (found == events.end())
        {
            continue;
        }
        // Nobody knows when a route is learnt: a line is wrong when it is so before and after.
        ConsoleCopy before(router);
        std::optional<ConsoleCopy> after;
        for (const auto& learn : m_scenario.learn)
        {
            if (learn.router != router.name)
            {
                continue;
            }
            if (!after)
            {
                after.emplace(router);
            }
            const std::string refusal = after->Learn(learn);
            if (!refusal.empty())
            {
                FailLine(router.name, {"ip route " + learn.route, learn.position}, refusal);
            }
        }
        Duration awayUntil{-1};
        for (const auto* event : found->second)
        {
            switch (event->kind)
            {
            case ScenarioEvent::Kind::Reboot:
                awayUntil = LatestOf(event->at, event->atDraw) + event->down;
                break;
            case ScenarioEvent::Kind::PowerOff:
                awayUntil = Duration{INT64_MAX};
                break;
            case ScenarioEvent::Kind::PowerOn:
                awayUntil = LatestOf(event->at, event->atDraw) + event->later + event->spread;
                break;
            default:
                break;
            }
            for (const auto& line : event->lines)
            {
                if (event->at <= awayUntil)
                {
                    FailLine(router.name, line, "the router is reloading");
                }
                const std::string refusal = before.Type(line.text);
                const bool isRight = after && after->Type(line.text).empty();
                if (!refusal.empty() && !isRight)
                {
                    FailLine(router.name, line, refusal);
                }
            }
        }
    }
}

} // namespace ike
} // namespace ns3
