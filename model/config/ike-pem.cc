/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-pem.h"

namespace ns3
{
namespace ike
{

namespace
{

// Tags of DER (X.690) that certificates and keys begin with.
constexpr uint8_t TAG_INTEGER = 0x02;
constexpr uint8_t TAG_BIT_STRING = 0x03;
constexpr uint8_t TAG_OCTET_STRING = 0x04;
constexpr uint8_t TAG_SEQUENCE = 0x30;

constexpr std::string_view BEGIN = "-----BEGIN ";
constexpr std::string_view END = "-----END ";
constexpr std::string_view DASHES = "-----";

/// The value of a base64 digit; -1: none.
int
DigitOf(char c)
{
    static constexpr std::string_view DIGITS =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    const size_t at = DIGITS.find(c);
    return at == std::string_view::npos ? -1 : static_cast<int>(at);
}

bool
IsBlank(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/// The tags of the elements in a run of DER, as a text; nothing when lengths do not fit exactly.
std::optional<std::vector<uint8_t>>
TagsOf(const uint8_t* at, size_t size, std::vector<size_t>* starts = nullptr)
{
    std::vector<uint8_t> tags;
    size_t i = 0;
    while (i < size)
    {
        tags.push_back(at[i]);
        if (i + 1 >= size)
        {
            return std::nullopt;
        }
        size_t length = at[i + 1];
        size_t header = 2;
        if (length >= 0x80)
        {
            const size_t count = length - 0x80;
            if (count == 0 || count > 4 || i + 2 + count > size)
            {
                return std::nullopt;
            }
            length = 0;
            for (size_t k = 0; k < count; k++)
            {
                length = length << 8 | at[i + 2 + k];
            }
            header += count;
        }
        if (length > size - i - header)
        {
            return std::nullopt;
        }
        if (starts)
        {
            starts->push_back(i + header);
        }
        i += header + length;
    }
    return tags;
}

/// The tags inside of the one SEQUENCE that the octets are; nothing when they are not one.
std::optional<std::vector<uint8_t>>
TagsInside(const Octets& der)
{
    std::vector<size_t> starts;
    const auto outer = TagsOf(der.data(), der.size(), &starts);
    if (!outer || outer->size() != 1 || outer->front() != TAG_SEQUENCE)
    {
        return std::nullopt;
    }
    return TagsOf(der.data() + starts.front(), der.size() - starts.front());
}

/// An element of DER.
Octets
MakeElement(uint8_t tag, const Octets& content)
{
    Octets der{tag};
    if (content.size() < 0x80)
    {
        der.push_back(static_cast<uint8_t>(content.size()));
    }
    else
    {
        der.push_back(0x84);
        AppendNumber(der, content.size(), 4);
        // DER wants the shortest form.
        while (der[2] == 0)
        {
            der.erase(der.begin() + 2);
            der[1]--;
        }
    }
    Append(der, content);
    return der;
}

/// The object that begins at a place of a PEM text; moves the place behind it.
std::optional<PemObject>
ReadObject(std::string_view text, size_t& at)
{
    const size_t label = at + BEGIN.size();
    const size_t labelEnd = text.find(DASHES, label);
    if (labelEnd == std::string_view::npos)
    {
        return std::nullopt;
    }
    PemObject object;
    object.label = std::string(text.substr(label, labelEnd - label));
    const std::string end = std::string(END) + object.label + std::string(DASHES);
    const size_t body = labelEnd + DASHES.size();
    const size_t bodyEnd = text.find(end, body);
    if (bodyEnd == std::string_view::npos)
    {
        return std::nullopt;
    }
    at = bodyEnd + end.size();
    std::string_view base64 = text.substr(body, bodyEnd - body);
    const size_t headers = base64.find("\n\n"); // RFC 1421: of old encrypted keys
    if (base64.find(':') != std::string_view::npos)
    {
        object.label = "ENCRYPTED PRIVATE KEY";
        base64 = headers == std::string_view::npos ? "" : base64.substr(headers);
    }
    const auto der = FromBase64(base64);
    object.der = der.value_or(Octets{});
    return der ? std::optional(object) : std::nullopt;
}

} // namespace

std::optional<Octets>
FromBase64(std::string_view text)
{
    Octets octets;
    uint32_t bits = 0;
    unsigned digits = 0;
    unsigned padding = 0;
    for (const char c : text)
    {
        const int digit = DigitOf(c);
        if (IsBlank(c))
        {
            continue;
        }
        padding += c == '=' ? 1 : 0;
        if ((digit < 0 && c != '=') || (padding > 0 && c != '='))
        {
            return std::nullopt;
        }
        bits = bits << 6 | static_cast<uint32_t>(digit < 0 ? 0 : digit);
        if (++digits % 4 == 0)
        {
            AppendNumber(octets, bits & 0xffffff, 3);
        }
    }
    if (digits % 4 != 0 || padding > 2)
    {
        return std::nullopt;
    }
    octets.resize(octets.size() - padding);
    return octets;
}

std::optional<std::vector<PemObject>>
ReadPem(const Octets& file)
{
    const auto whole = TagsOf(file.data(), file.size());
    if (whole && whole->size() == 1 && whole->front() == TAG_SEQUENCE)
    {
        return std::vector<PemObject>{{"", file}};
    }
    const std::string text(file.begin(), file.end());
    std::vector<PemObject> objects;
    for (size_t at = text.find(BEGIN); at != std::string::npos; at = text.find(BEGIN, at))
    {
        const auto object = ReadObject(text, at);
        if (!object)
        {
            return std::nullopt;
        }
        objects.push_back(*object);
    }
    return objects.empty() ? std::nullopt : std::optional(objects);
}

bool
LooksLikeCertificate(const Octets& der)
{
    return TagsInside(der) == std::vector<uint8_t>{TAG_SEQUENCE, TAG_SEQUENCE, TAG_BIT_STRING};
}

std::optional<Octets>
ToPkcs8(const Octets& der)
{
    const auto tags = TagsInside(der);
    if (!tags || tags->size() < 3 || tags->front() != TAG_INTEGER)
    {
        return std::nullopt;
    }
    if ((*tags)[1] == TAG_SEQUENCE && (*tags)[2] == TAG_OCTET_STRING)
    {
        return der;
    }
    if (*tags != std::vector<uint8_t>(9, TAG_INTEGER))
    {
        return std::nullopt;
    }
    // version 0, rsaEncryption (1.2.840.113549.1.1.1) with NULL parameters, the key
    const Octets head{0x02,
                      0x01,
                      0x00,
                      0x30,
                      0x0d,
                      0x06,
                      0x09,
                      0x2a,
                      0x86,
                      0x48,
                      0x86,
                      0xf7,
                      0x0d,
                      0x01,
                      0x01,
                      0x01,
                      0x05,
                      0x00};
    return MakeElement(TAG_SEQUENCE, Concat({head, MakeElement(TAG_OCTET_STRING, der)}));
}

} // namespace ike
} // namespace ns3
