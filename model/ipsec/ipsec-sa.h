/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_SA_H
#define IPSEC_SA_H

#include "ns3/ike-address.h"
#include "ns3/ike-algorithms.h"
#include "ns3/ike-events.h"
#include "ns3/ike-octets.h"

#include <cstdint>

namespace ns3
{
namespace ike
{

/// Numbers the IPsec SA pairs of one engine in the order of their appearance; 0 is none.
using PairId = uint32_t;

/// One direction of an IPsec SA pair (RFC 4301 4.4.2.1): what the data plane needs, as a value.
struct IpsecSa
{
    uint32_t spi{0};                                        ///< chosen by the receiver
    PairId pair{0};                                         ///< to which it belongs
    ConnectionId connection{0};                             ///< the tunnel that it serves
    IpAddress source;                                       ///< outer source
    IpAddress destination;                                  ///< outer destination
    CipherAlgorithm cipher{CipherAlgorithm::Null};          ///< confidentiality
    Octets cipherKey;                                       ///< its key
    IntegrityAlgorithm integrity{IntegrityAlgorithm::None}; ///< integrity
    Octets integrityKey;                                    ///< its key
    IpPrefix innerSource;                                   ///< proxy identity on the sender's side
    IpPrefix innerDestination;                              ///< and on the receiver's side
    uint32_t replayWindow{64}; ///< packets; 0 switches the check off (inbound only)
    uint64_t softBytes{0};     ///< report when this many octets were carried; 0: never
    uint64_t hardBytes{0};     ///< carry no more than this many octets; 0: no limit
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_SA_H
