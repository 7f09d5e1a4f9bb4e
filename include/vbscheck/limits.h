/* SPDX-License-Identifier: MIT */
/*
 * The limits of one input, in one place. A limit that is exceeded is named with the input
 * and costs that input alone: the run goes on with the next.
 */
#ifndef VBSCHECK_LIMITS_H
#define VBSCHECK_LIMITS_H

/* For each process that handles an input: the one that reads it and the one that judges. */
enum {
    LIMIT_MEMORY = 64 << 20,    /* bytes, all counted */
    LIMIT_DATA = 54 << 20,      /* of them data; the rest is the program and its libraries */
    LIMIT_LIBRARIES = 10 << 20, /* of the data what libraries allocate for themselves */
    LIMIT_PROGRAM = 3 << 20,    /* of the data what a process has before it reads anything */
    LIMIT_CPU_SECONDS = 20,
    LIMIT_WALL_SECONDS = 30,    /* for reading an input, and for judging it */
    LIMIT_DISK_SECONDS = 600,   /* for all that is read of a Windows, and for judging that */
    LIMIT_FLEET_SECONDS = 7200, /* for a summary of a fleet, the waiting for its reports included */
};

/* For an input, live or replayed. Together with a document they fit into LIMIT_DATA. */
enum {
    RAW_TOTAL_MAX = 32 << 20,     /* bytes of all files */
    RAW_FILE_MAX = RAW_TOTAL_MAX, /* bytes of one */
    RAW_UNPACKED_MAX = 20 << 20,  /* what is kept of an archive */
    RAW_STREAM_MAX = 1 << 30,     /* what comes out of a compressed one, and is passed over */
    RAW_WINDOW_MAX = 8 << 20,     /* what unpacking may look back: RFC 8878, section 3.1.1.1.2 */
    RAW_MANIFEST_MAX = 4 << 20,   /* bytes of a manifest */
    RAW_FILES_MAX = 4096,
    RAW_NAME_MAX = 512,
    RAW_DEPTH_MAX = 8,
    DOCUMENT_MAX = 16 << 20, /* bytes of a report and what is said beside it */
};

/* For a report. */
enum {
    NOTES_MAX = 1000, /* of loading and of the probes each; one more says that there are others */
    NOTES_ALIKE_MAX = 16, /* of one kind, where a list makes them */
    FINDINGS_MAX = 1000,  /* of one rule; one more says how many others there are */
    TEXT_MAX = 500,       /* bytes of a text that firmware or a file supplied */
};

#endif
