/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef ESP_REPLAY_WINDOW_H
#define ESP_REPLAY_WINDOW_H

#include "ns3/ike-fingerprint.h"
#include "ns3/ike-verdict.h"

#include <cstdint>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * The anti-replay window of an inbound SA (RFC 4303 3.4.3), of any size in packets.
 *
 * A ring of words of 64 numbers each, one word more than the size needs, so that the right edge
 * moves by clearing whole words (RFC 6479). The size is exact all the same.
 */
class EspReplayWindow
{
  public:
    /// @param size packets; 0: no check
    explicit EspReplayWindow(uint32_t size = 64);

    /// The whole of an extended number of which a packet shows the low 32 bits (RFC 4303 appendix
    /// A2.1): within the window or right of it. Without a window, the one nearest to the right
    /// edge.
    uint64_t Infer(uint32_t low) const;
    /// None when the number is new and within the window, else Replayed or TooOld. Changes nothing:
    /// the window may only move after the integrity check.
    DropReason Check(uint64_t sequence) const;
    /// Book a number whose packet has passed the integrity check.
    void Accept(uint64_t sequence);
    /// The highest number accepted so far.
    uint64_t GetHighest() const;
    /// Add all that decides about later packets: size, right edge, and what was seen left of it.
    void AddTo(Fingerprint& fingerprint) const;

  private:
    /// Move the right edge; the numbers that enter the window have not been seen.
    void MoveTo(uint64_t sequence);
    /// The word that has the bit of a number.
    size_t PlaceOf(uint64_t sequence) const;
    bool IsSeen(uint64_t sequence) const;

    uint32_t m_size;              ///< packets
    uint64_t m_highest{0};        ///< right edge
    std::vector<uint64_t> m_seen; ///< ring of words, indexed by number / 64
};

} // namespace ike
} // namespace ns3

#endif // ESP_REPLAY_WINDOW_H
