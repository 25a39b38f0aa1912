/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-end-state.h"

#include <algorithm>
#include <map>
#include <tuple>

namespace ns3
{
namespace ike
{

namespace
{

/// So many datagrams in one settling are no conversation that ends.
constexpr uint64_t ENDLESS = 50000;

/// When a datagram arrives in a world that settles.
Instant
ArrivalOf(const Flight& f, Instant begin, Duration delay)
{
    return std::max(std::max(f.sentAt, begin) + delay, f.heldUntil);
}

/// The datagram that arrives next: of equal ones channels in the order of nodes, oldest first, so
/// that it follows from the state and not from who has sent before whom.
const Flight*
NextArrival(const World& world, Instant begin, Duration delay)
{
    const Flight* next = nullptr;
    const auto rank = [&](const Flight& f) {
        return std::make_tuple(ArrivalOf(f, begin, delay).ns, f.from, f.to);
    };
    for (const Flight& f : world.GetFlights())
    {
        next = !next || rank(f) < rank(*next) ? &f : next;
    }
    return next;
}

/// Does somebody of this world have the other end?
const WorldNode*
FindPeer(const World& world, uint32_t node, const IpAddress& peer)
{
    for (uint32_t other = 0; other < world.GetNodeCount(); other++)
    {
        const WorldNode& n = world.GetNode(other);
        for (const ConnectionConfig& c : n.engine.GetConfig().connections)
        {
            if (other != node && c.local == peer)
            {
                return &n;
            }
        }
    }
    return nullptr;
}

/// What a node has of a peer's SAs.
bool
HasIsakmp(const WorldNode& node, const IsakmpIdentity& identity)
{
    const std::vector<IsakmpSaView> all = node.engine.GetIsakmpSas();
    return std::any_of(all.begin(), all.end(), [&](const IsakmpSaView& sa) {
        return sa.established && sa.identity == identity;
    });
}

bool
HasPair(const WorldNode& node, const PairIdentity& identity)
{
    const std::vector<PairView> all = node.engine.GetPairs();
    return std::any_of(all.begin(), all.end(), [&](const PairView& pair) {
        return pair.live && pair.identity == identity;
    });
}

const ConnectionConfig*
FindConnection(const WorldNode& node, ConnectionId id)
{
    for (const ConnectionConfig& c : node.engine.GetConfig().connections)
    {
        if (c.id == id)
        {
            return &c;
        }
    }
    const auto it = node.opened.find(id);
    return it == node.opened.end() ? nullptr : &it->second;
}

bool
IsMirror(const ConnectionConfig& a, const ConnectionConfig& b)
{
    return a.local == b.peer && a.peer == b.local && a.localSelector == b.remoteSelector &&
           a.remoteSelector == b.localSelector;
}

/// Judges one node of a world at rest.
class NodeJudge
{
  public:
    NodeJudge(const World& world, uint32_t node, EndState& state)
        : m_world(world),
          m_number(node),
          m_node(world.GetNode(node)),
          m_state(state)
    {
    }

    void JudgeSas();
    void JudgeOutbound();
    void JudgeTunnels();

  private:
    void JudgePair(const PairView& pair);
    void JudgeSelected(const PairView& pair);

