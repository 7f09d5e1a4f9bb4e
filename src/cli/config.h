/* SPDX-License-Identifier: MIT */
/* The settings from the command line. */
#ifndef CLI_CONFIG_H
#define CLI_CONFIG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "report/report.h"

enum color_when { COLOR_AUTO, COLOR_ALWAYS, COLOR_NEVER };

struct config {
    const char **from; /* arguments of --from, verbatim */
    size_t n_from;
    const char *from_list;   /* a file of paths, or "-"; NULL: none */
    bool from_nul;           /* its paths end with a NUL */
    const char *labels_file; /* NULL: none */
    const char *resume;      /* earlier reports; NULL: none */
    const char *root;        /* NULL: this machine */
    const char *tcti;        /* NULL: this machine's TPM */
    const char *output;      /* NULL: standard output */
    const struct reporter *format;
    enum color_when color;
    bool colorless, dumb, ascii; /* the environment's settings for the terminal */
    const char **drivers;        /* arguments of --drivers, verbatim */
    size_t n_drivers;
    const char *windows;   /* argument of --windows; NULL: none */
    const char *baseline;  /* NULL: none */
    const char *blocklist; /* NULL: none */
    const char *arch;      /* NULL: that of the machine, or of most drivers */
    bool digests;
    size_t jobs;            /* 0: as many as there are processors */
    const char *azure_size; /* NULL: not given */
    bool azure_imds;
    uint16_t imds_port;   /* of a stand-in on the loopback address; 0: the real service */
    bool yes;             /* do not ask for confirmation */
    bool allow_vm;        /* also test in a virtual machine */
    struct labels labels; /* of --label */
    struct judge_options judge;
    char **args; /* the words behind the options */
    size_t n_args;
};

#endif
