/* SPDX-License-Identifier: MIT */
/* ACPI tables on their way into a snapshot. */
#include <string.h>

#include "load/load.h"
#include "parse/acpi/acpi.h"
#include "probe/probe.h"

bool tables_want(struct span signature)
{
    for (size_t i = 0; i < n_probes; i++) {
        for (const char *const *want = probes[i]->wants; *want != NULL; want++) {
            if (strncmp(*want, "acpi/", 5) == 0 && span_is(signature, *want + 5))
                return true;
        }
    }
    return false;
}

/* More tables of one signature than any firmware has; a text can name millions. */
enum { MAX_TABLES = 32 };

/* Blobs of tables of this signature, and the one that has the plain name, or NULL. */
static unsigned count_tables(const struct snapshot *s, const char *name, struct blob **plain)
{
    unsigned n = 0;
    size_t len = strlen(name);
    *plain = NULL;
    for (size_t i = 0; i < s->n; i++) {
        if (strncmp(s->blobs[i].name, name, len) != 0)
            continue;
        n++;
        if (s->blobs[i].name[len] == '\0')
            *plain = &s->blobs[i];
    }
    return n;
}

static void table_name(struct span signature, char name[sizeof "acpi/SIG_"])
{
    memcpy(name, "acpi/", 5);
    memcpy(name + 5, signature.ptr, 4);
    name[9] = '\0';
}

bool tables_have_room(struct snapshot *out, struct span signature)
{
    char name[sizeof "acpi/SIG_"];
    struct blob *plain;
    table_name(signature, name);
    if (count_tables(out, name, &plain) < MAX_TABLES)
        return true;
    notes_add(&out->notes, name, "only the first %d tables of this kind are used", MAX_TABLES);
    return false;
}

/*
 * The kernel numbers all tables of a signature that occurs twice and leaves no plain name; here
 * the first keeps it until a second comes, which is all that probes need.
 */
void tables_add(struct snapshot *out, struct span signature, struct blob b)
{
    char name[sizeof "acpi/SIG_"];
    struct blob *plain;
    if (!tables_have_room(out, signature))
        return;
    table_name(signature, name);
    unsigned before = count_tables(out, name, &plain);
    if (plain != NULL)
        plain->name = arena_printf(out->arena, "%s1", name);
    b.name = before == 0 ? arena_text(out->arena, span_of(name))
                         : arena_printf(out->arena, "%s%u", name, before + 1);
    snap_add(out, b);
}

static const struct blob *find_table(const struct snapshot *s, const char *name)
{
    size_t at = 0;
    return snap_next(s, name, &at);
}

static bool is_sound(const struct blob *b, const char *signature)
{
    struct acpi_table t;
    return b != NULL && b->st == ST_OK && acpi_open(b->data, signature, &t, NULL) == ST_OK;
}

static bool is_from(const struct blob *b, const char *dump)
{
    return dump != NULL && b->from != NULL && strcmp(b->from, dump) == 0;
}

void tables_add_absent(struct snapshot *out, const char *dump, bool cut)
{
    const struct blob *facp = find_table(out, "acpi/FACP"), *apic = find_table(out, "acpi/APIC");
    if (!is_sound(facp, "FACP") || !is_sound(apic, "APIC") ||
        is_from(facp, dump) != is_from(apic, dump) || (is_from(facp, dump) && cut))
        return;
    for (size_t i = 0; i < n_probes; i++) {
        for (const char *const *want = probes[i]->wants; *want != NULL; want++) {
            if (strncmp(*want, "acpi/", 5) == 0 && find_table(out, *want) == NULL)
                snap_add(out, (struct blob){.name = *want, .st = ST_ABSENT});
        }
    }
}
