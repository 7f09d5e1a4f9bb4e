/* SPDX-License-Identifier: MIT */
/*
 * EFI variables: on this machine through libefivar, below --root from the files of efivarfs. Only
 * those that rules need, by name.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "collect/source.h"
#include "io/libs.h"
#include "io/root.h"
#include "vbscheck/count.h"
#include "vbscheck/out.h"

#define EFIVARS "sys/firmware/efi/efivars"

/* Of the signature database only names on a list are kept: the certificates stay where they are. */
#define DB      "db-d719b2cb-3d3a-4596-a3bc-dad00e67656f"
#define DB_BLOB "efi/db-names"

static const char *const db_names[] = {
    "Microsoft Windows Production PCA 2011",
    "Microsoft Corporation UEFI CA 2011",
    "Windows UEFI CA 2023",
    "Microsoft UEFI CA 2023",
    "Microsoft Option ROM UEFI CA 2023",
};

enum { EFIVAR_MAX = 64 << 10, GUID_LEN = 36, ATTRIBUTES_LEN = 4 };

#if VBSCHECK_HAVE_LIBEFIVAR

/* Attributes, little endian, and data in one block, as efivarfs shows them. */
static struct span join(struct arena *a, uint32_t attributes, const uint8_t *data, size_t n)
{
    uint8_t *all = arena_alloc(a, ATTRIBUTES_LEN + n, 1);
    for (unsigned i = 0; i < ATTRIBUTES_LEN; i++)
        all[i] = (uint8_t)(attributes >> (8 * i));
    if (n > 0)
        memcpy(all + ATTRIBUTES_LEN, data, n);
    return (struct span){all, ATTRIBUTES_LEN + n};
}

/* `name` is "NAME-GUID" and longer than a GUID. */
static enum status get_variable(const struct efivar_lib *lib, const char *name, struct arena *a,
                                struct span *out)
{
    size_t len = strlen(name) - GUID_LEN - 1;
    char *plain = arena_text(a, (struct span){(const uint8_t *)name, len});
    efi_guid_t guid;
    if (lib->efi_str_to_guid(name + len + 1, &guid) != 0)
        return ST_IO_ERROR;
    uint8_t *data = NULL;
    size_t n = 0;
    uint32_t attributes = 0;
    if (lib->efi_get_variable(guid, plain, &data, &n, &attributes) != 0)
        return status_from_errno(errno);
    /* An empty file is the phantom of a refused create; the library calls it a success. */
    bool phantom = n == 0 && attributes == 0;
    size_t kept = n < EFIVAR_MAX ? n : EFIVAR_MAX;
    *out = phantom ? (struct span){0} : join(a, attributes, data, kept);
    free(data);
    return kept < n ? ST_TRUNCATED : ST_OK;
}

#else

static enum status get_variable(const struct efivar_lib *lib, const char *name, struct arena *a,
                                struct span *out)
{
    (void)lib;
    (void)name;
    (void)a;
    (void)out;
    return ST_IO_ERROR; /* never called: there is no `lib` */
}

#endif

/* What holds for every variable, seen from the folder; ST_OK: look for each. */
static enum status look_at_folder(const struct collector *c)
{
    if (snap_get(c->snap, "efi/platform").st == ST_ABSENT)
        return ST_NOT_UEFI;
    const char *const *names;
    size_t n = 0;
    enum status st = root_list(c->root, EFIVARS, 1, c->arena, &names, &n);
    if (st == ST_ABSENT && root_exists(c->root, "sys/firmware/efi") != ST_OK)
        return ST_NOT_COLLECTED;
    if (st == ST_ABSENT || (st == ST_OK && n == 0)) /* not mounted, or no runtime services */
        return ST_NO_DRIVER;
    return st == ST_TRUNCATED ? ST_OK : st; /* more than one: as it should be */
}

static void add_variable(struct collector *c, const struct efivar_lib *lib, const char *want)
{
    const char *name = want + strlen("efivar/");
    const char *path = arena_printf(c->arena, EFIVARS "/%s", name);
    struct span data = {0};
    enum status st = lib != NULL && strlen(name) > GUID_LEN + 1
                         ? get_variable(lib, name, c->arena, &data)
                         : root_read(c->root, path, EFIVAR_MAX, c->arena, &data);
    collect_add(c, want, arena_printf(c->arena, "/%s", path), st, data);
}

/* A name as certificates hold it: behind a byte that is its length. */
static bool holds_name(struct span data, const char *name, struct arena *a)
{
    return span_find(data, arena_printf(a, "%c%s", (char)strlen(name), name), NULL);
}

static void add_db(struct collector *c, enum status all)
{
    struct span data;
    struct out o;
    out_init(&o, c->arena);
    enum status st =
        all == ST_OK ? root_read(c->root, EFIVARS "/" DB, EFIVAR_MAX, c->arena, &data) : all;
    for (size_t i = 0; (st == ST_OK || st == ST_TRUNCATED) && i < COUNT(db_names); i++) {
        if (holds_name(data, db_names[i], c->arena))
            out_printf(&o, "%s\n", db_names[i]);
    }
    collect_add(c, DB_BLOB, "/" EFIVARS "/" DB, st, out_span(&o));
}

static void fetch(struct collector *c)
{
    enum status all = look_at_folder(c);
    /* Where the library is not installed the files are read: they hold the same bytes. */
    const struct efivar_lib *lib = all == ST_OK && c->live ? libs_efivar(NULL) : NULL;
    size_t at = 0;
    for (const char *want; (want = collect_wanted("efivar/", &at)) != NULL;) {
        if (all == ST_OK)
            add_variable(c, lib, want);
        else
            collect_add(c, want, "/" EFIVARS, all, (struct span){0});
    }
    if (collect_wants(DB_BLOB))
        add_db(c, all);
}

const struct source source_efivar = {
    .prefix = "efivar/",
    .summary = "EFI variables about Secure Boot and memory overwriting",
    .needs = "nothing, if efivarfs is mounted",
    .fetch = fetch,
};
