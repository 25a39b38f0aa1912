/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-knobs.h"

#include "ike-nearest-name.h"

#include <optional>
#include <variant>

namespace ns3
{
namespace ike
{

namespace
{

/// Where in IkeKnobs a knob is; its type says how it is read.
using KnobField = std::variant<Duration IkeKnobs::*,
                               uint32_t IkeKnobs::*,
                               uint64_t IkeKnobs::*,
                               bool IkeKnobs::*,
                               OutboundChoice IkeKnobs::*,
                               RekeyWhich IkeKnobs::*,
                               ResponderInstalls IkeKnobs::*,
                               Phase1LifetimeMatch IkeKnobs::*,
                               DuplicateIsakmp IkeKnobs::*,
                               OlderPairs IkeKnobs::*,
                               InitialContactEnds IkeKnobs::*,
                               CommitBit IkeKnobs::*>;

/// A knob: its field, the numbers that it takes, and what users read about it.
struct KnobRow
{
    KnobField field;  ///< where
    uint64_t minimum; ///< of numbers; of durations in nanoseconds
    uint64_t maximum; ///< the same
    KnobInfo info;    ///< name, unit, help, source
};

constexpr uint64_t NO_LIMIT = 0xffffffff;                ///< as large as the type allows
constexpr uint64_t MAX_DURATION = 999999999000000000ULL; ///< nine digits of seconds
constexpr uint64_t ONE_SECOND = 1000000000ULL;           ///< in nanoseconds

// clang-format off
const KnobRow KNOBS[] = {
    {&IkeKnobs::retransmitInterval, ONE_SECOND / 1000, MAX_DURATION,
     {"RetransmitInterval", "s", "Time between two sendings of an unanswered message.",
      "IOS debug crypto isakmp: retransmissions every 10 s"}},
    {&IkeKnobs::retransmitCount, 0, 100,
     {"RetransmitCount", "messages", "Sendings after the first before the peer counts as silent.",
      "IOS debug crypto isakmp: 'attempt 1 of 5'"}},
    {&IkeKnobs::retransmitGrowth, 100, 1000,
     {"RetransmitGrowth", "%", "Each interval between sendings is so many percent of the last.",
      "IOS debug crypto isakmp: a constant interval"}},
    {&IkeKnobs::halfOpenLifetime, 1, MAX_DURATION,
     {"HalfOpenLifetime", "s", "How long a responder waits for an initiator to go on.",
      "assumption"}},
    {&IkeKnobs::halfOpenLimit, 1, NO_LIMIT,
     {"HalfOpenLimit", "SAs", "Attempts of phase 1 that a responder has open at most.",
      "assumption"}},
    {&IkeKnobs::quickModeLimit, 1, NO_LIMIT,
     {"QuickModeLimit", "exchanges", "Quick modes open under one ISAKMP SA at most.",
      "assumption"}},
    {&IkeKnobs::openedLimit, 0, NO_LIMIT,
     {"OpenedLimit", "connections", "Connections that peers have open at dynamic crypto maps at most.",
      "assumption"}},
    {&IkeKnobs::openedPeerLimit, 0, NO_LIMIT,
     {"OpenedPeerLimit", "connections", "How many of these one peer has at most.",
      "assumption"}},
    {&IkeKnobs::restartPause, ONE_SECOND / 1000, MAX_DURATION,
     {"RestartPause", "s", "A tunnel interface that lost its SA begins again after this pause.",
      "assumption"}},
    {&IkeKnobs::exchangeMemory, 0, MAX_DURATION,
     {"ExchangeMemory", "s", "How long the reply to a finished exchange is kept for duplicates.",
      "assumption"}},
    {&IkeKnobs::phase2SoftMargin, 0, MAX_DURATION,
     {"Phase2SoftMargin", "s", "A pair asks for its successor so long before its hard lifetime.",
      "IOS Command Reference: crypto ipsec security-association lifetime (30 seconds before)"}},
    {&IkeKnobs::phase2SoftMarginKilobytes, 0, NO_LIMIT,
     {"Phase2SoftMarginKilobytes", "kB", "The same, before the hard volume.",
      "IOS Command Reference: crypto ipsec security-association lifetime (256 kilobytes less)"}},
    {&IkeKnobs::phase1SoftMargin, 0, MAX_DURATION,
     {"Phase1SoftMargin", "s", "An ISAKMP SA is replaced so long before its hard lifetime.",
      "assumption"}},
    {&IkeKnobs::phase2SoftPercent, 0, 50,
     {"Phase2SoftPercent", "%",
      "Phase2SoftMargin as a share of the hard lifetime; 0: as the duration that it is.",
      "off: IOS has a duration"}},
    {&IkeKnobs::phase1SoftPercent, 0, 50,
     {"Phase1SoftPercent", "%",
      "Phase1SoftMargin as a share of the hard lifetime; 0: as the duration that it is.",
      "off: assumption"}},
    {&IkeKnobs::softJitterPercent, 0, 1000,
     {"SoftJitterPercent", "%", "At most so much of the soft margin is added to it, at random.",
      "assumption"}},
    {&IkeKnobs::inboundLinger, 0, MAX_DURATION,
     {"InboundLinger", "s", "A replaced inbound SA still receives for so long.",
      "assumption"}},
    {&IkeKnobs::idleRekey, 0, 0,
     {"IdleRekey", "true | false", "Also replace pairs that carried nothing.",
      "IOS Command Reference: crypto ipsec security-association lifetime (no traffic: no SA)"}},
    {&IkeKnobs::suppressWhileResponding, 0, 0,
     {"SuppressWhileResponding", "true | false", "Do not begin while responding to the same peer.",
      "IKE Responder-Only Mode, Benefits: IKE cannot compare negotiations"}},
    {&IkeKnobs::outboundChoice, 0, 0,
     {"OutboundChoice", "newest | oldest | first-inbound",
      "Which of several pairs carries the outbound traffic.", "assumption"}},
    {&IkeKnobs::rekeyPhase2, 0, 0,
     {"RekeyPhase2", "outbound | newest | all | newest-of-isakmp | own",
      "Which of several pairs asks for its successor.", "assumption"}},
    {&IkeKnobs::rekeyPhase1, 0, 0,
     {"RekeyPhase1", "outbound | newest | all | newest-of-isakmp | own",
      "Which of several ISAKMP SAs is replaced; newest-of-isakmp is all.", "assumption"}},
    {&IkeKnobs::responderInstalls, 0, 0,
     {"ResponderInstalls", "message-2 | message-3",
      "At which message of quick mode a responder installs its pair.", "assumption"}},
    {&IkeKnobs::phase1LifetimeMatch, 0, 0,
     {"Phase1LifetimeMatch", "not-longer | any",
      "Which offered lifetimes of phase 1 a responder takes.",
      "IOS Security Configuration Guide: Configuring IKE (lifetime less than or equal)"}},
    {&IkeKnobs::sendInitialContact, 0, 0,
     {"SendInitialContact", "true | false", "Say in main mode that there are no other SAs.",
      "RFC 2407 4.6.3.3; off: assumption"}},
    {&IkeKnobs::sendResponderLifetime, 0, 0,
     {"SendResponderLifetime", "true | false",
      "Tell the initiator of a lifetime that is shorter than the offered one.",
      "RFC 2407 4.6.3.1"}},
    {&IkeKnobs::honourResponderLifetime, 0, 0,
     {"HonourResponderLifetime", "true | false", "Take the lifetime of which the responder tells.",
      "RFC 2407 4.6.3.1"}},
    {&IkeKnobs::sendDeletes, 0, 0,
     {"SendDeletes", "true | false", "Tell the peer when an SA ends.",
      "RFC 2408 3.15"}},
    {&IkeKnobs::dropIsakmpWithoutAnswer, 0, 0,
     {"DropIsakmpWithoutAnswer", "true | false",
      "A quick mode that nobody answers ends its ISAKMP SA: the peer may have lost it.",
      "assumption"}},
    {&IkeKnobs::replayWindow, 0, 65536,
     {"ReplayWindow", "packets", "Size of the anti-replay window; 0 switches it off.",
      "IOS Command Reference: crypto ipsec security-association replay window-size"}},
    {&IkeKnobs::pairsOutliveIsakmp, 0, 0,
     {"PairsOutliveIsakmp", "true | false", "IPsec SAs stay when their ISAKMP SA ends.",
      "RFC 2408 4.3 leaves it open; IOS: they stay"}},
    {&IkeKnobs::adoptOnReauthentication, 0, 0,
     {"AdoptOnReauthentication", "true | false",
      "When the peer begins a second ISAKMP SA (DuplicateIsakmp replace: either end), pairs and own "
      "quick modes go over to it and the older one ends after DuplicatePause, whatever "
      "DuplicateIsakmp says. PairsOutliveIsakmp false: only so, and to an own successor, do pairs "
      "survive.",
      "assumption"}},
    {&IkeKnobs::duplicateIsakmp, 0, 0,
     {"DuplicateIsakmp", "keep | replace | refuse",
      "What a second ISAKMP SA with the same peer means when it comes up.", "assumption"}},
    {&IkeKnobs::duplicatePause, 0, MAX_DURATION,
     {"DuplicatePause", "s", "How long a replaced ISAKMP SA still lives.", "assumption"}},
    {&IkeKnobs::olderPairs, 0, 0,
     {"OlderPairs", "keep | delete",
      "What becomes of older pairs of a tunnel when a pair comes up.",
      "RFC 2408 4.3 lets several stand; off: assumption"}},
    {&IkeKnobs::initialContactEnds, 0, 0,
     {"InitialContactEnds", "older | all",
      "Which SAs end when the peer says INITIAL-CONTACT in phase 1: those from before it began, or "
      "all others.",
      "RFC 2407 4.6.3.3 leaves it open; older: assumption"}},
    {&IkeKnobs::commitBit, 0, 0,
     {"CommitBit", "ignore | heed | send", "Whether an initiator may have to wait for CONNECTED.",
      "RFC 2408 3.1"}},
    {&IkeKnobs::dpdRetries, 1, 100,
     {"DpdRetries", "messages", "Unanswered questions before the peer counts as dead.",
      "IOS Command Reference: crypto isakmp keepalive (five aggressive DPD retries)"}},
    {&IkeKnobs::ecn, 0, 0,
     {"Ecn", "true | false", "Congestion marks go through a tunnel.", "RFC 6040"}},
    {&IkeKnobs::copyDscp, 0, 0,
     {"CopyDscp", "true | false", "The outer header has the DSCP of the inner one.",
      "RFC 4301 5.1.2.1; IOS copies the ToS byte"}},
    {&IkeKnobs::clockAtZero, 0, NO_LIMIT,
     {"ClockAtZero", "s", "Calendar time, from 1970 on, at time 0: validity of certificates.",
      "1 January 2026: assumption"}},
    {&IkeKnobs::lastResortCounts, 0, 0,
     {"LastResortCounts", "true | false",
      "A route of last resort (default route, distance above 120) makes a path for a tunnel.",
      "IOS Command Reference: tunnel destination (any route in the table)"}},
    {&IkeKnobs::passiveClearAfter, 0, MAX_DURATION,
     {"PassiveClearAfter", "s",
      "Passive mode sends a flow in the clear from so long after its first packet without an SA.",
      "IPSec Passive Mode, How IPSec Passive Mode Works (10 seconds)"}},
    {&IkeKnobs::passiveIdle, ONE_SECOND / 1000, MAX_DURATION,
     {"PassiveIdle", "s", "Passive mode forgets a flow that was silent for so long.",
      "assumption: long beside retry, so that a sparse flow does not lose each first packet"}},
    {&IkeKnobs::passiveReminder, ONE_SECOND / 1000, MAX_DURATION,
     {"PassiveReminder", "s", "Time between two reminders that passive mode is enabled.",
      "IPSec Passive Mode, Warning Messages (every 10 minutes)"}},
    {&IkeKnobs::passiveWarning, ONE_SECOND / 1000, MAX_DURATION,
     {"PassiveWarning", "s", "Time between two warnings of clear packets sent, or received.",
      "IPSec Passive Mode, Warning Messages (once every minute)"}},
    {&IkeKnobs::mayBeginPhase1, 0, 0,
     {"MayBeginPhase1", "true | false", "The router may begin phase 1.",
      "not IOS: for research; an end that is silent in part"}},
    {&IkeKnobs::mayBeginPhase2, 0, 0,
     {"MayBeginPhase2", "true | false", "The router may begin phase 2.",
      "not IOS: for research; an end that is silent in part"}},
    {&IkeKnobs::mayRekeyPhase1, 0, 0,
     {"MayRekeyPhase1", "true | false", "The router may replace an ISAKMP SA.",
      "not IOS: for research; an end that is silent in part"}},
    {&IkeKnobs::mayRekeyPhase2, 0, 0,
     {"MayRekeyPhase2", "true | false", "The router may replace a pair.",
      "not IOS: for research; an end that is silent in part"}},
};
// clang-format on

/// How the values of an enumeration are written, in their order.
template <typename Enum>
struct EnumNames;

/// Of OutboundChoice.
template <>
struct EnumNames<OutboundChoice>
{
    static inline const std::vector<std::string> NAMES{"newest", "oldest", "first-inbound"};
};

/// Of RekeyWhich.
template <>
struct EnumNames<RekeyWhich>
{
    static inline const std::vector<std::string> NAMES{"outbound",
                                                       "newest",
                                                       "all",
                                                       "newest-of-isakmp",
                                                       "own"};
};

/// Of ResponderInstalls.
template <>
struct EnumNames<ResponderInstalls>
{
    static inline const std::vector<std::string> NAMES{"message-2", "message-3"};
};

/// Of Phase1LifetimeMatch.
template <>
struct EnumNames<Phase1LifetimeMatch>
{
    static inline const std::vector<std::string> NAMES{"not-longer", "any"};
};

/// Of DuplicateIsakmp.
template <>
struct EnumNames<DuplicateIsakmp>
{
    static inline const std::vector<std::string> NAMES{"keep", "replace", "refuse"};
};

/// Of OlderPairs.
template <>
struct EnumNames<OlderPairs>
{
    static inline const std::vector<std::string> NAMES{"keep", "delete"};
};

/// Of InitialContactEnds.
template <>
struct EnumNames<InitialContactEnds>
{
    static inline const std::vector<std::string> NAMES{"older", "all"};
};

/// Of CommitBit.
template <>
struct EnumNames<CommitBit>
{
    static inline const std::vector<std::string> NAMES{"ignore", "heed", "send"};
};

/// All digits, few enough for 64 bits.
std::optional<uint64_t>
ParseNumber(const std::string& text)
{
    if (text.empty() || text.size() > 18 ||
        text.find_first_not_of("0123456789") != std::string::npos)
    {
        return std::nullopt;
    }
    return std::stoull(text);
}

/// Seconds with at most nine decimals, exactly: no floating point comes near a deadline.
std::optional<uint64_t>
ParseNanoseconds(const std::string& text)
{
    const size_t dot = text.find('.');
    const auto whole = ParseNumber(text.substr(0, dot));
    if (!whole || *whole > 999999999)
    {
        return std::nullopt;
    }
    if (dot == std::string::npos)
    {
        return *whole * ONE_SECOND;
    }
    std::string decimals = text.substr(dot + 1);
    if (decimals.empty() || decimals.size() > 9)
    {
        return std::nullopt;
    }
    decimals.resize(9, '0');
    const auto fraction = ParseNumber(decimals);
    return fraction ? std::optional<uint64_t>(*whole * ONE_SECOND + *fraction) : std::nullopt;
}

/// Seconds without superfluous zeros.
std::string
WriteSeconds(Duration d)
{
    std::string text = ToString(d);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.')
    {
        text.pop_back();
    }
    return text;
}

/// Writes the value of a field.
struct KnobWriter
{
    const IkeKnobs& knobs; ///< of which

