/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-initiation.h"

namespace ns3
{
namespace ike
{

bool
MayInitiate(const ConnectionConfig& connection, Initiation what)
{
    switch (what)
    {
    case Initiation::BeginPhase1:
        return connection.switches.beginPhase1;
    case Initiation::BeginPhase2:
        return connection.switches.beginPhase2;
    case Initiation::RekeyPhase1:
        return connection.switches.rekeyPhase1;
    case Initiation::RekeyPhase2:
        return connection.switches.rekeyPhase2;
    }
    return false;
}

Initiation
Phase2InitiationOf(BeginReason reason)
{
    return reason == BeginReason::SoftLifetime ? Initiation::RekeyPhase2 : Initiation::BeginPhase2;
}

Initiation
Phase1InitiationOf(BeginReason reason)
{
    return reason == BeginReason::SoftLifetime ? Initiation::RekeyPhase1 : Initiation::BeginPhase1;
}

} // namespace ike
} // namespace ns3
