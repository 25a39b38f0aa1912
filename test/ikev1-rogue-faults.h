/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_ROGUE_FAULTS_H
#define IKEV1_ROGUE_FAULTS_H

#include "ike-rogue-peer.h"

/**
 * @file
 * Words for the tables of what a rogue does wrong.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

/// A fault of one message.
inline RogueFault
At(RogueMessage message, void (*set)(RogueFault&))
{
    RogueFault fault;
    fault.message = message;
    set(fault);
    return fault;
}

/// A public value of group 2: a small number.
inline Octets
Small(uint8_t number)
{
    Octets value(128, 0);
    value.back() = number;
    return value;
}

/// Another one: p with so much added, of which -1 is p - 1 and 0 is p.
inline Octets
Big(int added)
{
    // RFC 2409 6.2
    Octets p = *FromHex("ffffffffffffffffc90fdaa22168c234c4c6628b80dc1cd129024e088a67cc74"
                        "020bbea63b139b22514a08798e3404ddef9519b3cd3a431b302b0a6df25f1437"
                        "4fe1356d6d51c245e485b576625e7ec6f44c42e9a637ed6b0bff5cb6f406b7ed"
                        "ee386bfb5a899fa5ae9f24117c4b1fe649286651ece65381ffffffffffffffff");
    p.back() = static_cast<uint8_t>(p.back() + added);
    return p;
}

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKEV1_ROGUE_FAULTS_H
