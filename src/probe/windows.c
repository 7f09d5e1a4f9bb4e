/* SPDX-License-Identifier: MIT */
/* Windows' own report, for the comparison with the forecast. */
#include "probe/windows.h"

bool windows_runs(const struct probe_run *p)
{
    return p->facts->windows != NULL && p->facts->windows->vbs == WINDOWS_VBS_RUNNING;
}

static const char *const wants[] = {"windows", NULL};

static const enum fact_id gives[] = {
    FACT_WINDOWS_SOURCE,  FACT_WINDOWS_VERSION,     FACT_WINDOWS_VBS,        FACT_WINDOWS_AVAILABLE,
    FACT_WINDOWS_RUNNING, FACT_WINDOWS_SECURE_BOOT, FACT_WINDOWS_KERNEL_DMA, FACT_NONE,
};

static void give_text(const struct probe_run *p, enum fact_id id, struct span text)
{
    if (text.len > 0)
        facts_text(p->facts, id, arena_text(p->arena, text), origin_of("windows"));
}

static void give_list(const struct probe_run *p, enum fact_id id, const struct windows_list *l)
{
    if (l->told)
        give_text(p, id,
                  span_of(arena_printf(p->arena, "%s%s", windows_list_text(l->has, p->arena),
                                       l->cut || l->open != 0 ? "..." : "")));
}

static void give_switch(const struct probe_run *p, enum fact_id id, enum windows_switch s)
{
    if (s != WINDOWS_UNTOLD)
        facts_bool(p->facts, id, s == WINDOWS_ON, origin_of("windows"));
}

static void run(const struct probe_run *p)
{
    static const char *const states[] = {"", "off", "not running", "running"};
    struct blob b = snap_get(p->snap, "windows");
    struct windows *w = arena_new(p->arena, struct windows, 1);
    enum status st = b.st == ST_OK ? windows_read(b.data, w) : b.st;
    facts_all_unknown(p->facts, gives, st == ST_OK ? ST_NOT_COLLECTED : st, origin_of("windows"));
    if (st != ST_OK && !(b.st == ST_OK && st == ST_NOT_COLLECTED))
        return;
    p->facts->windows = w;
    give_text(p, FACT_WINDOWS_SOURCE, span_of(windows_source_name(w->source)));
    give_text(p, FACT_WINDOWS_VERSION, w->version);
    give_text(p, FACT_WINDOWS_VBS, span_of(states[w->vbs]));
    give_list(p, FACT_WINDOWS_AVAILABLE, &w->available);
    give_list(p, FACT_WINDOWS_RUNNING, &w->running);
    give_switch(p, FACT_WINDOWS_SECURE_BOOT, w->secure_boot);
    give_switch(p, FACT_WINDOWS_KERNEL_DMA, w->kernel_dma);
}

const struct probe probe_windows = {
    .name = "windows",
    .summary = "Reports of Windows about itself: msinfo32, systeminfo, Win32_DeviceGuard",
    .wants = wants,
    .gives = gives,
    .run = run,
};
