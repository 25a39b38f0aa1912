/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-loss.h"

#include "ike-flow-pace.h"

#include "ns3/double.h"
#include "ns3/pointer.h"
#include "ns3/random-variable-stream.h"

namespace ns3
{
namespace ike
{

Ptr<ErrorModel>
MakeLoss(double share, const std::optional<ScenarioBurst>& burst)
{
    if (burst)
    {
        auto errors = CreateObject<BurstErrorModel>();
        errors->SetBurstRate(burst->share);
        auto size = CreateObject<UniformRandomVariable>();
        size->SetAttribute("Min", DoubleValue(burst->least));
        size->SetAttribute("Max", DoubleValue(burst->most)); // as a whole number, inclusive
        errors->SetRandomBurstSize(size);
        return errors;
    }
    if (share > 0)
    {
        auto errors = CreateObject<RateErrorModel>();
        errors->SetUnit(RateErrorModel::ERROR_UNIT_PACKET);
        errors->SetRate(share);
        return errors;
    }
    return nullptr;
}

void
AssignLossStreams(Ptr<NetDevice> device, int64_t stream, const std::string& name)
{
    PointerValue errors;
    device->GetAttribute("ReceiveErrorModel", errors);
    if (auto model = errors.Get<RateErrorModel>())
    {
        model->AssignStreams(stream);
    }
    if (auto model = errors.Get<BurstErrorModel>())
    {
        AssignBurstStreams(model, name);
    }
}

void
AssignBurstStreams(Ptr<BurstErrorModel> burst, const std::string& name)
{
    // Its own AssignStreams() gives the same numbers to beginnings and lengths.
    for (const char* variable : {"BurstStart", "BurstSize"})
    {
        PointerValue pointer;
        burst->GetAttribute(variable, pointer);
        pointer.Get<RandomVariableStream>()->SetStream(
            StreamOfName(std::string(variable) + " " + name));
    }
}

} // namespace ike
} // namespace ns3
