/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_ROGUE_CASES_H
#define IKEV1_ROGUE_CASES_H

#include "ike-lab-fixture.h"
#include "ike-rogue-peer.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

/// A rogue that does one thing wrong, and what becomes of it.
struct RogueCase
{
    std::string name;                 ///< what the rogue does
    RogueFault fault;                 ///< how
    std::string answer;               ///< what the engine does when the spoiled message arrives
    std::string stands;               ///< with the rogue in the end: "1/1", ISAKMP SAs and pairs
    DhGroup group{DhGroup::Modp1024}; ///< of phase 1
    Tweak tweak{};                    ///< of the engine under test
};

/// All cases in which a rogue takes part in a negotiation.
const std::vector<RogueCase>& GetRogueCases();
/// Those in which phase 1 is an aggressive mode.
const std::vector<RogueCase>& GetAggressiveRogueCases();
/// Those in which phase 1 is authenticated by certificates, or which ask for them.
const std::vector<RogueCase>& GetSignatureRogueCases();
/// Those about NAT traversal (RFC 3947).
const std::vector<RogueCase>& GetNatRogueCases();

/// A test that is no row of a table.
struct RogueTest
{
    std::string name;   ///< of the test
    LabTest::Body body; ///< what it does
};

/// Strangers and rogues who are elsewhere, or say so.
const std::vector<RogueTest>& GetNatRogueTests();

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKEV1_ROGUE_CASES_H
