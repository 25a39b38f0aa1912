/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CROSSING_H
#define IKE_CROSSING_H

#include "ike-chooser.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Which two exchanges cross.
enum class CrossingKind : uint8_t
{
    MainModes,  ///< both ends begin phase 1: six messages each
    QuickModes, ///< both ends begin phase 2 under one ISAKMP SA: three messages each
};

/// An ordering of two crossing exchanges.
struct CrossingWord
{
    std::string word;  ///< "AABBAB...": whose exchange goes on by one message
    uint64_t words{0}; ///< so many words mean the same: only the order of independent steps differs
    DriveResult result; ///< its schedule and its end
};

/**
 * All orderings of two crossing exchanges that are not the same but for the order of independent
 * steps. Two steps are independent when their messages arrive at different ends. The word of a
 * class is the first of its words in the order of the alphabet.
 * @param start both ends have begun, and their first messages are in flight, nothing else
 * @param kind which exchanges
 * @param options for oracles and the end state
 */
std::vector<CrossingWord> EnumerateCrossings(const World& start,
                                             CrossingKind kind,
                                             const DriveOptions& options);
/// The classes of words alone: for each the first word, and how many there are.
std::vector<CrossingWord> EnumerateCrossingWords(CrossingKind kind);

} // namespace ike
} // namespace ns3

#endif // IKE_CROSSING_H
