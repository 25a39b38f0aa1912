/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LIVE_TAP_H
#define IKE_LIVE_TAP_H

#include <cstdint>
#include <string>

/// An IPv4 address with the length of its network, as "198.51.100.1/30".
struct TapAddress
{
    uint32_t address{0}; ///< host order
    unsigned length{0};  ///< of the network's prefix

    /// @return the mask of the network, host order
    uint32_t GetMask() const;
    /// @param text "198.51.100.1/30" @return the value; throws std::runtime_error
    static TapAddress Parse(const std::string& text);
};

/// What the kernel's side of the TAP shall look like.
struct TapPlan
{
    std::string netns;   ///< a name of `ip netns`, a path such as /proc/PID/ns/net; empty: here
    std::string name;    ///< of the TAP; one that is there already is taken over
    bool setUp{true};    ///< address, route and "up"; false: all that is done by the user
    TapAddress address;  ///< of the kernel's side
    TapAddress network;  ///< the simulated networks, reached over the gateway
    uint32_t gateway{0}; ///< the simulation's address on the TAP, host order
};

/**
 * Open a TAP in a network namespace, without leaving the own one for longer than that.
 *
 * ns-3's TapBridge needs a program of its own with the right to do this, and Debian's package
 * looks for it in a place that does not exist; FdNetDevice::SetFileDescriptor() needs neither.
 * @param plan what to open
 * @return a descriptor that gives and takes Ethernet frames; throws std::runtime_error
 */
int OpenTap(const TapPlan& plan);

#endif // IKE_LIVE_TAP_H
