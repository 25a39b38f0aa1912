/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"
#include "ike-wire-fixture.h"

#include "ns3/esp-packet.h"
#include "ns3/ike-bytes.h"
#include "ns3/ike-message.h"
#include "ns3/test.h"

#include <algorithm>
#include <functional>
#include <stdexcept>

namespace ns3
{
namespace ike
{
namespace tests
{

namespace
{

/// A payload with the line that it prints and the body that it writes.
struct PayloadSample
{
    Payload payload;  ///< what
    std::string line; ///< of Print()
    std::string body; ///< of WriteBody(), in hexadecimal
};

/// Several proposals and transforms, kept reserved octets, long and unknown attributes.
PayloadSample
RichSa()
{
    Transform aes{1, 12, 0xabcd, {Attribute::Basic(6, 256), Attribute::Basic(1, 2)}};
    aes.attributes.push_back(Attribute::Number(2, 4608000));
    const Transform odd{2, 99, 0, {{24999, false, Octets(9)}, {0x7fff, true, {0, 7}}}};
    SaPayload sa;
    sa.proposals = {{1, ProtocolId::Esp, Hex("01020304"), {aes, odd}},
                    {2, ProtocolId::Ah, {}, {{1, 3, 0, {Attribute::Basic(2, 5)}}}}};
    return {sa,
            "SA(ESP #1 AES-CBC: key 256 life 4608000kB; #2 99: 24999=(9 octets) 32767=7"
            " | AH(2) #1 3: life 5)",
            "0000000100000001"
            "0200003d0103040201020304"
            "03000018010cabcd800601008001000200020004"
            "00465000"
            "000000190263000061a70009000000000000000000ffff0007"
            "0000001402020001"
            "0000000c0103000080020005"};
}

std::vector<PayloadSample>
IdentitySamples()
{
    const auto id = [](IdType type, uint8_t protocol, uint16_t port, const std::string& data) {
        return IdPayload{type, protocol, port, Hex(data)};
    };
    return {
        {id(IdType::Ipv4Address, 17, 500, "0a000001"),
         "ID(ID_IPV4_ADDR 10.0.0.1 udp/500)",
         "011101f40a000001"},
        {id(IdType::Ipv4Address, 0, 0, "0a0000"), "ID(ID_IPV4_ADDR 3 octets)", "010000000a0000"},
        {id(IdType::Ipv4Subnet, 47, 0, "0a000000ff000000"),
         "ID(ID_IPV4_ADDR_SUBNET 10.0.0.0/8 47/0)",
         "042f00000a000000ff000000"},
        {id(IdType::Ipv4Subnet, 0, 0, "0a000000ff00ff00"),
         "ID(ID_IPV4_ADDR_SUBNET 10.0.0.0/255.0.255.0)",
         "040000000a000000ff00ff00"},
        {id(IdType::Ipv4Range, 6, 80, "0a0000010a000009"),
         "ID(ID_IPV4_ADDR_RANGE 10.0.0.1-10.0.0.9 tcp/80)",
         "070600500a0000010a000009"},
        {id(IdType::Ipv6Subnet,
            0,
            0,
            "20010db8" + std::string(24, '0') + "ffffffff" + std::string(24, '0')),
         "ID(ID_IPV6_ADDR_SUBNET 2001:db8::/32)",
         "0600000020010db8" + std::string(24, '0') + "ffffffff" + std::string(24, '0')},
        {id(IdType::Fqdn, 0, 0, "6122620a"), "ID(ID_FQDN a.b.)", "020000006122620a"},
        {id(IdType::Fqdn, 0, 0, std::string(130, '4')),
         "ID(ID_FQDN " + std::string(64, 'D') + "..)",
         "02000000" + std::string(130, '4')},
        {id(IdType::KeyId, 0, 0, "00ff"), "ID(ID_KEY_ID 00ff)", "0b00000000ff"},
        {id(static_cast<IdType>(77), 0, 0, ""), "ID(77 0 octets)", "4d000000"},
    };
}

std::vector<PayloadSample>
OtherSamples()
{
    const NotifyPayload lifetime{1,
                                 ProtocolId::Esp,
                                 NotifyType::ResponderLifetime,
                                 Hex("0a0b0c0d"),
                                 Hex("8001000180020e10")};
    const NotifyPayload unknown{0, ProtocolId::None, static_cast<NotifyType>(24999), {}, {}};
    return {
        {KePayload{Octets(3, 9)}, "KE(3 octets)", "090909"},
        {HashPayload{Octets(2, 1)}, "HASH(2 octets)", "0101"},
        {NoncePayload{Octets(1, 2)}, "NONCE(1 octets)", "02"},
        {CertificatePayload{CertificateEncoding::X509Signature, Octets(2, 3)},
         "CERT(X.509 2 octets)",
         "040303"},
        {CertificatePayload{CertificateEncoding::Pkcs7, {}}, "CERT(encoding 1 0 octets)", "01"},
        {CertificateRequestPayload{}, "CR(X.509 0 octets)", "04"},
        {SignaturePayload{Octets(3, 4)}, "SIG(3 octets)", "040404"},
        {lifetime,
         "N(RESPONDER-LIFETIME ESP 8 octets)",
         "00000001030460000a0b0c0d8001000180020e10"},
        {unknown, "N(24999 NONE)", "00000000000061a7"},
        {DeletePayload{1, ProtocolId::Esp, 4, {Hex("01020304")}},
         "D(ESP 1 SPI)",
         "000000010304000101020304"},
        {DeletePayload{0, ProtocolId::Isakmp, 2, {Hex("0102"), Hex("0304")}},
         "D(ISAKMP 2 SPIs)",
         "000000000102000201020304"},
        {DeletePayload{1, ProtocolId::Esp, 4, {}}, "D(ESP 0 SPIs)", "0000000103040000"},
        {VendorIdPayload{ToOctets("ns3-ike")}, "VID(7 octets \"ns3-ike\")", "6e73332d696b65"},
        {VendorIdPayload{Hex("414243444500")}, "VID(6 octets \"ABCDE..\")", "414243444500"},
        {VendorIdPayload{Hex("000102030405060708")},
         "VID(9 octets 0001020304050607..)",
         "000102030405060708"},
        {VendorIdPayload{}, "VID(0 octets)", ""},
        {OpaquePayload{20, Octets(2, 7)}, "NAT-D(2 octets)", "0707"},
        {OpaquePayload{200, {}}, "200(0 octets)", ""},
    };
}

std::vector<PayloadSample>
AllSamples()
{
    std::vector<PayloadSample> all = {
        {Phase1Sa(),
         "SA(ISAKMP #1 KEY_IKE: 3des-cbc sha1 pre-share modp1024 life 86400s)",
         "0000000100000001"
         "0000002c01010001"
         "00000024010100008001000580020002800300018004000280"
         "0b0001000c000400015180"},
        {Phase2Sa(),
         "SA(ESP #1 3DES: tunnel hmac-sha life 3600s)",
         "0000000100000001"
         "000000240103040101020304"
         "00000018010300008004000180050002800100018002"
         "0e10"},
        RichSa(),
    };
    for (const auto& more : {IdentitySamples(), OtherSamples()})
    {
        all.insert(all.end(), more.begin(), more.end());
    }
    return all;
}

/// Every kind of payload is written, printed, and read back to what it was.
class PayloadRoundTrips : public TestCase
{
  public:
    PayloadRoundTrips()
        : TestCase("payloads: written, printed, read and written again")
    {
    }

