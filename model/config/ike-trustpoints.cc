/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ike-trustpoints.h"

#include "ike-pem.h"

namespace ns3
{
namespace ike
{

namespace
{

/// The files that a trustpoint may name.
constexpr std::optional<NameReference> TrustpointText::*FILES[] = {&TrustpointText::anchorFile,
                                                                   &TrustpointText::chainFile,
                                                                   &TrustpointText::keyFile};

/// A file, decoded; what is wrong with it.
struct DecodedFile
{
    std::vector<Octets> objects; ///< DER
    std::string error;           ///< empty: well
};

/// The file itself, or why it is not there.
std::optional<std::vector<PemObject>>
OpenFile(const RouterConfig& config, const NameReference& reference, std::string& error)
{
    const auto file = config.files.find(reference.name);
    if (file == config.files.end())
    {
        error = "this file was not read before the run began";
        return std::nullopt;
    }
    const auto objects = ReadPem(file->second);
    error = objects ? "" : "is neither PEM nor DER";
    return objects;
}

/// All certificates of a file.
DecodedFile
DecodeCertificates(const RouterConfig& config, const NameReference& reference)
{
    DecodedFile decoded;
    const auto objects = OpenFile(config, reference, decoded.error);
    for (const PemObject& object : objects.value_or(std::vector<PemObject>{}))
    {
        const bool isOther = !object.label.empty() && object.label != "CERTIFICATE";
        if (isOther || !LooksLikeCertificate(object.der))
        {
            decoded.error = "holds something that is no certificate" +
                            (isOther ? " (" + object.label + ")" : std::string());
            return decoded;
        }
        decoded.objects.push_back(object.der);
    }
    return decoded;
}

/// The private key of a file.
DecodedFile
DecodeKey(const RouterConfig& config, const NameReference& reference)
{
    DecodedFile decoded;
    const auto objects = OpenFile(config, reference, decoded.error);
    if (!objects)
    {
        return decoded;
    }
    if (objects->size() != 1)
    {
        decoded.error = "holds " + std::to_string(objects->size()) + " objects";
        return decoded;
    }
    if (objects->front().label == "ENCRYPTED PRIVATE KEY")
    {
        decoded.error = "is encrypted, and there is no passphrase";
        return decoded;
    }
    const auto key = ToPkcs8(objects->front().der);
    if (!key)
    {
        decoded.error = "is no private key (PKCS#8, or PKCS#1 of RSA)";
        return decoded;
    }
    decoded.objects.push_back(*key);
    return decoded;
}

/// A file of a trustpoint is wrong.
void
CheckFile(const std::optional<NameReference>& file,
          const DecodedFile& decoded,
          const std::string& expected,
          std::vector<ConfigError>& errors)
{
    if (file && !decoded.error.empty())
    {
        errors.push_back({file->position, file->name, decoded.error, expected});
    }
}

/// A trustpoint lacks a part.
void
CheckParts(const TrustpointText& t, std::vector<ConfigError>& errors)
{
    const auto lacks = [&](const std::string& what, const std::string& hint) {
        errors.push_back({t.position, t.name, "the trustpoint lacks " + what, hint});
    };
    if (!t.anchorFile)
    {
        lacks("the certificate of its authority", "type 'enrollment url file://PATH'");
    }
    if (!t.revocationUnchecked)
    {
        lacks("'revocation-check none'", "without it IOS takes a CRL, which is not supported yet");
    }
    if (t.chainFile && !t.keyFile)
    {
        lacks("the key of its certificate", "type 'private-key file://PATH'");
    }
    if (t.keyFile && !t.chainFile)
    {
        lacks("the certificate of its key", "type 'certificate file://PATH'");
    }
}

/// The decoded objects of a file that may not be there.
template <DecodedFile DECODE(const RouterConfig&, const NameReference&)>
DecodedFile
Decode(const RouterConfig& config, const std::optional<NameReference>& file)
{
    return file ? DECODE(config, *file) : DecodedFile{};
}

} // namespace

std::vector<ConfigError>
ReadConfigFiles(RouterConfig& config, const ConfigFileReader& read)
{
    std::vector<ConfigError> errors;
    for (const auto& [name, trustpoint] : config.trustpoints)
    {
        for (const auto field : FILES)
        {
            const auto& file = trustpoint.*field;
            const auto octets = file ? read(*file) : std::nullopt;
            if (!file)
            {
                continue;
            }
            if (!octets)
            {
                errors.push_back({file->position,
                                  file->name,
                                  "there is no such file, or it cannot be read",
                                  {}});
                continue;
            }
            const auto known = config.files.emplace(file->name, *octets);
            if (known.first->second != *octets)
            {
                errors.push_back({file->position,
                                  file->name,
                                  "stands for another file elsewhere in this configuration",
                                  "give them different names"});
            }
        }
    }
    return errors;
}

std::vector<ConfigError>
CheckTrustpoints(const RouterConfig& config)
{
    std::vector<ConfigError> errors;
    for (const auto& [name, t] : config.trustpoints)
    {
        CheckParts(t, errors);
        const std::string certificate = "expected a certificate, PEM or DER";
        CheckFile(t.anchorFile,
                  Decode<DecodeCertificates>(config, t.anchorFile),
                  certificate,
                  errors);
        CheckFile(t.chainFile,
                  Decode<DecodeCertificates>(config, t.chainFile),
                  certificate,
                  errors);
        CheckFile(t.keyFile,
                  Decode<DecodeKey>(config, t.keyFile),
                  "expected one private key, PEM or DER",
                  errors);
    }
    return errors;
}

Trustpoint
ResolveTrustpoint(const RouterConfig& config, const TrustpointText& text)
{
    Trustpoint result;
    result.name = text.name;
    result.anchors = Decode<DecodeCertificates>(config, text.anchorFile).objects;
    result.chain = Decode<DecodeCertificates>(config, text.chainFile).objects;
    const auto key = Decode<DecodeKey>(config, text.keyFile).objects;
    result.privateKey = key.empty() ? Octets{} : key.front();
    return result;
}

bool
CanSign(const Trustpoint& trustpoint)
{
    return !trustpoint.chain.empty() && !trustpoint.privateKey.empty();
}

const TrustpointText*
FindTrustpoint(const RouterConfig& config, const IsakmpProfileText* profile)
{
    if (profile && profile->trustpoint)
    {
        const auto found = config.trustpoints.find(profile->trustpoint->name);
        return found == config.trustpoints.end() ? nullptr : &found->second;
    }
    for (const auto& [name, trustpoint] : config.trustpoints)
    {
        if (CanSign(ResolveTrustpoint(config, trustpoint)))
        {
            return &trustpoint;
        }
    }
    return nullptr;
}

} // namespace ike
} // namespace ns3
