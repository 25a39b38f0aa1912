/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ns3/test.h"

/// Same one-liner as ns-3's own utils/test-runner.cc: the suites register themselves.
int
main(int argc, char* argv[])
{
    return ns3::TestRunner::Run(argc, argv);
}