  private:
    void DoRun() override
    {
        for (const PayloadSample& sample : AllSamples())
        {
            NS_TEST_EXPECT_MSG_EQ(Print(sample.payload), sample.line, "printed");
            NS_TEST_EXPECT_MSG_EQ(ToHex(WriteBody(sample.payload)), sample.body, sample.line);
            CheckReadBack(sample);
        }
    }

    void CheckReadBack(const PayloadSample& sample)
    {
        const Octets octets =
            Wrap(TypeOf(sample.payload), WritePayloads({sample.payload, KePayload{}}));
        const Parsed<Message> read = ReadMessage(octets);
        NS_TEST_ASSERT_MSG_EQ(read.error.text, "", sample.line);
        NS_TEST_ASSERT_MSG_EQ(read.value->payloads.size(), 2, sample.line);
        const Payload& payload = read.value->payloads[0];
        NS_TEST_EXPECT_MSG_EQ(payload.index(), sample.payload.index(), sample.line);
        NS_TEST_EXPECT_MSG_EQ(Print(payload), sample.line, "printed after reading");
        NS_TEST_EXPECT_MSG_EQ(ToHex(WriteMessage(*read.value)), ToHex(octets), sample.line);
    }
};

/// Messages recorded from a peer: what is read, printed, and written back.
class MessageRoundTrips : public TestCase
{
  public:
    MessageRoundTrips()
        : TestCase("messages: a plain and a decrypted one")
    {
    }

