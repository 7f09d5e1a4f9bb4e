/* SPDX-License-Identifier: MIT */
/* Loading the libraries of vbscheck/libs.h, libefivar, tctildr and libpci when first needed. */
#ifndef COLLECT_LIBS_H
#define COLLECT_LIBS_H

#include <efivar/efivar.h>
#include <tss2/tss2_tctildr.h>

#include "vbscheck/libs.h"

struct efivar_lib {
    __typeof__(&efi_str_to_guid) efi_str_to_guid;
    __typeof__(&efi_get_variable) efi_get_variable;
};

struct tcti_lib {
    __typeof__(&Tss2_TctiLdr_Initialize) Tss2_TctiLdr_Initialize;
};

/* Without <pci/pci.h>, which need not be there. */
struct pci_access;
struct pci_lib {
    struct pci_access *(*pci_alloc)(void);
    void (*pci_set_name_list_path)(struct pci_access *a, char *name, int to_be_freed);
    char *(*pci_lookup_name)(struct pci_access *a, char *buf, int size, int flags, ...);
};

/*
 * The function table of libarchive (libcrypto, libefivar, tctildr, libpci), loaded on the first
 * call; NULL where the library is not installed or lacks a function, with *problem, if not NULL,
 * saying which.
 */
const struct archive_lib *libs_archive(const char **problem);
const struct digest_lib *libs_digest(const char **problem);
const struct efivar_lib *libs_efivar(const char **problem);
const struct tcti_lib *libs_tcti(const char **problem);
const struct pci_lib *libs_pci(const char **problem);

#endif
