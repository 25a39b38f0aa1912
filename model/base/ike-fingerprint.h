/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FINGERPRINT_H
#define IKE_FINGERPRINT_H

#include "ike-address.h"
#include "ike-octets.h"
#include "ike-time.h"

#include <cstdint>
#include <string>
#include <string_view>

namespace ns3
{
namespace ike
{

/**
 * Gathers state into one 64-bit number (FNV-1a over a canonical octet stream).
 *
 * Equal states give equal numbers on every machine. What goes in must be canonical: SAs numbered
 * by appearance and not by chance values, deadlines relative to now.
 */
class Fingerprint
{
  public:
    Fingerprint& Add(uint64_t value);
    Fingerprint& Add(std::string_view text);
    Fingerprint& Add(const Octets& octets);
    Fingerprint& Add(const IpAddress& address);
    /// A deadline or a moment, as seen from now.
    Fingerprint& Add(Instant t, Instant now);

    uint64_t Get() const
    {
        return m_value;
    }

  private:
    void AddOctet(uint8_t o);
    uint64_t m_value{0xcbf29ce484222325ULL}; ///< FNV offset basis
};

} // namespace ike
} // namespace ns3

#endif // IKE_FINGERPRINT_H
