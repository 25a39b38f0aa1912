/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-rogue-peer.h"

#include "ns3/ike-auth-octets.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr unsigned BLOCK = 8;              ///< of 3DES
constexpr uint32_t ROGUE_SPI = 0x0badcafe; ///< of every quick mode of the rogue
constexpr HashAlgorithm HASH = HashAlgorithm::Sha1;

Octets
ToOctets(const Cookie& cookie)
{
    return Octets(cookie.begin(), cookie.end());
}

bool
IsEncrypted(RogueMessage message)
{
    return message >= RogueMessage::MainMode5 && message != RogueMessage::Aggressive1 &&
           message != RogueMessage::Aggressive2;
}

/// Everything: 0.0.0.0/0 as a subnet.
IdPayload
AnyId()
{
    IdPayload id;
    id.type = IdType::Ipv4Subnet;
    id.data = Octets(8, 0);
    return id;
}

Attribute
Basic(Phase1Attribute type, uint16_t value)
{
    return Attribute::Basic(static_cast<uint16_t>(type), value);
}

Attribute
Basic(Phase2Attribute type, uint16_t value)
{
    return Attribute::Basic(static_cast<uint16_t>(type), value);
}

/// The octet at which a payload's body begins in a chain of payloads.
size_t
BodyOf(const std::vector<Payload>& payloads, PayloadType type)
{
    size_t at = 0;
    for (const Payload& p : payloads)
    {
        if (TypeOf(p) == static_cast<uint8_t>(type))
        {
            return at + 4;
        }
        at += 4 + WriteBody(p).size();
    }
    return 0;
}

} // namespace

RoguePeer::RoguePeer(std::shared_ptr<CryptoProvider> crypto,
                     Role role,
                     const IpAddress& own,
                     const Octets& secret,
                     DhGroup group,
                     const RogueFault& fault)
    : m_crypto(std::move(crypto)),
      m_role(role),
      m_own(own),
      m_secret(secret),
      m_group(group),
      m_fault(fault),
      m_private(PrivateLengthOf(group), 0x37),
      m_nonceOwn(20, 0x4e),
      m_quickNonceOwn(20, 0x51)
{
    Cookie& cookie = role == Role::Initiator ? m_initiatorCookie : m_responderCookie;
    cookie.fill(fault.cookie);
    m_publicOwn = m_crypto->Run(DhJob{group, m_private, std::nullopt}).publicValue;
}

bool
RoguePeer::IsSpoiled(RogueMessage message) const
{
    return m_fault.message == message;
}

// --- Payloads ------------------------------------------------------------------------------------

SaPayload
RoguePeer::MakeSa(bool phase1) const
{
    Proposal proposal;
    Transform transform;
    if (phase1)
    {
        transform.id = TRANSFORM_KEY_IKE;
        transform.attributes = {
            Basic(Phase1Attribute::EncryptionAlgorithm, 5), // 3DES-CBC
            Basic(Phase1Attribute::HashAlgorithm, 2),       // SHA-1
            Basic(Phase1Attribute::AuthenticationMethod, m_fault.privateKey ? 3 : 1),
            Basic(Phase1Attribute::GroupDescription, static_cast<uint16_t>(m_group)),
            Basic(Phase1Attribute::LifeType, 1),
            Basic(Phase1Attribute::LifeDuration, 28800)};
    }
    else
    {
        proposal.protocol = ProtocolId::Esp;
        AppendNumber(proposal.spi, ROGUE_SPI, 4);
        transform.id = static_cast<uint8_t>(EspTransformId::TripleDes);
        transform.attributes = {Basic(Phase2Attribute::LifeType, 1),
                                Basic(Phase2Attribute::LifeDuration, 3600),
                                Basic(Phase2Attribute::EncapsulationMode, 1),
                                Basic(Phase2Attribute::AuthenticationAlgorithm, 2)};
    }
    proposal.transforms = {transform};
    SaPayload sa;
    sa.proposals = {proposal};
    return sa;
}

