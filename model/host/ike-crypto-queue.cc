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

Time
CryptoCosts::OfPacket(uint32_t octets) const
{
    return perPacket + NanoSeconds(perOctet.GetNanoSeconds() * octets);
}

const std::vector<CryptoCosts>&
GetCryptoCostProfiles()
{
    static const std::vector<CryptoCosts> profiles = {
        {"none", Time(0), Time(0), Time(0)},
        {"software", MicroSeconds(200), NanoSeconds(1900), MilliSeconds(100)},
        {"accelerator", MicroSeconds(20), NanoSeconds(75), MilliSeconds(10)},
    };
    return profiles;
}

void
CryptoQueue::SetCosts(const CryptoCosts& costs)
{
    m_costs = costs;
}

const CryptoCosts&
CryptoQueue::GetCosts() const
{
    return m_costs;
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
    return m_jobs.size() < m_limit;
}

void
CryptoQueue::Submit(Time cost, std::function<void()> done)
{
    if (cost.IsZero() && m_jobs.empty())
    {
        done();
        return;
    }
    NS_LOG_LOGIC("job of " << cost.As(Time::US) << " behind " << m_jobs.size());
    m_jobs.push_back({cost, std::move(done)});
    m_busy += cost;
    m_mostWaiting = std::max(m_mostWaiting, static_cast<uint32_t>(m_jobs.size()));
    if (m_jobs.size() == 1)
    {
        Begin();
    }
}

void
CryptoQueue::Clear()
{
    m_event.Cancel();
    for (const Job& job : m_jobs)
    {
        m_busy -= job.cost;
    }
    m_jobs.clear();
}

void
CryptoQueue::Begin()
{
    m_event = Simulator::Schedule(m_jobs.front().cost, &CryptoQueue::Finish, this);
}

void
CryptoQueue::Finish()
{
    const Job job = std::move(m_jobs.front());
    m_jobs.pop_front();
    if (!m_jobs.empty())
    {
        Begin(); // first, for what follows may hand in jobs, or forget all of them
    }
    job.done();
}

Time
CryptoQueue::GetBusyTime() const
{
    return m_busy;
}

uint32_t
CryptoQueue::GetMostWaiting() const
{
    return m_mostWaiting;
}

} // namespace ike
} // namespace ns3