  private:
    void DoRun() override
    {
        CheckPlain();
        CheckDecrypted();
        CheckNoPayloads();
    }

    void CheckPlain()
    {
        const Parsed<Message> read = ReadMessage(Hex(MAIN_MODE_1));
        NS_TEST_ASSERT_MSG_EQ(read.error.text, "", "main mode");
        NS_TEST_EXPECT_MSG_EQ(
            Print(*read.value),
            "main-mode 63839dcb9d644564:0000000000000000 message-id 00000000: "
            "HDR, SA, VID, VID, VID, VID, VID\n"
            "  SA(ISAKMP #1 KEY_IKE: 3des-cbc sha1 modp1024 pre-share life 15840s)\n"
            "  VID(8 octets 09002689dfd6b712)\n"
            "  VID(16 octets afcad71368a1f1c9..)\n"
            "  VID(20 octets 4048b7d56ebce885..)\n"
            "  VID(16 octets 4a131c8107035845..)\n"
            "  VID(16 octets 90cb80913ebb696e..)\n",
            "printed");
        NS_TEST_EXPECT_MSG_EQ(ToHex(WriteMessage(*read.value)), MAIN_MODE_1, "written");
        const auto* sa = read.value->Find<SaPayload>();
        const Transform& transform = sa->proposals.at(0).transforms.at(0);
        NS_TEST_EXPECT_MSG_EQ(transform.Find(12).value(), 15840, "life duration");
        NS_TEST_EXPECT_MSG_EQ(transform.Find(14).has_value(), false, "there is no key length");
    }

    void CheckDecrypted()
    {
        const Parsed<Message> read = ReadPayloads(QuickModeHeader(), Hex(QUICK_MODE_1));
        NS_TEST_ASSERT_MSG_EQ(read.error.text, "", "quick mode");
        NS_TEST_EXPECT_MSG_EQ(ToHex(read.value->padding), "00000000", "padding");
        const std::vector<Payload>& payloads = read.value->payloads;
        NS_TEST_EXPECT_MSG_EQ(PrintPayloadNames(QuickModeHeader(), payloads),
                              "HDR*, HASH, SA, NONCE, ID, ID",
                              "names");
        NS_TEST_EXPECT_MSG_EQ(ToHex(WritePayloads(payloads)) + "00000000", QUICK_MODE_1, "written");
    }

    void CheckNoPayloads()
    {
        const Parsed<Message> read = ReadMessage(Wrap(0, {}));
        NS_TEST_ASSERT_MSG_EQ(read.error.text, "", "a header alone");
        NS_TEST_EXPECT_MSG_EQ(ToHex(WriteMessage(*read.value)), ToHex(Wrap(0, {})), "written");
    }
};

/// ESP packets are cut and joined, and padded as RFC 4303 says.
class EspPackets : public TestCase
{
  public:
    EspPackets()
        : TestCase("ESP packets and their padding")
    {
    }

