/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-crypto-openssl.h"

#include <array>
#include <mutex>
#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>
#include <stdexcept>
#include <vector>

namespace ns3
{
namespace ike
{

namespace
{

using NumberPtr = std::unique_ptr<BIGNUM, FreeWith<BN_clear_free>>; // BN_free does not wipe
using NumberContextPtr = std::unique_ptr<BN_CTX, FreeWith<BN_CTX_free>>;
using MontgomeryPtr = std::unique_ptr<BN_MONT_CTX, FreeWith<BN_MONT_CTX_free>>;
using CurvePtr = std::unique_ptr<EC_GROUP, FreeWith<EC_GROUP_free>>;
using PointPtr = std::unique_ptr<EC_POINT, FreeWith<EC_POINT_clear_free>>;

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
NumberOf(const Octets& octets)
{
    return Own<NumberPtr>(BN_bin2bn(octets.data(), static_cast<int>(octets.size()), nullptr),
                          "BN_bin2bn");
}

/// Big endian, padded with leading zeros: without them one g^xy in 256 would come out short.
Octets
PaddedOctets(const BIGNUM* number, unsigned length)
{
    Octets out(length);
    RequireOpenssl(BN_bn2binpad(number, out.data(), static_cast<int>(length)) >= 0, "BN_bn2binpad");
    return out;
}

/// The number of a private value. One that is zero or too large is brought into range, always the
/// same way; all others stay what they are, as known answers demand.
NumberPtr
PrivateNumber(const Octets& privateValue, const BIGNUM* bound, BN_CTX* scratch)
{
    if (privateValue.empty())
    {
        throw std::invalid_argument("a Diffie-Hellman job without a private value");
    }
    NumberPtr x = NumberOf(privateValue);
    if (!BN_is_zero(x.get()) && BN_cmp(x.get(), bound) < 0)
    {
        return x;
    }
    const NumberPtr choices = CopyOf(bound);
    RequireOpenssl(BN_sub_word(choices.get(), 1), "BN_sub_word");
    NumberPtr reduced = NewNumber();
    RequireOpenssl(BN_nnmod(reduced.get(), x.get(), choices.get(), scratch), "BN_nnmod");
    RequireOpenssl(BN_add_word(reduced.get(), 1), "BN_add_word");
    return reduced;
}

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
                                         DhTiming timing,
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
                                 DhTiming timing,
                                 BN_CTX* scratch) const override;

  private:
    void BuildTable(BN_CTX* scratch);
    void Multiply(BIGNUM* product, const BIGNUM* factor, BN_CTX* scratch) const;
    NumberPtr PowerByTable(const BIGNUM* x, BN_CTX* scratch) const;
    NumberPtr Power(const BIGNUM* base, const BIGNUM* x, DhTiming timing, BN_CTX* scratch) const;

