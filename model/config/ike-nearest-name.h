/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_NEAREST_NAME_H
#define IKE_NEAREST_NAME_H

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// How many letters must be inserted, deleted, replaced or swapped with their neighbour to make
/// one word of the other; upper and lower case are the same.
unsigned GetEditDistance(const std::string& a, const std::string& b);
/// The name that was probably meant; empty when none is near.
std::string FindNearestName(const std::string& name, const std::vector<std::string>& names);
/// "did you mean 'x'?", empty when none is near.
std::string MakeNearestHint(const std::string& name, const std::vector<std::string>& names);
/// "a", "a or b", "a, b or c"
std::string JoinAlternatives(const std::vector<std::string>& names);
/// Lower case of ASCII letters, whatever the locale.
std::string ToLowerCase(std::string text);

} // namespace ike
} // namespace ns3

#endif // IKE_NEAREST_NAME_H