    std::string operator()(Duration IkeKnobs::*field) const
    {
        return WriteSeconds(knobs.*field);
    }

    std::string operator()(bool IkeKnobs::*field) const
    {
        return knobs.*field ? "true" : "false";
    }

    std::string operator()(uint32_t IkeKnobs::*field) const
    {
        return std::to_string(knobs.*field);
    }

    std::string operator()(uint64_t IkeKnobs::*field) const
    {
        return std::to_string(knobs.*field);
    }

    template <typename Enum>
    std::string operator()(Enum IkeKnobs::*field) const
    {
        return EnumNames<Enum>::NAMES.at(static_cast<size_t>(knobs.*field));
    }
};

/// Reads a value into a field; says what was expected when it is none.
struct KnobReader
{
    IkeKnobs& knobs;          ///< changed
    const KnobRow& row;       ///< which knob
    const std::string& value; ///< as typed

    std::string operator()(Duration IkeKnobs::*field) const
    {
        const auto ns = ParseNanoseconds(value);
        if (!ns || *ns < row.minimum || *ns > row.maximum)
        {
            const Duration least = Duration::Nanoseconds(static_cast<int64_t>(row.minimum));
            return "seconds, from " + WriteSeconds(least) +
                   " to 999999999, with at most nine decimals";
        }
        knobs.*field = Duration::Nanoseconds(static_cast<int64_t>(*ns));
        return {};
    }

