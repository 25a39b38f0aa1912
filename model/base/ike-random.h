/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RANDOM_H
#define IKE_RANDOM_H

#include "ike-address.h"
#include "ike-octets.h"

#include <array>
#include <cstdint>
#include <deque>
#include <map>

namespace ns3
{
namespace ike
{

/// The one secret of a node from which all of its random values follow. Supplied by the host.
struct RandomKey
{
    std::array<uint8_t, 32> octets{}; ///< 256 bits
};

/// What a random value is for. Part of its address, so that two purposes never share a value.
enum class RandomPurpose : uint8_t
{
    Cookie = 1,
    Nonce,
    DhPrivate,
    Spi,
    MessageId,
    EspIv,
    Jitter,
    LivenessNumber, ///< the first number of RFC 3706 5.4
};

/**
 * The address of a random value.
 *
 * A value is a pure function of (key, label): it does not depend on what else was drawn before, so
 * one changed exchange leaves all other values as they were. crypto/ike-keyed-random.h does it.
 */
struct RandomLabel
{
    RandomPurpose purpose{RandomPurpose::Cookie}; ///< what for
    IpAddress peer;                               ///< with whom
    Octets context;                               ///< which exchange: ordinal, or the peer's cookie
    uint64_t counter{0};                          ///< which value of its kind
};

/**
 * Values that were recorded elsewhere, to be drawn in place of keyed ones: for each purpose in the
 * order of use. For the replay of a recorded exchange. A recorded value has its own length, which
 * may differ from the one asked for (nonces: RFC 2409 5 allows 8 to 256 octets).
 */
struct RecordedRandom
{
    std::map<RandomPurpose, std::deque<Octets>> values; ///< what is left of them
};

} // namespace ike
} // namespace ns3

#endif // IKE_RANDOM_H
