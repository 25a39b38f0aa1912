/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_PEM_H
#define IKE_PEM_H

#include "ns3/ike-octets.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace ns3
{
namespace ike
{

/// What a file holds: an object between "-----BEGIN LABEL-----" and "-----END LABEL-----".
struct PemObject
{
    std::string label; ///< "CERTIFICATE", "PRIVATE KEY"; empty: the file was DER
    Octets der;        ///< decoded
};

/// Octets of a base64 text (RFC 4648 4), white space anywhere; nothing when it holds anything else.
std::optional<Octets> FromBase64(std::string_view text);
/**
 * The objects of a file: one when it is DER, any number when it is PEM (RFC 7468).
 * @return nothing when the file is neither, or one of its objects is not well formed
 */
std::optional<std::vector<PemObject>> ReadPem(const Octets& file);
/// Has it the outer shape of a certificate (RFC 5280 4.1)? Cryptography looks at the rest.
bool LooksLikeCertificate(const Octets& der);
/**
 * An unencrypted private key as PKCS#8 (RFC 5208 5).
 * @param der PKCS#8, or PKCS#1 of RSA (RFC 8017 A.1.2), which is wrapped
 * @return nothing when it has the shape of neither
 */
std::optional<Octets> ToPkcs8(const Octets& der);

} // namespace ike
} // namespace ns3

#endif // IKE_PEM_H
