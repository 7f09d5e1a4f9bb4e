# SPDX-License-Identifier: MIT
# Libraries, found by pkg-config. Those that are loaded when first needed are not linked: only
# their headers are used, and the name under which the dynamic linker knows them.
find_package(PkgConfig REQUIRED)

pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)
pkg_check_modules(CAPNG REQUIRED IMPORTED_TARGET libcap-ng)
pkg_check_modules(ARCHIVE REQUIRED libarchive)
pkg_check_modules(CRYPTO REQUIRED libcrypto)
pkg_check_modules(EFIVAR REQUIRED efivar)
pkg_check_modules(TCTILDR REQUIRED tss2-tctildr)
pkg_check_modules(TSS2_MU REQUIRED IMPORTED_TARGET tss2-mu)
pkg_check_modules(CPUID IMPORTED_TARGET libcpuid) # x86 only
pkg_check_modules(PCI libpci>=3.3) # without it, no names of PCI functions

function(vbs_soname out pkg library)
  pkg_get_variable(dir ${pkg} libdir)
  find_library(path_${library} ${library} HINTS ${dir} REQUIRED NO_CACHE)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${path_${library}}
    OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
  if(NOT headers MATCHES "SONAME +([^\n]+)")
    message(FATAL_ERROR "${path_${library}} has no SONAME")
  endif()
  set(${out} ${CMAKE_MATCH_1} PARENT_SCOPE)
endfunction()

vbs_soname(VBS_SONAME_ARCHIVE libarchive archive)
vbs_soname(VBS_SONAME_CRYPTO libcrypto crypto)
vbs_soname(VBS_SONAME_EFIVAR efivar efivar)
vbs_soname(VBS_SONAME_TCTILDR tss2-tctildr tss2-tctildr)
if(PCI_FOUND)
  vbs_soname(VBS_SONAME_PCI libpci pci)
endif()
