/* SPDX-License-Identifier: MIT */
/* The reader's open files, and the amount that was asked. */
#ifndef READER_STATE_H
#define READER_STATE_H

#include "ask/ask.h"

struct access;

struct reader {
    int root;         /* descriptor of "/" or of another folder */
    bool live;        /* root is "/": devices and libraries may be asked */
    const char *tcti; /* the TPM to ask, as tpm2-tss names it; NULL: this machine's, if live */
    bool sysfs;       /* its sys is the kernel's own, no copy */
    bool kernels_sys, kernels_proc; /* so are its sys and proc, and it is this machine's */
    /* A file that is read on from where the last answer ended, or in pieces. */
    const struct access *open;
    char path[ASK_PATH_MAX + 1];
    int fd;
    size_t questions, bytes, memory; /* so far */
};

#endif
