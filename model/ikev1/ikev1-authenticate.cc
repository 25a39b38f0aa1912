/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-authenticate.h"

#include "ikev1-style.h"
#include "ikev1-transport.h"
#include "ikev1-upkeep.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-negotiate.h"

#include <algorithm>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

constexpr char NO_CERTIFICATE[] = "no certificate of this end";

const std::string&
KeyringOf(const ConnectionConfig* tunnel)
{
    static const std::string global;
    return tunnel && tunnel->isakmpProfile ? tunnel->isakmpProfile->keyring : global;
}

/// The template by which a peer may come that no connection knows: with several, the first one that
/// has a key for its address. Null: there is none.
const ConnectionConfig*
TemplateOf(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    const auto all = ctx.index->FindTemplates(ctx.config, sa.local.address);
    if (all.size() < 2)
    {
        return all.empty() ? nullptr : all.front();
    }
    const auto it = std::find_if(all.begin(), all.end(), [&](const ConnectionConfig* c) {
        return ctx.index->FindKey(ctx.config, KeyringOf(c), sa.Peer()).has_value();
    });
    return it == all.end() ? all.front() : *it;
}

// --- Trustpoints ---------------------------------------------------------------------------------

/// The trustpoints that a phase 1 may use: the tunnel's, or all.
std::vector<const Trustpoint*>
TrustpointsOf(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    const ConnectionConfig* tunnel = TunnelOf(ctx, sa);
    std::vector<const Trustpoint*> found;
    for (const Trustpoint& t : ctx.config.trustpoints)
    {
        if (!tunnel || tunnel->trustpoint.empty() || tunnel->trustpoint == t.name)
        {
            found.push_back(&t);
        }
    }
    return found;
}

/// Was one of its certificates issued by an authority that the peer trusts?
bool
IsWanted(Ikev1Context& ctx, const Trustpoint& trustpoint, const std::vector<Octets>& authorities)
{
    return std::any_of(trustpoint.chain.begin(), trustpoint.chain.end(), [&](const Octets& c) {
        const auto facts = ctx.crypto.ReadCertificate(c);
        return facts && std::find(authorities.begin(), authorities.end(), facts->issuer) !=
                            authorities.end();
    });
}

/// By what this end names and proves itself: the first trustpoint with a certificate, of several
/// rather one whose issuer the peer asks for; null when there is none.
const Trustpoint*
OwnTrustpoint(Ikev1Context& ctx, const IsakmpSa& sa)
{
    const Trustpoint* first = nullptr;
    for (const Trustpoint* t : TrustpointsOf(ctx, sa))
    {
        if (t->chain.empty() || t->privateKey.empty())
        {
            continue;
        }
        if (!first)
        {
            first = t;
        }
        if (IsWanted(ctx, *t, sa.authorities))
        {
            return t;
        }
    }
    return first;
}

std::vector<Octets>
AnchorsOf(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    std::vector<Octets> anchors;
    for (const Trustpoint* t : TrustpointsOf(ctx, sa))
    {
        anchors.insert(anchors.end(), t->anchors.begin(), t->anchors.end());
    }
    return anchors;
}

/// Calendar time in seconds since 1970.
int64_t
CalendarOf(const Ikev1Context& ctx)
{
    return static_cast<int64_t>(ctx.Knobs().clockAtZero) + ctx.now.ns / 1000000000;
}

// --- Octets --------------------------------------------------------------------------------------

/// HASH_I or HASH_R over an identity (RFC 2409 5).
Octets
PhaseOneHash(Ikev1Context& ctx, const IsakmpSa& sa, Role whose, const IdPayload& id)
{
    const bool ofInitiator = whose == Role::Initiator;
    return ComputePhase1Hash(ctx.crypto,
                             sa.policy.hash,
                             sa.keys.skeyid,
                             ofInitiator ? sa.publicInitiator : sa.publicResponder,
                             ofInitiator ? sa.publicResponder : sa.publicInitiator,
                             CookieOctets(ofInitiator ? sa.initiatorCookie : sa.responderCookie),
                             CookieOctets(ofInitiator ? sa.responderCookie : sa.initiatorCookie),
                             sa.saBody,
                             WriteBody(id));
}

