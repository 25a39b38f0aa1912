/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-test-compat.h"

#include "ns3/esp-packet.h"
#include "ns3/ike-bytes.h"
#include "ns3/ike-message-rules.h"
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

/// Octets of a literal that is known to be hexadecimal.
Octets
Hex(const std::string& hex)
{
    return FromHex(hex).value();
}

/// Main mode 1 of strongSwan 5.9.8: SA and five vendor IDs.
const char* const MAIN_MODE_1 =
    "63839dcb9d64456400000000000000000110020000000000000000b00d00003400000001000000010000"
    "002801010001000000200101000080010005800200028004000280030001800b0001800c3de00d00000c"
    "09002689dfd6b7120d000014afcad71368a1f1c96b8696fc775701000d0000184048b7d56ebce88525e7"
    "de7f00d6c2d3800000000d0000144a131c81070358455c5728f20e95452f0000001490cb80913ebb696e"
    "086381b5ec427b1f";

/// Quick mode 1 of the same, decrypted: HASH, SA, NONCE, ID, ID and four octets of padding.
const char* const QUICK_MODE_1 =
    "01000018c9fb6192e21973a8cd0cb896596aa542b653c60b0a0000300000000100000001000000240103"
    "0401e77a6215000000180103000080050002800400018001000180020f7805000024fcb0e36204cc584d"
    "7aa0a30f8de324a39793673b423b6b2c249897cb8acfb4660500001004000000c6336400ffffff800000"
    "001004000000c6336480ffffff8000000000";

Header
MakeHeader(ExchangeType exchange, bool encrypted)
{
    Header h;
    h.initiatorCookie = {1, 2, 3, 4, 5, 6, 7, 8};
    h.exchange = exchange;
    h.flags = encrypted ? FLAG_ENCRYPTION : 0;
    h.messageId = exchange == ExchangeType::QuickMode ? 0x01020304 : 0;
    return h;
}

/// The header that belongs to QUICK_MODE_1.
Header
QuickModeHeader()
{
    Header h = MakeHeader(ExchangeType::QuickMode, true);
    h.nextPayload = static_cast<uint8_t>(PayloadType::Hash);
    return h;
}

/// An unencrypted message around a payload chain.
Octets
Wrap(unsigned nextPayload, const Octets& chain)
{
    Header h = MakeHeader(ExchangeType::IdentityProtection, false);
    h.nextPayload = static_cast<uint8_t>(nextPayload);
    return WriteHeaderAndBody(h, chain);
}

Transform
Phase1Transform(uint8_t number)
{
    return {number,
            TRANSFORM_KEY_IKE,
            0,
            {Attribute::Basic(1, 5),
             Attribute::Basic(2, 2),
             Attribute::Basic(3, 1),
             Attribute::Basic(4, 2),
             Attribute::Basic(11, 1),
             Attribute::Number(12, 86400)}};
}

SaPayload
Phase1Sa()
{
    SaPayload sa;
    sa.proposals = {{1, ProtocolId::Isakmp, {}, {Phase1Transform(1)}}};
    return sa;
}

SaPayload
Phase2Sa()
{
    const Transform t{1,
                      static_cast<uint8_t>(EspTransformId::TripleDes),
                      0,
                      {Attribute::Basic(4, 1),
                       Attribute::Basic(5, 2),
                       Attribute::Basic(1, 1),
                       Attribute::Basic(2, 3600)}};
    SaPayload sa;
    sa.proposals = {{1, ProtocolId::Esp, Hex("01020304"), {t}}};
    return sa;
}

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

/// Octets that are no message, and what we say about them.
struct MalformedSample
{
    Octets octets;    ///< a whole message
    std::string text; ///< of the error
    size_t offset;    ///< of the error
};

std::vector<MalformedSample>
MalformedHeaders()
{
    Octets tooLong = Hex(MAIN_MODE_1);
    tooLong.push_back(0);
    Octets encrypted = Wrap(0, {});
    encrypted[19] = FLAG_ENCRYPTION;
    return {
        {{}, "header: needs 8 octets where 0 are left", 0},
        {Octets(27), "header: needs 4 octets where 3 are left", 24},
        {tooLong, "header: length 176 where 177 octets arrived", 28},
        {encrypted, "header: the message is encrypted", 28},
    };
}

