/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ikev1-reconfigure.h"

#include <functional>
#include <map>

/**
 * @file
 * The suite "ikev1-fingerprint": states that can behave differently have different fingerprints.
 */
namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

constexpr int64_t SECOND = 1000000000; ///< in ns

Instant
At(int64_t seconds)
{
    return Instant{} + ns3::ike::Duration{seconds * SECOND};
}

/// The moment of all fingerprints here.
const Instant NOW = At(1000);

Cookie
CookieOf(uint8_t octet)
{
    Cookie cookie{};
    cookie.fill(octet);
    return cookie;
}

IsakmpSa
MakeSa(IsakmpNumber number, uint32_t upOrder, IsakmpState state)
{
    IsakmpSa sa;
    sa.number = number;
    sa.upOrder = upOrder;
    sa.state = state;
    sa.initiatorCookie = CookieOf(static_cast<uint8_t>(number));
    sa.responderCookie = CookieOf(static_cast<uint8_t>(0x80 + number));
    sa.timers.Set(IsakmpTimer::Liveness, NOW);
    return sa;
}

/// Two ISAKMP SAs that stand and one that begins, a quick mode, two pairs, a tunnel, a job.
Ikev1State
MakeState()
{
    Ikev1State state;
    for (const IsakmpSa& sa : {MakeSa(11, 5, IsakmpState::Established),
                               MakeSa(12, 7, IsakmpState::Established),
                               MakeSa(13, 0, IsakmpState::AggressiveInitiatorMakingKeys)})
    {
        state.isakmpSas[sa.number] = sa;
    }
    for (PairId id : {21U, 22U})
    {
        PairState pair;
        pair.id = id;
        pair.identity = PairIdentity{id * 16, id * 16 + 1};
        pair.isakmp = 11;
        pair.negotiatedUnder = 11;
        state.pairs[id] = pair;
    }
    QuickMode quick;
    quick.number = 31;
    quick.isakmp = 11;
    quick.succeeds = state.pairs[21].identity;
    state.quickModes[quick.number] = quick;
    state.isakmpSas[13].pending = {PendingPhase2{1, BeginReason::Traffic, PairIdentity()}};
    state.isakmpSas[13].succeeds = state.isakmpSas[11].Identity();
    state.tunnels[1].selected = 21;
    state.jobs[41] = JobOwner{13, 0};
    return state;
}

/// One change.
struct Field
{
    std::string name;                        ///< of the field
    std::function<void(Ikev1State&)> change; ///< it alone
};

