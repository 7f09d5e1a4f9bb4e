/* SPDX-License-Identifier: MIT */
/*
 * One page about a fleet, from files with one report per line. This process copies bytes from the
 * files to a confined one, which asks for them piece by piece, and looks at none of them.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "cli/diff/document.h"
#include "cli/terminal.h"
#include "cli/trouble.h"
#include "cli/verb.h"
#include "fleet/print.h"
#include "fleet/reader.h"
#include "io/node.h"
#include "io/root.h"
#include "judge.h"
#include "vbscheck/count.h"

enum { PIECE_BYTES = 256 << 10 };

static const struct {
    const char *format;
    fleet_print *print;
} printers[] = {
    {"text", fleet_print_text},
    {"markdown", fleet_print_markdown},
    {"html", fleet_print_html},
    {"json", fleet_print_json},
};

/* Input of the confined process. */
struct summing {
    const char *const *files;
    size_t n;
    struct looks looks;
    fleet_print *print;
};

/* State of the process that reads the files, one after another. */
struct feeding {
    const char *const *files;
    size_t n;
    size_t file; /* the open file, or the last one */
    int fd;
    bool begun;
    bool failed; /* a file could not be read; already reported */
    bool any;    /* a byte was read */
};

/* Confined ---------------------------------------------------------------------------------- */

static struct span next_piece(void *context, size_t file, struct arena *a)
{
    (void)context;
    return confine_ask((struct span){(const uint8_t *)&file, sizeof file}, a);
}

/* One line for each skipped report, for standard error. */
static void put_skipped(struct out *o, const struct fleet *f)
{
    for (size_t i = 0; i < f->n_skipped && i < COUNT(f->skipped); i++)
        out_printf(o, "%s: line %" PRIu64 " %s\n", f->skipped[i].file, f->skipped[i].line,
                   f->skipped[i].problem);
    if (f->n_skipped > COUNT(f->skipped))
        out_printf(o, "and %" PRIu64 " more lines were skipped\n",
                   f->n_skipped - COUNT(f->skipped));
}

static void sum_up(void *context, struct arena *a, struct judged *result)
{
    const struct summing *w = context;
    const struct fleet_source from = {.files = w->files, .n = w->n, .next = next_piece};
    struct fleet *fleet = arena_new(a, struct fleet, 1);
    struct out document, skipped;
    fleet_init(fleet, a);
    fleet_read(fleet, &from);
    out_init(&document, a);
    w->print(&document, fleet, &w->looks);
    out_init(&skipped, a);
    put_skipped(&skipped, fleet);
    result->document = out_span(&document);
    result->message = out_span(&skipped);
    result->exit_status = fleet->n_skipped > 0 ? EXIT_TROUBLE : EXIT_READY;
}

/* With rights --------------------------------------------------------------------------------- */

static void fail_file(struct feeding *w, int error, struct arena *a)
{
    (void)trouble(a, "%s: %s", w->files[w->file], strerror(error));
    w->failed = true;
}

static void open_file(struct feeding *w, size_t file, struct arena *a)
{
    if (w->begun && w->fd > STDIN_FILENO)
        close_fd(&w->fd);
    w->begun = true;
    w->file = file;
    w->fd = STDIN_FILENO;
    if (strcmp(w->files[file], "-") == 0)
        return;
    if (node_is_endless(w->files[file])) {
        (void)trouble(a, "%s is a device; give a file or \"-\"", w->files[file]);
        w->failed = true;
        w->fd = -1;
        return;
    }
    w->fd = open(w->files[file], O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (w->fd < 0)
        fail_file(w, errno, a);
}

/* A valid question is the number of a file; an earlier file is not read again. */
static bool serve_piece(void *server, struct span question, struct arena *a, struct span *answer)
{
    struct feeding *w = server;
    size_t file;
    if (question.len != sizeof file)
        return false;
    memcpy(&file, question.ptr, sizeof file);
    if (file >= w->n || (w->begun && file < w->file))
        return false;
    if (!w->begun || file != w->file)
        open_file(w, file, a);
    uint8_t *piece = arena_alloc(a, PIECE_BYTES, 1);
    ssize_t n = 0;
    do {
        n = w->fd >= 0 ? read(w->fd, piece, PIECE_BYTES) : 0;
    } while (n < 0 && errno == EINTR);
    if (n < 0)
        fail_file(w, errno, a);
    w->any |= n > 0;
    *answer = (struct span){piece, n > 0 ? (size_t)n : 0};
    return true;
}

static void say_skipped(struct span lines, struct arena *a)
{
    struct span line;
    while (span_next_line(&lines, &line))
        (void)trouble(a, "%s", arena_text(a, line));
}

static int summarize(const struct config *c, struct summing *w, struct arena *a)
{
    struct judged result = {0};
    struct feeding feeding = {.files = w->files, .n = w->n, .fd = -1};
    const struct confinement sum = {.profile = &profile_fleet,
                                    .work = sum_up,
                                    .context = w,
                                    .serve = serve_piece,
                                    .server = &feeding};
    if (confine_run(&sum, a, &result) != ST_OK)
        return trouble(a, "no process could be started for the judge");
    if (result.document.len == 0)
        return document_write(c, &w->looks, &result, a);
    if (feeding.failed && !feeding.any)
        return EXIT_TROUBLE; /* nothing was read, so there is no page */
    say_skipped(result.message, a);
    result.message = (struct span){0};
    int status = document_write(c, &w->looks, &result, a);
    return feeding.failed ? EXIT_TROUBLE : status;
}

static int run(const struct config *c, struct arena *unused)
{
    struct arena a;
    struct summing w = {
        .files = (const char *const *)c->args, .n = c->n_args, .looks = terminal_looks(c)};
    for (size_t i = 0; i < COUNT(printers); i++) {
        if (strcmp(printers[i].format, c->format->name) == 0)
            w.print = printers[i].print;
    }
    if (w.print == NULL)
        return trouble(unused, "summary prints text, markdown, html or json, not %s",
                       c->format->name);
    arena_init(&a, LIMIT_DATA, out_of_memory);
    int status = summarize(c, &w, &a);
    arena_reset(&a);
    return status;
}

const struct verb verb_summary = {
    .name = "summary",
    .synopsis = "FILE.ndjson... [--format FMT] [--output FILE]",
    .summary = "one page about a fleet, from reports of one line each",
    .exit_statuses = "0 all lines were counted, 2 trouble, or a line was skipped",
    .examples = "  vbscheck summary fleet.ndjson\n"
                "  vbscheck --format ndjson captures/ | vbscheck summary --format html -\n",
    .options = OPTION_BIT(FORMAT) | OPTION_BIT(OUTPUT) | OPTION_BIT(COLOR),
    .min_args = 1,
    .max_args = 100000,
    .args_problem = "summary needs a file of reports, one a line: the output of 'vbscheck --format "
                    "ndjson', or - for standard input",
    .run = run,
};
