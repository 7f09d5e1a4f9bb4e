/* SPDX-License-Identifier: MIT */
/*
 * The functions of each library, as lists: io/libs.c makes tables of their names and, where a build
 * links them, of their addresses. Those with a header of their own are in vbscheck/libs.h,
 * io/libs.h and io/ntfs_lib.h.
 */
#ifndef IO_LIBS_FUNCTIONS_H
#define IO_LIBS_FUNCTIONS_H

#include <stdint.h>

#include "io/ntfs_lib.h"
#include "io/wim_lib.h"
#include "vbscheck/libs.h"

/* At least as large as SHA256_CTX of <openssl/sha.h>. */
struct sha256_state {
    uint64_t words[32];
};

/* The functions that SHA256() calls. */
struct sha256_lib {
    int (*SHA256_Init)(struct sha256_state *s);
    int (*SHA256_Update)(struct sha256_state *s, const void *data, size_t n);
    int (*SHA256_Final)(unsigned char *md, struct sha256_state *s);
};

#define CPUID_FUNCTIONS(X) X(cpu_identify)
#define DIGEST_FUNCTIONS(X)                                                                        \
    X(SHA256)                                                                                      \
    X(EVP_MD_CTX_new)                                                                              \
    X(EVP_MD_CTX_free)                                                                             \
    X(EVP_DigestInit_ex)                                                                           \
    X(EVP_DigestUpdate)                                                                            \
    X(EVP_DigestFinal_ex)                                                                          \
    X(EVP_sha1)                                                                                    \
    X(EVP_sha256)                                                                                  \
    X(EVP_sha384)                                                                                  \
    X(EVP_sha512)
#define SHA256_FUNCTIONS(X) X(SHA256_Init) X(SHA256_Update) X(SHA256_Final)
#define BFIO_FUNCTIONS(X)                                                                          \
    X(libbfio_memory_range_initialize)                                                             \
    X(libbfio_memory_range_set)                                                                    \
    X(libbfio_handle_free)
#define EVTX_FUNCTIONS(X)                                                                          \
    X(libevtx_file_initialize)                                                                     \
    X(libevtx_file_free)                                                                           \
    X(libevtx_file_open_file_io_handle)                                                            \
    X(libevtx_file_is_corrupted)                                                                   \
    X(libevtx_file_get_number_of_records)                                                          \
    X(libevtx_file_get_record_by_index)                                                            \
    X(libevtx_record_free)                                                                         \
    X(libevtx_record_get_utf8_xml_string_size)                                                     \
    X(libevtx_record_get_utf8_xml_string)
#define HIVEX_FUNCTIONS(X)                                                                         \
    X(hivex_open)                                                                                  \
    X(hivex_close)                                                                                 \
    X(hivex_root)                                                                                  \
    X(hivex_node_name)                                                                             \
    X(hivex_node_children)                                                                         \
    X(hivex_node_get_child)                                                                        \
    X(hivex_node_get_value)                                                                        \
    X(hivex_value_value)                                                                           \
    X(hivex_node_values)                                                                           \
    X(hivex_value_key)
#define PCI_FUNCTIONS(X)     X(pci_alloc) X(pci_set_name_list_path) X(pci_lookup_name)
#define TCTI_FUNCTIONS(X)    X(Tss2_TctiLdr_Initialize)
#define TSS2_MU_FUNCTIONS(X) X(Tss2_MU_BYTE_Unmarshal) X(Tss2_MU_TPMS_CAPABILITY_DATA_Unmarshal)
#define WIM_FUNCTIONS(X)                                                                           \
    X(wimlib_create_decompressor) X(wimlib_decompress) X(wimlib_free_decompressor)
#define XML_FUNCTIONS(X)                                                                           \
    X(xmlReaderForMemory)                                                                          \
    X(xmlFreeTextReader)                                                                           \
    X(xmlTextReaderRead)                                                                           \
    X(xmlTextReaderNodeType)                                                                       \
    X(xmlTextReaderDepth)                                                                          \
    X(xmlTextReaderMoveToNextAttribute)                                                            \
    X(xmlTextReaderConstLocalName)                                                                 \
    X(xmlTextReaderConstValue)

/* Declares those without a header as their place in the table has them. */
#define DECLARE(lib, function) extern __typeof__(*((struct lib *)0)->function) function;
#define X(name)                DECLARE(cpuid_lib, name)
CPUID_FUNCTIONS(X)
#undef X
#define X(name) DECLARE(digest_lib, name)
DIGEST_FUNCTIONS(X)
#undef X
#define X(name) DECLARE(sha256_lib, name)
SHA256_FUNCTIONS(X)
#undef X
#define X(name) DECLARE(evtx_lib, name)
BFIO_FUNCTIONS(X)
EVTX_FUNCTIONS(X)
#undef X
#define X(name) DECLARE(hivex_lib, name)
HIVEX_FUNCTIONS(X)
#undef X
#define X(name) DECLARE(xml_lib, name)
XML_FUNCTIONS(X)
#undef X
#undef DECLARE

#endif
