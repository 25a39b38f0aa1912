/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto.h"

#include <array>
#include <cstring>
#include <mutex>
#include <new>
#include <openssl/bn.h>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/obj_mac.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <stdexcept>
#include <utility>
#include <vector>

// The one file that knows OpenSSL. From top to bottom: owners of its objects, a random generator
// that is none, the Diffie-Hellman groups, what all providers of the process share, the provider.

namespace ns3
{
namespace ike
{

namespace
{

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

using LibraryPtr = std::unique_ptr<OSSL_LIB_CTX, FreeWith<OSSL_LIB_CTX_free>>;
using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, FreeWith<OSSL_PROVIDER_unload>>;
using DigestPtr = std::unique_ptr<EVP_MD, FreeWith<EVP_MD_free>>;
using DigestContextPtr = std::unique_ptr<EVP_MD_CTX, FreeWith<EVP_MD_CTX_free>>;
using MacPtr = std::unique_ptr<EVP_MAC, FreeWith<EVP_MAC_free>>;
using MacContextPtr = std::unique_ptr<EVP_MAC_CTX, FreeWith<EVP_MAC_CTX_free>>;
using CipherPtr = std::unique_ptr<EVP_CIPHER, FreeWith<EVP_CIPHER_free>>;
using CipherContextPtr = std::unique_ptr<EVP_CIPHER_CTX, FreeWith<EVP_CIPHER_CTX_free>>;
using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>; // BN_free does not wipe
using NumberContextPtr = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using MontgomeryPtr = std::unique_ptr<BN_MONT_CTX, FreeWith<BN_MONT_CTX_free>>;
using CurvePtr = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_clear_free>>;

/// For what never fails unless memory or the installation of OpenSSL does.
void
Require(bool ok, const char* what)
{
    if (ok)
    {
        return;
    }
    char reason[160] = "no reason given";
    if (const unsigned long code = ERR_get_error())
    {
        ERR_error_string_n(code, reason, sizeof(reason));
    }
    ERR_clear_error();
    throw std::runtime_error(std::string("OpenSSL: ") + what + ": " + reason);
}

/// An owned object, or an exception.
template <typename Ptr>
Ptr
Own(typename Ptr::pointer object, const char* what)
{
    Require(object != nullptr, what);
    return Ptr(object);
}

NumberPtr
NewNumber()
{
    return Own<NumberPtr>(BN_new(), "BN_new");
}

NumberPtr
CopyOf(const BIGNUM* number)
{
    return Own<NumberPtr>(BN_dup(number), "BN_dup");
}

NumberPtr
NumberOf(const uint8_t* octets, size_t length)
{
    return Own<NumberPtr>(BN_bin2bn(octets, static_cast<int>(length), nullptr), "BN_bin2bn");
}

/// Big endian, padded with leading zeros: without them one g^xy in 256 would come out short.
Octets
PaddedOctets(const BIGNUM* number, unsigned length)
{
    Octets out(length);
    Require(BN_bn2binpad(number, out.data(), static_cast<int>(length)) >= 0, "BN_bn2binpad");
    return out;
}

/// Octets that are wiped at the end of their scope.
struct WipedOctets
{
    explicit WipedOctets(Octets initial)
        : octets(std::move(initial))
    {
    }

    ~WipedOctets()
    {
        OPENSSL_cleanse(octets.data(), octets.size());
    }

    WipedOctets(const WipedOctets&) = delete;
    WipedOctets& operator=(const WipedOctets&) = delete;

