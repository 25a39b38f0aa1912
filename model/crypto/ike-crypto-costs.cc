/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-costs.h"

#include <algorithm>
#include <numeric>
#include <optional>

namespace ns3
{
namespace ike
{

namespace
{

bool
IsFree(const CallCost& cost)
{
    return cost.call == 0 && cost.octetPs == 0;
}

template <size_t N>
bool
AreFree(const std::array<CallCost, N>& costs)
{
    return std::all_of(costs.begin(), costs.end(), IsFree);
}

/// The hash of an HMAC; nothing for other MACs.
std::optional<HashAlgorithm>
HashOf(IntegrityAlgorithm algorithm)
{
    switch (algorithm)
    {
    case IntegrityAlgorithm::HmacMd5_96:
        return HashAlgorithm::Md5;
    case IntegrityAlgorithm::HmacSha1_96:
        return HashAlgorithm::Sha1;
    case IntegrityAlgorithm::HmacSha256_128:
        return HashAlgorithm::Sha256;
    case IntegrityAlgorithm::HmacSha384_192:
        return HashAlgorithm::Sha384;
    case IntegrityAlgorithm::HmacSha512_256:
        return HashAlgorithm::Sha512;
    case IntegrityAlgorithm::AesXcbc96:
    case IntegrityAlgorithm::None:
        break;
    }
    return std::nullopt;
}

/// A cost that grows with a power of the length of the key. What a peer sends may have any length:
/// beyond 16384 bits nobody goes on.
int64_t
Scale(int64_t cost, size_t octets, unsigned power)
{
    octets = std::min(octets, 8 * COSTED_RSA_OCTETS);
    for (unsigned i = 0; i < power; ++i)
    {
        cost = cost * static_cast<int64_t>(octets) / static_cast<int64_t>(COSTED_RSA_OCTETS);
    }
    return cost;
}

} // namespace

std::string
ToString(CpuWork work)
{
    switch (work)
    {
    case CpuWork::Message:
        return "message";
    case CpuWork::Packet:
        return "packet";
    case CpuWork::Dh:
        return "dh";
    case CpuWork::Signature:
        return "signature";
    case CpuWork::Prf:
        return "prf";
    case CpuWork::Cipher:
        return "cipher";
    }
    return "";
}

CpuTime&
CpuTime::operator+=(const CpuTime& other)
{
    for (size_t i = 0; i < CPU_WORK_COUNT; ++i)
    {
        ns[i] += other.ns[i];
    }
    return *this;
}

CpuTime&
CpuTime::operator-=(const CpuTime& other)
{
    for (size_t i = 0; i < CPU_WORK_COUNT; ++i)
    {
        ns[i] -= other.ns[i];
    }
    return *this;
}

int64_t
CpuTime::Total() const
{
    return std::accumulate(ns.begin(), ns.end(), int64_t{0});
}

bool
CryptoCosts::IsIdeal() const
{
    const bool freeDh = std::all_of(dh.begin(), dh.end(), [](const auto& entry) {
        return entry.second.keygen == 0 && entry.second.derive == 0;
    });
    return message == 0 && packet == 0 && rsaSign == 0 && rsaVerify == 0 && chain == 0 && freeDh &&
           IsFree(xcbc) && AreFree(hashes) && AreFree(hmacs) && AreFree(ciphers);
}

int64_t
CryptoCosts::OfHash(HashAlgorithm algorithm, size_t octets) const
{
    return hashes[static_cast<size_t>(algorithm)].Of(octets);
}

int64_t
CryptoCosts::OfHmac(HashAlgorithm algorithm, size_t octets) const
{
    return hmacs[static_cast<size_t>(algorithm)].Of(octets);
}

int64_t
CryptoCosts::OfMac(IntegrityAlgorithm algorithm, size_t octets) const
{
    if (algorithm == IntegrityAlgorithm::None)
    {
        return 0;
    }
    const auto hash = HashOf(algorithm);
    return hash ? OfHmac(*hash, octets) : xcbc.Of(octets);
}

int64_t
CryptoCosts::OfCipher(CipherAlgorithm algorithm, size_t octets) const
{
    return ciphers[static_cast<size_t>(algorithm)].Of(octets);
}

int64_t
CryptoCosts::OfDh(DhGroup group, bool keygen, bool derive) const
{
    const auto found = dh.find(group);
    if (found == dh.end())
    {
        return 0;
    }
    return (keygen ? found->second.keygen : 0) + (derive ? found->second.derive : 0);
}

int64_t
CryptoCosts::OfSignature(size_t octets) const
{
    return Scale(rsaSign, octets, 3);
}

int64_t
CryptoCosts::OfVerification(size_t octets) const
{
    return Scale(rsaVerify, octets, 2);
}

} // namespace ike
} // namespace ns3
