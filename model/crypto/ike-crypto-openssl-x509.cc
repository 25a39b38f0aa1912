/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-openssl.h"

#include <map>
#include <openssl/asn1.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/x509.h>
#include <openssl/x509_vfy.h>
#include <openssl/x509v3.h>
#include <stdexcept>

// RSA signatures and X.509. What arrives from a peer may be anything: it is read, judged and
// forgotten, and no failure leaves its reason behind in the queue of OpenSSL.

namespace ns3
{
namespace ike
{

namespace
{

using CertificatePtr = std::unique_ptr<X509, FreeWith<X509_free>>;
using NamePtr = std::unique_ptr<X509_NAME, FreeWith<X509_NAME_free>>;
using KeyPtr = std::unique_ptr<EVP_PKEY, FreeWith<EVP_PKEY_free>>;
using KeyContextPtr = std::unique_ptr<EVP_PKEY_CTX, FreeWith<EVP_PKEY_CTX_free>>;
using Pkcs8Ptr = std::unique_ptr<PKCS8_PRIV_KEY_INFO, FreeWith<PKCS8_PRIV_KEY_INFO_free>>;
using BioPtr = std::unique_ptr<BIO, FreeWith<BIO_free_all>>;
using AltNamesPtr = std::unique_ptr<GENERAL_NAMES, FreeWith<GENERAL_NAMES_free>>;
using StorePtr = std::unique_ptr<X509_STORE, FreeWith<X509_STORE_free>>;
using StoreContextPtr = std::unique_ptr<X509_STORE_CTX, FreeWith<X509_STORE_CTX_free>>;

/// A list of certificates that others own.
struct FreeList
{
    void operator()(STACK_OF(X509) * list) const
    {
        sk_X509_free(list);
    }
};

using ListPtr = std::unique_ptr<STACK_OF(X509), FreeList>;

/// Empties the queue of errors at the end of its scope.
struct ErrorsForgotten
{
    ~ErrorsForgotten()
    {
        ERR_clear_error();
    }
};

/// All of the octets as an object, or null.
CertificatePtr
Parse(OSSL_LIB_CTX* library, const Octets& der)
{
    X509* object = X509_new_ex(library, nullptr);
    RequireOpenssl(object != nullptr, "X509_new_ex");
    const unsigned char* at = der.data();
    // frees what it was given, and sets it to null, when it fails
    if (!d2i_X509(&object, &at, static_cast<long>(der.size())))
    {
        return nullptr;
    }
    CertificatePtr certificate(object);
    return at == der.data() + der.size() ? std::move(certificate) : nullptr;
}

/// Whatever i2d_... writes.
template <typename T>
Octets
ToDer(int (*write)(const T*, unsigned char**), const T* object)
{
    unsigned char* out = nullptr;
    const int length = write(object, &out);
    RequireOpenssl(length >= 0, "DER");
    Octets der(out, out + length);
    OPENSSL_free(out);
    return der;
}

/// RFC 2253, with everything that is not printable ASCII escaped.
std::string
PrintName(const X509_NAME* name)
{
    const auto bio = Own<BioPtr>(BIO_new(BIO_s_mem()), "BIO_new");
    RequireOpenssl(X509_NAME_print_ex(bio.get(), name, 0, XN_FLAG_RFC2253) >= 0, "print name");
    char* text = nullptr;
    const long length = BIO_get_mem_data(bio.get(), &text);
    return std::string(text, static_cast<size_t>(length));
}

/// Seconds since 1970; RFC 5280 4.1.2.5 ends in the year 9999.
int64_t
SecondsOf(const ASN1_TIME* time)
{
    const std::unique_ptr<ASN1_TIME, FreeWith<ASN1_TIME_free>> zero(ASN1_TIME_set(nullptr, 0));
    int days = 0;
    int seconds = 0;
    if (!zero || !ASN1_TIME_diff(&days, &seconds, zero.get(), time))
    {
        return 0;
    }
    return static_cast<int64_t>(days) * 86400 + seconds;
}

std::string
TextOf(const ASN1_IA5STRING* text)
{
    return std::string(reinterpret_cast<const char*>(ASN1_STRING_get0_data(text)),
                       static_cast<size_t>(ASN1_STRING_length(text)));
}

void
ReadAltNames(const X509* certificate, CertificateFacts& facts)
{
    const AltNamesPtr names(static_cast<GENERAL_NAMES*>(
        X509_get_ext_d2i(certificate, NID_subject_alt_name, nullptr, nullptr)));
    for (int i = 0; names && i < sk_GENERAL_NAME_num(names.get()); i++)
    {
        const GENERAL_NAME* name = sk_GENERAL_NAME_value(names.get(), i);
        if (name->type == GEN_IPADD)
        {
            const std::string octets = TextOf(name->d.iPAddress);
            facts.addresses.push_back(IpAddress::FromOctets(ToOctets(octets)));
        }
        else if (name->type == GEN_DNS)
        {
            facts.hosts.push_back(TextOf(name->d.dNSName));
        }
        else if (name->type == GEN_EMAIL)
        {
            facts.mails.push_back(TextOf(name->d.rfc822Name));
        }
    }
}

/// A context for an operation with PKCS #1 block type 1 over what is given, without an OID of the
/// hash function around it (RFC 2409 5.1); null when it is no RSA key.
KeyContextPtr
MakeRsaContext(OSSL_LIB_CTX* library, EVP_PKEY* key, int (*init)(EVP_PKEY_CTX*))
{
    KeyContextPtr context(key && EVP_PKEY_is_a(key, "RSA")
                              ? EVP_PKEY_CTX_new_from_pkey(library, key, nullptr)
                              : nullptr);
    const bool ready = context && init(context.get()) > 0 &&
                       EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_PKCS1_PADDING) > 0;
    return ready ? std::move(context) : nullptr;
}

ListPtr
MakeList(const std::vector<CertificatePtr>& certificates)
{
    auto list = Own<ListPtr>(sk_X509_new_null(), "sk_X509_new_null");
    for (const CertificatePtr& c : certificates)
    {
        if (c)
        {
            RequireOpenssl(sk_X509_push(list.get(), c.get()) > 0, "sk_X509_push");
        }
    }
    return list;
}

std::vector<CertificatePtr>
ParseAll(OSSL_LIB_CTX* library, const std::vector<Octets>& all)
{
    std::vector<CertificatePtr> certificates;
    for (const Octets& der : all)
    {
        certificates.push_back(Parse(library, der));
    }
    return certificates;
}

ChainFault
FaultOf(int error)
{
    switch (error)
    {
    case X509_V_OK:
        return ChainFault::None;
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT:
    case X509_V_ERR_UNABLE_TO_GET_ISSUER_CERT_LOCALLY:
    case X509_V_ERR_UNABLE_TO_VERIFY_LEAF_SIGNATURE:
    case X509_V_ERR_DEPTH_ZERO_SELF_SIGNED_CERT:
    case X509_V_ERR_SELF_SIGNED_CERT_IN_CHAIN:
        return ChainFault::UnknownIssuer;
    case X509_V_ERR_CERT_NOT_YET_VALID:
        return ChainFault::NotYetValid;
    case X509_V_ERR_CERT_HAS_EXPIRED:
        return ChainFault::Expired;
    case X509_V_ERR_INVALID_CA:
    case X509_V_ERR_PATH_LENGTH_EXCEEDED:
    case X509_V_ERR_KEYUSAGE_NO_CERTSIGN:
        return ChainFault::NotAnAuthority;
    case X509_V_ERR_CERT_SIGNATURE_FAILURE:
        return ChainFault::WrongSignature;
    default:
        return ChainFault::Other;
    }
}

} // namespace

/// Own private keys: a router has one or two.
struct OpensslCertificates::Keys
{
    static constexpr size_t MOST = 64; ///< then all are forgotten

