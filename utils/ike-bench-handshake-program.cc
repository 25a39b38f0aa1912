/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bench-handshake.h"

#include <cstdio>
#include <cstdlib>

/// `ike-bench-handshake [COUNT]`: what handshakes cost, and what tunnels keep.
int
main(int argc, char** argv)
{
    using namespace ns3::ike;
    const size_t count = argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 1000;
    for (DhGroup group : {DhGroup::Modp2048, DhGroup::Ecp256})
    {
        const HandshakeCost cost = BenchHandshakes(group, count);
        std::printf("%s: floor %.1f us, engines %.1f us, ratio %.3f\n",
                    ToString(group).c_str(),
                    cost.floor,
                    cost.engines,
                    cost.engines / cost.floor);
        std::printf("%s: %.0f bytes per tunnel at both ends, %.0f of them at the hub; %.0f as long "
                    "as late duplicates are waited for\n",
                    ToString(group).c_str(),
                    cost.bytes,
                    cost.bytesAtHub,
                    cost.bytesAtOnce);
    }
    return 0;
}
