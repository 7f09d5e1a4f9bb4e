/* SPDX-License-Identifier: MIT */
/* MOR and its lock on the machine: the only place that writes an EFI variable, through efivarfs. */
#ifndef IO_MOR_MORFILES_H
#define IO_MOR_MORFILES_H

#include <signal.h>

#include "mor/mor.h"

struct mor_files {
    int dir;        /* of efivarfs */
    int lock;       /* open for writing while thawed, else -1 */
    int flags;      /* of the lock's file, before */
    bool immutable; /* the flag was set, and was cleared */
    bool restores; /* the flag is set at the end, whatever it was: an interrupted test cleared it */
    sigset_t mask;
};

/* Opens efivarfs. Returns false if it is not mounted, or if another file system is there. */
bool mor_files_open(struct mor_files *out);
void mor_files_close(struct mor_files *f);

/* The functions that work on `f`, which is borrowed; f->dir may be any folder. */
struct mor_store mor_files_store(struct mor_files *f);

/* Block every signal that can be blocked, and unblock them; `before` is the mask before. */
void mor_hold_signals(sigset_t *before);
void mor_release_signals(const sigset_t *before);

#endif
