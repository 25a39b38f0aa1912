/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-negotiate.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// A row of a table: a number on the wire and its meaning here.
template <typename Wire, typename Ours>
struct Row
{
    Wire wire;
    Ours ours;
};

const Row<Phase1Encryption, CipherAlgorithm> PHASE1_CIPHERS[] = {
    {Phase1Encryption::DesCbc, CipherAlgorithm::DesCbc},
    {Phase1Encryption::TripleDesCbc, CipherAlgorithm::TripleDesCbc},
    {Phase1Encryption::AesCbc, CipherAlgorithm::AesCbc},
};

const Row<Phase1Hash, HashAlgorithm> PHASE1_HASHES[] = {
    {Phase1Hash::Md5, HashAlgorithm::Md5},
    {Phase1Hash::Sha1, HashAlgorithm::Sha1},
    {Phase1Hash::Sha256, HashAlgorithm::Sha256},
    {Phase1Hash::Sha384, HashAlgorithm::Sha384},
    {Phase1Hash::Sha512, HashAlgorithm::Sha512},
};

const Row<Phase1Authentication, AuthMethod> PHASE1_METHODS[] = {
    {Phase1Authentication::PreSharedKey, AuthMethod::PreSharedKey},
    {Phase1Authentication::RsaSignature, AuthMethod::RsaSignature},
};

const Row<EspTransformId, CipherAlgorithm> ESP_CIPHERS[] = {
    {EspTransformId::Des, CipherAlgorithm::DesCbc},
    {EspTransformId::TripleDes, CipherAlgorithm::TripleDesCbc},
    {EspTransformId::Null, CipherAlgorithm::Null},
    {EspTransformId::AesCbc, CipherAlgorithm::AesCbc},
    {EspTransformId::AesCtr, CipherAlgorithm::AesCtr},
    {EspTransformId::AesGcm16, CipherAlgorithm::AesGcm16},
    {EspTransformId::AesGmac, CipherAlgorithm::AesGmac},
};

const Row<Phase2Authentication, IntegrityAlgorithm> ESP_INTEGRITY[] = {
    {Phase2Authentication::HmacMd5, IntegrityAlgorithm::HmacMd5_96},
    {Phase2Authentication::HmacSha, IntegrityAlgorithm::HmacSha1_96},
    {Phase2Authentication::HmacSha256, IntegrityAlgorithm::HmacSha256_128},
    {Phase2Authentication::HmacSha384, IntegrityAlgorithm::HmacSha384_192},
    {Phase2Authentication::HmacSha512, IntegrityAlgorithm::HmacSha512_256},
    {Phase2Authentication::AesXcbc, IntegrityAlgorithm::AesXcbc96},
};

/// How a pair is carried, and what an encapsulation mode says of it.
struct Encapsulation
{
    bool transport; ///< else tunnel mode
    bool udp;       ///< in UDP (RFC 3947 5.1)

    friend bool operator==(const Encapsulation& a, const Encapsulation& b)
    {
        return a.transport == b.transport && a.udp == b.udp;
    }
};

const Row<EncapsulationMode, Encapsulation> ENCAPSULATIONS[] = {
    {EncapsulationMode::Tunnel, {false, false}},
    {EncapsulationMode::Transport, {true, false}},
    {EncapsulationMode::UdpTunnel, {false, true}},
    {EncapsulationMode::UdpTransport, {true, true}},
};

/// RFC 4304: the only value of the attribute; without it sequence numbers have 32 bits.
constexpr uint16_t SEQUENCE_64_BITS = 1;

const Row<IdType, IdentityKind> IDENTITY_KINDS[] = {
    {IdType::Ipv4Address, IdentityKind::Address},
    {IdType::Fqdn, IdentityKind::Fqdn},
    {IdType::UserFqdn, IdentityKind::UserFqdn},
    {IdType::DerAsn1Dn, IdentityKind::DistinguishedName},
    {IdType::KeyId, IdentityKind::KeyId},
};

