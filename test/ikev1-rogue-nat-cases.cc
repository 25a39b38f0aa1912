/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-rogue-bench.h"
#include "ikev1-rogue-cases.h"

/**
 * @file
 * NAT traversal: NAT-D payloads that are wrong (RFC 3947 3.2), and messages from where nobody was.
 */
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

const IpAddress STRANGER = IpAddress::V4(0xc0000209); ///< 192.0.2.9
const Endpoint ENGINE{AddressOf(B), 500};             ///< as the rogue sees it
const Endpoint HERE{ROGUE, 500};                      ///< the rogue
const Endpoint PRIVATE{IpAddress::V4(0xc0a80107), 1}; ///< the rogue, if a NAT stood before it

/// RFC 3947 3.1: MD5 of "RFC 3947".
const Octets RFC3947{0x4a,
                     0x13,
                     0x1c,
                     0x81,
                     0x07,
                     0x03,
                     0x58,
                     0x45,
                     0x5c,
                     0x57,
                     0x28,
                     0xf2,
                     0x0e,
                     0x95,
                     0x45,
                     0x2f};

/// A rogue that can traverse NATs.
RogueFault
Able(std::vector<Endpoint> natDiscovery = {})
{
    RogueFault fault;
    fault.vendorIds = {VendorIdPayload{RFC3947}};
    fault.natDiscovery = std::move(natDiscovery);
    return fault;
}

/// The same with NAT-D payloads of these bodies in one message, besides the right ones.
RogueFault
Says(RogueMessage message, const std::vector<Octets>& bodies, const RogueFault& base = Able())
{
    RogueFault fault = base;
    fault.message = message;
    for (const Octets& body : bodies)
    {
        fault.more.push_back(OpaquePayload{static_cast<uint8_t>(PayloadType::NatDiscovery), body});
    }
    return fault;
}

std::vector<Octets>
Times(size_t count, const Octets& body)
{
    return std::vector<Octets>(count, body);
}

RogueFault
Unable(RogueFault fault)
{
    fault.vendorIds.clear();
    return fault;
}

const Octets WRONG(20, 0x77); ///< as long as SHA-1

// --- Where the peer is ---------------------------------------------------------------------------

/// Where the engine takes its SAs with the rogue to be: "4500 > 4500", ports of both ends.
std::string
PortsOf(const Bench& bench, const IpAddress& peer)
{
    std::string text;
    for (const IsakmpSaView& sa : bench.engine.GetIsakmpSas())
    {
        if (sa.peer == peer)
        {
            text += (text.empty() ? "" : ", ") + std::to_string(sa.localPort) + " > " +
                    std::to_string(sa.peerPort);
        }
    }
    return text;
}

/// Where strangers are, and to which port they write.
struct Place
{
    std::string name; ///< of the place
    uint16_t port;    ///< of the engine
    Endpoint from;    ///< of the stranger
};

const std::vector<Place> PLACES{
    {"another port", 500, Endpoint{ROGUE, 666}},
    {"port 4500", 4500, Endpoint{ROGUE, 4500}},
    {"port 4500 to 500", 500, Endpoint{ROGUE, 4500}},
    {"another address", 500, Endpoint{STRANGER, 500}},
    {"another address, port 4500", 4500, Endpoint{STRANGER, 4500}},
};

/// Messages under the cookies of an SA by somebody who has no keys.
std::vector<Octets>
Forgeries(const IsakmpIdentity& sa)
{
    std::vector<Octets> forgeries;
    for (ExchangeType exchange : {ExchangeType::IdentityProtection,
                                  ExchangeType::Aggressive,
                                  ExchangeType::QuickMode,
                                  ExchangeType::Informational})
    {
        for (uint32_t messageId : {0U, 0x1000U, 0x4242U})
        {
            Header header;
            header.initiatorCookie = sa.initiatorCookie;
            header.responderCookie = sa.responderCookie;
            header.exchange = exchange;
            header.messageId = messageId;
            const Octets clear =
                WriteMessage(Message{header, {MakeNotify(24578, ProtocolId::Isakmp, {})}, {}});
            Octets sealed = clear;
            sealed[19] = FLAG_ENCRYPTION;
            forgeries.push_back(clear);
            forgeries.push_back(sealed);
        }
    }
    return forgeries;
}