    Octets octets; ///< the secret
};

// ---- SIM-RAND: the random generator of our library context --------------------------------------
//
// OpenSSL draws random octets on its own for the blinding of P-384, where they do not change the
// result. They come from a counter, so that no octet of a run depends on the machine, and no
// entropy source is ever opened. Nothing that must be secret may be drawn from here.

/// The state of one generator.
struct SimRand
{
    uint64_t counter{0}; ///< octets made so far
};

void*
SimRandNew(void*, void*, const OSSL_DISPATCH*)
{
    return new (std::nothrow) SimRand;
}

void
SimRandFree(void* context)
{
    delete static_cast<SimRand*>(context);
}

int
SimRandInstantiate(void*, unsigned, int, const unsigned char*, size_t, const OSSL_PARAM*)
{
    return 1;
}

int
SimRandUninstantiate(void*)
{
    return 1;
}

int
SimRandGenerate(void* context,
                unsigned char* out,
                size_t length,
                unsigned,
                int,
                const unsigned char*,
                size_t)
{
    auto* state = static_cast<SimRand*>(context);
    for (size_t i = 0; i < length; i++)
    {
        // Any sequence that varies will do: a constant one could be refused for ever.
        out[i] = static_cast<unsigned char>((++state->counter * 0x9e3779b97f4a7c15U) >> 56);
    }
    return 1;
}

int
SimRandLock(void*)
{
    // Each thread has a generator of its own, and the common parent is never asked.
    return 1;
}

void
SimRandUnlock(void*)
{
}

const OSSL_PARAM*
SimRandGettable(void*, void*)
{
    static const OSSL_PARAM params[] = {
        OSSL_PARAM_DEFN(OSSL_RAND_PARAM_STATE, OSSL_PARAM_INTEGER, nullptr, sizeof(int)),
        OSSL_PARAM_DEFN(OSSL_RAND_PARAM_STRENGTH,
                        OSSL_PARAM_UNSIGNED_INTEGER,
                        nullptr,
                        sizeof(unsigned)),
        OSSL_PARAM_DEFN(OSSL_RAND_PARAM_MAX_REQUEST,
                        OSSL_PARAM_UNSIGNED_INTEGER,
                        nullptr,
                        sizeof(size_t)),
        OSSL_PARAM_DEFN(nullptr, 0, nullptr, 0),
    };
    return params;
}

int
SimRandGet(void*, OSSL_PARAM params[])
{
    OSSL_PARAM* state = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STATE);
    OSSL_PARAM* strength = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_STRENGTH);
    OSSL_PARAM* request = OSSL_PARAM_locate(params, OSSL_RAND_PARAM_MAX_REQUEST);
    return (!state || OSSL_PARAM_set_int(state, EVP_RAND_STATE_READY)) &&
           (!strength || OSSL_PARAM_set_uint(strength, 256)) &&
           (!request || OSSL_PARAM_set_size_t(request, 1U << 20));
}

/// OpenSSL passes all functions as one type.
template <typename F>
constexpr OSSL_DISPATCH
Entry(int id, F function)
{
    return OSSL_DISPATCH{id, reinterpret_cast<void (*)()>(function)};
}

const OSSL_ALGORITHM*
SimRandQuery(void*, int operation, int* noCache)
{
    static const OSSL_DISPATCH functions[] = {
        Entry(OSSL_FUNC_RAND_NEWCTX, SimRandNew),
        Entry(OSSL_FUNC_RAND_FREECTX, SimRandFree),
        Entry(OSSL_FUNC_RAND_INSTANTIATE, SimRandInstantiate),
        Entry(OSSL_FUNC_RAND_UNINSTANTIATE, SimRandUninstantiate),
        Entry(OSSL_FUNC_RAND_GENERATE, SimRandGenerate),
        Entry(OSSL_FUNC_RAND_ENABLE_LOCKING, SimRandLock),
        Entry(OSSL_FUNC_RAND_LOCK, SimRandLock),
        Entry(OSSL_FUNC_RAND_UNLOCK, SimRandUnlock),
        Entry(OSSL_FUNC_RAND_GETTABLE_CTX_PARAMS, SimRandGettable),
        Entry(OSSL_FUNC_RAND_GET_CTX_PARAMS, SimRandGet),
        OSSL_DISPATCH{0, nullptr},
    };
    static const OSSL_ALGORITHM algorithms[] = {
        {"SIM-RAND", "provider=sim", functions, "a counter"},
        {nullptr, nullptr, nullptr, nullptr},
    };
    *noCache = 0;
    return operation == OSSL_OP_RAND ? algorithms : nullptr;
}

int
SimProviderInit(const OSSL_CORE_HANDLE* handle,
                const OSSL_DISPATCH*,
                const OSSL_DISPATCH** out,
                void** context)
{
    static const OSSL_DISPATCH functions[] = {
        Entry(OSSL_FUNC_PROVIDER_QUERY_OPERATION, SimRandQuery),
        OSSL_DISPATCH{0, nullptr},
    };
    *out = functions;
    *context = const_cast<OSSL_CORE_HANDLE*>(handle); // must not be null, and is not used
    return 1;
}

// ---- Diffie-Hellman groups ----------------------------------------------------------------------

/// A Diffie-Hellman group: immutable once built, and shared by all providers of the process.
class Group
{
  public:
    virtual ~Group() = default;
    /// Private numbers lie in [1, bound).
    virtual const BIGNUM* GetBound() const = 0;
    /// The octets of g^x.
    virtual Octets Public(const BIGNUM* x, BN_CTX* scratch) const = 0;
    /// The octets of y^x, or nothing when y is no value that an honest peer sends.
    virtual std::optional<Octets> Shared(const Octets& peer,
                                         const BIGNUM* x,
                                         BN_CTX* scratch) const = 0;
};

/// A group modulo a safe prime with generator 2 (RFC 2409 6.1 and 6.2, RFC 3526).
class ModpGroup : public Group
{
  public:
    ModpGroup(DhGroup group, BIGNUM* (*prime)(BIGNUM*), BN_CTX* scratch);