std::vector<MalformedSample>
MalformedChains()
{
    Octets many;
    for (size_t i = 0; i <= MAX_PAYLOADS; ++i)
    {
        Append(many, Hex("0d000004"));
    }
    const auto wrap = [](unsigned next, const char* chain) { return Wrap(next, Hex(chain)); };
    return {
        {wrap(13, "0400000400000003"), "payload 2 (KE): length 3 is less than 4", 36},
        {wrap(4, ""), "payload 1 (KE): needs 1 octets where 0 are left", 28},
        {wrap(4, "0000"), "payload 1 (KE): needs 2 octets where 0 are left", 30},
        {wrap(4,
              "0000000500"
              "00"),
         "1 octets behind the last payload",
         33},
        {wrap(4, "00000006aa"), "payload 1 (KE): length 6 exceeds the 5 octets left", 32},
        {wrap(4, "00010005aa"), "payload 1 (KE): RESERVED is 1, not 0", 30},
        {wrap(4, "0a000004"), "payload 2 (NONCE): needs 1 octets where 0 are left", 32},
        {wrap(0, "00"), "1 octets behind the last payload", 28},
        {wrap(200, "00000000"), "payload 1 (200): length 0 is less than 4", 32},
        {Wrap(13, many), "payload 65 (VID): more than 64 payloads", 28 + 64 * 4},
    };
}

std::vector<MalformedSample>
MalformedBodies()
{
    const auto wrap = [](PayloadType type, const std::string& body) {
        Octets chain = Hex("0000");
        AppendNumber(chain, 4 + body.size() / 2, 2);
        Append(chain, Hex(body));
        return Wrap(static_cast<unsigned>(type), chain);
    };
    const PayloadType n = PayloadType::Notification;
    const PayloadType d = PayloadType::Delete;
    return {
        {wrap(PayloadType::Identification, "0100"),
         "payload 1 (ID): needs 2 octets where 0 are left",
         34},
        {wrap(n, "0000000101"), "payload 1 (N): needs 1 octets where 0 are left", 37},
        {wrap(n, "00000001010500010a0b0c0d"), "payload 1 (N): needs 5 octets where 4 are left", 40},
        {wrap(d, "0000000103040002aaaaaaaa"),
         "payload 1 (D): 2 items of 4 octets do not fill the 4 octets left",
         40},
        {wrap(d, "0000000103040000aaaaaaaa"),
         "payload 1 (D): 0 items of 4 octets do not fill the 4 octets left",
         40},
        {wrap(d, "000000010300ffff"),
         "payload 1 (D): 65535 items of 0 octets do not fill the 0 octets left",
         40},
    };
}

/// The body of an SA payload with a mistake.
MalformedSample
BadSa(const std::string& body, const std::string& text, size_t offset)
{
    Octets chain = Hex("0000");
    AppendNumber(chain, 4 + body.size() / 2, 2);
    Append(chain, Hex(body));
    return {Wrap(1, chain), "payload 1 (SA): " + text, offset};
}

std::vector<MalformedSample>
MalformedSas()
{
    const std::string ipsec = "0000000100000001";
    return {
        BadSa("00000000"
              "00000001",
              "DOI 0 is not supported",
              36),
        BadSa("00000001"
              "00000003",
              "situation 3 is not supported",
              40),
        BadSa("000000010000", "needs 4 octets where 2 are left", 36),
        BadSa(ipsec, "proposal 1: needs 1 octets where 0 are left", 40),
        BadSa(ipsec + "0000000701010000", "proposal 1: needs 1 octets where 0 are left", 47),
        BadSa(ipsec + "0300000801010000", "proposal 1: next payload 3 is neither 2 nor 0", 48),
        BadSa(ipsec + "0000000801010000",
              "proposal 1: transform 1: needs 1 octets where 0 are left",
              48),
        BadSa(ipsec + "0000000801010900", "proposal 1: needs 9 octets where 0 are left", 48),
        BadSa(ipsec + "0000001001010002"
                      "0000000801010000",
              "proposal 1: 2 transforms are announced, there are 1",
              56),
        BadSa(ipsec + "0000001001010000"
                      "0000000801010000",
              "proposal 1: 0 transforms are announced, there are 1",
              56),
        BadSa(ipsec + "0200001001010001"
                      "0000000801010000",
              "proposal 2: needs 1 octets where 0 are left",
              56),
        BadSa(ipsec + "0000001001010001"
                      "0000000801010000"
                      "ff",
              "1 octets are left over",
              56),
        BadSa(ipsec + "0000001101010001"
                      "0000000801010000"
                      "ff",
              "proposal 1: 1 octets are left over",
              56),
        BadSa(ipsec + "0000001001010001"
                      "0200000801010000",
              "proposal 1: transform 1: next payload 2 is neither 3 nor 0",
              56),
        BadSa(ipsec + "0000001001010001"
                      "0000000301010000",
              "proposal 1: transform 1: length 3 is less than 4",
              52),
        BadSa(ipsec + "0000001301010001"
                      "0000000b01010000"
                      "800100",
              "proposal 1: transform 1: attribute 1: needs 2 octets where 1 are left",
              58),
        BadSa(ipsec + "0000001601010001"
                      "0000000e01010000"
                      "000c00040001",
              "proposal 1: transform 1: attribute 1: needs 4 octets where 2 are left",
              60),
    };
}

