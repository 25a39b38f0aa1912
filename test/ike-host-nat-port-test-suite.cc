/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-host-fixture.h"
#include "ike-test-compat.h"

#include "ns3/ike-application.h"
#include "ns3/ike-message.h"
#include "ns3/inet-socket-address.h"
#include "ns3/simulator.h"
#include "ns3/test.h"
#include "ns3/udp-socket-factory.h"

#include <map>
#include <string>
#include <vector>

/**
 * @file
 * @ingroup ike-tests
 * What a stranger sends to port 4500 (RFC 3948): keepalives, fragments of nothing, IKE messages
 * whose non-ESP marker is absent or stands there twice.
 */

namespace ns3
{
namespace ike
{
namespace
{

using namespace tests;

/// Something to send, and what is to become of it.
struct Junk
{
    std::string name;                   ///< of it
    Octets octets;                      ///< the datagram
    unsigned count;                     ///< how often
    uint64_t NatPortCounters::*counter; ///< which goes up by as many, or null
    std::string drop;                   ///< for which reason a packet is dropped, or empty
    uint32_t heard;                     ///< how many of them the engine hears and drops
};

/// What R1 says of SAs and messages.
const std::vector<EventKind> KINDS{EventKind::Phase1Begin,
                                   EventKind::Phase1Up,
                                   EventKind::IsakmpRemoved,
                                   EventKind::PairUp,
                                   EventKind::PairRemoved,
                                   EventKind::NotifySent,
                                   EventKind::MessageSent,
                                   EventKind::MessageDropped};

/// Message 1 of main mode without any payload: a header alone.
Octets
MakeMessage()
{
    Header header;
    header.initiatorCookie.fill(0x66);
    header.exchange = ExchangeType::IdentityProtection;
    return WriteMessage(Message{header, {}, {}});
}

Octets
Behind(size_t zeros, const Octets& octets)
{
    Octets all(zeros, 0);
    all.insert(all.end(), octets.begin(), octets.end());
    return all;
}

/// A stranger on the way writes to port 4500 of a router that has SAs.
class NatPortTestCase : public TestCase
{
  public:
    NatPortTestCase()
        : TestCase("Port 4500: keepalives, markers absent and twice, and what is nothing at all")
    {
    }

  private:
    /// Send one thing as often as it says, one a millisecond.
    void SendAll(Ptr<Socket> socket, const Junk& junk)
    {
        for (unsigned i = 0; i < junk.count; i++)
        {
            HostWorld::At(MilliSeconds(i), [socket, &junk] {
                socket->Send(Create<Packet>(junk.octets.data(), junk.octets.size()));
            });
        }
    }

    void Check(const Junk& junk)
    {
        HostWorld w(DEFAULT1 + LAN2, DEFAULT2 + LAN1, true);
        Ptr<Socket> socket = Socket::CreateSocket(w.core, UdpSocketFactory::GetTypeId());
        socket->Bind(InetSocketAddress(Ipv4Address::GetAny(), 4500));
        socket->Connect(InetSocketAddress(Ipv4Address("192.0.2.1"), 4500));
        NatPortCounters before;
        std::map<EventKind, size_t> counts;
        HostWorld::At(Seconds(5), [&] {
            before = w.r1->GetApplication()->GetNatPortCounters();
            for (EventKind kind : KINDS)
            {
                counts[kind] = w.Count("R1", kind);
            }
            NS_TEST_EXPECT_MSG_GT(counts[EventKind::PairUp], 0, "SAs stand");
            SendAll(socket, junk);
        });
        HostWorld::At(Seconds(10), [&] { w.Send(w.hA, "10.2.0.2", 100, 1); });
        HostWorld::At(Seconds(10), [&] { w.Send(w.hB, "10.1.0.2", 100, 2); });
        Simulator::Stop(Seconds(11));
        Simulator::Run();
        const NatPortCounters& after = w.r1->GetApplication()->GetNatPortCounters();
        for (uint64_t NatPortCounters::*counter : {&NatPortCounters::keepalivesReceived,
                                                   &NatPortCounters::malformed,
                                                   &NatPortCounters::keepalivesSent})
        {
            const uint64_t wanted = counter == junk.counter ? junk.count : 0;
            const uint64_t counted = after.*counter - before.*counter;
            NS_TEST_EXPECT_MSG_EQ(counted, wanted, junk.name << ": counters");
        }
        uint32_t all = 0;
        for (const auto& [reason, count] : w.drops1)
        {
            all += reason == junk.drop ? count : 0;
        }
        const uint32_t wanted = junk.drop.empty() ? 0 : junk.count;
        NS_TEST_EXPECT_MSG_EQ(all, wanted, junk.name << ": drops");
        for (EventKind kind : KINDS)
        {
            const size_t heard = kind == EventKind::MessageDropped ? junk.heard : 0;
            NS_TEST_EXPECT_MSG_EQ(w.Count("R1", kind) - counts[kind],
                                  heard,
                                  junk.name << ": " << ToString(kind));
        }
        NS_TEST_EXPECT_MSG_EQ(w.received.size(), 2, junk.name << ": traffic both ways");
        NS_TEST_EXPECT_MSG_EQ(w.IsBalanced(), true, junk.name << ": identities");
    }

    void DoRun() override
    {
        using C = NatPortCounters;
        const Octets message = MakeMessage();
        const std::vector<Junk> cases{
            {"keepalives", Octets(1, 0xff), 3000, &C::keepalivesReceived, "", 0},
            {"one octet that is no keepalive", Octets(1, 0xfe), 100, &C::malformed, "malformed", 0},
            {"two octets of a keepalive", Octets(2, 0xff), 100, &C::malformed, "malformed", 0},
            {"a marker that is cut", Octets(3, 0), 100, &C::malformed, "malformed", 0},
            {"ESP that is cut", Octets(7, 1), 100, &C::malformed, "malformed", 0},
            {"a marker alone", Octets(4, 0), 100, nullptr, "", 100},
            {"a message without payloads", Behind(4, message), 100, nullptr, "", 100},
            {"the marker twice", Behind(8, message), 100, nullptr, "", 100},
            {"no marker", message, 100, nullptr, "unknown-spi", 0},
        };
        for (const Junk& junk : cases)
        {
            Check(junk);
        }
    }
};

/// The suite "ike-host-nat-port".
class IkeHostNatPortTestSuite : public TestSuite
{
  public:
    IkeHostNatPortTestSuite()
        : TestSuite("ike-host-nat-port", Type::UNIT)
    {
        AddTestCase(new NatPortTestCase, TestDuration::QUICK);
    }
};

static IkeHostNatPortTestSuite g_ikeHostNatPortTestSuite; ///< registers itself

} // namespace
} // namespace ike
} // namespace ns3
