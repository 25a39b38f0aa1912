/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-lab-fixture.h"

#include "ns3/ike-auth-octets.h"
#include "ns3/ike-key-schedule.h"
#include "ns3/ike-negotiate.h"
#include "ns3/ikev1-informational.h"
#include "ns3/ikev1-quick-mode.h"
#include "ns3/ikev1-transport.h"
#include "ns3/ikev1-upkeep.h"

#include <algorithm>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// An end whose insides the test holds: it has an ISAKMP SA out of nowhere, and so can say what no
/// engine would.
struct OpenEnd
{
    EngineConfig config; ///< what it wants
    Ikev1State state;    ///< its IKE
    Actions actions;     ///< what it wants done

    explicit OpenEnd(uint32_t side)
        : config(MakeConfig(side))
    {
        state.key = MakeWorldKey(1, side + 1);
        AddIsakmp(side, 1);
    }

    /// The same SA has the same keys at both ends.
    IsakmpSa& AddIsakmp(uint32_t side, IsakmpNumber number)
    {
        IsakmpSa sa;
        sa.number = number;
        sa.role = side == A ? Role::Initiator : Role::Responder;
        sa.state = IsakmpState::Established;
        sa.local = Endpoint{AddressOf(side), 500};
        sa.remote = Endpoint{AddressOf(1 - side), 500};
        sa.initiatorCookie.fill(static_cast<uint8_t>(number));
        sa.responderCookie.fill(static_cast<uint8_t>(number + 100));
        sa.policy = MakePolicy();
        sa.keys.a = Octets(20, 1);
        sa.keys.d = Octets(20, 2);
        sa.encryptionKey = ToOctets("a key of 24 octets: 3DES");
        sa.iv = Octets(8, 3);
        sa.upOrder = number;
        return state.isakmpSas[number] = sa;
    }

    Ikev1Context Context()
    {
        return Ikev1Context{Instant{},
                            config,
                            *GetLabCrypto(),
                            state,
                            actions,
                            std::make_shared<const ConnectionIndex>(config)};
    }

    IsakmpSa& Isakmp()
    {
        return state.isakmpSas.at(1);
    }

    /// The last datagram that it wants to send, if any; from now on there is none.
    std::optional<Octets> TakeSent()
    {
        std::optional<Octets> sent;
        for (const Action& a : actions)
        {
            if (const auto* send = std::get_if<SendAction>(&a))
            {
                sent = send->octets;
            }
        }
        actions.clear();
        return sent;
    }

    /// The text of the last event of a kind, or the reason why something ended.
    std::string Last(EventKind kind) const
    {
        std::string text = "nothing";
        for (const Action& a : actions)
        {
            const auto* report = std::get_if<ReportAction>(&a);
            if (report && report->event->kind == kind)
            {
                text = report->event->text.empty() ? ToString(report->event->end)
                                                   : report->event->text;
            }
        }
        return text;
    }

    void Receive(const Octets& octets)
    {
        Ikev1Context ctx = Context();
        const Header header = *ReadHeader(octets).value;
        const DatagramInput datagram{Isakmp().local, Isakmp().remote, octets};
        if (header.exchange == ExchangeType::QuickMode)
        {
            HandleQuickMode(ctx, Isakmp(), datagram, header);
        }
        else
        {
            HandleInformational(ctx, Isakmp(), datagram, header);
        }
    }

    /// A message of quick mode as it is told, with its hash (RFC 2409 5.5) or another one.
    Octets Say(uint32_t messageId,
               const Octets& iv,
               const Octets& nonce,
               std::vector<Payload> payloads,
               bool isHashRight = true)
    {
        Ikev1Context ctx = Context();
        QuickMode quick;
        quick.messageId = messageId;
        quick.iv = iv;
        // HASH(2) is HASH(1) with the initiator's nonce before the payloads
        Octets hash = ComputeHash1(ctx.crypto,
                                   HashAlgorithm::Sha1,
                                   Isakmp().keys.a,
                                   messageId,
                                   Concat({nonce, WritePayloads(payloads)}));
        hash[0] ^= isHashRight ? 0 : 1;
        payloads.insert(payloads.begin(), HashPayload{hash});
        SendQuickMode(ctx, Isakmp(), quick, payloads);
        return TakeSent().value();
    }

    Octets FirstIv(uint32_t messageId)
    {
        return DerivePhase2Iv(*GetLabCrypto(), HashAlgorithm::Sha1, Isakmp().iv, messageId, 8);
    }
};

constexpr uint32_t MESSAGE_ID = 77; ///< of quick modes that A is made to begin

/// RFC 2409 5.5: a quick mode without identities is for the two ends, and so is its answer.
void
WithoutIdentities(LabTest& t)
{
    for (bool isConfigured : {true, false})
    {
        OpenEnd a(A);
        OpenEnd b(B);
        ConnectionConfig& own = b.config.connections[0];
        own.transformSets[0].transport = true;
        if (isConfigured)
        {
            own.localSelector = Selector(IpPrefix{own.local, 32});
            own.remoteSelector = Selector(IpPrefix{own.peer, 32});
        }
        const SaPayload offer = BuildPhase2Offer(own, 4711);
        b.Receive(
            a.Say(MESSAGE_ID, a.FirstIv(MESSAGE_ID), {}, {offer, NoncePayload{Octets(16, 9)}}));
        if (!isConfigured)
        {
            t.ExpectEqual(b.Last(EventKind::NotifySent), "INVALID-ID-INFORMATION", "no tunnel");
            continue;
        }
        t.ExpectEqual(b.Last(EventKind::MessageSent), "HDR*, HASH, SA, NONCE", "the answer");
        t.ExpectEqual(b.state.quickModes.size(), 1U, "it goes on");
    }
}

