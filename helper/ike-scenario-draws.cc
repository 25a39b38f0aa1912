/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-draws.h"

#include "ike-scenario-cut-text.h"
#include "ike-scenario-units.h"

#include <cmath>
#include <iomanip>
#include <locale>
#include <sstream>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Longer than any run; sums of it do not overflow.
constexpr Duration NEVER{INT64_MAX / 4};

/// Delay and loss of one path. @param draws by name @param name of the link @param path its draws
/// @param delay gets it @param loss gets it
template <typename Span, typename Share>
void
DrawPath(NamedDraws& draws,
         const std::string& name,
         const ScenarioPathDraws& path,
         Span& delay,
         Share& loss)
{
    if (path.delay)
    {
        delay = path.delay->GetSpan(draws.Draw("delay " + name));
    }
    if (path.loss)
    {
        loss = path.loss->GetQuantile(draws.Draw("loss " + name));
    }
}

void
DrawEvents(Scenario& scenario, uint64_t seed)
{
    NamedDraws draws(seed);
    // What one event became, as the two ends of a failure, is drawn once for each place.
    std::map<std::pair<size_t, std::string>, Duration> drawn;
    for (auto& event : scenario.events)
    {
        if (!event.atDraw)
        {
            continue;
        }
        const std::string place = event.where + " " + event.door;
        const auto [at, isNew] = drawn.emplace(std::make_pair(event.source, place), Duration{});
        if (isNew)
        {
            at->second = event.atDraw->GetSpan(draws.Draw("at " + place));
        }
        event.at = at->second + event.later;
    }
}

} // namespace

NamedDraws::NamedDraws(uint64_t seed)
    : m_seed(MixBits(seed))
{
}

double
NamedDraws::Draw(const std::string& name)
{
    constexpr double SCALE = 1.0 / 9007199254740992.0; // 2^-53
    const uint64_t bits = MixBits(MixBits(m_seed ^ HashName(name)) + m_used[name]++);
    return static_cast<double>(bits >> 11) * SCALE;
}

Duration
NamedDraws::DrawSpan(const std::string& name, Duration most)
{
    return most == Duration{}
               ? most
               : Duration{static_cast<int64_t>(Draw(name) * static_cast<double>(most.ns))};
}

Scenario
DrawValues(Scenario scenario, uint64_t seed)
{
    NamedDraws draws(seed);
    for (auto& link : scenario.links)
    {
        DrawPath(draws, link.name, link.draws, link.delay, link.loss);
    }
    for (auto& cloud : scenario.clouds)
    {
        if (cloud.fan == 0)
        {
            DrawPath(draws, cloud.name, cloud.draws, cloud.delay, cloud.loss);
            continue;
        }
        for (auto& door : cloud.doors)
        {
            DrawPath(draws, cloud.name + " " + door.router, cloud.draws, door.delay, door.loss);
        }
    }
    for (auto& flow : scenario.offer)
    {
        if (flow.startDraw)
        {
            flow.start = flow.startDraw->GetSpan(draws.Draw("start " + flow.name));
        }
    }
    DrawEvents(scenario, seed);
    return scenario;
}

std::string
DescribeDraws(const Scenario& drawn)
{
    std::ostringstream out;
    out.imbue(std::locale::classic());
    out << std::setprecision(9);
    const auto path = [&out](const std::string& name,
                             const ScenarioPathDraws& draws,
                             Duration delay,
                             double loss) {
        if (draws.delay)
        {
            out << name << " delay " << *DurationIn(delay, "s") << " s, of "
                << draws.delay->ToString() << "\n";
        }
        if (draws.loss)
        {
            out << name << " loss " << 100 * loss << " %, of " << draws.loss->ToString() << "\n";
        }
    };
    for (const auto& link : drawn.links)
    {
        path("link " + link.name, link.draws, link.delay, link.loss);
    }
    for (const auto& cloud : drawn.clouds)
    {
        if (cloud.fan == 0)
        {
            path("cloud " + cloud.name, cloud.draws, cloud.delay, cloud.loss);
        }
        for (const auto& door : cloud.doors)
        {
            path("tree " + cloud.name + " " + door.router,
                 cloud.fan == 0 ? ScenarioPathDraws{} : cloud.draws,
                 door.delay.value_or(cloud.delay),
                 door.loss.value_or(cloud.loss));
        }
    }
    for (const auto& event : drawn.events)
    {
        if (event.atDraw)
        {
            out << "event " << event.where << (event.door.empty() ? "" : " ") << event.door
                << " at " << *DurationIn(event.at, "s") << " s, of " << event.atDraw->ToString()
                << "\n";
        }
    }
    for (const auto& flow : drawn.offer)
    {
        if (flow.startDraw)
        {
            out << "flow " << flow.name << " start " << *DurationIn(flow.start, "s") << " s, of "
                << flow.startDraw->ToString() << "\n";
        }
    }
    return out.str();
}

Duration
LatestOf(Duration value, const std::shared_ptr<const Distribution>& draw)
{
    if (!draw)
    {
        return value;
    }
    return draw->GetGreatest() > static_cast<double>(NEVER.ns) ? NEVER : draw->GetSpan(1);
}

} // namespace ike
} // namespace ns3
