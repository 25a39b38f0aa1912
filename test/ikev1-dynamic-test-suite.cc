/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ikev1-state.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

// B is the hub with a template, A and C are spokes.

constexpr uint32_t C = 2;            ///< index of the second spoke
constexpr ConnectionId TEMPLATE = 7; ///< the hub's
constexpr ConnectionId FIRST = FIRST_OPENED;
const IpAddress SPOKE_C = IpAddress::V4(0x0a000003);

Selector
Net(const std::string& address, unsigned length, uint8_t protocol = 0, uint16_t port = 0)
{
    Selector s = IpPrefix{IpAddress::Parse(address).value(), length};
    s.protocol = protocol;
    s.port = port;
    return s;
}

const Selector HUB_NET = Net("10.2.0.0", 16); ///< behind the hub
const Selector SPOKES = Net("10.128.0.0", 9); ///< all that is behind spokes
const Selector NET_A = Net("10.129.0.0", 16); ///< behind A
const Selector NET_C = Net("10.130.0.0", 16); ///< behind C

/// The template instead of the tunnel.
void
Hub(EngineConfig& config)
{
    ConnectionConfig& c = config.connections.at(0);
    c.id = TEMPLATE;
    c.name = "m 10 on Ethernet0";
    c.peer = IpAddress();
    c.dynamic = true;
    c.allowed = {{HUB_NET, SPOKES}};
    c.policyInterface = "Ethernet0";
    c.policyEntry = "m 10";
}

/// What a spoke asks for.
Tweak
Asks(const Selector& own, const Selector& hub = HUB_NET)
{
    return [own, hub](EngineConfig& config) {
        config.connections.at(0).localSelector = own;
        config.connections.at(0).remoteSelector = hub;
    };
}

World
MakeHubWorld(const Tweak& both = {}, const Tweak& spoke = {}, const Tweak& hub = {})
{
    const auto noTweak = [](EngineConfig&) {};
    return MakeWorld(both,
                     All({Asks(NET_A), spoke ? spoke : noTweak}),
                     All({Hub, hub ? hub : noTweak}));
}

/// The same, and A is up.
World
MakeUpHub(const Tweak& both = {}, const Tweak& spoke = {}, const Tweak& hub = {})
{
    World world = MakeHubWorld(both, spoke, hub);
    RunSchedule(world, "start:A start:B run");
    return world;
}

void
AddSpokeC(World& world, const Tweak& tweak = {})
{
    EngineConfig config = MakeConfig(A);
    config.connections[0].local = SPOKE_C;
    Asks(NET_C)(config);
    if (tweak)
    {
        tweak(config);
    }
    world.AddNode("C", std::make_shared<const EngineConfig>(config), MakeWorldKey(1, 3));
}

/// The ids of what peers have opened at the hub, as its host and as its engine know it: "0 2".
std::string
OpenedAt(const World& world)
{
    std::string host;
    for (const auto& [id, connection] : world.GetNode(B).opened)
    {
        host += (host.empty() ? "" : " ") + std::to_string(id - FIRST);
    }
    std::string engine;
    for (const ConnectionConfig& c : world.GetNode(B).engine.GetOpenedConnections())
    {
        engine += (engine.empty() ? "" : " ") + std::to_string(c.id - FIRST);
    }
    return host == engine ? host : "host " + host + ", engine " + engine;
}

/// Do packets pass both ways between a spoke and the hub?
bool
Passes(World& world, ConnectionId opened = FIRST, uint32_t spoke = A, const Selector& net = NET_A)
{
    const Octets up = MakeInnerPacket(net.first, HUB_NET.first, 64);
    const Octets down = MakeInnerPacket(HUB_NET.first, net.first, 64);
    const size_t atHub = world.GetNode(B).delivered.size();
    const size_t atSpoke = world.GetNode(spoke).delivered.size();
    world.Offer(spoke, TUNNEL, up);
    world.Offer(B, opened, down);
    RunSchedule(world, "run");
    return world.GetNode(B).delivered.size() == atHub + 1 &&
           world.GetNode(spoke).delivered.size() == atSpoke + 1 &&
           world.GetNode(B).delivered.back() == up && world.GetNode(spoke).delivered.back() == down;
}

std::string
WarningsOf(const World& world, uint32_t node)
{
    std::string text;
    for (const Event& e : EventsOf(world, node, EventKind::Warning))
    {
        text += e.text + "\n";
    }
    return text;
}

