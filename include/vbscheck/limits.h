/* SPDX-License-Identifier: MIT */
/*
 * The limits of one input, in one place. An exceeded limit is reported with the input and fails
 * that input alone: the run continues with the next.
 */
#ifndef VBSCHECK_LIMITS_H
#define VBSCHECK_LIMITS_H

/* For each process that handles an input: the one that reads it and the one that judges. */
enum {
    LIMIT_MEMORY = 64 << 20,    /* bytes, all counted */
    LIMIT_DATA = 54 << 20,      /* data among them; the rest is the program and its libraries */
    LIMIT_LIBRARIES = 10 << 20, /* data that libraries allocate for themselves */
    LIMIT_PROGRAM = 3 << 20,    /* data of a process before it reads anything */
    LIMIT_CPU_SECONDS = 20,
    LIMIT_WALL_SECONDS = 30,    /* for reading an input, and for judging it */
    LIMIT_DISK_SECONDS = 600,   /* for reading a Windows installation, and for judging it */
    LIMIT_FLEET_SECONDS = 7200, /* for a summary of a fleet, including the wait for its reports */
};

/* For an input, live or replayed. Together with a document they fit into LIMIT_DATA. */
enum {
    RAW_TOTAL_MAX = 32 << 20,     /* bytes of all files */
    RAW_FILE_MAX = RAW_TOTAL_MAX, /* bytes of one */
    RAW_UNPACKED_MAX = 20 << 20,  /* bytes kept of an archive */
    RAW_STREAM_MAX = 1 << 30,     /* what comes out of a compressed one, and is passed over */
    RAW_WINDOW_MAX = 8 << 20,     /* how far unpacking may look back: RFC 8878, section 3.1.1.1.2 */
    RAW_MANIFEST_MAX = 4 << 20,   /* bytes of a manifest */
    RAW_FILES_MAX = 4096,
    RAW_NAME_MAX = 512,
    RAW_DEPTH_MAX = 8,
    DOCUMENT_MAX = 16 << 20, /* bytes of a report and its messages */
};

/* For a report. */
enum {
    NOTES_MAX = 1000, /* for loading and for the probes each; one more says that there are others */
    NOTES_ALIKE_MAX = 16, /* of one kind, if a list causes them */
    FINDINGS_MAX = 1000,  /* for one rule; one more says how many others there are */
    TEXT_MAX = 500,       /* bytes of a text that firmware or a file supplied */
};

#endif
