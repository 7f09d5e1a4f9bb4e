/* SPDX-License-Identifier: MIT */
#include "parse/acpi/mcfg.h"

#include "parse/acpi/acpi.h"
#include "parse/acpi/set16.h"

/* PCI Firmware 3.3, 4.1.2. */
enum { MCFG_RESERVED = 8, ENTRY_LEN = 16, ENTRY_LAST_BUS = 11 };

static struct mcfg_entry parse_entry(struct rd *r)
{
    struct rd body = rd_sub(r, ENTRY_LEN);
    struct mcfg_entry e = {.base = rd_le64(&body)};
    e.segment = rd_le16(&body);
    e.first_bus = rd_u8(&body);
    e.last_bus = rd_u8(&body);
    if (e.last_bus < e.first_bus) {
        rd_seek(&body, ENTRY_LAST_BUS);
        rd_fail(&body, ST_MALFORMED, "bus range ends before it starts");
    }
    rd_inherit(r, &body);
    return e;
}

enum status mcfg_parse(struct span table, struct arena *a, struct mcfg *out, struct fault *fault)
{
    struct acpi_table t;
    enum status st = acpi_open(table, "MCFG", &t, fault);
    if (st != ST_OK)
        return st;
    rd_skip(&t.body, MCFG_RESERVED);
    size_t n = rd_left(&t.body) / ENTRY_LEN;
    struct mcfg_entry *entries = arena_new(a, struct mcfg_entry, n);
    struct mcfg m = {.revision = t.revision, .entries = entries, .n = n};
    struct set16 seen = {0};
    for (size_t i = 0; i < n && rd_ok(&t.body); i++) {
        entries[i] = parse_entry(&t.body);
        m.segments += set16_add(&seen, entries[i].segment);
    }
    if (rd_left(&t.body) > 0)
        rd_fail(&t.body, ST_MALFORMED, "the last entry is incomplete");
    st = acpi_close(&t.body, fault);
    if (st == ST_OK)
        *out = m;
    return st;
}
