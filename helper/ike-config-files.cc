/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-files.h"

#include "ns3/ike-trustpoints.h"

#include <filesystem>
#include <fstream>
#include <sstream>

namespace ns3
{
namespace ike
{

namespace
{

/// A file beside the text that names it.
std::optional<Octets>
ReadBeside(const NameReference& reference)
{
    const std::string& text = reference.position.file;
    const size_t slash = text.find_last_of('/');
    const bool isAbsolute = reference.name.front() == '/';
    const std::string folder =
        isAbsolute || slash == std::string::npos ? "" : text.substr(0, slash + 1);
    const std::string path = folder + reference.name;
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    std::error_code error;
    // A device may have no end.
    const bool isFile = std::filesystem::is_regular_file(path, error);
    if (!file || !isFile || !(content << file.rdbuf()))
    {
        return std::nullopt;
    }
    return ToOctets(content.str());
}

} // namespace

std::vector<ConfigError>
ReadConfigFilesFromDisk(RouterConfig& config)
{
    return ReadConfigFiles(config, ReadBeside);
}

} // namespace ike
} // namespace ns3