/// What the description of a payload can express; the rest is done to its octets.
void
RoguePeer::SpoilSa(SaPayload& sa, bool phase1) const
{
    Transform& transform = sa.proposals.at(0).transforms.at(0);
    std::vector<Attribute>& attributes = transform.attributes;
    const auto typeOf = [phase1](Phase1Attribute first, Phase2Attribute second) {
        return phase1 ? static_cast<uint16_t>(first) : static_cast<uint16_t>(second);
    };
    const uint16_t lifeType = typeOf(Phase1Attribute::LifeType, Phase2Attribute::LifeType);
    const uint16_t life = typeOf(Phase1Attribute::LifeDuration, Phase2Attribute::LifeDuration);
    for (Attribute& a : attributes)
    {
        if (m_fault.lifetime && a.type == life)
        {
            a = Attribute{life, false, *m_fault.lifetime};
        }
        if (m_fault.cipher && phase1 && a.type == 1)
        {
            a = Attribute::Basic(1, *m_fault.cipher);
        }
    }
    if (m_fault.noLifetime)
    {
        attributes.erase(std::remove_if(attributes.begin(),
                                        attributes.end(),
                                        [&](const Attribute& a) {
                                            return a.type == life || a.type == lifeType;
                                        }),
                         attributes.end());
    }
    if (m_fault.attributeLength)
    {
        attributes.back().basic = false;
    }
    transform.id = m_fault.transformId.value_or(transform.id);
    if (m_fault.proposals)
    {
        sa.proposals.resize(*m_fault.proposals, sa.proposals.front());
    }
}

IdPayload
RoguePeer::MakeId() const
{
    IdPayload id;
    id.data = m_own.ToOctets();
    return m_fault.identify.value_or(id);
}

/// HASH, or what a signature wants.
std::vector<Payload>
RoguePeer::MakeProof(const Octets& hash) const
{
    if (!m_fault.privateKey)
    {
        return {HashPayload{hash}};
    }
    std::vector<Payload> proof;
    for (const Octets& c : m_fault.certificates)
    {
        proof.push_back(CertificatePayload{CertificateEncoding::X509Signature, c});
    }
    if (m_fault.missing != PayloadType::Signature)
    {
        proof.push_back(SignaturePayload{
            m_fault.signature.value_or(m_crypto->SignRsa(*m_fault.privateKey, hash))});
    }
    return proof;
}

void
RoguePeer::SpoilPayloads(std::vector<Payload>& payloads) const
{
    bool firstId = true;
    for (Payload& p : payloads)
    {
        if (auto* ke = std::get_if<KePayload>(&p))
        {
            ke->data = m_fault.publicValue.value_or(ke->data);
        }
        else if (auto* nonce = std::get_if<NoncePayload>(&p))
        {
            nonce->data = m_fault.nonce.value_or(nonce->data);
        }
        else if (auto* id = std::get_if<IdPayload>(&p); id && firstId)
        {
            id->data = m_fault.identity.value_or(id->data);
            firstId = false;
        }
        else if (auto* sa = std::get_if<SaPayload>(&p))
        {
            SpoilSa(*sa, sa->proposals.at(0).protocol == ProtocolId::Isakmp);
        }
    }
    const auto isOf = [](PayloadType type) {
        return [type](const Payload& p) { return TypeOf(p) == static_cast<uint8_t>(type); };
    };
    if (m_fault.twice)
    {
        const auto it = std::find_if(payloads.begin(), payloads.end(), isOf(*m_fault.twice));
        payloads.insert(it, Payload(*it));
    }
    if (m_fault.missing)
    {
        payloads.erase(std::remove_if(payloads.begin(), payloads.end(), isOf(*m_fault.missing)),
                       payloads.end());
    }
    if (m_fault.extraType)
    {
        payloads.push_back(OpaquePayload{*m_fault.extraType, Octets(8, 0)});
    }
    payloads.insert(payloads.end(), m_fault.more.begin(), m_fault.more.end());
    if (m_fault.reversed)
    {
        std::reverse(payloads.begin(), payloads.end());
    }
}

/// What only octets can say: lengths that are not true.
void
RoguePeer::SpoilChain(Octets& chain, const std::vector<Payload>& payloads) const
{
    const auto put = [&chain](size_t at, uint16_t value) {
        chain.at(at) = static_cast<uint8_t>(value >> 8);
        chain.at(at + 1) = static_cast<uint8_t>(value);
    };
    // behind DOI and situation, and the generic header of the proposal: number, protocol, SPI size
    const size_t sa = BodyOf(payloads, PayloadType::Sa);
    if (m_fault.spiSize)
    {
        chain.at(sa + 8 + 6) = *m_fault.spiSize;
    }
    if (m_fault.transforms)
    {
        chain.at(sa + 8 + 7) = *m_fault.transforms;
    }
    if (m_fault.attributeLength)
    {
        const Payload& payload = payloads.front();
        const size_t end = sa + WriteBody(payload).size();
        const Transform& t = std::get<SaPayload>(payload).proposals.at(0).transforms.at(0);
        put(end - t.attributes.back().value.size() - 2, *m_fault.attributeLength);
    }
    if (m_fault.reserved)
    {
        chain.at(1) = *m_fault.reserved;
    }
    if (m_fault.payloadLength)
    {
        put(2, *m_fault.payloadLength);
    }
}

