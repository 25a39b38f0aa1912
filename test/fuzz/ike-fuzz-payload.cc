/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "payload": the first octet is the payload type, the others are its body.
 */
#include "ike-fuzz-input.h"

#include "ns3/ike-bytes.h"
#include "ns3/ike-negotiate.h"
#include "ns3/ike-payloads.h"

using namespace ns3::ike;

namespace
{

/// Everything that gives payloads a meaning takes whatever the reader accepts.
void
Interpret(const Payload& payload)
{
    if (const auto* sa = std::get_if<SaPayload>(&payload))
    {
        const IsakmpPolicy policy;
        ConnectionConfig connection;
        connection.transformSets = {
            EspTransformSet{"aes", CipherAlgorithm::AesCbc, 128, IntegrityAlgorithm::HmacSha1_96}};
        PickPhase1({policy}, *sa, Phase1LifetimeMatch::Any);
        PickPhase2(connection, *sa);
        CheckPhase1Answer(BuildPhase1Offer({policy}), *sa);
        CheckPhase1Answer(*sa, *sa);
        CheckPhase2Answer(*sa, *sa);
    }
    else if (const auto* id = std::get_if<IdPayload>(&payload))
    {
        ReadSelectorId(*id);
    }
    else if (const auto* notify = std::get_if<NotifyPayload>(&payload))
    {
        ReadLifetimeAttributes(notify->data);
    }
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    if (size == 0)
    {
        return 0;
    }
    const Octets body(data + 1, data + size);
    std::optional<WireError> failure;
    Reader reader(body, failure);
    const Payload payload = ReadBody(data[0], reader);
    reader.ExpectEnd();
    if (failure)
    {
        FuzzExpect(!failure->text.empty(), "a refusal says why");
        FuzzExpect(failure->offset <= body.size(), "a refusal says where");
        return 0;
    }
    FuzzExpect(!Print(payload).empty(), "a payload can be printed");
    FuzzExpect(TypeOf(payload) == data[0], "the type is kept");
    FuzzExpect(WriteBody(payload) == body, "written back to the same octets");
    if (const auto attributes = ReadAttributes(body))
    {
        FuzzExpect(WriteAttributes(*attributes) == body, "attributes, written back");
    }
    Interpret(payload);
    return 0;
}
