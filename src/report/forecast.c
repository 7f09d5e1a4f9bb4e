/* SPDX-License-Identifier: MIT */
#include "report/forecast.h"

static const char *answer_word(enum forecast_answer is)
{
    static const char *const words[] = {
        [ANSWER_OPEN] = "?", [ANSWER_YES] = "yes", [ANSWER_NO] = "no"};
    return words[is];
}

/* A run limited to some rules prints no forecast. */
static bool is_wanted(const struct page *p)
{
    return p->r->forecast.told && p->r->options->only == NULL;
}

void forecast_print_line(const struct page *p)
{
    static const char title[] = "Windows: "; /* in the column of the machine's name */
    if (!is_wanted(p))
        return;
    out_str(p->o, title);
    (void)page_cut(p, page_width(p) - (sizeof title - 1),
                   forecast_summary(&p->r->forecast, p->o->arena));
    out_char(p->o, '\n');
}

/* A title of `width` columns, the answer, and why. */
static void print_item(const struct page *p, size_t width, const char *title, const char *word,
                       const char *because)
{
    enum { WORD = 5 };
    page_indent(p, 2);
    out_printf(p->o, "%-*s%-*s", (int)width, title, WORD, word);
    page_wrapped(p, 2 + width + WORD, 2 + width + WORD, because);
}

static const char *why(const struct page *p, const struct forecast_item *i)
{
    return arena_printf(p->o->arena, "%s%s", i->because, i->inference ? " (inference)" : "");
}

enum { TITLE = 23, PROPERTY = 34 };

static void print_properties(const struct page *p)
{
    struct arena *a = p->o->arena;
    const struct forecast *f = &p->r->forecast;
    print_item(p, TITLE, "Properties available", "",
               arena_printf(a, "%s; not known: %s; not listed: %s", forecast_list(f, ANSWER_YES, a),
                            forecast_list(f, ANSWER_OPEN, a), forecast_list(f, ANSWER_NO, a)));
    for (unsigned i = PROPERTY_FIRST; i < PROPERTY_END && p->r->options->verbose; i++)
        print_item(p, PROPERTY, arena_printf(a, "  %u %s", i, property_names[i]),
                   answer_word(f->properties[i].is), why(p, &f->properties[i]));
}

/* Windows' own report, and the differences. */
static void print_windows(const struct page *p)
{
    struct arena *a = p->o->arena;
    const struct forecast *f = &p->r->forecast;
    if (f->windows == NULL)
        return;
    print_item(p, TITLE, "Windows' own word", "",
               arena_printf(a, "%s%s", f->said, f->n_differences == 0 ? ": no difference" : ""));
    for (size_t i = 0; i < f->n_differences; i++) {
        const struct forecast_difference *d = &f->differences[i];
        print_item(p, TITLE, "", "differ",
                   arena_printf(a, " %s: Windows %s, evidence %s: %s", d->what, d->windows,
                                d->evidence, d->because));
    }
}

void forecast_print(const struct page *p, const char *title)
{
    const struct forecast *f = &p->r->forecast;
    if (!is_wanted(p))
        return;
    if (title != NULL)
        page_title(p, title);
    page_title(p, "What Windows would do");
    for (unsigned i = 0; i < FORECAST_COUNT; i++)
        print_item(p, TITLE, forecast_infos[i].title, answer_word(f->items[i].is),
                   why(p, &f->items[i]));
    print_item(p, TITLE, "Readiness tool 3.6", "",
               arena_printf(p->o->arena, "%s%s%s",
                            f->readiness_tool != NULL ? f->readiness_tool : "not known",
                            f->readiness_tool != NULL ? " " : ": ", f->readiness_because));
    print_properties(p);
    print_windows(p);
}
