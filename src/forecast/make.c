/* SPDX-License-Identifier: MIT */
/* The whole forecast, and its short forms. */
#include "forecast/look.h"
#include "vbscheck/out.h"

void forecast_make(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
                   struct forecast *out)
{
    const struct look l = {
        .f = f,
        .outcomes = outcomes,
        .n = n,
        .a = a,
        /* Under WSL the forecast is about the PC whose Windows runs it. */
        .guest = fact_is_true(f, FACT_HOST_VM) && f->viewpoint != VIEW_WSL,
        .arm = fact_is_false(f, FACT_HOST_X86),
    };
    *out = (struct forecast){0};
    forecast_properties(&l, out);
    forecast_compare(&l, out);
    forecast_features(&l, out);
    forecast_compare_dma(&l, out);
    forecast_readiness(&l, out);
    out->told = out->windows != NULL || out->properties[1].is != ANSWER_OPEN ||
                out->properties[2].is != ANSWER_OPEN ||
                out->items[FORECAST_POLICY_3].is != ANSWER_OPEN;
}

const char *forecast_summary(const struct forecast *f, struct arena *a)
{
    const struct forecast_item *one = &f->items[FORECAST_POLICY_1];
    const struct forecast_item *three = &f->items[FORECAST_POLICY_3];
    if (one->is == ANSWER_YES && three->is == ANSWER_YES)
        return "starts VBS, under policies 1 and 3 too";
    if (one->is == ANSWER_YES)
        return arena_printf(a, "starts VBS under policy 1; %s under 3: %s",
                            three->is == ANSWER_NO ? "not" : "not known", three->brief);
    if (f->properties[1].is == ANSWER_NO)
        return arena_printf(a, "does not start VBS: %s", one->brief);
    if (one->is == ANSWER_NO)
        return arena_printf(a, "%s under policies 1 and 3: %s",
                            f->properties[1].is == ANSWER_YES ? "can start VBS, but not"
                                                              : "does not start VBS",
                            one->brief);
    if (three->is == ANSWER_NO)
        return arena_printf(a, "does not start VBS under policy 3: %s", three->brief);
    return arena_printf(a, "not known whether it starts VBS: %s", one->brief);
}

const char *forecast_list(const struct forecast *f, enum forecast_answer is, struct arena *a)
{
    struct out o;
    out_init(&o, a);
    for (unsigned i = PROPERTY_FIRST; i < PROPERTY_END; i++) {
        if (f->properties[i].is == is)
            out_printf(&o, "%s%u", o.len > 0 ? "," : "", i);
    }
    return o.len > 0 ? arena_text(a, out_span(&o)) : "none";
}
