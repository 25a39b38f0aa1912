/*
 * SPDX-License-Identifier: GPL-2.0-only
 *
 * Target "message": the input is a datagram. What is accepted is written back to the same octets.
 */
#include "ike-fuzz-input.h"

#include "ns3/ike-message-rules.h"
#include "ns3/ike-message.h"

using namespace ns3::ike;

namespace
{

void
CheckError(const WireError& error, size_t size)
{
    FuzzExpect(!error.text.empty(), "a refusal says why");
    FuzzExpect(error.offset <= size, "a refusal says where");
}

/// Printing and the rules take whatever the reader accepts.
void
CheckMessage(const Message& message)
{
    FuzzExpect(message.payloads.size() <= MAX_PAYLOADS, "no more payloads than the limit");
    FuzzExpect(!Print(message).empty(), "a message can be printed");
    FuzzExpect(!PrintPayloadNames(message.header, message.payloads).empty(), "it has a name");
    for (unsigned exchange : {0, 1, 2, 3, 4, 5, 6, 32, 33, 255})
    {
        for (unsigned number = 0; number <= 7; number++)
        {
            CheckRules(message, static_cast<ExchangeType>(exchange), number);
        }
    }
}

} // namespace

extern "C" int
LLVMFuzzerTestOneInput(const uint8_t* data, size_t size)
{
    const Octets octets(data, data + size);
    const Parsed<Message> clear = ReadMessage(octets);
    if (!clear)
    {
        CheckError(clear.error, size);
    }
    else
    {
        CheckMessage(*clear.value);
        FuzzExpect(WriteMessage(*clear.value) == octets, "written back to the same octets");
    }
    const Parsed<Header> header = ReadHeader(octets);
    if (!header)
    {
        CheckError(header.error, size);
        return 0;
    }
    // the same octets as if they had been decrypted: padding is legal then
    Header encrypted = *header.value;
    encrypted.flags |= FLAG_ENCRYPTION;
    const Octets body(octets.begin() + HEADER_LENGTH, octets.end());
    const Parsed<Message> opened = ReadPayloads(encrypted, body);
    if (!opened)
    {
        CheckError(opened.error, size);
        return 0;
    }
    CheckMessage(*opened.value);
    Octets again = WritePayloads(opened.value->payloads);
    Append(again, opened.value->padding);
    FuzzExpect(again == body, "payloads and padding written back to the same octets");
    return 0;
}
