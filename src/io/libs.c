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

#include "io/ntfs_lib.h"
#include "io/wim_lib.h"
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
    struct tcti_lib tcti;
    struct tss2_mu_lib mu;
    struct wim_lib wim;
    struct xml_lib xml;
};

enum loaded { NOT_TRIED, LOADED, FAILED };

/* At least as large as SHA256_CTX of <openssl/sha.h>. */
struct sha256_state {
    uint64_t words[32];
};

/* The functions that SHA256() calls. */
struct sha256_parts {
    int (*init)(struct sha256_state *s);
    int (*update)(struct sha256_state *s, const void *data, size_t n);
    int (*final)(unsigned char *md, struct sha256_state *s);
};

static struct {
    enum loaded loaded[LIB_COUNT];
    struct tables tables;
    struct sha256_parts sha256;
    iconv_t kept[4]; /* by keep_iconv() */
} state;

/* A function: its name, and the place of its pointer in the tables. */
struct symbol {
    const char *name;
    size_t offset;
};

#define SYMBOL(table, function)                                                                    \
    {                                                                                              \
#function, offsetof(struct tables, table.function)                                         \
    }

static const struct symbol archive_symbols[] = {
#define X(name) SYMBOL(archive, name),
    ARCHIVE_FUNCTIONS(X)
#undef X
};
static const struct symbol cpuid_symbols[] = {SYMBOL(cpuid, cpu_identify)};
static const struct symbol digest_symbols[] = {
    SYMBOL(digest, SHA256),           SYMBOL(digest, EVP_MD_CTX_new),
    SYMBOL(digest, EVP_MD_CTX_free),  SYMBOL(digest, EVP_DigestInit_ex),
    SYMBOL(digest, EVP_DigestUpdate), SYMBOL(digest, EVP_DigestFinal_ex),
    SYMBOL(digest, EVP_sha1),         SYMBOL(digest, EVP_sha256),
    SYMBOL(digest, EVP_sha384),       SYMBOL(digest, EVP_sha512),
};
static const struct symbol efivar_symbols[] = {
#define X(name) SYMBOL(efivar, name),
    EFIVAR_FUNCTIONS(X)
#undef X
};
static const struct symbol ntfs_symbols[] = {
#define X(name) SYMBOL(ntfs, name),
    NTFS_FUNCTIONS(X)
#undef X
};
static const struct symbol bfio_symbols[] = {SYMBOL(evtx, libbfio_memory_range_initialize),
                                             SYMBOL(evtx, libbfio_memory_range_set),
                                             SYMBOL(evtx, libbfio_handle_free)};
static const struct symbol evtx_symbols[] = {SYMBOL(evtx, libevtx_file_initialize),
                                             SYMBOL(evtx, libevtx_file_free),
                                             SYMBOL(evtx, libevtx_file_open_file_io_handle),
                                             SYMBOL(evtx, libevtx_file_is_corrupted),
                                             SYMBOL(evtx, libevtx_file_get_number_of_records),
                                             SYMBOL(evtx, libevtx_file_get_record_by_index),
                                             SYMBOL(evtx, libevtx_record_free),
                                             SYMBOL(evtx, libevtx_record_get_utf8_xml_string_size),
                                             SYMBOL(evtx, libevtx_record_get_utf8_xml_string)};
static const struct symbol hivex_symbols[] = {
    SYMBOL(hivex, hivex_open),           SYMBOL(hivex, hivex_close),
    SYMBOL(hivex, hivex_root),           SYMBOL(hivex, hivex_node_name),
    SYMBOL(hivex, hivex_node_children),  SYMBOL(hivex, hivex_node_get_child),
    SYMBOL(hivex, hivex_node_get_value), SYMBOL(hivex, hivex_value_value),
    SYMBOL(hivex, hivex_node_values),    SYMBOL(hivex, hivex_value_key)};
static const struct symbol pci_symbols[] = {
    SYMBOL(pci, pci_alloc), SYMBOL(pci, pci_set_name_list_path), SYMBOL(pci, pci_lookup_name)};
static const struct symbol tcti_symbols[] = {SYMBOL(tcti, Tss2_TctiLdr_Initialize)};
static const struct symbol mu_symbols[] = {SYMBOL(mu, Tss2_MU_BYTE_Unmarshal),
                                           SYMBOL(mu, Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal)};

static const struct symbol xml_symbols[] = {
    SYMBOL(xml, xmlReaderForMemory),          SYMBOL(xml, xmlFreeTextReader),
    SYMBOL(xml, xmlTextReaderRead),           SYMBOL(xml, xmlTextReaderNodeType),
    SYMBOL(xml, xmlTextReaderDepth),          SYMBOL(xml, xmlTextReaderMoveToNextAttribute),
    SYMBOL(xml, xmlTextReaderConstLocalName), SYMBOL(xml, xmlTextReaderConstValue),
};

static const struct symbol wim_symbols[] = {SYMBOL(wim, wimlib_create_decompressor),
                                            SYMBOL(wim, wimlib_decompress),
                                            SYMBOL(wim, wimlib_free_decompressor)};

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

/* Half a table is useless: nobody gets one. */
static enum loaded load(const struct library *l)
{
    void *handle = l->soname[0] != '\0' ? dlopen(l->soname, RTLD_NOW | RTLD_LOCAL) : NULL;
    if (handle == NULL)
        return FAILED;
    for (size_t i = 0; i < l->n; i++) {
        void *symbol = dlsym(handle, l->symbols[i].name);
        if (symbol == NULL)
            return FAILED;
        /* ISO C does not convert an object pointer to a function pointer. */
        memcpy((char *)&state.tables + l->symbols[i].offset, &symbol, sizeof symbol);
    }
    return LOADED;
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
    const struct sha256_parts *p = &state.sha256;
    return p->init(&s) && p->update(&s, data, len) && p->final(md, &s) ? md : NULL;
}

/*
 * SHA256() reads the library's configuration and asks a provider, which costs a live scan a
 * millisecond of its five. The functions below it do not. They are deprecated since 3.0, so a
 * library may lack them: then SHA256() stays.
 */
static void avoid_provider(void)
{
    static const char *const names[] = {"SHA256_Init", "SHA256_Update", "SHA256_Final"};
    void *found[COUNT(names)];
    void *handle = dlopen(libraries[CRYPTO].soname, RTLD_NOW | RTLD_LOCAL);
    for (size_t i = 0; i < COUNT(names); i++) {
        found[i] = handle != NULL ? dlsym(handle, names[i]) : NULL;
        if (found[i] == NULL)
            return;
    }
    memcpy(&state.sha256, found, sizeof found);
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
    *out = (struct libs_row){l->name, l->soname, l->without, is_loaded((enum lib)i, NULL)};
    return true;
}
