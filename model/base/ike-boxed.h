/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BOXED_H
#define IKE_BOXED_H

#include <memory>
#include <utility>

namespace ns3
{
namespace ike
{

/**
 * A large value that stands elsewhere, or none: a copy of the box has a copy of the value, so it
 * behaves as the value would, but the box is as small as a pointer and cheap to move.
 * @tparam T the value
 */
template <typename T>
class Boxed
{
  public:
    /// None.
    Boxed() = default;

    // these convert, so that a box can be filled as if it were the value
    Boxed(const T& value)
        : m_value(std::make_unique<T>(value))
    {
    }

    Boxed(T&& value)
        : m_value(std::make_unique<T>(std::move(value)))
    {
    }

    Boxed(const Boxed& other)
        : m_value(other.m_value ? std::make_unique<T>(*other.m_value) : nullptr)
    {
    }

    Boxed(Boxed&&) noexcept = default;

    Boxed& operator=(const Boxed& other)
    {
        Boxed copy(other);
        m_value.swap(copy.m_value);
        return *this;
    }

    Boxed& operator=(Boxed&&) noexcept = default;
    ~Boxed() = default;

    /// Is there a value?
    explicit operator bool() const
    {
        return m_value != nullptr;
    }

    T& operator*()
    {
        return *m_value;
    }

    const T& operator*() const
    {
        return *m_value;
    }

    T* operator->()
    {
        return m_value.get();
    }

    const T* operator->() const
    {
        return m_value.get();
    }

  private:
    std::unique_ptr<T> m_value; ///< null: none
};

} // namespace ike
} // namespace ns3

#endif // IKE_BOXED_H
