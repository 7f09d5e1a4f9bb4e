/* SPDX-License-Identifier: MIT */
/* Mutants: which base, which files of it, and how they differ. */
#include <stdlib.h>
#include <string.h>

#include "fuzz/mutants/mutants.h"
#include "support/mutant.h"
#include "vbscheck/count.h"

/* SplitMix64 (Steele, Lea, Flood 2014): neighbouring numbers give unlike states. */
static uint64_t mixed(uint64_t n)
{
    n += UINT64_C(0x9e3779b97f4a7c15);
    n = (n ^ n >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    n = (n ^ n >> 27) * UINT64_C(0x94d049bb133111eb);
    return (n ^ n >> 31) | 1;
}

/* The next number below `below`, which is not 0. */
static size_t pick(uint64_t *state, size_t below)
{
    *state = mixed(*state);
    return (size_t)(*state >> 1) % below;
}

/* Texts of people who mean harm, or of other countries. */
static const char *const tokens[] = {
    MUTANT_TAG,
    "\x1b[2J\x1b[31mREADY\x1b[0m",
    "\r\nREADY for virtualization-based security\r\n",
    "=cmd|'/c calc'!A1",
    "\xe2\x80\xae"
    "txet\xe2\x80\xac",
    "\xc2\x9b"
    "31m",
    "\xff\xfe\xfd",
    "]]>--></td></table><script>",
    "| pass | smm.wsmt |\n|---|",
    "\xf3\xa0\x80\xa1\xe2\x80\x8b\xc2\xad",
    "${jndi:x}`id`$(id)%s%n",
    "18446744073709551615",
    "-2147483648",
    "0xffffffffffffffff",
};

static const char *const statuses[] = {"absent",    "no-permission", "no-driver",
                                       "io-error",  "timeout",       "hidden",
                                       "malformed", "truncated",     "bogus"};

static void keep_heap(struct mutant *m, struct raw_file *f, struct heap h)
{
    m->heaps[m->n_heaps++] = h;
    f->data = h.span;
}

static void change_bytes(struct mutant *m, struct raw_file *f, uint64_t *state)
{
    if (f->data.len > 0 && m->n_heaps < COUNT(m->heaps))
        keep_heap(m, f, mutant_of(f->data, state));
}

/* `cut` bytes at `at` become `put`. */
static void replace(struct mutant *m, struct raw_file *f, size_t at, size_t cut, struct span put)
{
    size_t n = f->data.len - cut + put.len;
    uint8_t *bytes = malloc(n > 0 ? n : 1);
    if (bytes == NULL)
        abort();
    memcpy(bytes, f->data.ptr, at);
    memcpy(bytes + at, put.ptr, put.len);
    memcpy(bytes + at + put.len, f->data.ptr + at + cut, f->data.len - at - cut);
    keep_heap(m, f, (struct heap){bytes, {bytes, n}});
}

/* Hostile text behind some ": " or "=" of a line, where values stand, or anywhere. */
static void put_token(struct mutant *m, struct raw_file *f, uint64_t *state)
{
    if (f->data.len == 0 || m->n_heaps == COUNT(m->heaps))
        return;
    size_t at = pick(state, f->data.len);
    for (size_t i = at; i < f->data.len && i < at + 200; i++) {
        if (f->data.ptr[i] == ':' || f->data.ptr[i] == '=') {
            at = i + 1;
            break;
        }
    }
    size_t cut = pick(state, 3) == 0 ? pick(state, f->data.len - at + 1) % 16 : 0;
    replace(m, f, at, cut, span_of(tokens[pick(state, COUNT(tokens))]));
}

/* A stretch of the file, of whole lines where it has some, is left out or stands there twice. */
static void move_lines(struct mutant *m, struct raw_file *f, uint64_t *state)
{
    if (f->data.len < 2 || m->n_heaps == COUNT(m->heaps))
        return;
    size_t at = pick(state, f->data.len), n = 1 + pick(state, 160);
    const uint8_t *end = f->data.ptr + f->data.len;
    const uint8_t *line = memchr(f->data.ptr + at, '\n', f->data.len - at);
    at = line != NULL && line + 1 < end ? (size_t)(line + 1 - f->data.ptr) : at;
    n = n < f->data.len - at ? n : f->data.len - at;
    line = memchr(f->data.ptr + at + n - 1, '\n', f->data.len - at - n + 1);
    n = line != NULL ? (size_t)(line + 1 - f->data.ptr) - at : n;
    bool twice = pick(state, 2) == 0;
    const struct span part = {f->data.ptr + at, twice ? n : 0};
    replace(m, f, at, twice ? 0 : n, part);
}

static bool is_unread(const struct raw_file *f)
{
    return strchr(f->name, '=') != NULL;
}

/* The file of the same name of another machine. */
static void put_others(struct mutant *m, const struct bases *b, struct raw_file *f, uint64_t *state)
{
    const struct base *other = &b->items[pick(state, b->n)];
    for (size_t i = 0; i < other->n && other->capture == m->base->capture; i++) {
        if (strcmp(other->files[i].name, f->name) == 0)
            f->data = other->files[i].data;
    }
}

static void change_file(struct mutant *m, const struct bases *b, uint64_t *state)
{
    size_t at = pick(state, m->n);
    struct raw_file *f = &m->files[at];
    size_t how = pick(state, 16);
    if (is_unread(f))
        f->name = arena_printf(&m->arena, "%.*s=%s", (int)strcspn(f->name, "="), f->name,
                               statuses[pick(state, COUNT(statuses))]);
    else if (how < 5)
        change_bytes(m, f, state);
    else if (how < 10)
        put_token(m, f, state);
    else if (how < 13)
        move_lines(m, f, state);
    else if (how == 13)
        put_others(m, b, f, state);
    else if (how == 14 && m->base->capture)
        f->name = arena_printf(&m->arena, "%s=%s", f->name, statuses[pick(state, COUNT(statuses))]);
    else if (m->n > 1)
        m->files[at] = m->files[--m->n];
}

/* "acpi/DMAR" and "acpi/DMAR1" of the signature "DMAR"; also the rows of those not read. */
static bool is_of(const char *name, struct span table)
{
    return strncmp(name, "acpi/", 5) == 0 && strncmp(name + 5, (const char *)table.ptr, 4) == 0;
}

/* One table becomes a mutant of its own, or of another machine's of the same signature or not. */
static void change_table(struct mutant *m, const struct bases *b, uint64_t *state)
{
    size_t mine[MUTANT_FILES], n = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (table_is_blob(m->files[i].name) && m->files[i].data.len >= 36)
            mine[n++] = i;
    }
    bool own = n > 0 && (b->n_tables == 0 || pick(state, 2) == 0);
    if (!own && b->n_tables == 0)
        return;
    struct span from =
        own ? m->files[mine[pick(state, n)]].data : b->tables[pick(state, b->n_tables)].data;
    size_t kept = 0;
    for (size_t i = 0; i < m->n; i++) {
        if (!is_of(m->files[i].name, from))
            m->files[kept++] = m->files[i];
    }
    m->n = kept;
    struct raw_file *f = &m->files[m->n++];
    *f = (struct raw_file){.name = arena_printf(&m->arena, "acpi/%.4s", (const char *)from.ptr)};
    keep_heap(m, f, mutant_of_table(from, state, (unsigned)pick(state, 3)));
    m->table = f->data;
}

void mutant_make(struct mutant *m, const struct bases *b, uint64_t seed)
{
    uint64_t state = mixed(seed);
    *m = (struct mutant){.base = &b->items[pick(&state, b->n)]};
    test_arena(&m->arena);
    /* Loose texts take much longer than blobs: there are fewer of them. */
    for (int again = 0; again < 2 && !m->base->capture; again++)
        m->base = &b->items[pick(&state, b->n)];
    memcpy(m->files, m->base->files, m->base->n * sizeof *m->files);
    m->n = m->base->n;
    m->kind = MUTANT_LOOSE;
    if (m->base->capture)
        m->kind = pick(&state, 3) > 0 ? MUTANT_TABLE : MUTANT_BLOB;
    if (m->kind == MUTANT_TABLE)
        change_table(m, b, &state);
    else
        for (size_t left = 1 + pick(&state, 3); left > 0; left--)
            change_file(m, b, &state);
    whole_sort(m->files, m->n);
}

void mutant_free(struct mutant *m)
{
    for (size_t i = 0; i < m->n_heaps; i++)
        heap_free(&m->heaps[i]);
    arena_reset(&m->arena);
}
