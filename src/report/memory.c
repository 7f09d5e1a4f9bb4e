/* SPDX-License-Identifier: MIT */
#include "report/memory.h"

#include "vbscheck/efi_memory.h"

enum { LABEL = 6 };

/* Wider than real tables have, and than the columns: the rest goes on the next line. */
static bool is_wide(const struct efi_region *e)
{
    enum { ADDRESS_BITS = 48, PAGES_MOST = 999999 };
    return efi_region_last(e) >> ADDRESS_BITS != 0 || e->pages > PAGES_MOST;
}

/* "0000bea6c000-0000bea70fff code      5 pages RUN -- XP" */
static void print_entry(const struct page *p, const struct efi_region *e, const char *words)
{
    out_printf(p->o, "%012llx-%012llx%s", (unsigned long long)e->start,
               (unsigned long long)efi_region_last(e), is_wide(e) ? "\n" : " ");
    if (is_wide(e))
        page_indent(p, PAGE_INDENT + LABEL + 2);
    out_printf(p->o, "%s %6llu page%s %s %s %s", e->type == EFI_RUNTIME_CODE ? "code" : "data",
               (unsigned long long)e->pages, e->pages == 1 ? " " : "s",
               (e->attributes & EFI_ATTRIBUTE_RUNTIME) != 0 ? "RUN" : "   ",
               (e->attributes & EFI_ATTRIBUTE_RO) != 0 ? "RO" : "--",
               (e->attributes & EFI_ATTRIBUTE_XP) != 0 ? "XP" : "--");
    if (words != NULL) {
        out_str(p->o, "  ");
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