/// A rogue before whom there is a NAT, or which says so; what it has sent is kept.
struct Guest
{
    RoguePeer rogue;          ///< with keys
    std::vector<Octets> tape; ///< all that it has sent
};

/// Phase 1 up to a message, from port 500; after message 4 from port 4500.
Guest
Invite(Bench& bench, const RogueFault& fault, RogueMessage last)
{
    Guest guest{RoguePeer(GetLabCrypto(),
                          Role::Initiator,
                          ROGUE,
                          ToOctets("secret"),
                          DhGroup::Modp1024,
                          fault),
                {}};
    std::vector<Octets> next = guest.rogue.Begin();
    while (!next.empty())
    {
        guest.tape.push_back(next.at(0));
        const uint16_t port = guest.rogue.GetSent() < RogueMessage::MainMode5 ? 500 : 4500;
        bench.TakeAt(port, Endpoint{ROGUE, port}, next.at(0));
        next.clear();
        if (guest.rogue.GetSent() == RogueMessage::MainMode5 && last == RogueMessage::QuickMode1 &&
            !bench.sent.empty())
        {
            guest.rogue.Hear(bench.sent.front()); // message 6
            bench.sent.clear();
            next = guest.rogue.BeginQuickMode();
        }
        else if (guest.rogue.GetSent() != last && !bench.sent.empty())
        {
            next = guest.rogue.Hear(bench.sent.front());
            bench.sent.clear();
        }
    }
    return guest;
}

/// Nobody moves a peer without its keys, neither before the SA stands nor after: not by forgeries,
/// not by what was heard before, and nobody but the peer floats to port 4500 (RFC 3947 4).
void
StrangersMoveNobody(LabTest& t)
{
    for (bool isNat : {false, true})
    {
        for (M last : {M::MainMode1, M::MainMode3, M::MainMode5, M::QuickMode1})
        {
            Bench bench(false);
            Guest guest = Invite(bench, Able({ENGINE, isNat ? PRIVATE : HERE}), last);
            const std::string when = "after message " + std::to_string(static_cast<int>(last)) +
                                     (isNat ? ", NAT" : "") + ": ";
            const std::string before = PortsOf(bench, ROGUE);
            const EngineLoad load = bench.engine.GetLoad();
            t.ExpectEqual(before, last < M::MainMode5 ? "500 > 500" : "4500 > 4500", when);
            for (const Place& place : PLACES)
            {
                for (const Octets& forgery : Forgeries(guest.rogue.GetIdentity()))
                {
                    bench.sentTo.clear();
                    bench.TakeAt(place.port, place.from, forgery);
                    t.Expect(bench.sentTo.empty() || bench.sentTo.front().address == ROGUE,
                             when + "no answer to " + place.name);
                }
                for (size_t i = 1; i < guest.tape.size(); i++) // message 1 begins one more
                {
                    bench.TakeAt(place.port, place.from, guest.tape[i]);
                }
                t.ExpectEqual(PortsOf(bench, ROGUE), before, when + place.name);
            }
            t.ExpectEqual(bench.moves, 0U, when + "no pair has moved");
            t.ExpectEqual(bench.engine.GetLoad().isakmpSas, load.isakmpSas, when + "SAs");
            t.ExpectEqual(bench.engine.GetLoad().messageIds, load.messageIds, when + "IDs");
            t.ExpectEqual(bench.engine.GetLoad().quickModes, load.quickModes, when + "quick modes");
            t.Expect(bench.IsHonestUntouched(), when + "what stood stands");
        }
    }
}

