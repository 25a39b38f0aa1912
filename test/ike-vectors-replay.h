/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_REPLAY_H
#define IKE_VECTORS_REPLAY_H

#include "ike-vectors-exchange.h"

#include "ns3/ike-engine-config.h"
#include "ns3/ike-random.h"

namespace ns3
{
namespace ike
{
namespace tests
{

/// The one tunnel of a replay.
constexpr ConnectionId REPLAY_CONNECTION = 1;

/// What an engine is told so that it can be one end of a recorded exchange.
struct ReplaySetup
{
    EngineConfig config;                     ///< the meaning of what that end offered or chose
    RecordedRandom random;                   ///< its cookies, nonces, private values, SPIs, IDs
    std::map<Octets, Octets> unknownPrivate; ///< by name: private values that were not recorded
    std::vector<std::string> notes;          ///< what was taken over beyond inputs
};

/// Take from a recorded exchange all that its messages and secrets say about one end.
ReplaySetup MakeReplaySetup(CryptoProvider& crypto, const Exchange& exchange, Side role);
/// Why an exchange cannot be replayed at all; empty when it can.
std::string WhyNotReplayed(const Exchange& exchange);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_REPLAY_H
