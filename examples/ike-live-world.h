/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LIVE_WORLD_H
#define IKE_LIVE_WORLD_H

#include "ike-live-ping.h"
#include "ike-live-tap.h"

#include "ns3/ike-knobs.h"
#include "ns3/ike-router-config.h"
#include "ns3/ike-router.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ike-transcript.h"
#include "ns3/ike-wireshark-keys.h"
#include "ns3/ipv4.h"
#include "ns3/net-device.h"
#include "ns3/node.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"

#include <cstdint>
#include <list>
#include <map>
#include <nlohmann/json.hpp>
#include <string>

/// Everything that the command line says.
struct LiveOptions
{
    ns3::ike::RouterConfig config; ///< of the router
    ns3::ike::IkeKnobs knobs;      ///< of its engine
    std::string interface;         ///< towards the peer; empty: the first with an address
    TapPlan tap;                   ///< the kernel's side
    TapAddress pathAddress;        ///< the simulation's address on the TAP
    ns3::Time delay;               ///< one way, between the TAP and the router
    ns3::Time duration;            ///< zero: until told to stop
    uint64_t seed{1};              ///< of the router's random values
    std::string out;               ///< folder for files; empty: none
    bool messages{false};          ///< also print each IKE message
};

/**
 * A router in a simulation that keeps pace with the clock, and its way to a real network.
 *
 *     router (the configuration) --- path (forwards; the delay is here) --- TAP === kernel, peer
 *
 * All that happens is printed on standard output, one JSON object a line.
 */
class LiveWorld
{
  public:
    explicit LiveWorld(LiveOptions options);
    ~LiveWorld();

    LiveWorld(const LiveWorld&) = delete;
    LiveWorld& operator=(const LiveWorld&) = delete;

    /**
     * Do what a line says, now: a word behind "live " is for this program (see the help of
     * ike-live), anything else is typed at the router's console.
     * @param line as typed
     */
    void Do(const std::string& line);
    /// Schedule a line. @param at from the start @param line as in Do()
    void DoAt(ns3::Time at, const std::string& line);
    /// Run until the time is over or somebody says stop, print the result and write the files.
    void Run();
    /// @return the numbers so far, as at the end of the run
    nlohmann::ordered_json Describe();

  private:
    /// Both nodes, the link, the TAP.
    void Build();
    /// @return the interface of the configuration that leads to the peer
    const ns3::ike::InterfaceText& FindInterface() const;
    /// Give an interface of the path node its address. @param device of it @param address its own
    void SetPathAddress(ns3::Ptr<ns3::NetDevice> device, const TapAddress& address);
    /// Follow the inner packets of all tunnels.
    void WatchTunnels();
    /// A word of ours. @param words behind "live"
    void DoOwn(const std::string& words);
    /// Begin to ping. @param words "ADDRESS [COUNT [SECONDS [SOURCE]]]"
    void DoPing(const std::string& words);
    /// The path swallows everything, or does not. @param silent which
    void SetSilent(bool silent);
    /// Write the files of the run. @param result of it
    void WriteFiles(const nlohmann::ordered_json& result) const;

    void OnEvent(const ns3::ike::TimedEvent& event);
    void OnDrop(ns3::Ptr<const ns3::Packet> packet, const std::string& reason);
    void OnPath(ns3::Ptr<const ns3::Packet> packet, ns3::Ptr<ns3::Ipv4> ipv4, uint32_t interface);
    void OnInner(std::string direction, ns3::Ptr<const ns3::Packet> packet);

    LiveOptions m_options;                   ///< command line
    ns3::Ptr<ns3::Node> m_node;              ///< the router
    ns3::Ptr<ns3::Node> m_path;              ///< between it and the TAP
    ns3::Ptr<ns3::NetDevice> m_tap;          ///< of the path
    ns3::Ptr<ns3::NetDevice> m_link;         ///< of the path, towards the router
    ns3::Ptr<ns3::ike::IkeRouter> m_router;  ///< on the node
    ns3::ike::Transcript m_transcript;       ///< text of all events
    ns3::ike::WiresharkKeys m_keys;          ///< for captures
    ns3::ike::IdentityNames m_names;         ///< for the lines
    std::list<LivePing> m_pings;             ///< all that were begun
    std::map<std::string, uint64_t> m_wire;  ///< packets at the path, "in ike-500"
    std::map<std::string, uint64_t> m_inner; ///< of the tunnels, "in echo-request"
    std::map<std::string, uint64_t> m_drops; ///< by reason
};

#endif // IKE_LIVE_WORLD_H
