/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ikev1-rogue-bench.h"
#include "ikev1-rogue-cases.h"

#include <algorithm>

/**
 * @file
 * The suite "ikev1-rogue": an engine with an SA that stands, and a peer that does one thing wrong.
 * Each case says what the engine does at once, and what stands with the rogue in the end. Whatever
 * the rogue does, what stands with the honest peer stays, and nothing is left of the rogue when its
 * time is over.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

void
RunCase(LabTest& t, const RogueCase& c)
{
    const Role role = RoleIn(c.fault.message);
    const bool isAggressive = c.fault.message >= RogueMessage::Aggressive1;
    Bench bench(role == Role::Responder, [&c, isAggressive](EngineConfig& config) {
        config.connections.back().aggressive = isAggressive;
        if (c.tweak)
        {
            c.tweak(config);
        }
    });
    RoguePeer rogue(GetLabCrypto(), role, ROGUE, ToOctets("secret"), c.group, c.fault);
    std::string answer;
    if (role == Role::Initiator)
    {
        answer = Converse(bench,
                          rogue,
                          c.fault.message,
                          isAggressive ? rogue.BeginAggressive() : rogue.Begin());
        if (rogue.IsEstablished() && c.fault.copies > 0 &&
            c.fault.message != RogueMessage::Informational)
        {
            answer += Converse(bench, rogue, c.fault.message, rogue.BeginQuickMode());
        }
        if (c.fault.message == RogueMessage::Informational)
        {
            DeletePayload d;
            d.spis.push_back(Octets(16, 1));
            answer += Converse(bench, rogue, c.fault.message, rogue.Inform({d}));
        }
    }
    else
    {
        bench.Give(LinkChangeInput{ROGUE_TUNNEL, true});
        answer = Converse(bench, rogue, c.fault.message, {});
    }
    t.ExpectEqual(answer, c.answer, c.name + ": answer");
    t.ExpectEqual(bench.WithRogue(), c.stands, c.name + ": stands");
    t.Expect(bench.IsHonestUntouched(), c.name + ": what stood stands");
    t.Expect(bench.engine.GetLoad().jobs == 0, c.name + ": no job is left");
    t.Expect(bench.engine.GetLoad().isakmpSas <= 2, c.name + ": one attempt at most");
    bench.Give(LinkChangeInput{ROGUE_TUNNEL, false});
    bench.PassTo(bench.now + ns3::ike::Duration::Seconds(600));
    t.Expect(bench.IsHonestUntouched(), c.name + ": still, after ten minutes");
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, 0U, c.name + ": half-open attempts are over");
    t.ExpectEqual(bench.engine.GetLoad().quickModes, 0U, c.name + ": quick modes are forgotten");
}

// --- Strangers: nothing of this is authentic -----------------------------------------------------

/// Every notify there is, in the clear, with the honest peer's address and cookies.
void
SpoofedNotifies(LabTest& t)
{
    Bench bench(false);
    const uint64_t before = bench.engine.GetFingerprint(bench.now);
    std::vector<uint16_t> types{16384, 24576, 24577, 24578, 36136, 36137, 65535};
    for (uint16_t type = 0; type <= 31; type++)
    {
        types.push_back(type);
    }
    for (uint16_t type : types)
    {
        for (const auto& [protocol, spi] :
             {std::make_pair(ProtocolId::Isakmp, CookiesOf(bench.honest)),
              std::make_pair(ProtocolId::Esp, SpiOctets(bench.honestPair.inboundSpi)),
              std::make_pair(ProtocolId::Esp, SpiOctets(bench.honestPair.outboundSpi))})
        {
            Header header;
            header.initiatorCookie = bench.honest.initiatorCookie;
            header.responderCookie = bench.honest.responderCookie;
            header.exchange = ExchangeType::Informational;
            const NotifyPayload notify = MakeNotify(type, protocol, spi);
            const std::string words =
                bench.Take(AddressOf(A), WriteMessage(Message{header, {notify}, {}}));
            t.ExpectEqual(words,
                          "hear " + ToString(notify.type) + " (unprotected, ignored)",
                          "notify " + std::to_string(type));
        }
    }
    t.ExpectEqual(bench.engine.GetFingerprint(bench.now), before, "nothing has changed");
}

/// Deletes in the clear, for all that stands.
void
SpoofedDeletes(LabTest& t)
{
    Bench bench(false);
    const uint64_t before = bench.engine.GetFingerprint(bench.now);
    Header header;
    header.initiatorCookie = bench.honest.initiatorCookie;
    header.responderCookie = bench.honest.responderCookie;
    header.exchange = ExchangeType::Informational;
    for (const DeletePayload& d :
         {MakeDelete(ProtocolId::Isakmp, CookiesOf(bench.honest)),
          MakeDelete(ProtocolId::Esp, SpiOctets(bench.honestPair.outboundSpi)),
          MakeDelete(ProtocolId::Esp, SpiOctets(bench.honestPair.inboundSpi))})
    {
        const Octets octets = WriteMessage(Message{header, {d}, {}});
        t.ExpectEqual(bench.Take(AddressOf(A), octets), "drop: no notify in it", "a Delete");
        // and as if it were encrypted: octets that are nobody's
        Octets encrypted = octets;
        encrypted[19] = FLAG_ENCRYPTION;
        bench.Take(AddressOf(A), encrypted);
    }
    t.ExpectEqual(bench.engine.GetFingerprint(bench.now), before, "nothing has changed");
}

/// Message 1 with ever other cookies, from one address and from many.
void
FloodOfCookies(LabTest& t)
{
    Bench bench(false);
    RoguePeer rogue(GetLabCrypto(),
                    Role::Initiator,
                    ROGUE,
                    ToOctets("secret"),
                    DhGroup::Modp1024,
                    {});
    const Octets first = rogue.Begin().at(0);
    const size_t peers = bench.engine.GetLoad().peers;
    for (uint32_t i = 0; i < 3000; i++)
    {
        Octets octets = first;
        octets[0] = static_cast<uint8_t>(i >> 8);
        octets[1] = static_cast<uint8_t>(i);
        const IpAddress from = i % 2 == 0 ? ROGUE : IpAddress::V4(0xc0000000 + i);
        const std::string words = bench.Take(from, octets);
        t.ExpectEqual(words,
                      i < HALF_OPEN ? "send HDR, SA, VID, VID, VID"
                                    : "drop: half-open limit reached",
                      "message " + std::to_string(i));
    }
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, HALF_OPEN, "half open");
    t.ExpectEqual(bench.engine.GetLoad().peers, peers, "nothing is kept of strangers");
    t.Expect(bench.IsHonestUntouched(), "what stood stands");
    bench.PassTo(bench.now + ns3::ike::Duration::Seconds(61));
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, 0U, "all have expired");
    bench.sent.clear();
    Befriend(bench, {}, true);
    t.ExpectEqual(bench.WithRogue(), "1/1", "an honest one afterwards");
}

/// The same in aggressive mode, where each costs an exponentiation.
void
AggressiveFlood(LabTest& t)
{
    Bench bench(false);
    RoguePeer rogue(GetLabCrypto(),
                    Role::Initiator,
                    ROGUE,
                    ToOctets("secret"),
                    DhGroup::Modp1024,
                    {});
    Octets octets = rogue.BeginAggressive().at(0);
    for (uint32_t i = 0; i < 100; i++)
    {
        octets[0] = static_cast<uint8_t>(i);
        t.ExpectEqual(bench.Take(ROGUE, octets),
                      i < HALF_OPEN ? "send HDR, SA, KE, NONCE, ID, VID, VID, VID, HASH"
                                    : "drop: half-open limit reached",
                      "message " + std::to_string(i));
    }
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, HALF_OPEN, "half open");
    t.Expect(bench.IsHonestUntouched(), "what stood stands");
    bench.PassTo(bench.now + ns3::ike::Duration::Seconds(61));
    t.ExpectEqual(bench.engine.GetLoad().halfOpen, 0U, "all have expired");
}

// --- A peer with keys of its own -----------------------------------------------------------------

/// Authentic under the rogue's own ISAKMP SA, about what is the honest peer's.
void
OthersSas(LabTest& t)
{
    Bench bench(false);
    RoguePeer rogue = Befriend(bench, {}, true);
    t.ExpectEqual(bench.WithRogue(), "1/1", "the rogue is a peer");
    const Octets cookies = CookiesOf(bench.honest);
    const Octets in = SpiOctets(bench.honestPair.inboundSpi);
    const Octets out = SpiOctets(bench.honestPair.outboundSpi);

    struct Case
    {
        std::string name;
        Payload payload;
        std::string answer;
    };

    for (const Case& c :
         {Case{"Delete of its ISAKMP SA", MakeDelete(ProtocolId::Isakmp, cookies), ""},
          Case{"Delete of its outbound SPI", MakeDelete(ProtocolId::Esp, out), ""},
          Case{"Delete of its inbound SPI", MakeDelete(ProtocolId::Esp, in), ""},
          Case{"Delete as AH", MakeDelete(ProtocolId::Ah, out), ""},
          Case{"NO-PROPOSAL-CHOSEN",
               MakeNotify(14, ProtocolId::Esp, in),
               "hear NO-PROPOSAL-CHOSEN"},
          Case{"INVALID-SPI", MakeNotify(11, ProtocolId::Esp, out), "hear INVALID-SPI"},
          Case{"INVALID-COOKIE", MakeNotify(4, ProtocolId::Isakmp, cookies), "hear INVALID-COOKIE"},
          Case{"INITIAL-CONTACT",
               MakeNotify(24578, ProtocolId::Isakmp, cookies),
               "hear INITIAL-CONTACT"}})
    {
        const std::string words = bench.Take(ROGUE, rogue.Inform({c.payload}).at(0));
        t.ExpectEqual(words, c.answer, c.name);
        t.Expect(bench.IsHonestUntouched(), c.name + ": what stood stands");
    }
}

/// RFC 3706 5: only a question with the cookies of its SA and a newer number is answered.
void
Questions(LabTest& t)
{
    Bench bench(false);
    RoguePeer rogue = Befriend(bench, {}, true);
    const auto ask = [&](const Octets& spi, const Octets& number, uint16_t type = 36136) {
        NotifyPayload n = MakeNotify(type, ProtocolId::Isakmp, spi);
        n.data = number;
        return rogue.Inform({n}).at(0);
    };
    const Octets own = CookiesOf(rogue.GetIdentity());
    const Octets first = ask(own, {0, 0, 0, 9});
    const std::string answered = "hear R-U-THERE; send HDR*, HASH, N";
    const std::string notDue = "drop: R-U-THERE with a number that is not due";
    const std::string noNumber = "drop: R-U-THERE without the cookies or without a number";
    t.ExpectEqual(bench.Take(ROGUE, first), answered, "a first one");
    // the acknowledgement may have been lost: the last question is answered again
    t.ExpectEqual(bench.Take(ROGUE, first), answered, "replayed");
    t.ExpectEqual(bench.Take(ROGUE, ask(own, {0, 0, 0, 9})), answered, "the same number");
    t.ExpectEqual(bench.Take(ROGUE, ask(own, {0, 0, 0, 8})), notDue, "an older number");
    t.ExpectEqual(bench.Take(ROGUE, ask(own, {0, 0})), noNumber, "half a number");
    t.ExpectEqual(bench.Take(ROGUE, ask(own, {})), noNumber, "no number");
    t.ExpectEqual(bench.Take(ROGUE, ask(CookiesOf(bench.honest), {0, 0, 0, 10})),
                  noNumber,
                  "the cookies of another SA");
    t.ExpectEqual(bench.Take(ROGUE, ask({}, {0, 0, 0, 10})), noNumber, "no cookies");
    t.ExpectEqual(bench.Take(ROGUE, ask(own, {0, 0, 0, 1}, 36137)),
                  "drop: R-U-THERE-ACK with a number that is not due",
                  "an answer to nothing");
    t.ExpectEqual(bench.Take(ROGUE, ask(own, {0, 0, 0, 10})), answered, "the next one");
    t.ExpectEqual(bench.WithRogue(), "1/1", "all stands");
    t.Expect(bench.IsHonestUntouched(), "what stood stands");
}

/// Message IDs are used once.
void
MessageIdAgain(LabTest& t)
{
    Bench bench(false);
    RogueFault fault;
    fault.message = RogueMessage::Informational;
    fault.messageId = 0x1000; // of its quick mode
    RoguePeer rogue = Befriend(bench, fault, true);
    const DeletePayload d = MakeDelete(ProtocolId::Esp, SpiOctets(rogue.GetSpi()));
    t.ExpectEqual(bench.Take(ROGUE, rogue.Inform({d}).at(0)),
                  "drop: the message ID was used before",
                  "an informational exchange with the ID of a quick mode");
    t.ExpectEqual(bench.WithRogue(), "1/1", "all stands");
}

/// All that a rogue has ever said, once more, several times, in both orders.
void
ReplayOfAll(LabTest& t)
{
    Bench bench(false);
    RoguePeer rogue(GetLabCrypto(),
                    Role::Initiator,
                    ROGUE,
                    ToOctets("secret"),
                    DhGroup::Modp1024,
                    {});
    std::vector<Octets> tape;
    const auto say = [&](std::vector<Octets> next) {
        while (!next.empty())
        {
            tape.push_back(next.at(0));
            bench.Take(ROGUE, next.at(0));
            next.clear();
            if (!bench.sent.empty())
            {
                next = rogue.Hear(bench.sent.front());
                bench.sent.clear();
            }
        }
    };
    say(rogue.Begin());
    say(rogue.BeginQuickMode());
    say(rogue.Inform({MakeDelete(ProtocolId::Esp, Octets(4, 9))}));
    t.ExpectEqual(bench.WithRogue(), "1/1", "the rogue is a peer");
    const EngineLoad load = bench.engine.GetLoad();
    for (unsigned round = 0; round < 4; round++)
    {
        for (const Octets& octets : tape)
        {
            bench.Take(ROGUE, octets);
            bench.Take(AddressOf(A), octets);
        }
        std::reverse(tape.begin(), tape.end());
    }
    t.ExpectEqual(bench.WithRogue(), "1/1", "nothing went, nothing came");
    t.ExpectEqual(bench.engine.GetLoad().quickModes, load.quickModes, "quick modes");
    t.ExpectEqual(bench.engine.GetLoad().messageIds, load.messageIds, "message IDs");
    t.Expect(bench.engine.GetLoad().halfOpen <= 1, "message 1 from another address at most");
    t.Expect(bench.IsHonestUntouched(), "what stood stands");
}

/// The suite "ikev1-rogue".
class Ikev1RogueTestSuite : public TestSuite
{
  public:
    Ikev1RogueTestSuite()
        : TestSuite("ikev1-rogue", Type::UNIT)
    {
        for (const auto* cases : {&GetRogueCases(),
                                  &GetAggressiveRogueCases(),
                                  &GetSignatureRogueCases(),
                                  &GetNatRogueCases()})
        {
            for (const RogueCase& c : *cases)
            {
                Add(c.name, [c](LabTest& t) { RunCase(t, c); });
            }
        }
        for (const RogueTest& test : GetNatRogueTests())
        {
            Add(test.name, test.body);
        }
        Add("every notify in the clear", SpoofedNotifies);
        Add("Deletes in the clear", SpoofedDeletes);
        Add("flood of first messages with other cookies", FloodOfCookies);
        Add("Deletes and notifies for others' SAs", OthersSas);
        Add("questions of dead peer detection", Questions);
        Add("flood of first messages of aggressive mode", AggressiveFlood);
        Add("a message ID once more", MessageIdAgain);
        Add("all messages once more", ReplayOfAll);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1RogueTestSuite g_ikev1RogueTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
