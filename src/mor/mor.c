/* SPDX-License-Identifier: MIT */
#include "mor/mor.h"

/* Both variables, if sound, are one byte with the attributes 7. */
static enum status read_byte(const struct mor_store *s, enum mor_variable which, uint8_t *out)
{
    uint8_t file[MOR_FILE_MAX];
    size_t len = 0;
    enum status st = s->read(s->context, which, file, &len);
    if (st != ST_OK)
        return st;
    struct rd r = rd_open((struct span){file, len});
    uint32_t attributes = rd_le32(&r);
    if (!rd_ok(&r))
        return ST_ABSENT; /* the empty variable that a refused create leaves behind */
    uint8_t value = rd_u8(&r);
    if (!rd_ok(&r) || rd_left(&r) > 0 || attributes != MOR_ATTRIBUTES)
        return ST_MALFORMED;
    *out = value;
    return ST_OK;
}

static enum mor_lock read_lock(const struct mor_store *s)
{
    static const enum mor_lock values[] = {MOR_LOCK_OPEN, MOR_LOCK_WITHOUT_KEY, MOR_LOCK_WITH_KEY};
    for (int i = 0; i < MOR_TRIES; i++) {
        uint8_t value = 0;
        enum status st = read_byte(s, MOR_LOCK, &value);
        if (st == ST_OK)
            return value <= 2 ? values[value] : MOR_LOCK_ODD;
        if (st == ST_ABSENT)
            return MOR_LOCK_ABSENT;
        if (st == ST_MALFORMED)
            return MOR_LOCK_ODD;
    }
    return MOR_LOCK_UNREADABLE;
}

static enum mor_fit fit_of(enum status control, enum mor_lock lock)
{
    static const enum mor_fit locks[] = {
        [MOR_LOCK_UNREADABLE] = MOR_NOT_READABLE, [MOR_LOCK_ABSENT] = MOR_NO_LOCK,
        [MOR_LOCK_ODD] = MOR_LOCK_UNFIT,          [MOR_LOCK_OPEN] = MOR_FIT,
        [MOR_LOCK_WITHOUT_KEY] = MOR_LOCK_TAKEN,  [MOR_LOCK_WITH_KEY] = MOR_LOCK_TAKEN,
    };
    if (control == ST_ABSENT)
        return MOR_NO_CONTROL;
    if (control == ST_MALFORMED)
        return MOR_CONTROL_ODD;
    return control != ST_OK ? MOR_NOT_READABLE : locks[lock];
}

struct mor_before mor_look(const struct mor_store *s)
{
    struct mor_before b = {0};
    enum status control = read_byte(s, MOR_CONTROL, &b.control);
    b.lock = read_lock(s);
    b.fit = fit_of(control, b.lock);
    return b;
}

/*
 * Writes the key while the lock reads "locked with a key". The same key can be tried again: a write
 * that never arrived changes nothing, and after a refused one there is nothing left to lose.
 */
static enum mor_lock unlock(const struct mor_store *s, const uint8_t *key, bool *sent)
{
    enum mor_lock now = MOR_LOCK_WITH_KEY;
    for (int i = 0; i < MOR_TRIES && now == MOR_LOCK_WITH_KEY; i++) {
        *sent |= s->write(s->context, key) != MOR_NOT_SENT;
        now = read_lock(s);
    }
    return now;
}

/*
 * The key was written and the lock could not be read: if the write was accepted, the lock most
 * likely holds the key. If the lock were open, writing the key would lock it; so the key is written
 * once, and not again until the lock can be read.
 */
static enum mor_lock recover(const struct mor_store *s, const uint8_t *key, enum mor_sent sent)
{
    bool ignored = false;
    if (sent != MOR_ACCEPTED)
        return MOR_LOCK_UNREADABLE;
    (void)s->write(s->context, key);
    enum mor_lock now = read_lock(s);
    return now == MOR_LOCK_WITH_KEY ? unlock(s, key, &ignored) : now;
}

