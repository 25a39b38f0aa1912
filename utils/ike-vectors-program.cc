/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

// test/ike-vectors-command.h: no header of the tests is for others, so it is declared here again.
int RunVectorsCommand(const std::vector<std::string>& arguments);

} // namespace tests
} // namespace ike
} // namespace ns3

/**
 * Runs a folder of independent test material. A program of its own, linked with the engine's rooms
 * and without ns-3: what passes here is the engine alone, whoever hosts it.
 */
int
main(int argc, char* argv[])
{
    return ns3::ike::tests::RunVectorsCommand(std::vector<std::string>(argv + 1, argv + argc));
}
