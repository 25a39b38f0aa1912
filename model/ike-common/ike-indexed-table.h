/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_INDEXED_TABLE_H
#define IKE_INDEXED_TABLE_H

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <type_traits>
#include <utility>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * Which values have a key: a set of pairs, so equal keys stand by number, oldest first.
 * @tparam Key what is looked for
 * @tparam Id number of a value
 */
template <typename Key, typename Id>
class OrderedIndex
{
  public:
    void Insert(const Key& key, Id id)
    {
        m_all.emplace(key, id);
    }

    void Erase(const Key& key, Id id)
    {
        m_all.erase({key, id});
    }

    /// All numbers with a key, oldest first: a copy, so the index may change while it is used.
    std::vector<Id> Find(const Key& key) const
    {
        std::vector<Id> found;
        for (auto it = m_all.lower_bound({key, Id{}}); it != m_all.end() && it->first == key; ++it)
        {
            found.push_back(it->second);
        }
        return found;
    }

    /// The first with a key behind a number, 0 for none: for a walk in which new ones may come.
    Id NextAfter(const Key& key, Id id) const
    {
        const auto it = m_all.upper_bound({key, id});
        return it == m_all.end() || !(it->first == key) ? Id{} : it->second;
    }

    /// Does one of those with a key fit? Stops there. `fits` must not change the table.
    template <typename Predicate>
    bool AnyOf(const Key& key, const Predicate& fits) const
    {
        for (auto it = m_all.lower_bound({key, Id{}}); it != m_all.end() && it->first == key; ++it)
        {
            if (fits(it->second))
            {
                return true;
            }
        }
        return false;
    }

    /// All of them, by key.
    const std::set<std::pair<Key, Id>>& All() const
    {
        return m_all;
    }

    friend bool operator==(const OrderedIndex& a, const OrderedIndex& b)
    {
        return a.m_all == b.m_all;
    }

  private:
    std::set<std::pair<Key, Id>> m_all; ///< by key, then by number
};

/**
 * Values by number, and an index of them that is never out of date, whatever is written to a value.
 *
 * Whoever gets a value to write to has it *open* until Close(): before the index answers, what is
 * open is compared with what the index knows of it. So no code that changes a value needs to know
 * what is indexed, and a step that touches few values costs little, however many there are. A
 * reference to a value must not be written to after Close().
 *
 * The index is derived: two tables with the same values have the same one.
 * @tparam Id number of a value
 * @tparam Value a structure
 * @tparam Index has a type Keys that can be compared, KeysOf(id, value), Insert(id, keys) and
 * Erase(id, keys), and can be compared itself
 */
template <typename Id, typename Value, typename Index>
class IndexedTable
{
  public:
    /// A value, and what the index knows of it.
    struct Slot : Value
    {
        typename Index::Keys indexed; ///< its keys in the index
        bool isIndexed{false};        ///< they are there
        bool isOpen{false};           ///< somebody may write to it
    };

    using key_type = Id;
    using mapped_type = Slot;
    using const_iterator = typename std::map<Id, Slot>::const_iterator;

    // --- Reading, by number --------------------------------------------------------------------

    /// All values: only for what an operator asks for, never for an input.
    const_iterator begin() const
    {
        m_looked += m_slots.size();
        return m_slots.begin();
    }

    const_iterator end() const
    {
        return m_slots.end();
    }

    size_t size() const
    {
        return m_slots.size();
    }

    const_iterator find(Id id) const
    {
        m_looked++;
        return m_slots.find(id);
    }

    /// A value that is there.
    const Value& Get(Id id) const
    {
        m_looked++;
        return m_slots.at(id);
    }

    /// The first behind a number, 0 for none: for a walk in which new ones may come.
    Id NextAfter(Id id) const
    {
        m_looked++;
        const auto it = m_slots.upper_bound(id);
        return it == m_slots.end() ? Id{} : it->first;
    }

    /// All numbers: for what concerns all values and may change them.
    std::vector<Id> Numbers() const
    {
        std::vector<Id> numbers;
        for (const auto& [id, slot] : *this)
        {
            numbers.push_back(id);
        }
        return numbers;
    }

