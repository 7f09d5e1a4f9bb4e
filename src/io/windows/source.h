/* SPDX-License-Identifier: MIT */
/*
 * The way from a Windows to here: one list of wishes, and producers that hand over the files one by
 * one. A producer looks at names and copies or maps bytes; it parses none of them.
 *
 * A producer goes through windows_wishes[] in its order, and hands each file that fits to
 * sink->take(). For a wish for one file it also reports that the file is absent; for a wish for the
 * files of a folder it reports once, with the folder's path, that the folder is absent. Then it
 * asks sink->next() for further wishes, one by one, until that returns false. The order matters:
 * the hive comes first, since it names the drivers that start; next() names the files of services
 * that are elsewhere.
 */
#ifndef IO_WINDOWS_SOURCE_H
#define IO_WINDOWS_SOURCE_H

#include <stdbool.h>

#include "vbscheck/arena.h"
#include "vbscheck/span.h"
#include "vbscheck/status.h"

enum windows_kind {
    WINDOWS_HIVE,       /* SYSTEM: which drivers start, and whether memory integrity is on */
    WINDOWS_HIVE_LOG,   /* its LOG1 and LOG2: only whether they are there */
    WINDOWS_SLEEP,      /* hiberfil.sys: its first bytes show whether Windows sleeps */
    WINDOWS_BLOCK_LIST, /* Microsoft's list of vulnerable drivers */
    WINDOWS_POLICY,     /* a policy of the machine's owner */
    WINDOWS_EVENTS,     /* the log of Windows' code integrity */
    WINDOWS_DRIVER,     /* in the folder of the drivers that Windows uses */
    WINDOWS_STAGED,     /* in the driver store */
    WINDOWS_NAMED,      /* a service names it; asked for by sink->next() */
    WINDOWS_CATALOG,
    WINDOWS_KINDS
};

/* States of a file. */
enum windows_state {
    WINDOWS_WHOLE,      /* its bytes are here */
    WINDOWS_ABSENT,     /* known to be absent */
    WINDOWS_UNREADABLE, /* the disk or the file system failed, or a right is missing */
    WINDOWS_COMPRESSED, /* by Windows (CompactOS, WOF): no Linux program reads it */
    WINDOWS_ENCRYPTED,  /* by Windows (EFS) */
    WINDOWS_TOO_LARGE,  /* over the cap of its wish */
    WINDOWS_STATES
};

struct windows_wish {
    enum windows_kind kind;
    const char *path; /* from the root of the volume, "/" between, in any case of letters */
    const char *ends; /* NULL: `path` is a file; else a folder; its wanted files end so */
    unsigned depth;   /* folders below that are gone through */
    size_t cap;       /* bytes; 0: only whether it is there */
    bool head;        /* the first `cap` bytes are enough: a longer file is not too large */
};

extern const struct windows_wish windows_wishes[];
extern const size_t n_windows_wishes;

/* For sink->next(): a file that a service names, and, after all drivers, the catalogs. */
struct windows_wish windows_named(const char *path);
extern const struct windows_wish windows_catalogs;

struct windows_file {
    enum windows_kind kind;
    const char *path; /* from the root of the volume, as the disk spells it; arena text */
    enum windows_state state;
    /*
     * With WINDOWS_WHOLE, unless the wish's cap is 0 or the file is empty. A mapping of its own,
     * made by mmap(): the sink owns it and passes it to munmap(). Reading a page that the disk
     * cannot deliver ends the process with SIGBUS, so only confined processes read it.
     */
    struct span bytes;
};

/* The receiver of the files. */
struct windows_sink {
    void *context;
    /* Takes ownership of one file, bytes included. Returns false if no more can be taken. */
    bool (*take)(void *context, const struct windows_file *f);
    /* The next wish after those of the list. Returns false, with *out untouched, at the end. */
    bool (*next)(void *context, struct windows_wish *out);
    /*
     * Reports something about the whole Windows that keeps every driver from being proven clean.
     * `what` is a sentence that also says what to do; constant or arena text.
     */
    void (*warn)(void *context, const char *what);
};

/* The most files of one wish that are handed over, and the greatest depth of a folder. */
enum { WINDOWS_FILES_MAX = 1 << 16, WINDOWS_DEPTH_MAX = 16 };

/*
 * The simplest producer: a mounted Windows, or a copy of one. `path` is the folder that holds the
 * folder Windows. Names are compared without regard to case; no link is followed and nothing
 * outside is opened. Paths are made in `a`.
 * Returns ST_OK once everything was handed over; else why `path` cannot be used, and *problem
 * describes it in words that follow the path.
 */
enum status windows_folder(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem);

/* True if `head` begins a hiberfil.sys from which Windows is to start. */
bool windows_sleeps(struct span head);

/* The text about a file in that state, with what to do: words that follow "it". */
const char *windows_state_text(enum windows_state s);

#endif
