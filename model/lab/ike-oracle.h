/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_ORACLE_H
#define IKE_ORACLE_H

#include "ike-end-state.h"
#include "ike-move.h"
#include "ike-world.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// When an oracle is asked.
enum class OracleMoment : uint8_t
{
    Move, ///< after each move
    Rest, ///< when a world has settled
};

/// Where oracles draw their lines. Named knobs with defaults.
struct OracleKnobs
{
    uint32_t pairsPerSelector{4}; ///< living pairs of one connection at one end
    uint32_t isakmpPerPeer{4};    ///< established ISAKMP SAs with one peer at one end
    uint32_t attemptsPerPeer{16}; ///< phase 1 attempts and running quick modes at one end
    uint32_t datagrams{64};       ///< in flight at once
    bool strict{true};            ///< packets in the clear count as failures (no passive mode)
};

/// What an oracle looks at.
struct OracleView
{
    const World& before;         ///< before the move; at rest: before it settled
    const World& after;          ///< now; its log has the events of the move alone
    const Move* move;            ///< which; at rest: none
    const SettleReport* settled; ///< at rest
    const EndState* end;         ///< at rest
    const OracleKnobs& knobs;    ///< lines
};

/// One rule that must hold.
struct Oracle
{
    std::string name;                             ///< "black-hole"
    OracleMoment moment;                          ///< when it is asked
    std::string help;                             ///< a sentence
    std::string (*check)(const OracleView& view); ///< an empty text, or what is wrong
    bool usual{true};                             ///< asked unless it is switched off
};

/// All oracles, in a fixed order.
const std::vector<Oracle>& GetOracles();
/// The names of those that are asked unless somebody says otherwise.
std::vector<std::string> GetUsualOracles();
/// An oracle by name. @throws std::invalid_argument with the nearest name
const Oracle& FindOracle(const std::string& name);

/// An oracle that did not hold.
struct Violation
{
    std::string oracle; ///< its name
    std::string text;   ///< what is wrong
};

/**
 * Ask oracles.
 * @param names of oracles; those of the other moment are passed over
 * @param moment which moment it is
 * @param view what they look at
 * @return those that did not hold
 */
std::vector<Violation> AskOracles(const std::vector<std::string>& names,
                                  OracleMoment moment,
                                  const OracleView& view);

} // namespace ike
} // namespace ns3

#endif // IKE_ORACLE_H
