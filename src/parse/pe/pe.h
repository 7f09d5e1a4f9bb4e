/* SPDX-License-Identifier: MIT */
/*
 * Windows images: Microsoft, "PE Format" (learn.microsoft.com/windows/win32/debug/pe-format), which
 * gives each field its name; "Windows Authenticode Portable Executable Signature Format", version
 * 1.0, for the certificate table and the bytes that a digest covers.
 */
#ifndef PARSE_PE_PE_H
#define PARSE_PE_PE_H

#include "vbscheck/arena.h"
#include "vbscheck/span.h"

enum { PE32 = 0x10b, PE32_PLUS = 0x20b, PE_SUBSYSTEM_NATIVE = 1 };

/* Machine */
enum {
    PE_I386 = 0x014c,
    PE_ARMNT = 0x01c4,
    PE_IA64 = 0x0200,
    PE_AMD64 = 0x8664,
    PE_ARM64 = 0xaa64,
};

/* Characteristics of the file */
enum { PE_EXECUTABLE_IMAGE = 0x0002 };

/* Characteristics of a section */
enum {
    PE_SCN_MEM_DISCARDABLE = 0x02000000,
    PE_SCN_MEM_SHARED = 0x10000000,
    PE_SCN_MEM_EXECUTE = 0x20000000,
};
#define PE_SCN_MEM_WRITE 0x80000000u /* an enumerator is an int */

/* DllCharacteristics */
enum { PE_DLL_NX_COMPAT = 0x100 };

/* Data directories, by their index. */
enum {
    PE_DIR_IMPORT = 1,
    PE_DIR_RESOURCE = 2,
    PE_DIR_SECURITY = 4, /* at a file offset; all others at an RVA */
    PE_DIR_BASERELOC = 5,
    PE_DIR_IAT = 12,
    PE_DIRS = 16,
};

/* Windows' loader accepts no more. */
enum { PE_SECTIONS_MAX = 96 };

struct pe_directory {
    uint32_t at;
    uint32_t size;
};

struct pe_section {
    const char *name; /* arena text: at most 8 bytes; "/N" is not resolved */
    uint32_t virtual_size, virtual_address;
    uint32_t raw_size, raw_offset;
    uint32_t flags;
};

struct pe_image {
    struct span file;
    uint16_t machine, characteristics, magic, subsystem, dll_characteristics;
    uint32_t section_alignment, file_alignment;
    uint32_t size_of_image, size_of_headers, entry;
    size_t checksum_at; /* offset of CheckSum */
    size_t security_at; /* offset of directory entry 4; 0 where there is none */
    struct pe_directory dirs[PE_DIRS];
    const struct pe_section *sections;
    size_t n_sections;
};

/*
 * True if the file starts as a PE image does: "MZ" and, where e_lfanew points, "PE\0\0". Other
 * files are not images, rather than malformed images.
 */
bool pe_is_image(struct span file);

/*
 * Reads headers and section table. The functions below read the data that directories point to.
 * *subsystem becomes the optional header's value, even if the rest is malformed; -1 if the header
 * is too short for it.
 *
 * Returns ST_OK or ST_MALFORMED (with *fault, if not NULL); *out is written on success only.
 */
enum status pe_parse(struct span file, struct arena *a, struct pe_image *out, struct fault *fault);

/* Subsystem of a file for which pe_is_image() holds; -1 where the header is too short for it. */
int pe_subsystem(struct span file);

/* The section whose memory holds `rva`, or NULL. */
const struct pe_section *pe_section_of(const struct pe_image *pe, uint32_t rva);

/*
 * A reader over the bytes of the file that are mapped from `rva` to the end of its section (or of
 * the headers); it has failed where the file has no byte for `rva`.
 */
struct rd pe_open(const struct pe_image *pe, uint32_t rva);

/* "amd64", "0x1234" */
const char *pe_machine_name(uint16_t machine, struct arena *a);

/* The imports of an image. */
struct pe_imports {
    uint32_t dlls, functions, ordinals;
    uint32_t legacy_pool; /* functions that may hand out executable pool */
    /* The first FirstThunk that lies in an executable section; 0 where none does. */
    uint32_t executable_thunk;
};

/*
 * Walks directory 1. Returns ST_OK (all zero where there is none) or ST_MALFORMED with *fault; *out
 * is written on success only.
 */
enum status pe_imports(const struct pe_image *pe, struct pe_imports *out, struct fault *fault);

/* Base relocations: how many, and how many lie across two pages. */
struct pe_relocs {
    uint32_t n, straddling;
};

/* Walks directory 5. Returns as pe_imports() does. */
enum status pe_relocs(const struct pe_image *pe, struct pe_relocs *out, struct fault *fault);

/* The version resource; text is arena UTF-8, NULL where it is not there. */
struct pe_version {
    bool present; /* VS_FIXEDFILEINFO was found */
    uint16_t file_version[4];
    const char *company, *description, *internal_name, *original_name, *product;
};

/*
 * Reads resource type 16. Returns ST_OK (`present` false where there is none) or ST_MALFORMED with
 * *fault; *out is written on success only.
 */
enum status pe_version(const struct pe_image *pe, struct arena *a, struct pe_version *out,
                       struct fault *fault);

enum { PE_CERTIFICATES_MAX = 8 };

/* The certificate table: WIN_CERTIFICATE entries that hold PKCS#7. */
struct pe_certificates {
    struct span pkcs7[PE_CERTIFICATES_MAX];
    size_t n;
    bool cut;            /* there are more */
    const char *unusual; /* how it differs from Authenticode's rules; NULL: not at all */
};

/* Reads directory 4. Returns as pe_imports() does. */
enum status pe_certificates(const struct pe_image *pe, struct pe_certificates *out,
                            struct fault *fault);

/*
 * The bytes of an Authenticode digest: the file without CheckSum, directory entry 4 and the
 * certificate table; the parts are in order and may be empty.
 */
enum { PE_DIGEST_PARTS = 4 };
struct pe_digest_parts {
    struct span part[PE_DIGEST_PARTS];
    size_t zeros; /* after them, without a certificate table: up to where it would start */
};
struct pe_digest_parts pe_digest_parts(const struct pe_image *pe);

/*
 * Bytes that the digest of the first page covers ("Hash Page" of block policies): the headers
 * without CheckSum and directory entry 4, then zeros up to the end of the page.
 */
struct pe_first_page {
    struct span part[PE_DIGEST_PARTS];
    size_t zeros;
};
struct pe_first_page pe_first_page(const struct pe_image *pe);

#endif
