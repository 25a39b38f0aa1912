/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LAB_FIXTURE_H
#define IKE_LAB_FIXTURE_H

#include "ike-test-compat.h"

#include "ns3/ike-schedule.h"
#include "ns3/ike-world.h"

#include <functional>
#include <memory>
#include <sstream>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{
namespace tests
{

constexpr uint32_t A = 0;          ///< index of the first router in a world
constexpr uint32_t B = 1;          ///< index of the second one
constexpr ConnectionId TUNNEL = 1; ///< the tunnel of MakeConfig()

/// The delay of one direction wherever a test does not say another one.
constexpr Duration DELAY = Duration::Milliseconds(40);

/// Changes a configuration before it is used.
using Tweak = std::function<void(EngineConfig&)>;

// --- Building ------------------------------------------------------------------------------------

/// One provider for all worlds: it has no state that changes a result.
std::shared_ptr<CryptoProvider> GetLabCrypto();
/// 10.0.0.1 for A, 10.0.0.2 for B.
IpAddress AddressOf(uint32_t side);
/// 3DES, SHA-1, group 2, pre-shared keys, a day.
IsakmpPolicy MakePolicy();
/// A router with one tunnel to the other one: 3dessha, all knobs and lifetimes at their defaults.
EngineConfig MakeConfig(uint32_t side);
/// A second tunnel to the same peer, for other networks; its id is 2.
ConnectionConfig MakeSecondTunnel(uint32_t side);
/// Two routers, not started.
World MakeWorld(const Tweak& both = {},
                const Tweak& onlyA = {},
                const Tweak& onlyB = {},
                uint64_t seed = 1);
/// Two routers, A has begun, all is settled.
World MakeUpWorld(const Tweak& both = {}, const Tweak& onlyA = {}, const Tweak& onlyB = {});
/// All four switches of all tunnels off.
Tweak ResponderOnly();

/// Set a knob.
template <typename T>
Tweak
Knob(T IkeKnobs::*field, T value)
{
    return [field, value](EngineConfig& c) { c.knobs.*field = value; };
}

/// Lifetimes of phase 1 and of pairs in seconds.
Tweak Lifetimes(int64_t phase1, int64_t phase2);
/// Several changes in their order.
Tweak All(const std::vector<Tweak>& tweaks);
/// Pre-shared keys instead of the usual one.
Tweak Keys(const std::vector<PreSharedKey>& keys);
/// PFS with a group, or without.
Tweak Pfs(std::optional<DhGroup> group);
/// Change the configuration of a node while it runs.
void Change(World& world, uint32_t node, const Tweak& tweak);

// --- Running -------------------------------------------------------------------------------------

/// Let time pass with the usual delay.
void Pass(World& world, Duration duration, Duration delay = DELAY);
/// The same until a moment.
void PassUntil(World& world, Instant end, Duration delay = DELAY);
/// Let time pass; everything that a node sends is lost.
void PassDeaf(World& world, Duration duration, uint32_t lostOf);
/// Deliver the oldest datagram of whoever has one, so often.
void Step(World& world, unsigned messages);
/// A packet through the tunnel in each direction: does it arrive?
bool CarriesTraffic(World& world, ConnectionId connection = TUNNEL);
/// A data packet for a tunnel of a node.
Octets MakeOffer(const World& world, uint32_t node, ConnectionId connection = TUNNEL);

// --- Looking -------------------------------------------------------------------------------------

size_t CountIsakmp(const World& world, uint32_t node);   ///< established
size_t CountAttempts(const World& world, uint32_t node); ///< main modes that are not over
size_t CountPairs(const World& world, uint32_t node);    ///< living
/// "1/1 1/1": established ISAKMP SAs and living pairs of A, and of B.
std::string Standing(const World& world);
/// Do both ends have the same ISAKMP SAs and pairs, and no attempt is left?
bool IsShared(const World& world);
/// All events of a kind at a node.
std::vector<Event> EventsOf(const World& world, uint32_t node, EventKind kind);
size_t CountEvents(const World& world, uint32_t node, EventKind kind);
/// The times of all events of a kind at a node, separated by blanks: "0.000000000 70.000000000".
std::string TimesOf(const World& world, uint32_t node, EventKind kind);
/// The times at which a node has sent messages of an exchange.
std::string SentAt(const World& world, uint32_t node, ExchangeKind exchange);
/// The ends of all events of a kind at a node: "no-answer".
std::string EndsOf(const World& world, uint32_t node, EventKind kind);
/// The phases whose beginning a node has refused, with the reasons: "2:traffic 1:soft-lifetime".
std::string RefusalsOf(const World& world, uint32_t node);
/// Does a node send outbound traffic on the pair that this end has begun?
bool SendsOnOwnPair(const World& world, uint32_t node);
/// The pair that carries a node's outbound traffic; none when there is none.
PairIdentity OutboundOf(const World& world, uint32_t node);
/// All that happened, for people.
std::string TextOf(const World& world);

// --- Engines without a world ---------------------------------------------------------------------

/**
 * Two engines with their data planes whose DH operations wait until a test lets them go on, in any
 * order and with any result.
 */
class SlowWorld
{
  public:
    /// A job that waits.
    struct Job
    {
        uint32_t node{0};      ///< whose
        ComputeAction compute; ///< what
    };

    /// A datagram under way.
    struct Datagram
    {
        uint32_t to{0};      ///< which node
        DatagramInput input; ///< as it arrives
    };

    explicit SlowWorld(const Tweak& both = {}, const Tweak& onlyA = {}, const Tweak& onlyB = {});

    void Give(uint32_t node, const Input& input);
    /// Deliver all datagrams until only jobs are left.
    void Flush();
    /// Do a job; with a result of its own, or that of the provider.
    void Finish(size_t job, bool ok = true);
    /// Datagrams and jobs, the first job first, until nothing is left.
    void Settle();
    /// Take all deadlines until then, and settle after each.
    void PassTo(Instant end);

    Instant now;                        ///< clock
    std::vector<Engine> engines;        ///< A and B
    std::vector<IpsecDataPlane> planes; ///< of A and B
    std::vector<Job> jobs;              ///< waiting
    std::vector<Datagram> datagrams;    ///< under way
    std::vector<Event> events;          ///< of both
};

// --- Testing -------------------------------------------------------------------------------------

/**
 * A test as a function: it says by Expect() what must hold. On a failure the transcript of the
 * world is part of the message.
 */
class LabTest : public TestCase
{
  public:
    using Body = std::function<void(LabTest&)>; ///< the test

    LabTest(const std::string& name, const Body& body);

    void Expect(bool holds, const std::string& what, const World* world = nullptr);

    template <typename T, typename U>
    void ExpectEqual(const T& actual,
                     const U& expected,
                     const std::string& what,
                     const World* world = nullptr)
    {
        std::ostringstream text;
        text << what << ": " << actual << " instead of " << expected;
        Expect(actual == expected, text.str(), world);
    }

  private:
    void DoRun() override;

    Body m_body; ///< the test
};

/// An ISAKMP SA and a pair at both ends.
extern const std::string ONE_EACH;
/// Both ways of installing.
extern const std::vector<ResponderInstalls> INSTALLS;

} // namespace tests
} // namespace ike
} // namespace ns3

#endif // IKE_LAB_FIXTURE_H
