/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CONFIG_FILES_H
#define IKE_CONFIG_FILES_H

#include "ns3/ike-router-config.h"

#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief Read the files that a configuration names (certificates, keys) from disk, once, before
 * the run: nothing touches files while simulated time goes on.
 *
 * A relative name counts from the folder of the text in which it stands.
 * @param config gets what is in the files
 * @return what cannot be read
 */
std::vector<ConfigError> ReadConfigFilesFromDisk(RouterConfig& config);

} // namespace ike
} // namespace ns3

#endif // IKE_CONFIG_FILES_H
