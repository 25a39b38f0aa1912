/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_END_PATTERN_H
#define IKE_SCENARIO_END_PATTERN_H

#include "ns3/ike-end-state.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * What an end state shall be like, as people write it: "clean", "split, duplicate 0/1",
 * "IKE 2/2, CH 2/2". Commas, semicolons and blanks stand between words.
 */
struct EndPattern
{
    /// A number, or nothing for `*`: any.
    using Count = std::optional<uint32_t>;

    std::string text;                                 ///< as written
    std::set<EndClass> classes;                       ///< none: any
    std::optional<std::pair<Count, Count>> surplus{}; ///< of "duplicate N/M": ISAKMP SAs, pairs
    std::vector<Count> isakmp{};                      ///< of "IKE A/B", by node; none: any
    std::vector<Count> pairs{};                       ///< of "CH A/B", by node; none: any

    /// @return is the state like this, with no other classes? @param end of a schedule
    bool Matches(const EndState& end) const;
    /// @return is the state like this, whatever else it is? @param end of a schedule
    bool IsIn(const EndState& end) const;
    /// @return the nodes that it counts for; 0: it counts nothing
    size_t CountNodes() const;
};

/**
 * @param text a pattern
 * @return what it means
 * @throws std::invalid_argument saying what is wrong
 */
EndPattern ParseEndPattern(const std::string& text);
/// @return the class of a name, with blank or hyphen ("black-hole"). @param name of it
std::optional<EndClass> FindEndClass(const std::string& name);
/// @return "clean", "black-hole"...
std::vector<std::string> GetEndClassNames();

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_END_PATTERN_H
