/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

void
SaySkippedOnce()
{
    static bool said = false;
    if (!said)
    {
        std::cout << "SKIPPED ike-vectors: set IKE_VECTORS to the folder of the vectors"
                  << std::endl;
    }
    said = true;
}

} // namespace

std::string
VectorsFolder()
{
    const char* folder = std::getenv("IKE_VECTORS");
    return folder && std::filesystem::is_directory(folder) ? folder : "";
}

Octets
ReadOctetsOf(const std::string& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file)
    {
        throw VectorError("it cannot be opened");
    }
    const Octets octets{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
    if (file.bad())
    {
        throw VectorError("it cannot be read");
    }
    return octets;
}

nlohmann::json
ParseJson(const std::string& text)
{
    try
    {
        return nlohmann::json::parse(text);
    }
    catch (const nlohmann::json::parse_error& e)
    {
        // "[json.exception.parse_error.101] parse error at line 3, column 5: syntax error ..."
        const std::string what = e.what();
        const size_t place = what.find("line ");
        throw VectorError(place == std::string::npos ? what : what.substr(place));
    }
}

std::optional<nlohmann::json>
LoadVectors(const std::string& relativePath)
{
    const std::string folder = VectorsFolder();
    if (folder.empty())
    {
        SaySkippedOnce();
        return std::nullopt;
    }
    const Octets octets = ReadOctetsOf(folder + "/" + relativePath);
    return ParseJson(std::string(octets.begin(), octets.end()));
}

Octets
HexFrom(const std::string& text, const std::string& what)
{
    const auto octets = FromHex(text);
    if (!octets)
    {
        throw VectorError(what + " is not hexadecimal");
    }
    return *octets;
}

Octets
HexOf(const nlohmann::json& object, const std::string& member)
{
    if (!object.contains(member) || object.at(member).is_null())
    {
        return {};
    }
    return NeedHex(object, member);
}

Octets
NeedHex(const nlohmann::json& object, const std::string& member)
{
    return HexFrom(object.at(member).get<std::string>(), member);
}

uint32_t
NumberOf(const nlohmann::json& object, const std::string& member)
{
    const nlohmann::json& value = object.at(member);
    if (value.is_number())
    {
        return value.get<uint32_t>();
    }
    const std::string text = value.get<std::string>();
    const bool prefixed = text.compare(0, 2, "0x") == 0;
    const std::string digits = prefixed ? text.substr(2) : text;
    if (digits.empty() || digits.size() > 8 ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos)
    {
        throw VectorError(member + " is not a number of 32 bits");
    }
    return static_cast<uint32_t>(std::stoul(digits, nullptr, 16));
}

} // namespace tests
} // namespace ike
} // namespace ns3
