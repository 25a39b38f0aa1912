# SPDX-License-Identifier: GPL-2.0-only
#
# Run after ike-test-runner was linked: asks it for its suites and writes one ctest per suite.
# Needs RUNNER, SOURCE_DIR, BINARY_DIR and OUT.
execute_process(COMMAND ${RUNNER} --list OUTPUT_VARIABLE list RESULT_VARIABLE status)
if(NOT status EQUAL 0)
  message(FATAL_ERROR "${RUNNER} --list: exit status ${status}")
endif()
string(REGEX MATCHALL "[^ \n]+" suites "${list}")
if(NOT suites)
  message(FATAL_ERROR "${RUNNER} --list names no suite")
endif()
set(text "")
foreach(suite IN LISTS suites)
  string(APPEND text
    "add_test(\"${suite}\" \"${RUNNER}\" \"--suite=${suite}\" --verbose"
    " \"--tempdir=${BINARY_DIR}/test-tmp/${suite}\")\n"
    # The runner answers an option that it does not know with its usage, and exit status 0.
    "set_tests_properties(\"${suite}\" PROPERTIES LABELS suite TIMEOUT 900"
    " FAIL_REGULAR_EXPRESSION \"Usage: \" WORKING_DIRECTORY \"${SOURCE_DIR}\")\n")
endforeach()
file(WRITE ${OUT} "${text}")
