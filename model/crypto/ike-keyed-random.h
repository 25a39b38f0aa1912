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

/// The key of a series of blocks: what KeyedBlock() makes of it costs a fiftieth of KeyedRandom().
/// @param provider does the HMAC @param key the node's key @param label the address of the series
/// @return always the same octets for the same arguments
AesBlock KeyedSeries(CryptoProvider& provider, const RandomKey& key, const RandomLabel& label);
/// A block of a series: its number, encrypted with AES-128 (NIST SP 800-38A, appendix C). No two
/// are alike, and nobody foretells one from others.
/// @param provider does the encryption @param series from KeyedSeries() @param number which block
/// @return always the same octets for the same arguments
AesBlock KeyedBlock(CryptoProvider& provider, const AesBlock& series, uint64_t number);

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
