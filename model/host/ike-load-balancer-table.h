/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_LOAD_BALANCER_TABLE_H
#define IKE_LOAD_BALANCER_TABLE_H

#include "ns3/ike-address.h"
#include "ns3/ike-time.h"

#include <array>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

/**
 * @file
 * @ingroup ike
 * Which of several hubs serves a client: the part of a load balancer that needs no ns-3.
 */
namespace ns3
{
namespace ike
{

/// How a load balancer gives packets to a hub.
enum class BalancerMode : uint8_t
{
    Dispatched, ///< as they are; the hub has the virtual address, too, and answers from it
    Directed,   ///< with the hub's own address as their destination; answers are changed back
};

/// How a hub is chosen for a new entry.
enum class BalancerPredictor : uint8_t
{
    Hash,             ///< by the client's address; a hub that leaves moves only its own clients
    RoundRobin,       ///< one after the other
    Weighted,         ///< in turns: each one gets as many as its weight, then the next one
    LeastConnections, ///< the one with the fewest entries for its weight
};

/// What becomes of packets of a hub that belong to no entry.
enum class BalancerOutbound : uint8_t
{
    Pass,      ///< they go on as they are, from the hub's individual address
    Translate, ///< they make an entry and go on from the virtual address (directed mode)
    Drop,      ///< they end here
};

/// What the operator says about a hub.
enum class HubService : uint8_t
{
    In,    ///< takes new entries
    Drain, ///< keeps its entries and takes no new ones
    Out,   ///< has none
};

/// Words for them, in their order. @return all of them
const std::vector<std::string>& WordsOf(BalancerMode);
/// The same. @return all of them
const std::vector<std::string>& WordsOf(BalancerPredictor);
/// The same. @return all of them
const std::vector<std::string>& WordsOf(BalancerOutbound);
/// The same. @return all of them
const std::vector<std::string>& WordsOf(HubService);

/// A protocol, and of UDP and TCP the port at the virtual address (0: none).
struct BalancerPort
{
    uint8_t protocol{0}; ///< of IP
    uint16_t port{0};    ///< of the virtual address

    friend bool operator==(const BalancerPort& a, const BalancerPort& b)
    {
        return a.protocol == b.protocol && a.port == b.port;
    }

    friend bool operator<(const BalancerPort& a, const BalancerPort& b)
    {
        return std::tie(a.protocol, a.port) < std::tie(b.protocol, b.port);
    }
};

/// What a load balancer goes by. The words of IOS SLB are in quotes.
struct BalancerRules
{
    BalancerMode mode{BalancerMode::Dispatched};          ///< without or with "nat server"
    BalancerPredictor predictor{BalancerPredictor::Hash}; ///< "predictor"
    BalancerOutbound outbound{BalancerOutbound::Pass};    ///< packets of hubs without an entry
    bool sticky{true};                                    ///< "sticky": see `together`
    std::vector<BalancerPort> together{{17, 500}, {17, 4500}, {50, 0}}; ///< one entry per client
    Duration idle{Duration::Seconds(3600)};                             ///< "idle": of an entry
    uint32_t maxEntries{65536};            ///< the least recently used one goes
    bool purge{true};                      ///< "failaction purge": of a failed hub
    uint32_t failAfter{3};                 ///< "faildetect": probes in a row
    Duration retry{Duration::Seconds(60)}; ///< "retry": no return before it
};

/// A real server.
struct BalancerHub
{
    std::string name;   ///< for people
    IpAddress address;  ///< its individual one
    uint32_t weight{1}; ///< of two predictors
};

/// As much of a packet as the table looks at.
struct BalancerPacket
{
    IpAddress client;  ///< the end that is no hub
    BalancerPort port; ///< at the virtual address
};

/// What is counted apart, by number: UDP 500, UDP 4500, ESP, ICMP, all else.
constexpr size_t BALANCER_SERVICES = 5;
/// Their names, as keys of results.
constexpr std::array<const char*, BALANCER_SERVICES> BALANCER_SERVICE_NAMES{"udp_500",
                                                                            "udp_4500",
                                                                            "esp",
                                                                            "icmp",
                                                                            "other"};

/// One service of one hub.
struct BalancerServiceCounters
{
    uint64_t packetsIn{0};  ///< from clients; one that came in pieces counts once, but for ESP
    uint64_t packetsOut{0}; ///< to clients that an entry is there for; directed mode sees them
    uint64_t entries{0};    ///< that packets of this service made
};

/// One hub.
struct BalancerHubCounters
{
    std::array<BalancerServiceCounters, BALANCER_SERVICES> services{}; ///< by number
    uint64_t active{0};       ///< entries that are there now
    uint64_t peak{0};         ///< most of them at a time
    uint64_t expired{0};      ///< entries not used for the idle time
    uint64_t evicted{0};      ///< entries that gave room to others
    uint64_t purged{0};       ///< entries that went because the hub failed or was taken out
    uint64_t movedIn{0};      ///< entries of clients that another hub had before
    uint64_t failures{0};     ///< times when it failed
    uint64_t returns{0};      ///< times when it came back
    uint64_t probes{0};       ///< that were judged
    uint64_t probesMissed{0}; ///< of those: without an answer
    uint64_t packetsOwn{0};   ///< from its individual address to clients, without an entry
};

/// All of them.
struct BalancerCounters
{
    uint64_t withoutHub{0};     ///< packets that no hub could take
    uint64_t withoutEntry{0};   ///< packets that only an entry could tell the hub of
    uint64_t brokenAffinity{0}; ///< ESP and UDP 4500 to another hub than the client's UDP 500
    uint64_t peak{0};           ///< most entries at a time
};

/// Something that happened to a table.
struct BalancerNotice
{
    /// What.
    enum class Kind : uint8_t
    {
        Made,    ///< an entry
        Moved,   ///< an entry, and another hub had the client before
        Expired, ///< an entry
        Evicted, ///< an entry
        Purged,  ///< an entry
        Failed,  ///< a hub
        Back,    ///< a hub
        Service, ///< the operator said something about a hub
    };

