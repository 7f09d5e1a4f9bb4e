/* SPDX-License-Identifier: MIT */
/*
 * Libraries that are not always needed, or not always there: their functions as tables, filled when
 * first needed (src/io/libs.c) and before the judge is confined. Code that gets a table refers to
 * no symbol of the library; the layering test checks this.
 */
#ifndef VBSCHECK_LIBS_H
#define VBSCHECK_LIBS_H

#include <stddef.h>
#include <tss2/tss2_mu.h>

/* Functions of libarchive: only those used. */
#if VBSCHECK_HAVE_LIBARCHIVE
#include <archive.h>
#include <archive_entry.h>

#define ARCHIVE_FUNCTIONS(X)                                                                       \
    X(archive_read_new)                                                                            \
    X(archive_read_free)                                                                           \
    X(archive_read_support_format_raw)                                                             \
    X(archive_read_support_format_tar)                                                             \
    X(archive_read_support_format_zip)                                                             \
    X(archive_read_support_format_cab)                                                             \
    X(archive_read_support_format_7zip)                                                            \
    X(archive_read_support_filter_gzip)                                                            \
    X(archive_read_support_filter_zstd)                                                            \
    X(archive_read_support_filter_xz)                                                              \
    X(archive_read_support_filter_bzip2)                                                           \
    X(archive_read_open_memory)                                                                    \
    X(archive_read_open2)                                                                          \
    X(archive_format)                                                                              \
    X(archive_read_next_header)                                                                    \
    X(archive_read_data)                                                                           \
    X(archive_read_data_block)                                                                     \
    X(archive_filter_count)                                                                        \
    X(archive_filter_bytes)                                                                        \
    X(archive_error_string)                                                                        \
    X(archive_entry_pathname)                                                                      \
    X(archive_entry_pathname_utf8)                                                                 \
    X(archive_entry_filetype)                                                                      \
    X(archive_entry_hardlink)                                                                      \
    X(archive_entry_size)                                                                          \
    X(archive_write_new)                                                                           \
    X(archive_write_free)                                                                          \
    X(archive_write_close)                                                                         \
    X(archive_write_set_format_pax_restricted)                                                     \
    X(archive_write_add_filter_gzip)                                                               \
    X(archive_write_add_filter_zstd)                                                               \
    X(archive_write_set_filter_option)                                                             \
    X(archive_write_open_fd)                                                                       \
    X(archive_write_header)                                                                        \
    X(archive_write_data)                                                                          \
    X(archive_entry_new)                                                                           \
    X(archive_entry_free)                                                                          \
    X(archive_entry_set_pathname)                                                                  \
    X(archive_entry_set_size)                                                                      \
    X(archive_entry_set_filetype)                                                                  \
    X(archive_entry_set_perm)                                                                      \
    X(archive_entry_set_mtime)
#else
#define ARCHIVE_FUNCTIONS(X) X(libs_left_out)
#endif

/* Stands for the functions of a library that this build leaves out. Never defined, never called. */
void libs_left_out(void);

struct archive_lib {
#define X(name) __typeof__(&name) name;
    ARCHIVE_FUNCTIONS(X)
#undef X
};

/* libcpuid; src/probe/cpu/cpu_name.c compares this with <libcpuid/libcpuid.h>. */
struct cpu_raw_data_t;
struct cpu_id_t;
struct cpuid_lib {
    int (*cpu_identify)(struct cpu_raw_data_t *raw, struct cpu_id_t *data);
};

/* libcrypto, without its headers, which need not be there; the types are as <openssl/evp.h> has
 * them. */
struct engine_st;
struct evp_md_st;
struct evp_md_ctx_st;
struct digest_lib {
    unsigned char *(*SHA256)(const unsigned char *data, size_t len, unsigned char *md);
    struct evp_md_ctx_st *(*EVP_MD_CTX_new)(void);
    void (*EVP_MD_CTX_free)(struct evp_md_ctx_st *ctx);
    int (*EVP_DigestInit_ex)(struct evp_md_ctx_st *ctx, const struct evp_md_st *type,
                             struct engine_st *impl);
    int (*EVP_DigestUpdate)(struct evp_md_ctx_st *ctx, const void *data, size_t n);
    int (*EVP_DigestFinal_ex)(struct evp_md_ctx_st *ctx, unsigned char *md, unsigned *n);
    const struct evp_md_st *(*EVP_sha1)(void);
    const struct evp_md_st *(*EVP_sha256)(void);
    const struct evp_md_st *(*EVP_sha384)(void);
    const struct evp_md_st *(*EVP_sha512)(void);
};

