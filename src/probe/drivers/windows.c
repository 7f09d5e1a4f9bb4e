/* SPDX-License-Identifier: MIT */
/* The examined Windows installation: its hive's settings, and its log's entries about drivers. */
#include "probe/drivers/windows.h"

#include <stdlib.h>
#include <string.h>

#include "parse/windows/windows_list.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

#define RULE "drivers.windows-log"

static const char blob[] = "windows";

static const char *const wants[] = {"windows", NULL};

static const enum fact_id gives[] = {
    FACT_WINDOWS_DISK_HIVE,
    FACT_WINDOWS_DISK_MEMORY_INTEGRITY,
    FACT_WINDOWS_DISK_VBS,
    FACT_WINDOWS_DISK_BLOCKLIST,
    FACT_WINDOWS_DISK_LOG_REFUSED,
    FACT_WINDOWS_DISK_LOG_DECIDED,
    FACT_WINDOWS_DISK_LOG_FROM,
    FACT_WINDOWS_DISK_LOG_TO,
    FACT_WINDOWS_DISK_POLICY_IN_FORCE,
    FACT_NONE,
};

/* Groups ----------------------------------------------------------------------------------- */

enum status windows_volume_status(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, blob);
    struct windows w;
    bool known = b.st == ST_OK && windows_list_parse(b.data, p->arena, &w, NULL) == ST_OK;
    return known ? w.volume.st : ST_OK;
}

enum status windows_hive_status(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, blob);
    struct windows w;
    if (b.st != ST_OK)
        return ST_OK;
    if (windows_list_parse(b.data, p->arena, &w, NULL) != ST_OK)
        return ST_MALFORMED;
    return w.hive.st;
}

/*
 * The signer's name is that of Windows itself; other drivers signed by Microsoft have other names.
 */
static bool is_part_of_windows(const struct driver *d)
{
    for (size_t i = 0; i < d->n_chains; i++) {
        if (d->chains[i].publisher != NULL &&
            strcmp(d->chains[i].publisher, "Microsoft Windows") == 0)
            return true;
    }
    return false;
}

static void set_count(struct facts *f, enum fact_id id, enum status st, size_t n)
{
    if (st == ST_OK)
        facts_uint(f, id, n, origin_of("drivers"));
    else
        facts_unknown(f, id, st, origin_of("drivers"));
}

void windows_count_groups(struct facts *f, const struct driver_list *l, enum status hive)
{
    size_t count[DRIVER_GROUPS] = {0}, own = 0, others = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct driver *d = &l->items[i];
        count[d->group]++;
        if (d->group != DRIVER_GIVEN)
            *(is_part_of_windows(d) ? &own : &others) += 1;
    }
    enum status any = own + others > 0 ? ST_OK : ST_NOT_COLLECTED;
    enum status known = any == ST_OK ? hive : any;
    set_count(f, FACT_DRIVERS_REQUIRED, known, count[DRIVER_REQUIRED]);
    set_count(f, FACT_DRIVERS_PRESENT, known, count[DRIVER_PRESENT]);
    set_count(f, FACT_DRIVERS_STAGED, known, count[DRIVER_STAGED]);
    set_count(f, FACT_DRIVERS_MICROSOFT, any, own);
    set_count(f, FACT_DRIVERS_THIRD_PARTY, any, others);
}

void windows_note_others(const struct probe_run *p, const struct driver_list *l)
{
    size_t n = 0, left_out = 0;
    for (size_t i = 0; i < l->n; i++) {
        const struct driver *d = &l->items[i];
        bool others = d->group == DRIVER_PRESENT || d->group == DRIVER_STAGED;
        bool denied = d->denied_by != NULL && d->denied_by[0] != '\0';
        if (!others || (d->result != DRIVER_VIOLATION && !denied))
            continue;
        if (n++ < NOTES_ALIKE_MAX)
            notes_add(p->notes, "drivers", "%s (%s): %s", d->path, driver_group_name(d->group),
                      d->result == DRIVER_VIOLATION ? d->what : d->policy_says);
        else
            left_out++;
    }
    if (left_out > 0)
        notes_add(p->notes, "drivers", "and %zu more that do not start by themselves", left_out);
}

/* The log ---------------------------------------------------------------------------------- */

