/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-crossing.h"
#include "ns3/ike-explorer.h"
#include "ns3/ike-profiles.h"
#include "ns3/ike-shrink.h"

#include <map>
#include <set>
#include <stdexcept>

/**
 * @file
 * The suite "ikev1-explore": all orderings within small bounds; merging, reduction and threads
 * change no end state; crossing words; the shrinker.
 */

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// Both ends have begun, with the knobs of a profile.
World
MakeCrossing(const std::string& profile = "ios", const Tweak& both = {})
{
    const Tweak knobs = [&](EngineConfig& c) {
        SetProfile(c.knobs, profile);
        if (both)
        {
            both(c);
        }
    };
    World world = MakeWorld(knobs);
    RunSchedule(world, "start:A start:B");
    return world;
}

ExploreOptions
MakeOptions(uint32_t losses, uint32_t duplicates = 0)
{
    ExploreOptions options;
    options.bounds.losses = losses;
    options.bounds.duplicates = duplicates;
    return options;
}

/// All end states, each in a line.
std::string
EndsOfAll(const ExploreResult& result)
{
    std::string text;
    for (const EndRow& row : result.ends)
    {
        text += row.end.ToString() + "\n";
    }
    return text;
}

/// All of a result but for speed, for a comparison.
std::string
TextOfAll(const ExploreResult& result)
{
    std::string text = result.coverage.ToString();
    for (const EndRow& row : result.ends)
    {
        text += row.end.ToString() + " " + std::to_string(row.states) + " " +
                std::to_string(row.schedules) + " " + ToString(row.shortest) + "\n";
    }
    for (const ViolationRow& row : result.violations)
    {
        text += row.violation.oracle + " " + row.violation.text + " " + std::to_string(row.count) +
                " " + ToString(row.shortest) + "\n";
    }
    return text;
}

// --- Merging, reduction, threads -----------------------------------------------------------------

/// A world with bounds in which something happens.
struct SmallCase
{
    std::string name;                          ///< for messages
    std::function<World()> world;              ///< from where
    std::function<void(ExploreBounds&)> bound; ///< how far
};

std::vector<SmallCase>
SmallCases()
{
    const auto alone = [] {
        World world = MakeWorld();
        RunSchedule(world, "start:A");
        return world;
    };
    const auto up = [] { return MakeUpWorld(Lifetimes(600, 300)); };
    return {
        {"a loss and a duplicate", alone, [](ExploreBounds& b) { b.losses = b.duplicates = 1; }},
        {"a start", alone, [](ExploreBounds& b) { SetBound(b, "start:B", "1"); }},
        {"a delay", alone, [](ExploreBounds& b) { b.delays = 1; }},
        {"a reboot", alone, [](ExploreBounds& b) { b.reboots = 1; }},
        {"an overtaking",
         [] { return MakeCrossing(); },
         [](ExploreBounds& b) { b.reorderings = 1; }},
        {"strongswan, a loss",
         [] { return MakeCrossing("strongswan"); },
         [](ExploreBounds& b) { b.losses = 1; }},
        {"data", up, [](ExploreBounds& b) { b.offers = 2; }},
        {"renewal, late timers",
         up,
         [](ExploreBounds& b) {
             b.horizon = ns3::ike::Duration::Seconds(280);
             b.lateTimers = 1;
             b.losses = 1;
         }},
    };
}

/// The same end states with and without the reduction, and with and without merging.
void
NothingIsMissed(LabTest& t)
{
    for (const SmallCase& c : SmallCases())
    {
        ExploreOptions options;
        c.bound(options.bounds);
        const World start = c.world();
        const ExploreResult reduced = Explore(start, options);
        options.reduce = false;
        const ExploreResult full = Explore(start, options);
        t.ExpectEqual(EndsOfAll(reduced), EndsOfAll(full), c.name + ": reduction");
        t.Expect(reduced.coverage.states <= full.coverage.states, c.name + ": fewer states");
        t.Expect(full.coverage.complete, c.name + ": complete");
        if (full.coverage.schedules > 3000)
        {
            continue; // each by itself would take too long
        }
        options.merge = false;
        const ExploreResult tree = Explore(start, options);
        t.ExpectEqual(EndsOfAll(tree), EndsOfAll(full), c.name + ": merging");
        t.ExpectEqual(tree.coverage.schedules, full.coverage.schedules, c.name + ": schedules");
        t.ExpectEqual(tree.coverage.worlds, full.coverage.worlds, c.name + ": worlds");
        t.ExpectEqual(static_cast<double>(tree.coverage.ends),
                      tree.coverage.schedules,
                      c.name + ": each schedule is a path");
    }
}

