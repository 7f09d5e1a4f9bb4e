/* SPDX-License-Identifier: MIT */
/*
 * The result of the active test, for scans of the same boot. The boot's id is only compared here:
 * no capture contains it.
 */
#include <jansson.h>
#include <string.h>

#include "collect/lines.h"
#include "vbscheck/count.h"

#define RESULT  "run/vbscheck/mor-test.json"
#define BOOT_ID "proc/sys/kernel/random/boot_id"

enum { WORD_MAX = 16 };

/* Writes the result for scans of this boot; ST_ABSENT for a test of an earlier boot. */
static enum status give(struct span boot, json_t *test, struct out *o)
{
    static const char *const members[] = {"result", "locked", "end"};
    const char *tested = json_string_value(json_object_get(test, "boot"));
    if (tested == NULL)
        return ST_MALFORMED;
    if (!span_equal(boot, span_of(tested)))
        return ST_ABSENT;
    for (size_t i = 0; i < COUNT(members); i++) {
        const char *word = json_string_value(json_object_get(test, members[i]));
        if (word == NULL || strlen(word) > WORD_MAX)
            return ST_MALFORMED;
        out_printf(o, "%s: ", members[i]);
        lines_value(o, span_of(word));
        out_char(o, '\n');
    }
    return ST_OK;
}

static enum status pick(const struct collector *c, struct span text, struct out *o)
{
    struct span boot;
    enum status st = ask_file(c->asker, BOOT_ID, &boot);
    if (st != ST_OK)
        return st == ST_ABSENT ? ST_NOT_COLLECTED : st;
    boot = span_trim(boot);
    json_t *test = json_loadb((const char *)text.ptr, text.len, JSON_REJECT_DUPLICATES, NULL);
    st = give(boot, test, o);
    json_decref(test);
    return st;
}

static void fetch(struct collector *c)
{
    struct span text;
    struct out o;
    out_init(&o, c->arena);
    enum status st = ask_file(c->asker, RESULT, &text);
    if (st == ST_OK)
        st = pick(c, text, &o);
    else if (st == ST_ABSENT && !lines_exists(c, "run"))
        st = ST_NOT_COLLECTED;
    if (st == ST_OK)
        lines_add(c, "mor-test", "/" RESULT, &o);
    else
        lines_none(c, "mor-test", "/" RESULT, st);
}

const struct source source_mortest = {
    .prefix = "mor-test",
    .summary = "Result of vbscheck mor-test in this boot",
    .needs = "nothing",
    .fetch = fetch,
};
