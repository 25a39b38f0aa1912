/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-fields.h"

#include <stdexcept>

namespace ns3
{
namespace ike
{

namespace
{

/// Octets of a generic header.
constexpr size_t GENERIC_HEADER_LENGTH = 4;
/// Attribute format: the value has 16 bits and no length field (RFC 2408 3.3).
constexpr uint16_t ATTRIBUTE_FORMAT = 0x8000;

/// A field whose length stands elsewhere must have that length, or the peer reads nonsense.
void
CheckLength(OctetsView field, size_t length)
{
    if (field.size != length)
    {
        throw std::length_error("a field of " + std::to_string(length) + " octets holds " +
                                std::to_string(field.size));
    }
}

} // namespace

Reader
ReadGenericHeader(Reader& chain, uint8_t& next)
{
    const size_t available = chain.Left();
    next = static_cast<uint8_t>(chain.Number(1));
    FieldReader(chain).Zero(1);
    const size_t length = chain.Number(2);
    if (length < GENERIC_HEADER_LENGTH)
    {
        chain.Fail("length " + std::to_string(length) + " is less than 4");
    }
    else if (length > available)
    {
        chain.Fail("length " + std::to_string(length) + " exceeds the " +
                   std::to_string(available) + " octets left");
    }
    return chain.Sub(chain.Failed() ? 0 : length - GENERIC_HEADER_LENGTH);
}

void
FieldReader::Flagged(bool& flag, uint16_t& field)
{
    const auto both = static_cast<uint16_t>(m_reader.Number(2));
    flag = (both & ATTRIBUTE_FORMAT) != 0;
    field = both & static_cast<uint16_t>(~ATTRIBUTE_FORMAT);
}

/// RFC 2408 5.3: a message whose RESERVED field is not zero is discarded as malformed. Many
/// daemons are lenient. We are not: to ignore such octets would lose them when the message is
/// written again, and to keep them would serve nobody.
void
FieldReader::Zero(unsigned width)
{
    const uint64_t value = m_reader.Number(width);
    if (value != 0)
    {
        m_reader.Fail("RESERVED is " + std::to_string(value) + ", not 0");
    }
}

void
FieldReader::Raw(Octets& field, size_t length)
{
    field = m_reader.Take(length);
}

void
FieldReader::Raw(ShortOctets& field, size_t length)
{
    field = ShortOctets(m_reader.View(length));
}

void
FieldReader::Rest(Octets& field)
{
    field = m_reader.Rest();
}

void
FieldReader::List(std::vector<Octets>& items, size_t count, size_t width)
{
    // Compare first: a count alone must not make us allocate.
    if (count * width != m_reader.Left() || (width == 0 && count > 0))
    {
        m_reader.Fail(std::to_string(count) + " items of " + std::to_string(width) +
                      " octets do not fill the " + std::to_string(m_reader.Left()) +
                      " octets left");
    }
    while (m_reader.Left() > 0)
    {
        items.push_back(m_reader.Take(width));
    }
}

void
FieldReader::Blame(const char* name, size_t number)
{
    if (m_reader.Failed())
    {
        m_reader.Blame(std::string(name) + " " + std::to_string(number));
    }
}

void
FieldReader::CheckNext(const ChainKind& kind, uint8_t next)
{
    if (next != kind.type && next != 0)
    {
        m_reader.Fail("next payload " + std::to_string(next) + " is neither " +
                      std::to_string(kind.type) + " nor 0");
    }
}

void
FieldWriter::Flagged(bool flag, uint16_t field)
{
    if ((field & ATTRIBUTE_FORMAT) != 0)
    {
        throw std::length_error(std::to_string(field) + " does not fit in 15 bits");
    }
    m_writer.Number(flag ? field | ATTRIBUTE_FORMAT : field, 2);
}

void
FieldWriter::Zero(unsigned width)
{
    m_writer.Number(0, width);
}

void
FieldWriter::Raw(const Octets& field, size_t length)
{
    CheckLength(field, length);
    m_writer.Raw(field);
}

void
FieldWriter::Raw(const ShortOctets& field, size_t length)
{
    CheckLength(field.View(), length);
    m_writer.Raw(field.View());
}

void
FieldWriter::Rest(const Octets& field)
{
    m_writer.Raw(field);
}

void
FieldWriter::List(const std::vector<Octets>& items, size_t, size_t width)
{
    for (const Octets& item : items)
    {
        CheckLength(item, width);
        m_writer.Raw(item);
    }
}

} // namespace ike
} // namespace ns3