/// SIG_I or SIG_R. A key that cannot sign is an error of the configuration: the peer is given
/// nothing that it would accept, and the operator is told.
Octets
Sign(Ikev1Context& ctx, const IsakmpSa& sa, const Trustpoint& trustpoint, const Octets& hash)
{
    try
    {
        return ctx.crypto.SignRsa(trustpoint.privateKey, hash);
    }
    catch (const std::invalid_argument& e)
    {
        Event warning = ctx.MakeEvent(EventKind::Warning, sa);
        warning.text = "trustpoint " + trustpoint.name + ": " + e.what();
        ctx.Report(warning);
        return {};
    }
}

// --- Names ---------------------------------------------------------------------------------------

/// An identity as operators write it; nothing when it is none.
std::optional<IkeIdentity>
ReadIdentity(Ikev1Context& ctx, const IdPayload& id)
{
    const std::optional<IdentityKind> kind = ReadIdentityKind(id);
    if (!kind)
    {
        return std::nullopt;
    }
    IkeIdentity identity{*kind, std::string(id.data.begin(), id.data.end())};
    if (*kind == IdentityKind::Address)
    {
        identity.text = IpAddress::FromOctets(id.data).ToString();
    }
    else if (*kind == IdentityKind::DistinguishedName)
    {
        const std::optional<std::string> name = ctx.crypto.ReadName(id.data);
        if (!name)
        {
            return std::nullopt;
        }
        identity.text = *name;
    }
    return identity;
}

/// RFC 4945 3.1: what a peer calls itself must stand in its certificate.
bool
IsInCertificate(const CertificateFacts& facts, const IdPayload& id, const IkeIdentity& identity)
{
    const auto isNamed = [&identity](const std::vector<std::string>& names) {
        return std::any_of(names.begin(), names.end(), [&identity](const std::string& name) {
            return IsSameIdentity(identity, IkeIdentity{identity.kind, name});
        });
    };
    switch (identity.kind)
    {
    case IdentityKind::Address: {
        const auto& all = facts.addresses;
        return std::find(all.begin(), all.end(), IpAddress::FromOctets(id.data)) != all.end();
    }
    case IdentityKind::Fqdn:
        return isNamed(facts.hosts);
    case IdentityKind::UserFqdn:
        return isNamed(facts.mails);
    case IdentityKind::DistinguishedName:
        return identity.text == facts.subjectText; // RFC 5280 7.1: whatever string type each has
    case IdentityKind::KeyId:
        return false; // a certificate has no such name
    }
    return false;
}

/// `match identity`: does the profile name this peer?
bool
IsMatched(const IsakmpProfileConfig& profile, const IkeIdentity& identity)
{
    const auto address =
        identity.kind == IdentityKind::Address ? IpAddress::Parse(identity.text) : std::nullopt;
    const bool byAddress =
        address && std::any_of(profile.identityAddresses.begin(),
                               profile.identityAddresses.end(),
                               [&address](const IpPrefix& p) { return p.Contains(*address); });
    return byAddress || std::any_of(profile.identities.begin(),
                                    profile.identities.end(),
                                    [&identity](const IkeIdentity& wanted) {
                                        return IsSameIdentity(wanted, identity);
                                    });
}

/// Does the profile of a connection say whom to expect?
bool
HasList(const ConnectionConfig& connection)
{
    const auto& profile = connection.isakmpProfile;
    return profile && !(profile->identityAddresses.empty() && profile->identities.empty());
}

