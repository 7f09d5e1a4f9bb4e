/* SPDX-License-Identifier: MIT */
/*
 * EFI variables: on this machine through libefivar, below --root from the files of efivarfs. Reads
 * only those that rules need, by name.
 */
#include <string.h>

#include "collect/source.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

#define EFIVARS "sys/firmware/efi/efivars"

/* Only listed names of the signature database are kept; the certificates are not. */
#define DB      "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define DB_BLOB "efi/db-names"

static const char *const db_names[] = {
    "Microsoft Windows Production PCA 2011",
    "Microsoft Corporation UEFI CA 2011",
    "Windows UEFI CA 2023",
    "Microsoft UEFI CA 2023",
    "Microsoft Option ROM UEFI CA 2023",
};

/* A status for all variables, from the folder alone; ST_OK: look for each. */
static enum status look_at_folder(const struct collector *c)
{
    if (snap_get(c->snap, "efi/platform").st == ST_ABSENT)
        return ST_NOT_UEFI;
    const char *const *names;
    size_t n = 0;
    enum status st = ask_list(c->asker, EFIVARS, &names, &n);
    if (st == ST_ABSENT && ask_exists(c->asker, "sys/firmware/efi") != ST_OK)
        return ST_NOT_COLLECTED;
    if (st == ST_ABSENT || (st == ST_OK && n == 0)) /* not mounted, or no runtime services */
        return ST_NO_DRIVER;
    return st == ST_TRUNCATED ? ST_OK : st; /* more than one variable: as it should be */
}

/*
 * UEFI 2.10, 3.3: variables that firmware makes for every start, and that no rule reads. A copied
 * folder without them was not copied whole, and proves no absence.
 */
static const char *const of_every_start[] = {
    EFIVARS "/BootOrder-8be4df61-93ca-11d2-aa0d-00e098032b8c",
    EFIVARS "/BootCurrent-8be4df61-93ca-11d2-aa0d-00e098032b8c",
};

static enum status without_variable(const struct collector *c)
{
    struct span data;
    enum status st = collect_lacks(c);
    for (size_t i = 0; i < COUNT(of_every_start) && st != ST_ABSENT; i++) {
        if (ask_file(c->asker, of_every_start[i], &data) == ST_OK)
            st = ST_ABSENT;
    }
    return st;
}

static void add_file(struct collector *c, const char *want)
{
    const char *path = arena_printf(c->arena, EFIVARS "/%s", want + strlen("efivar/"));
    struct span data = {0};
    enum status st = ask_file(c->asker, path, &data);
    if (st == ST_ABSENT)
        st = without_variable(c);
    collect_add(c, want, arena_printf(c->arena, "/%s", path), st, data);
}

/* Asks libefivar for all at once. Returns an empty list if there is no such library. */
static struct span ask_library(const struct collector *c)
{
    struct out names;
    struct answer w = {.st = ST_IO_ERROR};
    size_t at = 0;
    out_init(&names, c->arena);
    for (const char *want; (want = collect_wanted("efivar/", &at)) != NULL;)
        out_bytes(&names, want + strlen("efivar/"), strlen(want + strlen("efivar/")) + 1);
    const struct question q = {.kind = ASK_VARIABLES, .path = "", .list = out_span(&names)};
    struct ask_item item;
    struct span bytes;
    c->asker->ask(c->asker->context, &q, c->arena, &w);
    struct span first = w.data;
    bool found = ask_next_item(&first, &item, &bytes) && item.st != ST_NOT_COLLECTED;
    return found ? w.data : (struct span){0};
}

static void add_variables(struct collector *c)
{
    struct span items = c->live ? ask_library(c) : (struct span){0};
    bool library = items.len > 0;
    size_t at = 0;
    for (const char *want; (want = collect_wanted("efivar/", &at)) != NULL;) {
        struct ask_item item = {.st = ST_IO_ERROR};
        struct span bytes = {0};
        if (!library) { /* the files hold the same bytes */
            add_file(c, want);
            continue;
        }
        (void)ask_next_item(&items, &item, &bytes);
        collect_add(c, want, arena_printf(c->arena, "/" EFIVARS "/%s", want + strlen("efivar/")),
                    (enum status)item.st, bytes);
    }
}

/* True if `data` holds the name as certificates do: after a byte with its length. */
static bool holds_name(struct span data, const char *name, struct arena *a)
{
    return span_find(data, arena_printf(a, "%c%s", (char)strlen(name), name), NULL);
}

static void add_db(struct collector *c, enum status all)
{
    struct span data;
    struct out o;
    out_init(&o, c->arena);
    enum status st = all == ST_OK ? ask_file(c->asker, EFIVARS "/" DB, &data) : all;
    if (st == ST_ABSENT)
        st = without_variable(c);
    for (size_t i = 0; (st == ST_OK || st == ST_TRUNCATED) && i < COUNT(db_names); i++) {
        if (holds_name(data, db_names[i], c->arena))
            out_printf(&o, "%s\n", db_names[i]);
    }
    collect_add(c, DB_BLOB, "/" EFIVARS "/" DB, st, out_span(&o));
}

static void fetch(struct collector *c)
{
    enum status all = look_at_folder(c);
    size_t at = 0;
    if (all == ST_OK)
        add_variables(c);
    for (const char *want; all != ST_OK && (want = collect_wanted("efivar/", &at)) != NULL;)
        collect_add(c, want, "/" EFIVARS, all, (struct span){0});
    if (collect_wants(DB_BLOB))
        add_db(c, all);
}

const struct source source_efivar = {
    .prefix = "efivar/",
    .summary = "EFI variables about Secure Boot and memory overwriting",
    .needs = "nothing, if efivarfs is mounted",
    .fetch = fetch,
};