// --- Opening -------------------------------------------------------------------------------------

void
StaticSpoke(LabTest& t)
{
    for (ResponderInstalls when : INSTALLS)
    {
        World world = MakeUpHub(Knob(&IkeKnobs::responderInstalls, when));
        t.ExpectEqual(Standing(world), ONE_EACH, "up", &world);
        t.ExpectEqual(OpenedAt(world), "0", "one connection", &world);
        const ConnectionConfig& c = world.GetNode(B).opened.at(FIRST);
        t.ExpectEqual(c.name, "m 10 on Ethernet0 10.0.0.1", "its name", &world);
        t.ExpectEqual(c.peer.ToString(), "10.0.0.1", "its peer", &world);
        t.ExpectEqual(c.localSelector.ToString(), HUB_NET.ToString(), "here", &world);
        t.ExpectEqual(c.remoteSelector.ToString(), NET_A.ToString(), "there", &world);
        t.ExpectEqual(c.policyEntry, "m 10", "its entry", &world);
        t.Expect(!c.dynamic && !c.stayUp && c.allowed.empty(), "is no template", &world);
        t.ExpectEqual(EventsOf(world, B, EventKind::PairUp).at(0).connection, FIRST, "up", &world);
        t.Expect(Passes(world), "traffic passes", &world);
        t.Expect(world.GetNode(B).attempts.empty(), "the hub has begun nothing", &world);
    }
}

/// The connection is there before anything is done with it.
void
OpenComesFirst(LabTest& t)
{
    World world = MakeHubWorld(Knob(&IkeKnobs::responderInstalls, ResponderInstalls::Message2));
    RunSchedule(world, "start:A start:B");
    Step(world, 6);
    const Flight offer = world.GetFlights().front();
    Engine engine = world.GetNode(B).engine;
    const Actions actions =
        engine.Handle(world.Now(),
                      DatagramInput{offer.destination, offer.source, offer.octets},
                      *GetLabCrypto());
    const auto at = [&](const auto& is) {
        return std::find_if(actions.begin(), actions.end(), is) - actions.begin();
    };
    const auto open =
        at([](const Action& a) { return std::holds_alternative<OpenConnectionAction>(a); });
    const auto install =
        at([](const Action& a) { return std::holds_alternative<InstallSaAction>(a); });
    const auto begin = at([](const Action& a) {
        const auto* r = std::get_if<ReportAction>(&a);
        return r && r->event->kind == EventKind::Phase2Begin;
    });
    const auto end = static_cast<std::ptrdiff_t>(actions.size());
    t.Expect(open < begin && begin < install && install < end, "open, begin, install", &world);
}

void
TwoSpokes(LabTest& t)
{
    World world = MakeHubWorld();
    AddSpokeC(world);
    RunSchedule(world, "start:A start:B start:C run");
    t.ExpectEqual(OpenedAt(world), "0 1", "one for each", &world);
    t.ExpectEqual(CountPairs(world, B), 2U, "pairs", &world);
    const bool isFirstA = world.GetNode(B).opened.at(FIRST).peer == AddressOf(A);
    t.Expect(Passes(world, FIRST + (isFirstA ? 0 : 1), A, NET_A), "A", &world);
    t.Expect(Passes(world, FIRST + (isFirstA ? 1 : 0), C, NET_C), "C", &world);
    RunSchedule(world, "clear:C run wait:6s");
    t.ExpectEqual(OpenedAt(world), isFirstA ? "0" : "1", "C alone is gone", &world);
    t.Expect(Passes(world, FIRST + (isFirstA ? 0 : 1), A, NET_A), "A stays", &world);
}

/// What a spoke asks for, and whether a template allows it.
struct AllowedCase
{
    std::string name;                                   ///< what is tried
    Selector spoke;                                     ///< identity of the spoke's side
    Selector hub;                                       ///< and of the hub's
    std::vector<std::pair<Selector, Selector>> allowed; ///< (hub, spoke)
    bool fits;                                          ///< does it open a connection?
};

