/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_CARRIER_TAG_H
#define IPSEC_CARRIER_TAG_H

#include "ns3/packet.h"
#include "ns3/ptr.h"
#include "ns3/tag.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * @brief All tags of an inner packet, carried across a tunnel in one packet tag of the outer
 * packet.
 *
 * The octets of an inner packet are encrypted and made anew at the other end, so its ns-3 tags
 * would be lost, and with them FlowMonitor and every measurement that works with tags. If they
 * were copied onto the outer packet they would be alive there: a TTL tag would set the outer TTL,
 * a FlowMonitor tag would hide the outer flow. Hence one tag of our own that holds all of them as
 * octets; it survives fragmentation of the outer packet.
 *
 * Tags whose type has no constructor are left out, and so is whatever does not fit into
 * MAX_OCTETS. SocketPriorityTag and SocketSetDontFragmentTag stay behind, too: they speak to the
 * lower layers of one node, and ns-3 puts them on every forwarded packet (by the TOS) and on every
 * UDP datagram, so each packet would be a tagged one.
 */
class IpsecCarrierTag : public Tag
{
  public:
    /// Most octets that are carried; ns-3 sets no limit itself.
    static constexpr uint32_t MAX_OCTETS = 16384;

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    /**
     * @brief Put the tags of an inner packet onto an outer one. Does nothing when there are none.
     * @param inner whose packet tags and byte tags
     * @param outer gets the carrier
     */
    static void Carry(Ptr<const Packet> inner, Ptr<Packet> outer);
    /**
     * @brief Give the tags of an outer packet back to the inner one.
     * @param outer has the carrier, or not
     * @param inner gets the tags
     */
    static void Restore(Ptr<const Packet> outer, Ptr<Packet> inner);
    /**
     * @brief Read a tag of the inner packet through the outer one.
     *
     * Also looks at the tags of the packet itself and into carriers within carriers, so it may be
     * asked about any packet that is dropped somewhere.
     *
     * @param packet an outer packet, or an inner one
     * @param tag to be found; its type says what for. Set when found.
     * @return true when found, as packet tag or as byte tag
     */
    static bool PeekInner(Ptr<const Packet> packet, Tag& tag);

    // from Tag
    TypeId GetInstanceTypeId() const override;
    uint32_t GetSerializedSize() const override;
    void Serialize(TagBuffer i) const override;
    void Deserialize(TagBuffer i) override;
    void Print(std::ostream& os) const override;

  private:
    /// One tag of the inner packet.
    struct Item
    {
        uint32_t type{0};            ///< hash of the name of its TypeId: the same on every machine
        bool ofBytes{false};         ///< a byte tag
        uint32_t start{0};           ///< byte tag: first octet
        uint32_t end{0};             ///< byte tag: behind the last octet
        std::vector<uint8_t> octets; ///< the tag as it serializes itself
    };

    /// Octets of an item besides those of its tag.
    static constexpr uint32_t ITEM_OVERHEAD = 4 + 1 + 4 + 4 + 4;

    /**
     * @brief Take a tag along when it fits.
     * @param tag a tag
     * @param ofBytes is it a byte tag?
     * @param start byte tag: first octet
     * @param end byte tag: behind the last octet
     */
    void Add(const Tag& tag, bool ofBytes, uint32_t start, uint32_t end);
    /**
     * @brief Look for a tag among the items.
     * @param tag to be found; set when found
     * @return true when found
     */
    bool Find(Tag& tag) const;

    std::vector<Item> m_items; ///< packet tags, then byte tags
    uint32_t m_octets{0};      ///< of all items
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_CARRIER_TAG_H