/// With its keys a peer may be elsewhere: at another port when both ends can traverse NATs, at
/// another address when there is a NAT before it besides.
void
WhoHasKeysMoves(LabTest& t)
{
    struct Case
    {
        std::string name; ///< what was found out
        RogueFault fault; ///< how
        bool port;        ///< it may be at another port
        bool address;     ///< it may be at another address
    };

    for (const Case& c : {Case{"unable", Unable(Able({ENGINE, HERE})), false, false},
                          Case{"offered, and absent", Able(), false, false},
                          Case{"no NAT", Able({ENGINE, HERE}), true, false},
                          Case{"NAT", Able({ENGINE, PRIVATE}), true, true}})
    {
        Bench bench(false);
        Guest guest = Invite(bench, c.fault, M::QuickMode1);
        const DeletePayload d = MakeDelete(ProtocolId::Esp, SpiOctets(0x999));
        const std::string before = PortsOf(bench, ROGUE);
        bench.TakeAt(4500, Endpoint{ROGUE, 666}, guest.rogue.Inform({d}).at(0));
        t.ExpectEqual(PortsOf(bench, ROGUE),
                      c.port ? "4500 > 666" : before,
                      c.name + ": another port");
        bench.TakeAt(4500, Endpoint{STRANGER, 777}, guest.rogue.Inform({d}).at(0));
        t.ExpectEqual(PortsOf(bench, ROGUE),
                      c.address ? "4500 > 777"
                      : c.port  ? "4500 > 666"
                                : before,
                      c.name + ": another address");
        t.Expect(bench.IsHonestUntouched(), c.name + ": what stood stands");
    }
}

/// A rogue with keys of its own says that it is where the honest peer is, and then elsewhere: what
/// stands with the honest peer does not come along.
void
NobodyIsTakenAlong(LabTest& t)
{
    Bench bench(false);
    Guest guest = Invite(bench, Able({ENGINE, PRIVATE}), M::QuickMode1);
    const std::string before = PortsOf(bench, AddressOf(A));
    const DeletePayload d = MakeDelete(ProtocolId::Esp, SpiOctets(0x999));
    bench.TakeAt(500, Endpoint{AddressOf(A), 500}, guest.rogue.Inform({d}).at(0));
    t.ExpectEqual(PortsOf(bench, ROGUE), "500 > 500", "it is there");
    bench.TakeAt(4500, Endpoint{STRANGER, 777}, guest.rogue.Inform({d}).at(0));
    t.ExpectEqual(PortsOf(bench, ROGUE), "4500 > 777", "and gone");
    t.ExpectEqual(PortsOf(bench, AddressOf(A)), before, "the honest peer is where it was");
    bench.sentTo.clear();
    bench.Give(ClearInput{std::nullopt, true, true});
    t.Expect(std::count(bench.sentTo.begin(), bench.sentTo.end(), Endpoint{AddressOf(A), 500}) > 0,
             "and hears of the end of its SAs");
}

/// First messages that come to port 4500 are as many as others.
void
FloodOnPort4500(LabTest& t)
{
    Bench bench(false);
    RoguePeer rogue(GetLabCrypto(),
                    Role::Initiator,
                    ROGUE,
                    ToOctets("secret"),
                    DhGroup::Modp1024,
                    Able());
    Octets octets = rogue.Begin().at(0);
    for (uint32_t i = 0; i < 500; i++)
    {
        octets[0] = static_cast<uint8_t>(i >> 8);
        octets[1] = static_cast<uint8_t>(i);
        const Endpoint from{ROGUE, static_cast<uint16_t>(1024 + i)};
        t.ExpectEqual(bench.TakeAt(i % 2 == 0 ? 4500 : 500, from, octets),
                      i < HALF_OPEN ? "send HDR, SA, VID, VID, VID"
                                    : "drop: half-open limit reached",
                      "message " + std::to_string(i));
    }
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, HALF_OPEN, "half open");
    t.Expect(bench.IsHonestUntouched(), "what stood stands");
    bench.PassTo(bench.now + ns3::ike::Duration::Seconds(61));
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, 0U, "all have expired");
}

