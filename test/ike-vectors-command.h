/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_VECTORS_COMMAND_H
#define IKE_VECTORS_COMMAND_H

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

/// The program ike-vectors. @return its exit status
int RunVectorsCommand(const std::vector<std::string>& arguments);

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_VECTORS_COMMAND_H