    Kind kind{Kind::Made};            ///< what
    size_t hub{0};                    ///< which
    std::optional<IpAddress> client;  ///< whose entry
    std::optional<BalancerPort> port; ///< of an entry for one service alone
    std::optional<size_t> earlier;    ///< which hub had it before
};

/**
 * @ingroup ike
 * @brief The table of a load balancer in the manner of IOS SLB: a plain value, without ns-3.
 *
 * An entry binds a client to a hub until it is not used for the idle time. With stickiness the
 * services of BalancerRules::together share one entry per client; every other service, and without
 * stickiness each one, has an entry of its own. Bounded in all directions.
 */
class BalancerTable
{
  public:
    /// Told of each notice, when the table has changed already.
    using Listener = std::function<void(const BalancerNotice&)>;

    /**
     * @brief Set what to go by; entries are forgotten without a word.
     * @param rules of the balancer
     */
    void SetRules(const BalancerRules& rules);
    /**
     * @brief Get what it goes by.
     * @return the rules
     */
    const BalancerRules& GetRules() const;
    /**
     * @brief Say who is told.
     * @param listener the one, or an empty function
     */
    void SetListener(Listener listener);
    /**
     * @brief Add a hub; it is in service.
     * @param hub which
     * @return its number
     */
    size_t AddHub(const BalancerHub& hub);
    /**
     * @brief Get a hub.
     * @param hub its number
     * @return the hub
     */
    const BalancerHub& GetHub(size_t hub) const;
    /**
     * @brief Get the number of hubs.
     * @return a count
     */
    size_t GetHubCount() const;
    /**
     * @brief Find a hub.
     * @param name of the hub
     * @return its number
     */
    std::optional<size_t> FindHub(const std::string& name) const;
    /**
     * @brief Find a hub.
     * @param address its individual one
     * @return its number
     */
    std::optional<size_t> FindHub(const IpAddress& address) const;

    /**
     * @brief A packet to the virtual address arrives: which hub is it for? Makes an entry when
     * there is none.
     * @param now the time
     * @param packet whose
     * @return the hub; none when no hub can take it
     */
    std::optional<size_t> Choose(Instant now, const BalancerPacket& packet);
    /**
     * @brief Which hub has this client? Changes nothing.
     * @param now the time
     * @param packet whose
     * @return the hub of the entry
     */
    std::optional<size_t> Find(Instant now, const BalancerPacket& packet) const;
    /**
     * @brief A packet to the virtual address arrives of which the port is not to be seen (a later
     * fragment): the entry of the services that are kept together takes it.
     * @param now the time
     * @param client whose
     * @param protocol of IP
     * @return the hub of the entry; none when there is no such entry
     */
    std::optional<size_t> FollowClient(Instant now, const IpAddress& client, uint8_t protocol);
    /**
     * @brief A packet of a hub to a client passes: is there an entry that binds the two? Keeps it
     * alive.
     * @param now the time
     * @param hub whose
     * @param packet to whom
     * @return true when there is
     */
    bool Return(Instant now, size_t hub, const BalancerPacket& packet);
    /**
     * @brief Bind a client to a hub that speaks first.
     * @param now the time
     * @param hub whose
     * @param packet to whom
     */
    void Bind(Instant now, size_t hub, const BalancerPacket& packet);
    /**
     * @brief A packet of a hub's own passes without an entry. For the counters.
     * @param hub whose
     */
    void NoteOwn(size_t hub);

