/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_DEADLINES_H
#define IKE_DEADLINES_H

#include "ns3/ike-fingerprint.h"
#include "ns3/ike-time.h"

#include <array>

namespace ns3
{
namespace ike
{

/**
 * The named timers of one thing. A timer is a moment, or not set.
 * @tparam E enumeration of the names, with a last enumerator Count
 */
template <typename E>
class Deadlines
{
  public:
    Deadlines()
    {
        m_at.fill(Instant::Never());
    }

    void Set(E timer, Instant at)
    {
        m_at[static_cast<size_t>(timer)] = at;
    }

    void Clear(E timer)
    {
        Set(timer, Instant::Never());
    }

    void ClearAll()
    {
        m_at.fill(Instant::Never());
    }

    Instant Get(E timer) const
    {
        return m_at[static_cast<size_t>(timer)];
    }

    bool IsSet(E timer) const
    {
        return Get(timer) != Instant::Never();
    }

    /// The earliest moment of all timers.
    Instant Next() const
    {
        Instant next = Instant::Never();
        for (Instant t : m_at)
        {
            next = t < next ? t : next;
        }
        return next;
    }

    /// The first timer (in the order of the names) that is due at `now`; Count when none is.
    E FirstDue(Instant now) const
    {
        for (size_t i = 0; i < m_at.size(); i++)
        {
            if (m_at[i] <= now)
            {
                return static_cast<E>(i);
            }
        }
        return E::Count;
    }

    void AddTo(Fingerprint& f, Instant now) const
    {
        for (Instant t : m_at)
        {
            f.Add(t, now);
        }
    }

  private:
    std::array<Instant, static_cast<size_t>(E::Count)> m_at; ///< Never: not set
};

} // namespace ike
} // namespace ns3

#endif // IKE_DEADLINES_H
