/* SPDX-License-Identifier: MIT */
/*
 * The Memory Attributes Table: whether firmware publishes one, and as much of it as can be judged,
 * from its bytes or from Linux' log with efi=debug.
 */
#include "parse/memattr.h"

#include "parse/klog/klog.h"
#include "parse/memattr_steps.h"
#include "parse/version.h"
#include "probe/efi.h"
#include "probe/memattr/memattr_table.h"
#include "probe/viewpoint/viewpoint.h"
#include "vbscheck/count.h"

#define BYTES "efi/memattr"
#define STEPS "efi/memattr-steps"
#define LOG   "efi/kernel-log"

static const char *const wants[] = {
    BYTES, STEPS, LOG, "efi/runtime-map", "efi/platform", "kernel", NULL,
};

static const enum fact_id gives[] = {
    FACT_MAT_PUBLISHED,       FACT_MAT_VERSION,     FACT_MAT_READ_FROM,       FACT_MAT_FLOW,
    FACT_MAT_ENTRIES,         FACT_MAT_UNPROTECTED, FACT_MAT_COVERS,          FACT_MAT_LAYOUT,
    FACT_MAT_EXECUTABLE_DATA, FACT_MAT_EMPTY,       FACT_MAT_CODE_EXECUTABLE, FACT_NONE,
};

/* Published ---------------------------------------------------------------------------------- */

/* Linux lists the tables that firmware publishes in one line, including MEMATTR since 4.6. */
static bool is_proven_absent(const struct probe_run *p)
{
    const struct fact *kernel = &p->facts->all[FACT_HOST_KERNEL];
    return snap_get(p->snap, LOG).st == ST_OK && klog_tables_lack(p->log, "MEMATTR") &&
           kernel->st == ST_OK && version_at_least(span_of(kernel->v.text), 4, 6);
}

/* Why it is unknown whether there is a table. */
static enum status unseen(const struct probe_run *p)
{
    enum status log = snap_get(p->snap, LOG).st;
    /* A log excerpt made for another purpose is not a log that lost lines. */
    bool excerpt = p->snap->kind == SOURCE_EVIDENCE && !p->log->efi && p->log->efi_tables.len == 0;
    if (log == ST_OK)
        return excerpt ? ST_NOT_COLLECTED : ST_TRUNCATED;
    return log;
}

static void give_published(const struct probe_run *p, const struct mat_sight *s,
                           const struct memattr_steps *tried)
{
    struct facts *f = p->facts;
    if (s->insane)
        facts_unknown(f, FACT_MAT_PUBLISHED, s->st, origin_of(s->blob));
    else if (s->st == ST_OK || s->st == ST_TRUNCATED)
        facts_bool(f, FACT_MAT_PUBLISHED, true, origin_of(s->blob));
    else if (s->cut_short)
        facts_unknown(f, FACT_MAT_PUBLISHED, ST_TRUNCATED, origin_of(LOG));
    else if (s->log.has_address)
        facts_bool(f, FACT_MAT_PUBLISHED, true, origin_of(LOG));
    else if (tried->has_address)
        facts_bool(f, FACT_MAT_PUBLISHED, true, origin_of(STEPS));
    else if (p->view->hides && (s->log.unusable || is_proven_absent(p)))
        facts_unknown(f, FACT_MAT_PUBLISHED, ST_HIDDEN, origin_of(LOG));
    else if (s->log.unusable)
        facts_unknown(f, FACT_MAT_PUBLISHED, ST_MALFORMED, origin_of(LOG));
    else if (is_proven_absent(p))
        facts_bool(f, FACT_MAT_PUBLISHED, false, origin_of(LOG));
    else
        facts_unknown(f, FACT_MAT_PUBLISHED, unseen(p), origin_of(LOG));
}

/* Seen --------------------------------------------------------------------------------------- */

/* "version -1347440721", "(version == 0, desc_size == 18058, num_entries == 33554432)" */
static bool number_after(struct span message, const char *label, uint64_t *out)
{
    struct span after;
    if (!span_find(message, label, &after))
        return false;
    if (span_starts(after, "-")) {
        *out = UINT32_MAX;
        return true;
    }
    return span_take_dec(&after, out) && *out <= UINT32_MAX;
}

/* The header of a table that Linux reports as corrupted. */
static bool linux_saw_header(struct span m, uint64_t *version, uint64_t *stride, uint64_t *entries)
{
    return number_after(m, "version == ", version) && number_after(m, "desc_size == ", stride) &&
           number_after(m, "num_entries == ", entries);
}

/* A sane header that announces no entry: there was nothing more to read. */
static bool linux_saw_empty(const struct memattr_log *log)
{
    for (size_t i = 0; i < log->n_complaints; i++) {
        uint64_t version = 0, stride = 0, entries = 1;
        if (linux_saw_header(log->complaints[i], &version, &stride, &entries) && entries == 0 &&
            memattr_header_is_sane(version, stride, entries))
            return true;
    }
    return false;
}

/*
 * A header that Linux rejected rightly. Linux also rejects sane ones: version 2 before it knew it,
 * and tables that are long compared to the memory map.
 */
