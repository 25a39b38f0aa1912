/*
 * SPDX-License-Identifier: GPL-2.0-only
 */

/*
 *   scenario.yaml --> ike-sim --> results.json, transcript, captures, keys, ladder diagram
 *
 * The command line of ns3-ike; `ike-sim help` says what it can do.
 */
#include "ike-sim-commands.h"

int
main(int argc, char* argv[])
{
    return RunCommandLine(std::vector<std::string>(argv + 1, argv + argc));
}