void
Allowed(LabTest& t)
{
    const std::vector<std::pair<Selector, Selector>> usual{{HUB_NET, SPOKES}};
    const Selector any = IpPrefix::AnyV4();
    const Selector l2tp = Net("10.2.0.1", 32, 17, 1701);
    const std::vector<AllowedCase> cases{
        {"the same", SPOKES, HUB_NET, usual, true},
        {"narrower there", NET_A, HUB_NET, usual, true},
        {"narrower on both sides", Net("10.129.0.1", 32), Net("10.2.3.0", 24), usual, true},
        {"one protocol", Net("10.129.0.0", 16, 6), Net("10.2.0.0", 16, 6), usual, true},
        {"one port", NET_A, l2tp, usual, true},
        {"wider there", Net("10.0.0.0", 8), HUB_NET, usual, false},
        {"wider here", NET_A, Net("10.2.0.0", 15), usual, false},
        {"elsewhere", Net("10.1.0.0", 16), HUB_NET, usual, false},
        {"sides changed", HUB_NET, NET_A, usual, false},
        {"anything where all is allowed", any, any, {}, true},
        {"a port where it is allowed", NET_A, l2tp, {{l2tp, SPOKES}}, true},
        {"all ports where one is allowed", NET_A, Net("10.2.0.1", 32, 17), {{l2tp, SPOKES}}, false},
        {"all protocols where one is allowed", NET_A, Net("10.2.0.1", 32), {{l2tp, SPOKES}}, false},
        {"the second of two", NET_A, HUB_NET, {{l2tp, SPOKES}, {HUB_NET, NET_A}}, true},
        {"half of each of two", NET_A, HUB_NET, {{HUB_NET, NET_C}, {l2tp, NET_A}}, false}};
    for (const AllowedCase& c : cases)
    {
        const Tweak hub = [&c](EngineConfig& config) { config.connections[0].allowed = c.allowed; };
        const World world = MakeUpHub({}, Asks(c.spoke, c.hub), hub);
        t.ExpectEqual(CountPairs(world, A), c.fits ? 1U : 0U, c.name, &world);
        t.ExpectEqual(OpenedAt(world), c.fits ? "0" : "", c.name + ": opened", &world);
        t.ExpectEqual(EndsOf(world, B, EventKind::Phase2Failed),
                      c.fits ? "" : "invalid-id",
                      c.name + ": the hub",
                      &world);
        t.ExpectEqual(EndsOf(world, A, EventKind::Phase2Failed),
                      c.fits ? "" : "refused-by-peer",
                      c.name + ": the spoke",
                      &world);
    }
}

void
NoProposal(LabTest& t)
{
    const Tweak other = [](EngineConfig& c) {
        c.connections[0].transformSets[0].cipher = CipherAlgorithm::DesCbc;
    };
    const World world = MakeUpHub({}, other);
    t.ExpectEqual(EndsOf(world, B, EventKind::Phase2Failed), "no-proposal-chosen", "why", &world);
    t.ExpectEqual(OpenedAt(world), "", "nothing was opened for it", &world);
    t.ExpectEqual(world.GetNode(B).engine.GetLoad().opened, 0U, "nothing is kept", &world);
}

/// Who cannot prove himself opens nothing.
void
WrongKey(LabTest& t)
{
    const World world =
        MakeUpHub({}, Keys({PreSharedKey{"", IpPrefix::AnyV4(), ToOctets("guessed")}}));
    t.ExpectEqual(Standing(world), "0/0 0/0", "nothing stands", &world);
    t.ExpectEqual(OpenedAt(world), "", "nothing was opened", &world);
}

/// A connection of the configuration comes before any template.
void
OrdinaryComesFirst(LabTest& t)
{
    const Tweak hub = [](EngineConfig& c) {
        ConnectionConfig own = MakeConfig(B).connections.at(0);
        own.localSelector = HUB_NET;
        own.remoteSelector = NET_A;
        own.stayUp = false;
        c.connections.insert(c.connections.begin(), own);
    };
    World world = MakeUpHub({}, {}, hub);
    t.ExpectEqual(Standing(world), ONE_EACH, "up", &world);
    t.ExpectEqual(OpenedAt(world), "", "it is known", &world);
    t.Expect(Passes(world, TUNNEL), "traffic passes", &world);
}

/// Behind which keyring and profile the second of two templates is, and whether A may come by it.
struct ProfileCase
{
    std::string name;            ///< what is tried
    std::string keyring;         ///< of the template
    std::vector<IpPrefix> names; ///< whom it expects
    bool fits;                   ///< does A's request open a connection?
};

