/* SPDX-License-Identifier: MIT */
/*
 * Mutants of the corpus' DMAR, IVRS and IORT tables, 20,000 in all and the same ones every time.
 * Real tables are larger and more varied than the ones that tests make up.
 */
#include <string.h>

#include "parse/dmar.h"
#include "parse/iort.h"
#include "parse/ivrs.h"
#include "support/cmocka.h"
#include "support/load.h"
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
            assert_true(m->target < v.n_nodes);
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

/* Parses it and, where that succeeds, does with it what the program does. Returns whether. */
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
        struct heap h = torture_mutant(t->table, &x->seed);
        if (x->mutants++ % 3 != 0)
            acpi_repair(h.bytes, h.span.len);
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
