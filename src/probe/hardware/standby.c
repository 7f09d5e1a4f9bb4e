/* SPDX-License-Identifier: MIT */
/*
 * Modern Standby: a bit of the FADT means that the machine saves as much power in S0 as in S3 (ACPI
 * 6.5, table 5.10); Windows uses this bit.
 */
#include "parse/acpi/fadt.h"

#include "probe/acpi.h"

static const char *const wants[] = {"acpi/FACP", NULL};

static const enum fact_id gives[] = {FACT_LOW_POWER_S0, FACT_NONE};

static void run(const struct probe_run *p)
{
    struct acpi_set set = acpi_tables(p, "FACP");
    struct origin from = origin_of(set.blob);
    struct fadt f = {0};
    enum status st = set.st;
    if (st == ST_OK)
        st = fadt_parse(set.tables[0]->data, &f, NULL);
    if (st == ST_OK && !f.has_flags)
        st = ST_MALFORMED;
    if (st == ST_OK)
        facts_bool(p->facts, FACT_LOW_POWER_S0, (f.flags & FADT_LOW_POWER_S0_IDLE) != 0,
                   origin_at(set.blob, FADT_FLAGS_OFFSET));
    else
        facts_unknown(p->facts, FACT_LOW_POWER_S0, st == ST_ABSENT ? ST_NOT_COLLECTED : st, from);
}

const struct probe probe_standby = {
    .name = "standby",
    .summary = "Whether the firmware offers Modern Standby",
    .wants = wants,
    .gives = gives,
    .run = run,
};
