/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-profiles.h"

#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/**
 * @file
 * What two real daemons do, 100 ms from each other, the profiles do by their names alone.
 *
 * Measured with unmodified strongSwan 5.9.8 (and libreswan 4.10 where a row says so):
 * - both begin at once, uniqueness `no` and `replace`; both rekey, both reauthenticate at once: two
 *   daemons, rows CASES; numbers of SAs at both ends, and which pair each end sends on;
 * - begins at offsets of up to 9 delays, either end first, `no` and `replace`: a daemon and this
 *   engine; numbers of SAs at each end. These are the classes of Predict() and the rows at 150,
 * 300, 350 and 700 ms.
 *
 * Everything else follows from the rules that these show: the offsets between, to the millisecond;
 * on which pair each end sends at other offsets than 0; libreswan at other offsets than 0; one end
 * that reauthenticates. Later than 9 delays an operator's `swanctl --initiate` would make one more
 * pair; the engine begins nothing where one stands.
 */

/// One way, as between the real daemons.
constexpr Duration FAR = ns3::ike::Duration::Milliseconds(100);

// --- Building ------------------------------------------------------------------------------------

/// A profile by its name; nothing begins that nobody has told to (no `start_action`).
Tweak
Profile(const std::string& name)
{
    return [name](EngineConfig& c) {
        if (!SetProfile(c.knobs, name).empty())
        {
            throw std::logic_error("no profile " + name);
        }
        c.connections[0].stayUp = false;
    };
}

/// A knob as a user sets it, on top of the profile.
Tweak
Set(const std::string& knob, const std::string& value)
{
    return [knob, value](EngineConfig& c) {
        if (!value.empty() && !SetKnob(c.knobs, knob, value).empty())
        {
            throw std::logic_error("no knob " + knob + " " + value);
        }
    };
}

/// Two ends, and what uniqueness means to both.
struct Ends
{
    std::string a;          ///< profile of A
    std::string b;          ///< profile of B
    std::string duplicates; ///< knob DuplicateIsakmp of both; empty: as the profiles have it
};

const Ends STRONGSWANS{"strongswan", "strongswan", ""};
const Ends REPLACING{"strongswan", "strongswan", "replace"};

/// Both have a path, and wait for their operators.
World
MakeEnds(const Ends& ends, const Tweak& both = {}, const Tweak& onlyB = {})
{
    const Tweak none = [](EngineConfig&) {};
    const Tweak more = All({Set("DuplicateIsakmp", ends.duplicates), both ? both : none});
    World world = MakeWorld({},
                            All({Profile(ends.a), more}),
                            All({Profile(ends.b), more, onlyB ? onlyB : none}));
    RunSchedule(world, "start:A start:B");
    return world;
}

/// A begins at 0 and B at the offset; or, when that is negative, B at 0 and A so much later.
World
MakeBegun(const Ends& ends, Duration offset)
{
    World world = MakeEnds(ends);
    const uint32_t early = offset.ns < 0 ? B : A;
    world.Give(early, AcquireInput{TUNNEL});
    PassUntil(world, Instant{} + ns3::ike::Duration::Nanoseconds(std::abs(offset.ns)), FAR);
    world.Give(1 - early, AcquireInput{TUNNEL});
    return world;
}

/// "peer own": on whose pairs A and B send.
std::string
DirectionsOf(const World& world)
{
    std::string text;
    for (uint32_t node : {A, B})
    {
        const bool isNone = OutboundOf(world, node).IsNone();
        text += text.empty() ? "" : " ";
        text += isNone ? "none" : SendsOnOwnPair(world, node) ? "own" : "peer";
    }
    return text;
}

// --- The table -----------------------------------------------------------------------------------

/// What has begun, or is renewed, by whom.
enum class What
{
    BothBegin,
    BothRenewThePair,
    BothReauthenticate,
    OneReauthenticates, ///< A
};

/// What stands at a time.
struct Moment
{
    int64_t at;             ///< milliseconds from the begin
    std::string standing;   ///< "2/2 2/2": ISAKMP SAs and pairs of A and B
    std::string directions; ///< "peer peer": on whose pair they send
};

/// A row.
struct Case
{
    std::string name;            ///< of the test
    Ends ends;                   ///< who
    What what;                   ///< does what
    int64_t offset;              ///< BothBegin: of B, in milliseconds
    std::vector<Moment> moments; ///< what stands when
};

