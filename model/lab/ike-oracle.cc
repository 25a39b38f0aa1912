/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-oracle.h"

#include "ns3/ike-nearest-name.h"
#include "ns3/ike-timing.h"

#include <algorithm>
#include <map>
#include <set>
#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// The first thing that is wrong at any node.
template <typename Check>
std::string
AtEachNode(const World& world, const Check& check)
{
    for (uint32_t node = 0; node < world.GetNodeCount(); node++)
    {
        const std::string wrong = check(world.GetNode(node));
        if (!wrong.empty())
        {
            return world.GetNode(node).name + ": " + wrong;
        }
    }
    return "";
}

/// Datagrams that a move has brought into being, with its copies.
std::vector<const Flight*>
NewFlights(const OracleView& view)
{
    std::set<uint32_t> known;
    for (const Flight& f : view.before.GetFlights())
    {
        known.insert(f.id);
    }
    std::vector<const Flight*> fresh;
    for (const Flight& f : view.after.GetFlights())
    {
        if (known.count(f.id) == 0)
        {
            fresh.push_back(&f);
        }
    }
    return fresh;
}

uint64_t
NumberAt(const Octets& octets, size_t at)
{
    uint64_t number = 0;
    for (size_t i = at; i < at + 4 && i < octets.size(); i++)
    {
        number = number << 8 | octets[i];
    }
    return number;
}

// --- After each move -----------------------------------------------------------------------------

std::string
SpisAreUnique(const OracleView& view)
{
    return AtEachNode(view.after, [](const WorldNode& node) -> std::string {
        std::set<uint32_t> spis;
        for (const PairView& pair : node.engine.GetPairs())
        {
            if (!spis.insert(pair.inboundSpi).second)
            {
                return "two pairs that live, or linger, receive on one SPI";
            }
        }
        return "";
    });
}

/// An outbound SA numbers from 1 on, so a new packet has a higher number than packets were sent.
std::string
SequencesRise(const OracleView& view)
{
    if (view.move && view.move->kind == MoveKind::Late)
    {
        return ""; // it was sent before, and goes behind all others as if it were new
    }
    for (const Flight* f : NewFlights(view))
    {
        if (!f->isEsp || f->isCopy)
        {
            continue;
        }
        const WorldNode& sender = view.before.GetNode(f->from);
        for (const PairView& pair : sender.engine.GetPairs())
        {
            const auto sent = sender.plane.GetOutboundSaCounters(pair.id);
            if (sent && pair.outboundSpi == NumberAt(f->octets, 0) &&
                NumberAt(f->octets, 4) <= sent->packets + sent->dummies)
            {
                return sender.name + ": a sequence number is used again";
            }
        }
    }
    return "";
}

/// All octets that a node sends when it hears a datagram.
std::set<Octets>
AnswersTo(World& world, const Flight& datagram)
{
    std::set<uint32_t> known;
    for (const Flight& f : world.GetFlights())
    {
        known.insert(f.id);
    }
    world.Give(datagram.to, DatagramInput{datagram.destination, datagram.source, datagram.octets});
    std::set<Octets> answers;
    for (const Flight& f : world.GetFlights())
    {
        if (known.count(f.id) == 0)
        {
            answers.insert(f.octets);
        }
    }
    return answers;
}

/// The datagram that a move has brought to its end, or nothing.
const Flight*
FindArrived(const OracleView& view)
{
    if (!view.move || view.move->kind != MoveKind::Deliver)
    {
        return nullptr;
    }
    std::set<uint32_t> left;
    for (const Flight& f : view.after.GetFlights())
    {
        left.insert(f.id);
    }
    for (const Flight& f : view.before.GetFlights())
    {
        if (left.count(f.id) == 0)
        {
            return &f;
        }
    }
    return nullptr;
}

/// A datagram that comes once more at once: what was answered is answered with the same octets, or
/// not at all.
std::string
AnswersAreTheSame(const OracleView& view)
{
    const Flight* arrived = FindArrived(view);
    if (!arrived || arrived->isEsp || arrived->isKeepalive || arrived->isClear)
    {
        return "";
    }
    std::set<Octets> first;
    for (const Flight* f : NewFlights(view))
    {
        first.insert(f->octets);
    }
    World again = view.after;
    for (const Octets& answer : AnswersTo(again, *arrived))
    {
        if (first.count(answer) == 0)
        {
            return view.after.GetNode(arrived->to).name + ": the same " + arrived->label +
                   " message once more is answered by something new";
        }
    }
    return "";
}

