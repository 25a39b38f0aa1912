/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_SA_H
#define IPSEC_SA_H

#include "ns3/ike-address.h"
#include "ns3/ike-algorithms.h"
#include "ns3/ike-events.h"
#include "ns3/ike-octets.h"
#include "ns3/ike-selector.h"

#include <cstdint>
#include <optional>

namespace ns3
{
namespace ike
{

/// Numbers the IPsec SA pairs of one engine in the order of their appearance; 0 is none.
using PairId = uint32_t;

/// The UDP ports of ESP in UDP (RFC 3948 2.1).
struct UdpEncapsulation
{
    uint16_t sourcePort{4500};      ///< of the sender, as this end sees it
    uint16_t destinationPort{4500}; ///< of the receiver, as this end sees it
};

/// One direction of an IPsec SA pair (RFC 4301 4.4.2.1): what the data plane needs, as a value.
struct IpsecSa
{
    uint32_t spi{0};                                        ///< chosen by the receiver
    PairId pair{0};                                         ///< to which it belongs
    ConnectionId connection{0};                             ///< the tunnel that it serves
    IpAddress source;                                       ///< outer source
    IpAddress destination;                                  ///< outer destination
    CipherAlgorithm cipher{CipherAlgorithm::Null};          ///< confidentiality
    Octets cipherKey;                                       ///< its key, then its salt, if any
    IntegrityAlgorithm integrity{IntegrityAlgorithm::None}; ///< integrity
    Octets integrityKey;                                    ///< its key
    Selector innerSource;                                   ///< proxy identity on the sender's side
    Selector innerDestination;                              ///< and on the receiver's side
    uint32_t replayWindow{64};    ///< packets; 0 switches the check off (inbound only)
    bool transport{false};        ///< transport mode: what follows the IP header is protected
    bool extendedSequence{false}; ///< 64-bit sequence numbers (RFC 4303 2.2.1)
    /// Behind the last sequence number comes 0 again (RFC 4303 3.3.3): manual keys, where nobody
    /// checks for replays and nobody could make a new SA. Outbound only.
    bool cyclicSequence{false};
    /// RFC 3948: in UDP between these ports of `source` and `destination`.
    std::optional<UdpEncapsulation> udp;
    uint64_t softBytes{0}; ///< report when this many octets were carried; 0: never
    uint64_t hardBytes{0}; ///< carry no more than this many octets; 0: no limit
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_SA_H
