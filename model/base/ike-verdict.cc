/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-verdict.h"

#include <array>

namespace ns3
{
namespace ike
{

std::string
ToString(DropReason r)
{
    static const std::array<const char*, DROP_REASON_COUNT> names{"none",
                                                                  "no-sa",
                                                                  "sequence-exhausted",
                                                                  "hard-volume",
                                                                  "unknown-spi",
                                                                  "malformed",
                                                                  "replayed",
                                                                  "too-old",
                                                                  "bad-icv",
                                                                  "wrong-outer-address",
                                                                  "selector-mismatch",
                                                                  "dummy",
                                                                  "ecn-mismatch",
                                                                  "clear-received"};
    return names.at(static_cast<size_t>(r));
}

std::string
ToString(VerdictAction a)
{
    static const std::array<const char*, 4> names{"accept", "bypass", "discard", "protect"};
    return names.at(static_cast<size_t>(a));
}

} // namespace ike
} // namespace ns3
