/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-config-files.h"

#include "ns3/ike-trustpoints.h"

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
    std::ifstream file(folder + reference.name, std::ios::binary);
    std::ostringstream content;
    if (!file || !(content << file.rdbuf()))
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
