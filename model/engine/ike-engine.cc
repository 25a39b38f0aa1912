/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-engine.h"

#include "ns3/ikev1-dead-peer.h"
#include "ns3/ikev1-dynamic.h"
#include "ns3/ikev1-exchanges.h"
#include "ns3/ikev1-informational.h"
#include "ns3/ikev1-phase1.h"
#include "ns3/ikev1-quick-mode.h"
#include "ns3/ikev1-reconfigure.h"
#include "ns3/ikev1-state-hash.h"
#include "ns3/ikev1-upkeep.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The established ISAKMP SA of a message, or null. The cookies name it; a peer behind a NAT may be
/// seen at another address since its last message.
IsakmpSa*
FindEstablished(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    for (IsakmpNumber number :
         ctx.state.isakmpSas.FindBy(&IsakmpIndex::cookie, header.initiatorCookie))
    {
        const IsakmpSa& sa = ctx.state.isakmpSas.Get(number);
        if (sa.IsEstablished() && sa.responderCookie == header.responderCookie &&
            (sa.natRemote || sa.remote.address == datagram.remote.address))
        {
            return ctx.FindIsakmp(number);
        }
    }
    return nullptr;
}

/// A message of an exchange that runs under an ISAKMP SA.
void
HandleProtected(Ikev1Context& ctx, const DatagramInput& datagram, const Header& header)
{
    if (header.exchange == ExchangeType::Informational && !header.IsEncrypted())
    {
        HandleClearInformational(ctx, datagram, header);
        return;
    }
    IsakmpSa* sa = FindEstablished(ctx, datagram, header);
    if (!sa)
    {
        ctx.ReportDropped(datagram, &header, "no established ISAKMP SA with these cookies");
    }
    else if (header.exchange == ExchangeType::QuickMode)
    {
        HandleQuickMode(ctx, *sa, datagram, header);
    }
    else
    {
        HandleInformational(ctx, *sa, datagram, header);
    }
}

/// Demultiplexing: version and exchange say who takes it.
void
HandleDatagram(Ikev1Context& ctx, const DatagramInput& datagram)
{
    const Parsed<Header> parsed = ReadHeader(datagram.octets);
    if (!parsed)
    {
        ctx.ReportDropped(datagram, nullptr, parsed.error.text);
        return;
    }
    const Header& header = *parsed.value;
    if (header.version >> 4 != 1)
    {
        ctx.ReportDropped(datagram, &header, "major version is not 1");
        return;
    }
    switch (header.exchange)
    {
    case ExchangeType::IdentityProtection:
    case ExchangeType::Aggressive:
        HandlePhase1(ctx, datagram, header);
        return;
    case ExchangeType::QuickMode:
    case ExchangeType::Informational:
        HandleProtected(ctx, datagram, header);
        return;
    default:
        ctx.ReportDropped(datagram,
                          &header,
                          "exchange " + ToString(header.exchange) + " is not supported");
    }
}

void
HandleComputed(Ikev1Context& ctx, const ComputedInput& input)
{
    const auto it = ctx.state.jobs.find(input.job);
    if (it == ctx.state.jobs.end())
    {
        return; // its exchange is gone
    }
    const JobOwner owner = it->second;
    ctx.state.jobs.erase(it);
    if (IsakmpSa* sa = ctx.FindIsakmp(owner.isakmp))
    {
        HandlePhase1Computed(ctx, *sa, input.result);
    }
    else if (QuickMode* quick = ctx.FindQuickMode(owner.quickMode))
    {
        HandleQuickModeComputed(ctx, *quick, input.result);
    }
}

void
HandleAcquire(Ikev1Context& ctx, const AcquireInput& input)
{
    if (const ConnectionConfig* connection = ctx.FindConnection(input.connection))
    {
        WantPhase2(ctx, *connection, BeginReason::Traffic, PairIdentity(), input.insist);
    }
}

void
HandleLinkChange(Ikev1Context& ctx, const LinkChangeInput& input)
{
    if (input.connection >= FIRST_OPENED && !IsOpened(ctx.state, input.connection))
    {
        return; // it was closed meanwhile
    }
    TunnelState& tunnel = ctx.state.tunnels[input.connection];
    const bool appeared = input.up && !tunnel.reachable;
    tunnel.reachable = input.up;
    const ConnectionConfig* connection = ctx.FindConnection(input.connection);
    if (appeared && connection)
    {
        tunnel.quietUntil = Instant();
        if (connection->stayUp)
        {
            WantPhase2(ctx, *connection, BeginReason::TunnelStart, PairIdentity());
        }
        WantSuccessorsOf(ctx, *connection);
    }
}

