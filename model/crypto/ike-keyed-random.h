/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_KEYED_RANDOM_H
#define IKE_KEYED_RANDOM_H

#include "ike-crypto.h"

#include "ns3/ike-random.h"

#include <optional>

namespace ns3
{
namespace ike
{

/**
 * The octets of a random value: HMAC-SHA-256 of its label in counter mode.
 * @param provider does the HMAC
 * @param key the node's key
 * @param label the value's address
 * @param length how many octets
 * @return always the same octets for the same arguments
 */
Octets KeyedRandom(CryptoProvider& provider,
                   const RandomKey& key,
                   const RandomLabel& label,
                   size_t length);

/// The next recorded value for a purpose, which is taken out; nothing when none is left.
std::optional<Octets> TakeRecorded(RecordedRandom& recorded, RandomPurpose purpose);

/// A number in [0, bound), by rejection of nothing: 64 bits modulo bound.
uint64_t KeyedRandomBelow(CryptoProvider& provider,
                          const RandomKey& key,
                          const RandomLabel& label,
                          uint64_t bound);

} // namespace ike
} // namespace ns3

#endif // IKE_KEYED_RANDOM_H
