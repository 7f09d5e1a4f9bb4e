/* SPDX-License-Identifier: MIT */
/*
 * The only place with static state: each process loads a library once, however often it is
 * requested, and its table has to outlive every caller. Nothing here is written after that.
 */
#include "io/libs.h"

#include <dlfcn.h>
#include <iconv.h>
#include <stdlib.h>
#include <string.h>

#include "io/libs_functions.h"
#include "vbscheck/count.h"

enum lib {
    ARCHIVE,
    BFIO,
    CPUID,
    CRYPTO,
    EFIVAR,
    EVTX,
    HIVEX,
    NTFS,
    PCI,
    TCTILDR,
    TSS2_MU,
    WIM,
    XML,
    LIB_COUNT
};

/* Tables, each written once by load(). */
struct tables {
    struct archive_lib archive;
    struct cpuid_lib cpuid;
    struct digest_lib digest;
    struct efivar_lib efivar;
    struct ntfs_lib ntfs;
    struct evtx_lib evtx;
    struct hivex_lib hivex;
    struct pci_lib pci;
    struct sha256_lib sha256;
    struct tcti_lib tcti;
    struct tss2_mu_lib mu;
    struct wim_lib wim;
    struct xml_lib xml;
};

enum loaded { NOT_TRIED, LOADED, FAILED };

static struct {
    enum loaded loaded[LIB_COUNT];
    struct tables tables;
    iconv_t kept[4]; /* by keep_iconv() */
} state;

/* A function: its name, the place of its pointer in the tables, and its address if it is linked. */
struct symbol {
    const char *name;
    size_t offset;
    void (*linked)(void);
};

#define ADDRESS_0(function)          NULL
#define ADDRESS_1(function)          (void (*)(void)) function
#define ADDRESS_OF(linked, function) ADDRESS_##linked(function)
#define SYMBOL(is_linked, table, function)                                                         \
    {                                                                                              \
        .name = #function, .offset = offsetof(struct tables, table.function),                      \
        .linked = ADDRESS_OF(is_linked, function)                                                  \
    }

#define X(name) SYMBOL(VBS_LINKED_LIBARCHIVE, archive, name),
static const struct symbol archive_symbols[] = {ARCHIVE_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBCPUID, cpuid, name),
static const struct symbol cpuid_symbols[] = {CPUID_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBCRYPTO, digest, name),
static const struct symbol digest_symbols[] = {DIGEST_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBCRYPTO, sha256, name),
static const struct symbol sha256_symbols[] = {SHA256_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBEFIVAR, efivar, name),
static const struct symbol efivar_symbols[] = {EFIVAR_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBNTFS_3G, ntfs, name),
static const struct symbol ntfs_symbols[] = {NTFS_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBBFIO, evtx, name),
static const struct symbol bfio_symbols[] = {BFIO_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBEVTX, evtx, name),
static const struct symbol evtx_symbols[] = {EVTX_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBHIVEX, hivex, name),
static const struct symbol hivex_symbols[] = {HIVEX_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBPCI, pci, name),
static const struct symbol pci_symbols[] = {PCI_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_TSS2_TCTILDR, tcti, name),
static const struct symbol tcti_symbols[] = {TCTI_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_TSS2_MU, mu, name),
static const struct symbol mu_symbols[] = {TSS2_MU_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBWIM, wim, name),
static const struct symbol wim_symbols[] = {WIM_FUNCTIONS(X)};
#undef X
#define X(name) SYMBOL(VBS_LINKED_LIBXML2, xml, name),
static const struct symbol xml_symbols[] = {XML_FUNCTIONS(X)};
#undef X

/* `what` does not work without the library; these sentences are made once, here. */
#define TEXTS(lib, so, what)                                                                       \
    .name = lib, .soname = so, .without = what,                                                    \
    .left_out = "this build leaves " lib " out: without it " what,                                 \
    .missing = so " (" lib ") is not installed: without it " what
#define SYMBOLS(list) .symbols = list, .n = COUNT(list)

