/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_BENCH_H
#define IKE_BENCH_H

#include <cstdint>
#include <ostream>
#include <string>
#include <utility>
#include <vector>

/**
 * @file
 * @ingroup ike
 * What the parts of the program ike-bench share. It only measures: utils/ike-bench.py starts it,
 * part by part, and says what the figures mean.
 */

namespace ns3
{
namespace ike
{
namespace bench
{

/// What is to be measured, and how much of it.
struct Order
{
    bool isShort{false};     ///< a look at the figures, too short to judge by
    uint32_t spokes{100};    ///< of a hub
    std::string only;        ///< of the variants of ESP; empty: all of them
    bool ipsec{true};        ///< false: the same network without IPsec
    double seconds{3600};    ///< simulated time
    std::string group{"14"}; ///< Diffie-Hellman group
    /// how a hub knows its spokes: "dynamic-map", "virtual-template", "static-vti"
    std::string hub{"virtual-template"};
};

/// Measured figures by name, in the order of their measurement.
class Figures
{
  public:
    /// @param name of a figure @param value the figure
    void Add(const std::string& name, double value);
    /// Write them as one JSON object. @param out where to
    void Write(std::ostream& out) const;

  private:
    std::vector<std::pair<std::string, double>> m_figures; ///< by order
};

/// @return CPU time of this process so far, in seconds
double CpuSeconds();
/// @return octets that this process has on its heap and uses; 0 where the C library does not say
double HeapOctets();
/// @return the most memory that this process ever had, in octets
double PeakOctets();

/// The smallest one: what is left when nobody else disturbs. @param values at least one
double Smallest(std::vector<double> values);
/// The one in the middle. @param values at least one
double Median(std::vector<double> values);

/**
 * ESP from a host to a host: nothing, a VTI or a crypto map on the way, turn by turn in one
 * simulation.
 * @param order how much of it
 * @param figures microseconds of CPU time per packet: "300.vti", and "300.crypto" of the bare
 *        cryptography
 */
void MeasureEsp(const Order& order, Figures& figures);

/**
 * A hub and its spokes at a cloud. Each spoke sends a packet to the hub, and with IPsec a tunnel
 * comes up for it.
 * @param order how many of them, with IPsec or without
 * @param figures seconds of CPU time, octets of the heap
 */
void MeasureScale(const Order& order, Figures& figures);

/**
 * The same, with renewals, DPD and one packet per spoke and minute, as long as the order says.
 * @param order how many of them, and how long
 * @param figures seconds of CPU time
 */
void MeasureDay(const Order& order, Figures& figures);

/**
 * Main and quick mode between pairs of routers at a cloud.
 * @param order the group
 * @param figures microseconds of CPU time per handshake, both ends: "sim"
 */
void MeasureHandshakes(const Order& order, Figures& figures);

/**
 * The race laboratory: crossing main modes and quick modes, with losses and a duplicate, all
 * orderings, on one core with real cryptography.
 * @param order whether it is short
 * @param figures states, transitions and schedules, and how many of each in a second of CPU time
 */
void MeasureLab(const Order& order, Figures& figures);

} // namespace bench
} // namespace ike
} // namespace ns3

#endif // IKE_BENCH_H
