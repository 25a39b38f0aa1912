/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bytes.h"

#include <stdexcept>
#include <utility>

namespace ns3
{
namespace ike
{

Reader::Reader(OctetsView octets, std::optional<WireError>& failure, size_t base)
    : m_next(octets.data),
      m_left(octets.size),
      m_offset(base),
      m_failure(&failure)
{
}

uint64_t
Reader::Number(unsigned width)
{
    if (!Has(width))
    {
        return 0;
    }
    uint64_t value = 0;
    for (unsigned i = 0; i < width; ++i)
    {
        value = value << 8 | m_next[i];
    }
    m_next += width;
    m_left -= width;
    m_offset += width;
    return value;
}

Octets
Reader::Take(size_t length)
{
    const OctetsView taken = View(length);
    return Octets(taken.data, taken.data + taken.size);
}

OctetsView
Reader::View(size_t length)
{
    if (!Has(length))
    {
        return {m_next, 0};
    }
    const OctetsView taken(m_next, length);
    m_next += length;
    m_left -= length;
    m_offset += length;
    return taken;
}

Octets
Reader::Rest()
{
    return Take(Left());
}

Reader
Reader::Sub(size_t length)
{
    Reader part = *this;
    part.m_left = Has(length) ? length : 0;
    if (part.m_left > 0)
    {
        m_next += length;
        m_left -= length;
        m_offset += length;
    }
    return part;
}

void
Reader::ExpectEnd()
{
    if (Left() > 0)
    {
        Fail(std::to_string(m_left) + " octets are left over");
    }
}

size_t
Reader::Offset() const
{
    return m_offset;
}

void
Reader::Fail(const std::string& text)
{
    if (!Failed())
    {
        *m_failure = WireError{text, m_offset};
    }
}

void
Reader::Blame(const std::string& part)
{
    if (Failed())
    {
        (*m_failure)->text = part + ": " + (*m_failure)->text;
    }
}

void
Reader::FailShort(size_t length)
{
    Fail("needs " + std::to_string(length) + " octets where " + std::to_string(Left()) +
         " are left");
}

namespace
{

[[noreturn]] void
ThrowUnfit(uint64_t value, unsigned width)
{
    throw std::length_error(std::to_string(value) + " does not fit in " + std::to_string(width) +
                            " octets");
}

inline void
CheckFits(uint64_t value, unsigned width)
{
    if (width < 8 && value >> (8 * width) != 0)
    {
        ThrowUnfit(value, width);
    }
}

} // namespace

Writer::Writer(size_t expected)
{
    m_octets.reserve(expected);
}

void
Writer::Number(uint64_t value, unsigned width)
{
    CheckFits(value, width);
    AppendNumber(m_octets, value, width);
}

void
Writer::Raw(OctetsView octets)
{
    m_octets.insert(m_octets.end(), octets.data, octets.data + octets.size);
}

Writer::Gap
Writer::Leave(unsigned width)
{
    const Gap gap{m_octets.size(), width};
    m_octets.resize(m_octets.size() + width);
    return gap;
}

void
Writer::Fill(Gap gap, uint64_t value)
{
    CheckFits(value, gap.width);
    for (size_t i = gap.width; i-- > 0; value >>= 8)
    {
        m_octets[gap.at + i] = static_cast<uint8_t>(value);
    }
}

size_t
Writer::Size() const
{
    return m_octets.size();
}

Octets
Writer::Finish()
{
    return std::exchange(m_octets, {});
}

} // namespace ike
} // namespace ns3
