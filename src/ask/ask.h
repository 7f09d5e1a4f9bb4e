/* SPDX-License-Identifier: MIT */
/*
 * Questions for bytes of a machine. A process that looks at bytes may open nothing, and the process
 * that opens does not look at them (src/reader): the first asks the second, through a pipe or, in
 * tests, by a call.
 */
#ifndef ASK_ASK_H
#define ASK_ASK_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/arena.h"
#include "vbscheck/pci.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

enum ask_kind {
    ASK_FILE,      /* the bytes of a file */
    ASK_LIST,      /* the names in a folder, each with a NUL, sorted */
    ASK_EXISTS,    /* whether something is there */
    ASK_LINK,      /* what a link points to */
    ASK_AT,        /* up to `size` bytes of a file at `offset` */
    ASK_NEXT,      /* records of `size` bytes in all, from where the last answer ended; at the end
                      none */
    ASK_WORDS,     /* words of `size` bytes, one at each of the offsets in `list`, from a device */
    ASK_MEMORY,    /* up to `size` bytes of memory at the physical address `offset` */
    ASK_VARIABLES, /* EFI variables, by the names in `list`, each with a NUL */
    ASK_PCI_NAMES, /* names of the struct ask_pci_id in `list` */
    ASK_TPM,       /* answers of the TPM to the struct ask_tpm in `list` */
    ASK_KINDS
};

struct question {
    enum ask_kind kind;
    const char *path; /* below the root, without a leading slash; "" where the kind has none */
    uint64_t offset;
    uint32_t size;
    struct span list;
};

/* Limits: a larger question is split, or invalid. */
enum {
    ASK_PATH_MAX = 511,
    ASK_SIZE_MAX = 1 << 20,
    ASK_RECORDS = 128 << 10, /* bytes to request from a log */
    ASK_LIST_MAX = 256 << 10,
    ASK_ITEMS_MAX = 32, /* in a list of words, variables or commands */
};

struct answer {
    enum status st;
    int error;        /* errno of a read that failed, where the kernel gave one */
    struct span data; /* with ST_OK and ST_TRUNCATED; several items have a struct ask_item each */
};

/* The header of each item in an answer with several items; its bytes follow. */
struct ask_item {
    int32_t st;
    int32_t error;
    uint32_t size;
};

struct ask_pci_id {
    uint16_t vendor;
    uint16_t device;
};

struct ask_pci_name {
    char text[PCI_NAME_MAX + 1];
};

/* TPM2_GetCapability: `count` values of `capability`, starting with `property`. */
struct ask_tpm {
    uint32_t capability;
    uint32_t property;
    uint32_t count;
};

/* The side that answers. Answers are made in `arena`, or live as long. */
struct asker {
    void *context;
    void (*ask)(void *context, const struct question *q, struct arena *a, struct answer *out);
    struct arena *arena;
};

/*
 * Reads the whole of a small file. Returns ST_OK, ST_TRUNCATED (both with *out; the file is longer
 * than the reader allows), or why not, with *out untouched.
 */
enum status ask_file(const struct asker *by, const char *path, struct span *out);

/* Lists the names in a folder, sorted; ST_TRUNCATED: only some of them. */
enum status ask_list(const struct asker *by, const char *path, const char *const **names,
                     size_t *n);

/* ST_OK if `path` exists, else why not. */
enum status ask_exists(const struct asker *by, const char *path);

/*
 * The target of the link `path`. ST_ABSENT if there is no link; ST_UNSUPPORTED if it is too long.
 */
enum status ask_link(const struct asker *by, const char *path, struct span *out);

/*
 * Reads up to `n` bytes at `offset` of a file; *got becomes how many, 0 beyond the end.
 * Returns ST_OK, or why not even one byte could be read.
 */
enum status ask_at(const struct asker *by, const char *path, uint64_t offset, void *buf, size_t n,
                   size_t *got);

/*
 * The same for physical memory; ST_ABSENT if no byte at the address is memory, ST_NO_DRIVER if
 * there is no device to read it with.
 */
enum status ask_memory(const struct asker *by, uint64_t address, void *buf, size_t n, size_t *got);

/*
 * Splits the next item off an answer's data. Returns false at its end, or if the rest is not an
 * item.
 */
bool ask_next_item(struct span *data, struct ask_item *item, struct span *bytes);

#endif
