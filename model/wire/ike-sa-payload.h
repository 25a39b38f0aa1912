/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SA_PAYLOAD_H
#define IKE_SA_PAYLOAD_H

#include "ike-fields.h"
#include "ike-payloads.h"

/**
 * @file
 * The description of the security association payload with its proposals, transforms and
 * attributes (inside the wire room only). See ike-fields.h.
 */
namespace ns3
{
namespace ike
{

/// "KEY_IKE" or "3DES": what a transform's number means depends on the protocol.
std::string PrintTransformId(ProtocolId protocol, uint8_t id);
/// "3des-cbc sha1 pre-share modp1024 life 86400s", each with a space before it.
std::string PrintAttributes(ProtocolId protocol, const std::vector<Attribute>& attributes);

/// Proposals of an SA (RFC 2408 3.5): 2 while more follow.
constexpr ChainKind PROPOSALS{2, "proposal", " | "};
/// Transforms of a proposal (RFC 2408 3.6): 3 while more follow.
constexpr ChainKind TRANSFORMS{3, "transform", "; "};

/// RFC 2408 3.3
template <typename V, typename P, For<P, Attribute> = true>
void
Describe(V& v, P& p)
{
    v.Flagged(p.basic, p.type);
    const size_t length = p.basic ? 2 : v.SizeOf(p.value, 2);
    v.Raw(p.value, length);
}

/// RFC 2408 3.6
template <typename V, typename P>
void
DescribeTransform(V& v, P& p, ProtocolId protocol)
{
    v.Number(p.number);
    v.Number(p.id);
    v.Number(p.reserved);
    v.Repeat("attribute", p.attributes);
    v.Say([&] {
        return "#" + std::to_string(p.number) + " " + PrintTransformId(protocol, p.id) + ":" +
               PrintAttributes(protocol, p.attributes);
    });
}

/// RFC 2408 3.5
template <typename V, typename P>
void
DescribeProposal(V& v, P& p)
{
    v.Number(p.number);
    v.Number(p.protocol);
    const size_t spiSize = v.SizeOf(p.spi, 1);
    const size_t announced = v.SizeOf(p.transforms, 1);
    v.Raw(p.spi, spiSize);
    // Most SAs have one proposal with the number 1: others show theirs.
    v.Say([&] {
        const std::string number = p.number == 1 ? "" : "(" + std::to_string(p.number) + ")";
        return ToString(p.protocol) + number + " ";
    });
    v.Chain(TRANSFORMS, p.transforms, [&](auto& fields, auto& transform) {
        DescribeTransform(fields, transform, p.protocol);
    });
    v.Expect(p.transforms.size() == announced, [&] {
        return std::to_string(announced) + " transforms are announced, there are " +
               std::to_string(p.transforms.size());
    });
}

/// RFC 2408 3.4, RFC 2407 4.6.1. Another DOI or situation has another form after these fields.
template <typename V, typename P, For<P, SaPayload> = true>
void
Describe(V& v, P& p)
{
    v.Number(p.doi);
    v.Expect(p.doi == DOI_IPSEC,
             [&] { return "DOI " + std::to_string(p.doi) + " is not supported"; });
    v.Number(p.situation);
    v.Expect(p.situation == SITUATION_IDENTITY_ONLY,
             [&] { return "situation " + std::to_string(p.situation) + " is not supported"; });
    v.Chain(PROPOSALS, p.proposals, [](auto& fields, auto& proposal) {
        DescribeProposal(fields, proposal);
    });
}

} // namespace ike
} // namespace ns3

#endif // IKE_SA_PAYLOAD_H