template <typename Wire, typename Ours, size_t N>
uint16_t
ToWire(const Row<Wire, Ours> (&table)[N], Ours ours)
{
    for (const auto& row : table)
    {
        if (row.ours == ours)
        {
            return static_cast<uint16_t>(row.wire);
        }
    }
    return 0;
}

template <typename Wire, typename Ours, size_t N>
std::optional<Ours>
FromWire(const Row<Wire, Ours> (&table)[N], std::optional<uint64_t> wire)
{
    for (const auto& row : table)
    {
        if (wire && *wire == static_cast<uint64_t>(row.wire))
        {
            return row.ours;
        }
    }
    return std::nullopt;
}

template <typename E>
constexpr uint16_t
Number(E e)
{
    return static_cast<uint16_t>(e);
}

/// A key length attribute says 128, 192 or 256, and stands with AES alone.
bool
IsKeyLengthRight(CipherAlgorithm cipher, std::optional<uint64_t> bits)
{
    if (cipher != CipherAlgorithm::AesCbc)
    {
        return !bits;
    }
    return bits && (*bits == 128 || *bits == 192 || *bits == 256);
}

/// Is it one of the ciphers with several key lengths?
bool
IsAes(CipherAlgorithm cipher)
{
    return cipher == CipherAlgorithm::AesCbc || cipher == CipherAlgorithm::AesCtr ||
           cipher == CipherAlgorithm::AesGcm16 || cipher == CipherAlgorithm::AesGmac;
}

/// The same for ESP: every AES must have one (RFC 3686 5.2, RFC 4106 8.3, RFC 4543 7), but with
/// AES-CBC real ends leave it out and mean 128 bits.
bool
IsEspKeyLengthRight(CipherAlgorithm cipher, std::optional<uint64_t> bits)
{
    if (cipher == CipherAlgorithm::AesCbc && !bits)
    {
        return true;
    }
    return IsAes(cipher) ? IsKeyLengthRight(CipherAlgorithm::AesCbc, bits) : !bits;
}

/// A combined cipher has no other integrity beside it; counter mode must have one (RFC 3686 4).
bool
FitTogether(CipherAlgorithm cipher, IntegrityAlgorithm integrity)
{
    const bool has = integrity != IntegrityAlgorithm::None;
    return IsCombined(cipher) ? !has : has || cipher != CipherAlgorithm::AesCtr;
}

/// Seconds and kilobytes of a list of attributes, where each duration follows its type.
struct Lifetimes
{
    std::optional<Duration> seconds;   ///< life type 1
    std::optional<uint64_t> kilobytes; ///< life type 2
    bool wrong{false};                 ///< a duration without type, or a value that makes no sense
};

Lifetimes
ReadLifetimes(const std::vector<Attribute>& attributes, uint16_t typeClass, uint16_t durationClass)
{
    Lifetimes lifetimes;
    uint64_t type = 0; // 0: no life type stands before
    for (const Attribute& a : attributes)
    {
        const uint64_t value = a.ToNumber().value_or(0);
        if (a.type == typeClass)
        {
            type = value;
        }
        else if (a.type == durationClass)
        {
            // 2^32 seconds are 136 years: more is no lifetime but an attack on our arithmetic
            lifetimes.wrong |= type == 0 || value == 0 || value > UINT32_MAX;
            if (type == Number(LifeType::Seconds) && !lifetimes.wrong)
            {
                lifetimes.seconds = Duration::Seconds(static_cast<int64_t>(value));
            }
            else if (type == Number(LifeType::Kilobytes) && !lifetimes.wrong)
            {
                lifetimes.kilobytes = value;
            }
            type = 0;
        }
    }
    return lifetimes;
}

