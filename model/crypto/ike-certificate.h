/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CERTIFICATE_H
#define IKE_CERTIFICATE_H

#include "ns3/ike-address.h"
#include "ns3/ike-octets.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// What a certificate says (RFC 5280 4), as far as IKE asks (RFC 4945 5).
struct CertificateFacts
{
    Octets subject;                   ///< distinguished name, DER
    std::string subjectText;          ///< the same as RFC 2253 writes it, "CN=r1,O=Example"
    Octets issuer;                    ///< distinguished name, DER
    std::vector<IpAddress> addresses; ///< subjectAltName: iPAddress
    std::vector<std::string> hosts;   ///< subjectAltName: dNSName
    std::vector<std::string> mails;   ///< subjectAltName: rfc822Name
    int64_t notBefore{0};             ///< seconds since 1970 in UTC
    int64_t notAfter{0};              ///< seconds since 1970 in UTC, the last one of its validity
};

/// Why a chain of certificates does not hold.
enum class ChainFault : uint8_t
{
    None,
    Malformed,      ///< the first one is no certificate
    UnknownIssuer,  ///< it leads to no anchor
    NotYetValid,    ///< one of them
    Expired,        ///< one of them
    NotAnAuthority, ///< one of them was issued by one that may not issue
    WrongSignature, ///< one of them is forged
    WrongUsage,     ///< the first one is not for signatures (RFC 4945 5.1.3.2)
    Other,          ///< anything else that RFC 5280 6 forbids
};

/// "has expired": to be put behind the name of the certificate; empty for None.
std::string ToString(ChainFault fault);

} // namespace ike
} // namespace ns3

#endif // IKE_CERTIFICATE_H
