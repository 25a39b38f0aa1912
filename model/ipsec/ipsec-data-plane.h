/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IPSEC_DATA_PLANE_H
#define IPSEC_DATA_PLANE_H

#include "esp-replay-window.h"
#include "ipsec-ip-packet.h"
#include "ipsec-outer-header.h"
#include "ipsec-sa.h"

#include "ns3/esp-packet.h"
#include "ns3/ike-crypto.h"
#include "ns3/ike-fingerprint.h"
#include "ns3/ike-random.h"
#include "ns3/ike-state-hash.h"
#include "ns3/ike-time.h"
#include "ns3/ike-verdict.h"

#include <array>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace ns3
{
namespace ike
{

/// What an SA has done so far.
struct IpsecSaCounters
{
    uint64_t packets{0}; ///< protected, or accepted
    uint64_t bytes{0};   ///< RFC 4301 4.4.2.1 counts octets that are protected: inner packets, what
                         ///< follows the IP header in transport mode, contents of dummy packets
    uint64_t errors{0};  ///< inbound packets of this SPI that were discarded, but for dummies
    uint64_t dummies{0}; ///< packets of RFC 4303 2.6, sent or received: they are not in `packets`
};

/// Something that the engine must hear about an SA (see SaUsage of ike-actions.h).
enum class UsageMark : uint8_t
{
    FirstInbound, ///< the first packet arrived on it
    SoftVolume,   ///< softBytes was reached, or few sequence numbers are left
    HardVolume,   ///< hardBytes was reached, or the last sequence number: nothing more is carried
};

/// A mark with the pair that it is about.
struct UsageReport
{
    PairId pair{0};                          ///< which pair
    UsageMark mark{UsageMark::FirstInbound}; ///< what
};

/// When a tunnel carried something last; nothing: never.
struct TunnelUsage
{
    std::optional<Instant> inbound;  ///< the last packet that was accepted
    std::optional<Instant> outbound; ///< the last packet that was protected
};

/// What became of a packet that a tunnel, or a host in transport mode, wants to send.
struct OutboundResult
{
    Verdict verdict;                ///< Protect, or Discard with a reason
    OuterHeader outer;              ///< to be built around `esp`, when protected
    Octets esp;                     ///< from the SPI on, when protected
    PairId pair{0};                 ///< which pair carried it
    std::vector<UsageReport> usage; ///< for the engine, after the packet was sent or discarded
};

/// What became of an ESP packet that arrived.
struct InboundResult
{
    Verdict verdict;                ///< Accept, or Discard with a reason
    ConnectionId connection{0};     ///< the tunnel that it belongs to
    Octets inner;                   ///< a whole IP packet, when accepted
    uint32_t spi{0};                ///< as in the packet, also when it is unknown
    PairId pair{0};                 ///< which pair carried it
    std::vector<UsageReport> usage; ///< for the engine, before the packet is delivered or dropped
    /// An authentic packet of an SA in UDP came from another port than it says: a NAT changed its
    /// mapping. The SA stays as it is until Move().
    std::optional<Endpoint> movedTo;
};

/// Packets of one direction: in = protected (or accepted) + bypassed + discarded.
struct PlaneCounters
{
    uint64_t in{0};                                      ///< offered to the data plane
    uint64_t passed{0};                                  ///< protected, or accepted
    uint64_t bypassed{0};                                ///< went on as they were
    std::array<uint64_t, DROP_REASON_COUNT> discarded{}; ///< by DropReason

    /// Does the identity hold?
    bool IsBalanced() const;
};

/**
 * The IPsec data plane of one node: SAs and what they do with packets. A copyable value.
 *
 * It knows neither IKE nor ns-3. It does not count by itself in the packet paths of its callers:
 * Outbound() and Inbound() return a verdict, and Count() is called once per packet, in the caller.
 * Which pair carries a tunnel's outbound traffic is decided by the engine (SelectOutbound).
 */
class IpsecDataPlane
{
  public:
    /// @param key the node's key: IVs of CBC follow from it (purpose EspIv, SPI, sequence)
    explicit IpsecDataPlane(const RandomKey& key);

    /// How a tunnel's outer headers are built from now on; without a word, as OuterPolicy says.
    void SetOuterPolicy(ConnectionId connection, const OuterPolicy& policy);
    /**
     * An SA on which this node receives. Replaces nothing: SPIs of live SAs are distinct.
     * @throws std::invalid_argument when the SPI is taken, or the pair has one already
     */
    void InstallInbound(const IpsecSa& sa);
    /**
     * An SA on which this node sends.
     * @throws std::invalid_argument when the pair has one already
     */
    void InstallOutbound(const IpsecSa& sa);
    /// Which pair carries a tunnel's outbound traffic; 0: none.
    void SelectOutbound(ConnectionId connection, PairId pair);
    void RemoveInbound(PairId pair);
    void RemoveOutbound(PairId pair);
    /// The peer of a pair is behind another address or port now (RFC 3947 7).
    void Move(PairId pair, const Endpoint& remote);
    /// Count the numbers of an outbound SA up to this one as sent: its end (RFC 4303 3.3.3) comes
    /// within reach. Never goes back, for no number may be sent twice.
    void SkipSequence(PairId pair, uint64_t last);
    /// A connection is over, and its number never comes again: nothing of it is remembered.
    void ForgetConnection(ConnectionId connection);
    /// All state is lost (reboot); counters and policies of the plane stay.
    void Clear();

    /**
     * An IP packet leaves through a tunnel, or in transport mode. Its TTL is not touched: who
     * forwards it has decremented it (RFC 4301 5.1.2.1), and a host that sends does not.
     * @param now time of the packet
     * @param connection the tunnel
     * @param inner a whole IP packet; no copy is made of what is moved here
     * @param provider does the cryptography
     */
    OutboundResult Outbound(Instant now,
                            ConnectionId connection,
                            Octets inner,
                            CryptoProvider& provider);
    /**
     * A dummy packet (RFC 4303 2.6) for traffic flow confidentiality, as large as an inner packet
     * of so many octets. It is no use of the tunnel, but it counts against the volume limits.
     * @param connection the tunnel
     * @param length octets of its contents, which are keyed random
     * @param provider does the cryptography
     */
    OutboundResult OutboundDummy(ConnectionId connection,
                                 uint16_t length,
                                 CryptoProvider& provider);
    /**
     * An ESP packet arrived.
     * @param now time of the packet
     * @param outer the header in front of it. Tunnel mode needs addresses, TOS and UDP ports, and
     *        in transport mode the header of the inner packet is made from all of it
     * @param esp from the SPI on; no copy is made of what is moved here
     * @param provider does the cryptography
     */
    InboundResult Inbound(Instant now,
                          const OuterHeader& outer,
                          Octets esp,
                          CryptoProvider& provider);

    /// Book a verdict: once per packet, in the caller.
    void CountOutbound(const Verdict& verdict);
    void CountInbound(const Verdict& verdict);

    const PlaneCounters& GetOutboundCounters() const;
    const PlaneCounters& GetInboundCounters() const;
    /// The outbound SA that carries this tunnel's traffic now, or null: for the size of what fits.
    const IpsecSa* PeekSelected(ConnectionId connection) const;
    /// Does an outbound SA carry this tunnel's traffic now?
    bool HasOutbound(ConnectionId connection) const;
    /// Has a tunnel an outbound SA, selected or not, of which this holds?
    bool HasOutboundSuchAs(ConnectionId connection,
                           const std::function<bool(const IpsecSa&)>& isMeant) const;
    /// When a tunnel was used last, for dead peer detection.
    TunnelUsage GetUsage(ConnectionId connection) const;
    /// The pair that receives with one of these SPIs and sends with the other; nothing when it is
    /// not installed.
    std::optional<PairId> FindPair(const PairIdentity& identity) const;
    /// Counters of one direction of a pair; nothing when it is not installed.
    std::optional<IpsecSaCounters> GetInboundSaCounters(PairId pair) const;
    std::optional<IpsecSaCounters> GetOutboundSaCounters(PairId pair) const;
    /// Would a packet with this SPI find an SA?
    bool HasInbound(uint32_t spi) const;
    size_t GetInboundCount() const;
    size_t GetOutboundCount() const;
    /// Canonical: SAs by pair number, no chance values, nothing that depends on when.
    uint64_t GetFingerprint(Instant now) const;
    /// All that decides what this plane will do, keys and SPIs as they are. Counters that nobody
    /// asks for a decision are not in it.
    void AddTo(StateHash& hash, Instant now) const;

  private:
    /// An SA with what both directions keep.
    struct SaEntry
    {
        IpsecSa sa;               ///< parameters
        IpsecSaCounters counters; ///< what it did
        bool spent{false};        ///< the hard limit was reached: it carries nothing more
    };

    /// An outbound SA with its state.
    struct OutboundEntry : SaEntry
    {
        uint64_t sequence{0};               ///< last number sent
        bool runsShort{false};              ///< few numbers are left, and the engine was told
        std::optional<AesBlock> ivSeries{}; ///< of its IVs; made when first used
    };

    /// An inbound SA with its state.
    struct InboundEntry : SaEntry
    {
        EspReplayWindow window; ///< seen sequence numbers
    };

    OuterPolicy GetOuterPolicy(ConnectionId connection) const;
    /// The pair that carries a tunnel's traffic now, selected and installed; 0: none.
    PairId PickOutbound(ConnectionId connection) const;
    /// May this packet go out on this SA? If so, says what is protected, and what stays outside.
    DropReason AdmitOutbound(const IpsecSa& sa,
                             Octets inner,
                             EspPlaintext& plain,
                             OuterHeader& outer) const;
    /// Book a plaintext, take the next sequence number, and protect it.
    void Protect(OutboundEntry& entry,
                 EspPlaintext plain,
                 CryptoProvider& provider,
                 OutboundResult& result);
    /// The steps of RFC 4303 3.4 between the SA lookup and the plaintext.
    static DropReason AdmitInbound(InboundEntry& entry,
                                   const OuterHeader& outer,
                                   Octets esp,
                                   CryptoProvider& provider,
                                   InboundResult& result);
    /// The step behind it, RFC 4301 5.2 step 4: is it a packet that the SA may carry?
    static DropReason AdmitInner(InboundEntry& entry,
                                 const OuterHeader& outer,
                                 EspPlaintext plain,
                                 InboundResult& result);
    /// Book a packet against the volume limits; false when the hard limit does not allow it.
    static bool Book(SaEntry& entry, uint64_t bytes, bool isDummy, std::vector<UsageReport>& usage);
    /// Report that an outbound SA comes to the end of its numbers, and that it is there.
    static void MarkSequence(OutboundEntry& entry, std::vector<UsageReport>& usage);
    static void AddEntry(Fingerprint& fingerprint, const SaEntry& entry);
    static void AddEntry(StateHash& hash, const SaEntry& entry);

    /// The IV of the packet whose number the entry has, the same in every run. CBC: unpredictable
    /// for others (RFC 3602 3), a block of the SA's series (KeyedBlock()), cut to its length.
    /// Counter and combined modes: the 64-bit sequence number, for all that they ask is that no IV
    /// comes twice under a key (RFC 3686 2.1, RFC 4106 3.1, RFC 7634 2), which chance cannot
    /// promise.
    Octets MakeIv(OutboundEntry& entry, CryptoProvider& provider) const;

    RandomKey m_key;                                ///< for IVs
    std::map<ConnectionId, OuterPolicy> m_policies; ///< for outer headers
    std::map<uint32_t, InboundEntry> m_inbound;     ///< by SPI
    std::map<PairId, uint32_t> m_inboundSpi;        ///< SPIs of the same, by pair
    std::map<PairId, OutboundEntry> m_outbound;     ///< by pair
    std::map<ConnectionId, PairId> m_selected;      ///< which pair sends
    std::map<ConnectionId, TunnelUsage> m_usage;    ///< when each tunnel was used last
    PlaneCounters m_outboundCounters;               ///< packets offered by tunnels
    PlaneCounters m_inboundCounters;                ///< ESP packets that arrived
};

} // namespace ike
} // namespace ns3

#endif // IPSEC_DATA_PLANE_H