/// What is left of a message when its non-ESP marker stands there twice, or was taken from what had
/// none (RFC 3948 2.2), and keepalives that were taken for messages.
void
Markers(LabTest& t)
{
    Bench bench(false);
    Guest guest = Invite(bench, Able({ENGINE, PRIVATE}), M::QuickMode1);
    const uint64_t before = bench.engine.GetFingerprint(bench.now);
    const std::string refusal = "drop: header: length ";
    for (const Octets& message : guest.tape)
    {
        for (const Octets& octets :
             {Concat({Octets(4, 0), message}), Octets(message.begin() + 4, message.end())})
        {
            const std::string words = bench.TakeAt(4500, Endpoint{ROGUE, 4500}, octets);
            t.ExpectEqual(words.substr(0, refusal.size()), refusal, words);
        }
    }
    for (unsigned i = 0; i < 1000; i++)
    {
        const Octets keepalive(i % 3, 0xff);
        bench.TakeAt(4500, Endpoint{ROGUE, static_cast<uint16_t>(i)}, keepalive);
    }
    t.ExpectEqual(bench.engine.GetFingerprint(bench.now), before, "nothing has changed");
}

} // namespace

const std::vector<RogueCase>&
GetNatRogueCases()
{
    // clang-format off
    static const std::vector<RogueCase> cases{
    {"NAT-D in message 3: nothing wrong, no NAT",
     Says(M::MainMode3, {}, Able({ENGINE, HERE})),
     "send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: a NAT before the rogue",
     Says(M::MainMode3, {}, Able({ENGINE, PRIVATE})),
     "NAT: remote; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: a NAT before the engine",
     Says(M::MainMode3, {}, Able({PRIVATE, HERE})),
     "NAT: local; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: in the other order",
     Says(M::MainMode3, {}, Able({HERE, ENGINE})),
     "NAT: both; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: offered, and absent",
     Says(M::MainMode3, {}),
     "send HDR, KE, NONCE", "1/1"},
    {"NAT-D in message 3: one alone",
     Says(M::MainMode3, {}, Able({ENGINE})),
     "send HDR, KE, NONCE", "1/1"},
    {"NAT-D in message 3: never offered",
     Says(M::MainMode3, {}, Unable(Able({ENGINE, HERE}))),
     "send HDR, KE, NONCE", "1/1"},
    {"NAT-D in message 3: both wrong",
     Says(M::MainMode3, Times(2, WRONG)),
     "NAT: both; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: both of no octets",
     Says(M::MainMode3, Times(2, {})),
     "NAT: both; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: both of one octet",
     Says(M::MainMode3, Times(2, Octets(1, 0))),
     "NAT: both; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: both of 30000 octets",
     Says(M::MainMode3, Times(2, Octets(30000, 0x77))),
     "NAT: both; send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 3: 400 wrong ones",
     Says(M::MainMode3, Times(400, WRONG)),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 3: 400 wrong ones behind the right ones",
     Says(M::MainMode3, Times(400, WRONG), Able({ENGINE, HERE})),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 3: 12000 of no octets",
     Says(M::MainMode3, Times(12000, {})),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 4: nothing wrong, no NAT",
     Says(M::MainMode4, {}, Able({ENGINE, HERE})),
     "send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: a NAT before the rogue",
     Says(M::MainMode4, {}, Able({ENGINE, PRIVATE})),
     "NAT: remote; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: a NAT before the engine",
     Says(M::MainMode4, {}, Able({PRIVATE, HERE})),
     "NAT: local; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: in the other order",
     Says(M::MainMode4, {}, Able({HERE, ENGINE})),
     "NAT: both; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: offered, and absent",
     Says(M::MainMode4, {}),
     "send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: one alone",
     Says(M::MainMode4, {}, Able({ENGINE})),
     "send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: never offered",
     Says(M::MainMode4, {}, Unable(Able({ENGINE, HERE}))),
     "send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: both wrong",
     Says(M::MainMode4, Times(2, WRONG)),
     "NAT: both; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: both of no octets",
     Says(M::MainMode4, Times(2, {})),
     "NAT: both; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: both of one octet",
     Says(M::MainMode4, Times(2, Octets(1, 0))),
     "NAT: both; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: both of 30000 octets",
     Says(M::MainMode4, Times(2, Octets(30000, 0x77))),
     "NAT: both; send HDR*, ID, HASH", "1/1"},
    {"NAT-D in message 4: 400 wrong ones",
     Says(M::MainMode4, Times(400, WRONG)),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 4: 400 wrong ones behind the right ones",
     Says(M::MainMode4, Times(400, WRONG), Able({ENGINE, HERE})),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 4: 12000 of no octets",
     Says(M::MainMode4, Times(12000, {})),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 1, where none belongs",
     Says(M::MainMode1, Times(2, WRONG), Able({ENGINE, HERE})),
     "send HDR, SA, VID, VID, VID", "1/1"},
    {"NAT-D in message 2, where none belongs",
     Says(M::MainMode2, Times(2, WRONG), Able({ENGINE, HERE})),
     "send HDR, KE, NONCE, NAT-D, NAT-D", "1/1"},
    {"NAT-D in message 5, where none belongs",
     Says(M::MainMode5, Times(2, WRONG), Able({ENGINE, HERE})),
     "send HDR*, ID, HASH; phase 1 up", "1/1"},
    {"NAT-D in message 6, where none belongs",
     Says(M::MainMode6, Times(2, WRONG), Able({ENGINE, HERE})),
     "phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID", "1/1"},
    {"NAT-D in quick mode 1: both wrong",
     Says(M::QuickMode1, Times(2, WRONG)),
     "send HDR*, HASH, SA, NONCE, ID, ID", "1/1"},
    {"NAT-D in quick mode 3: both wrong",
     Says(M::QuickMode3, Times(2, WRONG)),
     "pair up", "1/1"},
    {"NAT-D in aggressive mode 1: both wrong",
     Says(M::Aggressive1, Times(2, WRONG)),
     "send HDR, SA, KE, NONCE, ID, VID, VID, VID, NAT-D, NAT-D, HASH", "1/1"},
    {"NAT-D in aggressive mode 2: both wrong",
     Says(M::Aggressive2, Times(2, WRONG)),
     "NAT: both; send HDR*, HASH, NAT-D, NAT-D; phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID", "1/1"},
    {"NAT-D in aggressive mode 3: both wrong",
     Says(M::Aggressive3, Times(2, WRONG)),
     "NAT: both; phase 1 up", "1/1"},
    {"NAT-D in aggressive mode 2: offered, and absent",
     Says(M::Aggressive2, {}),
     "send HDR*, HASH; phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID", "1/1"},
    {"NAT-D in aggressive mode 3: offered, and absent",
     Says(M::Aggressive3, {}),
     "phase 1 up", "1/1"},
    {"NAT-D in aggressive mode 2: of no octets",
     Says(M::Aggressive2, Times(2, {})),
     "NAT: both; send HDR*, HASH, NAT-D, NAT-D; phase 1 up; send HDR*, HASH, SA, NONCE, ID, ID", "1/1"},
    {"NAT-D in aggressive mode 3: of no octets",
     Says(M::Aggressive3, Times(2, {})),
     "NAT: both; phase 1 up", "1/1"},
    {"NAT-D in aggressive mode 2: 400 wrong ones",
     Says(M::Aggressive2, Times(400, WRONG)),
     "drop: payload 65 (NAT-D): more than 64 payloads", "0/0"},
    {"NAT-D in message 3, length 65535",
     [] { F f = Says(M::MainMode3, Times(2, WRONG)); f.payloadLength = 65535; return f; }(),
     "drop: payload 1 (KE): length 65535 exceeds the 204 octets left", "0/0"},
    };
    // clang-format on
    return cases;
}

const std::vector<RogueTest>&
GetNatRogueTests()
{
    static const std::vector<RogueTest> tests{
        {"strangers move nobody", StrangersMoveNobody},
        {"who has keys moves", WhoHasKeysMoves},
        {"nobody is taken along", NobodyIsTakenAlong},
        {"flood of first messages on port 4500", FloodOnPort4500},
        {"non-ESP markers twice and none", Markers},
    };
    return tests;
}

} // namespace tests
} // namespace ike
} // namespace ns3
