/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LAB_CRYPTO_H
#define IKE_LAB_CRYPTO_H

#include "ns3/ike-crypto.h"

#include <functional>
#include <memory>

namespace ns3
{
namespace ike
{

/**
 * A provider that remembers what Diffie-Hellman operations gave, and signatures: the same octets
 * come out, and an exploration that meets the same exchange a million times computes it once.
 * Belongs to one thread as each provider does; each worker of an exploration has its own.
 * @param inner does what is not remembered
 */
std::unique_ptr<CryptoProvider> MakeRememberingProvider(std::unique_ptr<CryptoProvider> inner);

/// Makes the provider of a worker.
using CryptoFactory = std::function<std::unique_ptr<CryptoProvider>()>;

/// OpenSSL, remembered: what an exploration uses unless it is told another one.
CryptoFactory GetUsualCryptoFactory();

} // namespace ike
} // namespace ns3

#endif // IKE_LAB_CRYPTO_H
