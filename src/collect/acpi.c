/* SPDX-License-Identifier: MIT */
/* ACPI tables as the kernel shows them: Linux drivers/acpi/sysfs.c. */
#include <string.h>

#include "collect/source.h"

#define TABLES "sys/firmware/acpi/tables"

struct listing {
    const char *const *names;
    size_t n;
    enum status absent; /* the status of a table that is not among them */
};

/* Two tables with the same signature are called SIG1 and SIG2; then there is no SIG. */
static bool has_signature(const char *name, const char *signature)
{
    size_t len = strlen(signature);
    return strncmp(name, signature, len) == 0 && name[len + strspn(name + len, "0123456789")] == 0;
}

/* The folder of tables also holds folders of later tables, and of data that tables point to. */
static bool is_folder(const char *name)
{
    return strcmp(name, "data") == 0 || strcmp(name, "dynamic") == 0;
}

static bool has_table(const struct listing *l, const char *name)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->names[i], name) == 0)
            return true;
    }
    return false;
}

/* A copied folder lacks nothing if it also has the table that no rule reads and every machine has.
 */
static bool is_whole(const struct listing *l)
{
    return has_table(l, "FACP") && has_table(l, "APIC") && has_table(l, "DSDT");
}

static struct listing list_tables(const struct collector *c)
{
    struct listing l = {.absent = ST_NOT_COLLECTED};
    enum status st = ask_list(c->asker, TABLES, &l.names, &l.n);
    /* No folder: the machine booted with a device tree, or /sys is masked. */
    if (st != ST_OK && st != ST_ABSENT)
        l.absent = st;
    bool some = false;
    for (size_t i = 0; i < l.n; i++)
        some = some || !is_folder(l.names[i]);
    if (st == ST_OK && some && (collect_lacks(c) == ST_ABSENT || is_whole(&l)))
        l.absent = ST_ABSENT;
    return l;
}

static void add_table(struct collector *c, const char *name)
{
    const char *path = arena_printf(c->arena, TABLES "/%s", name);
    struct span data = {0};
    enum status st = ask_file(c->asker, path, &data);
    collect_add(c, arena_printf(c->arena, "acpi/%s", name), arena_printf(c->arena, "/%s", path), st,
                data);
}

static void fetch(struct collector *c)
{
    struct listing l = list_tables(c);
    size_t at = 0;
    for (const char *want; (want = collect_wanted("acpi/", &at)) != NULL;) {
        const char *signature = want + strlen("acpi/");
        bool found = false;
        for (size_t i = 0; i < l.n; i++) {
            if (has_signature(l.names[i], signature)) {
                add_table(c, l.names[i]);
                found = true;
            }
        }
        if (!found)
            collect_add(c, want, "/" TABLES, l.absent, (struct span){0});
    }
}

const struct source source_acpi = {
    .prefix = "acpi/",
    .summary = "ACPI tables, as the kernel shows them",
    .needs = "root: the files below /" TABLES " are readable by root only",
    .fetch = fetch,
};
