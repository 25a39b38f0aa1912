/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-flow-pace.h"

#include "ike-scenario-cut-text.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

FlowPace::FlowPace(std::shared_ptr<const ScenarioPace> pace,
                   Duration every,
                   Duration start,
                   const std::string& name)
    : m_pace(std::move(pace)),
      m_every(every),
      m_random(CreateObject<UniformRandomVariable>())
{
    m_random->SetStream(StreamOfName("flow " + name));
    m_phaseEnd = start.ns + Draw(m_pace->on, m_pace->onDraw);
}

int64_t
FlowPace::Draw(Duration fixed, const std::shared_ptr<const Distribution>& draw)
{
    return draw ? draw->GetSpan(m_random->GetValue(0, 1)).ns : fixed.ns;
}

Time
FlowPace::GetNext(Time now)
{
    // A distribution may have a zero; time would stand still.
    int64_t next = now.GetNanoSeconds() + std::max<int64_t>(1, Draw(m_every, m_pace->every));
    const bool hasPhases = m_pace->onDraw || Duration{} < m_pace->on;
    if (hasPhases && next >= m_phaseEnd)
    {
        next = std::max(now.GetNanoSeconds() + 1, m_phaseEnd + Draw(m_pace->off, m_pace->offDraw));
        m_phaseEnd = next + Draw(m_pace->on, m_pace->onDraw);
    }
    return NanoSeconds(next);
}

int64_t
StreamOfName(const std::string& name)
{
    constexpr uint64_t FIRST = uint64_t(1) << 61;
    return static_cast<int64_t>(FIRST | (MixBits(HashName(name)) >> 3));
}

} // namespace ike
} // namespace ns3
