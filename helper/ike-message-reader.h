/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_MESSAGE_READER_H
#define IKE_MESSAGE_READER_H

#include "ns3/ike-crypto.h"
#include "ns3/ike-engine-config.h"
#include "ns3/ike-message.h"
#include "ns3/ike-timed-event.h"

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * @ingroup ike
 * Reads IKE messages off the wire, as Wireshark does: what is not encrypted tells it who began, the
 * policy and the public values, events of the run tell it keys, and it follows the chain of IVs
 * (RFC 2409 Appendix B). It hears messages in the order in which they are sent.
 */
class MessageReader
{
  public:
    /// @param kind who does the cryptography of the run
    explicit MessageReader(ProviderKind kind);

    /// Take what an event says of keys. @param event of the run
    void Record(const TimedEvent& event);
    /**
     * Read the next message.
     * @param node who sends it
     * @param octets of it, as they are sent
     * @return the message; nothing when it cannot be read
     */
    std::optional<Message> Read(const std::string& node, const Octets& octets);

  private:
    /// What is known of an ISAKMP SA, or of the attempt to make one.
    struct Known
    {
        std::string initiator;                ///< who sent its first message
        std::optional<IsakmpPolicy> policy;   ///< as the responder has chosen
        std::array<Octets, 2> publicValues;   ///< of initiator and responder
        Octets key;                           ///< that encrypts
        Octets iv;                            ///< last block of phase 1; empty: not begun
        std::map<uint32_t, Octets> exchanges; ///< last blocks of the others, by message ID
        std::map<Octets, Message> read;       ///< a retransmission is the same once more
    };

    std::optional<Message> Open(Known& sa, const Header& header, const Octets& octets);
    Octets& FindIv(Known& sa, const Header& header);
    static void Learn(Known& sa, const std::string& node, const Message& message);

    std::unique_ptr<CryptoProvider> m_crypto; ///< of the kind of the run
    std::map<Cookie, Known> m_known;          ///< by the initiator's cookie
};

} // namespace ike
} // namespace ns3

#endif // IKE_MESSAGE_READER_H
