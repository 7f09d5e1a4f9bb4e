/* SPDX-License-Identifier: MIT */
/* What the process that unpacks an archive of captures says, and the store of the other side. */
#ifndef CLI_INPUTS_MEMBERS_H
#define CLI_INPUTS_MEMBERS_H

#include "confine/confine.h"
#include "load/raw.h"

enum member_ask {
    MEMBER_PIECE, /* asks for the next bytes of the archive; an empty answer is its end */
    MEMBER_BEGIN, /* a file begins; its name follows */
    MEMBER_MORE,  /* bytes of it */
    MEMBER_FILE,  /* the last file is an input by itself */
    MEMBER_FOLDER /* the files below this folder, whose name follows, are an input */
};

/* The head of a question. Both ends are this program: byte order and sizes are its own. */
struct member_head {
    uint32_t ask; /* enum member_ask */
};

/* The files that were handed over and belong to no input yet. */
struct members {
    struct raw_file *files;
    size_t n;
    size_t total;        /* bytes */
    size_t left_out;     /* files that belong to no input */
    struct arena *arena; /* holds all of them; reset when nothing is kept */
    /* The next bytes of the archive. */
    struct span (*read)(void *context, struct arena *a);
    /*
     * An input is complete. Its bytes are borrowed. `problem`: why it cannot be used, or NULL.
     * False: no more inputs are wanted.
     */
    bool (*take)(void *context, const char *name, struct raw_input *raw, const char *problem);
    void *context;
};

/* Serves the questions of outer_unpack() (confine_serve); `server` is a struct members. */
bool members_serve(void *server, struct span question, struct arena *a, struct span *answer);

#endif
