/* SPDX-License-Identifier: MIT */
/*
 * Compares Windows' own report with the evidence: each difference comes with a possible cause.
 * Where the evidence leaves a property open, Windows' report decides, since the forecast is about
 * Windows.
 */
#include <string.h>

#include "forecast/look.h"
#include "parse/windows/windows.h"
#include "vbscheck/count.h"

/* Why Windows may list a property that the evidence denies, and the reverse. */
static const struct {
    const char *listed, *missing;
} reasons[PROPERTY_END] = {
    [1] = {"virtualization was on under Windows and has since been switched off in setup",
           "virtualization was off when Windows wrote this report, or another hypervisor used it"},
    [2] = {"Secure Boot was on under Windows and was off in this boot: switch it on again before "
           "Windows starts",
           "Secure Boot was off when Windows wrote this report, and was on in this boot"},
    [3] = {"the IOMMU was on under Windows and has since been switched off in setup",
           "VT-d or AMD's IOMMU was off when Windows wrote this report"},
    [4] = {"only Windows has proven the lock",
           "Windows seldom reports property 4, even if the firmware has revision 2 of Secure MOR; "
           "that is not a fault of the machine"},
    [5] = {"Windows saw another table: the firmware version or the machine is different",
           "Windows checks more than the table: trust Windows, and ask the vendor for a firmware "
           "update"},
    [6] = {"Microsoft does not publish which WSMT flags Windows requires: trust Windows",
           "Microsoft does not publish which WSMT flags Windows requires: trust Windows"},
    [7] = {"Linux did not see a feature that Windows uses: a hypervisor or the kernel hid it",
           "Windows before Windows 10 version 1803 does not report property 7"},
    [8] = {"Linux did not see a feature that Windows uses: a hypervisor or the kernel hid it",
           "older Windows does not report property 8; Microsoft does not publish which bits "
           "Windows requires"},
};

static void add(const struct look *l, struct forecast *f, struct forecast_difference d)
{
    f->differences = arena_grow(l->a, f->differences, f->n_differences, sizeof *f->differences);
    f->differences[f->n_differences++] = d;
}

/* Whether Windows lists a property, as far as its text shows. */
static enum forecast_answer listed(const struct windows *w, unsigned n)
{
    if ((w->available.has >> n & 1) != 0)
        return ANSWER_YES;
    if (n == 2 && !w->available.told && w->secure_boot != WINDOWS_UNTOLD)
        return w->secure_boot == WINDOWS_ON ? ANSWER_YES : ANSWER_NO;
    if (n == 1 && !w->available.told && w->vbs == WINDOWS_VBS_RUNNING)
        return ANSWER_YES;
    bool open = !w->available.told || w->available.cut || (w->available.open >> n & 1) != 0;
    return open ? ANSWER_OPEN : ANSWER_NO;
}

/* "10.0.14393 Build 14393": 14393; 0 if there is no build number. */
static uint64_t build_of(const struct windows *w)
{
    struct span build;
    uint64_t n = 0;
    return span_find(w->version, "10.0.", &build) && span_take_dec(&build, &n) ? n : 0;
}

/* Windows 10 before 1803 does not know 7; no report with 8 was seen before 2004. */
static bool is_too_old(const struct windows *w, unsigned n)
{
    static const uint64_t first[PROPERTY_END] = {[7] = 17134, [8] = 19041};
    uint64_t build = build_of(w);
    return build > 0 && build < first[n];
}

/* What Windows reports about a property that the evidence leaves open. */
static struct forecast_item own_word(const struct look *l, unsigned n, enum forecast_answer said)
{
    static const char *const briefs[PROPERTY_END] = {
        [2] = "Secure Boot was off under Windows", [3] = "Windows reports no DMA protection"};
    if (said == ANSWER_YES)
        return say_yes(arena_printf(l->a, "Windows itself reported %s", property_names[n]), false);
    return say_no(arena_printf(l->a, "Windows itself does not report %s%s", property_names[n],
                               n == 4 ? ", as on nearly all machines" : ""),
                  briefs[n] != NULL ? briefs[n] : "not reported by Windows", false);
}

