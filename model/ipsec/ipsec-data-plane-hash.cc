/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#include "ipsec-data-plane.h"

#include <iterator>

namespace ns3
{
namespace ike
{

namespace
{

void
AddCounters(Fingerprint& fingerprint, const PlaneCounters& counters)
{
    fingerprint.Add(counters.in).Add(counters.passed).Add(counters.bypassed);
    for (uint64_t discarded : counters.discarded)
    {
        fingerprint.Add(discarded);
    }
}

void
AddSelector(Fingerprint& fingerprint, const Selector& selector)
{
    fingerprint.Add(selector.first).Add(selector.last);
    fingerprint.Add(selector.protocol).Add(selector.port);
}

} // namespace

uint64_t
IpsecDataPlane::GetFingerprint(Instant /* now */) const
{
    Fingerprint fingerprint;
    fingerprint.Add(m_inbound.size()).Add(m_outbound.size()).Add(m_selected.size());
    // By pair: SPIs are chance values, so their order is one, too.
    for (const auto& [pair, spi] : m_inboundSpi)
    {
        const InboundEntry& entry = m_inbound.at(spi);
        AddEntry(fingerprint, entry);
        entry.window.AddTo(fingerprint);
    }
    for (const auto& [pair, entry] : m_outbound)
    {
        AddEntry(fingerprint, entry);
        fingerprint.Add(entry.sequence).Add(entry.runsShort);
    }
    for (const auto& [connection, pair] : m_selected)
    {
        fingerprint.Add(connection).Add(pair);
    }
    for (const auto& [connection, policy] : m_policies)
    {
        fingerprint.Add(connection).Add(policy.copyDscp).Add(policy.ecn);
        fingerprint.Add(static_cast<uint64_t>(policy.dontFragment));
    }
    AddCounters(fingerprint, m_inboundCounters);
    AddCounters(fingerprint, m_outboundCounters);
    return fingerprint.Get();
}

void
IpsecDataPlane::AddEntry(Fingerprint& fingerprint, const SaEntry& entry)
{
    const IpsecSa& sa = entry.sa;
    fingerprint.Add(sa.pair).Add(sa.connection).Add(sa.source).Add(sa.destination);
    fingerprint.Add(static_cast<uint64_t>(sa.cipher)).Add(sa.cipherKey.size());
    fingerprint.Add(static_cast<uint64_t>(sa.integrity)).Add(sa.replayWindow);
    fingerprint.Add(sa.transport).Add(sa.extendedSequence).Add(sa.cyclicSequence);
    fingerprint.Add(sa.udp.has_value());
    const UdpEncapsulation udp = sa.udp.value_or(UdpEncapsulation{0, 0});
    fingerprint.Add(udp.sourcePort).Add(udp.destinationPort);
    AddSelector(fingerprint, sa.innerSource);
    AddSelector(fingerprint, sa.innerDestination);
    fingerprint.Add(sa.softBytes).Add(sa.hardBytes);
    const IpsecSaCounters& counters = entry.counters;
    fingerprint.Add(counters.packets).Add(counters.bytes).Add(counters.errors).Add(entry.spent);
    fingerprint.Add(counters.dummies);
}

void
IpsecDataPlane::AddTo(StateHash& hash, Instant now) const
{
    hash.Number(m_inbound.size()).Number(m_outbound.size()).Number(m_selected.size());
    for (const auto& [spi, entry] : m_inbound)
    {
        Fingerprint window;
        entry.window.AddTo(window);
        AddEntry(hash, entry);
        hash.Add(window.Get());
    }
    for (const auto& [pair, entry] : m_outbound)
    {
        AddEntry(hash, entry);
        hash.Number(entry.sequence).Number(entry.runsShort);
    }
    for (const auto& [connection, pair] : m_selected)
    {
        hash.Number(connection).Number(std::distance(m_outbound.begin(), m_outbound.find(pair)));
    }
    for (const auto& [connection, usage] : m_usage)
    {
        hash.Number(connection).Add(usage.inbound.value_or(Instant::Never()), now);
        hash.Add(usage.outbound.value_or(Instant::Never()), now);
    }
}

void
IpsecDataPlane::AddEntry(StateHash& hash, const SaEntry& entry)
{
    const IpsecSa& sa = entry.sa;
    hash.Number(sa.spi).Number(sa.connection).Add(sa.source).Add(sa.destination);
    hash.Add(sa.cipherKey).Add(sa.integrityKey);
    hash.Number(sa.udp.has_value());
    const UdpEncapsulation udp = sa.udp.value_or(UdpEncapsulation{0, 0});
    hash.Number(udp.sourcePort).Number(udp.destinationPort);
    hash.Number(entry.counters.packets).Number(entry.counters.bytes).Number(entry.spent);
}

} // namespace ike
} // namespace ns3