  private:
    void DoRun() override
    {
        CheckPacket();
        CheckPadding();
        CheckBadPadding();
    }

    void CheckPacket()
    {
        const Octets octets = Hex("0102030400000005a1a2b1b2b3c1c2c3c4");
        const auto packet = ReadEsp(octets, 2, 4);
        NS_TEST_ASSERT_MSG_EQ(packet.has_value(), true, "a packet");
        NS_TEST_EXPECT_MSG_EQ(packet->spi, 0x01020304, "SPI");
        NS_TEST_EXPECT_MSG_EQ(packet->sequence, 5, "sequence number");
        NS_TEST_EXPECT_MSG_EQ(ToHex(packet->iv), "a1a2", "IV");
        NS_TEST_EXPECT_MSG_EQ(ToHex(packet->ciphertext), "b1b2b3", "ciphertext");
        NS_TEST_EXPECT_MSG_EQ(ToHex(packet->icv), "c1c2c3c4", "ICV");
        NS_TEST_EXPECT_MSG_EQ(ToHex(Concat({WriteEspWithoutIcv(*packet), packet->icv})),
                              ToHex(octets),
                              "written");
        NS_TEST_EXPECT_MSG_EQ(ReadEspSpi(octets).value_or(0), 0x01020304, "SPI alone");
        NS_TEST_EXPECT_MSG_EQ(ReadEsp(octets, 6, 4).has_value(), false, "IV too long");
        NS_TEST_EXPECT_MSG_EQ(ReadEspSpi(Octets(7)).has_value(), false, "too short for a header");
    }

    void CheckPadding()
    {
        NS_TEST_EXPECT_MSG_EQ(ToHex(WriteEspPlaintext({Hex("aabbcc"), 4}, 8)),
                              "aabbcc0102030304",
                              "padding to a block");
        for (size_t block : {0, 1, 4, 8, 16})
        {
            for (size_t length = 0; length < 40; ++length)
            {
                const Octets octets = WriteEspPlaintext({Octets(length, 0xee), 41}, block);
                const size_t unit = std::max<size_t>(block, 4);
                NS_TEST_EXPECT_MSG_EQ(octets.size() % unit, 0, "a multiple");
                NS_TEST_EXPECT_MSG_LT(octets.size(), length + 2 + unit, "no more than needed");
                const auto read = ReadEspPlaintext(octets);
                NS_TEST_ASSERT_MSG_EQ(read.has_value(), true, "read again");
                NS_TEST_EXPECT_MSG_EQ(read->payload.size(), length, "payload");
                NS_TEST_EXPECT_MSG_EQ(+read->nextHeader, 41, "next header");
            }
        }
    }

    void CheckBadPadding()
    {
        for (const char* bad : {"", "04", "0104", "01010204", "00010204", "0102030504"})
        {
            NS_TEST_EXPECT_MSG_EQ(ReadEspPlaintext(Hex(bad)).has_value(), false, bad);
        }
        NS_TEST_EXPECT_MSG_EQ(ReadEspPlaintext(Hex("0004")).has_value(), true, "no padding");
    }
};

/// What only we can do wrong: numbers and fields that do not fit are not written.
class WriterMistakes : public TestCase
{
  public:
    WriterMistakes()
        : TestCase("the writer refuses what does not fit")
    {
    }