    std::string operator()(bool IkeKnobs::*field) const
    {
        const std::string lower = ToLowerCase(value);
        const bool isTrue = lower == "true" || lower == "on";
        if (!isTrue && lower != "false" && lower != "off")
        {
            return "true or false";
        }
        knobs.*field = isTrue;
        return {};
    }

    std::string operator()(uint32_t IkeKnobs::*field) const
    {
        return ReadNumber(field);
    }

    std::string operator()(uint64_t IkeKnobs::*field) const
    {
        return ReadNumber(field);
    }

    template <typename Enum>
    std::string operator()(Enum IkeKnobs::*field) const
    {
        const auto& names = EnumNames<Enum>::NAMES;
        for (size_t i = 0; i < names.size(); i++)
        {
            if (names[i] == ToLowerCase(value))
            {
                knobs.*field = static_cast<Enum>(i);
                return {};
            }
        }
        return JoinAlternatives(names);
    }

    template <typename Number>
    std::string ReadNumber(Number IkeKnobs::*field) const
    {
        const auto number = ParseNumber(value);
        if (!number || *number < row.minimum || *number > row.maximum)
        {
            return "a number from " + std::to_string(row.minimum) + " to " +
                   std::to_string(row.maximum);
        }
        knobs.*field = static_cast<Number>(*number);
        return {};
    }
};

/// The row of a knob, null when there is none.
const KnobRow*
FindKnob(const std::string& name)
{
    for (const KnobRow& row : KNOBS)
    {
        if (row.info.name == name)
        {
            return &row;
        }
    }
    return nullptr;
}

/// What to say about a name that no knob has.
std::string
DescribeUnknownKnob(const std::string& name)
{
    std::vector<std::string> names;
    for (const KnobRow& row : KNOBS)
    {
        names.push_back(row.info.name);
    }
    const std::string hint = MakeNearestHint(name, names);
    return "there is no knob '" + name + "'" + (hint.empty() ? "" : ": " + hint);
}

} // namespace

const std::vector<KnobInfo>&
GetKnobTable()
{
    static const std::vector<KnobInfo> table = [] {
        std::vector<KnobInfo> infos;
        for (const KnobRow& row : KNOBS)
        {
            infos.push_back(row.info);
        }
        return infos;
    }();
    return table;
}

std::string
GetKnob(const IkeKnobs& knobs, const std::string& name)
{
    const KnobRow* row = FindKnob(name);
    return row ? std::visit(KnobWriter{knobs}, row->field) : std::string{};
}

std::string
SetKnob(IkeKnobs& knobs, const std::string& name, const std::string& value)
{
    const KnobRow* row = FindKnob(name);
    if (!row)
    {
        return DescribeUnknownKnob(name);
    }
    const std::string expected = std::visit(KnobReader{knobs, *row, value}, row->field);
    return expected.empty()
               ? std::string{}
               : "'" + value + "' is not a value of " + name + ": expected " + expected;
}

} // namespace ike
} // namespace ns3
