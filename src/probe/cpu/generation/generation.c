/* SPDX-License-Identifier: MIT */
/* Decides the generation from all sources; two that contradict each other decide nothing. */
#include "probe/cpu/generation/generation.h"

#include "parse/windows/windows.h"

static struct generation named(const char *name, enum listed listed)
{
    return (struct generation){name, listed};
}

/* The list names three makers only: processors from others are not on it. */
static bool is_of_others(struct span vendor)
{
    return span_is(vendor, "CentaurHauls") || span_is(vendor, "Shanghai") ||
           span_is(vendor, "HygonGenuine") || span_is(span_trim(vendor), "Shanghai");
}

static enum listed by_number(unsigned generation)
{
    return generation == 0                        ? LISTED_OPEN
           : generation < GENERATION_FIRST_LISTED ? LISTED_NO
                                                  : LISTED_YES;
}

/* libcpuid's guess at a model missing from the table, unless another source contradicts it. */
static const char *name_by_codename(const struct processor *p, enum listed decided)
{
    struct generation g = generation_by_codename(p->codename);
    return g.listed == decided ? g.name : NULL;
}

/* Model and brand have to agree; if the model decides nothing, the brand does. */
static struct generation intel(const struct processor *p)
{
    struct generation g = {0};
    enum listed brand = by_number(generation_of_brand(p->brand));
    if (p->has_signature)
        g = generation_intel(p->family, p->model, p->stepping);
    if (g.name == NULL)
        return named(name_by_codename(p, brand), brand);
    if (g.listed == LISTED_BY_BRAND)
        return named(g.name, brand);
    if (g.listed == LISTED_OPEN) /* the list names Cores: a server is never of the 8th generation */
        return named(g.name, brand == LISTED_NO ? LISTED_NO : LISTED_OPEN);
    return brand != LISTED_OPEN && brand != g.listed ? named(g.name, LISTED_CONFLICT) : g;
}

/*
 * GMET came with Zen 2: on family 17h and later, a processor is Zen 2 or later if and only if it
 * has GMET (InstLatx64's dumps). A model known as Zen 2 without GMET runs under a hypervisor that
 * hides it.
 */
static struct generation amd(const struct processor *p)
{
    struct generation g = {0};
    if (!p->has_signature)
        return g;
    g = generation_amd(p->family, p->model);
    if (p->family < 0x17 || !p->has_gmet)
        return g;
    enum listed by_gmet = p->gmet ? LISTED_YES : LISTED_NO;
    if (g.name == NULL)
        return p->gmet ? named("Zen 2 or later", LISTED_YES) : g;
    return g.listed == by_gmet ? g : named(g.name, LISTED_CONFLICT);
}

struct generation generation_x86(const struct processor *p)
{
    if (span_is(p->vendor, "GenuineIntel"))
        return intel(p);
    if (span_is(p->vendor, "AuthenticAMD"))
        return amd(p);
    return is_of_others(p->vendor) ? named(NULL, LISTED_NO) : named(NULL, LISTED_OPEN);
}

/* Evidence -------------------------------------------------------------------------------- */

/* "Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz (family: 0x6, model: 0x8e, stepping: 0xa)" */
static bool take_after(struct span *s, const char *label, unsigned *out)
{
    uint64_t n;
    struct span after;
    if (!span_find(*s, label, &after) || !span_take_hex(&after, &n) || n > 0xff)
        return false;
    *out = (unsigned)n;
    *s = after;
    return true;
}

static void read_log(struct span line, struct processor *out)
{
    struct span rest = line;
    out->has_signature = take_after(&rest, "(family: 0x", &out->family) &&
                         take_after(&rest, "model: 0x", &out->model) &&
                         take_after(&rest, "stepping: 0x", &out->stepping);
    out->brand = line;
    if (span_starts(line, "Intel") || span_find(line, "Intel(R)", NULL))
        out->vendor = span_of("GenuineIntel");
    else if (span_starts(line, "AMD "))
        out->vendor = span_of("AuthenticAMD");
}

static void read_cpuid(const struct probe_run *p, const struct cpuid_cpu *c, struct processor *out)
{
    char vendor[13], brand[49];
    cpuid_vendor(c, vendor);
    cpuid_brand(c, brand);
    struct cpuid_signature s = cpuid_signature(c->leaf[CPUID_1][CPUID_EAX]);
    out->vendor = span_of(arena_text(p->arena, span_of(vendor)));
    out->brand = span_of(arena_text(p->arena, span_of(brand)));
    out->has_signature = true;
    out->family = s.family;
    out->model = s.model;
    out->stepping = s.stepping;
    const struct fact *codename = &p->facts->all[FACT_CPU_CODENAME];
    if (codename->st == ST_OK)
        out->codename = span_of(codename->v.text);
}