void
RoguePeer::SpoilHeader(Octets& octets) const
{
    octets[0] = static_cast<uint8_t>(octets[0] ^ (m_fault.initiatorCookie ? 0x55 : 0));
    octets[8] = static_cast<uint8_t>(octets[8] ^ (m_fault.responderCookie ? 0x55 : 0));
    octets[16] = m_fault.firstType.value_or(octets[16]);
    octets[17] = m_fault.version.value_or(octets[17]);
    octets[18] = m_fault.exchange.value_or(octets[18]);
    octets[19] = m_fault.flags.value_or(octets[19]);
    const auto put = [&octets](size_t at, uint32_t value) {
        for (size_t i = 0; i < 4; i++)
        {
            octets[at + i] = static_cast<uint8_t>(value >> (24 - 8 * i));
        }
    };
    if (m_fault.messageId)
    {
        put(20, *m_fault.messageId);
    }
    if (m_fault.headerLength)
    {
        put(24, *m_fault.headerLength);
    }
}

// --- Sending -------------------------------------------------------------------------------------

/// HASH_I or HASH_R of this end, HASH(1), HASH(2), HASH(3), over what is sent.
Octets
RoguePeer::HashFor(RogueMessage message, uint32_t messageId, const Octets& rest) const
{
    const bool initiator = m_role == Role::Initiator;
    const Octets& first = initiator ? m_quickNonceOwn : m_quickNoncePeer;
    const Octets& second = initiator ? m_quickNoncePeer : m_quickNonceOwn;
    switch (message)
    {
    case RogueMessage::MainMode5:
    case RogueMessage::MainMode6:
    case RogueMessage::Aggressive2:
    case RogueMessage::Aggressive3:
        return ComputePhase1Hash(*m_crypto,
                                 HASH,
                                 m_keys.skeyid,
                                 m_publicOwn,
                                 m_publicPeer,
                                 ToOctets(initiator ? m_initiatorCookie : m_responderCookie),
                                 ToOctets(initiator ? m_responderCookie : m_initiatorCookie),
                                 m_saBody,
                                 WriteBody(m_ownId));
    case RogueMessage::QuickMode2:
        return ComputeHash2(*m_crypto, HASH, m_keys.a, messageId, first, rest);
    case RogueMessage::QuickMode3:
        return ComputeHash3(*m_crypto, HASH, m_keys.a, messageId, first, second);
    default:
        return ComputeHash1(*m_crypto, HASH, m_keys.a, messageId, rest);
    }
}

/// The payload chain with its HASH: behind the identity in main mode, before all others elsewhere.
Octets
RoguePeer::ChainWithHash(RogueMessage message,
                         uint32_t messageId,
                         std::vector<Payload> payloads,
                         const Octets& rest)
{
    if (message <= RogueMessage::MainMode6 && !payloads.empty())
    {
        // the HASH is over what is sent
        const auto* id = std::get_if<IdPayload>(&payloads.front());
        m_ownId = id ? *id : m_ownId;
    }
    Octets hash = HashFor(message, messageId, rest);
    if (IsSpoiled(message))
    {
        hash = m_fault.hash.value_or(hash);
        hash.back() = static_cast<uint8_t>(hash.back() ^ (m_fault.wrongHash ? 1 : 0));
        if (m_fault.missing == PayloadType::Hash)
        {
            return rest;
        }
    }
    if (message < RogueMessage::QuickMode1 || message > RogueMessage::Informational)
    {
        const std::vector<Payload> proof = MakeProof(hash);
        payloads.insert(payloads.begin() +
                            (payloads.empty() || message > RogueMessage::MainMode6 ? 0 : 1),
                        proof.begin(),
                        proof.end());
        if (IsSpoiled(message) && m_fault.reversed)
        {
            std::reverse(payloads.begin(), payloads.end());
        }
        m_firstType = TypeOf(payloads.front());
        Octets chain = WritePayloads(payloads);
        if (IsSpoiled(message))
        {
            chain.at(1) = m_fault.reserved.value_or(0);
        }
        return chain;
    }
    m_firstType = static_cast<uint8_t>(PayloadType::Hash);
    Octets chain = WritePayloads({HashPayload{hash}});
    chain[0] = payloads.empty() ? 0 : TypeOf(payloads.front());
    Append(chain, rest);
    return chain;
}

