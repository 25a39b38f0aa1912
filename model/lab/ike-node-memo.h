/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NODE_MEMO_H
#define IKE_NODE_MEMO_H

#include "ike-world-node.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * What nodes did before: an exploration brings a node into the same state, and the same datagram to
 * it, in thousands of worlds that differ in what the other nodes and channels have. A step is a
 * pure function of the node, the moment and what comes, so the memo changes no result. It belongs
 * to one thread.
 */
class NodeMemo
{
  public:
    /// What came out of a step.
    struct Entry
    {
        std::shared_ptr<WorldNode> node; ///< afterwards; never written to while it is here
        StateKey key;                    ///< of the node afterwards
        NodeStep step;                   ///< what left it
    };

    /// @param limit entries; when they are full, all are forgotten
    explicit NodeMemo(size_t limit = 20000);

    /// What a stimulus is, with all that a step depends on but the state of the node. Nothing for
    /// one that is too rare to be remembered.
    static std::optional<StateKey> KeyOf(uint32_t node, Instant now, const Stimulus& stimulus);
    /// What is known for a key, or null. Good until the next Add().
    const Entry* Find(const StateKey& key) const;
    const Entry& Add(const StateKey& key, Entry entry);

    uint64_t GetHits() const;
    uint64_t GetMisses() const;

  private:
    /// A place of the table.
    struct Place
    {
        StateKey key; ///< of the step
        Entry entry;  ///< a null node: the place is free
    };

    size_t PlaceOf(const StateKey& key) const;

    std::vector<Place> m_places;  ///< open addressing
    size_t m_limit;               ///< entries
    size_t m_count{0};            ///< entries now
    mutable uint64_t m_hits{0};   ///< found
    mutable uint64_t m_misses{0}; ///< not found
};

} // namespace ike
} // namespace ns3

#endif // IKE_NODE_MEMO_H
