/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_PREFIX_TABLE_H
#define IPSEC_PREFIX_TABLE_H

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <unordered_map>

namespace ns3
{
namespace ike
{

/**
 * What belongs to networks of IPv4, found by an address: the longest network that has the address.
 * Each mask in use costs one look-up in a hash table, however many networks have it. Addresses and
 * masks are numbers in host order. There is no way to walk through the networks: their order in a
 * hash table is nobody's business.
 */
template <typename Value>
class PrefixTable
{
  public:
    /// The value of a network, made when it is not there yet; bits behind the mask do not matter.
    Value& Obtain(uint32_t network, uint32_t mask)
    {
        return m_byMask[mask][network & mask];
    }

    /// The value of just this network; null when it is not there.
    Value* FindNetwork(uint32_t network, uint32_t mask)
    {
        const auto networks = m_byMask.find(mask);
        if (networks == m_byMask.end())
        {
            return nullptr;
        }
        const auto found = networks->second.find(network & mask);
        return found == networks->second.end() ? nullptr : &found->second;
    }

    /// The value of the longest network that has an address; null when there is none.
    const Value* Find(uint32_t address) const
    {
        for (const auto& [mask, networks] : m_byMask)
        {
            const auto found = networks.find(address & mask);
            if (found != networks.end())
            {
                return &found->second;
            }
        }
        return nullptr;
    }

    void Erase(uint32_t network, uint32_t mask)
    {
        const auto networks = m_byMask.find(mask);
        if (networks == m_byMask.end())
        {
            return;
        }
        networks->second.erase(network & mask);
        if (networks->second.empty())
        {
            m_byMask.erase(networks); // a mask that nobody has costs no look-up
        }
    }

    void Clear()
    {
        m_byMask.clear();
    }

    /// How many networks there are.
    size_t GetSize() const
    {
        size_t size = 0;
        for (const auto& [mask, networks] : m_byMask)
        {
            size += networks.size();
        }
        return size;
    }

  private:
    /// the longest mask first; then by network
    std::map<uint32_t, std::unordered_map<uint32_t, Value>, std::greater<uint32_t>> m_byMask;
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_PREFIX_TABLE_H
