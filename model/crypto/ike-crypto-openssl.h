/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CRYPTO_OPENSSL_H
#define IKE_CRYPTO_OPENSSL_H

#include "ike-crypto.h"

#include <memory>
#include <utility>

// Private: what the ike-crypto-openssl*.cc share, the files that alone know OpenSSL. Nobody else
// includes it, and it includes nothing of OpenSSL itself.

struct ossl_lib_ctx_st; ///< OSSL_LIB_CTX

namespace ns3
{
namespace ike
{

/// For what never fails unless memory or the installation of OpenSSL does.
/// @throws std::runtime_error with the reason that OpenSSL gives
void RequireOpenssl(bool ok, const char* what);

/// Frees with a function of OpenSSL.
template <auto FREE>
struct FreeWith
{
    template <typename T>
    void operator()(T* object) const
    {
        FREE(object);
    }
};

/// An owned object, or an exception.
template <typename Ptr>
Ptr
Own(typename Ptr::pointer object, const char* what)
{
    RequireOpenssl(object != nullptr, what);
    return Ptr(object);
}

/// Octets that are wiped at the end of their scope.
struct WipedOctets
{
    explicit WipedOctets(Octets initial)
        : octets(std::move(initial))
    {
    }

    ~WipedOctets();
    WipedOctets(const WipedOctets&) = delete;
    WipedOctets& operator=(const WipedOctets&) = delete;

    Octets octets; ///< the secret
};

/**
 * The library context of this process, safe from any thread. It is our own, for a program around
 * us may use OpenSSL with real randomness; what OpenSSL draws in ours comes from a counter.
 */
std::shared_ptr<ossl_lib_ctx_st> OpensslContext();

class OpensslGroups;

/// The Diffie-Hellman groups, once for the process: their tables take megabytes, and a simulation
/// has hundreds of nodes. Safe from any thread; groups are built when first used.
std::shared_ptr<OpensslGroups> SharedOpensslGroups();

/// CryptoProvider::SignRsa() and its kin. Private keys are kept as objects, for making one costs
/// more than a signature.
class OpensslCertificates
{
  public:
    explicit OpensslCertificates(std::shared_ptr<ossl_lib_ctx_st> library);
    ~OpensslCertificates();
    Octets Sign(const Octets& privateKey, const Octets& digestOfKey, const Octets& hash);
    std::optional<Octets> Recover(const Octets& certificate, const Octets& signature);
    std::optional<CertificateFacts> Read(const Octets& certificate);
    std::optional<std::string> ReadName(const Octets& name);
    ChainFault CheckChain(const std::vector<Octets>& chain,
                          const std::vector<Octets>& anchors,
                          int64_t second);

  private:
    struct Keys;

    std::shared_ptr<ossl_lib_ctx_st> m_library; ///< outlives the keys
    std::unique_ptr<Keys> m_keys;               ///< by the digest of their octets
};

/// CryptoProvider::Run()
DhResult RunDh(OpensslGroups& groups, const DhJob& job, DhTiming timing);

} // namespace ike
} // namespace ns3

#endif // IKE_CRYPTO_OPENSSL_H
