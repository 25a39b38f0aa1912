/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-openssl.h"

#include <new>
#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <openssl/provider.h>
#include <openssl/rand.h>
#include <stdexcept>
#include <string>

// The library context, and SIM-RAND, its random generator that is none.
//
// OpenSSL draws random octets on its own for the blinding of P-384, where they do not change the
// result. They come from a counter, so that no octet of a run depends on the machine, and no
// entropy source is ever opened. Nothing that must be secret may be drawn from here.

namespace ns3
{
namespace ike
{

namespace
{

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

/// A context with its providers; they are unloaded before it is freed.
struct ContextWithProviders
{
    using ProviderPtr = std::unique_ptr<OSSL_PROVIDER, FreeWith<OSSL_PROVIDER_unload>>;

    ContextWithProviders();

    std::unique_ptr<OSSL_LIB_CTX, FreeWith<OSSL_LIB_CTX_free>> context; ///< made first
    ProviderPtr random;                                                 ///< SIM-RAND
    ProviderPtr algorithms;                                             ///< all others
};

ContextWithProviders::ContextWithProviders()
    : context(OSSL_LIB_CTX_new())
{
    RequireOpenssl(context != nullptr, "OSSL_LIB_CTX_new");
    RequireOpenssl(OSSL_PROVIDER_add_builtin(context.get(), "sim", SimProviderInit),
                   "add provider sim");
    random = Own<ProviderPtr>(OSSL_PROVIDER_load(context.get(), "sim"), "load provider sim");
    // Not automatic any more once another provider was loaded.
    algorithms =
        Own<ProviderPtr>(OSSL_PROVIDER_load(context.get(), "default"), "load provider default");
    // Must come before the first draw in this context.
    RequireOpenssl(RAND_set_DRBG_type(context.get(), "SIM-RAND", "provider=sim", nullptr, nullptr),
                   "RAND_set_DRBG_type");
}

} // namespace

std::shared_ptr<ossl_lib_ctx_st>
OpensslContext()
{
    static const auto instance = std::make_shared<ContextWithProviders>();
    return {instance, instance->context.get()};
}

void
RequireOpenssl(bool ok, const char* what)
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

WipedOctets::~WipedOctets()
{
    OPENSSL_cleanse(octets.data(), octets.size());
}

} // namespace ike
} // namespace ns3
