/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_APPLICATION_H
#define IKE_APPLICATION_H

#include "ike-compute-pool.h"

#include "ns3/application.h"
#include "ns3/event-id.h"
#include "ns3/ike-actions.h"
#include "ns3/ike-crypto-costs.h"
#include "ns3/ike-engine.h"
#include "ns3/ipv4-route.h"
#include "ns3/nstime.h"
#include "ns3/packet.h"
#include "ns3/socket.h"
#include "ns3/traced-callback.h"

#include <deque>
#include <memory>

namespace ns3
{

class UdpL4Protocol;

namespace ike
{

class IkeRouter;

/// What came to port 4500 or left from it, beside IKE messages and ESP.
struct NatPortCounters
{
    uint64_t keepalivesSent{0};     ///< RFC 3948 2.3
    uint64_t keepalivesReceived{0}; ///< discarded without a word
    uint64_t malformed{0};          ///< neither a keepalive nor IKE nor ESP: dropped
};

/**
 * @ingroup ike
 * @brief IKE on UDP ports 500 and 4500: hosts the pure engine in a node.
 *
 * Gives the engine datagrams and the time, and applies its actions front to back. One event is
 * scheduled on the engine's next deadline. Inputs never re-enter the engine: what arises while
 * actions are applied (a line that comes up, a Diffie-Hellman result) waits in a queue and is taken
 * when they are done, at the same time of the simulation.
 *
 * IKE datagrams leave from the address that the engine names, along the node's routes but never
 * through a tunnel of the node. A peer behind a NAT may send from any port.
 *
 * **Port 4500** (RFC 3948 2.2): IKE messages have four zero octets before them there, the non-ESP
 * marker, which the application puts and takes; one octet 0xFF is a keepalive, sent when the engine
 * says so and discarded when it arrives; all else is ESP and goes to the router.
 *
 * **CPU.** Diffie-Hellman operations take their turn in the node's CryptoQueue: what one costs is
 * DhCost, or with zero what the node's profile of costs says. With a profile other than "ideal"
 * inputs of the engine do, too: an input waits until it is the next one of this engine, for IKE is
 * one process, and a core is free. Then the engine hears it, and what the engine wants done is done
 * when the CPU time of the input is over: its cryptography, by the meter, and the profile's cost of
 * a message. The octets are the same, but for what follows from the time.
 */
class IkeApplication : public Application
{
  public:
    /// IANA's UDP port of IKE.
    static constexpr uint16_t PORT = 500;
    /// IANA's UDP port of IKE and ESP behind NATs.
    static constexpr uint16_t NAT_PORT = 4500;

    /**
     * TracedCallback signature for IKE messages.
     * @param [in] packet the IKE message, without a non-ESP marker
     * @param [in] local this end's address and port
     * @param [in] remote the peer's address and port
     */
    typedef void (*MessageTracedCallback)(Ptr<const Packet> packet,
                                          const Endpoint& local,
                                          const Endpoint& remote);

    /**
     * @brief Get the type ID.
     * @return the object TypeId
     */
    static TypeId GetTypeId();

    IkeApplication();
    ~IkeApplication() override;

    /**
     * @brief Say whose engine it is. Done by the router.
     * @param router the router of the same node
     */
    void SetRouter(Ptr<IkeRouter> router);
    /**
     * @brief Give the engine an input, now or as soon as it is done with the one before.
     *
     * Does nothing while there is no engine (not started yet, stopped, reloading).
     * @param input what happened
     */
    void Take(Input input);
    /**
     * @brief Get the engine, to look at it.
     * @return the engine; null before the start, after the stop and during a reload
     */
    const Engine* PeekEngine() const;
    /**
     * @brief Is the application between its start and its stop? It may have no engine all the same.
     * @return true when it is
     */
    bool IsStarted() const;
    /**
     * @brief Begin with a new engine.
     * @param config what the operator wants
     * @param key all of its random values follow from it
     */
    void PowerOn(std::shared_ptr<const EngineConfig> config, const RandomKey& key);
    /**
     * @brief The engine is about to be lost: report what it did and nobody has heard of yet, for
     * its CPU time is not over. Of what it wanted to send, that it never left.
     * @param why it is lost
     */
    void Settle(const std::string& why);
    /// @brief Lose the engine with all of its state, without a word to any peer.
    void PowerOff();
    /**
     * @brief Get the number of inputs that were dropped because the queue was full.
     * @return a count
     */
    uint64_t GetDroppedInputs() const;
    /**
     * @brief Get what came to port 4500 or left from it, beside IKE messages and ESP.
     * @return counters since the start
     */
    const NatPortCounters& GetNatPortCounters() const;

  protected:
    void DoDispose() override;

  private:
    void StartApplication() override;
    void StopApplication() override;

