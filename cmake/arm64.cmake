# SPDX-License-Identifier: MIT
# Builds for arm64 elsewhere, with Debian's cross compiler or clang; CMAKE_SYSROOT on the command line is a
# tree of arm64 packages. live/cross.sh does both.
set(CMAKE_SYSTEM_NAME Linux)
set(CMAKE_SYSTEM_PROCESSOR aarch64)
if(NOT CMAKE_C_COMPILER)
  set(CMAKE_C_COMPILER aarch64-linux-gnu-gcc)
endif()
# Clang is a compiler for every machine, and links with the cross compiler's linker and libgcc.
set(CMAKE_C_COMPILER_TARGET aarch64-linux-gnu)

# Programs are of this machine, all else of the tree: never this machine's own libraries.
set(CMAKE_FIND_ROOT_PATH_MODE_PROGRAM NEVER)
set(CMAKE_FIND_ROOT_PATH_MODE_LIBRARY ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_INCLUDE ONLY)
set(CMAKE_FIND_ROOT_PATH_MODE_PACKAGE ONLY)
set(ENV{PKG_CONFIG_SYSROOT_DIR} ${CMAKE_SYSROOT})
set(ENV{PKG_CONFIG_LIBDIR}
  ${CMAKE_SYSROOT}/usr/lib/aarch64-linux-gnu/pkgconfig:${CMAKE_SYSROOT}/usr/share/pkgconfig)