void
Profiles(LabTest& t)
{
    for (const ProfileCase& c : {ProfileCase{"the same keys", "", {}, true},
                                 ProfileCase{"other keys", "ring", {}, false},
                                 ProfileCase{"this peer", "", {IpPrefix{AddressOf(A), 32}}, true},
                                 ProfileCase{"another peer", "", {IpPrefix{SPOKE_C, 32}}, false}})
    {
        const Tweak hub = [&c](EngineConfig& config) {
            ConnectionConfig second = config.connections[0];
            second.id = TEMPLATE + 1;
            second.isakmpProfile = IsakmpProfileConfig{"p", c.keyring, c.names};
            config.connections[0].allowed = {{HUB_NET, NET_C}};
            config.connections.push_back(second);
        };
        const World world = MakeUpHub({}, {}, hub);
        t.ExpectEqual(CountIsakmp(world, B), 1U, c.name + ": phase 1", &world);
        t.ExpectEqual(OpenedAt(world), c.fits ? "0" : "", c.name, &world);
    }
}

// --- Living --------------------------------------------------------------------------------------

/// The same peer with the same identities has the same connection.
void
SpokeRenews(LabTest& t)
{
    World world = MakeUpHub(Lifetimes(500, 200));
    Pass(world, Duration::Seconds(2000));
    t.Expect(CountEvents(world, B, EventKind::PairUp) > 9, "renewed often", &world);
    t.ExpectEqual(OpenedAt(world), "0", "for one connection", &world);
    t.Expect(Passes(world), "traffic passes", &world);
}

/// A spoke that forgot all finds its connection again, with or without saying that it is new.
void
SpokeReboots(LabTest& t)
{
    for (bool contact : {true, false})
    {
        World world = MakeUpHub(Knob(&IkeKnobs::sendInitialContact, contact));
        RunSchedule(world, "reboot:A run");
        t.ExpectEqual(OpenedAt(world), "0", "the same connection", &world);
        t.ExpectEqual(CountPairs(world, B), contact ? 1U : 2U, "pairs", &world);
        t.Expect(Passes(world), "traffic passes", &world);
    }
}

/// At its soft lifetime, by its own switches, and only then.
void
HubRenews(LabTest& t)
{
    for (bool may : {true, false})
    {
        const Tweak hub = may ? Tweak() : ResponderOnly();
        World world = MakeUpHub(Lifetimes(86400, 400), {}, hub);
        Change(world, A, ResponderOnly());
        t.Expect(Passes(world), "a pair without traffic would not be renewed", &world);
        Pass(world, Duration::Seconds(380));
        t.ExpectEqual(CountEvents(world, B, EventKind::PairUp), may ? 2U : 1U, "pairs", &world);
        t.ExpectEqual(world.GetNode(B).attempts.size(), may ? 2U : 0U, "attempts", &world);
        t.ExpectEqual(RefusalsOf(world, B), may ? "" : "2:soft-lifetime", "refusals", &world);
        t.ExpectEqual(OpenedAt(world), "0", "the same connection", &world);
        Pass(world, Duration::Seconds(30));
        t.ExpectEqual(OpenedAt(world), may ? "0" : "", "behind the first one's end", &world);
        t.Expect(!may || Passes(world), "traffic passes", &world);
    }
}

void
HubRenewsPhase1(LabTest& t)
{
    World world = MakeUpHub(Lifetimes(400, 3600));
    Change(world, A, ResponderOnly());
    Pass(world, Duration::Seconds(410));
    t.ExpectEqual(Standing(world), ONE_EACH, "a new one stands", &world);
    const std::vector<Event> begun = EventsOf(world, B, EventKind::Phase1Begin);
    t.ExpectEqual(begun.back().connection, FIRST, "for the sake of the connection", &world);
    t.ExpectEqual(OpenedAt(world), "0", "the same connection", &world);
}

