/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-live-tap.h"

#include <arpa/inet.h>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <net/if.h>
#include <net/route.h>
#include <sched.h>
#include <stdexcept>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <unistd.h>

namespace
{

[[noreturn]] void
Fail(const std::string& what)
{
    throw std::runtime_error(what + ": " + std::strerror(errno));
}

/// A descriptor that is closed when it is forgotten.
class Descriptor
{
  public:
    Descriptor(int fd, const std::string& what)
        : m_fd(fd)
    {
        if (fd < 0)
        {
            Fail(what);
        }
    }

    ~Descriptor()
    {
        if (m_fd >= 0)
        {
            close(m_fd);
        }
    }

    Descriptor(const Descriptor&) = delete;
    Descriptor& operator=(const Descriptor&) = delete;

    int Get() const
    {
        return m_fd;
    }

    int Release()
    {
        const int fd = m_fd;
        m_fd = -1;
        return fd;
    }

  private:
    int m_fd; ///< -1: somebody else's
};

/// In another network namespace for as long as it lives.
class NamespaceVisit
{
  public:
    explicit NamespaceVisit(const std::string& path)
        : m_home(open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC), "own network namespace"),
          m_away(open(path.c_str(), O_RDONLY | O_CLOEXEC), "network namespace " + path)
    {
        if (setns(m_away.Get(), CLONE_NEWNET) != 0)
        {
            Fail("entering network namespace " + path);
        }
    }

    ~NamespaceVisit()
    {
        if (setns(m_home.Get(), CLONE_NEWNET) != 0)
        {
            std::abort(); // nothing good can come of going on in the wrong namespace
        }
    }

  private:
    Descriptor m_home; ///< where to return to
    Descriptor m_away; ///< the other one
};

sockaddr
ToSockaddr(uint32_t address)
{
    sockaddr_in in{};
    in.sin_family = AF_INET;
    in.sin_addr.s_addr = htonl(address);
    sockaddr out{};
    std::memcpy(&out, &in, sizeof in);
    return out;
}

ifreq
NewRequest(const std::string& name)
{
    ifreq request{};
    if (name.empty() || name.size() >= sizeof request.ifr_name)
    {
        throw std::runtime_error("the name of a TAP has 1 to 15 characters: '" + name + "'");
    }
    std::memcpy(request.ifr_name, name.data(), name.size());
    return request;
}

/// Address, mask, up, and the route to the simulated networks.
void
SetUp(const TapPlan& plan)
{
    const Descriptor control(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0), "socket");
    ifreq request = NewRequest(plan.name);
    request.ifr_addr = ToSockaddr(plan.address.address);
    if (ioctl(control.Get(), SIOCSIFADDR, &request) != 0)
    {
        Fail("address of " + plan.name);
    }
    request.ifr_netmask = ToSockaddr(plan.address.GetMask());
    if (ioctl(control.Get(), SIOCSIFNETMASK, &request) != 0)
    {
        Fail("mask of " + plan.name);
    }
    request.ifr_flags = IFF_UP | IFF_RUNNING;
    if (ioctl(control.Get(), SIOCSIFFLAGS, &request) != 0)
    {
        Fail("switching on " + plan.name);
    }
    rtentry route{};
    route.rt_dst = ToSockaddr(plan.network.address & plan.network.GetMask());
    route.rt_genmask = ToSockaddr(plan.network.GetMask());
    route.rt_gateway = ToSockaddr(plan.gateway);
    route.rt_flags = RTF_UP | RTF_GATEWAY;
    if (ioctl(control.Get(), SIOCADDRT, &route) != 0 && errno != EEXIST)
    {
        Fail("route to the simulation over " + plan.name);
    }
}

int
OpenHere(const TapPlan& plan)
{
    Descriptor tap(open("/dev/net/tun", O_RDWR | O_CLOEXEC), "/dev/net/tun");
    ifreq request = NewRequest(plan.name);
    request.ifr_flags = IFF_TAP | IFF_NO_PI;
    if (ioctl(tap.Get(), TUNSETIFF, &request) != 0)
    {
        Fail("TAP " + plan.name);
    }
    if (plan.setUp)
    {
        SetUp(plan);
    }
    return tap.Release();
}

} // namespace

uint32_t
TapAddress::GetMask() const
{
    return length == 0 ? 0 : ~uint32_t{0} << (32 - length);
}

TapAddress
TapAddress::Parse(const std::string& text)
{
    const size_t slash = text.find('/');
    in_addr address{};
    if (slash == std::string::npos || slash + 1 == text.size() || slash + 3 < text.size() ||
        text.find_first_not_of("0123456789", slash + 1) != std::string::npos ||
        inet_pton(AF_INET, text.substr(0, slash).c_str(), &address) != 1 ||
        std::stoul(text.substr(slash + 1)) > 30)
    {
        throw std::runtime_error("'" + text +
                                 "': expected an address and a length up to 30, as in "
                                 "198.51.100.1/30");
    }
    return TapAddress{ntohl(address.s_addr),
                      static_cast<unsigned>(std::stoul(text.substr(slash + 1)))};
}

int
OpenTap(const TapPlan& plan)
{
    if (plan.netns.empty())
    {
        return OpenHere(plan);
    }
    const bool isPath = plan.netns.find('/') != std::string::npos;
    const NamespaceVisit visit(isPath ? plan.netns : "/run/netns/" + plan.netns);
    return OpenHere(plan);
}
