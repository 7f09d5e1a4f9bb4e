/* SPDX-License-Identifier: MIT */
/* Shared by the files that turn raw bytes into a snapshot. */
#ifndef LOAD_LOAD_H
#define LOAD_LOAD_H

#include "load/raw.h"
#include "vbscheck/libs.h"

/* What a file is, by its content. */
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
};

/* Tells a file by its content, never by its name. */
enum kind sniff(struct span data);

/* True if these first bytes of a file are those of gzip or Zstandard. */
bool load_is_compressed(struct span head);

/*
 * Unpacks a tar archive (plain, gzip, zstd) into files, sorted by name, all in memory from `a`.
 * Returns ST_OK; ST_MALFORMED (damaged, links, names that leave it), ST_TRUNCATED (over a cap),
 * ST_UNSUPPORTED (`lib` is NULL); *problem says it in one line.
 */
enum status archive_unpack(struct span data, const struct archive_lib *lib, struct arena *a,
                           struct raw_input *out, const char **problem);

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
 * Adds the blobs of loose evidence to `out`; what is none is named in a note.
 * Returns ST_OK; ST_NOT_COLLECTED (nothing recognised), ST_CONFLICT (several machines).
 */
enum status evidence_load(const struct raw_input *in, struct snapshot *out, const char **problem);

/*
 * Adds the tables of an acpidump text that some probe wants. A table whose hexadecimal lines
 * cannot be read becomes a malformed blob with a note. Linear in the text.
 *
 * `text` must hold a head (see acpidump_head()). Returns false, with a note, where the text ends
 * inside its last table: tables that are not in it are not proven absent then.
 */
bool acpidump_load(struct span text, const char *from, struct snapshot *out);

/* Is `line` the head of a table in an acpidump text, "DMAR @ 0x…"? *signature gets 4 bytes. */
bool acpidump_head(struct span line, struct span *signature);

/*
 * Adds the functions of lspci's text as the blob `pci`. Returns false, with nothing added, where
 * the text holds none.
 */
bool lspci_load(struct span text, const char *from, struct snapshot *out);

/* False, with a note, where there are as many tables of this signature as any firmware has. */
bool tables_have_room(struct snapshot *out, struct span signature);

/* Adds a table to `out`, if there is room, as acpi/SIG, or acpi/SIG1, acpi/SIG2 as the kernel names
 * duplicates. */
void tables_add(struct snapshot *out, struct span signature, struct blob b);

/*
 * Adds wanted tables that are not there as absent, if the source holds its tables whole: every
 * machine with ACPI has FACP and APIC, so both must be there, sound, and from the same source (the
 * acpidump text called `dump`, NULL where there is none, or files of their own), and the dump must
 * not have been `cut`.
 */
void tables_add_absent(struct snapshot *out, const char *dump, bool cut);

/* True if some probe wants tables of this signature. */
bool tables_want(struct span signature);

#endif