/// The hub watches, by the template, who has come by it.
void
DeadSpoke(LabTest& t)
{
    const Tweak watch = [](EngineConfig& c) {
        c.connections[0].keepalive =
            DpdConfig{ns3::ike::Duration::Seconds(10), ns3::ike::Duration::Seconds(2), true};
    };
    World world = MakeUpHub({}, {}, watch);
    PassDeaf(world, Duration::Seconds(60), A);
    t.ExpectEqual(EndsOf(world, B, EventKind::PairRemoved), "peer-dead", "noticed", &world);
    t.ExpectEqual(OpenedAt(world), "", "and closed", &world);
    // without a connection only IKE is asked
    World idle = MakeUpHub({}, Asks(HUB_NET, NET_A), watch);
    RunSchedule(idle, "stop:A");
    t.ExpectEqual(Standing(idle), "1/0 1/0", "an ISAKMP SA alone", &idle);
    PassDeaf(idle, Duration::Seconds(60), A);
    t.ExpectEqual(EndsOf(idle, B, EventKind::IsakmpRemoved), "peer-dead", "noticed", &idle);
}

/// Packets begin nothing, neither at the template nor for a connection whose pair is gone.
void
BeginsNothing(LabTest& t)
{
    World world = MakeUpHub(Knob(&IkeKnobs::restartPause, ns3::ike::Duration::Seconds(600)));
    world.Give(B, AcquireInput{TEMPLATE, true});
    RunSchedule(world, "clear:A run");
    t.ExpectEqual(OpenedAt(world), "0", "its inbound SA lingers", &world);
    world.Give(B, AcquireInput{FIRST, true});
    world.Give(B, UnknownSpiInput{AddressOf(B), AddressOf(A), 0x12345678});
    t.Expect(world.GetNode(B).attempts.empty(), "no attempt", &world);
    RunSchedule(world, "wait:6s");
    t.ExpectEqual(OpenedAt(world), "", "closed", &world);
    world.Give(B, AcquireInput{FIRST, true});
    world.Give(B, LinkChangeInput{FIRST, true});
    t.Expect(world.GetNode(B).attempts.empty(), "no attempt", &world);
    t.ExpectEqual(CountEvents(world, B, EventKind::Phase1Begin), 1U, "A's", &world);
    // ESP of a peer who has no connection here, but an ISAKMP SA: he is told
    const size_t told = CountEvents(world, B, EventKind::NotifySent);
    world.Give(B, UnknownSpiInput{AddressOf(B), AddressOf(A), 0x12345678});
    t.ExpectEqual(CountEvents(world, B, EventKind::NotifySent), told + 1, "INVALID-SPI", &world);
}

// --- Closing -------------------------------------------------------------------------------------

void
CloseAfterDelete(LabTest& t)
{
    World world = MakeUpHub();
    RunSchedule(world, "clear:A run");
    t.ExpectEqual(CountPairs(world, B), 0U, "deleted", &world);
    t.ExpectEqual(OpenedAt(world), "0", "packets in flight may still come", &world);
    RunSchedule(world, "wait:4999ms");
    t.ExpectEqual(OpenedAt(world), "0", "until the pause is over", &world);
    RunSchedule(world, "wait:1ms");
    t.ExpectEqual(OpenedAt(world), "", "then it is closed", &world);
    t.ExpectEqual(world.GetNode(B).engine.GetLoad().opened, 0U, "and forgotten", &world);
    Pass(world, Duration::Seconds(10));
    t.ExpectEqual(OpenedAt(world), "1", "the next one has a new id", &world);
    t.Expect(Passes(world, FIRST + 1), "traffic passes", &world);
}

/// Nothing is left of a quick mode that did not come to its end.
void
NoMessage3(LabTest& t)
{
    for (ResponderInstalls when : INSTALLS)
    {
        World world = MakeHubWorld(Knob(&IkeKnobs::responderInstalls, when));
        RunSchedule(world, "start:A start:B");
        Step(world, 7);
        t.ExpectEqual(OpenedAt(world), "0", "while it runs", &world);
        world.SetReachable(A, TUNNEL, false);
        PassDeaf(world, Duration::Seconds(66), A);
        t.ExpectEqual(EndsOf(world, B, EventKind::Phase2Failed), "no-answer", "why", &world);
        t.ExpectEqual(OpenedAt(world), "", "closed", &world);
    }
}

void
HubReboots(LabTest& t)
{
    World world = MakeUpHub();
    RunSchedule(world, "reboot:B");
    t.ExpectEqual(OpenedAt(world), "", "all is lost", &world);
    RunSchedule(world, "clear:A run");
    Pass(world, Duration::Seconds(90));
    t.ExpectEqual(OpenedAt(world), "0", "the spoke comes again", &world);
    t.Expect(Passes(world), "traffic passes", &world);
}

// --- A new configuration -------------------------------------------------------------------------