Octets
RoguePeer::Seal(const Octets& chain, Octets& iv)
{
    Octets text = chain;
    text.resize((text.size() + BLOCK - 1) / BLOCK * BLOCK, 0);
    const Octets sealed =
        m_crypto->Encrypt(CipherAlgorithm::TripleDesCbc, m_encryptionKey, iv, text);
    iv = Octets(sealed.end() - BLOCK, sealed.end());
    return sealed;
}

std::vector<Octets>
RoguePeer::Send(RogueMessage message,
                ExchangeType exchange,
                uint32_t messageId,
                std::vector<Payload> payloads,
                Octets& iv)
{
    m_sent = message;
    const bool spoiled = IsSpoiled(message);
    if (spoiled)
    {
        SpoilPayloads(payloads);
    }
    if ((message == RogueMessage::MainMode1 || message == RogueMessage::Aggressive1) &&
        !payloads.empty())
    {
        m_saBody = WriteBody(payloads.at(0));
    }
    Octets chain = WritePayloads(payloads);
    if (spoiled)
    {
        SpoilChain(chain, payloads);
    }
    m_firstType = payloads.empty() ? 0 : TypeOf(payloads.front());
    Header header;
    header.initiatorCookie = m_initiatorCookie;
    header.responderCookie = m_responderCookie;
    header.exchange = exchange;
    header.messageId = messageId;
    if (IsEncrypted(message))
    {
        chain = ChainWithHash(message, messageId, payloads, chain);
        if (!spoiled || !m_fault.inClear)
        {
            chain = Seal(chain, iv);
            header.flags = FLAG_ENCRYPTION;
        }
    }
    header.nextPayload = m_firstType;
    Octets octets = WriteHeaderAndBody(header, chain);
    if (spoiled)
    {
        SpoilHeader(octets);
    }
    return std::vector<Octets>(spoiled ? m_fault.copies : 1, octets);
}

std::vector<Octets>
RoguePeer::SendMainMode(RogueMessage message, const std::vector<Payload>& payloads)
{
    return Send(message, ExchangeType::IdentityProtection, 0, payloads, m_iv);
}

/// The rest of messages 1 and 2 stands behind the SA; message 3 is the proof alone.
std::vector<Octets>
RoguePeer::SendAggressive(RogueMessage message, std::vector<Payload> payloads)
{
    if (!payloads.empty())
    {
        m_ownId = MakeId();
        payloads.insert(payloads.end(),
                        {KePayload{m_publicOwn}, NoncePayload{m_nonceOwn}, m_ownId});
    }
    if (message == RogueMessage::Aggressive2)
    {
        Octets hash = HashFor(message, 0, {});
        hash.back() = static_cast<uint8_t>(hash.back() ^ (m_fault.wrongHash ? 1 : 0));
        const std::vector<Payload> proof = MakeProof(m_fault.hash.value_or(hash));
        payloads.insert(payloads.end(), proof.begin(), proof.end());
    }
    payloads.insert(payloads.end(),
                    message == RogueMessage::Aggressive3 ? m_fault.vendorIds.end()
                                                         : m_fault.vendorIds.begin(),
                    m_fault.vendorIds.end());
    return Send(message, ExchangeType::Aggressive, 0, payloads, m_iv);
}

std::vector<Octets>
RoguePeer::SendQuickMode(RogueMessage message, const std::vector<Payload>& payloads)
{
    return Send(message, ExchangeType::QuickMode, m_messageId, payloads, m_quickIv);
}

std::vector<Octets>
RoguePeer::Begin()
{
    std::vector<Payload> payloads{MakeSa(true)};
    payloads.insert(payloads.end(), m_fault.vendorIds.begin(), m_fault.vendorIds.end());
    return SendMainMode(RogueMessage::MainMode1, payloads);
}

std::vector<Octets>
RoguePeer::BeginAggressive()
{
    return SendAggressive(RogueMessage::Aggressive1, {MakeSa(true)});
}

