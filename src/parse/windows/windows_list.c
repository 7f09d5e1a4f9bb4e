/* SPDX-License-Identifier: MIT */
#include "parse/windows/windows_list.h"

#include <string.h>

#include "parse/refuse.h"
#include "vbscheck/count.h"

enum { SERVICES_MAX = 1 << 14, EVENTS_MAX = 4096, REMARKS_MAX = 64 };

static const char *const switch_names[SWITCH_COUNT] = {
    [SWITCH_UNSET] = "unset", [SWITCH_OFF] = "off", [SWITCH_ON] = "on"};

static const struct {
    const char *key;
    size_t at;
} switches[] = {
    {"memory-integrity", offsetof(struct windows, memory_integrity)},
    {"vbs", offsetof(struct windows, vbs)},
    {"blocklist", offsetof(struct windows, blocklist)},
};

static const struct {
    const char *key;
    size_t at;
} texts[] = {
    {"log-from", offsetof(struct windows, log_from)},
    {"log-to", offsetof(struct windows, log_to)},
    {"policy-in-force", offsetof(struct windows, policy_in_force)},
};

static const struct {
    const char *key;
    size_t at;
} parts[] = {
    {"hive", offsetof(struct windows, hive)},
    {"log", offsetof(struct windows, log)},
    {"volume", offsetof(struct windows, volume)},
};

static enum windows_switch *switch_of(struct windows *w, size_t i)
{
    return (enum windows_switch *)(void *)((char *)w + switches[i].at);
}

static const char **text_of(struct windows *w, size_t i)
{
    return (const char **)(void *)((char *)w + texts[i].at);
}

static struct windows_part *part_of(struct windows *w, size_t i)
{
    return (struct windows_part *)(void *)((char *)w + parts[i].at);
}

/* Writing ---------------------------------------------------------------------------------- */

void windows_write_line(struct out *o, const char *key, const char *value)
{
    out_printf(o, "%s ", key);
    for (; *value != '\0'; value++)
        out_char(o, (unsigned char)*value < ' ' ? '?' : *value);
    out_char(o, '\n');
}

void windows_write_part(struct out *o, const char *key, enum status st, const char *says)
{
    out_printf(o, "%s %s", key, status_name(st));
    windows_write_line(o, "", says != NULL ? says : "");
}

void windows_write_hive(struct out *o, const struct windows *w)
{
    struct windows copy = *w;
    windows_write_part(o, "hive", w->hive.st, w->hive.says);
    if (w->dirty)
        windows_write_line(o, "dirty", "yes");
    for (size_t i = 0; i < COUNT(switches); i++)
        windows_write_line(o, switches[i].key, switch_names[*switch_of(&copy, i)]);
}

/* By enum service_place. */
static const char *const places[] = {
    [PLACE_HERE] = "service", [PLACE_PERHAPS] = "perhaps", [PLACE_ASTRAY] = "astray"};

static void write_service(struct out *o, enum service_place place, uint32_t start,
                          const char *image)
{
    out_printf(o, "%s %lu", places[place], (unsigned long)start);
    windows_write_line(o, "", image);
}

void windows_write_services(struct out *o, const struct windows *w)
{
    for (size_t i = 0; i < w->n_services; i++) {
        const struct windows_service *s = &w->services[i];
        write_service(o, s->place, s->start, s->image);
    }
}

void windows_write_refused(struct out *o, const struct windows *w)
{
    enum { ON_DEMAND = 3, WOULD_REFUSE = 3087, REFUSED = 3111 };
    for (size_t i = 0; i < w->n_events; i++) {
        const struct windows_event *e = &w->events[i];
        if (e->file != NULL && (e->id == WOULD_REFUSE || e->id == REFUSED))
            write_service(o, PLACE_HERE, ON_DEMAND, e->file);
    }
}

void windows_write_log(struct out *o, const struct windows *w)
{
    struct windows copy = *w;
    windows_write_part(o, "log", w->log.st, w->log.says);
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (*text_of(&copy, i) != NULL)
            windows_write_line(o, texts[i].key, *text_of(&copy, i));
    }
    for (size_t i = 0; i < w->n_events; i++) {
        const struct windows_event *e = &w->events[i];
        out_printf(o, "event %lu 0x%lx %s", (unsigned long)e->id, (unsigned long)e->bits,
                   e->when[0] != '\0' ? e->when : "-");
        windows_write_line(o, "", e->image);
    }
}

/* Reading ---------------------------------------------------------------------------------- */

struct reading {
    struct arena *arena;
    struct windows *out;
    const char *wrong;
};