    std::map<Octets, KeyPtr> byDigest; ///< the digest of PKCS #8
};

OpensslCertificates::OpensslCertificates(std::shared_ptr<ossl_lib_ctx_st> library)
    : m_library(std::move(library)),
      m_keys(std::make_unique<Keys>())
{
}

OpensslCertificates::~OpensslCertificates() = default;

Octets
OpensslCertificates::Sign(const Octets& privateKey, const Octets& digestOfKey, const Octets& hash)
{
    const ErrorsForgotten forgotten;
    if (m_keys->byDigest.size() >= Keys::MOST)
    {
        m_keys->byDigest.clear();
    }
    KeyPtr& key = m_keys->byDigest[digestOfKey];
    if (!key)
    {
        const unsigned char* at = privateKey.data();
        const Pkcs8Ptr pkcs8(
            d2i_PKCS8_PRIV_KEY_INFO(nullptr, &at, static_cast<long>(privateKey.size())));
        key.reset(pkcs8 ? EVP_PKCS82PKEY_ex(pkcs8.get(), m_library.get(), nullptr) : nullptr);
    }
    const KeyContextPtr context = MakeRsaContext(m_library.get(), key.get(), EVP_PKEY_sign_init);
    if (!context)
    {
        throw std::invalid_argument("the private key is no RSA key in PKCS #8");
    }
    size_t length = static_cast<size_t>(EVP_PKEY_get_size(key.get()));
    Octets signature(length);
    if (EVP_PKEY_sign(context.get(), signature.data(), &length, hash.data(), hash.size()) <= 0)
    {
        throw std::invalid_argument("the RSA key is too short for this hash");
    }
    signature.resize(length);
    return signature;
}

std::optional<Octets>
OpensslCertificates::Recover(const Octets& certificate, const Octets& signature)
{
    const ErrorsForgotten forgotten;
    const CertificatePtr parsed = Parse(m_library.get(), certificate);
    EVP_PKEY* key = parsed ? X509_get0_pubkey(parsed.get()) : nullptr;
    const KeyContextPtr context =
        MakeRsaContext(m_library.get(), key, EVP_PKEY_verify_recover_init);
    if (!context)
    {
        return std::nullopt;
    }
    size_t length = static_cast<size_t>(EVP_PKEY_get_size(key));
    Octets hash(length);
    if (signature.size() != length || EVP_PKEY_verify_recover(context.get(),
                                                              hash.data(),
                                                              &length,
                                                              signature.data(),
                                                              signature.size()) <= 0)
    {
        return std::nullopt;
    }
    hash.resize(length);
    return hash;
}

std::optional<CertificateFacts>
OpensslCertificates::Read(const Octets& certificate)
{
    const ErrorsForgotten forgotten;
    const CertificatePtr parsed = Parse(m_library.get(), certificate);
    if (!parsed)
    {
        return std::nullopt;
    }
    CertificateFacts facts;
    facts.subject = ToDer(i2d_X509_NAME, X509_get_subject_name(parsed.get()));
    facts.subjectText = PrintName(X509_get_subject_name(parsed.get()));
    facts.issuer = ToDer(i2d_X509_NAME, X509_get_issuer_name(parsed.get()));
    facts.notBefore = SecondsOf(X509_get0_notBefore(parsed.get()));
    facts.notAfter = SecondsOf(X509_get0_notAfter(parsed.get()));
    ReadAltNames(parsed.get(), facts);
    return facts;
}

std::optional<std::string>
OpensslCertificates::ReadName(const Octets& name)
{
    const ErrorsForgotten forgotten;
    const unsigned char* at = name.data();
    const NamePtr parsed(d2i_X509_NAME(nullptr, &at, static_cast<long>(name.size())));
    if (!parsed || at != name.data() + name.size())
    {
        return std::nullopt;
    }
    return PrintName(parsed.get());
}

ChainFault
OpensslCertificates::CheckChain(const std::vector<Octets>& chain,
                                const std::vector<Octets>& anchors,
                                int64_t second)
{
    const ErrorsForgotten forgotten;
    const std::vector<CertificatePtr> given = ParseAll(m_library.get(), chain);
    const std::vector<CertificatePtr> trusted = ParseAll(m_library.get(), anchors);
    if (given.empty() || !given.front())
    {
        return ChainFault::Malformed;
    }
    const ListPtr untrusted = MakeList(given);
    const ListPtr roots = MakeList(trusted);
    const auto store = Own<StorePtr>(X509_STORE_new(), "X509_STORE_new");
    const auto context = Own<StoreContextPtr>(X509_STORE_CTX_new_ex(m_library.get(), nullptr),
                                              "X509_STORE_CTX_new_ex");
    RequireOpenssl(
        X509_STORE_CTX_init(context.get(), store.get(), given.front().get(), untrusted.get()),
        "X509_STORE_CTX_init");
    X509_STORE_CTX_set0_trusted_stack(context.get(), roots.get());
    X509_VERIFY_PARAM* param = X509_STORE_CTX_get0_param(context.get());
    X509_VERIFY_PARAM_set_time(param, second);
    // an anchor need not be self-signed: a trustpoint may name an intermediate authority
    X509_VERIFY_PARAM_set_flags(param, X509_V_FLAG_PARTIAL_CHAIN);
    if (X509_verify_cert(context.get()) != 1)
    {
        const ChainFault fault = FaultOf(X509_STORE_CTX_get_error(context.get()));
        return fault == ChainFault::None ? ChainFault::Other : fault;
    }
    // all bits are set when the certificate does not say
    const uint32_t usage = X509_get_key_usage(given.front().get());
    return (usage & (KU_DIGITAL_SIGNATURE | KU_NON_REPUDIATION)) != 0 ? ChainFault::None
                                                                      : ChainFault::WrongUsage;
}

} // namespace ike
} // namespace ns3
