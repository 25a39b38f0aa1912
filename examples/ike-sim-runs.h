/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_RUNS_H
#define IKE_SIM_RUNS_H

#include "ike-sim-values.h"

#include "ns3/ike-scenario.h"

#include <cstdint>
#include <string>

/// @file
/// @ingroup ike
/// Runs of ike-sim, and what it prints about them.

/// What a finished run leaves in memory.
struct Finished
{
    std::string json;   ///< results.json
    std::string line;   ///< the same on one line
    Strings failures;   ///< violations and expectations that do not hold
    std::string ladder; ///< of the first negotiation
};

/**
 * Run a scenario.
 * @param scenario to be run
 * @param seed of the run
 * @param out folder for files; empty: none
 * @param what goes on, as a terminal shall say when it takes long
 * @param threads of the run (RunOptions::threads)
 * @param schedule file for what happens as a schedule; empty: none, and other random keys
 * @return what is left of it
 */
Finished RunOne(const ns3::ike::Scenario& scenario,
                uint64_t seed,
                const std::string& out,
                const std::string& what,
                unsigned threads = 1,
                const std::string& schedule = "");

/// Say what failed, and where. @return the exit status
int ReportFailures(const Strings& failures, const std::string& where = "");

/// Print what is run.
void PrintRun(const ns3::ike::Scenario& scenario, uint64_t seed);

/// Print the names of a folder's files.
void PrintFiles(const std::string& folder);

#endif // IKE_SIM_RUNS_H