/// The reduction is worth something where messages of both ends are under way.
void
ReductionHelps(LabTest& t)
{
    ExploreOptions options = MakeOptions(1);
    const ExploreResult reduced = Explore(MakeCrossing(), options);
    options.reduce = false;
    const ExploreResult full = Explore(MakeCrossing(), options);
    t.Expect(reduced.coverage.transitions < full.coverage.transitions, "fewer transitions");
    t.Expect(reduced.coverage.pruned > 0, "something was left out");
    t.ExpectEqual(full.coverage.pruned, 0U, "nothing was");
    t.ExpectEqual(EndsOfAll(reduced), EndsOfAll(full), "the same ends");
}

void
ThreadsChangeNothing(LabTest& t)
{
    ExploreOptions options = MakeOptions(1, 1);
    const std::string one = TextOfAll(Explore(MakeCrossing("strongswan"), options));
    options.threads = 4;
    t.ExpectEqual(TextOfAll(Explore(MakeCrossing("strongswan"), options)), one, "four threads");
    options.reduce = false;
    options.bounds.duplicates = 0;
    const std::string many = TextOfAll(Explore(MakeCrossing(), options));
    options.threads = 1;
    t.ExpectEqual(TextOfAll(Explore(MakeCrossing(), options)), many, "without the reduction");
}

/// A bound that cuts something off is named; one that does not is not.
void
CutsAreSaid(LabTest& t)
{
    const auto cutBy = [](const std::string& bound, const std::string& value) {
        ExploreOptions options = MakeOptions(1);
        SetBound(options.bounds, bound, value);
        const Coverage coverage = Explore(MakeCrossing(), options).coverage;
        return coverage.complete ? "" : *coverage.cutBy.begin();
    };
    t.ExpectEqual(cutBy("depth", "10"), "depth", "depth");
    t.ExpectEqual(cutBy("depth", "100"), "", "no depth that is reached");
    t.ExpectEqual(cutBy("states", "100"), "states", "states");
    t.ExpectEqual(cutBy("timers", "1"), "timers", "timers");
    t.ExpectEqual(cutBy("horizon", "90s"), "", "the horizon is no cut");
}

// --- Equal keys, equal futures -------------------------------------------------------------------

/// Octets in flight of each channel, in their order.
std::string
ChannelsOf(const World& world)
{
    std::map<uint32_t, std::string> channels;
    for (const Flight& f : world.GetFlights())
    {
        channels[f.from] += ToHex(f.octets) + (f.isCopy ? " copy\n" : "\n");
    }
    return channels[A] + "|" + channels[B];
}

/// Chance with a memory of its own: the same everywhere.
uint64_t
NextNumber(uint64_t& state)
{
    state = state * 6364136223846793005ULL + 1442695040888963407ULL;
    return state >> 33;
}

/// One possible move by chance. False when there is none.
bool
WalkOn(World& world, Budget& budget, const ExploreBounds& bounds, uint64_t& chance)
{
    const Choices choices = FindChoices(world, budget, bounds, false);
    if (choices.all.empty())
    {
        return false;
    }
    const Choice& choice = choices.all[NextNumber(chance) % choices.all.size()];
    MakeMove(world, choice.move);
    budget = choice.budget;
    return true;
}

/// Worlds that were reached in different ways and have one key do the same for ever, octet for
/// octet; and the key sees each difference in what is in flight.
void
EqualKeysEqualFutures(LabTest& t, const Tweak& tweak)
{
    ExploreBounds bounds;
    bounds.losses = bounds.duplicates = bounds.reorderings = bounds.offers = bounds.clears = 2;
    bounds.lateTimers = bounds.reboots = 1;
    bounds.horizon = ns3::ike::Duration::Seconds(1000);
    World start = MakeWorld(All({Lifetimes(600, 400), tweak}));
    RunSchedule(start, "start:A start:B");
    std::map<StateKey, std::pair<World, Budget>> seen;
    uint64_t chance = 1;
    unsigned pairs = 0;
    for (unsigned walk = 0; walk < 40; walk++)
    {
        World world = start;
        Budget budget = Budget::Of(bounds, start.Now());
        for (unsigned step = 0; step < 60 && WalkOn(world, budget, bounds, chance); step++)
        {
            const auto [it, isNew] = seen.try_emplace(world.GetKey(), world, budget);
            if (isNew || pairs > 300)
            {
                continue;
            }
            World one = it->second.first;
            World two = world;
            t.ExpectEqual(ChannelsOf(one), ChannelsOf(two), "what is in flight", &two);
            pairs++;
            uint64_t common = chance;
            Budget left = budget;
            for (unsigned i = 0; i < 25; i++)
            {
                uint64_t same = common;
                Budget again = left;
                const bool more = WalkOn(one, left, bounds, common);
                t.ExpectEqual(WalkOn(two, again, bounds, same), more, "possible moves", &two);
                t.Expect(one.GetKey() == two.GetKey(), "keys stay equal", &two);
                t.ExpectEqual(ChannelsOf(one), ChannelsOf(two), "what is sent", &two);
            }
        }
    }
    t.Expect(pairs > 50, "only " + std::to_string(pairs) + " pairs of worlds had one key");
}

