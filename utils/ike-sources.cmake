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