static const struct library {
    const char *name, *soname, *without;
    const char *left_out, *missing; /* messages of a failure */
    const struct symbol *symbols;
    size_t n;
} libraries[LIB_COUNT] = {
    [ARCHIVE] = {TEXTS("libarchive", VBS_SONAME_LIBARCHIVE,
                       "archives are neither read nor written"),
                 SYMBOLS(archive_symbols)},
    [BFIO] = {TEXTS("libbfio", VBS_SONAME_LIBBFIO, "the log of Windows is not read"),
              SYMBOLS(bfio_symbols)},
    [CPUID] = {TEXTS("libcpuid", VBS_SONAME_LIBCPUID, "processors have no code names"),
               SYMBOLS(cpuid_symbols)},
    [CRYPTO] = {TEXTS("libcrypto", VBS_SONAME_LIBCRYPTO, "captures are neither read nor written"),
                SYMBOLS(digest_symbols)},
    [EFIVAR] = {TEXTS("libefivar", VBS_SONAME_LIBEFIVAR, "EFI variables are read from efivarfs"),
                SYMBOLS(efivar_symbols)},
    [NTFS] = {TEXTS("libntfs-3g", VBS_SONAME_LIBNTFS_3G,
                    "Windows is only read from a mounted folder"),
              SYMBOLS(ntfs_symbols)},
    [EVTX] = {TEXTS("libevtx", VBS_SONAME_LIBEVTX, "the log of Windows is not read"),
              SYMBOLS(evtx_symbols)},
    [HIVEX] = {TEXTS("libhivex", VBS_SONAME_LIBHIVEX,
                     "it is not known which Windows drivers start"),
               SYMBOLS(hivex_symbols)},
    [PCI] = {TEXTS("libpci", VBS_SONAME_LIBPCI, "PCI functions have no names"),
             SYMBOLS(pci_symbols)},
    [TCTILDR] = {TEXTS("tss2-tctildr", VBS_SONAME_TSS2_TCTILDR, "the TPM itself is not queried"),
                 SYMBOLS(tcti_symbols)},
    [TSS2_MU] = {TEXTS("tss2-mu", VBS_SONAME_TSS2_MU, "the answers of the TPM are not judged"),
                 SYMBOLS(mu_symbols)},
    [WIM] = {TEXTS("libwim", VBS_SONAME_LIBWIM, "WIM images are not opened"), SYMBOLS(wim_symbols)},
    [XML] = {TEXTS("libxml2", VBS_SONAME_LIBXML2, "block policies are not read as XML"),
             SYMBOLS(xml_symbols)},
};

/* Linked statically, the program has no dynamic linker that could load anything. */
#if VBSCHECK_SELF_CONTAINED
static void *open_shared(const char *soname)
{
    (void)soname;
    return NULL;
}

static void *find_shared(void *handle, const char *name)
{
    (void)handle;
    (void)name;
    return NULL;
}
#else
static void *open_shared(const char *soname)
{
    return soname[0] != '\0' ? dlopen(soname, RTLD_NOW | RTLD_LOCAL) : NULL;
}

static void *find_shared(void *handle, const char *name)
{
    return handle != NULL ? dlsym(handle, name) : NULL;
}
#endif

/* Writes the pointers of functions, from `handle` where they are not linked. */
static bool fill(const struct symbol *symbols, size_t n, void *handle)
{
    for (size_t i = 0; i < n; i++) {
        void (*function)(void) = symbols[i].linked;
        void *shared = function == NULL ? find_shared(handle, symbols[i].name) : NULL;
        if (function == NULL && shared == NULL)
            return false;
        /* ISO C does not convert an object pointer to a function pointer. */
        if (function == NULL)
            memcpy(&function, &shared, sizeof function);
        memcpy((char *)&state.tables + symbols[i].offset, &function, sizeof function);
    }
    return true;
}

static bool is_linked(const struct library *l)
{
    return l->symbols[0].linked != NULL;
}

/* Half a table is useless: nobody gets one. */
static enum loaded load(const struct library *l)
{
    void *handle = is_linked(l) ? NULL : open_shared(l->soname);
    return fill(l->symbols, l->n, handle) ? LOADED : FAILED;
}

/*
 * libarchive converts names of pax archives with iconv, which reads its configuration at its first
 * use: too late in a confined judge. Opening a conversion here makes iconv read it now.
 */
static void prepare_iconv(void)
{
    iconv_t cd = iconv_open("UTF-8", "ANSI_X3.4-1968");
    if (cd != (iconv_t)-1)
        (void)iconv_close(cd);
}

/*
 * The conversions that libhivex opens (lib/handle.c, lib/utf16.c) make glibc load modules: too late
 * in a confined judge. These are kept, so that the modules stay.
 */
static void keep_iconv(void)
{
    static const char *const ways[][2] = {
        {"UTF-8", "UTF-16LE"}, {"UTF-8", "LATIN1"}, {"UTF-16LE", "UTF-8"}, {"LATIN1", "UTF-8"}};
    for (size_t i = 0; i < COUNT(ways); i++)
        state.kept[i] = iconv_open(ways[i][0], ways[i][1]);
}

