/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_MESSAGE_H
#define IKE_MESSAGE_H

#include "ike-bytes.h"
#include "ike-payloads.h"

#include <array>
#include <optional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A cookie of IKEv1.
using Cookie = std::array<uint8_t, 8>;

/// The ISAKMP header (RFC 2408 3.1).
struct Header
{
    Cookie initiatorCookie{};                  ///< CKY-I
    Cookie responderCookie{};                  ///< CKY-R, zero in the first message
    uint8_t nextPayload{0};                    ///< of the first payload
    uint8_t version{0x10};                     ///< major in the high four bits
    ExchangeType exchange{ExchangeType::None}; ///< may hold any number
    uint8_t flags{0};                          ///< HeaderFlag
    uint32_t messageId{0};                     ///< 0 in phase 1
    uint32_t length{0};                        ///< of the whole message

    bool IsEncrypted() const
    {
        return (flags & FLAG_ENCRYPTION) != 0;
    }
};

/// Octets of a header.
constexpr size_t HEADER_LENGTH = 28;
/// A message with more payloads than this is refused: nothing real has so many.
constexpr size_t MAX_PAYLOADS = 64;

/// A message that was read, or is to be written.
struct Message
{
    Header header;                 ///< length and nextPayload are computed when written
    std::vector<Payload> payloads; ///< in the order of the wire
    Octets padding;                ///< what followed the last payload (cipher padding), kept

    /// The first payload of a type, or null.
    template <typename T>
    const T* Find() const
    {
        for (const Payload& p : payloads)
        {
            if (const T* found = std::get_if<T>(&p))
            {
                return found;
            }
        }
        return nullptr;
    }

    /// All payloads of a type in their order.
    template <typename T>
    std::vector<const T*> FindAll() const
    {
        std::vector<const T*> all;
        for (const Payload& p : payloads)
        {
            if (const T* found = std::get_if<T>(&p))
            {
                all.push_back(found);
            }
        }
        return all;
    }
};

/// Payloads in a row. A list in braces would copy each of them.
template <typename... Payloads>
std::vector<Payload>
MakePayloads(Payloads&&... payloads)
{
    std::vector<Payload> all;
    all.reserve(8);
    (all.emplace_back(std::forward<Payloads>(payloads)), ...);
    return all;
}

/// A value or the reason why there is none.
template <typename T>
struct Parsed
{
    std::optional<T> value; ///< what was read
    WireError error;        ///< when there is no value

    explicit operator bool() const
    {
        return value.has_value();
    }
};

/// Read a header; its length field must equal the number of octets given.
Parsed<Header> ReadHeader(const Octets& octets);
/// Read the payload chain of a message whose header was read. For an encrypted message `body` is
/// what was decrypted, padding included.
Parsed<Message> ReadPayloads(const Header& header, const Octets& body);
/// Read a message that is not encrypted: header and payloads.
Parsed<Message> ReadMessage(const Octets& octets);
/// Write the payload chain alone, without header and padding, from one of them on.
Octets WritePayloads(const std::vector<Payload>& payloads, size_t first = 0);
/// Write header and body; sets the length, takes nextPayload from the header.
Octets WriteHeaderAndBody(Header header, const Octets& body);
/// Write a message that is not encrypted.
Octets WriteMessage(const Message& message);
/// The names of the payloads in order: "HDR, SA, VID" as the RFCs write it ("HDR*" when encrypted).
std::string PrintPayloadNames(const Header& header, const std::vector<Payload>& payloads);
/// The whole message as lines of text for people.
std::string Print(const Message& message);

} // namespace ike
} // namespace ns3

#endif // IKE_MESSAGE_H
