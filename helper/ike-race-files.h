/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RACE_FILES_H
#define IKE_RACE_FILES_H

#include "ike-race.h"

#include <functional>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * A scenario file that shows one schedule: routers with all that they are told, the schedule, and
 * what comes out. It needs no other file, and has no parameters.
 * @param scenario expanded, from which the schedule is
 * @param result of ReplayRace()
 * @param name of the new scenario
 * @param title of it
 * @return its text
 * @throws std::invalid_argument when a router's configuration names files
 */
std::string WriteRaceScenario(const Scenario& scenario,
                              const RaceResult& result,
                              const std::string& name,
                              const std::string& title);
/**
 * Write a file that is there as a whole, or not at all.
 * @param path of it
 * @param text all of it
 * @throws RunError when it cannot be written
 */
void WriteWholeFile(const std::string& path, const std::string& text);
/**
 * Write a schedule for people: NAME.yaml, a scenario that shows it; NAME.transcript, all its steps;
 * NAME.ladder.txt and NAME.ladder.svg.
 * @param folder is made when it is not there
 * @param scenario expanded, from which the schedule is
 * @param world of it
 * @param result of ReplayRace()
 * @param name of the new scenario
 * @param title of it
 * @return the names of the files
 * @throws RunError when something cannot be written
 */
std::vector<std::string> WriteRaceFiles(const std::string& folder,
                                        const Scenario& scenario,
                                        const ScenarioWorld& world,
                                        const RaceResult& result,
                                        const std::string& name,
                                        const std::string& title);
/// @return a name for files and scenarios: other characters than letters, digits, '_' and '-'
/// become hyphens. @param text any
std::string MakeFileName(const std::string& text);

/// What became of a race of a folder.
struct RegressRow
{
    /// How it compares with what is kept.
    enum class State : uint8_t
    {
        Same,      ///< as it was
        New,       ///< nothing is kept of it yet
        Rewritten, ///< it is kept from now on
        Changed,   ///< another one than is kept
        Failed,    ///< an expectation did not come true
        Error,     ///< it could not be run
    };

    std::string file;           ///< "V1-MM-01.yaml"
    std::string id;             ///< of `explore:`
    ParameterValues parameters; ///< of `vary:`
    State state{State::Same};   ///< how it compares
    std::string summary;        ///< what came out, in a few words
    std::string text;           ///< what is wrong, lines; empty: nothing
    double seconds{0};          ///< it took so long

    /// @return does it count as a failure?
    bool IsFailure() const;
    /// @return "V1-MM-01 profile=ios"
    std::string GetName() const;
};

/// How to run the races of a folder.
struct RegressOptions
{
    bool rewrite{false};                                   ///< keep what came out
    unsigned threads{1};                                   ///< of an exploration
    std::string only;                                      ///< a piece of the file's name
    std::function<void(const std::string& what)> progress; ///< called before each race
};

/// @return "same", "changed"... @param state of a row
std::string ToString(RegressRow::State state);
/**
 * Run all races of a folder: files *.yaml with `explore:`, each with all values of its `vary:`, in
 * the order of their names. Beside each stands what is kept of it, NAME.golden.
 * @param folder of races
 * @param options how
 * @return a row for each
 * @throws RunError when there is no such folder, or no race in it
 */
std::vector<RegressRow> Regress(const std::string& folder, const RegressOptions& options);
/// @return the rows as JUnit XML. @param folder of races @param rows of Regress()
std::string WriteJunit(const std::string& folder, const std::vector<RegressRow>& rows);

} // namespace ike
} // namespace ns3

#endif // IKE_RACE_FILES_H
