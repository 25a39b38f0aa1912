/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_COSTS_H
#define IKE_CRYPTO_COSTS_H

#include "ns3/ike-algorithms.h"

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>

namespace ns3
{
namespace ike
{

/// What a node's CPU does, as it is told apart in costs and results.
enum class CpuWork : uint8_t
{
    Message,   ///< an input of the engine, without its cryptography
    Packet,    ///< an ESP packet, without its cryptography
    Dh,        ///< Diffie-Hellman operations
    Signature, ///< RSA signatures, their verification, chains of certificates
    Prf,       ///< hashes, HMACs and other MACs
    Cipher,    ///< ciphers
};

/// Kinds of work.
constexpr size_t CPU_WORK_COUNT = 6;

/// "message", "dh"
std::string ToString(CpuWork work);

/// CPU time by kind of work, in nanoseconds.
struct CpuTime
{
    std::array<int64_t, CPU_WORK_COUNT> ns{}; ///< by CpuWork

    /// The time of a kind.
    int64_t& operator[](CpuWork work)
    {
        return ns[static_cast<size_t>(work)];
    }

    /// The time of a kind.
    int64_t operator[](CpuWork work) const
    {
        return ns[static_cast<size_t>(work)];
    }

    CpuTime& operator+=(const CpuTime& other);
    CpuTime& operator-=(const CpuTime& other);
    /// The time of all kinds.
    int64_t Total() const;
};

/// What the CPU of a node did.
struct CpuUsage
{
    CpuTime busy;            ///< of all cores together, done so far
    uint32_t cores{1};       ///< of the node
    uint32_t mostWaiting{0}; ///< most jobs that were there at a time, with those that were done
    int64_t longestWait{0};  ///< of a job that began, ns
    uint64_t dropped{0};     ///< packets and messages for which there was no room
};

/// What an operation on octets costs.
struct CallCost
{
    int64_t call{0};    ///< ns each time
    int64_t octetPs{0}; ///< beside it, for each octet, in picoseconds

    /// The time of one call on so many octets, in ns.
    int64_t Of(size_t octets) const
    {
        return call + (octetPs * static_cast<int64_t>(octets) + 500) / 1000;
    }
};

/// What Diffie-Hellman operations in a group cost, in ns.
struct DhCost
{
    int64_t keygen{0}; ///< a public value
    int64_t derive{0}; ///< a shared secret
};

/// Octets of the RSA keys that CryptoCosts speaks of: 2048 bits.
constexpr size_t COSTED_RSA_OCTETS = 256;

/**
 * What cryptography, messages and packets cost the CPU of a node, in simulated time: a profile of
 * costs. As it is made nothing costs anything: the profile "ideal".
 */
struct CryptoCosts
{
    std::string name{"ideal"};         ///< of the profile
    int64_t message{0};                ///< an input of the engine, without cryptography, ns
    int64_t packet{0};                 ///< an ESP packet either way, without cryptography, ns
    std::array<CallCost, 5> hashes{};  ///< by HashAlgorithm
    std::array<CallCost, 5> hmacs{};   ///< by HashAlgorithm
    CallCost xcbc;                     ///< AES-XCBC-MAC
    std::array<CallCost, 8> ciphers{}; ///< by CipherAlgorithm, either way
    std::map<DhGroup, DhCost> dh;      ///< a group without an entry costs nothing
    int64_t rsaSign{0};                ///< a signature of 2048 bits, ns; others by the 3rd power
    int64_t rsaVerify{0};              ///< its verification, ns; others by the 2nd power
    int64_t chain{0};                  ///< a chain of certificates, ns

    /// Does nothing cost anything?
    bool IsIdeal() const;
    /// The cost of a hash. @param algorithm which @param octets hashed
    int64_t OfHash(HashAlgorithm algorithm, size_t octets) const;
    /// The cost of an HMAC. @param algorithm which @param octets under it
    int64_t OfHmac(HashAlgorithm algorithm, size_t octets) const;
    /// The cost of an ICV. @param algorithm which @param octets under it
    int64_t OfMac(IntegrityAlgorithm algorithm, size_t octets) const;
    /// The cost of a cipher, either way. @param algorithm which @param octets of text
    int64_t OfCipher(CipherAlgorithm algorithm, size_t octets) const;
    /// The cost of Diffie-Hellman. @param group which @param keygen, and @param derive: what is
    /// done
    int64_t OfDh(DhGroup group, bool keygen, bool derive) const;
    /// The cost of a signature. @param octets of the signature
    int64_t OfSignature(size_t octets) const;
    /// The cost of a verification. @param octets of the signature
    int64_t OfVerification(size_t octets) const;
};

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_COSTS_H
