/* SPDX-License-Identifier: MIT */
/* Kernel logs of loose evidence. */
#ifndef LOAD_LOG_H
#define LOAD_LOG_H

#include "load/machine.h"

struct log_file {
    const char *file;
    struct span text;
};

/*
 * Adds the kernel's lines that matter as the blob `efi/kernel-log`, several times if the order of
 * boots is unknown. Hosts, architecture and names from the logs go to `machine`. Returns the number
 * of files that were understood.
 */
size_t log_load(const struct log_file *logs, size_t n, struct machine *machine,
                struct snapshot *out);

/*
 * The same for the log of a capture: the last of several boots stays, and those whose order is
 * unknown. A capture of a live machine holds one boot; a capture of a tree, or an edited one, may
 * hold more.
 */
void log_split(struct snapshot *s);

#endif
