/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_MANUAL_SA_H
#define IPSEC_MANUAL_SA_H

#include "ipsec-sa.h"

#include "ns3/ike-algorithms.h"
#include "ns3/ike-events.h"
#include "ns3/ike-octets.h"
#include "ns3/ike-selector.h"

namespace ns3
{
namespace ike
{

/// Pairs with manual keys have the number of their connection with this bit; those of the engine
/// count from 1 and never get there.
constexpr PairId MANUAL_PAIR_BIT = 0x80000000;

/// `set session-key inbound|outbound esp SPI cipher KEY authenticator KEY`: one direction.
struct ManualKeys
{
    uint32_t spi{0};     ///< from 256 on (RFC 4303 2.1)
    Octets cipherKey;    ///< as typed: what is too long is cut, as IOS does
    Octets integrityKey; ///< the same
};

/// A connection whose SAs are configured and not negotiated.
struct ManualSaParameters
{
    ConnectionId connection{0};                             ///< below MANUAL_PAIR_BIT
    IpAddress local;                                        ///< outer address of this end
    IpAddress remote;                                       ///< outer address of the peer
    Selector localTraffic;                                  ///< of the access line
    Selector remoteTraffic;                                 ///< of the access line
    CipherAlgorithm cipher{CipherAlgorithm::Null};          ///< of the transform set
    unsigned keyBits{0};                                    ///< of AES
    IntegrityAlgorithm integrity{IntegrityAlgorithm::None}; ///< of the transform set
    bool transport{false};                                  ///< mode of the transform set
    ManualKeys inbound;                                     ///< this end receives with
    ManualKeys outbound;                                    ///< this end sends with
};

/// Both directions.
struct ManualSaPair
{
    IpsecSa inbound;  ///< to be installed
    IpsecSa outbound; ///< to be installed and selected
};

/**
 * SAs out of configured values (RFC 4301 4.5.1). They have no lifetime and no volume limit, no
 * anti-replay (RFC 4303 3.4.3: not with manual keys), and their sequence numbers cycle (3.3.3).
 * @throws std::invalid_argument with one sentence: an SPI below 256, keys that are too short, no
 *         algorithm at all (RFC 4303 3.1), a cipher whose counter must not begin anew under the
 *         same key as it does after a reboot (RFC 8221 3)
 */
ManualSaPair MakeManualSaPair(const ManualSaParameters& parameters);

} // namespace ike
} // namespace ns3

#endif // IPSEC_MANUAL_SA_H
