/* SPDX-License-Identifier: MIT */
/*
 * libcpuid's raw dump of an Arm processor ("arm_midr=00000000410fd083", one line per register, each
 * logical CPU below a heading), made into the blob `cpuinfo`. Registers of 32 bits stand in fields
 * of 64 whose upper half may hold anything. A dump by a program of 32 bits has no arm_id_aa64*.
 */
#include "load/forms/forms.h"

#include "parse/cpuinfo.h"
#include "vbscheck/out.h"

/* A processor while it is read. */
struct core {
    bool there;
    uint32_t midr;
    uint64_t isar0; /* ID_AA64ISAR0_EL1 */
    bool aa64;      /* some register of AArch64 was read */
};

static bool takes(struct span line, const char *key, uint64_t *out)
{
    struct span s = line;
    if (!span_starts(s, key))
        return false;
    s = span_skip(s, span_of(key).len);
    return span_take_hex(&s, out) && span_trim(s).len == 0;
}

bool arm_cpuid_opens(struct span line)
{
    uint64_t v;
    return takes(line, "arm_midr=", &v);
}

/* Arm Architecture Reference Manual: MIDR_EL1; ID_AA64ISAR0_EL1.Atomic is 2 with LSE atomics. */
static void end_core(struct core *c, unsigned *n, struct out *o)
{
    enum { CORES_MAX = 1024, ATOMIC_AT = 20, LSE = 2 };
    if (!c->there || *n >= CORES_MAX)
        return;
    out_printf(o, "processor\t: %u\n", (*n)++);
    out_printf(o, "CPU implementer\t: 0x%02x\nCPU architecture: %u\nCPU part\t: 0x%03x\n",
               (unsigned)(c->midr >> 24), c->aa64 ? 8U : 7U, (unsigned)(c->midr >> 4 & 0xfff));
    bool lse = (c->isar0 >> ATOMIC_AT & 0xf) >= LSE;
    /* A line that goes on: a dump without the register does not prove a feature missing. */
    out_str(o, lse       ? "Features\t: atomics\n\n"
               : c->aa64 ? "Features\t: fp\n\n"
                         : "Features\t: fp\ncut\n\n");
    *c = (struct core){0};
}

void arm_cpuid_load(struct span text, struct form_sink *to)
{
    struct core c = {0};
    struct span line;
    struct out o;
    uint64_t v;
    unsigned n = 0;
    out_init(&o, to->out->arena);
    while (span_next_line(&text, &line)) {
        if (text.len == 0 && !takes(line, "arm_id_aa64zfr0=", &v))
            break; /* the last line may be cut */
        if (takes(line, "arm_midr=", &v)) {
            end_core(&c, &n, &o);
            c = (struct core){.there = true, .midr = (uint32_t)v};
        } else if (takes(line, "arm_id_aa64isar0=", &v)) {
            c.isar0 = v;
            c.aa64 |= v != 0;
        } else if (takes(line, "arm_id_aa64pfr0=", &v) || takes(line, "arm_id_aa64mmfr0=", &v)) {
            c.aa64 |= v != 0;
        }
    }
    end_core(&c, &n, &o);
    if (n == 0)
        return;
    machine_takes_arch(to->machine, ARCH_ARM, to->file);
    form_add(to, "cpuinfo", ST_OK, out_span(&o));
}
