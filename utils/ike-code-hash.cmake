# SPDX-License-Identifier: GPL-2.0-only
#
# cmake -DROOT=DIR -DFILES=LIST -DOUT=FILE -P ike-code-hash.cmake: writes what identifies the
# module's code as a string of C++: SHA-256 over the names and texts of its sources, which LIST has
# one a line, below DIR. It is the same on every machine and in every folder, and needs no git.
file(STRINGS ${FILES} ike_files)
set(ike_text "")
foreach(ike_file IN LISTS ike_files)
  file(SHA256 ${ROOT}/${ike_file} ike_hash)
  string(APPEND ike_text "${ike_file} ${ike_hash}\n")
endforeach()
string(SHA256 ike_hash "${ike_text}")
string(SUBSTRING ${ike_hash} 0 16 ike_hash)
file(WRITE ${OUT} "\"${ike_hash}\"\n")
