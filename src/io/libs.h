/* SPDX-License-Identifier: MIT */
/* Loading libraries when they are first needed: those of vbscheck/libs.h, and the collector's. */
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

/* Without <pci/pci.h>, which need not be there. */
struct pci_access;
struct pci_lib {
    struct pci_access *(*pci_alloc)(void);
    void (*pci_set_name_list_path)(struct pci_access *a, char *name, int to_be_freed);
    char *(*pci_lookup_name)(struct pci_access *a, char *buf, int size, int flags, ...);
};

/*
 * The function table of a library, loaded on the first call. NULL where this build leaves the
 * library out, where it is not installed or lacks a function; *problem, if not NULL, says so in one
 * line then.
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
 * Has libcrypto look for its algorithms now: on the first digest it reads its configuration, which
 * a confined judge cannot.
 */
void libs_prepare_digests(const struct digest_lib *lib);

/* For people: what is there of the libraries that are loaded. */
struct libs_row {
    const char *name;    /* "libarchive" */
    const char *soname;  /* "libarchive.so.13"; "" where this build leaves it out */
    const char *without; /* what is missed without it */
    bool found;          /* it is there, with all its functions */
};

/* Tries to load library `i`, and tells how that went in *out. Returns false behind the last. */
bool libs_row(size_t i, struct libs_row *out);

#endif
