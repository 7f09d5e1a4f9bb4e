# SPDX-License-Identifier: MIT
# The core is pure: bytes in, values out. Its undefined symbols are on one of these lists, or it
# reaches for something that it must not have.
#   cmake -DNM=nm -DLIB=libvbs_core.a -P layers.cmake
cmake_minimum_required(VERSION 3.22)

# No input or output, no environment, no clock. calloc, realloc and free are the arena's (lint.words).
set(libc
  abort bcmp bsearch calloc free memchr memcmp memcpy memmove memset qsort realloc strchr strcmp strcspn
  strlen strncmp
  strspn vsnprintf)
# What compilers put in: assertions, stack protection, position-independent code.
set(compiler __assert_fail __stack_chk_fail __stack_chk_guard _GLOBAL_OFFSET_TABLE_)
# jansson, for the manifest of a capture: parses from memory.
set(libraries
  json_array_get json_array_size json_delete json_integer_value json_loadb json_object_get
  json_object_iter json_object_iter_key json_object_iter_next json_object_iter_value
  json_object_key_to_iter json_object_size json_string_value)

foreach(which undefined defined)
  execute_process(COMMAND ${NM} --${which}-only --format=posix ${LIB}
    OUTPUT_VARIABLE ${which} ERROR_QUIET COMMAND_ERROR_IS_FATAL ANY)
  string(REGEX MATCHALL "[^\n]+" ${which} "${${which}}")
  list(TRANSFORM ${which} REPLACE " .*" "") # name, type, value, size
  list(FILTER ${which} EXCLUDE REGEX ":$")  # the archive's members
  list(REMOVE_DUPLICATES ${which})
endforeach()
if(NOT defined)
  message(FATAL_ERROR "${LIB} defines nothing")
endif()
foreach(symbol IN LISTS undefined)
  string(REGEX REPLACE "^__(.+)_chk$" "\\1" plain ${symbol}) # fortified variants
  if(NOT symbol IN_LIST defined AND NOT plain IN_LIST libc AND NOT symbol IN_LIST compiler AND
      NOT symbol IN_LIST libraries)
    message(SEND_ERROR "the core calls ${symbol}()")
  endif()
endforeach()
