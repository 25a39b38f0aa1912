/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_COMPAT_H
#define IKE_COMPAT_H

/**
 * @file
 * @ingroup ike
 * Spelling differences between ns-3.35 (last Waf release) and ns-3.48.
 *
 * ns-3 has no version macro, and a macro of our own would have to be defined by everyone who
 * includes these headers: so all is found out from the types. The one for tests is in
 * test/ike-test-compat.h. EventId::IsRunning() is never called, but !IsExpired(); no address is
 * ever compared with Ipv4Address(), which is another one in each release.
 */
#include "ns3/enum.h"
#include "ns3/ipv4-routing-protocol.h"

namespace ns3
{
namespace ike
{

/// @cond
namespace detail
{

/**
 * MakeEnumAccessor() of ns-3.41 and later.
 * @tparam E the enumeration
 * @param a member pointer, or getter and setter
 * @return the accessor
 */
template <typename E, typename... A>
auto
EnumAccessor(int, A... a) -> decltype(MakeEnumAccessor<E>(a...))
{
    return MakeEnumAccessor<E>(a...);
}

/**
 * MakeEnumAccessor() up to ns-3.40.
 * @tparam E the enumeration
 * @param a member pointer, or getter and setter
 * @return the accessor
 */
template <typename E, typename... A>
Ptr<const AttributeAccessor>
EnumAccessor(long, A... a)
{
    return MakeEnumAccessor(a...);
}

/// Takes the type of Ipv4RoutingProtocol::RouteInput() to pieces.
template <typename F>
struct RouteInputArgs;

/// By value up to ns-3.38, const references since.
template <typename R,
          typename C,
          typename P,
          typename H,
          typename D,
          typename U,
          typename M,
          typename L,
          typename E>
struct RouteInputArgs<R (C::*)(P, H, D, U, M, L, E)>
{
    using Ucb = U; ///< unicast forward callback
    using Mcb = M; ///< multicast forward callback
    using Lcb = L; ///< local delivery callback
    using Ecb = E; ///< error callback
};

} // namespace detail

/// @endcond

/**
 * MakeEnumAccessor() of any ns-3.
 * @tparam E the enumeration
 * @param a member pointer, or getter and setter
 * @return the accessor
 */
template <typename E, typename... A>
Ptr<const AttributeAccessor>
EnumAccessor(A... a)
{
    return detail::EnumAccessor<E>(0, a...);
}

/// Parameter types of Ipv4RoutingProtocol::RouteInput() of any ns-3.
using RouteInputArgs = detail::RouteInputArgs<decltype(&Ipv4RoutingProtocol::RouteInput)>;

} // namespace ike
} // namespace ns3

#endif // IKE_COMPAT_H