    const BIGNUM* GetBound() const override
    {
        return m_primeMinusOne.get();
    }

    Octets Public(const BIGNUM* x, BN_CTX* scratch) const override;
    std::optional<Octets> Shared(const Octets& peer,
                                 const BIGNUM* x,
                                 BN_CTX* scratch) const override;

  private:
    void BuildTable(BN_CTX* scratch) const;
    NumberPtr PowerByTable(const BIGNUM* x, BN_CTX* scratch) const;
    NumberPtr Power(const BIGNUM* base, const BIGNUM* x, BN_CTX* scratch) const;

    unsigned m_length;         ///< octets of the prime
    unsigned m_rows;           ///< rows of the table: octets of our own private values
    NumberPtr m_prime;         ///< p
    NumberPtr m_primeMinusOne; ///< p - 1
    MontgomeryPtr m_montgomery;
    mutable std::once_flag m_tableOnce;
    mutable std::vector<NumberPtr> m_table; ///< [row * 256 + d] = 2^(d * 256^row), Montgomery form
};

ModpGroup::ModpGroup(DhGroup group, BIGNUM* (*prime)(BIGNUM*), BN_CTX* scratch)
    : m_length(PublicLengthOf(group)),
      m_rows(PrivateLengthOf(group)),
      m_prime(Own<NumberPtr>(prime(nullptr), "prime of a group")),
      m_primeMinusOne(CopyOf(m_prime.get())),
      m_montgomery(Own<MontgomeryPtr>(BN_MONT_CTX_new(), "BN_MONT_CTX_new"))
{
    Require(BN_sub_word(m_primeMinusOne.get(), 1), "BN_sub_word");
    Require(BN_MONT_CTX_set(m_montgomery.get(), m_prime.get(), scratch), "BN_MONT_CTX_set");
}

Octets
ModpGroup::Public(const BIGNUM* x, BN_CTX* scratch) const
{
    if (static_cast<unsigned>(BN_num_bytes(x)) > m_rows)
    {
        // Longer than our own private values are: from a test.
        const NumberPtr two = NewNumber();
        Require(BN_set_word(two.get(), 2), "BN_set_word");
        return PaddedOctets(Power(two.get(), x, scratch).get(), m_length);
    }
    std::call_once(m_tableOnce, [this, scratch] { BuildTable(scratch); });
    return PaddedOctets(PowerByTable(x, scratch).get(), m_length);
}

std::optional<Octets>
ModpGroup::Shared(const Octets& peer, const BIGNUM* x, BN_CTX* scratch) const
{
    // RFC 2409 5: a public value is padded to the length of the prime.
    if (peer.size() != m_length)
    {
        return std::nullopt;
    }
    const NumberPtr y = NumberOf(peer.data(), peer.size());
    // RFC 6989 2.1: 1 < y < p - 1. With a safe prime no other small subgroup is left.
    if (BN_is_zero(y.get()) || BN_is_one(y.get()) || BN_cmp(y.get(), m_primeMinusOne.get()) >= 0)
    {
        return std::nullopt;
    }
    return PaddedOctets(Power(y.get(), x, scratch).get(), m_length);
}

NumberPtr
ModpGroup::Power(const BIGNUM* base, const BIGNUM* x, BN_CTX* scratch) const
{
    NumberPtr r = NewNumber();
    Require(BN_mod_exp_mont_consttime(r.get(), base, x, m_prime.get(), scratch, m_montgomery.get()),
            "BN_mod_exp_mont_consttime");
    return r;
}

void
ModpGroup::BuildTable(BN_CTX* scratch) const
{
    std::vector<NumberPtr> table(m_rows * 256); // the first of each row stays empty
    NumberPtr step = NewNumber();
    Require(BN_set_word(step.get(), 2), "BN_set_word");
    Require(BN_to_montgomery(step.get(), step.get(), m_montgomery.get(), scratch),
            "BN_to_montgomery");
    for (unsigned row = 0; row < m_rows; row++)
    {
        NumberPtr power = CopyOf(step.get());
        for (unsigned digit = 1; digit < 256; digit++)
        {
            table[row * 256 + digit] = CopyOf(power.get());
            Require(BN_mod_mul_montgomery(power.get(),
                                          power.get(),
                                          step.get(),
                                          m_montgomery.get(),
                                          scratch),
                    "BN_mod_mul_montgomery");
        }
        step = std::move(power);
    }
    m_table = std::move(table);
}

/// One multiplication per octet of x in place of eight squarings and more. Which entries are read
/// depends on x: a simulation has nobody who could watch the cache.
NumberPtr
ModpGroup::PowerByTable(const BIGNUM* x, BN_CTX* scratch) const
{
    const WipedOctets digits(PaddedOctets(x, m_rows));
    NumberPtr product;
    for (unsigned row = 0; row < m_rows; row++)
    {
        const unsigned digit = digits.octets[m_rows - 1 - row];
        if (digit == 0)
        {
            continue;
        }
        const BIGNUM* factor = m_table[row * 256 + digit].get();
        if (!product)
        {
            product = CopyOf(factor);
            continue;
        }
        Require(BN_mod_mul_montgomery(product.get(),
                                      product.get(),
                                      factor,
                                      m_montgomery.get(),
                                      scratch),
                "BN_mod_mul_montgomery");
    }
    Require(product != nullptr, "the private number is zero");
    Require(BN_from_montgomery(product.get(), product.get(), m_montgomery.get(), scratch),
            "BN_from_montgomery");
    return product;
}

/// A random ECP group (RFC 5903): values are x | y, the shared secret is x.
class EcpGroup : public Group
{
  public:
    EcpGroup(DhGroup group, int nid, OSSL_LIB_CTX* library);