/* Event manifest of ci.dll; `counts`: the event is about memory integrity. */
static const struct {
    uint32_t id;
    bool counts;
    const char *text;
} events[] = {
    {3004, false, "Windows found no valid signature of it"},
    {3023, false, "Windows refused it: the file or its publisher is blocked"},
    {3033, false, "Windows refused it for its signature"},
    {3077, false, "a policy of this Windows refused it"},
    {3081, false, "Microsoft's block list refused it"},
    {3087, true, "Windows would refuse it if memory integrity were on"},
    {3111, true, "Windows refused it for memory integrity"},
};

/* The map HvciAuditFailures of the same manifest. */
static const char *const bits[] = {
    "it is not a native image",
    "its section alignment is invalid",
    "a section's alignment is invalid",
    "a section is both writable and executable",
    "a shared section is both writable and executable",
    "its import address table is in an executable section",
    "the place of its import address table is invalid",
    "its import address table was not found",
    "its sections are not contiguous on disk",
    "its sections are not in ascending order",
    "a section's size is invalid",
    "its Authenticode entry does not conform",
    "a failure that Windows does not name",
};

/* The paths of the drivers on the disk, in the order of by_path(). */
struct paths {
    const char **items;
    size_t n;
};

static int by_path(const void *a, const void *b)
{
    const char *const *l = a, *const *r = b;
    return span_order_like(span_of(*l), span_of(*r));
}

static struct paths paths_of(const struct driver_list *l, struct arena *a)
{
    struct paths p = {.n = l != NULL ? l->n : 0};
    p.items = arena_new(a, const char *, p.n);
    for (size_t i = 0; i < p.n; i++)
        p.items[i] = l->items[i].path;
    if (p.n > 1)
        qsort(p.items, p.n, sizeof *p.items, by_path);
    return p;
}

/* The file may have been replaced or removed since. */
static bool is_gone(const struct paths *p, const char *image)
{
    return p->n > 0 && bsearch(&image, p->items, p->n, sizeof *p->items, by_path) == NULL;
}

static void find(const struct probe_run *p, const struct windows_event *e, const char *text,
                 bool gone)
{
    struct out o;
    out_init(&o, p->arena);
    out_printf(&o, "%s (event %lu%s%s)", text, (unsigned long)e->id,
               e->when[0] != '\0' ? ", last on " : "", e->when);
    for (size_t i = 0, n = 0; i < COUNT(bits); i++) {
        if ((e->bits >> i & 1) != 0)
            out_printf(&o, "%s%s", n++ == 0 ? ": " : ", ", bits[i]);
    }
    if (e->bits != 0)
        out_printf(&o, " (Windows check 0x%lx)", (unsigned long)e->bits);
    if (gone)
        out_str(&o, "; that file is not on this disk now");
    findings_add(p->facts, (struct finding){.rule = RULE,
                                            .subject = e->image,
                                            .message = arena_text(p->arena, out_span(&o)),
                                            .offset = NO_OFFSET});
}

/* Returns how many existing files were refused because of memory integrity. */
static size_t find_all(const struct probe_run *p, const struct windows *w)
{
    struct paths paths = paths_of(p->facts->drivers, p->arena);
    size_t refused = 0, n = 0;
    for (size_t i = 0; i < w->n_events; i++) {
        const struct windows_event *e = &w->events[i];
        for (size_t k = 0; k < COUNT(events); k++) {
            if (events[k].id != e->id)
                continue;
            bool gone = is_gone(&paths, e->image), again = false;
            for (size_t j = 0; j < i; j++) /* 3087 and 3111 of one file count once */
                again |= w->events[j].id != e->id &&
                         (w->events[j].id == 3087 || w->events[j].id == 3111) &&
                         span_like(span_of(w->events[j].image), span_of(e->image));
            if (n++ < FINDINGS_MAX)
                find(p, e, events[k].text, gone);
            refused += events[k].counts && !gone && !again;
        }
    }
    findings_more(p->facts, RULE, blob, n, "events");
    return refused;
}

static void set_text(struct facts *f, enum fact_id id, const char *text, enum status otherwise)
{
    if (text != NULL)
        facts_text(f, id, text, origin_of(blob));
    else
        facts_unknown(f, id, otherwise, origin_of(blob));
}

