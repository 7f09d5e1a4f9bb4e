/* SPDX-License-Identifier: MIT */
#include "support/firmware.h"

#include <string.h>

void firmware_start(struct firmware *f, enum firmware_kind kind)
{
    *f = (struct firmware){.kind = kind, .control = MOR_CLEAR_MEMORY};
}

static bool hits(const struct firmware *f, enum firmware_fault fault, unsigned call)
{
    return f->fault == fault && call == f->at;
}

static enum status read_variable(void *context, enum mor_variable which, uint8_t *file, size_t *len)
{
    struct firmware *f = context;
    f->reads++;
    if (hits(f, FAULT_READ, f->reads) || (f->fault == FAULT_READS && f->reads >= f->at))
        return ST_IO_ERROR;
    if (f->kind == FIRMWARE_WITHOUT_MOR || (f->kind == FIRMWARE_WITHOUT_LOCK && which == MOR_LOCK))
        return ST_ABSENT;
    const uint8_t bytes[] = {MOR_ATTRIBUTES, 0, 0, 0, which == MOR_LOCK ? f->lock : f->control};
    memcpy(file, bytes, sizeof bytes);
    *len = sizeof bytes;
    return ST_OK;
}

static enum mor_sent lock_with(struct firmware *f, const uint8_t *key)
{
    if (f->kind == FIRMWARE_REVISION_1)
        return MOR_REFUSED;
    f->lock = f->kind == FIRMWARE_BYTE_LOCK ? 1 : 2;
    f->key_lost = f->kind == FIRMWARE_FORGETS;
    memcpy(f->key, key, sizeof f->key);
    return MOR_ACCEPTED;
}

/* The state table of the reference: only the first attempt counts. */
static enum mor_sent unlock_with(struct firmware *f, const uint8_t *key)
{
    if (f->lock == 1 || f->key_lost)
        return MOR_REFUSED;
    bool right = memcmp(f->key, key, sizeof f->key) == 0;
    memset(f->key, 0, sizeof f->key);
    if (right) {
        f->lock = 0;
        return MOR_ACCEPTED;
    }
    f->key_lost = true;
    f->lock = f->kind == FIRMWARE_REVISION_2_OLD ? 2 : 1;
    return MOR_REFUSED;
}

static enum mor_sent set_variable(struct firmware *f, const uint8_t *key)
{
    if (f->kind == FIRMWARE_DEAF)
        return MOR_ACCEPTED;
    return f->lock == 0 ? lock_with(f, key) : unlock_with(f, key);
}

static enum mor_sent write_lock(void *context, const uint8_t *key)
{
    struct firmware *f = context;
    uint8_t sent[MOR_KEY_LEN];
    f->writes++;
    f->wrote_unheld |= !f->held || !f->writable;
    if (hits(f, FAULT_WRITE_LOST, f->writes) ||
        (f->fault == FAULT_WRITES_LOST && f->writes >= f->at))
        return MOR_NOT_SENT;
    memcpy(sent, key, sizeof sent);
    if (hits(f, FAULT_WRITE_BENT, f->writes))
        sent[0] ^= 1;
    enum mor_sent answer = set_variable(f, sent);
    return hits(f, FAULT_WRITE_HIDDEN, f->writes) ? MOR_NOT_SENT : answer;
}

static bool thaw(void *context)
{
    struct firmware *f = context;
    f->writable = f->fault != FAULT_THAW;
    return f->writable;
}

static bool freeze(void *context)
{
    struct firmware *f = context;
    f->writable = false;
    return f->fault != FAULT_FREEZE;
}

static void hold(void *context)
{
    ((struct firmware *)context)->held = true;
}

static void release(void *context)
{
    ((struct firmware *)context)->held = false;
}

struct mor_store firmware_store(struct firmware *f)
{
    return (struct mor_store){
        .context = f,
        .read = read_variable,
        .thaw = thaw,
        .freeze = freeze,
        .write = write_lock,
        .hold = hold,
        .release = release,
    };
}
