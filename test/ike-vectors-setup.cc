/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-replay.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Reads what one end said, in order.
class SetupReader
{
  public:
    SetupReader(CryptoProvider& crypto, const Exchange& exchange, Side role)
        : m_crypto(crypto),
          m_x(exchange),
          m_role(role)
    {
    }

    ReplaySetup Read()
    {
        ReadConnection();
        ReadPolicies();
        PreSharedKey key{"", IpPrefix::AnyV4(), m_x.preSharedKeys[m_role], std::nullopt};
        m_setup.config.keys.push_back(key);
        if ((key.identity = ReadName(m_x.identities[Other(m_role)])))
        {
            m_setup.config.keys.push_back(key); // a peer with a name needs a key for that name
        }
        m_setup.config.style.vendorIds = std::vector<Octets>();
        for (const ExchangeMessage& m : m_x.messages)
        {
            if (m.from == m_role && !m.repeats && m.read)
            {
                ReadOwn(m);
            }
        }
        return m_setup;
    }

  private:
    // --- What that end wanted --------------------------------------------------------------------

    void ReadConnection()
    {
        const ExchangeMessage& first = m_x.messages.front();
        ConnectionConfig c;
        c.id = REPLAY_CONNECTION;
        c.name = "replay";
        c.local = m_role == INITIATOR ? first.source.address : first.destination.address;
        c.peer = m_role == INITIATOR ? first.destination.address : first.source.address;
        c.stayUp = false;
        c.aggressive = first.header.exchange == ExchangeType::Aggressive;
        c.identity = ReadName(m_x.identities[m_role]).value_or(IkeIdentity());
        for (const ExchangeChild& child : m_x.children)
        {
            ReadChild(child, c);
        }
        if (c.transformSets.empty())
        {
            c.transformSets.push_back(EspTransformSet()); // it does not come to a quick mode
        }
        m_setup.config.connections.push_back(c);
    }

    /// What an end calls itself, when it is not by its address.
    static std::optional<IkeIdentity> ReadName(const IdPayload& id)
    {
        const std::optional<IdentityKind> kind = ReadIdentityKind(id);
        if (!kind || *kind == IdentityKind::Address || *kind == IdentityKind::DistinguishedName)
        {
            return std::nullopt; // a distinguished name is that of a certificate
        }
        return IkeIdentity{*kind, std::string(id.data.begin(), id.data.end())};
    }

    void ReadChild(const ExchangeChild& child, ConnectionConfig& c)
    {
        if (!child.choice || !c.transformSets.empty())
        {
            return;
        }
        const size_t own = child.begunBy == m_role ? 0 : 1;
        c.localSelector = ReadSelectorId(child.selectors[own]).value_or(c.localSelector);
        c.remoteSelector = ReadSelectorId(child.selectors[1 - own]).value_or(c.remoteSelector);
        c.transformSets.push_back(child.choice->transform);
        c.transformSets.back().name = "recorded";
        if (child.choice->pfs != DhGroup::None)
        {
            c.pfs = child.choice->pfs;
        }
        c.lifetime = child.choice->lifetime;
        ReadNarrowed(child);
    }

    /// Did the responder answer with other identities than those that were offered?
    void ReadNarrowed(const ExchangeChild& child)
    {
        const auto isSame = [&child](size_t i) {
            return WriteBody(child.answered[i]) == WriteBody(child.selectors[i]);
        };
        if (!isSame(0) || !isSame(1))
        {
            m_setup.config.style.narrowedIdentities = {WriteBody(child.answered[0]),
                                                       WriteBody(child.answered[1])};
            m_setup.notes.push_back("the proxy identities of message 2 are narrower than those of "
                                    "message 1: taken over as recorded");
        }
    }

