/* SPDX-License-Identifier: MIT */
/* ACPI tables on their way into a snapshot. */
#include "load/tables.h"

#include <stdlib.h>
#include <string.h>

#include "parse/acpi/acpi.h"
#include "probe/probe.h"
#include "vbscheck/count.h"

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
    unsigned n = count_tables(out, name, &plain);
    if (n < MAX_TABLES)
        return true;
    /* What all tables of a kind must hold is not decided by the first of them. */
    if (n == MAX_TABLES)
        snap_add(out, (struct blob){.name = arena_printf(out->arena, "%s%d", name, MAX_TABLES + 1),
                                    .st = ST_TRUNCATED});
    notes_add(&out->notes, name, "only the first %d tables of this kind are used", MAX_TABLES);
    return false;
}

/*
 * The kernel numbers all tables of a signature that occurs twice and leaves no plain name; here the
 * first keeps it until a second comes, which is enough for probes.
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

bool tables_tell_whole(struct span signature)
{
    return span_is(signature, "XSDT") || span_is(signature, "RSDT") || span_is(signature, "FACP") ||
           span_is(signature, "APIC");
}

/* More heads than any machine has tables; a text can hold millions. */
enum { ADDRESSES_MAX = 4096 };

/* Tables that XSDT does not name: root tables, and tables that FACP names. */
static bool is_beside(struct span signature)
{
    static const char *const beside[] = {"RSDP", "XSDT", "RSDT", "DSDT", "FACS"};
    for (size_t i = 0; i < COUNT(beside); i++) {
        if (span_is(signature, beside[i]))
            return true;
    }
    return false;
}

void tables_list_head(struct table_list *l, struct arena *a, struct span signature,
                      uint64_t address)
{
    l->n += !is_beside(signature);
    l->facps += span_is(signature, "FACP");
    l->facs |= span_is(signature, "FACS");
    l->rsdp |= span_is(signature, "RSDP");
    if (address == 0)
        return;
    if (l->n_addresses == ADDRESSES_MAX) {
        l->broken = true;
        return;
    }
    l->addresses = arena_grow(a, l->addresses, l->n_addresses, sizeof *l->addresses);
    l->addresses[l->n_addresses++] = address;
}

static bool is_sound(struct span table, const char *signature, struct acpi_table *out)
{
    return acpi_open(table, signature, out, NULL) == ST_OK;
}

void tables_list_bytes(struct table_list *l, struct span signature, struct span bytes)
{
    struct acpi_table t;
    if (span_is(signature, "XSDT"))
        l->xsdt = bytes;
    else if (span_is(signature, "RSDT"))
        l->rsdt = bytes;
    else if (span_is(signature, "FACP"))
        l->facp = bytes;
    else if (span_is(signature, "APIC"))
        l->apic |= is_sound(bytes, "APIC", &t);
}

static int by_value(const void *a, const void *b)
{
    const uint64_t *l = a, *r = b;
    return *l < *r ? -1 : *l > *r;
}

static bool is_listed(const struct table_list *l, uint64_t address)
{
    size_t low = 0, high = l->n_addresses;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (l->addresses[middle] == address)
            return true;
        if (l->addresses[middle] < address)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

/* ACPI 6.5, 5.2.7 and 5.2.8: addresses of 4 or 8 bytes after the header. */
static bool fits_root(const struct table_list *l, struct acpi_table *root, size_t width)
{
    size_t entries = rd_left(&root->body) / width, n = 0;
    if (l->n_addresses == 0)
        return l->n == entries && l->facps == 1;
    qsort(l->addresses, l->n_addresses, sizeof *l->addresses, by_value);
    for (size_t i = 0; i < entries; i++) {
        uint64_t address = width == 8 ? rd_le64(&root->body) : rd_le32(&root->body);
        n += address == 0 || is_listed(l, address);
    }
    return n == entries;
}

/* ACPI 6.5, 5.2.9: a hardware-reduced machine needs no FACS. */
static bool is_hardware_reduced(struct span facp)
{
    enum { FLAGS_OFFSET = 112, HW_REDUCED_ACPI = 20 };
    struct rd r = rd_open(facp);
    rd_skip(&r, FLAGS_OFFSET);
    return (rd_le32(&r) >> HW_REDUCED_ACPI & 1) != 0;
}

bool tables_are_whole(const struct table_list *l, bool text)
{
    struct acpi_table t;
    bool pair = is_sound(l->facp, "FACP", &t) && l->apic;
    if (l->cut || l->stray || l->broken || !pair)
        return false;
    if (l->xsdt.len > 0)
        return is_sound(l->xsdt, "XSDT", &t) && fits_root(l, &t, 8);
    if (l->rsdt.len > 0)
        return is_sound(l->rsdt, "RSDT", &t) && fits_root(l, &t, 4);
    if (!text)
        return l->sysfs;
    return !l->rsdp && (l->facs || is_hardware_reduced(l->facp));
}

void tables_add_absent(struct snapshot *out)
{
    for (size_t i = 0; i < n_probes; i++) {
        for (const char *const *want = probes[i]->wants; *want != NULL; want++) {
            size_t at = 0;
            if (strncmp(*want, "acpi/", 5) == 0 && snap_next(out, *want, &at) == NULL)
                snap_add(out, (struct blob){.name = *want, .st = ST_ABSENT});
        }
    }
}
