/* SPDX-License-Identifier: MIT */
#include "cli/profile/profile_options.h"

#include <string.h>
#include <unistd.h>

#include "cli/profile/mistaken_rule.h"

static const char *profile_name(size_t i)
{
    return i < n_profiles ? profiles[i]->name : NULL;
}

/* The name of a profile never contains a slash; a file is given with one: ./acme.json. */
void set_profile(struct parsing *p, const char *value)
{
    struct wish *w = &p->config->judge.wish;
    if (w->given != NULL && strcmp(w->given, value) != 0) {
        p->problem = arena_printf(
            p->arena, "only one profile can be used, and '%s' was already given", w->given);
        return;
    }
    w->given = value;
    w->file = strchr(value, '/') != NULL ? value : NULL;
    w->profile = w->file == NULL ? profile_find(value) : NULL;
    if (w->file != NULL || w->profile != NULL)
        return;
    if (value[0] != '\0' && access(value, F_OK) == 0)
        p->problem = arena_printf(p->arena,
                                  "there is no such profile; if you mean the file, write "
                                  "./%s",
                                  value);
    else
        p->problem = suggest_in(p->arena, "there is no such profile",
                                "see 'vbscheck list profiles'", value, profile_name);
}

static const char *known_rule(struct parsing *p, const char *name)
{
    const struct rule *r = rule_find(name);
    if (r == NULL)
        p->problem = mistake_rule(p->arena, name);
    return r != NULL ? r->id : NULL;
}

void add_required(struct parsing *p, const char *value)
{
    struct wish *w = &p->config->judge.wish;
    const char *rule = known_rule(p, value);
    w->require = arena_grow(p->arena, w->require, w->n_require, sizeof *w->require);
    w->require[w->n_require++] = rule != NULL ? rule : value;
}

void add_skip(struct parsing *p, const char *value)
{
    struct wish *w = &p->config->judge.wish;
    const char *equals = strchr(value, '=');
    struct span name = {(const uint8_t *)value, equals != NULL ? (size_t)(equals - value) : 0};
    if (equals == NULL) {
        p->problem = "write RULE=REASON, such as 'smm.wsmt=ticket 4711'";
        return;
    }
    const char *rule = known_rule(p, arena_text(p->arena, name));
    const char *wrong = policy_text_problem(equals + 1);
    if (wrong != NULL)
        p->problem = arena_printf(p->arena, "the reason %s", wrong);
    if (rule == NULL || wrong != NULL)
        return;
    w->skip = arena_grow(p->arena, w->skip, w->n_skip, sizeof *w->skip);
    w->skip[w->n_skip++] = (struct waiver){.rule = rule, .reason = equals + 1};
}
