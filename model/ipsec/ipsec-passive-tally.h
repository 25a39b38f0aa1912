/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_PASSIVE_TALLY_H
#define IPSEC_PASSIVE_TALLY_H

#include "ns3/ike-time.h"

#include <array>
#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/// What passive mode did at a node, and said, over all reloads.
struct PassiveTally
{
    /// Packets of one direction that went on in the clear, although a line asks for protection.
    struct Clear
    {
        uint64_t packets{0};         ///< so far
        std::optional<Instant> last; ///< when the last one did
    };

    /// Messages of one kind.
    struct Warnings
    {
        uint64_t count{0}; ///< so far
        std::string last;  ///< text of the last one
    };

    Clear sent;                       ///< left in the clear
    Clear accepted;                   ///< came in the clear, and were let in
    std::array<Warnings, 3> warnings; ///< by GateMessage::Kind
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_PASSIVE_TALLY_H