    const BIGNUM* GetBound() const override
    {
        return EC_GROUP_get0_order(m_curve.get());
    }

    Octets Public(const BIGNUM* x, BN_CTX* scratch) const override;
    std::optional<Octets> Shared(const Octets& peer,
                                 const BIGNUM* x,
                                 BN_CTX* scratch) const override;

  private:
    PointPtr NewPoint() const;
    PointPtr Decode(const Octets& peer, BN_CTX* scratch) const;
    Octets Encode(const EC_POINT* point, bool both, BN_CTX* scratch) const;

    unsigned m_fieldLength; ///< octets of a coordinate
    CurvePtr m_curve;
};

EcpGroup::EcpGroup(DhGroup group, int nid, OSSL_LIB_CTX* library)
    : m_fieldLength(PublicLengthOf(group) / 2),
      m_curve(Own<CurvePtr>(EC_GROUP_new_by_curve_name_ex(library, nullptr, nid),
                            "EC_GROUP_new_by_curve_name_ex"))
{
}

Octets
EcpGroup::Public(const BIGNUM* x, BN_CTX* scratch) const
{
    const PointPtr point = NewPoint();
    Require(EC_POINT_mul(m_curve.get(), point.get(), x, nullptr, nullptr, scratch), "EC_POINT_mul");
    return Encode(point.get(), true, scratch);
}

std::optional<Octets>
EcpGroup::Shared(const Octets& peer, const BIGNUM* x, BN_CTX* scratch) const
{
    const PointPtr y = Decode(peer, scratch);
    if (!y)
    {
        return std::nullopt;
    }
    const PointPtr point = NewPoint();
    Require(EC_POINT_mul(m_curve.get(), point.get(), nullptr, y.get(), x, scratch), "EC_POINT_mul");
    // RFC 5903 7: the x coordinate alone.
    return Encode(point.get(), false, scratch);
}

PointPtr
EcpGroup::NewPoint() const
{
    return Own<PointPtr>(EC_POINT_new(m_curve.get()), "EC_POINT_new");
}

/// A point on the curve, or null.
PointPtr
EcpGroup::Decode(const Octets& peer, BN_CTX* scratch) const
{
    if (peer.size() != 2 * m_fieldLength)
    {
        return nullptr;
    }
    // The prefix says "uncompressed"; without it, a lone 00 would be taken for infinity.
    const Octets encoded = Concat({{0x04}, peer});
    PointPtr point = NewPoint();
    // Refuses coordinates that are too large and points off the curve. The cofactor is 1: a point
    // on the curve is in the group (RFC 6989 2.3).
    const bool good =
        EC_POINT_oct2point(m_curve.get(), point.get(), encoded.data(), encoded.size(), scratch) &&
        !EC_POINT_is_at_infinity(m_curve.get(), point.get());
    if (!good)
    {
        ERR_clear_error();
        return nullptr;
    }
    return point;
}

Octets
EcpGroup::Encode(const EC_POINT* point, bool both, BN_CTX* scratch) const
{
    const NumberPtr x = NewNumber();
    const NumberPtr y = NewNumber();
    Require(EC_POINT_get_affine_coordinates(m_curve.get(), point, x.get(), y.get(), scratch),
            "EC_POINT_get_affine_coordinates");
    Octets out = PaddedOctets(x.get(), m_fieldLength);
    if (both)
    {
        Append(out, PaddedOctets(y.get(), m_fieldLength));
    }
    return out;
}

// ---- What all providers share -------------------------------------------------------------------

/// Where a group comes from.
struct GroupSource
{
    DhGroup group;             ///< which
    BIGNUM* (*prime)(BIGNUM*); ///< of a MODP group
    int curve;                 ///< of an ECP group
};

constexpr GroupSource GROUP_SOURCES[] = {
    {DhGroup::Modp768, BN_get_rfc2409_prime_768, 0},
    {DhGroup::Modp1024, BN_get_rfc2409_prime_1024, 0},
    {DhGroup::Modp1536, BN_get_rfc3526_prime_1536, 0},
    {DhGroup::Modp2048, BN_get_rfc3526_prime_2048, 0},
    {DhGroup::Modp3072, BN_get_rfc3526_prime_3072, 0},
    {DhGroup::Modp4096, BN_get_rfc3526_prime_4096, 0},
    {DhGroup::Ecp256, nullptr, NID_X9_62_prime256v1},
    {DhGroup::Ecp384, nullptr, NID_secp384r1},
    {DhGroup::Ecp521, nullptr, NID_secp521r1},
};

constexpr size_t GROUP_COUNT = sizeof(GROUP_SOURCES) / sizeof(GROUP_SOURCES[0]);

/**
 * The library context and the groups, once for the process: the tables of a group take megabytes,
 * and a simulation has hundreds of nodes. Safe from any thread; groups are built when first used.
 *
 * The context is our own, for a program around us may use OpenSSL with real randomness.
 */
class Library
{
  public:
    Library();

