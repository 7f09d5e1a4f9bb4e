/* SPDX-License-Identifier: MIT */
#include "support/scene.h"

#include <stdlib.h>
#include <string.h>

#include "judge.h"
#include "load/tables.h"
#include "support/build.h"
#include "support/cmocka.h"
#include "support/libs.h"

enum { OEM_ID_AT = 10, OEM_ID_LEN = 6 }; /* ACPI 6.5, 5.2.6 */

void scene_begin(struct scene *s)
{
    *s = (struct scene){.options = {.profile = &profiles[0]}, .libs = &test_libs};
    test_arena(&s->arena);
    snap_init(&s->snap, &s->arena, SOURCE_EVIDENCE, "scene");
}

void scene_end(struct scene *s)
{
    arena_reset(&s->arena);
}

void scene_bytes(struct scene *s, const char *name, struct span data)
{
    if (strcmp(name, "pci") == 0)
        s->snap.kind =
            SOURCE_CAPTURE; /* which lists all functions; lspci's text may be an excerpt */
    struct span copy = {(const uint8_t *)arena_text(&s->arena, data), data.len};
    snap_add(&s->snap, (struct blob){.name = name, .st = ST_OK, .data = copy});
}

void scene_text(struct scene *s, const char *name, const char *text)
{
    scene_bytes(s, name, span_of(text));
}

void scene_missing(struct scene *s, const char *name, enum status why)
{
    snap_add(&s->snap, (struct blob){.name = name, .st = why});
}

void scene_oem_acpi(struct scene *s, const char *oem_id)
{
    static struct build b;
    acpi_begin(&b, "FACP", 6);
    memcpy(b.bytes + OEM_ID_AT, oem_id, OEM_ID_LEN);
    put_zeros(&b, 276 - 36);
    scene_bytes(s, "acpi/FACP", acpi_end(&b));
    acpi_begin(&b, "APIC", 3);
    put_zeros(&b, 8);
    put_bytes(&b, "\0\10\1\0\1\0\0\0", 8); /* a local APIC */
    scene_bytes(s, "acpi/APIC", acpi_end(&b));
}

void scene_complete_acpi(struct scene *s)
{
    scene_oem_acpi(s, "VBSCHK");
}

static uint32_t word(const char *four)
{
    uint32_t v = 0;
    for (int i = 3; i >= 0; i--)
        v = v << 8 | (uint8_t)four[i];
    return v;
}

void scene_cpuid(struct scene *s, struct scene_cpu cpu, unsigned n)
{
    const char *text = "";
    for (unsigned i = 0; i < n; i++)
        text = arena_printf(&s->arena,
                            "%sbasic_cpuid[0]=00000001 %08x %08x %08x\n"
                            "basic_cpuid[1]=000906ea 00000800 %08x 00000000\n"
                            "ext_cpuid[0]=8000000a 00000000 00000000 00000000\n"
                            "ext_cpuid[1]=00000000 00000000 %08x %08x\n"
                            "ext_cpuid[10]=00000001 00000010 00000000 %08x\n",
                            text, word(cpu.vendor), word(cpu.vendor + 8), word(cpu.vendor + 4),
                            cpu.leaf1_ecx, cpu.ext1_ecx, cpu.ext1_edx, cpu.svm_edx);
    struct blob b = snap_get(&s->snap, "cpuid");
    if (b.st == ST_OK) /* further CPUs of another kind */
        text = arena_printf(&s->arena, "%s%s", arena_text(&s->arena, b.data), text);
    for (size_t i = 0; i < s->snap.n; i++) {
        if (strcmp(s->snap.blobs[i].name, "cpuid") == 0)
            s->snap.blobs[i].name = "replaced";
    }
    scene_text(s, "cpuid", text);
}

void scene_judge(struct scene *s)
{
    size_t at = 0, from = 0;
    const struct blob *facp = snap_next(&s->snap, "acpi/FACP", &at);
    const struct blob *apic = snap_next(&s->snap, "acpi/APIC", &from);
    if (facp != NULL && facp->st == ST_OK && apic != NULL && apic->st == ST_OK)
        tables_add_absent(&s->snap);
    snap_sort(&s->snap);
    judge(&s->snap, &s->options, s->libs, &s->arena, &s->report);
}

const struct outcome *scene_rule(const struct scene *s, const char *id)
{
    for (size_t i = 0; i < s->report.n_outcomes; i++) {
        if (strcmp(s->report.outcomes[i].rule->id, id) == 0)
            return &s->report.outcomes[i];
    }
    fail_msg("no rule %s in the report", id);
    return NULL;
}

enum verdict scene_verdict(const struct scene *s, const char *id)
{
    return scene_rule(s, id)->verdict;
}

enum status scene_reason(const struct scene *s, const char *id)
{
    return scene_rule(s, id)->reason;
}

void scene_assert_verdict(const struct scene *s, const char *id, enum verdict want,
                          const char *file, int line)
{
    const struct outcome *o = scene_rule(s, id);
    if (o->verdict == want)
        return;
    print_error("%s: %s, but the test wants %s: %s\n", id, verdict_name(o->verdict),
                verdict_name(want), o->message);
    _fail(file, line);
}

void scene_assert_reason(const struct scene *s, const char *id, enum status want, const char *file,
                         int line)
{
    const struct outcome *o = scene_rule(s, id);
    if (o->reason == want)
        return;
    print_error("%s: the reason is %s, but the test wants %s: %s\n", id, status_name(o->reason),
                status_name(want), o->message);
    _fail(file, line);
}

const struct fact *scene_fact(const struct scene *s, const char *name)
{
    for (unsigned i = FACT_NONE + 1; i < FACT_COUNT; i++) {
        if (strcmp(fact_infos[i].name, name) == 0)
            return &s->report.facts.all[i];
    }
    fail_msg("no fact %s", name);
    return NULL;
}

bool scene_notes(const struct scene *s, const char *words)
{
    for (size_t i = 0; i < s->report.notes.n; i++) {
        if (strstr(s->report.notes.items[i].message, words) != NULL)
            return true;
    }
    return false;
}
