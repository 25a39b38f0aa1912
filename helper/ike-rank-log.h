/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RANK_LOG_H
#define IKE_RANK_LOG_H

#include "ike-packet-ledger.h"
#include "ike-rank-octets.h"

#include "ns3/ike-timed-event.h"

#include <cstdint>
#include <cstdio>
#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// All fields of an event, both ways. @param a RankWriter or RankReader @param t the event
template <typename Archive>
void
Visit(Archive& a, TimedEvent& t)
{
    Event& e = t.event;
    a(t.time.ns, t.node);
    a(e.kind, e.connection, e.local, e.peer, e.role, e.begin, e.end, e.exchange);
    a(e.isakmp, e.succeedsIsakmp, e.messageId, e.pair, e.succeedsPair);
    a(e.localSelector, e.remoteSelector, e.retransmission, e.value, e.text, e.octets);
    a(e.inboundKeys, e.outboundKeys);
}

/// The same of its parts.
template <typename Archive>
void
Visit(Archive& a, IsakmpIdentity& i)
{
    a(i.initiatorCookie, i.responderCookie);
}

/// The same of its parts.
template <typename Archive>
void
Visit(Archive& a, PairIdentity& p)
{
    a(p.initiatorSpi, p.responderSpi);
}

/// The same of its parts.
template <typename Archive>
void
Visit(Archive& a, EspKeys& k)
{
    a(k.spi, k.source, k.destination, k.cipher, k.integrity, k.cipherKey, k.integrityKey);
}

/// Who hears in the end what the logs of all ranks hold.
struct RankAudience
{
    std::function<void(const TimedEvent&)> event;    ///< events of routers
    PacketListener* packets{nullptr};                ///< what becomes of packets
    std::function<void(const std::string&)> console; ///< what was typed, and the answers
};

/**
 * @ingroup ike
 * What happens at the nodes of one rank, in order of time: kept in a file without a name while the
 * run goes on, so that a long one takes no memory, and played to those who keep the books when it
 * is over. The books of events and packets want both ends of everything, and these may be in two
 * ranks.
 */
class RankLog : public PacketListener
{
  public:
    /**
     * @param nodes all of the scenario, in order: of what happens at one time at nodes of two
     * ranks, the first of these nodes comes first
     * @param clock tells the time
     * @throws RunError when there is no room for files
     */
    RankLog(const std::vector<std::string>& nodes, std::function<Instant()> clock);

    /// Something happened at a router. @param event what
    void Record(const TimedEvent& event);
    /// Something was typed. @param router where @param text it, and the answer
    void RecordConsole(const std::string& router, const std::string& text);
    // from PacketListener
    void Offer(const PacketName& packet, Instant time, bool mayFragment) override;
    void Deliver(const PacketName& packet) override;
    void Drop(const PacketName& packet,
              const std::string& node,
              const std::string& reason) override;
    void MarkProtected(const PacketName& packet) override;
    void MarkClear(const PacketName& packet) override;

    /// The next piece from the beginning on; nothing more is recorded then. @return empty: the end
    std::string TakeBlock();

  private:
    /// Files of this process.
    using File = std::unique_ptr<std::FILE, int (*)(std::FILE*)>;

    template <typename... T>
    void Write(Instant time, const std::string& node, uint8_t kind, const T&... values);
    void Flush();

    std::map<std::string, uint32_t> m_nodes; ///< place in the scenario, by name
    std::function<Instant()> m_clock;        ///< tells the time
    File m_file;                             ///< blocks, each behind its size
    RankWriter m_block;                      ///< the one that grows
    bool m_isRead{false};                    ///< has reading begun?
};

/// Where the blocks of a rank's log come from, in order; an empty one is the last.
using RankBlocks = std::function<std::string()>;

/**
 * Play the logs of all ranks in order of time.
 * @param logs of each rank
 * @param audience hears it
 * @throws RunError when they are no logs
 */
void ReplayLogs(const std::vector<RankBlocks>& logs, const RankAudience& audience);

} // namespace ike
} // namespace ns3

#endif // IKE_RANK_LOG_H
