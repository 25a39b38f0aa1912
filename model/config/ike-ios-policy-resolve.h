/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_IOS_POLICY_RESOLVE_H
#define IKE_IOS_POLICY_RESOLVE_H

#include "ike-router-config.h"

#include "ns3/ipsec-policy-map.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// One direction of an SA whose keys an operator typed.
struct ManualDirection
{
    uint32_t spi{0};         ///< 256 to 4294967295
    Octets cipherKey;        ///< as typed: at least as long as the cipher needs
    Octets authenticatorKey; ///< as typed: at least as long as the authenticator needs
};

/// An `ipsec-manual` entry on an interface: a pair of SAs that is there from the beginning and for
/// ever. IKE knows nothing of it.
struct ManualConnection
{
    ConnectionId connection{0}; ///< as in the PolicyLine
    std::string name;           ///< as a connection's
    IpAddress local;            ///< of this end
    IpAddress peer;             ///< of the other end
    Selector localSelector;     ///< what it carries, on this side
    Selector remoteSelector;    ///< and on the peer's
    EspTransformSet set;        ///< algorithms and mode
    ManualDirection inbound;    ///< keys of what is received
    ManualDirection outbound;   ///< keys of what is sent
};

/// What the data plane is told beside the engine's connections.
struct PolicyConfig
{
    std::vector<InterfacePolicy> interfaces; ///< those with a crypto map
    PassiveModeRules passive;                ///< `crypto ipsec optional`
    std::vector<ManualConnection> manual;    ///< `ipsec-manual`
};

/// An entry whose SAs IKE negotiates, of a crypto map that an interface has.
struct NegotiatedEntry
{
    std::string name;               ///< "xauthmap 10", "dyn 10"
    const CryptoMapEntryText& text; ///< of the configuration
};

/// The entries of dynamic maps among them. Each once, however many interfaces have it.
std::vector<NegotiatedEntry> ListNegotiatedEntries(const RouterConfig& config);
/// The address from which an interface's crypto map sends; none when it has none (yet).
IpAddress FindPolicyAddress(const RouterConfig& config, const InterfaceText& interface);
/// The access list of an entry; null when it is not there (yet).
const AccessListText* FindAccessList(const RouterConfig& config, const CryptoMapEntryText& entry);
/// What IKE calls the two sides of a permit line; nothing when it has no words for it.
std::optional<std::pair<Selector, Selector>> NameFlow(const AccessLine& line);

/**
 * Give each thing an id that a crypto map asks for: a flow (interface, entry, permit line, peer) or
 * a template (interface, entry of a dynamic map); and each virtual template (with ISAKMP profile
 * and address). A thing keeps its id for as long as it is there, and an id is never given twice. To
 * be called whenever the configuration has changed.
 */
void AssignPolicyIds(RouterConfig& config);
/// The connections of the crypto maps. The configuration has its ids.
std::vector<ConnectionConfig> ResolvePolicyConnections(const RouterConfig& config);
/**
 * What crypto maps and passive mode mean to packets.
 * @param config without dangling references and with its ids. Entries without a peer or an access
 *        list are left out: as in IOS they are disabled until they have both
 * @param knobs the times of passive mode
 */
PolicyConfig ResolvePolicyConfig(const RouterConfig& config, const IkeKnobs& knobs);

} // namespace ike
} // namespace ns3

#endif // IKE_IOS_POLICY_RESOLVE_H
