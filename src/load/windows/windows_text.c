/* SPDX-License-Identifier: MIT */
#include "load/windows/windows_text.h"

#include "parse/keyval.h"
#include "parse/windows/windows.h"

/* The first text that is not empty counts. */
static void fill_text(struct span *to, struct span from)
{
    if (to->len == 0)
        *to = from;
}

/* A switch that two texts tell differently is not told: neither of them is known to be the later.
 */
static bool fill_switch(enum windows_switch *to, enum windows_switch from, bool *contested)
{
    bool differ = *to != WINDOWS_UNTOLD && from != WINDOWS_UNTOLD && *to != from;
    *contested |= differ;
    *to = *contested ? WINDOWS_UNTOLD : *to == WINDOWS_UNTOLD ? from : *to;
    return !differ;
}

/* Returns false where two whole lists differ. */
static bool fill_list(struct windows_list *to, const struct windows_list *from)
{
    bool both =
        to->told && from->told && !to->cut && !from->cut && to->open == 0 && from->open == 0;
    bool same = !both || to->has == from->has;
    if (!to->told || (from->told && !from->cut && (to->cut || to->open != 0)))
        *to = *from;
    return same;
}

/* All texts of a machine together. */
struct merged {
    struct windows all;
    bool uefi, secure_boot, kernel_dma; /* told differently */
};

static bool fill(struct merged *m, const struct windows *from)
{
    struct windows *to = &m->all;
    fill_text(&to->version, from->version);
    fill_text(&to->maker, from->maker);
    fill_text(&to->model, from->model);
    fill_text(&to->board, from->board);
    fill_text(&to->type, from->type);
    fill_text(&to->processor, from->processor);
    fill_text(&to->firmware, from->firmware);
    fill_text(&to->firmware_date, from->firmware_date);
    to->vbs = to->vbs == WINDOWS_VBS_UNTOLD ? from->vbs : to->vbs;
    bool same = fill_switch(&to->uefi, from->uefi, &m->uefi);
    same &= fill_switch(&to->secure_boot, from->secure_boot, &m->secure_boot);
    same &= fill_switch(&to->kernel_dma, from->kernel_dma, &m->kernel_dma);
    same &= fill_list(&to->available, &from->available);
    same &= fill_list(&to->required, &from->required);
    same &= fill_list(&to->configured, &from->configured);
    return fill_list(&to->running, &from->running) && same;
}

static void note_status(struct snapshot *out, const char *file, enum status st, const char *what)
{
    if (st == ST_MALFORMED)
        notes_add(&out->notes, file, "is not used: it contains %s", what);
    else if (st == ST_UNSUPPORTED)
        notes_add(
            &out->notes, file,
            "is a report of Windows in a language whose rows are not recognised: give the "
            "output of Get-CimInstance Win32_DeviceGuard, which is the same in all languages");
    else if (st == ST_NOT_COLLECTED)
        notes_add(&out->notes, file,
                  "does not mention virtualization-based security: run msinfo32 as administrator");
}

static void check_machine(struct machine *m, const struct windows *w, const char *file)
{
    struct dmi names = {.vendor = w->maker, .product = w->model, .board = w->board};
    if (w->model.len > 0)
        machine_takes_dmi(m, names, file);
    if (w->type.len > 0)
        machine_takes_arch(m, span_starts(w->type, "ARM") ? ARCH_ARM : ARCH_X86, file);
    machine_checks_brand(m, w->processor, file);
}

static void add_names(const struct windows *w, const char *file, struct snapshot *out)
{
    struct dmi d = {.vendor = w->maker,
                    .product = w->model,
                    .board = w->board,
                    .firmware_version = w->firmware,
                    .firmware_date = w->firmware_date};
    snap_add(out, (struct blob){
                      .name = "dmi", .from = file, .st = ST_OK, .data = dmi_write(&d, out->arena)});
}

void windows_load(const struct windows_file *files, size_t n, bool has_dmi, struct machine *m,
                  struct snapshot *out)
{
    struct merged merged = {0};
    enum status best = ST_MALFORMED;
    const char *from = NULL;
    for (size_t i = 0; i < n; i++) {
        struct windows w = {.source = windows_source_of(files[i].data)};
        struct fault fault = {0};
        enum status st = windows_parse(files[i].data, out->arena, &w, &fault);
        note_status(out, files[i].name, st, fault.what);
        check_machine(m, &w, files[i].name);
        if (from == NULL || (best != ST_OK && st == ST_OK))
            best = st;
        if (from == NULL)
            merged.all = w;
        else if (!fill(&merged, &w))
            notes_add(
                &out->notes, files[i].name,
                "differs from %s, as texts of two boots can: a switch that differs is not used; "
                "of a list that differs, the values of the latter count",
                from);
        from = from == NULL ? files[i].name : from;
    }
    if (n == 0)
        return;
    snap_add(out, (struct blob){.name = "windows",
                                .from = from,
                                .st = ST_OK,
                                .data = windows_write(&merged.all, best, out->arena)});
    if (!has_dmi && merged.all.model.len > 0)
        add_names(&merged.all, from, out);
}