void
HandleSaUsage(Ikev1Context& ctx, const SaUsageInput& input)
{
    PairState* pair = ctx.FindPair(input.pair);
    if (!pair)
    {
        return;
    }
    switch (input.mark)
    {
    case SaUsageInput::Mark::FirstInbound:
        pair->usedInbound = true;
        if (pair->connectedAwaited)
        {
            ReleasePair(ctx, *pair); // the responder sends on it, so it has installed it
            return;
        }
        UpdateOutbound(ctx, pair->connection);
        return;
    case SaUsageInput::Mark::SoftVolume:
        pair->softPassed = true;
        WantPairSuccessor(ctx, *pair);
        return;
    case SaUsageInput::Mark::HardVolume:
        RemovePair(ctx, pair->id, EndReason::HardVolume);
        return;
    }
}

/// ESP for an SA that this end does not have: a peer that is out of step. It is told so, if an
/// ISAKMP SA stands to say it under; with `crypto isakmp invalid-spi-recovery` one is begun for
/// that. A tunnel without a pair may take it as a reason to begin.
void
HandleUnknownSpi(Ikev1Context& ctx, const UnknownSpiInput& input)
{
    const auto all = ctx.FindBetween(input.local, input.remote);
    if (!all.empty() || !ctx.index->FindTemplates(ctx.config, input.local).empty())
    {
        SayInvalidSpi(ctx, input.local, input.remote, input.spi);
    }
    for (const ConnectionConfig* c : all)
    {
        if (ctx.state.tunnels[c->id].timers.IsSet(TunnelTimer::Restart))
        {
            continue; // anybody can send ESP: what has failed begins again in its own time
        }
        WantPhase2(ctx, *c, BeginReason::UnknownSpi, PairIdentity());
        if (ctx.config.invalidSpiRecovery)
        {
            WantIsakmp(ctx, *c, BeginReason::UnknownSpi);
        }
    }
}

void
HandleClear(Ikev1Context& ctx, const ClearInput& input)
{
    const auto isMeant = [&input](const IpAddress& peer) {
        return !input.peer || *input.peer == peer;
    };
    std::vector<PairId> pairs;
    for (const auto& [id, pair] : ctx.state.pairs)
    {
        if (input.ipsec && pair.live && isMeant(pair.peer))
        {
            pairs.push_back(id);
        }
    }
    std::vector<IsakmpNumber> numbers;
    for (const auto& [number, sa] : ctx.state.isakmpSas)
    {
        if (input.isakmp && isMeant(sa.Peer()))
        {
            numbers.push_back(number);
        }
    }
    for (PairId id : pairs)
    {
        RemovePair(ctx, id, EndReason::Cleared);
        ctx.state.Close();
    }
    for (IsakmpNumber number : numbers)
    {
        RemoveIsakmp(ctx, number, EndReason::Cleared);
        ctx.state.Close();
    }
    for (const ConnectionConfig& c : ctx.config.connections)
    {
        if (!c.dynamic && isMeant(c.peer))
        {
            ctx.state.tunnels[c.id].quietUntil = Instant(); // the operator wants it tried again
        }
    }
}

/// Few inputs have more; to move them is dear.
constexpr size_t USUAL_ACTIONS = 10;

/// One overload for each input.
struct Dispatch
{
    Ikev1Context& ctx; ///< what to work on

    // clang-format off
    void operator()(const DatagramInput& i) const { HandleDatagram(ctx, i); }
    void operator()(const TimeoutInput&) const { HandleDeadlines(ctx); }
    void operator()(const AcquireInput& i) const { HandleAcquire(ctx, i); }
    void operator()(const LinkChangeInput& i) const { HandleLinkChange(ctx, i); }
    void operator()(const SaUsageInput& i) const { HandleSaUsage(ctx, i); }
    void operator()(const UnknownSpiInput& i) const { HandleUnknownSpi(ctx, i); }
    void operator()(const UsageInput& i) const { HandleUsage(ctx, i); }
    void operator()(const ComputedInput& i) const { HandleComputed(ctx, i); }
    void operator()(const ClearInput& i) const { HandleClear(ctx, i); }
    void operator()(const ReconfigureInput&) const {}

    // clang-format on
};

IsakmpSaView
ViewOf(const IsakmpSa& sa)
{
    IsakmpSaView v;
    v.identity = sa.Identity();
    v.local = sa.local.address;
    v.peer = sa.Peer();
    v.role = sa.role;
    v.state = RowOf(sa.state).iosName;
    v.established = sa.IsEstablished();
    v.expires = sa.hardAt;
    v.number = sa.number;
    v.policy = sa.policy;
    v.localPort = sa.local.port;
    v.peerPort = sa.remote.port;
    v.natTraversal = sa.natTraversal;
    return v;
}

