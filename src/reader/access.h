/* SPDX-License-Identifier: MIT */
/* Every path that may be asked for, as one table: the reader answers no question outside it. */
#ifndef READER_ACCESS_H
#define READER_ACCESS_H

#include "ask/ask.h"

/* The kind of file at a path, which decides how it is opened. */
enum access_how {
    HOW_FILE,   /* a regular file, or a folder, or a link */
    HOW_MEMORY, /* a file that holds the machine's memory; its bytes are counted apart */
    HOW_KMSG,   /* devices of this machine, known by their numbers */
    HOW_MSR,
};

/*
 * A star stands for any characters of one part of a path. A folder without a star is one folder of
 * the machine; with a star at its end it stands for each of the folders there.
 */
struct access {
    const char *folder, *name;
    enum ask_kind kind;
    size_t cap; /* bytes of a file, names in a folder */
    bool early; /* every scan asks it, so it is read beforehand */
    enum access_how how;
};

extern const struct access accesses[];
extern const size_t n_accesses;

/* The row of a question, or NULL: it is not on the list, or its path is invalid. */
const struct access *access_find(const struct question *q);

/* True if the folder ends in a star. */
bool access_is_each(const struct access *row);

#endif
