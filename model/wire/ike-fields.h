/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_FIELDS_H
#define IKE_FIELDS_H

#include "ike-bytes.h"
#include "ike-short-octets.h"

#include <string>
#include <type_traits>
#include <vector>

/**
 * @file
 * The three visitors of a description (inside the wire room only).
 *
 * A payload is described once, by a function Describe(visitor, payload) that names its fields in
 * the order of the wire. FieldReader fills the fields, FieldWriter writes them, FieldPrinter says
 * what Say() offers. All three have the same members:
 *
 * - Number(field): a number or enumeration as wide as its type
 * - Flagged(flag, field): 16 bits of which the highest is a flag
 * - Zero(width): RESERVED
 * - SizeOf(sequence, width): how many elements the sequence has, returned for later fields
 * - Raw(field, length), Rest(field): octets
 * - List(items, count, width): items of equal length
 * - Repeat(name, items): items until the end
 * - Chain(kind, items, describe): items with generic headers until a next payload of 0
 * - Expect(condition, text): a rule without which the rest cannot be read
 * - Say(text): a part of the printed line
 */
namespace ns3
{
namespace ike
{

/// Enables a Describe() for a type and for its const twin.
template <typename P, typename T>
using For = std::enable_if_t<std::is_same_v<std::remove_const_t<P>, T>, bool>;

/// A chain inside a payload.
struct ChainKind
{
    uint8_t type;          ///< stands in the next payload field while more follow
    const char* name;      ///< for errors
    const char* separator; ///< when printed
};

/// Read a generic header (RFC 2408 3.2); returns a reader of the body.
Reader ReadGenericHeader(Reader& chain, uint8_t& next);

/// Write a generic header, then what `writeBody` writes, then the length.
template <typename F>
void
WriteWithGenericHeader(Writer& writer, uint8_t next, F writeBody)
{
    const size_t start = writer.Size();
    writer.Number(next, 1);
    writer.Number(0, 1);
    const Writer::Gap length = writer.Leave(2);
    writeBody();
    writer.Fill(length, writer.Size() - start);
}

/// Few sequences of attributes are longer: to grow a list is dearer than a little room.
constexpr size_t USUAL_COUNT = 8;

/// Fills what a description names.
class FieldReader
{
  public:
    explicit FieldReader(Reader& reader)
        : m_reader(reader)
    {
    }

    template <typename T>
    void Number(T& field)
    {
        field = static_cast<T>(m_reader.Number(sizeof(T)));
    }

    void Flagged(bool& flag, uint16_t& field);
    void Zero(unsigned width);

    template <typename S>
    size_t SizeOf(S&, unsigned width)
    {
        return m_reader.Number(width);
    }

    void Raw(Octets& field, size_t length);
    void Raw(ShortOctets& field, size_t length);
    void Rest(Octets& field);
    void List(std::vector<Octets>& items, size_t count, size_t width);

    template <typename T>
    void Repeat(const char* name, std::vector<T>& items)
    {
        if (m_reader.Left() > 0)
        {
            items.reserve(USUAL_COUNT);
        }
        while (m_reader.Left() > 0)
        {
            Describe(*this, items.emplace_back());
            Blame(name, items.size());
        }
    }

    template <typename T, typename F>
    void Chain(const ChainKind& kind, std::vector<T>& items, F describe)
    {
        for (uint8_t next = kind.type; next == kind.type && !m_reader.Failed();)
        {
            T& item = items.emplace_back();
            Reader body = ReadGenericHeader(m_reader, next);
            CheckNext(kind, next);
            FieldReader fields(body);
            describe(fields, item);
            body.ExpectEnd();
            Blame(kind.name, items.size());
        }
    }

    template <typename F>
    void Expect(bool condition, F text)
    {
        if (!condition)
        {
            m_reader.Fail(text());
        }
    }

    template <typename F>
    void Say(F)
    {
    }

  private:
    /// After a failure: it was in this element.
    void Blame(const char* name, size_t number);
    /// A chain inside a payload has elements of one type only.
    void CheckNext(const ChainKind& kind, uint8_t next);

    Reader& m_reader; ///< where from
};

/// Writes what a description names.
class FieldWriter
{
  public:
    explicit FieldWriter(Writer& writer)
        : m_writer(writer)
    {
    }

    template <typename T>
    void Number(const T& field)
    {
        m_writer.Number(static_cast<uint64_t>(field), sizeof(T));
    }

    void Flagged(bool flag, uint16_t field);
    void Zero(unsigned width);

    template <typename S>
    size_t SizeOf(const S& sequence, unsigned width)
    {
        m_writer.Number(sequence.size(), width);
        return sequence.size();
    }

    void Raw(const Octets& field, size_t length);
    void Raw(const ShortOctets& field, size_t length);
    void Rest(const Octets& field);
    void List(const std::vector<Octets>& items, size_t count, size_t width);

    template <typename T>
    void Repeat(const char*, const std::vector<T>& items)
    {
        for (const T& item : items)
        {
            Describe(*this, item);
        }
    }

    template <typename T, typename F>
    void Chain(const ChainKind& kind, const std::vector<T>& items, F describe)
    {
        for (const T& item : items)
        {
            const uint8_t next = &item == &items.back() ? 0 : kind.type;
            WriteWithGenericHeader(m_writer, next, [&] { describe(*this, item); });
        }
    }

    template <typename F>
    void Expect(bool, F)
    {
    }

    template <typename F>
    void Say(F)
    {
    }

  private:
    Writer& m_writer; ///< where to
};

/// Says what a description offers to say.
class FieldPrinter
{
  public:
    template <typename T>
    void Number(const T&)
    {
    }

    void Flagged(bool, uint16_t)
    {
    }

    void Zero(unsigned)
    {
    }

    template <typename S>
    size_t SizeOf(const S& sequence, unsigned)
    {
        return sequence.size();
    }

    void Raw(const Octets&, size_t)
    {
    }

    void Raw(const ShortOctets&, size_t)
    {
    }

    void Rest(const Octets&)
    {
    }

    void List(const std::vector<Octets>&, size_t, size_t)
    {
    }

    template <typename T>
    void Repeat(const char*, const std::vector<T>&)
    {
    }

    template <typename T, typename F>
    void Chain(const ChainKind& kind, const std::vector<T>& items, F describe)
    {
        for (const T& item : items)
        {
            m_text += &item == &items.front() ? "" : kind.separator;
            describe(*this, item);
        }
    }

    template <typename F>
    void Expect(bool, F)
    {
    }

    template <typename F>
    void Say(F text)
    {
        m_text += text();
    }

    const std::string& GetText() const
    {
        return m_text;
    }

  private:
    std::string m_text; ///< said so far
};

} // namespace ike
} // namespace ns3

#endif // IKE_FIELDS_H