void
EqualKeys(LabTest& t)
{
    EqualKeysEqualFutures(t, Lifetimes(600, 400));
    EqualKeysEqualFutures(t, Knob(&IkeKnobs::softJitterPercent, 50U));
    EqualKeysEqualFutures(t, [](EngineConfig& c) { SetProfile(c.knobs, "strongswan"); });
    EqualKeysEqualFutures(t, [](EngineConfig& c) {
        c.connections[0].keepalive =
            DpdConfig{ns3::ike::Duration::Seconds(10), ns3::ike::Duration::Seconds(2), true};
    });
}

/// What is not in the key although it decides what comes would merge these.
void
KeysDiffer(LabTest& t)
{
    const std::vector<std::string> schedules{
        "start:A",
        "start:A dup:A",
        "start:A delay:A:1s",
        "start:A delay:A:2s",
        "start:A run",
        "start:A run clear:A",                // the delete of a pair is in flight,
        "start:A run clear:A:isakmp",         // that of an ISAKMP SA,
        "start:A run start:B clear:A drop:A", // none
        "start:A run offer:A",
        "start:A run offer:A A",
        "start:A run offer:A drop:A",    // its sequence number is used up
        "start:A run offer:A A wait:1s", // the tunnel was used a second ago
        "start:A run reboot:B",
    };
    std::map<StateKey, std::string> seen;
    for (const std::string& schedule : schedules)
    {
        World world = MakeWorld();
        RunSchedule(world, schedule);
        const auto [it, isNew] = seen.emplace(world.GetKey(), schedule);
        t.Expect(isNew, "'" + schedule + "' is like '" + it->second + "'", &world);
    }
}

// --- Replays -------------------------------------------------------------------------------------

/// Each schedule that is shown leads to what it is shown for.
void
SchedulesReplay(LabTest& t)
{
    const ExploreOptions options = MakeOptions(1, 1);
    const World start = MakeCrossing("strongswan");
    const ExploreResult result = Explore(start, options);
    t.Expect(result.ends.size() >= 4, "several ends");
    for (const EndRow& row : result.ends)
    {
        const Moves moves = ParseSchedule(ToString(row.shortest));
        const DriveResult replay = Replay(start, moves, options);
        t.ExpectEqual(replay.end.ToString(), row.end.ToString(), ToString(moves));
    }
}

void
RandomChoosers(LabTest& t)
{
    ExploreOptions options = MakeOptions(1);
    const World start = MakeCrossing();
    const std::string known = EndsOfAll(Explore(start, options));
    for (const bool priorities : {false, true})
    {
        const auto make = [priorities](uint64_t seed) {
            return priorities ? MakePriorityChooser(seed, 3, 25) : MakeUniformChooser(seed);
        };
        const SampleResult one = Sample(start, options, 7, 60, make);
        options.threads = 3;
        const SampleResult two = Sample(start, options, 7, 60, make);
        options.threads = 1;
        t.ExpectEqual(one.runs, 60U, "runs");
        t.ExpectEqual(one.moves, two.moves, "the same for any number of threads");
        for (const EndRow& row : one.ends)
        {
            t.Expect(known.find(row.end.ToString()) != std::string::npos,
                     "within the bounds: " + row.end.ToString());
            const DriveResult replay = Replay(start, row.shortest, options);
            t.ExpectEqual(replay.end.ToString(), row.end.ToString(), "replay");
        }
        t.ExpectEqual(one.ends.size(), 2U, "both ends are found");
    }
}

// --- Crossings -----------------------------------------------------------------------------------

