# SPDX-License-Identifier: MIT
# Names the build, as a script (cmake -P) run with every build: OUT is written only if it changes.
# BUILD wins; else the commit in SOURCE, with "-dirty" where files differ from it; an archive of the
# sources names its commit in packaging/commit.txt.
set(value NULL)
if(BUILD)
  set(value "\"${BUILD}\"")
else()
  find_package(Git QUIET)
  if(GIT_FOUND AND EXISTS ${SOURCE}/.git)
    execute_process(COMMAND ${GIT_EXECUTABLE} -C ${SOURCE} describe --always --dirty --abbrev=12
      --exclude=* OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET)
    if(commit MATCHES "^[0-9a-f]+(-dirty)?$")
      set(value "\"${commit}\"")
    endif()
  endif()
  if(value STREQUAL NULL AND EXISTS ${SOURCE}/packaging/commit.txt)
    file(STRINGS ${SOURCE}/packaging/commit.txt line REGEX "^commit [0-9a-f]+$")
    string(SUBSTRING "${line}" 0 19 line) # "commit " and 12 digits
    string(REGEX MATCH "[0-9a-f]+$" commit "${line}")
    if(commit)
      set(value "\"${commit}\"")
    endif()
  endif()
endif()
file(WRITE ${OUT}.new "/* Written by cmake/VbsBuild.cmake */
#include <stddef.h>

#include \"cli/build.h\"

const char *const vbscheck_build = ${value};
")
execute_process(COMMAND ${CMAKE_COMMAND} -E copy_if_different ${OUT}.new ${OUT})
