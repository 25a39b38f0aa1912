/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-world-nat.h"

namespace ns3
{
namespace ike
{

WorldNat::WorldNat(const IpAddress& inside, const IpAddress& outside, uint16_t firstPort)
    : m_inside(inside),
      m_outside(outside),
      m_nextPort(firstPort)
{
}

bool
WorldNat::IsInside(const Endpoint& source) const
{
    return source.address == m_inside;
}

bool
WorldNat::IsOutside(const Endpoint& destination) const
{
    return destination.address == m_outside;
}

std::optional<Endpoint>
WorldNat::Leave(const Endpoint& source)
{
    if (source.port == 0)
    {
        return std::nullopt;
    }
    if (m_nextPort == 0)
    {
        return Endpoint{m_outside, source.port};
    }
    const auto [it, isNew] = m_outward.emplace(source.port, m_nextPort);
    m_nextPort += isNew ? 1 : 0;
    return Endpoint{m_outside, it->second};
}

std::optional<Endpoint>
WorldNat::Enter(const Endpoint& destination) const
{
    if (m_nextPort == 0 && destination.port != 0)
    {
        return Endpoint{m_inside, destination.port};
    }
    for (const auto& [own, mapped] : m_outward)
    {
        if (mapped == destination.port)
        {
            return Endpoint{m_inside, own};
        }
    }
    return std::nullopt;
}

void
WorldNat::Forget(const IpAddress& outside)
{
    m_outside = outside;
    m_outward.clear();
}

void
WorldNat::AddTo(Fingerprint& f) const
{
    f.Add(m_inside).Add(m_outside).Add(static_cast<uint64_t>(m_nextPort));
    for (const auto& [own, mapped] : m_outward)
    {
        f.Add(static_cast<uint64_t>(own)).Add(static_cast<uint64_t>(mapped));
    }
}

} // namespace ike
} // namespace ns3
