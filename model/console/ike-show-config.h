/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SHOW_CONFIG_H
#define IKE_SHOW_CONFIG_H

#include "ns3/ike-router-config.h"

#include <string>

namespace ns3
{
namespace ike
{

/// `show crypto isakmp key`: whose keys there are. Unlike in IOS the keys themselves are not shown:
/// `show running-config` alone does that.
std::string ShowCryptoIsakmpKey(const RouterConfig& config);
/// `show crypto pki trustpoints`: what each one has.
std::string ShowCryptoPkiTrustpoints(const RouterConfig& config);
/// `show crypto pki certificates`: all certificates, short.
std::string ShowCryptoPkiCertificates(const RouterConfig& config);
/// `show access-lists`: lines with their numbers, without remarks.
std::string ShowAccessLists(const RouterConfig& config);
/// `show crypto map`: all crypto maps, with the interfaces that have them.
std::string ShowCryptoMap(const RouterConfig& config);
/// `show crypto dynamic-map`: all dynamic maps.
std::string ShowCryptoDynamicMap(const RouterConfig& config);

} // namespace ike
} // namespace ns3

#endif // IKE_SHOW_CONFIG_H
