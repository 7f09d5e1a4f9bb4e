/* SPDX-License-Identifier: MIT */
#include "support/iommu.h"

#include <stdlib.h>
#include <string.h>

#include "support/cmocka.h"
#include "support/tables.h"

static void patch_le16(struct build *b, size_t at, size_t v)
{
    b->bytes[at] = (uint8_t)v;
    b->bytes[at + 1] = (uint8_t)(v >> 8);
}

/* DMAR --------------------------------------------------------------------------------------- */

void dmar_begin(struct build *b, unsigned flags)
{
    acpi_begin(b, "DMAR", 1);
    put_u8(b, 38);
    put_u8(b, flags);
    put_zeros(b, 10);
}

static uint64_t take(struct span *s, const char *after)
{
    uint64_t v = 0;
    if (!span_take_hex(s, &v) || !span_starts(*s, after))
        abort();
    *s = span_skip(*s, strlen(after));
    return v;
}

static void put_scopes(struct build *b, const char *scopes)
{
    static const char kinds[] = "ebihn"; /* from 1 on */
    struct span rest = span_of(scopes), word;
    while (span_next_word(&rest, &word)) {
        size_t start = b->len;
        const char *kind = memchr(kinds, word.ptr[0], sizeof kinds - 1);
        if (kind == NULL)
            abort();
        word = span_skip(word, 1);
        put_u8(b, (unsigned)(kind - kinds) + 1);
        put_zeros(b, 4);
        put_u8(b, (unsigned)take(&word, ":"));
        while (word.len > 0) {
            put_u8(b, (unsigned)take(&word, "."));
            put_u8(b, (unsigned)take(&word, ""));
            word = span_skip(word, span_starts(word, "/") ? 1 : 0);
        }
        b->bytes[start + 1] = (uint8_t)(b->len - start);
    }
}

void dmar_unit(struct build *b, unsigned flags, unsigned segment, uint64_t base, const char *scopes)
{
    size_t start = b->len;
    put_le32(b, 0); /* type; length: below */
    put_u8(b, flags);
    put_u8(b, 0);
    put_le16(b, segment);
    put_le64(b, base);
    put_scopes(b, scopes);
    patch_le16(b, start + 2, b->len - start);
}

void dmar_memory(struct build *b, uint64_t base, uint64_t limit, const char *scopes)
{
    size_t start = b->len;
    put_le32(b, 1); /* type; length: below */
    put_le32(b, 0);
    put_le64(b, base);
    put_le64(b, limit);
    put_scopes(b, scopes);
    patch_le16(b, start + 2, b->len - start);
}

/* IVRS --------------------------------------------------------------------------------------- */

void ivrs_begin(struct build *b, uint32_t ivinfo)
{
    acpi_begin(b, "IVRS", 2);
    put_le32(b, ivinfo);
    put_zeros(b, 8);
}

size_t ivhd_open(struct build *b, struct ivhd_head head)
{
    size_t start = b->len;
    put_u8(b, head.type);
    put_u8(b, 0xb0);
    put_le16(b, 0); /* length: ivhd_close() */
    put_le16(b, head.device);
    put_le16(b, 0x40);
    put_le64(b, head.base);
    put_le16(b, head.segment);
    put_le16(b, 0);
    put_le32(b, head.attributes);
    if (head.type != 0x10) {
        put_le64(b, head.efr);
        put_le64(b, 0);
    }
    return start;
}

void ivhd_close(struct build *b, size_t opened)
{
    patch_le16(b, opened + 2, b->len - opened);
}

void put_alias_entry(struct build *b, unsigned type, unsigned id, unsigned alias)
{
    put_entry(b, type, id);
    put_u8(b, 0);
    put_le16(b, alias);
    put_u8(b, 0);
}

void put_ivmd(struct build *b, unsigned type, unsigned flags, unsigned first, unsigned last)
{
    put_u8(b, type);
    put_u8(b, flags);
    put_le16(b, 32);
    put_le16(b, first);
    put_le16(b, last);
    put_zeros(b, 8); /* segment, reserved */
    put_le64(b, 0x7f000000);
    put_le64(b, 4096);
}

/* IORT --------------------------------------------------------------------------------------- */

enum { MAPPING_LEN = 20, ROOT_LEN = 36, SMMU_V2_LEN = 76, SMMU_V3_LEN = 68 };

void iort_begin(struct build *b, unsigned nodes)
{
    acpi_begin(b, "IORT", 0);
    put_le32(b, nodes);
    put_le32(b, IORT_STARTS);
    put_le32(b, 0);
}

uint32_t iort_its(struct build *b)
{
    uint32_t at = (uint32_t)b->len;
    put_node(b, 0, 24, 0, 0);
    put_le32(b, 1);
    put_le32(b, 0);
    return at;
}

uint32_t iort_smmu(struct build *b, unsigned type, uint64_t base)
{
    uint32_t at = (uint32_t)b->len;
    unsigned length = type == 3 ? SMMU_V2_LEN : SMMU_V3_LEN;
    put_node(b, type, length, 0, 0);
    put_le64(b, base);
    put_zeros(b, length - 24);
    return at;
}

uint32_t iort_root(struct build *b, unsigned segment, unsigned mappings)
{
    uint32_t at = (uint32_t)b->len;
    put_node(b, 2, ROOT_LEN + mappings * MAPPING_LEN, mappings, ROOT_LEN);
    put_zeros(b, 12);
    put_le32(b, segment);
    put_le32(b, 0x40);
    return at;
}