/// Without a profile that says whom to expect.
bool
IsPlausible(const IsakmpSa& sa, const IdPayload& id, const IkeIdentity& identity)
{
    if (sa.policy.authentication == AuthMethod::RsaSignature)
    {
        return true; // the certificate says so
    }
    if (identity.kind != IdentityKind::Address)
    {
        return sa.keyNamed;
    }
    // A peer behind a NAT does not know the address under which it is seen here. It names its own,
    // private one, as RFC 3947 4 expects of it; what proves it is the key for the NAT's address.
    return sa.natRemote || sa.keyNamed || IpAddress::FromOctets(id.data) == sa.remote.address;
}

// --- Signatures ----------------------------------------------------------------------------------

Refusal
FailedBecause(const std::string& why)
{
    return {EndReason::AuthenticationFailed,
            ToString(EndReason::AuthenticationFailed) + ": " + why};
}

/// A name out of a certificate: it may be as long as its issuer likes.
std::string
Shorten(const std::string& name)
{
    constexpr size_t longest = 96;
    return name.size() > longest ? name.substr(0, longest) + ".." : name;
}

Refusal
CheckSignature(Ikev1Context& ctx, const IsakmpSa& sa, const PeerProof& proof, const Octets& hash)
{
    if (proof.certificates.empty())
    {
        return FailedBecause("the peer has sent no X.509 certificate");
    }
    const Octets& own = proof.certificates.front();
    const std::optional<CertificateFacts> facts = ctx.crypto.ReadCertificate(own);
    const std::string name =
        "the certificate" + (facts ? " of " + Shorten(facts->subjectText) : std::string()) + " ";
    if (!facts)
    {
        return FailedBecause(name + ToString(ChainFault::Malformed));
    }
    // first what takes one operation: whoever cannot sign has no chain walked for him. The peer
    // hears the same either way
    if (ctx.crypto.RecoverRsa(own, proof.value) != hash)
    {
        return FailedBecause(name + "does not fit the signature");
    }
    const ChainFault fault =
        ctx.crypto.CheckChain(proof.certificates, AnchorsOf(ctx, sa), CalendarOf(ctx));
    return fault == ChainFault::None ? Refusal() : FailedBecause(name + ToString(fault));
}

// --- Who holds what stands -----------------------------------------------------------------------

/// An established ISAKMP SA with the peer of another one that somebody else has proved himself for,
/// or null.
const IsakmpSa*
FindStandingOfAnother(const Ikev1State& state, const IsakmpSa& sa, const IkeIdentity& identity)
{
    for (IsakmpNumber number :
         state.isakmpSas.FindBy(&IsakmpIndex::ends, {sa.Peer(), sa.local.address}))
    {
        const IsakmpSa& other = state.isakmpSas.Get(number);
        if (number != sa.number && other.IsEstablished() &&
            !IsSameIdentity(other.peerIdentity, identity))
        {
            return &other;
        }
    }
    return nullptr;
}

/// RFC 2407 4.6.3.3: only when this end has no other SA with the peer, else it would lose it.
bool
IsFirstContact(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    const IsakmpStore& all = ctx.state.isakmpSas;
    const auto& ends = all.By().ends.All();
    for (auto it = ends.lower_bound({{sa.Peer(), IpAddress()}, 0});
         it != ends.end() && it->first.first == sa.Peer();
         ++it)
    {
        if (it->second != sa.number && all.Get(it->second).IsEstablished())
        {
            return false;
        }
    }
    return true;
}

} // namespace

// --- Credentials ---------------------------------------------------------------------------------

const ConnectionConfig*
TunnelOf(const Ikev1Context& ctx, const IsakmpSa& sa)
{
    if (const ConnectionConfig* tunnel = ctx.FindConnection(sa.behalf))
    {
        return tunnel;
    }
    const auto own = ctx.index->FindBetween(ctx.config, {sa.local.address, sa.Peer()});
    return own.empty() ? TemplateOf(ctx, sa) : own.front();
}

