/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_CALIBRATE_H
#define IKE_SIM_CALIBRATE_H

#include "ns3/ike-crypto-costs.h"
#include "ns3/ike-crypto.h"

#include <functional>
#include <string>

/// @file
/// @ingroup ike
/// What cryptography costs this machine.

/**
 * Measure all operations of a provider: of several batches the fastest one, for other programs only
 * ever make one slower.
 * @param provider to be measured
 * @param seconds about how long it may take
 * @param progress told what comes next
 * @return costs without a name; nothing of messages and packets, which are not cryptography
 */
ns3::ike::CryptoCosts MeasureCosts(ns3::ike::CryptoProvider& provider,
                                   double seconds,
                                   const std::function<void(const std::string&)>& progress);

/// A readable table. @param costs to be shown
std::string WriteCostTable(const ns3::ike::CryptoCosts& costs);

#endif // IKE_SIM_CALIBRATE_H