    const World& m_world;    ///< at rest
    uint32_t m_number;       ///< of the node
    const WorldNode& m_node; ///< which node
    EndState& m_state;       ///< what is found
};

void
NodeJudge::JudgeSas()
{
    uint32_t isakmp = 0;
    uint32_t pairs = 0;
    for (const IsakmpSaView& sa : m_node.engine.GetIsakmpSas())
    {
        isakmp += sa.established;
        const WorldNode* peer = FindPeer(m_world, m_number, sa.peer);
        if (sa.established && peer && !HasIsakmp(*peer, sa.identity))
        {
            m_state.classes.insert(EndClass::Orphan);
        }
    }
    for (const PairView& pair : m_node.engine.GetPairs())
    {
        pairs += pair.live;
        if (pair.live)
        {
            JudgePair(pair);
        }
    }
    m_state.isakmp.push_back(isakmp);
    m_state.pairs.push_back(pairs);
}

void
NodeJudge::JudgePair(const PairView& pair)
{
    const WorldNode* peer = FindPeer(m_world, m_number, pair.peer);
    if (peer && !HasPair(*peer, pair.identity))
    {
        m_state.classes.insert(EndClass::Orphan);
    }
}

void
NodeJudge::JudgeOutbound()
{
    for (const PairView& pair : m_node.engine.GetPairs())
    {
        if (pair.outboundSelected)
        {
            JudgeSelected(pair);
        }
    }
}

void
NodeJudge::JudgeSelected(const PairView& pair)
{
    const WorldNode* peer = FindPeer(m_world, m_number, pair.peer);
    const ConnectionConfig* connection = FindConnection(m_node, pair.connection);
    if (!peer || !connection)
    {
        return;
    }
    if (!peer->plane.HasInbound(pair.outboundSpi))
    {
        m_state.classes.insert(EndClass::BlackHole);
    }
    for (const PairView& other : peer->engine.GetPairs())
    {
        const ConnectionConfig* its = FindConnection(*peer, other.connection);
        if (other.outboundSelected && its && IsMirror(*connection, *its) &&
            !(other.identity == pair.identity))
        {
            m_state.classes.insert(EndClass::Split);
        }
    }
}

/// A tunnel that begins by itself, with a route, and without a pair.
void
NodeJudge::JudgeTunnels()
{
    const std::vector<PairView> pairs = m_node.engine.GetPairs();
    for (const auto& [id, up] : m_node.reachable)
    {
        const ConnectionConfig* c = FindConnection(m_node, id);
        const bool wanted = up && c && c->stayUp && !c->dynamic;
        const bool there = std::any_of(pairs.begin(), pairs.end(), [id = id](const PairView& pair) {
            return pair.live && pair.connection == id;
        });
        if (wanted && !there)
        {
            m_state.classes.insert(EndClass::DeadEnd);
        }
    }
}

/// Counts what comes up without a lifetime as its reason.
class FlapCounter
{
  public:
    FlapCounter(const EventLog& log, Instant half);

    uint64_t begun{0};                             ///< negotiations in the second half
    std::map<std::string, uint64_t> isakmp, pairs; ///< that came up in it, by node

  private:
    bool IsForAge(const Event& begin) const;

