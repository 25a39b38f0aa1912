/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-message.h"

#include "ike-fields.h"

#include <algorithm>
#include <utility>

namespace ns3
{
namespace ike
{

namespace
{

/// Few messages are longer.
constexpr size_t USUAL_LENGTH = 512;

/// A value, unless reading it failed.
template <typename T>
Parsed<T>
MakeParsed(T value, const std::optional<WireError>& failure)
{
    if (failure)
    {
        return {std::nullopt, *failure};
    }
    return {std::move(value), {}};
}

Cookie
ReadCookie(Reader& reader)
{
    Cookie cookie{};
    const OctetsView octets = reader.View(cookie.size());
    std::copy_n(octets.data, octets.size, cookie.begin());
    return cookie;
}

void
WriteCookie(Writer& writer, const Cookie& cookie)
{
    writer.Raw(cookie);
}

Octets
ToOctets(const Cookie& cookie)
{
    return Octets(cookie.begin(), cookie.end());
}

/// The header behind its cookies (RFC 2408 3.1).
template <typename V>
void
DescribeNumbers(V& fields, Header& header)
{
    fields.Number(header.nextPayload);
    fields.Number(header.version);
    fields.Number(header.exchange);
    fields.Number(header.flags);
    fields.Number(header.messageId);
    fields.Number(header.length);
}

/// "payload 2 (KE)"
std::string
NameOfPayload(size_t number, uint8_t type)
{
    return "payload " + std::to_string(number) + " (" + ToString(static_cast<PayloadType>(type)) +
           ")";
}

/// Read one payload of the chain and learn the type of the next one.
Payload
ReadPayload(Reader& chain, uint8_t type, uint8_t& next)
{
    Reader body = ReadGenericHeader(chain, next);
    Payload payload = ReadBody(type, body);
    body.ExpectEnd();
    return payload;
}

/// Read a chain up to the payload whose next payload field is 0.
std::vector<Payload>
ReadChain(Reader& chain, uint8_t type)
{
    std::vector<Payload> payloads;
    payloads.reserve(USUAL_COUNT);
    while (type != 0 && !chain.Failed())
    {
        const uint8_t own = type;
        if (payloads.size() == MAX_PAYLOADS)
        {
            chain.Fail("more than " + std::to_string(MAX_PAYLOADS) + " payloads");
        }
        payloads.push_back(ReadPayload(chain, type, type));
        if (chain.Failed())
        {
            chain.Blame(NameOfPayload(payloads.size(), own));
        }
    }
    return payloads;
}

uint8_t
TypeOfFirst(const std::vector<Payload>& payloads)
{
    return payloads.empty() ? 0 : TypeOf(payloads.front());
}

} // namespace

Parsed<Header>
ReadHeader(const Octets& octets)
{
    std::optional<WireError> failure;
    Reader reader(octets, failure);
    Header header;
    header.initiatorCookie = ReadCookie(reader);
    header.responderCookie = ReadCookie(reader);
    FieldReader fields(reader);
    DescribeNumbers(fields, header);
    if (header.length != octets.size())
    {
        reader.Fail("length " + std::to_string(header.length) + " where " +
                    std::to_string(octets.size()) + " octets arrived");
    }
    reader.Blame("header");
    return MakeParsed(header, failure);
}

Parsed<Message>
ReadPayloads(const Header& header, const Octets& body)
{
    std::optional<WireError> failure;
    Reader reader(body, failure, HEADER_LENGTH);
    Message message;
    message.header = header;
    // A chain without payloads is read; the rules of every exchange refuse it.
    message.payloads = ReadChain(reader, header.nextPayload);
    if (header.IsEncrypted())
    {
        // RFC 2409 Appendix B: padding with zeros, which no length tells apart from what it pads.
        message.padding = reader.Rest();
    }
    if (reader.Left() > 0)
    {
        reader.Fail(std::to_string(reader.Left()) + " octets behind the last payload");
    }
    return MakeParsed(std::move(message), failure);
}

Parsed<Message>
ReadMessage(const Octets& octets)
{
    const Parsed<Header> header = ReadHeader(octets);
    if (!header)
    {
        return {std::nullopt, header.error};
    }
    if (header.value->IsEncrypted())
    {
        return {std::nullopt, {"header: the message is encrypted", HEADER_LENGTH}};
    }
    return ReadPayloads(*header.value, Octets(octets.begin() + HEADER_LENGTH, octets.end()));
}

Octets
WritePayloads(const std::vector<Payload>& payloads, size_t first)
{
    Writer writer(USUAL_LENGTH);
    for (size_t i = first; i < payloads.size(); ++i)
    {
        const uint8_t next = i + 1 < payloads.size() ? TypeOf(payloads[i + 1]) : 0;
        WriteWithGenericHeader(writer, next, [&] { WriteBody(writer, payloads[i]); });
    }
    return writer.Finish();
}

Octets
WriteHeaderAndBody(Header header, const Octets& body)
{
    Writer writer(HEADER_LENGTH + body.size());
    WriteCookie(writer, header.initiatorCookie);
    WriteCookie(writer, header.responderCookie);
    header.length = static_cast<uint32_t>(HEADER_LENGTH + body.size());
    FieldWriter fields(writer);
    DescribeNumbers(fields, header);
    writer.Raw(body);
    return writer.Finish();
}

Octets
WriteMessage(const Message& message)
{
    Header header = message.header;
    header.nextPayload = TypeOfFirst(message.payloads);
    Octets body = WritePayloads(message.payloads);
    Append(body, message.padding);
    return WriteHeaderAndBody(header, body);
}

std::string
PrintPayloadNames(const Header& header, const std::vector<Payload>& payloads)
{
    std::string text;
    text.reserve(64);
    text = header.IsEncrypted() ? "HDR*" : "HDR";
    for (const Payload& payload : payloads)
    {
        text += ", ";
        text += ToString(static_cast<PayloadType>(TypeOf(payload)));
    }
    return text;
}

std::string
Print(const Message& message)
{
    const Header& header = message.header;
    Octets messageId;
    AppendNumber(messageId, header.messageId, 4);
    std::string text = ToString(header.exchange) + " " + ToHex(ToOctets(header.initiatorCookie)) +
                       ":" + ToHex(ToOctets(header.responderCookie)) + " message-id " +
                       ToHex(messageId) + ": " + PrintPayloadNames(header, message.payloads) + "\n";
    for (const Payload& payload : message.payloads)
    {
        text += "  " + Print(payload) + "\n";
    }
    return text;
}

} // namespace ike
} // namespace ns3
