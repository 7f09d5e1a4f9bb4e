/* SPDX-License-Identifier: MIT */
/*
 * Kernel logs: reversed if the newest line is first, checked to belong to one machine, and cut
 * where boots begin. The last boot is judged; with several files the latest one, if all carry
 * dates. Only the lines that probes look for are kept, as in a capture.
 */
#include <string.h>

#include "load/log.h"
#include "parse/klog/klog.h"
#include "parse/klog/klog_boots.h"
#include "parse/klog/klog_hosts.h"
#include "parse/klog/klog_order.h"
#include "vbscheck/out.h"

static void keep(struct out *o, struct span s)
{
    out_bytes(o, (const char *)s.ptr, s.len);
}

/*
 * Mail wraps the longest line of all: moves its certain continuation from *rest to the kept lines.
 */
static void keep_tables(struct out *o, struct span tables, struct span *rest)
{
    struct span after = *rest, line;
    while (tables.len > 0 && span_next_line(&after, &line) && klog_tables_go_on(tables, line)) {
        tables = span_trim(line);
        out_char(o, ' ');
        keep(o, tables);
        *rest = after;
    }
}

/* For mail that lost the head of the line of tables as well: it follows the version line. */
static void keep_headless_tables(struct out *o, struct span message, struct span *rest)
{
    struct span after = *rest, line;
    struct klog_table t;
    if (!span_starts(message, "efi: EFI v") || !span_next_line(&after, &line) ||
        !klog_is_table(span_trim(line), &t))
        return;
    out_str(o, "\nefi: ");
    keep(o, span_trim(line));
    *rest = after;
}

/* The kept lines of one boot. */
static struct span kept_lines(struct span text, struct arena *a)
{
    struct span rest = text, line;
    struct out o;
    out_init(&o, a);
    while (span_next_line(&rest, &line)) {
        struct span message = klog_message(line);
        if (line.len == 0 || !klog_matters(message))
            continue;
        keep(&o, line);
        keep_tables(&o, klog_tables(message), &rest);
        keep_headless_tables(&o, message, &rest);
        if (rest.len > 0 || text.ptr[text.len - 1] == '\n')
            out_char(&o, '\n');
    }
    return out_span(&o);
}

/* The last line first. */
static struct span turned_round(struct span text, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (size_t end = text.len, i = text.len; i > 0; end = --i) {
        while (i > 0 && text.ptr[i - 1] != '\n')
            i--;
        if (i < end) {
            keep(&o, (struct span){text.ptr + i, end - i});
            out_char(&o, '\n');
        }
        if (i == 0)
            break;
    }
    return out_span(&o);
}

/* One boot to judge. */
struct boot {
    const char *file;
    struct span kept;
    uint64_t date; /* 0: unknown */
};

enum { BOOTS_MAX = 32 };

struct boots {
    struct boot items[BOOTS_MAX];
    size_t n;
    const char *crowded; /* a file that holds more */
};

static void add_boot(struct boots *all, struct boot b)
{
    for (size_t i = 0; i < all->n; i++) {
        if (span_equal(all->items[i].kept, b.kept))
            return;
    }
    if (all->n < BOOTS_MAX)
        all->items[all->n++] = b;
    else
        all->crowded = b.file;
}

static void add_open(struct boots *all, const struct log_file *f, const struct klog_boots *boots,
                     struct snapshot *out)
{
    for (size_t i = 0; i < boots->n_open && all->crowded == NULL; i++) {
        struct span boot = boots->open[i];
        struct span kept = kept_lines(boot, out->arena);
        uint64_t date = klog_boot_date(boot);
        if (kept.len > 0)
            add_boot(all, (struct boot){f->file, kept, date});
    }
}

static void note_boots(const char *file, const struct klog_boots *boots, struct snapshot *out)
{
    if (boots->n > 1 + boots->n_open)
        notes_add(&out->notes, file,
                  "the log contains %zu boots: the last is judged, %zu are left out", boots->n,
                  boots->n - 1 - boots->n_open);
    if (boots->backwards && boots->n_open > 0)
        notes_add(&out->notes, file,
                  "the dates of the log run backwards: where the boots before and after that "
                  "differ, nothing is decided");
    else if (boots->n_open > 0)
        notes_add(&out->notes, file,
                  "the log contains lines of %zu boots in unknown order: where they differ, "
                  "nothing is decided; give `journalctl -k -b --no-pager`",
                  boots->n_open + 1);
}

/* The boots of one file: the last, and those whose order is open. */
static void add_file(struct boots *all, const struct log_file *f, struct klog_hosts *hosts,
                     struct snapshot *out)
{
    struct klog_boots boots;
    struct span text = f->text;
    if (klog_is_newest_first(text)) {
        text = turned_round(text, out->arena);
        notes_add(&out->notes, f->file,
                  "the newest line of the log comes first: the log was read "
                  "from its end");
    }
    klog_hosts_take(hosts, text, f->file);
    klog_boots_find(text, out->arena, &boots);
    bool dated = !boots.backwards;
    struct boot last = {f->file, kept_lines(boots.last, out->arena),
                        dated ? klog_boot_date(boots.last) : 0};
    note_boots(f->file, &boots, out);
    add_open(all, f, &boots, out);
    if (last.kept.len > 0 || boots.n_open == 0)
        add_boot(all, last);
    if (boots.crowded)
        all->crowded = f->file;
}