    // --- Writing -------------------------------------------------------------------------------

    /// A value to write to, made if there is none.
    Value& operator[](Id id)
    {
        return Open(id, m_slots[id]);
    }

    /// A value to write to, or null.
    Value* Find(Id id)
    {
        const auto it = m_slots.find(id);
        return it == m_slots.end() ? nullptr : &Open(id, it->second);
    }

    /// A value to write to that is there.
    Value& at(Id id)
    {
        return Open(id, m_slots.at(id));
    }

    void erase(Id id)
    {
        const auto it = m_slots.find(id);
        if (it == m_slots.end())
        {
            return;
        }
        Forget(id, it->second);
        if (it->second.isOpen)
        {
            for (size_t i = 0; i < m_open.size(); i++)
            {
                if (m_open[i] == id)
                {
                    m_open.erase(m_open.begin() + static_cast<std::ptrdiff_t>(i));
                    break;
                }
            }
        }
        m_slots.erase(it);
    }

    /// Nobody writes to any value any more that he has got so far.
    void Close()
    {
        Settle();
        for (Id id : m_open)
        {
            m_slots.at(id).isOpen = false;
        }
        m_open.clear();
    }

    // --- Looking for -----------------------------------------------------------------------------

    /// The index, up to date.
    const Index& By() const
    {
        Settle();
        return m_index;
    }

    /// All numbers with a key, oldest first. `way` names a part of the index, as &Index::peer.
    template <typename Key>
    std::vector<Id> FindBy(OrderedIndex<Key, Id> Index::*way,
                           const std::common_type_t<Key>& key) const
    {
        return (By().*way).Find(key);
    }

    /// The first with a key behind a number, 0 for none.
    template <typename Key>
    Id NextBy(OrderedIndex<Key, Id> Index::*way, const std::common_type_t<Key>& key, Id id) const
    {
        return (By().*way).NextAfter(key, id);
    }

    /// Does one of the values with a key fit?
    template <typename Key, typename Predicate>
    bool AnyBy(OrderedIndex<Key, Id> Index::*way,
               const std::common_type_t<Key>& key,
               const Predicate& fits) const
    {
        return (By().*way).AnyOf(key, [&](Id id) { return fits(Get(id)); });
    }

    /// How many values were looked at or compared so far: a measure of work for tests.
    uint64_t CountLooked() const
    {
        return m_looked;
    }

    /// Is the index what all values together give? For tests.
    bool IsConsistent() const
    {
        Settle();
        Index fresh;
        for (const auto& [id, slot] : m_slots)
        {
            fresh.Insert(id, Index::KeysOf(id, slot));
        }
        return fresh == m_index;
    }

  private:
    Value& Open(Id id, Slot& slot)
    {
        m_looked++;
        if (!slot.isOpen)
        {
            slot.isOpen = true;
            m_open.push_back(id);
        }
        return slot;
    }

    void Forget(Id id, Slot& slot) const
    {
        if (slot.isIndexed)
        {
            m_index.Erase(id, slot.indexed);
        }
    }

    /// The index learns what was written to open values.
    void Settle() const
    {
        for (Id id : m_open)
        {
            m_looked++;
            Slot& slot = m_slots.find(id)->second;
            typename Index::Keys keys = Index::KeysOf(id, slot);
            if (!slot.isIndexed || !(keys == slot.indexed))
            {
                Forget(id, slot);
                m_index.Insert(id, keys);
                slot.indexed = std::move(keys);
                slot.isIndexed = true;
            }
        }
    }

    // what follows from the values is brought up to date when it is asked for
    mutable std::map<Id, Slot> m_slots; ///< by number: oldest first
    mutable Index m_index;              ///< of all values
    mutable uint64_t m_looked{0};       ///< see CountLooked()
    std::vector<Id> m_open;             ///< who may have changed
};

} // namespace ike
} // namespace ns3

#endif // IKE_INDEXED_TABLE_H