bool
IsProvedFor(const Ikev1Context& ctx, const IsakmpSa& sa, const ConnectionConfig& connection)
{
    const ConnectionConfig* tunnel = TunnelOf(ctx, sa);
    const bool signs = sa.policy.authentication == AuthMethod::RsaSignature;
    const bool sameSecrets = signs ? connection.trustpoint.empty() ||
                                         (tunnel && tunnel->trustpoint == connection.trustpoint)
                                   : KeyringOf(tunnel) == KeyringOf(&connection);
    return sameSecrets &&
           (!HasList(connection) || IsMatched(*connection.isakmpProfile, sa.peerIdentity));
}

PeerKey
FindPeerKey(Ikev1Context& ctx, const IsakmpSa& sa, const IdPayload* identity)
{
    const ConnectionConfig* tunnel = TunnelOf(ctx, sa);
    if (sa.aggressive && sa.role == Role::Initiator && tunnel && tunnel->aggressiveKey)
    {
        return {*tunnel->aggressiveKey, true};
    }
    const std::string& keyring = KeyringOf(tunnel);
    const auto peer = sa.aggressive && identity ? ReadIdentity(ctx, *identity) : std::nullopt;
    if (peer)
    {
        if (const auto key = FindPreSharedKey(ctx.config.keys, keyring, *peer))
        {
            return {*key, true};
        }
    }
    return {ctx.index->FindKey(ctx.config, keyring, sa.remote.address), false};
}

UsablePolicies
FindUsablePolicies(Ikev1Context& ctx, const IsakmpSa& sa, const IdPayload* identity)
{
    const std::string& keyring = KeyringOf(TunnelOf(ctx, sa));
    // an initiator of aggressive mode learns with message 2 which of the named keys is the right
    const bool mayBeNamed =
        sa.aggressive && sa.role == Role::Initiator &&
        std::any_of(ctx.config.keys.begin(), ctx.config.keys.end(), [&keyring](const auto& k) {
            return k.keyring == keyring && k.identity;
        });
    const bool hasKey = mayBeNamed || FindPeerKey(ctx, sa, identity).key.has_value();
    const bool hasCertificate = OwnTrustpoint(ctx, sa) != nullptr;
    const bool hasName = BuildOwnIdentity(ctx, sa).has_value();
    UsablePolicies usable;
    for (const IsakmpPolicy& policy : ctx.config.policies)
    {
        const bool signs = policy.authentication == AuthMethod::RsaSignature;
        if (hasName && (signs ? hasCertificate : hasKey))
        {
            usable.policies.push_back(policy);
        }
        else if (usable.lacking == EndReason::None)
        {
            const bool noKey = !signs && !hasKey;
            usable.lacking = noKey ? EndReason::NoPreSharedKey : EndReason::AuthenticationFailed;
            usable.text = ToString(usable.lacking) +
                          (noKey ? std::string() : std::string(": ") + NO_CERTIFICATE);
        }
    }
    return usable;
}

// --- What is sent --------------------------------------------------------------------------------

std::optional<IdPayload>
BuildOwnIdentity(Ikev1Context& ctx, const IsakmpSa& sa)
{
    const ConnectionConfig* tunnel = TunnelOf(ctx, sa);
    const IkeIdentity identity = tunnel ? tunnel->identity : IkeIdentity();
    Octets subject;
    if (identity.kind == IdentityKind::DistinguishedName)
    {
        const Trustpoint* trustpoint = OwnTrustpoint(ctx, sa);
        const auto facts =
            trustpoint ? ctx.crypto.ReadCertificate(trustpoint->chain.front()) : std::nullopt;
        subject = facts ? facts->subject : Octets();
    }
    const auto id = BuildIdentity(identity, sa.local.address, subject);
    return id ? std::make_optional(StyledIdentity(ctx, *id)) : std::nullopt;
}

