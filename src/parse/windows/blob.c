/* SPDX-License-Identifier: MIT */
/* The blob `windows`: "key: value" lines with only the data that is kept from Windows' texts. */
#include "parse/keyval.h"
#include "parse/windows/windows.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

static const char *const switches[] = {"", "off", "on"};
static const char *const states[] = {"", "off", "not running", "running"};

static void put(struct out *o, const char *key, struct span value)
{
    if (value.len > 0)
        out_printf(o, "%s: %.*s\n", key, (int)value.len, (const char *)value.ptr);
}

static void put_list(struct out *o, const char *key, const struct windows_list *l, struct arena *a)
{
    if (!l->told)
        return;
    out_printf(o, "%s: %s%s\n", key, windows_list_text(l->has, a), l->cut ? "..." : "");
    if (l->open != 0)
        out_printf(o, "%s-open: %s\n", key, windows_list_text(l->open, a));
}

enum { TEXTS = 8, LISTS = 4 };

static const char *const text_keys[TEXTS] = {"version", "maker",     "model",    "board",
                                             "type",    "processor", "firmware", "firmware-date"};
static const char *const list_keys[LISTS] = {"available", "required", "configured", "running"};
static const char *const open_keys[LISTS] = {"available-open", "required-open", "configured-open",
                                             "running-open"};

/* The values of the keys, in the same order. */
struct places {
    struct span *texts[TEXTS];
    struct windows_list *lists[LISTS];
};

static struct places places_of(struct windows *w)
{
    return (struct places){
        .texts = {&w->version, &w->maker, &w->model, &w->board, &w->type, &w->processor,
                  &w->firmware, &w->firmware_date},
        .lists = {&w->available, &w->required, &w->configured, &w->running},
    };
}

struct span windows_write(const struct windows *w, enum status st, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    out_printf(&o, "source: %s\nstatus: %s\n", windows_source_name(w->source), status_name(st));
    put(&o, "language", span_of(w->localised ? "another" : ""));
    struct windows copy = *w;
    struct places at = places_of(&copy);
    for (size_t i = 0; i < TEXTS; i++)
        put(&o, text_keys[i], *at.texts[i]);
    put(&o, "uefi", span_of(switches[w->uefi]));
    put(&o, "secure-boot", span_of(switches[w->secure_boot]));
    put(&o, "kernel-dma", span_of(switches[w->kernel_dma]));
    put(&o, "vbs", span_of(states[w->vbs]));
    for (size_t i = 0; i < LISTS; i++)
        put_list(&o, list_keys[i], at.lists[i], a);
    return out_span(&o);
}

static unsigned index_of(struct span text, const char *key, const char *const *names, unsigned n)
{
    struct span v;
    for (unsigned i = 1; i < n && keyval_get(text, key, &v); i++) {
        if (span_is(v, names[i]))
            return i;
    }
    return 0;
}

static unsigned bits_of(struct span v)
{
    uint64_t n;
    unsigned bits = 0;
    while (span_take_dec(&v, &n)) {
        bits |= n <= WINDOWS_PROPERTY_MAX ? 1U << n : 0;
        v = span_skip(v, 1);
    }
    return bits;
}

static void get_list(struct span text, const char *key, const char *open, struct windows_list *l)
{
    struct span v;
    if (!keyval_get(text, key, &v))
        return;
    l->told = true;
    l->cut = span_find(v, "...", NULL);
    l->has = bits_of(v);
    if (keyval_get(text, open, &v))
        l->open = bits_of(v);
}

static enum status status_of(struct span text)
{
    struct span v;
    static const enum status known[] = {ST_OK, ST_MALFORMED, ST_UNSUPPORTED, ST_CONFLICT,
                                        ST_NOT_COLLECTED};
    for (size_t i = 0; keyval_get(text, "status", &v) && i < COUNT(known); i++) {
        if (span_is(v, status_name(known[i])))
            return known[i];
    }
    return ST_MALFORMED;
}

enum status windows_read(struct span text, struct windows *out)
{
    struct windows w = {0};
    struct span v;
    enum status st = status_of(text);
    for (unsigned i = 0; i < WINDOWS_SOURCES && keyval_get(text, "source", &v); i++) {
        if (span_is(v, windows_source_name((enum windows_source)i)))
            w.source = (enum windows_source)i;
    }
    w.localised = keyval_get(text, "language", &v);
    struct places at = places_of(&w);
    for (size_t i = 0; i < TEXTS; i++)
        (void)keyval_get(text, text_keys[i], at.texts[i]);
    w.uefi = (enum windows_switch)index_of(text, "uefi", switches, COUNT(switches));
    w.secure_boot = (enum windows_switch)index_of(text, "secure-boot", switches, COUNT(switches));
    w.kernel_dma = (enum windows_switch)index_of(text, "kernel-dma", switches, COUNT(switches));
    w.vbs = (enum windows_vbs)index_of(text, "vbs", states, COUNT(states));
    for (size_t i = 0; i < LISTS; i++)
        get_list(text, list_keys[i], open_keys[i], at.lists[i]);
    *out = w;
    return st;
}
