/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_METRICS_FIXTURE_H
#define IKE_METRICS_FIXTURE_H

#include "ns3/ike-duplicate-account.h"

#include <algorithm>
#include <cmath>
#include <string>
#include <tuple>
#include <vector>

namespace ns3
{
namespace ike
{

inline const IpAddress WEST = IpAddress::V4(0xc0000201); // 192.0.2.1
inline const IpAddress EAST = IpAddress::V4(0xc6336402); // 198.51.100.2

/// A hand-made ISAKMP SA: its number stands in both cookies.
inline IsakmpIdentity
Isakmp(uint8_t number)
{
    IsakmpIdentity id;
    id.initiatorCookie[7] = number;
    id.responderCookie[7] = static_cast<uint8_t>(number + 100);
    return id;
}

inline PairIdentity
Pair(uint32_t number)
{
    return PairIdentity{number, number + 100};
}

inline Instant
AtSecond(double s)
{
    return Instant{std::llround(s * 1e9)};
}

/// Events of two ends, made by hand and sorted by time before they are used.
class HandMadeLog
{
  public:
    Event& Add(double time, const std::string& node, EventKind kind)
    {
        TimedEvent t;
        t.time = AtSecond(time);
        t.node = node;
        t.event.kind = kind;
        t.event.local = node == "west" ? WEST : EAST;
        t.event.peer = node == "west" ? EAST : WEST;
        m_log.push_back(t);
        return m_log.back().event;
    }

    static std::string Other(const std::string& node)
    {
        return node == "west" ? "east" : "west";
    }

    void BeginIsakmp(double time, const std::string& node, uint8_t number, uint8_t succeeds = 0)
    {
        Event& e = Add(time, node, EventKind::Phase1Begin);
        e.isakmp = Isakmp(number);
        e.isakmp.responderCookie = {};
        e.begin = succeeds ? BeginReason::SoftLifetime : BeginReason::TunnelStart;
        e.succeedsIsakmp = succeeds ? Isakmp(succeeds) : IsakmpIdentity();
    }

    void UpIsakmp(double time, const std::string& node, uint8_t number, Role role)
    {
        Event& e = Add(time, node, EventKind::Phase1Up);
        e.isakmp = Isakmp(number);
        e.role = role;
    }

    /// The message id of the quick mode of pair n is n + 1000, under ISAKMP SA 1.
    void BeginPair(double time, const std::string& node, uint32_t number, uint32_t succeeds = 0)
    {
        Event& e = Add(time, node, EventKind::Phase2Begin);
        e.isakmp = Isakmp(1);
        e.messageId = number + 1000;
        e.pair.initiatorSpi = number;
        e.begin = succeeds ? BeginReason::SoftLifetime : BeginReason::TunnelStart;
        e.succeedsPair = succeeds ? Pair(succeeds) : PairIdentity();
    }

    void UpPair(double time, const std::string& node, uint32_t number, Role role)
    {
        Event& e = Add(time, node, EventKind::PairUp);
        e.isakmp = Isakmp(1);
        e.messageId = number + 1000;
        e.pair = Pair(number);
        e.role = role;
        e.localSelector = "0.0.0.0/0";
        e.remoteSelector = "0.0.0.0/0";
    }

    void RemovePair(double time, const std::string& node, uint32_t number, uint64_t packets)
    {
        Event& e = Add(time, node, EventKind::PairRemoved);
        e.pair = Pair(number);
        e.end = EndReason::HardLifetime;
        e.value = packets;
    }

    /// Begun by a node and up at both ends at once.
    void MakePair(double time, const std::string& node, uint32_t number, uint32_t succeeds = 0)
    {
        BeginPair(time - 0.1, node, number, succeeds);
        UpPair(time, Other(node), number, Role::Responder);
        UpPair(time, node, number, Role::Initiator);
    }

    /// Gone at both ends at once.
    void EndPair(double time, uint32_t number, uint64_t packets)
    {
        RemovePair(time, "west", number, packets);
        RemovePair(time, "east", number, packets);
    }

    void Select(double time, const std::string& node, uint32_t number)
    {
        Event& e = Add(time, node, EventKind::OutboundSelected);
        e.connection = 1;
        e.pair = number ? Pair(number) : PairIdentity();
    }

    Event& Message(double time,
                   const std::string& node,
                   EventKind kind,
                   uint8_t isakmp,
                   uint64_t octets,
                   const std::string& text)
    {
        Event& e = Add(time, node, kind);
        e.exchange = ExchangeKind::MainMode;
        e.isakmp = Isakmp(isakmp);
        e.value = octets;
        e.text = text;
        return e;
    }

    /// Show all events to a listener, in order of time.
    template <typename LISTENER>
    void Play(LISTENER& listener)
    {
        std::stable_sort(m_log.begin(), m_log.end(), [](const TimedEvent& a, const TimedEvent& b) {
            return a.time < b.time;
        });
        for (const TimedEvent& t : m_log)
        {
            listener.Record(t);
        }
    }

    /// The books of the two ends; east sorts first.
    PeersAccount Account(double end)
    {
        DuplicateAccount account;
        Play(account);
        for (const auto& [node, pair, packets] : m_usage)
        {
            account.RecordUsage(node, pair, packets);
        }
        return account.Close(AtSecond(end), {{WEST, "west"}, {EAST, "east"}}).at(0);
    }

    void Use(const std::string& node, uint32_t number, uint64_t packets)
    {
        m_usage.emplace_back(node, Pair(number), packets);
    }

  private:
    EventLog m_log;                                                       ///< so far
    std::vector<std::tuple<std::string, PairIdentity, uint64_t>> m_usage; ///< at the end
};

} // namespace ike
} // namespace ns3

#endif // IKE_METRICS_FIXTURE_H