/// A change of the hub's template, and what becomes of what was opened.
struct TemplateCase
{
    std::string name; ///< what is tried
    Tweak change;     ///< of the hub
    bool stays;       ///< does the connection live on?
};

const std::vector<TemplateCase>&
TemplateCases()
{
    static const std::vector<TemplateCase> cases{
        {"gone", [](EngineConfig& c) { c.connections.clear(); }, false},
        {"another address",
         [](EngineConfig& c) { c.connections[0].local = IpAddress::V4(0x0a000009); },
         false},
        {"another entry", [](EngineConfig& c) { c.connections[0].policyEntry = "m 20"; }, false},
        {"another interface",
         [](EngineConfig& c) { c.connections[0].policyInterface = "Ethernet1"; },
         false},
        {"no longer allowed",
         [](EngineConfig& c) {
             c.connections[0].allowed = {{HUB_NET, NET_C}};
         },
         false},
        {"a template no more", [](EngineConfig& c) { c.connections[0].dynamic = false; }, false},
        {"more is allowed", [](EngineConfig& c) { c.connections[0].allowed.clear(); }, true},
        {"another lifetime", Lifetimes(86400, 1800), true},
        {"responder-only", ResponderOnly(), true}};
    return cases;
}

void
Reconfigured(LabTest& t)
{
    for (const TemplateCase& c : TemplateCases())
    {
        World world = MakeUpHub();
        Change(world, B, c.change);
        RunSchedule(world, "run");
        t.ExpectEqual(EndsOf(world, B, EventKind::PairRemoved),
                      c.stays ? "" : "reconfigured",
                      c.name,
                      &world);
        t.ExpectEqual(CountPairs(world, A), c.stays ? 1U : 0U, c.name + ": told", &world);
        t.ExpectEqual(OpenedAt(world), "0", c.name + ": lingers", &world);
        RunSchedule(world, "wait:6s");
        t.ExpectEqual(OpenedAt(world), c.stays ? "0" : "", c.name + ": closed", &world);
        t.Expect(!c.stays || Passes(world), c.name + ": traffic passes", &world);
    }
}

/// In the middle of its quick mode.
void
ReconfiguredWhileOpening(LabTest& t)
{
    for (const TemplateCase& c : TemplateCases())
    {
        World world = MakeHubWorld();
        RunSchedule(world, "start:A start:B");
        Step(world, 7);
        t.ExpectEqual(OpenedAt(world), "0", c.name + ": opens", &world);
        Change(world, B, c.change);
        t.ExpectEqual(OpenedAt(world), c.stays ? "0" : "", c.name, &world);
        t.ExpectEqual(EndsOf(world, B, EventKind::Phase2Failed),
                      c.stays ? "" : "reconfigured",
                      c.name + ": why",
                      &world);
        RunSchedule(world, "run");
        t.ExpectEqual(CountPairs(world, B), c.stays ? 1U : 0U, c.name + ": pairs", &world);
    }
}

/// What changes at the template counts for what was opened, too.
void
Follows(LabTest& t)
{
    World world = MakeUpHub();
    Change(world, B, All({Lifetimes(86400, 1800), ResponderOnly()}));
    const auto opened = world.GetNode(B).engine.GetOpenedConnections();
    t.ExpectEqual(opened.at(0).lifetime.ns, Duration::Seconds(1800).ns, "lifetime", &world);
    t.Expect(opened.at(0).switches == InitiationSwitches::ResponderOnly(), "switches", &world);
    t.ExpectEqual(opened.at(0).peer.ToString(), "10.0.0.1", "peer", &world);
    t.Expect(!opened.at(0).dynamic && opened.at(0).id == FIRST, "still itself", &world);
    // what was put to its end takes nobody in, though the template is there again
    const Tweak other = [](EngineConfig& c) { c.connections[0].policyEntry = "m 20"; };
    Change(world, B, other);
    Change(world, B, [](EngineConfig& c) { c.connections[0].policyEntry = "m 10"; });
    RunSchedule(world, "run reboot:A run");
    t.ExpectEqual(OpenedAt(world), "0 1", "a new one beside what lingers", &world);
    t.Expect(Passes(world, FIRST + 1), "traffic passes", &world);
    RunSchedule(world, "wait:6s");
    t.ExpectEqual(OpenedAt(world), "1", "the new one", &world);
}

