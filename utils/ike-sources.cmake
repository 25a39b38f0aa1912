# SPDX-License-Identifier: GPL-2.0-only
#
# Reads ike-sources.txt, the one list of the module's files: each section [name] becomes the list
# variable IKE_SRC_<name>. Used by the standalone build and inside an ns-3 tree.
get_filename_component(IKE_ROOT ${CMAKE_CURRENT_LIST_DIR} DIRECTORY)
set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${IKE_ROOT}/ike-sources.txt)

set(ike_section none)
file(STRINGS ${IKE_ROOT}/ike-sources.txt ike_lines REGEX "^[^#]")
foreach(ike_line IN LISTS ike_lines)
  if(ike_line MATCHES "^\\[([a-z0-9-]+)\\]$")
    set(ike_section ${CMAKE_MATCH_1})
    set(IKE_SRC_${ike_section} "")
  else()
    list(APPEND IKE_SRC_${ike_section} ${ike_line})
  endif()
endforeach()

# The programs of [examples]: IKE_PROGRAMS names them, IKE_PROGRAM_<name> has their sources. A file
# ike-sim-x.cc is a part of the program ike-sim, when there is an ike-sim.cc.
set(IKE_PROGRAMS "")
foreach(ike_source IN LISTS IKE_SRC_examples)
  get_filename_component(ike_program ${ike_source} NAME_WE)
  foreach(ike_other IN LISTS IKE_SRC_examples)
    get_filename_component(ike_other ${ike_other} NAME_WE)
    if(ike_program MATCHES "^${ike_other}-")
      set(ike_program ${ike_other})
    endif()
  endforeach()
  if(NOT ike_program IN_LIST IKE_PROGRAMS)
    list(APPEND IKE_PROGRAMS ${ike_program})
    set(IKE_PROGRAM_${ike_program} "")
  endif()
  list(APPEND IKE_PROGRAM_${ike_program} ${ike_source})
endforeach()

# A program that needs more of ns-3 than the module does; it is left out where that is not there.
set(IKE_PROGRAM_MODULES_ike-live fd-net-device)
set(IKE_PROGRAM_MODULES_ike-animate netanim)
