/* SPDX-License-Identifier: MIT */
/* A machine (this one, or a tree of one) that this process reads and a confined child looks at. */
#ifndef CLI_MACHINE_H
#define CLI_MACHINE_H

#include "cli/config.h"
#include "collect/collect.h"
#include "confine/confine.h"
#include "reader/reader.h"
#include "vbscheck/libs.h"

struct machine {
    struct reader reader;
    struct known known;
    struct collect_from from;
};

/*
 * Opens the machine and reads what every scan asks for. Memory comes from `a`; the strings are
 * borrowed. Returns ST_OK, or why `root` cannot be opened; reader_problem() has words for that,
 * which follow its name.
 */
enum status machine_open(const char *root, const char *tcti, struct arena *a, struct machine *out);
void machine_close(struct machine *m);

/* False only if it is known that there is no TPM to ask. */
bool machine_has_tpm(const struct machine *m);

/*
 * Runs `work` confined and answers its questions about the machine. Returns as confine_run() does.
 */
enum status machine_run(struct machine *m, confine_work *work, void *context, struct arena *a,
                        struct judged *out);

/* Called by that work: collects everything that probes want. */
void machine_collect(const struct machine *m, struct arena *a, struct snapshot *out);

/* What may be needed is loaded now: what the machine has only the judge will see. */
struct libs machine_libs(const struct machine *m, const struct config *c);

#endif
