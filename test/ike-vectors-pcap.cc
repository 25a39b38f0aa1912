/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-vectors-pcap.h"

#include "ike-vectors.h"

#include <algorithm>
#include <functional>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr uint32_t MAGIC_MICROSECONDS = 0xa1b2c3d4;
constexpr uint32_t MAGIC_NANOSECONDS = 0xa1b23c4d;
constexpr uint32_t NG_SECTION = 0x0a0d0d0a;
constexpr uint32_t NG_INTERFACE = 1;
constexpr uint32_t NG_SIMPLE_PACKET = 3;
constexpr uint32_t NG_ENHANCED_PACKET = 6;
constexpr uint32_t NG_BYTE_ORDER = 0x1a2b3c4d;

/// Link types (tcpdump.org/linktypes.html) by where the IP packet begins.
constexpr uint32_t LINK_NULL = 0;
constexpr uint32_t LINK_ETHERNET = 1;
constexpr uint32_t LINK_RAW[] = {12, 14, 101, 228, 229};
constexpr uint32_t LINK_COOKED = 113;
constexpr uint32_t LINK_COOKED_2 = 276;

constexpr uint8_t PROTOCOL_UDP = 17;
constexpr uint8_t PROTOCOL_ESP = 50;
constexpr uint16_t PORT_IKE = 500;
constexpr uint16_t PORT_NAT_TRAVERSAL = 4500;

/// Numbers in a file of either order of octets.
class FileReader
{
  public:
    FileReader(const Octets& file, bool bigEndian)
        : m_file(file),
          m_bigEndian(bigEndian)
    {
    }

    uint32_t Number(size_t at, unsigned width) const
    {
        Need(at, width);
        uint32_t value = 0;
        for (unsigned i = 0; i < width; ++i)
        {
            value = value << 8 | m_file[at + (m_bigEndian ? i : width - 1 - i)];
        }
        return value;
    }

    Octets Take(size_t at, size_t length) const
    {
        Need(at, length);
        return Octets(m_file.begin() + static_cast<std::ptrdiff_t>(at),
                      m_file.begin() + static_cast<std::ptrdiff_t>(at + length));
    }

  private:
    void Need(size_t at, size_t length) const
    {
        if (at > m_file.size() || length > m_file.size() - at)
        {
            throw VectorError("octet " + std::to_string(at) + ": the capture is cut off");
        }
    }

    const Octets& m_file; ///< the whole file
    bool m_bigEndian;     ///< order of octets
};

uint32_t
NetworkNumber(const Octets& octets, size_t at, unsigned width)
{
    return FileReader(octets, true).Number(at, width);
}

/// The IP packet in a frame; empty when there is none.
Octets
IpPacketOf(const Octets& frame, uint32_t link)
{
    size_t begin = 0;
    if (link == LINK_ETHERNET)
    {
        constexpr size_t TYPE = 12;
        begin = frame.size() > TYPE + 1 && NetworkNumber(frame, TYPE, 2) == 0x8100 ? 18 : 14;
    }
    else if (link == LINK_NULL)
    {
        begin = 4;
    }
    else if (link == LINK_COOKED)
    {
        begin = 16;
    }
    else if (link == LINK_COOKED_2)
    {
        begin = 20;
    }
    else if (std::find(std::begin(LINK_RAW), std::end(LINK_RAW), link) == std::end(LINK_RAW))
    {
        throw VectorError("link type " + std::to_string(link) + " is not known");
    }
    return begin < frame.size()
               ? Octets(frame.begin() + static_cast<std::ptrdiff_t>(begin), frame.end())
               : Octets();
}

/// What is behind UDP, by its ports (RFC 3948 2).
void
ReadUdp(CapturedPacket& packet, const Octets& udp)
{
    if (udp.size() < 8)
    {
        return;
    }
    packet.source.port = static_cast<uint16_t>(NetworkNumber(udp, 0, 2));
    packet.destination.port = static_cast<uint16_t>(NetworkNumber(udp, 2, 2));
    const size_t length = std::clamp<size_t>(NetworkNumber(udp, 4, 2), 8, udp.size());
    const auto on = [&packet](uint16_t port) {
        return packet.source.port == port || packet.destination.port == port;
    };
    if (!on(PORT_NAT_TRAVERSAL) && !on(PORT_IKE))
    {
        return;
    }
    packet.data = Octets(udp.begin() + 8, udp.begin() + static_cast<std::ptrdiff_t>(length));
    if (on(PORT_NAT_TRAVERSAL))
    {
        const Octets marker(4, 0);
        if (packet.data.size() >= 4 &&
            std::equal(marker.begin(), marker.end(), packet.data.begin()))
        {
            packet.data.erase(packet.data.begin(), packet.data.begin() + 4);
            packet.kind = CapturedKind::Ike;
        }
        else
        {
            packet.kind = packet.data == Octets{0xff} ? CapturedKind::Keepalive : CapturedKind::Esp;
        }
    }
    else
    {
        packet.kind = CapturedKind::Ike;
    }
}