std::vector<Octets>
RoguePeer::BeginQuickMode()
{
    m_messageId = m_nextId++;
    m_quickIv = DerivePhase2Iv(*m_crypto, HASH, m_iv, m_messageId, BLOCK);
    m_quickIds = {AnyId(), AnyId()};
    return SendQuickMode(
        RogueMessage::QuickMode1,
        {MakeSa(false), NoncePayload{m_quickNonceOwn}, m_quickIds[0], m_quickIds[1]});
}

std::vector<Octets>
RoguePeer::Inform(const std::vector<Payload>& payloads)
{
    const uint32_t messageId = m_nextId++;
    Octets iv = DerivePhase2Iv(*m_crypto, HASH, m_iv, messageId, BLOCK);
    return Send(RogueMessage::Informational, ExchangeType::Informational, messageId, payloads, iv);
}

// --- Hearing -------------------------------------------------------------------------------------

void
RoguePeer::DeriveKeys()
{
    m_shared = m_crypto->Run(DhJob{m_group, m_private, m_publicPeer}).shared;
    const bool initiator = m_role == Role::Initiator;
    const Octets& first = initiator ? m_nonceOwn : m_noncePeer;
    const Octets& second = initiator ? m_noncePeer : m_nonceOwn;
    const Octets cookieI = ToOctets(m_initiatorCookie);
    const Octets cookieR = ToOctets(m_responderCookie);
    m_keys =
        m_fault.privateKey
            ? DeriveSkeyidSignature(*m_crypto, HASH, first, second, m_shared, cookieI, cookieR)
            : DeriveSkeyidPsk(*m_crypto, HASH, m_secret, first, second, m_shared, cookieI, cookieR);
    m_encryptionKey = DeriveEncryptionKey(*m_crypto, HASH, m_keys.e, 24);
    m_iv = DerivePhase1Iv(*m_crypto,
                          HASH,
                          initiator ? m_publicOwn : m_publicPeer,
                          initiator ? m_publicPeer : m_publicOwn,
                          BLOCK);
}

std::optional<Message>
RoguePeer::Open(const Header& header, const Octets& datagram)
{
    if (!header.IsEncrypted())
    {
        return ReadMessage(datagram).value;
    }
    const Octets sealed(datagram.begin() + HEADER_LENGTH, datagram.end());
    if (m_encryptionKey.empty() || sealed.size() < BLOCK || sealed.size() % BLOCK != 0)
    {
        return std::nullopt;
    }
    Octets other = header.messageId == 0
                       ? Octets()
                       : DerivePhase2Iv(*m_crypto, HASH, m_iv, header.messageId, BLOCK);
    const bool running = header.messageId == m_messageId && !m_quickIv.empty();
    Octets& iv = header.messageId == 0 ? m_iv : running ? m_quickIv : other;
    const Octets text =
        m_crypto->Decrypt(CipherAlgorithm::TripleDesCbc, m_encryptionKey, iv, sealed);
    iv = Octets(sealed.end() - BLOCK, sealed.end());
    if (header.exchange == ExchangeType::QuickMode)
    {
        m_quickIv = iv;
    }
    return ReadPayloads(header, text).value;
}

/// KE, NONCE and NAT-D (RFC 3947 3.2).
std::vector<Payload>
RoguePeer::MakeKeyExchange() const
{
    std::vector<Payload> payloads{KePayload{m_publicOwn}, NoncePayload{m_nonceOwn}};
    for (const Endpoint& endpoint : m_fault.natDiscovery)
    {
        Octets text = ToOctets(m_initiatorCookie);
        Append(text, ToOctets(m_responderCookie));
        Append(text, endpoint.address.ToOctets());
        AppendNumber(text, endpoint.port, 2);
        payloads.push_back(OpaquePayload{static_cast<uint8_t>(PayloadType::NatDiscovery),
                                         m_crypto->Hash(HASH, text)});
    }
    return payloads;
}

