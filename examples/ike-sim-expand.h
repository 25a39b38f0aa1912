/*
 * SPDX-License-Identifier: GPL-2.0-only
 */
#ifndef IKE_SIM_EXPAND_H
#define IKE_SIM_EXPAND_H

#include <boost/program_options/options_description.hpp>
#include <boost/program_options/variables_map.hpp>

/// @file
/// @ingroup ike
/// The command `expand` of ike-sim: what programs that make many runs ask before the first one.

/// Declare its options.
void DeclareExpand(boost::program_options::options_description& options);

/**
 * Print what a scenario declares, as a line of JSON: versions, names, parameters with their types,
 * files. Then, for each line of the points (an object of names and values), a line with all
 * parameters as they are written in results, the hash of the scenario and its seed; or with the
 * error, and the parameter or quantity that is wrong by itself.
 * @param values of the options
 * @return the exit status: errors of points are part of the answer
 */
int CommandExpand(const boost::program_options::variables_map& values);

#endif // IKE_SIM_EXPAND_H
