/* SPDX-License-Identifier: MIT */
/*
 * Collecting: the only code that touches the machine. Each source fetches one kind of blob; it
 * reads, and understands nothing (of the kernel's log it keeps the lines on a list, since the
 * others may name the machine). What cannot be read becomes a blob with the status that says why.
 */
#ifndef COLLECT_COLLECT_H
#define COLLECT_COLLECT_H

#include "collect/source.h"

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

#endif
