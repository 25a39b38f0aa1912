/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ranks.h"
#include "ike-runner.h"

#include <algorithm>

// The part of ScenarioRun that knows of other ranks.

namespace ns3
{
namespace ike
{

std::optional<uint32_t>
ScenarioRun::FindRank(const Scenario& scenario)
{
    const RankPlace place = IkeRanks::GetPlace();
    if (place.count == 1)
    {
        return std::nullopt;
    }
    const auto& ranks = scenario.ranks;
    const std::string started = std::to_string(place.count) + " processes share this run";
    if (ranks.ofNode.empty())
    {
        throw ScenarioError(TextPosition{scenario.file, 0, 0},
                            started + ", and the scenario has no 'ranks:'",
                            "'ranks:' that says which nodes belong to which process");
    }
    if (ranks.count != place.count)
    {
        throw ScenarioError(ranks.position,
                            started + ", and these are " + std::to_string(ranks.count) + " rank" +
                                (ranks.count == 1 ? "" : "s"),
                            "'mpirun -n " + std::to_string(ranks.count) + "', or '--ranks " +
                                std::to_string(ranks.count) + "'");
    }
    return place.own;
}

std::unique_ptr<RunFolder>
ScenarioRun::OpenFolder()
{
    std::unique_ptr<RunFolder> folder;
    std::string wrong;
    try
    {
        if (!m_options.out.empty() && m_rank.value_or(0) == 0)
        {
            folder = std::make_unique<RunFolder>(m_options.out);
            m_captures = folder->GetPath();
        }
    }
    catch (const RunError& e)
    {
        if (!m_rank)
        {
            throw;
        }
        wrong = e.what();
    }
    if (m_rank)
    {
        const std::string problem = IkeRanks::Exchange(wrong).front();
        m_captures = IkeRanks::Exchange(m_captures).front();
        if (!problem.empty())
        {
            throw SharedRunError(problem);
        }
    }
    return folder;
}

void
ScenarioRun::ShareRefusal()
{
    if (!m_rank)
    {
        return;
    }
    for (const auto& refusal : IkeRanks::Exchange(m_refusal))
    {
        if (!refusal.empty())
        {
            throw SharedRunError(refusal);
        }
    }
}

std::vector<RankPart>
ScenarioRun::ShareParts(const RankPart& own)
{
    if (!m_rank)
    {
        return {own};
    }
    if (*m_rank != 0)
    {
        IkeRanks::Send(WriteRankPart(own));
        std::string block;
        do
        {
            block = m_log->TakeBlock();
            IkeRanks::Send(block);
        } while (!block.empty());
        return {};
    }
    std::vector<RankPart> parts{own};
    const uint32_t ranks = IkeRanks::GetPlace().count;
    for (uint32_t rank = 1; rank < ranks; ++rank)
    {
        parts.push_back(ReadRankPart(IkeRanks::Receive(rank)));
    }
    PlayLogs(ranks);
    return parts;
}

void
ScenarioRun::PlayLogs(uint32_t ranks)
{
    std::vector<RankBlocks> logs{[this] { return m_log->TakeBlock(); }};
    for (uint32_t rank = 1; rank < ranks; ++rank)
    {
        logs.emplace_back([rank] { return IkeRanks::Receive(rank); });
    }
    RankAudience audience;
    audience.event = [this](const TimedEvent& event) { m_recorder.Record(event); };
    audience.packets = &m_ledger;
    audience.console = [this](const std::string& text) { m_console += text; };
    ReplayLogs(logs, audience);
}

} // namespace ike
} // namespace ns3
