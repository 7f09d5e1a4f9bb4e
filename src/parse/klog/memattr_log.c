/* SPDX-License-Identifier: MIT */
/*
 * The Memory Attributes Table in a kernel log. With efi=debug, efi_memattr_apply_permissions()
 * prints every entry; without it, only the entries that it rejects. It prints the reason before a
 * rejected entry.
 */
#include "parse/klog/efi_print.h"
#include "parse/klog/klog.h"
#include "parse/memattr.h"

enum { COMPLAINTS_MAX = 64 };

struct reader {
    struct arena *arena;
    struct memattr_log log;
    struct efi_region *entries;
    struct span *complaints;
    struct span tables; /* of the line before, which may go on in this one */
    bool is_complained; /* the next entry must be a rejected one */
    bool interrupted;   /* another message came since the listing began */
    bool broken;        /* something is missing in the listing */
    bool over;          /* the log of another boot began */
    size_t again;       /* the next entry if the listing is repeated */
    unsigned searches;  /* for an entry after which a repetition goes on */
};

/* Text that was marked up by a program on the way, as in "{+MEMATTR=0x77526018+}". */
static void read_marked_up(struct reader *r, struct span tables)
{
    struct span after;
    if (r->log.has_address || r->log.unusable || !span_find(tables, "{+MEMATTR=0x", &after))
        return;
    bool taken = span_take_hex(&after, &r->log.address);
    r->log.unusable = taken && klog_is_no_address(r->log.address);
    r->log.has_address = taken && !r->log.unusable;
}

static void read_tables(struct reader *r, struct span tables)
{
    struct klog_table t;
    struct span all = tables;
    r->tables = tables;
    while (klog_next_table(&tables, &t)) {
        if (r->log.has_address || !span_is(t.name, "MEMATTR"))
            continue;
        r->log.address = t.address;
        r->log.has_address = !t.unusable;
        r->log.unusable = t.unusable;
    }
    read_marked_up(r, all);
}

/* Entries listed before belong to no listing: the log was cut, or the boot had no efi=debug. */
static void open_listing(struct reader *r)
{
    r->over |= r->log.opening;
    if (r->over)
        return;
    r->log.opening = true;
    r->log.table.n = 0;
    r->log.rejected = 0;
    r->log.n_complaints = 0;
    r->is_complained = false;
    r->interrupted = false;
    r->broken = false;
    r->again = 0;
}

static void complain(struct reader *r, struct span message)
{
    struct memattr_log *log = &r->log;
    r->broken |= r->is_complained || r->interrupted;
    r->is_complained = true;
    if (log->n_complaints >= COMPLAINTS_MAX)
        return;
    r->complaints = arena_grow(r->arena, r->complaints, log->n_complaints, sizeof *r->complaints);
    r->complaints[log->n_complaints++] = message;
}

/* "0x00003e6c4000-0x00003e6c4fff [Runtime Code|RUN|  |…]", the end inclusive. */
static bool read_entry(struct span s, struct efi_region *out)
{
    struct efi_region e = {.offset = SIZE_MAX};
    uint64_t last = 0;
    if (!efi_print_take_range(&s, &e.start, &last) || !span_starts(s, " "))
        return false;
    s = span_trim(s);
    if (!efi_print_take_type(&s, &e.type, &e.attributes) || s.len > 0 ||
        !efi_print_pages(e.start, last, &e.pages))
        return false;
    *out = e;
    return true;
}

static bool is_same(const struct efi_region *l, const struct efi_region *r)
{
    return l->start == r->start && l->pages == r->pages && l->type == r->type &&
           l->attributes == r->attributes;
}

/* A log that was read twice, the second time without its beginning, has entries twice. */
static bool is_again(struct reader *r, const struct efi_region *e)
{
    enum { SEARCHES = 4 };
    size_t n = r->log.table.n;
    bool ascends = n == 0 || e->start >= r->entries[n - 1].start;
    bool next = r->again > 0 && r->again < n && is_same(&r->entries[r->again], e);
    if (next || ascends || r->searches == SEARCHES) {
        r->again += next;
        return next;
    }
    r->searches++;
    r->again = 0;
    while (r->again < n && !is_same(&r->entries[r->again], e))
        r->again++;
    r->again += r->again < n;
    return r->again > 0 && is_same(&r->entries[r->again - 1], e);
}

static void add_entry(struct reader *r, struct span message, bool rejected)
{
    struct efi_region e;
    struct memattr *table = &r->log.table;
    r->broken |= r->interrupted || rejected != r->is_complained;
    r->is_complained = false;
    if (table->n >= EFI_PRINT_REGIONS_MAX || !read_entry(message, &e)) {
        r->broken = true;
        return;
    }
    if (is_again(r, &e)) {
        r->broken = true;
        return;
    }
    r->entries = arena_grow(r->arena, r->entries, table->n, sizeof *r->entries);
    r->entries[table->n++] = e;
    r->log.rejected += rejected;
}

static void read_memattr(struct reader *r, struct span message)
{
    bool rejected = span_starts(message, "!");
    struct span entry = span_trim(span_skip(message, rejected ? 1 : 0));
    if (rejected || span_starts(entry, "0x"))
        add_entry(r, entry, rejected);
    else if (span_starts(message, "Processing EFI Memory Attributes table"))
        open_listing(r);
    else if (message.len > 0)
        complain(r, message);
}

static bool has_anything(const struct reader *r)
{
    return r->log.has_address || r->log.unusable || r->log.opening || r->log.table.n > 0 ||
           r->log.n_complaints > 0;
}

static void read_line(struct reader *r, struct span line)
{
    static const char prefix[] = "efi: memattr:";
    struct span message = klog_message(line);
    struct span before = r->tables;
    r->tables = (struct span){0};
    if (before.len > 0 && klog_tables_go_on(before, line)) {
        read_tables(r, span_trim(line));
        return;
    }
    if (span_starts(message, prefix)) {
        read_memattr(r, span_trim(span_skip(message, sizeof prefix - 1)));
        return;
    }
    /* Lines that a capture does not keep are ignored, so that its log gives the same result. */
    r->interrupted |= r->log.opening && !r->interrupted && klog_matters(message);
    if (span_starts(message, "efi:"))
        read_tables(r, klog_tables(message));
    else if (span_starts(message, "Linux version "))
        r->over |= has_anything(r);
}

void memattr_read_log(struct span log, struct arena *a, struct memattr_log *out)
{
    struct reader r = {.arena = a};
    struct span line;
    while (!r.over && span_next_line(&log, &line))
        read_line(&r, line);
    r.log.contiguous = r.log.opening && r.log.table.n > 0 && !r.broken && !r.is_complained;
    r.log.table.entries = r.entries;
    r.log.complaints = r.complaints;
    *out = r.log;
}
