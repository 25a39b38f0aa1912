/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_PCAP_H
#define IKE_VECTORS_PCAP_H

#include "ns3/ike-address.h"
#include "ns3/ike-octets.h"

#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

/// What a captured packet is to IPsec.
enum class CapturedKind
{
    Ike,       ///< an IKE message
    Esp,       ///< an ESP packet, in IP or in UDP
    Keepalive, ///< one octet 0xFF on port 4500 (RFC 3948 2.3)
    Fragment,  ///< a part of an IP packet: not put together here
    Other,     ///< something else
};

/// A packet of a capture.
struct CapturedPacket
{
    unsigned frame{0};                      ///< from 1 on, as Wireshark counts
    CapturedKind kind{CapturedKind::Other}; ///< what it is
    Endpoint source;                        ///< port 0 without UDP
    Endpoint destination;                   ///< port 0 without UDP
    /// IKE message without UDP and non-ESP marker, or ESP from the SPI on; else the whole frame.
    Octets data;
};

/// Is this a file of pcap or pcapng?
bool IsCapture(const Octets& file);
/// All packets of a file of pcap or pcapng, in either order of octets; Ethernet, loopback, raw IP
/// and Linux's cooked form.
/// @throws VectorError when it is cut off or of a kind that is not known
std::vector<CapturedPacket> ReadCapture(const Octets& file);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_PCAP_H