    unsigned m_length;         ///< octets of the prime
    unsigned m_rows;           ///< rows of the table: octets of our own private values
    NumberPtr m_prime;         ///< p
    NumberPtr m_primeMinusOne; ///< p - 1
    MontgomeryPtr m_montgomery;
    std::vector<NumberPtr> m_table; ///< [row * 256 + d] = 2^(d * 256^row), Montgomery form
};

ModpGroup::ModpGroup(DhGroup group, BIGNUM* (*prime)(BIGNUM*), BN_CTX* scratch)
    : m_length(PublicLengthOf(group)),
      m_rows(PrivateLengthOf(group)),
      m_prime(Own<NumberPtr>(prime(nullptr), "prime of a group")),
      m_primeMinusOne(CopyOf(m_prime.get())),
      m_montgomery(Own<MontgomeryPtr>(BN_MONT_CTX_new(), "BN_MONT_CTX_new"))
{
    RequireOpenssl(BN_sub_word(m_primeMinusOne.get(), 1), "BN_sub_word");
    RequireOpenssl(BN_MONT_CTX_set(m_montgomery.get(), m_prime.get(), scratch), "BN_MONT_CTX_set");
    BuildTable(scratch);
}

Octets
ModpGroup::Public(const BIGNUM* x, BN_CTX* scratch) const
{
    if (static_cast<unsigned>(BN_num_bytes(x)) > m_rows)
    {
        // Longer than our own private values are: from a test.
        const NumberPtr two = NewNumber();
        RequireOpenssl(BN_set_word(two.get(), 2), "BN_set_word");
        return PaddedOctets(Power(two.get(), x, DhTiming::Variable, scratch).get(), m_length);
    }
    return PaddedOctets(PowerByTable(x, scratch).get(), m_length);
}

std::optional<Octets>
ModpGroup::Shared(const Octets& peer, const BIGNUM* x, DhTiming timing, BN_CTX* scratch) const
{
    // RFC 2409 5: a public value is padded to the length of the prime.
    if (peer.size() != m_length)
    {
        return std::nullopt;
    }
    const NumberPtr y = NumberOf(peer);
    // RFC 6989 2.1: 1 < y < p - 1. With a safe prime no other small subgroup is left.
    if (BN_is_zero(y.get()) || BN_is_one(y.get()) || BN_cmp(y.get(), m_primeMinusOne.get()) >= 0)
    {
        return std::nullopt;
    }
    return PaddedOctets(Power(y.get(), x, timing, scratch).get(), m_length);
}

NumberPtr
ModpGroup::Power(const BIGNUM* base, const BIGNUM* x, DhTiming timing, BN_CTX* scratch) const
{
    const auto power = timing == DhTiming::Constant ? BN_mod_exp_mont_consttime : BN_mod_exp_mont;
    NumberPtr r = NewNumber();
    RequireOpenssl(power(r.get(), base, x, m_prime.get(), scratch, m_montgomery.get()),
                   "BN_mod_exp_mont");
    return r;
}

/// Both in Montgomery form.
void
ModpGroup::Multiply(BIGNUM* product, const BIGNUM* factor, BN_CTX* scratch) const
{
    RequireOpenssl(BN_mod_mul_montgomery(product, product, factor, m_montgomery.get(), scratch),
                   "BN_mod_mul_montgomery");
}

void
ModpGroup::BuildTable(BN_CTX* scratch)
{
    m_table.resize(m_rows * 256); // the first of each row stays empty
    NumberPtr step = NewNumber();
    RequireOpenssl(BN_set_word(step.get(), 2), "BN_set_word");
    RequireOpenssl(BN_to_montgomery(step.get(), step.get(), m_montgomery.get(), scratch),
                   "BN_to_montgomery");
    for (unsigned row = 0; row < m_rows; row++)
    {
        NumberPtr power = CopyOf(step.get());
        for (unsigned digit = 1; digit < 256; digit++)
        {
            m_table[row * 256 + digit] = CopyOf(power.get());
            Multiply(power.get(), step.get(), scratch);
        }
        step = std::move(power);
    }
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
        Multiply(product.get(), factor, scratch);
    }
    RequireOpenssl(product != nullptr, "the private number is zero");
    RequireOpenssl(BN_from_montgomery(product.get(), product.get(), m_montgomery.get(), scratch),
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
                                 DhTiming timing,
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
    RequireOpenssl(EC_POINT_mul(m_curve.get(), point.get(), x, nullptr, nullptr, scratch),
                   "EC_POINT_mul");
    return Encode(point.get(), true, scratch);
}

std::optional<Octets>
EcpGroup::Shared(const Octets& peer, const BIGNUM* x, DhTiming /*timing*/, BN_CTX* scratch) const
{
    const PointPtr y = Decode(peer, scratch);
    if (!y)
    {
        return std::nullopt;
    }
    const PointPtr point = NewPoint();
    RequireOpenssl(EC_POINT_mul(m_curve.get(), point.get(), nullptr, y.get(), x, scratch),
                   "EC_POINT_mul");
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
    RequireOpenssl(EC_POINT_get_affine_coordinates(m_curve.get(), point, x.get(), y.get(), scratch),
                   "EC_POINT_get_affine_coordinates");
    Octets out = PaddedOctets(x.get(), m_fieldLength);
    if (both)
    {
        Append(out, PaddedOctets(y.get(), m_fieldLength));
    }
    return out;
}

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

} // namespace

/// All groups, each built when first used.
class OpensslGroups
{
  public:
    /// @throws std::invalid_argument when there is no such group
    const Group& Get(DhGroup group);

    NumberContextPtr NewScratch() const
    {
        return Own<NumberContextPtr>(BN_CTX_new_ex(m_context.get()), "BN_CTX_new_ex");
    }

  private:
    std::unique_ptr<Group> Make(const GroupSource& source) const;

    std::shared_ptr<OSSL_LIB_CTX> m_context{OpensslContext()}; ///< outlives the groups
    std::array<std::once_flag, GROUP_COUNT> m_once;
    std::array<std::unique_ptr<Group>, GROUP_COUNT> m_groups;
};

const Group&
OpensslGroups::Get(DhGroup group)
{
    for (size_t i = 0; i < GROUP_COUNT; i++)
    {
        if (GROUP_SOURCES[i].group == group)
        {
            std::call_once(m_once[i], [this, i] { m_groups[i] = Make(GROUP_SOURCES[i]); });
            return *m_groups[i];
        }
    }
    throw std::invalid_argument("no Diffie-Hellman group " + ToString(group));
}

std::unique_ptr<Group>
OpensslGroups::Make(const GroupSource& source) const
{
    if (source.prime)
    {
        return std::make_unique<ModpGroup>(source.group, source.prime, NewScratch().get());
    }
    return std::make_unique<EcpGroup>(source.group, source.curve, m_context.get());
}

std::shared_ptr<OpensslGroups>
SharedOpensslGroups()
{
    static const auto instance = std::make_shared<OpensslGroups>();
    return instance;
}

DhResult
RunDh(OpensslGroups& groups, const DhJob& job, DhTiming timing)
{
    const Group& group = groups.Get(job.group);
    const NumberContextPtr scratch = groups.NewScratch();
    const NumberPtr x = PrivateNumber(job.privateValue, group.GetBound(), scratch.get());
    DhResult result;
    if (job.peer)
    {
        std::optional<Octets> shared = group.Shared(*job.peer, x.get(), timing, scratch.get());
        if (!shared)
        {
            return {};
        }
        result.shared = std::move(*shared);
    }
    if (job.keygen)
    {
        result.publicValue = group.Public(x.get(), scratch.get());
    }
    result.ok = true;
    return result;
}

} // namespace ike
} // namespace ns3
