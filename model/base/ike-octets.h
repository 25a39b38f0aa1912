/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_OCTETS_H
#define IKE_OCTETS_H

#include <array>
#include <cstdint>
#include <initializer_list>
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

/// Octets of somebody else, as an argument alone: nothing is copied, and nothing may be kept.
struct OctetsView
{
    const uint8_t* data{nullptr}; ///< the first one
    size_t size;                  ///< how many

    OctetsView(const uint8_t* first, size_t count)
        : data(first),
          size(count)
    {
    }

    // these convert, so that whatever has octets can stand in the list of Concat()
    OctetsView(const Octets& octets)
        : data(octets.data()),
          size(octets.size())
    {
    }

    OctetsView(std::initializer_list<uint8_t> octets)
        : size(octets.size())
    {
        data = octets.begin(); // lives as long as the expression in which the braces stand
    }

    template <size_t N>
    OctetsView(const std::array<uint8_t, N>& octets)
        : data(octets.data()),
          size(N)
    {
    }
};

/// All parts one after the other.
Octets Concat(std::initializer_list<OctetsView> parts);
/// An unsigned number in network order.
void AppendNumber(Octets& to, uint64_t value, unsigned width);
/// Overwrite a secret, also where the compiler sees that nobody reads it again; then it is empty.
void Wipe(Octets& octets);

} // namespace ike
} // namespace ns3

#endif // IKE_OCTETS_H