// SAs that are renewed live 300 s at strongSwans, whose profile renews them after 273 s, and 3600 s
// at libreswans, who renew them after 3060 s.
const std::vector<Case> CASES{
    // measured between two daemons
    {"both begin: strongswan",
     STRONGSWANS,
     What::BothBegin,
     0,
     {{1000, "2/2 2/2", "peer peer"}, {25000, "2/2 2/2", "peer peer"}}},
    {"both begin: strongswan, replace",
     REPLACING,
     What::BothBegin,
     0,
     {{1000, "2/2 2/2", "peer peer"},
      {10000, "2/2 2/2", "peer peer"},
      {11000, "0/0 0/0", "none none"},
      {120000, "0/0 0/0", "none none"}}},
    {"both begin: libreswan",
     {"libreswan", "libreswan", ""},
     What::BothBegin,
     0,
     {{1000, "2/2 2/2", "peer peer"}, {25000, "2/2 2/2", "peer peer"}}},
    {"both begin: strongswan and libreswan",
     {"strongswan", "libreswan", ""},
     What::BothBegin,
     0,
     {{1000, "2/2 2/2", "peer peer"}, {25000, "2/2 2/2", "peer peer"}}},
    {"both begin: libreswan and strongswan",
     {"libreswan", "strongswan", ""},
     What::BothBegin,
     0,
     {{1000, "2/2 2/2", "peer peer"}, {25000, "2/2 2/2", "peer peer"}}},
    {"both renew the pair: strongswan",
     STRONGSWANS,
     What::BothRenewThePair,
     0,
     {{272000, "1/1 1/1", "own peer"},
      {280000, "1/3 1/3", "peer peer"},
      {305000, "1/2 1/2", "peer peer"}}},
    {"both reauthenticate: strongswan",
     STRONGSWANS,
     What::BothReauthenticate,
     0,
     {{272000, "1/1 1/1", "own peer"},
      {280000, "3/1 3/1", "own peer"},
      {290000, "3/1 3/1", "own peer"}, // nobody adopts from what it renews itself
      {305000, "2/1 2/1", "own peer"}}},
    // measured between a daemon and this engine: the early end adopts
    {"B begins 1.5 delays later",
     STRONGSWANS,
     What::BothBegin,
     150,
     {{490, "0/0 0/0", "none none"},
      {510, "0/0 1/0", "none none"},
      {610, "1/0 1/0", "none none"},
      {660, "2/0 1/0", "none none"},
      {760, "2/0 2/0", "none none"},
      {860, "2/1 2/0", "own none"},
      {960, "2/1 2/2", "own peer"},
      {1060, "2/2 2/2", "peer peer"},
      {10600, "2/2 2/2", "peer peer"},
      {10700, "1/2 2/2", "peer peer"},
      {10800, "1/2 1/2", "peer peer"},
      {25000, "1/2 1/2", "peer peer"}}},
    {"B begins 3 delays later, replace",
     REPLACING,
     What::BothBegin,
     300,
     {{1210, "2/2 2/2", "peer own"}, {25000, "1/2 1/2", "peer own"}}},
    {"B begins 3.5 delays later",
     STRONGSWANS,
     What::BothBegin,
     350,
     {{1260, "2/2 2/2", "peer own"},
      {10840, "2/2 2/2", "peer own"},
      {10900, "1/2 2/2", "peer own"},
      {11000, "1/2 1/1", "peer own"}, // the early end alone has adopted
      {25000, "1/2 1/1", "peer own"}}},
    {"A begins 7 delays later",
     STRONGSWANS,
     What::BothBegin,
     -700,
     {{1010, "1/2 1/2", "own peer"}, {25000, "1/2 1/2", "own peer"}}},
    // by the rules
    {"one reauthenticates: strongswan",
     STRONGSWANS,
     What::OneReauthenticates,
     0,
     {{272000, "1/1 1/1", "own peer"},
      {280000, "2/1 2/1", "own peer"},
      {284000, "1/1 1/1", "own peer"},
      {305000, "1/1 1/1", "own peer"}}},
    {"one reauthenticates: libreswan",
     {"libreswan", "libreswan", ""},
     What::OneReauthenticates,
     0,
     {{3059000, "1/1 1/1", "own peer"},
      {3062000, "2/1 2/1", "own peer"},
      {3599000, "2/1 2/1", "own peer"},
      {3601000, "1/1 1/1", "own peer"}}},
};

/// Both ends are up without any delay, so that their lifetimes end in the same moment. They renew
/// in that moment, too: as operators who say so, not at random.
World
MakeRenewing(const Case& c)
{
    const bool isPair = c.what == What::BothRenewThePair;
    const int64_t lifetime = c.ends.a == "libreswan" ? 3600 : 300;
    World world = MakeEnds(c.ends,
                           All({Set("SoftJitterPercent", "0"),
                                isPair ? Lifetimes(86400, lifetime) : Lifetimes(lifetime, 86400)}),
                           [&c](EngineConfig& b) {
                               b.connections[0].switches.rekeyPhase1 =
                                   c.what != What::OneReauthenticates;
                           });
    world.Give(A, AcquireInput{TUNNEL});
    RunSchedule(world, "run");
    return world;
}

void
RunCase(LabTest& t, const Case& c)
{
    const bool isBegin = c.what == What::BothBegin;
    World world =
        isBegin ? MakeBegun(c.ends, ns3::ike::Duration::Milliseconds(c.offset)) : MakeRenewing(c);
    for (const Moment& m : c.moments)
    {
        PassUntil(world, Instant{} + ns3::ike::Duration::Milliseconds(m.at), FAR);
        const std::string when = "at " + std::to_string(m.at) + " ms";
        t.ExpectEqual(Standing(world), m.standing, when, &world);
        t.ExpectEqual(DirectionsOf(world), m.directions, when, &world);
    }
    const std::string& last = c.moments.back().standing;
    const size_t half = last.find(' ');
    t.Expect(IsShared(world) == (last.substr(0, half) == last.substr(half + 1)),
             "the same SAs at both ends, nothing left over",
             &world);
    if (c.moments.back().directions != "none none")
    {
        t.Expect(CarriesTraffic(world), "and they carry traffic", &world);
    }
}