/// All numbers of the fields of an ISAKMP SA, but those that follow from others.
std::vector<Field>
FieldsOfIsakmpSas()
{
    using S = Ikev1State;
    const auto one = [](S& s) -> IsakmpSa& { return s.isakmpSas[11]; };
    const auto begun = [](S& s) -> IsakmpSa& { return s.isakmpSas[13]; };
    return {
        {"role", [=](S& s) { one(s).role = Role::Responder; }},
        {"aggressive", [=](S& s) { one(s).aggressive = true; }},
        {"state", [=](S& s) { begun(s).state = IsakmpState::AggressiveInitiatorSentSa; }},
        {"local", [=](S& s) { one(s).local.address = AddressOf(A); }},
        {"local port", [=](S& s) { one(s).local.port = 4500; }},
        {"remote", [=](S& s) { one(s).remote.address = AddressOf(B); }},
        {"remote port", [=](S& s) { one(s).remote.port = 4500; }},
        {"peer", [=](S& s) { one(s).peer = AddressOf(B); }},
        {"behalf", [=](S& s) { one(s).behalf = 1; }},
        {"begin", [=](S& s) { one(s).begin = BeginReason::Traffic; }},
        {"succeeds another", [=](S& s) { begun(s).succeeds = s.isakmpSas[12].Identity(); }},
        {"succeeds none", [=](S& s) { begun(s).succeeds = IsakmpIdentity(); }},
        {"succeeds one that is gone",
         [=](S& s) {
             begun(s).succeeds = {CookieOf(9), CookieOf(9)};
         }},
        {"pending", [=](S& s) { begun(s).pending.clear(); }},
        {"pending's tunnel", [=](S& s) { begun(s).pending[0].connection = 2; }},
        {"pending's reason", [=](S& s) { begun(s).pending[0].begin = BeginReason::LostSa; }},
        {"pending's succeeds", [=](S& s) { begun(s).pending[0].succeeds = s.pairs[21].identity; }},
        {"pending's succeeds another",
         [=](S& s) { begun(s).pending[0].succeeds = s.pairs[22].identity; }},
        {"policy's priority", [=](S& s) { one(s).policy.priority = 1; }},
        {"policy's cipher", [=](S& s) { one(s).policy.cipher = CipherAlgorithm::AesCbc; }},
        {"policy's key", [=](S& s) { one(s).policy.keyBits = 256; }},
        {"policy's hash", [=](S& s) { one(s).policy.hash = HashAlgorithm::Md5; }},
        {"policy's method", [=](S& s) { one(s).policy.authentication = AuthMethod::PreSharedKey; }},
        {"policy's group", [=](S& s) { one(s).policy.group = DhGroup::Modp1024; }},
        {"policy's lifetime", [=](S& s) { one(s).policy.lifetime.ns = SECOND; }},
        {"preSharedKey", [=](S& s) { one(s).preSharedKey = Octets(); }},
        {"keyNamed", [=](S& s) { one(s).keyNamed = true; }},
        {"peerIdentity's kind", [=](S& s) { one(s).peerIdentity.kind = IdentityKind::Fqdn; }},
        {"peerIdentity's text", [=](S& s) { one(s).peerIdentity.text = "r1"; }},
        {"authorities", [=](S& s) { one(s).authorities.emplace_back(); }},
        {"last.sendings", [=](S& s) { one(s).last.sendings = 2; }},
        {"last.sent", [=](S& s) { one(s).last.sent = Octets(8); }},
        {"repeatAt", [=](S& s) { begun(s).repeatAt = At(1001); }},
        {"failure", [=](S& s) { one(s).failure = EndReason::NoAnswer; }},
        {"refused again", [=](S& s) { one(s).refused.again = At(1001); }},
        {"refused", [=](S& s) { one(s).refused.count = 1; }},
        {"timers", [=](S& s) { one(s).timers.Set(IsakmpTimer::Hard, At(1001)); }},
        {"softPassed", [=](S& s) { one(s).softPassed = true; }},
        {"successorAsked", [=](S& s) { one(s).successorAsked = true; }},
        {"hardAt", [=](S& s) { one(s).hardAt = At(1001); }},
        {"upOrder", [=](S& s) { one(s).upOrder = 9; }},
        {"natTraversal", [=](S& s) { one(s).natTraversal = true; }},
        {"natLocal", [=](S& s) { one(s).natLocal = true; }},
        {"natRemote", [=](S& s) { one(s).natRemote = true; }},
        {"deadPeerDetection", [=](S& s) { one(s).deadPeerDetection = true; }},
        {"heardAt", [=](S& s) { one(s).liveness.heardAt = At(999); }},
        {"sent", [=](S& s) { one(s).liveness.sent = 1; }},
        {"unanswered", [=](S& s) { one(s).liveness.unanswered = 1; }},
        {"received", [=](S& s) { one(s).liveness.received = 7; }},
        {"usageAwaited", [=](S& s) { one(s).liveness.usageAwaited = 2; }},
        {"lastOutbound", [=](S& s) { s.isakmpSas[12].liveness.lastOutbound = At(998); }},
        {"invalidSpiAt", [=](S& s) { one(s).invalidSpiAt = At(1001); }},
        {"usedMessageIds", [=](S& s) { one(s).usedMessageIds = {1}; }},
    };
}