    /// The one of this process.
    static std::shared_ptr<Library> Instance();

    OSSL_LIB_CTX* GetContext() const
    {
        return m_context.get();
    }

    NumberContextPtr NewScratch() const
    {
        return Own<NumberContextPtr>(BN_CTX_new_ex(m_context.get()), "BN_CTX_new_ex");
    }

    /// @throws std::invalid_argument when there is no such group
    const Group& GetGroup(DhGroup group);

  private:
    std::unique_ptr<Group> MakeGroup(const GroupSource& source) const;

    LibraryPtr m_context;
    ProviderPtr m_random;
    ProviderPtr m_default;
    std::array<std::once_flag, GROUP_COUNT> m_once;
    std::array<std::unique_ptr<Group>, GROUP_COUNT> m_groups;
};

Library::Library()
    : m_context(Own<LibraryPtr>(OSSL_LIB_CTX_new(), "OSSL_LIB_CTX_new"))
{
    OSSL_LIB_CTX* context = m_context.get();
    Require(OSSL_PROVIDER_add_builtin(context, "sim", SimProviderInit), "add provider sim");
    m_random = Own<ProviderPtr>(OSSL_PROVIDER_load(context, "sim"), "load provider sim");
    // Not automatic any more once another provider was loaded.
    m_default = Own<ProviderPtr>(OSSL_PROVIDER_load(context, "default"), "load provider default");
    // Must come before the first draw in this context.
    Require(RAND_set_DRBG_type(context, "SIM-RAND", "provider=sim", nullptr, nullptr),
            "RAND_set_DRBG_type");
}

std::shared_ptr<Library>
Library::Instance()
{
    static const std::shared_ptr<Library> instance = std::make_shared<Library>();
    return instance;
}

const Group&
Library::GetGroup(DhGroup group)
{
    for (size_t i = 0; i < GROUP_COUNT; i++)
    {
        if (GROUP_SOURCES[i].group == group)
        {
            std::call_once(m_once[i], [this, i] { m_groups[i] = MakeGroup(GROUP_SOURCES[i]); });
            return *m_groups[i];
        }
    }
    throw std::invalid_argument("no Diffie-Hellman group " + ToString(group));
}

std::unique_ptr<Group>
Library::MakeGroup(const GroupSource& source) const
{
    if (source.prime)
    {
        return std::make_unique<ModpGroup>(source.group, source.prime, NewScratch().get());
    }
    return std::make_unique<EcpGroup>(source.group, source.curve, m_context.get());
}

// ---- The provider -------------------------------------------------------------------------------

const char*
OpensslNameOf(HashAlgorithm algorithm)
{
    switch (algorithm)
    {
    case HashAlgorithm::Md5:
        return "MD5";
    case HashAlgorithm::Sha1:
        return "SHA1";
    case HashAlgorithm::Sha256:
        return "SHA2-256";
    case HashAlgorithm::Sha384:
        return "SHA2-384";
    case HashAlgorithm::Sha512:
        return "SHA2-512";
    }
    throw std::invalid_argument("no such hash");
}

/// The scratch contexts of one hash function.
class HashScratch
{
  public:
    HashScratch(OSSL_LIB_CTX* library, HashAlgorithm algorithm);
    ~HashScratch();
    HashScratch(const HashScratch&) = delete;
    HashScratch& operator=(const HashScratch&) = delete;

