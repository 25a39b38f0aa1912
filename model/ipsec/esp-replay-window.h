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

/// The anti-replay window of an inbound SA (RFC 4303 3.4.3), of any size in packets.
class EspReplayWindow
{
  public:
    /// @param size packets; 0: no check
    explicit EspReplayWindow(uint32_t size = 64);

    /// None when the number is new and within the window, else Replayed or TooOld. Changes nothing:
    /// the window may only move after the integrity check.
    DropReason Check(uint32_t sequence) const;
    /// Book a number whose packet has passed the integrity check.
    void Accept(uint32_t sequence);
    /// The highest number accepted so far.
    uint32_t GetHighest() const;
    /// Add all that decides about later packets: size, right edge, and what was seen left of it.
    void AddTo(Fingerprint& fingerprint) const;

  private:
    /// Move the right edge; the numbers that enter the window have not been seen.
    void MoveTo(uint32_t sequence);

    uint32_t m_size;          ///< packets
    uint32_t m_highest{0};    ///< right edge
    std::vector<bool> m_seen; ///< ring, indexed by number modulo size
};

} // namespace ike
} // namespace ns3

#endif // ESP_REPLAY_WINDOW_H