/* libxml2's reader, likewise; the types are as <libxml/xmlreader.h> has them. */
struct _xmlTextReader;
struct xml_lib {
    struct _xmlTextReader *(*xmlReaderForMemory)(const char *buffer, int size, const char *url,
                                                 const char *encoding, int options);
    void (*xmlFreeTextReader)(struct _xmlTextReader *reader);
    int (*xmlTextReaderRead)(struct _xmlTextReader *reader);
    int (*xmlTextReaderNodeType)(struct _xmlTextReader *reader);
    int (*xmlTextReaderDepth)(struct _xmlTextReader *reader);
    int (*xmlTextReaderMoveToNextAttribute)(struct _xmlTextReader *reader);
    const unsigned char *(*xmlTextReaderConstLocalName)(struct _xmlTextReader *reader);
    const unsigned char *(*xmlTextReaderConstValue)(struct _xmlTextReader *reader);
};

/* libhivex, likewise; handles of nodes and values are numbers, and 0 is none (<hivex.h>). */
struct hive_h;
struct hivex_lib {
    struct hive_h *(*hivex_open)(const char *path, int flags);
    int (*hivex_close)(struct hive_h *h);
    size_t (*hivex_root)(struct hive_h *h);
    char *(*hivex_node_name)(struct hive_h *h, size_t node);
    size_t *(*hivex_node_children)(struct hive_h *h, size_t node);
    size_t (*hivex_node_get_child)(struct hive_h *h, size_t node, const char *name);
    size_t (*hivex_node_get_value)(struct hive_h *h, size_t node, const char *key);
    char *(*hivex_value_value)(struct hive_h *h, size_t value, int *type, size_t *len);
    size_t *(*hivex_node_values)(struct hive_h *h, size_t node);
    char *(*hivex_value_key)(struct hive_h *h, size_t value);
    void (*release)(void *p); /* free(), for the results of these */
};

/* libevtx and the library below it, libbfio; errors are not asked for (<libevtx.h>). */
struct libbfio_handle;
struct libbfio_error;
struct libevtx_file;
struct libevtx_record;
struct libevtx_error;
struct evtx_lib {
    int (*libbfio_memory_range_initialize)(struct libbfio_handle **io, struct libbfio_error **e);
    int (*libbfio_memory_range_set)(struct libbfio_handle *io, unsigned char *bytes, size_t n,
                                    struct libbfio_error **e);
    int (*libbfio_handle_free)(struct libbfio_handle **io, struct libbfio_error **e);
    int (*libevtx_file_initialize)(struct libevtx_file **file, struct libevtx_error **e);
    int (*libevtx_file_free)(struct libevtx_file **file, struct libevtx_error **e);
    int (*libevtx_file_open_file_io_handle)(struct libevtx_file *file, struct libbfio_handle *io,
                                            int access, struct libevtx_error **e);
    int (*libevtx_file_is_corrupted)(struct libevtx_file *file, struct libevtx_error **e);
    int (*libevtx_file_get_number_of_records)(struct libevtx_file *file, int *n,
                                              struct libevtx_error **e);
    int (*libevtx_file_get_record_by_index)(struct libevtx_file *file, int index,
                                            struct libevtx_record **record,
                                            struct libevtx_error **e);
    int (*libevtx_record_free)(struct libevtx_record **record, struct libevtx_error **e);
    int (*libevtx_record_get_utf8_xml_string_size)(struct libevtx_record *record, size_t *size,
                                                   struct libevtx_error **e);
    int (*libevtx_record_get_utf8_xml_string)(struct libevtx_record *record, unsigned char *text,
                                              size_t size, struct libevtx_error **e);
};

enum { DIGEST_LEN = 32 };

/* tss2-mu, of tpm2-tss: a TPM's answers as structures. */
struct tss2_mu_lib {
    __typeof__(&Tss2_MU_BYTE_Unmarshal) Tss2_MU_BYTE_Unmarshal;
    __typeof__(&Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal) Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal;
};

/* NULL: not needed, or not there. */
struct libs {
    const struct archive_lib *archive;
    const struct cpuid_lib *cpuid;
    const struct digest_lib *digest;
    const struct tss2_mu_lib *mu;
    const struct xml_lib *xml;
};

#endif