std::vector<Field>
FieldsOfQuickModes()
{
    using S = Ikev1State;
    const auto one = [](S& s) -> QuickMode& { return s.quickModes[31]; };
    return {
        {"quick isakmp", [=](S& s) { one(s).isakmp = 12; }},
        {"quick role", [=](S& s) { one(s).role = Role::Responder; }},
        {"quick state", [=](S& s) { one(s).state = QuickState::Finished; }},
        {"quick connection", [=](S& s) { one(s).connection = 2; }},
        {"quick begin", [=](S& s) { one(s).begin = BeginReason::Traffic; }},
        {"quick succeeds another", [=](S& s) { one(s).succeeds = s.pairs[22].identity; }},
        {"quick succeeds none", [=](S& s) { one(s).succeeds = PairIdentity(); }},
        {"quick transform", [=](S& s) { one(s).transform.cipher = CipherAlgorithm::AesCbc; }},
        {"quick udp", [=](S& s) { one(s).udp = true; }},
        {"quick withoutIds", [=](S& s) { one(s).withoutIds = true; }},
        {"quick connectedAwaited", [=](S& s) { one(s).connectedAwaited = true; }},
        {"quick pfs", [=](S& s) { one(s).pfs = DhGroup::Modp1024; }},
        {"quick lifetime", [=](S& s) { one(s).lifetime.ns = SECOND; }},
        {"quick kilobytes", [=](S& s) { one(s).lifetimeKilobytes = 1; }},
        {"quick announceLifetime", [=](S& s) { one(s).announceLifetime = true; }},
        {"quick sendings", [=](S& s) { one(s).last.sendings = 2; }},
        {"quick sent", [=](S& s) { one(s).last.sent = Octets(8); }},
        {"quick pair", [=](S& s) { one(s).pair = 21; }},
        {"quick other pair", [=](S& s) { one(s).pair = 22; }},
        {"quick timers", [=](S& s) { one(s).timers.Set(QuickTimer::Forget, At(1001)); }},
    };
}

std::vector<Field>
FieldsOfPairs()
{
    using S = Ikev1State;
    const auto one = [](S& s) -> PairState& { return s.pairs[21]; };
    return {
        {"pair connection", [=](S& s) { one(s).connection = 2; }},
        {"pair isakmp", [=](S& s) { one(s).isakmp = 12; }},
        {"pair negotiatedUnder", [=](S& s) { one(s).negotiatedUnder = 12; }},
        {"pair peerIdentity", [=](S& s) { one(s).peerIdentity.text = "r1"; }},
        {"pair udp", [=](S& s) { one(s).udp = true; }},
        {"pair natLocal", [=](S& s) { one(s).natLocal = true; }},
        {"pair local", [=](S& s) { one(s).local = AddressOf(A); }},
        {"pair peer", [=](S& s) { one(s).peer = AddressOf(A); }},
        {"pair localPort", [=](S& s) { one(s).localPort = 4500; }},
        {"pair remote", [=](S& s) { one(s).remote.address = AddressOf(A); }},
        {"pair remote port", [=](S& s) { one(s).remote.port = 4500; }},
        {"pair role", [=](S& s) { one(s).role = Role::Responder; }},
        {"pair cipher", [=](S& s) { one(s).transform.cipher = CipherAlgorithm::AesCbc; }},
        {"pair key", [=](S& s) { one(s).transform.keyBits = 256; }},
        {"pair integrity",
         [=](S& s) { one(s).transform.integrity = IntegrityAlgorithm::HmacMd5_96; }},
        {"pair transport", [=](S& s) { one(s).transform.transport = true; }},
        {"pair ESN", [=](S& s) { one(s).transform.extendedSequence = true; }},
        {"pair pfs", [=](S& s) { one(s).pfs = DhGroup::Modp1024; }},
        {"pair hardBytes", [=](S& s) { one(s).hardBytes = 1; }},
        {"pair live", [=](S& s) { one(s).live = false; }},
        {"pair usedInbound", [=](S& s) { one(s).usedInbound = true; }},
        {"pair softPassed", [=](S& s) { one(s).softPassed = true; }},
        {"pair successorAsked", [=](S& s) { one(s).successorAsked = true; }},
        {"pair connectedAwaited", [=](S& s) { one(s).connectedAwaited = true; }},
        {"pair hardAt", [=](S& s) { one(s).hardAt = At(1001); }},
        {"pair timers", [=](S& s) { one(s).timers.Set(PairTimer::Linger, At(1001)); }},
    };
}

