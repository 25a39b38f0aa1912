/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-replay-window.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

EspReplayWindow::EspReplayWindow(uint32_t size)
    : m_size(size),
      m_seen(size, false)
{
}

DropReason
EspReplayWindow::Check(uint32_t sequence) const
{
    if (m_size == 0 || sequence > m_highest)
    {
        return DropReason::None;
    }
    // RFC 4303 3.3.3: the first number is 1, so 0 lies left of every window.
    if (sequence == 0 || m_highest - sequence >= m_size)
    {
        return DropReason::TooOld;
    }
    return m_seen[sequence % m_size] ? DropReason::Replayed : DropReason::None;
}

void
EspReplayWindow::Accept(uint32_t sequence)
{
    if (sequence > m_highest)
    {
        MoveTo(sequence);
    }
    if (m_highest - sequence < m_size)
    {
        m_seen[sequence % m_size] = true;
    }
}

void
EspReplayWindow::MoveTo(uint32_t sequence)
{
    // Consecutive numbers have distinct places, so a jump of the size or more clears the ring.
    const uint32_t entering = std::min(sequence - m_highest, m_size);
    for (uint32_t i = 0; i < entering; i++)
    {
        m_seen[(sequence - i) % m_size] = false;
    }
    m_highest = sequence;
}

uint32_t
EspReplayWindow::GetHighest() const
{
    return m_highest;
}

void
EspReplayWindow::AddTo(Fingerprint& fingerprint) const
{
    fingerprint.Add(m_size).Add(m_highest);
    uint64_t seen = 0;
    for (uint32_t back = 0; back < std::min(m_size, m_highest); back++)
    {
        seen = seen << 1 | static_cast<uint64_t>(m_seen[(m_highest - back) % m_size]);
        if (back % 64 == 63)
        {
            fingerprint.Add(seen);
        }
    }
    fingerprint.Add(seen);
}

} // namespace ike
} // namespace ns3
