/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_RUNNER_H
#define IKE_RUNNER_H

#include "ike-ledger-probe.h"
#include "ike-network.h"
#include "ike-packet-ledger.h"
#include "ike-rank-log.h"
#include "ike-rank-part.h"
#include "ike-results.h"
#include "ike-run-diagram.h"
#include "ike-run-files.h"
#include "ike-run-recorder.h"
#include "ike-scenario.h"

#include "ns3/ike-compute-pool.h"

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

namespace ns3
{
namespace ike
{

/// How to run a scenario.
struct RunOptions
{
    uint64_t seed{1}; ///< RngSeed 1, RngRun this; not zero
    std::string out;  ///< folder for the files; empty: none are written
    /// told how far the run has come, a share from 0 to 1, a hundred times; may be empty
    std::function<void(double)> progress;
    /// that compute Diffie-Hellman operations whose costs in simulated time give room for it; one:
    /// that of the simulation alone. Nothing that comes out depends on it.
    unsigned threads{1};
};

/**
 * @ingroup ike
 * One run of a scenario in ns-3: builds it, lets time pass, closes the books.
 *
 * ns-3 has one simulation in a process: a second ScenarioRun beside a living one is refused. When
 * it is gone, nothing of it is left that would change the next one.
 *
 * With an output folder, Finish() leaves there: results.json, transcript.txt, console.txt,
 * ladder.txt and ladder.svg (first negotiation of the first two peers), diagram.json for pictures,
 * the Wireshark tables
 * ikev1_decryption_table and esp_sa, and a capture for each interface that the scenario names.
 *
 * Where IkeRanks has joined several processes, each of them does this with its part of the
 * scenario. What happens at its nodes goes to a log; Finish() plays the logs of all at rank 0, to
 * the recorder and the ledger, and rank 0 alone has results and files. The others get empty
 * results.
 */
class ScenarioRun
{
  public:
    /**
     * Build it.
     * @param scenario expanded
     * @param options how to run it
     * @throws RunError
     */
    ScenarioRun(const Scenario& scenario, const RunOptions& options);
    /// Take the simulation down.
    ~ScenarioRun();

    ScenarioRun(const ScenarioRun&) = delete;
    ScenarioRun& operator=(const ScenarioRun&) = delete;

    /**
     * Let time pass. A console that refuses a line of the scenario ends the run.
     * @param until this time since the start, not beyond the scenario's duration
     * @throws RunError
     */
    void RunUntil(Duration until);
    /**
     * Let the rest of the time pass, close the books, write the files, take the simulation down.
     * @return what came out; look at RunResults::violations
     * @throws RunError
     */
    RunResults Finish();
    /// @return the nodes, while the run lives
    const IkeNetwork& GetNetwork() const;
    /// @return what was recorded so far, also after Finish()
    const RunRecorder& GetRecorder() const;
    /**
     * Type a line at a router's console, now.
     * @param router which
     * @param line as an operator types it
     * @return what it prints
     */
    std::string Type(const std::string& router, const std::string& line);
    /**
     * Something happens that the scenario does not know of.
     * @param event of ParseEvents() for this scenario; at once when its time is not in the future
     */
    void Inject(const ScenarioEvent& event);

  private:
    /// Resets ns-3 at the beginning and at the end.
    class Session;

    void ConnectRecorder();
    void BuildCpus();
    void BuildTraffic();
    Ptr<IkeSiteApplication> BuildSite(const std::string& router);
    void ScheduleEvents();
    /// @return does it happen, in part at least, at a node of this rank?
    bool IsOwn(const ScenarioEvent& event) const;
    void HandleEvent(size_t index);
    void HandleLearn(size_t index);
    void HandleProgress(unsigned percent);
    void TypeLines(const std::string& router, const std::vector<ScenarioText>& lines);
    void CheckRefusal() const;
    void EnableCapture();
    bool IsCaptured(const std::string& node, const std::string& interface) const;
    /// @return what this process knows of its own nodes
    RankPart CollectPart() const;
    EndResult CollectEnd(const std::string& name) const;
    BalancerResult CollectBalancer(const std::string& name) const;
    PolicyResult CollectPolicy(const std::string& name) const;
    void CollectUsage(const std::string& router, std::vector<PairUsage>& usage) const;
    /// Put the parts of all processes together. @param parts of them @param results get them
    void UseParts(const std::vector<RankPart>& parts, RunResults& results);
    static void CheckPlanes(RunResults& results);
    void CollectPackets(Instant end, RunResults& results) const;
    std::map<IpAddress, std::string> GetNodeOfAddress(const std::vector<RankPart>& parts) const;
    std::set<IpAddress> GetSharedAddresses() const;
    /// Of several processes: do they fit the scenario? @return which one this is
    static std::optional<uint32_t> FindRank(const Scenario& scenario);
    std::unique_ptr<RunFolder> OpenFolder();
    void ShareRefusal();
    /// @return the parts of all ranks at rank 0, where their logs are played, too; or none
    std::vector<RankPart> ShareParts(const RankPart& own);
    void PlayLogs(uint32_t ranks);
    void WriteFiles(const RunResults& results);

    // In this order: what hears of events outlives the simulation.
    const Scenario m_scenario;               ///< what is run
    RunOptions m_options;                    ///< how
    const std::optional<uint32_t> m_rank;    ///< of several processes: this one
    std::string m_captures;                  ///< folder for captures; empty: no files
    std::unique_ptr<RunFolder> m_folder;     ///< null: no files, or another rank writes them
    std::unique_ptr<RunDiagram> m_diagram;   ///< for pictures; null: no files, or several ranks
    RunRecorder m_recorder;                  ///< hears all events
    PacketLedger m_ledger;                   ///< application packets
    std::unique_ptr<RankLog> m_log;          ///< of several ranks: what both of these will hear
    std::unique_ptr<IkeLedgerProbe> m_probe; ///< reads trace sources
    std::unique_ptr<ComputePool> m_pool;     ///< null: one thread
    std::unique_ptr<Session> m_session;      ///< ns-3; null when the run is over
    std::unique_ptr<IkeNetwork> m_network;   ///< nodes and links, of this rank
    std::map<IpAddress, std::string> m_behindNat; ///< routers by the address of their NAT
    std::vector<bool> m_learnt;                   ///< by index: is the route typed?
    std::deque<ScenarioEvent> m_injected;         ///< behind those of the scenario
    std::string m_console;                        ///< what was typed, and the answers
    std::string m_refusal;                        ///< the line that was refused; empty: none was
};

/**
 * Run a scenario from the beginning to the end.
 * @param scenario expanded
 * @param options how to run it
 * @return what came out
 * @throws RunError
 */
RunResults RunScenario(const Scenario& scenario, const RunOptions& options);

} // namespace ike
} // namespace ns3

#endif // IKE_RUNNER_H