/// 924 words of six and six letters, and 20 of three and three, are few orderings.
void
CrossingClasses(LabTest& t)
{
    for (const CrossingKind kind : {CrossingKind::MainModes, CrossingKind::QuickModes})
    {
        const bool main = kind == CrossingKind::MainModes;
        const std::vector<CrossingWord> words = EnumerateCrossingWords(kind);
        uint64_t sum = 0;
        std::set<std::string> names;
        for (const CrossingWord& c : words)
        {
            sum += c.words;
            names.insert(c.word);
        }
        t.ExpectEqual(sum, main ? 924U : 20U, "all words");
        t.ExpectEqual(names.size(), words.size(), "each class has a name");
        t.ExpectEqual(words.front().word, main ? "AAAAAABBBBBB" : "AAABBB", "the first one");
    }
}

void
CrossingMainModes(LabTest& t)
{
    for (const CrossingWord& c :
         EnumerateCrossings(MakeCrossing(), CrossingKind::MainModes, DriveOptions()))
    {
        t.ExpectEqual(c.result.moves.size(), 12U, c.word + ": all messages");
        t.ExpectEqual(c.result.end.ToString(), "split, duplicate 1/1; IKE 2/2 CH 2/2", c.word);
    }
    std::set<std::string> ends;
    for (const CrossingWord& c :
         EnumerateCrossings(MakeCrossing("strongswan"), CrossingKind::MainModes, DriveOptions()))
    {
        ends.insert(c.result.end.ToString());
    }
    t.ExpectEqual(ends.size(),
                  4U,
                  "who adopts depends on the order: both keep all, or one of the SAs ends at one "
                  "or both ends");
}

void
CrossingQuickModes(LabTest& t)
{
    World world = MakeWorld();
    RunSchedule(world, "start:A A B A B A B start:B");
    for (const CrossingWord& c :
         EnumerateCrossings(world, CrossingKind::QuickModes, DriveOptions()))
    {
        t.ExpectEqual(c.result.moves.size(), 6U, c.word + ": all messages");
        t.ExpectEqual(c.result.end.isakmp.at(0), 1U, c.word + ": one ISAKMP SA");
        t.ExpectEqual(c.result.end.pairSurplus, 1U, c.word + ": a duplicate");
    }
}

// --- The shrinker --------------------------------------------------------------------------------

/// From a long way to the essence, the same each time.
void
Shrinks(LabTest& t)
{
    const World start = MakeWorld();
    const DriveOptions options;
    const Moves clumsy = ParseSchedule("start:A wait:3s dup:A A A B late:A A wait:20s start:B "
                                       "offer:B run offer:A run wait:40s run");
    const SchedulePredicate shows = EndsAs(start, options, EndClass::Duplicate);
    t.Expect(shows(clumsy), "the long way");
    const ShrinkResult one = Shrink(clumsy, shows);
    t.ExpectEqual(ToString(one.moves), "start:A start:B", "the essence");
    t.ExpectEqual(ToString(Shrink(clumsy, shows).moves), ToString(one.moves), "the same again");
    bool refused = false;
    try
    {
        Shrink(ParseSchedule("start:A"), shows);
    }
    catch (const std::invalid_argument&)
    {
        refused = true;
    }
    t.Expect(refused, "what shows nothing cannot be shrunk");
    const Moves out = ParseSchedule("start:A run dup:A#1 reboot:B wait:500s");
    t.Expect(!TryReplay(start, out, options), "what cannot be made shows nothing");
    const ShrinkResult stopped =
        Shrink(ParseSchedule("start:A run run stop:B"),
               [](const Moves& moves) { return moves.size() == 4 || moves.size() == 2; });
    t.ExpectEqual(stopped.moves.size(), 2U, "any predicate");
    t.Expect(!FailsOracle(start, options, "no-dead-end")(ParseSchedule("start:A")), "no dead end");
}

/// The suite "ikev1-explore".
class Ikev1ExploreTestSuite : public TestSuite
{
  public:
    Ikev1ExploreTestSuite()
        : TestSuite("ikev1-explore", Type::UNIT)
    {
        Add("merging and reduction miss nothing", NothingIsMissed);
        Add("the reduction helps", ReductionHelps);
        Add("threads change nothing", ThreadsChangeNothing);
        Add("cuts are said", CutsAreSaid);
        Add("equal keys, equal futures", EqualKeys);
        Add("keys differ", KeysDiffer);
        Add("schedules replay", SchedulesReplay);
        Add("random choosers", RandomChoosers);
        Add("crossing words", CrossingClasses);
        Add("crossing main modes", CrossingMainModes);
        Add("crossing quick modes", CrossingQuickModes);
        Add("the shrinker", Shrinks);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1ExploreTestSuite g_ikev1ExploreTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
