/* SPDX-License-Identifier: MIT */
#include "support/mat.h"

#include <stdio.h>
#include <string.h>

#include "support/build.h"
#include "support/cmocka.h"
#include "support/efi.h"

static const char *const rules[] = {"uefi.mat", MAT_COVERAGE, MAT_LAYOUT, MAT_PROTECTION};
enum { RULES = sizeof rules / sizeof rules[0] };

void mat_begin(struct mat *m)
{
    static const struct efi_region entries[MAT_SOUND] = {
        [CODE_HEAD] = {.type = EFI_RUNTIME_CODE, .start = 0x10000, .pages = 1},
        [CODE_TEXT] = {.type = EFI_RUNTIME_CODE, .start = 0x11000, .pages = 14},
        [CODE_TAIL] = {.type = EFI_RUNTIME_CODE, .start = 0x1f000, .pages = 1},
        [DATA_NEAR] = {.type = EFI_RUNTIME_DATA, .start = 0x20000, .pages = 16},
        [DATA_FAR] = {.type = EFI_RUNTIME_DATA, .start = 0x40000, .pages = 16},
    };
    static const struct efi_region map[MAP_SOUND] = {
        [MAP_CODE] = {.type = EFI_RUNTIME_CODE, .start = 0x10000, .pages = 16},
        [MAP_NEAR] = {.type = EFI_RUNTIME_DATA, .start = 0x20000, .pages = 16},
        [MAP_FAR] = {.type = EFI_RUNTIME_DATA, .start = 0x40000, .pages = 16},
    };
    *m = (struct mat){.version = 1, .stride = 48, .n = MAT_SOUND, .n_map = MAP_SOUND};
    scene_begin(&m->s);
    scene_complete_acpi(&m->s);
    scene_text(&m->s, "efi/platform", "64\n");
    memcpy(m->entries, entries, sizeof entries);
    memcpy(m->map, map, sizeof map);
    for (size_t i = 0; i < MAT_SOUND; i++)
        m->entries[i].attributes = i == CODE_TEXT ? MAT_RO : MAT_XP;
    for (size_t i = 0; i < MAP_SOUND; i++)
        m->map[i].attributes = EFI_ATTRIBUTE_RUNTIME | 0xf;
}

void mat_end(struct mat *m)
{
    scene_end(&m->s);
}

void mat_add_table(struct mat *m)
{
    enum { FLAGS_AT = 12, DESCRIPTOR = 40 };
    static struct build b;
    memattr_begin(&b, m->version, (uint32_t)m->n, m->stride);
    b.bytes[FLAGS_AT] = (uint8_t)m->flags;
    for (size_t i = 0; i < m->n; i++) {
        const struct efi_region *e = &m->entries[i];
        put_le32(&b, e->type);
        put_le32(&b, 0);
        put_le64(&b, e->start);
        put_le64(&b, e->virtual_start);
        put_le64(&b, e->pages);
        put_le64(&b, e->attributes);
        for (uint32_t more = DESCRIPTOR; more < m->stride; more++)
            put_u8(&b, 0xa5); /* what newer descriptors may have there */
    }
    scene_bytes(&m->s, "efi/memattr", build_span(&b));
}

void mat_add_map(struct mat *m)
{
    const char *text = "";
    for (size_t i = 0; i < m->n_map; i++) {
        const struct efi_region *r = &m->map[i];
        text = arena_printf(&m->s.arena, "%s0x%x 0x%llx 0x0 0x%llx 0x%llx\n", text, r->type,
                            (unsigned long long)r->start, (unsigned long long)r->pages,
                            (unsigned long long)r->attributes);
    }
    scene_text(&m->s, "efi/runtime-map", text);
}

void mat_judge(struct mat *m)
{
    mat_add_table(m);
    mat_add_map(m);
    scene_judge(&m->s);
}

void mat_expect(const struct scene *s, const char *verdicts)
{
    static const char letters[] = {
        [V_PASS] = 'P', [V_FAIL] = 'F', [V_UNKNOWN] = 'U', [V_NOT_APPLICABLE] = 'N'};
    char got[RULES + 1] = "";
    for (size_t i = 0; i < RULES; i++)
        got[i] = letters[scene_verdict(s, rules[i])];
    assert_string_equal(got, verdicts);
}

void mat_expect_reason(const struct scene *s, const char *verdicts, enum status why)
{
    mat_expect(s, verdicts);
    for (size_t i = 0; i < RULES; i++) {
        if (verdicts[i] == 'U')
            assert_reason(s, rules[i], why);
    }
}

void mat_expect_facts(const struct scene *s, unsigned unprotected, unsigned executable, bool covers,
                      bool sound)
{
    static const char *const names[] = {"mat.entries-unprotected", "mat.entries-executable-data",
                                        "mat.covers-runtime", "mat.layout-sound"};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        assert_int_equal(scene_fact(s, names[i])->st, ST_OK);
    assert_int_equal(scene_fact(s, names[0])->v.u, unprotected);
    assert_int_equal(scene_fact(s, names[1])->v.u, executable);
    assert_int_equal(scene_fact(s, names[2])->v.b, covers);
    assert_int_equal(scene_fact(s, names[3])->v.b, sound);
}

static bool is_about_the_table(const struct finding *f)
{
    bool found = false;
    for (size_t i = 0; i < RULES; i++)
        found |= strcmp(f->rule, rules[i]) == 0;
    return found;
}

size_t mat_findings(const struct scene *s)
{
    size_t n = 0;
    for (size_t i = 0; i < s->report.facts.n_findings; i++)
        n += is_about_the_table(&s->report.facts.findings[i]);
    return n;
}

void mat_expect_finding(const struct scene *s, const char *rule, const char *range,
                        const char *words, size_t entry, size_t stride)
{
    enum { HEADER = 16 };
    for (size_t i = 0; i < s->report.facts.n_findings; i++) {
        const struct finding *f = &s->report.facts.findings[i];
        if (strcmp(f->rule, rule) != 0 || strcmp(f->subject, range) != 0 ||
            strcmp(f->message, words) != 0)
            continue;
        assert_true(f->offset == (entry == SIZE_MAX ? NO_OFFSET : HEADER + entry * stride));
        assert_int_equal(f->length, entry == SIZE_MAX ? 0 : stride);
        return;
    }
    for (size_t i = 0; i < s->report.facts.n_findings; i++)
        print_message("%s: %s: %s\n", s->report.facts.findings[i].rule,
                      s->report.facts.findings[i].subject, s->report.facts.findings[i].message);
    fail_msg("no finding of %s at %s: %s", rule, range, words);
}

const char *mat_mark(const struct scene *s, size_t entry)
{
    assert_non_null(s->report.facts.mat);
    assert_true(entry < s->report.facts.mat->n);
    return s->report.facts.mat->marks[entry].words;
}

void mat_expect_only(const struct scene *s, const char *rule, const char *range, const char *words,
                     size_t entry)
{
    char message[128];
    const struct mat_view *view = s->report.facts.mat;
    assert_non_null(view);
    (void)snprintf(message, sizeof message, "runtime %s %s",
                   view->entries[entry].type == EFI_RUNTIME_CODE ? "code" : "data", words);
    assert_int_equal(mat_findings(s), 1);
    mat_expect_finding(s, rule, range, message, entry, 48);
    for (size_t i = 0; i < view->n; i++) {
        if (i == entry)
            assert_string_equal(view->marks[i].words, words);
        else
            assert_null(view->marks[i].words);
    }
}