/// When one of two pairs goes, the other one would ask for its successor.
void
NoRenewalAtTheEnd(LabTest& t)
{
    const Tweak hub = All({Knob(&IkeKnobs::outboundChoice, OutboundChoice::Oldest),
                           Knob(&IkeKnobs::idleRekey, true)});
    World world = MakeUpHub(Lifetimes(86400, 400), {}, hub);
    RunSchedule(world, "reboot:A run");
    Change(world, A, ResponderOnly());
    t.ExpectEqual(CountPairs(world, B), 2U, "two pairs", &world);
    PassDeaf(world, Duration::Seconds(375), A);
    t.ExpectEqual(world.GetNode(B).attempts.size(), 1U, "it asks for its successor", &world);
    Change(world, B, [](EngineConfig& c) { c.connections[0].policyEntry = "m 20"; });
    t.ExpectEqual(world.GetNode(B).attempts.size(), 2U, "no more", &world);
    t.Expect(!world.GetNode(B).engine.IsBeginning(FIRST), "and no other one begins", &world);
}

// --- Bounds --------------------------------------------------------------------------------------

void
Bounds(LabTest& t)
{
    World world = MakeHubWorld({}, {}, Knob(&IkeKnobs::openedLimit, 1U));
    AddSpokeC(world);
    RunSchedule(world, "start:A run start:C run");
    t.ExpectEqual(OpenedAt(world), "0", "A has come first", &world);
    t.ExpectEqual(WarningsOf(world, B),
                  "m 10 on Ethernet0 10.0.0.3 is refused: 1 connections that peers opened stand "
                  "already\n",
                  "C is refused",
                  &world);
    t.ExpectEqual(EndsOf(world, C, EventKind::Phase2Failed), "refused-by-peer", "told", &world);
    t.Expect(Passes(world), "A is not disturbed", &world);
    RunSchedule(world, "reboot:A run");
    t.ExpectEqual(CountPairs(world, B), 2U, "A comes to its own again", &world);
    RunSchedule(world, "stop:A clear:B run wait:6s");
    Pass(world, Duration::Seconds(11));
    t.ExpectEqual(OpenedAt(world), "1", "there is room for C", &world);
}

void
BoundOfPeer(LabTest& t)
{
    const Tweak second = [](EngineConfig& c) {
        c.connections.push_back(c.connections[0]);
        c.connections[1].id = 2;
        c.connections[1].localSelector = Net("10.140.0.0", 16);
    };
    for (uint32_t limit : {1U, 2U})
    {
        World world = MakeHubWorld({}, second, Knob(&IkeKnobs::openedPeerLimit, limit));
        AddSpokeC(world);
        RunSchedule(world, "start:A run start:C run");
        t.ExpectEqual(OpenedAt(world), limit == 1 ? "0 1" : "0 1 2", "A's and C's", &world);
        t.ExpectEqual(CountPairs(world, C), 1U, "C comes in any case", &world);
        t.ExpectEqual(WarningsOf(world, B).empty(), limit == 2, "a warning", &world);
    }
}

/// A copy in the middle goes the same way, and the fingerprint sees what was opened.
void
Copies(LabTest& t)
{
    World world = MakeHubWorld();
    RunSchedule(world, "start:A start:B");
    Step(world, 7);
    World copy = world;
    t.ExpectEqual(copy.GetFingerprint(), world.GetFingerprint(), "equal", &world);
    RunSchedule(world, "run wait:100s clear:A run wait:30s");
    t.Expect(copy.GetFingerprint() != world.GetFingerprint(), "the copy stays", &copy);
    t.ExpectEqual(OpenedAt(copy), "0", "the copy's own", &copy);
    RunSchedule(copy, "run wait:100s clear:A run wait:30s");
    t.ExpectEqual(copy.GetFingerprint(), world.GetFingerprint(), "equal again", &copy);
    t.ExpectEqual(OpenedAt(copy), OpenedAt(world), "the same", &copy);
}

// --- NAT -----------------------------------------------------------------------------------------