    bool m_aged{false};                            ///< an ISAKMP SA has died of age
    std::map<IsakmpIdentity, bool> m_isakmpForAge; ///< by cookie of the initiator alone
    std::map<uint32_t, bool> m_pairForAge;         ///< by SPI of the initiator
};

bool
FlapCounter::IsForAge(const Event& begin) const
{
    return begin.begin == BeginReason::SoftLifetime || begin.begin == BeginReason::HardLifetime ||
           (begin.begin == BeginReason::PhaseTwoPending && m_aged);
}

FlapCounter::FlapCounter(const EventLog& log, Instant half)
{
    const auto cookieOf = [](const Event& e) {
        return IsakmpIdentity{e.isakmp.initiatorCookie, {}};
    };
    for (const TimedEvent& t : log)
    {
        const Event& e = t.event;
        const bool counts = t.time > half && e.role == Role::Initiator;
        switch (e.kind)
        {
        case EventKind::IsakmpRemoved:
            m_aged = m_aged || e.end == EndReason::HardLifetime;
            break;
        case EventKind::Phase1Begin:
            if (e.role == Role::Initiator) // who knows why
            {
                m_isakmpForAge[cookieOf(e)] = IsForAge(e);
            }
            begun += counts && !IsForAge(e);
            break;
        case EventKind::Phase2Begin:
            if (e.role == Role::Initiator)
            {
                m_pairForAge[e.pair.initiatorSpi] = IsForAge(e);
            }
            begun += counts && !IsForAge(e);
            break;
        case EventKind::Phase1Up:
            isakmp[t.node] += counts && !m_isakmpForAge[cookieOf(e)];
            break;
        case EventKind::PairUp:
            pairs[t.node] += counts && !m_pairForAge[e.pair.initiatorSpi];
            break;
        default:
            break;
        }
    }
}

uint64_t
MostOf(const std::map<std::string, uint64_t>& counts)
{
    uint64_t most = 0;
    for (const auto& [node, count] : counts)
    {
        most = std::max(most, count);
    }
    return most;
}

/// "2/2"
std::string
Join(const std::vector<uint32_t>& numbers)
{
    std::string text;
    for (uint32_t number : numbers)
    {
        text += (text.empty() ? "" : "/") + std::to_string(number);
    }
    return text;
}

auto
TieOf(const EndState& s)
{
    return std::tie(s.classes, s.isakmpSurplus, s.pairSurplus, s.isakmp, s.pairs);
}

} // namespace

const std::vector<EndClass>&
GetEndClasses()
{
    static const std::vector<EndClass> all{EndClass::Flapping,
                                           EndClass::DeadEnd,
                                           EndClass::BlackHole,
                                           EndClass::Orphan,
                                           EndClass::Split,
                                           EndClass::Duplicate,
                                           EndClass::Clean};
    return all;
}

std::string
ToString(EndClass c)
{
    switch (c)
    {
    case EndClass::Flapping:
        return "flapping";
    case EndClass::DeadEnd:
        return "dead end";
    case EndClass::BlackHole:
        return "black hole";
    case EndClass::Orphan:
        return "orphan";
    case EndClass::Split:
        return "split";
    case EndClass::Duplicate:
        return "duplicate";
    case EndClass::Clean:
        return "clean";
    }
    return "clean";
}

EndClass
EndState::Worst() const
{
    return classes.empty() ? EndClass::Clean : *classes.begin();
}

std::string
EndState::ToString() const
{
    std::string text;
    for (EndClass c : classes)
    {
        text += (text.empty() ? "" : ", ") + ike::ToString(c);
        if (c == EndClass::Duplicate)
        {
            text += " " + std::to_string(isakmpSurplus) + "/" + std::to_string(pairSurplus);
        }
    }
    return text + "; IKE " + Join(isakmp) + " CH " + Join(pairs);
}

bool
operator<(const EndState& a, const EndState& b)
{
    return TieOf(a) < TieOf(b);
}

bool
operator==(const EndState& a, const EndState& b)
{
    return TieOf(a) == TieOf(b);
}

SettleReport
Settle(World& world, const RestKnobs& knobs)
{
    SettleReport report;
    const Instant end = world.Now() + knobs.settle;
    const Instant half = world.Now() + knobs.settle / 2;
    world.ForgetHistory();
    const Instant begin = world.Now();
    while (!report.endless)
    {
        const Flight* next = NextArrival(world, begin, knobs.delay);
        const Instant arrival = next ? ArrivalOf(*next, begin, knobs.delay) : Instant::Never();
        if (std::min(world.NextDeadline(), arrival) > end)
        {
            break;
        }
        if (arrival <= world.NextDeadline())
        {
            world.AdvanceTo(arrival);
            world.Deliver(next->id);
            report.endless = ++report.datagrams == ENDLESS;
        }
        else
        {
            world.FireNextTimer();
            report.endless = ++report.timers == ENDLESS;
        }
    }
    world.AdvanceTo(end);
    const FlapCounter flaps(world.GetLog(), half);
    report.begun = flaps.begun;
    report.upsIsakmp = MostOf(flaps.isakmp);
    report.upsPairs = MostOf(flaps.pairs);
    return report;
}

EndState
Judge(const World& world, const SettleReport& report, const RestKnobs& knobs)
{
    EndState state;
    for (uint32_t node = 0; node < world.GetNodeCount(); node++)
    {
        NodeJudge judge(world, node, state);
        judge.JudgeSas();
        judge.JudgeOutbound();
        judge.JudgeTunnels();
        const Surplus surplus = world.GetRegister().CountSurplus(node, world.Now(), knobs.grace);
        state.isakmpSurplus = std::max(state.isakmpSurplus, surplus.isakmp);
        state.pairSurplus = std::max(state.pairSurplus, surplus.pairs);
    }
    if (report.endless || report.upsIsakmp >= knobs.flaps || report.upsPairs >= knobs.flaps)
    {
        state.classes.insert(EndClass::Flapping);
    }
    if (state.isakmpSurplus + state.pairSurplus != 0)
    {
        state.classes.insert(EndClass::Duplicate);
    }
    if (state.classes.empty())
    {
        state.classes.insert(EndClass::Clean);
    }
    return state;
}

} // namespace ike
} // namespace ns3
