/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bindings.h"

#include "ns3/ike-results.h"

using namespace ns3::ike;

PYBIND11_MODULE(_ns3ike, m)
{
    m.doc() = "The C++ side of the package ns3ike: use that one.";
    bindings::BindErrors(m);
    bindings::BindScenario(m);
    bindings::BindEvents(m);
    bindings::BindViews(m);
    bindings::BindRun(m);
    bindings::BindWire(m);
    bindings::BindKeys(m);
    bindings::BindWorld(m);
    bindings::BindLab(m);
    m.def("version", &GetIkeVersion, "The version of the module.");
}
