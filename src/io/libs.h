/* SPDX-License-Identifier: MIT */
/* Loads libraries when they are first needed: those of vbscheck/libs.h, and the collector's. */
#ifndef IO_LIBS_H
#define IO_LIBS_H

#include <stdbool.h>
#include <tss2/tss2_tctildr.h>

#include "vbscheck/libs.h"

#if VBSCHECK_HAVE_LIBEFIVAR
#include <efivar/efivar.h>

#define EFIVAR_FUNCTIONS(X) X(efi_str_to_guid) X(efi_get_variable)
#else
#define EFIVAR_FUNCTIONS(X) X(libs_left_out)
#endif

struct efivar_lib {
#define X(name) __typeof__(&name) name;
    EFIVAR_FUNCTIONS(X)
#undef X
};

struct tcti_lib {
    __typeof__(&Tss2_TctiLdr_Initialize) Tss2_TctiLdr_Initialize;
};

/* Declared without <pci/pci.h>, which may not be installed. */
struct pci_access;
struct pci_lib {
    struct pci_access *(*pci_alloc)(void);
    void (*pci_set_name_list_path)(struct pci_access *a, char *name, int to_be_freed);
    char *(*pci_lookup_name)(struct pci_access *a, char *buf, int size, int flags, ...);
};

/*
 * The function table of a library, loaded on the first call. NULL if this build leaves the library
 * out, or if it is not installed or lacks a function; then *problem, if `problem` is not NULL,
 * becomes one line about that.
 */
const struct archive_lib *libs_archive(const char **problem);
const struct cpuid_lib *libs_cpuid(const char **problem);
const struct digest_lib *libs_digest(const char **problem);
const struct efivar_lib *libs_efivar(const char **problem);
struct ntfs_lib; /* io/ntfs_lib.h */
struct wim_lib;  /* io/wim_lib.h */
const struct wim_lib *libs_wim(const char **problem);
const struct ntfs_lib *libs_ntfs(const char **problem);
const struct evtx_lib *libs_evtx(const char **problem);
const struct hivex_lib *libs_hivex(const char **problem);
const struct pci_lib *libs_pci(const char **problem);
const struct tcti_lib *libs_tcti(const char **problem);
const struct tss2_mu_lib *libs_tss2_mu(const char **problem);
const struct xml_lib *libs_xml(const char **problem);

/*
 * Makes libcrypto look for its algorithms now: on the first digest it reads its configuration,
 * which a confined judge cannot do.
 */
void libs_prepare_digests(const struct digest_lib *lib);

/* For people: the state of a library that is loaded at run time. */
struct libs_row {
    const char *name;    /* "libarchive" */
    const char *soname;  /* "libarchive.so.13"; "" if linked, or left out of this build */
    const char *without; /* what does not work without it */
    bool found;          /* linked, or installed with all its functions */
    bool linked;         /* a part of the program itself */
};

/* Tries to load library `i`, and fills *out with the result. Returns false behind the last. */
bool libs_row(size_t i, struct libs_row *out);

#endif
