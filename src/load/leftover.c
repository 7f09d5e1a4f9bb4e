/* SPDX-License-Identifier: MIT */
#include "load/leftover.h"

static const char nothing_but_links[] =
    "contains no evidence, only links or devices, which are not followed: copy the files that "
    "they point to";
static const char nothing_but_reports[] =
    "is a report of this program, which is not evidence: give the evidence that it was made from";
static const char nothing_in_folder[] =
    "contains no evidence: give acpidump text, raw ACPI tables, a Memory Attributes Table, cpuid, "
    "cpuinfo, lspci, dmesg or dmidecode text, or a capture (all kinds: vbscheck list evidence)";
static const char nothing_in_file[] =
    "is not recognised: give acpidump text, a raw ACPI table, a Memory Attributes Table, cpuid, "
    "cpuinfo, lspci, dmesg or dmidecode text, or a capture (all kinds: vbscheck list evidence)";

const char *leftover_problem(const struct leftover *l, bool folder, struct arena *a)
{
    if (l->archive != NULL)
        return arena_printf(a,
                            "contains no evidence except in archives, which are not opened here: "
                            "take %s out and give it alone",
                            arena_short_text(a, span_of(l->archive)));
    if (l->links > 0)
        return nothing_but_links;
    if (l->refusal != NULL)
        return folder ? arena_printf(a, "contains no evidence; a file in it %s", l->refusal)
                      : l->refusal;
    if (l->reports > 0)
        return nothing_but_reports;
    return folder ? nothing_in_folder : nothing_in_file;
}

void leftover_note(const struct leftover *l, const char *path, struct notes *notes)
{
    if (l->links > 0)
        notes_add(notes, path, "links and devices, which are not followed: %zu", l->links);
    if (l->reports > 0)
        notes_add(notes, path, "reports of this program, left out: %zu", l->reports);
}

bool leftover_is_report(struct span data)
{
    enum { LOOK_AT = 256 };
    struct span head = data;
    head.len = head.len > LOOK_AT ? LOOK_AT : head.len;
    return span_starts(span_trim(head), "{") && span_find(head, "\"schema_version\"", NULL) &&
           span_find(head, "\"vbscheck\"", NULL);
}
