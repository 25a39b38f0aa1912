/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RANK_OCTETS_H
#define IKE_RANK_OCTETS_H

#include "ike-run-files.h"

#include "ns3/ike-address.h"
#include "ns3/ike-octets.h"

#include <array>
#include <cstdint>
#include <cstring>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

/// @file
/// @ingroup ike
/// Values as octets between the processes of one run: of the same program, on machines of one kind.
/// For each structure there is a function Visit(archive, value) that names its fields, once for
/// both ways.

namespace ns3
{
namespace ike
{

/// Writes values one after the other.
class RankWriter
{
  public:
    /// Write these. @param values of any type that has octets, or a Visit()
    template <typename... T>
    void operator()(const T&... values)
    {
        (Put(values), ...);
    }

    /// @return what was written, and forget it
    std::string Take()
    {
        return std::exchange(m_octets, std::string());
    }

    /// @return what was written
    const std::string& Get() const
    {
        return m_octets;
    }

  private:
    template <typename T>
    void Put(const T& value)
    {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
        {
            m_octets.append(reinterpret_cast<const char*>(&value), sizeof(value));
        }
        else
        {
            Visit(*this, const_cast<T&>(value)); // one function for both ways; this one only reads
        }
    }

    void Put(const std::string& text)
    {
        Put(static_cast<uint64_t>(text.size()));
        m_octets += text;
    }

    void Put(const IpAddress& address)
    {
        Put(address.ToOctets());
    }

    template <typename A, typename B>
    void Put(const std::pair<A, B>& pair)
    {
        Put(pair.first);
        Put(pair.second);
    }

    template <typename T, size_t N>
    void Put(const std::array<T, N>& values)
    {
        for (const auto& value : values)
        {
            Put(value);
        }
    }

    template <typename T>
    void Put(const std::optional<T>& value)
    {
        Put(value.has_value());
        if (value)
        {
            Put(*value);
        }
    }

    template <typename T>
    void Put(const std::vector<T>& values)
    {
        PutAll(values);
    }

    template <typename K, typename V>
    void Put(const std::map<K, V>& values)
    {
        PutAll(values);
    }

    template <typename Container>
    void PutAll(const Container& values)
    {
        Put(static_cast<uint64_t>(values.size()));
        for (const auto& value : values)
        {
            Put(value);
        }
    }

    std::string m_octets; ///< so far
};

/// Reads what a RankWriter wrote, in the same order. Throws RunError when that cannot be.
class RankReader
{
  public:
    /// @param octets of a writer; must live as long as this @param from where to begin
    explicit RankReader(const std::string& octets, size_t from = 0)
        : m_octets(octets),
          m_at(from)
    {
    }

    /// Read these. @param values as they were written
    template <typename... T>
    void operator()(T&... values)
    {
        (Take(values), ...);
    }

    /// @return where the next value begins
    size_t GetPlace() const
    {
        return m_at;
    }

    /// @return is there nothing more?
    bool IsAtEnd() const
    {
        return m_at == m_octets.size();
    }

  private:
    /// @return where so many octets stand, which are taken
    const char* Cut(uint64_t size)
    {
        if (size > m_octets.size() - m_at)
        {
            throw RunError("what another rank sent is cut off: not the same program everywhere?");
        }
        const char* const from = m_octets.data() + m_at;
        m_at += size;
        return from;
    }

    template <typename T>
    void Take(T& value)
    {
        if constexpr (std::is_arithmetic_v<T> || std::is_enum_v<T>)
        {
            std::memcpy(&value, Cut(sizeof(value)), sizeof(value));
        }
        else
        {
            Visit(*this, value);
        }
    }

    uint64_t TakeSize()
    {
        uint64_t size = 0;
        Take(size);
        return size;
    }

    void Take(std::string& text)
    {
        const uint64_t size = TakeSize();
        const char* const from = Cut(size);
        text.assign(from, size);
    }

    void Take(IpAddress& address)
    {
        Octets octets;
        Take(octets);
        address = IpAddress::FromOctets(octets);
    }

    template <typename A, typename B>
    void Take(std::pair<A, B>& pair)
    {
        Take(pair.first);
        Take(pair.second);
    }

    template <typename T, size_t N>
    void Take(std::array<T, N>& values)
    {
        for (auto& value : values)
        {
            Take(value);
        }
    }

    template <typename T>
    void Take(std::optional<T>& value)
    {
        bool isThere = false;
        Take(isThere);
        value.reset();
        if (isThere)
        {
            Take(value.emplace());
        }
    }

    template <typename T>
    void Take(std::vector<T>& values)
    {
        values.clear();
        for (uint64_t left = TakeSize(); left > 0; --left)
        {
            Take(values.emplace_back());
        }
    }

    template <typename K, typename V>
    void Take(std::map<K, V>& values)
    {
        values.clear();
        for (uint64_t left = TakeSize(); left > 0; --left)
        {
            std::pair<K, V> value;
            Take(value);
            values.insert(std::move(value));
        }
    }

    const std::string& m_octets; ///< all of them
    size_t m_at;                 ///< the next one
};

} // namespace ike
} // namespace ns3

#endif // IKE_RANK_OCTETS_H
