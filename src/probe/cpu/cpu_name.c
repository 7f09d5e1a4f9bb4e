/* SPDX-License-Identifier: MIT */
#include "probe/cpu/cpu.h"
#include "vbscheck/count.h"

#if VBSCHECK_HAVE_LIBCPUID
#include <assert.h>
#include <libcpuid/libcpuid.h>
#include <string.h>

#include "vbscheck/libs.h"

/* The table of vbscheck/libs.h does not include the library's header; this checks its type. */
static_assert(_Generic(&cpu_identify, __typeof__(((struct cpuid_lib *)0)->cpu_identify)
                       : true, default
                       : false),
              "cpu_identify() takes something else");

/* The rows of libcpuid's raw data that identify a processor. */
static void fill_raw(const struct cpuid_cpu *c, struct cpu_raw_data_t *raw)
{
    static const struct {
        enum cpuid_leaf leaf;
        bool extended;
        unsigned index;
    } rows[] = {
        {CPUID_0, false, 0},    {CPUID_1, false, 1},    {CPUID_7, false, 7},
        {CPUID_EXT_0, true, 0}, {CPUID_EXT_1, true, 1}, {CPUID_EXT_2, true, 2},
        {CPUID_EXT_3, true, 3}, {CPUID_EXT_4, true, 4}, {CPUID_EXT_8, true, 8},
    };
    for (size_t i = 0; i < COUNT(rows); i++) {
        uint32_t *row =
            rows[i].extended ? raw->ext_cpuid[rows[i].index] : raw->basic_cpuid[rows[i].index];
        if (cpuid_has(c, rows[i].leaf))
            memcpy(row, c->leaf[rows[i].leaf], sizeof c->leaf[0]);
    }
}

/*
 * Of libcpuid's calls on captured data, only cpu_identify() is safe for any input. A processor
 * newer than the library gets the name of a similar one.
 */
const char *cpu_codename(const struct cpuid_cpu *c, const struct cpuid_lib *lib, struct arena *a)
{
    if (lib == NULL)
        return NULL;
    struct cpu_raw_data_t *raw = arena_new(a, struct cpu_raw_data_t, 1);
    struct cpu_id_t *id = arena_new(a, struct cpu_id_t, 1);
    fill_raw(c, raw);
    if (lib->cpu_identify(raw, id) != 0)
        return NULL;
    id->cpu_codename[sizeof id->cpu_codename - 1] = '\0';
    struct span name = span_trim(span_of(id->cpu_codename));
    return name.len > 0 && !span_starts(name, "Unknown") ? arena_text(a, name) : NULL;
}
#else
const char *cpu_codename(const struct cpuid_cpu *c, const struct cpuid_lib *lib, struct arena *a)
{
    (void)c;
    (void)lib;
    (void)a;
    return NULL;
}
#endif
