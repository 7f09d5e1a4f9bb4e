/* SPDX-License-Identifier: MIT */
#include "cli/help.h"

#include <stdio.h>

#include "cli/build.h"
#include "cli/trouble.h"
#include "cli/verbs.h"
#include "io/libs.h"
#include "report/page.h"

static void put_options(struct out *o, unsigned which)
{
    for (unsigned i = 0; i < OPT_COUNT; i++) {
        char left[40];
        const struct option_row *r = &cli_options[i];
        char letter[5] = "    ";
        if ((which & 1u << i) == 0 || r->help == NULL)
            continue;
        if (r->letter != 0)
            (void)snprintf(letter, sizeof letter, "-%c, ", r->letter);
        (void)snprintf(left, sizeof left, "%s--%s%s%s", letter, r->name,
                       r->value != NULL ? " " : "", r->value != NULL ? r->value : "");
        out_printf(o, "  %-24s %s\n", left, r->help);
    }
}

static void put_verbs(struct out *o)
{
    out_str(o, "Checks whether this machine meets Microsoft's hardware requirements "
               "for\nvirtualization-based security (VBS), row by row.\n\n");
    for (size_t i = 0; i < n_verbs; i++)
        out_printf(o, "vbscheck %-8s %s\n         %s\n", verbs[i]->name, verbs[i]->synopsis,
                   verbs[i]->summary);
}

/* The words of a report, and the marks beside them on terminals. */
static void put_words(struct out *o, bool ascii)
{
    static const char *const meanings[IS_COUNT] = {
        [IS_FAIL] = "does not hold, and is required",
        [IS_UNKNOWN] = "the evidence does not decide it; the reason is shown",
        [IS_WEAK] = "does not hold, and is only recommended",
        [IS_INFO] = "does not hold, but that does no harm",
        [IS_PASS] = "the evidence shows that it holds",
        [IS_INAPPLICABLE] = "does not apply to this machine",
    };
    const struct looks looks = {.marks = true, .ascii = ascii};
    const struct page p = {.o = o, .looks = &looks};
    out_str(o, "\nMarks (on terminals) and words of a report:\n");
    for (unsigned i = 0; i < IS_COUNT; i++) {
        out_str(o, "  ");
        page_mark(&p, (enum standing_of)i);
        out_printf(o, "%s\n", meanings[i]);
    }
}

static void put_exit_statuses(struct out *o, const struct verb *v)
{
    static const char title[] = "Exit status: ";
    struct out clean;
    out_init(&clean, o->arena);
    const struct page p = {.o = o, .clean = &clean};
    out_printf(o, "\n%s", title);
    page_wrapped(&p, sizeof title - 1, 2,
                 arena_printf(o->arena, "%s. See vbscheck(1).", v->exit_statuses));
}

int help_print(const struct verb *v, bool ascii, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    if (v == verbs[0])
        put_verbs(&o);
    else
        out_printf(&o, "vbscheck %s %s\n%s\n", v->name, v->synopsis, v->summary);
    out_char(&o, '\n');
    put_options(&o, v->options | ANSWERED_OPTIONS);
    if (v == verbs[0])
        put_words(&o, ascii);
    out_printf(&o, "\nExamples:\n%s", v->examples);
    put_exit_statuses(&o, v);
    return put_document(&o, a);
}

enum whereabouts { LINKED, FOUND, NOT_FOUND, LEFT_OUT };

static enum whereabouts where_is(const struct libs_row *row)
{
    if (row->linked)
        return LINKED;
    if (row->soname[0] == '\0')
        return LEFT_OUT;
    return row->found ? FOUND : NOT_FOUND;
}

/* Prints, on one line after `title`, the libraries that are `where`. */
static void put_libraries(struct out *o, const char *title, enum whereabouts where)
{
    struct libs_row row;
    bool any = false;
    for (size_t i = 0; libs_row(i, &row); i++) {
        if (where_is(&row) != where)
            continue;
        out_printf(o, "%s %s", any ? "," : title, row.soname[0] != '\0' ? row.soname : row.name);
        if (!row.found)
            out_printf(o, " (%s)", row.without);
        any = true;
    }
    if (any)
        out_char(o, '\n');
}

/* The first line is for scripts. */
int help_version(struct arena *a)
{
    struct out o;
    out_init(&o, a);
    out_str(&o, "vbscheck " VBSCHECK_VERSION "\n");
    if (vbscheck_build != NULL)
        out_printf(&o, "build: %s\n", vbscheck_build);
    put_libraries(&o, "linked in:", LINKED);
    put_libraries(&o, "found:", FOUND);
    put_libraries(&o, "not found:", NOT_FOUND);
    put_libraries(&o, "not in this build:", LEFT_OUT);
    return put_document(&o, a);
}