PairView
ViewOf(const PairState& pair, bool selected)
{
    PairView v;
    v.id = pair.id;
    v.identity = pair.identity;
    v.connection = pair.connection;
    v.local = pair.local;
    v.peer = pair.peer;
    v.role = pair.role;
    v.inboundSpi = pair.InboundSpi();
    v.outboundSpi = pair.OutboundSpi();
    v.transform = pair.transform;
    v.pfs = pair.pfs;
    v.live = pair.live;
    v.outboundSelected = selected;
    v.expires = pair.hardAt;
    v.hardBytes = pair.hardBytes;
    v.udp = pair.udp;
    return v;
}

} // namespace

Engine::Engine(std::shared_ptr<const EngineConfig> config, const RandomKey& key)
    : m_config(std::move(config)),
      m_index(std::make_shared<const ConnectionIndex>(*m_config))
{
    m_v1.key = key;
}

void
Engine::ReplayRandom(RecordedRandom recorded)
{
    m_v1.recorded = std::move(recorded);
}

Actions
Engine::Handle(Instant now, const Input& input, CryptoProvider& crypto)
{
    Actions actions;
    actions.reserve(USUAL_ACTIONS);
    const std::shared_ptr<const EngineConfig> before = m_config;
    const std::shared_ptr<const ConnectionIndex> beforeIndex = m_index;
    const auto* change = std::get_if<ReconfigureInput>(&input);
    if (change)
    {
        m_config = change->config;
        m_index = std::make_shared<const ConnectionIndex>(*m_config);
    }
    Ikev1Context ctx{now, *m_config, crypto, m_v1, actions, m_index};
    ctx.isHeard = m_heard;
    if (change)
    {
        Reconfigure(ctx, EarlierConfig{*before, *beforeIndex});
    }
    else
    {
        std::visit(Dispatch{ctx}, input);
    }
    ReportAttempts(ctx);
    CloseUnused(ctx);
    m_v1.Close();
    return actions;
}

void
Engine::SetHeard(bool heard)
{
    m_heard = heard;
}

Instant
Engine::NextDeadline() const
{
    return NextDeadlineOf(m_v1);
}

uint64_t
Engine::GetFingerprint(Instant now) const
{
    return FingerprintOf(m_v1, now);
}

void
Engine::AddTo(StateHash& hash, Instant now) const
{
    AddState(hash, m_v1, now);
}

uint64_t
Engine::GetFingerprintOf(const Octets& octets, bool isEsp) const
{
    return FingerprintOfDatagram(m_v1, octets, isEsp);
}

const EngineConfig&
Engine::GetConfig() const
{
    return *m_config;
}

std::vector<IsakmpSaView>
Engine::GetIsakmpSas() const
{
    std::vector<IsakmpSaView> views;
    for (const auto& [number, sa] : m_v1.isakmpSas)
    {
        views.push_back(ViewOf(sa));
    }
    return views;
}

std::vector<PairView>
Engine::GetPairs() const
{
    std::vector<PairView> views;
    for (const auto& [id, pair] : m_v1.pairs)
    {
        const auto tunnel = m_v1.tunnels.find(pair.connection);
        views.push_back(
            ViewOf(pair, tunnel != m_v1.tunnels.end() && tunnel->second.selected == id));
    }
    return views;
}

std::vector<ConnectionConfig>
Engine::GetOpenedConnections() const
{
    std::vector<ConnectionConfig> connections;
    for (const auto& [id, opened] : m_v1.opened)
    {
        connections.push_back(opened.config);
    }
    return connections;
}

std::vector<Event>
Engine::GetLossEvents() const
{
    return LossEventsOf(m_v1);
}

EngineLoad
Engine::GetLoad() const
{
    EngineLoad load;
    load.isakmpSas = m_v1.isakmpSas.size();
    load.halfOpen = m_v1.isakmpSas.By().halfOpen;
    for (const auto& [number, sa] : m_v1.isakmpSas)
    {
        load.messageIds += sa.usedMessageIds.size();
    }
    load.quickModes = m_v1.quickModes.size();
    load.pairs = m_v1.pairs.size();
    load.jobs = m_v1.jobs.size();
    load.opened = m_v1.opened.size();
    load.peers = m_v1.ordinals.size();
    return load;
}

bool
Engine::IsConsistent() const
{
    return m_v1.IsConsistent();
}

uint64_t
Engine::CountLooked() const
{
    return m_v1.CountLooked();
}

bool
Engine::IsBeginning(ConnectionId connection) const
{
    return ike::IsBeginning(m_v1, connection);
}

} // namespace ike
} // namespace ns3
