# SPDX-License-Identifier: MIT
# One static program (VBSCHECK_SELF_CONTAINED): what it can have is linked from archives, and the rest
# is left out, since nothing is loaded at run time.
set(VBS_LINKED LIBARCHIVE LIBCPUID LIBCRYPTO LIBBFIO LIBEVTX)

# efivar and pci have no archive in Debian, and pci and ntfs-3g are GPL. hivex has the C library load
# conversions of text. xml2 brings ICU, whose data are 30 MB.
foreach(name LIBEFIVAR LIBNTFS_3G LIBHIVEX LIBPCI LIBXML2)
  set(VBSCHECK_${name} OFF CACHE STRING "Not in a self-contained program" FORCE)
endforeach()

# libevtx holds a copy of libbfio's own helpers: the first that the linker meets serves both.
foreach(optional LIBEVTX:evtx LIBBFIO:bfio LIBCPUID:cpuid)
  string(REPLACE ":" ";" parts ${optional})
  list(GET parts 0 name)
  list(GET parts 1 file)
  find_library(path_${file} lib${file}.a NO_CACHE)
  if(path_${file})
    target_link_libraries(vbs_linked INTERFACE ${path_${file}})
  else()
    set(VBSCHECK_${name} OFF CACHE STRING "Its archive is missing" FORCE)
  endif()
endforeach()
foreach(file z zstd lzma bz2 crypto)
  vbs_archive(${file}_archive ${file})
  list(APPEND archives ${${file}_archive})
endforeach()
vbs_link_archive(${archives})

# Debian has no archive of tss2-mu; packaging/tss2-mu.sh makes one. It goes with headers of its own
# version: VBSCHECK_TSS2_HEADERS names them.
set(VBSCHECK_TSS2_MU_ARCHIVE "" CACHE FILEPATH
  "libtss2-mu.a; without it the answers of the TPM are not judged")
if(VBSCHECK_TSS2_MU_ARCHIVE)
  list(APPEND VBS_LINKED TSS2_MU)
  target_link_libraries(vbs_linked INTERFACE ${VBSCHECK_TSS2_MU_ARCHIVE})
endif()

# The same program from any folder; the preset leaves debugging information out for the same reason:
# the build ID is of all that the linker wrote.
target_compile_options(vbs_flags INTERFACE
  -ffile-prefix-map=${PROJECT_SOURCE_DIR}=. -ffile-prefix-map=${PROJECT_BINARY_DIR}=build)
set(CMAKE_C_LINK_OPTIONS_PIE -static-pie) # in place of -pie, which would win over it