    Octets Hash(const Octets& data);
    Octets Hmac(const Octets& key, const Octets& data);

  private:
    void SetKey(const Octets& key);

    size_t m_length; ///< octets of a result
    DigestPtr m_digest;
    DigestContextPtr m_digestContext;
    MacContextPtr m_macContext;
    Octets m_key{0}; ///< the key that the context holds: the same again costs half as much
};

HashScratch::HashScratch(OSSL_LIB_CTX* library, HashAlgorithm algorithm)
    : m_length(HashLengthOf(algorithm))
{
    const char* name = OpensslNameOf(algorithm);
    m_digest = Own<DigestPtr>(EVP_MD_fetch(library, name, nullptr), name);
    m_digestContext = Own<DigestContextPtr>(EVP_MD_CTX_new(), "EVP_MD_CTX_new");
    const auto mac = Own<MacPtr>(EVP_MAC_fetch(library, "HMAC", nullptr), "EVP_MAC_fetch");
    m_macContext = Own<MacContextPtr>(EVP_MAC_CTX_new(mac.get()), "EVP_MAC_CTX_new");
    const OSSL_PARAM params[] = {
        OSSL_PARAM_construct_utf8_string("digest", const_cast<char*>(name), 0),
        OSSL_PARAM_construct_end()};
    // From here on the context is only given new keys: naming the digest again is slow.
    Require(EVP_MAC_init(m_macContext.get(), m_key.data(), m_key.size(), params), "EVP_MAC_init");
}

HashScratch::~HashScratch()
{
    OPENSSL_cleanse(m_key.data(), m_key.size());
}

Octets
HashScratch::Hash(const Octets& data)
{
    Octets out(m_length);
    Require(EVP_DigestInit_ex2(m_digestContext.get(), m_digest.get(), nullptr) &&
                EVP_DigestUpdate(m_digestContext.get(), data.data(), data.size()) &&
                EVP_DigestFinal_ex(m_digestContext.get(), out.data(), nullptr),
            "digest");
    return out;
}

Octets
HashScratch::Hmac(const Octets& key, const Octets& data)
{
    Octets out(m_length);
    size_t written = 0;
    SetKey(key);
    Require(EVP_MAC_update(m_macContext.get(), data.data(), data.size()) &&
                EVP_MAC_final(m_macContext.get(), out.data(), &written, out.size()) &&
                written == m_length,
            "HMAC");
    return out;
}

void
HashScratch::SetKey(const Octets& key)
{
    if (key == m_key)
    {
        Require(EVP_MAC_init(m_macContext.get(), nullptr, 0, nullptr), "EVP_MAC_init");
        return;
    }
    // A null pointer would mean "the same key"; an empty key is a key.
    static const uint8_t nothing = 0;
    const uint8_t* octets = key.empty() ? &nothing : key.data();
    Require(EVP_MAC_init(m_macContext.get(), octets, key.size(), nullptr), "EVP_MAC_init");
    OPENSSL_cleanse(m_key.data(), m_key.size());
    m_key = key;
}

/// The scratch context of one cipher: it is given key and IV for each text.
class CipherScratch
{
  public:
    CipherScratch(OSSL_LIB_CTX* library, const char* name);
    Octets Run(bool encrypt, const Octets& key, const Octets& iv, const Octets& text);

