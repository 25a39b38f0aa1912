/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-rogue-cases.h"
#include "ikev1-rogue-faults.h"

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

using M = RogueMessage;
using F = RogueFault;

const std::string MESSAGE_2 = "send HDR, SA, KE, NONCE, ID, VID, VID, VID, HASH";

} // namespace

const std::vector<RogueCase>&
GetAggressiveRogueCases()
{
    // clang-format off
    static const std::vector<RogueCase> cases{
    {"aggressive mode, nothing wrong, as initiator",
     At(M::Aggressive1, [](F&) {}), MESSAGE_2, "1/1"},
    {"aggressive mode, nothing wrong, as responder",
     At(M::Aggressive2, [](F&) {}),
     "send HDR*, HASH; phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID", "1/1"},
    {"aggressive mode, message 3 encrypted",
     At(M::Aggressive3, [](F&) {}), "phase 1 up", "1/1"},
    {"aggressive mode, message 3 in the clear",
     At(M::Aggressive3, [](F& f) { f.inClear = true; }), "phase 1 up", "1/1"},
    {"aggressive mode, message 3 in the clear, marked as encrypted",
     At(M::Aggressive3, [](F& f) { f.inClear = true; f.flags = FLAG_ENCRYPTION; }),
     "drop: decrypted to no message: payload 1 (HASH): RESERVED is 158, not 0; send HDR, N", "0/0"},
    {"aggressive mode, message 3 encrypted, marked as clear",
     At(M::Aggressive3, [](F& f) { f.flags = 0; }),
     "drop: payload 1 (HASH): RESERVED is 177, not 0; send HDR, N", "0/0"},
    {"aggressive mode, wrong HASH_R",
     At(M::Aggressive2, [](F& f) { f.wrongHash = true; }),
     "drop: authentication-failed; send HDR, N", "0/0"},
    {"aggressive mode, wrong HASH_I",
     At(M::Aggressive3, [](F& f) { f.wrongHash = true; }),
     "drop: authentication-failed; send HDR, N", "0/0"},
    {"aggressive mode, wrong HASH_I in the clear",
     At(M::Aggressive3, [](F& f) { f.wrongHash = true; f.inClear = true; }),
     "drop: authentication-failed; send HDR, N", "0/0"},
    {"aggressive mode, empty HASH_R",
     At(M::Aggressive2, [](F& f) { f.hash = Octets(1, 0); }),
     "drop: authentication-failed; send HDR, N", "0/0"},
    {"aggressive mode, empty HASH_I",
     At(M::Aggressive3, [](F& f) { f.hash = Octets(1, 0); }),
     "drop: authentication-failed; send HDR, N", "0/0"},
    {"aggressive mode, no HASH_R",
     At(M::Aggressive2, [](F& f) { f.missing = PayloadType::Hash; }),
     "drop: neither HASH nor SIG in message 2 of aggressive-mode", "0/0"},
    {"aggressive mode, no HASH_I",
     At(M::Aggressive3, [](F& f) { f.missing = PayloadType::Hash;
                                      f.more = {VendorIdPayload{Octets(8, 1)}}; }),
     "drop: neither HASH nor SIG in message 3 of aggressive-mode; send HDR, N", "0/0"},
    {"aggressive mode, no SA in message 1",
     At(M::Aggressive1, [](F& f) { f.missing = PayloadType::Sa; }),
     "drop: no SA payload in message 1 of aggressive-mode", "0/0"},
    {"aggressive mode, no KE in message 1",
     At(M::Aggressive1, [](F& f) { f.missing = PayloadType::KeyExchange; }),
     "drop: no KE payload in message 1 of aggressive-mode", "0/0"},
    {"aggressive mode, no NONCE in message 1",
     At(M::Aggressive1, [](F& f) { f.missing = PayloadType::Nonce; }),
     "drop: no NONCE payload in message 1 of aggressive-mode", "0/0"},
    {"aggressive mode, no ID in message 1",
     At(M::Aggressive1, [](F& f) { f.missing = PayloadType::Identification; }),
     "drop: no ID payload in message 1 of aggressive-mode", "0/0"},
    {"aggressive mode, no KE in message 2",
     At(M::Aggressive2, [](F& f) { f.missing = PayloadType::KeyExchange; }),
     "drop: no KE payload in message 2 of aggressive-mode", "0/0"},
    {"aggressive mode, no NONCE in message 2",
     At(M::Aggressive2, [](F& f) { f.missing = PayloadType::Nonce; }),
     "drop: no NONCE payload in message 2 of aggressive-mode", "0/0"},
    {"aggressive mode, no ID in message 2",
     At(M::Aggressive2, [](F& f) { f.missing = PayloadType::Identification; }),
     "drop: no ID payload in message 2 of aggressive-mode", "0/0"},
    {"aggressive mode, two KE in message 1",
     At(M::Aggressive1, [](F& f) { f.twice = PayloadType::KeyExchange; }),
     "drop: 2 KE payloads in message 1 of aggressive-mode", "0/0"},
    {"aggressive mode, two ID in message 2",
     At(M::Aggressive2, [](F& f) { f.twice = PayloadType::Identification; }),
     "drop: 2 ID payloads in message 2 of aggressive-mode", "0/0"},
    {"aggressive mode, SA is not the first payload",
     At(M::Aggressive1, [](F& f) { f.reversed = true; }),
     "drop: SA is not the first payload", "0/0"},
    {"aggressive mode, public value 0 in message 1",
     At(M::Aggressive1, [](F& f) { f.publicValue = Small(0); }),
     "send HDR, N; phase 1 fails: invalid-key-exchange", "0/0"},
    {"aggressive mode, public value 1 in message 1",
     At(M::Aggressive1, [](F& f) { f.publicValue = Small(1); }),
     "send HDR, N; phase 1 fails: invalid-key-exchange", "0/0"},
    {"aggressive mode, public value 0 in message 2",
     At(M::Aggressive2, [](F& f) { f.publicValue = Small(0); }),
     "drop: invalid-key-exchange; send HDR, N", "0/0"},
    {"aggressive mode, public value 1 in message 2",
     At(M::Aggressive2, [](F& f) { f.publicValue = Small(1); }),
     "drop: invalid-key-exchange; send HDR, N", "0/0"},
    {"aggressive mode, public value of 8 octets in message 1",
     At(M::Aggressive1, [](F& f) { f.publicValue = Octets(8, 7); }),
     "drop: no-proposal-chosen; phase 1 fails: no-proposal-chosen; send HDR, N", "0/0"},
    {"aggressive mode, a point of ECP that is none in message 1",
     At(M::Aggressive1, [](F& f) { f.publicValue = Octets(64, 7); }),
     "send HDR, N; phase 1 fails: invalid-key-exchange", "0/0", DhGroup::Ecp256},
    {"aggressive mode, nonce of 60000 octets in message 1",
     At(M::Aggressive1, [](F& f) { f.nonce = Octets(60000, 7); }),
     "drop: NONCE of 60000 octets, not 8 to 256", "0/0"},
    {"aggressive mode, nonce of 4 octets in message 1",
     At(M::Aggressive1, [](F& f) { f.nonce = Octets(4, 7); }),
     "drop: NONCE of 4 octets, not 8 to 256", "0/0"},
    {"aggressive mode, nonce of 60000 octets in message 2",
     At(M::Aggressive2, [](F& f) { f.nonce = Octets(60000, 7); }),
     "drop: NONCE of 60000 octets, not 8 to 256", "0/0"},
    {"aggressive mode, unknown cipher in message 1",
     At(M::Aggressive1, [](F& f) { f.cipher = 99; }),
     "drop: no-proposal-chosen; phase 1 fails: no-proposal-chosen; send HDR, N", "0/0"},
    {"aggressive mode, a cipher never offered in message 2",
     At(M::Aggressive2, [](F& f) { f.cipher = 7; }),
     "drop: the answer is not one of the offered proposals", "0/0"},
    {"aggressive mode, message 3 is never sent",
     At(M::Aggressive3, [](F& f) { f.copies = 0; }), "", "0/0"},
    {"aggressive mode, message 1 three times",
     At(M::Aggressive1, [](F& f) { f.copies = 3; }),
     MESSAGE_2 + " | seen before; again HDR, SA, KE, NONCE, ID, VID, VID, VID, HASH | seen "
     "before; again HDR, SA, KE, NONCE, ID, VID, VID, VID, HASH", "1/1"},
    {"aggressive mode, message 2 three times",
     At(M::Aggressive2, [](F& f) { f.copies = 3; }),
     "send HDR*, HASH; phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID | seen before; "
     "again HDR*, HASH | seen before; again HDR*, HASH", "1/1"},
    {"aggressive mode, message 3 three times",
     At(M::Aggressive3, [](F& f) { f.copies = 3; }),
     "phase 1 up | seen before | seen before", "1/1"},
    {"aggressive mode, another CKY-I in message 2",
     At(M::Aggressive2, [](F& f) { f.initiatorCookie = true; }),
     "drop: no ISAKMP SA with these cookies", "0/0"},
    {"aggressive mode, another CKY-R in message 3",
     At(M::Aggressive3, [](F& f) { f.responderCookie = true; }),
     "drop: no ISAKMP SA with these cookies", "0/0"},
    {"aggressive mode, message 2 as if it were of main mode",
     At(M::Aggressive2, [](F& f) { f.exchange = 2; }),
     "drop: no main-mode message is awaited", "0/0"},
    {"aggressive mode, message 3 as if it were of main mode",
     At(M::Aggressive3, [](F& f) { f.exchange = 2; }),
     "drop: no main-mode message is awaited", "0/0"},
    {"main mode, message 5 as if it were of aggressive mode",
     At(M::MainMode5, [](F& f) { f.exchange = 4; }),
     "drop: no aggressive-mode message is awaited", "0/0"},
    {"aggressive mode, message ID in message 1",
     At(M::Aggressive1, [](F& f) { f.messageId = 77; }),
     "drop: message ID is not 0 in aggressive-mode", "0/0"},
    {"aggressive mode, message ID in message 3",
     At(M::Aggressive3, [](F& f) { f.messageId = 77; }),
     "drop: no aggressive-mode message is awaited", "0/0"},
    {"aggressive mode where it is not accepted",
     At(M::Aggressive1, [](F&) {}),
     "drop: aggressive mode is not accepted", "0/0", DhGroup::Modp1024,
     [](EngineConfig& c) { c.acceptAggressive = false; }},
    };
    // clang-format on
    return cases;
}

} // namespace tests
} // namespace ike
} // namespace ns3
