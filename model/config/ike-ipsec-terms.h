/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IPSEC_TERMS_H
#define IKE_IPSEC_TERMS_H

#include "ike-router-config.h"

namespace ns3
{
namespace ike
{

/// The name under which profiles refer to the keys of `crypto isakmp key`.
inline constexpr char GLOBAL_KEYRING[] = "default";

/// The ISAKMP profile that terms name; null when there is none.
const IsakmpProfileText* FindIsakmpProfile(const RouterConfig& config, const IpsecTermsText& terms);
/// Put everything into a connection that a profile or a crypto map entry says about its SAs, and
/// what is said for its peer. The peer must be in the connection already.
void ResolveTerms(const RouterConfig& config,
                  const IpsecTermsText& terms,
                  ConnectionConfig& connection);

} // namespace ike
} // namespace ns3

#endif // IKE_IPSEC_TERMS_H
