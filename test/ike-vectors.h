/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_H
#define IKE_VECTORS_H

#include "ns3/ike-octets.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{
namespace tests
{

/**
 * A JSON file of the independent test material, whose folder the environment variable IKE_VECTORS
 * names.
 * @param relativePath inside that folder, "dh/rfc5903.json"
 * @return the file; nothing when the variable is not set or names no folder, which is said once on
 *         the standard output: a test case then passes without having tested
 * @throws std::runtime_error when the folder is there but the file is not, or is no JSON
 */
std::optional<nlohmann::json> LoadVectors(const std::string& relativePath);

/// The octets of a hexadecimal member; none when there is no such member.
/// @throws std::runtime_error when it is not hexadecimal
Octets HexOf(const nlohmann::json& object, const std::string& member);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_H