std::vector<Octets>
RoguePeer::HearMainMode(const Message& message)
{
    const bool initiator = m_role == Role::Initiator;
    if (const auto* sa = message.Find<SaPayload>())
    {
        if (initiator)
        {
            return SendMainMode(RogueMessage::MainMode3, MakeKeyExchange());
        }
        m_saBody = WriteBody(*sa);
        SaPayload choice = *sa;
        choice.proposals.resize(1);
        choice.proposals[0].transforms.resize(1);
        std::vector<Payload> payloads{choice};
        payloads.insert(payloads.end(), m_fault.vendorIds.begin(), m_fault.vendorIds.end());
        return SendMainMode(RogueMessage::MainMode2, payloads);
    }
    if (const auto* ke = message.Find<KePayload>())
    {
        m_publicPeer = ke->data;
        m_noncePeer = message.Find<NoncePayload>()->data;
        if (!initiator)
        {
            const auto sent = SendMainMode(RogueMessage::MainMode4, MakeKeyExchange());
            DeriveKeys();
            return sent;
        }
        DeriveKeys();
        return SendMainMode(RogueMessage::MainMode5, {MakeId()});
    }
    if (!message.Find<HashPayload>() && !message.Find<SignaturePayload>())
    {
        return {};
    }
    m_established = true;
    if (initiator)
    {
        return {};
    }
    return SendMainMode(RogueMessage::MainMode6, {MakeId()});
}

std::vector<Octets>
RoguePeer::HearAggressive(const Message& message)
{
    const auto* sa = message.Find<SaPayload>();
    if (!sa)
    {
        m_established = message.Find<HashPayload>() || message.Find<SignaturePayload>();
        return {};
    }
    m_publicPeer = message.Find<KePayload>()->data;
    m_noncePeer = message.Find<NoncePayload>()->data;
    if (m_role == Role::Responder)
    {
        m_saBody = WriteBody(*sa);
    }
    DeriveKeys();
    if (m_role == Role::Initiator)
    {
        m_established = true;
        return SendAggressive(RogueMessage::Aggressive3, {});
    }
    SaPayload choice = *sa;
    choice.proposals.resize(1);
    choice.proposals[0].transforms.resize(1);
    return SendAggressive(RogueMessage::Aggressive2, {choice});
}

std::vector<Octets>
RoguePeer::HearQuickMode(const Header& header, const Message& message)
{
    const auto* sa = message.Find<SaPayload>();
    const auto* nonce = message.Find<NoncePayload>();
    if (!sa || !nonce)
    {
        return {};
    }
    m_quickNoncePeer = nonce->data;
    const Octets& spi = sa->proposals.at(0).spi;
    m_peerSpi = spi.size() == 4 ? IpAddress::FromOctets(spi).ToV4() : 0;
    if (header.messageId == m_messageId && m_sent == RogueMessage::QuickMode1)
    {
        return SendQuickMode(RogueMessage::QuickMode3, {});
    }
    m_messageId = header.messageId;
    SaPayload choice = *sa;
    choice.proposals.resize(1);
    choice.proposals[0].transforms.resize(1);
    choice.proposals[0].spi.clear();
    AppendNumber(choice.proposals[0].spi, ROGUE_SPI, 4);
    std::vector<Payload> payloads{choice, NoncePayload{m_quickNonceOwn}};
    for (const IdPayload* id : message.FindAll<IdPayload>())
    {
        payloads.push_back(*id);
    }
    return SendQuickMode(RogueMessage::QuickMode2, payloads);
}

std::vector<Octets>
RoguePeer::Hear(const Octets& datagram)
{
    const Parsed<Header> header = ReadHeader(datagram);
    if (!header)
    {
        return {};
    }
    if (m_role == Role::Initiator)
    {
        m_responderCookie = header.value->responderCookie;
    }
    else
    {
        m_initiatorCookie = header.value->initiatorCookie;
    }
    const std::optional<Message> message = Open(*header.value, datagram);
    if (!message)
    {
        return {};
    }
    switch (header.value->exchange)
    {
    case ExchangeType::IdentityProtection:
        return HearMainMode(*message);
    case ExchangeType::Aggressive:
        return HearAggressive(*message);
    case ExchangeType::QuickMode:
        return HearQuickMode(*header.value, *message);
    default:
        return {};
    }
}

// --- Looking -------------------------------------------------------------------------------------

RogueMessage
RoguePeer::GetSent() const
{
    return m_sent;
}

bool
RoguePeer::IsEstablished() const
{
    return m_established;
}

IsakmpIdentity
RoguePeer::GetIdentity() const
{
    return IsakmpIdentity{m_initiatorCookie, m_responderCookie};
}

uint32_t
RoguePeer::GetSpi() const
{
    return ROGUE_SPI;
}

uint32_t
RoguePeer::GetPeerSpi() const
{
    return m_peerSpi;
}

} // namespace tests
} // namespace ike
} // namespace ns3