std::vector<Payload>
BuildProof(Ikev1Context& ctx, const IsakmpSa& sa)
{
    const Octets hash = PhaseOneHash(ctx, sa, sa.role, sa.ownId);
    if (sa.policy.authentication == AuthMethod::PreSharedKey)
    {
        return {HashPayload{hash}};
    }
    std::vector<Payload> payloads;
    const Trustpoint* trustpoint = OwnTrustpoint(ctx, sa);
    if (trustpoint)
    {
        for (const Octets& c : trustpoint->chain)
        {
            payloads.push_back(CertificatePayload{CertificateEncoding::X509Signature, c});
        }
    }
    // a change of the configuration may have taken the certificate away meanwhile
    payloads.push_back(SignaturePayload{trustpoint ? Sign(ctx, sa, *trustpoint, hash) : Octets()});
    return payloads;
}

std::vector<Payload>
BuildCertificateRequests(Ikev1Context& ctx, const IsakmpSa& sa)
{
    std::vector<Payload> payloads;
    for (const Octets& anchor : AnchorsOf(ctx, sa))
    {
        if (const auto facts = ctx.crypto.ReadCertificate(anchor))
        {
            payloads.push_back(
                CertificateRequestPayload{CertificateEncoding::X509Signature, facts->subject});
        }
    }
    return payloads;
}

std::vector<Payload>
BuildInitialContact(Ikev1Context& ctx, const IsakmpSa& sa)
{
    if (sa.role != Role::Initiator || !ctx.Knobs().sendInitialContact || !IsFirstContact(ctx, sa))
    {
        return {};
    }
    NotifyPayload notify;
    notify.type = NotifyType::InitialContact;
    notify.spi = Concat({sa.initiatorCookie, sa.responderCookie});
    Event e = ctx.MakeEvent(EventKind::NotifySent, sa);
    e.text = ToString(notify.type);
    ctx.Report(e);
    return {notify};
}

// --- What arrives --------------------------------------------------------------------------------

void
ReadCertificateRequests(IsakmpSa& sa, const Message& message)
{
    sa.authorities.clear();
    for (const auto* request : message.FindAll<CertificateRequestPayload>())
    {
        // an empty one asks for a certificate of any authority (RFC 2408 3.10)
        if (request->encoding == CertificateEncoding::X509Signature && !request->authority.empty())
        {
            sa.authorities.push_back(request->authority);
        }
    }
}

void
ReadProof(PeerProof& proof, const Message& message)
{
    if (const auto* id = message.Find<IdPayload>())
    {
        proof.id = *id;
    }
    const auto* signature = message.Find<SignaturePayload>();
    const auto* hash = message.Find<HashPayload>();
    proof.isSignature = signature != nullptr;
    proof.value = signature ? signature->data : hash ? hash->data : Octets();
    for (const auto* c : message.FindAll<CertificatePayload>())
    {
        if (c->encoding == CertificateEncoding::X509Signature &&
            proof.certificates.size() < MAX_CERTIFICATES)
        {
            proof.certificates.push_back(c->data);
        }
    }
}

Refusal
CheckProof(Ikev1Context& ctx, const IsakmpSa& sa, const PeerProof& proof)
{
    const Role peer = sa.role == Role::Initiator ? Role::Responder : Role::Initiator;
    const bool signs = sa.policy.authentication == AuthMethod::RsaSignature;
    if (signs != proof.isSignature)
    {
        return FailedBecause(signs ? "a hash where a signature was agreed upon"
                                   : "a signature where a hash was agreed upon");
    }
    if (!signs && !sa.preSharedKey)
    {
        // a hash under no key at all can be computed by everybody
        return {EndReason::NoPreSharedKey, ToString(EndReason::NoPreSharedKey)};
    }
    const Octets hash = PhaseOneHash(ctx, sa, peer, proof.id);
    if (signs)
    {
        return CheckSignature(ctx, sa, proof, hash);
    }
    return proof.value == hash ? Refusal()
                               : Refusal{EndReason::AuthenticationFailed,
                                         ToString(EndReason::AuthenticationFailed)};
}

