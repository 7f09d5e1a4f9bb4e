/* SPDX-License-Identifier: MIT */
#include "probe/acpi.h"

#include <string.h>

#include "parse/klog/klog.h"

/* Is `name` "acpi/" and `signature`, perhaps followed by the number of a duplicate? */
static bool names_table(const char *name, const char *signature)
{
    size_t n = strlen(signature);
    if (strncmp(name, "acpi/", 5) != 0 || strncmp(name + 5, signature, n) != 0)
        return false;
    return name[5 + n + strspn(name + 5 + n, "0123456789")] == '\0';
}

/* Is the table sound, or listed among those that may not be read? */
static bool is_there(const struct snapshot *s, const char *signature)
{
    struct acpi_table t;
    for (size_t i = 0; i < s->n; i++) {
        const struct blob *b = &s->blobs[i];
        if (names_table(b->name, signature) &&
            (b->st == ST_NO_PERMISSION ||
             (b->st == ST_OK && acpi_open(b->data, signature, &t, NULL) == ST_OK)))
            return true;
    }
    return false;
}

bool acpi_is_complete(const struct snapshot *s)
{
    return is_there(s, "FACP") && is_there(s, "APIC");
}

static bool is_known_already(const struct acpi_set *set, struct span data)
{
    for (size_t i = 0; i < set->n; i++) {
        if (span_equal(set->tables[i]->data, data))
            return true;
    }
    return false;
}

/* More tables of one signature than any firmware has; each is compared with all earlier ones. */
enum { MAX_TABLES = 32 };

static void add_blob(const struct probe_run *p, struct acpi_set *set, const struct blob *b)
{
    if (b->st == ST_ABSENT) {
        set->st = ST_ABSENT;
        return;
    }
    if (b->st != ST_OK) {
        set->others = b->st;
        set->denied += b->st == ST_NO_PERMISSION;
        return;
    }
    if (is_known_already(set, b->data))
        return;
    if (set->n == MAX_TABLES) {
        set->others = ST_TRUNCATED;
        return;
    }
    set->tables = arena_grow(p->arena, set->tables, set->n, sizeof *set->tables);
    set->tables[set->n++] = b;
}

/* No readable table: the kernel's list decides, and can contradict "absent". */
static void ask_log(const struct probe_run *p, const char *signature, struct acpi_set *set)
{
    const struct klog_acpi *list = &p->log->acpi;
    bool absent = set->st == ST_ABSENT && acpi_is_complete(p->snap);
    set->listed = klog_acpi_lists(list, signature);
    if (absent && set->listed)
        set->st = ST_CONFLICT;
    else if (!absent)
        set->st = klog_acpi_lacks(list, signature) ? ST_ABSENT : ST_NOT_COLLECTED;
    if (!absent && (set->listed || set->st == ST_ABSENT))
        set->blob = "efi/kernel-log";
}

/*
 * If a complete list lacks a table that was read, the two are from different machines or firmware.
 */
static enum status hold_to_log(const struct probe_run *p, const char *signature, const char *blob)
{
    if (!klog_acpi_lacks(&p->log->acpi, signature))
        return ST_OK;
    notes_add(p->notes, blob,
              "the table is there, but the kernel's log has a complete list of tables without it: "
              "is the log from this machine with this firmware?");
    return ST_CONFLICT;
}

struct acpi_set acpi_tables(const struct probe_run *p, const char *signature)
{
    struct acpi_set set = {.st = ST_NOT_COLLECTED, .others = ST_OK};
    for (size_t i = 0; i < p->snap->n; i++) {
        if (names_table(p->snap->blobs[i].name, signature))
            add_blob(p, &set, &p->snap->blobs[i]);
    }
    set.blob = set.n > 0 ? set.tables[0]->name : arena_printf(p->arena, "acpi/%s", signature);
    if (set.n > 0)
        set.st = hold_to_log(p, signature, set.blob);
    else if (set.others != ST_OK)
        set.st = set.others;
    else
        ask_log(p, signature, &set);
    return set;
}

struct acpi_set acpi_tables_of_x86(const struct probe_run *p, const char *signature)
{
    struct acpi_set set = acpi_tables(p, signature);
    bool other = fact_known(p->facts, FACT_HOST_X86) && !fact_is_true(p->facts, FACT_HOST_X86);
    if (set.st == ST_NOT_COLLECTED && other)
        set.st = ST_ABSENT;
    return set;
}

void acpi_note_fault(const struct probe_run *p, const char *blob, const struct fault *fault)
{
    notes_add(p->notes, blob, "the table cannot be judged: %s, at byte %zu", fault->what,
              fault->offset);
}
