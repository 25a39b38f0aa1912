/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_H
#define IKE_VECTORS_H

#include "ns3/ike-octets.h"

#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>
#include <string>

namespace ns3
{
namespace ike
{
namespace tests
{

/**
 * @file
 * The one place that reads files of independent test material: whole files, and members of their
 * JSON. Whatever is wrong with a file itself is a VectorError that says where.
 */

/// A file of vectors cannot be read or is not what its shape promises. Never a failed vector.
class VectorError : public std::runtime_error
{
  public:
    using std::runtime_error::runtime_error;
};

/// The folder that the environment variable IKE_VECTORS names; empty when it names none.
std::string VectorsFolder();
/// The octets of a file.
/// @throws VectorError when it cannot be read
Octets ReadOctetsOf(const std::string& path);
/// The JSON in a text.
/// @throws VectorError with line and column when it is none
nlohmann::json ParseJson(const std::string& text);

/**
 * A JSON file of the independent test material.
 * @param relativePath inside the folder of the vectors, "dh/rfc5903.json"
 * @return the file; nothing without such a folder, which is said once on the standard output: a
 *         test case then passes without having tested
 * @throws VectorError when the folder is there but the file is not, or is no JSON
 */
std::optional<nlohmann::json> LoadVectors(const std::string& relativePath);

/// The octets of a hexadecimal member; none when there is no such member, or it is null.
/// @throws VectorError when it is not hexadecimal
Octets HexOf(const nlohmann::json& object, const std::string& member);
/// The same for a member that must be there.
Octets NeedHex(const nlohmann::json& object, const std::string& member);
/// The octets of a hexadecimal text. @param what it is, for the error
Octets HexFrom(const std::string& text, const std::string& what);
/// A number that is written as one, or as "0x00ff", or as hexadecimal digits alone ("00ff").
uint32_t NumberOf(const nlohmann::json& object, const std::string& member);

/// Do something with each element of a list; errors in the file then name the element as
/// "tests[3]: ".
template <typename DO>
void
ForEach(const nlohmann::json& object, const std::string& member, DO&& what)
{
    size_t number = 0;
    try
    {
        for (const nlohmann::json& element : object.at(member))
        {
            what(element);
            ++number;
        }
    }
    catch (const VectorError& e)
    {
        throw VectorError(member + "[" + std::to_string(number) + "]: " + e.what());
    }
    catch (const nlohmann::json::exception& e)
    {
        throw VectorError(member + "[" + std::to_string(number) + "]: " + e.what());
    }
}

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_H