/* A fuller log first, so that the order of names does not matter. */
static bool is_before(const struct boot *l, const struct boot *r)
{
    if (l->kept.len != r->kept.len)
        return l->kept.len > r->kept.len;
    return l->kept.len > 0 && memcmp(l->kept.ptr, r->kept.ptr, l->kept.len) < 0;
}

static void sort(struct boots *all)
{
    for (size_t i = 1; i < all->n; i++) {
        for (size_t k = i; k > 0 && is_before(&all->items[k], &all->items[k - 1]); k--) {
            struct boot b = all->items[k];
            all->items[k] = all->items[k - 1];
            all->items[k - 1] = b;
        }
    }
}

/* If all carry dates and the dates differ, only the latest boot counts. */
static void keep_latest(struct boots *all, struct snapshot *out)
{
    size_t best = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (all->items[i].date == 0)
            return;
        if (all->items[i].date > all->items[best].date)
            best = i;
    }
    size_t n = 0;
    for (size_t i = 0; i < all->n; i++) {
        if (all->items[i].date == all->items[best].date)
            all->items[n++] = all->items[i];
        else
            notes_add(&out->notes, all->items[i].file,
                      "an earlier boot than the one in %s: left "
                      "out",
                      all->items[best].file);
    }
    all->n = n;
}

static size_t lines_of(struct span text)
{
    size_t n = 0;
    for (struct span line; span_next_line(&text, &line);)
        n++;
    return n;
}

/* Reports two hosts, in one file or in two. */
static void hold_to_one_host(struct machine *m, const struct klog_hosts *hosts)
{
    const struct klog_host *one, *other = klog_hosts_other(hosts, &one);
    if (other != NULL)
        machine_differs(m, one->file, other->file,
                        arena_printf(m->arena, "hosts (\"%s\", \"%s\")",
                                     arena_short_text(m->arena, one->name),
                                     arena_short_text(m->arena, other->name)));
}

static void compare(struct machine *m, const struct boot *b)
{
    struct klog k;
    (void)klog_parse(b->kept, &k);
    machine_takes_arch(m, k.arm64 || k.armv7 ? ARCH_ARM : ARCH_UNKNOWN, b->file);
    machine_takes_arch(m, k.x86 ? ARCH_X86 : ARCH_UNKNOWN, b->file);
    struct span bios, name = k.dmi;
    if (span_find(k.dmi, ", BIOS ", &bios))
        name.len = k.dmi.len - bios.len - sizeof ", BIOS " + 1;
    machine_takes_name(m, name, b->file);
    for (size_t i = 0; i < k.acpi.counted && i < KLOG_ACPI_MOST; i++)
        machine_takes_fadt_line(m, k.acpi.lines[i], b->file);
}

static void add_blobs(const struct boots *all, struct snapshot *out)
{
    for (size_t i = 0; i < all->n; i++)
        snap_add(out, (struct blob){.name = "efi/kernel-log",
                                    .from = all->items[i].file,
                                    .st = ST_OK,
                                    .data = all->items[i].kept});
    if (all->n > 1 && strcmp(all->items[0].file, all->items[1].file) != 0)
        notes_add(&out->notes, "efi/kernel-log",
                  "%s and %s are logs of different boots in unknown order: where they differ, "
                  "nothing is decided",
                  all->items[0].file, all->items[1].file);
}

size_t log_load(const struct log_file *logs, size_t n, struct machine *machine,
                struct snapshot *out)
{
    struct boots all = {0};
    struct klog_hosts hosts = {0};
    size_t used = 0;
    for (size_t i = 0; i < n; i++) {
        size_t before = all.n;
        add_file(&all, &logs[i], &hosts, out);
        bool understood = all.n == before || all.items[before].kept.len > 0;
        used += understood;
        if (!understood) {
            all.n = before;
            notes_add(&out->notes, logs[i].file,
                      "a kernel log of %zu lines, none of which is understood: give the output of "
                      "`dmesg`, or of `journalctl -k -b --no-pager`",
                      lines_of(logs[i].text));
        }
    }
    hold_to_one_host(machine, &hosts);
    if (all.crowded != NULL)
        machine_refuses(machine, all.crowded,
                        "contains lines of too many boots: give one boot, as `journalctl -k -b "
                        "--no-pager` prints it");
    sort(&all);
    keep_latest(&all, out);
    for (size_t i = 0; i < all.n; i++)
        compare(machine, &all.items[i]);
    add_blobs(&all, out);
    return used;
}

void log_split(struct snapshot *s)
{
    for (size_t i = 0; i < s->n; i++) {
        struct blob b = s->blobs[i];
        struct klog_boots boots;
        if (strcmp(b.name, "efi/kernel-log") != 0 || b.data.len == 0)
            continue;
        klog_boots_find(b.data, s->arena, &boots);
        if (boots.n == 1)
            return;
        note_boots(b.name, &boots, s);
        s->blobs[i].data = boots.last;
        if (boots.crowded || boots.n_open >= BOOTS_MAX)
            s->blobs[i] = (struct blob){.name = b.name, .from = b.from, .st = ST_CONFLICT};
        for (size_t k = 0; k < boots.n_open && s->blobs[i].st != ST_CONFLICT; k++)
            snap_add(s, (struct blob){
                            .name = b.name, .from = b.from, .st = b.st, .data = boots.open[k]});
        return;
    }
}
