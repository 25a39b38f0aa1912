/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_COMMANDS_H
#define IKE_SIM_COMMANDS_H

#include <string>
#include <vector>

/// @file
/// @ingroup ike
/// The sub-commands of ike-sim.

/// Exit status of the program.
enum ExitStatus
{
    EXIT_OK = 0,       ///< all is well
    EXIT_FAILED = 1,   ///< a run or an expectation failed
    EXIT_BAD_USAGE = 2 ///< the command line or the scenario is wrong
};

/**
 * Do what a command line says.
 * @param arguments without the name of the program
 * @return the exit status
 */
int RunCommandLine(const std::vector<std::string>& arguments);

#endif // IKE_SIM_COMMANDS_H
