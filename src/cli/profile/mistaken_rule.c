/* SPDX-License-Identifier: MIT */
#include "cli/profile/mistaken_rule.h"

#include <string.h>

#include "report/report.h"
#include "vbscheck/suggest.h"

static const char *rule_id(size_t i)
{
    const struct rule *r = rule_at(i);
    return r != NULL ? r->id : NULL;
}

/* Rules of a domain or a row, or with such a part in their names: "smm.wsmt, mor.lock". */
static const char *rules_like(struct arena *a, const char *name)
{
    const char *all = NULL;
    const struct rule *r;
    size_t n = strlen(name);
    for (size_t i = 0; (r = rule_at(i)) != NULL && n >= 2; i++) {
        const char *part = strchr(r->id, '.') + 1;
        bool domain = strncmp(r->id, name, n) == 0 && r->id[n] == '.';
        if (!domain && strcmp(r->row, name) != 0 && strcmp(part, name) != 0)
            continue;
        all = all == NULL ? r->id : arena_printf(a, "%s, %s", all, r->id);
    }
    return all;
}

const char *mistake_rule(struct arena *a, const char *name)
{
    const char *problem = arena_printf(a, "'%s' is not a rule", name);
    const char *like = rules_like(a, name);
    if (like != NULL)
        return arena_printf(a, "%s; did you mean %s?", problem, like);
    return suggest_in(a, problem, "see 'vbscheck list'", name, rule_id);
}
