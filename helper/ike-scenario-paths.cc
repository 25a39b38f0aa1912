/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-scenario-paths.h"

#include "ike-scenario-units.h"

#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// "burst(1 %, 3 packets)", "burst(1 %, 2 packets, 8 packets)"
ScenarioBurst
ReadBurst(const ScenarioReader& reader, const std::string& text)
{
    constexpr int64_t LONGEST = 1000000;
    constexpr size_t NAME = 6; // "burst("
    const std::string unit = " packets";
    std::vector<std::string> parts{""};
    for (const char c : text.substr(NAME, text.size() - NAME - 1))
    {
        if (c == ',')
        {
            parts.emplace_back();
        }
        else if (c != ' ' || (!parts.back().empty() && parts.back().back() != ' '))
        {
            parts.back() += c;
        }
    }
    const auto share = ParsePercent(parts[0]);
    std::vector<int64_t> lengths;
    for (size_t i = 1; i < parts.size(); ++i)
    {
        const size_t at = parts[i].rfind(unit);
        const bool hasUnit = at != std::string::npos && at + unit.size() == parts[i].size();
        lengths.push_back(hasUnit ? ParseInteger(parts[i].substr(0, at)).value_or(0) : 0);
    }
    const bool isRight = text.back() == ')' && share &&
                         (lengths.size() == 1 || lengths.size() == 2) && lengths.front() >= 1 &&
                         lengths.front() <= lengths.back() && lengths.back() <= LONGEST;
    if (!isRight)
    {
        reader.Fail("'" + text + "' is not right",
                    "burst(SHARE, LEAST packets, MOST packets), as "
                    "'burst(0.5 %, 2 packets, 8 packets)'");
    }
    return ScenarioBurst{*share,
                         static_cast<uint32_t>(lengths.front()),
                         static_cast<uint32_t>(lengths.back())};
}

/// "on:" and "off:" stand together.
void
ReadPhases(const ScenarioReader& on, const ScenarioReader& off, ScenarioPace& pace)
{
    pace.on = on.AsDrawnSpan(pace.onDraw);
    pace.off = off.AsDrawnSpan(pace.offDraw);
    if (LatestOf(pace.on, pace.onDraw) == Duration{})
    {
        on.Fail("'" + on.Text() + "' is no time at all", "more than 0 s");
    }
}

} // namespace

void
ReadPath(const ScenarioReader& reader,
         Duration& delay,
         Duration& jitter,
         double& loss,
         ScenarioPathDraws& draws)
{
    if (const auto value = reader.Find("delay"))
    {
        delay = value->AsDrawnSpan(draws.delay);
    }
    if (const auto value = reader.Find("jitter"))
    {
        jitter = value->AsDrawnSpan(draws.jitter);
    }
    if (const auto value = reader.Find("loss"))
    {
        const std::string text = value->Text();
        draws.burst.reset();
        draws.loss.reset();
        loss = 0;
        if (text.rfind("burst(", 0) == 0)
        {
            draws.burst = ReadBurst(*value, text);
        }
        else
        {
            loss = value->AsDrawnPercent(draws.loss);
        }
    }
}

void
ReadPace(const std::function<std::optional<ScenarioReader>(const char*)>& find, ScenarioFlow& flow)
{
    ScenarioPace pace;
    if (const auto every = find("every"))
    {
        flow.every = every->AsDrawnSpan(pace.every);
        if (LatestOf(flow.every, pace.every) == Duration{})
        {
            every->Fail("'" + every->Text() + "' is no time at all", "a duration of more than 0 s");
        }
        flow.every = pace.every ? pace.every->GetSpan(0.5) : flow.every;
    }
    const auto on = find("on");
    const auto off = find("off");
    if (on && off)
    {
        ReadPhases(*on, *off, pace);
    }
    else if (on || off)
    {
        (on ? on : off)->Fail("it stands here alone", "'on:' and 'off:' together, or none");
    }
    flow.pace = pace.every || on ? std::make_shared<const ScenarioPace>(pace) : nullptr;
    if (const auto start = find("start"))
    {
        flow.start = start->AsDrawnSpan(flow.startDraw);
    }
}

} // namespace ike
} // namespace ns3
