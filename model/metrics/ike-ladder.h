/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LADDER_H
#define IKE_LADDER_H

#include "ike-timed-event.h"

#include <string>

namespace ns3
{
namespace ike
{

/// Which part of a run a ladder diagram shows.
struct LadderWindow
{
    std::string left;             ///< node at the left
    std::string right;            ///< node at the right
    Instant from{0};              ///< messages sent, and notes, from here
    Instant to{Instant::Never()}; ///< up to here, inclusive; arrivals may be later
    std::string title;            ///< a heading; none when empty
};

/**
 * A ladder diagram: the IKE messages between two nodes as arrows between two lines of life.
 *
 * A message is "#1 MM3" when it is the third of the main mode of ISAKMP#1, "#1.2 QM1" when it is
 * the first of the quick mode M#2 under ISAKMP#1, "INF" in an informational exchange; the numbers
 * are those of a transcript of the same events (IdentityNames). What was received belongs to the
 * latest equal message (ISAKMP SA, message id, octets, payloads) that was sent and had not
 * arrived; another arrival of it is a copy. What never arrived is lost, unless the record ends
 * before the slowest message of the diagram would have arrived.
 */
class Ladder
{
  public:
    /// Take the next event of a run; all of them, of all nodes, so that numbers are the run's.
    void Record(const TimedEvent& event);

    /**
     * The first negotiation between two nodes, with all that crosses it: from the first begin or
     * message up to the first silence. The default is longer than the pause between two
     * retransmissions.
     */
    LadderWindow FirstNegotiation(const std::string& left,
                                  const std::string& right,
                                  Duration silence = Duration::Seconds(12)) const;

    /// As text, at most 100 columns wide; a row for each departure, arrival and note.
    std::string GetText(const LadderWindow& window) const;
    /// As a picture that needs nothing else, readable on light and dark; true to scale in time,
    /// but for long silences, which are cut and marked.
    std::string GetSvg(const LadderWindow& window) const;

  private:
    EventLog m_log; ///< all events
};

} // namespace ike
} // namespace ns3

#endif // IKE_LADDER_H
