/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// The folder of the vectors, empty when there is none.
std::string
VectorsFolder()
{
    const char* folder = std::getenv("IKE_VECTORS");
    return folder && std::filesystem::is_directory(folder) ? folder : "";
}

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

std::optional<nlohmann::json>
LoadVectors(const std::string& relativePath)
{
    const std::string folder = VectorsFolder();
    if (folder.empty())
    {
        SaySkippedOnce();
        return std::nullopt;
    }
    std::ifstream file(folder + "/" + relativePath);
    if (!file)
    {
        throw std::runtime_error("IKE_VECTORS has no file " + relativePath);
    }
    return nlohmann::json::parse(file);
}

Octets
HexOf(const nlohmann::json& object, const std::string& member)
{
    const auto octets = FromHex(object.value(member, ""));
    if (!octets)
    {
        throw std::runtime_error(member + " is not hexadecimal");
    }
    return *octets;
}

} // namespace tests
} // namespace ike
} // namespace ns3