  private:
    CipherPtr m_cipher;
    CipherContextPtr m_context;
};

CipherScratch::CipherScratch(OSSL_LIB_CTX* library, const char* name)
    : m_cipher(Own<CipherPtr>(EVP_CIPHER_fetch(library, name, nullptr), name)),
      m_context(Own<CipherContextPtr>(EVP_CIPHER_CTX_new(), "EVP_CIPHER_CTX_new"))
{
    Require(EVP_CipherInit_ex2(m_context.get(), m_cipher.get(), nullptr, nullptr, 1, nullptr),
            "EVP_CipherInit_ex2");
    // IKE and ESP pad by themselves. The context keeps this as long as it keeps the cipher.
    Require(EVP_CIPHER_CTX_set_padding(m_context.get(), 0), "EVP_CIPHER_CTX_set_padding");
}

Octets
CipherScratch::Run(bool encrypt, const Octets& key, const Octets& iv, const Octets& text)
{
    Octets out(text.size());
    int written = 0;
    Require(EVP_CipherInit_ex2(m_context.get(),
                               nullptr,
                               key.data(),
                               iv.data(),
                               encrypt ? 1 : 0,
                               nullptr) &&
                EVP_CipherUpdate(m_context.get(),
                                 out.data(),
                                 &written,
                                 text.data(),
                                 static_cast<int>(text.size())) &&
                static_cast<size_t>(written) == text.size(),
            "cipher");
    return out;
}

/// The ciphers that the default provider of OpenSSL has: single DES is not among them.
enum CipherSlot : uint8_t
{
    TRIPLE_DES,
    AES_128,
    AES_192,
    AES_256,
    CIPHER_SLOTS
};

constexpr std::array<const char*, CIPHER_SLOTS> CIPHER_NAMES = {"DES-EDE3-CBC",
                                                                "AES-128-CBC",
                                                                "AES-192-CBC",
                                                                "AES-256-CBC"};

/// Which one does a cipher with a key of this length.
CipherSlot
SlotOf(CipherAlgorithm algorithm, size_t keyLength)
{
    if (algorithm == CipherAlgorithm::AesCbc && keyLength == 16)
    {
        return AES_128;
    }
    if (algorithm == CipherAlgorithm::AesCbc && keyLength == 24)
    {
        return AES_192;
    }
    if (algorithm == CipherAlgorithm::AesCbc && keyLength == 32)
    {
        return AES_256;
    }
    if ((algorithm == CipherAlgorithm::DesCbc && keyLength == 8) ||
        (algorithm == CipherAlgorithm::TripleDesCbc && keyLength == 24))
    {
        return TRIPLE_DES;
    }
    throw std::invalid_argument(ToString(algorithm) + ": no key has " + std::to_string(keyLength) +
                                " octets");
}

/// Keys and octets by OpenSSL 3.
class OpensslProvider : public CryptoProvider
{
  public:
    std::string GetName() const override
    {
        return "openssl-3";
    }

    Octets Hash(HashAlgorithm algorithm, const Octets& data) override
    {
        return GetHash(algorithm).Hash(data);
    }

    Octets Hmac(HashAlgorithm algorithm, const Octets& key, const Octets& data) override
    {
        return GetHash(algorithm).Hmac(key, data);
    }

    Octets Encrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return RunCipher(true, algorithm, key, iv, text);
    }

    Octets Decrypt(CipherAlgorithm algorithm,
                   const Octets& key,
                   const Octets& iv,
                   const Octets& text) override
    {
        return RunCipher(false, algorithm, key, iv, text);
    }