    /// The initiator wants what it offered, the responder what it chose.
    void ReadPolicies()
    {
        std::vector<IsakmpPolicy>& policies = m_setup.config.policies;
        if (m_role == RESPONDER)
        {
            policies.push_back(m_x.policy.value_or(IsakmpPolicy()));
            return;
        }
        for (const Proposal& p : m_x.offer->proposals)
        {
            for (const Transform& t : p.transforms)
            {
                if (const auto policy = ReadPhase1Transform(t))
                {
                    policies.push_back(*policy);
                    policies.back().priority = static_cast<uint32_t>(policies.size());
                }
            }
        }
    }

    // --- What that end said ----------------------------------------------------------------------

    void ReadOwn(const ExchangeMessage& m)
    {
        const size_t block = m_x.policy ? BlockLengthOf(m_x.policy->cipher) : 1;
        m_setup.config.style.alwaysPads |= m.IsProtected() && m.read->padding.size() >= block;
        if (m.header.exchange == ExchangeType::QuickMode)
        {
            ReadQuickMode(m);
        }
        else if (m.header.exchange != ExchangeType::Informational)
        {
            ReadPhase1(m);
        }
        else if (m.IsProtected())
        {
            Draw(RandomPurpose::MessageId, NumberOctets(m.header.messageId));
            ReadKeepalive(m);
        }
        else
        {
            ReadRefusal(m);
        }
    }

    /// A notify in the clear; one that refuses message 1 is all that its sender says.
    void ReadRefusal(const ExchangeMessage& m)
    {
        m_setup.config.style.clearNotifyId = m.header.messageId;
        if (!m_saidCookie && m_role == RESPONDER)
        {
            const Cookie& own = m.header.responderCookie;
            Draw(RandomPurpose::Cookie, Octets(own.begin(), own.end()));
            m_saidCookie = true;
        }
    }

    /// Does it ask whether its peer is there (RFC 3706)? The engine counts on from the number that
    /// it draws.
    void ReadKeepalive(const ExchangeMessage& m)
    {
        const auto* notify = FindIn<NotifyPayload>(m);
        ConnectionConfig& c = m_setup.config.connections.front();
        if (!notify || notify->type != NotifyType::RUThere || c.keepalive ||
            notify->data.size() != 4)
        {
            return;
        }
        c.keepalive = DpdConfig{Duration::Seconds(1), Duration::Seconds(1), true};
        Draw(RandomPurpose::LivenessNumber,
             NumberOctets(IpAddress::FromOctets(notify->data).ToV4() - 1));
    }

    void ReadPhase1(const ExchangeMessage& m)
    {
        WireStyle& style = m_setup.config.style;
        const bool isFirst = !m_saidCookie;
        if (isFirst)
        {
            Draw(RandomPurpose::Cookie, m_x.cookies[m_role]);
            m_saidCookie = true;
        }
        for (const VendorIdPayload* id : m.read->FindAll<VendorIdPayload>())
        {
            (isFirst ? *style.vendorIds : style.vendorIdsWithKe).push_back(id->data);
        }
        if (const auto* sa = FindIn<SaPayload>(m))
        {
            (m_role == INITIATOR ? style.phase1Offer : style.phase1Answer) = WriteBody(*sa);
        }
        if (const auto* nonce = FindIn<NoncePayload>(m))
        {
            Draw(RandomPurpose::Nonce, nonce->data);
        }
        if (const auto* ke = FindIn<KePayload>(m))
        {
            DrawPrivate(ke->data);
        }
        if (const auto* id = FindIn<IdPayload>(m))
        {
            style.plainIdentity = id->protocol == 0 && id->port == 0;
        }
        if (m.header.exchange == ExchangeType::Aggressive && m.number == 3)
        {
            style.clearProof = !m.IsProtected();
        }
        for (const NotifyPayload* n : m.read->FindAll<NotifyPayload>())
        {
            m_setup.config.knobs.sendInitialContact |= n->type == NotifyType::InitialContact;
        }
        ReadNatDiscovery(m);
    }

