# SPDX-License-Identifier: MIT
# Libraries, found by pkg-config. Few are linked; the others are loaded when first needed
# (src/io/libs.c): only their headers are used, and the name under which the dynamic linker
# knows them. So a program starts where they are missing, or have another name.
find_package(PkgConfig REQUIRED)

if(VBSCHECK_SELF_CONTAINED)
  set(CMAKE_FIND_LIBRARY_SUFFIXES .a)
endif()
pkg_check_modules(JANSSON REQUIRED IMPORTED_TARGET jansson)
pkg_check_modules(SECCOMP REQUIRED IMPORTED_TARGET libseccomp)

add_library(vbs_loaded INTERFACE) # headers and names of what is loaded

# vbs_loaded_library(NAME MODULE FILE): defines VBS_SONAME_NAME, the name of libFILE.so, which the
# pkg-config MODULE knows.
function(vbs_loaded_library name module file)
  pkg_get_variable(dir ${module} libdir)
  find_library(path_${name} ${file} HINTS ${dir} REQUIRED NO_CACHE)
  execute_process(COMMAND ${CMAKE_OBJDUMP} -p ${path_${name}}
    OUTPUT_VARIABLE headers COMMAND_ERROR_IS_FATAL ANY)
  if(NOT headers MATCHES "SONAME +([^\n]+)")
    message(FATAL_ERROR "${path_${name}} has no SONAME")
  endif()
  target_include_directories(vbs_loaded SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
  target_compile_definitions(vbs_loaded INTERFACE
    VBS_SONAME_${name}="${CMAKE_MATCH_1}" VBS_LINKED_${name}=0)
endfunction()

add_library(vbs_linked INTERFACE) # what the program links in place of loading it

# vbs_archive(OUT FILE): the path of libFILE.a. One that is missing ends the configuration.
function(vbs_archive out file)
  find_library(path_${file} lib${file}.a NO_CACHE)
  if(NOT path_${file})
    message(FATAL_ERROR "lib${file}.a is missing, which this build links")
  endif()
  set(${out} ${path_${file}} PARENT_SCOPE)
endfunction()

# vbs_link_archive(COMPRESSION...): links libarchive from its archive, so that the linker takes only
# the readers and writers that are called, and none that needs libxml2 or libacl. One symbol would
# bring in all writers, xar's with libxml2 among them: the pax writer refuses by it an entry that is
# neither file, folder nor link. Nothing here writes one; were it so, the refusal would have no text.
function(vbs_link_archive)
  vbs_archive(archive archive)
  vbs_archive(nettle nettle)
  target_link_libraries(vbs_linked INTERFACE ${archive} ${nettle} ${ARGN})
  target_link_options(vbs_linked INTERFACE
    -Wl,--defsym=__archive_write_entry_filetype_unsupported=archive_clear_error)
endfunction()

# vbs_optional_library(NAME MODULE FILE WITHOUT): the same, and VBSCHECK_HAVE_NAME as 0 or 1.
# -DVBSCHECK_NAME=ON insists on it, OFF leaves it out, AUTO takes it where it is.
function(vbs_optional_library name module file without)
  set(VBSCHECK_${name} AUTO CACHE STRING "Use ${file}: ON, OFF or AUTO; without it ${without}")
  set_property(CACHE VBSCHECK_${name} PROPERTY STRINGS AUTO ON OFF)
  if(NOT VBSCHECK_${name} MATCHES "^(AUTO|ON|OFF)$")
    message(FATAL_ERROR "VBSCHECK_${name} is AUTO, ON or OFF, not '${VBSCHECK_${name}}'")
  endif()
  set(have 0)
  unset(__pkg_config_checked_${name} CACHE) # it may have come or gone since
  if(VBSCHECK_${name} STREQUAL "AUTO")
    pkg_check_modules(${name} IMPORTED_TARGET GLOBAL ${module})
  elseif(VBSCHECK_${name})
    pkg_check_modules(${name} REQUIRED IMPORTED_TARGET GLOBAL ${module})
  endif()
  if(VBSCHECK_${name} AND ${name}_FOUND)
    set(have 1)
  endif()
  if(have AND name IN_LIST VBS_LINKED)
    target_include_directories(vbs_loaded SYSTEM INTERFACE ${${name}_INCLUDE_DIRS})
    target_compile_definitions(vbs_loaded INTERFACE VBS_SONAME_${name}="" VBS_LINKED_${name}=1)
  elseif(have)
    vbs_loaded_library(${name} ${module} ${file})
  else()
    message(STATUS "Without ${module}: ${without}")
    target_compile_definitions(vbs_loaded INTERFACE VBS_SONAME_${name}="" VBS_LINKED_${name}=0)
  endif()
  target_compile_definitions(vbs_loaded INTERFACE VBSCHECK_HAVE_${name}=${have})
  set(VBSCHECK_HAVE_${name} ${have} PARENT_SCOPE)
endfunction()

# tpm2-tss: its headers are needed to build, its libraries only where there is a TPM. Their names
# have been the same since version 2.0.
pkg_check_modules(TSS2_MU IMPORTED_TARGET tss2-mu)
find_path(VBSCHECK_TSS2_HEADERS tss2/tss2_mu.h HINTS ${TSS2_MU_INCLUDE_DIRS}
  DOC "Folder that holds tss2/tss2_mu.h, of tpm2-tss")
if(NOT VBSCHECK_TSS2_HEADERS)
  message(FATAL_ERROR "The headers of tpm2-tss are missing: install libtss2-dev (Debian), "
    "tpm2-tss-devel (Fedora) or tpm2-tss (Arch), or name their folder by -DVBSCHECK_TSS2_HEADERS=")
endif()
target_include_directories(vbs_loaded SYSTEM INTERFACE ${VBSCHECK_TSS2_HEADERS})
set(VBS_LINKED "")
if(VBSCHECK_SELF_CONTAINED)
  include(VbsSelfContained)
elseif(VBSCHECK_STATIC_ARCHIVE)
  set(VBS_LINKED LIBARCHIVE)
  vbs_link_archive(z zstd lzma bz2)
endif()
target_compile_definitions(vbs_loaded INTERFACE
  VBSCHECK_SELF_CONTAINED=$<BOOL:${VBSCHECK_SELF_CONTAINED}>)

# Loaded by names that have not changed for years; of libwim three functions, for which no header is
# needed. A self-contained build loads nothing.
foreach(name_file TSS2_MU:libtss2-mu.so.0 TSS2_TCTILDR:libtss2-tctildr.so.0 LIBWIM:libwim.so.15)
  string(REPLACE ":" ";" parts ${name_file})
  list(GET parts 0 name)
  list(GET parts 1 soname)
  set(linked 0)
  if(VBSCHECK_SELF_CONTAINED)
    set(soname "")
  endif()
  if(name IN_LIST VBS_LINKED)
    set(linked 1)
  endif()
  target_compile_definitions(vbs_loaded INTERFACE
    VBS_SONAME_${name}="${soname}" VBS_LINKED_${name}=${linked})
endforeach()

# What each sentence says stands in src/io/libs.c, too: --version prints it.
vbs_optional_library(LIBARCHIVE libarchive archive "archives are neither read nor written")
vbs_optional_library(LIBCPUID libcpuid cpuid "processors have no code names")
vbs_optional_library(LIBCRYPTO libcrypto crypto "captures are neither read nor written")
vbs_optional_library(LIBEFIVAR efivar efivar "EFI variables are read from efivarfs")
vbs_optional_library(LIBNTFS_3G libntfs-3g ntfs-3g "a Windows is only read where it is mounted")
vbs_optional_library(LIBBFIO libbfio bfio "the log of a Windows is not read")
vbs_optional_library(LIBEVTX libevtx evtx "the log of a Windows is not read")
vbs_optional_library(LIBHIVEX hivex hivex "which drivers of a Windows start is not known")
vbs_optional_library(LIBPCI libpci pci "PCI functions have no names")
vbs_optional_library(LIBXML2 libxml-2.0 xml2 "block policies are not read as XML")
