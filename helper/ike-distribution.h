/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_DISTRIBUTION_H
#define IKE_DISTRIBUTION_H

#include "ns3/ike-time.h"

#include <cstdint>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// In what the values of a distribution are written, and counted.
enum class DistributionUnit : uint8_t
{
    Duration, ///< "40 ms", in nanoseconds
    Percent,  ///< "0.5 %", as a share from 0 to 1
};

/// What is wrong with the text of a distribution.
class DistributionError : public std::invalid_argument
{
  public:
    /// @param message what is wrong @param right what would be right
    DistributionError(const std::string& message, const std::string& right);

    std::string expected; ///< what would be right
};

/**
 * @ingroup ike
 * A distribution of a scenario: "uniform(0 s, 5 s)", "normal(20 ms, 5 ms, min 1 ms)",
 * "10 s + exponential(mean 1 s, max 10 s)", "choice(1 %, 5 %)".
 *
 * A plain value. It draws nothing itself: whoever has a number from 0 to 1 gets the quantile there,
 * so one draw serves all distributions.
 */
class Distribution
{
  public:
    /// Which.
    enum class Kind : uint8_t
    {
        Uniform,     ///< all values alike
        Loguniform,  ///< all factors alike
        Normal,      ///< cut off at both limits
        Exponential, ///< the same
        Choice,      ///< one of some values, all alike
    };

    /// @return is this meant to be one? Fixed values have no brackets. @param text of a value
    static bool IsMeant(const std::string& text);
    /**
     * @param text as above; each value may have its name before it ("mean", "sd", "min", "max")
     * @param unit of the values
     * @return the distribution
     * @throws DistributionError
     */
    static Distribution Parse(const std::string& text, DistributionUnit unit);
    /// @return the names that Parse() knows, in the order of Kind
    static const std::vector<std::string>& GetNames();
    /// @return a regular expression of all that Parse() takes. @param value one of a value
    static std::string GetPattern(const std::string& value);

    /// @return the quantile, in base units. @param u from 0 to 1
    double GetQuantile(double u) const;
    /// @return the quantile as a duration. @param u from 0 to 1
    Duration GetSpan(double u) const;
    /// @return no value is below; may be infinite
    double GetLeast() const;
    /// @return no value is above; may be infinite
    double GetGreatest() const;
    /// @return the one way to write it
    const std::string& ToString() const;

  private:
    /// A value as it was written.
    struct Argument
    {
        size_t place{0};  ///< among the names of the kind
        std::string name; ///< "min"; empty: by its place
        double value{0};  ///< in base units
        std::string text; ///< canonical, without the name
    };

    void ReadArguments(const std::vector<std::string>& texts, DistributionUnit unit);
    void Place(Argument& argument);
    void Check() const;
    void Write(const std::string& offset, std::vector<Argument> arguments);
    /// @return the share of values below x, without limits
    double GetShareBelow(double x) const;

    Kind m_kind{Kind::Uniform};    ///< which
    double m_offset{0};            ///< added to each value
    std::optional<double> m_mean;  ///< of the two that have one
    std::optional<double> m_sd;    ///< of a normal distribution
    std::optional<double> m_min;   ///< lower limit
    std::optional<double> m_max;   ///< upper limit
    std::vector<double> m_choices; ///< of a choice
    std::string m_text;            ///< as ToString() has it
};

} // namespace ike
} // namespace ns3

#endif // IKE_DISTRIBUTION_H
