/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-sa-payload.h"

namespace ns3
{
namespace ike
{

Attribute
Attribute::Basic(uint16_t type, uint16_t value)
{
    return Attribute{type, true, ShortOctets::Number(value, 2)};
}

Attribute
Attribute::Number(uint16_t type, uint32_t value)
{
    return Attribute{type, false, ShortOctets::Number(value, 4)};
}

std::optional<uint64_t>
Attribute::ToNumber() const
{
    if (value.empty() || value.size() > 8)
    {
        return std::nullopt;
    }
    std::optional<WireError> failure;
    return Reader(value.View(), failure).Number(static_cast<unsigned>(value.size()));
}

std::optional<uint64_t>
Transform::Find(uint16_t type) const
{
    for (const Attribute& a : attributes)
    {
        if (a.type == type)
        {
            return a.ToNumber();
        }
    }
    return std::nullopt;
}

namespace
{

/// The unit of a lifetime.
std::string
UnitOf(uint64_t lifeType)
{
    switch (static_cast<LifeType>(lifeType))
    {
    case LifeType::Seconds:
        return "s";
    case LifeType::Kilobytes:
        return "kB";
    }
    return " of life type " + std::to_string(lifeType);
}

/// An attribute of phase 1; `unit` is that of the last life type (RFC 2409 Appendix A).
std::string
PrintPhase1(Phase1Attribute type, uint64_t value, std::string& unit)
{
    switch (type)
    {
    case Phase1Attribute::EncryptionAlgorithm:
        return " " + ToString(static_cast<Phase1Encryption>(value));
    case Phase1Attribute::HashAlgorithm:
        return " " + ToString(static_cast<Phase1Hash>(value));
    case Phase1Attribute::AuthenticationMethod:
        return " " + ToString(static_cast<Phase1Authentication>(value));
    case Phase1Attribute::GroupDescription:
        return " " + NameOfGroup(value);
    case Phase1Attribute::LifeType:
        unit = UnitOf(value);
        return "";
    case Phase1Attribute::LifeDuration:
        return " life " + std::to_string(value) + unit;
    case Phase1Attribute::KeyLength:
        return " key " + std::to_string(value);
    }
    return " " + ToString(type) + "=" + std::to_string(value);
}

/// An attribute of phase 2; `unit` is that of the last life type (RFC 2407 4.5).
std::string
PrintPhase2(Phase2Attribute type, uint64_t value, std::string& unit)
{
    switch (type)
    {
    case Phase2Attribute::LifeType:
        unit = UnitOf(value);
        return "";
    case Phase2Attribute::LifeDuration:
        return " life " + std::to_string(value) + unit;
    case Phase2Attribute::GroupDescription:
        return " " + NameOfGroup(value);
    case Phase2Attribute::EncapsulationMode:
        return " " + ToString(static_cast<EncapsulationMode>(value));
    case Phase2Attribute::AuthenticationAlgorithm:
        return " " + ToString(static_cast<Phase2Authentication>(value));
    case Phase2Attribute::KeyLength:
        return " key " + std::to_string(value);
    case Phase2Attribute::ExtendedSequenceNumber:
        return value == 1 ? " esn" : " esn=" + std::to_string(value);
    }
    return " " + ToString(type) + "=" + std::to_string(value);
}

/// An attribute whose value is no number that we can hold, as that of a group's prime.
std::string
PrintLong(const Attribute& a, ProtocolId protocol)
{
    const std::string name = protocol == ProtocolId::Isakmp
                                 ? ToString(static_cast<Phase1Attribute>(a.type))
                                 : ToString(static_cast<Phase2Attribute>(a.type));
    return " " + name + "=(" + std::to_string(a.value.size()) + " octets)";
}

} // namespace

std::string
PrintTransformId(ProtocolId protocol, uint8_t id)
{
    if (protocol == ProtocolId::Isakmp && id == TRANSFORM_KEY_IKE)
    {
        return "KEY_IKE";
    }
    return protocol == ProtocolId::Esp ? ToString(static_cast<EspTransformId>(id))
                                       : std::to_string(id);
}

std::string
PrintAttributes(ProtocolId protocol, const std::vector<Attribute>& attributes)
{
    std::string text;
    std::string unit;
    for (const Attribute& a : attributes)
    {
        const std::optional<uint64_t> value = a.ToNumber();
        if (!value)
        {
            text += PrintLong(a, protocol);
        }
        else if (protocol == ProtocolId::Isakmp)
        {
            text += PrintPhase1(static_cast<Phase1Attribute>(a.type), *value, unit);
        }
        else
        {
            text += PrintPhase2(static_cast<Phase2Attribute>(a.type), *value, unit);
        }
    }
    return text;
}

} // namespace ike
} // namespace ns3
