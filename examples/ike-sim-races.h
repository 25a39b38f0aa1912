/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_RACES_H
#define IKE_SIM_RACES_H

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

/// @file
/// @ingroup ike
/// The commands of ike-sim about races: explore, replay, shrink, regress.

/// Options of `explore`.
void DeclareExplore(boost::program_options::options_description& options);
/// Try all orderings of a scenario within bounds. @return the exit status
int CommandExplore(const boost::program_options::variables_map& values);

/// Options of `replay`.
void DeclareReplay(boost::program_options::options_description& options);
/// Run one schedule, step by step. @return the exit status
int CommandReplay(const boost::program_options::variables_map& values);

/// Options of `shrink`.
void DeclareShrink(boost::program_options::options_description& options);
/// Make a schedule as short as it gets. @return the exit status
int CommandShrink(const boost::program_options::variables_map& values);

/// Options of `regress`.
void DeclareRegress(boost::program_options::options_description& options);
/// Run all races of a folder, and compare with what is kept. @return the exit status
int CommandRegress(const boost::program_options::variables_map& values);

#endif // IKE_SIM_RACES_H
