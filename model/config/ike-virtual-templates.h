/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VIRTUAL_TEMPLATES_H
#define IKE_VIRTUAL_TEMPLATES_H

#include "ike-router-config.h"

#include <string>
#include <vector>

/**
 * @file
 * Virtual templates: `interface Virtual-TemplateN type tunnel`, chosen by `virtual-template N` of
 * an ISAKMP profile. To the engine each one is a template connection per profile and per address at
 * which peers may come.
 */
namespace ns3
{
namespace ike
{

/// The texts by which RouterConfig::policyIds knows the templates; the same for as long as one is
/// there.
std::vector<std::string> ListTemplateKeys(const RouterConfig& config);
/// The templates. The configuration has its ids (AssignPolicyIds()).
std::vector<ConnectionConfig> ResolveVirtualTemplates(const RouterConfig& config);
/// `virtual-template N` without its interface.
void CheckTemplateReferences(const RouterConfig& config, std::vector<ConfigError>& errors);
/// What is still missing before the virtual templates can work, or cannot be.
void CheckTemplateCompleteness(const RouterConfig& config, std::vector<ConfigError>& errors);
/// The administrative distance of the routes of virtual-access interfaces (`set reverse-route
/// distance`).
unsigned FindReverseRouteDistance(const RouterConfig& config, const InterfaceText& virtualTemplate);

} // namespace ike
} // namespace ns3

#endif // IKE_VIRTUAL_TEMPLATES_H
