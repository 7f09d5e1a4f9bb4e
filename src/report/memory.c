/* SPDX-License-Identifier: MIT */
#include "report/memory.h"

#include "vbscheck/efi_memory.h"

enum { LABEL = 6 };

/* A number of seven digits breaks the line; the range says as much. */
static void print_pages(const struct page *p, uint64_t pages)
{
    enum { MILLION = 1000000 };
    if (pages >= MILLION)
        out_printf(p->o, "%6s pages", ">=1M");
    else
        out_printf(p->o, "%6u page%s", (unsigned)pages, pages == 1 ? " " : "s");
}

/* "0000bea6c000-0000bea70fff code      5 pages RUN -- XP" */
static void print_entry(const struct page *p, const struct efi_region *e, const char *words)
{
    out_printf(p->o, "%012llx-%012llx %s ", (unsigned long long)e->start,
               (unsigned long long)efi_region_last(e),
               e->type == EFI_RUNTIME_CODE ? "code" : "data");
    print_pages(p, e->pages);
    out_printf(p->o, " %s %s %s", (e->attributes & EFI_ATTRIBUTE_RUNTIME) != 0 ? "RUN" : "   ",
               (e->attributes & EFI_ATTRIBUTE_RO) != 0 ? "RO" : "--",
               (e->attributes & EFI_ATTRIBUTE_XP) != 0 ? "XP" : "--");
    if (words != NULL) {
        out_char(p->o, ' ');
        page_colored(p, "1;31", "!!");
    }
    out_char(p->o, '\n');
    if (words != NULL) {
        page_indent(p, PAGE_INDENT + LABEL + 2);
        page_wrapped(p, PAGE_INDENT + LABEL + 2, PAGE_INDENT + LABEL + 2, words);
    }
}

void memory_print(const struct page *p)
{
    const struct mat_view *v = p->r->facts.mat;
    for (size_t i = 0; v != NULL && i < v->n; i++) {
        page_indent(p, PAGE_INDENT);
        out_printf(p->o, "%-*s", LABEL, i == 0 ? "map" : "");
        print_entry(p, &v->entries[i], v->marks[i].words);
    }
}