  private:
    void DoRun() override
    {
        Proposal proposal{1, ProtocolId::Esp, Octets(256), {Phase1Transform(1)}};
        ExpectThrow([&] { WriteBody(SaPayload{1, 1, {proposal}}); }, "SPI of 256 octets");
        ExpectThrow([] { WritePayloads({KePayload{Octets(65532)}}); }, "payload of 65536 octets");
        ExpectThrow([] { WriteBody(DeletePayload{1, ProtocolId::Esp, 4, {Octets(3)}}); }, "SPI");
        proposal = {1, ProtocolId::Esp, {}, {{1, 3, 0, {Attribute{0x8001, true, {0, 1}}}}}};
        ExpectThrow([&] { WriteBody(SaPayload{1, 1, {proposal}}); }, "attribute type");
        proposal.transforms[0].attributes = {Attribute{1, true, {1}}};
        ExpectThrow([&] { WriteBody(SaPayload{1, 1, {proposal}}); }, "basic attribute");
        WritePayloads({KePayload{Octets(65531)}});
    }

    void ExpectThrow(const std::function<void()>& write, const std::string& what)
    {
        bool thrown = false;
        try
        {
            write();
        }
        catch (const std::length_error&)
        {
            thrown = true;
        }
        NS_TEST_EXPECT_MSG_EQ(thrown, true, what);
    }
};

/// Cursors: what they read, and that the first failure stays.
class Cursors : public TestCase
{
  public:
    Cursors()
        : TestCase("readers and writers of octets")
    {
    }

  private:
    void DoRun() override
    {
        CheckReader();
        CheckSubReader();
        Writer writer;
        const Writer::Gap gap = writer.Leave(2);
        writer.Number(0x0102030405060708, 8);
        writer.Fill(gap, 0xfffe);
        NS_TEST_EXPECT_MSG_EQ(ToHex(writer.Finish()), "fffe0102030405060708", "written");
        NS_TEST_EXPECT_MSG_EQ(writer.Size(), 0, "empty afterwards");
    }

    void CheckReader()
    {
        const Octets octets = Hex("0102030405");
        std::optional<WireError> failure;
        Reader reader(octets, failure, 100);
        NS_TEST_EXPECT_MSG_EQ(reader.Number(3), 0x010203, "number");
        NS_TEST_EXPECT_MSG_EQ(reader.Offset(), 103, "offset");
        NS_TEST_EXPECT_MSG_EQ(reader.Take(3).empty(), true, "too many");
        NS_TEST_EXPECT_MSG_EQ(reader.Left(), 0, "nothing is left after a failure");
        NS_TEST_EXPECT_MSG_EQ(reader.Number(1), 0, "nor read");
        reader.Fail("a second one");
        NS_TEST_EXPECT_MSG_EQ(failure->text, "needs 3 octets where 2 are left", "the first stays");
        NS_TEST_EXPECT_MSG_EQ(failure->offset, 103, "with its place");
    }

    void CheckSubReader()
    {
        const Octets octets = Hex("0102030405");
        std::optional<WireError> failure;
        Reader reader(octets, failure);
        Reader part = reader.Sub(2);
        NS_TEST_EXPECT_MSG_EQ(ToHex(part.Rest()), "0102", "part");
        NS_TEST_EXPECT_MSG_EQ(reader.Number(1), 3, "behind it");
        part.Number(1);
        NS_TEST_EXPECT_MSG_EQ(reader.Failed(), true, "a part fails for the whole");
        reader.Blame("whole");
        NS_TEST_EXPECT_MSG_EQ(failure->text,
                              "whole: needs 1 octets where 0 are left",
                              "who is to blame");
    }
};

/// Octets of messages and packets, without any material from outside.
class IkeWireTestSuite : public TestSuite
{
  public:
    IkeWireTestSuite()
        : TestSuite("ike-wire", Type::UNIT)
    {
        AddTestCase(new Cursors, TestDuration::QUICK);
        AddTestCase(new PayloadRoundTrips, TestDuration::QUICK);
        AddTestCase(new MessageRoundTrips, TestDuration::QUICK);
        AddTestCase(new WriterMistakes, TestDuration::QUICK);
        AddTestCase(new EspPackets, TestDuration::QUICK);
    }
};

IkeWireTestSuite g_ikeWireTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
