/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-cost-files.h"
#include "ike-scenario-builder.h"

#include <string>

// The part of ScenarioBuilder that is about CPUs: what cryptography costs, and who does it.

namespace ns3
{
namespace ike
{

namespace
{

/// More than any router has, and still nothing that a simulation would feel.
constexpr uint64_t MOST_CORES = 1024;

/// How close is a setting's owner, "all", "S*" or "S1", to a router? 0: it is somebody else's.
unsigned
RankOf(const std::string& owner, const ScenarioRouter& router)
{
    const bool isGroup = !router.group.empty() && owner == router.group + "*";
    return owner == router.name ? 3 : isGroup ? 2 : owner == "all" ? 1 : 0;
}

/// The value that is set last by the closest owner; null when none is.
template <typename Setting>
const Setting*
FindSetting(const std::vector<Setting>& settings, const ScenarioRouter& router)
{
    const Setting* found = nullptr;
    unsigned best = 1;
    for (const auto& setting : settings)
    {
        const unsigned rank = RankOf(setting.router, router);
        if (rank >= best)
        {
            found = &setting;
            best = rank;
        }
    }
    return found;
}

} // namespace

void
ScenarioBuilder::ReadCosts(const ScenarioReader& reader)
{
    ReadCostsOf("all", reader);
}

void
ScenarioBuilder::ReadCores(const ScenarioReader& reader)
{
    ReadCoresOf("all", reader);
}

void
ScenarioBuilder::ReadCrypto(const ScenarioReader& reader)
{
    m_scenario.crypto = static_cast<ProviderKind>(reader.AsChoice(GetProviderNames()));
}

void
ScenarioBuilder::ReadCpu(const std::string& owner, const ScenarioReader& reader)
{
    if (const auto costs = reader.Find("costs"))
    {
        ReadCostsOf(owner, *costs);
    }
    if (const auto cores = reader.Find("cores"))
    {
        ReadCoresOf(owner, *cores);
    }
}

void
ScenarioBuilder::ReadCostsOf(const std::string& router, const ScenarioReader& reader)
{
    m_costs.push_back({router, FindCosts(reader.Text(), reader.GetFolder(), reader.GetPosition())});
}

void
ScenarioBuilder::ReadCoresOf(const std::string& router, const ScenarioReader& reader)
{
    const uint64_t cores = reader.AsCount();
    if (cores == 0 || cores > MOST_CORES)
    {
        reader.Fail("'" + reader.Text() + "' cores", "1 to 1024");
    }
    m_cores.push_back({router, static_cast<uint32_t>(cores)});
}

void
ScenarioBuilder::SetCpu(ScenarioRouter& router) const
{
    if (const CostSetting* setting = FindSetting(m_costs, router))
    {
        router.costs = setting->costs;
    }
    if (const CoreSetting* setting = FindSetting(m_cores, router))
    {
        router.cores = setting->cores;
    }
}

} // namespace ike
} // namespace ns3
