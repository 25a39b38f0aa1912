/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_CODE_HASH_H
#define IKE_CODE_HASH_H

#include <string>

namespace ns3
{
namespace ike
{

/**
 * @return what identifies the code that makes results: "0123456789abcdef ns-3.37", of which the
 * first changes with any source of this module and with nothing else; empty when the build does not
 * say
 */
std::string GetCodeIdentity();

} // namespace ike
} // namespace ns3

#endif // IKE_CODE_HASH_H
