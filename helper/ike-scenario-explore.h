/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SCENARIO_EXPLORE_H
#define IKE_SCENARIO_EXPLORE_H

#include "ike-scenario-end-pattern.h"
#include "ike-scenario-reader.h"
#include "ike-scenario.h"

#include "ns3/ike-chooser.h"

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/// How an exploration chooses.
struct ExploreChooser
{
    /// Who says what comes next.
    enum class Kind : uint8_t
    {
        Exhaustive, ///< all orderings within the bounds
        Random,     ///< each possible move as likely as any other
        Pct,        ///< by priorities (MakePriorityChooser())
    };

    Kind kind{Kind::Exhaustive}; ///< who
    uint64_t runs{1000};         ///< schedules, of chance
    uint32_t depth{3};           ///< of priorities: constraints of an ordering
    uint32_t length{40};         ///< of priorities: about how many moves a schedule has
};

/// Another configuration that a move gives to a router: `config:A:NAME`.
struct ExploreConfig
{
    std::string router;                                     ///< whose
    std::string name;                                       ///< as moves call it
    std::vector<ScenarioText> texts;                        ///< behind the router's own
    std::vector<std::pair<std::string, std::string>> knobs; ///< name and value, as SetKnob() takes
    RouterConfig config;                                    ///< what all of it says
    TextPosition position;                                  ///< of its name
};

/// A data packet that a move offers by name, without hosts and links: `offer:A:NAME`.
struct ExplorePacket
{
    std::string router; ///< which offers it
    std::string name;   ///< as moves call it
    IpAddress from;     ///< inner source
    IpAddress to;       ///< inner destination
    uint64_t size{64};  ///< octets behind the inner IP header
    std::string
        interface; ///< through which tunnel, or interface with a crypto map; empty: by route
    TextPosition position; ///< of its name
};

/// How long a schedule with an end state is that is reached soonest.
struct ShortestExpectation
{
    EndPattern pattern;              ///< EndPattern::IsIn()
    std::optional<Moves> schedule{}; ///< just this one,
    std::optional<uint64_t> moves{}; ///< or so many moves
};

/// How often something is reported in a kept race, until it has come to rest.
struct CountExpectation
{
    std::string router;        ///< at whom
    std::string event;         ///< of GetCountedEvents()
    uint64_t least{0};         ///< at least so often
    uint64_t most{UINT64_MAX}; ///< at most so often
    unsigned comparisons{0};   ///< that were written
    TextPosition position;     ///< where it is written
};

/// What must come out of an exploration, or of a kept schedule. Lists are empty when nothing is
/// said.
struct ExploreExpectation
{
    std::vector<EndPattern> ends;          ///< end states that may be reached, and no others
    bool allReached{true};                 ///< each of them must be reached
    std::vector<EndPattern> never;         ///< EndPattern::IsIn()
    std::vector<std::string> neverOracles; ///< oracles that must hold
    std::vector<EndPattern> always;        ///< each end state is like all of these
    std::vector<ShortestExpectation> shortest;
    std::optional<std::vector<std::string>> violations; ///< oracles that fail, and no others
    std::optional<bool> complete;         ///< was all within the bounds seen? Must it have been?
    std::vector<CountExpectation> counts; ///< of a kept race
};

/// What `explore:` says of a scenario: a race, or a search for races.
struct ScenarioExplore
{
    std::string id;        ///< a row of a catalogue: "V1-MM-01"
    std::string catalogue; ///< what the row says
    std::string note;      ///< what is to be said of it
    std::string evidence;  ///< what speaks for it

    std::optional<Moves> begin;         ///< before exploration; nothing: as events say
    std::optional<Moves> schedule;      ///< a kept race
    DriveOptions drive;                 ///< bounds, oracles, rest
    ExploreChooser chooser;             ///< how
    std::vector<ExploreConfig> configs; ///< other configurations
    std::vector<ExplorePacket> packets; ///< to offer
    std::vector<std::pair<std::string, std::vector<std::string>>> vary; ///< values for `regress`
    ExploreExpectation expect;                                          ///< of what comes out
    TextPosition position;                                              ///< of the section
    std::map<std::string, TextPosition> positions; ///< of what is checked later, by its key
};

/// @return the names of events that expectations can count. clear-sent: a packet in the clear
std::vector<std::string> GetCountedEvents();
/**
 * Read the section, or a variant's: values are replaced one by one, configurations and packets are
 * added.
 * @param reader of a mapping
 * @param declared the parameters of the file
 * @param explore gets it
 */
void ReadExplore(const ScenarioReader& reader,
                 const std::vector<ScenarioParameter>& declared,
                 ScenarioExplore& explore);
/// All sections are read: do all names mean something? @param scenario with its section
/// @throws ScenarioError
void CheckExplore(const Scenario& scenario);
/**
 * Set a bound as somebody writes it in a scenario: "2", "120 s".
 * @param bounds changed
 * @param name of GetBoundTable(), or a move
 * @param value of it
 * @return what is wrong; empty when nothing is
 */
std::string SetBoundText(ExploreBounds& bounds, const std::string& name, const std::string& value);

} // namespace ike
} // namespace ns3

#endif // IKE_SCENARIO_EXPLORE_H
