/* SPDX-License-Identifier: MIT */
/*
 * One machine on its own page: a summary that prints on one sheet, then the details. It needs no
 * script, no network and no second file.
 */
#include "report/html/html.h"
#include "report/html/parts.h"
#include "report/report.h"

void html_left_out(struct out *o, size_t n)
{
    if (n > HTML_ROWS_MAX)
        out_printf(o, "<p>%zu more rows are left out here: vbscheck -v lists them.</p>\n",
                   n - HTML_ROWS_MAX);
}

static void write(struct out *o, const struct report *r)
{
    static const char *const words[] = {
        [READY] = "ready", [NOT_READY] = "not ready", [UNDETERMINED] = "undetermined"};
    struct out clean;
    out_init(&clean, o->arena);
    struct page p = {o, &clean, &r->options->looks, r};
    html_begin(o, arena_printf(o->arena, "vbscheck: %s is %s", report_host_key(r, o->arena),
                               words[r->readiness]));
    html_summary(&p);
    html_details(&p);
    html_end(o, r->options->build);
}

const struct reporter reporter_html = {
    .name = "html",
    .summary = "one page for a browser or a printer, with pictures of IOMMUs and of EFI's memory",
    .many = false,
    .instead = "use vbscheck summary",
    .digest = true,
    .write = write,
};
