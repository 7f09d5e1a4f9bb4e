/* SPDX-License-Identifier: MIT */
/*
 * The active proof of Secure MOR revision 2 (Microsoft, "Secure MOR implementation"; TCG Platform
 * Reset Attack Mitigation 1.10): lock with a key, look, unlock with the same key, look. Pure: it
 * reaches variables only through a struct mor_store. It never writes MOR itself.
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
    MOR_FILE_MAX = 64,    /* read at most this much of a variable's file */
    MOR_CLEAR_MEMORY = 1, /* bit 0 of MOR */
    MOR_TRIES = 3,
};

enum mor_variable { MOR_CONTROL, MOR_LOCK };

/* The state of the lock, or why it has none. */
enum mor_lock {
    MOR_LOCK_UNREADABLE,
    MOR_LOCK_ABSENT,
    MOR_LOCK_ODD, /* another size, other attributes, or an undefined value */
    MOR_LOCK_OPEN,
    MOR_LOCK_WITHOUT_KEY,
    MOR_LOCK_WITH_KEY,
};

/* The result of a write. Only reading back shows its effect. */
enum mor_sent {
    MOR_NOT_SENT, /* the kernel itself failed it, as far as can be seen */
    MOR_REFUSED,  /* firmware answered with a refusal */
    MOR_ACCEPTED,
};

struct mor_store {
    void *context;
    /*
     * Reads the variable as efivarfs shows it, attributes and data, into `file`: *len bytes.
     * Returns ST_OK, ST_ABSENT, or why not.
     */
    enum status (*read)(void *context, enum mor_variable which, uint8_t file[MOR_FILE_MAX],
                        size_t *len);
    /* Makes the lock writable; false, with everything unchanged, if that is impossible. */
    bool (*thaw)(void *context);
    /* Undoes that; false if it could not. */
    bool (*freeze)(void *context);
    /* Writes attributes and key to the lock in one call. */
    enum mor_sent (*write)(void *context, const uint8_t key[MOR_KEY_LEN]);
    /* Blocks signals until release(). */
    void (*hold)(void *context);
    void (*release)(void *context);
};

/* The reason why a test is not made; MOR_FIT: it may be made. */
enum mor_fit {
    MOR_FIT,
    MOR_NO_CONTROL,  /* there is no MOR variable */
    MOR_NO_LOCK,     /* there is no lock */
    MOR_CONTROL_ODD, /* not one byte, or other attributes */
    MOR_LOCK_UNFIT,  /* the same for the lock, or an undefined value */
    MOR_LOCK_TAKEN,  /* locked already */
    MOR_NOT_READABLE,
};

struct mor_before {
    enum mor_fit fit;
    enum mor_lock lock;
    uint8_t control; /* value of MOR, where it could be read */
};

/* Reads both variables and decides whether a test may be made. Writes nothing. */
struct mor_before mor_look(const struct mor_store *s);

enum mor_outcome {
    MOR_NOT_ATTEMPTED, /* nothing was written */
    MOR_PROVEN,        /* locked with the key, and unlocked with it */
    MOR_REJECTED,      /* not of revision 2, or broken */
    MOR_UNDECIDED,     /* something failed on the way */
};

struct mor_result {
    enum mor_outcome outcome;
    struct mor_before before; /* read again, with signals held */
    bool thawed;              /* false with MOR_NOT_ATTEMPTED: the file could not be opened */
    bool frozen;              /* the file has its original flags */
    enum mor_lock locked;     /* after the first write of the key */
    enum mor_lock end;        /* when the test ended */
};

/*
 * Runs the test. If anything fails, it tries to leave the lock open; result.end is the last state
 * of the lock that it read. Nothing else writes the key, and the key never changes.
 */
void mor_run(const struct mor_store *s, const uint8_t key[MOR_KEY_LEN], struct mor_result *out);

/*
 * Finishes a test that was interrupted while the lock had its key: opens the lock with that key.
 * The result is MOR_PROVEN if it opens: it accepted the key then, and knows it now. If the lock
 * does not read "locked with a key", nothing is written.
 */
void mor_finish(const struct mor_store *s, const uint8_t key[MOR_KEY_LEN], struct mor_result *out);

/* The meaning of the values, as half a sentence for people. */
const char *mor_fit_text(enum mor_fit fit);
const char *mor_lock_text(enum mor_lock lock);

/* "proven", "rejected", "not-attempted", "undecided" */
const char *mor_outcome_name(enum mor_outcome outcome);

#endif