// --- Offsets -------------------------------------------------------------------------------------

/// What becomes of two begins.
struct Prediction
{
    std::string settled;    ///< one end, as soon as all exchanges are over: "2/2"
    std::string left;       ///< the early end, after twenty seconds
    std::string leftLate;   ///< and the late one
    std::string directions; ///< of the early end and the late one: "peer own"
};

/**
 * In delays, from the begin of the early end: its ISAKMP SA stands at the late end at 5 and here at
 * 6, its pair here at 8 and there at 9. The late end's ISAKMP SA stands here 5 after its begin and
 * there after 6.
 *
 * Within 1 delay the late end's SA comes up before the own one: it is none that could be adopted
 * from. Up to 5, the early end as responder takes it for a renewal, if it is strongSwan: it adopts.
 * A pair of its own that does not stand by then, before 8, is begun anew, and then both make theirs
 * at the same time. One that stands goes over at this end alone: at the late one it ends with the
 * old ISAKMP SA, unless that is libreswan or, by `replace`, adopts as well when its own one comes
 * up (at 9 at the soonest, when the pair stands there). From 5 on the late end has an ISAKMP SA,
 * from 9 on a pair.
 */
Prediction
Predict(const Ends& ends, const std::string& early, const std::string& late, Duration offset)
{
    const bool adopts = early == "strongswan";
    const bool replaces = ends.duplicates == "replace";
    const bool keeps = replaces || late == "libreswan"; // the late end a pair of the old SA
    const auto isBefore = [offset](int64_t delays) { return offset < FAR * delays; };
    if (isBefore(1))
    {
        const std::string left = replaces ? "0/0" : "2/2";
        return {"2/2", left, left, replaces ? "none none" : "peer peer"};
    }
    if (isBefore(5) && !adopts)
    {
        return {"2/2", "2/2", "2/2", "peer own"};
    }
    if (isBefore(5))
    {
        return {"2/2",
                "1/2",
                isBefore(3) || keeps ? "1/2" : "1/1",
                isBefore(3) ? "peer peer" : "peer own"};
    }
    if (isBefore(9))
    {
        return {"1/2", "1/2", "1/2", isBefore(7) ? "peer peer" : "peer own"};
    }
    return {"1/1", "1/1", "1/1", "own peer"};
}

/// A begins at 0, B from a second before that to a second after it.
void
Sweep(LabTest& t, const Ends& ends)
{
    for (int64_t ms = -1000; ms <= 1000; ms += 50)
    {
        const Duration offset = ns3::ike::Duration::Milliseconds(ms);
        const Duration late = ns3::ike::Duration::Milliseconds(std::abs(ms));
        const Prediction p =
            ms < 0 ? Predict(ends, ends.b, ends.a, late) : Predict(ends, ends.a, ends.b, late);
        World world = MakeBegun(ends, offset);
        const std::string when = "offset " + std::to_string(ms) + " ms";
        PassUntil(world, Instant{} + late + FAR * 10, FAR);
        t.ExpectEqual(Standing(world), p.settled + " " + p.settled, when, &world);
        Pass(world, ns3::ike::Duration::Seconds(20), FAR);
        const std::string left = ms < 0 ? p.leftLate + " " + p.left : p.left + " " + p.leftLate;
        t.ExpectEqual(Standing(world), left, when + ", later", &world);
        const size_t blank = p.directions.find(' ');
        const std::string mirrored =
            p.directions.substr(blank + 1) + " " + p.directions.substr(0, blank);
        t.ExpectEqual(DirectionsOf(world), ms < 0 ? mirrored : p.directions, when, &world);
        t.Expect(IsShared(world) == (p.left == p.leftLate), when + ": the same SAs", &world);
    }
}

/// The suite "ikev1-real-peers": the profiles against what real daemons did.
class Ikev1RealPeersTestSuite : public TestSuite
{
  public:
    Ikev1RealPeersTestSuite()
        : TestSuite("ikev1-real-peers", Type::UNIT)
    {
        for (const Case& c : CASES)
        {
            Add(c.name, [c](LabTest& t) { RunCase(t, c); });
        }
        AddSweep("strongswan", STRONGSWANS);
        AddSweep("strongswan, replace", REPLACING);
        AddSweep("libreswan", {"libreswan", "libreswan", ""});
        AddSweep("strongswan and libreswan", {"strongswan", "libreswan", ""});
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }

    void AddSweep(const std::string& name, const Ends& ends)
    {
        Add("offsets: " + name, [ends](LabTest& t) { Sweep(t, ends); });
    }
};

static Ikev1RealPeersTestSuite g_ikev1RealPeersTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
