/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RESULTS_AUDIT_H
#define IKE_RESULTS_AUDIT_H

#include "ns3/ike-time.h"

#include <cstddef>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A router that could still send or accept clear text at the end of a run.
struct AuditFinding
{
    std::string router;               ///< its name
    std::vector<std::string> reasons; ///< why; at least one
};

/// What the results of a run say about clear text at its end.
struct AuditReport
{
    size_t routers{0};                  ///< that were looked at
    std::vector<AuditFinding> findings; ///< in the order of the results
    size_t unsaved{0};                  ///< routers whose configuration differs from the saved one
};

/**
 * Which routers could still send or accept clear text? Those
 * - with passive mode on,
 * - with an interface towards the Internet that has no crypto map, and no protected tunnel either,
 * - that send in the clear: the last packet of a flow left so,
 * - that accepted clear packets by passive mode lately.
 *
 * @param json results.json
 * @param lately so long before the end of the run
 * @return what was found
 * @throws std::invalid_argument when these are no such results
 */
AuditReport AuditResults(const std::string& json, Duration lately);
/**
 * @param report of AuditResults()
 * @return a line for each finding, and a summary
 */
std::string WriteAudit(const AuditReport& report);

} // namespace ike
} // namespace ns3

#endif // IKE_RESULTS_AUDIT_H
