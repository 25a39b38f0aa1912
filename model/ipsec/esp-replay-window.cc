/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "esp-replay-window.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

constexpr uint64_t WORD = 64;

/// Half of the numbers that 32 bits tell apart.
constexpr uint32_t HALF = 0x80000000;

} // namespace

EspReplayWindow::EspReplayWindow(uint32_t size)
    : m_size(size),
      m_seen(size == 0 ? 0 : (size + WORD - 1) / WORD + 1, 0)
{
}

uint64_t
EspReplayWindow::Infer(uint32_t low) const
{
    const uint32_t size = m_size == 0 ? HALF : m_size;
    const auto edge = static_cast<uint32_t>(m_highest);
    const auto high = static_cast<uint32_t>(m_highest >> 32);
    const uint32_t bottom = edge - (size - 1); // may wrap: then the window spans two subspaces
    const bool isWrapped = edge < size - 1;
    // Nothing lies below the first subspace, and nothing above the last.
    const bool isBefore = isWrapped && low >= bottom && high != 0;
    const bool isAfter = !isWrapped && low < bottom && high != 0xffffffff;
    const uint64_t subspace = high - (isBefore ? 1U : 0U) + (isAfter ? 1U : 0U);
    return subspace << 32 | low;
}

DropReason
EspReplayWindow::Check(uint64_t sequence) const
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
    return IsSeen(sequence) ? DropReason::Replayed : DropReason::None;
}

void
EspReplayWindow::Accept(uint64_t sequence)
{
    if (sequence > m_highest)
    {
        MoveTo(sequence);
    }
    if (m_highest - sequence < m_size)
    {
        m_seen[PlaceOf(sequence)] |= uint64_t{1} << sequence % WORD;
    }
}

void
EspReplayWindow::MoveTo(uint64_t sequence)
{
    // Consecutive words have distinct places, so a jump over all of them clears the ring.
    const uint64_t entering = std::min<uint64_t>(sequence / WORD - m_highest / WORD, m_seen.size());
    for (uint64_t i = 0; i < entering; i++)
    {
        m_seen[PlaceOf(sequence - i * WORD)] = 0;
    }
    m_highest = sequence;
}

size_t
EspReplayWindow::PlaceOf(uint64_t sequence) const
{
    return static_cast<size_t>(sequence / WORD % m_seen.size());
}

bool
EspReplayWindow::IsSeen(uint64_t sequence) const
{
    return (m_seen[PlaceOf(sequence)] >> sequence % WORD & 1) != 0;
}

uint64_t
EspReplayWindow::GetHighest() const
{
    return m_highest;
}

void
EspReplayWindow::AddTo(Fingerprint& fingerprint) const
{
    fingerprint.Add(m_size).Add(m_highest);
    uint64_t seen = 0;
    for (uint64_t back = 0; back < std::min<uint64_t>(m_size, m_highest); back++)
    {
        seen = seen << 1 | static_cast<uint64_t>(IsSeen(m_highest - back));
        if (back % WORD == WORD - 1)
        {
            fingerprint.Add(seen);
        }
    }
    fingerprint.Add(seen);
}

} // namespace ike
} // namespace ns3
