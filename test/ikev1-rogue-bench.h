/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_ROGUE_BENCH_H
#define IKEV1_ROGUE_BENCH_H

#include "ike-lab-fixture.h"
#include "ike-rogue-peer.h"

#include "ns3/ike-message.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>
#include <vector>

/**
 * @file
 * An engine with an SA that stands, alone with a rogue.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

inline const IpAddress ROGUE = IpAddress::V4(0x0a000042); ///< 10.0.0.66
constexpr ConnectionId ROGUE_TUNNEL = 3;                  ///< to the rogue
constexpr uint32_t HALF_OPEN = 8;                         ///< limit of half-open attempts

/// B knows the rogue as another peer, in which role it will.
inline Tweak
KnowRogue(bool engineBegins)
{
    return [engineBegins](EngineConfig& c) {
        ConnectionConfig tunnel = c.connections.at(0);
        tunnel.id = ROGUE_TUNNEL;
        tunnel.name = "Tunnel2";
        tunnel.peer = ROGUE;
        tunnel.stayUp = engineBegins;
        tunnel.switches = engineBegins ? InitiationSwitches() : InitiationSwitches::ResponderOnly();
        c.connections.push_back(tunnel);
        IsakmpPolicy ecp = c.policies.at(0);
        ecp.priority = 20;
        ecp.group = DhGroup::Ecp256;
        c.policies.push_back(ecp);
        c.knobs.halfOpenLimit = HALF_OPEN;
        c.knobs.quickModeLimit = 4;
    };
}

/// One word or two for an event that a case is about; empty for others.
inline std::string
WordFor(const Event& e)
{
    switch (e.kind)
    {
    case EventKind::MessageSent:
        return (e.retransmission ? "again " : "send ") + e.text;
    case EventKind::MessageDropped:
        return "drop: " + e.text;
    case EventKind::MessageReceived:
        return e.retransmission ? "seen before" : "";
    case EventKind::Phase1Failed:
        return "phase 1 fails: " + ToString(e.end);
    case EventKind::Phase2Failed:
        return "phase 2 fails: " + ToString(e.end);
    case EventKind::Phase1Up:
        return "phase 1 up";
    case EventKind::PairUp:
        return "pair up";
    case EventKind::IsakmpRemoved:
        return "ISAKMP SA ends: " + ToString(e.end);
    case EventKind::PairRemoved:
        return "pair ends: " + ToString(e.end);
    case EventKind::NotifyReceived:
        return "hear " + e.text;
    case EventKind::DeleteReceived:
        return "hear Delete";
    case EventKind::NatDetected:
        return "NAT: " + e.text;
    default:
        return "";
    }
}

/// The engine under test, on its own: B of a world in which A is the honest peer.
class Bench
{
  public:
    /// @param engineBegins with the rogue
    explicit Bench(bool engineBegins, const Tweak& tweak = {})
        : m_world(MakeUpWorld()),
          engine(m_world.GetNode(B).engine),
          now(m_world.Now())
    {
        auto config = std::make_shared<EngineConfig>(engine.GetConfig());
        KnowRogue(engineBegins)(*config);
        if (tweak)
        {
            tweak(*config);
        }
        Give(ReconfigureInput{config});
        honest = engine.GetIsakmpSas().at(0).identity;
        honestPair = engine.GetPairs().at(0);
    }

    /// An input, with all that follows from it but what is sent.
    void Give(const Input& input)
    {
        std::vector<Input> queue{input};
        for (size_t i = 0; i < queue.size(); i++)
        {
            const Input next = queue[i];
            for (const Action& action : engine.Handle(now, next, *GetLabCrypto()))
            {
                if (const auto* send = std::get_if<SendAction>(&action))
                {
                    sentTo.push_back(send->remote);
                    if (send->remote.address == ROGUE)
                    {
                        sent.push_back(send->octets);
                    }
                }
                else if (std::holds_alternative<MoveSaAction>(action))
                {
                    moves++;
                }
                else if (const auto* compute = std::get_if<ComputeAction>(&action))
                {
                    queue.push_back(ComputedInput{compute->job, GetLabCrypto()->Run(compute->dh)});
                }
                else if (const auto* report = std::get_if<ReportAction>(&action))
                {
                    events.push_back(*report->event);
                }
            }
        }
    }

    /// A datagram from an address, as the engine takes it; what it did since then, in words.
    std::string Take(const IpAddress& from, const Octets& octets)
    {
        return TakeAt(500, Endpoint{from, 500}, octets);
    }

    /// The same on another port of the engine, or from another one of the sender.
    std::string TakeAt(uint16_t port, const Endpoint& from, const Octets& octets)
    {
        const size_t before = events.size();
        Give(DatagramInput{Endpoint{AddressOf(B), port}, from, octets});
        return WordsSince(before);
    }

    std::string WordsSince(size_t before) const
    {
        std::string text;
        for (size_t i = before; i < events.size(); i++)
        {
            const std::string word = WordFor(events[i]);
            text += (text.empty() || word.empty() ? "" : "; ") + word;
        }
        return text;
    }

    /// All deadlines until then.
    void PassTo(Instant end)
    {
        while (engine.NextDeadline() <= end)
        {
            now = std::max(now, engine.NextDeadline());
            Give(TimeoutInput{});
        }
        now = end;
    }

    /// "1/1": established ISAKMP SAs and living pairs with the rogue.
    std::string WithRogue() const
    {
        size_t isakmp = 0;
        for (const IsakmpSaView& sa : engine.GetIsakmpSas())
        {
            isakmp += sa.peer == ROGUE && sa.established ? 1 : 0;
        }
        size_t pairs = 0;
        for (const PairView& pair : engine.GetPairs())
        {
            pairs += pair.peer == ROGUE && pair.live ? 1 : 0;
        }
        return std::to_string(isakmp) + "/" + std::to_string(pairs);
    }

    /// What stands with the honest peer is what stood, and it alone carries its traffic.
    bool IsHonestUntouched() const
    {
        const auto sas = engine.GetIsakmpSas();
        const auto pairs = engine.GetPairs();
        return std::any_of(
                   sas.begin(),
                   sas.end(),
                   [this](const auto& sa) { return sa.established && sa.identity == honest; }) &&
               std::any_of(pairs.begin(), pairs.end(), [this](const PairView& p) {
                   return p.live && p.outboundSelected && p.identity == honestPair.identity;
               });
    }

  private:
    World m_world; ///< where the engine comes from

  public:
    Engine engine;                ///< under test
    Instant now;                  ///< its clock
    std::vector<Octets> sent;     ///< to the rogue, not yet heard
    std::vector<Endpoint> sentTo; ///< where all that was sent went
    unsigned moves{0};            ///< pairs whose peer is elsewhere now
    std::vector<Event> events;    ///< all
    IsakmpIdentity honest;        ///< with the honest peer
    PairView honestPair;          ///< the same
};

/// Who began phase 1 and quick mode.
inline Role
RoleIn(RogueMessage message)
{
    switch (message)
    {
    case RogueMessage::MainMode2:
    case RogueMessage::MainMode4:
    case RogueMessage::MainMode6:
    case RogueMessage::QuickMode2:
    case RogueMessage::Aggressive2:
        return Role::Responder;
    default:
        return Role::Initiator;
    }
}

/// The rogue's messages arrive, and the engine's answers at the rogue, until nobody says more. What
/// the engine did about the spoiled one is kept.
/// @param port of both ends
inline std::string
Converse(Bench& bench,
         RoguePeer& rogue,
         RogueMessage spoiled,
         std::vector<Octets> next,
         uint16_t port = 500)
{
    std::string answer;
    for (unsigned turns = 0; turns < 20 && (!next.empty() || !bench.sent.empty()); turns++)
    {
        const bool isSpoiled = rogue.GetSent() == spoiled && !next.empty();
        for (const Octets& octets : next)
        {
            const std::string words = bench.TakeAt(port, Endpoint{ROGUE, port}, octets);
            answer = isSpoiled ? answer + (answer.empty() ? "" : " | ") + words : answer;
        }
        next.clear();
        if (!bench.sent.empty())
        {
            const Octets heard = bench.sent.front();
            bench.sent.erase(bench.sent.begin());
            next = rogue.Hear(heard);
        }
    }
    return answer;
}

/// A rogue that behaves up to here: phase 1, and a quick mode when it is wanted.
inline RoguePeer
Befriend(Bench& bench, const RogueFault& later, bool quickMode)
{
    RoguePeer rogue(GetLabCrypto(),
                    Role::Initiator,
                    ROGUE,
                    ToOctets("secret"),
                    DhGroup::Modp1024,
                    later);
    Converse(bench, rogue, RogueMessage::None, rogue.Begin());
    if (quickMode)
    {
        Converse(bench, rogue, RogueMessage::None, rogue.BeginQuickMode());
    }
    return rogue;
}

inline Octets
CookiesOf(const IsakmpIdentity& sa)
{
    Octets cookies(sa.initiatorCookie.begin(), sa.initiatorCookie.end());
    cookies.insert(cookies.end(), sa.responderCookie.begin(), sa.responderCookie.end());
    return cookies;
}

inline Octets
SpiOctets(uint32_t spi)
{
    Octets octets;
    AppendNumber(octets, spi, 4);
    return octets;
}

inline NotifyPayload
MakeNotify(uint16_t type, ProtocolId protocol, const Octets& spi)
{
    NotifyPayload notify;
    notify.type = static_cast<NotifyType>(type);
    notify.protocol = protocol;
    notify.spi = spi;
    return notify;
}

inline DeletePayload
MakeDelete(ProtocolId protocol, const Octets& spi)
{
    DeletePayload d;
    d.protocol = protocol;
    d.spiSize = static_cast<uint8_t>(spi.size());
    d.spis = {spi};
    return d;
}

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKEV1_ROGUE_BENCH_H
