/* SPDX-License-Identifier: MIT */
/*
 * How what is wanted of a Windows gets here: one list of wishes, and producers that hand over the
 * files one by one. A producer looks at names and copies or maps bytes; it parses none of them.
 *
 * A producer goes through windows_wishes[] in its order, and hands each file that fits to
 * sink->take(). Of a wish for one file it also says that the file is not there; of a wish for the
 * files of a folder it says so once, with the folder's path, if the folder is not there. Then it
 * asks sink->next() for further wishes, one by one, until that returns false. The order matters:
 * the hive comes first, since it says which drivers start; next() names the files of services
 * that lie elsewhere.
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
    WINDOWS_SLEEP,      /* hiberfil.sys: its first bytes tell whether Windows sleeps */
    WINDOWS_BLOCK_LIST, /* Microsoft's list of vulnerable drivers */
    WINDOWS_POLICY,     /* a policy of the machine's owner */
    WINDOWS_EVENTS,     /* the log of Windows' code integrity */
    WINDOWS_DRIVER,     /* where Windows has the drivers that it uses */
    WINDOWS_STAGED,     /* of the driver store */
    WINDOWS_NAMED,      /* a service names it; asked for by sink->next() */
    WINDOWS_CATALOG,
    WINDOWS_KINDS
};

/* What a file can be. */
enum windows_state {
    WINDOWS_WHOLE,      /* its bytes are here */
    WINDOWS_ABSENT,     /* it is known not to be there */
    WINDOWS_UNREADABLE, /* the disk or the file system failed, or a right is missing */
    WINDOWS_COMPRESSED, /* by Windows (CompactOS, WOF): no program of Linux's reads it */
    WINDOWS_ENCRYPTED,  /* by Windows (EFS) */
    WINDOWS_TOO_LARGE,  /* over the cap of its wish */
    WINDOWS_STATES
};

struct windows_wish {
    enum windows_kind kind;
    const char *path; /* from the root of the volume, "/" between, in any case of letters */
    const char *ends; /* NULL: `path` is a file; else a folder, and the files that end so */
    unsigned depth;   /* folders below that are gone through */
    size_t cap;       /* bytes; 0: whether it is there is all that is asked */
    bool head;        /* the first `cap` bytes are enough: a longer file is not too large */
};

extern const struct windows_wish windows_wishes[];
extern const size_t n_windows_wishes;

/* For sink->next(): a file that a service names, and, behind all drivers, the catalogs. */
struct windows_wish windows_named(const char *path);
extern const struct windows_wish windows_catalogs;

struct windows_file {
    enum windows_kind kind;
    const char *path; /* from the root of the volume, as the disk spells it; arena text */
    enum windows_state state;
    /*
     * With WINDOWS_WHOLE, unless nothing or an empty file was asked for. A mapping of its own,
     * made by mmap(): the sink owns it and gives it to munmap(). A page of it that cannot be read
     * kills who looks at it with SIGBUS, so that only confined processes do.
     */
    struct span bytes;
};

/* Who takes the files. */
struct windows_sink {
    void *context;
    /* Takes one file over, bytes and all. Returns false where no more can be taken. */
    bool (*take)(void *context, const struct windows_file *f);
    /* The next wish behind those of the list. Returns false, with *out untouched, at the end. */
    bool (*next)(void *context, struct windows_wish *out);
    /*
     * Something that holds for the whole Windows: as long as it does, no driver is proven clean.
     * `what` is a sentence that says what to do, too; constant or arena text.
     */
    void (*warn)(void *context, const char *what);
};

/* So many files of one wish are handed over, and so deep is a folder gone through. */
enum { WINDOWS_FILES_MAX = 1 << 16, WINDOWS_DEPTH_MAX = 16 };

/*
 * The simplest producer: a mounted Windows, or a copy of one. `path` is the folder that holds the
 * folder Windows. Names are compared whatever their case; no link is followed and nothing outside
 * is opened. Paths are made in `a`.
 * Returns ST_OK once everything was handed over; else why `path` cannot be used, and *problem says
 * it in words that follow the path.
 */
enum status windows_folder(const char *path, const struct windows_sink *sink, struct arena *a,
                           const char **problem);

/* True of the first bytes of a hiberfil.sys that Windows is to start from. */
bool windows_sleeps(struct span head);

/* What to say of a file in that state, and what to do: words that follow "it". */
const char *windows_state_text(enum windows_state s);

#endif
