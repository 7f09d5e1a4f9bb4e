/* SPDX-License-Identifier: MIT */
/* Shared by the files that turn raw bytes into a snapshot. */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "load/forms/rows.h"
#include "load/raw.h"
#include "vbscheck/libs.h"

/* The kind of a file, by its content. */
enum kind {
    KIND_UNKNOWN,
    KIND_ARCHIVE,
    KIND_ACPIDUMP,
    KIND_ACPI_TABLE,
    KIND_CPUID,
    KIND_CPUINFO,
    KIND_LSPCI,
    KIND_KERNEL_LOG,
    KIND_DMIDECODE,
    KIND_MEMATTR,
    KIND_WINDOWS, /* Windows' own reports: msinfo32, systeminfo, Win32_DeviceGuard */
    KIND_MEMINFO,
    KIND_LSBLK,
    KIND_HEX,    /* one or more tables as hexdump, xxd, od or iasl print them */
    KIND_BASE64, /* tables in base64, or in digits without anything between */
    KIND_FORMS,  /* and above: a row of the table of forms each */
    KIND_COUNT = KIND_FORMS + FORMS_N
};

/*
 * The blob of the EFI variable that a file is named after, as in efivarfs
 * ("SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"), if some probe wants it; else NULL.
 */
const char *load_variable(const char *file);

/* The last part of a path. */
const char *load_leaf(const char *path);

/* Recognises a file by its content, never by its name. */
enum kind sniff(struct span data);

/* The same for data that is not text. */
enum kind sniff_bytes(struct span data);

/* The kind of text that this line starts, in the middle of one of kind `now`; KIND_UNKNOWN: none.
 */
enum kind sniff_line(struct span line, enum kind now);

/* True if these first bytes of a file are those of gzip, Zstandard, xz or bzip2. */
bool load_is_compressed(struct span head);

/* True if they are those of a tar archive that is not compressed. */
bool load_is_tar(struct span head);

/*
 * Unpacks a zip or a tar archive (plain, or compressed with gzip, zstd, xz or bzip2) into files,
 * sorted by name, all in memory from `a`. Compressed data that is not a tar becomes one file
 * without a name, and out->folder false. Links are left out and counted, and not allowed beside a
 * manifest; so are members of a bundle that are not evidence (bundle_leaves_out()). If `stream` is
 * not NULL, `data` is only the head of its bytes.
 * Returns ST_OK; ST_MALFORMED (damaged, names that leave it), ST_TRUNCATED (over a cap),
 * ST_UNSUPPORTED (`lib` is NULL); *problem says it in one line.
 */
enum status archive_unpack(struct span data, const struct raw_stream *stream,
                           const struct archive_lib *lib, struct arena *a, struct raw_input *out,
                           const char **problem);

/*
 * Adds the blobs of a capture to `out`: its manifest and the files the manifest names. A blob
 * whose file is missing or has another size or digest is malformed, with a note.
 * Returns ST_OK; ST_MALFORMED (the manifest is none), ST_UNSUPPORTED (a newer format),
 * ST_TRUNCATED (a manifest over its caps).
 */
enum status capture_load(const struct raw_input *in, const char *prefix,
                         const struct digest_lib *digest, struct snapshot *out,
                         const char **problem);

/*
 * Adds the blobs of loose evidence to `out`; a note names files that are not evidence. If several
 * files of one kind contradict each other but do not prove to belong to two machines, the blob is
 * added several times: probes_run() turns their differences into conflicts.
 * Returns ST_OK; ST_NOT_COLLECTED (nothing recognised), ST_CONFLICT (several machines).
 */
enum status evidence_load(const struct raw_input *in, const struct libs *libs, struct snapshot *out,
                          const char **problem);

/*
 * Adds the tables of an acpidump text that some probe wants, and lists all its tables. A table
 * whose hexadecimal lines cannot be read becomes a malformed blob with a note. If the text ends
 * inside its last table, or has bytes without a head, a note says so. Linear in the text.
 */
struct table_list;
void acpidump_load(struct span text, const char *from, struct snapshot *out,
                   struct table_list *list);

/*
 * Is `line` the head of a table in an acpidump text, "DMAR @ 0x…", perhaps indented or after a
 * prompt? *signature gets 4 bytes.
 */
bool acpidump_head(struct span line, struct span *signature, uint64_t *address);

/* The bytes of " 44 4D 41 52  DMAR", up to 16. Returns how many. */
size_t acpidump_bytes(struct span s, uint8_t out[16]);

/* Lspci texts of one machine. */
struct texts {
    const struct span *items;
    size_t n;
};

/*
 * Adds the functions of lspci's texts as one blob `pci`. Returns false, with nothing added, if they
 * hold none.
 */
bool lspci_load(struct texts texts, const char *from, struct snapshot *out);

#endif