/// A frame as far as IPsec is concerned.
CapturedPacket
ReadFrame(unsigned number, const Octets& frame, uint32_t link)
{
    CapturedPacket packet;
    packet.frame = number;
    packet.data = frame;
    const Octets ip = IpPacketOf(frame, link);
    const unsigned version = ip.empty() ? 0 : ip[0] >> 4;
    const size_t header = version == 4 ? (ip[0] & 15U) * 4U : 40;
    if ((version != 4 && version != 6) || ip.size() < header || header < 20)
    {
        return packet;
    }
    const std::ptrdiff_t width = version == 4 ? 4 : 16;
    const auto addresses = ip.begin() + (version == 4 ? 12 : 8);
    packet.source.address = IpAddress::FromOctets(Octets(addresses, addresses + width));
    packet.destination.address =
        IpAddress::FromOctets(Octets(addresses + width, addresses + 2 * width));
    const uint8_t protocol = ip[version == 4 ? 9 : 6];
    const size_t announced = version == 4 ? NetworkNumber(ip, 2, 2) : 40 + NetworkNumber(ip, 4, 2);
    const size_t end = std::clamp(announced, header, ip.size());
    const Octets body(ip.begin() + static_cast<std::ptrdiff_t>(header),
                      ip.begin() + static_cast<std::ptrdiff_t>(end));
    if (version == 4 && (NetworkNumber(ip, 6, 2) & 0x3fffU) != 0)
    {
        packet.kind = CapturedKind::Fragment;
    }
    else if (protocol == PROTOCOL_ESP)
    {
        packet.kind = CapturedKind::Esp;
        packet.data = body;
    }
    else if (protocol == PROTOCOL_UDP)
    {
        ReadUdp(packet, body);
    }
    return packet;
}

/// pcap: a header of 24 octets, then records with headers of 16.
std::vector<CapturedPacket>
ReadPcap(const Octets& file, bool bigEndian)
{
    const FileReader reader(file, bigEndian);
    const uint32_t link = reader.Number(20, 4) & 0xffffU;
    std::vector<CapturedPacket> packets;
    for (size_t at = 24; at < file.size();)
    {
        const uint32_t length = reader.Number(at + 8, 4);
        packets.push_back(ReadFrame(static_cast<unsigned>(packets.size() + 1),
                                    reader.Take(at + 16, length),
                                    link));
        at += 16 + static_cast<size_t>(length);
    }
    return packets;
}

/// pcapng: blocks of type, length, body, length. Blocks of other types are passed over.
std::vector<CapturedPacket>
ReadPcapNg(const Octets& file)
{
    bool bigEndian = false;
    std::vector<uint32_t> links;
    std::vector<CapturedPacket> packets;
    for (size_t at = 0; at < file.size();)
    {
        if (FileReader(file, false).Number(at, 4) == NG_SECTION)
        {
            bigEndian = FileReader(file, true).Number(at + 8, 4) == NG_BYTE_ORDER;
            links.clear();
        }
        const FileReader reader(file, bigEndian);
        const uint32_t type = reader.Number(at, 4);
        const uint32_t length = reader.Number(at + 4, 4);
        if (length < 12)
        {
            throw VectorError("octet " + std::to_string(at) + ": a block of " +
                              std::to_string(length) + " octets");
        }
        const bool enhanced = type == NG_ENHANCED_PACKET;
        if (type == NG_INTERFACE)
        {
            links.push_back(reader.Number(at + 8, 2));
        }
        else if (enhanced || type == NG_SIMPLE_PACKET)
        {
            const uint32_t interface = enhanced ? reader.Number(at + 8, 4) : 0;
            if (interface >= links.size())
            {
                throw VectorError("octet " + std::to_string(at) + ": a packet of no interface");
            }
            const uint32_t captured = enhanced ? reader.Number(at + 20, 4)
                                               : std::min(reader.Number(at + 8, 4), length - 16);
            packets.push_back(ReadFrame(static_cast<unsigned>(packets.size() + 1),
                                        reader.Take(at + (enhanced ? 28 : 12), captured),
                                        links[interface]));
        }
        at += length;
    }
    return packets;
}

} // namespace

bool
IsCapture(const Octets& file)
{
    if (file.size() < 4)
    {
        return false;
    }
    for (bool bigEndian : {false, true})
    {
        const uint32_t magic = FileReader(file, bigEndian).Number(0, 4);
        if (magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS || magic == NG_SECTION)
        {
            return true;
        }
    }
    return false;
}

std::vector<CapturedPacket>
ReadCapture(const Octets& file)
{
    const uint32_t magic = FileReader(file, true).Number(0, 4);
    if (magic == NG_SECTION)
    {
        return ReadPcapNg(file);
    }
    return ReadPcap(file, magic == MAGIC_MICROSECONDS || magic == MAGIC_NANOSECONDS);
}

} // namespace tests
} // namespace ike
} // namespace ns3