static void lock_and_unlock(const struct mor_store *s, const uint8_t *key, struct mor_result *r)
{
    enum mor_sent sent = s->write(s->context, key);
    r->outcome = MOR_UNDECIDED;
    r->locked = r->end = read_lock(s);
    if (r->locked == MOR_LOCK_WITH_KEY) {
        bool arrived = false;
        r->end = unlock(s, key, &arrived);
        if (r->end == MOR_LOCK_OPEN)
            r->outcome = MOR_PROVEN;
        else if (arrived && (r->end == MOR_LOCK_WITH_KEY || r->end == MOR_LOCK_WITHOUT_KEY))
            r->outcome = MOR_REJECTED; /* it accepted the key, and does not know it any more */
    } else if (r->locked == MOR_LOCK_WITHOUT_KEY) {
        r->outcome = MOR_REJECTED; /* it read eight bytes as one */
    } else if (r->locked == MOR_LOCK_OPEN) {
        /* A write that the kernel did not pass on proves nothing about the firmware. */
        r->outcome = sent == MOR_NOT_SENT ? MOR_UNDECIDED : MOR_REJECTED;
    } else if (r->locked == MOR_LOCK_UNREADABLE) {
        r->end = recover(s, key, sent);
    }
}

/* The lock read "locked with a key" before, so firmware had accepted the key. */
static void unlock_only(const struct mor_store *s, const uint8_t *key, struct mor_result *r)
{
    bool arrived = false;
    r->end = unlock(s, key, &arrived);
    r->outcome = r->end == MOR_LOCK_OPEN ? MOR_PROVEN : MOR_UNDECIDED;
}

static void attempt(const struct mor_store *s, const uint8_t *key, enum mor_lock wanted,
                    struct mor_result *out)
{
    struct mor_result r = {.outcome = MOR_NOT_ATTEMPTED, .frozen = true};
    s->hold(s->context);
    r.before = mor_look(s);
    r.locked = r.end = r.before.lock;
    bool fits = wanted == MOR_LOCK_OPEN ? r.before.fit == MOR_FIT : r.before.lock == wanted;
    r.thawed = fits && s->thaw(s->context);
    if (r.thawed) {
        if (wanted == MOR_LOCK_OPEN)
            lock_and_unlock(s, key, &r);
        else
            unlock_only(s, key, &r);
        r.frozen = s->freeze(s->context);
    }
    s->release(s->context);
    *out = r;
}

void mor_run(const struct mor_store *s, const uint8_t key[MOR_KEY_LEN], struct mor_result *out)
{
    attempt(s, key, MOR_LOCK_OPEN, out);
}

void mor_finish(const struct mor_store *s, const uint8_t key[MOR_KEY_LEN], struct mor_result *out)
{
    attempt(s, key, MOR_LOCK_WITH_KEY, out);
}

const char *mor_fit_text(enum mor_fit fit)
{
    static const char *const texts[] = {
        [MOR_FIT] = "both variables are as they should be",
        [MOR_NO_CONTROL] = "there is no MemoryOverwriteRequestControl variable",
        [MOR_NO_LOCK] = "there is no MemoryOverwriteRequestControlLock variable",
        [MOR_CONTROL_ODD] = "MemoryOverwriteRequestControl is not one byte with the attributes 7",
        [MOR_LOCK_UNFIT] = "the lock is not one byte with the attributes 7 and a defined value",
        [MOR_LOCK_TAKEN] = "the lock is not open: something locked it since this machine started",
        [MOR_NOT_READABLE] = "the variables cannot be read",
    };
    return texts[fit];
}

const char *mor_lock_text(enum mor_lock lock)
{
    static const char *const texts[] = {
        [MOR_LOCK_UNREADABLE] = "in a state that cannot be read; a restart opens it",
        [MOR_LOCK_ABSENT] = "gone; look again after a restart",
        [MOR_LOCK_ODD] = "in a state that is not defined; a restart opens it",
        [MOR_LOCK_OPEN] = "open (0)",
        [MOR_LOCK_WITHOUT_KEY] = "locked without a key (1); a restart opens it",
        [MOR_LOCK_WITH_KEY] = "locked with a key (2); the key or a restart opens it",
    };
    return texts[lock];
}

const char *mor_outcome_name(enum mor_outcome outcome)
{
    static const char *const names[] = {
        [MOR_NOT_ATTEMPTED] = "not-attempted",
        [MOR_PROVEN] = "proven",
        [MOR_REJECTED] = "rejected",
        [MOR_UNDECIDED] = "undecided",
    };
    return names[outcome];
}
