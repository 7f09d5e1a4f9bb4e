/* SPDX-License-Identifier: MIT */
/*
 * The size of a virtual machine in Azure, and the entry of its series in Microsoft's table. The
 * machine's own evidence does not name the size: the user or the metadata service does.
 */
#include "parse/azure/azure_size.h"
#include "parse/azure/imds.h"
#include "probe/viewpoint/platform.h"

static const char *const wants[] = {"dmi", AZURE_SIZE_BLOB, AZURE_IMDS_BLOB, NULL};

static const enum fact_id gives[] = {FACT_VM_PLATFORM, FACT_VM_AZURE,         FACT_VM_SIZE,
                                     FACT_VM_SERIES,   FACT_VM_SERIES_NESTED, FACT_NONE};

static const enum fact_id of_size[] = {FACT_VM_SIZE, FACT_VM_SERIES, FACT_VM_SERIES_NESTED,
                                       FACT_NONE};

/* The name of a size, or why there is none. */
struct told {
    enum status st;
    struct span size;
    const char *blob;
};

/* An answer that is not in Azure's form is not repeated: it may come from anywhere. */
static struct told ask_imds(const struct probe_run *p)
{
    struct blob b = snap_get(p->snap, AZURE_IMDS_BLOB);
    struct told t = {.st = b.st == ST_ABSENT ? ST_NOT_COLLECTED : b.st, .blob = AZURE_IMDS_BLOB};
    struct imds answer;
    struct azure_size size;
    const char *problem = "";
    if (b.st == ST_IO_ERROR)
        notes_add(p->notes, AZURE_IMDS_BLOB,
                  "the metadata service did not answer within a second: this may not be a virtual "
                  "machine in Azure, or its network may be down");
    if (b.st != ST_OK)
        return t;
    t.st = imds_parse(b.data, p->arena, &answer, &problem);
    if (t.st == ST_OK && azure_size_parse(answer.size, &size) != ST_OK) {
        problem = "its vmSize is not a VM size";
        t.st = ST_MALFORMED;
    }
    if (t.st == ST_OK)
        t.size = answer.size;
    else
        notes_add(p->notes, AZURE_IMDS_BLOB, "the metadata service's answer cannot be used: %s",
                  problem);
    return t;
}

static struct told find_size(const struct probe_run *p, struct told imds)
{
    struct blob given = snap_get(p->snap, AZURE_SIZE_BLOB);
    if (given.st != ST_OK)
        return imds;
    struct told t = {.st = ST_OK, .size = given.data, .blob = AZURE_SIZE_BLOB};
    if (imds.st == ST_OK && !span_equal(imds.size, given.data))
        notes_add(p->notes, AZURE_IMDS_BLOB, "the metadata service reports another size: %s",
                  arena_short_text(p->arena, imds.size));
    return t;
}

static struct cpu_answer find_azure(const struct probe_run *p, struct told imds)
{
    const struct view *v = p->view;
    struct cpu_answer tag = platform_azure_tag(p);
    if (imds.st == ST_OK)
        return cpu_answer_is(true, origin_of(AZURE_IMDS_BLOB));
    if (imds.st != ST_NOT_COLLECTED) /* whoever asks for it expects it */
        return cpu_answer_unknown(imds.st, origin_of(AZURE_IMDS_BLOB));
    if (v->is == VIEW_UNKNOWN)
        return cpu_answer_unknown(v->st, v->from);
    enum platform platform = p->facts->platform;
    bool other =
        platform != PLATFORM_ANY && platform != PLATFORM_HYPER_V && platform != PLATFORM_AZURE;
    if (v->is != VIEW_GUEST || other || (v->hv != HV_HYPER_V && v->hv != HV_NOT_TOLD))
        return cpu_answer_is(false, v->from);
    return tag;
}

/* A series that Microsoft's table lacks is unsupported; two of its pages disagree on series B. */
static void judge_series(const struct probe_run *p, struct told t)
{
    struct azure_size size = {0};
    struct origin from = origin_of(t.blob);
    (void)azure_size_parse(t.size, &size); /* cannot fail: the size was checked when it was given */
    const struct azure_series *series = azure_series_of(&size);
    const char *name = azure_series_name(&size, p->arena);
    facts_text(p->facts, FACT_VM_SIZE, arena_short_text(p->arena, t.size), from);
    facts_text(p->facts, FACT_VM_SERIES, name, from);
    if (series == NULL) {
        facts_unknown(p->facts, FACT_VM_SERIES_NESTED, ST_UNSUPPORTED, from);
        notes_add(p->notes, t.blob, "series %s is not in Microsoft's table", name);
        return;
    }
    notes_add(p->notes, t.blob, "Microsoft's table: series %s, generation %s", series->name,
              series->generations);
    if (series->nested) {
        facts_bool(p->facts, FACT_VM_SERIES_NESTED, true, from);
        return;
    }
    facts_unknown(p->facts, FACT_VM_SERIES_NESTED, ST_CONFLICT, from);
    notes_add(p->notes, t.blob,
              "Microsoft's VBS page gives series %s no nested virtualization, and includes \"all "
              "Gen2 VMs\"; Microsoft's Trusted Launch page lists the family among those that let "
              "you enable HVCI and Credential Guard: on a running VM, vm.nested decides",
              series->name);
}

static void run(const struct probe_run *p)
{
    struct told imds = ask_imds(p);
    struct told size = find_size(p, imds);
    struct cpu_answer azure = find_azure(p, imds);
    const char *platform = platform_name(p->facts->platform);
    if (platform[0] != '\0')
        facts_text(p->facts, FACT_VM_PLATFORM, platform, p->view->from);
    else
        facts_unknown(p->facts, FACT_VM_PLATFORM,
                      p->view->is == VIEW_UNKNOWN ? p->view->st : ST_ABSENT, p->view->from);
    if (size.st == ST_OK && !cpu_answer_yes(azure)) {
        notes_add(p->notes, size.blob,
                  "the size was given, but nothing in the evidence shows that this machine is in "
                  "Azure");
        azure = cpu_answer_is(true, origin_of(size.blob));
    }
    cpu_answer_give(p, FACT_VM_AZURE, azure);
    if (size.st == ST_OK)
        judge_series(p, size);
    else
        facts_all_unknown(p->facts, of_size, size.st, origin_of(size.blob));
}

const struct probe probe_azure = {
    .name = "azure",
    .summary = "Operator of a virtual machine, and its series in Azure",
    .wants = wants,
    .gives = gives,
    .run = run,
};
