/* SPDX-License-Identifier: MIT */
/* A profile file comes from whoever wrote it. Nothing is repaired. */
#include <assert.h>
#include <string.h>

#include "fuzz/target.h"
#include "profile/policy.h"
#include "support/build.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct heap h = heap_copy((struct span){data, size});
    const struct wish w = {.file = "f", .bytes = h.span, .today = "2026-11-30"};
    struct arena a;
    struct policy p;
    const char *problem = "";
    test_arena(&a);
    if (policy_make(&w, &a, &p, &problem)) {
        assert(p.n_rules <= rules_count() && policy_text_problem(p.name) == NULL);
        for (size_t i = 0; i < p.n_rules; i++)
            assert(p.rules[i]->level < LEVEL_COUNT && p.rules[i]->guest < LEVEL_COUNT);
        for (size_t i = 0; i < p.n_waivers; i++)
            assert(policy_text_problem(p.waivers[i].reason) == NULL);
    } else {
        assert(strlen(problem) > 0 && strchr(problem, '\n') == NULL);
    }
    arena_reset(&a);
    heap_free(&h);
    return 0;
}
