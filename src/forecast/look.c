/* SPDX-License-Identifier: MIT */
#include "forecast/look.h"

#include <string.h>

#include "advice/advice.h"

struct outcome look_rule(const struct look *l, const char *id)
{
    for (size_t i = 0; i < l->n; i++) {
        if (strcmp(l->outcomes[i].rule->id, id) == 0)
            return l->outcomes[i];
    }
    return rule_eval(rule_find(id), l->f, l->a);
}

bool look_is_hyperv_guest(const struct look *l)
{
    return l->guest && (l->f->platform == PLATFORM_HYPER_V || l->f->platform == PLATFORM_AZURE);
}

struct forecast_item say_yes(const char *because, bool inference)
{
    return (struct forecast_item){ANSWER_YES, because, NULL, inference};
}

struct forecast_item say_no(const char *because, const char *brief, bool inference)
{
    return (struct forecast_item){ANSWER_NO, because, brief, inference};
}

struct forecast_item say_open(const char *because, const char *brief)
{
    return (struct forecast_item){ANSWER_OPEN, because, brief, false};
}

static struct forecast_item open_rule(const struct look *l, const struct outcome *o)
{
    const char *why = detail_of_reason(o->reason);
    return say_open(arena_printf(l->a, "%s is not known: %s", o->rule->id, why),
                    arena_printf(l->a, "%s: %s", o->rule->id, why));
}

struct forecast_item look_all(const struct look *l, const struct need *needs, size_t n,
                              struct forecast_item yes)
{
    struct forecast_item answer = yes;
    for (size_t i = 0; i < n; i++) {
        struct outcome o = look_rule(l, needs[i].rule);
        if (o.verdict == V_FAIL || o.verdict == V_NOT_APPLICABLE)
            return say_no(needs[i].fails != NULL ? needs[i].fails : o.message,
                          needs[i].brief != NULL ? needs[i].brief
                                                 : detail_of_failure(l->f, &o, l->a),
                          yes.inference);
        if (o.verdict == V_UNKNOWN && answer.is == ANSWER_YES)
            answer = open_rule(l, &o);
    }
    return answer;
}

struct forecast_item look_open(const struct look *l, enum fact_id fact, const char *what)
{
    const char *why = detail_of_reason(l->f->all[fact].st);
    return say_open(arena_printf(l->a, "%s is not known: %s", what, why),
                    arena_printf(l->a, "%s: %s", what, why));
}