    /**
     * @brief The operator says something about a hub.
     * @param hub which
     * @param service what
     */
    void SetService(size_t hub, HubService service);
    /**
     * @brief Get what the operator said.
     * @param hub which
     * @return the last word
     */
    HubService GetService(size_t hub) const;
    /**
     * @brief A probe is over.
     *
     * So many without an answer in a row as the rules say: the hub has failed. The first answer
     * that comes not before the retry time brings it back.
     * @param now the time
     * @param hub which
     * @param answered was there an answer?
     */
    void NoteProbe(Instant now, size_t hub, bool answered);
    /**
     * @brief Has a hub failed?
     * @param hub which
     * @return true from the failure to the return
     */
    bool HasFailed(size_t hub) const;

    /**
     * @brief Forget entries that were not used for the idle time.
     * @param now the time
     */
    void Expire(Instant now);
    /**
     * @brief When does the next entry expire? Found without a look at each one.
     * @return the time, or Never()
     */
    Instant GetNextExpiry() const;
    /**
     * @brief Get the number of entries.
     * @return a count
     */
    size_t GetEntryCount() const;
    /**
     * @brief Get the counters of a hub.
     * @param hub which
     * @return since the start
     */
    const BalancerHubCounters& GetHubCounters(size_t hub) const;
    /**
     * @brief Get the counters of all.
     * @return since the start
     */
    const BalancerCounters& GetCounters() const;
    /**
     * @brief Put a notice into words.
     * @param notice of this table
     * @return "203.0.113.5 -> H2 (hash)", "H1 failed"
     */
    std::string Describe(const BalancerNotice& notice) const;

  private:
    /// A client, and the service when the entry is for one alone.
    using Key = std::pair<IpAddress, std::optional<BalancerPort>>;

    /// A client is bound to a hub.
    struct Entry
    {
        size_t hub{0};     ///< which
        Instant used;      ///< the last time
        uint64_t order{0}; ///< of its last use, among all
    };

    /// What is remembered of an entry that is gone.
    struct Past
    {
        size_t hub{0};     ///< which
        uint64_t order{0}; ///< of its end, among all
    };

    /// A hub with its state.
    struct Hub
    {
        BalancerHub what;                   ///< as it was added
        HubService service{HubService::In}; ///< the operator's word
        bool failed{false};                 ///< by probes
        Instant failedSince;                ///< when it failed
        uint32_t missed{0};                 ///< probes in a row without an answer
        BalancerHubCounters counters;       ///< since the start
    };

    Key KeyOf(const BalancerPacket& packet) const;
    bool IsTogether(const BalancerPort& port) const;
    bool IsEligible(const Hub& hub) const;
    std::optional<size_t> Predict(const IpAddress& client);
    std::optional<size_t> PredictByHash(const IpAddress& client) const;
    std::optional<size_t> PredictByTurn();
    std::optional<size_t> PredictByLoad() const;
    void Use(Instant now, Entry& entry, const Key& key);
    void Make(Instant now, const Key& key, size_t hub, const BalancerPort& port);
    void Remove(const Key& key, BalancerNotice::Kind why);
    void RemoveAll(size_t hub);
    void Remember(const Key& key, size_t hub);
    std::optional<size_t> FindLast(const Key& key) const;
    void CheckAffinity(const BalancerPacket& packet, size_t hub);
    void Tell(const BalancerNotice& notice) const;

    BalancerRules m_rules;           ///< what to go by
    Listener m_listener;             ///< told of changes
    std::vector<Hub> m_hubs;         ///< by number
    std::map<Key, Entry> m_entries;  ///< that are there
    std::map<uint64_t, Key> m_byUse; ///< the same, the least recently used one first
    std::map<Key, Past> m_past;      ///< those that are gone
    std::map<uint64_t, Key> m_byEnd; ///< the same, the longest gone first
    uint64_t m_order{0};             ///< counts uses and ends
    size_t m_turn{0};                ///< whose turn it is
    uint32_t m_given{0};             ///< entries that it got in this turn
    BalancerCounters m_counters;     ///< since the start
};

} // namespace ike
} // namespace ns3

#endif // IKE_LOAD_BALANCER_TABLE_H
