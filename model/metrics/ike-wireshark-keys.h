/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_WIRESHARK_KEYS_H
#define IKE_WIRESHARK_KEYS_H

#include "ike-timed-event.h"

#include <set>
#include <string>

namespace ns3
{
namespace ike
{

/**
 * The key files with which Wireshark and tshark (4.0 and later) decrypt the captures of a run.
 *
 * Both ends report the same keys; each line stands once, in the order of appearance. The texts
 * are those of the files `ikev1_decryption_table` and `esp_sa` in a Wireshark profile; a line of
 * either is also what follows `-o 'uat:ikev1_decryption_table:` or `-o 'uat:esp_sa:`. For ESP,
 * `-o esp.enable_encryption_decode:TRUE` switches decryption on.
 */
class WiresharkKeys
{
  public:
    /// Take the next event; all but PhaseOneKeys and PairKeys are ignored.
    void Record(const TimedEvent& event);

    /// Lines `INITIATOR_COOKIE,KA` in hexadecimal. Ka is the key as the cipher takes it (RFC 2409
    /// appendix B), not SKEYID_e.
    const std::string& GetIsakmpKeys() const
    {
        return m_isakmp;
    }

    /// Lines `"IPv4","SOURCE","DESTINATION","0xSPI","CIPHER","0xKEY","INTEGRITY","0xKEY"`.
    const std::string& GetEspKeys() const
    {
        return m_esp;
    }

    /// Our cipher's name as Wireshark knows it: "3des-cbc" is "TripleDES-CBC [RFC2451]"; empty
    /// when it knows none.
    static std::string CipherName(const std::string& cipher);
    /// Our integrity algorithm's name as Wireshark knows it: "hmac-sha1-96" is
    /// "HMAC-SHA-1-96 [RFC2404]"; empty when it knows none.
    static std::string IntegrityName(const std::string& integrity);

  private:
    void AddEsp(const EspKeys& keys);
    void AddOnce(std::string& text, const std::string& line);

    std::string m_isakmp;          ///< lines so far
    std::string m_esp;             ///< lines so far
    std::set<std::string> m_known; ///< lines of both files
};

} // namespace ike
} // namespace ns3

#endif // IKE_WIRESHARK_KEYS_H
