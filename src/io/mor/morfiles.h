/* SPDX-License-Identifier: MIT */
/* MOR and its lock on the machine: the one place that writes an EFI variable, through efivarfs. */
#ifndef IO_MOR_MORFILES_H
#define IO_MOR_MORFILES_H

#include <signal.h>

#include "mor/mor.h"

struct mor_files {
    int dir;        /* of efivarfs */
    int lock;       /* open for writing while thawed, else -1 */
    int flags;      /* of the lock's file, before */
    bool immutable; /* the flag was set, and was cleared */
    sigset_t mask;
};

/* Opens efivarfs. Returns false where it is not mounted or is some other file system. */
bool mor_files_open(struct mor_files *out);
void mor_files_close(struct mor_files *f);

/* The functions that work on `f`, which is borrowed; f->dir may be any folder. */
struct mor_store mor_files_store(struct mor_files *f);

/* Keeps all signals off that can be, and lets them in again; `before` is what was let in. */
void mor_hold_signals(sigset_t *before);
void mor_release_signals(const sigset_t *before);

#endif
