/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TEST_PKI_H
#define IKE_TEST_PKI_H

#include "ns3/ike-octets.h"

#include <string>

namespace ns3
{
namespace ike
{
namespace tests
{

/**
 * A file of test/pki as DER: what openssl made, see make-pki.sh there.
 * @param name "r1.crt", "r1.key" (PKCS #8), or "r1.sig", a signature by r1.key over 00 .. 13
 */
Octets PkiFile(const std::string& name);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_TEST_PKI_H
