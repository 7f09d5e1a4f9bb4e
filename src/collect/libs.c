/* SPDX-License-Identifier: MIT */
/*
 * The one place with static state: a library is loaded once a process however often it is asked
 * for, and its table has to outlive every caller. Nothing here is written after that.
 */
#include "collect/libs.h"
#include "vbscheck/count.h"

#include <dlfcn.h>
#include <iconv.h>
#include <stddef.h>
#include <string.h>

struct symbol {
    const char *name;
    size_t offset; /* of the pointer in the library's table */
};

enum loaded { NOT_TRIED, LOADED, FAILED };

struct library {
    const char *soname;
    const char *problem; /* what a failure says */
    const struct symbol *symbols;
    size_t n;
};

static enum loaded load(const struct library *l, void *table)
{
    void *handle = dlopen(l->soname, RTLD_NOW | RTLD_LOCAL);
    if (handle == NULL)
        return FAILED;
    for (size_t i = 0; i < l->n; i++) {
        void *symbol = dlsym(handle, l->symbols[i].name);
        if (symbol == NULL)
            return FAILED;
        /* ISO C has no conversion from an object pointer to one to a function. */
        memcpy((char *)table + l->symbols[i].offset, &symbol, sizeof symbol);
    }
    return LOADED;
}

/* Loads `l` on the first call. Returns `table`, or NULL. */
static const void *once(enum loaded *state, const struct library *l, void *table,
                        const char **problem)
{
    if (*state == NOT_TRIED)
        *state = load(l, table);
    if (*state == LOADED)
        return table;
    if (problem != NULL)
        *problem = l->problem;
    return NULL;
}

/*
 * libarchive converts names of pax archives with iconv, which reads its configuration when it is
 * first used: too late in a confined judge. A conversion opened here has it read now.
 */
static void prepare_iconv(void)
{
    iconv_t cd = iconv_open("UTF-8", "ANSI_X3.4-1968");
    if (cd != (iconv_t)-1)
        (void)iconv_close(cd);
}

const struct archive_lib *libs_archive(const char **problem)
{
    static const struct symbol symbols[] = {
#define X(name) {#name, offsetof(struct archive_lib, name)},
        ARCHIVE_FUNCTIONS(X)
#undef X
    };
    static const struct library library = {
        VBS_SONAME_ARCHIVE, VBS_SONAME_ARCHIVE " (libarchive) is needed for archives; install it",
        symbols, COUNT(symbols)};
    static struct archive_lib table;
    static enum loaded state;
    if (state == NOT_TRIED)
        prepare_iconv();
    return once(&state, &library, &table, problem);
}

const struct digest_lib *libs_digest(const char **problem)
{
    static const struct symbol symbols[] = {{"SHA256", offsetof(struct digest_lib, SHA256)}};
    static const struct library library = {
        VBS_SONAME_CRYPTO, VBS_SONAME_CRYPTO " (libcrypto) is needed for captures; install it",
        symbols, COUNT(symbols)};
    static struct digest_lib table;
    static enum loaded state;
    return once(&state, &library, &table, problem);
}

const struct efivar_lib *libs_efivar(const char **problem)
{
    static const struct symbol symbols[] = {
        {"efi_str_to_guid", offsetof(struct efivar_lib, efi_str_to_guid)},
        {"efi_get_variable", offsetof(struct efivar_lib, efi_get_variable)},
    };
    static const struct library library = {VBS_SONAME_EFIVAR,
                                           VBS_SONAME_EFIVAR " (libefivar) is not installed",
                                           symbols, COUNT(symbols)};
    static struct efivar_lib table;
    static enum loaded state;
    return once(&state, &library, &table, problem);
}

const struct tcti_lib *libs_tcti(const char **problem)
{
    static const struct symbol symbols[] = {
        {"Tss2_TctiLdr_Initialize", offsetof(struct tcti_lib, Tss2_TctiLdr_Initialize)},
    };
    static const struct library library = {VBS_SONAME_TCTILDR,
                                           VBS_SONAME_TCTILDR " (tpm2-tss) is not installed",
                                           symbols, COUNT(symbols)};
    static struct tcti_lib table;
    static enum loaded state;
    return once(&state, &library, &table, problem);
}

#if VBSCHECK_HAVE_LIBPCI

const struct pci_lib *libs_pci(const char **problem)
{
    static const struct symbol symbols[] = {
        {"pci_alloc", offsetof(struct pci_lib, pci_alloc)},
        {"pci_set_name_list_path", offsetof(struct pci_lib, pci_set_name_list_path)},
        {"pci_lookup_name", offsetof(struct pci_lib, pci_lookup_name)},
    };
    static const struct library library = {
        VBS_SONAME_PCI, VBS_SONAME_PCI " (libpci) is not installed", symbols, COUNT(symbols)};
    static struct pci_lib table;
    static enum loaded state;
    return once(&state, &library, &table, problem);
}

#else

const struct pci_lib *libs_pci(const char **problem)
{
    if (problem != NULL)
        *problem = "built without libpci";
    return NULL;
}

#endif
