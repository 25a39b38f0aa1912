/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TRANSCRIPT_H
#define IKE_TRANSCRIPT_H

#include "ike-timed-event.h"

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

namespace ns3
{
namespace ike
{

/**
 * Names for values that chance has chosen, numbered in the order in which they appear: a reader
 * can follow "PAIR#2", and two runs that differ in cookies alone read the same.
 *
 * Every listener that is shown all events of a run by Note() gives the same names, whatever it
 * leaves out of its own text.
 */
class IdentityNames
{
  public:
    /// Number what this event mentions for the first time.
    void Note(const Event& event);

    /// "ISAKMP#1"; "-" for none. By the initiator's cookie: message 1 knows no other.
    std::string NameOf(const IsakmpIdentity& id);
    /// "PAIR#1"; "-" for none. By the initiator's SPI: quick mode's message 1 knows no other.
    std::string NameOf(const PairIdentity& id);
    /// "SPI#1"; "-" for 0.
    std::string NameOfSpi(uint32_t spi);
    /// "M#1", under its ISAKMP SA; "-" for 0, which is phase 1.
    std::string NameOfMessageId(const IsakmpIdentity& id, uint32_t messageId);

    /// The number alone, 0 for none.
    unsigned NumberOf(const IsakmpIdentity& id);
    /// The number alone, 0 for none.
    unsigned NumberOfMessageId(const IsakmpIdentity& id, uint32_t messageId);

  private:
    using Cookie = std::array<uint8_t, 8>; ///< RFC 2408 3.1

    std::map<Cookie, unsigned> m_isakmp;                          ///< by initiator's cookie
    std::map<uint32_t, unsigned> m_pairs;                         ///< by initiator's SPI
    std::map<uint32_t, unsigned> m_spis;                          ///< by SPI
    std::map<std::pair<Cookie, uint32_t>, unsigned> m_messageIds; ///< by cookie and id
};

/// What a transcript shows.
struct TranscriptOptions
{
    bool messages{true}; ///< a line for each message sent, received or dropped, and DH operation
};

/**
 * A run as text, one stable line for each event, in the order of recording.
 *
 * Columns, separated by two blanks: time in s (nine decimals, right-aligned in 16), node (12),
 * peer by its address (15, "-" for none), event (18), details. Details are words `key=value` in a
 * fixed order; `text=` is always the last one and runs to the end of the line. Longer values push
 * the rest to the right; nothing is cut off. Cookies, SPIs and message ids are numbered by
 * IdentityNames; keys are secrets and give no line.
 */
class Transcript
{
  public:
    explicit Transcript(const TranscriptOptions& options = TranscriptOptions());

    /// Take the next event.
    void Record(const TimedEvent& event);

    /// All lines so far, each with its end of line.
    const std::string& GetText() const
    {
        return m_text;
    }

    /// The lines since the last call; they are forgotten here.
    std::string TakeText();

    /// The heading of the columns, a line; not a part of the text.
    static std::string GetHeading();

  private:
    std::string Details(const Event& e);

    TranscriptOptions m_options; ///< what it shows
    IdentityNames m_names;       ///< numbers so far
    std::string m_text;          ///< lines so far
};

} // namespace ike
} // namespace ns3

#endif // IKE_TRANSCRIPT_H