/// Everything that the reader refuses, with its words.
class MalformedInputs : public TestCase
{
  public:
    MalformedInputs()
        : TestCase("malformed messages: the error and where")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& samples :
             {MalformedHeaders(), MalformedChains(), MalformedBodies(), MalformedSas()})
        {
            for (const MalformedSample& sample : samples)
            {
                const Parsed<Message> read = ReadMessage(sample.octets);
                NS_TEST_EXPECT_MSG_EQ(read.value.has_value(), false, sample.text);
                NS_TEST_EXPECT_MSG_EQ(read.error.text, sample.text, ToHex(sample.octets));
                NS_TEST_EXPECT_MSG_EQ(read.error.offset, sample.offset, sample.text);
            }
        }
    }
};

/// A message whose end is missing is refused wherever it is cut.
class Truncations : public TestCase
{
  public:
    Truncations()
        : TestCase("messages cut at every length")
    {
    }

  private:
    void DoRun() override
    {
        const Octets message = Hex(MAIN_MODE_1);
        for (size_t length = 0; length < message.size(); ++length)
        {
            CheckCut({message.begin(), message.begin() + length});
        }
        // The last four octets are padding: without them the message is whole.
        const Octets body = Hex(QUICK_MODE_1);
        for (size_t length = 0; length < body.size(); ++length)
        {
            const Octets cut(body.begin(), body.begin() + length);
            NS_TEST_EXPECT_MSG_EQ(ReadPayloads(QuickModeHeader(), cut).value.has_value(),
                                  (length >= body.size() - 4),
                                  length);
        }
    }

    void CheckCut(Octets cut)
    {
        NS_TEST_EXPECT_MSG_EQ(ReadMessage(cut).error.text.empty(), false, cut.size());
        if (cut.size() >= HEADER_LENGTH)
        {
            // The same with a length field that agrees, so that the payloads are looked at.
            cut[26] = 0;
            cut[27] = static_cast<uint8_t>(cut.size());
            NS_TEST_EXPECT_MSG_EQ(ReadMessage(cut).error.text.substr(0, 8), "payload ", cut.size());
        }
    }
};

/// One wrong octet: an error, or a message that is written back with that octet.
class Mutations : public TestCase
{
  public:
    Mutations()
        : TestCase("messages with one octet changed")
    {
    }

  private:
    void DoRun() override
    {
        // The counts change only when the reader becomes stricter or more lenient.
        NS_TEST_EXPECT_MSG_EQ(CountParsed(Hex(MAIN_MODE_1), &ReadAndWriteMessage),
                              33514,
                              "main mode");
        NS_TEST_EXPECT_MSG_EQ(CountParsed(Hex(QUICK_MODE_1), &ReadAndWriteBody),
                              27541,
                              "quick mode");
    }

    /// What was read, printed and written back; nothing when it was refused.
    static std::optional<Octets> ReadAndWriteMessage(const Octets& octets)
    {
        const Parsed<Message> read = ReadMessage(octets);
        return read && !Print(*read.value).empty() ? std::make_optional(WriteMessage(*read.value))
                                                   : std::nullopt;
    }

    static std::optional<Octets> ReadAndWriteBody(const Octets& octets)
    {
        const Parsed<Message> read = ReadPayloads(QuickModeHeader(), octets);
        return read && !Print(*read.value).empty()
                   ? std::make_optional(
                         Concat({WritePayloads(read.value->payloads), read.value->padding}))
                   : std::nullopt;
    }