static struct origin read_processor(const struct probe_run *p, const struct cpu_evidence *e,
                                    struct processor *out)
{
    out->has_gmet = fact_known(p->facts, FACT_CPU_GMET);
    out->gmet = fact_is_true(p->facts, FACT_CPU_GMET);
    if (e->cpuid_st == ST_OK) {
        read_cpuid(p, &e->cpuid.cpus[0], out);
        return origin_of("cpuid");
    }
    if (e->cpuinfo_st == ST_OK && e->cpuinfo.vendor.len > 0) {
        out->vendor = e->cpuinfo.vendor;
        out->brand = e->cpuinfo.model_name;
        out->has_signature = e->cpuinfo.family > 0;
        out->family = e->cpuinfo.family;
        out->model = e->cpuinfo.model;
        out->stepping = e->cpuinfo.stepping;
        return origin_of("cpuinfo");
    }
    const struct windows *w = p->facts->windows;
    if (e->log.cpu0.len == 0 && w != NULL && w->processor.len > 0) {
        read_log(w->processor, out);
        return origin_of("windows");
    }
    read_log(e->log.cpu0, out);
    return origin_of("efi/kernel-log");
}

static struct generation arm(const struct probe_run *p, const struct cpu_evidence *e,
                             struct origin *from)
{
    const struct windows *w = p->facts->windows;
    *from = origin_of("cpuinfo");
    if (e->cpuinfo_st == ST_OK && e->cpuinfo.n_cores > 0 && !e->cpuinfo.cores_cut)
        return generation_arm(e->cpuinfo.cores, e->cpuinfo.n_cores);
    *from = origin_of("windows");
    if (w != NULL && w->processor.len > 0)
        return generation_arm_brand(w->processor);
    *from = origin_of("efi/kernel-log");
    struct cpuinfo_core boot = {.implementer = e->log.midr >> 24, .part = e->log.midr >> 4 & 0xfff};
    return generation_arm(&boot, e->log.has_midr ? 1 : 0);
}

/* "8th generation Core"; nothing if the brand has no generation. */
static const char *core_name(struct arena *a, unsigned n)
{
    const char *ending = n == 1 ? "st" : n == 2 ? "nd" : n == 3 ? "rd" : "th";
    if (n == GENERATION_ULTRA)
        return "Core after the 14th generation";
    return n > 0 ? arena_printf(a, "%u%s generation Core", n, ending) : NULL;
}

/* "Coffee Lake, 8th generation Core", "Alder Lake, 12th generation Core, hybrid". */
static const char *whole_name(const struct probe_run *p, const struct cpu_evidence *e,
                              const struct processor *is, const char *name)
{
    bool intel = span_is(is->vendor, "GenuineIntel");
    bool hybrid = intel && e->cpuid_st == ST_OK &&
                  cpuid_bit(&e->cpuid.cpus[0], CPUID_7, CPUID_EDX, CPUID_7_EDX_HYBRID);
    const char *core = intel ? core_name(p->arena, generation_of_brand(is->brand)) : NULL;
    if (name == NULL || core == NULL)
        name = name == NULL ? core : name;
    else
        name = arena_printf(p->arena, "%s, %s", name, core);
    return name != NULL && hybrid ? arena_printf(p->arena, "%s, hybrid", name) : name;
}

/* A hypervisor chooses which processor its guests see: a hidden feature proves nothing. */
static void give_listed(const struct probe_run *p, enum listed listed, struct origin from,
                        enum status none)
{
    bool known = listed == LISTED_YES || listed == LISTED_NO;
    if (listed != LISTED_YES && fact_is_true(p->facts, FACT_HOST_VM))
        facts_unknown(p->facts, FACT_CPU_GENERATION_LISTED, ST_HIDDEN, from);
    else if (known)
        facts_bool(p->facts, FACT_CPU_GENERATION_LISTED, listed == LISTED_YES, from);
    else
        facts_unknown(p->facts, FACT_CPU_GENERATION_LISTED,
                      listed == LISTED_CONFLICT ? ST_CONFLICT : none, from);
}

void cpu_give_generation(const struct probe_run *p, const struct cpu_evidence *e)
{
    struct processor is = {0};
    struct generation g;
    struct origin from;
    if (e->arm64 || fact_is_false(p->facts, FACT_HOST_X86)) {
        g = arm(p, e, &from);
    } else {
        from = read_processor(p, e, &is);
        g = generation_x86(&is);
    }
    const char *name = whole_name(p, e, &is, g.name);
    bool nothing = is.vendor.len == 0 && g.name == NULL;
    enum status none = nothing ? snap_get(p->snap, "cpuid").st : ST_UNSUPPORTED;
    if (none == ST_OK || none == ST_ABSENT)
        none = ST_UNSUPPORTED;
    if (name != NULL)
        facts_text(p->facts, FACT_CPU_GENERATION, name, from);
    else
        facts_unknown(p->facts, FACT_CPU_GENERATION, none, from);
    give_listed(p, g.listed, from, none);
}