    /**
     * @brief Listen on a port of all addresses of the node.
     * @param port UDP port
     * @return the socket
     */
    Ptr<Socket> Listen(uint16_t port);
    /**
     * @brief Listen no more.
     * @param socket closed, and null from then on
     */
    static void Close(Ptr<Socket>& socket);
    /**
     * @brief Datagrams arrived.
     * @param socket where
     */
    void HandleRead(Ptr<Socket> socket);
    /**
     * @brief A datagram arrived on port 4500: what is it?
     * @param packet behind the UDP header
     * @param local where it arrived
     * @param remote who sent it
     * @param tos of the IPv4 header
     */
    void HandleNatPort(Ptr<Packet> packet,
                       const Endpoint& local,
                       const Endpoint& remote,
                       uint8_t tos);
    /**
     * @brief An IKE message arrived.
     * @param packet the message
     * @param local where it arrived
     * @param remote who sent it
     */
    void HandleMessage(Ptr<Packet> packet, const Endpoint& local, const Endpoint& remote);
    /// @brief The engine's deadline has come.
    void HandleDeadline();
    /// @brief Take inputs from the queue until it is empty.
    void Drain();
    /// @brief Let the next input wait for the CPU, unless one has its turn.
    void Serve();
    /**
     * @brief The engine hears the next input: the CPU has begun with it.
     * @return the CPU time that it takes
     */
    CpuTime BeginInput();
    /// @brief The CPU is done with an input: do what the engine wants done.
    void FinishInput();
    /**
     * @brief Take the next input out of the queue.
     * @return the input
     */
    Input PopInput();
    /// @brief Guard against deadlines that are over for ever. @param handled when the last one was
    void CheckDeadline(Instant handled);
    /// @brief Schedule the engine's next deadline.
    void Reschedule();
    /**
     * @brief Do what the engine wants done, front to back.
     * @param actions from one input
     */
    void Apply(Actions actions);
    /**
     * @brief Send an IKE message.
     * @param action from where, where to, what
     */
    void ApplySend(const SendAction& action);
    /**
     * @brief Send a keepalive for the NATs on the way.
     * @param action from where, where to
     */
    void ApplyKeepalive(const SendKeepaliveAction& action);
    /**
     * @brief Find the way of a datagram; it is dropped when there is none.
     * @param packet the datagram
     * @param remote where to
     * @return the route, or null
     */
    Ptr<Ipv4Route> FindWay(Ptr<const Packet> packet, const Endpoint& remote);
    /**
     * @brief Put SAs into the data plane.
     * @param action which
     */
    void ApplyInstall(const InstallSaAction& action);
    /**
     * @brief Take SAs out of the data plane.
     * @param action which
     */
    void ApplyRemove(const RemoveSaAction& action);
    /**
     * @brief Report something; what a pair carried is added when it ends.
     * @param action what happened
     */
    void ApplyReport(ReportAction& action);
    /**
     * @brief Begin a Diffie-Hellman job, or do it at once when it costs nothing.
     * @param action the job
     */
    void ApplyCompute(const ComputeAction& action);
    /**
     * @brief Do a Diffie-Hellman job, or get what another thread has done.
     * @param job to do
     * @param task of the pool in use, or null
     * @return the result
     */
    DhResult Compute(const DhJob& job, const std::shared_ptr<ComputePool::Task>& task);

    Ptr<IkeRouter> m_router;          ///< of the same node
    std::unique_ptr<Engine> m_engine; ///< null while powered off
    uint64_t m_generation{0};         ///< engines that were lost so far
    Ptr<UdpL4Protocol> m_udp;         ///< of the node, while there are sockets
    Ptr<Socket> m_socket;             ///< port 500 of all addresses of the node
    Ptr<Socket> m_natSocket;          ///< port 4500 of the same
    NatPortCounters m_natPort;        ///< what came to it or left
    EventId m_deadlineEvent;          ///< on the engine's next deadline
    Time m_deadline;                  ///< when that is
    uint32_t m_idleTimeouts{0};       ///< timeouts in a row at one time: guards against a loop
    std::deque<Input> m_inputs;       ///< not taken yet
    bool m_draining{false};           ///< the engine is being fed
    bool m_serving{false};            ///< an input waits for the CPU, or has it
    Actions m_pending;                ///< wanted by the input that has the CPU
    bool m_wasTimeout{false};         ///< is that a timeout?
    Instant m_handled;                ///< when the engine heard it
    bool m_timeoutWaits{false};       ///< is there a timeout among the inputs?
    uint32_t m_waitingDatagrams{0};   ///< among the inputs
    uint32_t m_maxDatagrams{500};     ///< bound of these
    uint32_t m_maxInputs{4096};       ///< bound of the queue
    uint64_t m_droppedInputs{0};      ///< because of the bound
    Time m_dhCost;                    ///< of one operation
    /// messages sent
    TracedCallback<Ptr<const Packet>, const Endpoint&, const Endpoint&> m_txTrace;
    /// messages received
    TracedCallback<Ptr<const Packet>, const Endpoint&, const Endpoint&> m_rxTrace;
};

} // namespace ike
} // namespace ns3

#endif // IKE_APPLICATION_H