void iort_map(struct build *b, uint32_t first, uint32_t count, uint32_t target, uint32_t flags)
{
    put_le32(b, first);
    put_le32(b, count);
    put_le32(b, first);
    put_le32(b, target);
    put_le32(b, flags);
}

void iort_component(struct build *b, const char *name, unsigned mappings)
{
    enum { FIXED = 29, ALIGN = 4 };
    size_t named = FIXED + strlen(name) + 1;
    size_t length = (named + ALIGN - 1) / ALIGN * ALIGN;
    put_node(b, 1, (unsigned)length + mappings * MAPPING_LEN, mappings, (uint32_t)length);
    put_zeros(b, FIXED - 16);
    put_bytes(b, name, strlen(name) + 1);
    put_zeros(b, length - named);
}

void iort_memory(struct build *b, unsigned ranges)
{
    put_node(b, 6, 28 + 20 * ranges, 0, 0);
    put_le32(b, 0);
    put_le32(b, ranges);
    put_le32(b, 28);
    put_zeros(b, (size_t)20 * ranges);
}

/* Scenes ------------------------------------------------------------------------------------- */

void iommu_scene(struct scene *s, const char *name, struct span table, const char *pci)
{
    scene_begin(s);
    scene_complete_acpi(s);
    scene_bytes(s, name, table);
    if (pci != NULL)
        scene_text(s, "pci", pci);
    scene_judge(s);
}

static void check_count(const struct scene *s, const char *fact, int want, enum status reason)
{
    const struct fact *f = scene_fact(s, fact);
    enum status st = want == UNTOLD ? reason : ST_OK;
    if (f->st != st)
        fail_msg("%s is %s, and not %s", fact, status_name(f->st), status_name(st));
    if (st == ST_OK && f->v.u != (uint64_t)want)
        fail_msg("%s is %llu, and not %d", fact, (unsigned long long)f->v.u, want);
}

void assert_coverage(const struct scene *s, enum verdict verdict, enum status reason,
                     struct counts counts)
{
    const struct outcome *o = scene_rule(s, "iommu.coverage");
    if (o->verdict != verdict || o->reason != reason)
        fail_msg("coverage is %s (%s), and not %s (%s)", verdict_name(o->verdict),
                 status_name(o->reason), verdict_name(verdict), status_name(reason));
    check_count(s, "iommu.functions", counts.functions, reason);
    check_count(s, "iommu.functions-uncovered", counts.uncovered, reason);
    check_count(s, "iommu.functions-disputed", counts.disputed, reason);
}

void assert_units(const struct scene *s, unsigned units, unsigned in_use)
{
    unsigned used = 0;
    const struct iommu_map *m = s->report.facts.iommu;
    for (size_t i = 0; i < m->n_units; i++)
        used += m->units[i].in_use;
    check_count(s, "iommu.units", (int)units, ST_OK);
    assert_int_equal(m->n_units, units);
    assert_int_equal(used, in_use);
    if (scene_fact(s, "iommu.functions-uncovered")->st == ST_OK)
        check_count(s, "iommu.units-in-use", (int)in_use, ST_OK);
}

const struct iommu_function *function_at(const struct scene *s, const char *at)
{
    const struct iommu_map *m = s->report.facts.iommu;
    struct arena a;
    arena_init(&a, 1 << 20, s->arena.oom);
    const struct iommu_function *found = NULL;
    for (size_t i = 0; i < m->n_functions && found == NULL; i++) {
        if (strcmp(pci_address_text(&a, m->functions[i].pci->at), at) == 0)
            found = &m->functions[i];
    }
    arena_reset(&a);
    if (found == NULL)
        fail_msg("no function %s in the map", at);
    return found;
}

const char *unit_behind(const struct scene *s, const char *at)
{
    const struct iommu_function *f = function_at(s, at);
    return f->unit == NO_INDEX ? NULL : s->report.facts.iommu->units[f->unit].name;
}

void assert_behind(const struct scene *s, const char *at, const char *unit)
{
    const char *got = unit_behind(s, at);
    if (unit == NULL ? got != NULL : got == NULL || strcmp(got, unit) != 0)
        fail_msg("%s is behind %s, and not %s", at, got != NULL ? got : "no unit",
                 unit != NULL ? unit : "no unit");
}

const char *finding_on(const struct scene *s, const char *rule, const char *subject)
{
    const struct facts *f = &s->report.facts;
    const char *found = NULL;
    for (size_t i = 0; i < f->n_findings; i++) {
        if (strcmp(f->findings[i].rule, rule) != 0 || strcmp(f->findings[i].subject, subject) != 0)
            continue;
        if (found != NULL)
            fail_msg("two findings of %s on %s", rule, subject);
        found = f->findings[i].message;
    }
    if (found == NULL)
        fail_msg("no finding of %s on %s", rule, subject);
    return found;
}

void assert_finding(const struct scene *s, const char *rule, const char *subject, const char *words)
{
    const char *message = finding_on(s, rule, subject);
    if (strstr(message, words) == NULL)
        fail_msg("%s: '%s' does not hold '%s'", subject, message, words);
}

size_t findings_of(const struct scene *s, const char *rule)
{
    size_t n = 0;
    for (size_t i = 0; i < s->report.facts.n_findings; i++)
        n += strcmp(s->report.facts.findings[i].rule, rule) == 0;
    return n;
}

bool scene_boot_notes(const struct scene *s, const char *words)
{
    for (size_t i = 0; i < s->report.notes.n; i++) {
        const struct note *n = &s->report.notes.items[i];
        if (n->about_boot && strstr(n->message, words) != NULL)
            return true;
    }
    return false;
}
