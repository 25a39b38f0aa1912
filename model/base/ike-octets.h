/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_OCTETS_H
#define IKE_OCTETS_H

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace ike
{

/// Octets as they stand on the wire.
using Octets = std::vector<uint8_t>;

/// Lower-case hexadecimal without spaces.
std::string ToHex(const Octets& octets);
/// Octets of a hexadecimal text; nothing when it holds anything else or an odd number of digits.
std::optional<Octets> FromHex(std::string_view hex);
/// The octets of a text.
Octets ToOctets(std::string_view text);
/// Append one sequence to another.
void Append(Octets& to, const Octets& more);
/// All parts one after the other.
Octets Concat(std::initializer_list<Octets> parts);
/// An unsigned number in network order.
void AppendNumber(Octets& to, uint64_t value, unsigned width);
/// Overwrite a secret, also where the compiler sees that nobody reads it again; then it is empty.
void Wipe(Octets& octets);

} // namespace ike
} // namespace ns3

#endif // IKE_OCTETS_H
