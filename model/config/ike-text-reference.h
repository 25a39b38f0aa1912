/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_TEXT_REFERENCE_H
#define IKE_TEXT_REFERENCE_H

#include <string>

namespace ns3
{
namespace ike
{

/// Where something stood in a configuration text.
struct TextPosition
{
    std::string file;   ///< name of the text: "R1.ios", "console"
    unsigned line{0};   ///< from 1; 0: not from a text
    unsigned column{0}; ///< from 1
};

/// A reference by name, with the place that an error about it points to.
struct NameReference
{
    std::string name;      ///< what is meant
    TextPosition position; ///< where it was written
};

} // namespace ike
} // namespace ns3

#endif // IKE_TEXT_REFERENCE_H
