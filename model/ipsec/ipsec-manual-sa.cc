/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-manual-sa.h"

#include <stdexcept>
#include <string>

namespace ns3
{
namespace ike
{

namespace
{

/// SPIs below are reserved (RFC 4303 2.1).
constexpr uint32_t FIRST_SPI = 256;

void
Require(bool holds, const std::string& otherwise)
{
    if (!holds)
    {
        throw std::invalid_argument(otherwise);
    }
}

/// The first octets of a key that is long enough.
Octets
CutKey(const Octets& key, unsigned length, const std::string& what)
{
    Require(key.size() >= length,
            "the key of " + what + " needs " + std::to_string(length) + " octets, there are " +
                std::to_string(key.size()));
    return Octets(key.begin(), key.begin() + static_cast<std::ptrdiff_t>(length));
}

void
CheckAlgorithms(const ManualSaParameters& p)
{
    // An IV of these is the sequence number, and that begins with 1 after each reboot.
    Require(SaltLengthOf(p.cipher) == 0,
            ToString(p.cipher) + " must not be used with manual keys: its counter would repeat");
    Require(p.cipher != CipherAlgorithm::Null || p.integrity != IntegrityAlgorithm::None,
            "ESP with manual keys needs a cipher or an integrity algorithm");
}

/// What both directions have in common, and the keys of one.
IpsecSa
MakeSa(const ManualSaParameters& p, const ManualKeys& keys)
{
    Require(keys.spi >= FIRST_SPI,
            "the SPI " + std::to_string(keys.spi) + " is reserved, SPIs begin at 256");
    IpsecSa sa;
    sa.spi = keys.spi;
    sa.pair = MANUAL_PAIR_BIT | p.connection;
    sa.connection = p.connection;
    sa.cipher = p.cipher;
    sa.cipherKey = CutKey(keys.cipherKey, KeyLengthOf(p.cipher, p.keyBits), ToString(p.cipher));
    sa.integrity = p.integrity;
    sa.integrityKey = CutKey(keys.integrityKey, KeyLengthOf(p.integrity), ToString(p.integrity));
    sa.replayWindow = 0;
    sa.cyclicSequence = true;
    sa.transport = p.transport;
    return sa;
}

} // namespace

ManualSaPair
MakeManualSaPair(const ManualSaParameters& p)
{
    Require(p.connection != 0 && p.connection < MANUAL_PAIR_BIT,
            "a connection with manual keys has no number of its own");
    CheckAlgorithms(p);
    ManualSaPair pair{MakeSa(p, p.inbound), MakeSa(p, p.outbound)};
    pair.inbound.source = p.remote;
    pair.inbound.destination = p.local;
    pair.inbound.innerSource = p.remoteTraffic;
    pair.inbound.innerDestination = p.localTraffic;
    pair.outbound.source = p.local;
    pair.outbound.destination = p.remote;
    pair.outbound.innerSource = p.localTraffic;
    pair.outbound.innerDestination = p.remoteTraffic;
    return pair;
}

} // namespace ike
} // namespace ns3