    DhResult Run(const DhJob& job) override;

  private:
    HashScratch& GetHash(HashAlgorithm algorithm);
    CipherScratch& GetCipher(CipherSlot slot);
    Octets RunCipher(bool encrypt,
                     CipherAlgorithm algorithm,
                     const Octets& key,
                     const Octets& iv,
                     const Octets& text);
    NumberPtr PrivateNumber(const Group& group, const Octets& privateValue);

    // Each provider belongs to one thread, and has its contexts for itself.
    std::shared_ptr<Library> m_library{Library::Instance()}; ///< outlives all of the others
    NumberContextPtr m_scratch{m_library->NewScratch()};
    std::array<std::unique_ptr<HashScratch>, 5> m_hashes; ///< by algorithm, made when first used
    std::array<std::unique_ptr<CipherScratch>, CIPHER_SLOTS> m_ciphers; ///< made when first used
};

HashScratch&
OpensslProvider::GetHash(HashAlgorithm algorithm)
{
    auto& slot = m_hashes.at(static_cast<size_t>(algorithm));
    if (!slot)
    {
        slot = std::make_unique<HashScratch>(m_library->GetContext(), algorithm);
    }
    return *slot;
}

CipherScratch&
OpensslProvider::GetCipher(CipherSlot slot)
{
    auto& scratch = m_ciphers.at(slot);
    if (!scratch)
    {
        scratch = std::make_unique<CipherScratch>(m_library->GetContext(), CIPHER_NAMES.at(slot));
    }
    return *scratch;
}

Octets
OpensslProvider::RunCipher(bool encrypt,
                           CipherAlgorithm algorithm,
                           const Octets& key,
                           const Octets& iv,
                           const Octets& text)
{
    if (algorithm == CipherAlgorithm::Null)
    {
        return text;
    }
    const CipherSlot slot = SlotOf(algorithm, key.size());
    const unsigned block = BlockLengthOf(algorithm);
    if (iv.size() != block || text.size() % block != 0)
    {
        throw std::invalid_argument(ToString(algorithm) + ": IV of " + std::to_string(iv.size()) +
                                    ", text of " + std::to_string(text.size()) + " octets");
    }
    if (text.empty())
    {
        return {};
    }
    if (algorithm == CipherAlgorithm::DesCbc)
    {
        // The middle step of 3DES decrypts: with three equal keys, two of the steps cancel out.
        const WipedOctets tripled(Concat({key, key, key}));
        return GetCipher(slot).Run(encrypt, tripled.octets, iv, text);
    }
    return GetCipher(slot).Run(encrypt, key, iv, text);
}

/// The number of a private value. One that is zero or too large is brought into range, always the
/// same way; all others stay what they are, as known answers demand.
NumberPtr
OpensslProvider::PrivateNumber(const Group& group, const Octets& privateValue)
{
    if (privateValue.empty())
    {
        throw std::invalid_argument("a Diffie-Hellman job without a private value");
    }
    NumberPtr x = NumberOf(privateValue.data(), privateValue.size());
    if (!BN_is_zero(x.get()) && BN_cmp(x.get(), group.GetBound()) < 0)
    {
        return x;
    }
    const NumberPtr choices = CopyOf(group.GetBound());
    Require(BN_sub_word(choices.get(), 1), "BN_sub_word");
    NumberPtr reduced = NewNumber();
    Require(BN_nnmod(reduced.get(), x.get(), choices.get(), m_scratch.get()), "BN_nnmod");
    Require(BN_add_word(reduced.get(), 1), "BN_add_word");
    return reduced;
}

DhResult
OpensslProvider::Run(const DhJob& job)
{
    const Group& group = m_library->GetGroup(job.group);
    const NumberPtr x = PrivateNumber(group, job.privateValue);
    DhResult result;
    if (job.peer)
    {
        std::optional<Octets> shared = group.Shared(*job.peer, x.get(), m_scratch.get());
        if (!shared)
        {
            return {};
        }
        result.shared = std::move(*shared);
    }
    result.publicValue = group.Public(x.get(), m_scratch.get());
    result.ok = true;
    return result;
}

} // namespace

std::unique_ptr<CryptoProvider>
MakeOpensslProvider()
{
    return std::make_unique<OpensslProvider>();
}

} // namespace ike
} // namespace ns3