    /// How many mutations are messages.
    size_t CountParsed(const Octets& original, std::optional<Octets> (*readAndWrite)(const Octets&))
    {
        size_t parsed = 0;
        for (size_t i = 0; i < original.size() * 255; ++i)
        {
            Octets mutation = original;
            mutation[i / 255] = static_cast<uint8_t>(mutation[i / 255] + 1 + i % 255);
            const std::optional<Octets> written = readAndWrite(mutation);
            parsed += written ? 1 : 0;
            NS_TEST_EXPECT_MSG_EQ((!written || *written == mutation), true, ToHex(mutation));
        }
        return parsed;
    }
};

/// A message and whether it may be where it is.
struct RuleSample
{
    std::vector<Payload> payloads;                           ///< of the message
    unsigned number;                                         ///< its place in the exchange
    std::string refusal;                                     ///< empty: accepted
    ExchangeType exchange{ExchangeType::IdentityProtection}; ///< its exchange
    bool encrypted{false};                                   ///< its encryption bit
};

const Payload SA = Phase1Sa();
const Payload ESP_SA = Phase2Sa();
const Payload KE = KePayload{Octets(128)};
const Payload NONCE = NoncePayload{Octets(16)};
const Payload HASH = HashPayload{Octets(20)};
const Payload ID = IdPayload{IdType::Ipv4Address, 0, 0, Octets(4)};
const Payload N = NotifyPayload{};
const Payload D = DeletePayload{};
const Payload VID = VendorIdPayload{};

/// A payload that we do not know, or not in this place.
Payload
Other(uint8_t type)
{
    return OpaquePayload{type, {}};
}

std::vector<RuleSample>
MainModeRules()
{
    const auto mm = ExchangeType::IdentityProtection;
    return {
        {{SA}, 1, ""},
        {{SA, VID, VID, Other(7)}, 2, ""},
        {{SA, Other(20), Other(130), Other(15)}, 1, ""},
        {{VID, SA}, 1, "SA is not the first payload"},
        {{}, 1, "no SA payload in message 1 of main-mode"},
        {{SA, SA}, 2, "2 SA payloads in message 2 of main-mode"},
        {{SA, N}, 1, "payload N does not belong in message 1 of main-mode"},
        {{SA, Other(14)}, 1, "payload 14 does not belong in message 1 of main-mode"},
        {{SA, Other(2)}, 1, "payload P does not belong in message 1 of main-mode"},
        {{SA}, 1, "message 1 of main-mode is encrypted", mm, true},
        {{NONCE, VID, KE, Other(20)}, 3, ""},
        {{KE, NONCE}, 4, ""},
        {{KE}, 3, "no NONCE payload in message 3 of main-mode"},
        {{NONCE}, 4, "no KE payload in message 4 of main-mode"},
        {{KE, NONCE, HASH}, 3, "payload HASH does not belong in message 3 of main-mode"},
        {{KE, NoncePayload{Octets(7)}}, 3, "NONCE of 7 octets, not 8 to 256"},
        {{KE, NoncePayload{Octets(257)}}, 4, "NONCE of 257 octets, not 8 to 256"},
        {{KE, NoncePayload{Octets(8)}}, 3, ""},
        {{KE, NoncePayload{Octets(256)}}, 3, ""},
        {{ID, HASH}, 5, "", mm, true},
        {{HASH, ID, N, VID}, 6, "", mm, true},
        {{ID, HASH}, 5, "message 5 of main-mode is not encrypted"},
        {{ID}, 5, "no HASH payload in message 5 of main-mode", mm, true},
        {{ID, ID, HASH}, 6, "2 ID payloads in message 6 of main-mode", mm, true},
        {{ID, Other(9)}, 5, "payload SIG does not belong in message 5 of main-mode", mm, true},
        {{IdPayload{}, HASH}, 5, "ID_IPV4_ADDR of 0 octets, not 4", mm, true},
        {{ID, HASH}, 7, "there is no message 7 of main-mode", mm, true},
        {{SA}, 0, "there is no message 0 of main-mode"},
    };
}