    /// Is the NAT-D of the own address what RFC 3947 3.2 makes of it?
    void ReadNatDiscovery(const ExchangeMessage& m)
    {
        std::vector<Octets> hashes;
        for (const OpaquePayload* p : m.read->FindAll<OpaquePayload>())
        {
            if (p->type == static_cast<uint8_t>(PayloadType::NatDiscovery))
            {
                hashes.push_back(p->data);
            }
        }
        if (hashes.size() < 2 || !m_x.policy)
        {
            return;
        }
        const Octets own = m_crypto.Hash(m_x.policy->hash,
                                         Concat({m_x.cookies[0],
                                                 m_x.cookies[1],
                                                 m.source.address.ToOctets(),
                                                 NumberOctets(m.source.port, 2)}));
        if (hashes[1] != own)
        {
            m_setup.config.style.ownNatDiscovery = hashes[1];
            m_setup.notes.push_back("NAT-D of the own address is not its hash (it wants ESP in UDP "
                                    "in any case): taken over as recorded");
        }
    }

    void ReadQuickMode(const ExchangeMessage& m)
    {
        const auto child = std::find_if(m_x.children.begin(), m_x.children.end(), [&m](auto& c) {
            return c.messageId == m.header.messageId;
        });
        const bool isBegun = child->begunBy == m_role;
        const auto* sa = FindIn<SaPayload>(m);
        if (!sa)
        {
            return;
        }
        WireStyle& style = m_setup.config.style;
        (isBegun ? style.phase2Offer : style.phase2Answer) = WriteBody(*sa);
        if (isBegun)
        {
            Draw(RandomPurpose::MessageId, NumberOctets(m.header.messageId));
        }
        Draw(RandomPurpose::Spi, NumberOctets(child->spis[isBegun ? 0 : 1]));
        Draw(RandomPurpose::Nonce, FindIn<NoncePayload>(m)->data);
        if (const auto* ke = FindIn<KePayload>(m))
        {
            DrawPrivate(ke->data);
        }
        const auto notifies = m.read->FindAll<NotifyPayload>();
        m_setup.config.knobs.sendResponderLifetime =
            std::any_of(notifies.begin(), notifies.end(), [](const NotifyPayload* n) {
                return n->type == NotifyType::ResponderLifetime;
            });
    }

    // --- Chance ----------------------------------------------------------------------------------

    static Octets NumberOctets(uint32_t number, unsigned width = 4)
    {
        Octets octets;
        AppendNumber(octets, number, width);
        return octets;
    }

    void Draw(RandomPurpose purpose, const Octets& value)
    {
        m_setup.random.values[purpose].push_back(value);
    }

    /// The private value of a public one; when it was not recorded, the public value is its name.
    void DrawPrivate(const Octets& publicValue)
    {
        const auto known = m_x.privateValues.find(publicValue);
        if (known != m_x.privateValues.end())
        {
            Draw(RandomPurpose::DhPrivate, known->second);
            return;
        }
        Draw(RandomPurpose::DhPrivate, publicValue);
        m_setup.unknownPrivate[publicValue] = publicValue;
        m_setup.notes.push_back("the private value was not recorded: g^xy is that of the peer");
    }

    CryptoProvider& m_crypto; ///< for hashes
    const Exchange& m_x;      ///< what was recorded
    const Side m_role;        ///< of whom
    ReplaySetup m_setup;      ///< so far
    bool m_saidCookie{false}; ///< has it spoken?
};

} // namespace

ReplaySetup
MakeReplaySetup(CryptoProvider& crypto, const Exchange& exchange, Side role)
{
    return SetupReader(crypto, exchange, role).Read();
}

std::string
WhyNotReplayed(const Exchange& exchange)
{
    if (exchange.messages.empty() || !exchange.offer)
    {
        return "the recording does not begin with an offer";
    }
    const bool isMissing =
        std::any_of(exchange.children.begin(), exchange.children.end(), [](const auto& child) {
            return child.offer && !child.choice;
        });
    return isMissing ? "a transform of quick mode is not implemented" : "";
}

} // namespace tests
} // namespace ike
} // namespace ns3
