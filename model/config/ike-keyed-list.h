/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_KEYED_LIST_H
#define IKE_KEYED_LIST_H

#include <algorithm>
#include <cstddef>
#include <map>
#include <type_traits>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * What an operator typed, in the order of its appearance. Each item is found by its key without a
 * look at the others, for a hub has thousands of interfaces, keys and routes. So what an item is
 * found by never changes while it is in the list.
 * @tparam Item what is listed
 * @tparam KeyOf a function object: the key of an item
 */
template <typename Item, typename KeyOf>
class KeyedList
{
  public:
    /// What items are found by.
    using Key = std::decay_t<decltype(KeyOf()(std::declval<const Item&>()))>;

    /// Null when there is none.
    const Item* Find(const Key& key) const
    {
        const auto place = m_places.find(key);
        return place == m_places.end() ? nullptr : &m_all[place->second];
    }

    Item* Find(const Key& key)
    {
        const auto place = m_places.find(key);
        return place == m_places.end() ? nullptr : &m_all[place->second];
    }

    /// Add one whose key is new.
    Item& Add(const Item& item)
    {
        m_places[KeyOf()(item)] = m_all.size();
        m_all.push_back(item);
        return m_all.back();
    }

    /// Nothing happens when there is none.
    void Remove(const Key& key)
    {
        const auto found = m_places.find(key);
        if (found != m_places.end())
        {
            m_all.erase(m_all.begin() + static_cast<std::ptrdiff_t>(found->second));
            FindPlaces();
        }
    }

    /// Remove all that a condition holds for. @return how many
    template <typename Condition>
    size_t RemoveIf(Condition condition)
    {
        const auto end = std::remove_if(m_all.begin(), m_all.end(), condition);
        const auto removed = static_cast<size_t>(m_all.end() - end);
        m_all.erase(end, m_all.end());
        FindPlaces();
        return removed;
    }

    void Clear()
    {
        m_all.clear();
        m_places.clear();
    }

    const std::vector<Item>& GetAll() const
    {
        return m_all;
    }

    bool empty() const
    {
        return m_all.empty();
    }

    size_t size() const
    {
        return m_all.size();
    }

    auto begin() const
    {
        return m_all.begin();
    }

    auto end() const
    {
        return m_all.end();
    }

    auto begin()
    {
        return m_all.begin();
    }

    auto end()
    {
        return m_all.end();
    }

    Item& back()
    {
        return m_all.back();
    }

  private:
    void FindPlaces()
    {
        m_places.clear();
        for (size_t i = 0; i < m_all.size(); ++i)
        {
            m_places[KeyOf()(m_all[i])] = i;
        }
    }

    std::vector<Item> m_all;        ///< in order
    std::map<Key, size_t> m_places; ///< by key
};

} // namespace ike
} // namespace ns3

#endif // IKE_KEYED_LIST_H