static void take_part(struct reading *r, struct windows_part *p, struct span value)
{
    struct span word = {0};
    (void)span_next_word(&value, &word);
    value = span_trim(value);
    if (!status_from_name(arena_text(r->arena, word), &p->st))
        r->wrong = "an unknown status";
    p->says = value.len > 0 ? arena_text(r->arena, value) : NULL;
}

static void take_switch(struct reading *r, enum windows_switch *s, struct span value)
{
    for (unsigned i = 0; i < SWITCH_COUNT; i++) {
        if (span_is(value, switch_names[i])) {
            *s = (enum windows_switch)i;
            return;
        }
    }
    r->wrong = "a switch that is neither on, off nor unset";
}

static void take_event(struct reading *r, struct span value)
{
    struct windows *w = r->out;
    struct windows_event e = {0};
    struct span when;
    if (!span_next_u32(&value, &e.id) || !span_next_u32(&value, &e.bits) ||
        !span_next_word(&value, &when)) {
        r->wrong = "an event that cannot be read";
        return;
    }
    if (w->n_events == EVENTS_MAX)
        return;
    e.when = span_is(when, "-") ? "" : arena_text(r->arena, when);
    e.image = arena_text(r->arena, span_trim(value));
    w->events = arena_grow(r->arena, w->events, w->n_events, sizeof *w->events);
    w->events[w->n_events++] = e;
}

static bool take_service(struct span key, struct span value, struct windows_next *out)
{
    for (size_t i = 0; i < COUNT(places); i++) {
        if (!span_is(key, places[i]) || !span_next_u32(&value, &out->start))
            continue;
        out->place = (enum service_place)i;
        out->image = span_skip(value, 1);
        return out->image.len > 0;
    }
    return false;
}

static bool is_place(struct span key)
{
    bool is = false;
    for (size_t i = 0; i < COUNT(places); i++)
        is |= span_is(key, places[i]);
    return is;
}

static void add_service(struct reading *r, struct span key, struct span value)
{
    struct windows *w = r->out;
    struct windows_next s;
    if (!take_service(key, value, &s)) {
        r->wrong = "a service that cannot be read";
        return;
    }
    if (w->n_services == SERVICES_MAX)
        return;
    w->services = arena_grow(r->arena, w->services, w->n_services, sizeof *w->services);
    w->services[w->n_services++] = (struct windows_service){
        .place = s.place, .image = arena_text(r->arena, s.image), .start = s.start};
}

static void add_remark(struct reading *r, struct span value)
{
    struct windows *w = r->out;
    if (w->n_remarks == REMARKS_MAX)
        return;
    w->remarks = arena_grow(r->arena, w->remarks, w->n_remarks, sizeof *w->remarks);
    w->remarks[w->n_remarks++] = arena_text(r->arena, value);
}

static void take_line(struct reading *r, struct span key, struct span value)
{
    for (size_t i = 0; i < COUNT(parts); i++) {
        if (span_is(key, parts[i].key))
            take_part(r, part_of(r->out, i), value);
    }
    for (size_t i = 0; i < COUNT(switches); i++) {
        if (span_is(key, switches[i].key))
            take_switch(r, switch_of(r->out, i), value);
    }
    for (size_t i = 0; i < COUNT(texts); i++) {
        if (span_is(key, texts[i].key))
            *text_of(r->out, i) = arena_text(r->arena, value);
    }
    if (span_is(key, "dirty"))
        r->out->dirty = span_is(value, "yes");
    else if (span_is(key, "event"))
        take_event(r, value);
    else if (is_place(key))
        add_service(r, key, value);
    else if (span_is(key, "remark"))
        add_remark(r, value);
}

enum status windows_list_parse(struct span text, struct arena *a, struct windows *out,
                               struct fault *fault)
{
    struct windows w = {.volume.st = ST_OK};
    struct reading r = {a, &w, NULL};
    struct span rest = text, line, key;
    while (r.wrong == NULL && span_next_line(&rest, &line)) {
        if (line.len > 0 && memchr(line.ptr, '\0', line.len) != NULL)
            r.wrong = "a NUL: it is not text";
        else if (span_next_word(&line, &key))
            take_line(&r, key, span_skip(line, 1));
    }
    if (r.wrong != NULL)
        return refuse(fault, text.len - rest.len, r.wrong);
    *out = w;
    return ST_OK;
}

bool windows_next_service(struct span *rest, struct windows_next *out)
{
    struct span line, key;
    while (span_next_line(rest, &line)) {
        if (span_next_word(&line, &key) && take_service(key, line, out))
            return true;
    }
    return false;
}
