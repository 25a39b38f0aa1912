/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LOSS_H
#define IKE_LOSS_H

#include "ike-scenario.h"

#include "ns3/error-model.h"
#include "ns3/net-device.h"
#include "ns3/ptr.h"

#include <cstdint>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * @param share of packets that get lost, one by one
 * @param burst instead: several at once
 * @return an error model for the receiving end; null when nothing is lost
 */
Ptr<ErrorModel> MakeLoss(double share, const std::optional<ScenarioBurst>& burst);

/**
 * Give the error model of a device, when it has one, its random numbers.
 * @param device whose
 * @param stream for losses one by one
 * @param name whose streams bursts have
 */
void AssignLossStreams(Ptr<NetDevice> device, int64_t stream, const std::string& name);

/// Give a burst model its random numbers. @param burst of MakeLoss() @param name whose streams
void AssignBurstStreams(Ptr<BurstErrorModel> burst, const std::string& name);

} // namespace ike
} // namespace ns3

#endif // IKE_LOSS_H
