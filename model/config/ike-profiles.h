/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_PROFILES_H
#define IKE_PROFILES_H

#include "ike-knobs.h"

#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// A knob of a profile, where it differs from `ios` or its source is another one.
struct ProfileKnob
{
    std::string profile; ///< "strongswan"
    std::string knob;    ///< "RetransmitInterval"
    std::string value;   ///< as SetKnob() takes it
    std::string source;  ///< document, measurement, or a text that begins with "assumption"
};

/// A named set of knobs: how a real product, or the text of the standards, behaves.
struct ProfileInfo
{
    std::string name; ///< "strongswan"
    std::string help; ///< a sentence
};

/// All profiles; `ios`, the defaults, is the first.
const std::vector<ProfileInfo>& GetProfiles();
/// The rows of all profiles but `ios`, whose values and sources are those of GetKnobTable().
const std::vector<ProfileKnob>& GetProfileTable();
/// Where the value of a knob in a profile comes from.
std::string GetKnobSource(const std::string& profile, const std::string& knob);
/// All knobs of a profile at once; an empty text when done, else what is wrong (with the nearest
/// name).
std::string SetProfile(IkeKnobs& knobs, const std::string& profile);

} // namespace ike
} // namespace ns3

#endif // IKE_PROFILES_H