std::vector<RuleSample>
QuickModeRules()
{
    const auto qm = ExchangeType::QuickMode;
    return {
        {{HASH, ESP_SA, NONCE}, 1, "", qm, true},
        {{HASH, ESP_SA, NONCE, KE, ID, ID, N}, 2, "", qm, true},
        {{HASH, ESP_SA, NONCE, ID},
         1,
         "one ID payload in quick-mode: IDci and IDcr come together",
         qm,
         true},
        {{HASH, ESP_SA, NONCE, ID, ID, ID},
         1,
         "3 ID payloads in message 1 of quick-mode",
         qm,
         true},
        {{ESP_SA, HASH, NONCE}, 1, "HASH is not the first payload", qm, true},
        {{HASH, NONCE, ESP_SA}, 1, "SA does not follow HASH", qm, true},
        {{HASH, ESP_SA, ESP_SA, NONCE}, 1, "2 SA payloads in message 1 of quick-mode", qm, true},
        {{HASH, ESP_SA}, 2, "no NONCE payload in message 2 of quick-mode", qm, true},
        {{HASH, ESP_SA, NONCE, D},
         1,
         "payload D does not belong in message 1 of quick-mode",
         qm,
         true},
        {{HASH, ESP_SA, NONCE}, 1, "message 1 of quick-mode is not encrypted", qm, false},
        {{HASH}, 3, "", qm, true},
        {{N, HASH}, 3, "HASH is not the first payload", qm, true},
        {{HASH, NONCE}, 3, "payload NONCE does not belong in message 3 of quick-mode", qm, true},
        {{HASH}, 4, "there is no message 4 of quick-mode", qm, true},
    };
}

std::vector<RuleSample>
InformationalRules()
{
    const auto info = ExchangeType::Informational;
    return {
        {{HASH, N}, 1, "", info, true},
        {{HASH, D, D, N}, 1, "", info, true},
        {{HASH}, 1, "neither N nor D in informational", info, true},
        {{HASH, VID}, 1, "neither N nor D in informational", info, true},
        {{D, HASH}, 1, "HASH is not the first payload", info, true},
        {{N}, 1, "no HASH payload in message 1 of informational", info, true},
        {{N}, 1, "", info, false},
        {{N, N}, 1, "2 N payloads in message 1 of informational", info, false},
        {{D}, 1, "payload D does not belong in message 1 of informational", info, false},
        {{HASH, N}, 1, "payload HASH does not belong in message 1 of informational", info, false},
        {{N}, 2, "there is no message 2 of informational", info, false},
        {{SA}, 1, "there is no message 1 of aggressive-mode", ExchangeType::Aggressive},
    };
}

/// What a message must hold in its place.
class Rules : public TestCase
{
  public:
    Rules()
        : TestCase("rules of messages")
    {
    }

  private:
    void DoRun() override
    {
        for (const auto& samples : {MainModeRules(), QuickModeRules(), InformationalRules()})
        {
            for (const RuleSample& s : samples)
            {
                const Message message{MakeHeader(s.exchange, s.encrypted), s.payloads, {}};
                NS_TEST_EXPECT_MSG_EQ(CheckRules(message, s.exchange, s.number).value_or(""),
                                      s.refusal,
                                      PrintPayloadNames(message.header, s.payloads));
            }
        }
        CheckHeaders();
    }

    void CheckHeaders()
    {
        const auto mm = ExchangeType::IdentityProtection;
        Message message{MakeHeader(mm, false), {SA}, {}};
        ExpectRefusal(message, ExchangeType::QuickMode, "exchange main-mode is not quick-mode");
        message.header.messageId = 1;
        ExpectRefusal(message, mm, "message ID is not 0 in main-mode");
        message.header.version = 0x20;
        ExpectRefusal(message, mm, "major version 2 is not 1");
        message = {MakeHeader(ExchangeType::QuickMode, true), {HASH, ESP_SA, NONCE}, {}};
        message.header.messageId = 0;
        ExpectRefusal(message, ExchangeType::QuickMode, "message ID is 0 in quick-mode");
    }

    void ExpectRefusal(const Message& message, ExchangeType exchange, const std::string& refusal)
    {
        NS_TEST_EXPECT_MSG_EQ(CheckRules(message, exchange, 1).value_or(""), refusal, "header");
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
        AddTestCase(new MalformedInputs, TestDuration::QUICK);
        AddTestCase(new Truncations, TestDuration::QUICK);
        AddTestCase(new Mutations, TestDuration::QUICK);
        AddTestCase(new WriterMistakes, TestDuration::QUICK);
        AddTestCase(new Rules, TestDuration::QUICK);
        AddTestCase(new EspPackets, TestDuration::QUICK);
    }
};

IkeWireTestSuite g_ikeWireTestSuite; ///< registers itself

} // namespace

} // namespace tests
} // namespace ike
} // namespace ns3
