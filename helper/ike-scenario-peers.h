/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_PEERS_H
#define IKE_SCENARIO_PEERS_H

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Who are the peers of a member of a group: the words of `which:`.
struct PeerRule
{
    /// The words.
    enum class Kind : uint8_t
    {
        All,        ///< all of the other group; of the own one all others
        Others,     ///< the same, for the own group alone
        Partial,    ///< a number of neighbours in a ring, as many on both sides
        Ring,       ///< the two neighbours in a ring
        Next,       ///< in a chain; the last one has none
        Previous,   ///< in a chain; the first one has none
        Neighbours, ///< both of these
        Before,     ///< all with a lower number
        After,      ///< all with a higher one
        Homes,      ///< a number of hubs: the own one and those behind it
        Mine,       ///< the inverse: those whose hub this one is
    };

    Kind kind{Kind::All}; ///< which word
    size_t number{1};     ///< behind it

    /// @return nothing when it is no such word. @param text "all", "homes 2"
    static std::optional<PeerRule> Parse(const std::string& text);
    /// @return all words, for errors
    static std::string Describe();
    /**
     * @param own members of the group
     * @param other members of the group that is looked at
     * @param same are they one group?
     * @return why the rule cannot be followed; empty when it can
     */
    std::string FindFault(size_t own, size_t other, bool same) const;
    /**
     * @param self a member, from 0 on
     * @param own members of its group
     * @param other members of the group that is looked at
     * @param same are they one group?
     * @return its peers there, from 0 on: the home first, otherwise by number
     */
    std::vector<size_t> FindPeers(size_t self, size_t own, size_t other, bool same) const;
};

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_PEERS_H
