/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_KNOBS_H
#define IKE_KNOBS_H

#include "ns3/ike-time.h"

#include <cstdint>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// Which of several pairs carries outbound traffic.
enum class OutboundChoice : uint8_t
{
    Newest,       ///< the one that was installed last at this end
    Oldest,       ///< the one that was installed first and still lives
    FirstInbound, ///< stay with the old one until the peer uses the new one
};

/// Which of several SAs asks for its successor at its soft lifetime.
enum class RekeyWhich : uint8_t
{
    Outbound, ///< the one that carries outbound traffic (phase 1: that new exchanges would use)
    Newest,   ///< the one that was installed last
    All,      ///< each of them
    NewestOfIsakmp, ///< of pairs: the one that was installed last under its ISAKMP SA
    Own,            ///< each that this end has begun
};

/// When the responder of quick mode installs its pair.
enum class ResponderInstalls : uint8_t
{
    Message2, ///< when it sends message 2
    Message3, ///< when it receives message 3
};

/// Which lifetimes of phase 1 a responder takes.
enum class Phase1LifetimeMatch : uint8_t
{
    NotLonger, ///< the offered lifetime must not be longer than the own one; the offered one counts
    Any,       ///< any; the shorter one counts
};

/// What a second ISAKMP SA with the same peer means when it comes up.
enum class DuplicateIsakmp : uint8_t
{
    Keep,    ///< both stay
    Replace, ///< the older ones end, after DuplicatePause
    Refuse,  ///< the new one ends
};

/// What becomes of older pairs with the same selectors when a pair is installed.
enum class OlderPairs : uint8_t
{
    Keep,   ///< they stay until their lifetime ends
    Delete, ///< they end at once, and the peer is told
};

/// Which SAs with the peer end when it says INITIAL-CONTACT in phase 1.
enum class InitialContactEnds : uint8_t
{
    Older, ///< those that stood before this phase 1 began
    All,   ///< all others
};

/// What a responder does about the commit bit (RFC 2408 3.1).
enum class CommitBit : uint8_t
{
    Ignore, ///< neither sent nor heeded
    Heed,   ///< an initiator waits for CONNECTED when the responder asks for it
    Send,   ///< the same, and a responder of quick mode asks for it
};

/**
 * Everything in which real products differ, or which an experiment may want to turn.
 *
 * The defaults are the profile `ios`. GetKnobTable() says for each where the value comes from.
 */
struct IkeKnobs
{
    Duration retransmitInterval{Duration::Seconds(10)}; ///< between two sendings
    uint32_t retransmitCount{5};                        ///< sendings after the first
    uint32_t retransmitGrowth{100};                     ///< each interval is so many % of the last
    Duration halfOpenLifetime{Duration::Seconds(60)};   ///< a responder waits so long
    uint32_t halfOpenLimit{1000};                       ///< phase 1 attempts as responder
    uint32_t quickModeLimit{1000};                      ///< quick modes per ISAKMP SA
    uint32_t openedLimit{65536};                        ///< connections that peers opened
    uint32_t openedPeerLimit{1024};                     ///< of these: of one peer
    Duration restartPause{Duration::Seconds(10)};       ///< a VTI without an SA begins again
    Duration exchangeMemory{Duration::Seconds(120)};    ///< replies to duplicates are kept
    Duration phase2SoftMargin{Duration::Seconds(30)};   ///< before the hard lifetime
    uint64_t phase2SoftMarginKilobytes{256};            ///< before the hard volume
    Duration phase1SoftMargin{Duration::Seconds(30)};   ///< before the hard lifetime
    uint32_t phase2SoftPercent{0};                      ///< of the lifetime; 0: phase2SoftMargin
    uint32_t phase1SoftPercent{0};                      ///< of the lifetime; 0: phase1SoftMargin
    uint32_t softJitterPercent{0};                      ///< of the soft margin, added to it
    Duration inboundLinger{Duration::Seconds(5)};       ///< an ended inbound SA still receives
    bool idleRekey{false};                              ///< also renew pairs that carried nothing
    bool suppressWhileResponding{false};                ///< do not begin while responding
    OutboundChoice outboundChoice{OutboundChoice::Newest};
    RekeyWhich rekeyPhase2{RekeyWhich::Outbound};
    RekeyWhich rekeyPhase1{RekeyWhich::Outbound};
    ResponderInstalls responderInstalls{ResponderInstalls::Message3};
    Phase1LifetimeMatch phase1LifetimeMatch{Phase1LifetimeMatch::NotLonger};
    bool sendInitialContact{false};      ///< in main mode message 5 when no other SA stands
    bool sendResponderLifetime{true};    ///< RFC 2407 4.6.3.1
    bool honourResponderLifetime{true};  ///< as initiator
    bool sendDeletes{true};              ///< tell the peer when an SA ends
    bool dropIsakmpWithoutAnswer{true};  ///< an unanswered quick mode ends its ISAKMP SA
    uint32_t replayWindow{64};           ///< packets
    bool pairsOutliveIsakmp{true};       ///< a pair stays when its ISAKMP SA ends
    bool adoptOnReauthentication{false}; ///< a phase 1 of the peer takes over from older ones
    DuplicateIsakmp duplicateIsakmp{DuplicateIsakmp::Keep};
    Duration duplicatePause{Duration::Seconds(0)}; ///< before a replaced ISAKMP SA ends
    OlderPairs olderPairs{OlderPairs::Keep};
    InitialContactEnds initialContactEnds{InitialContactEnds::Older};
    CommitBit commitBit{CommitBit::Heed};
    uint32_t dpdRetries{5};           ///< unanswered questions before the peer counts as dead
    bool ecn{true};                   ///< congestion marks go through a tunnel (RFC 6040)
    bool copyDscp{true};              ///< the outer header has the DSCP of the inner one
    uint64_t clockAtZero{1767225600}; ///< calendar time at the simulation's begin: certificates
    bool lastResortCounts{true};      ///< a host starts tunnels for routes of last resort, too
    Duration passiveClearAfter{Duration::Seconds(10)}; ///< a flow without an SA goes in the clear
    Duration passiveIdle{Duration::Seconds(3600)};     ///< a silent flow is forgotten
    Duration passiveReminder{Duration::Seconds(600)};  ///< between two reminders
    Duration passiveWarning{Duration::Seconds(60)};    ///< between two warnings of a kind
    bool mayBeginPhase1{true};                         ///< any connection of the router
    bool mayBeginPhase2{true};                         ///< the same
    bool mayRekeyPhase1{true};                         ///< the same
    bool mayRekeyPhase2{true};                         ///< the same
};

/// A knob as users see it: name, value in the profile, unit, where the value comes from.
struct KnobInfo
{
    std::string name;   ///< "RetransmitInterval"
    std::string unit;   ///< "s", "packets", "newest | oldest | first-inbound"
    std::string help;   ///< a sentence
    std::string source; ///< document, or "assumption"
};

/// All knobs in the order of the struct.
const std::vector<KnobInfo>& GetKnobTable();
/// The value of a knob as text, as SetKnob() takes it. Durations in seconds ("10").
std::string GetKnob(const IkeKnobs& knobs, const std::string& name);
/// Set a knob by name; an empty text when done, else what is wrong (with the nearest name).
std::string SetKnob(IkeKnobs& knobs, const std::string& name, const std::string& value);

} // namespace ike
} // namespace ns3

#endif // IKE_KNOBS_H