Transform
BuildPhase1Transform(const IsakmpPolicy& policy, uint8_t number)
{
    Transform t;
    t.number = number;
    t.id = TRANSFORM_KEY_IKE;
    t.attributes.reserve(7);
    const auto add = [&t](Phase1Attribute type, uint16_t value) {
        t.attributes.push_back(Attribute::Basic(Number(type), value));
    };
    add(Phase1Attribute::EncryptionAlgorithm, ToWire(PHASE1_CIPHERS, policy.cipher));
    if (policy.cipher == CipherAlgorithm::AesCbc)
    {
        add(Phase1Attribute::KeyLength,
            static_cast<uint16_t>(KeyLengthOf(policy.cipher, policy.keyBits) * 8));
    }
    add(Phase1Attribute::HashAlgorithm, ToWire(PHASE1_HASHES, policy.hash));
    add(Phase1Attribute::GroupDescription, Number(policy.group));
    add(Phase1Attribute::AuthenticationMethod, ToWire(PHASE1_METHODS, policy.authentication));
    add(Phase1Attribute::LifeType, Number(LifeType::Seconds));
    t.attributes.push_back(
        Attribute::Number(Number(Phase1Attribute::LifeDuration),
                          static_cast<uint32_t>(policy.lifetime.ns / 1000000000)));
    return t;
}

bool
IsSameSuite(const IsakmpPolicy& a, const IsakmpPolicy& b)
{
    return a.cipher == b.cipher && a.hash == b.hash && a.group == b.group &&
           a.authentication == b.authentication &&
           KeyLengthOf(a.cipher, a.keyBits) == KeyLengthOf(b.cipher, b.keyBits);
}

/// The same attributes? Their order says nothing, but that a life duration belongs to the life type
/// before it (RFC 2407 4.5): among attributes of one type the order counts.
bool
IsSameTransform(const Transform& a, const Transform& b)
{
    const auto values = [](const Transform& t) {
        std::vector<std::pair<uint16_t, std::optional<uint64_t>>> all;
        for (const Attribute& x : t.attributes)
        {
            all.emplace_back(x.type, x.ToNumber());
        }
        std::stable_sort(all.begin(), all.end(), [](const auto& x, const auto& y) {
            return x.first < y.first;
        });
        return all;
    };
    return a.id == b.id && values(a) == values(b);
}

/// Equal but for the case of letters (ASCII), and for blanks behind commas if these do not count.
bool
IsSameName(const std::string& a, const std::string& b, bool blanksAreFree)
{
    const auto fold = [blanksAreFree](const std::string& text) {
        std::string folded;
        for (char c : text)
        {
            const bool skipped =
                blanksAreFree && c == ' ' && (folded.empty() || folded.back() == ',');
            if (!skipped)
            {
                folded += c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
            }
        }
        return folded;
    };
    return fold(a) == fold(b);
}

/// The proposal and the transform of an offer that an answer repeats; nulls when it does not.
/// Numbers need not come back (RFC 2408 4.2: SHOULD), and some responders count anew.
std::pair<const Proposal*, const Transform*>
FindAnswered(const SaPayload& offer, const SaPayload& answer)
{
    if (answer.proposals.size() != 1 || answer.proposals[0].transforms.size() != 1)
    {
        return {nullptr, nullptr};
    }
    for (const Proposal& p : offer.proposals)
    {
        for (const Transform& t : p.transforms)
        {
            if (p.protocol == answer.proposals[0].protocol &&
                IsSameTransform(t, answer.proposals[0].transforms[0]))
            {
                return {&p, &t};
            }
        }
    }
    return {nullptr, nullptr};
}

/// An answer: the header of the offer, and of it one proposal with one transform.
SaPayload
BuildAnswer(const SaPayload& offer, const Proposal& proposal, const Transform& transform)
{
    SaPayload answer;
    answer.doi = offer.doi;
    answer.situation = offer.situation;
    Proposal& chosen = answer.proposals.emplace_back();
    chosen.number = proposal.number;
    chosen.protocol = proposal.protocol;
    chosen.spi = proposal.spi;
    chosen.transforms.push_back(transform);
    return answer;
}

uint32_t
SpiOf(const Proposal& p)
{
    uint32_t spi = 0;
    for (uint8_t o : p.spi)
    {
        spi = spi << 8 | o;
    }
    return spi;
}