static void compare_property(const struct look *l, const struct windows *w, unsigned n,
                             struct forecast *f)
{
    struct forecast_item *i = &f->properties[n];
    enum forecast_answer said = listed(w, n);
    if (said == ANSWER_OPEN)
        return;
    if (i->is == ANSWER_OPEN) {
        if (said == ANSWER_YES || !is_too_old(w, n))
            *i = own_word(l, n, said);
        return;
    }
    if (i->is != said)
        add(l, f,
            (struct forecast_difference){
                .what = arena_printf(l->a, "property %u, %s", n, property_names[n]),
                .windows = said == ANSWER_YES ? "reported" : "not reported",
                .evidence = i->is == ANSWER_YES ? "there" : "not there",
                .because = said == ANSWER_YES ? reasons[n].listed : reasons[n].missing});
}

/* "1,2,3,7", "1,2,3,4 and more" */
static const char *windows_said(const struct look *l, const struct windows *w)
{
    struct arena *a = l->a;
    if (!w->available.told)
        return "no properties";
    const char *has = w->available.has > 0 ? windows_list_text(w->available.has, a) : "none";
    if (w->available.cut)
        return arena_printf(a, "%s and more, which this text leaves out", has);
    if (w->available.open != 0)
        return arena_printf(a, "%s; the language of this report hides whether %s is there", has,
                            windows_list_text(w->available.open, a));
    return has;
}

static void compare_vbs(const struct look *l, const struct windows *w, enum forecast_answer base,
                        struct forecast *f)
{
    bool off = w->vbs == WINDOWS_VBS_OFF || w->vbs == WINDOWS_VBS_WAITING;
    if (off && base == ANSWER_YES)
        add(l, f,
            (struct forecast_difference){
                .what = "VBS",
                .windows = w->vbs == WINDOWS_VBS_OFF ? "off" : "not running",
                .evidence = "can start",
                .because = w->vbs == WINDOWS_VBS_OFF
                               ? "VBS was not switched on in Windows; the machine can run it"
                               : "Windows was set to start VBS but did not: a policy requires "
                                 "more than the machine had in that boot (policy value 3 an "
                                 "IOMMU, both values Secure Boot), or virtualization was off"});
    else if (w->vbs == WINDOWS_VBS_RUNNING && base == ANSWER_NO && listed(w, 1) != ANSWER_YES)
        add(l, f,
            (struct forecast_difference){"VBS", "running", "cannot start", reasons[1].listed});
}

/* Evidence that came from Windows is not an independent second source. */
static void forget_own_word(const struct look *l, struct forecast *f)
{
    static const enum fact_id facts[] = {[1] = FACT_CPU_VIRT_ENABLED, [2] = FACT_SECURE_BOOT};
    for (unsigned n = 1; n < COUNT(facts); n++) {
        const struct fact *fact = &l->f->all[facts[n]];
        if (fact->st == ST_OK && strcmp(fact->from.blob, "windows") == 0)
            f->properties[n] = say_open("", "");
    }
}

void forecast_compare(const struct look *l, struct forecast *f)
{
    const struct windows *w = l->f->windows;
    if (w == NULL)
        return;
    forget_own_word(l, f);
    enum forecast_answer base = f->properties[1].is;
    const char *evidence = forecast_list(f, ANSWER_YES, l->a);
    const char *open = forecast_list(f, ANSWER_OPEN, l->a);
    for (unsigned n = PROPERTY_FIRST; n < PROPERTY_END; n++)
        compare_property(l, w, n, f);
    compare_vbs(l, w, base, f);
    f->windows = w;
    f->said = arena_printf(l->a,
                           "Windows reported %s; the evidence shows %s, and does not decide "
                           "%s",
                           windows_said(l, w), evidence, open);
}

void forecast_compare_dma(const struct look *l, struct forecast *f)
{
    const struct windows *w = l->f->windows;
    struct forecast_item *i = &f->items[FORECAST_KERNEL_DMA];
    if (w == NULL || w->kernel_dma == WINDOWS_UNTOLD)
        return;
    bool on = w->kernel_dma == WINDOWS_ON;
    if (i->is == ANSWER_OPEN)
        *i = on ? say_yes("Windows itself reported it", false)
                : say_no("Windows itself reported that it is off", "off under Windows", false);
    else if (on != (i->is == ANSWER_YES))
        add(l, f,
            (struct forecast_difference){
                "Kernel DMA Protection", on ? "on" : "off", on ? "not claimed" : "claimed",
                on ? "a firmware setting has changed since"
                   : "a firmware setting has changed since, or Windows could not use the claim "
                     "(an old Windows, a debugger)"});
}