/// In transport mode what counts is the address that packets have at the hub.
void
TransportBehindNat(LabTest& t)
{
    const IpAddress outside = IpAddress::V4(0xc6336401);
    const Tweak transport = [](EngineConfig& c) {
        c.connections[0].transformSets[0].transport = true;
    };
    const auto host = [](const IpAddress& address) { return Selector(IpPrefix{address, 32}); };
    for (const Selector& allowed : {Selector(IpPrefix::AnyV4()), host(outside)})
    {
        const Tweak hub = [&](EngineConfig& c) {
            c.connections[0].allowed = {{host(AddressOf(B)), allowed}};
        };
        World world = MakeHubWorld(transport, Asks(host(AddressOf(A)), host(AddressOf(B))), hub);
        world.AddNat(A, outside, 20000);
        RunSchedule(world, "start:A run");
        t.ExpectEqual(Standing(world), ONE_EACH, "up", &world);
        t.ExpectEqual(world.GetNode(B).opened.at(FIRST).remoteSelector.ToString(),
                      host(outside).ToString(),
                      "there",
                      &world);
        RunSchedule(world, "reboot:A run");
        t.ExpectEqual(OpenedAt(world), "0", "the same connection", &world);
    }
}

// --- Several ordinary connections between two addresses ------------------------------------------

void
TwoLines(LabTest& t)
{
    const auto lines = [](uint32_t side) {
        return [side](EngineConfig& c) {
            c.connections.push_back(MakeSecondTunnel(side));
            c.connections[0].stayUp = c.connections[1].stayUp = false;
        };
    };
    World world = MakeWorld({}, lines(A), lines(B));
    RunSchedule(world, "start:A start:B");
    world.Give(A, AcquireInput{2});
    world.Give(A, AcquireInput{TUNNEL});
    RunSchedule(world, "run");
    t.ExpectEqual(Standing(world), "1/2 1/2", "a pair each under one ISAKMP SA", &world);
    t.Expect(CarriesTraffic(world, TUNNEL) && CarriesTraffic(world, 2), "traffic", &world);
}

/// The same line with several peers is several connections with the same selectors.
void
TwoPeersOfALine(LabTest& t)
{
    const Tweak hub = [](EngineConfig& c) {
        ConnectionConfig own = MakeConfig(B).connections.at(0);
        own.localSelector = HUB_NET;
        own.remoteSelector = SPOKES;
        c.connections = {own, own};
        c.connections[0].peer = SPOKE_C;
        c.connections[1].id = 2;
    };
    World world = MakeWorld({}, Asks(SPOKES), hub);
    AddSpokeC(world, Asks(SPOKES));
    RunSchedule(world, "start:A run");
    t.ExpectEqual(EventsOf(world, B, EventKind::PairUp).back().connection, 2U, "A", &world);
    RunSchedule(world, "start:C run");
    t.ExpectEqual(EventsOf(world, B, EventKind::PairUp).back().connection, TUNNEL, "C", &world);
}

/// The suite "ikev1-dynamic": connections that peers open.
class Ikev1DynamicTestSuite : public TestSuite
{
  public:
    Ikev1DynamicTestSuite()
        : TestSuite("ikev1-dynamic", Type::UNIT)
    {
        Add("a spoke comes to a template", StaticSpoke);
        Add("the connection is there first", OpenComesFirst);
        Add("two spokes by one template", TwoSpokes);
        Add("what a template allows", Allowed);
        Add("no proposal fits", NoProposal);
        Add("a wrong key opens nothing", WrongKey);
        Add("a known peer needs no template", OrdinaryComesFirst);
        Add("a template with a profile", Profiles);
        Add("the spoke renews", SpokeRenews);
        Add("the spoke reboots", SpokeReboots);
        Add("the hub renews", HubRenews);
        Add("the hub renews phase 1", HubRenewsPhase1);
        Add("a dead spoke", DeadSpoke);
        Add("the hub begins nothing else", BeginsNothing);
        Add("closed behind the last SA", CloseAfterDelete);
        Add("message 3 never comes", NoMessage3);
        Add("the hub reboots", HubReboots);
        Add("the template changes", Reconfigured);
        Add("the template changes during quick mode", ReconfiguredWhileOpening);
        Add("what was opened follows its template", Follows);
        Add("what is to end is not renewed", NoRenewalAtTheEnd);
        Add("so many and no more", Bounds);
        Add("so many of one peer", BoundOfPeer);
        Add("copies", Copies);
        Add("transport mode behind a NAT", TransportBehindNat);
        Add("two lines between two addresses", TwoLines);
        Add("two peers of a line", TwoPeersOfALine);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1DynamicTestSuite g_ikev1DynamicTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