std::string
MemoryIsBounded(const OracleView& view)
{
    if (view.after.GetFlights().size() > view.knobs.datagrams)
    {
        return "more than " + std::to_string(view.knobs.datagrams) + " datagrams are in flight";
    }
    return AtEachNode(view.after, [&](const WorldNode& node) -> std::string {
        const EngineLoad load = node.engine.GetLoad();
        if (load.isakmpSas + load.quickModes >
            view.knobs.attemptsPerPeer * std::max<size_t>(1, load.peers))
        {
            return "more than " + std::to_string(view.knobs.attemptsPerPeer) +
                   " exchanges are remembered for a peer";
        }
        return load.jobs == 0 ? "" : "a computation is waited for that nobody does";
    });
}

std::string
PairsAreBounded(const OracleView& view)
{
    return AtEachNode(view.after, [&](const WorldNode& node) -> std::string {
        std::map<ConnectionId, uint32_t> pairs;
        for (const PairView& pair : node.engine.GetPairs())
        {
            if (pair.live && ++pairs[pair.connection] > view.knobs.pairsPerSelector)
            {
                return "more than " + std::to_string(view.knobs.pairsPerSelector) +
                       " pairs of one tunnel live";
            }
        }
        std::map<IpAddress, uint32_t> isakmp;
        for (const IsakmpSaView& sa : node.engine.GetIsakmpSas())
        {
            if (sa.established && ++isakmp[sa.peer] > view.knobs.isakmpPerPeer)
            {
                return "more than " + std::to_string(view.knobs.isakmpPerPeer) +
                       " ISAKMP SAs with one peer live";
            }
        }
        return "";
    });
}

bool
HasPairWith(const World& world, uint32_t node, uint32_t peer)
{
    const std::vector<PairView> all = world.GetNode(node).engine.GetPairs();
    const auto& ends = world.GetNode(peer).engine.GetConfig().connections;
    return std::any_of(all.begin(), all.end(), [&](const PairView& pair) {
        return pair.live && std::any_of(ends.begin(), ends.end(), [&](const ConnectionConfig& c) {
                   return c.local == pair.peer;
               });
    });
}

std::string
NothingIsClear(const OracleView& view)
{
    for (const Flight* f : NewFlights(view))
    {
        if (f->isClear && view.knobs.strict && HasPairWith(view.before, f->from, f->to) &&
            HasPairWith(view.before, f->to, f->from))
        {
            return view.after.GetNode(f->from).name +
                   ": a packet leaves in the clear while both ends have an SA";
        }
    }
    return "";
}

// --- At rest -------------------------------------------------------------------------------------

/// Rules that are classes of end states, too.
template <EndClass C>
std::string
IsNot(const OracleView& view)
{
    return view.end && view.end->classes.count(C) != 0 ? view.end->ToString() : "";
}

std::set<IsakmpIdentity>
AttemptsOf(const WorldNode& node)
{
    std::set<IsakmpIdentity> attempts;
    for (const IsakmpSaView& sa : node.engine.GetIsakmpSas())
    {
        if (!sa.established)
        {
            attempts.insert(IsakmpIdentity{sa.identity.initiatorCookie, {}});
        }
    }
    return attempts;
}

bool
HasBegun(const EventLog& log, const std::string& node, EventKind kind)
{
    return std::any_of(log.begin(), log.end(), [&](const TimedEvent& t) {
        return t.node == node && t.event.kind == kind;
    });
}

/// How long an exchange may last: as long as its initiator sends, and its responder waits.
Duration
PatienceOf(const IkeKnobs& knobs)
{
    Instant end;
    for (uint32_t sent = 1; sent <= knobs.retransmitCount + 1 && end.ns < Instant::Never().ns / 2;
         sent++)
    {
        end = RetransmitAt(knobs, end, sent);
    }
    return std::max(end - Instant(), knobs.halfOpenLifetime);
}

