/* SPDX-License-Identifier: MIT */
/* Firmware's claims about its System Management Mode: the WSMT table, or tables. */
#include "parse/acpi/wsmt.h"

#include "probe/acpi.h"
#include "vbscheck/count.h"

static const char *const wants[] = {"acpi/WSMT", "acpi/FACP", "acpi/APIC", "efi/kernel-log", NULL};

static const enum fact_id gives[] = {
    FACT_WSMT_PRESENT,
    FACT_WSMT_TABLES,
    FACT_WSMT_FLAGS,
    FACT_NONE,
};

static const struct {
    uint32_t bit;
    const char *missing;
} protections[] = {
    {WSMT_FIXED_COMM_BUFFERS,
     "bit 0 FIXED_COMM_BUFFERS is clear: firmware does not promise to check the buffers handed to "
     "SMM"},
    {WSMT_COMM_BUFFER_NESTED_PTR_PROTECTION,
     "bit 1 COMM_BUFFER_NESTED_PTR_PROTECTION is clear: firmware does not promise to check "
     "pointers inside those buffers"},
    {WSMT_SYSTEM_RESOURCE_PROTECTION,
     "bit 2 SYSTEM_RESOURCE_PROTECTION is clear: SMM may still move system resources after boot"},
};

static void note_oddities(const struct probe_run *p, const char *blob, uint32_t flags)
{
    if ((flags & ~(uint32_t)WSMT_ALL) != 0)
        notes_add(p->notes, blob, "reserved bits are set in the protection flags: 0x%08x",
                  (unsigned)flags);
    if ((flags & WSMT_COMM_BUFFER_NESTED_PTR_PROTECTION) != 0 &&
        (flags & WSMT_FIXED_COMM_BUFFERS) == 0)
        notes_add(p->notes, blob,
                  "bit 1 is set without bit 0, which the WSMT specification does not allow");
}

static void find_missing(const struct probe_run *p, const char *blob, uint32_t flags)
{
    for (size_t i = 0; i < COUNT(protections); i++) {
        if ((flags & protections[i].bit) != 0)
            continue;
        findings_add(p->facts, (struct finding){
                                   .rule = "smm.wsmt",
                                   .subject = blob,
                                   .message = protections[i].missing,
                                   .offset = WSMT_FLAGS_OFFSET,
                                   .length = sizeof(uint32_t),
                               });
    }
}

/* The AND over all sound tables, and why a table was not sound (ST_OK: all were). */
struct combined {
    uint32_t flags;
    size_t sound;
    enum status unsound;
    const char *weakest; /* blob of the last table that lowered the flags */
    bool disagree;
};

static struct combined combine(const struct probe_run *p, const struct acpi_set *set)
{
    struct combined c = {.flags = UINT32_MAX, .unsound = set->others, .weakest = set->blob};
    for (size_t i = 0; i < set->n; i++) {
        const struct blob *b = set->tables[i];
        struct wsmt w;
        struct fault fault;
        enum status st = wsmt_parse(b->data, &w, &fault);
        if (st != ST_OK) {
            acpi_note_fault(p, b->name, &fault);
            c.unsound = st;
            continue;
        }
        note_oddities(p, b->name, w.flags);
        find_missing(p, b->name, w.flags);
        c.disagree |= c.sound > 0 && w.flags != c.flags;
        if (c.sound == 0 || (c.flags & w.flags) != c.flags)
            c.weakest = b->name;
        c.flags &= w.flags;
        c.sound++;
    }
    return c;
}

static void run(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables_of_x86(p, "WSMT");
    struct origin from = origin_of(set.blob);
    if (set.st == ST_ABSENT) {
        facts_bool(p->facts, FACT_WSMT_PRESENT, false, from);
        facts_uint(p->facts, FACT_WSMT_TABLES, 0, from);
        facts_unknown(p->facts, FACT_WSMT_FLAGS, ST_ABSENT, from);
        return;
    }
    if (set.st != ST_OK) {
        facts_all_unknown(p->facts, gives, set.st, from);
        if (set.listed && set.st == ST_NOT_COLLECTED)
            facts_bool(p->facts, FACT_WSMT_PRESENT, true, from);
        return;
    }
    struct combined c = combine(p, &set);
    facts_bool(p->facts, FACT_WSMT_PRESENT, true, from);
    facts_uint(p->facts, FACT_WSMT_TABLES, set.n, from);
    if (c.disagree)
        notes_add(p->notes, set.blob,
                  "the %zu WSMT tables disagree; only protections that all of "
                  "them claim count",
                  set.n);
    /* A bit missing in a sound table decides; a table that cannot be read prevents a pass. */
    bool claims_all = c.sound > 0 && (c.flags & WSMT_ALL) == WSMT_ALL;
    if (c.sound == 0 || (claims_all && c.unsound != ST_OK))
        facts_unknown(p->facts, FACT_WSMT_FLAGS, c.unsound, from);
    else
        facts_uint(p->facts, FACT_WSMT_FLAGS, c.flags, origin_at(c.weakest, WSMT_FLAGS_OFFSET));
}

const struct probe probe_wsmt = {
    .name = "wsmt",
    .summary = "SMM protections that firmware claims",
    .wants = wants,
    .gives = gives,
    .run = run,
};
