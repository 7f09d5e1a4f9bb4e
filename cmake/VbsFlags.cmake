# SPDX-License-Identifier: MIT
# One interface target carries every compiler and linker flag; nothing else is global.
add_library(vbs_flags INTERFACE)

target_compile_options(vbs_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion -Wstrict-prototypes
  -Wmissing-prototypes -Wcast-align -Wcast-qual -Wpointer-arith -Wwrite-strings -Wformat=2
  -Wvla -Wundef -Wswitch-enum -Wimplicit-fallthrough
  $<$<BOOL:${VBSCHECK_WERROR}>:-Werror>
  -fstack-protector-strong -UNDEBUG)
# Offsets in devices go over 2 GiB: the number of a register, an address in the kernel's memory.
target_compile_definitions(vbs_flags INTERFACE _FILE_OFFSET_BITS=64)
target_link_options(vbs_flags INTERFACE -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed)
# Not every compiler knows each for every processor: stack clashes, CET on x86, BTI on arm64.
# clang only warns of one that it does not use.
include(CheckCCompilerFlag)
set(CMAKE_REQUIRED_FLAGS -Werror)
foreach(flag -fstack-clash-protection -fcf-protection=full -mbranch-protection=standard)
  string(MAKE_C_IDENTIFIER "VBSCHECK_TAKES${flag}" takes)
  check_c_compiler_flag(${flag} ${takes})
  if(${takes})
    target_compile_options(vbs_flags INTERFACE ${flag})
  endif()
endforeach()
unset(CMAKE_REQUIRED_FLAGS)
target_include_directories(vbs_flags INTERFACE
  ${PROJECT_SOURCE_DIR}/include ${PROJECT_SOURCE_DIR}/src)

if(VBSCHECK_SANITIZE OR VBSCHECK_FUZZ)
  set(sanitizers -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer)
  target_compile_options(vbs_flags INTERFACE ${sanitizers})
  target_link_options(vbs_flags INTERFACE ${sanitizers})
  target_compile_definitions(vbs_flags INTERFACE VBSCHECK_SANITIZED=1)
else()
  target_compile_definitions(vbs_flags INTERFACE VBSCHECK_SANITIZED=0)
  # Some distributions' compilers define it themselves, with another value.
  target_compile_options(vbs_flags INTERFACE
    -U_FORTIFY_SOURCE $<$<NOT:$<CONFIG:Debug>>:-D_FORTIFY_SOURCE=2>)
endif()
if(VBSCHECK_FUZZ)
  # Without it the library gives the fuzzer no coverage.
  target_compile_options(vbs_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
if(VBSCHECK_COVERAGE)
  # Counters lie in a file that is mapped (%c) before main(): what a confined process counts is in it
  # although that process may write nothing, and ends by _exit() or is killed. One file (%m) for all
  # runs of a program. The path is compiled in, since tests start programs without an environment.
  set(VBSCHECK_COUNTS ${PROJECT_BINARY_DIR}/counts)
  set(counts -fprofile-instr-generate=${VBSCHECK_COUNTS}/%m%c.profraw)
  target_compile_options(vbs_flags INTERFACE
    ${counts} -fcoverage-mapping "SHELL:-mllvm -runtime-counter-relocation")
  target_link_options(vbs_flags INTERFACE ${counts})
  # clang tells static functions apart by the last part of the file's name, and files of two folders
  # may share that: the counts of one would be taken for the other's.
  string(REPLACE " -c <SOURCE>" " -Xclang -main-file-name -Xclang <SOURCE> -c <SOURCE>"
    CMAKE_C_COMPILE_OBJECT "${CMAKE_C_COMPILE_OBJECT}")
endif()

include(CheckPIESupported)
check_pie_supported(LANGUAGES C)