/// Is there a second proposal with this number? That would be an AND with another protocol.
bool
StandsAlone(const SaPayload& sa, const Proposal& proposal)
{
    return std::count_if(sa.proposals.begin(), sa.proposals.end(), [&](const Proposal& p) {
               return p.number == proposal.number;
           }) == 1;
}

/// What a phase 2 transform means, without its SPI; nothing when it is not implemented.
std::optional<Phase2Choice>
ReadPhase2Transform(const Transform& t)
{
    Phase2Choice choice;
    const auto cipher = FromWire(ESP_CIPHERS, t.id);
    const auto bits = t.Find(Number(Phase2Attribute::KeyLength));
    const auto mode = FromWire(ENCAPSULATIONS, t.Find(Number(Phase2Attribute::EncapsulationMode)));
    const auto sequence = t.Find(Number(Phase2Attribute::ExtendedSequenceNumber));
    if (!cipher || !IsEspKeyLengthRight(*cipher, bits) || !mode ||
        (sequence && *sequence != SEQUENCE_64_BITS))
    {
        return std::nullopt;
    }
    choice.transform.transport = mode->transport;
    choice.udp = mode->udp;
    choice.transform.extendedSequence = sequence.has_value();
    choice.transform.cipher = *cipher;
    choice.transform.keyBits = static_cast<uint32_t>(bits.value_or(0));
    if (const auto wire = t.Find(Number(Phase2Attribute::AuthenticationAlgorithm)))
    {
        const auto integrity = FromWire(ESP_INTEGRITY, wire);
        if (!integrity)
        {
            return std::nullopt;
        }
        choice.transform.integrity = *integrity;
    }
    if (!FitTogether(choice.transform.cipher, choice.transform.integrity))
    {
        return std::nullopt;
    }
    if (const auto group = t.Find(Number(Phase2Attribute::GroupDescription)))
    {
        choice.pfs = static_cast<DhGroup>(*group);
        if (*group > UINT16_MAX || !IsSupported(choice.pfs))
        {
            return std::nullopt;
        }
    }
    const Lifetimes life = ReadLifetimes(t.attributes,
                                         Number(Phase2Attribute::LifeType),
                                         Number(Phase2Attribute::LifeDuration));
    if (life.wrong)
    {
        return std::nullopt;
    }
    // RFC 2407 4.5: without an attribute the default is 28800 seconds
    choice.lifetime = life.seconds.value_or(Duration::Seconds(28800));
    choice.lifetimeKilobytes = life.kilobytes.value_or(0);
    return choice;
}

bool
IsWanted(const ConnectionConfig& own,
         const EspTransformSet& set,
         const Phase2Choice& offered,
         bool udp)
{
    return offered.udp == udp && set.transport == offered.transform.transport &&
           set.extendedSequence == offered.transform.extendedSequence &&
           set.cipher == offered.transform.cipher && set.integrity == offered.transform.integrity &&
           KeyLengthOf(set.cipher, set.keyBits) ==
               KeyLengthOf(offered.transform.cipher, offered.transform.keyBits) &&
           (!own.pfs || *own.pfs == offered.pfs);
}

/// The first offered transform that is what a transform set wants.
std::optional<Phase2Choice>
PickFor(const ConnectionConfig& own, const EspTransformSet& set, const SaPayload& offer, bool udp)
{
    for (const Proposal& p : offer.proposals)
    {
        for (const Transform& t : p.transforms)
        {
            std::optional<Phase2Choice> offered = ReadPhase2Transform(t);
            if (p.protocol == ProtocolId::Esp && p.spi.size() == 4 && SpiOf(p) > 255 &&
                StandsAlone(offer, p) && offered && IsWanted(own, set, *offered, udp))
            {
                offered->transform.name = set.name;
                offered->spi = SpiOf(p);
                offered->answer = BuildAnswer(offer, p, t);
                return offered;
            }
        }
    }
    return std::nullopt;
}

} // namespace

SaPayload
BuildPhase1Offer(const std::vector<IsakmpPolicy>& policies)
{
    Proposal proposal;
    uint8_t number = 1;
    for (const IsakmpPolicy& policy : policies)
    {
        proposal.transforms.push_back(BuildPhase1Transform(policy, number++));
    }
    SaPayload sa;
    sa.proposals.push_back(std::move(proposal));
    return sa;
}

