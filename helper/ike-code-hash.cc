/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-code-hash.h"

namespace ns3
{
namespace ike
{

std::string
GetCodeIdentity()
{
#if defined(NS3_IKE_CODE_FILE) && defined(NS3_IKE_NS3_VERSION)
    const std::string hash =
#include NS3_IKE_CODE_FILE
        ;
    return hash + " ns-" + NS3_IKE_NS3_VERSION;
#else
    return "";
#endif
}

} // namespace ike
} // namespace ns3
