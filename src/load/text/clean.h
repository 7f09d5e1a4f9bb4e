/* SPDX-License-Identifier: MIT */
/*
 * Cleans texts: removes what mail, terminals, forums and Windows add around the lines of a tool,
 * before anything reads them.
 */
#ifndef LOAD_CLEAN_H
#define LOAD_CLEAN_H

#include "vbscheck/arena.h"
#include "vbscheck/snapshot.h"
#include "vbscheck/span.h"

/* The changes that were made, as bits. */
enum clean {
    CLEAN_UTF16 = 1 << 0,   /* two bytes per character, in either order */
    CLEAN_BOM = 1 << 1,     /* byte order mark of UTF-8 */
    CLEAN_ESCAPES = 1 << 2, /* colours, titles and bells of terminals */
    CLEAN_NULS = 1 << 3,    /* bytes of 0, as serial lines and crashed file systems leave them */
    CLEAN_MARKUP = 1 << 4,  /* tags and entities of web pages */
    CLEAN_QUOTES = 1 << 5,  /* "> " at the start of lines */
    CLEAN_INDENT = 1 << 6,  /* blanks that all lines start with */
    CLEAN_JOURNAL = 1 << 7, /* records of journalctl or dmesg, made into lines */
    CLEAN_NO_ROOM = 1 << 8, /* incomplete: there is no memory for a copy */
};

/*
 * The cleaned text; `data` itself if there is nothing to remove, or no memory for a copy. Needs at
 * most one and a half times the memory of `data`, and time in proportion to it. The content of
 * tables and lists is not changed: blanks at line ends stay, because some that the kernel prints
 * matter.
 */
struct span clean_text(struct span data, struct arena *a, unsigned *done);

/* Notes the changes made to `file`, if any. */
void clean_note(struct notes *n, const char *file, unsigned done);

/*
 * The kernel's messages in records of `journalctl -o json`, `export` or `verbose`, or of
 * `dmesg --json`, one line each, after a stamp. Records of other senders are left out: anybody may
 * write them. Returns false, with *out untouched, if `text` holds no such records.
 */
bool clean_journal(struct span text, struct arena *a, struct span *out);

#endif