std::optional<IsakmpPolicy>
ReadPhase1Transform(const Transform& t)
{
    const auto cipher =
        FromWire(PHASE1_CIPHERS, t.Find(Number(Phase1Attribute::EncryptionAlgorithm)));
    const auto hash = FromWire(PHASE1_HASHES, t.Find(Number(Phase1Attribute::HashAlgorithm)));
    const auto method =
        FromWire(PHASE1_METHODS, t.Find(Number(Phase1Attribute::AuthenticationMethod)));
    const auto group = t.Find(Number(Phase1Attribute::GroupDescription));
    const auto bits = t.Find(Number(Phase1Attribute::KeyLength));
    if (t.id != TRANSFORM_KEY_IKE || !cipher || !hash || !method || !group || *group > UINT16_MAX ||
        !IsSupported(static_cast<DhGroup>(*group)) || !IsKeyLengthRight(*cipher, bits))
    {
        return std::nullopt;
    }
    const Lifetimes life = ReadLifetimes(t.attributes,
                                         Number(Phase1Attribute::LifeType),
                                         Number(Phase1Attribute::LifeDuration));
    if (life.wrong)
    {
        return std::nullopt;
    }
    IsakmpPolicy policy;
    policy.cipher = *cipher;
    policy.keyBits = static_cast<uint32_t>(bits.value_or(0));
    policy.hash = *hash;
    policy.authentication = *method;
    policy.group = static_cast<DhGroup>(*group);
    // RFC 2407 4.5 for phase 2; IOS takes its own default of a day in phase 1
    policy.lifetime = life.seconds.value_or(Duration::Seconds(86400));
    return policy;
}

std::optional<Phase1Choice>
PickPhase1(const std::vector<IsakmpPolicy>& own, const SaPayload& offer, Phase1LifetimeMatch match)
{
    for (const IsakmpPolicy& mine : own)
    {
        for (const Proposal& p : offer.proposals)
        {
            for (const Transform& t : p.transforms)
            {
                const std::optional<IsakmpPolicy> offered = ReadPhase1Transform(t);
                if (p.protocol != ProtocolId::Isakmp || !offered || !IsSameSuite(mine, *offered) ||
                    (match == Phase1LifetimeMatch::NotLonger && offered->lifetime > mine.lifetime))
                {
                    continue;
                }
                Phase1Choice choice{*offered, BuildAnswer(offer, p, t)};
                choice.policy.priority = mine.priority;
                choice.policy.lifetime = std::min(offered->lifetime, mine.lifetime);
                return choice;
            }
        }
    }
    return std::nullopt;
}

std::optional<IsakmpPolicy>
CheckPhase1Answer(const SaPayload& offer, const SaPayload& answer)
{
    const auto [proposal, transform] = FindAnswered(offer, answer);
    if (!transform)
    {
        return std::nullopt;
    }
    return ReadPhase1Transform(*transform);
}

bool
IsNegotiable(const EspTransformSet& set)
{
    return ToWire(ESP_CIPHERS, set.cipher) != 0 && FitTogether(set.cipher, set.integrity);
}

