/* SPDX-License-Identifier: MIT */
/*
 * What Windows would do on this machine, as opposed to what Microsoft's table demands: made once
 * from facts and rules, before any report. Forecast and verdict do not influence each other.
 */
#ifndef FORECAST_FORECAST_H
#define FORECAST_FORECAST_H

#include "rules/rule.h"

enum forecast_answer { ANSWER_OPEN, ANSWER_YES, ANSWER_NO };

struct forecast_item {
    enum forecast_answer is;
    const char *because; /* a sentence; never NULL */
    const char *brief;   /* the deciding reason, in a few words; NULL if nothing was missing */
    bool inference;      /* no primary source confirms this rule */
};

enum forecast_id {
    FORECAST_POLICY_1, /* RequirePlatformSecurityFeatures: Secure Boot */
    FORECAST_POLICY_3, /* and DMA protection */
    FORECAST_MEMORY_INTEGRITY,
    FORECAST_CREDENTIAL_GUARD,
    FORECAST_KERNEL_DMA,
    FORECAST_COUNT
};

/* Name in the JSON report, and the name shown to people. */
struct forecast_info {
    const char *name;
    const char *title;
};
extern const struct forecast_info forecast_infos[FORECAST_COUNT];

/* AvailableSecurityProperties of Win32_DeviceGuard, named as in msinfo32; [0] is unused. */
enum { PROPERTY_FIRST = 1, PROPERTY_END = 9 };
extern const char *const property_names[PROPERTY_END];

/* Windows' report and the evidence, where they differ, and a possible cause. */
struct forecast_difference {
    const char *what, *windows, *evidence, *because;
};

struct windows;

struct forecast {
    struct forecast_item items[FORECAST_COUNT];
    struct forecast_item properties[PROPERTY_END];
    const char *readiness_tool; /* the sentence that it prints; NULL: not decided */
    const char *readiness_because;
    const struct windows *windows; /* what Windows reported about this machine; NULL: nothing */
    const char *said; /* the comparison of that report with the evidence, as a sentence */
    struct forecast_difference *differences;
    size_t n_differences;
    bool told; /* the forecast decided something worth a line */
};

/* Made from facts and the judged outcomes; judges the remaining rules itself. */
void forecast_make(const struct facts *f, const struct outcome *outcomes, size_t n, struct arena *a,
                   struct forecast *out);

/* One line: will Windows start VBS? Made in `a`. */
const char *forecast_summary(const struct forecast *f, struct arena *a);

/* "1,2,3,7": the properties with this answer; "none" if there are none. */
const char *forecast_list(const struct forecast *f, enum forecast_answer is, struct arena *a);

#endif
