/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKEV1_EXCHANGES_H
#define IKEV1_EXCHANGES_H

#include "ikev1-state.h"

#include <string>
#include <vector>

/**
 * @file
 * The machines of IKEv1 as data, with their theory above them.
 *
 * Main mode (RFC 2409 5.4) is three round trips: proposal and choice, public values and nonces,
 * identities and proofs. Aggressive mode (5.4) says the same in three messages, so an initiator
 * computes its public value before anything is agreed, and a responder proves itself to a stranger.
 * Quick mode (5.5) is one round trip and a third message by which the
 * responder knows that the initiator lives. Between two messages an end may have to compute a
 * Diffie-Hellman operation; these waits are states of their own, since time passes in them.
 *
 * Somebody has to recover from a loss. RFC 2408 5.1 lets whoever waits for an answer send again.
 * With both ends doing so each loss makes two chains of duplicates, so the table says for each
 * state who does: the initiator of main mode always (the responder keeps no timer for a stranger,
 * it repeats its reply to a repeated request); in quick mode the initiator for message 1 and the
 * responder for message 2, since after message 3 nobody else waits. For the same reason the
 * responder of aggressive mode repeats message 2, six times at most to an address that may be
 * forged (its size is about that of message 1; HalfOpenLimit bounds how many wait).
 *
 * What fails to prove anything ends nothing, for anybody may have sent it: the initiator of
 * aggressive mode goes back to waiting for message 2.
 */

namespace ns3
{
namespace ike
{

/// A row of the table of phase 1.
struct Phase1Row
{
    IsakmpState state;             ///< in this state
    const char* name;              ///< as transcripts and diagrams name it
    const char* iosName;           ///< as `show crypto isakmp sa` names it
    unsigned awaits;               ///< the message that may come, 0: none
    bool retransmits;              ///< sends its last message again until that message comes
    bool computes;                 ///< waits for a Computed input
    std::vector<IsakmpState> next; ///< where it may go
};

/// A row of the quick mode table.
struct QuickModeRow
{
    QuickState state;             ///< in this state
    const char* name;             ///< as transcripts and diagrams name it
    unsigned awaits;              ///< the message that may come, 0: none
    bool retransmits;             ///< sends its last message again until that message comes
    bool computes;                ///< waits for a Computed input
    std::vector<QuickState> next; ///< where it may go
};

/// All states of main mode and aggressive mode, in the order of the enumeration.
const std::vector<Phase1Row>& Phase1Table();
/// All states of quick mode, in the order of the enumeration.
const std::vector<QuickModeRow>& QuickModeTable();
const Phase1Row& RowOf(IsakmpState state);
const QuickModeRow& RowOf(QuickState state);

/**
 * The one place where a phase 1 changes its state.
 * @throws std::logic_error when the table does not allow it: an error of ours, never of a peer
 */
void Become(IsakmpSa& sa, IsakmpState next);
/// The one place where a quick mode changes its state.
void Become(QuickMode& quick, QuickState next);

/// The machines as Markdown with diagrams in Mermaid's language: doc/states.md, by `ike-sim
/// states`.
std::string DrawStateDiagrams();

} // namespace ike
} // namespace ns3

#endif // IKEV1_EXCHANGES_H