SaPayload
BuildPhase2Offer(const ConnectionConfig& connection, uint32_t spi, bool udp)
{
    SaPayload sa;
    for (const EspTransformSet& set : connection.transformSets)
    {
        if (!IsNegotiable(set))
        {
            continue;
        }
        Transform t;
        t.attributes.reserve(8);
        t.id = static_cast<uint8_t>(ToWire(ESP_CIPHERS, set.cipher));
        const auto add = [&t](Phase2Attribute type, uint16_t value) {
            t.attributes.push_back(Attribute::Basic(Number(type), value));
        };
        add(Phase2Attribute::EncapsulationMode,
            ToWire(ENCAPSULATIONS, Encapsulation{set.transport, udp}));
        add(Phase2Attribute::LifeType, Number(LifeType::Seconds));
        t.attributes.push_back(
            Attribute::Number(Number(Phase2Attribute::LifeDuration),
                              static_cast<uint32_t>(connection.lifetime.ns / 1000000000)));
        add(Phase2Attribute::LifeType, Number(LifeType::Kilobytes));
        t.attributes.push_back(
            Attribute::Number(Number(Phase2Attribute::LifeDuration),
                              static_cast<uint32_t>(connection.lifetimeKilobytes)));
        if (set.integrity != IntegrityAlgorithm::None)
        {
            add(Phase2Attribute::AuthenticationAlgorithm, ToWire(ESP_INTEGRITY, set.integrity));
        }
        if (IsAes(set.cipher))
        {
            add(Phase2Attribute::KeyLength,
                static_cast<uint16_t>(KeyLengthOf(set.cipher, set.keyBits) * 8));
        }
        if (set.extendedSequence)
        {
            add(Phase2Attribute::ExtendedSequenceNumber, SEQUENCE_64_BITS);
        }
        if (connection.pfs)
        {
            add(Phase2Attribute::GroupDescription, Number(*connection.pfs));
        }
        Proposal p;
        p.number = static_cast<uint8_t>(sa.proposals.size() + 1);
        p.protocol = ProtocolId::Esp;
        AppendNumber(p.spi, spi, 4);
        p.transforms.push_back(std::move(t));
        sa.proposals.push_back(std::move(p));
    }
    return sa;
}

std::optional<Phase2Choice>
PickPhase2(const ConnectionConfig& own, const SaPayload& offer, bool udp)
{
    for (bool encapsulated : {udp, !udp})
    {
        for (const EspTransformSet& set : own.transformSets)
        {
            if (auto choice = PickFor(own, set, offer, encapsulated))
            {
                return choice;
            }
        }
    }
    return std::nullopt;
}

std::optional<Phase2Choice>
CheckPhase2Answer(const SaPayload& offer, const SaPayload& answer)
{
    const auto [proposal, transform] = FindAnswered(offer, answer);
    // RFC 4303 2.1: SPIs 0 to 255 are reserved
    if (!transform || answer.proposals[0].spi.size() != 4 || SpiOf(answer.proposals[0]) <= 255)
    {
        return std::nullopt;
    }
    std::optional<Phase2Choice> choice = ReadPhase2Transform(*transform);
    if (choice)
    {
        choice->spi = SpiOf(answer.proposals[0]);
        choice->answer = answer;
    }
    return choice;
}

bool
OffersUdpTransport(const SaPayload& sa)
{
    for (const Proposal& p : sa.proposals)
    {
        for (const Transform& t : p.transforms)
        {
            if (t.Find(Number(Phase2Attribute::EncapsulationMode)) ==
                Number(EncapsulationMode::UdpTransport))
            {
                return true;
            }
        }
    }
    return false;
}

void
SetSpi(SaPayload& answer, uint32_t spi)
{
    answer.proposals.at(0).spi.clear();
    AppendNumber(answer.proposals[0].spi, spi, 4);
}

Octets
BuildLifetimeAttributes(Duration lifetime, uint64_t kilobytes)
{
    return WriteAttributes(
        {Attribute::Basic(Number(Phase2Attribute::LifeType), Number(LifeType::Seconds)),
         Attribute::Number(Number(Phase2Attribute::LifeDuration),
                           static_cast<uint32_t>(lifetime.ns / 1000000000)),
         Attribute::Basic(Number(Phase2Attribute::LifeType), Number(LifeType::Kilobytes)),
         Attribute::Number(Number(Phase2Attribute::LifeDuration),
                           static_cast<uint32_t>(kilobytes))});
}

std::optional<AnnouncedLifetime>
ReadLifetimeAttributes(const Octets& data)
{
    const std::optional<std::vector<Attribute>> attributes = ReadAttributes(data);
    if (!attributes)
    {
        return std::nullopt;
    }
    const Lifetimes life = ReadLifetimes(*attributes,
                                         Number(Phase2Attribute::LifeType),
                                         Number(Phase2Attribute::LifeDuration));
    if (life.wrong)
    {
        return std::nullopt;
    }
    return AnnouncedLifetime{life.seconds, life.kilobytes};
}

