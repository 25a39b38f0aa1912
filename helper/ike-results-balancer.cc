/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-results.h"

#include <map>
#include <set>
#include <string>

namespace ns3
{
namespace ike
{

namespace
{

/// How many pairs each hub has with a client; a hub may know it by several addresses.
class ClientClock
{
  public:
    /// A curve changes. @param hub whose @param by so many pairs more @param time when
    void Step(const std::string& hub, int64_t by, Instant time)
    {
        const bool wasAtTwo = m_hubs >= 2;
        int64_t& pairs = m_pairs[hub];
        m_hubs -= pairs > 0 ? 1 : 0;
        pairs += by;
        m_hubs += pairs > 0 ? 1 : 0;
        const bool isAtTwo = m_hubs >= 2;
        if (isAtTwo && !wasAtTwo)
        {
            m_since = time;
        }
        else if (!isAtTwo && wasAtTwo)
        {
            m_total = m_total + (time - m_since);
        }
    }

    /// @param end of the run @return so long it had pairs at two hubs
    Duration GetTotal(Instant end) const
    {
        return m_hubs >= 2 ? m_total + (end - m_since) : m_total;
    }

  private:
    std::map<std::string, int64_t> m_pairs; ///< by hub
    int m_hubs{0};                          ///< with pairs
    Instant m_since;                        ///< when the second one got its pair
    Duration m_total;                       ///< of times that are over
};

/// A step of a curve.
struct CurveStep
{
    std::string hub; ///< whose
    int64_t by{0};   ///< so many pairs more
};

/// All steps that concern a client, by time.
using ClientSteps = std::multimap<Instant, CurveStep>;

/// @param end a hub @param clients get the steps of its curves
void
CollectSteps(const EndResult& end, std::map<std::string, ClientSteps>& clients)
{
    for (const auto& peer : end.peers)
    {
        int64_t before = 0;
        for (const auto& point : peer.account.pairsAlive)
        {
            clients[peer.name].emplace(point.time, CurveStep{end.name, point.value - before});
            before = point.value;
        }
    }
}

} // namespace

void
CountClientsAtTwoHubs(RunResults& results, Instant end)
{
    for (auto& balancer : results.balancers)
    {
        std::set<std::string> hubs;
        for (const auto& hub : balancer.hubs)
        {
            hubs.insert(hub.name);
        }
        std::map<std::string, ClientSteps> clients;
        for (const auto& router : results.ends)
        {
            if (hubs.count(router.name) != 0)
            {
                CollectSteps(router, clients);
            }
        }
        Duration total;
        for (const auto& [name, steps] : clients)
        {
            ClientClock clock;
            for (const auto& [time, step] : steps)
            {
                clock.Step(step.hub, step.by, time);
            }
            const Duration own = clock.GetTotal(end);
            balancer.clientsAtTwoHubs += own > Duration() ? 1 : 0;
            total = total + own;
        }
        balancer.clientsAtTwoHubsSeconds = total.ToSeconds();
    }
}

} // namespace ike
} // namespace ns3
