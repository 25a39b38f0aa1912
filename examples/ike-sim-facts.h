/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_FACTS_H
#define IKE_SIM_FACTS_H

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

/// @file
/// @ingroup ike
/// The commands of ike-sim that run nothing: they print what is known, or look at what is there.

/// Options of `knobs`.
void DeclareKnobs(boost::program_options::options_description& options);
/// Print the knobs of a profile with their sources. @return the exit status
int CommandKnobs(const boost::program_options::variables_map& values);

/// Print the machines of IKEv1 as diagrams. @return the exit status
int CommandStates(const boost::program_options::variables_map& values);
/// Print what identifies the code: with other sources, or another ns-3, a run may have other
/// results. @return the exit status
int CommandCode(const boost::program_options::variables_map& values);
/// Print the JSON Schema of scenario files. @return the exit status
int CommandSchema(const boost::program_options::variables_map& values);

/// Options of `audit`.
void DeclareAudit(boost::program_options::options_description& options);
/// List the routers that could still send or accept clear text. @return the exit status
int CommandAudit(const boost::program_options::variables_map& values);

/// Options of `calibrate`.
void DeclareCalibrate(boost::program_options::options_description& options);
/// Measure what cryptography costs this machine. @return the exit status
int CommandCalibrate(const boost::program_options::variables_map& values);

#endif // IKE_SIM_FACTS_H
