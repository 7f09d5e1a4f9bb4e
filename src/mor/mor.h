/* SPDX-License-Identifier: MIT */
/*
 * The active proof of Secure MOR revision 2 (Microsoft, "Secure MOR implementation"; TCG Platform
 * Reset Attack Mitigation 1.10): lock with a key, look, unlock with the same key, look. Pure: what
 * it does to variables, it does through a struct mor_store. It never writes MOR itself.
 */
#ifndef MOR_MOR_H
#define MOR_MOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "vbscheck/span.h"

enum {
    MOR_KEY_LEN = 8,
    MOR_ATTRIBUTES = 7,   /* non-volatile, boot service and runtime access */
    MOR_FILE_MAX = 64,    /* of a variable's file no more is looked at */
    MOR_CLEAR_MEMORY = 1, /* bit 0 of MOR */
    MOR_TRIES = 3,
};

enum mor_variable { MOR_CONTROL, MOR_LOCK };

/* What the lock reads: what it says, or why it says nothing. */
enum mor_lock {
    MOR_LOCK_UNREADABLE,
    MOR_LOCK_ABSENT,
    MOR_LOCK_ODD, /* another size, other attributes, or an undefined value */
    MOR_LOCK_OPEN,
    MOR_LOCK_WITHOUT_KEY,
    MOR_LOCK_WITH_KEY,
};

/* What is known of a write. Only reading back tells what it did. */
enum mor_sent {
    MOR_NOT_SENT, /* the kernel failed it for a reason of its own, as far as can be told */
    MOR_REFUSED,  /* answered, with a refusal */
    MOR_ACCEPTED,
};

struct mor_store {
    void *context;
    /*
     * The variable as efivarfs shows it: attributes and data, into `file`, *len bytes of them.
     * Returns ST_OK, ST_ABSENT, or why not.
     */
    enum status (*read)(void *context, enum mor_variable which, uint8_t file[MOR_FILE_MAX],
                        size_t *len);
    /* Makes the lock writable; false, with everything as it was, where that cannot be. */
    bool (*thaw)(void *context);
    /* Takes that back; false where it could not. */
    bool (*freeze)(void *context);
    /* Writes attributes and key to the lock in one call. */
    enum mor_sent (*write)(void *context, const uint8_t key[MOR_KEY_LEN]);
    /* Keeps signals off until release(). */
    void (*hold)(void *context);
    void (*release)(void *context);
};

/* Why a test is not made; MOR_FIT: it may be. */
enum mor_fit {
    MOR_FIT,
    MOR_NO_CONTROL,  /* there is no MOR variable */
    MOR_NO_LOCK,     /* there is no lock */
    MOR_CONTROL_ODD, /* not one byte, or other attributes */
    MOR_LOCK_UNFIT,  /* the same of the lock, or an undefined value */
    MOR_LOCK_TAKEN,  /* locked already */
    MOR_NOT_READABLE,
};

struct mor_before {
    enum mor_fit fit;
    enum mor_lock lock;
    uint8_t control; /* value of MOR, where it could be read */
};

/* Reads both variables and says whether a test may be made. Writes nothing. */
struct mor_before mor_look(const struct mor_store *s);

enum mor_outcome {
    MOR_NOT_ATTEMPTED, /* nothing was written */
    MOR_PROVEN,        /* locked with the key, and unlocked with it */
    MOR_REJECTED,      /* not of revision 2, or broken */
    MOR_UNDECIDED,     /* something failed on the way */
};

struct mor_result {
    enum mor_outcome outcome;
    struct mor_before before; /* looked at again, with signals held */
    bool thawed;              /* false with MOR_NOT_ATTEMPTED: the file could not be opened */
    bool frozen;              /* the file is as it was */
    enum mor_lock locked;     /* after the key was written first */
    enum mor_lock end;        /* when the test ended */
};

/*
 * The test. Whatever fails, it tries to leave the lock open, and result.end tells what it last
 * read of it. The key is written by nobody else and never changes.
 */
void mor_run(const struct mor_store *s, const uint8_t key[MOR_KEY_LEN], struct mor_result *out);

/* What the values mean, as half a sentence for people. */
const char *mor_fit_text(enum mor_fit fit);
const char *mor_lock_text(enum mor_lock lock);

/* "proven", "rejected", "not-attempted", "undecided" */
const char *mor_outcome_name(enum mor_outcome outcome);

#endif
