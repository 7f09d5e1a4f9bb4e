# SPDX-License-Identifier: MIT
# Makes OUT of the pages in FOLDER (docs/rules), as a script (cmake -P): their bytes, by their names.
file(GLOB pages ${FOLDER}/*.md)
list(SORT pages)
set(bytes "")
set(rows "")
set(n 0)
foreach(page IN LISTS pages)
  get_filename_component(rule ${page} NAME)
  string(REGEX REPLACE "\\.md$" "" rule ${rule})
  file(READ ${page} hex HEX)
  string(REGEX REPLACE "(..)" "0x\\1," hex ${hex})
  string(APPEND bytes "static const unsigned char page_${n}[] = {${hex}};\n")
  string(APPEND rows "    {\"${rule}\", {page_${n}, sizeof page_${n}}},\n")
  math(EXPR n "${n} + 1")
endforeach()
file(WRITE ${OUT} "/* Written by cmake/VbsPages.cmake */
#include \"cli/pages.h\"

${bytes}
const struct rule_page rule_pages[] = {
${rows}};
const size_t n_rule_pages = ${n};
")
