/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include <deque>

/**
 * @file
 * The suite "ikev1-scale": what an input costs does not depend on how many peers there are, and the
 * indexes that make it so are right after whatever happens.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr uint32_t HUB_ADDRESS = 0x0a000001;
constexpr uint32_t FIRST_SPOKE = 0x0a010001;

// --- The work of an input --------------------------------------------------------------------

EngineConfig
MakeStarConfig(size_t count, bool isHub, uint32_t spoke)
{
    EngineConfig config = MakeConfig(isHub ? B : A);
    const ConnectionConfig like = config.connections[0];
    config.connections.clear();
    config.policies[0].group = DhGroup::Modp768;
    for (uint32_t i = 0; i < count; i++)
    {
        ConnectionConfig c = like;
        c.id = i + 1;
        c.local = IpAddress::V4(isHub ? HUB_ADDRESS : FIRST_SPOKE + spoke);
        c.peer = IpAddress::V4(isHub ? FIRST_SPOKE + i : HUB_ADDRESS);
        c.keepalive = DpdConfig{ns3::ike::Duration::Seconds(60)};
        config.connections.push_back(c);
    }
    config.keys = {PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("cisco")}};
    return config;
}

/// A hub, and one spoke at a time: only the hub is looked at.
class Star
{
  public:
    explicit Star(size_t spokes)
        : m_hub(std::make_shared<EngineConfig>(MakeStarConfig(spokes, true, 0)), MakeWorldKey(1, 0))
    {
    }

    /// A spoke begins; all that follows at once is done.
    void Begin(uint32_t spoke)
    {
        Engine other(std::make_shared<EngineConfig>(MakeStarConfig(1, false, spoke)),
                     MakeWorldKey(1, spoke + 1));
        m_toSpoke = {LinkChangeInput{1, true}};
        while (!m_toSpoke.empty() || !m_toHub.empty())
        {
            const bool isHub = m_toSpoke.empty();
            std::deque<Input>& inputs = isHub ? m_toHub : m_toSpoke;
            const Input input = inputs.front();
            inputs.pop_front();
            Apply(isHub, (isHub ? m_hub : other).Handle(m_now, input, *GetLabCrypto()));
        }
    }

    /// The hub's next timer; what it wants to send is lost.
    void Wait()
    {
        m_now = m_hub.NextDeadline();
        Apply(true, m_hub.Handle(m_now, TimeoutInput(), *GetLabCrypto()));
        m_toSpoke.clear();
    }

    /// ESP with an SPI that the hub does not know.
    void SendUnknown(uint32_t spoke)
    {
        const UnknownSpiInput input{IpAddress::V4(HUB_ADDRESS),
                                    IpAddress::V4(FIRST_SPOKE + spoke),
                                    77};
        m_hub.Handle(m_now, input, *GetLabCrypto());
    }

    const Engine& GetHub() const
    {
        return m_hub;
    }

  private:
    void Apply(bool isHub, const Actions& actions)
    {
        for (const Action& action : actions)
        {
            if (const auto* send = std::get_if<SendAction>(&action))
            {
                (isHub ? m_toSpoke : m_toHub)
                    .push_back(DatagramInput{send->remote, send->local, send->octets});
            }
            else if (const auto* compute = std::get_if<ComputeAction>(&action))
            {
                (isHub ? m_toHub : m_toSpoke)
                    .push_back(ComputedInput{compute->job, GetLabCrypto()->Run(compute->dh)});
            }
        }
    }

    Engine m_hub;                ///< with all connections
    std::deque<Input> m_toHub;   ///< what comes next at the hub
    std::deque<Input> m_toSpoke; ///< what comes next at the spoke
    ns3::ike::Instant m_now;     ///< time of the inputs
};

/// What the hub looks at while each of these happens once.
struct Work
{
    uint64_t handshake{0};  ///< phase 1 and phase 2
    uint64_t timer{0};      ///< a timeout
    uint64_t unknownSpi{0}; ///< ESP for no SA
};

Work
MeasureWork(LabTest& t, size_t spokes)
{
    Star star(spokes);
    for (uint32_t i = 0; i + 1 < spokes; i++)
    {
        star.Begin(i);
    }
    Work work;
    const auto count = [&star](const auto& step) {
        const uint64_t before = star.GetHub().CountLooked();
        step();
        return star.GetHub().CountLooked() - before;
    };
    work.handshake = count([&] { star.Begin(static_cast<uint32_t>(spokes - 1)); });
    t.ExpectEqual(star.GetHub().GetPairs().size(), spokes, "all are up");
    t.Expect(star.GetHub().IsConsistent(), "consistent when all are up");
    work.unknownSpi = count([&] { star.SendUnknown(static_cast<uint32_t>(spokes / 2)); });
    work.timer = count([&] { star.Wait(); }) / spokes; // all of them are due at once
    t.Expect(star.GetHub().IsConsistent(), "consistent later");
    return work;
}

void
WorkDoesNotGrow(LabTest& t)
{
    const Work few = MeasureWork(t, 10);
    const Work many = MeasureWork(t, 1000);
    t.Expect(few.handshake > 0, "the counter counts");
    t.ExpectEqual(many.handshake, few.handshake, "things looked at for a handshake");
    t.ExpectEqual(many.unknownSpi, few.unknownSpi, "things looked at for an unknown SPI");
    t.ExpectEqual(many.timer, few.timer, "things looked at for a timer");
}

// --- The indexes ---------------------------------------------------------------------------------

/// The same numbers in each run.
class Dice
{
  public:
    explicit Dice(uint64_t seed)
        : m_state(seed)
    {
    }

    uint32_t Below(size_t bound)
    {
        m_state = m_state * 6364136223846793005U + 1442695040888963407U;
        return static_cast<uint32_t>((m_state >> 33) % bound);
    }

  private:
    uint64_t m_state; ///< of a linear congruential generator
};

/// Something happens.
void
TakeStep(World& world, Dice& dice, size_t step)
{
    const uint32_t node = dice.Below(2);
    const std::vector<Flight> flights = world.GetFlights();
    const uint32_t what = dice.Below(100);
    if (what < 50 && !flights.empty())
    {
        world.Deliver(flights[dice.Below(flights.size())].id);
    }
    else if (what < 56 && !flights.empty())
    {
        world.Drop(flights[dice.Below(flights.size())].id);
    }
    else if (what < 60 && !flights.empty())
    {
        world.Duplicate(flights[dice.Below(flights.size())].id);
    }
    else if (what < 75)
    {
        Pass(world, ns3::ike::Duration::Milliseconds(dice.Below(20000)));
    }
    else if (what < 85)
    {
        world.Give(node, LinkChangeInput{TUNNEL, dice.Below(4) != 0});
    }
    else if (what < 92)
    {
        world.Give(node, AcquireInput{TUNNEL, dice.Below(2) == 0});
    }
    else if (what < 95)
    {
        world.Give(node, UnknownSpiInput{AddressOf(node), AddressOf(1 - node), 7});
    }
    else if (what < 98)
    {
        world.Give(node, ClearInput{std::nullopt, dice.Below(2) == 0, dice.Below(2) == 0});
    }
    else
    {
        Change(world, node, [step](EngineConfig& c) {
            c.connections[0].stayUp = step % 2 == 0;
            c.connections[0].switches.beginPhase2 = step % 3 != 0;
        });
    }
}

void
IndexesAreRight(LabTest& t)
{
    for (uint64_t seed = 1; seed <= 6; seed++)
    {
        Dice dice(seed);
        const Tweak adopt = [seed](EngineConfig& c) {
            c.knobs.adoptOnReauthentication = seed % 2 == 0;
            c.knobs.pairsOutliveIsakmp = seed % 3 != 0;
            c.policies[0].group = DhGroup::Modp768;
            c.invalidSpiRecovery = true;
        };
        World world = MakeWorld(All({Lifetimes(300, 120), adopt}));
        size_t step = 0;
        bool isRight = true;
        for (; step < 400 && isRight; step++)
        {
            TakeStep(world, dice, step);
            isRight =
                world.GetNode(A).engine.IsConsistent() && world.GetNode(B).engine.IsConsistent();
        }
        t.Expect(isRight, "seed " + std::to_string(seed) + ", step " + std::to_string(step));
        t.Expect(CountEvents(world, A, EventKind::PairUp) > 2, "something has happened");
    }
}

/// Which pre-shared key a peer has.
class KeysTestCase : public TestCase
{
  public:
    KeysTestCase()
        : TestCase("scale: of several pre-shared keys the one for the smallest network counts")
    {
    }

  private:
    static IpAddress At(const char* address)
    {
        return IpAddress::Parse(address).value();
    }

    void DoRun() override
    {
        const IkeIdentity name{IdentityKind::Fqdn, "r1.example.org"};
        EngineConfig config;
        config.keys = {
            {"", IpPrefix::AnyV4(), ToOctets("any")},
            {"", IpPrefix{At("10.1.0.0"), 16}, ToOctets("sixteen")},
            {"", IpPrefix{At("10.1.2.3"), 32}, ToOctets("one")},
            {"", IpPrefix{At("10.1.2.3"), 32}, ToOctets("too late")},
            {"", IpPrefix{At("10.1.2.4"), 32}, ToOctets("by name"), name},
            {"", IpPrefix{At("2001:db8::"), 32}, ToOctets("six")},
            {"ring", IpPrefix{At("10.1.2.0"), 24}, ToOctets("ringed")},
        };
        const ConnectionIndex index(config);

        const struct
        {
            const char* keyring;
            const char* peer;
            const char* key; // null: none
        } cases[] = {
            {"", "10.1.2.3", "one"},
            {"", "10.1.2.4", "sixteen"},
            {"", "10.2.0.1", "any"},
            {"", "2001:db8::1", "six"},
            {"", "2001:db9::1", nullptr},
            {"ring", "10.1.2.3", "ringed"},
            {"ring", "10.1.3.3", nullptr},
            {"other", "10.1.2.3", nullptr},
        };

        for (const auto& c : cases)
        {
            const auto key = index.FindKey(config, c.keyring, At(c.peer));
            const auto expected = c.key ? std::make_optional(ToOctets(c.key)) : std::nullopt;
            NS_TEST_EXPECT_MSG_EQ((key == expected), true, c.keyring << " " << c.peer);
        }
    }
};

/// The suite "ikev1-scale".
class Ikev1ScaleTestSuite : public TestSuite
{
  public:
    Ikev1ScaleTestSuite()
        : TestSuite("ikev1-scale", Type::UNIT)
    {
        AddTestCase(new LabTest("work does not grow", WorkDoesNotGrow), TestDuration::QUICK);
        AddTestCase(new LabTest("indexes are right", IndexesAreRight), TestDuration::QUICK);
        AddTestCase(new KeysTestCase, TestDuration::QUICK);
    }
};

static Ikev1ScaleTestSuite g_ikev1ScaleTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
