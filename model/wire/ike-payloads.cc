/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-payloads.h"

#include "ike-fields.h"
#include "ike-sa-payload.h"

#include "ns3/ike-address.h"

#include <algorithm>

namespace ns3
{
namespace ike
{

namespace
{

std::string
PrintCount(const Octets& data)
{
    return std::to_string(data.size()) + " octets";
}

/// Printable ASCII except the quotation mark.
bool
IsPlain(uint8_t octet)
{
    return octet >= 0x20 && octet < 0x7f && octet != '"';
}

/// Text from a peer, safe to show: whatever is not printable becomes a dot.
std::string
PrintText(const Octets& data)
{
    std::string text;
    for (uint8_t octet : data)
    {
        text += IsPlain(octet) ? static_cast<char>(octet) : '.';
    }
    return text;
}

/// A text of a peer may fill a message: transcripts show its start.
std::string
Shorten(const std::string& text)
{
    constexpr size_t longest = 64;
    return text.size() > longest ? text.substr(0, longest) + ".." : text;
}

/// Vendor IDs are texts, hashes, or texts with something behind them: show the first octets.
std::string
PrintVendor(const Octets& data)
{
    constexpr size_t longest = 24;
    constexpr size_t hexOctets = 8;
    const auto end = std::find_if_not(data.begin(), data.end(), IsPlain);
    const size_t plain = std::min<size_t>(end - data.begin(), longest);
    if (plain >= 4)
    {
        const Octets start(data.begin(), data.begin() + plain);
        return "\"" + PrintText(start) + (plain < data.size() ? ".." : "") + "\"";
    }
    const Octets start(data.begin(), data.begin() + std::min(data.size(), hexOctets));
    return ToHex(start) + (start.size() < data.size() ? ".." : "");
}

/// A mask as a prefix length, or as it is when its ones are not contiguous.
std::string
PrintMask(const Octets& mask)
{
    const IpAddress address = IpAddress::FromOctets(mask);
    const Octets ones(mask.size(), 0xff);
    for (unsigned length = 0; length <= address.BitLength(); ++length)
    {
        if (IpAddress::FromOctets(ones).Masked(length) == address)
        {
            return std::to_string(length);
        }
    }
    return address.ToString();
}

/// Two addresses of a subnet or a range, or something too short to be that.
std::string
PrintPair(const Octets& data, size_t width, bool isSubnet)
{
    if (data.size() != 2 * width)
    {
        return PrintCount(data);
    }
    const Octets first(data.begin(), data.begin() + width);
    const Octets second(data.begin() + width, data.end());
    return IpAddress::FromOctets(first).ToString() +
           (isSubnet ? "/" + PrintMask(second) : "-" + IpAddress::FromOctets(second).ToString());
}

std::string
PrintAddress(const Octets& data, size_t width)
{
    return data.size() == width ? IpAddress::FromOctets(data).ToString() : PrintCount(data);
}

/// What an identity says (RFC 2407 4.6.2.2 to 4.6.2.12).
std::string
PrintIdentity(const IdPayload& p)
{
    switch (p.type)
    {
    case IdType::Ipv4Address:
        return PrintAddress(p.data, 4);
    case IdType::Ipv6Address:
        return PrintAddress(p.data, 16);
    case IdType::Ipv4Subnet:
        return PrintPair(p.data, 4, true);
    case IdType::Ipv6Subnet:
        return PrintPair(p.data, 16, true);
    case IdType::Ipv4Range:
        return PrintPair(p.data, 4, false);
    case IdType::Ipv6Range:
        return PrintPair(p.data, 16, false);
    case IdType::Fqdn:
    case IdType::UserFqdn:
        return Shorten(PrintText(p.data));
    case IdType::KeyId:
        return Shorten(ToHex(p.data));
    default:
        return PrintCount(p.data);
    }
}

/// "udp/500"; nothing when any protocol and port is meant.
std::string
PrintProtocolAndPort(uint8_t protocol, uint16_t port)
{
    if (protocol == 0 && port == 0)
    {
        return "";
    }
    const std::string name = protocol == 1    ? "icmp"
                             : protocol == 6  ? "tcp"
                             : protocol == 17 ? "udp"
                                              : std::to_string(protocol);
    return " " + name + "/" + std::to_string(port);
}

/// RFC 2408 3.7
template <typename V, typename P, For<P, KePayload> = true>
void
Describe(V& v, P& p)
{
    v.Rest(p.data);
    v.Say([&] { return PrintCount(p.data); });
}

/// RFC 2407 4.6.2
template <typename V, typename P, For<P, IdPayload> = true>
void
Describe(V& v, P& p)
{
    v.Number(p.type);
    v.Number(p.protocol);
    v.Number(p.port);
    v.Rest(p.data);
    v.Say([&] {
        return ToString(p.type) + " " + PrintIdentity(p) + PrintProtocolAndPort(p.protocol, p.port);
    });
}

/// "X.509", or the number of another encoding.
std::string
PrintEncoding(CertificateEncoding encoding)
{
    return encoding == CertificateEncoding::X509Signature
               ? "X.509"
               : "encoding " + std::to_string(static_cast<unsigned>(encoding));
}

/// RFC 2408 3.9
template <typename V, typename P, For<P, CertificatePayload> = true>
void
Describe(V& v, P& p)
{
    v.Number(p.encoding);
    v.Rest(p.data);
    v.Say([&] { return PrintEncoding(p.encoding) + " " + PrintCount(p.data); });
}

/// RFC 2408 3.10
template <typename V, typename P, For<P, CertificateRequestPayload> = true>
void
Describe(V& v, P& p)
{
    v.Number(p.encoding);
    v.Rest(p.authority);
    v.Say([&] { return PrintEncoding(p.encoding) + " " + PrintCount(p.authority); });
}

/// RFC 2408 3.11
template <typename V, typename P, For<P, HashPayload> = true>
void
Describe(V& v, P& p)
{
    v.Rest(p.data);
    v.Say([&] { return PrintCount(p.data); });
}

/// RFC 2408 3.12
template <typename V, typename P, For<P, SignaturePayload> = true>
void
Describe(V& v, P& p)
{
    v.Rest(p.data);
    v.Say([&] { return PrintCount(p.data); });
}

/// RFC 2408 3.13
template <typename V, typename P, For<P, NoncePayload> = true>
void
Describe(V& v, P& p)
{
    v.Rest(p.data);
    v.Say([&] { return PrintCount(p.data); });
}

/// RFC 2408 3.14. Any DOI: 0 is legal and means ISAKMP itself.
template <typename V, typename P, For<P, NotifyPayload> = true>
void
Describe(V& v, P& p)
{
    v.Number(p.doi);
    v.Number(p.protocol);
    const size_t spiSize = v.SizeOf(p.spi, 1);
    v.Number(p.type);
    v.Raw(p.spi, spiSize);
    v.Rest(p.data);
    v.Say([&] {
        return ToString(p.type) + " " + ToString(p.protocol) +
               (p.data.empty() ? "" : " " + PrintCount(p.data));
    });
}

/// RFC 2408 3.15. Any DOI: 0 is legal and means ISAKMP itself.
template <typename V, typename P, For<P, DeletePayload> = true>
void
Describe(V& v, P& p)
{
    v.Number(p.doi);
    v.Number(p.protocol);
    v.Number(p.spiSize);
    const size_t count = v.SizeOf(p.spis, 2);
    v.List(p.spis, count, p.spiSize);
    v.Say([&] {
        return ToString(p.protocol) + " " + std::to_string(count) + (count == 1 ? " SPI" : " SPIs");
    });
}

/// RFC 2408 3.16
template <typename V, typename P, For<P, VendorIdPayload> = true>
void
Describe(V& v, P& p)
{
    v.Rest(p.data);
    v.Say([&] { return PrintCount(p.data) + (p.data.empty() ? "" : " " + PrintVendor(p.data)); });
}

/// Anything else is carried as it is.
template <typename V, typename P, For<P, OpaquePayload> = true>
void
Describe(V& v, P& p)
{
    v.Rest(p.data);
    v.Say([&] { return PrintCount(p.data); });
}

/// An empty payload of the kind that a type number asks for.
Payload
MakePayload(uint8_t type)
{
    switch (static_cast<PayloadType>(type))
    {
    case PayloadType::Sa:
        return SaPayload();
    case PayloadType::KeyExchange:
        return KePayload();
    case PayloadType::Identification:
        return IdPayload();
    case PayloadType::Certificate:
        return CertificatePayload();
    case PayloadType::CertificateRequest:
        return CertificateRequestPayload();
    case PayloadType::Hash:
        return HashPayload();
    case PayloadType::Signature:
        return SignaturePayload();
    case PayloadType::Nonce:
        return NoncePayload();
    case PayloadType::Notification:
        return NotifyPayload();
    case PayloadType::Delete:
        return DeletePayload();
    case PayloadType::VendorId:
        return VendorIdPayload();
    default:
        return OpaquePayload{type, {}};
    }
}

/// The type numbers in the order of the alternatives of Payload, without OpaquePayload.
constexpr PayloadType TYPES[] = {
    PayloadType::Sa,
    PayloadType::KeyExchange,
    PayloadType::Identification,
    PayloadType::Certificate,
    PayloadType::CertificateRequest,
    PayloadType::Hash,
    PayloadType::Signature,
    PayloadType::Nonce,
    PayloadType::Notification,
    PayloadType::Delete,
    PayloadType::VendorId,
};

static_assert(std::variant_size_v<Payload> == sizeof(TYPES) / sizeof(TYPES[0]) + 1,
              "every payload has its type number");

} // namespace

uint8_t
TypeOf(const Payload& payload)
{
    if (const auto* opaque = std::get_if<OpaquePayload>(&payload))
    {
        return opaque->type;
    }
    return static_cast<uint8_t>(TYPES[payload.index()]);
}

Payload
ReadBody(uint8_t type, Reader& reader)
{
    Payload payload = MakePayload(type);
    FieldReader fields(reader);
    std::visit([&](auto& p) { Describe(fields, p); }, payload);
    return payload;
}

void
WriteBody(Writer& writer, const Payload& payload)
{
    FieldWriter fields(writer);
    std::visit([&](const auto& p) { Describe(fields, p); }, payload);
}

Octets
WriteBody(const Payload& payload)
{
    Writer writer;
    WriteBody(writer, payload);
    return writer.Finish();
}

Octets
WriteAttributes(const std::vector<Attribute>& attributes)
{
    Writer writer;
    FieldWriter fields(writer);
    fields.Repeat("attribute", attributes);
    return writer.Finish();
}

std::optional<std::vector<Attribute>>
ReadAttributes(const Octets& octets)
{
    std::optional<WireError> failure;
    Reader reader(octets, failure);
    FieldReader fields(reader);
    std::vector<Attribute> attributes;
    fields.Repeat("attribute", attributes);
    if (failure)
    {
        return std::nullopt;
    }
    return attributes;
}

std::string
Print(const Payload& payload)
{
    FieldPrinter fields;
    std::visit([&](const auto& p) { Describe(fields, p); }, payload);
    return ToString(static_cast<PayloadType>(TypeOf(payload))) + "(" + fields.GetText() + ")";
}

} // namespace ike
} // namespace ns3
