/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BYTES_H
#define IKE_BYTES_H

#include "ns3/ike-octets.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/// Why octets are not a message: a sentence and where.
struct WireError
{
    std::string text; ///< "payload 2 (KE): length 3 is less than 4"
    size_t offset{0}; ///< octet at which it shows
};

/**
 * A cursor over octets. This and Writer are the only code that knows the order of octets.
 *
 * Failure is sticky: the first one is kept, and from then on nothing is left to read and every
 * number is zero. Whoever reads a structure may therefore ask once, at its end. Sub-readers share
 * the failure of the reader that they come from. The octets must outlive the reader.
 */
class Reader
{
  public:
    /**
     * @param octets what to read
     * @param failure set by the first failure; shared with sub-readers
     * @param base offset of the first octet, as errors count it
     */
    Reader(OctetsView octets, std::optional<WireError>& failure, size_t base = 0);

    /// An unsigned number in network order, of 1 to 8 octets.
    uint64_t Number(unsigned width);
    /// The next octets.
    Octets Take(size_t length);
    /// The same without a copy.
    OctetsView View(size_t length);
    /// All octets that are left.
    Octets Rest();
    /// A reader of the next octets alone; this one goes on behind them.
    Reader Sub(size_t length);
    /// Fails when octets are left.
    void ExpectEnd();

    /// Octets left to read; none after a failure.
    size_t Left() const
    {
        return Failed() ? 0 : m_left;
    }

    /// Of the next octet, as errors count it.
    size_t Offset() const;

    bool Failed() const
    {
        return m_failure->has_value();
    }

    /// Record a failure at this place, unless there was one before.
    void Fail(const std::string& text);
    /// After a failure: say in which part it happened, as "proposal 1".
    void Blame(const std::string& part);

  private:
    /// Are so many octets left? Fails otherwise.
    bool Has(size_t length)
    {
        if (length > Left())
        {
            FailShort(length);
        }
        return !Failed();
    }

    /// Fewer octets are left than are needed.
    void FailShort(size_t length);

    const uint8_t* m_next;               ///< next octet
    size_t m_left;                       ///< how many
    size_t m_offset;                     ///< of the next octet
    std::optional<WireError>* m_failure; ///< the first failure
};

/**
 * Appends numbers and octets, and fills in lengths that are known later.
 *
 * A number that does not fit in its field is a mistake of the caller, never of a peer:
 * std::length_error.
 */
class Writer
{
  public:
    /// A field that is filled later.
    struct Gap
    {
        size_t at{0};      ///< first octet
        unsigned width{0}; ///< octets
    };

    /// @param expected octets that it will be about: growing costs more than writing
    explicit Writer(size_t expected = 0);

    /// An unsigned number in network order, of 1 to 8 octets.
    void Number(uint64_t value, unsigned width);
    void Raw(OctetsView octets);
    /// Leave room for a number.
    Gap Leave(unsigned width);
    /// Write the number for which room was left.
    void Fill(Gap gap, uint64_t value);
    /// Octets written so far.
    size_t Size() const;
    /// What was written; the writer is empty afterwards.
    Octets Finish();

  private:
    Octets m_octets; ///< what was written
};

} // namespace ike
} // namespace ns3

#endif // IKE_BYTES_H
