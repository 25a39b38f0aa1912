/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-carrier-tag.h"

#include "ns3/log.h"
#include "ns3/object-base.h"
#include "ns3/socket.h"
#include "ns3/type-id.h"

#include <algorithm>
#include <memory>
#include <ostream>

namespace ns3
{
namespace ike
{

NS_LOG_COMPONENT_DEFINE("IpsecCarrierTag");
NS_OBJECT_ENSURE_REGISTERED(IpsecCarrierTag);

namespace
{

/// What a tag writes of itself.
std::vector<uint8_t>
Freeze(const Tag& tag)
{
    std::vector<uint8_t> octets(tag.GetSerializedSize());
    tag.Serialize(TagBuffer(octets.data(), octets.data() + octets.size()));
    return octets;
}

/// The reverse of Freeze(): TagBuffer wants octets that it might write to.
void
Thaw(Tag& tag, std::vector<uint8_t> octets)
{
    tag.Deserialize(TagBuffer(octets.data(), octets.data() + octets.size()));
}

/// A tag of a type without a value, or nothing when the type cannot be made.
std::unique_ptr<Tag>
MakeTag(TypeId type)
{
    if (!type.HasConstructor())
    {
        return nullptr;
    }
    ObjectBase* object = type.GetConstructor()();
    Tag* tag = dynamic_cast<Tag*>(object);
    if (!tag)
    {
        delete object;
    }
    return std::unique_ptr<Tag>(tag);
}

/// Is this what a socket or a router tells the lower layers of its own node?
bool
IsForOneNode(TypeId type)
{
    static const TypeId priority = SocketPriorityTag::GetTypeId();
    static const TypeId dontFragment = SocketSetDontFragmentTag::GetTypeId();
    return type == priority || type == dontFragment;
}

} // namespace

TypeId
IpsecCarrierTag::GetTypeId()
{
    static TypeId tid = TypeId("ns3::ike::IpsecCarrierTag")
                            .SetParent<Tag>()
                            .SetGroupName("Ike")
                            .AddConstructor<IpsecCarrierTag>();
    return tid;
}

void
IpsecCarrierTag::Carry(Ptr<const Packet> inner, Ptr<Packet> outer)
{
    NS_LOG_FUNCTION(inner << outer);
    IpsecCarrierTag carrier;
    PacketTagIterator packetTags = inner->GetPacketTagIterator();
    while (packetTags.HasNext())
    {
        const PacketTagIterator::Item item = packetTags.Next();
        const std::unique_ptr<Tag> tag =
            IsForOneNode(item.GetTypeId()) ? nullptr : MakeTag(item.GetTypeId());
        if (tag)
        {
            item.GetTag(*tag);
            carrier.Add(*tag, false, 0, 0);
        }
    }
    // ns-3 shows the last tag first: turned round, Restore() makes the same order again.
    std::reverse(carrier.m_items.begin(), carrier.m_items.end());
    ByteTagIterator byteTags = inner->GetByteTagIterator();
    while (byteTags.HasNext())
    {
        const ByteTagIterator::Item item = byteTags.Next();
        const std::unique_ptr<Tag> tag = MakeTag(item.GetTypeId());
        if (tag)
        {
            item.GetTag(*tag);
            carrier.Add(*tag, true, item.GetStart(), item.GetEnd());
        }
    }
    if (!carrier.m_items.empty())
    {
        outer->AddPacketTag(carrier);
    }
}

void
IpsecCarrierTag::Restore(Ptr<const Packet> outer, Ptr<Packet> inner)
{
    NS_LOG_FUNCTION(outer << inner);
    IpsecCarrierTag carrier;
    if (!outer->PeekPacketTag(carrier))
    {
        return;
    }
    const uint32_t size = inner->GetSize();
    for (const Item& item : carrier.m_items)
    {
        TypeId type;
        if (!TypeId::LookupByHashFailSafe(item.type, &type))
        {
            continue;
        }
        const std::unique_ptr<Tag> tag = MakeTag(type);
        if (!tag)
        {
            continue;
        }
        Thaw(*tag, item.octets);
        if (!item.ofBytes)
        {
            inner->AddPacketTag(*tag);
        }
        else if (item.start < std::min(item.end, size))
        {
            inner->AddByteTag(*tag, item.start, std::min(item.end, size));
        }
    }
}

bool
IpsecCarrierTag::PeekInner(Ptr<const Packet> packet, Tag& tag)
{
    if (packet->PeekPacketTag(tag) || packet->FindFirstMatchingByteTag(tag))
    {
        return true;
    }
    IpsecCarrierTag carrier;
    return packet->PeekPacketTag(carrier) && carrier.Find(tag);
}

TypeId
IpsecCarrierTag::GetInstanceTypeId() const
{
    return GetTypeId();
}

uint32_t
IpsecCarrierTag::GetSerializedSize() const
{
    return 4 + m_octets;
}

void
IpsecCarrierTag::Serialize(TagBuffer i) const
{
    i.WriteU32(static_cast<uint32_t>(m_items.size()));
    for (const Item& item : m_items)
    {
        i.WriteU32(item.type);
        i.WriteU8(item.ofBytes ? 1 : 0);
        i.WriteU32(item.start);
        i.WriteU32(item.end);
        i.WriteU32(static_cast<uint32_t>(item.octets.size()));
        i.Write(item.octets.data(), static_cast<uint32_t>(item.octets.size()));
    }
}

void
IpsecCarrierTag::Deserialize(TagBuffer i)
{
    m_items.clear();
    m_octets = 0;
    const uint32_t count = i.ReadU32();
    for (uint32_t n = 0; n < count; ++n)
    {
        Item item;
        item.type = i.ReadU32();
        item.ofBytes = i.ReadU8() != 0;
        item.start = i.ReadU32();
        item.end = i.ReadU32();
        item.octets.resize(i.ReadU32());
        i.Read(item.octets.data(), static_cast<uint32_t>(item.octets.size()));
        m_octets += ITEM_OVERHEAD + static_cast<uint32_t>(item.octets.size());
        m_items.push_back(std::move(item));
    }
}

void
IpsecCarrierTag::Print(std::ostream& os) const
{
    os << "tags=" << m_items.size() << " octets=" << m_octets;
}

void
IpsecCarrierTag::Add(const Tag& tag, bool ofBytes, uint32_t start, uint32_t end)
{
    Item item;
    item.type = tag.GetInstanceTypeId().GetHash();
    item.ofBytes = ofBytes;
    item.start = start;
    item.end = end;
    item.octets = Freeze(tag);
    const auto octets = ITEM_OVERHEAD + static_cast<uint32_t>(item.octets.size());
    if (octets > MAX_OCTETS - m_octets)
    {
        NS_LOG_WARN("no room for a tag " << tag.GetInstanceTypeId().GetName());
        return;
    }
    m_octets += octets;
    m_items.push_back(std::move(item));
}

bool
IpsecCarrierTag::Find(Tag& tag) const
{
    const uint32_t type = tag.GetInstanceTypeId().GetHash();
    for (const Item& item : m_items)
    {
        if (item.type == type)
        {
            Thaw(tag, item.octets);
            return true;
        }
    }
    for (const Item& item : m_items)
    {
        if (item.type == GetTypeId().GetHash())
        {
            IpsecCarrierTag nested;
            Thaw(nested, item.octets);
            return nested.Find(tag);
        }
    }
    return false;
}

} // namespace ike
} // namespace ns3
