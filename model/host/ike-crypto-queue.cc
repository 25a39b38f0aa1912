/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-queue.h"

#include "ns3/log.h"
#include "ns3/simulator.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IkeCryptoQueue");

void
CryptoQueue::SetCosts(std::shared_ptr<const CryptoCosts> costs)
{
    m_costs = std::move(costs);
}

const CryptoCosts&
CryptoQueue::GetCosts() const
{
    static const CryptoCosts ideal;
    return m_costs ? *m_costs : ideal;
}

std::shared_ptr<const CryptoCosts>
CryptoQueue::ShareCosts() const
{
    return m_costs;
}

bool
CryptoQueue::IsIdeal() const
{
    return !m_costs || m_costs->IsIdeal();
}

void
CryptoQueue::SetCores(uint32_t cores)
{
    m_usage.cores = cores;
}

uint32_t
CryptoQueue::GetCores() const
{
    return m_usage.cores;
}

void
CryptoQueue::SetLimit(uint32_t limit)
{
    m_limit = limit;
}

uint32_t
CryptoQueue::GetLimit() const
{
    return m_limit;
}

bool
CryptoQueue::HasRoom() const
{
    return m_waiting.size() + m_running.size() < m_limit;
}

void
CryptoQueue::CountDropped()
{
    ++m_usage.dropped;
}

bool
CryptoQueue::IsDoneAtOnce(const CpuTime& cost) const
{
    return cost.Total() == 0 && m_waiting.empty() && m_running.size() < m_usage.cores;
}

void
CryptoQueue::Submit(const CpuTime& cost, std::function<void()> done)
{
    if (IsDoneAtOnce(cost))
    {
        done();
        return;
    }
    SubmitOpen([cost]() { return cost; }, std::move(done));
}

void
CryptoQueue::SubmitOpen(std::function<CpuTime()> begin, std::function<void()> done)
{
    NS_LOG_LOGIC("a job behind " << m_waiting.size() << " and " << m_running.size());
    m_waiting.push_back({std::move(begin), std::move(done), Simulator::Now()});
    m_usage.mostWaiting =
        std::max(m_usage.mostWaiting, static_cast<uint32_t>(m_waiting.size() + m_running.size()));
    Begin();
}

void
CryptoQueue::Begin()
{
    while (!m_waiting.empty() && m_running.size() < m_usage.cores)
    {
        Job job = std::move(m_waiting.front());
        m_waiting.pop_front();
        m_usage.longestWait =
            std::max(m_usage.longestWait, (Simulator::Now() - job.since).GetNanoSeconds());
        // The place is taken first: what begins may hand in more.
        const uint64_t number = ++m_begun;
        Running& running = m_running[number];
        running.done = std::move(job.done);
        const CpuTime cost = job.begin();
        const Time length = NanoSeconds(cost.Total());
        running.cost = cost;
        running.end = Simulator::Now() + length;
        running.event = Simulator::Schedule(length, &CryptoQueue::Finish, this, number);
        m_usage.busy += cost;
    }
}

void
CryptoQueue::Finish(uint64_t number)
{
    const auto found = m_running.find(number);
    const std::function<void()> done = std::move(found->second.done);
    m_running.erase(found);
    Begin(); // first, for what follows may hand in jobs, or forget all of them
    done();
}

CpuTime
CryptoQueue::GetRest(const Running& job)
{
    // Its kinds of work are taken to be done in the order in which they are numbered.
    int64_t over = job.cost.Total() - (job.end - Simulator::Now()).GetNanoSeconds();
    CpuTime rest = job.cost;
    for (int64_t& part : rest.ns)
    {
        const int64_t done = std::clamp<int64_t>(over, 0, part);
        over -= done;
        part -= done;
    }
    return rest;
}

void
CryptoQueue::Clear()
{
    for (auto& [number, job] : m_running)
    {
        job.event.Cancel();
        m_usage.busy -= GetRest(job);
    }
    m_running.clear();
    m_waiting.clear();
}

CpuUsage
CryptoQueue::GetUsage() const
{
    CpuUsage usage = m_usage;
    for (const auto& [number, job] : m_running)
    {
        usage.busy -= GetRest(job);
    }
    return usage;
}

} // namespace ike
} // namespace ns3