/// Who is authentic and breaks the rules is told (RFC 2408 5.3); strangers are not.
void
BrokenRules(LabTest& t)
{
    for (bool isAuthentic : {true, false})
    {
        OpenEnd a(A);
        OpenEnd b(B);
        const SaPayload offer = BuildPhase2Offer(b.config.connections[0], 4711);
        const Octets first = a.Say(MESSAGE_ID,
                                   a.FirstIv(MESSAGE_ID),
                                   {},
                                   {offer, offer, NoncePayload{Octets(16, 9)}},
                                   isAuthentic);
        b.Receive(first);
        t.ExpectEqual(b.Last(EventKind::NotifySent),
                      isAuthentic ? "PAYLOAD-MALFORMED" : "nothing",
                      "two SA payloads");
        t.ExpectEqual(b.TakeSent().has_value(), isAuthentic, "sent");
        b.Receive(first);
        t.Expect(!b.TakeSent(), "once");
    }
}

/// An answer, with what is wrong in it.
struct WrongCase
{
    std::function<void(std::vector<Payload>&)> spoil; ///< SA, NONCE, ID, ID
    std::string notify;                               ///< what the initiator says
    std::string end;                                  ///< of its quick mode
};

/// The initiator looks at what its peer answers, says what is wrong with it, and gives up.
void
WrongAnswers(LabTest& t)
{
    const std::vector<WrongCase> cases{
        {[](std::vector<Payload>&) {}, "nothing", "nothing"},
        {[](std::vector<Payload>& p) {
             std::get<SaPayload>(p[0]).proposals[0].transforms[0].attributes.pop_back();
         },
         "BAD-PROPOSAL-SYNTAX",
         "no-proposal-chosen"},
        {[](std::vector<Payload>& p) { p.push_back(KePayload{Octets(128, 1)}); },
         "INVALID-KEY-INFORMATION",
         "invalid-key-exchange"},
        {[](std::vector<Payload>& p) { p[2] = BuildAddressId(AddressOf(A)); },
         "INVALID-ID-INFORMATION",
         "invalid-id"},
        {[](std::vector<Payload>& p) { p.resize(2); }, "INVALID-ID-INFORMATION", "invalid-id"},
    };
    for (const WrongCase& c : cases)
    {
        OpenEnd a(A);
        OpenEnd b(B);
        Ikev1Context ctx = a.Context();
        BeginQuickMode(ctx, a.Isakmp(), PendingPhase2{TUNNEL, BeginReason::TunnelStart, {}});
        const Octets first = a.TakeSent().value();
        const QuickMode& quick = a.state.quickModes.begin()->second;
        SaPayload answer = quick.offered;
        SetSpi(answer, 4712);
        std::vector<Payload> payloads{answer,
                                      NoncePayload{Octets(16, 8)},
                                      quick.idInitiator,
                                      quick.idResponder};
        c.spoil(payloads);
        a.Receive(b.Say(quick.messageId,
                        Octets(first.end() - 8, first.end()),
                        quick.nonceInitiator,
                        payloads));
        t.ExpectEqual(a.Last(EventKind::NotifySent), c.notify, "said");
        t.ExpectEqual(a.Last(EventKind::Phase2Failed), c.end, "failed");
        t.ExpectEqual(a.state.pairs.size(), c.end == "nothing" ? 1U : 0U, "pairs");
    }
}

/// INITIAL-CONTACT in an exchange of its own: what was negotiated under its own ISAKMP SA stays,
/// what that has adopted goes.
void
InitialContact(LabTest& t)
{
    OpenEnd a(A);
    OpenEnd b(B);
    b.AddIsakmp(B, 2);
    for (PairId id : {1, 2, 3})
    {
        PairState pair;
        pair.id = id;
        pair.identity = PairIdentity{1000 + id, 2000 + id};
        pair.connection = TUNNEL;
        pair.isakmp = id == 3 ? 1 : id;
        pair.negotiatedUnder = id == 3 ? 2 : id;
        pair.local = AddressOf(B);
        pair.peer = AddressOf(A);
        b.state.pairs[id] = pair;
    }
    Ikev1Context ctx = a.Context();
    NotifyPayload notify;
    notify.type = NotifyType::InitialContact;
    SendInformational(ctx, a.Isakmp(), {notify});
    b.Receive(a.TakeSent().value());
    t.ExpectEqual(b.state.isakmpSas.size(), 1U, "the other ISAKMP SA has gone");
    t.Expect(b.state.pairs.at(1).live && !b.state.pairs.at(2).live, "and its pair");
    t.Expect(!b.state.pairs.at(3).live, "and the adopted one");
}

/// The suite "ikev1-quick-errors": what a peer with the right keys may do wrong.
class Ikev1QuickErrorsTestSuite : public TestSuite
{
  public:
    Ikev1QuickErrorsTestSuite()
        : TestSuite("ikev1-quick-errors", Type::UNIT)
    {
        Add("without identities", WithoutIdentities);
        Add("broken rules", BrokenRules);
        Add("wrong answers", WrongAnswers);
        Add("INITIAL-CONTACT", InitialContact);
    }

  private:
    void Add(const std::string& name, const LabTest::Body& body)
    {
        AddTestCase(new LabTest(name, body), TestDuration::QUICK);
    }
};

static Ikev1QuickErrorsTestSuite g_ikev1QuickErrorsTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