Refusal
CheckIdentity(Ikev1Context& ctx, const IsakmpSa& sa, const PeerProof& proof)
{
    const std::optional<IkeIdentity> identity = ReadIdentity(ctx, proof.id);
    const bool isDn = identity && identity->kind == IdentityKind::DistinguishedName;
    const auto refuse = [&](const std::string& why) {
        return Refusal{EndReason::InvalidId,
                       ToString(EndReason::InvalidId) + ": " +
                           (isDn ? Shorten(identity->text) : Print(proof.id)) + why};
    };
    if (!identity)
    {
        return refuse(" cannot name an end of phase 1");
    }
    if (sa.policy.authentication == AuthMethod::RsaSignature)
    {
        const auto facts = ctx.crypto.ReadCertificate(proof.certificates.front());
        if (!facts || !IsInCertificate(*facts, proof.id, *identity))
        {
            return refuse(" is not in the certificate");
        }
    }
    const ConnectionConfig* tunnel = TunnelOf(ctx, sa);
    const bool hasList = tunnel && HasList(*tunnel);
    const IsakmpProfileConfig* profile = hasList ? &*tunnel->isakmpProfile : nullptr;
    if (hasList && !IsMatched(*profile, *identity))
    {
        return refuse(" does not match profile " + profile->name);
    }
    if (!hasList && !IsPlausible(sa, proof.id, *identity))
    {
        return refuse(" is not expected");
    }
    // Whoever has some certificate, or some named key, is not yet the peer of the tunnel that his
    // address stands for: as long as another one holds it, it stays that one's. With a key for the
    // address alone the address is the name.
    const IsakmpSa* standing =
        sa.IsNameProved() ? FindStandingOfAnother(ctx.state, sa, *identity) : nullptr;
    if (standing && !(hasList && IsMatched(*profile, standing->peerIdentity)))
    {
        return refuse(" is not the peer whose ISAKMP SA stands");
    }
    return {};
}

void
BelieveProof(Ikev1Context& ctx, IsakmpSa& sa, const PeerProof& proof)
{
    sa.failure = EndReason::None;
    sa.refused = RefusedProof();
    sa.peerIdentity = ReadIdentity(ctx, proof.id).value_or(IkeIdentity());
}

bool
RefuseProof(Ikev1Context& ctx,
            IsakmpSa& sa,
            const DatagramInput& datagram,
            const Header& header,
            const Refusal& refusal)
{
    const bool firstTime = sa.failure == EndReason::None;
    sa.failure = refusal.reason;
    const uint32_t more = datagram.octets == sa.refused.message ? 0 : 1;
    sa.refused = RefusedProof{sa.refused.count + more,
                              datagram.octets,
                              refusal.text,
                              ctx.now + Duration::Seconds(1)};
    ctx.ReportDropped(datagram, &header, refusal.text);
    if (firstTime)
    {
        SendClearNotify(ctx,
                        sa,
                        refusal.reason == EndReason::InvalidId ? NotifyType::InvalidIdInformation
                                                               : NotifyType::AuthenticationFailed);
    }
    if (sa.refused.count < MAX_REFUSED_PROOFS)
    {
        return true;
    }
    RemoveIsakmp(ctx, sa.number, sa.failure);
    return false;
}

void
HandlePhase1Notifies(Ikev1Context& ctx, const IsakmpSa& sa, const Message& message)
{
    for (const NotifyPayload* n : message.FindAll<NotifyPayload>())
    {
        Event e = ctx.MakeEvent(EventKind::NotifyReceived, sa);
        e.text = ToString(n->type);
        ctx.Report(e);
        if (n->type == NotifyType::InitialContact)
        {
            PurgePeer(ctx, sa);
        }
    }
}

} // namespace ike
} // namespace ns3
