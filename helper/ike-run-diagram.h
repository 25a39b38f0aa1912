/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RUN_DIAGRAM_H
#define IKE_RUN_DIAGRAM_H

#include "ike-message-reader.h"
#include "ike-scenario.h"

#include "ns3/ike-duplicate-account.h"
#include "ns3/ike-router.h"
#include "ns3/ike-timed-event.h"
#include "ns3/ike-transcript.h"

#include <cstdint>
#include <map>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * What a picture of a run needs beside its transcript: the map of nodes and links, the life of each
 * SA with the times when it was too many, fingerprints of keys (never keys), and what the payloads
 * of messages say. SAs have the names that the transcript has for them.
 *
 * It is bounded: the first messages and SAs of a run are kept, and the others counted.
 */
class RunDiagram
{
  public:
    /// @param scenario that is run; must live as long as this
    explicit RunDiagram(const Scenario& scenario);

    /// Hear what a router does and sends. @param router under test @param name of it
    void Connect(const Ptr<IkeRouter>& router, const std::string& name);
    /// Take the life of an SA. @param sa at the end of the run
    void RecordSa(const SaAccount& sa);
    /**
     * @param nodeOfAddress whose an outer address is
     * @return diagram.json
     */
    std::string ToJson(const std::map<IpAddress, std::string>& nodeOfAddress) const;

  private:
    /// A message that was sent.
    struct Sent
    {
        Instant time;                      ///< when
        std::string node;                  ///< by whom
        size_t octets{0};                  ///< how many
        std::string heading;               ///< "main-mode 01..:02.. message-id 0"
        std::vector<std::string> payloads; ///< a line each; none: it cannot be read
    };

    void Record(const TimedEvent& event);
    void HandleMessage(std::string node,
                       Ptr<const Packet> packet,
                       const Endpoint& local,
                       const Endpoint& remote);
    std::string FingerprintOf(const Octets& key) const;

    const Scenario& m_scenario;                   ///< that is run
    std::unique_ptr<CryptoProvider> m_crypto;     ///< for fingerprints
    MessageReader m_reader;                       ///< of what is on the wire
    IdentityNames m_names;                        ///< as in the transcript
    std::map<std::string, std::string> m_prints;  ///< of keys, by the name of their SA
    std::map<std::string, std::string> m_ciphers; ///< what the keys are for, by the same
    std::vector<Sent> m_messages;                 ///< the first ones
    uint64_t m_messageCount{0};                   ///< of all
    std::map<std::string, SaAccount> m_sas;       ///< the first ones, by name
    uint64_t m_saCount{0};                        ///< of all
};

} // namespace ike
} // namespace ns3

#endif // IKE_RUN_DIAGRAM_H
