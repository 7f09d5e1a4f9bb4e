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
 * Adds the kernel's lines that matter as the blob `efi/kernel-log`, of which there are several
 * where their order in time is not told. What the logs say of hosts, architecture and name goes
 * to `machine`. Returns how many of the files were understood.
 */
size_t log_load(const struct log_file *logs, size_t n, struct machine *machine,
                struct snapshot *out);

/*
 * The same for the log of a capture: of several boots the last stays, and those whose order is not
 * told. A capture of a live machine holds one; of a tree, or edited, it may hold more.
 */
void log_split(struct snapshot *s);

#endif