std::vector<Field>
FieldsOfTheRest()
{
    using S = Ikev1State;
    return {
        {"reachable", [](S& s) { s.tunnels[1].reachable = true; }},
        {"selected", [](S& s) { s.tunnels[1].selected = 22; }},
        {"restartReason", [](S& s) { s.tunnels[1].restartReason = BeginReason::LostSa; }},
        {"refusedReported", [](S& s) { s.tunnels[1].refusedReported = 1; }},
        {"quietUntil", [](S& s) { s.tunnels[1].quietUntil = At(1001); }},
        {"restart", [](S& s) { s.tunnels[1].timers.Set(TunnelTimer::Restart, At(1001)); }},
        {"another tunnel", [](S& s) { s.tunnels[2]; }},
        {"keepalive", [](S& s) { s.natTimers.Set(NatTimer::Keepalive, At(1001)); }},
        {"a job more",
         [](S& s) {
             s.jobs[42] = JobOwner{12, 0};
         }},
        {"whose job",
         [](S& s) {
             s.jobs[41] = JobOwner{0, 31};
         }},
        {"a recorded value", [](S& s) { s.recorded.values[RandomPurpose::Nonce] = {{1}}; }},
        {"another one", [](S& s) { s.recorded.values[RandomPurpose::Nonce] = {{2}}; }},
        {"of another purpose", [](S& s) { s.recorded.values[RandomPurpose::Cookie] = {{1}}; }},
    };
}

/// Each field alone makes a difference, and each another one.
void
EachField(LabTest& t)
{
    Ikev1State base = MakeState();
    base.isakmpSas[12].liveness.usageAwaited = 1;
    std::map<uint64_t, std::string> seen{{FingerprintOf(base, NOW), "nothing"}};
    for (const auto& fields :
         {FieldsOfIsakmpSas(), FieldsOfQuickModes(), FieldsOfPairs(), FieldsOfTheRest()})
    {
        for (const Field& field : fields)
        {
            Ikev1State state = base;
            field.change(state);
            const auto [it, isNew] = seen.emplace(FingerprintOf(state, NOW), field.name);
            t.Expect(isNew, field.name + " looks like " + it->second);
        }
    }
}

/// What changes no behaviour changes no fingerprint: names, and moments that are over.
void
Canonical(LabTest& t)
{
    const uint64_t base = FingerprintOf(MakeState(), NOW);
    Ikev1State state = MakeState();
    state.isakmpSas[11].upOrder = 100;
    state.isakmpSas[12].upOrder = 200;
    t.ExpectEqual(FingerprintOf(state, NOW), base, "the same order");
    state.isakmpSas[11].invalidSpiAt = At(999);
    state.isakmpSas[13].repeatAt = At(999);
    state.tunnels[1].quietUntil = At(999);
    t.ExpectEqual(FingerprintOf(state, NOW), base, "over");
    state.isakmpSas[11].repeatAt = At(1001);
    state.isakmpSas[11].liveness.lastOutbound = At(990);
    t.ExpectEqual(FingerprintOf(state, NOW), base, "of no use in this state");
    state.recorded.values[RandomPurpose::Nonce];
    t.ExpectEqual(FingerprintOf(state, NOW), base, "all recorded values are used up");
    state.isakmpSas[12].initiatorCookie = CookieOf(0x77);
    state.pairs[22].identity = PairIdentity{8, 9};
    t.ExpectEqual(FingerprintOf(state, NOW), base, "chance values");
}

/// The suite "ikev1-fingerprint".
class Ikev1FingerprintTestSuite : public TestSuite
{
  public:
    Ikev1FingerprintTestSuite()
        : TestSuite("ikev1-fingerprint", Type::UNIT)
    {
        AddTestCase(new LabTest("each field alone", EachField), TestDuration::QUICK);
        AddTestCase(new LabTest("canonical", Canonical), TestDuration::QUICK);
    }
};

static Ikev1FingerprintTestSuite g_ikev1FingerprintTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
