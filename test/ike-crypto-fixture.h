/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_FIXTURE_H
#define IKE_CRYPTO_FIXTURE_H

#include "ike-test-compat.h"
#include "ike-test-octets.h"

#include "ns3/ike-crypto.h"

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>

/**
 * @file
 * @ingroup ike-tests
 * What the test cases of cryptography have in common.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

/// A test case with a provider of its own.
class CryptoTestCase : public TestCase
{
  public:
    explicit CryptoTestCase(const std::string& name)
        : TestCase(name)
    {
    }

  protected:
    std::unique_ptr<CryptoProvider> m_provider = MakeOpensslProvider(); ///< under test
};

/// Does it throw std::invalid_argument?
inline bool
Refuses(const std::function<void()>& call)
{
    try
    {
        call();
    }
    catch (const std::invalid_argument&)
    {
        return true;
    }
    return false;
}

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_FIXTURE_H
