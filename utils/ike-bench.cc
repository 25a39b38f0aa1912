/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-bench.h"

#include <algorithm>
#include <cstdlib>
#include <ctime>
#include <exception>
#include <functional>
#include <iomanip>
#include <iostream>
#include <map>
#include <stdexcept>
#include <sys/resource.h>
#if defined(__GLIBC__) && (__GLIBC__ > 2 || __GLIBC_MINOR__ >= 33)
#include <malloc.h>
#define IKE_BENCH_HAS_MALLINFO2
#endif

/**
 * @file
 * @ingroup ike
 * The program ike-bench: measures one thing and prints the figures as a JSON object.
 */

namespace ns3
{
namespace ike
{
namespace bench
{

void
Figures::Add(const std::string& name, double value)
{
    m_figures.emplace_back(name, value);
}

void
Figures::Write(std::ostream& out) const
{
    out << "{" << std::setprecision(9);
    const char* separator = "";
    for (const auto& [name, value] : m_figures)
    {
        out << separator << "\"" << name << "\": " << value;
        separator = ", ";
    }
    out << "}\n";
}

double
CpuSeconds()
{
    return static_cast<double>(std::clock()) / CLOCKS_PER_SEC;
}

double
HeapOctets()
{
#ifdef IKE_BENCH_HAS_MALLINFO2
    const struct mallinfo2 info = mallinfo2();
    return static_cast<double>(info.uordblks + info.hblkhd);
#else
    return 0;
#endif
}

double
PeakOctets()
{
    struct rusage usage = {};
    getrusage(RUSAGE_SELF, &usage);
    return static_cast<double>(usage.ru_maxrss) * 1024;
}

double
Smallest(std::vector<double> values)
{
    return *std::min_element(values.begin(), values.end());
}

double
Median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

namespace
{

using Part = std::function<void(const Order&, Figures&)>;

/// What can be measured, by name.
const std::map<std::string, Part> PARTS = {
    {"esp", MeasureEsp},
    {"handshakes", MeasureHandshakes},
    {"lab", MeasureLab},
    {"scale", MeasureScale},
    {"day", MeasureDay},
};

/// A number of a command line. @param text of it @return it
double
ReadNumber(const std::string& text)
{
    char* end = nullptr;
    const double value = std::strtod(text.c_str(), &end);
    if (text.empty() || *end != '\0' || !(value > 0))
    {
        throw std::invalid_argument("not a number above zero: " + text);
    }
    return value;
}

/// Take one word of the command line. @param word "--short", "--spokes=100" @param order grows
void
ReadWord(const std::string& word, Order& order)
{
    const size_t equals = std::min(word.find('='), word.size());
    const std::string name = word.substr(0, equals);
    const std::string value = word.substr(std::min(equals + 1, word.size()));
    if (word == "--short")
    {
        order.isShort = true;
    }
    else if (word == "--without-ipsec")
    {
        order.ipsec = false;
    }
    else if (name == "--spokes")
    {
        order.spokes = static_cast<uint32_t>(ReadNumber(value));
    }
    else if (name == "--seconds")
    {
        order.seconds = ReadNumber(value);
    }
    else if (name == "--group")
    {
        order.group = value;
    }
    else if (name == "--only")
    {
        order.only = value;
    }
    else if (name == "--hub")
    {
        order.hub = value;
    }
    else
    {
        throw std::invalid_argument("what is " + word + "?");
    }
}

/// The program. @param words of the command line @return exit status
int
Main(const std::vector<std::string>& words)
{
    const auto part = words.empty() ? PARTS.end() : PARTS.find(words.front());
    if (part == PARTS.end())
    {
        std::cerr << "usage: ike-bench";
        const char* separator = " ";
        for (const auto& [name, measure] : PARTS)
        {
            std::cerr << separator << name;
            separator = "|";
        }
        std::cerr << " [--short] [--spokes=N] [--without-ipsec] [--seconds=N] [--group=N] "
                     "[--only=VARIANT]"
                     " [--hub=dynamic-map|virtual-template|static-vti]\n";
        return 2;
    }
    Order order;
    for (size_t i = 1; i < words.size(); ++i)
    {
        ReadWord(words[i], order);
    }
    Figures figures;
    part->second(order, figures);
    figures.Write(std::cout);
    return 0;
}

} // namespace
} // namespace bench
} // namespace ike
} // namespace ns3

int
main(int argc, char** argv)
{
    try
    {
        return ns3::ike::bench::Main({argv + 1, argv + argc});
    }
    catch (const std::exception& error)
    {
        std::cerr << "ike-bench: " << error.what() << "\n";
        return 1;
    }
}
