/* SPDX-License-Identifier: MIT */
/* What a rule's row names is its evidence: none of it is lost on the way into a report. */
#include "support/cmocka.h"

#include "probe/probe.h"
#include "rules/rule.h"
#include "support/build.h"

/* Every fact is known; what holds and what does not is left to chance. */
static void know_everything(struct facts *f, struct arena *a, unsigned value)
{
    struct origin from = origin_of("test");
    facts_init(f, a);
    f->viewpoint = VIEW_METAL;
    for (unsigned id = FACT_NONE + 1; id < FACT_COUNT; id++) {
        if (fact_infos[id].type == FACT_BOOL)
            facts_bool(f, (enum fact_id)id, value != 0, from);
        else if (fact_infos[id].type == FACT_UINT)
            facts_uint(f, (enum fact_id)id, value, from);
        else
            facts_text(f, (enum fact_id)id, "text", from);
    }
}

static unsigned times(const struct outcome *o, enum fact_id id)
{
    unsigned n = 0;
    for (unsigned i = 0; i < o->n_evidence; i++)
        n += o->evidence[i] == id;
    return n;
}

static void check_named(const struct outcome *o, enum fact_id id)
{
    if (times(o, id) != 1)
        fail_msg("%s: %s is evidence %u times", o->rule->id, fact_infos[id].name, times(o, id));
}

static void every_known_fact_that_a_row_names_is_evidence_once(void **state)
{
    (void)state;
    const struct rule *r;
    for (unsigned value = 0; value < 2; value++) {
        struct arena a;
        struct facts f;
        test_arena(&a);
        know_everything(&f, &a, value);
        for (size_t n = 0; (r = rule_at(n)) != NULL; n++) {
            struct outcome o = rule_eval(r, &f, &a);
            for (unsigned i = 0; i < RULE_CLAUSES; i++) {
                for (unsigned j = 0; j < CLAUSE_CONDS && r->need[i].any[j].op != OP_NONE; j++)
                    check_named(&o, r->need[i].any[j].fact);
            }
            for (unsigned i = 0; i < RULE_SHOWS && r->shows[i] != FACT_NONE; i++)
                check_named(&o, r->shows[i]);
        }
        arena_reset(&a);
    }
}

static void nothing_stands_behind_the_end_of_a_list(void **state)
{
    (void)state;
    const struct rule *r;
    for (size_t n = 0; (r = rule_at(n)) != NULL; n++) {
        for (unsigned i = 1; i < RULE_SHOWS; i++) {
            if (r->shows[i] != FACT_NONE && r->shows[i - 1] == FACT_NONE)
                fail_msg("%s: shows %s behind the end of its list", r->id,
                         fact_infos[r->shows[i]].name);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_known_fact_that_a_row_names_is_evidence_once),
        cmocka_unit_test(nothing_stands_behind_the_end_of_a_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
