/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TEST_COMPAT_H
#define IKE_TEST_COMPAT_H

#include "ns3/test.h"

#include <type_traits>

namespace ns3
{
namespace ike
{

/// @cond
namespace detail
{

/// The duration type of a test case up to ns-3.41.
template <typename T, typename = void>
struct TestDurationOf
{
    using type = typename T::TestDuration; ///< the type
};

/// The duration type of a test case since ns-3.42.
template <typename T>
struct TestDurationOf<T, std::void_t<typename T::Duration>>
{
    using type = typename T::Duration; ///< the type
};

} // namespace detail

/// @endcond

/**
 * TestCase::Duration of any ns-3: `AddTestCase(new X, TestDuration::QUICK)`. The kind of a suite
 * needs no help: `TestSuite(name, Type::UNIT)` is right everywhere, Type being an enumeration,
 * scoped or not. Beware that inside a test case of a new ns-3 `Duration` alone is ns-3's.
 */
using TestDuration = detail::TestDurationOf<TestCase>::type;

} // namespace ike
} // namespace ns3

#endif // IKE_TEST_COMPAT_H
