/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_DYNAMIC_H
#define IKEV1_DYNAMIC_H

#include "ikev1-context.h"

#include <optional>

/**
 * @file
 * Connections that peers open. A template (ConnectionConfig::dynamic) names no peer: whoever proves
 * himself by what it asks for may come from any address, and what he wants to have protected has to
 * lie within what it allows. He then has a connection of his own, made after the template, until
 * its last SA is gone. This end renews its SAs while they stand, and begins nothing else for it.
 */
namespace ns3
{
namespace ike
{

/// What the two ends of a quick mode call themselves, seen from here.
struct OfferedSelectors
{
    Selector local;  ///< this end
    Selector remote; ///< the peer
};

/// Was a connection opened by a peer?
bool IsOpened(const Ikev1State& state, ConnectionId connection);
/// May a peer ask for these identities by a template? They must lie within one of its pairs: equal
/// or narrower, as the responder cannot narrow them itself (RFC 2409 5.5).
bool IsAllowed(const ConnectionConfig& dynamic, const OfferedSelectors& offered);
/**
 * The connection of a peer for selectors that a template allows: the one that stands, or a new one.
 * Null, and a warning, when there are too many.
 * @param dynamic the template
 * @param selectors with the addresses as they stand in packets at this end
 */
const ConnectionConfig* OpenConnection(Ikev1Context& ctx,
                                       const IsakmpSa& sa,
                                       const ConnectionConfig& dynamic,
                                       const OfferedSelectors& selectors);
/// The templates have changed: what was opened takes over what is new, or is to end when its
/// template is gone or would not let it come now. Returns those that are to end.
std::vector<ConnectionId> FollowTemplates(Ikev1Context& ctx);
/// Those of the connections that were touched are closed that have no SA and no quick mode left.
void CloseUnused(Ikev1Context& ctx);

} // namespace ike
} // namespace ns3

#endif // IKEV1_DYNAMIC_H