/// What runs, or what may still be asked for by late duplicates, is no fault when a world settles
/// for a shorter time than that takes.
std::string
ExchangesEnd(const OracleView& view)
{
    const Duration settled = view.after.Now() - view.before.Now();
    for (uint32_t number = 0; number < view.after.GetNodeCount(); number++)
    {
        const WorldNode& node = view.after.GetNode(number);
        const IkeKnobs& knobs = node.engine.GetConfig().knobs;
        const Duration patience = PatienceOf(knobs);
        const std::set<IsakmpIdentity> before = AttemptsOf(view.before.GetNode(number));
        for (const IsakmpIdentity& attempt : AttemptsOf(node))
        {
            if (before.count(attempt) != 0 && !(settled < patience))
            {
                return node.name + ": a phase 1 neither ends nor fails";
            }
        }
        if (node.engine.GetLoad().quickModes != 0 && !(settled < patience + knobs.exchangeMemory) &&
            !HasBegun(view.after.GetLog(), node.name, EventKind::Phase2Begin))
        {
            return node.name + ": a quick mode is never forgotten";
        }
    }
    return "";
}

std::string
IndexesAreRight(const OracleView& view)
{
    return AtEachNode(view.after, [](const WorldNode& node) -> std::string {
        return node.engine.IsConsistent() ? "" : "an index does not say what the state says";
    });
}

} // namespace

const std::vector<Oracle>&
GetOracles()
{
    using M = OracleMoment;
    static const std::vector<Oracle> oracles{
        {"spi-unique", M::Move, "no SPI is used again while it is alive", SpisAreUnique},
        {"sequence-rises", M::Move, "ESP sequence numbers rise", SequencesRise},
        {"same-answer",
         M::Move,
         "a datagram that comes twice is answered with the same octets, or not at all",
         AnswersAreTheSame},
        {"bounded-memory", M::Move, "what is remembered is bounded", MemoryIsBounded},
        {"bounded-pairs", M::Move, "so many SAs live, and not more", PairsAreBounded},
        {"no-clear-packet",
         M::Move,
         "no packet leaves in the clear while both ends have an SA",
         NothingIsClear},
        {"no-flap", M::Rest, "SAs do not come and go for ever", IsNot<EndClass::Flapping>},
        {"no-dead-end",
         M::Rest,
         "a tunnel with a route has a pair in the end",
         IsNot<EndClass::DeadEnd>},
        {"no-black-hole",
         M::Rest,
         "the SA that an end sends on exists at its peer",
         IsNot<EndClass::BlackHole>},
        {"no-orphan", M::Rest, "each SA stands at both ends", IsNot<EndClass::Orphan>},
        {"no-split", M::Rest, "both directions use one pair", IsNot<EndClass::Split>, false},
        {"no-duplicate",
         M::Rest,
         "no SA is surplus (ike-duplicate-account.h)",
         IsNot<EndClass::Duplicate>,
         false},
        {"exchanges-end", M::Rest, "each exchange ends, or fails", ExchangesEnd},
        {"indexes-right", M::Rest, "the engine's indexes agree with its state", IndexesAreRight},
    };
    return oracles;
}

std::vector<std::string>
GetUsualOracles()
{
    std::vector<std::string> names;
    for (const Oracle& oracle : GetOracles())
    {
        if (oracle.usual)
        {
            names.push_back(oracle.name);
        }
    }
    return names;
}

const Oracle&
FindOracle(const std::string& name)
{
    std::vector<std::string> names;
    for (const Oracle& oracle : GetOracles())
    {
        if (oracle.name == name)
        {
            return oracle;
        }
        names.push_back(oracle.name);
    }
    const std::string hint = MakeNearestHint(name, names);
    throw std::invalid_argument("no oracle " + name + (hint.empty() ? "" : "; " + hint));
}

std::vector<Violation>
AskOracles(const std::vector<std::string>& names, OracleMoment moment, const OracleView& view)
{
    std::vector<Violation> violations;
    for (const std::string& name : names)
    {
        const Oracle& oracle = FindOracle(name);
        const std::string wrong = oracle.moment == moment ? oracle.check(view) : "";
        if (!wrong.empty())
        {
            violations.push_back({name, wrong});
        }
    }
    return violations;
}

} // namespace ike
} // namespace ns3
