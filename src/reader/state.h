/* SPDX-License-Identifier: MIT */
/* The reader's open files, and how much was asked so far. */
#ifndef READER_STATE_H
#define READER_STATE_H

#include "ask/ask.h"

struct access;

struct reader {
    int root;         /* descriptor of "/" or of another folder */
    bool live;        /* root is "/": devices and libraries may be asked */
    const char *tcti; /* the TPM to ask, as tpm2-tss names it; NULL: this machine's, if live */
    bool sysfs;       /* sys below the root is the kernel's own, not a copy */
    bool kernels_sys, kernels_proc; /* likewise for sys and proc, on this machine */
    /* The file that is read further from the last answer's end, or in pieces. */
    const struct access *open;
    char path[ASK_PATH_MAX + 1];
    int fd;
    size_t questions, bytes, memory; /* so far */
};

#endif