static bool linux_saw_nonsense(const struct memattr_log *log)
{
    for (size_t i = 0; i < log->n_complaints; i++) {
        struct span m = log->complaints[i];
        uint64_t version = 0, stride = 48, entries = 1;
        bool corrupted = linux_saw_header(m, &version, &stride, &entries);
        bool unexpected = span_starts(m, "Unexpected EFI Memory Attributes table version ") &&
                          number_after(m, "table version ", &version);
        if ((corrupted || unexpected) && !memattr_header_is_sane(version, stride, entries))
            return true;
    }
    return false;
}

/* A complaint about a header whose values are missing: the line was cut or wrapped. */
static bool linux_was_cut_short(const struct memattr_log *log)
{
    static const char *const starts[] = {"Unexpected EFI", "Corrupted",
                                         "[Firmware Bug]: Corrupted"};
    for (size_t i = 0; i < log->n_complaints; i++) {
        struct span m = log->complaints[i];
        uint64_t version = 0, stride = 0, entries = 0;
        bool told = linux_saw_header(m, &version, &stride, &entries) ||
                    number_after(m, "table version ", &version);
        for (size_t k = 0; k < COUNT(starts); k++) {
            if (span_starts(m, starts[k]) && !told)
                return true;
        }
    }
    return false;
}

/* Linux found the address but could not map it: nobody can read the table. */
static bool linux_failed_to_map(const struct memattr_log *log)
{
    for (size_t i = 0; i < log->n_complaints; i++) {
        if (span_starts(log->complaints[i], "Failed to map EFI Memory Attributes table"))
            return true;
    }
    return false;
}

static void see_bytes(const struct probe_run *p, const struct blob *b,
                      const struct memattr_steps *tried, struct mat_sight *s)
{
    struct fault fault = {0};
    s->blob = BYTES;
    s->st = memattr_parse(b->data, p->arena, &s->table, &fault);
    s->insane = s->st == ST_MALFORMED;
    if (s->st == ST_OK)
        s->read_from = tried->has_bytes ? arena_text(p->arena, tried->route) : "file";
    else
        notes_add(p->notes, BYTES, "the table cannot be judged: %s, at byte %zu", fault.what,
                  fault.offset);
}

static void see(const struct probe_run *p, const struct memattr_steps *tried, struct mat_sight *s)
{
    struct blob b = snap_get(p->snap, BYTES);
    memattr_read_log(snap_get(p->snap, LOG).data, p->arena, &s->log);
    s->cut_short = linux_was_cut_short(&s->log);
    s->blob = BYTES;
    s->st = b.st;
    if (b.st == ST_OK || (b.st == ST_TRUNCATED && b.data.len > 0))
        see_bytes(p, &b, tried, s);
    if (s->st == ST_OK || s->insane)
        return;
    if (s->log.table.n > 0) {
        s->blob = LOG;
        s->st = ST_OK;
        s->table = s->log.table;
        s->from_log = true;
        s->read_from = "kernel-log";
    } else if (linux_saw_nonsense(&s->log)) {
        s->blob = LOG;
        s->st = ST_MALFORMED;
        s->insane = true;
    } else if (linux_saw_empty(&s->log)) {
        s->blob = LOG;
        s->st = ST_OK;
        s->from_log = true;
        s->read_from = "kernel-log";
    } else if (linux_failed_to_map(&s->log)) {
        s->blob = LOG;
        s->st = ST_MALFORMED;
    }
}

/*
 * If a hypervisor shows this system other memory than the machine's, a fault there is not the
 * firmware's.
 */
static void see_past_hypervisor(const struct probe_run *p, struct mat_sight *s)
{
    if (p->view->hides && (s->st == ST_MALFORMED || s->st == ST_UNSUPPORTED))
        s->st = ST_HIDDEN;
}

/* The attempts to read the table, if none succeeded. */
static void note_steps(const struct probe_run *p, const struct mat_sight *s,
                       const struct memattr_steps *tried)
{
    const char *steps = "";
    if (s->st == ST_OK)
        return;
    for (size_t i = 0; i < tried->n_lines; i++)
        steps = arena_printf(p->arena, "%s%s%s", steps, i > 0 ? "; " : "",
                             arena_text(p->arena, tried->lines[i]));
    if (steps[0] != '\0')
        notes_add(p->notes, BYTES, "search for the table: %s", steps);
}

static void note_complaints(const struct probe_run *p, const struct memattr_log *log)
{
    enum { MOST = 8 };
    for (size_t i = 0; i < log->n_complaints && i < MOST; i++)
        notes_add(p->notes, LOG, "Linux reports about the Memory Attributes Table: %s",
                  arena_text(p->arena, log->complaints[i]));
    if (log->rejected > 0)
        notes_add(p->notes, LOG, "entries of the table that Linux refused: %zu", log->rejected);
}

static void run(const struct probe_run *p)
{
    struct mat_sight s = {0};
    struct memattr_steps tried;
    if (efi_is_legacy_boot(p)) {
        facts_all_unknown(p->facts, gives, ST_NOT_UEFI, origin_of("efi/platform"));
        return;
    }
    memattr_steps_parse(snap_get(p->snap, STEPS).data, &tried);
    see(p, &tried, &s);
    see_past_hypervisor(p, &s);
    give_published(p, &s, &tried);
    mat_table_give(p, &s);
    note_steps(p, &s, &tried);
    note_complaints(p, &s.log);
}

const struct probe probe_memattr = {
    .name = "memattr",
    .summary = "the UEFI Memory Attributes Table and the protections it promises",
    .wants = wants,
    .gives = gives,
    .run = run,
};