static void set_log(const struct probe_run *p, const struct windows *w)
{
    struct facts *f = p->facts;
    size_t refused = find_all(p, w);
    /* A log without any event proves nothing. */
    enum status st = w->log.st == ST_OK && w->log_to == NULL ? ST_NOT_COLLECTED : w->log.st;
    set_text(f, FACT_WINDOWS_DISK_LOG_FROM, w->log_from, st != ST_OK ? st : ST_NOT_COLLECTED);
    set_text(f, FACT_WINDOWS_DISK_LOG_TO, w->log_to, st != ST_OK ? st : ST_NOT_COLLECTED);
    set_text(f, FACT_WINDOWS_DISK_POLICY_IN_FORCE, w->policy_in_force,
             st != ST_OK ? st : ST_NOT_COLLECTED);
    if (st == ST_OK || (st == ST_TRUNCATED && refused > 0))
        facts_uint(f, FACT_WINDOWS_DISK_LOG_REFUSED, refused, origin_of(blob));
    else
        facts_unknown(f, FACT_WINDOWS_DISK_LOG_REFUSED, st, origin_of(blob));
    if (st == ST_OK && w->volume.st != ST_OK)
        facts_unknown(f, FACT_WINDOWS_DISK_LOG_DECIDED, w->volume.st, origin_of(blob));
    else if (st == ST_OK)
        facts_bool(f, FACT_WINDOWS_DISK_LOG_DECIDED, true, origin_of(blob));
    else
        facts_unknown(f, FACT_WINDOWS_DISK_LOG_DECIDED, st, origin_of(blob));
}

/* The hive --------------------------------------------------------------------------------- */

static const char *const switch_words[SWITCH_COUNT] = {
    [SWITCH_UNSET] = "unset", [SWITCH_OFF] = "off", [SWITCH_ON] = "on"};

static void set_hive(const struct probe_run *p, const struct windows *w)
{
    struct facts *f = p->facts;
    bool ok = w->hive.st == ST_OK;
    set_text(f, FACT_WINDOWS_DISK_HIVE, !ok ? NULL : w->dirty ? "dirty" : "clean", w->hive.st);
    set_text(f, FACT_WINDOWS_DISK_MEMORY_INTEGRITY, ok ? switch_words[w->memory_integrity] : NULL,
             w->hive.st);
    set_text(f, FACT_WINDOWS_DISK_VBS, ok ? switch_words[w->vbs] : NULL, w->hive.st);
    set_text(f, FACT_WINDOWS_DISK_BLOCKLIST, ok ? switch_words[w->blocklist] : NULL, w->hive.st);
}

static void add_notes(const struct probe_run *p, const struct windows *w)
{
    const char *const says[] = {w->hive.says, w->log.says};
    for (size_t i = 0; i < COUNT(says); i++) {
        if (says[i] != NULL)
            notes_add(p->notes, blob, "%s", says[i]);
    }
    if (w->dirty)
        notes_add(p->notes, blob,
                  "the hive SYSTEM is dirty: Windows had not finished writing it, and vbscheck "
                  "does not replay its logs, so recent installations may be missing; shut Windows "
                  "down completely (shutdown /s /t 0) and look again");
    if (w->hive.st == ST_OK)
        notes_add(p->notes, blob, "memory integrity is %s in this Windows",
                  w->memory_integrity == SWITCH_UNSET ? "not set"
                                                      : switch_words[w->memory_integrity]);
    for (size_t i = 0; i < w->n_remarks; i++)
        notes_add(p->notes, blob, "%s", w->remarks[i]);
}

static void run(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, blob);
    struct windows w;
    struct fault f = {0};
    enum status st = b.st == ST_OK ? windows_list_parse(b.data, p->arena, &w, &f) : b.st;
    if (st != ST_OK) {
        if (f.what != NULL)
            notes_add(p->notes, blob, "%s (byte %zu)", f.what, f.offset);
        facts_all_unknown(p->facts, gives, st, origin_of(blob));
        return;
    }
    set_hive(p, &w);
    set_log(p, &w);
    add_notes(p, &w);
}

const struct probe probe_windows_disk = {
    .name = "windows",
    .summary = "A Windows on a disk: its drivers that start, and the drivers that its log names "
               "as refused",
    .wants = wants,
    .gives = gives,
    .run = run,
};
