/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_INITIATION_H
#define IKE_INITIATION_H

#include "ns3/ike-engine-config.h"
#include "ns3/ike-events.h"

namespace ns3
{
namespace ike
{

/// What an end may want to begin: the four switches of a profile.
enum class Initiation : uint8_t
{
    BeginPhase1,
    BeginPhase2,
    RekeyPhase1,
    RekeyPhase2,
};

/**
 * May this profile begin that? Responder-only lives here and nowhere else.
 *
 * The seed: "When a device is configured as a responder-only device, it will not initiate IKE main,
 * aggressive, or quick modes (for IKE and IPsec SA establishment) nor will it rekey IKE and IPsec
 * SAs. The device will respond to any negotiations initiated by its peers."
 */
bool MayInitiate(const ConnectionConfig& connection, Initiation what);
/// Which switch a quick mode needs that is begun for this reason.
Initiation Phase2InitiationOf(BeginReason reason);
/// Which switch a main mode needs that is begun for this reason.
Initiation Phase1InitiationOf(BeginReason reason);

} // namespace ike
} // namespace ns3

#endif // IKE_INITIATION_H
