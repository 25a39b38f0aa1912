/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-ios-commands.h"

#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

using Kind = IosMode::Kind;
using Result = std::optional<ConfigError>;

const Result DONE = std::nullopt;          ///< the line was right
const std::string FILE_SCHEME = "file://"; ///< before the name of a file

constexpr auto TRUSTPOINTS = &RouterConfig::trustpoints; ///< `crypto pki trustpoint`

Result
SetTerminal(IosContext& c)
{
    OpenIosObject<TRUSTPOINTS>(c).terminal = true;
    return DONE;
}

/// Keep the name of a file; what is in it is read later (ReadConfigFiles()).
template <auto FIELD>
Result
SetFile(IosContext& c)
{
    const std::string url = c.args.GetValue("url");
    const bool isFile = url.compare(0, FILE_SCHEME.size(), FILE_SCHEME) == 0;
    if (!isFile || url.size() == FILE_SCHEME.size())
    {
        return c.Refuse("url",
                        isFile ? "names no file" : "only files can be read",
                        "expected file://PATH, beside the configuration");
    }
    NameReference file = c.ReferenceTo("url");
    file.name = url.substr(FILE_SCHEME.size());
    OpenIosObject<TRUSTPOINTS>(c).*FIELD = file;
    return DONE;
}

Result
SetRevocationCheck(IosContext& c)
{
    if (c.args.GetValue("method") != "none")
    {
        return c.Refuse("method", "is known but not supported yet", "expected none");
    }
    OpenIosObject<TRUSTPOINTS>(c).revocationUnchecked = true;
    return DONE;
}

Result
SetSubjectName(IosContext& c)
{
    OpenIosObject<TRUSTPOINTS>(c).subjectName = c.args.GetValue("text");
    return DONE;
}

Result
SetKeyPair(IosContext& c)
{
    OpenIosObject<TRUSTPOINTS>(c).keyPair = c.args.GetValue("text");
    return DONE;
}

// `certificate` and `private-key` are not of IOS, where both come by enrolment or import.
const IosCommand COMMANDS[] = {
    {Kind::Global,
     false,
     "crypto pki trustpoint <name:word>",
     EnterIosObject<TRUSTPOINTS, Kind::Trustpoint>},
    {Kind::Global,
     true,
     "crypto pki trustpoint <name:word>",
     RemoveIosObject<TRUSTPOINTS, Kind::Trustpoint>},

    {Kind::Trustpoint, false, "enrollment terminal [ pem ]", SetTerminal},
    {Kind::Trustpoint,
     false,
     "enrollment url <url:word> [ pem ]",
     SetFile<&TrustpointText::anchorFile>},
    {Kind::Trustpoint,
     true,
     "enrollment [ <rest:line> ]",
     ResetIosObject<TRUSTPOINTS, &TrustpointText::terminal, &TrustpointText::anchorFile>},
    {Kind::Trustpoint, false, "certificate <url:word>", SetFile<&TrustpointText::chainFile>},
    {Kind::Trustpoint,
     true,
     "certificate [ <url:word> ]",
     ResetIosObject<TRUSTPOINTS, &TrustpointText::chainFile>},
    {Kind::Trustpoint, false, "private-key <url:word>", SetFile<&TrustpointText::keyFile>},
    {Kind::Trustpoint,
     true,
     "private-key [ <url:word> ]",
     ResetIosObject<TRUSTPOINTS, &TrustpointText::keyFile>},
    {Kind::Trustpoint, false, "revocation-check <method:none|crl|ocsp>", SetRevocationCheck},
    {Kind::Trustpoint,
     true,
     "revocation-check [ <method:none|crl|ocsp> ]",
     ResetIosObject<TRUSTPOINTS, &TrustpointText::revocationUnchecked>},
    {Kind::Trustpoint, false, "subject-name <text:line>", SetSubjectName},
    {Kind::Trustpoint,
     true,
     "subject-name [ <text:line> ]",
     ResetIosObject<TRUSTPOINTS, &TrustpointText::subjectName>},
    {Kind::Trustpoint, false, "rsakeypair <text:line>", SetKeyPair},
    {Kind::Trustpoint,
     true,
     "rsakeypair [ <text:line> ]",
     ResetIosObject<TRUSTPOINTS, &TrustpointText::keyPair>},
};

} // namespace

std::vector<IosCommand>
MakeIosPkiCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