IdPayload
BuildAddressId(const IpAddress& address)
{
    return IdPayload{IdType::Ipv4Address, 17, IKE_PORT, address.ToOctets()};
}

std::optional<IdPayload>
BuildIdentity(const IkeIdentity& identity, const IpAddress& address, const Octets& subject)
{
    if (identity.kind == IdentityKind::Address)
    {
        const auto other = IpAddress::Parse(identity.text);
        return BuildAddressId(other && other->IsV4() ? *other : address);
    }
    IdPayload id = BuildAddressId(address);
    id.type = static_cast<IdType>(ToWire(IDENTITY_KINDS, identity.kind));
    id.data = identity.kind == IdentityKind::DistinguishedName ? subject : ToOctets(identity.text);
    return id.data.empty() ? std::nullopt : std::make_optional(id);
}

std::optional<IdentityKind>
ReadIdentityKind(const IdPayload& id)
{
    // RFC 2407 4.6.2: in phase 1 either both are zero, or UDP and 500
    const bool isPort = (id.protocol == 0 && id.port == 0) ||
                        (id.protocol == 17 && (id.port == IKE_PORT || id.port == 0));
    return isPort ? FromWire(IDENTITY_KINDS, static_cast<uint64_t>(id.type)) : std::nullopt;
}

bool
IsSameIdentity(const IkeIdentity& a, const IkeIdentity& b)
{
    if (a.kind != b.kind)
    {
        return false;
    }
    switch (a.kind)
    {
    case IdentityKind::Fqdn:
    case IdentityKind::UserFqdn:
        return IsSameName(a.text, b.text, false);
    case IdentityKind::DistinguishedName:
        return IsSameName(a.text, b.text, true);
    default:
        return a.text == b.text;
    }
}

IdPayload
BuildSelectorId(const Selector& selector)
{
    IdPayload id{IdType::Ipv4Range, selector.protocol, selector.port, selector.first.ToOctets()};
    const std::optional<IpPrefix> prefix = selector.ToPrefix();
    if (prefix && prefix->length == 32)
    {
        id.type = IdType::Ipv4Address;
    }
    else if (prefix)
    {
        id.type = IdType::Ipv4Subnet;
        AppendNumber(id.data, MaskOfPrefixLength(prefix->length), 4);
    }
    else
    {
        id.data = Concat({id.data, selector.last.ToOctets()});
    }
    return id;
}

std::optional<Selector>
ReadSelectorId(const IdPayload& id)
{
    const size_t expected = id.type == IdType::Ipv4Address ? 4 : 8;
    if (id.data.size() != expected)
    {
        return std::nullopt;
    }
    Selector selector;
    selector.first = IpAddress::FromOctets(Octets(id.data.begin(), id.data.begin() + 4));
    selector.last = IpAddress::FromOctets(Octets(id.data.end() - 4, id.data.end()));
    if (id.type == IdType::Ipv4Subnet)
    {
        const std::optional<unsigned> length = PrefixLengthOfMask(selector.last.ToV4());
        if (!length)
        {
            return std::nullopt;
        }
        selector = IpPrefix{selector.first.Masked(*length), *length};
    }
    else if ((id.type != IdType::Ipv4Address && id.type != IdType::Ipv4Range) ||
             selector.last < selector.first)
    {
        return std::nullopt;
    }
    selector.protocol = id.protocol;
    selector.port = id.port;
    return selector;
}

std::optional<Octets>
FindPreSharedKey(const std::vector<PreSharedKey>& keys,
                 const std::string& keyring,
                 const IkeIdentity& peer)
{
    const auto it = std::find_if(keys.begin(), keys.end(), [&](const PreSharedKey& k) {
        return k.keyring == keyring && k.identity && IsSameIdentity(*k.identity, peer);
    });
    return it == keys.end() ? std::nullopt : std::make_optional(it->key);
}

} // namespace ike
} // namespace ns3
