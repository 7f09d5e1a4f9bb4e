/* SPDX-License-Identifier: MIT */
/*
 * Collecting: the only code that touches the machine. Each source fetches one kind of blob; it
 * reads, and understands nothing (of the kernel's log it keeps the lines on a list, since the
 * others may name the machine). What cannot be read becomes a blob with the status that says why.
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/snapshot.h"

struct collector {
    struct arena *arena;
    struct snapshot *snap;
    int root;            /* descriptor of "/" or of --root */
    bool live;           /* root is "/": instructions, libefivar and system calls may be used */
    const char *tcti;    /* of --tcti; NULL: this machine's own TPM */
    const char *release; /* of the running kernel, or of the tree's; "" when unknown */
};

struct source {
    const char *prefix;  /* of the blobs it gives: "acpi/", "cpuid" */
    const char *summary; /* what it is */
    const char *needs;   /* what ordinary users lack, in one line */
    void (*fetch)(struct collector *c);
};

#define SOURCE(name) extern const struct source source_##name;
#include "collect/sources.def"
#undef SOURCE

extern const struct source *const sources[];
extern const size_t n_sources;

/*
 * Runs every source that some probe wants, against `root` (NULL: this machine), and fills *out
 * with blobs in the order of their names; memory comes from `a`. `tcti` names the TPM to ask, as
 * tpm2-tss understands it; NULL is this machine's, which is asked where `root` is NULL.
 * Returns ST_OK, or the status for which `root` itself could not be opened; collect_problem() says
 * it in words that follow the name of `root`.
 */
enum status collect(const char *root, const char *tcti, struct arena *a, struct snapshot *out);
const char *collect_problem(enum status st);

/*
 * Names that probes want below `prefix`, one at a time: start with *at = 0.
 * Returns NULL past the last. Patterns ("sys/") are given as they are. "acpi/WSMT" stands for
 * WSMT, WSMT1, WSMT2 and so on.
 */
const char *collect_wanted(const char *prefix, size_t *at);

/* True if some probe wants `name`, by its name or by a pattern. */
bool collect_wants(const char *name);

/*
 * Adds a blob of this collector; names are copied, `data` is borrowed, and dropped unless `st` is
 * ST_OK or ST_TRUNCATED.
 */
void collect_add(struct collector *c, const char *name, const char *from, enum status st,
                 struct span data);

#endif
