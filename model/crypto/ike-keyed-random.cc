/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-keyed-random.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets of a serialised label beside peer and context, the number of a block included.
constexpr size_t PREFIX_LENGTH = 18;

/// What is hashed for a label. Both parts of variable length carry their length, so no two labels
/// give the same octets.
Octets
SerialiseLabel(const RandomLabel& label)
{
    const OctetsView peer = label.peer.View();
    Octets out;
    out.reserve(PREFIX_LENGTH + peer.size + label.context.size());
    AppendNumber(out, static_cast<uint8_t>(label.purpose), 1);
    AppendNumber(out, peer.size, 1);
    out.insert(out.end(), peer.data, peer.data + peer.size);
    AppendNumber(out, label.context.size(), 4);
    Append(out, label.context);
    AppendNumber(out, label.counter, 8);
    return out;
}

} // namespace

Octets
KeyedRandom(CryptoProvider& provider, const RandomKey& key, const RandomLabel& label, size_t length)
{
    const Octets hmacKey(key.octets.begin(), key.octets.end());
    Octets input = SerialiseLabel(label);
    const size_t prefix = input.size();
    Octets out;
    for (uint32_t block = 0; out.size() < length; block++)
    {
        input.resize(prefix);
        AppendNumber(input, block, 4);
        Octets drawn = provider.Draw(hmacKey, input);
        if (block == 0)
        {
            out = std::move(drawn); // most values are no longer
        }
        else
        {
            Append(out, drawn);
        }
    }
    out.resize(length);
    return out;
}

AesBlock
KeyedSeries(CryptoProvider& provider, const RandomKey& key, const RandomLabel& label)
{
    AesBlock series{};
    const Octets octets = KeyedRandom(provider, key, label, series.size());
    std::copy(octets.begin(), octets.end(), series.begin());
    return series;
}

AesBlock
KeyedBlock(CryptoProvider& provider, const AesBlock& series, uint64_t number)
{
    AesBlock block{};
    for (size_t i = 0; i < 8; i++)
    {
        block[block.size() - 1 - i] = static_cast<uint8_t>(number >> 8 * i);
    }
    return provider.DrawBlock(series, block);
}

std::optional<Octets>
TakeRecorded(RecordedRandom& recorded, RandomPurpose purpose)
{
    const auto found = recorded.values.find(purpose);
    if (found == recorded.values.end() || found->second.empty())
    {
        return std::nullopt;
    }
    Octets value = std::move(found->second.front());
    found->second.pop_front();
    return value;
}

uint64_t
KeyedRandomBelow(CryptoProvider& provider,
                 const RandomKey& key,
                 const RandomLabel& label,
                 uint64_t bound)
{
    if (bound == 0)
    {
        throw std::invalid_argument("KeyedRandomBelow: there is no number below 0");
    }
    uint64_t number = 0;
    for (uint8_t octet : KeyedRandom(provider, key, label, 8))
    {
        number = number << 8 | octet;
    }
    // The bias is below bound / 2^64: nothing for the bounds that jitter asks for.
    return number % bound;
}

} // namespace ike
} // namespace ns3
