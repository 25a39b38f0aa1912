/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_EXPLORE_GRAPH_H
#define IKE_EXPLORE_GRAPH_H

#include "ike-move.h"

#include "ns3/ike-state-hash.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// Numbers keys in the order in which they come: a table that is asked for each transition, and
/// that nobody can walk through.
class KeyTable
{
  public:
    KeyTable();

    /// The number of a key, or nothing.
    std::optional<uint32_t> Find(const StateKey& key) const;
    /// Its number, a new one when it is new, and whether it is.
    std::pair<uint32_t, bool> Insert(const StateKey& key);
    size_t GetCount() const;

  private:
    /// A place of the table.
    struct Place
    {
        StateKey key;       ///< of a state
        uint32_t number{0}; ///< 0: free; else the number, plus 1
    };

    size_t PlaceOf(const StateKey& key) const;
    void Grow();

    std::vector<Place> m_places; ///< open addressing, a power of two of them
    uint32_t m_count{0};         ///< keys
};

/**
 * What an exploration remembers of states that it has left: who came from whom by which move.
 */
class ExploreGraph
{
  public:
    /// The state from which all begins; it has the number 0.
    ExploreGraph();

    /// A new state. @return its number
    uint32_t AddState(uint32_t parent, const Move& move);
    /// A transition, to a new state or a known one. In the order of `from`.
    void AddEdge(uint32_t from, uint32_t to);
    /// How a state was reached first: one of the shortest ways.
    Moves PathTo(uint32_t state) const;
    uint32_t GetDepth(uint32_t state) const;
    size_t GetCount() const;
    /// For each state the number of ways to it; all infinite when there is a cycle.
    std::vector<double> CountPaths() const;

  private:
    /// A state.
    struct Node
    {
        uint32_t parent{0}; ///< from where it was reached first
        uint32_t move{0};   ///< by which move: an index
        uint32_t depth{0};  ///< moves on that way
    };

    std::vector<Node> m_nodes;                          ///< by number
    std::vector<std::pair<uint32_t, uint32_t>> m_edges; ///< from, to
    std::vector<Move> m_moves;                          ///< different ones
    std::map<std::string, uint32_t> m_moveIndex;        ///< of the same, by word
};

} // namespace ike
} // namespace ns3

#endif // IKE_EXPLORE_GRAPH_H
