/* SPDX-License-Identifier: MIT */
#include "profile/policy.h"

#include <string.h>

#include "vbscheck/utf8.h"

/* A policy under construction. */
struct making {
    const struct wish *wish;
    struct arena *arena;
    struct policy *out;
    const char **problem;
    struct profile_file file; /* base is the built-in profile if there is no file */
    struct waiver *waivers;
    size_t n_waivers;
};

const char *policy_text_problem(const char *text)
{
    const unsigned char *p = (const unsigned char *)text;
    unsigned long cp = 0;
    bool blank = true;
    if (strlen(text) > POLICY_TEXT_MAX)
        return "is longer than 200 bytes";
    while (*p != '\0') {
        size_t n = utf8_length(p, &cp);
        if (n == 0 || utf8_is_hidden(cp))
            return "contains characters that cannot be printed";
        blank &= cp == ' ';
        p += n;
    }
    return blank ? "is empty" : NULL;
}

static void add_note(struct making *m, const char *text)
{
    struct policy *p = m->out;
    p->notes = arena_grow(m->arena, p->notes, p->n_notes, sizeof *p->notes);
    p->notes[p->n_notes++] = text;
}

/* Levels ----------------------------------------------------------------------------------- */

static bool is_demanded(const struct wish *w, const char *rule)
{
    for (size_t i = 0; i < w->n_require; i++) {
        if (strcmp(w->require[i], rule) == 0)
            return true;
    }
    return false;
}

/* The command line comes before the file, the file before its base. */
static struct profile_row levels_of(const struct making *m, const struct rule *r)
{
    if (is_demanded(m->wish, r->id))
        return (struct profile_row){r->id, LEVEL_REQUIRED, LEVEL_REQUIRED};
    for (size_t i = 0; i < m->file.n_rows; i++) {
        if (strcmp(m->file.rows[i].rule, r->id) == 0)
            return m->file.rows[i];
    }
    if (m->file.base == NULL)
        return (struct profile_row){r->id, LEVEL_LEFT_OUT, LEVEL_LEFT_OUT};
    return profile_levels(m->file.base, r);
}

/* The rule itself if its own levels apply, else a copy with other levels. */
static const struct rule *with_levels(const struct making *m, const struct rule *r)
{
    struct profile_row levels = levels_of(m, r);
    bool strict = m->file.base != NULL && m->file.base->strict;
    if (levels.level == r->level && levels.guest == r->guest && !strict)
        return r;
    struct rule *copy = arena_new(m->arena, struct rule, 1);
    *copy = *r;
    copy->level = levels.level;
    copy->guest = levels.guest;
    if (strict)
        copy->excuse = (struct excuse){ST_OK, NULL};
    return copy;
}

static void choose_rules(struct making *m)
{
    const struct rule *r;
    m->out->rules = arena_new(m->arena, const struct rule *, rules_count());
    for (size_t i = 0; (r = rule_at(i)) != NULL; i++) {
        const struct rule *chosen = with_levels(m, r);
        if (chosen->level != LEVEL_LEFT_OUT)
            m->out->rules[m->out->n_rules++] = chosen;
    }
}

static bool is_chosen(const struct policy *p, const char *rule)
{
    for (size_t i = 0; i < p->n_rules; i++) {
        if (strcmp(p->rules[i]->id, rule) == 0)
            return true;
    }
    return false;
}

/* Waivers ---------------------------------------------------------------------------------- */

const struct waiver *policy_waiver(const struct policy *p, const char *id)
{
    for (size_t i = 0; i < p->n_waivers; i++) {
        if (!p->waivers[i].expired && strcmp(p->waivers[i].rule, id) == 0)
            return &p->waivers[i];
    }
    return NULL;
}

static void note_waiver(struct making *m, const struct waiver *w)
{
    if (w->expired)
        add_note(m, arena_printf(m->arena,
                                 "the waiver of %s ended on %s and no longer counts: ask %s for a "
                                 "new one, or remove it",
                                 w->rule, w->until, w->owner));
    else if (!is_chosen(m->out, w->rule))
        add_note(m, arena_printf(m->arena,
                                 "the waiver of %s has no effect: the profile %s does not judge "
                                 "that rule",
                                 w->rule, m->out->name));
}

static void add_waiver(struct making *m, struct waiver w)
{
    /* Dates of this form sort as text. */
    w.expired = w.until != NULL && m->wish->today != NULL && strcmp(w.until, m->wish->today) < 0;
    m->waivers = arena_grow(m->arena, m->waivers, m->n_waivers, sizeof *m->waivers);
    m->waivers[m->n_waivers++] = w;
    note_waiver(m, &m->waivers[m->n_waivers - 1]);
}

/* Combinations that contradict each other. */
static const char *waiver_conflict(const struct making *m, const struct waiver *w)
{
    for (size_t i = 0; i < m->n_waivers; i++) {
        if (strcmp(m->waivers[i].rule, w->rule) == 0 && !m->waivers[i].expired)
            return arena_printf(m->arena, "%s is waived twice: remove one waiver", w->rule);
    }
    return is_demanded(m->wish, w->rule)
               ? arena_printf(m->arena, "%s is both required and waived: remove one of the two",
                              w->rule)
               : NULL;
}

static bool add_waivers(struct making *m, const struct waiver *items, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        const char *conflict = waiver_conflict(m, &items[i]);
        if (conflict != NULL) {
            *m->problem = m->wish->file == NULL
                              ? conflict
                              : arena_printf(m->arena, "%s: %s", m->wish->file, conflict);
            return false;
        }
        add_waiver(m, items[i]);
    }
    return true;
}

/* ------------------------------------------------------------------------------------------ */

static bool open_profile(struct making *m)
{
    const struct wish *w = m->wish;
    const char *problem = "";
    if (w->file == NULL) {
        m->file = (struct profile_file){.profile = *w->profile, .base = w->profile};
        return true;
    }
    if (profile_file_parse(w->bytes, m->arena, &m->file, &problem))
        return true;
    *m->problem = arena_printf(m->arena, "%s: %s", w->file, problem);
    return false;
}

bool policy_make(const struct wish *w, struct arena *a, struct policy *out, const char **problem)
{
    struct policy p = {0};
    struct making m = {.wish = w, .arena = a, .out = &p, .problem = problem};
    if (!open_profile(&m))
        return false;
    const struct profile *named = &m.file.profile;
    p.name = named->name;
    p.goal = named->goal;
    p.page = named->page;
    p.date = named->date;
    p.file = w->file;
    p.plain = w->file == NULL && w->profile == profiles[0] && w->n_require + w->n_skip == 0;
    choose_rules(&m);
    if (!add_waivers(&m, m.file.waivers, m.file.n_waivers) || !add_waivers(&m, w->skip, w->n_skip))
        return false;
    p.required = (const char *const *)w->require;
    p.n_required = w->n_require;
    p.waivers = m.waivers;
    p.n_waivers = m.n_waivers;
    *out = p;
    return true;
}
