/* SPDX-License-Identifier: MIT */
/* Queries of rules and facts for the forecast. */
#ifndef FORECAST_LOOK_H
#define FORECAST_LOOK_H

#include "forecast/forecast.h"

struct look {
    const struct facts *f;
    const struct outcome *outcomes;
    size_t n;
    struct arena *a;
    bool guest, arm;
};

/* A rule that has to pass, and what a failure means for Windows. */
struct need {
    const char *rule;
    const char *fails; /* a sentence; NULL: the rule's own */
    const char *brief;
};

/* The outcome of a rule, judged or not. */
struct outcome look_rule(const struct look *l, const char *id);

/* True for a Hyper-V virtual machine: its host decides some of the answers. */
bool look_is_hyperv_guest(const struct look *l);

struct forecast_item say_yes(const char *because, bool inference);
struct forecast_item say_no(const char *because, const char *brief, bool inference);
struct forecast_item say_open(const char *because, const char *brief);

/*
 * NO if a need fails or does not apply (an IOMMU that a guest lacks, entries of an empty table),
 * else OPEN if one is unknown, else YES. The first such need gives the reason.
 */
struct forecast_item look_all(const struct look *l, const struct need *needs, size_t n,
                              struct forecast_item yes);

/* Why a fact is not known, in a sentence: "whether … is not known: needs root". */
struct forecast_item look_open(const struct look *l, enum fact_id fact, const char *what);

/* Parts of forecast_make(). */
void forecast_properties(const struct look *l, struct forecast *out);
void forecast_compare(const struct look *l, struct forecast *f);     /* properties and VBS */
void forecast_compare_dma(const struct look *l, struct forecast *f); /* Kernel DMA Protection */
void forecast_features(const struct look *l, struct forecast *out);
void forecast_readiness(const struct look *l, struct forecast *out);

#endif
