/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-rank-log.h"

#include <algorithm>
#include <tuple>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets of a block, about.
constexpr size_t BLOCK = 1 << 20;
/// Behind all nodes: what happens to packets counts by packet, whatever the order.
constexpr uint32_t NO_NODE = UINT32_MAX;

/// What a record is about.
enum RecordKind : uint8_t
{
    RECORD_EVENT,
    RECORD_CONSOLE,
    RECORD_OFFER,
    RECORD_DELIVER,
    RECORD_DROP,
    RECORD_PROTECTED,
    RECORD_CLEAR,
};

/// Reads the log of one rank, record by record.
class LogCursor
{
  public:
    explicit LogCursor(RankBlocks blocks)
        : m_blocks(std::move(blocks))
    {
        Advance();
    }

    bool IsAtEnd() const
    {
        return m_block.empty();
    }

    /// By this the next record has its turn.
    std::pair<int64_t, uint32_t> GetKey() const
    {
        return {m_time.ns, m_node};
    }

    /// Play the next record, and go on.
    void Play(const RankAudience& audience)
    {
        RankReader reader(m_block, m_at);
        uint8_t kind = 0;
        reader(kind);
        switch (kind)
        {
        case RECORD_EVENT: {
            TimedEvent event;
            reader(event);
            audience.event(event);
            break;
        }
        case RECORD_CONSOLE: {
            std::string text;
            reader(text);
            audience.console(text);
            break;
        }
        default:
            PlayPacket(kind, reader, *audience.packets);
        }
        m_at = reader.GetPlace();
        Advance();
    }

  private:
    void PlayPacket(uint8_t kind, RankReader& reader, PacketListener& packets) const
    {
        PacketName name;
        reader(name.flow, name.sequence);
        if (kind == RECORD_OFFER)
        {
            bool mayFragment = false;
            reader(mayFragment);
            packets.Offer(name, m_time, mayFragment);
        }
        else if (kind == RECORD_DELIVER)
        {
            packets.Deliver(name);
        }
        else if (kind == RECORD_DROP)
        {
            std::string node;
            std::string reason;
            reader(node, reason);
            packets.Drop(name, node, reason);
        }
        else if (kind == RECORD_PROTECTED)
        {
            packets.MarkProtected(name);
        }
        else if (kind == RECORD_CLEAR)
        {
            packets.MarkClear(name);
        }
        else
        {
            throw RunError("what another rank sent is no log");
        }
    }

    /// Read when and where the next record is.
    void Advance()
    {
        if (m_at == m_block.size())
        {
            m_block = m_blocks();
            m_at = 0;
        }
        if (!m_block.empty())
        {
            RankReader reader(m_block, m_at);
            reader(m_time.ns, m_node);
            m_at = reader.GetPlace();
        }
    }

    RankBlocks m_blocks;      ///< come from there
    std::string m_block;      ///< the one that is read; empty: that was all
    size_t m_at{0};           ///< behind time and node of the next record
    Instant m_time;           ///< of the next record
    uint32_t m_node{NO_NODE}; ///< of the next record
};

} // namespace

RankLog::RankLog(const std::vector<std::string>& nodes, std::function<Instant()> clock)
    : m_clock(std::move(clock)),
      m_file(std::tmpfile(), &std::fclose)
{
    for (const auto& node : nodes)
    {
        m_nodes.emplace(node, static_cast<uint32_t>(m_nodes.size()));
    }
    if (!m_file)
    {
        throw RunError("cannot make a file for the log of this rank");
    }
}

template <typename... T>
void
RankLog::Write(Instant time, const std::string& node, uint8_t kind, const T&... values)
{
    const auto place = m_nodes.find(node);
    m_block(time.ns, place == m_nodes.end() ? NO_NODE : place->second, kind, values...);
    if (m_block.Get().size() >= BLOCK)
    {
        Flush();
    }
}

void
RankLog::Flush()
{
    const std::string block = m_block.Take();
    const uint64_t size = block.size();
    if (std::fwrite(&size, sizeof(size), 1, m_file.get()) != 1 ||
        std::fwrite(block.data(), 1, size, m_file.get()) != size)
    {
        throw RunError("cannot write the log of this rank: is the disk full?");
    }
}

std::string
RankLog::TakeBlock()
{
    if (!m_isRead)
    {
        Flush();
        Flush(); // the empty one
        std::rewind(m_file.get());
        m_isRead = true;
    }
    uint64_t size = 0;
    std::string block;
    if (std::fread(&size, sizeof(size), 1, m_file.get()) == 1)
    {
        block.resize(size);
    }
    else
    {
        throw RunError("cannot read the log of this rank");
    }
    if (std::fread(block.data(), 1, size, m_file.get()) != size)
    {
        throw RunError("cannot read the log of this rank");
    }
    return block;
}

void
RankLog::Record(const TimedEvent& event)
{
    Write(event.time, event.node, RECORD_EVENT, event);
}

void
RankLog::RecordConsole(const std::string& router, const std::string& text)
{
    Write(m_clock(), router, RECORD_CONSOLE, text);
}

void
RankLog::Offer(const PacketName& packet, Instant time, bool mayFragment)
{
    Write(time, "", RECORD_OFFER, packet.flow, packet.sequence, mayFragment);
}

void
RankLog::Deliver(const PacketName& packet)
{
    Write(m_clock(), "", RECORD_DELIVER, packet.flow, packet.sequence);
}

void
RankLog::Drop(const PacketName& packet, const std::string& node, const std::string& reason)
{
    Write(m_clock(), "", RECORD_DROP, packet.flow, packet.sequence, node, reason);
}

void
RankLog::MarkProtected(const PacketName& packet)
{
    Write(m_clock(), "", RECORD_PROTECTED, packet.flow, packet.sequence);
}

void
RankLog::MarkClear(const PacketName& packet)
{
    Write(m_clock(), "", RECORD_CLEAR, packet.flow, packet.sequence);
}

void
ReplayLogs(const std::vector<RankBlocks>& logs, const RankAudience& audience)
{
    std::vector<LogCursor> cursors;
    cursors.reserve(logs.size());
    for (const auto& log : logs)
    {
        cursors.emplace_back(log);
    }
    while (true)
    {
        LogCursor* next = nullptr;
        for (auto& cursor : cursors)
        {
            if (!cursor.IsAtEnd() && (next == nullptr || cursor.GetKey() < next->GetKey()))
            {
                next = &cursor;
            }
        }
        if (next == nullptr)
        {
            return;
        }
        next->Play(audience);
    }
}

} // namespace ike
} // namespace ns3
