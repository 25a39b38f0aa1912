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

/// The trustpoint of the open block.
TrustpointText&
OpenTrustpoint(IosContext& c)
{
    return c.config.trustpoints[c.mode.name];
}

/// Give fields of the open trustpoint their defaults again.
template <auto... FIELDS>
Result
ResetTrustpoint(IosContext& c)
{
    ((OpenTrustpoint(c).*FIELDS = TrustpointText{}.*FIELDS), ...);
    return DONE;
}

Result
EnterTrustpoint(IosContext& c)
{
    c.mode = IosMode{Kind::Trustpoint, c.args.GetValue("name")};
    TrustpointText& trustpoint = OpenTrustpoint(c);
    if (trustpoint.name.empty())
    {
        trustpoint.name = c.mode.name;
        trustpoint.position = c.PositionOf("name");
    }
    return DONE;
}

Result
SetTerminal(IosContext& c)
{
    OpenTrustpoint(c).terminal = true;
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
    OpenTrustpoint(c).*FIELD = file;
    return DONE;
}

Result
SetRevocationCheck(IosContext& c)
{
    if (c.args.GetValue("method") != "none")
    {
        return c.Refuse("method", "is known but not supported yet", "expected none");
    }
    OpenTrustpoint(c).revocationUnchecked = true;
    return DONE;
}

Result
SetSubjectName(IosContext& c)
{
    OpenTrustpoint(c).subjectName = c.args.GetValue("text");
    return DONE;
}

Result
SetKeyPair(IosContext& c)
{
    OpenTrustpoint(c).keyPair = c.args.GetValue("text");
    return DONE;
}

// `certificate` and `private-key` are not of IOS, where both come by enrolment or import.
const IosCommand COMMANDS[] = {
    {Kind::Global, false, "crypto pki trustpoint <name:word>", EnterTrustpoint},
    {Kind::Global,
     true,
     "crypto pki trustpoint <name:word>",
     RemoveIosObject<&RouterConfig::trustpoints, Kind::Trustpoint>},

    {Kind::Trustpoint, false, "enrollment terminal [ pem ]", SetTerminal},
    {Kind::Trustpoint,
     false,
     "enrollment url <url:word> [ pem ]",
     SetFile<&TrustpointText::anchorFile>},
    {Kind::Trustpoint,
     true,
     "enrollment [ <rest:line> ]",
     ResetTrustpoint<&TrustpointText::terminal, &TrustpointText::anchorFile>},
    {Kind::Trustpoint, false, "certificate <url:word>", SetFile<&TrustpointText::chainFile>},
    {Kind::Trustpoint,
     true,
     "certificate [ <url:word> ]",
     ResetTrustpoint<&TrustpointText::chainFile>},
    {Kind::Trustpoint, false, "private-key <url:word>", SetFile<&TrustpointText::keyFile>},
    {Kind::Trustpoint,
     true,
     "private-key [ <url:word> ]",
     ResetTrustpoint<&TrustpointText::keyFile>},
    {Kind::Trustpoint, false, "revocation-check <method:none|crl|ocsp>", SetRevocationCheck},
    {Kind::Trustpoint,
     true,
     "revocation-check [ <method:none|crl|ocsp> ]",
     ResetTrustpoint<&TrustpointText::revocationUnchecked>},
    {Kind::Trustpoint, false, "subject-name <text:line>", SetSubjectName},
    {Kind::Trustpoint,
     true,
     "subject-name [ <text:line> ]",
     ResetTrustpoint<&TrustpointText::subjectName>},
    {Kind::Trustpoint, false, "rsakeypair <text:line>", SetKeyPair},
    {Kind::Trustpoint,
     true,
     "rsakeypair [ <text:line> ]",
     ResetTrustpoint<&TrustpointText::keyPair>},
};

} // namespace

std::vector<IosCommand>
MakeIosPkiCommands()
{
    return {std::begin(COMMANDS), std::end(COMMANDS)};
}

} // namespace ike
} // namespace ns3