static unsigned char *sha256(const unsigned char *data, size_t len, unsigned char *md)
{
    struct sha256_state s;
    const struct sha256_lib *p = &state.tables.sha256;
    return p->SHA256_Init(&s) && p->SHA256_Update(&s, data, len) && p->SHA256_Final(md, &s) ? md
                                                                                            : NULL;
}

/*
 * SHA256() reads the library's configuration and asks a provider, which costs a live scan a
 * millisecond of its five. The functions below it do not. They are deprecated since 3.0, so a
 * library may lack them: then SHA256() stays.
 */
static void avoid_provider(void)
{
    const struct library *l = &libraries[CRYPTO];
    if (fill(sha256_symbols, COUNT(sha256_symbols), is_linked(l) ? NULL : open_shared(l->soname)))
        state.tables.digest.SHA256 = sha256;
}

/* Loads the library on the first call. */
static bool is_loaded(enum lib id, const char **problem)
{
    const struct library *l = &libraries[id];
    if (state.loaded[id] == NOT_TRIED) {
        state.loaded[id] = load(l);
        if (id == ARCHIVE)
            prepare_iconv();
        if (id == HIVEX && state.loaded[id] == LOADED)
            keep_iconv();
        if (id == CRYPTO && state.loaded[id] == LOADED)
            avoid_provider();
    }
    if (state.loaded[id] == LOADED)
        return true;
    if (problem != NULL)
        *problem = l->soname[0] != '\0' ? l->missing : l->left_out;
    return false;
}

const struct archive_lib *libs_archive(const char **problem)
{
    return is_loaded(ARCHIVE, problem) ? &state.tables.archive : NULL;
}

const struct cpuid_lib *libs_cpuid(const char **problem)
{
    return is_loaded(CPUID, problem) ? &state.tables.cpuid : NULL;
}

const struct digest_lib *libs_digest(const char **problem)
{
    return is_loaded(CRYPTO, problem) ? &state.tables.digest : NULL;
}

const struct efivar_lib *libs_efivar(const char **problem)
{
    return is_loaded(EFIVAR, problem) ? &state.tables.efivar : NULL;
}

const struct ntfs_lib *libs_ntfs(const char **problem)
{
    return is_loaded(NTFS, problem) ? &state.tables.ntfs : NULL;
}

const struct evtx_lib *libs_evtx(const char **problem)
{
    return is_loaded(BFIO, problem) && is_loaded(EVTX, problem) ? &state.tables.evtx : NULL;
}

const struct hivex_lib *libs_hivex(const char **problem)
{
    state.tables.hivex.release = free;
    return is_loaded(HIVEX, problem) ? &state.tables.hivex : NULL;
}

const struct pci_lib *libs_pci(const char **problem)
{
    return is_loaded(PCI, problem) ? &state.tables.pci : NULL;
}

const struct tcti_lib *libs_tcti(const char **problem)
{
    return is_loaded(TCTILDR, problem) ? &state.tables.tcti : NULL;
}

const struct tss2_mu_lib *libs_tss2_mu(const char **problem)
{
    return is_loaded(TSS2_MU, problem) ? &state.tables.mu : NULL;
}

const struct wim_lib *libs_wim(const char **problem)
{
    return is_loaded(WIM, problem) ? &state.tables.wim : NULL;
}

const struct xml_lib *libs_xml(const char **problem)
{
    return is_loaded(XML, problem) ? &state.tables.xml : NULL;
}

void libs_prepare_digests(const struct digest_lib *lib)
{
    const struct evp_md_st *(*const kinds[])(void) = {lib->EVP_sha1, lib->EVP_sha256,
                                                      lib->EVP_sha384, lib->EVP_sha512};
    struct evp_md_ctx_st *ctx = lib->EVP_MD_CTX_new();
    for (size_t i = 0; ctx != NULL && i < COUNT(kinds); i++)
        (void)lib->EVP_DigestInit_ex(ctx, kinds[i](), NULL);
    if (ctx != NULL)
        lib->EVP_MD_CTX_free(ctx);
}

bool libs_row(size_t i, struct libs_row *out)
{
    if (i >= LIB_COUNT)
        return false;
    const struct library *l = &libraries[i];
    *out = (struct libs_row){.name = l->name,
                             .soname = l->soname,
                             .without = l->without,
                             .found = is_loaded((enum lib)i, NULL),
                             .linked = is_linked(l)};
    return true;
}
