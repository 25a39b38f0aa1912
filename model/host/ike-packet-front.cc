/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-packet-front.h"

#include "ns3/header.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets as a header: a packet whose first octets change keeps its tags and the rest of itself.
class FrontHeader : public Header
{
  public:
    explicit FrontHeader(const Octets& octets = {})
        : m_octets(octets)
    {
    }

    static TypeId GetTypeId()
    {
        static TypeId tid = TypeId("ns3::ike::PacketFrontHeader")
                                .SetParent<Header>()
                                .SetGroupName("Ike")
                                .AddConstructor<FrontHeader>();
        return tid;
    }

    TypeId GetInstanceTypeId() const override
    {
        return GetTypeId();
    }

    uint32_t GetSerializedSize() const override
    {
        return static_cast<uint32_t>(m_octets.size());
    }

    void Serialize(Buffer::Iterator start) const override
    {
        start.Write(m_octets.data(), static_cast<uint32_t>(m_octets.size()));
    }

    uint32_t Deserialize(Buffer::Iterator start) override
    {
        start.Read(m_octets.data(), static_cast<uint32_t>(m_octets.size()));
        return GetSerializedSize();
    }

    void Print(std::ostream& os) const override
    {
        os << ToHex(m_octets);
    }

  private:
    Octets m_octets; ///< all of it
};

/// Most octets at the front of a packet that may have to be seen or changed: an ICMP error with an
/// IPv4 header with options inside it, and a TCP header behind that.
constexpr uint32_t FRONT = 8 + 60 + 20;

} // namespace

Octets
FrontOf(Ptr<const Packet> packet)
{
    Octets octets(std::min(packet->GetSize(), FRONT));
    packet->CopyData(octets.data(), static_cast<uint32_t>(octets.size()));
    return octets;
}

Octets
AllOf(Ptr<const Packet> packet)
{
    Octets octets(packet->GetSize());
    packet->CopyData(octets.data(), packet->GetSize());
    return octets;
}

void
ReplaceFront(Ptr<Packet> packet, const Octets& front)
{
    packet->RemoveAtStart(static_cast<uint32_t>(front.size()));
    packet->AddHeader(FrontHeader(front));
}

bool
IsLaterFragment(const Ipv4Header& header)
{
    return header.GetFragmentOffset() != 0;
}

} // namespace ike
} // namespace ns3
