/* SPDX-License-Identifier: MIT */
/*
 * Mutants of the corpus' DMAR, IVRS and IORT tables, 20,000 in all and the same ones every time.
 * Real tables are larger and more varied than the ones that tests make up.
 */
#include <string.h>

#include "parse/acpi/dmar.h"
#include "parse/acpi/iort.h"
#include "parse/acpi/ivrs.h"
#include "support/cmocka.h"
#include "support/load.h"
#include "support/mutant.h"
#include "support/scene.h"
#include "support/torture.h"
#include "vbscheck/count.h"

TORTURE_PARSE_IN_ARENA(torture_dmar, struct dmar, dmar_parse)
TORTURE_PARSE_IN_ARENA(torture_ivrs, struct ivrs, ivrs_parse)
TORTURE_PARSE_IN_ARENA(torture_iort, struct iort, iort_parse)

enum { MUTANTS = 20000 };

static void assert_inside(size_t offset, size_t len, struct span table)
{
    assert_true(offset < table.len && len <= table.len - offset);
}

/* What readers of the lists rely on. */
static void check_dmar(struct span table, struct arena *a)
{
    struct dmar d;
    size_t scopes = 0;
    assert_int_equal(dmar_parse(table, a, &d, NULL), ST_OK);
    for (size_t i = 0; i < d.n_structures; i++) {
        const struct dmar_structure *s = &d.structures[i];
        assert_inside(s->offset, 4, table);
        assert_true(s->type < DMAR_TYPES);
        scopes += s->n_scopes;
        for (size_t k = 0; k < s->n_scopes; k++) {
            assert_inside(s->scopes[k].offset, 6 + s->scopes[k].path.len, table);
            assert_ptr_equal(s->scopes[k].path.ptr, table.ptr + s->scopes[k].offset + 6);
            assert_true(s->scopes[k].path.len >= 2 && s->scopes[k].path.len % 2 == 0);
        }
    }
    assert_int_equal(scopes, d.device_scopes);
}

static void check_ivrs(struct span table, struct arena *a)
{
    struct ivrs v;
    assert_int_equal(ivrs_parse(table, a, &v, NULL), ST_OK);
    for (size_t i = 0; i < v.n_ivhds; i++) {
        assert_inside(v.ivhds[i].offset, 24, table);
        assert_true(v.ivhds[i].type <= v.used);
        for (size_t k = 0; k < v.ivhds[i].n_ranges; k++)
            assert_true(v.ivhds[i].ranges[k].first <= v.ivhds[i].ranges[k].last);
    }
    for (size_t i = 0; i < v.n_ivmds; i++)
        assert_inside(v.ivmds[i].offset, 32, table);
}

static void check_iort(struct span table, struct arena *a)
{
    struct iort v;
    assert_int_equal(iort_parse(table, a, &v, NULL), ST_OK);
    for (size_t i = 0; i < v.n_nodes; i++) {
        assert_inside(v.nodes[i].offset, 16, table);
        assert_true(i == 0 || v.nodes[i - 1].offset < v.nodes[i].offset);
        for (size_t k = 0; k < v.nodes[i].n_mappings; k++) {
            const struct iort_mapping *m = &v.nodes[i].mappings[k];
            assert_inside(m->offset, 20, table);
            assert_true(m->first <= m->last);
            assert_true(m->target < v.n_nodes || m->target == IORT_NOWHERE);
        }
    }
}

static const struct kind {
    const char *signature;
    torture_fn *parse;
    void (*check)(struct span table, struct arena *a);
} kinds[] = {
    {"DMAR", torture_dmar, check_dmar},
    {"IVRS", torture_ivrs, check_ivrs},
    {"IORT", torture_iort, check_iort},
};

/* A machine with two buses, a virtual function and a drive behind VMD, as tables may name them. */
static const char functions[] =
    "0000:00:00.0 class=060000 vendor=8086 device=29c0 group=0\n"
    "0000:00:01.0 class=060400 header=01 primary=00 secondary=01 subordinate=02 express=1\n"
    "0000:00:02.0 class=030000 vendor=8086 device=3e92\n"
    "0000:00:0e.0 class=010400 vendor=8086 device=9a0b group=1\n"
    "0000:00:14.0 class=0c0330 vendor=8086 device=a2af group=2\n"
    "0000:01:00.0 class=060400 header=01 primary=01 secondary=02 subordinate=02 express=1\n"
    "0000:02:00.0 class=010802 vendor=144d device=a808 express=0\n"
    "0000:02:00.1 class=020000 vendor=8086 device=1520 physfn=0000:02:00.0\n"
    "0001:00:00.0 class=020000 vendor=10ec device=8168\n"
    "10000:e1:00.0 class=010802 vendor=144d device=a808 owner=0000:00:0e.0\n";

/* No mutant may take the whole way from evidence to verdict down; what it says is its own affair.
 */
static void judge_with_it(const char *signature, struct span table)
{
    struct scene s;
    char name[] = "acpi/....";
    memcpy(name + 5, signature, 4);
    scene_begin(&s);
    scene_bytes(&s, name, table);
    scene_text(&s, "pci", functions);
    scene_judge(&s);
    assert_true(scene_fact(&s, "iommu.functions")->st == ST_OK);
    scene_end(&s);
}

/* Parses it and, where that succeeds, looks at what readers rely on. Returns whether. */
static bool survive(const char *signature, struct span table)
{
    struct arena a;
    const struct kind *k = kinds;
    while (strcmp(k->signature, signature) != 0)
        k++;
    if (k->parse(table) != ST_OK)
        return false;
    test_arena(&a);
    k->check(table, &a);
    arena_reset(&a);
    return true;
}

struct torture {
    const char *signature;
    unsigned tables; /* of all kinds */
    uint64_t seed;
    unsigned mutants, survived;
};

static void count_table(const struct truth *t, void *context)
{
    (void)t;
    ((struct torture *)context)->tables++;
}

static void torture_one(const struct truth *t, void *context)
{
    struct torture *x = context;
    for (unsigned left = MUTANTS / x->tables + 1; left > 0 && x->mutants < MUTANTS; left--) {
        struct heap h = mutant_of_table(t->table, &x->seed, x->mutants++);
        judge_with_it(x->signature, h.span);
        x->survived += survive(x->signature, h.span);
        heap_free(&h);
    }
}

static void mutants_of_real_tables_are_survived(void **state)
{
    (void)state;
    struct torture x = {.seed = 0x853c49e6748fea9b};
    for (size_t i = 0; i < COUNT(kinds); i++)
        (void)each_truth_with(kinds[i].signature, count_table, &x);
    for (size_t i = 0; i < COUNT(kinds); i++) {
        unsigned before = x.survived;
        x.signature = kinds[i].signature;
        (void)each_truth_with(x.signature, torture_one, &x);
        assert_true(x.survived > before);
    }
    assert_int_equal(x.mutants, MUTANTS);
    print_message("%u of %u mutants of %u tables parse\n", x.survived, x.mutants, x.tables);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mutants_of_real_tables_are_survived),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
