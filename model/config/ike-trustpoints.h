/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TRUSTPOINTS_H
#define IKE_TRUSTPOINTS_H

#include "ike-router-config.h"

#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Reads the file of a reference, whose position says in which text it was named: relative names
/// count from the folder of that text. Nothing when there is no such file.
using ConfigFileReader = std::function<std::optional<Octets>(const NameReference& file)>;

/**
 * Read all files that a configuration names. This room touches no files itself.
 * @param config gets what is in them
 * @param read of the host
 * @return files that cannot be read, and names that stand for two different files
 */
std::vector<ConfigError> ReadConfigFiles(RouterConfig& config, const ConfigFileReader& read);
/// What is wrong with the trustpoints, as far as it can be seen without cryptography.
std::vector<ConfigError> CheckTrustpoints(const RouterConfig& config);
/// What the engine gets of a trustpoint; parts that are wrong or lacking are left out.
Trustpoint ResolveTrustpoint(const RouterConfig& config, const TrustpointText& text);
/// Can this end sign with it?
bool CanSign(const Trustpoint& trustpoint);
/// The trustpoint that an ISAKMP profile (or none) means: the one that it names, else the first by
/// name that can sign; null when there is none.
const TrustpointText* FindTrustpoint(const RouterConfig& config, const IsakmpProfileText* profile);

} // namespace ike
} // namespace ns3

#endif // IKE_TRUSTPOINTS_H
