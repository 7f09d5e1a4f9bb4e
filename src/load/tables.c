/* SPDX-License-Identifier: MIT */
/* ACPI tables on their way into a snapshot. */
#include <string.h>

#include "load/load.h"
#include "vbscheck/probe.h"

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

/*
 * The kernel numbers all tables of a signature that occurs twice and leaves no plain name; here
 * the first keeps it until a second comes, which is all that probes need.
 */
void tables_add(struct snapshot *out, struct span signature, struct blob b)
{
    unsigned before = 0;
    const char *name = arena_printf(out->arena, "acpi/%.4s", (const char *)signature.ptr);
    for (size_t i = 0; i < out->n; i++) {
        if (strncmp(out->blobs[i].name, name, strlen(name)) != 0)
            continue;
        before++;
        if (strcmp(out->blobs[i].name, name) == 0)
            out->blobs[i].name = arena_printf(out->arena, "%s1", name);
    }
    b.name = before == 0 ? name : arena_printf(out->arena, "%s%u", name, before + 1);
    snap_add(out, b);
}
